"""Bytes of a file → :class:`~corpus.document.Document`.

One reader per format turns the bytes into parts (a paragraph, a heading, a table row); one
function joins the parts into the final text and records where each stands, so offsets are exact by
construction. A library is imported by the reader that needs it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Final

from corpus.blocks import find_blocks
from corpus.blocks.contents import heads_contents
from corpus.blocks.divisions import is_bare_division, is_division, is_numbered, is_release
from corpus.blocks.leaf import Placed
from corpus.blocks.signs import is_stamp
from corpus.document import (
    Block,
    CorpusError,
    Document,
    Heading,
    LeftOut,
    Span,
    UnreadableDocumentError,
    UnsupportedFormatError,
)
from corpus.language import PACKS, detect, fold
from corpus.readers.bundles import read_archive, read_eml, read_msg
from corpus.readers.docx import read_docx
from corpus.readers.draft import Draft, clean, flat, one_line, tidy
from corpus.readers.epub import read_epub
from corpus.readers.html import read_html
from corpus.readers.legacy import read_by_libreoffice
from corpus.readers.named import name_values
from corpus.readers.odf import read_odp, read_ods, read_odt
from corpus.readers.pdf import read_pdf
from corpus.readers.rows import read_csv, read_json, read_jsonl
from corpus.readers.rtf import read_rtf
from corpus.readers.sheets import read_xlsx
from corpus.readers.slides import read_pptx
from corpus.readers.subtitles import read_subtitles
from corpus.readers.symbols import with_bullets, with_ordinals
from corpus.readers.tables import hold_empty_cells, without_names_again
from corpus.readers.text import read_md, read_txt

MAX_BYTES: Final = 200 * 2**20
"""A larger file is refused."""

MAX_TEXT_CHARS: Final = 20_000_000
"""A longer text is refused, whatever the file's size: some 10,000 pages."""

MAX_ROW_CHARS: Final = 1_000_000
"""A longer row of a table is refused."""

MAX_HEADINGS: Final = 50_000
"""More are refused: whoever opens a document at a place reads all of them."""

MAX_BLOCKS: Final = 500_000
"""More paragraphs, rows, items and so on are refused, for the same reason."""

# Text is at most so many times as long as its file. Zipped XML of real tables comes to 60 times; what is made to grow begins at
# 1,000 times. Small files may grow as they like.
_MAX_GROWTH: Final = 100
_GROWTH_FREE_CHARS: Final = 10_000_000

_LANGUAGE_SAMPLE_CHARS: Final = 30_000


def parse(data: bytes, doc_id: str) -> Document:
    """The document that ``data`` holds; the suffix of ``doc_id`` says in which format.

    The text is NFC with ``\\n`` line ends; control, zero-width and direction-override characters
    are gone, but for what joins the pieces of one emoji or word. Raises UnsupportedFormatError for a suffix outside SUFFIXES and
    UnreadableDocumentError for everything else that can be wrong with a file; no other error,
    whatever the bytes. The message does not repeat the doc_id.
    """
    suffix = PurePosixPath(doc_id).suffix.lower()
    reader = _READERS.get(suffix)
    if reader is None:
        raise UnsupportedFormatError(unsupported(suffix))
    if len(data) > MAX_BYTES:
        raise UnreadableDocumentError(
            f"the file has {len(data):,} bytes and the limit is {MAX_BYTES:,}; split it"
        )
    if not data:
        raise UnreadableDocumentError("the file is empty (0 bytes); expected text")
    try:
        draft = reader(data)
        _check_growth(draft, len(data))
        text, page_starts, blocks = _compose(draft)
        _check_blocks(blocks)
        if not text:
            raise UnreadableDocumentError(
                "the file holds no text, only white space or markup; expected words"
            )
        lang, _ = detect(_sample(text))
        headings = tuple(
            Heading(b.start, b.end, b.level, text[b.start : b.end])
            for b in blocks
            if b.kind == "heading"
        )
        title = _title(draft, headings, doc_id, text)
    except CorpusError:
        raise
    except Exception as error:
        # The one place where everything is caught: the format libraries document no closed list of
        # what they raise on damaged input, and one bad file must never stop a build.
        raise UnreadableDocumentError(
            f"the {suffix} file is damaged or not what its suffix says ({one_line(error)}); "
            "open it in its own program and save it again"
        ) from error
    return Document(
        doc_id=doc_id,
        title=title,
        lang=lang,
        text=text,
        page_starts=page_starts,
        headings=headings,
        sha256=hashlib.sha256(data).hexdigest(),
        blocks=blocks,
        recognised=draft.recognised,
        left_out=_left_out(draft.left_out),
    )


