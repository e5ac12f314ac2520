"""Entries that each say first of which day they are, and which of them a question about one day asks for."""

import pytest

from qa.select.times.entries import AskedDay, of_other_weekdays, opens_with_day


@pytest.mark.parametrize(
    ("question", "entries", "expected"),
    [
        ("Who lit the lamp on 9 June 2031?", ["3 June 2031: lit by Ann Lowe."], True),
        ("Who lit the lamp on 9 June?", ["On Monday, 3 June, it was lit by Ann Lowe."], True),
        ("Who lit the lamp on the ninth of June?", ["Mon 3 June: lit by Ann Lowe."], True),
        ("Who lit the lamp on 9 June?", ["Lamp rota", "3-8 June: Ann Lowe", "10-15 June: Ned Fry"], True),
        ("¿Qué acto hay el 14 de mayo?", ["Fecha: 07/05/2031; Acto: baile", "21/05/2031"], True),
        ("¿Qué acto hay el 14/05/2031?", ["El 7 de mayo de 2031 hay baile."], True),
        ("¿Qué acto hay el catorce de mayo?", ["7-V-2031: baile", "Del 20 al 24 de mayo: feria"], True),
        # Of that day, or one of them is, or of days that it may be between, or from one or until it, or of none
        ("Who lit the lamp on 3 June?", ["3 June 2031: lit by Ann Lowe."], False),
        ("Who lit the lamp on 6 June?", ["3-8 June: Ann Lowe", "10-15 June: Ned Fry"], False),
        ("Who lit the lamp on 9 June?", ["3 June: Ann Lowe, and again in June"], False),
        ("Who lit the lamp on 9 June?", ["3 June: Ann Lowe.", "Ned Fry did."], False),
        ("¿Qué acto hay el 21 de mayo?", ["Fecha: 07/05/2031; Acto: baile", "21/05/2031"], False),
        ("¿Qué acto hay el 14 de mayo?", ["El 3 al 20 de mayo hay baile."], False),
        ("¿Qué acto hay el 14 de mayo?", ["Desde el 3 de mayo hay baile."], False),
        ("¿Qué acto hay el 14 de mayo?", ["Hay baile."], False),
        # No day, the month alone, several, before or after one, whether something is so, or when
        ("Who lit the lamp?", ["3 June 2031: lit by Ann Lowe."], False),
        ("Who lit the lamp in July?", ["3 June 2031: lit by Ann Lowe."], False),
        ("Who lit the lamp on 9 June and on 12 July?", ["3 June 2031: Ann Lowe."], False),
        ("Who lit the lamp after 9 June?", ["12 June 2031: Ann Lowe."], False),
        ("¿Qué acto hay antes del 14 de mayo?", ["7 de mayo: baile"], False),
        ("Was the lamp lit by 9 June 2031?", ["3 June 2031: lit by Ann Lowe."], False),
        ("When was the lamp lit, on 9 June?", ["3 June 2031: lit by Ann Lowe."], False),
    ],
)  # fmt: skip
def test_entries_of_another_day(question, entries, expected):
    assert AskedDay(question).are_others(entries) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("03/05/2031 - Baile en la plaza", True),
        ("• Sábado, 9 de mayo: cine", True),
        ("On Sat 9 May: film", True),
        ("9.30 h: salida", False),
        ("Hay baile el 9 de mayo", False),
        ("May the best boat win", False),
    ],
)
def test_a_line_that_says_a_day_first(line, expected):
    assert opens_with_day(line) is expected


FAIR = [("fair", ("Fair", "Friday 3 May")), ("fair", ("Fair", "Sunday 5 May")), ("mill", ("Mill",))]
FERIA = [("a", ("Feria", "Viernes 3")), ("a", ("Feria", "Domingo 5")), ("b", ("Viernes",))]


@pytest.mark.parametrize(
    ("question", "places", "others"),
    [
        ("What is on at the fair on Sunday?", FAIR, {0}),
        ("¿Qué hay el domingo?", FERIA, {0}),
        ("¿Qué hay el viernes?", FERIA, {1}),
        ("¿Qué hay los viernes?", FAIR, {1}),
        # No section of that day, no day or two, one of the year, until one, or whether something is so
        ("What is on at the fair on Saturday?", FAIR, set()),
        ("What is on at the fair?", FAIR, set()),
        ("What is on from Friday to Sunday?", FAIR, set()),
        ("¿Qué hay el domingo 12 de mayo?", FERIA, set()),
        ("¿Quién se queda hasta el domingo?", FERIA, set()),
        ("Is the fair over on Sunday?", FAIR, set()),
    ],
)
def test_what_stands_below_another_day_of_the_week(question, places, others):
    assert of_other_weekdays(question, places) == others
