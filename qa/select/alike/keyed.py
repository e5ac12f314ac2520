"""Rows told apart by a number, a code or a size, "despacho 210", "HTTP 404", "Bus 3", "honey, 500 g": whether those that are quoted are of
another one than the question names.

A number that is asked for may stand elsewhere in a table for something else, the age of a cow or the number of beds, so that it says which row is
meant only where it stands for the thing that is named by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from corpus import language
from corpus.document import Lang
from index.searchable import QueryWord
from qa.members import members, shape
from qa.select.alike.numbered import NO, PRICED
from qa.select.alike.ranges import UNITS
from qa.select.alike.records import Row
from qa.select.values.quantities import Quantity, quantities
from qa.words import called

# "despacho 214", "animal n.º P-4", "HTTP 503"; an amount has its unit behind it
_NAMED: Final = re.compile(
    rf"([^\W\d_]{{3,}})\s+{NO}((?:[^\W\d_]{{1,3}}[-.]?)?\d{{1,6}}[^\W\d_]?)(?![\w%€$£]|[.,/:-]\d)(?:\s+([^\W\d_]+))?"
)
_DESIGNATION: Final = re.compile(r"(?:[^\W\d_]{1,3}[-.]?)?\d{1,6}[^\W\d_]?")
# Fewer figures count something as often as they name it, and four of these are a year.
_LEAST_FIGURES: Final = 3
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
# A word that stands for another one at least so likely may mean the same.
_SAME: Final = 0.1
# "de 1 l", "500 g"
_SIZE: Final = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)?\s?([^\W\d_]+)(?![\w²³/])")
_SIZED: Final = ("weight", "volume")
# A size up to which, or from one to another, is that of many things
_BAND: Final = re.compile(
    r"\b(?:hasta|desde|max\w*|min\w*|superior\w*|inferior\w*|mas de|menos de|up to|over|under|from|at (?:most|least)|more than|less than)\b|\d\s?[-–a]\s?\d|[<>≤≥]"
)


@dataclass(frozen=True, slots=True)
class _Named:
    """A thing that is named by a designation, both folded, with the terms that the thing may be called by."""

    by: str
    called: frozenset[str]


def are_of_another(
    question: str,
    words: Sequence[QueryWord],
    lang: Lang,
    quoted: Sequence[Row],
    every: Sequence[Row],
) -> bool:
    """Whether rows of a passage in ``lang`` that are ``quoted`` are of others than the one that a question names by a designation or a size;
    ``every``: those of their tables in the passage."""
    if not quoted:
        return False
    return (
        any(_is_elsewhere(one, quoted, every, lang) for one in _named(question, words, lang))
        or _have_no_column(question, words, lang, quoted)
        or _are_of_another_size(question, words, lang, [row.name for row in quoted])
    )


def _named(question: str, words: Sequence[QueryWord], lang: Lang) -> Iterator[_Named]:
    for found in _NAMED.finditer(language.fold(question)):
        word = next((w for w in words if language.fold(w.text) == found[1]), None)
        if word is not None and found[3] not in UNITS:
            yield _Named(found[2], frozenset(called(word, lang, _SAME)))


def _is_elsewhere(named: _Named, quoted: Sequence[Row], every: Sequence[Row], lang: Lang) -> bool:
    """Whether the column by which rows are told has designations, and in the rows that are quoted others than the one that is named: the column
    called as the thing is, else the first where what it says looks like that."""
    if named.by in {language.fold(row.name) for row in quoted}:
        return False
    columns = dict.fromkeys(cell.column for row in every for cell in row.cells if cell.column)
    own = [one for one in columns if named.called.intersection(language.terms(one, lang))]
    if own:
        return any(
            _tells_another(named, _in_column(quoted, one), _in_column(every, one)) for one in own
        )
    looks = len(named.by) >= _LEAST_FIGURES and not _YEAR.fullmatch(named.by)
    first = [language.fold(row.name) for row in every]
    alike = all(shape(one) == shape(named.by) for one in first)
    return looks and alike


def _in_column(rows: Sequence[Row], column: str) -> list[str]:
    said = (next((c.said for c in row.cells if c.column == column), "") for row in rows)
    return [language.fold(one).strip() for one in said]


def _tells_another(named: _Named, quoted: Sequence[str], every: Sequence[str]) -> bool:
    designates = all(_DESIGNATION.fullmatch(one) for one in every if one)
    return designates and all(quoted) and named.by not in quoted


def _have_no_column(
    question: str, words: Sequence[QueryWord], lang: Lang, quoted: Sequence[Row]
) -> bool:
    """Whether a question names one of the things that columns are called by, "Bus 1 | Bus 2 | Bus 3", and there is none for that one, nor do the
    rows name it."""
    said = [cell.column for row in quoted for cell in row.cells] + [
        c.said for row in quoted for c in row.cells
    ]
    told = [one for text in dict.fromkeys(said) for one in members(text)]
    columns = [
        one for text in {c.column for row in quoted for c in row.cells} for one in members(text)
    ]
    by_text = {language.fold(word.text): word for word in words}
    for asked in members(question, typed=True):
        word = by_text.get(asked.noun)
        terms = set() if word is None else called(word, lang, _SAME)
        alike = [one for one in columns if terms.intersection(language.terms(one.noun, lang))]
        if len(alike) > 1 and not any(
            one.covers(asked) for one in told if terms.intersection(language.terms(one.noun, lang))
        ):
            return True
    return False


def _are_of_another_size(
    question: str, words: Sequence[QueryWord], lang: Lang, names: Sequence[str]
) -> bool:
    """Whether it asks what a thing of a weight or volume costs, and rows named by words of the question say of what other size theirs are."""
    folded = language.fold(question)
    asked = list(_sizes(folded)) if PRICED.search(folded) else []
    if len(asked) != 1:
        return False
    terms = {term for word in words if word.text[0].isalpha() for term in called(word, lang, _SAME)}
    told = []
    for name in names:
        one = language.fold(name)
        if terms.isdisjoint(language.terms(_SIZE.sub(" ", one), lang)):
            continue
        sizes = [size for size in _sizes(one) if size.family == asked[0].family]
        if not sizes or _BAND.search(one):
            return False
        told += sizes
    return bool(told) and not any(abs(size.low - asked[0].low) < 1e-9 for size in told)


def _sizes(text: str) -> Iterator[Quantity]:
    """The weights and volumes that a text says."""
    for found in _SIZE.finditer(text):
        [one] = quantities([found[0]], "", money=False)
        if one is not None and one.family in _SIZED and not one.bare:
            yield one
