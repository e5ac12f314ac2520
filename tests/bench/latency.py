"""Time per question of the real server over an index of 10,000 passages, and what that index costs.

The documents are made here (invented.py), half Spanish, half English, about ten passages each, always the same for a
seed; or, with --pairs, of files of parallel text (gzip, a line an English text, a tab, the Spanish one; 500 lines a
document), or, with --folder, those of a folder. They are taken until there are --passages. The index is built in this process by the function that ``fuente build`` calls; its rate is passages of the whole
build (read, split, encode, write, check) per second. ``fuente serve`` then runs in a process of its own; after the
warm-up, distinct questions, half in each language and a quarter of them about a text in the other one, are asked one
after the other on one kept-alive connection. Then, in each of --rounds, they are asked by one client and by --clients at
a time, in turn, so that a machine that slows down slows both; the middle round counts. A time is from before the request
is sent until its whole body has been read. With --data the build is kept there and used again; without, all is made anew in a folder that is removed.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import random
import re
import selectors
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from invented import pages
from running import Connection, Server, percentile, say

NOTE = "latency.json"

LINES_PER_DOCUMENT = 500
# Of such a line a passage of one or two sentences is made.
LINE_CHARS = range(40, 201)
WORDS_ASKED = 5


@dataclass(frozen=True)
class Text:
    """A document as a file, and questions about it: (its language, in Spanish, in English)."""

    doc_id: str
    content: bytes
    questions: list[tuple[str, str, str]]


def invented(seed: int) -> Iterator[Text]:
    """Documents of invented.py, without end."""
    for page in pages(seed):
        questions = [(page.lang, *both) for both in page.questions]
        yield Text(page.doc_id, page.markdown.encode(), questions)


def asking(lang: str, spanish: str, english: str) -> tuple[str, str, str]:
    """A question about a few words from the middle of a text, given in both languages."""
    middle = []
    for text in (spanish, english):
        words = text.split()
        first = max(0, (len(words) - WORDS_ASKED) // 2)
        middle.append(" ".join(words[first : first + WORDS_ASKED]).strip(".,;:¿?¡!«»“”\"'()"))
    return lang, f"¿Qué se dice de «{middle[0]}»?", f"What is said about “{middle[1]}”?"


def parallel(files: Sequence[Path]) -> Iterator[Text]:
    """Documents of parallel text, each in Spanish and in English."""
    for path in files:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            pairs = [line.rstrip("\n").split("\t")[:2] for line in lines]
        pairs = [p for p in pairs if len(p) == 2 and all(len(side) in LINE_CHARS for side in p)]
        for number, first in enumerate(range(0, len(pairs), LINES_PER_DOCUMENT), 1):
            part = pairs[first : first + LINES_PER_DOCUMENT]
            for side, lang in enumerate(("en", "es")):
                text = "\n\n".join(pair[side] for pair in part) + "\n"
                name = f"{lang}/{path.name.partition('.')[0]}-{number:03d}.txt"
                questions = [asking(lang, es, en) for en, es in part[::10]]
                yield Text(name, text.encode(), questions)


def of_folder(folder: Path) -> Iterator[Text]:
    """The documents of a folder that can be read; questions have a text's own words in either language."""
    from corpus import language
    from corpus.document import CorpusError
    from corpus.parse import parse

    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name, content = path.relative_to(folder).as_posix(), path.read_bytes()
        with contextlib.suppress(CorpusError):
            document = parse(content, name)
            told = [document.text[a:b] for a, b in language.sentences(document.text)[::10]]
            told = [sentence for sentence in told if len(sentence) in LINE_CHARS]
            yield Text(name, content, [asking(document.lang, s, s) for s in told])


