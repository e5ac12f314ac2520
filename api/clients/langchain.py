"""A retriever for LangChain (the extra ``langchain``)."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import SecretStr

from api.clients import AsyncFuente, Fuente, Passage
from api.clients.wire import DEFAULT_URL


class FuenteRetriever(BaseRetriever):
    """Passages of a running service as documents; ``k`` of them.

    ``metadata["source"]`` is the link that opens the document at the passage, ``start_index`` where it begins there, in
    code points; further ``document_id``, ``title``, ``page``, ``end_index``, ``section``, ``language`` and ``score``.
    """

    url: str = DEFAULT_URL
    key: SecretStr | None = None
    collection: str = "default"
    k: int = 8
    timeout_s: float = 60.0

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
    ) -> list[Document]:
        with Fuente(self.url, self._key, **self._how) as fuente:
            return [_document(one) for one in fuente.search(query, limit=k or self.k)]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        k: int | None = None,
    ) -> list[Document]:
        async with AsyncFuente(self.url, self._key, **self._how) as fuente:
            return [_document(one) for one in await fuente.search(query, limit=k or self.k)]

    @property
    def _key(self) -> str | None:
        return self.key.get_secret_value() if self.key else None

    @property
    def _how(self) -> dict[str, Any]:
        return {"collection": self.collection, "timeout_s": self.timeout_s}


def _document(passage: Passage) -> Document:
    return Document(
        id=passage.passage_id,
        page_content=passage.text,
        metadata={
            "source": passage.url,
            "document_id": passage.document_id,
            "title": passage.title,
            "page": passage.page,
            "section": list(passage.section_path),
            "start_index": passage.start,
            "end_index": passage.end,
            "language": passage.language,
            "score": passage.score,
        },
    )
