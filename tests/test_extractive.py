"""The words around the quotes of an extractive answer."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Heading, Passage
from qa.cite import Evidence, Quote
from qa.compose.extractive import Extractive, decline
from qa.structure import Structure, Words
from qa.understand import Question


def quoted(text):
    passage = Passage(f"a#char=0,{len(text)}", "a", 0, len(text), text, "es", "")
    return Quote(passage, 0, len(text), 1.0)


def compose(quotes, lang):
    """The text, and where each quote stands in it."""
    evidence = []
    for quote, title, page in quotes:
        # as many page breaks before the quote as it takes
        pages = () if page is None else (0,) * page
        evidence.append(Evidence(quote, Document("a", title, "es", quote.text, pages, (), "")))
        assert evidence[-1].page == page
    text, places = "", []
    for piece in Extractive().compose(Question("¿?", lang, 1.0), evidence):
        if piece.evidence:
            assert piece.evidence == (len(places),)
            places.append(len(text) + piece.start)
        text += piece.text
    return text, places


ONE = quoted("¿Vuela el ñandú? ¡No! 🪶")
TWO = quoted("It doesn't “fly”.")


@pytest.mark.parametrize("lang", ["es", "en", "und"])
@pytest.mark.parametrize(
    "quotes",
    [
        [(ONE, "El ñandú", None)],
        [(ONE, "El ñandú", 12)],
        [(ONE, "El ñandú", 12), (TWO, "The rhea", None)],
        [(ONE, "El ñandú", 12), (TWO, "El ñandú", 12)],
        [(TWO, "The “rhea”", 3), (ONE, "«Ñandú» 🪶", 4)],
    ],
)
def test_each_quote_stands_where_the_answer_says(lang, quotes):
    text, places = compose(quotes, lang)
    assert len(places) == len(quotes)
    for number, ((quote, title, page), place) in enumerate(zip(quotes, places, strict=True), 1):
        assert text[place : place + len(quote.text)] == quote.text
        assert f"[{number}]" in text
        assert title in text
        assert page is None or f"p. {page}" in text


def test_an_answer_is_worded_in_the_questions_language():
    spanish, _ = compose([(ONE, "El ñandú", 12), (TWO, "The rhea", None)], "es")
    assert spanish == (
        "Según «El ñandú, p. 12»: «¿Vuela el ñandú? ¡No! 🪶» [1]\n"
        "También, en «The rhea»: «It doesn't “fly”.» [2]"
    )
    english, _ = compose([(ONE, "El ñandú", 12), (TWO, "The rhea", None)], "en")
    assert english == (
        "According to “El ñandú, p. 12”: “¿Vuela el ñandú? ¡No! 🪶” [1]\n"
        "Also, in “The rhea”: “It doesn't “fly”.” [2]"
    )


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_second_quote_from_the_same_page_does_not_repeat_the_title(lang):
    same, _ = compose([(ONE, "El ñandú", 12), (TWO, "El ñandú", 12)], lang)
    assert same.count("El ñandú, p. 12") == 1
    other, _ = compose([(ONE, "El ñandú", 12), (TWO, "El ñandú", 13)], lang)
    assert ("El ñandú, p. 12" in other, "El ñandú, p. 13" in other) == (True, True)


def evidence_of(quote, **more):
    return Evidence(quote, Document("a", "Tarifas", "es", quote.text, (), (), ""), **more)


def text_of(lang, asked, evidence):
    return "".join(p.text for p in Extractive().compose(Question(asked, lang, 1.0), evidence))


@pytest.mark.parametrize(
    ("role", "spanish", "english"),
    [
        (
            "columns",
            "\nColumnas de la tabla: «Sala | Precio» [2]",
            "\nColumns of the table: “Sala | Precio” [2]",
        ),
        (
            "record",
            "\nLa fila es la de: «Sala | Precio» [2]",
            "\nThe row is that of: “Sala | Precio” [2]",
        ),
        (
            "lead",
            "\nEn la lista que empieza así: «Sala | Precio» [2]",
            "\nIn the list that begins: “Sala | Precio” [2]",
        ),
    ],
)
def test_what_explains_a_quote_comes_after_it_and_says_what_it_is(role, spanish, english):
    evidence = [
        evidence_of(quoted("Norte | 30 €")),
        evidence_of(quoted("Sala | Precio"), role=role),
    ]
    assert text_of("es", "¿?", evidence) == f"Según «Tarifas»: «Norte | 30 €» [1]{spanish}"
    assert text_of("en", "?", evidence) == f"According to “Tarifas”: “Norte | 30 €” [1]{english}"


def test_an_answer_of_a_faq_comes_with_its_question_unless_that_is_what_was_asked():
    asked = Words("¿Cuánto cuesta\nel carné?", 0, 24)
    answer = replace(evidence_of(quoted("Cinco euros.")), structure=Structure("text", (), asked))
    assert text_of("es", "¿Qué vale hacerse socio?", [answer]) == (
        "Según «Tarifas» («¿Cuánto cuesta el carné?»): «Cinco euros.» [1]"
    )
    assert text_of("en", "How much is it?", [answer]) == (
        "According to “Tarifas” (“¿Cuánto cuesta el carné?”): “Cinco euros.” [1]"
    )
    assert (
        text_of("es", "¿Cuánto cuesta el carné?", [answer]) == "Según «Tarifas»: «Cinco euros.» [1]"
    )
    long = replace(answer, structure=Structure("text", (), replace(asked, text="¿" + "a" * 200)))
    assert "aaa" not in text_of("es", "¿Qué vale?", [long])


def test_a_quote_that_says_otherwise_is_introduced_so():
    evidence = [
        evidence_of(quoted("Cuesta 45 €.")),
        replace(evidence_of(quoted("Cuesta 58 €.")), differs=True),
    ]
    assert text_of("es", "¿?", evidence).endswith(
        "\nEn cambio, según «Tarifas»: «Cuesta 58 €.» [2]"
    )
    assert text_of("en", "?", evidence).endswith(
        "\nBy contrast, according to “Tarifas”: “Cuesta 58 €.” [2]"
    )


def test_a_quote_of_what_held_before_is_introduced_so():
    evidence = [
        evidence_of(quoted("Cuesta 45 €.")),
        replace(evidence_of(quoted("Cuesta 58 €.")), differs=True, older=True),
    ]
    assert text_of("es", "¿?", evidence).endswith("\nAntes, según «Tarifas»: «Cuesta 58 €.» [2]")
    assert text_of("en", "?", evidence).endswith(
        "\nBefore that, according to “Tarifas”: “Cuesta 58 €.” [2]"
    )


def test_a_question_is_declined_in_its_language():
    assert "documentos" in decline("es")
    assert "documents" in decline("en")
    assert decline("und") == decline("es")


WORDS = st.text(st.sampled_from("aeiñá¿¡«»“”[]1. \n🪶"), min_size=1, max_size=20)


@given(
    st.lists(
        st.tuples(WORDS, WORDS, st.one_of(st.none(), st.integers(1, 999))), min_size=1, max_size=4
    ),
    st.sampled_from(["es", "en", "und"]),
)
def test_places_hold_whatever_quote_and_title_say(parts, lang):
    quotes = [(quoted(text), title, page) for text, title, page in parts]
    text, places = compose(quotes, lang)
    for (quote, _, _), place in zip(quotes, places, strict=True):
        assert text[place : place + len(quote.text)] == quote.text
    assert places == sorted(set(places))


@pytest.mark.parametrize(
    ("lang", "heading", "said"),
    [
        ("es", "Queda prohibido", "Según «Parque» («Queda prohibido»): «Acampar.» [1]"),
        ("en", "What is not covered", "According to “Parque” (“What is not covered”): “Acampar.” [1]"),
        ("es", "Actividades", "Según «Parque»: «Acampar.» [1]"),
        ("es", "Parque", "Según «Parque»: «Acampar.» [1]"),
    ],
)  # fmt: skip
def test_a_heading_that_tells_whether_a_quote_holds_is_said_with_it(lang, heading, said):
    start = len(heading) + 2
    text = f"{heading}\n\nAcampar."
    headings = (Heading(0, len(heading), 2, heading),)
    document = Document("a", "Parque", "es", text, (), headings, "")
    quote = Quote(Passage("a", "a", start, len(text), "Acampar.", "es", ""), start, len(text), 1.0)
    pieces = Extractive().compose(Question("¿?", lang, 1.0), [Evidence(quote, document)])
    assert "".join(piece.text for piece in pieces) == said
