"""Builds of the index: make one in the background, watch it, swap, roll back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from typing import Annotated, Literal

import anyio
from fastapi import APIRouter, Body, Response
from fastapi.sse import EventSourceResponse, format_sse_event

from api.guard import needs
from api.jobs import Job
from api.left_out import reason_of_file
from api.links import Links
from api.messages import UiLang, told
from api.native.schemas import (
    BuildBody,
    BuildList,
    JobBody,
    JobError,
    JobList,
    JobRequest,
    ProblemBody,
    ProgressBody,
    ReportBody,
    SkippedBody,
)
from api.opening import builds_of
from api.problems import ProblemError, problem_code
from api.service import Buildable, Service, Switchable, TheService, UiLanguage
from corpus.document import FuenteError
from index.local.build import BuildReport

router = APIRouter(tags=["index"])

POLL_S = 0.1
"""How often a stream of events looks at its job: what a progress bar shows as smooth."""

PING_S = 15.0
"""Silence after which a comment is sent, so that no proxy takes the stream for dead."""


@router.post(
    "/v1/index/jobs",
    response_model=JobBody,
    status_code=202,
    responses={409: {"model": ProblemBody, "description": "A build runs already."}},
    dependencies=[Buildable],
    openapi_extra=needs("index"),
)
def start_job(
    service: TheService,
    response: Response,
    lang: UiLanguage,
    body: Annotated[JobRequest | None, Body()] = None,
) -> JobBody:
    """Starts a build of what changed, or of everything."""
    wanted = body or JobRequest()
    job = service.jobs.start(full=wanted.full, allow_removal=wanted.allow_removal)
    found = job_body(job, service.links, lang)
    response.headers["Location"] = found.url
    return found


@router.get("/v1/index/jobs", response_model=JobList, openapi_extra=needs("search"))
def list_jobs(service: TheService, lang: UiLanguage) -> JobList:
    """The last jobs, newest first: of this process, or of all hosts where they share documents and index."""
    return JobList(
        object="list", data=[job_body(job, service.links, lang) for job in service.jobs.kept()]
    )


@router.get("/v1/index/jobs/{job_id}", response_model=JobBody, openapi_extra=needs("search"))
def get_job(job_id: str, service: TheService, lang: UiLanguage) -> JobBody:
    """How a build is getting on."""
    return job_body(_job(service, job_id), service.links, lang)


@router.get(
    "/v1/index/jobs/{job_id}/events",
    response_model=None,
    responses={
        200: {"content": {"text/event-stream": {}}, "description": "The events of the job."}
    },
    openapi_extra=needs("search"),
)
async def watch_job(job_id: str, service: TheService, lang: UiLanguage) -> Response:
    """The job as server-sent events: `progress` at a change, `end` once; the data is the job."""
    await anyio.to_thread.run_sync(_job, service, job_id)
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return EventSourceResponse(_watch(service, job_id, lang), headers=headers)


@router.delete(
    "/v1/index/jobs/{job_id}", response_model=JobBody, status_code=202, openapi_extra=needs("index")
)
def cancel_job(job_id: str, service: TheService, lang: UiLanguage) -> JobBody:
    """Asks a build to stop; the active build stays, what was encoded is kept for the next one."""
    _job(service, job_id)
    job = service.jobs.cancel(job_id)
    return job_body(job or _job(service, job_id), service.links, lang)


@router.get("/v1/index/builds", response_model=BuildList, openapi_extra=needs("search"))
def builds(service: TheService) -> BuildList:
    """The builds that one can go back to, newest first."""
    with closing(builds_of(service.settings, service.data)) as kept:
        infos = kept.infos()
    data = [
        BuildBody(
            object="index.build",
            id=build.build_id,
            created_at=build.created_at,
            active=build.active,
            documents=build.n_documents,
            passages=build.n_passages,
            encoder=build.encoder,
            size_bytes=build.size_bytes,
            problem=build.problem,
        )
        for build in infos
    ]
    return BuildList(object="list", data=data)


@router.post(
    "/v1/index/builds/{build_id}/activate",
    response_model=BuildBody,
    dependencies=[Switchable],
    openapi_extra=needs("admin"),
)
def activate_build(build_id: str, service: TheService, response: Response) -> BuildBody:
    """Makes a build the active one; one that cannot be served is refused and nothing changes."""
    with closing(builds_of(service.settings, service.data)) as kept:
        # Opened first: what serves must never be a build that this encoder cannot search.
        kept.open(service.encoder, build_id).close()
        kept.activate(build_id)
    service.engine.reload()
    for build in builds(service).data:
        if build.id == build_id:
            response.headers["X-Build-Id"] = build_id
            return build
    raise ProblemError("not_found", "build_gone")


def job_body(job: Job, links: Links, lang: UiLang) -> JobBody:
    """A job as JSON, what went wrong in that language."""
    progress = job.progress
    return JobBody(
        object="index.job",
        id=job.job_id,
        status=job.status,
        full=job.full,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        progress=(
            ProgressBody(
                stage=progress.stage, done=progress.done, total=progress.total, eta_s=progress.eta_s
            )
            if progress
            else None
        ),
        report=_report(job.report, lang) if job.report else None,
        error=_error(job.error, lang) if job.error else None,
        collection=links.collection,
        url=f"{links.base}/index/jobs/{job.job_id}",
    )


async def _watch(service: Service, job_id: str, lang: UiLang) -> AsyncIterator[bytes]:
    seen, silent_s = -1, 0.0
    while True:
        job = await anyio.to_thread.run_sync(service.jobs.get, job_id)
        if job is None:
            return
        if job.version != seen:
            name: Literal["progress", "end"] = "end" if job.finished else "progress"
            yield format_sse_event(
                data_str=job_body(job, service.links, lang).model_dump_json(), event=name
            )
            seen, silent_s = job.version, 0.0
            if job.finished:
                return
        elif silent_s >= PING_S:
            yield format_sse_event(comment="ping")
            silent_s = 0.0
        await anyio.sleep(POLL_S)
        silent_s += POLL_S


def _job(service: Service, job_id: str) -> Job:
    job = service.jobs.get(job_id)
    if job is None:
        raise ProblemError("not_found", "no_job")
    return job


def _report(report: BuildReport, lang: UiLang) -> ReportBody:
    return ReportBody(
        build_id=report.build_id,
        added=list(report.added),
        changed=list(report.changed),
        removed=list(report.removed),
        kept=len(report.kept),
        skipped=[
            SkippedBody(
                document_id=one.doc_id, reason=reason_of_file(one.reason, lang), cause=one.reason
            )
            for one in report.skipped
        ],
        documents=report.n_documents,
        passages=report.n_passages,
        encoded=report.n_encoded,
        seconds=round(report.seconds, 3),
    )


def _error(error: Exception, lang: UiLang) -> JobError:
    if isinstance(error, FuenteError):
        return JobError(code=problem_code(error), detail=told(error, lang))
    # An unexpected error says nothing of its inside; the log has it.
    return JobError(code="internal_error", detail=type(error).__name__)
