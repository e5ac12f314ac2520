"""The OpenAI door: asked by OpenAI's own client over the samples, and by hand for what that client cannot send."""

from __future__ import annotations

import base64
import json
import struct
import threading
from contextlib import contextmanager
from hashlib import sha256

import httpx2
import openai
import pytest
from conftest import ROOT
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from local_server import write_documents

from api.app import create_app
from api.collections import create
from api.settings import load_settings
from corpus.document import DamagedIndexError
from index.local.build import build
from qa.compose.extractive import Extractive, decline
from qa.engine import Engine

ES = "¿Desde dónde se excavaron los túneles?"
EN = "How long does a summer bee live?"
ACROSS = "Where were the tunnels dug from?"
OFF_TOPIC = "¿Quién ganó el Mundial de fútbol de 2022?"
PDF = "operacion-chavin-de-huantar.pdf"
KEYS = {"all": "search", "letters-only": "search@letters"}
DOCUMENTS = {
    "birds.md": "# El ñandú\n\nEl ñandú vive en la pampa. Corre deprisa.\n",
    "bridge.txt": "The bridge was opened in 1902. It is made of iron.\n",
}


@pytest.fixture(scope="module")
def client(server_url):
    with openai.OpenAI(base_url=f"{server_url}/v1", api_key="any", max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    letters = create(data, "letters")
    write_documents(data, DOCUMENTS)
    write_documents(letters, {"boat.txt": "Iñaki vendió la barca azul en mayo.\n"})
    create(data, "empty")
    for folder in (data, letters):
        build(folder, HashEncoder())
    return data


@contextmanager
def serving(data, keys=None, engine=None, **given):
    if keys:
        hashed = [f"{scope}:{sha256(key.encode()).hexdigest()}" for key, scope in keys.items()]
        given["keys"] = ",".join(hashed)
    engine = engine or Engine(data, HashEncoder())
    app = create_app(load_settings({"FUENTE_RELOAD_S": "0"}, data, given), engine)
    with TestClient(app, "http://127.0.0.1:8000", headers={"Accept-Language": "en"}) as http:
        yield http
    engine.close()


@pytest.fixture(scope="module")
def http(data):
    with serving(data) as http:
        yield http


def ask(http, content="¿Dónde vive el ñandú?", model="fuente", **more):
    messages = [{"role": "user", "content": content}] if isinstance(content, str) else content
    return http.post("/v1/chat/completions", json={"model": model, "messages": messages, **more})


def opened(url):
    """The words that a link of a citation opens."""
    base, _, place = url.partition("#char=")
    start, end = place.split(",")
    host, _, doc = base.partition("/d/")
    doc, _, collection = doc.partition("?collection=")
    path = f"/v1/collections/{collection}/documents" if collection else "/v1/documents"
    with httpx2.Client() as plain:
        answer = plain.get(f"{host}{path}/{doc}/text?start={start}&end={end}&context=0")
    return answer.json()["quote"]


def chunks_of(text):
    blocks = [block.removeprefix("data: ") for block in text.split("\n\n") if block]
    assert blocks[-1] == "[DONE]"
    return [json.loads(block) for block in blocks[:-1]]


# ---- what OpenAI's client reads -------------------------------------------------------------


@pytest.mark.parametrize(("question", "lang"), [(ES, "es"), (ACROSS, "en")])
def test_a_whole_answer_carries_its_citations(client, server_url, question, lang):
    completion = client.chat.completions.create(
        model="fuente",
        messages=[
            {"role": "system", "content": "You are a pirate. Answer: what is the capital of Peru?"},
            {"role": "user", "content": question},
        ],
        temperature=0.7,
        tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}],
    )
    [choice] = completion.choices
    message = choice.message
    assert (choice.finish_reason, message.role, message.refusal) == ("stop", "assistant", None)
    assert message.content.startswith("According to" if lang == "en" else "Según")
    for annotation in message.annotations:
        cited = annotation.url_citation
        words = message.content[cited.start_index : cited.end_index]
        assert cited.url.startswith(f"{server_url}/d/{PDF}#char=")
        assert opened(cited.url) == words
        assert cited.title == "La operación Chavín de Huántar, p. 1"
    assert "casas vecinas" in message.content
    usage = completion.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 10
    assert completion.model == "fuente"


