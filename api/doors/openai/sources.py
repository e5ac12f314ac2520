"""Citations as OpenAI's clients and Open WebUI read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.links import Links
from api.messages import UiLang, say
from api.native.schemas import CitationBody, citation_body
from qa.cite import Citation
from qa.engine import Answer, PassageHit


def bodies(
    citations: Sequence[Citation], text: str, hits: Sequence[PassageHit], links: Links
) -> list[CitationBody]:
    """The citations, each compared with answer and source; ``text`` is the answer at least up to them."""
    return [citation_body(one, text, hits, links) for one in citations]


def label(citation: CitationBody) -> str:
    """Where a quote is from, in a few words."""
    page = citation.location.page_number
    title = citation.location.document_title
    return title if page is None else f"{title}, p. {page}"


def url_citation(citation: CitationBody) -> dict[str, Any]:
    """The fields of an annotation: the words of the answer from ``start_index`` to ``end_index`` rest on the URL."""
    return {
        "url": citation.url,
        "title": label(citation),
        "start_index": citation.start,
        "end_index": citation.end,
    }


def chat_annotation(citation: CitationBody) -> dict[str, Any]:
    """An annotation of a chat message: nested, where the Responses API has it flat."""
    return {"type": "url_citation", "url_citation": url_citation(citation)}


def source_event(citation: CitationBody) -> dict[str, Any]:
    """What Open WebUI shows behind a number: the quoted words and their page, counted from 0 there."""
    place = citation.location
    page = {} if place.page_number is None else {"page": place.page_number - 1}
    return {
        "type": "source",
        "data": {
            "source": {"id": citation.url, "name": place.document_title, "url": citation.url},
            "document": [place.cited_text],
            "metadata": [{"source": citation.url, "name": label(citation), **page}],
        },
    }


def link_list(answer: Answer, citations: Sequence[CitationBody]) -> str:
    """The links at the end of an answer, for clients that read nothing but text; empty where nothing is cited."""
    if not citations:
        return ""
    lang: UiLang = "en" if answer.lang == "en" else "es"
    lines = [f"- [{one.id}] [{_escaped(label(one))}]({one.url})" for one in citations]
    return "\n".join(("", "", f"{say(lang, 'openai.sources')}:", "", *lines))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
