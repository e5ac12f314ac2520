"""Which named collections there are in the server, and giving all that it holds of one another name, or taking it away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

from corpus.document import BuildRunningError
from index.postgres.queue import stop_all
from index.postgres.server import Server, Table, shown

# Those that have documents were there before this table was.
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS fuente.collections (
    name text PRIMARY KEY, number bigint GENERATED ALWAYS AS IDENTITY, until timestamptz
);
DO $$ BEGIN
    IF to_regclass('fuente.originals') IS NOT NULL THEN
        INSERT INTO fuente.collections (name) SELECT DISTINCT collection FROM fuente.originals ON CONFLICT DO NOTHING;
    END IF;
END $$;
"""
_ROWS: Final = (
    "SELECT name, number, extract(epoch FROM until)::float8, until <= now() FROM fuente.collections"
)
# Of keys only the name of their collection is another one; and they outlive it.
_HOLDING: Final = (
    "SELECT table_name FROM information_schema.columns"
    " WHERE table_schema = 'fuente' AND column_name = 'collection' AND table_name <> 'keys' ORDER BY table_name"
)
_WAIT_S: Final = 20
"""How long a build that was told to stop is waited for."""


@dataclass(frozen=True, slots=True)
class CollectionRow:
    """A collection; ``number`` tells it from another one that had its name before. One that was put away can be put back ``until``, in
    seconds since 1970, and is to be removed when that ``is_over``."""

    name: str
    number: int
    until: float | None
    is_over: bool


class CollectionTable:
    """The collections of a server, but for ``default``. Any number of threads and hosts may ask; all calls raise IndexUnavailableError
    when the server does not answer."""

    def __init__(self, url: str) -> None:
        self.place = shown(url)
        self._table = Table(url, "fuente.collections", _TABLE)
        # Asked twice a second by every service: on a connection that is kept, and a standby will do
        self._read = Server(url)

    def rows(self) -> list[CollectionRow]:
        """All of them."""
        found = self._read.rows_if_any(_ROWS)
        return [
            CollectionRow(name, number, until, bool(is_over))
            for name, number, until, is_over in found
        ]

    def take_over(self) -> None:
        """Have those among them whose builds were put there by hosts that keep their documents elsewhere."""
        with self._table.connected() as connection:
            [(current,)] = connection.execute("SELECT to_regclass('fuente.current')").fetchall()
            if current is not None:
                connection.execute(
                    "INSERT INTO fuente.collections (name) SELECT collection FROM fuente.current ON CONFLICT DO NOTHING"
                )

    def add(self, name: str) -> bool:
        """Make one; False when there is one of that name."""
        with self._table.connected() as connection:
            added = connection.execute(
                "INSERT INTO fuente.collections (name) VALUES (%s) ON CONFLICT DO NOTHING", (name,)
            )
            return bool(added.rowcount)

    def rename(self, name: str, new: str, undo_s: int | None = None) -> bool:
        """Give one, and all that is there of it, another name, all or nothing; with ``undo_s`` it counts as put away for so long. What
        builds in it is stopped. False when there is none, or one of the new name.

        :raises BuildRunningError: when a build that this cannot stop goes on.
        """
        with self._alone(name) as connection:
            try:
                with connection.transaction():
                    return _renamed(connection, name, new, undo_s)
            except psycopg.errors.UniqueViolation:
                return False

    def remove(self, name: str) -> bool:
        """Take one away with all that is there of it; False when there is none. Errors as :meth:`rename`."""
        with self._alone(name) as connection:
            gone = connection.execute("DELETE FROM fuente.collections WHERE name = %s", (name,))
            if gone.rowcount:
                for table in _tables(connection):
                    statement = sql.SQL("DELETE FROM {} WHERE collection = %s")
                    connection.execute(statement.format(table), (name,))
            return bool(gone.rowcount)

    @contextmanager
    def _alone(self, name: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """A transaction beside which nobody builds the collection or takes documents of it."""
        with self._table.connected() as connection:
            stop_all(connection, name)
            with connection.transaction():
                connection.execute(f"SET LOCAL lock_timeout = '{_WAIT_S}s'")
                try:
                    # in the order in which a builder takes them
                    for lock in ("fuente.builder", "fuente", "fuente.originals"):
                        connection.execute(
                            "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", (lock, name)
                        )
                except psycopg.errors.LockNotAvailable:
                    raise BuildRunningError(
                        f"a build of the collection {name!r} goes on; expected none: wait until it ends or stop it, then try again"
                    ) from None
                yield connection

    def close(self) -> None:
        """Let go of the connection that is kept."""
        self._read.close()


def _renamed(
    connection: psycopg.Connection[tuple[Any, ...]], name: str, new: str, undo_s: int | None
) -> bool:
    renamed = connection.execute(
        "UPDATE fuente.collections SET name = %s, until = now() + make_interval(secs => %s) WHERE name = %s",
        (new, undo_s, name),
    )
    if renamed.rowcount:
        for table in _tables(connection):
            statement = sql.SQL("UPDATE {} SET collection = %s WHERE collection = %s")
            connection.execute(statement.format(table), (new, name))
    return bool(renamed.rowcount)


def _tables(connection: psycopg.Connection[tuple[Any, ...]]) -> list[sql.Identifier]:
    """All that hold something of collections."""
    return [sql.Identifier("fuente", name) for (name,) in connection.execute(_HOLDING).fetchall()]
