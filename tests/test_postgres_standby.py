"""A primary that is killed under questions: its standby answers them, is promoted, and takes the next build."""

import random
import threading
import time
from contextlib import closing

import pytest
from hash_encoder import HashEncoder
from postgres_server import PostgresServer, needs_postgres
from test_postgres import builds_at, put
from test_postgres_build import ask, built, found

from corpus.document import IndexUnavailableError
from qa.engine import Engine, Query

pytestmark = needs_postgres
ENCODER = HashEncoder(64)


@pytest.mark.timeout(600)
def test_a_primary_killed_under_sixteen_clients_fails_no_question_and_its_standby_takes_its_place(
    tmp_path,
):
    primary = PostgresServer()
    standby = PostgresServer(of=primary)
    try:
        ask(primary.url, "ALTER SYSTEM SET synchronous_standby_names = '*'")
        ask(primary.url, "SELECT pg_reload_conf()")
        url = f"postgresql://postgres@/postgres?host={primary.host},{standby.host}"
        documents = {
            f"{n}.txt": f"El faro {n} de la costa lo cuida doña Inés {n}.\n" for n in range(60)
        }
        put(tmp_path, documents)
        before = built(url, "default", tmp_path).build_id
        with closing(Engine(builds_at(url, "default"), ENCODER)) as engine:
            asked = [Query(f"¿Quién cuida el faro {n}?") for n in range(60)]
            expected = [found(engine, query) for query in asked]
            assert all(expected)
            wrong, done, stop = [], [], threading.Event()

            def go_on_asking(chance):
                while not stop.is_set():
                    at = chance.randrange(len(asked))
                    # each from the tables, as in a service that has just begun
                    index = engine.serving()
                    index._passages._values.clear()
                    index._vectors._values.clear()
                    try:
                        if found(engine, asked[at]) != expected[at]:
                            wrong.append(asked[at].text)
                    except Exception as error:
                        wrong.append(repr(error))
                    done.append(at)

            clients = [
                threading.Thread(target=go_on_asking, args=(random.Random(n),)) for n in range(16)
            ]
            for client in clients:
                client.start()

            def more(n):
                wanted, end = len(done) + n, time.monotonic() + 120
                while len(done) < wanted and time.monotonic() < end:
                    time.sleep(0.05)
                assert len(done) >= wanted

            more(60)
            primary.kill()
            more(60)
            # a standby only answers
            with pytest.raises(IndexUnavailableError):
                builds_at(url, "default").activate(before)
            assert builds_at(url, "default").current_id() == before
            standby.promote()
            del documents["7.txt"]
            put(tmp_path, documents)
            after = built(url, "default", tmp_path)
            assert (after.removed, after.n_documents) == (("7.txt",), 59)
            more(30)
            stop.set()
            for client in clients:
                client.join(60)
            assert wrong == []
            assert engine.reload()
            gone = found(engine, Query("¿Quién cuida el faro 7?"))
            assert "7.txt" not in {passage.doc_id for passage, _, _ in gone}
    finally:
        standby.close()
        primary.close()
