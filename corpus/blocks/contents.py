"""Tables of contents: which lines are theirs, by the pages that they end in, the dots that lead there, their title, or the headings that say
them again; and what stands over one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from corpus.blocks.divisions import division_of
from corpus.blocks.items import item_of_line
from corpus.blocks.leaf import Leaf, Placed
from corpus.blocks.signs import is_closed
from corpus.language import fold

_PAGE_AT_END = re.compile(r"[^\W\d_].*[ \t.…](?:\d{1,4}|[ivxlc]{1,6})\Z")
_MAX_CONTENTS_CHARS: Final = 200
_MAX_CONTENTS_LINES: Final = 500
_MAX_CONTENTS_TITLE: Final = 40
ALPHABETICAL: Final = (
    r"[ií]ndice (?:alfab[eé]tico|anal[ií]tico|tem[aá]tico|onom[aá]stico|de (?:nombres|temas|t[eé]rminos))"
    r"|(?:alphabetical|subject|name) index|index of (?:names|subjects|terms)"
)
"""What stands over an index at the end of a document; for a regular expression that minds no case."""
_ALPHABETICAL_TITLE = re.compile(rf"\W*(?:{ALPHABETICAL})\W*", re.IGNORECASE)
_CONTENTS_TITLE = re.compile(
    r"\W*(?:[ií]ndice(?: general| de contenidos?| de materias)?|contenidos?|sumario|tabla de (?:contenidos?|materias)"
    rf"|(?:table of )?contents|index|{ALPHABETICAL})\W*",
    re.IGNORECASE,
)


def heads_contents(text: str) -> bool:
    """Whether a line is what stands over a table of contents."""
    return _CONTENTS_TITLE.fullmatch(text) is not None


def lists_contents(text: str, placed: Placed, before: Sequence[Leaf]) -> bool:
    """Whether a line below a table of contents is one more of its lines: it ends in the number of a page."""
    line = text[placed.start : placed.end]
    return (
        bool(before)
        and before[-1].kind == "contents"
        and len(line) <= _MAX_CONTENTS_CHARS
        and "\n" not in line
        and _PAGE_AT_END.search(line) is not None
        and _PAGE_AT_END.search(text[before[-1].start : before[-1].end]) is not None
    )


def mark_contents(text: str, leaves: list[Leaf]) -> None:
    """Makes contents of the leaves that are lines of a table of contents, and of none else, and lets what follows it stand beside its title."""
    _unmark_prices(text, leaves)
    _mark_numbered(text, leaves)
    _mark_wrapped(text, leaves)
    _mark_named(text, leaves)
    _mark_untitled(text, leaves)
    _mark_counted(text, leaves)
    _close(text, leaves)


_DOTS = re.compile(r"(?:\.[ \t]?){4,}")
_NUMBER_AT_END = re.compile(r"\d{1,4}\Z")


def _unmark_prices(text: str, leaves: list[Leaf]) -> None:
    """Makes paragraphs and items of lines with dots to a number that are no contents: pages never fall, and there is more than one."""
    found = [
        n
        for n, leaf in enumerate(leaves)
        if leaf.kind == "contents" and _DOTS.search(text, leaf.start, leaf.end)
    ]
    runs: list[list[int]] = []
    for n in found:
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    for run in runs:
        ends = [_NUMBER_AT_END.search(text[leaves[n].start : leaves[n].end]) for n in run]
        pages = [int(end[0]) for end in ends if end is not None]
        if len(found) == 1 or pages != sorted(pages):
            for n in run:
                start, end = leaves[n].start, leaves[n].end
                item = item_of_line(text[start:end], start, end)
                leaves[n] = item or Leaf("paragraph", start, end)


def _mark_numbered(text: str, leaves: list[Leaf]) -> None:
    """Makes lines of contents of what stands below "Contents" and ends in numbers of pages that never fall but in an index, though no dots lead to them."""
    for at, title in enumerate(leaves):
        if title.end - title.start > _MAX_CONTENTS_TITLE or not _CONTENTS_TITLE.fullmatch(
            text, title.start, title.end
        ):
            continue
        stop, page = at + 1, 0
        rises = _ALPHABETICAL_TITLE.fullmatch(text, title.start, title.end) is None
        for leaf in leaves[stop : stop + _MAX_CONTENTS_LINES]:
            line = text[leaf.start : leaf.end]
            found = _PAGE_AT_END.search(line)
            digits = line[-4:].split()[-1] if found else ""
            number = int(digits) if digits.isdecimal() else page
            falls = rises and number < page
            if found is None or falls or "\n" in line or len(line) > _MAX_CONTENTS_CHARS:
                break
            stop, page = stop + 1, number
        if stop - at > 2:
            leaves[at + 1 : stop] = [
                Leaf("contents", leaf.start, leaf.end) for leaf in leaves[at + 1 : stop]
            ]


_MAX_CONTENTS_LABEL_WORDS: Final = 4


def _mark_wrapped(text: str, leaves: list[Leaf]) -> None:
    """Makes contents of what stands between lines of contents without a page number of its own: the first words of the line below, and
    of a few words that stand over them ("On this page")."""
    for n, leaf in enumerate(leaves[:-1]):
        if leaves[n + 1].kind == "contents" and _is_part_of_contents(text, leaf, leaves[n + 1]):
            leaves[n] = Leaf("contents", leaf.start, leaf.end)
            continue
        if leaf.kind not in ("paragraph", "item", "label") or leaves[n + 1].kind != "contents":
            continue
        line = text[leaf.start : min(leaf.end, leaf.start + _MAX_CONTENTS_CHARS + 1)]
        before = leaves[n - 1] if n else None
        within = before is not None and (
            before.kind == "contents"
            or heads_contents(text[before.start : before.end][:_MAX_CONTENTS_TITLE])
        )
        words = len(line.split())
        over = not within and words <= _MAX_CONTENTS_LABEL_WORDS and line[:1].isupper()
        if len(line) <= _MAX_CONTENTS_CHARS and line[-1] not in ".!?;" and (within or over):
            leaves[n] = Leaf("contents", leaf.start, leaf.end)


def _is_part_of_contents(text: str, leaf: Leaf, after: Leaf) -> bool:
    """Whether what is set as a heading is the name of a part and its page over the first line of the contents of that: "Introduction 4"."""
    if leaf.kind != "heading" or leaf.end - leaf.start > _MAX_CONTENTS_CHARS:
        return False
    pages = [
        _NUMBER_AT_END.search(text[one.start : one.end])
        for one in (leaf, after)
        if _PAGE_AT_END.search(text[one.start : one.end])
    ]
    numbers = [int(page[0]) for page in pages if page is not None]
    return len(numbers) == 2 and numbers[0] in (numbers[1], numbers[1] - 1)


_LEADING_NUMBER = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVXLC]{1,7}|[A-Z])[.)]?[-–—]?\s+")
_LEAST_NAMED: Final = 3


def _mark_named(text: str, leaves: list[Leaf]) -> None:
    """Makes lines of contents of what stands below "Contents" without the numbers of pages: the headings that come later, one after the
    other, whatever number they have there."""
    for at, title in enumerate(leaves):
        if title.end - title.start > _MAX_CONTENTS_TITLE or not heads_contents(
            text[title.start : title.end]
        ):
            continue
        last = {
            _bare(text, leaf): n
            for n, leaf in enumerate(leaves)
            if n > at and leaf.kind == "heading"
        }
        stop = at + 1
        while stop < len(leaves) and last.get(_bare(text, leaves[stop]), 0) > stop:
            stop += 1
        if stop - at > _LEAST_NAMED:
            stop = _end_of_contents(text, leaves, at + 1, stop)
            leaves[at + 1 : stop] = [
                Leaf("contents", leaf.start, leaf.end) for leaf in leaves[at + 1 : stop]
            ]
        return


_MAX_ABOVE_CONTENTS: Final = 10


def _mark_untitled(text: str, leaves: list[Leaf]) -> None:
    """Makes contents of the short lines from the first article or chapter of a document to where that is said again, if most headings among
    them are said again."""
    lines = [
        text[leaf.start : leaf.end] if leaf.kind == "heading" else None
        for leaf in leaves[:_MAX_CONTENTS_LINES]
    ]
    for start, line in enumerate(lines[:_MAX_ABOVE_CONTENTS]):
        # "Cultivo", "Riego" are said again of each plant
        if line is None or not division_of(line) or line not in lines[start + 1 :]:
            continue
        stop = lines.index(line, start + 1)
        named = [one for one in lines[start:stop] if one is not None]
        later = set(lines[stop:])
        n_again = sum(one in later for one in named)
        if _LEAST_NAMED < n_again > len(named) / 2 and all(
            leaf.end - leaf.start <= _MAX_CONTENTS_CHARS
            and not is_closed(text[leaf.start : leaf.end])
            for leaf in leaves[start:stop]
        ):
            leaves[start:stop] = [
                Leaf("contents", leaf.start, leaf.end) for leaf in leaves[start:stop]
            ]
        return


_COUNTED = re.compile(r"(\d{1,2})[.)]?[-–—]?\s+(\w+)")


def _mark_counted(text: str, leaves: list[Leaf]) -> None:
    """Makes contents of what is set as several headings with nothing between them that count from 1, where the next one is the first of
    them again, "1. Name", though it says more."""
    at = 0
    while at < min(len(leaves), _MAX_CONTENTS_LINES):
        stop = at
        while stop < len(leaves) and (found := _counted(text, leaves[stop])):
            if found[0] != stop - at + 1:
                break
            stop += 1
        again = _counted(text, leaves[stop]) if stop < len(leaves) else None
        if stop - at > _LEAST_NAMED and again and again == _counted(text, leaves[at]):
            leaves[at:stop] = [Leaf("contents", leaf.start, leaf.end) for leaf in leaves[at:stop]]
            return
        at = max(stop, at + 1)


def _counted(text: str, leaf: Leaf) -> tuple[int, str] | None:
    """The number of a heading and its first word; None of anything else."""
    number = _COUNTED.match(text, leaf.start, leaf.end) if leaf.kind == "heading" else None
    return (int(number[1]), fold(number[2])) if number else None


# What is said in other words later, or not at all, is so much of a table of contents at most.
_MAX_UNNAMED_SHARE: Final = 0.5


def _end_of_contents(text: str, leaves: Sequence[Leaf], start: int, stop: int) -> int:
    """Where a table of contents ends whose lines from ``start`` to ``stop`` are said again later: at the heading that its first line names,
    where few short lines are before that."""
    first = _bare(text, leaves[start])
    for n in range(stop, min(len(leaves), stop + int(_MAX_UNNAMED_SHARE * (stop - start)) + 1)):
        line = text[leaves[n].start : leaves[n].end]
        if leaves[n].kind == "heading" and _bare(text, leaves[n]) == first:
            return n
        if len(line) > _MAX_CONTENTS_CHARS or "\n" in line or is_closed(line):
            break
    return stop


def _bare(text: str, leaf: Leaf) -> str:
    """The words of a short line without its number."""
    line = text[leaf.start : min(leaf.end, leaf.start + _MAX_CONTENTS_CHARS)]
    return fold(_LEADING_NUMBER.sub("", line, count=1))


def _close(text: str, leaves: list[Leaf]) -> None:
    """Lets what follows a table of contents stand beside its title, not below it."""
    for n, leaf in enumerate(leaves[:-1]):
        if leaf.kind != "heading":
            continue
        if not heads_contents(text[leaf.start : min(leaf.end, leaf.start + _MAX_CONTENTS_TITLE)]):
            continue
        after = next((at for at in range(n + 1, len(leaves)) if leaves[at].kind == "heading"), n)
        lists = leaves[n + 1].kind == "contents" or _names_sections(text, leaves, n + 1, after)
        # The lines of an index may be set as large as the headings that they name
        if lists or (after == n + 1 and _INDEX.match(text, leaf.start, leaf.end)):
            leaves[n] = replace(leaf, level=max(leaf.level, leaves[after].level))


_INDEX = re.compile(r"\W*(?:[ií]ndice|index|sumario|tabla de|table of)\b", re.IGNORECASE)
# "03 | Cuotas", "4. Fees | 12"
_AROUND_NAME = re.compile(
    r"\A\W*(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVXLC]{1,7}|[A-Z])[.)]?[-–—]?\s+)?(?:\| *)?|[\s|.…]+\d{1,4}\Z"
)


def _names_sections(text: str, leaves: Sequence[Leaf], start: int, end: int) -> bool:
    """Whether most of what stands between two headings is said again by headings that come later, as rows of contents are whose numbers
    stand in a column of their own."""
    if not _LEAST_NAMED < end - start < _MAX_CONTENTS_LINES:
        return False
    later = {_bare(text, leaf) for leaf in leaves[end:] if leaf.kind == "heading"}
    said = (
        text[one.start : min(one.end, one.start + _MAX_CONTENTS_CHARS)] for one in leaves[start:end]
    )
    return 2 * sum(fold(_AROUND_NAME.sub("", line)) in later for line in said) > end - start
