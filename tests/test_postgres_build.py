"""Builds that are written into a real PostgreSQL: the same as local ones, one write to switch, and nothing lost when one is killed."""

import http.client
import json
import os
import queue
import random
import re
import signal
import sys
import threading
import time
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from child import started
from conftest import ROOT, clean_environ
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from postgres_server import PostgresServer, needs_postgres
from test_postgres import builds_at, generated, matched_alike, moved, opened, put, questions_of

from api.app import create_app
from api.cli import main
from api.settings import load_settings
from corpus import language
from corpus.document import (
    BuildRunningError,
    DamagedIndexError,
    IndexUnavailableError,
    NoIndexError,
    StorageError,
    StoreError,
    UnknownBuildError,
)
from index.local.build import BuildCancelled, build
from index.local.store import activate
from qa.engine import Engine, Query, SearchOptions

pytestmark = needs_postgres
ENCODER = HashEncoder(64)
TESTS = Path(__file__).parent


def built(url, collection, data, encoder=ENCODER, **given):
    """The report of a build that is kept in a server."""
    from index.generations.write import building
    from index.postgres.write import writing

    return build(data, encoder, into=partial(building, writing, url, collection), **given)


def found(engine, query):
    hits = engine.search(query, SearchOptions(limit=10)).hits
    return [(hit.passage, hit.score, hit.scores) for hit in hits]


def ask(url, sql, *values):
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(sql, values)
        return cursor.fetchall() if cursor.description else None


# ------------------------------------------------------------------------- the same as local builds


def edited(chance, documents):
    """One document more, less, or with another sentence."""
    what = chance.choice(["add", "add", "change", "change", "change", "remove", "move"])
    if what == "add" or len(documents) < 5:
        [(name, text)] = generated(chance, 1).items()
        documents[f"{chance.randrange(10**6)}-{name}"] = f"{text}\n\nNuevo {chance.random()}."
        return
    name = chance.choice(sorted(documents))
    if what == "change":
        documents[name] += f"\n\nLa niña número {chance.randrange(99)} cruza el puente."
    else:
        text = documents.pop(name)
        if what == "move":
            documents[f"otra/{chance.randrange(10**6)}.md"] = text


def two_hundred_edits_alike(tmp_path, build_there, builds_there):
    """Asserts that after two hundred edits, made into a build every few, what another engine holds, finds and scores is what a local
    index does, also while both are rolled back. ``build_there`` builds a data directory into the engine, ``builds_there`` are its builds."""
    chance = random.Random(20261127)
    here, there = tmp_path / "here", tmp_path / "there"
    documents, n_edits, ids = generated(chance, 30), 0, []
    while n_edits < 200:
        for _ in range(chance.randint(5, 20)):
            edited(chance, documents)
            n_edits += 1
        for data in (here, there):
            put(data, documents)
        ours = build(here, ENCODER, allow_removal=True)
        theirs = build_there(there)
        assert (ours.n_documents, ours.n_passages) == (theirs.n_documents, theirs.n_passages)
        ids.append((ours.build_id, theirs.build_id))
        if len(ids) == 7:
            # the build after it is made of what is in the folder, whatever serves
            activate(here, ids[-3][0])
            builds_there.activate(ids[-3][1])
            assert builds_there.current_id() == ids[-3][1]
            found_alike(here, builds_there, chance, 20)
    found_alike(here, builds_there, chance, 100)


def found_alike(here, builds_there, chance, n):
    """Asserts that of what serves both hold the same, and find the same for ``n`` questions, scores equal to the last bit."""
    with closing(Engine(here, ENCODER)) as local, closing(Engine(builds_there, ENCODER)) as served:
        ours, theirs = local.serving(), served.serving()
        assert theirs.documents() == ours.documents()
        every = list(range(len(ours)))
        assert theirs.places(every) == ours.places(every)
        assert [theirs.sentence_terms(row) for row in every] == [
            ours.sentence_terms(row) for row in every
        ]
        assert [(one.doc_id, one.sha256) for one in theirs.manifest.sources] == [
            (one.doc_id, one.sha256) for one in ours.manifest.sources
        ]
        assert theirs.manifest.languages == ours.manifest.languages
        for number, query in enumerate(questions_of(ours, chance, n)):
            assert found(served, query) == found(local, query)
            if number % 10 == 0:
                matched_alike(ours, theirs, query, None)


