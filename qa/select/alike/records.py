"""Which rows of tables a question is about, by what they are known by: "la cuota de la C+" is about that row and not about "C".

Rows are alike but for their first cells, so that neither a reader nor the search tells one from another that is called almost the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from corpus import language
from corpus.dates import says_when
from corpus.document import Block, Lang, Passage
from index.searchable import QueryWord, Searchable
from qa.rank import Ranked
from qa.select.alike.ranges import Amounts, joined
from qa.select.times.moments import Met, Moments, days, days_of_cell, days_of_week, months, periods
from qa.select.values.kind import (
    asks_for_prices,
    is_sum,
    lacks_kind,
    says_only_prices,
    speaks_of_money,
)
from qa.words import MEASURES, asks_by, folded_words, stood_for

# Names of so few letters are said in capitals: "A" is no preposition, and "TU" no pronoun.
_SHORT: Final = 2
_SIGNS: Final = r"+#*"


class Asked:
    """What a question says, as far as names can be found in it."""

    def __init__(self, question: str, words: Sequence[QueryWord] = ()):
        self._question = question
        self._folded = language.fold(question)
        self._terms: dict[Lang, set[str]] = {
            lang: set(language.terms(question, lang)) | stood_for(words, lang)
            for lang in language.PACKS
        }

    def has_words_of(self, said: str) -> bool:
        """Whether in one of the languages it has all of some words, or what stands for them there."""
        return any(
            set(found) <= held
            for lang, held in self._terms.items()
            if (found := language.terms(said, lang))
        )

    def n_words_of(self, said: str) -> int:
        """How many of some words it has, or what stands for them, in the language in which these are most."""
        return max(
            len(held.intersection(language.terms(said, lang))) for lang, held in self._terms.items()
        )

    def is_made_of(self, names: Iterable[str]) -> bool:
        """Whether all its words of content, in one of the languages, are words of some of these names."""
        said = " ".join(names)
        return any(
            set(language.terms(self._question, lang)) <= set(language.terms(said, lang))
            for lang in language.PACKS
        )

    def named(self, names: Iterable[str]) -> Named:
        """Which of some names it says, by all of their words or just as they are written.

        A name that is part of a longer one that it says is not meant by that: "C" is none in "C+", nor "Oro" in "Oro Plus".
        """
        every = dict.fromkeys(map(_plain, names))
        found = {name: spans for name in every if (spans := list(self._spans(name)))}
        exactly: set[str] = set()
        for name, spans in found.items():
            longer = [s for other, of in found.items() if len(other) > len(name) for s in of]
            if any(not any(a <= start and end <= b for a, b in longer) for start, end in spans):
                exactly.add(name)
        meant = {name for name in every if self.has_words_of(name)}
        if exactly and meant - exactly:
            spans = [span for name in exactly for span in found[name]]
            rest = Asked(language.blanked(self._folded, spans))
            said = [set(folded_words(name)) for name in exactly]
            for name in meant - exactly:
                is_part = any(set(folded_words(name)) <= longer for longer in said)
                if is_part and not rest.has_words_of(name):
                    meant.discard(name)
        return Named(frozenset(meant | exactly), frozenset(exactly))

    def _spans(self, name: str) -> Iterator[tuple[int, int]]:
        """Where a name with a letter stands in the question as it is written, signs and all, but for case and accents."""
        if not any(map(str.isalpha, name)):
            return
        parts = re.findall(rf"\w+|[{_SIGNS}]+|[^\w\s]", language.fold(name))
        # Most names are nowhere in a question, and to compile a pattern takes longer than to see that
        if not all(part in self._folded for part in parts):
            return
        pattern = r"\s*".join(map(re.escape, parts))
        apart = rf"(?<![\w{_SIGNS}-]){pattern}(?![\w{_SIGNS}]|-\w)"
        for match in re.finditer(apart, self._folded):
            start, end = match.span()
            if sum(map(str.isalnum, name)) > _SHORT or self._says_short(name, start, end):
                yield start, end

    def _says_short(self, name: str, start: int, end: int) -> bool:
        """Whether a short name that was found is meant: with a sign or figure in it, or in capitals, and not as the first word."""
        if not name.isalpha():
            return True
        aligned = len(self._folded) == len(self._question)
        opens = not re.search(r"\w", self._question[:start])
        return aligned and not opens and self._question[start:end] == name


# A document and where in it a table begins
_Table = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell of a row says, and what its column is called, by the row or by a header in the passage; both may be empty."""

    said: str
    column: str


