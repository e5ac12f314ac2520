"""What a passage is made of for a selector: its sentences, items and rows, none of which is parted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus import language
from corpus.blocks.signs import greets
from corpus.document import Block, Passage, Span
from index.searchable import QueryWord
from qa.select.alike.opposed import opposed
from qa.select.times.entries import opens_with_day

SILENT = frozenset({"contents", "furniture"})
"""Kinds of blocks that answer nothing: contents, and what stands on every page."""

_ALONE = frozenset({"row", "label"})
# "12/5/26, 9:05 - Ana: …", "[12/05/2026, 9:05:31 p. m.] Ana: …"
_MESSAGE = re.compile(
    r"\W?\d{1,4}([/.-])\d{1,2}\1\d{2,4},?\s+\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?\s?m\.?)?(?:\]|\s+[-–])\s+[^:\n]{1,40}:",
    re.IGNORECASE,
)
# Fewer are a heading and no more.
_SENTENCE_WORDS = 6


@dataclass(frozen=True, slots=True)
class Atom:
    """A sentence, item or row of a passage, ``[start, end)`` in it, that is not parted.

    ``block``: what it stands in, by number; ``group``: the list, table or pair of that. ``weak``: says nothing by itself, as a
    lead-in or header; ``asks``: a question, a greeting, or a name over what follows; ``alone``: a row or a label, which says all it
    has to say by itself; ``message``: the first of a message of a chat.
    """

    start: int
    end: int
    block: int | None
    group: int | None
    weak: bool
    asks: bool
    alone: bool
    message: bool = False


def atoms_of(passage: Passage, blocks: Sequence[Block]) -> list[Atom]:
    """The atoms of a passage in text order, without contents and what stands on every page."""
    spans = sentences_of(passage)
    leaves = [(n, b) for n, b in enumerate(blocks) if b.kind not in ("list", "table", "pair")]
    atoms: list[Atom] = []
    for start, end in (line for span in spans for line in _dated_lines(passage, span)):
        at = passage.start + start
        held = next(((n, b) for n, b in leaves if b.start <= at < b.end), None)
        text = passage.text[start:end]
        asks, weak = text.rstrip().endswith("?"), text.rstrip().endswith(":")
        number, group, alone = None, None, False
        if held is not None:
            number, block = held
            if block.kind in SILENT:
                continue
            group, alone = block.parent, block.kind in _ALONE
            # A heading that stands in a passage has nothing under it; a sentence set as one says something
            weak = weak or (block.kind == "heading" and len(text.split()) < _SENTENCE_WORDS)
            weak = weak or (block.kind == "row" and block.level == 1)
            weak = weak or (len(text.split()) < _SENTENCE_WORDS and _is_blank(block))
            asks = asks or _is_question(group, at, blocks)
        asks = asks or greets(text.strip())
        message = _MESSAGE.match(text) is not None
        atoms.append(Atom(start, end, number, group, weak, asks, alone, message))
    return atoms


def sentences_of(passage: Passage) -> tuple[Span, ...]:
    """The sentences of a passage."""
    return passage.sentences or _sentences(passage.text)


# Those of a passage that is quoted are asked for several times
@lru_cache(maxsize=500)
def _sentences(text: str) -> tuple[Span, ...]:
    return tuple(language.sentences(text))


def _dated_lines(passage: Passage, span: Span) -> list[Span]:
    """A sentence that is lines, each of a day, as these, or goes on into the next message of a chat: who writes a programme or a message ends no line
    with a full stop."""
    start, end = span
    if "\n" not in passage.text[start:end]:
        return [span]
    breaks = [start + found.end() for found in re.finditer(r"\n", passage.text[start:end])]
    of_days = opens_with_day(passage.text[start : breaks[0]])
    dated = [
        at
        for at, stop in zip(breaks, [*breaks[1:], end], strict=True)
        if _MESSAGE.match(passage.text, at) or (of_days and opens_with_day(passage.text[at:stop]))
    ]
    ends = [start + len(passage.text[start:at].rstrip()) for at in dated]
    return list(zip([start, *dated], [*ends, end], strict=True))


def message_head(text: str) -> int:
    """How many letters of a message of a chat say only when it was sent and by whom; 0 of what is none."""
    found = _MESSAGE.match(text)
    return found.end() if found else 0


def without_opposites(
    question: str, words: Sequence[QueryWord], passage: Passage, atoms: list[Atom]
) -> list[Atom]:
    """The atoms without what is led in to by the opposite of what is asked for, where that itself leads in to others: "The warranty
    does not cover:" beside "The warranty covers:", "No incluye" beside "Incluye" over a list each."""
    led: list[list[Atom]] = []
    group: int | None = None
    for i, atom in enumerate(atoms):
        below = atoms[i + 1].group if i + 1 < len(atoms) else None
        text = text_of(passage, atom)
        opens = atom.weak and not atom.alone and text.endswith(":")
        stands_over = atom.group is None and below is not None and _is_short(text)
        if opens or stands_over:
            led.append([atom])
            group = below if stands_over else atom.group
        elif led and (
            atom.block == led[-1][0].block or (atom.group is not None and atom.group == group)
        ):
            led[-1].append(atom)
    if len(led) < 2:
        return atoms
    places = [(passage.doc_id, passage.lang, (text_of(passage, lead),)) for lead, *_ in led]
    contrary, _ = opposed(question, words, places)
    left_out = {atom for n in contrary for atom in led[n]}
    return [atom for atom in atoms if atom not in left_out]


def _is_short(text: str) -> bool:
    """Whether a text is a few words that end in no mark, as names over what follows do."""
    return len(text.split()) < _SENTENCE_WORDS and text[-1:].isalnum()


def text_of(passage: Passage, atom: Atom) -> str:
    """The words of an atom, without the room after them."""
    return passage.text[atom.start : atom.end].rstrip()


def _is_blank(block: Block) -> bool:
    """Whether it is a row of a form, a name and a value, that nobody has filled in."""
    cells = block.cells or ()
    return block.kind == "row" and len(cells) == 2 and cells[1][0] == cells[1][1]


def _is_question(group: int | None, at: int, blocks: Sequence[Block]) -> bool:
    """Whether a place is in the question of a question and its answer."""
    while group is not None:
        block = blocks[group]
        if block.kind == "pair" and block.cells and block.cells[0][0] <= at < block.cells[0][1]:
            return True
        group = block.parent
    return False
