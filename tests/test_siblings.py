"""Of sections that say the same of different things the one that a question names."""

import pytest
from plain_words import words_of

from qa.select.alike.siblings import of_siblings

BOATS = (
    ("Boats", "Gull", "It has four oars and is let by the hour."),
    ("Boats", "Tern", "It has six oars and is let by the day."),
    ("Boats", "How to book", "Write to the boatman a week before you come."),
)
CURSOS = (
    ("Cursos", "Poda de olivos", "El curso dura dos semanas y cuesta 120 euros."),
    ("Cursos", "Injerto", "El curso dura tres días y cuesta 45 euros."),
)


def asked(question, lang, sections, documents=("d", "d", "d")):
    places = [
        (doc, lang, (above, own), text)
        for doc, (above, own, text) in zip(documents, sections, strict=False)
    ]
    return of_siblings(question, words_of(question, lang, lambda _: True), places)


LESSONS = (
    ("Classes", "3", "In this class you row the boats with two oars."),
    ("Classes", "Gulls", "In this class you row the boats with six oars."),
    ("Classes", "Terns", "In this class you row the boats with six oars and tie knots."),
)
PISCINA = (
    ("Club", "Piscina", "La piscina abre en junio y cierra en septiembre."),
    ("Club", "Horario", "La piscina abre a las diez y cierra a las ocho."),
)


@pytest.mark.parametrize(
    ("question", "lang", "sections", "others"),
    [
        ("How many oars has the Tern?", "en", BOATS, {0}),
        ("How long is the Gull let?", "en", BOATS, {1}),
        ("¿Cuánto cuesta el injerto?", "es", CURSOS, {0}),
        ("¿Cuánto dura el curso de poda de olivos?", "es", CURSOS, {1}),
        # Both are named, or none, or no whole name, or what is named says something else
        ("Which has more oars, the Gull or the Tern?", "en", BOATS, set()),
        ("How many oars are there?", "en", BOATS, set()),
        ("¿Cuánto cuesta la poda?", "es", CURSOS, set()),
        ("How do I book a boat?", "en", BOATS, set()),
        ("Which boats can I row in class 3?", "en", LESSONS, set()),
        # The other one speaks of what is named, or of more of what is asked
        ("Who teaches knots to the Gulls?", "en", LESSONS[1:], set()),
        ("¿A qué hora abre la piscina?", "es", PISCINA, set()),
    ],
)
def test_what_stands_below_the_name_of_another_thing(question, lang, sections, others):
    assert asked(question, lang, sections) == others


def test_sections_of_other_documents_or_below_other_headings_are_no_siblings():
    question = "How many oars has the Tern?"
    assert asked(question, "en", BOATS, ("d", "e", "d")) == set()
    apart = (("Old boats", *BOATS[0][1:]), *BOATS[1:])
    assert asked(question, "en", apart) == set()


SOUPS = (
    (("Sopas", "Ingredientes del salmorejo"), "Tomates.\nPan del día anterior."),
    (("Sopas", "Ingredientes del gazpacho"), "Pepino.\nPimiento."),
)
BOARDS = (
    (("Members of the choir board",), "Ada Finch\nTom Reed"),
    (("Members of the drama board",), "Lou Marsh\nKit Dale"),
)
MEALS = (
    (("Comedor", "1. Almuerzo", "Precio"), "Cinco euros."),
    (("Comedor", "2. Cena", "Precio"), "Siete euros."),
    (("Comedor", "2. Cena", "Horario"), "De ocho a diez."),
)
GRADES = (
    (("Cuota de 3.º de primaria",), "Doce euros."),
    (("Cuota de 4.º de primaria",), "Trece euros."),
)
LIBRARIES = (
    (("Libraries", "Central Library"), "Open every day. Phone: 555 101."),
    (("Libraries", "St Clement's Church Library"), "Open on Mondays. Phone: 555 102."),
)
TICKETS = (
    (("Precio de la entrada general",), "Nueve euros."),
    (("Precio de la entrada reducida",), "Cinco euros, para estudiantes y jubilados."),
)


@pytest.mark.parametrize(
    ("question", "lang", "sections", "others"),
    [
        ("¿Qué ingredientes lleva el salmorejo?", "es", SOUPS, {1}),
        ("ingredientes gazpacho", "es", SOUPS, {0}),
        ("Who is on the choir board?", "en", BOARDS, {1}),
        ("¿Qué precio tiene el almuerzo?", "es", MEALS, {1}),
        ("¿A qué hora es la cena?", "es", MEALS, {0}),
        ("¿Cuál es la cuota de 4.º de primaria?", "es", GRADES, {0}),
        ("What is the phone of the Central library?", "en", LIBRARIES, {1}),
        # Both are named, or none, or the other one speaks of more that is asked
        ("¿En qué se parecen el salmorejo y el gazpacho?", "es", SOUPS, set()),
        ("¿Qué ingredientes lleva la porra?", "es", SOUPS, set()),
        ("¿Cuánto cuesta la entrada general para jubilados?", "es", TICKETS, set()),
    ],
)
def test_what_stands_below_a_heading_that_is_the_same_but_for_a_name(
    question, lang, sections, others
):
    places = [("d", lang, path, text) for path, text in sections]
    assert of_siblings(question, words_of(question, lang, lambda _: True), places) == others
