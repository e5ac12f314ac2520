"""The runs of a page → lines and table rows in the order in which they are read.

Where rows share a gap, the page has columns or a table there. Columns hold lines that fill them and are read one after the
other, whatever order the file has them in; a table holds cells and is read row by row.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from statistics import median
from typing import Final

from corpus.blocks.contents import ALPHABETICAL
from corpus.blocks.divisions import is_division, names_division
from corpus.readers.draft import BULLET, MARKS, flat
from corpus.readers.pdf.cells import by_cells, parted_at
from corpus.readers.pdf.glyphs import COLUMN_GAP, Frame, Run, Sheet, rows_of
from corpus.readers.pdf.grids import forms_of
from corpus.readers.pdf.timetables import timetable_of
from corpus.readers.tables import names_go_on

Gap = tuple[float, float]
_FAR: Final = 1e6
# A table that ends so low, in points, may go on overleaf.
_LOW: Final = 160.0
# A name and two rows below it tell that they are one column.
_LEAST_BELOW: Final = 2
_MARKER = re.compile(
    rf"(?:[{MARKS}—o-]|\(?(?:\d{{1,3}}|[a-zA-Z]|[ivx]{{1,5}}|[IVX]{{1,5}})(?:\.?\)|[.º])-?|\d+(?:\.\d+)+\.?|\[\d+\])"
)
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
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,4}[.)]?|[IVX]{1,5}[.)]?|[A-H][.)]")
_PAGE_NUMBER = re.compile(r"\d{1,4}|[ivxlc]{1,6}")
_DOTS_AT_END = re.compile(r"(?:\.\s?){3,}\Z")
_MAX_NUMBER_GAP: Final = 2.5
_LEAST_FILL: Final = 0.6
_MAX_LABELS_SHARE: Final = 0.25
_LEAST_LONG_FILL: Final = 0.35
_LEAST_PROSE_CHARS: Final = 18
_MAX_COLUMNS_OF_PROSE: Final = 4
_LEAST_LONG_CHARS: Final = 36
_LEAST_BESIDE_NOTE: Final = 8
_MAX_NOISE_LETTERS: Final = 0.4
_MAX_DEPTH: Final = 4
_MAX_FRAMES: Final = 60
_FRAME_GAP: Final = 1.5
# Points from a letter to the edge of its cell.
_ON_EDGE: Final = 1.0
# The rules of two cells side by side end and begin so near each other; and so many cells a row has at most.
_MEET: Final = 3.0
_MAX_CELLS: Final = 60
_MAX_CROSSINGS: Final = 200_000
_MAX_CELL_LINES: Final = 40
_LEAST_CELL_GAP: Final = 1.5
# A value that stands beside several rows is read with each, where it is not prose.
_MAX_REPEATED_CHARS: Final = 80
# So many lines of a row go on overleaf at most.
_MAX_TAIL_LINES: Final = 6
# So many rows at most name the columns of a table.
_MAX_HEADERS: Final = 3


@dataclass(slots=True)
class Row:
    """A row of a table: the runs of each cell in order; ``first`` of its table, or of its page, on which the table ``goes_on``; ``header``:
    it names the columns; the ``gutters`` between these, ``ruled`` where they are drawn."""

    page: int
    cells: list[list[Run]] = field(default_factory=list)
    first: bool = False
    goes_on: bool = False
    header: bool = False
    gutters: Sequence[Gap] = ()
    ruled: bool = False


Piece = Run | Row


def ordered(sheet: Sheet, before: Row | None = None) -> list[Piece]:
    """Lines and rows of a page in reading order; ``before``: the row that the page before ends with."""
    if (fold := sheet.fold) is not None:
        left = [run for run in sheet.runs if run.right < fold]
        right = [run for run in sheet.runs if run.right >= fold]
        first = ordered(replace(sheet, runs=left, spread=[]), before)
        return first + ordered(replace(sheet, runs=right, spread=[]))
    found: list[Piece] = []
    rules = _crossed(_without_underlines(sheet), sheet.posts)
    sides = ((x, low, high) for left, low, right, high in sheet.frames for x in (left, right))
    posts = [*sheet.posts, *sides]
    for turned, group in groupby(sheet.runs, key=lambda run: run.turned):
        runs = list(group)
        if turned:
            names = _name_rows(found, runs) if turned == 90 else set()
            rest = [run for run in runs if id(run) not in names]
            found += _region(by_cells(rest), [], 0) if rest else []
            continue
        runs = _parted(by_cells(runs), _edges_of_cells(rules), sheet.posts)
        units = [
            _Unit(frame, held, prose=_holds_prose(held))
            for frame, held in _framed(runs, sheet.frames)
        ]
        inside = {id(run) for unit in units for run in unit.runs}
        units += [_Unit(_place(run), [run], free=True) for run in runs if id(run) not in inside]
        for together in _in_turn(units):
            last = _last_row(together, before) if before is not None and not found else None
            if last is not None:
                found.append(last)
                overleaf = {id(run) for cell in last.cells for run in cell}
                together = [run for run in together if id(run) not in overleaf]
            found += _region(together, rules, 0, posts)
    return _with_led_rows(found)


def _name_rows(pieces: list[Piece], runs: Sequence[Run]) -> set[int]:
    """Puts what is set upwards left of the rows of a table, the name of a group of them, in a row of its own before the first of the rows
    that are nearest to it; which of the runs these are."""
    tables: list[list[Row]] = []
    for is_row, group in groupby(pieces, key=lambda piece: isinstance(piece, Row)):
        tables += [[piece for piece in group if isinstance(piece, Row)]] if is_row else []
    named: set[int] = set()
    for table in tables:
        held = [[run for cell in row.cells for run in cell] for row in table]
        bases = [max(run.bottom for run in row) for row in held]
        edge = min(run.left for row in held for run in row)
        # What is set upwards goes from its left to its right along the page, and its base line is as far to the right
        names = [
            run
            for run in runs
            if -run.bottom < edge and sum(run.left < base < run.right for base in bases) > 1
        ]
        last: Run | None = None
        for row, base in zip(table, bases, strict=True) if names else ():
            near = min(names, key=lambda run: max(run.left - base, base - run.right))
            if near is not last and not row.header and id(near) not in named:
                name = replace(near, turned=0, left=edge, right=edge + 1, bottom=base, edges=[])
                cells: list[list[Run]] = [[name], *([] for _ in row.cells[1:])]
                at = next(n for n, piece in enumerate(pieces) if piece is row)
                pieces.insert(at, replace(row, cells=cells))
                row.first = False
                named.add(id(near))
                last = near
    return named


_LEADERS = re.compile(r"\s?(?:\.\s?){5,}")
# "$1.90", "3", "12,50 €": no name of a second entry
_VALUE = re.compile(r"\W{0,2}\d[\d.,]*\W{0,2}")


def _with_led_rows(pieces: Sequence[Piece]) -> list[Piece]:
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


def _last_row(runs: Sequence[Run], before: Row) -> Row | None:
    """The last row of the table that fills the page before, of the first runs of a page."""
    rows = rows_of(runs)
    lines = rows[: _n_of_last_row(rows, before)]
    if not lines:
        return None
    cells: list[list[Run]] = [[] for _ in range(len(before.gutters) + 1)]
    for run in (run for line in lines for run in line):
        cells[_column_of(run, before.gutters)].append(run)
    return Row(lines[0][0].page, cells, first=True, gutters=before.gutters, ruled=before.ruled)


def _n_of_last_row(rows: Sequence[Sequence[Run]], before: Row) -> int:
    """How many of the first lines of a page are that row: they begin in the table's first column, have all its columns or all but one, none
    reaches from one column into the next, and nothing in the first column begins another row. What heads a part of the text, an item or a
    label is none, and they are not all lines there are."""
    gutters = before.gutters
    if not rows or not gutters or not _begins_a_row(rows[0], gutters):
        return 0
    first, above = rows[0], [run for cell in before.cells for run in cell]
    n_columns = len({_column_of(run, gutters) for run in first})
    heads = all(run.bold for run in first) and not all(run.bold for run in above)
    heads = heads or max(r.height for r in first) > 1.05 * max(r.height for r in above)
    near = first[0].page == before.page + 1 and min(run.bottom for run in above) < _LOW
    if heads or not near or n_columns < sum(map(bool, before.cells)) - 1:
        return 0
    name, last = first[0].text.strip(), " ".join(run.text for run in before.cells[0]).strip()
    follows = name.isdecimal() and last.isdecimal() and int(name) == int(last) + 1
    if name.endswith(":") or _MARKER.fullmatch(name) or (_SECTION.fullmatch(name) and not follows):
        return 0
    n = 1
    while n < len(rows) and all(_fits(run, gutters) for run in rows[n]):
        row = rows[n]
        if rows[n - 1][0].bottom - row[0].bottom > 1.6 * max(run.height for run in row):
            break
        if _column_of(row[0], gutters) == 0:
            return 0
        n += 1
    # A page that is one row may as well be columns of text; where more rows follow it is read as a table
    return n if n < len(rows) and not _begins_a_row(rows[n], gutters) else 0


def _begins_a_row(row: Sequence[Run], gutters: Sequence[Gap]) -> bool:
    columns = {_column_of(run, gutters) for run in row if _fits(run, gutters)}
    return 0 in columns and len(columns) > 1 and len(row) >= len(columns)


def _fits(run: Run, gutters: Sequence[Gap]) -> bool:
    """Whether a run lies within one column."""
    return all(run.right <= b + 1 or run.left >= a - 1 for a, b in gutters)


@dataclass(slots=True)
class _Unit:
    """What a page is read by: a frame with the runs in it, or one ``free`` run; ``prose``: a frame full of prose."""

    place: Frame
    runs: list[Run]
    free: bool = False
    prose: bool = False


def _place(run: Run) -> Frame:
    return run.left, run.bottom - 0.2 * run.height, run.right, run.bottom + 0.8 * run.height


def _framed(runs: Sequence[Run], frames: Sequence[Frame]) -> list[tuple[Frame, list[Run]]]:
    """The frames that hold lines of text and stand apart from each other, with their runs; frames that touch are cells of a table."""
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
        held = [run for run in runs if _holds(frame, _place(run))]
        if len(held) < len(runs) and len(rows_of(held)) > 1:
            found.append((frame, held))
    return found


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


def _in_turn(units: Sequence[_Unit]) -> Iterator[list[Run]]:
    """Runs that are laid out together, in reading order: what stands beside frames is read apart from them, left to right, then down."""
    open_groups = [list(units)]
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
        wholes = (found[-1], [*found[-1], *part]) if found else ()
        if wholes and all(len(_cut(whole, 0, _FRAME_GAP)) > 1 for whole in wholes):
            found[-1] = wholes[1]
        else:
            found.append(part)
    return found


def _cut(units: Sequence[_Unit], axis: int, least: float) -> list[list[_Unit]]:
    """Units parted where a gap goes through all of them, along x (axis 0) or y (1), from the lowest on; it may be narrower than ``least``
    beside a frame full of prose."""
    parts: list[list[_Unit]] = []
    reached, beside = -_FAR, False
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


def _region(
    runs: Sequence[Run],
    rules: Sequence[tuple[float, float, float]],
    depth: int,
    posts: Sequence[tuple[float, float, float]] = (),
) -> list[Piece]:
    rows = _without_wide_gaps([_numbered(row) for row in rows_of(runs)])
    timetable = timetable_of(rows)
    if timetable is not None and not _is_boxed(rows[timetable.start : timetable.end], rules):
        above = [run for row in rows[: timetable.start] for run in row]
        below = [run for row in rows[timetable.end :] for run in row]
        table = (
            Row(rows[0][0].page, cells, first=n == 0) for n, cells in enumerate(timetable.cells)
        )
        return [*_region(above, rules, depth, posts), *table, *_region(below, rules, depth, posts)]
    found: list[Piece] = []
    at = 0
    for start, form in sorted(forms_of(rows, rules, posts).items()):
        found += _without_forms(rows[at:start], rules, depth, posts)
        page = rows[start][0].page
        found += (Row(page, cells, first=n == 0) for n, cells in enumerate(form.bands))
        at = form.end
    return found + _without_forms(rows[at:], rules, depth, posts)


def _without_forms(
    rows: Sequence[list[Run]],
    rules: Sequence[tuple[float, float, float]],
    depth: int,
    posts: Sequence[tuple[float, float, float]],
) -> list[Piece]:
    meets = {x: heights for x, heights in meets_of(rules).items() if len(heights) > 1}
    sides = posts if len(rows) * len(posts) <= _MAX_CROSSINGS else ()
    found: list[Piece] = []
    at = 0
    while at < len(rows):
        end = _stretch(rows, at, meets, sides) if depth < _MAX_DEPTH else at
        end -= _n_heads(rows, at, end)
        if end - at < 2 or _heads_columns(rows, at, end, meets, sides):
            found += _lines(rows[at : at + 1])
            at += 1
            continue
        stretch = rows[at:end]
        boxed = _is_boxed(stretch, rules)
        if not boxed and (noted := _by_side_notes(stretch)):
            for part in noted:
                found += _region(part, rules, depth + 1, posts)
            at = end
            continue
        gutters, columns = _in_columns(stretch, rules, boxed=boxed)
        chance = not boxed and not _are_apart(columns, gutters) and _is_chance(stretch, gutters)
        above = found[-1] if found else None
        if len(columns) < 2 or chance or _is_contents(stretch, above, boxed=boxed):
            found += _lines(stretch)
        elif not boxed and _are_numbers_beside(stretch, columns):
            found += _numbered_lines(stretch)
        elif not boxed and _are_names_beside(stretch, columns):
            found += (run for row in stretch for run in row)
        elif not boxed and _is_prose(stretch, columns) and not _are_labelled(stretch, columns):
            back = _rows_before(rows, at, gutters, found)
            if (cut := _below_labels(stretch, columns)) > 1:
                end = at + cut
            columns = _columns(rows[at - back : end], gutters)
            labels = _labels(columns)
            for column in columns:
                if column not in labels:
                    found += _region(column, rules, depth + 1, posts)
            if labels:
                height = median(
                    r.height for column in columns if column not in labels for r in column
                )
                found += _region(_read_as_labels(labels, height), rules, depth + 1)
        else:
            end -= _n_after(stretch, rules)
            if depth == 0 and len(found) == at and _are_tail(rows[:at], columns):
                back = at
            else:
                back = _n_in_first_row(rows, at, end, rules, found)
            del found[len(found) - back :]
            found += _table(rows[at - back : end], rules)
        at = end
    return found


def _in_columns(
    rows: Sequence[Sequence[Run]], rules: Sequence[tuple[float, float, float]], *, boxed: bool
) -> tuple[Sequence[Gap], list[list[Run]]]:
    """The gaps between the columns of rows, and what stands in each column."""
    gutters = (boxed and _drawn_gutters(rows, rules)) or _gutters(rows)
    columns = _columns(rows, gutters)
    if not boxed and not _is_prose(rows, columns):
        # A note that stands beside two columns seldom shares its lines with them; the last of three may have two lines
        for found_gaps in (_gutters(rows, of_all=True), _gutters(rows, exact=True)):
            parted = _columns(rows, found_gaps)
            if len(parted) > len(columns) and _is_prose(rows, parted):
                gutters, columns = found_gaps, parted
    return gutters, columns


# Of the height of the letters: how far the first line of a note may stand from that of its paragraph, being smaller.
_BESIDE: Final = 0.7
_LEAST_NOTE: Final = 3
_ENDS = re.compile(r"(?:[.:;!?…]|\. ?[-–])[)\]\"'”’»]*\Z")


def _by_side_notes(rows: Sequence[Sequence[Run]]) -> list[list[Run]]:
    """Bold notes in the margin of prose and what stands beside each, in turn; nothing where there are none of several lines, or one does not
    begin where a paragraph does."""
    runs = [run for row in rows for run in row]
    text = [run for run in runs if not run.bold and len(run.text) >= _LEAST_PROSE_CHARS]
    if not text:
        return []
    left, right = min(run.left for run in text), max(run.right for run in text)
    notes = [run for run in runs if run.right < left or run.left > right]
    aside = set(map(id, notes))
    lines = [run for run in runs if id(run) not in aside]
    # "a)" and "1." are marks of items
    words = all(run.bold and sum(map(str.isalpha, run.text)) >= _LEAST_NOTE for run in notes)
    if not words or not _holds_prose(lines):
        return []
    groups: list[list[Run]] = []
    for note in sorted(notes, key=lambda run: -run.bottom):
        above = groups[-1][-1] if groups else None
        if above is not None and above.bottom - note.bottom < _LINE_STEP * note.height:
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


def _numbered(row: list[Run]) -> list[Run]:
    """A row that is nothing but a number and a title in bold letters as one line, though its gap be wide: it heads what stands beside or
    below it."""
    if len(row) != 2 or not (row[0].bold and row[1].bold and _SECTION.fullmatch(row[0].text)):
        return row
    apart = row[1].left - row[0].right
    alike = abs(row[0].height - row[1].height) < 0.1 * row[1].height
    return list(_lines([row])) if alike and apart < _MAX_NUMBER_GAP * row[1].height else row


# So many numbers of paragraphs tell that they are such, where most lines have none.
_LEAST_NUMBERS: Final = 3
_MAX_NUMBERED_SHARE: Final = 0.7


def _are_numbers_beside(rows: Sequence[Sequence[Run]], columns: Sequence[Sequence[Run]]) -> bool:
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
        and _holds_prose(text)
    )


def _are_names_beside(rows: Sequence[Sequence[Run]], columns: Sequence[Sequence[Run]]) -> bool:
    """Whether the first of two columns holds the names of the articles in the other, "Artículo 1º", each beside a first line."""
    if len(columns) != 2 or len(columns[0]) < 2 or not _holds_prose(columns[1]):
        return False
    n_beside = sum(len(row) == 2 and row[0] in columns[0] for row in rows)
    return n_beside == len(columns[0]) and all(is_division(run.text) for run in columns[0])


def _numbered_lines(rows: Sequence[Sequence[Run]]) -> Iterator[Run]:
    """Each row as one line, that with a number before it as the first of a paragraph."""
    for row, line in zip(rows, _lines(rows), strict=True):
        line.numbered = len(row) > 1
        yield line


# Of the height of the letters: from line to line, and how far the first line of a paragraph may be indented.
_LINE_STEP: Final = 1.8
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
        marked = bool(_MARKER.fullmatch(rows[n][0].text))
        found[n] = [*rows[n][:marked], *_lines([rows[n][marked:]])]
    return found


def _is_set_wide(row: Sequence[Run]) -> bool:
    words = row[1:] if _MARKER.fullmatch(row[0].text) else row
    gaps = [b.left - a.right for a, b in pairwise(words)]
    n_figures = sum(_has_digit([run]) for run in words)
    return len(gaps) > 1 and max(gaps) < _UNLIKE_GAPS * min(gaps) and 2 * n_figures < len(words)


def _are_even(row: Sequence[Run], other: Sequence[Run]) -> bool:
    """Whether the words of two rows fill their lines and stand in no columns."""
    for words in (row, other):
        gaps = [
            b.left - a.right
            for a, b in pairwise(words[_MARKER.fullmatch(words[0].text) is not None :])
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


def _is_contents(rows: Sequence[Sequence[Run]], above: Piece | None, *, boxed: bool) -> bool:
    """Whether rows are lines of contents: they end in numbers of pages that never fall, with "Contents" above or in the first line, or
    dots before most of them and no rules between them."""
    within = CONTENTS_HEAD.fullmatch(rows[0][0].text) is not None
    headed = isinstance(above, Run) and CONTENTS_HEAD.fullmatch(above.text) is not None
    paged = [row for row in rows if len(row) > 1 and _PAGE_NUMBER.fullmatch(row[-1].text)]
    pages = [int(row[-1].text) for row in paged if row[-1].text.isdecimal()]
    # What has no page of its own may be the name of a part
    if len(paged) < max(3, (0.5 if within else 0.7) * len(rows)) or pages != sorted(pages):
        return False
    if max(row[-1].right for row in paged) - min(row[-1].right for row in paged) > 3:
        return False
    led = sum(_DOTS_AT_END.search(row[-2].text) is not None for row in paged)
    return within or headed or (not boxed and 2 * led >= len(paged))


def _lines(rows: Sequence[Sequence[Run]]) -> Iterator[Run]:
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


# --------------------------------------------------------------------------- gaps that rows share


def _free(row: Sequence[Run]) -> list[Gap]:
    edges = [-_FAR, *(x for run in row for x in (run.left, run.right)), _FAR]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]


def _both(
    some: Sequence[Gap], others: Sequence[Gap], least: float, edges: Sequence[float]
) -> list[Gap]:
    """The gaps that are in both, ``least`` wide or with a drawn edge in them."""
    found = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return [
        (a, b)
        for a, b in found
        if b - a >= least
        or (a < b and bisect_left(edges, a - _ON_EDGE) < bisect_right(edges, b + _ON_EDGE))
    ]


# Columns of prose have so many lines, and so many below them tell what stands there.
_LEAST_COLUMN_LINES: Final = 3
_LINES_AHEAD: Final = 12
# So many gaps has a timetable or the like.
_LEAST_MANY: Final = 6


def _stretch(
    rows: Sequence[Sequence[Run]],
    at: int,
    meets: Mapping[float, Sequence[float]],
    posts: Sequence[tuple[float, float, float]],
) -> int:
    """Where the rows from ``at`` on end that share a gap with text on both of its sides; ``at`` if none do. A gap that an edge between
    cells stands in may be narrow, and rows whose cells meet far apart; ``meets``: at which heights cells do, by x."""
    edges = list(meets)
    if not _may_begin(rows, at):
        return at
    least = COLUMN_GAP * 0.9 * min(run.height for run in rows[at])
    free = _free(rows[at])
    end = good = at
    n_inner = 0
    for end in range(at, len(rows)):
        if (
            end > at
            and _apart(rows[end - 1], rows[end])
            and not _in_one_grid(rows[end - 1][0], rows[end][0], meets)
            and not _steps_go_on(rows, at, end)
        ):
            break
        if end > at and _begins_grid(rows, at, end, posts):
            break
        free = _both(free, _free(rows[end]), least, edges)
        inner = [gap for gap in free if _divides(rows[at : end + 1], gap)]
        if len(inner) < n_inner and end - at > 2 and _steps_away(rows[at : end + 1]):
            break  # A line further below that has fewer columns is none of the table
        if 0 < n_inner < len(rows[end]) - 1 and _is_below_prose(rows, at, end):
            break  # A table below columns of prose, whose cells stand elsewhere
        if len(rows[end]) > len(inner) and 2 * len(inner) < n_inner >= _LEAST_MANY:
            break  # Another table of many columns begins, and these stand elsewhere
        n_inner = len(inner)
        if inner:
            good = end + 1
        elif good > at or end - at > 5:
            break
    return good


def _n_heads(rows: Sequence[Sequence[Run]], at: int, end: int) -> int:
    """How many of the last rows that share a gap head the full lines below them: they begin where these do, alone and in other letters,
    and stand apart from the columns above."""
    if end - at < _LEAST_COLUMN_LINES or end == len(rows) or len(rows[end]) > 1:
        return 0
    line = rows[end][0]
    second = min((row[1].left for row in rows[at:end] if len(row) > 1), default=_FAR)
    n = 0
    while end - n > at + 2 and second < line.right and _heads(rows[end - n - 1], line):
        n += 1
    steps = [a[0].bottom - b[0].bottom for a, b in pairwise(rows[at : end - n + 1])]
    return n if n and steps[-1] > _HEAD_STEP * median(steps) else 0


# Of the usual step from line to line: a heading stands further below the text above it.
_HEAD_STEP: Final = 1.3


def _heads(row: Sequence[Run], line: Run) -> bool:
    head = row[0]
    differs = (head.bold and not line.bold) or head.height > 1.08 * line.height
    return (
        len(row) == 1
        and differs
        and abs(head.left - line.left) < 1
        and head.bottom - line.bottom < _MAX_HEAD_STEPS * head.height
        and not BULLET.match(head.text)
    )


_MAX_HEAD_STEPS: Final = 5.0


def _in_one_grid(above: Run, below: Run, meets: Mapping[float, Sequence[float]]) -> bool:
    """Whether the cells of three columns meet between two lines, above the one and below the other: high cells with a picture each."""
    n_edges = 0
    for heights in meets.values():
        over = bisect_right(heights, above.bottom)
        under = bisect_left(heights, below.bottom)
        n_edges += 0 < under < over < len(heights)
    return n_edges > 1


# Of the height of the letters: cells one above the other, of one table, stand nearer.
_BOX_GAP: Final = 0.7


def _begins_grid(
    rows: Sequence[Sequence[Run]],
    at: int,
    end: int,
    posts: Sequence[tuple[float, float, float]],
) -> bool:
    """Whether the row ``end`` is the first in a box of cells: below a line that heads it and more of the rows from ``at`` on that have not
    as many cells; or in bold, below another box."""
    above, row = rows[end - 1], rows[end]
    if len(row) < 2 or not posts:
        return False
    low, top = (line[0].bottom + 0.3 * line[0].height for line in (row, above))
    beside = [x for x, a, b in posts if a < low < b]
    if not beside or min(beside) > row[0].left + 1 or max(beside) < row[-1].right - 1:
        return False
    if not any(a.right - 1 < x < b.left + 1 for x in beside for a, b in pairwise(row)):
        return False
    gap = _BOX_GAP * row[0].height
    reached, hole = low, False
    for a, b in sorted((a, b) for _, a, b in posts if a < top and b > low):
        hole = hole or a > reached + gap
        reached = max(reached, b)
    if reached < top:
        over = len(above) == 1 and above[0].left < max(beside) and above[0].right > min(beside)
        return over and all(len(one) < len(row) for one in rows[at:end])
    bold = all(run.bold for run in row) and not any(run.bold for run in above)
    return hole and bold and end - at > 1


_STEP = re.compile(r"(\d{1,2})[.)](?: |\Z)")


def _steps_go_on(rows: Sequence[Sequence[Run]], at: int, end: int) -> bool:
    """Whether the numbered steps that stand side by side in the rows from ``at`` on are counted on from ``end`` on, below a picture."""
    last = {round(left / _MEET): number for left, number in _steps(rows[at:end])}
    below = end + 1
    while last and below < len(rows) and not _apart(rows[below - 1], rows[below]):
        below += 1
    return len(last) > 1 and any(
        last.get(near) == number - 1
        for left, number in _steps(rows[end:below])
        for near in (math.floor(left / _MEET), math.ceil(left / _MEET))
    )


def _steps(rows: Sequence[Sequence[Run]]) -> list[tuple[float, int]]:
    """Where the numbered steps among rows begin, and their numbers."""
    found = ((run.left, _STEP.match(run.text)) for row in rows for run in row)
    return [(left, int(step[1])) for left, step in found if step is not None]


def _count_on(columns: Sequence[Sequence[Run]]) -> bool:
    """Whether numbered steps go on from one column to the next, which begins with one."""
    steps = [_steps([column]) for column in columns]
    return all(
        before
        and len(after) > 1
        and _STEP.match(column[0].text)
        and after[0][1] == before[-1][1] + 1
        for (before, after), column in zip(pairwise(steps), columns[1:], strict=True)
    )


def _heads_columns(
    rows: Sequence[Sequence[Run]],
    at: int,
    end: int,
    meets: Mapping[float, Sequence[float]],
    posts: Sequence[tuple[float, float, float]],
) -> bool:
    """Whether a row, as a running head, stands apart over columns of prose that go on further down than the gaps which they share
    with it."""
    if end >= len(rows) or len(rows[at]) < 2 or at + 2 >= end:
        return False
    step, usual = (a[0].bottom - b[0].bottom for a, b in pairwise(rows[at : at + 3]))
    height = rows[at + 1][0].height
    further = _stretch(rows, at + 1, meets, posts) if step > max(1.6 * usual, 1.6 * height) else end
    below = rows[at + 1 : further]
    return further > end and _is_prose(below, _columns(below, _gutters(below)))


def _may_begin(rows: Sequence[Sequence[Run]], at: int) -> bool:
    row = rows[at]
    if len(row) > 1:
        return True
    after = rows[at + 1] if at + 1 < len(rows) else []
    return (
        bool(after)
        and (after[0].left > row[0].right or after[-1].right < row[0].left)
        and (row[0].bottom - after[0].bottom < 0.9 * row[0].height)
    )


def _steps_away(rows: Sequence[Sequence[Run]]) -> bool:
    """Whether the last row is further below the one before than those are from each other."""
    steps = [a[0].bottom - b[0].bottom for a, b in pairwise(rows)]
    return steps[-1] > 1.6 * max(steps[:-1])


def _is_below_prose(rows: Sequence[Sequence[Run]], at: int, end: int) -> bool:
    """Whether the rows from ``end`` on stand further below those from ``at`` on, which are columns of prose, and are none."""
    if end - at < _LEAST_COLUMN_LINES or not _steps_away(rows[at : end + 1]):
        return False
    above, below = rows[at:end], rows[end : end + _LINES_AHEAD]
    return _is_prose(above, _columns(above, _gutters(above))) and not _is_prose(
        below, _columns(below, _gutters(below))
    )


def _apart(before: Sequence[Run], row: Sequence[Run]) -> bool:
    """Whether more than three empty lines are between two rows."""
    return before[0].bottom - row[0].bottom > 5 * max(before[0].height, row[0].height)


def _divides(rows: Sequence[Sequence[Run]], gap: Gap) -> bool:
    left = [n for n, row in enumerate(rows) if row[0].right <= gap[0] + 0.1]
    right = [n for n, row in enumerate(rows) if row[-1].left >= gap[1] - 0.1]
    if len(left) < 2 or len(right) < 2:
        return False
    return min(left[-1], right[-1]) - max(left[0], right[0]) >= 1


def _gutters(
    rows: Sequence[Sequence[Run]], *, of_all: bool = False, exact: bool = False
) -> list[Gap]:
    """Gaps that nearly all rows leave free, of rows with more than one run where there are any; with ``of_all`` of all; with ``exact``
    those that every row leaves free."""
    several = [row for row in rows if len(row) > 1]
    judged = rows if of_all or len(several) < 2 else several
    height = min(run.height for row in judged for run in row)
    allowed = 0 if exact else len(judged) // 6
    n_askew = 0 if exact else _n_askew(judged, n_alone=len(rows) - len(judged))
    below = list(judged[n_askew:])
    # What stands alone beside all other columns is one, as where keys are set halfway up the lines of their row
    left, right = median(row[0].left for row in judged), median(row[-1].right for row in judged)
    alone = (row for row in rows if len(row) == 1 < len(judged[0]))
    beside = [row for row in alone if row[0].right < left or row[0].left > right]
    below += beside
    edges = sorted({x for row in (*judged, *beside) for run in row for x in (run.left, run.right)})
    found: list[Gap] = []
    for a, b in pairwise(edges):
        middle = (a + b) / 2
        n_there = sum(any(r.left < middle < r.right for r in row) for row in below)
        if n_there > allowed:
            continue
        if found and found[-1][1] == a:
            found[-1] = (found[-1][0], b)
        else:
            found.append((a, b))
    found = [gap for gap in found if gap[1] - gap[0] >= 0.6 * height and _divides(rows, gap)]
    return [gap for n, gap in enumerate(found) if exact or not _is_within_cell(rows, found, n)]


def _is_within_cell(rows: Sequence[Sequence[Run]], gutters: Sequence[Gap], n: int) -> bool:
    """Whether a gap parts the words of one cell only, the first of its row, and another line of that column goes through it: "Safety    of
    the young", below it "Council of parents"; or a mark that says nothing from a word: "Birthdays   /"."""
    if n > 0 or len(gutters) < 2:
        return False
    gap, after = gutters[:2]
    beside = [run for row in rows for run in row if gap[1] - 1 < run.left < after[0]]
    if len(beside) != 1:
        return False
    run = beside[0]
    return run.text in "/&+" or any(
        len(row) == 1
        and row[0].left < gap[0]
        and gap[1] < row[0].right < after[0]
        and abs(row[0].bottom - run.bottom) < _LINE_STEP * run.height
        and gap[1] - gap[0] < _WORD_GAP * run.height
        for row in rows
    )


