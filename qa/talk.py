"""What is said to a service and asks nothing of its documents: a greeting, "who are you?", "what documents do you have?".

A remark counts as talk only as a whole. Courtesy around a question is taken off, and the question is asked as it is:
"hola, ¿cuándo abre la biblioteca?", "thanks, and how much is it?". The words stand in the language packs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from corpus import language
from corpus.document import Lang
from corpus.languages.pack import Talk

_LANGS: Final[tuple[Lang, ...]] = tuple(language.PACKS)

# Of several remarks in one line the one that wants most is replied to: "hola, gracias, ¿quién eres?"
_WANTS: Final[tuple[Talk, ...]] = (
    "documents",
    "abilities",
    "identity",
    "smalltalk",
    "goodbye",
    "thanks",
    "agreed",
    "greeting",
)
_COURTESY: Final[tuple[Talk, ...]] = ("greeting", "thanks", "agreed")
_NAMING: Final[tuple[Talk, ...]] = ("topic", "summary")

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['’]")
# What a greeting is parted from a question by.
_STOP = re.compile(r"[\s,.;:!¡…–—-]*[,.;:!¡…\n–—][\s,.;:!¡…–—-]*|\s+(?=¿)")
_TAIL = re.compile(r"[\s,.;:!?¡…–—-]*[,.;:!?¡…\n–—]\s*")
_MAX_COURTESY_WORDS = 6
# A pack need not know all talk.
_NOTHING: Final = "(?!)"

_OPERATION = re.compile(
    r"(?P<sum>-?[\d.,]+%?(?:\s*(?:[+*×÷^]|\s[-−–/x:]\s|(?<=\d)[-−/x](?=\d)|\s(?:mas|menos|por|entre|dividido (?:por|entre)|plus|minus|times|divided by|multiplied by)\s)"
    r"\s*[\d.,]+%?)+)\s*=?"
    r"|(?:el |the )?[\d.,]+ ?% (?:de|of) [\d.,]+|(?:la )?raiz (?:cuadrada|cubica) de \d+|(?:the )?(?:square|cube) root of \d+"
)
# Without "cuánto es" before it only what nothing else is written with: 12/05/2024 and 555-0134 are no sums.
_BARE_SUM = re.compile(
    r"[\d\s.,()%]*\d\s*[+*×÷^]\s*[\d(][\d\s.,()+*×÷^%/-]*=?|\d+(?: [-−/x] \d+)+ ?=?"
)


@dataclass(frozen=True, slots=True)
class Remark:
    """Talk of a ``kind``; ``subject``: the document or the matter that it names, as it was written, or the matter of small talk that a document
    may be about; ``written_in``: the language in which documents are asked for."""

    kind: Talk
    lang: Lang
    subject: str = ""
    written_in: Lang | None = None


def remark_of(text: str) -> Remark | None:
    """What a text is where it asks nothing of a passage; None for everything else."""
    for lang in _LANGS:
        if _is_sum(text, lang):
            return Remark("arithmetic", lang)
    words = _words(text)
    spoken = " ".join(word for word, _, _ in words)
    for lang in _LANGS:
        kinds = _kinds(spoken, lang)
        if kinds:
            return Remark(next(kind for kind in _WANTS if kind in kinds), lang)
    for lang in _LANGS:
        for matter, pattern in language.PACKS[lang].matters.items():
            if re.fullmatch(pattern, spoken):
                return Remark("smalltalk", lang, matter)
        for of, pattern in language.PACKS[lang].written_in.items():
            rest = re.sub(rf" (?:{pattern})\b", "", spoken)
            if rest != spoken and "documents" in _kinds(rest, lang):
                return Remark("documents", lang, written_in=of)
        for kind in _NAMING:
            subject = _subject(text, words, kind, lang)
            if subject:
                return Remark(kind, lang, subject)
    return None


def without_courtesy(text: str) -> str:
    """The question in a text, without the greeting before it and the thanks around it; all of it where nothing else is in it."""
    left = _without_head(text)
    for _ in range(3):
        shorter = _without_tail(left)
        if shorter == left:
            break
        left = shorter
    return left if any(map(str.isalnum, left)) else text


# --------------------------------------------------------------------------- words


def _words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text, folded, with their places."""
    return [(language.fold(m[0]), m.start(), m.end()) for m in _WORD.finditer(text)]


