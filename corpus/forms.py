"""One form for what is written in several ways: numbers, abbreviations with full stops, telephone and account numbers, and dates
(:mod:`corpus.dates`).

12.345,60 is 12345,60 is 12,345.60; I.V.A. is IVA; 3/5/2019 is 2019-05-03; 600 123 456 is 600123456. Which of them a document
has and which a question, nobody knows beforehand, so both are brought into one form.
"""

from __future__ import annotations

import re
from typing import Final

from corpus.dates import date

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
# Before an amount: $2.5m, S/ 3 MM
_CURRENCY: Final = r"(?:(?<=[$€£])|(?<=[$€£] )|(?<=S/)|(?<=S/ )|(?<=S/\. ))"
_AMOUNT: Final = r"\d{1,4}(?:[.,]\d{1,3})?"
_FRACTIONS: Final = {"¼": ".25", "½": ".5", "¾": ".75", "1/4": ".25", "1/2": ".5", "3/4": ".75"}
_DIGITS: Final = (
    # Telephone numbers: +34 600 12 34 56, 600-123-456, +44 (20) 7946 0018
    rf"{_BEFORE}(?:(?:\+|00)34[ .-]?)?[6-9]\d(?:\d(?:[ .-]\d{{3}}){{2}}|\d(?:[ .-]\d{{2}}){{3}}|[ .-]\d{{3}}(?:[ .-]\d{{2}}){{2}}){_AFTER}",
    rf"{_BEFORE}\+\d{{1,3}}(?:[ .-]?\(?\d{{1,4}}\)?){{2,5}}{_AFTER}",
    # 0114 496 0855, 020 7946 0018, 07946 001 823
    rf"{_BEFORE}0[1-9]\d{{1,3}} [2-9]\d{{2,3}} ?\d{{3,4}}{_AFTER}|{_BEFORE}07\d{{3}} \d{{3}} ?\d{{3}}{_AFTER}",
    # Thousands and millions: 12k, $2.5M, 3bn; without a currency 5M, 5m and 5mm are lengths
    rf"{_BEFORE}{_AMOUNT}(?:[kK]|bn| ?[kKM](?=[$€£])){_AFTER}|{_CURRENCY}{_AMOUNT}(?: ?MM|mm|[kKmMbB]){_AFTER}",
    # 1´250,000.00 with a mark at the millions, as in Peru, 1'250'000 as in Switzerland
    rf"{_BEFORE}\d{{1,3}}(?:['´’]\d{{3}})+(?:[.,]\d{{3}})*(?:[.,]\d{{1,2}})?{_AFTER}",
    # 1½, 1 1/2
    rf"{_BEFORE}(?:\d{{1,3}}(?:{_SPACE}?[¼½¾]|{_SPACE}(?:1/[24]|3/4))|[¼½¾]){_AFTER}",
    # 12 480 with the space that the Academy and the SI ask for
    rf"{_BEFORE}\d{{1,3}}(?:{_SPACE}\d{{3}})+(?:,\d+)?{_AFTER}",
    # DNI: 12.345.678-Z
    rf"{_BEFORE}(?:\d{{8}}|\d{{1,2}}\.\d{{3}}\.\d{{3}})[ -]?[A-Za-z](?![^\W_])",
    # 4.ª, 1.er, 2nd, 5ta
    rf"{_BEFORE}\d{{1,4}}(?:\.?[ºª°]|\.(?:er|o|a)|st|nd|rd|th|er|ro|do|ra|da|to|ta|vo|va|mo|ma|no|na)(?![^\W_])",
)
# (0114) 496 0855, (212) 555-0134, (91) 555 12 34, and no years behind a number in brackets
_WITH_AREA: Final = (
    r"(?<![^\W_])\((?:0\d{1,4}|\d{2,3})\)[ .-]?(?!(?:19|20)\d\d[ -](?:19|20)\d\d)"
    r"(?:\d{3,4}[ .-]\d{4}|\d{3}[ .-]\d{2}[ .-]\d{2}|(?<=\d{3}\).)(?:\d{3}[ .-]\d{3}|\d{2}[ .-]\d{2}[ .-]\d{2}))"
    rf"{_AFTER}(?! \d)"
)
COMPOSED: Final = rf"(?=[{_CAPITAL}][{_CAPITAL}\d. -])(?:{'|'.join(_CAPITALS)})|(?=[\d+¼½¾])(?:{'|'.join(_DIGITS)})|{_WITH_AREA}"
"""A pattern of what is several words to the eye of a tokenizer, and one thing to a reader's."""

