"""POST /v1/chat/completions: the last user message is the question, its answer comes whole or in chunks."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse

from api.asking import STREAM_HEADERS, answer_of, answered, begun, written
from api.doors.openai.errors import shape
from api.doors.openai.messages import (
    Conversation,
    Message,
    Turn,
    check_format,
    check_turn,
    conversation_of,
)
from api.doors.openai.models import model_of
from api.doors.openai.sources import bodies, chat_annotation, link_list, source_event
from api.doors.openai.tasks import answer_task, question_in
from api.guard import needs
from api.links import Links
from api.native.schemas import CitationBody, Exact
from api.problems import tell
from api.service import Place, RequestId, Service, UiLanguage, links_for
from qa.engine import Answer, Answering, SearchOptions

router = APIRouter(tags=["openai"])

DONE = b"data: [DONE]\n\n"


class StreamOptions(Exact):
    """How a stream is sent."""

    include_usage: bool | None = False


class ChatRequest(Turn):
    """A conversation to be gone on with."""

    messages: list[Message]
    stream_options: StreamOptions | None = None
    response_format: str | dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """What is the same in every part of one reply."""

    service: Service
    links: Links
    request_id: str
    model: str
    created: int
    question: str
    with_links: bool
    with_usage: bool

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The reply as one body."""
        cited = bodies(answer.citations, answer.text, answer.hits, self.links)
        text = answer.text + (link_list(answer, cited) if self.with_links else "")
        return self.body(text, [chat_annotation(one) for one in cited], answer.build_id)

    def body(self, text: str, annotations: list[dict[str, Any]], build_id: str) -> dict[str, Any]:
        """A reply with these words."""
        message = {
            "role": "assistant",
            "content": text,
            "refusal": None,
            "annotations": annotations,
        }
        return {
            **self._head("chat.completion", build_id),
            "choices": [
                {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
            ],
            "usage": self._usage(text),
        }

    def chunks(self, steps: Answering) -> Iterator[bytes]:
        """The reply as it is written. A chunk without a choice would break clients that look at the first one."""
        build_id = steps.result.build_id
        yield self._chunk(build_id, {"role": "assistant", "content": ""})
        text, cited = "", list[CitationBody]()
        for piece in steps.written():
            text += piece.text
            yield self._chunk(build_id, {"content": piece.text})
            for one in bodies(piece.citations, text, steps.result.hits, self.links):
                cited.append(one)
                # Both in one chunk: Open WebUI takes the quote from the event, the others read annotations
                marked = {"annotations": [chat_annotation(one)]}
                yield self._chunk(build_id, marked, event=source_event(one))
        answer = answered(self.service, steps, self.request_id)
        more = link_list(answer, cited) if self.with_links else ""
        if not text or more:
            yield self._chunk(build_id, {"content": more if text else answer.text})
        yield from self._ending(build_id, (text or answer.text) + more)

    def chunks_of(self, text: str, build_id: str) -> Iterator[bytes]:
        """Words that are there already, as a stream."""
        yield self._chunk(build_id, {"role": "assistant", "content": ""})
        yield self._chunk(build_id, {"content": text})
        yield from self._ending(build_id, text)

    def _ending(self, build_id: str, text: str) -> Iterator[bytes]:
        yield self._chunk(build_id, {}, "stop")
        if self.with_usage:
            head = self._head("chat.completion.chunk", build_id)
            yield _data({**head, "choices": [], "usage": self._usage(text)})
        yield DONE

    def _chunk(
        self, build_id: str, delta: dict[str, Any], finish: str | None = None, **more: Any
    ) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        usage = {"usage": None} if self.with_usage else {}
        head = self._head("chat.completion.chunk", build_id)
        return _data({**head, "choices": [choice], **usage, **more})

    def _head(self, kind: str, build_id: str) -> dict[str, Any]:
        return {
            "id": f"chatcmpl-{self.request_id}",
            "object": kind,
            "created": self.created,
            "model": self.model,
            "system_fingerprint": build_id or None,
        }

    def _usage(self, text: str) -> dict[str, int]:
        """Pieces of the encoder: what was read of the question, what was written."""
        count = self.service.encoder.count_tokens
        prompt, completion = count(self.question), count(text)
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        }


@router.post("/v1/chat/completions", openapi_extra=needs("search", "any"))
async def chat_completions(
    body: ChatRequest, request: Request, request_id: RequestId, lang: UiLanguage, place: Place
) -> Response:
    """Answers the last user message with exact quotes, as OpenAI's chat completions.

    Citations are `annotations` of type `url_citation` in the message, or in the deltas of a stream, whose chunks
    also carry Open WebUI's `event` of type `source`. Fields that a quoting engine has no use for are ignored; more than
    one answer, a call of a tool and an answer in JSON are refused.
    """
    model = await model_of(request, body.model)
    check_turn(body)
    conversation = conversation_of(body.messages, "messages")
    reply = Completion(
        service=model.service,
        links=links_for(request, model.service),
        request_id=request_id,
        model=body.model,
        created=int(time.time()),
        question=conversation.question,
        with_links=model.links,
        with_usage=bool(body.stream_options and body.stream_options.include_usage),
    )
    task = answer_task(conversation)
    if task is not None:
        if not body.stream:
            return JSONResponse(reply.body(task, [], ""))
        return EventSourceResponse(reply.chunks_of(task, ""), headers=STREAM_HEADERS)
    # A task is replied to in the form that its words ask for, which is JSON
    check_format(body.response_format, "response_format")
    query, options = _asked(conversation).query, SearchOptions()
    if not body.stream:

        def whole(answer: Answer) -> Response:
            headers = {"X-Build-Id": answer.build_id}
            return JSONResponse(reply.whole(answer), headers=headers)

        return await answer_of(model.service, query, options, request_id, whole)
    steps = await begun(model.service, query, options)

    def failed(error: Exception) -> bytes:
        told = tell(error, lang, instance=request.state.path, request_id=request_id)
        return _data(shape(told, error)[1])

    parts = written(model.service, steps, reply.chunks(steps), failed, request_id)
    headers = {**STREAM_HEADERS, "X-Build-Id": steps.result.build_id}
    return EventSourceResponse(parts, headers=headers)


def _asked(conversation: Conversation) -> Conversation:
    """The conversation with the user's own question in place of one that stands behind instructions."""
    inner = question_in(conversation.question)
    return conversation._replace(question=inner) if inner else conversation


def _data(body: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n"
