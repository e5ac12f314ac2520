"""Pages of PDFs as they are printed: drawn by processes with limits when they are looked at, and kept while there is room."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import PurePosixPath
from typing import Final

from api.problems import ProblemError
from corpus.collection import Collection, Documents
from corpus.document import Document, Skipped, Source, UnknownDocumentError, UnreadableDocumentError
from corpus.printed import Printed, Wanted
from corpus.readers.pool import ReadPage, read_page

MAX_KEPT_BYTES: Final = 64 * 2**20
MAX_AT_ONCE: Final = 2
"""Processes that draw; whoever comes meanwhile waits."""

_PATIENCE_S: Final = 20.0
# What a line or a mark takes beside the picture's own letters.
_PART_BYTES: Final = 300

_Key = tuple[str, str, Wanted]


def has_pages(document: Document) -> bool:
    """Whether its pages can be shown as they are printed."""
    return bool(document.page_starts) and PurePosixPath(document.doc_id).suffix.lower() == ".pdf"


class Pages:
    """The pages of one collection that were looked at last."""

    def __init__(self, collection: Documents, max_bytes: int = MAX_KEPT_BYTES) -> None:
        self._collection = collection
        self._max_bytes = max_bytes
        self._kept: OrderedDict[_Key, Printed] = OrderedDict()
        self.n_bytes = 0
        """Of what is kept."""
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(MAX_AT_ONCE)

    def get(self, document: Document, wanted: Wanted) -> Printed:
        """What was asked of a page of a document, which is that of the file it was read from.

        :raises UnreadableDocumentError: where the page cannot be drawn.
        :raises UnknownDocumentError: where the file is gone.
        :raises ProblemError: where the file is another one by now, has no pages to show, or too many wait.
        """
        if not has_pages(document):
            raise ProblemError("not_found", "no_printed_pages", {"name": document.doc_id})
        key = (document.doc_id, document.sha256, wanted)
        with self._lock:
            if (kept := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return kept
        if not self._places.acquire(timeout=_PATIENCE_S):
            raise ProblemError("overloaded", "pages_busy")
        try:
            page = self._drawn(document, wanted)
        finally:
            self._places.release()
        self._keep(key, page)
        return page

    def _drawn(self, document: Document, wanted: Wanted) -> Printed:
        with self._collection.here([document.doc_id]) as folder:
            source, found = self._read(folder, document, wanted)
        if isinstance(found, Skipped):
            raise UnreadableDocumentError(found.reason)
        if source is None or source.sha256 != document.sha256:
            raise ProblemError("not_found", "file_changed", {"name": document.doc_id})
        return found

    def _read(self, folder: Collection, document: Document, wanted: Wanted) -> ReadPage:
        file = folder.path_of(document.doc_id)
        if not file.is_file():
            folder.check_had(document.doc_id)
            raise UnknownDocumentError(f"the file {document.doc_id!r} is gone from the folder")
        status = file.stat()
        asked = Source(
            document.doc_id,
            document.sha256,
            status.st_size,
            status.st_mtime_ns,
            status.st_ctime_ns,
        )
        return read_page(folder, asked, wanted)

    def _keep(self, key: _Key, page: Printed) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = page
            self.n_bytes += _size(page)
            while self.n_bytes > self._max_bytes:
                _, gone = self._kept.popitem(last=False)
                self.n_bytes -= _size(gone)


def _size(page: Printed) -> int:
    parts = len(page.lines) + sum(map(len, page.marks))
    return len(page.picture) + _PART_BYTES * (1 + parts)
