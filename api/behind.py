"""Writing behind the requests, into a server that hosts share: none of them waits for what it leaves there."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from corpus.document import FuenteError

TRIED_AFTER_S: Final = (0.0, 0.5, 2.0)
"""When what waits is tried again, before it is given up: a server that only restarts costs nothing."""

_MOST: Final = 10_000
_AT_ONCE: Final = 100
_CLOSE_S: Final = 15.0

T = TypeVar("T")


class Behind(Generic[T]):
    """Gives what was put there to ``write``, in its order and several at once, and to ``lost``, with the reason, what that refuses."""

    def __init__(
        self,
        name: str,
        write: Callable[[list[T]], None],
        lost: Callable[[list[T], str], None],
    ) -> None:
        self._name = name
        self._write = write
        self._lost = lost
        self._waiting: queue.Queue[T] = queue.Queue(_MOST)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    def put(self, one: T) -> None:
        """Have one written soon. Never waits."""
        try:
            self._waiting.put_nowait(one)
        except queue.Full:
            self._lost([one], "more lines wait than are kept")
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._work, name=f"fuente-{self._name}", daemon=True
                )
                self._thread.start()

    def close(self) -> None:
        """Wait until what waits is written or lost, for seconds at most; who puts more there goes on."""
        self._closed.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(_CLOSE_S)
        self._closed.clear()

    def _work(self) -> None:
        """Writes what waits, and ends: an idle service has no idle thread."""
        while True:
            found: list[T] = []
            with self._lock:
                while len(found) < _AT_ONCE and not self._waiting.empty():
                    found.append(self._waiting.get_nowait())
                if not found:
                    self._thread = None
                    return
            self._try(found)

    def _try(self, found: list[T]) -> None:
        why = ""
        for after_s in TRIED_AFTER_S:
            if after_s:
                self._closed.wait(after_s)
            try:
                self._write(found)
                return
            except FuenteError as error:
                why = str(error)
            # Whatever it was, what waits behind it must go on
            except Exception as error:
                why = type(error).__name__
        self._lost(found, why)