# Of the height of the letters: words of one cell that are set wide stand no farther apart.
_WORD_GAP: Final = 1.5


def _n_askew(rows: Sequence[Sequence[Run]], n_alone: int) -> int:
    """How many of the first rows may stand askew over the columns, as names of them or of groups of them do; ``n_alone``: the lines of
    the table that have one run."""
    if len(rows) > 3 and len(rows[0]) > 2 and not n_alone:
        return 1
    n = 0
    while n < min(_MAX_HEADERS, len(rows) - 2) and all(
        len(rows[n]) < len(row) and len(row) > 2 for row in rows[n + 1 :]
    ):
        n += 1
    return n


def _columns(rows: Sequence[Sequence[Run]], gutters: Sequence[Gap]) -> list[list[Run]]:
    """The runs of each column; the numbers and bullets of a list are no column of their own, nor with lines that begin where they do."""
    columns: list[list[Run]] = [[] for _ in range(len(gutters) + 1)]
    for row in rows:
        for run in row:
            columns[_column_of(run, gutters)].append(run)
    alone = {id(row[0]) for row in rows if len(row) == 1}
    merged: list[list[Run]] = []
    marked = False
    for column, after in zip(columns, [*gutters, (_FAR, _FAR)], strict=True):
        if marked:
            merged[-1] += column
        elif column:
            merged.append(column)
        others = [run for run in column if not _MARKER.fullmatch(run.text)]
        n_marks = len(column) - len(others)
        # Headings between the items stand alone, or have a number
        heads = n_marks > len(others) and all(
            id(run) in alone or _SECTION.fullmatch(run.text) for run in others
        )
        marked = n_marks > 0 and (heads or all(run.right > after[1] for run in others))
    return merged


