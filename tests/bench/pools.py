"""The passages of a build encoded by threads of one process, by processes and on Ray, in turn: seconds, and whether what is made is the same.

    pools.py --data D [D …] [--passages 5000] [--rounds 2] [--on processes ray]      needs the extra [ray]

Each encoding begins with nothing started: the seconds hold the start of the processes or of Ray, its end not; what else runs makes all of them slower.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import time
from contextlib import closing
from pathlib import Path

from api.opening import pool_of
from api.settings import load_settings
from corpus.document import Passage
from index.encoder import load_encoder
from index.encoding.pool import BuildPool, Here
from index.local.store import Index


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--passages", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--on", nargs="*", default=["processes", "ray"])
    arguments = parser.parse_args()
    encoder = load_encoder("fuente-es-en", threads=1)
    every: list[Passage] = []
    for data in arguments.data:
        with closing(Index.open(data)) as index:
            every += index.passages(range(len(index)))
    n = min(arguments.passages, len(every))
    passages = [every[place * len(every) // n] for place in range(n)]
    pools: dict[str, BuildPool] = {"threads": Here(encoder)}
    for on in arguments.on:
        pool = pool_of(load_settings({}), on)
        assert pool is not None
        pools[on] = pool
    print(f"{len(passages):,} passages")
    for number in range(arguments.rounds):
        for name, pool in pools.items():
            seconds, first, digest = encoded(pool, passages)
            print(
                f"round {number + 1} {name:10} {seconds:6.1f} s, the first after {first:4.1f} s  {digest}",
                flush=True,
            )


def encoded(pool: BuildPool, passages: list[Passage]) -> tuple[float, float, str]:
    """Seconds in all and to the first, and a hash of what was made, in the order of the passages."""
    began, first = time.perf_counter(), 0.0
    found: dict[int, bytes] = {}
    with closing(pool.encode(passages, lambda: False)) as results:
        for places, made in results:
            first = first or time.perf_counter() - began
            found.update(zip(places, map(pickle.dumps, made), strict=True))
            if len(found) == len(passages):
                seconds = time.perf_counter() - began
    digest = hashlib.sha256(b"".join(found[place] for place in range(len(passages)))).hexdigest()
    return seconds, first, digest[:12]


if __name__ == "__main__":
    main()