def test_two_hundred_edits_and_a_rollback_give_what_a_local_build_gives(postgres, tmp_path):
    url = postgres.url
    two_hundred_edits_alike(
        tmp_path, partial(built, url, "edits", allow_removal=True), builds_at(url, "edits")
    )
    # nothing stays of generations that are not kept
    stray = ask(
        url,
        "SELECT count(*) FROM fuente.documents d WHERE collection = 'edits' AND NOT EXISTS (SELECT FROM fuente.generations g"
        " WHERE g.collection = 'edits' AND g.generation >= d.since AND (d.until IS NULL OR g.generation < d.until))",
    )
    assert stray == [(0,)]


def test_what_is_counted_by_difference_is_what_is_counted_anew(postgres, tmp_path, monkeypatch):
    from index.postgres.write import Writing, writing

    counted = []

    def seen(there, served, docs):
        counted.append(after(there, served, docs))
        return counted[-1]

    after = Writing._terms_after
    monkeypatch.setattr(Writing, "_terms_after", seen)
    chance = random.Random(5)
    documents = generated(chance, 60)
    documents["only.txt"] = "Un ornitorrinco y otro ornitorrinco: ornitorrinco.\n"
    n_terms = []
    for number in range(10):
        if number == 4:
            del documents["only.txt"]
        elif number:
            edited(chance, documents)
        put(tmp_path, documents)
        built(postgres.url, "counted", tmp_path, allow_removal=True)
        with closing(opened(postgres.url, "counted")) as index:
            generation = index._generation
        with writing(postgres.url, "counted") as there:
            anew = there._terms(generation.docs.tolist())
        found = (generation.keys, generation.dfs, generation.peaks)
        for ours, theirs in zip(found, anew, strict=True):
            assert ours.dtype == theirs.dtype
            np.testing.assert_array_equal(ours, theirs)
        held = generation.term("es", language.terms("ornitorrinco", "es")[0])
        assert held == ((1, 3) if number < 4 else (0, 0))
        n_terms.append(len(generation.keys))
    assert len(counted) == 9
    assert len(set(n_terms)) > 3


def test_only_what_changed_is_encoded_and_written(postgres, tmp_path):
    url, data = postgres.url, tmp_path / "data"
    documents = {f"{n}.txt": f"El molino número {n} muele trigo.\n" for n in range(6)}
    put(data, documents)
    first = built(url, "changed", data)
    assert (first.n_documents, first.n_encoded) == (6, 6)
    assert built(url, "changed", data).build_id == first.build_id
    docs = "SELECT doc FROM fuente.documents WHERE collection = 'changed' AND until IS NULL ORDER BY doc"
    before = ask(url, docs)
    text = documents.pop("1.txt")
    put(data, {**documents, "2.txt": "The mill grinds no more.\n", "otra/1.txt": text})
    told = built(url, "changed", data, dry_run=True)
    assert (told.build_id, told.n_encode, told.n_documents) == (None, 1, 6)
    second = built(url, "changed", data)
    # what was moved has its vectors already
    assert (second.added, second.changed, second.removed) == (
        ("otra/1.txt",),
        ("2.txt",),
        ("1.txt",),
    )
    assert (second.n_encoded, second.n_documents, second.n_passages) == (1, 6, 6)
    assert len({doc for (doc,) in ask(url, docs)} & {doc for (doc,) in before}) == 4
    # nothing is kept in the data directory but the documents
    assert sorted(p.name for p in (data / "builds").iterdir()) == [".lock"]
    assert not (data / "CURRENT").exists()


