"""Tables in a web page, and the boxes that are set side by side instead of one."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from corpus.readers.draft import LINE, PARAGRAPH, Part, Parts, flat, in_cell, row_part
from corpus.readers.html.elements import (
    BLOCK_TAGS,
    MAX_SPAN,
    NEVER_TEXT,
    element_from,
    is_veiled,
    is_white,
    said_in,
    tag_of,
)
from corpus.readers.tables import (
    LEAST_BELOW_NAMES,
    may_name,
    name_columns,
    rows_of_lines,
    with_one_name,
)

# A value that stands beside several rows is read with each, where it is not prose.
_MAX_REPEATED_CHARS: Final = 80
# A control character cannot occur in text: where an item in a cell begins.
ITEM: Final = "\x00"
# A cell with more is prose, and the table its frame, unless its headers say otherwise.
_MAX_VALUE_CHARS: Final = 300
_PROSE: Final = "h1, h2, h3, h4, p + p, article, section, pre"


def _own_rows(table: Any) -> list[list[Any]]:
    """The cells of a table by rows, without those of tables inside."""
    rows: list[list[Any]] = []
    stack = list(table.iter())[::-1]
    while stack:
        node = stack.pop()
        tag = tag_of(node)
        if tag == "tr":
            rows.append([cell for cell in node.iter() if tag_of(cell) in ("td", "th")])
        elif tag != "table" and tag not in ("td", "th"):
            stack += list(node.iter())[::-1]
    return rows


# How the classes of two boxes side by side differ, of which one names what the other holds
_NAMING = re.compile(
    r"(?<![a-z])(?:left|label|name|key|term|izq|izquierda|etiqueta|nombre)(?![a-z])", re.IGNORECASE
)
_NAMED = re.compile(
    r"(?<![a-z])(?:right|value|desc|description|der|derecha|valor)(?![a-z])", re.IGNORECASE
)
_NAMING_BOX: Final = ", ".join(
    f"{tag}[class*={word} i]"
    for tag in ("div", "span", "p")
    for word in ("left", "label", "name", "key", "term", "izq", "etiqueta", "nombre")
)
_NOT_IN_LABEL: Final = "h1, h2, h3, h4, h5, h6, ul, ol, dl, table, a, button, input, select, textarea, pre, sup, s, del, strike, p + p"
_MAX_LABEL_CHARS: Final = 40
_MAX_LABELLED_CHARS: Final = 160
_LEAST_LABELS: Final = 2


def labels_of(root: Any, hidden: frozenset[int]) -> dict[int, tuple[str, str]]:
    """The boxes that hold nothing but a name and its value, in two whose classes differ in a word for that, by their element; several alike."""
    found: dict[tuple[str, str], dict[int, tuple[str, str]]] = {}
    for node in root.css(_NAMING_BOX)[:_MAX_CARDS]:
        value = element_from(node.next)
        if value is None or node.parent is None or value.tag != node.tag:
            continue
        names, named = ((one.attributes or {}).get("class") or "" for one in (node, value))
        bare = _NAMING.sub("", names, 1)
        alone = is_white(node.prev, after=False) and is_white(value.next)
        if not alone or bare == names or bare != _NAMED.sub("", named, 1):
            continue
        label = (flat(said_in(node)), flat(said_in(value)))
        if is_label(*label) and is_plain(node.parent, hidden):
            found.setdefault((names, named), {})[node.parent.mem_id] = label
    several = (group for group in found.values() if len(group) >= _LEAST_LABELS)
    return {at: label for group in several for at, label in group.items()}


def is_label(name: str, value: str) -> bool:
    """Whether a few words may name others."""
    short = 0 < len(name) <= _MAX_LABEL_CHARS and 0 < len(value) <= _MAX_LABELLED_CHARS
    return short and name[-1] not in ".,;!?" and any(map(str.isalpha, name))


def is_plain(box: Any, hidden: frozenset[int]) -> bool:
    """Whether all in a box is text that is seen."""
    if box.css_first(_NOT_IN_LABEL) is not None:
        return False
    return not any(is_veiled(one, hidden) for one in box.css("*"))


@dataclass(frozen=True, slots=True)
class _Card:
    """What a box that is one of several alike says, piece by piece; ``first`` of them."""

    cells: tuple[str, ...]
    first: bool


_CARD_SELECTOR: Final = "div, li[class], article[class]"
_MAX_CARDS: Final = 2_000
_MAX_CARD_NODES: Final = 40
_MAX_CARD_CELLS: Final = 5
_MAX_CARD_CELL_CHARS: Final = 600
# Among so many boxes with a figure one may have only words.
_BOXES_PER_WORD: Final = 4
_LEAST_FIGURES: Final = 2
# What holds one of these is laid out by them, or is something to use.
_MAX_SHORT_PIECE_CHARS: Final = 24
_NOT_IN_CARDS: Final = frozenset(
    "h1 h2 h3 h4 h5 h6 ul ol dl table pre form button input select textarea details iframe math svg sup sub".split()
)
_PROSE_CELL = re.compile(r"[.!?…]\s+[A-ZÁÉÍÓÚÑ¿¡]|[a-záéíóúñ]{2}[.!?]\Z|\?\Z")
_Shape = tuple[tuple[str, str], ...]
_Pieces = list[tuple[tuple[str, str], str]]


def cards_of(root: Any, hidden: frozenset[int]) -> dict[int, _Card]:
    """The boxes that a page sets side by side instead of a table, by their element: alike in their classes, with a few words or a figure
    in each piece, at least one of them short ("Zona A", "+1 €", the names of its streets)."""
    groups: dict[tuple[int, str, str], list[Any]] = {}
    for node in islice(root.css(_CARD_SELECTOR), _MAX_CARDS):
        if node.parent is not None and node.parent.tag != "ol":
            key = (node.parent.mem_id, node.tag, node.attributes.get("class") or "")
            groups.setdefault(key, []).append(node)
    found: dict[int, _Card] = {}
    for nodes in groups.values():
        if len(nodes) < 2:
            continue
        read = [_card_pieces(node, hidden) for node in nodes]
        rows = _rows_of_cards([one for one in read if one is not None])
        n_cells = len(rows[0]) if rows else 0
        # Two with two pieces each are as often as not something else
        if None in read or len(nodes) + n_cells < 5 or n_cells < 2:
            continue
        said = {node.mem_id: row for node, row in zip(nodes, rows, strict=True)}
        figures = sum(any(map(str.isdigit, "".join(cells))) for cells in said.values())
        if figures >= max(_LEAST_FIGURES, len(said) - len(said) // _BOXES_PER_WORD):
            said |= _standing_out(nodes, [tag for (tag, _), _ in read[0] or ()], hidden)
            beside = [one for one in nodes[0].parent.iter() if one.mem_id in said]
            for n, node in enumerate(beside):
                found[node.mem_id] = _Card(said[node.mem_id], first=n == 0)
    return found


def _rows_of_cards(cards: Sequence[_Pieces]) -> list[tuple[str, ...]]:
    """What boxes say, as cells below each other; [] where they are not alike. Where each piece has a name of its own, some boxes may be
    without one that others have, but for the first."""
    shapes = {tuple(shape for shape, _ in one) for one in cards}
    if _are_alike(shapes):
        return [tuple(text for _, text in one) for one in cards]
    whole = max(shapes, key=len, default=())
    named = all(name for _, name in whole) and len(set(whole)) == len(whole)
    if not named or any(shape[0] != whole[0] or not _goes_in(shape, whole) for shape in shapes):
        return []
    return [tuple(dict(one).get(shape, "") for shape in whole) for one in cards]


def _goes_in(shape: _Shape, whole: _Shape) -> bool:
    """Whether some pieces are among others, in the same order."""
    rest = iter(whole)
    return all(one in rest for one in shape)


def _are_alike(shapes: Set[_Shape]) -> bool:
    """Whether boxes have the same pieces, any of which may be a link in some of them."""
    if len({len(shape) for shape in shapes}) != 1:
        return False
    return all(
        len({one for one in column if one[0] != "a"}) <= 1 for column in zip(*shapes, strict=True)
    )


def _standing_out(
    nodes: list[Any], tags: list[str], hidden: frozenset[int]
) -> dict[int, tuple[str, ...]]:
    """What the few boxes say that stand among alike ones with pieces of the same elements, in a look of their own: the one that is praised."""
    own = {node.mem_id for node in nodes}
    other: dict[int, tuple[str, ...]] = {}
    for node in nodes[0].parent.iter():
        if node.mem_id in own or node.tag != nodes[0].tag:
            continue
        neighbours = (element_from(node.prev, after=False), element_from(node.next))
        if not any(one is not None and one.mem_id in own for one in neighbours):
            continue
        pieces = _card_pieces(node, hidden) or []
        text = tuple(text for _, text in pieces)
        if [tag for (tag, _), _ in pieces] == tags and any(map(str.isdigit, "".join(text))):
            other[node.mem_id] = text
    return other if 2 * len(other) <= len(nodes) else {}


def _card_pieces(node: Any, hidden: frozenset[int]) -> _Pieces | None:
    """The pieces of a box that hold no other, each with its element and class; None where it is no card."""
    pieces: _Pieces = []
    todo = [node]
    n_nodes = 0
    while todo:
        here = todo.pop()
        n_nodes += 1
        attributes = here.attributes or {}
        if n_nodes > _MAX_CARD_NODES or here.tag in _NOT_IN_CARDS or here.tag in NEVER_TEXT:
            return None
        children = list(here.iter(include_text=True))
        blocks = [child for child in children if child.tag in BLOCK_TAGS]
        loose = [child for child in children if child.tag not in BLOCK_TAGS]
        if blocks:
            said = [child for child in loose if flat(child.text())]
            if [child.tag for child in said] not in ([], ["a"]) and not _is_tag_of_card(said):
                return None
            kept = {one.mem_id for one in (*said, *blocks)}
            todo += [one for one in reversed(children) if one.mem_id in kept]
        elif text := flat(said_in(here)):
            if len(text) > _MAX_CARD_CELL_CHARS or _PROSE_CELL.search(text):
                return None
            if any(inner.tag in _NOT_IN_CARDS for inner in here.css("*")):
                return None
            if any(is_veiled(one, hidden) for one in (node, here, *here.css("*"))):
                return None
            names = attributes.get("class") or ""
            # The tag of each has a colour of its own: "tag ok", "tag off"
            look = names.partition(" ")[0] if here.tag == "span" else names
            pieces.append(((here.tag, look), text))
    short = min((len(text) for _, text in pieces), default=0) <= _MAX_SHORT_PIECE_CHARS
    return pieces if 1 < len(pieces) <= _MAX_CARD_CELLS and short else None


def _is_tag_of_card(loose: Sequence[Any]) -> bool:
    """Whether a box says nothing beside the blocks in it but what is in one span with a name: "Full refund" over the hours and the rule."""
    return [one.tag for one in loose] == ["span"] and bool((loose[0].attributes or {}).get("class"))


class Rows:
    """The rows of the tables of values in a page, as their elements begin and end."""

    def __init__(self) -> None:
        self.in_cell = False
        self.in_row = False
        self._of_values: list[bool] = []  # Of each table that is open.
        self._row: list[str] = []
        self._above: list[str] = []
        self._lined: dict[int, list[str]] = {}  # The lines of its cells that have several.
        self._width = 1
        # Columns into which a cell reaches, and through how many rows …
        self._reaching: dict[int, int] = {}
        self._reached = frozenset[int]()  # … and those that a row above fills.
        self._header = False  # Every cell of the row so far is a header.
        self._is_first = True
        self._at = 0  # The number of the first part of the table.
        self._foot: list[Part] = []  # Its last rows, wherever they are written.
        self._naming: set[int] = set()  # Cells in bold that name the columns.

    def open_table(self, table: Any, at: int) -> None:
        """A table begins, the next part being the one of that number."""
        self._of_values.append(not self.in_cell and _is_of_values(table))
        self._naming |= _naming_cells(table) if self._of_values[-1] else set()
        self._is_first, self._at = True, at
        self._reaching, self._above = {}, []

    def close_table(self, parts: Parts) -> None:
        """A table ends, of which these parts are the last."""
        if self._of_values and self._of_values.pop():
            if self._is_first and self._foot:
                self._foot[0].glue = PARAGRAPH
            parts += self._foot
            self._foot = []
            own = parts[self._at :]
            rows = [part.cells for part in own]
            if all(part.kind == "row" for part in own) and (parted := with_one_name(rows)) != rows:
                glues = [PARAGRAPH, *[LINE] * len(parted)]
                own = [row_part(row, glue=glue) for row, glue in zip(parted, glues, strict=False)]
                parts[self._at :] = own
            name_columns(own)

    def open_row(self) -> bool:
        """A row begins; False where it is none of values."""
        if not (self._of_values and self._of_values[-1]):
            return False
        self.in_row = True
        self._row, self._lined = [], {}
        self._header = True
        self._reaching = {at: left - 1 for at, left in self._reaching.items() if left > 1}
        self._reached = frozenset(self._reaching)
        return True

    def close_row(self, *, in_foot: bool) -> list[Part]:
        """A row ends; the parts that it is, as many as its cells have lines where these are rows of their own; none yet where it is of the
        foot of the table."""
        self._row += self._held_from_above()
        told: list[Part] = []
        if any(self._row):
            for row in [self._row] if self._header else rows_of_lines(self._row, self._lined):
                glue = PARAGRAPH if self._is_first and not in_foot else LINE
                told.append(row_part(row, header=self._header, glue=glue))
                self._is_first = self._is_first and in_foot
        self._above, self._row, self.in_row = self._row, [], False
        if in_foot:
            self._foot += told
            return []
        return told

    def open_cell(self, cell: Any, *, in_head: bool) -> None:
        """A cell begins; ``in_head``: it is a header by its element, or by where it stands."""
        # The corner over the names of rows is often a cell like any other
        is_corner = not self._row and is_white(cell.child) and element_from(cell.next) is not None
        self._header = self._header and (in_head or is_corner or cell.mem_id in self._naming)
        self._row += self._held_from_above()
        attributes: dict[str, str | None] = cell.attributes or {}
        self._width, height = (
            min(MAX_SPAN, max(1, int(value)))
            if (value := attributes.get(name) or "").isdecimal()
            else 1
            for name in ("colspan", "rowspan")
        )
        if height > 1:
            columns = range(len(self._row), len(self._row) + self._width)
            self._reaching.update(dict.fromkeys(columns, height))
        self.in_cell = True

    def close_cell(self, cell: Any, lines: Sequence[str]) -> None:
        """A cell ends, in which these lines stand; those that ITEM begins are items of a list."""
        own = [flat(line) for line in lines if line.strip()]
        if len(own) > 1 and cell.css_first("ul, ol, table") is None:
            self._lined[len(self._row)] = own
        text = in_cell([(line.removeprefix(ITEM), line.startswith(ITEM)) for line in lines])
        self._row += [text, *[""] * (self._width - 1)]
        self.in_cell = False

    def _held_from_above(self) -> list[str]:
        """The cell of the row above for each column, from here on, into which it reaches; prose is said once."""
        held: list[str] = []
        while (at := len(self._row) + len(held)) in self._reached:
            text = self._above[at] if at < len(self._above) else ""
            held.append(text if len(text) <= _MAX_REPEATED_CHARS else "")
        return held


def _naming_cells(table: Any) -> set[int]:
    """The cells of the first row of a table without headers that name its columns: it alone is all in bold."""
    rows = [row for row in _own_rows(table) if any(flat(said_in(cell)) for cell in row)]
    if len(rows) <= LEAST_BELOW_NAMES or any(tag_of(cell) == "th" for row in rows for cell in row):
        return set()
    first, *others = rows
    names = [flat(said_in(cell)) for cell in first]
    if not may_name(names) or not all(map(_is_bold, first)):
        return set()
    return (
        set() if any(all(map(_is_bold, row)) for row in others) else {one.mem_id for one in first}
    )


def _is_bold(cell: Any) -> bool:
    """Whether all that a cell says is in bold."""
    bold = [flat(said_in(one)) for one in cell.css("b, strong")]
    return bold != [] and " ".join(bold) == flat(said_in(cell))


def _is_of_values(table: Any) -> bool:
    """Whether a table does not only lay out the page."""
    if (table.attributes or {}).get("role") == "presentation":
        return False
    rows = _own_rows(table)
    cells = [cell for row in rows for cell in row]
    has_headers = any(tag_of(cell) == "th" for cell in cells)
    is_nested = any(cell.css_first("table") is not None for cell in cells)
    if has_headers != is_nested:
        return has_headers
    if not is_nested and all(cell.css_first(_PROSE) is None for cell in cells):
        return True
    # A page that is laid out by a table has few cells with much in them
    return len([row for row in rows if len(row) > 1]) > 1 and all(
        len(flat(cell.text())) <= _MAX_VALUE_CHARS for cell in cells
    )
