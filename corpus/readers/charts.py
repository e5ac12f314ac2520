"""Charts that Word and PowerPoint draw of figures → a row for each thing that they compare."""

from __future__ import annotations

from typing import Any, Final

from corpus.readers.draft import Part, flat
from corpus.readers.sheets import as_shown
from corpus.readers.tables import table_parts

_C: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
CHART: Final = f"{_C}chart"
"""The element of a page that shows one."""
# What has more is a curve
_MAX_THINGS: Final = 60


def name_of_chart(element: Any) -> str:
    """The name of the relation to the part that a chart on a page is in."""
    return str(element.get(f"{_R}id") or "")


def chart_parts(root: Any) -> list[Part]:
    """The title of a chart, and a row for each thing with its figure in each series; nothing of curves and clouds of points."""
    title = root.find(f"{_C}chart/{_C}title")
    said = "" if title is None else flat(" ".join(t.text or "" for t in title.iter(f"{_A}t")))
    parts = [Part(said, kind="caption")] if said else []
    series = [one for one in root.iter(f"{_C}ser") if one.find(f"{_C}cat") is not None]
    things: dict[int, str] = {}
    for one in series:
        things |= _points(one.find(f"{_C}cat"))
    if not things or len(things) > _MAX_THINGS:
        return parts
    figures = [_points(one.find(f"{_C}val")) for one in series]
    rows = [["", *(_name(one) for one in series)]]
    rows += [[name, *(own.get(n, "") for own in figures)] for n, name in sorted(things.items())]
    return parts + table_parts(rows, 1 if any(rows[0]) else 0)


def _name(series: Any) -> str:
    return flat(" ".join(v.text or "" for v in series.iterfind(f"{_C}tx//{_C}v")))


def _points(element: Any) -> dict[int, str]:
    """What stands at each place of a series, figures in their format."""
    if element is None:
        return {}
    style = element.findtext(f".//{_C}formatCode") or "General"
    found: dict[int, str] = {}
    # Of names in several levels the innermost are the first
    level = next(element.iter(f"{_C}lvl"), element)
    for point in level.iter(f"{_C}pt"):
        number, said = point.get("idx") or "", flat(point.findtext(f"{_C}v") or "")
        if number.isdecimal() and len(number) < 6:
            found[int(number)] = _figure(said, style)
    return found


def _figure(said: str, style: str) -> str:
    try:
        return as_shown(float(said), style, comma=False)
    except (ValueError, OverflowError):
        return said