_COMPOSED = re.compile(COMPOSED)

_ORDINAL = re.compile(r"(\d{1,4})(?:\.?[ºª°]|\.(?:er|o|a)|[a-z]{2})")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_GROUPED_DECIMAL = re.compile(r"(\d{1,3}(?:\.\d{3})+),(\d+)|(\d{1,3}(?:,\d{3})+)\.(\d+)")
_SCALED = re.compile(rf"({_AMOUNT}) ?(k|mm?|bn?)", re.IGNORECASE)
_SCALES: Final = {"k": 10**3, "m": 10**6, "b": 10**9}
_MARKED = re.compile(r"(\d{1,3}(?:['´’]\d{3})+(?:[.,]\d{3})*)(?:[.,](\d{1,2}))?")
_MIXED = re.compile(r"(\d*)(?: ?([¼½¾])| (./.))")
_ROMAN = re.compile(r"(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})")
_ROMAN_DIGITS: Final = {"I": 1, "V": 5, "X": 10}
# An identifier with hyphens, such as an ISBN; a range of years or pages is shorter.
_MIN_IDENTIFIER_DIGITS: Final = 9


def normal(written: str) -> str | None:
    """The one form of a number, date, abbreviation or identifier; None for any other word."""
    if written[0].isdigit() or written[0] in "+(" or written in _FRACTIONS:
        return _of_number(written)
    if _ROMAN.fullmatch(written):
        return str(_value(written))
    if _COMPOSED.fullmatch(written):
        return "".join(filter(str.isalnum, written)).lower()
    return None


def is_scaled(written: str) -> bool:
    """Whether a number has a letter for its thousands or millions, as 12k has."""
    return _SCALED.fullmatch(written) is not None


def times(normal_form: str, factor: int) -> str | None:
    """So many times a number, given and given back in its one form; None for what is no number."""
    found = re.fullmatch(r"(\d+)(?:\.(\d{1,6}))?", normal_form)
    if found is None:
        return None
    part = found[2] or ""
    return str(int(found[1] + part) * factor // 10 ** len(part))


def _of_number(written: str) -> str:
    said = written.translate(_SPACES)
    found = date(said) or _in_short(said)
    if found is not None:
        return found
    ordinal = _ORDINAL.fullmatch(said)
    if ordinal is not None:
        return ordinal[1]
    digits = "".join(filter(str.isdigit, said))
    if said.isdigit() and (len(said) < _MIN_IDENTIFIER_DIGITS or not said.strip("0")):
        # Inventories and forms fill up with noughts
        return said.lstrip("0") or "0"
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


def _in_short(said: str) -> str | None:
    """The one form of a number with a letter for its thousands or millions, a mark at its millions, or a fraction."""
    scaled = _SCALED.fullmatch(said)
    if scaled is not None:
        return times(_of_number(scaled[1]), _SCALES[scaled[2][0].lower()])
    marked = _MARKED.fullmatch(said)
    if marked is not None:
        whole, part = re.sub(r"\D", "", marked[1]), marked[2] or ""
        return f"{whole}.{part}" if part.strip("0") else whole
    mixed = _MIXED.fullmatch(said)
    if mixed is not None:
        return f"{mixed[1] or 0}{_FRACTIONS[mixed[2] or mixed[3]]}"
    return None


def _telephone(digits: str) -> str:
    """A number with the code of its country, without that of Spain, where numbers have nine digits."""
    bare = digits.lstrip("0") or digits
    return bare[2:] if bare.startswith("34") and len(bare) == 11 else bare


_SPACES: Final = {0xA0: " ", 0x202F: " "}


def _value(roman: str) -> int:
    values = [_ROMAN_DIGITS[letter] for letter in roman]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))
