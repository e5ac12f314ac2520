"""One form for what is written in several ways: numbers, abbreviations with full stops, telephone and account numbers, and dates
(:mod:`corpus.dates`).

12.345,60 is 12345,60 is 12,345.60; I.V.A. is IVA; 3/5/2019 is 2019-05-03; 600 123 456 is 600123456. Which of them a document
has and which a question, nobody knows beforehand, so both are brought into one form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from corpus.dates import date
from corpus.languages import PACKS

_CAPITAL: Final = "A-ZÁÉÍÓÚÑ"
# Not inside a longer word, number or identifier.
_BEFORE: Final = r"(?<![^\W_])(?<![\d][.,/-])"
_AFTER: Final = r"(?![^\W_])(?![.,/-]\d)"
_SPACE: Final = "[ \u00a0\u202f]"

_CAPITALS: Final = (
    # IBAN: ES91 2100 0418 4502 0005 1332
    rf"{_BEFORE}[A-Z]{{2}}\d{{2}}(?:[ -]?[A-Z0-9]{{4}}){{3,7}}(?:[ -]?[A-Z0-9]{{1,3}})?{_AFTER}",
    # I.V.A., O.N.U, U. N.
    rf"(?<![^\W_])(?:(?:[{_CAPITAL}]\.){{2,}}[{_CAPITAL}]?|(?:[{_CAPITAL}]\.{_SPACE}){{1,5}}[{_CAPITAL}]\.)(?![^\W_])",
    # EE. UU., RR.HH., SS MM
    rf"(?<![^\W_])(?P<first>[{_CAPITAL}])(?P=first)(?:\.{_SPACE}?|{_SPACE})(?P<second>[{_CAPITAL}])(?P=second)(?![^\W_])\.?",
    # NIE, NIF: X-1234567-L, B-12345678
    rf"{_BEFORE}[XYZ][ -]?\d{{7}}[ -]?[A-Za-z](?![^\W_])",
    rf"{_BEFORE}[A-HJUVW]-?\d{{8}}{_AFTER}",
)
_DIGITS: Final = (
    # Telephone numbers: +34 600 12 34 56, 600-123-456, +44 (20) 7946 0018
    rf"{_BEFORE}(?:(?:\+|00)34[ .-]?)?[6-9]\d(?:\d(?:[ .-]\d{{3}}){{2}}|\d(?:[ .-]\d{{2}}){{3}}|[ .-]\d{{3}}(?:[ .-]\d{{2}}){{2}}){_AFTER}",
    rf"{_BEFORE}\+\d{{1,3}}(?:[ .-]?\(?\d{{1,4}}\)?){{2,5}}{_AFTER}",
    # 12 480 with the space that the Academy and the SI ask for
    rf"{_BEFORE}\d{{1,3}}(?:{_SPACE}\d{{3}})+(?:,\d+)?{_AFTER}",
    # DNI: 12.345.678-Z
    rf"{_BEFORE}(?:\d{{8}}|\d{{1,2}}\.\d{{3}}\.\d{{3}})[ -]?[A-Za-z](?![^\W_])",
    # 4.ª, 1.er, 2nd, 5ta
    rf"{_BEFORE}\d{{1,4}}(?:\.?[ºª°]|\.(?:er|o|a)|st|nd|rd|th|er|ro|do|ra|da|to|ta|vo|va|mo|ma|no|na)(?![^\W_])",
)
COMPOSED: Final = (
    rf"(?=[{_CAPITAL}][{_CAPITAL}\d. -])(?:{'|'.join(_CAPITALS)})|(?=[\d+])(?:{'|'.join(_DIGITS)})"
)
"""A pattern of what is several words to the eye of a tokenizer, and one thing to a reader's."""

_COMPOSED = re.compile(COMPOSED)

_ORDINAL = re.compile(r"(\d{1,4})(?:\.?[ºª°]|\.(?:er|o|a)|[a-z]{2})")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_GROUPED_DECIMAL = re.compile(r"(\d{1,3}(?:\.\d{3})+),(\d+)|(\d{1,3}(?:,\d{3})+)\.(\d+)")
_ROMAN = re.compile(r"(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})")
_ROMAN_DIGITS: Final = {"I": 1, "V": 5, "X": 10}
# An identifier with hyphens, such as an ISBN; a range of years or pages is shorter.
_MIN_IDENTIFIER_DIGITS: Final = 9


def normal(written: str) -> str | None:
    """The one form of a number, date, abbreviation or identifier; None for any other word."""
    if written[0].isdigit() or written[0] == "+":
        return _of_number(written)
    if _ROMAN.fullmatch(written):
        return str(_value(written))
    if _COMPOSED.fullmatch(written):
        return "".join(filter(str.isalnum, written)).lower()
    return None


def _of_number(written: str) -> str:
    said = written.translate(_SPACES)
    found = date(said)
    if found is not None:
        return found
    ordinal = _ORDINAL.fullmatch(said)
    if ordinal is not None:
        return ordinal[1]
    digits = "".join(filter(str.isdigit, said))
    if said.isdigit() and not said.strip("0"):
        return "0"
    if said[0] == "+" or (said.startswith("00") and len(digits) > _MIN_IDENTIFIER_DIGITS):
        return _telephone(digits)
    if said[-1].isalpha() or (
        len(digits) >= _MIN_IDENTIFIER_DIGITS and "," not in said and "/" not in said
    ):
        return "".join(filter(str.isalnum, said)).lower()
    bare = said.replace(" ", "")
    grouped = _GROUPED_DECIMAL.fullmatch(bare)
    if grouped is not None:
        whole, part = (grouped[1], grouped[2]) if grouped[1] else (grouped[3], grouped[4])
        bare = f"{re.sub('[.,]', '', whole)}.{part}"
    elif _GROUPED.fullmatch(bare):
        # 3.180 and 3,180 are one number; 3.5 and 3,5 stay as they are, told apart by digits
        return re.sub("[.,]", "", bare)
    bare = bare.replace(",", ".").lower()
    return bare.removesuffix(".00") if bare.count(".") == 1 else bare


def _telephone(digits: str) -> str:
    """A number with the code of its country, without that of Spain, where numbers have nine digits."""
    bare = digits.lstrip("0") or digits
    return bare[2:] if bare.startswith("34") and len(bare) == 11 else bare


_SPACES: Final = {0xA0: " ", 0x202F: " "}


def _value(roman: str) -> int:
    values = [_ROMAN_DIGITS[letter] for letter in roman]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


