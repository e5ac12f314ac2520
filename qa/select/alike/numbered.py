"""Where a question names a thing by its number or letter, "armario 5", "room 12", "4.º B", "AX-400", whether a quote is of another one of
its kind; and where it asks whose a long number is, the place of that.

"El armario 6 guarda pinturas" resembles the question about number 5 more than anything else does, and 5 is said elsewhere of something
else, so that neither a reader nor the search misses it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus import dates, divisions, language
from corpus.divisions import ORDINALS
from corpus.document import Lang
from corpus.languages import PACKS
from corpus.numbers import CURRENCIES
from index.searchable import QueryWord
from qa.members import shape
from qa.select.alike.ranges import UNITS
from qa.select.times.moments import days
from qa.words import asks_by, stood_for

NO = r"(?:n(?:um(?:ero)?|[.º°o])*\.?\s*|number\s+|#\s*)?"
"""What stands between a thing and its number: "n.º", "number"."""
_ASKED = re.compile(rf"([^\W\d_]{{3,}})\s+{NO}0*(\d{{1,4}})(?![\w%€$]|[.,/:-]\d)")
_SEVERAL = r"\s*(?:,|/|&|\b(?:y|e|o|u|and|or)\b)\s*"
_RANGE = r"\s*(?:-|–|\b(?:a|al|hasta|to|through)\b)\s*"
# "salas 3 a 7", "aulas 1, 2 y 5"
_TOLD = re.compile(
    rf"([^\W\d_]{{3,}})\s+{NO}(\d{{1,4}}(?:(?:{_SEVERAL}|{_RANGE})\d{{1,4}})*)(?![\w%€$]|[.,/:-]\d)"
)
_PART = re.compile(rf"(\d+)(?:{_RANGE}(\d+))?")
# "AX-400", "KL204", "2021-099", "47/2020"
_IDENTIFIER = re.compile(r"(?<![\w/.-])(?=[\w/-]*\d)[^\W_]+(?:[/-][^\W_]+)*(?![\w/-]|[.,:]\d)")
# "Grupo B", "4.º B", "vitamin D", in a table "Group: B"; who types small letters throughout is not told apart
_LETTERED = re.compile(
    r"([^\W\d_]{3,}|(?<![\w.,])\d{1,2}(?:\.?[ºª°]|st|nd|rd|th))[\s:]+[\"“«']?([A-Z])(?![\w’'+#*-]|\.[ \t]*\S|\s*[&/]\s*\w)"
)
# "2.º", "3rd", "1er"; a word; anything else
_WORD = re.compile(
    r"(?<![\w.,])\d{1,2}(?:\.?[ºª°]|st\b|nd\b|rd\b|th\b|er\b|[dtmvr][oa]\b)|[^\W\d_]+|[^\w\s]"
)
_SECOND = 2
# "3.1.0", but no amount, "1.500.000", and no day; of two parts only after the word for it: "version 3.1"
_VERSION = re.compile(
    r"(?<![\w.,/-])(?:v(?=\d)|(?P<said>versi[oó]n |v\. ?))?(?P<number>\d{1,3}(?:\.\d{1,3}){1,3})(?![\w,/-]|\.\d)",
    re.IGNORECASE,
)
# "4.º A y B"
_LETTER = re.compile(r"(?<![\w.’'])[A-Z](?![\w’'+#*])")
# "E:30 / -10", "E18", "B-2": a few letters and a number, with or without a sign between them, and what parts it further
_CODED = re.compile(
    r"(?<![\w/.:-])([^\W\d_]{1,3})[:-]?(\d{1,4})(?![\w,%]|\.\d)((?:\s?/\s?-?\w{1,3}\b)?)"
)

# "ZB 118", by those who type in a hurry "zb 118"
_SPACED = re.compile(r"(?<![\w/.:-])([A-Z]{2,4})\s(\d{1,4})(?![\w,%€$£]|[.:-]\d)")
_SPACED_TYPED = re.compile(_SPACED.pattern, re.IGNORECASE)
# "bad_weight"
_SNAKE = re.compile(r"(?<![\w.])[^\W_]+(?:_[^\W_]+)+(?!\w)")
_NO_CODE = frozenset().union(
    *({*pack.stop_words, *pack.months, *pack.measures} for pack in PACKS.values()), UNITS
)

# "30x40", "30 cm x 40 cm", "2 × 3 × 5"
_SIZE = re.compile(
    r"(?<![\w.,])\d+(?:\s?(?:mm|cm|m))?(?:\s?[x×]\s?\d+(?:\s?(?:mm|cm|m)\b)?){1,2}(?![\w.,]*\d)",
    re.IGNORECASE,
)
PRICED = re.compile(
    r"\b(?:cuant[oa]s?|precios?|coste?s?|costos?|cuestan?|valen?|tarifas?|how (?:much|many)|prices?|costs?|fees?)\b"
)
"""Words, folded, by which a question asks what something costs, or how many there are."""
_LIMIT = re.compile(r"\b(?:hasta|superar|superior|exced\w*|up to|max\w*|over|exceed\w*|at most)\b")

# "only in the first year", "solo el aula 3", "hasta el tercer mes", "Plan A only"
_LIMITING = "|".join(pack.limiting for pack in PACKS.values())
_LIMITED_BEFORE = re.compile(rf"\b(?:{_LIMITING})(?:\s+[^\W\d_]+){{0,3}}\s+\Z")
_LIMITED_AFTER = re.compile(rf"(?:\s+[^\W\d_]+)?\s+(?:{_LIMITING})\b(?=\W*(?:[.,;:)]|\Z))")

# So many digits has no amount that a question would be asked with, and no year
_LONG_NUMBER = 7
_WHOSE = frozenset("que quien quienes cual cuyo cuya what which who whose whom".split())
_OF_NUMBERS = frozenset(
    "telefono numero movil celular fijo fax whatsapp cuenta documento pertenece corresponde usa titular dueno "
    "phone telephone number mobile cell line account document belong belongs uses owner owns".split()
)


def whose_number(
    question: str, words: Sequence[QueryWord], lang: Lang, text: str
) -> tuple[int, int] | None:
    """Where a text in ``lang`` has the long number, of a telephone or an account, of which a question asks whose it is and no more; None
    where it has none, or the question asks for something else."""
    longest = max(words, key=lambda word: sum(map(str.isdigit, word.text)), default=None)
    if longest is None or sum(map(str.isdigit, longest.text)) < _LONG_NUMBER:
        return None
    others = {language.fold(word.text) for word in words if word is not longest}
    if dates.date(longest.text) or not others <= _OF_NUMBERS or not asks_by(question) <= _WHOSE:
        return None
    own = language.terms(longest.text, lang)[:1]
    spans = language.term_spans(text, lang)
    return next(((start, end) for term, start, end in spans if [term] == own), None)


def is_of_another(
    question: str,
    words: Sequence[QueryWord],
    lang: Lang,
    text: str,
    above: Sequence[str],
    around: str = "",
) -> bool:
    """Whether a text in ``lang`` tells of a thing with another number than that by which a question names it, and nowhere of that number, unless it
    is said of the other one alone; ``above``: the headings over it, which may say the number as well, ``around``: all of its passage with the title
    of its document, which are of nothing that no document has. Of several of a kind, "Plan A and Plan B", one is enough."""
    said = "\n".join((text, *above))
    if _is_of_no_document(question, words, text, around):
        return True
    if _is_of_another_size(question, said):
        return True
    if _is_of_another_identifier(question, said):
        return True
    if _is_of_another_version(question, text, above):
        return True
    numbered = list(_asked(question, words, lang))
    folded = language.fold(text) if numbered else ""
    for noun, _ in numbered:
        numbers = [number for other, number in numbered if noun & other]
        if any(_has(number, line) for number in numbers for line in (text, *above)):
            continue
        said_of = _TOLD.finditer(folded)
        told = [found for found in said_of if noun & set(language.terms(found[1], lang))]
        if any(_speaks_of_others(folded, *found.span()) for found in told):
            continue
        if told and not any(_covers(found[2], n) for found in told for n in numbers):
            return True
    if _is_of_another_place(question, words, lang, text, said):
        return True
    return _is_of_another_code(question, said) or _is_of_another_letter(
        question, words, lang, text, said
    )


def _is_of_another_identifier(question: str, said: str) -> bool:
    """Whether it names a thing by an identifier, and what is said has others of its shape, but neither it nor a range of them."""
    asked = _identifiers(question, typed=True)
    if not asked:
        return False
    told = _identifiers(said)
    shapes = set(map(shape, told))
    held = {shape(one) for one in asked if one in told}
    return any(
        one not in told and shape(one) in shapes - held and not _has_range_of(one, said)
        for one in asked
    )


def _is_of_another_version(question: str, text: str, above: Sequence[str]) -> bool:
    """Whether it names a version by its number, and what stands over a text is called by that of another one, but neither names the asked one: "3.1"
    is also that of 3.1.2."""
    if not above or any(divisions.named(question)):
        return False
    asked, over = _versions(question), _versions(above[-1])
    told = [*over, *_versions(text)]
    return bool(over) and any(not any(_is_part(one, of) for of in told) for one in asked)


def _versions(text: str) -> list[list[str]]:
    """The parts of each number of a version that a text has."""
    found = []
    for one in _VERSION.finditer(text):
        parts, led = one["number"].split("."), one.start() < one.start("number")
        amount = all(len(part) == 3 for part in parts[1:]) or dates.date(one["number"]) is not None
        if not amount and (len(parts) > 2 or led):
            found.append(parts)
    return found


def _is_part(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one of two numbers of versions is the beginning of the other."""
    return all(a == b for a, b in zip(one, other, strict=False))


