"""The parts that every segment has."""

from __future__ import annotations

from index.legs import LEG_PARTS
from index.local.dense import DenseIndex
from index.local.lexical import LexicalIndex
from index.part import Part
from index.sentences import SentenceIndex, TermIndex
from index.tokens import TokenIndex

PARTS: tuple[type[Part], ...] = (
    *(DenseIndex, LexicalIndex, TokenIndex, SentenceIndex, TermIndex),
    *LEG_PARTS,
)
"""Those that the questions of :class:`index.searchable.Searchable` are answered from, and those that legs bring."""
