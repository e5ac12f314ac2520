"""What stands in the margin of prose and belongs to one paragraph each: notes, numbers of paragraphs, names of articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from corpus.blocks.divisions import is_division
from corpus.readers.pdf.lines import LEAST_PROSE_CHARS, LINE_STEP, as_lines
from corpus.readers.pdf.prose import holds_prose
from corpus.readers.pdf.runs import Run

# Of the height of the letters: how far the first line of a note may stand from that of its paragraph, being smaller.
_BESIDE: Final = 0.7
_LEAST_NOTE: Final = 3
_ENDS = re.compile(r"(?:[.:;!?…]|\. ?[-–])[)\]\"'”’»]*\Z")


def by_side_notes(rows: Sequence[Sequence[Run]]) -> list[list[Run]]:
    """Bold notes in the margin of prose and what stands beside each, in turn; nothing where there are none of several lines, or one does not
    begin where a paragraph does."""
    runs = [run for row in rows for run in row]
    text = [run for run in runs if not run.bold and len(run.text) >= LEAST_PROSE_CHARS]
    if not text:
        return []
    left, right = min(run.left for run in text), max(run.right for run in text)
    notes = [run for run in runs if run.right < left or run.left > right]
    aside = set(map(id, notes))
    lines = [run for run in runs if id(run) not in aside]
    # "a)" and "1." are marks of items
    words = all(run.bold and sum(map(str.isalpha, run.text)) >= _LEAST_NOTE for run in notes)
    if not words or not holds_prose(lines):
        return []
    groups: list[list[Run]] = []
    for note in sorted(notes, key=lambda run: -run.bottom):
        above = groups[-1][-1] if groups else None
        if above is not None and above.bottom - note.bottom < LINE_STEP * note.height:
            groups[-1].append(note)
        else:
            groups.append([note])
    if len(groups) < 2 or max(map(len, groups)) < 2:
        return []
    starts = [_paragraph_beside(group[0], lines) for group in groups]
    if min(starts) < 0 or len(set(starts)) < len(starts):
        return []
    parts = [lines[: starts[0]]]
    for group, (start, end) in zip(groups, pairwise([*starts, len(lines)]), strict=True):
        parts += [group, lines[start:end]]
    return [part for part in parts if part]


def _paragraph_beside(note: Run, lines: Sequence[Run]) -> int:
    """Which line begins a paragraph beside the first line of a note; -1 where none does."""
    for n, line in enumerate(lines):
        if abs(line.bottom - note.bottom) < _BESIDE * line.height:
            above = lines[n - 1] if n else None
            begins = above is None or above.bold or _ENDS.search(above.text) is not None
            return n if begins and not line.text[:1].islower() else -1
    return -1


# So many numbers of paragraphs tell that they are such, where most lines have none.
_LEAST_NUMBERS: Final = 3
_MAX_NUMBERED_SHARE: Final = 0.7


def are_numbers_beside(rows: Sequence[Sequence[Run]], columns: Sequence[Sequence[Run]]) -> bool:
    """Whether the first of two columns holds the numbers of the paragraphs in the other, each beside a first line, and nothing else."""
    if len(columns) != 2 or len(columns[0]) < _LEAST_NUMBERS:
        return False
    numbers, text = columns
    if not all(run.text.isdecimal() and len(run.text) < 3 for run in numbers):
        return False
    counted = [int(run.text) for run in numbers]
    n_beside = sum(len(row) == 2 and row[0] in numbers for row in rows)
    return (
        counted == list(range(counted[0], counted[0] + len(counted)))
        and n_beside == len(numbers) <= _MAX_NUMBERED_SHARE * len(rows)
        and holds_prose(text)
    )


def are_names_beside(rows: Sequence[Sequence[Run]], columns: Sequence[Sequence[Run]]) -> bool:
    """Whether the first of two columns holds the names of the articles in the other, "Artículo 1º", each beside a first line."""
    if len(columns) != 2 or len(columns[0]) < 2 or not holds_prose(columns[1]):
        return False
    n_beside = sum(len(row) == 2 and row[0] in columns[0] for row in rows)
    return n_beside == len(columns[0]) and all(is_division(run.text) for run in columns[0])


def numbered_lines(rows: Sequence[Sequence[Run]]) -> Iterator[Run]:
    """Each row as one line, that with a number before it as the first of a paragraph."""
    for row, line in zip(rows, as_lines(rows), strict=True):
        line.numbered = len(row) > 1
        yield line