@dataclass(frozen=True, slots=True)
class Row:
    """What the first cell of a row says, ``name``, and the others that have a letter: a number alone may be one of anything.

    ``called``: its name, and those of other records that stand in it side by side; ``cells``: by column; ``met``: what it says of when
    something is asked about; ``within``: an amount that is asked about lies in a range that it says, and not in that of every row.
    """

    table: _Table
    name: str
    others: tuple[str, ...]
    called: tuple[str, ...]
    cells: tuple[Cell, ...]
    met: Met
    within: bool = False

    @property
    def weight(self) -> float:
        """How much it says of when and of how much is asked about."""
        return self.met.weight + self.within


@dataclass(frozen=True, slots=True)
class Named:
    """Names of which a question says all the words, and those of them that it says just as they are written."""

    meant: frozenset[str]
    exactly: frozenset[str]

    def means(self, name: str) -> bool:
        """Whether it says all the words of a name."""
        return _plain(name) in self.meant

    def says(self, name: str) -> bool:
        """Whether it says a name as it is written."""
        return _plain(name) in self.exactly

    def without(self, name: str) -> Named:
        """The same but for a name."""
        return Named(self.meant - {_plain(name)}, self.exactly - {_plain(name)})


def _plain(name: str) -> str:
    return " ".join(name.split())


# "44001 Ababuj": who asks for a town says its name
_CODE_BEFORE: Final = re.compile(r"\A\d{5,}[-–.\s]+(?=[^\W\d_])")

# What stands before a cell in a row that names each of them: "Price: 4 €; Days: 2"
_COLUMN: Final = re.compile(r"[;\s]*(\S.*\S|\S)\s*:\s*", re.DOTALL)
# Fewer columns are no two records side by side
_LEAST_SIDE_BY_SIDE: Final = 4
# What stands behind a number names a row where there are so many, and it has words in most of them.
_LEAST_CODED: Final = 3
_CODE_ALONE: Final = re.compile(r"(\d{1,9})(?:[.,]0+)?")
# "Who speaks after lunch?" is about the row below
_BESIDE: Final = re.compile(
    r"\b(?:after|before|behind|next to|following|despues|antes|tras|detras|delante|luego|siguiente)\b"
)
_MOSTLY: Final = 0.8
# Fewer rows, or more that say the same kind of thing, are no form.
_LEAST_OF_FORM: Final = 3
_MOST_ALIKE: Final = 0.6
_NAME: Final = re.compile(
    r"[^\W\d_a-zß-ÿ][\w'’.-]*(?: (?:(?:d|del?|las?|los|y|von|van|of) )*[^\W\d_a-zß-ÿ][\w'’.-]*){1,5}"
)
# "What may I bring?" asks of no month
_MAY: Final = re.compile(
    r"(?<!\bin )(?<!\bof )(?<!\bfor )(?<!\bthe )(?<!\d )\bmay\b(?! \d)", re.IGNORECASE
)
# "The first market after June"
_AROUND: Final = re.compile(
    r"\b(?:after|before|until|till|by|since|antes|despu[eé]s|hasta|desde|tras|a partir)\b",
    re.IGNORECASE,
)
# A month or day that one column alone is called by parts the table by nothing.
_LEAST_TIMES: Final = 2


def tables_of(
    passage: Passage, blocks: Sequence[Block]
) -> dict[int | None, dict[int, tuple[Cell, ...]]]:
    """By the number of its block the tables of a passage, with the cells of their rows that begin in it, by number of block as well; a row with a
    single cell is a heading within its table."""
    told: dict[int, tuple[Cell, ...]] = {}
    tables: dict[int | None, list[int]] = {}
    for number, block in enumerate(blocks):
        if block.kind != "row":
            continue
        cells = [cell for cell in block.cells or () if cell[0] < cell[1]]
        if len(cells) > 1 and passage.start <= cells[0][0] and cells[-1][1] <= passage.end:
            told[number] = tuple(_cells(passage, block))
            tables.setdefault(block.parent, []).append(number)
    found: dict[int | None, dict[int, tuple[Cell, ...]]] = {}
    for parent, numbers in tables.items():
        columns: dict[int, str] = {}
        found[parent] = {}
        for number in numbers:
            if blocks[number].level == 1:
                columns = {n: cell.said for n, cell in enumerate(told[number])}
            else:
                found[parent][number] = tuple(
                    replace(cell, column=cell.column or columns.get(n, ""))
                    for n, cell in enumerate(told[number])
                )
    return found


