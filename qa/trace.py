"""What happened to a question, as types: explanations, the page and evaluation all read this and nothing else.

Numbers are as they were reckoned with, unrounded; the words for them, in Spanish and English, are chosen by whoever shows
them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from index.searchable import QueryWord
from index.trips import Trips
from qa.calibration import ByLanguage
from qa.select import Reason, Selection, Span, Unit


@dataclass(frozen=True, slots=True)
class LegShare:
    """What one leg adds to a passage's score: ``score`` times ``weight``; ``rank`` from 1, None where it gives none."""

    name: str
    rank: int | None
    score: float
    weight: float

    @property
    def product(self) -> float:
        """What it adds."""
        return self.score * self.weight


By = Literal["itself", "translation", "synonym"]
"""How a passage holds a word."""


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the question that a passage or its heading holds, with the ``terms`` that say so."""

    word: str
    terms: tuple[str, ...]
    by: By
    idf: float


@dataclass(frozen=True, slots=True)
class PassageTrace:
    """How the score of one passage came about.

    ``sum`` is the sum of the products and the constant, ``fused`` what the answer reckons with: other than ``sum`` for
    a passage that nobody looked at closely, where a cross-encoder or the earlier question changed the order, and where the
    question names the passage's document and was asked again without the name (:mod:`qa.steer`).
    """

    legs: tuple[LegShare, ...]
    constant: float
    fused: float
    across: bool
    cross_encoder: float | None
    reader: float | None
    matched: tuple[Match, ...]
    missing: tuple[str, ...]

    @property
    def sum(self) -> float:
        """The sum of the products and the constant."""
        return sum(leg.product for leg in self.legs) + self.constant


@dataclass(frozen=True, slots=True)
class Merged:
    """A passage that was left out since another, ``of``, says the same: the share of its runs of words that that holds."""

    passage_id: str
    of: str
    shared: float


Fate = Literal["below_threshold", "not_in_document"] | Reason
"""Why a unit is not quoted: the confidence fell short, it is not word for word in its document, or a selector's reason."""


@dataclass(frozen=True, slots=True)
class UnitTrace:
    """What became of a unit: the number of its ``citation``, or a ``reason``."""

    unit: Unit
    citation: int | None
    reason: Fate | None


@dataclass(frozen=True, slots=True)
class AnswerTrace:
    """What was judged, what became of the first of it and of all that was to be quoted (``units``), and the words marked in
    each citation. ``least``: the confidence that an answer had to reach."""

    selection: Selection
    least: float
    units: tuple[UnitTrace, ...]
    spans: tuple[Span | None, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened to one question: its words, the weights of the legs, how many candidates there were, the passages that
    are shown (in their order) and those left out; ``answer`` None where only passages were asked for. ``trips`` to the server
    that holds the index."""

    words: tuple[QueryWord, ...]
    weights: ByLanguage
    n_candidates: int
    passages: tuple[PassageTrace, ...]
    merged: tuple[Merged, ...]
    answer: AnswerTrace | None = None
    trips: Trips = field(default_factory=Trips)
