"""The title of a document, from its properties and its first page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from corpus.blocks.signs import is_stamp
from corpus.dates import month_named, says_when
from corpus.readers.draft import flat
from corpus.readers.pdf.looks import body_height
from corpus.readers.pdf.pieces import Piece
from corpus.readers.pdf.runs import Run
from corpus.readers.pdf.wording import FILLED_IN, MAX_TITLE_WORDS, n_letters

_MAX_TITLE_CHARS: Final = 200


def title_of(own: str, pieces: Sequence[Piece]) -> str:
    """The title of a PDF: the one in its properties if its first page shows it, else the largest line there; "" if none is larger.

    Programs write what they like into the properties: the number of a job, the name of a template.
    """
    lines = [piece for piece in pieces if isinstance(piece, Run)]
    first = [line for line in lines if line.page == lines[0].page] if lines else []
    body = body_height(pieces)
    n_pages = lines[-1].page if lines else 0
    able = [
        line
        for line in first[: max(8, len(first) // 3)]
        if _may_be_title(line) and not (line.repeated and n_pages > 2)
    ]
    largest = max((line.height for line in able), default=0.0)
    shown = ""
    if largest > 1.15 * body:
        at = next(
            n for n, line in enumerate(first) if line in able and line.height > 0.95 * largest
        )
        together = [first[at]]
        for line in first[at + 1 :]:
            step = together[-1].bottom - line.bottom
            if line.height < 0.95 * largest or not 0 <= step < 2.2 * line.height:
                break
            together.append(line)
        shown = flat(" ".join(line.text for line in together))[:_MAX_TITLE_CHARS]
    words = re.findall(r"[^\W_]{2,}", own.lower())
    if not words or says_when(own):
        return shown
    page = flat(" ".join(line.text for line in first)).lower()
    there = [word for word in words if word in page]
    named = len([word for word in words if not any(map(str.isdigit, word))]) >= 2
    if len(there) >= 0.7 * len(words) and (named or own.lower() == shown.lower()):
        return own
    # A title in words that the page does not repeat is still one, if nothing else is.
    return shown or (own if named and len(words) >= 3 else "")


_NUMBERED = re.compile(r"(?:\d{1,2}|[IVX]{1,5})[.)]-?\s")


def _may_be_title(line: Run) -> bool:
    """Whether a line has words and is none to fill in, no label, no address, no date, no stamp and not the first section."""
    return (
        n_letters(line) > 2
        and not is_stamp(line.text)
        and not _NUMBERED.match(line.text)
        and not line.text[0].islower()
        and len(line.text.split()) <= MAX_TITLE_WORDS
        and not (FILLED_IN.search(line.text) or re.search(r":\Z", line.text))
        and not (says_when(line.text) or month_named(line.text.lower()))
    )
