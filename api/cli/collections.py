"""``fuente collections``: list, create, rename, delete, restore."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing

from api.cli.opening import print_json, settings_of, write_for_terminal
from api.cli.parser import Commands
from api.collections import Catalogue
from api.messages import UiLang, say
from api.settings import Settings, terminal_language


def add(commands: Commands) -> None:
    """The command and its arguments."""
    parser, text = commands.add("collections", _collections), commands.help_of("collections")
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "create", "rename", "delete", "restore"),
        default="list",
        help=text("action"),
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help=text("name"))
    parser.add_argument("new", nargs="?", metavar="NEW", help=text("new"))
    parser.add_argument("--yes", action="store_true", help=text("yes"))
    parser.add_argument(
        "--json", action="store_true", help=say(commands.lang, "terminal.help.json")
    )


def _collections(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    from api.opening import catalogue_of

    with closing(catalogue_of(settings)) as catalogue:
        return _changed(arguments, settings, catalogue)


def _changed(arguments: argparse.Namespace, settings: Settings, catalogue: Catalogue) -> int:
    lang = terminal_language()
    action, name = arguments.action, arguments.name
    catalogue.forget()
    if action == "list":
        return _print(settings, catalogue, lang, as_json=arguments.json)
    if not name or (action == "rename" and not arguments.new):
        words = say(lang, f"terminal.collections.{'name_both' if name else 'name_it'}")
        print(f"fuente collections {action}: {words}", file=sys.stderr)
        return 2
    if action == "create":
        catalogue.create(name)
        write_for_terminal(settings, "collection created", collection=name)
        print(say(lang, "terminal.collections.created", name=name))
        return 0
    if action == "rename":
        from api.opening import keys_of

        catalogue.rename(name, arguments.new)
        keys_of(settings).follow_rename(name, arguments.new)
        write_for_terminal(settings, "collection renamed", collection=name, new=arguments.new)
        print(say(lang, "terminal.collections.renamed", name=name, new=arguments.new))
        return 0
    if action == "restore":
        catalogue.put_back(name)
        write_for_terminal(settings, "collection restored", collection=name)
        print(say(lang, "terminal.collections.restored", name=name))
        return 0
    catalogue.folder_of(name)
    if not arguments.yes:
        words = say(lang, "terminal.collections.confirm", name=name)
        print(f"fuente collections delete: {words}", file=sys.stderr)
        return 2
    catalogue.put_away(name)
    write_for_terminal(settings, "collection deleted", collection=name)
    print(say(lang, "terminal.collections.deleted", name=name))
    print(say(lang, "terminal.collections.undo", name=name), file=sys.stderr)
    return 0


def _print(settings: Settings, catalogue: Catalogue, lang: UiLang, *, as_json: bool) -> int:
    from api.opening import builds_of

    active = {}
    for name in catalogue.names():
        with closing(builds_of(settings, catalogue.folder_of(name))) as builds:
            active[name] = next((build for build in builds.infos() if build.active), None)
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
