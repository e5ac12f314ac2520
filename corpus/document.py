"""What a document is, and every error this project raises on purpose.

The error tree (a caller catches the branch it can do something about)::

    FuenteError
    ├── CorpusError                  a file or document
    │   ├── UnsupportedFormatError   a suffix no parser knows
    │   ├── UnreadableDocumentError  broken, empty, encrypted, no text layer, too large
    │   ├── UnknownDocumentError     no document of that id
    │   ├── DocumentExistsError      there is one of that id already
    │   ├── UnsafePathError          a name that leaves the documents folder
    │   └── LinkError                a link that is not followed, or leads to no file
    ├── StoreError                   the builds of the index
    │   ├── NoIndexError             nothing built yet
    │   ├── IncompatibleIndexError   built by another encoder or format
    │   ├── DamagedIndexError        a file is missing or its checksum differs
    │   ├── UnknownBuildError        no build of that id
    │   └── BuildRunningError        another process is building
    ├── EncoderError                 a model that cannot be loaded or gives unusable vectors
    ├── QuestionError                the question itself
    │   ├── EmptyQuestionError
    │   └── QuestionTooLongError
    ├── CollectionError              a named collection cannot be made or removed
    │   ├── UnknownCollectionError   no collection of that name
    │   └── CollectionExistsError    there is one already
    ├── StorageError                 the disk is gone, read-only or fails; nothing was written
    │   └── StorageFullError         there is no room left on it
    ├── SettingsError                a setting with an impossible value
    └── MissingExtraError            an optional package is not installed

Every message says in one line what was found, what was expected and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Lang = str
"""The ISO 639-1 code of a language that has a pack (:mod:`corpus.languages`), or ``und`` where none can be told."""


class FuenteError(Exception):
    """Base of all errors of this project; its text is meant for the user."""


class CorpusError(FuenteError):
    """A file or a document cannot be used."""


class UnsupportedFormatError(CorpusError):
    """No parser knows this file's suffix."""


class UnreadableDocumentError(CorpusError):
    """The file is broken, empty, encrypted, too large or holds no text."""


class UnknownDocumentError(CorpusError):
    """There is no document of that id."""


class DocumentExistsError(CorpusError):
    """There is a document of that id already."""


class UnsafePathError(CorpusError):
    """The name would leave the documents folder."""


class LinkError(CorpusError):
    """A link is not followed, or what it leads to is not taken."""


class StoreError(FuenteError):
    """Something about the builds of the index."""


class NoIndexError(StoreError):
    """There is no active build yet; ``folder``: the data directory in which nothing has been built, None where that is not why."""

    def __init__(self, message: str, folder: Path | None = None) -> None:
        super().__init__(message)
        self.folder = folder


class IncompatibleIndexError(StoreError):
    """The build was made by another encoder or in another format."""


class DamagedIndexError(StoreError):
    """A file of the build is missing or is not what the manifest says."""


class UnknownBuildError(StoreError):
    """There is no build of that id."""


class BuildRunningError(StoreError):
    """Another process is building in the same data directory."""


class IndexUnavailableError(StoreError):
    """The server that holds the index does not answer."""


class VectorsUnavailableError(IndexUnavailableError):
    """The server that holds the index answers, but not what it is asked about vectors."""


class IndexReadOnlyError(StoreError):
    """The index is kept somewhere else, where this cannot be done yet."""


class EncoderError(FuenteError):
    """A model cannot be loaded, or gives vectors that cannot be used."""


class QuestionError(FuenteError):
    """The question cannot be asked."""


class EmptyQuestionError(QuestionError):
    """The question holds no letter or digit."""


class QuestionTooLongError(QuestionError):
    """The question is longer than the limit."""


class CollectionError(FuenteError):
    """A named collection cannot be made or removed."""


class UnknownCollectionError(CollectionError):
    """There is no collection of that name."""


class CollectionExistsError(CollectionError):
    """There is a collection of that name already."""


class StorageError(FuenteError):
    """The disk with the data is gone, cannot be written to, or fails; what was there before is unchanged."""


class StorageFullError(StorageError):
    """The disk with the data, or what may be kept of something, is full."""


class SettingsError(FuenteError):
    """A setting has an impossible value."""


class MissingExtraError(FuenteError):
    """An optional package is not installed; the text says how to install it.

    ``what`` is what needs it, ``missing`` the error of the import, ``extra`` the one of pyproject.toml that brings it.
    """

    def __init__(self, what: str, missing: ImportError, extra: str):
        super().__init__(
            f"{what}: the package {missing.name!r} is not installed; expected the extra [{extra}]: "
            f"pip install 'fuente[{extra}]' (in a checkout: make {extra})"
        )


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document: ``text`` stands at ``[start, end)``; ``level`` 1 is the outermost."""

    start: int
    end: int
    level: int
    text: str


Span = tuple[int, int]
"""Code points ``[start, end)`` of a document's text."""

