"""The secrets of links that services on several hosts share: a link that one of them signed opens at all."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.followed import Followed
from api.links import SECRET_NAME, new_secret, read_secret
from api.take_over import take_over

if TYPE_CHECKING:
    from index.postgres.link_secrets import SecretTable

MOVED_NAME: Final = "link.moved.key"
"""What the secret of a data directory is called once it is in the server."""

_LOG = logging.getLogger("fuente.service")


class SharedSecrets:
    """The secrets of a server: :class:`api.links.LinkSecrets`. That of a file in the data directory is moved there, and one is made
    when there is none.

    Links are made and checked with what a thread has read; while the server does not answer, what held goes on holding.
    """

    def __init__(self, table: SecretTable, data: Path) -> None:
        self._table = table
        self._data = data
        self._followed = Followed(self._read, _LOG, "secrets")

    def current(self) -> tuple[bytes, ...] | None:
        """See :meth:`api.links.LinkSecrets.current`. The first call reads them, and begins to follow what others change."""
        return self._followed.now()

    def _read(self) -> tuple[bytes, ...]:
        path = self._data / SECRET_NAME
        take_over(
            path,
            self._data / MOVED_NAME,
            "the secret of links",
            lambda before_end: self._table.take(read_secret(path), before_end),
        )
        return tuple(self._table.secrets() or self._table.make(new_secret()))

    def close(self) -> None:
        """See :meth:`api.links.LinkSecrets.close`; who asks again follows again."""
        self._followed.close()
        self._table.close()
