"""What was asked, in the server, for the owners of collections: a row for each question, asked at any host and read from all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final

from index.postgres.server import Table

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS fuente.asked (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, collection text NOT NULL, at timestamptz NOT NULL, line text NOT NULL
);
CREATE INDEX IF NOT EXISTS asked_by_collection ON fuente.asked (collection, at);
"""
# A line that is there already was sent before the server went away.
_ADD: Final = (
    "INSERT INTO fuente.asked (collection, at, line) SELECT %(collection)s, at, line"
    " FROM unnest(%(at)s::timestamptz[], %(line)s::text[]) WITH ORDINALITY AS new (at, line, place)"
    " WHERE NOT EXISTS (SELECT FROM fuente.asked WHERE collection = %(collection)s AND at = new.at AND line = new.line)"
    " ORDER BY place"
)
# Those of a day go first, so that a day of many questions leaves room for the others.
_FORGET: Final = """
DELETE FROM fuente.asked WHERE number IN (
    SELECT number FROM (
        SELECT number, sum(octet_length(line)) OVER ({part} ORDER BY at DESC, number DESC) AS held
        FROM fuente.asked WHERE collection = %s
    ) AS lines WHERE held > %s
)
"""
_FORGET_OF_DAYS: Final = _FORGET.format(part="PARTITION BY (at AT TIME ZONE 'UTC')::date")
_FORGET_OF_ALL: Final = _FORGET.format(part="")
_LOOK_EVERY: Final = 1_000

Line = tuple[datetime, str]
"""When it was asked, and what is kept of it: text in ASCII, since a server may keep its texts in any encoding."""


class AskedTable:
    """The questions of one collection, of which the last ``day_bytes`` of a day and the last ``max_bytes`` of all stay. Any number of
    threads and hosts may ask; all calls raise IndexUnavailableError when the server does not answer."""

    def __init__(self, url: str, collection: str, day_bytes: int, max_bytes: int) -> None:
        self._collection = collection
        self._day_bytes = day_bytes
        self._max_bytes = max_bytes
        self._table = Table(url, "fuente.asked", _TABLE)
        self._pruned: date | None = None
        self._n_until_look = 0

    def add(self, lines: Sequence[Line], first: date) -> None:
        """Put lines there, all or none, and remove what was asked before that day, in UTC, of all collections."""
        with self._table.connected() as connection, connection.transaction():
            connection.execute(_ADD, self._values(lines))
            if self._pruned != first:
                connection.execute(
                    "DELETE FROM fuente.asked WHERE at < %s::date AT TIME ZONE 'UTC'", (first,)
                )
            # To look how much there is takes as long as there is much
            n_until_look = self._n_until_look - len(lines)
            if n_until_look < 0 or self._pruned != first:
                connection.execute(_FORGET_OF_DAYS, (self._collection, self._day_bytes))
                connection.execute(_FORGET_OF_ALL, (self._collection, self._max_bytes))
                n_until_look = _LOOK_EVERY
        self._pruned, self._n_until_look = first, n_until_look

    def take(self, lines: Sequence[Line], before_end: Callable[[], object]) -> None:
        """Put lines there that were kept elsewhere, all or none, but for those that are there. ``before_end`` is called when all is done
        but for the last word; if it raises, nothing is done."""
        with self._table.connected() as connection, connection.transaction():
            connection.execute(_ADD, self._values(lines))
            before_end()

    def _values(self, lines: Sequence[Line]) -> dict[str, Any]:
        at, texts = [at for at, _ in lines], [text for _, text in lines]
        return {"collection": self._collection, "at": at, "line": texts}

    def lines(self, since: date) -> list[str]:
        """The lines of that day, in UTC, and later, oldest first."""
        sql = (
            "SELECT line FROM fuente.asked WHERE collection = %s AND at >= %s::date AT TIME ZONE 'UTC'"
            " ORDER BY at, number"
        )
        return [line for (line,) in self._table.rows(sql, (self._collection, since))]