BlockKind = Literal[
    "heading",
    "paragraph",
    "list",
    "item",
    "table",
    "row",
    "label",
    "pair",
    "definition",
    "code",
    "footnote",
    "caption",
    "contents",
    "furniture",
]
"""What a stretch of a document is."""


HOLDERS: Final[frozenset[BlockKind]] = frozenset({"list", "table", "pair"})
"""Kinds of blocks that hold others; those others stand after them in ``Document.blocks``."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document that is one thing: ``text[start:end]``, without white space around it.

    ``parent`` is the number, in ``Document.blocks``, of the block that this one is a part of: a ``list`` has its lead-in (a
    paragraph or label) and its items, a ``table`` its caption and rows, a ``pair`` (question and answer) both with all that
    the answer holds; the others have no parts. ``level``: of a heading 1 (outermost) to 6, of an item 1 and more by nesting,
    of a row 1 for a header and 0 for the others, else 0.

    ``cells`` are spans of the document's text: of a row its cells by column (an empty one for an empty cell), of a label the
    name and the value, of a pair the question and the answer, of a definition the term and what it means, of an item its
    number as shown. None for all others.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    parent: int | None = None
    cells: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words of a file that are not in its text, and why: ``page`` is 1-based, 0 for formats without pages.

    ``reason`` is one of those that the catalogue of messages translates (``build.reasons``), or says in English what went wrong.
    """

    text: str
    page: int
    reason: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """A page, 1-based, whose text was read from a picture (OCR); ``confidence`` is what the engine says of its words, 0..1."""

    page: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed document.

    ``doc_id`` is the POSIX path below the documents folder and stays the same across edits. ``text`` is
    NFC; all offsets are code points into it, half-open ``[start, end)``. ``page_starts[i]`` is where page
    i + 1 begins (empty for formats without pages). ``headings`` are in text order. ``sha256`` is of the
    file's bytes. ``blocks`` cover all of the text, in text order, what holds others before them.
    ``recognised`` are the pages whose text was read from pictures, in order. ``left_out`` is what the file holds or its pages
    show and the text does not say, with the reason.
    """

    doc_id: str
    title: str
    lang: Lang
    text: str
    page_starts: tuple[int, ...]
    headings: tuple[Heading, ...]
    sha256: str
    blocks: Sequence[Block] = ()
    recognised: tuple[Recognised, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """1-based page of an offset, None for a document without pages."""
        from bisect import bisect_right

        return max(1, bisect_right(self.page_starts, offset)) if self.page_starts else None

    def page_span(self, page: int) -> Span:
        """Where the text of a page (1-based) begins and ends; ValueError for one that is not there."""
        if not 1 <= page <= len(self.page_starts):
            raise ValueError(f"the page is {page}; expected 1 to {len(self.page_starts)}")
        return self.page_starts[page - 1], [*self.page_starts, len(self.text)][page]

    def ocr_confidence_at(self, offset: int) -> float | None:
        """How sure the OCR engine is of the page of an offset, 0..1; None where the file itself has the text."""
        page = self.page_at(offset) if self.recognised else None
        return next((one.confidence for one in self.recognised if one.page == page), None)

    def heading_path(self, offset: int) -> tuple[str, ...]:
        """Texts of the headings an offset stands under, outermost first."""
        path: list[Heading] = []
        for heading in self.headings:
            if heading.start > offset:
                break
            while path and path[-1].level >= heading.level:
                path.pop()
            path.append(heading)
        return tuple(h.text for h in path)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document: ``document.text[start:end] == text``, always.

    ``heading`` is the title and heading path that the passage stands under: embedded with the text,
    never quoted. ``sentences`` are their spans in ``text``, in order; without any they are those that
    :func:`corpus.language.sentences` finds. A row or a label is one whatever is written in it.
    """

    passage_id: str
    doc_id: str
    start: int
    end: int
    text: str
    lang: Lang
    heading: str
    sentences: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file below the documents folder, as one scan saw it. ``modified_ns`` is its mtime; ``changed_ns`` its ctime, which no
    program can set, 0 where it is not known."""

    doc_id: str
    sha256: str
    size_bytes: int
    modified_ns: int
    changed_ns: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that could not be made into a document, and the one-line reason."""

    doc_id: str
    reason: str


def shown_name(name: str) -> str:
    """A name as a person may see it: what is not printable, or turns text around, or takes no room, as its number."""
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)
