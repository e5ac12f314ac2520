"""Two headings that say opposite things, "Prohibido" and "Permitido", "Gastos incluidos" and "Gastos no incluidos", or the same in another
degree, "Faltas graves" and "Faltas muy graves": below which of them what is asked for stands.

What is below the one resembles the question as much as what is below the other does, and whoever reads the wrong one is told the contrary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from corpus import language
from corpus.document import Lang
from corpus.languages import PACKS
from index.searchable import QueryWord
from qa.words import DENIALS, stood_for

_RULING: Final = re.compile(rf"\b(?:{'|'.join(p.ruling for p in PACKS.values())})(?!\w)")
_VERY: Final = re.compile(r"\b(?:muy|very) (\w+)")
# Who asks whether something may be done is answered below either
_OPEN: Final = re.compile(r"\W*(?:\w+ ){0,2}(?:que|cual|cuales|quien|quienes|what|which|who)\b")
# A word that stands for another one at least so likely means the same.
_SAME: Final = 0.1


def opposed(
    question: str, words: Sequence[QueryWord], places: Sequence[tuple[str, Lang, Sequence[str]]]
) -> tuple[set[int], set[int]]:
    """Which of some passages, by number, stand below the opposite of what an open question asks for, and which of them below that itself;
    none where not both are among them. ``places``: the document, language and headings of each, outermost first."""
    asked = language.fold(question)
    if not _OPEN.match(asked):
        return set(), set()
    denies, very = _denies(asked), _very(asked)
    rules = denies or _RULING.search(asked) is not None
    headed = [
        (
            n,
            (doc, tuple(path[:-1])),
            (_denies(said := language.fold(path[-1])), _very(said)),
            _matter(said, lang),
        )
        for n, (doc, lang, path) in enumerate(places)
        if path and (rules or _is_asked(_matter(language.fold(path[-1]), lang), words, lang))
    ]
    pairs = [
        (n, m)
        for n, where, one, matter in headed
        for m, elsewhere, other, about in headed
        if one != (denies, very) == other and where == elsewhere and _alike(matter, about)
    ]
    return {n for n, _ in pairs}, {m for _, m in pairs}


def _denies(folded: str) -> bool:
    """Whether a text says no, all in all: "not excluded" does not."""
    return len(DENIALS.findall(folded)) % 2 == 1


def _very(folded: str) -> bool | None:
    """Whether a text is about what is so in a high degree; None where it names that and the lower one."""
    found = _VERY.search(folded)
    if found is None:
        return False
    rest = folded[: found.start()] + folded[found.end() :]
    return None if re.search(rf"\b{found[1][:-1]}\w{{0,2}}\b", rest) else True


def _matter(folded: str, lang: Lang) -> frozenset[str]:
    """The terms of a heading without its words of allowing and forbidding."""
    return frozenset(language.terms(_RULING.sub(" ", DENIALS.sub(" ", folded)), lang))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two headings are about the same thing; headings of nothing but such words are."""
    return 2 * len(one & other) >= len(one | other)


def _is_asked(matter: frozenset[str], words: Sequence[QueryWord], lang: Lang) -> bool:
    return bool(matter) and matter <= stood_for(words, lang, _SAME)
