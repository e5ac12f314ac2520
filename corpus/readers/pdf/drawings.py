"""Words of a drawing that stand beside prose: labels of its parts, which are no lines of the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Final

from corpus.readers.pdf.lines import LEAST_PROSE_CHARS
from corpus.readers.pdf.runs import Run

_MAX_LABELS_SHARE: Final = 0.25


def labels_of(columns: Sequence[Sequence[Run]]) -> list[Sequence[Run]]:
    """The columns that are words of a drawing beside the prose: few, and none of them as long as a line of it."""
    n_chars = [sum(len(run.text) for run in column) for column in columns]
    few = [
        column
        for column, n in zip(columns, n_chars, strict=True)
        if n < _MAX_LABELS_SHARE * max(n_chars)
        and all(len(run.text) < LEAST_PROSE_CHARS for run in column)
        and any(len(run.text) > 2 or run.text.isupper() for run in column)
    ]
    runs = [run for column in few for run in column]
    drawn = any(len(run.text) == 1 and run.text.isupper() for run in runs)
    return few if drawn or len({round(run.left) for run in runs}) > 0.6 * len(runs) > 1 else []


def below_labels(rows: Sequence[Sequence[Run]], columns: Sequence[Sequence[Run]]) -> int:
    """Where the rows begin that stand below a drawing and its text alike: the first larger step after its last word; 0 where none is."""
    words = {id(run) for column in labels_of(columns) for run in column}
    last = max((n for n, row in enumerate(rows) for run in row if id(run) in words), default=-1)
    steps = [a[0].bottom - b[0].bottom for a, b in pairwise(rows)]
    for n in range(last + 1, len(rows)) if last >= 0 else ():
        if steps[n - 1] > 1.7 * median(steps):
            return n
    return 0


def read_as_labels(columns: Sequence[Sequence[Run]], height: float) -> list[Run]:
    """The words of a drawing in letters of the text, so that none is a heading; letters one below the other are a word."""
    runs = sorted((run for column in columns for run in column), key=lambda r: (-r.bottom, r.left))
    words: list[Run] = []
    stacked: list[Run] = []
    for run in runs:
        letter = len(run.text) == 1 and run.text.isalpha()
        over = (
            word
            for word in stacked
            if word.left - run.height < run.left < word.right
            and run.bottom > word.bottom - len(word.text) * 1.5 * run.height
        )
        word = next(over, None) if letter else None
        if word is not None:
            word.text += run.text
            continue
        words.append(replace(run, bold=False, height=min(run.height, height), edges=[]))
        if letter:
            stacked.append(words[-1])
    return words
