"""A stretch of a document, cut where something begins or ends: what a reader shows and fills as it scrolls."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from corpus.document import Document
from corpus.language import fold

Span = tuple[int, int]

SLACK: Final = 2_000
"""Code points that a window may be longer on a side so that it ends with a line."""

_ACCENTS: Final = "\u0300-\u036f"
_JOINER: Final = "\u200d"
# A keyboard has one quotation mark and one dash; books have several.
_TYPED: Final[Mapping[str, str]] = {
    "'": "'’‘ʼ´`",
    '"': '"“”„«»',
    "-": "-‐‑‒–—",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is one thing throughout.

    ``page`` is the page that begins with it, None inside a page; ``heading`` the level of the heading
    it belongs to, 1 outermost; ``marks`` the numbers of the marks that cover it; ``found`` whether it
    is one of the words looked for.
    """

    start: int
    text: str
    page: int | None
    heading: int | None
    marks: tuple[int, ...]
    found: bool


@dataclass(frozen=True, slots=True)
class Window:
    """``document.text[start:end]`` in pieces; none is empty and none is missing."""

    start: int
    end: int
    pieces: tuple[Piece, ...]


def find(text: str, words: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Where the words stand in ``text[start:end]``, in order, as a person types them.

    Case, accents, the kind of a quotation mark or dash and the width of a space do not matter; ñ is a
    letter of its own. Nothing when ``words`` is blank.
    """
    parts = unicodedata.normalize("NFC", words).split()
    if not parts:
        return
    pattern = re.compile(r"\s+".join("".join(map(_any_of, part)) for part in parts))
    for match in pattern.finditer(text, start, len(text) if end is None else end):
        yield match.span()


def window(
    document: Document,
    at: int,
    before: int,
    after: int,
    marks: Sequence[Span] = (),
    words: str = "",
) -> Window:
    """The text around ``at``: about ``before`` code points and about ``after``, in whole lines where lines are short.

    A side of 0 ends exactly at ``at``, so that windows can be put one after another. Marks outside
    the text are passed over.

    :raises ValueError: when ``at`` is not inside the text.
    """
    text = document.text
    if not 0 <= at <= len(text):
        raise ValueError(f"at={at} is not inside the text of {len(text)} characters")
    start = _line_start(text, at - before) if before else at
    end = _line_end(text, at + after) if after else at
    # A word that begins before the window or ends after it is found too.
    room = 2 * len(words)
    found = [
        (a, b)
        for a, b in find(text, words, max(0, start - room), min(len(text), end + room))
        if a < end and b > start
    ]
    pages = {
        offset: number
        for number, offset in enumerate(document.page_starts, 1)
        if start <= offset < end
    }
    headings = [h for h in document.headings if h.start < end and h.end > start]
    shown = [(n, a, b) for n, (a, b) in enumerate(marks) if a < b <= len(text)]
    edges = {start, end, at, *pages}
    for a, b in [*found, *((h.start, h.end) for h in headings), *((a, b) for _, a, b in shown)]:
        edges |= {a, b}
    cuts = sorted(edge for edge in edges if start <= edge <= end)
    starts = [a for a, _ in found]
    pieces = []
    for a, b in pairwise(cuts):
        nth = bisect_left(starts, b) - 1
        pieces.append(
            Piece(
                start=a,
                text=text[a:b],
                page=pages.get(a),
                heading=next((h.level for h in headings if h.start <= a < h.end), None),
                marks=tuple(n for n, x, y in shown if x <= a < y),
                found=nth >= 0 and found[nth][1] > a,
            )
        )
    return Window(start, end, tuple(pieces))


@lru_cache(maxsize=1)
def _letters() -> Mapping[str, str]:
    """The letters of Latin script that a person means by one: ``a`` is a, A, á, Á, â …"""
    alike: dict[str, list[str]] = defaultdict(list)
    for code in (*range(0x41, 0x250), *range(0x1E00, 0x1F00)):
        letter = chr(code)
        if letter.isalpha():
            alike[_plain(letter)].append(letter)
    return {plain: "".join(letters) for plain, letters in alike.items()}


def _plain(letter: str) -> str:
    """The letter as typed without accents, or as it is where that makes more than one."""
    folded = fold(letter)
    if "ñ" not in folded:
        folded = "".join(
            c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c)
        )
    return folded if len(folded) == 1 else letter


def _any_of(typed: str) -> str:
    """The pattern of one typed character."""
    alike = (
        _TYPED.get(typed) or _letters().get(_plain(typed)) or typed + typed.lower() + typed.upper()
    )
    one = f"[{re.escape(alike)}]"
    # What has no composed form in Unicode keeps its accent as a sign of its own.
    return f"{one}[{_ACCENTS}]*" if typed.isalpha() else one


def _line_start(text: str, at: int) -> int:
    """The start of the line that ``at`` is in, or a place at or a little before ``at`` where it is far."""
    line = text.rfind("\n", max(0, at - SLACK), max(0, at)) + 1
    if line or at <= SLACK:
        return line
    while _inside_character(text, at):
        at -= 1
    return at


def _line_end(text: str, at: int) -> int:
    """The end of the line that ``at`` is in, or a place at or a little after ``at`` where it is far."""
    line = text.find("\n", at - 1, at + SLACK) + 1
    if line or at >= len(text) - SLACK:
        return line or len(text)
    while _inside_character(text, at):
        at += 1
    return at


def _inside_character(text: str, at: int) -> bool:
    """Whether what a reader takes for one character would be cut in two at this place."""
    if not 0 < at < len(text):
        return False
    here = text[at]
    return (
        bool(unicodedata.combining(here))
        or here == _JOINER
        or text[at - 1] == _JOINER
        or "\ufe00" <= here <= "\ufe0f"
        or "\U0001f3fb" <= here <= "\U0001f3ff"
        or "\U0001f1e6" <= here <= "\U0001f1ff"
    )
