"""Zip containers (docx, xlsx, odt, epub …) opened safely: a bomb is refused before it unpacks."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from corpus.document import CorpusError, UnreadableDocumentError
from corpus.readers.draft import one_line

if TYPE_CHECKING:
    import zipfile

# What a zip container (docx, epub and others) may grow to. A novel is 1 MB of XML and a text part compresses
# about 4:1, repetitive tables about 50:1; a zip bomb starts at 1,000:1.
_MAX_UNZIPPED_BYTES: Final = 512 * 2**20
_MAX_PART_BYTES: Final = 64 * 2**20
_MAX_RATIO: Final = 200
_RATIO_FREE_BYTES: Final = 8 * 2**20
_MAX_ENTRIES: Final = 20_000


def open_zip(data: bytes, what: str) -> zipfile.ZipFile:
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


def read_part(container: zipfile.ZipFile, name: str) -> bytes:
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


def tested_zip(data: bytes, what: str) -> zipfile.ZipFile:
    """The container, with each part of XML read once in pieces, for libraries that read parts whole."""
    container = open_zip(data, what)
    for entry in container.infolist():
        if entry.filename.lower().endswith((".xml", ".rels")):
            try:
                read_part(container, entry.filename)
            except CorpusError:
                raise
            except Exception as error:
                raise UnreadableDocumentError(
                    f"this is not {what}: the part {entry.filename[:80]} is broken "
                    f"({one_line(error)}); save the file again"
                ) from error
    return container


def xml_tree(content: bytes) -> Any:
    """The root of a part of XML; entities stay as they are, and nothing is fetched."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(content, parser)