def _check_growth(draft: Draft, n_bytes: int) -> None:
    """Raise UnreadableDocumentError when the parts are more than any honest file of that size holds."""
    limit = min(MAX_TEXT_CHARS, max(_GROWTH_FREE_CHARS, _MAX_GROWTH * n_bytes))
    if draft.parts.n_chars > limit:
        raise UnreadableDocumentError(
            f"the file has {n_bytes:,} bytes and its text {draft.parts.n_chars:,} characters; the limit is {limit:,}; "
            "split it, or remove what repeats in it"
        )
    longest = max((len(p.text) for p in draft.parts if p.kind in ("row", "header")), default=0)
    if longest > MAX_ROW_CHARS:
        raise UnreadableDocumentError(
            f"a row of a table has {longest:,} characters and the limit is {MAX_ROW_CHARS:,}; split the table"
        )


def _check_blocks(blocks: Sequence[Block]) -> None:
    """Raise UnreadableDocumentError when there are so many that whoever opens the document waits for them."""
    n_headings = sum(block.kind == "heading" for block in blocks)
    for found, limit, what in (
        (n_headings, MAX_HEADINGS, "headings"),
        (len(blocks), MAX_BLOCKS, "paragraphs, rows and items"),
    ):
        if found > limit:
            raise UnreadableDocumentError(
                f"the file has {found:,} {what} and the limit is {limit:,}; split it"
            )


def unsupported(suffix: str) -> str:
    """The message for a suffix no reader knows: names it and what can be read."""
    found = f"the suffix {suffix!r}" if suffix else "a file without a suffix"
    target = _CONVERTED.get(suffix, "")
    how = f"save it as {target} in its program first" if target else "convert it first"
    return f"{found} cannot be read; expected one of {', '.join(sorted(SUFFIXES))}; {how}"


_CONVERTED: Final = {
    ".pages": ".docx",
    ".numbers": ".xlsx",
    ".key": ".pptx",
}
"""What other formats can be saved as."""


# "$42 per night", "Desde 49 €/mes", "20 % off": set as large as headings, and said of what the heading above them names
_IS_PRICE: Final = re.compile(
    r"(?:(?:desde|a partir de|por|solo|from|starting (?:at|from)|only|just) )?"
    r"(?:(?:[a-z]{1,2})?[$€£] ?\d[\d.,]*|s/\.? ?\d[\d.,]*|(?:usd|eur) ?\d[\d.,]*|\d[\d.,]* ?(?:[$€£]|%(?= ?(?:off|discount|less|menos|dto|(?:de )?descuento)\b)|euros?\b|dolares\b|dollars?\b|pounds?\b|pesos\b|soles\b|usd\b|eur\b))"
    r"[^\n.:?]{0,30}"
)


def _compose(draft: Draft) -> tuple[str, tuple[int, ...], tuple[Block, ...]]:
    pieces: list[str] = []
    length = 0
    placed: list[Placed] = []
    page_starts: list[int] = []
    draft.parts = without_names_again(draft.parts)
    hold_empty_cells(draft.parts)
    if not draft.n_pages:
        draft.parts = name_values(with_bullets(draft.parts))
        with_ordinals([part for part in draft.parts if not part.cells])
    for part in draft.parts:
        text = clean(part.text)
        text = flat(text) if part.kind in ("heading", "header", "row") else tidy(text)
        if not text:
            continue
        if part.kind == "heading" and _IS_PRICE.fullmatch(fold(text)):
            part = replace(part, kind="paragraph", level=0)
        if pieces:
            # A mark at the start would fuse with the letter before it: then the text is not NFC.
            glue = part.glue or (" " if unicodedata.combining(text[0]) else "")
            pieces.append(glue)
            length += len(glue)
        while len(page_starts) < part.page:
            page_starts.append(length)
        cells = _places(part.cells, text, length, row=part.kind in ("header", "row"))
        placed.append(Placed(part, length, length + len(text), cells, draft.plain))
        pieces.append(text)
        length += len(text)
    while len(page_starts) < draft.n_pages:
        page_starts.append(length)
    whole = "".join(pieces)
    return whole, tuple(page_starts), find_blocks(whole, placed)


