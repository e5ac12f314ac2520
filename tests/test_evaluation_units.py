"""What the quotes hold of an answer, and whether confidence keeps its word."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.cite import Citation
from qa.evaluation.compare import calibration_error_of, risk_of
from qa.evaluation.units import Quoted, Way, plain, quoted


def cited(*quotes):
    return [
        Citation(n, doc, "T", None, 0, len(q), q, 0.0, "es", 0, len(q), (), f"{doc}#")
        for n, (doc, q) in enumerate(quotes, 1)
    ]


LIST = Way("a.md", ("El carné del club", "una foto", "10 euros"))


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        ([], Quoted(0.0, False)),
        ([("a.md", "Hay que traer el CARNE del\nclub, una foto y 10 euros.")], Quoted(1.0, True)),
        ([("a.md", "Hay que traer una foto.")], Quoted(1 / 3, True)),
        (
            [("a.md", "El club es grande."), ("a.md", "| El carné del club | 10 euros |")],
            Quoted(2 / 3, False),
        ),
        # the same words in another document are another answer
        ([("b.md", "El carné del club, una foto, 10 euros")], Quoted(0.0, False)),
    ],
)
def test_the_share_of_the_parts_in_the_quotes(quotes, expected):
    found = quoted([LIST], cited(*quotes))
    assert found.share == pytest.approx(expected.share)
    assert found.first == expected.first


def test_of_several_ways_the_one_that_is_held_most_counts():
    ways = [LIST, Way("b.md", ("dos fotos",))]
    assert quoted(ways, cited(("a.md", "una foto"), ("b.md", "Dos fotos."))) == Quoted(1.0, True)
    assert quoted([], cited(("a.md", "una foto"))) == Quoted(0.0, False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Año  nuevo", "ano nuevo"),
        ("biblio-\nteca", "biblioteca"),
        ("9–14 h", "9-14h"),
        ("**Plazo** | 2 días", "Plazo 2 dias"),
        ("“it’s”", '"it\'s"'),
    ],
)
def test_two_readers_have_the_same_words(one, other):
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"), [("3.5", "35"), ("lunes", "martes"), ("no abre", "abre")]
)
def test_other_words_stay_other_words(one, other):
    assert plain(one) != plain(other)


ONCE = np.ones((1, 4))


def test_the_calibration_error_is_the_mean_gap_of_the_bins():
    confidence = np.array([0.95, 0.92, 0.35, np.nan])
    right = np.array([1.0, 0.0, 0.0, np.nan])
    # Of the bin at .9: .935 and one of two right; of that at .3: .35 and none
    wanted = (2 * abs(0.935 - 0.5) + 0.35) / 3
    assert calibration_error_of(confidence, right)(ONCE)[0] == pytest.approx(wanted)
    # Questions drawn twice count twice, those that were not drawn not at all
    drawn = np.array([[2.0, 0, 0, 1.0]])
    assert calibration_error_of(confidence, right)(drawn)[0] == pytest.approx(0.05)
    assert math.isnan(calibration_error_of(confidence, right)(np.array([[0, 0, 0, 1.0]]))[0])


def test_the_highest_confidence_is_in_the_last_bin():
    assert calibration_error_of(np.array([1.0, 0.0]), np.array([1.0, 0.0]))(np.ones((1, 2)))[0] == 0


def test_the_risk_is_the_mean_share_of_wrong_ones_among_the_surest():
    confidence = np.array([0.9, 0.8, 0.7, np.nan])
    right = np.array([1.0, 0.0, 1.0, np.nan])
    assert risk_of(confidence, right)(ONCE)[0] == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    # What is equally sure is kept together, in whatever order it comes
    alike = np.array([0.9, 0.9, 0.9, np.nan])
    assert risk_of(alike, right)(ONCE)[0] == pytest.approx(1 / 3)
    assert math.isnan(risk_of(np.full(4, np.nan), right)(ONCE)[0])


@given(
    st.lists(
        st.tuples(st.integers(0, 10), st.booleans(), st.integers(0, 3)), min_size=1, max_size=12
    )
)
def test_counts_are_what_repeating_the_questions_gives(rows):
    confidence = np.array([c / 10 for c, _, _ in rows])
    right = np.array([float(r) for _, r, _ in rows])
    counts = np.array([n for _, _, n in rows])
    if not counts.sum():
        return
    again = np.repeat(confidence, counts), np.repeat(right, counts)
    for statistic in (calibration_error_of, risk_of):
        weighed = statistic(confidence, right)(counts[None, :].astype(float))[0]
        assert weighed == pytest.approx(statistic(*again)(np.ones((1, counts.sum())))[0])
