"""Notes, captions and tables within a sentence that goes on overleaf or in the next column, put before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from corpus.blocks.divisions import is_division
from corpus.readers.draft import BULLET
from corpus.readers.pdf.joins import continues, same_paragraph
from corpus.readers.pdf.lines import GOES_ON
from corpus.readers.pdf.pieces import Piece, Row
from corpus.readers.pdf.runs import Run
from corpus.readers.pdf.wording import LEAST_PROSE_WORDS, begins_lower

NOTE = re.compile(
    r"(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\^?\[?\(?\d{1,3}(?![\d.,/:–-]*\d)\]?\)?\.?|[*†‡]+|\^[a-z])\s*\S"
)


def notes_first(pieces: Sequence[Piece], body: float) -> list[Piece]:
    """What stands at the foot of a page or a column, notes, captions or a table, put before its last paragraph where that goes on overleaf
    or in the next column, and what stands over the rest of it there behind that: a sentence stays whole."""
    pages = _columns(pieces)
    for n, (page, after) in enumerate(pairwise(pages)):
        foot = _foot(page, after[0], body)
        head = next((k for k, piece in enumerate(after) if not _is_aside(piece, body)), 0)
        if foot and _surely_continues(page[foot - 1], after[head]):
            end = head + 1
            while end < len(after) and same_paragraph(after[end - 1], after[end]):
                end += 1
            after[:end] = after[head:end] + after[:head]
        elif foot < len(page):
            note = page[foot]
            is_note = isinstance(note, Run) and (
                note.repeated or note.turned or NOTE.match(note.text)
            )
            if not is_note or not _is_small(note, body):
                continue
        if 0 < foot < len(page) and (start := _start_of_what_goes_on(page[:foot], after[0])) < foot:
            aside, page[foot:] = page[foot:], []
            to = n
            while start == 0 < to and pages[to - 1][-1].page == aside[0].page:
                if not continues(pages[to - 1][-1], pages[to][0]):
                    break
                to -= 1
                start = _paragraph_start(pages[to], len(pages[to]) - 1)
            pages[to][start:start] = aside
    return [piece for page in pages for piece in page]


def _columns(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces page by page, and column by column: where the next line of a text stands higher."""
    found: list[list[Piece]] = []
    for n, piece in enumerate(pieces):
        before = pieces[n - 1]
        higher = (
            isinstance(before, Run)
            and isinstance(piece, Run)
            and before.turned == piece.turned
            and piece.bottom - before.bottom > 0.5 * piece.height
        )
        if n == 0 or piece.page != before.page or higher:
            found.append([])
        found[-1].append(piece)
    return found


# So many lines at the foot of a page may be a note in the letters of the text, where they stand so many lines below it.
_MAX_NOTE_LINES: Final = 4
_NOTE_GAP: Final = 2.5
_CAPTION = re.compile(
    r"(?:figura|fig\.|tabla|cuadro|gr[áa]fico|imagen|ilustraci[óo]n|figure|table|chart|image)\s*[\dIVX]+\b",
    re.IGNORECASE,
)


def _foot(page: Sequence[Piece], after: Piece, body: float) -> int:
    """Where what stands at the foot of a page begins; ``len(page)`` if it ends with its text. ``after``: what the next page begins with."""
    foot = len(page)
    while foot and _is_aside(page[foot - 1], body):
        foot -= 1
    if foot < len(page):
        return foot
    goes_on = _surely_continues(page[-1], after)
    for k in range(len(page) - 1, max(0, len(page) - 1 - _MAX_NOTE_LINES), -1):
        above, below = page[k - 1], page[k]
        if not isinstance(above, Run) or not isinstance(below, Run):
            break
        if above.bottom - below.bottom > _NOTE_GAP * max(above.height, below.height):
            is_text = is_division(below.text) or (goes_on and not GOES_ON.search(above.text))
            return len(page) if is_text else k
    return foot


def _is_aside(piece: Piece, body: float) -> bool:
    """Whether a piece at the edge of a page may stand within a sentence of the text: small letters, a row, a caption."""
    return (
        isinstance(piece, Row) or _is_small(piece, body) or _CAPTION.match(piece.text) is not None
    )


def _surely_continues(before: Piece, after: Piece) -> bool:
    """Whether a line of prose is not at its end, and another one goes on in a small letter."""
    return (
        continues(before, after)
        and isinstance(before, Run)
        and isinstance(after, Run)
        and len(before.text.split()) >= LEAST_PROSE_WORDS
        and before.bold == after.bold
        and begins_lower(after.text)
    )


def _start_of_what_goes_on(page: Sequence[Piece], after: Piece) -> int:
    """Where the paragraph begins, or the list with its lead-in, that ends a page and goes on overleaf; ``len(page)`` where none does."""
    start = _paragraph_start(page, len(page) - 1)
    in_list = _is_item(after) and (_is_item(page[start]) or _leads_in(page[-1]))
    if not in_list and not continues(page[-1], after):
        return len(page)
    while start and _is_item(page[start]):
        before = _paragraph_start(page, start - 1)
        if not (_is_item(page[before]) or _leads_in(page[start - 1])):
            break
        start = before
    return start


def _paragraph_start(page: Sequence[Piece], at: int) -> int:
    while at and same_paragraph(page[at - 1], page[at]):
        at -= 1
    return at


def _is_item(piece: Piece) -> bool:
    return isinstance(piece, Run) and BULLET.match(piece.text) is not None


def _leads_in(piece: Piece) -> bool:
    return isinstance(piece, Run) and piece.text.endswith(":")


def _is_small(piece: Piece, body: float) -> bool:
    if not isinstance(piece, Run):
        return False
    return piece.height < 0.9 * body or piece.repeated or piece.turned != 0
