"""Fields of Word: what is reckoned, filled in or chosen, of which a page shows the result and not the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from corpus.readers.numbering import W, value_of

_MARK: Final = f"{W}fldChar"
_KIND: Final = f"{W}fldCharType"
_OFF: Final = frozenset({"0", "false", "off"})


@dataclass(slots=True)
class _Field:
    """``said_before``: how much its paragraph said where it begins; ``chosen``: what a box to tick or a list to choose from shows."""

    in_code: bool
    said_before: int
    chosen: str


class Fields:
    """The fields of a paragraph, while it is read."""

    def __init__(self, paragraph: Any = None) -> None:
        self._ended = set() if paragraph is None else set(_ended(paragraph))
        self._open: list[_Field] = []

    @property
    def in_code(self) -> bool:
        """Whether what stands here is the code of a field, also where the results of others are part of it."""
        return any(field.in_code for field in self._open)

    def pass_mark(self, mark: Any, said: int) -> str:
        """Passes the mark where a field begins, where its result does or where it ends, behind so much that the paragraph ``said``; what
        the field shows though no text says it, else ""."""
        kind = mark.get(_KIND)
        if kind == "begin":
            self._open.append(_Field(mark in self._ended, said, _chosen(mark)))
        elif self._open and kind == "separate":
            self._open[-1].in_code = False
        elif self._open and kind == "end":
            field = self._open.pop()
            if field.said_before == said and not self.in_code:
                return field.chosen
        return ""


def _ended(paragraph: Any) -> Iterator[Any]:
    """The marks where fields begin whose code ends in the paragraph as well: of others nothing tells what is code."""
    begun: list[Any] = []
    for mark in paragraph.iter(_MARK):
        kind = mark.get(_KIND)
        if kind == "begin":
            begun.append(mark)
        elif begun:
            yield begun[-1]
            if kind == "end":
                begun.pop()


def _chosen(mark: Any) -> str:
    """What a field of an old form shows: whether a box is ticked, or which one of a list is chosen."""
    box = mark.find(f"{W}ffData/{W}checkBox")
    if box is not None:
        ticked = [one for one in (box.find(f"{W}{name}") for name in ("checked", "default"))]
        own = next((one for one in ticked if one is not None), None)
        return "☐" if own is None or own.get(f"{W}val") in _OFF else "☒"
    entries = mark.findall(f"{W}ffData/{W}ddList/{W}listEntry")
    number = value_of(mark, "ffData/ddList/result") or value_of(mark, "ffData/ddList/default")
    at = int(number) if number and number.isdecimal() and len(number) < 4 else 0
    return str(entries[at].get(f"{W}val") or "") if at < len(entries) else ""


_PAGE_AT_END = re.compile(r"(?:\d|\b[ivxlc]+)\s*\Z")


def ends_in_page(paragraph: Any) -> bool:
    """Whether a paragraph ends in what may be the number of a page."""
    said = "".join(one.text or "" for one in paragraph.iter(f"{W}t"))
    return _PAGE_AT_END.search(said) is not None


def contents_lines(body: Any) -> Iterator[Any]:
    """The paragraphs that a field makes a table of contents of, each ending in the number of a page."""
    codes: list[str] = []  # Of the fields that are open.
    paragraph = None
    for element in body.iter(f"{W}p", _MARK, f"{W}instrText"):
        kind = element.get(_KIND)
        begins_line = False
        if element.tag == f"{W}p":
            paragraph = element
            begins_line = any(map(_makes_contents, codes))
        elif kind == "begin":
            codes.append("")
        elif codes and kind == "separate":  # Its first line stands where its code does.
            begins_line = paragraph is not None and _makes_contents(codes[-1])
        elif codes and kind == "end":
            codes.pop()
        elif codes and element.tag != _MARK:
            codes[-1] += element.text or ""
        if begins_line and ends_in_page(paragraph):
            yield paragraph


def _makes_contents(code: str) -> bool:
    return code.split()[:1] == ["TOC"]
