"""How good retrieval, answers and abstention are, Spanish and English side by side.

For XQuAD the protocol is that of MTEB's XQuADRetrieval: the distinct paragraphs of one language are the documents, each
question has one relevant paragraph, and measures are averaged over all questions, a question without a result counting
zero. Across languages the questions of one are asked of the paragraphs of the other. For the other formats see
``dataset``.
"""

from __future__ import annotations

import math
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import numpy as np

from corpus import language
from corpus.document import CorpusError, Document, Lang, Passage
from corpus.split import Splitting
from index.encoder import Encoded, Encoder, Kind
from index.local.build import index_documents
from index.reader import Reader
from index.searchable import OpenIndex
from qa.calibration import Calibration
from qa.engine import Answer, Engine, PassageHit, Query, SearchOptions
from qa.evaluation.compare import (
    Difference,
    Statistic,
    Values,
    auroc_of,
    calibration_error_of,
    estimates,
    mean_of,
    paired,
    quantile_of,
    risk_of,
    unpaired,
)
from qa.evaluation.dataset import (
    Beir,
    Judged,
    Judgement,
    OwnQuestions,
    Squad,
    SquadQuestion,
    covers,
    locate,
    read_dataset,
)
from qa.evaluation.report import (
    ALL_PARTS,
    AUROC,
    CALIBRATION,
    FIRST_QUOTE,
    MEANS,
    MIXED_BOTH,
    MIXED_FIRST,
    MODES,
    NEAR_MISS,
    NO_PART,
    RIGHT_AUROC,
    RISK,
    SHARE,
    TIMES,
    Against,
    Asked,
    Change,
    ChangedGroup,
    Earlier,
    Figure,
    Format,
    Gap,
    Group,
    Report,
    Table,
    read_earlier,
)
from qa.evaluation.units import quoted
from qa.retrieve import FIRST_STAGE_K

Articles = Literal["all", "even", "odd"]
Log = Callable[[str], None]

_K = 10
# As many passages as a leg looks at: a document's best one can come late
_DEPTH = FIRST_STAGE_K
_GAP = "hybrid ndcg@10"
# Of what was answered: whether the quotes hold all of the answer, and how sure the service was
_RIGHT, _ANSWERED = "right", "answered confidence"


# --------------------------------------------------------------------------- measures


def ndcg(grades: Sequence[int], relevant: Sequence[int], k: int = _K) -> float:
    """nDCG@k: the sum of grade / log2(rank + 1) over the first ``k``, less than 1 by what the best order has more.

    ``grades`` of what was found, best first; ``relevant``: all grades above 0 there are. The gain is the grade itself, as
    trec_eval has it (Järvelin & Kekäläinen 2002, doi:10.1145/582415.582418).
    """

    def dcg(ordered: Sequence[int]) -> float:
        return sum(g / math.log2(rank + 1) for rank, g in enumerate(ordered[:k], 1))

    best = dcg(sorted(relevant, reverse=True))
    return dcg(grades) / best if best else 0.0


def recall(grades: Sequence[int], n_relevant: int, k: int) -> float:
    """Share of the relevant that is among the first ``k``; 0 where nothing is relevant."""
    return sum(g > 0 for g in grades[:k]) / n_relevant if n_relevant else 0.0


def reciprocal_rank(grades: Sequence[int], k: int = _K) -> float:
    """One over the rank of the first with a grade above 0; 0 where the first ``k`` hold none."""
    return next((1 / rank for rank, g in enumerate(grades[:k], 1) if g > 0), 0.0)


def grades_of_documents(doc_ids: Iterable[str], judgements: Sequence[Judgement]) -> list[int]:
    """Grades of the documents that passages come from, in order, each at its best passage."""
    grade = {j.doc_id: j.grade for j in judgements}
    return [grade.get(doc_id, 0) for doc_id in dict.fromkeys(doc_ids)]


