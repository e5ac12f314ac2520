"""Two workers under questions: one is killed, and SIGTERM comes in the middle of everything. What is lost?

``python tests/bench/attack/kills.py [--kills 10]``; the samples with the encoder that ships.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from serving import SAMPLES, Connection, Server, build, multipart, quantile

T = TypeVar("T")
QUESTION: dict[str, object] = {"query": "¿Cuántas personas fueron rescatadas?"}


def main() -> None:
    """Print a line for the kills and one for each process count that SIGTERM ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    kills = parser.parse_args().kills
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        build(data, str(SAMPLES))
        with Server(data, workers=2) as server:
            _kill(server, kills)
        for workers in (1, 2):
            with Server(data, workers=workers) as server:
                _terminate(server, workers)


def _workers(server: Server) -> set[int]:
    """The processes that serve: those that hold the socket, not the parent and not its helpers."""
    listed = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    found = set()
    for pid in listed:
        with contextlib.suppress(OSError):
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.add(int(pid))
    return found


def _kill(server: Server, kills: int) -> None:
    took: list[float] = []
    lost: Counter[str] = Counter()
    n_answered = 0
    for _ in range(kills):
        before = _until(lambda: w if len(w := _workers(server)) == 2 else None)
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        began = time.monotonic()
        while Path(f"/proc/{victim}/fd").exists() and time.monotonic() - began < 5:
            time.sleep(0.005)  # what it had accepted goes with it
            if Path(f"/proc/{victim}/stat").read_text().split()[2] == "Z":
                break
        replaced = threading.Event()

        def ask() -> None:
            nonlocal n_answered
            while not replaced.is_set():  # noqa: B023
                connection = Connection(server.port)
                try:
                    status, _ = connection.post("/v1/ask", QUESTION)
                    n_answered += 1
                    if status not in (200, 503):
                        lost[str(status)] += 1
                except (OSError, http.client.HTTPException) as error:
                    lost[type(error).__name__] += 1
                connection.close()

        askers = [threading.Thread(target=ask) for _ in range(2)]
        for one in askers:
            one.start()
        _until(lambda: len(_workers(server) - {victim}) == 2)  # noqa: B023
        took.append(time.monotonic() - began)
        replaced.set()
        for one in askers:
            one.join()
    print(
        f"{kills} workers killed: replaced after {quantile(took, 0.5):.1f} s at the median, {max(took):.1f} s at most; "
        f"{n_answered} questions asked meanwhile, lost {dict(lost) or 0}",
        flush=True,
    )


def _terminate(server: Server, workers: int) -> None:
    outcomes: Counter[str] = Counter()
    sent = threading.Barrier(17)

    def do(number: int) -> None:
        one = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        json_ = {"Content-Type": "application/json"}
        if number % 4 == 3:
            kind, body = multipart({f"n{number}.txt": b"Texto. " * 100_000})
            path, headers = "/v1/documents?build=true", {"Content-Type": kind}
        else:
            stream = b', "stream": true' if number % 4 == 2 else b""
            path, headers = "/v1/ask", json_
            body = b'{"query": "Who led the operation?"' + stream + b"}"
        one.request("POST", path, body, headers)
        sent.wait()
        try:
            response = one.getresponse()
            whole = response.read()
            ended = (
                b"event: final_answer" in whole
                or b"event: error" in whole
                or not stream_of(response)
            )
            outcomes[f"{response.status}{'' if ended else ' cut off'}"] += 1
        except (OSError, http.client.HTTPException) as error:
            outcomes[type(error).__name__] += 1
        one.close()

    def stream_of(response: http.client.HTTPResponse) -> bool:
        return (response.getheader("content-type") or "").startswith("text/event-stream")

    threads = [threading.Thread(target=do, args=(n,)) for n in range(16)]
    for one in threads:
        one.start()
    sent.wait()
    time.sleep(0.05)
    began = time.monotonic()
    os.kill(server.pid, signal.SIGTERM)
    for one in threads:
        one.join()
    while server.alive() and time.monotonic() - began < 60:
        time.sleep(0.02)
    print(
        f"SIGTERM to {workers} worker{'s' * (workers > 1)} with 16 requests sent: {dict(sorted(outcomes.items()))}, "
        f"ended {'after ' + format(time.monotonic() - began, '.1f') + ' s' if not server.alive() else 'never'}",
        flush=True,
    )


def _until(what: Callable[[], T | None]) -> T:
    """What ``what()`` gives as soon as it is true; it is waited for a minute."""
    end = time.monotonic() + 60
    while not (found := what()):
        if time.monotonic() > end:
            raise TimeoutError("the workers were not there within a minute")
        time.sleep(0.02)
    return found


if __name__ == "__main__":
    main()
