"""Unmodified Python clients: text, citations in their own fields that open at the words, streams, their own exceptions."""

from __future__ import annotations

import asyncio

import cohere
import litellm
import openai
import pytest
from conftest import PDF, Question, Service
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage as HaystackMessage
from haystack.utils import Secret
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from llama_index.core.llms import ChatMessage
from llama_index.llms.openai_like import OpenAILike

MODEL = "fuente"


def check(service: Service, question: Question, text: str, cited: list[dict]) -> None:
    """What is cited opens at the words, and is where the answer is."""
    if question.document is None:
        assert cited == []
        assert text.startswith(("The documents do not", "Los documentos no"))
        return
    assert question.words in text
    for one in cited:
        start, end = one["start_index"], one["end_index"]
        assert service.opened(one["url"]) == text[start:end]
    assert any(f"/d/{question.document}#" in one["url"] for one in cited), cited


def messages(question: Question) -> list[dict]:
    return [{"role": "system", "content": "Be brief."}, {"role": "user", "content": question.text}]


# ---- openai ---------------------------------------------------------------------------------


@pytest.fixture
def client(service):
    return openai.OpenAI(base_url=f"{service.url}/v1", api_key=service.key, max_retries=0)


def test_openai_chat(service, client, question):
    message = (
        client.chat.completions.create(model=MODEL, messages=messages(question)).choices[0].message
    )
    cited = [one.url_citation.model_dump() for one in message.annotations]
    check(service, question, message.content, cited)
    text, streamed = "", []
    for part in client.chat.completions.create(
        model=MODEL, messages=messages(question), stream=True
    ):
        delta = part.choices[0].delta
        text += delta.content or ""
        streamed += [one["url_citation"] for one in getattr(delta, "annotations", None) or ()]
    assert (text, streamed) == (message.content, cited)


def test_openai_responses(service, client, question):
    answer = client.responses.create(model=MODEL, input=question.text)
    cited = [one.model_dump() for one in answer.output[-1].content[0].annotations]
    check(service, question, answer.output_text, cited)
    with client.responses.stream(model=MODEL, input=question.text) as stream:
        for _ in stream:
            pass
        assert stream.get_final_response().output_text == answer.output_text


def test_openai_errors(service, client):
    wrong = openai.OpenAI(base_url=f"{service.url}/v1", api_key="wrong", max_retries=0)
    with pytest.raises(openai.AuthenticationError) as error:
        wrong.models.list()
    assert error.value.code == "invalid_api_key"
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "x"}])
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(model=MODEL, messages=[])


# ---- LiteLLM --------------------------------------------------------------------------------


def test_litellm_chat(service, question):
    how = {
        "model": f"openai/{MODEL}",
        "api_base": f"{service.url}/v1",
        "api_key": service.key,
        "messages": messages(question),
    }
    message = litellm.completion(**how).choices[0].message
    cited = [one["url_citation"] for one in getattr(message, "annotations", None) or ()]
    check(service, question, message.content, cited)
    text, streamed = "", []
    for part in litellm.completion(**how, stream=True):
        delta = part.choices[0].delta
        text += delta.content or ""
        streamed += [one["url_citation"] for one in getattr(delta, "annotations", None) or ()]
    assert (text, streamed) == (message.content, cited)


def test_litellm_reranks_as_cohere_and_as_jina(service):
    documents = ["Bees make honey.", "A queen bee lives for up to four years.", "Cheese."]
    for model, path in (("cohere/any", "/v2/rerank"), ("jina_ai/any", "/v1/rerank")):
        ranked = litellm.rerank(
            model=model,
            api_base=service.url + path,
            api_key=service.key,
            query="How long does a queen live?",
            documents=documents,
            top_n=2,
        )
        assert [one["index"] for one in ranked.results][0] == 1


def test_litellm_errors(service):
    with pytest.raises(litellm.AuthenticationError):
        litellm.completion(
            model=f"openai/{MODEL}",
            api_base=f"{service.url}/v1",
            api_key="wrong",
            messages=[{"role": "user", "content": "x"}],
            num_retries=0,
        )


# ---- Cohere ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "best"),
    [
        ("¿Cuánto vive una reina?", 1),
        ("How is cheese made?", 2),
        ("How long does a queen live?", 1),
        ("¿De qué está hecha la miel?", 0),
    ],
)
def test_cohere_ranks_either_language(service, asked, best):
    client = cohere.ClientV2(api_key=service.key, base_url=service.url)
    documents = [
        "Bees make honey from nectar.",
        "Una reina vive hasta cuatro años.",
        "Cheese is made of curdled milk.",
    ]
    ranked = client.rerank(model="any", query=asked, documents=documents)
    assert ranked.results[0].index == best


