"""What is left when a build is killed (SIGKILL) at a random moment or meets an error of the disk, and what a running server notices.

A data directory with some of corpus/samples is built and a server started on it that runs to the end. Each round changes
the documents (two are edited, the one added before is removed, a new one is added by ``fuente build PATH``; every other
round ``--full``) and stops the build on the way. The stages take turns: copying the new document, scan, parse, encode,
write, check, activate, prune. Within a stage the moment is drawn at random, in half of the rounds by the clock, in the other
half between two operations on files, since some stages are over in a millisecond. After each kill

- CURRENT names a build that opens, with every checksum right, and no other build is damaged;
- it is wholly the one from before or wholly the new one: the documents, ten best passages with their scores and answers
  to known questions are those of an index made of the same documents in an empty folder;
- no document is lost or changed;
- the next build ends well and is the new one in the same sense, and leaves no half-written folder.

Then builds meet errors: a write, rename or link that fails, an fsync that fails, a file that may not grow beyond a random
size, and a disk with a random number of bytes left (a small tmpfs; needs the right to mount). Each must end with status 0,
or 1 and a line on stderr, and leave the same behind as a kill. Meanwhile a thread asks the server without pause; every
request must be answered with 200, and with what the build that it names answers.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import ctypes
import errno
import hashlib
import http.client
import itertools
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from invented import pages
from questions import read_cases
from running import DATA, SAMPLES, Connection, Server, environment, say

STAGES = ("add", "scan", "parse", "encode", "write", "check", "activate", "prune")
FAULTS = ("operation", "fsync", "file size", "full disk")

_EDITED = ("honey-bee.txt", "cafe-cultivo-y-preparacion.md", "potato-and-cip.md")
_SAMPLES = (
    *_EDITED,
    "toma-de-la-residencia-1996.md",
    "library-faq.jsonl",
    "chavin-stone-and-sound.epub",
)
_N_QUESTIONS = 12
# A stage shorter than this is left before a signal comes from outside: there the moment is an operation.
_LEAST_S = 0.02
_TMPFS_BYTES = 48 * 2**20
_TIMEOUT_S = 120


# --------------------------------------------------------------------------- in the process that is stopped


@dataclass(slots=True)
class Trap:
    """What is to happen in a build: at the ``n``-th operation on files within ``stage`` a kill, or ``error``; else nothing.

    ``counts`` and ``seconds`` tell of each stage how many operations it had and how long it was.
    """

    data: str
    stage: str = ""
    n: int = 0
    error: int = 0
    fsync: int = 0
    tell: int = -1
    at: str = "add"
    since: float = 0.0
    counts: collections.Counter[str] = field(default_factory=collections.Counter)
    seconds: collections.Counter[str] = field(default_factory=collections.Counter)

    _OPERATIONS = frozenset(
        "open os.rename os.link os.mkdir os.remove os.rmdir os.scandir os.listdir os.truncate".split()
    )

    def enter(self, stage: str) -> None:
        """Say that a stage begins."""
        now = time.monotonic()
        self.seconds[self.at] += now - (self.since or now)
        self.at, self.since = stage, now
        os.write(self.tell, f"{stage}\n".encode())

    def hook(self, event: str, given: tuple[Any, ...]) -> None:
        """Called by Python before each audited operation."""
        if event not in self._OPERATIONS or not self._is_ours(given):
            return
        writes = event != "open" or bool((given[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if self.error and (not writes or event in ("os.scandir", "os.listdir")):
            return
        self.counts[self.at] += 1
        if self.at == self.stage and self.counts[self.at] == self.n:
            if self.error:
                raise OSError(self.error, os.strerror(self.error), str(given[0]))
            os.kill(os.getpid(), signal.SIGKILL)
        if event == "os.rename" and str(given[1]).endswith("/CURRENT"):
            self.enter("prune")

    def _is_ours(self, given: tuple[Any, ...]) -> bool:
        # A name without a folder is one of shutil.rmtree's, relative to a folder that it holds open
        names = [os.fsdecode(one) for one in given if isinstance(one, str | bytes | os.PathLike)]
        return any(n.startswith(self.data) or (n and "/" not in n) for n in names[:2] if len(n) > 3)

    def sync(self, handle: int) -> None:
        """os.fsync, of which the ``fsync``-th call fails."""
        self.counts["fsync"] += 1
        if self.counts["fsync"] == self.fsync:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        os.fdatasync(handle)


def run_trapped(plan: dict[str, Any], arguments: list[str]) -> int:
    """``fuente build`` with a trap in it; the exit status, when there is one."""
    from api import cli
    from index.local import build as building

    trap = Trap(**plan["trap"])
    building.SMALL_SEGMENT = plan["small_segment"]
    whole = building.build

    def build(*given: Any, progress: Callable[[Any], None], **options: Any) -> Any:
        def told(step: Any) -> None:
            if (step.stage, step.done) != ("activate", 1) and step.stage != trap.at:
                trap.enter(step.stage)
            progress(step)

        return whole(*given, progress=told, **options)

    building.build = build  # type: ignore[assignment]
    if plan["file_bytes"]:
        # Python ignores SIGXFSZ, so that a write beyond the limit fails with EFBIG
        resource.setrlimit(resource.RLIMIT_FSIZE, (plan["file_bytes"], resource.RLIM_INFINITY))
    if trap.fsync:
        os.fsync = trap.sync  # type: ignore[assignment]
    trap.enter("add")
    sys.addaudithook(trap.hook)
    status = cli.main(arguments)
    trap.enter("end")
    os.write(trap.tell, json.dumps([trap.counts, trap.seconds]).encode() + b"\n")
    return status


class Attempt:
    """A ``fuente build`` in a process group of its own that says at which stage it is."""

    def __init__(self, data: Path, arguments: Sequence[str], small_segment: int, **trap: Any):
        reading, writing = os.pipe()
        file_bytes = trap.pop("file_bytes", 0)
        plan = {
            "trap": {"data": str(data), "tell": writing, **trap},
            "small_segment": small_segment,
            "file_bytes": file_bytes,
        }
        command = [sys.executable, __file__, "--trapped", json.dumps(plan), "build"]
        self.process = subprocess.Popen(
            [*command, "--data", str(data), *arguments],
            env=environment(),
            pass_fds=[writing],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        os.close(writing)
        self._told = os.fdopen(reading)
        self.stages: list[str] = []
        self.counted: tuple[dict[str, int], dict[str, float]] = ({}, {})

    def until(self, stage: str) -> bool:
        """Wait until that stage begins; False when the process ends without it."""
        return any(self._note(line) == stage for line in self._told)

    def _note(self, line: str) -> str:
        if line.startswith("["):
            counts, seconds = json.loads(line)
            self.counted = counts, seconds
        else:
            self.stages.append(line.strip())
        return line.strip()

    def kill(self) -> None:
        """SIGKILL to the whole group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> tuple[int, str, str]:
        """Wait for the end: exit status, the last stage that began, what went to stderr."""
        timer = threading.Timer(_TIMEOUT_S, self.kill)
        timer.start()
        for line in self._told:
            self._note(line)
        assert self.process.stderr is not None
        said = self.process.stderr.read().decode()
        self.process.stderr.close()
        status = self.process.wait()
        timer.cancel()
        self._told.close()
        return status, self.stages[-1] if self.stages else "start", said


