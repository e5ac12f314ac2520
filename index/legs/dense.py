"""The meaning of a passage: cosine of its vector with the question's."""

from __future__ import annotations

import numpy as np

from corpus.document import VectorsUnavailableError
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
        """The passages with the highest cosines; none where the index cannot tell them now."""
        problem = None
        try:
            rows = index.nearest(asked.vector, k, allowed)
        except VectorsUnavailableError as error:
            rows, problem = np.zeros(0, dtype=np.int64), error
        return Proposals(rows, lambda some: index.cosines(asked.vector, some), problem)


LEGS = (Dense(),)
