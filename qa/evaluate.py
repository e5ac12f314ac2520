"""How good retrieval, answers and abstention are, Spanish and English side by side.

The protocol is that of MTEB's XQuADRetrieval: the distinct paragraphs of one language are the documents,
each question has one relevant paragraph, and nDCG@10 is averaged over all questions, a question without a
result counting zero. Across languages the questions of one are asked of the paragraphs of the other.
"""

from __future__ import annotations

import json
import math
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from corpus.document import CorpusError, Document, Lang
from corpus.split import Splitting
from index.encoder import Encoded, Encoder, Kind
from index.store import index_documents
from qa.engine import Engine, Query, SearchOptions
from qa.retrieve import Mode

Articles = Literal["all", "even", "odd"]
MODES: tuple[Mode, ...] = ("dense", "lexical", "hybrid")
LANGS: tuple[Lang, Lang] = ("es", "en")
DIRECTIONS: tuple[tuple[Lang, Lang], ...] = (("es", "es"), ("en", "en"), ("es", "en"), ("en", "es"))

_K = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """One question with its relevant paragraph; ``article`` numbers from 0, ``answers`` are gold strings per language."""

    query_id: str
    text: str
    doc_id: str
    article: int


@dataclass(frozen=True, slots=True)
class Dataset:
    """Paragraphs and questions of both languages; ids are the same in both."""

    documents: dict[Lang, list[Document]]
    questions: dict[Lang, list[Judged]]
    answers: dict[Lang, dict[str, tuple[str, ...]]]


def ndcg_at_10(ranks: Sequence[int | None]) -> float:
    """Mean of 1 / log2(rank + 1) for one relevant document each, 0 beyond rank 10 or when not found (None)."""
    gains = [1 / math.log2(r + 1) if r is not None and r <= _K else 0.0 for r in ranks]
    return float(np.mean(gains)) if gains else 0.0


def recall_at(ranks: Sequence[int | None], k: int) -> float:
    """Share of questions whose relevant document is among the first k."""
    return float(np.mean([r is not None and r <= k for r in ranks])) if ranks else 0.0


