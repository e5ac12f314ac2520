"""Which cells of a row say what it is about: of a row that is too long for one passage every part has to say so."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from corpus import dates, language
from corpus.document import Block, Document

# So many rows of a table tell whether a cell says the same in several of them.
_ROWS_READ: Final = 50
# Beyond so many columns only one that is called a name is one.
_COLUMNS_READ: Final = 6
_MAX_CHARS: Final = 80
_MAX_WORDS: Final = 10
# What stands in a column of names may be longer, and end in a full stop.
_LONG_NAME: Final = 2
# What a column is called that asks more than for a name is a question of a form.
_MAX_COLUMN_WORDS: Final = 5
# A first name, or a name in two columns
_MOST: Final = 2
_COLUMN = re.compile(r"[;\s]*(\S.*\S|\S)\s*:\s*", re.DOTALL)
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?!\d)")
_CODE = re.compile(r"[A-Z]{1,4}")


def known_by(document: Document, number: int) -> str:
    """What the row with that number among the blocks is known by, with the names that it gives its cells: "id: 3; Town: Robledo"."""
    row = document.blocks[number]
    said: list[str] = []
    for column in naming_cells(document, number):
        called = _named(document, row, column)
        short = called if len(called.split()) <= _MAX_COLUMN_WORDS else ""
        said.append(": ".join(filter(None, (short, _said(document, row, column)))))
    return "; ".join(said)


def naming_cells(document: Document, number: int) -> tuple[int, ...]:
    """The columns of the cells by which the row with that number among the blocks is known: the first that is not empty; and where that
    is a number, a date, a code or what other rows say as well, those that are a name by what their columns are called, or else by
    their words. A date is nothing that a row with a name is known by."""
    row = document.blocks[number]
    filled = [n for n, (start, end) in enumerate(row.cells or ()) if start < end]
    if not filled:
        return ()
    others = _others(document, number)

    def tells(column: int) -> bool:
        said = _said(document, row, column)
        return is_name(said) and all(
            column >= len(other.cells or ()) or _said(document, other, column) != said
            for other in others
        )

    first, *rest = filled
    if tells(first):
        return (first,)
    called = [n for n in rest if _is_called_name(_column(document, number, n))]
    called = [n for n in called if is_name(_said(document, row, n).rstrip("."), _LONG_NAME)]
    if not called:
        called = [n for n in rest if n < _COLUMNS_READ and tells(n)][:1]
    dated = bool(called) and is_date(_said(document, row, first))
    return (*(() if dated else (first,)), *called[:_MOST])


def _others(document: Document, number: int) -> list[Block]:
    """The first rows of the table of a row, without its headers and itself."""
    table = document.blocks[number].parent
    if table is None:
        return []
    return [
        block
        for at, block in enumerate(document.blocks[table + 1 : table + 1 + _ROWS_READ], table + 1)
        if block.kind == "row" and not block.level and block.parent == table and at != number
    ]


def _said(document: Document, row: Block, column: int) -> str:
    assert row.cells is not None
    return document.text[slice(*row.cells[column])]


def _column(document: Document, number: int, column: int) -> str:
    """What a column is called, by the row itself or the first one of the table; "" where that is not said."""
    row = document.blocks[number]
    at = number if row.parent is None else row.parent + 1
    while document.blocks[at].kind == "caption":
        at += 1
    header = document.blocks[at]
    called = header.level == 1 and header.cells and column < len(header.cells)
    return _named(document, row, column) or (_said(document, header, column) if called else "")


def _named(document: Document, row: Block, column: int) -> str:
    """What a row calls one of its cells: what stands before it; "" where nothing does."""
    assert row.cells is not None
    before = row.cells[column - 1][1] if column else row.start
    named = _COLUMN.fullmatch(document.text, before, row.cells[column][0])
    return "" if named is None else named[1]


def _is_called_name(column: str) -> bool:
    words = column.split()
    return 0 < len(words) <= _MAX_COLUMN_WORDS and bool(_naming().search(language.fold(column)))


@cache
def _naming() -> re.Pattern[str]:
    """What names are called, in all languages."""
    return re.compile(rf"\b(?:{'|'.join(pack.naming for pack in language.PACKS.values())})\b")


def is_date(said: str) -> bool:
    """Whether what a cell says begins with a date in figures, or is one in words."""
    return _DATE.match(said) is not None or any(dates.dates_in_words(said))


def is_name(said: str, times: int = 1) -> bool:
    """Whether what a cell says has a word that is no month, and is no sentence; it may be so many ``times`` as long as names are."""
    words = said.split()
    if len(said) > times * _MAX_CHARS or len(words) > times * _MAX_WORDS or said.endswith("."):
        return False
    if _CODE.fullmatch(said):
        return False
    folded = [language.fold(word.strip("().,;:«»\"“”'")) for word in words]
    spelled = [
        w for w in folded if len(w) > 1 and re.fullmatch(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*", w)
    ]
    if len(spelled) < len(folded):
        # "3 de mayo de 2019", "5 May": a date, whatever its words
        spelled = [w for w in spelled if not _is_of_a_date(w)]
    return bool(spelled)


def _is_of_a_date(word: str) -> bool:
    stops = any(word in pack.stop_words for pack in language.PACKS.values())
    return stops or dates.month_named(word) is not None
