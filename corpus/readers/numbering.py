"""The automatic numbers of a Word document, counted as a word processor does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from corpus.document import Lang

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

    def __init__(self, root: Any | None, lang: Lang = "es") -> None:
        """``lang``: of the words that numbers are written in."""
        self.lang = lang
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
                text = text.replace(mark, _written(count, style, self.lang))
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


_COUNTING = re.compile(
    r"\(?(?:\d+(?:\.\d+)*|[a-zA-Z]{1,2}|[ivxlcIVXLC]{1,6})[.)]+|\d+(?:\.\d+)*|[^\W\d_]+ \d+\S*"
)


def is_counting(mark: str) -> bool:
    """Whether what stands before an item counts it, and is no bullet, which may be a letter of a font of signs."""
    return _COUNTING.fullmatch(mark) is not None


def _int(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 10 else default


def _written(count: int, style: str, lang: Lang) -> str:
    if count > 0 and style in _WORDED:
        said = _WORDED[style](count, "en" if lang == "en" else "es")
        return said[:1].upper() + said[1:]
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


def letters_in_turn(count: int) -> str:
    """a to z, then aa, ab … as web pages and OpenDocument count them."""
    text = ""
    while count > 0:
        count, last = divmod(count - 1, 26)
        text = chr(ord("a") + last) + text
    return text


_CARDINALS: Final = {
    "es": (
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho "
        "diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
    ).split(),
    "en": (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
    ).split(),
}
_ORDINALS: Final = {
    "es": (
        "primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo undécimo duodécimo decimotercero decimocuarto "
        "decimoquinto decimosexto decimoséptimo decimoctavo decimonoveno"
    ).split(),
    "en": (
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth"
    ).split(),
}
# From twenty on.
_TENS: Final = {
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa".split(),
    "en": "twenty thirty forty fifty sixty seventy eighty ninety".split(),
}
_TENTHS: Final = {
    "es": "vigésimo trigésimo cuadragésimo quincuagésimo sexagésimo septuagésimo octogésimo nonagésimo".split(),
    "en": "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth".split(),
}


def cardinal_text(count: int, lang: str) -> str:
    """A number up to 99 in words of "es" or "en", a larger one in figures."""
    words = _CARDINALS[lang]
    if count <= len(words):
        return words[count - 1]
    if count > 99:
        return str(count)
    ten = _TENS[lang][count // 10 - 2]
    between = " y " if lang == "es" else "-"
    return f"{ten}{between}{words[count % 10 - 1]}" if count % 10 else ten


def ordinal_text(count: int, lang: str) -> str:
    """The ordinal word of a number up to 99 in "es" or "en", the ordinal in figures of a larger one."""
    words = _ORDINALS[lang]
    if count <= len(words):
        return words[count - 1]
    if count > 99:
        return _ordinal(count, lang)
    ten = count // 10 - 2
    if not count % 10:
        return _TENTHS[lang][ten]
    before = f"{_TENTHS['es'][ten]} " if lang == "es" else f"{_TENS['en'][ten]}-"
    return before + words[count % 10 - 1]


def _ordinal(count: int, lang: str) -> str:
    if lang == "es":
        return f"{count}.º"
    teen = 10 < count % 100 < 20
    return f"{count}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(count % 10, 'th')}"


_WORDED: Final[dict[str, Callable[[int, str], str]]] = {
    "ordinal": _ordinal,
    "ordinalText": ordinal_text,
    "cardinalText": cardinal_text,
}
_STYLES: Final[dict[str, Callable[[int], str]]] = {
    "decimalZero": lambda n: f"{n:02}",
    "lowerLetter": letters,
    "upperLetter": lambda n: letters(n).upper(),
    "lowerRoman": lambda n: roman(n).lower(),
    "upperRoman": roman,
    "none": lambda n: "",
}
