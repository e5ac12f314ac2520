"""How sure a figure is, and whether two runs differ: the bootstrap over questions.

A statistic is a function of how often each question was drawn, ``float64[b, n]`` → ``float64[b]``: a resample is a row
of counts, so the values themselves are looked at once and never copied. All intervals are percentile intervals
(Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 13, doi:10.1201/9780429246593).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Statistic = Callable[[Values], Values]

N_RESAMPLES = 10_000
_SEED = 1993
# Rows of counts at one time: 250 rows of 10,000 questions are 20 MB
_CHUNK = 250
_TAILS = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; all three are NaN where nothing was measured."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """The first figure less the second, its 95 % interval, and ``p``: how often chance alone would differ as much."""

    value: float
    low: float
    high: float
    p: float


def mean_of(values: Values) -> Statistic:
    """The mean of the values ``float64[n]`` that are there; NaN stands for a question that was not measured."""
    there = np.isfinite(values)
    filled, mask = np.where(there, values, 0.0), there.astype(np.float64)

    def statistic(counts: Values) -> Values:
        return _divided(counts @ filled, counts @ mask)

    return statistic


def quantile_of(values: Values, q: float) -> Statistic:
    """The least value that a share ``q`` (0..1) of the values does not exceed; NaN is left out."""
    order = np.argsort(values, kind="stable")[: int(np.isfinite(values).sum())]
    ascending = values[order]

    def statistic(counts: Values) -> Values:
        drawn = np.cumsum(counts[:, order], axis=1)
        if not len(order):
            return np.full(len(counts), np.nan)
        # Counts are whole numbers: half of one less is still above the number before it
        at = (drawn < q * drawn[:, -1:] - 1e-9).sum(axis=1)
        return np.where(drawn[:, -1] > 0, ascending[np.minimum(at, len(order) - 1)], np.nan)

    return statistic


def auroc_of(positive: Values, negative: Values) -> Statistic:
    """Chance that a positive's score is above a negative's, ties counting half (Mann & Whitney 1947,
    doi:10.1214/aoms/1177730491). Both are ``float64[n]`` by question, NaN where a question has none."""
    levels = np.unique(np.concatenate([positive, negative]))
    levels = levels[np.isfinite(levels)]

    def ordered(scores: Values) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        order = np.argsort(scores, kind="stable")[: int(np.isfinite(scores).sum())]
        # How many of the ordered scores come before each level, and after the last one
        ends = np.searchsorted(scores[order], levels, side="right")
        return order, np.concatenate([[0], ends])

    (up, up_ends), (down, down_ends) = ordered(positive), ordered(negative)

    def below(counts: Values, order: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> Values:
        drawn = np.zeros((len(counts), len(order) + 1))
        np.cumsum(counts[:, order], axis=1, out=drawn[:, 1:])
        return drawn[:, ends]

    def statistic(counts: Values) -> Values:
        p, n = below(counts, up, up_ends), below(counts, down, down_ends)
        pairs = (np.diff(p, axis=1) * (n[:, :-1] + n[:, 1:]) / 2).sum(axis=1)
        return _divided(pairs, p[:, -1] * n[:, -1])

    return statistic


def calibration_error_of(confidence: Values, right: Values, n_bins: int = 10) -> Statistic:
    """Mean gap between confidence and how many are right, over bins of equal width, each by how many are in it (Naeini et al.
    2015, doi:10.1609/aaai.v29i1.9602). Both are ``float64[n]``, 0..1, NaN where a question has none."""
    there = np.isfinite(confidence) & np.isfinite(right)
    bins = np.minimum((np.where(there, confidence, 0.0) * n_bins).astype(int), n_bins - 1)
    gaps = np.where(there, confidence - right, 0.0)
    by_bin = np.zeros((len(gaps), n_bins))
    by_bin[np.arange(len(gaps)), bins] = gaps
    mask = there.astype(np.float64)

    def statistic(counts: Values) -> Values:
        return _divided(np.abs(counts @ by_bin).sum(axis=1), counts @ mask)

    return statistic


def risk_of(confidence: Values, right: Values) -> Statistic:
    """Area under the risk–coverage curve: the mean share of wrong ones among the surest, over all shares of the questions that
    one may keep (El-Yaniv & Wiener 2010, Journal of Machine Learning Research 11). Those of one confidence are kept together."""
    there = np.isfinite(confidence) & np.isfinite(right)
    order = np.argsort(-confidence, kind="stable")
    order = order[there[order]]
    wrong = 1.0 - right[order]
    sure = confidence[order]
    firsts = np.flatnonzero(np.r_[True, sure[1:] != sure[:-1]]) if len(order) else order

    def statistic(counts: Values) -> Values:
        if not len(order):
            return np.full(len(counts), np.nan)
        drawn = np.add.reduceat(counts[:, order], firsts, axis=1)
        failed = np.add.reduceat(counts[:, order] * wrong, firsts, axis=1)
        kept, lost = np.cumsum(drawn, axis=1), np.cumsum(failed, axis=1)
        risk = np.divide(lost, kept, out=np.zeros_like(kept), where=kept > 0)
        return _divided((drawn * risk).sum(axis=1), kept[:, -1])

    return statistic


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive's score is above a negative's, ties counting half; NaN where one side is empty."""
    n, m = len(positive), len(negative)
    above = np.concatenate([np.asarray(positive, dtype=np.float64), np.full(m, np.nan)])
    under = np.concatenate([np.full(n, np.nan), np.asarray(negative, dtype=np.float64)])
    return float(auroc_of(above, under)(np.ones((1, n + m)))[0])


