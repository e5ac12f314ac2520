"""A page as PDFium gives it → runs: pieces of text on one base line, with their places.

PDFium says where each glyph stands; words and lines are made here from the distances, because a file may hold no spaces at
all, one after each letter, or the same letters twice for bold.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from bisect import bisect_left, bisect_right, insort
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from statistics import median
from typing import Any, Final, Generic, Protocol, TypeVar

from corpus.language import initial_is_word, says_words
from corpus.readers.draft import BULLET, MARKS, clean, flat, known_words, raised
from corpus.readers.pdf.names import GlyphNames
from corpus.readers.symbols import symbol


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that PDFium has open: its ``pdf``, the handle of its ``form``, None without one, and the ``names`` of its glyphs."""

    pdf: Any
    form: Any
    names: GlyphNames


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
    """What stands on one page: runs by their place, horizontal rules as (left, y, right), upright ones as ``posts`` (x, lower, upper),
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

    @property
    def fold(self) -> float | None:
        """The x between two printed pages side by side."""
        return (self.spread[0].left + self.spread[1].right) / 2 if self.spread else None


# A gap is one between words from this share of the font's height on; letters are set as much closer as their usual gap is.
_WORD_GAP: Final = 0.16
# Where letters overlap by so much and all alike, as condensed headings are set, the gaps between words are narrower too.
_TIGHT: Final = -0.02
_TIGHT_WORD_GAP: Final = 0.09
_LEAST_ALIKE: Final = 0.6
# Where nearly all letters stand at one distance, within so much, a gap half as wide as usual parts words, too.
_EVEN: Final = 0.035
_LEAST_EVEN: Final = 0.85
_EVEN_WORD_GAP: Final = 0.085
_LEAST_LETTERS: Final = 12
# … and from this share of the spaces on that the file has itself.
_LEAST_OF_SPACE: Final = 0.3
# From here on two pieces on a line may belong to two columns.
COLUMN_GAP: Final = 0.8
_SPACES: Final = frozenset((9, 10, 13, 32, 160))
_FIRST_PRINTED: Final = 32
_HYPHENS: Final = {2: "-", 0xFFFE: "-"}
_UNDECODED = re.compile("[\x01\x03-\x08\x0e-\x1f\x80-\x9f\ufffd\ue000-\uf8ff]")
_SIGNS = re.compile(r"wingdings|webdings|dingbats", re.IGNORECASE)
# "CMBX12" and "SFSX1000" are bold fonts of TeX, and "NimbusRomNo9L-Medi" and "NimbusSanL-Bol" its bold Times and Helvetica
_BOLD = re.compile(
    r"bold|black|heavy|negr|demi|\b(?:cm|ec|sf)(?:ss)?b(?:x|\d)|\b(?:ec|sf)sx\d|nimbus\w*-(?:medi|bol)",
    re.IGNORECASE,
)
_MAX_PATHS: Final = 3000
_ASKEW_DEGREES: Final = 8
# TeX sets accents as glyphs of their own.
_ACCENTS: Final = {
    "´": "\u0301", "`": "\u0300", "¨": "\u0308", "˜": "\u0303", "ˆ": "\u0302", "¸": "\u0327",
    "˚": "\u030a", "ˇ": "\u030c", "\u0301": "\u0301", "\u0303": "\u0303", "\u0308": "\u0308",
}  # fmt: skip
_RAISED_MARK = re.compile(
    r"[\d*†‡+()a-zA-Zªº°⁻−–-]{1,6}|\d{1,3}(?:,\d{1,3}){1,2}|(?:\[(?:[a-z]{1,2}|\d{1,3})\]){1,3}"
)


# Bullets and ticks of Symbol, Wingdings and Font Awesome, which PDFs give by the number of the glyph.
_SYMBOLS: Final = {
    0xF0B7: "•", 0xF0A7: "▪", 0xF076: "•", 0xF0D8: "➢", 0xF0FC: "✓", 0xF00C: "✓", 0xF0A8: "❑",
    0xF06F: "❑", 0xF0E0: "→", 0xF02D: "-",
}  # fmt: skip
_ACCENT_CODES: Final = frozenset(map(ord, _ACCENTS))
# Fonts of TeX without names for their glyphs are in the Cork encoding: ligatures, dashes and quotation marks are control characters
# there, and two fractions are the marks that open a question and an exclamation.
_CORK: Final = {
    "\x10": "“", "\x11": "”", "\x12": "„", "\x13": "«", "\x14": "»", "\x15": "–", "\x16": "—",
    "\x1b": "\ufb00", "\x1c": "\ufb01", "\x1d": "\ufb02", "\x1e": "\ufb03", "\x1f": "\ufb04",
    "½": "¡", "¾": "¿",
}  # fmt: skip
_CORK_LIGATURES: Final = frozenset("\x1b\x1c\x1d\x1e\x1f")
# Fonts of the time before Unicode had them have two at private places, where fonts of signs have others.
_PRIVATE_LIGATURES: Final = {"\uf001": "\ufb01", "\uf002": "\ufb02"}
# In a font whose every glyph has a number of its own, control characters are as often as not letters.
_MAX_CORK_SHARE: Final = 0.1
_ITEM_NUMBER = re.compile(r"\(?\d{1,2}[.)]")
# Angle, number, left, right, base line, height, character.
_Accent = tuple[int, int, float, float, float, float, str]


@dataclass(slots=True)
class _Open:
    """A run that is being read; ``gaps[i]`` stands before character i, ``spaced`` are those with a space of the file's own."""

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
    n_unnamed: int = 0
    after_space: bool = False


class _Based(Protocol):
    @property
    def bottom(self) -> float: ...
    @property
    def height(self) -> float: ...


_Thing = TypeVar("_Thing", bound=_Based)


class _ByBase(Generic[_Thing]):
    """Things by their base line, so that a page of 20,000 words is not looked through for each of them; what is found comes in the
    order that it was given in."""

    def __init__(self, things: Iterable[_Thing]) -> None:
        self._things = list(things)
        # By height too, in powers of two: one letter as high as the page must not have all of them looked at
        self._places: dict[int, list[tuple[float, int]]] = {}
        for n, thing in enumerate(self._things):
            self._of_size(thing.height).append((thing.bottom, n))
        for places in self._places.values():
            places.sort()

    def within(self, low: float, high: float) -> list[_Thing]:
        """Those whose base line is from ``low`` to ``high``."""
        found = [self._between(places, low, high) for places in self._places.values()]
        return self._in_order(found)

    def around(self, y: float, down: float, up: float) -> list[_Thing]:
        """At least those whose base line is so near ``y`` that it is within ``down`` of their height below it, or ``up`` above."""
        found = [
            self._between(places, y - up * 2.0**size, y + down * 2.0**size)
            for size, places in self._places.items()
        ]
        return self._in_order(found)

    def moved(self, thing: _Thing, bottom: float, height: float) -> None:
        """Have one found where it stands now that stood at ``bottom`` with that ``height``."""
        places = self._of_size(height)
        at = bisect_left(places, (bottom, -1))
        while self._things[places[at][1]] is not thing:
            at += 1
        _, n = places.pop(at)
        insort(self._of_size(thing.height), (thing.bottom, n))

    def _of_size(self, height: float) -> list[tuple[float, int]]:
        return self._places.setdefault(math.frexp(height)[1], [])

    def _between(
        self, places: Sequence[tuple[float, int]], low: float, high: float
    ) -> Sequence[tuple[float, int]]:
        return places[
            bisect_left(places, (low, -1)) : bisect_right(places, (high, len(self._things)))
        ]

    def _in_order(self, found: Iterable[Sequence[tuple[float, int]]]) -> list[_Thing]:
        return [self._things[n] for n in sorted(n for places in found for _, n in places)]