def _is_of_no_document(question: str, words: Sequence[QueryWord], text: str, around: str) -> bool:
    """Whether it names a thing by what no passage of the index has, "invoice 2026-0418", and around a text stands the same of others, or by a name
    in code that does not stand around, where the text has others."""
    unknown = {language.fold(word.text) for word in words if not word.known}
    lost = unknown and unknown & _identifiers(question, typed=True)
    if lost and not set(map(shape, lost)).isdisjoint(map(shape, _identifiers(around))):
        return True
    asked = set(_SNAKE.findall(question))
    return (
        bool(asked)
        and asked.isdisjoint(_SNAKE.findall(f"{text}\n{around}"))
        and _SNAKE.search(text) is not None
    )


def letters_in(text: str) -> set[str]:
    """The large letters that stand by themselves in a text, as in "Plan A" and "4.º A y B"."""
    return set(_LETTER.findall(text))


def _is_of_another_place(
    question: str, words: Sequence[QueryWord], lang: Lang, text: str, said: str
) -> bool:
    """Whether it asks for "the third quarter", and a text tells of quarters and of another place in their order, but neither it nor what stands
    above of the third. Of the first much is said beside the second."""
    asked = [(one.number, one.noun) for one in _places(question)]
    asked = [(number, noun) for number, noun in asked if number >= _SECOND and noun]
    here = _places(text) if asked else ()
    folded = language.fold(text) if here else ""
    if not here or any(_speaks_of_others(folded, one.start, one.end) for one in here):
        return False
    told, terms = {one.number for one in _places(said)}, set(language.terms(text, lang))
    return any(
        number not in told and not _has(number, said) and _called(noun, words, lang) & terms
        for number, noun in asked
    )