def test_on_another_host_nothing_is_encoded_again(postgres, tmp_path):
    documents = {f"{n}.md": f"# Año {n}\n\nLa fuente {n} no se seca.\n" for n in range(4)}
    for name in ("one", "other"):
        put(tmp_path / name, documents)
    assert built(postgres.url, "hosts", tmp_path / "one").n_encoded == 4
    again = built(postgres.url, "hosts", tmp_path / "other")
    assert again.build_id == builds_at(postgres.url, "hosts").current_id()
    assert built(postgres.url, "hosts", tmp_path / "other", full=True).n_encoded == 4


def test_when_every_document_goes_an_empty_index_is_left(postgres, tmp_path):
    put(tmp_path, {"a.txt": "La niña cruza el río.\n"})
    built(postgres.url, "emptied", tmp_path)
    put(tmp_path, {})
    (tmp_path / "documents").mkdir()
    assert built(postgres.url, "emptied", tmp_path).n_documents == 0
    with closing(Engine(builds_at(postgres.url, "emptied"), ENCODER)) as engine:
        assert engine.search(Query("¿Quién cruza?")).hits == ()


def test_documents_that_are_gone_stop_a_build_and_no_folder_does(postgres, tmp_path):
    url = postgres.url
    put(tmp_path, {f"{n}.txt": f"The well number {n} is deep.\n" for n in range(8)})
    before = built(url, "gone", tmp_path).build_id
    put(tmp_path, {"1.txt": "The well number 1 is deep.\n"})
    with pytest.raises(StoreError, match="7 of the 8 documents of the active build are gone"):
        built(url, "gone", tmp_path)
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(StorageError, match="there is no folder"):
        built(url, "gone", tmp_path / "elsewhere")
    assert builds_at(url, "gone").current_id() == before


# ------------------------------------------------------------------------- switching, and what is kept


def test_a_rollback_is_one_write_and_what_serves_can_be_chosen_again(postgres, tmp_path):
    url, ids = postgres.url, []
    for n in range(3):
        put(tmp_path, {"a.txt": "It stays.\n", "b.txt": f"It changes, {n} times.\n"})
        ids.append(built(url, "chosen", tmp_path).build_id)
    builds = builds_at(url, "chosen")
    assert [(one.build_id, one.active) for one in builds.infos()] == [
        *((ids[2], True), (ids[1], False), (ids[0], False)),
    ]
    assert {(one.n_documents, one.n_passages, one.encoder) for one in builds.infos()} == {
        (2, 2, "hash")
    }
    assert all(one.size_bytes > 0 and one.problem is None for one in builds.infos())
    with closing(Engine(builds, ENCODER)) as engine:
        for build_id, times in ((ids[0], 0), (ids[1], 1), (ids[2], 2)):
            builds.activate(build_id)
            engine.reload()
            hits = engine.search(Query("What changes?")).hits
            assert f"It changes, {times} times." in {hit.passage.text for hit in hits}
            assert (builds.current_id(), builds.n_documents()) == (build_id, 2)
    with pytest.raises(UnknownBuildError, match="there is no build 'x'"):
        builds.activate("x")
    with pytest.raises(UnknownBuildError, match="there is no build 'x'"):
        builds.open(build_id="x")
    with pytest.raises(NoIndexError, match="there is no index of the collection nowhere"):
        builds_at(url, "nowhere").open(ENCODER)
    assert builds_at(url, "nowhere").infos() == []


def test_what_served_a_moment_ago_is_kept_for_those_who_still_read_it(
    postgres, tmp_path, monkeypatch
):
    url = postgres.url
    for n in range(5):
        put(tmp_path, {"a.txt": "It stays.\n", "b.txt": f"It changes, {n} times.\n"})
        built(url, "moment", tmp_path)
        if n == 0:
            first = opened(url, "moment")
    builds = builds_at(url, "moment")
    assert len(builds.infos()) == 5
    assert first.places([1])[0].passage.text == "It changes, 0 times."
    monkeypatch.setattr("index.postgres.write._GRACE_S", 0)
    assert len(builds.prune()) == 2
    assert len(builds.infos()) == 3
    # nobody reads it by then; who does is told to ask again
    with closing(first):
        first._passages._values.clear()
        for read in (
            lambda: first.places([1]),
            lambda: first.document("b.txt"),
            lambda: first.nearest(np.ones(64, np.float32) / 8, 2, np.array([1])),
        ):
            with pytest.raises(IndexUnavailableError, match="no longer kept"):
                read()
    left = ask(url, "SELECT count(*) FROM fuente.documents WHERE collection = 'moment'")
    assert left == [(4,)]


