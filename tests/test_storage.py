"""Disks that go away, fill up or refuse, and small files that somebody has damaged."""

import errno
import json
import logging
import multiprocessing
import os
import resource
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from local_server import wait_for

from api.app import create_app
from api.lines import Lines
from api.settings import load_settings
from api.storage import Storage
from corpus.document import DamagedIndexError, SettingsError, StorageError, StorageFullError
from corpus.storage import files_of, read_small, saving, storage_error
from index.local.build import build
from index.local.store import current_build_id, list_builds
from qa.engine import Engine
from qa.evaluation.feedback import judged_questions

FULL = [errno.ENOSPC, errno.EDQUOT]
SHUT = [errno.EROFS, errno.EIO, errno.EACCES, errno.ENODEV, errno.ESTALE]
TEXT = "La cosecha empieza en abril.\n"
RATING = {"request_id": "r1", "rating": "up", "comment": "¡ñandú!"}


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "cafe.txt").write_text(TEXT, "utf-8")
    build(folder, HashEncoder())
    return folder


@pytest.fixture
def client(data):
    settings = load_settings({"FUENTE_RELOAD_S": "0"}, data)
    app = create_app(settings, Engine(data, HashEncoder()))
    with TestClient(app, base_url="http://127.0.0.1:8000") as one:
        yield one


def writes(client):
    """Every request that writes to the disk, by name."""
    build_id = client.get("/v1/index/builds").json()["data"][0]["id"]
    return {
        "upload": lambda: client.post("/v1/documents", files={"files": ("n.txt", TEXT.encode())}),
        "large upload": lambda: client.post(
            "/v1/documents", files={"files": ("g.txt", TEXT.encode() * 100_000)}
        ),
        "delete": lambda: client.delete("/v1/documents/cafe.txt"),
        "feedback": lambda: client.post("/v1/feedback", json=RATING),
        "build": lambda: client.post("/v1/index/jobs", json={"full": True}),
        "activate": lambda: client.post(f"/v1/index/builds/{build_id}/activate"),
        "create a collection": lambda: client.post("/v1/collections", json={"name": "cartas"}),
    }


def assert_told(answer, status, code):
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["remedy"]
    assert body["detail"]


def inventory(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


@pytest.mark.parametrize("how", ["gone", "another empty disk", "documents gone"])
def test_a_data_folder_that_vanishes_under_a_running_server(client, data, how, caplog, monkeypatch):
    caplog.set_level(logging.INFO, "fuente")
    requests = writes(client)
    away = data.with_name("away")
    lost = data / "documents" if how == "documents gone" else data
    lost.rename(away)
    if how == "another empty disk":
        data.mkdir()
        real = os.stat

        def other_device(path, *given, **more):
            found = real(path, *given, **more)
            if Path(path) != data:
                return found
            return os.stat_result((*found[:2], found.st_dev + 1, *found[3:10]))

        monkeypatch.setattr("api.storage.os.stat", other_device)
    before = inventory(data.parent)
    for name, request in requests.items():
        assert_told(request(), 503, "storage_unavailable")
        assert inventory(data.parent) == before, name
    # What only reads goes on
    asked = client.post("/v1/ask", json={"query": "¿Cuándo empieza la cosecha?"})
    assert asked.status_code == 200
    assert client.get("/v1/documents").json()["data"][0]["status"] == "indexed"
    assert client.get("/v1/documents/cafe.txt/text").status_code == 200
    original = client.get("/v1/documents/cafe.txt/original")
    assert_told(original, 503, "storage_unavailable")
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["storage"]) == (200, "storage_unavailable")
    assert 'fuente_storage_available{collection="default"} 0.0' in client.get("/metrics").text
    assert sum("is away" in record.message for record in caplog.records) == 1
    # … and the disk comes back
    monkeypatch.undo()
    if how == "another empty disk":
        data.rmdir()
    away.rename(lost)
    assert client.get("/readyz").json()["storage"] == "available"
    assert requests["upload"]().status_code == 201
    assert sum("is back" in record.message for record in caplog.records) == 1


