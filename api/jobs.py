"""Builds of the index in the background: one at a time, with progress, and stoppable."""

from __future__ import annotations

import ctypes
import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, Protocol

from corpus.document import BuildRunningError, FuenteError
from index.local.build import BuildReport, Progress

KEPT_JOBS = 20
"""Jobs that can be looked up; older ones are forgotten."""

RETRY_S = 0.5
"""How often a job that waits for another process looks whether that one has ended."""

_LOG = logging.getLogger("fuente.jobs")

Status = Literal["queued", "running", "succeeded", "failed", "cancelled"]


class Build(Protocol):
    """Makes one build; the data directory and the encoder are in it already."""

    def __call__(
        self,
        *,
        full: bool,
        allow_removal: bool,
        progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
    ) -> BuildReport:
        """The report of the build. Raises FuenteError."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """A build as it stands at one moment.

    ``version`` grows with every change; times are ISO 8601, UTC. One that is ``patient`` waits while
    another process builds instead of failing; ``allow_removal`` as for :func:`index.local.build.build`.
    """

    job_id: str
    full: bool
    created_at: str
    status: Status = "queued"
    started_at: str | None = None
    finished_at: str | None = None
    progress: Progress | None = None
    report: BuildReport | None = None
    error: Exception | None = None
    version: int = 0
    patient: bool = False
    allow_removal: bool = False

    @property
    def finished(self) -> bool:
        """True when nothing will change any more."""
        return self.status in ("succeeded", "failed", "cancelled")


class Jobs(Protocol):
    """The builds of a collection, as they are asked for and looked at, wherever they are kept and run."""

    def start(self, *, full: bool, allow_removal: bool = False) -> Job:
        """A new job; raises BuildRunningError when one runs or waits."""
        ...

    def ensure(self, *, allow_removal: bool = False) -> Job:
        """A job that has not begun yet: the waiting one, or a new one behind the one that runs.

        For a change of the documents: a build that runs already may have looked at them before it.
        """
        ...

    def get(self, job_id: str) -> Job | None:
        """The job as it stands now; None when it is unknown or forgotten."""
        ...

    def kept(self) -> list[Job]:
        """The jobs that are kept, newest first."""
        ...

    def cancel(self, job_id: str) -> Job | None:
        """Asks a job to stop and gives it back as it stands; a finished one stays as it is, None for one that is unknown."""
        ...

    def look(self) -> None:
        """Take up a job that nobody runs; called every now and then."""
        ...

    def close(self, timeout_s: float = 3.0) -> None:
        """Stops what runs here and waits for it a little; a build that is stopped keeps what was encoded, and one that is in the
        middle of a long step is left: it has changed nothing, and the next one removes what it wrote."""
        ...


class LocalJobs:
    """Runs builds in a thread of its own, one after another, and keeps them in this process.

    ``after`` is called in that thread when a build has been activated, before the job counts as
    succeeded: whoever sees the job succeed can ask the new build.
    """

    def __init__(
        self,
        build: Build,
        after: Callable[[], object],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._build = build
        self._after = after
        self._clock = clock
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._stop: dict[str, threading.Event] = {}
        self._thread: threading.Thread | None = None
        self._closed = False

    def start(self, *, full: bool, allow_removal: bool = False, settle_s: float = 2.0) -> Job:
        """A new job, running.

        Raises BuildRunningError when one runs or waits here, or when another process holds the
        build lock: that shows as soon as the build begins, so up to ``settle_s`` seconds are spent
        on looking.
        """
        with self._lock:
            busy = self._unfinished()
            if busy:
                raise BuildRunningError(
                    f"job {busy[0].job_id} is {busy[0].status}; expected none: wait until it "
                    f"ends or cancel it"
                )
            job = self._add(full, allow_removal=allow_removal)
            self._changed.wait_for(
                lambda: (
                    self._jobs[job.job_id].finished or self._jobs[job.job_id].progress is not None
                ),
                timeout=settle_s,
            )
            job = self._jobs[job.job_id]
            if isinstance(job.error, BuildRunningError):
                del self._jobs[job.job_id]
                raise job.error
            return job

    def ensure(self, *, allow_removal: bool = False) -> Job:
        """See :meth:`Jobs.ensure`. While another process builds, the job waits for it, too."""
        with self._lock:
            for job in self._unfinished():
                if job.status == "queued":
                    if allow_removal:
                        self._jobs[job.job_id] = replace(job, allow_removal=True)
                    return self._jobs[job.job_id]
            return self._add(full=False, patient=True, allow_removal=allow_removal)

    def get(self, job_id: str) -> Job | None:
        """See :meth:`Jobs.get`."""
        with self._lock:
            return self._jobs.get(job_id)

    def kept(self) -> list[Job]:
        """See :meth:`Jobs.kept`."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def cancel(self, job_id: str) -> Job | None:
        """See :meth:`Jobs.cancel`."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None or job.finished:
                return job
            self._stop[job_id].set()
            if job.status == "queued":
                return self._change(job_id, status="cancelled", finished_at=self._now())
            return job

    def look(self) -> None:
        """Nothing: what waits here is run already."""

    def close(self, timeout_s: float = 3.0) -> None:
        """See :meth:`Jobs.close`."""
        with self._lock:
            self._closed = True
            for event in self._stop.values():
                event.set()
            thread = self._thread
        if thread is not None:
            thread.join(timeout_s)

    def _unfinished(self) -> list[Job]:
        return [job for job in self._jobs.values() if not job.finished]

    def _add(self, full: bool, *, patient: bool = False, allow_removal: bool = False) -> Job:
        if self._closed:
            raise BuildRunningError(
                "the service is stopping; expected a running one: start it again"
            )
        job = Job(
            job_id=f"job_{secrets.token_hex(8)}",
            full=full,
            created_at=self._now(),
            patient=patient,
            allow_removal=allow_removal,
        )
        self._jobs[job.job_id] = job
        self._stop[job.job_id] = threading.Event()
        for old in [job_id for job_id, kept in self._jobs.items() if kept.finished]:
            if len(self._jobs) > KEPT_JOBS:
                del self._jobs[old]
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="fuente-jobs", daemon=True)
            self._thread.start()
        return job

    def _work(self) -> None:
        """Runs the waiting jobs and ends with the last: an idle service has no idle thread."""
        while True:
            with self._lock:
                waiting = [job for job in self._unfinished() if job.status == "queued"]
                if not waiting:
                    self._thread = None
                    return
                job = self._change(waiting[0].job_id, status="running", started_at=self._now())
                stop = self._stop[job.job_id]
            self._run(job, stop)

    def _run(self, job: Job, stop: threading.Event) -> None:
        status, report, error = made(
            lambda: self._build(
                full=job.full,
                allow_removal=job.allow_removal,
                progress=lambda step: self._progress(job.job_id, step),
                cancelled=stop.is_set,
            ),
            self._after,
            stop,
            job.job_id,
            patient=job.patient,
        )
        with self._lock:
            self._stop.pop(job.job_id, None)
            self._change(
                job.job_id, status=status, finished_at=self._now(), report=report, error=error
            )

    def _progress(self, job_id: str, step: Progress) -> None:
        with self._lock:
            self._change(job_id, progress=step)

    def _change(
        self,
        job_id: str,
        *,
        status: Status | None = None,
        started_at: str | None = None,
        finished_at: str | None = None,
        progress: Progress | None = None,
        report: BuildReport | None = None,
        error: Exception | None = None,
    ) -> Job:
        """The job with these fields changed (None = as it was). The lock is held."""
        job = self._jobs[job_id]
        job = replace(
            job,
            status=status or job.status,
            started_at=started_at or job.started_at,
            finished_at=finished_at or job.finished_at,
            progress=progress or job.progress,
            report=report or job.report,
            error=error or job.error,
            version=job.version + 1,
        )
        self._jobs[job_id] = job
        self._changed.notify_all()
        return job

    def _now(self) -> str:
        return self._clock().strftime("%Y-%m-%dT%H:%M:%SZ")


def made(
    build: Callable[[], BuildReport],
    after: Callable[[], object],
    stop: threading.Event,
    job_id: str,
    *,
    patient: bool,
) -> tuple[Status, BuildReport | None, Exception | None]:
    """How a job has ended that makes this build until ``stop``, with its report or its error, whatever that is: the thread outlives
    it. One that is ``patient`` waits while another process builds; ``after`` is called when a build has been activated."""
    report: BuildReport | None = None
    error: Exception | None = None
    try:
        report = _when_free(build, stop, patient)
        if report is not None and report.build_id is not None:
            after()
    except Exception as failure:
        error = failure
        if not isinstance(failure, FuenteError) and not stop.is_set():
            _LOG.exception("build failed", extra={"fields": {"job_id": job_id}})
    _give_back()
    if stop.is_set() and (report is None or report.build_id is None):
        return "cancelled", report, None
    return ("succeeded" if error is None else "failed"), report, error


def _when_free(
    build: Callable[[], BuildReport], stop: threading.Event, patient: bool
) -> BuildReport | None:
    """The report of a build; None when it was stopped while it waited for another process."""
    while True:
        try:
            return build()
        except BuildRunningError:
            if not patient:
                raise
            if stop.wait(RETRY_S):
                return None


def _give_back() -> None:
    """Have the system get back what a build has freed: it would stay in pieces between others, 50 kB more with every build."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    # glibc alone has it, and needs it
    if trim is not None:
        trim(0)
