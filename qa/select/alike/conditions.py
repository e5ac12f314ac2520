"""Sentences of one passage that say of several cases what holds in each, "For members …", "For non-members …": which of them a question
that names a case is about.

They are alike but for the case and for what is said of it, so that who reads them takes each for an answer. The case is where two of
them part first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from corpus import language
from corpus.document import Lang
from corpus.languages import PACKS
from index.searchable import QueryWord
from qa.words import TURNING, folded_words, stood_for

# Two sentences are of one kind where they share so much of their words, in order.
_ALIKE: Final = 0.4
_MOSTLY_ALIKE: Final = 0.6
# The case stands at the beginning, and is short.
_LAST_START, _MAX_CASE_WORDS = 6, 8
# So much of a case has to be in the question.
_NAMED: Final = 0.5

_OPENERS: Final = frozenset().union(*(pack.supposing for pack in PACKS.values()))
_CASE: Final = re.compile(rf"\W*(\w+)(?:\W+\w+){{1,{_MAX_CASE_WORDS}}}?,")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence by its folded words; ``case``: those of the case that it supposes before a comma, "For members", none where it
    supposes none."""

    words: list[str]
    case: list[str]

    @classmethod
    def of(cls, text: str) -> _Sentence:
        found = _CASE.match(folded := language.fold(text))
        case = found[0] if found and found[1] in _OPENERS else ""
        return cls(*([word for word, _, _ in language.words(part)] for part in (folded, case)))


def cases(
    question: str, words: Sequence[QueryWord], lang: Lang, texts: Sequence[str]
) -> tuple[set[int], set[int]]:
    """Of sentences, by number, those of the case that the question names, and those alike of other cases; none where it names none.
    ``words`` are those of the question, ``lang`` is the language of the sentences."""
    if len(texts) < 2:
        return set(), set()
    said = [_Sentence.of(text) for text in texts]
    asked = stood_for(words, lang) | TURNING.intersection(folded_words(language.fold(question)))
    named, others = set[int](), set[int]()
    for n, one in enumerate(said):
        for m in range(n):
            more = _more_named(one, said[m], asked, lang)
            if more:
                named.add(n if more > 0 else m)
                others.add(m if more > 0 else n)
    return named - others, others


def _more_named(one: _Sentence, other: _Sentence, asked: set[str], lang: Lang) -> int:
    """1 where two sentences are alike and the question, with the terms ``asked``, names the case of the one, -1 that of the other, else 0;
    0 as well where it says more of what only the rest of the other has: that is about another thing."""
    more = _named_case(one, other, asked, lang)
    if more == 0:
        return 0
    ours, theirs = _terms(one.words, lang), _terms(other.words, lang)
    alone = [len(asked & (ours - theirs)), len(asked & (theirs - ours))]
    return more if more * (alone[0] - alone[1]) >= 0 else 0


def _named_case(one: _Sentence, other: _Sentence, asked: set[str], lang: Lang) -> int:
    """The same by their cases alone."""
    supposing = bool(one.case) and one.case[:1] == other.case[:1]
    here, there = (one.case, other.case) if supposing else (one.words, other.words)
    likeness = SequenceMatcher(None, here, there, autojunk=False)
    # The bounds cost little, and mostly tell
    bounds = (likeness.real_quick_ratio, likeness.quick_ratio, likeness.ratio)
    if not supposing and any(bound() < _ALIKE for bound in bounds):
        return 0
    parted = next((code for code in likeness.get_opcodes() if code[0] != "equal"), None)
    if parted is None:
        return 0
    _, a, b, c, d = parted
    if max(a, c) > _LAST_START or max(b - a, d - c) > _MAX_CASE_WORDS:
        return 0
    # What both say somewhere tells no case from the other
    ours = _terms(here[a:b], lang) - _terms(other.words, lang)
    theirs = _terms(there[c:d], lang) - _terms(one.words, lang)
    if ours and theirs:
        shares = [len(case & asked) / len(case) for case in (ours, theirs)]
        return (shares[0] > shares[1]) - (shares[1] > shares[0]) if max(shares) >= _NAMED else 0
    # Of what says more in one place the rest has to be alike, or they speak of different things
    if not supposing and likeness.ratio() < _MOSTLY_ALIKE:
        return 0
    # "members" beside "non-members": the word that the longer one has before or after it
    longer = ours or theirs
    way = 1 if ours else -1
    if len(longer & asked) >= _NAMED * len(longer) > 0:
        return way
    at = (here, a, b) if ours else (there, c, d)
    beside = _terms(at[0][max(0, at[1] - 1) : at[1]] + at[0][at[2] : at[2] + 1], lang)
    return -way if longer and longer <= TURNING and beside & asked else 0


def _terms(words: Sequence[str], lang: Lang) -> set[str]:
    return {*language.terms(" ".join(words), lang), *(w for w in words if w in TURNING)}
