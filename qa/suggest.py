"""Questions that a collection can be asked, drawn from its own headings.

Nothing is made up: a question names a heading of a document, or is one, and it is asked first. Only those that are
answered with confidence, and from that document, are suggested.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from corpus.document import Lang
from qa.engine import Engine, Query

TRIES = 48
"""Passages whose headings are tried, evenly spread over the collection."""

_LIKELY = 0.8
_MOST_CHARS = 60
_ABOUT = {"es": "¿Qué se cuenta sobre «{}»?", "en": "What is said about “{}”?"}


def suggested(
    engine: Engine,
    most: int = 4,
    *,
    budget_s: float = 0.5,
    clock: Callable[[], float] = time.monotonic,
) -> list[tuple[Lang, str]]:
    """At most ``most`` questions ``(language, question)`` in each language, from different documents where it can be.

    The same build gives the same questions, unless ``budget_s`` seconds end the search before it is through. Empty
    without an index.
    """
    index = engine.index
    if index is None or not len(index):
        return []
    end = clock() + budget_s
    n_tries = min(TRIES, len(index))
    rows = [(2 * i + 1) * len(index) // (2 * n_tries) for i in range(n_tries)]
    found: dict[Lang, list[tuple[str, str]]] = {lang: [] for lang in _ABOUT}
    for place in index.places(rows):
        passage = place.passage
        if clock() > end:
            break
        if passage.lang not in found or len({doc for doc, _ in found[passage.lang]}) >= most:
            continue
        question = _question(passage.heading, passage.lang)
        if question is None or (passage.doc_id, question) in found[passage.lang]:
            continue
        answer = engine.ask(Query(question, passage.lang))
        if answer.confidence >= _LIKELY and any(
            c.doc_id == passage.doc_id for c in answer.citations[:1]
        ):
            found[passage.lang].append((passage.doc_id, question))
    return [(lang, question) for lang, ones in found.items() for question in _spread(ones, most)]


def _question(heading: str, lang: Lang) -> str | None:
    """A question about the innermost heading of a passage; the heading itself where it is one."""
    innermost = heading.split(" › ")[-1].strip()
    if not innermost or len(innermost) > _MOST_CHARS:
        return None
    if innermost.endswith("?"):
        return innermost
    return _ABOUT[lang].format(innermost.strip('«»“”"'))


def _spread(found: list[tuple[str, str]], most: int) -> list[str]:
    """The first question of each document, then the others; ``most`` of them."""
    seen: set[str] = set()
    first: list[str] = []
    rest: list[str] = []
    for doc_id, question in found:
        (rest if doc_id in seen else first).append(question)
        seen.add(doc_id)
    return (first + rest)[:most]