def make(
    data: Path, texts: Iterator[Text], max_tokens: int, facts_wanted: dict[str, Any]
) -> dict[str, Any]:
    """Write and build the documents, or take what an earlier run left; the facts of the build."""
    from api.settings import load_settings
    from corpus.document import StoreError
    from corpus.parse import parse
    from corpus.split import Splitting, split
    from index.encoder import load_encoder
    from index.local.build import Progress, build
    from index.local.store import Index

    encoder = load_encoder(load_settings(data=data).encoder)
    splitting = Splitting(max_tokens=max_tokens)
    wanted = {**facts_wanted, "max_tokens": max_tokens, "encoder": encoder.card.fingerprint}
    note = data / NOTE
    if note.is_file():
        facts: dict[str, Any] = json.loads(note.read_text("utf-8"))
        with contextlib.suppress(StoreError):
            if wanted.items() <= facts.items():
                Index.open(data, encoder).close()
                say(f"using the build in {data}")
                return facts
    elif data.is_dir() and any(data.iterdir()):
        sys.exit(f"{data} is not empty and not of this script; name an empty folder with --data")

    note.unlink(missing_ok=True)
    folder = data / "documents"
    questions: list[tuple[str, str, str]] = []
    kept: set[Path] = set()
    n = 0
    for text in texts:
        if n >= wanted["passages_wanted"]:
            break
        n += len(split(parse(text.content, text.doc_id), encoder.count_tokens, splitting))
        path = folder / text.doc_id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.content)
        kept.add(path)
        questions += text.questions
        if len(kept) % 50 == 0:
            say(f"writing documents: {n}/{wanted['passages_wanted']} passages")
    for path in folder.rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()

    shown = 0.0

    def progress(step: Progress) -> None:
        nonlocal shown
        if time.monotonic() - shown > 5:
            shown = time.monotonic()
            left = "" if step.eta_s is None else f", {step.eta_s:.0f} s left"
            say(f"build: {step.stage} {step.done}/{step.total}{left}")

    report = build(data, encoder, splitting=splitting, full=True, progress=progress)
    facts = {
        **wanted,
        "documents": report.n_documents,
        "passages": report.n_passages,
        "encoded": report.n_encoded,
        "build_s": report.seconds,
        "questions": questions,
    }
    note.write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
    return facts


def choose(questions: Sequence[Sequence[str]], n: int, seed: int) -> list[str]:
    """``n`` distinct questions, half in each language; one of four is not in the language of its text."""
    rng = random.Random(seed)
    order = list(questions)
    rng.shuffle(order)
    chosen: dict[str, None] = {}
    for text_lang, spanish, english in order:
        if len(chosen) == n:
            break
        ask_spanish = (text_lang == "es") != (rng.random() < 0.25)
        wanted = "es" if len(chosen) % 2 == 0 else "en"
        if ask_spanish == (wanted == "es"):
            chosen[spanish if ask_spanish else english] = None
    if len(chosen) < n:
        sys.exit(f"only {len(chosen)} of {n} questions could be made; ask for more passages")
    return list(chosen)


def measure(
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


def measure_at_once(
    port: int, path: str, questions: Sequence[str], clients: int
) -> tuple[list[float], float]:
    """Milliseconds of each answer with so many clients at a time, and the questions answered in a second.

    All clients share one thread, the requests are made beforehand and no body is read but for its length: what asks
    runs on the processors that answer. SystemExit at the first answer that is not 200.
    """
    waiting = []
    for question in questions:
        body = json.dumps({"query": question}, ensure_ascii=False).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        )
        waiting.append(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    waiting.reverse()
    times = []
    with contextlib.ExitStack() as stack, selectors.DefaultSelector() as selector:
        asking = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            for _ in range(min(clients, len(waiting)))
        ]
        began = time.perf_counter()
        for connection in asking:
            connection.sendall(waiting.pop())
            selector.register(connection, selectors.EVENT_READ, (time.perf_counter(), bytearray()))
        while selector.get_map():
            for key, _ in selector.select(60):
                connection, (sent, received) = key.fileobj, key.data
                assert isinstance(connection, socket.socket)
                part = connection.recv(1 << 18)
                received += part
                head, found, body = received.partition(b"\r\n\r\n")
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                if not part or (found and (not length or not head.startswith(b"HTTP/1.1 200"))):
                    sys.exit(f"POST {path} gave {bytes(received[:500])!r}")
                if not found or not length or len(body) < int(length[1]):
                    continue
                now = time.perf_counter()
                times.append((now - sent) * 1000)
                if waiting:
                    connection.sendall(waiting.pop())
                    selector.modify(connection, selectors.EVENT_READ, (now, bytearray()))
                else:
                    selector.unregister(connection)
        seconds = time.perf_counter() - began
    return times, len(times) / seconds


