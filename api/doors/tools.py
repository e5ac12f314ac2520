"""Tools over plain HTTP with a small OpenAPI description of their own: to ask, search and fetch, not to change anything."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from api import __version__
from api.collections import DEFAULT
from api.doors.door import Door
from api.doors.toolbox import (
    AskInput,
    AskOutput,
    FetchInput,
    FetchOutput,
    SearchInput,
    SearchOutput,
    Toolbox,
)
from api.guard import needs
from api.problems import Told
from api.service import Place, RequestId, TheService, links_for

router = APIRouter(tags=["tools"], generate_unique_id_function=lambda route: route.name)
_PREFIX = "/tools"


@router.get(f"{_PREFIX}/openapi.json", include_in_schema=False, openapi_extra=needs(None))
def tools_openapi(request: Request) -> JSONResponse:
    """The description: three operations, for front ends that make a tool of each."""
    described: dict[str, Any] = get_openapi(
        title="Fuente",
        version=__version__,
        description="Answers with exact quotes from the owner's documents, in Spanish and English.",
        routes=router.routes,
    )
    described["paths"] = {
        path.removeprefix(_PREFIX): methods for path, methods in described["paths"].items()
    }
    for methods in described["paths"].values():
        for operation in methods.values():
            operation["operationId"] = operation["operationId"].removeprefix("tool_")
            for own in ("x-scope", "x-collections"):
                operation.pop(own, None)
    collection = request.state.collection
    named = "" if collection == DEFAULT else f"/v1/collections/{collection}"
    described["servers"] = [{"url": f"{request.state.base}{named}{_PREFIX}"}]
    if request.app.state.keys.required:
        bearer = {"type": "http", "scheme": "bearer"}
        described["components"]["securitySchemes"] = {"key": bearer}
        described["security"] = [{"key": []}]
    return JSONResponse(described)


@router.post(f"{_PREFIX}/ask", openapi_extra=needs("search"))
async def tool_ask(
    body: AskInput, request: Request, service: TheService, request_id: RequestId, place: Place
) -> AskOutput:
    """Answers a question with exact quotes from the documents, each with a link that opens it at its words."""
    return await Toolbox(service, links_for(request, service), request_id).ask(body)


@router.post(f"{_PREFIX}/search", openapi_extra=needs("search"))
async def tool_search(
    body: SearchInput, request: Request, service: TheService, request_id: RequestId, place: Place
) -> SearchOutput:
    """Finds passages of the documents, best first, each with an id for fetch."""
    return await Toolbox(service, links_for(request, service), request_id).search(body)


@router.post(f"{_PREFIX}/fetch", openapi_extra=needs("search"))
async def tool_fetch(
    body: FetchInput, request: Request, service: TheService, request_id: RequestId, place: Place
) -> FetchOutput:
    """Reads a document by its id, or the text around a passage by the id that search gave."""
    return await Toolbox(service, links_for(request, service), request_id).fetch(body)


def shape(told: Told, error: Exception) -> tuple[int, dict[str, Any]]:
    """Our own problems: a model reads them as they are."""
    return told.status, told.body


door = Door(
    name="tools",
    router=router,
    paths=re.compile(rf"{_PREFIX}(?:/.*)?", re.DOTALL),
    shape=shape,
)
