"""Timetables whose times stand beside what they are of at any height, on the base line of none of its lines: each time and the lines that
are nearest to it are a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from corpus.readers.pdf.runs import Run

_CLOCK: Final = r"\d{1,2}[:h]\d{2} ?(?:[ap]\.? ?m\b\.?|h(?:rs|oras)?\b\.?)?"
_TIMES = re.compile(rf"{_CLOCK}(?: ?(?:[-–—/]|a|to) ?{_CLOCK})?", re.IGNORECASE)
# So many times are a column of them, and so many of these have no line beside them on their base line.
_LEAST_TIMES: Final = 4
_LEAST_ALONE: Final = 2
_MAX_PARTED: Final = 0.2
# Of the height of the letters: how far above its time a talk may begin at the head of a page, and go on below the last one from line to line.
_ABOVE: Final = 1.0
_STEP: Final = 2.5


@dataclass(frozen=True, slots=True)
class Timetable:
    """The rows of print it begins with and ends before, and the cells of its rows: a time, and what it is of."""

    start: int
    end: int
    cells: list[list[list[Run]]]


def timetable_of(rows: Sequence[Sequence[Run]]) -> Timetable | None:
    """The timetable among the rows of print of a page; None where there is none, or the rows of print are its rows."""
    times = [n for n, row in enumerate(rows) if _TIMES.fullmatch(row[0].text)]
    alone = sum(len(rows[n]) == 1 for n in times)
    if len(times) < _LEAST_TIMES or alone < _LEAST_ALONE:
        return None
    start, end = _first(rows, times[0]), _end(rows, times[-1])
    edge, timed = median(rows[n][0].right for n in times), set(times)
    lines = [row[n in timed :] for n, row in enumerate(rows[start:end], start)]
    if any(run.left < edge or _TIMES.fullmatch(run.text) for line in lines for run in line):
        return None
    if sum(len(line) > 1 for line in lines) > _MAX_PARTED * len(lines):
        return None  # Other columns stand beside it
    bounds = [start, *(_begin(rows, a, b) for a, b in pairwise(times)), end]
    talks = [
        [run for line in lines[a - start : b - start] for run in line] for a, b in pairwise(bounds)
    ]
    if not all(talks):
        return None
    cells = [[[rows[n][0]], talk] for n, talk in zip(times, talks, strict=True)]
    return Timetable(start, end, cells)


def _first(rows: Sequence[Sequence[Run]], at: int) -> int:
    """Where what the first time is of, or one by itself, begins: perhaps a little above it."""
    near = at > 0 and rows[at - 1][0].bottom - rows[at][0].bottom < _ABOVE * rows[at][0].height
    return at - 1 if near else at


def _end(rows: Sequence[Sequence[Run]], at: int) -> int:
    """Where the lines end that the last time stands beside."""
    edge = rows[at][0].right
    at += 1
    while at < len(rows) and rows[at][0].left > edge:
        above, line = rows[at - 1][-1], rows[at][0]
        if above.bottom - line.bottom > _STEP * max(above.height, line.height):
            break
        at += 1
    return at


def _begin(rows: Sequence[Sequence[Run]], a: int, b: int) -> int:
    """Which row is the first of what the time of row ``b`` is of, below row ``a`` with the time before it: where bold letters follow others, or
    else the one furthest below the line before it."""
    alone = {n for n in (a, b) if len(rows[n]) == 1}
    first = _first(rows, a) if a in alone else a
    end = min(b + 1 + (b in alone), len(rows))
    lines = [n for n in range(first, end) if n not in alone]
    steps = [
        (not rows[n][-1].bold and rows[k][-1].bold, rows[n][-1].bottom - rows[k][-1].bottom, k)
        for n, k in pairwise(lines)
    ]
    return min(max(steps)[2], b) if steps else b
