"""Samples of every format, damaged at random and read as a build reads them: crashes, and the memory of the process that asked.

``python tests/bench/attack/mutations.py [--files 20000] [--seed 7]``
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import time
from collections import Counter
from pathlib import Path

from serving import ROOT, memory_mb

from corpus.collection import Collection
from corpus.document import Document
from corpus.parse import SUFFIXES
from corpus.readers.pool import end_idle, read

BATCH = 200


def main() -> None:
    """Print how many were read, refused and crashed, and the memory and the seconds that it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    folders = (ROOT / "corpus" / "samples", ROOT / "tests" / "data")
    found = [p for folder in folders for p in sorted(folder.rglob("*")) if p.suffix in SUFFIXES]
    originals = {p.suffix: p.read_bytes() for p in found if p.stat().st_size < 300_000}
    outcomes: Counter[str] = Counter()
    crashed: list[str] = []
    peak, began = 0.0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(Path(folder) / "documents")
        for first in range(0, given.files, BATCH):
            sources = []
            for n in range(first, min(first + BATCH, given.files)):
                suffix = chance.choice(sorted(originals))
                content = _mutated(originals[suffix], chance)
                sources.append(collection.put(f"{n % BATCH}{suffix}", content or b"x"))
            for source, result in read(collection, sources, timeout_s=20):
                if isinstance(result, Document):
                    outcomes["read"] += 1
                elif re.search("crashed|took over|killed", result.reason):
                    outcomes["crashed"] += 1
                    crashed.append(f"{source and source.doc_id}: {result.reason}")
                elif "longer than the limit" in result.reason:
                    outcomes["too slow"] += 1
                elif "MB of memory" in result.reason:
                    outcomes["too large"] += 1
                else:
                    outcomes["refused"] += 1
            peak = max(peak, memory_mb("self"))  # type: ignore[arg-type]
    end_idle()
    print(f"formats: {' '.join(sorted(originals))}")
    print(f"{dict(outcomes)}, {peak:.0f} MB, {time.monotonic() - began:.0f} s")
    print("\n".join(crashed))


def _mutated(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice((1, 3, 30))):
        at, kind = chance.randrange(len(data) or 1), chance.randrange(5)
        size = chance.choice((1, 4, 64, 2000))
        if kind == 0:
            data[at : at + size] = chance.randbytes(size)
        elif kind == 1:
            del data[at : at + size]
        elif kind == 2:
            data[at:at] = data[at : at + size] * chance.choice((1, 10))
        elif kind == 3:
            data[at:at] = chance.choice(
                (b"\x00", b"\xff" * 9, b"<", b'"', b"9" * 40, b"%PDF-", b"PK")
            )
        else:
            data = data[: at + 1]
    return bytes(data)


if __name__ == "__main__":
    main()