# --------------------------------------------------------------------------- what is right


class Remembering:
    """The encoder, which gives what it has given before without working it out again."""

    def __init__(self, encoder: Any):
        self._encoder = encoder
        self._known: dict[tuple[str, str], Any] = {}
        self.card = encoder.card
        self.batch = 1
        self.count_tokens = encoder.count_tokens

    def encode_queries(self, texts: Sequence[str]) -> Any:
        return self._each("queries", texts, self._encoder.encode_queries)

    def encode_passages(self, texts: Sequence[str]) -> Any:
        return self._each("passages", texts, self._encoder.encode_passages)

    def encode_tokens(self, texts: Sequence[str], kind: Any) -> Any:
        encode = self._encoder.encode_tokens
        return [self._get(f"{kind} tokens", text, lambda t: encode([t], kind)[0]) for text in texts]

    def _each(self, kind: str, texts: Sequence[str], encode: Callable[[list[str]], Any]) -> Any:
        import numpy as np

        rows = [self._get(kind, text, lambda t: encode([t])[0]) for text in texts]
        return np.stack(rows) if rows else encode([])

    def _get(self, kind: str, text: str, encode: Callable[[str], Any]) -> Any:
        key = kind, text
        if key not in self._known:
            self._known[key] = encode(text)
        return self._known[key]


