"""Where the thumbs of readers go, and what is read of them: the file of a collection, or a table that hosts share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from api.asked import Rating, ratings_of, read_ratings
from api.lines import Lines
from qa.evaluation.feedback import FEEDBACK_NAME, Export, judged_lines, judged_questions

if TYPE_CHECKING:
    from index.postgres.feedback import FeedbackTable

FEEDBACK_FILES: Final = 9
"""Files of feedback beside the one that is written to."""


class Feedback(Protocol):
    """What readers think of the answers of a collection."""

    def append(self, line: Mapping[str, object]) -> None:
        """Keep one line, whole or not at all.

        :raises FuenteError: when it is not kept; StorageFullError when no more is to be.
        """

    def ratings(self, since: date) -> list[Rating]:
        """The thumbs of that day and later, oldest first; errors as where they are kept."""

    def judged(self) -> Export:
        """The judged questions that all of them make; errors as where they are kept."""


class FeedbackFile:
    """Those in files of a data directory, which may hold ``max_bytes`` together: :class:`Feedback`."""

    def __init__(self, data: Path, max_bytes: int) -> None:
        self._path = data / FEEDBACK_NAME
        self._lines = Lines(
            self._path,
            "the feedback",
            max_bytes=max_bytes // (FEEDBACK_FILES + 1),
            n_kept=FEEDBACK_FILES,
            when_full="refuse",
        )

    def append(self, line: Mapping[str, object]) -> None:
        """See :meth:`Feedback.append`; StorageError when the disk refuses."""
        self._lines.append(line)

    def ratings(self, since: date) -> list[Rating]:
        """See :meth:`Feedback.ratings`; a file that cannot be read is left out."""
        return read_ratings(self._path, since)

    def judged(self) -> Export:
        """See :meth:`Feedback.judged`.

        :raises CorpusError: when there is no file, or it cannot be read.
        """
        return judged_questions(self._path)


class SharedFeedback:
    """Those in a server: :class:`Feedback`. All calls raise IndexUnavailableError when it does not answer."""

    def __init__(self, table: FeedbackTable) -> None:
        self._table = table

    def append(self, line: Mapping[str, object]) -> None:
        """See :meth:`Feedback.append`."""
        self._table.add(json.dumps(line, default=str))

    def ratings(self, since: date) -> list[Rating]:
        """See :meth:`Feedback.ratings`."""
        return ratings_of("\n".join(self._table.lines(since)).encode(), since)

    def judged(self) -> Export:
        """See :meth:`Feedback.judged`."""
        return judged_lines(line.encode() for line in self._table.lines())
