"""``fuente backup`` and ``fuente restore``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from api.cli.opening import settings_of, write_for_terminal
from api.cli.parser import Commands
from api.messages import say
from api.settings import terminal_language


def add(commands: Commands) -> None:
    """The two commands and their argument."""
    for name, run in (("backup", _backup), ("restore", _restore)):
        parser, text = commands.add(name, run), commands.help_of(name)
        parser.add_argument("file", metavar="FILE", help=text("file"))


def _backup(arguments: argparse.Namespace) -> int:
    settings, lang = settings_of(arguments), terminal_language()
    data = settings.data
    from api.backup import backup

    told = False

    def waiting() -> None:
        nonlocal told
        if not told:
            print(f"fuente: {say(lang, 'terminal.backup.waiting')}", file=sys.stderr, flush=True)
            told = True

    saved = backup(data, Path(arguments.file), waiting)
    words = {"file": arguments.file, "files": saved.n_files, "mb": f"{saved.n_bytes / 1e6:.1f}"}
    print(say(lang, "terminal.backup.saved", **words))
    write_for_terminal(settings, "backup", file=arguments.file)
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    # The settings of the directory are in the backup
    settings, lang = settings_of(arguments), terminal_language()
    data = settings.data
    from api.backup import restore

    saved = restore(Path(arguments.file), data)
    words = {"data": data, "files": saved.n_files, "mb": f"{saved.n_bytes / 1e6:.1f}"}
    print(say(lang, "terminal.backup.restored", **words))
    write_for_terminal(settings, "restore", file=arguments.file)
    return 0
