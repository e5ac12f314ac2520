"""Hearing of switches: a server tells when the current generation of a collection is another one, or a build is wanted (LISTEN, NOTIFY)."""

from __future__ import annotations

import threading
import time
from typing import Any, Final

import psycopg

from corpus.document import StoreError
from index.postgres.server import SWITCHED, WANTED, connect

# So long a wait goes on after it was told to stop.
_LOOK_S: Final = 0.25
# A server that has no primary to listen to is not asked for one each time.
_AGAIN_S: Final = 30.0


class Switches:
    """Waits between two looks at what serves, and no longer than until something may have changed. Only a primary tells; as long
    as there is none, a wait takes its time, so that looking goes on as if nothing were ever told. For one thread."""

    def __init__(self, url: str):
        self._url = url
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self._not_before = 0.0

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Whether ``stop`` is set; it comes back then, when a switch was told, or after ``seconds``."""
        ends = time.monotonic() + seconds
        if self._connection is None and time.monotonic() >= self._not_before and self._listen():
            # of what happened before, nothing was told
            return stop.is_set()
        while not stop.is_set() and (left := ends - time.monotonic()) > 0:
            if self._connection is None:
                stop.wait(left)
            elif self._told(min(left, _LOOK_S)):
                break
        return stop.is_set()

    def _listen(self) -> bool:
        try:
            connection = connect(self._url)
        except StoreError:
            self._not_before = time.monotonic() + _AGAIN_S
            return False
        try:
            connection.execute(f"LISTEN {SWITCHED}; LISTEN {WANTED}")
        except psycopg.Error:
            connection.close()
            return False
        self._connection = connection
        return True

    def _told(self, seconds: float) -> bool:
        assert self._connection is not None
        try:
            return bool(list(self._connection.notifies(timeout=seconds, stop_after=1)))
        except psycopg.Error:
            # at the next wait another one is asked for, perhaps on the host that took its place
            self.close()
            return False

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
