"""The structure of a document: what its readers say of each part, and what rules find in the lines of the others.

A format that knows what a heading, an item or a row is says so. Plain text, PDF and documents whose headings are bold lines
do not; their lines tell: "Artículo 7.", "Capítulo II", "Cláusula 4.ª", "TERCERA.-", "3. Objeto", "P:" and "R:", a line that ends in a
colon before items, a question on a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from corpus.blocks.contents import mark_contents
from corpus.blocks.items import MAX_BETWEEN_CHARS, counted_by, leads_in, opens_items
from corpus.blocks.leaf import ROWS, Leaf, Placed, indent
from corpus.blocks.lines import leaf_of_line
from corpus.blocks.parts import leaves_of
from corpus.blocks.sections import mark_steps, with_names_apart, with_sections
from corpus.blocks.signs import (
    ANSWERED,
    ASKED,
    ITEM,
    MAX_BARE_ITEM_CHARS,
    MAX_CAPTION_CHARS,
    MAX_VALUE_CHARS,
    is_closed,
)
from corpus.dates import says_when
from corpus.document import Block, BlockKind, Span


def find_blocks(text: str, parts: Sequence[Placed]) -> tuple[Block, ...]:
    """The blocks of a document, in text order, what holds others before them."""
    leaves = _with_asked_items(text, leaves_of(text, parts))
    leaves = with_names_apart(text, leaves)
    mark_steps(text, leaves)
    _unmark_questions(text, leaves)
    _list_questions(text, leaves)
    leaves = with_sections(text, leaves)
    mark_contents(text, leaves)
    _mark_captions(text, leaves)
    _mark_by_lines(text, leaves)
    blocks: list[Block] = []
    at = 0
    apart = frozenset(placed.start for placed in parts if placed.part.apart)
    for start, end in _pairs(text, leaves, apart):
        _groups(text, leaves, at, start, None, blocks)
        number = len(blocks)
        question = (leaves[start].start, leaves[start].end)
        answer = (_said_from(text, *leaves[start : start + 2]), leaves[end - 1].end)
        blocks.append(Block("pair", question[0], answer[1], cells=(question, answer)))
        _groups(text, leaves, start, end, number, blocks)
        at = end
    _groups(text, leaves, at, len(leaves), None, blocks)
    return tuple(blocks)


def _said_from(text: str, question: Leaf, answer: Leaf) -> int:
    """Where an answer begins behind its mark, "A:" or "R."; a lone "A." may be a name's."""
    mark = ANSWERED.match(text, answer.start, answer.end) if answer.kind == "answer" else None
    if mark is None or not (":" in mark[0] or ASKED.match(text, question.start, question.end)):
        return answer.start
    return mark.end() - 1


# An answer without an end of its own, such as a heading or the next question, has at most so many parts.
_MAX_ANSWER_PARTS: Final = 8
_ENDS_ANSWER: Final = ("heading", "question", "contents")


def _pairs(text: str, leaves: Sequence[Leaf], apart: Container[int]) -> Iterator[Span]:
    """Ranges of leaves that are a question and its answer, which ends where something begins that stands ``apart``."""
    n_bare = sum(leaf.kind == "question" and not leaf.sure for leaf in leaves)
    topics = _topics(text, leaves)
    at = 0
    while at < len(leaves):
        leaf = leaves[at]
        end = at + 1
        if leaf.kind == "question" or (leaf.kind == "heading" and text[leaf.end - 1] == "?"):
            most = len(leaves)
            if not leaf.sure and leaf.kind == "question":
                # One question in a text is a figure of speech as often as not; then only what follows is its answer
                most = _MAX_ANSWER_PARTS if n_bare > 1 else 1
            n_parts = 0
            while (
                end < len(leaves)
                and leaves[end].kind not in _ENDS_ANSWER
                and leaves[end].start not in apart
                and end not in topics
            ):
                # A table is one, however many rows it has, and a list
                before, here = leaves[end - 1], leaves[end]
                within = here.kind == "row" and before.kind in ROWS
                n_parts += not (within or (end - 1 > at and before.listed and here.listed))
                if n_parts > most:
                    break
                end += 1
            if end - at > 1 and n_bare <= 1 and leaf.kind == "question" and not leaf.sure:
                while end < len(leaves) and leaves[end].kind == "item":
                    end += 1
        if end - at > 1:
            yield at, end
        at = end