def test_the_last_build_with_documents_is_kept(postgres, tmp_path, monkeypatch):
    monkeypatch.setattr("index.postgres.write._GRACE_S", 0)
    put(tmp_path, {"a.txt": "La niña cruza el río.\n"})
    holding = built(postgres.url, "held", tmp_path).build_id
    for n in range(4):
        put(tmp_path, {f"{n}.empty": ""})
        built(postgres.url, "held", tmp_path)
    kept = builds_at(postgres.url, "held").infos()
    assert holding in {one.build_id for one in kept}


def test_what_was_moved_there_is_gone_on_with_and_the_other_way_round(postgres, tmp_path):
    url = postgres.url
    put(tmp_path, {"a.txt": "La niña cruza el río.\n", "b.txt": "El molino muele.\n"})
    build(tmp_path, ENCODER)
    moved(url, "both", tmp_path)
    assert built(url, "both", tmp_path).build_id == builds_at(url, "both").current_id()
    put(tmp_path, {"a.txt": "La niña cruza el río.\n", "b.txt": "El molino no muele.\n"})
    second = built(url, "both", tmp_path)
    assert (second.kept, second.n_encoded) == (("a.txt",), 1)
    # the local build is there still: it is made the current one, and nothing written
    assert (moved(url, "both", tmp_path).n_written, len(builds_at(url, "both").infos())) == (0, 2)


def test_documents_that_are_lost_there_are_told_and_a_full_build_mends_it(postgres, tmp_path):
    url = postgres.url
    put(tmp_path, {"a.txt": "La niña cruza el río.\n", "b.txt": "El molino muele.\n"})
    before = built(url, "lost", tmp_path).build_id
    ask(url, "DELETE FROM fuente.documents WHERE collection = 'lost' AND doc_id = 'a.txt'")
    put(tmp_path, {"a.txt": "La niña cruza el río.\n", "b.txt": "El molino no muele.\n"})
    with pytest.raises(DamagedIndexError, match="has 0 of 1 documents that are to stay"):
        built(url, "lost", tmp_path)
    assert builds_at(url, "lost").current_id() == before
    assert built(url, "lost", tmp_path, full=True).n_documents == 2
    # what was counted cannot be read: it is counted anew
    ask(url, "UPDATE fuente.generations SET statistics = 'x' WHERE collection = 'lost'")
    put(tmp_path, {"a.txt": "La niña no cruza el río.\n", "b.txt": "El molino no muele.\n"})
    built(url, "lost", tmp_path)
    with closing(opened(url, "lost")) as index:
        assert len(index.documents()) == 2
    # and one of which not even that can be read
    ask(url, "UPDATE fuente.generations SET facts = '{}' WHERE collection = 'lost'")
    with pytest.raises(DamagedIndexError, match="cannot be read"):
        opened(url, "lost")
    from index.postgres.write import writing

    with writing(url, "lost") as there, pytest.raises(DamagedIndexError, match="cannot be read"):
        there.current()


def test_another_encoder_makes_all_of_it_anew_and_the_way_back_stays(postgres, tmp_path):
    url = postgres.url
    put(tmp_path, {"a.txt": "La niña cruza el río.\n"})
    first = built(url, "encoders", tmp_path).build_id
    second = built(url, "encoders", tmp_path, HashEncoder(32))
    assert second.n_encoded == 1
    with closing(Engine(builds_at(url, "encoders"), HashEncoder(32))) as engine:
        assert engine.search(Query("¿Quién cruza?")).hits
    builds_at(url, "encoders").activate(first)
    with closing(Engine(builds_at(url, "encoders"), ENCODER)) as engine:
        assert engine.search(Query("¿Quién cruza?")).hits


