"""The second stage: from a question to candidates, by all legs over one opened index."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.document import Lang
from corpus.languages import LANGS
from index.encoder import Encoder
from index.legs import CLOSE, LEGS, PROPOSING, Asked
from index.searchable import Interaction, QueryTokens, Rows, Searchable
from index.translation import TranslationTable
from qa.calibration import Fusion
from qa.fuse import fuse
from qa.own import OwnNames
from qa.words import analyse, content_spans

HYBRID = "hybrid"

MODES: tuple[str, ...] = (HYBRID, *(leg.name for leg in PROPOSING))
"""How to search: with all legs, or in the order of one that looks at the whole index."""

FIRST_STAGE_K = 100
"""Passages that each leg proposes."""

RERANK_K = 32
"""Of those, how many are looked at closely."""


class Candidate(NamedTuple):
    """One passage as the legs see it: a tuple, since a question makes two hundred. ``score`` decides the order in the mode
    asked for; ``fused`` is the sum of all legs.

    ``scores`` and ``ranks`` are in the order of ``LEGS``: None where a leg did not look at the passage, and the rank where it
    did not propose it. ``across``: it is not in the question's language.
    """

    row: int
    score: float
    fused: float
    scores: tuple[float | None, ...]
    ranks: tuple[int | None, ...]
    across: bool

    def of(self, leg: str) -> float | None:
        """The score of one leg."""
        return self.scores[LEGS.index(leg)]

    @property
    def close(self) -> bool:
        """Whether it was looked at closely."""
        return self.scores[-1] is not None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Candidates, best first, out of ``n_searched`` passages; ``interactions`` of those looked at closely by row; time spent
    per step in ms. ``missing``: legs that could not look at the index, whose proposals these lack. ``own``: the names in the question
    that are those of documents."""

    asked: Asked
    candidates: list[Candidate]
    interactions: dict[int, Interaction]
    n_searched: int
    timings_ms: dict[str, float]
    missing: tuple[str, ...]
    own: OwnNames


class _Clock:
    """Times of steps, in ms."""

    def __init__(self) -> None:
        self.timings_ms: dict[str, float] = {}
        self._at = time.perf_counter()

    def step(self, name: str) -> None:
        """Ends a step."""
        now = time.perf_counter()
        self.timings_ms[name] = round((now - self._at) * 1000, 3)
        self._at = now


def retrieve(
    text: str,
    lang: Lang,
    index: Searchable,
    encoder: Encoder,
    table: TranslationTable,
    fusion: Fusion,
    *,
    mode: str = HYBRID,
    allowed: Rows | None = None,
) -> Retrieved:
    """Ranked candidates for a question; ``allowed`` limits the search to those rows.

    In the modes of one leg the order is that leg's; the other scores are computed all the same, so that an answer from the
    same passages is weighed alike.

    :raises VectorsUnavailableError: when the one leg of the mode cannot look at the index; what the others find is given.
    """
    clock = _Clock()
    asked = _asked(text, lang, index, encoder, table, clock)
    found = {}
    rows: Rows = np.zeros(0, dtype=np.int64)
    for leg in PROPOSING:
        k = FIRST_STAGE_K if mode in (HYBRID, leg.name) else 0
        found[leg.name] = leg.propose(asked, index, k, allowed, rows)
        rows = np.union1d(rows, found[leg.name].rows)
        clock.step(leg.name)
    missing = tuple(name for name, proposals in found.items() if proposals.problem is not None)
    alone = found.get(mode)
    if alone is not None and alone.problem is not None:
        raise alone.problem
    legs = {name: proposals.score(rows) for name, proposals in found.items()}
    same = (index.langs(rows) == LANGS.index(lang)) | (lang == "und")
    first = fuse(legs, same, fusion.first) if mode == HYBRID else legs[mode]
    order = np.lexsort((rows, -first))
    head, tail = order[:RERANK_K], order[RERANK_K:]
    clock.step("fuse")

    met = index.meet(asked.tokens, asked.vector, rows[head].tolist())
    closely = {leg.name: leg.scores(asked, index, met) for leg in CLOSE}
    near = {name: scores[head] for name, scores in legs.items()}
    near |= {name: np.array(scores, dtype=np.float32) for name, scores in closely.items()}
    fused = first.copy()
    fused[head] = fuse(near, same[head], fusion.close)
    close_scores = dict(zip((m.row for m in met), zip(*closely.values(), strict=True), strict=True))
    if mode == HYBRID:
        head = head[np.lexsort((rows[head], -fused[head]))]
        # What was not looked at closely comes after what was, whatever its first score
        fused[tail] = np.minimum(fused[tail], fused[head].min() if len(head) else 0.0)
    order = np.concatenate([head, tail])
    ranks = [_ranks(proposals.rows, rows) for proposals in found.values()]
    unmet, unranked, n = (None,) * len(CLOSE), (None,) * len(CLOSE), len(legs)
    # As lists: to take two hundred numbers out of arrays one by one costs more than to find them
    columns = (rows, fused if mode == HYBRID else first, fused, ~same, *legs.values(), *ranks)
    candidates = [
        Candidate(
            row,
            score,
            total,
            (*told[:n], *close_scores.get(row, unmet)),
            (*told[n:], *unranked),
            across,
        )
        for row, score, total, across, *told in zip(
            *(column[order].tolist() for column in columns), strict=True
        )
    ]
    clock.step("rerank")
    n_searched = len(index) if allowed is None else len(allowed)
    near_by = {m.row: m for m in met}
    own = OwnNames(text, asked.words, index)
    return Retrieved(asked, candidates, near_by, n_searched, clock.timings_ms, missing, own)


def _asked(
    text: str,
    lang: Lang,
    index: Searchable,
    encoder: Encoder,
    table: TranslationTable,
    clock: _Clock,
) -> Asked:
    spans = content_spans(text, lang)
    words = analyse(text, spans, lang, table, index)
    clock.step("analyse")
    encoded = encoder.encode_tokens([text], "query")[0]
    tokens = QueryTokens.of(text, spans, encoded)
    clock.step("encode")
    return Asked(text, lang, words, encoded.vector, tokens)


def _ranks(proposed: Rows, rows: Rows) -> npt.NDArray[np.object_]:
    """The rank of each of ``rows``, which ascend and hold all that were proposed; None where it was not."""
    ranks = np.full(len(rows), None, dtype=object)
    ranks[np.searchsorted(rows, proposed)] = range(1, len(proposed) + 1)
    return ranks