def documents_found(hits: Iterable[PassageHit]) -> dict[str, float]:
    """The documents that passages come from, in order, each with the score of its best one."""
    best: dict[str, float] = {}
    for hit in hits:
        # Documents that say the same are one hit, and all of them are found
        for doc_id in (hit.passage.doc_id, *hit.duplicates):
            best.setdefault(doc_id, hit.score)
    return best


def grades_of_spans(passages: Iterable[Passage], judgements: Sequence[Judgement]) -> list[int]:
    """Grades of the judged spans in the order in which passages cover them (``dataset.covers``), 0 for other passages.

    A span counts once, so smaller passages gain nothing by covering it twice: a passage with nothing but spans seen
    before is passed over. One that covers several takes as many ranks, so the best order has nDCG 1 however the text
    is split.
    """
    grades: list[int] = []
    left = [j for j in judgements if j.grade > 0]
    taken: list[Judgement] = []
    for passage in passages:
        new = [j for j in left if covers(passage, j)]
        if new:
            grades += sorted((j.grade for j in new), reverse=True)
            taken += new
            left = [j for j in left if j not in new]
        elif not any(covers(passage, j) for j in taken):
            grades.append(0)
    return grades


# --------------------------------------------------------------------------- asking


@dataclass(frozen=True, slots=True)
class _Record:
    """What became of one question: ``groups`` it counts in, the first one telling what it was asked of; ``values``
    measured; ``run``: document or passage ids with scores, best first."""

    query_id: str
    groups: tuple[str, ...]
    values: dict[str, float]
    run: list[tuple[str, float]]


class Remembering:
    """An encoder that keeps the last question: each is asked several times, and encoding is most of the work."""

    def __init__(self, encoder: Encoder):
        self._encoder = encoder
        self._last: tuple[list[str], list[Encoded]] = ([], [])
        self.card = encoder.card
        self.batch = encoder.batch
        self.encode_queries = encoder.encode_queries
        self.encode_passages = encoder.encode_passages
        self.count_tokens = encoder.count_tokens

    def encode_tokens(self, texts: Sequence[str], kind: Kind) -> list[Encoded]:
        """See :meth:`index.encoder.Encoder.encode_tokens`."""
        if kind == "passage":
            return self._encoder.encode_tokens(texts, kind)
        if self._last[0] != list(texts):
            self._last = (list(texts), self._encoder.encode_tokens(texts, kind))
        return self._last[1]


