"""The weighted sum of the legs, by hand from whatever weights there are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import SettingsError
from index.legs import LEGS, PROPOSING
from qa.calibration import ByLanguage, Fusion, LegWeights, load_calibration
from qa.fuse import checked, fuse

FUSION = load_calibration().fusion

SAME, ACROSS = np.array([True]), np.array([False])


def legs(*rows):
    """The legs of passages given as rows of five scores."""
    values = np.array(rows, dtype=np.float32).reshape(-1, len(LEGS))
    return {leg: values[:, i] for i, leg in enumerate(LEGS)}


ONE = (0.5, 0.25, 0.75, 0.625, 0.875)


@pytest.mark.parametrize("weights", [FUSION.first, FUSION.close], ids=["first", "close"])
@pytest.mark.parametrize("lang", ["same", "across"])
def test_a_passage_scores_the_weighted_sum_of_its_legs(weights, lang):
    side = getattr(weights, lang)
    [found] = fuse(legs(ONE), SAME if lang == "same" else ACROSS, weights)
    by_hand = sum(side.of(leg) * score for leg, score in zip(LEGS, ONE, strict=True))
    assert found == pytest.approx(by_hand + side.constant, rel=1e-6)


def test_the_first_look_needs_only_the_legs_that_have_a_weight_in_it():
    names = [leg.name for leg in PROPOSING]
    few = {name: scores for name, scores in legs(ONE).items() if name in names}
    assert fuse(few, SAME, FUSION.first) == fuse(legs(ONE), SAME, FUSION.first)


def test_a_weight_for_a_leg_that_there_is_not_is_refused():
    names = tuple(leg.name for leg in PROPOSING)
    assert checked(FUSION, names) is FUSION
    wrong = ByLanguage(LegWeights({"dense": 1.0, "astral": 0.5}, 0.0), FUSION.first.across)
    for broken in (
        Fusion(FUSION.fitted, wrong, FUSION.close),
        Fusion(FUSION.fitted, FUSION.first, wrong),
    ):
        with pytest.raises(SettingsError, match="astral.*expected legs: dense, lexical"):
            checked(broken, names)
    late = ByLanguage(FUSION.close.same, FUSION.first.across)
    with pytest.raises(SettingsError, match="late"):
        checked(Fusion(FUSION.fitted, late, FUSION.close), names)


def test_each_passage_takes_the_weights_of_its_own_language():
    both = fuse(legs(ONE, ONE), np.array([True, False]), FUSION.close)
    assert both[0] == fuse(legs(ONE), SAME, FUSION.close)[0]
    assert both[1] == fuse(legs(ONE), ACROSS, FUSION.close)[0]


def test_no_passages_have_no_scores():
    assert fuse(legs(), np.zeros(0, dtype=bool), FUSION.close).shape == (0,)


def test_no_leg_counts_against_a_passage():
    for weights in (FUSION.first, FUSION.close):
        for side in (weights.same, weights.across):
            assert set(side.weights) <= set(LEGS)
            assert min(side.weights.values()) >= 0
            assert max(side.weights.values()) > 0


SCORE = st.floats(0, 1, width=32)
ROW = st.tuples(*[SCORE] * len(LEGS), st.booleans())


@given(st.lists(ROW, min_size=1, max_size=20), st.sampled_from(LEGS), st.randoms())
def test_more_of_a_leg_never_scores_less_and_order_does_not_matter(rows, leg, rng):
    given_legs = legs(*(r[:-1] for r in rows))
    same = np.array([r[-1] for r in rows])
    scores = fuse(given_legs, same, FUSION.close)
    more = {**given_legs, leg: given_legs[leg] + np.float32(0.25)}
    assert (fuse(more, same, FUSION.close) >= scores).all()
    order = list(range(len(rows)))
    rng.shuffle(order)
    shuffled = {name: values[order] for name, values in given_legs.items()}
    np.testing.assert_array_equal(fuse(shuffled, same[order], FUSION.close), scores[order])
