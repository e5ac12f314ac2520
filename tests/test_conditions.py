"""Which of several sentences that are alike are of the case that a question names."""

import pytest
from plain_words import words_of

from qa.select.alike.conditions import cases

COURT = (
    "Para los socios, la pista cuesta 3 euros.",
    "Para los no socios, la pista cuesta 9 euros.",
)
PARKING = ("Cars with a permit may stay for a day.", "Cars without a permit may stay for an hour.")
RETURNS = (
    "Si se compra por carta, hay un mes para devolverlo.",
    "Si se compra en la tienda, hay una semana.",
    "Si está rebajado, no se devuelve.",
)


@pytest.mark.parametrize(
    ("question", "lang", "texts", "named", "others"),
    [
        ("¿Cuánto cuesta la pista a los no socios?", "es", COURT, {1}, {0}),
        ("¿Cuánto cuesta la pista a un socio?", "es", COURT, {0}, {1}),
        ("¿Cuánto cuesta la pista?", "es", COURT, set(), set()),
        ("How long may a car without a permit stay?", "en", PARKING, {1}, {0}),
        ("How long may a car with a permit stay?", "en", PARKING, {0}, {1}),
        ("How long may cars stay?", "en", PARKING, set(), set()),
        ("¿Qué plazo hay si se compra en la tienda?", "es", RETURNS, {1}, {0, 2}),
        ("¿Y si está rebajado?", "es", RETURNS, {2}, {0, 1}),
        # What both say tells none from the other, wherever they say it
        ("¿En qué parte del valle se mudaron muchos pastores?", "es", ("En muchas partes del valle, tras la riada, las familias levantaron aldeas.", "En gran parte del norte del valle, muchos pastores se mudaron a ellas."), set(), set()),
        ("In what part of the Valley did many herders move to villages?", "en", ("In many parts of the Valley, after the flood, families built villages.", "In much of the V. North, many herders moved to them."), set(), set()),
        ("¿A qué hora abre en invierno?", "es", ("En verano, el molino abre a las nueve.", "En invierno, el molino abre a las diez."), {1}, {0}),
        ("¿Cómo se llaman las piezas mayores que un palmo?", "es", ("Una rueda (o aro) es una pieza mayor que un palmo que no tiene esquinas.", "Una pieza mayor que un palmo que no es una rueda se llama teja."), set(), set()),
        # A "not" tells no case where the rest is about other things
        ("Does the fund pay for broken glasses?", "en", ("The fund does pay for teeth after an accident.", "The fund does not pay for glasses or their repair."), set(), set()),
        ("¿A quién llamo si creo que tengo fiebre?", "es", ("Si cree que tiene fiebre, llame a su médico o a la farmacia.", "Si su fiebre viene de una vacuna, el médico puede cambiar la dosis."), {0}, {1}),
        # What is said of a thing in words of its own is no case of another
        ("When does the mill open?", "en", ("The mill opens at nine.", "It is on the hill."), set(), set()),
    ],
)  # fmt: skip
def test_the_case_that_the_question_names_is_told_from_others(question, lang, texts, named, others):
    assert cases(question, words_of(question, lang), lang, texts) == (named, others)
    turned = tuple(len(texts) - 1 - n for n in range(len(texts)))
    found = cases(question, words_of(question, lang), lang, texts[::-1])
    assert found == tuple({turned[n] for n in group} for group in (named, others))