def _topics(text: str, leaves: Sequence[Leaf]) -> frozenset[int]:
    """The paragraphs that stand as questions do in a text whose questions each stand over items: a few words, "Quejas", over items of their own."""
    over_item = [
        n for n, (leaf, after) in enumerate(pairwise(leaves)) if after.kind == "item" != leaf.kind
    ]
    asking = [n for n in over_item if leaves[n].kind == "question" and not leaves[n].sure]
    if len(asking) < _LEAST_ASKED or len(asking) <= len(over_item) // 3:
        return frozenset()
    return frozenset(
        n
        for n in over_item
        if leaves[n].kind == "paragraph"
        and leaves[n - 1].kind == "item"
        and leaves[n].end - leaves[n].start <= MAX_CAPTION_CHARS
        and text[leaves[n].start].isupper()
        and not is_closed(_without_stop(text[leaves[n].start : leaves[n].end]))
    )


def _without_stop(line: str) -> str:
    """A line of one sentence without its full stop."""
    return line[:-1] if line[-1] == "." and line[-2:-1].isalpha() and ". " not in line else line


def _groups(
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
                not open_marks or text[found[-1].end - 1] == ":" or (open_marks[-1], mark) in below
            ):
                open_marks.append(mark)
            else:
                open_marks[-1] = mark
            leaf = replace(leaf, level=max(leaf.level, len(open_marks)))
        found.append(leaf)
    return _with_levels_between(found)


def _with_levels_between(leaves: Sequence[Leaf]) -> list[Leaf]:
    found = list(leaves[:1])
    for leaf in leaves[1:]:
        if leaf.kind != "item":
            before = found[-1]
            level = leaf.inside + 1 if leaf.inside else before.level + (before.kind == "item")
            leaf = replace(leaf, level=level)
        found.append(leaf)
    return found


# "5. ¿Hay ducha? Sí, de agua fría.": up to here a numbered item asks.
_ITEM_ASKS = re.compile(
    r"(?:\(?\d{1,3}(?:\.-|[.)º])-?\s+)(?:¿[^?\n]{6,250}|[A-ZÁÉÍÓÚÑ][^?.!\n¿]{6,250})\?(?=\s|\Z)"
)
_LEAST_ASKED: Final = 3


# Over questions of which only some are answered
_ASKED_OFTEN = re.compile(
    r"\W*(?:[^\W\d_]+ ){0,3}(?:preguntas(?: m[aá]s)? frecuentes|dudas frecuentes|preguntas y respuestas|frequently asked questions|questions and answers"
    r"|faqs?|q ?& ?a)\b[^\n.?]{0,40}",
    re.IGNORECASE,
)


def _with_asked_items(text: str, leaves: Sequence[Leaf]) -> list[Leaf]:
    """The leaves, with questions in the place of numbered items that ask, and what they say beside as leaves of its own: where most that
    is numbered asks, and most that asks is answered, or some of it below "Preguntas frecuentes"."""
    asked: dict[int, int] = {}
    for n, leaf in enumerate(leaves):
        numbered = leaf.kind in ("item", "question")
        asks = _ITEM_ASKS.match(text, leaf.start, leaf.end) if numbered else None
        if asks is not None:
            asked[n] = asks.end()
    n_numbered = sum(
        leaf.kind in ("item", "question") and text[leaf.start].isdigit() for leaf in leaves
    )
    after = [leaves[n + 1].kind if n + 1 < len(leaves) else "heading" for n in asked]
    n_answered = sum(
        stop < leaves[n].end or kind not in ("item", "heading", "question")
        for (n, stop), kind in zip(asked.items(), after, strict=True)
    )
    if len(asked) < _LEAST_ASKED or 2 * len(asked) <= n_numbered or not n_answered:
        return list(leaves)
    if 2 * n_answered <= len(asked) and not any(
        _ASKED_OFTEN.fullmatch(text, one.start, one.end) for one in leaves[: min(asked)]
    ):
        return list(leaves)
    found: list[Leaf] = []
    for n, leaf in enumerate(leaves):
        if n not in asked:
            found.append(leaf)
            continue
        found.append(Leaf("question", leaf.start, asked[n], sure=True))
        rest = asked[n] + indent(text, asked[n], leaf.end)
        if rest < leaf.end:
            label = leaf_of_line(text[rest : leaf.end], rest, leaf.end, True, True)
            is_label = label is not None and label.kind == "label"
            found.append(label if label and is_label else Leaf("paragraph", rest, leaf.end))
    return found


