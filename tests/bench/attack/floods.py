"""Floods of connections and heads: the server answers others within 5 s, and its memory stays.

``python tests/bench/attack/floods.py [--connections 1500]``
"""

from __future__ import annotations

import argparse
import contextlib
import resource
import socket
import tempfile
import time
from pathlib import Path

from serving import answer_ms, memory_mb, serving

FLOODS = {
    "connections that send nothing": b"",
    "heads that do not end": b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ",
    "heads of 1 MB": b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 1_000_000,
    "bodies that do not come": b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 200000\r\n\r\n{",
    "responses that are not read": b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 50,
}


def main() -> None:
    """Print a table: how soon /livez answers while a flood stands and after it, and the server's memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=1500)
    n = parser.parse_args().connections
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "documents").mkdir()
        (Path(folder) / "documents" / "a.txt").write_text("El ñandú vive en la pampa.", "utf-8")
        with serving(Path(folder)) as (port, pid):
            print(f"{'flood':34} {'opened':>7} {'during s':>9} {'after s':>8} {'MB':>6}")
            print(f"{'(none)':34} {0:7} {0:9} {0:8} {memory_mb(pid):6.0f}")
            for name, sent in FLOODS.items():
                with contextlib.ExitStack() as stack:
                    opened = sum(_open(port, sent, stack) for _ in range(n))
                    during = _until_answered(port)
                after = _until_answered(port)
                print(f"{name:34} {opened:7} {during:9.2f} {after:8.2f} {memory_mb(pid):6.0f}")


def _open(port: int, sent: bytes, stack: contextlib.ExitStack) -> bool:
    with contextlib.suppress(OSError):
        one = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
        one.setblocking(False)
        one.send(sent)
        return True
    return False


def _until_answered(port: int) -> float:
    began = time.monotonic()
    while answer_ms(port, timeout_s=5) is None and time.monotonic() - began < 60:
        time.sleep(0.05)
    return time.monotonic() - began


if __name__ == "__main__":
    main()
