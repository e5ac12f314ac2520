"""Files of a collection → documents, read by worker processes within limits of time and memory.

A library that reads a format is C code over bytes that anybody may have made: it can hang, swell or crash.
In a process of its own that is the reason why one file was skipped, and nothing more. A worker reads one
file after another, knows nothing but :mod:`corpus.parse`, and ends when the pipe to it closes.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import io
import os
import re
import resource
import select
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from corpus.collection import Collection
from corpus.document import CorpusError, Document, Skipped, Source
from corpus.parse import parse
from corpus.printed import Printed, PrintedFile, Wanted
from corpus.readers.wire import dumps, loads

Read = tuple[Source | None, Document | Skipped]
"""A file as it was read, and what came of it. No Source: its bytes could not be had (it vanished, say), so
nothing is known of it and the next build should try again."""

MAX_SECONDS: Final = 120.0
"""Time for one file unless told otherwise."""

MAX_PAGE_SECONDS: Final = 30.0
"""Time for a page unless told otherwise: one that is a picture is read by OCR again."""

MAX_MEMORY_MB: Final = 3072
"""Address space of a worker unless told otherwise, MiB."""

# A worker starts in a third of a second; only a machine that is out of everything needs more than this.
_START_S: Final = 60.0
_LOOK_S: Final = 0.1

# A worker waits so long for the next build, and reads so many files before another takes its place.
_IDLE_S: Final = 60.0
# And so much longer where it was asked for a page: whoever looks at one and reads on looks at another one later.
_LOOKED_S: Final = 540.0
_MAX_FILES: Final = 1000
# Memory of a worker for any file, and how many times its size on top of it, up to the limit: a small file that is made to grow
# is stopped early.
_ANY_FILE_BYTES: Final = 2**30
_TIMES_SIZE: Final = 80
# Of a PDF that a worker keeps open for the next of its pages.
_MAX_OPEN_BYTES: Final = 2**26
# What a worker may say: the longest text that a document may have, each letter written as \\uXXXX, and its blocks.
_MAX_MESSAGE_BYTES: Final = 2**28
_CHUNK_BYTES: Final = 2**16

# A message is its length in eight bytes, then JSON. An empty one says "ready" when it is a worker's
# first, and "out of memory" later.
_HEADER_BYTES: Final = 8
_EMPTY: Final = bytes(_HEADER_BYTES)

# With -I nothing of the working directory is imported; what the parent can import the worker can too.
_START: Final = (
    "import sys; sys.path[:] = sys.argv[1:]; from corpus.readers.pool import work; work()"
)

ReadPage = tuple[Source | None, Printed | Skipped]
"""A file as it was read, and a page of it, or why it cannot be had."""

# What is said to a worker: the documents folder, the most memory in MiB, the file, and what of it where not all.
_Asked = tuple[str, int, Source, Wanted | None]
_Job = tuple[int, Source, Wanted | None]
_Result = tuple[int, Read | ReadPage]


def read(
    collection: Collection,
    sources: Sequence[Source],
    *,
    workers: int | None = None,
    timeout_s: float = MAX_SECONDS,
    memory_mb: int = MAX_MEMORY_MB,
    waiting: Callable[[], None] = lambda: None,
) -> Generator[Read, None, None]:
    """What came of each source, in their order. Close the iterator to stop before the end.

    A file that cannot be read, takes longer than ``timeout_s`` or more than ``memory_mb`` (MiB), or crashes
    its worker gives a Skipped with the reason. The Source given back has the hash and size of the bytes that
    were parsed. ``workers`` is the number of processes, None for one on each core; no more than twice as many
    documents are in work or wait to be taken. ``waiting`` is called every 0.1 s at least while there is
    nothing to give, and what it raises ends the reading. Workers that are done wait a minute for the next reading, ten after a page.

    :raises CorpusError: when no worker can be started.
    """
    n_workers = workers or os.cpu_count() or 1
    pending = deque((number, source, None) for number, source in enumerate(sources))
    results: dict[int, Read | ReadPage] = {}
    with _Pool(collection.documents, timeout_s, memory_mb) as pool:
        for number in range(len(sources)):
            while number not in results:
                while pending and pool.busy < n_workers and pending[0][0] < number + 2 * n_workers:
                    pool.give(pending.popleft())
                waiting()
                results.update(pool.wait())
            found, result = results.pop(number)
            assert not isinstance(result, Printed)
            yield found, result


def read_page(
    collection: Collection,
    source: Source,
    wanted: Wanted,
    *,
    timeout_s: float = MAX_PAGE_SECONDS,
    memory_mb: int = MAX_MEMORY_MB,
) -> ReadPage:
    """A page of a PDF, within the same limits and by the same workers as :func:`read`.

    :raises CorpusError: when no worker can be started.
    """
    with _Pool(collection.documents, timeout_s, memory_mb) as pool:
        pool.give((0, source, wanted))
        while True:
            for _, (found, result) in pool.wait():
                assert not isinstance(result, Document)
                return found, result


class _Idle:
    """Workers that wait for the next reading of this process, a few; each is taken by one reading at a time."""

    def __init__(self) -> None:
        self._workers: list[_Worker] = []
        self._lock = threading.Lock()
        atexit.register(self.end)
        # Two processes that talk to one worker would get each other's answers
        os.register_at_fork(after_in_child=self._disown)

    def take(self) -> _Worker | None:
        """One that lives, None when there is none."""
        with self._lock:
            while self._workers:
                worker = self._workers.pop()
                if worker.is_alive() and worker.program == _program():
                    return worker
                worker.end()
        return None

    def put(self, worker: _Worker) -> None:
        """Have it wait, unless there are enough."""
        with self._lock:
            if len(self._workers) < (os.cpu_count() or 1):
                self._workers.append(worker)
                return
        worker.end()

    def end(self) -> None:
        """End all."""
        with self._lock:
            workers, self._workers = self._workers, []
        for worker in workers:
            worker.end()

    def _disown(self) -> None:
        self._lock = threading.Lock()
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.disown()


_idle: Final = _Idle()


def end_idle() -> None:
    """End the workers that wait for the next reading."""
    _idle.end()


class _Pool:
    """The workers. A job that was given has one result, whatever becomes of its worker."""

    def __init__(self, documents: Path, timeout_s: float, memory_mb: int) -> None:
        self._documents = documents
        self._timeout_s = timeout_s
        self._memory_mb = memory_mb
        self._workers: list[_Worker] = []
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in list(self._workers):
            if worker.job is None and worker.ready and worker.n_read < _MAX_FILES:
                self._workers.remove(worker)
                self._selector.unregister(worker.fileno())
                _idle.put(worker)
            else:
                self._end(worker)
        self._selector.close()

    @property
    def busy(self) -> int:
        """How many jobs are under way."""
        return sum(worker.job is not None for worker in self._workers)

    def give(self, job: _Job) -> None:
        """Begin a job, in a new worker when none is idle."""
        for worker in self._workers:
            if worker.job is None:
                self._begin(worker, job)
                return
        warm = _idle.take()
        if warm is None:
            self._start(job)
        else:
            self._take(warm)
            self._begin(warm, job)

    def wait(self) -> Iterator[_Result]:
        """Results of jobs that have ended; when there are none, a moment is waited for some."""
        for key, _ in self._selector.select(_LOOK_S):
            worker: _Worker = key.data
            try:
                message = worker.receive()
            except EOFError:
                yield from self._died(worker)
                continue
            except ValueError:
                yield from self._babbled(worker)
                continue
            if message is None or worker.job is None:
                continue
            number, source, wanted = worker.job
            if not worker.ready:
                worker.ready = True
                self._begin(worker, worker.job)
            elif message:
                try:
                    found = _understood(message, source, wanted)
                except ValueError:
                    yield from self._babbled(worker)
                    continue
                worker.job = None
                worker.n_read += 1
                yield number, found
            else:
                limit_mb = _most_bytes(self._memory_mb, source.size_bytes) // 2**20
                reason = f"reading took more than the limit of {limit_mb:,} MB of memory"
                self._end(worker)
                yield from self._failed(worker, source, f"{reason}; split the file")
        for worker in [w for w in self._workers if w.is_late()]:
            self._end(worker)
            if not worker.ready or worker.job is None:
                raise _cannot_start(f"it was not ready after {_START_S:g} s")
            number, source, _ = worker.job
            reason = f"reading took longer than the limit of {self._timeout_s:g} s"
            yield number, (source, Skipped(source.doc_id, f"{reason}; split the file"))

    def _begin(self, worker: _Worker, job: _Job) -> None:
        worker.begin(job, (str(self._documents), self._memory_mb, *job[1:]), self._timeout_s)

    def _start(self, job: _Job) -> None:
        self._take(_Worker(job))

    def _take(self, worker: _Worker) -> None:
        self._workers.append(worker)
        self._selector.register(worker.fileno(), selectors.EVENT_READ, worker)

    def _end(self, worker: _Worker) -> int:
        self._workers.remove(worker)
        self._selector.unregister(worker.fileno())
        return worker.end()

    def _died(self, worker: _Worker) -> Iterator[_Result]:
        status = self._end(worker)
        how = f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
        if not worker.ready:
            raise _cannot_start(f"it ended with {how}")
        if worker.job is None:
            return
        if status == -signal.SIGKILL:
            # Nothing that a file can bring about: somebody's kill, or the system's want of memory.
            reason = "its reader was killed from outside, perhaps for want of memory; build again"
            yield from self._failed(worker, None, reason)
        else:
            reason = f"the file crashed its reader ({how})"
            advice = "open it in its own program and save it again"
            yield from self._failed(worker, worker.job[1], f"{reason}; {advice}")

    def _babbled(self, worker: _Worker) -> Iterator[_Result]:
        """The result of a job whose worker says what no reader of ours would say."""
        self._end(worker)
        if not worker.ready:
            raise _cannot_start("it said something that is not understood")
        if worker.job is None:
            return
        reason = "the file took over its reader, which said something that is not understood"
        yield from self._failed(worker, worker.job[1], f"{reason}; find out where it comes from")

    def _failed(self, worker: _Worker, source: Source | None, reason: str) -> Iterator[_Result]:
        """The result of a job that ended its worker, if this was the first thing that the worker read.

        Else files before it may be to blame, and a new worker tries again.
        """
        assert worker.job is not None
        if worker.n_read:
            self._start(worker.job)
        else:
            number, asked, _ = worker.job
            yield number, (source, Skipped(asked.doc_id, reason))


class _Worker:
    """The parent's side of a process; ``job`` is what it is at, the first from its start on."""

    def __init__(self, job: _Job) -> None:
        self.job: _Job | None = job
        self.program = _program()
        self.ready = False
        self.n_read = 0
        self._deadline = time.monotonic() + _START_S
        self._received = bytearray()
        try:
            # Not forked by hand: in a thread of a server another thread may hold any lock.
            self._process = subprocess.Popen(
                self.program,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
        except OSError as error:
            raise _cannot_start(str(error.strerror)) from error

    def fileno(self) -> int:
        """What to wait for."""
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def begin(self, job: _Job, asked: _Asked, timeout_s: float) -> None:
        """Send the job; its time runs from now."""
        assert self._process.stdin is not None
        self.job = job
        self._deadline = time.monotonic() + timeout_s
        # One that has died meanwhile is noticed by the end of what it says.
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(_message(asked))

    def is_alive(self) -> bool:
        """Whether it still waits to be asked."""
        return self._process.poll() is None

    def disown(self) -> None:
        """Forget it in a process that was forked from the one that it belongs to."""
        self._process.returncode = 0
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def is_late(self) -> bool:
        """Whether it should have been ready, or done with its job, by now."""
        return self.job is not None and self._deadline < time.monotonic()

    def receive(self) -> bytes | None:
        """A message, None while there is only a part of it.

        :raises EOFError: when the process has ended.
        :raises ValueError: when the message is longer than any document is.
        """
        chunk = os.read(self.fileno(), _CHUNK_BYTES)
        if not chunk:
            raise EOFError
        self._received += chunk
        end = _HEADER_BYTES + int.from_bytes(self._received[:_HEADER_BYTES])
        if len(self._received) >= _HEADER_BYTES and end > _MAX_MESSAGE_BYTES:
            raise ValueError("the message is too long")
        if len(self._received) < end:
            return None
        # Nothing stands behind it: a worker speaks when it is spoken to.
        message = bytes(self._received[_HEADER_BYTES:])
        self._received.clear()
        return message

    def end(self) -> int:
        """Kill the process unless it has ended; its exit status, below 0 for a signal."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        return self._process.wait()


def _program() -> list[str]:
    """What a worker that is started now runs."""
    return [
        sys.executable, "-I", f"-Xutf8={sys.flags.utf8_mode}", "-c", _START, *sys.path,
    ]  # fmt: skip


def _cannot_start(why: str) -> CorpusError:
    return CorpusError(
        f"no process could be started to read documents ({why}); free memory or processes and build again"
    )


def _most_bytes(memory_mb: int, file_bytes: int) -> int:
    """What a worker may take for a file of that size."""
    return min(memory_mb * 2**20, _ANY_FILE_BYTES + _TIMES_SIZE * file_bytes)


def _message(content: object) -> bytes:
    message = dumps(content)
    return len(message).to_bytes(_HEADER_BYTES) + message


def _understood(message: bytes, asked: Source, wanted: Wanted | None) -> Read | ReadPage:
    """What a worker says about the file that it was asked for; ValueError when it says anything else."""
    if wanted is not None:
        page: ReadPage = loads(message, ReadPage)
        if page[0] is not None and page[0].doc_id != asked.doc_id:
            raise ValueError("it speaks of another file")
        return page
    said: Read = loads(message, Read)
    if {one.doc_id for one in said if one is not None} != {asked.doc_id}:
        raise ValueError("it speaks of another file")
    return said


# --------------------------------------------------------------------------- in the worker


def work() -> None:
    """A worker's whole life: read the file that is asked for, say what came of it, until nobody asks for a while."""
    # Ctrl-C goes to all processes of a terminal; when to end is for the parent to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Unbuffered, so that whether something is there to be read shows
    questions, answers = os.fdopen(0, "rb", 0), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with the answers
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    message, shown, looked = _EMPTY, _Shown(), False
    with contextlib.suppress(BrokenPipeError):
        while True:
            answers.write(message)
            answers.flush()
            if not select.select([questions], [], [], _IDLE_S)[0]:
                shown.close()
                if not (looked and select.select([questions], [], [], _LOOKED_S)[0]):
                    return
            header = _exactly(_HEADER_BYTES, questions)
            if not header:
                return
            asked = _exactly(int.from_bytes(header), questions)
            documents, memory_mb, source, wanted = loads(asked, _Asked)
            looked = wanted is not None
            _limit_memory(_most_bytes(memory_mb, source.size_bytes))
            with _dying_with_the_parent(questions.fileno()):
                try:
                    message = _message(_answer(Collection(Path(documents)), source, wanted, shown))
                except MemoryError:
                    message = _EMPTY


def _exactly(n_bytes: int, pipe: io.RawIOBase) -> bytes:
    """So many bytes, fewer when the pipe ends before."""
    found = b""
    while len(found) < n_bytes and (piece := pipe.read(n_bytes - len(found))):
        found += piece
    return found


def _limit_memory(wanted: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))


