"""Words that a page sets apart from each other by its style, and its source does not: the pieces of a row, of a card."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any, Final

from corpus.readers.draft import LINE, PARAGRAPH, Part, flat, row_part
from corpus.readers.html.cells import is_label, is_plain
from corpus.readers.html.elements import NEVER_TEXT, said_in
from corpus.readers.html.furniture import is_picture_name
from corpus.readers.styles import ruled

_BOXES: Final = "div, li, a, p, section, button, summary, label, h2, h3, h4"
_MAX_BOXES: Final = 20_000
_PIECES: Final = frozenset(
    "span strong b em i small time label mark data abbr big code u font a".split()
)
_MAX_PIECES: Final = 8
_MAX_PIECE_NODES: Final = 30
_LEAST_ALIKE: Final = 2
_ABREAST = re.compile(r"display\s*:\s*(?:inline-)?(?:flex|grid)\b", re.IGNORECASE)
_NOT_ABREAST = re.compile(r"display\s*:\s*(?:inline|contents)\b(?!-)", re.IGNORECASE)
# As Tailwind and Bootstrap call them
_ABREAST_NAMES: Final = frozenset("flex inline-flex grid d-flex d-inline-flex d-grid".split())
_LEAST_WORD_CHARS: Final = 4
# A phrase that goes on is no value, an address is
_VALUE = re.compile(r"\W*[^\W_a-záéíóúüñ]|\S+@\S")
_OPENS = re.compile(r"[\w¿¡(\"“«+$€£]")
_CLOSES = re.compile(r"[\w.:;,!?)%€$£º°\"”»]\Z")
_LEAST_ROWS: Final = 3
_LEAST_COLUMNS: Final = 3
_MAX_CELL_CHARS: Final = 60
_Box = tuple[Any, list[Any]]


@dataclass(slots=True)
class Abreast:
    """What stands side by side, by the numbers of elements."""

    apart: set[int] = field(default_factory=set)
    """Those that are parted from what stands before them."""
    boxes: set[int] = field(default_factory=set)
    """The links that are blocks of their own."""
    labels: dict[int, tuple[str, str]] = field(default_factory=dict)
    """The name and the value that a box holds."""
    rows: dict[int, list[Part]] = field(default_factory=dict)
    """The row of a table that a box is."""


def abreast(root: Any, hidden: frozenset[int]) -> Abreast:
    """What a page sets side by side in boxes that hold nothing but a few elements, where several of them are alike, or a style says so."""
    found = Abreast()
    flexed = ruled(root, _ABREAST, _NOT_ABREAST)
    alike: dict[tuple[Any, ...], list[_Box]] = {}
    tables: dict[tuple[int, str, int], list[_Box]] = {}
    for box in root.css(_BOXES)[:_MAX_BOXES]:
        pieces = _pieces(box)
        if len(pieces) < 2 or box.parent is None:
            continue
        names = (box.attributes or {}).get("class") or ""
        tags = tuple(piece.tag for piece in pieces)
        alike.setdefault((box.parent.mem_id, box.tag, names, tags), []).append((box, pieces))
        tables.setdefault((box.parent.mem_id, box.tag, len(tags)), []).append((box, pieces))
    for group in tables.values():
        found.rows |= _rows(group, hidden)
    for (_, tag, _, tags), group in alike.items():
        several = len(group) >= _LEAST_ALIKE and tag != "p"
        for box, pieces in group:
            laid = _is_laid(box, flexed)
            # A link is no part of the word beside it
            linked = len(set(tags)) > 1 and "a" in tags
            if laid or several or linked:
                found.apart |= _parted(pieces, laid=laid, of_kinds=len(set(tags)) > 1)
        if several and tag == "a":
            found.boxes |= {box.mem_id for box, _ in group if box.parent.tag in ("div", "section")}
        elif several and _is_row(group[0][0]) and len(tags) == 2 and "a" not in tags:
            labels = _labels(group, hidden, flexed)
            found.labels |= labels if len(labels) >= _LEAST_ALIKE else {}
    return found


def _pieces(box: Any) -> list[Any]:
    """The elements with words that a box holds where it holds nothing else; [] otherwise."""
    pieces: list[Any] = []
    for child in box.iter(include_text=True):
        if child.tag == "-text":
            if (child.text_content or "").strip():
                return []
        elif child.tag in _PIECES and len(pieces) < _MAX_PIECES:
            # A long one is no piece of a row, and whatever nests in it would be read again and again
            if len(list(islice(child.traverse(), _MAX_PIECE_NODES))) == _MAX_PIECE_NODES:
                return []
            pieces += [child] if flat(said_in(child)) and not is_picture_name(child) else []
        elif not (child.tag.startswith("-") or child.tag in NEVER_TEXT or child.tag == "img"):
            return []
    return pieces


def _rows(group: Sequence[_Box], hidden: frozenset[int]) -> dict[int, list[Part]]:
    """The rows that boxes with as many short pieces each are, most of them with a figure; {} where that is not sure."""
    first, pieces = group[0]
    if len(group) < _LEAST_ROWS or len(pieces) < _LEAST_COLUMNS or not _is_row(first):
        return {}
    rows = [[flat(said_in(piece)) for piece in own] for _, own in group]
    told = sum(any(map(str.isdigit, "".join(row))) for row in rows)
    cells = [cell for row in rows for cell in row]
    # Small letters go on with a phrase
    short = all(len(cell) <= _MAX_CELL_CHARS and not cell[0].islower() for cell in cells)
    named = all(any(map(str.isalnum, row[0])) for row in rows)
    if not short or not named or 2 * told < len(rows):
        return {}
    if any(piece.tag == "a" for _, own in group for piece in own):
        return {}
    if not all(is_plain(box, hidden) for box, _ in group):
        return {}
    looks = [
        [(one.tag, (one.attributes or {}).get("class")) for one in (box, *own)]
        for box, own in group
    ]
    headed = looks[0] not in looks[1:] and not any(map(str.isdigit, "".join(rows[0])))
    return {
        box.mem_id: [row_part(row, header=headed and n == 0, glue=LINE if n else PARAGRAPH)]
        for n, ((box, _), row) in enumerate(zip(group, rows, strict=True))
    }


def _is_row(box: Any) -> bool:
    """Whether a box may be a row; items with a number are none."""
    return bool(box.tag == "div" or (box.tag == "li" and box.parent.tag != "ol"))


def _is_laid(box: Any, flexed: frozenset[int]) -> bool:
    """Whether what a box holds stands side by side by a rule of the page, its own style, or its name."""
    attributes = box.attributes or {}
    named = not _ABREAST_NAMES.isdisjoint((attributes.get("class") or "").split())
    styled = _ABREAST.search(attributes.get("style") or "") is not None
    return box.mem_id in flexed or named or styled


def _parted(pieces: Sequence[Any], *, laid: bool, of_kinds: bool) -> set[int]:
    """Those of some elements that are no part of the word before them; ``laid``: a style parts them, ``of_kinds``: they are of several kinds."""
    found: set[int] = set()
    for before, piece in pairwise(pieces):
        left, right = before.text() or "", piece.text() or ""
        # A large first letter, a letter or a digit that is drawn by itself
        meets = _CLOSES.search(left) is not None and _OPENS.match(right) is not None
        if not meets or (len(left) == 1 and left.isalnum()):
            continue
        goes_on = right[0].islower() and left[-1].isalpha()
        if laid or not goes_on or (of_kinds and len(left) >= _LEAST_WORD_CHARS):
            found.add(piece.mem_id)
    return found


def _labels(
    group: Sequence[_Box], hidden: frozenset[int], flexed: frozenset[int]
) -> dict[int, tuple[str, str]]:
    """The name and the value that each of some boxes holds, if it does."""
    found: dict[int, tuple[str, str]] = {}
    for box, (first, second) in group:
        name, value = flat(said_in(first)), flat(said_in(second))
        # Else two words side by side may be those of one name
        sure = first.next.mem_id == second.mem_id or _is_laid(box, flexed)
        sure = sure or any(map(str.isdigit, value))
        names = is_label(name, value) and _VALUE.match(value) is not None
        if sure and names and is_plain(box, hidden):
            found[box.mem_id] = (name, value)
    return found
