"""Whether two engines over the same build find the same: asked what the documents themselves suggest, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.languages import LANGS
from qa.answering import SearchOptions, SearchResult
from qa.engine import Engine, Query
from qa.suggest import heading_question

N_QUESTIONS = 200
FIRST = 10
LEAST_SHARE = 0.99
_MOST_CHARS = 200


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of ``n`` questions ``same`` had the same first ten passages, in the same order; ``other`` are those that had not."""

    n: int
    same: int
    other: tuple[str, ...]

    @property
    def share(self) -> float:
        """0..1; 1 where there is nothing to ask."""
        return self.same / self.n if self.n else 1.0


def agreement(ours: Engine, theirs: Engine, most: int = N_QUESTIONS) -> Agreement:
    """How often both find the same, asked about headings and first sentences, evenly over the collection.

    :raises StoreError: when one of them has no index.
    """
    asked = questions(ours, most)
    # A search that is limited is exact in every index; without a limit a large local one proposes by codes of four bits,
    # and one that looks at all vectors finds what those miss
    options = SearchOptions(limit=FIRST, languages=LANGS)
    other = tuple(
        query.text
        for query in asked
        if _found(ours.search(query, options)) != _found(theirs.search(query, options))
    )
    return Agreement(len(asked), len(asked) - len(other), other)


def _found(result: SearchResult) -> list[str]:
    return [hit.passage.passage_id for hit in result.hits]


def questions(engine: Engine, most: int) -> list[Query]:
    """At most that many questions about headings and first sentences, evenly over the collection of an engine."""
    index = engine.serving()
    n = min(most, len(index))
    rows = [(2 * i + 1) * len(index) // (2 * n) for i in range(n)]
    found: dict[str, Query] = {}
    for number, place in enumerate(index.places(rows)):
        passage = place.passage
        about = heading_question(passage.heading, passage.lang) if number % 2 else None
        first = passage.text[slice(*passage.sentences[0])] if passage.sentences else passage.text
        text = about or first[:_MOST_CHARS]
        if any(letter.isalnum() for letter in text):
            found.setdefault(text, Query(text, passage.lang))
    return list(found.values())
