"""Which two units give different answers to one question."""

import pytest
from plain_words import words_of

from corpus.document import Passage
from qa.cite import Quote
from qa.differing.differ import differ, otherwise
from qa.select import Span, Unit


def unit(text, doc_id="a.md", heading="", lang="es", span=None):
    passage = Passage(f"{doc_id}#", doc_id, 0, len(text), text, lang, heading)
    found = None
    if span:
        found = Span(text.index(span), text.index(span) + len(span), 0.9)
    return Unit(Quote(passage, 0, len(text), 1.0), 1.0, span=found)


def differing(question, first, other, lang="es", headings=("", ""), spans=(None, None)):
    ours = unit(first, "a.md", headings[0], lang, spans[0])
    theirs = unit(other, "b.md", headings[1], lang, spans[1])
    words = words_of(question, lang)
    forth, back = differ(question, words, ours, theirs), differ(question, words, theirs, ours)
    assert forth == back
    assert otherwise(question, words, [ours], [theirs]) == ([theirs] if forth else [])
    return forth


@pytest.mark.parametrize(
    ("question", "first", "other", "lang"),
    [
        (
            "¿Cuánto cuesta el bono de la piscina?",
            "El bono de la piscina cuesta 45 euros.",
            "Bono de la piscina: 58 €.",
            "es",
        ),
        (
            "When does the museum open?",
            "The museum opens on 3 May 2024.",
            "The museum opens on 9 May 2024.",
            "en",
        ),
        (
            "¿Cuántos días dura el curso de vela?",
            "El curso de vela dura 5 días.",
            "Curso de vela: 7 días.",
            "es",
        ),
        (
            "¿A qué hora se cierra el patio?",
            "El patio se cierra a las diez de la noche.",
            "El patio se cierra a las once de la noche.",
            "es",
        ),
        (
            "How many loaves may a household bake?",
            "A household may bake twelve loaves.",
            "A household may bake 14 loaves.",
            "en",
        ),
        (
            "¿Cuánto cuesta el bono de la piscina?",
            "El bono de la piscina cuesta 45 euros desde el 3 de mayo de 2024.",
            "Bono de la piscina | Precio: 58",
            "es",
        ),
        (
            "When is the pottery class?",
            "The pottery class is on Tuesdays at 6 p.m.",
            "Pottery class | Day: Wednesday; Time: 7 p.m.",
            "en",
        ),
        (
            "¿Cuánto dura la visita al faro?",
            "La visita al faro dura 45 minutos.",
            "Visita al faro | Duración (min): 60",
            "es",
        ),
        (
            "What is the fee of the chess club?",
            "The fee of the chess club is £30.",
            "Chess club fee: £35.",
            "en",
        ),
    ],
)
def test_another_figure_for_the_same_is_another_answer(question, first, other, lang):
    assert differing(question, first, other, lang)