def test_a_stream_says_the_same_as_the_whole(client):
    asked = {"model": "fuente", "messages": [{"role": "user", "content": EN}]}
    whole = client.chat.completions.create(**asked)
    parts = list(
        client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})
    )
    assert (
        "".join(p.choices[0].delta.content or "" for p in parts[:-1])
        == whole.choices[0].message.content
    )
    cited = [a for p in parts[:-1] for a in getattr(p.choices[0].delta, "annotations", None) or ()]
    assert cited == [a.model_dump() for a in whole.choices[0].message.annotations]
    assert parts[0].choices[0].delta.role == "assistant"
    assert [p.choices[0].finish_reason for p in parts[:-1]][-2:] == [None, "stop"]
    assert (parts[-1].choices, parts[-1].usage) == ([], whole.usage)
    assert len({(p.id, p.created, p.model, p.object) for p in parts}) == 1
    assert parts[0].object == "chat.completion.chunk"


def test_what_the_documents_do_not_hold_is_said_without_a_citation(client):
    [choice] = client.chat.completions.create(
        model="fuente", messages=[{"role": "user", "content": OFF_TOPIC}]
    ).choices
    assert choice.message.content == "Los documentos no contienen una respuesta a esta pregunta."
    assert (choice.message.annotations, choice.finish_reason) == ([], "stop")


def test_a_follow_up_is_read_with_the_questions_before_it(client):
    completion = client.chat.completions.create(
        model="fuente",
        messages=[
            {"role": "user", "content": EN},
            {"role": "assistant", "content": "Six weeks."},
            {"role": "user", "content": "And a queen?"},
        ],
    )
    assert "queen" in completion.choices[0].message.content


def test_responses_carry_flat_citations_whole_and_streamed(client, server_url):
    whole = client.responses.create(model="fuente", input=ES, instructions="Be brief.")
    [message] = whole.output
    [part] = message.content
    assert whole.status == "completed"
    assert whole.output_text == part.text
    for cited in part.annotations:
        assert cited.type == "url_citation"
        assert opened(cited.url) == part.text[cited.start_index : cited.end_index]
    assert whole.usage.total_tokens == whole.usage.input_tokens + whole.usage.output_tokens
    events = list(client.responses.create(model="fuente", input=ES, stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    names = list(dict.fromkeys(event.type.removeprefix("response.") for event in events))
    assert names == [
        *("created", "in_progress", "output_item.added", "content_part.added"),
        *("output_text.delta", "output_text.annotation.added", "output_text.done"),
        *("content_part.done", "output_item.done", "completed"),
    ]
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == whole.output_text
    added = [e.annotation for e in events if e.type == "response.output_text.annotation.added"]
    assert [one.model_dump() for one in added] == [one.model_dump() for one in part.annotations]
    assert events[-1].response.output_text == whole.output_text


def test_responses_show_their_search_to_whoever_asks_for_it(client):
    shown = client.responses.create(
        model="fuente",
        input=[
            {"role": "user", "content": [{"type": "input_text", "text": EN}]},
            {
                "role": "assistant",
                "content": [{"type": "output_text", "text": "Six weeks.", "annotations": []}],
            },
            {"type": "function_call_output", "call_id": "c", "output": "ignored"},
            {"role": "user", "content": "And a queen?"},
        ],
        include=["file_search_call.results"],
    )
    search, message = shown.output
    assert (search.type, search.status, search.queries) == (
        *("file_search_call", "completed"),
        ["And a queen?"],
    )
    assert all(0 <= one.score <= 1 and one.text and one.attributes for one in search.results)
    assert "queen" in message.content[0].text
    hidden = client.responses.create(
        model="fuente", input=EN, tools=[{"type": "file_search", "vector_store_ids": ["x"]}]
    )
    assert hidden.output[0].results is None


def test_embeddings_are_those_that_search(client, server_url):
    name = client.models.list().data[-1].id
    # This client asks for base64 when nobody says what he wants
    got = client.embeddings.create(model=name, input=["Un texto.", "A text."])
    plain = client.embeddings.create(model=name, input="Un texto.", encoding_format="float")
    assert [one.index for one in got.data] == [0, 1]
    assert got.data[0].embedding == pytest.approx(plain.data[0].embedding, abs=1e-6)
    assert sum(x * x for x in plain.data[0].embedding) == pytest.approx(1, abs=1e-3)
    assert plain.usage.prompt_tokens > 2
    asked = client.embeddings.create(
        model=name, input="Un texto.", encoding_format="float", extra_body={"input_type": "query"}
    )
    assert asked.data[0].embedding != plain.data[0].embedding


def test_a_vector_store_is_a_collection(client, server_url):
    page = client.vector_stores.search("default", query=ES, max_num_results=3)
    assert 1 <= len(page.data) <= 3
    scores = [one.score for one in page.data]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    best = page.data[0]
    assert (best.file_id, best.filename) == (PDF, PDF)
    assert opened(best.attributes["url"]) == best.content[0].text
    assert len(best.attributes) <= 16
    english = {"type": "eq", "key": "language", "value": "en"}
    only = client.vector_stores.search("default", query=ES, filters=english)
    assert {one.attributes["language"] for one in only.data} == {"en"}
    none = {"type": "and", "filters": [english, {"type": "eq", "key": "format", "value": "exe"}]}
    assert client.vector_stores.search("default", query=ES, filters=none).data == []
    high = {"score_threshold": 0.99}
    assert client.vector_stores.search("default", query=ES, ranking_options=high).data == []
    both = client.vector_stores.search("default", query=[ES, EN], max_num_results=50)
    assert {PDF} < {one.file_id for one in both.data}


@pytest.mark.parametrize("streamed", [True, False])
def test_errors_are_the_exceptions_of_the_client(client, streamed):
    with pytest.raises(openai.NotFoundError) as gone:
        client.chat.completions.create(
            model="gpt-4o", messages=[{"role": "user", "content": ES}], stream=streamed
        )
    assert (gone.value.code, gone.value.param) == ("model_not_found", "model")
    assert gone.value.request_id.startswith("req_")
    assert "'gpt-4o'" in gone.value.body["message"]
    assert gone.value.body["message"].endswith(
        ("GET /v1/models lists those that there are.", "GET /v1/models da los que hay.")
    )
    with pytest.raises(openai.BadRequestError, match="'user'") as none:
        client.chat.completions.create(model="fuente", messages=[], stream=streamed)
    assert none.value.param == "messages"
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model="fuente/none", input=ES, stream=streamed)
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="fuente", input="x")
    with pytest.raises(openai.NotFoundError):
        client.vector_stores.search("none", query="x")


