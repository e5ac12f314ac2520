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
from index.encoder import Encoder
from index.store import Index, index_documents
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
    ``articles`` limits which questions count, never the pool.
    """
    dataset = read_xquad(folder)
    report: dict[str, Any] = {
        "dataset": folder.name,
        "articles": articles,
        "encoder": encoder.card.name,
        "revision": encoder.card.revision,
        "directions": {},
    }
    with tempfile.TemporaryDirectory(prefix="fuente-evaluate-") as scratch:
        engines = {}
        for lang in LANGS:
            log(f"indexing {len(dataset.documents[lang])} {lang} paragraphs")
            place = Path(scratch) / lang
            place.mkdir()
            # Paragraphs are the unit of this protocol: as long as the encoder's window allows
            whole = Splitting(max_tokens=encoder.card.max_tokens - 8)
            index = index_documents(dataset.documents[lang], encoder, place, whole)
            engines[lang] = (Engine.of_index(index, encoder), index)
        for asked, told in DIRECTIONS:
            began = time.monotonic()
            engine, index = engines[told]
            figures = _direction(dataset, asked, told, engine, index, articles)
            report["directions"][f"{asked}-{told}"] = figures
            log(
                f"{asked} -> {told}: {figures['questions']} questions, {time.monotonic() - began:.0f} s"
            )
        for engine, _ in engines.values():
            engine.close()
    return report


def _direction(
    dataset: Dataset, asked: Lang, told: Lang, engine: Engine, index: Index, articles: Articles
) -> dict[str, Any]:
    article_of = {q.doc_id: q.article for q in dataset.questions[told]}
    every = [d.doc_id for d in dataset.documents[told]]
    questions = [
        q
        for q in dataset.questions[asked]
        if articles == "all" or q.article % 2 == (articles == "odd")
    ]
    ranks: dict[Mode, list[int | None]] = {mode: [] for mode in MODES}
    latencies: list[float] = []
    held: list[bool] = []
    answerable: list[float] = []
    unanswerable: list[float] = []
    declined, declined_rightly = 0, 0
    for question in questions:
        query = Query(question.text, asked)
        for mode in ("dense", "lexical"):
            result = engine.search(query, SearchOptions(limit=60, mode=mode))
            ranks[mode].append(_rank([h.passage.doc_id for h in result.hits], question.doc_id))
        began = time.perf_counter()
        answer = engine.ask(query, SearchOptions(limit=60))
        latencies.append((time.perf_counter() - began) * 1000)
        ranks["hybrid"].append(_rank([h.passage.doc_id for h in answer.hits], question.doc_id))
        gold = dataset.answers[told].get(question.query_id, ())
        held.append(any(g.strip() in c.quote for g in gold for c in answer.citations))
        answerable.append(answer.confidence)
        declined += answer.status == "abstained"
        others = tuple(d for d in every if article_of.get(d) != question.article)
        if not others:
            # Nothing is left to answer from, and no filter at all would mean every document
            unanswerable.append(0.0)
            declined_rightly += 1
            continue
        without = engine.ask(query, SearchOptions(limit=5, document_ids=others))
        unanswerable.append(without.confidence)
        declined_rightly += without.status == "abstained"
    n = max(1, len(questions))
    return {
        "questions": len(questions),
        "passages": len(index),
        "modes": {
            mode: {
                "ndcg@10": round(ndcg_at_10(found), 4),
                "recall@1": round(recall_at(found, 1), 4),
                "recall@10": round(recall_at(found, 10), 4),
                "mrr@10": round(mrr_at_10(found), 4),
            }
            for mode, found in ranks.items()
        },
        "answer_holds_gold": round(float(np.mean(held)), 4) if held else 0.0,
        "abstention": {
            "auroc": round(auroc(answerable, unanswerable), 4) if questions else None,
            "answerable_declined": round(declined / n, 4),
            "unanswerable_declined": round(declined_rightly / n, 4),
        },
        "latency_ms": {
            "p50": round(float(np.percentile(latencies, 50)), 2) if latencies else None,
            "p95": round(float(np.percentile(latencies, 95)), 2) if latencies else None,
        },
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
    """The report as text: one column per direction."""
    directions = report["directions"]
    names = list(directions)
    head = "".join(f"{n.replace('-', '→'):>10}" for n in names)
    lines = [
        f"{report['dataset']}, {report['articles']} articles, encoder {report['encoder']} ({report['revision']})",
        f"{'':24}{head}",
    ]

    def line(label: str, values: Sequence[float | None], digits: int = 4) -> None:
        cells = "".join(f"{v:>10.{digits}f}" if v is not None else f"{'–':>10}" for v in values)
        lines.append(f"{label:24}{cells}")

    for measure in ("ndcg@10", "recall@1", "recall@10", "mrr@10"):
        for mode in MODES:
            line(f"{mode} {measure}", [directions[n]["modes"][mode][measure] for n in names])
    line("quote holds the answer", [directions[n]["answer_holds_gold"] for n in names])
    line("abstention AUROC", [directions[n]["abstention"]["auroc"] for n in names])
    line("answerable declined", [directions[n]["abstention"]["answerable_declined"] for n in names])
    line(
        "unanswerable declined",
        [directions[n]["abstention"]["unanswerable_declined"] for n in names],
    )
    line("answer p50 ms", [directions[n]["latency_ms"]["p50"] for n in names], 1)
    line("answer p95 ms", [directions[n]["latency_ms"]["p95"] for n in names], 1)
    gap = (
        directions["es-es"]["modes"]["hybrid"]["ndcg@10"]
        - directions["en-en"]["modes"]["hybrid"]["ndcg@10"]
    )
    lines.append(f"Spanish minus English, hybrid nDCG@10: {gap:+.4f}")
    return "\n".join(lines)
