"""Two servers on one data directory, both changing it, and a backup taken meanwhile: do they agree, and is it whole?

``python tests/bench/attack/folder.py [--seconds 30]``
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from serving import Connection, command, environment, multipart, serving

FIXED = 20


def main() -> None:
    """Print a line for the two servers and one for the backup."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder:
        data, copy = Path(folder) / "data", Path(folder) / "copia.tgz"
        (data / "documents").mkdir(parents=True)
        for n in range(FIXED):
            (data / "documents" / f"fijo-{n}.txt").write_text(_text(f"fijo-{n}"), "utf-8")
        with serving(data) as (one, _), serving(data) as (other, _):
            answered: Counter[str] = Counter()
            end = time.monotonic() + seconds
            threads = [
                threading.Thread(target=_change, args=(port, end, answered, number))
                for number, port in enumerate((one, other))
            ]
            for thread in threads:
                thread.start()
            time.sleep(seconds / 3)
            saved = _fuente("backup", str(copy), "--data", str(data))
            for thread in threads:
                thread.join()
            _settle(one)
            said = [_said(one), _said(other)]
            end_s = time.monotonic() + 10
            while said[0] != said[1] and time.monotonic() < end_s:
                time.sleep(0.2)
                said = [_said(one), _said(other)]
        restored = Path(folder) / "restored"
        _fuente("restore", str(copy), "--data", str(restored))
        broken = [p.name for p in (restored / "documents").glob("*.txt") if not _is_whole(p)]
        same = [
            (restored / "documents" / f"fijo-{n}.txt").read_bytes()
            == (data / "documents" / f"fijo-{n}.txt").read_bytes()
            for n in range(FIXED)
        ]
        build_id = (restored / "CURRENT").read_text().strip()
        was = data / "builds" / build_id
        equal = was.is_dir() and _content(was) == _content(restored / "builds" / build_id)
    wrong = [key for key in answered if key.split()[1][0] == "5" and not key.endswith("503")]
    agree = said[0] == said[1]
    print(
        f"two servers, {seconds:.0f} s: {dict(sorted(answered.items()))}; agree at the end: {agree}"
    )
    print(
        f"{saved.strip().splitlines()[-1][:150]}; restored: {len(broken)} documents torn, "
        f"{sum(same)} of {FIXED} that did not change equal, active build "
        + ("equal" if equal else "removed meanwhile" if not was.is_dir() else "OTHER")
    )
    sys.exit(bool(wrong or broken or not agree or not all(same)))


def _text(name: str) -> str:
    body = f"El documento {name} vive en la pampa. " * 40
    return f"{hashlib.sha256(body.encode()).hexdigest()}\n\n{body}"


def _is_whole(path: Path) -> bool:
    told, _, body = path.read_text("utf-8").partition("\n\n")
    return hashlib.sha256(body.encode()).hexdigest() == told


def _content(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }


def _change(port: int, end: float, answered: Counter[str], number: int) -> None:
    n = 0
    while time.monotonic() < end:
        n += 1
        one = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        kind, body = multipart({f"de-{number}-{n % 9}.txt": _text(f"{number}-{n}").encode()})
        for what, method, path, content, kinds in (
            ("upload", "POST", "/v1/documents?build=true", body, kind),
            ("ask", "POST", "/v1/ask", b'{"query": "pampa"}', "application/json"),
            ("delete", "DELETE", f"/v1/documents/de-{1 - number}-{n % 9}.txt?build=true", None, ""),
        ):
            one.request(method, path, content, {"Content-Type": kinds} if kinds else {})
            response = one.getresponse()
            response.read()
            answered[f"{what} {response.status}"] += 1
        one.close()


def _settle(port: int) -> None:
    """One more build, when nothing changes any more."""
    while True:
        connection = Connection(port)
        status, body = connection.post("/v1/index/jobs", {})
        job = json.loads(body)
        while status == 202 and job["status"] in ("queued", "running"):
            time.sleep(0.1)
            job = json.loads(connection.get(job["url"])[1])
        connection.close()
        if status == 202 and job["status"] == "succeeded":
            return
        time.sleep(0.2)


def _said(port: int) -> tuple[str, list[tuple[str, str]]]:
    connection = Connection(port)
    build = json.loads(connection.get("/readyz")[1])["build_id"]
    documents = json.loads(connection.get("/v1/documents?limit=1000")[1])["data"]
    connection.close()
    return build, [(d["id"], d["status"]) for d in documents]


def _fuente(*words: str) -> str:
    ran = subprocess.run(command(*words), env=environment(), capture_output=True, text=True)
    if ran.returncode:
        sys.exit(f"fuente {words[0]}: {ran.stderr.strip()}")
    return ran.stdout or ran.stderr


if __name__ == "__main__":
    main()
