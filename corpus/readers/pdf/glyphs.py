"""The glyphs of a page as PDFium gives them → stretches that go on without a break, each level in a frame of its own.

PDFium says where each glyph stands. Hides in which order it is asked, how turned and slanted text is laid level, and which glyphs are spaces,
accents or the same letter printed twice.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from corpus.readers.pdf.fonts import UNKNOWN, Fonts
from corpus.readers.pdf.letters import ACCENT_CODES, Accent
from corpus.readers.pdf.runs import COLUMN_GAP, Sheet
from corpus.readers.pdf.spacing import Open

_SPACES: Final = frozenset((9, 10, 13, 32, 160))
_FIRST_PRINTED: Final = 32
_HYPHENS: Final = {2: "-", 0xFFFE: "-"}
_UNDECODED = re.compile("[\x01\x03-\x08\x0e-\x1f\x80-\x9f\ufffd\ue000-\uf8ff]")
# How a sign is drawn, as a picture or in ink: it stands between the mark of an item and its space
_VARIATIONS: Final = frozenset((0xFE0E, 0xFE0F))
# PDFium gives signs beyond the first 65,536 in two halves, each of them as wide as the sign
_SECOND_HALVES: Final = range(0xDC00, 0xE000)
_ASKEW_DEGREES: Final = 8
_ITEM_NUMBER = re.compile(r"\(?\d{1,2}[.)]")


def pieces_of(
    textpage: Any, sheet: Sheet, accents: list[Accent], fonts: Fonts
) -> Iterator[tuple[int, Open]]:
    """Angle and characters of each stretch that goes on without a break, in the order of the file.

    Accents that are glyphs of their own go to ``accents``.
    """
    import pypdfium2.raw as pdfium

    get_code, get_box = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    get_origin = pdfium.FPDFText_GetCharOrigin
    rect, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    place, px, py = ctypes.byref(rect), ctypes.byref(x), ctypes.byref(y)
    raw = textpage.raw
    matrix = pdfium.FS_MATRIX()
    now: Open | None = None
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
        if code in _VARIATIONS or (code in _SECOND_HALVES and now and _completes(now, code)):
            continue
        get_box(raw, i, place)
        get_origin(raw, i, px, py)
        glyph = (rect.left, rect.bottom, rect.right, rect.top, x.value, y.value)
        if angle % 90:
            size = _size(textpage, i, matrix)
        left, right, base, height = _level(angle, glyph, size) if angle else (
            glyph[0], glyph[2], glyph[5], glyph[3] - glyph[1],
        )  # fmt: skip
        if code in ACCENT_CODES:
            accents.append((angle, i, left, right, base, max(0.1, height), chr(code)))
            continue
        if now is not None:
            step = left - now.right
            # The letters of a ligature have one place, as wide as it is
            within = not spaced and abs(left - now.edges[-2]) < 0.001
            near = within or -height < step < COLUMN_GAP * height
            follows = near and abs(base - now.bottom) < 0.1 * height
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
            angle = _angle_of(raw, i, matrix)
            if angle % 90:
                size = _size(textpage, i, matrix)
            left, right, base, height = _level(angle, glyph, size)
            now = Open(i, i, left, right, base, max(0.1, height))
            now.after_space = spaced and abs(blank - y.value) < 0.1 * height
            step, spaced = 0.0, False
        unnamed = pdfium.FPDFText_HasUnicodeMapError(raw, i) == 1
        before = "" if spaced or not now.chars else now.chars[-1]
        named = fonts.ligature(i, code, before) if unnamed or code == UNKNOWN else ""
        char = named or _HYPHENS.get(code) or chr(code)
        now.chars.append(char)
        now.edges += (left, right)
        now.gaps.append(step)
        now.spaced.append(spaced)
        now.own.append(spaced and blank < math.inf)
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


def _is_as_high(now: Open, index: int, height: float, fonts: Fonts) -> bool:
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


def _completes(now: Open, code: int) -> bool:
    """Puts the second half of a sign to its first, where that is the last character."""
    first = now.chars[-1]
    if not "\ud800" <= first <= "\udbff":
        return False
    now.chars[-1] = chr(0x10000 + ((ord(first) - 0xD800) << 10) + (code - 0xDC00))
    return True


def _angle_of(raw: Any, index: int, matrix: Any) -> int:
    """The angle that a text runs at from a character on."""
    import pypdfium2.raw as pdfium

    angle = _angle(
        -math.degrees(pdfium.FPDFText_GetCharAngle(raw, index))
    )  # PDFium counts clockwise
    if angle % 90 and pdfium.FPDFText_GetMatrix(raw, index, ctypes.byref(matrix)):
        # Letters that lean as italics do, in a font that has none, run level: PDFium takes their lean for the angle.
        angle = _angle(math.degrees(math.atan2(matrix.b, matrix.a)))
    return angle


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
