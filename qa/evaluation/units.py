"""Whether the quotes of an answer hold what answers: every part of it, whatever reader the words came through."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from qa.cite import Citation

_DIVIDED = re.compile(r"(?<=\w)-[ \t]*\n\s*(?=\w)")
# White space, marks of tables and of markup: another reader of the file puts others.
_SKIPPED = re.compile(r"[\s|*_`#´˜¨]+")
_ALIKE = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "“": '"', "”": '"', "\u00ad": None})


@dataclass(frozen=True, slots=True)
class Way:
    """One way to answer a question whole: words of a document, all of whose ``parts`` are needed."""

    doc_id: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """What quotes hold of the way that they hold most of: ``share`` of its parts, 0..1; ``first``: whether the first of them
    holds a part of any."""

    share: float
    first: bool


def quoted(ways: Sequence[Way], citations: Sequence[Citation]) -> Quoted:
    """What the citations of an answer hold of the ways in which a question can be answered."""
    quotes = [(c.doc_id, plain(c.quote)) for c in citations]
    return Quoted(
        max((_share(way, quotes) for way in ways), default=0.0),
        any(_share(way, quotes[:1]) > 0 for way in ways),
    )


def _share(way: Way, quotes: Sequence[tuple[str, str]]) -> float:
    """The share of its parts that stand inside these quotes of its document."""
    # What is parted by the end of a passage is one in the document
    said = "".join(text for doc_id, text in quotes if doc_id == way.doc_id)
    return sum(plain(part) in said for part in way.parts) / len(way.parts)


def plain(text: str) -> str:
    """A text as two readers of a file have it alike: without case, accents, white space, line breaks inside a word and marks
    of tables."""
    text = _DIVIDED.sub("", text.translate(_ALIKE))
    letters = unicodedata.normalize("NFD", text.casefold())
    return _SKIPPED.sub("", "".join(c for c in letters if not unicodedata.combining(c)))