def read_sheet(file: OpenFile, page: Any, textpage: Any, number: int) -> Sheet:
    """What stands on a page (1-based)."""
    sheet = Sheet(number)
    fonts = _Fonts(textpage, file.names)
    ink = _Ink(page, textpage)
    box = page.get_bbox()  # also where the file says it once for all pages
    accents: list[_Accent] = []
    pieces = list(_pieces(textpage, sheet, accents, fonts))
    sheet.n_undecoded -= _with_ligatures([piece for _, piece in pieces])
    sheet.n_undecoded -= _with_private_ligatures([piece for _, piece in pieces])
    found: list[Run] = []
    unnamed: list[Run] = []
    pale: list[Run] = []
    for angle, piece in [*pieces, *_not_composed(pieces, accents)]:
        piece.height = fonts.height(piece.first) or piece.height
        piece.chars[0] = fonts.mark(piece.first, piece.chars[0])
        if _is_letter_bullet(piece, fonts):
            piece.chars[0] = "◦"
        run = _run(piece, number)
        # What a broken matrix puts nowhere is not on the page.
        if run is None or not math.isfinite(run.left + run.right + run.bottom + run.height):
            continue
        run.bold = fonts.bold(piece.first) and fonts.bold(piece.last)
        run.turned = angle
        if ink.is_unseen(piece.first, run):
            sheet.unseen.append(run)
            continue
        if angle or _is_within(run, box):
            found.append(run)
        if 2 * piece.n_unnamed > len(piece.chars):
            unnamed.append(run)
        if ink.is_pale(piece.first, run):
            pale.append(run)
    if _are_scrambled(found):
        unnamed = found
    sheet.unnamed = unnamed if _are_unread(unnamed, found) else []
    sheet.pale = [run for run in pale if run.height > _LARGE * median(r.height for r in found)]
    sheet.marks = _pale_marks(pale, found)
    gone = set(map(id, [*sheet.unnamed, *sheet.marks]))
    turned: dict[int, list[Run]] = {0: []}
    for run in found:
        if id(run) in gone:
            continue
        if run.turned % 90:
            sheet.slanted.append(run)
        else:
            turned.setdefault(run.turned, []).append(run)
    flat_runs = turned.pop(0)
    flat_runs += _typed(page, number, file.form, flat_runs) + _shown(page, number, file.form)
    under = _under_text(flat_runs)
    sheet.slanted += under
    lying = set(map(id, under))
    sheet.runs = assembled([run for run in flat_runs if id(run) not in lying])
    n_flat = sum(len(run.text) for run in sheet.runs)
    for _, runs in sorted(turned.items()):
        made = assembled(runs)
        # A page laid on its side is read first in the direction of most of its text.
        more = sum(len(run.text) for run in made) > n_flat
        sheet.runs = made + sheet.runs if more else sheet.runs + made
    marks, strokes = _drawn(page, sheet)
    strokes.sort()
    _strike_out(sheet, strokes)
    _underline(sheet.runs, strokes, textpage)
    _with_bullets(sheet.runs, marks)
    return sheet


def _is_letter_bullet(piece: _Open, fonts: _Fonts) -> bool:
    """Whether a piece begins with the letter "o" as Word sets it for a hollow bullet: by itself and in Courier, which nothing behind it is."""
    alone = len(piece.chars) == 1
    if piece.chars[0] != "o" or not (alone or piece.spaced[1]):
        return False
    return "Courier" in fonts.name(piece.first) and (
        alone or "Courier" not in fonts.name(piece.last)
    )


def _is_within(run: Run, box: tuple[float, float, float, float]) -> bool:
    return run.right > box[0] and run.left < box[2] and box[1] - run.height < run.bottom < box[3]


# So many letters in glyphs without names are a line; fewer may be signs or a formula beside the text.
_LEAST_UNNAMED: Final = 40


def _are_unread(unnamed: Sequence[Run], runs: Sequence[Run]) -> bool:
    """Whether what is in glyphs without names is gibberish: more than a few letters, or all there is, and no words. Old fonts of TeX have
    no names either, and the codes of their letters are right."""
    n_letters = sum(len(run.text) for run in unnamed)
    some = n_letters >= _LEAST_UNNAMED or 0 < n_letters >= sum(len(run.text) for run in runs)
    return some and not says_words(" ".join(run.text for run in unnamed))


# Signs that stand in a text now and then; where a font counts its letters from "!" on, they are most of them.
_ODD_SIGNS: Final = frozenset("!\"#$&'<>?@[\\]^`{}~")
_LEAST_ODD: Final = 0.25
_MOST_LETTERS: Final = 0.35
_LONG_WORD: Final = 25


def _are_scrambled(runs: Sequence[Run]) -> bool:
    """Whether a page is in a font that counts its letters as they come and tells nobody: signs with hardly a letter between them, or
    letters with no space."""
    words = [word for run in runs for word in run.text.split()]
    page = "".join(words)
    if len(page) < _LEAST_UNNAMED:
        return False
    odd = sum(char in _ODD_SIGNS for char in page) >= _LEAST_ODD * len(page)
    few = sum(map(str.isalpha, page)) < _MOST_LETTERS * len(page)
    long = sum(len(w) for w in words if len(w) > _LONG_WORD and _are_letters(w))
    return (odd and few) or long > 0.6 * len(page)


def _are_letters(word: str) -> bool:
    return word.isascii() and sum(map(str.isalpha, word)) > 0.8 * len(word)


class _Fonts:
    """What the fonts of characters are called, asked once a font."""

    def __init__(self, textpage: Any, names: GlyphNames | None = None) -> None:
        self.textpage = textpage
        self.names = names
        self.known: dict[int, str] = {}
        self.spans: dict[int, float] = {}

    def bold(self, index: int) -> bool:
        return _BOLD.search(self.name(index)) is not None

    def ligature(self, index: int, code: int) -> str:
        """The letters of a glyph that PDFium has only the code of, by its name; "" where it tells none."""
        return self.names.meaning(self.name(index), code) if self.names is not None else ""

    def mark(self, index: int, char: str) -> str:
        """What a character that the file gives by its place in a font of signs looks like, any picture as an arrow: a mark of items."""
        if not "!" <= char <= "ÿ" or char in f"-{MARKS}":
            return char
        font = _SIGNS.search(self.name(index))
        return (symbol(font[0].lower(), f"{ord(char):x}") or "➢") if font else char

    def height(self, index: int) -> float:
        """The height of a line in the font and size of a character, where PDFium gives each letter its own, since the font says that it
        spans less than its letters do; 0 elsewhere. Else a line without a tall letter would be one in smaller letters."""
        import pypdfium2.raw as pdfium

        of_text = pdfium.FPDFText_GetTextObject(self.textpage, index)
        font = pdfium.FPDFTextObj_GetFont(of_text) if of_text else None
        if not font:
            return 0.0
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in self.spans:
            up, down = ctypes.c_float(), ctypes.c_float()
            pdfium.FPDFFont_GetAscent(font, 1.0, ctypes.byref(up))
            pdfium.FPDFFont_GetDescent(font, 1.0, ctypes.byref(down))
            self.spans[key] = up.value - down.value
        matrix = pdfium.FS_MATRIX()
        # One that says nothing, as a font of drawings, has a size that says nothing either
        if not _NO_SPAN < self.spans[key] < _LEAST_SPAN or not pdfium.FPDFText_GetMatrix(
            self.textpage, index, ctypes.byref(matrix)
        ):
            return 0.0
        size = pdfium.FPDFText_GetFontSize(self.textpage, index)
        return _LINE_SPAN * float(size) * math.hypot(matrix.c, matrix.d)

    def name(self, index: int) -> str:
        import pypdfium2.raw as pdfium

        of_text = pdfium.FPDFText_GetTextObject(self.textpage, index)
        font = pdfium.FPDFTextObj_GetFont(of_text) if of_text else None
        if not font:
            return ""
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in self.known:
            name = ctypes.create_string_buffer(128)
            pdfium.FPDFFont_GetBaseFontName(font, name, 128)
            self.known[key] = name.value.decode("utf-8", "replace")
        return self.known[key]


# What fonts span from their descenders to their ascenders, in their size; Courier says 0.79. One that says less has letters that are
# higher, and one that says next to nothing does not tell.
_LINE_SPAN: Final = 0.92
_LEAST_SPAN: Final = 0.75
_NO_SPAN: Final = 0.3

