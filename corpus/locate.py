"""Where a stretch of a document stands on the pages of its PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from corpus.document import Document, Span
from corpus.readers.pdf import lines_of
from corpus.readers.pdf.runs import Run, upright

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right and top in PDF points, from the lower left corner of the page as it is drawn in the file."""

# Two lines of the text have so many characters between them at most that the page does not show in that place.
_MAX_ASTRAY: Final = 4000


@dataclass(frozen=True, slots=True)
class PageArea:
    """A page, 1-based, and the rectangles on it, one a line, in reading order."""

    page: int
    rectangles: tuple[Rectangle, ...]


def locate(data: bytes, document: Document, span: Span) -> tuple[PageArea, ...]:
    """The areas of ``document.text[start:end]`` on the pages of the file that ``data`` holds, page by page.

    The file is laid out once more, as it was when the document was read; ``data`` must be the same bytes. Empty for a
    document without pages. Pages that were pictures are read by OCR again, which takes seconds a page.
    """
    start, end = span
    if not 0 <= start < end <= len(document.text):
        raise ValueError(f"the span is {span}; expected one inside [0, {len(document.text)})")
    if not document.page_starts:
        return ()
    first, last = document.page_at(start) or 1, document.page_at(end - 1) or 1
    found: list[PageArea] = []
    for page, lines in lines_of(data, range(first, last + 1)):
        own, stop = document.page_span(page)
        text = document.text[own:stop]
        rectangles = tuple(rectangles_of(text, lines, (start - own, end - own)))
        if rectangles:
            found.append(PageArea(page, rectangles))
    return tuple(found)


def rectangles_of(text: str, lines: Sequence[Run], span: Span) -> Iterator[Rectangle]:
    """The part of each line of a page that lies in the span of ``text``, the page's own: both are compared by letters and digits."""
    places = [i for i, char in enumerate(text) if char.isalnum()]
    shown = "".join(text[i] for i in places)
    at = 0
    for line in lines:
        own = [i for i, char in enumerate(line.text) if char.isalnum()]
        letters = "".join(line.text[i] for i in own)
        if not letters:
            continue
        found = shown.find(letters, at, at + _MAX_ASTRAY + len(letters))
        if found < 0:
            continue  # left out of the text
        at = found + len(letters)
        inside = [i for n, i in enumerate(own) if span[0] <= places[found + n] < span[1]]
        if inside:
            yield upright(line, _edge(line, inside[0], 0), _edge(line, inside[-1], 1))


def _edge(line: Run, n: int, side: int) -> float:
    if line.edges:
        return line.edges[2 * n + side]
    return line.left + (line.right - line.left) * (n + side) / len(line.text)
