"""Keys made and revoked while a server runs, the audit of changes, and what the log holds of questions."""

import hashlib
import json
import logging
import os
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder

from api.app import create_app
from api.audit import Audit, AuditFile
from api.cli import main
from api.keys import FILE_NAME, FileKeys, Keys, add_key, revoke_key
from api.settings import load_settings
from corpus.document import SettingsError
from index.local.build import build
from qa.engine import Engine

QUESTION = {"query": "¿Dónde vive el ñandú?"}


@pytest.fixture
def data(tmp_path):
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text("El ñandú vive en la pampa.", "utf-8")
    build(tmp_path, HashEncoder())
    return tmp_path


@pytest.fixture
def serving(data):
    def serve(**environ):
        settings = load_settings({"FUENTE_RELOAD_S": "0", **environ}, data)
        app = create_app(settings, Engine(data, HashEncoder()))
        return TestClient(app, base_url="http://127.0.0.1:8000")

    return serve


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def audit_lines(data):
    return [json.loads(line) for line in (data / "audit.jsonl").read_text("utf-8").splitlines()]


def test_a_key_holds_and_ends_without_a_restart(serving, data):
    with serving() as client:
        assert client.get("/v1/info").json()["keys_required"] is False
        search, index = (
            add_key(FileKeys(data), "lectora", "search"),
            add_key(FileKeys(data), "archivo", "index"),
        )
        assert client.get("/v1/info").status_code == 401
        told = client.get("/v1/info", headers=bearer(search)).json()
        assert (told["keys_required"], told["scope"]) == (True, "search")
        body = {"files": ("b.txt", b"Hola.")}
        assert client.post("/v1/documents", files=body, headers=bearer(search)).status_code == 403
        assert client.post("/v1/documents", files=body, headers=bearer(index)).status_code == 201
        revoke_key(FileKeys(data), "lectora")
        assert client.get("/v1/info", headers=bearer(search)).status_code == 401
        assert client.get("/v1/info", headers=bearer(index)).status_code == 200


def test_a_key_of_one_collection_holds_there_alone(serving, data):
    (data / "collections" / "cartas" / "documents").mkdir(parents=True)
    key = add_key(FileKeys(data), "cartas", "search", "cartas")
    with serving() as client:
        assert client.get("/v1/info", headers=bearer(key)).status_code == 403
        path = "/v1/collections/cartas/info"
        assert client.get(path, headers=bearer(key)).status_code == 200


def test_the_key_itself_is_nowhere_on_the_disk(serving, data):
    key = add_key(FileKeys(data), "lectora", "admin")
    with serving() as client:
        client.delete("/v1/documents/a.txt", headers=bearer(key))
    for path in data.rglob("*"):
        if path.is_file():
            assert key.encode() not in path.read_bytes()
    assert hashlib.sha256(key.encode()).hexdigest() in (data / FILE_NAME).read_text()
    assert os.stat(data / FILE_NAME).st_mode & 0o777 == 0o600


def test_the_last_use_is_kept_by_name(serving, data):
    key = add_key(FileKeys(data), "lectora", "search")
    add_key(FileKeys(data), "nadie", "search")
    with serving() as client:
        client.post("/v1/search", json=QUESTION, headers=bearer(key))
    assert list(FileKeys(data).uses()) == ["lectora"]


def test_a_server_that_others_reach_never_opens_when_its_last_key_is_revoked(data):
    add_key(FileKeys(data), "unica", "admin")
    settings = replace(load_settings({}, data), host="0.0.0.0")
    keys = Keys(settings, FileKeys(data))
    revoke_key(FileKeys(data), "unica")
    assert keys.current() == ()
    assert keys.required is True
    assert Keys(replace(settings, host="127.0.0.1"), FileKeys(data)).required is False


HOSTILE = {
    "deep nesting": b"[" * 100_000,
    "a number of 5,000 digits": b'{"keys": ' + b"9" * 5000 + b"}",
    "half a surrogate": b'{"keys": [{"name": "\\ud800", "scope": "search", "sha256": "", "collection": null, "created_at": ""}]}',
    "5 MB": b'{"keys": []' + b" " * 5_000_000 + b"}",
    "no text": b"\xff\xfe",
    "null": b"null",
    "other fields": b'{"keys": [{"name": "a"}]}',
    "no hash": b'{"keys": [{"name": "a", "scope": "admin", "sha256": "x", "collection": null, "created_at": ""}]}',
    "no scope": b'{"keys": [{"name": "a", "scope": [], "sha256": "'
    + b"a" * 64
    + b'", "collection": null, "created_at": ""}]}',
}


