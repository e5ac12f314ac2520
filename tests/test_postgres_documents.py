"""Documents that hosts keep in a real PostgreSQL: the same contract as a folder, and whichever host builds has them all."""

import os
import time
import unicodedata
from contextlib import closing
from functools import partial

import pytest
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from postgres_server import needs_postgres
from s3_server import needs_s3
from test_postgres import builds_at

from api.app import create_app
from api.cli import main
from api.settings import load_settings
from corpus.collection import Collection
from corpus.document import (
    CorpusError,
    DocumentExistsError,
    IndexUnavailableError,
    SettingsError,
    StoreError,
    UnknownDocumentError,
    UnreadableDocumentError,
    UnsafePathError,
    UnsupportedFormatError,
)
from corpus.parse import MAX_BYTES
from index.local.build import build
from index.objects import Objects
from qa.engine import Engine

ENCODER = HashEncoder(64)


@pytest.fixture(
    params=[
        "folder",
        pytest.param("postgres", marks=needs_postgres),
        pytest.param("postgres and a shared folder", marks=needs_postgres),
        pytest.param("postgres and S3", marks=[needs_postgres, needs_s3]),
    ]
)
def documents(request, tmp_path):
    """Those of a collection of its own, empty, wherever documents may be kept."""
    if request.param == "folder":
        return Collection(tmp_path / "documents")
    from index.postgres.originals import PostgresDocuments

    objects = None
    if "shared folder" in request.param:
        (tmp_path / "mnt").mkdir()
        objects = objects_at(f"file://{tmp_path}/mnt")
    elif "S3" in request.param:
        objects = objects_at(request.getfixturevalue("s3").bucket())
    return PostgresDocuments(request.getfixturevalue("postgres").url, tmp_path.name, objects)


def objects_at(url):
    return Objects(url, "FUENTE_ORIGINALS")


def ids(documents):
    return [source.doc_id for source in documents.scan().sources]


def read(documents, doc_id):
    with documents.here([doc_id]) as folder:
        return folder.read(doc_id)


def test_what_is_kept_is_found_replaced_and_removed(documents):
    documents.expect(0, may_be_gone=False)
    assert documents.scan().sources == ()
    source = documents.put(unicodedata.normalize("NFD", "actas/año.txt"), b"one")
    assert (source.doc_id, source.size_bytes) == ("actas/año.txt", 3)
    documents.put("b.md", b"\x00\xff two")
    found = documents.scan().sources
    assert [one.doc_id for one in found] == ["actas/año.txt", "b.md"]
    assert found[0] == documents.scan(known={source.doc_id: source}).sources[0]
    assert (found[0].sha256, found[0].modified_ns) == (source.sha256, source.modified_ns)
    assert documents.holds("b.md")
    assert not documents.holds("c.md")
    assert read(documents, "b.md") == b"\x00\xff two"
    assert documents.put("b.md", b"three").sha256 != found[1].sha256
    assert read(documents, "b.md") == b"three"
    documents.remove("actas/año.txt")
    assert ids(documents) == ["b.md"]
    with pytest.raises(UnknownDocumentError, match="there is no document 'actas/año.txt'"):
        documents.remove("actas/año.txt")


def test_the_time_of_a_file_is_that_of_its_document(documents):
    source = documents.put("a.txt", b"one")
    for _ in range(2):
        with documents.here(["a.txt", "gone.txt"]) as folder:
            assert folder.path_of("a.txt").stat().st_mtime_ns == source.modified_ns
            assert not folder.path_of("gone.txt").exists()


