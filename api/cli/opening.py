"""What commands open before they can work: the settings and the engine."""

from __future__ import annotations

import argparse
import getpass
import json
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from api.collections import DEFAULT, folder_of, name_of, unnamed
from api.settings import Settings, load_settings

if TYPE_CHECKING:
    from qa.engine import Engine


def settings_of(arguments: argparse.Namespace, **given: object) -> Settings:
    """The settings in force for a command; ``given`` stands on its command line.

    Their data directory is that of the collection that the command names; one that ``asks`` may leave that to us.
    """
    settings = load_settings(data=arguments.data, given=given)
    if getattr(arguments, "asks", False) and not arguments.collection:
        arguments.collection = unnamed(settings.data)
    return replace(settings, data=folder_of(settings.data, collection_of(arguments)))


def collection_of(arguments: argparse.Namespace) -> str:
    """The name of the collection that a command is about."""
    return getattr(arguments, "collection", None) or DEFAULT


def engine_of(settings: Settings) -> Engine:
    """An engine on the data directory.

    :raises FuenteError: also when there is no index that it could ask.
    """
    from api.opening import load_models, open_engine

    engine = open_engine(settings, settings.data, load_models(settings))
    if engine.index is None and engine.problem is not None:
        raise engine.problem
    return engine


def write_for_terminal(settings: Settings, what: str, **facts: object) -> None:
    """Write the audit's line of a command."""
    from api.opening import audit_of

    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "?"
    if settings.documents == "index":
        # there are those of all collections
        facts = {"collection": name_of(settings.data), **facts}
    with closing(audit_of(settings)) as audit:
        audit.write(what, f"terminal:{user}", **facts)


def print_json(body: object) -> None:
    """Print it for people and programs alike."""
    print(json.dumps(body, ensure_ascii=False, indent=2))
