"""A million real passages: make the collection, build it, measure it, draw how the figures grow.

    million.py collect PATH --data D --passages N    PATH holds parallel/*.tsv.gz (lines english<TAB>spanish)
    million.py build --data D                        rate of the build against that of the encoder alone
    million.py measure --data D                      search, recall, memory, start, one document more, disk
    million.py plot D D D --svg FILE --lang en|es    a picture of several such folders

A side of a pair is a paragraph; neighbouring sides of one source and one language make pages of about a hundred passages,
each a text file, and the pages of all sources are shuffled, always alike: a smaller collection is a part of a larger one.
The same sentence comes once. A passage is a sentence, or a few short ones: splitting is done at MAX_TOKENS. What each
step finds is kept in D/million.json.

build: some of the texts that the build has encoded (about 5,000 passages and their sentences) are encoded once more when it
is done, and timed; from that follows the time that the encoder alone would need for all of them, and the build's own time is compared with it.

measure: distinct questions, half of them people's own, half about some words of an indexed sentence, half in each
language, after a warm-up with others. Search is the sum of dense, lexical and fuse, in this process, one question at a
time; then the same over HTTP. Recall compares the first ten of the dense index with the ten best of all stored vectors;
equals count. Then one client and sixteen ask in turn, of one process and of two workers. Memory is what the server has written to
after the questions. A document is added, changed and removed
again, each time from the call of the build to the server's first answer from the new one.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import random
import resource
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latency import measure_at_once
from running import Connection, Server, percentile, say

if TYPE_CHECKING:
    from index.encoder import Encoded, Encoder, EncoderCard, Kind, Vectors

NOTE = "million.json"

MAX_TOKENS = 36
# Shorter is a heading or a label, longer several sentences; 280 characters are about 60 tokens.
SIDE_CHARS = range(16, 281)
PAGE_CHARS = 12_000
# Questions of people: asked, not indexed.
HELD_OUT = ("mkqa-questions", "qald-questions")
# Made of the sentences above, and would say them again.
LEFT_OUT = ("-paragraphs",)
KEPT_SIDES = 1_000
WORDS_ASKED = 5

# So many passages are encoded again, alone.
SAMPLED_PASSAGES = 5_000
EXACT_BLOCK = 65_536
CLIENTS = 16
CLIENTS_ASK = 200
K = 10
SEARCH_STEPS = ("dense", "lexical", "fuse")


@dataclass(frozen=True)
class Page:
    """One document: ``sides`` are its paragraphs."""

    doc_id: str
    sides: list[str]


def pairs_of(path: Path) -> Iterator[tuple[str, str]]:
    """English and Spanish of each line, white space made one space."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            english, tab, rest = line.rstrip("\n").partition("\t")
            if tab:
                yield " ".join(english.split()), " ".join(rest.partition("\t")[0].split())


def pages_of(files: list[Path], seed: int) -> list[Page]:
    """All pages of the files, shuffled; a sentence that came before is left out."""
    seen: set[bytes] = set()
    numbers: Counter[str] = Counter()
    pages: list[Page] = []
    for path in files:
        source = path.name.partition(".")[0]
        if source in HELD_OUT or source.endswith(LEFT_OUT):
            continue
        pairs = list(pairs_of(path))
        name = "-".join(source.split("-")[:2])
        for number, lang in enumerate(("en", "es")):
            sides: list[str] = []
            length = 0
            for pair in pairs:
                side = pair[number]
                if len(side) not in SIDE_CHARS or (said := side.encode()) in seen:
                    continue
                seen.add(said)
                sides.append(side)
                length += len(side)
                if length >= PAGE_CHARS:
                    pages.append(_page(name, lang, sides, numbers))
                    sides, length = [], 0
            if length >= PAGE_CHARS // 4:
                pages.append(_page(name, lang, sides, numbers))
    random.Random(seed).shuffle(pages)
    return pages


def _page(name: str, lang: str, sides: list[str], numbers: Counter[str]) -> Page:
    numbers[f"{lang}/{name}"] += 1
    return Page(f"{lang}/{name}-{numbers[f'{lang}/{name}']:04d}.txt", sides)