def _places(cells: Sequence[str], text: str, offset: int, *, row: bool) -> tuple[Span, ...]:
    """Where the cells of a part stand in the document; an empty one is an empty span."""
    found: list[Span] = []
    at = 0
    for cell in cells:
        # A row is one line; the value of a label may have several
        wanted = flat(clean(cell)) if row else tidy(clean(cell))
        start = _cell_at(text, wanted, at) if row and wanted else text.find(wanted, at)
        if start < 0:  # cleaned otherwise as a part of the whole: the part then has no cells
            return ()
        at = start + len(wanted)
        found.append((offset + start, offset + at))
    return tuple(found)


def _cell_at(text: str, cell: str, at: int) -> int:
    """Where a cell of a row begins, from ``at`` on: "8" in "Fila 8: 8; Fila 9: 3" is not the 8 of the name; -1 if nowhere."""
    start = text.find(cell, at)
    while start >= 0:
        end = start + len(cell)
        begins = start == 0 or text[start - 2 : start] in (": ", "; ", "| ")
        if begins and (text[end : end + 1] in ("", ";", ".") or text[end : end + 2] == " |"):
            return start
        start = text.find(cell, start + 1)
    return text.find(cell, at)


# A menu may be long; so much of it says what it is.
_MAX_LEFT_OUT_CHARS: Final = 2_000


def _left_out(found: Sequence[LeftOut]) -> tuple[LeftOut, ...]:
    """What is left out, each on one line and not without end; without words only where it stands for a page."""
    short = (replace(one, text=flat(clean(one.text))[:_MAX_LEFT_OUT_CHARS]) for one in found)
    return tuple(one for one in short if any(map(str.isalnum, one.text)) or one.page)


def _sample(text: str) -> str:
    """Enough of a long text to tell its language: its start, middle and end."""
    if len(text) <= _LANGUAGE_SAMPLE_CHARS:
        return text
    third = _LANGUAGE_SAMPLE_CHARS // 3
    middle = len(text) // 2
    return "\n".join((text[:third], text[middle : middle + third], text[-third:]))


def _title(draft: Draft, headings: Sequence[Heading], doc_id: str, text: str) -> str:
    own = flat(clean(draft.title))[:300].strip()
    if own and not _NO_TITLE.search(own):
        return own
    if draft.heading_is_title and headings:
        cover = _cover_title(draft, headings[0].text)
        if cover:
            return cover
        titles = [h for h in headings if not is_division(h.text) and not _SUBSECTION.match(h.text)]
        # nor is an ornament, "# ■"
        titles = [h for h in titles if not heads_contents(h.text) and h.text.lstrip(_BULLETS)]
        n_colons = sum(h.text.endswith(":") for h in titles)
        of_divisions = _names_of_divisions(text, headings)
        titles = [h for h in titles if not (is_stamp(h.text) or h.start in of_divisions)]
        titles = [h for h in titles if not is_release(h.text)]
        if titles:
            first = _first_title(titles)
            several = sum(h.level == 1 for h in titles) > 1
            if titles[first].start > (_MAX_BEFORE_TITLE if several else len(text) / 2):
                first = 0  # "FIRST PART" in the middle, with "SECOND PART" after it; who signs at the end
            if titles[first].start > _MAX_BEFORE_TITLE and first == 0 < headings.index(titles[0]):
                return _readable_stem(doc_id)  # A certificate, say, after all articles
            found = titles[first].text
            if not draft.n_pages and _stands_below_text(text[: titles[first].start]):
                first_line = _first_line(draft)
                if first_line:
                    return first_line
            if _RULES.search(fold(found)) and _is_of_section(text, headings, titles[first]):
                return _readable_stem(doc_id)
            if _UNFINISHED.search(found) and first + 1 < len(titles):
                found += f" {titles[first + 1].text}"  # "The Bylaws of" over the name of a society
            found = found.lstrip(_BULLETS)[:300].strip()
            if _LATER_NUMBER.match(found) or (found.endswith(":") and n_colons > _LEAST_SECTIONS):
                return _first_line(draft) or _readable_stem(doc_id)
            if not is_numbered(found):
                return found
            first_line = _first_line(draft)
            # Below contents, or with others that are counted on, the first section is no title
            section = any(heads_contents(h.text) for h in headings) or _counts_on(titles, first)
            return first_line or (_readable_stem(doc_id) if section else found)
    return _readable_stem(doc_id)


