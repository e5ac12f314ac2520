"""How an answer came about, as plain data: the arithmetic of each score, and what was left out and why.

Everything here is a dict that JSON can hold. The words for it, in Spanish and English, are chosen by whoever shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from corpus import language
from corpus.document import Lang, Passage
from qa import answer as answering
from qa import fuse
from qa.duplicates import Wording, shared
from qa.highlight import Highlight, kind_asked
from qa.retrieve import Candidate, QueryWord, Retrieved

N_SENTENCES = 8
"""Sentences told of, quoted or not."""


def of_search(retrieved: Retrieved, merged: Sequence[tuple[Passage, Passage]]) -> dict[str, Any]:
    """What the question's words stand for, the weights, and the passages ``(dropped, kept)`` that were merged."""
    return {
        "words": [
            {
                "text": word.text,
                "name": word.name,
                "known": word.known,
                "terms": {
                    lang: [{"term": t, "probability": round(p, 3)} for t, p in terms]
                    for lang, terms in word.terms.items()
                },
            }
            for word in retrieved.words
        ],
        "weights": {
            "same_language": asdict(fuse.SAME_LANGUAGE),
            "across_languages": asdict(fuse.ACROSS_LANGUAGES),
        },
        "candidates": len(retrieved.candidates),
        "dropped": [
            {
                "passage_id": passage.passage_id,
                "reason": "duplicate",
                "of": kept.passage_id,
                "shared": round(shared(Wording.of(passage), Wording.of(kept)), 3),
            }
            for passage, kept in merged
        ],
    }


def of_hit(
    retrieved: Retrieved, candidate: Candidate, passage: Passage, cross: float | None
) -> dict[str, Any]:
    """The legs of one passage, how they add up, and which of the question's words it holds.

    ``sum`` is the sum of the products and the constant, ``fused`` what the answer reckons with: other than ``sum`` for
    a passage that the late interaction did not reach, and where a cross-encoder or the earlier question changed the order.
    """
    if candidate.late is None:
        weights = fuse.FIRST_ACROSS_LANGUAGES if candidate.across else fuse.FIRST_SAME_LANGUAGE
    else:
        weights = fuse.ACROSS_LANGUAGES if candidate.across else fuse.SAME_LANGUAGE
    ranks = {
        "dense": candidate.dense_rank,
        "lexical": candidate.lexical_rank,
        "late": _late_rank(retrieved, candidate),
    }
    scores: dict[str, float | None] = {leg: getattr(candidate, leg) for leg in fuse.LEGS}
    by_leg = {leg: weights.of(leg) for leg in fuse.LEGS}
    legs = {
        leg: {
            "rank": ranks.get(leg),
            "score": round(score, 4),
            "weight": by_leg[leg],
            "product": round(score * by_leg[leg], 4),
        }
        for leg, score in scores.items()
        if score is not None
    }
    exact = sum(score * by_leg[leg] for leg, score in scores.items() if score is not None)
    matched, missing = _matches(retrieved.words, passage, candidate.across)
    return {
        "legs": legs,
        "constant": weights.constant,
        "sum": round(exact + weights.constant, 4),
        "fused": round(candidate.fused, 4),
        "across_languages": candidate.across,
        "cross_encoder": None if cross is None else round(cross, 4),
        "matched": matched,
        "missing": missing,
    }


def of_answer(
    question: str,
    lang: Lang,
    support: answering.Support,
    sentences: Sequence[answering.ScoredSentence],
    chosen: Sequence[answering.ScoredSentence],
    unheld: Sequence[answering.ScoredSentence],
    marks: Sequence[Highlight | None],
) -> dict[str, Any]:
    """How sure the answer is, and each of the best sentences with what became of it.

    ``chosen`` are those that were to be quoted, ``unheld`` those of them that are not word for word in their document;
    ``marks`` are the highlights of the others, in order. A sentence has the number of its ``citation``, or a ``reason``:
    ``below_threshold``, ``not_in_document``, or one of :func:`qa.answer.why_not`.
    """
    quoted = [s for s in chosen if s not in unheld]
    number_of = {id(s): n for n, s in enumerate(quoted, 1)}

    def fate(sentence: answering.ScoredSentence) -> dict[str, Any]:
        if id(sentence) in number_of:
            return {"citation": number_of[id(sentence)], "reason": None}
        if sentence in unheld:
            return {"citation": None, "reason": "not_in_document"}
        if not chosen:
            return {"citation": None, "reason": "below_threshold"}
        return {"citation": None, "reason": answering.why_not(sentence, chosen)}

    return {
        "support": {
            **_named(answering.SUPPORT_FEATURES, support.features),
            "confidence": round(support.confidence, 4),
            "threshold": round(support.threshold, 4),
            "weights": _named(answering.SUPPORT_FEATURES, answering.W_SUPPORT),
            "bias": answering.BIAS[lang],
        },
        "sentences": [
            {
                "text": s.quote.text,
                "document_id": s.quote.passage.doc_id,
                "score": round(s.score, 4),
                "features": _named(answering.SENTENCE_FEATURES, s.features),
                **fate(s),
            }
            for s in sentences
            if s in sentences[:N_SENTENCES] or s in chosen
        ],
        "sentence_weights": _named(answering.SENTENCE_FEATURES, answering.W_SENTENCE),
        "asked_for": kind_asked(question),
        "highlights": [
            None
            if mark is None
            else {"start": mark.start, "end": mark.end, "probability": round(mark.probability, 4)}
            for mark in marks
        ],
    }


def _late_rank(retrieved: Retrieved, candidate: Candidate) -> int | None:
    if candidate.late is None:
        return None
    return 1 + sum(c.late is not None and c.late > candidate.late for c in retrieved.candidates)


def _matches(
    words: Sequence[QueryWord], passage: Passage, across: bool
) -> tuple[list[dict[str, Any]], list[str]]:
    """The question's words that the passage or its heading holds, each with the terms that say so, and those it lacks."""
    lang = passage.lang
    held = frozenset(language.terms(f"{passage.heading}\n{passage.text}", lang))
    matched, missing = [], []
    for word in words:
        terms = [(t, p) for t, p in word.terms[lang] if t in held]
        if not terms:
            missing.append(word.text)
            continue
        other = "translation" if across else "synonym"
        matched.append(
            {
                "word": word.text,
                "terms": [t for t, _ in terms],
                "by": "itself" if any(p >= 1 for _, p in terms) else other,
                "idf": round(word.idf[lang], 3),
            }
        )
    return matched, missing


def _named(names: Sequence[str], values: Sequence[float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in zip(names, values, strict=True)}
