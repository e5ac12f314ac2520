"""An answer in the making: the stages of one question over one opened index, and what comes out of them."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from corpus.document import Lang, Passage, Skipped
from corpus.languages.pack import Talk
from index.encoder import Encoder
from index.reader import Reader
from index.searchable import Place, Rows, Searchable
from index.translation import TranslationTable
from index.trips import Trips, counted
from qa import explain
from qa.acronyms import as_written, spelled_out
from qa.calibration import Fusion, logistic
from qa.cite import Citation, Evidence, Quote, cite, holds
from qa.compose import Composer, Piece
from qa.differing.changes import change
from qa.differing.differ import otherwise, says_all
from qa.differing.editions import Editions, asks_for_current
from qa.differing.errata import corrections
from qa.differing.versions import Version, version
from qa.duplicates import altered
from qa.latest import of_the_latest
from qa.notation import in_their_notation
from qa.rank import Ranked, closely_read, cross_encoded, distinct, nearer
from qa.rerank import Reranker
from qa.retrieve import HYBRID, RERANK_K, Retrieved, retrieve
from qa.select import Selection, Selector, Unit
from qa.select.atoms import sentences_of
from qa.select.page import DOUBT
from qa.select.terms import defined_in
from qa.select.times.years import AskedYear
from qa.shortfall import Closest, nothing_there, remark, shortfall, unread
from qa.spelling import respelled
from qa.steer import steered
from qa.structure import Context, structure_of
from qa.trace import Trace
from qa.understand import Query, Question, understand
from qa.words import names_nothing, says_nothing, shouted

# Of so many documents each is quoted that says something else.
_MOST_VERSIONS = 6

# What a reader makes of two passages differs by so many log odds where both answer, and of another figure it makes less than this below doubt.
_NEARLY = 1.0

# An encoder that knows the idf of its pieces gives at most so much weight to one that stands for whatever it does not know.
_MOST_UNKNOWN = 0.01

Kind = Literal["answer"] | Talk
"""What an answer is: one from passages, or the reply to talk."""


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """``limit`` passages at most; ``languages`` and ``document_ids`` empty mean all.

    ``min_confidence``: the least confidence of an answer, 0..1; None leaves it to the engine, and then to what the selector
    was calibrated for. ``explain``: also give a trace.
    """

    limit: int = 8
    mode: str = HYBRID
    languages: tuple[str, ...] = ()
    document_ids: tuple[str, ...] = ()
    min_confidence: float | None = None
    explain: bool = False


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A passage found: ``rank`` from 1; ``score`` orders, higher is better; ``scores`` per leg in the order of
    :data:`index.legs.LEGS`, None where a leg did not look, and that of a ``cross_encoder``. ``reader``: the chance, 0..1, that the passage
    answers, None where no reader read it.

    ``duplicates``: other documents in which a passage below this one says nothing else (see :mod:`qa.duplicates`).
    ``ocr_confidence``: as in :class:`index.searchable.Place`.
    """

    rank: int
    score: float
    passage: Passage
    title: str
    page: int | None
    section_path: tuple[str, ...]
    scores: tuple[float | None, ...]
    cross_encoder: float | None
    duplicates: tuple[str, ...] = ()
    ocr_confidence: float | None = None
    reader: float | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Passages for a question, best first; ``trace`` where it was asked for. ``missing``: legs that could not look at the index,
    so that passages may be missing; ``trips`` to the server that holds it."""

    question: Question
    hits: tuple[PassageHit, ...]
    build_id: str
    timings_ms: dict[str, float]
    trace: Trace | None
    missing: tuple[str, ...] = ()
    trips: Trips = field(default_factory=Trips)


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why there is no answer; ``confidence`` fell short of ``threshold``, both 0..1. ``talk``: no document was asked.

    ``unmentioned``, ``closest`` and ``unread`` as in :class:`qa.shortfall.Shortfall`.
    """

    reason: Literal["no_support", "nothing_found", "empty_index", "talk"]
    confidence: float
    threshold: float
    message: str
    unmentioned: tuple[str, ...] = ()
    closest: Closest | None = None
    unread: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One of several questions of a message: its words as they stand over its answer, and how it was understood; whether it was
    ``answered``, how sure that is, 0..1, and the numbers of its ``citations`` in the answer to all."""

    text: str
    question: Question
    answered: bool
    confidence: float
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its citations, or an abstention with the nearest passages in ``hits``; ``trace`` where it was asked
    for. ``kind``: other than ``answer`` where the text was no question about a passage, as ``generator`` says too. ``missing`` and
    ``trips`` as in :class:`SearchResult`; where legs are missing the text ends in saying so. ``asked``: each of several questions
    that the message asks (:mod:`qa.several`), none for one."""

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
    trace: Trace | None
    kind: Kind = "answer"
    missing: tuple[str, ...] = ()
    trips: Trips = field(default_factory=Trips)
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A piece of an answer with the citations that it ends in; none for words that rest on no quote."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Stages:
    """What the stages of every question work with."""

    encoder: Encoder
    table: TranslationTable
    fusion: Fusion
    reranker: Reranker | None
    reader: Reader | None
    selector: Selector
    composer: Composer
    min_confidence: float | None
    max_question_chars: int
    reasons: Callable[[str, Lang], str | None]

    def understand(self, query: Query) -> Question:
        """The question of a query; errors as :func:`qa.understand.understand`."""
        return understand(query, self.max_question_chars, self.table)