@contextlib.contextmanager
def _dying_with_the_parent(pipe: int) -> Iterator[None]:
    """Let the end of ``pipe`` kill this process, even inside a C function that does not return."""
    flags = fcntl.fcntl(pipe, fcntl.F_GETFL)
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, flags | os.O_ASYNC)  # SIGIO, which kills unless handled
    if select.select([pipe], [], [], 0)[0]:  # it had ended already
        os._exit(0)
    try:
        yield
    finally:
        fcntl.fcntl(pipe, fcntl.F_SETFL, flags)


class _Shown:
    """The PDF whose pages were asked for last: open, since most often another of its pages is asked for next."""

    def __init__(self) -> None:
        self._asked: tuple[Path, Source] | None = None
        self._found: tuple[Source, PrintedFile] | None = None

    def get(self, collection: Collection, asked: Source) -> tuple[Source, PrintedFile] | None:
        """It, and the file as it was read, when it is the one that is asked for."""
        return self._found if self._asked == (collection.documents, asked) else None

    def open(
        self, collection: Collection, asked: Source, source: Source, content: bytes
    ) -> PrintedFile:
        """Have another one open; an UnreadableDocumentError where that cannot be."""
        self.close()
        file = PrintedFile(content)
        self._asked, self._found = (collection.documents, asked), (source, file)
        return file

    def close(self) -> None:
        """Let other files be read."""
        if self._found is not None:
            self._found[1].close()
        self._asked = self._found = None


