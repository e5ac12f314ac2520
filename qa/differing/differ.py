"""Two documents that say different things about the same: a price of 2021 and one of 2024, two opening days.

A question that names neither document can only be answered with both. Whether two units differ is told by the kind of thing
that is asked for – dates, amounts, lengths of time, people – and not by what they mean: a wrong alarm costs a second quote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from corpus import language
from corpus.document import Lang, Passage
from corpus.numbers import numbers
from index.searchable import QueryWord
from qa.select import Unit
from qa.select.spans import Kind, kind_asked, of_kind
from qa.select.times.moments import days_of_week, names_time, periods, times
from qa.select.values.kind import lacks_kind

_WITH_UNIT: Final[tuple[Kind, ...]] = ("date", "length", "money", "percentage")
_FIGURES: Final = (*_WITH_UNIT, "number")
# What stands in a unit and its headings of the words of the question, by their idf: less is about something else.
_LEAST_HELD: Final = 0.5
_MAX_UNIT_CHARS: Final = 400


def otherwise(
    question: str, words: Sequence[QueryWord], said: Sequence[Unit], others: Sequence[Unit]
) -> list[Unit]:
    """Those of ``others``, which are best first, that other documents say and that differ from all that is ``said`` about the same
    already, and from each other (see :func:`differ`). ``words`` are those of the question."""
    found = [*said]
    for other in others:
        doc_id = other.quote.passage.doc_id
        if all(
            one.quote.passage.doc_id != doc_id and differ(question, words, one, other)
            for one in found
        ):
            found.append(other)
    return found[len(said) :]


def differ(question: str, words: Sequence[QueryWord], first: Unit, other: Unit) -> bool:
    """Whether two units give different answers to one question.

    Both hold most of what is asked, and alike the names and numbers of the question: one that says "in 2024" wants the
    document of that year. Both have the kind of thing that is asked for, and none of it in common.
    """
    units = (first, other)
    if any(len(unit.quote.text) > _MAX_UNIT_CHARS for unit in units):
        return False
    has = [held(words, unit.quote.passage, unit.quote.text) for unit in units]
    for word, here, there in zip(words, *has, strict=True):
        if word.name and here != there:
            return False
    if any(
        share(words, unit.quote.passage, one) < _LEAST_HELD
        for unit, one in zip(units, has, strict=True)
    ):
        return False
    if not _of_one_kind(question, *(unit.quote.text for unit in units)):
        return False
    if _same_moment(*map(_answering, units)):
        return False
    said = normal(question, *language.PACKS)
    ours, theirs = (_values(question, unit) - said for unit in units)
    return bool(ours) and bool(theirs) and not any(_same(a, b) for a in ours for b in theirs)


def _of_one_kind(question: str, text: str, other: str) -> bool:
    """Whether two texts may both give what is asked for: 45 minutes and the price of 12 are no two answers. A sum may stand without its
    unit, in a table for one."""
    kind = kind_asked(question)
    if any(lacks_kind(question, one) for one in (text, other)):
        return False
    if kind == "date":
        return all(map(_says_when, (text, other)))
    if kind == "length":
        return all(map(_says_how_long, (text, other)))
    ours, theirs = (_kinds_of(one) for one in (text, other))
    if kind == "money":
        return all("money" in has or has <= {"number"} for has in (ours, theirs))
    bare = {"money", "number"}
    return bool(ours & theirs) or not (ours and theirs) or bool(ours & bare and theirs & bare)


def _same_moment(text: str, other: str) -> bool:
    """Whether two texts say the same time on the same days, in whatever way: "los sábados a las 16", "on Saturdays at 4 p.m."."""
    week, other_week = days_of_week(text), days_of_week(other)
    ours, theirs = times(text, bool(week)), times(other, bool(other_week))
    if week != other_week or not ours or len(ours) != len(theirs):
        return False
    return all(one.meets(two) > 1 for one, two in zip(ours, theirs, strict=True))


def _answering(unit: Unit) -> str:
    """The words of a unit that answer, where they are marked, else all of it."""
    text, span = unit.quote.text, unit.span
    return text if span is None else text[span.start : span.end]


def _kinds_of(text: str) -> set[Kind]:
    """The kinds of figures that a text has, "number" for those that have no unit."""
    places = {kind: list(of_kind(kind, text)) for kind in _FIGURES}
    with_unit = [span for kind in _WITH_UNIT for span in places[kind]]
    bare = [
        (start, end)
        for start, end in places["number"]
        if not any(a < end and start < b for a, b in with_unit)
    ]
    return {kind for kind, found in {**places, "number": bare}.items() if found}


def _says_when(text: str) -> bool:
    return names_time(text) or any(of_kind("date", text))


_UNIT_OF_TIME: Final = re.compile(
    r"\b(?:min(?:uto|ute)?s?|hrs?)\b|(?<=\d)\s?h\b|\(h\)", re.IGNORECASE
)


def _says_how_long(text: str) -> bool:
    said = periods(text) or _UNIT_OF_TIME.search(text)
    return bool(said) or any(of_kind("length", text))


def says_all(words: Sequence[QueryWord], unit: Unit) -> bool:
    """Whether a unit and its headings have all words of a question: then it speaks of what is asked, whatever a reader makes of it, as a
    correction does."""
    return all(held(words, unit.quote.passage, unit.quote.text))


def held(words: Sequence[QueryWord], passage: Passage, text: str) -> list[bool]:
    """Whether a unit, or the headings that it stands under, has each word of the question."""
    terms = frozenset(language.terms(f"{passage.heading}\n{text}", passage.lang))
    return [any(term in terms for term, _ in word.terms[passage.lang]) for word in words]


def share(words: Sequence[QueryWord], passage: Passage, has: Sequence[bool]) -> float:
    """How much of a question's words by idf is held, 0..1; ``has``: whether each is."""
    total = sum(word.idf[passage.lang] for word in words)
    found = sum(word.idf[passage.lang] for word, one in zip(words, has, strict=True) if one)
    return found / total if total else 0.0


