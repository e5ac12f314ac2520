"""Sections of one document that say the same of different things, "London" and "Paris", "Ingredientes del salmorejo" and "Ingredientes del
gazpacho", "Almuerzo › Precio" and "Cena › Precio": whose is asked for.

What is below the one resembles the question as much as what is below the other does, and a reader looks at the words that answer, not at
what stands over them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from corpus import language
from corpus.document import Lang
from index.searchable import QueryWord
from qa.words import stood_for

# A word that stands for another one at least so likely means the same.
_SAME: Final = 0.1
# Of all words of two texts so many are in both where they say the same of two things.
_ALIKE: Final = 0.33


@dataclass(frozen=True, slots=True)
class _Section:
    """Where a passage stands: its number, its headings and the terms of each, outermost first, and the terms that are asked for in its language."""

    n: int
    path: tuple[str, ...]
    names: tuple[frozenset[str], ...]
    asked: frozenset[str]


def of_siblings(
    question: str,
    words: Sequence[QueryWord],
    places: Sequence[tuple[str, Lang, Sequence[str], str]],
) -> set[int]:
    """Which of some passages, by number, say below their own heading what another one says below a heading that the question names, and
    theirs it does not. ``places``: the document, language, headings (outermost first) and text of each."""
    asked: dict[Lang, frozenset[str]] = {}
    names: dict[tuple[str, Lang], frozenset[str]] = {}
    of_document: dict[str, list[_Section]] = defaultdict(list)
    for n, (doc, lang, path, _) in enumerate(places):
        if lang not in asked:
            stood = stood_for(words, lang, _SAME)
            asked[lang] = frozenset(stood).union(language.terms(question, lang))
        for heading in path:
            if (heading, lang) not in names:
                names[heading, lang] = frozenset(language.terms(heading, lang))
        own = tuple(names[heading, lang] for heading in path)
        of_document[doc].append(_Section(n, tuple(path), own, asked[lang]))
    said: dict[int, frozenset[str]] = {}

    def text_of(section: _Section) -> frozenset[str]:
        if section.n not in said:
            _, lang, _, text = places[section.n]
            said[section.n] = frozenset(language.terms(text, lang))
        return said[section.n]

    found = set()
    for sections in of_document.values():
        for one in sections:
            if any(_is_beside(one, other, text_of) for other in sections if other.path != one.path):
                found.add(one.n)
    return found


def _is_beside(
    one: _Section, other: _Section, text_of: Callable[[_Section], frozenset[str]]
) -> bool:
    """Whether the heading of ``other`` is asked for, that of ``one`` beside it is not, and below both stands the same."""
    at = next(
        (i for i, (a, b) in enumerate(zip(one.path, other.path, strict=False)) if a != b), None
    )
    if at is None:
        return False
    own, theirs = one.names[at], other.names[at]
    both, alone, named = own & theirs, _told(own - theirs), _told(theirs - own)
    if not alone or not named or not named <= one.asked or alone & one.asked:
        return False
    # What mentions the one that is asked for may be about it, and what speaks of more of the question
    here, there = text_of(one), text_of(other)
    if named <= here or not one.asked & here <= there | theirs:
        return False
    below = one.path[at + 1 :], other.path[at + 1 :]
    if 2 * len(both) >= min(len(own), len(theirs)) or below[0] == below[1] != ():
        return True
    # "3º" names many things
    whole = below == ((), ()) and any(map(str.isalpha, theirs)) and theirs <= one.asked
    return whole and _are_alike(here, there)


def _told(name: frozenset[str]) -> frozenset[str]:
    """What a name tells beside another one: its words; of nothing but numbers these, which else only count the headings."""
    return frozenset(filter(str.isalpha, name)) or name


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts have many words in common, figures aside."""
    one, other = (frozenset(filter(str.isalpha, said)) for said in (one, other))
    return len(one & other) >= _ALIKE * len(one | other)