def test_what_may_be_no_document_is_refused(documents):
    documents.put("a.txt", b"one")
    documents.put("below/b.txt", b"two")
    refused = [
        ("../a.txt", UnsafePathError),
        ("a.exe", UnsupportedFormatError),
        ("a.txt/c.txt", CorpusError),
        ("below/b.txt/c/d.txt", CorpusError),
    ]
    for doc_id, kind in refused:
        with pytest.raises(kind):
            documents.put(doc_id, b"three")
    documents.put("folder.md/b.txt", b"four")
    with pytest.raises(CorpusError, match="a file and a folder have the same name"):
        documents.put("folder.md", b"five")
    with pytest.raises(UnsafePathError):
        documents.holds("../a.txt")
    assert ids(documents) == ["a.txt", "below/b.txt", "folder.md/b.txt"]


def test_a_document_that_is_too_large_is_refused(documents, monkeypatch):
    monkeypatch.setattr("corpus.collection.MAX_BYTES", 10)
    assert MAX_BYTES > 10
    with pytest.raises(UnreadableDocumentError, match="the limit is 10"):
        documents.put("a.txt", b"x" * 11)


def test_all_moves_are_made_or_none(documents):
    for name in ("a.txt", "b.txt", "c.txt"):
        documents.put(name, name.encode())
    assert documents.move([("a.txt", "x/a.txt"), ("b.txt", "b.txt")]) == [("a.txt", "x/a.txt")]
    refused = [
        ([("b.txt", "y.txt"), ("gone.txt", "z.txt")], UnknownDocumentError),
        ([("b.txt", "y.txt"), ("c.txt", "x/a.txt")], DocumentExistsError),
        ([("b.txt", "y.txt"), ("c.txt", "y.txt")], DocumentExistsError),
        ([("b.txt", "y.txt"), ("b.txt", "z.txt")], DocumentExistsError),
        ([("b.txt", "y.exe")], UnsupportedFormatError),
        ([("b.txt", "c.txt/b.txt")], CorpusError),
    ]
    for moves, kind in refused:
        with pytest.raises(kind):
            documents.move(moves)
        assert ids(documents) == ["b.txt", "c.txt", "x/a.txt"]
    assert read(documents, "x/a.txt") == b"a.txt"


