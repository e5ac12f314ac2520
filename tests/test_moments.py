"""Days of the year and of the week, and times, as questions and cells of tables say them."""

import pytest

from qa.select.times.moments import Moments, days, days_of_cell, days_of_week, periods, times


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("la semana del 8 de abril", {((4, 8), (4, 8), None)}),
        ("the week of April 8th", {((4, 8), (4, 8), None)}),
        ("8-abr", {((4, 8), (4, 8), None)}),
        ("1.º de mayo de 2026", {((5, 1), (5, 1), 2026)}),
        ("May the 1st, 2026", {((5, 1), (5, 1), 2026)}),
        # A number of a week before the day
        ("12 Apr 8", {((4, 12), (4, 12), None), ((4, 8), (4, 8), None)}),
        ("5 – 1 de abril", {((4, 1), (4, 1), None)}),
        ("del 8 al 12 de abril", {((4, 8), (4, 12), None)}),
        ("Finals May 11-17", {((5, 11), (5, 17), None)}),
        ("29 de abril al 3 de mayo", {((4, 29), (4, 29), None), ((5, 3), (5, 3), None), ((4, 29), (5, 3), None)}),
        ("13/04/2026", {((4, 13), (4, 13), 2026)}),
        ("2026-04-08", {((4, 8), (4, 8), 2026)}),
        ("4/22", {((4, 22), (4, 22), None)}),
        ("8/4", {((4, 8), (4, 8), None), ((8, 4), (8, 4), None)}),
        ("el tres de mayo", {((5, 3), (5, 3), None)}),
        ("on the twenty-first of March", {((3, 21), (3, 21), None)}),
        ("15-V-2026", {((5, 15), (5, 15), 2026)}),
        ("el quince de mayo de dos mil veintiséis", {((5, 15), (5, 15), 2026)}),
        ("1 de setiembre", {((9, 1), (9, 1), None)}),
        ("Which two may row? The first may.", set()),
        ("Chapter 8 (pgs. 43-45; 50-55), 10.5.2", set()),
    ],
)  # fmt: skip
def test_days_of_the_year_are_told_in_figures_and_words_without_their_year(text, said):
    assert {(one.first, one.last, one.year) for one in days(text)} == said


@pytest.mark.parametrize(
    ("asked", "row", "sure"),
    [
        ("8 de abril", "8 April 2026", 3),
        ("8 April 2025", "8 de abril de 2026", 0),
        ("April 8", "8/4", 3),
        ("April 8", "4/8", 1),
        ("10 de abril", "8-12 April", 2),
        ("12 de abril", "8-12 April", 3),
        ("2 de enero", "28 Dec - 4 Jan", 2),
        ("13 de abril", "8-12 April", 0),
        # over the end of a year, and from one year to another
        ("28 Dec 2030", "26 Dec - 4 Jan 2031", 2),
        ("28 Dec 2031", "26 Dec - 4 Jan 2031", 0),
        ("12 de octubre de 2024", "Aug 1, 2024 – Jul 31, 2025", 2),
        ("12 de octubre de 2025", "Aug 1, 2024 – Jul 31, 2025", 0),
        ("October 12, 2024", "1/8/2024 - 31/7/2025", 2),
    ],
)
def test_a_day_is_met_as_the_first_or_last_one_between_two_or_in_doubt(asked, row, sure):
    [asked] = days(asked)
    assert max((one.meets(asked) for one in days(row)), default=0) == sure


@pytest.mark.parametrize(
    "question",
    ["Mi hija nació en octubre de 2024, ¿en qué grupo está?", "She was born in October 2024."],
)
def test_a_month_is_met_by_the_season_that_it_lies_in(question):
    asked = Moments(question)
    seasons = ["Aug 1, 2023 – Jul 31, 2024", "1 ago. 2024 - 31 jul. 2025", "1/8/2025 a 31/7/2026"]
    assert [asked.met(["Sub-9", one], "es").sure > 0 for one in seasons] == [False, True, False]
    # Of one day of it nothing is told
    assert not asked.met(["5 Oct 2024"], "es").sure


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("del 20 al 24 de mayo", "22 de mayo", True),
        ("29 Dec - 4 Jan", "3 January 2031", True),
        ("20-24 May", "23-30 May", True),
        ("20-24 May 2031", "22 May 2030", False),
        ("20-24 May", "3 May", False),
    ],
)
def test_days_from_one_to_another_may_meet_those_between(one, other, expected):
    one, other = days(one)[-1], days(other)[-1]
    assert one.may_meet(other) is other.may_meet(one) is expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("por horas, medio día o fin de semana", {"hour", "half day", "weekend"}),
        ("weekly, nightly or half-day", {"week", "night", "half day"}),
        ("tarifa mensual y anual", {"month", "year"}),
        ("un niño de 5 años", set()),
    ],
)
def test_spans_of_time(text, said):
    assert periods(text) == said


@pytest.mark.parametrize(
    ("cell", "lang", "said"),
    [
        ("L X 16-17h", "es", {0, 2}),
        ("M y J, 17:00", "es", {1, 3}),
        ("L a V", "es", {0, 1, 2, 3, 4}),
        ("LMXJV", "es", {0, 1, 2, 3, 4}),
        ("Mié. 18:00", "es", {2}),
        ("de lunes a jueves", "es", {0, 1, 2, 3}),
        ("M W F 9-10", "en", {0, 2, 4}),
        ("TTh", "en", {1, 3}),
        ("Mon-Fri", "en", {0, 1, 2, 3, 4}),
        ("Sat & Sun", "en", {5, 6}),
        ("M", "en", {0}),
        ("M", "es", {1}),
        # Words that begin so
        ("Judo", "es", set()),
        ("V", "en", set()),
        ("Main hall", "en", set()),
        ("Lab 2", "es", set()),
    ],
)
def test_cells_name_days_of_the_week_by_letters_too(cell, lang, said):
    assert days_of_cell(cell, lang) == said


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("¿Qué hay los miércoles?", {2}),
        ("What is on from Monday to Wednesday?", {0, 1, 2}),
        ("on saturdays and sundays", {5, 6}),
        ("I sat in the sun. L X M", set()),
    ],
)
def test_questions_name_days_of_the_week_in_full(question, said):
    assert days_of_week(question) == said


@pytest.mark.parametrize(
    ("text", "bare", "said"),
    [
        ("a las 9:25", False, [(565, None)]),
        ("at 7 am", False, [(420, None)]),
        ("at 10 on Mondays", False, [(600, None)]),
        ("de 18 a 19", True, [(1080, 1140)]),
        ("X 18-19h", False, [(1080, 1140)]),
        ("X13:45-14:30h", False, [(825, 870)]),
        ("between 3:30 and 4:30 pm", False, [(930, 990)]),
        ("de 4 a 13 años", True, []),
        ("at 10 euros, 10.50 €, chapter 5.30, 8-10", False, []),
    ],
)
def test_times_are_told_by_their_form_or_what_stands_before_them(text, bare, said):
    assert [(one.first, one.last) for one in times(text, bare)] == said


def test_a_cell_that_says_the_day_and_the_time_says_more_than_two_that_say_one_each():
    asked = Moments("¿Qué hay los miércoles de 18 a 19?")
    assert asked.met(["X 18-19h", "Coro"], "es").weight == 2
    assert asked.met(["X 17-18h", "Coro", "J 18-19h", "Yoga"], "es").weight == 1.5
    assert asked.met(["J 17-18h", "Coro"], "es").weight == 0
    assert Moments("¿Qué coro hay?").met(["X 18-19h", "8 de abril"], "es").weight == 0
