"""Rows and labels that nothing asked for tells from those beside them: who asks for the extension of the nurse is not told that of the porter,
because hers is not there.

Rows are alike, so that one of them always resembles the question, and a reader half believes it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from corpus import language
from corpus.document import Block, Lang
from corpus.languages import PACKS
from index.searchable import Place, QueryWord
from qa.select.atoms import Atom
from qa.select.page import Run
from qa.understand import Question
from qa.words import MAY_BE, MEASURES, stood_for, tells_of_the_rest

# Of so many things one is asked for by what it says; of two the other may be told by what it is not.
_LEAST: Final = 3
# Tables write "3.º" for "tercer"
_NUMBERS: Final = frozenset().union(*({*p.ordinals, *p.cardinals} for p in PACKS.values()))
# "the cheapest", "la última": which one that is no word of it says
_RANKING: Final = re.compile(rf"\b(?:{'|'.join(pack.ranking for pack in PACKS.values())})\b")


def are_untold(
    question: Question,
    words: Sequence[QueryWord],
    place: Place,
    blocks: Sequence[Block],
    atoms: Sequence[Atom],
    run: Run,
) -> bool:
    """Whether a run of a passage is rows or labels beside others, has no word of the question that not all of those have, and one of
    the question's words is neither in the passage nor in what stands above it.

    In a passage in another language that word must be one of which it is known what it is there. A question that ranks things, or numbers them by
    what does not stand around, is asked of all of them.
    """
    passage, lang = place.passage, place.passage.lang
    if ranks(question.full):
        return False
    quoted = [atom for atom in atoms[run.first : run.last + 1] if not atom.weak]
    tables = {_table(atom, blocks) for atom in quoted if atom.alone}
    beside = [a for a in atoms if a.alone and not a.weak and _table(a, blocks) in tables]
    alone = all(atom.alone for atom in quoted)
    # The cells of a row that was cut are all of one thing
    if not alone or len(tables) != 1 or len({a.block for a in beside}) < _LEAST:
        return False
    if any(tells_of_the_rest(passage.text[a.start : a.end]) for a in quoted):
        return False
    terms = {id(a): set(language.terms(passage.text[a.start : a.end], lang)) for a in beside}
    common = set.intersection(*terms.values())
    telling = set().union(*(terms[id(a)] for a in quoted)) - common
    if telling & stood_for(words, lang, MAY_BE):
        return False
    above = "\n".join((place.title, passage.heading, *place.section_path))
    around = {*language.terms(f"{above}\n{passage.text}", lang)}
    lost = [word for word in words if around.isdisjoint(stood_for([word], lang, MAY_BE))]
    if any(map(_counts, lost)):
        return False
    return any(_is_known(word, question.lang, lang) for word in lost if not tells_nothing(word))


def ranks(question: str) -> bool:
    """Whether a question asks for one of several by a superlative or as the last of them."""
    return _RANKING.search(language.fold(question)) is not None


def tells_nothing(word: QueryWord) -> bool:
    """Whether a word of a question counts, or only says how it asks."""
    return _counts(word) or language.fold(word.text) in MEASURES


def _counts(word: QueryWord) -> bool:
    return word.text[0].isdigit() or language.fold(word.text) in _NUMBERS


def _is_known(word: QueryWord, own: Lang, lang: Lang) -> bool:
    """Whether it is known what a word of a question in one language is in another: more than itself."""
    if own == lang:
        return bool(word.terms.get(lang))
    itself = {*language.terms(word.text, own), *language.terms(word.text, lang)}
    return bool(stood_for([word], lang) - itself)


def _table(atom: Atom, blocks: Sequence[Block]) -> int | str | None:
    """What an atom is one of: the rows of a table, or the labels of a passage."""
    kind = blocks[atom.block].kind if atom.block is not None else None
    return atom.group if kind == "row" else kind
