"""The runs of a page → lines and table rows in the order in which they are read.

Where rows share a gap, the page has columns or a table there. Columns hold lines that fill them and are read one after the
other, whatever order the file has them in; a table holds cells and is read row by row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, groupby
from statistics import median
from typing import Final

from corpus.readers.pdf.billheads import blocks_of, names_items
from corpus.readers.pdf.cells import by_cells, by_drawn_cells
from corpus.readers.pdf.drawings import below_labels, labels_of, read_as_labels
from corpus.readers.pdf.frames import apart, in_turn
from corpus.readers.pdf.grids import forms_of
from corpus.readers.pdf.gutters import column_of, columns_of, drawn_gutters, gutters_of, is_boxed
from corpus.readers.pdf.leaders import with_led_rows
from corpus.readers.pdf.lines import CONTENTS_HEAD, as_lines, set_in_rows
from corpus.readers.pdf.marginalia import (
    are_names_beside,
    are_numbers_beside,
    by_side_notes,
    numbered_lines,
)
from corpus.readers.pdf.overleaf import are_tail, last_row
from corpus.readers.pdf.pieces import Gap, Piece, Row
from corpus.readers.pdf.prose import are_labelled, is_chance, is_prose
from corpus.readers.pdf.rules import MAX_CROSSINGS, meets_of, rules_of
from corpus.readers.pdf.runs import Post, Rule, Run, Sheet, upright
from corpus.readers.pdf.stretches import far_apart, stretch_of
from corpus.readers.pdf.tables import n_after, n_in_first_row, table_of
from corpus.readers.pdf.timetables import timetable_of

_PAGE_NUMBER = re.compile(r"\d{1,4}|[ivxlc]{1,6}")
_DOTS_AT_END = re.compile(r"(?:\.\s?){3,}\Z")
_MAX_DEPTH: Final = 4


def ordered(sheet: Sheet, before: Row | None = None) -> list[Piece]:
    """Lines and rows of a page in reading order; ``before``: the row that the page before ends with."""
    if (fold := sheet.fold) is not None:
        left = [run for run in sheet.runs if run.right < fold]
        right = [run for run in sheet.runs if run.right >= fold]
        first = ordered(replace(sheet, runs=left, spread=[]), before)
        return first + ordered(replace(sheet, runs=right, spread=[]))
    found: list[Piece] = []
    rules = rules_of(sheet)
    sides = ((x, low, high) for left, low, right, high in sheet.frames for x in (left, right))
    posts = [*sheet.posts, *sides]
    for turned, group in groupby(sheet.runs, key=lambda run: run.turned):
        runs = list(group)
        if turned:
            names = _name_rows(found, runs) if turned == 90 else set()
            rest = [run for run in runs if id(run) not in names]
            titles = _with_side_titles(found, rest)
            rest = [run for run in rest if id(run) not in titles]
            found += _region(by_cells(rest), [], 0) if rest else []
            continue
        runs = by_drawn_cells(by_cells(runs), rules, sheet.posts)
        parts = (in_turn(part, sheet.frames, sheet.posts) for part in apart(runs, rules))
        for together in chain.from_iterable(parts):
            last = None
            if before is not None and not found:
                last = last_row(together, before, rules, posts)
            if last is not None:
                found.append(last)
                overleaf = {id(run) for cell in last.cells for run in cell}
                together = [run for run in together if id(run) not in overleaf]
            found += _region(together, rules, 0, posts)
    return with_led_rows(found)


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


# So many lines beside it, and no line of them so many heights above the next, are what a title in the margin is of.
_LEAST_TITLED: Final = 3
_MAX_STEP_TITLED: Final = 3.0
_LARGE: Final = 1.15


def _with_side_titles(pieces: list[Piece], runs: Sequence[Run]) -> set[int]:
    """Puts what is set upwards or downwards in large letters in the margin of lines, their title, before the first of these; which of the
    runs these are."""
    held = [
        [p] if isinstance(p, Run) else [run for cell in p.cells for run in cell] for p in pieces
    ]
    flat = sorted((r for group in held for r in group if not r.turned), key=lambda r: r.bottom)
    usual = median(run.height for run in flat) if flat else 0.0
    titles: list[tuple[int, Run]] = []
    for run in runs:
        if run.height < _LARGE * usual or run.repeated or sum(map(str.isalpha, run.text)) < 2:
            continue
        titled = _beside_title(run, flat)
        at = next((n for n, group in enumerate(held) if any(id(r) in titled for r in group)), None)
        first = pieces[at] if at is not None else None
        if at is not None and not (isinstance(first, Row) and not first.first):
            titles.append((at, run))
    for at, run in sorted(titles, key=lambda title: title[0], reverse=True):
        pieces.insert(at, run)
    return {id(run) for _, run in titles}


def _beside_title(title: Run, flat: Sequence[Run]) -> set[int]:
    """The lines, of those given from the lowest on, that a turned title is in the margin of, left where it goes upwards, else right: those
    beside it, and those above them that stand as near; none where one is on its other side."""
    left, low, right, high = upright(title, title.left, title.right)
    found: list[Run] = []
    for line in flat:
        if line.bottom <= low:
            continue
        above = line.bottom >= high
        if above and (not found or line.bottom - found[-1].bottom > _MAX_STEP_TITLED * line.height):
            break
        if line.left < right if title.turned == 90 else line.right > left:
            if not above:
                return set()
            break
        found.append(line)
    n_beside = sum(line.bottom < high for line in found)
    return set(map(id, found)) if n_beside >= _LEAST_TITLED else set()


def _region(
    runs: Sequence[Run],
    rules: Sequence[Rule],
    depth: int,
    posts: Sequence[Post] = (),
) -> list[Piece]:
    rows = set_in_rows(runs)
    timetable = timetable_of(rows)
    if timetable is not None and not is_boxed(rows[timetable.start : timetable.end], rules):
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
    rules: Sequence[Rule],
    depth: int,
    posts: Sequence[Post],
) -> list[Piece]:
    meets = {x: heights for x, heights in meets_of(rules).items() if len(heights) > 1}
    sides = posts if len(rows) * len(posts) <= MAX_CROSSINGS else ()
    found: list[Piece] = []
    at = 0
    while at < len(rows):
        end = stretch_of(rows, at, meets, sides) if depth < _MAX_DEPTH else at
        if end == at:
            found += as_lines(rows[at : at + 1])
            at += 1
            continue
        stretch = rows[at:end]
        boxed = is_boxed(stretch, rules)
        if not boxed and (noted := by_side_notes(stretch)):
            for part in noted:
                found += _region(part, rules, depth + 1, posts)
            at = end
            continue
        gutters, columns = _in_columns(stretch, rules, boxed=boxed)
        chance = not boxed and is_chance(stretch, columns, gutters)
        above = found[-1] if found else None
        if len(columns) < 2 or chance or _is_contents(stretch, above, boxed=boxed):
            found += as_lines(stretch)
        elif (
            not boxed
            and end < len(rows)
            and names_items(rows, at, end)
            and (head := blocks_of(stretch, gutters))
        ):
            found += head
        elif not boxed and are_numbers_beside(stretch, columns):
            found += numbered_lines(stretch)
        elif not boxed and are_names_beside(stretch, columns):
            found += (run for row in stretch for run in row)
        elif not boxed and is_prose(stretch, columns) and not are_labelled(stretch, columns):
            back = _rows_before(rows, at, gutters, found)
            if (cut := below_labels(stretch, columns)) > 1:
                end = at + cut
            columns = columns_of(rows[at - back : end], gutters)
            labels = labels_of(columns)
            for column in columns:
                if column not in labels:
                    found += _region(column, rules, depth + 1, posts)
            if labels:
                height = median(
                    r.height for column in columns if column not in labels for r in column
                )
                found += _region(read_as_labels(labels, height), rules, depth + 1)
        else:
            end -= n_after(stretch, rules)
            if depth == 0 and len(found) == at and are_tail(rows[:at], columns):
                back = at
            else:
                back = n_in_first_row(rows, at, end, rules, found)
            del found[len(found) - back :]
            found += table_of(rows[at - back : end], rules)
        at = end
    return found


def _in_columns(
    rows: Sequence[Sequence[Run]], rules: Sequence[Rule], *, boxed: bool
) -> tuple[Sequence[Gap], list[list[Run]]]:
    """The gaps between the columns of rows, and what stands in each column."""
    gutters = (boxed and drawn_gutters(rows, rules)) or gutters_of(rows)
    columns = columns_of(rows, gutters)
    if not boxed and not is_prose(rows, columns):
        # A note that stands beside two columns seldom shares its lines with them; the last of three may have two lines
        for found_gaps in (gutters_of(rows, of_all=True), gutters_of(rows, exact=True)):
            parted = columns_of(rows, found_gaps)
            if len(parted) > len(columns) and is_prose(rows, parted):
                gutters, columns = found_gaps, parted
    return gutters, columns


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


def _rows_before(
    rows: Sequence[Sequence[Run]], at: int, gutters: Sequence[Gap], found: list[Piece]
) -> int:
    """How many rows just above belong to the columns: one of the other columns begins higher than the first.

    They were taken as lines and are taken back from ``found``.
    """
    back = most = 0
    while at - back > 0 and not far_apart(rows[at - back - 1], rows[at - back]):
        row = rows[at - back - 1]
        if len(row) > 1 or any(row[0].left < a < row[0].right for a, _ in gutters):
            break
        back += 1
        if column_of(row[0], gutters) > 0:
            most = back
    most = min(most, len(found))
    if any(isinstance(piece, Row) for piece in found[len(found) - most :]):
        return 0
    if most:
        del found[len(found) - most :]
    return most
