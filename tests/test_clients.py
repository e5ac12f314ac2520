"""The Python client, over a real service and over answers that no good service gives."""

from __future__ import annotations

import json
import subprocess
import sys

import anyio
import httpx2
import pytest
from conftest import ROOT, clean_environ

import api.clients
from api.clients import (
    Answer,
    AsyncFuente,
    Citation,
    Fuente,
    ServiceError,
    UnreachableError,
)
from corpus.document import FuenteError, MissingExtraError

ES = "¿Desde dónde se excavaron los túneles?"
OFF_TOPIC = "Who won the World Cup in 2022?"
PDF = "operacion-chavin-de-huantar.pdf"


@pytest.fixture(scope="module")
def fuente(server_url):
    with Fuente(server_url) as fuente:
        yield fuente


def test_an_answer_has_its_quotes_and_their_links(fuente, server_url):
    answer = fuente.ask(ES)
    assert (answer.status, answer.language) == ("answered", "es")
    for citation in answer.citations:
        assert answer.text[citation.start : citation.end] == citation.quote
        assert citation.url == (
            f"{server_url}/d/{citation.document_id}#char={citation.doc_start},{citation.doc_end}"
        )
    assert answer.citations[0].document_id == PDF
    assert answer.body["request_id"] == answer.request_id
    assert answer.passages[0].url.startswith(f"{server_url}/d/")


def test_a_stream_is_words_then_citations_then_the_whole(fuente):
    parts = list(fuente.stream(ES))
    whole = fuente.ask(ES)
    assert isinstance(parts[-1], Answer)
    assert "".join(part for part in parts if isinstance(part, str)) == whole.text
    assert tuple(part for part in parts if isinstance(part, Citation)) == whole.citations
    assert parts[-1].text == whole.text


def test_the_client_for_asyncio_says_the_same(fuente, server_url):
    async def run():
        async with AsyncFuente(server_url) as other:
            answer = await other.ask(ES)
            parts = [part async for part in other.stream(ES)]
            found = await other.search(ES, limit=3)
            with pytest.raises(ServiceError):
                await other.ask("¿?")
            with pytest.raises(ServiceError):
                [part async for part in other.stream("¿?")]
            return answer, parts, found

    answer, parts, found = anyio.run(run)
    assert answer.text == fuente.ask(ES).text
    assert "".join(part for part in parts if isinstance(part, str)) == answer.text
    assert found == fuente.search(ES, limit=3)


def test_a_search_can_be_narrowed(fuente):
    assert len(fuente.search(ES, limit=2)) == 2
    assert {one.document_id for one in fuente.search(ES, document_ids=[PDF])} == {PDF}
    assert {one.language for one in fuente.search(ES, languages=["en"])} == {"en"}
    assert fuente.ask(OFF_TOPIC).status == "abstained"
    assert "queen" in fuente.ask("And a queen?", previous=["How long does a summer bee live?"]).text


def test_what_the_service_refuses_is_an_error_with_its_code(fuente, server_url):
    with pytest.raises(ServiceError, match="palabra") as error:
        fuente.ask("¿?")
    told = error.value
    assert (told.status, told.code) == (422, "validation_error")
    assert told.request_id.startswith("req_")
    assert isinstance(told, FuenteError)
    with pytest.raises(ServiceError):
        list(fuente.stream("¿?"))
    with (
        Fuente(server_url, collection="none", language="es") as other,
        pytest.raises(ServiceError, match="colección") as error,
    ):
        other.search("x")
    assert error.value.code == "not_found"


def test_a_service_that_is_not_there_says_what_to_do():
    with Fuente("http://127.0.0.1:9") as nobody:
        for act in (lambda: nobody.ask("x"), lambda: list(nobody.stream("x"))):
            with pytest.raises(
                UnreachableError, match=r"127\.0\.0\.1:9 does not answer .* `fuente"
            ):
                act()

    async def run():
        async with AsyncFuente("http://127.0.0.1:9") as nobody:
            with pytest.raises(UnreachableError):
                await nobody.search("x")
            with pytest.raises(UnreachableError):
                [part async for part in nobody.stream("x")]

    anyio.run(run)


def answering(status=200, content=b"", headers=None):
    """A client whose requests all get this answer, and what was asked."""
    asked = []

    def handle(request):
        asked.append(request)
        return httpx2.Response(status, content=content, headers=headers)

    http = httpx2.Client(transport=httpx2.MockTransport(handle))
    return Fuente("http://h/x/", "a key", collection="letters", http=http), asked


def test_each_request_names_collection_and_key():
    fuente, asked = answering(200, b'{"data": []}')
    assert fuente.search("x") == ()
    assert str(asked[0].url) == "http://h/x/v1/collections/letters/search"
    assert asked[0].headers["authorization"] == "Bearer a key"


def test_an_error_of_a_proxy_is_an_error_too():
    fuente, _ = answering(502, b"<html>Bad gateway</html>", {"x-request-id": "r"})
    with pytest.raises(ServiceError, match="status 502") as error:
        fuente.ask("x")
    assert (error.value.code, error.value.request_id) == ("http_502", "r")
    problem = json.dumps({"code": "rate_limited", "detail": "Slower.", "remedy": "Wait."}).encode()
    fuente, _ = answering(429, problem, {"retry-after": "7"})
    with pytest.raises(ServiceError, match=r"^Slower\. Wait\.$") as error:
        fuente.ask("x")
    assert (error.value.code, error.value.retry_after_s) == ("rate_limited", 7.0)


def test_a_stream_that_breaks_is_an_error():
    half = b'event: message\ndata: {"delta": "Accor"}\n\n'
    fuente, _ = answering(200, half)
    parts = fuente.stream("x")
    assert next(parts) == "Accor"
    with pytest.raises(UnreachableError, match="broke off"):
        next(parts)
    problem = b'event: error\ndata: {"status": 503, "code": "overloaded", "detail": "Later"}\n\n'
    fuente, _ = answering(200, half + problem)
    with pytest.raises(ServiceError, match="Later") as error:
        list(fuente.stream("x"))
    assert (error.value.status, error.value.code) == (503, "overloaded")


def test_the_client_loads_nothing_of_the_engine():
    program = (
        "import sys, api.clients\n"
        "print(*sorted({'numpy', 'fastapi', 'pydantic', 'httpx2', 'qa', 'index'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=clean_environ(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == []


def test_without_httpx_the_client_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "httpx2", None)
    with pytest.raises(MissingExtraError, match=r"the Python client: .*fuente\[client\]"):
        Fuente()


def test_the_exported_names_are_those_that_are_there():
    assert sorted(api.clients.__all__) == api.clients.__all__
    assert all(hasattr(api.clients, name) for name in api.clients.__all__)