Said = tuple[str, list[tuple[str, int, int, str]]]


@dataclass(frozen=True)
class Seen:
    """What can be seen of a build: its documents, and for each question the passages with their scores and the answer."""

    documents: tuple[Any, ...]
    found: dict[str, list[tuple[str, float]]]
    said: dict[str, Said]

    def differences(self, expected: Seen) -> list[str]:
        """Where this is not what is expected."""
        wrong = []
        if self.documents != expected.documents:
            names = {d.doc_id for d in self.documents} ^ {d.doc_id for d in expected.documents}
            wrong.append(f"other documents ({', '.join(sorted(names)) or 'of the same names'})")
        for question, found in expected.found.items():
            if self.found[question] != found:
                wrong.append(f"other passages for {question!r}")
            if self.said[question] != expected.said[question]:
                wrong.append(f"{question!r} is answered {self.said[question][0]!r}")
        return wrong


class Truth:
    """Opens builds as a program would, and knows how an index made from nothing answers."""

    def __init__(self, questions: Sequence[str]):
        from api.settings import load_settings
        from index.encoder import load_encoder

        self.questions = questions
        self.encoder = Remembering(load_encoder(load_settings().encoder))
        self.builds: dict[str, Seen] = {}
        self._engine: Any = None

    def see(self, index: Any) -> Seen:
        """What can be seen of an index."""
        from index.searchable import OpenIndex
        from qa.engine import Engine, Query, SearchOptions

        if self._engine is None:
            self._engine = Engine(OpenIndex(index), self.encoder)
        # Another engine for each index would load the table of translations again: most of the time of a round
        self._engine._index = index
        found, said = {}, {}
        for question in self.questions:
            hits = self._engine.search(Query(question), SearchOptions(limit=10)).hits
            found[question] = [(hit.passage.passage_id, hit.score) for hit in hits]
            answer = self._engine.ask(Query(question))
            quotes = [(c.doc_id, c.start, c.end, c.quote) for c in answer.citations]
            said[question] = answer.text, quotes
        return Seen(tuple(index.documents()), found, said)

    def of(self, documents: Path, *more: Path) -> Seen:
        """What is to be seen of an index made of those documents, and further files, in an empty folder."""
        from index.local.build import build
        from index.local.store import Index

        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder)
            shutil.copytree(documents, data / "documents")
            for path in more:
                shutil.copy(path, data / "documents")
            build(data, self.encoder)
            with contextlib.closing(Index.open(data, self.encoder)) as index:
                return self.see(index)

    def active(self, data: Path) -> tuple[Seen | None, list[str]]:
        """What is to be seen of the active build, and what is wrong with this and the other builds."""
        from corpus.document import FuenteError
        from index.local.store import Index, list_builds

        wrong = [
            f"build {b.build_id} is damaged: {b.problem}" for b in list_builds(data) if b.problem
        ]
        try:
            index = Index.open(data, self.encoder)
        except FuenteError as error:
            return None, [*wrong, f"the active build does not open: {error}"]
        with contextlib.closing(index):
            for part in index.manifest.segments:
                folder = data / "builds" / index.build_id / part.segment_id
                for name, (digest, size) in part.files.items():
                    content = (folder / name).read_bytes()
                    if len(content) != size or hashlib.sha256(content).hexdigest() != digest:
                        wrong.append(f"{index.build_id}/{part.segment_id}/{name} is damaged")
            seen = self.see(index)
            earlier = self.builds.setdefault(index.build_id, seen)
            wrong += [f"{index.build_id} has changed: {d}" for d in seen.differences(earlier)]
        return seen, wrong


