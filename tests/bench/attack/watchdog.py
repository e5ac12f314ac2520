"""Hostile requests on a document of 5 MB, and how long /livez takes meanwhile: one request must not stop the others.

``python tests/bench/attack/watchdog.py [--seconds 20]``
"""

from __future__ import annotations

import argparse
import http.client
import json
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote

from serving import answer_ms, quantile, serving

RUN = "x" * 400
HOSTILE = {
    "find, a run of one letter": f"/v1/documents/largo.txt/find?q={'x' * 199}y&limit=10000",
    "find, one letter": "/v1/documents/largo.txt/find?q=x&limit=10000",
    "window, the widest with every letter": "/v1/documents/largo.txt/window?at=2500000&before=200000&after=200000&find=x&"
    + "&".join(f"mark={n * 1000}-{n * 1000 + 900}" for n in range(200)),
    "window, headings": "/v1/documents/titulos.md/window?at=100000&before=200000&after=200000",
    "text, a million on each side": "/v1/documents/largo.txt/text?start=2000000&end=3000000&context=1000000",
    "listing": "/v1/documents?limit=1000&q=" + quote("documento que no está"),
    "explain": "",
}


def main() -> None:
    """Print a table: requests, their mean time, and the slowest answer of /livez meanwhile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder:
        documents = Path(folder) / "documents"
        documents.mkdir()
        (documents / "largo.txt").write_text("\n\n".join([RUN] * 12_500))
        (documents / "titulos.md").write_text("# a\n\nñ\n\n" * 20_000, "utf-8")
        for n in range(500):
            (documents / f"documento-{n}.txt").write_text(f"El acta {n} es de {1500 + n}.")
        with serving(Path(folder)) as (port, _):
            idle = [answer_ms(port) or 10_000 for _ in range(50)]
            print(f"{'request':40} {'requests':>8} {'mean ms':>8} {'livez p99':>10} {'max ms':>8}")
            print(f"{'(none)':40} {0:8} {0:8} {quantile(idle, 0.99):10.1f} {max(idle):8.1f}")
            for name, path in HOSTILE.items():
                _one(port, name, path, seconds / len(HOSTILE))


def _one(port: int, name: str, path: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    times: list[float] = []

    def attack() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < end:
            began = time.perf_counter()
            if path:
                connection.request("GET", path)
            else:
                body = json.dumps({"query": "acta de 1900 " * 80, "limit": 50, "explain": True})
                connection.request("POST", "/v1/ask", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            response.read()
            assert response.status in (200, 503), (path[:80], response.status)
            times.append((time.perf_counter() - began) * 1000)
        connection.close()

    attackers = [threading.Thread(target=attack) for _ in range(4)]
    for one in attackers:
        one.start()
    lives = []
    while time.monotonic() < end:
        lives.append(answer_ms(port, timeout_s=30) or 30_000.0)
        time.sleep(0.02)
    for one in attackers:
        one.join()
    mean = sum(times) / len(times)
    print(f"{name:40} {len(times):8} {mean:8.1f} {quantile(lives, 0.99):10.1f} {max(lives):8.1f}")


if __name__ == "__main__":
    main()
