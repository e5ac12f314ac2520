"""Several questions in one message: which are told apart, what stays one, and the one answer to all of them."""

import json

import pytest
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from local_server import write_documents

from api.app import create_app
from api.native.schemas import answer_body
from api.settings import load_settings
from index.local.build import build
from qa.compose.extractive import Extractive
from qa.engine import Engine, Query, SearchOptions
from qa.followup import Previous
from qa.several import MOST, message_of

APART = [
    ("es", "1) ¿Va incluido el toldo? 2) ¿Cuánto cuesta el remo?", ["¿Va incluido el toldo?", "¿Cuánto cuesta el remo?"]),
    ("es", "1. ¿Cuándo abre la balsa?\n2. ¿Hay duchas?\n\nGracias", ["¿Cuándo abre la balsa?", "¿Hay duchas?"]),
    ("en", "a) When does the ferry leave? b) Do goats pay?", ["When does the ferry leave?", "Do goats pay?"]),
    ("en", "Q1: When does it open? Q2: Where is the raft?", ["When does it open?", "Where is the raft?"]),
    ("es", "- precio del remo\n- hora de cierre", ["precio del remo", "hora de cierre"]),
    ("es", "Precio de:\n- un remo\n- un toldo", ["Precio de un remo", "Precio de un toldo"]),
    ("en", "About the raft:\n* when was it built?\n* who paid for it?", ["About the raft: when was it built?", "About the raft: who paid for it?"]),
    ("en", "what time is supper\nwhere is the raft", ["what time is supper", "where is the raft"]),
    ("es", "Tengo dos preguntas: ¿cuánto paga un mulo? y ¿a qué hora hay que irse?", ["¿cuánto paga un mulo?", "y ¿a qué hora hay que irse?"]),
    ("en", "I have two questions: can I bring a goat, and when is supper?", ["Can I bring a goat?", "When is supper?"]),
    ("en", "Hello! First, what time is supper? Second, is the raft dry?", ["what time is supper?", "is the raft dry?"]),
    ("es", "Primero, ¿cuándo abre la balsa? Además, ¿cuánto cuesta el remo?", ["¿cuándo abre la balsa?", "¿cuánto cuesta el remo?"]),
    ("es", "¿Dónde está la balsa? ¿Y cuánto cuesta?", ["¿Dónde está la balsa?", "¿Y cuánto cuesta?"]),
    ("en", "Can you help me? Where is the raft? How much is it?", ["Where is the raft?", "How much is it?"]),
    ("es", "¿De qué color son los remos y cuánto cuestan?", ["¿De qué color son los remos?", "¿Cuánto cuestan?"]),
    ("es", "cuanto cuesta el remo y a que hora abre la balsa", ["Cuanto cuesta el remo?", "A que hora abre la balsa?"]),
    ("es", "¿Dónde está la balsa, quién la cuida y cuánto cuesta el remo?", ["¿Dónde está la balsa?", "¿Quién la cuida?", "¿Cuánto cuesta el remo?"]),
    ("en", "What is the deposit, when is it returned and who pays the fine?", ["What is the deposit?", "When is it returned?", "Who pays the fine?"]),
    ("en", "Could you tell me what time the raft leaves and how much it costs?", ["What time the raft leaves?", "How much it costs?"]),
    ("es", "¿Me puede decir cuándo sale la balsa y cuánto cuesta el remo?", ["¿Cuándo sale la balsa?", "¿Cuánto cuesta el remo?"]),
]  # fmt: skip

ONE = [
    ("es", "¿Puedo ir si llueve y no tengo paraguas?"),
    ("en", "What are the opening hours and prices?"),
    ("es", "¿Cuándo y dónde es la reunión?"),
    ("es", "¿Quién preside el club y desde cuándo?"),
    ("en", "How many rafts and how many oars are there?"),
    ("en", "What happens if it rains and when it snows?"),
    ("en", "Who lived on the raft and was a painter?"),
    ("es", "¿Hay que indicar el nombre y cuántas personas vienen?"),
    ("es", "¿Cuándo nació y dónde murió Íñigo Núñez?"),
    ("es", "¿Se puede echar a un socio? ¿Cómo?"),
    ("en", "Is the raft cheaper in May? By how much?"),
    ("en", "The raft leaves at nine, right?"),
    ("en", "Is it open on Monday? Or on Sunday?"),
    ("es", "Hola, ¿me puedes ayudar? ¿Cuándo abre la balsa?"),
    ("es", "Tengo una duda: ¿cuándo abre la balsa?"),
    ("en", "What do clauses 1) and 2) say?"),
    ("en", "What is the difference between a) gold and b) silver?"),
    ("en", "Which of these may come aboard?\n- dogs\n- cats"),
    ("es", "Mis datos:\n- soltero\n- 30 años\n¿Puedo pedir la ayuda?"),
    ("es", "¿Qué significa «¿Quién va? ¿Qué quiere?»?"),
    ("es", "perdí la llave,\nestoy fuera,\n¿a quién llamo?"),
]

