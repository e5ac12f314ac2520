"""Late interaction: each word of the question takes the best it finds among the words of the passage."""

from __future__ import annotations

from collections.abc import Sequence

from index.legs.contract import Asked
from index.searchable import Interaction, Searchable


class Late:
    """Mean of the question's tokens' best cosines, weighted by idf, -1..1."""

    name = "late"
    shown = "rerank"
    parts = ()

    def scores(self, asked: Asked, index: Searchable, met: Sequence[Interaction]) -> list[float]:
        """The score of each passage as a whole."""
        return [m.score for m in met]


LEGS = (Late(),)
