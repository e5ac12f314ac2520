"""From candidates to the passages that are shown and read: what an earlier answer cited, a cross-encoder and the reader change in
their order, and those that say the same twice taken together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.document import Lang, Passage
from index.reader import Reader
from index.searchable import Interaction, Place, Searchable
from qa.calibration import logistic
from qa.duplicates import Wording, repeats
from qa.own import OwnNames
from qa.rerank import Reranker
from qa.retrieve import Candidate, Retrieved

CROSS_ENCODED = 20
"""Passages that a cross-encoder reads with each question, where there is one."""

LEANED_ON = 20
"""Passages of which those in the documents that the last answer cited move forward, for a question that leans on it."""

CITED_BEFORE = 0.3
"""How much more such a passage scores for the order, where a right one has 1.16 and a wrong one 0.65. Enough to
choose among passages about as good; of the conversations of tests/bench/followups.py it decides two of 96 at most."""


READ = 4
"""The reader reads no more passages for their order: with eight the right one is first for .005 more questions about real documents."""

CLOSE_CALL = 0.2
"""It reads those that score so little below the best one: XQuAD .2 of a passage a question, two of real documents."""

BELIEVED = 0.1
"""What a log odd that a passage answers is worth in the order; see the design note in the README."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage in its final order, with the candidate that it was and the place where it stands.

    ``met``: how the question meets its words, None where nobody looked closely. ``repeats``: passages below it that say
    nothing else. ``cross_encoder``: what that scored it, None where it did not read it. ``reader``: the chance, 0..1, that it answers,
    None where the reader did not read it.
    """

    candidate: Candidate
    place: Place
    met: Interaction | None
    repeats: tuple[Passage, ...]
    cross_encoder: float | None
    reader: float | None = None

    @property
    def passage(self) -> Passage:
        """The passage itself."""
        return self.place.passage


def cross_encoded(
    question: str, candidates: list[Candidate], index: Searchable, reranker: Reranker
) -> tuple[list[Candidate], dict[int, float]]:
    """The candidates in the order of the cross-encoder, and its scores by row.

    It decides the order only: the best one takes the best score of those it has read, and so on down, so that
    confidence stays on the scale that it was fitted on.
    """
    head = candidates[:CROSS_ENCODED]
    passages = [place.passage for place in index.places([c.row for c in head])]
    texts = ["\n".join(filter(None, (p.heading, p.text))) for p in passages]
    scores = reranker.scores(question, texts).tolist()
    read = {c.row: score for c, score in zip(head, scores, strict=True)}
    return [*_by(scores, head), *candidates[CROSS_ENCODED:]], read


def nearer(candidates: list[Candidate], cited: Sequence[str], index: Searchable) -> list[Candidate]:
    """The candidates with the passages of the documents that the answer before ``cited`` moved forward, in order only."""
    head = candidates[:LEANED_ON]
    places = index.places([c.row for c in head])
    scores = [
        c.score + CITED_BEFORE * (place.passage.doc_id in cited)
        for c, place in zip(head, places, strict=True)
    ]
    return [*_by(scores, head), *candidates[LEANED_ON:]]


def _by(scores: Sequence[float], candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates in the order of those scores, best first, ties as they were; each place keeps its score."""
    order = sorted(range(len(candidates)), key=lambda i: (-scores[i], i))
    return [
        candidates[i]._replace(score=place.score, fused=place.fused)
        for i, place in zip(order, candidates, strict=True)
    ]


def distinct(
    index: Searchable, retrieved: Retrieved, read: dict[int, float], wanted: int
) -> list[Ranked]:
    """The first ``wanted`` candidates that say something the ones before do not; ``read``: scores of a cross-encoder."""
    chosen: list[tuple[Candidate, Place]] = []
    same: list[list[Passage]] = []
    wordings: list[Wording] = []
    at = 0
    while len(chosen) < wanted and at < len(retrieved.candidates):
        batch = retrieved.candidates[at : at + wanted - len(chosen)]
        at += len(batch)
        for candidate, place in zip(batch, index.places([c.row for c in batch]), strict=True):
            wording = Wording(place.passage)
            first = next((i for i, w in enumerate(wordings) if repeats(wording, w)), None)
            if first is not None:
                same[first].append(place.passage)
                continue
            chosen.append((candidate, place))
            same.append([])
            wordings.append(wording)
    return [
        Ranked(
            candidate,
            place,
            retrieved.interactions.get(candidate.row),
            tuple(repeated),
            read.get(candidate.row),
        )
        for (candidate, place), repeated in zip(chosen, same, strict=True)
    ]


def closely_read(
    question: str, passages: Sequence[Ranked], own: OwnNames, reader: Reader
) -> list[Ranked]:
    """The passages with those that are about as good as the best one in the order in which they answer, too, as the reader finds.

    It decides the order only: the score of a place stays with it.
    """
    best = max((one.candidate.score for one in passages[:READ]), default=0.0)
    places = [n for n, p in enumerate(passages[:READ]) if best - p.candidate.score < CLOSE_CALL]
    if len(places) < 2:
        return list(passages)
    near = [passages[n] for n in places]
    read = reader.read(question, [(own.above(one.place), one.passage.text) for one in near])
    worth = [
        one.candidate.score + BELIEVED * reading.answers
        for one, reading in zip(near, read, strict=True)
    ]
    found = list(passages)
    order = sorted(range(len(near)), key=lambda i: (-worth[i], i))
    for place, i in zip(places, order, strict=True):
        score = passages[place].candidate.score
        candidate = near[i].candidate._replace(score=score)
        found[place] = replace(near[i], candidate=candidate, reader=logistic(read[i].answers))
    return found


def terms_held(passages: Sequence[Ranked], index: Searchable) -> list[tuple[Lang, frozenset[int]]]:
    """Of each passage its language and the keys of the terms of its heading and its sentences, as
    :func:`qa.words.names_held` takes them."""
    return [
        (p.passage.lang, frozenset().union(*index.sentence_terms(p.candidate.row)))
        for p in passages
    ]
