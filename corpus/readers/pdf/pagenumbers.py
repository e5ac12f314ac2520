"""How the numbers of pages are written: "12", "– 12 –", "Página 3 de 16", and two at the edges of a spread.

Knows what may be one by its form, and what says itself which page it is of how many; what counts from page to page is told elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.readers.draft import OF_PAGES, PAGE
from corpus.readers.pdf.runs import Run, Sheet, rows_of

NUMBER = re.compile(r"\d{1,5}")
BARE_NUMBER = re.compile(
    r"(?:[-–—|•]\s*)?(?:(?:p[áàa]g|p ?[áàa] ?g ?i ?n ?a|p ?a ?g ?e|seite|p|hoja|folio|sheet)[.:]?\s*(?:\|\s*)?)?"
    r"\d{1,4}(?:\s*(?:/|\||de|of)\s*\d{1,4})?(?:\s*[-–—|•])?"
    r"|\d{1,4}\s*\|\s*(?:p ?a ?g ?e|p ?[áa] ?g ?i ?n ?a)",
    re.IGNORECASE,
)
PAGE_OF_PAGES = re.compile(
    rf"(?:(?:{PAGE}|seite|p|hoja|folio|sheet)[.:]?\s*)?(\d{{1,4}})\s*{OF_PAGES}\s*(\d{{1,4}})",
    re.IGNORECASE,
)
PAGE_NAMED = re.compile(
    rf"\b(?:{PAGE}|seite|hoja|folio|sheet)\b[.:]?\s*(?:\|\s*)?\d{{1,4}}(?:\s*{OF_PAGES}\s*\d{{1,4}})?"
    rf"|(?<![\w.,/])\d{{1,4}}\s*{OF_PAGES}\s*\d{{1,4}}(?![\w/]|[.,]\d)",
    re.IGNORECASE,
)


def numbers_of_spread(sheet: Sheet) -> list[Run]:
    """ "12" at the left edge and "13" at the right one of a page that is wider than high and has no line across its middle; [] on others."""
    runs = [run for run in sheet.runs if not run.turned]
    # Most pages have no two numbers, and their rows need not be found
    if sum(NUMBER.fullmatch(run.text) is not None for run in runs) < 2:
        return []
    rows = rows_of(runs)
    for row in (*rows[:1], *rows[-1:]):
        if len(row) != 2 or not all(NUMBER.fullmatch(run.text) for run in row):
            continue
        left, right = row
        middle = (left.left + right.right) / 2
        wide = right.right - left.left > rows[0][0].bottom - rows[-1][0].bottom
        follow = int(left.text) % 2 == 0 and int(right.text) == int(left.text) + 1
        if wide and follow and not any(run.left <= middle <= run.right for run in runs):
            return row
    return []


def counted_lines(sheets: Sequence[Sheet], edges: Sequence[Run]) -> dict[int, str]:
    """Lines that count the pages of the file, and the numbers of two pages side by side, with the reason why they go."""
    lines = [line for line in edges if _counts_pages(line, len(sheets))]
    lines += [number for sheet in sheets for number in sheet.spread]
    return {id(line): "page number" for line in lines}


def _counts_pages(line: Run, n_pages: int) -> bool:
    """Whether a line is "3 de 16" on page 3 of 16, or nearly so, wherever a scanner put it."""
    counted = PAGE_OF_PAGES.fullmatch(line.text)
    if counted is None:
        return False
    page, total = int(counted[1]), int(counted[2])
    return n_pages > 1 and abs(page - line.page) <= 2 and abs(total - n_pages) <= 2
