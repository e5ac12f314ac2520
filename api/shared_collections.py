"""The collections that hosts share: made, renamed and removed anywhere, known by all services within a second."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
import secrets
import shutil
import time
from collections.abc import Mapping
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
from corpus.storage import read_small, saving

if TYPE_CHECKING:
    from index.postgres.collections import CollectionRow, CollectionTable

_MARK: Final = ".collection.json"
"""The file that tells which collection of which server a folder is of, whatever that is called by now."""

# A server that has no primary is not asked for one each time.
_AGAIN_S: Final = 30.0
_LOG = logging.getLogger("fuente.collections")


class SharedCatalogue:
    """The collections of a server: :class:`api.collections.Catalogue`. Each has a folder in the data directory of every host that
    opened it, for what is not shared; it is made when it is wanted, and follows the name, whichever host renames one.

    While the server does not answer, those that were there go on being there.
    """

    def __init__(self, table: CollectionTable, data: Path) -> None:
        self.data = data
        self._table = table
        self._followed = Followed(self._read, _LOG, "collections")
        self._is_whole = False
        self._is_settled = False
        self._not_before = 0.0

    def _read(self) -> dict[str, CollectionRow]:
        if not self._is_whole and time.monotonic() >= self._not_before:
            try:
                self._table.take_over()
                self._is_whole = True
            except FuenteError:
                # a standby tells what there is, too
                self._not_before = time.monotonic() + _AGAIN_S
        found = {row.name: row for row in self._table.rows()}
        if not self._is_settled or found != self._followed.last:
            self._is_settled = self._settle(found)
        return found

    def _settle(self, found: Mapping[str, CollectionRow]) -> bool:
        """Give the folders here the names that their collections have now: another host may have renamed them, also while none of
        ours ran. False where the disk refuses, which is tried again."""
        home = self.data / FOLDER
        if not home.is_dir():
            return True
        try:
            with (home / ".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._follow(home, found)
        except OSError as error:
            _LOG.warning("folders of collections could not follow their names: %s", error)
            return False
        return True

    def _follow(self, home: Path, found: Mapping[str, CollectionRow]) -> None:
        names = {row.number: row.name for row in found.values()}
        numbers = {path: self._number_in(path) for path in home.iterdir() if path.is_dir()}
        wanted: dict[Path, Path] = {}
        for path, number in numbers.items():
            if number is None:
                continue
            if number in names:
                wanted[path] = home / names[number]
            elif path.name in found:
                # of one that is gone, in the place of one that is there: it goes as those do that were put away
                wanted[path] = home / hidden_name(path.name, "away")
        moving = {path: there for path, there in wanted.items() if path != there}
        while blocked := [
            path
            for path, there in moving.items()
            if there.exists() and there not in moving  # made before anybody marked folders
        ]:
            for path in blocked:
                del moving[path]
        # two may have changed names
        on_the_way = {
            path.rename(home / hidden_name(there.name, "moving")): there
            for path, there in moving.items()
        }
        for path, there in on_the_way.items():
            path.rename(there)
            # what is put away is forgotten by its time
            there.touch()
        for name, row in found.items():
            if (home / name).is_dir() and self._number_in(home / name) is None:
                self._mark(home / name, row.number)

    def _number_in(self, folder: Path) -> int | None:
        """The number of the collection that a folder was made for; None where that is not known, or of another server."""
        try:
            said = json.loads(read_small(folder / _MARK))
            return int(said["number"]) if said["server"] == self._table.place else None
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def _mark(self, folder: Path, number: int) -> None:
        partial = folder / f"{_MARK}.{secrets.token_hex(4)}.partial"
        partial.write_text(json.dumps({"server": self._table.place, "number": number}), "utf-8")
        os.replace(partial, folder / _MARK)

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
        row = (self._followed.last or {}).get(name)
        with saving(f"the folder of the collection {name!r}"):
            folder.mkdir(parents=True, exist_ok=True)
            if row is not None and self._number_in(folder) is None:
                self._mark(folder, row.number)
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


def _is_named(name: str) -> bool:
    return name != DEFAULT and re.fullmatch(NAME, name) is not None
