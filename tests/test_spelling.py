"""Slips of the pen in a question."""

import random

import pytest
from hash_encoder import HashEncoder
from local_server import write_documents

from index.local.build import build
from index.searchable import QueryWord
from qa.engine import Engine, Query
from qa.spelling import respelled


def word(text, known=False, ordinary=0.0):
    return QueryWord(text, text[0].isupper(), {}, {}, {"es": ordinary, "en": 0.0}, {}, known)


@pytest.mark.parametrize(
    ("question", "doubtful", "texts", "full"),
    [
        ("¿Cuándo abre la biblioteka?", "biblioteka", ["La biblioteca abre a las 9."], "¿Cuándo abre la biblioteca?"),
        ("cuanto cuesta el carne de socio nuebo", "nuebo", ["Carné de socio nuevo: 12 €"], "cuanto cuesta el carne de socio nuevo"),
        ("Who signed the Kelmford traety?", "traety", ["The treaty of Kelmford"], "Who signed the Kelmford treaty?"),
        ("Who signed the treaty of Kelmfrd?", "Kelmfrd", ["The treaty of Kelmford"], "Who signed the treaty of Kelmford?"),
        ("who leads in kelmfrod", "kelmfrod", ["The mayor of Kelmford"], "who leads in Kelmford"),
        ("¿Quién arrienda el frontón munisipal?", "munisipal", ["FRONTÓN MUNICIPAL"], "¿Quién arrienda el frontón municipal?"),
        ("What does coastal beriods use?", "beriods", ["Coastal beroids use teeth."], "What does coastal beroids use?"),
        # A heading, a cell, a line or a sentence has its capital for itself, a name in the midst of one keeps it
        ("¿Cuanto dura la vistia guiada?", "vistia", ["Tarifas\n| Visita guiada | 75 min |"], "¿Cuanto dura la visita guiada?"),
        ("where does the ferri land", "ferri", ["Lasts an hour.\n## Ferry\nFerry and boats"], "where does the ferry land"),
        ("cuando abre el museeo", "museeo", ["En el Museo hay sal. El museo abre."], "cuando abre el museo"),
        ("Who is Kelmfrod?", "Kelmfrod", ["Kelmford is the mayor."], "Who is Kelmford?"),
    ],
)  # fmt: skip
def test_a_word_that_is_known_nowhere_is_read_as_the_documents_write_it(
    question, doubtful, texts, full
):
    assert respelled(question, [word(doubtful)], texts) == full


@pytest.mark.parametrize(
    ("question", "texts", "full"),
    [
        ("cuando pasa el camion de la lena", ["EL CAMIÓN DE LA LEÑA PASA EL DÍA 15"], "cuando pasa el camion de la leña"),
        ("donde se reune la pena montanesa", ["La Peña Montañesa se reúne en el bar."], "donde se reune la peña montañesa"),
        ("Who is Nunez?", ["El alcalde Núñez firmó."], "Who is nuñez?"),
        ("que pena tiene el robo", ["La pena por robo es de un año.", "La peña se reúne."], "que pena tiene el robo"),
        ("¿Dónde se reúne la pena?", ["La peña se reúne en el bar."], "¿Dónde se reúne la pena?"),
        ("no y en", ["ño ñ eñ"], "no y en"),
    ],
)  # fmt: skip
def test_a_question_typed_without_ñ_takes_it_from_the_documents(question, texts, full):
    assert respelled(question, [], texts) == full


@pytest.mark.parametrize(
    ("asked", "texts"),
    [
        (word("Fernanda", ordinary=1e-4), ["Fernando lleva las cuentas."]),  # a name that is known
        (word("biblioteka", known=True), ["La biblioteca abre."]),  # somewhere it is written so
        (word("casa"), ["La caza está prohibida."]),  # too short to tell
        (word("Ruiz24"), ["Ruiz25 es otra clave."]),  # a figure more or less is another thing
        (word("Zamorano"), ["Zamora es una provincia."]),  # two letters of eight
        (word("Morales"), ["Rosales es el apellido."]),  # another beginning
        (word("Kelmford"), ["Nothing of the kind."]),
        (word("Kelmford"), []),
    ],
)
def test_other_words_stay_as_they_are(asked, texts):
    question = f"¿Qué dice de {asked.text}?"
    assert respelled(question, [asked], texts) == question


def test_many_such_words_are_no_slips_and_cost_no_time():
    text = "La secretaria custodia el archivo municipal y la biblioteca."
    slips = ["secrtaria", "cusstodia", "arhcivo", "munisipal", "bibliteca", "archibo", "municpal"]
    assert respelled(" ".join(slips), [word(s) for s in slips], [text]) == " ".join(slips)
    six = " ".join(slips[:6])
    told = "secretaria custodia archivo municipal biblioteca archivo"
    assert respelled(six, [word(s) for s in slips[:6]], [text]) == told


def test_every_slip_is_found_and_nothing_else_is_touched():
    rng = random.Random(3)
    text = "Las personas socias recogerán su credencial plastificada en la conserjería del polideportivo."
    long = [w.strip(".") for w in text.split() if len(w) >= 8]
    for _ in range(200):
        right = rng.choice(long)
        at = rng.randrange(1, len(right) - 1)
        slipped = rng.choice(
            [
                right[:at] + right[at + 1 :],
                right[:at] + right[at] + right[at:],
                right[:at] + right[at + 1] + right[at] + right[at + 2 :],
                right[:at] + "x" + right[at + 1 :],
            ]
        )
        question = f"¿dónde está {slipped} y qué hago?"
        expected = f"¿dónde está {right} y qué hago?"
        words = [word("está", known=True), word(slipped)] if slipped != right else []
        assert respelled(question, words, [text]) == expected


@pytest.mark.parametrize(
    ("question", "read_as"),
    [
        ("¿Quién custodia el archibo de Brezomalto?", "¿Quién custodia el archivo de Brezomalto?"),
        ("¿Quién custodia el archivo de Brezomatlo?", "¿Quién custodia el archivo de Brezomalto?"),
        ("Who keeps the archive of Brezomatlo?", "Who keeps the archive of Brezomalto?"),
        ("¿Quién custodia el archivo de Brezomalto?", None),
    ],
)
def test_the_question_is_asked_anew_as_it_was_meant(tmp_path, question, read_as):
    write_documents(
        tmp_path,
        {
            "a.txt": "El archivo de Brezomalto lo custodia la secretaria municipal.\n",
            "b.txt": "The archive of Brezomalto is kept by the town clerk.\n",
        },
    )
    encoder = HashEncoder()
    build(tmp_path, encoder)
    engine = Engine(tmp_path, encoder)
    found = engine.ask(Query(question))
    engine.close()
    assert (found.question.text, found.question.read_as) == (question, read_as)
    assert found.status == "answered"
