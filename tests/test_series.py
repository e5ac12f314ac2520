"""Which of a series, told apart by numbers, letters, places or bands, a question names and a text is of."""

import pytest
from plain_words import words_of

from corpus.document import Block, Passage
from qa.members import members
from qa.select.atoms import Atom
from qa.select.series import AskedSeries


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Turno n.º 2", [("turno", "2")]),
        ("Fase III: montaje", [("fase", "3")]),
        ("la segunda etapa", [("etapa", "2")]),
        ("the 3rd round", [("round", "3")]),
        ("Nivel B1 y taquilla 3C", [("nivel", "b1"), ("taquilla", "3c")]),
        ("Grupo: B", [("grupo", "b")]),
        ("paso dos", [("paso", "2")]),
        # Numbers that count, and what is only said to be before or after
        ("Curso. 3 alumnos", []),
        ("Fondo 20 %, peso 30 kg, cuota 1.200", []),
        ("antes de la fase 3", []),
        ("the stage after round 2", []),
        ("Grupo a las cinco", []),
    ],
)
def test_what_is_named_by_its_number_letter_or_place(text, found):
    assert [(one.noun, one.among[0][0]) for one in members(text)] == found


def series(question, lang, known=lambda word: True):
    return AskedSeries(question, words_of(question, lang, known), lang)


@pytest.mark.parametrize(
    ("question", "lang", "own", "others"),
    [
        ("¿Cuánto se cobra en el tramo 2?", "es", ["Tramo 2", "Tramos 1 a 3", "Segundo tramo", "Tramo II"], ["Tramo 1", "Tramo 20", "Tramos 3 y 4"]),
        ("horario del grupo b", "es", ["Grupo B", "Grupos A y B"], ["Grupo A", "Grupo C: tardes"]),
        ("¿Qué se hace en la tercera fase?", "es", ["Fase III", "Fase 3"], ["Fase IV", "Fase 2"]),
        ("How long is the grade 4 exam?", "en", ["Grade 4", "Grades 3–5", "Fourth grade"], ["Grade 5", "Third grade"]),
        ("who sleeps in room 3", "en", ["Room 3", "Room 3A"], ["Room 4", "Room 13"]),
        ("Compare band A and band C", "en", ["Band A", "Band C"], ["Band B"]),
    ],
)  # fmt: skip
def test_a_heading_is_of_the_one_that_is_named_or_of_another(question, lang, own, others):
    asked = series(question, lang)
    assert [asked.is_of(heading, lang) for heading in own] == [True] * len(own)
    assert [asked.is_of(heading, lang) for heading in others] == [False] * len(others)
    assert asked.is_of("Horario y precios", lang) is None


@pytest.mark.parametrize(
    ("question", "lang", "label", "of_it"),
    [
        ("¿Cuánto cuesta el Plan Familiar?", "es", "Plan Joven", False),
        ("What does the Platinum tier cost?", "en", "Gold tier", False),
        # No name, another thing, or no label
        ("¿Cuánto cuesta el plan familiar?", "es", "Plan Joven", None),
        ("¿Cuánto cuesta el Plan Familiar?", "es", "Bono Joven", None),
        ("What does the Platinum tier cost?", "en", "The Gold tier is the dearest of all", None),
    ],
)
def test_a_name_that_no_document_has_is_none_of_the_others_of_its_kind(
    question, lang, label, of_it
):
    asked = series(question, lang, lambda word: word not in ("Familiar", "Platinum"))
    assert asked.is_of(label, lang) is of_it


BANDS = ["Menores de 8 años", "De 8 a 12 años", "De 13 a 16 años"]
AGES = ["Under 4s", "Ages 4 to 7", "16 and over"]


