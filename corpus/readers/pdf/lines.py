"""Rows of print → lines of text.

A row has a run for each thing that stands apart on its base line; a line is one run. What is set wide to fill its measure, and a number
before its title, are one line though their gaps be wide. And what a line tells by its words: marks, numbers of sections, that it goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from corpus.blocks.contents import ALPHABETICAL
from corpus.readers.draft import BULLET, MARKS
from corpus.readers.pdf.runs import Run, rows_of

MARKER = re.compile(
    rf"(?:[{MARKS}—o-]|\(?(?:\d{{1,3}}|[a-zA-Z]|[ivx]{{1,5}}|[IVX]{{1,5}})(?:\.?\)|[.º])-?|\d+(?:\.\d+)+\.?|\[\d+\])"
)
"""A mark or number of an item that stands apart from it."""
CONTENTS_HEAD = re.compile(
    r"(?:[íi]ndice(?: general| de \w+)?|contenidos?|tabla de contenidos?|sumario|(?:table of )?contents|index"
    rf"|{ALPHABETICAL})\.?:?",
    re.IGNORECASE,
)
"""What stands over a table of contents."""
GOES_ON = re.compile(
    r"(?:[,(]|(?<!\.)(?<!\. )-|\b(?:de|del|la|el|los|las|un|una|y|o|e|a|al|en|con|por|para|que|su|sus|se|the|of|and|or|an|in|to|for|with|by|on|at|from|that))\Z",
    re.IGNORECASE,
)
"""A line that ends in one of these goes on, whatever comes next."""
SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,4}[.)]?|[IVX]{1,5}[.)]?|[A-H][.)]")
"""The number of a section, before its name."""
# "0 - never", "1 = seldom", "2: often"
_STEP = re.compile(r"(?<![\w.,:/-])(\d{1,2}) ?[-–—=:] ?[^\W\d_]")
_LEAST_STEPS: Final = 3
_MAX_NUMBER_GAP: Final = 2.5
# A line of prose has so many at least; most words in cells and drawings have fewer.
LEAST_PROSE_CHARS: Final = 18


def set_in_rows(runs: Sequence[Run]) -> list[list[Run]]:
    """The rows of print of some runs, from the top; what is one line in spite of its gaps is one run."""
    return _without_wide_gaps(_with_scales([_numbered(row) for row in rows_of(runs)]))


def _with_scales(rows: list[list[Run]]) -> list[list[Run]]:
    """The rows, those as one line that say what the numbers of a scale mean: each counts on from the one before, and below them stand no
    cells of their columns."""
    return [
        list(as_lines([row])) if _is_scale(row) and not _has_cells(row, after) else row
        for row, after in zip(rows, [*rows[1:], []], strict=False)
    ]


def _is_scale(row: Sequence[Run]) -> bool:
    return all(_STEP.match(run.text) for run in row) and says_scale(
        " ".join(run.text for run in row)
    )


def says_scale(text: str) -> bool:
    """Whether a text says what the numbers of a scale mean, which count on from 0 or 1."""
    numbers = [int(number) for number in _STEP.findall(text)]
    first = numbers[0] if numbers else 0
    return (
        len(numbers) >= _LEAST_STEPS
        and first < 2
        and numbers == list(range(first, first + len(numbers)))
    )


def _has_cells(row: Sequence[Run], below: Sequence[Run]) -> bool:
    """Whether several runs of the row below stand under those of a row."""
    under = (any(run.left < one.right and one.left < run.right for one in row) for run in below)
    return sum(under) > 1


def _numbered(row: list[Run]) -> list[Run]:
    """A row that is nothing but a number and a title in bold letters as one line, though its gap be wide: it heads what stands beside or
    below it."""
    if len(row) != 2 or not (row[0].bold and row[1].bold and SECTION.fullmatch(row[0].text)):
        return row
    apart = row[1].left - row[0].right
    alike = abs(row[0].height - row[1].height) < 0.1 * row[1].height
    return list(as_lines([row])) if alike and apart < _MAX_NUMBER_GAP * row[1].height else row


# Of the height of the letters: from line to line, and how far the first line of a paragraph may be indented.
LINE_STEP: Final = 1.8
_INDENT: Final = 4.0
# From line to line of one measure, of which only lines set wide are judged.
_WIDE_STEP: Final = 2.2
# The gaps that fill a line are alike but for rounding and the ends of sentences.
_UNLIKE_GAPS: Final = 1.5
# Two lines whose gaps are as alike as this, and so many, are set wide though no full line of prose be near.
_ALIKE_GAPS: Final = 1.2
_LEAST_ALIKE: Final = 4


def _without_wide_gaps(rows: Sequence[list[Run]]) -> list[list[Run]]:
    """Rows, those of words set wide to fill their measure as one line each: their gaps are alike, and they begin and end where the full
    line of prose above or below them does, or another such row beside one; or two of them do whose many gaps are quite alike and stand
    elsewhere."""
    filled = {n for n, row in enumerate(rows) if len(row) == 1 and " " in row[0].text}
    wide = {n for n, row in enumerate(rows) if _is_set_wide(row)}
    joined = {
        k
        for n in wide
        if n + 1 in wide and _share_measure(rows[n], rows[n + 1]) and _are_even(*rows[n : n + 2])
        for k in (n, n + 1)
    }
    for order in (range(len(rows)), range(len(rows) - 1, -1, -1)):
        for n in order:
            # Lines of another column may stand between those of one
            near = (k for k in (n - 1, n + 1, n - 2, n + 2) if k in filled or k in joined)
            if n in wide and any(_share_measure(rows[n], rows[k]) for k in near):
                joined.add(n)
    found = list(rows)
    for n in joined:
        marked = bool(MARKER.fullmatch(rows[n][0].text))
        found[n] = [*rows[n][:marked], *as_lines([rows[n][marked:]])]
    return found


def _is_set_wide(row: Sequence[Run]) -> bool:
    words = row[1:] if MARKER.fullmatch(row[0].text) else row
    gaps = [b.left - a.right for a, b in pairwise(words)]
    n_figures = sum(has_digit([run]) for run in words)
    return len(gaps) > 1 and max(gaps) < _UNLIKE_GAPS * min(gaps) and 2 * n_figures < len(words)


def _are_even(row: Sequence[Run], other: Sequence[Run]) -> bool:
    """Whether the words of two rows fill their lines and stand in no columns."""
    for words in (row, other):
        gaps = [
            b.left - a.right
            for a, b in pairwise(words[MARKER.fullmatch(words[0].text) is not None :])
        ]
        if len(gaps) < _LEAST_ALIKE or max(gaps) > _ALIKE_GAPS * min(gaps) + 0.5:
            return False
    lefts = [run.left for run in other[1:]]
    n_below = sum(any(abs(run.left - left) < 2 for left in lefts) for run in row[1:])
    return 2 * n_below < len(row)


def _share_measure(row: Sequence[Run], other: Sequence[Run]) -> bool:
    """Whether two lines, one below the other, end alike and begin alike but for an indent or a mark."""
    height = max(run.height for run in row)
    indent = abs(row[0].left - other[0].left)
    return (
        abs(row[-1].right - other[-1].right) < 2
        and indent < _INDENT * height
        and abs(row[0].bottom - other[0].bottom) < _WIDE_STEP * height
    )


def as_lines(rows: Sequence[Sequence[Run]]) -> Iterator[Run]:
    """Each row as one line."""
    for row in rows:
        line = row[0]
        marked = _is_marked(row)
        height = max(run.height for run in row[marked:])
        for run in row[1:]:
            line = Run(
                f"{line.text} {run.text}", line.page, line.left, line.bottom,
                max(line.right, run.right), height, line.bold and run.bold,
                [*line.edges, line.right, run.left, *run.edges] if line.edges and run.edges else [],
                line.turned, line.typed or run.typed,
            )  # fmt: skip
        if marked:
            line.mark_height = row[0].height
        yield line


def _is_marked(row: Sequence[Run]) -> bool:
    """Whether a row begins with the mark of an item, which may be set in a font of its own: it makes no large letters of the others."""
    return len(row) > 1 and not row[1].bold and BULLET.match(f"{row[0].text} ") is not None


# Of the height of the letters: no word of a line that is set wide stands so far from the next.
WIDE_GUTTER: Final = 2.5
_LEAST_WORDS: Final = 0.75


def may_be_line(row: Sequence[Run]) -> bool:
    """Whether a row may be words of one line, set wide: a few numbers among them perhaps, and none farther from the next than such are."""
    n_words = sum(any(map(str.isalpha, run.text)) for run in row)
    near = all(b.left - a.right < WIDE_GUTTER * a.height for a, b in pairwise(row))
    return _is_set_wide(row) and near and n_words >= _LEAST_WORDS * len(row)


def has_digit(cell: Sequence[Run]) -> bool:
    """Whether there is a digit in any of some runs."""
    return any(c.isdigit() for run in cell for c in run.text)
