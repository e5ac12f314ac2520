"""Folders and many documents: listed, put in order, asked, moved and deleted together."""

import json
import os

import pytest
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from local_server import wait_for, write_documents

from api.app import create_app
from api.settings import load_settings
from index.local.build import build
from qa.engine import Engine

FILES = {
    "bridge.md": "# Zeta\n\nThe bridge was opened in 1902.\n",
    "año/enero/acta.txt": "El ñandú cruzó el puente en enero.\n",
    "año/febrero/acta.txt": "El ñandú cruzó el puente en febrero, y volvió después por el mismo camino.\n",
    "año/índice.txt": "Aquí se nombra el ñandú.\n",
    "añotro/x.txt": "El ñandú no está aquí.\n",
}
QUESTION = {"query": "¿Cuándo cruzó el ñandú el puente?"}


@pytest.fixture
def client(tmp_path):
    write_documents(tmp_path, FILES)
    for n, name in enumerate(FILES):
        os.utime(tmp_path / "documents" / name, (1_700_000_000 + n, 1_700_000_000 + n))
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder())
    app = create_app(load_settings({"FUENTE_RELOAD_S": "0"}, tmp_path), engine)
    with TestClient(app, "http://127.0.0.1:8000") as client:
        yield client
    engine.close()


def listed(client, **query):
    body = client.get("/v1/documents", params=query).json()
    return [one["id"] for one in body["data"]], {
        one["path"]: one["documents"] for one in body["folders"]
    }


def test_a_list_tells_the_folders_below_it_and_can_be_one_of_them(client):
    assert listed(client)[1] == {"año": 3, "añotro": 1}
    inside = ["año/enero/acta.txt", "año/febrero/acta.txt", "año/índice.txt"]
    for folder in ("año", "año/", "an\u0303o"):
        assert listed(client, folder=folder) == (inside, {"año/enero": 1, "año/febrero": 1})
    assert listed(client, folder="año/enero") == (["año/enero/acta.txt"], {})
    assert listed(client, q="acta") == (inside[:2], {"año": 2})
    assert listed(client, folder="nada") == ([], {})
    assert listed(client, folder="/") == listed(client)


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("id", "año/enero/acta.txt", "bridge.md"),
        ("title", "año/enero/acta.txt", "bridge.md"),
        ("modified", "bridge.md", "añotro/x.txt"),
        ("-modified", "añotro/x.txt", "bridge.md"),
        ("-size", "año/febrero/acta.txt", "añotro/x.txt"),
    ],
)
def test_a_list_comes_in_the_order_that_is_asked_for(client, sort, first, last):
    ids = listed(client, sort=sort)[0]
    assert sorted(ids) == sorted(FILES)
    assert (ids[0], ids[-1]) == (first, last)
    assert listed(client, sort=sort, limit=2, offset=2)[0] == ids[2:4]


def test_an_order_that_there_is_not_is_a_problem(client):
    assert client.get("/v1/documents?sort=colour").json()["code"] == "validation_error"


def test_a_question_is_asked_of_a_folder_and_what_is_below_it(client):
    def found(**filters):
        reply = client.post("/v1/search", json={**QUESTION, "limit": 20, "filters": filters})
        return {hit["document_id"] for hit in reply.json()["data"]}

    assert found(folder=["año"]) == {
        "año/enero/acta.txt",
        "año/febrero/acta.txt",
        "año/índice.txt",
    }
    assert found(folder=["año/enero", "añotro"]) == {"año/enero/acta.txt", "añotro/x.txt"}
    assert found(folder=["año"], document_id=["año/índice.txt", "bridge.md"]) == {"año/índice.txt"}
    answer = client.post("/v1/ask", json={**QUESTION, "filters": {"folder": ["añotro"]}}).json()
    assert {one["document_id"] for one in answer["passages"]} == {"añotro/x.txt"}


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("filters", [{"folder": ["nada"]}, {"folder": ["añ"]}, {"folder": ["/"]},
                                     {"folder": ["año"], "document_id": ["bridge.md"]}])  # fmt: skip
