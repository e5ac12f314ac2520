"""Documents of which each is of one day, minutes, newsletters, notices, and entries and rows of one. Whose is asked for: "the October
meeting", "la junta de 2023", "who was on duty on 9 June".

The minutes of March say who was absent in the words in which those of May do, and they speak of other years: "the accounts of 2023 are
approved" stands in those of 2024.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from corpus import language
from corpus.dates import date, month_named, places_of_dates
from corpus.document import Lang
from index.searchable import QueryWord, Searchable
from qa.rank import Ranked
from qa.select.spans import kind_asked
from qa.select.years import RULE, is_open
from qa.words import stood_for

# The day stands this near to the top of its document.
_HEAD_CHARS: Final = 300
# A sentence there may speak of other days
_ENDS: Final = re.compile(r"[.;:,]\W*\Z")
# "del 3 al 10 de mayo": any day between
_RANGE: Final = re.compile(
    r"(?<![:.\d])\d{1,2}\s*(?:-|–|—|\b(?:al?|y|to|and|until|hasta)\b)\s*(?:el\s+)?\d{1,2}(?![:.\dh])"
)
_FIGURES: Final = re.compile(
    r"(?<![\w./-])(?:\d{1,2}([/.-])\d{1,2}\1\d{4}|\d{4}-\d\d-\d\d)(?![\w/-])"
)
# "Monday, 14 May 2031: …", "Date: 14/05/2031"; what is so from a day or until it is another matter
_BEFORE_DAY: Final = re.compile(
    r"[\W_]*(?:\w+:\s*)?(?:(?:on|the|el|día|(?:mon|tues|wednes|thurs|fri|satur|sun)day|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\W+)*",
    re.IGNORECASE,
)
_YEARS: Final = range(1900, 2101)
_DAYS: Final = range(1, 32)
# What may stand between the words of one day
_LINKS: Final = frozenset("de del of the st nd rd th º ª".split())
# What stands between a thing and its day; what is so "in 2023" is another matter (see :mod:`qa.select.years`).
_OF: Final = frozenset("de del of from on dated".split())
_BESIDE: Final = frozenset("the dia año day".split())
# "march" and "may" are other words as well, as are months cut short
_LEAST_CHARS: Final = 4
_OTHER_WORDS: Final = frozenset(["march"])


class _Day(NamedTuple):
    """A day as far as it is said."""

    year: int | None
    month: int | None
    day: int | None

    def may_be(self, other: _Day) -> bool:
        """Whether two may be the same."""
        return all(
            one is None or same is None or one == same
            for one, same in zip(self, other, strict=True)
        )


class _Said(NamedTuple):
    """A day with its place in a text; ``beside``: the words, folded, of whose day it is."""

    day: _Day
    start: int
    stop: int
    beside: frozenset[str] = frozenset()


class AskedSitting:
    """The one day that a question names, and the thing of that day: a meeting, a newsletter. None where it names several days, or asks
    for the day."""

    def __init__(self, question: str, words: Sequence[QueryWord], index: Searchable):
        self._index = index
        self._day: _Day | None = None
        self._things: list[QueryWord] = []
        named = _said(question)
        if len(named) == 1 and kind_asked(question) != "date":
            self._day = named[0].day
            # What is not in figures stands with the words of whose day it is
            beside = {word for said in _with_words(question) for word in said.beside}
            # A rule holds until another one does
            kinds = {word for word in beside if not RULE.search(word)}
            self._things = [word for word in words if language.fold(word.text) in kinds]
        self._entries = is_open(question)
        self._documents: dict[str, bool] = {}

    def is_another(self, ranked: Ranked, quoted: str) -> bool:
        """Whether the document of a passage is of another day than the thing asked about, of the same kind, and what is quoted does not
        speak of this one."""
        day, doc_id = self._day, ranked.passage.doc_id
        if day is None or not self._things:
            return False
        if doc_id not in self._documents:
            self._documents[doc_id] = self._is_of_another(
                doc_id, ranked.place.title, ranked.passage.lang, day
            )
        return self._documents[doc_id] and not _tells(quoted, day)

    def are_entries_of_others(self, entries: Sequence[str]) -> bool:
        """Whether each of the rows or sentences says first of which day it is, and that is another than the one that is asked about
        openly: whether something is so on a day may follow from what is so on another."""
        day = self._day
        if day is None or day.day is None or not (entries and self._entries):
            return False
        return all(_begins_with_other(entry, day) for entry in entries)

    def _is_of_another(self, doc_id: str, title: str, lang: Lang, day: _Day) -> bool:
        text = self._index.document(doc_id, blocks=False).text[:_HEAD_CHARS]
        lines = [title, *(line for line in text.split("\n") if not _ENDS.search(line))]
        head = "\n".join(lines)
        if _RANGE.search(head):
            day = day._replace(day=None)
        name = PurePosixPath(doc_id).stem.replace("-", " ").replace("_", " ")
        if not _said(head) or _tells(head, day) or _tells(name, day):
            return False
        return not stood_for(self._things, lang).isdisjoint(language.terms(head, lang))


def _begins_with_other(entry: str, day: _Day) -> bool:
    """Whether a row or sentence says a day before anything else, and none that may be this one."""
    if _RANGE.search(_FIGURES.sub("", entry)) or _tells(entry, day):
        return False
    starts = [said.start for said in _said(entry) if said.day.day is not None]
    return bool(starts) and _BEFORE_DAY.fullmatch(entry[: min(starts)]) is not None


def _tells(text: str, day: _Day) -> bool:
    """Whether a text has a day that may be this one."""
    return any(day.may_be(said.day) for said in _said(text))


def _said(text: str) -> list[_Said]:
    """The days that a text has: in figures, and with a year or a month in words; "2 May 2031" once."""
    found = [_Said(_of_form(form), start, stop) for form, start, stop in places_of_dates(text)]
    for one in _FIGURES.finditer(text):
        form = date(one[0])
        if form is not None:
            found.append(_Said(_of_form(form), *one.span()))
    told = [said for said in found if said.day.day is not None]
    rest = [*(said for said in found if said.day.day is None), *_with_words(text)]
    # "November 2031" is said in "13 November 2031", too
    return told + [
        said for said in rest if not any(t.start < said.stop and said.start < t.stop for t in told)
    ]


def _of_form(form: str) -> _Day:
    year, month, *number = map(int, form.split("-"))
    return _Day(year, month, next(iter(number), None))


def _with_words(text: str) -> Iterator[_Said]:
    """The months and years that a text names, with the days beside these and the words of whose day each is: "the October 2031
    meeting", "la junta del 14 de marzo"."""
    words = language.words(text)
    parts = [_part(word, begins=n == 0) for n, (word, _, _) in enumerate(words)]
    said = [language.fold(word) for word, _, _ in words]
    at = 0
    while at < len(words):
        stop = at
        while stop < len(words) and (parts[stop] or (stop > at and said[stop] in _LINKS)):
            stop += 1
        while stop > at and parts[stop - 1] is None:
            stop -= 1
        day = _day([part for part in parts[at:stop] if part])
        if day is not None:
            before = at
            while before > 0 and said[before - 1] in _OF | _BESIDE:
                before -= 1
            linked = not _OF.isdisjoint(said[before:at])
            things = said[max(before - 2, 0) : before] if linked else []
            beside = frozenset((*things, *said[stop : stop + 1]))
            yield _Said(day, words[at][1], words[stop - 1][2], beside)
        at = max(stop, at + 1)


def _part(word: str, *, begins: bool) -> _Day | None:
    """The part of a day that a word says by itself; ``begins``: it is the first of its text, which has a capital in any case."""
    month = month_named(language.fold(word))
    sure = len(word) >= _LEAST_CHARS and language.fold(word) not in _OTHER_WORDS
    if month is not None and (sure or (word[0].isupper() and not begins)):
        return _Day(None, month, None)
    if word.isdecimal() and int(word) in _YEARS:
        return _Day(int(word), None, None)
    return _Day(None, None, int(word)) if word.isdecimal() and int(word) in _DAYS else None


def _day(parts: Sequence[_Day]) -> _Day | None:
    """The day of which those are the parts; None where they have no month or year, a day without its month, or one of these twice."""
    said = [[value for value in of if value is not None] for of in zip(*parts, strict=True)]
    if any(len(of) > 1 for of in said):
        return None
    day = _Day(*(next(iter(of), None) for of in said)) if parts else _Day(None, None, None)
    known = day.month is not None or (day.year is not None and day.day is None)
    return day if known else None
