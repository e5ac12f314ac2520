"""Dify's external knowledge, Open WebUI's web search, and tools described by a small OpenAPI document."""

from __future__ import annotations

from hashlib import sha256

import pytest
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from local_server import write_documents

from api.app import create_app
from api.collections import create
from api.settings import load_settings
from index.local.build import build
from qa.engine import Engine

DOCUMENTS = {
    "birds.md": "# El ñandú\n\nEl ñandú vive en la pampa. Corre deprisa.\n",
    "bridge.txt": "The bridge was opened in 1902. It is made of iron.\n",
}
ASK = "¿Dónde vive el ñandú?"
KEYS = {"all": "search", "letters-only": "search@letters"}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    write_documents(data, DOCUMENTS)
    letters = create(data, "letters")
    write_documents(letters, {"boat.txt": "Iñaki vendió la barca azul en mayo.\n"})
    create(data, "empty")
    for folder in (data, letters):
        build(folder, HashEncoder())
    return data


def client(data, **given):
    engine = Engine(data, HashEncoder())
    app = create_app(load_settings({"FUENTE_RELOAD_S": "0"}, data, given), engine)
    return TestClient(app, "http://127.0.0.1:8000", headers={"Accept-Language": "en"})


@pytest.fixture(scope="module")
def http(data):
    with client(data) as http:
        yield http


@pytest.fixture(scope="module")
def keyed(data):
    keys = ",".join(f"{scope}:{sha256(key.encode()).hexdigest()}" for key, scope in KEYS.items())
    with client(data, keys=keys) as http:
        yield http


# ---- Dify -----------------------------------------------------------------------------------


def dify(http, query=ASK, knowledge="default", key=None, conditions=None, **setting):
    body = {
        "knowledge_id": knowledge,
        "query": query,
        "retrieval_setting": {"top_k": 3, "score_threshold": 0.0, **setting},
    }
    if conditions is not None:
        body["metadata_condition"] = conditions
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return http.post("/dify/retrieval", json=body, headers=headers)


def test_records_have_what_dify_reads(http):
    records = dify(http).json()["records"]
    best = records[0]
    assert best.keys() == {"content", "score", "title", "metadata"}
    assert "El ñandú vive en la pampa." in best["content"]
    assert best["title"] == "El ñandú"
    assert best["metadata"]["url"].startswith("http://127.0.0.1:8000/d/birds.md#char=")
    assert None not in best["metadata"].values()
    scores = [one["score"] for one in records]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert len(dify(http, top_k=1).json()["records"]) == 1
    assert dify(http, score_threshold=0.999).json() == {"records": []}
    letters = dify(http, "¿Qué barca?", "letters").json()["records"]
    assert "?collection=letters#" in letters[0]["metadata"]["url"]


@pytest.mark.parametrize(
    ("name", "operator", "value", "found"),
    [
        ("language", "is", "es", {"birds.md"}),
        ("language", "is not", "es", {"bridge.txt"}),
        (["title", "filename"], "contains", "BRIDGE", {"bridge.txt"}),
        ("filename", "starts with", "bi", {"birds.md"}),
        ("filename", "ends with", ".txt", {"bridge.txt"}),
        ("title", "not empty", None, set(DOCUMENTS)),
        ("title", "empty", None, set()),
        ("document_id", "in", ["birds.md"], {"birds.md"}),
        ("document_id", "not in", ["birds.md"], {"bridge.txt"}),
    ],
)
def test_conditions_choose_documents(http, name, operator, value, found):
    condition = {"name": name, "comparison_operator": operator, "value": value}
    given = {"logical_operator": "and", "conditions": [condition]}
    records = dify(http, conditions=given).json()["records"]
    assert {one["metadata"]["document_id"] for one in records} == found


def test_conditions_are_joined_as_they_say(http):
    both = [
        {"name": "language", "comparison_operator": "is", "value": "es"},
        {"name": "format", "comparison_operator": "is", "value": "txt"},
    ]
    for operator, n in (("and", 0), ("or", 2)):
        given = {"logical_operator": operator, "conditions": both}
        records = dify(http, conditions=given).json()["records"]
        assert len({one["metadata"]["document_id"] for one in records}) == n


