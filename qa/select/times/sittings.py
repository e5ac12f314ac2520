"""Documents of which each is of one day, minutes, newsletters, notices. Whose is asked for: "the October meeting", "la junta de 2023" (for
entries and rows of one: :mod:`qa.select.times.entries`).

The minutes of March say who was absent in the words in which those of May do, and they speak of other years: "the accounts of 2023 are
approved" stands in those of 2024.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from corpus import language
from corpus.dates import date, is_surely_a_month, month_named, places_of_dates
from corpus.document import Lang
from corpus.languages import PACKS
from index.searchable import QueryWord, Searchable
from qa.rank import Ranked
from qa.select.spans import kind_asked
from qa.select.times.years import RULE
from qa.words import stood_for

# The day stands this near to the top of its document.
HEAD_CHARS: Final = 300
# A sentence there may speak of other days
_ENDS: Final = re.compile(r"[.;:,]\W*\Z")
_TO: Final = "|".join(pack.years.to for pack in PACKS.values())
# "del 3 al 10 de mayo": any day between
_RANGE: Final = re.compile(
    rf"(?<![:.\d])\d{{1,2}}\s*(?:-|–|—|\b(?:{_TO})\b)\s*\d{{1,2}}(?![:.\dh])"
)
_FIGURES: Final = re.compile(
    r"(?<![\w./-])(?:\d{1,2}([/.-])\d{1,2}\1\d{4}|\d{4}-\d\d-\d\d)(?![\w/-])"
)
_YEARS: Final = range(1900, 2101)
_DAYS: Final = range(1, 32)
# What may stand between the words of one day
_LINKS: Final = frozenset().union(*(pack.days.links for pack in PACKS.values()))
# What stands between a thing and its day; what is so "in 2023" is another matter (see :mod:`qa.select.times.years`).
_OF: Final = frozenset().union(*(pack.days.of for pack in PACKS.values()))
_BESIDE: Final = frozenset().union(*(pack.days.beside for pack in PACKS.values()))


class Day(NamedTuple):
    """A day as far as it is said."""

    year: int | None
    month: int | None
    day: int | None

    def may_be(self, other: Day) -> bool:
        """Whether two may be the same."""
        return all(
            one is None or same is None or one == same
            for one, same in zip(self, other, strict=True)
        )


class _Said(NamedTuple):
    """A day with its place in a text; ``beside``: the words, folded, of whose day it is."""

    day: Day
    start: int
    stop: int
    beside: frozenset[str] = frozenset()


class AskedSitting:
    """The one day that a question names, and the thing of that day: a meeting, a newsletter. None where it names several days, or asks
    for the day."""

    def __init__(self, question: str, words: Sequence[QueryWord], index: Searchable):
        self._index = index
        self._day: Day | None = None
        self._things: list[QueryWord] = []
        named = _said(question)
        if len(named) == 1 and kind_asked(question) != "date":
            self._day = named[0].day
            beside = {word for said in _with_words(question) for word in said.beside}
            # A rule holds until another one does
            kinds = {word for word in beside if not RULE.search(word)}
            self._things = [word for word in words if language.fold(word.text) in kinds]
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

    def _is_of_another(self, doc_id: str, title: str, lang: Lang, day: Day) -> bool:
        text = self._index.document(doc_id, blocks=False).text[:HEAD_CHARS]
        lines = [title, *(line for line in text.split("\n") if not _ENDS.search(line))]
        head = "\n".join(lines)
        if _RANGE.search(head):
            day = day._replace(day=None)
        name = name_of_file(doc_id)
        if not _said(head) or _tells(head, day) or _tells(name, day):
            return False
        return not stood_for(self._things, lang).isdisjoint(language.terms(head, lang))


def name_of_file(doc_id: str) -> str:
    """The words of a file's name."""
    return PurePosixPath(doc_id).stem.replace("-", " ").replace("_", " ")


def day_of(doc_id: str, title: str, head: str) -> Day | None:
    """The day that a document is of, or the month or year, as its title, the name of its file or else the lines over its text say, which no
    sentence ends; of those that may be the same the one that is said most closely."""
    lines = (line for line in head.split("\n") if not _ENDS.search(line))
    said = [one.day for text in (title, name_of_file(doc_id), *lines) for one in _said(text)]
    dated = [day for day in said if day.year is not None]
    if not dated:
        return None
    return max((day for day in dated if day.may_be(dated[0])), key=lambda day: -day.count(None))


def _tells(text: str, day: Day) -> bool:
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


def _of_form(form: str) -> Day:
    year, month, *number = map(int, form.split("-"))
    return Day(year, month, next(iter(number), None))


def _with_words(text: str) -> Iterator[_Said]:
    """The months and years that a text names, with the days beside these and the words of whose day each is: "the October 2031
    meeting", "la junta del 14 de marzo", "la junta del 14/03/2031"."""
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


def _part(word: str, *, begins: bool) -> Day | None:
    """The part of a day that a word says by itself; ``begins``: it is the first of its text, which has a capital in any case."""
    month = month_named(language.fold(word))
    sure = is_surely_a_month(language.fold(word))
    if month is not None and (sure or (word[0].isupper() and not begins)):
        return Day(None, month, None)
    form = date(word) if _FIGURES.fullmatch(word) else None
    if form is not None:
        return _of_form(form)
    if word.isdecimal() and int(word) in _YEARS:
        return Day(int(word), None, None)
    return Day(None, None, int(word)) if word.isdecimal() and int(word) in _DAYS else None


def _day(parts: Sequence[Day]) -> Day | None:
    """The day of which those are the parts; None where they have no month or year, a day without its month, or one of these twice."""
    said = [[value for value in of if value is not None] for of in zip(*parts, strict=True)]
    if any(len(of) > 1 for of in said):
        return None
    day = Day(*(next(iter(of), None) for of in said)) if parts else Day(None, None, None)
    known = day.month is not None or (day.year is not None and day.day is None)
    return day if known else None
