"""The audit of services that share a server: written behind the requests, since none waits for its line."""

from __future__ import annotations

import json
import logging
import queue
import socket
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from corpus.document import FuenteError

if TYPE_CHECKING:
    from index.postgres.audit import AuditTable

TRIED_AFTER_S: Final = (0.0, 0.5, 2.0)
"""When lines are tried again, before they go to the log: a server that only restarts costs none."""

_MOST: Final = 10_000
_AT_ONCE: Final = 100
_CLOSE_S: Final = 15.0
_LOG = logging.getLogger("fuente.audit")


class SharedAuditLines:
    """The lines of a server: :class:`api.audit.AuditLines`. Each says of which host it is."""

    def __init__(self, table: AuditTable) -> None:
        self._table = table
        self._host = socket.gethostname()
        self._waiting: queue.Queue[Mapping[str, object]] = queue.Queue(_MOST)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    def append(self, line: Mapping[str, object]) -> None:
        """See :meth:`api.audit.AuditLines.append`. Never waits; what cannot be written goes to the log."""
        line = {**line, "host": self._host}
        try:
            self._waiting.put_nowait(line)
        except queue.Full:
            _to_log(line, "more lines wait than are kept")
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="fuente-audit", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """See :meth:`api.audit.AuditLines.close`."""
        self._closed.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(_CLOSE_S)
        self._closed.clear()

    def _work(self) -> None:
        """Writes what waits, and ends: an idle service has no idle thread."""
        while True:
            lines: list[Mapping[str, object]] = []
            with self._lock:
                while len(lines) < _AT_ONCE and not self._waiting.empty():
                    lines.append(self._waiting.get_nowait())
                if not lines:
                    self._thread = None
                    return
            self._write(lines)

    def _write(self, lines: list[Mapping[str, object]]) -> None:
        why = ""
        for after_s in TRIED_AFTER_S:
            if after_s:
                self._closed.wait(after_s)
            try:
                self._table.add([json.dumps(line, default=str) for line in lines])
                return
            except FuenteError as error:
                why = str(error)
            # Whatever it was, the lines must be somewhere
            except Exception as error:
                why = type(error).__name__
        for line in lines:
            _to_log(line, why)


def _to_log(line: Mapping[str, object], why: str) -> None:
    _LOG.error("an audit line could not be kept: %s", why, extra={"fields": dict(line)})
