"""Entries and rows that each say first of which day they are: a programme, a roster, a diary. Which of them a question about one day asks for.

"06/06: pie contest" resembles a question about the 9th of June more than anything else does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import dropwhile
from typing import Final

from corpus import dates, language
from corpus.languages import PACKS
from qa.select.spans import kind_asked
from qa.select.times.moments import Days, days, days_of_week, months
from qa.select.times.years import bounds, is_open

_WEEK: Final = {name[:n] for name in dates.DAYS_OF_WEEK for n in (3, len(name))} | {
    short for pack in PACKS.values() for short in pack.days.short
}
_WEEKDAY: Final = re.compile(rf"\b(?:{'|'.join(dates.DAYS_OF_WEEK)})")
_BEFORE: Final = "|".join(_WEEK.union(*(pack.days.on for pack in PACKS.values())))
# "Monday, 14 May 2031: …", "Date: 14/05/2031"; what is so from a day or until it is another matter
_OPENS: Final = re.compile(rf"[\W_]*(?:\w+:\s*)?(?:(?:{_BEFORE})\b\W+)*")
_ENDS: Final = re.compile(r"[.!?]\W*\Z")
# A figure, or the name of a month, is not far from the beginning.
_MAY_OPEN: Final = re.compile(r"[\W_]*(?:[^\W\d_]+\W+){0,4}\d")


def opens_with_day(line: str) -> bool:
    """Whether a line says a day before anything else."""
    said = days(line) if _MAY_OPEN.match(line) else []
    return bool(said) and _OPENS.fullmatch(language.fold(line[: said[0].start])) is not None


class AskedDay:
    """The one day, or the days from one to another, about which a question openly asks; none where it names several, asks for the day, or
    for what was before or after it: whether something is so on a day may follow from what is so on another."""

    def __init__(self, question: str):
        self._days: Sequence[Days] = ()
        named = _widest(days(question))
        one = named and all(day.start < named[0].end for day in named)
        before = language.fold(question[: named[0].start]) if one else ""
        if one and not bounds(before) and is_open(question) and kind_asked(question) != "date":
            self._days = named

    def __bool__(self) -> bool:
        """Whether there is one."""
        return bool(self._days)

    def told(self, entry: str) -> int:
        """How surely an entry says this day (see :meth:`qa.select.times.moments.Days.meets`); 0 where it does not."""
        said = days(entry) if self._days else []
        return max((one.meets(day) for one in said for day in self._days), default=0)

    def begins_with_other(self, entry: str) -> bool:
        """Whether an entry says a day before anything else, and none that may be this one."""
        said = _widest(days(entry)) if self._days else []
        if not said or any(s.may_meet(d) for s in said for d in self._days):
            return False
        rest = language.blanked(entry, ((one.start, one.end) for one in said))
        if not months(rest).isdisjoint(day.first[0] for day in self._days):
            return False
        return _OPENS.fullmatch(language.fold(entry[: said[0].start])) is not None

    def are_others(self, entries: Sequence[str]) -> bool:
        """Whether each of some entries is of another day; what stands over them like a heading says nothing of days."""
        if not self._days:
            return False
        below = list(dropwhile(lambda one: not _ENDS.search(one) and not days(one), entries))
        return bool(below) and all(map(self.begins_with_other, below))


def _widest(found: Sequence[Days]) -> list[Days]:
    """The days without those that are a part of others: "29 April - 3 May" has that time alone."""
    return [
        one
        for one in found
        if not any(
            other.start <= one.start
            and one.end <= other.end
            and other.end - other.start > one.end - one.start
            for other in found
        )
    ]


def of_other_weekdays(question: str, places: Sequence[tuple[str, Sequence[str]]]) -> set[int]:
    """Which of some passages, by number, stand below another day of the week than the one about which a question openly asks, "Friday 16 October" for
    Sunday, where passages of their document stand below that. ``places``: the document and headings of each."""
    asked, folded = days_of_week(question), language.fold(question)
    if len(asked) != 1 or days(question) or not is_open(question):
        return set()
    if any(bounds(folded[: name.start()]) for name in _WEEKDAY.finditer(folded)):
        return set()
    over = [frozenset().union(*map(days_of_week, path)) for _, path in places]
    having = {doc for (doc, _), said in zip(places, over, strict=True) if asked <= said}
    return {
        n
        for n, ((doc, _), said) in enumerate(zip(places, over, strict=True))
        if doc in having and said and not asked <= said
    }
