"""What is true of every door for other clients: who gets in, which errors it speaks, and that it can be shut."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from hashlib import sha256

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from local_server import write_documents

from api.app import DOORS, create_app
from api.doors import DOORS as NAMES
from api.doors.door import OpenDoors
from api.guard import split_collection
from api.settings import load_settings
from index.local.build import build
from qa.engine import Engine

ROUTES = [
    (door, method, route.path)
    for door in DOORS
    for route in door.router.routes
    if isinstance(route, APIRoute) and route.openapi_extra["x-scope"] != "none"
    for method in sorted(route.methods)
]
KEYS = {"good": "search", "elsewhere": "search@other"}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    write_documents(data, {"bridge.txt": "The bridge was opened in 1902.\n"})
    build(data, HashEncoder())
    return data


@pytest.fixture(scope="module")
def keyed(data):
    keys = ",".join(f"{scope}:{sha256(key.encode()).hexdigest()}" for key, scope in KEYS.items())
    settings = load_settings({"FUENTE_RELOAD_S": "0", "FUENTE_KEYS": keys}, data)
    engine = Engine(data, HashEncoder())
    with TestClient(create_app(settings, engine), "http://127.0.0.1:8000") as client:
        yield client
    engine.close()


def plain(path):
    return re.sub(r"\{[^}]*\}", "x", path)


def test_the_doors_are_those_of_the_setting():
    assert tuple(door.name for door in DOORS) == NAMES


@pytest.mark.parametrize(("door", "method", "path"), ROUTES, ids=lambda v: getattr(v, "name", v))
def test_no_one_gets_in_without_a_key_and_is_told_so_in_the_words_of_the_door(
    keyed, door, method, path
):
    assert OpenDoors(DOORS).at(path) is door
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        refused = keyed.request(method, plain(path), headers=headers)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Bearer")
        body = refused.json()
        problem = {"type", "title", "instance", "remedy"}
        assert not problem <= body.keys() or door.name in ("tools", "web-search"), body
    let_in = keyed.request(method, plain(path), headers={"Authorization": "Bearer good"})
    assert let_in.status_code not in (401, 403)


@pytest.mark.parametrize(("door", "method", "path"), ROUTES, ids=lambda v: getattr(v, "name", v))
def test_a_door_that_is_shut_is_not_there(data, door, method, path):
    left = ",".join(name for name in NAMES if name != door.name)
    settings = load_settings({"FUENTE_RELOAD_S": "0"}, data, {"doors": left})
    engine = Engine(data, HashEncoder())
    with TestClient(create_app(settings, engine), "http://127.0.0.1:8000") as client:
        shut = client.request(method, plain(path))
        assert (shut.status_code, shut.json()["code"]) == (404, "not_found")
        told = {one["name"]: one["open"] for one in client.get("/v1/info").json()["doors"]}
        assert told == {name: name != door.name for name in NAMES}
    engine.close()


@pytest.mark.parametrize(
    "path", ["/mcp", "/tools/ask", "/dify/retrieval", "/web-search", "/v2/rerank"]
)
def test_a_collection_has_every_door(path):
    assert split_collection(f"/v1/collections/letters{path}") == ("letters", path)
    assert split_collection(path) == (None, path)


# ---- what goes wrong before a door reads anything, in its own words --------------------------

QUESTION = "When was the bridge opened?"
USER = [{"role": "user", "content": QUESTION}]
TOOL_CALL = {"name": "ask", "arguments": {"question": QUESTION}}
RIGHT = {
    "/v1/chat/completions": {"model": "fuente", "messages": USER},
    "/v1/responses": {"model": "fuente", "input": QUESTION},
    "/v1/embeddings": {"model": HashEncoder().card.name, "input": QUESTION},
    "/v1/vector_stores/default/search": {"query": QUESTION},
    "/v1/rerank": {"query": QUESTION, "documents": ["x"]},
    "/v2/rerank": {"query": QUESTION, "documents": ["x"]},
    "/mcp": {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": TOOL_CALL},
    "/tools/ask": {"question": QUESTION},
    "/tools/search": {"query": QUESTION},
    "/tools/fetch": {"id": "bridge.txt"},
    "/dify/retrieval": {"knowledge_id": "default", "query": QUESTION},
    "/web-search": {"query": QUESTION},
}
KEYS_OF_ERRORS = {
    "openai": {"error"},
    "rerank": {"message", "detail", "error"},
    "dify": {"error_code", "error_msg"},
    "mcp": {"jsonrpc", "id", "error"},
    # Both read our own problems, or nothing but the status
    "tools": {"type", "title", "status", "detail", "remedy", "code", "instance", "request_id"},
    "web-search": {"type", "title", "status", "detail", "remedy", "code", "instance", "request_id"},
}
PATHS = pytest.mark.parametrize("path", RIGHT)


@contextmanager
def serving(data, **given):
    engine = Engine(data, HashEncoder())
    app = create_app(load_settings({"FUENTE_RELOAD_S": "0"}, data, given), engine)
    with TestClient(app, "http://127.0.0.1:8000") as client:
        yield client
    engine.close()


@pytest.fixture(scope="module")
def client(data):
    with serving(data) as client:
        yield client


@pytest.fixture(scope="module")
def without_documents(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("empty")) as client:
        yield client


@pytest.fixture(scope="module")
def unbuilt(tmp_path_factory):
    data = tmp_path_factory.mktemp("unbuilt")
    (data / "documents").mkdir()
    (data / "documents" / "waiting.txt").write_text("A letter.", "utf-8")
    with serving(data) as client:
        yield client


def assert_told(answer, path, statuses):
    """A refusal as whoever asks at that address reads it."""
    name = OpenDoors(DOORS).at(path).name
    body = answer.json()
    assert answer.status_code in statuses, body
    assert KEYS_OF_ERRORS[name] <= body.keys(), body
    if name in ("openai", "rerank"):
        assert body["error"].keys() == {"message", "type", "param", "code"}


def test_every_address_that_takes_a_body_is_asked_below():
    posted = {path for _, method, path in ROUTES if method == "POST"}
    assert posted == {path.replace("/default/", "/{collection}/") for path in RIGHT}


@PATHS
def test_what_is_right_is_answered(client, path):
    assert client.post(path, json=RIGHT[path]).status_code == 200


@PATHS
def test_a_body_that_is_none_is_refused(client, path):
    for content in (
        b"",
        b"{",
        b"[1]",
        b'"x"',
        b"{}",
        json.dumps({"model": 7, "query": []}).encode(),
    ):
        answer = client.post(path, content=content, headers={"Content-Type": "application/json"})
        assert_told(answer, path, {400, 422})


@PATHS
def test_two_megabytes_are_too_many(client, path):
    answer = client.post(path, json={**RIGHT[path], "more": "x" * 2 * 2**20})
    assert_told(answer, path, {413})


@PATHS
def test_another_method_is_told_which_there_are(client, path):
    answer = client.put(path, json=RIGHT[path])
    assert_told(answer, path, {405})
    assert "POST" in answer.headers["allow"]


@PATHS
def test_a_collection_that_is_not_there_is_told(client, path):
    answer = client.post(f"/v1/collections/none{path.removeprefix('/v1')}", json=RIGHT[path])
    assert_told(answer, path, {404})


@PATHS
def test_where_nothing_was_built_there_is_no_answer(unbuilt, path):
    answer = unbuilt.post(path, json=RIGHT[path])
    if path == "/mcp":
        assert answer.json()["result"]["isError"], "the model reads it"
    elif path in ("/v1/embeddings", "/v1/rerank", "/v2/rerank"):
        assert answer.status_code == 200, "these need no documents"
    else:
        assert_told(answer, path, {503})


@PATHS
def test_where_there_is_no_document_that_is_the_answer(without_documents, path):
    answer = without_documents.post(path, json=RIGHT[path])
    if path == "/tools/fetch":
        assert_told(answer, path, {503})
        return
    assert answer.status_code == 200
    if path == "/mcp":
        assert not answer.json()["result"].get("isError")
    elif path in ("/v1/chat/completions", "/v1/responses", "/tools/ask"):
        words = ("Todavía no hay documentos", "There are no documents")
        assert any(one in answer.text for one in words)


@PATHS
def test_too_many_requests_are_told_when_to_come_again(data, path):
    with serving(data, rate_limit_per_min=1) as client:
        for _ in range(2):
            answer = client.post(path, json=RIGHT[path])
    assert_told(answer, path, {429})
    assert int(answer.headers["retry-after"]) >= 1
