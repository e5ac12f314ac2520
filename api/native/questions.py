"""POST /v1/ask and POST /v1/search, and what readers think of the answers.

Encoding a question is CPU work and belongs in a thread, never on the event loop; which thread and
when, the places say (see :class:`api.service.Places`).
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import BaseModel

from api.guard import needs
from api.messages import UiLang
from api.native.schemas import (
    AnswerBody,
    AskRequest,
    FeedbackBody,
    FeedbackRequest,
    ProblemBody,
    SearchBody,
    SearchRequest,
    answer_body,
    citation_body,
    search_body,
)
from api.problems import tell
from api.service import Place, RequestId, Service, TheService, UiLanguage, Writable
from qa.engine import Answer, Answering, Query, SearchOptions
from qa.evaluation.feedback import rated_answer
from qa.followup import Previous

router = APIRouter(tags=["questions"])

_ERRORS = logging.getLogger("fuente.errors")


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
    work = service.places.work
    if not body.stream:
        if not service.engine.composer.waits:
            return await work(_ask, service, body, request_id)
        steps = await work(_begin, service, body)
        await work(steps.select)
        return await service.places.wait(_finish, service, steps, request_id, body.explain)
    # Before the response begins, so that its errors still get their own status.
    steps = await work(_begin, service, body)
    headers = {
        "Cache-Control": "no-cache",
        "X-Accel-Buffering": "no",
        "X-Build-Id": steps.result.build_id,
        "Content-Language": _spoken(steps.result.question.lang, lang),
    }
    events = _events(service, steps, request_id, lang, request.state.path, body.explain)
    return EventSourceResponse(events, headers=headers)


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


def _begin(service: Service, body: AskRequest) -> Answering:
    options = replace(_options(body), min_confidence=body.min_confidence)
    return service.engine.ask_in_steps(_query(body), options)


def _ask(service: Service, body: AskRequest, request_id: str) -> Response:
    return _finish(service, _begin(service, body), request_id, body.explain)


def _finish(service: Service, steps: Answering, request_id: str, explain: bool) -> Response:
    answer = steps.answer()
    told = _answered(service, answer, request_id, explain)
    return _json(told, answer.build_id, answer.lang)


def _search(service: Service, body: SearchRequest, request_id: str) -> Response:
    result = service.engine.search(_query(body), _options(body))
    service.metrics.question(
        "search", result.question.lang, "found" if result.hits else "empty", service.name
    )
    return _json(
        search_body(result, request_id, service.links, explain=body.explain), result.build_id, None
    )


@router.post(
    "/v1/feedback",
    response_model=FeedbackBody,
    status_code=201,
    dependencies=[Writable],
    openapi_extra=needs("search"),
)
def feedback(body: FeedbackRequest, service: TheService) -> FeedbackBody:
    """Writes down what a reader thinks of an answer, as a line of feedback.jsonl: whole, or not at all.

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


async def _events(
    service: Service,
    steps: Answering,
    request_id: str,
    lang: UiLang,
    instance: str,
    explain: bool,
) -> AsyncIterator[bytes]:
    work, wait = service.places.work, service.places.wait
    try:
        yield await work(_found_event, service, steps, request_id, explain)
        if steps.waits:
            await work(steps.select)
            parts = _written_events(service, steps)
            while (part := await wait(next, parts, None)) is not None:
                yield part
            yield await wait(_final_event, service, steps, request_id, explain)
        else:
            for part in await work(_answer_events, service, steps, request_id, explain):
                yield part
    # The status line is gone; an error can only be told inside the stream.
    except Exception as error:
        told = tell(error, lang, instance=instance, request_id=request_id)
        if told.status == 500:
            _ERRORS.exception("stream failed", extra={"fields": {"request_id": request_id}})
        yield event("error", told.body)


def _found_event(service: Service, steps: Answering, request_id: str, explain: bool) -> bytes:
    return event(
        "search_results", search_body(steps.result, request_id, service.links, explain=explain)
    )


def _answer_events(
    service: Service, steps: Answering, request_id: str, explain: bool
) -> list[bytes]:
    parts = list(_written_events(service, steps))
    return [*parts, _final_event(service, steps, request_id, explain)]


def _written_events(service: Service, steps: Answering) -> Iterator[bytes]:
    """The answer as it is written, every piece followed by the citations that it ends in; or that there is none."""
    text = ""
    for piece in steps.written():
        text += piece.text
        yield event("message", {"delta": piece.text})
        for citation in piece.citations:
            yield event("citation", citation_body(citation, text, steps.result.hits, service.links))
    if not text:
        yield event("message", {"delta": steps.answer().text})


def _final_event(service: Service, steps: Answering, request_id: str, explain: bool) -> bytes:
    return event("final_answer", _answered(service, steps.answer(), request_id, explain))


def _answered(service: Service, answer: Answer, request_id: str, explain: bool) -> AnswerBody:
    service.metrics.question("ask", answer.question.lang, answer.status, service.name)
    service.answers.keep(request_id, answer)
    return answer_body(answer, request_id, service.links, explain=explain)


def _query(body: SearchRequest) -> Query:
    previous = tuple(Previous(p.query, tuple(p.document_ids)) for p in body.previous)
    return Query(body.query, body.language, previous)


def _options(body: SearchRequest) -> SearchOptions:
    return SearchOptions(
        limit=body.limit,
        mode=body.mode,
        languages=tuple(body.filters.language),
        document_ids=tuple(body.filters.document_id),
        explain=body.explain,
    )


def _json(body: BaseModel, build_id: str, lang: str | None) -> Response:
    """The body, written here in the worker thread: a long answer must not hold up the loop."""
    headers = {"X-Build-Id": build_id}
    if lang in ("es", "en"):
        headers["Content-Language"] = lang
    return Response(body.model_dump_json(exclude_unset=True), 200, headers, "application/json")


def _spoken(lang: str, default: UiLang) -> str:
    return lang if lang in ("es", "en") else default
