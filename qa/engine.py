"""One question in, an answer with citations out: the deep module that HTTP and command line share."""

from __future__ import annotations

import threading
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from corpus import language
from corpus.document import (
    EmptyQuestionError,
    FuenteError,
    Lang,
    NoIndexError,
    Passage,
    QuestionTooLongError,
)
from index.encoder import Encoder, translation_folder
from index.local.store import Index, Place, current_build_id
from index.translation import TranslationTable
from qa import answer as answering
from qa import explain as explaining
from qa.cite import Citation, cite, holds
from qa.duplicates import Wording, repeats
from qa.followup import Previous, read
from qa.highlight import Highlight, highlight
from qa.rerank import Reranker
from qa.retrieve import Candidate, Mode, Retrieved, retrieve

CROSS_ENCODED = 20
"""Passages that a cross-encoder reads with each question, where there is one."""

LEANED_ON = 20
"""Passages of which those in the documents that the last answer cited move forward, for a question that leans on it."""

CITED_BEFORE = 0.3
"""How much more such a passage scores for the order, where a right one has 1.16 and a wrong one 0.65. Enough to
choose among passages about as good; of the conversations of tests/bench/followups.py it decides two of 96 at most."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question as asked; ``lang`` None means: detect it. ``previous``: those of the conversation before it, oldest first."""

    text: str
    lang: Lang | None = None
    query_id: str | None = None
    previous: tuple[Previous, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """``limit`` passages at most; ``languages`` and ``document_ids`` empty mean all."""

    limit: int = 8
    mode: Mode = "hybrid"
    languages: tuple[str, ...] = ()
    document_ids: tuple[str, ...] = ()
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """The question as it was understood: NFC, trimmed; language and confidence in 0..1.

    ``read_as``: the question in full where it leans on an earlier one, None where it stands alone.
    """

    text: str
    lang: Lang
    lang_confidence: float
    read_as: str | None = None

    @property
    def full(self) -> str:
        """What is searched for and answered."""
        return self.read_as or self.text


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A passage found: ``rank`` from 1; ``score`` orders, higher is better; ``scores`` per leg, None where a leg did not look.

    ``duplicates``: other documents in which a passage below this one says nothing else (see :mod:`qa.duplicates`).
    """

    rank: int
    score: float
    passage: Passage
    title: str
    page: int | None
    section_path: tuple[str, ...]
    scores: dict[str, float | None]
    explanation: dict[str, Any] | None
    duplicates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate with its place; ``repeats``: passages below it that say nothing else."""

    candidate: Candidate
    place: Place
    repeats: list[Passage]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Passages for a question, best first."""

    question: Question
    hits: tuple[PassageHit, ...]
    build_id: str
    timings_ms: dict[str, float]
    explanation: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why there is no answer; ``confidence`` fell short of ``threshold``, both 0..1."""

    reason: Literal["no_support", "nothing_found", "empty_index"]
    confidence: float
    threshold: float
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its citations, or an abstention with the nearest passages in ``hits``."""

    question: Question
    text: str
    lang: Lang
    status: Literal["answered", "abstained"]
    citations: tuple[Citation, ...]
    hits: tuple[PassageHit, ...]
    confidence: float
    abstention: Abstention | None
    build_id: str
    timings_ms: dict[str, float]
    generator: str
    explanation: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Located:
    """A place in a document with the text around it: ``before + quote + after`` is a stretch of the text."""

    doc_id: str
    title: str
    lang: Lang
    before: str
    quote: str
    after: str
    start: int
    end: int
    page: int | None
    section_path: tuple[str, ...]
    n_chars: int
    build_id: str


class Engine:
    """Answers questions from the active build of a data directory.

    Safe to use from several threads: each question takes one reference to the index and keeps it, so a
    reload never mixes two builds in one answer. When there is no usable build, ``index`` is None and
    ``problem`` says why; asking then raises that problem.
    """

    def __init__(
        self,
        data: Path,
        encoder: Encoder,
        *,
        reranker: Reranker | None = None,
        max_question_chars: int = 2000,
    ):
        self._data = data
        self._encoder = encoder
        self._reranker = reranker
        self._table = TranslationTable.load(translation_folder())
        self._max_question_chars = max_question_chars
        self._reload_lock = threading.Lock()
        self._index: Index | None = None
        self._problem: FuenteError | None = None
        self._refused: str | None = None
        self.reload()

    @classmethod
    def of_index(cls, index: Index, encoder: Encoder) -> Engine:
        """An engine over an index that is already open, for evaluation."""
        engine = cls.__new__(cls)
        engine._data = Path()
        engine._encoder = encoder
        engine._reranker = None
        engine._table = TranslationTable.load(translation_folder())
        engine._max_question_chars = 100_000
        engine._reload_lock = threading.Lock()
        engine._index, engine._problem, engine._refused = index, None, None
        return engine

    @property
    def encoder(self) -> Encoder:
        """The encoder that questions go through."""
        return self._encoder

    @property
    def index(self) -> Index | None:
        """The build that is serving, None when there is none."""
        return self._index

    @property
    def problem(self) -> FuenteError | None:
        """Why no build is serving, or why the newest one was refused; None when all is well."""
        return self._problem

    def reload(self) -> bool:
        """Take the build that CURRENT names, if it is another one; True when it swapped.

        A build that is damaged or foreign is refused: the one before it keeps serving and ``problem`` says why.
        """
        with self._reload_lock:
            wanted = current_build_id(self._data)
            serving = self._index.build_id if self._index else None
            if wanted is not None and (wanted == serving or wanted == self._refused):
                if wanted == serving:
                    self._problem, self._refused = None, None
                return False
            try:
                index = Index.open(self._data, self._encoder)
            except FuenteError as error:
                self._problem = error
                self._refused = wanted
                return False
            # The old index is not closed: questions under way still read it, and it goes with the last of them
            self._index, self._problem, self._refused = index, None, None
            return True

    def close(self) -> None:
        """Stop serving."""
        index, self._index = self._index, None
        self._problem = NoIndexError("the engine is closed; open another one")
        if index:
            index.close()

    # ----------------------------------------------------------------------- asking

    def search(self, query: Query, options: SearchOptions | None = None) -> SearchResult:
        """Passages for a question.

        :raises EmptyQuestionError, QuestionTooLongError: for a question that cannot be asked.
        :raises StoreError: when no build is serving.
        :raises UnknownDocumentError: when a document asked for is not there.
        """
        return self._search(query, options or SearchOptions())[0]

    def ask(self, query: Query, options: SearchOptions | None = None) -> Answer:
        """An answer to a question; errors as :meth:`search`."""
        *_, last = self.ask_in_steps(query, options or SearchOptions())
        assert isinstance(last, Answer)
        return last

    def ask_in_steps(
        self, query: Query, options: SearchOptions | None = None
    ) -> Iterator[SearchResult | Answer]:
        """First the passages, then the answer; errors as :meth:`search`, before the first item."""
        chosen = options or SearchOptions()
        result, retrieved, passages, index = self._search(query, chosen)
        yield result
        yield self._answer(result, retrieved, passages, index, chosen)

    def _question(self, query: Query) -> Question:
        text = _tidy(query.text)
        if not any(c.isalnum() for c in text):
            raise EmptyQuestionError("the question is empty; expected at least one word")
        earlier = [_tidy(p.query) for p in query.previous]
        longest = max(map(len, (text, *earlier)))
        if longest > self._max_question_chars:
            raise QuestionTooLongError(
                f"the question has {longest} characters, at most {self._max_question_chars} are taken; shorten it"
            )
        lang, confidence = language.detect(text)
        if query.lang in ("es", "en"):
            lang, confidence = query.lang, 1.0
        if not earlier:
            return Question(text, lang, confidence)
        reading = read(text, earlier, query.lang)
        # "¿Y Robledal?" shows no language; it is the one that was spoken before
        lang = reading.lang if reading.leans else lang
        return Question(text, lang, confidence, reading.text if reading.leans else None)

    def _search(
        self, query: Query, options: SearchOptions
    ) -> tuple[SearchResult, Retrieved, list[Passage], Index]:
        """The passages found, and what an answer is made of: the candidates, the passages of the first, the build."""
        began = time.perf_counter()
        question = self._question(query)
        index = self._index
        if index is None:
            assert self._problem is not None
            raise self._problem
        allowed = index.rows_where(options.languages, options.document_ids)
        retrieved = retrieve(
            question.full,
            question.lang,
            index,
            self._encoder,
            self._table,
            mode=options.mode,
            allowed=allowed,
        )
        timings = dict(retrieved.timings_ms)
        at = time.perf_counter()
        candidates = retrieved.candidates
        if question.read_as and options.mode == "hybrid":
            candidates = _nearer(candidates, query.previous[-1].document_ids, index)
        candidates, cross = self._cross_encoded(question.full, candidates, index, options)
        if self._reranker is not None:
            timings["cross_encoder"] = round((time.perf_counter() - at) * 1000, 3)
        found, rest = _distinct(index, candidates, max(options.limit, answering.N_PASSAGES))
        retrieved = replace(retrieved, candidates=[*(f.candidate for f in found), *rest])
        hits = self._hits(retrieved, found[: options.limit], cross, options.explain)
        timings["total"] = round((time.perf_counter() - began) * 1000, 3)
        explanation = None
        if options.explain:
            merged = [(repeat, f.place.passage) for f in found for repeat in f.repeats]
            explanation = explaining.of_search(retrieved, merged)
        result = SearchResult(question, hits, index.build_id, timings, explanation)
        passages = [f.place.passage for f in found[: answering.N_PASSAGES]]
        return result, retrieved, passages, index

    def _cross_encoded(
        self, question: str, candidates: list[Candidate], index: Index, options: SearchOptions
    ) -> tuple[list[Candidate], dict[int, float]]:
        """The candidates in the order of the cross-encoder, and its scores by row; as they were where there is none.

        It decides the order only: the best one takes the best score of those it has read, and so on down, so that
        confidence stays on the scale that it was fitted on.
        """
        if self._reranker is None or options.mode != "hybrid":
            return candidates, {}
        head = candidates[:CROSS_ENCODED]
        texts = [
            "\n".join(filter(None, (p.heading, p.text)))
            for p in index.passages([c.row for c in head])
        ]
        scores = self._reranker.scores(question, texts).tolist()
        cross = {c.row: score for c, score in zip(head, scores, strict=True)}
        return [*_by(scores, head), *candidates[CROSS_ENCODED:]], cross

    @staticmethod
    def _hits(
        retrieved: Retrieved, found: list[Found], cross: dict[int, float], explain: bool
    ) -> tuple[PassageHit, ...]:
        hits = []
        for rank, one in enumerate(found, 1):
            candidate, place = one.candidate, one.place
            read = cross.get(candidate.row)
            scores = {
                "dense": candidate.dense,
                "lexical": candidate.lexical,
                "rerank": candidate.late,
                "cross_encoder": read,
            }
            others = (p.doc_id for p in one.repeats if p.doc_id != place.passage.doc_id)
            hits.append(
                PassageHit(
                    rank,
                    candidate.score,
                    place.passage,
                    place.title,
                    place.page,
                    place.section_path,
                    scores,
                    explaining.of_hit(retrieved, candidate, place.passage, read)
                    if explain
                    else None,
                    tuple(dict.fromkeys(others)),
                )  # fmt: skip
            )
        return tuple(hits)

    # ----------------------------------------------------------------------- answering

    @staticmethod
    def _support(
        question: Question, retrieved: Retrieved, passages: list[Passage], index: Index
    ) -> tuple[list[answering.ScoredSentence], answering.Support]:
        sentences = answering.score_sentences(question.full, retrieved, passages, index)
        return sentences, answering.support(retrieved, passages, sentences, question.lang, index)

    def _answer(
        self,
        result: SearchResult,
        retrieved: Retrieved,
        passages: list[Passage],
        index: Index,
        options: SearchOptions,
    ) -> Answer:
        began = time.perf_counter()
        question = result.question
        sentences, support = self._support(question, retrieved, passages, index)
        citations: list[Citation] = []
        text = ""
        chosen: list[answering.ScoredSentence] = []
        unheld: list[answering.ScoredSentence] = []
        marks: list[Highlight | None] = []
        if support.confidence >= support.threshold:
            checked = []
            chosen = answering.choose(sentences)
            for sentence in chosen:
                document = index.document(sentence.quote.passage.doc_id)
                # A quote that does not hold is dropped with its claim, never repaired
                if not holds(sentence.quote, document):
                    unheld.append(sentence)
                    continue
                checked.append((sentence.quote, document))
                met = retrieved.interactions.get(sentence.row)
                marks.append(highlight(question.full, sentence.quote, met, retrieved.tokens))
            text, places = answering.compose(
                [(q, d.title, d.page_at(q.start)) for q, d in checked], question.lang
            )
            citations = [
                cite(n, q, d, place, (mark.start, mark.end) if mark else None)
                for n, ((q, d), place, mark) in enumerate(
                    zip(checked, places, marks, strict=True), 1
                )
            ]
            for citation in citations:
                assert text[citation.answer_start : citation.answer_end] == citation.quote
        abstention = None
        if not citations:
            text = answering.decline(question.lang)
            reason: Literal["no_support", "nothing_found", "empty_index"] = "no_support"
            if not len(index):
                reason = "empty_index"
            elif not retrieved.candidates:
                reason = "nothing_found"
            abstention = Abstention(
                reason, round(support.confidence, 4), round(support.threshold, 4), text
            )
        timings = dict(result.timings_ms)
        timings["answer"] = round((time.perf_counter() - began) * 1000, 3)
        timings["total"] = round(timings["total"] + timings["answer"], 3)
        explanation = None
        if options.explain:
            explanation = dict(result.explanation or {})
            explanation |= explaining.of_answer(
                question.full, question.lang, support, sentences, chosen, unheld, marks
            )
        return Answer(
            question=question,
            text=text,
            lang="en" if question.lang == "en" else "es",
            status="answered" if citations else "abstained",
            citations=tuple(citations),
            hits=result.hits,
            confidence=round(support.confidence, 4),
            abstention=abstention,
            build_id=result.build_id,
            timings_ms=timings,
            generator="extractive",
            explanation=explanation,
        )

    def locate(self, doc_id: str, start: int, end: int, context: int = 300) -> Located:
        """A place in a document with at most ``context`` code points on either side.

        :raises UnknownDocumentError: when there is no such document.
        :raises ValueError: when ``[start, end)`` is not inside the text.
        """
        index = self._index
        if index is None:
            assert self._problem is not None
            raise self._problem
        document = index.document(doc_id)
        n = len(document.text)
        if not 0 <= start <= end <= n:
            raise ValueError(f"start={start}, end={end} is not inside the text of {n} characters")
        return Located(
            doc_id=doc_id,
            title=document.title,
            lang=document.lang,
            before=document.text[max(0, start - context) : start],
            quote=document.text[start:end],
            after=document.text[end : end + context],
            start=start,
            end=end,
            page=document.page_at(start),
            section_path=document.heading_path(start),
            n_chars=n,
            build_id=index.build_id,
        )


def _tidy(text: str) -> str:
    """A question in NFC, on one line, without white space around it."""
    # Half a surrogate pair is no character: an argument of a shell or a broken file can hold one
    whole = text.encode("utf-8", "replace").decode()
    return " ".join(unicodedata.normalize("NFC", whole).split())


def _by(scores: Sequence[float], candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates in the order of those scores, best first, ties as they were; each place keeps its score."""
    order = sorted(range(len(candidates)), key=lambda i: (-scores[i], i))
    return [
        candidates[i]._replace(score=place.score, fused=place.fused)
        for i, place in zip(order, candidates, strict=True)
    ]


def _nearer(candidates: list[Candidate], cited: Sequence[str], index: Index) -> list[Candidate]:
    """The candidates with the passages of the documents that the answer before ``cited`` moved forward, in order only."""
    head = candidates[:LEANED_ON]
    passages = index.passages([c.row for c in head])
    scores = [
        c.score + CITED_BEFORE * (p.doc_id in cited) for c, p in zip(head, passages, strict=True)
    ]
    return [*_by(scores, head), *candidates[LEANED_ON:]]


def _distinct(
    index: Index, candidates: list[Candidate], wanted: int
) -> tuple[list[Found], list[Candidate]]:
    """The first ``wanted`` candidates that say something the ones before do not, and the candidates not looked at."""
    found: list[Found] = []
    wordings: list[Wording] = []
    at = 0
    while len(found) < wanted and at < len(candidates):
        batch = candidates[at : at + wanted - len(found)]
        at += len(batch)
        for candidate, place in zip(batch, index.places([c.row for c in batch]), strict=True):
            wording = Wording.of(place.passage)
            first = next((i for i, w in enumerate(wordings) if repeats(wording, w)), None)
            if first is not None:
                found[first].repeats.append(place.passage)
                continue
            found.append(Found(candidate, place, []))
            wordings.append(wording)
    return found, candidates[at:]
