"""Questions of a few words and no more, "rate limit?", "horario agosto": what is quoted has one of them, or what it stands for.

A reader has little to go by there, and takes any sum for the fee that is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from corpus import language
from corpus.languages import PACKS
from index.searchable import Place, QueryWord
from qa.words import folded_words, stood_for

_MOST: Final = 3
# Whatever the word table has a word stand for.
_SAME: Final = 0.02
# Words that may stand between others where no sentence is made of them: "price of honey", "horario de la piscina".
_LINKS: Final = frozenset(
    word
    for pack in PACKS.values()
    for word, role in pack.roles.items()
    if role in ("preposition", "of", "article", "break")
)


def are_keywords(question: str, words: Sequence[QueryWord]) -> bool:
    """Whether a question, of which ``words`` are, is a few words of content and no sentence. Who sets a "¿" writes one: "¿Admiten perros?"."""
    if "¿" in question or not 0 < len(words) <= _MOST:
        return False
    content = {part for word in words for part in folded_words(word.text)}
    return _LINKS.union(content).issuperset(folded_words(question))


def has_none(words: Sequence[QueryWord], place: Place) -> bool:
    """Whether a passage, its headings and its title have none of a question's words, nor what those stand for in its language."""
    passage = place.passage
    said = "\n".join((place.title, passage.heading, *place.section_path, passage.text))
    return stood_for(words, passage.lang, _SAME).isdisjoint(language.terms(said, passage.lang))
