"""Asking a PostgreSQL server: connections are kept, what breaks is tried once more, and no error says a password."""

from __future__ import annotations

import re
import threading
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from corpus.document import (
    IndexUnavailableError,
    MissingExtraError,
    NoIndexError,
    VectorsUnavailableError,
)
from index.generations.breaker import TRIED_EACH_S, Breaker
from index.trips import went

try:
    import psycopg
except ImportError as error:
    raise MissingExtraError("an index in PostgreSQL", error, "postgres") from error

# Of a service whose thread pool asks from many threads, as many as usually ask at once.
_KEPT = 16
_CONNECT_S = 5
SWITCHED = "fuente_switched"
"""The channel on which a server tells that a collection, its name the payload, has another current generation."""

WANTED = "fuente_wanted"
"""The channel on which a server tells that a build of a collection, its name the payload, is asked for."""

# A question that is not answered by then has nobody waiting for it any more.
_STATEMENT_S = 30
# Nor does anybody wait for all vectors to be looked at while words could be answered from.
_VECTORS_S = 5
_NONE: Mapping[str, str] = {}
_SCHEMA = """
SELECT pg_advisory_xact_lock(hashtext('fuente'));
CREATE SCHEMA IF NOT EXISTS fuente;
"""
_UNDEFINED = {"42P01", "3F000"}
# Of what a server says itself: that it is not to be had, and not that it cannot do what it was asked.
_AWAY = re.compile("08...|57P..|53300")


