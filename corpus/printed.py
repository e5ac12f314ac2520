"""A page of a PDF as it is printed: a picture of it, its lines, and where stretches of its text stand."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from ctypes import byref, c_int
from dataclasses import dataclass
from typing import Any, Final

from corpus.document import UnreadableDocumentError
from corpus.locate import Rectangle, rectangles_of
from corpus.readers.draft import one_line
from corpus.readers.pdf import lines_on, opened
from corpus.readers.pdf.recognise import Budget
from corpus.readers.pdf.runs import Run, upright

Box = tuple[float, float, float, float]
"""Left, top, right and bottom as shares of the width and height of the page as it is shown, 0 to 1."""

MAX_PIXELS: Final = 12_000_000
"""Of a picture; a page of another shape than paper gets a narrower one."""

_JPEG_QUALITY: Final = 88
_PNG_LEVEL: Final = 3
_GREYS: Final = bytes(level for level in range(256) for _ in "rgb")
_MAX_LINES: Final = 2_000
# PDFium gives places in whole numbers: of so fine a grid, and for points so far apart that rounding does not show.
_GRID: Final = 100_000
_FAR: Final = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a page (1-based): a picture ``width_px`` wide, or where it is 0, the lines and the places of ``spans``.

    ``text`` is the page's own part of the document's text, in which the spans count.
    """

    page: int
    width_px: int = 0
    text: str = ""
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """The words of a line and its place."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Printed:
    """A page, its size in points as it is shown: its picture in base64, or its lines and the boxes of each span, one a line."""

    width: float
    height: float
    media_type: str
    picture: str
    lines: tuple[PrintedLine, ...]
    marks: tuple[tuple[Box, ...], ...]


class PrintedFile:
    """A PDF that is open to be looked at, until it is closed; nobody else uses PDFium meanwhile.

    :raises UnreadableDocumentError: where it cannot be opened.
    """

    def __init__(self, data: bytes) -> None:
        self._opened = ExitStack()
        self._file = self._opened.enter_context(opened(data))

    def close(self) -> None:
        """Let others use PDFium."""
        self._opened.close()

    def page(self, wanted: Wanted) -> Printed:
        """What was asked of a page; an UnreadableDocumentError for one that is not there or cannot be drawn.

        The lines of a page that is a picture are read by OCR again, which takes seconds.
        """
        import pypdfium2

        pdf = self._file.pdf
        if not 1 <= wanted.page <= len(pdf):
            raise UnreadableDocumentError(
                f"the PDF has {len(pdf)} pages; expected one of them, not {wanted.page}"
            )
        try:
            page = pdf.get_page(wanted.page - 1)
        except pypdfium2.PdfiumError as error:
            raise UnreadableDocumentError(f"the page is damaged ({one_line(error)})") from error
        try:
            width, height = page.get_size()
            if wanted.width_px:
                return Printed(width, height, *_picture(page, wanted.width_px), (), ())
            boxed = _boxes(page)
        finally:
            page.close()
        runs = lines_on(self._file, wanted.page, Budget())
        return Printed(width, height, "", "", _lines(runs, boxed), _marks(runs, wanted, boxed))


def _lines(runs: Sequence[Run], boxed: Callable[[Rectangle], Box]) -> tuple[PrintedLine, ...]:
    return tuple(
        PrintedLine(run.text, boxed(upright(run, run.left, run.right))) for run in runs[:_MAX_LINES]
    )


def _marks(
    runs: Sequence[Run], wanted: Wanted, boxed: Callable[[Rectangle], Box]
) -> tuple[tuple[Box, ...], ...]:
    return tuple(
        tuple(boxed(one) for one in rectangles_of(wanted.text, runs, span)) for span in wanted.spans
    )


def _picture(page: Any, width_px: int) -> tuple[str, str]:
    """Media type and base64 of a page: PNG where it is grey, as text is, JPEG where it has colours."""
    from PIL import ImageChops

    width, height = page.get_size()
    scale = min(width_px / width, math.sqrt(MAX_PIXELS / (width * height)))
    bitmap = page.render(scale=scale)
    try:
        image, stored = bitmap.to_pil().convert("RGB"), io.BytesIO()
    finally:
        bitmap.close()
    red, green, blue = image.split()
    is_grey = not any(ImageChops.difference(one, green).getbbox() for one in (red, blue))
    if is_grey:
        # As a palette: of plain greys each line is tried with five filters, by which text gains nothing
        green.putpalette(_GREYS)
        green.save(stored, "PNG", compress_level=_PNG_LEVEL)
    else:
        image.save(stored, "JPEG", quality=_JPEG_QUALITY)
    kind = "png" if is_grey else "jpeg"
    return f"image/{kind}", base64.b64encode(stored.getvalue()).decode("ascii")


def _boxes(page: Any) -> Callable[[Rectangle], Box]:
    """From the frame of the file to the page as it is shown, cropped and turned."""
    from pypdfium2 import raw

    def shown(x: int, y: int) -> tuple[int, int]:
        across, down = c_int(), c_int()
        raw.FPDF_PageToDevice(page.raw, 0, 0, _GRID, _GRID, 0, x, y, byref(across), byref(down))
        return across.value, down.value

    x0, y0 = shown(0, 0)
    (x1, y1), (x2, y2) = shown(_FAR, 0), shown(0, _FAR)

    def share(begin: int, by_x: int, by_y: int, point: tuple[float, float]) -> float:
        moved = begin + (by_x - begin) * point[0] / _FAR + (by_y - begin) * point[1] / _FAR
        return round(min(max(moved / _GRID, 0.0), 1.0), 5)

    def boxed(rectangle: Rectangle) -> Box:
        left, bottom, right, top = rectangle
        corners = ((left, bottom), (right, top))
        across = sorted(share(x0, x1, x2, corner) for corner in corners)
        down = sorted(share(y0, y1, y2, corner) for corner in corners)
        return across[0], down[0], across[1], down[1]

    return boxed
