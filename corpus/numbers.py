"""Numbers and dates of a text with where they stand, each in one form: "noventa y nueve" and 99, "2,5 millones" and 2500000,
"3 de mayo de 2019" and 03/05/2019."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from corpus import forms
from corpus.document import Lang
from corpus.languages import PACKS
from corpus.languages.pack import LanguagePack, fold

Number = tuple[str, int, int]
"""The one form, and the offsets of what it stands for."""

_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"[ \u00a0-]")
_THOUSAND: Final = 1000
_IN_FIGURES = re.compile(rf"{forms.COMPOSED}|\d+(?:[.,:/-]\d+)*(?![^\W_])")
_TIMES_AFTER = re.compile(r"[ \u00a0\u202f]([^\W\d_]+)")
_MONTH_AND_YEAR = re.compile(r"(?<![\w./-])(\d{1,2})/(\d{4})(?![\w/-])")


def numbers(text: str, lang: Lang) -> Iterator[Number]:
    """The numbers from two on and the dates of a text in ``lang``, in figures or words, none within another."""
    found = [*forms.places_of_dates(text), *_months(text)]
    found += _in_figures(text, lang)
    pack = PACKS.get(lang)
    if pack is not None:
        found += _in_words(text, pack)
    reached = 0
    # Of two that overlap the one that begins first, then the longer: "2,5 millones" over "2,5"
    for form, start, end in sorted(found, key=lambda one: (one[1], -one[2])):
        if start >= reached:
            yield form, start, end
            reached = end


def _months(text: str) -> Iterator[Number]:
    for found in _MONTH_AND_YEAR.finditer(text):
        if 1 <= int(found[1]) <= 12:
            yield f"{found[2]}-{int(found[1]):02}", found.start(), found.end()


def _in_figures(text: str, lang: Lang) -> Iterator[Number]:
    pack = PACKS.get(lang)
    for found in _IN_FIGURES.finditer(text):
        form = forms.normal(found[0])
        if form is None or form in ("0", "1"):
            continue
        after = _TIMES_AFTER.match(text, found.end()) if pack is not None else None
        times = pack.cardinals.get(fold(after[1]), 0) if pack is not None and after else 0
        if after is not None and times >= _THOUSAND and re.fullmatch(r"\d+(?:\.\d{1,6})?", form):
            whole, _, part = form.partition(".")
            value = int(whole + part) * times // 10 ** len(part)
            yield str(value), found.start(), after.end()
        else:
            yield form, found.start(), found.end()


def _in_words(text: str, pack: LanguagePack) -> Iterator[Number]:
    words = list(_WORD.finditer(text))
    values = [pack.cardinals.get(fold(word[0])) for word in words]
    n = 0
    while n < len(words):
        first = values[n]
        if first is None or first > _THOUSAND:
            n += 1
            continue
        end, value = _reach(text, words, values, n, pack)
        # "one" and "un" are articles as often as numbers
        if value > 1:
            yield str(value), words[n].start(), words[end - 1].end()
        n = end


def _reach(
    text: str, words: list[re.Match[str]], values: list[int | None], first: int, pack: LanguagePack
) -> tuple[int, int]:
    """Where the words end that say one number from ``first`` on, and which: what is added is always less than what it is added to."""
    total = part = 0
    n = at = first
    while at < len(words):
        if at > first and not _BETWEEN.fullmatch(text[words[at - 1].end() : words[at].start()]):
            break
        value = values[at]
        if value is None:
            joins = fold(words[at][0]) in pack.joiners and at > first
            if not joins or n < at or at + 1 == len(words):
                break
            at += 1
            continue
        if value >= _THOUSAND:
            if total and value >= total or (total and not part):
                break
            total += max(part, 1) * value
            part = 0
        elif value == 100 and 0 < part < 10:
            part *= 100
        elif part and not (
            (value < 10 and part % 10 == 0 and part % 100 >= 20)
            or (value < 100 and part % 100 == 0)
        ):
            break
        else:
            part += value
        at += 1
        n = at
    return n, total + part