def _column_of(run: Run, gutters: Sequence[Gap]) -> int:
    return sum(run.left >= (a + b) / 2 - 1 for a, b in gutters)


def _is_prose(rows: Sequence[Sequence[Run]], columns: Sequence[Sequence[Run]]) -> bool:
    if len(columns) > _MAX_COLUMNS_OF_PROSE:
        return False
    if _are_index(columns):
        return True
    others = [column for column in columns if not _holds_prose(column)]
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


def _are_labelled(rows: Sequence[Sequence[Run]], columns: Sequence[Sequence[Run]]) -> bool:
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
    return len(beside) == len(rows) and not ends and not any(_has_digit([run]) for run in names)


def _holds_prose(column: Sequence[Run]) -> bool:
    """Whether the lines of a column fill it."""
    width = max(run.right for run in column) - min(run.left for run in column)
    lines = list(_lines(rows_of(column)))
    full = [
        line
        for line in lines
        if line.right - line.left > 0.75 * width and len(line.text) >= _LEAST_PROSE_CHARS
    ]
    # A column of prose may hold a table, a list or a picture.
    share = _LEAST_FILL if len(lines) < 12 else _LEAST_LONG_FILL
    return len(lines) >= 3 and len(full) >= share * len(lines) - 1


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
        and all(len(row) == 1 and not _has_digit(row) for row in lines)
        and len(lines[0][0].text) >= _LEAST_PROSE_CHARS
        and abs(lines[0][0].bottom - others[0][0][0].bottom) < lines[0][0].height
    )


