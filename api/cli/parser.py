"""The parser of the command line, in the language of the terminal."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NoReturn, cast

from api.messages import UiLang, group, say

Run = Callable[[argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """A parser whose own words, too, are those of the catalogue."""

    def __init__(self, lang: UiLang, **given: Any) -> None:
        given.setdefault("formatter_class", partial(_Formatter, lang))
        super().__init__(add_help=False, **given)
        self._lang = lang
        words = group(lang, "terminal.parser")
        for titled in (self._positionals, self._optionals):
            titled.title = words[titled.title or ""]
        self.add_argument("-h", "--help", action="help", help=words["help"])

    def error(self, message: str) -> NoReturn:
        """Print how the command is used and what was wrong, and exit with status 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: error: {_translated(message, self._lang)}\n")


class Commands:
    """Where the groups of commands add theirs; each names its texts in the catalogue by its own name."""

    def __init__(self, parser: Parser, lang: UiLang) -> None:
        self.lang = lang
        self._commands = parser.add_subparsers(
            title=say(lang, "terminal.parser.commands"),
            required=True,
            metavar="COMMAND",
            parser_class=cast("type[Parser]", partial(Parser, lang)),
        )

    def add(
        self, name: str, run: Run, *, with_data: bool = True, of_collection: bool = False
    ) -> Parser:
        """The parser of a new command, which ``run`` does; one ``of_collection`` may name another than ``default``."""
        about = say(self.lang, f"terminal.help.{name}.about")
        parser: Parser = self._commands.add_parser(name, help=about, description=about)
        if with_data:
            parser.add_argument("--data", metavar="D", help=say(self.lang, "terminal.help.data"))
        if of_collection:
            parser.add_argument(
                "--collection", metavar="NAME", help=say(self.lang, "terminal.help.collection")
            )
        parser.set_defaults(command=run)
        return parser

    def help_of(self, name: str) -> Callable[..., str]:
        """``text("watch")``: what the catalogue says of an argument of that command."""
        return lambda key, **values: say(self.lang, f"terminal.help.{name}.{key}", **values)


def at_least_1(text: str) -> int:
    """The number, when it is one; for arguments that count something."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, lang: UiLang, prog: str, **given: Any) -> None:
        super().__init__(prog, **given)
        self._lang = lang

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        first = say(self._lang, "terminal.parser.usage") if prefix is None else prefix
        super().add_usage(usage, actions, groups, first)


def _translated(message: str, lang: UiLang) -> str:
    """What argparse says, in that language; as it is when the catalogue does not have it."""
    for key, english in group("en", "terminal.parser.errors").items():
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(english))
        found = re.fullmatch(pattern, message)
        if found:
            return say(lang, f"terminal.parser.errors.{key}", **found.groupdict())
    return message
