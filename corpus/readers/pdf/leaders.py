"""Lines whose values have dot leaders before each, "Adult .... 3.00 .... 2.50" → rows of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from corpus.readers.pdf.pieces import Piece, Row
from corpus.readers.pdf.runs import COLUMN_GAP, Run

_LEADERS = re.compile(r"\s?(?:\.\s?){5,}")
# "$1.90", "3", "12,50 €": no name of a second entry
_VALUE = re.compile(r"\W{0,2}\d[\d.,]*\W{0,2}")


def with_led_rows(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with lines that are a name and several values, with dots from each to the next, as rows of a table: "Adult .... 3.00 ....
    2.50". A line above that has as many words apart names the columns."""
    found: list[Piece] = []
    for (page, n_cells), group in groupby(
        ((piece, _led(piece)) for piece in pieces), key=lambda one: (one[0].page, len(one[1]))
    ):
        alike = list(group)
        if not n_cells or len(alike) < 2:
            found += (piece for piece, _ in alike)
            continue
        names = _apart_in(found[-1]) if found and found[-1].page == page else []
        named = len(names) == n_cells
        if named:
            found[-1] = Row(page, [[run] for run in names], first=True, header=True)
        for n, (_, cells) in enumerate(alike):
            found.append(Row(page, [[run] for run in cells], first=n == 0 and not named))
    return found


def _led(piece: Piece) -> list[Run]:
    """The name and the values of a line with dots between them; [] of any other."""
    if not isinstance(piece, Run) or not piece.edges:
        return []
    leaders = list(_LEADERS.finditer(piece.text))
    if len(leaders) < 2 or leaders[0].start() == 0:
        return []
    starts = [leader.end() for leader in leaders]
    ends = [*(leader.start() for leader in leaders[1:]), len(piece.text)]
    if not all(_VALUE.fullmatch(piece.text[a:b]) for a, b in zip(starts, ends, strict=True)):
        return []
    spans = [(0, leaders[0].start()), *zip(starts, ends, strict=True)]
    return [_part_of(piece, a, b) for a, b in spans]


def _apart_in(piece: Piece) -> list[Run]:
    """The words of a line that stand as far apart as columns do."""
    if not isinstance(piece, Run) or not piece.edges:
        return []
    gaps = [
        n
        for n, char in enumerate(piece.text)
        if char == " " and piece.edges[2 * n + 1] - piece.edges[2 * n] > COLUMN_GAP * piece.height
    ]
    bounds = [-1, *gaps, len(piece.text)]
    return [_part_of(piece, a + 1, b) for a, b in pairwise(bounds)]


def _part_of(run: Run, start: int, end: int) -> Run:
    edges = run.edges[2 * start : 2 * end]
    return replace(run, text=run.text[start:end], left=edges[0], right=edges[-1], edges=edges)
