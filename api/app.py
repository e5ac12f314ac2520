"""The HTTP door: puts the routes, the gate and the engine together."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from itertools import takewhile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import anyio.to_thread
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.staticfiles import StaticFiles

from api import __version__
from api.asked import FOLDER, MOVED_FOLDER, AskedFiles, AskedQuestions
from api.audit import Audit
from api.collections import DEFAULT, Catalogue, folder_of, names
from api.doors import DOORS as DOOR_NAMES
from api.doors import mcp
from api.doors.door import Door, OpenDoors
from api.guard import Gate, Scopes
from api.jobs import Build
from api.keys import Keys
from api.links import Links, composed
from api.log import configure_logging
from api.metrics import Metrics
from api.native import asked, builds, documents, fetched, operations, pages, questions
from api.native import collections as collection_routes
from api.native.docs import docs_policy, render_no_page, tell_problems
from api.opening import (
    asked_of,
    audit_of,
    catalogue_of,
    decisions_of,
    documents_of,
    feedback_of,
    grants_of,
    into_of,
    is_milvus,
    jobs_of,
    keys_of,
    load_models,
    moves_of,
    open_engine,
    pause_of,
)
from api.pages import Pages
from api.places import Places
from api.problems import ProblemError, describe_validation, tell
from api.service import Collections, Library, Service, lang_of, request_id_of, service_of
from api.settings import SETTINGS, Settings, load_settings
from api.storage import Storage
from corpus.document import FuenteError, UnknownDocumentError
from index.local.build import build as build_index
from qa.engine import Engine

_PARTS = (questions, asked, pages, fetched, documents, builds, collection_routes, operations)
"""The modules that hold our own routes, in the order in which they are tried."""

DOORS: tuple[Door, ...] = tuple(
    import_module(f"api.doors.{name.replace('-', '_')}").door for name in DOOR_NAMES
)
"""The doors for clients of others, in the order of the setting."""

_LOG = logging.getLogger("fuente.service")
_TYPES = ("str", "int", "float", "bool")


def routers_of(doors: Iterable[Door] = DOORS) -> list[APIRouter]:
    """The routers of a service with these doors, in the order in which they are asked."""
    return [*(door.router for door in doors), *(part.router for part in _PARTS)]


def create_app(
    settings: Settings, engine: Engine | None = None, build: Build | None = None
) -> FastAPI:
    """The service as an ASGI application, ready to be run by a server.

    Without ``engine`` one is opened on ``settings.data`` with ``settings.encoder``, and closed at
    the end; other collections are opened when they are asked for. ``build`` replaces how the index
    of the first is made. A missing or damaged index is no error here (see /readyz). Raises EncoderError.
    """
    owned = engine is None
    models = load_models(settings, engine.encoder if engine else None)
    store = keys_of(settings)
    keys, audit = Keys(settings, store), audit_of(settings)
    grants = grants_of(settings) if keys.required else None
    metrics, places = Metrics(), Places(settings.max_concurrent_questions)

    def opened(data: Path) -> Engine:
        return open_engine(settings, data, models)

    def served(name: str, data: Path, engine: Engine, build: Build | None = None) -> Service:
        storage = Storage(data)
        library = Library(documents_of(settings, data), storage)
        return Service(
            name=name,
            data=data,
            settings=settings,
            engine=engine,
            encoder=models.encoder,
            library=library,
            pages=Pages(library.collection),
            jobs=jobs_of(
                settings,
                data,
                build
                or partial(
                    build_index,
                    data,
                    models.encoder,
                    documents=library.collection,
                    into=into_of(settings, data),
                ),
                engine.reload,
            ),
            metrics=metrics,
            places=places,
            links=Links(settings.root, name, grants),
            reader=models.reader,
            storage=storage,
            feedback=feedback_of(settings, data),
            asked=asked_of(settings, data),
            decisions=decisions_of(settings, data),
            moves=moves_of(settings, data),
        )

    first = served(DEFAULT, settings.data, engine or opened(settings.data), build)
    catalogue = catalogue_of(settings)
    collections = Collections(
        catalogue, first, lambda name, data: served(name, data, opened(data)), store
    )

    def look() -> bool:
        keys.write_uses()
        for service in collections.served():
            service.asked.prune()
        return collections.reload()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        configure_logging(settings.log_level)
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
        stop = threading.Event()
        watcher = threading.Thread(
            target=_watch,
            args=(settings, look, stop),
            name="fuente-watch",
            daemon=True,
        )
        if settings.reload_s:
            watcher.start()
        if settings.data.is_dir() or settings.documents == "index":
            await anyio.to_thread.run_sync(_note_settings, audit, settings)
            await anyio.to_thread.run_sync(_tidy, settings, catalogue, first)
        try:
            async with app.state.mcp.running():
                yield
        finally:
            stop.set()
            await anyio.to_thread.run_sync(collections.close)
            if settings.reload_s:
                await anyio.to_thread.run_sync(watcher.join)
            places.close()
            await anyio.to_thread.run_sync(catalogue.close)
            await anyio.to_thread.run_sync(keys.close)
            if grants is not None:
                await anyio.to_thread.run_sync(grants.close)
            await anyio.to_thread.run_sync(audit.close)
            if owned:
                first.engine.close()

    app = FastAPI(
        title="Fuente",
        version=__version__,
        description="Answers with exact quotes from your documents, in Spanish and English. Each path "
        "/v1/… is about the collection `default`; /v1/collections/{name}/… is the same of another one.",
        lifespan=lifespan,
        # These three load scripts from a CDN; operations.py has its own.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # A redirect would lose the body's problem shape and, behind a proxy, the scheme.
        redirect_slashes=False,
        servers=[{"url": settings.root}] if settings.root else None,
        # Clients make tools of them, whose names have to be short
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.service = first
    app.state.collections = collections
    app.state.keys = keys
    app.state.page = StaticFiles(directory=operations.PAGE_FOLDER, check_dir=False)
    doors = OpenDoors([door for door in DOORS if door.name in settings.doors])
    app.state.mcp = mcp.Endpoint()
    app.state.doors, app.state.all_doors = doors, DOORS
    routers = routers_of(doors)
    scopes = Scopes([route for router in routers for route in router.routes])
    app.add_middleware(
        Gate,
        settings=settings,
        scopes=scopes,
        metrics=metrics,
        doors=doors,
        grants=grants,
        places=places,
        keys=keys,
        audit=audit,
        unnamed=collections.unnamed,
    )
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"],
            allow_headers=["*"],
            # The last ones are for what shows an original of another address part by part
            expose_headers=[
                "X-Request-Id",
                "X-Build-Id",
                "Retry-After",
                "Location",
                "Accept-Ranges",
                "Content-Disposition",
                "Content-Range",
                "ETag",
            ],  # fmt: skip
        )
    app.add_exception_handler(FuenteError, _tell)
    app.add_exception_handler(HTTPException, _tell)
    app.add_exception_handler(RequestValidationError, _tell_validation)
    for router in routers:
        app.include_router(router)
    described = app.openapi

    def openapi() -> dict[str, Any]:
        return tell_problems(described(), lambda path: doors.at(path) is None)

    app.openapi = openapi  # type: ignore[method-assign]
    return app


def _note_settings(audit: Audit, settings: Settings) -> None:
    """Leave a trace of the settings that are not as they come; of keys only how many there are, and no address that may hold a password."""
    defaults = load_settings({}, settings.data / "nothing")
    changed = {
        setting.name: str(getattr(settings, setting.name))
        for setting in SETTINGS
        if setting.name not in ("data", "keys", "index")
        and str(getattr(settings, setting.name)) != str(getattr(defaults, setting.name))
    }
    if settings.index:
        changed["index"] = "Milvus" if is_milvus(settings.index) else "PostgreSQL"
    audit.write("service started", "settings", settings=changed, n_keys=len(settings.keys))


def _tidy(settings: Settings, catalogue: Catalogue, first: Service) -> None:
    """Remove the questions that are kept too long, of all collections: of those too that nobody asks any more. Where hosts share
    them, what is in files here goes to the server."""
    for name in names(settings.data):
        data = folder_of(settings.data, name)
        for folder in (FOLDER, MOVED_FOLDER):
            AskedQuestions(AskedFiles(data / folder), settings.question_days).prune()
        if settings.documents == "index" and catalogue.identity(name) is not None:
            asked_of(settings, data).prune()
            # each moves its files when it is opened
            decisions_of(settings, data)
            moves_of(settings, data).close()
    first.asked.prune()


def _watch(settings: Settings, look: Callable[[], bool], stop: threading.Event) -> None:
    with pause_of(settings) as pause:
        watch(look, settings.reload_s, stop, pause)


def watch(
    reload: Callable[[], bool],
    every_s: float,
    stop: threading.Event,
    pause: Callable[[float, threading.Event], bool] = lambda seconds, stop: stop.wait(seconds),
) -> None:
    """Looks for a build that another process made every ``every_s`` seconds until ``stop``, sooner where ``pause`` is told of one.

    What goes wrong is logged, and not again while it stays the same.
    """
    said = ""
    while not pause(every_s, stop):
        try:
            if reload():
                _LOG.info("took a new build")
            said = ""
        # Looking must go on whatever one look meets: a half-mounted disk comes back.
        except Exception as error:
            if repr(error) != said:
                _LOG.exception("looking for a new build failed")
            said = repr(error)


async def _tell(request: Request, error: Exception) -> Response:
    if isinstance(error, UnknownDocumentError) and request.method in ("GET", "HEAD"):
        there = await _moved_to(request)
        if there is not None:
            return RedirectResponse(there, 308)
    told = tell(
        error, lang_of(request), instance=request.state.path, request_id=request_id_of(request)
    )
    path: str = request.scope["path"]
    if told.status == 404 and not path.startswith("/v1/") and _is_of_a_browser(request):
        page = render_no_page(lang_of(request), operations.above_of(request))
        headers = {**told.headers, "Content-Security-Policy": docs_policy()}
        return Response(page, 404, headers, "text/html; charset=utf-8")
    doors: OpenDoors = request.app.state.doors
    return doors.response(path, told, error)


async def _moved_to(request: Request) -> str | None:
    """The same about the document that had the id of this address; None where it was not moved."""
    asked = request.path_params.get("doc_id")
    path: str = request.scope["path"]
    before = f"/v1/documents/{asked}"
    if not isinstance(asked, str) or not path.startswith(before):
        return None
    service = await service_of(request)
    moved = await anyio.to_thread.run_sync(service.moves.now, composed(asked))
    if moved is None:
        return None
    rest, query = quote(path[len(before) :]), request.url.query
    return f"{service.links.document(moved)}{rest}{f'?{query}' if query else ''}"


def _is_of_a_browser(request: Request) -> bool:
    """Whether somebody went to this address: programs do not name HTML among what they take."""
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")


async def _tell_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    problem = ProblemError("validation_error", describe_validation(found))
    # Behind a field there may stand which of several types was tried
    fields = takewhile(
        lambda part: part not in _TYPES and "[" not in str(part), found[0]["loc"][1:]
    )
    # Text that is no JSON has no fields, but a place where that was seen
    broken = found[0]["type"] == "json_invalid"
    problem.param = None if broken else ".".join(map(str, fields)) or None
    return await _tell(request, problem)
