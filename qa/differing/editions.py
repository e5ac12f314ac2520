"""Which of several documents that say different things is in force: the one of 2025 and not the one of 2019, "v2" and not "v1 (superseded)".

What holds now is what is asked for, unless the question names another one; what held before is said after it, as what it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from corpus import language
from corpus.dates import month_named
from corpus.document import Passage
from corpus.languages import PACKS
from index.searchable import Searchable
from qa.select import Unit
from qa.select.times.sittings import HEAD_CHARS, Day, day_of, name_of_file
from qa.select.times.years import without_replaced

_WORDS: Final = [pack.editions for pack in PACKS.values()]
_VOID: Final = re.compile(rf"\b(?:{'|'.join(words.void for words in _WORDS)})\b")
_REPLACED: Final = re.compile(rf"\b(?:{'|'.join(words.replaced for words in _WORDS)})\b")
_NUMBER_WORDS: Final = "|".join(words.number for words in _WORDS)
_NUMBER: Final = re.compile(rf"\b(?:{_NUMBER_WORDS})\.?\s?(\d+(?:\.\d+)*)\b")
_CURRENT: Final = re.compile(rf"\b(?:{'|'.join(words.current for words in _WORDS)})\b")
# A line of so many words over a text says what that is.
_MOST_LABEL_WORDS: Final = 4


@dataclass(frozen=True, slots=True)
class _Edition:
    """What a document tells of how new it is: that it holds no longer, ``void``, by which number it is counted, of which day it is, and that it
    ``replaces`` others."""

    void: bool
    number: tuple[int, ...]
    day: Day | None
    replaces: bool

    def is_newer(self, other: _Edition) -> bool:
        """Whether it is in force where the other is not any more."""
        if self.void != other.void:
            return other.void
        if self.number and other.number and self.number != other.number:
            return self.number > other.number
        if self.day is not None and other.day is not None:
            for one, same in zip(self.day, other.day, strict=True):
                if one is None or same is None:
                    break
                if one != same:
                    return one > same
        return self.replaces and not other.replaces


class Editions:
    """The editions of the documents of an index, as they are asked for."""

    def __init__(self, index: Searchable):
        self._index = index
        self._known: dict[str, _Edition] = {}

    def is_newer(self, one: Unit, other: Unit) -> bool:
        """Whether what a unit says is in force where what another says is not any more."""
        first, second = (self._of(unit.quote.passage) for unit in (one, other))
        return first.is_newer(second)

    def newest(self, units: Sequence[Unit]) -> Unit:
        """The first of some units, or the one among them that is newer than it and than all others before."""
        found = units[0]
        for unit in units[1:]:
            if self.is_newer(unit, found):
                found = unit
        return found

    def are_of_one(self, one: Unit, other: Unit) -> bool:
        """Whether two units are of documents that are called the same, or whose files are, but for what tells their editions apart: what holds
        in one town took no place of what held in another."""
        ids = [unit.quote.passage.doc_id for unit in (one, other)]
        titles, files = (
            [_plain(called(doc_id)) for doc_id in ids] for called in (self._title, name_of_file)
        )
        return titles[0] == titles[1] or (files[0] == files[1] and bool(files[0]))

    def _title(self, doc_id: str) -> str:
        return self._index.document(doc_id, blocks=False).title

    def _of(self, passage: Passage) -> _Edition:
        doc_id = passage.doc_id
        if doc_id not in self._known:
            document = self._index.document(doc_id, blocks=False)
            head = document.text[:HEAD_CHARS]
            names = f"{document.title}\n{name_of_file(doc_id)}"
            labels = [line for line in head.split("\n") if len(line.split()) <= _MOST_LABEL_WORDS]
            void = _VOID.search(language.fold("\n".join((names, *labels)))) is not None
            number = _NUMBER.search(language.fold(names))
            self._known[doc_id] = _Edition(
                void or _REPLACED.search(language.fold(head)) is not None,
                tuple(map(int, number[1].split("."))) if number else (),
                day_of(doc_id, document.title, without_replaced(head)),
                without_replaced(head) != head,
            )
        return self._known[doc_id]


def asks_for_current(question: str) -> bool:
    """Whether a question asks for what is in force and nothing else."""
    return _CURRENT.search(language.fold(question)) is not None


def _plain(name: str) -> str:
    """A name of a document without what tells its edition: numbers, months and marks."""
    folded = _VOID.sub(" ", _NUMBER.sub(" ", language.fold(name)))
    words = re.findall(r"[^\W\d_]+", folded)
    return " ".join(word for word in words if month_named(word) is None)