def mrr_at_10(ranks: Sequence[int | None]) -> float:
    """Mean reciprocal rank, 0 beyond rank 10."""
    found = [1 / r if r is not None and r <= _K else 0.0 for r in ranks]
    return float(np.mean(found)) if found else 0.0


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive's score is above a negative's, ties counting half (Mann & Whitney 1947)."""
    scores = np.concatenate([positive, negative])
    order = scores.argsort(kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    for value in np.unique(scores):
        tied = scores == value
        ranks[tied] = ranks[tied].mean()
    n, m = len(positive), len(negative)
    if not n or not m:
        return float("nan")
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def read_xquad(folder: Path) -> Dataset:
    """``xquad.es.json`` and ``xquad.en.json`` (SQuAD layout) of a folder.

    :raises CorpusError: when a file is missing or laid out otherwise.
    """
    documents: dict[Lang, list[Document]] = {}
    questions: dict[Lang, list[Judged]] = {}
    answers: dict[Lang, dict[str, tuple[str, ...]]] = {}
    for lang in LANGS:
        path = folder / f"xquad.{lang}.json"
        try:
            articles = json.loads(path.read_text("utf-8"))["data"]
            documents[lang], questions[lang], answers[lang] = [], [], {}
            for number, article in enumerate(articles):
                for paragraph in article["paragraphs"]:
                    doc_id = f"{len(documents[lang]):05d}"
                    text = paragraph["context"]
                    documents[lang].append(Document(doc_id, "", lang, text, (), (), ""))
                    for qa in paragraph["qas"]:
                        questions[lang].append(Judged(qa["id"], qa["question"], doc_id, number))
                        answers[lang][qa["id"]] = tuple(a["text"] for a in qa["answers"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CorpusError(
                f"{path} cannot be read as SQuAD JSON ({type(error).__name__}: {error}); "
                "expected a folder with xquad.es.json and xquad.en.json"
            ) from error
    return Dataset(documents, questions, answers)


def evaluate(
    folder: Path,
    encoder: Encoder,
    *,
    articles: Articles = "all",
    log: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Figures per direction (``"es-en"`` = Spanish questions, English paragraphs), as a JSON-able dict.

    Retrieval: nDCG@10, recall@1/@10 and MRR@10 per mode. Answers, from the whole pool: share of questions whose
    quotes hold a gold answer. Abstention: each question is asked again with the paragraphs of its article left out.
    ``articles`` limits which questions count, never the pool; with ``all``, ``odd`` holds the same figures for the
    odd-indexed articles alone, which no parameter was chosen on.
    """
    dataset = read_xquad(folder)
    report: dict[str, Any] = {
        "dataset": folder.name,
        "articles": articles,
        "encoder": encoder.card.name,
        "revision": encoder.card.revision,
        "directions": {},
    }
    if articles == "all":
        report["odd"] = {}
    with tempfile.TemporaryDirectory(prefix="fuente-evaluate-") as scratch:
        engines = {}
        for lang in LANGS:
            log(f"indexing {len(dataset.documents[lang])} {lang} paragraphs")
            place = Path(scratch) / lang
            place.mkdir()
            # Paragraphs are the unit of this protocol: as long as the encoder's window allows
            whole = Splitting(max_tokens=encoder.card.max_tokens - 8)
            index = index_documents(dataset.documents[lang], encoder, place, whole)
            engines[lang] = Engine.of_index(index, _Remembering(encoder))
        for asked, told in DIRECTIONS:
            began = time.monotonic()
            outcomes = _direction(dataset, asked, told, engines[told], articles)
            report["directions"][f"{asked}-{told}"] = _figures(outcomes)
            if articles == "all":
                odd = [o for o in outcomes if o.article % 2]
                report["odd"][f"{asked}-{told}"] = _figures(odd)
            log(f"{asked} -> {told}: {len(outcomes)} questions, {time.monotonic() - began:.0f} s")
        for engine in engines.values():
            engine.close()
    return report


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one question."""

    article: int
    ranks: dict[Mode, int | None]
    latency_ms: float
    held: bool
    answerable: float
    declined: bool
    unanswerable: float
    declined_rightly: bool


class _Remembering:
    """An encoder that keeps the last question: each is asked several times, and encoding is most of the work."""

    def __init__(self, encoder: Encoder):
        self._encoder = encoder
        self._last: tuple[list[str], list[Encoded]] = ([], [])
        self.card = encoder.card
        self.encode_queries = encoder.encode_queries
        self.encode_passages = encoder.encode_passages
        self.count_tokens = encoder.count_tokens

    def encode_tokens(self, texts: Sequence[str], kind: Kind) -> list[Encoded]:
        if kind == "passage":
            return self._encoder.encode_tokens(texts, kind)
        if self._last[0] != list(texts):
            self._last = (list(texts), self._encoder.encode_tokens(texts, kind))
        return self._last[1]


def _direction(
    dataset: Dataset, asked: Lang, told: Lang, engine: Engine, articles: Articles
) -> list[_Outcome]:
    article_of = {q.doc_id: q.article for q in dataset.questions[told]}
    every = [d.doc_id for d in dataset.documents[told]]
    outcomes = []
    for question in dataset.questions[asked]:
        if articles != "all" and question.article % 2 != (articles == "odd"):
            continue
        query = Query(question.text, asked)
        began = time.perf_counter()
        answer = engine.ask(query, SearchOptions(limit=60))
        latency_ms = (time.perf_counter() - began) * 1000
        ranks: dict[Mode, int | None] = {
            "hybrid": _rank([h.passage.doc_id for h in answer.hits], question.doc_id)
        }
        for mode in ("dense", "lexical"):
            result = engine.search(query, SearchOptions(limit=60, mode=mode))
            ranks[mode] = _rank([h.passage.doc_id for h in result.hits], question.doc_id)
        gold = dataset.answers[told].get(question.query_id, ())
        others = tuple(d for d in every if article_of.get(d) != question.article)
        unanswerable, declined_rightly = 0.0, True
        # Where nothing is left to answer from, no filter at all would mean every document
        if others:
            without = engine.ask(query, SearchOptions(limit=5, document_ids=others))
            unanswerable, declined_rightly = without.confidence, without.status == "abstained"
        outcomes.append(
            _Outcome(
                article=question.article,
                ranks=ranks,
                latency_ms=latency_ms,
                held=any(g.strip() in c.quote for g in gold for c in answer.citations),
                answerable=answer.confidence,
                declined=answer.status == "abstained",
                unanswerable=unanswerable,
                declined_rightly=declined_rightly,
            )
        )
    return outcomes


def _figures(outcomes: Sequence[_Outcome]) -> dict[str, Any]:
    def share(found: Sequence[bool]) -> float:
        return round(float(np.mean(found)), 4) if found else 0.0

    def percentile(q: float) -> float | None:
        times = [o.latency_ms for o in outcomes]
        return round(float(np.percentile(times, q)), 2) if times else None

    ranks = {mode: [o.ranks[mode] for o in outcomes] for mode in MODES}
    area = auroc([o.answerable for o in outcomes], [o.unanswerable for o in outcomes])
    return {
        "questions": len(outcomes),
        "modes": {
            mode: {
                "ndcg@10": round(ndcg_at_10(found), 4),
                "recall@1": round(recall_at(found, 1), 4),
                "recall@10": round(recall_at(found, 10), 4),
                "mrr@10": round(mrr_at_10(found), 4),
            }
            for mode, found in ranks.items()
        },
        "answer_holds_gold": share([o.held for o in outcomes]),
        "abstention": {
            "auroc": None if math.isnan(area) else round(area, 4),
            "answerable_declined": share([o.declined for o in outcomes]),
            "unanswerable_declined": share([o.declined_rightly for o in outcomes]),
        },
        "latency_ms": {"p50": percentile(50), "p95": percentile(95)},
    }


def _rank(found: Sequence[str], wanted: str) -> int | None:
    """1-based rank of a document among passages in order, its best passage counting."""
    seen: list[str] = []
    for doc_id in found:
        if doc_id not in seen:
            seen.append(doc_id)
            if doc_id == wanted:
                return len(seen)
    return None


def table(report: dict[str, Any]) -> str:
    """The report as text: one column per direction, all articles and then the odd-indexed ones."""
    title = f"{report['dataset']}, encoder {report['encoder']} ({report['revision']})"
    lines = [f"{title}, {report['articles']} articles", *_block(report["directions"])]
    if "odd" in report:
        lines += ["", f"{title}, odd articles", *_block(report["odd"])]
    return "\n".join(lines)


def _block(directions: dict[str, Any]) -> list[str]:
    names = list(directions)
    lines = [" " * 24 + "".join(f"{n.replace('-', '→'):>10}" for n in names)]

    def line(label: str, values: Sequence[float | None], digits: int = 4) -> None:
        cells = "".join(f"{v:>10.{digits}f}" if v is not None else f"{'–':>10}" for v in values)
        lines.append(f"{label:24}{cells}")

    for measure in ("ndcg@10", "recall@1", "recall@10", "mrr@10"):
        for mode in MODES:
            line(f"{mode} {measure}", [directions[n]["modes"][mode][measure] for n in names])
    line("quote holds the answer", [directions[n]["answer_holds_gold"] for n in names])
    line("abstention AUROC", [directions[n]["abstention"]["auroc"] for n in names])
    for key in ("answerable_declined", "unanswerable_declined"):
        line(key.replace("_", " "), [directions[n]["abstention"][key] for n in names])
    line("answer p50 ms", [directions[n]["latency_ms"]["p50"] for n in names], 1)
    line("answer p95 ms", [directions[n]["latency_ms"]["p95"] for n in names], 1)
    hybrid = {n: directions[n]["modes"]["hybrid"]["ndcg@10"] for n in names}
    gap = hybrid["es-es"] - hybrid["en-en"]
    return [*lines, f"Spanish minus English, hybrid nDCG@10: {gap:+.4f}"]
