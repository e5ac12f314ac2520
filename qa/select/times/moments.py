"""When something is, as questions and the cells of tables say it: days without their year, days of the week and times of day.

A table says "4 – 25 Mar" or "X 18-19h" where a question says "the week of March 25" or "los miércoles de 18 a 19".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, get_args

from corpus import dates, language
from corpus.document import Lang
from corpus.languages import PACKS
from corpus.languages.pack import Period

_MONTHS: Final = "|".join(dates.names_of_months())
_MONTH: Final = rf"(?P<month>{_MONTHS})\b\.?"
_TO_IN_WORDS: Final = "|".join(pack.years.to for pack in PACKS.values())
_TO: Final = rf"\s*(?:-|–|—|\b(?:{_TO_IN_WORDS})\b)\s*(?:the\s+)?"
_DAY: Final = (
    r"(?<![\w.,:/])(?P<{0}>[12]\d|3[01]|0?[1-9])(?:\.?[ºª°]|er|ro|st|nd|rd|th)?(?!\w|[.,:/]\d)"
)
_DAYS: Final = rf"{_DAY.format('first')}(?:{_TO}{_DAY.format('last')})?"
_YEAR: Final = r"(?:(?:,|\s+del?\b|[-/])?\s*(?P<year>(?:19|20)\d\d)(?!\w))?"
_NAMED: Final = (
    re.compile(rf"{_DAYS}\s*(?:(?:de|of)\s+|[-/]\s*)?{_MONTH}{_YEAR}"),
    # "May 5 to 8 June" is no day up to the 8th of May
    re.compile(
        rf"\b{_MONTH}\s*(?:the\s+|[-/]\s*)?{_DAYS}(?!\s*(?:(?:de|of)\s+)?(?:{_MONTHS})\b){_YEAR}"
    ),
)
_WHOLE: Final = re.compile(
    r"(?<![\w./-])(?:\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d{2})|\d{4}([/.-])\d{1,2}\2\d{1,2})(?![\w/-]|\.\d)"
)
_IN_FIGURES: Final = re.compile(r"(?<![\w./-])(\d{1,2})/(\d{1,2})(?![\w/%]|[.,-]\d)")


_MONTH_DAYS: Final = 31
# A cell that says more is no date or time
_MAX_CHARS: Final = 60


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, each as month and day; ``year``: that of the last one, None where none is said; ``doubtful``: where it may be
    another day as well; ``from_year``: that of the first one, where it is said.

    ``[start, end)``: where that stands in its text.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    year: int | None
    doubtful: bool
    start: int
    end: int
    from_year: int | None = None

    @property
    def since(self) -> int | None:
        """The year of the first day, None where no year is said."""
        if self.from_year is not None or self.year is None:
            return self.from_year
        return self.year - (self.first > self.last)

    @property
    def n_days(self) -> int:
        """How many days these are, as far as each month has thirty."""
        (month, first), (until, last) = self.first, self.last
        return (until - month) % 12 * 30 + last - first + 1

    def meets(self, other: Days) -> int:
        """How surely the first day of another is meant by these: 3 as their first or last one, 2 as one between, 1 in doubt, else 0."""
        day = other.first
        if not self._holds(day, other.since):
            return 0
        doubtful = self.doubtful or other.doubtful
        if day in (self.first, self.last):
            return 1 if doubtful else 3
        return 0 if doubtful else 2

    def may_meet(self, other: Days) -> bool:
        """Whether a day of another may be one of these."""
        ends = (other.first, other.since), (other.last, other.year)
        return any(self._holds(*one) for one in ends) or other._holds(self.first, self.since)

    def _holds(self, day: tuple[int, int], year: int | None) -> bool:
        first, last = self.first, self.last
        if self.year is None or self.since is None or year is None:
            return first <= day <= last if first <= last else day >= first or day <= last
        return (self.since, *first) <= (year, *day) <= (self.year, *last)


def days(text: str) -> list[Days]:
    """The days of the year that a text names: "12 Apr 8" has that of the 12th and that of the 8th, and "8/4" is the 8th of April, in doubt
    the 4th of August."""
    folded = language.fold(text)
    if len(folded) != len(text):
        return []
    found: list[Days] = []
    for match in (match for pattern in _NAMED for match in pattern.finditer(folded)):
        month = dates.month_named(match["month"])
        assert month is not None
        first, last = int(match["first"]), int(match["last"] or match["first"])
        # "5 – 1 de abril" is the first of April, in the fifth week
        first = min(first, last)
        year = None if match["year"] is None else int(match["year"])
        found.append(Days((month, first), (month, last), year, False, *match.span()))
    found += _in_figures(folded)
    found += [
        one
        for one in _otherwise(text)
        if not any(one.start < f.end and f.start < one.end for f in found)
    ]
    found.sort(key=lambda one: (one.start, one.end))
    for one, other in list(combinations(found, 2)):
        if one.end <= other.start and re.fullmatch(_TO, folded[one.end : other.start]):
            # "29 April - 3 May"
            doubtful = one.doubtful or other.doubtful
            span = one.start, other.end
            found.append(Days(one.first, other.last, other.year, doubtful, *span, one.year))
    return found


_OF_YEAR: Final = re.compile(
    rf"(?<!\w){_MONTH}(?:\s*,|\s+del?\b|\s+of\b)?\s*(?P<year>(?:19|20)\d\d)(?!\w)"
)


def _months_of_a_year(text: str) -> Iterator[Days]:
    """The months that a text names with their year, "octubre de 2014", from the first day to the last."""
    for match in _OF_YEAR.finditer(language.fold(text)):
        month = dates.month_named(match["month"])
        assert month is not None
        yield Days((month, 1), (month, 31), int(match["year"]), False, *match.span())


def _otherwise(text: str) -> Iterator[Days]:
    """The days of a text that are said in words or with a Roman number: "tres de mayo", "15-V-2026"."""
    for form, start, end in dates.whole_dates(text):
        year, month, day = map(int, form.split("-"))
        yield Days((month, day), (month, day), year, False, start, end)
    for month, day, start, end in dates.days_in_words(text):
        yield Days((month, day), (month, day), None, False, start, end)


def _in_figures(text: str) -> Iterator[Days]:
    for match in _WHOLE.finditer(text):
        if (form := dates.date(match[0])) is not None:
            year, month, day = map(int, form.split("-"))
            yield Days((month, day), (month, day), year, False, *match.span())
            if match[1] and day <= 12:
                yield Days((day, month), (day, month), year, True, *match.span())
    for match in _IN_FIGURES.finditer(text):
        day, month = int(match[1]), int(match[2])
        if month > 12:
            day, month = month, day
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield Days((month, day), (month, day), None, False, *match.span())
            if day <= 12:
                yield Days((day, month), (day, month), None, True, *match.span())


# --------------------------------------------------------------------------- days of the week

_FULL: Final = dates.DAYS_OF_WEEK
_PLURAL: Final = {name.removesuffix("s") + "s": n for name, n in _FULL.items()}
_SHORT: Final[dict[Lang, dict[str, int]]] = {
    lang: {name[:3]: n for n, name in enumerate(pack.days.week)} | dict(pack.days.short)
    for lang, pack in PACKS.items()
}
_LETTERS: Final = {lang: pack.days.letters for lang, pack in PACKS.items()}


def _any(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_NAMES: Final = re.compile(rf"\b(?:{_any(_FULL | _PLURAL)})\b")
_SHORT_NAMES: Final = {
    lang: re.compile(rf"\b(?:{_any(_FULL | _PLURAL | short)})\b\.?")
    for lang, short in _SHORT.items()
}
_LETTER: Final = {lang: re.compile(_any(letters)) for lang, letters in _LETTERS.items()}
# "L X 17-18h", "M-F", "T/Th": letters alone or before a time
_LETTERS_SAID: Final = {
    lang: re.compile(
        rf"\A(?:{one})(?:(?:\s*[,/&–-]\s*|\s+(?:a|y|and)\s+|\s*)(?:{one}))*(?=\s*[(:,]?\s*(?:de\s+)?(?:\d|\Z))"
    )
    for lang, letters in _LETTERS.items()
    for one in [_any(letters)]
}
_UP_TO: Final = re.compile(r"\s*(?:-|–|\b(?:a|to|through|thru)\b)\s*")


_MONTH_ALONE: Final = re.compile(rf"(?<!\w){_MONTH}")


def months(text: str) -> frozenset[int]:
    """The months that a text names, from 1 for January."""
    folded = language.fold(text)
    found = (dates.month_named(match["month"]) for match in _MONTH_ALONE.finditer(folded))
    return frozenset(month for month in found if month is not None)


# The longer names first: a weekend is no week
_PERIODS: Final = {
    period: re.compile(
        rf"\b(?:{'|'.join(pack.periods[period] for pack in PACKS.values() if period in pack.periods)})\b"
    )
    for period in get_args(Period)
}


def periods(text: str) -> frozenset[Period]:
    """The spans of time that a text names."""
    rest = language.fold(text).replace("_", " ")
    found = set()
    for period, names in _PERIODS.items():
        rest, n = names.subn(" ", rest)
        if n:
            found.add(period)
    return frozenset(found)


def days_of_week(text: str) -> frozenset[int]:
    """The days of the week that a text names, from 0 for Monday, with those from one to another."""
    folded = language.fold(text)
    said = [(_FULL.get(m[0], _PLURAL.get(m[0], 0)), *m.span()) for m in _NAMES.finditer(folded)]
    return frozenset(_from_to(said, folded))


def names_time(text: str) -> bool:
    """Whether a text names a day, a day of the week, a month or a time of day."""
    week = days_of_week(text)
    return bool(week or days(text) or months(text) or times(text, bool(week)))


def days_of_cell(text: str, lang: Lang) -> frozenset[int]:
    """The days of the week that a cell of a table names, by their short names as well, and by letters where it has no more than these
    and times."""
    folded = language.fold(text)
    found: set[int] = set()
    for of in PACKS if lang == "und" else (lang,):
        known = _SHORT[of] | _FULL | _PLURAL
        names = _SHORT_NAMES[of].finditer(folded)
        found.update(_from_to([(known[m[0].rstrip(".")], *m.span()) for m in names], folded))
        if letters := _LETTERS_SAID[of].match(text):
            one = _LETTER[of].finditer(letters[0])
            found.update(_from_to([(_LETTERS[of][m[0]], *m.span()) for m in one], letters[0]))
    return frozenset(found)


def _from_to(said: list[tuple[int, int, int]], text: str) -> Iterator[int]:
    for n, (day, start, _) in enumerate(said):
        yield day
        if n and _UP_TO.fullmatch(text[said[n - 1][2] : start]):
            yield from range(said[n - 1][0], day)


# --------------------------------------------------------------------------- times of day

_HALF_DAY: Final = 12 * 60
_CLOCK: Final = (
    r"(?<![\d.,:/€$£])(?P<h{0}>[01]?\d|2[0-4])(?:(?P<sign{0}>[:.h])(?P<m{0}>[0-5]\d))?(?![.,:]?\d)"
    r"(?:\s*(?P<of{0}>[ap]\.? ?m\b\.?|hrs?\b\.?|hs?\b\.?|horas?\b|o.clock))?"
)
_TIME: Final = re.compile(
    rf"(?:\b(?P<before>a las?|las|at|from|desde las?|de)\s+)?{_CLOCK.format(1)}"
    rf"(?:\s*(?:-|–|—|\b(?:a|y|to|and|until|till|hasta)\b)\s*(?:las?\s+)?{_CLOCK.format(2)})?(?!\w|\s*[€$£%])"
)

_STOP_WORDS: Final = frozenset().union(*(pack.stop_words for pack in PACKS.values()))


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day in minutes, or from one to another; ``sure``: it is not twelve hours later."""

    first: int
    last: int | None
    sure: bool

    def meets(self, other: Time) -> int:
        """How surely it is meant by another: 3 where both begin alike and end alike, if they tell both, 2 where they begin alike, 1 where
        the other begins in it, else 0."""
        apart = (other.first - self.first) % (2 * _HALF_DAY)
        if not (self.sure and other.sure):
            apart %= _HALF_DAY
        if apart:
            return int(self.last is not None and apart < (self.last - self.first) % _HALF_DAY)
        both = None not in (self.last, other.last)
        return 2 if both and (self.last - other.last) % _HALF_DAY else 3  # type: ignore[operator]


