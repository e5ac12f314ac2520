"""The best sentence of a passage, by its meaning and word by word: a passage that says much holds one that answers."""

from __future__ import annotations

from collections.abc import Sequence

from index.legs.contract import Asked
from index.searchable import Interaction, Searchable


class SentenceDense:
    """The highest cosine of a sentence's vector with the question's, 0..1."""

    name = "sentence_dense"
    shown = None
    parts = ()

    def scores(self, asked: Asked, index: Searchable, met: Sequence[Interaction]) -> list[float]:
        """The score of each passage; 0 without sentences."""
        return [max([0.0, *m.sentence_dense.tolist()]) for m in met]


class SentenceLate:
    """The highest late interaction with one sentence, 0..1."""

    name = "sentence_late"
    shown = None
    parts = ()

    def scores(self, asked: Asked, index: Searchable, met: Sequence[Interaction]) -> list[float]:
        """The score of each passage; 0 without sentences."""
        return [max([0.0, *m.sentence_late.tolist()]) for m in met]


LEGS = (SentenceDense(), SentenceLate())
