"""Units of passages in processes of this machine: each opens the encoder for itself, and one that dies costs its unit's time."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from corpus.document import EncoderError, FuenteError
from index.encoding.pool import cores
from index.encoding.units import MOST_RUNS, Runner, Unit, run


@contextmanager
def processes(n: int | None = None) -> Iterator[Runner]:
    """Runs units in ``n`` processes, None for one on each core; all are gone in the end."""
    runner = _Processes(n or cores())
    try:
        yield runner
    finally:
        runner.end()


class _Processes:
    """The parent's side; a process is started when there is a unit for it."""

    def __init__(self, n: int):
        self.slots = n
        self._waiting: deque[tuple[int, Unit]] = deque()
        self._idle: list[_Process] = []
        self._at_work: dict[Connection, _Process] = {}
        self._runs: Counter[int] = Counter()

    def begin(self, number: int, unit: Unit) -> None:
        self._waiting.append((number, unit))
        self._begin()

    def ended(self, wait_s: float) -> Iterator[tuple[int, bytes]]:
        for ready in wait(list(self._at_work), wait_s):
            assert isinstance(ready, Connection)
            process = self._at_work.pop(ready)
            try:
                made = process.receive()
            except (EOFError, ConnectionError):
                self._again(process)
                self._begin()
                continue
            number, _ = process.job
            self._idle.append(process)
            self._begin()
            yield number, made

    def _begin(self) -> None:
        while self._waiting and len(self._at_work) < self.slots:
            process = self._idle.pop() if self._idle else _Process()
            number, _ = process.job = self._waiting.popleft()
            self._runs[number] += 1
            self._at_work[process.connection] = process
            process.send()

    def _again(self, process: _Process) -> None:
        status = process.end()
        number, unit = process.job
        if self._runs[number] >= MOST_RUNS:
            raise EncoderError(
                f"{MOST_RUNS} processes ended, the last with status {status}, over the same {unit.size} files or passages; "
                "free memory, or build without --on; what was encoded is kept"
            )
        self._waiting.appendleft((number, unit))

    def end(self) -> None:
        """Kill all."""
        for process in [*self._idle, *self._at_work.values()]:
            process.end()


class _Process:
    """One of them, and what it is at."""

    job: tuple[int, Unit]

    def __init__(self) -> None:
        # Not forked: in a service another thread may hold any lock
        spawn = multiprocessing.get_context("spawn")
        self.connection, theirs = spawn.Pipe()
        self._process: BaseProcess = spawn.Process(target=_work, args=(theirs,), daemon=True)
        self._process.start()
        # so that the end of the process is the end of what it says
        theirs.close()

    def send(self) -> None:
        # One that has died meanwhile is noticed by the end of what it says
        with suppress(ConnectionError):
            self.connection.send_bytes(pickle.dumps(self.job[1], protocol=5))

    def receive(self) -> bytes:
        """What it made of its unit; what :func:`index.encoding.units.run` raised is raised, EOFError where it has died."""
        made, error = pickle.loads(self.connection.recv_bytes())
        if error is not None:
            raise error
        assert isinstance(made, bytes)
        return made

    def end(self) -> int | None:
        self._process.kill()
        self._process.join()
        self.connection.close()
        return self._process.exitcode


def _work(connection: Connection) -> None:
    """A process's whole life: run the unit that is sent, say what came of it, until nobody listens."""
    # Ctrl-C goes to all processes of a terminal; when to end is for the parent to say
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, ConnectionError):
        while True:
            unit: Unit = pickle.loads(connection.recv_bytes())
            try:
                said: tuple[bytes | None, FuenteError | None] = (run(unit), None)
            except FuenteError as error:
                said = (None, error)
            connection.send_bytes(pickle.dumps(said, protocol=5))
