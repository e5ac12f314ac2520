"""What counts with the pages: by how much the number in a line is ahead of its page.

Knows which numbers do so by chance or as headings do, "Artículo 9", and what a line is when its number and the time of printing are not looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from corpus.blocks.divisions import is_division
from corpus.readers.numbering import roman
from corpus.readers.pdf.edges import SAME_HEIGHT, has_letters
from corpus.readers.pdf.pagenumbers import BARE_NUMBER, NUMBER, PAGE_NAMED
from corpus.readers.pdf.runs import Run, Sheet, rows_of
from corpus.readers.pdf.timestamps import CLOCK, MOMENT_ALONE, PRINTED

# "Expediente 12", "Day 3": what a page is about may count as the pages do; and so may a sum of money and a year.
HEADED: Final = "\x02"
_NAMES = re.compile(r"[^\W\d_]{2,} (?:[Nn][.º°]+ ?)?\Z")
_LEAST_YEARS: Final = 1000
_ROMAN = re.compile(r"(?:[-–—|] ?)?([ivxl]{1,7}|[IVXL]{1,7})(?: ?[-–—|])?")
_ROMANS: Final = {roman(n).lower(): str(n) for n in range(1, 60)}


def counting(text: str) -> str:
    """A line without when it was printed, which may be another second on each page; a number of a preface, "iv", in figures."""
    number = _ROMAN.fullmatch(text)
    if number is not None and number[1].lower() in _ROMANS:
        return _ROMANS[number[1].lower()]
    if MOMENT_ALONE.fullmatch(text):
        return CLOCK.sub("\x01", text)
    return PRINTED.sub("\x01", text)


def patterns_of(line: Run, series: dict[str, set[int]], body: float) -> set[str]:
    """The line as it is, and with each number that counts with the pages as how far it is ahead of them; ``body``: the height of its letters."""
    larger = line.height > 1.08 * body
    named = PAGE_NAMED.search(line.text) is not None
    text = counting(line.text)
    bare = text.isdecimal()
    if larger and (has_letters(line) or ":" in line.text) and not (named or bare):
        return {line.text}  # "Cuestionario 3", "12/03/2024 9:30" is a heading, page by page
    patterns = {text}
    if MOMENT_ALONE.fullmatch(line.text):
        return patterns  # Days that count with the pages are those of a calendar
    headed = is_division(text)
    for n, number in enumerate(NUMBER.finditer(text)):
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
            patterns.add(f"{HEADED if heads else ''}{before}\x00{offset}\x00{after}")
    return patterns


def series_of(sheets: Sequence[Sheet], edges: Sequence[Run]) -> dict[str, set[int]]:
    """By how much the number of a line is ahead of its page, by the rest of the line, of lines inside the pages and of several on
    one page: where "7." stands in the body, "9." at the edge of page 9 is one more of its numbers."""
    edge = set(map(id, edges))
    found: dict[str, set[int]] = {}
    for sheet in sheets:
        at_edge: dict[str, set[int]] = {}
        for line in sheet.runs:
            text = counting(line.text)
            number = NUMBER.search(text)
            if number is None or BARE_NUMBER.fullmatch(text):
                continue
            shape = f"{text[: number.start()]}\x00{text[number.end() :]}"
            there = at_edge if id(line) in edge else found
            there.setdefault(shape, set()).add(int(number[0]) - sheet.page)
        for shape, offsets in at_edge.items():
            if len(offsets) > 1:
                found.setdefault(shape, set()).update(offsets)
    return found


def reason_of(line: Run) -> str:
    """Why a line goes that is there on account of the page."""
    if BARE_NUMBER.fullmatch(counting(line.text)):
        return "page number"
    moment = MOMENT_ALONE.fullmatch(line.text)
    return "time of printing" if moment else "repeated at the edge of pages"


# So many pages tell by how much their numbers are ahead of them.
_LEAST_NUMBERED: Final = 3
# Points by which the number of a page may stand higher or lower than those of others.
_NEAR_BASE: Final = 12.0


def numbers_elsewhere(sheets: Sequence[Sheet], reasons: Mapping[int, str]) -> dict[int, str]:
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
                abs(run.height - line.height) <= SAME_HEIGHT
                and run.bold == line.bold
                and abs(run.bottom - line.bottom) < _NEAR_BASE
                for run in known
            )
            if max(ahead[number - line.page], alike) >= _LEAST_NUMBERED:
                found[id(line)] = "page number"
    return found


def _number_in(line: Run) -> int | None:
    """The number of a page, where a line says nothing else."""
    text = counting(line.text)
    number = NUMBER.search(text) if BARE_NUMBER.fullmatch(text) else None
    return int(number[0]) if number is not None else None
