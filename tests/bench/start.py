"""How long the command line and the server take to start, and the memory that the server needs.

``fuente --help`` is timed in new processes, from start to exit. ``fuente serve`` is timed from the start of the process
to the first 200 of /readyz, on a build of corpus/samples; its resident memory is read then, and again after one
question, when everything that is loaded late has been loaded; the peak is the highest it has ever been. "Cold" is a new
process with its files already in the system's cache: the first run, which may find them on disk, is shown apart.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from running import SAMPLES, Connection, Server, build, command, environment, say


def time_help() -> float:
    """Seconds that one ``fuente --help`` takes."""
    began = time.perf_counter()
    subprocess.run(command("--help"), env=environment(), stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--helps", type=int, default=7, help="runs of fuente --help")
    parser.add_argument("--starts", type=int, default=5, help="starts of the server")
    arguments = parser.parse_args()

    say("fuente --help")
    first = time_help()
    helps = [time_help() for _ in range(arguments.helps)]

    starts, at_start, peaks, after = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        say("building the samples")
        built = build(Path(folder), str(SAMPLES))
        for n in range(arguments.starts):
            say(f"server {n + 1}/{arguments.starts}")
            with Server(Path(folder)) as server:
                starts.append(server.start_s)
                at_start.append(server.memory_mib()[0])
                connection = Connection(server.port)
                status, body = connection.post("/v1/ask", {"query": "¿Quién negoció?"})
                connection.close()
                if status != 200:
                    sys.exit(f"the server answered a question with {status}: {body.decode()}")
                now, peak = server.memory_mib()
                after.append(now)
                peaks.append(peak)

    def line(name: str, values: list[float], unit: str, digits: int) -> None:
        middle = statistics.median(values)
        print(
            f"{name:38} {middle:8.{digits}f} {unit:4} median of {len(values)}"
            f" ({min(values):.{digits}f}–{max(values):.{digits}f})"
        )

    line("fuente --help", [s * 1000 for s in helps], "ms", 0)
    print(f"{'  its first run':38} {first * 1000:8.0f} ms")
    print(f"\nserver on {built['n_documents']} documents, {built['n_passages']} passages")
    line("start to ready", starts, "s", 2)
    line("resident memory when ready", at_start, "MiB", 0)
    line("resident memory after one question", after, "MiB", 0)
    line("peak resident memory", peaks, "MiB", 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
