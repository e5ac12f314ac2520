"""Lines that tabs set in columns, as typed documents have them in the place of tables → rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from typing import Final

from corpus.readers.draft import LINE, PARAGRAPH, Part, Parts, flat, row_part
from corpus.readers.reached import is_reached
from corpus.readers.tables import table_parts

_MAX_CELL_CHARS: Final = 60
# Two columns without names in bold may be a list in two columns, or names to sign.
_LEAST_COLUMNS: Final = 3
_LEAST_ROWS: Final = 2
_ABREAST: Final = 2
_LEAST_ADDRESS_LINES: Final = 3
# As many blanks set in columns what a tab would
_TABS = re.compile(r"[ ]*\t[ \t]*|[ ]{6,}")
_MARK = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[^\W\d_]|[ivxIVX]+)[.)]*")

Columns = Mapping[int, list[str]]
"""The cells of lines, by the identity of their parts."""


def cells_of(line: str) -> list[str]:
    """What the tabs of a line part, short all of it; [] for a line that they only indent."""
    line = line.strip()
    cells = [flat(cell) for cell in _TABS.split(line)] if "\n" not in line else []
    return cells if len(cells) > 1 and all(len(cell) <= _MAX_CELL_CHARS for cell in cells) else []


def with_tables(parts: Parts, columns: Columns, named: Set[int] = frozenset()) -> Parts:
    """The parts with rows in the place of lines that tabs set in columns; ``named``: those whose first cell alone is in bold."""
    found = Parts()
    at = 0
    while at < len(parts):
        beside_end = _end_of_addresses(parts, columns, at)
        if beside_end > at:
            lines = [columns[id(part)] for part in parts[at:beside_end]]
            found.extend(Part("\n".join(column)) for column in zip(*lines, strict=True))
            at = beside_end
            continue
        stop = _end(parts, columns, at)
        names_end = _end_of_names(parts, columns, named, at) if stop == at else at
        if names_end - at >= _LEAST_ROWS:
            found.extend(
                row_part(columns[id(part)], glue=LINE if n else PARAGRAPH)
                for n, part in enumerate(parts[at:names_end])
            )
            at = names_end
            continue
        if stop == at:
            found.append(parts[at])
            at += 1
            continue
        rows = [columns[id(part)] for part in parts[at:stop]]
        while stop < len(parts) and _goes_on(parts[stop], columns, rows[-1]):
            below = columns[id(parts[stop])]
            rows[-1] = [
                f"{cell} {below[n]}" if n < len(below) else cell for n, cell in enumerate(rows[-1])
            ]
            stop += 1
        found += table_parts(rows, n_headers=int(parts[at].strong))
        at = stop
    return found


def _end(parts: Parts, columns: Columns, at: int) -> int:
    """Where a table ends that begins at a part; there itself where none begins. The numbers of pages and marks of items are no names."""
    names = columns.get(id(parts[at]), [])
    if not names or _MARK.fullmatch(names[0]) or any(not _says(cell) for cell in names):
        return at
    stop = at + 1
    while (
        stop < len(parts)
        and not parts[stop].strong
        and len(columns.get(id(parts[stop]), [])) == len(names)
    ):
        stop += 1
    n_rows = stop - at - 1
    least = _LEAST_ROWS - (parts[at].strong and len(names) >= _LEAST_COLUMNS)
    named = parts[at].strong or len(names) >= _LEAST_COLUMNS
    return stop if named and n_rows >= least else at


def _end_of_names(parts: Parts, columns: Columns, named: Set[int], at: int) -> int:
    """Where lines end from a part on that have each a name in bold, and as many cells as the first. One with a colon is that of a label."""
    stop = at
    while (
        stop < len(parts)
        and id(parts[stop]) in named
        and len(cells := columns.get(id(parts[stop]), []))
        == len(columns.get(id(parts[at]), []))
        > 1
        and _says(cells[0])
        and not _MARK.fullmatch(cells[0])
    ):
        stop += 1
    return stop


def _end_of_addresses(parts: Parts, columns: Columns, at: int) -> int:
    """Where two addresses end that stand side by side from a part on; there itself where none do. In a table of numbers to dial each row has one."""
    stop = at
    while stop < len(parts) and len(columns.get(id(parts[stop]), [])) == _ABREAST:
        stop += 1
    lines = [columns[id(part)] for part in parts[at:stop]]
    if len(lines) < _LEAST_ADDRESS_LINES or not all(map(_says, lines[0])):
        return at
    reached = [[is_reached(cell) for cell in column] for column in zip(*lines, strict=True)]
    are_addresses = all(not told[0] and 1 <= sum(told) < len(told) - 1 for told in reached)
    return stop if are_addresses else at


def _goes_on(part: Part, columns: Columns, row: list[str]) -> bool:
    """Whether a line goes on with the first cells of the one above it: fewer, and all in small letters."""
    cells = columns.get(id(part), [])
    return 0 < len(cells) < len(row) and all(cell[0].islower() for cell in cells)


def _says(cell: str) -> bool:
    return any(map(str.isalpha, cell)) and cell[-1] != ":"