# ------------------------------------------------------------------------- builders that are not alone, or die


def test_one_builds_at_a_time_wherever_it_is(postgres, tmp_path):
    for name in ("one", "other"):
        put(tmp_path / name, {"a.txt": "La niña cruza el río.\n"})

    def other(progress):
        if progress.stage == "encode":
            with pytest.raises(BuildRunningError, match="another process puts a build"):
                built(postgres.url, "alone", tmp_path / "other")
            # what serves can be chosen meanwhile
            with pytest.raises(UnknownBuildError):
                builds_at(postgres.url, "alone").activate("x")

    assert built(postgres.url, "alone", tmp_path / "one", progress=other).n_documents == 1


def test_a_build_can_be_cancelled_until_it_serves(postgres, tmp_path):
    url = postgres.url
    put(tmp_path, {f"{n}.txt": f"The well number {n} is deep.\n" for n in range(4)})
    seen = []

    def cancelled():
        return bool(seen) and seen[-1].stage == "write" and seen[-1].done == 2

    with pytest.raises(BuildCancelled):
        built(url, "cancelled", tmp_path, progress=seen.append, cancelled=cancelled)
    assert builds_at(url, "cancelled").current_id() is None
    assert not list((tmp_path / "builds").glob(".*.partial"))
    assert built(url, "cancelled", tmp_path).n_encoded == 0


BUILDER = """
import sys, time
sys.path[:0] = [{root!r}, {tests!r}]
from functools import partial
from itertools import pairwise
from pathlib import Path
from hash_encoder import HashEncoder
from index.local.build import build
from index.generations.write import building
from index.postgres.write import writing

class Slow(HashEncoder):
    def encode_tokens(self, *given):
        time.sleep(0.02)
        return super().encode_tokens(*given)

def told(step):
    print(step.stage, step.done, flush=True)
    if step.stage == "write":
        time.sleep(0.02)

build(Path({data!r}), Slow(64), into=partial(building, writing, {url!r}, {name!r}), progress=told)
"""


@pytest.mark.parametrize(("stage", "done"), [("encode", 16), ("write", 20), ("activate", 0)])
def test_a_builder_that_is_killed_changes_nothing_and_the_next_build_goes_on(
    postgres, tmp_path, stage, done
):
    url, name = postgres.url, f"killed-{stage}"
    put(tmp_path, {"old.txt": "The lighthouse is old.\n"})
    before = built(url, name, tmp_path).build_id
    documents = {f"{stage}-{n}.txt": f"The well {stage} {n} is deep.\n" for n in range(40)}
    put(tmp_path, {**documents, "old.txt": "The lighthouse is old.\n"})
    program = BUILDER.format(
        root=str(ROOT), tests=str(TESTS), data=str(tmp_path), url=url, name=name
    )
    with started([sys.executable, "-c", program], clean_environ()) as builder:
        reached = 0
        # the folder is written first, then the tables
        while True:
            line = builder.line()
            assert line, builder.end()
            at, n = line.split()
            if at == "check":
                reached = 1
            if at == stage and int(n) >= done and (stage == "encode" or reached):
                break
        os.kill(builder.process.pid, signal.SIGKILL)
        builder.process.wait()
    builds = builds_at(url, name)
    if stage != "activate":
        assert builds.current_id() == before
        with closing(opened(url, name)) as index:
            assert [info.doc_id for info in index.documents()] == ["old.txt"]
    report = built(url, name, tmp_path)
    assert report.n_documents == 41
    assert report.n_encoded == 0 if stage != "encode" else 0 < report.n_encoded <= 24
    with closing(opened(url, name)) as index:
        assert len(index.documents()) == 41
    stray = ask(
        url,
        "SELECT count(*) FROM fuente.documents WHERE collection = %s AND until IS NULL",
        name,
    )
    assert stray == [(41,)]


