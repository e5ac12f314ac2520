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
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data = tmp_path_factory.mktemp("clients") / "data"
    shutil.copytree(ROOT / "corpus" / "samples", data / "documents")
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("FUENTE", "PYTHONPATH"))}
    hashed = hashlib.sha256(KEY.encode()).hexdigest()
    environ |= {"FUENTE_KEYS": f"search:{hashed}", "FUENTE_LANGUAGE": "en"}
    subprocess.run([FUENTE, "build", "--data", data], env=environ, check=True, timeout=300)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [FUENTE, "serve", "--data", str(data), "--port", str(port)]
    with (data / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"{url}/readyz", timeout=2):
                    break
            except OSError:
                assert server.poll() is None, (data / "server.log").read_text()
                assert time.monotonic() < deadline, "the service did not get ready"
                time.sleep(0.1)
        yield Service(url, KEY, data)
    finally:
        server.terminate()
        server.wait(20)
