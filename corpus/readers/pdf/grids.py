"""Forms whose every row is drawn with cells of its own: their columns stand at other places from row to row, or most are blank, so that no
gap runs through them; the upright rules tell where the cells of each are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from corpus.readers.pdf.runs import Post, Rule, Run, rows_of

_MEET: Final = 3.0
# So many rows of a form, and half of them, have words in several cells.
_LEAST_BANDS: Final = 3
_LEAST_RULED: Final = 0.6
# Of the rows of a form that is to be filled in: so many have words in several cells at most.
_MAX_FILLED: Final = 0.25
# Upright rules of two cells.
_LEAST_EDGES: Final = 3
_MAX_LOOKS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Form:
    """The rows of print ``end`` ends before, and the cells of each row of the form, from left to right."""

    end: int
    bands: list[list[list[Run]]]


def forms_of(
    rows: Sequence[Sequence[Run]], rules: Sequence[Rule], posts: Sequence[Post]
) -> dict[int, Form]:
    """The forms among the rows of print of a page, by the first of each."""
    if not posts or len(rows) * (len(posts) + len(rules)) > _MAX_LOOKS:
        return {}
    edges = [_edges(row, posts) for row in rows]
    found: dict[int, Form] = {}
    single: dict[int, Form] = {}
    blank = False
    at = 0
    while at < len(rows):
        end = at + 1
        while end < len(rows) and _is_same_box(edges[at], edges[end]):
            end += 1
        bands = _bands(rows, edges, at, end, rules)
        columns = [edges[band[0]] for band in bands]
        cells = [
            _cells([rows[n] for n in band], some) if some else []
            for band, some in zip(bands, columns, strict=True)
        ]
        if all(map(_is_one_row, cells)):
            if len(bands) == 1:
                single[at] = Form(end, cells)
            elif _is_blank(columns, cells):
                # Over the names of the rows nothing may stand
                over: list[list[Run]] = [[] for _ in range(len(cells[1]) - len(cells[0]))]
                found[at] = Form(end, [[*over, *cells[0]], *cells[1:]])
                blank = True
            elif _is_filled(columns, cells):
                found[at] = Form(end, cells)
        at = end
    # A form that is to be filled in may have boxes of one row
    several = {at: form for at, form in single.items() if sum(map(bool, form.bands[0])) > 1}
    return found | several if blank else found


def _is_blank(columns: Sequence[Sequence[float]], cells: Sequence[Sequence[Sequence[Run]]]) -> bool:
    """Whether the rows of a box are names with a blank, at least as wide, beside nearly each, to be filled in."""
    n_filled = sum(sum(map(bool, band)) > 1 for band in cells)
    edges = columns[0]
    return (
        len(cells) >= _LEAST_BANDS
        and len(edges) >= _LEAST_EDGES
        and 2 * (edges[1] - edges[0]) < edges[-1] - edges[0]
        and len(edges) - 2 <= len(cells[0])
        and all(len(band) == len(edges) - 1 for band in cells[1:])
        and not any(band[0][0].text[0].islower() for band in cells)
        and n_filled <= _MAX_FILLED * len(cells)
        and all(_holds(a, b) and _holds(b, a) for a, b in pairwise(columns))
    )


def _is_filled(columns: Sequence[Sequence[float]], cells: Sequence[Sequence[object]]) -> bool:
    """Whether the cells of the rows of a box stand elsewhere from row to row, most with words in several."""
    n_filled = sum(sum(map(bool, band)) > 1 for band in cells)
    return n_filled >= max(_LEAST_BANDS, len(cells) / 2) and any(
        not _holds(some, other) and not _holds(other, some) for some, other in pairwise(columns)
    )


def _edges(row: Sequence[Run], posts: Sequence[Post]) -> list[float]:
    """Where upright rules stand beside the letters of a row; [] where some run stands beyond them."""
    middle = row[0].bottom + 0.3 * row[0].height
    found: list[float] = []
    for x in sorted(x for x, low, high in posts if low < middle < high):
        if not found or x - found[-1] > _MEET:
            found.append(x)
    inside = found and found[0] < row[0].left + 1 and row[-1].right - 1 < found[-1]
    return found if inside else []


def _is_same_box(some: Sequence[float], other: Sequence[float]) -> bool:
    """Whether rows have the same outer edges."""
    return (
        len(some) > 1
        and len(other) > 1
        and abs(some[0] - other[0]) < _MEET
        and abs(some[-1] - other[-1]) < _MEET
    )


def _bands(
    rows: Sequence[Sequence[Run]],
    edges: Sequence[list[float]],
    at: int,
    end: int,
    rules: Sequence[Rule],
) -> list[list[int]]:
    """Which rows of print are one row of the form: no rule parts them, and they have the same edges."""
    found = [[at]]
    for n in range(at + 1, end):
        if edges[n] == edges[n - 1] and not _is_ruled(rows[n - 1], rows[n], edges[n], rules):
            found[-1].append(n)
        else:
            found.append([n])
    return found


def _is_ruled(
    above: Sequence[Run], below: Sequence[Run], edges: Sequence[float], rules: Sequence[Rule]
) -> bool:
    covered: dict[int, float] = {}
    for left, y, right in rules:
        if below[0].bottom < y < above[0].bottom:
            height = round(y / 2)
            width = max(0.0, min(right, edges[-1]) - max(left, edges[0]))
            covered[height] = covered.get(height, 0.0) + width
    return max(covered.values(), default=0.0) > _LEAST_RULED * (edges[-1] - edges[0])


def _holds(some: Sequence[float], other: Sequence[float]) -> bool:
    """Whether the first has all edges of the second, as the rows of a table have those of a cell that reaches over several columns."""
    return all(any(abs(x - y) < _MEET for y in some) for x in other)


def _is_one_row(cells: Sequence[Sequence[Run]]) -> bool:
    """Whether no run stands across an edge, and one cell at most has several lines: where two have, no rule tells whether they are rows."""
    return bool(cells) and sum(len(rows_of(cell)) > 1 for cell in cells) < 2


def _cells(lines: Sequence[Sequence[Run]], edges: Sequence[float]) -> list[list[Run]]:
    """The runs of each cell; [] where a run stands across an edge. An empty cell at the left may hold a picture."""
    cells: list[list[Run]] = [[] for _ in range(len(edges) - 1)]
    for run in (run for line in lines for run in line):
        n = bisect_right(edges, (run.left + run.right) / 2) - 1
        if run.left < edges[n] - 1 or run.right > edges[n + 1] + 1:
            return []
        cells[n].append(run)
    first = next(n for n, cell in enumerate(cells) if cell)
    return cells[first:]
