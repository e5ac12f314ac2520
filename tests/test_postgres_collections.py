"""Collections that hosts share in a real PostgreSQL: made, renamed and removed at one of them, so they are at the others."""

import threading
import time
from contextlib import closing

import pytest
from hash_encoder import HashEncoder
from local_server import write_documents
from postgres_server import PostgresServer, needs_postgres
from test_postgres import moved
from test_postgres_keys import AWAY, host, until

from api.cli import main
from api.collections import DEFAULT, FolderCatalogue, put_away_name
from api.shared_collections import SharedCatalogue
from corpus.document import (
    BuildRunningError,
    CollectionError,
    CollectionExistsError,
    IndexUnavailableError,
    UnknownCollectionError,
)
from index.local.build import build

TOLD_S = 10.0
"""What a busy machine needs for what takes half a second, and a request."""


def shared(url, data):
    from index.postgres.collections import CollectionTable

    return SharedCatalogue(CollectionTable(url), data)


@pytest.fixture(params=["folder", pytest.param("table", marks=needs_postgres)])
def catalogue(request, tmp_path):
    """Collections wherever they may be kept; none yet but default."""
    if request.param == "folder":
        found = FolderCatalogue(tmp_path)
    else:
        found = shared(request.getfixturevalue("database"), tmp_path)
    with closing(found):
        yield found


def test_collections_are_made_told_renamed_put_away_and_back(catalogue):
    assert catalogue.names() == [DEFAULT]
    assert catalogue.folder_of(DEFAULT) == catalogue.data
    assert catalogue.identity("letters") is None
    folder = catalogue.create("letters")
    assert folder.is_dir()
    (folder / "calibration.json").write_text("{}")
    assert catalogue.names() == [DEFAULT, "letters"]
    assert catalogue.folder_of("letters") == folder
    until(lambda: catalogue.identity("letters") is not None)
    with pytest.raises(CollectionExistsError, match="there is a collection 'letters' already"):
        catalogue.create("letters")
    for name in ("Año", "../x", "", "-a", "x" * 64):
        with pytest.raises(CollectionError):
            catalogue.create(name)
        with pytest.raises(UnknownCollectionError, match="there are default, letters"):
            catalogue.folder_of(name)
    catalogue.create("other")
    with pytest.raises(CollectionExistsError):
        catalogue.rename("letters", "other")
    for change in (catalogue.delete, catalogue.put_away, lambda name: catalogue.rename(name, "x")):
        with pytest.raises(CollectionError, match="'default' is the data directory itself"):
            change(DEFAULT)
        with pytest.raises(UnknownCollectionError):
            change("gone")
    assert (catalogue.rename("letters", "cartas") / "calibration.json").exists()
    assert catalogue.names() == [DEFAULT, "cartas", "other"]
    away = catalogue.put_away("cartas")
    assert abs(away.until - time.time() - 3600) < 60
    assert catalogue.names() == [DEFAULT, "other"]
    assert [one.name for one in catalogue.all_put_away()] == ["cartas"]
    catalogue.forget()
    assert (catalogue.put_back("cartas") / "calibration.json").exists()
    assert catalogue.all_put_away() == []
    with pytest.raises(UnknownCollectionError, match="deleted within the hour"):
        catalogue.put_back("cartas")
    catalogue.delete("cartas")
    assert catalogue.names() == [DEFAULT, "other"]
    until(lambda: catalogue.identity("cartas") is None)


def executed(url, sql):
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def originals(url):
    return executed(url, "SELECT DISTINCT collection FROM fuente.originals ORDER BY 1")


@needs_postgres
def test_all_that_the_server_holds_of_one_goes_with_its_name_and_in_the_end_with_it(
    database, tmp_path
):
    from index.postgres.feedback import FeedbackTable
    from index.postgres.originals import PostgresDocuments

    catalogue = shared(database, tmp_path)
    with closing(catalogue):
        for name in ("letters", "other"):
            catalogue.create(name)
            PostgresDocuments(database, name).put("a.txt", b"A.")
            FeedbackTable(database, name, 100).add(name)
        catalogue.rename("letters", "cartas")
        assert originals(database) == [("cartas",), ("other",)]
        assert FeedbackTable(database, "cartas", 100).lines() == ["letters"]
        catalogue.put_away("cartas")
        assert PostgresDocuments(database, "cartas").scan().sources == ()
        executed(database, "UPDATE fuente.collections SET until = now() WHERE until IS NOT NULL")
        assert catalogue.all_put_away() == []
        catalogue.forget()
        assert originals(database) == [("other",)]
        assert executed(database, "SELECT collection, line FROM fuente.feedback") == [
            ("other",) * 2
        ]
        catalogue.delete("other")
        assert originals(database) == []