def test_a_documents_folder_that_was_emptied_on_its_own_disk_can_be_filled_again(client, data):
    shutil.rmtree(data / "documents")
    (data / "documents").mkdir()
    assert writes(client)["upload"]().status_code == 201


def test_a_data_folder_that_never_was_is_made_by_the_first_write(tmp_path):
    data = tmp_path / "deep" / "data"
    app = create_app(load_settings({"FUENTE_RELOAD_S": "0"}, data), Engine(data, HashEncoder()))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        assert not data.exists()
        assert client.post("/v1/documents", files={"files": ("a.txt", b"Hola.")}).status_code == 201
        assert (data / "documents" / "a.txt").read_bytes() == b"Hola."


@pytest.mark.parametrize("code", FULL + SHUT)
def test_a_full_or_shut_disk_has_a_code_of_its_own_on_every_writing_path(
    client, data, code, monkeypatch
):
    status, named = (507, "storage_full") if code in FULL else (503, "storage_unavailable")
    requests = writes(client)

    def refuse(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    make = Path.mkdir
    monkeypatch.setattr(
        Path,
        "mkdir",
        lambda self, *given, **more: (make if self.is_dir() else refuse)(self, *given, **more),
    )
    started = requests.pop("build")()
    for request in requests.values():
        assert_told(request(), status, named)
    if started.status_code == 202:
        assert wait_for(client, started.json(), "failed")["error"]["code"] == named
    else:
        assert_told(started, status, named)
    monkeypatch.undo()
    assert (data / "documents" / "cafe.txt").read_text("utf-8") == TEXT
    assert [p.name for p in (data / "documents").iterdir() if not p.name.startswith(".")] == [
        "cafe.txt"
    ]
    assert not (data / "feedback.jsonl").read_bytes()


def test_an_upload_that_finds_no_room_for_its_temporary_file_is_told_so(client, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("starlette.datastructures.UploadFile.write", full)
    assert_told(writes(client)["upload"](), 507, "storage_full")


# --------------------------------------------------------------------------- lines


def lines_at(path, **other):
    options = {"max_bytes": 10_000, "n_kept": 2, "when_full": "refuse"} | other
    return Lines(path, "the feedback", **options)


def test_a_line_that_finds_no_room_leaves_nothing_behind(tmp_path):
    path = tmp_path / "feedback.jsonl"
    lines = lines_at(path, max_bytes=10**9)
    lines.append({"n": 1})
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 5, limits[1]))
    try:
        with pytest.raises(StorageFullError, match="the disk is full: the feedback was not saved"):
            lines.append({"n": "x" * 100})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before


@pytest.mark.parametrize("torn", [b'{"n": 1}\n{"n": ', b"\xff\xfe", b'{"n": 1}'])
def test_a_torn_line_costs_itself_alone(tmp_path, torn):
    path = tmp_path / "feedback.jsonl"
    path.write_bytes(torn)
    lines_at(path).append({"n": 2})
    lines_at(path).append({"n": 3})
    assert path.read_bytes() == torn + b'\n{"n": 2}\n{"n": 3}\n'


@pytest.mark.parametrize("when_full", ["refuse", "forget"])
def test_files_of_lines_keep_within_their_size(tmp_path, when_full):
    path = tmp_path / "f.jsonl"
    lines = lines_at(path, max_bytes=100, when_full=when_full)
    taken = 200 if when_full == "forget" else 31
    for n in range(taken):
        lines.append({"n": n})
    if when_full == "refuse":
        with pytest.raises(StorageFullError, match=r"f\.2\.jsonl is the oldest"):
            lines.append({"n": taken})
    assert all(one.stat().st_size <= 100 for one in tmp_path.iterdir())
    assert [one.name for one in files_of(path)] == ["f.2.jsonl", "f.1.jsonl", "f.jsonl"]
    kept = [json.loads(x)["n"] for one in files_of(path) for x in one.read_text().splitlines()]
    assert kept == list(range(taken - len(kept), taken))