# A part of a colour from here on is white to the eye.
_WHITE: Final = 250
# … and from here on pale.
_PALE: Final = 178
_HALF: Final = 128
# How text is drawn, as letters that are filled or not at all: ISO 32000-1, table 106.
_FILLED, _INVISIBLE = 0, 3
# Of its height: a text that is drawn twice stands no further off.
_TWICE_DRAWN: Final = 0.25
_MAX_TEXTS: Final = 20_000
_MAX_IN_PLACE: Final = 20


class _Ink:
    """Which text nobody sees: drawn without ink, or in white where nothing is behind it. What lies over a picture is seen, or is
    what OCR read in it."""

    def __init__(self, page: Any, textpage: Any) -> None:
        self.page, self.textpage = page, textpage
        self.grounds: list[tuple[bool, Frame]] | None = None
        # By the mesh of its lower left corner: left, bottom, right, top, size
        self.copies: dict[tuple[int, int], set[tuple[float, ...]]] | None = None

    def is_unseen(self, index: int, run: Run) -> bool:
        """Whether the run that begins with that character of the page is not seen."""
        import pypdfium2.raw as pdfium

        of_text = pdfium.FPDFText_GetTextObject(self.textpage, index)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(of_text) if of_text else _FILLED
        if mode != _INVISIBLE and not (mode == _FILLED and self._is_white(index)):
            return False
        return not self._has_ground(run) and not self._is_drawn_again(index)

    def is_pale(self, index: int, run: Run) -> bool:
        """Whether the run is printed so lightly, or so transparent, on white that the eye reads over it."""
        import pypdfium2.raw as pdfium

        parts = [ctypes.c_uint() for _ in range(4)]
        found = pdfium.FPDFText_GetFillColor(self.textpage, index, *map(ctypes.byref, parts))
        *colour, alpha = (part.value for part in parts)
        light = 255 - (255 - min(colour)) * alpha / 255 >= _PALE or alpha <= _HALF
        unclear = bool(found) and light and not self._has_ground(run, forms=False)
        return unclear and not self._is_drawn_again(index)

    def _has_ground(self, run: Run, *, forms: bool = True) -> bool:
        """Whether something else than white may be behind a run: a form, which may be no more than the run itself, if ``forms``."""
        if self.grounds is None:
            self.grounds = list(self._grounds())
        left, low, right, high = upright(run, run.left, run.right)
        x, y = (left + right) / 2, (low + high) / 2
        return any(
            (forms or not is_form) and a <= x <= c and b <= y <= d
            for is_form, (a, b, c, d) in self.grounds
        )

    def _is_drawn_again(self, index: int) -> bool:
        """Whether the text of a character is a halo or a shadow: it is drawn again in its place, in a colour to be read, and PDFium gives
        the first of two alike only."""
        import pypdfium2.raw as pdfium

        if self.copies is None:
            self.copies = {}
            for place, size in self._copies():
                self.copies.setdefault(_mesh(place), set()).add((*place, size))
        of_text = pdfium.FPDFText_GetTextObject(self.textpage, index) if self.copies else None
        own = _bounds(of_text) if of_text else None
        if own is None:
            return False
        near = min(_TWICE_DRAWN * (own[3] - own[1]), _TWICE)
        size = _type_size(of_text)
        return any(
            abs(left - own[0]) < near
            and abs(low - own[1]) < near
            and abs((right - left) - (own[2] - own[0])) < 1
            and abs(height - size) < 0.01 * size
            for across in _meshes(own[0], near)
            for up in _meshes(own[1], near)
            for left, low, right, _, height in islice(
                self.copies.get((across, up), ()), _MAX_IN_PLACE
            )
        )

    def _copies(self) -> Iterator[tuple[Frame, float]]:
        """Place and size of each text that PDFium does not give and that is to be read."""
        import pypdfium2.raw as pdfium

        given = {
            ctypes.cast(of_text, ctypes.c_void_p).value
            for n in range(pdfium.FPDFText_CountChars(self.textpage))
            if (of_text := pdfium.FPDFText_GetTextObject(self.textpage, n))
        }
        parts = [ctypes.c_uint() for _ in range(4)]
        for n in range(min(_MAX_TEXTS, pdfium.FPDFPage_CountObjects(self.page.raw))):
            drawn = pdfium.FPDFPage_GetObject(self.page.raw, n)
            if pdfium.FPDFPageObj_GetType(drawn) != pdfium.FPDF_PAGEOBJ_TEXT:
                continue
            if ctypes.cast(drawn, ctypes.c_void_p).value in given:
                continue
            pdfium.FPDFPageObj_GetFillColor(drawn, *map(ctypes.byref, parts))
            *colour, alpha = (part.value for part in parts)
            mode = pdfium.FPDFTextObj_GetTextRenderMode(drawn)
            clear = mode == _FILLED and min(colour) < _PALE and alpha > _HALF
            place = _bounds(drawn) if clear else None
            if place is not None:
                yield place, _type_size(drawn)

    def _is_white(self, index: int) -> bool:
        import pypdfium2.raw as pdfium

        parts = [ctypes.c_uint() for _ in range(4)]
        found = pdfium.FPDFText_GetFillColor(self.textpage, index, *map(ctypes.byref, parts))
        return bool(found) and all(part.value >= _WHITE for part in parts[:3])

    def _grounds(self) -> Iterator[tuple[bool, Frame]]:
        """Where something else than white lies that a text may stand on, and whether it is a form; everywhere on a page of too many
        drawings to look at."""
        import pypdfium2.raw as pdfium

        n_objects = pdfium.FPDFPage_CountObjects(self.page.raw)
        if n_objects > _MAX_PATHS:
            yield False, (-math.inf, -math.inf, math.inf, math.inf)
            return
        left, low, right, high = (ctypes.c_float() for _ in range(4))
        places = [ctypes.byref(value) for value in (left, low, right, high)]
        for i in range(n_objects):
            drawn = pdfium.FPDFPage_GetObject(self.page.raw, i)
            kind = pdfium.FPDFPageObj_GetType(drawn)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT or (
                kind == pdfium.FPDF_PAGEOBJ_PATH and not _colours(drawn)
            ):
                continue
            if pdfium.FPDFPageObj_GetBounds(drawn, *places):
                is_form = kind == pdfium.FPDF_PAGEOBJ_FORM
                yield is_form, (left.value, low.value, right.value, high.value)


def _bounds(drawn: Any) -> Frame | None:
    import pypdfium2.raw as pdfium

    left, low, right, high = (ctypes.c_float() for _ in range(4))
    found = pdfium.FPDFPageObj_GetBounds(drawn, *map(ctypes.byref, (left, low, right, high)))
    return (left.value, low.value, right.value, high.value) if found else None


def _mesh(place: Frame) -> tuple[int, int]:
    return math.floor(place[0] / _MESH), math.floor(place[1] / _MESH)


def _type_size(of_text: Any) -> float:
    import pypdfium2.raw as pdfium

    size = ctypes.c_float()
    pdfium.FPDFTextObj_GetFontSize(of_text, ctypes.byref(size))
    return size.value