def _is_note(column: Sequence[Run]) -> bool:
    """Whether a column too narrow for lines of prose is a note beside them: its lines go on in small letters, one below the other."""
    lines = rows_of(column)
    n_small = sum(row[0].text[0].islower() for row in lines)
    n_digits = sum(_has_digit([run]) for run in column)
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
        and not _has_digit(column)
    )


def _is_beside_drawing(columns: Sequence[Sequence[Run]], n_prose: int) -> bool:
    """Whether all columns but those of prose are words of a drawing, in letters of other sizes and without numbers."""
    labels = _labels(columns)
    if not labels or n_prose != len(columns) - len(labels):
        return False
    words = [run for column in labels for run in column]
    prose = [run for column in columns if column not in labels for run in column]
    usual = median(run.height for run in prose)
    return (
        not _has_digit(words)
        and any(abs(word.height - usual) > 0.15 * usual for word in words)
        and sum(run.text[:1].islower() for run in prose) >= 0.4 * len(prose)
    )


def _labels(columns: Sequence[Sequence[Run]]) -> list[Sequence[Run]]:
    """The columns that are words of a drawing beside the prose: few, and none of them as long as a line of it."""
    n_chars = [sum(len(run.text) for run in column) for column in columns]
    few = [
        column
        for column, n in zip(columns, n_chars, strict=True)
        if n < _MAX_LABELS_SHARE * max(n_chars)
        and all(len(run.text) < _LEAST_PROSE_CHARS for run in column)
        and any(len(run.text) > 2 or run.text.isupper() for run in column)
    ]
    runs = [run for column in few for run in column]
    drawn = any(len(run.text) == 1 and run.text.isupper() for run in runs)
    return few if drawn or len({round(run.left) for run in runs}) > 0.6 * len(runs) > 1 else []


