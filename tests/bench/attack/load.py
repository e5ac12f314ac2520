"""1, 16, 64 and 256 clients that ask without a pause: answers a second, refusals, and how long those that were accepted took.

``python tests/bench/attack/load.py [--data DIR] [--seconds 60]``; without DIR the samples are built with the encoder that ships.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path

from serving import SAMPLES, Server, build, quantile

QUESTIONS = (
    "¿Cuántas personas fueron rescatadas?",
    "Who led the operation?",
    "¿Cuándo abre la biblioteca?",
    "How do bees make honey?",
)


async def _client(port: int, end: float, took: list[float], refused: list[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    n = 0
    while time.monotonic() < end:
        body = json.dumps({"query": QUESTIONS[n % len(QUESTIONS)]}).encode()
        n += 1
        began = time.perf_counter()
        head = f"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        fields = dict(
            line.lower().split(b": ", 1) for line in answer.split(b"\r\n")[1:] if b": " in line
        )
        await reader.readexactly(int(fields[b"content-length"]))
        if time.monotonic() > end:
            break  # what comes later is not of these seconds
        if answer.startswith(b"HTTP/1.1 200"):
            took.append((time.perf_counter() - began) * 1000)
        else:
            refused.append(int(fields[b"retry-after"]))
    writer.close()


async def _round(port: int, clients: int, seconds: float) -> None:
    took: list[float] = []
    refused: list[int] = []
    end = time.monotonic() + seconds
    await asyncio.gather(*(_client(port, end, took, refused) for _ in range(clients)))
    wait = f"{min(refused)}-{max(refused)}" if refused else "-"
    print(
        f"{clients:7} {len(took) / seconds:10.1f} {len(refused) / seconds:11.1f} {wait:>12} "
        f"{quantile(took, 0.5):8.0f} {quantile(took, 0.99):8.0f}",
        flush=True,
    )


def main() -> None:
    """Print a table, a line for each number of clients."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = given.data or Path(folder)
        if given.data is None:
            build(data, str(SAMPLES))
        with Server(data) as server:
            print("clients  answers/s  refusals/s  Retry-After   p50 ms   p99 ms")
            for clients in (1, 16, 64, 256):
                asyncio.run(_round(server.port, clients, given.seconds))


if __name__ == "__main__":
    main()
