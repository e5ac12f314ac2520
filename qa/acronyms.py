"""Short forms that the documents themselves spell out, "Impuesto sobre Bienes Inmuebles (IBI)", so that a question with the one
finds what is written with the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus import language
from qa.words import shouted


class Pair(NamedTuple):
    """A short form and what it is short for, as written, and where the first of the two begins in the text."""

    short: str
    long: str
    start: int


_CAPITAL = "[A-ZÁÉÍÓÚÑ]"
_SHORT = (
    rf"(?:{_CAPITAL}{{1,2}}\. ?){{1,4}}{_CAPITAL}{{1,2}}\.?|{_CAPITAL}[\w&-]*{_CAPITAL}[\w&]*\.?"
)
_BRACKET = re.compile(r"\(([^()\n]{2,90})\)")
_BEFORE = re.compile(rf"(?<![\w.])({_SHORT})\s*$")
_IS_SHORT = re.compile(rf"(?:{_SHORT})\Z")
_LONGEST = 12
"""Code points of a short form at most, with its marks."""
_WINDOW = 200
# Of the 32 passages nearest to a question. Of 262 questions about real documents, those with a form that more of them have lost six
# right passages from the first place when they were spelled out, and won none.
_FEW = 2
_MEANING = re.compile(
    r"\b(?:siglas?|acronimos?|abreviaturas?|significan?|acronyms?|abbreviations?|initials|means?|stands? for)\b"
)
_APART = re.compile(r"[.;:!?]|\n\s*\n")
_FUNCTION_WORDS = frozenset(
    language.fold(word) for pack in language.PACKS.values() for word in pack.stop_words
)
_PLURAL = re.compile(r"(\w)\1(\w)\2")


def pairs(text: str) -> Iterator[Pair]:
    """The short forms that a text spells out, in brackets after the long form or before it, in text order.

    The letters of the short form are the first ones of the long form's words, of all or of those that are no function words.
    Else every letter stands in the long form, in order, the first at the start of its first word (Schwartz & Hearst
    2003, doi:10.1142/9789812776303_0042). Doubled letters mean a plural: RR. HH. are Recursos Humanos.
    """
    for match in _BRACKET.finditer(text):
        inside = match[1].strip()
        if _IS_SHORT.match(inside) and len(inside) <= _LONGEST:
            long = _long_before(inside, text[: match.start()])
            if long is not None:
                yield Pair(inside, long[0], long[1])
            continue
        before = _BEFORE.search(text, max(0, match.start() - _LONGEST), match.start())
        if before is None:
            continue
        short = before[1].strip()
        if _begins(_letters(short), inside) == 0:
            yield Pair(short, inside, before.start(1))


def _letters(short: str) -> str:
    """The letters of a short form, folded, without its marks; of a plural each once."""
    letters = _letters_kept(short)
    return _PLURAL.sub(r"\1\2", letters) if _PLURAL.fullmatch(letters) else letters


def _long_before(short: str, text: str) -> tuple[str, int] | None:
    """The words before a bracket that a short form is made of, and where they begin; None where it is not made of them."""
    letters = _letters(short)
    window = max(0, len(text) - _WINDOW)
    # Function words stand between those that the letters are of
    words = language.words(text[window:])[-3 * len(letters) :]
    if not words:
        return None
    start = window + words[0][1]
    tail = text[start:].rstrip()
    at = _begins(letters, tail)
    if at is None or _APART.search(tail, at):
        return None
    return tail[at:], start + at


def _begins(letters: str, long: str) -> int | None:
    """Where the shortest end of a text begins that letters are short for, two words and more; None where there is none."""
    words = [(language.fold(word), start) for word, start, _ in language.words(long)]
    for n in range(len(words) - 2, -1, -1):
        every = [word for word, _ in words[n:]]
        telling = [word for word in every if word not in _FUNCTION_WORDS]
        if letters in ("".join(w[0] for w in every), "".join(w[0] for w in telling)):
            return words[n][1]
    at = _reach(letters, long)
    starts = {start: word for word, start in words[:-1]}
    return at if at in starts and starts[at] not in _FUNCTION_WORDS else None


def _reach(letters: str, long: str) -> int | None:
    """Where the letters of a short form, matched from the last to the first, begin in a text; None where they do not."""
    folded = language.fold(long)
    if len(folded) != len(long):
        return None
    at = len(folded)
    for n, letter in reversed(list(enumerate(letters))):
        at -= 1
        while at >= 0 and not (
            folded[at] == letter and (n > 0 or at == 0 or not folded[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return None
    return at


def defined(question: str, text: str) -> int | None:
    """Where a text spells out a short form whose meaning a question asks for ("¿qué significan las siglas MRTA?"); None where
    it does not, or the question asks for something else."""
    if not _asks_for_meaning(question):
        return None
    said = {_letters_kept(word) for word, _, _ in language.words(question)}
    return next((pair.start for pair in pairs(text) if _letters_kept(pair.short) in said), None)


# One question is asked of each passage that is read
@lru_cache(maxsize=64)
def _asks_for_meaning(question: str) -> bool:
    return _MEANING.search(language.fold(question)) is not None


_DOTTED = re.compile(
    rf"(?<![\w.])(?:{_CAPITAL}\. ?)+{_CAPITAL}\.?(?!\w)|(?<![\w.]){_CAPITAL}{{2,6}}(?![\w.]\w)"
)


def as_written(question: str, texts: Sequence[str]) -> str:
    """A question with each short form as most of the texts write it, "IVA" for "I.V.A.", where none writes it as the question does."""
    if shouted(question) or not _DOTTED.search(question):
        return question
    forms = Counter(form[0].rstrip() for text in texts for form in _DOTTED.finditer(text))

    def other(found: re.Match[str]) -> str:
        letters = _letters_kept(found[0])
        # The full stop behind the last letter may be that of a sentence
        alike = {form: n for form, n in forms.items() if _letters_kept(form) == letters}
        if not alike or any(form.rstrip(".") == found[0].rstrip(".") for form in alike):
            return found[0]
        most = max(alike, key=lambda form: (alike[form], form))
        return most.rstrip(".") if "." not in most.rstrip(".") else most

    return _DOTTED.sub(other, question)


def spelled_out(question: str, texts: Sequence[str]) -> str | None:
    """A question with the other form behind each short or long form that the texts give both of; None where there is none.

    What more than a few of the texts have as the question writes it is found by that alone, and its other form, mostly a
    name that stands everywhere, would only lead astray.
    """
    found: dict[tuple[int, int], str] = {}
    words = [(word, _letters_kept(word), at, end) for word, at, end in language.words(question)]
    folded = language.fold(question)
    in_capitals = shouted(question)
    for pair in (pair for text in texts for pair in pairs(text)):
        short, long = _letters_kept(pair.short), language.fold(pair.long)
        at = folded.find(long) if len(folded) == len(question) else -1
        if at >= 0:
            alone = all(letters != short for _, letters, _, _ in words)
            if alone and sum(long in language.fold(text) for text in texts) <= _FEW:
                found.setdefault((at, at + len(long)), pair.short)
            continue
        for word, letters, start, end in words:
            if letters != short:
                continue
            # Typed without capitals, "once" is eleven and no short form
            meant = word.isupper() or (
                len(short) > 2 and (in_capitals or word not in _FUNCTION_WORDS)
            )
            if meant and sum(_has_word(text, short) for text in texts) <= _FEW:
                found.setdefault((start, end), pair.long)
    if not found:
        return None
    said = question
    for (_, end), other in sorted(found.items(), reverse=True):
        said = f"{said[:end]} ({' '.join(other.split())}){said[end:]}"
    return said


def _has_word(text: str, letters: str) -> bool:
    """Whether a word of a text has just these letters; where they stand nowhere at all, no word is looked at."""
    return letters in _letters_kept(text) and any(
        letters == _letters_kept(word) for word, _, _ in language.words(text)
    )


def _letters_kept(short: str) -> str:
    return re.sub(r"[\W_]", "", language.fold(short))