def _values(question: str, unit: Unit) -> frozenset[str]:
    """What a unit gives of the kind of thing asked for, in one form; of the words that answer where they are marked."""
    kind = kind_asked(question)
    text, span = unit.quote.text, unit.span
    marked = text[span.start : span.end] if span is not None else ""
    if kind == "person":
        return frozenset(language.fold(w) for w, _, _ in language.words(marked) if w[0].isupper())
    for stretch in (marked, text):
        dates = frozenset(filter(_WHOLE_DATE.fullmatch, language.terms(stretch, "und")))
        if kind == "date" and dates:
            return dates
        # An amount may stand without its unit, in a table for one
        for kinds in ((kind,) if kind in _FIGURES else (), _FIGURES):
            spans = [span for one in kinds if one is not None for span in of_kind(one, stretch)]
            lang = unit.quote.passage.lang
            found = frozenset(value for a, b in spans for value in normal(stretch[a:b], lang))
            if found:
                return found
    return frozenset()


def _same(value: str, other: str) -> bool:
    """Whether two values may be the same: a year and a date in it are."""
    for one, two in ((value, other), (other, value)):
        if _WHOLE_DATE.fullmatch(one) and one[:4] == two:
            return True
    return value == other


_DIGIT = re.compile(r"\d")
_WHOLE_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def normal(text: str, *langs: Lang) -> frozenset[str]:
    """The numbers of a text in one form, or its whole dates; those in words of ``langs`` as the others: three is 3."""
    terms = frozenset(term for term in language.terms(text, "und") if _DIGIT.search(term))
    in_words = frozenset(
        form
        for lang in langs
        for form, start, end in numbers(text, lang)
        if not _DIGIT.search(text[start:end])
    )
    return frozenset(filter(_WHOLE_DATE.fullmatch, terms)) or terms | in_words
