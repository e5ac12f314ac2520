"""Word documents and EPUB books, which are zip containers → :class:`~corpus.readers.draft.Draft`."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final

from corpus.document import CorpusError, UnreadableDocumentError
from corpus.readers.draft import (
    LINE,
    PARAGRAPH,
    Draft,
    Part,
    clean,
    decode,
    flat,
    one_line,
    row_part,
)
from corpus.readers.html import BOOK_FURNITURE, NEVER_TEXT, html_draft

if TYPE_CHECKING:
    import zipfile

# What a zip container (docx, epub) may grow to. A novel is 1 MB of XML and a text part compresses
# about 4:1, repetitive tables about 50:1; a zip bomb starts at 1,000:1.
_MAX_UNZIPPED_BYTES: Final = 512 * 2**20
_MAX_PART_BYTES: Final = 64 * 2**20
_MAX_RATIO: Final = 200
_RATIO_FREE_BYTES: Final = 8 * 2**20
_MAX_ENTRIES: Final = 20_000


def _open_zip(data: bytes, what: str) -> zipfile.ZipFile:
    """The container, refused before anything is inflated if it would grow out of proportion."""
    import zipfile

    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableDocumentError(
            f"this is an old Office file or one with a password, not {what}; save it in the "
            "current format without a password"
        )
    try:
        container = zipfile.ZipFile(io.BytesIO(data))
        entries = container.infolist()
    except (
        Exception
    ) as error:  # zipfile raises struct.error, ValueError and others on damaged input.
        raise UnreadableDocumentError(
            f"this is not {what}: its zip container is broken ({one_line(error)}); save or "
            "download the file again"
        ) from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableDocumentError(
            f"the parts of this file are encrypted; expected {what} without a password"
        )
    total = sum(entry.file_size for entry in entries)
    largest = max(
        (e.file_size for e in entries if e.filename.lower().endswith(_TEXT_PARTS)), default=0
    )
    if (
        len(entries) > _MAX_ENTRIES
        or total > _MAX_UNZIPPED_BYTES
        or largest > _MAX_PART_BYTES
        or (total > _RATIO_FREE_BYTES and total > _MAX_RATIO * len(data))
    ):
        raise UnreadableDocumentError(
            f"{len(data):,} bytes would unpack to {total:,} in {len(entries):,} parts; the limit "
            f"is {_MAX_UNZIPPED_BYTES:,} bytes, {_MAX_RATIO} times the size, {_MAX_ENTRIES:,} "
            f"parts and {_MAX_PART_BYTES:,} bytes in one part of text; this looks like a zip bomb, "
            "remove it"
        )
    return container


_TEXT_PARTS: Final = (".xml", ".rels", ".opf", ".ncx", ".xhtml", ".html", ".htm")


def _read_part(container: zipfile.ZipFile, name: str) -> bytes:
    """One part, read in pieces so that a wrong size in the directory cannot fill the memory."""
    pieces = []
    size = 0
    with container.open(name) as part:
        while piece := part.read(2**20):
            size += len(piece)
            if size > _MAX_PART_BYTES:
                raise UnreadableDocumentError(
                    f"the part {name[:80]} unpacks to more than {_MAX_PART_BYTES:,} bytes; this "
                    "looks like a zip bomb, remove it"
                )
            pieces.append(piece)
    return b"".join(pieces)


_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOT_IN_LINE: Final = frozenset(
    {f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", f"{_W}instrText", _FALLBACK}
)


def read_docx(data: bytes) -> Draft:
    """Headings, paragraphs, lists, tables and notes; not what was deleted or is hidden in fields."""
    what = "a Word document (.docx)"
    container = _open_zip(data, what)
    for entry in container.infolist():
        # python-docx reads parts whole; here each is read once in pieces and its checksum tested.
        if entry.filename.lower().endswith((".xml", ".rels")):
            try:
                _read_part(container, entry.filename)
            except CorpusError:
                raise
            except Exception as error:
                raise UnreadableDocumentError(
                    f"this is not {what}: the part {entry.filename[:80]} is broken "
                    f"({one_line(error)}); save the file again"
                ) from error
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
    except (
        Exception
    ) as error:  # KeyError, ValueError, lxml's and its own errors, by kind of damage.
        raise UnreadableDocumentError(
            f"this is not {what} or it is broken ({one_line(error)}); open it in a word processor "
            "and save it again"
        ) from error
    draft = Draft(title=document.core_properties.title or "")
    word = _Word(_style_levels(document))
    word.read(document.element.body)
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(("/footnotes", "/endnotes")):
            from docx.oxml import parse_xml

            word.read_notes(parse_xml(relation.target_part.blob))
    draft.parts = word.parts
    return draft


def _style_levels(document: Any) -> dict[str, int]:
    """Heading level per style id: 0 for body text, -1 for the lines of a table of contents."""
    levels = {}
    for style in document.styles.element.iter(f"{_W}style"):
        name_element = style.find(f"{_W}name")
        name = (name_element.get(f"{_W}val") or "").lower() if name_element is not None else ""
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        numbered = re.fullmatch(r"(?:heading|t[íi]tulo|encabezado) (\d)", name)
        level = 0
        if name in ("title", "título", "puesto"):
            level = 1
        elif numbered is not None:
            level = min(6, max(1, int(numbered[1])))
        elif re.match(r"(?:toc|tdc) ?\d|table of figures", name):
            level = -1
        elif outline is not None:
            level = _outline_level(outline)
        levels[style.get(f"{_W}styleId") or ""] = level
    return levels


def _outline_level(element: Any) -> int:
    value = element.get(f"{_W}val") or ""
    return int(value) + 1 if value in ("0", "1", "2", "3", "4", "5") else 0


class _Word:
    """The paragraphs and tables of a WordprocessingML body, tracked deletions left out.

    python-docx's own ``paragraph.text`` leaves out tracked insertions and content controls, which a
    reader of the page does see; so the elements are walked here.
    """

    def __init__(self, levels: dict[str, int]) -> None:
        self.levels = levels
        self.parts: list[Part] = []
        self.was_item = False

    def read(self, body: Any) -> None:
        stack = [iter(body)]
        while stack:
            element = next(stack[-1], None)
            if element is None:
                stack.pop()
            elif element.tag == f"{_W}p":
                self.paragraph(element)
            elif element.tag == f"{_W}tbl":
                self.table(element)
            elif element.tag in (
                f"{_W}del",
                f"{_W}moveFrom",
                f"{_W}sectPr",
                f"{_W}sdtPr",
                _FALLBACK,
            ):
                continue
            else:
                stack.append(iter(element))

    def read_notes(self, root: Any) -> None:
        for note in root:
            if note.get(f"{_W}type") in (None, "normal"):
                for paragraph in note.iter(f"{_W}p"):
                    self.parts.append(Part(_paragraph_text(paragraph), kind="footnote"))

    def paragraph(self, element: Any) -> None:
        properties = element.find(f"{_W}pPr")
        level, is_item = 0, False
        if properties is not None:
            style = properties.find(f"{_W}pStyle")
            outline = properties.find(f"{_W}outlineLvl")
            if style is not None:
                level = self.levels.get(style.get(f"{_W}val") or "", 0)
                is_item = "list" in (style.get(f"{_W}val") or "").lower()
            if outline is not None:
                level = _outline_level(outline)
            is_item = is_item or properties.find(f"{_W}numPr") is not None
        if level < 0:
            return
        text = _paragraph_text(element)
        if text.strip():
            if level and len(text) > 300:
                level = 0
            tight = is_item and self.was_item and not level
            part = Part(text, level, LINE if tight else PARAGRAPH)
            if is_item and not level:
                part.kind = "item"
            self.parts.append(part)
            self.was_item = is_item and not level
        for box in element.iter(f"{_W}txbxContent"):
            if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
                for inner in box.iterchildren(f"{_W}p"):
                    self.parts.append(Part(_paragraph_text(inner)))

    def table(self, element: Any) -> None:
        self.was_item = False
        glue = PARAGRAPH
        for row in element.iter(f"{_W}tr"):
            if next(row.iterancestors(f"{_W}tbl")) is not element:
                continue  # The row of a table inside a cell was read with its cell.
            cells = []
            for cell in row.iter(f"{_W}tc"):
                if next(cell.iterancestors(f"{_W}tr")) is row:
                    cells.append(flat(" ".join(_paragraph_text(p) for p in cell.iter(f"{_W}p"))))
            if any(cells):
                self.parts.append(row_part(cells, glue=glue))
                glue = LINE


def _paragraph_text(element: Any) -> str:
    pieces: list[str] = []
    stack = [iter(element)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag in _NOT_IN_LINE:
            continue
        elif child.tag == f"{_W}t":
            pieces.append(child.text or "")
        elif child.tag == f"{_W}tab":
            pieces.append(" ")
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            pieces.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif child.tag not in (f"{_W}pPr", f"{_W}rPr"):
            stack.append(iter(child))
    return "\n".join(flat(line) for line in clean("".join(pieces)).split("\n"))


_DC: Final = "{http://purl.org/dc/elements/1.1/}"


def read_epub(data: bytes) -> Draft:
    """The chapters in reading order."""
    import posixpath
    import urllib.parse
    import xml.etree.ElementTree as ElementTree

    what = "an EPUB book"
    container = _open_zip(data, what)
    names = {name.lower(): name for name in container.namelist()}

    def part(name: str) -> bytes | None:
        found = names.get(name.lower())
        return None if found is None else _read_part(container, found)

    def tree(name: str) -> ElementTree.Element:
        content = part(name)
        if content is None:
            raise UnreadableDocumentError(
                f"this is not {what}: it has no {name}; download it again"
            )
        if b"<!ENTITY" in content:
            raise UnreadableDocumentError(
                f"{name[:80]} declares XML entities, which {what} has no use for; this looks like "
                "an attack, remove it"
            )
        return ElementTree.fromstring(content)

    try:
        rootfile = tree("META-INF/container.xml").find(".//{*}rootfile")
        opf_name = rootfile.get("full-path") if rootfile is not None else None
        if not opf_name:
            raise UnreadableDocumentError(
                f"this is not {what}: it names no package file; download it again"
            )
        package = tree(opf_name)
        base = posixpath.dirname(opf_name)
        manifest = {}
        for item in package.iterfind(".//{*}manifest/{*}item"):
            href = urllib.parse.unquote((item.get("href") or "").split("#")[0])
            manifest[item.get("id")] = (
                posixpath.normpath(posixpath.join(base, href)),
                item.get("media-type") or "",
                (item.get("properties") or "").split(),
            )
        encrypted = set()
        if "meta-inf/encryption.xml" in names:
            for reference in tree("META-INF/encryption.xml").iterfind(".//{*}CipherReference"):
                encrypted.add(urllib.parse.unquote(reference.get("URI") or ""))
        title = package.find(f".//{_DC}title")
        draft = Draft(title="".join(title.itertext()) if title is not None else "")
        n_missing = 0
        for reference in package.iterfind(".//{*}spine/{*}itemref"):
            path, media_type, properties = manifest.get(reference.get("idref"), ("", "", []))
            if "nav" in properties or not ("html" in media_type or path.endswith(("html", "htm"))):
                continue
            if path in encrypted:
                raise UnreadableDocumentError(
                    f"the book is protected against copying ({path} is encrypted); expected {what} "
                    "without protection"
                )
            content = part(path)
            if content is None:
                n_missing += 1
                continue
            text = decode(content, page=True) if content.strip() else ""
            draft.parts += html_draft(text, (BOOK_FURNITURE, NEVER_TEXT), xml=True).parts
    except CorpusError:
        raise
    except Exception as error:  # zipfile, zlib and ElementTree, by kind of damage.
        raise UnreadableDocumentError(
            f"this is not {what} or it is broken ({one_line(error)}); download it again"
        ) from error
    if not draft.parts:
        raise UnreadableDocumentError(
            f"the book holds no readable chapter ({n_missing} are missing from the file); "
            "download it again"
        )
    return draft
