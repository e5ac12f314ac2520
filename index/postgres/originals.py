"""The documents of a collection in the server, for hosts that keep none of their own.

A document is one row with its bytes. Whoever reads one has it in a folder of this machine for as long as that takes: a build
what is new, a service the file that it hands out. So whichever host builds reads what any of them was given.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg

from corpus.collection import (
    Collection,
    Scan,
    cannot,
    checked_document,
    checked_id,
    nothing_at,
    nothing_readable,
    taken,
    two_names,
    unknown_document,
)
from corpus.document import (
    CorpusError,
    DocumentExistsError,
    Skipped,
    Source,
    StoreError,
    UnknownDocumentError,
    UnreadableDocumentError,
)
from corpus.storage import saving
from index.postgres.server import Table, shown

_TABLE = """
CREATE TABLE IF NOT EXISTS fuente.originals (
    collection text, doc_id bytea, sha256 text NOT NULL, n_bytes bigint NOT NULL, modified_ns bigint NOT NULL, content bytea NOT NULL,
    PRIMARY KEY (collection, doc_id)
);
ALTER TABLE fuente.originals ALTER content SET STORAGE EXTERNAL;
"""
_HAS = "SELECT EXISTS (SELECT FROM fuente.originals WHERE collection = %s AND doc_id = %s)"
# A file that has the name of a folder above the new one, or of which the new one is a folder.
_IN_THE_WAY = (
    "SELECT EXISTS (SELECT FROM fuente.originals WHERE collection = %s"
    " AND (doc_id = ANY(%s::bytea[]) OR (doc_id >= %s AND doc_id < %s)))"
)
_PUT = """
INSERT INTO fuente.originals VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (collection, doc_id) DO UPDATE SET
    sha256 = excluded.sha256, n_bytes = excluded.n_bytes, modified_ns = excluded.modified_ns, content = excluded.content
