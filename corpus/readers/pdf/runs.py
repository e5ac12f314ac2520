"""What stands on a page: runs of text with their places, and the sheet that has them.

Knows how a place is told, in points from the lower left corner, and in which frame where the text is turned; and which runs are one row of
print. Nothing here asks PDFium: pages that are pictures, and web pages whose lines stand at places, are sheets too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final


@dataclass(slots=True)
class Run:
    """Text on one base line, in points from the lower left corner; ``bottom`` is the base line, ``height`` the font's.

    ``edges`` are the left and right ends of its characters in turn, empty where they are not known one by one. ``turned``:
    degrees against the page, in whose frame the numbers are. ``typed``: the value of a form field or a text box laid upon the
    page. ``repeated``: other pages have it at their edge too. ``mark_height``: of the mark that it begins with, where that is set in
    another font, else 0. ``numbered``: it begins with the number of its paragraph, which stands in a column of its own.
    ``spaced``: the file has a space before it, on its base line. ``underlined``: all of it is.
    """

    text: str
    page: int
    left: float
    bottom: float
    right: float
    height: float
    bold: bool = False
    edges: list[float] = field(default_factory=list)
    turned: int = 0
    typed: bool = False
    repeated: bool = False
    mark_height: float = 0.0
    numbered: bool = False
    spaced: bool = False
    underlined: bool = False


Rule = tuple[float, float, float]
Post = tuple[float, float, float]
Frame = tuple[float, float, float, float]


@dataclass(slots=True)
class Sheet:
    """What stands on one page, in the frame of the page as it is shown, ``turned`` so many degrees against that of the file: runs by their place, horizontal rules as (left, y, right), upright ones as ``posts`` (x, lower, upper),
    ``frames`` drawn around text as (left, lower, right, upper), what is slanted or lies under the text, ``marks`` what is surely a
    watermark, ``pale`` runs that are one if other pages have them, ``unseen`` what is drawn so that nobody sees it, ``struck``
    what a line is drawn through, ``unnamed`` what is in glyphs that nothing tells the letters of, and ``spread`` the numbers of two printed pages that it shows side by side."""

    page: int
    runs: list[Run] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    slanted: list[Run] = field(default_factory=list)
    marks: list[Run] = field(default_factory=list)
    pale: list[Run] = field(default_factory=list)
    n_undecoded: int = 0
    has_pictures: bool = False
    unseen: list[Run] = field(default_factory=list)
    struck: list[Run] = field(default_factory=list)
    unnamed: list[Run] = field(default_factory=list)
    spread: list[Run] = field(default_factory=list)
    turned: int = 0

    @property
    def fold(self) -> float | None:
        """The x between two printed pages side by side."""
        return (self.spread[0].left + self.spread[1].right) / 2 if self.spread else None


# From here on two pieces on a line may belong to two columns.
COLUMN_GAP: Final = 0.8


def upright(run: Run, left: float, right: float) -> tuple[float, float, float, float]:
    """A stretch of a run as left, bottom, right and top in the frame of the page."""
    low, high = run.bottom - 0.22 * run.height, run.bottom + 0.78 * run.height
    return in_frame((left, low, right, high), -run.turned)


def in_frame(place: Frame, turned: int) -> Frame:
    """A place in a frame that is turned by so many degrees, right angles, against the one it is told in."""
    left, low, right, high = place
    match turned % 360:
        case 90:
            return low, -right, high, -left
        case 180:
            return -right, -high, -left, -low
        case 270:
            return -high, left, -low, right
    return place


def rows_of(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs with one base line together, from the top of the page to its bottom, each from left to right."""
    rows: list[list[Run]] = []
    base = 0.0
    for run in sorted(runs, key=lambda run: (-run.bottom, run.left)):
        if rows and base - run.bottom < 0.3 * min(run.height, rows[-1][0].height):
            rows[-1].append(run)
        else:
            rows.append([run])
            base = run.bottom
    for row in rows:
        row.sort(key=lambda run: run.left)
    return rows
