"""What runs and watches the service: probes, metrics, info, the documentation, the page's files."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from api import __version__
from api.collections import DEFAULT, SUGGESTIONS_NAME
from api.doors.door import Door
from api.explanation import CONFIDENCE_BANDS
from api.guard import needs
from api.metrics import CONTENT_TYPE, Reading
from api.native.docs import docs_policy, render_docs
from api.native.documents import MAX_FOUND, MAX_LISTED, MAX_MARKS
from api.native.schemas import (
    MAX_COMMENT_CHARS,
    MAX_PREVIOUS,
    DoorBody,
    InfoBody,
    NotReady,
    ProblemBody,
    SuggestedQuestion,
)
from api.opening import builds_of
from api.problems import MEDIA_TYPE, PROBLEMS, problem_code, tell
from api.service import AllCollections, Collections, RequestId, Service, TheService, UiLanguage
from corpus.document import FuenteError, IndexUnavailableError, NoIndexError
from corpus.languages import PACKS
from corpus.parse import SUFFIXES
from corpus.storage import read_small

router = APIRouter(tags=["operations"])

PAGE_FOLDER = Path(__file__).parent.parent / "page"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The page scrolls to the quote itself. A text fragment that another page hangs on the link ("#:~:text=…") would scroll
# to wherever its first word stands.
PAGE_LOADING = "force-load-at-top"
MAX_SUGGESTIONS = 12

_LOG = logging.getLogger("fuente.errors")
_SUGGESTION = TypeAdapter(SuggestedQuestion)
# The system's own table of types may miss these or, on some systems, hold wrong ones; with
# nosniff a script of the wrong type does not run.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


@router.get("/livez", openapi_extra=needs(None))
async def livez() -> dict[str, str]:
    """The process answers. Says nothing of the index: a restart would not mend that."""
    return {"status": "alive"}


@router.get(
    "/readyz",
    responses={503: {"model": ProblemBody, "description": "No question can be asked now."}},
    openapi_extra=needs(None),
)
async def readyz(
    request: Request,
    service: TheService,
    collections: AllCollections,
    request_id: RequestId,
    lang: UiLanguage,
) -> Response:
    """Questions can be answered: there is an index, and the encoder is the one that made it.

    That of `default`; where that one has none at all, the index of any other collection. `storage` says whether the data
    directory is there to be written to, `vectors` whether meaning is searched for or, while the server that holds the
    index cannot be asked for vectors, words alone.
    """
    if service.settings.index:
        # What the last look found may be as old as reload_s
        await anyio.to_thread.run_sync(service.engine.reload)
    problem, index = _problem(service), service.engine.index
    if problem is None and index is not None:
        # Questions are answered without the disk, so traffic may come; only what writes is refused
        away = await anyio.to_thread.run_sync(service.storage.problem)
        return JSONResponse(
            {
                "status": "ready",
                "build_id": index.build_id,
                "storage": "available" if away is None else problem_code(away),
                "vectors": "away" if index.vectors_away else "available",
            },
            headers={"X-Build-Id": index.build_id},
        )
    # Where only named collections are used, `default` stays empty
    if isinstance(problem, NoIndexError) and await anyio.to_thread.run_sync(
        _is_any_built, collections
    ):
        return JSONResponse({"status": "ready", "build_id": None})
    told = tell(
        problem or NoIndexError("no index is open"),
        lang,
        instance=request.state.path,
        request_id=request_id,
    )
    # Whatever is wrong, a load balancer must read it as "not now".
    told.headers.setdefault("Retry-After", str(PROBLEMS["index_not_ready"].retry_after_s))
    return JSONResponse({**told.body, "status": 503}, 503, told.headers, MEDIA_TYPE)


def _is_any_built(collections: Collections) -> bool:
    settings = collections.first.settings
    for name in collections.catalogue.names():
        if name == DEFAULT:
            continue
        with closing(builds_of(settings, collections.catalogue.folder_of(name))) as kept:
            if kept.current_id():
                return True
    return False


@router.get("/metrics", response_class=PlainTextResponse, openapi_extra=needs("search", "all"))
def metrics(collections: AllCollections) -> Response:
    """Counters of all workers in the Prometheus text format; of the builds, those that are open in this one."""
    readings = [reading for service in collections.served() for reading in _readings(service)]
    text = collections.first.metrics.render(readings)
    return Response(text, headers={"Content-Type": CONTENT_TYPE})


def _readings(service: Service) -> list[Reading]:
    index, named = service.engine.index, {"collection": service.name}
    ready = Reading("fuente_ready", "1 when questions can be answered.", index is not None, named)
    disk = Reading(
        "fuente_storage_available",
        "1 when the data directory can be written to, as far as is known.",
        service.storage.problem() is None,
        named,
    )
    if index is None:
        return [ready, disk]
    manifest = index.manifest
    vectors = Reading(
        "fuente_vectors_available",
        "0 when the vectors of the index could not be asked the last times.",
        not index.vectors_away,
        named,
    )
    labels = {
        **named,
        "build_id": index.build_id,
        "encoder": manifest.encoder.name,
        "version": __version__,
    }
    return [
        ready,
        disk,
        vectors,
        Reading("fuente_build_info", "The active build.", 1, labels),
        Reading("fuente_documents", "Documents in the active build.", manifest.n_documents, named),
        Reading("fuente_passages", "Passages in the active build.", manifest.n_passages, named),
    ]


@router.get("/v1/info", response_model=InfoBody, openapi_extra=needs("search"))
def info(
    request: Request, service: TheService, request_id: RequestId, lang: UiLanguage
) -> InfoBody:
    """What this service is, what it holds and what it accepts."""
    settings, index, problem = service.settings, service.engine.index, _problem(service)
    not_ready = None
    if index is None or problem is not None:
        told = tell(
            problem or NoIndexError("no index is open"), lang, instance="", request_id=request_id
        )
        not_ready = NotReady(
            code=told.body["code"], detail=told.body["detail"], remedy=told.body["remedy"]
        )
    build: dict[str, Any] | None = None
    if index is not None:
        manifest = index.manifest
        build = {
            "id": index.build_id,
            "created_at": manifest.created_at,
            "documents": manifest.n_documents,
            "passages": manifest.n_passages,
            "passages_by_language": manifest.languages,
            "skipped": len(manifest.skipped),
        }
    return InfoBody(
        object="service",
        name="Fuente",
        version=__version__,
        collection=service.name,
        ready=not_ready is None,
        problem=not_ready,
        generator=service.engine.composer.name,
        languages=list(PACKS),
        interface_language=settings.language,
        encoder=asdict(service.encoder.card),
        build=build,
        documents=service.languages(),
        suggested_questions=suggestions(service),
        formats=sorted(SUFFIXES),
        confidence_bands=CONFIDENCE_BANDS,
        limits={
            "max_question_chars": settings.max_question_chars,
            "max_body_kb": settings.max_body_kb,
            "max_upload_mb": settings.max_upload_mb,
            "max_concurrent_questions": settings.max_concurrent_questions,
            "rate_limit_per_min": settings.rate_limit_per_min,
            "max_previous": MAX_PREVIOUS,
            "max_comment_chars": MAX_COMMENT_CHARS,
            "max_documents_listed": MAX_LISTED,
            "max_places_found": MAX_FOUND,
            "max_marks": MAX_MARKS,
        },
        keys_required=request.app.state.keys.required,
        fetch_links=settings.fetch_links == "yes",
        doors=door_bodies(request.app.state.all_doors, settings.doors),
        scope=request.state.scope,
    )


def door_bodies(doors: Sequence[Door], open_ones: Sequence[str]) -> list[DoorBody]:
    """What /v1/info says of the doors."""
    return [
        DoorBody(
            name=door.name,
            open=door.name in open_ones,
            paths=sorted({route.path for route in door.router.routes if isinstance(route, Route)}),
            missing=door.missing,
        )
        for door in doors
    ]


@router.get("/openapi.json", include_in_schema=False, openapi_extra=needs(None))
async def openapi(request: Request) -> Response:
    """The description of the endpoints for programs."""
    state = request.app.state
    if getattr(state, "described", None) is None:
        # Written once: it is large, always the same, and anybody may ask for it
        state.described = json.dumps(request.app.openapi(), ensure_ascii=False).encode("utf-8")
    return Response(state.described, 200, {"Cache-Control": "no-cache"}, "application/json")


@router.get("/docs", include_in_schema=False, openapi_extra=needs(None))
def docs(request: Request, lang: UiLanguage) -> Response:
    """The description of the endpoints for people: one page, nothing loaded from elsewhere."""
    page = render_docs(request.app.openapi(), lang)
    headers = {
        "Content-Security-Policy": docs_policy(),
        "Content-Language": lang,
        "Cache-Control": "no-cache",
        "Vary": "Accept-Language",
    }
    return Response(page, 200, headers, "text/html; charset=utf-8")


@router.get("/", include_in_schema=False, openapi_extra=needs(None))
async def home(request: Request, collections: AllCollections) -> Response:
    """The chat page; that of the samples where there is nothing else yet."""
    named = "collection" in request.query_params or request.app.state.keys.required
    if not named and (name := collections.unnamed()) != DEFAULT:
        # What the page is about has to stand in its address
        query = request.query_params.multi_items()
        return RedirectResponse(f"?{urlencode([('collection', name), *query])}", 307)
    return await page_file(request, "index.html")


@router.get("/d/{doc_id:path}", include_in_schema=False, openapi_extra=needs(None))
async def reader(request: Request, doc_id: str) -> Response:
    """The chat page with the reader open: the page itself reads the address."""
    return await page_file(request, "index.html")


@router.get("/owner", include_in_schema=False, openapi_extra=needs(None))
async def owner(request: Request) -> Response:
    """The page of the owner's view; what it shows needs a key of scope admin."""
    return await page_file(request, "owner.html")


