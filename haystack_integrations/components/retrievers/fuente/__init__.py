"""A retriever for Haystack (the extra ``haystack``), in the place that Haystack has for components of others."""

from typing import Any

from haystack import Document, component, default_from_dict, default_to_dict
from haystack.utils import Secret

from api.clients import AsyncFuente, Fuente, Passage
from api.clients.wire import DEFAULT_URL


@component
class FuenteRetriever:
    """Passages of a running service as documents; ``top_k`` of them.

    ``meta`` has ``document_id``, ``title``, ``page_number``, ``start``, ``end`` (code points of the document), ``section``,
    ``language`` and ``url``, which opens the document at the passage. ``filters`` are those of the service:
    ``{"language": [...], "document_id": [...]}``.
    """

    def __init__(
        self,
        url: str = DEFAULT_URL,
        key: Secret | None = None,
        collection: str = "default",
        top_k: int = 8,
        timeout_s: float = 60.0,
    ) -> None:
        self.url = url
        self.key = key
        self.collection = collection
        self.top_k = top_k
        self.timeout_s = timeout_s

    def to_dict(self) -> dict[str, Any]:
        """The component as a dictionary; a key that is written out cannot be saved."""
        return default_to_dict(
            self,
            url=self.url,
            key=self.key.to_dict() if self.key else None,
            collection=self.collection,
            top_k=self.top_k,
            timeout_s=self.timeout_s,
        )

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "FuenteRetriever":
        """The component that :meth:`to_dict` gave."""
        key = data["init_parameters"].get("key")
        if isinstance(key, dict):
            data["init_parameters"]["key"] = Secret.from_dict(key)
        return default_from_dict(cls, data)

    @component.output_types(documents=list[Document])
    def run(
        self, query: str, top_k: int | None = None, filters: dict[str, Any] | None = None
    ) -> dict[str, list[Document]]:
        """The passages for a question, best first."""
        with Fuente(self.url, self._key(), **self._how()) as fuente:
            found = fuente.search(query, limit=top_k or self.top_k, **_chosen(filters))
        return {"documents": [_document(one) for one in found]}

    @component.output_types(documents=list[Document])
    async def run_async(
        self, query: str, top_k: int | None = None, filters: dict[str, Any] | None = None
    ) -> dict[str, list[Document]]:
        """As :meth:`run`, for asyncio."""
        async with AsyncFuente(self.url, self._key(), **self._how()) as fuente:
            found = await fuente.search(query, limit=top_k or self.top_k, **_chosen(filters))
        return {"documents": [_document(one) for one in found]}

    def _key(self) -> str | None:
        return self.key.resolve_value() if self.key else None

    def _how(self) -> dict[str, Any]:
        return {"collection": self.collection, "timeout_s": self.timeout_s}


def _chosen(filters: dict[str, Any] | None) -> dict[str, Any]:
    given = filters or {}
    unknown = given.keys() - {"language", "document_id"}
    if unknown:
        raise ValueError(
            f"filters name {', '.join(sorted(unknown))}; expected language or document_id, each with a list"
        )
    return {
        "languages": given.get("language", ()),
        "document_ids": given.get("document_id", ()),
    }


def _document(passage: Passage) -> Document:
    return Document(
        id=passage.passage_id,
        content=passage.text,
        score=passage.score,
        meta={
            "document_id": passage.document_id,
            "title": passage.title,
            "page_number": passage.page,
            "section": list(passage.section_path),
            "start": passage.start,
            "end": passage.end,
            "language": passage.language,
            "url": passage.url,
        },
    )
