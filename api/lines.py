"""Files of JSON lines that only grow: a line is written whole or not at all, and the files keep within a size.

Several threads and processes may write to one. A line that a crash has torn is closed, so that it costs itself alone.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from corpus.document import StorageFullError
from corpus.storage import saving

WhenFull = Literal["refuse", "forget"]


class Lines:
    """``<name>.jsonl`` and, as it grows, ``<name>.1.jsonl`` (the last one filled) to ``<name>.<n_kept>.jsonl``.

    A file that would grow over ``max_bytes`` is put aside. With ``n_kept`` filled, either the oldest is forgotten or
    nothing more is taken. ``durable``: a line that was taken survives a power cut.
    """

    def __init__(
        self,
        path: Path,
        what: str,
        *,
        max_bytes: int,
        n_kept: int,
        when_full: WhenFull,
        durable: bool = True,
    ) -> None:
        self.path = path
        self._what = what
        self._max_bytes = max_bytes
        self._n_kept = n_kept
        self._when_full = when_full
        self._durable = durable

    def append(self, line: Mapping[str, object]) -> None:
        """Write one line.

        :raises StorageError: when the disk refuses; StorageFullError when there is no room, or no more is to be kept.
        """
        text = json.dumps(line, ensure_ascii=False, default=str)
        self.write(text.encode("utf-8", "backslashreplace") + b"\n")

    def write(self, line: bytes) -> None:
        """Write one line that ends with its line end; errors as :meth:`append`."""
        with saving(self._what):
            while True:
                handle = os.open(
                    self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK, 0o600
                )
                try:
                    if not stat.S_ISREG(os.fstat(handle).st_mode):
                        raise OSError(errno.EINVAL, f"{self.path} is no regular file")
                    fcntl.flock(handle, fcntl.LOCK_EX)
                    if not self._is_current(handle):
                        continue  # put aside by another one meanwhile
                    size = os.fstat(handle).st_size
                    if size and size + len(line) > self._max_bytes:
                        self._put_aside()
                        continue
                    self._append(handle, size, line)
                    return
                finally:
                    os.close(handle)

    def _append(self, handle: int, size: int, line: bytes) -> None:
        if size and os.pread(handle, 1, size - 1) != b"\n":
            line = b"\n" + line
        written = 0
        try:
            while written < len(line):
                written += os.write(handle, line[written:])
            if self._durable:
                os.fsync(handle)
        except OSError:
            # A part of a line is worse than none: whoever reads it cannot know the rest
            with contextlib.suppress(OSError):
                os.ftruncate(handle, size)
            raise

    def _is_current(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), os.stat(self.path))
        except FileNotFoundError:
            return False

    def _put_aside(self) -> None:
        if self._when_full == "refuse" and self._aside(self._n_kept).exists():
            raise StorageFullError(
                f"{self._what} was not saved: {self.path.parent} holds {self._n_kept + 1} files of it of "
                f"{self._max_bytes:,} bytes, as many as are kept; take the older ones away "
                f"({self._aside(self._n_kept).name} is the oldest)"
            )
        for number in range(self._n_kept, 1, -1):
            with contextlib.suppress(FileNotFoundError):
                os.replace(self._aside(number - 1), self._aside(number))
        os.replace(self.path, self._aside(1))

    def _aside(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.stem}.{number}{self.path.suffix}")
