"""``fuente migrate``: the active build, put into PostgreSQL."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from dataclasses import replace

from api.audit import write_for_terminal
from api.cli.opening import collection_of, settings_of
from api.cli.parser import Commands
from api.messages import say
from api.settings import index_url, terminal_language


def add(commands: Commands) -> None:
    """The command and its argument."""
    parser = commands.add("migrate", _migrate, of_collection=True)
    parser.add_argument("--to", metavar="URL", help=commands.help_of("migrate")("to"))


def _migrate(arguments: argparse.Namespace) -> int:
    settings, lang = settings_of(arguments), terminal_language()
    url = index_url(arguments.to, "--to") if arguments.to else settings.index
    if not url:
        print(f"fuente migrate: {say(lang, 'terminal.migrate.nowhere')}", file=sys.stderr)
        return 2
    from api.opening import load_models, open_engine
    from index.local.store import Index
    from index.postgres.move import move
    from qa.evaluation.agreement import LEAST_SHARE, agreement

    models = load_models(settings)
    with closing(Index.open(settings.data, models.encoder)) as index:
        moved = move(url, collection_of(arguments), index)
    done = {"written": moved.n_written, "kept": moved.n_kept, "gone": moved.n_gone}
    print(say(lang, "terminal.migrate.moved", generation=moved.generation, **done), flush=True)
    write_for_terminal(settings.data, "index migrated", generation=moved.generation)
    here = open_engine(replace(settings, index=""), settings.data, models)
    there = open_engine(replace(settings, index=url), settings.data, models)
    with closing(here), closing(there):
        found = agreement(here, there)
    print(say(lang, "terminal.migrate.same", same=found.same, n=found.n))
    for question in found.other:
        print(f"  {question}")
    return 0 if found.share >= LEAST_SHARE else 1
