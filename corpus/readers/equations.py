"""Equations of Office documents as a line of text: "(a + b)/(2)", "x²", "√(n)"."""

from __future__ import annotations

from typing import Any, Final

from corpus.readers.draft import flat, raised

_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
# Deeper ones are damage; each level is one call of a function.
_MAX_DEPTH: Final = 60


def equation(element: Any) -> str:
    """The text of an ``m:oMath``, on one line."""
    return flat(_said(element, 0))


def _said(element: Any, depth: int) -> str:
    if depth > _MAX_DEPTH:
        return "".join(t.text or "" for t in element.iter(f"{_M}t"))
    name = element.tag.removeprefix(_M) if isinstance(element.tag, str) else ""
    if name == "t":
        return element.text or ""
    if name.endswith("Pr"):
        return ""
    if name == "nary":
        sign = element.find(f"{_M}naryPr/{_M}chr")
        mark = "∫" if sign is None else sign.get(f"{_M}val") or ""
        low, high = (_limit(element, part, depth) for part in ("sub", "sup"))
        return f"{mark}{'_' + low if low else ''}{'^' + high if high else ''} {_of(element, 'e', depth)}"
    if name == "d":
        return _delimited(element, depth)
    if name in _BETWEEN:
        rows = (flat(_said(child, depth + 1)) for child in element)
        return _BETWEEN[name].join(filter(None, rows))
    shape = _SHAPES.get(name)
    if shape is None:
        return "".join(_said(child, depth + 1) for child in element)
    parts = {
        part: _of(element, part, depth) for part in ("num", "den", "e", "sub", "sup", "deg", "lim")
    }
    return shape.format(
        e=parts["e"],
        lim=_grouped(parts["lim"]),
        n=_grouped(parts["num"]),
        m=_grouped(parts["den"]),
        up=_power(parts["sup"]),
        down=_grouped(parts["sub"]),
        root=f"[{parts['deg']}]" if parts["deg"] else "",
    )


_SHAPES: Final = {
    "f": "{n}/{m}",
    "sSup": "{e}{up}",
    "sSub": "{e}_{down}",
    "sSubSup": "{e}_{down}{up}",
    "rad": "√{root}({e})",
    "limLow": "{e}_{lim}",
    "limUpp": "{e}^{lim}",
}
# What stands between the lines of a system, the rows of a matrix and its cells, a function and what it is of
_BETWEEN: Final = {"eqArr": "; ", "m": "; ", "mr": ", ", "func": " "}


def _of(element: Any, name: str, depth: int) -> str:
    found = element.find(f"{_M}{name}")
    return "" if found is None else flat(_said(found, depth + 1))


def _limit(element: Any, name: str, depth: int) -> str:
    return _grouped(_of(element, name, depth))


def _delimited(element: Any, depth: int) -> str:
    opened, closed = "(", ")"
    properties = element.find(f"{_M}dPr")
    if properties is not None:
        for child in properties:
            value = child.get(f"{_M}val") or ""
            opened = value if child.tag == f"{_M}begChr" else opened
            closed = value if child.tag == f"{_M}endChr" else closed
    inner = ", ".join(flat(_said(child, depth + 1)) for child in element.iterchildren(f"{_M}e"))
    return f"{opened}{inner}{closed}"


def _grouped(said: str) -> str:
    return said if said.isalnum() or not said else f"({said})"


def _power(said: str) -> str:
    above = raised(said)
    return above if above != said else f"^{_grouped(said)}"