def _speaks_of_others(folded: str, start: int, end: int) -> bool:
    """Whether what is said of the thing that stands at a place of a folded text is said of it alone, or up to it, so that the others are not so."""
    before, after = _LIMITED_BEFORE.search(folded, 0, start), _LIMITED_AFTER.match(folded, end)
    return before is not None or after is not None


class _Place(NamedTuple):
    """A place in an order, the word after it, if one follows, and where both stand in the folded text."""

    number: int
    noun: str
    start: int
    end: int


# Those of one question are asked for with each passage that is read
@lru_cache(maxsize=64)
def _places(text: str) -> tuple[_Place, ...]:
    """The places in an order that a text names in words or figures: "segundo", "2.º", "3rd"."""
    found = []
    tokens = [(one[0], one.start(), one.end()) for one in _WORD.finditer(language.fold(text))]
    for n, (one, start, end) in enumerate(tokens):
        figures = re.match(r"\d+", one)
        number = int(figures[0]) if figures is not None else ORDINALS.get(one)
        if number is not None:
            after, _, ends = tokens[n + 1] if n + 1 < len(tokens) else ("", 0, end)
            named = after[:1].isalpha()
            found.append(_Place(number, after if named else "", start, ends if named else end))
    return tuple(found)


def _is_of_another_code(question: str, said: str) -> bool:
    """Whether it names codes of a few letters and a number, and what is said has others that begin with the same letters, but none of those nor
    a range of them, "A1-A3"."""
    asked = list(_codes(question, typed=True))
    for letters in {one[0] for one in asked}:
        like = [one for one in _codes(said) if one[0] == letters]
        if not like or _has_range_of(letters, said):
            continue
        if not any(
            n == number and (not part or not p or p == part)
            for first, number, part in asked
            if first == letters
            for _, n, p in like
        ):
            return True
    return False


