"""Boxes to tick that are drawn beside words → signs among the words: "☐ Cash ☒ Card".

Knows how large such a box is beside its word, what makes it a ticked one, and that a box for a letter or a cell of a table is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from corpus.readers.pdf.paths import BOX, FULL_BOX, Mark
from corpus.readers.pdf.places import ByBase
from corpus.readers.pdf.runs import Run

_TICKED: Final = "☒"
_TICKS: Final = frozenset("xX×✓✔✗✘☑☒")
# Of the height of the letters: smaller ones are bullets, larger ones are to write in.
_SIZES: Final = (0.7, 1.7)
_FAR: Final = 2.5
_MAX_BOXES: Final = 300
_LEAST_BOXES: Final = 2


def with_tick_boxes(runs: list[Run], marks: Sequence[Mark]) -> list[Run]:
    """The runs, with a sign for each box that is drawn beside one of them, ticked or not; two of one size at least, or one that is ticked."""
    boxes = _apart([mark for mark in marks if mark[0] == BOX])
    if not 0 < len(boxes) <= _MAX_BOXES:
        return runs
    placed = ByBase(run for run in runs if not run.turned)
    found: dict[tuple[int, int], list[tuple[Mark, Run]]] = {}
    ticked: set[Mark] = set()
    written: set[tuple[int, int]] = set()
    for box in boxes:
        _, left, low, right, high = box
        size = round(right - left), round(high - low)
        near = placed.within(2 * low - high, high)
        held = "".join(_letters_in(run, box) for run in near).strip()
        filled = any(mark[0] == FULL_BOX and _is_at(mark, box) for mark in marks)
        if filled or not (held in _TICKS or not held):
            written.add(size)
            continue
        word = _word_of(box, [part for run in near for part in _around(run, box)])
        if word is not None:
            found.setdefault(size, []).append((box, word))
            if held or any(_is_tick_in(box, mark) for mark in marks):
                ticked.add(box)
    made: list[Run] = []
    kept = runs
    for size, several in found.items():
        few = len(several) < _LEAST_BOXES and several[0][0] not in ticked
        for box, word in () if few or size in written else several:
            made.append(_sign(box, word, box in ticked))
            kept = [part for run in kept for part in _around(run, box)]
    return [*kept, *made]


def _apart(boxes: Sequence[Mark]) -> list[Mark]:
    """The boxes without those that are drawn again in their places, and without those that stand close in a row, each for a letter."""
    once = {(round(box[1]), round(box[2])): box for box in boxes}
    ends = {(low, left) for left, low in once}
    found: list[Mark] = []
    for box in once.values():
        _, left, low, right, _ = box
        near = range(-1, round(0.4 * (right - left)) + 1)
        after = any((round(low), round(right) + step) in ends for step in near)
        before = any((round(low), round(2 * left - right) - step) in ends for step in near)
        if not (after or before):
            found.append(box)
    return found


def _is_at(mark: Mark, box: Mark) -> bool:
    """Whether something is drawn in the very place of a box."""
    apart = (abs(a - b) for a, b in zip(mark[1:], box[1:], strict=True))
    return max(apart) < 0.2 * (box[3] - box[1])


def _middles(run: Run, box: Mark) -> list[float]:
    """Where the letters of a run stand, from left to right; [] where a box is drawn elsewhere."""
    _, left, low, right, high = box
    level = low < run.bottom + 0.35 * run.height < high and not run.turned
    if not (level and run.left < right and left < run.right and (run.edges or len(run.text) == 1)):
        return []
    edges = run.edges or [run.left, run.right]
    return [(a + b) / 2 for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _letters_in(run: Run, box: Mark) -> str:
    """What of a run stands in a box."""
    middles = _middles(run, box)
    return "".join(char for char, x in zip(run.text, middles, strict=False) if box[1] < x < box[3])


def _word_of(box: Mark, near: Sequence[Run]) -> Run | None:
    """What a box stands beside or within, nearest to it; None where that is far off, or in letters that are much larger or smaller."""
    _, left, low, right, high = box
    beside: list[tuple[float, int, Run]] = []
    for n, run in enumerate(near):
        gap = max(run.left - right, left - run.right, 0.0)
        level = 0 <= (low + high) / 2 - run.bottom < 0.75 * run.height
        sized = _SIZES[0] * run.height <= high - low <= _SIZES[1] * run.height
        if level and sized and gap < _FAR * run.height and any(map(str.isalnum, run.text)):
            beside.append((gap, n, run))
    return min(beside)[2] if beside else None


def _is_tick_in(box: Mark, mark: Mark) -> bool:
    """Whether something else that is drawn lies in a box, or a little beyond its edges, and fills a good part of it."""
    _, left, low, right, high = box
    _, a, b, c, d = mark
    over = 0.4 * (right - left)
    inside = left - over < a and low - over < b and c < right + over and d < high + over
    meets = a < right and left < c and b < high and low < d
    return inside and meets and c - a > over and not (mark[0] == BOX and _is_at(mark, box))


def _sign(box: Mark, word: Run, ticked: bool) -> Run:
    """The sign of a box, close to what it stands beside."""
    room = 0.2 * word.height
    left, right = box[1] + room, box[3] - room
    if word.left >= right:
        right = max(right, word.left - room)
    elif word.right <= left:
        left = min(left, word.right + room)
    text = _TICKED if ticked else BOX
    return replace(word, text=text, left=left, right=right, edges=[left, right], typed=False)


def _around(run: Run, box: Mark) -> list[Run]:
    """The words of a run before a box and behind it, without what stands in it; the run where the box is elsewhere."""
    middles = _middles(run, box)
    if not middles:
        return [run]
    edges = run.edges or [run.left, run.right]
    parts: list[Run] = []
    before, behind = sum(x <= box[1] for x in middles), sum(x < box[3] for x in middles)
    for first, end in ((0, before), (behind, len(middles))):
        text = run.text[first:end]
        at = first + len(text) - len(text.lstrip())
        if text := text.strip():
            ends = edges[2 * at : 2 * (at + len(text))]
            parts.append(replace(run, text=text, left=ends[0], right=ends[-1], edges=ends))
    return parts
