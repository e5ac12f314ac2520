"""Sentences that give several values side by side, "on Thursdays in Spanish and on Saturdays in English": on which side of it the question's own
words stand.

A reader sees that both answer, and takes the one for the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from corpus import language
from corpus.document import Lang, Span
from index.searchable import QueryWord
from qa.select.spans import Kind, kind_asked, of_kind
from qa.select.times.moments import days_of_week, months, names_time, times
from qa.select.values.kind import asks_for_time
from qa.words import stood_for

_JOINERS: Final = "|".join(
    sorted({word for pack in language.PACKS.values() for word in pack.joiners})
)
# Between two sides of a sentence; not in "1,200" and "9-11"
_BETWEEN: Final = re.compile(rf"[;(]|,(?=\s)|\b(?:{_JOINERS})\b", re.IGNORECASE)
_DIGIT: Final = re.compile(r"\d")
# A side that says more is a statement of its own
_MAX_WORDS: Final = 15
# A word that stands for another one so likely may mean the same.
_SAME: Final = 0.1


@dataclass(frozen=True, slots=True)
class AskedSide:
    """What a question asks of such sentences: a value of a ``kind``, with ``terms`` for its words in the language of a passage, ``lang``."""

    kind: Kind
    terms: frozenset[str]
    lang: Lang

    @classmethod
    def of(cls, question: str, words: Sequence[QueryWord], lang: Lang) -> AskedSide | None:
        """That of a question; None where it asks for no time, length of time, sum of money or share."""
        kind = "date" if asks_for_time(question) else kind_asked(question)
        if kind not in ("date", "length", "money", "percentage"):
            return None
        return cls(kind, frozenset(stood_for(words, lang, _SAME)), lang)

    def other(self, text: str, taken: Span) -> Span | None:
        """Where in a sentence the value stands that is asked for, where ``taken`` is another one; None where that may be right.

        Another side is asked for where it has words of the question that the one of ``taken`` has not, which has none either that the other
        lacks, and where both give what is asked for. What stands before the first value is said of all.
        """
        sides = _sides(text)
        own = next((side for side in sides if taken[0] < side[1]), None)
        if own is None or len(sides) < 2:
            return None
        if not all(self.gives(text[slice(*span)]) for span in (own, taken)):
            return None
        lead = _value_at(text, sides[0]) or 0
        said = {side: text[max(side[0], lead) : side[1]] for side in sides}
        held = {
            side: self.terms.intersection(language.terms(words, self.lang))
            for side, words in said.items()
        }
        ours = held[own]
        better = [side for side in sides if held[side] - ours]
        if len(better) != 1 or ours - held[better[0]]:
            return None
        short = all(len(said[side].split()) <= _MAX_WORDS for side in (own, *better))
        return better[0] if short and self.gives(text[slice(*better[0])]) else None

    def gives(self, text: str) -> bool:
        """Whether words give a value of the kind; of a second sum the currency may be left out."""
        if self.kind == "date":
            return names_time(text)
        if self.kind == "money":
            return any(of_kind("money", text)) or _is_bare(text)
        return any(of_kind(self.kind, text))


def _is_bare(text: str) -> bool:
    """Whether words have a figure and none that is no sum."""
    others: tuple[Kind, ...] = ("date", "length", "percentage")
    has_other = any(any(of_kind(kind, text)) for kind in others) or times(text, bare=False)
    return _DIGIT.search(text) is not None and not has_other


def _sides(text: str) -> Sequence[Span]:
    """The stretches between what joins a sentence, each with a value of its own; what has none belongs to the one before, or to the first."""
    cuts = [(0, 0), *(match.span() for match in _BETWEEN.finditer(text)), (len(text), 0)]
    sides: list[Span] = []
    for (_, start), (end, _) in pairwise(cuts):
        if sides and (_value_at(text, (start, end)) is None or _value_at(text, sides[-1]) is None):
            sides[-1] = (sides[-1][0], end)
        else:
            sides.append((start, end))
    return sides


def _value_at(text: str, side: Span) -> int | None:
    """Where on a side its first figure, day of the week or month stands."""
    said = text[slice(*side)]
    figure = _DIGIT.search(said)
    found = [figure.start()] if figure else []
    found += [
        start
        for word, start, _ in language.words(said)
        if word.isalpha() and (days_of_week(word) or months(word))
    ][:1]
    return side[0] + min(found) if found else None
