"""The leaves of a paragraph, line by line: what each line is by itself or with those beside it, and which lines go on in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from corpus.blocks.columns import rows_of
from corpus.blocks.divisions import (
    division_of,
    heading_level,
    is_bare_division,
    is_numbered_capitals,
    is_release,
)
from corpus.blocks.items import (
    item_of_line,
    itemised,
    marks_within,
    pictured_lines,
    step_lines,
    typed_lines,
)
from corpus.blocks.leaf import Leaf, indent, rstripped
from corpus.blocks.signs import (
    ANSWERED,
    ASKED,
    LEADERS,
    MAX_BARE_ITEM_CHARS,
    MAX_HEADING_CHARS,
    MAX_HEADING_WORDS,
    MESSAGE,
    begins_anew,
    is_closed,
    is_unfinished,
    label_of,
    says_again,
    states,
)
from corpus.document import Span
from corpus.ticks import is_ticked, units_of

# Lines that are broken where they are full have so many characters.
_LEAST_WIDTH: Final = 60


def leaves_of_lines(text: str, start: int, end: int, loud: bool) -> Iterator[Leaf]:
    """The leaves of a paragraph, line by line."""
    lines = [(a, b) for a, b in _line_spans(text, start, end)]
    if messages := _messages(text, lines):
        above = text[start : messages[0].start].rstrip()
        yield from leaves_of_lines(text, start, start + len(above), loud) if above else ()
        yield from messages
        return
    labels = _label_lines(text, lines)
    rows = (
        pictured_lines(text, lines)
        or step_lines(text, lines)
        or typed_lines(text, lines)
        or rows_of(text, lines)
        or _bare_lines(text, lines)
    )
    if not loud:
        rows |= _titles_of_divisions(text, lines)
    open_leaf: Leaf | None = None
    width = max((_LEAST_WIDTH, *(b - a for a, b in lines)))
    for n, (a, b) in enumerate(lines):
        if units := ticked_leaves(text, a, b, labels, loud):
            yield from _divided(text, open_leaf) if open_leaf is not None else ()
            yield from units
            open_leaf = None
            continue
        line = text[a:b]
        leaf = rows.get(a) or leaf_of_line(line, a, b, labels, loud)
        after = text[slice(*lines[n + 1])].lstrip() if n + 1 < len(lines) else ""
        if after and _is_title_above(line, after, width):
            leaf = Leaf("heading", a, b, heading_level(line))
        if open_leaf is not None and leaf is not None and _is_mid_phrase(text, open_leaf, leaf):
            leaf = None
        if leaf is None and open_leaf is not None and _goes_on(text, open_leaf, line):
            open_leaf = replace(open_leaf, end=b)
            continue
        if open_leaf is not None:
            yield from _divided(text, open_leaf)
        open_leaf = leaf or Leaf("paragraph", a + len(line) - len(line.lstrip()), b)
    if open_leaf is not None:
        yield from _divided(text, open_leaf)


def _messages(text: str, lines: Sequence[Span]) -> list[Leaf]:
    """The messages of a conversation among lines, up to the next or the last of them, what each says as the value of who wrote it and when;
    what nobody wrote, "Ana left", is a paragraph, and where that is all there are none."""
    found: list[Leaf] = []
    heads = [(a, head) for a, b in lines if (head := MESSAGE.match(text, a, b)) is not None]
    for n, (a, head) in enumerate(heads, 1):
        end = rstripped(text, heads[n][0]) if n < len(heads) else lines[-1][1]
        said = head.end() + (text[head.end()] == ":") + 1
        cells = ((a, head.end()), (said, end)) if head["writer"] else None
        found.append(Leaf("label" if cells else "paragraph", a, end, cells=cells))
    return found if any(leaf.cells for leaf in found) else []


def ticked_leaves(text: str, start: int, end: int, labels: bool, loud: bool) -> list[Leaf]:
    """The questions and labels of a line that are ticked, each with its ticks, and what stands before them; [] where none is, or the line is an
    item."""
    units = units_of(text, start, end)
    if not units or item_of_line(text[start:end], start, end) is not None:
        return []
    found = [Leaf("label", a, d, cells=((a, b), (c, d))) for a, b, c, d in units]
    before = text[start : units[0][0]].rstrip()
    if before.strip():
        stop = start + len(before)
        other = leaf_of_line(before, start, stop, labels, loud)
        found.insert(0, other or Leaf("paragraph", start + indent(text, start, stop), stop))
    return found


def _is_title_above(line: str, after: str, width: int) -> bool:
    """Whether a line is the number of an article or section and its title, by itself above a line that begins anew: "Section 4: Fees"."""
    found = division_of(line)
    said = line[found.end() :].strip() if found is not None else ""
    ended = len(line) + len(after.split(maxsplit=1)[0]) < width or division_of(after) is not None
    return (
        said != ""
        and ended
        and not after[0].islower()
        and len(said.split()) <= MAX_HEADING_WORDS
        and not (is_closed(said) or states(said) or is_unfinished(f" {said}"))
    )


def _titles_of_divisions(text: str, lines: Sequence[Span]) -> dict[int, Leaf]:
    """What chapters are about, by where it begins: a line in capitals between the number of one, alone in its line, and its first article."""
    found: dict[int, Leaf] = {}
    for n, (over, (a, b)) in enumerate(pairwise(lines)):
        number = text[slice(*over)].strip()
        if not is_bare_division(number) or not _is_loud_title(text[a:b].strip()):
            continue
        below = text[slice(*lines[n + 2])].lstrip() if n + 2 < len(lines) else ""
        if not below or division_of(below):
            start = a + indent(text, a, b)
            found[a] = Leaf("heading", start, b, min(6, heading_level(number) + 1))
    return found


def _is_loud_title(line: str) -> bool:
    """Whether a line is in capitals and begins nothing itself."""
    fits = 3 < len(line) <= MAX_HEADING_CHARS
    return line.isupper() and fits and not begins_anew(line)


_LEAST_BARE_LINES: Final = 2


def _bare_lines(text: str, lines: Sequence[Span]) -> dict[int, Leaf]:
    """The items, by where they begin, of a list that a program broke with line ends: short lines below one with a colon, which all begin
    anew and end no sentence but with the last."""
    (first, stop), *below = lines
    if text[stop - 1] != ":" or len(below) < _LEAST_BARE_LINES:
        return {}
    said = [text[a:b].lstrip() for a, b in below]
    short = all(len(line) <= MAX_BARE_ITEM_CHARS and not begins_anew(line) for line in said)
    anew = all(line[0].isupper() or line[0].isdigit() for line in said)
    whole = any(line[-1] in ".:?!" or label_of(line) for line in said[:-1])
    if not (short and anew) or whole or said[-1][-1] in ":?!":
        return {}
    return {a: Leaf("item", a + indent(text, a, b), b, level=1) for a, b in below}


def _line_spans(text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        if text[at:stop].strip():
            yield at, stop
        at = stop + 1


def _label_lines(text: str, lines: Sequence[Span]) -> bool:
    """Whether the lines of a paragraph that look like "Horario: de 9 a 14" are labels and values: most of them, or the only one."""
    n = sum(
        (b - a <= 220 and label_of(text[a:b]) is not None) or is_ticked(text[a:b]) for a, b in lines
    )
    return n > 0 and 2 * n >= len(lines)


_MID_PHRASE = re.compile(
    r"\b(?:de|del|la|el|los|las|un|una|al|en|con|por|para|the|of|an|in|to|for|with|by|on|at|from)\Z"
)
_MAX_NUMBER_WORD: Final = 20


def _is_mid_phrase(text: str, before: Leaf, leaf: Leaf) -> bool:
    """Whether what looks like an item is the rest of the phrase before it: "el acto de / 4.º de ESO", "en quince / (15) días", "situación de hecho
    / o Derecho"."""
    if leaf.kind != "item" or before.kind not in ("paragraph", "item", "answer"):
        return False
    if leaf.cells is None:
        is_or = text.startswith("o ", leaf.start) and not text.startswith("o ", before.start)
        return is_or and text[leaf.start - 1] == "\n" and text[before.end - 1].isalnum()
    said = text[max(before.start, before.end - _MAX_NUMBER_WORD) : before.end]
    return _MID_PHRASE.search(said) is not None or says_again(said, text[leaf.start : leaf.end])


