"""Tables that go on overleaf: rows that a page ends with and the next goes on with, and the names of columns that it says again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise, takewhile
from typing import Final

from corpus.readers.draft import flat
from corpus.readers.pdf.gutters import column_of, fits
from corpus.readers.pdf.lines import MARKER, SECTION
from corpus.readers.pdf.pieces import FAR, Gap, Piece, Row
from corpus.readers.pdf.rules import MEET, heights_across
from corpus.readers.pdf.runs import Post, Rule, Run, rows_of

# A table that ends so low, in points, may go on overleaf.
_LOW: Final = 160.0
# So many lines of a row go on overleaf at most.
_MAX_TAIL_LINES: Final = 6


def goes_on(table: Row, row: Row) -> bool:
    """Whether a row that stands next behind the last one of a table has the same columns: overleaf, or below it between the same rules."""
    if len(row.gutters) != len(table.gutters) or not row.gutters or row.header:
        return False
    if row.page == table.page and not (table.ruled and row.ruled):
        return False
    near = MEET if table.ruled and row.ruled else 0.0
    return row.page - table.page in (0, 1) and all(
        a - near < d and c - near < b
        for (a, b), (c, d) in zip(table.gutters, row.gutters, strict=True)
    )


def last_row(
    runs: Sequence[Run], before: Row, rules: Sequence[Rule], posts: Sequence[Post]
) -> Row | None:
    """The last row of the table that fills the page before, or the rest of it, of the first runs of a page."""
    rows = rows_of(runs)
    n_rest = _n_of_rest(rows, before, rules, posts)
    lines = rows[: n_rest or _n_of_last_row(rows, before)]
    if not lines:
        return None
    cells: list[list[Run]] = [[] for _ in range(len(before.gutters) + 1)]
    for run in (run for line in lines for run in line):
        cells[column_of(run, before.gutters)].append(run)
    page = lines[0][0].page
    return Row(page, cells, True, gutters=before.gutters, ruled=before.ruled, rest=n_rest > 0)


def _n_of_rest(
    rows: Sequence[Sequence[Run]], before: Row, rules: Sequence[Rule], posts: Sequence[Post]
) -> int:
    """How many of the first lines of a page are the rest of the last row of a drawn table: they stand in one cell, not that of the key, above
    the next rule from edge to edge, and the edges of all columns go on beside them."""
    edges = [(a + b) / 2 for a, b in before.gutters]
    near = rows[:1] and rows[0][0].page == before.page + 1
    if not (near and before.ruled and len(edges) > 1 and all(before.cells)):
        return 0
    first = column_of(rows[0][0], before.gutters)
    through = set.intersection(*(heights_across(rules, a, b) for a, b in pairwise(edges)))
    low = max((y for y in through if y < rows[0][0].bottom), default=-FAR)
    n = 0
    for row in rows if first else ():
        y = row[0].bottom
        beside = [x for x, a, b in posts if a < y < b]
        drawn = all(any(abs(x - edge) < MEET for x in beside) for edge in edges)
        if y < low or not drawn or any(column_of(run, before.gutters) != first for run in row):
            break
        n += 1
    return n if n < len(rows) else 0


def _n_of_last_row(rows: Sequence[Sequence[Run]], before: Row) -> int:
    """How many of the first lines of a page are that row: they begin in the table's first column, have all its columns or all but one, none
    reaches from one column into the next, and nothing in the first column begins another row. What heads a part of the text, an item or a
    label is none, and they are not all lines there are."""
    gutters = before.gutters
    if not rows or not gutters or not _begins_a_row(rows[0], gutters):
        return 0
    first, above = rows[0], [run for cell in before.cells for run in cell]
    n_columns = len({column_of(run, gutters) for run in first})
    heads = all(run.bold for run in first) and not all(run.bold for run in above)
    heads = heads or max(r.height for r in first) > 1.05 * max(r.height for r in above)
    near = first[0].page == before.page + 1 and min(run.bottom for run in above) < _LOW
    if heads or not near or n_columns < sum(map(bool, before.cells)) - 1:
        return 0
    name, last = first[0].text.strip(), " ".join(run.text for run in before.cells[0]).strip()
    follows = name.isdecimal() and last.isdecimal() and int(name) == int(last) + 1
    if name.endswith(":") or MARKER.fullmatch(name) or (SECTION.fullmatch(name) and not follows):
        return 0
    n = 1
    while n < len(rows) and all(fits(run, gutters) for run in rows[n]):
        row = rows[n]
        if rows[n - 1][0].bottom - row[0].bottom > 1.6 * max(run.height for run in row):
            break
        if column_of(row[0], gutters) == 0:
            return 0
        n += 1
    # A page that is one row may as well be columns of text; where more rows follow it is read as a table
    return n if n < len(rows) and not _begins_a_row(rows[n], gutters) else 0


def _begins_a_row(row: Sequence[Run], gutters: Sequence[Gap]) -> bool:
    columns = {column_of(run, gutters) for run in row if fits(run, gutters)}
    return 0 in columns and len(columns) > 1 and len(row) >= len(columns)


def are_tail(rows: Sequence[Sequence[Run]], columns: Sequence[Sequence[Run]]) -> bool:
    """Whether the first lines of a page are the rest of a row that began on the page before: small letters where a column other than the
    first begins."""
    lefts = [min(run.left for run in column) for column in columns[1:]]
    return (
        0 < len(rows) <= _MAX_TAIL_LINES
        and all(len(row) == 1 and any(abs(row[0].left - x) < 2 for x in lefts) for row in rows)
        and rows[0][0].text[:1].islower()
    )


def with_headers_once(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces without the first rows of a page that say what those of the table do which goes on there, as is printed over the rest of a
    long table: they name its columns."""
    found: list[Piece] = []
    for is_row, group in groupby(pieces, key=lambda piece: isinstance(piece, Row)):
        if not is_row:
            found += group
            continue
        head: list[Row] = []
        unnamed: list[Row] = []  # That tables begin with which have no other header since
        for table in _tables([piece for piece in group if isinstance(piece, Row)]):
            n = _n_again(head, table)
            unnamed += table[n : n + 1]
            if n:
                for row in head[:n]:
                    row.header = True
                for row in unnamed:
                    row.first = row.goes_on = True
            elif not head or table[0].header or len(table[0].cells) != len(head[0].cells):
                head, unnamed = table, []
            found += table[n:]
    return found


