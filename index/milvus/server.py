"""Asking Milvus: one client for all threads, what a restart broke is asked again until it is back, and no error says a password."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from corpus.document import IndexUnavailableError, MissingExtraError
from index.generations.breaker import TRIED_EACH_S, Breaker
from index.trips import went

try:
    from pymilvus import MilvusClient, MilvusException
except ImportError as error:
    raise MissingExtraError("an index in Milvus", error, "milvus") from error

_T = TypeVar("_T")

# A question that is not answered by then has nobody waiting for it any more.
_STATEMENT_S = 30.0
# A file of Milvus Lite is opened by a program of its own, which takes some seconds on a busy machine.
_CONNECT_S = 5.0
_LITE_S = 60.0
_PORT = 19530
# What a server says of a collection that it has, but not, not wholly or not again in memory.
_NOT_LOADED = (101, 103, 106)
# A server that was killed says so for half a minute after it is up again, on a busy machine for longer.
_BACK_S = 90.0
_PAUSE_S = 0.5

# it tells each error once more, with the address
logging.getLogger("pymilvus").setLevel(logging.CRITICAL)


def shown(url: str) -> str:
    """Where an address leads, as it may be told: without user and password."""
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}"


def unavailable(url: str, error: Exception) -> IndexUnavailableError:
    """What to say of an error of Milvus: its kind, never its text, which may hold a part of the address."""
    code = getattr(error, "code", None)
    kind = type(error).__name__ + ("" if code is None else f" {getattr(code, 'name', code)}")
    return IndexUnavailableError(
        f"the index at {shown(url)} does not answer ({kind}); expected Milvus there, or a file of Milvus Lite that no other "
        "process has open: start it, or correct FUENTE_INDEX"
    )


def _connected(url: str) -> MilvusClient:
    parts = urlsplit(url)
    if not parts.netloc:
        return _lite(unquote(parts.path))
    host, port = parts.hostname or "", parts.port or _PORT
    return MilvusClient(
        f"http://{f'[{host}]' if ':' in host else host}:{port}",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        db_name=parts.path.strip("/"),
        timeout=_CONNECT_S,
    )


def _lite(path: str) -> MilvusClient:
    ends = time.monotonic() + _LITE_S
    while True:
        try:
            return MilvusClient(path, timeout=_CONNECT_S)
        except MilvusException as error:
            # 1: another process has it open, or the folder is not there
            if error.code == 1 or time.monotonic() > ends:
                raise
            time.sleep(0.2)


class Server:
    """A server, or a file of Milvus Lite; safe to use from several threads."""

    def __init__(self, url: str, breaker: Breaker | None = None):
        self._url = url
        self._breaker = breaker or Breaker()
        self._client: MilvusClient | None = None

    def ask(self, call: Callable[[MilvusClient, float], _T], loads: str = "") -> _T:
        """What ``call`` gives, which is handed the client and how many seconds it may take. Where the collection ``loads`` is not in
        memory, it is loaded, and asked again until it is: a server that has just started takes half a minute for it.

        :raises IndexUnavailableError: when the server does not answer, refuses, or did not answer the last times.
        """
        if not self._breaker.admits():
            raise IndexUnavailableError(
                f"the index at {shown(self._url)} does not answer and is tried every {TRIED_EACH_S:g} s; "
                "expected Milvus there: start it, or correct FUENTE_INDEX"
            )
        began = time.perf_counter()
        try:
            found = self._until_loaded(call, loads)
        except MilvusException as error:
            self._breaker.failed()
            raise unavailable(self._url, error) from None
        finally:
            went(time.perf_counter() - began)
        self._breaker.answered()
        return found

    def _until_loaded(self, call: Callable[[MilvusClient, float], _T], loads: str) -> _T:
        if self._client is None:
            # two threads that both connect share one connection: the library sees to that
            self._client = _connected(self._url)
        ends = time.monotonic() + _BACK_S
        loaded = True
        while True:
            try:
                if not loaded:
                    # waits until it is; of one that is being loaded already, too
                    left = max(_PAUSE_S, ends - time.monotonic())
                    self._client.load_collection(loads, timeout=left)
                return call(self._client, _STATEMENT_S)
            except MilvusException as error:
                if error.code not in _NOT_LOADED or not loads or time.monotonic() > ends:
                    raise
                if not loaded:
                    # it is said to be there before every part of the server knows
                    time.sleep(_PAUSE_S)
                loaded = False

    def rows(self, collection: str, where: str, fields: list[str]) -> list[dict[str, Any]]:
        """The rows of a collection that a filter lets through; errors as :meth:`ask`."""
        found: list[dict[str, Any]] = self.ask(
            lambda client, seconds: client.query(
                collection, filter=where, output_fields=fields, timeout=seconds
            ),
            collection,
        )
        return found

    def has(self, collection: str) -> bool:
        """Whether there is a collection of that name; errors as :meth:`ask`."""
        return bool(
            self.ask(lambda client, seconds: client.has_collection(collection, timeout=seconds))
        )

    def close(self) -> None:
        """Let go of the connection; it comes again when something is asked."""
        client, self._client = self._client, None
        if client is not None:
            client.close()
