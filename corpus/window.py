"""A stretch of a document, cut where something begins or ends: what a reader shows and fills as it scrolls."""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from corpus.document import Block, BlockKind, Document, Heading
from corpus.language import fold

Span = tuple[int, int]

PartKind = Literal["row", "item", "code"]
"""What a part of a window is."""

SLACK: Final = 2_000
"""Code points that a window may be longer on a side so that it ends with a line."""

MAX_PIECES: Final = 2_500
"""Pieces of a window on each side of its place, and words found in it: more cannot be looked at."""

# Kinds of blocks that hold no others and are more than lines of text.
_DRAWN: Final[frozenset[BlockKind]] = frozenset(get_args(PartKind))
_FIRST_ACCENT: Final = 0x300
_LAST_ACCENT: Final = 0x36F
_BLANK: Final = 0x20
# What nobody types and no text has by itself: accents of their own, joiners, the selectors of an emoji's form and the letters of a flag's region
_UNTYPED: Final = 0
_TAGS: Final = slice(0xE0020, 0xE0080)
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
    is one of the words looked for. ``part`` is the number of the part that it belongs to, in ``Window.parts``, and ``cell`` that of
    the cell of it, from 0; None outside.
    """

    start: int
    text: str
    page: int | None
    heading: int | None
    marks: tuple[int, ...]
    found: bool
    part: int | None = None
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """``document.text[start:end]`` in pieces; none is empty and none is missing.

    ``parts`` are the rows, items and stretches of code that it has something of, in text order.
    """

    start: int
    end: int
    pieces: tuple[Piece, ...]
    parts: tuple[Block, ...] = ()


def find(text: str, words: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Where the words stand in ``text[start:end]``, in order, as a person types them.

    Case, accents, what joins the pieces of an emoji, the kind of a quotation mark or dash and the width of a space do not matter; ñ is a
    letter of its own. Nothing when ``words`` is blank. Linear in the text, whatever both are: about 5 ms for a million
    code points.
    """
    table = _alike()
    wanted = " ".join(
        "".join(_typed(c, table) for c in part)
        for part in unicodedata.normalize("NFC", words).split()
    ).strip()
    if not wanted:
        return
    stop = len(text) if end is None else end
    # One pass that makes alike what is alike, then a search in linear time: a pattern would go back over every run
    part = text[start:stop]
    raw = part.encode("utf-16-le", "surrogatepass")
    codes: npt.NDArray[np.uint16 | np.uint32] = np.frombuffer(raw, "<u2")
    name = "utf-16-le"
    if len(codes) > len(part):  # a sign beyond the first plane, which takes two units there
        name = "utf-32-le"
        codes = np.frombuffer(part.encode(name, "surrogatepass"), "<u4")
        table = np.concatenate([table, np.arange(len(table), 0x110000, dtype=table.dtype)])
        table[_TAGS] = _UNTYPED
    alike = table.astype(codes.dtype)[codes]
    blank = alike == _BLANK
    dropped = alike == _UNTYPED
    dropped[1:] |= blank[1:] & blank[:-1]
    folded = alike[~dropped].tobytes().decode(name, "surrogatepass")
    at = folded.find(wanted)
    if at < 0:
        return
    places = np.flatnonzero(~dropped)
    while at >= 0:
        last = int(places[at + len(wanted) - 1]) + 1
        # What has no composed form in Unicode keeps its accent as a sign of its own
        while last < len(part) and table[ord(part[last])] == _UNTYPED:
            last += 1
        yield start + int(places[at]), start + last
        at = folded.find(wanted, at + len(wanted))


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
    the text are passed over. Parts are those of the document's blocks, where it has them.

    :raises ValueError: when ``at`` is not inside the text.
    """
    text = document.text
    if not 0 <= at <= len(text):
        raise ValueError(f"at={at} is not inside the text of {len(text)} characters")
    start = _line_start(text, at - before) if before else at
    end = _line_end(text, at + after) if after else at
    # A word that begins before the window or ends after it is found too.
    room = 2 * len(words)
    around = find(text, words, max(0, start - room), min(len(text), end + room))
    found = list(islice(((a, b) for a, b in around if a < end and b > start), MAX_PIECES))
    pages = {
        offset: number
        for number, offset in enumerate(document.page_starts, 1)
        if start <= offset < end
    }
    headings = _headings(document, start, at, end)
    shown = [(n, a, b) for n, (a, b) in enumerate(marks) if a < b <= len(text)]
    parts = [b for b in document.blocks if b.kind in _DRAWN and b.start < end and b.end > start]
    edges = {start, end, at, *pages}
    for a, b in [
        *found,
        *((h.start, h.end) for h in headings),
        *((a, b) for _, a, b in shown),
        *((part.start, part.end) for part in parts),
        *(cell for part in parts for cell in part.cells or ()),
    ]:
        edges |= {a, b}
    cuts = sorted(edge for edge in edges if start <= edge <= end)
    # Where more begins and ends than anybody can look at, the window ends earlier; the next one goes on from there
    middle = bisect_left(cuts, at)
    cuts = cuts[max(0, middle - MAX_PIECES) : middle + MAX_PIECES + 1]
    parts = [part for part in parts if part.start < cuts[-1] and part.end > cuts[0]]
    pieces = _pieces(text, cuts, pages, headings, shown, found, parts)
    return Window(cuts[0], cuts[-1], tuple(pieces), tuple(parts))


def _headings(document: Document, start: int, at: int, end: int) -> Sequence[Heading]:
    """Those in the window, and of them no more on each side of ``at`` than it can have pieces."""
    every = document.headings
    first = bisect_right(every, start, key=lambda h: h.end)
    last = bisect_left(every, end, key=lambda h: h.start)
    middle = bisect_left(every, at, key=lambda h: h.start)
    return every[max(first, middle - MAX_PIECES) : min(last, middle + MAX_PIECES)]


def _pieces(
    text: str,
    cuts: Sequence[int],
    pages: Mapping[int, int],
    headings: Sequence[Heading],
    marks: Sequence[tuple[int, int, int]],
    found: Sequence[Span],
    parts: Sequence[Block],
) -> Iterator[Piece]:
    """The pieces between the cuts: one sweep over what begins and ends."""
    part_starts = [part.start for part in parts]
    cells = sorted(
        (*cell, n) for part in parts for n, cell in enumerate(part.cells or ()) if cell[0] < cell[1]
    )
    heading_starts, found_starts = [h.start for h in headings], [a for a, _ in found]
    begins: dict[int, list[int]] = defaultdict(list)
    ends: dict[int, list[int]] = defaultdict(list)
    covering: set[int] = set()
    for n, a, b in marks:
        begins[a].append(n)
        ends[b].append(n)
        if a < cuts[0] < b:
            covering.add(n)
    for a, b in pairwise(cuts):
        covering.difference_update(ends[a])
        covering.update(begins[a])
        of_heading = bisect_right(heading_starts, a) - 1
        of_found = bisect_left(found_starts, b) - 1
        part = bisect_right(part_starts, a) - 1
        inside = part >= 0 and a < parts[part].end
        cell = bisect_right(cells, (a, math.inf)) - 1
        yield Piece(
            start=a,
            text=text[a:b],
            page=pages.get(a),
            heading=(
                headings[of_heading].level
                if of_heading >= 0 and a < headings[of_heading].end
                else None
            ),
            marks=tuple(sorted(covering)),
            found=of_found >= 0 and found[of_found][1] > a,
            part=part if inside else None,
            cell=cells[cell][2] if cell >= 0 and a < cells[cell][1] else None,
        )


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


@lru_cache(maxsize=1)
def _alike() -> npt.NDArray[np.uint32]:
    """uint32[65536], for each code point the one that stands for all that a person means by it."""
    table = np.arange(0x10000, dtype=np.uint32)
    for code in range(0x80, 0x10000):
        lower = chr(code).lower()
        if len(lower) == 1 and ord(lower) < 0x10000:
            table[code] = ord(lower)
    for plain, letters in _letters().items():
        table[[ord(letter) for letter in letters]] = ord(plain)
    for typed, signs in _TYPED.items():
        table[[ord(sign) for sign in signs]] = ord(typed)
    table[[code for code in range(0x10000) if chr(code).isspace()]] = _BLANK
    for first, last in ((_FIRST_ACCENT, _LAST_ACCENT), (0x200C, 0x200D), (0xFE00, 0xFE0F)):
        table[first : last + 1] = _UNTYPED
    return table


def _typed(typed: str, table: npt.NDArray[np.uint32]) -> str:
    """A typed character as it stands in a text that was made alike; nothing for what nobody types."""
    code = ord(typed)
    if code >= 0x10000:
        return "" if code in range(_TAGS.start, _TAGS.stop) else typed
    return "" if table[code] == _UNTYPED else chr(table[code])


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
        or "\U000e0020" <= here <= "\U000e007f"
    )