def test_a_build_without_its_server_says_so_and_keeps_what_was_encoded(tmp_path):
    server = PostgresServer()
    try:
        put(tmp_path, {f"{n}.txt": f"The well number {n} is deep.\n" for n in range(4)})

        def kill(progress):
            if progress.stage == "encode" and progress.done == progress.total:
                server.kill()

        with pytest.raises(IndexUnavailableError, match="does not answer"):
            built(server.url, "default", tmp_path, progress=kill)
        with pytest.raises(IndexUnavailableError):
            built(server.url, "default", tmp_path)
        with pytest.raises(IndexUnavailableError):
            builds_at(server.url, "default").activate("x")
        with pytest.raises(IndexUnavailableError):
            builds_at(server.url, "default").infos()
        server.start()
        assert built(server.url, "default", tmp_path).n_encoded == 0
    finally:
        server.close()


def test_where_nothing_was_ever_put_there_is_nothing_to_choose(postgres):
    ask(postgres.url, "CREATE DATABASE untouched")
    builds = builds_at(postgres.url.replace("/postgres?", "/untouched?"), "default")
    assert (builds.infos(), builds.current_id(), builds.n_documents()) == ([], None, None)
    with pytest.raises(NoIndexError, match="there is no index at"):
        builds.activate("x")


# ------------------------------------------------------------------------- two services, 16 clients


class Client(threading.Thread):
    """Asks two services until it is stopped, and keeps what is wrong and which versions an answer of a build had."""

    def __init__(self, ports, seed):
        super().__init__(daemon=True)
        self._ports, self._chance = ports, random.Random(seed)
        self.ending = threading.Event()
        self.wrong, self.told = [], set()

    def run(self):
        connections = [http.client.HTTPConnection("127.0.0.1", port, 60) for port in self._ports]
        while not self.ending.is_set():
            connection = self._chance.choice(connections)
            body = {"query": f"¿Quién cuida el faro {self._chance.randrange(12)}?", "limit": 20}
            connection.request(
                *("POST", "/v1/search", json.dumps(body)), {"Content-Type": "application/json"}
            )
            response = connection.getresponse()
            told = json.loads(response.read())
            if response.status != 200 or response.headers["X-Build-Id"] != told["build_id"]:
                self.wrong.append(told)
                continue
            versions = {
                version
                for passage in told["data"]
                for version in re.findall(r"versión (\d+)", passage["text"])
            }
            self.told.add((told["build_id"], tuple(sorted(versions))))
        for connection in connections:
            connection.close()


@contextmanager
def service(url, data):
    data.mkdir()
    command = [sys.executable, TESTS / "hash_service.py", url, str(data)]
    with started(command, clean_environ()) as process:
        port = int(process.line())
        wait_for(port, None)
        yield port