def test_a_folder_without_documents_is_said(client, filters, lang):
    reply = client.post(
        "/v1/ask", json={**QUESTION, "filters": filters}, headers={"Accept-Language": lang}
    )
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")
    assert {"es": "carpeta", "en": "folder"}[lang] in reply.json()["detail"]


def test_many_documents_are_deleted_at_once(client, tmp_path):
    ids = ["bridge.md", "an\u0303o/índice.txt", "nada.txt", "bridge.md"]
    body = client.post("/v1/documents/delete", json={"document_id": ids}).json()
    assert body == {
        "object": "list",
        "deleted": ["bridge.md", "año/índice.txt"],
        "missing": ["nada.txt"],
        "job": None,
    }
    assert not (tmp_path / "documents" / "bridge.md").exists()
    states = {one["id"]: one["status"] for one in client.get("/v1/documents").json()["data"]}
    assert states["bridge.md"] == "removed"
    again = client.post("/v1/documents/delete?build=true", json={"document_id": ["añotro/x.txt"]})
    assert again.json()["job"]["status"] in ("queued", "running", "succeeded")
    refused = client.post("/v1/documents/delete", json={"document_id": ["../x"]})
    assert refused.status_code == 422
    assert client.post("/v1/documents/delete", json={"document_id": []}).status_code == 422


def move(client, *moves, lang="en", build=False):
    body = {"moves": [{"document_id": old, "to": new} for old, new in moves]}
    path = f"/v1/documents/move{'?build=true' if build else ''}"
    return client.post(path, json=body, headers={"Accept-Language": lang})


def test_documents_are_moved_and_renamed_and_answers_name_them_anew(client, tmp_path):
    body = move(client, ("bridge.md", "an\u0303o/puente.md"), ("añotro/x.txt", "x.txt")).json()
    assert body == {
        "object": "list",
        "data": [
            {
                "object": "document.moved",
                "document_id": old,
                "to": new,
                "url": f"/v1/documents/{url}",
            }
            for old, new, url in [
                ("bridge.md", "año/puente.md", "a%C3%B1o/puente.md"),
                ("añotro/x.txt", "x.txt", "x.txt"),
            ]
        ],
        "job": None,
    }
    states = {one["id"]: one["status"] for one in client.get("/v1/documents").json()["data"]}
    assert (states["bridge.md"], states["año/puente.md"]) == ("removed", "pending")
    job = move(client, ("x.txt", "añotro/y.txt"), build=True).json()["job"]
    wait_for(client, job)
    ids, folders = listed(client)
    assert ids == sorted({*FILES, "año/puente.md", "añotro/y.txt"} - {"bridge.md", "añotro/x.txt"})
    assert folders == {"año": 4, "añotro": 1}
    found = client.post("/v1/search", json={"query": "When was the bridge opened?"}).json()["data"]
    assert "año/puente.md" in {hit["document_id"] for hit in found}
    lines = map(json.loads, (tmp_path / "audit.jsonl").read_text("utf-8").splitlines())
    [first, second] = [line for line in lines if line["what"] == "POST /v1/documents/move"]
    assert first["moved"] == [
        {"from": "bridge.md", "to": "año/puente.md"},
        {"from": "añotro/x.txt", "to": "x.txt"},
    ]
    assert second["moved"] == [{"from": "x.txt", "to": "añotro/y.txt"}]