def _colours(path: Any) -> bool:
    """Whether a path is filled with something else than white."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    parts = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFPageObj_GetFillColor(path, *map(ctypes.byref, parts))
    return fill.value != 0 and any(part.value < _WHITE for part in parts[:3])


_UNDER_SIZE: Final = 3
_LEAST_ACROSS: Final = 2


def _under_text(runs: Sequence[Run]) -> list[Run]:
    """Words in very large letters with lines of the text printed across them: a watermark that is not slanted."""
    usual = median(run.height for run in runs) if runs else 0.0
    large = [run for run in runs if run.height > _UNDER_SIZE * usual and len(run.text) > 1]
    if not large:
        return []
    placed = _ByBase(runs)
    return [run for run in large if _is_under(run, placed)]


_LARGE: Final = 1.5
_TILES: Final = 3


def _pale_marks(pale: Sequence[Run], runs: Sequence[Run]) -> list[Run]:
    """Which of what is printed lightly is a watermark: what is slanted, very large words, large ones that meet a line of the text, and
    what is there again and again on one page. Nothing is where most of a page is pale."""
    if 2 * sum(len(run.text) for run in pale) > sum(len(run.text) for run in runs):
        return []
    own = set(map(id, pale))
    others = [run for run in runs if id(run) not in own and not run.turned]
    usual = median(run.height for run in others) if others else 0.0
    times = Counter(run.text for run in pale)
    placed = _ByBase(others)
    return [
        run
        for run in pale
        if run.turned % 90
        or times[run.text] >= _TILES
        or run.height > _UNDER_SIZE * usual
        or (run.height > _LARGE * usual and _meets_text(run, placed))
    ]


def _meets_text(run: Run, placed: _ByBase[Run]) -> bool:
    left, low, right, high = upright(run, run.left, run.right)
    return any(
        other.left < right and left < other.right
        for other in placed.within(low - run.height, high)
        if low < other.bottom + 0.5 * other.height and other.bottom < high
    )


def _is_under(run: Run, placed: _ByBase[Run]) -> bool:
    across = (
        other
        for other in placed.within(run.bottom, run.bottom + 0.8 * run.height)
        if other.height < run.height / 2
        and run.bottom < other.bottom < run.bottom + 0.8 * run.height
        and other.left < run.right - 0.25 * run.height
        and run.left + 0.25 * run.height < other.right
    )
    return len(list(islice(across, _LEAST_ACROSS))) == _LEAST_ACROSS


def _pieces(
    textpage: Any, sheet: Sheet, accents: list[_Accent], fonts: _Fonts
) -> Iterator[tuple[int, _Open]]:
    """Angle and characters of each stretch that goes on without a break, in the order of the file.

    Accents that are glyphs of their own go to ``accents``.
    """
    import pypdfium2.raw as pdfium

    get_code, get_box = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    get_origin, get_angle = pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_GetCharAngle
    rect, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    place, px, py = ctypes.byref(rect), ctypes.byref(x), ctypes.byref(y)
    raw = textpage.raw
    matrix = pdfium.FS_MATRIX()
    now: _Open | None = None
    angle, size, spaced, last_code = 0, 0.0, False, 0
    blank = math.inf  # The base line of a space that the file has itself
    for i in range(textpage.count_chars()):
        code = get_code(raw, i)
        if code in _SPACES or code == 0 or (code < _FIRST_PRINTED and _is_blank(raw, i)):
            spaced = True
            if code and now is not None and pdfium.FPDFText_IsGenerated(raw, i) == 0:
                get_origin(raw, i, px, py)
                blank = y.value
            continue
        get_box(raw, i, place)
        get_origin(raw, i, px, py)
        glyph = (rect.left, rect.bottom, rect.right, rect.top, x.value, y.value)
        if angle % 90:
            size = _size(textpage, i, matrix)
        left, right, base, height = _level(angle, glyph, size) if angle else (
            glyph[0], glyph[2], glyph[5], glyph[3] - glyph[1],
        )  # fmt: skip
        if code in _ACCENT_CODES:
            accents.append((angle, i, left, right, base, max(0.1, height), chr(code)))
            continue
        if now is not None:
            step = left - now.right
            follows = abs(base - now.bottom) < 0.1 * height and -height < step < COLUMN_GAP * height
            follows = follows and _is_as_high(now, i, height, fonts)
            if follows and spaced and _is_number(now.chars):
                now.height = height  # That of an item may be set in letters of its own
            # Two letters in exactly one place are a ligature; nearly in one, printed twice to look bold.
            if code == last_code and follows and 0.001 < abs(left - now.edges[-2]) < 0.1 * height:
                continue
            if not follows:
                yield angle, now
                now = None
        if now is None:
            angle = _angle(-math.degrees(get_angle(raw, i)))  # PDFium counts clockwise
            if angle % 90 and pdfium.FPDFText_GetMatrix(raw, i, ctypes.byref(matrix)):
                # Letters that lean as italics do, in a font that has none, run level: PDFium takes their lean for the angle.
                angle = _angle(math.degrees(math.atan2(matrix.b, matrix.a)))
            if angle % 90:
                size = _size(textpage, i, matrix)
            left, right, base, height = _level(angle, glyph, size)
            now = _Open(i, i, left, right, base, max(0.1, height))
            now.after_space = spaced and abs(blank - y.value) < 0.1 * height
            step, spaced = 0.0, False
        unnamed = pdfium.FPDFText_HasUnicodeMapError(raw, i) == 1
        named = fonts.ligature(i, code) if unnamed else ""
        char = named or _HYPHENS.get(code) or chr(code)
        now.chars.append(char)
        now.edges += (left, right)
        now.gaps.append(step)
        now.spaced.append(spaced)
        now.right = max(now.right, right)
        now.last, last_code, spaced, blank = i, code, False, math.inf
        now.n_unnamed += unnamed and not named
        if _UNDECODED.match(char):
            sheet.n_undecoded += 1
    if now is not None:
        yield angle, now


def _is_blank(raw: Any, index: int) -> bool:
    """Whether what the file calls a control character draws nothing where it has width: a space that the font does not call one."""
    import pypdfium2.raw as pdfium

    if pdfium.FPDFText_HasUnicodeMapError(raw, index) == 1:
        return False
    left, right, low, high = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(raw, index, *map(ctypes.byref, (left, right, low, high)))
    return high.value - low.value < 0.01 * (right.value - left.value)


def _is_as_high(now: _Open, index: int, height: float, fonts: _Fonts) -> bool:
    """Whether a character is as high as those before it, or else its line is, which then has the height of the higher."""
    if abs(height - now.height) < 0.15 * height:
        return True
    line = fonts.height(index)
    alike = line > 0 and abs(line - fonts.height(now.last)) < 0.01 * line
    now.height = max(now.height, height) if alike else now.height
    return alike


def _is_number(chars: Sequence[str]) -> bool:
    """Whether characters are the number of an item: "1.", "12)", "(3)"."""
    return len(chars) < 5 and _ITEM_NUMBER.fullmatch("".join(chars)) is not None


def _with_ligatures(pieces: Sequence[_Open]) -> int:
    """Puts what the Cork encoding means in the place of control characters, where a page has ligatures beside letters and no other
    control characters; how many there were."""
    found = [(piece, n) for piece in pieces for n, char in enumerate(piece.chars) if char < " "]
    n_chars = sum(len(piece.chars) for piece in pieces)
    known = all(piece.chars[n] in _CORK for piece, n in found)
    if not found or not known or len(found) > _MAX_CORK_SHARE * n_chars:
        return 0
    if not any(_is_within_word(piece, n) for piece, n in found):
        return 0
    for piece in pieces:
        for n, char in enumerate(piece.chars):
            after = piece.chars[n + 1 : n + 2]
            if char < " " or (char in "½¾" and after and after[0].isupper()):
                piece.chars[n] = _CORK[char]
    return len(found)


def _with_private_ligatures(pieces: Sequence[_Open]) -> int:
    """Puts a ligature in the place of what stands for one at a private place, close to a small letter; how many there were."""
    n_found = 0
    for piece in pieces:
        for n, char in enumerate(piece.chars):
            if char not in _PRIVATE_LIGATURES:
                continue
            near = [n] if n else []
            near += [n + 1] if n + 1 < len(piece.chars) else []
            # A sign has room beside it
            close = [
                at
                for at in near
                if not piece.spaced[at] and piece.gaps[at] < _EVEN_WORD_GAP * piece.height
            ]
            beside = (piece.chars[at if at > n else n - 1] for at in close)
            if any(letter.isalpha() and letter.islower() for letter in beside):
                piece.chars[n] = _PRIVATE_LIGATURES[char]
                n_found += 1
    return n_found


def _is_within_word(piece: _Open, n: int) -> bool:
    beside = [*piece.chars[max(0, n - 1) : n], *piece.chars[n + 1 : n + 2]]
    return piece.chars[n] in _CORK_LIGATURES and all(map(str.isalpha, beside))


def _not_composed(
    pieces: Sequence[tuple[int, _Open]], accents: Sequence[_Accent]
) -> Iterator[tuple[int, _Open]]:
    """Puts each accent upon the letter that it is printed over; gives those back that stand alone."""
    placed = {
        angle: _ByBase(piece for turned, piece in pieces if turned == angle)
        for angle in {accent[0] for accent in accents}
    }
    for angle, i, left, right, base, height, mark in accents:
        middle = (left + right) / 2
        near = (
            piece
            for piece in placed[angle].within(base - 0.4 * height, base + 0.4 * height)
            if abs(piece.bottom - base) < 0.4 * height and piece.left < middle < piece.right
        )
        if any(_composed(piece, middle, mark) for piece in near):
            continue
        yield angle, _Open(i, i, left, right, base, height, [mark], [left, right], [0.0], [False])


def _composed(piece: _Open, middle: float, mark: str) -> bool:
    for n, char in enumerate(piece.chars):
        if piece.edges[2 * n] <= middle <= piece.edges[2 * n + 1]:
            letter = {"ı": "i", "ȷ": "j"}.get(char, char)
            whole = unicodedata.normalize("NFC", letter + _ACCENTS[mark])
            if letter.isalpha() and len(whole) == 1:
                piece.chars[n] = whole
                return True
    return False


def _angle(degrees: float) -> int:
    """The angle of a text, a right one where it is only a little askew, as scans are."""
    right = round(degrees / 90) * 90
    return (right if abs(degrees - right) <= _ASKEW_DEGREES else round(degrees)) % 360


def _size(textpage: Any, index: int, matrix: Any) -> float:
    """The size of a character on the page."""
    import pypdfium2.raw as pdfium

    size = float(pdfium.FPDFText_GetFontSize(textpage, index))
    if pdfium.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix)):
        size *= math.hypot(matrix.c, matrix.d)
    return max(0.1, size)


def _level(
    angle: int, glyph: tuple[float, float, float, float, float, float], size: float
) -> tuple[float, float, float, float]:
    """Left, right, base line and height of a glyph of that size in the frame of a text that runs at that angle."""
    left, low, right, high, x, y = glyph
    if angle == 0:
        return left, right, y, high - low
    if angle == 90:
        return low, high, -x, right - left
    if angle == 180:
        return -right, -left, -y, high - low
    if angle == 270:
        return -high, -low, x, right - left
    a = math.radians(angle)
    cos, sin = math.cos(a), math.sin(a)
    along, across = x * cos + y * sin, y * cos - x * sin
    # PDFium gives the upright box around a slanted one, which is as high as the size says
    more, less = max(abs(cos), abs(sin)), min(abs(cos), abs(sin))
    span = right - left if abs(cos) > abs(sin) else high - low
    width = (span - size * less) / more
    return along, along + max(0.0, width), across, size


def upright(run: Run, left: float, right: float) -> tuple[float, float, float, float]:
    """A stretch of a run as left, bottom, right and top in the frame of the page."""
    low, high = run.bottom - 0.22 * run.height, run.bottom + 0.78 * run.height
    if run.turned == 90:
        return -high, left, -low, right
    if run.turned == 180:
        return -right, -high, -left, -low
    if run.turned == 270:
        return low, -right, high, -left
    return left, low, right, high


def _run(piece: _Open, page: int) -> Run | None:
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
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    soft = text.endswith("\xad")
    cleaned = flat(clean(text.translate(_SYMBOLS))) + ("-" if soft else "")
    if not cleaned:
        return None
    if len(cleaned) * 2 != len(edges):
        edges = []
    run = Run(cleaned, page, piece.left, piece.bottom, piece.right, piece.height, edges=edges)
    run.spaced = piece.after_space
    return run


def _word_starts(piece: _Open) -> frozenset[int]:
    """Numbers of the characters that a space stands before."""
    # Dots that lead to a number are set apart whatever the letters are
    within = [i for i in range(1, len(piece.chars)) if "." not in piece.chars[i - 1 : i + 1]]
    within = within or list(range(1, len(piece.chars)))
    spaces = [i for i in within if piece.spaced[i]]
    # PDFium makes one up where an accent that is a glyph of its own was drawn before its letter, and behind a slanted one: "f )".
    seen = [
        spaced and piece.gaps[i] > (0.04 if piece.chars[i] != ")" else _WORD_GAP) * piece.height
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
            least = max(_EVEN_WORD_GAP * piece.height, _LEAST_OF_SPACE * median(own or [0.0]))
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


# --------------------------------------------------------------------------- runs into lines


def assembled(runs: Sequence[Run]) -> list[Run]:
    """Runs side by side as one, with raised marks in their place and nothing that is printed twice; from top to bottom."""
    runs = _with_initials(_with_raised(_once(runs)))
    made: list[Run] = []
    for row in rows_of(runs):
        now = row[0]
        for run in row[1:]:
            gap = run.left - now.right
            height = max(now.height, run.height)
            beside = run is row[-1] and now.left == row[0].left and _names(now, run)
            if beside or (
                gap < COLUMN_GAP * min(now.height, run.height) and not (now.typed and run.typed)
            ):
                between = " " if gap > 0.1 * height and run.text[0] not in _ATTACHED else ""
                now = _joined(now, run, between)
            else:
                made.append(now)
                now = run
        made.append(now)
    return made


# "Artículo 8º." in the margin of its text, whose lines all stand further in
_IN_MARGIN = re.compile(
    r"(?:art(?:[ií]culo|icle|\.)|cl[aá]usula|clause|section|par[aá]grafo)(?: (?:n[º°.]{1,2} ?)?(?:\d{1,3}|[ivx]{1,6})[º°ª]?)?[.:]?-?",
    re.IGNORECASE,
)
_MAX_MARGIN: Final = 7.0
_LEAST_BESIDE: Final = 25


def _names(label: Run, run: Run) -> bool:
    """Whether a run is the name of an article in the margin and the other the first line of what it says, and no cell of a table."""
    return (
        _IN_MARGIN.fullmatch(label.text) is not None
        and not label.text[-1].isalpha()
        and label.text[0].isupper()
        and 0 < run.left - label.right < _MAX_MARGIN * run.height
        and abs(label.height - run.height) < 0.3 * run.height
        and len(run.text) >= _LEAST_BESIDE
        and run.text[0].isupper()
    )


# Raised marks stand at the word they belong to whatever the gap.
_ATTACHED: Final = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹^")


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


def _joined(left: Run, right: Run, between: str) -> Run:
    edges: list[float] = []
    if left.edges and right.edges:
        edges = [*left.edges, *([left.right, right.left] if between else ()), *right.edges]
    wide = left if len(left.text) >= len(right.text) else right
    return Run(
        left.text + between + right.text,
        left.page,
        left.left,
        wide.bottom,
        max(left.right, right.right),
        wide.height,
        left.bold and right.bold,
        edges,
        left.turned,
        left.typed or right.typed,
    )


# Points: what is printed twice stands no farther apart, however large; and the mesh of the places where that is looked for.
_TWICE: Final = 16.0
_MESH: Final = 4.0
# Lines at one height whose words may be printed again.
_MAX_OVERPRINTED: Final = 8
# Of the height of the letters.
_UPON: Final = 0.12


def _once(runs: Sequence[Run]) -> list[Run]:
    kept: list[Run] = []
    seen: dict[tuple[str, int, int], list[Run]] = {}
    lines: dict[int, deque[Run]] = {}
    for run in runs:
        near = min(0.25 * run.height, _TWICE)
        if any(
            _is_piece_of(run, line)
            for up in _meshes(run.bottom, near)
            for line in lines.get(up, ())
        ):
            continue
        if any(
            abs(o.left - run.left) < near and abs(o.bottom - run.bottom) < near
            for across in _meshes(run.left, near)
            for up in _meshes(run.bottom, near)
            for o in seen.get((run.text, across, up), ())
        ):
            continue
        place = (run.text, math.floor(run.left / _MESH), math.floor(run.bottom / _MESH))
        seen.setdefault(place, []).append(run)
        kept.append(run)
        if run.edges and " " in run.text:
            lines.setdefault(place[2], deque(maxlen=_MAX_OVERPRINTED)).append(run)
    return kept


def _is_piece_of(run: Run, line: Run) -> bool:
    """Whether a run is printed upon the same words of a longer one; a letter of its words may be as near to its like: "Of", "ficer"."""
    n_chars, near = len(line.text), _UPON * run.height
    if len(run.text) >= n_chars or abs(run.bottom - line.bottom) >= near:
        return False
    at = bisect_left(range(n_chars), run.left - near, key=lambda n: line.edges[2 * n])
    while at < n_chars and line.edges[2 * at] < run.left + near:
        end = at + len(run.text)
        whole = (at == 0 or line.text[at - 1] == " ") and line.text[end : end + 1] in ("", " ")
        if (whole or " " in run.text) and line.text.startswith(run.text, at):
            return True
        at += 1
    return False


def _meshes(at: float, near: float) -> range:
    return range(math.floor((at - near) / _MESH), math.floor((at + near) / _MESH) + 1)


def _with_raised(runs: list[Run]) -> list[Run]:
    """Small runs above the line brought down to it, as ³ or ^b; below it (H2O) as they are."""
    usual = median(run.height for run in runs) if runs else 0.0
    small = [r for r in runs if r.height < 0.88 * usual * 1.6 and _RAISED_MARK.fullmatch(r.text)]
    if not small:
        return runs
    placed = _ByBase(runs)
    for mark in small:
        host = _host(mark, placed.around(mark.bottom, 0.3, 0.65))
        if host is None:
            continue
        before = mark.bottom, mark.height
        if mark.bottom - host.bottom > 0.12 * host.height:
            text = _as_raised(mark.text, host.text if host.right <= mark.left + 1 else "")
            if len(text) != len(mark.text):
                mark.edges = []
            mark.text = text
        mark.bottom, mark.height = host.bottom, host.height
        placed.moved(mark, *before)
    return runs


def _host(mark: Run, runs: Sequence[Run]) -> Run | None:
    for run in runs:
        lift = mark.bottom - run.bottom
        if mark.height > 0.85 * run.height or not -0.3 < lift / run.height < 0.65:
            continue
        if abs(lift) < 0.06 * run.height or run is mark:
            continue
        reach = 0.35 * run.height
        if abs(mark.left - run.right) < reach or abs(run.left - mark.right) < reach:
            return run
    return None


def _as_raised(mark: str, before: str) -> str:
    if mark.startswith("["):
        return mark  # Of a comment that a program prints at the end, or of a note as encyclopedias write it
    if mark in ("o", "a", "º", "ª", "°", "er", "st", "nd", "rd", "th", "os", "as"):
        if before[-1:].isdigit() or before[-1:] == "." or before[-1:].isupper():
            return raised(mark)
    elif not mark.isalpha():
        shown = ",".join(map(raised, mark.split(",")))  # two notes to one word
        return shown if shown != mark or mark in ("*", "†", "‡", "°") else "^" + mark
    return "^" + mark if len(mark) <= 2 and before[-1:].isalnum() else mark


# What is looked up in all words of the page for each of them; pages of type have one or two.
_MAX_INITIALS: Final = 50


def _with_initials(runs: list[Run]) -> list[Run]:
    """A large first letter that spans two lines and more put before the first of them."""
    least = 1.7 * min((run.height for run in runs), default=0.0)
    letters = [
        run
        for run in runs
        if run.height > least and len(run.text.strip('«“"¿¡')) == 1 and run.text[-1:].isalpha()
    ]
    if not letters:
        return runs
    placed, gone = _ByBase(runs), set[int]()
    for letter in letters:
        if len(gone) == _MAX_INITIALS:
            break
        reach = 0.3 * letter.height
        beside = [
            run
            for run in placed.within(letter.bottom - reach, letter.bottom + letter.height)
            if run is not letter
            and id(run) not in gone
            and letter.height > 1.7 * run.height
            and -0.4 * run.height < run.left - letter.right < 1.2 * run.height
            and -0.3 * run.height <= run.bottom - letter.bottom < letter.height
        ]
        first = max(beside, key=lambda run: run.bottom, default=None)
        # A large letter on the base line of its only line is a letter.
        if first is None or first.bottom - letter.bottom < 0.5 * first.height:
            continue
        kept = [run for run in runs if id(run) not in gone]
        apart = " " if _is_apart(letter, first, beside, kept) else ""
        first.text = letter.text + apart + first.text
        first.edges = (
            [letter.left, letter.right, *first.edges]
            if first.edges and not apart and len(letter.text) == 1
            else []
        )
        for run in beside:
            run.left = min(run.left, letter.left)
        gone.add(id(letter))
    return [run for run in runs if id(run) not in gone]


def _is_apart(letter: Run, first: Run, beside: Sequence[Run], runs: Sequence[Run]) -> bool:
    """Whether a large first letter is a word by itself: the line beside it begins a space further in, or its words say so."""
    if first.spaced or not first.text[:1].isalpha():
        return True
    others = [run.left for run in beside if run is not first and run.bottom < first.bottom]
    if others and 0.15 * first.height < first.left - max(others) < 0.6 * first.height:
        return True
    after = " ".join(run.text for run in sorted(beside, key=lambda run: -run.bottom))
    elsewhere = known_words(" ".join(run.text for run in runs if run is not first))
    return initial_is_word(letter.text.strip('«“"¿¡'), after, elsewhere)


# --------------------------------------------------------------------------- what is typed and drawn


def _typed(page: Any, number: int, form: Any, runs: Sequence[Run]) -> list[Run]:
    """Values of form fields and text boxes laid upon the page; what is hidden is not there."""
    import pypdfium2.raw as pdfium

    usual = median(run.height for run in runs) if runs else 12.0
    found: list[Run] = []
    for i in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, i)
        if not annotation:
            continue
        try:
            text = _annotation_text(annotation, form)
            rect = pdfium.FS_RECTF()
            if not text or not pdfium.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
                continue
            if not math.isfinite(rect.left + rect.right + rect.bottom + rect.top):
                continue
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
        lines = [flat(line) for line in clean(text).split("\n") if line.strip()]
        tall = abs(rect.top - rect.bottom)
        height = min(usual, max(4.0, tall / max(1, len(lines))))
        top = max(rect.top, rect.bottom)
        first = top - min(tall / max(1, len(lines)), 2 * height) / 2 - 0.3 * height
        for n, line in enumerate(lines):
            base = first - n * 1.2 * height
            right = min(max(rect.left, rect.right), rect.left + 0.5 * height * len(line))
            found.append(Run(line, number, rect.left, base, right, height, typed=True))
        if len(lines) == 1 and tall > 3 * height:
            # A frame for several lines may have its label beside any of them
            labels = [
                run
                for run in runs
                if rect.bottom < run.bottom < top - height and run.right <= rect.left + 1
            ]
            if len(labels) == 1 and not labels[0].turned:
                found[-1].bottom = labels[0].bottom
    placed = _ByBase(runs)
    for run in found:
        # The value stands on the line of its label, though its frame does not say where.
        about = placed.around(run.bottom, 0.6, 0.6)
        near = [r for r in about if abs(r.bottom - run.bottom) < 0.6 * r.height]
        if near:
            run.bottom = min(near, key=lambda r: abs(r.bottom - run.bottom)).bottom
    return found


def _shown(page: Any, number: int, form: Any) -> list[Run]:
    """Text of annotations that only their appearance says: text boxes without a text of their own, stamps, and signatures. It is read on a
    copy of the page on which nothing else is."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    wanted = [
        i for i in range(pdfium.FPDFPage_GetAnnotCount(page.raw)) if _is_only_shown(page, i, form)
    ]
    if not wanted:
        return []
    copy = pypdfium2.PdfDocument.new()
    try:
        copy.import_pages(page.pdf, [number - 1])
        bare = copy[0]
        for i in reversed(range(pdfium.FPDFPage_GetAnnotCount(bare.raw))):
            if i not in wanted:
                pdfium.FPDFPage_RemoveAnnot(bare.raw, i)
        for drawn in list(bare.get_objects(max_depth=1)):
            bare.remove_obj(drawn)
        bare.gen_content()
        pdfium.FPDFPage_Flatten(bare.raw, pdfium.FLAT_NORMALDISPLAY)
        bare.close()
        bare = copy[0]
        textpage = bare.get_textpage()
        fonts = _Fonts(textpage)
        pieces = list(_pieces(textpage, Sheet(number), [], fonts))
        runs = [_run(piece, number) for angle, piece in pieces if angle == 0]
        textpage.close()
        bare.close()
    except pypdfium2.PdfiumError:
        return []
    finally:
        copy.close()
    found = [run for run in runs if run is not None]
    for run in found:
        run.typed = True
    return found


