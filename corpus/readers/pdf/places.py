"""What stands near a place of a page, found without a look at all that is on it.

Hides the order in which things are looked up: by base line and height, or by meshes of a few points.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from typing import Final, Generic, Protocol, TypeVar


class _Based(Protocol):
    @property
    def bottom(self) -> float: ...
    @property
    def height(self) -> float: ...


_Thing = TypeVar("_Thing", bound=_Based)


class ByBase(Generic[_Thing]):
    """Things by their base line, so that a page of 20,000 words is not looked through for each of them; what is found comes in the
    order that it was given in."""

    def __init__(self, things: Iterable[_Thing]) -> None:
        self._things = list(things)
        # By height too, in powers of two: one letter as high as the page must not have all of them looked at
        self._places: dict[int, list[tuple[float, int]]] = {}
        for n, thing in enumerate(self._things):
            self._of_size(thing.height).append((thing.bottom, n))
        for places in self._places.values():
            places.sort()

    def within(self, low: float, high: float) -> list[_Thing]:
        """Those whose base line is from ``low`` to ``high``."""
        found = [self._between(places, low, high) for places in self._places.values()]
        return self._in_order(found)

    def around(self, y: float, down: float, up: float) -> list[_Thing]:
        """At least those whose base line is so near ``y`` that it is within ``down`` of their height below it, or ``up`` above."""
        found = [
            self._between(places, y - up * 2.0**size, y + down * 2.0**size)
            for size, places in self._places.items()
        ]
        return self._in_order(found)

    def moved(self, thing: _Thing, bottom: float, height: float) -> None:
        """Have one found where it stands now that stood at ``bottom`` with that ``height``."""
        places = self._of_size(height)
        at = bisect_left(places, (bottom, -1))
        while self._things[places[at][1]] is not thing:
            at += 1
        _, n = places.pop(at)
        insort(self._of_size(thing.height), (thing.bottom, n))

    def _of_size(self, height: float) -> list[tuple[float, int]]:
        return self._places.setdefault(math.frexp(height)[1], [])

    def _between(
        self, places: Sequence[tuple[float, int]], low: float, high: float
    ) -> Sequence[tuple[float, int]]:
        return places[
            bisect_left(places, (low, -1)) : bisect_right(places, (high, len(self._things)))
        ]

    def _in_order(self, found: Iterable[Sequence[tuple[float, int]]]) -> list[_Thing]:
        return [self._things[n] for n in sorted(n for places in found for _, n in places)]


# Points: what is printed twice stands no farther apart, however large; and the mesh of the places where that is looked for.
TWICE: Final = 16.0
MESH: Final = 4.0


def meshes(at: float, near: float) -> range:
    """The meshes, along one axis, that what stands so near a place may be in."""
    return range(math.floor((at - near) / MESH), math.floor((at + near) / MESH) + 1)
