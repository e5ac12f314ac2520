"""What is alike but for a number, a letter or a place in an order, "Tramo 2", "Grupo B", "Fase III", "third grade", "Nivel A1": which of a
series a question names, and of which of it a text is by what stands over it or opens it.

A reader looks at the words that answer, and below "Grupo A" stands the same as below "Grupo B".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from corpus import language
from corpus.document import Block, Lang, Passage
from corpus.languages import PACKS
from index.searchable import QueryWord
from qa.members import Member, codes, members, place
from qa.select.alike.ranges import AskedBand
from qa.select.atoms import Atom, text_of
from qa.words import called, stood_for

# What opens a text ends at such a sign, or has so many words.
_OPENS: Final = re.compile(r"[.,:;(\n]|\s[–—-]\s")
_OPENS_WORDS: Final = 6
_STOP_WORDS: Final = frozenset().union(*(pack.stop_words for pack in PACKS.values()))
# A label that says a name and what it is the name of has no more.
_LABEL_WORDS: Final = 3
_EVERYTHING: Final = frozenset().union(*(pack.everything for pack in PACKS.values()))
# A word that stands for another one at least so likely may mean the same.
_SAME: Final = 0.1
# "El segundo, dos semanas más tarde": of what was named before
_ELLIPTIC: Final = re.compile(r"(?:el|la|the) (\w+[ºª°]?)(?: (\w+))?")


class AskedSeries:
    """What a question names of a series."""

    def __init__(self, question: str, words: Sequence[QueryWord], lang: Lang):
        by_text = {language.fold(word.text): word for word in words}
        self._asked = [
            (member, by_text[member.noun])
            for member in members(question, typed=True)
            if member.noun in by_text and not any(member.noun in p.months for p in PACKS.values())
        ]
        self._strange = list(_strange(question, words))
        self._codes = list(codes(question))
        self.band = AskedBand(question, lang)

    def __bool__(self) -> bool:
        return bool(self._asked or self._strange or self._codes or self.band)

    def is_of(self, text: str, lang: Lang) -> bool | None:
        """Whether a heading, a label or the opening of a text in ``lang`` names what the question names, False where it names others of that
        series, None where it names none of it."""
        if any(_has_other_name(text, word, lang) for word in self._strange):
            return False
        said = list(members(text)) if self._asked else []
        told: dict[str, bool] = {}
        for member, word in self._asked:
            kinds = called(word, lang, _SAME)
            alike = [one for one in said if not kinds.isdisjoint(language.terms(one.noun, lang))]
            if alike:
                covered = any(one.covers(member) for one in alike)
                told[member.noun] = told.get(member.noun, False) or covered
        return all(told.values()) if told else None

    def _is_of_all(self, text: str, lang: Lang) -> bool:
        """Whether a text says something of each of a series: "cualquier nivel", "every group"."""
        said = language.words(text)
        after = (
            {*language.terms(noun, lang)}
            for (word, _, _), (noun, _, _) in pairwise(said)
            if language.fold(word) in _EVERYTHING
        )
        kinds = {term for _, word in self._asked for term in stood_for([word], lang, _SAME)}
        return any(not kinds.isdisjoint(terms) for terms in after)

    def among(self, labels: Sequence[str]) -> list[bool | None]:
        """The same of several headings or openings side by side, by their codes alone, "it says E2", or by a band of ages or amounts; None for all
        where none of them is what the question names."""
        by_band: list[bool | None] = [None] * len(labels)
        if self.band:
            by_band = self.band.among(labels)
        if not self._codes:
            return by_band
        said = [[*members(label), *codes(label)] for label in labels]
        like = [
            [one for one in of if any(one.shapes() & code.shapes() for code in self._codes)]
            for of in said
        ]
        told = [any(one.covers(code) for one in of for code in self._codes) for of in like]
        if not any(told):
            return by_band
        return [is_of if of else band for of, is_of, band in zip(like, told, by_band, strict=True)]

    def others(self, paths: Sequence[Sequence[str]]) -> set[int]:
        """Which of several passages, by number, stand below headings that :meth:`among` tells to be of others, the innermost first; ``paths``: their
        headings."""
        told = iter(self.among([heading for path in paths for heading in path]))
        of_paths = [[next(told) for _ in path] for path in paths]
        innermost = (next((x for x in reversed(of) if x is not None), None) for of in of_paths)
        return {n for n, is_of in enumerate(innermost) if is_of is False}

    def above(self, path: Sequence[str], lang: Lang) -> bool | None:
        """The same of headings, outermost first: what the innermost says of a series holds."""
        told = (self.is_of(heading, lang) for heading in reversed(path))
        return next((one for one in told if one is not None), None)

    def within(
        self, passage: Passage, path: Sequence[str], atoms: Sequence[Atom], blocks: Sequence[Block]
    ) -> list[bool | None]:
        """The same of each atom of a passage, by what opens it, what opened its block or an item around that, the line that stands over it
        like a heading, or the headings of the passage. What mentions the one that is asked for, or all of them, is of no other."""
        if not self:
            return [None] * len(atoms)
        lang = passage.lang
        over = above = self.above(path, lang)
        of_block: dict[int, bool] = {}
        found: list[bool | None] = []
        texts = [text_of(passage, atom) for atom in atoms]
        openings = [_opening(text) for text in texts]
        for atom, text, opening, beside in zip(
            atoms, texts, openings, self.among(openings), strict=True
        ):
            own = self.is_of(opening, lang)
            own = beside if own is None else own
            if own is None and atom.block in of_block:
                own = self._of_place(opening)
            if own is not None and _is_title(text, atom):
                over = own
            elif own is not None and atom.block is not None:
                # What leads in says it of all that it leads in to, a sentence in passing of nothing but itself
                led = atom.group if atom.weak and atom.group is not None else atom.block
                begins = passage.start + atom.start <= blocks[atom.block].start
                if begins or len(opening.split()) < _OPENS_WORDS:
                    of_block[led] = own
            elif atom.block is not None and blocks[atom.block].kind == "heading":
                over = above
            if own is None:
                held = _holders(atom, blocks)
                own = next((of_block[n] for n in held if n in of_block), over)
            if own is False and (self.is_of(text, lang) or self._is_of_all(text, lang)):
                own = None
            found.append(own)
        return found

    def _of_place(self, opening: str) -> bool | None:
        """Whether an opening that says a place in an order and not of what, "The second, …", has that of what the question names; None for others."""
        found = _ELLIPTIC.match(language.fold(opening))
        number = place(found[1]) if found else None
        if found is None or number is None or (found[2] or "a") not in _STOP_WORDS:
            return None
        one = Member("", ((number, number),), 0, 0)
        return any(one.covers(member) for member, _ in self._asked)


def _strange(question: str, words: Sequence[QueryWord]) -> Iterator[QueryWord]:
    """The words of a question beside which it has a name that no passage holds: "tier" of "the Platinum tier"."""
    for pair in zip(words, words[1:], strict=False):
        names = [word.name and word.text.isalpha() and not word.known for word in pair]
        if not any(names) or all(names):
            continue
        if re.search(r"\b\s+".join(re.escape(word.text) for word in pair), question):
            yield pair[names.index(False)]


def _has_other_name(label: str, word: QueryWord, lang: Lang) -> bool:
    """Whether a short label has a name beside what a word stands for: "Silver tier", "Plan Plus"."""
    words = label.split()
    kinds = called(word, lang, _SAME)
    at = [n for n, one in enumerate(words) if not kinds.isdisjoint(language.terms(one, lang))]
    beside = [words[n] for i in at for n in (i - 1, i + 1) if 0 <= n < len(words)]
    named = any(one.istitle() and language.terms(one, lang) for one in beside)
    return named and len(words) <= _LABEL_WORDS


def _opening(text: str) -> str:
    """The first words of a text, as far as they may be a label."""
    start = re.match(r"\W*", text)
    begins = start.end() if start else 0
    sign = _OPENS.search(text, begins)
    words = text[begins : sign.start() if sign else None].split()
    return " ".join(words[:_OPENS_WORDS])


def _is_title(text: str, atom: Atom) -> bool:
    """Whether an atom is a line that stands over what follows it."""
    return not atom.alone and text[-1:] not in ".;!?" and len(text.split()) <= _OPENS_WORDS


def _holders(atom: Atom, blocks: Sequence[Block]) -> Iterator[int]:
    """The block of an atom and those that hold it, from within."""
    at = atom.block
    while at is not None:
        yield at
        at = blocks[at].parent
