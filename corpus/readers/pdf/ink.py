"""Which text of a page nobody sees, and which is printed so lightly that the eye reads over it.

Knows with what ink text is drawn, what lies behind it, and whether it is drawn again in its place.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from corpus.readers.pdf.paths import MAX_PATHS, WHITE, colours
from corpus.readers.pdf.places import MESH, TWICE, meshes
from corpus.readers.pdf.runs import Frame, Run, upright

# A part of a colour from here on is pale to the eye.
_PALE: Final = 178
_HALF: Final = 128
# How text is drawn, as letters that are filled or not at all: ISO 32000-1, table 106.
_FILLED, _INVISIBLE = 0, 3
# Of its height: a text that is drawn twice stands no further off.
_TWICE_DRAWN: Final = 0.25
_MAX_TEXTS: Final = 20_000
_MAX_IN_PLACE: Final = 20


class Ink:
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
        """Whether the run is printed so lightly, or so transparent, on white that the eye reads over it; it is seen (:meth:`is_unseen`),
        so where words are white, a form has a darker ground for them."""
        import pypdfium2.raw as pdfium

        if self._is_white(index) and any(map(str.isalpha, run.text)):
            return False
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
        near = min(_TWICE_DRAWN * (own[3] - own[1]), TWICE)
        size = _type_size(of_text)
        return any(
            abs(left - own[0]) < near
            and abs(low - own[1]) < near
            and abs((right - left) - (own[2] - own[0])) < 1
            and abs(height - size) < 0.01 * size
            for across in meshes(own[0], near)
            for up in meshes(own[1], near)
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
        return bool(found) and all(part.value >= WHITE for part in parts[:3])

    def _grounds(self) -> Iterator[tuple[bool, Frame]]:
        """Where something else than white lies that a text may stand on, and whether it is a form; everywhere on a page of too many
        drawings to look at."""
        import pypdfium2.raw as pdfium

        n_objects = pdfium.FPDFPage_CountObjects(self.page.raw)
        if n_objects > MAX_PATHS:
            yield False, (-math.inf, -math.inf, math.inf, math.inf)
            return
        left, low, right, high = (ctypes.c_float() for _ in range(4))
        places = [ctypes.byref(value) for value in (left, low, right, high)]
        for i in range(n_objects):
            drawn = pdfium.FPDFPage_GetObject(self.page.raw, i)
            kind = pdfium.FPDFPageObj_GetType(drawn)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT or (
                kind == pdfium.FPDF_PAGEOBJ_PATH and not colours(drawn)
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
    return math.floor(place[0] / MESH), math.floor(place[1] / MESH)


def _type_size(of_text: Any) -> float:
    import pypdfium2.raw as pdfium

    size = ctypes.c_float()
    pdfium.FPDFTextObj_GetFontSize(of_text, ctypes.byref(size))
    return size.value
