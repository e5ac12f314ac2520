"""What documents were called before they were moved, so that links to them go on leading there."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from api.lines import Lines
from corpus.document import StorageError
from corpus.storage import state_of

FILE_NAME: Final = "moved.jsonl"
_MAX_BYTES: Final = 2**20

_LOG = logging.getLogger("fuente.service")


class Moves:
    """The moves of one data directory, ``moved.jsonl``: all that were made through the service, of the oldest ones as many as
    fit into two files of a mebibyte. Several processes may write and read it."""

    def __init__(self, data: Path) -> None:
        path = data / FILE_NAME
        self._lines = Lines(
            path, "where documents went", max_bytes=_MAX_BYTES, n_kept=1, when_full="forget"
        )
        self._files = (path.with_name(f"{path.stem}.1{path.suffix}"), path)
        self._lock = threading.Lock()
        self._seen: list[tuple[int, int, int] | None] = []
        self._now: dict[str, str] = {}

    def note(self, moved: Iterable[tuple[str, str]]) -> None:
        """Keep that documents have other ids now, ``(old, new)``. They have moved already, so a disk that refuses is only
        logged."""
        try:
            for old, new in moved:
                self._lines.append({"from": old, "to": new})
        except StorageError as error:
            _LOG.warning("links to documents that were moved will not find them: %s", error)

    def now(self, doc_id: str) -> str | None:
        """What a document that had this id is called now; None for one that was not moved."""
        with self._lock:
            seen = [state_of(file) for file in self._files]
            if seen != self._seen:
                self._now, self._seen = _followed(self._read()), seen
            return self._now.get(doc_id)

    def _read(self) -> Iterator[tuple[str, str]]:
        for file in self._files:
            try:
                with file.open("rb") as lines:
                    text = lines.read(2 * _MAX_BYTES)
            except OSError:
                continue
            for line in text.splitlines():
                try:
                    said = json.loads(line)
                    old, new = said["from"], said["to"]
                except (ValueError, TypeError, KeyError, RecursionError):
                    continue  # a line that was torn costs itself
                if isinstance(old, str) and isinstance(new, str):
                    yield old, new


def _followed(moves: Iterable[tuple[str, str]]) -> dict[str, str]:
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
