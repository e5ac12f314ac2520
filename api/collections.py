"""The named collections of a data directory: which there are, where each lives, making, renaming and removing one.

The data directory itself is the collection ``default``; the others live in ``collections/<name>/`` below it, each with
its own documents, builds, feedback, suggested questions and, if it likes, calibration. Which there are is told by a
:class:`Catalogue`: these folders, or a server that hosts share.
"""

from __future__ import annotations

import os
import re
import secrets
import shlex
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from corpus.document import (
    CollectionError,
    CollectionExistsError,
    NoIndexError,
    UnknownCollectionError,
)
from corpus.storage import saving

DEFAULT: Final = "default"
NAME: Final = r"[a-z0-9][a-z0-9-]{0,62}"
SAMPLES: Final = "muestras"
"""The collection that `make serve` makes of the sample documents."""

FOLDER: Final = "collections"
SUGGESTIONS_NAME: Final = "suggested_questions.json"
"""The questions to suggest that somebody wrote into the folder of a collection."""

UNDO_S: Final = 3600
"""How long a collection that was put away can be put back."""

_PUT_AWAY: Final = re.compile(rf"\.({NAME})\.[0-9a-f]{{8}}\.away")


class PutAway(NamedTuple):
    """A collection that can be put back until ``until``, in seconds since 1970."""

    name: str
    until: float
    folder: Path


def folder_of(data: Path, name: str) -> Path:
    """The data directory of a collection.

    :raises UnknownCollectionError: when there is none of that name.
    """
    if name == DEFAULT:
        return data
    folder = data / FOLDER / name
    if re.fullmatch(NAME, name) is None or not folder.is_dir():
        raise unknown(name, names(data))
    return folder


def unknown(name: str, there: Iterable[str]) -> UnknownCollectionError:
    """What to say of a name that no collection has."""
    return UnknownCollectionError(
        f"there is no collection {name[:100]!r}; there are {', '.join(there)}: "
        "make it with `fuente collections create` or POST /v1/collections"
    )


def named(error: Exception, data: str | None = None) -> Exception:
    """The error of a data directory in which nothing was built, with the command that builds its collection, in ``data`` where that was
    given; any other as it is. What is below knows folders and no collections."""
    folder = error.folder if isinstance(error, NoIndexError) else None
    if folder is None:
        return error
    given = ["--data", shlex.quote(data)] if data else []
    name = name_of(folder)
    given += ["--collection", name] if name != DEFAULT else []
    if not given:
        return error
    return NoIndexError(
        f"nothing has been built in {folder}; run `fuente build {' '.join(given)} FOLDER`", folder
    )


def name_of(folder: Path) -> str:
    """The name of the collection that has that data directory."""
    return folder.name if folder.parent.name == FOLDER else DEFAULT