@pytest.mark.parametrize(
    ("question", "lang", "labels", "told"),
    [
        ("Mi hija tiene 10 años, ¿dónde duerme?", "es", BANDS, [False, True, False]),
        ("¿Dónde duerme una niña de diez años?", "es", BANDS, [False, True, False]),
        ("¿Qué llevan los menores de 8?", "es", BANDS, [True, False, False]),
        ("My son is 6. Where does he swim?", "en", AGES, [False, True, False]),
        ("When do under-4s swim?", "en", AGES, [True, False, False]),
        # Nobody's age, an age of none of them, another unit
        ("¿Dónde se duerme?", "es", BANDS, [None, None, None]),
        ("¿Dónde duerme alguien de 40 años?", "es", BANDS, [None, None, None]),
        ("¿Qué se hace en 10 minutos?", "es", BANDS, [None, None, None]),
        ("¿Dónde duerme un niño de 5 años?", "es", ["Artículos 4 a 7", "Artículos 8 a 9"], [None, None]),
        # What a code is of need not be said, where one of the labels has it
        ("it says e2", "en", ["Error E1", "E2", "Doors"], [False, True, None]),
        ("it says e7", "en", ["Error E1", "E2", "Doors"], [None, None, None]),
        ("it says e20", "en", ["Washer W7", "E20"], [None, True]),
    ],
)  # fmt: skip
def test_of_several_labels_that_of_a_band_or_code(question, lang, labels, told):
    assert series(question, lang).among(labels) == told


def within(question, lang, path, *paragraphs):
    """What the sentences of paragraphs are of, each paragraph a list of sentences."""
    text = "\n\n".join(" ".join(one) for one in paragraphs)
    passage = Passage("p", "d", 0, len(text), text, lang, "")
    blocks, atoms, at = [], [], 0
    for n, sentences in enumerate(paragraphs):
        blocks.append(Block("paragraph", at, at + len(" ".join(sentences))))
        for said in sentences:
            start = text.index(said, at)
            atoms.append(Atom(start, start + len(said), n, None, False, False, False))
            at = start + len(said)
        at += 2
    return series(question, lang).within(passage, path, atoms, blocks)


@pytest.mark.parametrize(
    ("question", "lang", "path", "paragraphs", "told"),
    [
        ("¿Cuándo se paga el lote 2?", "es", ("Pliego",), [["Lote 1, papel: en mayo.", "Va por correo."], ["Lote 2: en junio.", "Va por mar."], ["Se paga en euros."]], [False, False, True, True, None]),
        # What is second is of what was first
        ("¿Dónde es la segunda ronda?", "es", ("Torneo",), [["La primera ronda se juega en la pista.", "La segunda, en el gimnasio.", "La tercera se juega fuera."]], [False, True, False]),
        ("Where is the second round?", "en", ("Cup",), [["The first round is on court.", "The second, in the gym."], ["The second is free."]], [False, True, None]),
        # A line over what follows, as far as the next
        ("What does class B include?", "en", ("Cabins",), [["Class A"], ["Tea and rolls."], ["Class B"], ["Tea alone."], ["No rolls."]], [False, False, True, True, True]),
        ("¿Qué se hace en la fase 3?", "es", ("Obra", "Fase 2"), [["Se pinta.", "Para mayo se deja otra vez la fase 3."]], [False, None]),
        # What is said in passing holds for its own sentence, what is said of each for all
        ("¿Cuánto cuesta el curso 3?", "es", ("Taller",), [["Hay tres cursos.", "Para hacer el curso 2 se pide el 1.", "La cuota no cambia."]], [None, False, None]),
        ("What does week 2 cost?", "en", ("Camp", "Week 1"), [["We row.", "Every week costs ninety pounds."]], [False, None]),
        ("Which room is group C in?", "en", ("Groups", "Group C"), [["It meets in the hall."]], [True]),
        ("¿Dónde se reúnen?", "es", ("Grupo C",), [["En la sala."]], [None]),
    ],
)  # fmt: skip
def test_what_stands_over_a_sentence_or_opens_its_paragraph(question, lang, path, paragraphs, told):
    assert within(question, lang, path, *paragraphs) == told


def test_passages_are_told_by_the_innermost_of_their_headings():
    asked = series("¿Qué cena un niño de 5 años?", "es")
    paths = [
        ("Campamento", "De 4 a 7 años", "Cena"),
        ("Campamento", "De 8 a 12 años", "Cena"),
        ("Avisos",),
    ]
    assert asked.others(paths) == {1}
