"""Which leaves head a part of the text, and which of them are only counted, by all that stands around them: series of numbers, steps, names
over lists, titles that begin the texts below them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from corpus.blocks.contents import heads_contents
from corpus.blocks.counting import ROMANS, number_of_step
from corpus.blocks.divisions import (
    CLAUSE_LEVEL,
    DEEPER_TITLE,
    division_of,
    heading_level,
    is_bare_division,
)
from corpus.blocks.headings import LEAST_TITLED_SHARE
from corpus.blocks.items import itemised, leads_in, opens_items
from corpus.blocks.leaf import Leaf, indent, rstripped
from corpus.blocks.nesting import nest_below_days, nest_headings
from corpus.blocks.signs import (
    MAX_BARE_HEADING_WORDS,
    MAX_BARE_ITEM_CHARS,
    MAX_STATEMENT_CHARS,
    ROMAN_TITLE,
    is_priced,
    is_roman_title,
    is_short,
    is_title_of_series,
    states,
)
from corpus.language import fold

# "ORDEN Y LIMPIEZA: Los remeros …", "WI-FI:La red …"
_NAME_IN_CAPITALS = re.compile(
    r"(?=[^\n:]*[A-ZÁÉÍÓÚÑÜ]{2})[A-ZÁÉÍÓÚÑÜ][A-ZÁÉÍÓÚÑÜ\d /,&ºª-]{3,60}:(?=\s*[¿¡\"“(]?[^\W\d_])"
)
# They say how what follows is meant, and head nothing
_REMARKS: Final = frozenset(
    "nota notas note notes importante important atencion attention aviso warning ojo observacion observaciones ejemplo example".split()
)
_LEAST_NAMES: Final = 3
_LEAST_NAMED_CHARS: Final = 80
# Whether a text is in small letters its beginning tells
_SAMPLE_CHARS: Final = 20_000


def with_names_apart(text: str, leaves: Sequence[Leaf]) -> list[Leaf]:
    """The leaves, with names in capitals at the beginning of their texts as headings of their own, where several have such: "KEYS: Each of
    you gets one.", "GUESTS: …"."""
    names: dict[int, int] = {}
    for n, leaf in enumerate(leaves):
        if leaf.kind not in ("paragraph", "label"):
            continue
        name = _NAME_IN_CAPITALS.match(text, leaf.start, leaf.end)
        if name is None:
            continue
        said = text[name.end() : min(leaf.end, name.end() + _SAMPLE_CHARS)]
        small = sum(map(str.islower, said)) > sum(map(str.isupper, said))
        if small and fold(name[0][:-1]) not in _REMARKS:
            names[n] = name.end()
    long = [n for n, stop in names.items() if leaves[n].end - stop >= _LEAST_NAMED_CHARS]
    if len({text[leaves[n].start : names[n]] for n in long}) < _LEAST_NAMES:
        return list(leaves)
    if 2 * len(long) < len(names):
        return list(leaves)
    found: list[Leaf] = []
    level = 0
    for n, leaf in enumerate(leaves):
        if n not in names:
            found.append(leaf)
            if leaf.kind == "heading":
                alike = text[leaf.start : leaf.end].isupper() and text[leaf.end - 1] == ":"
                level = leaf.level if alike else min(6, leaf.level + 1)
            continue
        rest = names[n] + indent(text, names[n], leaf.end)
        found.append(Leaf("heading", leaf.start, names[n], level or 1))
        found += itemised(text, Leaf("paragraph", rest, leaf.end))
    return found


_MAY_BE_STEPS: Final = ("paragraph", "label", "heading")


def mark_steps(text: str, leaves: list[Leaf]) -> None:
    """Makes items of steps that count up right below one another, whatever each was taken for: none has a text of its own below it."""
    numbers = [
        number_of_step(text[leaf.start : leaf.end]) if leaf.kind in _MAY_BE_STEPS else 0
        for leaf in leaves
    ]
    start = 0
    while start < len(leaves):
        stop = start + 1
        while stop < len(leaves) and 0 < numbers[stop - 1] == numbers[stop] - 1:
            stop += 1
        last = leaves[stop - 1]
        # What the format calls a heading, over a text, is one
        over = last.kind == "heading" and last.sure and stop < len(leaves)
        if stop - start > 1 and not (over and leaves[stop].kind != "heading"):
            for n in range(start, stop):
                leaves[n] = Leaf("item", leaves[n].start, leaves[n].end, 1)
        start = stop


def with_sections(text: str, leaves: Sequence[Leaf]) -> list[Leaf]:
    """The leaves, with headings where these are found by all that stands around them, each with its level, and items in the place of what
    was taken for a heading and is only counted."""
    found = list(leaves)
    _mark_listed_divisions(text, found)
    found = _with_titles_in_headings(text, found)
    _mark_sections_of_series(text, found)
    _mark_sections_between(text, found)
    _mark_roman_sections(text, found)
    _mark_names_over_lists(text, found)
    _mark_lettered_lines(text, found)
    nest_headings(text, found)
    nest_below_days(text, found)
    return found


