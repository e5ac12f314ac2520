"""What the fonts of a page say of their characters: whether they are bold, how high a line of them is, and which are signs.

Hides how PDFium is asked for the font of a character, and that each font is asked once.
"""

from __future__ import annotations

import ctypes
import math
import re
from typing import Any, Final

from corpus.readers.draft import MARKS
from corpus.readers.pdf.names import GlyphNames, whole_name
from corpus.readers.symbols import symbol

_SIGNS = re.compile(r"wingdings|webdings|dingbats", re.IGNORECASE)
# "CMBX12" and "SFSX1000" are bold fonts of TeX, and "NimbusRomNo9L-Medi" and "NimbusSanL-Bol" its bold Times and Helvetica
_BOLD = re.compile(
    r"bold|black|heavy|negr|demi|\b(?:cm|ec|sf)(?:ss)?b(?:x|\d)|\b(?:ec|sf)sx\d|nimbus\w*-(?:medi|bol)",
    re.IGNORECASE,
)
# Some programs give the fonts of a file numbers for names
_NUMBERED = re.compile(r"(?:[A-Z]{6}\+)?(?:CIDFont\+)?F\d{1,3}")
# What fonts span from their descenders to their ascenders, in their size; Courier says 0.79. One that says less has letters that are
# higher, and one that says next to nothing does not tell.
_LINE_SPAN: Final = 0.92
_LEAST_SPAN: Final = 0.75
_NO_SPAN: Final = 0.3
UNKNOWN: Final = 0xFFFD
"""What a file says that a glyph stands for where it says that it does not know."""
# How much wider or narrower one glyph for two letters is than both, and how much higher "í" is than "i".
_UNLIKE: Final = 0.1
_ACCENTED: Final = 1.03


class Fonts:
    """What the fonts of characters are called, asked once a font."""

    def __init__(self, textpage: Any, names: GlyphNames | None = None) -> None:
        self.textpage = textpage
        self.names = names
        self.known: dict[int, str] = {}
        self.spans: dict[int, float] = {}
        self.heavy: dict[int, bool] = {}
        self.measures: dict[tuple[str, str], tuple[float, float]] | None = None

    def bold(self, index: int) -> bool:
        """Whether the font of a character is a bold one, by its name; where that is no more than a number, by what the font itself says."""
        name = self.name(index)
        return (
            self._says_bold(index) if _NUMBERED.fullmatch(name) else _BOLD.search(name) is not None
        )

    def _says_bold(self, index: int) -> bool:
        import pypdfium2.raw as pdfium

        font = pdfium.FPDFTextObj_GetFont(pdfium.FPDFText_GetTextObject(self.textpage, index))
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in self.heavy:
            size = ctypes.c_size_t()
            pdfium.FPDFFont_GetFontData(font, None, 0, ctypes.byref(size))
            data = (ctypes.c_uint8 * size.value)()
            pdfium.FPDFFont_GetFontData(font, data, size.value, ctypes.byref(size))
            self.heavy[key] = _is_bold(bytes(data))
        return self.heavy[key]

    def ligature(self, index: int, code: int, before: str) -> str:
        """The letters of a glyph that PDFium has only the code of, by its name, or that the file calls unknown, behind a letter or ""; ""
        where nothing tells them."""
        if code == UNKNOWN:
            return self._ti(index, before)
        return self.names.meaning(self.name(index), code) if self.names is not None else ""

    def _ti(self, index: int, before: str) -> str:
        """What a glyph stands for that the file calls unknown within a word: "ti" or "tí", which programs on the Mac write so of fonts that
        have one glyph for both, where it is as wide as these are; else ""."""
        import pypdfium2.raw as pdfium

        after = chr(pdfium.FPDFText_GetUnicode(self.textpage, index + 1) or 32)
        if not (after.islower() and (not before or before.isalpha())):
            return ""
        font = whole_name(self.name(index))
        if self.measures is None:
            self.measures = {}
            for n in range(self.textpage.count_chars()):
                letter = chr(pdfium.FPDFText_GetUnicode(self.textpage, n))
                if letter in "ti":
                    self.measures[whole_name(self.name(n)), letter] = self._measure(n)
        width, ink = self._measure(index)
        (of_t, _), (of_i, dotted) = (
            self.measures.get((font, letter), (0.0, ink)) for letter in "ti"
        )
        if of_t and of_i and abs(width - of_t - of_i) > _UNLIKE * width:
            return ""
        return "tí" if ink > _ACCENTED * dotted else "ti"

    def _measure(self, index: int) -> tuple[float, float]:
        """How wide a character is and how high what is drawn of it, by the height of its line."""
        import pypdfium2.raw as pdfium

        rect = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(self.textpage, index, ctypes.byref(rect))
        places = [ctypes.c_double() for _ in range(4)]
        pdfium.FPDFText_GetCharBox(self.textpage, index, *map(ctypes.byref, places))
        line = max(0.1, rect.top - rect.bottom)
        return (rect.right - rect.left) / line, (places[3].value - places[2].value) / line

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
        """What the font of a character is called; "" where nothing tells."""
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


# Where the directory of a TrueType or OpenType file begins and what one line of it takes, and where its table "head" has the style.
_DIRECTORY, _ENTRY, _STYLE = 12, 16, 44


def _is_bold(data: bytes) -> bool:
    """Whether a TrueType or OpenType font says of itself that it is bold."""
    n_tables = int.from_bytes(data[4:6])
    for at in range(_DIRECTORY, _DIRECTORY + _ENTRY * n_tables, _ENTRY):
        if data[at : at + 4] == b"head":
            style = int.from_bytes(data[at + 8 : at + 12]) + _STYLE
            return int.from_bytes(data[style : style + 2]) & 1 == 1
    return False
