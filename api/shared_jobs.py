"""Builds that several hosts share: asked for anywhere, made by whichever process builds, looked at from all of them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from pydantic import TypeAdapter

from api.jobs import KEPT_JOBS, Build, Job, Status, made
from api.problems import ERRORS
from corpus.document import BuildRunningError, FuenteError, StoreError
from index.local.build import BuildReport, Progress

if TYPE_CHECKING:
    from index.postgres.queue import Builder, JobQueue, Row

MAX_TRIES: Final = 3
"""So many builders may end with a job before it is given up: it may be what ends them."""

TELL_S: Final = 0.5
"""How often a builder says where it is, and hears whether to stop."""

_LOG = logging.getLogger("fuente.jobs")
_KINDS: Final = {kind.__name__: kind for kind in ERRORS}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a job has ended, as it is kept: ``kind`` and ``text`` of an error."""

    report: BuildReport | None = None
    kind: str | None = None
    text: str = ""


_OUTCOME: Final = TypeAdapter(_Outcome)
_PROGRESS: Final = TypeAdapter(Progress)


class SharedJobs:
    """The jobs of a collection in a server: :class:`api.jobs.Jobs`.

    ``builds``: this process makes them, one after another in a thread of its own, while no other one does. Where it dies, another
    one begins the job again; where it is closed, it puts it back. ``after`` is called when a build has been activated, before the
    job counts as succeeded, and in other processes before they tell so: whoever sees it succeed can ask the new build there.
    """

    def __init__(
        self, queue: JobQueue, build: Build, after: Callable[[], object], *, builds: bool
    ) -> None:
        self._queue = queue
        self._build = build
        self._after = after
        self._builds = builds
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._again = False
        self._closed = threading.Event()
        self._seen: str | None = None

    def start(self, *, full: bool, allow_removal: bool = False) -> Job:
        """See :meth:`api.jobs.Jobs.start`. While a command builds, the job waits for it."""
        row, is_new = self._add(full=full, allow_removal=allow_removal, behind=False)
        if not is_new:
            raise BuildRunningError(
                f"job {row.job_id} is {row.status}; expected none: wait until it ends or cancel it"
            )
        return _job(row)

    def ensure(self, *, allow_removal: bool = False) -> Job:
        """See :meth:`api.jobs.Jobs.ensure`."""
        return _job(self._add(full=False, allow_removal=allow_removal, behind=True)[0])

    def _add(self, *, full: bool, allow_removal: bool, behind: bool) -> tuple[Row, bool]:
        added = self._queue.add(
            full=full, allow_removal=allow_removal, behind=behind, keep=KEPT_JOBS
        )
        self._wake()
        return added

    def get(self, job_id: str) -> Job | None:
        """See :meth:`api.jobs.Jobs.get`."""
        row = self._queue.get(job_id)
        if row is None:
            return None
        if row.status == "succeeded" and self._seen != job_id:
            self._after()
            self._seen = job_id
        return _job(row)

    def kept(self) -> list[Job]:
        """See :meth:`api.jobs.Jobs.kept`."""
        return [_job(row) for row in self._queue.kept()]

    def cancel(self, job_id: str) -> Job | None:
        """See :meth:`api.jobs.Jobs.cancel`."""
        self._queue.stop(job_id)
        return self.get(job_id)

    def look(self) -> None:
        """See :meth:`api.jobs.Jobs.look`."""
        if self._builds and self._queue.is_wanted():
            self._wake()

    def close(self, timeout_s: float = 3.0) -> None:
        """See :meth:`api.jobs.Jobs.close`; the job goes to another builder."""
        self._closed.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)

    def _wake(self) -> None:
        with self._lock:
            self._again = True
            if self._builds and self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._work, name="fuente-jobs", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        """Runs what waits, if nobody else does, and ends: an idle service has no idle thread."""
        while True:
            with self._lock:
                if not self._again or self._closed.is_set():
                    self._thread = None
                    return
                self._again = False
            try:
                with self._queue.builder() as builder:
                    while builder and not self._closed.is_set() and (row := builder.take()):
                        self._run(builder, row)
            # Whatever it was, the next look begins anew
            except Exception as error:
                if not isinstance(error, FuenteError):
                    _LOG.exception("jobs could not be run")
                else:
                    _LOG.warning("jobs could not be run: %s", error)

    def _run(self, builder: Builder, row: Row) -> None:
        if row.tries > MAX_TRIES:
            error = StoreError(
                f"the build was begun {row.tries - 1} times and ended each time with the process that made it; "
                "expected one that lives: see its log and memory, then build again"
            )
            builder.finish(row.job_id, "failed", _written(None, error))
            return
        with _Told(builder, row.job_id, self._closed) as told:
            status, report, failure = made(
                lambda: self._build(
                    full=row.full,
                    allow_removal=row.allow_removal,
                    progress=told.put,
                    cancelled=told.stop.is_set,
                ),
                self._after,
                told.stop,
                row.job_id,
                patient=True,
            )
        if told.is_lost:
            return  # whoever has the lock now has the job
        if status == "cancelled" and not told.is_asked:
            builder.put_back(row.job_id)
        else:
            self._seen = row.job_id
            builder.finish(row.job_id, status, _written(report, failure))


