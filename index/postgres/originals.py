"""The documents of a collection in the server, for hosts that keep none of their own.

A document is one row, with its bytes or, where they are kept in :mod:`index.objects`, without: then they are the object that has their
hash for its name. Whoever reads one has it in a folder of this machine for as long as that takes: a build
what is new, a service the file that it hands out. So whichever host builds reads what any of them was given.

Of the two the row is what counts. An object is there before the first row that names it is, and goes when no row does any more, under
a lock of its hash, so that whatever stops a host leaves at most an object that nothing names. Which those are the server writes down itself, in the
transaction that removes or changes a row, and any host takes them away later.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg

from corpus.collection import (
    Collection,
    Scan,
    called_in,
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
    StorageError,
    StoreError,
    UnknownDocumentError,
    UnreadableDocumentError,
)
from corpus.storage import saving
from index.objects import Objects
from index.postgres.server import Table, shown

# The last table is looked for: where it is missing, the first one may be there from before content could be somewhere else. A hash may
# stand there twice: who removes one row must not rely on what is written for another and taken away meanwhile.
_TABLE = """
CREATE TABLE IF NOT EXISTS fuente.originals (
    collection text, doc_id bytea, sha256 text NOT NULL, n_bytes bigint NOT NULL, modified_ns bigint NOT NULL, content bytea,
    PRIMARY KEY (collection, doc_id)
);
ALTER TABLE fuente.originals ALTER content SET STORAGE EXTERNAL, ALTER content DROP NOT NULL;
CREATE INDEX IF NOT EXISTS originals_sha256 ON fuente.originals (sha256) WHERE content IS NULL;
CREATE TABLE IF NOT EXISTS fuente.unnamed (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sha256 text NOT NULL);
CREATE OR REPLACE FUNCTION fuente.note_unnamed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO fuente.unnamed (sha256) VALUES (old.sha256);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER removed AFTER DELETE ON fuente.originals FOR EACH ROW
    WHEN (old.content IS NULL) EXECUTE FUNCTION fuente.note_unnamed();
CREATE OR REPLACE TRIGGER changed AFTER UPDATE ON fuente.originals FOR EACH ROW
    WHEN (old.content IS NULL AND (old.sha256 <> new.sha256 OR new.content IS NOT NULL)) EXECUTE FUNCTION fuente.note_unnamed();
