"""What word processors write of a document that is saved as a web page, and mails that they write: titles and items without elements for them."""

from __future__ import annotations

import re
from typing import Any, Final

from corpus.readers.draft import flat
from corpus.readers.html.elements import said_in
from corpus.readers.numbering import is_counting

_MAX_PARAGRAPHS: Final = 20_000
# Google's have the name that templates of pages give as well
_TITLES: Final = "p.MsoTitle, body.doc-content p.title"
# White space in small letters between the mark of an item and its text
_FILLER = re.compile(r"font\s*:\s*7(?:\.0)?pt\s+[\"']?Times New Roman", re.IGNORECASE)
_MAX_MARK_CHARS: Final = 12
_LEVEL = re.compile(r"mso-list\s*:[^;]*\blevel(\d)", re.IGNORECASE)
_MARGIN = re.compile(
    r"margin-left\s*:\s*([\d.]+)(pt|cm|in)|margin\s*:(?:\s*[\d.]+\w*){3}\s+([\d.]+)(pt|cm|in)"
)
_POINTS: Final = {"pt": 1.0, "cm": 28.35, "in": 72.0}
# How much further in each level stands than the one above
_STEP_POINTS: Final = 36


def titles_of_saved(root: Any) -> dict[int, str]:
    """The paragraphs that are the title of a document by their style, as headings."""
    found = root.css(_TITLES)[:_MAX_PARAGRAPHS]
    return {node.mem_id: "h1" for node in found if flat(said_in(node))}


def items_of_saved(root: Any) -> tuple[dict[int, tuple[str, int]], frozenset[int]]:
    """The paragraphs of Word that are items, each with its number, "" where it has none, and how deep it is; and the texts that are their
    marks: a bullet is a letter of another font, "·", "o" or "§"."""
    found: dict[int, tuple[str, int]] = {}
    marks: set[int] = set()
    for filler in root.css("span[style*='7.0pt'], span[style*='7pt']")[:_MAX_PARAGRAPHS]:
        paragraph = filler.parent
        while paragraph is not None and paragraph.tag == "span":
            paragraph = paragraph.parent
        if (
            paragraph is None
            or paragraph.tag != "p"
            or paragraph.mem_id in found
            or not _FILLER.search(filler.attributes["style"] or "")
            or flat(filler.text())
        ):
            continue
        own = _texts_to(paragraph, filler)
        mark = flat("".join(text.text_content or "" for text in own))
        if 0 < len(mark) <= _MAX_MARK_CHARS:
            number = mark if is_counting(mark) else ""
            found[paragraph.mem_id] = number, _depth(paragraph)
            marks |= {text.mem_id for text in own}
    return found, frozenset(marks)


def _texts_to(paragraph: Any, last: Any) -> list[Any]:
    """The texts of a paragraph that stand before an element in it."""
    texts = []
    for node in paragraph.traverse(include_text=True):
        if node.mem_id == last.mem_id:
            break
        texts += [node] if node.tag == "-text" else []
    return texts


def _depth(paragraph: Any) -> int:
    """How deep in a list a paragraph stands, by what its style says, else by how far in it is."""
    style = (paragraph.attributes or {}).get("style") or ""
    if (level := _LEVEL.search(style)) is not None:
        return max(1, int(level[1]))
    margin = _MARGIN.search(style)
    if margin is None:
        return 1
    points = float(margin[1] or margin[3]) * _POINTS[margin[2] or margin[4]]
    return min(6, max(1, round(points / _STEP_POINTS)))