@needs_postgres
def test_collections_that_are_in_the_server_already_are_among_them(database, tmp_path):
    from index.postgres.originals import PostgresDocuments

    for name in ("default", "letters"):
        PostgresDocuments(database, name).put("a.txt", b"A.")
    executed(database, "CREATE TABLE fuente.current (collection text PRIMARY KEY, generation int)")
    executed(database, "INSERT INTO fuente.current VALUES ('default', 1), ('built', 1)")
    with closing(shared(database, tmp_path)) as catalogue:
        assert catalogue.names() == [DEFAULT, "built", "letters"]
        catalogue.create("empty")
    with closing(shared(database, tmp_path)) as catalogue:
        assert catalogue.names() == [DEFAULT, "built", "empty", "letters"]


@needs_postgres
def test_a_build_is_told_to_stop_and_one_that_does_not_is_not_disturbed(
    database, tmp_path, monkeypatch
):
    from index.postgres.queue import JobQueue

    monkeypatch.setattr("index.postgres.collections._WAIT_S", 1)
    queue = JobQueue(database, "letters")
    with closing(shared(database, tmp_path)) as catalogue:
        catalogue.create("letters")
        with queue.builder() as builder:
            queue.add(full=False, allow_removal=False, behind=False, keep=3)
            job = builder.take()
            with pytest.raises(BuildRunningError, match="a build of the collection 'letters'"):
                catalogue.rename("letters", "cartas")
            assert builder.tell(job.job_id, None)
        assert catalogue.names() == [DEFAULT, "letters"]
        catalogue.rename("letters", "cartas")
        assert [row.job_id for row in JobQueue(database, "cartas").kept()] == [job.job_id]


@needs_postgres
def test_of_many_who_take_a_name_at_once_one_has_it(database, tmp_path):
    made, refused = [], []

    def take(number):
        with closing(shared(database, tmp_path / str(number))) as catalogue:
            try:
                made.append(catalogue.create("letters"))
            except CollectionExistsError as error:
                refused.append(error)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(refused)) == (1, 7)


@needs_postgres
def test_those_that_were_there_stay_while_the_server_is_away(tmp_path):
    server = PostgresServer()
    try:
        with closing(shared(server.url, tmp_path)) as catalogue:
            catalogue.create("letters")
            there = catalogue.identity("letters")
            assert there is not None
            server.kill()
            time.sleep(1.5)
            assert catalogue.identity("letters") == there
            assert catalogue.folder_of("letters").is_dir()
            catalogue.forget()
            with pytest.raises(IndexUnavailableError):
                catalogue.names()
    finally:
        server.close()


def asked(client, name):
    return client.get(f"/v1/collections/{name}/info").status_code


def made(client, name, **more):
    return client.post("/v1/collections", json={"name": name, **more})


@needs_postgres
def test_a_collection_of_one_host_is_at_the_other_without_a_restart(database, tmp_path):
    with host(database, tmp_path / "one") as one, host(database, tmp_path / "two") as two:
        assert asked(two, "letters") == 404
        assert made(one, "letters").status_code == 201
        assert made(two, "letters").status_code == 409
        assert [c["name"] for c in two.get("/v1/collections").json()["data"]] == [
            "default",
            "letters",
        ]
        files = {"files": ("barca.txt", "Iñaki vendió la barca azul en mayo.\n", "text/plain")}
        body = two.post("/v1/collections/letters/documents?build=true", files=files)
        assert body.status_code == 201, body.text
        job = body.json()["job"]["url"]
        until(lambda: two.get(job).json()["status"] == "succeeded", 120)
        for client in (one, two):
            found = client.post("/v1/collections/letters/search", json={"query": "barca"})
            assert "barca azul" in found.json()["data"][0]["text"]
        assert one.patch("/v1/collections/letters", json={"name": "cartas"}).is_success
        until(lambda: asked(two, "letters") == 404, TOLD_S)
        found = two.post("/v1/collections/cartas/search", json={"query": "barca"})
        assert "barca azul" in found.json()["data"][0]["text"]
        assert two.delete("/v1/collections/cartas?undo=true").json()["until"]
        until(lambda: asked(one, "cartas") == 404, TOLD_S)
        [away] = one.get("/v1/collections").json()["deleted"]
        assert away["name"] == "cartas"
        assert made(one, "cartas", undelete=True).status_code == 201
        found = two.post("/v1/collections/cartas/search", json={"query": "barca"})
        assert "barca azul" in found.json()["data"][0]["text"]
        # another one of the same name has nothing of the first
        assert one.delete("/v1/collections/cartas").is_success
        assert made(one, "cartas").status_code == 201

        def is_empty():
            return two.get("/v1/collections/cartas/documents").json()["data"] == []

        until(is_empty, TOLD_S)
        found = two.post("/v1/collections/cartas/search", json={"query": "barca"})
        assert found.json()["data"] == []


