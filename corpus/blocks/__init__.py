"""The structure of a document: what its readers say of each part, and what rules find in the lines of the others.

A format that knows what a heading, an item or a row is says so. Plain text, PDF and documents whose headings are bold lines
do not; their lines tell: "Artículo 7.", "Capítulo II", "Cláusula 4.ª", "TERCERA.-", "3. Objeto", "P:" and "R:", a line that ends in a
colon before items, a question on a line of its own.

divisions, counting, signs: what a line is by itself · leaf: parts, and what they are parted into · columns: lines that are rows · items: lines that
are items, and what leads in to them · headings: paragraphs over what follows them · lines: a paragraph, line by line · contents: tables of
contents · parts: all of these, part by part → leaves · nesting, sections: what heads what, seen from the whole text · questions: what asks, and its
answer · groups: leaves → lists and tables · bylines: who wrote it. Each knows none that is named after it.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.blocks.bylines import mark_by_lines
from corpus.blocks.contents import mark_contents
from corpus.blocks.groups import add_groups, mark_captions
from corpus.blocks.leaf import Placed
from corpus.blocks.parts import leaves_of
from corpus.blocks.questions import pairs_of, said_from, unmark_questions, with_asked_items
from corpus.blocks.sections import mark_steps, with_names_apart, with_sections
from corpus.document import Block


def find_blocks(text: str, parts: Sequence[Placed]) -> tuple[Block, ...]:
    """The blocks of a document, in text order, what holds others before them."""
    leaves = with_asked_items(text, leaves_of(text, parts))
    leaves = with_names_apart(text, leaves)
    mark_steps(text, leaves)
    unmark_questions(text, leaves)
    leaves = with_sections(text, leaves)
    mark_contents(text, leaves)
    mark_captions(text, leaves)
    mark_by_lines(text, leaves)
    blocks: list[Block] = []
    at = 0
    apart = frozenset(placed.start for placed in parts if placed.part.apart)
    for start, end in pairs_of(text, leaves, apart):
        add_groups(text, leaves, at, start, None, blocks)
        number = len(blocks)
        question = (leaves[start].start, leaves[start].end)
        answer = (said_from(text, *leaves[start : start + 2]), leaves[end - 1].end)
        blocks.append(Block("pair", question[0], answer[1], cells=(question, answer)))
        add_groups(text, leaves, start, end, number, blocks)
        at = end
    add_groups(text, leaves, at, len(leaves), None, blocks)
    return tuple(blocks)
