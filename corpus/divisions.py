"""The parts of laws, contracts and rules by their numbers: "Artículo 7.", "TERCERA.-", "4.2", and the one that a question asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from corpus.languages import PACKS
from corpus.languages.pack import fold

ORDINALS: Final = {word: n for pack in PACKS.values() for word, n in pack.ordinals.items()}
"""The numbers that ordinal words say, by the words, folded."""
_CARDINALS: Final = {word: n for pack in PACKS.values() for word, n in pack.cardinals.items()}

_DIVISION: Final = (
    r"\b(?:clausula|estipulacion|articulo|disposicion (?:adicional|transitoria|final|derogatoria)|seccion|capitulo|anexo"
    r"|norma|regla|base|apartado|punto|acuerdo|clause|article|section|chapter|schedule|annex|rule|paragraph)\b"
)
_NAMES_DIVISION = re.compile(_DIVISION)
# One word or two, as in "décima segunda"
_SAID: Final = r"[^\W\d_]+(?:[ -][^\W\d_]+)?"
_SAID_AFTER = re.compile(rf"\s+(?P<said>{_SAID})")
_SAID_BEFORE = re.compile(rf"(?:\A|(?<=\W))(?P<said>{_SAID})\s+\Z")
_SAID_ALONE = re.compile(rf"(?:^|› )(?P<said>{_SAID})(?=\.? ?[-–—]|[.:)]|$)", re.MULTILINE)
_LONGEST_ORDINAL: Final = 2 + max(map(len, ORDINALS))


def ordinal(word: str) -> int | None:
    """The number that an ordinal word says, "décima segunda" or "Third"; None for other words."""
    return ORDINALS.get(fold(word))


def cardinal(word: str) -> int | None:
    """The number that a word counts with, "quince" or "six"; None for other words."""
    return _CARDINALS.get(fold(word))


def names_division(word: str) -> bool:
    """Whether a word is what parts of a contract or a law are called, such as "cláusula"."""
    return _NAMES_DIVISION.fullmatch(fold(word)) is not None


def ordinals_of_divisions(text: str) -> Iterator[tuple[str, int, int]]:
    """The numbers of the clauses, articles and so on that a text names with ordinal words, and where the words stand:
    "cláusula tercera", "the third clause", and alone at the beginning of a line or heading, "TERCERA.-"."""
    folded = fold(text)
    if len(folded) != len(text):
        return
    for noun in _NAMES_DIVISION.finditer(folded):
        after = _SAID_AFTER.match(folded, noun.end())
        before = _SAID_BEFORE.search(folded, max(0, noun.start() - _LONGEST_ORDINAL), noun.start())
        for found in (after, before):
            if found is not None:
                yield from _ordinal_in(found)
    for found in _SAID_ALONE.finditer(folded):
        if found["said"] in ORDINALS:
            yield str(ORDINALS[found["said"]]), *found.span("said")


# What the parts are called, in groups whose names stand for one another; "§" and a bare number may be any of them.
_KINDS: Final = (
    "clausula estipulacion clause stipulation",
    "articulo art arto article",
    "disposicion provision",
    "seccion sec section",
    "capitulo cap chapter",
    "anexo apendice annex appendix schedule",
    "norma regla rule",
    "base",
    "apartado epigrafe punto numeral inciso parrafo par paragraph point item",
    "acuerdo resolution",
    "letra letter",
)
_KIND_OF: Final = {word: group.split()[0] for group in _KINDS for word in group.split()} | {
    said: said
    for kind in "adicional transitoria final derogatoria".split()
    if (said := f"disposicion {kind}")
}
# What belongs to a larger part is called a section or a rule as well as a point: "section 4.2" of the rules
_ANY: Final = frozenset({"seccion", "apartado", "norma", "letra"})
_BY_ORDINALS: Final = frozenset(
    {
        "clausula",
        "disposicion",
        *"adicional transitoria final derogatoria".split(),
        "base",
        "acuerdo",
    }
)
# Parts that a capital letter may number without a bracket: "Anexo B"
_LETTERED: Final = frozenset({"anexo", "seccion", "apartado"})
# "One must" and "una vez" are no numbers
_NUMBER_WORDS: Final = ORDINALS | {word: n for word, n in _CARDINALS.items() if 1 < n < 100}
_ROMAN_DIGITS: Final = {"i": 1, "v": 5, "x": 10, "l": 50}
_NOUN: Final = rf"(?:(?P<noun>{'|'.join(sorted(_KIND_OF, key=len, reverse=True))})\b\.?|§{{1,2}})"
_NO: Final = r"(?:n(?:um(?:ero)?|[.º°o])*\.?|number)"
_WORDS: Final = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_NUMERAL: Final = (
    rf"(?P<number>\d{{1,4}}(?:\.\d{{1,3}}){{0,4}}|(?P<roman>[ivxl]{{1,7}})\b|(?:{_WORDS})\b)"
)
_LETTER: Final = r"(?P<letter>[a-z])(?!\w)"
# "Artículo 1 transitorio" is another than article 1
_TEMPORARY: Final = "transitorio"
_FOR_A_TIME: Final = r"(?P<temporary>\s+transitori[oa]\b)?"
# … and "artículo 8 bis" another than article 8
_AGAIN: Final = r"(?:\s?(?P<again>bis|ter|quater|quinquies|sexies)\b)?"
_ASKED: Final = re.compile(
    rf"(?<![^\W_]){_NOUN}\s*(?:{_NO}\s*)?(?:\(?{_LETTER}(?P<closed>\))?|\(?{_NUMERAL}(?:\.?[ºª°])?{_AGAIN}\)?(?![\w/]|,\d){_FOR_A_TIME})"
)
_HEADS: Final = re.compile(
    rf"\s*\(?(?:{_NOUN}\s*(?:{_NO}\s*)?\(?)?(?:{_LETTER}|{_NUMERAL})(?:\.?[ºª°]|\.(?:er|o|a)\b)?{_AGAIN}{_FOR_A_TIME}(?P<close>[.:)\-–—]|$|(?=\s))"
)


@dataclass(frozen=True, slots=True)
class Division:
    """A numbered part of a document. ``kind``: what it is called, one name for all that stand for one another, "" for a number
    alone; ``number``: in figures, "7", "4.2" or "8 bis"; ``ordinal``: it is said with an ordinal word, "TERCERA.-"."""

    kind: str
    number: str
    ordinal: bool = field(default=False, compare=False)

    @property
    def may_be_ordinal(self) -> bool:
        """Whether it is one of those that documents number with ordinal words alone, "SEGUNDA.-"."""
        return self.kind.split(" ", 1)[0] in _BY_ORDINALS

    def is_in(self, other: Division) -> bool:
        """Whether it is that division or a part of it, as 4.2 is of 4."""
        kinds = {self.kind, other.kind}
        # Below "TRANSITORIOS" an article need not say again that it is one
        temporary = f"{self.kind} {_TEMPORARY}" == other.kind
        alike = len(kinds) == 1 or "" in kinds or kinds <= _ANY or temporary
        return alike and f"{self.number}.".startswith(f"{other.number}.")


def named(text: str) -> Iterator[tuple[Division, int, int]]:
    """The divisions that a text names, 3 of "cláusula tercera", "the third clause" and "artículo III", 4.2 of "rule 4.2", and where their
    words stand; the name first, then the ordinal before it."""
    folded = fold(text)
    if len(folded) != len(text):
        return
    for found in _ASKED.finditer(folded):
        number = _number(found, text)
        if number is not None:
            yield _called(found["noun"], number, found["temporary"]), found.start(), found.end()
    for noun in _NAMES_DIVISION.finditer(folded):
        before = _SAID_BEFORE.search(folded, max(0, noun.start() - _LONGEST_ORDINAL), noun.start())
        for number, start, _ in _ordinal_in(before) if before is not None else ():
            yield _called(noun[0], number), start, noun.end()


def heading_of(line: str) -> Division | None:
    """The division that a heading or the number of an item opens, as "Artículo 7. Plazos", "TERCERA.-", "4.2." and "§ 5" do; None
    for other words."""
    found = _opening(line)
    return None if found is None else found[0]


def name_of_heading(line: str) -> str:
    """What a heading says behind the number of its division, "Plazos" in "Artículo 7. Plazos"; all of it where it has none."""
    found = _opening(line)
    return line if found is None else line[found[1] :].lstrip(" \t.:)-–—")


def _opening(line: str) -> tuple[Division, int] | None:
    """The division that a line opens, and where its number ends."""
    folded = fold(line)
    found = _HEADS.match(folded) if len(folded) == len(line) else None
    number = _number(found, line) if found is not None else None
    if found is None or number is None:
        return None
    if found["noun"] is None and "§" not in found[0] and not found["close"]:
        rest = line[found.end() :].lstrip()
        # "Diez años después" and "5 de mayo" are no divisions; "4 Meetings" is
        if not (found["number"] or "")[:1].isdigit() or rest[:1].islower():
            return None
    division = _called(found["noun"], number, found["temporary"])
    return replace(division, ordinal=found["number"] in ORDINALS), found.end()


def _called(noun: str | None, number: str, temporary: str | None = None) -> Division:
    kind = _KIND_OF[noun] if noun else ""
    return Division(f"{kind} {_TEMPORARY}" if kind and temporary else kind, number)


def _number(found: re.Match[str], written: str) -> str | None:
    """A number in figures that is said in figures, in Roman ones, which are capitals, or in words; and a letter that is no word."""
    said = found["letter"] or found["number"]
    if found["letter"] is not None:
        # "Anexo V" has the number of a Roman figure; of "(i)" that is small
        large = written[found.start("letter")].isupper()
        if large and said in _ROMAN_DIGITS:
            return str(_ROMAN_DIGITS[said])
        # "SECCIÓN A LA QUE"
        return (
            said
            if _is_label(found, large and not (written.isupper() and said in "aeouy"))
            else None
        )
    if said[0].isdigit():
        number = ".".join(part.lstrip("0") or "0" for part in said.split("."))
        return f"{number} {again}" if (again := found.groupdict().get("again")) else number
    if found["roman"] is not None:
        return str(_value(said)) if written[slice(*found.span("number"))].isupper() else None
    return str(_NUMBER_WORDS[said])


def _is_label(found: re.Match[str], large: bool) -> bool:
    """Whether a letter numbers a part: with a bracket or stop behind it, as letter of that name, or a capital behind what has such parts."""
    kind = _KIND_OF.get(found["noun"] or "")
    closes = found.groupdict().get("closed") or found.groupdict().get("close")
    return bool(closes) or kind == "letra" or (large and kind in _LETTERED)


def _value(roman: str) -> int:
    values = [_ROMAN_DIGITS[letter] for letter in roman]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def _ordinal_in(found: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """The ordinal of one or two words beside the name of a division, of both words if it can be."""
    said, (start, end) = found["said"], found.span("said")
    first, last = re.split("[ -]", said)[0], re.split("[ -]", said)[-1]
    # Of "cláusula tercera regula" the word next to the noun, as of "la tercera cláusula"
    near, at = (first, start) if found.re is _SAID_AFTER else (last, end - len(last))
    for word, begins in ((said, start), (near, at)):
        if word in ORDINALS:
            yield str(ORDINALS[word]), begins, begins + len(word)
            return