"""
# Objects that nothing names are taken away in so many to a transaction, each of which is locked in it.
_AT_ONCE = 100
READING = "SELECT pg_advisory_lock_shared(hashtext('fuente.unnamed'), 1)"
"""What a connection says that needs the objects of all rows it sees: until it is closed, none is taken away."""

_NAMED = "SELECT EXISTS (SELECT FROM fuente.originals WHERE sha256 = %s AND content IS NULL)"
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

    With ``objects`` the bytes of what is put from now on are there; what the table holds from before is read from it. All calls
    raise IndexUnavailableError when the server does not answer, and those that need an object raise as those of ``objects``.
    """

    def __init__(self, url: str, collection: str, objects: Objects | None = None) -> None:
        self._url = url
        self._collection = collection
        self._objects = objects
        self._table = Table(url, "fuente.unnamed", _TABLE)

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
        self._take_away_unnamed()
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
        source = self._stored(doc_id, data)
        self._take_away_unnamed()
        return source

    def _stored(self, doc_id: str, data: bytes) -> Source:
        """As :meth:`put`; the object that it takes the place of stays."""
        doc_id = checked_document(doc_id, len(data))
        source = Source(doc_id, hashlib.sha256(data).hexdigest(), len(data), time.time_ns())
        with self._changing() as connection:
            self._check_free(connection, doc_id)
            if self._objects is not None:
                # Nobody takes it away before the row that names it is there for all to see
                _lock(connection, source.sha256)
                self._objects.put(source.sha256, data)
            connection.execute(
                _PUT,
                (
                    *(self._collection, doc_id.encode(), source.sha256, source.size_bytes),
                    *(source.modified_ns, data if self._objects is None else None),
                ),
            )
        return source

    def _take_away_unnamed(self) -> None:
        """Remove the objects that no row names any more, unless somebody reads what was there before."""
        if self._objects is None:
            return
        # Where that cannot be done now the next change does it; what it is called for is done
        with contextlib.suppress(StorageError), self._table.connected() as connection:
            while self._take_away_some(connection, self._objects):
                pass

    def _take_away_some(
        self, connection: psycopg.Connection[tuple[Any, ...]], objects: Objects
    ) -> bool:
        """Whether there were as many as are removed at once, or more."""
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('fuente.unnamed'), 0)")
            [(alone,)] = connection.execute(
                "SELECT pg_try_advisory_xact_lock(hashtext('fuente.unnamed'), 1)"
            ).fetchall()
            if not alone:
                return False
            unnamed = connection.execute(
                "SELECT number, sha256 FROM fuente.unnamed ORDER BY number LIMIT %s", (_AT_ONCE,)
            ).fetchall()
            for sha256 in sorted({sha256 for _, sha256 in unnamed}):
                _lock(connection, sha256)
                # by now a row may name it again
                [(named,)] = connection.execute(_NAMED, (sha256,)).fetchall()
                if not named:
                    objects.remove(sha256)
            connection.execute(
                "DELETE FROM fuente.unnamed WHERE number = ANY(%s)",
                ([number for number, _ in unnamed],),
            )
        return len(unnamed) == _AT_ONCE

    def add(self, path: Path, on_skip: Callable[[Skipped], None] | None = None) -> list[str]:
        """See :meth:`corpus.collection.Collection.add`; what is there with the same bytes is not sent again."""
        if not path.is_dir():
            if not path.is_file():
                raise CorpusError(nothing_at(path))
            return [self._put_file(path, called_in(path.parent, path.name))]
        found = Collection(path).scan()
        there = self._there()
        added, skipped = [], list(found.skipped)
        for source in found.sources:
            try:
                if not self._is_had(source, there):
                    self._stored(source.doc_id, Collection(path).read(source.doc_id))
                added.append(source.doc_id)
            except (UnreadableDocumentError, UnknownDocumentError) as error:
                skipped.append(Skipped(source.doc_id, str(error)))
        self._take_away_unnamed()
        if on_skip is not None:
            for one in skipped:
                on_skip(one)
        if not added:
            raise CorpusError(nothing_readable(path))
        return added

    def _there(self) -> dict[str, tuple[str, bool]]:
        """The hash of each document, and whether the table has its bytes."""
        with self._table.connected() as connection:
            rows = connection.execute(
                "SELECT doc_id, sha256, content IS NOT NULL FROM fuente.originals WHERE collection = %s",
                (self._collection,),
            ).fetchall()
        return {bytes(doc_id).decode(): (sha256, here) for doc_id, sha256, here in rows}

    def _is_had(self, source: Source, there: Mapping[str, tuple[str, bool]]) -> bool:
        """Whether a document is there with those bytes; an object that was lost is missing."""
        sha256, in_table = there.get(source.doc_id, ("", False))
        if sha256 != source.sha256:
            return False
        return in_table or (self._objects is not None and self._objects.has(sha256))

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
        self._take_away_unnamed()

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
            lacking: dict[str, str] = {}
            found = Collection(Path(folder))
            with self._table.connected() as connection:
                for doc_id in doc_ids:
                    try:
                        had = self._content(connection, doc_id)
                    except UnreadableDocumentError as error:
                        lacking[doc_id] = str(error)
                        continue
                    if had is None:
                        continue
                    content, modified_ns = had
                    path = found.path_of(doc_id)
                    with saving("what is read of the documents"):
                        path.parent.mkdir(parents=True, exist_ok=True)
                        path.write_bytes(content)
                        os.utime(path, ns=(modified_ns, modified_ns))
            yield Collection(found.documents, lacking)

    def _content(
        self, connection: psycopg.Connection[tuple[Any, ...]], doc_id: str
    ) -> tuple[bytes, int] | None:
        """The bytes of a document and its time, None where there is none.

        :raises UnreadableDocumentError: when its object is missing or has other bytes.
        """
        told = ""
        while True:
            rows = connection.execute(
                "SELECT content, sha256, modified_ns FROM fuente.originals WHERE collection = %s AND doc_id = %s",
                (self._collection, doc_id.encode()),
                binary=True,
            ).fetchall()
            if not rows:
                return None
            content, sha256, modified_ns = rows[0]
            if content is not None:
                return content, modified_ns
            content = needed(self._objects, self.place).get(sha256)
            if content is not None and hashlib.sha256(content).hexdigest() == sha256:
                return content, modified_ns
            # Not where it was replaced between the two
            if sha256 == told:
                raise UnreadableDocumentError(damaged(doc_id, sha256))
            told = sha256


def _lock(connection: psycopg.Connection[tuple[Any, ...]], sha256: str) -> None:
    """Have an object for this transaction alone."""
    connection.execute(
        "SELECT pg_advisory_xact_lock(hashtext('fuente.objects'), hashtext(%s))", (sha256,)
    )


def needed(objects: Objects | None, place: str) -> Objects:
    """Where the bytes of a document are that the table has not.

    :raises StorageError: when this host does not know.
    """
    if objects is None:
        raise StorageError(
            f"the table of documents at {place} does not hold the bytes of all of them; expected to be told where the others are: "
            "set FUENTE_ORIGINALS as at the other hosts"
        )
    return objects


def damaged(doc_id: str, sha256: str) -> str:
    """What to say of a document whose object is missing or has other bytes."""
    return (
        f"the bytes of {doc_id!r} are not what was put there: the object {sha256} is missing or damaged; "
        "expected it where FUENTE_ORIGINALS says: put it back from a backup, or add the document again"
    )
