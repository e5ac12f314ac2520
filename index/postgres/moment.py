"""What hosts share in a server, but for builds and jobs, as all of it was at one moment: for who takes it elsewhere."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, BinaryIO, Final, Literal

import psycopg

from corpus.document import Source, StoreError, UnreadableDocumentError
from index.objects import Objects
from index.postgres.keys import KeyRow, written
from index.postgres.moves import Move
from index.postgres.originals import READING, damaged, needed
from index.postgres.server import connect, shown, told, unavailable

_PIECE_BYTES: Final = 2**20
"""How much of an original is held at once."""

_ROWS: Final = 1_000
"""How many rows are held at once."""

# As long as it goes on, a server may not end it for being slow to ask
_BEGIN: Final = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;"
    " SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0"
)


class Moment:
    """What :func:`moment` opened. For one thread; psycopg's errors are told by :func:`moment`."""

    def __init__(
        self, url: str, connection: psycopg.Connection[tuple[Any, ...]], objects: Objects | None
    ) -> None:
        self.place = shown(url)
        self._connection = connection
        self._objects = objects
        sql = "SELECT tablename FROM pg_tables WHERE schemaname = 'fuente'"
        self._tables = {name for (name,) in connection.execute(sql).fetchall()}
        if not {"collections", "originals"} & self._tables:
            raise StoreError(
                f"there are no documents at {self.place}; expected the server that hosts keep theirs in: correct FUENTE_INDEX"
            )

    def collections(self) -> list[str]:
        """The names of collections, in no order, with those that stand for one that was put away."""
        found: set[str] = set()
        for table, column in (("collections", "name"), ("originals", "collection")):
            rows = self._rows(table, f"SELECT DISTINCT {column} FROM fuente.{table}")
            found |= {name for (name,) in rows}
        return list(found)

    def documents(self, collection: str) -> Iterator[tuple[Source, BinaryIO]]:
        """The documents of a collection, by id, each with what reads it: in pieces, and before the next one. That raises
        UnreadableDocumentError for one whose object is missing or has other bytes, and otherwise as :class:`index.objects.Objects`."""
        sql = (
            "SELECT doc_id, sha256, n_bytes, modified_ns, content IS NULL FROM fuente.originals"
            " WHERE collection = %s ORDER BY doc_id"
        )
        for doc_id, *facts, elsewhere in self._rows("originals", sql, (collection,)):
            source = Source(doc_id.decode(), *facts)
            content: io.RawIOBase = (
                _Object(needed(self._objects, self.place), source)
                if elsewhere
                else _Content(self._connection, collection, doc_id)
            )
            yield source, io.BufferedReader(content, _PIECE_BYTES)

    def lines(self, table: Literal["feedback", "decided"], collection: str) -> Iterator[str]:
        """The lines of a collection in a table, in the order in which they were put there."""
        sql = f"SELECT line FROM fuente.{table} WHERE collection = %s ORDER BY number"
        return (line for (line,) in self._rows(table, sql, (collection,)))

    def asked(self, collection: str) -> Iterator[tuple[date, str]]:
        """The questions of a collection as lines, oldest first, each with its day in UTC."""
        sql = "SELECT (at AT TIME ZONE 'UTC')::date, line FROM fuente.asked WHERE collection = %s ORDER BY at, number"
        return ((day, line) for day, line in self._rows("asked", sql, (collection,)))

    def moves(self, collection: str) -> Iterator[Move]:
        """The moves of documents of a collection, in their order."""
        sql = "SELECT old, new FROM fuente.moves WHERE collection = %s ORDER BY number"
        return ((told(old), told(new)) for old, new in self._rows("moves", sql, (collection,)))

    def keys(self) -> list[tuple[KeyRow, str | None]]:
        """The keys, in the order in which they were made, each with when it was used last, if it was."""
        sql = (
            "SELECT name, scope, sha256, collection, created, used FROM fuente.keys ORDER BY number"
        )
        return [
            (KeyRow(name, scope, sha256, collection, written(at)), written(used) if used else None)
            for name, scope, sha256, collection, at, used in self._rows("keys", sql)
        ]

    def secret(self) -> bytes | None:
        """What links are signed with; None where none was."""
        sql = "SELECT secret FROM fuente.link_secrets ORDER BY number LIMIT 1"
        return next((secret for (secret,) in self._rows("link_secrets", sql)), None)

    def audit(self) -> Iterator[str]:
        """The lines of the audit, oldest first."""
        rows = self._rows("audit", "SELECT line FROM fuente.audit ORDER BY number")
        return (line for (line,) in rows)

    def _rows(
        self, table: str, sql: str, values: Sequence[object] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """The rows of an answer; none of a table that nobody ever wrote to."""
        if table not in self._tables:
            return
        with self._connection.cursor(name=f"fuente_{table}") as cursor:
            cursor.itersize = _ROWS
            yield from cursor.execute(sql, values)


@contextmanager
def moment(url: str, objects: Objects | None = None) -> Iterator[Moment]:
    """What a server holds now, until it is left, whatever others change meanwhile; ``objects`` as of
    :class:`index.postgres.originals.PostgresDocuments`.

    :raises StoreError: when no host ever kept documents there.
    :raises IndexUnavailableError: when the server does not answer, here or in the block.
    """
    try:
        with connect(url) as connection:
            # Before it is seen what there is
            connection.execute(READING)
            with connection.transaction():
                connection.execute(_BEGIN)
                yield Moment(url, connection, objects)
    except psycopg.Error as error:
        raise unavailable(url, error) from None


class _Content(io.RawIOBase):
    """The bytes of an original, as they are wanted."""

    def __init__(
        self, connection: psycopg.Connection[tuple[Any, ...]], collection: str, doc_id: bytes
    ) -> None:
        self._connection = connection
        self._of = (collection, doc_id)
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        room = memoryview(buffer)
        rows = self._connection.execute(
            "SELECT substring(content FROM %s FOR %s) FROM fuente.originals WHERE collection = %s AND doc_id = %s",
            (self._at + 1, len(room), *self._of),
            binary=True,
        ).fetchall()
        piece = rows[0][0]
        room[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


class _Object(io.RawIOBase):
    """The bytes of an original that is an object, as they are wanted; all of them have been given only if they are those it had."""

    def __init__(self, objects: Objects, source: Source) -> None:
        self._objects = objects
        self._source = source
        self._at = 0
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        room, source = memoryview(buffer), self._source
        end = min(self._at + len(room), source.size_bytes)
        if end == self._at:
            return 0
        piece = self._objects.piece(source.sha256, self._at, end)
        self._digest.update(piece)
        whole = self._at + len(piece) == end
        if not whole or (end == source.size_bytes and self._digest.hexdigest() != source.sha256):
            raise UnreadableDocumentError(damaged(source.doc_id, source.sha256))
        room[: len(piece)] = piece
        self._at = end
        return len(piece)
