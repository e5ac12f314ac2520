"""The active build of a data directory in a PostgreSQL server of its own: time of a question beside the local index, memory, disk, and what is the same.

    postgres.py --data D [--questions 200] [--graph | --no-graph] [--asked FILE] [--back]     needs the extra [cluster-test]

The server has a quarter of the memory of the machine for its pages, as its manual advises. Questions are those that million.py keeps with its
collections, else headings and first sentences of passages, evenly over the collection, after a warm-up with others. Both indexes are asked in
turn, so that what else runs on the machine is the same for both: in this process, then over HTTP from a service each. With ``--graph`` vectors
have a graph however few there are, with ``--no-graph`` none however many; with ``--asked`` a hundred people's questions (JSON lines with ``question``) say how many of the hundred
nearest it finds. With ``--back`` the generation is then brought back into a data directory.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from million import NOTE, ask_server, questions_of, read_note
from running import Connection, Server, percentile, say

from index.encoder import Encoder, load_encoder
from index.generations.back import bring
from index.generations.write import move
from index.local.store import Index
from index.postgres import graph
from index.postgres.store import PostgresBuilds
from index.postgres.write import writing
from qa.engine import Engine, Query, SearchOptions
from qa.evaluation.agreement import agreement, questions

if TYPE_CHECKING:
    from postgres_server import PostgresServer

COLLECTION = "default"
TABLES = ("documents", "passages", "vectors", "postings", "generations")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=200)
    graphs = parser.add_mutually_exclusive_group()
    graphs.add_argument("--graph", action="store_true")
    graphs.add_argument("--no-graph", action="store_true")
    parser.add_argument("--asked", type=Path)
    parser.add_argument("--back", action="store_true")
    arguments = parser.parse_args()
    if arguments.graph or arguments.no_graph:
        graph.GRAPH_FROM = 0 if arguments.graph else sys.maxsize
    sys.path.append(str(Path(__file__).parent.parent))
    from postgres_server import PostgresServer

    encoder = load_encoder("fuente-es-en")
    server = PostgresServer()
    try:
        give_memory(server)
        with closing(Index.open(arguments.data, encoder)) as index:
            move_timed(server.url, index, encoder)
            n, local_mb = len(index), index.manifest.size_bytes / 1e6
        print(f"local {local_mb:.0f} MB, {1e6 * local_mb / n:.0f} bytes a passage")
        print_sizes(server.url, n)
        asked = questions_for(arguments.data, arguments.questions)
        local = Engine(arguments.data, encoder)
        there = Engine(PostgresBuilds(server.url, COLLECTION), encoder)
        with closing(local), closing(there):
            print(f"  graph: {there.serving().manifest.graph}")
            measure(local, there, asked or questions(local, 2 * arguments.questions))
        if arguments.asked:
            print_recall(server.url, encoder, arguments.asked)
        if asked:
            serve_both(server, arguments.data, [query.text for query in asked])
        if arguments.back:
            print_back(server.url)
    finally:
        server.close()


def give_memory(server: PostgresServer) -> None:
    """Let it keep a quarter of the machine's memory of its tables."""
    import psycopg

    quarter_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4 // 2**20
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET shared_buffers = '{quarter_mb}MB'")
        connection.execute("ALTER SYSTEM SET max_wal_size = '8GB'")
    server.kill()
    server.start()
    print(f"shared_buffers {quarter_mb} MB")


