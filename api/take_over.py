"""Moving what a file of a data directory holds into a server that hosts share: once, and so that it is always in one of the two."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.document import FuenteError
from corpus.storage import saving, state_of

_LOG = logging.getLogger("fuente.service")


def take_over(
    path: Path, moved: Path, what: str, put: Callable[[Callable[[], None]], None]
) -> None:
    """Have ``put`` bring what is in a file into the server, if there is one. It is given what renames the file to ``moved``, and calls
    that as the last thing before its rows hold: a file that stays would bring back what is removed later.

    :raises StorageError: when the disk refuses; other errors as those of ``put``.
    """
    if state_of(path) is None:
        return
    with (
        saving(f"the move of {what} to the server"),
        (path.parent / ".moved.lock").open("w") as lock,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        if state_of(path) is not None:  # no other process of ours was faster
            put(lambda: os.replace(path, moved))


@contextmanager
def tried_again() -> Iterator[None]:
    """For who takes over before anybody asks: what cannot be moved now is moved, or told, when somebody does."""
    try:
        yield
    except FuenteError as error:
        _LOG.warning("files of the data directory are not in the server yet: %s", error)