def _rows_of(
    passage: Passage,
    blocks: Sequence[Block],
    moments: Moments,
    amounts: Amounts,
    *,
    by_words: bool,
) -> dict[int, Row]:
    """The rows that begin in a passage and have several cells, by number of block. Those that begin with a number are called ``by_words`` behind
    it as well."""
    found = {}
    for parent, told in tables_of(passage, blocks).items():
        rows = list(told)
        of_rows = [told[number] for number in rows]
        first = _first_name(of_rows)
        behind = _behind_codes(of_rows, passage.lang) if by_words and first is None else {}
        table = passage.doc_id, -1 if parent is None else blocks[parent].start
        for n, number in enumerate(rows):
            name, *others = (cell.said for cell in told[number] if cell.said)
            if first is None:
                beside = [behind[n]] if n in behind else []
            else:
                beside = [name, *others][first::2]
            met = moments.met([cell.said for cell in told[number]], passage.lang)
            lettered = tuple(one for one in others if any(map(str.isalpha, one)))
            called = tuple(dict.fromkeys((name, *beside)))
            found[number] = Row(table, name, lettered, called, told[number], met)
        for n in _within(of_rows, amounts):
            found[rows[n]] = replace(found[rows[n]], within=True)
    return found


def _within(rows: Sequence[Sequence[Cell]], amounts: Amounts) -> set[int]:
    """The rows, by place, that say a range in which one of the amounts lies, in a column of ranges in some of which none does."""
    found: set[int] = set()
    for at in range(max(map(len, rows), default=0) if amounts else 0):
        told = {
            n: amounts.within(_range_at(row, at)) for n, row in enumerate(rows) if at < len(row)
        }
        if set(told.values()) >= {True, False}:
            found.update(n for n, within in told.items() if within)
    return found


def _range_at(row: Sequence[Cell], at: int) -> str:
    """What a cell of a row says, with the one after it where the two are a range: "Desde | Hasta"."""
    one, after = row[at], row[at + 1] if at + 1 < len(row) else Cell("", "")
    return joined(one.said, one.column, after.said, after.column) or one.said


def _cells(passage: Passage, row: Block) -> Iterator[Cell]:
    """The cells of a row, by column, empty ones too."""
    before, text = row.start, passage.text
    for start, end in row.cells or ():
        named = _COLUMN.fullmatch(
            text[max(0, before - passage.start) : max(0, start - passage.start)]
        )
        said = text[max(0, start - passage.start) : max(0, end - passage.start)]
        yield Cell(_CODE_BEFORE.sub("", said), named[1] if named else "")
        before = end


def _first_name(rows: Sequence[Sequence[Cell]]) -> int | None:
    """Where the names begin, at the first cell or the second, in a table of rows in which several records stand side by side: "A | 93-100 % |
    B | 83-92 %", a name and a value by turns, and what the columns are called repeated, if they are called anything; None for others."""
    filled = [[cell for cell in row if cell.said] for row in rows]
    for row in filled:
        columns = [cell.column for cell in row]
        if any(columns) and columns != (columns[:2] * len(columns))[: len(columns)]:
            return None
    values = [[any(map(str.isdigit, cell.said)) for cell in row] for row in filled]
    wide = [row for row in values if len(row) >= _LEAST_SIDE_BY_SIDE]
    for first in (0, 1):
        turns = [row for row in wide if row == [n % 2 != first for n in range(len(row))]]
        if turns and len(turns) * 2 > len(values):
            return first
    return None


def _behind_codes(rows: Sequence[Sequence[Cell]], lang: Lang) -> dict[int, str]:
    """What rows are called, by their places, in words behind the number that all of them begin with: "59 | Mirror 30x40 | 26.00". Numbers from 1 on
    count steps or ranks, of which one is told by another; and a name that is a part of another one is none, "Noise" beside "Noise at night"."""
    codes = [_CODE_ALONE.fullmatch(row[0].said) for row in rows]
    numbers = [int(code[1]) for code in codes if code is not None]
    if len(rows) < _LEAST_CODED or len(numbers) < len(rows) or min(numbers) <= 1:
        return {}
    for at in range(1, min(map(len, rows))):
        said = {n: row[at].said for n, row in enumerate(rows) if row[at].said}
        if sum(any(map(str.isalpha, one)) for one in said.values()) < _MOSTLY * len(rows):
            continue
        terms = {n: set(language.terms(one, lang)) for n, one in said.items()}
        return {
            n: one
            for n, one in said.items()
            if terms[n] and not any(terms[n] <= other for m, other in terms.items() if m != n)
        }
    return {}