def _mark_listed_divisions(text: str, leaves: list[Leaf]) -> None:
    """Makes items of chapters and units that are only named, one right below the other under what leads in to them: "Temario:", "Tema 1.
    La colmena", "Tema 2. La reina"."""
    for at, lead in enumerate(leaves):
        if lead.kind != "paragraph" or not leads_in(text, lead):
            continue
        if heads_contents(text[lead.start : lead.end]):
            continue
        items: list[Leaf] = []
        stop = at + 1
        while stop < len(leaves):
            item, n = _named_division(text, leaves[stop : stop + 2])
            if item is None or (items and _first_word(text, items[0]) != _first_word(text, item)):
                break
            items.append(item)
            stop += n
        if len(items) > 1:
            leaves[at + 1 : stop] = items


def _named_division(text: str, leaves: Sequence[Leaf]) -> tuple[Leaf | None, int]:
    """A chapter or unit with its name on the same line as an item, and of how many leaves it is; None for anything else."""
    head = leaves[0]
    if head.kind != "heading" or head.sure:
        return None, 0
    line = text[head.start : head.start + MAX_BARE_ITEM_CHARS + 1].partition("\n")[0]
    division = division_of(line)
    if division is None or heading_level(line) >= CLAUSE_LEVEL or division.end() == len(line):
        return None, 0
    end = head.start + len(line)
    within = [leaf for leaf in leaves if leaf.start < end]
    if len(line) > MAX_BARE_ITEM_CHARS or max(leaf.end for leaf in within) > end:
        return None, 0
    number = (head.start, head.start + division.start("rest"))
    return Leaf("item", head.start, end, level=1, cells=(number,)), len(within)


def _first_word(text: str, leaf: Leaf) -> str:
    return fold(text[leaf.start : leaf.end].split(maxsplit=1)[0])


_SECTION_LEVEL: Final = 3
_LEAST_RUN_IN: Final = 3
_MAX_RUN_IN_WORDS: Final = 9
# "Objeto. Esta ley …", "Hours of opening.- A library …"
_RUN_IN = re.compile(
    r"[A-ZÁÉÍÓÚÑ][^.:;?!\n]{2,80}\.(?:-|[ ]?[–—])?(?:[ \t]+(?=[\"“«¿A-ZÁÉÍÓÚÑ])|\Z)"
)


def _with_titles_in_headings(text: str, leaves: Sequence[Leaf]) -> list[Leaf]:
    """The leaves, with the titles that begin the texts of sections and articles in the headings that number these, where nearly all have
    one: "Section 3. Fees." over "No library shall …"."""
    titles: dict[
        int, int
    ] = {}  # Where the title ends, by the number of the leaf that begins with it
    n_bare = 0
    for n, (head, leaf) in enumerate(pairwise(leaves), 1):
        line = text[head.start : head.end]
        if head.kind != "heading" or head.sure or not is_bare_division(line):
            continue
        beside = text[head.end : leaf.start]
        if leaf.kind != "paragraph" or beside.strip() or "\n" in beside:
            continue
        n_bare += 1
        title = _RUN_IN.match(text, leaf.start, leaf.end)
        if title is None or heading_level(line) < _SECTION_LEVEL or states(title[0]):
            continue
        # Its text may begin with an item: "Definiciones. a) …"
        below = leaf if title.end() < leaf.end else leaves[n + 1] if n + 1 < len(leaves) else head
        if len(title[0].split()) <= _MAX_RUN_IN_WORDS and below.end - title.end() > len(title[0]):
            titles[n] = title.end()
    if len(titles) < _LEAST_RUN_IN or len(titles) < LEAST_TITLED_SHARE * n_bare:
        return list(leaves)
    found: list[Leaf] = []
    for n, leaf in enumerate(leaves):
        stop = titles.get(n)
        if stop is None:
            found.append(leaf)
            continue
        found[-1] = replace(found[-1], end=rstripped(text, stop))
        if stop < leaf.end:
            found.append(replace(leaf, start=stop))
    return found


_NUMBER_OF_SERIES = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,2})\.\d{1,2}\.?-?[ \t]")


def _mark_sections_of_series(text: str, leaves: list[Leaf]) -> None:
    """Makes headings of the titles with numbers that were taken for items, "4.2. Cobro", where another of their series is a heading and a
    text of their own stands below each."""
    series: dict[str, list[int]] = {}
    for n, leaf in enumerate(leaves):
        number = _NUMBER_OF_SERIES.match(text, leaf.start, leaf.end)
        if number is not None:
            series.setdefault(number[1], []).append(n)
    for of in series.values():
        if not any(leaves[n].kind == "heading" for n in of):
            continue
        for n in of:
            start, end = leaves[n].start, leaves[n].end
            line = text[start:end]
            titled = DEEPER_TITLE.match(line) and is_title_of_series(line)
            over = n + 1 < len(leaves) and n + 1 not in of
            if leaves[n].kind == "item" and titled and over:
                leaves[n] = Leaf("heading", start, end, heading_level(line))


