"""Rerankers' two dialects: ``/v1/rerank`` (Jina, vLLM, Open WebUI) and ``/v2/rerank`` (Cohere)."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from api.doors.door import Door
from api.guard import needs
from api.native.schemas import Exact, Text
from api.problems import Told
from api.service import Place, RequestId, Service, TheService
from index.encoder import Encoder
from index.reader import Reader

router = APIRouter(tags=["rerank"])

MAX_DOCUMENTS = 1000
PIECE_CHARS = 1200
"""A document is judged by its best piece of about this length: what the reader takes in at once."""

MAX_PIECES = 8
"""Pieces of a document that are read: the beginning of a long one stands for it."""

_AT_ONCE = 8
"""Documents between which others get their turn."""

_SENTENCE_END = re.compile(r"(?<=[.!?…\n])\s+")


class TextDocument(Exact):
    """A document with fields, of which the text is read."""

    model_config = ConfigDict(extra="ignore")

    text: Text


def _asked(query: str) -> str:
    if not query.strip():
        raise PydanticCustomError("no_words", "expected words")
    return query


class RerankRequest(Exact):
    """Documents to be put in order; fields that are not ours are let pass."""

    model_config = ConfigDict(extra="ignore")

    model: Text | None = None
    query: Annotated[Text, AfterValidator(_asked), Field(json_schema_extra={"pattern": r"\S"})]
    documents: list[Text | TextDocument] = Field(min_length=1, max_length=MAX_DOCUMENTS)
    top_n: int | None = Field(default=None, ge=1)
    return_documents: bool | None = None
    max_tokens_per_doc: int | None = Field(default=None, ge=1)

    @property
    def texts(self) -> list[str]:
        """The words of the documents."""
        return [one if isinstance(one, str) else one.text for one in self.documents]


@router.post("/v1/rerank", openapi_extra=needs("search", "any"))
async def rerank(
    body: RerankRequest, service: TheService, request_id: RequestId, place: Place
) -> JSONResponse:
    """Puts texts in the order in which they answer a question, as Jina's and vLLM's rerankers."""
    ranked = await _ranked(service, body)
    shown = body.return_documents is not False
    results = [
        {
            "index": index,
            "relevance_score": score,
            **({"document": {"text": body.texts[index]}} if shown else {}),
        }
        for index, score in ranked
    ]
    n_tokens = await service.places.work(_count, service.encoder, [body.query, *body.texts])
    return JSONResponse(
        {
            "id": f"rerank-{request_id}",
            "object": "list",
            "model": body.model or service.encoder.card.name,
            "usage": {"total_tokens": n_tokens, "prompt_tokens": n_tokens},
            "results": results,
        }
    )


@router.post("/v2/rerank", openapi_extra=needs("search", "any"))
async def cohere_rerank(
    body: RerankRequest, service: TheService, request_id: RequestId, place: Place
) -> JSONResponse:
    """The same as Cohere's reranker."""
    ranked = await _ranked(service, body)
    results = [{"index": index, "relevance_score": score} for index, score in ranked]
    meta = {"api_version": {"version": "2"}, "billed_units": {"search_units": 1}}
    return JSONResponse({"id": request_id, "results": results, "meta": meta})


async def _ranked(service: Service, body: RerankRequest) -> list[tuple[int, float]]:
    """Place and score of each document, best first; of equals the one that came first."""
    texts = body.texts
    if body.max_tokens_per_doc is not None:
        # Four characters a token, as their own page reckons
        texts = [text[: 4 * body.max_tokens_per_doc] for text in texts]
    scores: list[float] = []
    for start in range(0, len(texts), _AT_ONCE):
        some = texts[start : start + _AT_ONCE]
        scores += await service.places.work(relevance, service, body.query, some)
    order = sorted(range(len(texts)), key=lambda place: (-scores[place], place))
    return [(place, scores[place]) for place in order[: body.top_n or len(order)]]


def relevance(service: Service, query: str, texts: Sequence[str]) -> list[float]:
    """How well each text answers, 0..1: as the reader says, and without one by how the words meet."""
    pieces = [_pieces(text) for text in texts]
    flat = [piece for some in pieces for piece in some]
    if not flat:
        return [0.0] * len(texts)
    judged = (
        _by_reader(service.reader, query, flat)
        if service.reader is not None
        else _by_meeting(service.encoder, query, flat)
    )
    scores, at = [], 0
    for some in pieces:
        scores.append(round(max(judged[at : at + len(some)], default=0.0), 6))
        at += len(some)
    return scores


def _by_reader(reader: Reader, query: str, pieces: Sequence[str]) -> list[float]:
    readings = reader.read(query, [("", piece) for piece in pieces])
    return [1 / (1 + math.exp(-max(-50.0, min(50.0, one.answers)))) for one in readings]


def _by_meeting(encoder: Encoder, query: str, pieces: Sequence[str]) -> list[float]:
    """The mean of each word's best cosine."""
    [asked] = encoder.encode_tokens([query], "query")
    met = encoder.encode_tokens(list(pieces), "passage")
    scores = []
    for one in met:
        if not len(one.tokens) or not len(asked.tokens):
            scores.append(0.0)
            continue
        best = (asked.tokens @ one.tokens.T).max(axis=1)
        scores.append(float(min(1.0, max(0.0, best.mean()))))
    return scores


def _pieces(text: str) -> list[str]:
    """The text in pieces of whole sentences, where it has some."""
    pieces: list[str] = []
    for sentence in _SENTENCE_END.split(text.strip()):
        for start in range(0, len(sentence), PIECE_CHARS):
            part = sentence[start : start + PIECE_CHARS]
            if pieces and len(pieces[-1]) + len(part) < PIECE_CHARS:
                pieces[-1] += f" {part}"
            else:
                pieces.append(part)
            if len(pieces) > MAX_PIECES:
                return pieces[:MAX_PIECES]
    return [piece for piece in pieces if piece.strip()]


def _count(encoder: Encoder, texts: Sequence[str]) -> int:
    return sum(map(encoder.count_tokens, texts))


def shape(told: Told, error: Exception) -> tuple[int, dict[str, Any]]:
    """Cohere reads ``message``, Jina's clients ``detail`` and vLLM's ``error.message``: each finds its own."""
    status = 400 if told.status == 422 else told.status
    said = f"{told.body['detail'].rstrip('.')}. {told.body['remedy']}"
    kind = "server_error" if status >= 500 else "invalid_request_error"
    return status, {
        "message": said,
        "detail": said,
        "error": {
            "message": said,
            "type": kind,
            "param": getattr(error, "param", None),
            "code": told.body["code"],
        },
    }


door = Door(
    name="rerank",
    router=router,
    paths=re.compile(r"/v[12]/rerank(?:/.*)?", re.DOTALL),
    shape=shape,
)
