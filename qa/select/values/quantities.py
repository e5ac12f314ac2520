"""How much a cell of a table says, so that cells can be compared: "1 h 30 min" and "90 min", "1.250,50 €", "4-6 kg", "free".

What says more than one amount, or a date or a code, says none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from corpus import forms, language
from corpus.languages import PACKS
from corpus.numbers import CURRENCIES
from corpus.worded import numbers_in_words
from qa.select.times.moments import periods

Family = Literal[
    "money", "time", "length", "area", "weight", "volume", "speed", "data", "share", "count"
]
"""What kind of thing an amount is of; one without a unit is a count."""

# How much each unit is of the first of its family; months and years are those of the calendar on the average.
_SIZES: Final[dict[Family, dict[str, float]]] = {
    "time": {
        "s": 1 / 60, "min": 1, "h": 60, "day": 1440, "week": 10080, "month": 43830, "year": 525960,
    },
    "length": {
        "mm": 0.001, "cm": 0.01, "m": 1, "km": 1000, "mi": 1609.344, "ft": 0.3048, "in": 0.0254,
    },
    "area": {"m2": 1, "m²": 1, "cm2": 1e-4, "cm²": 1e-4, "ha": 1e4, "acre": 4046.86, "km2": 1e6, "km²": 1e6},
    "weight": {"g": 0.001, "kg": 1, "t": 1000, "lb": 0.45359, "oz": 0.02835},
    "volume": {"ml": 0.001, "cl": 0.01, "dl": 0.1, "l": 1},
    "speed": {"km/h": 1, "kmh": 1, "kph": 1, "mph": 1.609344, "m/s": 3.6},
    "data": {"kb": 1e-3, "mb": 1, "gb": 1e3, "tb": 1e6, "mbps": 1, "mb/s": 1, "gbps": 1e3, "gb/s": 1e3},
    "share": {"%": 1},
}  # fmt: skip
_UNITS: Final = {
    unit: (family, size) for family, units in _SIZES.items() for unit, size in units.items()
}
_SIGNS: Final = "€$£¥"
_WORDS: Final = {
    word: unit
    for pack in PACKS.values()
    for unit, words in pack.extremes.units.items()
    for word in words.split()
}
_CURRENCY: Final = {"eur": "€", "usd": "$", "gbp": "£"}
_MULTIPLES: Final = {
    word: n for pack in PACKS.values() for word, n in pack.cardinals.items() if n >= 1000
} | {"k": 1000}
_STOP_WORDS: Final = frozenset().union(*(pack.stop_words for pack in PACKS.values()))
_FREE: Final = re.compile(
    rf"\W*(?:{'|'.join(pack.extremes.free for pack in PACKS.values())})(?!\w)"
)

_NUMBER: Final = (
    r"\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?[ \u00a0]?[½¼¾]?|[½¼¾]"
)
_UNIT: Final = rf"[{_SIGNS}%]|km/h|m/s|[mg]b/s|[^\W\d_]+[23]?(?!\w)|h(?=\d)"
_AMOUNT: Final = re.compile(
    rf"(?<![\w.,:/×])(?<![x×]\s)(?P<before>[{_SIGNS}]|(?:{CURRENCIES.lower()})\s)?\s*(?P<n>{_NUMBER})(?![.,:/]?\d|\s?[x×]\s?\d|[.]?[ºª°])"
    rf"(?:\s*-?\s*(?P<unit>{_UNIT}))?"
)
# "1h30" has a number right behind a unit
_HOURS_AND: Final = re.compile(r"(\d)\s*(?:h|hrs?|horas?|hours?)\s?(?=\d{1,2}(?!\d|:))")
_CLOCK: Final = re.compile(r"(\d{1,3}):([0-5]\d)\s*(?=h(?:oras?|ours?|rs?)?\b)")
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_TO: Final = re.compile(r"\s*(?:-|–|—|\b(?:a|al|to|y|and|hasta|up to)\b)\s*")
_AND: Final = re.compile(r"\s*(?:,|\b(?:y|and|con)\b)?\s*")
_PER: Final = re.compile(r"/\s*([^\W\d_]+)")
# What a column is called by where its numbers stand alone
_CALLED_BY: Final = re.compile(rf"(?:[(\[]\s*(?:en |in )?|\b(?:en|in) |,\s*)({_UNIT})\W*\Z")
# A cell that says more is a sentence
_MAX_CHARS: Final = 60


@dataclass(frozen=True, slots=True)
class Quantity:
    """From ``low`` to ``high``, which are the same but in a range, in the first unit of the ``family``. ``of``: the currency with what it is
    paid for, "€/month", or what is counted; ``bare``: it has no unit."""

    low: float
    high: float
    family: Family
    of: str = ""
    bare: bool = False


@dataclass(frozen=True, slots=True)
class _Amount:
    value: float
    unit: str
    start: int
    end: int


def quantities(cells: Sequence[str], column: str, *, money: bool) -> list[Quantity | None]:
    """How much each cell of a column says, all in one unit, None for those that say nothing that can be compared; all of them are None where what
    they say differs in kind. ``column``: what it is called, "Weight (kg)"; ``money``: numbers and "free" are sums of money."""
    point = _point(cells)
    found = [_quantity(cell, point, money=money) for cell in cells]
    own = None if money else _of_column(column)
    families = {one.family for one in found if one is not None and not one.bare}
    if own is not None and families <= {own[0]}:
        family, size = own
        found = [
            replace(one, low=one.low * size, high=one.high * size, family=family, bare=False)
            if one is not None and one.bare
            else one
            for one in found
        ]
    elif money and families <= {"money"}:
        said = {one.of for one in found if one is not None and not one.bare}
        of = said.pop() if len(said) == 1 else ""
        found = [
            replace(one, family="money", of=of) if one is not None and one.bare else one
            for one in found
        ]
    told = [one for one in found if one is not None]
    kinds = {(one.family, one.of) for one in told if one.of or one.family != "count"}
    counts = any(one.family == "count" and not one.of for one in told)
    if len(kinds) > 1 or (counts and {family for family, _ in kinds} - {"count"}):
        return [None] * len(cells)
    return found


def units_of(family: Family, *, words: bool = False) -> str:
    """The units of a family as a pattern over folded text, without the inch, which may be "in"; ``words``: those only that need no number before them."""
    signs = dict.fromkeys(_SIZES[family])
    said = [word for word, unit in _WORDS.items() if unit in signs]
    return "|".join(
        sorted([*said, *([] if words else signs.keys() - {"in"})], key=len, reverse=True)
    )


def is_free(cell: str) -> bool:
    """Whether a cell says that nothing is to be paid."""
    return _FREE.match(language.fold(cell)) is not None


def _quantity(cell: str, point: str, *, money: bool) -> Quantity | None:
    if len(cell) > _MAX_CHARS:
        return None
    folded = _in_figures(language.fold(cell))
    if money and _FREE.match(folded) and not any(map(str.isdigit, folded)):
        return Quantity(0.0, 0.0, "money", bare=True)
    without = _BRACKETS.sub(" ", folded)
    said = without if any(map(str.isdigit, without)) else folded
    said = _CLOCK.sub(r"\1 h \2 min ", said)
    said = _HOURS_AND.sub(r"\1 h ", said)
    amounts = [one for m in _AMOUNT.finditer(said) if (one := _amount(m, point)) is not None]
    rest = language.blanked(said, ((one.start, one.end) for one in amounts))
    if not amounts or any(map(str.isdigit, rest)):
        return None
    return _together(amounts, said)


def _together(amounts: list[_Amount], said: str) -> Quantity | None:
    """What the amounts of a cell say together: one, a range, or hours and minutes."""
    first, *others = amounts
    between = [said[a.end : b.start] for a, b in zip(amounts, others, strict=False)]
    if len(amounts) == 2 and _TO.fullmatch(between[0]):
        [last] = others
        low, high = first, last
        if not first.unit or not last.unit:
            unit = first.unit or last.unit
            low, high = replace(first, unit=unit), replace(last, unit=unit)
        ends = [_told(one, said) for one in (low, high)]
        if ends[0].family == ends[1].family and ends[0].low < ends[1].low:
            return replace(ends[1], low=ends[0].low)
    if len(amounts) == 2 and first.unit == "h" and not others[0].unit:
        # "2 h 30"
        others = [replace(others[0], unit="min")]
    told = [_told(one, said) for one in (first, *others)]
    falling = all(a.low > b.low for a, b in zip(told, told[1:], strict=False))
    times = {one.family for one in told} == {"time"} and all(map(_AND.fullmatch, between))
    if others and not (times and falling):
        return None
    total = sum(one.low for one in told)
    return replace(told[0], low=total, high=total)


def _told(amount: _Amount, said: str) -> Quantity:
    value, unit = amount.value, amount.unit
    if unit in _UNITS:
        family, size = _UNITS[unit]
        return Quantity(value * size, value * size, family)
    if unit and unit in _SIGNS:
        per = _PER.search(said)
        times = sorted(map(str, periods(said.replace("/", " "))))
        paid = "/".join((unit, *times)) if times or per is None else f"{unit}/{per[1]}"
        return Quantity(value, value, "money", paid)
    return Quantity(value, value, "count", unit.removesuffix("s"), bare=not unit)


def _amount(match: re.Match[str], point: str) -> _Amount | None:
    value = _value(match["n"], point)
    before, after = (match["before"] or "").strip(), match["unit"] or ""
    end = match.end()
    if after in _STOP_WORDS and after not in _UNITS:
        after, end = "", match.end("n")
    if after in _MULTIPLES and value is not None:
        value, after = value * _MULTIPLES[after], ""
    unit = _CURRENCY.get(before, before) or _CURRENCY.get(after, _WORDS.get(after, after))
    return None if value is None else _Amount(value, unit, match.start(), end)


def _value(written: str, point: str) -> float | None:
    """A number; ``point`` parts the decimals in its column, where that is known."""
    if point and re.fullmatch(r"\d+[.,]\d+", written) and point in written:
        return float(written.replace(",", "."))
    if re.fullmatch(r"0[.,]\d+", written):
        return float(written.replace(",", "."))
    form = forms.normal(written)
    return float(form) if form and re.fullmatch(r"\d+(?:\.\d+)?", form) else None


def _point(cells: Sequence[str]) -> str:
    """What parts the decimals of a column: what stands before one or two last digits in some of its cells, so that of "3.25" and "2.125"
    the second is no thousand."""
    found = Counter(m[1] for cell in cells for m in re.finditer(r"\d([.,])\d{1,2}(?!\d)", cell))
    signs = [sign for sign, _ in found.most_common()]
    grouped = any(re.search(r"\d[.,]\d{3}[.,]\d", cell) for cell in cells)
    return signs[0] if len(signs) == 1 and not grouped else ""


def _in_figures(folded: str) -> str:
    """A folded text with the numbers that it says in words in figures: "two weeks"."""
    if not re.search(r"[^\W\d_]{3}", folded) or re.search(r"\d", folded):
        return folded
    for pack in PACKS.values():
        for n, start, end in reversed(list(numbers_in_words(folded, pack))):
            folded = f"{folded[:start]}{n}{folded[end:]}"
    return folded


def _of_column(column: str) -> tuple[Family, float] | None:
    """The unit that a column is called by: "Distance (km)", "duración en minutos"."""
    folded = language.fold(column)
    match = _CALLED_BY.search(folded)
    unit = match and _WORDS.get(match[1], match[1])
    return _UNITS.get(unit) if unit else None
