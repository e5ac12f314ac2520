"""The legs that a search stands on, one file each: ways of telling how well a passage meets a question.

A new one is a file of this folder with a tuple ``LEGS`` of what it brings, and weights in calibration.json; what it keeps of
the passages, if anything, is a part (:mod:`index.part`) in the same file. Builds, sums, explanations, the bodies over
HTTP and the page take it from there; it is called by its name until the catalogue of messages has words for it.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from index.legs.contract import Asked, Close, Leg, Proposals, Proposing
from index.part import Part

_EVERY: tuple[Leg, ...] = tuple(
    leg
    for name in sorted(module.name for module in iter_modules(__path__))
    if name != "contract"
    for leg in import_module(f"{__name__}.{name}").LEGS
)

PROPOSING: tuple[Proposing, ...] = tuple(leg for leg in _EVERY if isinstance(leg, Proposing))
"""Those that look at the whole index, in the order in which they do: that of their files' names."""

CLOSE: tuple[Close, ...] = tuple(leg for leg in _EVERY if isinstance(leg, Close))
"""Those that look at the best of what the others proposed."""

LEGS: tuple[str, ...] = tuple(leg.name for leg in (*PROPOSING, *CLOSE))
"""The names of all, in the order of the scores of a candidate."""

SHOWN: dict[str, str] = {leg.shown: leg.name for leg in (*PROPOSING, *CLOSE) if leg.shown}
"""The legs whose scores every passage is shown with, by the name that they have there."""

LEG_PARTS: tuple[type[Part], ...] = tuple(
    dict.fromkeys(part for leg in _EVERY for part in leg.parts)
)
"""What legs keep of the passages beside what every index has."""

__all__ = [
    "CLOSE",
    "LEGS",
    "LEG_PARTS",
    "PROPOSING",
    "SHOWN",
    "Asked",
    "Close",
    "Leg",
    "Proposals",
    "Proposing",
]
