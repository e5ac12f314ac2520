"""What is done with the words of a language: terms and sentence ends; detection and folding come along.

Everything here is rule and table; no model is loaded. What is known of each language stands in its pack
(:mod:`corpus.languages`).
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from corpus import dates, divisions, forms, ticks
from corpus.document import Lang
from corpus.languages import LANGS, PACKS
from corpus.languages.detection import detect, says_words
from corpus.languages.pack import blanked, fold, word_set

__all__ = [
    "LANGS", "PACKS", "blanked", "detect", "fold", "in_small_letters", "says_words", "sentences", "term_spans", "terms", "words",
]  # fmt: skip

_FOLDED_STOP: Final[Mapping[Lang, frozenset[str]]] = {
    lang: frozenset(map(fold, pack.stop_words)) for lang, pack in PACKS.items()
}
_ANY_FOLDED_STOP: Final = frozenset().union(*_FOLDED_STOP.values())

_RAISED: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LETTERS: Final = rf"[^\W\d_{_RAISED}]+"
# What stands raised after a word or before it is the mark of a note, and none of the word; m², km³ and x² are units and powers.
_WORD = re.compile(
    rf"\d+(?:[.,:/-]\d+)*|(?<![^\W_])(?:[a-zA-Zµ]|[cdhkmµ]m|ft|ha|in|mi|yd)[{_RAISED}]+(?![^\W_])|{_LETTERS}(?:[\u2019']{_LETTERS})?"
    rf"|(?<=\d)[{_RAISED}]+|(?![{_RAISED}])[^\W_]+",
    re.UNICODE,
)

# snowball stemmers keep a buffer of their own, so every thread has its own set
_local = threading.local()


def _stemmer(lang: Lang) -> Callable[[str], str]:
    stemmers: dict[Lang, Callable[[str], str]] | None = getattr(_local, "stemmers", None)
    if stemmers is None:
        import Stemmer

        stemmers = {lang: Stemmer.Stemmer(pack.stemmer).stemWord for lang, pack in PACKS.items()}
        _local.stemmers = stemmers
    return stemmers[lang]


def words(text: str) -> list[tuple[str, int, int]]:
    """Words and numbers of a text with their offsets, as written; a number keeps its separators."""
    return [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]


# Beside words, what forms bring together; a Roman number is a word to the eye.
_UNIT = re.compile(f"{forms.COMPOSED}|{_WORD.pattern}")


# What is written in capitals for its weight, and is no short form.
_EMPHASISED: Final = word_set(
    "no ni si y o e u pero sin con solo muy mas todo toda todos todas cada ningun ninguna ninguno nada nunca"
    " not nor all any and or but both each only must without with other more most very never do does is are be you we i a"
)
_LONGEST_SHORT: Final = 5
_AROUND: Final = 24


def _terms_at(match: re.Match[str], lang: Lang) -> tuple[str, ...]:
    """The terms of a word at its place: in capitals among small letters a function word is a short form, WHO, IT or ESO."""
    word = match.group()
    found = _terms(word, lang)
    if found or not word.isupper() or not 1 < len(word) <= _LONGEST_SHORT:
        return found
    folded = fold(word)
    if folded in _EMPHASISED or not word.isalpha():
        return found
    text, start, end = match.string, match.start(), match.end()
    before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    after = text[end : end + _AROUND].partition("\n")[0]
    # Beside another word in capitals it is one of a line that is written so
    alone = not (before.rstrip()[-2:].isupper() or after.lstrip()[:2].isupper())
    return (folded,) if alone and any(map(str.islower, before + after)) else found


# Ｘ９０ is X90
_FULL_WIDTH: Final = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}
# "Šipek" is asked as "Sipek", "Ægir" as "Aegir": too seldom to be looked for in whole texts.
_LATIN: Final = (*range(0x100, 0x250), *range(0x1E00, 0x1F00))
_PLAIN: Final = {c: unicodedata.normalize("NFD", chr(c))[0] for c in _LATIN} | {
    ord(letter): plain
    for letter, plain in zip("æœþßıŋħýÿ\u0307", [*"ae oe th ss i n h y y".split(), ""], strict=True)
}


# The same words come again and again; their terms depend on nothing but the word and the language.
@lru_cache(maxsize=100_000)
def _terms(word: str, lang: Lang) -> tuple[str, ...]:
    """The index term of a word in the analysis of ``lang``, and after it those that a document with it is found by too; ()
    for a stop word."""
    if not word.isascii():
        word = word.translate(_FULL_WIDTH)
    normal = forms.normal(word)
    if normal is None:
        return _of_word(word, lang)
    if word.isalpha():
        # "siglo XV" is asked as "siglo 15" and as "siglo xv"
        return (normal, word.lower())
    month = dates.month_of(normal)
    if month is None and forms.is_scaled(word):
        # "la carrera de 10k" is asked as "10 km"
        return (normal, *_terms(word.rstrip("kKmMbBn "), lang))
    if month is None:
        # O.N.U. is ONU, with the ending that this would lose
        return (normal,) if normal[0].isdigit() else _of_word(normal, lang) or (normal,)
    packs = [PACKS[lang]] if lang in PACKS else list(PACKS.values())
    year, _, day = normal.split("-")
    names = [term for pack in packs for term in _of_word(pack.months[month - 1], lang)]
    return (normal, str(int(day)), *names, year)


def _of_word(word: str, lang: Lang) -> tuple[str, ...]:
    lowered = word.lower()
    for mark in ("'", "\u2019"):
        head, found, tail = lowered.partition(mark)
        if found:
            # Fujimori's -> fujimori; d'Ivoire and O'Higgins stay whole
            lowered = head if tail in ("s", "t", "re", "ve", "ll", "d", "m") else head + tail
    folded = fold(lowered)
    if not folded.isascii():
        folded = folded.translate(_PLAIN)
    # A folded stop word is one only if its accented form is: "el" and "él" both go
    pack = PACKS.get(lang)
    if pack is None:
        return () if folded in _ANY_FOLDED_STOP else (folded,)
    return () if folded in _FOLDED_STOP[lang] else (pack.stem(folded, _stemmer(lang)),)


# A line of so many words and letters of which so much is in capitals is written so for its weight.
_LEAST_LOUD_WORDS: Final = 3
_LEAST_LOUD_LETTERS: Final = 12
_LOUD_SHARE: Final = 0.9


def in_small_letters(text: str) -> str:
    """A text with its lines in capitals ("QUEDA PROHIBIDO FUMAR EN EL PATIO") in small letters but for the first of each; of the
    same length, so that offsets hold."""
    if not any(map(str.isupper, text)):
        return text
    return "\n".join(map(_in_small_letters, text.split("\n")))


def _in_small_letters(line: str) -> str:
    n_upper, n_lower = sum(map(str.isupper, line)), sum(map(str.islower, line))
    if n_upper < max(_LEAST_LOUD_LETTERS, _LOUD_SHARE * (n_upper + n_lower)):
        return line
    if len(line.split()) < _LEAST_LOUD_WORDS:
        return line
    small = [c.lower() if len(c.lower()) == 1 else c for c in line]
    first = next(n for n, c in enumerate(line) if c.isupper())
    return "".join([*small[:first], line[first], *small[first + 1 :]])


# How a word of Spanish or English begins that has more letters before it: "pril", "nother" does not.
_BEGINS_WORD = re.compile(
    r"(?!(.)\1)(?:[bcdfgkpt][lr]|[st]h|wh|s[cklmnpqtvw])?[bcdfghjklmnpqrstvwz]?[aeiouy]\w+"
)


def initial_is_word(letter: str, after: str, elsewhere: frozenset[str]) -> bool:
    """Whether a large first letter is a word and not the beginning of the one ``after`` it: "A long time", "Y la casa".

    Told by the words of the text's language, and by those in lower case that stand ``elsewhere`` in the text.
    """
    pack = PACKS.get(detect(after)[0])
    said = [fold(word) for word, _, _ in words(after[:80])[:2]]
    first = fold(letter)
    if pack is None or first not in pack.initials.words or not said:
        return False
    stop, (rest, *following) = _FOLDED_STOP[pack.lang], said
    whole = first + rest
    if whole in stop or whole in pack.initials.longer:
        return False
    if whole in pack.initials.either:
        # "Along the river" and "Around 40", but "A long time" and "A part of it"
        binds = following and (following[0] in stop or following[0].isdigit())
        return not binds or following[0] in ("of", *pack.joiners)
    if rest in stop or rest in pack.initials.before:
        return True
    if len(rest) > 1 and rest in elsewhere and whole not in elsewhere:
        return True
    mostly = first in pack.initials.mostly and whole not in elsewhere
    return mostly and _BEGINS_WORD.match(rest) is not None


def term_spans(text: str, lang: Lang) -> list[tuple[str, int, int]]:
    """Index terms of a text in order, each with the offsets of what it stands for; stop words left out.

    Spanish and English words are stemmed (Snowball) and folded, ñ kept; ``und`` words are only folded. Numbers, dates,
    abbreviations and identifiers are in their one form (:mod:`corpus.forms`).
    """
    return [
        (found[0], match.start(), match.end())
        for match in _UNIT.finditer(text)
        if (found := _terms_at(match, lang))
    ]


def terms(text: str, lang: Lang) -> list[str]:
    """Index terms of a text in order, repeated as often as they occur, and after a date in digits its parts, after the text
    its dates in words and the numbers of its clauses that are ordinal words: a document is found by either."""
    return list(_short_terms(text, lang)) if len(text) <= _MAX_KEPT else _all_terms(text, lang)


# One question asks for the terms of the same titles and quotes again and again.
_MAX_KEPT: Final = 1_000


@lru_cache(maxsize=2_000)
def _short_terms(text: str, lang: Lang) -> tuple[str, ...]:
    return tuple(_all_terms(text, lang))


def _all_terms(text: str, lang: Lang) -> list[str]:
    found = [term for match in _UNIT.finditer(text) for term in _terms_at(match, lang)]
    numbers = (number for number, _, _ in divisions.ordinals_of_divisions(text))
    return [*found, *dates.dates_in_words(text), *numbers]


# --------------------------------------------------------------------------- sentences

# A text quotes, and has names, in another language than its own: all abbreviations hold everywhere.
_ABBREVIATIONS: Final = frozenset().union(*(pack.abbreviations for pack in PACKS.values()))
_MAYBE_FINAL: Final = frozenset().union(*(pack.maybe_final for pack in PACKS.values()))
_NUMBERED: Final = frozenset().union(*(pack.numbered for pack in PACKS.values()))
_SENTENCE_OPENERS: Final = frozenset().union(*(pack.openers for pack in PACKS.values()))
_CLOSERS = "\"'»”’)]}"
_OPENERS = "\"'«“‘([{¿¡—–-"
# ". . ." is one mark
_END = re.compile(
    r"(?:\.(?:[ \xa0]\.){2,}[?!]?|[.!?…]+)[\"'»”’)\]]*(?=\s|$)|\n[ \t]*\n+|\n(?=[ \t]*(?:[-*•·]|\d{1,2}[.)])\s)"
)
# "B.Sc.", "q.e.p.d.", "SS.MM."
_INITIALS = re.compile(r"(?:([^\W\d_])\1?\.)+[^\W\d_]{1,2}|[^\W\d_]")

# "RR. HH.", "CC. AA.", but "capítulo II" and "siglo XX"
_DOUBLED = re.compile(r"(?!II|XX)([^\W\d_a-zß-ÿ])\1")

# How no word of Spanish or English begins: "Hnos.", "Mtro.", "Dpto." are cut short, whatever comes after them.
_CUT_SHORT = re.compile(
    r"(?![bcdfgkpt][lr]|[pst]h|[cgkw]h|ll|rr|s[cklmnpqtvw]|[kgpm]n|ps|pt|ts|tw|dw|wr|y)[bcdfghjklmnñpqrstvwxyz]{2}\w{0,4}",
    re.IGNORECASE,
)


def _is_cut_short(word: str) -> bool:
    """Whether a word that a full stop follows is an abbreviation by its letters: no word begins so, or it ends in ª or º."""
    if word[-1:] in ("ª", "º"):
        return any(map(str.isalpha, word[:-1]))
    return not word.isupper() and _CUT_SHORT.fullmatch(word) is not None


# How no Spanish word ends: after an article or another abbreviation such a word is cut short, "la Fund. Marín", "del Subcom. Ruiz".
_CUT_IN_PHRASE = re.compile(
    r"(?:\b(?i:el|la|los|las|al|del|un|una|su|sus|este|esta|dicha|dicho|y|e) |[^\W\d_]\. )[A-ZÁÉÍÓÚÑ][a-záéíóúñ]{0,6}(?:[bcfgkmpqtvñ]|[bcdfglmnpqrtv]{2})\Z"
)


def _is_cut_in_phrase(text: str, dot: int, next_word: str) -> bool:
    """Whether the word before a full stop is an abbreviation by where it stands: short, with a capital, in the middle of a name."""
    return (
        next_word[:1].isupper()
        and next_word.lower() not in _SENTENCE_OPENERS
        and _CUT_IN_PHRASE.search(text, max(0, dot - 24), dot) is not None
    )


# "a.", "iv." or "2." before what it counts: at the beginning of a line, or after another item.
_COUNTS = re.compile(
    r"(?:\A|[\n•▪◦●○■□·*–][ \t]*|[.;:,][\"'»”’)\]]*\s+(?:(?:y|e|o|u|and|or)\s+)?)(?:[a-zñ]|[ivx]{1,4})\Z"
    r"|(?:[.;][\"'»”’)\]]*\s+\d{1,2}|:\s+1)\Z"
)
_COUNTED = re.compile(
    r"\(?(?:[a-zñ]|[ivx]{1,4})(?:[.)]|\.-)\s+[¿¡«“\"(]?(?:[A-ZÁÉÍÓÚÑ][\w-]+|[A-ZÁÉÍÓÚÑ] [a-záéíóúñ])"
)


def _ends_here(text: str, dot: int, after: int) -> bool:
    """Whether the full stop at ``dot`` closes a sentence, given that white space stands at ``after``."""
    following = text[after : after + 80].lstrip()
    if not following:
        return True
    opened = following.lstrip(_OPENERS)
    head = opened[:1]
    starts_new = head.isupper() or head.isdigit() or following[0] in _OPENERS or not head.isalpha()
    before = re.search(r"[^\s(«“\"¿¡]+$", text[max(0, dot - 40) : dot])
    word = before.group() if before else ""
    bare = word.lower().rstrip(".")
    if len(word) <= 4 and not word.isupper() and _COUNTS.search(text, max(0, dot - 14), dot):
        return False
    if head.islower() and len(bare) > 1 and _COUNTED.match(following):
        # "… 25 lbs.\ne. Allowing", but "art. 5, inc. b) Los"
        on_its_line = bare in _MAYBE_FINAL and "\n" in text[after : after + 4]
        return on_its_line or bare not in _ABBREVIATIONS
    if head.islower() and "\n" in text[after : after + 4]:
        # A row of a table, or a list: each stands for itself
        return len(bare) > 1 and bare not in _ABBREVIATIONS and bare not in _MAYBE_FINAL
    if head.islower():
        # a lower-case letter never opens a sentence after one stop
        return False
    if word[-1:].isdigit():
        # "1997. La crisis" ends; "art. 5. 3", list numbers, "5.1.2." and "17.00." at the start of a line do not
        # (only a few characters back: a line may be the whole book)
        line = text[max(0, dot - 20) : dot].rpartition("\n")[2]
        return not _LINE_NUMBER.fullmatch(line.strip()) and starts_new
    first = re.match(r"[^\W\d_]+", opened)
    next_word = first.group() if first else ""
    if bare in _NUMBERED and (head.isdigit() or _CODE.match(opened)):
        # "No. 5" and "No. GB 318" are numbers, "Dijo que no. Luego" an end; "Mar. 5" a day, "salió al mar. Luego" an end
        return False
    if bare in _MAYBE_FINAL or word in ("C", "EE.UU", "U.S"):
        # "EE. UU. El", "44 a. C. La": a capitalised function word opens a new sentence
        if bare == "c" and not re.search(r"\b[ad]\.\s?$", text[max(0, dot - 6) : dot - 1]):
            return False if len(word) == 1 and word.isupper() else starts_new
        return next_word.lower() in _SENTENCE_OPENERS and next_word[:1].isupper()
    if bare in _ABBREVIATIONS or _is_cut_short(word) or _is_cut_in_phrase(text, dot, next_word):
        return False
    if len(word) == 1 and word.isalpha() and word.isupper():
        return False  # an initial: "J. Pérez"
    if _INITIALS.fullmatch(word) or _DOUBLED.fullmatch(word):
        return next_word.lower() in _SENTENCE_OPENERS
    return starts_new


_CODE = re.compile(r"[A-Z]{1,3}[ -]?\d{2}")
_LINE_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,3}){0,4}")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Offsets of the sentences of ``text[start:end]``, in order, without the white space around them.

    Knows Spanish and English abbreviations (EE. UU., Sr., d. C., e.g.), initials, numbers at a
    sentence's end ("1997. La crisis") and list items; a blank line always ends a sentence.
    """
    limit = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    begin = start

    def close(stop: int) -> None:
        nonlocal begin
        a, b = begin, stop
        while a < b and text[a].isspace():
            a += 1
        while b > a and text[b - 1].isspace():
            b -= 1
        if a < b:
            found.append((a, b))
        begin = stop

    for match in _END.finditer(text, start, limit):
        if match.start() < begin:
            continue
        mark = match.group()
        if mark[0] == "\n":
            close(match.start())
            continue
        stop = match.end()
        if stop >= limit:
            break
        bare = mark.rstrip(_CLOSERS)
        if bare == "…" or set(bare) <= {".", " ", "\xa0"}:
            if bare == ".":
                if _ends_here(text, match.start(), stop):
                    close(stop)
            elif (
                text[stop:limit].lstrip()[:1].isupper() or text[stop:limit].lstrip()[:1] in '¿¡«“"'
            ):
                close(stop)
        else:
            # "Do you smoke? Yes [ ] No [X]" is one
            stop = ticks.answer_end(text, stop, limit) or stop
            following = text[stop : stop + 40].lstrip()
            # "¡Basta!, dijo" and "«¿Quién?» preguntó" go on
            if not following[:1].islower() and following[:1] != ",":
                close(stop)
    close(limit)
    return found