class _Told:
    """Says in a thread of its own where a job is, and hears whether it is to stop: ``stop`` is set then, when this process closes
    and when the server is away, since then the job may be another builder's."""

    def __init__(self, builder: Builder, job_id: str, closed: threading.Event) -> None:
        self.stop = threading.Event()
        self.is_asked = False
        """Whether somebody wants it to stop."""
        self.is_lost = False
        """Whether the server was away."""
        self._builder = builder
        self._job_id = job_id
        self._closed = closed
        self._progress: Progress | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._tell, name="fuente-jobs-told", daemon=True)

    def put(self, progress: Progress) -> None:
        """Where the job is now."""
        self._progress = progress

    def __enter__(self) -> _Told:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _tell(self) -> None:
        said: Progress | None = None
        while not self._ended.wait(TELL_S):
            progress = self._progress
            text = None
            if progress is not None and progress is not said:
                text = _PROGRESS.dump_json(progress).decode()
            try:
                self.is_asked = self._builder.tell(self._job_id, text) or self.is_asked
            # Of whatever kind: the lock goes with the connection
            except Exception as error:
                _LOG.warning("job %s is left: %s", self._job_id, type(error).__name__)
                self.is_lost = True
            said = progress
            if self.is_asked or self.is_lost or self._closed.is_set():
                self.stop.set()
                return


def _written(report: BuildReport | None, error: Exception | None) -> str:
    kind = None
    if error is not None:
        kind = next(
            (one.__name__ for one in type(error).__mro__ if one in ERRORS), type(error).__name__
        )
    # An unexpected error says nothing of its inside
    text = str(error) if isinstance(error, FuenteError) else ""
    return _OUTCOME.dump_json(_Outcome(report, kind, text)).decode()


def _job(row: Row) -> Job:
    outcome = _OUTCOME.validate_json(row.outcome) if row.outcome else _Outcome()
    return Job(
        job_id=row.job_id,
        full=row.full,
        created_at=row.created_at,
        status=cast(Status, row.status),
        started_at=row.started_at,
        finished_at=row.finished_at,
        progress=_PROGRESS.validate_json(row.progress) if row.progress else None,
        report=outcome.report,
        error=_error(outcome),
        version=row.version,
        patient=True,
        allow_removal=row.allow_removal,
    )


def _error(outcome: _Outcome) -> Exception | None:
    if outcome.kind is None:
        return None
    # Of an unexpected one only its name is told
    kind: type[Exception] = _KINDS.get(outcome.kind) or type(outcome.kind, (Exception,), {})
    # not called: some are made of other things than their text
    return kind.__new__(kind, outcome.text)
