"""Who changed what and when: a line of ``audit.jsonl`` for every change of documents, builds, collections, keys and settings.

Who is the name of a key (never the key) and an address, or the user of the terminal. Questions are in none.
"""

from __future__ import annotations

import getpass
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from api.lines import Lines
from corpus.document import StorageError

FILE_NAME: Final = "audit.jsonl"
_FILES: Final = 9
_BYTES: Final = 10 * 2**20

_LOG = logging.getLogger("fuente.audit")

NOTES: ContextVar[dict[str, Any] | None] = ContextVar("audit_notes", default=None)
"""What the handler of a request adds to its line."""


def note(**facts: object) -> None:
    """Add to the line of the request under way, such as which documents were stored."""
    notes = NOTES.get()
    if notes is not None:
        notes.update(facts)


class Audit:
    """The trace of a data directory; the last 100 MB of it are kept."""

    def __init__(self, data: Path) -> None:
        self._lines = Lines(
            data / FILE_NAME,
            "the line of the audit",
            max_bytes=_BYTES,
            n_kept=_FILES,
            when_full="forget",
        )

    def write(self, what: str, who: str | None, **facts: object) -> None:
        """Write a line. What was done is done: where the disk refuses, the line goes to the log instead."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        line = {"at": at, "who": who, "what": what, **facts}
        try:
            self._lines.append(line)
        except StorageError as error:
            _LOG.error("an audit line could not be kept: %s", error, extra={"fields": line})


def write_for_terminal(data: Path, what: str, **facts: object) -> None:
    """Write the line of a command."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "?"
    Audit(data).write(what, f"terminal:{user}", **facts)
