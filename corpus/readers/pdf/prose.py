"""Whether columns are prose, which is read column by column, or cells, which are read row by row; and whether rows share their
gutters only by chance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from corpus.readers.draft import BULLET
from corpus.readers.pdf.drawings import labels_of
from corpus.readers.pdf.lines import (
    GOES_ON,
    LEAST_PROSE_CHARS,
    MARKER,
    WIDE_GUTTER,
    as_lines,
    has_digit,
)
from corpus.readers.pdf.pieces import Gap
from corpus.readers.pdf.runs import Run, rows_of

_LEAST_FILL: Final = 0.6
_LEAST_LONG_FILL: Final = 0.35
_MAX_COLUMNS_OF_PROSE: Final = 4
_LEAST_LONG_CHARS: Final = 36
_LEAST_BESIDE_NOTE: Final = 8
_MAX_NOISE_LETTERS: Final = 0.4
_STEP = re.compile(r"(\d{1,2})[.)](?: |\Z)")


def is_prose(rows: Sequence[Sequence[Run]], columns: Sequence[Sequence[Run]]) -> bool:
    """Whether the columns of some rows are read one after the other: they hold prose, or what stands beside it."""
    if len(columns) > _MAX_COLUMNS_OF_PROSE:
        return False
    if _are_index(columns):
        return True
    others = [column for column in columns if not holds_prose(column)]
    n_prose = len(columns) - len(others)
    if n_prose > 1:
        others = [column for column in others if not _is_noise(column)]
    if not others or _is_beside_drawing(columns, n_prose) or _count_on(columns):
        return True
    if n_prose > 1 and len(rows) >= _LEAST_BESIDE_NOTE and all(map(_is_note, others)):
        return True
    if len(columns) == 2 and n_prose == 1 and _is_end_of_prose(rows, others[0]):
        return True
    if len(others) == 1 and _is_short_beside(columns, others[0]):
        return True
    if n_prose and len(columns) == 2 and _have_subheads(rows):
        return True
    if all(map(_is_one_text, columns)):
        return True
    # A narrow note beside the text stands on lines of its own.
    several = sum(len(row) > 1 for row in rows)
    return several < 0.3 * len(rows)


def holds_prose(column: Sequence[Run]) -> bool:
    """Whether the lines of a column fill it, those of a list from where its text begins."""
    left, right = _text_begins(column), max(run.right for run in column)
    lines = list(as_lines(rows_of(column)))
    full = [
        line
        for line in lines
        if line.right - max(line.left, left) > 0.75 * (right - left)
        and len(line.text) >= LEAST_PROSE_CHARS
    ]
    # A column of prose may hold a table, a list or a picture.
    share = _LEAST_FILL if len(lines) < 12 else _LEAST_LONG_FILL
    return len(lines) >= 3 and len(full) >= share * len(lines) - 1


_LEAST_MARKS: Final = 3


def _text_begins(column: Sequence[Run]) -> float:
    """Where the text of a column begins, beside the marks of its items where it has several."""
    marks = sorted(run.right for run in column if MARKER.fullmatch(run.text))
    left = min(run.left for run in column)
    if len(marks) < _LEAST_MARKS:
        return left
    return min((run.left for run in column if run.left > marks[0]), default=left)


def steps_of(rows: Sequence[Sequence[Run]]) -> list[tuple[float, int]]:
    """Where the numbered steps among rows begin, and their numbers."""
    found = ((run.left, _STEP.match(run.text)) for row in rows for run in row)
    return [(left, int(step[1])) for left, step in found if step is not None]


def _count_on(columns: Sequence[Sequence[Run]]) -> bool:
    """Whether numbered steps go on from one column to the next, which begins with one."""
    steps = [steps_of([column]) for column in columns]
    return all(
        before
        and len(after) > 1
        and _STEP.match(column[0].text)
        and after[0][1] == before[-1][1] + 1
        for (before, after), column in zip(pairwise(steps), columns[1:], strict=True)
    )


_ENTRY = re.compile(r".*[^\W\d_]{2}.*,\s?\d{1,4}(?:\s?[–-]\s?\d{1,4})?")
_LEAST_ENTRIES: Final = 5
_LEAST_PAGED: Final = 0.7


def _are_index(columns: Sequence[Sequence[Run]]) -> bool:
    """Whether columns are those of an alphabetical index: most lines end in numbers of pages behind a comma, and the entries at the left edges
    follow one another by their first letters from column to column."""
    if min(map(len, columns)) < _LEAST_ENTRIES:
        return False
    runs = [run for column in columns for run in column]
    first: list[str] = []
    for column in columns:
        edge = min(run.left for run in column) + 1
        first += (
            run.text[0].casefold()
            for run in sorted(column, key=lambda run: -run.bottom)
            if run.left <= edge
        )
    n_paged = sum(_ENTRY.fullmatch(run.text) is not None for run in runs)
    return n_paged >= _LEAST_PAGED * len(runs) and first == sorted(first) and first[0] != first[-1]


# So many names with a value beside each tell that they are such.
_LEAST_NAMES: Final = 3
_MAX_NAME_CHARS: Final = 40


def are_labelled(rows: Sequence[Sequence[Run]], columns: Sequence[Sequence[Run]]) -> bool:
    """Whether the first of two columns holds names, as of a form, and the other the value of each on its line: the names end in a colon, or
    nothing in either column goes on from line to line or ends as a sentence does."""
    if len(columns) != 2 or len(columns[0]) < _LEAST_NAMES:
        return False
    names = columns[0]
    beside = [row for row in rows if len(row) > 1]
    if len(beside) != len(names) or any(len(row) > 2 or row[0] not in names for row in beside):
        return False
    begin = all(not run.text[:1].islower() for row in beside for run in row)
    marked = any(BULLET.match(f"{run.text} ") for row in beside for run in row)
    if not begin or marked or any(len(name.text) > _MAX_NAME_CHARS for name in names):
        return False
    if all(name.text.endswith(":") for name in names):
        return True
    stops = [run.text.endswith((".", ",", ";", "-")) for run in columns[1]]
    # Where each value is a sentence, none of them goes on
    ends = any(stops) and not all(run.text.endswith(".") for run in columns[1])
    ends = ends or any(name.text.endswith((".", ",", ";", "-")) for name in names)
    return len(beside) == len(rows) and not ends and not any(has_digit([run]) for run in names)


def _is_noise(column: Sequence[Run]) -> bool:
    """Whether a column is what OCR made of specks and shadows at the edge of a scan: hardly a letter."""
    text = "".join(run.text for run in column)
    return sum(map(str.isalnum, text)) < _MAX_NOISE_LETTERS * len(text)


def _is_end_of_prose(rows: Sequence[Sequence[Run]], column: Sequence[Run]) -> bool:
    """Whether a column is too short to tell that its lines fill it, but is prose like the one beside it: its lines are long, some go on in
    small letters, and a paragraph of one column begins beside a line that goes on in the other, as the cells of a row do not."""
    n_chars = sum(len(run.text) for run in column)
    n_small = sum(run.text[:1].islower() for run in column)
    begin = [[run.text[:1].islower() for run in row] for row in rows if len(row) == 2]
    return (
        n_chars >= _LEAST_LONG_CHARS * len(column)
        and 3 * n_small >= len(column)
        and any(one != other for one, other in begin)
        and not any(run.bold for run in rows[0])
    )


def _have_subheads(rows: Sequence[Sequence[Run]]) -> bool:
    """Whether two columns have a bold heading each on one line, further below the lines above it, and a paragraph of one begins beside a line
    that goes on in the other."""
    steps = [a[0].bottom - b[0].bottom for a, b in pairwise(rows)]
    bold = [len(row) == 2 and all(run.bold for run in row) for row in rows]
    heads = [n for n in range(2, len(rows) - 2) if bold[n] and not bold[n - 1] and not bold[n + 1]]
    small = [[run.text[:1].islower() for run in row] for row in rows if len(row) == 2]
    return (
        bool(heads)
        and all(steps[n - 1] > 1.3 * median(steps) for n in heads)
        and any(one != other for one, other in small)
    )


# A cell of three lines goes on in small letters on two of them.
_LEAST_GOING_ON: Final = 0.75
_LEAST_LONG_COLUMN: Final = 4


def _is_short_beside(columns: Sequence[Sequence[Run]], column: Sequence[Run]) -> bool:
    """Whether a column of a line or two is where a text ends whose other columns go on from line to line."""
    others = [rows_of(one) for one in columns if one is not column]
    lines = rows_of(column)
    return (
        all(len(one) >= _LEAST_LONG_COLUMN for one in others)
        and all(
            sum(row[0].text[:1].islower() for row in one) >= _LEAST_GOING_ON * len(one)
            for one in others
        )
        and all(row[0].text[:1].islower() for row in lines[1:])
        and all(len(row) == 1 and not has_digit(row) for row in lines)
        and len(lines[0][0].text) >= LEAST_PROSE_CHARS
        and abs(lines[0][0].bottom - others[0][0][0].bottom) < lines[0][0].height
    )


def _is_note(column: Sequence[Run]) -> bool:
    """Whether a column too narrow for lines of prose is a note beside them: its lines go on in small letters, one below the other."""
    lines = rows_of(column)
    n_small = sum(row[0].text[0].islower() for row in lines)
    n_digits = sum(has_digit([run]) for run in column)
    return len(lines) >= 4 and n_small >= 0.5 * len(lines) and n_digits <= 0.2 * len(column)


_LEAST_OF_ONE_TEXT: Final = 0.6


def _is_one_text(column: Sequence[Run]) -> bool:
    """Whether a column is one text, as in boxes side by side: it begins with a capital, most of its other lines go on in small letters, some
    in the midst of a phrase, and none has figures."""
    lines = rows_of(column)
    n_small = sum(row[0].text[:1].islower() for row in lines[1:])
    return (
        len(lines) >= _LEAST_LONG_COLUMN
        and lines[0][0].text[:1].isupper()
        and n_small >= _LEAST_OF_ONE_TEXT * (len(lines) - 1)
        and any(GOES_ON.search(row[-1].text) for row in lines[:-1])
        and not has_digit(column)
    )


def _is_beside_drawing(columns: Sequence[Sequence[Run]], n_prose: int) -> bool:
    """Whether all columns but those of prose are words of a drawing, in letters of other sizes and without numbers."""
    labels = labels_of(columns)
    if not labels or n_prose != len(columns) - len(labels):
        return False
    words = [run for column in labels for run in column]
    prose = [run for column in columns if column not in labels for run in column]
    usual = median(run.height for run in prose)
    return (
        not has_digit(words)
        and any(abs(word.height - usual) > 0.15 * usual for word in words)
        and sum(run.text[:1].islower() for run in prose) >= 0.4 * len(prose)
    )


def _is_justified(rows: Sequence[Sequence[Run]]) -> bool:
    """Whether rows are lines of prose set wide to fill their measure: they begin and end alike, and go on in small letters."""
    if len(rows) < 3:
        return False
    lefts, rights = [row[0].left for row in rows], [row[-1].right for row in rows[:-1]]
    if max(lefts) - min(lefts) > 2 or max(rights) - min(rights) > 2:
        return False
    runs = [run for row in rows for run in row]
    n_small = sum(run.text[:1].islower() for run in runs)
    n_numbers = sum(any(map(str.isdigit, run.text)) for run in runs)
    return n_small >= 0.4 * len(runs) and n_numbers <= 0.3 * len(runs)


def is_chance(
    rows: Sequence[Sequence[Run]], columns: Sequence[Sequence[Run]], gutters: Sequence[Gap]
) -> bool:
    """Whether two or three rows may share their gap by chance, as lines set to a narrow measure do."""
    if _are_apart(columns, gutters):
        return False
    several = [row for row in rows if len(row) > 1]
    # Where most rows stand on one side of the gap, those on both are two columns whose lines meet here and there
    if 2 * len(several) > len(rows) and _is_justified(several):
        return True
    if not 2 <= len(several) <= 3 or len(rows) > 4:
        return False
    runs = [run for row in several for run in row]
    # A cell begins with a capital or a number; a sentence that goes on is set wide beside a picture
    if not any(map(str.isdigit, "".join(r.text for r in runs))) and (
        rows[0][0].text[:1].islower() or all(run.text[:1].islower() for run in runs[1:])
    ):
        return True
    if len(gutters) > 1 or sum(len(run.text) for run in runs) < LEAST_PROSE_CHARS * len(runs):
        return False
    height = max(run.height for run in runs)
    return all(b - a < 2.5 * height for a, b in gutters)


def _are_apart(columns: Sequence[Sequence[Run]], gutters: Sequence[Gap]) -> bool:
    """Whether columns of prose have more room between them than words of a line that is set wide ever have."""
    height = max(run.height for column in columns for run in column)
    wide = all(b - a >= WIDE_GUTTER * height for a, b in gutters)
    return wide and len(columns) > 1 and all(map(holds_prose, columns))
