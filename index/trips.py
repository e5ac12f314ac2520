"""How often a question has to wait for the server that holds its index, and how long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Trips:
    """Round trips to a server: ``n`` of them, ``ms`` together; none for an index on this machine."""

    n: int = 0
    ms: float = 0.0


_COUNTED: ContextVar[Trips | None] = ContextVar("trips", default=None)


@contextmanager
def counted(trips: Trips) -> Iterator[None]:
    """Adds the round trips of this thread in the block to ``trips``."""
    before = _COUNTED.set(trips)
    try:
        yield
    finally:
        _COUNTED.reset(before)


def went(seconds: float) -> None:
    """Counts one round trip of whatever question this thread is at."""
    trips = _COUNTED.get()
    if trips is not None:
        trips.n += 1
        trips.ms += seconds * 1000
