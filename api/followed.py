"""What others change somewhere else, as it was a moment ago: read twice a second, so that no request waits for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from corpus.document import FuenteError

LOOK_S: Final = 0.5
"""How often it is looked at."""

# It may be waiting for a server that is away
_CLOSE_S: Final = 3.0

T = TypeVar("T")


class Followed(Generic[T]):
    """What ``read`` gives, as it was last. While that fails, what was read before goes on holding; ``log`` is told so once."""

    def __init__(self, read: Callable[[], T], log: logging.Logger, name: str) -> None:
        self._read = read
        self._log = log
        self._name = name
        self._lock = threading.Lock()
        self._reading = threading.Lock()
        self._last: T | None = None
        self._said = ""
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    @property
    def last(self) -> T | None:
        """What was read last, None as long as nothing could be."""
        return self._last

    def now(self) -> T | None:
        """The same: the same object as long as it is equal. The first call reads it, and begins to follow what others change."""
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._try()
                    self._closed = threading.Event()
                    self._thread = threading.Thread(
                        target=self._follow,
                        args=(self._closed,),
                        name=f"fuente-{self._name}",
                        daemon=True,
                    )
                    self._thread.start()
        return self._last

    def look(self) -> T:
        """What it is now; errors as those of ``read``."""
        # What was read earlier must not take the place of what was read later
        with self._reading:
            found = self._read()
            if found != self._last:
                self._last = found
            return found

    def close(self) -> None:
        """Stop following; who asks again follows again."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._closed.set()
        if thread is not None:
            thread.join(_CLOSE_S)

    def _follow(self, closed: threading.Event) -> None:
        while not closed.wait(LOOK_S):
            self._try()

    def _try(self) -> None:
        try:
            self.look()
        # Whatever it was, the next look begins anew; said once
        except Exception as error:
            if type(error).__name__ != self._said:
                if isinstance(error, FuenteError):
                    self._log.error("the %s stay as they were: %s", self._name, error)
                else:
                    self._log.exception("the %s stay as they were", self._name)
            self._said = type(error).__name__
            return
        self._said = ""
