"""A retriever for Haystack (the extra ``haystack``).

It is defined where Haystack looks for components of others: from there alone it loads pipelines that were saved.
"""

from haystack_integrations.components.retrievers.fuente import FuenteRetriever

__all__ = ["FuenteRetriever"]
