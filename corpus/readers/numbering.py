"""The automatic numbers of a Word document, counted as a word processor does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAX_LEVEL: Final = 8
# What is counted beyond this is damage, and would make long Roman numbers.
_MAX_SHOWN: Final = 3999


def value_of(element: Any, path: str) -> str | None:
    """The ``w:val`` of a child, "" when it has none, None when there is no such child."""
    found = element.find("/".join(W + step for step in path.split("/")))
    return None if found is None else found.get(f"{W}val") or ""


@dataclass(slots=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    shape: str = ""
    restart: int | None = None  # 0: goes on whatever comes between
    legal: bool = False


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of ``numbering.xml``; :meth:`shown` counts one paragraph and gives its number."""

    def __init__(self, root: Any | None) -> None:
        self.lists: dict[str, _List] = {}
        self.numbers: dict[str, tuple[str, dict[int, int], dict[int, _Level]]] = {}
        self.styles: dict[tuple[str, str], int] = {}  # abstract list and paragraph style → level
        self.begun: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: Any) -> None:
        by_style, linked = {}, {}
        for abstract in root.iterchildren(f"{W}abstractNum"):
            name = abstract.get(f"{W}abstractNumId") or ""
            levels = {}
            for element in abstract.iterchildren(f"{W}lvl"):
                number = _int(element.get(f"{W}ilvl"), 0)
                levels[number] = _level(element)
                style = value_of(element, "pStyle")
                if style:
                    self.styles[name, style] = number
            self.lists[name] = _List(levels)
            if value_of(abstract, "styleLink"):
                by_style[value_of(abstract, "styleLink")] = name
            if value_of(abstract, "numStyleLink"):
                linked[name] = value_of(abstract, "numStyleLink")
        for num in root.iterchildren(f"{W}num"):
            name = value_of(num, "abstractNumId") or ""
            name = by_style.get(linked.get(name), name)
            starts, own = {}, {}
            for override in num.iterchildren(f"{W}lvlOverride"):
                number = _int(override.get(f"{W}ilvl"), 0)
                start = value_of(override, "startOverride")
                if start is not None:
                    starts[number] = _int(start, 1)
                element = override.find(f"{W}lvl")
                if element is not None:
                    own[number] = _level(element)
            self.numbers[num.get(f"{W}numId") or ""] = (name, starts, own)

    def level_of_style(self, num_id: str, style: str) -> int:
        """The level that a paragraph style has in a list."""
        name = self.numbers.get(num_id, ("", {}, {}))[0]
        return self.styles.get((name, style), 0)

    def shown(self, num_id: str, level: int) -> str:
        """The number of the next paragraph of a list, "" for a bullet or an unknown list."""
        name, starts, own = self.numbers.get(num_id, ("", {}, {}))
        counted = self.lists.get(name)
        if counted is None or not 0 <= level <= _MAX_LEVEL:
            return ""

        def at(number: int) -> _Level:
            return own.get(number) or counted.levels.get(number) or _Level()

        counts = counted.counts
        if level in starts and (num_id, level) not in self.begun:
            counts[level] = starts[level]
        else:
            counts[level] = counts[level] + 1 if level in counts else at(level).start
        self.begun.add((num_id, level))
        for deeper in [n for n in counts if n > level]:
            restart = at(deeper).restart
            if restart is None or (restart and level < restart):
                del counts[deeper]
        legal = at(level).legal
        text = at(level).shape
        if at(level).style == "bullet":
            return ""
        for number in range(level + 1):
            mark = f"%{number + 1}"
            if mark in text:
                count = counts.get(number, at(number).start)
                style = "decimal" if legal and number < level else at(number).style
                text = text.replace(mark, _written(count, style))
        return " ".join(text.split())


def _level(element: Any) -> _Level:
    restart = value_of(element, "lvlRestart")
    return _Level(
        _int(value_of(element, "start"), 1),
        value_of(element, "numFmt") or "decimal",
        value_of(element, "lvlText") or "",
        None if restart is None else _int(restart, 0),
        value_of(element, "isLgl") not in (None, "0", "false"),
    )


def _int(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 10 else default


def _written(count: int, style: str) -> str:
    return _STYLES.get(style, str)(min(count, _MAX_SHOWN)) if count > 0 else str(count)


def roman(count: int) -> str:
    """A number from 1 to 3999 in Roman capitals."""
    text = ""
    for value, letters in _ROMAN:
        text += letters * (count // value)
        count %= value
    return text


_ROMAN: Final = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def letters(count: int) -> str:
    """a to z, then aa, bb … as Word counts them."""
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 % 20 + 1)


_STYLES: Final[dict[str, Callable[[int], str]]] = {
    "decimalZero": lambda n: f"{n:02}",
    "lowerLetter": letters,
    "upperLetter": lambda n: letters(n).upper(),
    "lowerRoman": lambda n: roman(n).lower(),
    "upperRoman": roman,
    "ordinal": lambda n: f"{n}.º",
    "none": lambda n: "",
}
