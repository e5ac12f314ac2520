"""Samples of every format, damaged at random and read as a build reads them: crashes, and the memory of the process that asked.

``python tests/bench/attack/mutations.py [--files 20000] [--seed 7] [--upload]``; with ``--upload`` a server is sent them, 200 at a time, and builds.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from serving import ROOT, Connection, memory_mb, multipart, serving

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
    parser.add_argument("--upload", action="store_true")
    given = parser.parse_args()
    folders = (ROOT / "corpus" / "samples", ROOT / "tests" / "data")
    found = [p for folder in folders for p in sorted(folder.rglob("*")) if p.suffix in SUFFIXES]
    originals = {p.suffix: p.read_bytes() for p in found if p.stat().st_size < 300_000}
    print(f"formats: {' '.join(sorted(originals))}")
    batches = _batches(originals, given.files, random.Random(given.seed))
    (_upload if given.upload else _read)(batches)


def _batches(
    originals: dict[str, bytes], n_files: int, chance: random.Random
) -> Iterator[dict[str, bytes]]:
    """Files by name; each batch has the names of the one before, so that it takes its place."""
    suffixes = sorted(originals)
    for first in range(0, n_files, BATCH):
        names = [f"{n}{suffixes[n % len(suffixes)]}" for n in range(min(BATCH, n_files - first))]
        yield {name: _mutated(originals[Path(name).suffix], chance) or b"x" for name in names}


def _read(batches: Iterator[dict[str, bytes]]) -> None:
    outcomes: Counter[str] = Counter()
    crashed: list[str] = []
    peak, began = 0.0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(Path(folder) / "documents")
        for files in batches:
            sources = [collection.put(name, content) for name, content in files.items()]
            for source, result in read(collection, sources, timeout_s=20):
                outcome = "read" if isinstance(result, Document) else _outcome(result.reason)
                outcomes[outcome] += 1
                if outcome == "crashed":
                    crashed.append(f"{source and source.doc_id}: {result.reason}")  # type: ignore[union-attr]
            peak = max(peak, memory_mb("self"))  # type: ignore[arg-type]
    end_idle()
    print(f"{dict(outcomes)}, {peak:.0f} MB, {time.monotonic() - began:.0f} s")
    print("\n".join(crashed))


def _upload(batches: Iterator[dict[str, bytes]]) -> None:
    statuses: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    crashed: list[str] = []
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as log:
        (Path(folder) / "documents").mkdir()
        (Path(folder) / "documents" / "a.txt").write_text("El ñandú vive en la pampa.", "utf-8")
        with serving(Path(folder), log, FUENTE_RELOAD_S="0") as (port, pid):
            before = memory_mb(pid)
            for files in batches:
                status, body = _sent(port, files)
                statuses[f"{status}"] += 1
                statuses.update(one["code"] for one in body.get("refused", [body]))
                if status >= 300:
                    continue
                job = _ended(port, body["job"])
                statuses[f"build {job['status']}"] += 1
                reasons = {one["document_id"]: one["reason"] for one in job["report"]["skipped"]}
                for one in body["data"]:
                    reason = reasons.get(one["id"])
                    outcome = "read" if reason is None else _outcome(reason)
                    outcomes[outcome] += 1
                    if outcome == "crashed":
                        crashed.append(f"{one['id']}: {reason}")
            after, peak = memory_mb(pid), memory_mb(pid, "VmHWM")
        log.seek(0)
        tracebacks = log.read().count(b"Traceback")
    print(f"uploads and builds: {dict(statuses)}; files: {dict(outcomes)}; {tracebacks} tracebacks")
    print(
        f"server {before:.0f} MB before, {after:.0f} after, {peak:.0f} at most; {time.monotonic() - began:.0f} s"
    )
    print("\n".join(crashed))


def _sent(port: int, files: dict[str, bytes]) -> tuple[int, dict]:  # type: ignore[type-arg]
    kind, content = multipart(files)
    one = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    one.request("POST", "/v1/documents?build=true", content, {"Content-Type": kind})
    response = one.getresponse()
    body = json.loads(response.read())
    one.close()
    return response.status, body


def _ended(port: int, job: dict) -> dict:  # type: ignore[type-arg]
    connection = Connection(port)
    while job["status"] in ("queued", "running"):
        time.sleep(0.1)
        job = json.loads(connection.get(job["url"])[1])
    connection.close()
    return job


def _outcome(reason: str) -> str:
    if re.search("crashed|took over|killed", reason):
        return "crashed"
    if "longer than the limit" in reason:
        return "too slow"
    return "too large" if "MB of memory" in reason else "refused"


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
