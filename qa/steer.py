"""A question that names the documents it is about is asked of them again without their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from corpus import language
from corpus.language import fold
from index.searchable import Place, QueryWord, Searchable, sentence_key
from qa.own import FIRST_CHARS, is_in
from qa.retrieve import RERANK_K, Retrieved
from qa.understand import Question
from qa.words import holding, spans_of

# Documents of so many of the best passages are looked at.
_LOOKED_AT = 8
# A word that a title holds so surely is of it.
_SURE = 0.5
# What may stand between a name and what it is said to be.
_BETWEEN = re.compile(r"(?:['’]s?)? (?:(?:de|del|of|y|e|and) )?(?:(?:la|el|los|las|the) )?")


def steered(
    question: Question,
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
            named = own.of_document(place)
            kinds = _kinds(question, words, named, place, index) if named else ()
            said = (*kinds, *named, *_of_title(question, words, place))
            rest = _without(question.full, words, said)
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


def _of_title(question: Question, words: Sequence[QueryWord], place: Place) -> Iterator[str]:
    """What a question says of a title: two or more of its words one after the other, as they stand there or in translation."""
    text, lang, title = question.full, place.passage.lang, fold(place.title)
    held = frozenset(sentence_key(lang, term) for term in language.terms(place.title, lang))
    spans = spans_of(text, words)
    same = lang == question.lang
    sure = [holding(word, lang, held) >= _SURE for word in words]
    first = 0
    while first < len(words):
        last = first
        while last < len(words) and sure[last]:
            if same and not is_in(text[spans[first][0] : spans[last][1]], title):
                break
            last += 1
        if last - first > 1:
            yield text[spans[first][0] : spans[last - 1][1]]
        first = max(last, first + 1)


def _kinds(
    question: Question,
    words: Sequence[QueryWord],
    names: Sequence[str],
    place: Place,
    index: Searchable,
) -> Iterator[str]:
    """What the document's own ``names`` are said to be, with them: "la parroquia de Santa Lucía", "Navamira villa". Where the title or
    the first line with the name says so, too, in whatever order and language, those words say no more than the name."""
    text, lang = question.full, place.passage.lang
    lines = index.document(place.passage.doc_id, blocks=False).text[:FIRST_CHARS].splitlines()
    spans = spans_of(text, words)
    for name in names:
        first = next((line for line in lines if is_in(name, fold(line))), "")
        # in capitals a word is no short form here
        terms = language.terms(f"{place.title}\n{first}".lower(), lang)
        held = frozenset(sentence_key(lang, term) for term in terms)
        calls = [not word.name and holding(word, lang, held) >= _SURE for word in words]
        start = text.find(name)
        end = start + len(name)
        for (begins, ends), is_kind in reversed([*zip(spans, calls, strict=True)]):
            if ends <= start and is_kind and _BETWEEN.fullmatch(text, ends, start):
                start = begins
        for (begins, ends), is_kind in zip(spans, calls, strict=True):
            if begins >= end and is_kind and _BETWEEN.fullmatch(text, end, begins):
                end = ends
        if end - start > len(name):
            yield text[start:end]


def _without(question: str, words: Sequence[QueryWord], names: Sequence[str]) -> str | None:
    """A question without some names; None where there are none, or where nothing else is asked."""
    rest, left = question, {word.text for word in words}
    for name in names:
        rest = rest.replace(name, " ")
        left -= set(name.split())
    return " ".join(rest.split()) if names and left else None
