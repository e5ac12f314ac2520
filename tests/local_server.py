"""The service in this process behind a real socket, with the encoder for tests: built in a moment, changed at will."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from hash_encoder import HashEncoder

from api.app import create_app
from api.settings import load_settings
from index.encoder import Encoder
from index.local.build import build
from qa.engine import Engine


def write_documents(data: Path, documents: Mapping[str, str | bytes]) -> None:
    """Puts files below ``data``/documents; a text is written as UTF-8."""
    for name, content in documents.items():
        path = data / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


@contextlib.contextmanager
def local_server(
    data: Path,
    *,
    encoder: Encoder | None = None,
    make: Any = None,
    environ: Mapping[str, str] | None = None,
    prebuilt: bool = False,
) -> Iterator[str]:
    """``http://127.0.0.1:PORT`` of a service over ``data``, built first unless it is ``prebuilt``. ``make`` replaces
    later builds."""
    encoder = encoder or HashEncoder()
    if not prebuilt:
        build(data, encoder)
    engine = Engine(data, encoder)
    settings = load_settings({"FUENTE_RELOAD_S": "0", **(environ or {})}, data)
    app = create_app(settings, engine, make or partial(build, data, encoder))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            # The socket takes connections from the start; the first answer waits for the service.
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=20)
            engine.close()


def wait_for(client: Any, job: dict[str, Any], status: str = "succeeded") -> dict[str, Any]:
    """A job of a build, asked for until it has ended; it has to end with that status, within half a minute."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        body: dict[str, Any] = client.get(job["url"]).json()
        if body["status"] not in ("queued", "running"):
            assert body["status"] == status, body
            return body
        time.sleep(0.02)
    raise AssertionError(f"the job did not end: {body}")
