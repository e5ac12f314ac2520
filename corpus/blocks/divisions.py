"""Lines that begin a part of a text by its name and number: "Artículo 7.", "Chapter II", "TERCERA.-", "§ 10-110.", "3.2 Scope".

Whether a line begins one, whether it is the number alone or says what the part is about, and the level of such a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from corpus.dates import places_of_dates
from corpus.divisions import ordinal
from corpus.language import fold

_ROMAN: Final = r"[IVXLC]{1,7}"
# "Artículo 8 BIS. -Para …", which laws put in after the eighth
_AGAIN: Final = r"(?i:bis|ter|qu[aá]ter|quinquies|sexies)"
_NUMBER: Final = rf"(?:\d{{1,4}}(?:\.\d{{1,3}}|-\d{{1,4}}(?=\. [-–—]))*(?:\.?[ºª°o]| [ºª°])?(?: ?{_AGAIN})?|{_ROMAN}(?:\.?[ºª°])?|[A-Z])"
# Words are looked up afterwards: a pattern of all ordinal words takes a second to make. Two of them before one.
_SAID: Final = (r"(?P<said>[^\W\d_]+[ -][^\W\d_]+)", r"(?P<said>[^\W\d_]+)")
_ALSO_SAID: Final = frozenset(
    "unica unico preliminar preliminary one two three four five six seven eight nine ten".split()
)
# Outermost first: a title has chapters, a chapter has sections, a section has articles.
_DIVISIONS: Final = (
    (1, r"libro|t[ií]tulo|anexo|anejo|ap[eé]ndice|book|title|part|parte|annex|appendix|schedule"),
    (2, r"cap[ií]tulo|cap\.|chapter|tema|unidad|unit|lecci[oó]n|lesson"),
    (3, r"secci[oó]n|section|sec\."),
    (
        4,
        r"art[ií]culo|arto? ?\.|art(?= \d{1,2}(?:[.º°:)]|\.?-)|- ?\d)|article|cl[aá]usula|clause|norma|regla|rule|base|estipulaci[oó]n"
        r"|disposici[oó]n (?:adicional|transitoria|final|derogatoria)",
    ),
    (5, r"subsecci[oó]n|subsection"),
)
# "Artículo Nº 7", "Art-7.-", "Artículo7"
_BEFORE_NUMBER: Final = r"(?:(?: |(?<=[.oa])(?=\d))(?:(?i:n)(?:[º°o]\.?|ro\.?|\.[º°o]?|[úu]m(?:ero|\.)?) ?(?=\d))?|-[ ]?(?=\d))"
# "Artículo 1 Transitorio.-" is not the first of all
_FOR_A_TIME: Final = r"(?: (?i:transitori[oa])(?![\w,;]))?"
_DIVISION: Final = tuple(
    (
        level,
        tuple(
            # In small letters the word is one of a sentence: "artículo 7 de la ley"; "Article III-7" names a part of one
            re.compile(
                rf"(?=[A-ZÁÉÍÓÚ])(?i:{words}){_BEFORE_NUMBER}{number}(?![\w,;]|[-–]\d)[ºª°]?{_FOR_A_TIME}(?P<stop>\.?[-–—]|\. [-–—](?= |(?-i:[A-ZÁÉÍÓÚ]))|[.:)])?(?P<rest>[ \t]*)"
            )
            for number in (_NUMBER, *_SAID)
        ),
    )
    for level, words in _DIVISIONS
)

DIVISION_LEVELS: Final = tuple(level for level, _ in _DIVISIONS)
"""The levels of headings that divisions have."""
CLAUSE_LEVEL: Final = 4
"""The level of articles, clauses and rules."""
# "§ 10-110. Effect of repeal.", as ordinances and codes number their sections; "§ 10-110" alone stands at the edge of a page
_SIGNED = re.compile(
    r"§ ?\d{1,4}[A-Z]?(?:[-.:]\d{1,4}[A-Z]?)*(?P<stop>\.)(?P<rest>[ \t]+)(?=[A-ZÁÉÍÓÚ])"
)
_DIVIDES = re.compile(
    rf"(?=[A-ZÁÉÍÓÚ])(?i:{'|'.join(words for _, words in _DIVISIONS)}){_BEFORE_NUMBER}"
)

# "TERCERA.-", "Décima segunda. –", "THIRD:"
_CLAUSE = re.compile(
    r"(?P<said>[A-ZÁÉÍÓÚ][^\W\d_]{3,}(?:[ -][^\W\d_]{4,})?)(?P<stop>\.? ?[-–—]+|[.:)])(?P<rest>[ \t]*)"
)


def _clause(line: str) -> re.Match[str] | None:
    """A clause that an ordinal word alone numbers, at the beginning of a line: in capitals, or with a dash or a full stop before what does not
    go on in small letters; "First: …" is a label, and "First-aid" one word."""
    found = _CLAUSE.match(line)
    if found is None or ordinal(found["said"]) is None:
        return None
    after = line[found.end() : found.end() + 1]
    if found["stop"] == "-" and not found["rest"] and after.isalpha():
        return (
            found if found["said"].isupper() and not line.split(maxsplit=1)[0].isupper() else None
        )
    if found["said"].isupper():
        return found
    dashed = found["stop"][-1] in "-–—" and not after.islower()
    return found if dashed or (found["stop"] == "." and after.isupper()) else None


def division_of(line: str) -> re.Match[str] | None:
    """ "Artículo 7.", "Chapter II" and the like at the beginning of a line, with a stop or a capital after it."""
    if not _DIVIDES.match(line):
        return _SIGNED.match(line) or _clause(line)
    for _, patterns in _DIVISION:
        found = _numbered(patterns, line)
        if found is not None:
            after = line[found.end() : found.end() + 1]
            return found if found["stop"] or not after or not after.islower() else None
    return None


def _numbered(patterns: Iterable[re.Pattern[str]], line: str) -> re.Match[str] | None:
    """What a line begins with, such as "Artículo 7." or "Chapter One", where one of the patterns of a division says so."""
    for pattern in patterns:
        found = pattern.match(line)
        said = found and found.groupdict().get("said")
        if found is not None and (said is None or ordinal(said) or fold(said) in _ALSO_SAID):
            return found
    return None


def is_division(line: str) -> bool:
    """Whether a heading names its place only, such as "Artículo 7." or "Tercera.": it is no title of a document."""
    return division_of(line) is not None or ordinal(line.rstrip(" .:-–—)")) is not None


def is_bare_division(line: str) -> bool:
    """Whether a line is the number of an article or chapter alone: "Artículo 4.", "CAPÍTULO II"."""
    found = division_of(line)
    return found is not None and found.end() == len(line.rstrip())


def names_division(line: str) -> bool:
    """Whether a line says what its article or chapter is about: "Art. 12º Reuniones"; "Capítulo II" does not."""
    found = division_of(line)
    return found is not None and found.end() < len(line.rstrip())


_DECIMAL = re.compile(
    rf"((?:\d{{1,2}}(?:\.\d{{1,2}}){{0,4}}|{_ROMAN})[.)]?[-–—]?|[A-Z]\))[ \t]+(?=[^\W\d_])"
)


def is_numbered(line: str) -> bool:
    """Whether a heading begins with a number, such as "1. Objeto" or "II. Fees"."""
    return _DECIMAL.match(line) is not None


DEEPER_TITLE = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}\.?-?[ \t]+[¿A-ZÁÉÍÓÚÑ]")
"""The number of a section of a section with the first letter of its title: "3.3.5 Bicicleteros"."""

# "1. ORGANIZADOR" is a heading wherever it stands.
_CAPITALS = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVXLC]{1,7})[.)]?[-–—]?[ \t]+[^a-zñáéíóúü\n]{4,80}"
)


def is_numbered_capitals(line: str) -> bool:
    """Whether a line is a heading by its number and capitals alone."""
    return _CAPITALS.fullmatch(line) is not None and sum(map(str.isalpha, line)) > 4


LETTERED = re.compile(r"[A-HL]\.[ \t]")
"""What a heading with a letter in the place of a number begins with: "B. Fees"."""


# "3.1.1 – 2025-11-30", "Versión 2.4 (3 de marzo de 2026)", "v1.2.0, 19 May 2025"; two days, "1.5.26 - 3.5.26", are none
_RELEASE = re.compile(
    r"(?:(?P<named>v\.?|ver(?:si[oó]n|\.)?) ?)?\[?\d{1,4}(?:\.\d{1,3}){1,3}(?:[-+]?[a-z]\w{0,9}(?:\.\d{1,3})?)?\]?[ \t]*[–—,:(-][ \t]*"
    r"(?P<date>\d{4}(?P<sign>[-/.])\d{1,2}(?P=sign)\d{1,2}|(?P<day>\d{1,2}[/-]\d{1,2}[/-]\d{2,4})|[^\n()]{6,40}?)[ \t]*\)?",
    re.IGNORECASE,
)
_RELEASE_LEVEL: Final = 2


def is_release(line: str) -> bool:
    """Whether a line is the number of a version and its date, over what changed with it."""
    found = _RELEASE.fullmatch(line.strip())
    if found is None:
        return False
    if found["named"] is None and found["day"] and line.count(".") < 2:
        return False  # "12.50 - 03/04/2026" was paid then
    said = found["date"]
    whole = any((a, b) == (0, len(said)) for _, a, b in places_of_dates(said))
    return whole or bool(found["sign"] or found["day"])


def heading_level(line: str) -> int:
    """The level, 1 to 6, of a heading that only its line tells of: by the division or number that it begins with, else by its capitals."""
    if is_release(line):
        return _RELEASE_LEVEL
    for level, patterns in _DIVISION:
        if _numbered(patterns, line):
            return level
    if _clause(line) or _SIGNED.match(line):
        return CLAUSE_LEVEL
    decimal = None if LETTERED.match(line) else _DECIMAL.match(line)
    if decimal is not None:
        return min(6, 2 + decimal[1].strip(".)-–—").count("."))
    return 1 if line.isupper() else 3