@pytest.mark.parametrize("collection", ["", "/collections/cartas"])
def test_links_to_a_document_that_was_moved_lead_on(client, collection):
    here = f"/v1{collection}"
    if collection:
        assert client.post("/v1/collections", json={"name": "cartas"}).status_code == 201
        file = ("files", ("bridge.md", FILES["bridge.md"].encode()))
        job = client.post(f"{here}/documents?build=true", files=[file]).json()["job"]
        wait_for(client, job)
    text = client.get(f"{here}/documents/bridge.md/text?start=0&end=9").json()["quote"]
    for old, new in [("bridge.md", "año/puente.md"), ("año/puente.md", "x/100 %?.md")]:
        body = {"moves": [{"document_id": old, "to": new}]}
        job = client.post(f"{here}/documents/move?build=true", json=body).json()["job"]
        wait_for(client, job)
    there = f"{here}/documents/x/100%20%25%3F.md"
    for old in ("bridge.md", "an%CC%83o/puente.md"):
        for rest in ("", "/text?start=0&end=9", "/window?at=0", "/original", "/find?q=bridge"):
            reply = client.get(f"{here}/documents/{old}{rest}", follow_redirects=False)
            assert (reply.status_code, reply.headers["location"]) == (308, there + rest)
        followed = client.get(f"{here}/documents/{old}/text?start=0&end=9")
        assert followed.json()["quote"] == text
        asked = {"query": "When was the bridge opened?", "filters": {"document_id": [old]}}
        asked["filters"]["document_id"] = [old.replace("%CC%83", "\u0303")]
        found = client.post(f"{here}/search", json=asked).json()["data"]
        assert {hit["document_id"] for hit in found} == {"x/100 %?.md"}
    # Only to read: what changes a document has to name it.
    assert client.delete(f"{here}/documents/bridge.md").status_code == 404
    # Moved back, it has its old name, and the others lead to that.
    body = {"moves": [{"document_id": "x/100 %?.md", "to": "bridge.md"}]}
    job = client.post(f"{here}/documents/move?build=true", json=body).json()["job"]
    wait_for(client, job)
    assert client.get(f"{here}/documents/bridge.md/text", follow_redirects=False).status_code == 200
    reply = client.get(f"{here}/documents/a%C3%B1o/puente.md", follow_redirects=False)
    assert reply.headers["location"] == f"{here}/documents/bridge.md"


def test_a_name_that_another_document_has_by_now_is_that_one(client):
    wait_for(client, move(client, ("bridge.md", "old.md"), build=True).json()["job"])
    file = ("files", ("bridge.md", b"Another bridge stands here now.\n"))
    wait_for(client, client.post("/v1/documents?build=true", files=[file]).json()["job"])
    reply = client.get("/v1/documents/bridge.md/text?start=0&end=14", follow_redirects=False)
    assert reply.json()["quote"] == "Another bridge"


def test_a_document_that_keeps_its_name_needs_no_build(client):
    body = move(client, ("bridge.md", "bridge.md"), build=True).json()
    assert (body["data"], body["job"]) == ([], None)


@pytest.mark.parametrize(
    ("to", "status", "code", "said"),
    [
        ("añotro/x.txt", 409, "document_exists",
         {"es": "ya hay un documento 'añotro/x.txt'", "en": "there is 'añotro/x.txt' already"}),
        ("../fuera.md", 422, "validation_error", {"es": "carpeta de documentos", "en": "could leave the documents folder"}),
        ("a/.oculto.md", 422, "validation_error", {"es": "empieza por un punto", "en": "begins with a dot"}),
        ("/etc/x.md", 422, "validation_error", {"es": "ruta absoluta", "en": "absolute path"}),
        ("x.exe", 415, "unsupported_media_type", {"es": "no se puede leer", "en": "cannot be read"}),
        ("añotro/x.txt/y.md", 422, "unreadable_document", {"es": "no se puede guardar", "en": "have the same name"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_name_that_cannot_be_is_refused_in_one_line_and_nothing_moves(
    client, to, status, code, said, lang
):
    reply = move(client, ("año/índice.txt", "índice.txt"), ("bridge.md", to), lang=lang)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert said[lang] in reply.json()["detail"]
    assert "\n" not in reply.json()["detail"]
    assert listed(client)[0] == sorted(FILES)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_document_that_is_not_there_cannot_be_moved(client, lang):
    reply = move(client, ("nada.txt", "x.txt"), lang=lang)
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")
    assert client.post("/v1/documents/move", json={"moves": []}).status_code == 422