class Answering(Protocol):
    """One question under way: made, it has its passages (``result``); then come :meth:`select`, :meth:`written` and
    :meth:`answer`, each of which does what is missing before it.

    Used by one thread at a time, though not always the same: what ``waits`` may go on in another.
    """

    @property
    def result(self) -> SearchResult:
        """The passages, best first."""
        ...

    @property
    def waits(self) -> bool:
        """Whether the answer is written by one who waits for others."""
        ...

    def select(self) -> object:
        """Chooses what answers."""
        ...

    def written(self) -> Iterator[Written]:
        """The pieces of the answer as they are written; none where there is no answer. To be taken once, to the end."""
        ...

    def answer(self) -> Answer:
        """The whole answer, or that there is none."""
        ...


class AnsweringFromPassages:
    """The :class:`Answering` of a question about what the documents say."""

    def __init__(
        self,
        stages: Stages,
        question: Question,
        query: Query,
        options: SearchOptions,
        index: Searchable,
    ):
        """Find the passages.

        :raises UnknownDocumentError: when a document asked for is not there.
        """
        self._stages, self._options, self._index = stages, options, index
        self._question = question
        self._trips = Trips()
        with counted(self._trips):
            self._find(query)
        self._selection: Selection | None = None
        self._differing: list[Unit] = []
        self._older: list[Unit] = []
        self._evidence: list[tuple[Unit, Evidence]] = []
        self._unheld: list[Unit] = []
        self._written: list[Written] = []
        self._answer: Answer | None = None
        self._answer_ms = 0.0

    def _find(self, query: Query) -> None:
        began = time.perf_counter()
        stages, options, index, question = self._stages, self._options, self._index, self._question
        allowed = index.rows_where(options.languages, options.document_ids)
        retrieved = self._retrieve(question, allowed)
        near = index.places([c.row for c in retrieved.candidates[:RERANK_K]])
        texts = [place.passage.text for place in near]
        leans = question.read_as is not None

        def places() -> Sequence[Place]:
            return index.places([c.row for c in retrieved.candidates])

        asked = of_the_latest(question.full, question.lang, retrieved.asked.words, places, index)
        written = as_written(asked, texts)
        full = spelled_out(written, texts) or written
        full = respelled(full, retrieved.asked.words, texts)
        full = in_their_notation(full, question.lang, [place.passage for place in near])
        # Where all is in capitals none marks a name, of which one word in small letters would make each a sign
        full = full.upper() if shouted(question.full) else full
        if full != question.full:
            question = self._question = replace(question, read_as=full)
            retrieved = self._retrieve(question, allowed)
        if options.mode == HYBRID:
            retrieved = self._steered(question, retrieved)
        before = query.previous[-1].document_ids if leans or query.beside else ()
        self._retrieved, self._passages = _ranked(
            stages, question, before, options, index, retrieved
        )
        timings = dict(self._retrieved.timings_ms)
        timings["total"] = _ms_since(began)
        self._result = self._shown(self._passages, timings)

    def _retrieve(self, question: Question, allowed: Rows | None) -> Retrieved:
        stages = self._stages
        return retrieve(
            question.full,
            question.lang,
            self._index,
            stages.encoder,
            stages.table,
            stages.fusion,
            mode=self._options.mode,
            allowed=allowed,
        )

    def _steered(self, question: Question, retrieved: Retrieved) -> Retrieved:
        """The candidates with those first that say what is asked of the document that the question names."""

        def again(rest: str, doc_ids: Sequence[str]) -> Retrieved:
            rows = self._index.rows_where(self._options.languages, doc_ids)
            return self._retrieve(replace(question, read_as=rest), rows)

        return steered(question, retrieved, self._index, again)

    def _shown(self, passages: Sequence[Ranked], timings: dict[str, float]) -> SearchResult:
        """The first of some passages as they are given back."""
        shown = passages[: self._options.limit]
        trace = None
        if self._options.explain:
            fusion = self._stages.fusion
            trace = explain.of_search(self._retrieved, passages, len(shown), fusion)
            trace = replace(trace, trips=replace(self._trips))
        hits = tuple(_hit(rank, one) for rank, one in enumerate(shown, 1))
        return SearchResult(
            self._question,
            hits,
            self._index.build_id,
            timings,
            trace,
            self._retrieved.missing,
            replace(self._trips),
        )

    @property
    def result(self) -> SearchResult:
        """The passages, best first, as they are found: an answer has those first that were read and answer best."""
        return self._result

    def searched(self) -> SearchResult:
        """The passages for one who asks for no answer: of those about as good the first is the one that a reader finds to answer."""
        reader, result = self._stages.reader, self._result
        if reader is None or self._options.mode != HYBRID or self._stages.reranker is not None:
            return result
        began = time.perf_counter()
        with counted(self._trips):
            passages = closely_read(
                self._question.full, self._passages, self._retrieved.own, reader
            )
        timings = {**result.timings_ms, "reader": _ms_since(began)}
        timings["total"] = round(timings["total"] + timings["reader"], 3)
        return self._shown(passages, timings)

    @property
    def waits(self) -> bool:
        """Whether the answer is written by one who waits for others."""
        return self._stages.composer.waits

    @property
    def least(self) -> float:
        """The confidence that an answer must reach."""
        return self._least(self.select())

    def _least(self, selection: Selection) -> float:
        for wanted in (self._options.min_confidence, self._stages.min_confidence):
            if wanted is not None:
                return wanted
        return selection.least

    def select(self) -> Selection:
        """What the passages say that answers; what of it will be quoted is compared with its source."""
        if self._selection is None:
            with counted(self._trips):
                self._selection = self._selected()
        return self._selection

    def _selected(self) -> Selection:
        began = time.perf_counter()
        selector, index = self._stages.selector, self._index
        passages = self._passages[: selector.n_passages]
        found = selector.select(self._question, passages, self._retrieved, index)
        if self._is_of_anything():
            found = replace(found, chosen=(), confidence=0.0)
        found = self._both_ways(found)
        answered = bool(found.chosen) and found.confidence >= self._least(found)
        if answered:
            found = self._corrected(self._with_definition(self._changed(found)))
        for unit in found.chosen if answered else ():
            document = index.document(unit.quote.passage.doc_id)
            # A quote that does not hold is dropped with its claim, never repaired
            if holds(unit.quote, document):
                marked = (unit.span.start, unit.span.end) if unit.span else None
                made_of = structure_of(document, unit.quote.start, unit.quote.end)
                differs = unit in self._differing and bool(self._evidence)
                older = unit in self._older
                evidence = Evidence(unit.quote, document, marked, "answer", made_of, differs, older)
                self._evidence.append((unit, evidence))
            else:
                self._unheld.append(unit)
        self._answer_ms += _ms_since(began)
        return found

    @property
    def question(self) -> Question:
        """What is asked, as it was understood."""
        return self._question

    @property
    def quotes(self) -> list[Quote]:
        """What will be quoted because it answers; none where there is no answer."""
        self.select()
        return [evidence.quote for _, evidence in self._evidence]

    def written(self, first: int = 1) -> Iterator[Written]:
        """The pieces of the answer as they are written; none where there is no answer. To be taken once, to the end.

        ``first`` is the number of its first citation.
        """
        self.select()
        if not self._evidence:
            return
        with counted(self._trips):
            evidence = [*(one for _, one in self._evidence), *self._context()]
        text, number = "", first
        for piece in self._timed(self._stages.composer.compose(self._question, evidence, first)):
            start = len(text) + piece.start
            text += piece.text
            citations = tuple(
                cite(n, evidence[one], text, start, len(text))
                for n, one in enumerate(piece.evidence, number)
            )
            number += len(citations)
            written = Written(piece.text, citations)
            self._written.append(written)
            yield written
        if said := remark(self._retrieved.missing, self._question.lang):
            self._written.append(Written(f"\n\n{said}", ()))
            yield self._written[-1]

    def _is_of_anything(self) -> bool:
        """Whether the question has nothing to search for, or names nothing where there is more than one document that it might be
        about."""
        question, asked = self._question.full, self._retrieved.asked
        of = {one.passage.doc_id for one in self._passages}
        if len(of) > 1 and names_nothing(question, asked.words):
            return True
        understood = bool(asked.tokens.weights.max(initial=0.0) > _MOST_UNKNOWN)
        return says_nothing(question, asked.words, understood, self._texts_found)

    def _texts_found(self) -> list[str]:
        return [f"{p.place.title}\n{p.passage.heading}\n{p.passage.text}" for p in self._passages]

    def _both_ways(self, found: Selection) -> Selection:
        """The selection with what other documents say otherwise right after the first quote, and without what they say as well."""
        if not found.chosen:
            return found
        question, words = self._question.full, self._retrieved.asked.words
        versions = self._versions(found)
        first = next((v.unit for v in versions if v.named < 0), found.chosen[0])
        told = {id(v.unit.quote.passage) for v in versions}
        if first is not found.chosen[0]:
            told.add(id(found.chosen[0].quote.passage))
        rest = [u for u in found.chosen[1:] if id(u.quote.passage) not in told]
        said = [first]
        if first is found.chosen[0]:
            said += _apart([v for v in versions if not (v.same or v.named)])
        others = [u for u in (*rest, *found.units) if id(u.quote.passage) not in told]
        # Only other documents say otherwise
        of = {u.quote.passage.doc_id for u in said}
        others = [u for u in others if u.reason != "other" and u.quote.passage.doc_id not in of]
        others = [u for u in others if _answers_too(found, first, u) or says_all(words, u)]
        said = [*said, *otherwise(question, words, said, others)][:_MOST_VERSIONS]
        said = self._in_force_first(said, versions)
        self._differing = said[1:]
        rest = [u for u in rest if u not in said and u not in self._older]
        return replace(found, chosen=(*said, *rest))

    def _changed(self, found: Selection) -> Selection:
        """The selection with what says that it changes the first quote beside that, first where it is what holds now."""
        reader = self._stages.reader
        if reader is None:
            return found
        own, question = self._retrieved.own, self._question.full

        def read(texts: Sequence[tuple[Ranked, str]]) -> list[float]:
            above = [(own.above(ranked.place), text) for ranked, text in texts]
            return [reading.answers for reading in reader.read(question, above)]

        first, *rest = found.chosen
        words = self._retrieved.asked.words
        told = change(question, words, first, self._passages, self._index, read)
        if told is None:
            return found
        new = told.unit
        beside = [u for u in rest if _holds_other(new.quote, u.quote)]
        rest = [u for u in rest if u not in beside]
        new = beside[0] if beside else new
        self._differing = [u for u in self._differing if u not in beside and u is not new]
        if told.leads:
            self._differing.append(first)
            self._older.append(first)
            return replace(found, chosen=(new, first, *rest))
        self._differing.append(new)
        return replace(found, chosen=(first, new, *rest))

    def _with_definition(self, found: Selection) -> Selection:
        """The selection with what the document of the first quote means by a term that stands for the answer."""
        first = found.chosen[0]
        doc_id = first.quote.passage.doc_id
        at = defined_in(
            self._question.full,
            first.quote,
            lambda: self._index.document(doc_id, blocks=False).text,
        )
        passage = None if at is None else self._passage_at(doc_id, at)
        if at is None or passage is None:
            return found
        here = at - passage.start
        start, end = next(((a, b) for a, b in sentences_of(passage) if a <= here < b), (0, 0))
        quote = Quote(passage, passage.start + start, passage.start + end, first.score)
        if start == end or any(_within(quote, one.quote) for one in found.chosen):
            return found
        n = 1 + len(self._differing)
        chosen = (*found.chosen[:n], Unit(quote, first.score), *found.chosen[n:])
        return replace(found, chosen=chosen)

    def _corrected(self, found: Selection) -> Selection:
        """The selection with what corrects the first quote right after it."""
        first, *rest = found.chosen
        doc_id = first.quote.passage.doc_id
        places = [one.place for one in self._passages]
        title = next((p.title for p in places if p.passage.doc_id == doc_id), "")
        told = corrections(first, title, places)[: _MOST_VERSIONS - 1]
        others = [u.quote.passage.doc_id != doc_id for u in told]
        self._differing += [u for u, other in zip(told, others, strict=True) if other]
        quotes = [u.quote for u in told]
        rest = [u for u in rest if not any(_holds_other(q, u.quote) for q in quotes)]
        return replace(found, chosen=(first, *told, *rest))

    def _in_force_first(self, said: list[Unit], versions: Sequence[Version]) -> list[Unit]:
        """What documents say about the same with that first which is in force, where the question names no year and no document of them:
        alone where it asks for that, else with what held before marked as older."""
        question, first = self._question.full, said[0]
        others = [*said[1:], *(v.unit for v in versions if v.same)]
        if not others or any(v.named for v in versions) or AskedYear(question):
            return said
        editions = Editions(self._index)
        alike = [u for u in others if editions.are_of_one(first, u)]
        newest = editions.newest([first, *alike])
        self._older = [
            u for u in (first, *alike) if u is not newest and editions.is_newer(newest, u)
        ]
        told_by_newest = any(v.unit is newest and v.same for v in versions)
        rest = [u for u in said if u is not newest and not (told_by_newest and u is first)]
        if asks_for_current(question):
            rest = [u for u in rest if u not in self._older]
        return [newest, *rest]

    def _versions(self, found: Selection) -> list[Version]:
        """What other documents say in the place of the first quote, in the order of their passages."""
        first = found.chosen[0]
        places = [one.place for one in self._passages]
        own = next((p for p in places if p.passage is first.quote.passage), None)
        if own is None:
            return []
        words = self._retrieved.asked.words
        off = {id(u.quote.passage) for u in found.units if u.reason == "other"}
        others = (
            p for p in places if p.passage.doc_id != own.passage.doc_id and id(p.passage) not in off
        )
        question, units = self._question.full, found.units
        made = (version(question, words, first, own, place, units) for place in others)
        return [one for one in made if one is not None]

    def _context(self) -> list[Evidence]:
        """What has to be quoted beside the quotes that answer, so that their words say what they mean: once each, and not
        what one of them says."""
        found: list[Evidence] = []
        quoted = [evidence for _, evidence in self._evidence]
        for evidence in quoted:
            for context in evidence.structure.context:
                quote = self._quote_of(context, evidence)
                if quote is None or any(_within(quote, e.quote) for e in (*quoted, *found)):
                    continue
                made_of = structure_of(evidence.document, quote.start, quote.end)
                made_of = replace(made_of, context=())
                found.append(Evidence(quote, evidence.document, None, context.kind, made_of))
        return found

    def _quote_of(self, context: Context, evidence: Evidence) -> Quote | None:
        """The words of a context as a quote of the passage that they begin in; None where no passage has them."""
        passage = self._passage_at(evidence.document.doc_id, context.start)
        if passage is None:
            return None
        quote = Quote(passage, context.start, min(context.end, passage.end), evidence.quote.score)
        return quote if holds(quote, evidence.document) else None

    def _passage_at(self, doc_id: str, offset: int) -> Passage | None:
        """The passage of a document that a place is in."""
        shown = (one.passage for one in self._passages if one.passage.doc_id == doc_id)
        near = next((p for p in shown if p.start <= offset < p.end), None)
        if near is not None:
            return near
        rows = self._index.rows_where((), (doc_id,))
        if rows is None or not len(rows):
            return None

        def passage(n: int) -> Passage:
            return self._index.places([int(rows[n])])[0].passage

        n = bisect_right(range(len(rows)), offset, key=lambda i: passage(i).start) - 1
        found = passage(n) if n >= 0 else None
        return found if found is not None and found.start <= offset < found.end else None

    def _timed(self, pieces: Iterator[Piece]) -> Iterator[Piece]:
        """The pieces; the time until each comes counts, and not what whoever takes them does meanwhile."""
        while True:
            began = time.perf_counter()
            piece = next(pieces, None)
            self._answer_ms += _ms_since(began)
            if piece is None:
                return
            yield piece

    def answer(self) -> Answer:
        """The whole answer, or that there is none."""
        if self._answer is not None:
            return self._answer
        selection = self.select()
        if not self._written:
            for _ in self.written():
                pass
        began = time.perf_counter()
        citations = tuple(c for w in self._written for c in w.citations)
        text = "".join(w.text for w in self._written)
        abstention = None
        if not citations:
            abstention = self._abstention(selection)
            if said := remark(self._retrieved.missing, self._question.lang):
                abstention = replace(abstention, message=f"{abstention.message} {said}")
            text = abstention.message
        result = self._shown(self._as_read(selection), self.result.timings_ms)
        trace = result.trace
        if trace is not None:
            cited = [unit for unit, _ in self._evidence]
            told = explain.of_answer(selection, self.least, cited, self._unheld)
            trace = replace(trace, answer=told)
        timings = dict(self.result.timings_ms)
        timings["answer"] = round(self._answer_ms + _ms_since(began), 3)
        timings["total"] = round(timings["total"] + timings["answer"], 3)
        self._answer = Answer(
            question=self._question,
            text=text,
            lang="en" if self._question.lang == "en" else "es",
            status="answered" if citations else "abstained",
            citations=citations,
            hits=result.hits,
            confidence=round(selection.confidence, 4),
            abstention=abstention,
            build_id=self.result.build_id,
            timings_ms=timings,
            generator=self._stages.composer.name,
            trace=trace,
            missing=result.missing,
            trips=result.trips,
        )
        return self._answer

    def _as_read(self, selection: Selection) -> list[Ranked]:
        """The passages with those first that were read, by how well they answer; as they are where one leg is to order them."""
        if self._options.mode != HYBRID:
            return self._passages
        read = {id(passage): (n, odds) for n, (passage, odds) in enumerate(selection.read)}
        found = sorted(self._passages, key=lambda one: read.get(id(one.passage), (len(read),))[0])
        return [
            replace(one, reader=logistic(read[id(one.passage)][1]))
            if id(one.passage) in read
            else one
            for one in found
        ]

    def _abstention(self, selection: Selection) -> Abstention:
        reason: Literal["no_support", "nothing_found", "empty_index"] = "no_support"
        if not len(self._index):
            reason = "empty_index"
        elif not self._retrieved.candidates:
            reason = "nothing_found"
        question, words = self._question, self._retrieved.asked.words
        lacking = shortfall(question.full, words, self._passages)
        only = self._options.document_ids
        skipped = [one for one in self._index.manifest.skipped if not only or one.doc_id in only]
        named = unread(words, skipped, lambda reason: self._stages.reasons(reason, question.lang))
        lacking = replace(lacking, unread=named)
        return Abstention(
            reason,
            round(selection.confidence, 4),
            round(self.least, 4),
            # That no document mentions it would be true, and lead to asking it in other words
            nothing_there(question.lang)
            if reason == "empty_index"
            else lacking.message(question.lang),
            lacking.unmentioned,
            lacking.closest,
            lacking.unread,
        )


