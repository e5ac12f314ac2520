"""Access keys that services on several hosts share: made and revoked anywhere, known by all of them within a second."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from api.followed import Followed
from api.keys import FILE_NAME, KEY_NAME, NamedKey, read_file
from api.settings import Scope
from api.take_over import take_over

if TYPE_CHECKING:
    from index.postgres.keys import KeyRow, KeyTable

MOVED_NAME: Final = "keys.moved.json"
"""What the file of keys of a data directory is called once its keys are in the server."""

_LOG = logging.getLogger("fuente.keys")


class SharedKeys:
    """The keys of a server: :class:`api.keys.KeyStore`. Those of a file in the data directory are moved there.

    Requests are checked against what a thread has read, so that none waits for the server; while that does not answer, what held
    goes on holding.
    """

    def __init__(self, table: KeyTable, data: Path) -> None:
        self._table = table
        self._data = data
        self._followed = Followed(self.read, _LOG, "keys")

    def current(self) -> tuple[NamedKey, ...] | None:
        """See :meth:`api.keys.KeyStore.current`. The first call reads them, and begins to follow what others change."""
        return self._followed.now()

    def read(self) -> tuple[NamedKey, ...]:
        """See :meth:`api.keys.KeyStore.read`."""
        self._take_over()
        return tuple(
            NamedKey(one.name, cast(Scope, one.scope), one.sha256, one.collection, one.created_at)
            for one in self._table.rows()
        )

    def _take_over(self) -> None:
        path = self._data / FILE_NAME
        take_over(
            path,
            self._data / MOVED_NAME,
            "the keys",
            lambda before_end: self._table.take([_row(one) for one in read_file(path)], before_end),
        )

    def add(self, key: NamedKey) -> bool:
        """See :meth:`api.keys.KeyStore.add`."""
        self._take_over()
        return self._table.add(_row(key))

    def remove(self, name: str) -> bool:
        """See :meth:`api.keys.KeyStore.remove`."""
        self._take_over()
        # a terminal may give what no table takes
        return re.fullmatch(KEY_NAME, name) is not None and self._table.remove(name)

    def follow_rename(self, name: str, new: str) -> None:
        """See :meth:`api.keys.KeyStore.follow_rename`."""
        self._take_over()
        self._table.follow_rename(name, new)

    def uses(self) -> Mapping[str, str]:
        """See :meth:`api.keys.KeyStore.uses`."""
        return self._table.uses()

    def write_uses(self, used: Mapping[str, str]) -> None:
        """See :meth:`api.keys.KeyStore.write_uses`."""
        self._table.write_uses(used)

    def close(self) -> None:
        """See :meth:`api.keys.KeyStore.close`; who asks again follows again."""
        self._followed.close()
        self._table.close()


def _row(key: NamedKey) -> KeyRow:
    from index.postgres.keys import KeyRow

    return KeyRow(**asdict(key))
