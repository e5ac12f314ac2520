"""A retriever for LlamaIndex (the extra ``llamaindex``)."""

from __future__ import annotations

from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import (
    NodeRelationship,
    NodeWithScore,
    QueryBundle,
    RelatedNodeInfo,
    TextNode,
)

from api.clients import AsyncFuente, Fuente, Passage
from api.clients.wire import DEFAULT_URL


class FuenteRetriever(BaseRetriever):
    """Passages of a running service as nodes; ``similarity_top_k`` of them.

    ``start_char_idx`` and ``end_char_idx`` are code points of the document, which is the node's SOURCE; metadata
    has ``file_name``, ``page_label``, ``title``, ``url`` (opens the document at the passage), ``section`` and ``language``.
    """

    def __init__(
        self,
        url: str = DEFAULT_URL,
        key: str | None = None,
        *,
        collection: str = "default",
        similarity_top_k: int = 8,
        timeout_s: float = 60.0,
        **more: Any,
    ) -> None:
        self._url, self._key, self._top_k = url, key, similarity_top_k
        self._how: dict[str, Any] = {"collection": collection, "timeout_s": timeout_s}
        super().__init__(**more)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        with Fuente(self._url, self._key, **self._how) as fuente:
            found = fuente.search(query_bundle.query_str, limit=self._top_k)
        return [_node(one) for one in found]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        async with AsyncFuente(self._url, self._key, **self._how) as fuente:
            found = await fuente.search(query_bundle.query_str, limit=self._top_k)
        return [_node(one) for one in found]


def _node(passage: Passage) -> NodeWithScore:
    page = {} if passage.page is None else {"page_label": str(passage.page)}
    node = TextNode(
        id_=passage.passage_id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "file_name": passage.document_id,
            "title": passage.title,
            "section": " › ".join(passage.section_path),
            "language": passage.language,
            "url": passage.url,
            **page,
        },
        # A link is for people, not for a model or an encoder
        excluded_embed_metadata_keys=["url"],
        excluded_llm_metadata_keys=["url"],
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.document_id)},
    )
    return NodeWithScore(node=node, score=passage.score)