def move_timed(url: str, index: Index, encoder: Encoder) -> None:
    """Move it there, and print what took how long."""
    took: dict[str, float] = {}
    made, found = graph.make, graph.find_ef

    def timed(name: str, run: Callable[..., Any]) -> Callable[..., Any]:
        def again(*arguments: Any) -> Any:
            began = time.perf_counter()
            try:
                return run(*arguments)
            finally:
                took[name] = time.perf_counter() - began
                say(f"{name}: {took[name]:.0f} s")

        return again

    shown = time.monotonic()

    def told(done: int, n: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > 30:
            shown = time.monotonic()
            say(f"{done} of {n} documents")

    graph.make, graph.find_ef = timed("making the graph", made), timed("asking it", found)
    began = time.perf_counter()
    move(writing, url, COLLECTION, index, encoder, told)
    graph.make, graph.find_ef = made, found
    parts = "".join(f", {name} {seconds:.0f}" for name, seconds in took.items())
    print(f"{len(index):,} passages, moved in {time.perf_counter() - began:.0f} s{parts}")


def questions_for(data: Path, n: int) -> list[Query]:
    """Twice as many questions of people and about words of the text, where million.py has kept some; else none."""
    if not (data / NOTE).is_file():
        return []
    return [Query(question) for question in questions_of(read_note(data), 2 * n, 11)]


def serve_both(server: PostgresServer, data: Path, asked: list[str]) -> None:
    """A service on each index, asked the same in turn over HTTP; times and memory."""
    warm_up, asked = asked[1::2], asked[::2]
    times: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        settings = {"FUENTE_INDEX": server.url}
        with (
            Server(data) as local,
            Server(Path(folder), settings=settings, timeout_s=600) as there,
        ):
            services = {"local": local, "PostgreSQL": there}
            for path in ("/v1/search", "/v1/ask"):
                # a service hangs up where nothing is asked for a while, as long as the other is warmed up
                for service in services.values():
                    connection = Connection(service.port, timeout_s=600)
                    ask_server(connection, path, warm_up[:40])
                    connection.close()
                connections = {n: Connection(s.port, timeout_s=600) for n, s in services.items()}
                for question in asked:
                    for name, connection in connections.items():
                        took, _ = ask_server(connection, path, [question])
                        times.setdefault(path, {}).setdefault(name, []).extend(took)
                for connection in connections.values():
                    connection.close()
            for name, service in services.items():
                resident, _ = service.memory_mib()
                print(
                    f"  {name:12} the service: starts in {service.start_s:.1f} s, {service.private_mib():.0f} MiB its own, {resident:.0f} resident"
                )
    print(f"  PostgreSQL itself: {memory_mib(server.pid):.0f} MiB")
    for path, both in times.items():
        for name, ms in both.items():
            print(
                f"  {path:10} {name:12} p50 {percentile(ms, 0.5):7.1f} ms  p95 {percentile(ms, 0.95):7.1f} ms"
            )


def memory_mib(pid: int) -> float:
    """Memory of a process and all that it started, MiB: a page that several have is shared out among them."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    own = int(dict(line.split(":", 1) for line in rollup.splitlines()[1:])["Pss"].split()[0])
    return own / 1024 + sum(memory_mib(int(child)) for child in children)


def print_recall(url: str, encoder: Encoder, path: Path) -> None:
    asked = [json.loads(line)["question"] for line in path.read_text("utf-8").splitlines()]
    some = random.Random(4).sample(asked, min(100, len(asked)))
    vectors = [encoder.encode_tokens([question], "query")[0].vector for question in some]
    with closing(PostgresBuilds(url, COLLECTION).open()) as index:
        took: dict[str, list[float]] = {"all": [], "graph": []}
        shares = []
        for vector in vectors:
            found = []
            # what is limited is looked at whole, be it to all but one
            for name, allowed in (("all", np.arange(1, len(index))), ("graph", None)):
                began = time.perf_counter()
                found.append(set(index.nearest(vector, 100, allowed).tolist()))
                took[name].append((time.perf_counter() - began) * 1000)
            shares.append(len(found[0] & found[1]) / len(found[0]))
        print(f"  people's questions: recall@100 {np.mean(shares):.4f}, least {min(shares):.2f}")
        for name, ms in took.items():
            print(
                f"    {name:6} p50 {percentile(ms, 0.5):6.1f} ms  p95 {percentile(ms, 0.95):6.1f} ms"
            )


def print_back(url: str) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(PostgresBuilds(url, COLLECTION).open()) as index,
    ):
        began = time.perf_counter()
        bring(index, Path(folder) / "data", lambda _: None)
        print(f"  brought back in {time.perf_counter() - began:.1f} s")


def print_sizes(url: str, n: int) -> None:
    import psycopg

    with psycopg.connect(url) as connection:
        for table in TABLES:
            [[size]] = connection.execute(
                "SELECT pg_total_relation_size(%s::regclass)", (f"fuente.{table}",)
            ).fetchall()
            print(f"  {table:12} {size / 1e6:8.1f} MB  {size / n:6.0f} bytes a passage")
        if n >= graph.GRAPH_FROM:
            [[size]] = connection.execute(
                "SELECT coalesce(sum(pg_relation_size(indexrelid)), 0)::bigint FROM pg_index"
                " WHERE indexrelid::regclass::text LIKE 'fuente.vectors_near_%'"
            ).fetchall()
            print(
                f"  of vectors {size / 1e6:8.1f} MB are the graph, {size / n:.0f} bytes a passage"
            )


def measure(local: Engine, there: Engine, every: list[Query]) -> None:
    options = SearchOptions(limit=10)
    for query in every[1::2][:20]:
        local.search(query, options), there.search(query, options)
    times: dict[str, list[float]] = {"local": [], "PostgreSQL": []}
    steps: dict[str, list[float]] = {}
    same = equal = 0
    asked = every[::2]
    for query in asked:
        found = []
        for name, engine in (("local", local), ("PostgreSQL", there)):
            began = time.perf_counter()
            result = engine.search(query, options)
            times[name].append((time.perf_counter() - began) * 1000)
            found.append([(h.passage.passage_id, h.score, h.scores) for h in result.hits])
        for step, ms in result.timings_ms.items():
            steps.setdefault(step, []).append(ms)
        same += [one[0] for one in found[0]] == [one[0] for one in found[1]]
        equal += found[0] == found[1]
    print(f"{len(asked)} questions: first ten the same {same}, with equal scores {equal}")
    exact = agreement(local, there, len(asked))
    print(f"  with exact search in both: {exact.same} of {exact.n}")
    for name, ms in times.items():
        print(f"  {name:12} p50 {percentile(ms, 0.5):7.1f} ms  p95 {percentile(ms, 0.95):7.1f} ms")
    medians = {step: round(percentile(ms, 0.5), 1) for step, ms in steps.items()}
    print(f"  steps in PostgreSQL, medians in ms: {medians}")


if __name__ == "__main__":
    main()
