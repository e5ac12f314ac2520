"""Who holds an office or is whose kin: who asks for the dean is not answered by what the dean may do, nor by the secretary's name; and who asks who
voted against is not told by how many did.

A sentence about the dean resembles the question as much as one that says who that is, and a reader takes the only name that there is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from corpus import language
from corpus.document import Lang
from corpus.languages.pack import Office
from index.searchable import QueryWord
from qa.words import folded_words, shouted, stood_for

_PACKS: Final = language.PACKS.values()
_CALLED: Final = {
    office: re.compile(
        rf"\b(?:{'|'.join(pack.offices[office] for pack in _PACKS if office in pack.offices)})\b"
    )
    for office in sorted({office for pack in _PACKS for office in pack.offices})
}
# "¿Quién es la actual presidenta del club?", "What is the name of the dean?"
_WHO: Final = re.compile(
    rf"\W*(?:{'|'.join(said for pack in _PACKS for said in (pack.who_is, pack.who_called))})\s+"
    rf"(?:(?:{'|'.join(pack.determiners for pack in _PACKS)})\s+)?(?:\w+\s+)?\Z"
)
_ENDS: Final = re.compile(r"\W*\Z|\s+(?:of|at|for|in|on|right|now|del?|en|para|actual(?:mente)?)\b")
# What these are called differs from place to place, so that one may be meant by the name of another
_GENERAL: Final = frozenset({"head", "teacher", "dean", "mayor"})
_VOTED: Final = re.compile(rf"\b(?:{'|'.join(pack.who_voted for pack in _PACKS)})\b")
_VOTES: Final = re.compile(rf"\b(?:{'|'.join(pack.votes for pack in _PACKS)})\b")
_DATES: Final = frozenset().union(*({*pack.months, *pack.days.week} for pack in _PACKS))


def names_no_holder(
    question: str, words: Sequence[QueryWord], quoted: str, above: str, lang: Lang
) -> bool:
    """Whether a question, of which ``words`` are, asks who holds an office, and a quote in ``lang`` has nobody's name, or names somebody of another
    one and neither it nor what stands ``above`` has a word for the one asked about; or it asks who voted, and the quote only counts votes."""
    if _only_counts(question, quoted):
        return True
    office = _asked(question)
    if office is None:
        return False
    if not _has_name(question, quoted):
        return True
    said = language.fold(f"{above}\n{quoted}")
    if _CALLED[office].search(said):
        return False
    here = language.fold(quoted)
    if not any(called.search(here) for called in _CALLED.values()):
        return False
    terms = set(language.terms(f"{above}\n{quoted}", lang))
    others = [word for word in words if not _CALLED[office].search(language.fold(word.text))]
    untold = any(terms.isdisjoint(stood_for([word], lang)) for word in others)
    return untold or office not in _GENERAL


# Asked of each passage that is read
@lru_cache(maxsize=64)
def _asked(question: str) -> Office | None:
    """The office of which a question asks who holds it; None where it asks for something else."""
    folded = language.fold(question)
    for office, called in _CALLED.items():
        found = called.search(folded)
        if found and _WHO.match(folded[: found.start()]) and _ENDS.match(folded, found.end()):
            return office
    return None


def _has_name(question: str, text: str, *, letters: bool = False) -> bool:
    """Whether a text has a word with a capital that the question has not, as names have: no first word of a sentence, unless another one follows or a
    comma does. ``letters``: a letter alone may be one, as those of flats are."""
    if shouted(text):
        return True
    said = frozenset(folded_words(question)) | _DATES
    for start, end in language.sentences(text):
        sentence = text[start:end]
        words = [word for word in language.words(sentence) if not word[0].isdigit()]
        named = [
            word[0].isupper() and language.fold(word) not in said and (len(word) > 1 or letters)
            for word, _, _ in words
        ]
        opens = [one and two for one, two in pairwise(named[:2])]
        comma = bool(words) and sentence[words[0][2] :].startswith(",")
        if any(named[1:]) or any(opens) or (any(named[:1]) and comma):
            return True
    return False


def _only_counts(question: str, quoted: str) -> bool:
    """Whether a question asks who voted, and each sentence of a quote that speaks of votes counts them and names nobody."""
    if not _VOTED.search(language.fold(question)):
        return False
    sentences = [quoted[start:end] for start, end in language.sentences(quoted)]
    counting = [one for one in sentences if _VOTES.search(language.fold(one))]
    return bool(counting) and not any(_has_name(question, one, letters=True) for one in counting)
