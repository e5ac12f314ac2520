"""What documents were called before they were moved, so that links to them go on leading there."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Protocol

from api.lines import Lines
from corpus.document import StorageError
from corpus.storage import read_small, state_of

FILE_NAME: Final = "moved.jsonl"
MOST_BYTES: Final = 2 * 2**20
"""How much is kept of the moves of a collection; the oldest go."""

_LOG = logging.getLogger("fuente.service")


class Moves(Protocol):
    """The moves of documents of one collection that were made through the service, the last ones."""

    def note(self, moved: Iterable[tuple[str, str]]) -> None:
        """Keep that documents have other ids now, ``(old, new)``. They have moved already, so what refuses is only logged."""

    def now(self, doc_id: str) -> str | None:
        """What a document that had this id is called now; None for one that was not moved.

        :raises FuenteError: when that cannot be told.
        """

    def close(self) -> None:
        """Let go of what is kept open."""


class FileMoves:
    """Those in ``moved.jsonl`` of a data directory and in what was put aside of it: :class:`Moves`. Several processes may write and
    read it."""

    def __init__(self, data: Path) -> None:
        self._lines = Lines(
            data / FILE_NAME,
            "where documents went",
            max_bytes=MOST_BYTES // 2,
            n_kept=1,
            when_full="forget",
        )
        self._files = files_in(data)
        self._lock = threading.Lock()
        self._seen: list[tuple[int, int, int] | None] = []
        self._now: dict[str, str] = {}

    def note(self, moved: Iterable[tuple[str, str]]) -> None:
        """See :meth:`Moves.note`."""
        try:
            for old, new in moved:
                self._lines.append({"from": old, "to": new})
        except StorageError as error:
            tell_lost(error)

    def now(self, doc_id: str) -> str | None:
        """See :meth:`Moves.now`; a file that cannot be read is left out."""
        with self._lock:
            seen = [state_of(file) for file in self._files]
            if seen != self._seen:
                self._now, self._seen = followed(self._read()), seen
            return self._now.get(doc_id)

    def _read(self) -> Iterator[tuple[str, str]]:
        for file in self._files:
            try:
                yield from read_moves(file)
            except OSError:
                continue

    def close(self) -> None:
        """See :meth:`Moves.close`; nothing is kept open."""


def files_in(data: Path) -> tuple[Path, ...]:
    """The files of moves of a data directory, the older one first; neither has to be there."""
    path = data / FILE_NAME
    return path.with_name(f"{path.stem}.1{path.suffix}"), path


def read_moves(file: Path) -> list[tuple[str, str]]:
    """The moves of a file, in their order; errors as the disk's."""
    found = []
    for line in read_small(file, MOST_BYTES).splitlines():
        try:
            said = json.loads(line)
            old, new = said["from"], said["to"]
        except (ValueError, TypeError, KeyError, RecursionError):
            continue  # a line that was torn costs itself
        if isinstance(old, str) and isinstance(new, str):
            found.append((old, new))
    return found


def tell_lost(error: Exception) -> None:
    """Log that moves could not be kept."""
    _LOG.warning("links to documents that were moved will not find them: %s", error)


def followed(moves: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each id that is no document's any more, with the one of the same document now."""
    now: dict[str, str] = {}
    before: dict[str, set[str]] = {}
    for old, new in moves:
        names = before.pop(old, set()) | {old}
        names.discard(new)
        before.setdefault(new, set()).update(names)
        # a name that another document has taken since is that one's
        now |= dict.fromkeys(names - before.keys(), new)
        now.pop(new, None)
    return now