def _names_of_divisions(text: str, headings: Sequence[Heading]) -> set[int]:
    """Where the headings begin that say what a chapter or an article is about, right below its number: one of several, and no title of the whole."""
    numbers = {h.start for h in headings if is_bare_division(h.text)}
    return {
        below.start
        for over, below in pairwise(headings)
        if len(numbers) > 1 and over.start in numbers and not text[over.end : below.start].strip()
    }


def _first_title(titles: Sequence[Heading]) -> int:
    """Which of the headings may be the title: the first of the highest level, or that over the name of a bill."""
    bill = next((n for n, h in enumerate(titles) if _OVER_NAME.fullmatch(h.text)), None)
    if bill is not None and titles[bill].start < _MAX_BEFORE_TITLE:
        return bill
    return next((n for n, h in enumerate(titles) if h.level == 1), 0)


# "No se admiten perros", "What is not covered": as the title of all of a document it would say so of all that stands in it.
_RULES = re.compile(rf"\b(?:{'|'.join(pack.ruling for pack in PACKS.values())})\b")


def _is_of_section(text: str, headings: Sequence[Heading], heading: Heading) -> bool:
    """Whether a heading has text at once below it and another heading of its level later: it is that of a section."""
    later = [h for h in headings if h.start > heading.start]
    return (
        any(h.level == heading.level for h in later)
        and text[heading.end : later[0].start].strip() != ""
    )


_LEAST_SECTIONS: Final = 3
# "2. Objetivos", "6- Fees": one section of several, whatever was no heading before it; and so is one of several with a colon, "Riesgos:".
_LATER_NUMBER = re.compile(r"(?!0?1[.)-])\d{1,2}[.)-]+\s")
_MAX_BEFORE_TITLE: Final = 1_500


def _counts_on(headings: Sequence[Heading], first: int) -> bool:
    """Whether other headings of its level have numbers as the first has: it is one section of several."""
    level = headings[first].level
    n = sum(h.level == level and is_numbered(h.text) for h in headings[first:])
    return n >= _LEAST_SECTIONS


_UNFINISHED = re.compile(r"\b(?:de|del|para|por|of|for|the|by|concerning)\Z", re.IGNORECASE)
# What stands over the name of a bill, below that of who makes it
_OVER_NAME = re.compile(
    r"(?:an? )?(?:act|bill|ordinance|resolution)\b.*\b(?:concerning|of|for)|(?:ley|ordenanza|resoluci[óo]n)\b.*\b(?:de|para)",
    re.IGNORECASE,
)
# "2.1 Pago" is never what a whole document is called.
_SUBSECTION = re.compile(r"\d{1,2}\.\d")
_MAX_COVER_LINES: Final = 6
_MAX_COVER_CHARS: Final = 200
_MAX_COVER_WORDS: Final = 20
_IN_CONTENTS = re.compile(
    r"(?:[íi]ndice|contenidos?|sumario|contents|table of contents)\W*|.*\s\d{1,4}", re.IGNORECASE
)


def _cover_title(draft: Draft, first_heading: str) -> str:
    """The title that stands on a cover, before the first heading, and is none by its format; "" without one.

    Where the format marks headings, the first line in bold letters; else all lines, if they are few and say nothing whole.
    """
    lines: list[tuple[str, bool]] = []
    for part in draft.parts:
        text = flat(clean(part.text)).strip(_ORNAMENTS)
        if part.kind == "heading" or text == first_heading.strip(_ORNAMENTS) and draft.plain:
            break
        if part.kind == "contents" or not text or _IN_CONTENTS.fullmatch(text):
            continue
        if part.kind in ("header", "row") and lines:
            break
        if part.kind != "paragraph" or len(lines) == _MAX_COVER_LINES or _says_something(text):
            return ""
        lines.append((text, part.strong))
    else:
        return ""
    if draft.plain:
        whole = " – ".join(text for text, _ in lines)
        return whole if len(whole) <= _MAX_COVER_CHARS else ""
    bold = (text for text, strong in lines if strong and 2 < len(text.split()) <= _MAX_COVER_WORDS)
    return next((text for text in bold if not is_division(text)), "")