def without_other_rows(
    question: str, passages: Sequence[Ranked], index: Searchable
) -> list[Ranked]:
    """The passages without parts of rows that the question is not about: it has all words by which another row of the document is known
    that was cut as well, and they have not. Parts of such rows are alike, but for what stands over them."""
    asked = Asked(question)
    names: dict[str, list[str]] = {}
    for ranked in passages:
        said = [said for said in _known_by(ranked) if asked.has_words_of(said)]
        if said and _is_of_cut_row(ranked, index):
            names.setdefault(ranked.passage.doc_id, []).extend(said)
    return [p for p in passages if _may_be_meant(p, names.get(p.passage.doc_id, ()), index)]


def _may_be_meant(ranked: Ranked, names: Sequence[str], index: Searchable) -> bool:
    """Whether a passage is no part of a row that was cut, or has one of the names by which rows are asked for."""
    if not names or not _is_of_cut_row(ranked, index):
        return True
    held = Asked(f"{ranked.passage.heading}\n{ranked.passage.text}")
    return any(map(held.has_words_of, names))


def _known_by(ranked: Ranked) -> list[str]:
    """What stands over a passage below its title and headings, by its parts: if it is of a row that was cut, what that is known by."""
    above = ranked.passage.heading.split(" › ")[1:]
    said = next((part for part in above if part not in ranked.place.section_path), "")
    cells = [cell.rpartition(": ")[2] for cell in said.split("; ")]
    return [cell for cell in cells if any(map(str.isalpha, cell))]


def _is_of_cut_row(ranked: Ranked, index: Searchable) -> bool:
    """Whether a passage has a part of a row and not all of it."""
    start, end = ranked.passage.start, ranked.passage.end
    return any(
        block.kind == "row" and (block.start < start < block.end or block.start < end < block.end)
        for block in index.blocks(ranked.candidate.row)
    )


_OF_TABLES: Final = frozenset({"table", "row", "caption"})


