"""Named collections: each with its own documents, builds, jobs, feedback and keys, and default as it always was."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager

import pytest
from conftest import ROOT, clean_environ
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from local_server import wait_for

from api import cli
from api.app import create_app
from api.collections import (
    DEFAULT,
    SAMPLES,
    UNDO_S,
    all_put_away,
    create,
    delete,
    folder_of,
    forget,
    names,
    put_away,
    put_back,
    rename,
    unnamed,
)
from api.guard import split_collection
from api.keys import FileKeys, add_key
from api.settings import load_settings
from corpus.document import CollectionError, CollectionExistsError, UnknownCollectionError
from index.local.build import build
from qa.calibration import FILE_NAME, load_calibration
from qa.engine import Engine

LETTERS = {"query": "¿Qué barca vendió Iñaki?"}
BRIDGE = {"query": "When was the bridge opened?"}


@pytest.fixture
def data(tmp_path):
    """A data directory with a build of one document, as before there were collections."""
    data = tmp_path / "data"
    (data / "documents").mkdir(parents=True)
    (data / "documents" / "bridge.md").write_text("# Bridge\n\nThe bridge was opened in 1902.\n")
    build(data, HashEncoder())
    return data


@contextmanager
def serving(data, **environ):
    given = {f"FUENTE_{name.upper()}": value for name, value in environ.items()}
    engine = Engine(data, HashEncoder())
    app = create_app(load_settings({"FUENTE_RELOAD_S": "0", **given}, data), engine)
    with TestClient(app, "http://127.0.0.1:8000", headers={"Accept-Language": "en"}) as client:
        yield client
    engine.close()


@pytest.fixture
def client(data):
    with serving(data) as client:
        yield client


def make(client, name="letters"):
    assert client.post("/v1/collections", json={"name": name}).status_code == 201


def fill(client, name="letters", text="Iñaki vendió la barca azul en mayo."):
    """Upload a letter into a collection, and wait for its build."""
    files = [("files", ("Iñaki.txt", io.BytesIO(text.encode()), "text/plain"))]
    body = client.post(f"/v1/collections/{name}/documents?build=true", files=files).json()
    return wait_for(client, body["job"])


@pytest.mark.parametrize("name", ["a", "letters", "2026", "a-b", "x" * 63])
def test_a_name_makes_a_folder_of_its_own(tmp_path, name):
    folder = create(tmp_path, name)
    assert folder == tmp_path / "collections" / name == folder_of(tmp_path, name)
    assert names(tmp_path) == [DEFAULT, name]


@pytest.mark.parametrize(
    "name", ["", "-a", "A", "ñ", "a b", "a/b", "..", ".a", "a\n", "x" * 64, "a.b", "default/x"]
)
def test_a_name_that_cannot_be_is_refused_and_makes_nothing(tmp_path, name):
    with pytest.raises(CollectionError, match="cannot be called"):
        create(tmp_path, name)
    with pytest.raises(UnknownCollectionError, match="there is no collection"):
        folder_of(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_default_is_the_data_directory_itself_and_stays(tmp_path):
    assert folder_of(tmp_path, DEFAULT) == tmp_path
    with pytest.raises(CollectionExistsError):
        create(tmp_path, DEFAULT)
    with pytest.raises(CollectionError, match="the data directory itself"):
        delete(tmp_path, DEFAULT)


def test_what_is_removed_is_gone_and_can_be_made_anew(tmp_path):
    (create(tmp_path, "letters") / "documents" / "a.txt").write_text("Año.")
    delete(tmp_path, "letters")
    assert names(tmp_path) == [DEFAULT]
    assert list((tmp_path / "collections").iterdir()) == []
    create(tmp_path, "letters")
    assert list((folder_of(tmp_path, "letters") / "documents").iterdir()) == []


def test_what_is_put_away_comes_back_as_it_was_for_an_hour(tmp_path):
    (create(tmp_path, "letters") / "documents" / "a.txt").write_text("Año.")
    away = put_away(tmp_path, "letters")
    assert names(tmp_path) == [DEFAULT]
    assert [one.name for one in all_put_away(tmp_path)] == ["letters"]
    create(tmp_path, "letters")
    with pytest.raises(CollectionExistsError):
        put_back(tmp_path, "letters")
    delete(tmp_path, "letters")
    forget(tmp_path)
    folder = put_back(tmp_path, "letters")
    assert (folder / "documents" / "a.txt").read_text() == "Año."
    assert all_put_away(tmp_path) == []
    with pytest.raises(UnknownCollectionError, match="was deleted within the hour"):
        put_back(tmp_path, "letters")
    away = put_away(tmp_path, "letters")
    os.utime(away.folder, (0, away.until - 2 * UNDO_S - 1))
    assert all_put_away(tmp_path) == []
    with pytest.raises(UnknownCollectionError, match="was deleted within the hour"):
        put_back(tmp_path, "letters")
    forget(tmp_path)
    assert not away.folder.exists()


def test_a_collection_takes_another_name_with_all_it_holds(tmp_path):
    (create(tmp_path, "letters") / "documents" / "a.txt").write_text("Año.")
    create(tmp_path, "notes")
    assert rename(tmp_path, "letters", "cartas") == tmp_path / "collections" / "cartas"
    assert names(tmp_path) == [DEFAULT, "cartas", "notes"]
    assert (folder_of(tmp_path, "cartas") / "documents" / "a.txt").read_text() == "Año."
    for name, new, error in [
        ("letters", "x", UnknownCollectionError),
        ("cartas", "notes", CollectionExistsError),
        ("cartas", "cartas", CollectionExistsError),
        ("cartas", "Ñ", CollectionError),
        ("cartas", DEFAULT, CollectionExistsError),
    ]:
        with pytest.raises(error):
            rename(tmp_path, name, new)
    with pytest.raises(CollectionError, match="keeps its name"):
        rename(tmp_path, DEFAULT, "mine")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/collections/letters/ask", ("letters", "/v1/ask")),
        ("/v1/collections/default/documents/a/b.txt", ("default", "/v1/documents/a/b.txt")),
        ("/v1/ask", (None, "/v1/ask")),
        ("/v1/collections", (None, "/v1/collections")),
        ("/v1/collections/letters", (None, "/v1/collections/letters")),
        ("/v1/collections/letters/collections/notes", None),
        ("/v1/collections/letters/collections", None),
        ("/v1/collections/../ask", None),
        ("/v1/collections/LETTERS/ask", None),
        ("/v1/collections//ask", None),
        ("/collections/letters/ask", None),
    ],
)
def test_the_address_says_which_collection(path, expected):
    assert split_collection(path) == (expected or (None, path))


def test_a_data_directory_without_collections_is_not_touched(client, data):
    before = sorted(path.name for path in data.iterdir())
    body = client.get("/v1/collections").json()
    [default] = body["data"]
    assert (default["name"], default["url"]) == ("default", "/v1/info")
    assert default["build_id"] == client.get("/v1/info").json()["build"]["id"]
    assert client.post("/v1/ask", json=BRIDGE).status_code == 200
    assert sorted(path.name for path in data.iterdir()) == before


def test_a_collection_answers_from_its_own_documents_only(client):
    make(client)
    told = client.post("/v1/collections/letters/ask", json=LETTERS).json()
    assert told["abstention"]["reason"] == "empty_index"
    job = fill(client)
    assert job["collection"] == "letters"
    assert job["url"] == f"/v1/collections/letters/index/jobs/{job['id']}"
    found = client.post("/v1/collections/letters/search", json=LETTERS).json()
    assert [hit["document_id"] for hit in found["data"]] == ["Iñaki.txt"]
    here = client.post("/v1/search", json=LETTERS).json()
    assert [hit["document_id"] for hit in here["data"]] == ["bridge.md"]
    same = client.post("/v1/collections/default/search", json=LETTERS).json()
    assert same["data"] == here["data"]
    assert client.get(job["url"].replace("letters", "default")).status_code == 404
    info = client.get("/v1/collections/letters/info").json()
    assert (info["collection"], info["build"]["documents"]) == ("letters", 1)


def test_every_address_in_a_body_leads_back_into_the_collection(client):
    make(client)
    fill(client)
    prefix = "/v1/collections/letters"
    body = client.post(f"{prefix}/ask", json=LETTERS).json()
    urls = re.findall(r'"((?:/v1|/d)/[^"]*)"', json.dumps(body, ensure_ascii=False))
    assert urls
    for url in urls:
        if url.startswith("/d/"):
            assert "?collection=letters#char=" in url
        else:
            assert url.startswith(f"{prefix}/")
            assert client.get(url).status_code == 200
    listed = client.get(f"{prefix}/documents").json()["data"]
    assert [one["url"] for one in listed] == [f"{prefix}/documents/I%C3%B1aki.txt"]
    assert client.get(listed[0]["url"]).json()["id"] == "Iñaki.txt"
    problem = client.get(f"{prefix}/documents/nada.txt").json()
    assert problem["instance"] == f"{prefix}/documents/nada.txt"


def test_a_stream_speaks_of_its_collection_too(client):
    make(client)
    fill(client)
    with client.stream(
        "POST", "/v1/collections/letters/ask", json={**LETTERS, "stream": True}
    ) as reply:
        text = reply.read().decode()
    assert "/v1/collections/letters/documents/" in text
    assert '"/v1/documents/' not in text


def test_feedback_and_metrics_know_the_collection(client, data):
    make(client)
    fill(client)
    answer = client.post("/v1/collections/letters/ask", json=LETTERS).json()
    rated = {"request_id": answer["request_id"], "rating": "up"}
    assert client.post("/v1/collections/letters/feedback", json=rated).status_code == 201
    assert not (data / "feedback.jsonl").exists()
    line = json.loads((data / "collections" / "letters" / "feedback.jsonl").read_text("utf-8"))
    assert (line["collection"], line["question"]) == ("letters", LETTERS["query"])
    client.post("/v1/ask", json=BRIDGE)
    text = client.get("/metrics").text
    for name in ("letters", "default"):
        assert f'fuente_requests_total{{collection="{name}",method="POST",route="/v1/ask"' in text
        assert f'fuente_questions_total{{collection="{name}",kind="ask"' in text
        assert f'fuente_documents{{collection="{name}"}} 1.0' in text


def test_names_that_callers_invent_make_no_series(client):
    for number in range(5):
        assert client.get(f"/v1/collections/nada-{number}/info").status_code == 404
    assert "nada" not in client.get("/metrics").text


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [("letters", 409, "collection_exists"), ("default", 409, "collection_exists"),
     ("Letters", 422, "validation_error"), ("..", 422, "validation_error")],
)  # fmt: skip
def test_a_collection_that_cannot_be_made_is_a_problem(client, name, status, code):
    make(client)
    reply = client.post("/v1/collections", json={"name": name})
    assert (reply.status_code, reply.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("lang", "folder"), [("en", "FOLDER"), ("es", "CARPETA")], ids=["en", "es"]
)
def test_of_a_collection_without_a_build_the_command_that_builds_that_one_is_told(
    client, data, lang, folder, monkeypatch, capsys
):
    make(client)
    client.post(
        "/v1/collections/letters/documents",
        files=[("files", ("a.txt", io.BytesIO(b"A letter."), "text/plain"))],
    )
    command = f"`fuente build --collection letters {folder}`"
    headers = {"Accept-Language": lang}
    reply = client.post("/v1/collections/letters/ask", json=LETTERS, headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (503, "index_not_ready")
    assert reply.json()["detail"].endswith(command)
    monkeypatch.setenv("FUENTE_LANGUAGE", lang)
    assert cli.main(["ask", "--data", str(data), "--collection", "letters", "x"]) == 1
    given = command.replace("build ", f"build --data {data} ")
    assert capsys.readouterr().err.endswith(f"{given}\n")


def test_a_removed_collection_is_gone_at_once(client, data):
    make(client)
    fill(client)
    assert client.delete("/v1/collections/letters").json()["deleted"] is True
    assert not (data / "collections" / "letters").exists()
    reply = client.post("/v1/collections/letters/ask", json=LETTERS)
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")
    assert reply.json()["remedy"].startswith("GET /v1/collections ")
    assert client.delete("/v1/collections/letters").status_code == 404
    assert client.delete("/v1/collections/default").status_code == 422
    assert [one["name"] for one in client.get("/v1/collections").json()["data"]] == ["default"]
    # and one of the same name begins empty
    make(client)
    assert client.get("/v1/collections/letters/documents").json()["total"] == 0


def test_a_renamed_collection_answers_under_its_new_name_only(client):
    make(client)
    fill(client)
    body = client.patch("/v1/collections/letters", json={"name": "cartas"}).json()
    assert (body["name"], body["documents"], body["url"]) == (
        "cartas",
        1,
        "/v1/collections/cartas/info",
    )
    assert client.get("/v1/collections/letters/info").status_code == 404
    found = client.post("/v1/collections/cartas/search", json=LETTERS).json()["data"]
    assert found[0]["context_url"].startswith("/v1/collections/cartas/documents/")
    listed = {one["name"]: one["documents"] for one in client.get("/v1/collections").json()["data"]}
    assert listed == {"default": 1, "cartas": 1}
    make(client)
    for name, new, status in [
        ("cartas", "letters", 409),
        ("default", "x", 422),
        ("nada", "x", 404),
        ("cartas", "Ñ", 422),
    ]:
        reply = client.patch(f"/v1/collections/{name}", json={"name": new})
        assert reply.status_code == status, reply.json()
    assert client.get("/v1/collections/cartas/info").json()["ready"] is True


def test_a_deleted_collection_can_be_put_back(client, data):
    make(client)
    fill(client)
    gone = client.delete("/v1/collections/letters?undo=true").json()
    assert client.get("/v1/collections/letters/info").status_code == 404
    body = client.get("/v1/collections").json()
    assert [one["name"] for one in body["data"]] == ["default"]
    assert body["deleted"] == [{"name": "letters", "until": gone["until"]}]
    back = client.post("/v1/collections", json={"name": "letters", "undelete": True})
    assert (back.status_code, back.json()["documents"]) == (201, 1)
    assert client.post("/v1/collections/letters/search", json=LETTERS).json()["data"]
    assert client.get("/v1/collections").json()["deleted"] == []
    again = client.post("/v1/collections", json={"name": "letters", "undelete": True})
    assert (again.status_code, again.json()["code"]) == (404, "not_found")
    # without an undo it is gone from the disk, and after an hour the other one is too
    assert client.delete("/v1/collections/letters").json()["until"] is None
    make(client)
    client.delete("/v1/collections/letters?undo=true")
    [folder] = (data / "collections").iterdir()
    os.utime(folder, (0, 0))
    client.app.state.collections.reload()
    assert list((data / "collections").iterdir()) == []


def test_what_another_process_makes_and_removes_is_noticed(client, data):
    folder = create(data, "notes")
    (folder / "documents" / "nota.txt").write_text("El ñandú corre por la pampa.", "utf-8")
    assert client.get("/v1/collections/notes/info").json()["ready"] is False
    build(folder, HashEncoder())
    assert client.app.state.collections.reload()
    assert client.get("/v1/collections/notes/info").json()["ready"] is True
    delete(data, "notes")
    assert client.get("/v1/collections/notes/info").status_code == 404
    assert client.app.state.collections.reload() is False
    assert [one.name for one in client.app.state.collections.served()] == ["default"]


def test_a_service_of_named_collections_only_is_ready(tmp_path):
    folder = create(tmp_path, "letters")
    (folder / "documents" / "a.txt").write_text("El ñandú corre.", "utf-8")
    with serving(tmp_path) as client:
        assert client.get("/readyz").status_code == 503
        build(folder, HashEncoder())
        assert client.get("/readyz").json() == {"status": "ready", "build_id": None}


def test_an_upload_into_a_collection_has_the_limit_of_uploads(data):
    with serving(data, max_upload_mb="1", max_body_kb="1") as client:
        make(client)
        small = [("files", ("a.txt", io.BytesIO(b"a " * 20_000), "text/plain"))]
        large = [("files", ("b.txt", io.BytesIO(b"a " * 2**20), "text/plain"))]
        path = "/v1/collections/letters/documents"
        assert client.post(path, files=small).status_code == 201
        assert client.post(path, files=large).status_code == 413


# The samples: what asks without naming a collection, while there is nothing else


@pytest.fixture
def fresh(tmp_path):
    """A data directory that has the samples and nothing else."""
    samples = create(tmp_path, SAMPLES)
    (samples / "documents" / "Iñaki.txt").write_text("Iñaki vendió la barca azul en mayo.", "utf-8")
    build(samples, HashEncoder())
    return tmp_path


def test_questions_are_about_the_samples_until_there_is_a_document(fresh):
    with serving(fresh) as client:
        found = client.post("/v1/search", json=LETTERS).json()["data"]
        assert found[0]["context_url"].startswith("/v1/collections/muestras/documents/")
        assert client.get("/v1/info").json()["collection"] == SAMPLES
        assert client.get("/v1/documents").json()["total"] == 1
        # named, and for whatever changes something, default is what it is
        assert client.get("/v1/collections/default/info").json()["ready"] is False
        assert client.get("/v1/index/builds").json()["data"] == []
        files = [("files", ("a.txt", io.BytesIO(b"The bridge was opened in 1902."), "text/plain"))]
        assert client.post("/v1/documents", files=files).status_code == 201
        assert [one["id"] for one in client.get("/v1/documents").json()["data"]] == ["a.txt"]
        assert client.post("/v1/search", json=LETTERS).status_code == 503
        client.delete("/v1/documents/a.txt")
        assert client.get("/v1/info").json()["collection"] == SAMPLES
        client.delete("/v1/collections/muestras")
        assert client.get("/v1/info").json()["collection"] == DEFAULT
    assert unnamed(fresh / "nothing") == DEFAULT


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("¿Qué barca vendió Iñaki?", "Todavía no hay documentos con los que responder."),
        ("Which boat did Iñaki sell?", "There are no documents to answer from yet."),
    ],
)
def test_a_collection_without_documents_answers_that_it_has_none(client, query, words):
    make(client)
    at = "/v1/collections/letters"
    told = client.post(f"{at}/ask", json={"query": query}).json()
    assert (told["status"], told["answer"], told["citations"]) == ("abstained", words, [])
    assert (told["abstention"]["reason"], told["abstention"]["message"]) == ("empty_index", words)
    streamed = client.post(f"{at}/ask", json={"query": query, "stream": True})
    assert streamed.status_code == 200
    assert words in streamed.text
    assert client.post(f"{at}/search", json={"query": query}).json()["data"] == []
    assert client.post(f"{at}/web-search", json={"query": query, "count": 3}).json() == []
    body = {"model": "fuente/letters", "messages": [{"role": "user", "content": query}]}
    reply = client.post("/v1/chat/completions", json=body).json()
    assert reply["choices"][0]["message"]["content"] == words
    assert client.get(f"{at}/info").json()["ready"] is False


def test_a_name_that_cannot_be_is_told_in_the_words_of_the_terminal(client):
    for lang, words in (
        ("en", "a collection cannot be called 'Mis Cartas'; expected 1 to 63 of a–z, 0–9 and -"),
        ("es", "una colección no puede llamarse 'Mis Cartas'; se esperan de 1 a 63 caracteres"),
    ):
        headers = {"Accept-Language": lang}
        made = client.post("/v1/collections", json={"name": "Mis Cartas"}, headers=headers)
        make(client, lang)
        renamed = client.patch(
            f"/v1/collections/{lang}", json={"name": "Mis Cartas"}, headers=headers
        )
        for reply in (made, renamed):
            assert reply.status_code == 422
            assert words in reply.json()["detail"]


def test_a_build_of_no_documents_is_an_answer_of_its_own(fresh):
    (fresh / "documents").mkdir()
    build(fresh, HashEncoder())
    assert unnamed(fresh) == DEFAULT


def test_with_keys_nothing_stands_in(fresh):
    with serving(fresh, keys=f"search:{hashed('all')}") as client:
        headers = {"Authorization": "Bearer all"}
        assert client.post("/v1/search", json=LETTERS, headers=headers).json()["data"] == []
        assert client.get("/", follow_redirects=False).status_code == 200


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/", "?collection=muestras"),
        ("/?q=a+b%26c&language=es", "?collection=muestras&q=a+b%26c&language=es"),
        ("/?collection=default", None),
        ("/d/x.txt", None),
    ],
)
def test_the_page_is_sent_to_the_samples(fresh, path, to):
    with serving(fresh) as client:
        reply = client.get(path, follow_redirects=False)
        assert (reply.status_code, reply.headers.get("location")) == (307 if to else 200, to)


def test_the_command_line_asks_the_samples_until_there_is_a_document(fresh, capsys, monkeypatch):
    monkeypatch.setenv("FUENTE_DATA", str(fresh))
    monkeypatch.setattr("index.encoder.load_encoder", lambda *_, **__: HashEncoder())
    out = run(capsys, "search", LETTERS["query"], "--json")[1]
    [hit] = json.loads(out)["data"]
    assert hit["context_url"].startswith("/v1/collections/muestras/documents/")
    assert run(capsys, "builds")[1].startswith("no builds")
    assert run(capsys, "search", LETTERS["query"], "--collection", "default")[0] == 1
    (fresh / "documents").mkdir()
    (fresh / "documents" / "a.txt").write_text("The bridge was opened in 1902.")
    assert run(capsys, "search", LETTERS["query"])[0] == 1


@pytest.mark.slow
def test_make_serve_makes_the_samples_once(tmp_path):
    fuente = tmp_path / "fuente"
    fuente.write_text(f'#!/bin/sh\nexec {sys.executable} -m api.cli "$@"\n')
    fuente.chmod(0o755)
    data = tmp_path / "data"

    def serve():
        environ = {**clean_environ(), "FUENTE": str(fuente)}
        subprocess.run([ROOT / ".ci" / "samples", data], env=environ, check=True, timeout=300)
        return names(data)

    assert serve() == [DEFAULT, SAMPLES]
    folder = folder_of(data, SAMPLES)
    assert (folder / "suggested_questions.json").exists()
    built = (folder / "CURRENT").read_text()
    assert serve() == [DEFAULT, SAMPLES]
    assert (folder / "CURRENT").read_text() == built
    delete(data, SAMPLES)
    assert serve() == [DEFAULT]


# Keys


def hashed(text):
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def guarded(data):
    create(data, "letters")
    create(data, "notes")
    keys = ",".join(
        [f"admin:{hashed('all')}", f"search@letters:{hashed('ls')}", f"admin@letters:{hashed('la')}",
         f"search@letters:{hashed('two')}", f"index@notes:{hashed('two')}"]
    )  # fmt: skip
    with serving(data, keys=keys) as client:
        yield client


def status(client, key, path, method="GET", **more):
    return client.request(
        method, path, headers={"Authorization": f"Bearer {key}"}, **more
    ).status_code


def test_a_key_of_one_collection_opens_that_one_only(guarded):
    for path in ("/info", "/documents", "/index/builds"):
        assert status(guarded, "ls", f"/v1/collections/letters{path}") == 200
        assert status(guarded, "ls", f"/v1/collections/notes{path}") == 403
        assert status(guarded, "ls", f"/v1/collections/default{path}") == 403
        assert status(guarded, "ls", f"/v1{path}") == 403
        assert status(guarded, "all", f"/v1/collections/notes{path}") == 200
    assert status(guarded, "ls", "/v1/collections/nada/info") == 403
    assert status(guarded, "all", "/v1/collections/nada/info") == 404


def test_not_even_its_admin_key_reaches_beyond_a_collection(guarded):
    for method, path in (
        ("GET", "/metrics"),
        ("DELETE", "/v1/collections/letters"),
        ("DELETE", "/v1/collections/notes"),
        ("DELETE", "/v1/documents/bridge.md"),
        ("DELETE", "/v1/collections/notes/documents/a.txt"),
    ):
        assert status(guarded, "la", path, method) == 403
    body = {"name": "mine"}
    assert status(guarded, "la", "/v1/collections", "POST", json=body) == 403
    assert status(guarded, "all", "/v1/collections", "POST", json=body) == 201
    for path in ("/v1/collections/letters/collections/notes", "/v1/collections/letters/metrics"):
        assert status(guarded, "la", path, "DELETE") == 404
    assert status(guarded, "la", "/v1/collections/letters/index/jobs", "POST") == 202


def test_one_text_may_be_a_key_of_several_collections(guarded):
    job = "/index/jobs"
    assert status(guarded, "two", f"/v1/collections/notes{job}", "POST") == 202
    assert status(guarded, "two", f"/v1/collections/letters{job}", "POST") == 403
    assert status(guarded, "two", f"/v1/collections/letters{job}") == 200
    assert status(guarded, "two", f"/v1{job}") == 403


def test_a_list_names_the_collections_of_the_key_only(guarded):
    def listed(key):
        reply = guarded.get("/v1/collections", headers={"Authorization": f"Bearer {key}"})
        return [one["name"] for one in reply.json()["data"]]

    assert listed("all") == ["default", "letters", "notes"]
    assert listed("ls") == ["letters"]
    assert listed("two") == ["letters", "notes"]
    assert guarded.get("/v1/collections").status_code == 401


def test_only_a_key_of_all_collections_renames_them_and_sees_what_can_be_put_back(guarded):
    body = {"name": "cartas"}
    assert status(guarded, "la", "/v1/collections/letters", "PATCH", json=body) == 403
    assert status(guarded, "all", "/v1/collections/notes?undo=true", "DELETE") == 200
    for key, seen in (("all", ["notes"]), ("la", []), ("ls", [])):
        reply = guarded.get("/v1/collections", headers={"Authorization": f"Bearer {key}"})
        assert [one["name"] for one in reply.json()["deleted"]] == seen


def test_the_keys_of_a_collection_follow_its_new_name(data):
    create(data, "letters")
    create(data, "notes")
    own, other = (
        add_key(FileKeys(data), "own", "search", "letters"),
        add_key(FileKeys(data), "other", "search", "notes"),
    )
    with serving(data, keys=f"admin:{hashed('all')}") as client:
        body = {"name": "cartas"}
        assert status(client, "all", "/v1/collections/letters", "PATCH", json=body) == 200
        assert status(client, own, "/v1/collections/cartas/info") == 200
        assert status(client, own, "/v1/collections/letters/info") == 403
        assert status(client, other, "/v1/collections/notes/info") == 200
        assert status(client, other, "/v1/collections/cartas/info") == 403


@pytest.mark.parametrize("lang", ["es", "en"])
def test_why_a_key_does_not_hold_is_told(guarded, lang):
    headers = {"Authorization": "Bearer ls", "Accept-Language": lang}
    detail = guarded.get("/v1/info", headers=headers).json()["detail"]
    assert (
        detail
        == {
            "es": "La clave no vale para esta colección.",
            "en": "The key does not hold for this collection.",
        }[lang]
    )


# The command line


def run(capsys, *words):
    status = cli.main(list(words))
    told = capsys.readouterr()
    return status, told.out, told.err


def test_the_command_line_makes_fills_asks_and_removes_a_collection(
    data, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("FUENTE_DATA", str(data))
    monkeypatch.setattr("index.encoder.load_encoder", lambda *_, **__: HashEncoder())
    letter = tmp_path / "Iñaki.txt"
    letter.write_text("Iñaki vendió la barca azul en mayo.", "utf-8")
    assert run(capsys, "build", "--collection", "letters", str(letter))[0] == 1
    assert run(capsys, "collections", "create", "letters") == (0, "created: letters\n", "")
    assert run(capsys, "collections")[1].splitlines()[1:] == ["letters  no index"]
    assert run(capsys, "build", "--collection", "letters", str(letter))[0] == 0
    assert not (data / "documents" / "Iñaki.txt").exists()
    status, out, _ = run(capsys, "search", LETTERS["query"], "--collection", "letters", "--json")
    [hit] = json.loads(out)["data"]
    assert status == 0
    assert hit["context_url"].startswith("/v1/collections/letters/documents/I%C3%B1aki.txt")
    assert "Iñaki" not in run(capsys, "search", LETTERS["query"])[1]
    assert len(run(capsys, "builds", "--collection", "letters")[1].splitlines()) == 1
    listed = run(capsys, "collections", "list")[1].splitlines()
    assert listed == ["default  1 documents, 1 passages", "letters  1 documents, 1 passages"]

    status, out, err = run(capsys, "collections", "delete", "letters")
    assert (status, out) == (2, "")
    assert "--yes" in err
    assert run(capsys, "collections", "rename", "letters")[0] == 2
    assert run(capsys, "collections", "rename", "letters", "notes") == (
        0,
        "renamed: letters → notes\n",
        "",
    )
    status, out, err = run(capsys, "collections", "delete", "notes", "--yes")
    assert (status, out) == (0, "deleted: notes\n")
    assert "fuente collections restore notes" in err
    assert run(capsys, "collections", "restore", "notes")[:2] == (0, "restored: notes\n")
    assert run(capsys, "collections", "restore", "notes")[0] == 1
    assert run(capsys, "collections", "rename", "notes", "letters")[0] == 0
    assert run(capsys, "collections", "delete", "letters", "--yes")[:2] == (0, "deleted: letters\n")
    assert [one["name"] for one in json.loads(run(capsys, "collections", "--json")[1])] == [
        "default"
    ]
    assert run(capsys, "ask", "x", "--collection", "letters")[0] == 1
    assert run(capsys, "collections", "create")[0] == 2


def test_a_collection_may_have_a_calibration_of_its_own(data):
    folder = create(data, "letters")
    calibration = load_calibration()
    calibration.write(folder / FILE_NAME)
    made = json.loads((folder / FILE_NAME).read_text("utf-8"))
    made["confidence"]["bias"] = {lang: -100.0 for lang in made["confidence"]["bias"]}
    made["readings"]["support_bias"] = made["readings"]["bias"] = -100.0
    (folder / FILE_NAME).write_text(json.dumps(made), "utf-8")
    with serving(data) as client:
        fill(client)
        reply = client.post("/v1/collections/letters/ask", json=LETTERS).json()
        assert (reply["status"], round(reply["confidence"], 3)) == ("abstained", 0.0)
        assert client.post("/v1/ask", json=BRIDGE).json()["confidence"] > 0.001
