"""Who changed what, in the server: a row for each line, written by services and terminals of any host."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from index.postgres.server import Table

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS fuente.audit (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), line text NOT NULL
);
"""
_FORGET: Final = """
DELETE FROM fuente.audit WHERE number <= (
    SELECT max(number) FROM (SELECT number, sum(octet_length(line)) OVER (ORDER BY number DESC) AS held FROM fuente.audit) AS lines
    WHERE held > %s
)
"""
_LOOK_EVERY: Final = 1_000


class AuditTable:
    """The lines of all collections of a server, of which the last ``max_bytes`` stay. Any number of threads and hosts may write;
    errors are IndexUnavailableError."""

    def __init__(self, url: str, max_bytes: int) -> None:
        self._table = Table(url, "fuente.audit", _TABLE)
        self._max_bytes = max_bytes
        self._n_until_look = 0

    def add(self, lines: Sequence[str]) -> None:
        """Put lines there, all or none; they are text in ASCII: a server may keep its texts in any encoding."""
        with self._table.connected() as connection, connection.transaction():
            connection.execute(
                "INSERT INTO fuente.audit (line) SELECT unnest(%s::text[])", (list(lines),)
            )
            # To look how much there is takes as long as there is much
            self._n_until_look -= len(lines)
            if self._n_until_look < 0:
                connection.execute(_FORGET, (self._max_bytes,))
                self._n_until_look = _LOOK_EVERY