@router.get("/widget.js", include_in_schema=False, openapi_extra=needs(None))
async def widget(request: Request) -> Response:
    """The widget, a script that other pages name; what it asks is let in by `cors_origins` and a key."""
    response = await page_file(request, "widget/widget.js")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@router.get("/page/{name:path}", include_in_schema=False, openapi_extra=needs(None))
async def page(request: Request, name: str) -> Response:
    """A file of the chat page."""
    return await page_file(request, name)


@router.get("/favicon.ico", include_in_schema=False, openapi_extra=needs(None))
async def favicon(request: Request) -> Response:
    """The page's sign, for browsers that ask at the old address."""
    try:
        return await page_file(request, "favicon.svg")
    except HTTPException:
        return Response(status_code=204)


async def page_file(request: Request, name: str) -> Response:
    """A file of the page folder with etag (304 when the browser has it), or HTTPException 404."""
    files = cast(StaticFiles, request.app.state.page)
    response = await files.get_response(name, request.scope)
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    response.headers["Document-Policy"] = PAGE_LOADING
    # Asked for again each time, answered with 304: a new version of the service shows at once.
    response.headers["Cache-Control"] = "no-cache"
    kind = _TYPES.get(Path(name).suffix.lower())
    if kind == _TYPES[".woff2"]:
        # Letters are the same in every version, and packed already
        response.headers["Cache-Control"] = "public, max-age=604800"
    if kind is None or response.status_code != 200:
        return response
    response.headers["Content-Type"] = kind
    if kind == _TYPES[".woff2"]:
        return response
    response.headers["Vary"] = "Accept-Encoding"
    wanted = "gzip" in request.headers.get("Accept-Encoding", "")
    if isinstance(response, FileResponse) and (wanted or name.endswith(".html")):
        above = above_of(request) if name.endswith(".html") else ""
        content = _content(str(response.path), response.headers["ETag"], above, wanted)
        response.headers["Content-Length"] = str(len(content))
        if wanted:
            response.headers["Content-Encoding"] = "gzip"
        return Response(content, headers=dict(response.headers))
    return response