def evaluate(
    path: Path,
    encoder: Encoder,
    *,
    calibration: Calibration | None = None,
    reader: Reader | None = None,
    data: Path | None = None,
    articles: Articles = "all",
    split: str | None = None,
    against: Path | None = None,
    run: Path | None = None,
    log: Log = lambda _: None,
) -> Report:
    """The figures of a data set; :func:`qa.evaluation.report.table` prints them.

    ``groups``: for each group of questions its ``figures``, each with its ``value``, the limits ``low`` and ``high`` of
    its 95 % interval and the number ``n`` of questions it is about. A group ``es-en`` is Spanish questions whose
    relevant documents are English. Retrieval: nDCG@10, recall@1/@10 and MRR@10 per mode, over ranked documents (SQuAD,
    BEIR) or judged spans (one's own questions). Answers: share of questions whose quotes hold a gold answer.
    One's own questions that name the parts of an answer also tell whether all are quoted, and how far confidence is right.
    Abstention: by the data set's own unanswerable questions, else, for SQuAD, by asking each question again with the
    paragraphs of its article left out. Times: one question at a time, in ms. ``queries`` holds every question's values.

    SQuAD in two languages: ``articles`` limits which questions count, never the pool; with ``all``, the odd-indexed
    ones, which no parameter was chosen on, are also given apart. In the mixed pool all paragraphs of both languages are
    together.

    ``calibration`` None means that of the shipped encoder; a ``reader`` judges what answers. ``data`` is the data directory whose active build one's own questions are asked of. ``split`` is BEIR's. ``against``
    is an earlier report to compare with, question by question; ``run`` a file to write hybrid results to, for trec_eval.

    :raises CorpusError: for a data set or an earlier report that cannot be used.
    :raises StoreError: when one's own questions are asked and there is no build to ask.
    """
    earlier = read_earlier(against) if against else None
    dataset = read_dataset(path, split)
    if articles != "all" and not isinstance(dataset, Squad):
        raise CorpusError(
            f"{path} has no articles to choose the {articles} ones of; leave out --articles, which is for SQuAD files"
        )
    if split is not None and not isinstance(dataset, Beir):
        raise CorpusError(f"{path} has no splits; leave out --split, which is for BEIR folders")
    skipped: list[str] = []
    if isinstance(dataset, Squad):
        kind: Format = "squad"
        records, tables = _squad(dataset, encoder, calibration, reader, articles, log)
    elif isinstance(dataset, Beir):
        kind, skipped = "beir", dataset.skipped
        records, tables = _beir(dataset, encoder, calibration, reader, log)
    else:
        kind = "questions"
        records, tables, skipped = _own(
            dataset, encoder, calibration, reader, data or Path("data"), log
        )
    if run:
        _write_run(
            run, records, several=kind == "squad" and len({r.groups[0] for r in records}) > 1
        )
    shown = [name for t in tables for name in t.groups]
    columns = {name: _columns([r for r in records if name in r.groups]) for name in shown}
    return Report(
        dataset=dataset.name,
        format=kind,
        articles=articles,
        encoder=encoder.card.name,
        revision=encoder.card.revision,
        tables=tuple(tables),
        groups={
            name: Group(sum(name in r.groups for r in records), _figures(columns[name]))
            for name in shown
        },
        gap=_gap(records, columns),
        skipped=tuple(skipped),
        against=_compared(records, shown, earlier) if earlier else None,
        queries=tuple(Asked(r.query_id, r.groups, r.values) for r in records),
    )


def _squad(
    dataset: Squad,
    encoder: Encoder,
    calibration: Calibration | None,
    reader: Reader | None,
    articles: Articles,
    log: Log,
) -> tuple[list[_Record], list[Table]]:
    langs = list(dataset.documents)
    directions = [(lang, lang) for lang in langs]
    if dataset.parallel:
        directions += [(langs[0], langs[1]), (langs[1], langs[0])]
    records = []
    # Paragraphs are the unit of this protocol: as long as the encoder's window allows
    whole = Splitting(max_tokens=encoder.card.max_tokens - 8)
    with tempfile.TemporaryDirectory(prefix="fuente-evaluate-") as scratch:
        engines = {
            lang: _engine_of(
                documents, encoder, calibration, reader, Path(scratch) / lang, whole, lang, log
            )
            for lang, documents in dataset.documents.items()
        }
        for asked, told in directions:
            began = time.monotonic()
            name = f"{asked}-{told}"
            chosen = _chosen(dataset, asked, told, articles)
            for question in chosen:
                values, found = _ask(engines[told], question, by_document=True)
                groups = _with_odd(name, question.article, articles)
                ids = [(f"{told}/{doc_id}", score) for doc_id, score in found]
                records.append(_Record(question.query_id, groups, values, ids))
            log(f"{name}: {len(chosen)} questions, {time.monotonic() - began:.0f} s")
        for engine in engines.values():
            engine.close()
        if dataset.parallel:
            folder = Path(scratch) / "mixed"
            records += _mixed(dataset, encoder, calibration, reader, articles, folder, whole, log)
    title = {"all": "all articles", "even": "even articles", "odd": "odd articles"}[articles]
    tables = [Table(title, tuple(f"{a}-{t}" for a, t in directions))]
    if dataset.parallel:
        tables.append(
            Table(f"{title}, both languages in one pool", tuple(f"{a}-mixed" for a in langs))
        )
    if articles == "all":
        # Parameters were chosen on the even ones of XQuAD
        odd = [
            Table(t.title.replace("all", "odd", 1), tuple(f"{name} odd" for name in t.groups))
            for t in tables
        ]
        filled = {name for r in records for name in r.groups}
        tables += [t for t in odd if filled.issuperset(t.groups)]
    return records, tables


