"""Varieties of one thing: olive oil is no answer to who asks for sunflower oil, nor a double kayak to who asks for one of three seats.

Rows that are called so resemble such a question as much as the right one would, and a reader is sure of the nearest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from corpus import language
from corpus.document import Lang
from index.searchable import Place, QueryWord
from qa.select.untold import ranks, tells_nothing
from qa.select.values.kind import speaks_of_money
from qa.select.values.sums import names_sum
from qa.understand import Question
from qa.words import MAY_BE, is_lost, spans_of, stood_for, tells_of_the_rest

_OF: Final = re.compile(
    r"\s+(?:de|del|para|con|sin|of|for|with|without)\s+(?:(?:el|la|los|las|un|una|the|an?)\s+)?"
)
_BESIDE: Final = re.compile(r"(?:['’]s?)?[\s-]+")
# A verb would have something else after it: "el kayak triple por semana", but "el abono incluye piscina"
_ENDS: Final = re.compile(
    r"\W*\Z|\s*[,.;:?)]|\s+(?:de|del|por|en|para|con|sin|a|al|y|o|desde|durante)\b"
)
_INFINITIVE: Final = re.compile(r"\w+[aei]r(?:se|l[aeo]s?|me|te|nos)?")
# "Which pass includes the pool?": the thing itself is asked for
_WHICH: Final = re.compile(
    r"\b(?:que|cual(?:es)?(?: de)?|cuant[oa]s|which|what|how many)\s+(?:\w+ )?\Z"
)
_OPENED: Final = re.compile(
    r"[\W\d]*(?:(?:el|la|los|las|the|an?) )?([^\W\d_]+) (?:de|del|para|of|for) (?:(?:el|la|los|las|the|an?) )?([^\W\d_]+)",
    re.IGNORECASE,
)
_COSTS: Final = re.compile(
    r"\b(?:how much (?:is|are|does|do)|what (?:does|do)|(?:cost|price) of|cuanto (?:cuestan?|valen?)|(?:precio|coste) de)"
    r" (?:an?|the|el|la|los|las|una?|unos|unas)\b ((?:[^\W\d_]+ ?){1,2}?)(?:(?: ?\b(?:cost|on|in|for|at|per|of|de|del|en|por|para|a|al|con)\b)|\W*\Z)"
)
_PRICED: Final = re.compile(
    r"[\W\d]*(?:(?:el|la|los|las|una?|the|an?) )?(?:[^\W\d_]+ ){1,3}(?:costs?|is|are|cuestan?|valen?|es|son) (?:de )?[€$£]?\d"
)
_ENTRY: Final = re.compile(r"[^:.…–\d]{3,60}(?::|\.{3,}|…|–)\s*[€$£]?\d")
# What is longer is a sentence.
_NAME_WORDS: Final = 5
# What stands behind a name: "Cheddar (mild), per kilo ..... £14"
_NAME: Final = re.compile(r"[^,;:(\[|.…\d–]+")


def are_other_varieties(
    question: Question,
    words: Sequence[QueryWord],
    place: Place,
    names: Sequence[str],
    sentences: Sequence[str],
) -> bool:
    """Whether rows or labels of a passage that are called by ``names``, or what is told by its ``sentences``, are of other varieties of the thing
    than the one that a question names; in a passage of another language it cannot be told.

    There must be no word for that one in the passage nor in what stands above it; a sentence begins with the thing, "The price of butter is …".
    """
    lang, passage = question.lang, place.passage
    if passage.lang not in (lang, "und") or ranks(question.full):
        return False
    if any(map(tells_of_the_rest, (*names, *sentences))):
        return False
    above = (place.title, passage.heading, *place.section_path)
    around = set(language.terms("\n".join((*above, passage.text)), lang))
    asked = stood_for(words, lang, MAY_BE)
    for thing, variety, is_of in _varieties(question.full, words, lang):
        if variety.name or tells_nothing(variety) or not is_lost(variety, lang, around):
            continue
        called = stood_for([thing], lang)
        said = [_said(name, lang) for name in names]
        if is_of:
            told = (one for one in sentences if called.intersection(language.terms(one, lang)))
            said += [_opened(one, lang) for one in told]
        others = [bool(set(one[1:]) - asked) for one in said if one and one[0] in called]
        if others and all(others) and (names or len(others) == len(said)):
            return True
    return _is_price_of_another(question.full, words, lang, sentences, around)


def _is_price_of_another(
    question: str,
    words: Sequence[QueryWord],
    lang: Lang,
    sentences: Sequence[str],
    around: set[str],
) -> bool:
    """Whether it asks what a thing costs of which no word stands around, and each sentence says what another one costs: "A cabin costs £64"."""
    found = _COSTS.search(language.fold(question))
    thing = [word for word in words if found and language.fold(word.text) in found[1].split()]
    # A fine or a fee is no thing that costs something
    if not found or names_sum(found[1]) or speaks_of_money(found[1]):
        return False
    if not thing or not sentences or not all(is_lost(word, lang, around) for word in thing):
        return False
    priced = [language.fold(one) for one in sentences if re.search(r"\d", one)]
    return bool(priced) and all(map(_PRICED.match, priced))


def is_entry(text: str) -> bool:
    """Whether an item of a list is a name and how much it is: "Blue cheese: £19", "Salmorejo ..... 6 €"."""
    return _ENTRY.match(text) is not None


def _varieties(
    question: str, words: Sequence[QueryWord], lang: Lang
) -> Iterator[tuple[QueryWord, QueryWord, bool]]:
    """The things that a question names with a word that tells of what kind they are, each with it: "aceite de girasol", "goat's milk"; and whether
    that is by a preposition."""
    spans = spans_of(question, words)
    for n, (one, other) in enumerate(zip(words, words[1:], strict=False)):
        between = language.fold(question[spans[n][1] : spans[n + 1][0]])
        if _WHICH.search(language.fold(question[: spans[n][0]])):
            continue
        if _OF.fullmatch(between):
            if not (lang == "es" and _INFINITIVE.fullmatch(language.fold(other.text))):
                yield one, other, True
        elif not _BESIDE.fullmatch(between):
            continue
        elif lang == "en":
            yield other, one, False
        elif _ENDS.match(language.fold(question[spans[n + 1][1] :])):
            yield one, other, False


def _said(name: str, lang: Lang) -> list[str]:
    """The terms of a name, that of the thing first: "Aceite de oliva", "Goat's milk", "Milk of almonds"."""
    found = _NAME.match(name.strip())
    if found is None or len(found[0].split()) > _NAME_WORDS:
        return []
    terms = language.terms(found[0], lang)
    if lang == "en" and not re.search(r"\b(?:of|for|with|without)\b", found[0]):
        terms.reverse()
    return terms


def _opened(sentence: str, lang: Lang) -> list[str]:
    """The terms of what a sentence begins with, "The price of butter"; none of another."""
    found = _OPENED.match(sentence)
    return [term for part in found.groups() for term in language.terms(part, lang)] if found else []