def wait_for(port, build_id):
    """Until a service is ready, and with that build."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("127.0.0.1", port, 60)
        try:
            connection.request("GET", "/readyz")
            response = connection.getresponse()
            told = json.loads(response.read())
            if response.status == 200 and build_id in (None, told["build_id"]):
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.05)
    raise AssertionError(f"{build_id} did not serve")


@pytest.mark.timeout(600)
def test_thirty_switches_under_sixteen_clients_and_two_services_mix_no_two_generations(tmp_path):
    server = PostgresServer()
    try:
        versions, ids = {}, []

        def version(number):
            put(
                tmp_path,
                {
                    f"{n}.txt": f"En la versión {number} cuida el faro {n} doña Inés Muñoz.\n"
                    for n in range(12)
                },
            )
            build_id = built(server.url, "default", tmp_path).build_id
            versions[build_id] = (str(number),)
            ids.append(build_id)
            return build_id

        version(0)
        with ExitStack() as stack:
            ports = [
                stack.enter_context(service(server.url, tmp_path / name)) for name in ("a", "b")
            ]
            clients = [Client(ports, seed) for seed in range(16)]
            for client in clients:
                client.start()
            switches = 0
            while switches < 30:
                serves = version(len(ids))
                for build_id in (serves, ids[-2], serves):
                    builds_at(server.url, "default").activate(build_id)
                    for port in ports:
                        wait_for(port, build_id)
                    switches += 1
            for client in clients:
                client.ending.set()
            for client in clients:
                client.join(60)
        assert [wrong for client in clients for wrong in client.wrong] == []
        told = set().union(*(client.told for client in clients))
        assert told == {(build_id, versions[build_id]) for build_id, _ in told}
        assert len(told) > 5
    finally:
        server.close()


# ------------------------------------------------------------------------- commands and doors


def test_commands_are_about_the_builds_that_serve(postgres, tmp_path, monkeypatch, capsys, encoder):
    ask(postgres.url, "CREATE DATABASE commands")
    url = postgres.url.replace("/postgres?", "/commands?")
    monkeypatch.setenv("FUENTE_INDEX", url)
    data, run = tmp_path / "data", lambda *words: main([*words, "--data", str(tmp_path / "data")])
    put(data, {"niña.txt": "La niña cruza el río en barca.\n"})
    assert run("builds") == 0
    assert "no builds in" in capsys.readouterr().out
    assert run("build") == 0
    first = re.search(r"\d{8}T\d{6}Z-\w+", capsys.readouterr().out)[0]
    put(data, {"niña.txt": "La niña cruza el río a nado.\n"})
    assert run("build", "--json") == 0
    second = json.loads(capsys.readouterr().out)["build_id"]
    assert run("builds") == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in listed] == [["*", second], [first, listed[1].split()[1]]]
    assert run("builds", "activate", first) == 0
    assert run("builds", "show", "--json") == 0
    assert json.loads(capsys.readouterr().out.split("\n", 1)[1])["build_id"] == first
    assert run("builds", "show", second) == 0
    assert second in capsys.readouterr().out
    assert run("ask", "¿Cómo cruza la niña el río?") == 0
    assert "en barca" in capsys.readouterr().out
    assert run("collections") == 0
    assert "default  1 documents, 1 passages" in capsys.readouterr().out
    assert run("doctor") == 0
    assert f"* build {first}: " in capsys.readouterr().out
    assert run("builds", "prune", "--keep", "1") == 0
    assert "nothing to remove" in capsys.readouterr().out
    monkeypatch.setattr("index.postgres.write._GRACE_S", 0)
    assert run("builds", "prune", "--keep", "1") == 0
    assert second in capsys.readouterr().out


def test_a_service_describes_and_switches_the_builds_that_serve(postgres, tmp_path):
    ask(postgres.url, "CREATE DATABASE doors")
    url = postgres.url.replace("/postgres?", "/doors?")
    named = tmp_path / "collections" / "otra"
    put(tmp_path, {"a.txt": "La niña cruza el río.\n"})
    put(named, {"b.txt": "The girl crosses the river.\n", "c.txt": "The mill grinds.\n"})
    first = built(url, "default", tmp_path).build_id
    other = built(url, "otra", named).build_id
    settings = load_settings({}, tmp_path, {"index": url, "reload_s": 0})
    with (
        closing(Engine(builds_at(url, "default"), ENCODER)) as engine,
        TestClient(create_app(settings, engine), base_url="http://127.0.0.1") as client,
    ):
        listed = {
            one["name"]: (one["build_id"], one["documents"])
            for one in client.get("/v1/collections").json()["data"]
        }
        assert listed == {"default": (first, 1), "otra": (other, 2)}
        created = {one["id"]: one["created"] for one in client.get("/v1/models").json()["data"]}
        assert created["fuente"] > 1.7e9
        assert created["fuente/otra"] > 1.7e9
        assert [one["id"] for one in client.get("/v1/index/builds").json()["data"]] == [first]
        # where the documents are they can be changed, and built of
        upload = client.post("/v1/documents", files={"files": ("ñ.txt", "El puente es nuevo.\n")})
        assert upload.status_code in (200, 201, 202), upload.json()
        job = client.post("/v1/index/jobs", json={}).json()
        end = time.monotonic() + 60
        while job["status"] in ("queued", "running") and time.monotonic() < end:
            time.sleep(0.05)
            job = client.get(job["url"]).json()
        assert job["status"] == "succeeded", job
        second = job["report"]["build_id"]
        assert client.get("/readyz").json()["build_id"] == second
        assert client.post(f"/v1/index/builds/{first}/activate").json()["active"]
        assert client.get("/readyz").json()["build_id"] == first
        assert client.post("/v1/index/builds/x/activate").status_code == 404
        body = client.get("/v1/index/builds").json()["data"]
        assert [(one["id"], one["active"]) for one in body] == [(second, False), (first, True)]


def test_a_service_with_named_collections_alone_is_ready(postgres, tmp_path):
    ask(postgres.url, "CREATE DATABASE named")
    url = postgres.url.replace("/postgres?", "/named?")
    settings = load_settings({}, tmp_path, {"index": url, "reload_s": 0})
    named = tmp_path / "collections" / "otra"
    put(named, {"b.txt": "The girl crosses the river.\n"})
    with (
        closing(Engine(builds_at(url, "default"), ENCODER)) as engine,
        TestClient(create_app(settings, engine), base_url="http://127.0.0.1") as client,
    ):
        assert client.get("/readyz").status_code == 503
        built(url, "otra", named)
        assert client.get("/readyz").json() == {"status": "ready", "build_id": None}


# ------------------------------------------------------------------------- hearing of a switch


@contextmanager
def pausing(url, seconds):
    """One that waits for switches, in a thread of its own, and what the waits gave, each with its time."""
    from index.postgres.switches import Switches

    switches, stop, ended = Switches(url), threading.Event(), queue.Queue()

    def wait():
        with closing(switches):
            while not switches.wait(seconds, stop):
                ended.put(time.monotonic())

    thread = threading.Thread(target=wait)
    thread.start()
    try:
        yield ended
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def test_a_switch_is_heard_of_at_once_and_a_wait_for_none_takes_its_time(tmp_path):
    server = PostgresServer()
    try:
        put(tmp_path, {"a.txt": "The lighthouse is old.\n"})
        first = built(server.url, "default", tmp_path).build_id
        with pausing(server.url, 300) as ended:
            # that it listens now is a reason to look
            ended.get(timeout=60)
            put(tmp_path, {"a.txt": "The lighthouse is new.\n"})
            built(server.url, "default", tmp_path)
            ended.get(timeout=60)
            builds_at(server.url, "default").activate(first)
            ended.get(timeout=60)
            with pytest.raises(queue.Empty):
                ended.get(timeout=1)
        with pausing(server.url, 1.5) as ended:
            ended.get(timeout=60)
            server.kill()
            began = time.monotonic()
            # nobody is there to tell anything: only its time ends a wait
            times = [ended.get(timeout=60) for _ in range(3)]
            assert all(b - a > 1.4 for a, b in pairwise(times))
            assert times[-1] - began < 60
            server.start()
        with pausing(server.url, 300) as ended:
            ended.get(timeout=60)
            builds_at(server.url, "default").activate(first)
            ended.get(timeout=60)
    finally:
        server.close()


def test_a_service_takes_what_another_host_built_long_before_it_would_look(postgres, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    put(there, {"a.txt": "The lighthouse is old.\n"})
    here.mkdir()
    built(postgres.url, "heard", there)
    settings = load_settings(
        {"FUENTE_INDEX": postgres.url, "FUENTE_RELOAD_S": "600", "FUENTE_DATA": str(here)}
    )
    with (
        closing(Engine(builds_at(postgres.url, "heard"), ENCODER)) as engine,
        TestClient(create_app(settings, engine), base_url="http://127.0.0.1"),
    ):
        put(there, {"a.txt": "The lighthouse is new.\n"})
        wanted = built(postgres.url, "heard", there).build_id
        # neither a question nor /readyz is asked: both would look
        within = time.monotonic() + 60
        while engine.serving().build_id != wanted:
            assert time.monotonic() < within
            time.sleep(0.1)
