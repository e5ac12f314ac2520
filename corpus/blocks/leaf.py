"""What structure is found in, a part at its place, and what it is found as: leaves, stretches that hold no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from corpus.document import Span
from corpus.readers.draft import Part, PartKind


@dataclass(frozen=True, slots=True)
class Placed:
    """A part at its place in the document's text, ``cells`` as spans; ``plain`` as its draft says."""

    part: Part
    start: int
    end: int
    cells: tuple[Span, ...]
    plain: bool


@dataclass(frozen=True, slots=True)
class Leaf:
    """A stretch that holds no other. ``first``: nothing of the same table or list is before it; ``sure``: a question that is
    marked as one, not only by its question mark; ``inside``: the nesting of the item above that it goes on in, else 0."""

    kind: PartKind
    start: int
    end: int
    level: int = 0
    cells: tuple[Span, ...] | None = None
    first: bool = False
    sure: bool = False
    inside: int = 0

    @property
    def listed(self) -> bool:
        """Whether it is an item or goes on in one."""
        return self.kind == "item" or self.inside > 0


ROWS: Final = ("header", "row")
"""The kinds of leaves that are rows of a table."""


def rstripped(text: str, end: int) -> int:
    """Where a stretch that ends at ``end`` ends without the white space there."""
    while text[end - 1].isspace():
        end -= 1
    return end


def indent(text: str, start: int, end: int) -> int:
    """How many characters of white space a stretch begins with."""
    return len(text[start:end]) - len(text[start:end].lstrip())