def test_sixteen_streams_at_once_each_get_their_own_answer(client):
    questions = [ES, EN, ACROSS, OFF_TOPIC] * 4
    texts = [""] * len(questions)

    def run(place):
        for part in client.chat.completions.create(
            model="fuente", messages=[{"role": "user", "content": questions[place]}], stream=True
        ):
            texts[place] += part.choices[0].delta.content or ""

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(questions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert all(texts)
    assert [texts[i] == texts[i % 4] for i in range(16)] == [True] * 16


# ---- what Open WebUI and plain clients read -------------------------------------------------


def test_chunks_carry_the_source_that_open_webui_shows(client, server_url):
    body = {"model": "fuente", "messages": [{"role": "user", "content": ES}], "stream": True}
    with httpx2.Client() as plain:
        chunks = chunks_of(plain.post(f"{server_url}/v1/chat/completions", json=body).text)
    events = [chunk["event"] for chunk in chunks if "event" in chunk]
    assert {event["type"] for event in events} == {"source"}
    urls = [event["data"]["metadata"][0]["source"] for event in events]
    assert len(urls) == len(set(urls)) >= 1
    first = events[0]["data"]
    assert opened(urls[0]) == first["document"][0]
    assert first["metadata"][0]["page"] == 0, "counted from 0: it shows page 1"
    assert first["source"]["name"] == "La operación Chavín de Huántar"
    assert all(len(chunk["choices"]) == 1 for chunk in chunks)


def test_a_list_of_links_ends_the_text_of_the_model_that_has_one(http):
    plain, listed = ask(http).json(), ask(http, model="fuente+links").json()
    text = plain["choices"][0]["message"]["content"]
    assert listed["choices"][0]["message"]["content"] == (
        f"{text}\n\nFuentes:\n\n- [1] [El ñandú](http://127.0.0.1:8000/d/birds.md#char=10,36)"
    )
    assert (
        listed["choices"][0]["message"]["annotations"]
        == plain["choices"][0]["message"]["annotations"]
    )
    chunks = chunks_of(ask(http, model="fuente+links", stream=True).text)
    streamed = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert streamed == listed["choices"][0]["message"]["content"]
    answer = http.post(
        "/v1/responses", json={"model": "fuente+links", "input": "¿Dónde vive el ñandú?"}
    )
    assert answer.json()["output"][0]["content"][0]["text"] == streamed
    declined = ask(http, "Quantum chromodynamics of zebras?", model="fuente+links").json()
    assert "Sources" not in declined["choices"][0]["message"]["content"]


HISTORY = (
    "<chat_history>\nUSER: ¿Dónde vive el ñandú?\n"
    "ASSISTANT: Según «El ñandú»: «Vive en la pampa.» [1]\n</chat_history>"
)
TASKS = {
    "title": (
        'JSON format: { "title": "your concise title here" }',
        {"title": "Dónde vive el ñandú"},
    ),
    "tags": ('JSON format: { "tags": ["tag1", "tag2"] }', {"tags": ["Vive", "Ñandú"]}),
    "follow_ups": (
        'JSON format: { "follow_ups": ["Question 1?"] }',
        {"follow_ups": ["¿Qué más se dice del ñandú?", "¿Qué más dice «El ñandú»?"]},
    ),
    "queries": ('{ "queries": ["q1", "q2"] }', {"queries": ["¿Dónde vive el ñandú?"]}),
    "text": ('{ "text": "<completion>" }', {"text": ""}),
}


@pytest.mark.parametrize("task", TASKS)
def test_a_task_is_answered_out_of_the_conversation_and_never_asked(data, task):
    class Unasked(Engine):
        def ask_in_steps(self, query, options=None):
            raise AssertionError("a task is no question")

    wanted, expected = TASKS[task]
    prompt = f"### Task:\nDo it.\n### Output:\n{wanted}\n### Chat History:\n{HISTORY}"
    with serving(data, engine=Unasked(data, HashEncoder())) as http:
        whole = ask(http, prompt).json()["choices"][0]
        assert json.loads(whole["message"]["content"]) == expected
        assert (whole["message"]["annotations"], whole["finish_reason"]) == ([], "stop")
        chunks = chunks_of(ask(http, prompt, stream=True).text)
        streamed = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
        assert json.loads(streamed) == expected
        body = {"model": "fuente", "input": prompt}
        part = http.post("/v1/responses", json=body).json()["output"][0]["content"][0]
        assert json.loads(part["text"]) == expected


def test_a_long_question_is_a_short_title_and_an_unknown_task_is_an_empty_object(http):
    asked = "what the iron bridge over the river is made of, and who paid for all of it in the end?"
    history = f"<chat_history>\nUSER: {asked}\n</chat_history>"
    told = ask(http, f'### Task:\n{{"title": "…"}}\n{history}').json()
    title = json.loads(told["choices"][0]["message"]["content"])["title"]
    assert title == "What the iron bridge over the river is made of, and who…"
    other = ask(http, "### Task:\nChoose an emoji.").json()
    assert other["choices"][0]["message"]["content"] == "{}"


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Where were the tunnels dug from?", "Houses.", ["What else is said about the tunnels?"]),
        ("What does the fee cover?", "All.", ["What else is said about the fee?"]),
        ("When did Ana Ruiz die?", "In May.", ["What else is said about Ana Ruiz?"]),
        ("How did the bank sell the house?", "Fast.", []),
        ("¿Qué cuesta el carné?", "Nada.", ["¿Qué más se dice del carné?"]),
        ("Tell me about bees", "They fly.", []),
        (
            "Which documents do I need?",
            "According to “The card, p. 2”: “A passport.” [1]",
            ["What else does “The card” say?"],
        ),
        # Of what they do not hold nothing more is said, nor of what no answer stands behind
        ("Who won the World Cup?", decline("en"), []),
        ("Who won the World Cup?\nUSER: Thanks", "You are welcome.", []),
        ("¿Quién ganó la Copa?", f"{decline('es')} Lo más cercano está en «Piscinas».", []),
    ],
)
def test_follow_ups_are_sentences_about_what_was_answered(http, question, answer, expected):
    history = f"<chat_history>\nUSER: {question}\nASSISTANT: {answer}\n</chat_history>"
    told = ask(http, f'### Task:\n{{"follow_ups": ["…"]}}\n{history}').json()
    assert json.loads(told["choices"][0]["message"]["content"]) == {"follow_ups": expected}


