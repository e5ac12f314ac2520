"""``fuente keys``: list, add, revoke."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from dataclasses import asdict

from api.cli.opening import print_json, settings_of, write_for_terminal
from api.cli.parser import Commands
from api.keys import add_key, revoke_key
from api.messages import say
from api.opening import catalogue_of, keys_of
from api.settings import SCOPES, terminal_language


def add(commands: Commands) -> None:
    """The command and its arguments."""
    parser, text = commands.add("keys", _keys), commands.help_of("keys")
    parser.add_argument(
        "action", nargs="?", choices=("list", "add", "revoke"), default="list", help=text("action")
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help=text("name"))
    parser.add_argument("--scope", choices=SCOPES, default="search", help=text("scope"))
    parser.add_argument("--only", metavar="COLLECTION", help=text("only"))
    parser.add_argument(
        "--json", action="store_true", help=say(commands.lang, "terminal.help.json")
    )


def _keys(arguments: argparse.Namespace) -> int:
    settings, lang = settings_of(arguments), terminal_language()
    store = keys_of(settings)
    name, action = arguments.name, arguments.action
    if action == "list":
        uses = store.uses()
        found = [{**asdict(one), "last_used_at": uses.get(one.name)} for one in store.read()]
        if arguments.json:
            print_json(found)
            return 0
        if not found:
            print(say(lang, "terminal.keys.none"))
        for one in found:
            where = one["collection"] or say(lang, "terminal.keys.everywhere")
            used = one["last_used_at"] or say(lang, "terminal.keys.never")
            words = {"created": one["created_at"], "used": used}
            told = say(lang, "terminal.keys.line", **words)
            print(f"{one['name']}  {one['scope']}  {where}  {told}")
        return 0
    if not name:
        print(f"fuente keys {action}: {say(lang, 'terminal.keys.name_it')}", file=sys.stderr)
        return 2
    if action == "revoke":
        revoke_key(store, name)
        write_for_terminal(settings, "key revoked", name=name)
        print(say(lang, "terminal.keys.revoked", name=name))
        return 0
    if arguments.only is not None:
        with closing(catalogue_of(settings)) as catalogue:
            catalogue.folder_of(arguments.only)
    key = add_key(store, name, arguments.scope, arguments.only)
    write_for_terminal(
        settings, "key added", name=name, scope=arguments.scope, collection=arguments.only
    )
    if arguments.json:
        print_json({"name": name, "scope": arguments.scope, "key": key})
    else:
        print(f"fuente: {say(lang, 'terminal.keys.once')}", file=sys.stderr)
        print(key)
    return 0