@pytest.mark.parametrize("name", [*HOSTILE, "pipe", "folder"])
def test_a_damaged_file_of_keys_is_one_line_and_takes_no_key_away(serving, data, name):
    key = add_key(FileKeys(data), "lectora", "search")
    with serving() as client:
        assert client.get("/v1/info", headers=bearer(key)).status_code == 200
        (data / FILE_NAME).unlink()
        if name == "pipe":
            os.mkfifo(data / FILE_NAME)
        elif name == "folder":
            (data / FILE_NAME).mkdir()
        else:
            (data / FILE_NAME).write_bytes(HOSTILE[name])
        assert client.get("/v1/info", headers=bearer(key)).status_code == 200
        assert client.get("/v1/info").status_code == 401
    with pytest.raises(SettingsError, match="make the keys anew") as caught:
        FileKeys(data).read()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "a b", "../x", "ñ", "x" * 64, "a\n"])
def test_a_name_that_no_key_can_have_is_refused(data, name):
    with pytest.raises(SettingsError, match="a key cannot be called"):
        add_key(FileKeys(data), name, "search")
    assert FileKeys(data).read() == ()


def test_the_terminal_makes_lists_and_revokes(data, capsys, monkeypatch):
    monkeypatch.setenv("FUENTE_DATA", str(data))
    monkeypatch.setenv("FUENTE_LANGUAGE", "es")
    assert main(["keys"]) == 0
    assert "no hay claves" in capsys.readouterr().out
    assert main(["keys", "add", "maria", "--scope", "index"]) == 0
    key = capsys.readouterr().out.strip()
    assert [(k.name, k.scope) for k in FileKeys(data).read()] == [("maria", "index")]
    assert main(["keys", "add", "maria"]) == 1
    assert main(["keys", "list"]) == 0
    shown = capsys.readouterr().out
    assert "maria  index  todas las colecciones" in shown
    assert key not in shown
    assert main(["keys", "revoke", "maria"]) == 0
    assert main(["keys", "revoke", "maria"]) == 1
    assert main(["keys", "add"]) == 2
    assert [line["what"] for line in audit_lines(data)] == ["key added", "key revoked"]
    assert {line["who"].split(":")[0] for line in audit_lines(data)} == {"terminal"}


def test_every_change_leaves_a_line_that_says_who_what_and_when(serving, data):
    key = add_key(FileKeys(data), "archivo", "admin")
    with serving(FUENTE_MAX_UPLOAD_MB="7") as client:
        client.headers.update(bearer(key))
        client.post("/v1/documents", files={"files": ("b.txt", b"Hola.")})
        client.post("/v1/documents", files={"files": ("b.exe", b"Hola.")})
        client.post("/v1/collections", json={"name": "cartas"})
        client.delete("/v1/collections/cartas")
        client.delete("/v1/documents/a.txt")
        client.delete("/v1/documents/a.txt")
        build_id = client.get("/v1/index/builds").json()["data"][0]["id"]
        client.post(f"/v1/index/builds/{build_id}/activate")
        client.post("/v1/search", json=QUESTION)
    started, *lines = audit_lines(data)
    assert started["what"] == "service started"
    assert started["settings"]["max_upload_mb"] == "7"
    assert [(line["who"], line["what"], line["status"]) for line in lines] == [
        ("archivo", "POST /v1/documents", 201),
        ("archivo", "POST /v1/collections", 201),
        ("archivo", "DELETE /v1/collections/{name}", 200),
        ("archivo", "DELETE /v1/documents/{doc_id:path}", 200),
        ("archivo", "POST /v1/index/builds/{build_id}/activate", 200),
    ]
    assert lines[0]["documents"] == ["b.txt"]
    assert lines[1]["name"] == "cartas"
    assert all(
        {"at", "client", "request_id", "collection", "path"} <= line.keys() for line in lines
    )
    assert key not in (data / "audit.jsonl").read_text("utf-8")
    assert "ñandú" not in (data / "audit.jsonl").read_text("utf-8")


def test_an_audit_that_finds_no_room_stops_nothing(tmp_path):
    (tmp_path / "audit.jsonl").mkdir()
    Audit(AuditFile(tmp_path)).write("key added", "somebody")


@pytest.mark.parametrize("kept", ["no", "yes"])
def test_questions_are_in_the_log_only_where_a_setting_says_so(serving, kept):
    records = []

    class Kept(logging.Handler):
        def emit(self, record):
            records.append(f"{record.getMessage()} {getattr(record, 'fields', '')}")

    logger, handler = logging.getLogger("fuente"), Kept()
    logger.addHandler(handler)
    try:
        with serving(FUENTE_LOG_QUESTIONS=kept, FUENTE_LOG_LEVEL="debug") as client:
            for path in ("/v1/ask", "/v1/search"):
                assert client.post(path, json=QUESTION).status_code == 200
                client.post(path, json={"query": "¿" + "ñandú " * 1000})
            assert client.post("/v1/ask", json={**QUESTION, "stream": True}).status_code == 200
            client.get("/v1/documents?q=ñandú")
            client.get("/v1/documents/a.txt/find?q=ñandú")
    finally:
        logger.removeHandler(handler)
    assert len(records) >= 7
    holding = [record for record in records if "ñandú" in record]
    assert len(holding) >= 3 if kept == "yes" else holding == []
