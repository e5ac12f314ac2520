"""Late interaction of a question with passages and with each of their sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.searchable import Interaction, QueryTokens
from index.sentences import SentenceIndex
from index.tokens import TokenIndex


def interact(
    query: QueryTokens,
    vector: npt.NDArray[np.float32],
    tokens: TokenIndex,
    sentences: SentenceIndex,
    rows: Sequence[int],
) -> list[Interaction]:
    """How the question, its tokens and its ``vector`` float32[dim], meets each of those passages, in their order."""
    met = tokens.similarities(query.vectors, rows)
    told = sentences.cosines(rows, vector)
    if not met:
        return []
    # All passages at once: a hundred numpy calls on a few numbers each would cost more than all of the arithmetic, and
    # no other question could be worked on meanwhile.
    n_tokens = np.array([len(starts) for _, starts in met])
    n_sentences = np.array([len(spans) for spans, _ in told])
    cosines = np.concatenate([part for part, _ in met], axis=1)
    late = np.zeros(int(n_sentences.sum()), dtype=np.float32)
    scores = np.zeros(len(met))
    total = query.weights.sum()
    if cosines.size and total > 0:
        held = np.flatnonzero(n_tokens)
        first = np.cumsum(n_tokens) - n_tokens
        best = np.ascontiguousarray(np.maximum.reduceat(cosines, first[held], axis=1).T)
        scores[held] = [float(row @ query.weights / total) for row in best]
    if cosines.size and len(late):
        spans = np.concatenate([spans for spans, _ in told]).astype(np.int64)
        starts = np.concatenate([starts for _, starts in met]).astype(np.int64)
        # One line for all passages: each begins where no offset of the one before it reaches
        numbers = np.arange(len(met)) << 32
        spans += np.repeat(numbers, n_sentences)[:, None]
        starts += np.repeat(numbers, n_tokens)
        place = np.searchsorted(spans[:, 0], starts, side="right") - 1
        # those of the heading stand under an offset that no sentence reaches
        inside = np.flatnonzero((place >= 0) & (starts < spans[place, 1]))
        place = place[inside]
        first = np.flatnonzero(np.diff(place, prepend=-1))
        if len(first):
            best = np.maximum.reduceat(cosines[:, inside], first, axis=1)
            weights = query.weights / max(float(total), 1e-9)
            late[place[first]] = np.einsum("ij,i->j", best, weights)
    ends = np.cumsum(n_sentences).tolist()
    return [
        Interaction(row, score, *meeting, spans, late[end - len(spans) : end], dense)
        for row, score, meeting, (spans, dense), end in zip(
            rows, scores.tolist(), met, told, ends, strict=True
        )
    ]