def times(text: str, bare: bool) -> list[Time]:
    """The times that a text tells; ``bare``: where it also says a day of the week "17-18" is one."""
    found = []
    folded = language.fold(text)
    for match in _TIME.finditer(folded):
        written = any(match[f"sign{n}"] == ":" or match[f"of{n}"] for n in (1, 2))
        after = re.match(r"\s*([^\W\d_]+)", folded[match.end() :])
        counts = after is not None and after[1] not in _STOP_WORDS  # "at 10 euros"
        led = match["before"] not in (None, "de", "from") and not counts
        if written or led or (bare and match["h2"] and not counts):
            found.append(_time(match))
    return found


def _time(match: re.Match[str]) -> Time:
    ends = []
    for n in (1, 2):
        if match[f"h{n}"] is None:
            continue
        hour, minute = int(match[f"h{n}"]), int(match[f"m{n}"] or 0)
        half = match[f"of{n}"] or match["of2"] or ""
        if half[:1] in ("a", "p"):
            hour = hour % 12 + 12 * (half[0] == "p")
        ends.append(
            (hour * 60 + minute, half[:1] in ("a", "p") or hour > 12 or match[f"h{n}"][0] == "0")
        )
    return Time(ends[0][0], ends[1][0] if len(ends) > 1 else None, any(sure for _, sure in ends))


