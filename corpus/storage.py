"""What a disk that refuses means, and small files read within limits.

A file that a person or a crash has damaged costs one line that says so: never a hang, nor all the memory.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from corpus.document import StorageError, StorageFullError

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_AWAY: Final = frozenset(
    {
        errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE, errno.ENOTCONN, errno.ETIMEDOUT,
        errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.EREMOTEIO, errno.ESHUTDOWN, errno.EMFILE, errno.ENFILE,
    }
)  # fmt: skip
"""What is wrong with the disk or the system and not with one file."""

SMALL_BYTES: Final = 2**20
"""Longest small file unless told otherwise."""


def storage_error(error: OSError, what: str) -> StorageError:
    """The error for a write of ``what`` that the disk refused; ``what`` begins with no capital."""
    if error.errno in _FULL:
        return StorageFullError(
            f"the disk is full: {what} was not saved and what was there before is unchanged; free some space"
        )
    return StorageError(
        f"{what} was not saved and what was there before is unchanged: {error.strerror or error}; "
        "expected a disk that can be written to: mount it, make it writable or change its permissions"
    )


def is_full(error: OSError) -> bool:
    """Whether an error says that there is no room left. NumPy and FAISS tell a write that was cut short without a number."""
    return error.errno in _FULL or error.errno is None


def of_the_disk(error: OSError) -> bool:
    """Whether an error says that the disk is full, away or shut, and not that something is wrong with one name or file."""
    return error.errno in _FULL or error.errno in _AWAY


@contextlib.contextmanager
def saving(what: str) -> Iterator[None]:
    """Have a disk that refuses be told as a StorageError, which says that ``what`` was not saved."""
    try:
        yield
    except OSError as error:
        raise storage_error(error, what) from error


def state_of(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file is written or replaced: its time in nanoseconds, its number and its bytes; None without a file."""
    try:
        facts = os.stat(path)
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_ino, facts.st_size


def read_small(path: Path, max_bytes: int = SMALL_BYTES) -> bytes:
    """The bytes of a regular file that has at most ``max_bytes``.

    :raises OSError: as open does; also, with a reason of ours, for a pipe, a device, a folder, or a longer file.
    """
    # A pipe would be waited for until somebody writes to it
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    facts = os.fstat(handle)
    if not stat.S_ISREG(facts.st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    with os.fdopen(handle, "rb") as file:
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise OSError(
            errno.EFBIG, f"it has {facts.st_size:,} bytes, more than {max_bytes:,}", str(path)
        )
    return content


def files_of(path: Path) -> list[Path]:
    """``path`` and what was put aside of it as it grew, ``<stem>.<number><suffix>``, oldest first; those that are there."""
    head = len(path.stem) + 1
    numbered = {
        int(number): one
        for one in path.parent.glob(f"{path.stem}.*{path.suffix}")
        if (number := one.name[head : -len(path.suffix)]).isdigit()
    }
    return [numbered[n] for n in sorted(numbered, reverse=True)] + ([path] if path.exists() else [])
