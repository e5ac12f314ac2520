"""GET /v1/models: one model for each collection that the caller may ask, then the encoder."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.collections import DEFAULT
from api.doors.openai.errors import OpenAIError
from api.guard import needs
from api.opening import builds_of
from api.service import AllCollections, Collections, Service, TheService, service_named
from corpus.document import FuenteError, UnknownCollectionError

NAME = "fuente"
LINKS = "+links"

router = APIRouter(tags=["openai"])


class Model(NamedTuple):
    """What a name of a model stands for. ``links``: the answer ends with a list of them, for clients that read text only."""

    service: Service
    links: bool


async def model_of(request: Request, name: str) -> Model:
    """The model of that name.

    :raises OpenAIError: when there is none, or none for this key.
    """
    plain = name.removesuffix(LINKS)
    try:
        if plain == NAME:
            return Model(await service_named(request, request.state.collection), plain != name)
        if plain.startswith(f"{NAME}/"):
            return Model(await service_named(request, plain[len(NAME) + 1 :]), plain != name)
    except UnknownCollectionError:
        pass
    raise no_model(name)


def no_model(name: str) -> OpenAIError:
    """That there is no model of that name."""
    return OpenAIError(
        "model_not_found", "model", {"name": name[:100]}, param="model", code="not_found"
    )


@router.get("/v1/models", openapi_extra=needs("search", "any"))
def list_models(request: Request, service: TheService, collections: AllCollections) -> JSONResponse:
    """The models: `fuente` for the collection of the address, `fuente/NAME` for others, and the encoder."""
    here: str = request.state.collection
    allowed: set[str] | None = request.state.collections
    # Below the address of a collection there is that one; at our own, all
    shown = collections.catalogue.names() if here == DEFAULT else [here]
    data = [
        _body(collections, NAME if name == here else f"{NAME}/{name}", name)
        for name in shown
        if allowed is None or name in allowed
    ]
    data.append(_encoder(service))
    return JSONResponse({"object": "list", "data": data})


@router.get("/v1/models/{model:path}", openapi_extra=needs("search", "any"))
async def get_model(
    model: str, request: Request, service: TheService, collections: AllCollections
) -> JSONResponse:
    """One model."""
    if model == service.encoder.card.name:
        return JSONResponse(_encoder(service))
    found = await model_of(request, model)
    return JSONResponse(_body(collections, model, found.service.name))


def _body(collections: Collections, model: str, collection: str) -> dict[str, Any]:
    return _model(model, _built_at(collections, collection))


def _encoder(service: Service) -> dict[str, Any]:
    return _model(service.encoder.card.name, 0)


def _model(name: str, created: int) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": created, "owned_by": "fuente"}


def _built_at(collections: Collections, name: str) -> int:
    """When its build was made, in seconds; 0 when there is none. It stands in the id of the build."""
    try:
        service = collections.opened(name)
        if service is not None and service.engine.index is not None:
            return _seconds(service.engine.index.manifest.created_at)
        folder = collections.catalogue.folder_of(name)
        with closing(builds_of(collections.first.settings, folder)) as kept:
            build_id = kept.current_id() or ""
        made = datetime.strptime(build_id.partition("-")[0], "%Y%m%dT%H%M%SZ")
        return int(made.replace(tzinfo=UTC).timestamp())
    except (FuenteError, ValueError):
        return 0


def _seconds(created_at: str) -> int:
    return int(datetime.fromisoformat(created_at).timestamp())
