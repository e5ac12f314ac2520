"""POST /v1/vector_stores/{collection}/search: passages of a collection, as OpenAI's vector stores give them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field, WithJsonSchema

from api.asking import found
from api.doors.filters import KEY, All, Condition, Filter, UnknownFilterError, passing
from api.doors.openai.errors import OpenAIError
from api.doors.openai.responses import search_result
from api.guard import needs
from api.links import Links
from api.native.schemas import Exact, QueryText, Text
from api.service import Place, Service, links_for, service_named
from qa.engine import Query, SearchOptions

router = APIRouter(tags=["openai"])

MAX_RESULTS = 50
MAX_QUERIES = 10
_MAX_DEPTH = 8


class Comparison(Exact):
    """One condition on an attribute."""

    type: Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"]
    key: Annotated[Text, WithJsonSchema(KEY)]
    value: str | float | bool | list[str | float | bool]


class Compound(Exact):
    """Several conditions."""

    type: Literal["and", "or"]
    filters: list[Comparison | Compound]


class RankingOptions(Exact):
    """How results are ranked."""

    model_config = ConfigDict(extra="ignore")

    score_threshold: float | None = None


class StoreSearch(Exact):
    """A search; fields that are not ours are let pass."""

    model_config = ConfigDict(extra="ignore")

    query: QueryText | Annotated[list[QueryText], Field(min_length=1, max_length=MAX_QUERIES)]
    max_num_results: int = Field(default=10, ge=1, le=MAX_RESULTS)
    filters: Comparison | Compound | None = None
    ranking_options: RankingOptions | None = None
    rewrite_query: bool | None = False


@router.post("/v1/vector_stores/{collection}/search", openapi_extra=needs("search", "any"))
async def vector_store_search(
    collection: str, body: StoreSearch, request: Request, place: Place
) -> JSONResponse:
    """Searches a collection, whose name is the id of the store; filters may ask `document_id`, `title`,
    `language`, `filename` and `format`."""
    service = await service_named(request, collection)
    queries = [body.query] if isinstance(body.query, str) else list(body.query)
    try:
        wanted = _filter(body.filters) if body.filters else None
    except UnknownFilterError as error:
        values = {"name": error.name, "known": ", ".join(error.known)}
        raise OpenAIError("invalid_value", "filter", values, param="filters") from error
    links = links_for(request, service)
    data = await service.places.work(_searched, service, links, queries, body, wanted)
    return JSONResponse(
        {
            "object": "vector_store.search_results.page",
            "search_query": queries,
            "data": data,
            "has_more": False,
            "next_page": None,
        }
    )


def _searched(
    service: Service, links: Links, queries: list[str], body: StoreSearch, wanted: Filter | None
) -> list[dict[str, Any]]:
    index = service.engine.index
    ids = passing(index, wanted) if index is not None else None
    if ids == ():
        return []
    options = SearchOptions(limit=body.max_num_results, document_ids=ids or ())
    least = (body.ranking_options and body.ranking_options.score_threshold) or 0.0
    best: dict[str, dict[str, Any]] = {}
    for query in queries:
        for hit in found(service, Query(query), options).hits:
            result = search_result(service, links, hit)
            known = best.get(hit.passage.passage_id)
            if result["score"] >= least and (known is None or known["score"] < result["score"]):
                text = result.pop("text")
                best[hit.passage.passage_id] = {
                    **result,
                    "content": [{"type": "text", "text": text}],
                }
    ranked = sorted(best.values(), key=lambda one: -one["score"])
    return ranked[: body.max_num_results]


def _filter(given: Comparison | Compound, depth: int = 0) -> Filter:
    if depth > _MAX_DEPTH:
        raise OpenAIError("invalid_value", "filter_depth", {"limit": _MAX_DEPTH}, param="filters")
    if isinstance(given, Comparison):
        return Condition(given.key, given.type, given.value)
    parts = tuple(_filter(part, depth + 1) for part in given.filters)
    return All(parts, any_of=given.type == "or")
