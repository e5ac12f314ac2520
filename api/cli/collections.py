"""``fuente collections``: list, create, delete."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from api.audit import write_for_terminal
from api.cli.opening import print_json, settings_of
from api.cli.parser import Commands
from api.collections import create, delete, folder_of, names
from api.messages import UiLang, say
from api.settings import terminal_language


def add(commands: Commands) -> None:
    """The command and its arguments."""
    parser, text = commands.add("collections", _collections), commands.help_of("collections")
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "create", "delete"),
        default="list",
        help=text("action"),
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help=text("name"))
    parser.add_argument("--yes", action="store_true", help=text("yes"))
    parser.add_argument(
        "--json", action="store_true", help=say(commands.lang, "terminal.help.json")
    )


def _collections(arguments: argparse.Namespace) -> int:
    data, lang = settings_of(arguments).data, terminal_language()
    action, name = arguments.action, arguments.name
    if action == "list":
        return _print(data, lang, as_json=arguments.json)
    if not name:
        words = say(lang, "terminal.collections.name_it")
        print(f"fuente collections {action}: {words}", file=sys.stderr)
        return 2
    if action == "create":
        create(data, name)
        write_for_terminal(data, "collection created", collection=name)
        print(say(lang, "terminal.collections.created", name=name))
        return 0
    folder_of(data, name)
    if not arguments.yes:
        words = say(lang, "terminal.collections.confirm", name=name)
        print(f"fuente collections delete: {words}", file=sys.stderr)
        return 2
    delete(data, name)
    write_for_terminal(data, "collection deleted", collection=name)
    print(say(lang, "terminal.collections.deleted", name=name))
    return 0


def _print(data: Path, lang: UiLang, *, as_json: bool) -> int:
    from index.local.store import list_builds

    active = {
        name: next((build for build in list_builds(folder_of(data, name)) if build.active), None)
        for name in names(data)
    }
    if as_json:
        print_json(
            [
                {"name": name, "build_id": build.build_id if build else None}
                for name, build in active.items()
            ]
        )
        return 0
    for name, build in active.items():
        state = say(lang, "terminal.collections.unbuilt")
        if build is not None:
            holds = {"documents": build.n_documents, "passages": build.n_passages}
            state = build.problem or say(lang, "terminal.collections.holds", **holds)
        print(f"{name}  {state}")
    return 0
