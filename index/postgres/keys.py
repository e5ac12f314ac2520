"""The access keys in the server, for services on any number of hosts: one table for all collections, which holds no key itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import psycopg

from index.postgres.server import Server, Table

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS fuente.keys (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, scope text NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'), collection text, created timestamptz NOT NULL, used timestamptz
);
"""
_ADD: Final = (
    "INSERT INTO fuente.keys (name, scope, sha256, collection, created) VALUES (%s, %s, %s, %s, %s::timestamptz)"
    " ON CONFLICT (name) DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key; ``collection`` None = it holds in all of them, times ISO 8601, UTC."""

    name: str
    scope: str
    sha256: str
    collection: str | None
    created_at: str

    def _values(self, name: str) -> tuple[str | None, ...]:
        return name, self.scope, self.sha256, self.collection, self.created_at


class KeyTable:
    """The keys of a server. Any number of threads and hosts may ask; all calls raise IndexUnavailableError when the server does
    not answer."""

    def __init__(self, url: str) -> None:
        self._table = Table(url, "fuente.keys", _TABLE)
        # Asked twice a second by every service: on a connection that is kept, and a standby will do
        self._read = Server(url)

    def rows(self) -> list[KeyRow]:
        """All of them, in the order in which they were made."""
        sql = "SELECT name, scope, sha256, collection, created FROM fuente.keys ORDER BY number"
        return [
            KeyRow(name, scope, sha256, collection, written(at))
            for name, scope, sha256, collection, at in self._read.rows_if_any(sql)
        ]

    def uses(self) -> dict[str, str]:
        """When each key was used last, by name; without those that never were."""
        found = self._read.rows_if_any("SELECT name, used FROM fuente.keys WHERE used IS NOT NULL")
        return {name: written(at) for name, at in found}

    def add(self, row: KeyRow) -> bool:
        """Put a key there; False when there is one of its name."""
        with self._table.connected() as connection:
            return bool(connection.execute(_ADD, row._values(row.name)).rowcount)

    def take(self, rows: Sequence[KeyRow], before_end: Callable[[], object]) -> None:
        """Put keys there that were kept elsewhere, all or none: where another key has the name, under the name and a part of the hash.
        ``before_end`` is called when all is done but for the last word; if it raises, nothing is done."""
        with self._table.connected() as connection, connection.transaction():
            for row in rows:
                if not _is_there(connection, row):
                    added = connection.execute(_ADD, row._values(row.name)).rowcount
                    if not added:
                        connection.execute(_ADD, row._values(f"{row.name[:50]}-{row.sha256[:12]}"))
            before_end()

    def remove(self, name: str) -> bool:
        """Take a key away; False when there is none of that name."""
        with self._table.connected() as connection:
            gone = connection.execute("DELETE FROM fuente.keys WHERE name = %s", (name,))
            return bool(gone.rowcount)

    def follow_rename(self, name: str, new: str) -> None:
        """Have the keys of a collection hold under its new name."""
        with self._table.connected() as connection:
            connection.execute(
                "UPDATE fuente.keys SET collection = %s WHERE collection = %s", (new, name)
            )

    def write_uses(self, used: Mapping[str, str]) -> None:
        """Say when keys were used; of what several hosts say the latest stays."""
        with self._table.connected() as connection, connection.transaction():
            # always in the same order, so that two hosts never wait for each other
            for name, at in sorted(used.items()):
                connection.execute(
                    "UPDATE fuente.keys SET used = greatest(used, %s::timestamptz) WHERE name = %s",
                    (at, name),
                )

    def close(self) -> None:
        """Let go of the connection that is kept."""
        self._read.close()


def _is_there(connection: psycopg.Connection[tuple[Any, ...]], row: KeyRow) -> bool:
    sql = "SELECT FROM fuente.keys WHERE sha256 = %s AND scope = %s AND collection IS NOT DISTINCT FROM %s"
    found = connection.execute(sql, (row.sha256, row.scope, row.collection))
    return bool(found.rowcount)


def written(at: datetime) -> str:
    """A time of the server as keys have it: ISO 8601, UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
