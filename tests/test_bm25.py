"""What words are worth is said in one place: from the records of terms, wherever they are kept, come the same bits."""

import random

import numpy as np
import pytest

from index import bm25
from index.local.lexical import LexicalIndex
from index.searchable import term_key

WORDS = {
    "es": ("niña", "río", "puente", "año", "señal", "café"),
    "en": ("girl", "river", "bridge", "year", "sign", "cafe"),
}


def passages_of(chance, n):
    """Languages and terms; the first words are common, as words are."""
    found = []
    for _ in range(n):
        lang = chance.choice(("es", "en"))
        size = chance.randint(0, 40)
        found.append((lang, chance.choices(WORDS[lang], (32, 16, 8, 4, 2, 1), k=size)))
    return found


def question_of(chance):
    return {
        lang: [
            [(term, 1.0)]
            if chance.random() < 0.5
            else [(t, round(chance.random(), 3)) for t in chance.sample(WORDS[lang], 3)]
            for term in chance.sample(WORDS[lang], chance.randint(0, 5))
        ]
        for lang in ("es", "en")
    }


def recorded(asked, passages):
    """The records of the terms of a question, counted anew."""
    found = {}
    for word in asked:
        for term, _ in word.terms:
            counts = [terms.count(term) * (lang == word.lang) for lang, terms in passages]
            at = np.flatnonzero(counts)
            found[term_key(word.lang, term)] = (at, np.array(counts, dtype=np.uint16)[at])
    return found


@pytest.mark.parametrize("n", [1, 30, 3000])
def test_records_are_scored_as_the_lists_are_to_the_last_bit(n):
    chance = random.Random(n)
    passages = passages_of(chance, n)
    index = LexicalIndex.build(passages)
    lengths = np.array([len(terms) for _, terms in passages], dtype=np.int32)
    norm = np.ones(n, dtype=np.float32)
    for lang in ("es", "en"):
        own = np.array([told == lang for told, _ in passages])
        if own.any():
            norm[own] = bm25.norms(lengths[own], bm25.mean_length(lengths[own]))
    for _ in range(20):
        words = question_of(chance)
        every = np.arange(n, dtype=np.int64)
        found = index.search(words, 10, also=every)
        asked = bm25.asked_words(index, words)
        scores = bm25.scored(asked, recorded(asked, passages), norm)
        assert scores.tobytes() == found.also.tobytes()
        best = np.lexsort((every, -scores))[:10]
        best = best[scores[best] > 0]
        # equal scores in the order of the rows, which is that of documents and places in them
        assert found.rows[0].tolist() == best.tolist()
        assert found.scores[0].tobytes() == scores[best].tobytes()


def test_words_are_asked_from_the_weightiest_down_and_without_what_nobody_holds():
    index = LexicalIndex.build([("es", ["niña", "río"]), ("es", ["río"]), ("en", ["river"])])
    words = {"es": [[("río", 1.0), ("ría", 0.5)], [("niña", 1.0)], [("ñandú", 1.0)]], "en": []}
    asked = bm25.asked_words(index, words)
    assert [(w.lang, w.terms) for w in asked] == [
        ("es", (("niña", 1.0),)),
        ("es", (("río", 1.0),)),
    ]
    assert asked[0].most > asked[1].most
    # what nobody holds is a part of the question all the same
    assert sum(w.share for w in asked) < 1
    assert index.term("es", "ñandú") == (0, 0)
