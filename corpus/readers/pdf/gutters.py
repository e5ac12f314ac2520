"""The gutters of rows, gaps that they leave free or edges that are drawn between their columns; and what stands in each column."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from corpus.readers.pdf.lines import LINE_STEP, MARKER, SECTION
from corpus.readers.pdf.pieces import FAR, Gap
from corpus.readers.pdf.rules import meets_of, rules_between
from corpus.readers.pdf.runs import Rule, Run

# So many rows at most name the columns of a table.
MAX_HEADERS: Final = 3


def gutters_of(
    rows: Sequence[Sequence[Run]], *, of_all: bool = False, exact: bool = False
) -> list[Gap]:
    """Gaps that nearly all rows leave free, of rows with more than one run where there are any; with ``of_all`` of all; with ``exact``
    those that every row leaves free."""
    several = [row for row in rows if len(row) > 1]
    judged = rows if of_all or len(several) < 2 else several
    height = min(run.height for row in judged for run in row)
    allowed = 0 if exact else len(judged) // 6
    n_askew = 0 if exact else _n_askew(judged, n_alone=len(rows) - len(judged))
    below = list(judged[n_askew:])
    # What stands alone beside all other columns is one, as where keys are set halfway up the lines of their row
    left, right = median(row[0].left for row in judged), median(row[-1].right for row in judged)
    alone = (row for row in rows if len(row) == 1 < len(judged[0]))
    beside = [row for row in alone if row[0].right < left or row[0].left > right]
    below += beside
    edges = sorted({x for row in (*judged, *beside) for run in row for x in (run.left, run.right)})
    found: list[Gap] = []
    for a, b in pairwise(edges):
        middle = (a + b) / 2
        n_there = sum(any(r.left < middle < r.right for r in row) for row in below)
        if n_there > allowed:
            continue
        if found and found[-1][1] == a:
            found[-1] = (found[-1][0], b)
        else:
            found.append((a, b))
    found = [gap for gap in found if gap[1] - gap[0] >= 0.6 * height and divides(rows, gap)]
    return [gap for n, gap in enumerate(found) if exact or not _is_within_cell(rows, found, n)]


def _is_within_cell(rows: Sequence[Sequence[Run]], gutters: Sequence[Gap], n: int) -> bool:
    """Whether a gap parts the words of one cell only, the first of its row, and another line of that column goes through it: "Safety    of
    the young", below it "Council of parents"; or a mark that says nothing from a word: "Birthdays   /"."""
    if n > 0 or len(gutters) < 2:
        return False
    gap, after = gutters[:2]
    beside = [run for row in rows for run in row if gap[1] - 1 < run.left < after[0]]
    if len(beside) != 1:
        return False
    run = beside[0]
    return run.text in "/&+" or any(
        len(row) == 1
        and row[0].left < gap[0]
        and gap[1] < row[0].right < after[0]
        and abs(row[0].bottom - run.bottom) < LINE_STEP * run.height
        and gap[1] - gap[0] < _WORD_GAP * run.height
        for row in rows
    )


# Of the height of the letters: words of one cell that are set wide stand no farther apart.
_WORD_GAP: Final = 1.5


def _n_askew(rows: Sequence[Sequence[Run]], n_alone: int) -> int:
    """How many of the first rows may stand askew over the columns, as names of them or of groups of them do; ``n_alone``: the lines of
    the table that have one run."""
    if len(rows) > 3 and len(rows[0]) > 2 and not n_alone:
        return 1
    n = 0
    while n < min(MAX_HEADERS, len(rows) - 2) and all(
        len(rows[n]) < len(row) and len(row) > 2 for row in rows[n + 1 :]
    ):
        n += 1
    return n


def divides(rows: Sequence[Sequence[Run]], gap: Gap) -> bool:
    """Whether a gap has text on both of its sides, in two rows at least each that stand beside one another."""
    left = [n for n, row in enumerate(rows) if row[0].right <= gap[0] + 0.1]
    right = [n for n, row in enumerate(rows) if row[-1].left >= gap[1] - 0.1]
    if len(left) < 2 or len(right) < 2:
        return False
    return min(left[-1], right[-1]) - max(left[0], right[0]) >= 1