DOCUMENTS = {
    "balsa.md": (
        "# La balsa del Nalón\n\n## Horario\n\nLa balsa abre a las nueve de la mañana.\n\n## Precios\n\n"
        "El remo cuesta siete euros por jornada.\n\n## Perros\n\nLos perros viajan gratis en la balsa.\n"
    ),
    "raft.md": "# The Tamar raft\n\nThe raft leaves at ten from the old pier.\n\nAn oar costs six pounds a day.\n",
}


@pytest.mark.parametrize(("lang", "text", "questions"), APART)
def test_questions_in_one_message_are_told_apart(lang, text, questions):
    assert list(message_of(text, lang).questions) == questions


@pytest.mark.parametrize(("lang", "text"), ONE)
def test_what_may_be_one_question_stays_one(lang, text):
    assert message_of(text, lang) is None


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    data = tmp_path_factory.mktemp("several")
    write_documents(data, DOCUMENTS)
    build(data, HashEncoder())
    made = Engine(data, HashEncoder())
    yield made
    made.close()


def ask(engine, text, **options):
    """The answer, after its citations were looked up in it and in their documents and its pieces put together."""
    answer = engine.ask(Query(text), SearchOptions(**options))
    for n, c in enumerate(answer.citations, 1):
        assert (c.number, answer.text[c.answer_start : c.answer_end]) == (n, c.quote)
        assert engine.index.document(c.doc_id).text[c.start : c.end] == c.quote
        assert f"[{n}]" in answer.text
    steps = engine.ask_in_steps(Query(text), SearchOptions(**options))
    streamed = "".join(piece.text for piece in steps.written())
    assert streamed == (answer.text if answer.citations else "")
    assert steps.answer().text == answer.text
    return answer


def quotes(answer, asked):
    return [answer.citations[n - 1].quote for n in asked.citations]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("1) ¿A qué hora abre la balsa? 2) ¿Cuánto cuesta el remo?", "a las nueve", "siete euros"),
        ("a) When does the raft leave? b) How much is an oar?", "at ten", "six pounds"),
    ],
)
def test_each_question_has_its_own_quotes_in_order(engine, text, first, second):
    answer = ask(engine, text, explain=True)
    assert answer.status == "answered"
    one, other = answer.asked
    assert answer.text.startswith(f"{one.text}\n")
    assert f"\n\n{other.text}\n" in answer.text
    assert first in "".join(quotes(answer, one))
    assert second in "".join(quotes(answer, other))
    assert [*one.citations, *other.citations] == [c.number for c in answer.citations]
    assert answer.confidence == min(one.confidence, other.confidence)
    body = answer_body(answer, "r", explain=True)
    assert [(q.question, q.status) for q in body.questions] == [
        (one.text, "answered"),
        (other.text, "answered"),
    ]
    cited = [told.citation for told in body.explanation.sentences if told.citation]
    assert sorted(cited) == [c.number for c in answer.citations if c.role == "answer"]
    assert len(body.explanation.highlights) == len(cited)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1) ¿Cuánto cuesta el remo? 2) ¿Quién es Godzilla?", "no contienen"),
        ("1) How much is an oar? 2) Who is Godzilla?", "do not hold"),
    ],
)
def test_of_one_that_no_document_answers_that_is_said(engine, text, says):
    answer = ask(engine, text)
    one, other = answer.asked
    assert (answer.status, answer.abstention) == ("answered", None)
    assert (one.answered, other.answered, other.citations) == (True, False, ())
    assert says in answer.text.split(f"{other.text}\n")[1]
    assert answer.confidence == one.confidence


def test_where_none_is_answered_all_is_declined(engine):
    answer = ask(engine, "1) ¿Quién es Godzilla? 2) ¿Qué bebe Mothra?")
    assert (answer.status, answer.citations) == ("abstained", ())
    assert answer.text == answer.abstention.message
    assert {"Godzilla", "Mothra"} <= set(answer.abstention.unmentioned)
    assert answer.text.count("no contienen") == 2


