"""A data directory on a disk of a few megabytes that fills up: every way to write is told 507 ``storage_full``, and nothing is lost.

``python tests/bench/attack/disk.py [--folder DIR]``; without DIR a tmpfs of 24 MB is mounted, for which it must run as root.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from serving import Connection, command, environment, multipart, serving

TOLD = ("507 storage_full", "1 one line")
NEED_NONE = ("ask", "delete", "move", "create a collection")
"""What may be done on a full disk: it reads, takes away, or writes names alone, for which a tmpfs has room."""

TEXT = "El café de Villa Rica se cosecha de marzo a septiembre."


def main() -> None:
    """Print a line for each way to write, on the full disk and after there is room again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path)
    wrong = 0
    with _small_disk(parser.parse_args().folder) as disk, tempfile.TemporaryFile() as log:
        data = disk / "data"
        (data / "documents").mkdir(parents=True)
        for n in range(20):
            (data / "documents" / f"cafe-{n}.txt").write_text(f"{TEXT} Parcela {n}.", "utf-8")
        with serving(data, log, FUENTE_QUESTION_DAYS="2") as (port, _):
            before = _state(data)
            filler = disk / "filler"
            print(f"{'way to write':24} {'full':>24} {'with room':>10}")
            for name, request in _writes(port, data).items():
                _fill(filler)
                full = request()
                filler.unlink()
                time.sleep(0.1)
                after = request()
                good = after[0] in "02" and (full in TOLD or (name in NEED_NONE and full[0] == "2"))
                wrong += not good
                print(f"{name:24} {full:>24} {after:>10}{'' if good else '  WRONG'}", flush=True)
            now = _state(data)
            # The build was made anew several times, and the oldest were removed as they always are
            lost = {k for k, v in before.items() if now.get(k, v) != v}
            lost |= {k for k in before if k.startswith("documents/cafe-") and k not in now}
            lost -= {"documents/cafe-1.txt"}  # which was moved
        log.seek(0)
        n_traces = log.read().count(b"Traceback")
    print(f"files of before that are gone or other: {len(lost)}; tracebacks in the log: {n_traces}")
    sys.exit(1 if wrong or lost else 0)


def _writes(port: int, data: Path) -> dict[str, Callable[[], str]]:
    connection = Connection(port)
    n, moved = 0, "cafe-1.txt"

    def code(answer: tuple[int, bytes]) -> str:
        status, body = answer
        told = json.loads(body)
        return f"{status} {told.get('code', '')}"

    def upload(size: int) -> str:
        nonlocal n
        n += 1
        kind, body = multipart({f"nuevo-{n}.txt": (TEXT.encode() + b"\n") * (size // len(TEXT))})
        return code(_post(port, body, kind))

    def build() -> str:
        status, body = connection.post("/v1/index/jobs", {"full": True})
        job = json.loads(body)
        while job.get("status") in ("queued", "running"):
            time.sleep(0.05)
            job = json.loads(connection.get(job["url"])[1])
        if job.get("status") == "failed":
            return f"507 {job['error']['code']}"
        return f"{status} {job.get('code', '')}"

    def activate() -> str:
        one = json.loads(connection.get("/v1/index/builds")[1])["data"][-1]["id"]
        return code(connection.post(f"/v1/index/builds/{one}/activate", {}))

    def collection() -> str:
        nonlocal n
        n += 1
        return code(connection.post("/v1/collections", {"name": f"cartas-{n}"}))

    def delete() -> str:
        # What is taken away needs no room
        (name, *_) = [
            d["id"]
            for d in json.loads(connection.get("/v1/documents?limit=100")[1])["data"]
            if d["id"].startswith("nuevo")
        ]
        status, body, _h = connection.whole("DELETE", f"/v1/documents/{name}", None)
        return code((status, body))

    def move() -> str:
        nonlocal n, moved
        n += 1
        to = f"carpeta-{n}/cafe.txt"
        one = {"document_id": moved, "to": to}
        answer = code(connection.post("/v1/documents/move", {"moves": [one]}))
        moved = to if answer[0] == "2" else moved
        return answer

    def terminal(*words: str) -> str:
        nonlocal n
        n += 1
        named = [word.format(n=n) for word in words]
        ran = subprocess.run(
            command(*named, "--data", str(data)), env=environment(), capture_output=True, text=True
        )
        lines = ran.stderr.strip().splitlines()
        if ran.returncode:
            told = len(lines) == 1 and "the disk is full" in lines[0]
            return f"{ran.returncode} {'one line' if told else lines[-1:]}"
        return "0 "

    rating = {"request_id": "r1", "rating": "up", "comment": "¡ñandú! " * 400}
    decision = {"question": "¿Cuándo?", "language": "es", "verdict": "none"}
    return {
        "upload, small": lambda: upload(8_000),
        "upload, 3 MB": lambda: upload(3_000_000),
        "feedback": lambda: code(connection.post("/v1/feedback", rating)),
        "build": build,
        "activate": activate,
        "create a collection": collection,
        "move": move,
        "decide a question": lambda: code(connection.post("/v1/questions/decisions", decision)),
        "ask": lambda: code(connection.post("/v1/ask", {"query": "¿Cuándo se cosecha el café?"}))[
            :4
        ],
        "delete": delete,
        "fuente keys add": lambda: terminal("keys", "add", "maria-{n}", "--scope", "search"),
        "fuente backup": lambda: terminal("backup", str(data.parent / "copia-{n}.tgz")),
    }


def _post(port: int, body: bytes, kind: str) -> tuple[int, bytes]:
    one = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    one.request("POST", "/v1/documents", body, {"Content-Type": kind})
    response = one.getresponse()
    return response.status, response.read()


def _fill(filler: Path) -> None:
    """Take all the room there is, to the last byte."""
    with filler.open("wb", buffering=0) as file:
        for size in (2**16, 2**12, 2**6, 1):
            with contextlib.suppress(OSError):
                while file.write(b"\0" * size):
                    pass


@contextlib.contextmanager
def _small_disk(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "fuente", folder]
        if os.geteuid() or subprocess.run(mount, check=False).returncode:
            sys.exit(
                "no tmpfs can be mounted here: run as root, or name a folder on a small disk with --folder"
            )
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "-l", folder], check=False)


def _state(data: Path) -> dict[str, str]:
    folders = (data / "documents", data / "builds")
    return {
        str(path.relative_to(data)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


if __name__ == "__main__":
    main()
