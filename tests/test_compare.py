"""The bootstrap: figures and intervals by hand, against plain resampling, and what must hold for any values."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.evaluation.compare import auroc, auroc_of, estimates, mean_of, paired, quantile_of, unpaired

NAN = float("nan")


def column(*values):
    return np.array(values, dtype=np.float64)


def once(statistic, n):
    return float(statistic(np.ones((1, n)))[0])


# ------------------------------------------------------------------------- statistics


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5], [0.5], 0.5),
        # of six pairs four are in order and one is tied
        ([0.9, 0.4, 0.3], [0.3, 0.35], 4.5 / 6),
        ([0.5, 0.5], [0.5, 0.1], 3 / 4),
    ],
)
def test_auroc_is_the_share_of_pairs_in_order(positive, negative, expected):
    assert auroc(positive, negative) == pytest.approx(expected)


VALUES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]), min_size=1, max_size=15)


@given(VALUES, VALUES)
def test_auroc_is_what_counting_every_pair_gives(positive, negative):
    pairs = [(p > n) + 0.5 * (p == n) for p in positive for n in negative]
    assert auroc(positive, negative) == pytest.approx(np.mean(pairs))
    assert auroc(negative, positive) == pytest.approx(1 - np.mean(pairs))


def test_auroc_of_one_side_alone_is_no_number():
    assert math.isnan(auroc([], [0.5]))
    assert math.isnan(auroc([0.5], []))
    assert math.isnan(auroc([], []))


COUNTS = st.lists(st.integers(0, 4), min_size=6, max_size=6)


@given(
    st.lists(st.sampled_from([0.0, 0.2, 0.2, 0.7, 1.0, NAN]), min_size=6, max_size=6),
    st.lists(st.sampled_from([0.0, 0.2, 0.7, NAN]), min_size=6, max_size=6),
    COUNTS,
)
def test_a_statistic_of_counts_is_that_of_the_values_written_out(values, others, counts):
    values, others, counts = column(*values), column(*others), np.array(counts)
    drawn, rest = np.repeat(values, counts), np.repeat(others, counts)
    there, against = drawn[np.isfinite(drawn)], rest[np.isfinite(rest)]
    rows = counts[None, :].astype(np.float64)
    expected = {
        "mean": there.mean() if len(there) else NAN,
        "p95": np.percentile(there, 95, method="inverted_cdf") if len(there) else NAN,
        "auroc": auroc(there, against),
    }
    found = {
        "mean": mean_of(values)(rows)[0],
        "p95": quantile_of(values, 0.95)(rows)[0],
        "auroc": auroc_of(values, others)(rows)[0],
    }
    assert found == pytest.approx(expected, nan_ok=True)


def test_a_quantile_is_the_least_value_that_enough_do_not_exceed():
    times = column(5, 1, 4, 2, 3, NAN)
    assert [once(quantile_of(times, q), 6) for q in (0.2, 0.21, 0.5, 0.95, 1)] == [1, 2, 3, 5, 5]


# ------------------------------------------------------------------------- intervals


def test_the_interval_of_a_mean_is_near_the_one_of_the_normal_distribution():
    values = np.random.default_rng(7).normal(0.5, 0.2, 400)
    found = estimates({"mean": mean_of(values)}, 400)["mean"]
    half = 1.96 * values.std() / math.sqrt(400)
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - half, abs=half / 10)
    assert found.high == pytest.approx(values.mean() + half, abs=half / 10)


def test_the_interval_is_the_one_of_resampling_plainly():
    values = column(0, 0, 0, 1, 1, 0.5, 0.3, 1)
    rng = np.random.default_rng(11)
    means = [rng.choice(values, 8).mean() for _ in range(4000)]
    found = estimates({"mean": mean_of(values)}, 8)["mean"]
    assert [found.low, found.high] == pytest.approx(np.percentile(means, [2.5, 97.5]), abs=0.03)


@settings(max_examples=20)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_an_interval_lies_among_the_values_and_is_the_same_every_time(values):
    whole = {"mean": mean_of(column(*values))}
    found = estimates(whole, len(values), n_resamples=300)
    assert min(values) - 1e-9 <= found["mean"].low <= found["mean"].high <= max(values) + 1e-9
    assert estimates(whole, len(values), n_resamples=300) == found


def test_what_nobody_measured_has_no_figure_and_no_interval():
    for statistic in (mean_of(column(NAN, NAN)), quantile_of(column(NAN, NAN), 0.5)):
        found = estimates({"x": statistic}, 2, n_resamples=50)["x"]
        assert [math.isnan(v) for v in (found.value, found.low, found.high)] == [True] * 3
    assert math.isnan(estimates({"x": mean_of(column())}, 0, n_resamples=50)["x"].value)


# ------------------------------------------------------------------------- differences


def test_a_run_compared_with_itself_does_not_differ():
    values = np.random.default_rng(3).random(60)
    found = paired(mean_of(values), mean_of(values.copy()), 60, n_resamples=500)
    assert (found.value, found.low, found.high, found.p) == (0, 0, 0, 1)


def test_a_small_gain_on_every_question_is_certain_when_paired_and_not_when_unpaired():
    theirs = np.random.default_rng(5).random(50)
    ours = theirs + 0.02
    together = paired(mean_of(ours), mean_of(theirs), 50)
    apart = unpaired(mean_of(ours), 50, mean_of(theirs), 50)
    assert together.value == apart.value == pytest.approx(0.02)
    assert together.p == pytest.approx(1 / 10_001)
    assert (together.low, together.high) == pytest.approx((0.02, 0.02))
    assert apart.low < 0 < apart.high
    assert apart.p > 0.5


def test_p_is_near_that_of_the_t_test():
    ttest_rel = pytest.importorskip(
        "scipy.stats", reason="the extra [train] is not installed"
    ).ttest_rel

    rng = np.random.default_rng(2)
    theirs = rng.random(300)
    ours = theirs + rng.normal(0.01, 0.1, 300)
    found = paired(mean_of(ours), mean_of(theirs), 300)
    assert found.p == pytest.approx(ttest_rel(ours, theirs).pvalue, abs=0.02)
    assert (found.low > 0) == (found.p < 0.05)


def test_the_difference_the_other_way_round_has_the_other_sign():
    ours, theirs = column(1, 0.5, 0, 1), column(0, 0.5, 0, 1)
    there = paired(mean_of(ours), mean_of(theirs), 4, n_resamples=400)
    back = paired(mean_of(theirs), mean_of(ours), 4, n_resamples=400)
    assert back.value == -there.value
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
    assert back.p == there.p
