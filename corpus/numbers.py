"""Numbers, dates and times of a text with where they stand, each in one form: "noventa y nueve" and 99, "2,5 millones" and 2500000,
"3 de mayo de 2019" and 03/05/2019, "cinco y media de la tarde" and 17:30."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from corpus import dates, forms
from corpus.document import Lang
from corpus.languages import PACKS
from corpus.languages.pack import LanguagePack, fold
from corpus.worded import numbers_in_words

Number = tuple[str, int, int]
"""The one form, and the offsets of what it stands for."""

CURRENCIES: Final = (
    "USD|EUR|GBP|MXN|COP|ARS|CLP|PEN|UYU|BOB|CRC|GTQ|HNL|NIO|PAB|DOP|VES|PYG|BRL|CAD|AUD|NZD|CHF"
)
"""Codes of ISO 4217 that stand before or behind a sum, for a regular expression; in small letters some are words."""

_THOUSAND: Final = 1000
# Of 2019-05-04T10:22:00Z the date is one
_IN_FIGURES = re.compile(rf"{forms.COMPOSED}|\d+(?:[.,:/-]\d+)*(?!(?!T\d\d:)[^\W_])")
_TIMES_AFTER = re.compile(r"[ \u00a0\u202f]([^\W\d_]+)")


def numbers(text: str, lang: Lang) -> Iterator[Number]:
    """The numbers from two on, the dates and the times of day of a text in ``lang``, in figures or words, none within another.

    A time is "5:30 pm", or "5:30" where nothing says which half of the day it is in.
    """
    found = [*dates.places_of_dates(text), *_in_figures(text, lang)]
    pack = PACKS.get(lang)
    if pack is not None:
        # "one" and "un" are articles as often as numbers
        said = [(str(n), a, b) for n, a, b in numbers_in_words(text, pack) if n > 1]
        folded = fold(text)
        if len(folded) == len(text):  # Else places in one are not those in the other
            # Before the numbers that they are made of
            found = [*_times(folded, pack), *_decimals(folded, pack, said), *found]
        found += said
    reached = 0
    # Of two that overlap the one that begins first, then the longer: "2,5 millones" over "2,5"
    for form, start, end in sorted(found, key=lambda one: (one[1], -one[2])):
        if start >= reached:
            yield form, start, end
            reached = end


def _in_figures(text: str, lang: Lang) -> Iterator[Number]:
    pack = PACKS.get(lang)
    for found in _IN_FIGURES.finditer(text):
        form = forms.normal(found[0])
        if form is None or form in ("0", "1"):
            continue
        after = _TIMES_AFTER.match(text, found.end()) if pack is not None else None
        factor = pack.cardinals.get(fold(after[1]), 0) if pack is not None and after else 0
        multiple = forms.times(form, factor) if factor >= _THOUSAND else None
        if after is not None and multiple is not None:
            yield multiple, found.start(), after.end()
        else:
            yield form, found.start(), found.end()


def _times(folded: str, pack: LanguagePack) -> Iterator[Number]:
    for found in re.finditer(rf"(?<![\w.,:/-])(?:{pack.clock})(?!\w|[.,:/-]\d)", folded):
        said = found.groupdict()
        half = (
            "am" if said["am"] or said["morning"] else "pm" if said["pm"] or said["evening"] else ""
        )
        counted = said["past"] or said["to"] or ""
        announced = re.search(pack.before_clock, folded[max(0, found.start() - 12) : found.start()])
        # "dos y cinco", "ten to twelve", "5.30" and "17 h" alone may be numbers, a price and a while
        in_words = said["sharp"] or (
            counted and (counted not in pack.cardinals or announced or " minutes " in found[0])
        )
        in_figures = said["figures"] and (":" in found[0] or said.get("unit") or announced)
        figures = said["hour"].isdigit()
        hour = int(said["hour"]) if figures else pack.cardinals[said["hour"]]
        if not (half or in_words or in_figures) or hour > 24:
            continue
        minutes = int(said["figures"] or 0) + pack.minutes.get(said["past"] or "", 0)
        minutes -= pack.minutes.get(said["to"] or "", 0)
        hour, minutes = (hour - 1, minutes + 60) if minutes < 0 else (hour, minutes)
        if hour > 12:
            half = "pm" if hour < 24 else "am"
        elif figures and said["hour"].startswith("0"):
            half = half or "am"
        yield f"{hour % 12 or 12}:{minutes:02}{half and ' '}{half}", found.start(), found.end()


def _decimals(folded: str, pack: LanguagePack, said: Sequence[Number]) -> Iterator[Number]:
    """The numbers in words that have decimals: "treinta y tres coma treinta y tres"."""
    begins = {start: (int(form), end) for form, start, end in said}
    for form, start, end in said:
        point = re.compile(pack.point).match(folded, end)
        part = begins.get(point.end()) if point is not None else None
        if part is not None and 10 <= part[0] < 1000:
            yield f"{form}.{part[0]}".rstrip("0"), start, part[1]
