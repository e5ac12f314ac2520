"""Which rows of tables a question is about, by what they are known by: "la cuota de la C+" is about that row and not about "C".

Rows are alike but for their first cells, so that neither a reader nor the search tells one from another that is called almost the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from corpus import language
from corpus.document import Block, Lang, Passage
from index.searchable import QueryWord, Searchable
from qa.rank import Ranked
from qa.words import folded_words, stood_for

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
            rest = Asked(self._without([s for name in exactly for s in found[name]]))
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

    def _without(self, spans: Iterable[tuple[int, int]]) -> str:
        rest = list(self._folded)
        for start, end in spans:
            rest[start:end] = " " * (end - start)
        return "".join(rest)


@dataclass(frozen=True, slots=True)
class Row:
    """What the first cell of a row says, ``name``, and the others that have a letter: a number alone may be one of anything."""

    name: str
    others: tuple[str, ...]


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


def _plain(name: str) -> str:
    return " ".join(name.split())


# "44001 Ababuj": who asks for a town says its name
_CODE_BEFORE: Final = re.compile(r"\A\d{5,}[-–.\s]+(?=[^\W\d_])")


def _rows_of(passage: Passage, blocks: Sequence[Block]) -> dict[int, Row]:
    """The rows that begin in a passage and have several cells, by number of block; one with a single cell is a heading within its table."""
    found = {}
    for number, block in enumerate(blocks):
        if block.kind != "row" or block.level == 1:
            continue
        cells = [cell for cell in block.cells or () if cell[0] < cell[1]]
        if len(cells) > 1 and passage.start <= cells[0][0] and cells[0][1] <= passage.end:
            said = (passage.text[a - passage.start : b - passage.start] for a, b in cells)
            name, *others = (_CODE_BEFORE.sub("", one) for one in said)
            found[number] = Row(name, tuple(one for one in others if any(map(str.isalpha, one))))
    return found


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


# A document and where in it a table begins
_Table = tuple[str, int]
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
        self.asked = Asked(question, words)
        self._of = {id(p): _PassageRows.of(p, index.blocks(p.candidate.row)) for p in passages}
        every: dict[_Table, list[str]] = {}
        for held in self._of.values():
            for table, names in held.names.items():
                every.setdefault(table, []).extend(names)
        self._named = {table: self.asked.named(names) for table, names in every.items()}

    def rows(self, ranked: Ranked) -> dict[int, Row]:
        """The rows that begin in a passage and have several cells, by number of block."""
        return self._of[id(ranked)].rows

    def named(self, ranked: Ranked, block: Block | None) -> Named:
        """What the question names of the rows of one of the tables that a passage has a part of."""
        return self._named.get(_table(ranked, block), _NONE)

    def are_said(self, ranked: Ranked) -> bool:
        """Whether the question says what a row of a passage is called as it is written."""
        tables = self._of[id(ranked)].names.items()
        return any(self._named[table].says(name) for table, names in tables for name in names)

    def are_others(self, ranked: Ranked) -> bool:
        """Whether a passage is nothing but rows that the question does not name, of tables of which it names other rows as they are
        written."""
        held = self._of[id(ranked)]
        return held.alone and all(
            self._named[table].exactly and not any(map(self._named[table].means, names))
            for table, names in held.names.items()
        )


_NONE: Final = Named(frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class _PassageRows:
    """The rows of a passage by number of block, what they are called by their tables, and whether it has nothing but rows that are called
    something."""

    rows: dict[int, Row]
    names: dict[_Table, list[str]]
    alone: bool

    @classmethod
    def of(cls, ranked: Ranked, blocks: Sequence[Block]) -> _PassageRows:
        passage, names = ranked.passage, dict[_Table, list[str]]()
        rows = _rows_of(passage, blocks)
        for number, row in rows.items():
            parent = blocks[number].parent
            table = _table(ranked, None if parent is None else blocks[parent])
            names.setdefault(table, []).append(row.name)
        within = [b for b in blocks if b.start < passage.end and passage.start < b.end]
        return cls(rows, names, bool(names) and all(b.kind in _OF_TABLES for b in within))


def _table(ranked: Ranked, block: Block | None) -> _Table:
    return ranked.passage.doc_id, -1 if block is None else block.start
