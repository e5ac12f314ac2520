"""The clients: the same methods, blocking or for asyncio."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from api.clients.wire import (
    DEFAULT_URL,
    Answer,
    Citation,
    Events,
    Mode,
    Passage,
    UnreachableError,
    base_of,
    headers_of,
    read_answer,
    read_passages,
    read_problem,
    search_request,
)
from corpus.document import MissingExtraError

if TYPE_CHECKING:
    import httpx2

Lang = Literal["es", "en"]


def _httpx() -> Any:
    try:
        import httpx2
    except ImportError as error:
        raise MissingExtraError("the Python client", error, "client") from error
    return httpx2


def _unreachable(url: str, error: Exception) -> UnreachableError:
    return UnreachableError(
        f"{url} does not answer ({type(error).__name__}: {error}); expected a running service: start it with "
        "`fuente serve`, or give its address"
    )


class _Base:
    """What both clients know: where the service is, and what stands in every request."""

    def __init__(self, url: str, key: str | None, collection: str, language: Lang | None) -> None:
        self.url = url.rstrip("/")
        self.collection = collection
        self._base = base_of(url, collection)
        self._headers = headers_of(key, language)


class Fuente(_Base):
    """A service at ``url``, asked about one collection with one key.

    ``language`` is that of messages. ``http`` is a client of httpx2 to use in place of one of its own.

    :raises MissingExtraError: when httpx2 is not installed.
    """

    def __init__(
        self,
        url: str = DEFAULT_URL,
        key: str | None = None,
        *,
        collection: str = "default",
        language: Lang | None = None,
        timeout_s: float = 60.0,
        http: httpx2.Client | None = None,
    ) -> None:
        super().__init__(url, key, collection, language)
        self._owned = http is None
        self._http: httpx2.Client = http or _httpx().Client(timeout=timeout_s)

    def __enter__(self) -> Fuente:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        if self._owned:
            self._http.close()

    def ask(
        self,
        question: str,
        *,
        previous: Sequence[str] = (),
        limit: int = 8,
        language: Lang | None = None,
        mode: Mode = "hybrid",
        document_ids: Sequence[str] = (),
        languages: Sequence[str] = (),
    ) -> Answer:
        """The answer to a question; ``previous`` are those before it, oldest first.

        :raises ServiceError: when the service refuses.
        :raises UnreachableError: when it does not answer.
        """
        body = search_request(question, limit, language, mode, document_ids, languages, previous)
        return read_answer(self._post("ask", body), self.url)

    def stream(
        self,
        question: str,
        *,
        previous: Sequence[str] = (),
        limit: int = 8,
        language: Lang | None = None,
        mode: Mode = "hybrid",
        document_ids: Sequence[str] = (),
        languages: Sequence[str] = (),
    ) -> Iterator[str | Citation | Answer]:
        """The answer as it is written: its words, each citation behind those that rest on it, at last the whole; errors as
        :meth:`ask`, also in the middle."""
        body = search_request(question, limit, language, mode, document_ids, languages, previous)
        httpx2, events = _httpx(), Events(self.url)
        try:
            with self._http.stream(
                "POST",
                f"{self._base}/ask",
                json={**body, "stream": True},
                headers=self._headers,
            ) as response:
                if response.status_code != 200:
                    raise read_problem(response.status_code, response.headers, response.read())
                for line in response.iter_lines():
                    yield from events.read(line)
        except httpx2.TransportError as error:
            raise _unreachable(self.url, error) from error
        events.end()

    def search(
        self,
        query: str,
        *,
        limit: int = 8,
        language: Lang | None = None,
        mode: Mode = "hybrid",
        document_ids: Sequence[str] = (),
        languages: Sequence[str] = (),
    ) -> tuple[Passage, ...]:
        """Passages, best first; errors as :meth:`ask`."""
        body = search_request(query, limit, language, mode, document_ids, languages, ())
        return read_passages(self._post("search", body)["data"], self.url)

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        httpx2 = _httpx()
        try:
            response = self._http.post(f"{self._base}/{path}", json=body, headers=self._headers)
        except httpx2.TransportError as error:
            raise _unreachable(self.url, error) from error
        if response.status_code != 200:
            raise read_problem(response.status_code, response.headers, response.content)
        found: dict[str, Any] = response.json()
        return found


class AsyncFuente(_Base):
    """As :class:`Fuente`, for asyncio."""

    def __init__(
        self,
        url: str = DEFAULT_URL,
        key: str | None = None,
        *,
        collection: str = "default",
        language: Lang | None = None,
        timeout_s: float = 60.0,
        http: httpx2.AsyncClient | None = None,
    ) -> None:
        super().__init__(url, key, collection, language)
        self._owned = http is None
        self._http: httpx2.AsyncClient = http or _httpx().AsyncClient(timeout=timeout_s)

    async def __aenter__(self) -> AsyncFuente:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        if self._owned:
            await self._http.aclose()

    async def ask(
        self,
        question: str,
        *,
        previous: Sequence[str] = (),
        limit: int = 8,
        language: Lang | None = None,
        mode: Mode = "hybrid",
        document_ids: Sequence[str] = (),
        languages: Sequence[str] = (),
    ) -> Answer:
        """As :meth:`Fuente.ask`."""
        body = search_request(question, limit, language, mode, document_ids, languages, previous)
        return read_answer(await self._post("ask", body), self.url)

    async def stream(
        self,
        question: str,
        *,
        previous: Sequence[str] = (),
        limit: int = 8,
        language: Lang | None = None,
        mode: Mode = "hybrid",
        document_ids: Sequence[str] = (),
        languages: Sequence[str] = (),
    ) -> AsyncIterator[str | Citation | Answer]:
        """As :meth:`Fuente.stream`."""
        body = search_request(question, limit, language, mode, document_ids, languages, previous)
        httpx2, events = _httpx(), Events(self.url)
        try:
            async with self._http.stream(
                "POST",
                f"{self._base}/ask",
                json={**body, "stream": True},
                headers=self._headers,
            ) as response:
                if response.status_code != 200:
                    content = await response.aread()
                    raise read_problem(response.status_code, response.headers, content)
                async for line in response.aiter_lines():
                    for found in events.read(line):
                        yield found
        except httpx2.TransportError as error:
            raise _unreachable(self.url, error) from error
        events.end()

    async def search(
        self,
        query: str,
        *,
        limit: int = 8,
        language: Lang | None = None,
        mode: Mode = "hybrid",
        document_ids: Sequence[str] = (),
        languages: Sequence[str] = (),
    ) -> tuple[Passage, ...]:
        """As :meth:`Fuente.search`."""
        body = search_request(query, limit, language, mode, document_ids, languages, ())
        return read_passages((await self._post("search", body))["data"], self.url)

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        httpx2 = _httpx()
        url = f"{self._base}/{path}"
        try:
            response = await self._http.post(url, json=body, headers=self._headers)
        except httpx2.TransportError as error:
            raise _unreachable(self.url, error) from error
        if response.status_code != 200:
            raise read_problem(response.status_code, response.headers, response.content)
        found: dict[str, Any] = response.json()
        return found
