"""What a quote is made of, by the blocks of its document: rows with their columns, items with their numbers, labels with
their values; and what stands elsewhere without which its words cannot be understood.

A list may go on over pages and a table over thousands of rows: the lead-in and the header belong to a quote wherever in the
document they stand. Everything here has its place in the document, so nothing can be said that is not written there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus import language
from corpus.document import HOLDERS, Block, Document, Span
from corpus.readers.draft import BULLET
from corpus.records import naming_cells

PartKind = Literal["text", "heading", "lead", "item", "cell", "value", "meaning"]
StructureKind = Literal["text", "list", "table", "label", "definition"]
ContextKind = Literal["columns", "record", "lead"]

# A row of names of columns is looked for at the top of its table, and this far above the row quoted.
_HEADERS_ABOVE = 40
# Of a lead-in that is longer only the last sentence leads in.
_MAX_LEAD_CHARS = 320
# In a list that goes on over pages, as rules take a whole by-law for one, the lead-in is that of other items.
_LEAD_REACH = 1000
# What stands between the cells of a row that names each of them: "Precio: 4 €; Plazo: 2 días".
_NAMED_CELL = re.compile(r"[;\s]*(\S.*\S|\S)\s*:\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of a document: ``document.text[start:end] == text``."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """One thing in a quote, in text order.

    ``words`` are what it says: the cell, the item without its number, the value without its label. ``name`` is what that
    is: the column, the number, the label, the term; None where it has none. A name may stand outside the quote. ``level``:
    the nesting of an item, from 1, else 0. ``row``: which row of the quote a cell is in, from 0; ``column``: which column of
    the table, from 0. ``under``: the name that stands above that of the column and of others beside it.
    """

    kind: PartKind
    words: Words
    name: Words | None = None
    level: int = 0
    row: int = 0
    column: int = 0
    under: Words | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """Words outside a quote that say what those in it are: the header of a table, the cells by which a row is known that was cut
    in two, the lead-in of a list."""

    kind: ContextKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Structure:
    """What a quote is made of; ``question``: the one that it answers, where the document puts it so. ``lead``: what leads in
    to its list, in the quote or not."""

    kind: StructureKind
    parts: tuple[Part, ...]
    question: Words | None = None
    lead: Words | None = None
    context: tuple[Context, ...] = ()


PLAIN = Structure("text", ())
"""Of a quote of which nothing is known."""


def structure_of(document: Document, start: int, end: int) -> Structure:
    """The structure of ``document.text[start:end]``; without blocks it is plain text."""
    return _Quoted(document, start, end).structure()


_KINDS: dict[str, PartKind] = {
    "heading": "heading",
    "item": "item",
    "row": "cell",
    "label": "value",
    "definition": "meaning",
}
_WHOLE: dict[PartKind, StructureKind] = {
    "item": "list",
    "lead": "list",
    "cell": "table",
    "value": "label",
    "meaning": "definition",
}


@dataclass(frozen=True, slots=True)
class _Names:
    """Where the name of a column stands, and that above it."""

    name: Span
    under: Span | None = None


class _Quoted:
    """A stretch of a document with the blocks in it."""

    def __init__(self, document: Document, start: int, end: int):
        self._document, self._start, self._end = document, start, end
        self._blocks = document.blocks
        self._numbers = self._leaves()

    def structure(self) -> Structure:
        parts: list[Part] = []
        context: list[Context] = []
        n_rows = 0
        for number in self._numbers:
            block = self._blocks[number]
            if block.kind == "row" and block.cells:
                header = self._header(number)
                parts += self._cells(block, header, n_rows)
                context += self._of_row(number, header)
                n_rows += 1
            else:
                parts.append(self._part(number))
        lead = self._lead()
        items_only = all(part.kind == "item" for part in parts)
        if lead is not None and lead.end <= self._start and items_only:
            context.append(Context("lead", *self._last_words(lead)))
        kinds = {_WHOLE.get(part.kind, "text") for part in parts if part.kind != "heading"}
        kind: StructureKind = kinds.pop() if len(kinds) == 1 else "text"
        return Structure(kind, tuple(parts), self._question(), lead, _merged(context))

    def _leaves(self) -> list[int]:
        """Numbers of the blocks that the quote has a part of and that hold no other."""
        blocks = self._blocks
        at = bisect_left(blocks, self._end, key=lambda b: b.start) - 1
        found: list[int] = []
        while at >= 0 and (blocks[at].kind in HOLDERS or blocks[at].end > self._start):
            if blocks[at].kind not in HOLDERS:
                found.append(at)
            at -= 1
        return found[::-1]

    def _words(self, start: int, end: int) -> Words:
        return Words(self._document.text[start:end], start, end)

    def _holds(self, span: Span) -> bool:
        """Whether a part of a stretch is in the quote."""
        return span[0] < self._end and span[1] > self._start

    def _inside(self, start: int, end: int) -> Words:
        """The part of a stretch that is in the quote."""
        a, b = max(start, self._start), min(end, self._end)
        return self._words(a, max(a, b))

    def _part(self, number: int) -> Part:
        block = self._blocks[number]
        kind = _KINDS.get(block.kind, "text")
        if kind in ("value", "meaning") and block.cells:
            name, value = block.cells[:2]
            return Part(kind, self._inside(*value), self._words(*name))
        if kind == "item":
            named = self._words(*block.cells[0]) if block.cells else None
            text = self._document.text
            if block.cells:
                start = block.cells[0][1]
            else:
                mark = BULLET.match(text, block.start, block.end)
                start = mark.end() if mark else block.start
            while start < block.end and text[start].isspace():
                start += 1
            return Part(kind, self._inside(start, block.end), named, block.level)
        if block.parent is not None and self._blocks[block.parent].kind == "list":
            return Part("lead", self._inside(block.start, block.end))
        return Part(kind, self._inside(block.start, block.end))

    # ----------------------------------------------------------------- tables

    def _cells(self, row: Block, header: Sequence[_Names], number: int) -> Iterator[Part]:
        assert row.cells is not None
        for column, (start, end) in enumerate(row.cells):
            named = self._named(row, column)
            if start >= self._end or end <= self._start or start == end:
                continue
            name, under = None, None
            if column < len(header):
                name = self._words(*header[column].name)
                above = header[column].under
                under = None if above is None else self._words(*above)
            elif named is not None:
                name = self._words(*named.span(1))
            yield Part(
                "cell", self._inside(start, end), name, row=number, column=column, under=under
            )

    def _named(self, row: Block, column: int) -> re.Match[str] | None:
        """What stands before a cell, where that names it."""
        assert row.cells is not None
        before = row.cells[column - 1][1] if column else row.start
        return _NAMED_CELL.fullmatch(self._document.text, before, row.cells[column][0])

    def _header(self, number: int) -> list[_Names]:
        """The names of the columns of a row, by column; none for a header, or without one."""
        row = self._blocks[number]
        if row.level == 1 or row.parent is None:
            return []
        names: list[_Names] = []
        for at in self._headers(number, row.parent):
            last: Span | None = None
            for column, cell in enumerate(self._blocks[at].cells or ()):
                # A name over several columns stands in the first of them
                own = cell if cell[0] < cell[1] else last
                last = own
                if column == len(names):
                    names.append(_Names(own or cell))
                elif cell[0] < cell[1]:
                    above = names[column].name
                    same = self._words(*above).text == self._words(*cell).text
                    names[column] = _Names(cell, None if same or above[0] == above[1] else above)
        return names

    def _headers(self, number: int, table: int) -> list[int]:
        """Numbers of the header rows that a row stands under: those next above it, else those at the top of its table."""
        for above in range(number - 1, max(table, number - _HEADERS_ABOVE), -1):
            if self._is_header(above, table):
                first = above
                while self._is_header(first - 1, table):
                    first -= 1
                return list(range(first, above + 1))
        at = table + 1
        while at < len(self._blocks) and self._blocks[at].kind == "caption":
            at += 1
        first = at
        while at < number and self._is_header(at, table):
            at += 1
        return list(range(first, at))

    def _is_header(self, number: int, table: int) -> bool:
        block = self._blocks[number]
        return block.parent == table and block.kind == "row" and block.level == 1

    def _of_row(self, number: int, header: Sequence[_Names]) -> Iterator[Context]:
        """What a quoted row needs beside it: the names of its columns, and the cells that it is known by."""
        row = self._blocks[number]
        assert row.cells is not None
        quoted = [
            n for n, (a, b) in enumerate(row.cells) if a < self._end and b > self._start and a < b
        ]
        named = [header[n] for n in quoted if n < len(header)]
        names = [span for one in named for span in (one.name, one.under) if span is not None]
        outside = [(a, b) for a, b in names if a < b and (b <= self._start or a >= self._end)]
        if outside:
            yield Context("columns", min(a for a, _ in outside), max(b for _, b in outside))
        yield from self._record(number)

    def _record(self, number: int) -> Iterator[Context]:
        """What a row is known by, where the quote has a part of it without that; cells side by side are one."""
        row = self._blocks[number]
        assert row.cells is not None
        naming = naming_cells(self._document, number)
        # The last is the name, where others are a number and a name
        if not naming or self._holds(row.cells[naming[-1]]):
            return
        found: list[tuple[int, Context]] = []
        for column in naming:
            start, end = row.cells[column]
            if self._holds((start, end)):
                continue
            named = self._named(row, column)
            if named is not None and not self._holds((named.start(1), start)):
                start = named.start(1)
            if found and found[-1][0] == column - 1:
                start = found.pop()[1].start
            found.append((column, Context("record", start, end)))
        yield from (context for _, context in found)

    # ----------------------------------------------------------------- lists and questions

    def _last_words(self, lead: Words) -> Span:
        """Where the sentence of a lead-in stands that leads in."""
        if len(lead.text) <= _MAX_LEAD_CHARS:
            return lead.start, lead.end
        start, end = language.sentences(lead.text)[-1]
        return lead.start + start, lead.start + end

    def _lead(self) -> Words | None:
        """What leads in to the list that the quote is of."""
        for number in self._numbers:
            above = self._blocks[number].parent
            while above is not None and self._blocks[above].kind == "list":
                first = self._blocks[above + 1]
                words = self._words(first.start, first.end)
                # An item leads in to those that are nested in it
                nests = first.level < self._blocks[number].level and words.text.endswith(":")
                near = self._start - first.end <= _LEAD_REACH
                if near and (nests or first.kind not in ("item", "list")):
                    return words
                above = self._blocks[above].parent
        return None

    def _question(self) -> Words | None:
        """The question that the document answers with what is quoted."""
        for number in self._numbers[:1]:
            above = self._blocks[number].parent
            while above is not None:
                block = self._blocks[above]
                if block.kind == "pair" and block.cells and block.cells[0][1] <= self._start:
                    return self._words(*block.cells[0])
                above = block.parent
        return None


def _merged(context: Sequence[Context]) -> tuple[Context, ...]:
    """One of a kind for each place: the headers of two rows are one where they overlap."""
    found: list[Context] = []
    for one in context:
        same = next(
            (
                n
                for n, other in enumerate(found)
                if other.kind == one.kind and other.start < one.end and one.start < other.end
            ),
            None,
        )
        if same is None:
            found.append(one)
        else:
            other = found[same]
            found[same] = Context(one.kind, min(one.start, other.start), max(one.end, other.end))
    return tuple(found)
