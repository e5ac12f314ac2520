"""Dates, in digits and in words, in one form: 3/5/2019, 3-may-19, "a los tres días del mes de mayo de dos mil diecinueve" and
"May the third, 2019" are 2019-05-03."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from corpus.languages import PACKS
from corpus.languages.pack import LanguagePack, blanked, fold
from corpus.readers.numbering import roman
from corpus.worded import numbers_in_words

_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})([/.-])(\d{1,2})\2(\d{1,2})")
_ONE_FORM = re.compile(r"\d{4}-(\d{2})-\d{2}")
# 20190503, as machines name files and write logs; of 100 other numbers of this size as much as 4 look so
_CLOSED_UP = re.compile(r"((?:19|20)\d\d)()(\d\d)(\d\d)")
# 03.05.19, but rather a version or a section are 3.5.19 and 10.5.0
_DOTTED = re.compile(r"\d\d\.\d\d\.\d\d")


def date(written: str) -> str | None:
    """A date in digits as 2019-05-03, the day before the month unless that cannot be; None when it is none."""
    found = _DAY_FIRST.fullmatch(written)
    if found is not None:
        day, month, year = int(found[1]), int(found[3]), found[4]
        if len(year) == 2 and found[2] == "." and not _DOTTED.fullmatch(written):
            return None
        if month > 12:
            day, month = month, day
        return _form(_full(year), month, day)
    found = _YEAR_FIRST.fullmatch(written) or _CLOSED_UP.fullmatch(written)
    return None if found is None else _form(int(found[1]), int(found[3]), int(found[4]))


def _full(year: str) -> int:
    """A year of four figures, or of the two that people write of those around 2000."""
    return int(year) if len(year) > 2 else int(year) + (2000 if int(year) < 50 else 1900)


def _form(year: int, month: int, day: int) -> str | None:
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def month_of(normal_form: str) -> int | None:
    """The month of a date in its one form, None when it is no date: phone numbers and years are written like one, 2521-57-57."""
    found = _ONE_FORM.fullmatch(normal_form)
    return int(found[1]) if found and date(normal_form) == normal_form else None


# --------------------------------------------------------------------------- with the name of the month

_MONTHS: Final = {
    name: number
    for pack in PACKS.values()
    for number, names in enumerate(pack.months, 1)
    for name in (names, names[:3])
} | {name: number for pack in PACKS.values() for name, number in pack.days.months.items()}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NAMED = re.compile(rf"\b(?:{_MONTH})\b\.?", re.IGNORECASE)
# Between signs "set" is a month, as it is in Peru, and so is a Roman number: 3-V-2019
_BETWEEN_SIGNS: Final = _MONTHS | {"set": 9} | {roman(n): n for n in range(1, 13)}
_SIGNED = re.compile(
    rf"(?<![\w.,/-])(?P<day>\d{{1,2}})(?P<sign> ?[-/.] ?)(?P<month>(?i:{_MONTH}|set)|[IVX]{{1,4}})\.?(?P=sign)"
    rf"(?P<year>\d{{4}}|(?<=[-/])\d\d)(?![\w/-]|[.,]\d)"
)


class _Joins(NamedTuple):
    """What stands between the parts of a date in a language, over lines, but not over a blank one."""

    pack: LanguagePack
    to_month: re.Pattern[str]
    to_day: re.Pattern[str]
    to_year: re.Pattern[str]


def month_named(word: str) -> int | None:
    """The number of a month by its name in Spanish or English, None for another word."""
    return _MONTHS.get(word)


def names_of_months() -> list[str]:
    """What months are called in Spanish and English, the longer names first, each also cut short to three letters."""
    return sorted(_MONTHS, key=len, reverse=True)


def _joining(written: str, end: str) -> re.Pattern[str]:
    return re.compile(written.replace(" ", r"(?:(?!\n\s*\n)\s)+") + end, re.IGNORECASE)


_JOINS: Final = tuple(
    _Joins(
        pack,
        _joining(pack.to_month, r"\Z"),
        _joining(pack.to_day, r"(?=[^\W_])"),
        _joining(pack.to_year, r"(?=[^\W_])"),
    )
    for pack in PACKS.values()
)
_FIGURES: Final = r"(?P<figures>\d{1,2})(?:\.?[ºª°o]|\.?er\.?|ro\.?|st|nd|rd|th)?"
_DAY_BEFORE = re.compile(rf"(?<!\w){_FIGURES}\Z")
# "cinco (05) días", as deeds have it
_AGAIN = re.compile(r" ?\(\d{1,2}\)\Z")
_WORDS_BEFORE = re.compile(r"(?:(?:\A|(?<=\W))([^\W\d_]+)[ -])??(?:\A|(?<=\W))([^\W\d_]+)\Z")
_DAY_AFTER = re.compile(rf"{_FIGURES}(?!\w|[.,:/-]\d)")
_WORDS_AFTER = re.compile(r"([^\W\d_]+)(?:[ -]([^\W\d_]+))?")
_GOES_ON = re.compile(r" [^\W\d_]")
_YEAR = re.compile(r"\d{4}(?!\w)")
# Around the name of a month, in characters: "treinta y un (31) días del mes de", "in the year one thousand nine hundred and …"
_BEFORE_MONTH: Final = 48
_AFTER_MONTH: Final = 96


def dates_in_words(text: str) -> Iterator[str]:
    """The dates of a text that are written with the name of the month, in Spanish or English, as 2019-05-03."""
    return (said for said, _, _ in whole_dates(text))


def places_of_dates(text: str) -> Iterator[tuple[str, int, int]]:
    """The dates of a text that are written with the name of the month, as 2019-05-03, or as 2019-05 where they say no day, which
    may be 5/2019 as well, and where they stand."""
    yield from whole_dates(text)
    for found in _NAMED.finditer(text):
        year = _year_after(text, found.end())
        if year is not None:
            yield f"{year[0]}-{_month(found[0]):02}", found.start(), year[1]
    for found in _MONTH_AND_YEAR.finditer(text):
        if 1 <= int(found[1]) <= 12:
            yield f"{found[2]}-{int(found[1]):02}", found.start(), found.end()


DAYS_OF_WEEK: Final = {name: n for pack in PACKS.values() for n, name in enumerate(pack.days.week)}
"""The names of the days of the week, folded, from 0 for Monday."""
_REVISED = re.compile(r"revis|updat|actuali[zc]|amend|modifi", re.IGNORECASE)
_MAX_WORDS_OF_REVISION: Final = 4


def says_when(text: str) -> bool:
    """Whether a line is a date, with the day of the week or what was revised then, and nothing else: "Lunes, 17 de diciembre de 2007",
    "Last revised January 2024"."""
    rest = blanked(text, ((start, end) for _, start, end in places_of_dates(text)))
    if len(rest) != len(text) or rest == text:
        return False
    words = re.findall(r"[^\W\d_]+", rest)
    revised = len(words) <= _MAX_WORDS_OF_REVISION and any(map(_REVISED.match, words))
    return revised or all(fold(word) in DAYS_OF_WEEK for word in words)


_MONTH_AND_YEAR = re.compile(r"(?<![\w./-])(\d{1,2})/(\d{4})(?![\w/-])")


def whole_dates(text: str) -> Iterator[tuple[str, int, int]]:
    """The dates of a text that are written with the name of the month or its Roman number, as 2019-05-03, and where they stand."""
    for signed in _SIGNED.finditer(text):
        month = _BETWEEN_SIGNS.get(signed["month"]) or _BETWEEN_SIGNS.get(signed["month"].lower())
        form = _form(_full(signed["year"]), month or 0, int(signed["day"]))
        if form is not None:
            yield form, *signed.span()
    for month, day, start, end in _named_days(text):
        year = _year_after(text, end)
        form = _form(year[0], month, day) if year else None
        if form is not None and year is not None:
            yield form, start, year[1]


def days_in_words(text: str) -> Iterator[tuple[int, int, int, int]]:
    """The days that a text says in words, with the month and without a year, "tres de mayo", "the third of May", as month and day, and
    where they stand; "the first may" is none."""
    for month, day, start, end in _named_days(text):
        said = text[start:end]
        sure = any(map(is_surely_a_month, re.findall(rf"\b(?:{_MONTH})\b", fold(said))))
        sure = sure or any(map(str.isupper, said))
        if 1 <= day <= 31 and sure and not re.search(r"\d", said) and not _year_after(text, end):
            yield month, day, start, end


# "march" and "may" are other words as well, as are months cut short
_LEAST_CHARS: Final = 4
_OTHER_WORDS: Final = frozenset(["march"])


def is_surely_a_month(word: str) -> bool:
    """Whether the name of a month, folded, is no other word as well."""
    return len(word) >= _LEAST_CHARS and word not in _OTHER_WORDS


def _named_days(text: str) -> Iterator[tuple[int, int, int, int]]:
    """The days that stand beside the name of a month, in figures or in words, as month and day, and where both stand."""
    for named in _NAMED.finditer(text):
        start, end = named.span()
        day = _day_before(text, start)
        if day is not None:
            start = day[1]
        else:
            day = _day_after(text, end)
            end = day[1] if day is not None else end
        if day is not None:
            yield _month(named[0]), day[0], start, end


def _month(named: str) -> int:
    return _MONTHS[named.lower().rstrip(".")]


def _folded(text: str, start: int, end: int) -> str:
    """A stretch of a text without accents and line ends, in small letters, of the same length."""
    stretch = text[start:end]
    folded = fold(stretch).replace("\n", " ")
    return folded if len(folded) == len(stretch) else stretch


def _day_before(text: str, month: int) -> tuple[int, int] | None:
    """The day that stands before the name of a month, "5" or "los cinco días del mes de", and where it begins."""
    start = max(0, month - _BEFORE_MONTH)
    for join in _JOINS:
        joined = join.to_month.search(text, start, month)
        if joined is None:
            continue
        before = _AGAIN.sub("", _folded(text, start, joined.start()))
        figures = _DAY_BEFORE.search(before)
        if figures is not None:
            return int(figures["figures"]), start + figures.start()
        said = _WORDS_BEFORE.search(before)
        if said is None:
            continue
        for at in (said.start(), said.start(2)):
            if before[at:] in join.pack.ordinals:
                return join.pack.ordinals[before[at:]], start + at
        ten = None
        for value, begins, ends in numbers_in_words(before, join.pack):
            if (
                ten is not None
                and 5 < value < 10
                and before[ten[1] : begins].strip() in join.pack.joiners
            ):
                # "A los diez y seis días", as it was spelt
                value, begins = 10 + value, ten[0]
            ten = (begins, ends) if value == 10 else None
            # "En un mayo de 2020" says no day
            if ends == len(before) and (value > 1 or joined[0].strip()):
                return value, start + begins
    return None


def _day_after(text: str, month: int) -> tuple[int, int] | None:
    """The day that stands after the name of a month, "14" or "the twelfth", and where it ends."""
    for join in _JOINS:
        joined = join.to_day.match(text, month)
        if joined is None:
            continue
        start = joined.end()
        after = _folded(text, start, start + _BEFORE_MONTH)
        figures = _DAY_AFTER.match(after)
        if figures is not None:
            return int(figures["figures"]), start + figures.end()
        said = _WORDS_AFTER.match(after)
        if said is None:
            continue
        for end in (said.end(), said.end(1)):
            if after[:end] in join.pack.ordinals:
                return join.pack.ordinals[after[:end]], start + end
        for value, begins, ends in numbers_in_words(after, join.pack):
            if begins == 0:
                return value, start + ends
            break
    return None


def _year_after(text: str, day: int) -> tuple[int, int] | None:
    """The year that stands after a day and a month, in figures or in words, and where it ends."""
    for join in _JOINS:
        joined = join.to_year.match(text, day)
        if joined is None:
            continue
        start = joined.end()
        figures = _YEAR.match(text, start)
        if figures is not None:
            return int(figures[0]), figures.end()
        after = _folded(text, start, start + _AFTER_MONTH)
        said = list(islice(numbers_in_words(after, join.pack), 2))
        if not said or said[0][1]:
            continue
        year, _, end = said[0]
        # "nineteen ninety-nine"
        if 10 < year < 22 and len(said) > 1 and said[1][1] == end + 1 and said[1][0] < 100:
            year, end = 100 * year + said[1][0], said[1][2]
        # "On 3 June two thousand people came", "de dos mil diesiséis"
        certain = joined[0].strip(" ,\n") or (year > 1600 and year % 1000)
        if year % 1000 == 0 and _GOES_ON.match(after, end):
            continue
        if certain and 1000 <= year < 2200:
            return year, start + end
    return None