def names(data: Path) -> list[str]:
    """All collections, ``default`` first, the others in order of their names."""
    try:
        found = [path.name for path in (data / FOLDER).iterdir() if path.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        found = []
    return [DEFAULT, *sorted(name for name in found if re.fullmatch(NAME, name))]


def unnamed(data: Path) -> str:
    """The collection that a question is about which names none: the samples as long as ``default`` has neither a build
    nor a file of its own, then and for good ``default``."""
    if (data / "CURRENT").exists() or not (data / FOLDER / SAMPLES).is_dir():
        return DEFAULT
    try:
        holds = any(not path.name.startswith(".") for path in (data / "documents").iterdir())
    except OSError:
        holds = False
    return DEFAULT if holds else SAMPLES


def create(data: Path, name: str) -> Path:
    """The data directory of a new collection, with an empty folder of documents.

    :raises CollectionError: for a name that cannot be, CollectionExistsError for one that is there, StorageError when the
        disk refuses or the data directory is not there.
    """
    folder = _free(data, name)
    with saving(f"the collection {name!r}"):
        folder.parent.mkdir(exist_ok=True)
        folder.mkdir()
        (folder / "documents").mkdir()
    return folder


def rename(data: Path, name: str, new: str) -> Path:
    """Give a collection another name, and tell its new data directory; what it holds stays as it is.

    :raises CollectionError: for ``default`` or a name that cannot be, CollectionExistsError for one that is there,
        UnknownCollectionError when there is none of the old name, StorageError when the disk refuses.
    """
    check_renamed(name)
    old = folder_of(data, name)
    folder = _free(data, new)
    with saving(f"the name {new!r} of the collection {name!r}"):
        return old.rename(folder)


def delete(data: Path, name: str) -> None:
    """Remove a collection with all that is in it.

    It is gone at once, also when removing its files is cut short: they have no name of a collection any more.

    :raises CollectionError: for ``default``, UnknownCollectionError when there is none of that name.
    """
    shutil.rmtree(_moved(data, name, "removed"), ignore_errors=True)


def put_away(data: Path, name: str) -> PutAway:
    """Remove a collection so that it can be put back for an hour; errors as :func:`delete`."""
    folder = _moved(data, name, "away")
    os.utime(folder)
    return PutAway(name, folder.stat().st_mtime + UNDO_S, folder)


def put_back(data: Path, name: str) -> Path:
    """The data directory of a collection that was put away, as it was; the last one where there are several.

    :raises UnknownCollectionError: when none of that name can be put back, CollectionExistsError when there is another
        one by now, StorageError when the disk refuses.
    """
    found = [one for one in all_put_away(data) if one.name == name]
    if not found:
        raise not_put_away(name)
    folder = _free(data, name)
    with saving(f"that the collection {name!r} is put back"):
        return max(found, key=lambda one: one.until).folder.rename(folder)


def all_put_away(data: Path) -> list[PutAway]:
    """The collections that can be put back, in order of their names."""
    now = time.time()
    return sorted(one for one in _put_away_in(data) if one.until > now)


def forget(data: Path) -> None:
    """Remove for good what was put away more than an hour ago."""
    now = time.time()
    for one in _put_away_in(data):
        if one.until <= now:
            shutil.rmtree(one.folder, ignore_errors=True)


def check_name(name: str) -> None:
    """Nothing for a name that a new collection can have.

    :raises CollectionError: for one that cannot be, CollectionExistsError for that of ``default``.
    """
    if re.fullmatch(NAME, name) is None:
        raise CollectionError(
            f"a collection cannot be called {name[:100]!r}; expected 1 to 63 of a–z, 0–9 and -, "
            "the first of them no -"
        )
    if name == DEFAULT:
        raise taken(name)


def check_renamed(name: str) -> None:
    """Nothing for a collection that may have another name; raises CollectionError for ``default``."""
    if name == DEFAULT:
        raise CollectionError(
            "the collection 'default' is the data directory itself; it keeps its name"
        )


def check_removed(name: str) -> None:
    """Nothing for a collection that may be removed; raises CollectionError for ``default``."""
    if name == DEFAULT:
        raise CollectionError(
            "the collection 'default' is the data directory itself; remove its documents instead"
        )


def taken(name: str) -> CollectionExistsError:
    """What to say of a name that another collection has."""
    return CollectionExistsError(f"there is a collection {name!r} already; choose another name")


def not_put_away(name: str) -> UnknownCollectionError:
    """What to say of a name that no collection had which can be put back."""
    return UnknownCollectionError(
        f"no collection {name[:100]!r} was deleted within the hour; what is deleted longer is gone"
    )


def hidden_name(name: str, ending: str) -> str:
    """What a collection is called once it has no name any more."""
    return f".{name}.{secrets.token_hex(4)}.{ending}"


def put_away_name(hidden: str) -> str | None:
    """The name that a collection had which was put away under a hidden one; None for other names."""
    found = _PUT_AWAY.fullmatch(hidden)
    return None if found is None else found[1]


def _free(data: Path, name: str) -> Path:
    """Where a collection of a new name will live."""
    check_name(name)
    folder = data / FOLDER / name
    if folder.exists():
        raise taken(name)
    return folder


def _moved(data: Path, name: str, ending: str) -> Path:
    check_removed(name)
    folder = folder_of(data, name)
    leaving = folder.with_name(hidden_name(name, ending))
    with saving(f"that the collection {name!r} is removed"):
        return folder.rename(leaving)


def _put_away_in(data: Path) -> Iterator[PutAway]:
    try:
        for path in (data / FOLDER).iterdir():
            name = put_away_name(path.name)
            if name is not None:
                yield PutAway(name, path.stat().st_mtime + UNDO_S, path)
    except OSError:  # there are none, or the disk is away
        return


class Catalogue(Protocol):
    """Which collections there are, and changing that. Errors are those of the functions above, and of where it is kept."""

    @property
    def data(self) -> Path:
        """The data directory of all of them on this machine."""

    def names(self) -> list[str]:
        """See :func:`names`."""

    def folder_of(self, name: str) -> Path:
        """See :func:`folder_of`."""

    def identity(self, name: str) -> object:
        """What tells a collection other than ``default`` from another one that had its name before; None when there is none. Never
        waits."""

    def unnamed(self) -> str:
        """The collection that a question is about which names none, as long as ``default`` has no build. Never waits."""

    def create(self, name: str) -> Path:
        """See :func:`create`."""

    def rename(self, name: str, new: str) -> Path:
        """See :func:`rename`."""

    def delete(self, name: str) -> None:
        """See :func:`delete`."""

    def put_away(self, name: str) -> PutAway:
        """See :func:`put_away`."""

    def put_back(self, name: str) -> Path:
        """See :func:`put_back`."""

    def all_put_away(self) -> list[PutAway]:
        """See :func:`all_put_away`."""

    def forget(self) -> None:
        """See :func:`forget`."""

    def close(self) -> None:
        """Stop following what others change."""


class FolderCatalogue:
    """The collections of the folders of a data directory: :class:`Catalogue`."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def names(self) -> list[str]:
        """See :func:`names`."""
        return names(self.data)

    def folder_of(self, name: str) -> Path:
        """See :func:`folder_of`."""
        return folder_of(self.data, name)

    def identity(self, name: str) -> object:
        """See :meth:`Catalogue.identity`: a folder, whichever."""
        return True if (self.data / FOLDER / name).is_dir() else None

    def unnamed(self) -> str:
        """See :func:`unnamed`."""
        return unnamed(self.data)

    def create(self, name: str) -> Path:
        """See :func:`create`."""
        return create(self.data, name)

    def rename(self, name: str, new: str) -> Path:
        """See :func:`rename`."""
        return rename(self.data, name, new)

    def delete(self, name: str) -> None:
        """See :func:`delete`."""
        delete(self.data, name)

    def put_away(self, name: str) -> PutAway:
        """See :func:`put_away`."""
        return put_away(self.data, name)

    def put_back(self, name: str) -> Path:
        """See :func:`put_back`."""
        return put_back(self.data, name)

    def all_put_away(self) -> list[PutAway]:
        """See :func:`all_put_away`."""
        return all_put_away(self.data)

    def forget(self) -> None:
        """See :func:`forget`."""
        forget(self.data)

    def close(self) -> None:
        """See :meth:`Catalogue.close`; folders are looked at when somebody asks."""
