"""Tables of office documents, whose header row is not always marked → parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from corpus.readers.draft import LINE, PARAGRAPH, Part, flat, row_part

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_MAX_NAME_CHARS: Final = 60
_MAX_NAME_WORDS: Final = 6


def name_columns(rows: Sequence[Part]) -> None:
    """Makes a header of the row that looks like one, and a caption of a title over it, where no row of a table is marked."""
    if not rows or any(part.kind != "row" for part in rows):
        return
    cells = [part.cells for part in rows]
    titled = len(rows) > 2 and _is_title(cells) and looks_headed(cells[1:])
    if titled:
        rows[0].kind, rows[0].cells = "caption", ()
        rows[1].kind, rows[1].glue = "header", PARAGRAPH
    elif looks_headed(cells):
        rows[0].kind = "header"


def table_parts(rows: Sequence[Sequence[str]], n_headers: int = 0) -> list[Part]:
    """A part for each row that says something; without marked headers the first row is one if it looks so."""
    said = [row for row in ([flat(cell) for cell in row] for row in rows) if any(row)]
    title: list[Part] = []
    if len(said) > 2 and _is_title(said) and (n_headers > 1 or looks_headed(said[1:])):
        title = [Part(said.pop(0)[0], kind="caption")]
        n_headers = max(1, n_headers - 1)
    if not n_headers:
        n_headers = 2 if _is_headed_twice(said) else int(looks_headed(said))
    if n_headers >= len(said):
        n_headers = 0
    return title + [
        row_part(row, header=n < n_headers, glue=LINE if n else PARAGRAPH)
        for n, row in enumerate(said)
    ]


def _is_title(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is one cell over all columns, which says what the table is about."""
    first, width = rows[0], max(map(len, rows))
    return len(first) == width > 1 and bool(first[0]) and not any(first[1:])


def _is_headed_twice(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names groups of columns, and the second the columns: names that come again in each group."""
    if len(rows) < 3:
        return False
    groups, columns = rows[0], rows[1]
    names = [cell for cell in columns if cell]
    first = next((n for n, cell in enumerate(groups) if cell), 0)
    spanned = sum(map(bool, groups)) > 1 and not all(groups[first:])
    if not spanned or len(names) < len(columns) - 1 or len(set(names)) == len(names):
        return False
    over = ""
    told: list[tuple[str, str]] = []
    for group, name in zip(groups, columns, strict=False):
        over = group or over
        told += [(over, name)] if name else []
    return len(set(told)) == len(names) and not any(map(_is_value, [*filter(None, groups), *names]))


def looks_headed(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of these rows names the columns.

    Its cells are short, different and no values. In two columns that may be a name and its value as well; there it is a
    header only where the second column holds numbers of one kind below it, prices or hours, and not a telephone number, a
    date and a street.
    """
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    names = [cell for cell in rows[0] if cell]
    if len(names) < max(2, len(rows[0]) - 1) or len({name.lower() for name in names}) < len(names):
        return False
    if any(map(_is_value, names)):
        return False
    if len(rows[0]) > 2:
        return True
    if any(map(str.isdigit, "".join(names))):
        return False
    below = [row[1] for row in rows[1:] if len(row) > 1 and row[1]]
    shapes = Counter(_FIGURE.sub("9", cell.lower()).rstrip("s") for cell in below)
    shape, n = shapes.most_common(1)[0] if shapes else ("", 0)
    return n > 1 and "9" in shape and 2 * n > len(below)


def _is_value(cell: str) -> bool:
    return (
        len(cell) > _MAX_NAME_CHARS
        or len(cell.split()) > _MAX_NAME_WORDS
        or not any(map(str.isalpha, cell))
        or cell.endswith((".", ":", "!", "?"))
        and not re.fullmatch(r"[^\W\d_]{1,6}\.|N\.º|Nº\.?", cell)
        or re.match(r"[\d$€£]", cell) is not None
    )
