"""Numbers beside a text that count its lines, one by one or by fives.

Knows how they differ from the numbers of items, from prices and from the cells of a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from corpus.document import LeftOut
from corpus.readers.pdf.edges import SAME_BASE, SAME_HEIGHT
from corpus.readers.pdf.pagenumbers import NUMBER
from corpus.readers.pdf.runs import Run, Sheet, rows_of

_LEAST_LINE_NUMBERS: Final = 4
_BEHIND_NUMBER: Final = ".:|) "
_LINE_NUMBER = re.compile(rf"\d{{1,4}} ?[{_BEHIND_NUMBER}]?")


def line_numbers(sheets: Sequence[Sheet]) -> Iterator[LeftOut]:
    """Numbers left of all text that count the lines, one by one or by fives: in smaller letters, on whole pages or beside prose, or anew
    on several pages; right of all text in smaller letters or beside prose only, for there stand numbers of pages and prices too."""
    found = [(sheet, _part_line_numbers(sheet), _counted_on(sheet)) for sheet in sheets]
    n_anew = sum(_counts_anew(counted, rows) for _, _, (counted, rows, _) in found)
    before: Run | None = None
    for sheet, counts_prose, (counted, rows, on_left) in found:
        if not counted:
            continue
        steps = {_count(b) - _count(a) for a, b in pairwise(counted)}
        smaller = counted[0].height < 0.9 * median(run.height for row in rows for run in row)
        # Numbers that count every line of a page are no numbers of items, whatever their size.
        every = len(counted) >= 0.9 * len(rows) and len(rows) >= 20
        anew = n_anew >= _LEAST_ANEW and _counts_anew(counted, rows)
        # "1:" may be the number of an item in letters of any size
        bare = all(run.text.isdecimal() for run in counted)
        told = len(counted) >= _LEAST_LINE_NUMBERS and (
            (bare and smaller)
            or counts_prose
            or (bare and on_left and (every or anew or steps == {5}))
            or _is_prose(rows, counted)
        )
        goes_on = before is not None and _is_column_of(before, counted[0])
        by_fives = bare and smaller and _are_every_fifth(rows, counted)
        if (told or goes_on or by_fives) and steps in (set(), {1}, {5}):
            before = counted[0]
            for numbers in (counted, *_other_counts(sheet, counted)):
                gone = set(map(id, numbers))
                sheet.runs = [run for run in sheet.runs if id(run) not in gone]
                yield LeftOut(
                    "–".join(dict.fromkeys((numbers[0].text, numbers[-1].text))),
                    sheet.page,
                    "line numbers",
                )


# Of the numbers on the left: a column may be shorter than the one beside it.
_LEAST_OF_OTHERS: Final = 0.5


def _other_counts(sheet: Sheet, counted: Sequence[Run]) -> list[list[Run]]:
    """Columns of numbers in the letters and on the lines of those that count the lines of a page, which count as they do and go on from
    the last of them or say the same: of the second column of its text."""
    if len(counted) < _LEAST_LINE_NUMBERS:
        return []
    columns: dict[int, list[Run]] = {}
    own = set(map(id, counted))
    bases = {round(run.bottom): run for run in counted}
    for run in sorted(sheet.runs, key=lambda run: -run.bottom):
        beside = next((bases[y] for k in (0, 1, -1) if (y := round(run.bottom) + k) in bases), None)
        if id(run) in own or run.turned or beside is None or not _LINE_NUMBER.fullmatch(run.text):
            continue
        if abs(run.height - beside.height) <= SAME_HEIGHT:
            # Numbers of two and of three digits begin or end at one place
            near = (x for x, found in columns.items() if _is_column_of(found[-1], run))
            columns.setdefault(next(near, round(run.right)), []).append(run)
    steps = {_count(b) - _count(a) for a, b in pairwise(counted)}
    return [
        found
        for found in columns.values()
        if len(found) >= max(_LEAST_LINE_NUMBERS, _LEAST_OF_OTHERS * len(counted))
        and {_count(b) - _count(a) for a, b in pairwise(found)} == steps
        and _count(found[0]) in (_count(counted[0]), _count(counted[-1]) + max(steps))
    ]


def _counted_on(sheet: Sheet) -> tuple[list[Run], list[list[Run]], bool]:
    """Numbers beside all text of a page, the lines of the text, and whether they stand left of it."""
    flat = [run for run in sheet.runs if not run.turned]
    numbers = [run for run in flat if _LINE_NUMBER.fullmatch(run.text)]
    others = [run for run in flat if _LINE_NUMBER.fullmatch(run.text) is None]
    if not numbers or not others:
        return [], [], False
    edge, far = min(run.left for run in others), max(run.right for run in others)
    on_left = sorted((r for r in numbers if r.right < edge), key=lambda run: -run.bottom)
    on_right = sorted((r for r in numbers if r.left > far), key=lambda run: -run.bottom)
    return max(on_left, on_right, key=len), rows_of(others), len(on_left) >= len(on_right)


# So many numbers from 1 on, on so many pages: the items of a list are seldom one line each, and as many on each page.
_LEAST_FROM_ONE: Final = 10
_LEAST_ANEW: Final = 3


def _counts_anew(counted: Sequence[Run], rows: Sequence[Sequence[Run]]) -> bool:
    """Whether numbers count from 1 on the lines of a page from the first of them to the last, which are no rows of several cells."""
    if len(counted) < _LEAST_FROM_ONE or [_count(run) for run in counted] != [
        n + 1 for n in range(len(counted))
    ]:
        return False
    top, low = counted[0].bottom + 1, counted[-1].bottom - 1
    beside = [row for row in rows if low < row[0].bottom < top]
    return len(counted) >= 0.9 * len(beside) and sum(len(row) > 1 for row in beside) < 0.2 * len(
        beside
    )


def _count(number: Run) -> int:
    return int(number.text.rstrip(_BEHIND_NUMBER))


def _is_column_of(number: Run, other: Run) -> bool:
    """Whether a number stands where those of the page before do, in their letters: the last page may have two lines."""
    beside = min(abs(number.right - other.right), abs(number.left - other.left)) <= SAME_BASE
    return beside and abs(number.height - other.height) <= SAME_HEIGHT


# Of numbers in the letters of the text: a few short steps of a recipe may look like prose.
_LEAST_PROSE_LINES: Final = 5


def _is_prose(rows: Sequence[Sequence[Run]], counted: Sequence[Run]) -> bool:
    """Whether numbers stand beside nearly all lines of a text that goes on from line to line: in small letters, and where it is full."""
    beside = [row for row in rows if any(_on_one_line(row[0], number) for number in counted)]
    if len(beside) < max(_LEAST_PROSE_LINES, 0.8 * len(rows)) or any(row[1:] for row in beside):
        return False
    full = min(row[0].left for row in beside), max(row[0].right for row in beside)
    n_full = sum(row[0].right - full[0] >= 0.85 * (full[1] - full[0]) for row in beside)
    n_small = sum(row[0].text[0].islower() for row in beside)
    return 2 * n_small >= len(beside) and 3 * n_full >= 2 * len(beside)


def _are_every_fifth(rows: Sequence[Sequence[Run]], counted: Sequence[Run]) -> bool:
    """Whether numbers stand beside each fifth line and say so: 5, 10, 15."""
    places = [
        [n for n, row in enumerate(rows) if _on_one_line(row[0], number)] for number in counted
    ]
    if len(counted) < 2 or not all(places) or any(_count(run) % 5 for run in counted):
        return False
    return all(
        b[0] - a[0] == _count(y) - _count(x) == 5
        for (a, b), (x, y) in zip(pairwise(places), pairwise(counted), strict=True)
    )


def _on_one_line(run: Run, number: Run) -> bool:
    return abs(run.bottom - number.bottom) < 0.3 * run.height


_COUNTED = re.compile(r"(\d{1,4}) (?=[^\W\d_])")
# Of the height of the letters: a space is narrower.
_NUMBER_GAP: Final = 0.3


def _part_line_numbers(sheet: Sheet) -> bool:
    """Parts the numbers that count the lines of prose one by one from the lines that they stand so near that they are read as their
    first words; whether there are any."""
    rows = rows_of([run for run in sheet.runs if not run.turned])
    at_edge: list[tuple[int, Run, re.Match[str] | None]] = []
    for row in rows:
        first = row[0]
        mark = _COUNTED.match(first.text) if first.edges else None
        n = len(mark[1]) if mark is not None else 0
        if mark is not None and first.edges[2 * n + 2] - first.edges[2 * n - 1] < (
            _NUMBER_GAP * first.height
        ):
            mark = None
        if mark is not None or (NUMBER.fullmatch(first.text) and len(row) > 1):
            at_edge.append((int(mark[1] if mark is not None else first.text), first, mark))
    glued = [(run, mark) for _, run, mark in at_edge if mark is not None]
    n_small = sum(run.text[mark.end()].islower() for run, mark in glued)
    counted = all(b[0] == a[0] + 1 for a, b in pairwise(at_edge))
    prose = 2 * n_small >= len(glued) and len(at_edge) >= 0.8 * len(rows)
    if not glued or len(at_edge) < _LEAST_LINE_NUMBERS or not counted or not prose:
        return False
    for run, mark in glued:
        n = len(mark[1])
        right = run.edges[2 * n - 1]
        number = Run(mark[1], run.page, run.left, run.bottom, right, run.height)
        number.edges = run.edges[: 2 * n]
        run.text, run.edges = run.text[n + 1 :], run.edges[2 * n + 2 :]
        run.left = run.edges[0]
        sheet.runs.insert(next(k for k, one in enumerate(sheet.runs) if one is run), number)
    return True
