"""Which language a text is in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from corpus.document import Lang
from corpus.languages import LANGS, PACKS
from corpus.languages.others import ELIDED, OTHER_LETTERS, OTHER_WORDS
from corpus.languages.pack import fold

_SAMPLE_CHARS: Final = 4_000
_WORD = re.compile(r"\d+(?:[.,:/-]\d+)*|[^\W\d_]+(?:[\u2019'][^\W\d_]+)?|[^\W_]+")
_IDENTIFIER = re.compile(r"\w*_\w*")
# Of so many words some are function words, in any language: where fewer than this share show one of ours, the text is in none
# of them. A page of names and numbers in Spanish or English has a tenth and more.
_MANY_WORDS: Final = 40
_LEAST_SHARE: Final = 0.06


def _telling(lang: Lang) -> frozenset[str]:
    """Folded words that this language uses all the time and no other pack's ever."""
    pack = PACKS[lang]
    others = {fold(w) for other in PACKS.values() if other is not pack for w in other.stop_words}
    return (frozenset(map(fold, pack.stop_words)) | pack.telling) - others - pack.shared


_TELLING: Final[Mapping[Lang, frozenset[str]]] = {lang: _telling(lang) for lang in PACKS}
_SPELLING: Final = {lang: tuple(map(re.compile, pack.spelling)) for lang, pack in PACKS.items()}
_COMMON: Final[Mapping[Lang, frozenset[str]]] = {
    lang: pack.stop_words | pack.telling | pack.idle | frozenset(pack.roles)
    for lang, pack in PACKS.items()
}


# A language that has got a pack since is no other one any more
_OTHERS: Final = tuple(words for lang, words in OTHER_WORDS.items() if lang not in PACKS)
_STRANGE: Final = {
    letter: weight
    for letter, weight in OTHER_LETTERS.items()
    if not any(letter in pack.letters for pack in PACKS.values())
}


@lru_cache(maxsize=100_000)
def _traces(word: str) -> tuple[float, ...]:
    """How much a word in small letters, by itself, looks like each language."""
    folded = fold(word)
    found = []
    for lang, pack in PACKS.items():
        trace = float(folded in _TELLING[lang])
        trace += 0.5 * sum(len(pattern.findall(word)) for pattern in _SPELLING[lang])
        if not word.isascii():
            trace += sum(pack.letters.get(letter, 0.0) for letter in word)
        found.append(trace)
    return tuple(found)


def detect(text: str) -> tuple[Lang, float]:
    """Language of a text and a confidence in 0..1; ``und`` when it shows no trace of any, or more of one without a pack.

    Function words count 1, spelling that only one of the languages has counts 0.5 (¿, ¡ and ñ count 2), a question word at
    the beginning counts 3, over the first 4,000 characters. Names and identifiers do not count: "Who was Íñigo Núñez?" is
    English.
    """
    sample = text[:_SAMPLE_CHARS]
    if "_" in sample:
        sample = _IDENTIFIER.sub(" ", sample)
    written = _WORD.findall(sample)
    said = [word for n, word in enumerate(written) if not (n and word[0].isupper())]
    # in a title or in capitals every word looks like a name
    if 4 * len(said) < len(written) or not any(map(str.islower, sample)):
        said = written
    found = [word.lower() for word in said if not word[0].isdigit()]
    traces = tuple(zip(*map(_traces, found), strict=True)) or ((),) * len(PACKS)
    signs = [
        sum(weight * sample.count(sign) for sign, weight in pack.signs.items())
        for pack in PACKS.values()
    ]
    totals = [
        sum(traces[at]) + signs[at] + 3.0 * (bool(found) and fold(found[0]) in pack.asking)
        for at, pack in enumerate(PACKS.values())
    ]
    most = max(totals)
    at = totals.index(most)
    lang = LANGS[at]
    if most == 0 or totals.count(most) > 1 or _is_another(lang, found, traces[at], signs[at]):
        return "und", 0.0
    # Laplace: one stray word proves little, twenty of one kind prove much
    confidence = (most + 0.25) / (sum(totals) + 0.5)
    return lang, round(confidence, 3)


def _is_another(lang: Lang, found: Sequence[str], traces: Sequence[float], signs: float) -> bool:
    """Whether words that look most like ``lang``, each as much as its trace says, are in a language without a pack all the
    same: these have more of their function words, or hardly any have one of ours."""
    if len(found) >= _MANY_WORDS and sum(traces) + signs < _LEAST_SHARE * len(found):
        return True
    common = _COMMON[lang]
    own = signs + sum(max(trace, word in common) for word, trace in zip(found, traces, strict=True))
    strange = sum(weight for c in "".join(found) if (weight := _STRANGE.get(c)))
    strange += sum(1.0 for word in found if ELIDED.match(word))
    parts = [part for word in found for part in re.split("['\u2019]", word)]
    most = max((sum(p in words for p in parts) for words in _OTHERS), default=0)
    return strange + most > own


_ALL_COMMON: Final = frozenset().union(
    *(pack.stop_words for pack in PACKS.values()), *OTHER_WORDS.values()
)
# Prose has a function word in three; a title, a list of names or a table with a line of words in twelve.
_ONE_COMMON_IN: Final = 12
_FEW_WORDS: Final = 6


def says_words(text: str) -> bool:
    """Whether a text has as many function words, of any language that is known, as anything written has, and is no run of letters by chance."""
    written = text.lower().split()
    found = [word.strip(".,;:!?¡¿()\"'«»“”") for word in written]
    n_common = sum(len(word) > 1 and word in _ALL_COMMON for word in found)
    return n_common >= max(1 if len(found) < _FEW_WORDS else 2, len(found) / _ONE_COMMON_IN)
