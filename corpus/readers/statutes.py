"""Laws that were copied as plain lines: which of these are the titles of their sections, "5 Dogs to be kept on leads" over "(1) No person may …"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_TITLE = re.compile(r"(?P<number>\d{1,3})[A-Z]? (?P<said>[A-ZÁÉÍÓÚÑ][^\n|]{2,90}?)\s*")
_NO_TITLE_END: Final = ".,;:!?—–-"
# A sentence is over, or a note of the editors: "[Section 2: replaced …]"
_OVER = re.compile(r"[.;:—\]][\"'»”’)]*\s*\Z")
_FIRST_SUBSECTION = re.compile(r"\(1\) \S")
# … or what the editors say of one: "[Section 8(c): replaced, on …]"
_SUBSECTION = re.compile(r"\(\d{1,2}\) \S|\[(?:Section|Secci[oó]n|Art[ií]culo) \d")
_BEGINS = re.compile(r"\(?[\"“«]?[A-ZÁÉÍÓÚÑ(]|\(\w{1,3}\) ")
_MARKED = re.compile(r" {0,3}(?:#{1,6}\s*\S|[-*+] \S|\||>|```|<\w)")
_LEAST_TITLES: Final = 3
_LEAST_DIVIDED: Final = 2


def section_lines(lines: Sequence[str]) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers of the lines that are titles of sections, counted up from 1, and of those that begin their subsections; none in a text with
    any marks of Markdown, or where no two sections are seen to have subsections."""
    if any(map(_MARKED.match, lines)):
        return frozenset(), frozenset()
    titles: list[int] = []
    divided = 0
    for n, line in enumerate(lines[:-1]):
        title = _TITLE.fullmatch(line)
        if title is None or int(title["number"]) != len(titles) + 1:
            continue
        if title["said"][-1] in _NO_TITLE_END or not _BEGINS.match(lines[n + 1]):
            continue
        before = lines[n - 1] if n else ""
        if before.strip() and not _OVER.search(before):
            continue
        titles.append(n)
        divided += _FIRST_SUBSECTION.match(lines[n + 1]) is not None
    if len(titles) < _LEAST_TITLES or divided < _LEAST_DIVIDED:
        return frozenset(), frozenset()
    below = range(titles[0], len(lines))
    return frozenset(titles), frozenset(n for n in below if _SUBSECTION.match(lines[n]))
