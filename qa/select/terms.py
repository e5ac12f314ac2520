"""What a document means by a term of its own that answers a question: "to the Delivery Point" says where only beside '"Delivery Point" means the depot
in Cart Street'."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from corpus import language
from qa.cite import Quote
from qa.select.spans import Kind, kind_asked, of_kind

_PACKS: Final = language.PACKS.values()
_MEANS: Final = "|".join(pack.means for pack in _PACKS)
_MEANT: Final = "|".join(pack.meant for pack in _PACKS)
_BETWEEN: Final = "|".join(pack.determiners for pack in _PACKS)
_MARKS: Final = "\"“«‘'"
_TERM: Final = rf"[{_MARKS}](?P<term>[^\W\d_][^\"”»’'\n]{{1,60}}?)[\"”»’']"
# '"Depot" means …', 'se entiende por «Almacén» …', '17 Cart Street (the "Depot")'
_DEFINED: Final = re.compile(
    rf"{_TERM}\s*(?:(?:{_MEANS})\b|:)|\b(?:{_MEANT})\s+(?:(?:{_BETWEEN})\s+)?{_TERM.replace('term', 'meant')}"
    rf"|\([^()\"“«]{{0,30}}{_TERM.replace('term', 'called')}\)",
    re.IGNORECASE,
)


# So much of a document is looked through for a definition.
_LOOKED_AT_CHARS: Final = 200_000
_PLACED: Final = rf"\b(?:{'|'.join(pack.to_places for pack in _PACKS)})\s+(?:(?:{_BETWEEN})\s+)?"
# What a definition may give that a quote with its term lacks
_GIVEN: Final[frozenset[Kind]] = frozenset({"date", "length", "money", "percentage"})


def defined_in(question: str, quote: Quote, document: Callable[[], str]) -> int | None:
    """Where a ``document``, whose text is asked for only where it decides and of which a quote is a part, says outside of it what a term in the quote means that stands for what is asked for:
    for a place behind a word that leads to one, for a time, a length or a sum where the quote has none and the definition has; None
    where it says nothing of the kind, or the question has the term itself."""
    kind = kind_asked(question)
    if kind != "place" and (kind not in _GIVEN or any(of_kind(kind, quote.text))):
        return None
    # Terms have a capital as they are defined and as they are used, which is soon found
    begins = {word for word, _, _ in language.words(quote.text) if word[0].isupper()}
    text = document()[:_LOOKED_AT_CHARS] if begins else ""
    if not any(f"{mark}{word}" in text for word in begins for mark in _MARKS):
        return None
    said, asked = language.fold(quote.text), language.fold(question)
    for term, at, line in _terms(text):
        if quote.start <= at < quote.end or term in asked:
            continue
        before = _PLACED if kind == "place" else r"(?<!\w)"
        stands = re.search(rf"{before}{re.escape(term)}(?!\w)", said)
        if stands and (kind == "place" or (kind and any(of_kind(kind, line)))):
            return at
    return None


def _terms(text: str) -> Iterator[tuple[str, int, str]]:
    """The terms that a text defines, folded, each with its place and the line that it is in."""
    for found in _DEFINED.finditer(text):
        name = next(name for name, said in found.groupdict().items() if said is not None)
        start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
        yield language.fold(found[name]), found.start(name), text[start : None if end < 0 else end]