def _below_labels(rows: Sequence[Sequence[Run]], columns: Sequence[Sequence[Run]]) -> int:
    """Where the rows begin that stand below a drawing and its text alike: the first larger step after its last word; 0 where none is."""
    words = {id(run) for column in _labels(columns) for run in column}
    last = max((n for n, row in enumerate(rows) for run in row if id(run) in words), default=-1)
    steps = [a[0].bottom - b[0].bottom for a, b in pairwise(rows)]
    for n in range(last + 1, len(rows)) if last >= 0 else ():
        if steps[n - 1] > 1.7 * median(steps):
            return n
    return 0


def _read_as_labels(columns: Sequence[Sequence[Run]], height: float) -> list[Run]:
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


def _is_chance(rows: Sequence[Sequence[Run]], gutters: Sequence[Gap]) -> bool:
    """Whether two or three rows may share their gap by chance, as lines set to a narrow measure do."""
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
    if len(gutters) > 1 or sum(len(run.text) for run in runs) < _LEAST_PROSE_CHARS * len(runs):
        return False
    height = max(run.height for run in runs)
    return all(b - a < 2.5 * height for a, b in gutters)


# Of the height of the letters: no word of a line that is set wide stands so far from the next.
_WIDE_GUTTER: Final = 2.5


def _are_apart(columns: Sequence[Sequence[Run]], gutters: Sequence[Gap]) -> bool:
    """Whether columns of prose have more room between them than words of a line that is set wide ever have."""
    height = max(run.height for column in columns for run in column)
    wide = all(b - a >= _WIDE_GUTTER * height for a, b in gutters)
    return wide and len(columns) > 1 and all(map(_holds_prose, columns))


