"""POST /v1/ask and POST /v1/search, and what readers think of the answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi import Query as Told
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import AfterValidator, BaseModel

from api.asking import STREAM_HEADERS, answer_of, answered, begun, found, written
from api.guard import needs
from api.links import composed
from api.messages import UiLang
from api.native.schemas import (
    AnswerBody,
    AskedLanguage,
    AskRequest,
    FeedbackBody,
    FeedbackRequest,
    Filters,
    ProblemBody,
    QuestionList,
    SearchBody,
    SearchRequest,
    SuggestedQuestion,
    answer_body,
    citation_body,
    search_body,
)
from api.problems import tell
from api.service import Place, RequestId, Service, TheService, UiLanguage, Writable
from corpus.document import UnknownDocumentError
from qa.engine import Answer, Answering, Query, SearchOptions
from qa.evaluation.feedback import rated_answer
from qa.followup import Previous
from qa.suggest import next_questions

router = APIRouter(tags=["questions"])


@router.post(
    "/v1/ask",
    response_model=AnswerBody,
    responses={
        200: {"content": {"text/event-stream": {}}, "description": "The answer, or its events."},
        503: {"model": ProblemBody, "description": "No index, or too many questions."},
    },
    openapi_extra=needs("search"),
)
async def ask(
    body: AskRequest,
    request: Request,
    service: TheService,
    request_id: RequestId,
    lang: UiLanguage,
    place: Place,
) -> Response:
    """Answers a question with exact quotes, or says that the documents do not hold the answer.

    With `"stream": true` the answer comes as server-sent events: `search_results` (as POST
    /v1/search), then `message` ({"delta": …}; all deltas together are the answer) and `citation`
    in the order of the text, then `final_answer` (the whole JSON body), or `error` (a problem) at
    any point.
    """
    query, options = (
        _query(body),
        replace(_options(body, service), min_confidence=body.min_confidence),
    )
    if not body.stream:

        def whole(answer: Answer) -> Response:
            told = answer_body(answer, request_id, service.links, explain=body.explain)
            return _json(told, answer.build_id, answer.lang)

        return await answer_of(service, query, options, request_id, whole)
    # Before the response begins, so that its errors still get their own status.
    steps = await begun(service, query, options)
    headers = {
        **STREAM_HEADERS,
        "X-Build-Id": steps.result.build_id,
        "Content-Language": _spoken(steps.result.question.lang, lang),
    }

    def failed(error: Exception) -> bytes:
        instance = request.state.path
        return event("error", tell(error, lang, instance=instance, request_id=request_id).body)

    events = _events(service, steps, request_id, body.explain)
    return EventSourceResponse(written(service, steps, events, failed, request_id), headers=headers)


@router.post(
    "/v1/search",
    response_model=SearchBody,
    responses={503: {"model": ProblemBody, "description": "No index, or too many questions."}},
    openapi_extra=needs("search"),
)
async def search(
    body: SearchRequest, service: TheService, request_id: RequestId, place: Place
) -> Response:
    """Finds passages, best first, without composing an answer."""
    return await service.places.work(_search, service, body, request_id)


def _search(service: Service, body: SearchRequest, request_id: str) -> Response:
    result = found(service, _query(body), _options(body, service))
    told = search_body(result, request_id, service.links, explain=body.explain)
    return _json(told, result.build_id, None)


@router.get("/v1/next", response_model=QuestionList, openapi_extra=needs("search"))
async def next_to_ask(
    service: TheService,
    place: Place,
    document_id: Annotated[str, Told(max_length=1024), AfterValidator(composed)],
    at: Annotated[int, Told(ge=0, description="Code points from the start of the text.")] = 0,
    language: Annotated[
        AskedLanguage | None, Told(description="Of the questions; left out = the document's.")
    ] = None,
    limit: Annotated[int, Told(ge=1, le=10)] = 3,
) -> QuestionList:
    """Questions about what stands near a place that was cited; each was tried, and its document answers it.

    None where the document is not in the active build: whoever reads an answer may have had it for long.
    """
    try:
        found = await service.places.work(
            next_questions, service.engine, document_id, at, language, limit
        )
    except UnknownDocumentError:
        found = []
    data = [SuggestedQuestion(lang=lang, text=text) for lang, text in found]
    return QuestionList(object="list", data=data)


@router.post(
    "/v1/feedback",
    response_model=FeedbackBody,
    status_code=201,
    dependencies=[Writable],
    openapi_extra=needs("search"),
)
def feedback(body: FeedbackRequest, service: TheService) -> FeedbackBody:
    """Writes down what a reader thinks of an answer, as a line of feedback.jsonl, or a row where hosts share it: whole, or not at all.

    With the rating goes the answer it is about, question and places quoted, as long as this
    process remembers it: the last 1,000 answers since it started. Later feedback is kept without.
    """
    answer, index = service.rated(body.request_id), service.engine.index
    service.feedback.append(
        {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "collection": service.name,
            "request_id": body.request_id,
            "rating": body.rating,
            "comment": body.comment,
            "build_id": answer.build_id if answer else index.build_id if index else None,
            **(rated_answer(answer) if answer else {}),
        }
    )
    return FeedbackBody(object="feedback", request_id=body.request_id, rating=body.rating)


def event(name: str, data: BaseModel | dict[str, object]) -> bytes:
    """One server-sent event; its data is one line of JSON in UTF-8, accents as they are."""
    if isinstance(data, BaseModel):
        text = data.model_dump_json(exclude_unset=True)
    else:
        text = json.dumps(data, ensure_ascii=False)
    return format_sse_event(data_str=text, event=name)


def _events(service: Service, steps: Answering, request_id: str, explain: bool) -> Iterator[bytes]:
    """The answer as it is written, every piece followed by the citations that it ends in; or that there is none."""
    links, hits = service.links, steps.result.hits
    yield event("search_results", search_body(steps.result, request_id, links, explain=explain))
    text = ""
    for piece in steps.written():
        text += piece.text
        yield event("message", {"delta": piece.text})
        for citation in piece.citations:
            yield event("citation", citation_body(citation, text, hits, links))
    if not text:
        yield event("message", {"delta": steps.answer().text})
    answer = answered(service, steps, request_id)
    yield event("final_answer", answer_body(answer, request_id, links, explain=explain))


def _query(body: SearchRequest) -> Query:
    previous = tuple(Previous(p.query, tuple(p.document_ids)) for p in body.previous)
    return Query(body.query, body.language, previous)


def _options(body: SearchRequest, service: Service) -> SearchOptions:
    return SearchOptions(
        limit=body.limit,
        mode=body.mode,
        languages=tuple(body.filters.language),
        document_ids=_documents(body.filters, service),
        explain=body.explain,
    )


def _documents(filters: Filters, service: Service) -> tuple[str, ...]:
    """The documents that the filters let through; none where they let all through.

    :raises UnknownDocumentError: when there is none in the folders.
    """
    named = tuple(dict.fromkeys(map(service.present_id, filters.document_id)))
    if not filters.folder:
        return named
    folders = tuple(f"{folder.strip('/')}/" for folder in filters.folder)
    wanted = named or [one.doc_id for one in service.engine.serving().documents()]
    inside = tuple(doc_id for doc_id in wanted if doc_id.startswith(folders))
    if not inside:
        raise UnknownDocumentError(
            f"there is no document in the folder {filters.folder[0]!r}; the list of documents shows those there are"
        )
    return inside


def _json(body: BaseModel, build_id: str, lang: str | None) -> Response:
    """The body, written here in the worker thread: a long answer must not hold up the loop."""
    headers = {"X-Build-Id": build_id}
    if lang in ("es", "en"):
        headers["Content-Language"] = lang
    return Response(body.model_dump_json(exclude_unset=True), 200, headers, "application/json")


def _spoken(lang: str, default: UiLang) -> str:
    return lang if lang in ("es", "en") else default
