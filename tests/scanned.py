"""A PDF of which some pages are pictures without words, as a scanner makes them."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Sequence


def partly_scanned(pages: Sequence[str | None]) -> bytes:
    """A PDF with a line of text on each page; None = a black box, in which no engine finds words."""
    import pypdfium2
    from pypdfium2 import raw

    pdf = pypdfium2.PdfDocument.new()
    font = raw.FPDFText_LoadStandardFont(pdf.raw, b"Helvetica")
    for text in pages:
        page = pdf.new_page(595, 842)
        if text is None:
            bitmap = pypdfium2.PdfBitmap.new_native(60, 20, raw.FPDFBitmap_BGRA)
            bitmap.fill_rect((0, 0, 0, 255), 0, 0, 60, 20)
            picture = pypdfium2.PdfImage.new(pdf)
            picture.set_bitmap(bitmap)
            picture.set_matrix(pypdfium2.PdfMatrix().scale(300, 100).translate(100, 600))
            page.insert_obj(picture)
        else:
            coded = f"{text}\0".encode("utf-16-le")
            line = raw.FPDFPageObj_CreateTextObj(pdf.raw, font, 12)
            raw.FPDFText_SetText(
                line, (ctypes.c_ushort * (len(coded) // 2)).from_buffer_copy(coded)
            )
            raw.FPDFPageObj_Transform(line, 1, 0, 0, 1, 72, 760)
            raw.FPDFPage_InsertObject(page.raw, line)
        page.gen_content()
    data = io.BytesIO()
    pdf.save(data)
    return data.getvalue()


BOILER = [
    "The boiler is serviced every nine months.",
    None,
    None,
    "La garantía dura dos años.",
    None,
]
"""Pages 2, 3 and 5 cannot be read."""
