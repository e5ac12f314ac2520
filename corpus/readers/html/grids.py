"""Tables that a web page lays out as a grid of boxes: cell by cell, or column by column with a list in each."""

from __future__ import annotations

import re
from itertools import islice, takewhile
from typing import Any, Final

from corpus.readers.draft import LINE, PARAGRAPH, Part, flat, row_part
from corpus.readers.html.elements import (
    BLOCK_TAGS,
    FILLED_IN,
    element_from,
    holds,
    is_veiled,
    names_of,
    said_in,
)
from corpus.readers.html.inline import MONEY
from corpus.readers.styles import ruled

_GRID_STYLE = re.compile(r"display\s*:\s*(?:inline-)?(?:grid|flex)", re.IGNORECASE)
_OTHER_STYLE = re.compile(r"(?!)")
_GRID_NAMES = re.compile(
    r"(?:^|[\s_-])(?:grid|row|flex|cols?|columns?|columnas?|tabla|table)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
_GRID_TAGS: Final = "div, section, dl, ul"
_MAX_GRIDS: Final = 2_000
_MAX_CELLS: Final = 400
_MAX_COLUMNS: Final = 8
_MAX_COLUMN_NODES: Final = 200
_LEAST_ROWS: Final = 2
_MAX_CELL_CHARS: Final = 60
_NO_CELL: Final = "h1, h2, h3, p, ul, ol, dl, table, img, svg, button, pre, sup, del, s"
_NO_COLUMN: Final = f"table, dl, button, details, pre, {FILLED_IN}"
# A price, a measure, hours: next to no words
_FIGURE = re.compile(
    rf"(?:{MONEY.pattern})?[\s\d.,:/½¼¾⅓⅔%–—+-]*[\d½¼¾⅓⅔][\s\d.,:/½¼¾⅓⅔%–—+-]*(?:{MONEY.pattern}|[a-z]{{1,3}})?"
)


def grids_of(root: Any, hidden: frozenset[int]) -> dict[int, list[Part]]:
    """The rows of the tables that are grids of boxes, by the element around them."""
    by_rule = ruled(root, _GRID_STYLE, _OTHER_STYLE)
    found: dict[int, list[Part]] = {}
    for node in root.css(_GRID_TAGS)[:_MAX_GRIDS]:
        attributes: dict[str, str | None] = node.attributes or {}
        named = _GRID_NAMES.search(names_of(attributes)) is not None
        if named or node.mem_id in by_rule or _GRID_STYLE.search(attributes.get("style") or ""):
            rows = _rows(node)
            if rows and not any(is_veiled(one, hidden) for one in node.css("*")):
                found[node.mem_id] = [
                    row_part(row, header=n == 0, glue=LINE if n else PARAGRAPH)
                    for n, row in enumerate(rows)
                ]
    return found


def _rows(grid: Any) -> list[tuple[str, ...]]:
    """The rows that the boxes in an element are, the names of the columns first; [] where that is not sure."""
    boxes = list(grid.iter())
    if element_from(grid.child) is None or not 2 <= len(boxes) <= _MAX_CELLS:
        return []
    rows = _rows_of_columns(boxes) or _rows_of_cells(boxes)
    names, told = rows[0] if rows else (), rows[1:]
    whole = len(told) >= _LEAST_ROWS and all(cell for row in rows for cell in row)
    if not whole or any(len(cell) > _MAX_CELL_CHARS for row in rows for cell in row):
        return []
    is_figure = [all(map(_FIGURE.fullmatch, column)) for column in zip(*told, strict=True)]
    plain = not any(any(map(str.isdigit, name)) or name[-1] in ".:!?" for name in names)
    return rows if plain and any(is_figure[1:]) else []


def _rows_of_cells(boxes: list[Any]) -> list[tuple[str, ...]]:
    """The rows of boxes that are a cell each, where those with the names of the columns have a look of their own."""
    looks = [(one.tag, (one.attributes or {}).get("class") or "") for one in boxes]
    width = len(list(takewhile(lambda look: look == looks[0], looks)))
    if not 1 < width <= _MAX_COLUMNS or looks[0] in looks[width:] or len(boxes) % width:
        return []
    if any(one.tag not in BLOCK_TAGS | {"span"} or holds(one, _NO_CELL) for one in boxes):
        return []
    said = [flat(said_in(one)) for one in boxes]
    return [tuple(said[at : at + width]) for at in range(0, len(said), width)]


def _rows_of_columns(boxes: list[Any]) -> list[tuple[str, ...]]:
    """The rows across boxes alike of which each is a column: its name and a list of as many items, of which the first names the rows."""
    looks = {(one.tag, (one.attributes or {}).get("class") or "") for one in boxes}
    columns = [_column(one) for one in boxes if len(looks) == 1 and len(boxes) <= _MAX_COLUMNS]
    if len(set(map(len, columns))) != 1 or not columns[0]:
        return []
    others = [cell for column in columns[1:] for cell in column[1:]]
    short = max(map(len, others)) <= _MAX_CELL_CHARS
    names_rows = (
        short
        and all(map(_FIGURE.fullmatch, others))
        and not any(map(_FIGURE.fullmatch, columns[0][1:]))
    )
    return list(zip(*columns, strict=True)) if names_rows else []


def _column(box: Any) -> list[str]:
    """The name of a column and its items; [] where a box holds anything else."""
    if len(list(islice(box.traverse(), _MAX_COLUMN_NODES))) == _MAX_COLUMN_NODES:
        return []
    lists = box.css("ul, ol")
    if len(lists) != 1 or box.css_first(_NO_COLUMN) is not None:
        return []
    items = [flat(said_in(one)) for one in lists[0].iter() if one.tag == "li"]
    said = flat(said_in(box))
    name = said.removesuffix(" ".join(items)).strip()
    return [name, *items] if name and name != said else []