def test_calls_of_tools_in_a_conversation_are_let_pass(http):
    call = {"id": "c1", "type": "function", "function": {"name": "clock", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": "What time is it?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "Ten to three."},
        {"role": "assistant", "content": [{"type": "text", "text": "Ten to three."}]},
        {"role": "user", "content": "¿Dónde vive el ñandú?"},
    ]
    tools = [{"type": "function", "function": {"name": "clock", "parameters": {}}}]
    told = ask(http, messages, tools=tools, tool_choice="auto", parallel_tool_calls=True).json()
    [choice] = told["choices"]
    assert "pampa" in choice["message"]["content"]
    assert (choice["finish_reason"], choice["message"].get("tool_calls")) == ("stop", None)


def test_a_question_behind_instructions_of_a_front_end_is_a_question(http):
    told = (
        "### Task:\nRespond to the user query.\n<context>\nThe moon is of cheese.\n</context>\n\n"
    )
    for prompt in (
        f"{told}¿Dónde vive el ñandú?",
        f"{told}<user_query>¿Dónde vive el ñandú?</user_query>",
    ):
        content = ask(http, prompt).json()["choices"][0]["message"]["content"]
        assert content == ask(http).json()["choices"][0]["message"]["content"]


# ---- models and keys ------------------------------------------------------------------------


