"""What stands above the items of an invoice, a quotation or a receipt, who sends it, its number and date, to whom it goes, in blocks side by
side that share no rows with the items; and the totals below these."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from corpus.readers.pdf.cells import parted_at
from corpus.readers.pdf.gutters import column_of
from corpus.readers.pdf.lines import has_digit
from corpus.readers.pdf.pieces import Gap, Piece, Row
from corpus.readers.pdf.runs import Run

_LEAST_COLUMNS: Final = 3
# Of the step from the names of the columns to the first item, or from line to line: blocks stand further apart.
_BLOCK_STEP: Final = 1.4
_LABELLED = re.compile(r"([A-ZÁÉÍÓÚÑ][^:]{1,30}:) \S")
# "2", "12 h", "1.280,00 €"
_AMOUNT = re.compile(r"\W{0,3}\d[\d.,]*(?: ?[^\W\d_]{1,3}| ?[€$£%])?")


def names_items(rows: Sequence[Sequence[Run]], at: int, end: int) -> bool:
    """Whether the row ``end`` names the columns of items with amounts, below rows from ``at`` on that have fewer columns and stand apart from it."""
    names = rows[end]
    if len(names) < _LEAST_COLUMNS or end + 1 >= len(rows) or has_digit(names):
        return False
    item = rows[end + 1]
    amounts = [run for run in item[1:] if _AMOUNT.fullmatch(run.text)]
    step, below = rows[end - 1][0].bottom - names[0].bottom, names[0].bottom - item[0].bottom
    return (
        len(item) == len(names)
        and len(amounts) > 1
        and item[-1] in amounts
        and step > _BLOCK_STEP * below
        and all(len(row) < len(names) for row in rows[at:end])
    )


def blocks_of(rows: Sequence[Sequence[Run]], gutters: Sequence[Gap]) -> list[Piece]:
    """The lines of blocks side by side, one after the other, each name with its value, "Due: 8 April", and with all lines below it where it
    stands over them, "Deliver to:"; [] where the rows have no such names, or each its name and value in columns of their own."""
    found: list[Piece] = []
    if any(
        _is_named(a) and not (_is_named(b) or _LABELLED.match(b.text)) for a, b in _beside(rows)
    ):
        return []
    for part in _apart(rows):
        columns: list[list[Run]] = [[] for _ in range(len(gutters) + 1)]
        for row in part:
            for run in row:
                columns[column_of(run, gutters)].append(run)
        for column in filter(None, columns):
            found += _read(column)
    return found if any(isinstance(piece, Row) for piece in found) else []


def _beside(rows: Sequence[Sequence[Run]]) -> Iterator[tuple[Run, Run]]:
    for row in rows:
        yield from pairwise(row)


def _is_named(run: Run) -> bool:
    return run.text.endswith(":")


def n_totals(rows: Sequence[Sequence[Run]]) -> int:
    """How many of the last rows are totals of full rows above them, a name right of the first column and an amount: the name may reach over
    columns that it has nothing to do with."""
    n = 0
    while n < len(rows) - 2 and _is_total(rows[len(rows) - 1 - n], rows[0]):
        n += 1
    return n if all(len(row) > _LEAST_COLUMNS for row in rows[: len(rows) - n]) else 0


def _is_total(row: Sequence[Run], names: Sequence[Run]) -> bool:
    return (
        len(row) == 2
        and row[0].left > names[0].right
        and _AMOUNT.fullmatch(row[0].text) is None
        and _AMOUNT.fullmatch(row[1].text) is not None
    )


def _apart(rows: Sequence[Sequence[Run]]) -> Iterator[list[Sequence[Run]]]:
    """The rows that stand together, parted at larger steps."""
    steps = [a[0].bottom - b[0].bottom for a, b in pairwise(rows)]
    part = [rows[0]]
    for row, step in zip(rows[1:], steps, strict=True):
        if step > _BLOCK_STEP * min(steps):
            yield part
            part = []
        part.append(row)
    yield part


def _read(column: Sequence[Run]) -> Iterator[Piece]:
    page, before = column[0].page, False
    if _is_named(column[0]) and len(column) > 1:
        yield Row(page, [[column[0]], list(column[1:])], first=True)
        return
    for run in column:
        name = _LABELLED.match(run.text) if run.edges else None
        if name is not None:
            cells = parted_at(run, name.end(1))
            yield Row(page, [[cell] for cell in cells], first=not before)
        else:
            yield run
        before = name is not None
