"""EPUB books → :class:`~corpus.readers.draft.Draft`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from corpus.document import CorpusError, LeftOut, UnreadableDocumentError
from corpus.readers.container import open_zip, read_part
from corpus.readers.draft import Draft, Part, decode, flat, one_line
from corpus.readers.html import BOOK_FURNITURE, html_draft
from corpus.readers.html.elements import NEVER_TEXT

_DC: Final = "{http://purl.org/dc/elements/1.1/}"


def read_epub(data: bytes) -> Draft:
    """The chapters in reading order."""
    import posixpath
    import urllib.parse
    import xml.etree.ElementTree as ElementTree

    what = "an EPUB book"
    container = open_zip(data, what)
    names = {name.lower(): name for name in container.namelist()}

    def part(name: str) -> bytes | None:
        found = names.get(name.lower())
        return None if found is None else read_part(container, found)

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
        chapters: list[tuple[str, int]] = []
        for reference in package.iterfind(".//{*}spine/{*}itemref"):
            path, media_type, properties = manifest.get(reference.get("idref"), ("", "", []))
            if not ("html" in media_type or path.endswith(("html", "htm"))):
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
            chapter = html_draft(text, (BOOK_FURNITURE, NEVER_TEXT), xml=True)
            draft.left_out += chapter.left_out
            if "nav" in properties:
                said = " ".join(part.text for part in chapter.parts)
                draft.left_out += (LeftOut(said, 0, "menu or navigation"),)
            else:
                chapters.append((chapter.title, len(draft.parts)))
                draft.parts += chapter.parts
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
    _nest(draft.parts, chapters)
    return draft


def _nest(parts: list[Part], chapters: Sequence[tuple[str, int]]) -> None:
    """Puts the headings of a chapter below its first where that is its title, by the name of its file or since the others stand in
    many chapters, and they are marked as if they were chapters themselves. ``chapters``: title and first part of each."""
    ends = [*(start for _, start in chapters[1:]), len(parts)]
    headed = [
        (title, [part for part in parts[start:end] if part.kind == "heading"])
        for (title, start), end in zip(chapters, ends, strict=True)
    ]
    n_chapters = Counter(said for _, own in headed for said in {flat(part.text) for part in own})
    for title, own in headed:
        first, others = (flat(own[0].text), own[1:]) if own else ("", [])
        tops = [flat(part.text) for part in others if part.level == 1]
        if not tops or own[0].level != 1 or n_chapters[first] > 1:
            continue
        if flat(title) == first or all(n_chapters[top] > 1 for top in tops):
            for part in others:
                part.level = min(6, part.level + 1)