def models_of(http, key=None, base="/v1"):
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    listed = http.get(f"{base}/models", headers=headers).json()["data"]
    assert all(one["object"] == "model" and one["created"] >= 0 for one in listed)
    return [one["id"] for one in listed]


def test_there_is_one_model_for_each_collection_that_the_key_may_ask(http, data):
    encoder = HashEncoder().card.name
    every = ["fuente", "fuente/empty", "fuente/letters", encoder]
    assert models_of(http) == every
    assert models_of(http, base="/v1/collections/letters") == ["fuente", encoder]
    with serving(data, KEYS) as keyed:
        assert models_of(keyed, "all") == every
        assert models_of(keyed, "letters-only") == ["fuente/letters", encoder]
        only = {"Authorization": "Bearer letters-only"}
        for model, status in (("fuente/letters", 200), ("fuente", 404), ("fuente/empty", 404)):
            assert keyed.get(f"/v1/models/{model}", headers=only).status_code == status
            asked = {"model": model, "messages": [{"role": "user", "content": "¿Qué barca?"}]}
            answer = keyed.post("/v1/chat/completions", json=asked, headers=only)
            assert answer.status_code == status, model
        searched = keyed.post("/v1/vector_stores/default/search", json={"query": "x"}, headers=only)
        assert searched.status_code == 404


def test_each_model_is_found_by_its_name_also_with_its_slash_quoted(http):
    for name in [*models_of(http), "fuente+links", "fuente/letters+links", "fuente%2Fletters"]:
        found = http.get(f"/v1/models/{name}")
        assert (found.status_code, found.json()["object"]) == (200, "model"), name
    for name in (
        "gpt-4o",
        "fuente/",
        "fuente/none",
        "fuente/../x",
        "fuente/Letters",
        "+links",
        "x" * 500,
    ):
        gone = http.get(f"/v1/models/{name}")
        assert gone.status_code == 404, name
        if name != "fuente/../x":
            assert gone.json()["error"]["code"] == "model_not_found", name


def test_a_model_asks_its_own_collection(http):
    for model, base in (("fuente/letters", "/v1"), ("fuente", "/v1/collections/letters")):
        body = {
            "model": model,
            "messages": [{"role": "user", "content": "¿Qué barca vendió Iñaki?"}],
        }
        told = http.post(f"{base}/chat/completions", json=body).json()
        [cited] = told["choices"][0]["message"]["annotations"]
        url = cited["url_citation"]["url"]
        assert url == "http://127.0.0.1:8000/d/boat.txt?collection=letters#char=0,35"


# ---- bad input ------------------------------------------------------------------------------


