"""Corrections: "where it says «1,500 words», it should say «2,500»" takes the place of what is quoted of the text that it corrects.

It speaks of that text and not of what is asked, so that no reader finds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from corpus import language
from index.searchable import Place
from qa.cite import Quote
from qa.select import Span, Unit
from qa.select.atoms import sentences_of

_PARTS: Final = {
    "{wrong}": r"[\"“«‘'](?P<wrong>[^\"”»\n]{1,120}?)[\"”»’']",
    "{right}": r"[\"“«‘']?(?P<right>[^\"”»\n]{1,120}?)(?:[\"”»’']|[.;]?\s*$)",
    "{said}": r"(?P<said>[^\"“”«»\n]{1,120}?)",
}


def _pattern(template: str) -> re.Pattern[str]:
    for part, pattern in _PARTS.items():
        template = template.replace(part, pattern)
    return re.compile(template, re.MULTILINE)


_CORRECTS: Final = [_pattern(one) for pack in language.PACKS.values() for one in pack.corrections]
# So much of the title of a text has what corrects it.
_LEAST_TITLE: Final = 0.5


def corrections(first: Unit, title: str, places: Sequence[Place]) -> list[Unit]:
    """What corrects the sentence of a unit that answers, of a document with a title, at some places. Where the unit corrects something itself it needs no
    more."""
    quote = first.quote
    if any(_corrected(quote.text)):
        return []
    named = set(language.terms(title, quote.passage.lang))
    found = []
    for place in places:
        passage = place.passage
        if not any(_corrected(passage.text)):
            continue
        about = f"{place.title}\n{passage.heading}\n{passage.text}"
        held = named.intersection(language.terms(about, quote.passage.lang))
        if passage.doc_id != quote.passage.doc_id and len(held) < _LEAST_TITLE * len(named):
            continue
        for start, end in sentences_of(passage):
            for wrong, right in _corrected(passage.text[start:end]):
                unit = Unit(
                    Quote(passage, passage.start + start, passage.start + end, first.score),
                    first.score,
                    span=Span(*right, 1.0),
                )
                found.append((wrong, unit))
    answers = sentence_that_answers(first)
    return [unit for wrong, unit in found if _has(wrong, answers)]


def _corrected(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """What a text says is wrong, folded, and where in it stands what is right."""
    folded = language.fold(text)
    if len(folded) != len(text):
        return
    for pattern in _CORRECTS:
        for found in pattern.finditer(folded):
            groups = found.groupdict()
            yield groups["wrong"] or groups.get("said") or "", found.span("right")


def _has(wrong: str, text: str) -> bool:
    said = r"\s+".join(map(re.escape, wrong.split()))
    return bool(said) and re.search(rf"(?<!\w){said}(?!\w)", language.fold(text)) is not None


def sentence_that_answers(unit: Unit) -> str:
    """The sentence of a unit with the words that answer; all of it where these are not told."""
    quote, passage = unit.quote, unit.quote.passage
    if unit.span is None:
        return quote.text
    at = quote.start - passage.start + unit.span.start
    return next((passage.text[a:b] for a, b in sentences_of(passage) if a <= at < b), quote.text)
