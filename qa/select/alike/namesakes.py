"""Documents of one kind of thing with names of their own, "Hotel Mar Azul" and "Hotel Sierra Alta", "Dale Van Hire" and "Moor Van Hire", and
persons who have a part of their names in common: whose is asked for.

What the one says of its car park resembles a question about that of the other, also where there is no document of the other; and where Ana
Ruiz Gil is asked about, whom nobody mentions, the number of Ana Ruiz Soto is as near as can be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import Final

from corpus import language
from corpus.document import Lang
from index.searchable import QueryWord, Searchable
from qa.rank import Ranked
from qa.words import MAY_BE, folded_words, shouted, stood_for, without_owner

# So much of a document is looked through for a name.
_LOOKED_AT_CHARS: Final = 200_000
# What may stand between the word for a kind of thing and the name of one, where that stands behind it: "el Centro de Mayores"
_LINKS: Final = frozenset("de del la el los las".split())
# Names of persons have no article before them, as those of things mostly have: "the Managing Director"
_ARTICLES: Final = frozenset({"del", "al"}).union(
    *(
        {word for word, role in pack.roles.items() if role in ("article", "possessive")}
        for pack in language.PACKS.values()
    )
)
# "A | B", "Surname: A; Name: B; Phone: C"
_CELLS: Final = re.compile(r"\S \| \S|(?:;\s*[^\W\d_][^;:]{0,40}:\s[^;]*){2}")
# Two words so alike are one, with a slip of the pen; "Marta" and "María" are two
_SLIP: Final = 0.81
# Shorter ones may stand for any name that begins so: "M." and "Mª".
_INITIAL: Final = 2


class AskedNames:
    """The named things of a question, each with the word beside its name that says what kind of thing it is."""

    def __init__(self, question: str, index: Searchable):
        self._index = index
        self._said = frozenset(_bare_words(question))
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
        held = set(_bare_words(f"{title}\n{text}"))
        return not any(name <= held for name in asked)


def _bare(word: str) -> str:
    """A word folded, of whoever owns something the name."""
    return without_owner(language.fold(word))


def _bare_words(text: str) -> list[str]:
    return list(map(without_owner, folded_words(text)))


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
                name.append(_bare(word))
        if name and language.terms(kind, lang):
            found.append((_bare(kind), tuple(name)))
    return found


class AskedPersons:
    """The full names in a question, two words with capitals and more and no article before them."""

    def __init__(self, question: str, words: Sequence[QueryWord], index: Searchable):
        self._words, self._index = words, index
        first = next(iter(language.words(question)), ("", 0, 0))[0]
        runs = [] if shouted(question) else _full_names(question)
        common = {word.text for word in words if _is_common(word)}
        self._names = [
            name
            for before, name in runs
            if len(name) > 1
            and name[0] not in common | {first}
            and _ARTICLES.isdisjoint((before, language.fold(name[0])))
        ]
        self._nobody: dict[tuple[str, int], bool] = {}

    def are_others(self, ranked: Ranked, quoted: str) -> bool:
        """Whether all that a quote, or where it names nobody its passage, calls by most of such a name has another word behind that,
        and a word of the name is nowhere in the document: then it is somebody else's."""
        for n, name in enumerate(self._names):
            asked = frozenset(map(_bare, name))
            passage = ranked.passage
            texts = (quoted, f"{passage.heading}\n{passage.text}")
            found = next(filter(None, (_called_alike(asked, text) for text in texts)), [])
            if found and all(found) and self._is_nobody(n, ranked):
                return True
        return False

    def _is_nobody(self, n: int, ranked: Ranked) -> bool:
        """Whether a word of a name is nowhere in the document of a passage."""
        doc_id, lang = ranked.passage.doc_id, ranked.passage.lang
        if (doc_id, n) not in self._nobody:
            text = self._index.document(doc_id, blocks=False).text[:_LOOKED_AT_CHARS]
            said = f"{ranked.place.title}\n{text}"
            held, written = set(language.terms(said, lang)), set(_bare_words(said))
            meant = {word.text: stood_for([word], lang, MAY_BE) for word in self._words}
            self._nobody[doc_id, n] = any(
                _bare(word) not in written and not meant[word] & held
                for word in self._names[n]
                if word in meant and not word.isupper()
            )
        return self._nobody[doc_id, n]


def _is_common(word: QueryWord) -> bool:
    """Whether a word of a question has a meaning, so that it is something else in another language: "Prime", "Junta"."""
    itself = {term for lang in language.PACKS for term in language.terms(word.text, lang)}
    return any(stood_for([word], lang) - itself for lang in language.PACKS)


def _full_names(text: str) -> list[tuple[str, list[str]]]:
    """The words with capitals that stand together in a text, what may link them left out, and the word before them, folded."""
    found: list[tuple[str, list[str]]] = []
    end, before, goes_on = 0, "", False
    for word, start, stop in language.words(text):
        between = text[end:start].strip(" -")
        apart = bool(between) and not (between == "." and len(before) <= _INITIAL)
        if word[0].isupper() and goes_on and not apart:
            found[-1][1].append(word)
        elif word[0].isupper():
            found.append((before, [word]))
        goes_on = word[0].isupper() or (goes_on and not apart and language.fold(word) in _LINKS)
        end, before = stop, language.fold(word)
    return found


def _called_alike(name: frozenset[str], text: str) -> list[bool]:
    """For those names in a text that have the most words of another one, whether behind such a word they have one that is not of that name. The cells
    of a row are of one name: "Ruiz Soto | Eva Luz"."""
    found: list[tuple[int, bool]] = []
    for line in [] if shouted(text) else text.splitlines():
        told = []
        for _, words in _full_names(line):
            run = list(map(_bare, words))
            first = next((n for n, word in enumerate(run) if word in name), len(run))
            others = [word for word in run[first:] if len(word) > _INITIAL and word not in name]
            # "Percy Shelly" is Percy Shelley
            others = [word for word in others if not get_close_matches(word, name, 1, _SLIP)]
            told.append((len(name.intersection(run)), bool(others)))
        if _CELLS.search(line):
            told = [(sum(n for n, _ in told), any(other for _, other in told))]
        found += told
    most = max((n for n, _ in found), default=0)
    return [other for n, other in found if n == most > 0]