_NUMBER_OF_SECTION = re.compile(r"(\d{1,2})[.)]-?[ \t]+[¿A-ZÁÉÍÓÚÑ]")


def _mark_sections_between(text: str, leaves: list[Leaf]) -> None:
    """Makes headings of the titles with a colon that were taken for items, "3. Who may row:", where the headings before and after them leave
    out just their numbers, and nothing else has these there."""
    numbered = [
        (n, int(found[1]))
        for n, leaf in enumerate(leaves)
        if (found := _NUMBER_OF_SECTION.match(text, leaf.start, leaf.end)) is not None
    ]
    headings = [one for one in numbered if leaves[one[0]].kind == "heading"]
    for (first, low), (last, high) in pairwise(headings):
        between = [one for one in numbered if first < one[0] < last and low < one[1] < high]
        titles = [
            n
            for n, _ in between
            if leaves[n].kind == "item"
            and text[leaves[n].end - 1] == ":"
            and is_short(text[leaves[n].start : leaves[n].end - 1])
        ]
        if titles and [number for _, number in between] == list(range(low + 1, high)):
            for n in titles:
                leaves[n] = replace(leaves[first], start=leaves[n].start, end=leaves[n].end)


_LEAST_ROMAN: Final = 3


def _mark_roman_sections(text: str, leaves: list[Leaf]) -> None:
    """Makes headings of titles with Roman numbers that count up from I without a gap, each over something else: "I. Definiciones"."""
    found: list[int] = []
    for n, leaf in enumerate(leaves):
        number = ROMAN_TITLE.match(text, leaf.start, leaf.end)
        counts = number is not None and ROMANS[len(found) :][:1] == (number[1].lower(),)
        if counts and leaf.kind in ("paragraph", "item", "heading"):
            found.append(n)
    over = all(n + 1 < len(leaves) and n + 1 not in found for n in found)
    lines = [text[leaves[n].start : leaves[n].end] for n in found]
    if len(found) < _LEAST_ROMAN or not over or not all(map(is_roman_title, lines)):
        return
    for n, line in zip(found, lines, strict=True):
        if leaves[n].kind != "heading":
            leaves[n] = Leaf("heading", leaves[n].start, leaves[n].end, heading_level(line))


def _mark_names_over_lists(text: str, leaves: list[Leaf]) -> None:
    """Makes headings of a few words without a stop that stand each over a list of its own, several in turn: "Treasurer" over what she does,
    then "Secretary"."""
    run: list[int] = []
    level = 0
    for n in range(len(leaves) + 1):
        leaf = leaves[n] if n < len(leaves) else None
        if leaf is not None and n and (leaf.listed or _names_items(text, leaves, n)):
            run += [] if leaf.listed else [n]
            continue
        if len(run) >= _LEAST_NAMES:
            for at in run:
                leaves[at] = Leaf("heading", leaves[at].start, leaves[at].end, level + 1)
        run = []
        level = min(5, leaf.level) if leaf is not None and leaf.kind == "heading" else level


def _names_items(text: str, leaves: Sequence[Leaf], n: int) -> bool:
    """Whether a leaf is a few words right above an item, and not half a sentence."""
    leaf = leaves[n]
    if leaf.kind != "paragraph" or n + 1 == len(leaves) or leaves[n + 1].kind != "item":
        return False
    line = text[leaf.start : min(leaf.end, leaf.start + MAX_STATEMENT_CHARS)]
    few = len(line.split()) <= MAX_BARE_HEADING_WORDS and is_short(line)
    few = few and not is_priced(line)
    return few and not (line[0].islower() or line[0] == "(" or opens_items(text, leaf))


_LETTERED_LINE = re.compile(r"([A-Z])\.[ \t]+\S[^\n]*")

_LEAST_LETTERED: Final = 3


def _mark_lettered_lines(text: str, leaves: list[Leaf]) -> None:
    """Makes items of lines with letters that count up from A right below one another, where some were taken for headings, as their letters
    are Roman numbers, too: "B. RULES FOR BOATS", "C. OAR POLICY"."""
    run: list[int] = []
    for n in range(len(leaves) + 1):
        leaf = leaves[n] if n < len(leaves) else None
        line = None
        # "A." looks like an answer, too
        if leaf is not None and (
            leaf.kind in ("paragraph", "answer", "question") or _is_found(leaf)
        ):
            line = _LETTERED_LINE.fullmatch(text, leaf.start, leaf.end)
        if line is not None and line[1] == chr(ord("A") + len(run)):
            run.append(n)
            continue
        if len(run) >= _LEAST_LETTERED and any(_is_found(leaves[k]) for k in run):
            for k in run:
                start, end = leaves[k].start, leaves[k].end
                leaves[k] = Leaf("item", start, end, 1, ((start, start + 2),))
        run = [n] if line is not None and line[1] == "A" else []


def _is_found(leaf: Leaf) -> bool:
    """Whether a leaf is a heading that rules found."""
    return leaf.kind == "heading" and not leaf.sure