class AskedRows:
    """The rows of some passages, and which of them a question names."""

    def __init__(
        self,
        question: str,
        words: Sequence[QueryWord],
        passages: Sequence[Ranked],
        index: Searchable,
    ):
        self._question = question
        self._asked = Asked(question, words)
        # What is left of the words of who asks for all prices
        self._priced = (
            [
                word
                for word in words
                if not (says_only_prices(word.text) or language.fold(word.text) in MEASURES)
            ]
            if asks_for_prices(question)
            else None
        )
        moments = Moments(question)
        # The 5 of "5 May" names no row 5
        dayless = moments.without_days(question)
        amounts = Amounts(dayless)
        self._blocks = {id(p): index.blocks(p.candidate.row) for p in passages}
        by_words = _BESIDE.search(language.fold(question)) is None and not moments
        self._rows = {
            id(p): _rows_of(p.passage, self._blocks[id(p)], moments, amounts, by_words=by_words)
            for p in passages
        }
        beside = Asked(dayless)
        names: dict[_Table, list[str]] = {}
        for row in (row for rows in self._rows.values() for row in rows.values()):
            names.setdefault(row.table, []).extend(
                name for name in row.called if not name.isdigit() or beside.has_words_of(name)
            )
        self._named = {table: self._asked.named(every) for table, every in names.items()}
        for table, subject in _subjects(
            row for rows in self._rows.values() for row in rows.values()
        ):
            # "When was the patient born?" is not about "Patient | W. Crabbe"
            if table in self._named and not self._asked.is_made_of(self._named[table].meant):
                self._named[table] = self._named[table].without(subject)
        # Of tables of which it tells rows by when they are, as it names none, how surely the surest are told
        self._told: dict[_Table, float] = {}
        for row in (row for rows in self._rows.values() for row in rows.values()):
            if row.met.sure and not self._named[row.table].meant:
                self._told[row.table] = max(row.met.sure, self._told.get(row.table, 0.0))

    def rows(self, ranked: Ranked) -> dict[int, Row]:
        """The rows that begin in a passage and have several cells, by number of block."""
        return self._rows[id(ranked)]

    def are_all_asked(self, ranked: Ranked) -> bool:
        """Whether the question asks for the prices of all rows of a passage: it names none, and nothing that is not in the title, the headings or the
        names of columns."""
        rows = self.rows(ranked).values()
        if self._priced is None or not rows or any(self.named(row).meant for row in rows):
            return False
        columns = dict.fromkeys(cell.column for row in rows for cell in row.cells)
        place, lang = ranked.place, ranked.passage.lang
        over = "\n".join((place.title, *place.section_path, *columns)).replace("_", " ")
        held = set(language.terms(over, lang))
        priced = any(speaks_of_money(column.replace("_", " ")) for column in columns)
        return priced and all(stood_for([word], lang) & held for word in self._priced)

    def named(self, row: Row) -> Named:
        """What the question names of the rows of the table of a row."""
        return self._named[row.table]

    def held(self, row: Row) -> float:
        """How much of what the question says a row has beside its name: 1 for each cell that it has all words of, for a day of the week, for
        a time and for a range that an amount lies in, 2 for a day of the year, more where one cell says several of these."""
        return sum(map(self._asked.has_words_of, row.others)) + row.weight

    def are_said(self, ranked: Ranked) -> bool:
        """Whether the question says what a row of a passage is called as it is written, or surely when it is."""
        return any(
            any(map(self.named(row).says, row.called)) or row.met.sure == self._told.get(row.table)
            for row in self.rows(ranked).values()
        )

    def are_others(self, ranked: Ranked, start: int, end: int) -> bool:
        """Whether a stretch of a passage, ``[start, end)`` in it, is nothing but rows that the question does not name, of tables of which it
        names other rows as they are written or tells them surely by when they are."""
        rows = self.within(ranked, start, end)
        return bool(rows) and all(map(self._is_other, rows))

    def _is_other(self, row: Row) -> bool:
        if self.named(row).exactly:
            return not self._is_meant(row)
        return row.met.sure != self._told.get(row.table, row.met.sure)

    def _is_meant(self, row: Row) -> bool:
        return any(map(self.named(row).means, row.called))

    def within(self, ranked: Ranked, start: int, end: int) -> list[Row]:
        """The rows of a stretch that is of tables alone; none of others."""
        start, end = ranked.passage.start + start, ranked.passage.start + end
        blocks = enumerate(self._blocks[id(ranked)])
        within = {n: block.kind for n, block in blocks if block.start < end and start < block.end}
        if not _OF_TABLES.issuperset(within.values()):
            return []
        return [row for n, row in self.rows(ranked).items() if n in within]

    def value(self, ranked: Ranked, start: int, end: int) -> tuple[int, int] | None:
        """Where in a stretch of a passage, ``[start, end)`` in it, that is one row the cell stands that is asked for: the one in the column that
        the question names, best of several, else one of a sum of money, or of another kind that it asks for; None where that is not told."""
        if not asks_by(self._question):
            return None
        blocks, at = self._blocks[id(ranked)], ranked.passage.start
        held = [
            (row, blocks[n].cells or ())
            for n, row in self.rows(ranked).items()
            if start <= blocks[n].start - at and blocks[n].end - at <= end
        ]
        if len(held) != 1:
            return None
        [(row, spans)] = held
        cells = [
            (cell, (a - at, b - at))
            for cell, (a, b) in list(zip(row.cells, spans, strict=True))[1:]
            if any(map(str.isalnum, cell.said))
        ]
        named = [one for one in cells if one[0].column and self._asked.has_words_of(one[0].column)]
        found = named or [one for one in cells if self._is_of_kind(one[0])]
        n_words = [self._asked.n_words_of(cell.column) for cell, _ in found]
        best = [span for (_, span), n in zip(found, n_words, strict=True) if n == max(n_words)]
        return best[0] if len(best) == 1 else None

    def _is_of_kind(self, cell: Cell) -> bool:
        """Whether a cell is a sum of money or another thing by whose form it is known, and the question asks for one."""
        if is_sum(self._question, cell.said, cell.column):
            return True
        return lacks_kind(self._question, "") and not lacks_kind(self._question, cell.said)

    def lack_value(self, ranked: Ranked, start: int, end: int) -> bool:
        """Whether a stretch of a passage, ``[start, end)`` in it, is rows that do not say what is asked of them and others of their table do:
        it is empty in the column that the question names, or that in which others have the kind of value that it asks for, or what it says it says
        by months, days of the week or spans of time of which none is asked for."""
        rows = self.within(ranked, start, end)
        most = max(map(self.held, rows), default=0)
        meant = [row for row in rows if self._is_meant(row)]
        if not meant and [self.held(row) for row in rows].count(most) == 1:
            meant = [row for row in rows if self.held(row) == most]
        every = self.rows(ranked).values()
        return bool(meant) and all(
            self._lacks_value(
                row, [one for one in every if one.table == row.table and one is not row]
            )
            for row in meant
        )

    def are_of_other_times(self, ranked: Ranked, start: int, end: int) -> bool:
        """Whether a stretch of a passage, ``[start, end)`` in it, is rows that each say of which month or on which day of the week, and none of the one
        about which the question openly asks."""
        lang, rows = ranked.passage.lang, self.within(ranked, start, end)
        if not rows or not asks_by(self._question) or _AROUND.search(self._question):
            return False
        for times_of in (_months_of, days_of_cell):
            asked = times_of(_MAY.sub(" ", self._question), lang)
            told = [
                frozenset().union(*(times_of(cell.said, lang) for cell in row.cells))
                for row in (rows if len(asked) == 1 else ())
            ]
            # From one to another
            if told and all(len(one) == 1 and asked.isdisjoint(one) for one in told):
                return True
        return False

    def _lacks_value(self, row: Row, others: Sequence[Row]) -> bool:
        own, beside = _by_column(row), [_by_column(other) for other in others]
        n_filled = Counter(column for cells in beside for column in cells)
        usual = [column for column, n in n_filled.items() if n * 2 > len(others)]
        called = [column for column in {*own, *usual} if any(map(str.isalpha, column))]
        asked = [column for column in called if self._asked.has_words_of(column)]
        if asks_by(self._question):
            if asked:
                return own.keys().isdisjoint(asked)
            if self._is_of_other_times({*own, *usual}):
                return True
        if any(not lacks_kind(self._question, value) for value in own.values()):
            return False
        return any(
            all(
                not lacks_kind(self._question, cells[column]) for cells in beside if column in cells
            )
            for column in usual
            if column not in own
        )

    def _is_of_other_times(self, columns: Iterable[str]) -> bool:
        for times_of in (months, days_of_week, periods):
            if not (asked := times_of(self._question)):
                continue
            told = [times for column in columns if (times := times_of(column))]
            if len(told) >= _LEAST_TIMES and asked.isdisjoint(set().union(*told)):
                return True
        return False