@cache
def _pattern(kind: Talk, lang: Lang) -> re.Pattern[str]:
    return re.compile(language.PACKS[lang].talk.get(kind, _NOTHING))


@cache
def _remarks(lang: Lang) -> re.Pattern[str]:
    """One remark of any of the kinds that name nothing, from the beginning of what is left."""
    kinds = "|".join(
        f"(?P<{kind}>{language.PACKS[lang].talk.get(kind, _NOTHING)})" for kind in _WANTS
    )
    return re.compile(rf"(?:{kinds})(?: |\Z)")


def _kinds(spoken: str, lang: Lang) -> set[Talk]:
    """The kinds of the remarks that a text is made of, nothing else being in it; none otherwise."""
    found: set[Talk] = set()
    whole = {kind for kind in _WANTS if _pattern(kind, lang).fullmatch(spoken)}
    if whole:
        return whole
    at = 0
    while at < len(spoken):
        match = _remarks(lang).match(spoken, at)
        if match is None:
            return set()
        found |= {kind for kind in _WANTS if match[kind]}
        at = match.end()
    return found


def _subject(text: str, words: list[tuple[str, int, int]], kind: Talk, lang: Lang) -> str:
    """What a remark names, as it is written in the text; "" where it is no such remark."""
    starts, spoken = _spoken_at(words)
    match = _pattern(kind, lang).fullmatch(spoken)
    if match is None:
        return ""
    start, end = next(match.span(name) for name in match.groupdict() if match[name])
    first = next(n for n, at in enumerate(starts) if at >= start)
    last = max(n for n, at in enumerate(starts) if at < end)
    return text[words[first][1] : words[last][2]]


def _spoken_at(words: list[tuple[str, int, int]]) -> tuple[list[int], str]:
    starts, at = [], 0
    for word, _, _ in words:
        starts.append(at)
        at += len(word) + 1
    return starts, " ".join(word for word, _, _ in words)


# --------------------------------------------------------------------------- courtesy around a question


def _without_head(text: str) -> str:
    words = _words(text)
    for n in range(min(_MAX_COURTESY_WORDS, len(words) - 1), 0, -1):
        said = " ".join(word for word, _, _ in words[:n])
        if not any(_is_courtesy(said, lang) for lang in _LANGS):
            continue
        end = words[n - 1][2]
        stop = _STOP.match(text, end)
        if stop is not None:
            return _without_head(text[stop.end() :].lstrip())
        rest = " ".join(word for word, _, _ in words[n:]) + " "
        # "Gracias a" and "great" begin sentences; a greeting does not
        polite = any("greeting" in _kinds(said, lang) for lang in _LANGS)
        if polite and any(re.match(language.PACKS[lang].lead, rest) for lang in _LANGS):
            return text[words[n][1] :]
    return text


def _without_tail(text: str) -> str:
    words = _words(text)
    for n in range(min(_MAX_COURTESY_WORDS, len(words) - 1), 0, -1):
        said = " ".join(word for word, _, _ in words[-n:])
        if not any(_pattern("thanks", lang).fullmatch(said) for lang in _LANGS):
            continue
        before = text[: words[-n][1]]
        stop = next((m for m in _TAIL.finditer(before) if m.end() == len(before)), None)
        if stop is not None:
            # The question's own mark stays
            keep = stop.start() + sum(1 for _ in _marks(stop[0]))
            return before[:keep]
    return text


def _marks(stop: str) -> Iterator[str]:
    for char in stop:
        if char not in "?.!…":
            return
        yield char


def _is_courtesy(said: str, lang: Lang) -> bool:
    kinds = _kinds(said, lang)
    return bool(kinds) and kinds.issubset(_COURTESY)


# --------------------------------------------------------------------------- sums


def _is_sum(text: str, lang: Lang) -> bool:
    said = _APOSTROPHES.sub(" ", language.fold(text)).strip(" ¿?¡!.=")
    if _BARE_SUM.fullmatch(said):
        return True
    lead = _pattern("arithmetic", lang).match(said)
    return lead is not None and _OPERATION.fullmatch(said[lead.end() :].strip(" ()?=")) is not None
