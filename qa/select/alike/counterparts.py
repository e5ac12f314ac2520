"""Things of which each is none of the others, summer and winter, check-in and check-out, rabbits and dogs: of which of them something is asked.

What is so in winter is said in the words of what is so in summer, and where the one stands alone a reader takes it for the other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from corpus import language
from corpus.document import Lang
from corpus.languages import PACKS
from qa.select.times.moments import months
from qa.select.times.years import is_open
from qa.words import folded_words, tells_of_the_rest

# What they are called, in so many words at most
_MOST_WORDS: Final = 4
# A question of so many words that has no question word asks for what it names; with a question mark longer ones ask whether something is so.
_MOST_ASKED: Final = 6
_KEYWORDS: Final = 3
# A question that begins so is about another matter than the thing that it goes on to name: "What happens if …?"
_WHY: Final = re.compile(r"(?:why|what (?:if|happens)|que (?:pasa|ocurre|sucede|hago))\b")
_FOR: Final = re.compile(r"\bpor\s+\Z")
_ASKING: Final = {
    lang: frozenset(word for word, role in pack.roles.items() if role == "ask")
    for lang, pack in PACKS.items()
}
# Where the clause ends in which something is asked
_BREAKS: Final = {
    lang: frozenset(word for word, role in pack.roles.items() if role == "break").union(
        _ASKING[lang], "since although unless cuando aunque ya".split()
    )
    - pack.joiners
    for lang, pack in PACKS.items()
}
# No name goes on over these
_PARTS: Final = re.compile(r"[\n.,;:|()]+")
# Names of pubs, people and streets: "the Red Lion", "5 Oak Street"
_NAMES: Final = re.compile(r"(?<=[a-zß-ÿ0-9,] )(?:[A-ZÁÉÍÓÚÑ][^\W\d_]+ ){1,3}[A-ZÁÉÍÓÚÑ][^\W\d_]+")
# By what stands there a place is told, and whose it is: "beside the boiler", "on the rugby pitch"
_BESIDE: Final = r"beside|behind|by|near|opposite|next to|under|below|above|over|outside|junto al?|al lado del?|detras del?|(?:en)?frente al?|enfrente del?|cerca del?|debajo del?|encima del?|sobre|bajo|tras"
_LANDMARK: Final = re.compile(
    rf"\b(?:{_BESIDE}) (?:the|an?|el|la|los|las|una?) [^\W\d_]+|\b(?:detras|junto|al lado|(?:en)?frente|cerca|debajo|encima) (?:al|del) [^\W\d_]+"
)
_IN_IT: Final = re.compile(
    r"\b(?:in|on|at|from|en|de|a) (?:the|an?|el|la|los|las|una?) [^\W\d_]+|\b(?:del|al) [^\W\d_]+"
)
_WHERE: Final = re.compile(r"\W*(?:[^\W\d_]+ )?(?:where|donde)\b")
_GROUND: Final = re.compile(
    r"\b[^\W\d_]+ (?P<a>pitch|court|club|hall|room|field|ground|museum|school|shop|hut|kiosk)\b|\b(?P<b>campo|pista|sala|club|pabellon|museo|caseta|escuela|tienda) (?:de(?: la| los| las)?|del) [^\W\d_]+"
)
# What holds for another as well may hold for it
_ALIKE: Final = re.compile(
    r"\b(?:another|else|(?:the )?same as|the same|any|anything|otr[oa]|mism[oa]s?|igual|cualquier\w*|idem)\b"
)
# What months may tell
_OF_MONTHS: Final = frozenset(("season", "demand", "feast"))
# Of these one says of what they are: "green waste" is none of the brown bin
_ADJECTIVES: Final = frozenset(("colour", "heat", "size", "bound"))
_STOP: Final = re.compile(r"[,;:.?!]\s|[?!]")
# What may stand before a question word that is no relative: "¿A qué hora", "desde cuándo"
_OPENS: Final = re.compile(
    r"(?:\A|.*[¿?.,;:!(]|.*\b(?:a|de|en|por|con|para|y|and|desde|hasta|sobre|at|in|on|from|for))\s*\Z"
)


class _Thing(NamedTuple):
    kind: str
    name: str


class _Words(NamedTuple):
    """Of a language what things are called, what may mean them, and the words with which names of several begin."""

    said: Mapping[str, set[_Thing]]
    meant: Mapping[str, set[_Thing]]
    opening: frozenset[str]


def is_of_counterpart(
    question: str, asked_in: Lang, quoted: str, over: str, around: str, lang: Lang
) -> bool:
    """Whether a question openly asks for what is so of one of some such things, and what is quoted, in ``lang``, or its heading, ``over``, names
    others of them and not that one, which stands nowhere ``around`` either. Whether something may be done in summer may follow from what is said of winter."""
    asked = _asked(question, asked_in)
    if not asked or tells_of_the_rest(quoted) or _ALIKE.search(language.fold(quoted)):
        return False
    here = _things(f"{over}\n{_without_places(quoted, language.fold(question))}", lang)
    others = {thing.kind for thing in here}
    lost = [thing for thing in asked if thing not in here and thing.kind in others]
    if not lost or not _things(around, lang).isdisjoint(lost):
        return False
    meant = _things(quoted, lang, meant=True)
    return any(
        thing not in meant
        and not (thing.kind in _OF_MONTHS and months(quoted))
        and not (
            thing.kind in _ADJECTIVES and _tells_of_another(thing, question, asked_in, quoted, lang)
        )
        for thing in lost
    )


def _tells_of_another(
    asked: _Thing, question: str, asked_in: Lang, quoted: str, lang: Lang
) -> bool:
    """Whether such a thing is said in a question of one noun, and others in what is quoted of other ones: "green waste", "the brown bin"."""
    own = {noun for thing, noun in _described(question, asked_in, asked.kind) if thing == asked}
    others = [noun for _, noun in _described(quoted, lang, asked.kind)]
    if asked_in != lang or not others or "" in own or "" in others:
        return False
    return own.isdisjoint(others)


def _described(text: str, lang: Lang, kind: str) -> Iterator[tuple[_Thing, str]]:
    """The adjectives of a kind in a text, each with the noun that it is said of: the word behind it in English, that before it in Spanish."""
    for of in PACKS if lang == "und" else (lang,):
        said, step = _words(of).said, 1 if of == "en" else -1
        for part in _PARTS.split(text):
            words = folded_words(part)
            for n, word in enumerate(words):
                at = n + step
                # "Green means", "Rojo: niebla"
                alone = not 0 <= at < len(words) or (at > n == 0 and len(words) > at + 1)
                noun = "" if alone or words[at] in PACKS[of].stop_words else words[at]
                for thing in said.get(word, ()):
                    if thing.kind == kind:
                        yield thing, "".join(language.terms(noun, of))


def _without_places(quoted: str, question: str) -> str:
    """What is quoted without what only says where something is or is called like a thing: "at five on the rugby pitch", "in the Red Lion"."""
    said = _LANDMARK.sub(" ", language.fold(_NAMES.sub(" ", quoted)))
    if _WHERE.match(question):
        said = _IN_IT.sub(" ", said)
    return _GROUND.sub(
        lambda match: match[0] if (match["a"] or match["b"]) in question else " ", said
    )


# One question is asked of each passage that is read
@lru_cache(maxsize=64)
def _asked(question: str, lang: Lang) -> frozenset[_Thing]:
    """The things that stand in the clause in which something is asked, those of which it names no other."""
    found = defaultdict(set)
    for thing in _things(_clause(language.fold(question), lang), lang):
        found[thing.kind].add(thing)
    return frozenset(thing for same in found.values() if len(same) == 1 for thing in same)


def _clause(question: str, lang: Lang) -> str:
    """From the question word to the end of its clause; all of a few words that have none."""
    asking, breaks = _ASKING.get(lang, frozenset()), _BREAKS.get(lang, frozenset())
    words = [(word, start, end) for word, start, end in language.words(question)]
    for word, start, end in words:
        if word.split("'")[0].split("’")[0] not in asking or not _OPENS.match(question[:start]):
            continue
        if _WHY.match(question[start:]) or _FOR.search(question[:start]):
            return ""
        stop = _STOP.search(question, end)
        last = stop.start() if stop else len(question)
        first_break = (a for w, a, _ in words if end <= a < last and w in breaks)
        return question[start : next(first_break, last)]
    few = len(words) <= (_KEYWORDS if "?" in question else _MOST_ASKED)
    return question if few and is_open(question.replace("?", "")) else ""


def _things(text: str, lang: Lang, *, meant: bool = False) -> set[_Thing]:
    """The things that a text in a language names, or may mean."""
    found: set[_Thing] = set()
    for of in PACKS if lang == "und" else (lang,):
        known = _words(of)
        by_name = known.meant if meant else known.said
        for part in _PARTS.split(text):
            words = folded_words(part)
            n = 0
            while n < len(words):
                # "Semi-final" is no final
                most = _MOST_WORDS if words[n] in known.opening else 1
                sizes = (s for s in range(most, 0, -1) if " ".join(words[n : n + s]) in by_name)
                size = next(sizes, 0)
                if size:
                    found |= by_name[" ".join(words[n : n + size])]
                n += max(size, 1)
    return found


@lru_cache(maxsize=8)
def _words(lang: Lang) -> _Words:
    pack = PACKS[lang]
    said: dict[str, set[_Thing]] = defaultdict(set)
    meant: dict[str, set[_Thing]] = defaultdict(set)
    for kind, things in pack.counterparts.items():
        for one in things.split(" | "):
            name, _, words = one.partition(": ")
            for word in words.split():
                by_name = meant if word[0] == "+" else said
                for form in _forms(word, pack.inflected):
                    by_name[form].add(_Thing(kind, name))
    opening = frozenset(name.split()[0] for name in (*said, *meant) if " " in name)
    return _Words(said, meant, opening)


def _forms(written: str, inflected: Mapping[str, str]) -> set[str]:
    """A word or some words of a pack in all their forms."""
    word = written.lstrip("+=").replace("_", " ")
    endings = {} if written.lstrip("+")[0] == "=" else inflected
    return {word}.union(
        word.removesuffix(last) + ending
        for last, all_endings in endings.items()
        if word.endswith(last)
        for ending in all_endings.split()
    )
