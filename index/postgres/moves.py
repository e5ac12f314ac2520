"""Where documents were moved to, in the server: a row for each move, made at any host and followed at all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from index.postgres.server import Server, Table, stored, told

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS fuente.moves (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, collection text NOT NULL, old bytea NOT NULL, new bytea NOT NULL
);
CREATE INDEX IF NOT EXISTS moves_by_collection ON fuente.moves (collection, number);
"""
_GIVEN: Final = (
    "unnest(%(old)s::bytea[], %(new)s::bytea[]) WITH ORDINALITY AS given (old, new, place)"
)
_ADD: Final = (
    f"INSERT INTO fuente.moves (collection, old, new) SELECT %(collection)s, old, new FROM {_GIVEN}"
)
_NOT_THERE: Final = (
    "WHERE NOT EXISTS (SELECT FROM fuente.moves AS kept WHERE kept.collection = %(collection)s"
    " AND kept.old = given.old AND kept.new = given.new)"
)
_IN_ORDER: Final = "ORDER BY place"
_FORGET: Final = """
DELETE FROM fuente.moves WHERE number IN (
    SELECT number FROM (
        SELECT number, sum(octet_length(old) + octet_length(new)) OVER (ORDER BY number DESC) AS held
        FROM fuente.moves WHERE collection = %s
    ) AS kept WHERE held > %s
)
"""

Move = tuple[str, str]
"""The ids of a document before and after."""


class MoveTable:
    """The moves of one collection, of which the last ``max_bytes`` stay. Any number of threads and hosts may ask; all calls raise
    IndexUnavailableError when the server does not answer."""

    def __init__(self, url: str, collection: str, max_bytes: int) -> None:
        self._collection = collection
        self._max_bytes = max_bytes
        self._table = Table(url, "fuente.moves", _TABLE)
        # Asked while somebody waits: on a connection that is kept, and a standby will do
        self._read = Server(url)

    def add(self, moves: Sequence[Move]) -> None:
        """Put moves there, in their order, all or none."""
        with self._table.connected() as connection, connection.transaction():
            connection.execute(f"{_ADD} {_IN_ORDER}", self._values(moves))
            connection.execute(_FORGET, (self._collection, self._max_bytes))

    def take(self, moves: Sequence[Move], before_end: Callable[[], object]) -> None:
        """Put moves there that were kept elsewhere, as :meth:`add`, but for those that were there. ``before_end`` is called when all is
        done but for the last word; if it raises, nothing is done."""
        with self._table.connected() as connection, connection.transaction():
            connection.execute(f"{_ADD} {_NOT_THERE} {_IN_ORDER}", self._values(moves))
            before_end()

    def _values(self, moves: Sequence[Move]) -> dict[str, Any]:
        old, new = [stored(old) for old, _ in moves], [stored(new) for _, new in moves]
        return {"collection": self._collection, "old": old, "new": new}

    def last(self) -> int:
        """What is another number after each move; 0 where there is none."""
        sql = "SELECT coalesce(max(number), 0) FROM fuente.moves WHERE collection = %s"
        found: list[int] = [number for (number,) in self._asked(sql)]
        return found[0] if found else 0

    def moves(self) -> list[Move]:
        """The moves in the order in which they were made."""
        sql = "SELECT old, new FROM fuente.moves WHERE collection = %s ORDER BY number"
        return [(told(old), told(new)) for old, new in self._asked(sql)]

    def _asked(self, sql: str) -> list[tuple[Any, ...]]:
        return self._read.rows_if_any(sql, (self._collection,))

    def close(self) -> None:
        """Let go of the connection that is kept."""
        self._read.close()