def drawn_gutters(rows: Sequence[Sequence[Run]], rules: Sequence[Rule]) -> list[Gap]:
    """The edges between the columns of a table whose rules are drawn cell by cell: where these meet at two heights and more, or above and
    below the only row. [] where they are not, or part fewer columns than its rows leave free."""
    low, top = rows[-1][0].bottom - rows[-1][0].height, rows[0][0].bottom + 2 * rows[0][0].height
    edge = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    meets = meets_of([rule for rule in rules if low < rule[1] < top])
    found = [
        (x - 0.5, x + 0.5)
        for x, heights in meets.items()
        if edge[0] < x < edge[1] and len({round(y) for y in heights}) > 1
    ]
    if not found:
        found = [
            (x - 0.5, x + 0.5)
            for x, heights in meets_of(rules).items()
            if edge[0] < x < edge[1]
            and any(a < rows[-1][0].bottom and rows[0][0].bottom < b for a, b in pairwise(heights))
        ]
    runs = [run for row in rows for run in row]
    astride = sum(any(run.left < x - 2 and x + 2 < run.right for _, x in found) for run in runs)
    edges = [edge[0], *(x for _, x in found), edge[1]]
    gaps = gutters_of(rows)
    n_gaps = sum(len(found) < 2 or not _is_within_drawn(rows, gap, edges) for gap in gaps)
    return found if len(found) >= max(1, n_gaps) and 8 * astride <= len(runs) else []


def _is_within_drawn(rows: Sequence[Sequence[Run]], gap: Gap, edges: Sequence[float]) -> bool:
    """Whether more lines of the drawn column that a gap lies in go across it than leave it free."""
    middle = (gap[0] + gap[1]) / 2
    left, right = next(((a, b) for a, b in pairwise(edges) if a < middle < b), (FAR, FAR))
    held = [[run for run in row if left - 2 < run.left and run.right < right + 2] for row in rows]
    n_across = sum(any(run.left < middle < run.right for run in row) for row in held)
    n_free = sum(any(a.right < middle < b.left for a, b in pairwise(row)) for row in held)
    return n_across > n_free


def is_boxed(rows: Sequence[Sequence[Run]], rules: Sequence[Rule]) -> bool:
    """Whether rules run through the rows from column to column: a table, though its cells be full of prose."""
    n_rules = len(rules_between(rows, rules))
    return n_rules >= 2 and (n_rules >= len(rows) // 8 or bool(drawn_gutters(rows, rules)))


def columns_of(rows: Sequence[Sequence[Run]], gutters: Sequence[Gap]) -> list[list[Run]]:
    """The runs of each column; the numbers and bullets of a list are no column of their own, nor with lines that begin where they do."""
    columns: list[list[Run]] = [[] for _ in range(len(gutters) + 1)]
    for row in rows:
        for run in row:
            columns[column_of(run, gutters)].append(run)
    alone = {id(row[0]) for row in rows if len(row) == 1}
    merged: list[list[Run]] = []
    marked = False
    for column, after in zip(columns, [*gutters, (FAR, FAR)], strict=True):
        if marked:
            merged[-1] += column
        elif column:
            merged.append(column)
        others = [run for run in column if not MARKER.fullmatch(run.text)]
        n_marks = len(column) - len(others)
        # Headings between the items stand alone, or have a number
        heads = n_marks > len(others) and all(
            id(run) in alone or SECTION.fullmatch(run.text) for run in others
        )
        marked = n_marks > 0 and (heads or all(run.right > after[1] for run in others))
    return merged


def column_of(run: Run, gutters: Sequence[Gap]) -> int:
    """The number of the column that a run begins in, from 0."""
    return sum(run.left >= (a + b) / 2 - 1 for a, b in gutters)


def fits(run: Run, gutters: Sequence[Gap]) -> bool:
    """Whether a run lies within one column."""
    return all(run.right <= b + 1 or run.left >= a - 1 for a, b in gutters)
