"""Passages that say the same words twice, so that a hit list and an answer say them once; and which words make another text of one."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from functools import cached_property
from itertools import chain
from typing import Final

from corpus import language
from corpus.document import Lang, Passage
from corpus.languages import PACKS
from corpus.numbers import numbers
from qa.words import DENIALS, TURNING, folded_words

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
        self._text = passage.text

    @cached_property
    def telling(self) -> Counter[str]:
        """The words by which it says what it says (see :func:`telling`)."""
        return telling(self._text, self.lang)

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

    At least ``SHARED`` of its runs of words stand in the other, all its numbers and capitalised words, and what it says but for a
    slip of the pen: two forms that differ only in a name, a sum or a "not" are two. Not symmetric: a passage that says more than the
    other repeats nothing.
    """
    if wording.lang != other.lang or not wording.particulars <= other.words:
        return False
    same = shared(wording, other)
    if same == 1 or same < SHARED:
        return same == 1
    denied = wording.telling[_DENIED] != other.telling[_DENIED]
    return not denied and not _lost(wording.telling, other.telling)


# What every denial counts as; no word is written so.
_DENIED: Final = "¬"
_CARDINALS: Final = frozenset(
    term for lang, p in PACKS.items() for term in language.terms(" ".join(p.cardinals), lang)
)
# In a shorter word one letter makes another: "junio" and "julio".
_LEAST_MISSPELLED = 6


def telling(text: str, lang: Lang) -> Counter[str]:
    """The words by which a text says what it says, each with how often: those of content and numbers in one form, those that turn what
    a sentence says ("without", "hasta"), and how often it denies."""
    folded = language.fold(text)
    for form, start, end in reversed(list(numbers(text, lang))):
        text = f"{text[:start]}{form}{text[end:]}"
    turning = (word for word in folded_words(text) if word in TURNING)
    found = Counter(chain(language.terms(text, lang), turning))
    found[_DENIED] = sum(1 for _ in DENIALS.finditer(folded))
    return found


def altered(text: str, other: str, lang: Lang) -> bool:
    """Whether of two texts that are nearly alike one says what the other does not."""
    ours, theirs = telling(text, lang), telling(other, lang)
    denied = ours[_DENIED] != theirs[_DENIED]
    return denied or bool(_lost(ours, theirs)) or bool(_lost(theirs, ours))


def _lost(ours: Counter[str], theirs: Counter[str]) -> list[str]:
    """The words of the one that the other lacks, but for slips of the pen."""
    lost, found = ours - theirs, [*(theirs - ours)]
    return [w for w in lost if w != _DENIED and not any(_misspelled(w, other) for other in found)]


def _misspelled(word: str, other: str) -> bool:
    """Whether one word is the other with a letter more, less or another."""
    longer = max(len(word), len(other))
    if longer < _LEAST_MISSPELLED or not (word + other).isalpha() or {word, other} & _CARDINALS:
        return False
    alike = sum(b.size for b in SequenceMatcher(None, word, other).get_matching_blocks())
    return alike >= longer - 1


def same_words(a: str, b: str) -> bool:
    """Whether of two quotes one says next to nothing that the other does not."""
    left, right = set(language.fold(a).split()), set(language.fold(b).split())
    fewer = min(left, right, key=len)
    common = left & right
    # Two that differ in a number are two: "La sala 3 abre a las 9" and "La sala 4 abre a las 9"
    numbers = any(word[0].isdigit() for word in fewer - common)
    return len(common) >= 0.8 * len(fewer) and not numbers
