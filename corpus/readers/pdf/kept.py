"""What repeats at the edges of pages and yet stays: inner lines, sentences that go on, what is said but there, titles of parts.

Each takes lines out of those that are to go; none adds one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise, product
from statistics import median
from typing import Final

from corpus.readers.draft import PAGE
from corpus.readers.pdf.edges import (
    EDGE_ROWS,
    ENDED,
    LEAST_HALF_WORDS,
    has_letters,
    overlap,
    row_of,
    same_place,
    words_in,
)
from corpus.readers.pdf.lines import GOES_ON, WIDE_GUTTER
from corpus.readers.pdf.pagenumbers import BARE_NUMBER, PAGE_NAMED
from corpus.readers.pdf.runs import Run, Sheet, rows_of
from corpus.readers.pdf.timestamps import PRINTED


def keep_inner(sheets: Sequence[Sheet], body: float, reasons: dict[int, str]) -> None:
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
            for row in inwards[:EDGE_ROWS]:
                at_edge.update(map(id, row))
                goes = any(id(run) in reasons for run in row)
                if not goes and any(run.height >= 0.92 * body and has_letters(run) for run in row):
                    break
        for run in repeated:
            if id(run) not in at_edge and run.height >= 0.92 * body and run.text not in across:
                del reasons[id(run)]


# "2.1.2", "3.", "b)": what a number as this counts stands right of it, no further off than so many heights.
_COUNTS = re.compile(r"(?:\d{1,2}\.)+(?:\d{1,2})?|(?:\d{1,2}|[a-z])\)|[IVX]{1,5}[.)]")
_MAX_COUNT_GAP: Final = 4.0


def keep_counted(sheets: Sequence[Sheet], reasons: dict[int, str]) -> None:
    """A number of a section or an item and the line that it counts stay together: several sections may have one name, and several lists
    one number, at the same height of their pages."""
    repeats = "repeated at the edge of pages"
    for sheet in sheets:
        if not any(id(run) in reasons for run in sheet.runs):
            continue
        for row in rows_of([run for run in sheet.runs if not run.turned]):
            for number, line in pairwise(row):
                near = line.left - number.right < _MAX_COUNT_GAP * line.height
                one, other = id(number), id(line)
                stays = (one in reasons) != (other in reasons)
                goes = reasons.get(one, reasons.get(other)) == repeats
                if near and stays and goes and _COUNTS.fullmatch(number.text):
                    reasons.pop(one, None)
                    reasons.pop(other, None)


# Of the height of the letters: lines of one text never stand so near.
_ACROSS: Final = 0.5


def _is_across(run: Run, other: Run) -> bool:
    """Whether two runs are printed one upon the other."""
    return (
        0.1 * run.height < abs(run.bottom - other.bottom) < _ACROSS * run.height
        and run.left < other.right
        and other.left < run.right
    )


def keep_whole(sheets: Sequence[Sheet], reasons: dict[int, str]) -> None:
    """What goes on with a line that stays, or is gone on with by one, stays too, and so do the words and the number beside it in its line, and the
    halves of a sentence that goes on overleaf: letters of one text to many people have the same end of a sentence on each page."""
    for sheet, after in pairwise(sheets):
        for one in _overleaf(sheet, after, reasons):
            reasons.pop(id(one), None)
    for sheet in sheets:
        if not any(id(run) in reasons for run in sheet.runs):
            continue
        rows = rows_of([run for run in sheet.runs if not run.turned])
        pitch = median(a[0].bottom - b[0].bottom for a, b in pairwise(rows)) if rows[1:] else 0.0
        halves = [pair for row in rows for pair in pairwise(row) if _are_one_line(*pair)]
        halves += [
            pair
            for above, below in pairwise(rows)
            for pair in product(above, below)
            if (id(pair[0]) in reasons or id(pair[1]) in reasons) and _goes_on(*pair, pitch)
        ]
        # From one line to the next: a sentence may have several of them
        for one, other in [*halves, *(pair[::-1] for pair in reversed(halves))]:
            if id(one) not in reasons and reasons.get(id(other)) == "repeated at the edge of pages":
                del reasons[id(other)]


def _are_one_line(left: Run, right: Run) -> bool:
    """Whether two runs may be words of one line that is set wide, or its number and its first words."""
    near = right.left - left.right < WIDE_GUTTER * right.height
    return near and abs(left.height - right.height) < 0.08 * right.height


def _overleaf(sheet: Sheet, after: Sheet, reasons: Mapping[int, str]) -> tuple[Run, ...]:
    """The last line of a page and the first of the next, where they are surely one sentence and one was taken for a foot or a head."""
    ends, begins = _outer(sheet, reasons, last=True), _outer(after, reasons, last=False)
    for last, first in product(ends, begins):
        both = id(last) in reasons and id(first) in reasons
        # Below a sentence that is not at its end a foot is none of it
        alone = id(last) not in reasons or ENDED.search(ends[-1].text) is not None
        if (
            (both or (alone and (id(last) in reasons or id(first) in reasons)))
            and ENDED.search(last.text) is None
            and abs(last.height - first.height) < 0.08 * last.height
            and abs(last.left - first.left) < 2 * last.height
            and _SMALL_WORD.match(first.text)
            and len(last.text.split()) >= LEAST_HALF_WORDS
        ):
            return last, first
    return ()


def _outer(sheet: Sheet, reasons: Mapping[int, str], *, last: bool) -> list[Run]:
    """The lines at the foot, or at the head, of a page that repeat, from the edge inwards, and the first that stays."""
    rows = rows_of([run for run in sheet.runs if not run.turned])
    found: list[Run] = []
    for row in (rows[::-1] if last else rows)[: EDGE_ROWS + 1]:
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


def keep_once(sheets: Sequence[Sheet], edges: Sequence[Run], reasons: dict[int, str]) -> None:
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
        for word in words_in(run.text)
    }
    for line in edges:
        if (
            line.page == first
            # Cells of one row may say the same
            and (line.text not in said or kept_in.get(line.text) == row_of(line))
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
            kept_in[line.text] = row_of(line)
            kept.repeated = True
            said.add(line.text)


# "Páginas", beside which their number stands
_NAMES_PAGE = re.compile(rf"(?:{PAGE}|hoja|folio|sheet)s?\.?:?", re.IGNORECASE)


def _is_value(line: Run, sheets: Sequence[Sheet], reasons: Mapping[int, str]) -> bool:
    """Whether a number at the edge of the first page is none of a page: it is the same on the next one, beside a label that stays."""
    if len(sheets) < 2 or BARE_NUMBER.fullmatch(line.text) is None:
        return False
    beside = [run for run in sheets[line.page - sheets[0].page].runs if overlap(line, run)]
    label = next((run for run in beside if run.right <= line.left and id(run) not in reasons), None)
    return (
        label is not None
        and has_letters(label)
        and any(run.text == line.text and same_place(line, run) for run in sheets[1].runs)
    )


# Of the height of the body's letters: what is set so large at the head of pages is the title of a part.
_TITLE_SIZE: Final = 1.5


def keep_titles(edges: Sequence[Run], body: float, reasons: dict[int, str]) -> None:
    """The title of a part that runs over its pages is said on the first of them, where no line that stays says it."""
    said = {line.text for line in edges if id(line) not in reasons}
    for line in edges:
        large = line.height > _TITLE_SIZE * body and has_letters(line)
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
    right = max(run.right for run in sheet.runs if row_of(run) == row_of(line))
    return all(line.bottom < run.bottom for run in stay) and any(right > run.left for run in stay)


def _says_page(line: Run, words: set[str]) -> bool:
    """Whether a line says which page it is, or when it was printed, as "Bases · Página 1 de 5", and nothing else that the rest of the
    text does not."""
    told, n_printed = PRINTED.subn(" ", line.text)
    rest, n = PAGE_NAMED.subn(" ", told)
    return n + n_printed > 0 and n < 2 and words.issuperset(words_in(rest))
