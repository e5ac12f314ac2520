"""BM25 over Spanish and English passages, in plain arrays that are memory-mapped.

A passage is analysed in its own language, a question in each language there is, and statistics (document
frequency, mean length) are those of one language's passages; so a Spanish question meets an English passage
in the words both share (names, numbers) and in the translations it is given, and no language's size
skews the other's scores.

A question is, for each passage language, a list of words, each a list of ``(term, probability)``: itself with
probability 1, or its translations. A word counts with its expected tf and df over them (probabilistic
structured queries: Darwish & Oard 2003, doi:10.1145/860435.860497).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.document import Lang

Scores = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Word = Sequence[tuple[str, float]]
Question = Mapping[Lang, Sequence[Word]]
Priors = Mapping[Lang, Sequence[float]]

LANGS: tuple[Lang, ...] = ("es", "en", "und")

# Robertson & Zaragoza 2009 (doi:10.1561/1500000019) with the constants of short passages.
K1 = 0.9
B = 0.4
# How many passages the general knowledge of a word's frequency weighs against those of the collection.
PRIOR_PASSAGES = 300

_FILES = ("keys", "starts", "rows", "counts", "lengths", "langs")


def _key(lang: Lang, term: str) -> int:
    digest = hashlib.blake2b(f"{lang}:{term}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


@dataclass(frozen=True, slots=True)
class WordWeight:
    """What one question word is worth in one language: ``idf``, its expected document frequency with the prior, and
    how many passages are expected to hold it (``seen``)."""

    idf: float
    df: float
    seen: float


class LexicalIndex:
    """Inverted lists: ``keys`` uint64 (hash of language and term, sorted), ``starts`` into ``rows`` int32 and
    ``counts`` uint16; per passage ``lengths`` int32 (terms) and ``langs`` uint8."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[np.generic]]):
        self._keys = np.asarray(arrays["keys"])
        self._starts = np.asarray(arrays["starts"])
        self._rows = np.asarray(arrays["rows"])
        self._counts = np.asarray(arrays["counts"])
        self._lengths = np.asarray(arrays["lengths"])
        self._langs = np.asarray(arrays["langs"])
        self._n: dict[Lang, int] = {}
        n = len(self._lengths)
        norms = np.ones(n, dtype=np.float32)
        for code, lang in enumerate(LANGS):
            members = self._langs == code
            self._n[lang] = int(members.sum())
            if self._n[lang]:
                lengths = self._lengths[members]
                mean = max(1e-9, float(lengths.mean()))
                norms[members] = K1 * (1 - B + B * lengths / mean)
        self._norms = norms

    @classmethod
    def build(cls, passages: Iterable[tuple[Lang, Sequence[str]]]) -> LexicalIndex:
        """Index of passages given as ``(language, terms)`` in row order."""
        lists: dict[tuple[Lang, str], list[tuple[int, int]]] = {}
        lengths: list[int] = []
        langs: list[int] = []
        for row, (lang, terms) in enumerate(passages):
            counts: dict[str, int] = {}
            for term in terms:
                counts[term] = counts.get(term, 0) + 1
            for term, count in counts.items():
                lists.setdefault((lang, term), []).append((row, min(count, 65535)))
            lengths.append(len(terms))
            langs.append(LANGS.index(lang))
        by_key = sorted((_key(lang, term), postings) for (lang, term), postings in lists.items())
        sizes = [len(postings) for _, postings in by_key]
        starts = np.zeros(len(by_key) + 1, dtype=np.int64)
        np.cumsum(sizes, out=starts[1:])
        flat = np.array([p for _, postings in by_key for p in postings], dtype=np.int64).reshape(
            -1, 2
        )
        return cls(
            {
                "keys": np.array([k for k, _ in by_key], dtype=np.uint64),
                "starts": starts,
                "rows": flat[:, 0].astype(np.int32),
                "counts": flat[:, 1].astype(np.uint16),
                "lengths": np.array(lengths, dtype=np.int32),
                "langs": np.array(langs, dtype=np.uint8),
            }
        )

    def __len__(self) -> int:
        return len(self._lengths)

    @property
    def langs(self) -> npt.NDArray[np.uint8]:
        """uint8[n], each passage's language as its place in ``LANGS``."""
        return self._langs

    def n_passages(self, lang: Lang) -> int:
        """Number of passages in a language."""
        return self._n[lang]

    def _postings(
        self, lang: Lang, term: str
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint16]]:
        key = np.uint64(_key(lang, term))
        at = int(np.searchsorted(self._keys, key))
        if at == len(self._keys) or self._keys[at] != key:
            return self._rows[:0], self._counts[:0]
        span = slice(int(self._starts[at]), int(self._starts[at + 1]))
        return self._rows[span], self._counts[span]

    def df(self, lang: Lang, term: str) -> int:
        """Number of passages of a language that hold a term."""
        return len(self._postings(lang, term)[0])

    def weight(self, lang: Lang, word: Word, prior: float | None = None) -> WordWeight:
        """Idf of a question word among one language's passages: ln(1 + (N - df + 0.5) / (df + 0.5)).

        ``prior``, the share of ordinary passages that hold the word, counts as ``PRIOR_PASSAGES`` more passages: in a
        collection of three passages every word is either everywhere or nowhere; ordinary words must stay cheap there,
        and a name that all three hold must stay dear. None leaves it out.
        """
        n = self._n[lang] + (0 if prior is None else PRIOR_PASSAGES)
        seen = sum(p * self.df(lang, term) for term, p in word)
        df = min(float(n), seen + PRIOR_PASSAGES * (prior or 0.0))
        return WordWeight(idf=float(np.log(1 + (n - df + 0.5) / (df + 0.5))), df=df, seen=seen)

    def scores(self, question: Question, priors: Priors | None = None) -> Scores:
        """BM25 of every passage, float32[n]; divided by what a passage with every word without end would get.

        So a score is between 0 and 1: the share of the question, by idf, that the passage holds. ``priors`` are
        aligned with the words of ``question``.
        """
        total = np.zeros(len(self), dtype=np.float32)
        for lang, words in question.items():
            if not self._n[lang] or not words:
                continue
            ceiling = 0.0
            for place, word in enumerate(words):
                idf = self.weight(lang, word, priors[lang][place] if priors else None).idf
                ceiling += idf
                found = [(self._postings(lang, term), p) for term, p in word]
                if len(word) == 1:
                    (rows, counts), p = found[0]
                    tf = counts * np.float32(p)
                else:
                    every = np.concatenate([rows for (rows, _), _ in found])
                    if not len(every):
                        continue
                    rows, where = np.unique(every, return_inverse=True)
                    weighted = np.concatenate([counts * np.float32(p) for (_, counts), p in found])
                    tf = np.bincount(where, weighted, minlength=len(rows)).astype(np.float32)
                total[rows] += np.float32(idf) * tf / (tf + self._norms[rows])
            if ceiling > 0:
                members = self._langs == LANGS.index(lang)
                total[members] /= np.float32(ceiling)
        return total

    def search(
        self, question: Question, k: int, allowed: Rows | None = None
    ) -> tuple[Scores, Rows]:
        """``(scores float32[1, k'], rows int64[1, k'])`` of passages that share a word with the question.

        Score descending, then row ascending; k' <= k.
        """
        return self.top(self.scores(question), k, allowed)

    @staticmethod
    def top(scores: Scores, k: int, allowed: Rows | None = None) -> tuple[Scores, Rows]:
        """The best k of an array of scores as :meth:`search` gives them, without the zeros."""
        rows = np.flatnonzero(scores > 0) if allowed is None else allowed[scores[allowed] > 0]
        values = scores[rows]
        if 0 < k < len(rows):
            floor = np.partition(values, len(rows) - k)[len(rows) - k]
            kept = values >= floor
            rows, values = rows[kept], values[kept]
        order = np.lexsort((rows, -values))[:k]
        return values[order][None, :], rows[order].astype(np.int64)[None, :]

    def save(self, folder: Path) -> None:
        """Write the arrays as ``lexical-*.npy`` into a folder."""
        for name in _FILES:
            np.save(folder / f"lexical-{name}.npy", getattr(self, f"_{name}"))

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Open what :meth:`save` wrote, memory-mapped.

        :raises OSError, ValueError: when a file is missing or is not an array.
        """
        return cls(
            {name: np.load(folder / f"lexical-{name}.npy", mmap_mode="r") for name in _FILES}
        )

    @staticmethod
    def file_names() -> list[str]:
        """Names of the files that :meth:`save` writes."""
        return [f"lexical-{name}.npy" for name in _FILES]