def estimates(
    statistics: Mapping[str, Statistic], n: int, *, n_resamples: int = N_RESAMPLES
) -> dict[str, Estimate]:
    """Each statistic of ``n`` questions with its interval; all see the same resamples, the same every time."""
    drawn: dict[str, list[Values]] = {name: [] for name in statistics}
    for counts in _resamples(n, n_resamples, _SEED):
        for name, statistic in statistics.items():
            drawn[name].append(statistic(counts))
    whole = np.ones((1, n))
    found = {}
    for name, statistic in statistics.items():
        low, high = _interval(np.concatenate(drawn[name]))
        found[name] = Estimate(float(statistic(whole)[0]), low, high)
    return found


def paired(
    ours: Statistic, theirs: Statistic, n: int, *, n_resamples: int = N_RESAMPLES
) -> Difference:
    """``ours - theirs`` over the same ``n`` questions, both resampled together.

    ``p`` is two-sided: the share of resamples whose difference, shifted so that the mean is zero, is as far from zero
    as the one measured (Efron & Tibshirani 1993, section 16.4), the measured one counting as a resample.
    """
    drawn = [ours(c) - theirs(c) for c in _resamples(n, n_resamples, _SEED)]
    whole = np.ones((1, n))
    return _difference(float((ours(whole) - theirs(whole))[0]), np.concatenate(drawn))


def unpaired(
    ours: Statistic,
    n_ours: int,
    theirs: Statistic,
    n_theirs: int,
    *,
    n_resamples: int = N_RESAMPLES,
) -> Difference:
    """``ours - theirs`` over different questions, each side resampled on its own; otherwise as :func:`paired`."""
    drawn = [
        ours(a) - theirs(b)
        for a, b in zip(
            _resamples(n_ours, n_resamples, _SEED),
            _resamples(n_theirs, n_resamples, _SEED + 1),
            strict=True,
        )
    ]
    value = ours(np.ones((1, n_ours))) - theirs(np.ones((1, n_theirs)))
    return _difference(float(value[0]), np.concatenate(drawn))


def _resamples(n: int, n_resamples: int, seed: int) -> Iterator[Values]:
    rng = np.random.default_rng(seed)
    for start in range(0, n_resamples, _CHUNK):
        rows = min(_CHUNK, n_resamples - start)
        drawn = rng.integers(0, n, (rows, n)) if n else np.zeros((rows, 0), dtype=np.int64)
        places = drawn + n * np.arange(rows)[:, None]
        counts = np.bincount(places.ravel(), minlength=rows * n).reshape(rows, n)
        yield counts.astype(np.float64)


def _divided(above: Values, under: Values) -> Values:
    found = np.full(len(above), np.nan)
    np.divide(above, under, out=found, where=under > 0)
    return found


def _interval(drawn: Values) -> tuple[float, float]:
    # A resample may hold none of the questions that a figure is about
    there = drawn[np.isfinite(drawn)]
    if not len(there):
        return float("nan"), float("nan")
    low, high = np.percentile(there, _TAILS)
    return float(low), float(high)


def _difference(value: float, drawn: Values) -> Difference:
    low, high = _interval(drawn)
    there = drawn[np.isfinite(drawn)]
    # Sums in another order differ in the last digits: equal must stay equal
    as_far = np.abs(there - value) >= abs(value) - 1e-12
    return Difference(value, low, high, float((1 + as_far.sum()) / (1 + len(there))))