# --------------------------------------------------------------------------- rounds


class Asker(threading.Thread):
    """Asks a server the same questions over and over until it is stopped."""

    def __init__(self, port: int, questions: Sequence[str]):
        super().__init__(name="asker", daemon=True)
        self._port = port
        self._questions = questions
        self._ending = threading.Event()
        self.asked = 0
        self.failures: list[str] = []
        self.said: dict[tuple[str, str], set[str]] = collections.defaultdict(set)

    def run(self) -> None:
        connection = Connection(self._port, timeout_s=60)
        for question in itertools.cycle(self._questions):
            if self._ending.wait(0.1):
                break
            self.asked += 1
            try:
                status, body = connection.post("/v1/ask", {"query": question})
                if status == 200:
                    answer = json.loads(body)
                    quotes = [
                        [
                            c["document_id"],
                            c["start_char_index"],
                            c["end_char_index"],
                            c["cited_text"],
                        ]
                        for c in (citation["location"] for citation in answer["citations"])
                    ]
                    said = json.dumps([answer["answer"], quotes])
                    self.said[answer["build_id"], question].add(said)
                else:
                    self.failures.append(f"{status} for {question!r}: {body.decode()[:300]}")
            except (OSError, ValueError, http.client.HTTPException) as error:
                self.failures.append(f"{type(error).__name__}: {error} for {question!r}")
        connection.close()

    def stop(self) -> None:
        """End after the request under way."""
        self._ending.set()
        self.join(120)

    def wrong(self, truth: Truth) -> list[str]:
        """Answers that are not those of the build that they name."""
        found = list(self.failures)
        for (build_id, question), told in self.said.items():
            seen = truth.builds.get(build_id)
            if seen is None:
                found.append(f"{build_id} answered and was never active")
            elif told != {
                json.dumps([seen.said[question][0], [list(q) for q in seen.said[question][1]]])
            }:
                found.append(f"{build_id} answers {question!r} otherwise: {told}")
        return found


