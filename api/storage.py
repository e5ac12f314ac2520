"""The folders of a collection as they were when last seen: a disk that goes away under a running server is noticed.

An unmounted disk leaves no folder, or an empty one on another device. What was read from it goes on serving; nothing may be
written, lest it lands on the disk below.
"""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path
from typing import NamedTuple

from corpus.document import StorageError
from corpus.storage import saving

_LOG = logging.getLogger("fuente.storage")


class _Seen(NamedTuple):
    device: int
    has_content: bool


class Storage:
    """The data directory of one collection, and its documents folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._folders = (data, data / "documents")
        self._seen: dict[Path, _Seen] = {}
        self._lock = threading.Lock()
        self._told: str | None = None
        self.problem()

    def check(self) -> None:
        """Nothing when there is where to write; a data directory that never was is made.

        :raises StorageError: when the folders that were there are not.
        """
        problem = self.problem()
        if problem is not None:
            raise problem
        with saving(str(self.data)):
            self.data.mkdir(parents=True, exist_ok=True)

    def problem(self) -> StorageError | None:
        """Why nothing can be written, None when it can; what changed since the last look is logged, once."""
        with self._lock:
            missing = next(
                (why for folder in self._folders if (why := self._missing(folder))), None
            )
            if missing != self._told:
                if missing is None:
                    _LOG.info(
                        "the data directory is back", extra={"fields": {"data": str(self.data)}}
                    )
                else:
                    _LOG.error(
                        "the data directory is away; reading goes on, nothing is written",
                        extra={"fields": {"data": str(self.data), "why": missing}},
                    )
            self._told = missing
        if missing is None:
            return None
        return StorageError(
            f"{missing}; expected the folder that was there when the service began: mount its disk or put it back"
        )

    def _missing(self, folder: Path) -> str | None:
        seen = self._seen.get(folder)
        try:
            facts = os.stat(folder)
            with os.scandir(folder) as entries:
                found = _Seen(facts.st_dev, any(entries))
        except FileNotFoundError:
            return f"there is no folder {folder} any more" if seen else None
        except OSError as error:
            return f"the folder {folder} cannot be opened ({error.strerror})"
        # Another device with nothing on it is the place where the disk was mounted
        if seen and seen.has_content and found.device != seen.device and not found.has_content:
            return f"the folder {folder} is an empty one on another disk"
        self._seen[folder] = found
        return None
