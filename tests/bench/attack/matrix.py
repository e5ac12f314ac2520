"""Every route × method × key below its scope × odd path, over HTTP: nothing is changed, nothing is read that the key may not read.

``python tests/bench/attack/matrix.py``. Wrong is an answer of 500 and more, one that holds words of a document without a key or
the questions of others without a key of scope admin, and a file of documents, builds, settings or keys that has changed.
"""

from __future__ import annotations

import hashlib
import http.client
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from serving import serving

from api.app import routers_of
from api.guard import Scopes
from api.settings import SCOPES

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "delete")
ENDS = (
    *("%0A", "%0D", "%0D%0A", "%00", "%09", "%20", "%7F", "%C2%85", "%E2%80%A8", "%EF%BB%BF"),
    *("%2F", "%252F", "%250A", "%2500", "/", "//", ".", "..", "...", "/.", "/..", "/%2e%2e"),
    *(";x", "%3Bx", "%3F", "%23", "\\", "%5C", "/%2e", "%2e", "?x=%0A", "%FF", "%C0%AF"),
)
SECRET = "Xilofonista73"
ASKED = "Guardabarros41"
PATHS = {"doc_id": "secreto.txt", "name": "cartas", "page": "1"}


def odd(path: str) -> Iterator[str]:
    """The path, and what one reader of addresses may take for it and the next may not."""
    yield path
    yield from (path + end for end in ENDS)
    head, _, tail = path.rpartition("/")
    yield from (f"{head}%2F{tail}", f"{head}/%0A{tail}", f"{head}%0A/{tail}", f"{head}//{tail}")
    yield from (
        f"{head}/./{tail}",
        f"{head}/x/../{tail}",
        f"{head}/%2e%2e{path}",
        f"{head}\\{tail}",
    )
    yield from (path.upper(), path.title(), "/" + path, "/." + path, "/%2e" + path, "/x/.." + path)
    yield from ("%0A" + path, quote(path, safe=""), path.replace("/", "%2F"), "/livez/.." + path)


def main() -> None:
    """Print how many were asked, with the statuses, and how many were wrong."""
    keys = {scope: f"clave-{scope}" for scope in SCOPES}
    hashes = ",".join(f"{s}:{hashlib.sha256(k.encode()).hexdigest()}" for s, k in keys.items())
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        for one in (data, data / "collections" / "cartas"):
            (one / "documents").mkdir(parents=True)
            (one / "documents" / "secreto.txt").write_text(f"El {SECRET} vive en la pampa.")
        with serving(data, FUENTE_KEYS=hashes, FUENTE_QUESTION_DAYS="1") as (port, _):
            asked = _Asker(port, keys)
            body = f'{{"query": "¿Dónde vive el {ASKED} {SECRET}?"}}'.encode()
            assert asked("POST", "/v1/ask", "search", body)[0] == 200
            before, began = _state(data), time.monotonic()
            statuses: Counter[int] = Counter()
            wrong = []
            for path, scope in _targets():
                below: list[str | None] = [None, *SCOPES[: SCOPES.index(scope)]]
                for key in below:
                    for method in METHODS:
                        status, content = asked(method, path, key)
                        statuses[status] += 1
                        read = (SECRET.encode() in content and key is None) or (
                            ASKED.encode() in content
                        )
                        if status >= 500 or read:
                            wrong.append(f"{method} {path} with {key or 'no key'}: {status}")
            changed = sorted(set(_state(data).items()) ^ set(before.items()))
    wrong += [f"{name} has changed" for name, _ in changed]
    print(
        f"{statuses.total():,} requests, {len(wrong)} wrong, {time.monotonic() - began:.0f} s; "
        + ", ".join(f"{status}: {n:,}" for status, n in sorted(statuses.items()))
    )
    print("\n".join(wrong[:50]))
    sys.exit(1 if wrong else 0)


def _targets() -> list[tuple[str, str]]:
    """Odd paths of every route that needs a key, each with the highest scope that one of them needs."""
    found: dict[str, str] = {}
    for route, needed in Scopes([r for router in routers_of() for r in router.routes]).declared:
        if needed.scope is None:
            continue
        pattern = str(getattr(route, "path", ""))
        plain = re.sub(r"\{(\w+)[^}]*\}", lambda m: PATHS.get(m[1], "nada"), pattern)
        for path in (plain, plain.replace("/v1/", "/v1/collections/cartas/", 1)):
            for one in odd(path):
                known = found.get(one, SCOPES[0])
                found[one] = max(known, needed.scope, key=SCOPES.index)
    return sorted(found.items())


class _Asker:
    def __init__(self, port: int, keys: dict[str, str]) -> None:
        self._keys = keys
        self._port = port
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def __call__(
        self, method: str, path: str, key: str | None, body: bytes | None = None
    ) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"} if body else {}
        if key is not None:
            headers["Authorization"] = f"Bearer {self._keys[key]}"
        try:
            self._http.request(method, path, body, headers)
            response = self._http.getresponse()
            return response.status, response.read()
        except http.client.HTTPException:
            self._http.close()
            self._http = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            return 0, b""


def _state(data: Path) -> dict[str, str]:
    """What stands in the data directory, but for what may be written of requests that were refused."""
    return {
        str(path.relative_to(data)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(data.rglob("*"))
        if path.is_file() and path.name not in ("audit.jsonl", "keys_used.json")
    }


if __name__ == "__main__":
    main()