"""


class PostgresDocuments:
    """The documents of a collection in a server: :class:`corpus.collection.Documents`. Each call is one transaction on a connection
    of its own, so any number of threads and hosts may make them.

    All of them raise IndexUnavailableError when the server does not answer.
    """

    def __init__(self, url: str, collection: str) -> None:
        self._url = url
        self._collection = collection
        self._table = Table(url, "fuente.originals", _TABLE)

    @property
    def place(self) -> str:
        """Where the server is."""
        return shown(self._url)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """One at a time: what stands in the way of a name must not come while it is looked for."""
        with self._table.connected() as connection, connection.transaction():
            connection.execute(
                "SELECT pg_advisory_xact_lock(hashtext('fuente.originals'), hashtext(%s))",
                (self._collection,),
            )
            yield connection

    def expect(self, n: int, *, may_be_gone: bool) -> None:
        """See :meth:`corpus.collection.Documents.expect`."""
        if n and not may_be_gone and not self.scan().sources:
            raise StoreError(
                f"there are no documents at {self.place}, and the active build has {n:,}; put them there with `fuente build FOLDER`; "
                "if they are to go, build with --allow-removal or allow_removal in the request"
            )

    def scan(
        self,
        known: Mapping[str, Source] | None = None,
        waiting: Callable[[], None] = lambda: None,
    ) -> Scan:
        """All documents, by id; none is read, and what cannot be a document was not taken."""
        waiting()
        with self._table.connected() as connection:
            rows = connection.execute(
                "SELECT doc_id, sha256, n_bytes, modified_ns FROM fuente.originals WHERE collection = %s ORDER BY doc_id",
                (self._collection,),
            ).fetchall()
        return Scan(tuple(Source(bytes(doc_id).decode(), *facts) for doc_id, *facts in rows), ())

    def holds(self, doc_id: str) -> bool:
        """See :meth:`corpus.collection.Documents.holds`."""
        with self._table.connected() as connection:
            return self._has(connection, checked_id(doc_id))

    def _has(self, connection: psycopg.Connection[tuple[Any, ...]], doc_id: str) -> bool:
        rows = connection.execute(_HAS, (self._collection, doc_id.encode())).fetchall()
        return bool(rows[0][0])

    def _check_free(self, connection: psycopg.Connection[tuple[Any, ...]], doc_id: str) -> None:
        parts = doc_id.split("/")
        above = ["/".join(parts[:n]).encode() for n in range(1, len(parts))]
        # "0" comes after "/"
        below = (f"{doc_id}/".encode(), f"{doc_id}0".encode())
        rows = connection.execute(_IN_THE_WAY, (self._collection, above, *below)).fetchall()
        if rows[0][0]:
            raise CorpusError(cannot("save", doc_id, FileExistsError()))

    def put(self, doc_id: str, data: bytes) -> Source:
        """See :meth:`corpus.collection.Collection.put`."""
        doc_id = checked_document(doc_id, len(data))
        source = Source(doc_id, hashlib.sha256(data).hexdigest(), len(data), time.time_ns())
        with self._changing() as connection:
            self._check_free(connection, doc_id)
            connection.execute(
                _PUT,
                (
                    *(self._collection, doc_id.encode(), source.sha256, source.size_bytes),
                    *(source.modified_ns, data),
                ),
            )
        return source

    def add(self, path: Path, on_skip: Callable[[Skipped], None] | None = None) -> list[str]:
        """See :meth:`corpus.collection.Collection.add`; what is there with the same bytes is not sent again."""
        if not path.is_dir():
            if not path.is_file():
                raise CorpusError(nothing_at(path))
            return [self._put_file(path, unicodedata.normalize("NFC", path.name))]
        found = Collection(path).scan()
        there = {source.doc_id: source.sha256 for source in self.scan().sources}
        added, skipped = [], list(found.skipped)
        for source in found.sources:
            try:
                if there.get(source.doc_id) != source.sha256:
                    self.put(source.doc_id, Collection(path).read(source.doc_id))
                added.append(source.doc_id)
            except (UnreadableDocumentError, UnknownDocumentError) as error:
                skipped.append(Skipped(source.doc_id, str(error)))
        if on_skip is not None:
            for one in skipped:
                on_skip(one)
        if not added:
            raise CorpusError(nothing_readable(path))
        return added

    def _put_file(self, path: Path, doc_id: str) -> str:
        try:
            checked_document(doc_id, path.stat().st_size)
            content = path.read_bytes()
        except OSError as error:
            raise UnreadableDocumentError(cannot("read", str(path), error)) from error
        return self.put(doc_id, content).doc_id

    def remove(self, doc_id: str) -> None:
        """See :meth:`corpus.collection.Collection.remove`."""
        doc_id = checked_id(doc_id)
        with self._table.connected() as connection:
            gone = connection.execute(
                "DELETE FROM fuente.originals WHERE collection = %s AND doc_id = %s",
                (self._collection, doc_id.encode()),
            )
            if not gone.rowcount:
                raise UnknownDocumentError(unknown_document(doc_id))

    def move(self, moves: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """See :meth:`corpus.collection.Collection.move`."""
        wanted = [(checked_id(old), checked_document(new, 0)) for old, new in moves]
        wanted = [(old, new) for old, new in dict.fromkeys(wanted) if old != new]
        with self._changing() as connection:
            for n, (old, new) in enumerate(wanted):
                if not self._has(connection, old):
                    raise UnknownDocumentError(unknown_document(old))
                if self._has(connection, new) or new in {to for _, to in wanted[:n]}:
                    raise DocumentExistsError(taken(new))
                if old in {one for one, _ in wanted[:n]}:
                    raise DocumentExistsError(two_names(old))
            for old, new in wanted:
                self._check_free(connection, new)
                connection.execute(
                    "UPDATE fuente.originals SET doc_id = %s WHERE collection = %s AND doc_id = %s",
                    (new.encode(), self._collection, old.encode()),
                )
        return wanted

    @contextlib.contextmanager
    def here(self, doc_ids: Sequence[str]) -> Iterator[Collection]:
        """See :meth:`corpus.collection.Documents.here`: a temporary folder, which is removed in the end. The time of a file in it is
        that of the document, on every host.

        :raises StorageError: when the disk refuses.
        """
        with tempfile.TemporaryDirectory(prefix="fuente-") as folder:
            found = Collection(Path(folder))
            with self._table.connected() as connection:
                for doc_id in doc_ids:
                    rows = connection.execute(
                        "SELECT content, modified_ns FROM fuente.originals WHERE collection = %s AND doc_id = %s",
                        (self._collection, doc_id.encode()),
                        binary=True,
                    ).fetchall()
                    for content, modified_ns in rows:
                        path = found.path_of(doc_id)
                        with saving("what is read of the documents"):
                            path.parent.mkdir(parents=True, exist_ok=True)
                            path.write_bytes(content)
                            os.utime(path, ns=(modified_ns, modified_ns))
            yield found
