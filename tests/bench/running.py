"""What the measurements share: the ``fuente`` command, a server in a process of its own, percentiles."""

from __future__ import annotations

import http.client
import json
import math
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "corpus" / "samples"
DATA = ROOT / "tests" / "data"
sys.path.insert(0, str(ROOT))


def command(*arguments: str) -> list[str]:
    """The command line that runs ``fuente`` of this Python; through ``-m`` where it is not installed."""
    script = Path(sys.executable).with_name("fuente")
    start = [str(script)] if script.is_file() else [sys.executable, "-m", "api.cli"]
    return [*start, *arguments]


def environment(**given: str) -> dict[str, str]:
    """The environment for ``fuente``: ours without its FUENTE_ settings, but for the encoder."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("FUENTE_")}
    if "FUENTE_ENCODER" in os.environ:
        kept["FUENTE_ENCODER"] = os.environ["FUENTE_ENCODER"]
    path = [str(ROOT), *filter(None, [kept.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(path), **given}


def build(data: Path, *arguments: str) -> dict[str, Any]:
    """Run ``fuente build`` to its end and give its report; SystemExit with its message when it fails."""
    run = subprocess.run(
        command("build", "--json", "--data", str(data), *arguments),
        env=environment(),
        capture_output=True,
        text=True,
    )
    if run.returncode:
        sys.exit(f"fuente build ended with {run.returncode}: {run.stderr.strip()}")
    report: dict[str, Any] = json.loads(run.stdout)
    return report


def say(text: str) -> None:
    """A line of progress, on stderr."""
    print(text, file=sys.stderr, flush=True)


class Connection:
    """One kept-alive HTTP connection to the server."""

    def __init__(self, port: int, timeout_s: float = 60.0):
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        return self._request("GET", path, None)

    def post(self, path: str, body: Mapping[str, object]) -> tuple[int, bytes]:
        """Status and body of a POST of JSON."""
        return self._request("POST", path, json.dumps(body, ensure_ascii=False).encode())

    def whole(
        self, method: str, path: str, body: Mapping[str, object] | None
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """Status, body and headers."""
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        return self._exchange(method, path, content)

    def _request(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        status, content, _ = self._exchange(method, path, body)
        return status, content

    def _exchange(
        self, method: str, path: str, body: bytes | None
    ) -> tuple[int, bytes, Mapping[str, str]]:
        headers = {"Content-Type": "application/json"} if body else {}
        try:
            self._http.request(method, path, body, headers)
            response = self._http.getresponse()
            return response.status, response.read(), response.headers
        except (OSError, http.client.HTTPException):
            # A broken connection must not be taken for the next one
            self._http.close()
            raise

    def close(self) -> None:
        """Hang up."""
        self._http.close()


class Server:
    """``fuente serve`` on a free port; ``with Server(data) as server`` waits until it is ready.

    ``settings`` are variables of its environment. ``start_s`` is the time from the start of the process to the first 200 of /readyz. What the
    server writes goes to ``log``, and is thrown away without one.
    """

    def __init__(
        self,
        data: Path,
        *,
        workers: int = 1,
        settings: Mapping[str, str] | None = None,
        log: IO[bytes] | None = None,
        timeout_s: float = 120.0,
    ):
        self._data = data
        self._settings = settings or {}
        self._workers = workers
        self._log = log
        self._timeout_s = timeout_s
        self.port = 0
        self.start_s = 0.0

    def __enter__(self) -> Server:
        self.port = _free_port()
        began = time.perf_counter()
        self._process = subprocess.Popen(
            command(
                *("serve", "--data", str(self._data)),
                *("--port", str(self.port), "--workers", str(self._workers)),
            ),
            env=environment(**self._settings),
            stdout=subprocess.DEVNULL,
            stderr=self._log or subprocess.DEVNULL,
        )
        try:
            self._wait(began)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def _wait(self, began: float) -> None:
        last = "no answer"
        while True:
            if self._process.poll() is not None:
                sys.exit(f"fuente serve ended with {self._process.returncode} before it was ready")
            if time.perf_counter() - began > self._timeout_s:
                sys.exit(f"fuente serve was not ready within {self._timeout_s:.0f} s: {last}")
            try:
                connection = Connection(self.port, timeout_s=5.0)
                status, body = connection.get("/readyz")
                connection.close()
                if status == 200:
                    self.start_s = time.perf_counter() - began
                    return
                last = f"{status} {body.decode()}"
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.005)

    def _stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    @property
    def pid(self) -> int:
        """The process id of the server; of several workers that of their parent."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def memory_mib(self) -> tuple[float, float]:
        """Resident memory now and at its highest, MiB; NaN where the system has no /proc.

        Of several workers the sum: a page that two of them have mapped counts twice.
        """
        own = self._process.pid
        try:
            workers = Path(f"/proc/{own}/task/{own}/children").read_text().split()
            found = [_memory_mib(Path(f"/proc/{pid}/status")) for pid in (own, *workers)]
        except OSError:
            return float("nan"), float("nan")
        return sum(now for now, _ in found), sum(most for _, most in found)

    def private_mib(self) -> float:
        """Memory that is this process's own, MiB: what it has written to. Mapped files, read only, are not in it."""
        rollup = Path(f"/proc/{self._process.pid}/smaps_rollup").read_text()
        fields = dict(line.split(":", 1) for line in rollup.splitlines()[1:])
        return int(fields["Private_Dirty"].split()[0]) / 1024


def _memory_mib(status: Path) -> tuple[float, float]:
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    now, most = (int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    return now, most


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` (0..1) of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    # Rounded first: 0.07 * 100 is a little more than 7
    return ordered[max(0, math.ceil(round(share * len(ordered), 9)) - 1)]
