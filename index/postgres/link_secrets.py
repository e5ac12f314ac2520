"""What links are signed with, in the server, so that a link opens at every host: one table for all collections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from index.postgres.server import Server, Table

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS fuente.link_secrets (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, secret bytea NOT NULL UNIQUE
);
"""
_SECRETS: Final = "SELECT secret FROM fuente.link_secrets ORDER BY number"


class SecretTable:
    """The secrets of a server, the oldest first. Any number of threads and hosts may ask; all calls raise IndexUnavailableError when
    the server does not answer."""

    def __init__(self, url: str) -> None:
        self._table = Table(url, "fuente.link_secrets", _TABLE)
        # Asked twice a second by every service: on a connection that is kept, and a standby will do
        self._read = Server(url)

    def secrets(self) -> list[bytes]:
        """All of them."""
        return [secret for (secret,) in self._read.rows_if_any(_SECRETS)]

    def make(self, secret: bytes) -> list[bytes]:
        """Put one there if there is none; all of them, as they are then."""
        # Of two hosts that make one at once both stay, and the older one signs at both
        sql = "INSERT INTO fuente.link_secrets (secret) SELECT %s WHERE NOT EXISTS (SELECT FROM fuente.link_secrets)"
        with self._table.connected() as connection:
            connection.execute(sql, (secret,))
            return [bytes(found) for (found,) in connection.execute(_SECRETS).fetchall()]

    def take(self, secret: bytes, before_end: Callable[[], object]) -> None:
        """Put one there that was kept elsewhere, unless it is there. ``before_end`` is called when all is done but for the last word; if
        it raises, nothing is done."""
        sql = "INSERT INTO fuente.link_secrets (secret) VALUES (%s) ON CONFLICT DO NOTHING"
        with self._table.connected() as connection, connection.transaction():
            connection.execute(sql, (secret,))
            before_end()

    def close(self) -> None:
        """Let go of the connection that is kept."""
        self._read.close()
