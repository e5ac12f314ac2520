"""Running the service: one listening socket, then uvicorn, with several workers under its supervisor."""

from __future__ import annotations

import asyncio
import ctypes
import errno
import gc
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
from contextlib import closing
from dataclasses import replace
from functools import partial
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from api.log import configure_logging
from api.messages import say, told
from api.settings import Key, Settings, check_bind, is_loopback, share_metrics, terminal_language
from corpus.document import FuenteError, SettingsError

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

# Seconds that a thread keeps the interpreter while others want it: a fifth of what is usual, since what is short (/livez) needs it
# some ten times and waits for each thread that computes every time.
_SWITCH_S = 0.001
# malloc.h of glibc
_M_ARENA_MAX = -8
_HEAPS = 2
# A worker is taken for hung, and replaced, when not even a thread of its own answers for so long. Loading a model
# or reading a large index can hold the interpreter for seconds on a slow machine.
_HUNG_S = 15
_TAKE_UP_S = 0.2


def serve(settings: Settings, workers: int = 1) -> int:
    """Serve until interrupted; gives the exit status.

    The port is taken before anything is loaded, so that a port in use is one line and not a stack trace.

    :raises SettingsError: when the address cannot be listened on.
    """
    from api.connections import allow_open_files
    from api.opening import keys_of

    known = settings
    # Only here do they decide anything, and what keeps them may be away
    if not settings.keys and (not is_loopback(settings.host) or "*" in settings.cors_origins):
        with closing(keys_of(settings)) as store:
            keys = tuple(Key(one.scope, one.sha256, one.collection) for one in store.read())
        known = replace(settings, keys=keys)
    check_bind(known)

    allow_open_files()
    share_heaps()
    with _listen(settings.host, settings.port) as listener:
        if workers > 1:
            return _serve_many(settings, listener, workers)

        from api.app import create_app

        app = create_app(settings)
        settle()
        _say_ready(settings)
        ending_server(_config(settings, app)).run(sockets=[listener])
        return 0


def share_heaps() -> None:
    """Have all threads take their memory from two heaps; glibc alone has more. To be called before there are threads.

    It would make eight heaps a core, and each keeps, in pieces, what builds and questions in its threads have freed: in 300
    uploads, each with a build, the memory grew from 253 to 285 MiB, and with two heaps it stays where it is.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _HEAPS)


def settle() -> None:
    """Take all that lives now out of the garbage collector's sight, and have threads give way to each other sooner.

    What is loaded stays as long as the process; to look through it every now and then would stop all questions for 130 ms.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(_SWITCH_S)


def _config(settings: Settings, app: Any, **how: Any) -> uvicorn.Config:
    import uvicorn

    from api.connections import Connections

    connections = Connections(
        settings.max_connections, settings.max_connections_per_address, settings.trusted_proxies
    )
    return uvicorn.Config(
        app,
        http=connections.protocol(),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        # Which proxy is believed is a setting of ours, see api/origin.py
        proxy_headers=False,
        timeout_graceful_shutdown=10,
        **how,
    )


def ending_server(config: uvicorn.Config) -> uvicorn.Server:
    """The server, which before it ends takes up the connections that the system has taken for it: who made them has asked."""
    import uvicorn

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            await asyncio.sleep(_TAKE_UP_S)
            await super().shutdown(sockets)

    return Server(config)


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
    listener.listen(1024)
    return listener


def _say_ready(settings: Settings) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    sys.stderr.write(f"fuente: http://{host}:{settings.port}\n")
    if not is_loopback(settings.host) and not settings.trusted_proxies:
        words = say(terminal_language(), "terminal.serve.unprotected", host=settings.host)
        sys.stderr.write(f"fuente: {words}\n")
    sys.stderr.flush()


def _serve_many(settings: Settings, listener: socket.socket, workers: int) -> int:
    """One process per worker on the same socket; each holds its own model, and one that dies is replaced."""
    from uvicorn.config import STARTUP_FAILURE
    from uvicorn.supervisors import Multiprocess

    class Supervisor(Multiprocess):
        """Notices at once when a worker dies that was just asked whether it lives.

        The pipe to it ends then, unless this process holds the other end, too; it would wait for an answer.
        """

        def init_processes(self) -> None:
            super().init_processes()
            self._let_go()

        def keep_subprocess_alive(self) -> None:
            super().keep_subprocess_alive()
            self._let_go()

        def _let_go(self) -> None:
            for process in self.processes:
                process.child_conn.close()

    configure_logging(settings.log_level, "uvicorn.error")
    with tempfile.TemporaryDirectory(prefix="fuente-metrics-") as folder:
        share_metrics(folder)
        config = _config(
            settings,
            partial(_worker, settings),
            factory=True,
            workers=workers,
            timeout_worker_healthcheck=_HUNG_S,
        )
        supervisor = Supervisor(config, [listener])
        _say_ready(settings)
        supervisor.run()
    failed = any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes)
    return 1 if failed else 0


def _worker(settings: Settings) -> FastAPI:
    """The application in a process of its own. What keeps it from starting is one line, and ends all workers."""
    from uvicorn.config import STARTUP_FAILURE

    from api.app import create_app

    share_heaps()
    threading.Thread(target=_end_with_the_parent, name="fuente-parent", daemon=True).start()
    try:
        app = create_app(settings)
    except FuenteError as error:
        sys.stderr.write(f"fuente: {told(error, terminal_language())}\n")
        sys.exit(STARTUP_FAILURE)
    settle()
    return app


def _end_with_the_parent() -> None:
    """End this process when the supervisor is gone: nobody else would, and it would hold the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
