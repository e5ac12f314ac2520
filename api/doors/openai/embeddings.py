"""POST /v1/embeddings: vectors of the encoder that searches."""

from __future__ import annotations

import base64
from typing import Any, Literal

import numpy as np
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field

from api.doors.openai.errors import OpenAIError
from api.doors.openai.models import no_model
from api.guard import needs
from api.native.schemas import Exact, Text
from api.service import Place, Service, TheService
from index.encoder import Vectors

router = APIRouter(tags=["openai"])

MAX_INPUTS = 2048
"""Texts of one request, as many as OpenAI takes."""

_AT_ONCE = 16
"""Texts between which others get their turn."""


class EmbeddingsRequest(Exact):
    """Texts to be encoded; fields that are not ours are let pass."""

    model_config = ConfigDict(extra="ignore")

    model: Text
    input: Text | list[Text] | list[int] | list[list[int]] = Field(description="One text or more.")
    encoding_format: Literal["float", "base64"] | None = "float"
    dimensions: int | None = None
    input_type: Literal["query", "passage", "search_query", "search_document"] | None = Field(
        default=None, description="What they are: questions, or passages (when nothing is said)."
    )


@router.post("/v1/embeddings", openapi_extra=needs("search", "any"))
async def embeddings(body: EmbeddingsRequest, service: TheService, place: Place) -> JSONResponse:
    """Encodes texts, as OpenAI's embeddings. Lists of tokens are refused: they are those of another tokenizer."""
    card = service.encoder.card
    if body.model != card.name:
        raise no_model(body.model)
    texts = _texts(body)
    if body.dimensions not in (None, card.dim):
        values = {"dim": card.dim, "asked": body.dimensions}
        raise OpenAIError("unsupported_value", "dimensions", values, param="dimensions")
    query = body.input_type in ("query", "search_query")
    data: list[dict[str, Any]] = []
    n_tokens = 0
    for start in range(0, len(texts), _AT_ONCE):
        some = texts[start : start + _AT_ONCE]
        vectors, tokens = await service.places.work(_encoded, service, some, query)
        n_tokens += tokens
        for vector in vectors:
            shown: str | list[float] = (
                base64.b64encode(vector.astype("<f4").tobytes()).decode()
                if body.encoding_format == "base64"
                else vector.tolist()
            )
            data.append({"object": "embedding", "index": len(data), "embedding": shown})
    usage = {"prompt_tokens": n_tokens, "total_tokens": n_tokens}
    return JSONResponse({"object": "list", "data": data, "model": card.name, "usage": usage})


def _texts(body: EmbeddingsRequest) -> list[str]:
    given = [body.input] if isinstance(body.input, str) else body.input
    texts = [one for one in given if isinstance(one, str)]
    if len(texts) < len(given):
        raise OpenAIError("unsupported_value", "tokens", param="input")
    if not texts or len(texts) > MAX_INPUTS:
        values = {"n": len(texts), "limit": MAX_INPUTS}
        raise OpenAIError("invalid_value", "inputs", values, param="input")
    for number, text in enumerate(texts):
        if not text.strip():
            raise OpenAIError("invalid_value", "empty_input", {"number": number}, param="input")
    return texts


def _encoded(service: Service, texts: list[str], query: bool) -> tuple[Vectors, int]:
    encoder = service.encoder
    vectors = encoder.encode_queries(texts) if query else encoder.encode_passages(texts)
    return np.asarray(vectors, dtype=np.float32), sum(map(encoder.count_tokens, texts))
