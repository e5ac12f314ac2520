"""Dify's External Knowledge API: a collection is a knowledge base."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field, WithJsonSchema

from api.asking import found, share
from api.collections import DEFAULT
from api.doors.door import Door
from api.doors.filters import KEY, OPERATORS, All, Condition, Filter, UnknownFilterError, passing
from api.guard import needs
from api.links import Links
from api.native.schemas import Exact, QueryText, Text
from api.problems import ProblemError, Told
from api.service import Place, Service, links_for, service_named
from corpus.document import UnknownCollectionError
from qa.engine import Query, SearchOptions

router = APIRouter(tags=["dify"])

MAX_RECORDS = 100
_OPERATORS = {
    "is": "eq",
    "=": "eq",
    "is not": "ne",
    "≠": "ne",
    ">": "gt",
    "after": "gt",
    "≥": "gte",
    "<": "lt",
    "before": "lt",
    "≤": "lte",
    "not in": "nin",
}
_OPERATOR = {"type": "string", "enum": sorted({*_OPERATORS, *OPERATORS})}
_Key = Annotated[Text, WithJsonSchema(KEY)]


class Setting(Exact):
    """How many records, and how good."""

    model_config = ConfigDict(extra="ignore")

    top_k: int = Field(default=4, ge=1, le=MAX_RECORDS)
    score_threshold: float | None = 0.0


class Asked(Exact):
    """A condition on the documents; older versions send a list of names."""

    model_config = ConfigDict(extra="ignore")

    name: _Key | list[_Key]
    comparison_operator: Annotated[Text, WithJsonSchema(_OPERATOR)]
    value: str | float | list[str] | None = None


class Metadata(Exact):
    """Conditions on the documents."""

    model_config = ConfigDict(extra="ignore")

    logical_operator: Literal["and", "or"] | None = "and"
    conditions: list[Asked] = Field(default=[], max_length=100)


class Retrieval(Exact):
    """A search of a knowledge base; fields that are not ours are let pass."""

    model_config = ConfigDict(extra="ignore")

    knowledge_id: Text
    query: QueryText
    retrieval_setting: Setting = Setting()
    metadata_condition: Metadata | None = None


@router.post("/dify/retrieval", openapi_extra=needs("search", "any"))
async def dify_retrieval(body: Retrieval, request: Request, place: Place) -> JSONResponse:
    """Passages of the collection that `knowledge_id` names, as records of Dify's external knowledge."""
    name = body.knowledge_id.strip()
    try:
        service = await service_named(request, DEFAULT if name in ("", "fuente") else name)
    except UnknownCollectionError as error:
        raise ProblemError("not_found", "knowledge", {"name": name[:100]}) from error
    try:
        wanted = _filter(body.metadata_condition)
    except UnknownFilterError as error:
        values = {"name": error.name, "known": ", ".join(error.known)}
        raise ProblemError("validation_error", "openai.filter", values) from error
    links = links_for(request, service)
    records = await service.places.work(_records, service, links, body, wanted)
    return JSONResponse({"records": records})


def _records(
    service: Service, links: Links, body: Retrieval, wanted: Filter | None
) -> list[dict[str, Any]]:
    index = service.engine.index
    ids = passing(index, wanted) if index is not None else None
    if ids == ():
        return []
    setting = body.retrieval_setting
    options = SearchOptions(limit=setting.top_k, document_ids=ids or ())
    records = []
    for hit in found(service, Query(body.query), options).hits:
        score = share(service, hit.score)
        if score >= (setting.score_threshold or 0.0):
            passage = hit.passage
            records.append(
                {
                    "content": passage.text,
                    "score": score,
                    "title": hit.title,
                    "metadata": {
                        "document_id": passage.doc_id,
                        "url": links.reader(passage.doc_id, passage.start, passage.end),
                        "language": passage.lang,
                        "start": passage.start,
                        "end": passage.end,
                        **({} if hit.page is None else {"page": hit.page}),
                    },
                }
            )
    return records


def _filter(given: Metadata | None) -> Filter | None:
    if given is None or not given.conditions:
        return None
    parts: list[Condition | All] = []
    for one in given.conditions:
        operator = _OPERATORS.get(one.comparison_operator, one.comparison_operator)
        if operator not in OPERATORS:
            raise UnknownFilterError(operator, tuple(OPERATORS))
        names = one.name if isinstance(one.name, list) else [one.name]
        value: Any = one.value
        conditions = tuple(Condition(name, operator, value) for name in names)
        parts.append(All(conditions, any_of=True))
    return All(tuple(parts), any_of=given.logical_operator == "or")


def shape(told: Told, error: Exception) -> tuple[int, dict[str, Any]]:
    """``{"error_code", "error_msg"}``, with the codes of their page where it has one."""
    if told.status == 401:
        # 1001: no bearer key was sent; 1002: it is not a good one
        code = 1001 if getattr(error, "detail_key", None) == "no_key" else 1002
    else:
        code = {403: 1002, 404: 2001}.get(told.status, told.status)
    said = f"{told.body['detail'].rstrip('.')}. {told.body['remedy']}"
    return told.status, {"error_code": code, "error_msg": said}


door = Door(
    name="dify",
    router=router,
    paths=re.compile(r"/dify(?:/.*)?", re.DOTALL),
    shape=shape,
)
