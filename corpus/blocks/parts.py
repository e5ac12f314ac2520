"""The parts of a document → leaves: what its reader says of each, and what rules find in the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.blocks.contents import lists_contents
from corpus.blocks.divisions import division_of, heading_level
from corpus.blocks.headings import is_heading, is_text, look_of
from corpus.blocks.items import MAX_BETWEEN_CHARS, itemised, items_among
from corpus.blocks.leaf import Leaf, Placed
from corpus.blocks.lines import leaves_of_lines
from corpus.readers.draft import LINE, PARAGRAPH


def leaves_of(text: str, parts: Sequence[Placed]) -> list[Leaf]:
    """The parts, and paragraphs parted where their lines are different things."""
    parts = _whole(parts)
    leaves: list[Leaf] = []
    look = look_of(text, parts)
    items = items_among(text, parts)
    depth = 0  # Of the last heading that the format itself says; what is found by rules stands below it.
    for n, placed in enumerate(parts):
        part = placed.part
        if part.kind == "paragraph" and lists_contents(text, placed, leaves):
            leaves.append(Leaf("contents", placed.start, placed.end))
        elif n in items:
            leaves += items[n]
        elif leaves and _is_inside(text, placed, leaves[-1], look.loud):
            leaves.append(Leaf(part.kind, placed.start, placed.end, inside=part.inside))
        elif part.kind == "paragraph":
            if is_heading(text, parts, n, look):
                line = text[placed.start : placed.end]
                level = heading_level(line)
                if not placed.plain and not division_of(line):
                    level = max(level, min(6, depth + 1))
                leaves.append(Leaf("heading", placed.start, placed.end, level))
            else:
                leaves += leaves_of_lines(text, placed.start, placed.end, look.loud)
        elif part.kind == "heading" and is_text(text, parts, n):
            leaves.append(Leaf("paragraph", placed.start, placed.end))
        else:
            depth = part.level if part.kind == "heading" else depth
            leaf = Leaf(
                part.kind,
                placed.start,
                placed.end,
                part.level,
                placed.cells or None,
                first=part.glue == PARAGRAPH,
                sure=True,
            )
            leaves += itemised(text, leaf) if part.kind == "item" else (leaf,)
    return leaves


def _whole(parts: Sequence[Placed]) -> list[Placed]:
    """The parts, with what goes on overleaf as one: the half of a sentence looks like a heading."""
    found: list[Placed] = []
    for placed in parts:
        if found and LINE not in placed.part.glue:
            found[-1] = replace(found[-1], end=placed.end)
        else:
            found.append(placed)
    return found


def _is_inside(text: str, placed: Placed, before: Leaf, loud: bool) -> bool:
    """Whether a part goes on in the item of the leaf before it: code, or running text that says nothing of its own."""
    if not placed.part.inside or placed.end - placed.start > MAX_BETWEEN_CHARS:
        return False
    if not before.listed:
        return False
    if placed.part.kind == "code":
        return True
    within = list(leaves_of_lines(text, placed.start, placed.end, loud))
    return [leaf.kind for leaf in within] == ["paragraph"] and (
        division_of(text[placed.start : placed.end]) is None
    )
