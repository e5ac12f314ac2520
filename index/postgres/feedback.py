"""What readers think of answers, in the server: a row for each thumb, given at any host and read from all of them."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from corpus.document import StorageFullError
from index.postgres.server import Table, shown

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS fuente.feedback (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, collection text NOT NULL, at timestamptz NOT NULL DEFAULT now(),
    line text NOT NULL
);
CREATE INDEX IF NOT EXISTS feedback_by_collection ON fuente.feedback (collection, at);
"""
# Where two are given at once there may be one more than should be kept, which nobody has to wait for.
_ADD: Final = """
INSERT INTO fuente.feedback (collection, line) SELECT %(collection)s, %(line)s
WHERE octet_length(%(line)s) + (SELECT coalesce(sum(octet_length(line)), 0) FROM fuente.feedback WHERE collection = %(collection)s)
    <= %(most)s
"""


class FeedbackTable:
    """The thumbs of one collection, of which ``max_bytes`` are kept. Any number of threads and hosts may ask; all calls raise
    IndexUnavailableError when the server does not answer."""

    def __init__(self, url: str, collection: str, max_bytes: int) -> None:
        self._url = url
        self._collection = collection
        self._max_bytes = max_bytes
        self._table = Table(url, "fuente.feedback", _TABLE)

    def add(self, line: str) -> None:
        """Put a line there, which is text in ASCII: a server may keep its texts in any encoding.

        :raises StorageFullError: when no more is to be kept.
        """
        values = {"collection": self._collection, "line": line, "most": self._max_bytes}
        with self._table.connected() as connection:
            is_added = connection.execute(_ADD, values).rowcount == 1
        if not is_added:
            raise StorageFullError(
                f"the feedback was not saved: the table fuente.feedback at {shown(self._url)} holds {self._max_bytes:,} bytes of this "
                "collection, as many as are kept; remove the older rows, or have more kept with max_feedback_mb"
            )

    def lines(self, since: date | None = None) -> list[str]:
        """The lines in the order in which they were given; with ``since`` those of that day, in UTC, and later."""
        sql = (
            "SELECT line FROM fuente.feedback WHERE collection = %s AND (%s::date IS NULL OR at >= %s::date AT TIME ZONE 'UTC')"
            " ORDER BY number"
        )
        values: tuple[Any, ...] = (self._collection, since, since)
        return [line for (line,) in self._table.rows(sql, values)]