def _with_odd(name: str, article: int, articles: Articles) -> tuple[str, ...]:
    return (name, f"{name} odd") if articles == "all" and article % 2 else (name,)


def _engine_of(
    documents: Sequence[Document],
    encoder: Encoder,
    calibration: Calibration | None,
    reader: Reader | None,
    folder: Path,
    splitting: Splitting | None,
    name: str,
    log: Log,
) -> Engine:
    log(f"indexing {len(documents)} documents ({name})")
    folder.mkdir()
    index = index_documents(documents, encoder, folder, splitting)
    return Engine(
        OpenIndex(index),
        Remembering(encoder),
        calibration=calibration,
        reader=reader,
        max_question_chars=100_000,
    )


def _chosen(dataset: Squad, asked: Lang, told: Lang, articles: Articles) -> list[Judged]:
    """The questions of one direction, each with the paragraphs of all other articles to ask again without its own."""
    questions = [
        q
        for q in dataset.questions[asked]
        if articles == "all" or q.article % 2 == (articles == "odd")
    ]
    others: dict[int, tuple[str, ...]] = {}
    # Questions that are unanswerable by design are harder than any that we can make so
    if not any(q.unanswerable for q in dataset.questions[asked]):
        article_of = {q.doc_id: q.article for q in dataset.questions[told]}
        every = [d.doc_id for d in dataset.documents[told]]
        others = {
            article: tuple(d for d in every if article_of.get(d) != article)
            for article in {q.article for q in questions}
        }

    def judged(q: SquadQuestion) -> Judged:
        return Judged(
            q.query_id,
            q.text,
            asked,
            () if q.unanswerable else (Judgement(q.doc_id),),
            dataset.answers[told].get(q.query_id, ()),
            q.unanswerable,
            others.get(q.article, ()),
            q.article,
        )

    return [judged(q) for q in questions]


def _mixed(
    dataset: Squad,
    encoder: Encoder,
    calibration: Calibration | None,
    reader: Reader | None,
    articles: Articles,
    folder: Path,
    splitting: Splitting,
    log: Log,
) -> list[_Record]:
    """Questions of both languages over all paragraphs of both: is the right one found in either, and in both?"""
    documents = [
        replace(d, doc_id=f"{lang}/{d.doc_id}")
        for lang, told in dataset.documents.items()
        for d in told
    ]
    engine = _engine_of(documents, encoder, calibration, reader, folder, splitting, "mixed", log)
    records = []
    for asked in dataset.documents:
        began = time.monotonic()
        name = f"{asked}-mixed"
        chosen = [q for q in _chosen(dataset, asked, asked, articles) if not q.unanswerable]
        for question in chosen:
            right = [f"{lang}/{question.judgements[0].doc_id}" for lang in dataset.documents]
            found = _ranked(engine, question, "hybrid", by_document=True)[0]
            grades = grades_of_documents((d for d, _ in found), [Judgement(d) for d in right])
            values = {
                MIXED_FIRST: float(bool(grades and grades[0])),
                MIXED_BOTH: float(sum(grades[:3]) == len(right)),
                "hybrid ndcg@10": ndcg(grades, [1] * len(right)),
                "hybrid recall@10": recall(grades, len(right), _K),
            }
            groups = _with_odd(name, question.article, articles)
            records.append(_Record(question.query_id, groups, values, found))
        log(f"{name}: {len(chosen)} questions, {time.monotonic() - began:.0f} s")
    engine.close()
    return records


