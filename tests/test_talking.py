"""Replies to talk: fixed words, and the documents that they name cited like anything else."""

import pytest
from hash_encoder import HashEncoder

from index.local.build import build
from qa.engine import Engine, Query, SearchOptions

DOCUMENTS = {
    "huerto.md": (
        "# Guía del huerto\n\nEsta guía es para quien cuida una parcela. Se revisa cada año.\n\n## Riego\n\nSe riega al amanecer.\n\n"
        "## Compost\n\nEl compost se reparte en octubre. Hay que pedirlo.\n"
    ),
    "house-rules.txt": "Rules of the house\n\nBicycles are kept in the shed. The shed is locked at ten.\n",
    "apuntes.txt": "El compost no se lleva a casa. Eso es todo.\n",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    data = tmp_path_factory.mktemp("talking")
    for name, text in DOCUMENTS.items():
        path = data / "documents" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    build(data, HashEncoder())
    made = Engine(data, HashEncoder())
    yield made
    made.close()


def ask(engine, text, lang=None, **options):
    """The answer, after each citation was looked up in answer and source and the pieces were put together."""
    answer = engine.ask(Query(text, lang), SearchOptions(**options))
    for n, c in enumerate(answer.citations, 1):
        assert c.number == n
        assert answer.text[c.answer_start : c.answer_end] == c.quote
        assert engine.index.document(c.doc_id).text[c.start : c.end] == c.quote
        assert f"[{n}]" in answer.text
    steps = engine.ask_in_steps(Query(text, lang), SearchOptions(**options))
    if answer.status == "answered":
        assert "".join(piece.text for piece in steps.written()) == answer.text
    return answer


@pytest.mark.parametrize(
    ("text", "kind", "lang", "says"),
    [
        ("Hola", "greeting", "es", "¡Hola!"),
        ("Hi!", "greeting", "en", "Hello!"),
        ("gracias", "thanks", "es", "De nada"),
        ("ok", "thanks", "es", "De acuerdo"),
        ("Thanks a lot", "thanks", "en", "You are welcome"),
        ("adiós", "goodbye", "es", "¡Hasta pronto!"),
        ("bye", "goodbye", "en", "Goodbye!"),
        ("¿Quién eres?", "identity", "es", "Soy Fuente"),
        ("Who are you?", "identity", "en", "I am Fuente"),
        ("¿Qué puedes hacer?", "abilities", "es", "Pregúntame, en español o en inglés"),
        ("What can you do?", "abilities", "en", "Ask me, in Spanish or English"),
    ],
)
def test_talk_is_replied_to_in_its_language(engine, text, kind, lang, says):
    answer = ask(engine, text)
    assert (answer.kind, answer.lang, answer.status, answer.generator) == (
        kind,
        lang,
        "answered",
        "talk",
    )
    assert answer.text.startswith(says)
    assert (answer.hits, answer.abstention) == ((), None)


@pytest.mark.parametrize(
    ("text", "lang", "says"),
    [
        ("2+2", "es", "No hago cuentas"),
        ("what is 2 + 2?", "en", "I do no sums"),
        ("Tell me a joke", "en", "I cannot talk about that"),
    ],
)
def test_sums_and_small_talk_are_declined(engine, text, lang, says):
    answer = ask(engine, text, lang)
    assert (answer.status, answer.abstention.reason, answer.citations) == ("abstained", "talk", ())
    assert answer.text.startswith(says)
    assert answer.abstention.message == answer.text


def test_a_language_that_is_asked_for_is_spoken(engine):
    assert ask(engine, "ok", "en").text.startswith("All right")


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("¿Qué documentos tienes?", "Hay 3 documentos:"),
        ("list the documents", "There are 3 documents:"),
    ],
)
def test_the_documents_are_listed_each_with_how_it_begins(engine, text, head):
    answer = ask(engine, text)
    assert answer.kind == "documents"
    assert answer.text.startswith(head)
    assert [c.doc_id for c in answer.citations] == sorted(DOCUMENTS)
    assert "- Guía del huerto: " in answer.text


@pytest.mark.parametrize(
    ("text", "says", "ids"),
    [
        ("¿Qué documentos hay en inglés?", "Hay 1 documento en inglés:", ["house-rules.txt"]),
        ("¿Tienes documentos en español?", "Hay 2 documentos en español:", ["apuntes.txt", "huerto.md"]),
        ("What Spanish documents are there?", "There are 2 documents in Spanish:", ["apuntes.txt", "huerto.md"]),
        ("Do you have any files written in English?", "There is 1 document in English:", ["house-rules.txt"]),
    ],
)  # fmt: skip
def test_the_documents_in_a_language_are_listed(engine, text, says, ids):
    answer = ask(engine, text)
    assert answer.kind == "documents"
    assert answer.text.startswith(says)
    assert [c.doc_id for c in answer.citations] == ids


