"""What a page is read as: lines of text, and rows of tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from corpus.readers.pdf.runs import Run

Gap = tuple[float, float]
# In points: beyond every edge of a page.
FAR: Final = 1e6


@dataclass(slots=True)
class Row:
    """A row of a table: the runs of each cell in order; ``first`` of its table, or of its page, on which the table ``goes_on``; ``header``:
    it names the columns; the ``gutters`` between these, ``ruled`` where they are drawn; ``rest``: it is what the last row of the page before goes on with."""

    page: int
    cells: list[list[Run]] = field(default_factory=list)
    first: bool = False
    goes_on: bool = False
    header: bool = False
    gutters: Sequence[Gap] = ()
    ruled: bool = False
    rest: bool = False


Piece = Run | Row
