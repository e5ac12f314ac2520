"""The weighted sum of the legs, by hand from whatever weights there are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.fuse import ACROSS_LANGUAGES, SAME_LANGUAGE, fuse

SAME, ACROSS = np.array([True]), np.array([False])


def column(*values):
    return np.array(values, dtype=np.float32)


@pytest.mark.parametrize(
    ("same", "w"), [(SAME, SAME_LANGUAGE), (ACROSS, ACROSS_LANGUAGES)], ids=["same", "across"]
)
def test_a_passage_scores_the_weighted_sum_of_its_legs(same, w):
    [found] = fuse(column(0.5), column(0.25), column(0.75), same)
    by_hand = w.dense * 0.5 + w.lexical * 0.25 + w.late * 0.75 + w.constant
    assert found == pytest.approx(by_hand, rel=1e-6)


@pytest.mark.parametrize(
    ("same", "w"), [(SAME, SAME_LANGUAGE), (ACROSS, ACROSS_LANGUAGES)], ids=["same", "across"]
)
def test_without_late_interaction_only_dense_and_lexical_count(same, w):
    [found] = fuse(column(0.5), column(0.25), None, same)
    assert found == pytest.approx(w.dense * 0.5 + w.lexical * 0.25, rel=1e-6)


def test_each_passage_takes_the_weights_of_its_own_language():
    legs = column(0.4, 0.4), column(0.2, 0.2), column(0.6, 0.6)
    both = fuse(*legs, np.array([True, False]))
    assert both[0] == fuse(*(leg[:1] for leg in legs), SAME)[0]
    assert both[1] == fuse(*(leg[1:] for leg in legs), ACROSS)[0]


def test_no_passages_have_no_scores():
    none = column()
    assert fuse(none, none, none, np.zeros(0, dtype=bool)).shape == (0,)


@pytest.mark.parametrize("w", [SAME_LANGUAGE, ACROSS_LANGUAGES], ids=["same", "across"])
def test_no_leg_counts_against_a_passage(w):
    assert min(w.dense, w.lexical, w.late) >= 0
    assert max(w.dense, w.lexical, w.late) > 0


SCORE = st.floats(0, 1, width=32)
ROW = st.tuples(SCORE, SCORE, SCORE, st.booleans())


@given(st.lists(ROW, min_size=1, max_size=20), st.integers(0, 2), st.randoms())
def test_more_of_a_leg_never_scores_less_and_order_does_not_matter(rows, leg, rng):
    legs = [np.array([r[i] for r in rows], dtype=np.float32) for i in range(3)]
    same = np.array([r[3] for r in rows])
    scores = fuse(*legs, same)
    assert scores.dtype == np.float32
    more = [values + np.float32(0.1 * (i == leg)) for i, values in enumerate(legs)]
    assert (fuse(*more, same) >= scores).all()
    order = list(range(len(rows)))
    rng.shuffle(order)
    np.testing.assert_array_equal(
        fuse(*(values[order] for values in legs), same[order]), scores[order]
    )
