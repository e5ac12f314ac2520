"""Late interaction over the best candidates of the first stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.encoder import Encoded
from index.tokens import TokenIndex, max_sim


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
    """How a question meets the passage of that row: ``score`` in -1..1; ``cosines`` float32[n_query, n_tokens];
    ``starts`` uint16[n_tokens], where each token stands in the passage."""

    row: int
    score: float
    cosines: npt.NDArray[np.float32]
    starts: npt.NDArray[np.uint16]


def interact(query: QueryTokens, tokens: TokenIndex, rows: Sequence[int]) -> list[Interaction]:
    """Late interaction of the question with each of those passages, in their order."""
    found = []
    for row, (cosines, starts) in zip(rows, tokens.similarities(query.vectors, rows), strict=True):
        found.append(Interaction(row, max_sim(cosines, query.weights)[0], cosines, starts))
    return found
