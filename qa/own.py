"""The names that a document has of its own: that of the club in its by-laws says where to look, not what to look for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice

from corpus.language import fold
from index.searchable import Place, QueryWord, Searchable
from qa.words import phrases, shouted

# Who writes a document is named in its title or first lines, or at its beginning and again and again.
FIRST_CHARS = 200
_HEAD_CHARS = 4_000
_LOOKED_AT_CHARS = 200_000
_LEAST_TIMES = 3
_STOP = r"\. ?"
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}[^\W\d_]?|\w+")


class OwnNames:
    """The names of one question that each of the documents has of its own."""

    def __init__(self, question: str, words: Sequence[QueryWord], index: Searchable):
        self._index = index
        plain = phrases(question, words, [_is_name(word) for word in words])
        numbered = phrases(question, words, [word.name for word in words])
        self._names = tuple(dict.fromkeys((*filter(_is_numbered, numbered), *plain)))
        self._of: dict[str, tuple[str, ...]] = {}

    def of_document(self, place: Place) -> tuple[str, ...]:
        """Those of the document that the place is in."""
        if not self._names:
            return ()
        doc_id = place.passage.doc_id
        if doc_id not in self._of:
            self._of[doc_id] = tuple(self._own(doc_id, place.title))
        return self._of[doc_id]

    def of(self, place: Place) -> tuple[str, ...]:
        """Those of its document that stand neither in the passage that the place is of nor above it."""
        names = self.of_document(place)
        if not names:
            return ()
        text = fold(f"{place.passage.heading}\n{place.passage.text}")
        return tuple(name for name in names if not is_in(name, text))

    def above(self, place: Place) -> str:
        """What stands over a passage for who reads it: a name that its document has of its own stands over all of that."""
        return " › ".join((*self.of(place), place.passage.heading))

    def _own(self, doc_id: str, title: str) -> Iterable[str]:
        text = self._index.document(doc_id, blocks=False).text[:_LOOKED_AT_CHARS]
        title, head = fold(title), fold(text[:_HEAD_CHARS])
        taken: list[str] = []
        for name in self._names:
            # "PHYS" in "PHYS 2120" is said already
            if not any(name in longer for longer in taken) and _owns(title, head, text, name):
                taken.append(name)
        return taken


def _owns(title: str, head: str, text: str, name: str) -> bool:
    """Whether a name stands in the title or the first lines, or at the beginning, ``head``, and again and again in the text."""
    pattern = _pattern(name)
    first = pattern.search(head)
    if pattern.search(title) or (first and first.start() < FIRST_CHARS):
        return True
    found = pattern.finditer(head + fold(text[_HEAD_CHARS:])) if first else iter(())
    return sum(1 for _ in islice(found, _LEAST_TIMES)) == _LEAST_TIMES


def _is_numbered(name: str) -> bool:
    """Whether a name ends in its number: "PHYS 2120", "Ley 30490"."""
    return not name[:1].isdigit() and name.split()[-1][:1].isdigit()


def _is_name(word: QueryWord) -> bool:
    return word.name and not word.text[:1].isdigit()


def is_in(name: str, folded: str) -> bool:
    """Whether a text that is folded holds the words of a name, one after the other."""
    return _pattern(name).search(folded) is not None


@lru_cache(maxsize=512)
def _pattern(name: str) -> re.Pattern[str]:
    words = _WORD.findall(name)
    return re.compile(r"\b" + r"\W+".join(map(_written, words)) + r"\b")


def _written(word: str) -> str:
    """How a text that is folded may write a word of a name: short forms with stops or without, "AMPA" and "A.M.P.A."."""
    letters = fold(word.replace(".", ""))
    plain = re.escape(letters)
    is_short = (len(letters) > 2 or "." in word) and letters.isalpha() and shouted(word)
    return rf"(?:{plain}|{_STOP.join(letters)})" if is_short else plain
