"""The words of a passage: the share of the question, by idf, that it holds, itself or in translation."""

from __future__ import annotations

import numpy as np

from corpus.languages import LANGS
from index.legs.contract import Asked, Proposals
from index.searchable import Rows, Scores, Searchable


class Lexical:
    """BM25 as a share of what a passage with every word would get, 0..1."""

    name = "lexical"
    shown = "lexical"
    parts = ()

    def propose(
        self, asked: Asked, index: Searchable, k: int, allowed: Rows | None, also: Rows
    ) -> Proposals:
        """The passages with the highest shares."""
        words = {lang: [w.terms[lang] for w in asked.words if w.terms[lang]] for lang in LANGS}
        idfs = {lang: [w.idf[lang] for w in asked.words if w.terms[lang]] for lang in LANGS}
        found = index.matching(words, k, allowed, idfs=idfs, also=also)
        rows = found.rows[0]
        known = np.concatenate([also, rows])
        order = np.argsort(known, kind="stable")
        known, scores = known[order], np.concatenate([found.also, found.scores[0]])[order]

        def score(some: Rows) -> Scores:
            at = np.minimum(np.searchsorted(known, some), max(0, len(known) - 1))
            there = known[at] == some if len(known) else np.zeros(len(some), dtype=bool)
            total = np.zeros(len(some), dtype=np.float32)
            total[there] = scores[at[there]]
            if not there.all():
                # another leg proposed them afterwards
                total[~there] = index.matching(words, 0, None, idfs=idfs, also=some[~there]).also
            return total

        return Proposals(rows, score)


LEGS = (Lexical(),)
