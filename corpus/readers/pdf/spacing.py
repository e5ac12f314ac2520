"""A stretch of glyphs → a run: where the gaps between its letters are spaces.

Words are made here from the distances, because a file may hold no spaces at all, or one after each letter. Knows how wide a space is
beside letters that are set close, apart, or to fill their line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Final

from corpus.readers.draft import clean, flat
from corpus.readers.pdf.runs import Run

# A gap is one between words from this share of the font's height on; letters are set as much closer as their usual gap is.
_WORD_GAP: Final = 0.16
# Where letters overlap by so much and all alike, as condensed headings are set, the gaps between words are narrower too.
_TIGHT: Final = -0.02
_TIGHT_WORD_GAP: Final = 0.09
_LEAST_ALIKE: Final = 0.6
# Where nearly all letters stand at one distance, within so much, a gap half as wide as usual parts words, too.
_EVEN: Final = 0.035
_LEAST_EVEN: Final = 0.85
EVEN_WORD_GAP: Final = 0.085
_LEAST_LETTERS: Final = 12
# … and from this share of the spaces on that the file has itself.
_LEAST_OF_SPACE: Final = 0.3
# Points between the left edges of the letters of a ligature.
_ONE_PLACE: Final = 0.001
# Bullets and ticks of Symbol, Wingdings and Font Awesome, which PDFs give by the number of the glyph.
_SYMBOLS: Final = {
    0xF0B7: "•", 0xF0A7: "▪", 0xF076: "•", 0xF0D8: "➢", 0xF0FC: "✓", 0xF00C: "✓", 0xF0A8: "❑",
    0xF06F: "❑", 0xF0E0: "→", 0xF02D: "-",
}  # fmt: skip


@dataclass(slots=True)
class Open:
    """A run that is being read; ``gaps[i]`` stands before character i, ``spaced`` are those with a space there, ``own`` those with one that
    the file has itself and PDFium did not make up."""

    first: int
    last: int
    left: float
    right: float
    bottom: float
    height: float
    chars: list[str] = field(default_factory=list)
    edges: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    spaced: list[bool] = field(default_factory=list)
    own: list[bool] = field(default_factory=list)
    n_unnamed: int = 0
    after_space: bool = False


def run_of(piece: Open, page: int) -> Run | None:
    """The text of a piece, with a space where the gap says so."""
    text, edges = "", list[float]()
    breaks = _word_starts(piece)
    for i, char in enumerate(piece.chars):
        left, right = piece.edges[2 * i : 2 * i + 2]
        if i in breaks:
            text += " "
            edges += (edges[-1], left)
        text += char
        edges += (left, right)
    soft = text.endswith("\xad")
    cleaned = flat(clean(text.translate(_SYMBOLS))) + ("-" if soft else "")
    if not cleaned:
        return None
    if len(cleaned) * 2 != len(edges):
        edges = []
    run = Run(cleaned, page, piece.left, piece.bottom, piece.right, piece.height, edges=edges)
    run.spaced = piece.after_space
    return run


# Of the height of the letters: a space of the file may be squeezed to less than nothing, beside letters that overlap even more.
_LEAST_SQUEEZED: Final = -0.05


def _is_squeezed(piece: Open, i: int) -> bool:
    """Whether a space that the file has itself stands before a letter, however narrow: no letter behind a ligature, where programs put one."""
    both = "".join(piece.chars[i - 1 : i + 1])
    if not piece.own[i] or not both.isalnum() or both.isdecimal():
        return False
    beside = min(0.0, *(piece.gaps[k] for k in (i - 1, i + 1) if 0 < k < len(piece.gaps)))
    ligature = i > 1 and abs(piece.edges[2 * i - 2] - piece.edges[2 * i - 4]) < _ONE_PLACE
    return not ligature and piece.gaps[i] > beside + _LEAST_SQUEEZED * piece.height


def _word_starts(piece: Open) -> frozenset[int]:
    """Numbers of the characters that a space stands before."""
    # Dots that lead to a number are set apart whatever the letters are
    within = [i for i in range(1, len(piece.chars)) if "." not in piece.chars[i - 1 : i + 1]]
    within = within or list(range(1, len(piece.chars)))
    spaces = [i for i in within if piece.spaced[i]]
    # PDFium makes one up where an accent that is a glyph of its own was drawn before its letter, and behind a slanted one: "f )".
    seen = [
        (spaced and piece.gaps[i] > (0.04 if piece.chars[i] != ")" else _WORD_GAP) * piece.height)
        or _is_squeezed(piece, i)
        for i, spaced in enumerate(piece.spaced)
    ]
    n = len(piece.chars)
    if not n > 1:
        return frozenset()
    # "2 – 5 g / kg" is made of short words
    said = [char for char in piece.chars if char != "."]
    n_letters, n_digits = sum(map(str.isalpha, said)), sum(map(str.isdigit, said))
    alike = n_letters >= max(0.5 * len(said), 2.5 * n_digits) or n_digits >= 0.75 * len(said)
    if len(spaces) >= 3 and len(spaces) >= 0.75 * len(within) and alike:
        # L E T T E R S set apart: between words the gap is larger than between letters.
        usual = median(piece.gaps[1:])
        return frozenset(
            i for i in range(1, n) if piece.gaps[i] > 1.5 * usual + 0.02 * piece.height
        )
    close = [piece.gaps[i] for i in range(1, n) if not piece.spaced[i]]
    usual = median(close) if len(close) >= 4 else 0.0
    limit = max(0.0, usual) + _WORD_GAP * piece.height
    if usual < _TIGHT * piece.height:
        n_alike = sum(abs(gap - usual) < -_TIGHT * piece.height for gap in close)
        if n_alike >= _LEAST_ALIKE * len(close):
            limit = usual + _TIGHT_WORD_GAP * piece.height
    narrow = frozenset[int]()
    even = _EVEN * piece.height
    if len(close) >= _LEAST_LETTERS and abs(usual) < even:
        n_even = sum(abs(gap - usual) < even for gap in close)
        if n_even >= _LEAST_EVEN * len(close):
            # Justified and kerned lines whose words are told by distance alone: "lamodalidad"
            own = [piece.gaps[i] for i in range(1, n) if piece.spaced[i]]
            least = max(EVEN_WORD_GAP * piece.height, _LEAST_OF_SPACE * median(own or [0.0]))
            narrow = frozenset(
                i
                for i in range(1, n)
                if piece.gaps[i] > usual + least
                and (piece.chars[i - 1].isalpha() or piece.chars[i - 1] in ",;:.)")
                and (piece.chars[i].isalpha() or piece.chars[i] in "(¿¡")
            )
    wide = [i for i in range(1, n) if seen[i] or i in narrow or piece.gaps[i] > limit]
    if usual > 0.1 * piece.height:
        # Letters set apart by their spacing alone; a space that PDFium made up there is none.
        wide = [i for i in wide if piece.gaps[i] > 1.3 * usual]
    if limit < usual + _WORD_GAP * piece.height:
        # "(PORN)" in wider letters: not one letter after the other is a word, where the file has no spaces as in "de 0 a 10"
        starts = set(wide)
        wide = [
            i
            for i in wide
            if seen[i] or i - 1 not in starts or (i - 2 not in starts and i + 1 not in starts)
        ]
    return frozenset(wide)