def collect(folder: Path, data: Path, n_wanted: int, seed: int) -> dict[str, Any]:
    """Write documents until they split into so many passages; the counts, questions and kept sentences."""
    from api.settings import load_settings
    from corpus.parse import parse
    from corpus.split import Splitting, split
    from index.encoder import load_encoder

    files = sorted((folder / "parallel").glob("*.tsv.gz"))
    if not files:
        sys.exit(f"there is no {folder}/parallel/*.tsv.gz")
    documents = data / "documents"
    if documents.is_dir() and any(documents.iterdir()):
        sys.exit(f"{documents} is not empty; name a new folder with --data")
    encoder = load_encoder(load_settings(data=data).encoder)
    splitting = Splitting(max_tokens=MAX_TOKENS)
    pages = pages_of(files, seed)
    say(f"{len(pages)} pages of {len(files)} files")
    rng = random.Random(seed)
    counts: Counter[str] = Counter()
    n_chars = 0
    told: list[tuple[str, str]] = []
    spent_s = 0.0
    written: list[Page] = []
    for page in pages:
        if counts.total() >= n_wanted:
            break
        content = ("\n\n".join(page.sides) + "\n").encode()
        began = time.perf_counter()
        passages = split(parse(content, page.doc_id), encoder.count_tokens, splitting)
        spent_s += time.perf_counter() - began
        counts.update(passage.lang for passage in passages)
        n_chars += sum(len(passage.text) for passage in passages)
        path = documents / page.doc_id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(page)
        if len(written) % 500 == 0:
            say(f"{len(written)} documents, {counts.total()} passages")
    if counts.total() < n_wanted:
        say(f"there are no more than {counts.total()} passages")
    for page in rng.choices(written, k=KEPT_SIDES):
        told.append((page.doc_id[:2], rng.choice(page.sides)))
    asked = [
        list(pair)
        for path in files
        if path.name.partition(".")[0] in HELD_OUT
        for pair in pairs_of(path)
    ]
    rng.shuffle(asked)
    return {
        "seed": seed,
        "max_tokens": MAX_TOKENS,
        "documents": len(written),
        "passages": counts.total(),
        "languages": dict(sorted(counts.items())),
        "mean_chars": round(n_chars / max(1, counts.total()), 1),
        "parse_and_split_s": round(spent_s, 1),
        "asked": asked[:KEPT_SIDES],
        "told": told,
    }


def read_note(data: Path) -> dict[str, Any]:
    """What earlier steps found; SystemExit when there was none."""
    try:
        note: dict[str, Any] = json.loads((data / NOTE).read_text("utf-8"))
    except FileNotFoundError:
        sys.exit(f"there is no {data / NOTE}; run `million.py collect` first")
    return note


def write_note(data: Path, note: dict[str, Any]) -> None:
    (data / NOTE).write_text(json.dumps(note, ensure_ascii=False, indent=1) + "\n", "utf-8")


# --------------------------------------------------------------------------- build


class Sampled:
    """The encoder, which keeps the texts of every n-th call, to be timed by themselves when the build is done."""

    def __init__(self, encoder: Encoder, every: int):
        self._encoder = encoder
        self._every = every
        self._lock = threading.Lock()
        self._n_calls: Counter[str] = Counter()
        self._chars: Counter[str] = Counter()
        self._sample: dict[str, list[str]] = defaultdict(list)

    @property
    def card(self) -> EncoderCard:
        return self._encoder.card

    @property
    def batch(self) -> int:
        return self._encoder.batch

    def count_tokens(self, text: str) -> int:
        return self._encoder.count_tokens(text)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self._note("texts", texts)
        return self._encoder.encode_passages(texts)

    def encode_tokens(self, texts: Sequence[str], kind: Kind) -> list[Encoded]:
        self._note("tokens", texts)
        return self._encoder.encode_tokens(texts, kind)

    def _note(self, kind: str, texts: Sequence[str]) -> None:
        with self._lock:
            self._n_calls[kind] += 1
            self._chars[kind] += sum(map(len, texts))
            if self._n_calls[kind] % self._every == 0:
                self._sample[kind] += texts

    def alone_s(self) -> float:
        """Seconds that all texts would take the encoder by themselves, on all cores."""
        encode: dict[str, Callable[[list[str]], object]] = {
            "texts": self._encoder.encode_passages,
            "tokens": lambda texts: self._encoder.encode_tokens(texts, "passage"),
        }
        total_s = 0.0
        for kind, texts in self._sample.items():
            began = time.perf_counter()
            for at in range(0, len(texts), 64):
                encode[kind](texts[at : at + 64])
            spent_s = time.perf_counter() - began
            total_s += spent_s / sum(map(len, texts)) * self._chars[kind]
        return total_s


