"""The named collections of a data directory: which there are, where each lives, making and removing one.

The data directory itself is the collection ``default``; the others live in ``collections/<name>/`` below it, each with
its own documents, builds, feedback, suggested questions and, if it likes, calibration.
"""

from __future__ import annotations

import re
import secrets
import shutil
from pathlib import Path
from typing import Final

from corpus.document import CollectionError, CollectionExistsError, UnknownCollectionError
from corpus.storage import saving

DEFAULT: Final = "default"
NAME: Final = r"[a-z0-9][a-z0-9-]{0,62}"
FOLDER: Final = "collections"


def folder_of(data: Path, name: str) -> Path:
    """The data directory of a collection.

    :raises UnknownCollectionError: when there is none of that name.
    """
    if name == DEFAULT:
        return data
    folder = data / FOLDER / name
    if re.fullmatch(NAME, name) is None or not folder.is_dir():
        raise UnknownCollectionError(
            f"there is no collection {name[:100]!r}; there are {', '.join(names(data))}: "
            "make it with `fuente collections create` or POST /v1/collections"
        )
    return folder


def names(data: Path) -> list[str]:
    """All collections, ``default`` first, the others in order of their names."""
    try:
        found = [path.name for path in (data / FOLDER).iterdir() if path.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        found = []
    return [DEFAULT, *sorted(name for name in found if re.fullmatch(NAME, name))]


def create(data: Path, name: str) -> Path:
    """The data directory of a new collection, with an empty folder of documents.

    :raises CollectionError: for a name that cannot be, CollectionExistsError for one that is there, StorageError when the
        disk refuses or the data directory is not there.
    """
    if re.fullmatch(NAME, name) is None:
        raise CollectionError(
            f"a collection cannot be called {name[:100]!r}; expected 1 to 63 of a–z, 0–9 and -, "
            "the first of them no -"
        )
    folder = data / FOLDER / name
    if name == DEFAULT or folder.exists():
        raise CollectionExistsError(f"there is a collection {name!r} already; choose another name")
    with saving(f"the collection {name!r}"):
        folder.parent.mkdir(exist_ok=True)
        folder.mkdir()
        (folder / "documents").mkdir()
    return folder


def delete(data: Path, name: str) -> None:
    """Remove a collection with all that is in it.

    It is gone at once, also when removing its files is cut short: they have no name of a collection any more.

    :raises CollectionError: for ``default``, UnknownCollectionError when there is none of that name.
    """
    if name == DEFAULT:
        raise CollectionError(
            "the collection 'default' is the data directory itself; remove its documents instead"
        )
    folder = folder_of(data, name)
    leaving = folder.with_name(f".{name}.{secrets.token_hex(4)}.removed")
    with saving(f"that the collection {name!r} is removed"):
        folder.rename(leaving)
    shutil.rmtree(leaving, ignore_errors=True)
