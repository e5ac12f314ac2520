"""Frames that stand apart on a page: what is in one is read together, and what stands beside it apart from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from statistics import median
from typing import Final

from corpus.readers.pdf.pieces import FAR
from corpus.readers.pdf.prose import holds_prose
from corpus.readers.pdf.rules import MEET
from corpus.readers.pdf.runs import Frame, Post, Rule, Run, rows_of

_MAX_FRAMES: Final = 60
_FRAME_GAP: Final = 1.5


@dataclass(slots=True)
class _Unit:
    """What a page is read by: a frame with the runs in it, or one ``free`` run; ``prose``: a frame full of prose."""

    place: Frame
    runs: list[Run]
    free: bool = False
    prose: bool = False


def in_turn(
    runs: Sequence[Run], frames: Sequence[Frame], posts: Sequence[Post]
) -> Iterator[list[Run]]:
    """Runs that are laid out together, in reading order: what stands beside frames is read apart from them, left to right, then down."""
    units = [
        _Unit(frame, held, prose=holds_prose(held)) for frame, held in _framed(runs, frames, posts)
    ]
    inside = {id(run) for unit in units for run in unit.runs}
    units += [_Unit(_place(run), [run], free=True) for run in runs if id(run) not in inside]
    open_groups = [units]
    while open_groups:
        group = open_groups.pop()
        if all(unit.free for unit in group) or len(group) == 1:
            yield [run for unit in group for run in unit.runs]
            continue
        parts = _beside_frames(_cut(group, 0, _FRAME_GAP))
        if len(parts) == 1:
            height = median(run.height for unit in group for run in unit.runs)
            parts = _with_columns(_cut(group, 1, 0.5 * height)[::-1])
        if len(parts) == 1:
            # No straight line parts them: the frames are as if they were not there
            yield [run for unit in group for run in unit.runs]
            continue
        open_groups += parts[::-1]


# So many rules from edge to edge tell a table; the rows of two that are none of one stand at heights of their own; so far at most they are apart.
_LEAST_RULED: Final = 4
_MOST_ALIKE: Final = 0.5
_MAX_APART: Final = 60.0
_LEAST_WIDE: Final = 60.0
_MAX_SPANS: Final = 40


def apart(runs: Sequence[Run], rules: Sequence[Rule]) -> list[list[Run]]:
    """The runs above two ruled tables side by side, those of each and those below; all together where there are none."""
    place = _abreast(rules, runs)
    if place is None:
        return [list(runs)]
    (left, low, right, high), x = place
    heads = next((row for row in rows_of(runs)[::-1] if row[0].bottom >= high), [])
    n_left = sum(run.right < x for run in heads)
    # The names of the columns of both may have no rule above
    if n_left > 1 and len(heads) - n_left > 1 and heads[0].bottom < high + 2 * heads[0].height:
        high = max(run.bottom for run in heads) + 0.1
    above = [run for run in runs if run.bottom >= high]
    beside = [run for run in runs if low <= run.bottom < high]
    tables = [[run for run in beside if run.left < x], [run for run in beside if run.left >= x]]
    alone = all(left - MEET < run.left and run.right < right + MEET for run in beside)
    if not (alone and all(map(_has_cells, tables))):
        return [list(runs)]
    below = [run for run in runs if run.bottom < low]
    return [part for part in (above, *tables, below) if part]


def _has_cells(runs: Sequence[Run]) -> bool:
    """Whether at least half of the rows have several runs, as those of a table do."""
    rows = rows_of(runs)
    return 0 < len(rows) <= 2 * sum(len(row) > 1 for row in rows)


def _abreast(rules: Sequence[Rule], runs: Sequence[Run]) -> tuple[Frame, float] | None:
    """The place of two tables side by side that are no columns of one, and the x between them: nothing goes over the gap, and hardly a row
    of one is ruled at the height of one of the other."""
    heights = _heights_of_spans(rules)
    found = [(span, ys) for span, ys in heights.items() if len(ys) >= _LEAST_RULED]
    for (a, right), left_ys in found if len(found) <= _MAX_SPANS else ():
        for (left, d), right_ys in found:
            low, high = max(left_ys[0], right_ys[0]), min(left_ys[-1], right_ys[-1])
            inner = [y for y in left_ys if low - 1 < y < high + 1]
            if not MEET < left - right < _MAX_APART or len(inner) < _LEAST_RULED:
                continue
            alike = sum(any(abs(y - z) < 2 for z in right_ys) for y in inner)
            bottom, top = min(left_ys[0], right_ys[0]), max(left_ys[-1], right_ys[-1])
            drawn = ((b, c, y) for (b, c), ys in heights.items() for y in ys)
            said = ((run.left + 1, run.right - 1, run.bottom) for run in runs)
            if alike <= _MOST_ALIKE * len(inner) and not any(
                b < left and right < c and bottom < y < top for b, c, y in chain(drawn, said)
            ):
                return (a, bottom, d, top), (left + right) / 2
    return None


def _heights_of_spans(rules: Sequence[Rule]) -> dict[tuple[float, float], list[float]]:
    """The heights at which rules go on from one x to another, cell by cell perhaps, from below."""
    found: dict[tuple[float, float], list[float]] = {}
    for y, group in groupby(sorted((round(y), a, b) for a, y, b in rules), key=lambda one: one[0]):
        spans: list[list[float]] = []
        for _, a, b in group:
            if spans and a - spans[-1][1] < MEET:
                spans[-1][1] = max(b, spans[-1][1])
            else:
                spans.append([a, b])
        for a, b in spans:
            if b - a > _LEAST_WIDE:
                found.setdefault((round(a), round(b)), []).append(float(y))
    return found


def _place(run: Run) -> Frame:
    return run.left, run.bottom - 0.2 * run.height, run.right, run.bottom + 0.8 * run.height


def _framed(
    runs: Sequence[Run], frames: Sequence[Frame], posts: Sequence[Post]
) -> list[tuple[Frame, list[Run]]]:
    """The frames that hold lines of text and stand apart from each other, with their runs; frames that touch are cells of a table, and one
    whose inner edges go on above or below it is a row of one."""
    if not 0 < len(frames) <= _MAX_FRAMES:
        return []
    outer = [
        frame
        for n, frame in enumerate(frames)
        if not any(
            _holds(other, frame) and (n > m or not _holds(frame, other))
            for m, other in enumerate(frames)
            if m != n
        )
    ]
    found: list[tuple[Frame, list[Run]]] = []
    for frame in outer:
        if any(other is not frame and _touches(frame, other) for other in outer):
            continue
        if _is_row(frame, posts):
            continue
        held = [run for run in runs if _holds(frame, _place(run))]
        if len(held) < len(runs) and len(rows_of(held)) > 1:
            found.append((frame, held))
    return found


def _is_row(frame: Frame, posts: Sequence[Post]) -> bool:
    left, low, right, high = frame
    inner = [post for post in posts if left + MEET < post[0] < right - MEET]
    within = [x for x, a, b in inner if low - MEET < a and b < high + MEET]
    beyond = [
        x
        for x, a, b in inner
        if (abs(b - low) < MEET and a < low - MEET) or (abs(a - high) < MEET and b > high + MEET)
    ]
    return any(abs(x - y) < MEET for x in within for y in beyond)


def _holds(frame: Frame, place: Frame) -> bool:
    return (
        frame[0] - _FRAME_GAP <= place[0]
        and frame[1] - _FRAME_GAP <= place[1]
        and place[2] <= frame[2] + _FRAME_GAP
        and place[3] <= frame[3] + _FRAME_GAP
    )


def _touches(some: Frame, other: Frame) -> bool:
    return (
        some[0] < other[2] + _FRAME_GAP
        and other[0] < some[2] + _FRAME_GAP
        and some[1] < other[3] + _FRAME_GAP
        and other[1] < some[3] + _FRAME_GAP
    )


def _beside_frames(parts: Sequence[list[_Unit]]) -> list[list[_Unit]]:
    """Parts of a page side by side, those next to each other that have no frame joined: they may be columns of one table."""
    found: list[list[_Unit]] = []
    for free, group in groupby(parts, key=lambda part: all(unit.free for unit in part)):
        if free:
            found.append([unit for part in group for unit in part])
        else:
            found += group
    return found


def _with_columns(parts: Sequence[list[_Unit]]) -> list[list[_Unit]]:
    """Parts of a page one below the other, those joined to the columns above them that leave the gap between these free: columns that
    end a paragraph at the same height are still read one after the other."""
    found: list[list[_Unit]] = []
    for part in parts:
        above = found[-1] if found else []
        begins = not above or (_are_boxes(part) and all(unit.free for unit in above))
        wholes = above, [*above, *part]
        if not begins and all(len(_cut(whole, 0, _FRAME_GAP)) > 1 for whole in wholes):
            found[-1] = wholes[1]
        else:
            found.append(part)
    return found


def _are_boxes(part: Sequence[_Unit]) -> bool:
    """Whether all that stands side by side is framed, as two places to sign are below columns of text."""
    beside = _cut(part, 0, _FRAME_GAP)
    return len(beside) > 1 and not any(all(unit.free for unit in units) for units in beside)


def _cut(units: Sequence[_Unit], axis: int, least: float) -> list[list[_Unit]]:
    """Units parted where a gap goes through all of them, along x (axis 0) or y (1), from the lowest on; it may be narrower than ``least``
    beside a frame full of prose."""
    parts: list[list[_Unit]] = []
    reached, beside = -FAR, False
    for unit in sorted(units, key=lambda unit: unit.place[axis]):
        enough = min(least, _FRAME_GAP) if beside or unit.prose else least
        if not parts or unit.place[axis] - reached >= enough:
            parts.append([])
        parts[-1].append(unit)
        if unit.place[axis + 2] > reached:
            reached, beside = unit.place[axis + 2], unit.prose
    # The order that the runs had is kept, which rows_of needs
    turn = {id(unit): n for n, unit in enumerate(units)}
    return [sorted(part, key=lambda unit: turn[id(unit)]) for part in parts]
