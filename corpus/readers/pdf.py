"""PDF → :class:`~corpus.readers.draft.Draft`: lines into paragraphs, without what repeats on every page."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from corpus.document import UnreadableDocumentError
from corpus.readers.draft import (
    BULLET,
    LINE,
    PARAGRAPH,
    Draft,
    Part,
    clean,
    flat,
    known_words,
    one_line,
    seam,
)

# PDFium keeps global state and is not thread-safe, not even across documents: one file at a time.
_PDFIUM_LOCK = threading.Lock()

_PDF_HYPHENS: Final = "\x02\ufffe\xad"
_PAGE_NUMBER = re.compile(r"\d{1,5}")
_SENTENCE_END = re.compile(r"[.!?:;…][)\]\"'”’»]*\Z")


@dataclass(slots=True)
class _Line:
    """One line of a PDF page, in points from the lower left corner; ``height`` is the font's."""

    text: str
    page: int
    left: float
    bottom: float
    right: float
    height: float


def read_pdf(data: bytes) -> Draft:
    """All pages; an UnreadableDocumentError for an encrypted file, a scan, or fonts that name no characters."""
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
            title = pdf.get_metadata_value("Title")
            n_pages = len(pdf)
            pages = [_pdf_page(pdf, index) for index in range(n_pages)]
        finally:
            pdf.close()
    lines = [line for page in pages for line in page]
    visible = "".join(line.text for line in lines)
    n_letters = sum(map(str.isalnum, visible))
    if n_letters == 0:
        raise UnreadableDocumentError(
            f"the PDF has {n_pages} page{'s' if n_pages != 1 else ''} and no text layer, so it is "
            "probably a scan; run OCR first (for example ocrmypdf -l spa+eng) and add the result"
        )
    n_undecoded = len(re.findall("[\ufffd\ue000-\uf8ff]", visible))
    if n_undecoded > n_letters:
        raise UnreadableDocumentError(
            "the text layer of the PDF cannot be decoded (its fonts name no characters); run OCR "
            "first and add the result"
        )
    kept = _without_running_lines(pages)
    return Draft(_pdf_blocks(kept or pages), title=title, n_pages=n_pages)


def _pdf_page(pdf: Any, index: int) -> list[_Line]:
    """The lines of one page in the order of the file; [] for a page that cannot be loaded."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        page = pdf.get_page(index)
    except pypdfium2.PdfiumError:
        return []
    try:
        try:
            textpage = page.get_textpage()
        except pypdfium2.PdfiumError:
            return []
        try:
            codes = [pdfium.FPDFText_GetUnicode(textpage, i) for i in range(textpage.count_chars())]
            lines = []
            for start, end in _line_ranges(codes):
                text = "".join(map(chr, codes[start:end]))
                text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
                if text[-1:] in _PDF_HYPHENS:
                    text = text[:-1].rstrip() + "-"
                text = flat(clean(text))
                if text:
                    # A bullet or a raised note mark has another font than its line, and PDFium's
                    # own hyphen has no width: hence three characters.
                    boxes = [
                        textpage.get_charbox(i, loose=True)
                        for i in (start, (start + end) // 2, max(start, end - 2), end - 1)
                    ]
                    heights = sorted(box[3] - box[1] for box in boxes[:3])
                    lines.append(
                        _Line(
                            text,
                            index + 1,
                            left=boxes[0][0],
                            bottom=boxes[1][1],
                            right=max(box[2] for box in boxes),
                            height=max(0.1, heights[1]),
                        )
                    )
            return lines
        finally:
            textpage.close()
    finally:
        page.close()


def _line_ranges(codes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Half-open ranges of the characters of each line, white space at both ends left out.

    PDFium ends a line with CR LF, or with a mark of its own where a word is divided.
    """
    start = 0
    hyphens = {ord(mark) for mark in _PDF_HYPHENS}
    for i, code in enumerate((*codes, 10)):
        divided = code in hyphens
        if code not in (10, 13) and not divided:
            continue
        end = i + 1 if divided else i
        while start < end and codes[start] in (0, 9, 32, 160):
            start += 1
        while end > start and codes[end - 1] in (0, 9, 32, 160):
            end -= 1
        if start < end:
            yield start, end
        start = i + 1


