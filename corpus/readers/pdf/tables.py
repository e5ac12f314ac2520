"""The rows of print that are a table → its rows: what is in which cell, which of them name the columns, what is said once for several
of them; and which lines above and below are the table's."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from corpus.blocks.divisions import names_division
from corpus.readers.draft import flat
from corpus.readers.pdf.billheads import n_totals
from corpus.readers.pdf.gutters import MAX_HEADERS, column_of, drawn_gutters, fits, gutters_of
from corpus.readers.pdf.lines import has_digit
from corpus.readers.pdf.pieces import FAR, Gap, Piece, Row
from corpus.readers.pdf.rules import (
    MAX_CELL_LINES,
    covered_by,
    heights_across,
    rules_between,
    rules_of_cells,
)
from corpus.readers.pdf.runs import Rule, Run
from corpus.readers.pdf.tablerows import HOURS, by_rows
from corpus.readers.tables import names_go_on

# A name and two rows below it tell that they are one column.
_LEAST_BELOW: Final = 2
# A value that stands beside several rows is read with each, where it is not prose.
_MAX_REPEATED_CHARS: Final = 80


def table_of(rows: Sequence[Sequence[Run]], rules: Sequence[Rule]) -> list[Piece]:
    """The rows of a table, of its rows of print; ``rules``: those of the page."""
    drawn = drawn_gutters(rows, rules)
    items = rows[: len(rows) - n_totals(rows)]
    gutters = drawn or _between_columns(rows, gutters_of(items))
    found: list[Row] = []
    ruled = rules_between(rows, rules)
    if len(drawn) > 1:
        # The edges of one cell may be drawn twice, with those of its ground
        once = {(round(a), round(y / 2), round(b)): (a, y, b) for a, y, b in rules}
        through = rules_between(rows, list(once.values()))
        ruled = through if len(through) > 1 else ruled
    ruled += rules_of_cells(
        rows, drawn, [rule for rule in rules if ruled and rule[1] < ruled[0] - 2]
    )
    groups, keys = by_rows(rows, gutters, ruled, drawn=bool(drawn))
    for group in groups:
        cells: list[list[Run]] = [[] for _ in range(len(gutters) + 1)]
        for line in group:
            in_order = len(line) == len(cells) and not found and not (drawn and line is not rows[0])
            for n, run in enumerate(line):
                cells[n if in_order else column_of(run, gutters)].append(run)
        cells[0] = keys.get(len(found), cells[0])
        found.append(Row(rows[0][0].page, cells, gutters=gutters, ruled=bool(drawn)))
    if not found:
        return []
    found[0].first = True
    n_labels = _n_labels(found)
    for row in found[:n_labels]:
        row.cells = [cell for cell in row.cells if cell]
    table = found[n_labels:]
    table[0].first = True
    for row in table[: _n_headers(table)]:
        row.header = True
    if drawn:
        bottoms = [group[0][0].bottom for group in groups]
        _repeat_merged(table, bottoms[n_labels:], drawn, rules)
    return list(found)


def _between_columns(rows: Sequence[Sequence[Run]], gutters: Sequence[Gap]) -> list[Gap]:
    """The gutters without those between the name of a column and what stands below it, where that begins right of the name's end or ends
    left of it: the first row has nothing on one side of the gutter, the others nothing on the other. Where the first row has figures it names no columns."""
    if any(char.isdigit() for run in rows[0] for char in run.text) or len(rows[0]) < 2:
        return list(gutters)
    filled = [{column_of(run, gutters) for run in row} for row in rows]
    needless: list[int] = []
    for n in range(len(gutters)):
        left, right = ([k for k, of in enumerate(filled) if m in of] for m in (n, n + 1))
        apart = (left == [0] and right and right[0] > 0) or (right == [0] and left and left[0] > 0)
        # A column is joined to one other at most
        if apart and len(left) + len(right) > _LEAST_BELOW and n - 1 not in needless:
            needless.append(n)
    return [gap for n, gap in enumerate(gutters) if n not in needless]


def _n_labels(rows: Sequence[Row]) -> int:
    """How many of the first rows are names and values over a table that names its columns below them: "Desde: Soria", "Día: 3 de mayo"."""
    n = 0
    for row in rows:
        filled = [cell for cell in row.cells if cell]
        if len(row.cells) < 3 or len(filled) != 2 or not row.cells[0]:
            break
        if not filled[0][-1].text.endswith(":"):
            break
        n += 1
    return n if n and _is_header(rows[n:]) else 0


def _n_headers(rows: Sequence[Row]) -> int:
    """How many of the first rows name the columns: one that does, those of groups of columns over it, and those that go on below it."""
    at = next((n for n in range(MAX_HEADERS) if _is_header(rows[n:])), MAX_HEADERS)
    if at == MAX_HEADERS or not all(map(_names_groups, rows[:at])):
        return 0
    said = [[flat(" ".join(run.text for run in cell)) for cell in row.cells] for row in rows[at:]]
    n = at + 1 + names_go_on(said)
    while n < min(MAX_HEADERS, len(rows) - 1) and _is_bold(rows[n], rows[n + 1 :]):
        n += 1
    return n


def _names_groups(row: Row) -> bool:
    """Whether a row has words over some of the columns only."""
    filled = [cell for cell in row.cells if cell]
    bold = all(run.bold for cell in filled for run in cell)
    if not filled or filled[0][0].text[:1].islower():
        return False
    return len(filled) < len(row.cells) and (
        bold or (len(filled) > 1 and not any(map(has_digit, filled)))
    )


def _is_header(rows: Sequence[Row]) -> bool:
    """Whether the first row names the columns: bold where the others are not, or words over numbers."""
    if len(rows) < 2:
        return False
    first, rest = rows[0], rows[1:]
    if sum(bool(cell) for cell in first.cells) < max(2, len(first.cells) - 1):
        return False
    if _is_bold(first, rest):
        return True
    if any(has_digit(cell) for cell in first.cells[1:]):
        return False
    return any(
        first.cells[n] and sum(has_digit(row.cells[n]) for row in rest) >= 0.6 * len(rest)
        for n in range(1, len(first.cells))
    )


def _is_bold(row: Row, rest: Sequence[Row]) -> bool:
    """Whether a row of two cells and more is bold, and most of the others are not."""
    filled = [cell for cell in row.cells if cell]
    others = [run for row in rest for cell in row.cells[1:] for run in cell]
    bold = all(run.bold for cell in filled for run in cell)
    return len(filled) > 1 and bold and sum(run.bold for run in others) < 0.5 * len(others)


def _repeat_merged(
    rows: Sequence[Row],
    tops: Sequence[float],
    gutters: Sequence[Gap],
    rules: Sequence[Rule],
) -> None:
    """Reads what stands in a cell that reaches over several rows of a ruled table with each of them, where it is short.

    ``tops``: the base line at which each row begins.
    """
    runs = [run for row in rows for cell in row.cells for run in cell]
    left, right = min(run.left for run in runs), max(run.right for run in runs)
    edges = [left, *((a + b) / 2 for a, b in gutters), right]
    between = [
        [(max(a, left), min(b, right)) for a, y, b in rules if low < y < top]
        for top, low in pairwise(tops)
    ]
    # Where hours stand over hours without a rule, one is missing, and nothing reaches on
    hours = [bool(row.cells[0]) and HOURS.fullmatch(row.cells[0][0].text) for row in rows]
    for n, drawn in enumerate(between):
        if hours[n] and hours[n + 1] and _reaches_on(drawn, edges[0], edges[1], right - left):
            between[n] = []
    for column, (start, end) in enumerate(pairwise(edges)):
        n = 0
        while n < len(rows):
            stop = n + 1
            while stop < len(rows) and _reaches_on(between[stop - 1], start, end, right - left):
                stop += 1
            cell = [run for row in rows[n:stop] for run in row.cells[column]]
            if stop - n > 1 and sum(len(run.text) for run in cell) <= _MAX_REPEATED_CHARS:
                for row in rows[n:stop]:
                    row.cells[column] = cell
            n = stop


def _reaches_on(drawn: Sequence[Gap], start: float, end: float, width: float) -> bool:
    """Whether the rule between two rows has a gap at a column, while it runs through most of the table."""
    across = sum(b - a for a, b in drawn if b > a)
    here = any(min(b, end) - max(a, start) > 0.5 * (end - start) for a, b in drawn)
    return not here and across > 0.1 * width


def n_in_first_row(
    rows: Sequence[Sequence[Run]],
    at: int,
    end: int,
    rules: Sequence[Rule],
    found: Sequence[Piece],
) -> int:
    """How many lines just above a drawn table stand below its upper rule, as the first lines of a cell do whose key stands halfway up. They
    were taken as lines, the last of those ``found``."""
    gutters = drawn_gutters(rows[max(0, at - 1) : end], rules)
    if not gutters:
        return 0
    left, right = (
        min(row[0].left for row in rows[at:end]),
        max(row[-1].right for row in rows[at:end]),
    )
    covered = covered_by([rule for rule in rules if rule[1] > rows[at][0].bottom], left, right)
    top = min((y for y, width in covered.items() if width > 0.9 * (right - left)), default=-FAR)
    n = 0
    while n < min(at, len(found), MAX_CELL_LINES) and isinstance(found[-1 - n], Run):
        row = rows[at - 1 - n]
        if row[0].bottom > top or len(row) > 1 or not fits(row[0], gutters):
            break
        n += 1
    return n


def n_after(rows: Sequence[Sequence[Run]], rules: Sequence[Rule]) -> int:
    """How many rows at the end of a table are lines of what follows it: they stand alone, and further below; not above its last rule."""
    steps = sorted(a[0].bottom - b[0].bottom for a, b in pairwise(rows))
    usual = steps[len(steps) // 2]
    lefts = [row[0].left for row in rows if len(row) > 1]
    if not lefts:
        return 0
    last = within = -FAR
    second = min(row[1].left for row in rows if len(row) > 1)
    if len(rules_between(rows, rules)) > 1 or drawn_gutters(rows, rules):
        right = max(row[-1].right for row in rows)
        line = 2 * rows[-1][0].height
        near = [rule for rule in rules if rule[1] > rows[-1][0].bottom - line]
        through, beside = (heights_across(near, x, right) for x in (min(lefts), second))
        last = min(through, default=last)
        # A rule that leaves out the keys is none below a table: what stands right below it is a cell
        within = min(beside - through, default=-FAR) - line
    n = 0
    for k in range(len(rows) - 1, 1, -1):
        row = rows[k]
        # A paper in another colour behind the text below has edges, too
        heads = row[0].bold and names_division(row[0].text)
        beside_key = row[0].bottom > within > -FAR and row[0].left > second - 1
        if len(row) > 1 or (row[0].bottom > last > -FAR and not heads) or beside_key:
            break
        if rows[k - 1][0].bottom - row[0].bottom > 1.3 * usual or row[0].left < min(lefts) + 1:
            n = len(rows) - k
    return n