def test_errors_have_the_codes_of_dify(http, keyed):
    def told(answer, status, code, words=""):
        body = answer.json()
        assert (answer.status_code, body.keys()) == (status, {"error_code", "error_msg"})
        assert body["error_code"] == code
        assert words in body["error_msg"]

    told(dify(keyed), 401, 1001)
    told(dify(keyed, key="wrong"), 401, 1002)
    told(dify(http, knowledge="none"), 404, 2001, "'none'")
    told(dify(keyed, key="letters-only"), 404, 2001)
    assert dify(keyed, "¿Qué barca?", "letters", key="letters-only").status_code == 200
    told(dify(http, top_k=0), 422, 422, "top_k")
    told(dify(http, query="¿?"), 422, 422)
    told(http.post("/dify/retrieval", json={}), 422, 422, "knowledge_id")
    assert dify(http, knowledge="empty").json() == {"records": []}
    waiting = [("files", ("a.txt", b"A letter.", "text/plain"))]
    assert http.post("/v1/collections/empty/documents", files=waiting).is_success
    told(dify(http, knowledge="empty"), 503, 503, "build")
    unknown = {"conditions": [{"name": "author", "comparison_operator": "is", "value": "x"}]}
    told(dify(http, conditions=unknown), 422, 422, "'author'; expected one of document_id")
    unknown = {"conditions": [{"name": [], "comparison_operator": "resembles", "value": "x"}]}
    told(dify(http, conditions=unknown), 422, 422, "resembles")
    unknown = {"conditions": [{"name": "title", "comparison_operator": "resembles", "value": "x"}]}
    told(dify(http, conditions=unknown), 422, 422, "'resembles'; expected one of eq")


# ---- Open WebUI's web search ----------------------------------------------------------------


def test_a_web_search_is_a_bare_list(http):
    found = http.post("/web-search", json={"query": ASK, "count": 1}).json()
    [one] = found
    assert one.keys() == {"link", "title", "snippet"}
    assert one["link"].startswith("http://127.0.0.1:8000/d/birds.md#char=")
    assert "pampa" in one["snippet"]
    letters = http.post("/v1/collections/letters/web-search", json={"query": "barca"}).json()
    assert "?collection=letters#" in letters[0]["link"]
    assert http.post("/web-search", json={"query": "¿?"}).status_code == 422
    assert http.post("/web-search", json={"query": "x", "count": 0}).status_code == 422


# ---- tools ----------------------------------------------------------------------------------


def test_tools_are_described_where_front_ends_look(http, keyed):
    told = http.get("/tools/openapi.json").json()
    names = {path: methods["post"]["operationId"] for path, methods in told["paths"].items()}
    assert names == {"/ask": "ask", "/search": "search", "/fetch": "fetch"}
    assert told["servers"] == [{"url": "http://127.0.0.1:8000/tools"}]
    assert "security" not in told
    assert "x-scope" not in str(told)
    letters = keyed.get("/v1/collections/letters/tools/openapi.json").json()
    assert letters["servers"] == [{"url": "http://127.0.0.1:8000/v1/collections/letters/tools"}]
    assert letters["security"] == [{"key": []}]


def test_each_tool_does_what_its_description_says(http):
    told = http.get("/tools/openapi.json").json()
    base = told["servers"][0]["url"]
    answer = http.post(f"{base}/ask", json={"question": ASK}).json()
    assert answer["status"] == "answered"
    assert answer["quotes"][0]["quote"] == "El ñandú vive en la pampa."
    assert answer["quotes"][0]["url"] == "http://127.0.0.1:8000/d/birds.md#char=10,36"
    results = http.post(f"{base}/search", json={"query": ASK, "limit": 2}).json()["results"]
    fetched = http.post(f"{base}/fetch", json={"id": results[0]["id"]}).json()
    assert results[0]["text"] in fetched["text"]
    whole = http.post(f"{base}/fetch", json={"id": "bridge.txt"}).json()
    assert whole["text"].strip() == DOCUMENTS["bridge.txt"].strip()
    assert whole["metadata"]["next"] is None
    gone = http.post(f"{base}/fetch", json={"id": "none.txt"})
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")
    assert http.post(f"{base}/ask", json={"query": ASK}).status_code == 422
