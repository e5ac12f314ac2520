"""``fuente migrate``: the active build, put into PostgreSQL or Milvus, or from there into a data directory."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.opening import collection_of, settings_of, write_for_terminal
from api.cli.parser import Commands
from api.collections import folder_of
from api.messages import UiLang, say
from api.settings import Settings, index_url, terminal_language

if TYPE_CHECKING:
    from qa.engine import Engine


def add(commands: Commands) -> None:
    """The command and its argument."""
    parser = commands.add("migrate", _migrate, of_collection=True)
    parser.add_argument("--to", metavar="URL|DIR", help=commands.help_of("migrate")("to"))


def _migrate(arguments: argparse.Namespace) -> int:
    settings, lang = settings_of(arguments), terminal_language()
    if arguments.to and "://" not in arguments.to:
        return _back(settings, Path(arguments.to), collection_of(arguments), lang)
    url = index_url(arguments.to, "--to") if arguments.to else settings.index
    if not url:
        print(f"fuente migrate: {say(lang, 'terminal.migrate.nowhere')}", file=sys.stderr)
        return 2
    from api.opening import load_models, move_to, open_engine
    from index.local.store import Index

    models = load_models(settings)
    with closing(Index.open(settings.data, models.encoder)) as index:
        moved = move_to(url, collection_of(arguments), index, models.encoder)
    done = {"written": moved.n_written, "kept": moved.n_kept, "gone": moved.n_gone}
    print(say(lang, "terminal.migrate.moved", generation=moved.generation, **done), flush=True)
    if moved.graph is not None:
        said = "graph" if moved.graph.ef else "no_graph"
        share = f"{moved.graph.recall:.3f}"
        share = share if lang == "en" else share.replace(".", ",")
        print(say(lang, f"terminal.migrate.{said}", ef=moved.graph.ef, share=share), flush=True)
    write_for_terminal(settings, "index migrated", generation=moved.generation)
    here = open_engine(replace(settings, index=""), settings.data, models)
    there = open_engine(replace(settings, index=url), settings.data, models)
    return _compared(here, there, lang)


def _back(settings: Settings, to: Path, collection: str, lang: UiLang) -> int:
    """From a server into a data directory."""
    if not settings.index:
        print(f"fuente migrate: {say(lang, 'terminal.migrate.from_nowhere')}", file=sys.stderr)
        return 2
    from api.cli.progress import ProgressTeller
    from api.opening import builds_at, load_models, open_engine
    from index.generations.back import bring

    models = load_models(settings)
    to.mkdir(parents=True, exist_ok=True)
    data = folder_of(to, collection)
    with (
        closing(builds_at(settings.index, collection)) as builds,
        closing(builds.open(models.encoder)) as index,
    ):
        teller = ProgressTeller(sys.stderr, lang)
        try:
            is_new = bring(index, data, teller)
        finally:
            teller.end()
        facts = index.manifest
    written = {"documents": facts.n_documents, "passages": facts.n_passages}
    said = "terminal.migrate.brought" if is_new else "terminal.migrate.was_there"
    print(say(lang, said, build=facts.build_id, data=data, **written), flush=True)
    brought = replace(settings, index="", documents="folder", data=data)
    write_for_terminal(brought, "index migrated", build=facts.build_id)
    here = open_engine(brought, data, models)
    there = open_engine(settings, settings.data, models)
    return _compared(here, there, lang)


def _compared(here: Engine, there: Engine, lang: UiLang) -> int:
    """Asks both the same questions; 1 where they do not find the same."""
    from qa.evaluation.agreement import LEAST_SHARE, agreement

    with closing(here), closing(there):
        found = agreement(here, there)
    print(say(lang, "terminal.migrate.same", same=found.same, n=found.n))
    for question in found.other:
        print(f"  {question}")
    return 0 if found.share >= LEAST_SHARE else 1
