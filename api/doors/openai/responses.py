"""POST /v1/responses: the same answer as items, whole or as events; the one door from which LangChain reads citations."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import ConfigDict, WithJsonSchema

from api.asking import STREAM_HEADERS, answer_of, answered, begun, share, written
from api.doors.openai.errors import OpenAIError, shape
from api.doors.openai.messages import Message, Turn, check_format, check_turn, conversation_of
from api.doors.openai.models import model_of
from api.doors.openai.sources import bodies, link_list, url_citation
from api.doors.openai.tasks import answer_task, question_in
from api.guard import needs
from api.links import Links
from api.native.schemas import CitationBody, Exact, Text
from api.problems import tell
from api.service import Place, RequestId, Service, UiLanguage, links_for
from qa.engine import Answer, Answering, PassageHit, SearchOptions

router = APIRouter(tags=["openai"])

RESULTS = "file_search_call.results"


class Item(Exact):
    """An item of the input that is no message, such as what a tool gave; it is let pass."""

    model_config = ConfigDict(extra="allow")

    type: str


class ResponsesRequest(Turn):
    """A conversation to be gone on with; nothing of it is stored."""

    input: Text | list[Message | Item]
    include: list[str] | None = None
    tools: list[dict[str, Any]] | None = None
    previous_response_id: Annotated[str | None, WithJsonSchema({"type": "null"})] = None
    """Nothing is stored that could be gone on with; whoever names one is told so."""
    instructions: Text | None = None
    text: dict[str, Any] | None = None

    @property
    def messages(self) -> list[Message]:
        """The messages of the input."""
        if isinstance(self.input, str):
            return [Message(role="user", content=self.input)]
        return [one for one in self.input if isinstance(one, Message)]

    @property
    def shows_search(self) -> bool:
        """Whether the search that was made is an item of its own: only for clients that know of one."""
        tools = self.tools or ()
        return RESULTS in (self.include or ()) or any(t.get("type") == "file_search" for t in tools)


@dataclass(slots=True)
class Reply:
    """What is the same in every event of one reply, and how far it is."""

    service: Service
    links: Links
    request_id: str
    request: ResponsesRequest
    question: str
    with_links: bool
    created: int = field(default_factory=lambda: int(time.time()))
    n_events: int = 0

    @property
    def message_id(self) -> str:
        """The id of the one message."""
        return f"msg_{self.request_id}"

    def body(
        self,
        output: list[dict[str, Any]],
        text: str | None,
        status: str = "completed",
        error: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The whole response; ``text`` None while it is under way."""
        return {
            "id": f"resp_{self.request_id}",
            "object": "response",
            "created_at": self.created,
            "status": status,
            "background": False,
            "error": error,
            "incomplete_details": None,
            "instructions": self.request.instructions,
            "max_output_tokens": None,
            "metadata": {},
            "model": self.request.model,
            "output": output,
            "parallel_tool_calls": True,
            "previous_response_id": None,
            "store": False,
            "temperature": None,
            "text": {"format": {"type": "text"}},
            "tool_choice": "auto",
            "tools": [],
            "top_p": None,
            "truncation": "disabled",
            "usage": None if text is None else self._usage(text),
        }

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The response to a question."""
        cited = bodies(answer.citations, answer.text, answer.hits, self.links)
        text = answer.text + (link_list(answer, cited) if self.with_links else "")
        return self.body([*self._search(answer.hits), self.message(text, _flat(cited))], text)

    def message(self, text: str, annotations: list[dict[str, Any]]) -> dict[str, Any]:
        """The message as an item."""
        part = _part(text, annotations)
        return {**self._message("completed"), "content": [part]}

    def events(self, steps: Answering) -> Iterator[bytes]:
        """The response as it is written."""
        search = self._search(steps.result.hits)
        yield from self._opening(search)
        text, cited = "", list[CitationBody]()
        for piece in steps.written():
            text += piece.text
            yield self._delta(len(search), piece.text)
            for one in bodies(piece.citations, text, steps.result.hits, self.links):
                yield self._event(
                    "response.output_text.annotation.added",
                    **self._place(len(search)),
                    annotation_index=len(cited),
                    annotation=_flat([one])[0],
                )
                cited.append(one)
        answer = answered(self.service, steps, self.request_id)
        more = link_list(answer, cited) if self.with_links else ""
        if not text or more:
            yield self._delta(len(search), more if text else answer.text)
        yield from self._closing(search, (text or answer.text) + more, _flat(cited))

    def events_of(self, text: str) -> Iterator[bytes]:
        """Words that are there already, as events."""
        yield from self._opening([])
        yield self._delta(0, text)
        yield from self._closing([], text, [])

    def failed(self, error: dict[str, Any]) -> bytes:
        """What went wrong after the first event."""
        told = {"code": error["code"] or "server_error", "message": error["message"]}
        return self._event("error", **told, param=error["param"])

    def _opening(self, search: list[dict[str, Any]]) -> Iterator[bytes]:
        under_way = self.body([], None, "in_progress")
        yield self._event("response.created", response=under_way)
        yield self._event("response.in_progress", response=under_way)
        for index, item in enumerate(search):
            for name in ("response.output_item.added", "response.output_item.done"):
                yield self._event(name, output_index=index, item=item)
        message = {**self._message("in_progress"), "content": []}
        yield self._event("response.output_item.added", output_index=len(search), item=message)
        place = self._place(len(search))
        yield self._event("response.content_part.added", **place, part=_part("", []))

    def _delta(self, index: int, text: str) -> bytes:
        place = self._place(index)
        return self._event("response.output_text.delta", **place, delta=text, logprobs=[])

    def _closing(
        self, search: list[dict[str, Any]], text: str, annotations: list[dict[str, Any]]
    ) -> Iterator[bytes]:
        place, message = self._place(len(search)), self.message(text, annotations)
        yield self._event("response.output_text.done", **place, text=text, logprobs=[])
        yield self._event("response.content_part.done", **place, part=message["content"][0])
        yield self._event("response.output_item.done", output_index=len(search), item=message)
        yield self._event("response.completed", response=self.body([*search, message], text))

    def _event(self, name: str, **fields: Any) -> bytes:
        told = {"type": name, "sequence_number": self.n_events, **fields}
        self.n_events += 1
        return format_sse_event(data_str=json.dumps(told, ensure_ascii=False), event=name)

    def _place(self, index: int) -> dict[str, Any]:
        return {"item_id": self.message_id, "output_index": index, "content_index": 0}

    def _message(self, status: str) -> dict[str, Any]:
        return {
            "type": "message",
            "id": self.message_id,
            "role": "assistant",
            "status": status,
        }

    def _search(self, hits: tuple[PassageHit, ...]) -> list[dict[str, Any]]:
        """The search that was made, as an item, for those who asked for one."""
        if not self.request.shows_search:
            return []
        results = None
        if RESULTS in (self.request.include or ()):
            results = [search_result(self.service, self.links, hit) for hit in hits]
        return [
            {
                "type": "file_search_call",
                "id": f"fs_{self.request_id}",
                "status": "completed",
                "queries": [self.question],
                "results": results,
            }
        ]

    def _usage(self, text: str) -> dict[str, Any]:
        count = self.service.encoder.count_tokens
        read, wrote = count(self.question), count(text)
        return {
            "input_tokens": read,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": wrote,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": read + wrote,
        }


def search_result(service: Service, links: Links, hit: PassageHit) -> dict[str, Any]:
    """A passage as a result of their file search."""
    return {
        "file_id": hit.passage.doc_id,
        "filename": hit.passage.doc_id.rpartition("/")[2],
        "score": share(service, hit.score),
        "text": hit.passage.text,
        "attributes": attributes(links, hit),
    }


def attributes(links: Links, hit: PassageHit) -> dict[str, str | float]:
    """What is known of a passage, flat: at most 16 texts and numbers."""
    passage = hit.passage
    page = {} if hit.page is None else {"page": hit.page}
    return {
        "document_id": passage.doc_id,
        "title": hit.title[:512],
        "language": passage.lang,
        "section": " › ".join(hit.section_path)[:512],
        "start": passage.start,
        "end": passage.end,
        "url": links.reader(passage.doc_id, passage.start, passage.end),
        **page,
    }


@router.post("/v1/responses", openapi_extra=needs("search", "any"))
async def responses(
    body: ResponsesRequest, request: Request, request_id: RequestId, lang: UiLanguage, place: Place
) -> Response:
    """Answers the last user message with exact quotes, as OpenAI's responses; nothing is stored.

    Citations are flat annotations of type `url_citation`. With `file_search_call.results` in `include` the
    passages found are an item of their own.
    """
    if body.previous_response_id is not None:
        raise OpenAIError("unsupported_parameter", "no_store", param="previous_response_id")
    model = await model_of(request, body.model)
    check_turn(body)
    conversation = conversation_of(body.messages, "input")
    links = links_for(request, model.service)
    reply = Reply(model.service, links, request_id, body, conversation.question, model.links)
    task = answer_task(conversation)
    if task is not None:
        if not body.stream:
            return JSONResponse(reply.body([reply.message(task, [])], task))
        return EventSourceResponse(reply.events_of(task), headers=STREAM_HEADERS)
    check_format((body.text or {}).get("format"), "text.format")
    question = question_in(conversation.question) or conversation.question
    query, options = conversation._replace(question=question).query, SearchOptions()
    if not body.stream:

        def whole(answer: Answer) -> Response:
            return JSONResponse(reply.whole(answer), headers={"X-Build-Id": answer.build_id})

        return await answer_of(model.service, query, options, request_id, whole)
    steps = await begun(model.service, query, options)

    def failed(error: Exception) -> bytes:
        told = tell(error, lang, instance=request.state.path, request_id=request_id)
        return reply.failed(shape(told, error)[1]["error"])

    parts = written(model.service, steps, reply.events(steps), failed, request_id)
    headers = {**STREAM_HEADERS, "X-Build-Id": steps.result.build_id}
    return EventSourceResponse(parts, headers=headers)


def _part(text: str, annotations: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": annotations, "logprobs": []}


def _flat(cited: list[CitationBody]) -> list[dict[str, Any]]:
    return [{"type": "url_citation", **url_citation(one)} for one in cited]
