"""A data directory as one file, and back: documents, builds, settings, keys, feedback and audit, of all collections.

It can be taken while a server runs: documents are replaced as wholes and builds never change, and no build begins or is
removed meanwhile. So each file is whole, and each collection's active build is there.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import secrets
import shutil
import tarfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Final

from api import __version__
from api.collections import FOLDER, folder_of, names
from corpus.document import BuildRunningError, StorageError
from corpus.storage import saving
from index.local.store import build_lock

FORMAT: Final = 1
_HEAD: Final = "fuente-backup.json"
_WAIT_S: Final = 0.5
_MOST_WAIT_S: Final = 3_600.0
# Vectors hardly shrink; texts do at the lowest level already
_COMPRESSION: Final = 1


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds, or what was restored of it."""

    n_files: int
    n_bytes: int
    collections: tuple[str, ...]


def backup(data: Path, file: Path, waiting: Callable[[], None] = lambda: None) -> Saved:
    """Write all of a data directory to one file, whole or not at all.

    ``waiting`` is called while a build that runs is waited for.

    :raises StorageError: when there is nothing to save, or the disk refuses.
    :raises BuildRunningError: when a build runs for more than an hour.
    """
    if not data.is_dir():
        raise StorageError(f"there is no folder {data}; name the data directory with --data")
    collections = names(data)
    with saving(str(file)), contextlib.ExitStack() as held:
        for name in collections:
            held.enter_context(_without_builds(folder_of(data, name), waiting))
        with archive_at(file, collections) as archive:
            n_files, n_bytes = add_all(archive, data)
    return Saved(n_files, n_bytes, tuple(collections))


@contextlib.contextmanager
def archive_at(file: Path, collections: Sequence[str]) -> Iterator[tarfile.TarFile]:
    """A new backup of these collections, into which all else is to be put: at ``file`` in the end, whole, or not at all; errors as the
    disk's."""
    if file.is_dir():
        raise StorageError(f"{file} is a folder; expected the name of a file to write")
    partial = file.with_name(f".{file.name}.{secrets.token_hex(4)}.partial")
    try:
        with partial.open("xb") as raw:
            os.chmod(partial, 0o600)  # it holds hashes of keys, and all documents
            with tarfile.open(
                fileobj=raw, mode="w:gz", compresslevel=_COMPRESSION, format=tarfile.PAX_FORMAT
            ) as archive:
                _add_head(archive, collections)
                yield archive
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(partial, file)
    finally:
        partial.unlink(missing_ok=True)


def restore(file: Path, data: Path) -> Saved:
    """Put a backup back into an empty or missing data directory, whole or not at all.

    :raises StorageError: when the directory holds something, the file is no whole backup, or the disk refuses.
    """
    if not file.is_file():
        raise StorageError(f"there is no file {file}; check the name")
    if data.exists() and any(data.iterdir()):
        raise StorageError(
            f"{data} is not empty; expected a folder to restore into that is empty or not there yet: name another with --data"
        )
    with saving(str(data)):
        data.mkdir(parents=True, exist_ok=True)
        partial = data / f".restore.{secrets.token_hex(4)}.partial"
        partial.mkdir()
        try:
            saved = _extract(file, partial)
            for path in sorted(partial.iterdir(), key=lambda one: one.name == "CURRENT"):
                os.replace(path, data / path.name)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return saved


def _extract(file: Path, into: Path) -> Saved:
    n_files = n_bytes = 0
    try:
        with gzip.open(file) as unzipped, tarfile.open(fileobj=unzipped, mode="r:") as archive:
            head = archive.next()
            told = archive.extractfile(head) if head is not None and head.name == _HEAD else None
            collections = _collections_of(told.read(2**20)) if told is not None else None
            if collections is None:
                raise StorageError(
                    f"{file} is no backup of this version; expected a file that `fuente backup` wrote"
                )
            for member in archive:
                if member is head:
                    continue
                # No absolute names, no links that lead out, no devices
                archive.extract(member, into, filter="data")
                n_files += not member.isdir()
                n_bytes += member.size
            # To its end, where the checksum of all of it is
            while unzipped.read(2**20):
                pass
    except (
        gzip.BadGzipFile,
        zlib.error,
        tarfile.TarError,
        EOFError,
        ValueError,
        KeyError,
        TypeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise StorageError(
            f"{file} is no whole backup ({type(error).__name__}: {error}); expected a file that `fuente backup` wrote: "
            "take another one"
        ) from error
    return Saved(n_files, n_bytes, collections)


def _collections_of(head: bytes) -> tuple[str, ...] | None:
    """The collections that the head of a backup names; None for one of another version, or none at all."""
    try:
        facts = json.loads(head)
    except (ValueError, RecursionError):
        return None
    named = facts.get("collections") if isinstance(facts, dict) else None
    if not isinstance(named, list) or facts.get("format") != FORMAT:
        return None
    return tuple(str(one) for one in named)


def _add_head(archive: tarfile.TarFile, collections: Sequence[str]) -> None:
    facts = {
        "format": FORMAT,
        "version": __version__,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "collections": list(collections),
    }
    content = json.dumps(facts, ensure_ascii=False, indent=1).encode()
    member = tarfile.TarInfo(_HEAD)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def add_all(archive: tarfile.TarFile, data: Path) -> tuple[int, int]:
    """Put what is to be kept of a data directory into a backup, and tell its files and bytes; errors as the disk's."""
    n_files = n_bytes = 0
    for path in _files(data):
        try:
            member = archive.gettarinfo(path, path.relative_to(data).as_posix())
            if member.isreg():
                with path.open("rb") as content:
                    # As long as it is now: a line may be added meanwhile
                    member.size = os.fstat(content.fileno()).st_size
                    archive.addfile(member, content)
            else:
                archive.addfile(member)
        except FileNotFoundError:
            continue  # removed since it was listed, as a document may be
        n_files += not member.isdir()
        n_bytes += member.size
    return n_files, n_bytes


def _files(data: Path) -> Iterator[Path]:
    """Every folder and file that is to be kept, folders first: not what is half made, nor locks."""
    for folder, folders, files in os.walk(data):
        folders[:] = sorted(name for name in folders if _is_kept(Path(folder), name, data))
        for name in folders:
            yield Path(folder) / name
        for name in sorted(files):
            path = Path(folder) / name
            if _is_kept(Path(folder), name, data) and (path.is_file() or path.is_symlink()):
                yield path


def _is_kept(folder: Path, name: str, data: Path) -> bool:
    if not name.startswith("."):
        return True
    # Of hidden ones only those that somebody put among the documents
    inside = PurePosixPath(folder.relative_to(data).as_posix()).parts
    if inside[:1] == (FOLDER,):
        inside = inside[2:]
    return inside[:1] == ("documents",) and not name.endswith(".partial")


@contextlib.contextmanager
def _without_builds(data: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """While no build begins or is removed; one that runs is waited for."""
    deadline = time.monotonic() + _MOST_WAIT_S
    with contextlib.ExitStack() as held:
        while True:
            try:
                held.enter_context(build_lock(data))
                break
            except BuildRunningError:
                if time.monotonic() > deadline:
                    raise
                waiting()
                time.sleep(_WAIT_S)
        yield
