"""Tables that are drawn with characters: lines that blanks, tabs, bars or dots part into as many cells each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from corpus.blocks.leaf import Leaf, indent
from corpus.blocks.signs import LEADERS
from corpus.document import Span
from corpus.readers.draft import PartKind
from corpus.readers.tables import looks_headed, names_go_on

# What a menu has behind a price, the numbers of allergens: "1, 3, 7", "(1, 7)", "A, G"
_NOTED: Final = r"(?:[ ]{0,4}\(?(?:\d{1,2}|[A-Z])(?:[,;·][ ]?(?:\d{1,2}|[A-Z])){0,14}\)?)?"
_SUM: Final = r"(?:[$€£] ?\d[\d.,]*|\d[\d.,]* ?(?:[$€£]|EUR|USD))"
# An amount to which dots lead; what is no more than the number of a page is one of contents.
_TO_AMOUNT: Final = (
    rf"[ ]?(?:(?:\.[ ]?){{4,200}}|…+[ ]?)(?=(?:{_SUM}{_NOTED}|\d{{1,3}}(?:[.,]\d{{2,3}})+)$)"
)
# What parts the columns of a table that is drawn with characters.
_COLUMNS = re.compile(
    rf"[ ]*\t[ \t]*|[ ]+\|[ ]+|[ ]{{3,}}|(?<=[^\W\d_])[ ]{{2}}(?=[+(]?\d|[$€£])|(?<!\.){_TO_AMOUNT}"
    rf"|(?:(?<=[^\W\d_])|(?<=\)))[ ](?={_SUM}{_NOTED}$)"
)
_LED = re.compile(_TO_AMOUNT)


def columns_of(line: str) -> list[str]:
    """What stands in the columns of a line that blanks or tabs part."""
    return [cell.strip() for cell in _COLUMNS.split(line.strip())]


def is_led(line: str) -> bool:
    """Whether dots lead to an amount or a page at the end of a line: "2 x Manzanas ...... 3,20 €"."""
    return _LED.search(line) is not None or LEADERS.fullmatch(line) is not None


_SOLD = re.compile(
    rf"(?=[A-ZÁÉÍÓÚÑ\"“«\d])(?:[^.:;!?()\n]|\([^()\n]{{1,30}}\)){{1,80}}?[ .…]*(?<=[ .…]){_SUM}{_NOTED}"
)


def is_sold(line: str) -> bool:
    """Whether a line is a name and its price, with the numbers of its notes perhaps: "Tarta de queso … 6,50 € 1, 3, 7"."""
    return _SOLD.fullmatch(line) is not None


def are_columns(rows: Sequence[Sequence[str]], lines: Sequence[str]) -> bool:
    """Whether lines that are parted into as many cells each are rows of a table."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    several = len(rows) > 2 or len(rows[0]) > 2
    contents = any(LEADERS.fullmatch(line.strip()) for line in lines)
    return several or (all(map(_names_figure, rows)) and not contents)


def _names_figure(cells: Sequence[str]) -> bool:
    """Whether a name without a figure stands beside a value that has some: "Ana Gil", "600 555 123"."""
    name, value = cells
    figures = any(map(str.isdigit, value)) and not any(map(str.isdigit, name))
    return figures and name[:1].isupper()


def rows_of(text: str, lines: Sequence[Span]) -> dict[int, Leaf]:
    """The rows, by where they begin, of tables among the lines: two lines and more with as many columns, three lines with two unless these
    are names with figures."""
    placed = _cells_of_lines(text, lines)
    found: dict[int, Leaf] = {}
    at = 0
    while at < len(lines):
        stop = at + 1
        while stop < len(lines) and len(placed[stop]) == len(placed[at]):
            stop += 1
        said = [[text[x:y].strip() for x, y in cells] for cells in placed[at:stop]]
        if are_columns(said, [text[a:b] for a, b in lines[at:stop]]):
            n_headers = 1 + names_go_on(said) if looks_headed(said) else 0
            for n, ((a, b), cells) in enumerate(zip(lines[at:stop], placed[at:stop], strict=True)):
                kind: PartKind = "header" if n < n_headers else "row"
                found[a] = Leaf(kind, cells[0][0], b, cells=tuple(cells), first=n == 0)
        at = stop
    return found


# What stands in as far is no indentation
_LEAST_HELD: Final = 3


def _cells_of_lines(text: str, lines: Sequence[Span]) -> list[list[Span]]:
    """The cells of each line; the first is empty where a line begins right below the second cell of the one above it."""
    found: list[list[Span]] = []
    second = 0  # How far in the second cell of the line above stands.
    for a, b in lines:
        start = a + indent(text, a, b)
        gaps = [gap.span() for gap in _COLUMNS.finditer(text, start, b)]
        held = start - a >= _LEAST_HELD and abs(start - a - second) < 2
        if held and found and len(gaps) + 2 == len(found[-1]):
            gaps.insert(0, (start, start))
        edges = [start, *(x for gap in gaps for x in gap), b]
        found.append(list(zip(edges[::2], edges[1::2], strict=True)))
        second = found[-1][1][0] - a if gaps else 0
    return found
