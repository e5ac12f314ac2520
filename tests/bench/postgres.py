"""The active build of a data directory in a PostgreSQL server of its own: time of a question beside the local index, size, and what is the same.

    postgres.py --data D [--questions 200] [--graph] [--asked FILE]     needs the extra [cluster-test]

Questions are headings and first sentences of passages, evenly over the collection, after a warm-up with others; both indexes are asked
in turn, so that what else runs on the machine is the same for both. Then the generation is brought back into a data directory. With
``--graph`` vectors have a graph however few there are; with ``--asked`` a hundred people's questions (JSON lines with ``question``) say how
many of the hundred nearest it finds.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import numpy as np
from running import percentile

from index.encoder import Encoder, load_encoder
from index.generations.back import bring
from index.generations.write import move
from index.local.store import Index
from index.postgres import graph
from index.postgres.store import PostgresBuilds
from index.postgres.write import writing
from qa.engine import Engine, Query, SearchOptions
from qa.evaluation.agreement import agreement, questions

TABLES = ("documents", "passages", "vectors", "postings", "generations")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--graph", action="store_true")
    parser.add_argument("--asked", type=Path)
    arguments = parser.parse_args()
    if arguments.graph:
        graph.GRAPH_FROM = 0
    sys.path.append(str(Path(__file__).parent.parent))
    from postgres_server import PostgresServer

    encoder = load_encoder("fuente-es-en")
    server = PostgresServer()
    try:
        with closing(Index.open(arguments.data, encoder)) as index:
            began = time.perf_counter()
            move(writing, server.url, "bench", index, encoder)
            moved_s, n = time.perf_counter() - began, len(index)
            local_mb = index.manifest.size_bytes / 1e6
        print(f"{n:,} passages, moved in {moved_s:.1f} s; local {local_mb:.0f} MB")
        print_sizes(server.url, n)
        local = Engine(arguments.data, encoder)
        there = Engine(PostgresBuilds(server.url, "bench"), encoder)
        with closing(local), closing(there):
            print(f"  graph: {there.serving().manifest.graph}")
            measure(local, there, arguments.questions)
        if arguments.asked:
            print_recall(server.url, encoder, arguments.asked)
        print_back(server.url)
    finally:
        server.close()


def print_recall(url: str, encoder: Encoder, path: Path) -> None:
    asked = [json.loads(line)["question"] for line in path.read_text("utf-8").splitlines()]
    some = random.Random(4).sample(asked, min(100, len(asked)))
    vectors = [encoder.encode_tokens([question], "query")[0].vector for question in some]
    with closing(PostgresBuilds(url, "bench").open()) as index:
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
        closing(PostgresBuilds(url, "bench").open()) as index,
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
        if graph.GRAPH_FROM == 0:
            [[size]] = connection.execute(
                "SELECT coalesce(sum(pg_relation_size(indexrelid)), 0)::bigint FROM pg_index"
                " WHERE indexrelid::regclass::text LIKE 'fuente.vectors_near_%'"
            ).fetchall()
            print(
                f"  of vectors {size / 1e6:8.1f} MB are the graph, {size / n:.0f} bytes a passage"
            )


def measure(local: Engine, there: Engine, n: int) -> None:
    every: list[Query] = questions(local, 2 * n)
    options = SearchOptions(limit=10)
    for query in every[1::2][:20]:
        local.search(query, options), there.search(query, options)
    times: dict[str, list[float]] = {"local": [], "PostgreSQL": []}
    steps: dict[str, list[float]] = {}
    same = equal = 0
    asked = every[::2][:n]
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
    exact = agreement(local, there, n)
    print(f"  with exact search in both: {exact.same} of {exact.n}")
    for name, ms in times.items():
        print(f"  {name:12} p50 {percentile(ms, 0.5):7.1f} ms  p95 {percentile(ms, 0.95):7.1f} ms")
    medians = {step: round(percentile(ms, 0.5), 1) for step, ms in steps.items()}
    print(f"  steps in PostgreSQL, medians in ms: {medians}")


if __name__ == "__main__":
    main()
