"""What is left when a build is killed (SIGKILL) at random moments, and what a running server notices of it.

A data directory with corpus/samples is built and a server started on it that runs to the end. Each round changes the
documents (two are edited, one is added, the one added before is removed), starts ``fuente build`` (every other time with
--full) and kills it: in odd rounds at a moment drawn evenly from the length of such a build, in even rounds drawn from the
time after its folder has appeared, since writing and activating are short. After each kill

- the build that CURRENT names opens, every file has the checksum its manifest gives, and no other build is damaged;
- it answers the known questions, those that the first build answers right: word for word as before when it is the build
  from before; when the kill came after the new one had become active, at least nine of ten right, as other documents
  may shift an answer;
- the next ``fuente build`` ends well, holds the new document, leaves no half-written folder, and answers them too.

Every tenth round and in the last one, that build is compared with one made of the same documents in an empty folder:
both must answer every known question word for word alike. Meanwhile a thread asks the server the known questions without pause; every request must be answered with 200.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import http.client
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from invented import pages
from questions import Case, Outcome, read_cases
from running import DATA, SAMPLES, Connection, Server, build, command, environment, say

_LEAST_RIGHT = 0.9
_COMPARE_EVERY = 10
_EDITED = ("honey-bee.txt", "cafe-cultivo-y-preparacion.md", "potato-and-cip.md")


class Checker:
    """Opens the active build as a program would and compares what it answers with what was answered before."""

    def __init__(self, data: Path):
        from api.settings import load_settings
        from index.encoder import load_encoder

        self._data = data
        self._encoder = load_encoder(load_settings(data=data).encoder)
        self._before: dict[str, list[tuple[str, Any]]] = {}
        self.known: list[Case] = []

    def choose(self, cases: list[Case]) -> None:
        """Take as known the questions that the first build answers right."""
        outcomes = [self._outcome(answer, case) for case, answer in self._ask(self._data, cases)]
        self.known = [o.case for o in outcomes if o.case.answer and o.right]
        if not self.known:
            sys.exit("no question is answered right by the first build; nothing could be compared")

    @staticmethod
    def _outcome(answer: Any, case: Case) -> Outcome:
        quotes = tuple(c.quote for c in answer.citations)
        documents = tuple(c.doc_id for c in answer.citations)
        return Outcome(case, quotes, documents, answer.confidence, "")

    def _ask(self, data: Path, cases: list[Case]) -> list[tuple[Case, Any]]:
        from index.store import Index
        from qa.engine import Engine, Query

        index = Index.open(data, self._encoder)
        try:
            engine = Engine.of_index(index, self._encoder)
            return [(case, engine.ask(Query(case.question))) for case in cases]
        finally:
            index.close()

    def problems(self, document: str | None = None) -> list[str]:
        """What is wrong with the active build, which must hold ``document`` if one is named."""
        from corpus.document import FuenteError
        from index.store import Index, list_builds

        found = [
            f"build {b.build_id} is damaged: {b.problem}"
            for b in list_builds(self._data)
            if b.problem
        ]
        try:
            index = Index.open(self._data, self._encoder)
        except FuenteError as error:
            return [*found, f"the active build does not open: {error}"]
        folder = self._data / "builds" / index.build_id
        for name, (digest, size) in index.manifest.files.items():
            content = (folder / name).read_bytes()
            if len(content) != size or hashlib.sha256(content).hexdigest() != digest:
                found.append(f"{index.build_id}/{name} is not what its manifest says")
        if document and document not in {d.doc_id for d in index.documents()}:
            found.append(f"{index.build_id} lacks {document}")
        build_id = index.build_id
        index.close()
        return found + self._differences(build_id)

    def _differences(self, build_id: str) -> list[str]:
        answers = self._ask(self._data, self.known)
        now = [_said(answer) for _, answer in answers]
        if build_id in self._before:
            return self._unequal(now, self._before[build_id], f"{build_id} now")
        self._before[build_id] = now
        right = sum(self._outcome(answer, case).right for case, answer in answers)
        if right < _LEAST_RIGHT * len(answers):
            return [f"{build_id} answers {right} of {len(answers)} known questions right"]
        return []

    def _unequal(self, now: list[Any], before: list[Any], name: str) -> list[str]:
        return [
            f"{name} answers {case.question!r} with {new[0]!r}, expected {old[0]!r}"
            for case, new, old in zip(self.known, now, before, strict=True)
            if new != old
        ]

    def compare_with_fresh(self) -> list[str]:
        """What the active build answers otherwise than one made of the same documents from nothing."""
        with tempfile.TemporaryDirectory() as folder:
            fresh = Path(folder)
            shutil.copytree(self._data / "documents", fresh / "documents")
            build(fresh)
            expected = [_said(answer) for _, answer in self._ask(fresh, self.known)]
        now = [_said(answer) for _, answer in self._ask(self._data, self.known)]
        return self._unequal(now, expected, "the active build")


def _said(answer: Any) -> tuple[str, list[tuple[str, int, int, str]]]:
    return answer.text, [(c.doc_id, c.start, c.end, c.quote) for c in answer.citations]


class Asker(threading.Thread):
    """Asks a server the same questions over and over until it is stopped."""

    def __init__(self, port: int, questions: list[str]):
        super().__init__(name="asker", daemon=True)
        self._port = port
        self._questions = questions
        self._ending = threading.Event()
        self.asked = 0
        self.declined = 0
        self.failures: list[str] = []
        self.builds: dict[str, None] = {}

    def run(self) -> None:
        connection = Connection(self._port, timeout_s=30)
        for question in itertools.cycle(self._questions):
            if self._ending.is_set():
                break
            self.asked += 1
            try:
                status, body = connection.post("/v1/ask", {"query": question})
                if status == 200:
                    answer = json.loads(body)
                    self.builds[answer["build_id"]] = None
                    self.declined += answer["status"] != "answered"
                else:
                    self.failures.append(f"{status} for {question!r}: {body.decode()[:300]}")
            except (OSError, ValueError, http.client.HTTPException) as error:
                self.failures.append(f"{type(error).__name__}: {error} for {question!r}")
            self._ending.wait(0.05)
        connection.close()

    def stop(self) -> None:
        """End after the request under way."""
        self._ending.set()
        self.join(60)


def start_build(data: Path, full: bool) -> subprocess.Popen[bytes]:
    """``fuente build`` in a process group of its own, so that nothing of it outlives the kill."""
    return subprocess.Popen(
        command("build", "--data", str(data), *(["--full"] if full else [])),
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def partial_there(data: Path) -> bool:
    """Whether a build is being written."""
    return any((data / "builds").glob(".*.partial"))


def wait_for_partial(data: Path, process: subprocess.Popen[bytes]) -> float | None:
    """When (monotonic seconds) the folder of the new build appeared; None when the process ended without."""
    while process.poll() is None:
        if partial_there(data):
            return time.monotonic()
        time.sleep(0.001)
    return None


def measure_build(data: Path, full: bool) -> tuple[float, float]:
    """Length in seconds of a build left alone, and of its part after its folder has appeared."""
    began = time.monotonic()
    process = start_build(data, full)
    appeared = wait_for_partial(data, process)
    if process.wait():
        sys.exit(f"an undisturbed fuente build ended with {process.returncode}")
    ended = time.monotonic()
    return ended - began, ended - (appeared or ended)


def stage(data: Path, ended: bool, builds: set[str], current: str) -> str:
    """How far the killed build had come, by what it left."""
    if ended:
        return "had ended already"
    if (data / "CURRENT").read_text().strip() != current:
        return "new build active"
    if builds_of(data) - builds:
        return "new build named, not active"
    if partial_there(data):
        return "writing"
    if any((data / "builds").glob(".encoding-*")):
        return "encoding"
    return "before encoding"


def builds_of(data: Path) -> set[str]:
    """Names of the finished builds."""
    return {p.name for p in (data / "builds").glob("[!.]*")}


class Changes:
    """Changes the documents, a little and differently each round."""

    def __init__(self, documents: Path, rng: random.Random):
        self._documents = documents
        self._rng = rng
        self._pages = pages(rng.randint(0, 2**31))
        self._texts = {name: (documents / name).read_bytes() for name in _EDITED}
        self._added: Path | None = None
        self._round = 0

    def make(self) -> str:
        """Change the documents; the id of the new one."""
        self._round += 1
        for name in self._rng.sample(_EDITED, 2):
            note = f"\n\nRevision {self._round} of this text: sheet {self._rng.randint(1, 9999)}.\n"
            (self._documents / name).write_bytes(self._texts[name] + note.encode())
        if self._added:
            self._added.unlink()
        self._added = self._documents / f"round-{self._round}.md"
        self._added.write_text(next(self._pages).markdown, "utf-8")
        return self._added.name


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=5)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    problems: list[str] = []
    stages: collections.Counter[str] = collections.Counter()

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        build(data, str(SAMPLES))
        checker = Checker(data)
        checker.choose(read_cases(DATA / "sample_questions.jsonl"))
        changes = Changes(data / "documents", rng)
        lengths = {}
        for full in (False, True):
            changes.make()
            lengths[full] = measure_build(data, full)
        problems += checker.problems()
        say(
            f"{len(checker.known)} known questions; builds take {lengths[False][0]:.1f} s, "
            f"--full {lengths[True][0]:.1f} s"
        )
        with Server(data) as server:
            asker = Asker(server.port, [case.question for case in checker.known])
            asker.start()
            for n in range(1, arguments.rounds + 1):
                document = changes.make()
                # Four kinds of round: plain or full, killed at any moment or while writing
                full, anywhere = n % 4 in (0, 3), n % 2 == 1
                builds, current = builds_of(data), (data / "CURRENT").read_text().strip()
                length, writing = lengths[full]
                process = start_build(data, full)
                if anywhere:
                    time.sleep(rng.uniform(0, length))
                else:
                    wait_for_partial(data, process)
                    time.sleep(rng.uniform(0, writing))
                ended = process.poll() is not None
                if not ended:
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                reached = stage(data, ended, builds, current)
                stages[reached] += 1
                wrong = [f"after the kill: {p}" for p in checker.problems()]

                process = start_build(data, full)
                if process.wait():
                    wrong.append(f"the next build ended with {process.returncode}")
                wrong += [f"after the next build: {p}" for p in checker.problems(document)]
                if partial_there(data):
                    wrong.append("after the next build: a half-written folder is left")
                if n % _COMPARE_EVERY == 0 or n == arguments.rounds:
                    wrong += [f"beside a fresh build: {p}" for p in checker.compare_with_fresh()]
                if not server.alive():
                    wrong.append("the server is gone")
                problems += [f"round {n} ({reached}): {p}" for p in wrong]
                say(f"round {n}/{arguments.rounds}: {reached}{' FAILED' if wrong else ''}")
            asker.stop()

    print(
        f"{arguments.rounds} builds killed, {len(checker.known)} known questions checked after each"
    )
    for name, count in stages.most_common():
        print(f"  {name:28} {count:4}")
    print(
        f"server: {asker.asked} requests over {len(asker.builds)} builds, {len(asker.failures)} not "
        f"answered with 200, {asker.declined} declined"
    )
    problems += [f"server: {failure}" for failure in asker.failures]
    for problem in problems[:40]:
        print(f"FAILED {problem}")
    print("no failure" if not problems else f"{len(problems)} failures")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
