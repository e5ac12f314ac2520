"""``fuente plan``: what a number of passages takes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from api.cli.opening import print_json
from api.cli.parser import Commands, at_least_1
from api.messages import UiLang, say
from api.settings import terminal_language

if TYPE_CHECKING:
    from index.capacity import Need, Plan


def add(commands: Commands) -> None:
    """The command and its arguments."""
    parser, text = commands.add("plan", _plan, with_data=False), commands.help_of("plan")
    parser.add_argument(
        "--passages", type=at_least_1, required=True, metavar="N", help=text("passages")
    )
    parser.add_argument("--price", type=price, metavar="P", help=text("price"))
    parser.add_argument("--json", action="store_true", help=text("json"))


def price(text: str) -> float:
    """The number, when it can be a price."""
    number = float(text)
    if not 0 <= number < 1e9:
        raise ValueError(text)
    return number


def _plan(arguments: argparse.Namespace) -> int:
    from dataclasses import asdict

    from index.capacity import constants, plan

    found = plan(arguments.passages, arguments.price)
    if arguments.json:
        print_json({**asdict(found), "constants": constants()})
    else:
        print("\n".join(_lines(found, terminal_language())))
    return 0


def _lines(plan: Plan, lang: UiLang) -> list[str]:
    def words(key: str, **values: object) -> str:
        return say(lang, f"terminal.plan.{key}", **values)

    columns = ["engine", "length", "disk", "memory", "machines", "search"]
    priced = plan.price is not None
    header = [words(name) for name in (*columns, *(["month"] if priced else []))]
    rows = [header]
    for need in plan.needs:
        row = [words(need.engine), words(need.length), *_figures(need, lang)]
        rows.append([*row, _money(need.month, lang)] if priced else row)
    lines = [words("title", n=_number(plan.passages, 0, lang)), "", *_table(rows), ""]
    for one in plan.encoding:
        facts = {
            "length": words(one.length),
            "core_hours": _rounded(one.core_hours, lang),
            "hours": _rounded(one.hours, lang),
            "cores": plan.machine.cores,
        }
        line = words("encoding", **facts)
        if one.cost is not None:
            line += words("cost", cost=_money(one.cost, lang))
        lines.append(line)
    memory = _bytes(plan.machine.memory_bytes, lang)
    share = round(plan.machine.used * 100)
    return [*lines, "", words("about", memory=memory, share=share), words("milvus_about")]


def _figures(need: Need, lang: UiLang) -> list[str]:
    machines = "–" if need.machines is None else _number(need.machines, 0, lang)
    search = "–" if need.search_ms is None else _time(need.search_ms, lang)
    return [_bytes(need.disk_bytes, lang), _bytes(need.memory_bytes, lang), machines, search]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            # words from the left, figures from the right
            cell.ljust(width) if at < 2 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _number(value: float, decimals: int, lang: UiLang) -> str:
    """With the thousands apart; in Spanish from five digits on, as the Academies have it."""
    told = f"{value:,.{decimals}f}"
    if lang == "en":
        return told
    whole, point, rest = told.partition(".")
    if value < 10_000:
        whole = whole.replace(",", "")
    return whole.replace(",", "\N{NO-BREAK SPACE}") + point.replace(".", ",") + rest


def _rounded(value: float, lang: UiLang) -> str:
    """To two digits, or to whole ones: more was not measured."""
    if value >= 100:
        return _number(float(f"{value:.2g}"), 0, lang)
    return _number(value, 0 if value >= 10 else 1, lang)


def _time(ms: float, lang: UiLang) -> str:
    return f"{_rounded(ms, lang)} ms" if ms < 1000 else f"{_rounded(ms / 1000, lang)} s"


def _bytes(value: float, lang: UiLang) -> str:
    for unit, size in (("TB", 1e12), ("GB", 1e9)):
        if value >= size:
            return f"{_rounded(value / size, lang)} {unit}"
    return f"{_rounded(value / 1e6, lang)} MB"


def _money(value: float | None, lang: UiLang) -> str:
    return "–" if value is None else _number(value, 2 if value < 100 else 0, lang)
