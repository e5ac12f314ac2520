"""Documents of one kind of thing with names of their own, "Hotel Mar Azul" and "Hotel Sierra Alta", "Dale Van Hire" and "Moor Van Hire": whose
is asked for.

What the one says of its car park resembles a question about that of the other, also where there is no document of the other.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from corpus import language
from corpus.document import Lang
from index.searchable import Searchable
from qa.rank import Ranked
from qa.words import folded_words, shouted

# So much of a document is looked through for a name.
_LOOKED_AT_CHARS: Final = 200_000
# What may stand between the word for a kind of thing and the name of one, where that stands behind it: "el Centro de Mayores"
_LINKS: Final = frozenset("de del la el los las".split())


class AskedNames:
    """The named things of a question, each with the word beside its name that says what kind of thing it is."""

    def __init__(self, question: str, index: Searchable):
        self._index = index
        self._said = frozenset(folded_words(question))
        # A name is written as the documents of its language do, whoever asks; and the first word has a capital in any case
        self._things = {
            lang: [] if shouted(question) else _things(question, lang, begins=False)
            for lang in language.PACKS
        }
        self._of: dict[str, bool] = {}

    def are_of_another(self, ranked: Ranked) -> bool:
        """Whether the document of a passage is of another thing of the kind asked about: its title has a name for one that is not the
        question's, and the question's is nowhere in it."""
        doc_id = ranked.passage.doc_id
        if doc_id not in self._of:
            self._of[doc_id] = self._is_another(doc_id, ranked.place.title, ranked.passage.lang)
        return self._of[doc_id]

    def _is_another(self, doc_id: str, title: str, lang: Lang) -> bool:
        things = self._things.get(lang)
        if not things:
            return False
        kinds = {kind for kind, name in _things(title, lang) if self._said.isdisjoint(name)}
        asked = [set(name) for kind, name in things if kind in kinds]
        if not asked:
            return False
        text = self._index.document(doc_id, blocks=False).text[:_LOOKED_AT_CHARS]
        held = set(folded_words(f"{title}\n{text}"))
        return not any(name <= held for name in asked)


def _things(text: str, lang: Lang, *, begins: bool = True) -> list[tuple[str, tuple[str, ...]]]:
    """The words, folded, that say the kind of a thing that a text names, and the words of the name beside each. Kinds stand before names,
    "Hotel Mar Azul", or in English behind them, "Dale Van Hire", and may be part of longer ones: "Centro de Mayores Sur" is of kinds "centro" and
    "mayores". ``begins``: the first word may be one of a name."""
    found = []
    words = language.words(text)
    for at, (kind, _, _) in enumerate(words):
        name: list[str] = []
        behind = words[at::-1] if lang == "en" else words[at:]
        for one, other in pairwise(behind):
            (_, _, left), (_, right, _) = sorted((one, other), key=lambda word: word[1])
            word, start, _ = other
            named = word[0].isupper() and (begins or start > words[0][1])
            link = lang != "en" and language.fold(word) in _LINKS
            if text[left:right].strip() or not (named or link):
                break
            if named:
                name.append(language.fold(word))
        if name and language.terms(kind, lang):
            found.append((language.fold(kind), tuple(name)))
    return found