def _beir(
    dataset: Beir,
    encoder: Encoder,
    calibration: Calibration | None,
    reader: Reader | None,
    log: Log,
) -> tuple[list[_Record], list[Table]]:
    langs = {d.doc_id: d.lang for d in dataset.documents}
    with tempfile.TemporaryDirectory(prefix="fuente-evaluate-") as scratch:
        folder = Path(scratch) / "pool"
        engine = _engine_of(
            dataset.documents, encoder, calibration, reader, folder, None, dataset.name, log
        )
        records, tables = _asked_of_one(engine, dataset.questions, langs, True, log)
        engine.close()
    return records, tables


def _own(
    dataset: OwnQuestions,
    encoder: Encoder,
    calibration: Calibration | None,
    reader: Reader | None,
    data: Path,
    log: Log,
) -> tuple[list[_Record], list[Table], list[str]]:
    engine = Engine(
        data,
        Remembering(encoder),
        calibration=calibration,
        reader=reader,
        max_question_chars=100_000,
    )
    index = engine.serving()
    questions, skipped = locate(dataset, index)
    langs = {
        doc_id: index.document(doc_id).lang
        for doc_id in {j.doc_id for q in questions for j in q.judgements}
    }
    records, tables = _asked_of_one(engine, questions, langs, False, log)
    engine.close()
    return records, tables, skipped


def _asked_of_one(
    engine: Engine,
    questions: Sequence[Judged],
    langs: Mapping[str, Lang],
    by_document: bool,
    log: Log,
) -> tuple[list[_Record], list[Table]]:
    """All questions over one pool: the groups are all, each language of questions, and each pair of languages."""
    began = time.monotonic()
    records = []
    for question in questions:
        values, found = _ask(engine, question, by_document=by_document)
        told = {langs[j.doc_id] for j in question.judgements if j.grade > 0}
        groups = ["all", question.lang]
        if told:
            groups.append(f"{question.lang}-{told.pop() if len(told) == 1 else 'both'}")
        records.append(_Record(question.query_id, tuple(groups), values, found))
    log(f"{len(questions)} questions, {time.monotonic() - began:.0f} s")
    names = list(dict.fromkeys(name for r in records for name in r.groups))
    ordered = [
        "all",
        *(name for name in language.LANGS if name in names),
        *sorted(name for name in names if "-" in name),
    ]
    spoken = tuple(n for n in ordered if "-" not in n)
    tables = [
        # Of one language, all say the same as that language
        Table("by language of the question", spoken if len(spoken) > 2 else spoken[1:]),
        Table("by languages of question and document", tuple(n for n in ordered if "-" in n)),
    ]
    return records, [t for t in tables if t.groups]


def _ask(
    engine: Engine, question: Judged, *, by_document: bool
) -> tuple[dict[str, float], list[tuple[str, float]]]:
    """The values of one question, and its hybrid results."""
    query = Query(question.text, question.lang)
    began = time.perf_counter()
    # As a server answers it: the same number of passages, and the question encoded anew
    answer = engine.ask(query)
    values = {"answer ms": round((time.perf_counter() - began) * 1000, 2)}
    relevant = [j.grade for j in question.judgements if j.grade > 0]
    asked_as = None
    if question.unanswerable:
        asked_as = "unanswerable"
    elif relevant or question.answers or question.ways:
        asked_as = "answerable"
    if asked_as:
        values[f"{asked_as} confidence"] = answer.confidence
        values[f"{asked_as} declined"] = float(answer.status == "abstained")
    if question.answers:
        held = any(gold.strip() in c.quote for gold in question.answers for c in answer.citations)
        values["quote holds the answer"] = float(held)
    if not by_document:
        values |= _units(question, answer, values)
    found: list[tuple[str, float]] = []
    for mode in MODES:
        if not relevant and mode != "hybrid":
            continue
        found, grades = _ranked(engine, question, mode, by_document=by_document)
        if relevant:
            values[f"{mode} ndcg@10"] = ndcg(grades, relevant)
            values[f"{mode} recall@1"] = recall(grades, len(relevant), 1)
            values[f"{mode} recall@10"] = recall(grades, len(relevant), _K)
            values[f"{mode} mrr@10"] = reciprocal_rank(grades)
    # Where nothing is left to answer from, no filter at all would mean every document
    if question.others:
        without = engine.ask(query, SearchOptions(document_ids=question.others))
        values["unanswerable confidence"] = without.confidence
        values["unanswerable declined"] = float(without.status == "abstained")
    return values, found