def _answer(
    collection: Collection, asked: Source, wanted: Wanted | None, shown: _Shown
) -> Read | ReadPage:
    source: Source | None = None
    try:
        if wanted is not None and (found := shown.get(collection, asked)) is not None:
            source, file = found
            return source, file.page(wanted)
        shown.close()
        source, content = _content(collection, asked)
        if wanted is None:
            return source, parse(content, asked.doc_id)
        if len(content) <= _MAX_OPEN_BYTES:
            return source, shown.open(collection, asked, source, content).page(wanted)
        with contextlib.closing(PrintedFile(content)) as file:
            return source, file.page(wanted)
    except CorpusError as error:
        if source is not None and _is_of_memory(error):
            raise MemoryError from error
        return source, Skipped(asked.doc_id, str(error))


def _content(collection: Collection, asked: Source) -> tuple[Source, bytes]:
    content = collection.read(asked.doc_id)
    digest = hashlib.sha256(content).hexdigest()
    return replace(asked, sha256=digest, size_bytes=len(content)), content


def _is_of_memory(error: BaseException) -> bool:
    """Whether an error is there because the memory did not suffice."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, MemoryError):
        cause = cause.__cause__ or cause.__context__
    # lxml tells it as an "unknown error" in the file; what it had taken by then tells more.
    return cause is not None or _peak_bytes() > 0.75 * resource.getrlimit(resource.RLIMIT_AS)[0]


def _peak_bytes() -> int:
    """The largest address space that this process had, 0 where the system does not say."""
    try:
        status = Path("/proc/self/status").read_text("ascii", "replace")
    except OSError:
        return 0
    peak = re.search(r"^VmPeak:\s+(\d+) kB", status, re.MULTILINE)
    return 1024 * int(peak[1]) if peak else 0