# The name of a society ends in what it is: "Amigos del Faro, A. C.", "The Lamp Society Ltd."
_LEGAL_FORM = re.compile(r"(?:\b(?:[A-Z]\. ?){2,}|\b(?i:inc|ltd|co|corp|coop)\.)\Z")


def _says_something(line: str) -> bool:
    """Whether a line ends as a sentence or a lead-in does, and not as a name may."""
    return line[-1:] in ".:;,!?" and _LEGAL_FORM.search(line) is None


def _stands_below_text(before: str) -> bool:
    """Whether more stands before a heading than lines of a cover, so that it may be that of a section."""
    lines = [line for line in before.split("\n") if line.strip()]
    return len(lines) > _MAX_COVER_LINES or any(_says_something(line) for line in lines)


def _first_line(draft: Draft) -> str:
    """The first line of a text without marks, or in bold, where it stands by itself and says nothing whole; "" otherwise."""
    lines = [flat(clean(part.text)).strip(_ORNAMENTS) for part in draft.parts[:_MAX_COVER_LINES]]
    # Where a text was taken from is no title of it, and no number of a page
    first = next((line for line in lines if any(map(str.isalpha, line)) and "://" not in line), "")
    first = "" if heads_contents(first) or is_division(first) else first
    is_title = len(first.split()) <= _MAX_COVER_WORDS and not _says_something(first)
    marked = draft.plain or any(part.strong for part in draft.parts[:1])
    return first if marked and is_title and not is_numbered(first) else ""


_BULLETS: Final = " \t•·◆◇■□●○◐◑★☆"
_ORNAMENTS: Final = f"{_BULLETS}*_=~-–—«»<>"


# What programs write into the title field when nobody gave one.
_NO_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*|sin t[íi]tulo.*|no title|unknown"
    r"|\(?anonymous\)?|\(?unspecified\)?|document\d*|documento\d*|title|t[íi]tulo|word document"
    r"|presentación de powerpoint|powerpoint presentation"
    r"|.*\.(?:docx?|pdf|indd|qxd|rtf|odt|tex|dvi|pptx?|xlsx?|html?|epub|txt))$"
    r"|^\W*$|^[a-z]:\\|^file:",
    re.IGNORECASE,
)


def _readable_stem(doc_id: str) -> str:
    name = unicodedata.normalize("NFC", PurePosixPath(doc_id).name)
    stem = name.rsplit(".", 1)[0] if "." in name.lstrip(".") else name
    # A dot or hyphen between digits is a version or a date and stays.
    words = re.sub(r"_+|(?<!\d)[.\-]+|[.\-]+(?!\d)", " ", clean(stem))
    readable = flat(words)
    return (readable[:1].upper() + readable[1:]) if readable else (flat(clean(name)) or "?")


_READERS: Final[dict[str, Callable[[bytes], Draft]]] = {
    ".txt": read_txt,
    ".text": read_txt,
    ".md": read_md,
    ".markdown": read_md,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".xlsx": read_xlsx,
    ".pptx": read_pptx,
    ".odt": read_odt,
    ".ods": read_ods,
    ".odp": read_odp,
    ".rtf": read_rtf,
    ".eml": lambda data: read_eml(data, _READERS.get),
    ".msg": lambda data: read_msg(data, _READERS.get),
    ".zip": lambda data: read_archive(data, _READERS.get),
    ".epub": read_epub,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
    ".srt": read_subtitles,
    ".vtt": read_subtitles,
    ".xlsm": read_xlsx,
    ".pptm": read_pptx,
    **{
        suffix: read_by_libreoffice(suffix, target, reader)
        for suffixes, target, reader in (
            ((".doc", ".docm"), "docx", read_docx),
            ((".xls", ".xlsb"), "xlsx", read_xlsx),
            ((".ppt", ".pps"), "pptx", read_pptx),
        )
        for suffix in suffixes
    },
}
SUFFIXES: Final = frozenset(_READERS)
"""Lower-case suffixes that can be read."""
