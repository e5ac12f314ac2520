"""The audit of services that share a server: written behind the requests, since none waits for its line."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING

from api.behind import Behind

if TYPE_CHECKING:
    from index.postgres.audit import AuditTable

_LOG = logging.getLogger("fuente.audit")


class SharedAuditLines:
    """The lines of a server: :class:`api.audit.AuditLines`. Each says of which host it is."""

    def __init__(self, table: AuditTable) -> None:
        self._table = table
        self._host = socket.gethostname()
        self._behind = Behind("audit", self._write, _to_log)

    def append(self, line: Mapping[str, object]) -> None:
        """See :meth:`api.audit.AuditLines.append`. Never waits; what cannot be written goes to the log."""
        self._behind.put({**line, "host": self._host})

    def close(self) -> None:
        """See :meth:`api.audit.AuditLines.close`."""
        self._behind.close()

    def _write(self, lines: list[Mapping[str, object]]) -> None:
        self._table.add([json.dumps(line, default=str) for line in lines])


def _to_log(lines: list[Mapping[str, object]], why: str) -> None:
    for line in lines:
        _LOG.error("an audit line could not be kept: %s", why, extra={"fields": dict(line)})
