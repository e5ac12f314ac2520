"""POST /v1/documents/link: a document from a link, where the owner lets links be followed."""

from __future__ import annotations

import threading
from typing import Final

from fastapi import APIRouter, Response
from pydantic import Field

from api import fetching
from api.audit import note
from api.guard import needs
from api.links import composed
from api.native.schemas import ProblemBody, Text, UploadedBody, _Request
from api.problems import ProblemError
from api.service import Buildable, TheService

router = APIRouter(tags=["documents"])

_AT_ONCE: Final = 2
"""Links that a process follows at one time: each may hold a thread for a minute."""
_places = threading.BoundedSemaphore(_AT_ONCE)


class LinkRequest(_Request):
    """A link to a file that is to become a document."""

    url: Text = Field(min_length=1, max_length=4000, description="http:// or https://.")


@router.post(
    "/v1/documents/link",
    response_model=UploadedBody,
    status_code=201,
    responses={422: {"model": ProblemBody, "description": "The link is not followed, and why."}},
    dependencies=[Buildable],
    openapi_extra=needs("index"),
)
def add_link(body: LinkRequest, service: TheService, response: Response) -> UploadedBody:
    """Fetches the file that a link leads to and stores it as `host/name`; needs the setting `fetch_links`.

    Only public addresses are asked, also by redirects; size, type and time are limited.
    """
    if service.settings.fetch_links != "yes":
        raise ProblemError("forbidden", "links_off")
    if not _places.acquire(blocking=False):
        raise ProblemError("overloaded", "links_busy", {"limit": _AT_ONCE})
    try:
        fetched = fetching.fetch(body.url, service.settings.max_upload_mb * 2**20)
    finally:
        _places.release()
    doc_id = composed(fetched.doc_id)
    collection = service.library.collection
    was_there = collection.holds(doc_id)
    source = collection.put(doc_id, fetched.data)
    service.library.forget()
    note(documents=[source.doc_id])
    stored = UploadedBody(
        object="document",
        id=source.doc_id,
        size_bytes=source.size_bytes,
        sha256=source.sha256,
        replaced=was_there,
        url=service.links.document(source.doc_id),
    )
    response.headers["Location"] = stored.url
    return stored
