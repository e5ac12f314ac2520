"""The legs that a search stands on, one file each: ways of telling how well a passage meets a question.

A new one is a class in a file of this folder with a ``name`` and one method, named in ``LEGS``, and a weight in
calibration.json; the sums, the explanations, the bodies over HTTP and the page take it from there.
"""

from __future__ import annotations

from qa.legs.contract import Asked, Close, Leg, Proposals, Proposing
from qa.legs.dense import Dense
from qa.legs.late import Late
from qa.legs.lexical import Lexical
from qa.legs.sentences import SentenceDense, SentenceLate

PROPOSING: tuple[Proposing, ...] = (Dense(), Lexical())
"""Those that look at the whole index, in the order in which they do."""

CLOSE: tuple[Close, ...] = (Late(), SentenceDense(), SentenceLate())
"""Those that look at the best of what the others proposed."""

_EVERY: tuple[Leg, ...] = (*PROPOSING, *CLOSE)

LEGS: tuple[str, ...] = tuple(leg.name for leg in _EVERY)
"""The names of all, in the order of the scores of a candidate."""

SHOWN: dict[str, str] = {leg.shown: leg.name for leg in _EVERY if leg.shown}
"""The legs whose scores every passage is shown with, by the name that they have there."""

__all__ = ["CLOSE", "LEGS", "PROPOSING", "SHOWN", "Asked", "Close", "Leg", "Proposals", "Proposing"]