def _is_only_shown(page: Any, index: int, form: Any) -> bool:
    """Whether an annotation that is seen has no text but in its appearance."""
    import pypdfium2.raw as pdfium

    annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
    if not annotation:
        return False
    try:
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        signs = (
            kind == pdfium.FPDF_ANNOT_WIDGET
            and form is not None
            and pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
            == pdfium.FPDF_FORMFIELD_SIGNATURE
        )
        if not signs and kind not in (pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP):
            return False
        if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN or _annotation_text(annotation, form):
            return False
        normal = pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL
        return bool(pdfium.FPDFAnnot_GetAP(annotation, normal, None, 0) > 2)
    finally:
        pdfium.FPDFPage_CloseAnnot(annotation)


# Hidden, and "no view": ISO 32000-1, table 165.
_UNSEEN: Final = 2 | 32


def _annotation_text(annotation: Any, form: Any) -> str:
    import pypdfium2.raw as pdfium

    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if kind not in (pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_WIDGET):
        return ""
    if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
        return ""
    if kind == pdfium.FPDF_ANNOT_FREETEXT:
        return _string_of(annotation, b"Contents")
    if form is None:  # Merging files loses the form, and its fields stay
        return _string_of(annotation, b"V") if _string_of(annotation, b"FT") == "Tx" else ""
    of_field = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if of_field in (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON):
        return "☒" if pdfium.FPDFAnnot_IsChecked(form, annotation) else ""
    if of_field == pdfium.FPDF_FORMFIELD_TEXTFIELD:
        if pdfium.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
            return ""  # Nobody sees it on the page
    elif of_field not in (pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX):
        return ""
    elif chosen := _chosen(annotation, form):
        return ", ".join(chosen)
    return _string(lambda *to: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, *to))


