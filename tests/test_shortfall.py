"""What is said of a question that was declined."""

from types import SimpleNamespace

import pytest
from plain_words import words_of

from corpus.document import Passage, Skipped
from index.searchable import Place
from qa.compose.extractive import decline
from qa.shortfall import Shortfall, shortfall, unread

TEXT = "La piscina de Berlanga abre en junio y cierra en septiembre."


def found(question, *, unknown=(), lang="es", page=None, path=("Piscinas", "Horarios"), text=TEXT):
    passage = Passage("p.md#char=0,9", "p.md", 0, len(text), text, "es", "Piscinas › Horarios")
    place = Place(passage, "Piscinas", page, path)
    words = words_of(question, lang, lambda word: word not in unknown)
    return shortfall(question, words, [SimpleNamespace(place=place)])


@pytest.mark.parametrize(
    ("question", "unknown", "lang", "says"),
    [
        (
            "¿Abre la piscina de Valdemoro?",
            {"Valdemoro"},
            "es",
            "Ningún documento menciona «Valdemoro».",
        ),
        ("¿Abría la piscina en 1931?", {"1931"}, "es", "Ningún documento menciona «1931»."),
        (
            "¿Abría la piscina de San Telmo en 1931?",
            {"San", "Telmo", "1931"},
            "es",
            "Ningún documento menciona «San Telmo» ni «1931».",
        ),
        (
            "¿Abre la piscina el 28 de junio?",
            {"28"},
            "es",
            "Ningún documento menciona «28 de junio».",
        ),
        ("Is the pool open on June 28?", {"28"}, "en", "No document mentions “June 28”."),
        (
            "Did the pool of Old Town open in 1931?",
            {"Old", "Town", "1931"},
            "en",
            "No document mentions “Old Town” or “1931”.",
        ),
    ],
)
def test_names_that_no_document_has_are_said(question, unknown, lang, says):
    lacking = found(question, unknown=unknown, lang=lang)
    assert lacking.message(lang) == f"{decline(lang)} {says}"


def test_of_many_names_the_first_are_said():
    names = ["Ana", "Luis", "Eva", "Juan", "Rosa"]
    question = "¿Nadan en la piscina " + " y ".join(names) + "?"
    assert found(question, unknown=set(names)).unmentioned == ("Ana", "Luis", "Eva")


def test_else_the_nearest_place_is_said():
    lacking = found("¿Cuánto mide la piscina?")
    assert lacking.unmentioned == ()
    assert (lacking.closest.doc_id, lacking.closest.title, lacking.closest.lacks) == (
        "p.md",
        "Piscinas",
        (),
    )
    assert (
        lacking.message("es")
        == f"{decline('es')} Lo más cercano está en «Piscinas › Horarios», pero ahí no se dice."
    )
    assert (
        lacking.message("en")
        == f"{decline('en')} The nearest words are in “Piscinas › Horarios”; that part does not say it."
    )


def test_what_the_nearest_place_lacks_is_said_with_its_page():
    lacking = found("¿Cuándo abre la piscina de Almazán?", page=3)
    assert lacking.closest.lacks == ("Almazán",)
    assert lacking.message("es").endswith(
        "Lo más cercano está en «Piscinas › Horarios», p. 3, pero ahí no se menciona «Almazán»."
    )
    assert lacking.message("und") == lacking.message("es")
    assert lacking.message("en").endswith(
        "in “Piscinas › Horarios”, p. 3; that part does not mention “Almazán”."
    )


def test_a_long_heading_is_cut_between_words():
    lacking = found("¿Cuánto mide la piscina?", path=("Piscinas", "Ordenanza de las piscinas " * 9))
    place = lacking.message("es").split("«")[1].split("»")[0]
    assert place.endswith("Ordenanza de las piscinas…")
    assert len(place) < 110


def test_what_is_far_away_is_not_called_near():
    lacking = found("¿Quién ganó el torneo de ajedrez?")
    assert lacking.closest is None
    assert lacking.message("es") == decline("es")


def test_without_passages_only_names_can_be_said():
    lacking = shortfall("¿Y en Soria?", words_of("¿Y en Soria?", "es", lambda _: False), [])
    assert (lacking.unmentioned, lacking.closest) == (("Soria",), None)


SCAN = Skipped("papeles/permiso de obra.pdf", "it has no text; run OCR first")


@pytest.mark.parametrize(
    ("question", "lang", "said"),
    [
        (
            "¿Qué dice el permiso municipal?",
            "es",
            "«papeles/permiso de obra.pdf» está entre los documentos, pero no se pudo leer: no tiene texto.",
        ),
        (
            "Who signed the building permit?",
            "en",
            "“papers/permit scan.pdf” is among the documents but could not be read: it has no text.",
        ),
    ],
)
def test_a_document_that_the_question_names_and_that_could_not_be_read_is_told(
    question, lang, said
):
    told = {"es": "no tiene texto; haga OCR antes", "en": SCAN.reason}[lang]
    scans = [SCAN, Skipped("papers/permit scan.pdf", SCAN.reason)]
    named = unread(words_of(question, lang), [*scans, Skipped("foto.png", "x")], lambda _: told)
    assert Shortfall(unread=named).message(lang) == f"{decline(lang)} {said}"


def test_no_other_document_is_told_and_no_reason_in_another_language():
    assert unread(words_of("¿Cuándo abre la piscina?", "es"), [SCAN], lambda why: why) == ()
    [named] = unread(words_of("¿Y el permiso?", "es"), [SCAN], lambda _: None)
    assert Shortfall(unread=(named,)).message("es").endswith("pero no se pudo leer.")
