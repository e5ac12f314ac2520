"""The weighted sum of the legs, by hand from whatever weights there are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.fuse import (
    ACROSS_LANGUAGES,
    FIRST_ACROSS_LANGUAGES,
    FIRST_SAME_LANGUAGE,
    LEGS,
    SAME_LANGUAGE,
    fuse,
    fuse_first,
)

SAME, ACROSS = np.array([True]), np.array([False])


def legs(*rows):
    """The legs of passages given as rows of five scores."""
    values = np.array(rows, dtype=np.float32).reshape(-1, len(LEGS))
    return {leg: values[:, i] for i, leg in enumerate(LEGS)}


ONE = (0.5, 0.25, 0.75, 0.625, 0.875)


@pytest.mark.parametrize(
    ("same", "w"), [(SAME, SAME_LANGUAGE), (ACROSS, ACROSS_LANGUAGES)], ids=["same", "across"]
)
def test_a_passage_scores_the_weighted_sum_of_its_legs(same, w):
    [found] = fuse(legs(ONE), same)
    by_hand = (
        w.dense * 0.5
        + w.lexical * 0.25
        + w.late * 0.75
        + w.sentence_dense * 0.625
        + w.sentence_late * 0.875
        + w.constant
    )
    assert found == pytest.approx(by_hand, rel=1e-6)


@pytest.mark.parametrize(
    ("same", "w"),
    [(SAME, FIRST_SAME_LANGUAGE), (ACROSS, FIRST_ACROSS_LANGUAGES)],
    ids=["same", "across"],
)
def test_the_first_look_takes_dense_and_lexical_only(same, w):
    dense, lexical = (np.array([v], dtype=np.float32) for v in ONE[:2])
    [found] = fuse_first({"dense": dense, "lexical": lexical}, same)
    assert found == pytest.approx(w.dense * 0.5 + w.lexical * 0.25 + w.constant, rel=1e-6)


def test_each_passage_takes_the_weights_of_its_own_language():
    both = fuse(legs(ONE, ONE), np.array([True, False]))
    assert both[0] == fuse(legs(ONE), SAME)[0]
    assert both[1] == fuse(legs(ONE), ACROSS)[0]


def test_no_passages_have_no_scores():
    assert fuse(legs(), np.zeros(0, dtype=bool)).shape == (0,)


@pytest.mark.parametrize(
    "w", [SAME_LANGUAGE, ACROSS_LANGUAGES, FIRST_SAME_LANGUAGE, FIRST_ACROSS_LANGUAGES]
)
def test_no_leg_counts_against_a_passage(w):
    assert min(w.of(leg) for leg in LEGS) >= 0
    assert max(w.of(leg) for leg in LEGS) > 0


SCORE = st.floats(0, 1, width=32)
ROW = st.tuples(*[SCORE] * len(LEGS), st.booleans())


@given(st.lists(ROW, min_size=1, max_size=20), st.sampled_from(LEGS), st.randoms())
def test_more_of_a_leg_never_scores_less_and_order_does_not_matter(rows, leg, rng):
    given_legs = legs(*(r[:-1] for r in rows))
    same = np.array([r[-1] for r in rows])
    scores = fuse(given_legs, same)
    more = {**given_legs, leg: given_legs[leg] + np.float32(0.25)}
    assert (fuse(more, same) >= scores).all()
    order = list(range(len(rows)))
    rng.shuffle(order)
    shuffled = {name: values[order] for name, values in given_legs.items()}
    np.testing.assert_array_equal(fuse(shuffled, same[order]), scores[order])
