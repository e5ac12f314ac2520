"""What is laid upon a page: values of form fields, text boxes, stamps and signatures.

Hides how PDFium is asked for the text of an annotation, and that some have none but in their appearance.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from statistics import median
from typing import Any, Final

from corpus.readers.draft import clean, flat
from corpus.readers.pdf.fonts import Fonts
from corpus.readers.pdf.glyphs import pieces_of
from corpus.readers.pdf.places import ByBase
from corpus.readers.pdf.runs import Run, Sheet, in_frame
from corpus.readers.pdf.spacing import run_of


def typed(page: Any, sheet: Sheet, form: Any, runs: Sequence[Run]) -> list[Run]:
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
            left, low, right, top = in_frame(
                (rect.left, rect.bottom, rect.right, rect.top), sheet.turned
            )
            if not math.isfinite(left + low + right + top):
                continue
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
        lines = [flat(line) for line in clean(text).split("\n") if line.strip()]
        low, top = sorted((low, top))
        tall = top - low
        height = min(usual, max(4.0, tall / max(1, len(lines))))
        first = top - min(tall / max(1, len(lines)), 2 * height) / 2 - 0.3 * height
        for n, line in enumerate(lines):
            base = first - n * 1.2 * height
            end = min(max(left, right), left + 0.5 * height * len(line))
            found.append(Run(line, sheet.page, left, base, end, height, typed=True))
        if len(lines) == 1 and tall > 3 * height:
            # A frame for several lines may have its label beside any of them
            labels = [
                run for run in runs if low < run.bottom < top - height and run.right <= left + 1
            ]
            if len(labels) == 1 and not labels[0].turned:
                found[-1].bottom = labels[0].bottom
    placed = ByBase(runs)
    for run in found:
        # The value stands on the line of its label, though its frame does not say where.
        about = placed.around(run.bottom, 0.6, 0.6)
        near = [r for r in about if abs(r.bottom - run.bottom) < 0.6 * r.height]
        if near:
            run.bottom = min(near, key=lambda r: abs(r.bottom - run.bottom)).bottom
    return found


def shown(page: Any, sheet: Sheet, form: Any) -> list[Run]:
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
        copy.import_pages(page.pdf, [sheet.page - 1])
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
        fonts = Fonts(textpage)
        pieces = list(pieces_of(textpage, Sheet(sheet.page), [], fonts))
        runs = [run_of(piece, sheet.page) for angle, piece in pieces if angle == sheet.turned]
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