# ISO 32000-1, table 228.
_PASSWORD: Final = 1 << 13


def _chosen(annotation: Any, form: Any) -> list[str]:
    """What is chosen of a list, as it is shown and not as it is sent."""
    import pypdfium2.raw as pdfium

    return [
        flat(_string(lambda *to, n=n: pdfium.FPDFAnnot_GetOptionLabel(form, annotation, n, *to)))
        for n in range(pdfium.FPDFAnnot_GetOptionCount(form, annotation))
        if pdfium.FPDFAnnot_IsOptionSelected(form, annotation, n)
    ]


def _string_of(annotation: Any, key: bytes) -> str:
    import pypdfium2.raw as pdfium

    return _string(lambda *to: pdfium.FPDFAnnot_GetStringValue(annotation, key, *to))


def _string(ask: Any) -> str:
    """What a function of PDFium gives that writes UTF-16 into a buffer and says how many bytes."""
    n_bytes = ask(None, 0)
    if n_bytes <= 2:
        return ""
    buffer = (ctypes.c_ushort * (n_bytes // 2))()
    ask(buffer, n_bytes)
    return bytes(buffer).decode("utf-16-le", "ignore").rstrip("\x00")


# The character that is drawn, left, bottom, right, top.
_Mark = tuple[str, float, float, float, float]
_MAX_MARK: Final = 15
_MAX_POST: Final = 4
_LEAST_MARKS: Final = 2
_MAX_SEGMENTS: Final = 100
# The height, left and right of a level line.
_Stroke = tuple[float, float, float]
_MAX_STROKE: Final = 2.5
# Of the height of the letters above their base line: there a line goes through them; below it underlines a number that is raised.
_STRUCK_AT: Final = (0.18, 0.45)
_MAY_STRIKE: Final = (0.1, 0.75)
_LEAST_STRUCK: Final = 0.85
_UNDERLINED_AT: Final = (-0.28, -0.02)
_LEAST_UNDERLINED: Final = 0.9
# Where so many lines of a page are underlined, none is a heading.
_MAX_UNDERLINED: Final = 60
_MAX_MEETINGS: Final = 5_000_000
_LEAST_LETTERS_STRUCK: Final = 5


def _drawn(page: Any, sheet: Sheet) -> tuple[list[_Mark], list[_Stroke]]:
    """What is as small and as wide as high as a bullet, and level lines; the sheet gets horizontal rules, the upper and lower edges of boxes among them,
    upright ones, frames, and whether there is a picture."""
    import pypdfium2.raw as pdfium

    marks: list[_Mark] = []
    strokes: list[_Stroke] = []
    fills: list[tuple[tuple[int, ...], Frame]] = []
    left, low, right, high = (ctypes.c_float() for _ in range(4))
    places = [ctypes.byref(value) for value in (left, low, right, high)]
    for i in range(min(_MAX_PATHS, pdfium.FPDFPage_CountObjects(page.raw))):
        drawn = pdfium.FPDFPage_GetObject(page.raw, i)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            sheet.has_pictures = True
        if kind not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
            continue
        pdfium.FPDFPageObj_GetBounds(drawn, *places)
        width, height = right.value - left.value, high.value - low.value
        if 1 < width < _MAX_MARK and 0.6 < width / max(height, 0.1) < 1.7:
            shape = "•" if kind == pdfium.FPDF_PAGEOBJ_IMAGE else _shape(drawn)
            if shape:
                marks.append((shape, left.value, low.value, right.value, high.value))
        place = left.value, low.value, right.value, high.value
        is_box = kind == pdfium.FPDF_PAGEOBJ_PATH and min(width, height) > _MAX_POST
        if is_box and _is_on_its_colour(drawn, place, fills):
            continue
        if kind == pdfium.FPDF_PAGEOBJ_PATH and width < _MAX_POST < height:
            sheet.posts.append(((left.value + right.value) / 2, low.value, high.value))
        if kind == pdfium.FPDF_PAGEOBJ_PATH and height < _MAX_STROKE < width:
            strokes.append(((low.value + high.value) / 2, left.value, right.value))
        if kind == pdfium.FPDF_PAGEOBJ_PATH and width > 15:
            sheet.rules.append((left.value, high.value, right.value))
            if height > 4:
                sheet.rules.append((left.value, low.value, right.value))
            if min(width, height) > _MAX_MARK and _is_frame(drawn):
                sheet.frames.append(place)
    return marks, strokes


def _strike_out(sheet: Sheet, strokes: list[_Stroke]) -> None:
    """Takes out the words that a line is drawn through."""
    printed = [run for run in sheet.runs if not (run.turned or run.typed)]
    if not 0 < len(strokes) * len(printed) < _MAX_MEETINGS:
        return
    ends: dict[int, tuple[float, float]] = {}
    for run in printed:
        base = round(run.bottom)
        left, right = ends.get(base, (run.left, run.right))
        ends[base] = min(left, run.left), max(right, run.right)
    found = {id(run): through for run in printed if (through := _through(run, strokes, ends))}
    kept: list[Run] = []
    for run in sheet.runs:
        through = found.get(id(run), [])
        if sum(b - a for a, b in through) > _LEAST_STRUCK * (run.right - run.left):
            sheet.struck.append(run)
        elif through:
            rest, struck = _struck(run, through)
            kept.append(rest)
            sheet.struck += struck
        else:
            kept.append(run)
    sheet.runs = kept


def _underline(runs: Sequence[Run], strokes: Sequence[_Stroke], textpage: Any) -> None:
    """Says which runs have lines below all of their letters and no longer than these; links have, too, and are coloured, and so have texts
    of several lines and cells."""
    if len(strokes) * len(runs) > _MAX_MEETINGS:
        return
    found: list[Run] = []
    for run in runs if strokes else ():
        low, high = (run.bottom + share * run.height for share in _UNDERLINED_AT)
        at, end = (bisect_left(strokes, (y, 0.0, 0.0)) for y in (low, high))
        drawn = (b - a for _, a, b in strokes[at:end] if run.left - 2 < a and b < run.right + 2)
        if not run.turned and sum(drawn) > _LEAST_UNDERLINED * (run.right - run.left):
            found.append(run)
    placed = _ByBase(runs) if found else None
    for n, run in enumerate(found if len(found) <= _MAX_UNDERLINED else ()):
        others = found[max(0, n - 1) : n] + found[n + 1 : n + 2]
        near = any(abs(other.bottom - run.bottom) < 1.6 * run.height for other in others)
        reach = 0.4 * run.height
        beside = placed.within(run.bottom - reach, run.bottom + reach) if placed else []
        run.underlined = not near and len(beside) == 1 and not _is_coloured(textpage, run)


def _is_coloured(textpage: Any, run: Run) -> bool:
    import pypdfium2.raw as pdfium

    x, y = run.left + 0.2 * run.height, run.bottom + 0.3 * run.height
    index = pdfium.FPDFText_GetCharIndexAtPos(textpage, x, y, 2.0, 2.0)
    parts = [ctypes.c_uint() for _ in range(4)]
    if index < 0 or not pdfium.FPDFText_GetFillColor(textpage, index, *map(ctypes.byref, parts)):
        return False
    colour = [part.value for part in parts[:3]]
    return max(colour) - min(colour) > _COLOURED


_COLOURED: Final = 60


def _through(
    run: Run, strokes: Sequence[_Stroke], ends: Mapping[int, tuple[float, float]]
) -> list[tuple[float, float]]:
    """What of a run, from left to right, lines go through that are no longer than its line of print; what follows on one where that is
    drawn at another height, as beside raised letters, may be a little lower or higher."""
    first, last = ends[round(run.bottom)]
    drawn = [
        (max(left, run.left), min(right, run.right), (y - run.bottom) / run.height)
        for y, left, right in strokes[
            bisect_left(
                strokes, (run.bottom + _MAY_STRIKE[0] * run.height, 0.0, 0.0)
            ) : bisect_left(strokes, (run.bottom + _MAY_STRIKE[1] * run.height, 0.0, 0.0))
        ]
        if first - run.height < left < run.right and run.left < right < last + run.height
    ]
    found: list[tuple[float, float]] = []
    for left, right, at in sorted(drawn):
        follows = found and abs(left - found[-1][1]) < 1
        if follows or _STRUCK_AT[0] < at < _STRUCK_AT[1]:
            found.append((left, right))
    return found


def _struck(run: Run, through: Sequence[tuple[float, float]]) -> tuple[Run, list[Run]]:
    """A run without the words that lines go through, and these; what stands close behind a word may be a raised number that is underlined."""
    chars = list(zip(run.text, run.edges[::2], run.edges[1::2], strict=False))
    is_struck = [any(a < (left + right) / 2 < b for a, b in through) for _, left, right in chars]
    first = is_struck.index(True) if any(is_struck) else 0
    n_letters = sum(
        gone and char.isalnum() for char, gone in zip(run.text, is_struck, strict=False)
    )
    if n_letters < 2 or (n_letters < _LEAST_LETTERS_STRUCK and run.text[first - 1 : first].strip()):
        return run, []
    kept: list[tuple[str, float, float]] = []
    struck: list[Run] = []
    for gone, group in groupby(zip(chars, is_struck, strict=True), key=lambda one: one[1]):
        span = [char for char, _ in group]
        if gone:
            struck.append(_of_chars(run, span))
        else:
            if kept and kept[-1][0] == " " and span[0][0] in " .,;:)":
                kept.pop()
            kept += span[1:] if span[0][0] == " " and not kept else span
    return _of_chars(run, kept), struck


def _of_chars(run: Run, chars: Sequence[tuple[str, float, float]]) -> Run:
    text = "".join(char for char, _, _ in chars).rstrip()
    edges = [x for _, left, right in chars[: len(text)] for x in (left, right)]
    return replace(run, text=text, left=edges[0], right=edges[-1], edges=edges)


# A fill is drawn soon after the ground that it stands on.
_NEAR_FILLS: Final = 40


def _is_on_its_colour(path: Any, place: Frame, fills: list[tuple[tuple[int, ...], Frame]]) -> bool:
    """Whether a path without a stroke is filled with the colour of what it is drawn on, as the lines of a cell in the colour of the cell are:
    its edges are not seen. ``fills``: those before it, to which it is added."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    if stroke.value or not fill.value:
        return False
    parts = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFPageObj_GetFillColor(path, *map(ctypes.byref, parts))
    colour = tuple(part.value for part in parts)
    left, low, right, high = place
    ground = next(
        (
            other
            for other, (a, b, c, d) in reversed(fills[-_NEAR_FILLS:])
            if a - 1 < left and b - 1 < low and right < c + 1 and high < d + 1
        ),
        None,
    )
    fills.append((colour, place))
    return ground == colour


def _is_frame(path: Any) -> bool:
    """Whether a path is one rectangle that is drawn by its edges."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    n_segments = pdfium.FPDFPath_CountSegments(path)
    if not stroke.value or n_segments not in (4, 5):
        return False
    kinds = [
        pdfium.FPDFPathSegment_GetType(pdfium.FPDFPath_GetPathSegment(path, n))
        for n in range(n_segments)
    ]
    return kinds[0] == pdfium.FPDF_SEGMENT_MOVETO and set(kinds[1:]) == {pdfium.FPDF_SEGMENT_LINETO}


def _shape(path: Any) -> str:
    """What a small drawing is a bullet like: full, a hollow circle or a hollow square; "" where it leaves no ink."""
    import pypdfium2.raw as pdfium

    if _colours(path):
        return "•"
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    if not stroke.value:
        return ""
    segments = (
        pdfium.FPDFPath_GetPathSegment(path, n)
        for n in range(min(_MAX_SEGMENTS, pdfium.FPDFPath_CountSegments(path)))
    )
    curved = any(
        pdfium.FPDFPathSegment_GetType(one) == pdfium.FPDF_SEGMENT_BEZIERTO for one in segments
    )
    return "◦" if curved else "☐"


def _with_bullets(runs: Sequence[Run], marks: Sequence[_Mark]) -> None:
    """Puts a bullet before the lines that have one drawn before them, two of one size at least, as before letters that are bullets."""
    marked: dict[tuple[str, int, int], list[tuple[Run, _Mark]]] = {}
    rows = rows_of([run for run in runs if not run.turned]) if marks else []
    for row in rows:
        for n, run in enumerate(row):
            edge = row[n - 1].right if n else -math.inf
            for mark in marks:
                if _is_bullet_of(mark, run) and mark[1] > edge + 0.5 * run.height:
                    kind = mark[0], round(mark[3] - mark[1]), round(mark[4] - mark[2])
                    marked.setdefault(kind, []).append((run, mark))
                    break
    for found in marked.values():
        for run, (shape, left, _, right, _) in found if len(found) >= _LEAST_MARKS else ():
            if run.edges:
                run.edges = [left, right, right, run.left, *run.edges]
            run.text, run.left = f"{shape} {run.text}", left


def _is_bullet_of(mark: _Mark, run: Run) -> bool:
    _, _, low, right, high = mark
    return (
        not run.bold  # A heading may have an ornament
        and high - low < 0.7 * run.height
        and 0 < run.left - right < 2.5 * run.height
        and -0.05 * run.height < (low + high) / 2 - run.bottom < 0.65 * run.height
        and BULLET.match(run.text) is None
    )
