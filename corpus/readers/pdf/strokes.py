"""Lines that are drawn through words, which are struck out, and below them, which are underlined.

Knows how high above or below the base line a stroke means which, and how much of a run it must cover.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from corpus.readers.pdf.paths import Stroke
from corpus.readers.pdf.places import ByBase
from corpus.readers.pdf.runs import Run, Sheet, in_frame

# Of the height of the letters above their base line: there a line goes through them; below it underlines a number that is raised.
_STRUCK_AT: Final = (0.18, 0.45)
_MAY_STRIKE: Final = (0.1, 0.75)
_LEAST_STRUCK: Final = 0.85
_UNDERLINED_AT: Final = (-0.28, -0.02)
_LEAST_UNDERLINED: Final = 0.9
# Where so many lines of a page are underlined, none is a heading.
_MAX_UNDERLINED: Final = 60
_MAX_MEETINGS: Final = 5_000_000
_LEAST_LETTERS_STRUCK: Final = 5


def strike_out(sheet: Sheet, strokes: list[Stroke]) -> None:
    """Takes out the words that a line is drawn through."""
    printed = [run for run in sheet.runs if not (run.turned or run.typed)]
    if not 0 < len(strokes) * len(printed) < _MAX_MEETINGS:
        return
    ends: dict[int, tuple[float, float]] = {}
    for run in printed:
        base = round(run.bottom)
        left, right = ends.get(base, (run.left, run.right))
        ends[base] = min(left, run.left), max(right, run.right)
    found = {id(run): through for run in printed if (through := _through(run, strokes, ends))}
    kept: list[Run] = []
    for run in sheet.runs:
        through = found.get(id(run), [])
        if sum(b - a for a, b in through) > _LEAST_STRUCK * (run.right - run.left):
            sheet.struck.append(run)
        elif through:
            rest, struck = _struck(run, through)
            kept.append(rest)
            sheet.struck += struck
        else:
            kept.append(run)
    sheet.runs = kept


def underline(sheet: Sheet, strokes: Sequence[Stroke], textpage: Any) -> None:
    """Says which runs have lines below all of their letters and no longer than these; links have, too, and are coloured, and so have texts
    of several lines and cells."""
    runs = sheet.runs
    if len(strokes) * len(runs) > _MAX_MEETINGS:
        return
    found: list[Run] = []
    for run in runs if strokes else ():
        low, high = (run.bottom + share * run.height for share in _UNDERLINED_AT)
        at, end = (bisect_left(strokes, (y, 0.0, 0.0)) for y in (low, high))
        drawn = (b - a for _, a, b in strokes[at:end] if run.left - 2 < a and b < run.right + 2)
        if not run.turned and sum(drawn) > _LEAST_UNDERLINED * (run.right - run.left):
            found.append(run)
    placed = ByBase(runs) if found else None
    for n, run in enumerate(found if len(found) <= _MAX_UNDERLINED else ()):
        others = found[max(0, n - 1) : n] + found[n + 1 : n + 2]
        near = any(abs(other.bottom - run.bottom) < 1.6 * run.height for other in others)
        reach = 0.4 * run.height
        beside = placed.within(run.bottom - reach, run.bottom + reach) if placed else []
        run.underlined = not near and len(beside) == 1 and not _is_coloured(textpage, sheet, run)


def _is_coloured(textpage: Any, sheet: Sheet, run: Run) -> bool:
    import pypdfium2.raw as pdfium

    x, y = run.left + 0.2 * run.height, run.bottom + 0.3 * run.height
    x, y, *_ = in_frame((x, y, x, y), -sheet.turned)
    index = pdfium.FPDFText_GetCharIndexAtPos(textpage, x, y, 2.0, 2.0)
    parts = [ctypes.c_uint() for _ in range(4)]
    if index < 0 or not pdfium.FPDFText_GetFillColor(textpage, index, *map(ctypes.byref, parts)):
        return False
    colour = [part.value for part in parts[:3]]
    return max(colour) - min(colour) > _COLOURED


_COLOURED: Final = 60


def _through(
    run: Run, strokes: Sequence[Stroke], ends: Mapping[int, tuple[float, float]]
) -> list[tuple[float, float]]:
    """What of a run, from left to right, lines go through that are no longer than its line of print; what follows on one where that is
    drawn at another height, as beside raised letters, may be a little lower or higher."""
    first, last = ends[round(run.bottom)]
    drawn = [
        (max(left, run.left), min(right, run.right), (y - run.bottom) / run.height)
        for y, left, right in strokes[
            bisect_left(
                strokes, (run.bottom + _MAY_STRIKE[0] * run.height, 0.0, 0.0)
            ) : bisect_left(strokes, (run.bottom + _MAY_STRIKE[1] * run.height, 0.0, 0.0))
        ]
        if first - run.height < left < run.right and run.left < right < last + run.height
    ]
    found: list[tuple[float, float]] = []
    for left, right, at in sorted(drawn):
        follows = found and abs(left - found[-1][1]) < 1
        if follows or _STRUCK_AT[0] < at < _STRUCK_AT[1]:
            found.append((left, right))
    return found


def _struck(run: Run, through: Sequence[tuple[float, float]]) -> tuple[Run, list[Run]]:
    """A run without the words that lines go through, and these; what stands close behind a word may be a raised number that is underlined."""
    chars = list(zip(run.text, run.edges[::2], run.edges[1::2], strict=False))
    is_struck = [any(a < (left + right) / 2 < b for a, b in through) for _, left, right in chars]
    first = is_struck.index(True) if any(is_struck) else 0
    n_letters = sum(
        gone and char.isalnum() for char, gone in zip(run.text, is_struck, strict=False)
    )
    if n_letters < 2 or (n_letters < _LEAST_LETTERS_STRUCK and run.text[first - 1 : first].strip()):
        return run, []
    kept: list[tuple[str, float, float]] = []
    struck: list[Run] = []
    for gone, group in groupby(zip(chars, is_struck, strict=True), key=lambda one: one[1]):
        span = [char for char, _ in group]
        if gone:
            struck.append(_of_chars(run, span))
        else:
            if kept and kept[-1][0] == " " and span[0][0] in " .,;:)":
                kept.pop()
            kept += span[1:] if span[0][0] == " " and not kept else span
    return _of_chars(run, kept), struck


def _of_chars(run: Run, chars: Sequence[tuple[str, float, float]]) -> Run:
    text = "".join(char for char, _, _ in chars).rstrip()
    edges = [x for _, left, right in chars[: len(text)] for x in (left, right)]
    return replace(run, text=text, left=edges[0], right=edges[-1], edges=edges)