def _is_boxed(rows: Sequence[Sequence[Run]], rules: Sequence[tuple[float, float, float]]) -> bool:
    """Whether rules run through the rows from column to column: a table, though its cells be full of prose."""
    n_rules = len(_rules_between(rows, rules))
    return n_rules >= 2 and (n_rules >= len(rows) // 8 or bool(_drawn_gutters(rows, rules)))


def _rules_between(
    rows: Sequence[Sequence[Run]], rules: Sequence[tuple[float, float, float]]
) -> list[float]:
    """Heights of the rules between the first base line of some rows and their last."""
    left = min(row[0].left for row in rows)
    right = max(row[-1].right for row in rows)
    top, low = rows[0][0].bottom, rows[-1][0].bottom
    covered = _covered([rule for rule in rules if low < rule[1] < top], left, right)
    return sorted((y for y, width in covered.items() if width > 0.6 * (right - left)), reverse=True)


def _covered(
    rules: Sequence[tuple[float, float, float]], left: float, right: float
) -> dict[float, float]:
    """How much of the width from ``left`` to ``right`` the rules of each height cover."""
    covered: dict[float, float] = {}
    for a, y, b in rules:
        key = round(y / 2) * 2.0
        covered[key] = covered.get(key, 0.0) + max(0.0, min(b, right) - max(a, left))
    return covered


def _heights_across(
    rules: Sequence[tuple[float, float, float]], left: float, right: float
) -> set[float]:
    """The heights of rules that run from ``left`` to ``right``."""
    covered = _covered(rules, left, right)
    return {y for y, width in covered.items() if width > 0.9 * (right - left)}


def _rows_before(
    rows: Sequence[Sequence[Run]], at: int, gutters: Sequence[Gap], found: list[Piece]
) -> int:
    """How many rows just above belong to the columns: one of the other columns begins higher than the first.

    They were taken as lines and are taken back from ``found``.
    """
    back = most = 0
    while at - back > 0 and not _apart(rows[at - back - 1], rows[at - back]):
        row = rows[at - back - 1]
        if len(row) > 1 or any(row[0].left < a < row[0].right for a, _ in gutters):
            break
        back += 1
        if _column_of(row[0], gutters) > 0:
            most = back
    most = min(most, len(found))
    if any(isinstance(piece, Row) for piece in found[len(found) - most :]):
        return 0
    if most:
        del found[len(found) - most :]
    return most


def _n_in_first_row(
    rows: Sequence[Sequence[Run]],
    at: int,
    end: int,
    rules: Sequence[tuple[float, float, float]],
    found: Sequence[Piece],
) -> int:
    """How many lines just above a drawn table stand below its upper rule, as the first lines of a cell do whose key stands halfway up. They
    were taken as lines, the last of those ``found``."""
    gutters = _drawn_gutters(rows[max(0, at - 1) : end], rules)
    if not gutters:
        return 0
    left, right = (
        min(row[0].left for row in rows[at:end]),
        max(row[-1].right for row in rows[at:end]),
    )
    covered = _covered([rule for rule in rules if rule[1] > rows[at][0].bottom], left, right)
    top = min((y for y, width in covered.items() if width > 0.9 * (right - left)), default=-_FAR)
    n = 0
    while n < min(at, len(found), _MAX_CELL_LINES) and isinstance(found[-1 - n], Run):
        row = rows[at - 1 - n]
        if row[0].bottom > top or len(row) > 1 or not _fits(row[0], gutters):
            break
        n += 1
    return n


def _are_tail(rows: Sequence[Sequence[Run]], columns: Sequence[Sequence[Run]]) -> bool:
    """Whether the first lines of a page are the rest of a row that began on the page before: small letters where a column other than the
    first begins."""
    lefts = [min(run.left for run in column) for column in columns[1:]]
    return (
        0 < len(rows) <= _MAX_TAIL_LINES
        and all(len(row) == 1 and any(abs(row[0].left - x) < 2 for x in lefts) for row in rows)
        and rows[0][0].text[:1].islower()
    )


def _n_after(rows: Sequence[Sequence[Run]], rules: Sequence[tuple[float, float, float]]) -> int:
    """How many rows at the end of a table are lines of what follows it: they stand alone, and further below; not above its last rule."""
    steps = sorted(a[0].bottom - b[0].bottom for a, b in pairwise(rows))
    usual = steps[len(steps) // 2]
    lefts = [row[0].left for row in rows if len(row) > 1]
    if not lefts:
        return 0
    last = within = -_FAR
    second = min(row[1].left for row in rows if len(row) > 1)
    if len(_rules_between(rows, rules)) > 1 or _drawn_gutters(rows, rules):
        right = max(row[-1].right for row in rows)
        line = 2 * rows[-1][0].height
        near = [rule for rule in rules if rule[1] > rows[-1][0].bottom - line]
        through, beside = (_heights_across(near, x, right) for x in (min(lefts), second))
        last = min(through, default=last)
        # A rule that leaves out the keys is none below a table: what stands right below it is a cell
        within = min(beside - through, default=-_FAR) - line
    n = 0
    for k in range(len(rows) - 1, 1, -1):
        row = rows[k]
        # A paper in another colour behind the text below has edges, too
        heads = row[0].bold and names_division(row[0].text)
        beside_key = row[0].bottom > within > -_FAR and row[0].left > second - 1
        if len(row) > 1 or (row[0].bottom > last > -_FAR and not heads) or beside_key:
            break
        if rows[k - 1][0].bottom - row[0].bottom > 1.3 * usual or row[0].left < min(lefts) + 1:
            n = len(rows) - k
    return n


# --------------------------------------------------------------------------- tables


def _between_columns(rows: Sequence[Sequence[Run]], gutters: Sequence[Gap]) -> list[Gap]:
    """The gutters without those between the name of a column and what stands below it, where that begins right of the name's end or ends
    left of it: the first row has nothing on one side of the gutter, the others nothing on the other. Where the first row has figures it names no columns."""
    if any(char.isdigit() for run in rows[0] for char in run.text) or len(rows[0]) < 2:
        return list(gutters)
    filled = [{_column_of(run, gutters) for run in row} for row in rows]
    needless: list[int] = []
    for n in range(len(gutters)):
        left, right = ([k for k, of in enumerate(filled) if m in of] for m in (n, n + 1))
        apart = (left == [0] and right and right[0] > 0) or (right == [0] and left and left[0] > 0)
        # A column is joined to one other at most
        if apart and len(left) + len(right) > _LEAST_BELOW and n - 1 not in needless:
            needless.append(n)
    return [gap for n, gap in enumerate(gutters) if n not in needless]


def _table(
    rows: Sequence[Sequence[Run]], rules: Sequence[tuple[float, float, float]]
) -> list[Piece]:
    drawn = _drawn_gutters(rows, rules)
    gutters = drawn or _between_columns(rows, _gutters(rows))
    found: list[Row] = []
    ruled = _rules_between(rows, rules)
    ruled += _rules_of_cells(
        rows, drawn, [rule for rule in rules if ruled and rule[1] < ruled[0] - 2]
    )
    groups: list[list[Sequence[Run]]] = []
    keys: dict[int, list[Run]] = {}
    for group in _grouped(rows, gutters, ruled, drawn=bool(drawn)):
        parts = [[line] for line in group] if _is_timed(group, gutters) else [group]
        if len(parts) == 1 and not drawn and len(ruled) < 2:
            parts = _by_numbers(group, gutters)
        if len(parts) > 1:
            key = [run for line in group for run in line if _column_of(run, gutters) == 0]
            keys.update((n, key) for n in range(len(groups), len(groups) + len(parts)))
        groups += parts
    for group in groups:
        cells: list[list[Run]] = [[] for _ in range(len(gutters) + 1)]
        for line in group:
            in_order = len(line) == len(cells) and not found
            for n, run in enumerate(line):
                cells[n if in_order else _column_of(run, gutters)].append(run)
        cells[0] = keys.get(len(found), cells[0])
        found.append(Row(rows[0][0].page, cells, gutters=gutters, ruled=bool(drawn)))
    if not found:
        return []
    found[0].first = True
    n_labels = _n_labels(found)
    for row in found[:n_labels]:
        row.cells = [cell for cell in row.cells if cell]
    table = found[n_labels:]
    table[0].first = True
    for row in table[: _n_headers(table)]:
        row.header = True
    if drawn:
        bottoms = [group[0][0].bottom for group in groups]
        _repeat_merged(table, bottoms[n_labels:], drawn, rules)
    return list(found)


def goes_on(table: Row, row: Row) -> bool:
    """Whether a row that stands next behind the last one of a table has the same columns: overleaf, or below it between the same rules."""
    if len(row.gutters) != len(table.gutters) or not row.gutters or row.header:
        return False
    if row.page == table.page and not (table.ruled and row.ruled):
        return False
    near = _MEET if table.ruled and row.ruled else 0.0
    return row.page - table.page in (0, 1) and all(
        a - near < d and c - near < b
        for (a, b), (c, d) in zip(table.gutters, row.gutters, strict=True)
    )


def _n_labels(rows: Sequence[Row]) -> int:
    """How many of the first rows are names and values over a table that names its columns below them: "Desde: Soria", "Día: 3 de mayo"."""
    n = 0
    for row in rows:
        filled = [cell for cell in row.cells if cell]
        if len(row.cells) < 3 or len(filled) != 2 or not row.cells[0]:
            break
        if not filled[0][-1].text.endswith(":"):
            break
        n += 1
    return n if n and _is_header(rows[n:]) else 0


def _drawn_gutters(
    rows: Sequence[Sequence[Run]], rules: Sequence[tuple[float, float, float]]
) -> list[Gap]:
    """The edges between the columns of a table whose rules are drawn cell by cell: where these meet at two heights and more, or above and
    below the only row. [] where they are not, or part fewer columns than its rows leave free."""
    low, top = rows[-1][0].bottom - rows[-1][0].height, rows[0][0].bottom + 2 * rows[0][0].height
    edge = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    meets = meets_of([rule for rule in rules if low < rule[1] < top])
    found = [
        (x - 0.5, x + 0.5)
        for x, heights in meets.items()
        if edge[0] < x < edge[1] and len({round(y) for y in heights}) > 1
    ]
    if not found:
        found = [
            (x - 0.5, x + 0.5)
            for x, heights in meets_of(rules).items()
            if edge[0] < x < edge[1]
            and any(a < rows[-1][0].bottom and rows[0][0].bottom < b for a, b in pairwise(heights))
        ]
    runs = [run for row in rows for run in row]
    astride = sum(any(run.left < x - 2 and x + 2 < run.right for _, x in found) for run in runs)
    return found if len(found) >= max(1, len(_gutters(rows))) and 8 * astride <= len(runs) else []


def _crossed(
    rules: Sequence[tuple[float, float, float]], posts: Sequence[tuple[float, float, float]]
) -> Sequence[tuple[float, float, float]]:
    """Rules parted where upright ones meet them, as if they were drawn cell by cell."""
    if not posts or len(rules) * len(posts) > _MAX_CROSSINGS:
        return rules
    found: list[tuple[float, float, float]] = []
    for left, y, right in rules:
        meets = {
            x
            for x, low, high in posts
            if left + _MEET < x < right - _MEET and low - _MEET < y < high + _MEET
        }
        ends = [left, *sorted(meets), right]
        found += ((a, y, b) for a, b in pairwise(ends))
    return found


def _without_underlines(sheet: Sheet) -> list[tuple[float, float, float]]:
    """The rules of a page without those right below words and no longer than these, which may be set wide."""
    level = rows_of([run for run in sheet.runs if not run.turned]) if sheet.rules else []
    wide = _lines([row for row in level if _is_set_wide(row) and _may_be_line(row)])
    runs = sorted([*sheet.runs, *wide], key=lambda run: run.bottom)
    bottoms = [run.bottom for run in runs]
    tallest = max((run.height for run in runs), default=0.0)
    return [
        (left, y, right)
        for left, y, right in sheet.rules
        if not any(
            -0.1 * run.height < run.bottom - y < 0.25 * run.height
            and run.left - 2 <= left
            and right <= run.right + 2
            for run in runs[bisect_left(bottoms, y - tallest) : bisect_right(bottoms, y + tallest)]
        )
    ]


def _rules_of_cells(
    rows: Sequence[Sequence[Run]],
    drawn: Sequence[Gap],
    rules: Sequence[tuple[float, float, float]],
) -> list[float]:
    """Heights at which rules part the cells of some columns, two at least, from edge to edge, beside cells that reach over several rows."""
    if not drawn:
        return []
    ends = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    edges = [ends[0], *((a + b) / 2 for a, b in drawn), ends[1]]
    top, low = rows[0][0].bottom, rows[-1][0].bottom
    inner = [rule for rule in rules if low < rule[1] < top]
    n_columns = Counter[float]()
    for left, right in pairwise(edges):
        covered = _covered(inner, left, right)
        n_columns.update(y for y, width in covered.items() if width > 0.9 * (right - left))
    return [y for y, n in n_columns.items() if n > 1]


def meets_of(rules: Sequence[tuple[float, float, float]]) -> dict[float, list[float]]:
    """Where the rule of a cell ends and that of the cell beside it begins: by x, from left to right, at which heights, from below."""
    drawn = sorted({(round(y, 1), a, b) for a, y, b in rules})
    places: list[tuple[float, float]] = []
    for n, (y, _, end) in enumerate(drawn):
        near = drawn[max(0, n - _MAX_CELLS) : n + _MAX_CELLS]
        places += [
            ((end + a) / 2, y) for z, a, _ in near if abs(z - y) < 1 and abs(a - end) < _MEET
        ]
    found: dict[float, list[float]] = {}
    x = -_FAR
    for at, y in sorted(places):
        if at - x > 2 * _MEET:
            x = at
            found[x] = []
        found[x].append(y)
    return {x: sorted(heights) for x, heights in found.items()}


def _edges_of_cells(rules: Sequence[tuple[float, float, float]]) -> dict[float, list[float]]:
    """Where cells meet, and at which heights the rule of one begins there alone, as beside a cell that reaches over several rows."""
    meets = meets_of(rules)
    places = sorted((a, y) for a, y, _ in rules)
    for x, heights in meets.items():
        first, end = (bisect_left(places, (at, -_FAR)) for at in (x - _MEET, x + _MEET))
        if len(heights) > 1:
            meets[x] = sorted({*heights, *(round(y, 1) for _, y in places[first:end])})
    return meets


def _parted(
    runs: Sequence[Run],
    meets: dict[float, list[float]],
    posts: Sequence[tuple[float, float, float]],
) -> list[Run]:
    """Runs that go over the edge between two cells as one for each: where cells meet above and below, and no letter stands in between;
    an upright rule, where there are any at the edge, goes past the run."""
    found: list[Run] = []
    edges = list(meets)
    upright: dict[float, list[Gap]] = {}
    for at, low, high in sorted(posts):
        for x in edges[bisect_left(edges, at - _MEET) : bisect_right(edges, at + _MEET)]:
            upright.setdefault(x, []).append((low, high))
    for run in runs:
        first, last = bisect_right(edges, run.left + 2), bisect_left(edges, run.right - 2)
        for x in reversed(edges[first:last]):
            heights, reach = meets[x], _MAX_CELL_LINES * run.height
            above = bisect_right(heights, run.bottom)
            if not 0 < above < len(heights) or heights[above] - heights[above - 1] > reach:
                continue
            middle = run.bottom + 0.3 * run.height
            if x in upright and not any(low < middle < high for low, high in upright[x]):
                continue
            cut = _gap_at(run, x)
            if cut:
                run, cell = parted_at(run, cut)
                found.append(cell)
        found.append(run)
    return found


def _gap_at(run: Run, x: float) -> int:
    """The place in a run of the space, or of the letter behind a gap, that an edge goes through; 0 where none is."""
    for n in range(1, len(run.edges) // 2 - 1):
        space = run.text[n] == " "
        left, right = run.edges[2 * n - 1], run.edges[2 * n + space]
        if left - 1 < x < right + 1 and (space or right - left > _LEAST_CELL_GAP):
            return n
    return 0


def _repeat_merged(
    rows: Sequence[Row],
    tops: Sequence[float],
    gutters: Sequence[Gap],
    rules: Sequence[tuple[float, float, float]],
) -> None:
    """Reads what stands in a cell that reaches over several rows of a ruled table with each of them, where it is short.

    ``tops``: the base line at which each row begins.
    """
    runs = [run for row in rows for cell in row.cells for run in cell]
    left, right = min(run.left for run in runs), max(run.right for run in runs)
    edges = [left, *((a + b) / 2 for a, b in gutters), right]
    between = [
        [(max(a, left), min(b, right)) for a, y, b in rules if low < y < top]
        for top, low in pairwise(tops)
    ]
    # Where hours stand over hours without a rule, one is missing, and nothing reaches on
    hours = [bool(row.cells[0]) and _HOURS.fullmatch(row.cells[0][0].text) for row in rows]
    for n, drawn in enumerate(between):
        if hours[n] and hours[n + 1] and _reaches_on(drawn, edges[0], edges[1], right - left):
            between[n] = []
    for column, (start, end) in enumerate(pairwise(edges)):
        n = 0
        while n < len(rows):
            stop = n + 1
            while stop < len(rows) and _reaches_on(between[stop - 1], start, end, right - left):
                stop += 1
            cell = [run for row in rows[n:stop] for run in row.cells[column]]
            if stop - n > 1 and sum(len(run.text) for run in cell) <= _MAX_REPEATED_CHARS:
                for row in rows[n:stop]:
                    row.cells[column] = cell
            n = stop


def _reaches_on(drawn: Sequence[Gap], start: float, end: float, width: float) -> bool:
    """Whether the rule between two rows has a gap at a column, while it runs through most of the table."""
    across = sum(b - a for a, b in drawn if b > a)
    here = any(min(b, end) - max(a, start) > 0.5 * (end - start) for a, b in drawn)
    return not here and across > 0.1 * width


def _grouped(
    rows: Sequence[Sequence[Run]],
    gutters: Sequence[Gap],
    ruled: Sequence[float],
    *,
    drawn: bool,
) -> list[list[Sequence[Run]]]:
    """The lines of each row of a table: parted at the heights of rules, else by larger steps, else where the first column begins anew."""
    steps = [a[0].bottom - b[0].bottom for a, b in pairwise(rows)]
    heights = [max(run.height for run in row) for row in rows]
    close = min(steps)
    uneven = max(steps) > 1.25 * close and close < 1.35 * max(heights)
    keyed = [any(_column_of(run, gutters) == 0 for run in row) for row in rows]
    by_rules = len(ruled) > 1 or (
        drawn
        and (
            (len(ruled) == 1 and _has_key_halfway(rows, keyed, ruled[0]))
            or _keys_fill_cells(rows, gutters, ruled)
        )
    )
    several = _several_between(rows, gutters, keyed, ruled) if by_rules else frozenset()
    bands = _bands(rows, gutters, keyed, steps) if not by_rules and not all(keyed) else []
    sums = len(rows) - _n_sums(rows, gutters, keyed)
    groups = [[rows[0]]]
    for n, row in enumerate(rows[1:]):
        parted: bool
        if by_rules:
            parted = (
                any(row[0].bottom < y < rows[n][0].bottom for y in ruled)
                or n + 1 in several
                or (_is_hours(row, gutters) and _is_hours(groups[-1][0], gutters))
            )
        elif bands:
            parted = n + 1 in bands
        elif all(keyed):
            wraps = row[0].text[:1].islower() and not rows[n][0].text[:1].islower()
            parted = not uneven or steps[n] > 1.2 * close or (len(row) > 1 and not wraps)
        else:
            heads = not uneven and len(row) == 1 and row[0].bold and not rows[n][-1].bold
            near = uneven and steps[n] <= 1.1 * close and len(row) == 1
            parted = (
                n + 1 >= sums
                or heads
                or (keyed[n + 1] and not near and not _ends_key(rows, n + 1, keyed, groups[-1]))
            )
        if parted:
            groups.append([row])
        else:
            groups[-1].append(row)
    return groups


def _has_key_halfway(rows: Sequence[Sequence[Run]], keyed: Sequence[bool], rule: float) -> bool:
    """Whether what stands above or below the only rule is one row: it has one key, with lines above and below that have none."""
    n_above = sum(row[0].bottom > rule for row in rows)
    parts = [list(keyed[:n_above]), list(keyed[n_above:])]
    return any([key for key, _ in groupby(part)] == [False, True, False] for part in parts)


def _keys_fill_cells(
    rows: Sequence[Sequence[Run]], gutters: Sequence[Gap], ruled: Sequence[float]
) -> bool:
    """Whether the few cells that are drawn hold a row each: each line of a key goes on in the next, as it fills the cell or that begins with
    a small letter, beside a cell of fewer lines; no cell has a line without words between others."""
    edge, found = gutters[0][0], False
    for _, group in groupby(rows, key=lambda row: sum(row[0].bottom < y for y in ruled)):
        lines: list[list[int]] = [[] for _ in range(len(gutters) + 1)]
        keys: list[list[Run]] = []
        for n, row in enumerate(group):
            for column in {_column_of(run, gutters) for run in row}:
                lines[column].append(n)
            key = [run for run in row if _column_of(run, gutters) == 0]
            keys += [key] if key else []
        if any(at and at[-1] - at[0] >= len(at) for at in lines):
            return False
        if not all(_fills(a[-1], b[0], edge) for a, b in pairwise(keys)):
            return False
        fewest = min((len(at) for at in lines[1:] if at), default=len(keys))
        if 1 < len(keys) <= fewest:
            return False
        found = found or len(keys) > 1
    return found


def _fills(line: Run, below: Run, edge: float) -> bool:
    """Whether a line goes on below: its cell has no room for the next word, or that begins with a small letter."""
    width = (below.right - below.left) / len(below.text)
    word = below.text.split(maxsplit=1)[0]
    return below.text[0].islower() or line.right + (len(word) + 1) * width > edge


def _ends_key(
    rows: Sequence[Sequence[Run]],
    n: int,
    keyed: Sequence[bool],
    group: Sequence[Sequence[Run]],
) -> bool:
    """Whether a line is the end of the key above it: alone, in small letters below a capital, and without a value, higher or lower."""
    values = n + 1 < len(rows) and not keyed[n + 1]
    small, above = rows[n][0].text[:1].islower(), group[0][0].text[:1]
    return len(rows[n]) == 1 and small and above.isupper() and not values


def _n_sums(rows: Sequence[Sequence[Run]], gutters: Sequence[Gap], keyed: Sequence[bool]) -> int:
    """How many lines at the end are sums, each a name and a figure below the figures of all rows: "Total | 92.00"."""
    figures = [
        {_column_of(run, gutters) for run in row if _FIGURE.fullmatch(run.text)} for row in rows
    ]
    n_sums = 0
    for row, key, figure in reversed(list(zip(rows, keyed, figures, strict=True))):
        if key or len(row) != 2 or _FIGURE.fullmatch(row[0].text) or len(figure) != 1:
            break
        n_sums += 1
    items = [figure for figure, key in zip(figures[1:], keyed[1:], strict=True) if key]
    if not n_sums or not items or not figures[-1] <= set.intersection(*items):
        return 0
    return n_sums


def _several_between(
    rows: Sequence[Sequence[Run]],
    gutters: Sequence[Gap],
    keyed: Sequence[bool],
    ruled: Sequence[float],
) -> frozenset[int]:
    """Where rows begin that no rule parts, as in a box around all of them: on nearly each line with a key stands a figure in one and the
    same column, and on no other line."""
    found: set[int] = set()
    above = [sum(row[0].bottom < y for y in ruled) for row in rows]
    for _, numbers in groupby(range(len(rows)), key=lambda n: above[n]):
        lines = list(numbers)
        keys = [n for n in lines if keyed[n]]
        if len(keys) < _LEAST_IN_BOX or keys[0] != lines[0]:
            continue
        if any(rows[n][0].text[:1].islower() for n in keys):
            continue
        for column in range(1, len(gutters) + 1):
            cells = [[run for run in rows[n] if _column_of(run, gutters) == column] for n in lines]
            filled = [n for n, cell in zip(lines, cells, strict=True) if cell]
            many = len(filled) > 0.8 * len(keys)
            if (
                many
                and set(filled) <= set(keys)
                and all(
                    _FIGURE.fullmatch(" ".join(run.text for run in cell)) for cell in cells if cell
                )
            ):
                found.update(keys)
                break
    return frozenset(found)


# "5", "0-2 %", "1.250,00 €", "$ 12.50"
_FIGURE = re.compile(r"[^\w\s]{0,2} ?\d[\d.,/–%-]*(?: ?[^\W\d_]{1,3}| ?[^\w\s])?")
_LEAST_IN_BOX: Final = 3
# From when to when: two of them are never one cell, though no rule is drawn between their rows.
_HOURS = re.compile(r"\d{1,2}[:.h]\d{2}\s*h?\s*(?:[-–—]|a|to)\s*\d{1,2}[:.h]\d{2}\s*h?\.?")


def _is_hours(row: Sequence[Run], gutters: Sequence[Gap]) -> bool:
    """Whether a line of a table has hours in its first column and something beside them."""
    hours = _HOURS.fullmatch(row[0].text) is not None and _column_of(row[0], gutters) == 0
    return hours and len(row) > 1


_TIME = re.compile(
    r"\d{1,2}:\d{2}|\d{1,2}(?:[:.]\d{2})? ?(?:[ap]\.?m\b\.?|h(?:rs)?\b\.?)", re.IGNORECASE
)


def _is_timed(lines: Sequence[Sequence[Run]], gutters: Sequence[Gap]) -> bool:
    """Whether the lines of one key, a day, are rows of their own: each has something in a column of times, and in another one, which
    begins anew."""
    columns = [
        [[run for run in line if _column_of(run, gutters) == n] for line in lines]
        for n in range(1, len(gutters) + 1)
    ]
    full = [cells for cells in columns if all(cells)]
    n_times = max(
        (sum(_TIME.fullmatch(cell[0].text) is not None for cell in cells) for cells in full),
        default=0,
    )
    anew = [cells for cells in full if not any(cell[0].text[:1].islower() for cell in cells)]
    return n_times > 1 and 2 * n_times >= len(lines) and len(full) > 1 and len(anew) > 1


def _by_numbers(
    lines: Sequence[Sequence[Run]], gutters: Sequence[Gap]
) -> list[list[Sequence[Run]]]:
    """The lines of one key as a row for each number in the second of three columns, where each stands beside a text of its own and the key
    has one line: "62800 | .10 Retail sale", below it ".20 Wholesale"."""
    whole = [list(lines)]
    columns = [[_column_of(run, gutters) for run in line] for line in lines]
    starts = [n for n, of in enumerate(columns) if 1 in of]
    if len(gutters) != 2 or len(starts) < 2 or (starts[0] > 0 and columns[: starts[0]] != [[0]]):
        return whole
    if any(0 in of for of in columns[1:]) or any(columns[n][-2:] != [1, 2] for n in starts):
        return whole
    pairs = [lines[n][-2:] for n in starts]
    if not all(_FIGURE.fullmatch(number.text) for number, _ in pairs):
        return whole
    if any(text.text[0].islower() for _, text in pairs):
        return whole
    return [list(lines[a:b]) for a, b in pairwise([0, *starts[1:], len(lines)])]


def _bands(
    rows: Sequence[Sequence[Run]],
    gutters: Sequence[Gap],
    keyed: Sequence[bool],
    steps: Sequence[float],
) -> list[int]:
    """Where the rows of a table begin by the larger steps between them, where the first column stands halfway up or at the foot of some;
    [] where the steps tell no rows with a key each."""
    columns: list[list[float]] = [[] for _ in range(len(gutters) + 1)]
    for row in rows:
        for run in row:
            columns[_column_of(run, gutters)].append(run.bottom)
    height = min(run.height for row in rows for run in row)
    pitches = [a - b for column in columns for a, b in pairwise(column) if a - b > 0.5 * height]
    pitch = min(pitches, default=0.0)
    found = [0, *(n + 1 for n, step in enumerate(steps) if step > 1.15 * pitch), len(rows)]
    parts = [keyed[a:b] for a, b in pairwise(found)]
    # The lines of one key are as near as lines are, those of two keys further apart
    places = [
        [row[0].bottom for row, key in zip(rows[a:b], keyed[a:b], strict=True) if key]
        for a, b in pairwise(found)
    ]
    single = [all(a - b < 1.1 * pitch for a, b in pairwise(place)) for place in places]
    good = [
        sum(part) == 1 or (any(part) and not all(part) and one)
        for part, one in zip(parts, single, strict=True)
    ]
    # A row may lack its key, but not many
    sure = all(one or not any(part) for one, part in zip(good, parts, strict=True)) and sum(
        good
    ) >= 0.75 * len(parts)
    return found[:-1] if sure and len(parts) > 2 and not all(part[0] for part in parts) else []


def _n_headers(rows: Sequence[Row]) -> int:
    """How many of the first rows name the columns: one that does, those of groups of columns over it, and those that go on below it."""
    at = next((n for n in range(_MAX_HEADERS) if _is_header(rows[n:])), _MAX_HEADERS)
    if at == _MAX_HEADERS or not all(map(_names_groups, rows[:at])):
        return 0
    said = [[flat(" ".join(run.text for run in cell)) for cell in row.cells] for row in rows[at:]]
    n = at + 1 + names_go_on(said)
    while n < min(_MAX_HEADERS, len(rows) - 1) and _is_bold(rows[n], rows[n + 1 :]):
        n += 1
    return n


def _names_groups(row: Row) -> bool:
    """Whether a row has words over some of the columns only."""
    filled = [cell for cell in row.cells if cell]
    bold = all(run.bold for cell in filled for run in cell)
    if not filled or filled[0][0].text[:1].islower():
        return False
    return len(filled) < len(row.cells) and (
        bold or (len(filled) > 1 and not any(map(_has_digit, filled)))
    )


def _is_header(rows: Sequence[Row]) -> bool:
    """Whether the first row names the columns: bold where the others are not, or words over numbers."""
    if len(rows) < 2:
        return False
    first, rest = rows[0], rows[1:]
    if sum(bool(cell) for cell in first.cells) < max(2, len(first.cells) - 1):
        return False
    if _is_bold(first, rest):
        return True
    if any(_has_digit(cell) for cell in first.cells[1:]):
        return False
    return any(
        first.cells[n] and sum(_has_digit(row.cells[n]) for row in rest) >= 0.6 * len(rest)
        for n in range(1, len(first.cells))
    )


def _is_bold(row: Row, rest: Sequence[Row]) -> bool:
    """Whether a row of two cells and more is bold, and most of the others are not."""
    filled = [cell for cell in row.cells if cell]
    others = [run for row in rest for cell in row.cells[1:] for run in cell]
    bold = all(run.bold for cell in filled for run in cell)
    return len(filled) > 1 and bold and sum(run.bold for run in others) < 0.5 * len(others)


_LEAST_WORDS: Final = 0.75


def _may_be_line(row: Sequence[Run]) -> bool:
    """Whether a row is of words, a few numbers perhaps, that stand no farther apart than those of one line do."""
    n_words = sum(any(map(str.isalpha, run.text)) for run in row)
    near = all(b.left - a.right < _WIDE_GUTTER * a.height for a, b in pairwise(row))
    return near and n_words >= _LEAST_WORDS * len(row)


def _has_digit(cell: Sequence[Run]) -> bool:
    return any(c.isdigit() for run in cell for c in run.text)
