"""Heads and feet of pages: lines at their edges that several have, with a number that counts with the pages or without.

Knows in how many pages, how near and how alike such a line must be, and in which order is judged what goes and what stays.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import Final

from corpus.blocks.divisions import is_division
from corpus.document import LeftOut
from corpus.readers.pdf.edges import (
    EDGE_ROWS,
    SAME_BASE,
    SAME_HEIGHT,
    edge_lines,
    overlap,
    row_of,
    same_place,
)
from corpus.readers.pdf.headrows import of_tables
from corpus.readers.pdf.kept import keep_counted, keep_inner, keep_once, keep_titles, keep_whole
from corpus.readers.pdf.pagenumbers import BARE_NUMBER, counted_lines
from corpus.readers.pdf.runs import Run, Sheet, rows_of
from corpus.readers.pdf.series import (
    HEADED,
    counting,
    numbers_elsewhere,
    patterns_of,
    reason_of,
    series_of,
)
from corpus.readers.pdf.timestamps import printed

# Pages that a line is compared with on each side of its own.
_NEAR: Final = 4


def running_heads(sheets: Sequence[Sheet]) -> Iterator[LeftOut]:
    """Heads, feet and page numbers: the same words, apart from a number that counts with the pages, at the same height.

    They are kept once, on the first page. On three pages at most two apart (left and right pages may differ), or on two where nothing is near; and never a line that
    the body touches unless it is a page number or set in other letters: the head row of a table is repeated as well.
    """
    edges: list[Run] = []
    apart: dict[int, float] = {}
    inner: dict[int, Run] = {}
    cuts: set[int] = set()
    rows = {id(run) for sheet in sheets for run in of_tables(sheet)}
    for sheet in sheets:
        edges += (run for run in edge_lines(sheet, apart, inner, cuts) if id(run) not in rows)
    seen: dict[str, list[Run]] = {}
    series = series_of(sheets, edges)
    body = _body_height(sheets)
    for line in edges:
        for pattern in patterns_of(line, series, body):
            seen.setdefault(pattern, []).append(line)
    reasons = {id(line): "time of printing" for line in printed(sheets, edges)}
    reasons.update(counted_lines(sheets, edges))
    for pattern, lines in seen.items():
        if len(sheets) == 1 and pattern in ("\x000\x00", "- \x000\x00 -"):
            reasons.update(  # The only page, numbered 1; beside other words it is their number
                (id(line), "page number") for line in lines if _is_alone(line, sheets[0], reasons)
            )
        if pattern.startswith(HEADED) and not any(id(line) in cuts for line in lines):
            continue
        pages = [line.page for line in lines]
        for line in lines:
            first, last = (
                bisect_left(pages, line.page - _NEAR),
                bisect_right(pages, line.page + _NEAR),
            )
            if _is_running(line, lines[first:last], apart[id(line)], body):
                reasons.setdefault(id(line), reason_of(line))
    keep_inner(sheets, body, reasons)
    keep_whole(sheets, reasons)
    keep_counted(sheets, reasons)
    for line in _letterheads(sheets):
        reasons.setdefault(id(line), reason_of(line))
    reasons = {key: reason for key, reason in reasons.items() if key not in rows}
    reasons.update(numbers_elsewhere(sheets, reasons))
    for line in _lone_heads(sheets, edges, apart, inner, body, reasons):
        reasons[id(line)] = "in the place of a running head"
    keep_once(sheets, edges, reasons)
    keep_titles(edges, body, reasons)
    if len(reasons) == sum(len(sheet.runs) for sheet in sheets):
        return  # What has nothing else is said by these lines.
    for sheet in sheets:
        for line in sheet.runs:
            if id(line) in reasons:
                yield LeftOut(line.text, sheet.page, reasons[id(line)])
        sheet.runs = [run for run in sheet.runs if id(run) not in reasons]


def _lone_heads(
    sheets: Sequence[Sheet],
    edges: Sequence[Run],
    apart: Mapping[int, float],
    inner: Mapping[int, Run],
    body: float,
    reasons: Mapping[int, str],
) -> list[Run]:
    """Running heads that the page alone does not tell: in the place of others and apart from the body, set as they are and not as it is, beside
    the number of the page, or in the words of one that goes. What only that page says stays, but beside its number, and "CHAPTER II"
    above its text, though other titles have one."""
    running: dict[tuple[int, int], list[Run]] = {}
    numbered: set[tuple[int, int]] = set()
    repeated: set[str] = set()
    for line in edges:
        if id(line) in reasons:
            repeated.add(line.text)
            running.setdefault(_mesh(line), []).append(line)
        if reasons.get(id(line)) == "page number":
            numbered.add(row_of(line))
    found: list[Run] = []
    for line in edges:
        free = apart[id(line)] > 1.6 * line.height
        touched = inner.get(id(line))
        parted = touched is None or id(touched) in reasons
        told = (free and abs(line.height - body) > 0.08 * body) or row_of(line) in numbered
        # Where the lines of the body are as far apart, the other pages tell
        told = told or line.text in repeated
        if id(line) not in reasons and parted and told and _on_two_others(line, running):
            found.append(line)
    lone = set(map(id, found))
    rest = (run.text for sheet in sheets for run in sheet.runs if id(run) not in lone)
    text = " ".join(" ".join(rest).lower().split()) if found else ""
    often = Counter(line.text for line in found)
    return [
        line
        for line in found
        if row_of(line) in numbered
        or often[line.text] > 1
        or (not is_division(line.text) and _has_words(text, line.text.lower()))
    ]


def _has_words(text: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def _is_alone(line: Run, sheet: Sheet, reasons: Mapping[int, str]) -> bool:
    """Whether nothing that stays stands beside a line, nor half a line above or below it, as beside the key of a row that has two lines."""
    return not any(
        run is not line and id(run) not in reasons and overlap(line, run) for run in sheet.runs
    )


# A head of so many lines is one where it is on all pages, though they be two.
_LEAST_LETTERHEAD: Final = 3


def _letterheads(sheets: Sequence[Sheet]) -> list[Run]:
    """The first lines of all pages, where several are the same in the same places and the next ones are not."""
    pages = [rows_of([run for run in sheet.runs if not run.turned]) for sheet in sheets]
    n = 0
    for rows in zip(*pages, strict=False):
        alike = all(
            [run.text for run in row] == [run.text for run in rows[0]]
            and all(map(same_place, row, rows[0]))
            for row in rows
        )
        if not alike:
            break
        n += 1
    if (
        len(pages) < 2
        or not _LEAST_LETTERHEAD <= n < EDGE_ROWS
        or any(len(rows) <= n for rows in pages)
    ):
        return []
    return [run for rows in pages for row in rows[:n] for run in row]


def _body_height(sheets: Sequence[Sheet]) -> float:
    sizes = Counter[float]()
    for sheet in sheets:
        for run in sheet.runs:
            sizes[round(run.height * 2) / 2] += len(run.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _is_running(line: Run, lines: Sequence[Run], apart: float, body: float) -> bool:
    """Whether one of several lines on the pages near it that say the same is there on account of the page."""
    near = {other.page for other in lines if same_place(line, other)}
    n_near = _longest_run(sorted(near))
    free = apart > 1.6 * line.height
    other_letters = abs(line.height - body) > 0.08 * body
    number = BARE_NUMBER.fullmatch(counting(line.text)) is not None
    return (n_near >= 3 and (number or free or other_letters)) or (n_near == 2 and free)


def _mesh(line: Run) -> tuple[int, int]:
    """What is in the same place is in the same mesh or in one beside it."""
    return math.floor(line.bottom / SAME_BASE), math.floor(line.height / SAME_HEIGHT)


def _on_two_others(line: Run, running: Mapping[tuple[int, int], Sequence[Run]]) -> bool:
    """Whether two other pages have a running line in the place of this one."""
    low, size = _mesh(line)
    pages: set[int] = set()
    for mesh in product(range(low - 1, low + 2), range(size - 1, size + 2)):
        for other in running.get(mesh, ()):
            if other.page != line.page and same_place(line, other):
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