def test_cohere_reranks(service):
    client = cohere.ClientV2(api_key=service.key, base_url=service.url)
    documents = ["Bees make honey.", "Una reina vive hasta cuatro años.", "Cheese."]
    ranked = client.rerank(model="any", query="How long does a queen live?", documents=documents)
    assert ranked.results[0].index == 1
    assert len(ranked.results) == 3
    assert all(0 <= one.relevance_score <= 1 for one in ranked.results)
    wrong = cohere.ClientV2(api_key="wrong", base_url=service.url)
    with pytest.raises(cohere.UnauthorizedError):
        wrong.rerank(model="any", query="x", documents=["y"])
    with pytest.raises(cohere.BadRequestError):
        client.rerank(model="any", query="x", documents=[])


# ---- LangChain ------------------------------------------------------------------------------


def citations_of(message) -> list[dict]:
    return [
        one
        for block in message.content_blocks
        if block["type"] == "text"
        for one in block.get("annotations", ())
        if one["type"] == "citation"
    ]


def test_langchain_reads_citations_from_responses(service, question):
    model = ChatOpenAI(
        model=MODEL,
        base_url=f"{service.url}/v1",
        api_key=service.key,
        use_responses_api=True,
        max_retries=0,
    )
    message = model.invoke(question.text)
    text = message.text if isinstance(message.text, str) else message.text()
    check(service, question, text, citations_of(message))
    whole = None
    for part in model.stream(question.text):
        whole = part if whole is None else whole + part
    assert "".join(b["text"] for b in whole.content_blocks if b["type"] == "text") == text
    assert len(citations_of(whole)) == len(citations_of(message))


def test_langchain_errors(service):
    model = ChatOpenAI(
        model="gpt-4o", base_url=f"{service.url}/v1", api_key=service.key, max_retries=0
    )
    with pytest.raises(openai.NotFoundError, match="gpt-4o"):
        model.invoke("x")
    with pytest.raises(openai.NotFoundError, match="gpt-4o"):
        list(model.stream("x"))


def test_langchain_embeds(service):
    models = openai.OpenAI(base_url=f"{service.url}/v1", api_key=service.key).models.list().data
    embed = OpenAIEmbeddings(
        model=models[-1].id,
        base_url=f"{service.url}/v1",
        api_key=service.key,
        check_embedding_ctx_length=False,
    )
    one, two = embed.embed_documents(["Una abeja.", "A bee."])
    assert len(one) == len(two) > 100


# ---- LlamaIndex, Haystack -------------------------------------------------------------------


def test_llama_index_has_the_citations_in_what_it_calls_raw(service, question):
    model = OpenAILike(
        model=MODEL,
        api_base=f"{service.url}/v1",
        api_key=service.key,
        is_chat_model=True,
        max_retries=0,
    )
    answer = model.chat([ChatMessage(role="user", content=question.text)])
    message = answer.raw.choices[0].message
    check(
        service,
        question,
        answer.message.content,
        [a.url_citation.model_dump() for a in message.annotations],
    )
    parts = list(model.stream_chat([ChatMessage(role="user", content=question.text)]))
    assert parts[-1].message.content == answer.message.content


def test_llama_index_and_haystack_errors(service):
    model = OpenAILike(
        model=MODEL,
        api_base=f"{service.url}/v1",
        api_key="wrong",
        is_chat_model=True,
        max_retries=0,
    )
    with pytest.raises(openai.AuthenticationError):
        model.chat([ChatMessage(role="user", content="x")])
    generator = OpenAIChatGenerator(
        model=MODEL,
        api_base_url=f"{service.url}/v1",
        api_key=Secret.from_token("wrong"),
        max_retries=0,
    )
    with pytest.raises(openai.AuthenticationError):
        generator.run([HaystackMessage.from_user("x")])


def test_haystack_reads_the_text_with_its_links(service, question):
    generator = OpenAIChatGenerator(
        model=f"{MODEL}+links",
        api_base_url=f"{service.url}/v1",
        api_key=Secret.from_token(service.key),
        max_retries=0,
    )
    [reply] = generator.run([HaystackMessage.from_user(question.text)])["replies"]
    assert (f"]({service.url}/d/" in reply.text) == (question.document is not None)
    pieces = []
    generator.run(
        [HaystackMessage.from_user(question.text)],
        streaming_callback=lambda piece: pieces.append(piece.content),
    )
    assert "".join(pieces) == reply.text


# ---- many at once ---------------------------------------------------------------------------


async def test_sixteen_streams_at_once(service):
    client = openai.AsyncOpenAI(base_url=f"{service.url}/v1", api_key=service.key, max_retries=0)

    async def one():
        stream = await client.chat.completions.create(
            model=MODEL,
            messages=[{"role": "user", "content": "¿Desde dónde se excavaron los túneles?"}],
            stream=True,
        )
        return "".join([part.choices[0].delta.content or "" async for part in stream])

    texts = await asyncio.gather(*(one() for _ in range(16)))
    assert len(set(texts)) == 1
    assert PDF.split("-")[0] in texts[0].lower() or "casas" in texts[0]