def shown(url: str) -> str:
    """Where a URL leads, as it may be told: without user, password and options."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2] or "a local socket"
    return f"{host}{parts.path}"


def connect(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    """A new connection that may write: of several hosts in the address to the one that is no standby.

    :raises IndexUnavailableError: when there is none to be had.
    """
    try:
        return psycopg.connect(
            url,
            autocommit=True,
            connect_timeout=_CONNECT_S,
            tcp_user_timeout=10_000,
            target_session_attrs="read-write",
        )
    except psycopg.Error as error:
        raise unavailable(url, error) from None


def unavailable(url: str, error: psycopg.Error) -> IndexUnavailableError | NoIndexError:
    """What to say of an error of the server: its kind, never its text, which may hold a part of the URL."""
    if error.sqlstate in _UNDEFINED:
        return NoIndexError(
            f"there is no index at {shown(url)}; run `fuente build` or `fuente migrate --to` with its address"
        )
    kind = type(error).__name__ + (f" {error.sqlstate}" if error.sqlstate else "")
    return IndexUnavailableError(
        f"the index at {shown(url)} does not answer ({kind}); expected PostgreSQL with pgvector there: "
        "start it, or correct FUENTE_INDEX"
    )


class Table:
    """A table of the server beside those of the index, which is made when it is first asked; ``sql`` makes it."""

    def __init__(self, url: str, name: str, sql: str):
        self._url = url
        self._name = name
        self._sql = sql
        self._is_made = False

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """A connection of its own that may write.

        :raises IndexUnavailableError: when the server does not answer, here or in the block.
        """
        try:
            with connect(self._url) as connection:
                if not self._is_made:
                    sql = "SELECT to_regclass(%s)"
                    if connection.execute(sql, (self._name,)).fetchall()[0][0] is None:
                        connection.execute(_SCHEMA + self._sql)
                    self._is_made = True
                yield connection
        except psycopg.Error as error:
            raise unavailable(self._url, error) from None

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """As :meth:`Server.rows_if_any`, on a connection of its own: for what is seldom asked."""
        with closing(Server(self._url)) as server:
            return server.rows_if_any(sql, values)


@dataclass(frozen=True, slots=True)
class Breakers:
    """What those who ask the same server share: one breaker for all that it is asked, one for looking among all ``vectors``,
    and one for ``some`` of them, which it may still give when that takes too long."""

    server: Breaker = field(default_factory=Breaker)
    vectors: Breaker = field(default_factory=Breaker)
    some: Breaker = field(default_factory=Breaker)


class Server:
    """A server that is only read from; safe to use from several threads."""

    def __init__(self, url: str, breakers: Breakers | None = None):
        self._url = url
        self._breakers = breakers or Breakers()
        self._lock = threading.Lock()
        self._free: list[psycopg.Connection[tuple[Any, ...]]] = []
        self._closed = False
        # an index that was replaced goes with the last question that still reads it, and nobody is left to close it
        weakref.finalize(self, _let_go, self._free)

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of an answer. Where a connection broke it is asked once more, on a fresh one: nothing here writes.

        :raises IndexUnavailableError: when that breaks as well, the server refuses, or it did not answer the last times.
        :raises NoIndexError: when nothing was ever put there.
        """
        self._ask()
        try:
            found = self._twice(sql, values)
        except psycopg.OperationalError as error:
            self._breakers.server.failed()
            raise unavailable(self._url, error) from None
        except psycopg.Error as error:
            self._breakers.server.answered()
            raise unavailable(self._url, error) from None
        self._breakers.server.answered()
        return found

    def rows_if_any(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """As :meth:`rows`, but none where nothing was ever put there."""
        try:
            return self.rows(sql, values)
        except NoIndexError:
            return []

    def _ask(self) -> None:
        if not self._breakers.server.admits():
            raise IndexUnavailableError(
                f"the index at {shown(self._url)} does not answer and is tried every {TRIED_EACH_S:g} s; "
                "expected PostgreSQL with pgvector there: start it, or correct FUENTE_INDEX"
            )

    @property
    def vectors_away(self) -> bool:
        """Whether :meth:`nearest` failed the last times, while the server answered others."""
        return self._breakers.vectors.is_open

    def nearest(
        self, sql: str, values: Sequence[object], settings: Mapping[str, str]
    ) -> list[tuple[Any, ...]]:
        """The rows of a statement that looks among all vectors, run with ``settings``; errors as :meth:`vectors`."""
        return self._of_vectors(self._breakers.vectors, sql, values, settings)

    def vectors(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """The rows of a statement that takes some vectors; it gets less time than others, as words can be answered from.

        :raises VectorsUnavailableError: when the server does not do that, which says nothing about others; other errors as
            :meth:`rows`.
        """
        return self._of_vectors(self._breakers.some, sql, values, {})

    def _of_vectors(
        self, breaker: Breaker, sql: str, values: Sequence[object], settings: Mapping[str, str]
    ) -> list[tuple[Any, ...]]:
        self._ask()
        if not breaker.admits():
            raise VectorsUnavailableError(
                f"the vectors of the index at {shown(self._url)} cannot be asked and are tried every {TRIED_EACH_S:g} s; "
                "expected an answer within seconds: see what the server is doing"
            )
        try:
            limit = {"statement_timeout": f"{_VECTORS_S * 1000:.0f}ms"}
            found = self._twice(sql, values, {**settings, **limit})
        except psycopg.Error as error:
            state = error.sqlstate
            if state is None or _AWAY.fullmatch(state):
                self._breakers.server.failed()
                raise unavailable(self._url, error) from None
            if state in _UNDEFINED:
                raise unavailable(self._url, error) from None
            breaker.failed()
            kind = f"{type(error).__name__} {state}"
            raise VectorsUnavailableError(
                f"the vectors of the index at {shown(self._url)} cannot be asked ({kind}); "
                "expected an answer within seconds: see what the server is doing"
            ) from None
        self._breakers.server.answered()
        breaker.answered()
        return found

    def _twice(
        self, sql: str, values: Sequence[object], settings: Mapping[str, str] = _NONE
    ) -> list[tuple[Any, ...]]:
        try:
            return self._once(sql, values, settings)
        except psycopg.errors.QueryCanceled:
            # what took too long once would again
            raise
        except psycopg.OperationalError:
            self._forget()
        return self._once(sql, values, settings)

    def _once(
        self, sql: str, values: Sequence[object], settings: Mapping[str, str]
    ) -> list[tuple[Any, ...]]:
        with self._lock:
            connection = self._free.pop() if self._free else None
        if connection is None:
            connection = psycopg.connect(
                self._url, autocommit=True, connect_timeout=_CONNECT_S, tcp_user_timeout=10_000
            )
            connection.execute(
                f"SET statement_timeout = '{_STATEMENT_S * 1000:.0f}ms'; SET jit = off; SET work_mem = '32MB';"
                " SET default_transaction_read_only = on"
            )
        began = time.perf_counter()
        try:
            if not settings:
                cursor = connection.execute(sql, values, binary=True)
            else:
                # one round trip
                with connection.pipeline(), connection.transaction():
                    for name, value in settings.items():
                        connection.execute(f"SET LOCAL {name} = '{value}'")
                    cursor = connection.execute(sql, values, binary=True)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        except BaseException:
            connection.close()
            raise
        finally:
            went(time.perf_counter() - began)
        with self._lock:
            if not self._closed and len(self._free) < _KEPT:
                self._free.append(connection)
                return found
        connection.close()
        return found

    def _forget(self) -> None:
        """Let go of the connections that are kept: where one broke, the others have as well."""
        with self._lock:
            free = list(self._free)
            self._free.clear()
        _let_go(free)

    def close(self) -> None:
        """Let go of all connections; those in use are closed when their answer has come."""
        self._closed = True
        self._forget()


def _let_go(connections: Sequence[psycopg.Connection[tuple[Any, ...]]]) -> None:
    for connection in connections:
        connection.close()


def stored(text: str) -> bytes:
    """An id as a column of bytes takes it, whatever it holds."""
    return text.encode("utf-8", "surrogatepass")


def told(kept: bytes) -> str:
    """An id as it was before the server took it."""
    return kept.decode("utf-8", "surrogatepass")
