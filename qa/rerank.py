"""Late interaction over the best candidates of the first stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.encoder import Encoded
from index.local.sentences import SentenceIndex
from index.local.tokens import TokenIndex


@dataclass(frozen=True, slots=True)
class QueryTokens:
    """The question's tokens that say something: ``vectors`` float32[n, dim], ``weights`` float32[n] (idf)."""

    text: str
    vectors: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    starts: npt.NDArray[np.int32]

    @classmethod
    def of(cls, text: str, spans: Sequence[tuple[str, int, int]], encoded: Encoded) -> QueryTokens:
        """Tokens of an encoded question inside ``spans`` ``(term, start, end)``; all of them if nothing is left."""
        covered = np.zeros(len(text) + 1, dtype=bool)
        for _, start, end in spans:
            covered[start:end] = True
        kept = covered[np.minimum(encoded.starts, len(text))]
        if not kept.any():
            kept = np.ones(len(encoded.starts), dtype=bool)
        return cls(text, encoded.tokens[kept], encoded.weights[kept], encoded.starts[kept])


@dataclass(frozen=True, slots=True)
class Interaction:
    """How a question meets the passage of that row.

    ``score`` in -1..1; ``cosines`` float32[n_query, n_tokens]; ``starts`` uint16[n_tokens], where each token stands in the
    passage; per sentence of the passage ``spans`` int32[n, 2] (its place in it),
    ``sentence_late`` float32[n] (late interaction with its tokens, 0 without any) and
    ``sentence_dense`` float32[n] (cosine of its vector).
    """

    row: int
    score: float
    cosines: npt.NDArray[np.float32]
    starts: npt.NDArray[np.uint16]
    spans: npt.NDArray[np.int32]
    sentence_late: npt.NDArray[np.float32]
    sentence_dense: npt.NDArray[np.float32]


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


class Reranker(Protocol):
    """Scores question and passage read together; safe to call from several threads."""

    @property
    def name(self) -> str:
        """What it is loaded by."""
        ...

    def scores(self, question: str, passages: Sequence[str]) -> npt.NDArray[np.float32]:
        """float32[n], one per passage in their order, higher is better; comparable within one question only."""
        ...


def load_reranker(name_or_path: str) -> Reranker | None:
    """The cross-encoder of that name or folder, None for an empty name.

    :raises EncoderError: when there is no such model, or it cannot be loaded.
    :raises MissingExtraError: when sentence-transformers is not installed.
    """
    if not name_or_path:
        return None
    from index.models.pairs import CrossEncoderReranker

    return CrossEncoderReranker(name_or_path)
