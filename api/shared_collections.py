"""The collections that hosts share: made, renamed and removed anywhere, known by all services within a second."""

from __future__ import annotations

import logging
import re
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.collections import (
    DEFAULT,
    FOLDER,
    NAME,
    SAMPLES,
    UNDO_S,
    PutAway,
    check_name,
    check_removed,
    check_renamed,
    forget,
    hidden_name,
    not_put_away,
    put_away_name,
    taken,
    unknown,
)
from api.followed import Followed
from corpus.document import FuenteError
from corpus.storage import saving

if TYPE_CHECKING:
    from index.postgres.collections import CollectionRow, CollectionTable

# A server that has no primary is not asked for one each time.
_AGAIN_S: Final = 30.0
_LOG = logging.getLogger("fuente.collections")


class SharedCatalogue:
    """The collections of a server: :class:`api.collections.Catalogue`. Each has a folder in the data directory of every host that
    opened it, for what is not shared; it is made when it is wanted, and goes with the name on the host that renames or removes one.

    While the server does not answer, those that were there go on being there.
    """

    def __init__(self, table: CollectionTable, data: Path) -> None:
        self.data = data
        self._table = table
        self._followed = Followed(self._read, _LOG, "collections")
        self._is_whole = False
        self._not_before = 0.0

    def _read(self) -> dict[str, CollectionRow]:
        if not self._is_whole and time.monotonic() >= self._not_before:
            try:
                self._table.take_over()
                self._is_whole = True
            except FuenteError:
                # a standby tells what there is, too
                self._not_before = time.monotonic() + _AGAIN_S
        return {row.name: row for row in self._table.rows()}

    def names(self) -> list[str]:
        """See :func:`api.collections.names`."""
        found = self._followed.look()
        return [DEFAULT, *sorted(name for name in found if _is_named(name))]

    def folder_of(self, name: str) -> Path:
        """See :func:`api.collections.folder_of`."""
        if name == DEFAULT:
            return self.data
        if not _is_named(name) or (
            name not in (self._followed.last or ()) and name not in self._followed.look()
        ):
            raise unknown(name, self.names())
        return self._made_folder(name)

    def _made_folder(self, name: str) -> Path:
        folder = self._folder(name)
        with saving(f"the folder of the collection {name!r}"):
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    def identity(self, name: str) -> object:
        """See :meth:`api.collections.Catalogue.identity`."""
        row = (self._followed.now() or {}).get(name)
        return None if row is None else row.number

    def unnamed(self) -> str:
        """See :meth:`api.collections.Catalogue.unnamed`."""
        return SAMPLES if SAMPLES in (self._followed.now() or ()) else DEFAULT

    def create(self, name: str) -> Path:
        """See :func:`api.collections.create`."""
        check_name(name)
        if not self._table.add(name):
            raise taken(name)
        self._followed.look()
        return self._made_folder(name)

    def rename(self, name: str, new: str) -> Path:
        """See :func:`api.collections.rename`; BuildRunningError when a build that cannot be stopped from here goes on."""
        check_renamed(name)
        self.folder_of(name)
        self._rename(name, new)
        return self._made_folder(new)

    def _rename(self, name: str, new: str) -> None:
        check_name(new)
        if new in self._followed.look() or not self._table.rename(name, new):
            raise taken(new)
        self._move_folder(name, new)
        self._followed.look()

    def delete(self, name: str) -> None:
        """See :func:`api.collections.delete`; errors also as :meth:`rename`."""
        check_removed(name)
        folder = self.folder_of(name)
        self._table.remove(name)
        shutil.rmtree(folder, ignore_errors=True)
        self._followed.look()

    def put_away(self, name: str) -> PutAway:
        """See :func:`api.collections.put_away`; errors also as :meth:`rename`."""
        check_removed(name)
        self.folder_of(name)
        hidden = hidden_name(name, "away")
        if not self._table.rename(name, hidden, UNDO_S):
            raise unknown(name, self.names())  # somebody was faster
        self._move_folder(name, hidden)
        self._followed.look()
        return PutAway(name, time.time() + UNDO_S, self._folder(hidden))

    def put_back(self, name: str) -> Path:
        """See :func:`api.collections.put_back`."""
        found = [one for one in self.all_put_away() if one.name == name]
        if not found:
            raise not_put_away(name)
        self._rename(max(found, key=lambda one: one.until).folder.name, name)
        return self._made_folder(name)

    def all_put_away(self) -> list[PutAway]:
        """See :func:`api.collections.all_put_away`."""
        rows = [row for row in self._followed.look().values() if not row.is_over]
        named = [(put_away_name(row.name), row) for row in rows]
        return sorted(
            PutAway(name, row.until, self._folder(row.name))
            for name, row in named
            if name is not None and row.until is not None
        )

    def forget(self) -> None:
        """See :func:`api.collections.forget`. A server that is away is asked again the next time."""
        forget(self.data)
        try:
            found = self._followed.last or self._followed.look()
            over = [row.name for row in found.values() if row.is_over]
            for name in over:
                self._table.remove(name)
            if over:
                self._followed.look()
        except FuenteError as error:
            _LOG.warning("collections that were deleted could not be removed for good: %s", error)

    def close(self) -> None:
        """See :meth:`api.collections.Catalogue.close`; who asks again follows again."""
        self._followed.close()
        self._table.close()

    def _folder(self, name: str) -> Path:
        return self.data / FOLDER / name

    def _move_folder(self, name: str, new: str) -> None:
        old, folder = self._folder(name), self._folder(new)
        with saving(f"the folder of the collection {name!r}"):
            if old.is_dir() and not folder.exists():
                old.rename(folder)
                # it is forgotten by its time
                folder.touch()


def _is_named(name: str) -> bool:
    return name != DEFAULT and re.fullmatch(NAME, name) is not None