def _without_running_lines(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """The pages without the headers, footers and page numbers that repeat.

    A line among the two highest or lowest of its page repeats when the same words, apart from a
    number that counts with the pages, stand at the same height on pages at most two apart (left and
    right pages may differ): on three such pages, or on two if no line of the body touches it. Where
    lines repeat, other edge lines of the same font and height are running titles too.
    """
    edges = {}
    for page in pages:
        by_height = sorted(page, key=lambda line: line.bottom)
        for line in by_height[:2] + by_height[-2:]:
            edges[id(line)] = line
    seen: dict[str, list[_Line]] = {}
    for line in edges.values():
        patterns = {line.text}
        for number in _PAGE_NUMBER.finditer(line.text):
            offset = int(number[0]) - line.page
            before, after = line.text[: number.start()], line.text[number.end() :]
            patterns.add(f"{before}\x00{offset}\x00{after}")
        for pattern in patterns:
            seen.setdefault(pattern, []).append(line)
    repeated: set[int] = set()
    for pattern, lines in seen.items():
        if len(pages) == 1 and pattern in ("\x000\x00", "- \x000\x00 -"):
            repeated.update(map(id, lines))  # The only page, numbered 1.
        by_page: dict[int, list[_Line]] = {}
        for line in lines:
            by_page.setdefault(line.page, []).append(line)
        for line in lines:
            near = [
                page
                for page in range(line.page - 4, line.page + 5)
                if any(_same_place(line, other) for other in by_page.get(page, ()))
            ]
            n_near = _longest_run(near)
            if n_near >= 3 or (n_near == 2 and _stands_apart(line, pages[line.page - 1])):
                repeated.add(id(line))
    bands: dict[tuple[int, int], set[int]] = {}
    for key in repeated:
        line = edges[key]
        for shift in (-1, 0, 1):
            band = (round(line.bottom / 3) + shift, round(line.height))
            bands.setdefault(band, set()).add(line.page)
    for key, line in edges.items():
        pages_there = bands.get((round(line.bottom / 3), round(line.height)), set())
        if len(pages_there - {line.page}) >= 2:
            repeated.add(key)
    kept = [[line for line in page if id(line) not in repeated] for page in pages]
    return kept if any(kept) else []


def _same_place(line: _Line, other: _Line) -> bool:
    return abs(line.bottom - other.bottom) <= 3 and abs(line.height - other.height) <= 0.5


def _longest_run(pages: Sequence[int]) -> int:
    """Length of the longest run of page numbers with steps of one or two."""
    longest = run = 1
    for before, after in zip(pages, pages[1:], strict=False):
        run = run + 1 if after - before <= 2 else 1
        longest = max(longest, run)
    return longest


def _stands_apart(line: _Line, page: Sequence[_Line]) -> bool:
    others = [abs(line.bottom - other.bottom) for other in page if other is not line]
    return min(others, default=0.0) > 1.8 * line.height


def _pdf_blocks(pages: Sequence[list[_Line]]) -> list[Part]:
    lines = [line for page in pages for line in page]
    vocabulary = known_words("\n".join(line.text for line in lines))
    sizes = Counter[float]()
    for line in lines:
        sizes[round(line.height * 2) / 2] += len(line.text)
    body = sizes.most_common(1)[0][0]
    levels = _heading_levels(sizes, body)
    pitch = _line_pitch(lines)
    blocks: list[Part] = []
    for i, line in enumerate(lines):
        level = levels.get(round(line.height * 2) / 2, 0) if any(map(str.isalpha, line.text)) else 0
        if i == 0:
            blocks.append(Part(line.text, level, page=line.page))
            continue
        before = lines[i - 1]
        after = lines[i + 1] if i + 1 < len(lines) else None
        previous = blocks[-1]
        glue = _pdf_glue(before, line, after, pitch)
        if previous.level != level or (level and len(previous.text) + len(line.text) > 300):
            glue = PARAGRAPH
        if glue == " " and line.page == before.page:
            cut, between = seam(before.text, line.text, vocabulary)
            previous.text = previous.text[: len(previous.text) - cut] + between + line.text
        elif glue == " ":
            # One paragraph on two pages is two blocks, since a page begins inside it.
            cut, glue = seam(before.text, line.text, vocabulary)
            previous.text = previous.text[: len(previous.text) - cut]
            blocks.append(Part(line.text, level, glue, line.page))
        else:
            blocks.append(Part(line.text, level, glue, line.page))
    return blocks


def _heading_levels(sizes: Counter[float], body: float) -> dict[float, int]:
    """Heading level per font height: a sixth larger than the body, the largest outermost."""
    larger = sorted(
        (size for size in sizes if size > body * 1.15 and size > body + 1), reverse=True
    )
    levels: dict[float, int] = {}
    level, last = 0, 0.0
    for size in larger:
        if not last or size < last * 0.95:
            level, last = min(6, level + 1), size
        levels[size] = level
    return levels


def _line_pitch(lines: Sequence[_Line]) -> float:
    """Usual distance between the lines of a paragraph, in heights of the font."""
    steps = sorted(
        (before.bottom - line.bottom) / line.height
        for before, line in zip(lines, lines[1:], strict=False)
        if line.page == before.page
        and abs(line.height - before.height) < 0.05 * line.height
        and 0.6 * line.height < before.bottom - line.bottom < 3 * line.height
    )
    return steps[len(steps) // 2] if steps else 1.2


def _pdf_glue(before: _Line, line: _Line, after: _Line | None, pitch: float) -> str:
    """How a line follows the one before: " " in the same paragraph, else LINE or PARAGRAPH."""
    ended = _SENTENCE_END.search(before.text) is not None
    lower = line.text[:1].islower()
    if abs(line.height - before.height) > 0.12 * max(line.height, before.height):
        return PARAGRAPH
    step = before.bottom - line.bottom
    if line.page != before.page or step < -0.5 * line.height:
        # The next page or column: the sentence goes on or a paragraph begins.
        return " " if not ended and (lower or before.text.endswith(("-", ","))) else PARAGRAPH
    bullet = BULLET.match(line.text)
    if bullet is not None and (ended or not bullet[0].strip().isalnum()) and not lower:
        return LINE if step < 1.6 * pitch * line.height else PARAGRAPH
    if step > 1.25 * pitch * line.height:
        return " " if lower and not ended and step < 2 * pitch * line.height else PARAGRAPH
    if not ended:
        return " "
    if step > 0.5 * line.height and line.left - before.left > 0.6 * line.height:
        return " " if BULLET.match(before.text) else PARAGRAPH
    edge = max(before.right, line.right, after.right if after is not None else 0.0)
    width = line.right - line.left
    first_word = len(line.text.split(maxsplit=1)[0]) + 1
    room = edge - before.right
    return PARAGRAPH if room > 1.5 * first_word * width / max(1, len(line.text)) + 2 else " "
