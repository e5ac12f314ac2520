"""The named collections: which there are, making, renaming, removing one. All other paths answer for each of them."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.audit import note
from api.collections import DEFAULT
from api.guard import needs
from api.links import Links
from api.native.schemas import (
    CollectionBody,
    CollectionDeleted,
    CollectionList,
    CollectionRename,
    CollectionRequest,
    DeletedCollection,
    ProblemBody,
)
from api.opening import builds_of
from api.service import AllCollections, Collections, Local

router = APIRouter(tags=["collections"])

_NamedOne = Annotated[str, Path(json_schema_extra={"not": {"const": DEFAULT}})]
"""A collection other than the data directory's own."""


@router.get("/v1/collections", response_model=CollectionList, openapi_extra=needs("search", "any"))
def list_collections(request: Request, collections: AllCollections) -> CollectionList:
    """The collections that the caller's key may use."""
    allowed: set[str] | None = request.state.collections
    catalogue = collections.catalogue
    data = [
        _body(collections, name) for name in catalogue.names() if allowed is None or name in allowed
    ]
    may_undo = allowed is None and request.state.scope == "admin"
    away = catalogue.all_put_away() if may_undo else []
    deleted = {one.name: _time(one.until) for one in away}
    return CollectionList(
        object="list",
        data=data,
        deleted=[DeletedCollection(name=name, until=until) for name, until in deleted.items()],
    )


@router.post(
    "/v1/collections",
    response_model=CollectionBody,
    status_code=201,
    responses={409: {"model": ProblemBody, "description": "There is one of that name."}},
    dependencies=[Local],
    openapi_extra=needs("admin", "all"),
)
def create_collection(
    body: CollectionRequest, collections: AllCollections, response: Response
) -> CollectionBody:
    """Makes an empty collection, or puts back one that was deleted within the hour."""
    catalogue = collections.catalogue
    (catalogue.put_back if body.undelete else catalogue.create)(body.name)
    note(name=body.name)
    made = _body(collections, body.name)
    response.headers["Location"] = made.url
    return made


@router.patch(
    "/v1/collections/{name}",
    response_model=CollectionBody,
    responses={409: {"model": ProblemBody, "description": "There is one of that name."}},
    dependencies=[Local],
    openapi_extra=needs("admin", "all"),
)
def rename_collection(
    name: _NamedOne, body: CollectionRename, collections: AllCollections
) -> CollectionBody:
    """Gives a collection another name; its addresses change with it, and its keys follow. `default` keeps its name."""
    collections.rename(name, body.name)
    note(name=name, new=body.name)
    return _body(collections, body.name)


@router.delete(
    "/v1/collections/{name}",
    response_model=CollectionDeleted,
    dependencies=[Local],
    openapi_extra=needs("admin", "all"),
)
def delete_collection(
    name: _NamedOne,
    collections: AllCollections,
    undo: Annotated[
        bool, Query(description="true = its files stay for an hour, so that it can be put back.")
    ] = False,
) -> CollectionDeleted:
    """Removes a collection with its documents, builds and feedback; `default` cannot be removed."""
    until = None
    if undo:
        until = _time(collections.put_away(name).until)
    else:
        collections.delete(name)
    return CollectionDeleted(object="collection.deleted", name=name, deleted=True, until=until)


def _body(collections: Collections, name: str) -> CollectionBody:
    folder, service = collections.catalogue.folder_of(name), collections.opened(name)
    index = service.engine.index if service else None
    with closing(builds_of(collections.first.settings, folder)) as kept:
        build_id, documents = kept.current_id(), None if index else kept.n_documents()
    return CollectionBody(
        object="collection",
        name=name,
        build_id=build_id,
        documents=index.manifest.n_documents if index else documents,
        url=f"{Links(collections.first.settings.root, name).base}/info",
    )


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
