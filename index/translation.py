"""p(term | term) between two languages, Spanish and English in the table that ships, so that a word counts in a passage of the other language.

Learnt from parallel text by IBM Model 1 (Brown et al. 1993, https://aclanthology.org/J93-2003) over the same
terms that the lexical index holds, in both directions, pruned to the probable ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import compress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus import language
from corpus.document import Lang

Direction = str
"""``es-en``: from a Spanish term to English ones."""

DIRECTIONS: tuple[Direction, ...] = ("es-en", "en-es")
"""Those that are learnt; a table may hold others."""

LANGS: tuple[Lang, Lang] = ("es", "en")

_MIN_PROBABILITY = 0.02
_MAX_TRANSLATIONS = 10
_MAX_TERMS = 40
# Pairs joined to make an ordinary passage when the background is counted.
_PAIRS_PER_PASSAGE = 6
_MIN_PASSAGES = 3
_FILE = "translation.npz"


class TranslationTable:
    """For each term the terms of the other language it is translated by, most probable first.

    ``background`` gives, per language, the share of ordinary passages that hold a term.
    """

    def __init__(
        self,
        entries: Mapping[Direction, Mapping[str, Sequence[tuple[str, float]]]],
        background: Mapping[Lang, Mapping[str, float]] | None = None,
    ):
        self._entries = entries
        self._background = background or {}

    def translate(self, term: str, direction: Direction) -> Sequence[tuple[str, float]]:
        """``(term, probability)`` of the translations, most probable first; empty for an unknown term.

        Probabilities are p(translation | term), sum to at most 1, and exclude those under 0.02.
        """
        return self._entries.get(direction, {}).get(term, ())

    def background(self, term: str, lang: Lang) -> float:
        """Share of ordinary passages of a language that hold a term, 0..1; 0 for an unknown one."""
        return self._background.get(lang, {}).get(term, 0.0)

    def __len__(self) -> int:
        return sum(len(e) for e in self._entries.values())

    def save(self, folder: Path) -> None:
        """Write ``translation.npz``: the words of each language once, and of everything else which of them it is about."""
        said: dict[Lang, set[str]] = {
            lang: set(shares) for lang, shares in self._background.items()
        }
        for direction, entries in self._entries.items():
            told, other = _langs_of(direction)
            said.setdefault(told, set()).update(entries)
            said.setdefault(other, set()).update(t for e in entries.values() for t, _ in e)
        words = {lang: sorted(terms) for lang, terms in said.items()}
        arrays: dict[str, npt.NDArray[np.generic]] = {
            f"{lang}:words": np.frombuffer("\n".join(terms).encode(), np.uint8)
            for lang, terms in words.items()
        }
        for direction, entries in self._entries.items():
            told, other = _langs_of(direction)
            number = {t: i for i, t in enumerate(words[other])}
            sources = [t for t in words[told] if t in entries]
            flat = [(number[t], p) for s in sources for t, p in entries[s]]
            arrays[f"{direction}:sources"] = _bits(t in entries for t in words[told])
            arrays[f"{direction}:counts"] = np.array([len(entries[s]) for s in sources], np.uint8)
            arrays[f"{direction}:which"] = np.array(
                [i for i, _ in flat], np.min_scalar_type(len(number))
            )
            arrays[f"{direction}:p"] = np.array([round(p * 255) for _, p in flat], np.uint8)
        for lang, shares in self._background.items():
            known = [t for t in words[lang] if t in shares]
            arrays[f"{lang}:known"] = _bits(t in shares for t in words[lang])
            arrays[f"{lang}:shares"] = np.array([shares[t] for t in known], np.float16)
        np.savez_compressed(folder / _FILE, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, folder: Path) -> TranslationTable:
        """Read what :meth:`save` wrote; an empty table when the folder has none.

        A table never changes, so a process reads each file once: every engine, and every collection has one.
        """
        path = folder / _FILE
        if not path.is_file():
            return cls({})
        found = path.stat()
        return _loaded(path, found.st_mtime_ns, found.st_size)


class _Entries(Mapping[str, Sequence[tuple[str, float]]]):
    """One direction as it is stored; a term's translations are put together when they are asked for, since a question needs a
    dozen of fifty thousand."""

    def __init__(
        self,
        direction: Direction,
        arrays: Mapping[str, npt.NDArray[np.generic]],
        words: Mapping[Lang, list[str]],
    ):
        told, other = _langs_of(direction)
        sources = _marked(words[told], arrays[f"{direction}:sources"])
        counts = arrays[f"{direction}:counts"].astype(np.int64)
        self._ends = np.cumsum(counts)
        self._starts = self._ends - counts
        self._place = {term: i for i, term in enumerate(sources)}
        self._targets = words[other]
        self._which = arrays[f"{direction}:which"]
        self._p = arrays[f"{direction}:p"]

    def __getitem__(self, term: str) -> list[tuple[str, float]]:
        i = self._place[term]
        span = slice(self._starts[i], self._ends[i])
        which, p = self._which[span].tolist(), (self._p[span].astype(float) / 255).tolist()
        return [(self._targets[n], chance) for n, chance in zip(which, p, strict=True)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._place)

    def __len__(self) -> int:
        return len(self._place)


@lru_cache(maxsize=4)
def _loaded(path: Path, changed_ns: int, n_bytes: int) -> TranslationTable:
    """The table of a file that was last changed then and has so many bytes."""
    with np.load(path) as stored:
        arrays = dict(stored)
    words: dict[Lang, list[str]] = {
        lang: arrays[f"{lang}:words"].tobytes().decode().splitlines()
        for lang in _named(arrays, "words")
    }
    entries = {d: _Entries(d, arrays, words) for d in _named(arrays, "sources")}
    background: dict[Lang, dict[str, float]] = {}
    for lang in _named(arrays, "shares"):
        shares = arrays[f"{lang}:shares"].astype(float).tolist()
        known = _marked(words[lang], arrays[f"{lang}:known"])
        background[lang] = dict(zip(known, shares, strict=True))
    return TranslationTable(entries, background)


def _named(arrays: Mapping[str, object], kind: str) -> list[str]:
    """The languages or directions of which there is such an array."""
    return [name.removesuffix(f":{kind}") for name in arrays if name.endswith(f":{kind}")]


def _langs_of(direction: Direction) -> tuple[Lang, Lang]:
    told, _, other = direction.partition("-")
    return told, other


def _bits(marked: Iterable[bool]) -> npt.NDArray[np.generic]:
    return np.packbits(np.fromiter(marked, dtype=np.bool_))


def _marked(words: Sequence[str], bits: npt.NDArray[np.generic]) -> list[str]:
    """The words whose bit is set, in their order."""
    marked = np.unpackbits(bits.astype(np.uint8), count=len(words)).tolist()
    return list(compress(words, marked))


def learn(
    pairs: Iterable[tuple[str, str]], *, rounds: int = 6, log: Callable[[str], None] = print
) -> TranslationTable:
    """The table of (English, Spanish) pairs; texts of more than 40 terms are left out."""
    english: dict[str, int] = {}
    spanish: dict[str, int] = {}
    passages: dict[Lang, Counter[str]] = {"es": Counter(), "en": Counter()}
    joined: dict[Lang, set[str]] = {"es": set(), "en": set()}
    n_pairs = 0
    sentences: list[tuple[list[int], list[int]]] = []
    for en, es in pairs:
        en_terms = set(language.terms(en, "en"))
        es_terms = set(language.terms(es, "es"))
        joined["en"] |= en_terms
        joined["es"] |= es_terms
        n_pairs += 1
        if n_pairs % _PAIRS_PER_PASSAGE == 0:
            for lang in LANGS:
                passages[lang].update(joined[lang])
                joined[lang].clear()
        if 0 < len(en_terms) <= _MAX_TERMS and 0 < len(es_terms) <= _MAX_TERMS:
            sentences.append(
                (
                    [english.setdefault(t, len(english)) for t in en_terms],
                    [spanish.setdefault(t, len(spanish)) for t in es_terms],
                )
            )
    log(
        f"translation: {len(sentences)} pairs, {len(english)} English and {len(spanish)} Spanish terms"
    )
    entries: dict[Direction, dict[str, list[tuple[str, float]]]] = {}
    for direction in DIRECTIONS:
        swap = direction == "en-es"
        sources, targets = (english, spanish) if swap else (spanish, english)
        sides = sentences if swap else [(es, en) for en, es in sentences]
        entries[direction] = _model_one(sides, list(sources), list(targets), rounds)
        log(f"translation: {direction} has {len(entries[direction])} terms")
    n_passages = max(1, n_pairs // _PAIRS_PER_PASSAGE)
    background = {
        lang: {t: n / n_passages for t, n in counts.items() if n >= _MIN_PASSAGES}
        for lang, counts in passages.items()
    }
    return TranslationTable(entries, background)


def _model_one(
    sides: Sequence[tuple[list[int], list[int]]],
    sources: list[str],
    targets: list[str],
    rounds: int,
) -> dict[str, list[tuple[str, float]]]:
    """IBM Model 1: p(target | source), with an empty source word that takes what nothing explains."""
    n_targets = len(targets)
    # The empty word has the number after the last source
    cells, groups = [], []
    group = 0
    for source, target in sides:
        s = np.array([*source, len(sources)], dtype=np.int64)
        t = np.array(target, dtype=np.int64)
        cells.append((s[None, :] * n_targets + t[:, None]).ravel())
        groups.append(np.repeat(np.arange(group, group + len(t), dtype=np.int32), len(s)))
        group += len(t)
    keys, cell = np.unique(np.concatenate(cells), return_inverse=True)
    cell = cell.astype(np.int32)
    del cells
    which = np.concatenate(groups)
    del groups
    of_source = keys // n_targets
    p = np.ones(len(keys))
    for _ in range(rounds):
        weight = p[cell]
        # share of each target word among the source words of its sentence
        share = weight / np.bincount(which, weight)[which]
        expected = np.bincount(cell, share, minlength=len(keys))
        p = expected / np.bincount(of_source, expected)[of_source]
    kept = (p >= _MIN_PROBABILITY) & (of_source < len(sources)) & (expected >= 0.5)
    found: dict[str, list[tuple[str, float]]] = {}
    for key, probability in zip(keys[kept].tolist(), p[kept].tolist(), strict=True):
        which_source, which_target = divmod(key, n_targets)
        entry = (targets[which_target], probability)
        found.setdefault(sources[which_source], []).append(entry)
    return {
        source: sorted(translations, key=lambda entry: (-entry[1], entry[0]))[:_MAX_TRANSLATIONS]
        for source, translations in found.items()
    }
