"""The OpenAI door: models, chat completions, responses, embeddings and the search of vector stores."""

from __future__ import annotations

import re

from fastapi import APIRouter

from api.doors.door import Door
from api.doors.openai import chat, embeddings, models, responses, vector_stores
from api.doors.openai.errors import shape

router = APIRouter()
for part in (models, chat, responses, embeddings, vector_stores):
    router.routes.extend(part.router.routes)

door = Door(
    name="openai",
    router=router,
    paths=re.compile(r"/v1/(?:models|chat|responses|embeddings|vector_stores)(?:/.*)?", re.DOTALL),
    shape=shape,
)
