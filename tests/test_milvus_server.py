"""An index in a real Milvus that the test starts and kills: documents that are deleted are gone, generations move at once, nothing
that was acknowledged is lost, and who asks after a restart is answered.

Words are proposed by the client of the test, since this server has no sparse vectors (see ``milvus_server``); the rest is ours.
"""

import random
import threading
import time
from contextlib import closing

import pytest
from milvus_server import MilvusServer, needs_milvus_server, older_client
from test_milvus import (
    ENCODER,
    builds_at,
    built,
    found,
    moved,
    nothing_stays_of_others,
)
from test_milvus import (
    test_who_asks_while_generations_are_switched_finds_one_of_them as asked_while_switched,
)
from test_postgres import generated, put, questions_of

from corpus.document import IndexUnavailableError
from index.local.build import build
from index.local.store import Index
from qa.engine import Engine, Query

# a strong read takes some tenths of a second, and a restart half a minute
pytestmark = [needs_milvus_server, pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def server():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.milvus.server.MilvusClient", older_client())
        # on a busy machine a server that is just starting takes longer to greet than people would wait
        patch.setattr("index.milvus.server._CONNECT_S", 30)
        server = MilvusServer()
        try:
            yield server
        finally:
            server.close()


def alike(data, url, collection, chance, n):
    """Asserts that so many questions find the same there, with the same scores, as in the data directory."""
    with (
        closing(Engine(data, ENCODER)) as local,
        closing(Engine(builds_at(url, collection), ENCODER)) as there,
    ):
        assert there.serving().documents() == local.serving().documents()
        for query in questions_of(local.serving(), chance, n):
            assert found(there, query) == found(local, query)


def rows(url, collection, kind, where, *fields):
    """What Milvus has of the passages or documents of a collection."""
    from index.milvus.layout import Layout
    from index.milvus.server import Server

    with closing(Server(url)) as server:
        name = getattr(Layout(server, collection).names(64), kind)
        return server.rows(name, where, ["id", *fields])


def test_what_is_deleted_is_gone_and_scores_are_those_of_a_local_index(
    server, tmp_path, monkeypatch
):
    monkeypatch.setattr("index.milvus.write._GRACE_S", 0)
    chance, data, there = random.Random(3), tmp_path / "data", tmp_path / "there"
    documents = generated(chance, 10)
    put(data, documents)
    build(data, ENCODER)
    moved(server.url, "deleted", data)
    alike(data, server.url, "deleted", chance, 3)
    numbers = {
        row["doc_id"]: row["id"]
        for row in rows(server.url, "deleted", "documents", "id >= 0", "doc_id")
    }
    gone = sorted(documents)[:4]
    theirs = f"doc in {[numbers[name] for name in gone]}"
    for name in gone:
        del documents[name]
    documents["nuevo.md"] = "# Nuevo\n\nEl ñandú cruza el puente de la montaña.\n"
    for folder in (data, there):
        put(folder, documents)
    build(data, ENCODER, allow_removal=True)
    built(server.url, "deleted", there, allow_removal=True)
    # a question finds none of them from that build on
    alike(data, server.url, "deleted", chance, 3)
    with closing(Engine(builds_at(server.url, "deleted"), ENCODER)) as engine:
        for query in (Query("¿Quién cruza el puente?", "es"), Query("Who crosses it?", "en")):
            assert not {hit[0].doc_id for hit in found(engine, query)} & set(gone)
    # and when the build before goes, so does all that was stored of them: whoever reads next finds nothing
    assert rows(server.url, "deleted", "passages", theirs)
    builds_at(server.url, "deleted").prune(1)
    assert not rows(server.url, "deleted", "passages", theirs)
    nothing_stays_of_others(server.url, "deleted")


def test_who_asks_while_generations_are_switched_finds_one_of_them(server, tmp_path):
    asked_while_switched(server.url, tmp_path)


def test_another_generation_serves_with_the_one_row_that_says_so(server, tmp_path):
    data, ids = tmp_path / "data", []
    for n in range(2):
        put(data, {"a.txt": f"El molino número {n} muele.\n"})
        ids.append(built(server.url, "moves", data).build_id)
    writes, reads = builds_at(server.url, "moves"), builds_at(server.url, "moves")
    for build_id in (ids[0], ids[1], ids[0]):
        writes.activate(build_id)
        assert reads.current_id() == build_id


def test_a_row_that_was_sent_twice_is_one(server, tmp_path):
    """What is not acknowledged in time is sent again, and may have been written both times."""
    from index.milvus.layout import Layout
    from index.milvus.server import Server

    data = tmp_path / "data"
    put(data, {"a.txt": "La niña cruza el río.\n", "b.txt": "The well is deep.\n"})
    with pytest.MonkeyPatch.context() as patch:
        twice = older_client()
        upsert = twice.upsert

        def again(self, name, given, **more):
            upsert(self, name, given, **more)
            return upsert(self, name, given, **more)

        twice.upsert = again
        patch.setattr("index.milvus.server.MilvusClient", twice)
        built(server.url, "twice", data)
    with closing(Server(server.url)) as asked:
        where = Layout(asked, "twice")
        assert [len(where.read().rows), len(where.read().switches)] == [1, 1]
    assert len(rows(server.url, "twice", "passages", "id >= 0")) == 2
    build(data, ENCODER)
    alike(data, server.url, "twice", random.Random(1), 2)


def test_nothing_acknowledged_is_lost_by_a_kill_amid_inserts_and_questions_wait_for_the_restart(
    server, tmp_path
):
    from index.generations.write import move
    from index.milvus.write import writing

    serves, comes = tmp_path / "serves", tmp_path / "comes"
    put(serves, generated(random.Random(4), 6))
    build(serves, ENCODER)
    moved(server.url, "serves", serves)
    put(comes, {f"{n}.txt": f"The well number {n} is deep.\n" for n in range(60)})
    build(comes, ENCODER)
    acknowledged, enough = [0], threading.Event()

    def told(done, n):
        acknowledged.append(done)
        if done == 4:
            enough.set()

    def kill():
        enough.wait(600)
        # somewhere amid the next documents
        time.sleep(random.random() * 0.05)
        server.kill()

    killer = threading.Thread(target=kill)
    with (
        closing(Engine(serves, ENCODER)) as local,
        closing(Engine(builds_at(server.url, "serves"), ENCODER)) as there,
    ):
        questions = questions_of(local.serving(), random.Random(8), 3)
        assert found(there, questions[0]) == found(local, questions[0])
        with closing(Index.open(comes, ENCODER)) as index:
            killer.start()
            with pytest.raises(IndexUnavailableError):
                move(writing, server.url, "comes", index, ENCODER, told)
        killer.join(60)
        server.start()
        # the first question after the restart: no error is raised, whatever the server says meanwhile
        for query in questions:
            assert found(there, query) == found(local, query)
    assert builds_at(server.url, "comes").current_id() is None
    done = moved(server.url, "comes", comes)
    assert 4 <= acknowledged[-1] <= done.n_kept < 60
    assert done.n_kept + done.n_written == 60
    alike(comes, server.url, "comes", random.Random(2), 3)
