"""Clauses, articles and sections by their numbers: which a question asks for, and which a heading opens."""

import pytest

from corpus.divisions import Division, heading_of, named, ordinals_of_divisions
from corpus.language import terms


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("la cláusula tercera regula el plazo", ["3"]),
        ("la tercera cláusula", ["3"]),
        ("the twenty-first clause of the lease", ["21"]),
        ("disposición adicional décima segunda", ["12"]),
        ("CONTRATO › TERCERA.-", ["3"]),
        ("DECIMOCTAVA: fianza\nArtículo primero", ["1", "18"]),
        ("la tercera vez que se lee", []),
        ("first come, first served", []),
        ("İ cláusula tercera", []),
    ],
)
def test_ordinal_words_number_clauses(text, numbers):
    found = list(ordinals_of_divisions(text))
    assert [number for number, _, _ in found] == numbers
    assert all(
        text[a:b].isupper() or text[a:b].isalpha() or "-" in text[a:b] or " " in text[a:b]
        for _, a, b in found
    )
    assert set(numbers) <= set(terms(text, "es"))


@pytest.mark.parametrize(
    ("text", "kind", "number", "said"),
    [
        ("¿Qué dice la cláusula tercera?", "clausula", "3", "cláusula tercera"),
        ("What does the third clause say?", "clausula", "3", "third clause"),
        ("¿De qué trata la cláusula diez?", "clausula", "10", "cláusula diez"),
        ("What does article ten say?", "articulo", "10", "article ten"),
        ("¿Qué dice el artículo 12?", "articulo", "12", "artículo 12"),
        ("que dice el art. nº 07", "articulo", "7", "art. nº 07"),
        ("What does section IV say?", "seccion", "4", "section IV"),
        ("¿Qué dice el apartado 4.º?", "apartado", "4", "apartado 4.º"),
        ("What does rule 4.2 say?", "norma", "4.2", "rule 4.2"),
        ("§ 5", "", "5", "§ 5"),
        ("¿Qué dice el artículo 8 bis?", "articulo", "8 bis", "artículo 8 bis"),
        ("What does clause (c) say?", "clausula", "c", "clause (c)"),
        ("¿Qué dice la letra b del artículo?", "letra", "b", "letra b"),
        ("el apartado d) del contrato", "apartado", "d", "apartado d)"),
        ("¿Qué hay en el Anexo B?", "anexo", "b", "Anexo B"),
        ("ANNEX C", "anexo", "c", "ANNEX C"),
        ("el artículo primero transitorio", "articulo transitorio", "1", "artículo primero transitorio"),
        ("Annex V", "anexo", "5", "Annex V"),
        ("point (ii) and clause (3)", "clausula", "3", "clause (3)"),
        ("la disposición adicional tercera", "disposicion adicional", "3", "disposición adicional tercera"),
    ],
)  # fmt: skip
def test_the_division_that_a_text_names(text, kind, number, said):
    division, start, end = next(named(text))
    assert (division, text[start:end]) == (Division(kind, number), said)


@pytest.mark.parametrize(
    "text",
    [
        "¿Cuántas cláusulas hay?",
        "What is clause 3/2019?",
        "el punto 3,5 %",
        "el punto a tratar",
        "rule a country",
        "SECCIÓN A LA QUE",
        "the rule one must follow",
        "regla i",
        "İ cláusula 3",
        "la parte 3",
    ],
)
def test_what_names_no_division(text):
    assert list(named(text)) == []


@pytest.mark.parametrize(
    ("line", "kind", "number"),
    [
        ("Artículo 7.", "articulo", "7"),
        ("Art. 12º Reuniones", "articulo", "12"),
        ("Artículo 2 Transitorio.- Barcas", "articulo transitorio", "2"),
        ("Cláusula 4.ª Montaje", "clausula", "4"),
        ("Estipulación 3.", "clausula", "3"),
        ("TERCERA.-", "", "3"),
        ("Décima segunda. –", "", "12"),
        ("Rule 11: Oars", "norma", "11"),
        ("Artículo 8 BIS. -", "articulo", "8 bis"),
        ("4.2.", "", "4.2"),
        ("(3)", "", "3"),
        ("1.º", "", "1"),
        ("§ 5", "", "5"),
        ("IV. Fees", "", "4"),
        ("4 Meetings", "", "4"),
        ("(c)", "", "c"),
        ("ANEXO B. Tarifas", "anexo", "b"),
        ("V.", "", "5"),
        ("(i)", "", "i"),
    ],
)
def test_the_division_that_a_heading_opens(line, kind, number):
    assert heading_of(line) == Division(kind, number)


@pytest.mark.parametrize(
    "line",
    [
        "Diez años después",
        "5 de mayo",
        "Primera parte",
        "I agree",
        "a",
        "A la mesa",
        "Reuniones",
        "",
        "İ 7.",
    ],
)
def test_headings_that_open_no_division(line):
    assert heading_of(line) is None


@pytest.mark.parametrize(
    ("own", "wanted", "is_in"),
    [
        (("articulo", "7"), ("articulo", "7"), True),
        (("", "7"), ("articulo", "7"), True),
        (("clausula", "7"), ("articulo", "7"), False),
        (("articulo", "17"), ("articulo", "7"), False),
        (("", "4.2"), ("norma", "4"), True),
        (("", "4"), ("norma", "4.2"), False),
        (("", "42"), ("norma", "4"), False),
        (("apartado", "3"), ("seccion", "3"), True),
        (("articulo", "7 bis"), ("articulo", "7"), False),
        (("articulo transitorio", "1"), ("articulo", "1"), False),
        (("articulo", "1"), ("articulo transitorio", "1"), True),
    ],
)
def test_a_division_is_in_that_of_its_number_and_name(own, wanted, is_in):
    assert Division(*own).is_in(Division(*wanted)) == is_in


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("TERCERA.- Plazo", True), ("Second. Rent", True), ("3. Plazo", False), ("Cláusula 3", False)],
)
def test_a_heading_says_its_number_with_an_ordinal_word(heading, expected):
    assert heading_of(heading).ordinal is expected
