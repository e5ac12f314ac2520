"""How the headings nest that rules found: which level each kind of them has in this very text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from corpus.blocks.counting import counts_on
from corpus.blocks.divisions import (
    CLAUSE_LEVEL,
    DIVISION_LEVELS,
    LETTERED,
    division_of,
    heading_level,
    is_bare_division,
    is_numbered,
)
from corpus.blocks.leaf import Leaf
from corpus.dates import places_of_dates
from corpus.language import fold

_ARTICLE: Final = str(CLAUSE_LEVEL)

_Nesting = Counter[tuple[str, str]]
_LETTER_NUMBER = re.compile(r"[A-HL]\.\d")


def nest_headings(text: str, leaves: list[Leaf]) -> None:
    """Gives the headings that rules found the levels by which they nest in this very text, where that is not the usual way: articles
    of sections, numbers below articles, "A." over "A.1"."""
    found = [n for n, leaf in enumerate(leaves) if leaf.kind == "heading" and not leaf.sure]
    lines = {n: text[leaves[n].start : leaves[n].end] for n in found}
    kinds = {n: _heading_kind(line) for n, line in lines.items()}
    # A heading that stands at once over another contains it
    above = Counter((kinds[n], kinds[n + 1]) for n in found if n + 1 in kinds)
    present = sorted(level for level in DIVISION_LEVELS if str(level) in kinds.values())
    order = list(present)
    for n in range(len(order) - 1):
        for at in range(len(order) - 1 - n):
            outer, inner = str(order[at]), str(order[at + 1])
            if above[inner, outer] > above[outer, inner]:
                order[at : at + 2] = reversed(order[at : at + 2])
    levels = {str(kind): level for kind, level in zip(order, present, strict=True)}
    numbered = {line[0] for line in lines.values() if _LETTER_NUMBER.match(line)}
    has_children = any(kinds[n] == "letter" and lines[n][0] in numbered for n in found)
    below_articles = _are_below_articles(found, lines, kinds, above)
    within = 0
    for n in found:
        leaf, kind, level = leaves[n], kinds[n], leaves[n].level
        if kind in levels:
            level = levels[kind]
        elif kind == "letter" and has_children:
            level = max(2, leaf.level - 1)
        elif kind == "number" and below_articles:
            level = min(6, max(level, levels[_ARTICLE] + level - 1))
        elif not kind and is_bare_division(lines.get(n - 1, "")):
            level = min(6, leaves[n - 1].level + 1)  # Its name
        elif not kind and not lines[n].isupper():
            # "Subsection B: Duties" over "President", and later "Treasurer"
            over = kinds.get(n - 1, "") in levels
            within = min(6, leaves[n - 1].level + 1) if over else within
            level = within or level
        within = 0 if kind else within
        leaves[n] = replace(leaf, level=level)
    _keep_in_sections(leaves, lines, kinds)


_LEAST_DAYS: Final = 3
_MAX_BEFORE_DAY: Final = 20
_LEAST_RECURRING: Final = 0.8
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def nest_below_days(text: str, leaves: list[Leaf]) -> None:
    """Lets what each of several days has a heading of, "Agenda", "Attendees", stand below the heading of its day, where whoever wrote the
    minutes gave both the same level."""
    levels = {leaf.level for leaf in leaves if leaf.kind == "heading"}
    for level in sorted(levels):
        heads = [n for n, one in enumerate(leaves) if one.kind == "heading" and one.level == level]
        days = {n for n in heads if _names_day(text[leaves[n].start : leaves[n].end])}
        if len(days) < _LEAST_DAYS:
            continue
        first = min(days)
        names = {
            n: fold(text[leaves[n].start : leaves[n].end]).strip(" .:")
            for n in heads
            if n > first and n not in days
        }
        times = Counter(names.values())
        again = sum(times[name] > 1 for name in names.values())
        if len(names) >= len(days) and again >= _LEAST_RECURRING * len(names):
            _set_below(leaves, days, level)
            return


def _names_day(line: str) -> bool:
    """Whether a heading is named by a day: "3 de mayo de 2031", "Minutes of 2031-05-03"."""
    day = _ISO_DAY.search(line, 0, 2 * _MAX_BEFORE_DAY)
    return day is not None or any(at <= _MAX_BEFORE_DAY for _, at, _ in places_of_dates(line))


def _set_below(leaves: list[Leaf], days: Collection[int], level: int) -> None:
    """Sets all headings below those of days, from the first on to one of a higher level, a level deeper."""
    below = False
    for n, leaf in enumerate(leaves):
        if leaf.kind != "heading":
            continue
        below = n in days or (below and leaf.level >= level)
        if below and n not in days:
            leaves[n] = replace(leaf, level=min(6, leaf.level + 1))


def _keep_in_sections(leaves: list[Leaf], lines: dict[int, str], kinds: dict[int, str]) -> None:
    """Lets a line in capitals that stands between two numbers that count on be a part of the first of them, and not over the second, where
    it has a text of its own: "14. …", "ONE VOTE EACH", "15. …"."""
    one: int | None = None
    between: list[int] = []
    for n in sorted(lines):
        if kinds[n] != "number":
            between.append(n)
            continue
        level = leaves[n].level
        if one is not None and leaves[one].level == level and counts_on(lines[one], lines[n]):
            over = n
            while over - 1 > one and leaves[over - 1].kind == "heading":
                over -= 1
            for at in between:
                if at < over and not kinds[at] and leaves[at].level <= level:
                    leaves[at] = replace(leaves[at], level=min(6, level + 1))
        one, between = n, []


def _heading_kind(line: str) -> str:
    """The level of a division, "number", "letter", or "" of a heading without one."""
    if division_of(line) is not None:
        return str(heading_level(line))
    if LETTERED.match(line):
        return "letter"
    return "number" if is_numbered(line) else ""


def _are_below_articles(
    found: Sequence[int], lines: dict[int, str], kinds: dict[int, str], above: _Nesting
) -> bool:
    """Whether headings with numbers are parts of articles and clauses: these come first, and none stands between two numbers that
    count on."""
    n_over, n_under = above[_ARTICLE, "number"], above["number", _ARTICLE]
    if n_over != n_under:
        return n_over > n_under
    of_both = [n for n in found if kinds[n] in (_ARTICLE, "number")]
    if not of_both or kinds[of_both[0]] != _ARTICLE:
        return False
    before = ""
    n_between = 0
    for n in of_both:
        if kinds[n] == _ARTICLE:
            n_between += 1
            continue
        if n_between and before and counts_on(before, lines[n]):
            return False
        before, n_between = lines[n], 0
    return True
