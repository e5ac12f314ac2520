"""What each door adds to the time of a question, and whether many streams at once are all whole.

What a door adds does not depend on how the answer was found, so it is measured where that takes a few milliseconds: the
service with the encoder of the tests over corpus/samples. The same questions are asked at every door
in turn, another one first in every round, so that a machine that slows down slows all; a time is from before the request
is sent until its whole body has been read. The overhead of a door is the median of its time less that of /v1/ask (of /v1/search for doors that
only search), question by question; "fastest" takes each question's fastest round, which a busy machine disturbs least. Then ``fuente serve`` runs in a process of its own with the
encoder that ships, and --streams clients share --questions streamed chat completions; each must end with
``[DONE]`` and hold the answer that the question has.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import statistics
import sys
import tempfile
import threading
import time
from itertools import cycle, islice
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from running import ROOT, SAMPLES, Connection, Server, build, percentile, say

sys.path.insert(0, str(ROOT / "tests"))
from local_server import local_server

QUESTIONS = [
    "¿Desde dónde se excavaron los túneles?",
    "How long does a summer bee live?",
    "¿Cuántos libros se pueden sacar en préstamo?",
    "When was the Nobel Peace Prize of the potato given?",
    "¿A qué altura crece el café?",
    "Where were the tunnels dug from?",
]


def bodies(question: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """What each door is asked: its path and its body. The first two are what the others are measured by."""
    user = [{"role": "user", "content": question}]
    call = {"name": "ask", "arguments": {"question": question}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    setting = {"top_k": 8, "score_threshold": 0.0}
    return {
        "ask": ("/v1/ask", {"query": question}),
        "search": ("/v1/search", {"query": question}),
        "ask, streamed": ("/v1/ask", {"query": question, "stream": True}),
        "chat": ("/v1/chat/completions", {"model": "fuente", "messages": user}),
        "chat, streamed": (
            "/v1/chat/completions",
            {"model": "fuente", "messages": user, "stream": True},
        ),
        "responses": ("/v1/responses", {"model": "fuente", "input": question}),
        "responses, streamed": (
            "/v1/responses",
            {"model": "fuente", "input": question, "stream": True},
        ),
        "mcp ask": ("/mcp", message),
        "tools ask": ("/tools/ask", {"question": question}),
        "vector store": (
            "/v1/vector_stores/default/search",
            {"query": question, "max_num_results": 8},
        ),
        "dify": (
            "/dify/retrieval",
            {"knowledge_id": "default", "query": question, "retrieval_setting": setting},
        ),
        "web search": ("/web-search", {"query": question, "count": 8}),
    }


SEARCHING = {"vector store", "dify", "web search"}


def overhead(port: int, rounds: int) -> dict[str, dict[str, float]]:
    """Milliseconds of every door, and what it adds."""
    times: dict[str, list[float]] = {}
    with contextlib.closing(Connection(port)) as connection:
        for number in range(-1, rounds):
            for question in QUESTIONS:
                doors = list(bodies(question).items())
                first = number % len(doors)
                for name, (path, body) in doors[first:] + doors[:first]:
                    began = time.perf_counter()
                    status, content = connection.post(path, body)
                    took = (time.perf_counter() - began) * 1000
                    if status != 200:
                        raise SystemExit(f"{path} answered {status}: {content[:300]!r}")
                    if number >= 0:
                        times.setdefault(name, []).append(took)
    result = {}
    for name, some in times.items():
        base = times["search" if name in SEARCHING or name == "search" else "ask"]
        added = [one - other for one, other in zip(some, base, strict=True)]
        n = len(QUESTIONS)
        fastest = [min(some[q::n]) - min(base[q::n]) for q in range(n)]
        result[name] = {
            "p50_ms": round(percentile(some, 0.5), 2),
            "added_p50_ms": round(statistics.median(added), 2),
            "added_fastest_ms": round(statistics.median(fastest), 2),
        }
    return result


def streams(server: Server, n_clients: int, n_questions: int) -> dict[str, Any]:
    """Many streams at once, each compared with the answer that the question has."""
    wanted: dict[str, str] = {}
    with contextlib.closing(Connection(server.port)) as connection:
        for question in QUESTIONS:
            _, content = connection.post(*bodies(question)["chat"])
            wanted[question] = json.loads(content)["choices"][0]["message"]["content"]
    queue: SimpleQueue[str] = SimpleQueue()
    for question in islice(cycle(QUESTIONS), n_questions):
        queue.put(question)
    wrong: list[str] = []
    done: list[float] = []

    def work() -> None:
        with contextlib.closing(Connection(server.port)) as connection:
            while True:
                try:
                    question = queue.get_nowait()
                except Empty:
                    return
                began = time.perf_counter()
                status, content = connection.post(*bodies(question)["chat, streamed"])
                done.append((time.perf_counter() - began) * 1000)
                blocks = content.decode().strip().split("\n\n")
                chunks = [json.loads(block.removeprefix("data: ")) for block in blocks[:-1]]
                text = "".join(c["choices"][0]["delta"].get("content", "") for c in chunks)
                if status != 200 or blocks[-1] != "data: [DONE]" or text != wanted[question]:
                    wrong.append(question)

    began = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(n_clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    return {
        "clients": n_clients,
        "streams": len(done),
        "wrong": len(wrong),
        "per_s": round(len(done) / seconds, 1),
        "p50_ms": round(percentile(done, 0.5), 1) if done else None,
        "p99_ms": round(percentile(done, 0.99), 1) if done else None,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--streams", type=int, default=16)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fuente-doors-") as folder:
        data = Path(folder) / "data"
        shutil.copytree(SAMPLES, data / "documents")
        build(data)
        small = Path(folder) / "small"
        shutil.copytree(SAMPLES, small / "documents")
        say("each door in turn …")
        with local_server(small, environ={"FUENTE_LOG_LEVEL": "error"}) as url:
            added = overhead(int(url.rpartition(":")[2]), arguments.rounds)
        with Server(data) as server:
            say("many streams at once …")
            many = streams(server, arguments.streams, arguments.questions)
    if arguments.json:
        print(json.dumps({"doors": added, "streams": many}))
        return
    print("| door | p50 | added, p50 | added, fastest |\n|---|---|---|---|")
    for name, told in added.items():
        more = (told["added_p50_ms"], told["added_fastest_ms"])
        print(f"| {name} | {told['p50_ms']:.2f} ms | {more[0]:+.2f} ms | {more[1]:+.2f} ms |")
    if not many["streams"]:
        return
    print(
        f"\n{many['clients']} clients, {many['streams']} streamed questions: {many['wrong']} wrong or broken, "
        f"{many['per_s']} a second, p50 {many['p50_ms']} ms, p99 {many['p99_ms']} ms"
    )


if __name__ == "__main__":
    main()
