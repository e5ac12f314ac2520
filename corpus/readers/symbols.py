"""Characters of the symbol fonts as those of Unicode that look the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Protocol

from corpus.readers.draft import Part, Parts

_GREEK: Final = dict(
    zip(
        (*range(0x41, 0x5B), *range(0x61, 0x7B)),
        "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖαβχδεφγηιϕκλμνοπθρστυϖωξψζ",
        strict=True,
    )
)
_SYMBOL: Final[dict[int, str]] = _GREEK | {
    0xA0: "€", 0xA3: "≤", 0xA5: "∞", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×",
    0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xC5: "⊕", 0xC7: "∩", 0xC8: "∪", 0xCE: "∈",
    0xD0: "∠", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD5: "∏", 0xD6: "√", 0xD7: "·", 0xDB: "⇔", 0xDE: "⇒", 0xE5: "∑", 0xF2: "∫",
}  # fmt: skip
_WINGDINGS: Final[dict[int, str]] = {
    0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x4A: "☺", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x74: "◆", 0x75: "◆", 0x76: "❖",
    0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "☐", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨",
    0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2: Final = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "☐"}
_FONTS: Final[dict[str, dict[int, str]]] = {
    "symbol": _SYMBOL,
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
}


def in_font(font: str, text: str) -> str:
    """Text that is set in a font: what stands at the places of a symbol font is what that shows."""
    if font.lower() not in _FONTS:
        return text
    return "".join(symbol(font, f"{ord(c):x}") if "\uf000" <= c <= "\uf0ff" else c for c in text)


def symbol(font: str, code: str) -> str:
    """The character that ``w:sym`` shows; "" for a picture that no character of Unicode stands for."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    private = 0xF000 <= number <= 0xF0FF
    signs = _FONTS.get(font.lower())
    if signs is not None and (private or number < 0x100):
        number &= 0xFF
        return signs.get(number, chr(number) if 0x20 <= number < 0x30 and signs is _SYMBOL else "")
    if font.lower().startswith(("webdings", "wingdings")):
        return ""
    number = number & 0xFF if private else number
    return chr(number) if 0x20 <= number <= 0xFFFD else ""


# What is left of bullets where their font is lost, and the sign of Symbol, which shows wherever it stands
_LOST: Final = {"o": "◦", "§": "▪", "Ø": "➢", "ü": "✓", "v": "❖"}
_LOST_BULLET = re.compile(r"^([ \t]*)([o§Øüv])(?=[ \t]+[^\W\d_])", re.MULTILINE)
_SYMBOL_BULLET = re.compile(r"^([ \t]*)\uf0b7[ \t]*(?=\S)", re.MULTILINE)


def with_bullets(parts: Parts) -> Parts:
    """The parts with bullets in the place of signs that stand for them: "o Oars" over "o Lamps", two in turn."""
    signs = [_lost_bullet(part) for part in parts]
    lists = {sign for sign, after in pairwise(signs) if sign == after}
    for part, sign in zip(parts, signs, strict=True):
        if "\uf0b7" in part.text:
            part.text = _SYMBOL_BULLET.sub(r"\1• ", part.text)
        if sign and (sign in lists or len(_LOST_BULLET.findall(part.text)) > 1):
            part.text = _LOST_BULLET.sub(rf"\1{_LOST[sign]}", part.text)
    return parts


def _lost_bullet(part: Part) -> str:
    """The sign that may be a bullet at the beginning of a paragraph, or of all its lines below what leads in to them; else ""."""
    found = _LOST_BULLET.search(part.text) if part.kind == "paragraph" else None
    if found is None or part.text[: found.start()].rstrip(" ")[-2:] not in ("", ":\n"):
        return ""
    return found[2]


class _Said(Protocol):
    text: str


_COUNTED = re.compile(r"^[ \t]*(\d{1,2})([º°])(?=[ \t]+[^\W\d_])", re.MULTILINE)


def with_ordinals(said: Sequence[_Said]) -> None:
    """Puts the sign of an ordinal in the place of a degree sign where the line before or after counts with it: "4º", "5°", "6º"."""
    found = [(one, number) for one in said for number in _COUNTED.finditer(one.text)]
    ordinals = [int(number[1]) if number[2] == "º" else None for _, number in found]
    around = zip([None, *ordinals], [*ordinals[1:], None], strict=False)
    for (one, number), (before, after) in zip(found, around, strict=False):
        if number[2] == "°" and (before == int(number[1]) - 1 or after == int(number[1]) + 1):
            one.text = f"{one.text[: number.start(2)]}º{one.text[number.end(2) :]}"
