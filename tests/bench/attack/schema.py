"""Schemathesis, all phases and checks, against the description that the service gives of itself, without keys and with them.

``python tests/bench/attack/schema.py [--schemathesis PATH] [--examples 50] [--seed 7]``, or ``make schema``, which installs
Schemathesis into an environment of its own. The status is 1 when it finds anything.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from serving import serving

CONFIG = Path(__file__).with_name("schemathesis.toml")
KEY = "clave-de-la-medida"


def main() -> None:
    """Print a line for each run; what was found stands before it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schemathesis", default="schemathesis")
    parser.add_argument("--examples", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    found = 0
    for keys in ("", f"admin:{hashlib.sha256(KEY.encode()).hexdigest()}"):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "documents").mkdir()
            (Path(folder) / "documents" / "a.txt").write_text("El ñandú vive en la pampa.", "utf-8")
            with serving(Path(folder), FUENTE_KEYS=keys) as (port, _):
                began = time.monotonic()
                run = subprocess.run(
                    [
                        *(given.schemathesis, "--config-file", str(CONFIG), "run"),
                        f"http://127.0.0.1:{port}/openapi.json",
                        *("--phases", "examples,coverage,fuzzing,stateful", "--checks", "all"),
                        *("--max-examples", str(given.examples), "--seed", str(given.seed)),
                        *("--continue-on-failure", "--no-color", "--request-timeout", "60"),
                        *("--suppress-health-check", "all"),
                        *(("-H", f"Authorization: Bearer {KEY}") if keys else ()),
                    ],
                    capture_output=True,
                    text=True,
                    cwd=folder,
                )
        took = time.monotonic() - began
        if run.returncode:
            print(run.stdout, run.stderr)
        cases = re.search(r"(\d[\d,]*) generated", run.stdout)
        found += run.returncode != 0
        print(
            f"{'with' if keys else 'without'} keys: {cases[1] if cases else '?'} cases, "
            f"{'findings' if run.returncode else 'nothing found'}, {took:.0f} s",
            flush=True,
        )
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