def test_files_and_folders_are_taken(documents, tmp_path):
    folder = tmp_path / "given"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "a.txt").write_text("one")
    (folder / "b.exe").write_text("two")
    skipped = []
    assert documents.add(folder, skipped.append) == ["below/a.txt"]
    assert [one.doc_id for one in skipped] == ["b.exe"]
    assert documents.add(folder / "below" / "a.txt") == ["a.txt"]
    assert documents.add(folder) == ["below/a.txt"]
    assert ids(documents) == ["a.txt", "below/a.txt"]
    with pytest.raises(CorpusError, match="there is no file or folder"):
        documents.add(folder / "gone")
    with pytest.raises(UnsupportedFormatError):
        documents.add(folder / "b.exe")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CorpusError, match="holds no file that can be read"):
        documents.add(tmp_path / "empty")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(documents, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("one")
    path.chmod(0)
    with pytest.raises(UnreadableDocumentError, match="permission denied"):
        documents.add(path)


def test_documents_in_a_server_need_one(tmp_path):
    for index in ("", "milvus://host:19530"):
        with pytest.raises(SettingsError, match="documents is 'index' but index is not in Postgre"):
            load_settings({"FUENTE_DOCUMENTS": "index", "FUENTE_INDEX": index}, tmp_path)


@needs_postgres
def test_a_server_that_is_away_is_told():
    from index.postgres.originals import PostgresDocuments

    documents = PostgresDocuments("postgresql://ana:secret@127.0.0.1:1/index", "default")
    assert documents.place == "127.0.0.1:1/index"
    with pytest.raises(IndexUnavailableError, match="127.0.0.1:1/index does not answer"):
        documents.put("a.txt", b"one")


@needs_postgres
def test_a_folder_is_not_followed_where_documents_are_in_a_server(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FUENTE_INDEX", "postgresql://127.0.0.1:1/index")
    monkeypatch.setenv("FUENTE_DOCUMENTS", "index")
    assert main(["build", "--watch", "--data", str(tmp_path)]) != 0
    assert "--watch follows the documents folder" in capsys.readouterr().err


@needs_postgres
def test_whichever_host_builds_has_the_documents_of_all(postgres, tmp_path):
    from index.generations.write import building
    from index.postgres.originals import PostgresDocuments
    from index.postgres.write import writing

    url, name = postgres.url, "originals"
    for data in ("one", "other"):
        (tmp_path / data).mkdir()
    given = {
        "documents": PostgresDocuments(url, name),
        "into": partial(building, writing, url, name),
    }
    given["documents"].put("es/molino.txt", b"El molino muele trigo.\n")
    made = build(tmp_path / "one", ENCODER, **given)
    assert (made.added, made.n_documents) == (("es/molino.txt",), 1)
    PostgresDocuments(url, name).put("well.txt", b"The well is deep.\n")
    again = build(tmp_path / "other", ENCODER, **given)
    assert (again.added, again.kept, again.n_documents) == (("well.txt",), ("es/molino.txt",), 2)
    assert build(tmp_path / "one", ENCODER, **given).build_id == again.build_id
    with closing(Engine(builds_at(url, name), ENCODER)) as engine:
        assert {one.doc_id for one in engine.serving().documents()} == {"es/molino.txt", "well.txt"}
    # nothing of the documents stays on a host
    assert [p.name for p in (tmp_path / "other").rglob("*") if p.is_file()] == [".lock"]
    for doc_id in ("es/molino.txt", "well.txt"):
        given["documents"].remove(doc_id)
    with pytest.raises(
        StoreError, match="there are no documents at .*, and the active build has 2"
    ):
        build(tmp_path / "one", ENCODER, **given)
    assert build(tmp_path / "one", ENCODER, allow_removal=True, **given).n_documents == 0


def host(url, data):
    """A service of a host with a data directory of its own."""
    data.mkdir()
    settings = load_settings({}, data, {"index": url, "documents": "index", "reload_s": 0.1})
    app = create_app(settings, Engine(builds_at(url, "default"), ENCODER))
    return TestClient(app, base_url="http://127.0.0.1")


def succeeded(client, job):
    end = time.monotonic() + 120
    while (status := client.get(job["url"]).json()["status"]) in ("queued", "running"):
        assert time.monotonic() < end, status
        time.sleep(0.2)
    assert status == "succeeded"


@needs_postgres
def test_a_file_uploaded_at_one_host_is_answered_and_handed_out_by_another(database, tmp_path):
    name = "mill.txt"
    with host(database, tmp_path / "one") as one, host(database, tmp_path / "two") as two:
        text = "The mill of Ronda grinds wheat since 1892.\n"
        given = one.post("/v1/documents?build=true", files={"files": (name, text, "text/plain")})
        assert given.status_code == 201, given.text
        succeeded(one, given.json()["job"])
        listed = two.get("/v1/documents").json()["data"]
        assert [(d["id"], d["size_bytes"]) for d in listed] == [(name, len(text))]
        assert two.get(f"/v1/documents/{name}/original").text == text
        etags = {c.get(f"/v1/documents/{name}/original").headers["ETag"] for c in (one, two)}
        assert len(etags) == 1
        again = two.post("/v1/documents", files={"files": (name, text, "text/plain")}).json()
        assert again["data"][0]["replaced"]
        assert two.get("/v1/documents/gone.txt/original").status_code == 404
        moved = [{"document_id": name, "to": "x/mill.txt"}]
        assert two.post("/v1/documents/move", json={"moves": moved}).status_code == 200
        assert one.get("/v1/documents/x/mill.txt/original").text == text
        assert two.delete("/v1/documents/x/mill.txt?build=true").status_code == 200
        assert one.get("/v1/documents/x/mill.txt/original").status_code == 404
    assert not (tmp_path / "two" / "documents").exists()
