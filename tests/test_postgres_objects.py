"""Documents whose bytes are objects and whose rows are in a real PostgreSQL: none is lost, none is left, and no other bytes are handed out."""

import hashlib
import os
import signal
import subprocess
import sys
import tarfile
import threading
from contextlib import closing
from functools import partial

import pytest
from conftest import ROOT
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from postgres_server import needs_postgres
from s3_server import needs_s3
from test_postgres import builds_at
from test_postgres_documents import ids, objects_at, read

from api.app import create_app
from api.messages import translated
from api.opening import catalogue_of, documents_of, moment_of
from api.settings import load_settings
from api.shared_backup import backup_shared
from corpus.document import StorageError, UnreadableDocumentError
from index.generations.write import building
from index.local.build import build
from qa.engine import Engine

pytestmark = needs_postgres

ENCODER = HashEncoder(64)
# how the table was before objects were
OLD_TABLE = """
CREATE SCHEMA fuente;
CREATE TABLE fuente.originals (
    collection text, doc_id bytea, sha256 text NOT NULL, n_bytes bigint NOT NULL, modified_ns bigint NOT NULL, content bytea NOT NULL,
    PRIMARY KEY (collection, doc_id)
);
"""


@pytest.fixture
def place(tmp_path):
    (tmp_path / "mnt").mkdir()
    return tmp_path / "mnt"


@pytest.fixture
def host(database, place):
    """What opens the documents of a collection, as each host does."""
    return lambda name="default": documents_at(database, name, objects_at(f"file://{place}"))


def documents_at(url, name, objects=None):
    from index.postgres.originals import PostgresDocuments

    return PostgresDocuments(url, name, objects)


def name_of(content):
    return hashlib.sha256(content).hexdigest()


def names(place):
    return {path.name for path in place.rglob("*") if path.is_file()}


def rows(database, sql="SELECT content IS NULL FROM fuente.originals"):
    import psycopg

    with psycopg.connect(database) as connection:
        return connection.execute(sql).fetchall()


def test_bytes_are_kept_once_and_go_with_the_last_document_that_has_them(host, place, database):
    one, other = host(), host("letters")
    for documents in (one, other):
        documents.put("a.txt", b"same")
        documents.put("b/c.txt", b"same")
    assert names(place) == {name_of(b"same")}
    assert set(rows(database)) == {(True,)}
    one.move([("a.txt", "x.txt")])
    one.put("x.txt", b"new")
    one.remove("b/c.txt")
    other.remove("a.txt")
    assert read(other, "b/c.txt") == b"same"
    assert names(place) == {name_of(b"same"), name_of(b"new")}
    other.put("b/c.txt", b"same")
    assert read(other, "b/c.txt") == b"same"
    other.remove("b/c.txt")
    assert names(place) == {name_of(b"new")}
    assert rows(database, "SELECT * FROM fuente.unnamed") == []


def test_what_is_in_the_table_is_read_from_it_and_goes_away_when_it_is_put_anew(
    host, place, database
):
    import psycopg

    with psycopg.connect(database) as connection:
        connection.execute(OLD_TABLE)
        connection.execute(
            "INSERT INTO fuente.originals VALUES ('default', 'a.txt', %s, 3, 1, 'old')",
            (name_of(b"old"),),
        )
    before = documents_at(database, "default")
    assert read(before, "a.txt") == b"old"
    documents = host()
    documents.put("b.txt", b"new")
    assert (read(documents, "a.txt"), read(documents, "b.txt")) == (b"old", b"new")
    assert names(place) == {name_of(b"new")}
    documents.put("a.txt", b"old")
    assert rows(database) == [(True,), (True,)]
    # a host that is told of no objects puts it back into the table
    before.put("b.txt", b"new")
    assert read(before, "b.txt") == b"new"
    documents.put("c.txt", b"")
    assert names(place) == {name_of(b"old"), name_of(b"")}


def test_a_host_that_is_not_told_where_the_bytes_are_says_so(host, database):
    host().put("a.txt", b"one")
    with pytest.raises(StorageError, match="set FUENTE_ORIGINALS as at the other hosts") as caught:
        read(documents_at(database, "default"), "a.txt")
    assert "FUENTE_ORIGINALS" in translated(str(caught.value), "es")


