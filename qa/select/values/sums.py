"""Kinds of sums of money: who asks for the salary is not answered by the budget.

A reader sees that a sum is asked for, and takes the one that there is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from corpus import language
from corpus.document import Lang
from corpus.languages.pack import Sum


def _patterns(each: Mapping[Sum, str]) -> dict[Sum, re.Pattern[str]]:
    return {kind: re.compile(rf"\b(?:{said})\b") for kind, said in each.items()}


_CALLED: Final = {lang: _patterns(pack.sums) for lang, pack in language.PACKS.items()}
_MEANT: Final = {lang: _patterns(pack.sums_meant) for lang, pack in language.PACKS.items()}
_HOW_MUCH: Final = re.compile(
    r"\W*(?:(?:de |a )?cuanto\b(?! (?:tiempo|dur|tard))|how (?:much|big|large|high)\b)"
)
# "¿Cuál es el sueldo …?", "What is the director's salary?", but not "… the date of the grant"
_WHICH: Final = re.compile(
    r"\W*(?:que|cual(?:es)? (?:es|son|era|sera)|what(?: is|['’]s| are| was)?) (?:(?:el|la|los|las|su|the|a|an?|his|her|their|your) )?(?:[\w-]+['’]s? ){0,3}(?:\w+ )?\Z"
)
# "Parking here costs you £60"
_PAID: Final = re.compile(
    r"\b(?:pays?|costs?|charged?|abon\w+|paga\w*|cobr\w+|costar\w*|cuesta) (?:\w+ ){0,2}[£$€]?\d"
)
_DIGIT: Final = re.compile(r"\d")


def is_another_sum(question: str, quoted: str, above: str, around: str, lang: Lang) -> bool:
    """Whether a question asks for a kind of sum and what is quoted, in ``lang``, gives one that is said to be another, where neither the quote nor
    what stands over it, ``above``, has a word for the one that is asked for; or nothing has one, all ``around`` it: what is forbidden has no fine
    for that."""
    kind = _asked(language.fold(question))
    called, meant = _CALLED.get(lang), _MEANT.get(lang)
    if kind is None or called is None or meant is None:
        return False
    # A sheet may call a column "deposit_gbp"
    here = language.fold(f"{above}\n{quoted}").replace("_", " ")
    if called[kind].search(here) or meant[kind].search(here):
        return False
    if kind == "fine" and _is_paid_for(question, quoted, lang):
        return False
    # Estimates are offers, each called by who makes it
    if kind != "budget":
        # A table may be in another language than the text around it
        beside = language.fold(around).replace("_", " ")
        words = (*(of[kind] for of in _CALLED.values() if kind in of), meant[kind])
        if not any(one.search(beside) for one in words):
            return True
    others = [said for other, said in called.items() if other != kind]
    stretches = (language.fold(quoted[start:end]) for start, end in language.sentences(quoted))
    return any(
        _DIGIT.search(one) is not None and any(said.search(one) for said in others)
        for one in stretches
    )


def _is_paid_for(question: str, quoted: str, lang: Lang) -> bool:
    """Whether a sentence says that something is paid for what is asked about: it is all that is quoted, or has a word of the question."""
    asked, found = set(language.terms(question, lang)), language.sentences(quoted)
    said = (quoted[start:end] for start, end in found)
    paid = [one for one in said if _PAID.search(language.fold(one))]
    return any(len(found) == 1 or not asked.isdisjoint(language.terms(one, lang)) for one in paid)


def names_sum(text: str) -> bool:
    """Whether a text has a word for a kind of sum: "the fine", "la beca"."""
    folded = language.fold(text)
    return any(said.search(folded) for called in _CALLED.values() for said in called.values())


# Asked of each passage that is read
@lru_cache(maxsize=64)
def _asked(question: str) -> Sum | None:
    """The kind of sum that a question, folded, asks for; None where it asks for none, or names two."""
    found = {
        kind: match.start()
        for called in _CALLED.values()
        for kind, said in called.items()
        if (match := said.search(question)) is not None
    }
    if len(found) != 1:
        return None
    [(kind, start)] = found.items()
    return kind if _HOW_MUCH.match(question) or _WHICH.match(question[:start]) else None
