"""Builds, activations and rollbacks while 16 clients ask: is every request answered, and wholly from one build?

A data directory holds documents in Spanish and English in which every sentence names the version of the text. Each turn
writes the next version of all documents, builds it with ``fuente build``, then activates the build before it (over HTTP) and
the new one again (``fuente builds activate``), each after the server has taken the change before. Meanwhile clients ask,
search, stream answers and read places, on connections that they keep. Every request must be answered with 200; the build
in X-Build-Id and in the body must be the same; and all text in the response – answer, citations, passages, the words
around a place – must be, character for character, text of the version that this build was made of, at the place it names.
"""

from __future__ import annotations

import argparse
import collections
import http.client
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from running import Connection, Server, build, command, environment, percentile, say

N_DOCUMENTS = 12
_TAKEN_S = 60.0
_THINGS = {
    "es": ["el faro", "la imprenta", "el molino", "la cigüeña", "el archivo", "la montaña"],
    "en": ["the lighthouse", "the mill", "the bridge", "the market", "the archive", "the tower"],
}
_SAYS = {
    "es": "En la versión {v}, {thing} de la plaza {n} abre a las {h} y lo cuida doña Inés Muñoz {v}-{n}.",
    "en": "In version {v}, {thing} of square {n} opens at {h} and is kept by Agnes Whitmore {v}-{n}.",
}
_ASKS = {
    "es": "¿A qué hora abre {thing} de la plaza {n}?",
    "en": "When does {thing} of square {n} open?",
}
_VERSION = re.compile(r"(?:versión|version) (\d+)")


def name_of(n: int) -> str:
    """The id of the ``n``-th document."""
    return f"{'año' if n % 2 else 'year'}-{n}.txt"


def text_of(n: int, version: int) -> str:
    """The ``n``-th document in a version; a line is a paragraph, so nothing of it changes when it is parsed."""
    lang = "es" if n % 2 else "en"
    lines = [
        _SAYS[lang].format(v=version, thing=thing, n=n, h=6 + (version + n + at) % 12)
        for at, thing in enumerate(_THINGS[lang])
    ]
    return "\n\n".join(lines)


class Client(threading.Thread):
    """Asks one thing after another until it is stopped, and keeps what is to be judged when all versions are known."""

    def __init__(self, port: int, seed: int):
        super().__init__(name=f"client-{seed}", daemon=True)
        self._port = port
        self._rng = random.Random(seed)
        self._ending = threading.Event()
        self.failures: list[str] = []
        self.seconds: list[float] = []
        self.kinds: collections.Counter[str] = collections.Counter()
        # Build, and what it said: document, start, end, words
        self.quoted: set[tuple[str, str, int, int, str]] = set()
        self.told: set[tuple[str, str]] = set()

    def run(self) -> None:
        connection = Connection(self._port, timeout_s=120)
        while not self._ending.is_set():
            kind = self._rng.choice(["ask", "ask", "search", "stream", "text"])
            began = time.perf_counter()
            try:
                problem = getattr(self, f"_{kind}")(connection)
            except (OSError, ValueError, KeyError, http.client.HTTPException) as error:
                problem = f"{type(error).__name__}: {error}"
            self.seconds.append(time.perf_counter() - began)
            self.kinds[kind] += 1
            if problem:
                self.failures.append(f"{kind}: {problem}")
        connection.close()

    def stop(self) -> None:
        """End after the request under way."""
        self._ending.set()

    def _question(self) -> str:
        n = self._rng.randrange(N_DOCUMENTS)
        lang = "es" if n % 2 else "en"
        return _ASKS[lang].format(thing=self._rng.choice(_THINGS[lang]), n=n)

    def _ask(self, connection: Connection) -> str:
        status, body, headers = connection.whole("POST", "/v1/ask", {"query": self._question()})
        return self._judge(status, body, headers.get("X-Build-Id"), [])

    def _search(self, connection: Connection) -> str:
        given = {"query": self._question(), "limit": 20}
        status, body, headers = connection.whole("POST", "/v1/search", given)
        return self._judge(status, body, headers.get("X-Build-Id"), [])

    def _stream(self, connection: Connection) -> str:
        given = {"query": self._question(), "stream": True}
        status, body, headers = connection.whole("POST", "/v1/ask", given)
        if status != 200:
            return f"{status} {body.decode()[:300]}"
        events = [
            (re.search(r"^event: (.*)$", block, re.M), re.search(r"^data: (.*)$", block, re.M))
            for block in body.decode().split("\n\n")
        ]
        named = {name[1]: json.loads(data[1]) for name, data in events if name and data}
        if "final_answer" not in named:
            return f"a stream without an end: {body.decode()[-300:]}"
        builds = [named[name]["build_id"] for name in ("search_results", "final_answer")]
        return self._judge(
            200, json.dumps(named["final_answer"]).encode(), headers.get("X-Build-Id"), builds
        )

    def _text(self, connection: Connection) -> str:
        n = self._rng.randrange(N_DOCUMENTS)
        path = f"/v1/documents/{quote(name_of(n))}/text?start=10&end=40&context=100000"
        status, body, headers = connection.whole("GET", path, None)
        return self._judge(status, body, headers.get("X-Build-Id"), [])

    def _judge(self, status: int, body: bytes, header: str | None, builds: list[str]) -> str:
        """What is wrong at first sight; what must be compared with a version is kept for later."""
        if status != 200:
            return f"{status} {body.decode()[:300]}"
        told = json.loads(body)
        build_id = told["build_id"]
        if {build_id, header, *builds} != {build_id}:
            return f"build {build_id} in the body, {header} in the header, {builds} in the events"
        for doc_id, start, end, words in places(told):
            self.quoted.add((build_id, doc_id, start, end, words))
        self.told.add((build_id, " ".join(sorted(set(_VERSION.findall(body.decode()))))))
        return ""