# Under a question over several lines its answer is this near.
_MAX_ASKING_LINES: Final = 3


def _unmark_questions(text: str, leaves: list[Leaf]) -> None:
    """Makes paragraphs of lines that begin with "P." or "Q." and do not ask: no answer is marked below, or they are counted on from "O."."""
    for n, leaf in enumerate(leaves):
        if leaf.kind != "question":
            continue
        line = text[leaf.start : leaf.end]
        if line[:1] not in "PQ" or "?" in line or not ASKED.match(line):
            continue
        below = leaves[n + 1 : n + 1 + _MAX_ASKING_LINES]
        stop = next((i for i, one in enumerate(below) if one.kind in _ENDS_ANSWER), len(below))
        is_answered = any(one.kind == "answer" for one in below[:stop])
        last = chr(ord(line[0]) - 1)
        is_counted = n > 0 and text.startswith((f"{last}.", f"{last})"), leaves[n - 1].start)
        if is_counted or not is_answered:
            leaves[n] = Leaf("paragraph", leaf.start, leaf.end)


_OWN_NUMBER = re.compile(r"(\d{1,3})[.)]-?(?=[ \t])")


def _list_questions(text: str, leaves: list[Leaf]) -> None:
    """Makes an item of a numbered question that the very next item counts on from: "2. ¿Qué es un mapa?" among the points of a programme."""
    for n in range(len(leaves) - 2, -1, -1):
        leaf, after = leaves[n], leaves[n + 1]
        own = _OWN_NUMBER.match(text, leaf.start, leaf.end) if leaf.kind == "question" else None
        below = _OWN_NUMBER.match(text, after.start, after.end) if after.kind == "item" else None
        if own is not None and below is not None and int(below[1]) == int(own[1]) + 1:
            leaves[n] = Leaf("item", leaf.start, leaf.end, after.level, (own.span(),))


def _mark(text: str, leaf: Leaf, open_marks: Sequence[str]) -> str:
    if not leaf.cells:
        return text[leaf.start] if ITEM.match(text, leaf.start, leaf.end) else ""
    shown = text[slice(*leaf.cells[0])]
    kinds = [kind for kind, pattern in _MARKS if pattern.fullmatch(shown)]
    # "i)" after "h)" is a letter, after "1." a number of its own kind
    return next((kind for kind in kinds if kind in open_marks), kinds[0] if kinds else shown)


_LEAST_CAPTIONS: Final = 2


def _mark_captions(text: str, leaves: list[Leaf]) -> None:
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


def _mark_by_lines(text: str, leaves: list[Leaf]) -> None:
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


def _captions(text: str, leaf: Leaf) -> bool:
    """Whether a leaf stands over the table that follows it: a caption, or a few words and a colon."""
    if leaf.kind == "caption":
        return True
    few = leaf.end - leaf.start <= MAX_BARE_ITEM_CHARS
    return leaf.kind == "paragraph" and few and leads_in(text, leaf)


def _block(leaf: Leaf, parent: int | None) -> Block:
    if leaf.kind == "header":
        return Block("row", leaf.start, leaf.end, 1, parent, leaf.cells)
    kind: BlockKind = "paragraph" if leaf.kind in ("question", "answer") else leaf.kind  # type: ignore[assignment]
    return Block(kind, leaf.start, leaf.end, leaf.level, parent, leaf.cells)
