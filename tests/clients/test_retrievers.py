"""The retrievers, by the tests that their frameworks give to whoever writes one, and by what they hold."""

from __future__ import annotations

import pytest
from conftest import PDF, Service
from haystack import Pipeline
from haystack.utils import Secret
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests
from llama_index.core import Settings
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import NodeRelationship

from api.clients import ServiceError
from api.clients.haystack import FuenteRetriever as HaystackRetriever
from api.clients.langchain import FuenteRetriever as LangChainRetriever
from api.clients.llamaindex import FuenteRetriever as LlamaIndexRetriever

QUESTION = "¿Desde dónde se excavaron los túneles?"


class TestLangChain(RetrieversIntegrationTests):
    """LangChain's own tests."""

    @pytest.fixture(autouse=True)
    def _of(self, service: Service) -> None:
        self.service = service

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return LangChainRetriever

    @property
    def retriever_constructor_params(self) -> dict:
        return {"url": self.service.url, "key": self.service.key}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION


def test_a_langchain_document_says_where_it_is_from(service):
    retriever = LangChainRetriever(url=service.url, key=service.key, k=3)
    best, *others = retriever.invoke(QUESTION)
    assert len(others) == 2
    assert best.metadata["document_id"] == PDF
    assert service.opened(best.metadata["source"]) == best.page_content
    assert best.metadata["end_index"] - best.metadata["start_index"] == len(best.page_content)
    assert service.key not in repr(retriever)
    with pytest.raises(ServiceError):
        LangChainRetriever(url=service.url, key="wrong").invoke(QUESTION)


async def test_a_llama_index_node_says_where_it_is_from(service):
    retriever = LlamaIndexRetriever(service.url, service.key, similarity_top_k=3)
    found = retriever.retrieve(QUESTION)
    best = found[0].node
    assert len(found) == 3
    assert best.metadata["file_name"] == PDF
    assert best.metadata["page_label"] == "1"
    assert service.opened(best.metadata["url"]) == best.text
    assert best.end_char_idx - best.start_char_idx == len(best.text)
    assert best.relationships[NodeRelationship.SOURCE].node_id == PDF
    again = await retriever.aretrieve(QUESTION)
    assert [one.node.id_ for one in again] == [one.node.id_ for one in found]
    Settings.llm = MockLLM()
    answer = RetrieverQueryEngine.from_args(retriever).query(QUESTION)
    assert answer.source_nodes[0].node.id_ == best.id_


async def test_a_haystack_document_says_where_it_is_from(service, monkeypatch):
    monkeypatch.setenv("FUENTE_CLIENT_KEY", service.key)
    retriever = HaystackRetriever(service.url, Secret.from_env_var("FUENTE_CLIENT_KEY"), top_k=3)
    found = retriever.run(QUESTION)["documents"]
    assert len(found) == 3
    assert found[0].meta["document_id"] == PDF
    assert service.opened(found[0].meta["url"]) == found[0].content
    assert (await retriever.run_async(QUESTION))["documents"] == found
    english = retriever.run(QUESTION, top_k=2, filters={"language": ["en"]})["documents"]
    assert {one.meta["language"] for one in english} == {"en"}
    with pytest.raises(ValueError, match="filters name author; expected language"):
        retriever.run(QUESTION, filters={"author": ["x"]})
    pipeline = Pipeline()
    pipeline.add_component("fuente", retriever)
    text = pipeline.dumps()
    assert service.key not in text
    assert "haystack_integrations.components.retrievers.fuente.FuenteRetriever" in text
    again = Pipeline.loads(text)
    assert again.run({"fuente": {"query": QUESTION}})["fuente"]["documents"] == found