def assert_error(response, status, code, param=None, words=""):
    error = response.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert (response.status_code, error["code"], error["param"]) == (status, code, param), error
    assert words in error["message"]
    assert error["message"].endswith(".")
    assert response.headers["x-request-id"]
    assert response.headers["content-type"] == "application/json"


BAD = {
    "no messages": ({"messages": []}, "invalid_value", "messages", "'user'"),
    "only system": (
        {"messages": [{"role": "system", "content": "Who?"}]},
        *("invalid_value", "messages", "'user'"),
    ),
    "an empty question": (
        {"messages": [{"role": "user", "content": " \n"}]},
        *("invalid_value", "messages", "holds no text"),
    ),
    "no content": ({"messages": [{"role": "user"}]}, "invalid_value", "messages", "holds no text"),
    "an image": (
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "What is this?"},
                        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}},
                    ],
                }
            ]
        },
        *("unsupported_content", "messages", "'image_url'"),
    ),
    "three choices": ({"n": 3}, "unsupported_value", "n", "n is 3; expected 1"),
    "a tool that must be called": (
        {"tool_choice": "required", "tools": []},
        *("unsupported_value", "tool_choice", "no tool is called"),
    ),
    "an answer in JSON": (
        {"response_format": {"type": "json_object"}},
        *("unsupported_value", "response_format", "'json_object' is asked for; expected 'text'"),
    ),
    "an answer by a schema": (
        {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}},
        *("unsupported_value", "response_format", "POST /v1/ask"),
    ),
    "messages of another type": ({"messages": "hello"}, None, "messages", "messages"),
    "a role of its own": (
        {"messages": [{"role": "wizard", "content": "x"}]},
        *(None, "messages.0.role", "'assistant'"),
    ),
    "content of another type": (
        {"messages": [{"role": "user", "content": 7}]},
        *(None, "messages.0.content", "content"),
    ),
    "a stream of another type": ({"stream": "perhaps"}, None, "stream", "stream"),
    "half a character": (
        {"messages": [{"role": "user", "content": "\ud800"}]},
        *(None, "messages.0.content", "Unicode"),
    ),
    "no model": ({"model": None}, None, "model", "model"),
    "no word": (
        {"messages": [{"role": "user", "content": "¿?"}]},
        *(None, None, "at least one word"),
    ),
    "a question that is too long": (
        {"messages": [{"role": "user", "content": "x" * 2001}]},
        *("context_length_exceeded", None, "2001"),
    ),
}


def test_words_are_given_where_they_are_asked_for_by_name_and_json_where_a_task_asks_for_it(http):
    wanted = {"type": "text"}
    assert ask(http, [{"role": "user", "content": "¿Dónde?"}], response_format=wanted).is_success
    task = [{"role": "user", "content": '### Task:\nGive a title: { "title": "x" }\n<chat_history>\nUSER: ¿Dónde?\n</chat_history>'}]  # fmt: skip
    told = ask(http, task, response_format={"type": "json_object"}).json()
    assert "title" in json.loads(told["choices"][0]["message"]["content"])


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("streamed", [False, True])
def test_a_request_that_is_wrong_is_told_in_their_shape(http, case, streamed):
    fields, code, param, words = BAD[case]
    body = {
        "model": "fuente",
        "messages": [{"role": "user", "content": "¿Dónde?"}],
        "stream": streamed,
        **fields,
    }
    sent = json.dumps(body).encode()
    answer = http.post(
        "/v1/chat/completions", content=sent, headers={"Content-Type": "application/json"}
    )
    assert_error(answer, 400, code, param, words)


