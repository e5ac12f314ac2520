"""BM25 over Spanish and English passages, in plain arrays that are memory-mapped.

A passage is analysed in its own language, a question in each language there is, and statistics (document
frequency, mean length) are those of one language's passages; so a Spanish question meets an English passage
in the words both share (names, numbers) and in the translations it is given, and no language's size
skews the other's scores.

A question is, for each passage language, a list of words, each a list of ``(term, probability)``: itself with
probability 1, or its translations. What they are worth is said by :mod:`index.bm25`; here are the lists that they are
looked up in, and which of them need not be read.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus import language
from corpus.document import Lang
from corpus.languages import LANGS
from index import bm25
from index.arrays import Arrays, Numbering
from index.bm25 import TermFacts
from index.part import Written, embedded_text
from index.searchable import (
    Idfs,
    Matches,
    Rows,
    Scores,
    Word,
    WordsByLang,
    WordWeight,
    term_key,
)

# A word in fewer passages than this is scored sooner than it is found out whether it could be left out.
_LONG_LIST = 2000
# Looking a passage up in a list costs about as much as scoring this many passages of the list.
_LOOKUP_COST = 16
# Passages whose terms are kept while an index is made: what comes again comes soon.
_TERMS_KEPT = 100
# Bounds are compared with sums of floats.
_SLACK = 1e-5


class _Lists(NamedTuple):
    """Where a term is listed, as (segment, start, end); how many passages of the index hold it, and how often one does at most."""

    slices: list[tuple[int, int, int]]
    n: int
    peak: int


class Records(NamedTuple):
    """What each passage holds: the terms of passage i are ``keys`` uint64 and ``counts`` uint16 from ``offsets`` int64[n + 1]
    [i] to [i + 1], ``lengths`` int32[n] how many terms it has, each as often as it comes."""

    keys: npt.NDArray[np.uint64]
    counts: npt.NDArray[np.uint16]
    offsets: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int32]


class LexicalIndex(Arrays):
    """Inverted lists: ``keys`` uint64 (hash of language and term, sorted), ``starts`` into ``rows`` int32 and
    ``counts`` uint16; per passage ``lengths`` int32 (terms) and ``langs`` uint8.

    Over several segments everything is counted as if they were one, without the passages that are gone.
    """

    KIND = "lexical"
    NAMES = ("keys", "starts", "rows", "counts", "lengths", "langs")

    def __init__(
        self,
        segments: Sequence[Mapping[str, npt.NDArray[Any]]],
        rows: Numbering | None = None,
    ):
        super().__init__(segments, rows)
        n = len(self)
        lengths, self._langs = np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.uint8)
        for number, segment in enumerate(self._segments):
            numbers = self._numbering.numbers(number)
            alive = slice(None) if self._numbering.plain else numbers >= 0
            lengths[numbers[alive]] = segment["lengths"][alive]
            self._langs[numbers[alive]] = segment["langs"][alive]
        self._n: dict[Lang, int] = {}
        self._least_norm: dict[Lang, float] = {}
        norms = np.ones(n, dtype=np.float32)
        for code, lang in enumerate(LANGS):
            members = self._langs == code
            self._n[lang] = int(members.sum())
            if self._n[lang]:
                mean = bm25.mean_length(lengths[members])
                norms[members] = bm25.norms(lengths[members], mean)
                self._least_norm[lang] = float(norms[members].min())
        self._norms = norms
        # A question asks for each of its terms twice: for the weight of its word and for the passages
        # (a partial, not a method: a cache that held the index would keep its files open after it is let go)
        find = partial(_find, self._segments, self._numbering)
        self._lists = lru_cache(maxsize=50_000)(find)

    @staticmethod
    def _rows_of(segment: Mapping[str, npt.NDArray[Any]]) -> int:
        return len(segment["lengths"])

    @classmethod
    def make(cls, written: Written) -> LexicalIndex:
        """Index of the terms of the passages, each in its language, with their headings."""
        # A text that repeats itself is analysed once
        terms = lru_cache(maxsize=_TERMS_KEPT)(language.terms)
        return cls.build((p.lang, terms(embedded_text(p), p.lang)) for p in written.passages)

    @classmethod
    def build(cls, passages: Iterable[tuple[Lang, Sequence[str]]]) -> LexicalIndex:
        """Index of passages given as ``(language, terms)`` in row order."""
        # 10 bytes a posting until they are sorted: a million passages fit in the memory of a laptop
        keys, counts, sizes = array("Q"), array("H"), array("I")
        lengths, langs = array("i"), array("B")
        for lang, terms in passages:
            counted = Counter(terms)
            keys.extend(term_key(lang, term) for term in counted)
            counts.extend(min(count, 65535) for count in counted.values())
            sizes.append(len(counted))
            lengths.append(len(terms))
            langs.append(LANGS.index(lang))
        every = np.array(keys, dtype=np.uint64)
        # stable: the rows of a list ascend
        order = np.argsort(every, kind="stable")
        distinct, first = np.unique(every[order], return_index=True)
        rows = np.repeat(np.arange(len(sizes), dtype=np.int32), np.array(sizes, dtype=np.int64))
        return cls(
            [
                {
                    "keys": distinct,
                    "starts": np.append(first, len(every)).astype(np.int64),
                    "rows": rows[order],
                    "counts": np.array(counts, dtype=np.uint16)[order],
                    "lengths": np.array(lengths, dtype=np.int32),
                    "langs": np.array(langs, dtype=np.uint8),
                }
            ]
        )

    @property
    def langs(self) -> npt.NDArray[np.uint8]:
        """uint8[n], each passage's language as its place in ``LANGS``."""
        return self._langs

    def records(self) -> Records:
        """The lists turned round, for an index that keeps them by passage; takes 22 bytes a posting."""
        keys, counts = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.uint16)]
        rows = [np.zeros(0, dtype=np.int32)]
        lengths = np.zeros(len(self), dtype=np.int32)
        for number, segment in enumerate(self._segments):
            numbers = self._numbering.numbers(number)
            lengths[numbers[numbers >= 0]] = segment["lengths"][numbers >= 0]
            own = numbers[segment["rows"]]
            alive = own >= 0
            keys.append(np.repeat(segment["keys"], np.diff(segment["starts"]))[alive])
            counts.append(segment["counts"][alive])
            rows.append(own[alive])
        every = np.concatenate(rows)
        order = np.argsort(every, kind="stable")
        offsets = np.zeros(len(self) + 1, dtype=np.int64)
        np.cumsum(np.bincount(every, minlength=len(self)), out=offsets[1:])
        return Records(np.concatenate(keys)[order], np.concatenate(counts)[order], offsets, lengths)

    def n_passages(self, lang: Lang) -> int:
        """Number of passages in a language."""
        return self._n[lang]

    def least_norm(self, lang: Lang) -> float:
        """What a language's shortest passage adds to its tf."""
        return self._least_norm[lang]

    def term(self, lang: Lang, term: str) -> TermFacts:
        """How many passages of a language hold a term, and how often one does at most."""
        lists = self._lists(lang, term)
        return TermFacts(lists.n, lists.peak)

    def df(self, lang: Lang, term: str) -> int:
        """Number of passages of a language that hold a term."""
        return self._lists(lang, term).n

    def weight(self, lang: Lang, word: Word, prior: float | None = None) -> WordWeight:
        """Idf of a question word among one language's passages (:func:`index.bm25.weight`)."""
        return bm25.weight(self, lang, word, prior)

    def search(
        self,
        words: WordsByLang,
        k: int,
        allowed: Rows | None = None,
        *,
        idfs: Idfs | None = None,
        also: Rows | None = None,
    ) -> Matches:
        """The best k passages that share a word with the question, out of ``allowed``, and the scores of ``also``.

        A score is BM25 divided by what a passage with every word without end would get: the share of the question, by
        idf, that the passage holds, 0..1. ``idfs`` are aligned with the words of ``words``; None takes those of
        :meth:`weight` without a prior.

        Words are scored from the weightiest down. As soon as k passages have more than the words that are left in a
        language can give, no new passage can come in there, and those words are looked up for the passages that can
        still win only (MaxScore: Turtle & Flood 1995, doi:10.1016/0306-4573(95)00020-H); the result is the same.
        """
        asked = np.zeros(0, dtype=np.int64) if also is None else also
        total = np.zeros(len(self), dtype=np.float32)
        tf = np.zeros(len(self), dtype=np.float32)
        permitted = None
        if allowed is not None:
            permitted = np.zeros(len(self), dtype=bool)
            permitted[allowed] = True
        asked_words = bm25.asked_words(self, words, idfs)
        # What a passage of a language can still get
        left: dict[Lang, float] = {}
        for word in asked_words:
            left[word.lang] = left.get(word.lang, 0.0) + word.most
        # Rows with a score, each once: there are far fewer of them than passages
        touched: list[Rows] = []
        # Rows of a language to which no other can be added any more
        closed: dict[Lang, Rows] = {}
        if k <= 0:
            closed = {lang: self._of_language(asked, lang) for lang in left}
        for most, share, lang, terms in asked_words:
            lists = [(self._lists(lang, term), p) for term, p in terms]
            size = sum(one.n for one, _ in lists)
            if size > _LONG_LIST and lang not in closed:
                scored = _joined(touched)
                floor = self._floor(total, scored, k, permitted, left[lang])
                if floor is not None:
                    rivals = scored[total[scored] >= floor - left[lang] - _SLACK]
                    if len(rivals) * _LOOKUP_COST < size:
                        closed[lang] = self._of_language(np.union1d(rivals, asked), lang)
            if lang in closed and len(closed[lang]) * _LOOKUP_COST * len(lists) < size:
                self._look_up(total, touched, closed[lang], lists, share)
            else:
                self._score(total, touched, tf, lists, share)
            left[lang] -= most
        rows = _joined(touched)
        if permitted is not None:
            rows = rows[permitted[rows]]
        values = total[rows]
        if k < len(rows):
            kth = np.partition(values, len(rows) - k)[len(rows) - k] if k > 0 else np.inf
            rows, values = rows[values >= kth], values[values >= kth]
        order = np.lexsort((rows, -values))[: max(k, 0)]
        return Matches(values[order][None, :], rows[order][None, :].astype(np.int64), total[asked])

    def _of_language(self, rows: Rows, lang: Lang) -> Rows:
        own: Rows = rows[self._langs[rows] == LANGS.index(lang)]
        return own

    @staticmethod
    def _floor(
        total: Scores,
        scored: Rows,
        k: int,
        permitted: npt.NDArray[np.bool_] | None,
        left: float,
    ) -> float | None:
        """The k-th best score so far if it is more than a passage without any can still get, else None."""
        values = total[scored if permitted is None else scored[permitted[scored]]]
        above = values[values > left + _SLACK]
        if len(above) < k:
            return None
        return float(np.partition(above, len(above) - k)[len(above) - k])

    def _postings(self, lists: _Lists) -> tuple[Rows, npt.NDArray[np.uint16]]:
        """The rows of the index in some lists and their counts; ascending within a segment."""
        rows, counts = [], []
        for number, start, end in lists.slices:
            segment = self._segments[number]
            here, often = segment["rows"][start:end], segment["counts"][start:end]
            if not self._numbering.plain:
                here = self._numbering.numbers(number)[here]
                alive = here >= 0
                here, often = here[alive], often[alive]
            rows.append(here)
            counts.append(often)
        if len(rows) == 1:
            return rows[0].astype(np.int64), counts[0]
        return np.concatenate(rows).astype(np.int64), np.concatenate(counts)

    def _score(
        self,
        total: Scores,
        touched: list[Rows],
        tf: Scores,
        lists: Sequence[tuple[_Lists, float]],
        share: float,
    ) -> None:
        """Add one word to all passages that hold any of its terms; ``tf`` is all zeros before and after."""
        found = [(*self._postings(one), p) for one, p in lists]
        rows = np.concatenate([r for r, _, _ in found])
        weighted = np.concatenate([bm25.expected(counts, p) for _, counts, p in found])
        if len(lists) > 1:
            np.add.at(tf, rows, weighted)
            weighted = tf[rows]
            tf[rows] = 0
        before = total[rows]
        fresh = rows[before == 0]
        if len(lists) > 1 and len(fresh):
            # A passage with two of the terms is in rows twice: of its places only the last stands
            places = np.arange(1, len(fresh) + 1, dtype=np.float32)
            tf[fresh] = places
            last = tf[fresh] == places
            tf[fresh] = 0
            fresh = fresh[last]
        touched.append(fresh)
        # and has equal sums there: it is assigned once, twice over
        total[rows] = bm25.with_word(before, share, weighted, self._norms[rows])

    def _look_up(
        self,
        total: Scores,
        touched: list[Rows],
        rows: Rows,
        lists: Sequence[tuple[_Lists, float]],
        share: float,
    ) -> None:
        """Add one word to some passages, distinct ones of its language; the same sums as :meth:`_score`."""
        weighted = np.zeros(len(rows), dtype=np.float32)
        wanted = {
            number: (at, local.astype(np.int32))
            for number, at, local in self._numbering.split(rows)
        }
        for one, p in lists:
            for number, start, end in one.slices:
                if number not in wanted:
                    continue
                at, local = wanted[number]
                segment = self._segments[number]
                listed = segment["rows"][start:end]
                place = np.minimum(np.searchsorted(listed, local), end - start - 1)
                held = listed[place] == local
                counts = segment["counts"][start:end][place[held]]
                weighted[at[held]] += bm25.expected(counts, p)
        before = total[rows]
        touched.append(rows[(before == 0) & (weighted > 0)])
        total[rows] = bm25.with_word(before, share, weighted, self._norms[rows])


def _joined(parts: Sequence[Rows]) -> Rows:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _find(
    segments: Sequence[Mapping[str, npt.NDArray[Any]]], numbering: Numbering, lang: Lang, term: str
) -> _Lists:
    """Where the lists of a term stand in the segments, how many passages hold it, and its highest count."""
    key = np.uint64(term_key(lang, term))
    slices, n, peak = [], 0, 0
    for number, segment in enumerate(segments):
        keys = segment["keys"]
        at = int(np.searchsorted(keys, key))
        if at == len(keys) or keys[at] != key:
            continue
        start, end = int(segment["starts"][at]), int(segment["starts"][at + 1])
        counts = segment["counts"][start:end]
        if not numbering.plain:
            alive = numbering.numbers(number)[segment["rows"][start:end]] >= 0
            counts = counts[alive]
        if len(counts):
            slices.append((number, start, end))
            n += len(counts)
            peak = max(peak, int(counts.max()))
    return _Lists(slices, n, peak)
