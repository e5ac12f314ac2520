"""Diagrams that Word and PowerPoint draw of a list ("SmartArt") → the paragraphs of their shapes, in the order in which they are drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

_DGM: Final = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MAX_LEVEL: Final = 6


def diagram_paragraphs(model: Any) -> Iterator[tuple[Any, int]]:
    """The paragraphs of a diagram and how deep each is nested, from 1 on: the file has its points in the order in which they were made, and
    says apart what stands below what."""
    points = {point.get("modelId"): point for point in model.iter(f"{_DGM}pt")}
    below: dict[str | None, list[tuple[int, str]]] = defaultdict(list)
    for link in model.iter(f"{_DGM}cxn"):
        if link.get("type") in (None, "parOf"):
            place = link.get("srcOrd") or ""
            order = int(place) if place.isdecimal() and len(place) < 10 else 0
            # What stands at an arrow is said before its point, and what leads on to the next behind it
            for name in ("parTransId", "destId", "sibTransId"):
                below[link.get("srcId")].append((order, link.get(name)))
    tops = [name for name, point in points.items() if point.get("type") == "doc"]
    waiting = [(name, 0) for name in (*tops, *points)][::-1]
    seen: set[str | None] = set()
    while waiting:
        name, level = waiting.pop()
        if name in seen or name not in points:
            continue
        seen.add(name)
        for paragraph in points[name].iter(f"{_A}p"):
            yield paragraph, min(_MAX_LEVEL, max(1, level))
        deeper = sorted(below[name], key=lambda one: one[0])
        waiting += [(one, level + 1) for _, one in reversed(deeper)]
