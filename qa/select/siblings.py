"""Sections side by side that say the same of different things, "London" and "Paris", "Adultos" and "Infantil": whose is asked for.

What is below the one resembles the question as much as what is below the other does, and a reader looks at the words that answer, not at
what stands over them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from corpus import language
from corpus.document import Lang
from index.searchable import QueryWord
from qa.words import stood_for

# A word that stands for another one at least so likely means the same.
_SAME: Final = 0.1
# Of all words of two texts so many are in both where they say the same of two things.
_ALIKE: Final = 0.33


def of_siblings(
    question: str,
    words: Sequence[QueryWord],
    places: Sequence[tuple[str, Lang, Sequence[str], str]],
) -> set[int]:
    """Which of some passages, by number, say below their own heading what another one says below a heading that the question names, and
    theirs it does not. ``places``: the document, language, headings (outermost first) and text of each."""
    asked: dict[Lang, set[str]] = {}
    headed: list[tuple[int, tuple[str, tuple[str, ...]], set[str], Lang]] = []
    for n, (doc, lang, path, _) in enumerate(places):
        if lang not in asked:
            asked[lang] = set(language.terms(question, lang)) | stood_for(words, lang, _SAME)
        name = set(language.terms(path[-1], lang)) if path else set()
        # "3º" names many things
        if any(map(str.isalpha, name)):
            headed.append((n, (doc, tuple(path[:-1])), name, lang))
    named = [one for one in headed if one[2] <= asked[one[3]]]
    # What a text says is looked at where a section beside it is named
    beside = {where for _, where, _, _ in named}
    said = {
        n: set(language.terms(places[n][3], lang))
        for n, where, _, lang in headed
        if where in beside
    }
    return {
        n
        for n, where, own, lang in headed
        if not own <= asked[lang]
        and any(
            where == elsewhere
            # What mentions the one that is asked for, or more of the question, may be about it
            and not name <= said[n]
            and asked[lang] & said[n] <= said[other]
            and _are_alike(said[n], said[other])
            for other, elsewhere, name, _ in named
        )
    }


def _are_alike(one: set[str], other: set[str]) -> bool:
    """Whether two texts have many words in common, figures aside."""
    one, other = ({term for term in said if term.isalpha()} for said in (one, other))
    return len(one & other) >= _ALIKE * len(one | other)
