"""A process that a test starts and talks with: every wait has a limit, and at the end it is gone."""

from __future__ import annotations

import queue
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

WAIT_S = 60.0
"""What a machine that is busy with ten other things needs for what takes a second."""


class Child:
    """A running process; ``process`` for its id, status and signals."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines = {"out": _read(process.stdout), "err": _read(process.stderr)}

    def line(self, stream: str = "out", within_s: float = WAIT_S) -> str:
        """The next line of ``out`` or ``err``; an empty text at its end."""
        try:
            return self._lines[stream].get(timeout=within_s)
        except queue.Empty:
            raise AssertionError(f"no line on {stream} within {within_s:g} s") from None

    def say(self, text: str) -> None:
        """Write to its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def end(self, within_s: float = WAIT_S) -> tuple[int, str, str]:
        """Its exit status, and what was left to read of ``out`` and ``err``, when it ends by itself."""
        status = self.process.wait(within_s)
        out, err = (
            "".join(iter(lambda one=stream: self.line(one, within_s), ""))
            for stream in ("out", "err")
        )
        return status, out, err


@contextmanager
def started(command: Sequence[str | Path], environ: Mapping[str, str]) -> Iterator[Child]:
    """The process of a command; killed at the end of the block unless it has ended."""
    process = subprocess.Popen(
        command,
        env=dict(environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield Child(process)
    finally:
        process.kill()
        process.wait(WAIT_S)
        assert process.stdin is not None
        process.stdin.close()


def _read(stream: IO[str] | None) -> queue.SimpleQueue[str]:
    """The lines of a stream as they come, then an empty one for ever."""
    assert stream is not None
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def read() -> None:
        with stream:
            for line in stream:
                lines.put(line)
        lines.put("")

    threading.Thread(target=read, daemon=True).start()
    return lines