def _write_many(path, who):
    lines = lines_at(path, max_bytes=2_000, n_kept=1000)
    for n in range(200):
        lines.append({"who": who, "n": n, "fill": "ñ" * (n % 60)})


@pytest.mark.slow
def test_lines_of_several_processes_are_all_there_and_whole(tmp_path):
    path = tmp_path / "f.jsonl"
    context = multiprocessing.get_context("fork" if not _threads() else "spawn")
    writers = [context.Process(target=_write_many, args=(path, who)) for who in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    found = [json.loads(x) for one in files_of(path) for x in one.read_text("utf-8").splitlines()]
    assert sorted((x["who"], x["n"]) for x in found) == [
        (w, n) for w in range(3) for n in range(200)
    ]


def _threads():
    import threading

    return threading.active_count() > 1


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_takes_no_lines(tmp_path, kind):
    path = tmp_path / "f.jsonl"
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    with pytest.raises(StorageError, match="the feedback was not saved"):
        lines_at(path).append({"n": 1})


def test_feedback_has_its_limit_and_says_so(data):
    settings = load_settings({"FUENTE_RELOAD_S": "0", "FUENTE_MAX_FEEDBACK_MB": "1"}, data)
    with TestClient(
        create_app(settings, Engine(data, HashEncoder())), base_url="http://127.0.0.1:8000"
    ) as client:
        rating = {**RATING, "comment": "🪶" * 4000}
        answers = [client.post("/v1/feedback", json=rating) for _ in range(70)]
    assert {a.status_code for a in answers[:55]} == {201}
    assert_told(answers[-1], 507, "storage_full")
    assert sum(one.stat().st_size for one in data.glob("feedback*")) <= 2**20


# --------------------------------------------------------------------------- small files


HOSTILE = {
    "deep nesting": b"[" * 100_000,
    "a number of 5,000 digits": b'{"rating": ' + b"9" * 5000 + b"}",
    "half a surrogate": b'{"rating": "up", "question": "\\ud800", "language": "es", "status": "answered",'
    b' "request_id": "r", "citations": []}',
    "5 MB on one line": b'"' + b"x" * 5_000_000,
    "bytes that are no text": b"\xff\xfe\x00\x01",
    "a list": b"[1, 2]",
    "null": b"null",
    "a place that is none": b'{"rating": "up", "question": "q", "language": "es", "status": "answered",'
    b' "request_id": "r", "citations": [{"document": [], "start": {}, "end": 1, "quote": ""}]}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bad_line_of_feedback_costs_that_line(tmp_path, name):
    path = tmp_path / "feedback.jsonl"
    good = {
        "rating": "up", "question": "¿q?", "language": "es", "status": "abstained",
        "request_id": "r", "citations": [],
    }  # fmt: skip
    path.write_bytes(HOSTILE[name] + b"\n" + json.dumps(good).encode() + b"\n")
    export = judged_questions(path)
    assert [q["question"] for q in export.questions] == ["¿q?"]
    assert export.left_out == {"unreadable": 1}


@pytest.mark.parametrize("kind", ["pipe", "folder", "too long"])
def test_a_small_file_that_is_none_is_refused_at_once(tmp_path, kind):
    path = tmp_path / "CURRENT"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"x" * 2_000_000)
    with pytest.raises(OSError, match="no regular file|2,000,000 bytes, more than"):
        read_small(path)
    with pytest.raises(DamagedIndexError, match="remove it and activate another build"):
        current_build_id(tmp_path)


def test_an_unreadable_current_does_not_stop_what_serves(data):
    engine = Engine(data, HashEncoder())
    (data / "CURRENT").unlink()
    (data / "CURRENT").mkdir()
    assert engine.reload() is False
    assert engine.index is not None
    assert isinstance(engine.problem, DamagedIndexError)
    engine.close()


@pytest.mark.parametrize("code", FULL + SHUT)
def test_what_a_disk_refuses_is_one_line_with_what_to_do(code):
    error = storage_error(OSError(code, os.strerror(code)), "the file")
    assert isinstance(error, StorageFullError) == (code in FULL)
    assert "the file was not saved" in str(error)
    assert "\n" not in str(error)
    assert any(word in str(error) for word in ("free some space", "make it writable"))
    with pytest.raises(StorageError), saving("the file"):
        raise OSError(code, os.strerror(code))


def test_storage_takes_a_restored_folder_for_the_one_that_was_there(tmp_path):
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text("a")
    storage = Storage(tmp_path)
    assert storage.problem() is None
    shutil.copytree(tmp_path / "documents", tmp_path / "copy")
    shutil.rmtree(tmp_path / "documents")
    assert storage.problem() is not None
    (tmp_path / "copy").rename(tmp_path / "documents")
    assert storage.problem() is None


SMALL = {
    "deep nesting": b"[" * 100_000,
    "deep tables": b"a = " + b"[" * 50_000 + b"]" * 50_000,
    "a number of 5,000 digits": b"port = " + b"9" * 5000,
    "a JSON number of 5,000 digits": b"[" + b"9" * 5000 + b"]",
    "half a surrogate": b'[{"lang": "es", "text": "\\ud800"}]',
    "5 MB": b"[" + b" " * 5_000_000 + b"]",
    "bytes that are no text": b"\xff\xfe\x00",
    "an object": b'{"format": 6}',
    "nothing": b"",
}


def damage(path, how):
    path.unlink(missing_ok=True)
    if how == "pipe":
        os.mkfifo(path)
    elif how == "folder":
        path.mkdir()
    else:
        path.write_bytes(SMALL[how])


@pytest.mark.parametrize("how", [*SMALL, "pipe", "folder"])
def test_damaged_settings_are_one_line(tmp_path, how):
    damage(tmp_path / "config.toml", how)
    if how == "nothing":
        assert load_settings({}, tmp_path).port == 8000
        return
    with pytest.raises(SettingsError, match="config.toml|port is") as caught:
        load_settings({}, tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("how", [*SMALL, "pipe", "folder"])
def test_damaged_suggestions_take_nothing_away_and_are_told_once(client, data, how):
    damage(data / "suggested_questions.json", how)
    told = [client.get("/v1/info") for _ in range(2)]
    assert [one.json()["suggested_questions"] for one in told] == [[], []]
    assert len(client.app.state.service.told) == 1


def test_a_bad_suggestion_costs_itself_alone(client, data):
    good = {"lang": "es", "text": "¿Cuándo empieza la cosecha?"}
    content = [{"lang": "fr", "text": "?"}, good, 3, None, {"lang": "es", "text": [good]}]
    (data / "suggested_questions.json").write_text(json.dumps(content), "utf-8")
    assert client.get("/v1/info").json()["suggested_questions"] == [good]


@pytest.mark.parametrize("how", [*SMALL, "pipe", "folder"])
def test_a_damaged_manifest_is_one_line_for_whoever_meets_it(data, how):
    [folder] = [p for p in (data / "builds").iterdir() if p.is_dir()]
    damage(folder / "manifest.json", how)
    engine = Engine(data, HashEncoder())
    assert engine.index is None
    assert "\n" not in str(engine.problem)
    [told] = list_builds(data)
    assert told.problem
    assert build(data, HashEncoder()).n_documents == 1


def test_an_upload_of_too_many_files_is_told_the_limit(client):
    files = [("files", (f"{n}.txt", b"x")) for n in range(1100)]
    told = client.post("/v1/documents", files=files, headers={"Accept-Language": "es"})
    assert_told(told, 413, "payload_too_large")
    assert "límite de 1000" in told.json()["detail"]
