"""What documents were called before, where services on several hosts share them: moved at any, found at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from api.followed import LOOK_S
from api.moves import files_in, followed, read_moves, tell_lost
from api.take_over import take_over, tried_again
from corpus.document import FuenteError

if TYPE_CHECKING:
    from index.postgres.moves import MoveTable


class SharedMoves:
    """The moves of a collection in a server: :class:`api.moves.Moves`. Those of files in its data directory are moved there.

    What other hosts move is looked for when somebody asks, at most twice a second.
    """

    def __init__(
        self, table: MoveTable, data: Path, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._table = table
        self._files = files_in(data)
        self._clock = clock
        self._lock = threading.Lock()
        self._until = float("-inf")
        self._last: int | None = None
        self._now: dict[str, str] = {}
        with tried_again():
            self._take_over()

    def note(self, moved: Iterable[tuple[str, str]]) -> None:
        """See :meth:`api.moves.Moves.note`."""
        try:
            self._take_over()
            self._table.add(list(moved))
        except FuenteError as error:
            tell_lost(error)
        with self._lock:
            self._until = float("-inf")

    def now(self, doc_id: str) -> str | None:
        """See :meth:`api.moves.Moves.now`; IndexUnavailableError when the server does not answer."""
        if self._clock() >= self._until:
            with self._lock:
                if self._clock() >= self._until:
                    self._look()
        return self._now.get(doc_id)

    def _look(self) -> None:
        self._take_over()
        last = self._table.last()
        if last != self._last:
            self._now, self._last = followed(self._table.moves()), last
        self._until = self._clock() + LOOK_S

    def _take_over(self) -> None:
        for path in self._files:
            moved = path.with_name(f"{path.stem}.moved{path.suffix}")
            take_over(path, moved, "the moves of documents", self._putting(path))

    def _putting(self, path: Path) -> Callable[[Callable[[], None]], None]:
        return lambda before_end: self._table.take(read_moves(path), before_end)

    def close(self) -> None:
        """See :meth:`api.moves.Moves.close`."""
        self._table.close()