class AnsweringWithoutDocuments:
    """The :class:`Answering` of a question where nothing has been built, since there is no document yet."""

    waits = False

    def __init__(self, question: Question, generator: str):
        self._generator = generator
        #: No passages, of no build.
        self.result = SearchResult(question, (), "", {"total": 0.0}, None)

    def select(self) -> None:
        """There is nothing to choose from."""

    def written(self) -> Iterator[Written]:
        """No piece: there is no answer."""
        yield from ()

    def answer(self) -> Answer:
        """That there is no document."""
        question = self.result.question
        text = nothing_there(question.lang)
        return Answer(
            question=question,
            text=text,
            lang="en" if question.lang == "en" else "es",
            status="abstained",
            citations=(),
            hits=(),
            confidence=0.0,
            abstention=Abstention("empty_index", 0.0, 0.0, text),
            build_id="",
            timings_ms=self.result.timings_ms,
            generator=self._generator,
            trace=None,
        )


def _ranked(
    stages: Stages,
    question: Question,
    before: Sequence[str],
    options: SearchOptions,
    index: Searchable,
    retrieved: Retrieved,
) -> tuple[Retrieved, list[Ranked]]:
    """The candidates in their final order, and the passages that are shown or read; ``before``: the documents that the
    question leans on."""
    began = time.perf_counter()
    candidates, timings = retrieved.candidates, dict(retrieved.timings_ms)
    if before and options.mode == HYBRID:
        candidates = nearer(candidates, before, index)
    read: dict[int, float] = {}
    if stages.reranker is not None:
        if options.mode == HYBRID:
            candidates, read = cross_encoded(question.full, candidates, index, stages.reranker)
        timings["cross_encoder"] = _ms_since(began)
    retrieved = replace(retrieved, candidates=candidates, timings_ms=timings)
    wanted = max(options.limit, stages.selector.n_passages)
    return retrieved, distinct(index, retrieved, read, wanted)


