"""Rows of tables at the edges of pages, which repeat as running heads do and are none.

Knows a table by its rows of many cells, one below the other, and by what is drawn between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from corpus.readers.pdf.edges import EDGE_ROWS, overlap
from corpus.readers.pdf.rules import meets_of
from corpus.readers.pdf.runs import Run, Sheet, rows_of

# Heads and feet have fewer parts side by side, and boxes of them fewer rows.
_LEAST_CELLS: Final = 4
_LEAST_ROWS: Final = 5


def of_tables(sheet: Sheet) -> Iterator[Run]:
    """What stands in rows of a table: several rows of many cells, each below one of the row before, and what is between them, or set a
    little higher or lower beside them; and what names the columns of a long table that is drawn cell by cell."""
    rows = rows_of([run for run in sheet.runs if not run.turned])
    yield from _names_of_drawn(sheet, rows)
    wide = [n for n, row in enumerate(rows) if len(row) >= _LEAST_CELLS]
    tables: list[list[int]] = []
    for n in wide:
        if tables and _has_columns_of(rows[n], rows[tables[-1][-1]]):
            tables[-1].append(n)
        else:
            tables.append([n])
    for table in tables:
        if len(table) < _LEAST_ROWS:
            continue
        first, last = table[0], table[-1]
        for n, near in ((first - 1, first), (last + 1, last)):
            if 0 <= n < len(rows) and overlap(rows[n][0], rows[near][0]):
                yield from rows[n]
        yield from (run for row in rows[first : last + 1] for run in row)


def _names_of_drawn(sheet: Sheet, rows: Sequence[Sequence[Run]]) -> Iterator[Run]:
    """The first row of a table whose cells are drawn, where more lines stand below it between their edges than in the box of a letterhead."""
    meets = meets_of(sheet.rules)
    for row, below in zip(rows[:EDGE_ROWS], rows[EDGE_ROWS + 1 :], strict=False):
        # A name may have two lines
        over, under = 2 * row[0].height, 2.7 * row[0].height
        for x, heights in meets.items() if len(row) > 1 else ():
            if (
                below[0].bottom > heights[0]
                and any(a.right < x < b.left for a, b in pairwise(row))
                and any(0 < y - row[0].bottom < over for y in heights)
                and any(0 < row[0].bottom - y < under for y in heights)
            ):
                yield from row
                break


def _has_columns_of(row: Sequence[Run], other: Sequence[Run]) -> bool:
    """Whether each cell of the row that has fewer stands over, or below, one of the other and no second one."""
    fewer, more = sorted((row, other), key=len)
    found = [
        [n for n, b in enumerate(more) if a.left < b.right and b.left < a.right] for a in fewer
    ]
    places = [at[0] for at in found if len(at) == 1]
    return len(places) == len(fewer) and all(a < b for a, b in pairwise(places))
