"""Between which amounts a row is: of "4-13 años", "hasta 2 kg", "20.001 € | 35.000 €" a question says the number that is in one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from corpus import forms, language
from corpus.document import Lang
from corpus.languages import PACKS
from corpus.numbers import numbers
from qa.select.times.years import is_open
from qa.words import folded_words

_NUMBER: Final = r"\d+(?:[.,]\d+)*"
_AMOUNT: Final = rf"(?:l[oa]s\s+)?(?P<sign{{0}}>[€$£])?\s*(?P<n{{0}}>{_NUMBER})\s*-?\s*(?P<unit{{0}}>[€$£%]|[^\W\d_]+)??"
_BETWEEN: Final = r"\s*(?:-|–|—|,(?=\s)|\b(?:a|al|to|y|and|hasta|up to|less than|menos de)\b)\s*"
_MOST: Final = r"(?:up to|under|below|less than|hasta|menos de|menor(?:es)? de|inferior a|<|<=|≤)"
_LEAST: Final = (
    r"(?:over|above|more than|from|mas de|mayor(?:es)? de|superior a|desde|a partir de|>|>=|≥|\+)"
)
_ON: Final = r"(?:\+|(?:and|or|y|o)\s+(?:more|over|above|older|up|mas|mayores)|en adelante)"
_OLD: Final = r"(?:\s+(?:old|de edad))?"
# "De 4 a 13 años", "ages 5 to 7", "[85, 90)"
_FORMS: Final = (
    re.compile(
        rf"(?:(?:de|del|from|between|entre|desde|ages?|aged|edad)\s*:?\s+)*[\[(]?{_AMOUNT.format(1)}{_BETWEEN}{_AMOUNT.format(2)}[\])]?{_OLD}"
    ),
    # "[85,90)"; a comma alone is that of "1,35"
    re.compile(rf"(?=\[|.*\]\Z)[\[(]{_AMOUNT.format(1)}\s*[,;]\s*{_AMOUNT.format(2)}[\])]"),
    re.compile(rf"(?P<most>{_MOST})\s*{_AMOUNT.format(2)}{_OLD}"),
    re.compile(rf"{_LEAST}\s*{_AMOUNT.format(1)}{_OLD}"),
    re.compile(rf"{_AMOUNT.format(1)}{_OLD}\s*{_ON}"),
)
_FROM: Final = re.compile(r"\b(?:desde|from|min\w*)\b")
_TO: Final = re.compile(r"\b(?:hasta|to|up to|max\w*)\b")
_ASKED: Final = re.compile(
    rf"(?<![\w.,:/×-])(?<![x×]\s)(?P<sign>[€$£])?(?P<n>{_NUMBER})(?![.,:/]?\d|\s?[x×]\s?\d)(?:\s*-?\s*(?P<unit>[€$£%]|[^\W\d_]+))?"
)
UNITS: Final = {
    word: words.split()[0]
    for words in (
        "year years yr yrs old año años",
        "month months mes meses",
        "week weeks semana semanas",
        "day days dia dias",
        "hour hours h hora horas",
        "minute minutes min minuto minutos",
        "person persons people pax persona personas",
        "point points pts punto puntos",
        "€ euro euros eur",
        "$ dollar dollars usd dolar dolares peso pesos",
        "£ pound pounds gbp libra libras",
        "% percent",
        "kg kilo kilos kilogramos kilograms",
    )
    for word in words.split()
}
"""Units, folded, each with the name by which it is called here: there are two ways to say it, or two languages."""
_MEASURED: Final = {*UNITS.values()} - {UNITS["hours"]}
_STOP_WORDS: Final = frozenset().union(*(pack.stop_words for pack in PACKS.values()))


# Ages are said without their unit, too
_AGES: Final = re.compile(r"\b(?:ages?|aged|edad\w*|under|over|older|menor\w*|mayor\w*)\b")
# "Under 10s free, all others £5", "each extra kilo £1"
_REST: Final = re.compile(
    r"\b(?:others?|otherwise|else|rest|adults?|extra|additional|each|every|over|beyond|senior\w*|pensioners?|resto|demas|otr[oa]s?|adult[oa]s?|adicional\w*|cada|jubilad[oa]s|exce[ds]\w*)\b[^.;|\n]*(?:\d|free|gratis)"
)
_EXCLUDES: Final = re.compile(r"under|below|less|menos|menor|inferior|<(?!=)")
_CLOCK: Final = re.compile(r"\d{1,2}[:h]\d\d")
_CALLED: Final = re.compile(r"[^:|\d(]*")
_PIECE: Final = re.compile(r"[^\s,:;()?¿!]+")
# "de entre 8 y 12 años de edad"
_BAND_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class _Asked:
    amount: float
    unit: str


class Amounts:
    """The amounts that a question names."""

    def __init__(self, question: str):
        self._asked = list(_asked(question))

    def __bool__(self) -> bool:
        return bool(self._asked)

    def within(self, cell: str) -> bool | None:
        """Whether one of them lies in what a cell says, None for a cell that says no range; one in another unit does not."""
        folded = _folded(cell)
        match = next(filter(None, (form.fullmatch(folded) for form in _FORMS)), None)
        if match is None:
            return None
        said = match.groupdict()
        first, last = _amount(said.get("n1")), _amount(said.get("n2"))
        if first is not None and last is not None and first >= last:
            return None
        units = [said.get(f"{part}{n}") for n in (1, 2) for part in ("sign", "unit")]
        unit = next((_unit(one) for one in units if one), "")
        return any(
            (first is None or first <= one.amount)
            and (last is None or one.amount <= last)
            and (not unit or not one.unit or unit == one.unit)
            for one in self._asked
        )


@dataclass(frozen=True, slots=True)
class _Band:
    """From one amount to another, both of them in it; None where it has no end there."""

    first: float | None
    last: float | None
    unit: str

    def meets(self, first: float | None, last: float | None) -> bool:
        """Whether it has some of what lies from one amount to another."""
        below = last is not None and self.first is not None and last < self.first
        above = first is not None and self.last is not None and self.last < first
        return not (below or above)


class AskedBand:
    """The band that a question names, "menores de 12", "ages 4 to 7", or by an age or another amount says to be meant."""

    def __init__(self, question: str, lang: Lang):
        figures = _in_figures(question, lang)
        self._bands = list(_bands(figures))
        self._amounts = [] if self._bands else list(_asked(figures))
        self._is_open = is_open(question)
        self._said = frozenset(folded_words(question)) - _STOP_WORDS

    def __bool__(self) -> bool:
        return bool(self._bands or self._amounts)

    def among(self, labels: Sequence[str]) -> list[bool | None]:
        """Which of some labels or headings are of that band, False for those of others, None for what says none; None for all where none is of it, or
        all are."""
        said = [next(_bands(label), None) for label in labels]
        told = [None if one is None else self._is_of(one) for one in said]
        return told if {True, False} <= set(told) else [None] * len(labels)

    def is_beyond(self, entries: Sequence[str]) -> bool:
        """Whether one amount is openly asked about, 38 kg, and each of some entries says from which to which amounts it holds, "hasta 15 kg", and not
        of that one, nor what holds for the rest; of entries some of which are called as the question says those."""
        asked = self._amounts[0] if len(self._amounts) == 1 else None
        # "De 7 a 21 h" are times of day
        if asked is None or asked.unit not in _MEASURED or not self._is_open:
            return False
        if any(map(_REST.search, map(_folded, entries))):
            return False
        of_age = asked.unit == UNITS["years"]
        named = [one for one in entries if not self._said.isdisjoint(_called(one))]
        told = [
            (
                one,
                [
                    band
                    for band in _bands(_CLOCK.sub(" ", one), bare=True)
                    if _alike(band.unit, asked.unit)
                ],
            )
            for one in named or entries
        ]
        return bool(told) and all(
            any(
                band.unit == asked.unit or (of_age and _AGES.search(_folded(one))) for band in bands
            )
            and not any(band.meets(asked.amount, asked.amount) for band in bands)
            for one, bands in told
        )

    def _is_of(self, band: _Band) -> bool | None:
        alike = [one for one in self._bands if _alike(one.unit, band.unit)]
        if alike:
            same = any((one.first, one.last) == (band.first, band.last) for one in alike)
            return same or (False if not any(band.meets(o.first, o.last) for o in alike) else None)
        of_unit = [one for one in self._amounts if _alike(one.unit, band.unit)]
        return any(band.meets(one.amount, one.amount) for one in of_unit) if of_unit else None


def _in_figures(question: str, lang: Lang) -> str:
    """A question with the numbers that it says in words before a unit in figures: "una niña de diez años"."""
    said = question
    for form, start, end in reversed([*numbers(question, lang)]):
        after = re.match(r"\W{1,2}(\w+)", language.fold(question[end:]))
        if form.isdigit() and question[start:end].isalpha() and after and after[1] in UNITS:
            said = f"{said[:start]}{form}{said[end:]}"
    return said


def _called(entry: str) -> list[str]:
    """The words of what an entry is called, before its first number or sign."""
    return folded_words(_CALLED.match(entry)[0])  # type: ignore[index]


def _bands(text: str, *, bare: bool = False) -> Iterator[_Band]:
    """The bands that a text names with their unit, which of ages need not be said: "Menores de 8", "De 8 a 12 años", "under-8s"; ``bare``: and
    those that say none."""
    folded = re.sub(r"(?<=[^\W\d_])-(?=\d)", " ", _folded(text))
    words = [found.span() for found in _PIECE.finditer(folded)] if re.search(r"\d", folded) else []
    reached = 0
    for at, (start, _) in enumerate(words):
        ends = [end for _, end in words[at : at + _BAND_WORDS]] if start >= reached else []
        for end in reversed(ends):
            band = _band(folded[start:end], bare=bare)
            after = _PIECE.search(folded, end)
            # "9 € hasta 30 | kg"
            parted = band and after and UNITS.get(after[0], band.unit) != band.unit
            if band is not None and not parted:
                reached = end
                yield band
                break


def _band(said: str, *, bare: bool = False) -> _Band | None:
    """What is said, folded, as a band of ages or with its unit, or ``bare`` without one; None for other words."""
    form = next(filter(None, (one.fullmatch(said) for one in _FORMS)), None)
    if form is None:
        return None
    found = form.groupdict()
    units = {
        _unit(one)
        for n in (1, 2)
        if (one := found.get(f"sign{n}") or found.get(f"unit{n}")) is not None
    }
    # "9 € hasta 30 kg" is a price and up to how much it is that
    if len(units) > 1:
        return None
    unit = next(iter(units), "")
    if unit not in UNITS.values() and (unit or not (bare or _AGES.search(said))):
        return None
    first, last = _amount(found.get("n1")), _amount(found.get("n2"))
    if last is not None and _EXCLUDES.match(said):
        last -= 1
    return _Band(first or None, last, unit)


def _alike(unit: str, other: str) -> bool:
    return not unit or not other or unit == other


def joined(cell: str, column: str, after: str, column_after: str) -> str | None:
    """What two cells side by side say together, where their columns are called so: "Desde | Hasta"; None for others."""
    called = _FROM.search(_folded(column)) and _TO.search(_folded(column_after))
    return f"{cell} - {after}" if called and cell and after else None


def _asked(question: str) -> Iterator[_Asked]:
    folded = language.fold(question)
    for match in _ASKED.finditer(folded if len(folded) == len(question) else ""):
        amount = _amount(match["n"])
        after = match["unit"] or ""
        unit = _unit(match["sign"] or ("" if after in _STOP_WORDS else after))
        # "HIST 210", "Sala 12" are names
        before = re.search(r"(\S+)\s+\Z", question[: match.start()])
        named = before is not None and (
            before[1].isupper() or (before.start() > 0 and before[1][:1].isupper())
        )
        if amount is not None and not named:
            yield _Asked(amount, unit)


def _folded(text: str) -> str:
    return language.fold(text).strip()


def _amount(written: str | None) -> float | None:
    form = written and forms.normal(written)
    return float(form) if form and re.fullmatch(r"\d+(?:\.\d+)?", form) else None


def _unit(word: str) -> str:
    return UNITS.get(word, word.removesuffix("s"))
