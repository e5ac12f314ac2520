"""A real service for other people's clients, which are in an environment of their own (`make clients`).

The service is that of the checkout, `FUENTE` names its command; nothing of its packages is needed here.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
FUENTE = os.environ.get("FUENTE", str(ROOT / ".venv" / "bin" / "fuente"))
KEY = "a key of the tests"
PDF = "operacion-chavin-de-huantar.pdf"


class Service(NamedTuple):
    url: str
    key: str
    data: Path

    def opened(self, link: str) -> str:
        """The words that the link of a citation opens."""
        base, _, place = link.partition("#char=")
        start, end = place.split(",")
        doc = base.partition("/d/")[2]
        assert base == f"{self.url}/d/{doc}", link
        address = f"{self.url}/v1/documents/{doc}/text?start={start}&end={end}&context=0"
        asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {self.key}"})
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return str(json.load(answer)["quote"])


class Question(NamedTuple):
    """A question, the document that answers it (None: nobody does), and words of the quote."""

    text: str
    document: str | None
    words: str


QUESTIONS = {
    "Spanish": Question("¿Desde dónde se excavaron los túneles?", PDF, "casas vecinas"),
    "English": Question("How long does a summer bee live?", "honey-bee.txt", "weeks"),
    "across": Question("Where were the tunnels dug from?", PDF, "casas vecinas"),
    "off topic": Question("Who won the football World Cup of 2022?", None, ""),
}


@pytest.fixture(params=QUESTIONS)
def question(request: pytest.FixtureRequest) -> Question:
    return QUESTIONS[request.param]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the samples in it, built."""
    data = tmp_path_factory.mktemp("clients") / "data"
    shutil.copytree(ROOT / "corpus" / "samples", data / "documents")
    subprocess.run([FUENTE, "build", "--data", data], env=environment(), check=True, timeout=300)
    return data


@pytest.fixture(scope="session")
def service(built: Path) -> Iterator[Service]:
    with serving(built) as service:
        yield service


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[Service]:
    """The service over a data directory, with a key that may search."""
    hashed = hashlib.sha256(KEY.encode()).hexdigest()
    given = {"FUENTE_KEYS": f"search:{hashed}", "FUENTE_LANGUAGE": "en", **settings}
    port = free_port()
    command = [FUENTE, "serve", "--data", str(data), "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    with running(command, environment(**given), f"{url}/readyz", data / "server.log"):
        yield Service(url, KEY, data)


def environment(**given: str) -> dict[str, str]:
    """The environment without settings of ours, but for those given."""
    ours = ("FUENTE", "PYTHONPATH")
    return {k: v for k, v in os.environ.items() if not k.startswith(ours)} | given


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: list[str], environ: dict[str, str], ready: str, log: Path, patience_s: float = 60
) -> Iterator[None]:
    """A server in a process of its own, from when the address ``ready`` answers; what it says is in ``log``."""
    with log.open("wb") as said:
        server = subprocess.Popen(command, env=environ, stdout=said, stderr=said)
    try:
        deadline = time.monotonic() + patience_s
        while True:
            try:
                with urllib.request.urlopen(ready, timeout=2):
                    break
            except OSError:
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < deadline, f"no answer came from {ready}"
                time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(20)
