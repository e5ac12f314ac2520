"""The third stage: which words of the best passages answer, in which order, and how sure it is that any do.

A selector is one file of this folder: a class with a ``name``, the number of passages that it reads and ``select``. It sees
the question, and each passage with its heading, document and scores; it gives units with exact offsets and one
confidence. :mod:`qa.select.reader` is the one that ships; where it doubts, and where there
is no reader, :mod:`qa.select.rules` has a say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from corpus.document import Passage
from index.searchable import Searchable
from qa.cite import Quote
from qa.rank import Ranked
from qa.retrieve import Retrieved
from qa.understand import Question

Reason = Literal["same_words", "too_long", "score", "enough", "other"]
"""Why a unit is not quoted beside those that are: one of them says it already; the quotes together would become a page; it
is too far below the first; those suffice; it is said of something else than what is asked about."""


@dataclass(frozen=True, slots=True)
class Span:
    """The words of a quote that answer: ``[start, end)`` in it, code points; how sure that is, 0..1."""

    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of a passage that may be quoted: a sentence, a row, an item with what it belongs to.

    ``quote`` has its place in the document, exact to the code point; ``score`` orders units, higher is better; ``features``
    are what the score was made of, named in :attr:`Why.unit_features`. ``span`` is None where the words cannot be told, or
    the unit is not chosen. ``reason``: why it was not chosen, None where it was, or where nobody looked into it.
    """

    quote: Quote
    score: float
    features: tuple[float, ...] = ()
    span: Span | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """One summand of a score: ``value`` times ``weight``."""

    name: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class Why:
    """How a selection came about: the sum behind its confidence, log odds, and the weights of the units' features.

    ``asked_for``: the kind of thing that the question wants, where its words say so. ``support`` and ``right``: for a selector
    that asks apart whether the documents answer at all and whether the best unit is what answers, the features of
    either; ``confidence`` are then those of the one that decided.
    """

    confidence: tuple[Feature, ...] = ()
    bias: float = 0.0
    unit_features: Mapping[str, float] = field(default_factory=dict)
    asked_for: str | None = None
    support: tuple[Feature, ...] = ()
    right: tuple[Feature, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """``units`` judged, best first; those of them that answer, in the order in which they are quoted, ``chosen`` whether or
    not they will be: that takes a ``confidence`` of at least ``least``, both 0..1 (see
    :attr:`qa.engine.SearchOptions.min_confidence`). ``read``: the passages by how well they answer, best first, each with the
    log odds that it does, for a selector that judges whole passages; none for another."""

    units: tuple[Unit, ...]
    chosen: tuple[Unit, ...]
    confidence: float
    least: float
    why: Why
    read: tuple[tuple[Passage, float], ...] = ()


class Selector(Protocol):
    """Judges the units of the best passages; safe to call from several threads."""

    @property
    def name(self) -> str:
        """What it is called where a service says what it runs on."""
        ...

    @property
    def n_passages(self) -> int:
        """How many passages it reads."""
        ...

    def select(
        self,
        question: Question,
        passages: Sequence[Ranked],
        retrieved: Retrieved,
        index: Searchable,
    ) -> Selection:
        """The units of ``passages``, at most ``n_passages`` of them and best first; none for none.

        ``question.full`` is what is asked, in ``question.lang``. ``retrieved`` knows what the question's words stand for and
        how many passages were searched; ``index`` is that which the passages are from.
        """
        ...