@needs_postgres
def test_a_collection_whose_build_is_migrated_is_at_a_host_that_runs(database, tmp_path):
    write_documents(tmp_path / "here", {"barca.txt": "Iñaki vendió la barca azul en mayo.\n"})
    build(tmp_path / "here", HashEncoder(64))
    with host(database, tmp_path / "one") as one:
        assert made(one, "letters").status_code == 201
        assert asked(one, "cartas") == 404
        moved(database, "cartas", tmp_path / "here", HashEncoder(64))
        until(lambda: asked(one, "cartas") == 200, TOLD_S)
        found = one.post("/v1/collections/cartas/search", json={"query": "barca"})
        assert "barca azul" in found.json()["data"][0]["text"]


def noted(catalogue, name, text):
    (catalogue.folder_of(name) / "suggested_questions.json").write_text(text)


def notes(catalogue):
    return {
        name: path.read_text()
        for name in catalogue.names()[1:]
        if (path := catalogue.folder_of(name) / "suggested_questions.json").exists()
    }


@needs_postgres
@pytest.mark.parametrize("runs", [True, False], ids=["running", "stopped meanwhile"])
def test_what_a_host_has_of_a_collection_follows_its_name_that_another_one_changes(
    database, tmp_path, runs
):
    other = shared(database, tmp_path / "other")
    with closing(shared(database, tmp_path / "one")) as one, closing(other):
        for name in ("letters", "cartas", "deeds"):
            one.create(name)
            noted(other, name, name)
        if not runs:
            other.close()
            other = shared(database, tmp_path / "other")
        # two change their names
        one.rename("letters", "x")
        one.rename("cartas", "letters")
        one.rename("x", "cartas")
        one.put_away("deeds")
        assert notes(other) == {"cartas": "letters", "letters": "cartas"}
        one.put_back("deeds")
        assert notes(other)["deeds"] == "deeds"
        # another one of the same name has nothing of the first
        one.delete("deeds")
        one.create("deeds")
        assert notes(other) == {"cartas": "letters", "letters": "cartas"}
        hidden = [path.name for path in (tmp_path / "other" / "collections").glob(".*.away")]
        assert [put_away_name(name) for name in hidden] == ["deeds"]
        other.close()


@needs_postgres
def test_a_folder_that_was_of_another_server_goes_with_its_own_name(database, tmp_path):
    with closing(shared(database, tmp_path)) as catalogue:
        for name in ("letters", "cartas"):
            catalogue.create(name)
            noted(catalogue, name, name)
        folder = catalogue.folder_of("letters")
    for damaged in ('{"server": "db.example.org/index", "number": 2}', '{"number": []}', "{no"):
        (folder / ".collection.json").write_text(damaged)
        with closing(shared(database, tmp_path)) as catalogue:
            assert notes(catalogue) == {"cartas": "cartas", "letters": "letters"}
            catalogue.rename("letters", "deeds")
            assert notes(catalogue) == {"cartas": "cartas", "deeds": "letters"}
            catalogue.rename("deeds", "letters")


@needs_postgres
def test_a_disk_that_refuses_to_have_a_folder_follow_costs_no_collection(
    database, tmp_path, monkeypatch, caplog
):
    with (
        closing(shared(database, tmp_path / "one")) as one,
        closing(shared(database, tmp_path / "other")) as other,
    ):
        one.create("letters")
        noted(other, "letters", "here")

        def refuse(*_):
            raise PermissionError(1, "no")

        with monkeypatch.context() as patched:
            patched.setattr("pathlib.Path.rename", refuse)
            one.rename("letters", "cartas")
            assert other.names() == [DEFAULT, "cartas"]
        assert "folders of collections could not follow their names" in caplog.text
        # the next look tries it again
        assert notes(other) == {"cartas": "here"}


@needs_postgres
def test_a_server_that_is_away_is_told(tmp_path):
    with host(AWAY, tmp_path / "one", host="127.0.0.1") as client:
        assert made(client, "letters").status_code == 503


@needs_postgres
def test_they_are_made_and_removed_in_a_terminal_of_any_host(
    database, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("FUENTE_INDEX", database)
    monkeypatch.setenv("FUENTE_DOCUMENTS", "index")
    monkeypatch.setenv("FUENTE_LANGUAGE", "en")
    one, two = (["--data", str(tmp_path / name)] for name in ("one", "two"))
    assert main(["collections", "create", "letters", *one]) == 0
    assert main(["keys", "add", "ana", "--only", "letters", *two]) == 0
    assert main(["collections", "rename", "letters", "cartas", *two]) == 0
    assert main(["keys", "add", "zoe", "--only", "letters", *two]) == 1
    capsys.readouterr()
    assert main(["keys", *one]) == 0
    assert "ana  search  cartas" in capsys.readouterr().out
    assert main(["collections", "delete", "cartas", "--yes", *one]) == 0
    assert main(["collections", "restore", "cartas", *two]) == 0
    capsys.readouterr()
    assert main(["collections", "--json", *one]) == 0
    assert '"cartas"' in capsys.readouterr().out
