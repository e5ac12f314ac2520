"""The meaning of a passage: cosine of its vector with the question's."""

from __future__ import annotations

from index.legs.contract import Asked, Proposals
from index.searchable import Rows, Searchable


class Dense:
    """Cosine, -1..1."""

    name = "dense"
    shown = "dense"
    parts = ()

    def propose(
        self, asked: Asked, index: Searchable, k: int, allowed: Rows | None, also: Rows
    ) -> Proposals:
        """The passages with the highest cosines."""
        rows = index.nearest(asked.vector, k, allowed)
        return Proposals(rows, lambda some: index.cosines(asked.vector, some))


LEGS = (Dense(),)
