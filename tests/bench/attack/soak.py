"""Half an hour of questions, streams that are left, uploads, deletes, builds and activations: does memory grow, do descriptors?

``python tests/bench/attack/soak.py [--minutes 30] [--warm-up 5]``; the samples with the encoder that ships, one process.
The slope is that of a straight line through a sample every ten seconds after the warm-up, by least squares, with its 95 % band.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import math
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from serving import SAMPLES, Connection, Server, build, descriptors, multipart

EVERY_S = 10.0
QUESTIONS = (
    "¿Cuántas personas fueron rescatadas?",
    "Who led the operation?",
    "¿Cuándo abre la biblioteca?",
    "How do bees make honey?",
    "¿Quién escribió Cien años de soledad?",
)


class Soak:
    """What the clients do until ``end``, and how it was answered: ``answered`` by what was asked and status."""

    def __init__(self, port: int, end: float) -> None:
        self.answered: Counter[str] = Counter()
        self._port, self._end = port, end

    def start(self) -> list[threading.Thread]:
        """Begin with all of it, each in a thread of its own."""
        doing = (self._ask, self._leave_streams, self._write, self._look)
        threads = [threading.Thread(target=self._again, args=(one,)) for one in doing]
        for one in threads:
            one.start()
        return threads

    def _again(self, do: Callable[[Connection, int], None]) -> None:
        connection, n = Connection(self._port), 0
        while time.monotonic() < self._end:
            try:
                do(connection, n)
            except (OSError, http.client.HTTPException) as error:
                self.answered[f"{do.__name__} {type(error).__name__}"] += 1
            n += 1
            time.sleep(0.2)
        connection.close()

    def _note(self, what: str, status: int) -> None:
        self.answered[f"{what} {status}"] += 1

    def _ask(self, connection: Connection, n: int) -> None:
        path = ("/v1/ask", "/v1/search")[n % 2]
        status, _ = connection.post(path, {"query": QUESTIONS[n % len(QUESTIONS)]})
        self._note(path, status)

    def _leave_streams(self, _: Connection, n: int) -> None:
        one = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        body = json.dumps({"query": QUESTIONS[n % len(QUESTIONS)], "stream": True})
        one.request("POST", "/v1/ask", body, {"Content-Type": "application/json"})
        response = one.getresponse()
        if n % 2:
            response.read(1)
        one.close()
        self._note("stream left", response.status)
        time.sleep(1)

    def _write(self, connection: Connection, n: int) -> None:
        text = f"El acta {n} se firmó el año {1000 + n} en Cabo Raso.\n\n" * 20
        kind, body = multipart({f"acta-{n}.txt": text.encode()})
        one = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        one.request("POST", "/v1/documents?build=true", body, {"Content-Type": kind})
        response = one.getresponse()
        response.read()
        self._note("upload", response.status)
        if n >= 5:
            one.request("DELETE", f"/v1/documents/acta-{n - 5}.txt?build=true")
            response = one.getresponse()
            response.read()
            self._note("delete", response.status)
        one.close()
        if n % 10 == 9:
            # This one has stood idle for longer than the server keeps it
            connection.close()
            builds = json.loads(connection.get("/v1/index/builds")[1])["data"]
            other = next((b["id"] for b in builds if not b["active"]), None)
            if other:
                status, _ = connection.post(f"/v1/index/builds/{other}/activate", {})
                self._note("activate", status)
        time.sleep(3)

    def _look(self, connection: Connection, n: int) -> None:
        paths = ("/v1/documents", "/v1/index/jobs", "/v1/info", "/metrics", "/readyz", "/")
        path = paths[n % len(paths)]
        self._note(path, connection.get(path)[0])
        rating = {"request_id": f"r{n}", "rating": "up"}
        self._note("feedback", connection.post("/v1/feedback", rating)[0])
        time.sleep(1)


def slope(at_s: list[float], values: list[float]) -> tuple[float, float]:
    """Growth an hour by least squares, and half the width of its 95 % band."""
    n = len(values)
    mean_t, mean_v = sum(at_s) / n, sum(values) / n
    spread = sum((t - mean_t) ** 2 for t in at_s)
    a = sum((t - mean_t) * (v - mean_v) for t, v in zip(at_s, values, strict=True)) / spread
    left = sum((v - mean_v - a * (t - mean_t)) ** 2 for t, v in zip(at_s, values, strict=True))
    return a * 3600, 1.96 * math.sqrt(left / (n - 2) / spread) * 3600


def main() -> None:
    """Print what was answered, then a line for memory and for descriptors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--warm-up", type=float, default=5.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        data, log = Path(folder) / "data", Path(folder) / "log"
        build(data, str(SAMPLES))
        server = stack.enter_context(Server(data, log=stack.enter_context(log.open("wb"))))
        began = time.monotonic()
        soak = Soak(server.port, began + given.minutes * 60)
        threads = soak.start()
        samples: list[tuple[float, float, float]] = []
        while any(one.is_alive() for one in threads):
            time.sleep(EVERY_S)
            at = time.monotonic() - began
            samples.append((at, server.private_mib(), float(descriptors(server.pid))))
        print("; ".join(f"{what} {n}" for what, n in sorted(soak.answered.items())))
        print(f"tracebacks in the log: {log.read_bytes().count(b'Traceback')}")
        kept = [s for s in samples if s[0] > given.warm_up * 60]
        for name, at in (("memory of its own, MiB", 1), ("descriptors", 2)):
            values = [s[at] for s in kept]
            grown, band = slope([s[0] for s in kept], values)
            print(
                f"{name}: at first {samples[0][at]:.0f}, after the warm-up {values[0]:.0f}, at the end {values[-1]:.0f}, "
                f"from {min(values):.0f} to {max(values):.0f}; {grown:+.2f} ± {band:.2f} an hour",
                flush=True,
            )


if __name__ == "__main__":
    main()
