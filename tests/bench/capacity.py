"""The constants of index/capacity.json, measured on a build: bytes, hot bytes, encoding and search of one passage.

    capacity.py --data D [--questions 100] [--encode 200]      needs the extra [cluster-test]

One build of short passages (million.py collect) gives the numbers `short`, one of ordinary documents those `ordinary`. Hot is what every
question looks at: locally the codes that propose and the lists of words, in PostgreSQL the vectors and the index of the postings.
Encoding is counted in processor time, so that what else runs on the machine makes it no slower than it is.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from running import percentile

from index.encoder import Encoder, load_encoder
from index.encoding.passages import encode_passages
from index.generations.write import move
from index.local.store import Index
from index.postgres.store import PostgresBuilds
from index.postgres.write import writing
from qa.engine import Engine, SearchOptions
from qa.evaluation.agreement import questions

PROPOSING = ("dense", "lexical")
# The codes that propose beyond 20,000 passages: 384 dimensions in 4 bits each for two.
CODES_BYTES = 384 // 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--encode", type=int, default=200)
    arguments = parser.parse_args()
    sys.path.append(str(Path(__file__).parent.parent))
    from postgres_server import PostgresServer

    encoder = load_encoder("fuente-es-en")
    server = PostgresServer()
    try:
        with closing(Index.open(arguments.data, encoder)) as index:
            local(index)
            encoding(index, encoder, arguments.encode)
            move(writing, server.url, "bench", index, encoder)
            in_postgres(server.url, len(index))
            n = len(index)
        with (
            closing(Engine(arguments.data, encoder)) as here,
            closing(Engine(PostgresBuilds(server.url, "bench"), encoder)) as there,
        ):
            searching({"local": here, "postgresql": there}, arguments.questions, n)
    finally:
        server.close()


def local(index: Index) -> None:
    n, sizes = len(index), Counter[str]()
    for part in index.manifest.segments:
        sizes.update({name: size for name, (_, size) in part.files.items()})
    # without the vocabulary, which grows with the square root
    lists = sum(sizes[f"lexical-{name}.npy"] for name in ("rows", "counts", "lengths", "langs"))
    print(f"{n} passages")
    print(f"local_disk {sum(sizes.values()) / n:.0f}")
    print(f"local_memory {CODES_BYTES + lists / n:.0f}")
    # what Milvus would hold: half floats; codes as base64; terms as 4-byte keys with 4-byte weights, and their lists
    terms = len(index.lexical.records().keys) / n
    codes = sum(size for name, size in sizes.items() if name.split("-")[0] in ("tokens", "terms"))
    codes += sum(size for name, size in sizes.items() if name.startswith("sentences"))
    dim = index.manifest.encoder.dim
    text = sizes["documents.sqlite"]
    print(f"milvus_disk {2 * dim + 16 * terms + (codes * 4 / 3 + text) / n:.0f}")
    # a byte a dimension, a graph of 32 links, lists of words, an id
    print(f"milvus_memory {dim + 150 + 8 * terms + 30:.0f}")


def encoding(index: Index, encoder: Encoder, n: int) -> None:
    rows = [(2 * i + 1) * len(index) // (2 * n) for i in range(n)]
    passages = index.passages(rows)
    tokens = statistics.mean(encoder.count_tokens(p.text) for p in passages)
    encode_passages(encoder, passages[:8])
    began = time.process_time()
    for at in range(0, n, 8):
        encode_passages(encoder, passages[at : at + 8])
    print(f"tokens {tokens:.0f}")
    print(f"encoded_per_core_s {n / (time.process_time() - began):.0f}")


def in_postgres(url: str, n: int) -> None:
    import psycopg

    def size(connection: psycopg.Connection, function: str, name: str) -> float:
        found = connection.execute(f"SELECT {function}(%s::regclass)", (f"fuente.{name}",))
        return float(found.fetchall()[0][0]) / n

    with psycopg.connect(url) as connection:
        tables = ("documents", "passages", "vectors", "postings", "generations")
        disk = {name: size(connection, "pg_total_relation_size", name) for name in tables}
        hot = size(connection, "pg_table_size", "vectors")
        hot += size(connection, "pg_relation_size", "postings_by_term")
    print(f"postgresql_disk {sum(disk.values()):.0f}")
    print(f"postgresql_memory {hot:.0f}")


def searching(engines: dict[str, Engine], n: int, n_passages: int) -> None:
    """Both are asked in turn, so that what else runs is the same for both."""
    options = SearchOptions(limit=10)
    asked = questions(engines["local"], 2 * n)
    for query in asked[1::2][:10]:
        for engine in engines.values():
            engine.search(query, options)
    proposing: dict[str, list[float]] = {name: [] for name in engines}
    rest: dict[str, list[float]] = {name: [] for name in engines}
    for query in asked[::2][:n]:
        for name, engine in engines.items():
            timings = engine.search(query, options).timings_ms
            proposing[name].append(sum(timings[step] for step in PROPOSING))
            rest[name].append(timings["total"] - proposing[name][-1])
    for name in engines:
        print(f"{name}_question {percentile(rest[name], 0.5):.0f}")
        print(f"{name}_search {percentile(proposing[name], 0.5) / n_passages * 1e6:.0f}")


if __name__ == "__main__":
    main()
