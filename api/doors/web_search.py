"""Open WebUI's "external" web search: ``{query, count}`` gives a bare list of links with a snippet each."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from api.asking import found
from api.doors.door import Door
from api.guard import needs
from api.native.schemas import Exact, QueryText
from api.problems import Told
from api.service import Place, Service, TheService, links_for
from qa.engine import Query, SearchOptions

router = APIRouter(tags=["web-search"])


class WebSearch(Exact):
    """A search; fields that are not ours are let pass."""

    model_config = ConfigDict(extra="ignore")

    query: QueryText
    count: int = Field(default=5, ge=1, le=100)


class Link(BaseModel):
    """A passage as if it were a page of the web."""

    link: str
    title: str
    snippet: str


@router.post("/web-search", openapi_extra=needs("search"))
async def web_search(
    body: WebSearch, request: Request, service: TheService, place: Place
) -> list[Link]:
    """Finds passages as a search engine finds pages, for Open WebUI's external web search."""
    base = links_for(request, service)

    def search(service: Service) -> list[Link]:
        hits = found(service, Query(body.query), SearchOptions(limit=body.count)).hits
        return [
            Link(
                link=base.reader(hit.passage.doc_id, hit.passage.start, hit.passage.end),
                title=hit.title,
                snippet=hit.passage.text,
            )
            for hit in hits
        ]

    return await service.places.work(search, service)


def shape(told: Told, error: Exception) -> tuple[int, dict[str, Any]]:
    """It reads nothing but the status."""
    return told.status, told.body


door = Door(
    name="web-search",
    router=router,
    paths=re.compile(r"/web-search(?:/.*)?", re.DOTALL),
    shape=shape,
)
