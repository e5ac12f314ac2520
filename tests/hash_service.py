"""A service with the encoder for tests over an index in PostgreSQL, as a process of its own:
``hash_service.py URL DATA [SETTINGS DEATHS]``, the settings as JSON, and a folder for :class:`DyingEncoder`, which dies once.

It prints its port when it is there, and looks for a new generation every fifth of a second.
"""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import uvicorn
from dying_encoder import DyingEncoder
from hash_encoder import HashEncoder

from api.app import create_app
from api.settings import load_settings
from index.postgres.store import PostgresBuilds
from qa.engine import Engine


def main() -> None:
    url, data, *more = sys.argv[1:]
    given = json.loads(more[0]) if more else {}
    settings = load_settings({}, Path(data), {"index": url, "reload_s": 0.2, **given})
    encoder = DyingEncoder(Path(more[1]), 1) if more else HashEncoder(64)
    engine = Engine(PostgresBuilds(url, "default"), encoder)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        config = uvicorn.Config(
            create_app(settings, engine),
            log_config=None,
            access_log=False,
            # on a busy machine a client may be away from a connection for longer than the usual 5 s
            timeout_keep_alive=600,
        )
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