# In one line up to three: "When does it open? Is there a fee?"; behind a colon they are what is said of a name
_QUESTION = re.compile(
    r"(?:\d{1,3}[.)]-?[ \t]+)?(?=[¿A-ZÁÉÍÓÚÑ«\"“(])(?:[^?\n]*\?\)?|[^?:\n]*\?(?: [^?:\n]+\?){1,2}\)?)|[¿][^\n]*\?"
)
_MAX_QUESTION_CHARS: Final = 250


def leaf_of_line(line: str, start: int, end: int, labels: bool, loud: bool) -> Leaf | None:
    """What a line is by itself, None when it is a line of a paragraph."""
    if line[0] in "PQ" and ASKED.match(line):
        return Leaf("question", start, end, sure=True)
    if line[0] in "RA" and ANSWERED.match(line):
        return Leaf("answer", start, end, sure=True)
    if "?" in line and len(line) <= _MAX_QUESTION_CHARS and _QUESTION.fullmatch(line.strip()):
        return Leaf("question", start, end)
    if (is_numbered_capitals(line) and not loud) or is_release(line):
        return Leaf("heading", start, end, heading_level(line))
    if (".." in line or ". ." in line) and LEADERS.fullmatch(line.strip()):
        return Leaf("contents", start, end)
    item = item_of_line(line, start, end)
    if item is not None:
        return item
    division = division_of(line)
    if division is not None:
        whole = division.end() == len(line)
        return (
            Leaf("heading", start, end, heading_level(line))
            if whole
            else Leaf("paragraph", start, end)
        )
    label = label_of(line) if labels and end - start <= 220 else None
    if label is not None:
        lead = start + len(line) - len(line.lstrip())
        cells = tuple((lead + label.start(n), lead + label.end(n)) for n in (1, 2))
        return Leaf("label", lead, lead + label.end(), cells=cells)
    return None


