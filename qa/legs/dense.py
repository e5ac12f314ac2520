"""The meaning of a passage: cosine of its vector with the question's."""

from __future__ import annotations

from index.searchable import Rows, Searchable
from qa.legs.contract import Asked, Proposals


class Dense:
    """Cosine, -1..1."""

    name = "dense"
    shown = "dense"

    def propose(
        self, asked: Asked, index: Searchable, k: int, allowed: Rows | None, also: Rows
    ) -> Proposals:
        """The passages with the highest cosines."""
        rows = index.nearest(asked.vector, k, allowed)
        return Proposals(rows, lambda some: index.cosines(asked.vector, some))
