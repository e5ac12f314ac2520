"""Runs that go over several cells of a row as one for each: their text is set so near, or over one another, that it was joined, and the
other rows, or edges that are drawn, tell where each begins."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from corpus.readers.draft import BULLET
from corpus.readers.pdf.pieces import FAR, Gap
from corpus.readers.pdf.rules import MAX_CELL_LINES, MEET, meets_of
from corpus.readers.pdf.runs import COLUMN_GAP, Post, Rule, Run, rows_of

# So many rows above and below tell where the columns of one begin, unless a step of so many heights parts them from it; of those with
# several runs so many have to begin one there, and this share.
_NEAR_ROWS: Final = 20
_MAX_STEP: Final = 2.5
_LEAST_STARTS: Final = 2
_LEAST_SHARE: Final = 0.15
_SAME_START: Final = 0.7
# Of the height of the letters: a space so wide stands between cells where rows have a gap there.
_WIDE_SPACE: Final = 0.5
_LEAST_FREE: Final = 3
_MAX_CELLS: Final = 60
_CELL_GAP: Final = 1.5 * COLUMN_GAP
_LEAST_CELL_GAP: Final = 1.5
_LEAST_SPACES: Final = 2
_FIGURE = re.compile(r"\d{1,5}(?:[.,:]\d{1,3})*")
_MARK = re.compile(r"\[\d{1,3}\]|\d{1,2}(?:\.\d{1,2})+\.?|o")


def parted_at(run: Run, at: int) -> tuple[Run, Run]:
    """A run as two, the second from character ``at`` on or from behind the space there."""
    rest = at + (run.text[at] == " ")
    first = replace(run, text=run.text[:at], right=run.edges[2 * at - 1], edges=run.edges[: 2 * at])
    return first, replace(
        run, text=run.text[rest:], left=run.edges[2 * rest], edges=run.edges[2 * rest :]
    )


def by_cells(runs: Sequence[Run]) -> list[Run]:
    """Runs of a page, those that go over several cells parted."""
    runs = [part for run in runs for part in _figures(run)]
    rows = rows_of(runs)
    if all(len(row) < 2 for row in rows):
        return list(runs)
    starts = [[b.left for a, b in pairwise(row) if not _is_mark(a.text)] for row in rows]
    found: dict[int, list[Run]] = {}
    for n, row in enumerate(rows):
        near = list(_near(rows, n))
        several = [rows[k] for k in near if 1 < len(rows[k]) <= _MAX_CELLS]
        beside = sorted(x for k in near for x in starts[k])
        some, most = (
            _starts(beside, max(_LEAST_STARTS, math.ceil(share * len(several))))
            for share in (_LEAST_SHARE, 0.5)
        )
        alone, beside_others = _Columns(some), _Columns(some, most, several)
        for run in row:
            parts = _parted(run, alone)
            if len(row) > 1 or len(parts) > 1:
                # A space may part cells in a row that has several
                parts = [cell for part in parts for cell in _parted(part, beside_others)]
            found[id(run)] = parts
    return [part for run in runs for part in found[id(run)]]


def _figures(run: Run) -> Iterator[Run]:
    """A run that is nothing but several figures with wide spaces between them, as times of a timetable are, as one for each."""
    spaces = [n for n, char in enumerate(run.text) if char == " "] if run.edges else []
    gaps = [run.edges[2 * n + 2] - run.edges[2 * n - 1] for n in spaces]
    wide = len(gaps) >= _LEAST_SPACES and min(gaps) > _WIDE_SPACE * run.height
    if not wide or not all(map(_FIGURE.fullmatch, run.text.split(" "))):
        yield run
        return
    # Between columns there has to be more room, as their rows begin a little further left or right
    less = max(0.0, _CELL_GAP * run.height - min(gaps))
    for n in [*reversed(spaces), 0]:
        run, cell = parted_at(run, n) if n else (run, run)
        cell.right = max(cell.edges[1], cell.right - less)
        yield cell


def _near(rows: Sequence[Sequence[Run]], n: int) -> Iterator[int]:
    """The rows above and below one that no large step parts from it."""
    for step in (-1, 1):
        for k in range(n, n + step * _NEAR_ROWS, step):
            to = k + step
            if not 0 <= to < len(rows):
                break
            if abs(rows[k][0].bottom - rows[to][0].bottom) > _MAX_STEP * rows[n][0].height:
                break
            yield to


@dataclass(frozen=True, slots=True)
class _Columns:
    """What other rows say of the columns of one: where some of them begin a cell, and for a row of several runs where most do, and which
    have several."""

    some: Sequence[float]
    most: Sequence[float] = ()
    rows: Sequence[Sequence[Run]] = ()


def _starts(lefts: Sequence[float], least: int) -> list[float]:
    """Where so many of the runs begin, from left to right."""
    found: list[float] = []
    for n in range(len(lefts) - least + 1):
        several = lefts[n + least - 1] - lefts[n] < _SAME_START
        if several and (not found or lefts[n] - found[-1] >= _SAME_START):
            found.append(lefts[n])
    return found


def _parted(run: Run, columns: _Columns) -> list[Run]:
    if not (columns.some or columns.rows):
        return [run]
    found: list[Run] = []
    rest = run
    for n in range(len(run.edges) // 2 - 1, 0, -1):
        # Few characters do, and what else has to hold takes longer to tell
        if not _begins_cell(run, n, columns):
            continue
        if not run.text[n : n + 3].strip(". ") or _is_mark(run.text[:n].rstrip()):
            continue
        rest, cell = parted_at(rest, n - (run.text[n - 1] == " "))
        # What has no room in its cell is set over the next
        rest.right = min(rest.right, cell.left - COLUMN_GAP * run.height)
        found.append(cell)
    return [rest, *reversed(found)]


def _begins_cell(run: Run, n: int, columns: _Columns) -> bool:
    """Whether the cell of a column begins at a character: where other rows begin one, by a capital right behind a small letter or by a wide
    space, and by any where most rows do; else behind a wide space that stands between cells of other rows."""
    left, char = run.edges[2 * n], run.text[n]
    if run.text[n - 1] != " ":
        opens = char.isupper() and (run.text[n - 1].islower() or run.text[n - 1] in ").")
        return opens and _is_in(left, columns.some)
    if char.islower() or not columns.rows:
        return False
    before = run.edges[2 * n - 3] if n > 1 else left
    if left - before > _WIDE_SPACE * run.height:
        return _is_in(left, columns.some) or _is_gap(before, left, columns.rows)
    return (char.isupper() or char.isdigit()) and _is_in(left, columns.most)


def _is_in(x: float, starts: Sequence[float]) -> bool:
    at = bisect_left(starts, x - _SAME_START)
    return at < len(starts) and starts[at] < x + _SAME_START


def _is_mark(text: str) -> bool:
    """Whether a text is the mark or the number of an item, beside which no cell begins."""
    return BULLET.match(f"{text} ") is not None or _MARK.fullmatch(text) is not None


def _is_gap(left: float, right: float, rows: Sequence[Sequence[Run]]) -> bool:
    """Whether half of the rows have a gap there, and none a word."""
    middle = (left + right) / 2
    across = sum(any(run.left < middle < run.right for run in row) for row in rows)
    free = sum(
        any(a.right <= left + 1 and b.left >= right - 1 for a, b in pairwise(row)) for row in rows
    )
    return not across and free >= max(_LEAST_FREE, len(rows) / 2)


def by_drawn_cells(
    runs: Sequence[Run],
    rules: Sequence[Rule],
    posts: Sequence[Post],
) -> list[Run]:
    """Runs that go over the edge between two cells as one for each: where cells meet above and below, and no letter stands in between;
    an upright rule, where there are any at the edge, goes past the run."""
    found: list[Run] = []
    meets = _edges_of_cells(rules)
    edges = list(meets)
    upright: dict[float, list[Gap]] = {}
    for at, low, high in sorted(posts):
        for x in edges[bisect_left(edges, at - MEET) : bisect_right(edges, at + MEET)]:
            upright.setdefault(x, []).append((low, high))
    for run in runs:
        first, last = bisect_right(edges, run.left + 2), bisect_left(edges, run.right - 2)
        for x in reversed(edges[first:last]):
            heights, reach = meets[x], MAX_CELL_LINES * run.height
            above = bisect_right(heights, run.bottom)
            if not 0 < above < len(heights) or heights[above] - heights[above - 1] > reach:
                continue
            middle = run.bottom + 0.3 * run.height
            if x in upright and not any(low < middle < high for low, high in upright[x]):
                continue
            cut = _gap_at(run, x)
            if cut:
                run, cell = parted_at(run, cut)
                found.append(cell)
        found.append(run)
    return found


def _edges_of_cells(rules: Sequence[Rule]) -> dict[float, list[float]]:
    """Where cells meet, and at which heights the rule of one begins there alone, as beside a cell that reaches over several rows."""
    meets = meets_of(rules)
    places = sorted((a, y) for a, y, _ in rules)
    for x, heights in meets.items():
        first, end = (bisect_left(places, (at, -FAR)) for at in (x - MEET, x + MEET))
        if len(heights) > 1:
            meets[x] = sorted({*heights, *(round(y, 1) for _, y in places[first:end])})
    return meets


def _gap_at(run: Run, x: float) -> int:
    """The place in a run of the space, or of the letter behind a gap, that an edge goes through; 0 where none is."""
    for n in range(1, len(run.edges) // 2 - 1):
        space = run.text[n] == " "
        left, right = run.edges[2 * n - 1], run.edges[2 * n + space]
        if left - 1 < x < right + 1 and (space or right - left > _LEAST_CELL_GAP):
            return n
    return 0
