"""Plain text that a program made of the pages of another file: what stands at the head or the foot of each is no text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from typing import Final

from corpus.blocks.signs import begins_anew
from corpus.document import LeftOut
from corpus.readers.draft import BULLET, OF_PAGES, PAGE, flat

_PAGE_END: Final = "\x0c"
_LINE_ENDS = re.compile(r"\r\n?|\n")
# "Page 3", "Reglamento del club · Página 3 de 9"; a bare number only where a page begins or ends
_NUMBERED = re.compile(
    rf"\s*(?P<name>(?:\S.{{0,80}}?)?)\b{PAGE}\.?\s{{0,3}}(?P<number>\d{{1,4}})(?:\s{{0,3}}{OF_PAGES}\s{{0,3}}\d{{1,4}})?\W{{0,4}}",
    re.IGNORECASE,
)
_MAY_BE_NUMBERED = re.compile(rf"\b{PAGE}", re.IGNORECASE)
_BARE = re.compile(r"\W{0,8}(?P<number>\d{1,4})\W{0,4}")
_LEAST_PAGES: Final = 3
_MOST_LINES: Final = 5
# A longer line is a paragraph and was not broken because it was full.
_MAX_BROKEN_CHARS: Final = 120
_ENDS = re.compile(r"[.:;!?…][\"'»”’)\]]*\s*\Z")


def without_page_lines(text: str) -> tuple[str, tuple[LeftOut, ...]]:
    """The text without the numbers of its pages, counted up, and the lines that come again beside them; a sentence that they part is one.

    Lines are left where nothing is sure: below three pages, with other numbers, or where only a number stands and no page is seen to end.
    """
    if _PAGE_END not in text and _MAY_BE_NUMBERED.search(text) is None:
        return text, ()
    lines = _LINE_ENDS.split(text.replace(_PAGE_END, f"\n{_PAGE_END}\n"))
    said = [n for n, line in enumerate(lines) if line.strip(f"{_PAGE_END} \t")]
    numbers = _numbers(lines, said)
    if not numbers:
        return text, ()
    place = {n: at for at, n in enumerate(said)}
    at_numbers = [place[n] for n in numbers]
    beside = _beside(lines, said, at_numbers) - set(numbers)
    # One line beside each may be the first of any: "Page 4" over "Panel 1"
    is_sure = len(beside) >= 2 * len(numbers)
    if not (is_sure or any(_breaks(lines, said, at) for at in at_numbers)):
        return text, ()
    gone = set(numbers) | beside | _same_elsewhere(lines, said, at_numbers, beside)
    # What stands nowhere else is said once
    left = {flat(lines[n]) for n in said if n not in gone}
    for n in sorted(gone - set(numbers)):
        if flat(lines[n]) not in left:
            left.add(flat(lines[n]))
            gone.remove(n)
    told = (LeftOut(flat(lines[n]), 0, "repeated at the edge of pages") for n in sorted(gone))
    return _joined(lines, gone), tuple(told)


# What a loose-leaf edition says at the end of a part: "[The next page is 205,101]"
_NEXT_PAGE = re.compile(r"\[the next page is [\d, ]+\]", re.IGNORECASE)
_LEAF_NUMBER = re.compile(r"\d[\d ]*,? ?\d{3}\s*\Z")
_FIGURES = re.compile(r"[\d\s]+")


def without_leaf_lines(text: str) -> tuple[str, tuple[LeftOut, ...]]:
    """The text of a loose-leaf edition without what stands at the foot of each page: its number, last before an empty line, and above that
    the lines that come again but for their figures."""
    if _NEXT_PAGE.search(text) is None:
        return text, ()
    lines = text.split("\n")
    alike: dict[str, list[int]] = {}
    for n, line in enumerate(lines):
        short = len(line) <= _MAX_BROKEN_CHARS
        if short and _is_blank(lines, n + 1) and _LEAF_NUMBER.search(line):
            alike.setdefault(_FIGURES.sub("", line), []).append(n)
    feet = max(alike.values(), key=len, default=[])
    if len(feet) < _LEAST_PAGES:
        return text, ()
    above = [[n - step for step in (1, 2) if not _is_blank(lines, n - step)] for n in feet]
    times = Counter(_FIGURES.sub("", lines[n]) for own in above for n in own)
    gone = {n for n, line in enumerate(lines) if _NEXT_PAGE.fullmatch(line.strip())} | set(feet)
    gone |= {n for own in above for n in own if times[_FIGURES.sub("", lines[n])] > 1}
    told = (LeftOut(flat(lines[n]), 0, "repeated at the edge of pages") for n in sorted(gone))
    return _joined(lines, gone), tuple(told)


def _is_blank(lines: Sequence[str], n: int) -> bool:
    return not 0 <= n < len(lines) or not lines[n].strip()


def _numbers(lines: Sequence[str], said: Sequence[int]) -> list[int]:
    """The lines that hold the number of a page, alike but for that, which counts up by one; [] where there are no such, or others as well."""
    series: dict[str, list[tuple[int, int]]] = {}
    for at, n in enumerate(said):
        may_be = len(lines[n]) <= _MAX_BROKEN_CHARS and _MAY_BE_NUMBERED.search(lines[n])
        found = _NUMBERED.fullmatch(lines[n]) if may_be else None
        name = found["name"].strip() if found is not None else ""
        if found is None:
            before = lines[said[at - 1] + 1 : n] if at else ()
            after = lines[n + 1 : said[at + 1]] if at + 1 < len(said) else [_PAGE_END]
            found = _BARE.fullmatch(lines[n])
            name = "\n" if _PAGE_END in after else "\n\n" if _PAGE_END in before else ""
            if found is None or not name:
                continue
        series.setdefault(name, []).append((n, int(found["number"])))
    kept = (
        own
        for own in series.values()
        if len(own) >= _LEAST_PAGES
        and all(number == own[0][1] + at for at, (_, number) in enumerate(own))
    )
    return [n for n, _ in max(kept, key=len, default=[])]


def _beside(lines: Sequence[str], said: Sequence[int], numbers: Sequence[int]) -> set[int]:
    """The lines above and below the numbers of pages that are the same at several of them."""
    found: set[int] = set()
    for step in (-1, 1):
        ats = list(numbers)
        for _ in range(_MOST_LINES):
            ats = [at + step for at in ats if 0 <= at + step < len(said)]
            same = Counter(flat(lines[said[at]]) for at in ats).most_common(1)
            if not same or same[0][1] < max(_LEAST_PAGES, (len(numbers) + 1) // 2):
                break
            ats = [at for at in ats if flat(lines[said[at]]) == same[0][0]]
            found.update(said[at] for at in ats)
    return found


def _same_elsewhere(
    lines: Sequence[str], said: Sequence[int], numbers: Sequence[int], beside: Set[int]
) -> set[int]:
    """Where all lines that stand together at the edge of pages come again without a number, as on the last page."""
    around = [said[max(0, at - _MOST_LINES) : at + _MOST_LINES + 1] for at in numbers]
    edge = max(([flat(lines[n]) for n in one if n in beside] for one in around), key=len)
    found: set[int] = set()
    if len(edge) < 2:
        return found
    for at in range(len(said) - len(edge) + 1):
        run = said[at : at + len(edge)]
        if beside.isdisjoint(run) and [flat(lines[n]) for n in run] == edge:
            found.update(run)
    return found


def _breaks(lines: Sequence[str], said: Sequence[int], at: int) -> bool:
    """Whether a page ends beside a line, or a sentence goes on over it."""
    before = said[at - 1] if at else -1
    after = said[at + 1] if at + 1 < len(said) else len(lines)
    if _PAGE_END in lines[before + 1 : after]:
        return True
    return before >= 0 and after < len(lines) and _goes_on(lines[before], lines[after])


def _goes_on(before: str, after: str) -> bool:
    """Whether a sentence of one line goes on in another."""
    after = after.strip()
    if _ENDS.search(before) or not after[:1].islower():
        return False
    return not (BULLET.match(after) or begins_anew(after))


def _joined(lines: Sequence[str], gone: Set[int]) -> str:
    """The lines but for those that are gone, around which a sentence goes on, or a paragraph ends."""
    kept: list[str] = []
    parted = False
    for n, line in enumerate(lines):
        if n in gone:
            parted = True
        elif line == _PAGE_END or not line.strip():
            kept += [] if parted else [line.replace(_PAGE_END, "")]
        elif not parted:
            kept.append(line)
        else:
            parted = False
            while kept and not kept[-1].strip():
                kept.pop()
            if not (kept and _goes_on(kept[-1], line)):
                kept += ["", line]
            elif max(len(kept[-1]), len(line)) > _MAX_BROKEN_CHARS:
                kept[-1] = f"{kept[-1].rstrip()} {line.strip()}"
            else:
                kept.append(line)
    return "\n".join(kept)
