"""``fuente backup`` and ``fuente restore``."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from api.cli.opening import settings_of, write_for_terminal
from api.cli.parser import Commands
from api.collections import DEFAULT, folder_of, names
from api.messages import decimal, say
from api.settings import Settings, terminal_language


def add(commands: Commands) -> None:
    """The two commands and their argument."""
    for name, run in (("backup", _backup), ("restore", _restore)):
        parser, text = commands.add(name, run), commands.help_of(name)
        parser.add_argument("file", metavar="FILE", help=text("file"))


def _backup(arguments: argparse.Namespace) -> int:
    settings, lang = settings_of(arguments), terminal_language()
    data, file = settings.data, Path(arguments.file)
    from api.backup import backup
    from api.opening import moment_of
    from api.shared_backup import backup_shared

    told = False

    def waiting() -> None:
        nonlocal told
        if not told:
            print(f"fuente: {say(lang, 'terminal.backup.waiting')}", file=sys.stderr, flush=True)
            told = True

    shared = moment_of(settings)
    if shared is None:
        saved, said = backup(data, file, waiting), "saved"
    else:
        saved, said = backup_shared(shared, data, file), "saved_shared"
    words = {
        "file": arguments.file,
        "files": saved.n_files,
        "mb": decimal(lang, saved.n_bytes / 1e6, 1),
    }
    print(say(lang, f"terminal.backup.{said}", **words))
    write_for_terminal(settings, "backup", file=arguments.file)
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    # The settings of the directory are in the backup
    settings, lang = settings_of(arguments), terminal_language()
    data = settings.data
    from api.backup import restore

    saved = restore(Path(arguments.file), data)
    words = {"data": data, "files": saved.n_files, "mb": decimal(lang, saved.n_bytes / 1e6, 1)}
    print(say(lang, "terminal.backup.restored", **words))
    for name in names(data):
        if steps := _left_to_do(settings, name):
            print(say(lang, "terminal.backup.left", commands=" && ".join(steps)))
    write_for_terminal(settings, "restore", file=arguments.file)
    return 0


def _left_to_do(settings: Settings, name: str) -> list[str]:
    """The commands that build a collection which was restored, if it has no build; where hosts share documents, those that put it there."""
    data = folder_of(settings.data, name)
    documents = data / "documents"
    has_documents = documents.is_dir() and any(documents.iterdir())
    at = ["--data", str(settings.data)]
    build = ["build", *at, *(["--collection", name] if name != DEFAULT else [])]
    if settings.documents != "index":
        steps = [build] if has_documents and not (data / "CURRENT").exists() else []
    else:
        steps = [["collections", "create", name, *at]] if name != DEFAULT else []
        if has_documents:
            steps.append([*build, str(documents)])
    return [shlex.join(["fuente", *step]) for step in steps]