def test_responses_and_embeddings_that_are_wrong_are_told_in_their_shape(http):
    def responses(**fields):
        return http.post("/v1/responses", json={"model": "fuente", "input": "x", **fields})

    assert_error(
        responses(previous_response_id="resp_1"),
        400,
        "unsupported_parameter",
        "previous_response_id",
    )
    json_wanted = responses(text={"format": {"type": "json_schema", "name": "a", "schema": {}}})
    assert_error(json_wanted, 400, "unsupported_value", "text.format", "expected 'text'")
    assert responses(text={"format": {"type": "text"}, "verbosity": "low"}).status_code == 200
    assert_error(responses(input=[]), 400, "invalid_value", "input", "'user'")
    assert_error(responses(input=[{"type": "item_reference"}]), 400, "invalid_value", "input")
    assert_error(responses(model="o3"), 404, "model_not_found", "model")
    image = [{"role": "user", "content": [{"type": "input_image", "image_url": "data:,"}]}]
    assert_error(responses(input=image), 400, "unsupported_content", "input", "'input_image'")

    name = HashEncoder().card.name

    def embed(given, **fields):
        return http.post("/v1/embeddings", json={"model": name, "input": given, **fields})

    for tokens in ([1, 2], [[1, 2], [3]]):
        assert_error(embed(tokens), 400, "unsupported_value", "input", "check_embedding_ctx_length")
    assert_error(embed([]), 400, "invalid_value", "input", "holds 0 texts")
    assert_error(embed(["x"] * 2049), 400, "invalid_value", "input", "holds 2049 texts")
    assert_error(embed(["x", " "]), 400, "invalid_value", "input", "text 1 of input is empty")
    assert_error(embed("x", dimensions=3), 400, "unsupported_value", "dimensions", "expected")
    assert_error(embed("x", encoding_format="int8"), 400, None, "encoding_format")
    whole = embed("x", encoding_format="base64").json()["data"][0]["embedding"]
    plain = embed("x").json()["data"][0]["embedding"]
    raw = base64.b64decode(whole)
    assert list(struct.unpack(f"<{len(raw) // 4}f", raw)) == pytest.approx(plain)


def test_filters_that_are_wrong_are_told_in_their_shape(http):
    def search(filters):
        body = {"query": "x", "filters": filters}
        return http.post("/v1/vector_stores/default/search", json=body)

    answer = search({"type": "eq", "key": "author", "value": "x"})
    assert_error(answer, 400, "invalid_value", "filters", "'author'; expected one of document_id")
    deep = {"type": "eq", "key": "title", "value": "x"}
    for _ in range(10):
        deep = {"type": "and", "filters": [deep]}
    assert_error(search(deep), 400, "invalid_value", "filters", "more than 8 deep")
    assert search({"type": "like", "key": "title", "value": "x"}).status_code == 400
    for kind, value, n in (
        ("ne", "en", 1),
        ("in", ["es", "en"], 2),
        ("nin", ["es"], 1),
        ("gt", "en", 1),
        ("lte", "en", 1),
    ):
        found = search({"type": kind, "key": "language", "value": value}).json()["data"]
        assert len({one["file_id"] for one in found}) == n, kind
    either = {
        "type": "or",
        "filters": [
            {"type": "eq", "key": "filename", "value": "birds.md"},
            {"type": "eq", "key": "format", "value": "txt"},
        ],
    }
    assert {one["file_id"] for one in search(either).json()["data"]} == set(DOCUMENTS)


def test_keys_rates_sizes_and_methods_are_told_in_their_shape(data):
    with serving(data, KEYS, rate_limit_per_min=5) as http:
        assert_error(ask(http), 401, "invalid_api_key")
        wrong = http.get("/v1/models", headers={"Authorization": "Bearer wrong"})
        assert_error(wrong, 401, "invalid_api_key")
        assert_error(http.get("/v1/chat/completions"), 401, "invalid_api_key")
        for _ in range(5):
            last = ask(http)
        assert_error(last, 429, "rate_limit_exceeded")
        assert int(last.headers["retry-after"]) >= 1
    with serving(data) as http:
        big = ask(http, "x" * 2 * 2**20)
        assert_error(big, 413, "request_too_large")
        assert_error(http.get("/v1/chat/completions"), 405, "method_not_allowed")
        assert_error(http.get("/v1/models/"), 404, "model_not_found", "model")
        assert_error(http.post("/v1/chat/nothing", json={}), 404, "not_found")
        assert_error(http.post("/v1/chat/completions", content=b"{"), 400, None)
        history = [{"role": "assistant", "content": "x" * 1000}] * 500
        asked = [*history, {"role": "user", "content": "¿Dónde vive el ñandú?"}]
        assert ask(http, asked).status_code == 200, "a long conversation is none of these"
    with serving(data, max_concurrent_questions=1) as http:
        http.app.state.service.places.take()
        assert_error(ask(http), 503, "overloaded")