def _months_of(said: str, lang: Lang) -> frozenset[int]:
    """The months that a cell says, by days of them, too."""
    return months(said).union(*(day.first[:1] + day.last[:1] for day in days(said)))


def _subjects(rows: Iterable[Row]) -> Iterator[tuple[_Table, str]]:
    """Of forms, tables of two columns without names of which the rows say several kinds of things about one somebody, what the rows are called
    that say a name: "Patient | W. Crabbe". A list of prices, or of people, says the same kind of thing in most of its rows."""
    forms: dict[_Table, list[tuple[str, str]]] = {}
    others: set[_Table] = set()
    for row in rows:
        filled = [cell.said for cell in row.cells if cell.said]
        if len(filled) == 2 and not any(cell.column for cell in row.cells):
            forms.setdefault(row.table, []).append((row.name, _kind_of(filled[1])))
        else:
            others.add(row.table)
    for table, told in forms.items():
        most = max(Counter(kind for _, kind in told).values())
        if table not in others and len(told) >= _LEAST_OF_FORM and most <= _MOST_ALIKE * len(told):
            yield from ((table, name) for name, kind in told if kind == "name")


def _kind_of(said: str) -> str:
    """What kind of thing a cell says: a name, or a day, an address on the net, a number, words with one, words."""
    if says_when(said):
        return "when"
    if "@" in said:
        return "address"
    if any(map(str.isdigit, said)):
        return "words and number" if sum(map(str.isalpha, said)) > 1 else "number"
    return "name" if _NAME.fullmatch(said) else "words"


def _by_column(row: Row) -> dict[str, str]:
    """What the cells of a row say that say something, without the first, by what their columns are called, else by their numbers."""
    return {
        cell.column or str(n): cell.said
        for n, cell in enumerate(row.cells)
        if n and any(map(str.isalnum, cell.said))
    }
