"""The names that a document has of its own: that of the club in its by-laws says where to look, not what to look for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice

from corpus.language import fold
from index.searchable import QueryWord, Searchable
from qa.rank import Ranked
from qa.words import phrases

# Who writes a document is named at its beginning, and again.
_HEAD_CHARS = 4_000
_LOOKED_AT_CHARS = 200_000
_LEAST_TIMES = 3


class OwnNames:
    """The names of one question that each of the documents has of its own."""

    def __init__(self, question: str, words: Sequence[QueryWord], index: Searchable):
        self._index = index
        self._names = tuple(phrases(question, words, [_is_name(word) for word in words]))
        self._of: dict[str, tuple[str, ...]] = {}

    def of(self, ranked: Ranked) -> tuple[str, ...]:
        """Those of the passage's document that stand neither in the passage nor above it."""
        if not self._names:
            return ()
        doc_id = ranked.passage.doc_id
        if doc_id not in self._of:
            self._of[doc_id] = tuple(self._own(doc_id, ranked.place.title))
        text = fold(f"{ranked.passage.heading}\n{ranked.passage.text}")
        return tuple(name for name in self._of[doc_id] if not _pattern(name).search(text))

    def _own(self, doc_id: str, title: str) -> Iterable[str]:
        text = fold(self._index.document(doc_id, blocks=False).text[:_LOOKED_AT_CHARS])
        title = fold(title)
        for name in self._names:
            places = [
                match.start() for match in islice(_pattern(name).finditer(text), _LEAST_TIMES)
            ]
            at_head = _pattern(name).search(title) or (places and places[0] < _HEAD_CHARS)
            if at_head and len(places) == _LEAST_TIMES:
                yield name


def _is_name(word: QueryWord) -> bool:
    return word.name and not word.text[:1].isdigit()


@lru_cache(maxsize=64)
def _pattern(name: str) -> re.Pattern[str]:
    words = re.findall(r"\w+", fold(name))
    return re.compile(r"\b" + r"\W+".join(map(re.escape, words)) + r"\b")
