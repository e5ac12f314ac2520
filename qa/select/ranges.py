"""Between which amounts a row is: of "4-13 años", "hasta 2 kg", "20.001 € | 35.000 €" a question says the number that is in one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from corpus import forms, language
from corpus.languages import PACKS

_NUMBER: Final = r"\d+(?:[.,]\d+)*"
_AMOUNT: Final = (
    rf"(?P<sign{{0}}>[€$£])?\s*(?P<n{{0}}>{_NUMBER})\s*-?\s*(?P<unit{{0}}>[€$£%]|[^\W\d_]+)??"
)
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
# What is called in two ways, or in two languages
_UNITS: Final = {
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
_STOP_WORDS: Final = frozenset().union(*(pack.stop_words for pack in PACKS.values()))


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
    return _UNITS.get(word, word.removesuffix("s"))
