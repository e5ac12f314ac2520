"""Which sum of money is asked for, and which is another one."""

import pytest

from qa.select.values.sums import is_another_sum


@pytest.mark.parametrize(
    ("question", "quoted", "lang"),
    [
        ("¿Cuál es el sueldo de la patrona?", "El presupuesto del club es de 900 €.", "es"),
        ("¿De cuánto es la fianza de la barca?", "La multa por perder la barca: 40 €.", "es"),
        ("¿Qué beca dan a los remeros?", "El sueldo de los remeros es de 700 €.", "es"),
        ("What is the skipper's salary?", "The budget of the club is £900.", "en"),
        ("How much is the deposit for a boat?", "There is a fine of £40 for a lost boat.", "en"),
        ("¿Cuál es el sueldo de la patrona?", "The budget of the club is £900.", "en"),
    ],
)
def test_a_sum_that_is_called_otherwise_is_not_the_one_that_is_asked_for(question, quoted, lang):
    assert is_another_sum(question, quoted, "", "", lang)


@pytest.mark.parametrize(
    ("question", "quoted", "above", "lang"),
    [
        # called so, or by what may mean it, there or above
        ("¿Cuál es el sueldo de la patrona?", "El sueldo sale del presupuesto: 900 €.", "", "es"),
        ("¿Cuál es el sueldo de la patrona?", "Cobra 900 € del presupuesto de 2031.", "", "es"),
        ("¿Cuál es el sueldo de la patrona?", "Presupuesto: 900 €.", "Salarios", "es"),
        ("How much is the deposit?", "A fine of £40 is taken from the bond.", "", "en"),
        # not said to be anything else, or no sum, and called so beside it
        ("¿Cuál es el sueldo de la patrona?", "La patrona recibe 900 €.", "", "es"),
        ("What is the skipper's salary?", "The budget is made in May.", "", "en"),
        ("¿Qué presupuesto es el más barato?", "Astilleros Luna: 900 €.", "", "es"),
        # no sum is asked for
        ("¿Cuál es el plazo de la beca?", "El presupuesto se cierra el día 3.", "", "es"),
        ("When is the deposit given back?", "The budget is closed on 3 May.", "", "en"),
        ("¿Cuánto dura la beca?", "El presupuesto es de 900 €.", "", "es"),
    ],
)
def test_other_quotes_may_give_the_sum(question, quoted, above, lang):
    around = "Sueldos. Salaries. Deposits. Fianzas." if "presupuesto" not in question else ""
    assert not is_another_sum(question, quoted, above, around, lang)


@pytest.mark.parametrize(
    ("question", "quoted", "lang"),
    [
        ("¿Qué multa hay por pescar en el muelle?", "Pescar en el muelle cuesta 60 €.", "es"),
        ("What is the fine for fishing off the pier?", "Who fishes here pays £60.", "en"),
        ("¿Qué multa hay por pescar?", "Se rema. Pescar cuesta 60 €.", "es"),
        ("What is the fine for fishing?", "Row here. Fishing costs you £60.", "en"),
        ("How much is the deposit for a boat?", "£50, returned with the key.", "en"),
        ("¿De cuánto es la fianza?", "50 €, que se recuperan al salir.", "es"),
        ("¿Qué sueldo tiene la patrona?", "1.200 € al mes.", "es"),
        ("What is the skipper's salary?", "£300 a week.", "en"),
        ("¿De cuánto es la beca de remo?", "Quien gana recibe 90 €.", "es"),
        ("How much is the scholarship?", "Rowers receive £90.", "en"),
    ],
)
def test_a_sum_may_be_told_by_what_is_done_with_it(question, quoted, lang):
    assert not is_another_sum(question, quoted, "", quoted, lang)


@pytest.mark.parametrize(
    ("question", "quoted", "lang"),
    [
        ("¿Qué multa hay por pescar en el muelle?", "Está prohibido pescar en el muelle.", "es"),
        ("What is the fine for fishing off the pier?", "No fishing off the pier.", "en"),
        ("¿Qué multa hay por pescar?", "No se pesca. La caña cuesta 6 €.", "es"),
        ("What is the fine for fishing?", "No rods. A boat costs £8.", "en"),
        ("How much is the deposit for a boat?", "A boat is £8 an hour.", "en"),
        ("¿De cuánto es la beca de remo?", "Las clases de remo cuestan 30 €.", "es"),
    ],
)
def test_where_nothing_is_called_so_there_is_no_such_sum(question, quoted, lang):
    assert is_another_sum(question, quoted, "", quoted, lang)


@pytest.mark.parametrize(
    ("question", "quoted", "around", "lang"),
    [
        # A column's name, and a table in another language than what stands around it
        ("¿Qué fianza se pide por la barca?", "boat: Heron; deposit_gbp: 60", "", "en"),
        ("What is the deposit for the boat?", "barca: Garza; fianza_eur: 60", "", "es"),
        ("¿Cuál es la fianza de la barca?", "Garza | 55 | 20", "Boats\n\nBarca | Precio | Fianza", "en"),
    ],
)  # fmt: skip
def test_a_sum_may_be_called_so_by_a_column_in_any_language(question, quoted, around, lang):
    assert not is_another_sum(question, quoted, "", around, lang)
