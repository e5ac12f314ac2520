"""The highest and lowest lines of a page, and when two lines are in one place.

Knows how far in from its edge a page may have a head or a foot, and how far apart from the body that stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from corpus.readers.pdf.runs import Run, Sheet, rows_of

# Letterheads and imprints have up to so many lines: the name of a school, its decrees, code, place and the name of the document.
EDGE_ROWS: Final = 9
_OUTER_ROWS: Final = 4
_LEAST_SAID: Final = 8
# What is the first half of a sentence has so many words; the name of something may have fewer.
LEAST_HALF_WORDS: Final = 6
ENDED = re.compile(r"(?:[.:;!?…]|\. ?[-–])[)\]\"'”’»]*\Z")
# Points by which the base line, and the height, may differ in one place.
SAME_BASE: Final = 3.0
SAME_HEIGHT: Final = 0.5


def edge_lines(
    sheet: Sheet, apart: dict[int, float], inner: dict[int, Run], cuts: set[int]
) -> list[Run]:
    """The highest and lowest lines of a page; ``apart`` takes how far each is from the body, ``inner`` the line next to it on
    the side of the body, where that is near: the note whose last line it may be, ``cuts`` those that stand within a sentence."""
    rows = rows_of([run for run in sheet.runs if not run.turned])
    found: list[Run] = []
    n = len(rows)
    all_steps = sorted(a[0].bottom - b[0].bottom for a, b in pairwise(rows))
    usual = all_steps[len(all_steps) // 2] if n > 4 else 0.0
    for k, row in enumerate(rows):
        if EDGE_ROWS <= k < n - EDGE_ROWS:
            continue
        upper = k < n - 1 - k
        towards = rows[k + 1 if upper else k - 1] if n > 1 else row
        near = towards is not row and abs(row[0].bottom - towards[0].bottom) < 1.6 * row[0].height
        inwards = towards[-1].text
        goes_on = not ENDED.search(inwards) and len(inwards.split()) >= LEAST_HALF_WORDS
        within = towards[0].text[0].islower() if upper else goes_on
        for run in row:
            if run is row[0] and len(row) > 1 and not any(map(str.isalnum, run.text)):
                continue  # The bullet of an item
            says = sum(map(str.isalnum, run.text)) >= _LEAST_SAID
            if min(k, n - 1 - k) >= _OUTER_ROWS and not says:
                continue  # So far in, what is as short is the number of an item
            if near:
                inner[id(run)] = towards[0]
            if within:
                cuts.add(id(run))
            # A step as large as the others parts nothing: tables may be set wide.
            steps = _steps(rows, k, EDGE_ROWS if says else _OUTER_ROWS)
            apart[id(run)] = max((step for step in steps if step > 1.25 * usual), default=0.0)
            found.append(run)
    return found


def _steps(rows: Sequence[Sequence[Run]], k: int, most: int) -> list[float]:
    """How far the lines are apart from the ``k``th on towards the body, up to ``most`` of them: the last line of a head from the first of the
    body among them."""
    n, upper = len(rows), k < len(rows) - 1 - k
    block = range(k, min(n, k + most)) if upper else range(k, max(-1, k - most), -1)
    return [
        abs(rows[a][0].bottom - rows[b][0].bottom)
        for a, b in pairwise([*block, block[-1] + (1 if upper else -1)])
        if 0 <= b < n
    ]


def same_place(line: Run, other: Run) -> bool:
    """Whether two lines stand at one height of their pages, in letters of one size."""
    return (
        abs(line.bottom - other.bottom) <= SAME_BASE
        and abs(line.height - other.height) <= SAME_HEIGHT
    )


def row_of(line: Run) -> tuple[int, int]:
    """The line of print that a run stands in."""
    return line.page, round(line.bottom)


def overlap(run: Run, other: Run) -> bool:
    """Whether two runs stand less than a line apart in height."""
    return abs(run.bottom - other.bottom) < 0.8 * run.height


def has_letters(run: Run) -> bool:
    """Whether a run says something in letters."""
    return any(map(str.isalpha, run.text))


def words_in(text: str) -> list[str]:
    """The words of a text in small letters, without what stands between them."""
    return re.findall(r"\w+", text.lower())
