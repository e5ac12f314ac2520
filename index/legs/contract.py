"""What a leg is given and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from corpus.document import Lang, VectorsUnavailableError
from index.part import Part
from index.searchable import Interaction, QueryTokens, QueryWord, Rows, Scores, Searchable


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the legs take it: its content ``words``, its ``vector`` float32[dim], its ``tokens``."""

    text: str
    lang: Lang
    words: list[QueryWord]
    vector: npt.NDArray[np.float32]
    tokens: QueryTokens


@dataclass(frozen=True, slots=True)
class Proposals:
    """``rows`` int64[k'], the passages that a leg proposes, best first; ``score`` gives its score of any passages,
    float32[n] for rows int64[n] that ascend. ``problem``: why it could not look, and proposes none."""

    rows: Rows
    score: Callable[[Rows], Scores]
    problem: VectorsUnavailableError | None = None


class Leg(Protocol):
    """A way of telling how well a passage meets a question.

    Its scores must mean the same for every question and in every index: no ranks, nothing relative to the candidates.
    """

    @property
    def name(self) -> str:
        """What its weight and its part of an explanation are called, and the mode that uses it alone."""
        ...

    @property
    def shown(self) -> str | None:
        """The name of its score beside every passage; None where only explanations give it."""
        ...

    @property
    def parts(self) -> tuple[type[Part], ...]:
        """What a local index must keep of the passages for it alone, to be had from :meth:`Searchable.part`."""
        ...


@runtime_checkable
class Proposing(Leg, Protocol):
    """A leg that looks at the whole index."""

    def propose(
        self, asked: Asked, index: Searchable, k: int, allowed: Rows | None, also: Rows
    ) -> Proposals:
        """The best ``k`` of the passages ``allowed`` (None: all); of those of ``also``, which other legs proposed, the
        score will be asked for, and perhaps of others."""
        ...


@runtime_checkable
class Close(Leg, Protocol):
    """A leg that looks at the best passages only, and at how the question's tokens meet theirs."""

    def scores(self, asked: Asked, index: Searchable, met: Sequence[Interaction]) -> list[float]:
        """The score of each of those passages."""
        ...
