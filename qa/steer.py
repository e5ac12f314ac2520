"""A question that names the documents it is about is asked of them again without their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.language import fold
from index.searchable import QueryWord, Searchable
from qa.own import is_in
from qa.retrieve import RERANK_K, Retrieved
from qa.words import phrases

# Documents of so many of the best passages are looked at.
_LOOKED_AT = 8


def steered(
    question: str,
    retrieved: Retrieved,
    index: Searchable,
    again: Callable[[str, Sequence[str]], Retrieved],
) -> Retrieved:
    """The candidates of a question that names the documents it is about, by what else it asks.

    A passage that only repeats the name of its document is nearer to such a question than the one that answers. So the rest of
    the question is asked ``again``, of those documents alone, given by their ids: the best passage of each by that
    is as good as its best by the whole question, and the others follow at their distance. No passage scores less than before.
    """
    words, own = retrieved.asked.words, retrieved.own
    best: dict[str, float] = {}
    rests: dict[str, list[str]] = {}
    looked_at = retrieved.candidates[:_LOOKED_AT]
    for candidate, place in zip(looked_at, index.places([c.row for c in looked_at]), strict=True):
        doc_id = place.passage.doc_id
        if doc_id not in best:
            best[doc_id] = candidate.fused
            said = (*own.of_document(place), *_of_title(question, words, place.title))
            rest = _without(question, words, said)
            if rest is not None:
                rests.setdefault(rest, []).append(doc_id)
    if not rests:
        return retrieved
    found = {candidate.row: candidate for candidate in retrieved.candidates}
    by_rest: dict[int, float] = {}
    for rest, doc_ids in rests.items():
        tops: dict[str, float] = {}
        close = [c for c in again(rest, doc_ids).candidates if c.close]
        for one, place in zip(close, index.places([c.row for c in close]), strict=True):
            doc_id = place.passage.doc_id
            by_rest[one.row] = one.fused
            score = best[doc_id] - (tops.setdefault(doc_id, one.fused) - one.fused)
            before = found.get(one.row)
            if before is None or before.fused < score:
                found[one.row] = (before or one)._replace(score=score, fused=score)
    # of a document's best by the whole question and its best by the rest, the latter says what is asked
    candidates = sorted(found.values(), key=lambda c: (-c.fused, -by_rest.get(c.row, 0.0), c.row))
    new = [c.row for c in candidates[:RERANK_K] if c.row not in retrieved.interactions]
    met = index.meet(retrieved.asked.tokens, retrieved.asked.vector, new)
    interactions = retrieved.interactions | {m.row: m for m in met}
    return replace(retrieved, candidates=candidates, interactions=interactions)


def _of_title(question: str, words: Sequence[QueryWord], title: str) -> list[str]:
    """What the question says of a title: two or more of its words as they stand there, side by side."""
    title = fold(title)
    held = set(re.findall(r"\w+", title))
    said = phrases(question, words, [fold(word.text) in held for word in words])
    return [one for one in said if " " in one and is_in(one, title)]


def _without(question: str, words: Sequence[QueryWord], names: Sequence[str]) -> str | None:
    """A question without some names; None where there are none, or where nothing else is asked."""
    rest, left = question, {word.text for word in words}
    for name in names:
        rest = rest.replace(name, " ")
        left -= set(name.split())
    return " ".join(rest.split()) if names and left else None