@pytest.mark.parametrize(
    "text",
    [
        "1) ¿Quién firmó el convenio de Mothra? 2) ¿Qué dice el plano de Godzilla?",
        "1) Who signed the convenio of Mothra? 2) What does the plano of Godzilla say?",
    ],
)
def test_the_documents_that_were_not_read_are_named_for_each_that_is_declined(tmp_path, text):
    write_documents(tmp_path, DOCUMENTS)
    for name in ("convenio.pdf", "plano.pdf"):
        (tmp_path / "documents" / name).write_bytes(b"torn")
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder())
    answer = ask(engine, text)
    engine.close()
    assert answer.status == "abstained"
    assert [one.doc_id for one in answer.abstention.unread] == ["convenio.pdf", "plano.pdf"]
    assert all(name in answer.text for name in ("convenio.pdf", "plano.pdf"))


def test_the_second_leans_on_the_first_and_the_next_message_on_the_second(engine):
    text = "1) ¿A qué hora abre la balsa? 2) ¿Y cuánto cuesta?"
    answer = ask(engine, text)
    assert answer.asked[1].question.read_as == "¿Y cuánto cuesta (la balsa)?"
    assert answer.question.read_as.endswith("abre la balsa? ¿Y cuánto cuesta (la balsa)?")
    earlier = Previous("1) ¿A qué hora abre la balsa? 2) ¿Cuánto cuesta el remo?")
    later = engine.ask(Query("¿y el toldo?", previous=(earlier,)))
    assert later.question.read_as == "¿Cuánto cuesta el toldo?"


def test_what_one_quote_answers_stands_once(engine):
    answer = ask(engine, "1) ¿Cuánto cuesta el remo? 2) ¿Cuánto cuesta el remo por jornada?")
    one, other = answer.asked
    assert one.citations == other.citations
    assert answer.text.startswith(f"{one.text}\n{other.text}\n")


def test_no_more_than_some_are_answered_at_once_and_the_rest_is_named(engine):
    asked = [f"{n}) ¿Cuánto cuesta el remo {n}?" for n in range(1, MOST + 2)]
    answer = ask(engine, " ".join(asked))
    assert len(answer.asked) == MOST
    assert answer.text.endswith(
        f"vuelve a preguntar lo que falta: «¿Cuánto cuesta el remo {MOST + 1}?»."
    )


@pytest.mark.parametrize("text", ["¿Cuánto cuesta el remo?", "How much is an oar?"])
def test_one_question_is_answered_as_before(engine, text):
    answer = ask(engine, text)
    assert (answer.asked, answer.question.read_as) == ((), None)


class Numbering(Extractive):
    """A composer that waits for others, and tells which number it begins with."""

    waits = True

    def __init__(self):
        self.began = []

    def compose(self, question, evidence, first=1):
        self.began.append(first)
        yield from super().compose(question, evidence, first)


def test_a_composer_goes_on_with_the_numbers_and_is_not_asked_before_the_answer_is_written(
    engine, tmp_path
):
    write_documents(tmp_path, DOCUMENTS)
    build(tmp_path, HashEncoder())
    composer = Numbering()
    own = Engine(tmp_path, HashEncoder(), composer=composer)
    steps = own.ask_in_steps(Query("1) ¿A qué hora abre la balsa? 2) ¿Cuánto cuesta el remo?"))
    assert (steps.waits, composer.began) == (True, [])
    one, other = steps.answer().asked
    assert composer.began == [one.citations[0], other.citations[0]]
    own.close()


def test_the_doors_stream_all_answers_with_their_quotes_in_place(engine, tmp_path):
    asked = "a) When does the raft leave? b) How much is an oar?"
    write_documents(tmp_path, DOCUMENTS)
    build(tmp_path, HashEncoder())
    app = create_app(load_settings({"FUENTE_RELOAD_S": "0"}, tmp_path), engine)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        whole = client.post("/v1/ask", json={"query": asked}).json()
        told = client.post("/v1/ask", json={"query": asked, "stream": True}).text
        events = [json.loads(line[6:]) for line in told.splitlines() if line.startswith("data: ")]
        assert "".join(one["delta"] for one in events if "delta" in one) == whole["answer"]
        assert events[-1]["questions"] == whole["questions"]
        assert [one["id"] for one in events if "cited_text" in one.get("location", {})] == [
            one["id"] for one in whole["citations"]
        ]
        messages = [{"role": "user", "content": asked}]
        chat = {"model": client.get("/v1/models").json()["data"][0]["id"], "messages": messages}
        reply = client.post("/v1/chat/completions", json=chat).json()["choices"][0]["message"]
        assert whole["answer"] in reply["content"]
        assert len(reply["annotations"]) == len(whole["citations"])
        streamed = client.post("/v1/chat/completions", json={**chat, "stream": True}).text
        chunks = [
            json.loads(line[6:]) for line in streamed.splitlines() if line.startswith("data: {")
        ]
        said = "".join(c["choices"][0]["delta"].get("content", "") for c in chunks if c["choices"])
        assert said == reply["content"]
