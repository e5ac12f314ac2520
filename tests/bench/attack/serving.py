"""A server to be attacked, in a process of its own: the whole service with the encoder of the tests, so that large documents are built in seconds.

``python tests/bench/attack/serving.py DATA PORT`` serves; the scripts beside it start it so.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "bench")]

from running import SAMPLES, Connection, Server, build, command, environment  # noqa: E402  (below the path)

__all__ = ["SAMPLES", "Connection", "Server", "build", "command", "environment"]


@contextlib.contextmanager
def serving(data: Path, log: IO[bytes] | None = None, **settings: str) -> Iterator[tuple[int, int]]:
    """Port and process id of a server on a data directory that is built; ``settings`` as in the environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {k: v for k, v in os.environ.items() if not k.startswith("FUENTE_")}
    server = subprocess.Popen(
        [sys.executable, __file__, str(data), str(port)],
        env={**environ, **settings},
        stderr=log or subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 120
        while answer_ms(port, timeout_s=2) is None:
            if time.monotonic() > deadline or server.poll() is not None:
                sys.exit("the server did not start")
            time.sleep(0.1)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(30)


def answer_ms(port: int, path: str = "/livez", timeout_s: float = 10) -> float | None:
    """How long a GET takes on a connection of its own, in ms; None when it is not answered with 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    began = time.perf_counter()
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return (time.perf_counter() - began) * 1000 if response.status == 200 else None


def memory_mb(pid: int, of: str = "VmRSS") -> float:
    """Resident memory of a process, now or at its highest (``VmHWM``)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{of}:"):
            return int(line.split()[1]) / 1024
    return 0.0


def descriptors(pid: int) -> int:
    """Open files, connections and pipes of a process."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def multipart(files: dict[str, bytes]) -> tuple[str, bytes]:
    """Content type and body of an upload of files by name."""
    edge = "limite-de-las-partes"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, content in files.items()
    ]
    return f"multipart/form-data; boundary={edge}", b"".join(parts) + f"--{edge}--\r\n".encode()


def quantile(values: list[float], share: float) -> float:
    """The value below which that share of them lies."""
    return (
        sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")
    )


def main() -> None:
    """Serve until terminated."""
    import uvicorn
    from hash_encoder import HashEncoder

    from api.app import create_app
    from api.server import _config, settle
    from api.settings import load_settings
    from index.local.build import build as build_index
    from qa.engine import Engine

    data = Path(sys.argv[1])
    settings = load_settings({**os.environ, "FUENTE_PORT": sys.argv[2]}, data)
    encoder = HashEncoder()
    build_index(data, encoder)
    app = create_app(settings, Engine(data, encoder))
    config = _config(settings, app)
    config.host, config.port = "127.0.0.1", settings.port
    settle()
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
