"""The command line: ``fuente``. One file for each group of commands; heavy imports stay inside those that use them."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence

from api import __version__
from api.cli import (
    ask,
    backup,
    build,
    builds,
    collections,
    doctor,
    evaluate,
    keys,
    mcp,
    migrate,
    plan,
    serve,
)
from api.cli.parser import Commands, Parser
from api.messages import UiLang, say, told
from api.settings import terminal_language
from corpus.document import FuenteError
from corpus.storage import of_the_disk

_GROUPS = (
    build,
    ask,
    serve,
    mcp,
    builds,
    collections,
    keys,
    backup,
    migrate,
    plan,
    evaluate,
    doctor,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status: 0 done, 1 a FuenteError (one line on stderr), 2 wrong usage."""
    if argv is None and sys.getfilesystemencoding() == "ascii":
        _begin_anew_in_utf8()
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        # What a terminal cannot show is shown as "?", and ends no command
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    lang = terminal_language()
    arguments = _parser(lang).parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        status = command(arguments)
        sys.stdout.flush()
        return status
    except (FuenteError, KeyboardInterrupt) as error:
        if isinstance(error, KeyboardInterrupt) or _was_interrupted(error.__cause__):
            print(f"\nfuente: {say(lang, 'terminal.interrupted')}", file=sys.stderr)
            return 130
        print(f"fuente: {_line_of(error, arguments, lang)}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Nobody reads any more, as after `| head`; what is left in the buffer has nowhere to go
        _throw_the_rest_away()
        return 0
    except OSError as error:
        # What a command could not save it tells by itself; what is left is what it prints
        if error.filename is not None or not of_the_disk(error):
            raise
        _throw_the_rest_away()
        reason = error.strerror or error
        print(f"fuente: {say(lang, 'terminal.unwritten', reason=reason)}", file=sys.stderr)
        return 1


def _line_of(error: FuenteError, arguments: argparse.Namespace, lang: UiLang) -> str:
    """An error as it is told; the command that it advises is about the data directory that this one was given."""
    from api.collections import named

    data: str | None = getattr(arguments, "data", None)
    return told(named(error, data), lang)


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether somebody pressed Ctrl-C: a library that is just being loaded makes an error of its own of that."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _throw_the_rest_away() -> None:
    """Let what is left in the buffer go nowhere, or the interpreter would try to write it once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_what_is_closed() -> None:
    """Have streams that whoever called has closed (`>&-`) lead nowhere: Python has none then, and the next file that is opened would
    be written to as if it were the output."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)


def _begin_anew_in_utf8() -> None:
    """Run this command again in Python's UTF-8 mode: in ASCII no name of a file with an ñ is one."""
    os.execv(sys.executable, [sys.executable, "-P", "-X", "utf8", "-m", "api.cli", *sys.argv[1:]])


def _parser(lang: UiLang = "en") -> Parser:
    parser = Parser(
        lang,
        prog="fuente",
        description=say(lang, "terminal.about"),
        epilog=say(lang, "terminal.examples"),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"fuente {__version__}",
        help=say(lang, "terminal.parser.version"),
    )
    commands = Commands(parser, lang)
    for part in _GROUPS:
        part.add(commands)
    return parser
