"""Which lines of a PDF are no part of what it says: running heads, page numbers, line numbers, watermarks.

A line goes only for what is known of that very line; what goes is listed with its reason.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, product
from statistics import median
from typing import Final

from corpus.blocks.divisions import is_division
from corpus.document import LeftOut
from corpus.readers.draft import OF_PAGES, PAGE
from corpus.readers.numbering import roman
from corpus.readers.pdf.lines import GOES_ON
from corpus.readers.pdf.rules import meets_of
from corpus.readers.pdf.runs import Run, Sheet, rows_of

_NUMBER = re.compile(r"\d{1,5}")
_BARE_NUMBER = re.compile(
    r"(?:[-–—|•]\s*)?(?:(?:p[áàa]g|p ?[áàa] ?g ?i ?n ?a|p ?a ?g ?e|seite|p|hoja|folio|sheet)[.:]?\s*(?:\|\s*)?)?"
    r"\d{1,4}(?:\s*(?:/|\||de|of)\s*\d{1,4})?(?:\s*[-–—|•])?"
    r"|\d{1,4}\s*\|\s*(?:p ?a ?g ?e|p ?[áa] ?g ?i ?n ?a)",
    re.IGNORECASE,
)
_PAGE_OF_PAGES = re.compile(
    rf"(?:(?:{PAGE}|seite|p|hoja|folio|sheet)[.:]?\s*)?(\d{{1,4}})\s*{OF_PAGES}\s*(\d{{1,4}})",
    re.IGNORECASE,
)
_PAGE_NAMED = re.compile(
    rf"\b(?:{PAGE}|seite|hoja|folio|sheet)\b[.:]?\s*(?:\|\s*)?\d{{1,4}}(?:\s*{OF_PAGES}\s*\d{{1,4}})?"
    rf"|(?<![\w.,/])\d{{1,4}}\s*{OF_PAGES}\s*\d{{1,4}}(?![\w/]|[.,]\d)",
    re.IGNORECASE,
)
_DATE = (
    r"(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}(?:[ -]| de )[^\W\d_]{3,10}\.?(?:[ -]|, | de )\d{2,4}"
    r"|(?:[^\W\d_]{3,10}, )?[^\W\d_]{3,10}\.? \d{1,2}, \d{4})"
)
_TIME = r"\d{1,2}[:.]\d{2}(?::\d{2})?(?: ?[ap]\.? ?m\b\.?| ?h(?:rs|oras)?\b\.?)?"
_CLOCK = re.compile(_TIME, re.IGNORECASE)
_MOMENT: Final = (
    rf"(?:{_DATE}(?:[ ,;T|-]|\b(?:a las?|at|hora|time)\b:?)+{_TIME}|{_TIME}[ ,;|-]+{_DATE})"
)
# "12/03/2024, 10:41" is printed by browsers over every page, "Printed on March 12, 2024 at 10:41 AM by jlopez" by programs
_MOMENT_ALONE = re.compile(_MOMENT, re.IGNORECASE)
_PRINTED = re.compile(
    r"(?:\b(?:fecha|hora|date|time|documento|document|informe|report|y|and|de|of)\b[\s:]*)*"
    r"\b(?:impres[oa]|impresi[óo]n|printed|print(?:ing)?|generad[oa]|generaci[óo]n|generated|descargad[oa]|downloaded)\b"
    rf"\D{{0,60}}?{_MOMENT}(?:[ ,-]*\b(?:por|by|usuario|user)\b:? [^|]{{1,40}})?",
    re.IGNORECASE,
)
# Letterheads and imprints have up to so many lines: the name of a school, its decrees, code, place and the name of the document.
_EDGE_ROWS: Final = 9
_OUTER_ROWS: Final = 4
_LEAST_SAID: Final = 8
_LEAST_LINE_NUMBERS: Final = 4
_BEHIND_NUMBER: Final = ".:|) "
_LINE_NUMBER = re.compile(rf"\d{{1,4}} ?[{_BEHIND_NUMBER}]?")
_WATERMARK_SIZE: Final = 1.5
# Pages that a line is compared with on each side of its own.
_NEAR: Final = 4
# Points by which the base line, and the height, may differ in one place.
_SAME_BASE: Final = 3.0
_SAME_HEIGHT: Final = 0.5


def without_furniture(sheets: Sequence[Sheet]) -> list[LeftOut]:
    """Takes furniture out of the sheets and says what was taken, page by page."""
    found = [*_watermarks(sheets), *_line_numbers(sheets), *_beside(sheets)]
    found += [*_tabs(sheets), *_running(sheets)]
    return sorted(found, key=lambda one: one.page)


def numbers_of_spread(sheet: Sheet) -> list[Run]:
    """ "12" at the left edge and "13" at the right one of a page that is wider than high and has no line across its middle; [] on others."""
    runs = [run for run in sheet.runs if not run.turned]
    # Most pages have no two numbers, and their rows need not be found
    if sum(_NUMBER.fullmatch(run.text) is not None for run in runs) < 2:
        return []
    rows = rows_of(runs)
    for row in (*rows[:1], *rows[-1:]):
        if len(row) != 2 or not all(_NUMBER.fullmatch(run.text) for run in row):
            continue
        left, right = row
        middle = (left.left + right.right) / 2
        wide = right.right - left.left > rows[0][0].bottom - rows[-1][0].bottom
        follow = int(left.text) % 2 == 0 and int(right.text) == int(left.text) + 1
        if wide and follow and not any(run.left <= middle <= run.right for run in runs):
            return row
    return []


def _watermarks(sheets: Sequence[Sheet]) -> Iterator[LeftOut]:
    """What is pale, as only a watermark is, goes; what is slanted, or has the text printed across it, if it is much larger than the text
    or stands on several pages, else it stays as text."""
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
        for run in sheet.slanted:
            if run.height > _WATERMARK_SIZE * usual or seen[run.text] > 2:
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


def _line_numbers(sheets: Sequence[Sheet]) -> Iterator[LeftOut]:
    """Numbers left of all text that count the lines, one by one or by fives: in smaller letters, on whole pages or beside prose, or anew
    on several pages; right of all text in smaller letters or beside prose only, for there stand numbers of pages and prices too."""
    found = [(sheet, _part_line_numbers(sheet), _counted_on(sheet)) for sheet in sheets]
    n_anew = sum(_counts_anew(counted, rows) for _, _, (counted, rows, _) in found)
    before: Run | None = None
    for sheet, counts_prose, (counted, rows, on_left) in found:
        if not counted:
            continue
        steps = {_count(b) - _count(a) for a, b in pairwise(counted)}
        smaller = counted[0].height < 0.9 * median(run.height for row in rows for run in row)
        # Numbers that count every line of a page are no numbers of items, whatever their size.
        every = len(counted) >= 0.9 * len(rows) and len(rows) >= 20
        anew = n_anew >= _LEAST_ANEW and _counts_anew(counted, rows)
        # "1:" may be the number of an item in letters of any size
        bare = all(run.text.isdecimal() for run in counted)
        told = len(counted) >= _LEAST_LINE_NUMBERS and (
            (bare and smaller)
            or counts_prose
            or (bare and on_left and (every or anew or steps == {5}))
            or _is_prose(rows, counted)
        )
        goes_on = before is not None and _is_column_of(before, counted[0])
        by_fives = bare and smaller and _are_every_fifth(rows, counted)
        if (told or goes_on or by_fives) and steps in (set(), {1}, {5}):
            before = counted[0]
            for numbers in (counted, *_other_counts(sheet, counted)):
                gone = set(map(id, numbers))
                sheet.runs = [run for run in sheet.runs if id(run) not in gone]
                yield LeftOut(
                    "–".join(dict.fromkeys((numbers[0].text, numbers[-1].text))),
                    sheet.page,
                    "line numbers",
                )


# Of the numbers on the left: a column may be shorter than the one beside it.
_LEAST_OF_OTHERS: Final = 0.5


def _other_counts(sheet: Sheet, counted: Sequence[Run]) -> list[list[Run]]:
    """Columns of numbers in the letters and on the lines of those that count the lines of a page, which count as they do and go on from
    the last of them or say the same: of the second column of its text."""
    if len(counted) < _LEAST_LINE_NUMBERS:
        return []
    columns: dict[int, list[Run]] = {}
    own = set(map(id, counted))
    bases = {round(run.bottom): run for run in counted}
    for run in sorted(sheet.runs, key=lambda run: -run.bottom):
        beside = next((bases[y] for k in (0, 1, -1) if (y := round(run.bottom) + k) in bases), None)
        if id(run) in own or run.turned or beside is None or not _LINE_NUMBER.fullmatch(run.text):
            continue
        if abs(run.height - beside.height) <= _SAME_HEIGHT:
            # Numbers of two and of three digits begin or end at one place
            near = (x for x, found in columns.items() if _is_column_of(found[-1], run))
            columns.setdefault(next(near, round(run.right)), []).append(run)
    steps = {_count(b) - _count(a) for a, b in pairwise(counted)}
    return [
        found
        for found in columns.values()
        if len(found) >= max(_LEAST_LINE_NUMBERS, _LEAST_OF_OTHERS * len(counted))
        and {_count(b) - _count(a) for a, b in pairwise(found)} == steps
        and _count(found[0]) in (_count(counted[0]), _count(counted[-1]) + max(steps))
    ]


def _counted_on(sheet: Sheet) -> tuple[list[Run], list[list[Run]], bool]:
    """Numbers beside all text of a page, the lines of the text, and whether they stand left of it."""
    flat = [run for run in sheet.runs if not run.turned]
    numbers = [run for run in flat if _LINE_NUMBER.fullmatch(run.text)]
    others = [run for run in flat if _LINE_NUMBER.fullmatch(run.text) is None]
    if not numbers or not others:
        return [], [], False
    edge, far = min(run.left for run in others), max(run.right for run in others)
    on_left = sorted((r for r in numbers if r.right < edge), key=lambda run: -run.bottom)
    on_right = sorted((r for r in numbers if r.left > far), key=lambda run: -run.bottom)
    return max(on_left, on_right, key=len), rows_of(others), len(on_left) >= len(on_right)


# So many numbers from 1 on, on so many pages: the items of a list are seldom one line each, and as many on each page.
_LEAST_FROM_ONE: Final = 10
_LEAST_ANEW: Final = 3


def _counts_anew(counted: Sequence[Run], rows: Sequence[Sequence[Run]]) -> bool:
    """Whether numbers count from 1 on the lines of a page from the first of them to the last, which are no rows of several cells."""
    if len(counted) < _LEAST_FROM_ONE or [_count(run) for run in counted] != [
        n + 1 for n in range(len(counted))
    ]:
        return False
    top, low = counted[0].bottom + 1, counted[-1].bottom - 1
    beside = [row for row in rows if low < row[0].bottom < top]
    return len(counted) >= 0.9 * len(beside) and sum(len(row) > 1 for row in beside) < 0.2 * len(
        beside
    )


def _count(number: Run) -> int:
    return int(number.text.rstrip(_BEHIND_NUMBER))


def _is_column_of(number: Run, other: Run) -> bool:
    """Whether a number stands where those of the page before do, in their letters: the last page may have two lines."""
    beside = min(abs(number.right - other.right), abs(number.left - other.left)) <= _SAME_BASE
    return beside and abs(number.height - other.height) <= _SAME_HEIGHT


# Of numbers in the letters of the text: a few short steps of a recipe may look like prose.
_LEAST_PROSE_LINES: Final = 5


def _is_prose(rows: Sequence[Sequence[Run]], counted: Sequence[Run]) -> bool:
    """Whether numbers stand beside nearly all lines of a text that goes on from line to line: in small letters, and where it is full."""
    beside = [row for row in rows if any(_on_one_line(row[0], number) for number in counted)]
    if len(beside) < max(_LEAST_PROSE_LINES, 0.8 * len(rows)) or any(row[1:] for row in beside):
        return False
    full = min(row[0].left for row in beside), max(row[0].right for row in beside)
    n_full = sum(row[0].right - full[0] >= 0.85 * (full[1] - full[0]) for row in beside)
    n_small = sum(row[0].text[0].islower() for row in beside)
    return 2 * n_small >= len(beside) and 3 * n_full >= 2 * len(beside)


def _are_every_fifth(rows: Sequence[Sequence[Run]], counted: Sequence[Run]) -> bool:
    """Whether numbers stand beside each fifth line and say so: 5, 10, 15."""
    places = [
        [n for n, row in enumerate(rows) if _on_one_line(row[0], number)] for number in counted
    ]
    if len(counted) < 2 or not all(places) or any(_count(run) % 5 for run in counted):
        return False
    return all(
        b[0] - a[0] == _count(y) - _count(x) == 5
        for (a, b), (x, y) in zip(pairwise(places), pairwise(counted), strict=True)
    )


def _on_one_line(run: Run, number: Run) -> bool:
    return abs(run.bottom - number.bottom) < 0.3 * run.height


_COUNTED = re.compile(r"(\d{1,4}) (?=[^\W\d_])")
# Of the height of the letters: a space is narrower.
_NUMBER_GAP: Final = 0.3


def _part_line_numbers(sheet: Sheet) -> bool:
    """Parts the numbers that count the lines of prose one by one from the lines that they stand so near that they are read as their
    first words; whether there are any."""
    rows = rows_of([run for run in sheet.runs if not run.turned])
    at_edge: list[tuple[int, Run, re.Match[str] | None]] = []
    for row in rows:
        first = row[0]
        mark = _COUNTED.match(first.text) if first.edges else None
        n = len(mark[1]) if mark is not None else 0
        if mark is not None and first.edges[2 * n + 2] - first.edges[2 * n - 1] < (
            _NUMBER_GAP * first.height
        ):
            mark = None
        if mark is not None or (_NUMBER.fullmatch(first.text) and len(row) > 1):
            at_edge.append((int(mark[1] if mark is not None else first.text), first, mark))
    glued = [(run, mark) for _, run, mark in at_edge if mark is not None]
    n_small = sum(run.text[mark.end()].islower() for run, mark in glued)
    counted = all(b[0] == a[0] + 1 for a, b in pairwise(at_edge))
    prose = 2 * n_small >= len(glued) and len(at_edge) >= 0.8 * len(rows)
    if not glued or len(at_edge) < _LEAST_LINE_NUMBERS or not counted or not prose:
        return False
    for run, mark in glued:
        n = len(mark[1])
        right = run.edges[2 * n - 1]
        number = Run(mark[1], run.page, run.left, run.bottom, right, run.height)
        number.edges = run.edges[: 2 * n]
        run.text, run.edges = run.text[n + 1 :], run.edges[2 * n + 2 :]
        run.left = run.edges[0]
        sheet.runs.insert(next(k for k, one in enumerate(sheet.runs) if one is run), number)
    return True


def _beside(sheets: Sequence[Sheet]) -> Iterator[LeftOut]:
    """What stands turned beside the text of several pages, the same words but for numbers; kept on the first of them."""
    turned: dict[tuple[str, int], list[tuple[Sheet, Run]]] = {}
    for sheet in sheets:
        n_turned = sum(len(run.text) for run in sheet.runs if run.turned)
        if 2 * n_turned >= sum(len(run.text) for run in sheet.runs):
            continue  # A page laid on its side
        for run in sheet.runs:
            if run.turned:
                turned.setdefault((_NUMBER.sub("#", run.text), run.turned), []).append((sheet, run))
    for found in turned.values():
        same = len({run.text for _, run in found}) == 1
        if len({sheet.page for sheet, _ in found}) < (2 if same else 3):
            continue
        for n, (sheet, run) in enumerate(found):
            if n == 0:
                run.repeated = True
                continue
            sheet.runs = [one for one in sheet.runs if one is not run]
            yield LeftOut(run.text, sheet.page, "repeated at the edge of pages")


# On so many pages stand the tabs of an index at the outer edge.
_LEAST_TABBED: Final = 5


def _tabs(sheets: Sequence[Sheet]) -> Iterator[LeftOut]:
    """What stands in one place beside the text of many pages, the same words, on lines of its own: the tabs of an index. What the text
    does not say is kept on the first of them."""
    places = [(sheet, run, _spot(run)) for sheet in sheets for run in sheet.runs if not run.turned]
    n_there = Counter(spot for _, _, spot in places)
    again = {id(run) for _, run, spot in places if n_there[spot] >= _LEAST_TABBED}
    tabs = {id(run) for sheet in sheets for run in _tabs_on(sheet, again)} if again else set()
    words = {word for _, run, _ in places if id(run) not in tabs for word in _words(run.text)}
    for sheet, run, spot in places:
        if id(run) not in tabs:
            continue
        if n_there.pop(spot, 0) and not words.issuperset(_words(run.text)):
            run.repeated = True
            tabs.discard(id(run))
        else:
            yield LeftOut(run.text, sheet.page, "repeated at the edge of pages")
    for sheet in sheets if tabs else ():
        sheet.runs = [run for run in sheet.runs if id(run) not in tabs]


def _spot(run: Run) -> tuple[str, int, int]:
    """The words of a run and where they stand on its page."""
    return run.text, round(run.left), round(run.bottom)


def _tabs_on(sheet: Sheet, again: set[int]) -> list[Run]:
    """Of the runs of a page that others have ``again``, those left, or right, of all its text; none where they are cells of its lines."""
    flat = [run for run in sheet.runs if not run.turned]
    text = [run for run in flat if id(run) not in again]
    if not text:
        return []
    left, right = min(run.left for run in text), max(run.right for run in text)
    bases = {round(run.bottom) for run in text}
    found: list[Run] = []
    for side in (
        [run for run in flat if id(run) in again and run.left > right],
        [run for run in flat if id(run) in again and run.right < left],
    ):
        if 2 * sum(round(run.bottom) in bases for run in side) < len(side):
            found += side
    return found


def _running(sheets: Sequence[Sheet]) -> Iterator[LeftOut]:
    """Heads, feet and page numbers: the same words, apart from a number that counts with the pages, at the same height.

    They are kept once, on the first page. On three pages at most two apart (left and right pages may differ), or on two where nothing is near; and never a line that
    the body touches unless it is a page number or set in other letters: the head row of a table is repeated as well.
    """
    edges: list[Run] = []
    apart: dict[int, float] = {}
    inner: dict[int, Run] = {}
    cuts: set[int] = set()
    rows = {id(run) for sheet in sheets for run in _of_tables(sheet)}
    for sheet in sheets:
        edges += (run for run in _edge_lines(sheet, apart, inner, cuts) if id(run) not in rows)
    seen: dict[str, list[Run]] = {}
    series = _series(sheets, edges)
    body = _body_height(sheets)
    for line in edges:
        for pattern in _patterns(line, series, body):
            seen.setdefault(pattern, []).append(line)
    reasons = {id(line): "time of printing" for line in _printed(sheets, edges)}
    reasons.update(_counted(sheets, edges))
    for pattern, lines in seen.items():
        if len(sheets) == 1 and pattern in ("\x000\x00", "- \x000\x00 -"):
            reasons.update(  # The only page, numbered 1; beside other words it is their number
                (id(line), "page number") for line in lines if _is_alone(line, sheets[0], reasons)
            )
        if pattern.startswith(_HEADED) and not any(id(line) in cuts for line in lines):
            continue
        pages = [line.page for line in lines]
        for line in lines:
            first, last = (
                bisect_left(pages, line.page - _NEAR),
                bisect_right(pages, line.page + _NEAR),
            )
            if _is_running(line, lines[first:last], apart[id(line)], body):
                reasons.setdefault(id(line), _reason(line))
    _keep_inner(sheets, body, reasons)
    _keep_whole(sheets, reasons)
    for line in _letterheads(sheets):
        reasons.setdefault(id(line), _reason(line))
    reasons = {key: reason for key, reason in reasons.items() if key not in rows}
    reasons.update(_numbers_elsewhere(sheets, reasons))
    for line in _lone_heads(edges, apart, inner, body, reasons):
        reasons[id(line)] = "in the place of a running head"
    _keep_once(sheets, edges, reasons)
    _keep_titles(edges, body, reasons)
    if len(reasons) == sum(len(sheet.runs) for sheet in sheets):
        return  # What has nothing else is said by these lines.
    for sheet in sheets:
        for line in sheet.runs:
            if id(line) in reasons:
                yield LeftOut(line.text, sheet.page, reasons[id(line)])
        sheet.runs = [run for run in sheet.runs if id(run) not in reasons]


# Heads and feet have fewer parts side by side, and boxes of them fewer rows.
_LEAST_CELLS: Final = 4
_LEAST_ROWS: Final = 5


def _of_tables(sheet: Sheet) -> Iterator[Run]:
    """What stands in rows of a table: several rows of many cells, each below one of the row before, and what is between them, or set a
    little higher or lower beside them; and what names the columns of a long table that is drawn cell by cell."""
    rows = rows_of([run for run in sheet.runs if not run.turned])
    yield from _names_of_drawn(sheet, rows)
    wide = [n for n, row in enumerate(rows) if len(row) >= _LEAST_CELLS]
    tables: list[list[int]] = []
    for n in wide:
        if tables and _has_columns_of(rows[n], rows[tables[-1][-1]]):
            tables[-1].append(n)
        else:
            tables.append([n])
    for table in tables:
        if len(table) < _LEAST_ROWS:
            continue
        first, last = table[0], table[-1]
        for n, near in ((first - 1, first), (last + 1, last)):
            if 0 <= n < len(rows) and _overlap(rows[n][0], rows[near][0]):
                yield from rows[n]
        yield from (run for row in rows[first : last + 1] for run in row)


def _names_of_drawn(sheet: Sheet, rows: Sequence[Sequence[Run]]) -> Iterator[Run]:
    """The first row of a table whose cells are drawn, where more lines stand below it between their edges than in the box of a letterhead."""
    meets = meets_of(sheet.rules)
    for row, below in zip(rows[:_EDGE_ROWS], rows[_EDGE_ROWS + 1 :], strict=False):
        # A name may have two lines
        over, under = 2 * row[0].height, 2.7 * row[0].height
        for x, heights in meets.items() if len(row) > 1 else ():
            if (
                below[0].bottom > heights[0]
                and any(a.right < x < b.left for a, b in pairwise(row))
                and any(0 < y - row[0].bottom < over for y in heights)
                and any(0 < row[0].bottom - y < under for y in heights)
            ):
                yield from row
                break


def _overlap(run: Run, other: Run) -> bool:
    """Whether two runs stand less than a line apart in height."""
    return abs(run.bottom - other.bottom) < 0.8 * run.height


def _has_columns_of(row: Sequence[Run], other: Sequence[Run]) -> bool:
    """Whether each cell of the row that has fewer stands over, or below, one of the other and no second one."""
    fewer, more = sorted((row, other), key=len)
    found = [
        [n for n, b in enumerate(more) if a.left < b.right and b.left < a.right] for a in fewer
    ]
    places = [at[0] for at in found if len(at) == 1]
    return len(places) == len(fewer) and all(a < b for a, b in pairwise(places))


def _printed(sheets: Sequence[Sheet], edges: Sequence[Run]) -> Iterator[Run]:
    """Lines that say when they were printed, and perhaps their page, and nothing else: in words, or as a browser does, which counts the
    pages too."""
    pages: dict[int, list[Run]] = {}
    for line in edges:
        pages.setdefault(line.page, []).append(line)
    for lines in pages.values():
        counted = any(
            (number := _PAGE_OF_PAGES.fullmatch(line.text)) and int(number[2]) == len(sheets)
            for line in lines
        )
        for row in rows_of(lines):
            rest, n = _PRINTED.subn("", " ".join(line.text for line in row))
            if n and not any(map(str.isalpha, _PAGE_NAMED.sub("", rest))):
                yield from row
            elif counted:
                yield from (line for line in row if _MOMENT_ALONE.fullmatch(line.text))


def _reason(line: Run) -> str:
    if _BARE_NUMBER.fullmatch(_counting(line.text)):
        return "page number"
    moment = _MOMENT_ALONE.fullmatch(line.text)
    return "time of printing" if moment else "repeated at the edge of pages"


def _keep_inner(sheets: Sequence[Sheet], body: float, reasons: dict[int, str]) -> None:
    """What stands further in than a line that stays is neither head nor foot, unless in smaller letters than the body, or printed across
    lines of it: sheets that are laid out alike say the same below titles of their own."""
    across = {
        run.text
        for sheet in sheets
        for run in sheet.runs
        if reasons.get(id(run)) == "repeated at the edge of pages"
        and any(id(other) not in reasons and _is_across(run, other) for other in sheet.runs)
    }
    for sheet in sheets:
        repeated = [r for r in sheet.runs if reasons.get(id(r)) == "repeated at the edge of pages"]
        if all(run.height < 0.92 * body for run in repeated):
            continue
        rows = rows_of([run for run in sheet.runs if not run.turned])
        at_edge: set[int] = set()
        for inwards in (rows, rows[::-1]):
            for row in inwards[:_EDGE_ROWS]:
                at_edge.update(map(id, row))
                goes = any(id(run) in reasons for run in row)
                if not goes and any(run.height >= 0.92 * body and _says(run) for run in row):
                    break
        for run in repeated:
            if id(run) not in at_edge and run.height >= 0.92 * body and run.text not in across:
                del reasons[id(run)]


# Of the height of the letters: lines of one text never stand so near.
_ACROSS: Final = 0.5


def _is_across(run: Run, other: Run) -> bool:
    """Whether two runs are printed one upon the other."""
    return (
        0.1 * run.height < abs(run.bottom - other.bottom) < _ACROSS * run.height
        and run.left < other.right
        and other.left < run.right
    )


def _says(run: Run) -> bool:
    return any(map(str.isalpha, run.text))


def _keep_whole(sheets: Sequence[Sheet], reasons: dict[int, str]) -> None:
    """What goes on with a line that stays, or is gone on with by one, stays too, and so do the halves of a sentence that goes on
    overleaf: letters of one text to many people have the same end of a sentence on each page."""
    for sheet, after in pairwise(sheets):
        for one in _overleaf(sheet, after, reasons):
            reasons.pop(id(one), None)
    for sheet in sheets:
        if not any(id(run) in reasons for run in sheet.runs):
            continue
        rows = rows_of([run for run in sheet.runs if not run.turned])
        pitch = median(a[0].bottom - b[0].bottom for a, b in pairwise(rows)) if rows[1:] else 0.0
        halves = [
            pair
            for above, below in pairwise(rows)
            for pair in product(above, below)
            if (id(pair[0]) in reasons or id(pair[1]) in reasons) and _goes_on(*pair, pitch)
        ]
        # From one line to the next: a sentence may have several of them
        for one, other in [*halves, *(pair[::-1] for pair in reversed(halves))]:
            if id(one) not in reasons and reasons.get(id(other)) == "repeated at the edge of pages":
                del reasons[id(other)]


# What is the first half of a sentence has so many words; the name of something may have fewer.
_LEAST_HALF_WORDS: Final = 6


def _overleaf(sheet: Sheet, after: Sheet, reasons: Mapping[int, str]) -> tuple[Run, ...]:
    """The last line of a page and the first of the next, where they are surely one sentence and one was taken for a foot or a head."""
    ends, begins = _outer(sheet, reasons, last=True), _outer(after, reasons, last=False)
    for last, first in product(ends, begins):
        both = id(last) in reasons and id(first) in reasons
        # Below a sentence that is not at its end a foot is none of it
        alone = id(last) not in reasons or _ENDED.search(ends[-1].text) is not None
        if (
            (both or (alone and (id(last) in reasons or id(first) in reasons)))
            and _ENDED.search(last.text) is None
            and abs(last.height - first.height) < 0.08 * last.height
            and abs(last.left - first.left) < 2 * last.height
            and _SMALL_WORD.match(first.text)
            and len(last.text.split()) >= _LEAST_HALF_WORDS
        ):
            return last, first
    return ()


_ENDED = re.compile(r"(?:[.:;!?…]|\. ?[-–])[)\]\"'”’»]*\Z")


def _outer(sheet: Sheet, reasons: Mapping[int, str], *, last: bool) -> list[Run]:
    """The lines at the foot, or at the head, of a page that repeat, from the edge inwards, and the first that stays."""
    rows = rows_of([run for run in sheet.runs if not run.turned])
    found: list[Run] = []
    for row in (rows[::-1] if last else rows)[: _EDGE_ROWS + 1]:
        found.append(row[-1 if last else 0])
        if id(found[-1]) not in reasons:
            break
    return found


_SMALL_WORD = re.compile(r"(?!www\b)[a-zà-ÿ][^\W\d_]*(?:[ ,;)]|[.:]?\Z|\. )")


def _goes_on(above: Run, below: Run, pitch: float) -> bool:
    """Whether a line is surely one sentence with the next: in its letters, below it at the distance of lines, in the midst of words."""
    step = above.bottom - below.bottom
    return (
        abs(above.height - below.height) < 0.08 * above.height
        and step < max(1.6 * above.height, 1.1 * pitch)
        and below.left < above.right
        and above.left < below.right
        and above.text[-1] not in ".:;!?"
        and (_SMALL_WORD.match(below.text) or GOES_ON.search(above.text)) is not None
    )


def _lone_heads(
    edges: Sequence[Run],
    apart: Mapping[int, float],
    inner: Mapping[int, Run],
    body: float,
    reasons: Mapping[int, str],
) -> Iterator[Run]:
    """Running heads that are said once: where others are, set as they are and not as the body is, or beside the number of the page, and
    apart from it."""
    running: dict[tuple[int, int], list[Run]] = {}
    numbered: set[tuple[int, int]] = set()
    for line in edges:
        if id(line) in reasons:
            running.setdefault(_mesh(line), []).append(line)
        if reasons.get(id(line)) == "page number":
            numbered.add(_row_of(line))
    for line in edges:
        free = apart[id(line)] > 1.6 * line.height
        touched = inner.get(id(line))
        parted = touched is None or id(touched) in reasons
        told = (free and abs(line.height - body) > 0.08 * body) or _row_of(line) in numbered
        if id(line) not in reasons and parted and told and _on_two_others(line, running):
            yield line


def _row_of(line: Run) -> tuple[int, int]:
    """The line of print that a run stands in."""
    return line.page, round(line.bottom)


def _is_alone(line: Run, sheet: Sheet, reasons: Mapping[int, str]) -> bool:
    """Whether nothing that stays stands beside a line, nor half a line above or below it, as beside the key of a row that has two lines."""
    return not any(
        run is not line and id(run) not in reasons and _overlap(line, run) for run in sheet.runs
    )


def _counted(sheets: Sequence[Sheet], edges: Sequence[Run]) -> dict[int, str]:
    lines = [line for line in edges if _counts_pages(line, len(sheets))]
    lines += [number for sheet in sheets for number in sheet.spread]
    return {id(line): "page number" for line in lines}


def _counts_pages(line: Run, n_pages: int) -> bool:
    """Whether a line is "3 de 16" on page 3 of 16, or nearly so, wherever a scanner put it."""
    counted = _PAGE_OF_PAGES.fullmatch(line.text)
    if counted is None:
        return False
    page, total = int(counted[1]), int(counted[2])
    return n_pages > 1 and abs(page - line.page) <= 2 and abs(total - n_pages) <= 2


# A head of so many lines is one where it is on all pages, though they be two.
_LEAST_LETTERHEAD: Final = 3


def _letterheads(sheets: Sequence[Sheet]) -> list[Run]:
    """The first lines of all pages, where several are the same in the same places and the next ones are not."""
    pages = [rows_of([run for run in sheet.runs if not run.turned]) for sheet in sheets]
    n = 0
    for rows in zip(*pages, strict=False):
        alike = all(
            [run.text for run in row] == [run.text for run in rows[0]]
            and all(map(_same_place, row, rows[0]))
            for row in rows
        )
        if not alike:
            break
        n += 1
    if (
        len(pages) < 2
        or not _LEAST_LETTERHEAD <= n < _EDGE_ROWS
        or any(len(rows) <= n for rows in pages)
    ):
        return []
    return [run for rows in pages for row in rows[:n] for run in row]


# So many pages tell by how much their numbers are ahead of them.
_LEAST_NUMBERED: Final = 3
# Points by which the number of a page may stand higher or lower than those of others.
_NEAR_BASE: Final = 12.0


def _numbers_elsewhere(sheets: Sequence[Sheet], reasons: Mapping[int, str]) -> dict[int, str]:
    """Numbers of pages that stand elsewhere than those of the pages near them, as on the first page of a chapter: alone in the outermost
    line and apart from the body, and as much ahead of their pages as others are, or in their letters and near their place."""
    known = [run for sheet in sheets for run in sheet.runs if reasons.get(id(run)) == "page number"]
    ahead = Counter(number - run.page for run in known if (number := _number_in(run)) is not None)
    found: dict[int, str] = {}
    for sheet in sheets:
        rows = rows_of([r for r in sheet.runs if not r.turned and id(r) not in reasons])
        for row, inwards in ((rows[0], rows[1]), (rows[-1], rows[-2])) if rows[1:] else ():
            line, number = row[0], _number_in(row[0])
            touches = abs(line.bottom - inwards[0].bottom) <= 1.6 * line.height
            if row[1:] or number is None or touches:
                continue
            alike = sum(
                abs(run.height - line.height) <= _SAME_HEIGHT
                and run.bold == line.bold
                and abs(run.bottom - line.bottom) < _NEAR_BASE
                for run in known
            )
            if max(ahead[number - line.page], alike) >= _LEAST_NUMBERED:
                found[id(line)] = "page number"
    return found


def _number_in(line: Run) -> int | None:
    """The number of a page, where a line says nothing else."""
    text = _counting(line.text)
    number = _NUMBER.search(text) if _BARE_NUMBER.fullmatch(text) else None
    return int(number[0]) if number is not None else None


def _body_height(sheets: Sequence[Sheet]) -> float:
    sizes = Counter[float]()
    for sheet in sheets:
        for run in sheet.runs:
            sizes[round(run.height * 2) / 2] += len(run.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _is_running(line: Run, lines: Sequence[Run], apart: float, body: float) -> bool:
    """Whether one of several lines on the pages near it that say the same is there on account of the page."""
    near = {other.page for other in lines if _same_place(line, other)}
    n_near = _longest_run(sorted(near))
    free = apart > 1.6 * line.height
    other_letters = abs(line.height - body) > 0.08 * body
    number = _BARE_NUMBER.fullmatch(_counting(line.text)) is not None
    return (n_near >= 3 and (number or free or other_letters)) or (n_near == 2 and free)


def _keep_once(sheets: Sequence[Sheet], edges: Sequence[Run], reasons: dict[int, str]) -> None:
    """What the first page says at its edge is said there: a letterhead has a name, an address, a telephone number. What the last page says
    at its foot too is said there, where it stands between no two lines of the text."""
    first = min((line.page for line in edges), default=0)
    feet = {
        (line.text, round(line.left)): line for line in edges if _is_foot(line, sheets[-1], reasons)
    }
    kept_in: dict[str, tuple[int, int]] = {}
    # A head that repeats the title is said by the title.
    said = {
        run.text
        for sheet in sheets
        if sheet.page == first
        for run in sheet.runs
        if id(run) not in reasons
    }
    words = {
        word
        for sheet in sheets
        for run in sheet.runs
        if id(run) not in reasons
        for word in _words(run.text)
    }
    for line in edges:
        if (
            line.page == first
            # Cells of one row may say the same
            and (line.text not in said or kept_in.get(line.text) == _row_of(line))
            and any(map(str.isalnum, line.text))  # A line across the page says nothing
            and (
                reasons.get(id(line), "page number") not in ("page number", "time of printing")
                or (id(line) in reasons and _is_value(line, sheets, reasons))
            )
            and not (_says_page(line, words) or _NAMES_PAGE.fullmatch(line.text))
        ):
            below = feet.get((line.text, round(line.left)))
            foot = _is_foot(line, sheets[first - sheets[0].page], reasons)
            kept = below if below is not None and foot else line
            reasons.pop(id(kept), None)
            kept_in[line.text] = _row_of(line)
            kept.repeated = True
            said.add(line.text)


# "Páginas", beside which their number stands
_NAMES_PAGE = re.compile(rf"(?:{PAGE}|hoja|folio|sheet)s?\.?:?", re.IGNORECASE)


def _is_value(line: Run, sheets: Sequence[Sheet], reasons: Mapping[int, str]) -> bool:
    """Whether a number at the edge of the first page is none of a page: it is the same on the next one, beside a label that stays."""
    if len(sheets) < 2 or _BARE_NUMBER.fullmatch(line.text) is None:
        return False
    beside = [run for run in sheets[line.page - sheets[0].page].runs if _overlap(line, run)]
    label = next((run for run in beside if run.right <= line.left and id(run) not in reasons), None)
    return (
        label is not None
        and _says(label)
        and any(run.text == line.text and _same_place(line, run) for run in sheets[1].runs)
    )


# Of the height of the body's letters: what is set so large at the head of pages is the title of a part.
_TITLE_SIZE: Final = 1.5


def _keep_titles(edges: Sequence[Run], body: float, reasons: dict[int, str]) -> None:
    """The title of a part that runs over its pages is said on the first of them, where no line that stays says it."""
    said = {line.text for line in edges if id(line) not in reasons}
    for line in edges:
        large = line.height > _TITLE_SIZE * body and _says(line)
        if (
            large
            and reasons.get(id(line)) == "repeated at the edge of pages"
            and line.text not in said
        ):
            said.add(line.text)
            del reasons[id(line)]


def _is_foot(line: Run, sheet: Sheet, reasons: Mapping[int, str]) -> bool:
    """Whether a line stands below all others of a page that stay, and what is in its row not left of them."""
    if line.page != sheet.page:
        return False
    stay = [run for run in sheet.runs if id(run) not in reasons and not run.turned]
    right = max(run.right for run in sheet.runs if _row_of(run) == _row_of(line))
    return all(line.bottom < run.bottom for run in stay) and any(right > run.left for run in stay)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _says_page(line: Run, words: set[str]) -> bool:
    """Whether a line says which page it is, or when it was printed, as "Bases · Página 1 de 5", and nothing else that the rest of the
    text does not."""
    told, n_printed = _PRINTED.subn(" ", line.text)
    rest, n = _PAGE_NAMED.subn(" ", told)
    return n + n_printed > 0 and n < 2 and words.issuperset(_words(rest))


def _edge_lines(
    sheet: Sheet, apart: dict[int, float], inner: dict[int, Run], cuts: set[int]
) -> list[Run]:
    """The highest and lowest lines of a page; ``apart`` takes how far each is from the body, ``inner`` the line next to it on
    the side of the body, where that is near: the note whose last line it may be, ``cuts`` those that stand within a sentence."""
    rows = rows_of([run for run in sheet.runs if not run.turned])
    found: list[Run] = []
    n = len(rows)
    all_steps = sorted(a[0].bottom - b[0].bottom for a, b in pairwise(rows))
    usual = all_steps[len(all_steps) // 2] if n > 4 else 0.0
    for k, row in enumerate(rows):
        if _EDGE_ROWS <= k < n - _EDGE_ROWS:
            continue
        upper = k < n - 1 - k
        towards = rows[k + 1 if upper else k - 1] if n > 1 else row
        near = towards is not row and abs(row[0].bottom - towards[0].bottom) < 1.6 * row[0].height
        inwards = towards[-1].text
        goes_on = not _ENDED.search(inwards) and len(inwards.split()) >= _LEAST_HALF_WORDS
        within = towards[0].text[0].islower() if upper else goes_on
        for run in row:
            if run is row[0] and len(row) > 1 and not any(map(str.isalnum, run.text)):
                continue  # The bullet of an item
            says = sum(map(str.isalnum, run.text)) >= _LEAST_SAID
            if min(k, n - 1 - k) >= _OUTER_ROWS and not says:
                continue  # So far in, what is as short is the number of an item
            if near:
                inner[id(run)] = towards[0]
            if within:
                cuts.add(id(run))
            # A step as large as the others parts nothing: tables may be set wide.
            steps = _steps(rows, k, _EDGE_ROWS if says else _OUTER_ROWS)
            apart[id(run)] = max((step for step in steps if step > 1.25 * usual), default=0.0)
            found.append(run)
    return found


def _steps(rows: Sequence[Sequence[Run]], k: int, most: int) -> list[float]:
    """How far the lines are apart from the ``k``th on towards the body, up to ``most`` of them: the last line of a head from the first of the
    body among them."""
    n, upper = len(rows), k < len(rows) - 1 - k
    block = range(k, min(n, k + most)) if upper else range(k, max(-1, k - most), -1)
    return [
        abs(rows[a][0].bottom - rows[b][0].bottom)
        for a, b in pairwise([*block, block[-1] + (1 if upper else -1)])
        if 0 <= b < n
    ]


# "Expediente 12", "Day 3": what a page is about may count as the pages do; and so may a sum of money and a year.
_HEADED: Final = "\x02"
_NAMES = re.compile(r"[^\W\d_]{2,} (?:[Nn][.º°]+ ?)?\Z")
_LEAST_YEARS: Final = 1000


def _patterns(line: Run, series: dict[str, set[int]], body: float) -> set[str]:
    """The line as it is, and with each number that counts with the pages as how far it is ahead of them; ``body``: the height of its letters."""
    larger = line.height > 1.08 * body
    named = _PAGE_NAMED.search(line.text) is not None
    if larger and (_says(line) or ":" in line.text) and not named:
        return {line.text}  # "Cuestionario 3", "12/03/2024 9:30" is a heading, page by page
    text = _counting(line.text)
    patterns = {text}
    if _MOMENT_ALONE.fullmatch(line.text):
        return patterns  # Days that count with the pages are those of a calendar
    headed = is_division(text)
    for n, number in enumerate(_NUMBER.finditer(text)):
        if headed and n == 0:
            continue  # "Artículo 9:" is a heading of the text on whatever page it stands
        offset = int(number[0]) - line.page
        before, after = text[: number.start()], text[number.end() :]
        if re.search(r"\d[.,/]\Z", before) or re.match(r"[.,]\d", after):
            continue
        if larger and offset > _LEAST_YEARS:
            continue
        if series.get(f"{before}\x00{after}", set()) <= {offset}:
            heads = not named and not after and line.height > 0.92 * body and _NAMES.search(before)
            patterns.add(f"{_HEADED if heads else ''}{before}\x00{offset}\x00{after}")
    return patterns


_ROMAN = re.compile(r"(?:[-–—|] ?)?([ivxl]{1,7})(?: ?[-–—|])?")
_ROMANS: Final = {roman(n).lower(): str(n) for n in range(1, 60)}


def _counting(text: str) -> str:
    """A line without when it was printed, which may be another second on each page; a number of a preface, "iv", in figures."""
    number = _ROMAN.fullmatch(text)
    if number is not None and number[1] in _ROMANS:
        return _ROMANS[number[1]]
    if _MOMENT_ALONE.fullmatch(text):
        return _CLOCK.sub("\x01", text)
    return _PRINTED.sub("\x01", text)


def _series(sheets: Sequence[Sheet], edges: Sequence[Run]) -> dict[str, set[int]]:
    """By how much the number of a line is ahead of its page, by the rest of the line, of lines inside the pages and of several on
    one page: where "7." stands in the body, "9." at the edge of page 9 is one more of its numbers."""
    edge = set(map(id, edges))
    found: dict[str, set[int]] = {}
    for sheet in sheets:
        at_edge: dict[str, set[int]] = {}
        for line in sheet.runs:
            text = _counting(line.text)
            number = _NUMBER.search(text)
            if number is None or _BARE_NUMBER.fullmatch(text):
                continue
            shape = f"{text[: number.start()]}\x00{text[number.end() :]}"
            there = at_edge if id(line) in edge else found
            there.setdefault(shape, set()).add(int(number[0]) - sheet.page)
        for shape, offsets in at_edge.items():
            if len(offsets) > 1:
                found.setdefault(shape, set()).update(offsets)
    return found


def _same_place(line: Run, other: Run) -> bool:
    return (
        abs(line.bottom - other.bottom) <= _SAME_BASE
        and abs(line.height - other.height) <= _SAME_HEIGHT
    )


def _mesh(line: Run) -> tuple[int, int]:
    """What is in the same place is in the same mesh or in one beside it."""
    return math.floor(line.bottom / _SAME_BASE), math.floor(line.height / _SAME_HEIGHT)


def _on_two_others(line: Run, running: Mapping[tuple[int, int], Sequence[Run]]) -> bool:
    """Whether two other pages have a running line in the place of this one."""
    low, size = _mesh(line)
    pages: set[int] = set()
    for mesh in product(range(low - 1, low + 2), range(size - 1, size + 2)):
        for other in running.get(mesh, ()):
            if other.page != line.page and _same_place(line, other):
                pages.add(other.page)
                if len(pages) == 2:
                    return True
    return False


def _longest_run(pages: Sequence[int]) -> int:
    """Length of the longest run of page numbers with steps of one or two."""
    longest = run = min(1, len(pages))
    for before, after in pairwise(pages):
        run = run + 1 if after - before <= 2 else 1
        longest = max(longest, run)
    return longest