@pytest.mark.parametrize(
    ("question", "first", "other", "lang"),
    [
        # the same in another form
        (
            "¿Cuánto cuesta el bono de la piscina?",
            "El bono de la piscina cuesta 1.200 euros.",
            "Bono de la piscina: 1200 €.",
            "es",
        ),
        (
            "When does the museum open?",
            "The museum opens on 3 May 2024.",
            "Museum: opens on 03/05/2024.",
            "en",
        ),
        # less exactly
        (
            "When does the museum open?",
            "The museum opens on 3 May 2024.",
            "The museum opens in 2024.",
            "en",
        ),
        # in words
        (
            "¿Cuántos días dura el curso de vela?",
            "El curso de vela dura tres días.",
            "Curso de vela: 3 días.",
            "es",
        ),
        # about something else
        (
            "¿Cuánto cuesta el bono de la piscina?",
            "El bono de la piscina cuesta 45 euros.",
            "El alquiler de pista cuesta 8 euros.",
            "es",
        ),
        # nothing of the kind
        (
            "¿Cuánto cuesta el bono de la piscina?",
            "El bono de la piscina cuesta 45 euros.",
            "El bono de la piscina es personal.",
            "es",
        ),
        # another kind of figure for the same
        (
            "¿Cuánto dura la visita al faro?",
            "La visita al faro dura 45 minutos.",
            "Visita al faro | Adultos: 12; Niños: 6",
            "es",
        ),
        (
            "How long is the boat trip?",
            "The boat trip is two hours long.",
            "Boat trip | Adults: 12; Children: 6",
            "en",
        ),
        (
            "¿Cuándo es el taller de barro?",
            "El taller de barro es los martes de 18 a 20.",
            "Taller de barro | Precio: 150; Plazas: 12",
            "es",
        ),
        (
            "When is the pottery class?",
            "The pottery class is on Tuesdays at 6 p.m.",
            "Pottery class | Price: 150; Places: 12",
            "en",
        ),
        (
            "How much does the boat trip cost?",
            "The boat trip costs £12.",
            "Boat trip: 45 minutes.",
            "en",
        ),
        (
            "¿Cuál es la duración de la visita al faro?",
            "La duración de la visita al faro es de 45 minutos.",
            "Visita al faro, duración aparte: 12 €",
            "es",
        ),
        # the same time, written otherwise
        (
            "¿Cuándo abre el taller de barro?",
            "El taller de barro abre los sábados a las 16.",
            "El taller de barro abre los sábados: 4 p.m.",
            "es",
        ),
        # more than a quote
        (
            "¿Cuánto cuesta el bono de la piscina?",
            "El bono de la piscina cuesta 45 euros.",
            "El bono de la piscina cuesta 58 euros. " * 20,
            "es",
        ),
    ],
)
def test_what_is_no_other_answer(question, first, other, lang):
    assert not differing(question, first, other, lang)


def test_a_year_in_the_question_wants_the_document_of_that_year():
    texts = ("El bono de la piscina cuesta 45 euros.", "El bono de la piscina cuesta 58 euros.")
    years = ("Tarifas › 2021", "Tarifas › 2024")
    assert differing("¿Cuánto cuesta el bono de la piscina?", *texts, headings=years)
    assert not differing("¿Cuánto cuesta el bono de la piscina en 2024?", *texts, headings=years)


def test_a_name_in_the_question_wants_its_document():
    texts = ("El bono de la piscina cuesta 45 euros.", "El bono de la piscina cuesta 58 euros.")
    towns = ("Piscinas de Almazán", "Piscinas de Berlanga")
    assert not differing(
        "¿Cuánto cuesta el bono de la piscina en Berlanga?", *texts, headings=towns
    )


def test_of_people_the_words_that_answer_count():
    texts = ("La directora del coro es Ana Soto.", "El director del coro es Luis Marín.")
    question = "¿Quién es el director del coro?"
    assert differing(question, *texts, spans=("Ana Soto", "Luis Marín"))
    # Nobody knows which of the capitals are the answer
    assert not differing(question, *texts)


def test_one_document_does_not_contradict_itself():
    words = words_of("¿Cuánto cuesta el bono?", "es")
    first, other = unit("El bono cuesta 45 euros."), unit("El bono cuesta 58 euros.")
    assert otherwise("¿Cuánto cuesta el bono?", words, [first], [other]) == []


def test_all_that_differ_from_each_other_are_given_the_best_first():
    words = words_of("¿Cuánto cuesta el bono?", "es")
    first = unit("El bono cuesta 45 euros.")
    others = [
        unit(f"El bono cuesta {n} euros.", f"{n}{i}.md") for i, n in enumerate((45, 58, 60, 58))
    ]
    assert otherwise("¿Cuánto cuesta el bono?", words, [first], others) == others[1:3]
    assert otherwise("¿Cuánto cuesta el bono?", words, [first, others[1]], others) == [others[2]]
