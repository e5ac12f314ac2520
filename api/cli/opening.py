"""What commands open before they can work: the settings and the engine."""

from __future__ import annotations

import argparse
import getpass
import json
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from api.collections import DEFAULT, Catalogue, name_of
from api.settings import Settings, load_settings

if TYPE_CHECKING:
    from qa.engine import Engine


def settings_of(arguments: argparse.Namespace, **given: object) -> Settings:
    """The settings in force for a command; ``given`` stands on its command line.

    Their data directory is that of the collection that the command names; one that ``asks`` may leave that to us.
    """
    settings = load_settings(data=arguments.data, given=given)
    named: str | None = getattr(arguments, "collection", None)
    if named == DEFAULT or (not named and not getattr(arguments, "asks", False)):
        return settings
    from api.opening import catalogue_of

    with closing(catalogue_of(settings)) as catalogue:
        if not named:
            named = arguments.collection = _unnamed(settings, catalogue)
        return replace(settings, data=catalogue.folder_of(named))


def _unnamed(settings: Settings, catalogue: Catalogue) -> str:
    """The collection that a command is about which names none."""
    if settings.documents == "index":
        from api.opening import builds_of

        with closing(builds_of(settings, settings.data)) as builds:
            if builds.current_id() is not None:
                return DEFAULT
    return catalogue.unnamed()


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