def _units(question: Judged, answer: Answer, values: Mapping[str, float]) -> dict[str, float]:
    """What the quotes hold of what a person would underline, and whether that makes the answer right."""
    found: dict[str, float] = {}
    declined = answer.status == "abstained"
    right = values.get("quote holds the answer")
    if question.ways:
        held = quoted(question.ways, answer.citations)
        found[ALL_PARTS] = right = float(held.share == 1)
        found[FIRST_QUOTE] = float(held.first)
        found[SHARE] = held.share
        found[NO_PART] = float(not declined and held.share == 0)
    if question.near is not None:
        found[NEAR_MISS] = float(declined)
    if question.unanswerable:
        right = 0.0
    if right is not None and not declined:
        found[_RIGHT], found[_ANSWERED] = right, answer.confidence
    return found


def _ranked(
    engine: Engine, question: Judged, mode: str, *, by_document: bool
) -> tuple[list[tuple[str, float]], list[int]]:
    """What was found, with scores, best first; and the grades in that order."""
    query = Query(question.text, question.lang)
    hits = engine.search(query, SearchOptions(limit=_DEPTH, mode=mode)).hits
    if not by_document:
        found = [(h.passage.passage_id, h.score) for h in hits]
        return found, grades_of_spans((h.passage for h in hits), question.judgements)
    best = documents_found(hits)
    return list(best.items()), grades_of_documents(best, question.judgements)


# --------------------------------------------------------------------------- figures


def _columns(records: Sequence[_Record]) -> dict[str, Values]:
    names = dict.fromkeys(name for r in records for name in r.values)
    return {n: np.array([r.values.get(n, np.nan) for r in records]) for n in names}


def _statistics(columns: Mapping[str, Values]) -> dict[str, Statistic]:
    """Each figure that the columns allow, in the order of the table."""
    found = {name: mean_of(columns[name]) for name in MEANS if name in columns}
    sides = ("answerable confidence", "unanswerable confidence")
    if all(side in columns for side in sides):
        found[AUROC] = auroc_of(columns[sides[0]], columns[sides[1]])
    if _RIGHT in columns:
        right, confidence = columns[_RIGHT], columns[_ANSWERED]
        if (right == 1).any() and (right == 0).any():
            sides_of = (np.where(right == side, confidence, np.nan) for side in (1, 0))
            found[RIGHT_AUROC] = auroc_of(*sides_of)
        found[CALIBRATION] = calibration_error_of(confidence, right)
        found[RISK] = risk_of(confidence, right)
    if "answer ms" in columns:
        found |= {name: quantile_of(columns["answer ms"], q) for name, q in TIMES.items()}
    return found


def _figures(columns: Mapping[str, Values]) -> dict[str, Figure]:
    n = len(next(iter(columns.values()))) if columns else 0
    found = {}
    for name, estimate in estimates(_statistics(columns), n).items():
        digits = 2 if name in TIMES else 4
        value, low, high = estimate.value, estimate.low, estimate.high
        found[name] = Figure(
            _number(value, digits),
            _number(low, digits),
            _number(high, digits),
            _n_measured(name, columns),
        )
    return found


def _n_measured(name: str, columns: Mapping[str, Values]) -> int:
    if name in (RIGHT_AUROC, CALIBRATION, RISK):
        return int(np.isfinite(columns[_RIGHT]).sum())
    if name == AUROC:
        sides = (columns["answerable confidence"], columns["unanswerable confidence"])
        return int(np.isfinite(sides).any(axis=0).sum())
    return int(np.isfinite(columns["answer ms" if name in TIMES else name]).sum())


