"""Passages that say the same words twice, so that a hit list and an answer say them once."""

from __future__ import annotations

from functools import cached_property

from corpus import language
from corpus.document import Lang, Passage

SHARED = 0.9
"""A passage repeats another that holds at least this share of its runs of words."""

_RUN_WORDS = 3


class Wording:
    """What a passage's text is compared by, folded: its words, and of those the numbers and the words with a capital; and,
    worked out when they are asked for, its runs of three words (of all its words, if fewer)."""

    def __init__(self, passage: Passage) -> None:
        """The wording of a passage; its heading is no part of it."""
        written = [word for word, _, _ in language.words(passage.text)]
        # No word holds a line end, so that all can be folded in one call
        folded = language.fold("\n".join(written)).split("\n") if written else []
        self.lang: Lang = passage.lang
        self.words = frozenset(folded)
        self.particulars = frozenset(
            f for w, f in zip(written, folded, strict=True) if w[0].isdigit() or w[0].isupper()
        )
        self._folded = folded

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """Its runs of words, in no order."""
        n = min(_RUN_WORDS, len(self._folded))
        return frozenset(zip(*(self._folded[i:] for i in range(n)), strict=False))


def shared(wording: Wording, other: Wording) -> float:
    """Share of the runs of ``wording`` that ``other`` holds too, 0..1; 0 for a passage without words."""
    return len(wording.runs & other.runs) / len(wording.runs) if wording.runs else 0.0


def repeats(wording: Wording, other: Wording) -> bool:
    """Whether a passage says nothing that the other, of the same language, does not say.

    At least ``SHARED`` of its runs of words stand in the other, and all its numbers and capitalised words: two forms
    that differ only in a name or a sum are two. Not symmetric: a passage that says more than the other repeats nothing.
    """
    return (
        wording.lang == other.lang
        and wording.particulars <= other.words
        and shared(wording, other) >= SHARED
    )


def same_words(a: str, b: str) -> bool:
    """Whether of two quotes one says next to nothing that the other does not."""
    left, right = set(language.fold(a).split()), set(language.fold(b).split())
    fewer = min(left, right, key=len)
    common = left & right
    # Two that differ in a number are two: "La sala 3 abre a las 9" and "La sala 4 abre a las 9"
    numbers = any(word[0].isdigit() for word in fewer - common)
    return len(common) >= 0.8 * len(fewer) and not numbers