def above_of(request: Request) -> str:
    """The way from the address of the request up to the service's own: "./", "../", and so on.

    With it the page finds its files below whatever path a proxy has put the service.
    """
    raw: bytes | None = request.scope.get("raw_path")
    asked = request.scope["path"].encode() if raw is None else raw
    if not asked:
        return f"{request.app.state.service.settings.root.rpartition('/')[2]}/"
    return "../" * (asked.count(b"/") - 1) or "./"


@lru_cache(maxsize=64)
def _content(path: str, etag: str, above: str, compressed: bool) -> bytes:
    """A file, its links to what the service has beginning with ``above``; ``etag`` tells its versions apart."""
    content = Path(path).read_bytes()
    if above:
        content = content.replace(b'="/', f'="{above}'.encode())
    return gzip.compress(content, mtime=0) if compressed else content


def suggestions(service: Service) -> list[SuggestedQuestion]:
    """Those questions of <data>/suggested_questions.json, a list of {"lang", "text"}, that are answered; without it, some of
    the collection's."""
    path = service.data / SUGGESTIONS_NAME
    try:
        entries = json.loads(read_small(path).decode("utf-8-sig"))
        if not isinstance(entries, list):
            raise ValueError("it holds no list")
    except FileNotFoundError:
        return [SuggestedQuestion(lang=lang, text=text) for lang, text in service.suggested()]
    # A mistake in a list of hints must not take the service away; the log names it.
    except (OSError, ValueError, RecursionError) as error:
        _log_once(service, f"{path} cannot be used: {str(error)[:200]}")
        return []
    found: list[SuggestedQuestion] = []
    for number, entry in enumerate(entries, 1):
        try:
            one = _SUGGESTION.validate_python(entry)
            one.text.encode(
                "utf-8"
            )  # half a surrogate pair can be written in JSON and nowhere else
            found.append(one)
        except (ValidationError, UnicodeEncodeError):
            _log_once(
                service, f'{path}: entry {number} is no {{"lang": "es" or "en", "text": "…"}}'
            )
    held = set(service.answered([(one.lang, one.text) for one in found]))
    return [one for one in found if (one.lang, one.text) in held][:MAX_SUGGESTIONS]


def _log_once(service: Service, text: str) -> None:
    """The page asks for the suggestions time and again; a mistake in them is told once."""
    if text not in service.told:
        service.told.add(text)
        _LOG.warning("%s", text)


def _problem(service: Service) -> FuenteError | None:
    """Why no question can be asked.

    An index that serves is ready, even if a newer one was refused; not while the server that holds it does not answer.
    """
    problem = service.engine.problem
    away = isinstance(problem, IndexUnavailableError)
    return problem if service.engine.index is None or away else None
