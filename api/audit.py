"""Who changed what and when: a line of ``audit.jsonl``, or of a table that hosts share, for every change of documents, builds, collections, keys and settings.

Who is the name of a key (never the key) and an address, or the user of the terminal. Questions are in none.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from api.lines import Lines
from corpus.document import StorageError

FILE_NAME: Final = "audit.jsonl"
MOST_BYTES: Final = 100 * 2**20
_FILES: Final = 9

_LOG = logging.getLogger("fuente.audit")

NOTES: ContextVar[dict[str, Any] | None] = ContextVar("audit_notes", default=None)
"""What the handler of a request adds to its line."""


def note(**facts: object) -> None:
    """Add to the line of the request under way, such as which documents were stored."""
    notes = NOTES.get()
    if notes is not None:
        notes.update(facts)


class AuditLines(Protocol):
    """Where the lines go."""

    def append(self, line: Mapping[str, object]) -> None:
        """Keep a line.

        :raises StorageError: when the disk refuses.
        """

    def close(self) -> None:
        """Wait for what is not written yet."""


class AuditFile:
    """Those of a data directory, of which the last ``MOST_BYTES`` are kept: :class:`AuditLines`."""

    def __init__(self, data: Path) -> None:
        self._lines = Lines(
            data / FILE_NAME,
            "the line of the audit",
            max_bytes=MOST_BYTES // (_FILES + 1),
            n_kept=_FILES,
            when_full="forget",
        )

    def append(self, line: Mapping[str, object]) -> None:
        """See :meth:`AuditLines.append`."""
        self._lines.append(line)

    def close(self) -> None:
        """See :meth:`AuditLines.close`; each is written at once."""


class Audit:
    """The trace of what was changed, as ``lines``."""

    def __init__(self, lines: AuditLines) -> None:
        self._lines = lines

    def write(self, what: str, who: str | None, **facts: object) -> None:
        """Write a line. What was done is done: where the disk refuses, the line goes to the log instead."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        line = {"at": at, "who": who, "what": what, **facts}
        try:
            self._lines.append(line)
        except StorageError as error:
            _LOG.error("an audit line could not be kept: %s", error, extra={"fields": line})

    def close(self) -> None:
        """Wait for the lines that are not written yet."""
        self._lines.close()
