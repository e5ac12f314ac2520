"""Not asking a server that is away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES = 3
"""So many in a row, and a server is held to be away."""

TRIED_EACH_S = 2.0
"""Then one in so many seconds is let through to see whether it is back."""


class Breaker:
    """Spares those who ask a server the wait for one that did not answer the last ones; safe to use from several threads.

    A host that is off, or a full disk under it, lets a question wait for seconds before it fails, and each holds a thread of the
    service meanwhile. So after some failures in a row most are refused at once, and now and then one is let through to try.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._n_failed = 0
        self._next_try = 0.0

    def admits(self) -> bool:
        """Whether to ask; whoever does says what came of it."""
        with self._lock:
            if self._n_failed < FAILURES:
                return True
            now = self._clock()
            if now < self._next_try:
                return False
            self._next_try = now + TRIED_EACH_S
            return True

    @property
    def is_open(self) -> bool:
        """Whether the last ones all failed, so that most are refused."""
        with self._lock:
            return self._n_failed >= FAILURES

    def answered(self) -> None:
        """The server answered, be it that it refused."""
        with self._lock:
            self._n_failed = 0

    def failed(self) -> None:
        """It could not be reached, broke off, or took too long."""
        with self._lock:
            self._n_failed += 1
            self._next_try = self._clock() + TRIED_EACH_S
