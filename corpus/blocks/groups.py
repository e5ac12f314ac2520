"""What belongs together: leaves → blocks, with the lists and tables that they make, each with what leads in to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from corpus.blocks.items import MAX_BETWEEN_CHARS, counted_by, leads_in, opens_items
from corpus.blocks.leaf import ROWS, Leaf
from corpus.blocks.signs import ITEM, MAX_BARE_ITEM_CHARS, MAX_CAPTION_CHARS, is_closed
from corpus.document import Block, BlockKind

_LEAST_CAPTIONS: Final = 2


def mark_captions(text: str, leaves: list[Leaf]) -> None:
    """Makes captions of the few words that stand right over a table, where several tables have such: "Día 1, jueves 3 de mayo" over
    one programme and "Día 2, …" over the next, without which no row says of which day it is."""
    found = [
        n
        for n, (leaf, after) in enumerate(pairwise(leaves))
        if leaf.kind == "paragraph"
        and after.kind in ROWS
        and after.first
        and leaf.end - leaf.start <= MAX_CAPTION_CHARS
        and (text[leaf.start].isupper() or text[leaf.start].isdigit())
        and "\n" not in text[leaf.start : leaf.end]
        and not is_closed(text[leaf.start : leaf.end])
    ]
    if len(found) >= _LEAST_CAPTIONS:
        for n in found:
            leaves[n] = replace(leaves[n], kind="caption")


def add_groups(
    text: str,
    leaves: Sequence[Leaf],
    start: int,
    end: int,
    parent: int | None,
    blocks: list[Block],
) -> None:
    """Adds the leaves of a range, with the lists and tables that they make."""
    at = start
    while at < end:
        stop, is_table = at + 1, False
        if (n_bare := _bare_items(text, leaves, at, end)) > 1:
            stop = at + 1 + n_bare
            level = leaves[at].level + 1
            items = [replace(leaf, kind="item", level=level) for leaf in leaves[at + 1 : stop]]
            _list(text, [leaves[at], *items], parent, blocks)
            at = stop
            continue
        if leaves[at].kind == "item" or (
            stop < end and leaves[stop].kind == "item" and opens_items(text, leaves[at])
        ):
            while stop < end and leaves[stop].listed and _bare_items(text, leaves, stop, end) < 2:
                led = leaves[at].kind != "item" and stop > at + 1
                if led and _answers_anew(text, leaves[stop - 1], leaves[stop]):
                    break
                stop += 1
            if leaves[at].kind != "item":
                stop = _resumed(text, leaves, at, stop, end)
            _list(text, _nested(text, leaves[at:stop]), parent, blocks)
            at = stop
            continue
        elif leaves[at].kind in ROWS or (
            stop < end and leaves[stop].kind in ROWS and _captions(text, leaves[at])
        ):
            is_table = True
            stop += leaves[at].kind not in ROWS
            while stop < end and leaves[stop].kind in ROWS and not leaves[stop].first:
                stop += 1
        within = parent
        if is_table:
            within = len(blocks)
            blocks.append(Block("table", leaves[at].start, leaves[stop - 1].end, parent=parent))
        for leaf in leaves[at:stop]:
            blocks.append(_block(leaf, within))
        at = stop


# Signs that say of an item by itself whether it is so
_ANSWERS: Final = frozenset("✔✓✅☑✖✗✘❌🚫")


def _answers_anew(text: str, before: Leaf, leaf: Leaf) -> bool:
    """Whether an item says by its sign that something is so or is not, behind one that begins with a word: "Not allowed:", "- vapes", "- ✔ Outdoors"
    is one list of what is not, and one of what is."""
    return (
        before.kind == leaf.kind == "item"
        and before.level == leaf.level
        and text[leaf.start] in _ANSWERS
        and text[before.start].isalnum()
    )


def _captions(text: str, leaf: Leaf) -> bool:
    """Whether a leaf stands over the table that follows it: a caption, or a few words and a colon."""
    if leaf.kind == "caption":
        return True
    few = leaf.end - leaf.start <= MAX_BARE_ITEM_CHARS
    return leaf.kind == "paragraph" and few and leads_in(text, leaf)


_MAX_BARE_ITEMS: Final = 40
_MAX_PARTED_CHARS: Final = 400
_GOES_ON = re.compile(r"[;,](?: (?:y|e|o|u|and|or))?\Z")
_PARTED = re.compile(r";(?: (?:y|e|o|u|and|or))?\Z")


def _bare_items(text: str, leaves: Sequence[Leaf], at: int, end: int) -> int:
    """How many paragraphs after a leaf are the items that it leads in to, though nothing marks them: short lines of
    which none ends as a sentence, or all but the last with a semicolon or comma; or all begin with a small letter."""
    if leaves[at].kind == "label" or not leads_in(text, leaves[at]):
        return 0
    small = 0
    for leaf in leaves[at + 1 : min(end, at + 1 + _MAX_BARE_ITEMS)]:
        if leaf.kind != "paragraph" or not text[leaf.start].islower() or text[leaf.end - 1] == ":":
            break
        small += 1
    if small > 1:
        return small
    n = 0
    parted = False  # By the semicolon of the one before
    for leaf in leaves[at + 1 : min(end, at + 1 + _MAX_BARE_ITEMS)]:
        line = text[leaf.start : leaf.end]
        most = _MAX_PARTED_CHARS if parted or line[-1] == ";" else MAX_BARE_ITEM_CHARS
        if leaf.kind != "paragraph" or len(line) > most or "\n" in line:
            break
        if line[-1] in ".:?!":
            # The last of "uno;", "dos; y", "tres." ends the sentence
            before = text[leaves[at + n].start : leaves[at + n].end]
            ends = parted or (n > 1 and _GOES_ON.search(before) is not None)
            return n + 1 if line[-1] == "." and ends else n
        n += 1
        parted = _PARTED.search(line) is not None
    return n


# Between two items that count on there may be so many paragraphs that belong to the first.
_MAX_BETWEEN: Final = 4


def _resumed(text: str, leaves: Sequence[Leaf], start: int, stop: int, end: int) -> int:
    """Where the list ``leaves[start:stop]`` ends, which goes on where an item below some paragraphs counts on."""
    while stop < end:
        at = stop
        while (
            at < min(end, stop + _MAX_BETWEEN)
            and leaves[at].kind == "paragraph"
            and leaves[at].end - leaves[at].start <= MAX_BETWEEN_CHARS
        ):
            at += 1
        if at in (stop, end) or leaves[at].kind != "item":
            return stop
        here = counted_by(text, leaves[at])
        before = {one for leaf in leaves[start:stop] for one in counted_by(text, leaf)}
        if not any((style, signs, number - 1) in before for style, signs, number in here):
            return stop
        stop = at + 1
        while stop < end and leaves[stop].listed:
            stop += 1
    return stop


def _list(text: str, leaves: Sequence[Leaf], parent: int | None, blocks: list[Block]) -> None:
    """Adds a list: its lead-in and its items; an item that leads in to deeper ones is the lead-in of a list in the list."""
    number = len(blocks)
    blocks.append(Block("list", leaves[0].start, leaves[-1].end, parent=parent))
    at = 0
    while at < len(leaves):
        stop = at + 1
        if at or leaves[0].kind == "item":
            while stop < len(leaves) and leaves[stop].level > leaves[at].level:
                stop += 1
        if stop - at > 1 and stop - at < len(leaves):
            _list(text, leaves[at:stop], number, blocks)
        else:
            stop = at + 1
            blocks.append(_block(leaves[at], number))
        at = stop


_MARKS: Final = (
    ("number", re.compile(r"\(?\d+(?:\.-|[º°]\.|[.)º])?-?")),
    ("decimal", re.compile(r"\d+(?:\.\d+)+[.)]?")),
    ("roman", re.compile(r"\(?(?:[ivx]+|[IVX]+)[.)]")),
    ("letter", re.compile(r"\(?[a-zñ][.)]")),
    ("capital", re.compile(r"\(?[A-Z][.)]")),
)

_COUNTING: Final = frozenset(kind for kind, _ in _MARKS)


def _nested(text: str, leaves: Sequence[Leaf]) -> list[Leaf]:
    """The leaves of a list with levels by their marks, where neither format nor indentation tells: (a) below 1., (i) below (a).

    A paragraph between items stands below the one before it.
    """
    if len({leaf.level for leaf in leaves if leaf.kind == "item"}) > 1:
        return _with_levels_between(leaves)
    open_marks: list[str] = []
    found: list[Leaf] = []
    last = {_mark(text, leaf, ()): n for n, leaf in enumerate(leaves) if leaf.kind == "item"}
    below: set[tuple[str, str]] = set()
    for n, leaf in enumerate(leaves):
        if leaf.kind == "item":
            mark = _mark(text, leaf, open_marks)
            if open_marks and open_marks[-1] in _COUNTING and not leaf.cells:
                # "1. …", "◦ …", "2. …"
                if last.get(open_marks[-1], 0) > n:
                    below.add((open_marks[-1], mark))
            if mark in open_marks:
                del open_marks[open_marks.index(mark) + 1 :]
            elif (
                not open_marks
                or text[found[-1].end - 1] == ":"
                or (open_marks[-1], mark) in below
                or (open_marks[-1] in _COUNTING and last.get(mark, n) > n and _is_first(text, leaf))
            ):
                open_marks.append(mark)
            else:
                open_marks[-1] = mark
            leaf = replace(leaf, level=max(leaf.level, len(open_marks)))
        found.append(leaf)
    return _with_levels_between(found)


def _mark(text: str, leaf: Leaf, open_marks: Sequence[str]) -> str:
    if not leaf.cells:
        return text[leaf.start] if ITEM.match(text, leaf.start, leaf.end) else ""
    shown = text[slice(*leaf.cells[0])]
    kinds = [kind for kind, pattern in _MARKS if pattern.fullmatch(shown)]
    # "i)" after "h)" is a letter, after "1." a number of its own kind
    return next((kind for kind in kinds if kind in open_marks), kinds[0] if kinds else shown)


_FIRST = re.compile(r"\(?[1aAiI](?:\.-|[º°]\.|[.)º])-?")


def _is_first(text: str, leaf: Leaf) -> bool:
    """Whether an item is the first of some that are counted: "a." below "5."."""
    return leaf.cells is not None and _FIRST.fullmatch(text[slice(*leaf.cells[0])]) is not None


def _with_levels_between(leaves: Sequence[Leaf]) -> list[Leaf]:
    found = list(leaves[:1])
    for leaf in leaves[1:]:
        if leaf.kind != "item":
            before = found[-1]
            level = leaf.inside + 1 if leaf.inside else before.level + (before.kind == "item")
            leaf = replace(leaf, level=level)
        found.append(leaf)
    return found


def _block(leaf: Leaf, parent: int | None) -> Block:
    if leaf.kind == "header":
        return Block("row", leaf.start, leaf.end, 1, parent, leaf.cells)
    kind: BlockKind = "paragraph" if leaf.kind in ("question", "answer") else leaf.kind  # type: ignore[assignment]
    return Block(kind, leaf.start, leaf.end, leaf.level, parent, leaf.cells)