def line(name: str, values: Sequence[float]) -> str:
    """p50, p95, p99, the highest and the mean of some milliseconds."""
    shown = [percentile(values, share) for share in (0.5, 0.95, 0.99, 1.0)]
    shown.append(sum(values) / len(values))
    return f"{name:24}" + "".join(f"{value:9.1f}" for value in shown)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder to keep the build in, and to find it in")
    parser.add_argument("--passages", type=int, default=10_000)
    texts = parser.add_mutually_exclusive_group()
    texts.add_argument(
        "--pairs", type=Path, nargs="+", help="files of parallel text to make documents of"
    )
    texts.add_argument("--folder", type=Path, help="folder of documents to take")
    parser.add_argument(
        "--max-tokens", type=int, default=200, help="of a passage; 40 for one or two sentences"
    )
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3, help="of one client and of --clients")
    parser.add_argument("--workers", type=int, default=1, help="of fuente serve")
    parser.add_argument("--warm-up", type=int, default=20)
    parser.add_argument("--seed", type=int, default=11)
    arguments = parser.parse_args()

    with contextlib.ExitStack() as stack:
        data = arguments.data
        if data is None:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        given = arguments.pairs or ([arguments.folder] if arguments.folder else [])
        wanted = {
            "passages_wanted": arguments.passages,
            "seed": arguments.seed,
            "texts": [str(path.resolve()) for path in given],
        }
        if arguments.pairs:
            source = parallel(arguments.pairs)
        elif arguments.folder:
            source = of_folder(arguments.folder)
        else:
            source = invented(arguments.seed)
        facts = make(data, source, arguments.max_tokens, wanted)
        n = arguments.warm_up + arguments.questions
        questions = choose(facts["questions"], n, arguments.seed)
        warm_up, asked = questions[: arguments.warm_up], questions[arguments.warm_up :]

        say("starting the server")
        server = stack.enter_context(Server(data, workers=arguments.workers))
        at_start, _ = server.memory_mib()
        connection = Connection(server.port)
        for path in ("/v1/ask", "/v1/search"):
            measure(connection, path, warm_up)
        say(f"asking {len(asked)} questions")
        ask_ms, answers = measure(connection, "/v1/ask", asked)
        say(f"searching {len(asked)} times")
        search_ms, results = measure(connection, "/v1/search", asked)
        connection.close()
        together: dict[int, list[tuple[list[float], float]]] = {1: [], arguments.clients: []}
        for number in range(arguments.rounds):
            for clients, rounds in together.items():
                say(f"round {number + 1}/{arguments.rounds}: {clients} clients")
                rounds.append(measure_at_once(server.port, "/v1/ask", asked, clients))
        now, peak = server.memory_mib()

    print(
        f"{facts['documents']} documents, {facts['passages']} passages; {len(asked)} questions\n\n"
        f"{'ms':24}{'p50':>9}{'p95':>9}{'p99':>9}{'max':>9}{'mean':>9}"
    )
    for name, times, bodies in (
        ("POST /v1/ask", ask_ms, answers),
        ("POST /v1/search", search_ms, results),
    ):
        print(line(name, times))
        stages = {stage: None for body in bodies for stage in body["timings_ms"]}
        for stage in stages:
            values = [b["timings_ms"][stage] for b in bodies if stage in b["timings_ms"]]
            print(line(f"  server: {stage}", values))
    rates = {}
    for clients, rounds in together.items():
        middle = sorted(rounds, key=lambda one: one[1])[len(rounds) // 2]
        rates[clients] = middle[1]
        print(line(f"ask, {clients} client{'s' * (clients > 1)}", middle[0]))
    answered = sum(body["status"] == "answered" for body in answers)
    rate = facts["passages"] / facts["build_s"]
    print(
        f"\nanswered                {answered}/{len(asked)}\n"
        f"with   1 client         {rates[1]:.1f} questions/s\n"
        f"with {arguments.clients:3} clients        {rates[arguments.clients]:.1f} questions/s"
        f" ({rates[arguments.clients] / rates[1]:.2f} times as many)\n"
        f"build                   {rate:.1f} passages/s"
        f" ({facts['passages']} passages, {facts['encoded']} encoded, {facts['build_s']:.1f} s)\n"
        f"start to ready          {server.start_s:.2f} s\n"
        f"resident memory         {at_start:.0f} MiB when ready, {now:.0f} MiB after, {peak:.0f} MiB peak"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
