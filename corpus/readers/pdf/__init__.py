"""PDF → :class:`~corpus.readers.draft.Draft`.

names: what PDFium does not say of glyphs · runs: what stands on a page · places: what stands near another · fonts: what they say of characters ·
spacing: which gaps are spaces · letters: what glyphs stand for · glyphs: what PDFium says of a page → stretches of letters · paths: what is drawn
beside them · ink: what of them is seen · watermarks: what is printed under the text · tickboxes: boxes to tick · assembly: stretches → runs of print · strokes: what is struck
out or underlined · annotations: what is laid upon a page · pages: all of these → a sheet · recognise: pages that are pictures · pieces: what a page
is read as · lines: rows of print → lines · rules: what is drawn between them · edges: the highest and lowest lines of pages · pagenumbers,
timestamps: how pages are numbered, and when they were printed · series: what counts with the pages · linenumbers: what counts the lines · tabs: what
stands beside the text of several pages · headrows, kept: what repeats and stays · runningheads: what repeats and goes · furniture: all that is no
part of the text · cells: runs that go over several cells · gutters: the gaps between columns · drawings, prose, marginalia: which columns are text,
and what stands beside it · stretches: where columns and tables begin and end · tablerows, tables: lines → rows, cells and names of columns ·
overleaf: tables that go on · grids: forms that are drawn row by row · timetables: times beside what they are of · leaders: values behind dots ·
frames: what is read apart · layout: all of these, runs → lines and rows in reading order · wording: what a line tells by its words · joins: how it
follows the one before · marks: what is put before its line · asides: what stands within a sentence · looks: what is usual in a document · titles:
what it is called · revision: parts in view of one another · paragraphs: lines → parts.
Each knows none that is named after it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from corpus.document import LeftOut, Recognised, UnreadableDocumentError
from corpus.readers.draft import Draft, Parts, one_line
from corpus.readers.pdf import recognise
from corpus.readers.pdf.furniture import without_furniture
from corpus.readers.pdf.layout import ordered
from corpus.readers.pdf.names import GlyphNames
from corpus.readers.pdf.pagenumbers import numbers_of_spread
from corpus.readers.pdf.pages import OpenFile, read_sheet
from corpus.readers.pdf.paragraphs import parts_of
from corpus.readers.pdf.pieces import Piece, Row
from corpus.readers.pdf.runs import Run, Sheet
from corpus.readers.pdf.titles import title_of

# What it may cost to load pages, in seconds of the processor: for any file, for each byte of it and for each letter found. A page of
# 3,000 letters takes 0.012 s and may take 0.15, beside what its bytes may; a stream that every page draws again comes to it.
_ANY_FILE_S: Final = 5.0
_BYTE_S: Final = 1e-5
_LETTER_S: Final = 5e-5

# PDFium keeps global state and is not thread-safe, not even across documents: one file at a time.
_PDFIUM_LOCK: Final = threading.Lock()


def read_pdf(data: bytes) -> Draft:
    """All pages; an UnreadableDocumentError for an encrypted file, and for one without a page that can be read."""
    with opened(data) as file:
        own_title = file.pdf.get_metadata_value("Title")
        n_pages = len(file.pdf)
        sheets, recognised, left_out = _sheets(file, len(data))
    for sheet in sheets:
        left_out += (LeftOut(run.text, sheet.page, "hidden") for run in sheet.unseen)
        left_out += (LeftOut(run.text, sheet.page, "struck out") for run in sheet.struck)
    if not any(sheet.runs or sheet.slanted for sheet in sheets):
        raise UnreadableDocumentError(_unreadable(n_pages, left_out))
    left_out += without_furniture(sheets)
    pieces: list[Piece] = []
    for sheet in sheets:
        before = pieces[-1] if pieces else None
        pieces += ordered(sheet, before if isinstance(before, Row) else None)
    return Draft(
        Parts(parts_of(pieces)),
        title=title_of(own_title, pieces),
        n_pages=n_pages,
        recognised=tuple(recognised),
        left_out=tuple(left_out),
    )


def lines_of(data: bytes, pages: Iterable[int]) -> Iterator[tuple[int, list[Run]]]:
    """The lines of some pages (1-based) of a file that :func:`read_pdf` read, in reading order, furniture among them."""
    budget = recognise.Budget()
    with opened(data) as file:
        found = [(page, lines_on(file, page, budget)) for page in pages]
    yield from found


def lines_on(file: OpenFile, page: int, budget: recognise.Budget) -> list[Run]:
    """:func:`lines_of` a page of a file that is open."""
    sheet, _ = _sheet(file, page - 1, budget)
    runs = [run for piece in ordered(sheet) for run in _runs_of(piece)]
    for run in runs:
        run.turned = (run.turned + sheet.turned) % 360
    return runs


def _runs_of(piece: Piece) -> list[Run]:
    return [piece] if isinstance(piece, Run) else [run for cell in piece.cells for run in cell]


@contextmanager
def opened(data: bytes) -> Iterator[OpenFile]:
    """The file open in PDFium; nobody else uses PDFium meanwhile."""
    import pypdfium2

    with _PDFIUM_LOCK:
        try:
            pdf = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            # 4 is PDFium's FPDF_ERR_PASSWORD, 5 its FPDF_ERR_SECURITY.
            if error.err_code in (4, 5):
                raise UnreadableDocumentError(
                    "the PDF is encrypted; expected one that opens without a password; "
                    "save it without protection and add it again"
                ) from error
            raise UnreadableDocumentError(
                f"the PDF is broken ({one_line(error)}); open it in a viewer and print it to a "
                "new PDF"
            ) from error
        try:
            pdf.init_forms()
            form = pdf.formenv.raw if pdf.formenv is not None else None
            yield OpenFile(pdf, form, GlyphNames(data))
        finally:
            pdf.close()


def _sheets(file: OpenFile, n_bytes: int) -> tuple[list[Sheet], list[Recognised], list[LeftOut]]:
    """Every page, those read by OCR, and the pages and words that could not be read.

    :raises UnreadableDocumentError: when the pages take more work than a file of that size and so many letters can need.
    """
    sheets: list[Sheet] = []
    recognised: list[Recognised] = []
    left_out: list[LeftOut] = []
    budget = recognise.Budget()
    n_pages = len(file.pdf)
    # Of this thread, so that the wait on a busy machine does not count; pictures for OCR have a limit of their own
    began, may_take = time.thread_time(), _ANY_FILE_S + _BYTE_S * n_bytes
    for index in range(n_pages):
        sheet, found = _sheet(file, index, budget)
        sheets.append(sheet)
        may_take += _LETTER_S * sum(len(run.text) for run in sheet.runs)
        took = time.thread_time() - began - budget.spent_s
        if index + 1 < n_pages and took > may_take:
            raise UnreadableDocumentError(
                f"the PDF has {n_bytes:,} bytes and draws so much that {index + 1:,} of its {n_pages:,} pages took "
                f"{took:.1f} s; the limit is {may_take:.1f} s; print it to a new PDF or split it"
            )
        if isinstance(found, recognise.Reading):
            recognised.append(Recognised(sheet.page, found.confidence))
            if found.unsure:
                left_out.append(LeftOut(found.unsure, sheet.page, "OCR was not sure"))
        elif found:
            left_out.append(LeftOut("", sheet.page, found))
    return sheets, recognised, left_out


def _sheet(
    file: OpenFile, index: int, budget: recognise.Budget
) -> tuple[Sheet, str | recognise.Reading]:
    """One page, and how OCR read it or why it could not be read; an empty one for a page that cannot be loaded."""
    import pypdfium2

    try:
        page = file.pdf.get_page(index)
    except pypdfium2.PdfiumError:
        return Sheet(index + 1), "the page is damaged"
    try:
        try:
            textpage = page.get_textpage()
        except pypdfium2.PdfiumError:
            return Sheet(index + 1), "the page is damaged"
        try:
            sheet = read_sheet(file, page, textpage, index + 1)
            sheet.spread = numbers_of_spread(sheet)
        finally:
            textpage.close()
        n_letters = sum(map(str.isalnum, "".join(run.text for run in sheet.runs)))
        undecoded = sheet.n_undecoded > n_letters or bool(sheet.unnamed)
        if undecoded or (n_letters == 0 and (sheet.has_pictures or not sheet.runs)):
            blank = not undecoded and not sheet.has_pictures
            if blank:
                return sheet, ""
            began = time.thread_time()
            found = recognise.recognised(page, index + 1, budget)
            budget.spent_s += time.thread_time() - began
            if isinstance(found, recognise.Reading):
                sheet = Sheet(index + 1, found.runs, sheet.rules)
                sheet.spread = numbers_of_spread(sheet)
                return sheet, found
            if not sheet.unnamed:
                sheet = Sheet(index + 1, [], sheet.rules)
            return sheet, (f"its fonts name no characters, and {found}" if undecoded else found)
        return sheet, ""
    finally:
        page.close()


def _unreadable(n_pages: int, left_out: list[LeftOut]) -> str:
    pages = f"{n_pages} page{'s' if n_pages != 1 else ''}"
    reasons = [one.reason for one in left_out]
    if any("fonts name no characters" in reason for reason in reasons):
        return (
            "the text layer of the PDF cannot be decoded (its fonts name no characters); "
            + recognise.how(reasons[0])
        )
    return f"the PDF has {pages} and no text layer, so it is probably a scan; " + recognise.how(
        reasons[0] if reasons else ""
    )