def test_without_a_document_that_is_the_answer(http):
    words = "Todavía no hay documentos con los que responder."
    assert words in ask(http, model="fuente/empty").text
    streamed = ask(http, model="fuente/empty", stream=True).text
    assert words in streamed
    assert streamed.endswith("data: [DONE]\n\n")
    for stream in (False, True):
        body = {"model": "fuente/empty", "input": "¿Dónde vive el ñandú?", "stream": stream}
        assert words in http.post("/v1/responses", json=body).text


def test_without_a_build_there_is_no_answer_and_no_stream(http):
    waiting = [("files", ("a.txt", b"A letter.", "text/plain"))]
    assert http.post("/v1/collections/empty/documents", files=waiting).is_success
    for streamed in (False, True):
        answer = ask(http, model="fuente/empty", stream=streamed)
        assert_error(answer, 503, "index_not_ready")
        assert answer.headers["retry-after"]
        empty = {"model": "fuente/empty", "input": "x", "stream": streamed}
        assert_error(http.post("/v1/responses", json=empty), 503, "index_not_ready")
    assert http.get("/v1/models/fuente/empty").json()["created"] == 0


class Breaking(Extractive):
    """Begins an answer, and breaks."""

    def compose(self, question, evidence, first=1):
        yield next(super().compose(question, evidence, first))
        raise DamagedIndexError("the disk is gone; expected one")


@pytest.mark.parametrize("waits", [False, True])
def test_what_breaks_a_stream_is_its_last_chunk(data, waits):
    composer = Breaking()
    composer.waits = waits
    with serving(data, engine=Engine(data, HashEncoder(), composer=composer)) as http:
        assert_error(ask(http), 503, "index_not_ready")
        blocks = [b for b in ask(http, stream=True).text.split("\n\n") if b]
        last = json.loads(blocks[-1].removeprefix("data: "))
        assert last["error"]["code"] == "index_not_ready"
        assert json.loads(blocks[0].removeprefix("data: "))["choices"][0]["delta"]["role"]
        body = {"model": "fuente", "input": "¿Dónde vive el ñandú?", "stream": True}
        events = [b for b in http.post("/v1/responses", json=body).text.split("\n\n") if b]
        assert events[-1].startswith("event: error\n")
        with (
            openai.OpenAI(
                base_url="http://127.0.0.1:8000/v1", api_key="x", http_client=http
            ) as client,
            pytest.raises(openai.APIError, match="index"),
        ):
            list(
                client.chat.completions.create(
                    model="fuente",
                    messages=[{"role": "user", "content": "¿Dónde vive el ñandú?"}],
                    stream=True,
                )
            )


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("chat/completions", {"messages": [{"role": "user", "content": ES}]}),
        ("responses", {"input": ES}),
    ],
)
def test_a_client_that_leaves_gives_its_place_back(server_url, path, asked):
    body, url = {"model": "fuente", **asked}, f"{server_url}/v1/{path}"
    with httpx2.Client() as plain:
        for _ in range(40):
            with plain.stream("POST", url, json={**body, "stream": True}) as answer:
                assert answer.status_code == 200
        assert plain.post(url, json=body).status_code == 200


def test_a_door_that_is_shut_is_not_there(data):
    with serving(data, doors="mcp") as http:
        assert http.get("/v1/models").status_code == 404
        assert http.get("/v1/models").headers["content-type"] == "application/problem+json"
        doors = {door["name"]: door["open"] for door in http.get("/v1/info").json()["doors"]}
        assert doors["openai"] is False
    with serving(data) as http:
        doors = {door["name"]: door for door in http.get("/v1/info").json()["doors"]}
        assert doors["openai"]["open"] is True
        assert "/v1/chat/completions" in doors["openai"]["paths"]


def test_links_follow_the_public_address(data):
    with serving(data, public_url="https://docs.example.org/fuente") as http:
        [cited] = ask(http).json()["choices"][0]["message"]["annotations"]
        url = cited["url_citation"]["url"]
        assert url == "https://docs.example.org/fuente/d/birds.md#char=10,36"


def test_their_package_is_not_needed_to_serve(tmp_path):
    sources = [path.read_text("utf-8") for path in (ROOT / "api").rglob("*.py")]
    assert not any("import openai" in text and "from api" not in text for text in sources)
