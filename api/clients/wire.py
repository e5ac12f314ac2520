"""What goes over the wire to a service and comes back, in types; nothing here talks to anybody."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin

from corpus.document import FuenteError

Mode = Literal["hybrid", "dense", "lexical"]
DEFAULT_URL = "http://127.0.0.1:8000"


class UnreachableError(FuenteError):
    """The service does not answer."""


class ServiceError(FuenteError):
    """The service refused: ``status`` of HTTP, ``code`` and ``remedy`` of the problem, ``retry_after_s`` where waiting helps."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        remedy: str = "",
        request_id: str = "",
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(" ".join(f"{part.rstrip('.')}." for part in (detail, remedy) if part))
        self.status, self.code, self.detail, self.remedy = status, code, detail, remedy
        self.request_id, self.retry_after_s = request_id, retry_after_s


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote: ``answer.text[start:end]`` rests on ``quote``, which is ``[doc_start, doc_end)`` of the document (code points).

    ``url`` opens the document at these words.
    """

    number: int
    start: int
    end: int
    quote: str
    document_id: str
    title: str
    page: int | None
    doc_start: int
    doc_end: int
    language: str
    url: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage found, ``[start, end)`` of its document in code points; ``score`` orders, higher is better."""

    passage_id: str
    text: str
    score: float
    document_id: str
    title: str
    page: int | None
    section_path: tuple[str, ...]
    start: int
    end: int
    language: str
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or with status "abstained" that there is none. ``body`` is all that the service said."""

    status: Literal["answered", "abstained"]
    text: str
    language: str
    confidence: float
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    request_id: str
    body: Mapping[str, Any]


def base_of(url: str, collection: str) -> str:
    """Where the endpoints of a collection begin."""
    named = "" if collection == "default" else f"/collections/{collection}"
    return f"{url.rstrip('/')}/v1{named}"


def headers_of(key: str | None, language: str | None) -> dict[str, str]:
    """The headers of every request."""
    headers = {"Accept-Language": language} if language else {}
    return {**headers, **({"Authorization": f"Bearer {key}"} if key else {})}


def search_request(
    query: str,
    limit: int,
    language: Literal["es", "en"] | None,
    mode: Mode,
    document_ids: Sequence[str],
    languages: Sequence[str],
    previous: Sequence[str],
) -> dict[str, Any]:
    """The body of a search; that of a question is the same."""
    return {
        "query": query,
        "limit": limit,
        "language": language,
        "mode": mode,
        "filters": {"document_id": list(document_ids), "language": list(languages)},
        "previous": [{"query": one} for one in previous],
    }


def read_answer(body: Mapping[str, Any], url: str) -> Answer:
    """An answer; ``url`` is where the service was reached, for its links."""
    return Answer(
        status=body["status"],
        text=body["answer"],
        language=body["language"],
        confidence=body["confidence"],
        citations=tuple(read_citation(one, url) for one in body["citations"]),
        passages=read_passages(body["passages"], url),
        request_id=body["request_id"],
        body=body,
    )


def read_citation(body: Mapping[str, Any], url: str) -> Citation:
    """One citation."""
    place = body["location"]
    return Citation(
        number=body["id"],
        start=body["start"],
        end=body["end"],
        quote=place["cited_text"],
        document_id=place["document_id"],
        title=place["document_title"],
        page=place["page_number"],
        doc_start=place["start_char_index"],
        doc_end=place["end_char_index"],
        language=body["language"],
        url=urljoin(url, body["url"]),
    )


def read_passages(bodies: Iterable[Mapping[str, Any]], url: str) -> tuple[Passage, ...]:
    """The passages of an answer or a search."""
    return tuple(
        Passage(
            passage_id=one["id"],
            text=one["text"],
            score=one["score"],
            document_id=one["document_id"],
            title=one["title"],
            page=one["location"]["page_number"],
            section_path=tuple(one["location"]["section_path"]),
            start=one["location"]["start_char_index"],
            end=one["location"]["end_char_index"],
            language=one["language"],
            url=urljoin(url, one["url"]),
        )
        for one in bodies
    )


def read_problem(status: int, headers: Mapping[str, str], content: bytes) -> ServiceError:
    """What a service, or a proxy before it, said in place of an answer."""
    try:
        body = json.loads(content)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        body = {}
    wait = headers.get("retry-after", "")
    return ServiceError(
        status,
        str(body.get("code") or f"http_{status}"),
        str(body.get("detail") or f"the service answered with the status {status}"),
        str(body.get("remedy") or ""),
        str(body.get("request_id") or headers.get("x-request-id", "")),
        float(wait) if wait.isascii() and wait.isdigit() else None,
    )


class Events:
    """The lines of a stream, put together to what they say: words as they are written, citations, and the whole answer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._name = ""
        self._ended = False

    def read(self, line: str) -> Iterator[str | Citation | Answer]:
        """What one line brings.

        :raises ServiceError: when it brings a problem.
        """
        name, _, value = line.partition(": ")
        if name == "event":
            self._name = value
        elif name == "data":
            body = json.loads(value)
            if self._name == "message":
                yield body["delta"]
            elif self._name == "citation":
                yield read_citation(body, self._url)
            elif self._name == "final_answer":
                self._ended = True
                yield read_answer(body, self._url)
            elif self._name == "error":
                raise read_problem(int(body["status"]), {}, value.encode())

    def end(self) -> None:
        """Says that there are no more lines.

        :raises UnreachableError: when the answer was not whole.
        """
        if not self._ended:
            raise UnreachableError(
                "the stream broke off before the answer was whole; expected its last event: ask again"
            )