def _hit(rank: int, ranked: Ranked) -> PassageHit:
    candidate, place = ranked.candidate, ranked.place
    others = (p.doc_id for p in ranked.repeats if p.doc_id != place.passage.doc_id)
    return PassageHit(
        rank,
        candidate.score,
        place.passage,
        place.title,
        place.page,
        place.section_path,
        candidate.scores,
        ranked.cross_encoder,
        tuple(dict.fromkeys(others)),
        place.ocr_confidence,
        ranked.reader,
    )


def _apart(versions: Sequence[Version]) -> list[Unit]:
    """The units of versions without those that say what one before them says."""
    found: list[Version] = []
    for one in versions:
        lang = one.unit.quote.passage.lang
        if all(altered(other.said, one.said, lang) for other in found):
            found.append(one)
    return [one.unit for one in found]


def _answers_too(found: Selection, first: Unit, other: Unit) -> bool:
    """Whether the passage of a unit was read to answer, too, or nearly as much as that of the first one: another figure beside what is asked
    for contradicts nothing."""
    odds = {id(passage): answers for passage, answers in found.read}
    of_first, of_other = (odds.get(id(unit.quote.passage)) for unit in (first, other))
    return of_first is None or of_other is None or of_other >= min(of_first, DOUBT) - _NEARLY


def _within(quote: Quote, other: Quote) -> bool:
    """Whether a quote is a part of another."""
    same = quote.passage.doc_id == other.passage.doc_id
    return same and other.start <= quote.start and quote.end <= other.end


def _holds_other(quote: Quote, other: Quote) -> bool:
    """Whether one of two quotes is a part of the other."""
    return _within(quote, other) or _within(other, quote)


def _ms_since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 3)