def places(told: dict[str, Any]) -> Iterator[tuple[str, int, int, str]]:
    """Every stretch of a document in a response: id, start, end, words."""
    for citation in told.get("citations", ()):
        at = citation["location"]
        yield at["document_id"], at["start_char_index"], at["end_char_index"], at["cited_text"]
    for passage in (*told.get("passages", ()), *told.get("data", ())):
        at = passage["location"]
        yield passage["document_id"], at["start_char_index"], at["end_char_index"], passage["text"]
    if told["object"] == "document.text":
        words = told["before"] + told["quote"] + told["after"]
        start = told["start"] - len(told["before"])
        yield told["document_id"], start, start + len(words), words


def wrong_places(clients: list[Client], versions: dict[str, int]) -> list[str]:
    """Words that are not those of the build's version, and builds that nobody made."""
    found = []
    for build_id, doc_id, start, end, words in set().union(*(c.quoted for c in clients)):
        version = versions.get(build_id)
        if version is None:
            found.append(f"{build_id} answered and was never built")
            continue
        n = int(re.findall(r"\d+", doc_id)[0])
        if text_of(n, version)[start:end] != words:
            found.append(
                f"{build_id} (version {version}): {doc_id} [{start}, {end}) is not {words!r}"
            )
    for build_id, named in set().union(*(c.told for c in clients)):
        if named not in ("", str(versions.get(build_id))):
            found.append(f"{build_id} (version {versions.get(build_id)}) names version {named}")
    return found


def write(documents: Path, version: int) -> None:
    """That version of all documents."""
    documents.mkdir(parents=True, exist_ok=True)
    for n in range(N_DOCUMENTS):
        (documents / name_of(n)).write_text(text_of(n, version), "utf-8")


def wait_until_taken(server: Server, build_id: str, n_workers: int) -> str:
    """Wait until every worker serves that build; what is wrong when it does not come to that."""
    ended = time.monotonic() + _TAKEN_S
    in_a_row = 0
    while time.monotonic() < ended:
        # Each on a connection of its own, which any of the workers may take
        connection = Connection(server.port)
        _, body = connection.get("/readyz")
        connection.close()
        in_a_row = in_a_row + 1 if json.loads(body).get("build_id") == build_id else 0
        if in_a_row >= (1 if n_workers == 1 else 8 * n_workers):
            return ""
        time.sleep(0.02)
    return f"{build_id} was not taken within {_TAKEN_S:.0f} s"


def measure(n_clients: int, n_builds: int, n_workers: int) -> list[str]:
    """What went wrong."""
    problems: list[str] = []
    versions: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        write(data / "documents", 0)
        previous = build(data)["build_id"]
        versions[previous] = 0
        with Server(data, workers=n_workers) as server:
            clients = [Client(server.port, seed) for seed in range(n_clients)]
            began = time.monotonic()
            for client in clients:
                client.start()
            for version in range(1, n_builds + 1):
                write(data / "documents", version)
                report = build(data)
                latest = report["build_id"]
                versions[latest] = version
                problems.append(wait_until_taken(server, latest, n_workers))
                connection = Connection(server.port, timeout_s=120)
                status, body = connection.post(f"/v1/index/builds/{previous}/activate", {})
                connection.close()
                if status != 200:
                    problems.append(f"rollback: {status} {body.decode()[:300]}")
                problems.append(wait_until_taken(server, previous, n_workers))
                subprocess.run(
                    command("builds", "activate", latest, "--data", str(data)),
                    env=environment(),
                    stdout=subprocess.DEVNULL,
                    check=True,
                )
                problems.append(wait_until_taken(server, latest, n_workers))
                previous = latest
                n_failed = sum(len(c.failures) for c in clients)
                say(
                    f"{version}/{n_builds} built, rolled back and activated; {n_failed} requests failed"
                )
            for client in clients:
                client.stop()
            for client in clients:
                client.join(150)
            elapsed = time.monotonic() - began
    failures = [failure for client in clients for failure in client.failures]
    problems += [f"request: {failure}" for failure in failures]
    problems += wrong_places(clients, versions)
    seconds = [s for client in clients for s in client.seconds]
    kinds = sum((client.kinds for client in clients), collections.Counter())
    n_quoted = len(set().union(*(client.quoted for client in clients)))
    print(
        f"{n_workers} worker{'s' if n_workers > 1 else ''}: {n_builds} rebuilds, {n_builds} rollbacks, "
        f"{n_builds} activations in {elapsed:.0f} s"
    )
    print(
        f"  {len(seconds)} requests of {n_clients} clients ({', '.join(f'{v} {k}' for k, v in sorted(kinds.items()))}), "
        f"{len(failures)} failed; {n_quoted} different quotes and passages compared"
    )
    print(
        f"  p50 {1000 * percentile(seconds, 0.5):.0f} ms, p99 {1000 * percentile(seconds, 0.99):.0f} ms"
    )
    return [problem for problem in problems if problem]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--builds", type=int, default=30)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    arguments = parser.parse_args()
    problems = [
        f"{n} workers: {problem}"
        for n in arguments.workers
        for problem in measure(arguments.clients, arguments.builds, n)
    ]
    for problem in problems[:40]:
        print(f"FAILED {problem}")
    print("no failure" if not problems else f"{len(problems)} failures")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