def test_where_no_document_is_in_a_language_that_is_said(engine):
    only = {"document_ids": ("huerto.md",)}
    assert ask(engine, "¿Qué documentos hay en inglés?", **only).text.startswith("No hay ningún")
    said = ask(engine, "What documents are there in English?", **only).text
    assert said == "There are no documents in English."


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("¿Qué tal el tiempo hoy?", "La estación de meteorología mide el tiempo. Hoy llueve.\n"),
        ("What is the weather like today?", "The weather today: it rains in the north.\n"),
    ],
)
def test_the_weather_is_small_talk_unless_a_document_is_about_it(engine, tmp_path, text, document):
    assert ask(engine, text).abstention.reason == "talk"
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "station.txt").write_text(document, "utf-8")
    build(tmp_path, HashEncoder())
    of_weather = Engine(tmp_path, HashEncoder())
    assert ask(of_weather, text).kind == "answer"
    of_weather.close()


def test_how_a_document_begins_is_a_sentence_and_no_date_or_form(tmp_path):
    texts = {
        "acta.txt": "Soria, 3 de mayo\n\nNombre: __________\n\nEl consejo aprobó las cuentas del año. Nada más.\n",
        "LEY-30490-2016.txt": "Fe de erratas 593\n\nLas personas mayores tienen derecho a descuentos en el tren.\n",
    }
    for name, text in texts.items():
        (tmp_path / "documents").mkdir(exist_ok=True)
        (tmp_path / "documents" / name).write_text(text, "utf-8")
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder())
    begins = [c.quote for c in ask(engine, "¿Qué documentos hay?").citations]
    assert begins == [
        "Las personas mayores tienen derecho a descuentos en el tren.",
        "El consejo aprobó las cuentas del año.",
    ]
    # A file is named as it is called, whatever signs part its words
    assert ask(engine, "resume LEY-30490-2016.txt").kind == "summary"
    assert ask(engine, "resume la ley 30490 2016").citations[0].doc_id == "LEY-30490-2016.txt"
    engine.close()


def test_only_the_documents_asked_for_are_listed(engine):
    answer = ask(engine, "¿Qué documentos hay?", document_ids=("huerto.md",))
    assert answer.text.startswith("Hay 1 documento:")
    assert [c.doc_id for c in answer.citations] == ["huerto.md"]
    # Where there is one, it need not be named
    answer = ask(engine, "¿De qué trata este documento?", document_ids=("huerto.md",))
    assert (answer.kind, answer.citations[0].doc_id) == ("summary", "huerto.md")


@pytest.mark.parametrize(
    "text",
    ["¿De qué trata la Guía del huerto?", "resume huerto.md", "Summarise the document huerto"],
)
def test_a_document_is_summed_up_by_its_beginning_and_its_parts(engine, text):
    answer = ask(engine, text)
    assert answer.kind == "summary"
    assert [c.quote for c in answer.citations] == [
        "Esta guía es para quien cuida una parcela. Se revisa cada año.",
        "Se riega al amanecer.",
        "El compost se reparte en octubre.",
    ]
    assert "\n- Riego: " in answer.text


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("documentos sobre el compost", "Sobre «el compost» hay:"),
        ("which documents are about the shed?", "On “the shed”"),
    ],
)
def test_the_documents_on_a_matter_are_those_that_speak_of_it(engine, text, head):
    answer = ask(engine, text)
    assert answer.kind == "topic"
    assert answer.text.startswith(head)
    wanted = {"huerto.md", "apuntes.txt"} if "compost" in text else {"house-rules.txt"}
    assert {c.doc_id for c in answer.citations} == wanted


@pytest.mark.parametrize(
    "text",
    [
        "¿De qué trata el tratado de Utrecht?",
        "What is the shed about?",
        "documentos sobre volcanes",
        "¿De qué trata este documento?",
    ],
)
def test_what_names_no_document_is_a_question_like_any_other(engine, text):
    assert engine.ask(Query(text)).kind == "answer"


def test_a_question_with_a_greeting_is_answered_as_without(engine):
    plain = ask(engine, "¿Cuándo se reparte el compost?")
    polite = ask(engine, "¡Hola! ¿Cuándo se reparte el compost? Gracias.")
    assert (polite.kind, polite.text, polite.confidence) == ("answer", plain.text, plain.confidence)


def test_a_search_takes_talk_for_words(engine):
    assert engine.search(Query("compost gracias")).hits
    assert engine.search(Query("hola")).question.text == "hola"
