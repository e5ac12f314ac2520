"""What was asked, and what the owner decided about it, where services on several hosts share it: kept at any, read at all."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.asked import FOLDER, MOVED_FOLDER, Asked, AskedFiles, asked_of, line_of, read_day
from api.behind import Behind
from api.take_over import take_over, tried_again
from qa.evaluation.decided import DECIDED_NAME, decided_lines, read_decided
from qa.evaluation.feedback import QuestionLine

if TYPE_CHECKING:
    from index.postgres.asked import AskedTable, Line
    from index.postgres.decided import DecidedTable

DECIDED_MOVED_NAME: Final = "decided.moved.jsonl"
"""What the decisions of a data directory are called once they are in the server."""

_LOG = logging.getLogger("fuente.service")


class SharedAsked:
    """The questions of a collection in a server: :class:`api.asked.AskedStore`. Those of files in its data directory are moved there.

    They are written behind the requests, tried for some seconds while the server is away, and then lost: a log holds no questions.
    """

    def __init__(self, table: AskedTable, data: Path) -> None:
        self._table = table
        self._files = AskedFiles(data / FOLDER)
        self._moved_folder = data / MOVED_FOLDER
        self._moved = AskedFiles(self._moved_folder)
        self._first = date.min
        self._behind = Behind("asked", self._write, self._lost)
        self._told = ""

    def append(self, one: Asked) -> None:
        """See :meth:`api.asked.AskedStore.append`. Never waits."""
        self._behind.put(one)

    def prune(self, first: date) -> None:
        """See :meth:`api.asked.AskedStore.prune`: here at once, and in the server behind the requests, of all its collections."""
        self._first = first
        try:
            for files in (self._files, self._moved):
                files.prune(first)
        finally:
            self._behind.put(None)

    def read(self, since: date) -> list[Asked]:
        """See :meth:`api.asked.AskedStore.read`; IndexUnavailableError when the server does not answer."""
        self._take_over()
        return asked_of("\n".join(self._table.lines(since)).encode())

    def close(self) -> None:
        """See :meth:`api.asked.AskedStore.close`."""
        self._behind.close()

    def _write(self, found: list[Asked | None]) -> None:
        self._take_over()
        self._table.add([_row(one) for one in found if one is not None], self._first)
        self._told = ""

    def _lost(self, found: list[Asked | None], why: str) -> None:
        if why != self._told:
            _LOG.warning("questions are not kept for the owner: %s", why)
        self._told = why

    def _take_over(self) -> None:
        for _, path in sorted(self._files.files()):
            moved = self._moved_folder / path.name
            take_over(path, moved, "what was asked", self._putting(path))

    def _putting(self, path: Path) -> Callable[[Callable[[], None]], None]:
        def put(before_end: Callable[[], None]) -> None:
            self._moved_folder.mkdir(mode=0o700, exist_ok=True)
            self._table.take([_row(one) for one in asked_of(read_day(path))], before_end)

        return put


def _row(one: Asked) -> Line:
    return one.at, json.dumps(line_of(one))


class SharedDecisions:
    """The decisions of a collection in a server: :class:`qa.evaluation.decided.Decisions`. Those of a file in its data directory are
    moved there, but for those about questions that were decided there. All calls raise IndexUnavailableError when it does not answer.
    """

    def __init__(self, table: DecidedTable, data: Path) -> None:
        self._table = table
        self._data = data
        with tried_again():
            self._take_over()

    def read(self) -> list[QuestionLine]:
        """See :meth:`qa.evaluation.decided.Decisions.read`."""
        self._take_over()
        return decided_lines(self._table.lines())

    def put(self, line: QuestionLine) -> None:
        """See :meth:`qa.evaluation.decided.Decisions.put`."""
        self._take_over()
        self._table.put(line["id"], json.dumps(line))

    def remove(self, question_id: str) -> bool:
        """See :meth:`qa.evaluation.decided.Decisions.remove`."""
        self._take_over()
        return self._table.remove(question_id)

    def _take_over(self) -> None:
        path = self._data / DECIDED_NAME

        def put(before_end: Callable[[], None]) -> None:
            lines = [(line["id"], json.dumps(line)) for line in read_decided(path)]
            self._table.take(lines, before_end)

        take_over(path, self._data / DECIDED_MOVED_NAME, "the decisions", put)