# A row that is not told to name the columns does where it has so many cells.
_LEAST_TOLD: Final = 2
_LEAST_UNTOLD: Final = 3


def _tables(rows: Sequence[Row]) -> list[list[Row]]:
    found: list[list[Row]] = []
    for row in rows:
        if row.first or not found:
            found.append([])
        found[-1].append(row)
    return found


def _n_again(head: Sequence[Row], table: Sequence[Row]) -> int:
    """How many of the first rows of a table say again what those of one on a page before do, which name its columns: they are told as such, or
    have several cells, and what is below them has other keys. Forms that are laid out alike have the same."""
    if not head or table[0].page == head[0].page:
        return 0
    n_named = sum(1 for _ in takewhile(lambda row: row.header, head))
    same = [_said(a) == _said(b) for a, b in zip(head, table, strict=False)]
    n = sum(1 for _ in takewhile(bool, same[: n_named or None]))
    least = _LEAST_TOLD if n_named else _LEAST_UNTOLD
    if n == len(head) or sum(map(bool, table[0].cells)) < least:
        return 0
    return 0 if n < len(table) and _said(head[n])[0] == _said(table[n])[0] != "" else n


def _said(row: Row) -> list[str]:
    return [flat(" ".join(run.text for run in cell)) for cell in row.cells]