def _goes_on(text: str, leaf: Leaf, line: str) -> bool:
    """Whether a line with no sign of its own belongs to the leaf before it."""
    if leaf.kind in ("paragraph", "answer"):
        return True
    if leaf.kind != "item":
        return False
    if text[leaf.end - 1] == ":":
        return True
    if text[leaf.start - 1 : leaf.start] in (" ", "\t") and line[:1].isupper():
        return False  # The items stand further in: this line is below the list
    return line[:1].isspace() or line[:1].islower() or not is_closed(text[leaf.start : leaf.end])


# "Artículo 9.- (Escala de notas) Las notas van …": what an article is about, in brackets before its text
_TOPIC = re.compile(
    r"\((?=[A-ZÁÉÍÓÚÑ])[^\W\d_]+(?:,?[ -][^\W\d_]+){0,11}\)(?:\.?[-–—]+|[.:])?[ \t]+(?=[\"“«¿A-ZÁÉÍÓÚÑ])"
)


def _divided(text: str, leaf: Leaf) -> Iterator[Leaf]:
    """A paragraph, with "Artículo 7." at its beginning as a heading of its own."""
    if leaf.kind in ("paragraph", "label"):
        head = text[leaf.start : leaf.start + MAX_HEADING_CHARS]
        found = division_of(head)
        if found is not None and leaf.start + found.end() < leaf.end:
            topic = _TOPIC.match(text, leaf.start + found.end(), leaf.end)
            begins = topic.end() if topic else leaf.start + found.end()
            stop = rstripped(text, begins) if topic else leaf.start + found.start("rest")
            yield Leaf("heading", leaf.start, stop, heading_level(head))
            leaf = Leaf("paragraph", begins, leaf.end)
    if leaf.kind == "label" and marks_within(text, replace(leaf, kind="paragraph")):
        leaf = Leaf("paragraph", leaf.start, leaf.end)
    yield from itemised(text, leaf) if leaf.kind in ("paragraph", "item") else (leaf,)
