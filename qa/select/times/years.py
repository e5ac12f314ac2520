"""Where a question asks about one year, whether a quote is of another one.

"En 2021 durmieron 1.870 peregrinos" resembles the question about 2022 more than anything else does, and whoever reads it as an answer is
misled. In doubt a quote is not of another year: what holds since 2015, until 2030 or from 2020 to 2025, what was founded in 1990 and
a law of 1992 say nothing of when what is asked for is so.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

from corpus import language
from corpus.document import Span
from corpus.languages import PACKS
from index.searchable import Place, Searchable
from qa.cite import Quote
from qa.rank import Ranked
from qa.select import Unit
from qa.select.spans import kind_asked
from qa.words import asks_by

_WORDS: Final = [pack.years for pack in PACKS.values()]
_TO: Final = "|".join(words.to for words in _WORDS)
_IN: Final = "|".join(words.within for words in _WORDS)
_OF_WORDS: Final = "|".join(words.of for words in _WORDS)
_MONTHS: Final = "|".join(month for pack in PACKS.values() for month in pack.months)

_YEAR: Final = r"(?:19\d\d|20\d\d|2100)"
_ALONE: Final = re.compile(rf"(?<![\w.,:/$€£-]){_YEAR}(?![\w%€$£/-]|[.,:]\d)")
_DATE: Final = re.compile(rf"(?<![\w./-])(?:\d{{1,2}}([/.-])\d{{1,2}}\1({_YEAR})|({_YEAR})-\d\d-\d\d)(?![\w/-])")  # fmt: skip
_SHORT_DATE: Final = re.compile(r"(?<![\w./-])\d{1,2}([/.-])\d{1,2}\1(\d\d)(?![\w/-])")
_RANGE: Final = re.compile(
    rf"(?<![\w./-])({_YEAR})(?:\s*[-–—/]\s*|\s+(?:{_TO})\s+)({_YEAR}|\d\d)(?![\w/-])"
)
_DECADE: Final = re.compile(r"\b((?:19|20)\d)0'?s\b")

# What may stand between a year and the word that says how it is meant
_BESIDE: Final = "|".join(words.beside for words in _WORDS)
_THE: Final = rf"(?:\s+(?:{_BESIDE}|{_OF_WORDS}|\d{{1,2}}|{_MONTHS}|,))*\W*\Z"
_SINCE: Final = re.compile(rf"\b(?:{'|'.join(words.since for words in _WORDS)})\b{_THE}")
_UNTIL: Final = re.compile(rf"\b(?:{'|'.join(words.until for words in _WORDS)})\b{_THE}")
# "fundada en 1990", "the law of 1992", "entra en vigor en 2021"
_RULES: Final = "|".join(words.rules for words in _WORDS)
RULE: Final = re.compile(rf"\b(?:{_RULES})\b")
"""Words, folded, for texts that hold until another one does."""
_MENTIONED: Final = re.compile(
    rf"\b(?:(?:{_RULES})(?:\W+\w+){{0,6}}?|{'|'.join(words.begun for words in _WORDS)})"
    rf"\s+(?:{'|'.join(words.at for words in _WORDS)}){_THE}"
)
_EDITIONS: Final = [pack.editions for pack in PACKS.values()]
_EARLIER: Final = "|".join(words.earlier for words in _EDITIONS)
_REPLACING: Final = "|".join(words.replacing for words in _EDITIONS)
REPLACING: Final = re.compile(rf"\b(?:{_REPLACING})\b")
"""Words, folded, by which one text says that it takes the place of another."""
# "sustituye a las de 2019", "replaces all earlier rules"
_REPLACES: Final = re.compile(
    rf"\b(?:{_REPLACING})\b([^.;\n]*\b(?:{_YEAR}|{_EARLIER}|{_RULES})\b[^.;\n]*)"
)
_LATER: Final = re.compile(rf"\b(?:{'|'.join(words.later for words in _WORDS)})\b")
# Words after which a number of four digits is a year, and not as many of what follows
_DATED: Final = re.compile(rf"(?:\b(?:{_IN}|{_MONTHS})|'s)(?:\s+(?:{_OF_WORDS}))?\W*\Z")
_COUNTED: Final = re.compile(
    rf"\s+(?:{'|'.join(words.counted for words in _WORDS)}|eur|kg|km|m2?|ml|g)\b"
)
_OF: Final = re.compile(
    rf"(?:\b(?:{_OF_WORDS}|{'|'.join(words.beyond for words in _WORDS)})\W*|[:|(,;/–—-]\s*|\A\W*)\Z"
)

_CLOSED: Final = re.compile(rf"\W*(?:{'|'.join(pack.closed for pack in PACKS.values())})\b")
_FIRST_ASKING: Final = frozenset().union(*(pack.asking_first for pack in PACKS.values()))
_ASKS_FIRST: Final = re.compile(rf"(?:\A|¿)\W*(?:\w+ )?(?:{'|'.join(_FIRST_ASKING)})\b")
_DAY: Final = re.compile(
    rf"\b(?:\d{{1,2}}\W+(?:(?:{_OF_WORDS})\s+)?(?:{_MONTHS})|(?:{_MONTHS})\s+\d{{1,2}})\b|\b{_YEAR} \d{{1,2}} \d{{1,2}}\b"
)


class AskedYear:
    """The one year that an open question asks about; none, and then nothing is of another, where it names no year, several, or one that
    something holds since or until."""

    def __init__(self, question: str):
        self._year = _asked(question)
        self._documents: dict[str, bool] = {}

    def __bool__(self) -> bool:
        """Whether there is one."""
        return self._year is not None

    def is_not_of(self, ranked: Ranked, unit: Unit, index: Searchable) -> bool:
        """Whether a unit is of another year: its own words say so, its headings, its document's title or the name of the file, and neither
        these nor its passage have the year that is asked about."""
        year, place = self._year, ranked.place
        if year is None:
            return False
        passage, quote = place.passage, unit.quote
        path = [line for line in place.section_path if line != place.title]
        header = _header(ranked, quote, index)
        # What stands beside may be said of the same year
        beside = without_replaced(passage.text)
        said = "\n".join((*path, header, place.title, passage.doc_id, beside))
        if _holds(said, year):
            return False
        of_words = _told(unit, year)
        if of_words is not None:
            return of_words
        if any(_others(line, year) for line in (header, *path)):
            return True
        return self._is_of_other_document(place, index, year)

    def _is_of_other_document(self, place: Place, index: Searchable, year: int) -> bool:
        """Whether a document is called by another year and has nothing of this one."""
        doc_id = place.passage.doc_id
        if doc_id not in self._documents:
            names = (
                place.title,
                re.sub(r"[\W_]+|(?<=[^\W\d_])(?=\d)", " ", PurePosixPath(doc_id).stem),
            )
            # A rule holds until another one does and not before it, and what is of one day may speak of the year to come
            if any(RULE.search(language.fold(name)) for name in names):
                own = [int(one[0]) for name in names for one in _ALONE.finditer(name)]
                called = min(own, default=year) > year
            else:
                dated = any(map(_is_dated, names))
                called = not dated and any(_others(name, year) for name in names)
            text = index.document(doc_id, blocks=False).text if called else ""
            self._documents[doc_id] = called and not _holds(without_replaced(text), year)
        return self._documents[doc_id]


def without_replaced(text: str) -> str:
    """A text without what it says that it takes the place of: rules of 2025 that replace those of 2019 say nothing of 2019."""
    folded = language.fold(text)
    if len(folded) != len(text):
        return text
    return language.blanked(text, (one.span(1) for one in _REPLACES.finditer(folded)))


def _asked(question: str) -> int | None:
    folded = language.fold(question)
    found = {int(one[0]): one for one in _ALONE.finditer(folded)}
    if len(found) != 1 or _RANGE.search(folded) or not is_open(question):
        return None
    [(year, match)] = found.items()
    before, after = folded[: match.start()], folded[match.end() :]
    if bounds(before) or _MENTIONED.search(before):
        return None
    if _COUNTED.match(after) and not _DATED.search(before):
        return None
    return None if kind_asked(question) == "date" else year


def bounds(before: str) -> bool:
    """Whether the folded words before a year or a day say that something holds since it or until it."""
    return bool(_SINCE.search(before) or _UNTIL.search(before))


def is_open(question: str) -> bool:
    """Whether it does not ask whether something is so, which the true year answers."""
    folded = language.fold(question)
    if _CLOSED.match(folded):
        return False
    # "¿Es verdad que …?"
    opens = _ASKS_FIRST.search(folded) is not None or bool(asks_by(question) - _FIRST_ASKING)
    return opens or "?" not in question


def _told(unit: Unit, year: int) -> bool | None:
    """Whether the words of a unit are of another year, those that answer or what leads to them; None where they have no year."""
    text, span = unit.quote.text, unit.span
    told: list[bool | None] = []
    for start, end in _sentences(text):
        if span is not None and start >= span.end:
            break
        sentence = language.fold(text[start:end])
        others = _others(sentence, year)
        if _LATER.search(sentence) or _is_open_ended(sentence, year):
            return False
        # "Mayor, elected in 1947, until 1955"
        if others and min(others) < year < max(others):
            return False
        told.append(bool(others) or None)
    if span is None and told and told[0] is None and 2 * told.count(True) < len(told):
        return None
    return True if any(told) else None


def _sentences(text: str) -> list[Span]:
    """The sentences of a text, none of them over several lines."""
    lines = [(line.start(), line.end()) for line in re.finditer(r"[^\n]+", text)]
    return [one for start, end in lines for one in language.sentences(text, start, end)]


def _holds(text: str, year: int) -> bool:
    """Whether a text has a year, in whatever form, or years from and to between which it is."""
    if re.search(rf"(?<!\d){year}(?!\d)", text):
        return True
    folded = language.fold(text)
    if any(int(one[2]) == year % 100 for one in _SHORT_DATE.finditer(folded)):
        return True
    if any(int(one[1]) == year // 10 for one in _DECADE.finditer(folded)):
        return True
    for one in _RANGE.finditer(folded):
        last = one[2] if len(one[2]) == 4 else one[1][:2] + one[2]
        if int(one[1]) <= year <= int(last):
            return True
    return _is_open_ended(folded, year)


def _is_open_ended(folded: str, year: int) -> bool:
    """Whether a folded text says what is so since a year before another, or until one after it."""
    for one in _ALONE.finditer(folded):
        before = folded[: one.start()]
        if int(one[0]) <= year and _SINCE.search(before):
            return True
        if int(one[0]) >= year and _UNTIL.search(before):
            return True
    return False


def _others(text: str, year: int) -> set[int]:
    """The years other than one that a text says something of; those in which something began or ended, those of laws and those that only
    bound a time are none."""
    folded = language.fold(text)
    found = {int(one[2] or one[3]) for one in _DATE.finditer(folded)}
    found |= {int(one[1]) for one in _RANGE.finditer(folded)}
    for one in _ALONE.finditer(folded):
        before, after = folded[: one.start()], folded[one.end() :]
        if any(said.search(before) for said in (_SINCE, _UNTIL, _MENTIONED)):
            continue
        # A name or a cell may have nothing but its year
        counted = _COUNTED.match(after) is not None
        if _DATED.search(before) or (not counted and (_OF.search(before) or not after.strip())):
            found.add(int(one[0]))
    return found - {year}


def _is_dated(name: str) -> bool:
    """Whether a name has the day, too."""
    folded = language.fold(name)
    return bool(_DATE.search(folded) or _DAY.search(folded))


def _header(ranked: Ranked, quote: Quote, index: Searchable) -> str:
    """The first line of the table that a quote is a row of; "" where it is none, or begins with that."""
    blocks = index.blocks(ranked.candidate.row)
    row = next((b for b in blocks if b.kind == "row" and b.start <= quote.start < b.end), None)
    if row is None or row.parent is None:
        return ""
    start = blocks[row.parent].start
    text = index.document(quote.passage.doc_id, blocks=False).text
    return (
        text[start : min(quote.start, row.start)].split("\n", 1)[0] if start < quote.start else ""
    )
