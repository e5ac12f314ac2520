"""Folders and many documents: listed, put in order, asked and deleted together."""

import os

import pytest
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from local_server import write_documents

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
