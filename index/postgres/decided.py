"""What owners decided about questions, in the server: a row for each, decided at any host and read from all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from corpus.document import StorageFullError
from index.postgres.server import Table, shown, stored

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS fuente.decided (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, collection text NOT NULL, id bytea NOT NULL, line text NOT NULL,
    UNIQUE (collection, id)
);
"""
_NEW: Final = "INSERT INTO fuente.decided (collection, id, line)"
# The later decision is behind the others. Where two are made at once there may be one more than should be kept.
_PUT: Final = f"""
{_NEW} SELECT %(collection)s, %(id)s, %(line)s
WHERE (SELECT count(*) FROM fuente.decided WHERE collection = %(collection)s AND id <> %(id)s) < %(most)s
ON CONFLICT (collection, id) DO UPDATE SET line = excluded.line, number = DEFAULT
"""


class DecidedTable:
    """The decisions of one collection, of which ``most`` are kept. Lines are text in ASCII: a server may keep its texts in any encoding.
    Any number of threads and hosts may ask; all calls raise IndexUnavailableError when the server does not answer."""

    def __init__(self, url: str, collection: str, most: int) -> None:
        self._url = url
        self._collection = collection
        self._most = most
        self._table = Table(url, "fuente.decided", _TABLE)

    def lines(self) -> list[str]:
        """The lines in the order in which they were put there."""
        sql = "SELECT line FROM fuente.decided WHERE collection = %s ORDER BY number"
        return [line for (line,) in self._table.rows(sql, (self._collection,))]

    def put(self, decision_id: str, line: str) -> None:
        """Put a line there, in place of the one of that id.

        :raises StorageFullError: when no more are to be kept.
        """
        values = {
            "collection": self._collection,
            "id": stored(decision_id),
            "line": line,
            "most": self._most,
        }
        with self._table.connected() as connection:
            is_put = connection.execute(_PUT, values).rowcount == 1
        if not is_put:
            raise StorageFullError(
                f"the table fuente.decided at {shown(self._url)} holds {self._most:,} questions of this collection, as many as are "
                "kept; take some away first"
            )

    def take(self, lines: Sequence[tuple[str, str]], before_end: Callable[[], object]) -> None:
        """Put lines there, with their ids, that were kept elsewhere, all or none, but for those of which there is one. ``before_end`` is
        called when all is done but for the last word; if it raises, nothing is done."""
        with self._table.connected() as connection, connection.transaction():
            for decision_id, line in lines:
                connection.execute(
                    f"{_NEW} VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                    (self._collection, stored(decision_id), line),
                )
            before_end()

    def remove(self, decision_id: str) -> bool:
        """Take the line of an id away; False when there is none."""
        with self._table.connected() as connection:
            gone = connection.execute(
                "DELETE FROM fuente.decided WHERE collection = %s AND id = %s",
                (self._collection, stored(decision_id)),
            )
            return bool(gone.rowcount)
