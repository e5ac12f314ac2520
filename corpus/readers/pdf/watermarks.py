"""Which runs of a page are a watermark, by their size, their ink, and the lines of the text that they meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from statistics import median
from typing import Final

from corpus.readers.pdf.places import ByBase
from corpus.readers.pdf.runs import Run, upright

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
