"""Running the service: one listening socket, then uvicorn."""

from __future__ import annotations

import errno
import gc
import socket
import sys
from typing import TYPE_CHECKING

from api.settings import Settings, check_bind
from corpus.document import SettingsError

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI


def serve(settings: Settings, workers: int = 1) -> int:
    """Serve until interrupted; gives the exit status.

    The port is taken before anything is loaded, so that a port in use is one line and not a stack trace.

    :raises SettingsError: when the address cannot be listened on.
    """
    check_bind(settings)
    listener = _listen(settings.host, settings.port)
    if workers > 1:
        return _serve_many(settings, listener, workers)
    import uvicorn

    from api.app import create_app

    app = create_app(settings)
    _keep_what_is_loaded()
    _say_ready(settings)
    server = uvicorn.Server(_config(app))
    server.run(sockets=[listener])
    return 0


def _keep_what_is_loaded() -> None:
    """Take all that lives now out of the garbage collector's sight.

    It stays as long as the process; to look through it every now and then would stop all questions for 130 ms.
    """
    gc.collect()
    gc.freeze()


def _config(app: FastAPI) -> uvicorn.Config:
    import uvicorn

    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
    except OSError as error:
        listener.close()
        what = (
            "is in use" if error.errno == errno.EADDRINUSE else f"cannot be taken: {error.strerror}"
        )
        raise SettingsError(
            f"port {port} on {host} {what}; stop what uses it, or choose another with --port or FUENTE_PORT"
        ) from error
    listener.listen(128)
    return listener


def _say_ready(settings: Settings) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    sys.stderr.write(f"fuente: http://{host}:{settings.port}\n")
    sys.stderr.flush()


def _serve_many(settings: Settings, listener: socket.socket, workers: int) -> int:
    """One process per worker on the same socket; each holds its own model."""
    import os
    import signal

    children = []
    for _ in range(workers):
        child = os.fork()
        if child == 0:
            import uvicorn

            from api.app import create_app

            app = create_app(settings)
            _keep_what_is_loaded()
            server = uvicorn.Server(_config(app))
            server.run(sockets=[listener])
            os._exit(0)
        children.append(child)
    _say_ready(settings)

    def pass_on(number: int, _: object) -> None:
        for child in children:
            os.kill(child, number)

    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGINT, pass_on)
    statuses = [os.waitpid(child, 0)[1] for child in children]
    return 0 if all(status == 0 for status in statuses) else 1
