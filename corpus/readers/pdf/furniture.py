"""Which lines of a PDF are no part of what it says: running heads, page numbers, line numbers, watermarks.

A line goes only for what is known of that very line; what goes is listed with its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from corpus.document import LeftOut
from corpus.readers.pdf.glyphs import Run, Sheet, rows_of

_NUMBER = re.compile(r"\d{1,5}")
_BARE_NUMBER = re.compile(
    r"(?:[-–—|•]\s*)?(?:(?:p[áa]g(?:ina)?|page|p)\.?\s*)?\d{1,4}(?:\s*(?:/|de|of)\s*\d{1,4})?(?:\s*[-–—|•])?",
    re.IGNORECASE,
)
_PAGE_OF_PAGES = re.compile(
    r"(?:(?:p[áa]g(?:ina)?|page|p)\.?\s*)?(\d{1,4})\s*(?:/|de|of)\s*(\d{1,4})", re.IGNORECASE
)
# Letterheads and imprints have up to so many lines.
_EDGE_ROWS: Final = 4
_LEAST_LINE_NUMBERS: Final = 4
_WATERMARK_SIZE: Final = 1.5


def without_furniture(sheets: Sequence[Sheet]) -> list[LeftOut]:
    """Takes furniture out of the sheets and says what was taken, page by page."""
    found = [*_watermarks(sheets), *_line_numbers(sheets), *_running(sheets)]
    return sorted(found, key=lambda one: one.page)


def _watermarks(sheets: Sequence[Sheet]) -> Iterator[LeftOut]:
    """What is slanted, or has the text printed across it, goes if it is much larger than the text or stands on several pages, else it stays as text."""
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
        if kept:
            words = " ".join(run.text for run in kept)
            first = kept[0]
            sheet.runs.append(
                Run(words, first.page, first.left, first.bottom, first.right, first.height)
            )
        sheet.slanted = []


def _line_numbers(sheets: Sequence[Sheet]) -> Iterator[LeftOut]:
    """Numbers left of all text that count the lines, one by one or by fives, in smaller letters or on whole pages; right of
    all text in smaller letters only, for there stand numbers of pages and prices too."""
    for sheet in sheets:
        flat = [run for run in sheet.runs if not run.turned]
        numbers = [run for run in flat if run.text.isdigit() and len(run.text) <= 4]
        others = [run for run in flat if not run.text.isdigit()]
        if len(numbers) < _LEAST_LINE_NUMBERS or not others:
            continue
        edge, far = min(run.left for run in others), max(run.right for run in others)
        counted = sorted((r for r in numbers if r.right < edge), key=lambda run: -run.bottom)
        on_the_right = len(counted) < _LEAST_LINE_NUMBERS
        if on_the_right:
            counted = sorted((r for r in numbers if r.left > far), key=lambda run: -run.bottom)
        steps = {int(b.text) - int(a.text) for a, b in pairwise(counted)}
        smaller = counted and counted[0].height < 0.9 * median(run.height for run in others)
        # Numbers that count every line of a page are no numbers of items, whatever their size.
        n_rows = len(rows_of(others))
        every = len(counted) >= 0.9 * n_rows and n_rows >= 20
        if (
            len(counted) >= _LEAST_LINE_NUMBERS
            and steps in ({1}, {5})
            and (smaller or ((every or steps == {5}) and not on_the_right))
        ):
            gone = set(map(id, counted))
            sheet.runs = [run for run in sheet.runs if id(run) not in gone]
            yield LeftOut(f"{counted[0].text}–{counted[-1].text}", sheet.page, "line numbers")


def _running(sheets: Sequence[Sheet]) -> Iterator[LeftOut]:
    """Heads, feet and page numbers: the same words, apart from a number that counts with the pages, at the same height.

    They are kept once, on the first page. On three pages at most two apart (left and right pages may differ), or on two where nothing is near; and never a line that
    the body touches unless it is a page number or set in other letters: the head row of a table is repeated as well.
    """
    edges: list[Run] = []
    apart: dict[int, float] = {}
    inner: dict[int, Run] = {}
    for sheet in sheets:
        edges += _edge_lines(sheet, apart, inner)
    seen: dict[str, list[Run]] = {}
    for line in edges:
        for pattern in _patterns(line):
            seen.setdefault(pattern, []).append(line)
    body = _body_height(sheets)
    reasons = _counted(edges, len(sheets))
    for pattern, lines in seen.items():
        if len(sheets) == 1 and pattern in ("\x000\x00", "- \x000\x00 -"):
            reasons.update(
                (id(line), "page number") for line in lines
            )  # The only page, numbered 1.
        for line in lines:
            if _is_running(line, lines, apart[id(line)], body):
                number = _BARE_NUMBER.fullmatch(line.text) is not None
                reasons[id(line)] = "page number" if number else "repeated at the edge of pages"
    running = [line for line in edges if id(line) in reasons]
    for line in edges:
        # A running head that is said once: where others are, set as they are and not as the body is, and apart from it.
        there = {other.page for other in running if _same_place(line, other)} - {line.page}
        free = apart[id(line)] > 1.6 * line.height
        touched = inner.get(id(line))
        free = free and (touched is None or id(touched) in reasons)
        if len(there) >= 2 and free and abs(line.height - body) > 0.08 * body:
            reasons.setdefault(id(line), "in the place of a running head")
    _keep_once(sheets, edges, reasons)
    if len(reasons) == sum(len(sheet.runs) for sheet in sheets):
        return  # What has nothing else is said by these lines.
    for sheet in sheets:
        for line in sheet.runs:
            if id(line) in reasons:
                yield LeftOut(line.text, sheet.page, reasons[id(line)])
        sheet.runs = [run for run in sheet.runs if id(run) not in reasons]


def _counted(edges: Sequence[Run], n_pages: int) -> dict[int, str]:
    return {id(line): "page number" for line in edges if _counts_pages(line, n_pages)}


def _counts_pages(line: Run, n_pages: int) -> bool:
    """Whether a line is "3 de 16" on page 3 of 16, or nearly so, wherever a scanner put it."""
    counted = _PAGE_OF_PAGES.fullmatch(line.text)
    if counted is None:
        return False
    page, total = int(counted[1]), int(counted[2])
    return n_pages > 1 and abs(page - line.page) <= 2 and abs(total - n_pages) <= 2


def _body_height(sheets: Sequence[Sheet]) -> float:
    sizes = Counter[float]()
    for sheet in sheets:
        for run in sheet.runs:
            sizes[round(run.height * 2) / 2] += len(run.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _is_running(line: Run, lines: Sequence[Run], apart: float, body: float) -> bool:
    """Whether one of several lines that say the same is there on account of the page."""
    near = {o.page for o in lines if abs(o.page - line.page) <= 4 and _same_place(line, o)}
    n_near = _longest_run(sorted(near))
    free = apart > 1.6 * line.height
    other_letters = abs(line.height - body) > 0.08 * body
    number = _BARE_NUMBER.fullmatch(line.text) is not None
    return (n_near >= 3 and (number or free or other_letters)) or (n_near == 2 and free)


def _keep_once(sheets: Sequence[Sheet], edges: Sequence[Run], reasons: dict[int, str]) -> None:
    """What the first page says at its edge is said there: a letterhead has a name, an address, a telephone number."""
    first = min((line.page for line in edges), default=0)
    # A head that repeats the title is said by the title.
    said = Counter(run.text for sheet in sheets if sheet.page == first for run in sheet.runs)
    for line in edges:
        if (
            line.page == first
            and said[line.text] == 1
            and reasons.get(id(line), "page number") != "page number"
        ):
            del reasons[id(line)]
            line.repeated = True


def _edge_lines(sheet: Sheet, apart: dict[int, float], inner: dict[int, Run]) -> list[Run]:
    """The highest and lowest lines of a page; ``apart`` takes how far each is from the body, ``inner`` the line next to it on
    the side of the body, where that is near: the note whose last line it may be."""
    rows = rows_of([run for run in sheet.runs if not run.turned])
    found: list[Run] = []
    n = len(rows)
    all_steps = sorted(a[0].bottom - b[0].bottom for a, b in pairwise(rows))
    usual = all_steps[len(all_steps) // 2] if n > 4 else 0.0
    for k, row in enumerate(rows):
        if _EDGE_ROWS <= k < n - _EDGE_ROWS:
            continue
        # From the last line of the head to the first of the body, or the other way round.
        upper = k < n - 1 - k
        block = range(k, min(n, k + _EDGE_ROWS)) if upper else range(k, max(-1, k - _EDGE_ROWS), -1)
        steps = [
            abs(rows[a][0].bottom - rows[b][0].bottom)
            for a, b in pairwise([*block, block[-1] + (1 if upper else -1)])
            if 0 <= b < n
        ]
        towards = rows[k + 1 if upper else k - 1] if n > 1 else row
        near = towards is not row and abs(row[0].bottom - towards[0].bottom) < 1.6 * row[0].height
        for run in row:
            if near:
                inner[id(run)] = towards[0]
            # A step as large as the others parts nothing: tables may be set wide.
            apart[id(run)] = max((step for step in steps if step > 1.25 * usual), default=0.0)
            found.append(run)
    return found


def _patterns(line: Run) -> set[str]:
    patterns = {line.text}
    for number in _NUMBER.finditer(line.text):
        offset = int(number[0]) - line.page
        before, after = line.text[: number.start()], line.text[number.end() :]
        patterns.add(f"{before}\x00{offset}\x00{after}")
    return patterns


def _same_place(line: Run, other: Run) -> bool:
    return abs(line.bottom - other.bottom) <= 3 and abs(line.height - other.height) <= 0.5


def _longest_run(pages: Sequence[int]) -> int:
    """Length of the longest run of page numbers with steps of one or two."""
    longest = run = min(1, len(pages))
    for before, after in pairwise(pages):
        run = run + 1 if after - before <= 2 else 1
        longest = max(longest, run)
    return longest