KILLED = """
import os, signal, sys
from index.objects import Objects
from index.postgres.originals import PostgresDocuments

class Killed(Objects):
    def put(self, name, content):
        super().put(name, content)
        if content == b"deadly":
            os.kill(os.getpid(), signal.SIGKILL)

    def remove(self, name):
        os.kill(os.getpid(), signal.SIGKILL)

documents = PostgresDocuments(sys.argv[1], "default", Killed(sys.argv[2], "X"))
documents.put("a.txt", b"one")
if sys.argv[3] == "put":
    documents.put("a.txt", b"deadly")
elif sys.argv[3] == "replace":
    documents.put("a.txt", b"two")
else:
    documents.remove("a.txt")
"""


@pytest.mark.parametrize("when", ["put", "replace", "remove"])
def test_a_host_that_is_killed_loses_nothing_that_was_said_to_be_kept(host, place, database, when):
    run = subprocess.run(
        [sys.executable, "-c", KILLED, database, f"file://{place}", when],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
        capture_output=True,
        text=True,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    documents = host()
    now = {"put": [b"one"], "replace": [b"two"], "remove": []}[when]
    assert [read(documents, doc_id) for doc_id in ids(documents)] == now
    # at most an object that nothing names
    assert names(place) - {name_of(content) for content in now} == {
        name_of(b"deadly" if when == "put" else b"one")
    }
    # which the next change takes away, or the next document that has it
    documents.put("b.txt", b"deadly" if when == "put" else b"three")
    documents.remove("b.txt")
    assert names(place) == {name_of(content) for content in now}


def test_a_document_put_at_one_host_is_not_lost_by_the_removal_of_the_same_at_another(host):
    failed = []

    def change(documents, n):
        try:
            for _ in range(40):
                documents.put("a.txt", b"same")
                if n % 2:
                    documents.put("a.txt", b"other")
                assert read(documents, "a.txt") == (b"other" if n % 2 else b"same")
                documents.remove("a.txt")
                documents.put("b.txt", b"same")
                assert read(documents, "b.txt") == b"same"
        except BaseException as error:
            failed.append(error)

    hosts = [host(f"c{n}") for n in range(4)]
    threads = [threading.Thread(target=change, args=(d, n)) for n, d in enumerate(hosts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [read(documents, "b.txt") for documents in hosts] == [b"same"] * 4


def test_what_cannot_be_had_is_left_out_of_a_build_and_the_others_are_not(
    host, place, database, tmp_path
):
    from index.postgres.write import writing

    given = {"documents": host(), "into": partial(building, writing, database, "default")}
    documents = given["documents"]
    texts = {n: f"The well number {n} is deep.".encode() for n in range(3)}
    for n, text in texts.items():
        documents.put(f"{n}.txt", text)
    damaged, missing = (place / name_of(texts[n])[:2] / name_of(texts[n]) for n in range(2))
    damaged.write_bytes(b"The well number 0 is dry?!")
    missing.unlink()
    (tmp_path / "one").mkdir()
    made = build(tmp_path / "one", ENCODER, **given)
    assert made.added == ("2.txt",)
    assert [one.doc_id for one in made.skipped] == ["0.txt", "1.txt"]
    for n, one in enumerate(made.skipped):
        assert f"the bytes of '{n}.txt' are not what was put there: the object" in one.reason
        assert "el objeto" in translated(one.reason, "es")
    with documents.here(["0.txt", "2.txt"]) as folder:
        assert folder.read("2.txt") == texts[2]
        with pytest.raises(UnreadableDocumentError):
            folder.read("0.txt")
    # what is put again is whole again, and what is lost is sent again with its folder
    documents.put("0.txt", texts[0])
    (tmp_path / "given").mkdir()
    for n, text in texts.items():
        (tmp_path / "given" / f"{n}.txt").write_bytes(text)
    documents.add(tmp_path / "given")
    again = build(tmp_path / "one", ENCODER, **given)
    assert (again.added, again.skipped) == (("0.txt", "1.txt"), ())


def settings_in(data, url, originals):
    data.mkdir(exist_ok=True)
    return load_settings({}, data, {"index": url, "documents": "index", "originals": originals})


def service(settings):
    app = create_app(settings, Engine(builds_at(settings.index, "default"), ENCODER))
    return TestClient(app, base_url="http://127.0.0.1")


def test_a_service_says_what_cannot_be_had_and_goes_on(place, database, tmp_path):
    settings = settings_in(tmp_path / "data", database, f"file://{place}")
    text = b"The mill grinds wheat."
    with service(settings) as client:
        sent = {"files": ("mill.txt", text, "text/plain")}
        assert client.post("/v1/documents", files=sent).status_code == 201
        assert client.get("/v1/documents/mill.txt/original").content == text
        path = place / name_of(text)[:2] / name_of(text)
        path.write_bytes(b"something else")
        refused = client.get("/v1/documents/mill.txt/original")
        assert (refused.status_code, refused.json()["code"]) == (422, "unreadable_document")
        assert client.post("/v1/documents", files=sent).status_code == 201
        assert client.get("/v1/documents/mill.txt/original").content == text
        # the disk of the folder goes away
        place.rename(tmp_path / "away")
        for told in (
            client.post("/v1/documents", files=sent),
            client.get("/v1/documents/mill.txt/original"),
        ):
            assert (told.status_code, told.json()["code"]) == (503, "storage_unavailable")
        assert client.get("/v1/documents").status_code == 200
        # and nothing of it is needed to remove one; its object goes when it can
        assert client.delete("/v1/documents/mill.txt").status_code in (200, 202, 204)
        (tmp_path / "away").rename(place)
        assert names(place) == {name_of(text)}
        sent = {"files": ("b.txt", b"two", "text/plain")}
        assert client.post("/v1/documents", files=sent).status_code == 201
        assert names(place) == {name_of(b"two")}


@needs_s3
def test_an_object_storage_that_is_away_is_503_in_both_languages(database, tmp_path, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    settings = settings_in(tmp_path / "data", database, "s3://bucket/below")
    with service(settings) as client:
        for lang, words in (("es", "no se puede usar"), ("en", "cannot be had")):
            told = client.post(
                "/v1/documents",
                files={"files": ("mill.txt", b"one", "text/plain")},
                headers={"Accept-Language": lang},
            )
            assert told.status_code == 503
            assert words in told.json()["detail"]
            assert "secret" not in told.text
        assert client.get("/v1/documents").json()["data"] == []


def test_the_objects_of_a_collection_go_with_it(host, place, database, tmp_path):
    from index.postgres.collections import CollectionTable

    settings = settings_in(tmp_path / "data", database, f"file://{place}")
    with closing(catalogue_of(settings)) as catalogue:
        catalogue.create("letters")
        letters = host("letters")
        for n in range(3):
            letters.put(f"{n}.txt", b"%d" % n)
        host().put("2.txt", b"2")
        catalogue.rename("letters", "cartas")
        assert read(host("cartas"), "1.txt") == b"1"
        with closing(CollectionTable(database)) as table:
            assert table.remove("cartas")
    assert len(names(place)) == 3
    # the next build or change of any host
    host().expect(0, may_be_gone=False)
    assert names(place) == {name_of(b"2")}


def test_what_is_removed_while_a_backup_is_made_is_in_it(place, database, tmp_path):
    settings = settings_in(tmp_path / "data", database, f"file://{place}")
    documents = documents_of(settings, settings.data)
    documents.put("a.txt", b"one")
    moment = moment_of(settings)

    class Opened:
        def __enter__(self):
            found = moment.__enter__()
            documents.remove("a.txt")
            documents.put("b.txt", b"two")
            return found

        def __exit__(self, *error):
            return moment.__exit__(*error)

    backup_shared(Opened(), settings.data, tmp_path / "a.tgz")
    with tarfile.open(tmp_path / "a.tgz") as archive:
        assert archive.extractfile("documents/a.txt").read() == b"one"
        assert "documents/b.txt" not in archive.getnames()
    assert names(place) == {name_of(b"one"), name_of(b"two")}
    documents.put("c.txt", b"")
    assert names(place) == {name_of(b"two"), name_of(b"")}


@pytest.mark.parametrize("content", [b"other one", b"short", None])
def test_a_backup_with_other_bytes_is_none(place, database, tmp_path, content):
    settings = settings_in(tmp_path / "data", database, f"file://{place}")
    documents_of(settings, settings.data).put("a.txt", b"the bytes")
    path = place / name_of(b"the bytes")[:2] / name_of(b"the bytes")
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    (tmp_path / "to").mkdir()
    with pytest.raises(UnreadableDocumentError, match=r"the bytes of 'a.txt' are not what was put"):
        backup_shared(moment_of(settings), settings.data, tmp_path / "to" / "a.tgz")
    assert list((tmp_path / "to").iterdir()) == []
