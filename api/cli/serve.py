"""``fuente serve``."""

from __future__ import annotations

import argparse

from api.cli.opening import settings_of
from api.cli.parser import Commands
from api.messages import say


def add(commands: Commands) -> None:
    """The command and its arguments."""
    parser, text = commands.add("serve", _serve), commands.help_of("serve")
    parser.add_argument("--host", help=text("host"))
    parser.add_argument("--port", type=int, help=text("port"))
    parser.add_argument("--root-path", metavar="P", help=text("root_path"))
    parser.add_argument("--public-url", metavar="URL", help=text("public_url"))
    parser.add_argument(
        "--reranker", metavar="M", help=say(commands.lang, "terminal.help.reranker")
    )
    parser.add_argument("--workers", type=int, default=1, metavar="N", help=text("workers"))


def _serve(arguments: argparse.Namespace) -> int:
    from api.server import serve

    settings = settings_of(
        arguments,
        host=arguments.host,
        port=arguments.port,
        root_path=arguments.root_path,
        public_url=arguments.public_url,
        reranker=arguments.reranker,
    )
    return serve(settings, arguments.workers)
