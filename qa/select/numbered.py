"""Where a question names a thing by its number, "armario 5", "room 12", "AX-400", whether a quote is of another one of its kind.

"El armario 6 guarda pinturas" resembles the question about number 5 more than anything else does, and 5 is said elsewhere of something
else, so that neither a reader nor the search misses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus import dates, language
from corpus.document import Lang
from corpus.languages import PACKS
from index.searchable import QueryWord
from qa.select.moments import days
from qa.words import stood_for

_NO = r"(?:n(?:um(?:ero)?|[.º°o])*\.?\s*|number\s+|#\s*)?"
_ASKED = re.compile(rf"([^\W\d_]{{3,}})\s+{_NO}0*(\d{{1,4}})(?![\w%€$]|[.,/:-]\d)")
_SEVERAL = r"\s*(?:,|/|&|\b(?:y|e|o|u|and|or)\b)\s*"
_RANGE = r"\s*(?:-|–|\b(?:a|al|hasta|to|through)\b)\s*"
# "salas 3 a 7", "aulas 1, 2 y 5"
_TOLD = re.compile(
    rf"([^\W\d_]{{3,}})\s+{_NO}(\d{{1,4}}(?:(?:{_SEVERAL}|{_RANGE})\d{{1,4}})*)(?![\w%€$]|[.,/:-]\d)"
)
_PART = re.compile(rf"(\d+)(?:{_RANGE}(\d+))?")
# "AX-400", "KL204", "2021-099", "47/2020"
_IDENTIFIER = re.compile(r"(?<![\w/.-])(?=[\w/-]*\d)[^\W_]+(?:[/-][^\W_]+)*(?![\w/-]|[.,:]\d)")

# "30x40", "30 x 40 cm", "2 × 3 × 5"
_SIZE = re.compile(r"(?<![\w.,])\d+(?:\s?[x×]\s?\d+){1,2}(?![\d.,]*\d)", re.IGNORECASE)


def is_of_another(
    question: str, words: Sequence[QueryWord], lang: Lang, text: str, above: Sequence[str]
) -> bool:
    """Whether a text in ``lang`` tells of a thing with another number than that by which a question names it, and nowhere of that number;
    ``above``: the headings over it, which may say the number as well."""
    said = "\n".join((text, *above))
    told = _identifiers(said)
    shapes = set(map(_shape, told))
    if any(one not in told and _shape(one) in shapes for one in _identifiers(question, typed=True)):
        return True
    for noun, number in _asked(question, words, lang):
        if any(_has(number, line) for line in (text, *above)):
            continue
        for found in _TOLD.finditer(language.fold(text)):
            if noun & set(language.terms(found[1], lang)) and not _covers(found[2], number):
                return True
    return False


def _asked(question: str, words: Sequence[QueryWord], lang: Lang) -> Iterator[tuple[set[str], int]]:
    """The terms in ``lang`` of each thing that is named by a number, and its number."""
    for found in _ASKED.finditer(language.fold(question)):
        word = next((w for w in words if language.fold(w.text) == found[1]), None)
        if word is not None and not any(found[1] in pack.months for pack in PACKS.values()):
            if terms := stood_for([word], lang):
                yield terms, int(found[2])


def _identifiers(text: str, *, typed: bool = False) -> set[str]:
    """The names made of letters and digits, or of digits with a hyphen or stroke between them, and sizes, folded; in capitals unless they were
    ``typed`` by somebody in a hurry. Dates, amounts ("10kg", "24-hour") and ranges ("10-14") are none."""
    found = set()
    for one in _IDENTIFIER.finditer(text):
        said = one[0]
        amount = (
            said.isdigit() or re.fullmatch(r"\d+[^\W\d_]+", said) or dates.date(said) is not None
        )
        lettered = any(map(str.isalpha, said))
        named = (typed or said.isupper()) if lettered else re.search(r"\d{3}", said) is not None
        if named and not amount:
            found.add(language.fold(said))
    found.update("x".join(re.findall(r"\d+", one[0])) for one in _SIZE.finditer(text))
    return found


def _shape(identifier: str) -> str:
    """What identifiers of one kind share: "ax-400" is "aa-999", and sizes are all alike."""
    if _SIZE.fullmatch(identifier):
        return "9x9"
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", identifier))


def _has(number: int, text: str) -> bool:
    """Whether a text has a number by itself; in "ejercicio_8.html" and "8 May" it counts something else."""
    rest = list(text)
    for day in days(text):
        rest[day.start : day.end] = " " * (day.end - day.start)
    return re.search(rf"(?<![a-zA-Z0-9_.,])0*{number}(?![\d]|[.,]\d)", "".join(rest)) is not None


def _covers(said: str, number: int) -> bool:
    """Whether numbers one after the other, ranges among them, hold one."""
    return any(
        int(one[1]) == number or (one[2] is not None and int(one[1]) <= number <= int(one[2]))
        for one in _PART.finditer(said)
    )
