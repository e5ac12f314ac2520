"""Lines that say who wrote a text, and when: "By Ann Lowe | 3 May 2031"."""

from __future__ import annotations

import re
from typing import Final

from corpus.blocks.leaf import Leaf
from corpus.blocks.signs import MAX_CAPTION_CHARS, MAX_VALUE_CHARS
from corpus.dates import says_when

_NAME: Final = r"[A-ZÁÉÍÓÚÑ][\w'’.-]*(?: (?:(?:de|del|la|las|los|y|i|da|do|dos|van|von|der|den|di) ){0,2}[A-ZÁÉÍÓÚÑ][\w'’.-]*){1,4}"
# "By Ann Lowe", "Por Eva Gil y Luis Sanz | 3 de mayo de 2031"
_BY_LINE = re.compile(
    rf"((?i:(?:written|posted|published|story|words) by|by|(?:escrito|publicado|redactado|texto) por|por))[ :]+"
    rf"({_NAME}(?:(?:, | y | e | and | & ){_NAME}){{0,3}})(?:\s*[|·•,–—-]?\s*(?P<when>[^|\n]{{0,60}}\d[^\n]{{0,40}}))?"
)
# "By Appointment Only", "Por Real Decreto"
_NO_NAMES = re.compile(
    r"\b(?:appointment|invitation|request|order|act|law|decree|car|bus|train|bike|foot|transport|road|decreto|orden|ley|acuerdo|resoluci[oó]n|favor)\b",
    re.IGNORECASE,
)
_MAX_ABOVE_BY_LINE: Final = 6


def is_by_line(line: str) -> bool:
    """Whether a line says who wrote a text, and at most when: "By Ann Lowe"."""
    return _by_line(line) is not None


def _by_line(line: str) -> re.Match[str] | None:
    found = _BY_LINE.fullmatch(line)
    if found is None or _NO_NAMES.search(found[2]):
        return None
    return found if found["when"] is None or says_when(found["when"]) else None


def mark_by_lines(text: str, leaves: list[Leaf]) -> None:
    """Makes labels of lines that say who wrote a text: near its beginning, or with the date beside, below a heading."""
    for n, leaf in enumerate(leaves):
        if leaf.kind != "paragraph" or leaf.end - leaf.start > MAX_VALUE_CHARS:
            continue
        said = _by_line(text[leaf.start : leaf.end])
        if said is None:
            continue
        near = leaves[max(0, n - 2) : n + 2]
        dated = any(
            one.end - one.start <= MAX_CAPTION_CHARS and says_when(text[one.start : one.end])
            for one in near
        )
        below = any(one.kind == "heading" for one in near[:-1])
        if n <= _MAX_ABOVE_BY_LINE or (dated and below):
            cells = tuple((leaf.start + a, leaf.start + b) for a, b in map(said.span, (1, 2)))
            leaves[n] = Leaf("label", leaf.start, leaf.end, cells=cells)