# --------------------------------------------------------------------------- what is asked and what a row says


class Moments:
    """When a question asks about something, as far as cells of tables can say it."""

    def __init__(self, question: str):
        self._days = days(question)
        # Of a month only a longer stretch of time can be meant
        self._months = [] if self._days else list(_months_of_a_year(question))
        self._week = days_of_week(question)
        self._times = times(question, bool(self._week))

    def __bool__(self) -> bool:
        """Whether it says when at all."""
        return bool(self._days or self._week or self._times)

    def without_days(self, question: str) -> str:
        """The question without the days of the year that it names."""
        return language.blanked(question, ((one.start, one.end) for one in self._days))

    def met(self, cells: Sequence[str], lang: Lang) -> Met:
        """How surely the cells of a row say that."""
        if not (self or self._months):
            return Met(0.0, 0.0)
        each = [self._of(cell, lang) for cell in cells if len(cell) <= _MAX_CHARS]
        most = max(map(sum, each), default=0.0)
        kinds = [max(kind) for kind in zip(*each, strict=True)] or [0.0]
        told = (one for one in each if one[0] >= _WITHIN or one[1:] == (1.0, 1.0))
        return Met((most + sum(kinds)) / 2, max(map(sum, told), default=0.0))

    def _of(self, cell: str, lang: Lang) -> tuple[float, float, float]:
        said = days(cell) if self._days or self._months else []
        day = max((one.meets(asked) for one in said for asked in self._days), default=0)
        if any(one.n_days > _MONTH_DAYS and one.meets(m) for one in said for m in self._months):
            day = 2
        week = days_of_cell(cell, lang) if self._week or self._times else frozenset()
        on_day = self._week and self._week <= week
        told = times(cell, bool(week)) if self._times else []
        at = max((one.meets(asked) for one in told for asked in self._times), default=0)
        return 2 * day / 3, float(bool(on_day)), at / 3


@dataclass(frozen=True, slots=True)
class Met:
    """How much a row says of when something is asked about: ``weight`` is 1 for a day of the week or a time, 2 for a day of the year, more
    where one cell says several of them, less in doubt; ``sure``: what of that is in the one cell that says a day of the year, or a day of the
    week and the time, without a doubt."""

    weight: float
    sure: float


# Of a day of the year between two others
_WITHIN: Final = 4 / 3
