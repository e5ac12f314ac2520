"""What is talk and what is a question: a remark counts as a whole, and courtesy around a question is taken off."""

import json

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from index.training.written import read_written
from index.translation import TranslationTable
from qa.talk import Remark, remark_of, without_courtesy
from qa.understand import Query, understand

TALK = {
    "greeting": [
        "Hola",
        "¡Hola! ¿Qué tal?",
        "buenos días",
        "Hello there!",
        "good evening",
        "hola!!! 😀",
    ],
    "thanks": ["gracias", "¡Muchas gracias por la ayuda!", "Thank you so much", "thanks"],
    "agreed": ["vale", "ajá", "I see.", "Perfecto.", "ok", "Got it!"],
    "goodbye": ["adiós", "ok, gracias, hasta luego", "bye!", "Thanks, goodbye"],
    "identity": [
        "¿Quién eres?",
        "Hola, ¿cómo te llamas?",
        "who are you",
        "What's your name?",
        "are you a robot?",
        "Are you ChatGPT?",
        "¿Eres Copilot?",
        "¿Qué modelo usas?",
        "Am I talking to a language model?",
        "Quiero hablar con una persona",
        "Can I talk to a human?",
    ],
    "abilities": [
        "¿Qué sabes hacer?",
        "¿Cómo funcionas?",
        "What can you do?",
        "How can you help me?",
    ],
    "documents": [
        "¿Qué documentos tienes?",
        "lista los documentos",
        "¿Cuántos documentos hay?",
        "What documents do you have?",
        "List all documents",
        "¿De qué tratan los documentos?",
        "¿Qué información tienes?",
        "What are the documents about?",
        "What is this about?",
        "¿Hay documentos?",
        "Do you have any files?",
    ],
    "arithmetic": [
        "¿Cuánto es 2+2?",
        "12*7=",
        "¿Cuánto son 15 por 3?",
        "what's 3 x 4?",
        "What is 25% of 80?",
    ],
    "smalltalk": [
        "¿Cómo estás?",
        "jajaja",
        "blah blah blah",
        "hmm",
        "asdfgh",
        "Cuéntame un chiste",
        "¿Qué hora es?",
        "how are you?",
        "What's the weather like today?",
        "¿Va a llover mañana en Soria?",
        "Escríbeme un poema sobre el mar",
        "Will it rain tomorrow?",
        "¿Qué tal el tiempo hoy?",
        "¿Hace calor ahora?",
        "How's the weather?",
        "Is it cold outside today?",
        "Write a poem about cats",
    ],
}

QUESTIONS = [
    "¿Qué documentos hay que presentar para empadronarse?",
    "What documents do I need to bring?",
    "¿Qué puedes hacer con el carné de socio?",
    "What can you do with a library card?",
    "¿Quién eres tú para entrar sin cita?",
    "Who are you allowed to bring?",
    "What do you do if it rains?",
    "¿Hay que dar las gracias?",
    "¿Cuánto es la tasa de basuras?",
    "¿Qué es el saludo al sol?",
    "How much is 3 nights in the lodge?",
    "12/05/2024",
    "555-0134",
    "2020-2021",
    "ISO 9001",
    "¿Qué hora es la de cierre?",
    "¿Puedo hablar con el director?",
    "¿Qué tiempo hace falta para cocerlo?",
    "What is the weather policy for matches?",
    "¿Qué tal el tiempo de entrega?",
    "¿Qué temperatura hace en la sauna?",
    "¿Hace frío en el refugio?",
    "Is it cold in the cellar?",
    "Are you open today?",
    "¿Eres socio del club?",
    "¿Qué documentos hay que traer en inglés?",
    "Which documents are needed in Spanish?",
    "¿Qué información hay que dar al llegar?",
    "What are the documents that I need?",
    "Can I speak to the head teacher?",
    "buenas noches y buena suerte",
    "Good morning programme presenter",
]

WRAPPED = {
    "¿Cuánto cuesta la revisión?\n\nEnviado desde mi iPhone": "¿Cuánto cuesta la revisión?",
    "How much is it?\n\nSent from my iPhone": "How much is it?",
    "hola, ¿cuándo abre la biblioteca?": "¿cuándo abre la biblioteca?",
    "hola cuándo abre la biblioteca": "cuándo abre la biblioteca",
    "Buenas tardes. Quería saber cuándo abre.": "Quería saber cuándo abre.",
    "thanks, and how much is it?": "and how much is it?",
    "hi how much is a ticket": "how much is a ticket",
    "Perfecto, ¿y los domingos?": "¿y los domingos?",
    "Great, what about Sundays?": "what about Sundays?",
    "¿Cuándo abre? Muchas gracias.": "¿Cuándo abre?",
    "When does it open? Thanks in advance!": "When does it open?",
    "Hola buenas, ¿me dicen qué cuesta? ¡Gracias!": "¿me dicen qué cuesta?",
}


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, texts in TALK.items() for t in texts])
def test_talk_is_known_in_both_languages(kind, text):
    assert remark_of(text).kind == kind


@pytest.mark.parametrize(
    ("text", "kind", "lang", "subject"),
    [
        (
            "¿De qué trata el Reglamento de Régimen Interior?",
            "summary",
            "es",
            "el Reglamento de Régimen Interior",
        ),
        ("Resume normas.pdf, por favor", "summary", "es", "normas.pdf, por favor"),
        ("What is the bee-keeper's guide about?", "summary", "en", "the bee-keeper's guide"),
        ("Summarise the house rules", "summary", "en", "the house rules"),
        ("¿Qué documentos hay sobre la poda?", "topic", "es", "la poda"),
        ("List the documents about pruning", "topic", "en", "pruning"),
        ("which documents talk about pruning?", "topic", "en", "pruning"),
    ],
)
def test_what_a_remark_names_is_given_as_it_was_written(text, kind, lang, subject):
    assert remark_of(text) == Remark(kind, lang, subject)


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_is_no_talk(text):
    assert remark_of(text) is None
    assert without_courtesy(text) == text


@pytest.mark.parametrize("text", WRAPPED)
def test_courtesy_around_a_question_is_taken_off(text):
    assert remark_of(text) is None
    assert without_courtesy(text) == WRAPPED[text]
    assert understand(Query(text), 1000, TranslationTable({})).text == WRAPPED[text]


@pytest.mark.parametrize(
    "text",
    [
        "¿Gracias a qué bajó la mortalidad?",
        "Window facing the street, okay?",
        "Ok computer release date",
    ],
)
def test_words_that_are_no_courtesy_stay(text):
    assert without_courtesy(text) == text


def test_the_questions_that_we_have_are_no_talk():
    asked = [q for w in read_written() for q in (w.question_es, w.question_en)]
    for name in ("sample_questions", "seed_questions"):
        lines = (ROOT / "tests" / "data" / f"{name}.jsonl").read_text("utf-8").splitlines()
        asked += [json.loads(line)["question"] for line in lines if line.strip()]
    assert len(asked) > 20_000
    # What names a document counts only where there is one of that name
    taken = [q for q in asked if (r := remark_of(q)) is not None and not r.subject]
    assert taken == []


@given(st.text(max_size=60))
def test_any_text_can_be_read(text):
    remark_of(text)
    left = without_courtesy(text)
    assert left in text
    assert any(map(str.isalnum, left)) or left == text