def _has_range_of(code: str, said: str) -> bool:
    """Whether a text has a range of codes that begin with the letters of one: "A1-A3"."""
    found = re.match(r"[^\W\d_]+", code)
    if found is None:
        return False
    pattern = rf"\b{found[0]}[:\s-]?\d+{_RANGE}(?:{found[0]}\W?)?\d"
    return re.search(pattern, said, re.IGNORECASE) is not None


def _codes(text: str, *, typed: bool = False) -> Iterator[tuple[str, int, str]]:
    """The letters, the number and the further part of each code, folded; the part without its signs. Letters with a space behind them are in
    capitals, unless they were ``typed`` by somebody in a hurry."""
    for found in _CODED.finditer(text):
        yield language.fold(found[1]), int(found[2]), re.sub(r"\W", "", found[3]).lower()
    for found in (_SPACED_TYPED if typed else _SPACED).finditer(text):
        letters = language.fold(found[1])
        if letters not in _NO_CODE and not re.fullmatch(CURRENCIES, found[1].upper()):
            yield letters, int(found[2]), ""


def _is_of_another_letter(
    question: str, words: Sequence[QueryWord], lang: Lang, text: str, said: str
) -> bool:
    """Whether it names a thing by a letter, and a text tells of others of its kind, but neither it nor what stands above, all of which is
    ``said``, has that letter by itself."""
    named = list(_LETTERED.finditer(question))
    letters = letters_in(said) if named else set()
    for found in named:
        kind = _called(found[1], words, lang)
        if any(one[2] in letters and kind & _called(one[1], words, lang) for one in named):
            continue
        told = [one for one in _LETTERED.finditer(text) if kind & _called(one[1], (), lang)]
        folded = language.fold(text) if told else ""
        if told and not any(_speaks_of_others(folded, *one.span()) for one in told):
            return True
    return False


def _called(noun: str, words: Sequence[QueryWord], lang: Lang) -> set[str]:
    """What a noun or an ordinal may be called by in a text in ``lang``."""
    if not noun[0].isalpha():
        return {re.sub(r"\D", "", noun)}
    word = next((w for w in words if language.fold(w.text) == language.fold(noun)), None)
    return stood_for([word], lang) if word is not None else set(language.terms(noun, lang))


def _is_of_another_size(question: str, said: str) -> bool:
    """Whether it asks what a thing of one size costs, or how many there are, and a text tells of other sizes only, none of them a limit."""
    folded = language.fold(question)
    asked = _sizes(folded)
    if len(asked) != 1 or not PRICED.search(folded):
        return False
    told = _sizes(said)
    if not told:
        return False
    if _LIMIT.search(language.fold(said)):
        return False
    # A box of 30x40x20 is one of 30x40, and a frame of 40x30 too
    return not any(Counter(asked[0]) <= Counter(one) for one in told)


def _sizes(text: str) -> list[list[int]]:
    return [[int(n) for n in re.findall(r"\d+", one[0])] for one in _SIZE.finditer(text)]


def _asked(question: str, words: Sequence[QueryWord], lang: Lang) -> Iterator[tuple[set[str], int]]:
    """The terms in ``lang`` of each thing that is named by a number, and its number."""
    for found in _ASKED.finditer(language.fold(question)):
        word = next((w for w in words if language.fold(w.text) == found[1]), None)
        if word is not None and not any(found[1] in pack.months for pack in PACKS.values()):
            if terms := stood_for([word], lang):
                yield terms, int(found[2])


def _identifiers(text: str, *, typed: bool = False) -> set[str]:
    """The names made of letters and digits, or of digits with a hyphen or stroke between them, folded; in capitals unless they were ``typed``
    by somebody in a hurry. Dates, amounts ("10kg", "24-hour") and ranges ("10-14") are none."""
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
    return found


def _has(number: int, text: str) -> bool:
    """Whether a text has a number by itself; in "ejercicio_8.html" and "8 May" it counts something else."""
    rest = language.blanked(text, ((day.start, day.end) for day in days(text)))
    alone = rf"(?<![\d_.,])(?<![^\W\d_]{{2}})0*{number}(?![\d]|[.,]\d)"
    return re.search(alone, rest) is not None


def _covers(said: str, number: int) -> bool:
    """Whether numbers one after the other, ranges among them, hold one."""
    return any(
        int(one[1]) == number or (one[2] is not None and int(one[1]) <= number <= int(one[2]))
        for one in _PART.finditer(said)
    )
