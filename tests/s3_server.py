"""A real server that speaks S3, of the package moto, that tests may ask, kill and start again."""

from __future__ import annotations

import importlib.util
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from ports import free_port

needs_s3 = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("s3fs", "moto", "flask_cors")),
    reason="s3fs and moto are not installed: make cluster-test",
)

_START_S = 120
KEYS = {
    "AWS_ACCESS_KEY_ID": "ana",
    "AWS_SECRET_ACCESS_KEY": "secret-of-ana",
    "AWS_DEFAULT_REGION": "us-east-1",
}


class S3Server:
    """A server of its own, which forgets all when it ends; ``checks_keys``: one that knows of no keys, and lets nobody in without."""

    def __init__(self, *, checks_keys: bool = False) -> None:
        port = free_port()
        self.endpoint = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            env={**os.environ, **({"INITIAL_NO_AUTH_ACTION_COUNT": "0"} if checks_keys else {})},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ends = time.monotonic() + _START_S
        while True:
            try:
                with urllib.request.urlopen(f"{self.endpoint}/moto-api/", timeout=5):
                    return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > ends:
                    self.close()
                    raise
                time.sleep(0.1)

    @property
    def environ(self) -> dict[str, str]:
        """What a host has in its environment that asks it."""
        return {**KEYS, "AWS_ENDPOINT_URL": self.endpoint}

    def bucket(self) -> str:
        """A new one, as a URL."""
        name = f"fuente-{secrets.token_hex(4)}"
        made = urllib.request.Request(f"{self.endpoint}/{name}", method="PUT")
        with urllib.request.urlopen(made, timeout=30):
            return f"s3://{name}"

    def close(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.wait()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """A server for all tests, each of which has a bucket of its own."""
    if needs_s3.args[0]:
        pytest.skip(needs_s3.kwargs["reason"])
    server = S3Server()
    yield server
    server.close()


@pytest.fixture
def s3(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """The server, which this process asks."""
    for name, value in s3_server.environ.items():
        monkeypatch.setenv(name, value)
    return s3_server
