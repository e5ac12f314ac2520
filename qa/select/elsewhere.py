"""Things that have a section of their own, "Café", "Capacity": what is said elsewhere without a word of them is said of something else.

The prices of the field resemble a question about its capacity more than the table of capacities does, which has no line for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from corpus import language
from corpus.languages import PACKS
from index.searchable import Place, QueryWord
from qa.select.untold import tells_nothing
from qa.understand import Question
from qa.words import MAY_BE, folded_words, is_lost, spans_of, stood_for

# A word that stands for another one at least so likely means the same.
_SAME: Final = 0.1
# Before the name of a thing, in whose place a verb may mean another: "if it arrives" is not about "Arrival"
_DETERMINERS: Final = frozenset(
    word
    for pack in PACKS.values()
    for word, role in pack.roles.items()
    if role in ("article", "possessive", "of")
)


class OwnSections:
    """The sections among some passages in the language of a question whose headings name a thing of it and have no other words."""

    def __init__(self, question: Question, words: Sequence[QueryWord], places: Sequence[Place]):
        self._words = [word for word in words if not tells_nothing(word)]
        self._named: dict[tuple[str, str], list[QueryWord]] = {}
        lang, spans = question.lang, spans_of(question.full, words)
        things = {
            id(word)
            for word, (start, _) in zip(words, spans, strict=True)
            if (before := folded_words(question.full[:start])) and before[-1] in _DETERMINERS
        }
        for place in places:
            if len(place.section_path) > 1 and place.passage.lang == lang:
                heading = place.section_path[-1]
                terms = set(language.terms(heading, lang))
                about = [w for w in self._words if terms & stood_for([w], lang, _SAME)]
                whole = terms and terms <= stood_for(about, lang, _SAME)
                if whole and any(id(word) in things for word in about):
                    self._named[place.passage.doc_id, heading] = about

    def have(self, place: Place, *, sure: bool) -> bool:
        """Whether one of them is elsewhere, of which a passage has no word in its text or over it, whose own heading has none of the question; where the
        reader is ``sure`` of the passage in the same document."""
        doc, lang, path = place.passage.doc_id, place.passage.lang, place.section_path
        named = [
            about
            for (other, heading), about in self._named.items()
            if heading not in path and (doc == other or not sure)
        ]
        if not named:
            return False
        own = language.terms(" ".join(path[1:][-1:]), lang)
        if not stood_for(self._words, lang, MAY_BE).isdisjoint(own):
            return False
        around = set(language.terms("\n".join((place.title, *path, place.passage.text)), lang))
        return any(all(is_lost(word, lang, around) for word in about) for about in named)