class Rounds:
    """Changes the documents of a data directory and stops the build of them, round after round."""

    def __init__(self, data: Path, truth: Truth, rng: random.Random):
        self.data = data
        self.truth = truth
        self.rng = rng
        self.problems: list[str] = []
        self.stages: collections.Counter[str] = collections.Counter()
        self.counts: dict[bool, tuple[dict[str, int], dict[str, float]]] = {}
        self._documents = data / "documents"
        self._pages = pages(rng.randint(0, 2**31))
        self._texts = {name: (self._documents / name).read_bytes() for name in _EDITED}
        self._added: str | None = None
        self._n = 0
        seen, wrong = truth.active(data)
        assert seen is not None
        assert not wrong, wrong
        self._now = seen

    def _change(self, folder: Path) -> Path:
        """Change the documents; the file that is to be added."""
        self._n += 1
        for name in self.rng.sample(_EDITED, 2):
            note = f"\n\nRevision {self._n} of this text: sheet {self.rng.randint(1, 9999)}.\n"
            (self._documents / name).write_bytes(self._texts[name] + note.encode())
        if self._added:
            (self._documents / self._added).unlink(missing_ok=True)
        self._added = f"round-{self._n}.md"
        path = folder / self._added
        path.write_text(next(self._pages).markdown, "utf-8")
        return path

    def measure(self) -> None:
        """Let builds run, and note how many operations each stage has and how long it is."""
        for full in (False, True, False, True):  # the first ones do not prune
            with self._round(full) as (path, small):
                attempt = Attempt(self.data, self._arguments(path, full), small)
                status, _, said = attempt.end()
                if status:
                    sys.exit(f"an undisturbed fuente build ended with {status}: {said}")
                self.counts[full] = attempt.counted

    def kill(self, stage: str) -> str:
        """One round that kills the build in that stage; where it was killed, or "" when it ended before."""
        full = self.rng.random() < 0.5
        counts, seconds = self.counts[full]
        reached = ""
        with self._round(full) as (path, small):
            length_s = seconds.get(stage, 0.0)
            if length_s >= _LEAST_S and self.rng.random() < 0.5:
                attempt = Attempt(self.data, self._arguments(path, full), small)
                if attempt.until(stage):
                    time.sleep(self.rng.uniform(0, length_s))
                attempt.kill()
            else:
                n = self.rng.randint(1, max(1, counts.get(stage, 1)))
                attempt = Attempt(self.data, self._arguments(path, full), small, stage=stage, n=n)
            status, last, said = attempt.end()
            if status == -signal.SIGKILL:
                reached = last
            elif status:
                self.problems.append(f"round {self._n}: ended with {status}: {said}")
            self.stages[reached or "had ended already"] += 1
        return reached

    def fail(self, fault: str) -> str:
        """One round in which the disk fails; what came of it."""
        full = self.rng.random() < 0.5
        counts, _ = self.counts[full]
        with self._round(full) as (path, small):
            arguments = self._arguments(path, full)
            if fault == "operation":
                stage = self.rng.choice([s for s in STAGES if counts.get(s)])
                error = self.rng.choice([errno.EIO, errno.ENOSPC, errno.EACCES, errno.EROFS])
                n = self.rng.randint(1, max(1, counts[stage] // 2))
                attempt = Attempt(self.data, arguments, small, stage=stage, n=n, error=error)
            elif fault == "fsync":
                attempt = Attempt(self.data, arguments, small, fsync=self.rng.randint(1, 40))
            elif fault == "file size":
                size = int(2 ** self.rng.uniform(8, 21))
                attempt = Attempt(self.data, arguments, small, file_bytes=size)
            else:
                self._fill(int(2 ** self.rng.uniform(10, 22)))
                attempt = Attempt(self.data, arguments, small)
            status, last, said = attempt.end()
            (self.data.parent / "ballast").unlink(missing_ok=True)
            outcome = f"{fault}: " + ("ended well" if status == 0 else "refused in one line")
            # Above it may stand what was not copied, and the progress of a build that took long
            *above, error = said.splitlines() or [""]
            in_one_line = error.startswith("fuente: ") and "Traceback" not in "".join(above)
            if status not in (0, 1) or (status and not in_one_line):
                outcome = f"{fault}: otherwise"
                self.problems.append(
                    f"round {self._n} ({fault}, {last}): status {status}: {said[-600:]}"
                )
            self.stages[outcome] += 1
        return outcome

    def _fill(self, left: int) -> None:
        """Leave that many bytes on the disk."""
        facts = os.statvfs(self.data)
        free = facts.f_bavail * facts.f_frsize
        with (self.data.parent / "ballast").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, free - left))

    @staticmethod
    def _arguments(path: Path, full: bool) -> list[str]:
        return [str(path), *(["--full"] if full else [])]

    @contextlib.contextmanager
    def _round(self, full: bool) -> Iterator[tuple[Path, int]]:
        """Changes the documents before what is done to the build, and afterwards looks at what is left and builds."""
        from corpus.collection import Collection
        from index.local import build as building

        # Most rounds keep segments apart as a large collection does, the others write all anew
        small = self.rng.choice([0, 0, 1000])
        with tempfile.TemporaryDirectory() as folder:
            path = self._change(Path(folder))
            before = contents(self._documents)
            old, new = self._now, self.truth.of(self._documents, path)
            yield path, small

            wrong: list[str] = []
            seen, damage = self.truth.active(self.data)
            wrong += [f"left behind: {d}" for d in damage]
            if seen is not None and seen not in (old, new):
                wrong += [f"left behind, neither old nor new: {d}" for d in seen.differences(new)]
            after = contents(self._documents)
            whole = after.pop(path.name, None)
            if after != before or whole not in (None, path.read_bytes()):
                wrong.append("documents were lost or changed")

            building.SMALL_SEGMENT = small
            Collection(self._documents).add(path)
            building.build(self.data, self.truth.encoder)
            seen, damage = self.truth.active(self.data)
            wrong += [f"after the next build: {d}" for d in damage]
            if seen is not None:
                wrong += [f"after the next build: {d}" for d in seen.differences(new)]
                self._now = seen
            left = [
                p.name
                for p in (self.data / "builds").glob(".*")
                if p.name.endswith((".partial", ".removed"))
            ]
            if left:
                wrong.append(f"after the next build there is still {', '.join(left)}")
            self.problems += [f"round {self._n}: {w}" for w in wrong]


