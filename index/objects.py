"""Contents kept apart from the server that knows of them: on a shared folder, or in an object storage that speaks S3 (extra ``[objects]``).

An object is some bytes under a name, which is a hash in hex. It is there as a whole or not at all, whoever looks.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Final, TypeVar

from corpus.document import MissingExtraError, StorageError, StorageFullError
from corpus.storage import is_full

_CONNECT_S: Final = 5
_READ_S: Final = 60
# botocore tries each request as often, and s3fs again as often what botocore gave up: nobody waits longer than 20 s for a host that is off
_TRIES: Final = 2
# Nobody takes an hour to write one file
_LEFT_S: Final = 3_600

_T = TypeVar("_T")


class Objects:
    """Those below a URL, ``file:///folder`` or ``s3://bucket/prefix``; ``setting`` is where it stands, which errors name. The folder or
    bucket has to be there. Where S3 is and with which keys it is asked stands in the environment, as boto3 reads it (``AWS_…``).

    Any number of threads and hosts may ask. All calls raise MissingExtraError when the extra is not installed, and StorageError when
    the storage does not answer, has no such folder or bucket, or refuses.
    """

    def __init__(self, url: str, setting: str) -> None:
        self.place = re.sub(r"//[^/]*@", "//", url).rstrip("/")
        self._setting = setting
        self._kind, _, self._root = self.place.partition("://")

    @cached_property
    def _fs(self) -> Any:
        """Opened when it is first asked: what that imports takes half a second."""
        try:
            import fsspec

            if self._kind == "s3":
                # only to tell that it is missing: fsspec's own error names no package
                import s3fs  # noqa: F401
        except ImportError as error:
            raise MissingExtraError(
                f"to keep anything at {self.place}", error, "objects"
            ) from error
        options: dict[str, Any] = {}
        if self._kind == "s3":
            options["config_kwargs"] = {
                "connect_timeout": _CONNECT_S,
                "read_timeout": _READ_S,
                "retries": {"total_max_attempts": _TRIES},
            }
        # Not that of anybody else in the process, and nothing remembered of what other hosts change
        found = fsspec.filesystem(
            self._kind, skip_instance_cache=True, use_listings_cache=False, **options
        )
        found.retries = _TRIES
        return found

    def put(self, name: str, content: bytes) -> None:
        """Keep an object, in the place of one of that name."""
        path = self._path(name)
        with self._asked():
            if self._kind == "file":
                self._check_root()
                self._write(path, content)
            else:
                self._fs.pipe_file(path, content)

    def get(self, name: str) -> bytes | None:
        """The bytes of an object, None when there is none of that name."""
        return self._found(lambda: bytes(self._fs.cat_file(self._path(name))), None)

    def piece(self, name: str, start: int, end: int) -> bytes:
        """Those bytes of an object, fewer where it ends before; none when there is none of that name."""
        path = self._path(name)
        return self._found(lambda: bytes(self._fs.cat_file(path, start=start, end=end)), b"")

    def has(self, name: str) -> bool:
        """Whether there is an object of that name."""
        return self._found(lambda: self._fs.info(self._path(name)), None) is not None

    def remove(self, name: str) -> None:
        """Take an object away; nothing when there is none of that name."""
        self._found(lambda: self._fs.rm_file(self._path(name)), None)

    def _found(self, ask: Callable[[], _T], missing: _T) -> _T:
        """What the storage says of an object, ``missing`` when there is none."""
        with self._asked():
            try:
                return ask()
            except FileNotFoundError:
                self._check_root()
                return missing

    def _path(self, name: str) -> str:
        """In 256 folders: no file system likes a million files in one."""
        return f"{self._root}/{name[:2]}/{name}"

    def _check_root(self) -> None:
        """FileNotFoundError where the folder or bucket itself is missing: what is not mounted, or not ours, must not look empty."""
        if self._kind == "s3":
            self._fs.call_s3("head_bucket", Bucket=self._root.partition("/")[0])
        elif not self._fs.isdir(self._root):
            raise FileNotFoundError(self._root)

    def _write(self, path: str, content: bytes) -> None:
        """In a folder of its own and then there, flushed to the disk before it has its name."""
        folder, began = os.path.dirname(path), f"{self._root}/.partial"
        for one in (folder, began):
            self._fs.makedirs(one, exist_ok=True)
        _remove_leftovers(began)
        partial = f"{began}/{secrets.token_hex(8)}"
        try:
            with self._fs.open(partial, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, path)
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        finally:
            with contextlib.suppress(OSError):
                os.unlink(partial)

    @contextlib.contextmanager
    def _asked(self) -> Iterator[None]:
        """Have whatever a storage or what asks it raises be told as one error of ours: its kind, never its text, which may hold an
        address with a password."""
        try:
            yield
        except MissingExtraError:
            raise
        except Exception as error:  # of many kinds: of the network, of botocore, of the disk
            if isinstance(error, OSError) and error.errno is not None and is_full(error):
                raise StorageFullError(
                    f"there is no room left at {self.place}: nothing was saved and what was there before is unchanged; free some space"
                ) from None
            raise StorageError(
                f"{self.place} cannot be had ({_why(error)}); expected a folder or bucket that is there, answers, and may be read and "
                f"written with the keys of this host: correct {self._setting}, mount the folder, or see AWS_ENDPOINT_URL and the keys"
            ) from None


def _remove_leftovers(folder: str) -> None:
    """Take away what hosts that were killed have begun to write."""
    with os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                if time.time() - entry.stat().st_mtime > _LEFT_S:
                    os.unlink(entry.path)


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such folder or bucket"
    if isinstance(error, PermissionError):
        return "no rights"
    return type(error).__name__
