"""What is named by a number, a letter or its place in an order, "Tramo 2", "Grupo B", "Fase III", "the third grade", "Nivel A1"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from corpus import divisions, language
from corpus.languages import PACKS
from qa.select.alike.ranges import UNITS

# "3B", "2.º", a word; any sign
_TOKEN: Final = re.compile(r"\d+\.?[ºª°]|[^\W_]+|[^\w\s]")
_NUMBER: Final = re.compile(r"0*(\d{1,3})(?:\.?[ºª°])?([a-z]?)")
_CODE: Final = re.compile(r"([a-z]{1,2})0*(\d{1,3})")
_PLACE: Final = re.compile(r"0*(\d{1,2})(?:\.?[ºª°]|st|nd|rd|th|er|[dtmvr][oa])")
_ROMAN: Final = re.compile(r"(?=.)x{0,3}(?:ix|iv|v?i{0,3})")
_ROMAN_DIGITS: Final = {"i": 1, "v": 5, "x": 10}
_NO: Final = frozenset("n no nº n° num numero number".split())
_SIGNS: Final = frozenset('# : ( « “ "'.split())
_AND: Final = frozenset(", / & y e o u and or".split())
_TO: Final = frozenset("- – a al hasta to through".split())
_BOUNDS: Final = frozenset().union(*(pack.bounding for pack in PACKS.values()))
_STOP_WORDS: Final = frozenset().union(*(pack.stop_words for pack in PACKS.values()))
# Fewer letters are no noun.
_NOUN: Final = 3
# A letter of the alphabet that is a word as well is a name in capitals, or where nothing follows it.
_WORDS: Final = frozenset("aeiouy")


# A word or sign, folded and as written, and where it stands
_Token = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class Member:
    """One of a series, or several: what each is called, folded, by which numbers or letters they are told apart, from one to another each, and
    where in the text it is named."""

    noun: str
    among: tuple[tuple[str, str], ...]
    start: int
    end: int

    def covers(self, other: Member) -> bool:
        """Whether it is one that the other is of, too: "Grupos A y B" of "grupo B", "Ward 3A" of "ward 3"."""
        return any(_lies(one, first, last) for one, _ in other.among for first, last in self.among)

    def shapes(self) -> set[str]:
        """What the codes among them look like, "A1" and "B2" alike; none of numbers and letters alone, by which anything may be told."""
        found = {shape(one) for pair in self.among for one in pair}
        return {one for one in found if {"a", "9"} <= set(one)}


def shape(designation: str) -> str:
    """What designations of one kind share: "ax-400" is "aa-999", "p-3" "a-9"."""
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", designation))


def members(text: str, *, typed: bool = False) -> Iterator[Member]:
    """What a text names by a number, a letter or its place in an order, without what is only said to be before or after that; ``typed``: by
    somebody who may write small letters throughout."""
    folded = language.fold(text)
    if len(folded) != len(text):
        return
    tokens = [(m[0], text[slice(*m.span())], *m.span()) for m in _TOKEN.finditer(folded)]
    for at, (word, _, _, _) in enumerate(tokens):
        at_place = place(word)
        after = tokens[at + 1][0] if at + 1 < len(tokens) else ""
        if _is_bound(tokens, at):
            continue
        if at_place is not None and _is_noun(after):
            yield Member(after, ((at_place, at_place),), tokens[at][2], tokens[at + 1][3])
        elif _is_noun(word):
            among, last = _designators(tokens, at + 1, text, typed)
            if among:
                yield Member(word, among, tokens[at][2], tokens[last][3])


def codes(text: str) -> Iterator[Member]:
    """The codes of letters and figures in a text, "A1" and "3B", which stand for something without its name."""
    for found in _TOKEN.finditer(language.fold(text)):
        number = _NUMBER.fullmatch(found[0])
        code = _CODE.fullmatch(found[0]) or (number if number and number[2] else None)
        if code is not None:
            yield Member("", ((code[1] + code[2], code[1] + code[2]),), *found.span())


def _is_noun(word: str) -> bool:
    return len(word) >= _NOUN and word.isalpha() and word not in _STOP_WORDS


def _is_bound(tokens: Sequence[_Token], at: int) -> bool:
    """Whether the words before a place say that something is before or after what stands there."""
    before = [word for word, _, _, _ in tokens[max(0, at - 3) : at]]
    while before and before[-1] in _STOP_WORDS - _BOUNDS:
        before.pop()
    return bool(before) and before[-1] in _BOUNDS


def _designators(
    tokens: Sequence[_Token], at: int, text: str, typed: bool
) -> tuple[tuple[tuple[str, str], ...], int]:
    """By what the noun before a place is told from others of its kind: "2", "A y B", "3 a 5", each from one to another, and the last of their
    words, by number."""
    # "n.º 3", but not "curso. 3 horas"
    while at < len(tokens) and (
        tokens[at][0] in _NO | _SIGNS
        or (tokens[at][0] in ".º°" and tokens[at - 1][0] in _NO | {"."})
    ):
        at += 1
    found: list[tuple[str, str]] = []
    reaches = False
    last = at
    one = _designator(tokens, at, text, typed)
    while one is not None:
        if reaches:
            found[-1] = (found[-1][0], one)
        else:
            found.append((one, one))
        last = at
        joint = tokens[at + 1][0] if at + 1 < len(tokens) else ""
        reaches, at = joint in _TO, at + 2
        one = _designator(tokens, at, text, typed) if joint in _AND | _TO else None
    return tuple(found), last


def _designator(tokens: Sequence[_Token], at: int, text: str, typed: bool) -> str | None:
    """What a word says as the number or letter of something, in figures where it is a number; None for other words."""
    if at >= len(tokens):
        return None
    folded, written, _, end = tokens[at]
    after = tokens[at + 1][0] if at + 1 < len(tokens) else ""
    if number := _NUMBER.fullmatch(folded):
        # "20 %", "1.200", "10 kg"
        counts = re.match(r"\s?[%€$£]|[.,/:]\d", text[end:]) or after in UNITS
        return None if counts else number[1] + number[2]
    if code := _CODE.fullmatch(folded):
        return code[1] + code[2]
    large = written.isupper()
    if _ROMAN.fullmatch(folded) and (large or (typed and len(folded) > 1)):
        return str(_value(folded))
    if len(folded) == 1 and folded.isalpha():
        ends = not after or after in ".,;:?!)"
        return folded if large or (typed and (ends or folded not in _WORDS)) else None
    n = divisions.cardinal(folded) or divisions.ordinal(folded)
    return str(n) if n is not None and n > 1 else None


def place(word: str) -> str | None:
    """The place in an order that a word says, in figures."""
    figures, n = _PLACE.fullmatch(word), divisions.ordinal(word)
    return figures[1] if figures else str(n) if n is not None else None


def _value(roman: str) -> int:
    values = [_ROMAN_DIGITS[letter] for letter in roman]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def _lies(one: str, first: str, last: str) -> bool:
    """Whether a number or letter lies from one to another; "3A" and "3B" are of 3."""
    if all(map(str.isdigit, (one, first, last))):
        return int(first) <= int(one) <= int(last)
    if first != last:
        return first <= one <= last and len(one) == len(first)
    return first == one or (one.isdigit() and re.fullmatch(rf"{one}[a-z]", first) is not None)