def contents(folder: Path) -> dict[str, bytes]:
    """What is in the files of a folder, without those that a scan passes over."""
    return {p.name: p.read_bytes() for p in folder.iterdir() if not p.name.startswith(".")}


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A disk of a few megabytes at ``folder``; False where there is no right to mount one."""
    folder.mkdir()
    libc = ctypes.CDLL(None, use_errno=True)
    options = f"size={_TMPFS_BYTES}".encode()
    mounted = libc.mount(b"none", os.fsencode(folder), b"tmpfs", 0, options) == 0
    try:
        yield mounted
    finally:
        if mounted:
            libc.umount2(os.fsencode(folder), 2)  # MNT_DETACH


def first_build(data: Path, truth: Truth) -> None:
    """A data directory with the samples, built."""
    from index.local.build import build

    (data / "documents").mkdir(parents=True)
    for name in _SAMPLES:
        shutil.copy(SAMPLES / name, data / "documents")
    build(data, truth.encoder)


def main() -> int:
    if sys.argv[1:2] == ["--trapped"]:
        return run_trapped(json.loads(sys.argv[2]), sys.argv[3:])
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--errors", type=int, default=60)
    parser.add_argument("--seed", type=int, default=5)
    arguments = parser.parse_args()
    began = time.monotonic()
    rng = random.Random(arguments.seed)
    cases = read_cases(DATA / "sample_questions.jsonl")
    asked = [c.question for c in cases if set(c.documents) & set(_SAMPLES)]
    truth = Truth(sorted(rng.sample(asked, min(_N_QUESTIONS, len(asked)))))
    results: list[Rounds] = []

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first_build(folder / "data", truth)
        rounds = Rounds(folder / "data", truth, rng)
        results.append(rounds)
        with Server(folder / "data") as server:
            asker = Asker(server.port, truth.questions)
            asker.start()
            rounds.measure()
            n_kills, turn = 0, itertools.cycle(STAGES)
            while n_kills < arguments.kills:
                stage = next(turn)
                reached = rounds.kill(stage)
                n_kills += bool(reached)
                _tell(
                    f"{n_kills}/{arguments.kills} killed, last in {reached or 'no stage: it had ended'}",
                    rounds,
                )
                if not server.alive():
                    rounds.problems.append("the server is gone")
                    break
            for fault in itertools.islice(itertools.cycle(FAULTS[:3]), arguments.errors * 3 // 4):
                _tell(rounds.fail(fault), rounds)
            asker.stop()
            rounds.problems += [f"server: {w}" for w in asker.wrong(truth)]
        with small_disk(folder / "disk") as mounted:
            if mounted:
                first_build(folder / "disk" / "data", truth)
                full = Rounds(folder / "disk" / "data", truth, rng)
                full.measure()
                for _ in range(arguments.errors // 4):
                    _tell(full.fail("full disk"), full)
                results.append(full)
            else:
                say("no right to mount a small disk: a full one was not tried")

    print(
        f"{n_kills} builds killed, {arguments.errors} met errors, {time.monotonic() - began:.0f} s"
    )
    for one in results:
        for what, count in sorted(one.stages.items()):
            print(f"  {what:32} {count:4}")
    print(
        f"server: {asker.asked} requests over {len({b for b, _ in asker.said})} builds, "
        f"{len(asker.failures)} not answered with 200"
    )
    problems = [p for one in results for p in one.problems]
    for problem in problems[:40]:
        print(f"FAILED {problem}")
    print("no failure" if not problems else f"{len(problems)} failures")
    return 1 if problems else 0


def _tell(text: str, rounds: Rounds) -> None:
    say(f"{text}{f' – {len(rounds.problems)} FAILURES' if rounds.problems else ''}")


if __name__ == "__main__":
    sys.exit(main())
