"""BM25 with words that stand for several terms, from what is recorded of each term: the one function that says what the
words of a passage are worth, whatever engine proposed it.

An index that keeps its lists somewhere else counts the same (df, number of passages, mean length, how often a term comes
in one passage at most) and scores with these functions; then its scores are the same to the last bit. The order in which
floats are added is part of that: words from the weightiest down, the terms of a word in their order.

A word counts with its expected tf and df over the terms it stands for (probabilistic structured queries: Darwish & Oard
2003, doi:10.1145/860435.860497).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from corpus.document import Lang
from index.searchable import Idfs, Scores, Word, WordsByLang, WordWeight, term_key

# Robertson & Zaragoza 2009 (doi:10.1561/1500000019) with the constants of short passages.
K1 = 0.9
B = 0.4
# How many passages the general knowledge of a word's frequency weighs against those of the collection.
PRIOR_PASSAGES = 300


class TermFacts(NamedTuple):
    """How many passages hold a term, and how often one does at most."""

    n: int
    peak: int


class Statistics(Protocol):
    """What is counted over all passages of an index."""

    def n_passages(self, lang: Lang) -> int:
        """Number of passages in a language."""
        ...

    def least_norm(self, lang: Lang) -> float:
        """The least of the :func:`norms` of a language's passages; asked only of a language that has some."""
        ...

    def term(self, lang: Lang, term: str) -> TermFacts:
        """What is counted of a term of a language; zeros when no passage holds it."""
        ...


class AskedWord(NamedTuple):
    """A word of a question in one language of passages: the ``share`` of the question that it is, ``most`` that a passage
    can get for it, and the terms that it stands for, those that some passage holds, each with its probability."""

    most: float
    share: float
    lang: Lang
    terms: tuple[tuple[str, float], ...]


def norms(lengths: npt.NDArray[np.int32], mean: float | npt.NDArray[np.float64]) -> Scores:
    """float32[n], what the length of a passage (terms) adds to its tf, where ``mean`` is that of its language."""
    found: Scores = (K1 * (1 - B + B * lengths / mean)).astype(np.float32)
    return found


def mean_length(lengths: npt.NDArray[np.int32]) -> float:
    """The mean length of a language's passages, of which there is at least one."""
    return max(1e-9, float(lengths.mean()))


def weight(
    statistics: Statistics, lang: Lang, word: Word, prior: float | None = None
) -> WordWeight:
    """Idf of a question word among one language's passages: ln(1 + (N - df + 0.5) / (df + 0.5)).

    ``prior``, the share of ordinary passages that hold the word, counts as ``PRIOR_PASSAGES`` more passages: in a
    collection of three passages every word is either everywhere or nowhere; ordinary words must stay cheap there,
    and a name that all three hold must stay dear. None leaves it out.
    """
    n = statistics.n_passages(lang) + (0 if prior is None else PRIOR_PASSAGES)
    seen = sum(p * statistics.term(lang, term).n for term, p in word)
    df = min(float(n), seen + PRIOR_PASSAGES * (prior or 0.0))
    return WordWeight(idf=math.log(1 + (n - df + 0.5) / (df + 0.5)), df=df, seen=seen)


def asked_words(
    statistics: Statistics, words: WordsByLang, idfs: Idfs | None = None
) -> list[AskedWord]:
    """The words of a question that some passage can be given something for, in the order in which they are added: the
    weightiest first. ``idfs`` are aligned with ``words``; None takes those of :func:`weight` without a prior."""
    found: list[AskedWord] = []
    for lang, choices in words.items():
        if not statistics.n_passages(lang) or not choices:
            continue
        own = idfs[lang] if idfs else [weight(statistics, lang, word).idf for word in choices]
        ceiling = sum(own)
        for idf, word in zip(own, choices, strict=True):
            held = [(term, p, statistics.term(lang, term)) for term, p in word]
            peak = sum(facts.peak * p for _, p, facts in held)
            if ceiling > 0 and peak > 0:
                share = idf / ceiling
                most = share * peak / (peak + statistics.least_norm(lang))
                terms = tuple((term, p) for term, p, facts in held if facts.n)
                found.append(AskedWord(most, share, lang, terms))
    found.sort(key=lambda asked: -asked.most)
    return found


def expected(counts: npt.NDArray[Any], probability: float) -> Scores:
    """float32[n], what ``counts`` of a term add to the tf of a word that stands for it with that probability."""
    weighted: Scores = counts * np.float32(probability)
    return weighted


def with_word(before: Scores, share: float, tf: Scores, norm: Scores) -> Scores:
    """float32[n], the scores of passages after one more word, of which each holds ``tf``."""
    after: Scores = before + np.float32(share) * tf / (tf + norm)
    return after


Recorded = Mapping[int, tuple[npt.NDArray[np.int64], npt.NDArray[np.uint16]]]
"""For the key of a term (:func:`index.searchable.term_key`) the places of the passages that hold it, each once, and how
often each does."""


def scored(asked: Sequence[AskedWord], records: Recorded, norm: Scores) -> Scores:
    """float32[n], the scores of n passages by what is recorded of the terms in them: the share of the question, by idf, that
    each holds, 0..1. ``norm`` float32[n] are their :func:`norms`; a term is of one language, so words of another add 0."""
    total = np.zeros(len(norm), dtype=np.float32)
    for word in asked:
        tf = np.zeros(len(norm), dtype=np.float32)
        for term, p in word.terms:
            record = records.get(term_key(word.lang, term))
            if record is not None:
                at, counts = record
                tf[at] += expected(counts, p)
        total = with_word(total, word.share, tf, norm)
    return total
