"""How an answer came about, as JSON: the numbers of a trace, rounded; see :mod:`qa.trace`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, Field

from index.legs import LEGS
from qa.calibration import LegWeights
from qa.select import Feature
from qa.trace import AnswerTrace, PassageTrace, Trace


class TermTold(BaseModel):
    """A term that a word of the question stands for."""

    term: str
    probability: float = Field(description="0 to 1.")


class WordTold(BaseModel):
    """A content word of the question."""

    text: str
    name: bool = Field(description="It looks like a name or a number.")
    known: bool = Field(description="Some passage holds it.")
    terms: dict[str, list[TermTold]] = Field(description="By language of the passages.")


class WeightsTold(BaseModel):
    """What each leg counts, and `constant`, by whether question and passage share a language."""

    same_language: dict[str, float]
    across_languages: dict[str, float]


class DroppedTold(BaseModel):
    """A passage left out since another says the same."""

    passage_id: str
    reason: Literal["duplicate"]
    of: str
    shared: float = Field(description="Share of its runs of words that the other holds; 0 to 1.")


class RoundTripsTold(BaseModel):
    """How often the server that holds the index was asked, and how long that took altogether."""

    count: int
    ms: float


class SearchExplanation(BaseModel):
    """How passages were found."""

    words: list[WordTold]
    weights: WeightsTold
    candidates: int
    dropped: list[DroppedTold]
    round_trips: RoundTripsTold | None = Field(
        description="To the server that holds the index; null for one in the data directory."
    )


class LegTold(BaseModel):
    """What one leg adds to the score of a passage."""

    rank: int | None
    score: float
    weight: float
    product: float


class MatchTold(BaseModel):
    """A word of the question that a passage holds."""

    word: str
    terms: list[str]
    by: Literal["itself", "translation", "synonym"]
    idf: float


class PassageExplanation(BaseModel):
    """How the score of a passage came about."""

    legs: dict[str, LegTold]
    constant: float
    sum: float
    fused: float = Field(description="What the answer reckons with.")
    across_languages: bool
    cross_encoder: float | None
    reader: float | None = Field(
        description="The chance that the passage answers, 0..1, where the reader read it."
    )
    matched: list[MatchTold]
    missing: list[str]


class SentenceTold(BaseModel):
    """A sentence that was judged: it has the number of its `citation`, or a `reason`."""

    text: str
    document_id: str
    score: float
    features: dict[str, float] = Field(
        description="What its score was made of; empty for what is quoted because it belongs to another sentence or list."
    )
    citation: int | None
    reason: str | None


class SpanTold(BaseModel):
    """The words marked in a quote."""

    start: int
    end: int
    probability: float


class AnswerExplanation(SearchExplanation):
    """How an answer, or an abstention, came about."""

    support: dict[str, float | dict[str, float]] = Field(
        description="The features behind the confidence, their `weights` and `bias` (log odds), "
        "`confidence` and `threshold`."
    )
    sentences: list[SentenceTold]
    sentence_weights: dict[str, float]
    asked_for: str | None
    highlights: list[SpanTold | None] = Field(
        description="One for each citation with the role `answer`."
    )


def search_explanation(trace: Trace) -> SearchExplanation:
    """What a trace tells of a search."""
    return SearchExplanation(
        words=[
            WordTold(
                text=word.text,
                name=word.name,
                known=word.known,
                terms={
                    lang: [TermTold(term=t, probability=round(p, 3)) for t, p in terms]
                    for lang, terms in word.terms.items()
                },
            )
            for word in trace.words
        ],
        weights=WeightsTold(
            same_language=_weights(trace.weights.same),
            across_languages=_weights(trace.weights.across),
        ),
        candidates=trace.n_candidates,
        dropped=[
            DroppedTold(
                passage_id=one.passage_id,
                reason="duplicate",
                of=one.of,
                shared=round(one.shared, 3),
            )
            for one in trace.merged
        ],
        round_trips=RoundTripsTold(count=trace.trips.n, ms=round(trace.trips.ms, 3))
        if trace.trips.n
        else None,
    )


def answer_explanation(trace: Trace) -> AnswerExplanation:
    """What a trace tells of an answer.

    Raises ValueError for the trace of a search.
    """
    told = trace.answer
    if told is None:
        raise ValueError("the trace is that of a search")
    why = told.selection.why
    names = tuple(why.unit_features)
    return AnswerExplanation(
        **dict(search_explanation(trace)),
        support=_support(told),
        sentences=[
            SentenceTold(
                text=one.unit.quote.text,
                document_id=one.unit.quote.passage.doc_id,
                score=round(one.unit.score, 4),
                # What is quoted because it belongs to another unit was not weighed by itself
                features={
                    name: round(value, 4)
                    for name, value in zip(names, one.unit.features, strict=True)
                }
                if one.unit.features
                else {},
                citation=one.citation,
                reason=one.reason,
            )
            for one in told.units
        ],
        sentence_weights=dict(why.unit_features),
        asked_for=why.asked_for,
        highlights=[
            None
            if span is None
            else SpanTold(start=span.start, end=span.end, probability=round(span.probability, 4))
            for span in told.spans
        ],
    )


def passage_explanation(told: PassageTrace) -> PassageExplanation:
    """What a trace tells of one passage."""
    return PassageExplanation(
        legs={
            leg.name: LegTold(
                rank=leg.rank,
                score=round(leg.score, 4),
                weight=leg.weight,
                product=round(leg.product, 4),
            )
            for leg in told.legs
        },
        constant=told.constant,
        sum=round(told.sum, 4),
        fused=round(told.fused, 4),
        across_languages=told.across,
        cross_encoder=None if told.cross_encoder is None else round(told.cross_encoder, 4),
        reader=None if told.reader is None else round(told.reader, 4),
        matched=[
            MatchTold(word=one.word, terms=list(one.terms), by=one.by, idf=round(one.idf, 3))
            for one in told.matched
        ],
        missing=list(told.missing),
    )


def _weights(side: LegWeights) -> dict[str, float]:
    return {**{leg: side.of(leg) for leg in LEGS}, "constant": side.constant}


def _support(told: AnswerTrace) -> dict[str, float | dict[str, float]]:
    features: Iterable[Feature] = told.selection.why.confidence
    return {
        **{one.name: round(one.value, 4) for one in features},
        "confidence": round(told.selection.confidence, 4),
        "threshold": round(told.least, 4),
        "weights": {one.name: one.weight for one in features},
        "bias": told.selection.why.bias,
    }
