"""What is true of every door for other clients: who gets in, which errors it speaks, and that it can be shut."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from local_server import write_documents

from api.app import DOORS, create_app
from api.doors.door import OpenDoors
from api.guard import split_collection
from api.settings import DOORS as NAMES
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
