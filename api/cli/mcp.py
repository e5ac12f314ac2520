"""``fuente mcp``: the Model Context Protocol over standard input and output."""

from __future__ import annotations

import argparse

from api.cli.opening import collection_of
from api.cli.parser import Commands
from api.settings import load_settings, terminal_language


def add(commands: Commands) -> None:
    """The command and its arguments."""
    parser, text = commands.add("mcp", _mcp, of_collection=True), commands.help_of("mcp")
    parser.add_argument("--public-url", metavar="URL", help=text("public_url"))


def _mcp(arguments: argparse.Namespace) -> int:
    import anyio

    from api.app import create_app
    from api.doors.mcp import check_installed, serve_stdio
    from api.origin import local_base

    check_installed()
    settings = load_settings(data=arguments.data, given={"public_url": arguments.public_url})
    app = create_app(settings)

    async def run() -> None:
        async with app.router.lifespan_context(app):
            service = app.state.collections.get(collection_of(arguments))
            await serve_stdio(service, local_base(settings), terminal_language())

    anyio.run(run)
    return 0
