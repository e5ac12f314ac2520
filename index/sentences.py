"""A vector for every sentence of every passage, one byte a dimension.

A passage's vector says what it is about; which of its sentences answers is told by the sentences' own vectors, made
without the text around them (means of the passage's token vectors, which would cost nothing to make, find the right
sentence less often).

Beside it the terms of every sentence, so that nothing has to be analysed when a question comes.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from corpus import language
from corpus.document import Lang, Passage
from index.arrays import Arrays
from index.part import Written
from index.searchable import sentence_key

# Sentences and headings whose terms are kept while an index is made: what comes again comes soon.
_TERMS_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class SentenceCodes:
    """One passage's sentences: ``codes`` int8[n, dim], ``spans`` int32[n, 2], code points into the passage."""

    codes: npt.NDArray[np.int8]
    spans: npt.NDArray[np.int32]


def compress_sentences(
    vectors: npt.NDArray[np.float32], spans: Sequence[tuple[int, int]]
) -> SentenceCodes:
    """Codes of unit rows: each row scaled to its largest value; a cosine needs no scale."""
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True, initial=0.0), 1e-12)
    codes = np.round(vectors / largest * 127).astype(np.int8)
    return SentenceCodes(codes, np.array(spans, dtype=np.int32).reshape(-1, 2))


class SentenceIndex(Arrays):
    """Sentences of all passages: ``codes`` int8[N, dim], ``spans`` int32[N, 2], ``offsets`` int64[n + 1]."""

    KIND = "sentences"
    NAMES = ("codes", "spans", "offsets")

    @classmethod
    def make(cls, written: Written) -> SentenceIndex:
        """Index of the passages' sentences."""
        return cls.build([c.sentences for c in written.codes], written.vectors.shape[1])

    @classmethod
    def build(cls, passages: Sequence[SentenceCodes], dim: int) -> SentenceIndex:
        """Index of the passages' sentences in row order."""
        offsets = np.zeros(len(passages) + 1, dtype=np.int64)
        np.cumsum([len(p.spans) for p in passages], out=offsets[1:])
        codes = [p.codes for p in passages] or [np.zeros((0, dim), np.int8)]
        spans = [p.spans for p in passages] or [np.zeros((0, 2), np.int32)]
        return cls(
            [
                {
                    "codes": np.concatenate(codes),
                    "spans": np.concatenate(spans),
                    "offsets": offsets,
                }
            ]
        )

    def codes_of(self, row: int) -> SentenceCodes:
        """The stored codes of one passage."""
        arrays, a, b = self._entries(row)
        return SentenceCodes(np.array(arrays["codes"][a:b]), np.array(arrays["spans"][a:b]))

    def cosines(
        self, rows: Sequence[int], vector: npt.NDArray[np.float32]
    ) -> list[tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]]:
        """For each passage where its sentences stand in it, int32[n, 2] in text order, and float32[n], the cosines of their
        vectors with a unit ``vector`` float32[dim]."""
        if not len(rows):
            return []
        entries = [self._entries(row) for row in rows]
        # all at once: thirty small products cost more than one large one
        codes = np.concatenate([arrays["codes"][a:b] for arrays, a, b in entries])
        codes = codes.astype(np.float32)
        # not @, which would hand so small a product to several threads
        norms = np.sqrt(np.einsum("ij,ij->i", codes, codes))
        cosines = np.einsum("ij,j->i", codes, vector) / np.maximum(norms, 1e-6)
        found, at = [], 0
        for arrays, a, b in entries:
            found.append((arrays["spans"][a:b], cosines[at : at + b - a]))
            at += b - a
        return found


class TermIndex(Arrays):
    """The distinct terms of all passages' headings and sentences: ``keys`` uint32[T] (see :func:`sentence_key`), ``bounds``
    int64[G + 1] of each group in them, ``offsets`` int64[n + 1] of each passage's groups, its heading before its
    sentences."""

    KIND = "terms"
    NAMES = ("keys", "bounds", "offsets")

    @classmethod
    def make(cls, written: Written) -> TermIndex:
        """Index of the terms of the passages' headings and sentences."""
        pairs = zip(written.passages, written.codes, strict=True)
        # A text that repeats itself is analysed once
        terms = lru_cache(maxsize=_TERMS_KEPT)(language.terms)
        return cls.build((p.lang, _terms_by_sentence(p, c.sentences, terms)) for p, c in pairs)

    @classmethod
    def build(cls, passages: Iterable[tuple[Lang, Sequence[Iterable[str]]]]) -> TermIndex:
        """Index of passages in row order, each its language and the terms of its heading and of each sentence."""
        keys, bounds, offsets = array("I"), array("q", [0]), array("q", [0])
        for lang, groups in passages:
            for terms in groups:
                keys.extend(sorted({sentence_key(lang, term) for term in terms}))
                bounds.append(len(keys))
            offsets.append(len(bounds) - 1)
        return cls(
            [
                {
                    "keys": np.array(keys, dtype=np.uint32),
                    "bounds": np.array(bounds, dtype=np.int64),
                    "offsets": np.array(offsets, dtype=np.int64),
                }
            ]
        )

    def of(self, row: int) -> list[frozenset[int]]:
        """The keys of the terms of a passage's heading, then of each of its sentences in text order."""
        arrays, first, last = self._entries(row)
        bounds = arrays["bounds"][first : last + 1].tolist()
        keys = arrays["keys"][bounds[0] : bounds[-1]].tolist()
        ends = [bound - bounds[0] for bound in bounds]
        return [frozenset(keys[a:b]) for a, b in zip(ends, ends[1:], strict=False)]


def _terms_by_sentence(
    passage: Passage, sentences: SentenceCodes, terms: Callable[[str, Lang], list[str]]
) -> list[list[str]]:
    """The terms of a passage's heading, then of each of its sentences."""
    parts = [passage.heading, *(passage.text[a:b] for a, b in sentences.spans.tolist())]
    return [terms(part, passage.lang) for part in parts]
