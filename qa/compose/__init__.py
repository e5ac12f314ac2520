"""The fourth stage: from checked quotes to the words of an answer.

A composer is one file of this folder: a class with a ``name``, whether it ``waits`` for others, and ``compose``. It is given
the quotes that may carry the answer, each held by its document, and writes pieces, one after the other as they come;
which quote a piece rests on it says with the piece. :mod:`qa.compose.extractive` is the one that ships.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.cite import Evidence
from qa.understand import Question


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an answer, as it is written.

    ``evidence``: the numbers, from 0, of the quotes that the words from ``start`` to the end of ``text`` rest on; empty for
    words that rest on none.
    """

    text: str
    evidence: tuple[int, ...] = ()
    start: int = 0


class Composer(Protocol):
    """Writes answers; safe to call from several threads."""

    @property
    def name(self) -> str:
        """What wrote an answer, as the answer says it (``generator``)."""
        ...

    @property
    def waits(self) -> bool:
        """Whether it spends its time waiting for others, such as a model behind an address: it then runs in threads of its
        own, so that it holds up no other question."""
        ...

    def compose(
        self, question: Question, evidence: Sequence[Evidence], first: int = 1
    ) -> Iterator[Piece]:
        """The pieces of an answer in ``question.lang`` made of at least one quote, in their order; joined they are the
        answer. ``first``: the number that the first quote has in it, other than 1 where other questions are answered before."""
        ...
