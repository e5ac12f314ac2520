"""The rules that are drawn on a page: which of them part something, where cells meet, and how far rows are ruled.

A rule goes from left to right at a height, a post from below upwards at an x; underlines are none.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from corpus.readers.pdf.lines import as_lines, may_be_line
from corpus.readers.pdf.pieces import FAR, Gap
from corpus.readers.pdf.runs import Post, Rule, Run, Sheet, rows_of

# The rules of two cells side by side end and begin so near each other; and so many cells a row has at most.
MEET: Final = 3.0
_MAX_CELLS: Final = 60
# So many pairs at most are looked at, on pages that are full of rules; and so many lines high is a cell.
MAX_CROSSINGS: Final = 200_000
MAX_CELL_LINES: Final = 40


def rules_of(sheet: Sheet) -> Sequence[Rule]:
    """The rules of a page that part something, those of a grid cell by cell."""
    return _crossed(_without_underlines(sheet), sheet.posts)


def _crossed(rules: Sequence[Rule], posts: Sequence[Post]) -> Sequence[Rule]:
    """Rules parted where upright ones meet them, as if they were drawn cell by cell."""
    if not posts or len(rules) * len(posts) > MAX_CROSSINGS:
        return rules
    found: list[Rule] = []
    for left, y, right in rules:
        meets = {
            x
            for x, low, high in posts
            if left + MEET < x < right - MEET and low - MEET < y < high + MEET
        }
        ends = [left, *sorted(meets), right]
        found += ((a, y, b) for a, b in pairwise(ends))
    return found


def _without_underlines(sheet: Sheet) -> list[Rule]:
    """The rules of a page without those right below words and no longer than these, which may be set wide."""
    level = rows_of([run for run in sheet.runs if not run.turned]) if sheet.rules else []
    wide = as_lines([row for row in level if may_be_line(row)])
    runs = sorted([*sheet.runs, *wide], key=lambda run: run.bottom)
    bottoms = [run.bottom for run in runs]
    tallest = max((run.height for run in runs), default=0.0)
    return [
        (left, y, right)
        for left, y, right in sheet.rules
        if not any(
            -0.1 * run.height < run.bottom - y < 0.25 * run.height
            and run.left - 2 <= left
            and right <= run.right + 2
            for run in runs[bisect_left(bottoms, y - tallest) : bisect_right(bottoms, y + tallest)]
        )
    ]


def meets_of(rules: Sequence[Rule]) -> dict[float, list[float]]:
    """Where the rule of a cell ends and that of the cell beside it begins: by x, from left to right, at which heights, from below."""
    drawn = sorted({(round(y, 1), a, b) for a, y, b in rules})
    places: list[tuple[float, float]] = []
    for n, (y, _, end) in enumerate(drawn):
        near = drawn[max(0, n - _MAX_CELLS) : n + _MAX_CELLS]
        places += [((end + a) / 2, y) for z, a, _ in near if abs(z - y) < 1 and abs(a - end) < MEET]
    found: dict[float, list[float]] = {}
    x = -FAR
    for at, y in sorted(places):
        if at - x > 2 * MEET:
            x = at
            found[x] = []
        found[x].append(y)
    return {x: sorted(heights) for x, heights in found.items()}


def rules_between(rows: Sequence[Sequence[Run]], rules: Sequence[Rule]) -> list[float]:
    """Heights of the rules between the first base line of some rows and their last."""
    left = min(row[0].left for row in rows)
    right = max(row[-1].right for row in rows)
    top, low = rows[0][0].bottom, rows[-1][0].bottom
    covered = covered_by([rule for rule in rules if low < rule[1] < top], left, right)
    return sorted((y for y, width in covered.items() if width > 0.6 * (right - left)), reverse=True)


def covered_by(rules: Sequence[Rule], left: float, right: float) -> dict[float, float]:
    """How much of the width from ``left`` to ``right`` the rules of each height cover."""
    covered: dict[float, float] = {}
    for a, y, b in rules:
        key = round(y / 2) * 2.0
        covered[key] = covered.get(key, 0.0) + max(0.0, min(b, right) - max(a, left))
    return covered


def heights_across(rules: Sequence[Rule], left: float, right: float) -> set[float]:
    """The heights of rules that run from ``left`` to ``right``."""
    covered = covered_by(rules, left, right)
    return {y for y, width in covered.items() if width > 0.9 * (right - left)}


def rules_of_cells(
    rows: Sequence[Sequence[Run]],
    drawn: Sequence[Gap],
    rules: Sequence[Rule],
) -> list[float]:
    """Heights at which rules part the cells of some columns, two at least, from edge to edge, beside cells that reach over several rows."""
    if not drawn:
        return []
    ends = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    edges = [ends[0], *((a + b) / 2 for a, b in drawn), ends[1]]
    top, low = rows[0][0].bottom, rows[-1][0].bottom
    inner = [rule for rule in rules if low < rule[1] < top]
    n_columns = Counter[float]()
    for left, right in pairwise(edges):
        covered = covered_by(inner, left, right)
        n_columns.update(y for y, width in covered.items() if width > 0.9 * (right - left))
    return [y for y, n in n_columns.items() if n > 1]