def _number(value: float, digits: int) -> float | None:
    return round(value, digits) if math.isfinite(value) else None


def _gap(records: Sequence[_Record], columns: Mapping[str, Mapping[str, Values]]) -> Gap | None:
    """Spanish less English in hybrid nDCG@10, paired where both were asked the same questions; None without both."""
    for spanish, english in (("es-es", "en-en"), ("es", "en")):
        if not all(_GAP in columns.get(name, {}) for name in (spanish, english)):
            continue
        sides = [
            {r.query_id: r.values[_GAP] for r in records if name in r.groups and _GAP in r.values}
            for name in (spanish, english)
        ]
        es, en = sides
        same = es.keys() == en.keys()
        ours = mean_of(np.array(list(es.values())))
        if same:
            difference = paired(ours, mean_of(np.array([en[i] for i in es])), len(es))
        else:
            theirs = mean_of(np.array(list(en.values())))
            difference = unpaired(ours, len(es), theirs, len(en))
        change = _change(difference)
        return Gap(_GAP, (spanish, english), same, change.value, change.low, change.high, change.p)
    return None


def _change(difference: Difference) -> Change:
    sides = (difference.value, difference.low, difference.high, difference.p)
    return Change(*(_number(value, 4) for value in sides))


# --------------------------------------------------------------------------- against an earlier run


def _compared(
    records: Sequence[_Record],
    groups: Sequence[str],
    earlier: Earlier,
) -> Against:
    """Each figure but the times, which the machine decides: this run less the earlier one, over the questions in both."""
    then = earlier.values
    both = [r for r in records if (r.groups[0], r.query_id) in then]
    if not both:
        raise CorpusError(
            f"{earlier.path} has no question in common with this run; expected a report on the same data set "
            f"(it is on {earlier.dataset!r})"
        )
    found: dict[str, ChangedGroup] = {}
    for group in groups:
        ours: list[_Record] = []
        theirs: list[_Record] = []
        for r in both:
            if group in r.groups:
                other = then[r.groups[0], r.query_id]
                # A question counts where both runs measured it
                shared = [name for name in r.values if name in other and name != "answer ms"]
                ours.append(replace(r, values={name: r.values[name] for name in shared}))
                theirs.append(replace(r, values={name: other[name] for name in shared}))
        statistics = _statistics(_columns(ours)), _statistics(_columns(theirs))
        changes = {
            name: _change(paired(statistics[0][name], statistics[1][name], len(ours)))
            for name in statistics[0]
        }
        found[group] = ChangedGroup(len(ours), changes)
    return Against(earlier.dataset, earlier.encoder, earlier.revision, found)


# --------------------------------------------------------------------------- a file for trec_eval


def _write_run(path: Path, records: Sequence[_Record], *, several: bool) -> None:
    """Lines ``query Q0 document rank score tag``; white space inside an id is percent-encoded.

    ``several``: questions asked in several directions or pools get the name of it before their id.
    """
    lines = []
    for r in records:
        query_id = f"{r.groups[0]}/{r.query_id}" if several else r.query_id
        last = np.float32(np.inf)
        for rank, (found_id, score) in enumerate(r.run, 1):
            # trec_eval sorts by score, which it reads as a 32-bit float, and equal ones by id: ours must never be equal
            last = min(np.float32(score), np.nextafter(last, np.float32(-np.inf)))
            lines.append(f"{_one_word(query_id)} Q0 {_one_word(found_id)} {rank} {last:.9g} fuente")
    try:
        path.write_text("".join(line + "\n" for line in lines), "utf-8")
    except OSError as error:
        raise CorpusError(
            f"{path} cannot be written ({error.strerror}); expected a file in a folder that is there"
        ) from error


def _one_word(text: str) -> str:
    return re.sub(r"\s", lambda space: quote(space[0]), text)
