"""The jobs of a collection in the server: whoever asks for a build and whoever makes it may be on different hosts.

A job is a row. The one builder of a collection holds an advisory lock on the connection on which it takes rows (FOR UPDATE SKIP
LOCKED) and says how they get on. Where its process dies or its connection breaks, the lock is gone; whoever gets it next finds the
row that is still "running", and goes on with that one.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from corpus.document import NoIndexError
from index.postgres.server import WANTED, Server, Table

_TABLE = """
CREATE TABLE IF NOT EXISTS fuente.jobs (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, collection text NOT NULL, job_id text NOT NULL UNIQUE, is_full bool NOT NULL,
    allow_removal bool NOT NULL, status text NOT NULL DEFAULT 'queued', created timestamptz NOT NULL DEFAULT now(), started timestamptz,
    finished timestamptz, progress text, outcome text, is_stopped bool NOT NULL DEFAULT false, tries int NOT NULL DEFAULT 0,
    version int NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS jobs_by_collection ON fuente.jobs (collection, status);
"""
_TIME: Final = "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
_COLUMNS: Final = ", ".join(
    (
        *("job_id", "is_full", "allow_removal", "status"),
        *(_TIME.format(name) for name in ("created", "started", "finished")),
        *("progress", "outcome", "is_stopped", "tries", "version"),
    )
)
_UNFINISHED: Final = "collection = %s AND status IN ('queued', 'running')"
_STOP: Final = (
    "UPDATE fuente.jobs SET is_stopped = true, version = version + 1, finished = CASE WHEN status = 'queued' THEN now() END,"
    f" status = CASE WHEN status = 'queued' THEN 'cancelled' ELSE status END WHERE {_UNFINISHED}"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A job as it stands at one moment. Times are ISO 8601, UTC; ``progress`` and ``outcome`` what the builder wrote, ``tries`` how
    often it was taken, ``is_stopped`` whether it is to stop."""

    job_id: str
    full: bool
    allow_removal: bool
    status: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    progress: str | None
    outcome: str | None
    is_stopped: bool
    tries: int
    version: int


class JobQueue:
    """The jobs of one collection. Each call that may change one is a transaction on a connection of its own; any number of threads and hosts may make
    them; all raise IndexUnavailableError when the server does not answer."""

    def __init__(self, url: str, collection: str) -> None:
        self._collection = collection
        self._table = Table(url, "fuente.jobs", _TABLE)
        # Asked every second or so, by every host: on a connection that is kept, and a standby will do
        self._looked = Server(url)

    def _rows(self, sql: str, values: Sequence[object]) -> list[Row]:
        with self._table.connected() as connection:
            return _read(connection, sql, values)

    def add(self, *, full: bool, allow_removal: bool, behind: bool, keep: int) -> tuple[Row, bool]:
        """A job that waits, and whether it is a new one. ``behind`` another: the one that waits already, which may remove what this
        one may; else the first one that has not ended. Of those that have, ``keep`` at most stay."""
        with self._table.connected() as connection, connection.transaction():
            connection.execute(
                "SELECT pg_advisory_xact_lock(hashtext('fuente.jobs'), hashtext(%s))",
                (self._collection,),
            )
            found = _read(
                connection,
                f"SELECT {_COLUMNS} FROM fuente.jobs WHERE {_UNFINISHED} AND (status = 'queued' OR NOT %s) ORDER BY number LIMIT 1"
                " FOR UPDATE",
                (self._collection, behind),
            )
            if found and behind and allow_removal:
                found = _read(
                    connection,
                    f"UPDATE fuente.jobs SET allow_removal = true WHERE job_id = %s RETURNING {_COLUMNS}",
                    (found[0].job_id,),
                )
            if found:
                return found[0], False
            connection.execute(
                "DELETE FROM fuente.jobs WHERE number IN (SELECT number FROM fuente.jobs WHERE collection = %s"
                " AND status NOT IN ('queued', 'running') ORDER BY number DESC OFFSET %s)",
                (self._collection, keep - 1),
            )
            [row] = _read(
                connection,
                f"INSERT INTO fuente.jobs (collection, job_id, is_full, allow_removal) VALUES (%s, %s, %s, %s) RETURNING {_COLUMNS}",
                (self._collection, f"job_{secrets.token_hex(8)}", full, allow_removal),
            )
            # told when it is committed
            connection.execute("SELECT pg_notify(%s, %s)", (WANTED, self._collection))
            return row, True

    def get(self, job_id: str) -> Row | None:
        """A job, None when there is none of that id any more."""
        found = self._rows(
            f"SELECT {_COLUMNS} FROM fuente.jobs WHERE collection = %s AND job_id = %s",
            (self._collection, job_id),
        )
        return found[0] if found else None

    def kept(self) -> list[Row]:
        """All that are kept, newest first."""
        return self._rows(
            f"SELECT {_COLUMNS} FROM fuente.jobs WHERE collection = %s ORDER BY number DESC",
            (self._collection,),
        )

    def is_wanted(self) -> bool:
        """Whether there is a job that has not ended."""
        sql = f"SELECT EXISTS (SELECT FROM fuente.jobs WHERE {_UNFINISHED})"
        try:
            return bool(self._looked.rows(sql, (self._collection,))[0][0])
        except NoIndexError:
            return False  # nobody ever asked for one

    def stop(self, job_id: str) -> None:
        """Have a job stop: one that waits has ended, one that runs is told."""
        self._rows(f"{_STOP} AND job_id = %s RETURNING {_COLUMNS}", (self._collection, job_id))

    @contextlib.contextmanager
    def builder(self) -> Iterator[Builder | None]:
        """The one who builds the collection, until it is left; None where another one does."""
        with self._table.connected() as connection:
            sql = "SELECT pg_try_advisory_lock(hashtext('fuente.builder'), hashtext(%s))"
            is_ours = connection.execute(sql, (self._collection,)).fetchall()[0][0]
            yield Builder(connection, self._collection) if is_ours else None


class Builder:
    """What the one who builds a collection may do. Its calls raise psycopg's errors, which :meth:`JobQueue.builder` tells; two threads may
    make them."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]], collection: str) -> None:
        self._connection = connection
        self._collection = collection
        self._lock = threading.Lock()

    def _rows(self, sql: str, *values: object) -> list[Row]:
        with self._lock:
            return _read(self._connection, sql, values)

    def take(self) -> Row | None:
        """The next job, which is "running" from now on: the one that a builder has left, else the oldest that waits."""
        found = self._rows(
            "UPDATE fuente.jobs SET status = 'running', started = coalesce(started, now()), tries = tries + 1, version = version + 1"
            f" WHERE number = (SELECT number FROM fuente.jobs WHERE {_UNFINISHED} ORDER BY status = 'queued', number LIMIT 1"
            f" FOR UPDATE SKIP LOCKED) RETURNING {_COLUMNS}",
            self._collection,
        )
        return found[0] if found else None

    def tell(self, job_id: str, progress: str | None) -> bool:
        """Say where a job is, None = where it was, and learn whether it is to stop."""
        found = self._rows(
            "UPDATE fuente.jobs SET progress = coalesce(%s, progress), version = version + 1"
            f" WHERE job_id = %s RETURNING {_COLUMNS}"
            if progress is not None
            else f"SELECT {_COLUMNS} FROM fuente.jobs WHERE %s::text IS NULL AND job_id = %s",
            progress,
            job_id,
        )
        return not found or found[0].is_stopped

    def finish(self, job_id: str, status: str, outcome: str) -> None:
        """Say how a job has ended."""
        self._rows(
            "UPDATE fuente.jobs SET status = %s, outcome = %s, finished = now(), version = version + 1"
            f" WHERE job_id = %s RETURNING {_COLUMNS}",
            *(status, outcome, job_id),
        )

    def put_back(self, job_id: str) -> None:
        """Have a job wait again, for another builder: this one ends."""
        self._rows(
            "UPDATE fuente.jobs SET status = 'queued', started = NULL, progress = NULL, tries = tries - 1, version = version + 1"
            f" WHERE job_id = %s RETURNING {_COLUMNS}",
            job_id,
        )


def stop_all(connection: psycopg.Connection[tuple[Any, ...]], collection: str) -> None:
    """Have all jobs of a collection stop."""
    if connection.execute("SELECT to_regclass('fuente.jobs')").fetchall()[0][0] is not None:
        connection.execute(_STOP, (collection,))


def _read(
    connection: psycopg.Connection[tuple[Any, ...]], sql: str, values: Sequence[object]
) -> list[Row]:
    return [Row(*found) for found in connection.execute(sql, values).fetchall()]