def build_all(data: Path, note: dict[str, Any]) -> dict[str, Any]:
    """Build what is new; how long it took, by stage, and how long the encoder alone would have."""
    from api.settings import load_settings
    from corpus.split import Splitting
    from index.encoder import load_encoder
    from index.local.build import Progress, build

    cores = os.cpu_count() or 1
    every = max(1, note["passages"] // SAMPLED_PASSAGES)
    encoder = Sampled(load_encoder(load_settings(data=data).encoder, threads=cores), every)
    stages: dict[str, float] = defaultdict(float)
    stage, since, shown = "scan", time.monotonic(), 0.0

    def progress(step: Progress) -> None:
        nonlocal stage, since, shown
        now = time.monotonic()
        stages[stage] += now - since
        stage, since = step.stage, now
        if now - shown > 10:
            shown = now
            left = "" if step.eta_s is None else f", {step.eta_s:.0f} s left"
            say(f"{step.stage} {step.done}/{step.total}{left}")

    splitting = Splitting(max_tokens=note["max_tokens"])
    report = build(data, encoder, splitting=splitting, progress=progress)
    stages[stage] += time.monotonic() - since
    seconds = report.seconds
    alone_s = encoder.alone_s()
    return {
        "passages": report.n_passages,
        "encoded": report.n_encoded,
        "skipped": len(report.skipped),
        "build_s": round(seconds, 1),
        "passages_per_s": round(report.n_encoded / seconds, 1),
        "encoder_alone_s": round(alone_s, 1),
        "over_encoder": round(seconds / alone_s - 1, 4) if alone_s else None,
        "stages_s": {name: round(spent, 1) for name, spent in stages.items()},
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


# --------------------------------------------------------------------------- measure


def questions_of(note: dict[str, Any], n: int, seed: int) -> list[str]:
    """Distinct questions: half as people asked them, half about words of a sentence; half in each language."""
    rng = random.Random(seed)
    asked: dict[str, list[str]] = {
        "en": [english for english, _ in note["asked"]],
        "es": [spanish for _, spanish in note["asked"]],
    }
    told: dict[str, list[str]] = {"en": [], "es": []}
    for lang, sentence in note["told"]:
        words = sentence.split()
        first = max(0, (len(words) - WORDS_ASKED) // 2)
        about = " ".join(words[first : first + WORDS_ASKED]).strip(".,;:¿?¡!«»“”\"'()")
        told[lang].append(
            f"¿Qué se dice de «{about}»?" if lang == "es" else f"What is said about “{about}”?"
        )
    # The same questions are there in both languages: English ones from the front, Spanish ones from the back
    asked["es"].reverse()
    chosen: dict[str, None] = {}
    for lang in ("en", "es"):
        chosen |= dict.fromkeys(asked[lang][: n // 4])
        about_words = list(dict.fromkeys(told[lang]))
        chosen |= dict.fromkeys(rng.sample(about_words, min(n // 4, len(about_words))))
    found = list(chosen)
    rng.shuffle(found)
    return found


def quantiles(values: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99."""
    return {f"p{share}": round(percentile(values, share / 100), 2) for share in (50, 95, 99)}


def search_here(data: Path, warm_up: list[str], asked: list[str]) -> dict[str, Any]:
    """Times of retrieval by step, in ms, and recall of the dense index, in this process."""
    import numpy as np

    from api.settings import load_settings
    from corpus import language
    from index.encoder import load_encoder, translation_folder
    from index.local.store import Index
    from index.translation import TranslationTable
    from qa.calibration import load_calibration
    from qa.retrieve import retrieve

    encoder = load_encoder(load_settings(data=data).encoder)
    table = TranslationTable.load(translation_folder())
    fusion = load_calibration().fusion
    index = Index.open(data, encoder)
    timings = []
    for question in [*warm_up, *asked]:
        found = retrieve(question, language.detect(question)[0], index, encoder, table, fusion)
        timings.append(found.timings_ms)
    timings = timings[len(warm_up) :]
    steps = {step: quantiles([t[step] for t in timings]) for step in timings[0]}
    search = quantiles([sum(t[step] for step in SEARCH_STEPS) for t in timings])
    whole = quantiles([sum(t.values()) for t in timings])

    say("comparing with all vectors")
    vectors = encoder.encode_queries(asked)
    scores, _ = index.dense.search(vectors, K)
    best = np.full((len(asked), K), -np.inf, dtype=np.float32)
    for first in range(0, len(index), EXACT_BLOCK):
        rows = np.arange(first, min(first + EXACT_BLOCK, len(index)))
        block = vectors @ index.dense.vectors(rows).T
        best = -np.sort(-np.concatenate([best, block], axis=1), axis=1)[:, :K]
    # A product in blocks and one by one differ in the last digits
    recall = float((scores >= best[:, -1:] - 1e-5).mean())
    index.close()
    return {
        "search_ms": search,
        "retrieve_ms": whole,
        "steps_ms": steps,
        f"recall@{K}": round(recall, 4),
    }


def ask_server(
    connection: Connection, path: str, questions: Sequence[str]
) -> tuple[list[float], list[dict[str, Any]]]:
    """Milliseconds and body of each answer; SystemExit at the first that is not 200."""
    times, bodies = [], []
    for question in questions:
        began = time.perf_counter()
        status, body = connection.post(path, {"query": question})
        times.append((time.perf_counter() - began) * 1000)
        if status != 200:
            sys.exit(f"POST {path} gave {status}: {body.decode()[:500]}")
        bodies.append(json.loads(body))
    return times, bodies


def change_one(data: Path, note: dict[str, Any], port: int) -> dict[str, Any]:
    """Seconds from the call of the build to the server's first answer from it: a document added, changed, removed."""
    from api.settings import load_settings
    from corpus.split import Splitting
    from index.encoder import load_encoder
    from index.local.build import build

    encoder = load_encoder(load_settings(data=data).encoder)
    splitting = Splitting(max_tokens=note["max_tokens"])
    path = data / "documents" / "added.txt"
    sentence = (
        "El farero de {place} apuntaba en la hoja {n} cuántas gaviotas dormían en la baranda."
    )
    spent: dict[str, Any] = {}
    for what, place in (("added", "Punta Brava"), ("changed", "Cabo Sereno"), ("removed", "")):
        if place:
            lines = (sentence.format(place=place, n=n) for n in range(1, 101))
            path.write_text("\n\n".join(lines) + "\n", "utf-8")
        else:
            path.unlink()
        began = time.perf_counter()
        report = build(data, encoder, splitting=splitting)
        built = time.perf_counter()
        while True:
            # anew each time: the server closes a connection on which nothing was asked for a while
            connection = Connection(port, timeout_s=600)
            _, (body,) = ask_server(connection, "/v1/search", [f"¿Quién era el farero de {place}?"])
            connection.close()
            if body["build_id"] == report.build_id:
                break
            time.sleep(0.02)
        active = time.perf_counter()
        held = any(hit["document_id"] == path.name for hit in body["data"])
        if held is not bool(place):
            sys.exit(f"the document was {what}, and {'was' if held else 'was not'} found after")
        spent[what] = {
            "build_s": round(built - began, 2),
            "active_s": round(active - began, 2),
            "encoded": report.n_encoded,
        }
    return spent


def disk_mib(data: Path) -> dict[str, float]:
    """MiB of the builds by kind of file, the largest first; a file that several builds share counts once."""
    sizes: dict[str, int] = defaultdict(int)
    counted: set[int] = set()
    for folder, _, names in os.walk(data / "builds"):
        for name in names:
            status = (Path(folder) / name).stat()
            if status.st_ino not in counted:
                counted.add(status.st_ino)
                sizes[name] += status.st_size
    ordered = sorted(sizes.items(), key=lambda item: -item[1])
    return {
        "all": round(sum(sizes.values()) / 2**20, 1),
        **{n: round(s / 2**20, 1) for n, s in ordered},
    }


def measure(data: Path, note: dict[str, Any], n_questions: int, seed: int) -> dict[str, Any]:
    """All figures of a build but its rate."""
    questions = questions_of(note, n_questions + 40, seed)
    warm_up, asked = questions[:40], questions[40:]
    found: dict[str, Any] = {"questions": len(asked), "disk_mib": disk_mib(data)}
    say(f"searching {len(asked)} times")
    found |= search_here(data, warm_up, asked)
    say("starting the server")
    with Server(data) as server:
        found["start_s"] = round(server.start_s, 2)
        connection = Connection(server.port, timeout_s=600)
        for name in ("search", "ask"):
            ask_server(connection, f"/v1/{name}", warm_up)
            times, bodies = ask_server(connection, f"/v1/{name}", asked)
            found[f"http_{name}_ms"] = quantiles(times)
        found["answered"] = sum(body["status"] == "answered" for body in bodies)
        found["at_once"] = {"1 process": at_once(server.port, asked[:CLIENTS_ASK])}
        found["private_mib"] = round(server.private_mib())
        found["resident_mib"], found["peak_mib"] = map(round, server.memory_mib())
        connection.close()
        say("adding, changing and removing a document")
        found["one_document"] = change_one(data, note, server.port)
        found["private_after_mib"] = round(server.private_mib())
    say("starting two workers")
    with Server(data, workers=2) as server:
        measure_at_once(server.port, "/v1/ask", warm_up * 2, CLIENTS)
        found["at_once"]["2 workers"] = at_once(server.port, asked[:CLIENTS_ASK])
    return found


def at_once(port: int, asked: Sequence[str]) -> dict[str, Any]:
    """Questions a second of one client and of CLIENTS in turn, the middle of three rounds, and their ratio."""
    rounds = [
        {n: measure_at_once(port, "/v1/ask", asked, n) for n in (1, CLIENTS)} for _ in range(3)
    ]
    alone, together = (sorted(r[n][1] for r in rounds)[1] for n in (1, CLIENTS))
    times = sorted(t for r in rounds for t in r[CLIENTS][0])
    return {
        "one_per_s": round(alone, 1),
        "all_per_s": round(together, 1),
        "ratio": round(together / alone, 2),
        "all_ms": quantiles(times),
    }


# --------------------------------------------------------------------------- plot

# Of each panel: the title in English and in Spanish, the unit, and the lines: their names and where their values are.
PANELS: tuple[tuple[str, str, str, tuple[tuple[str, tuple[str, ...]], ...]], ...] = (
    (
        "search: dense + lexical + fusion",
        "búsqueda: densa + léxica + fusión",
        "ms",
        (("p50", ("search_ms", "p50")), ("p95", ("search_ms", "p95"))),
    ),
    (
        "question over HTTP",
        "pregunta por HTTP",
        "ms",
        (("p50", ("http_ask_ms", "p50")), ("p95", ("http_ask_ms", "p95"))),
    ),
    (
        "one document added and served",
        "un documento añadido y servido",
        "s",
        (("", ("one_document", "added", "active_s")),),
    ),
    ("the server's own memory", "memoria propia del servidor", "MiB", (("", ("private_mib",)),)),
    ("start to ready", "del arranque a estar listo", "s", (("", ("start_s",)),)),
    ("disk", "disco", "MiB", (("", ("disk_mib", "all")),)),
)
PANEL_WIDTH, PANEL_HEIGHT = 300, 180
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #57606a; }
.title { font-weight: 600; fill: #24292f; }
.axis { stroke: #8c959f; stroke-width: 1; }
.line { fill: none; stroke: #0b7285; stroke-width: 2; }
.point { fill: #0b7285; }
.high .line { stroke-dasharray: 4 3; }
@media (prefers-color-scheme: dark) {
  text { fill: #9da7b3; }
  .title { fill: #e6edf3; }
  .line { stroke: #3bc9db; }
  .point { fill: #3bc9db; }
}
"""


def shown(value: float, lang: str) -> str:
    """Three digits that count, as the language writes them."""
    text = f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "es" else text


def panel(notes: Sequence[dict[str, Any]], number: int, lang: str) -> list[str]:
    """One panel as SVG, its corner at 0, 0; passages on a logarithmic scale, values from 0."""
    english, spanish, unit, lines = PANELS[number]
    sizes = [note["passages"] for note in notes]
    left, right, top, bottom = 24, PANEL_WIDTH - 50, 44, PANEL_HEIGHT - 42
    least, most = math.log10(min(sizes)), math.log10(max(sizes))
    across = [
        left + (right - left) * (math.log10(n) - least) / ((most - least) or 1) for n in sizes
    ]
    rows = []
    for name, path in lines:
        values = []
        for note in notes:
            value: Any = note["measured"]
            for key in path:
                value = value[key]
            values.append(float(value))
        rows.append((name, values))
    highest = max(max(values) for _, values in rows) or 1.0
    parts = [
        f'<text class="title" x="{left}" y="16">{english if lang == "en" else spanish}, {unit}</text>',
        f'<line class="axis" x1="{left}" y1="{bottom}" x2="{right}" y2="{bottom}"/>',
    ]
    for x, n in zip(across, sizes, strict=True):
        size = f"{n / 1e6:.0f} M" if n >= 999_000 else f"{n / 1e3:.0f} k"
        parts.append(f'<text x="{x:.0f}" y="{bottom + 30}" text-anchor="middle">{size}</text>')
    for name, values in rows:
        points = [
            (x, bottom - (bottom - top) * v / highest) for x, v in zip(across, values, strict=True)
        ]
        parts.append(f'<g class="{"high" if name == "p95" else "low"}">')
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline class="line" points="{joined}"/>')
        for i, ((x, y), value) in enumerate(zip(points, values, strict=True)):
            parts.append(f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
            # Above the point, or below it where the other line is too near
            near = any(0 < (other[i] - value) / highest * (bottom - top) < 30 for _, other in rows)
            at = y + 16 if near else y - 8
            parts.append(
                f'<text x="{x:.1f}" y="{at:.1f}" text-anchor="middle">{shown(value, lang)}</text>'
            )
        if name:
            x, y = points[-1]
            parts.append(f'<text x="{x + 22:.1f}" y="{y + 4:.1f}">{name}</text>')
        parts.append("</g>")
    return parts


def plot(notes: Sequence[dict[str, Any]], lang: str) -> str:
    """The panels of some measured collections, three beside each other, as SVG."""
    notes = sorted(notes, key=lambda note: note["passages"])
    width, height = 3 * PANEL_WIDTH, (len(PANELS) + 2) // 3 * PANEL_HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f"<style>{STYLE}</style>",
    ]
    for number in range(len(PANELS)):
        x, y = number % 3 * PANEL_WIDTH, number // 3 * PANEL_HEIGHT
        parts += [f'<g transform="translate({x} {y})">', *panel(notes, number, lang), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    steps = parser.add_subparsers(dest="step", required=True)
    step = steps.add_parser("collect", help="write the documents")
    step.add_argument("path", type=Path, help="folder with parallel/*.tsv.gz")
    step.add_argument("--data", type=Path, required=True)
    step.add_argument("--passages", type=int, default=1_000_000)
    step.add_argument("--seed", type=int, default=11)
    step = steps.add_parser("build", help="build the index of the documents")
    step.add_argument("--data", type=Path, required=True)
    step = steps.add_parser("measure", help="measure the active build")
    step.add_argument("--data", type=Path, required=True)
    step.add_argument("--questions", type=int, default=500)
    step.add_argument("--seed", type=int, default=11)
    step = steps.add_parser("plot", help="draw what was measured of several collections")
    step.add_argument("data", type=Path, nargs="+")
    step.add_argument("--svg", type=Path, required=True)
    step.add_argument("--lang", choices=("en", "es"), default="en")
    arguments = parser.parse_args()

    if arguments.step == "plot":
        notes = [read_note(data) for data in arguments.data]
        arguments.svg.write_text(plot(notes, arguments.lang), "utf-8")
        return 0
    if arguments.step == "collect":
        note = collect(arguments.path, arguments.data, arguments.passages, arguments.seed)
        found = {k: v for k, v in note.items() if k not in ("asked", "told")}
    elif arguments.step == "build":
        note = read_note(arguments.data)
        found = build_all(arguments.data, note)
        # A build that had nothing to do is not the one to remember
        note["build"] = found if found["encoded"] else note.get("build", found)
    else:
        note = read_note(arguments.data)
        found = measure(arguments.data, note, arguments.questions, arguments.seed)
        note["measured"] = found
    write_note(arguments.data, note)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
