"""Where rows of print share a gap: how far down columns or a table go."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from corpus.readers.draft import BULLET
from corpus.readers.pdf.billheads import names_items
from corpus.readers.pdf.gutters import columns_of, divides, gutters_of
from corpus.readers.pdf.lines import MARKER
from corpus.readers.pdf.pieces import FAR, Gap
from corpus.readers.pdf.prose import is_prose, steps_of
from corpus.readers.pdf.rules import MEET
from corpus.readers.pdf.runs import COLUMN_GAP, Post, Run

# Points from a letter to the edge of its cell.
_ON_EDGE: Final = 1.0
# Columns of prose have so many lines, and so many below them tell what stands there.
_LEAST_COLUMN_LINES: Final = 3
_LINES_AHEAD: Final = 12
# So many gaps has a timetable or the like.
_LEAST_MANY: Final = 6


def stretch_of(
    rows: Sequence[Sequence[Run]],
    at: int,
    meets: Mapping[float, Sequence[float]],
    posts: Sequence[Post],
) -> int:
    """Where the rows from ``at`` on end that are columns or a table; ``at`` if it begins none. ``meets``: at which heights cells do, by x."""
    end = _stretch(rows, at, meets, posts)
    end -= _n_heads(rows, at, end)
    return at if end - at < 2 or _heads_columns(rows, at, end, meets, posts) else end


def _stretch(
    rows: Sequence[Sequence[Run]],
    at: int,
    meets: Mapping[float, Sequence[float]],
    posts: Sequence[Post],
) -> int:
    """Where the rows from ``at`` on end that share a gap with text on both of its sides; ``at`` if none do. A gap that an edge between
    cells stands in may be narrow, and rows whose cells meet far apart."""
    edges = list(meets)
    if not _may_begin(rows, at):
        return at
    least = COLUMN_GAP * 0.9 * min(run.height for run in rows[at])
    free = _free(rows[at])
    end = good = at
    n_inner = 0
    for end in range(at, len(rows)):
        if (
            end > at
            and far_apart(rows[end - 1], rows[end])
            and not _in_one_grid(rows[end - 1][0], rows[end][0], meets)
            and not _steps_go_on(rows, at, end)
        ):
            break
        if end > at and names_items(rows, at, end):
            break
        if end > at and _begins_grid(rows, at, end, posts):
            while good > at + 1 and _is_between_boxes(rows[good - 1], posts):
                good -= 1
            break
        free = _both(free, _free(rows[end]), least, edges)
        inner = [gap for gap in free if divides(rows[at : end + 1], gap)]
        if len(inner) < n_inner and end - at > 2 and _steps_away(rows[at : end + 1]):
            break  # A line further below that has fewer columns is none of the table
        if 0 < n_inner < len(rows[end]) - 1 and _is_below_prose(rows, at, end):
            break  # A table below columns of prose, whose cells stand elsewhere
        if len(rows[end]) > len(inner) and 2 * len(inner) < n_inner >= _LEAST_MANY:
            break  # Another table of many columns begins, and these stand elsewhere
        if 0 < len(inner) < n_inner and _leaves_marks(rows, at, end, inner[-1]):
            break  # Below a text beside a list, the lines of this go on under both
        n_inner = len(inner)
        if inner:
            good = end + 1
        elif good > at or end - at > 5:
            break
    return good


def _free(row: Sequence[Run]) -> list[Gap]:
    edges = [-FAR, *(x for run in row for x in (run.left, run.right)), FAR]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]


def _has_other_edges(
    rows: Sequence[Sequence[Run]], edges: Sequence[float], posts: Sequence[Post]
) -> bool:
    """Whether the last of some rows that stands beside edges of cells has the outer ones of these, and none of the inner ones."""
    for row in reversed(rows):
        middle = row[0].bottom + 0.3 * row[0].height
        if beside := sorted(x for x, low, high in posts if low < middle < high):
            left, right = min(edges), max(edges)
            inner = [x for x in edges if left + MEET < x < right - MEET]
            shared = [x for x in inner if min(abs(x - other) for other in beside) < MEET]
            outer = max(abs(left - beside[0]), abs(right - beside[-1])) < MEET
            return outer and len(beside) > 2 and bool(inner) and not shared
    return False


def _is_between_boxes(row: Sequence[Run], posts: Sequence[Post]) -> bool:
    """Whether a line stands alone and beside no edge of a cell."""
    middle = row[0].bottom + 0.3 * row[0].height
    return len(row) == 1 and not any(low < middle < high for _, low, high in posts)


def _both(
    some: Sequence[Gap], others: Sequence[Gap], least: float, edges: Sequence[float]
) -> list[Gap]:
    """The gaps that are in both, ``least`` wide or with a drawn edge in them."""
    found = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return [
        (a, b)
        for a, b in found
        if b - a >= least
        or (a < b and bisect_left(edges, a - _ON_EDGE) < bisect_right(edges, b + _ON_EDGE))
    ]


def _n_heads(rows: Sequence[Sequence[Run]], at: int, end: int) -> int:
    """How many of the last rows that share a gap head the full lines below them: they begin where these do, alone and in other letters,
    and stand apart from the columns above."""
    if end - at < _LEAST_COLUMN_LINES or end == len(rows) or len(rows[end]) > 1:
        return 0
    line = rows[end][0]
    second = min((row[1].left for row in rows[at:end] if len(row) > 1), default=FAR)
    n = 0
    while end - n > at + 2 and second < line.right and _heads(rows[end - n - 1], line):
        n += 1
    steps = [a[0].bottom - b[0].bottom for a, b in pairwise(rows[at : end - n + 1])]
    return n if n and steps[-1] > _HEAD_STEP * median(steps) else 0


# Of the usual step from line to line: a heading stands further below the text above it.
_HEAD_STEP: Final = 1.3


def _heads(row: Sequence[Run], line: Run) -> bool:
    head = row[0]
    differs = (head.bold and not line.bold) or head.height > 1.08 * line.height
    return (
        len(row) == 1
        and differs
        and abs(head.left - line.left) < 1
        and head.bottom - line.bottom < _MAX_HEAD_STEPS * head.height
        and not BULLET.match(head.text)
    )


_MAX_HEAD_STEPS: Final = 5.0


def _in_one_grid(above: Run, below: Run, meets: Mapping[float, Sequence[float]]) -> bool:
    """Whether the cells of three columns meet between two lines, above the one and below the other: high cells with a picture each."""
    n_edges = 0
    for heights in meets.values():
        over = bisect_right(heights, above.bottom)
        under = bisect_left(heights, below.bottom)
        n_edges += 0 < under < over < len(heights)
    return n_edges > 1


# Of the height of the letters: cells one above the other, of one table, stand nearer.
_BOX_GAP: Final = 0.7


def _begins_grid(
    rows: Sequence[Sequence[Run]],
    at: int,
    end: int,
    posts: Sequence[Post],
) -> bool:
    """Whether the row ``end`` is the first in a box of cells: below a line that heads it and more of the rows from ``at`` on that have not
    as many cells; or in bold, below another box."""
    above, row = rows[end - 1], rows[end]
    if len(row) < 2 or not posts:
        return False
    low, top = (line[0].bottom + 0.3 * line[0].height for line in (row, above))
    beside = [x for x, a, b in posts if a < low < b]
    if not beside or min(beside) > row[0].left + 1 or max(beside) < row[-1].right - 1:
        return False
    if not any(a.right - 1 < x < b.left + 1 for x in beside for a, b in pairwise(row)):
        return False
    gap = _BOX_GAP * row[0].height
    reached, hole = low, False
    for a, b in sorted((a, b) for _, a, b in posts if a < top and b > low):
        hole = hole or a > reached + gap
        reached = max(reached, b)
    if reached < top:
        over = len(above) == 1 and above[0].left < max(beside) and above[0].right > min(beside)
        return over and (
            all(len(one) < len(row) for one in rows[at:end])
            or _has_other_edges(rows[at:end], beside, posts)
        )
    bold = all(run.bold for run in row) and not any(run.bold for run in above)
    return hole and bold and end - at > 1


def _steps_go_on(rows: Sequence[Sequence[Run]], at: int, end: int) -> bool:
    """Whether the numbered steps that stand side by side in the rows from ``at`` on are counted on from ``end`` on, below a picture."""
    last = {round(left / MEET): number for left, number in steps_of(rows[at:end])}
    below = end + 1
    while last and below < len(rows) and not far_apart(rows[below - 1], rows[below]):
        below += 1
    return len(last) > 1 and any(
        last.get(near) == number - 1
        for left, number in steps_of(rows[end:below])
        for near in (math.floor(left / MEET), math.ceil(left / MEET))
    )


def _heads_columns(
    rows: Sequence[Sequence[Run]],
    at: int,
    end: int,
    meets: Mapping[float, Sequence[float]],
    posts: Sequence[Post],
) -> bool:
    """Whether a row, as a running head, stands apart over columns of prose that go on further down than the gaps which they share
    with it."""
    if end >= len(rows) or len(rows[at]) < 2 or at + 2 >= end:
        return False
    step, usual = (a[0].bottom - b[0].bottom for a, b in pairwise(rows[at : at + 3]))
    height = rows[at + 1][0].height
    further = _stretch(rows, at + 1, meets, posts) if step > max(1.6 * usual, 1.6 * height) else end
    below = rows[at + 1 : further]
    return further > end and is_prose(below, columns_of(below, gutters_of(below)))


def _may_begin(rows: Sequence[Sequence[Run]], at: int) -> bool:
    row = rows[at]
    if len(row) > 1:
        return True
    after = rows[at + 1] if at + 1 < len(rows) else []
    return (
        bool(after)
        and (after[0].left > row[0].right or after[-1].right < row[0].left)
        and (row[0].bottom - after[0].bottom < 0.9 * row[0].height)
    )


def _steps_away(rows: Sequence[Sequence[Run]]) -> bool:
    """Whether the last row is further below the one before than those are from each other."""
    steps = [a[0].bottom - b[0].bottom for a, b in pairwise(rows)]
    return steps[-1] > 1.6 * max(steps[:-1])


def _is_below_prose(rows: Sequence[Sequence[Run]], at: int, end: int) -> bool:
    """Whether the rows from ``end`` on stand further below those from ``at`` on, which are columns of prose, and are none."""
    if end - at < _LEAST_COLUMN_LINES or not _steps_away(rows[at : end + 1]):
        return False
    above, below = rows[at:end], rows[end : end + _LINES_AHEAD]
    return is_prose(above, columns_of(above, gutters_of(above))) and not is_prose(
        below, columns_of(below, gutters_of(below))
    )


def _leaves_marks(rows: Sequence[Sequence[Run]], at: int, end: int, gap: Gap) -> bool:
    """Whether nothing but the marks of items stands left of a gap, the last that a line leaves free below columns of prose: it parts no
    columns."""
    left = [run for row in rows[at:end] for run in row if run.right < gap[0] + 1]
    if (
        end - at < _LEAST_COLUMN_LINES
        or not left
        or not all(MARKER.fullmatch(run.text) for run in left)
    ):
        return False
    columns = columns_of(rows[at:end], gutters_of(rows[at:end]))
    return len(columns) > 1 and is_prose(rows[at:end], columns)


def far_apart(before: Sequence[Run], row: Sequence[Run]) -> bool:
    """Whether more than three empty lines are between two rows."""
    return before[0].bottom - row[0].bottom > 5 * max(before[0].height, row[0].height)
