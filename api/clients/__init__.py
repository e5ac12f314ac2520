"""Asking a running service from Python: :class:`Fuente`, :class:`AsyncFuente`, and retrievers for LangChain, LlamaIndex and Haystack.

Nothing of the engine is imported here: what a program needs that only asks is httpx2 (the extra ``client``).

>>> with Fuente("http://127.0.0.1:8000") as fuente:  # doctest: +SKIP
...     answer = fuente.ask("How long does a summer bee live?")
...     print(answer.text, *(citation.url for citation in answer.citations))
"""

from __future__ import annotations

from api.clients.client import AsyncFuente, Fuente
from api.clients.wire import Answer, Citation, Passage, ServiceError, UnreachableError

__all__ = [
    "Answer",
    "AsyncFuente",
    "Citation",
    "Fuente",
    "Passage",
    "ServiceError",
    "UnreachableError",
]
