"""Which runs are a watermark, by their size, their ink, the lines of the text that they meet, and the other pages.

Knows too that what is slanted may be the name of a column.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from statistics import median
from typing import Final

from corpus.document import LeftOut
from corpus.readers.pdf.places import ByBase
from corpus.readers.pdf.runs import Run, Sheet, rows_of, upright

_UNDER_SIZE: Final = 3
_LEAST_ACROSS: Final = 2


def under_text(runs: Sequence[Run]) -> list[Run]:
    """Words in very large letters with lines of the text printed across them: a watermark that is not slanted."""
    usual = median(run.height for run in runs) if runs else 0.0
    large = [run for run in runs if run.height > _UNDER_SIZE * usual and len(run.text) > 1]
    if not large:
        return []
    placed = ByBase(runs)
    return [run for run in large if _is_under(run, placed)]


LARGE: Final = 1.5
_TILES: Final = 3


def pale_marks(pale: Sequence[Run], runs: Sequence[Run]) -> list[Run]:
    """Which of what is printed lightly is a watermark: what is slanted, very large words, large ones that meet a line of the text, and
    what is there again and again on one page. Nothing is where most of a page is pale."""
    if 2 * sum(len(run.text) for run in pale) > sum(len(run.text) for run in runs):
        return []
    own = set(map(id, pale))
    others = [run for run in runs if id(run) not in own and not run.turned]
    usual = median(run.height for run in others) if others else 0.0
    times = Counter(run.text for run in pale)
    placed = ByBase(others)
    return [
        run
        for run in pale
        if run.turned % 90
        or times[run.text] >= _TILES
        or run.height > _UNDER_SIZE * usual
        or (run.height > LARGE * usual and _meets_text(run, placed))
    ]


def _meets_text(run: Run, placed: ByBase[Run]) -> bool:
    left, low, right, high = upright(run, run.left, run.right)
    return any(
        other.left < right and left < other.right
        for other in placed.within(low - run.height, high)
        if low < other.bottom + 0.5 * other.height and other.bottom < high
    )


def _is_under(run: Run, placed: ByBase[Run]) -> bool:
    across = (
        other
        for other in placed.within(run.bottom, run.bottom + 0.8 * run.height)
        if other.height < run.height / 2
        and run.bottom < other.bottom < run.bottom + 0.8 * run.height
        and other.left < run.right - 0.25 * run.height
        and run.left + 0.25 * run.height < other.right
    )
    return len(list(islice(across, _LEAST_ACROSS))) == _LEAST_ACROSS


_WATERMARK_SIZE: Final = 1.5


def watermarks(sheets: Sequence[Sheet]) -> Iterator[LeftOut]:
    """What is pale, as only a watermark is, goes; what is slanted, or has the text printed across it, if it is much larger than the text,
    stands on several pages or runs round a seal, else it stays as text."""
    large = Counter(text for sheet in sheets for text in {run.text for run in sheet.pale})
    for sheet in sheets:
        again = {id(run) for run in sheet.pale if large[run.text] > 1}
        gone = [run for run in sheet.runs if id(run) in again]
        sheet.runs = [run for run in sheet.runs if id(run) not in again]
        yield from (LeftOut(run.text, sheet.page, "watermark") for run in [*sheet.marks, *gone])
    seen = Counter(run.text for sheet in sheets for run in sheet.slanted)
    for sheet in sheets:
        heights = sorted(run.height for run in sheet.runs) or [0.0]
        usual = heights[len(heights) // 2]
        kept = []
        largest = _round_a_seal(sheet.slanted, usual)
        yield from (
            LeftOut(r.text, sheet.page, "watermark") for r in sheet.runs if r.height < largest
        )
        sheet.runs = [run for run in sheet.runs if run.height >= largest]
        for run in sheet.slanted:
            if run.height > _WATERMARK_SIZE * usual or seen[run.text] > 2 or run.height < largest:
                yield LeftOut(run.text, sheet.page, "watermark")
            else:
                kept.append(run)
        if kept and (names := _names_of_columns(kept, sheet.runs)):
            at = next(n for n, run in enumerate(sheet.runs) if not run.turned)
            sheet.runs[at:at] = names
        elif kept:
            words = " ".join(run.text for run in kept)
            first = kept[0]
            sheet.runs.append(
                Run(words, first.page, first.left, first.bottom, first.right, first.height)
            )
        sheet.slanted = []


# Words that run round a seal are parted into so many pieces, each at an angle of its own, of so few letters, in tiny print.
_LEAST_ANGLES: Final = 4
_MAX_LETTERS: Final = 4
_TINY: Final = 0.3


def _round_a_seal(slanted: Sequence[Run], usual: float) -> float:
    """How high letters are at most that run round a seal, those of them that stand level among them; 0.0 where none do."""
    tiny = [run for run in slanted if run.height < _TINY * usual and len(run.text) <= _MAX_LETTERS]
    n_angles = len({run.turned for run in tiny})
    return _TINY * usual if n_angles >= _LEAST_ANGLES else 0.0


# In heights of the letters: how far below the foot of a slanted name its column begins, and how far beside it a cell of that.
_MAX_BELOW_NAME: Final = 3.0
_BESIDE_NAME: Final = 1.5
_LEAST_NAMED: Final = 2


def _names_of_columns(slanted: Sequence[Run], runs: Sequence[Run]) -> list[Run]:
    """Slanted words as level ones over the columns that they name: they run alike, their feet stand on one line, each over a cell of its own
    of the two lines below. [] where that is not sure."""
    names = [_with_foot(run) for run in slanted]
    height = max(run.height for run in names)
    base = max(run.bottom for run in names)
    alike = len({run.turned for run in slanted}) == 1
    if not alike or len(names) < _LEAST_NAMED or base - min(r.bottom for r in names) > 1:
        return []
    level = [run for run in runs if not run.turned]
    below = [row for row in rows_of(level) if row[0].bottom < base]
    if len(below) < 2 or base - below[0][0].bottom > _MAX_BELOW_NAME * height:
        return []
    for row in below[:2]:
        over = [
            next((n for n, run in enumerate(row) if _is_over(name, run)), None) for name in names
        ]
        if None in over or len(set(over)) < len(names):
            return []
    return names


def _with_foot(run: Run) -> Run:
    """A slanted run as a level one where its lower end is, as wide as a letter, for what leans over the next column is no part of that."""
    angle = math.radians(run.turned)
    end = run.left if run.turned < 180 else run.right
    x = end * math.cos(angle) - run.bottom * math.sin(angle)
    y = end * math.sin(angle) + run.bottom * math.cos(angle)
    return replace(run, left=x, bottom=y, right=x + run.height, edges=[], turned=0)


def _is_over(name: Run, run: Run) -> bool:
    reach = _BESIDE_NAME * name.height
    return run.left - reach < name.left < run.right + reach
