"""The named collections: which there are, making one, removing one. All other paths answer for each of them."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.audit import note
from api.collections import create, folder_of, names
from api.guard import needs
from api.links import Links
from api.native.schemas import (
    CollectionBody,
    CollectionDeleted,
    CollectionList,
    CollectionRequest,
    ProblemBody,
)
from api.service import AllCollections, Collections, Writable
from index.local.store import current_build_id

router = APIRouter(tags=["collections"])


@router.get("/v1/collections", response_model=CollectionList, openapi_extra=needs("search", "any"))
def list_collections(request: Request, collections: AllCollections) -> CollectionList:
    """The collections that the caller's key may use."""
    allowed: set[str] | None = request.state.collections
    data = [
        _body(collections, name)
        for name in names(collections.data)
        if allowed is None or name in allowed
    ]
    return CollectionList(object="list", data=data)


@router.post(
    "/v1/collections",
    response_model=CollectionBody,
    status_code=201,
    responses={409: {"model": ProblemBody, "description": "There is one of that name."}},
    dependencies=[Writable],
    openapi_extra=needs("admin", "all"),
)
def create_collection(
    body: CollectionRequest, collections: AllCollections, response: Response
) -> CollectionBody:
    """Makes an empty collection."""
    create(collections.data, body.name)
    note(name=body.name)
    made = _body(collections, body.name)
    response.headers["Location"] = made.url
    return made


@router.delete(
    "/v1/collections/{name}",
    response_model=CollectionDeleted,
    dependencies=[Writable],
    openapi_extra=needs("admin", "all"),
)
def delete_collection(name: str, collections: AllCollections) -> CollectionDeleted:
    """Removes a collection with its documents, builds and feedback; `default` cannot be removed."""
    collections.delete(name)
    return CollectionDeleted(object="collection.deleted", name=name, deleted=True)


def _body(collections: Collections, name: str) -> CollectionBody:
    return CollectionBody(
        object="collection",
        name=name,
        build_id=current_build_id(folder_of(collections.data, name)),
        url=f"{Links(collections.first.settings.root, name).base}/info",
    )
