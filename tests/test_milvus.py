"""An index in Milvus (a file of Milvus Lite) gives the same scores and passages; generations are switched by one row."""

import random
import subprocess
import sys
import threading
import time
from contextlib import closing
from functools import partial

import numpy as np
import pytest
from conftest import clean_environ
from hash_encoder import HashEncoder
from milvus_file import needs_milvus
from test_postgres import generated, gone_on_with, matched_alike, put, questions_of
from test_postgres_build import two_hundred_edits_alike

from api.cli import main
from api.settings import load_settings
from corpus.document import (
    DamagedIndexError,
    IncompatibleIndexError,
    IndexUnavailableError,
    MissingExtraError,
    SettingsError,
    UnknownBuildError,
)
from index.local.build import build
from index.local.store import Index, current_build_id
from qa.engine import Engine, Query, SearchOptions
from qa.evaluation.agreement import agreement

pytestmark = needs_milvus
ENCODER = HashEncoder(64)


def builds_at(url, collection):
    from index.milvus.store import MilvusBuilds

    return MilvusBuilds(url, collection)


def moved(url, collection, data, encoder=ENCODER):
    from index.generations.write import move
    from index.milvus.write import writing

    with closing(Index.open(data, encoder)) as index:
        return move(writing, url, collection, index, encoder)


def built(url, collection, data, **given):
    """The report of a build that is kept in Milvus."""
    from index.generations.write import building
    from index.milvus.write import writing

    return build(data, ENCODER, into=partial(building, writing, url, collection), **given)


def found(engine, query, options=None):
    hits = engine.search(query, options or SearchOptions(limit=10)).hits
    return [(hit.passage, hit.score, hit.scores) for hit in hits]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data directory with a build."""
    data = tmp_path_factory.mktemp("generated") / "data"
    put(data, generated(random.Random(7), 40))
    build(data, ENCODER)
    return data


def test_scores_are_equal_to_the_last_bit_and_the_first_ten_the_same(milvus, data):
    done = moved(milvus, "equal", data)
    assert (done.generation, done.n_written, done.n_kept, done.n_gone) == (1, 40, 0, 0)
    chance = random.Random(11)
    with (
        closing(Engine(data, ENCODER)) as local,
        closing(Engine(builds_at(milvus, "equal"), ENCODER)) as there,
    ):
        ours, theirs = local.serving(), there.serving()
        assert theirs.build_id == ours.build_id
        assert theirs.documents() == ours.documents()
        every = np.arange(len(ours))
        assert theirs.places(every.tolist()) == ours.places(every.tolist())
        for number, query in enumerate(questions_of(ours, chance, 50)):
            if number % 10 == 0:
                allowed = np.array(sorted(chance.sample(range(len(ours)), len(ours) // 3)))
                matched_alike(ours, theirs, query, None)
                matched_alike(ours, theirs, query, allowed)
            assert found(local, query) == found(there, query)
        for limits in (
            {"languages": ("es",)},
            {"document_ids": ("0000.md", "carpeta/0001.md")},
            {"languages": ("en",), "document_ids": ("carpeta/0001.md", "0006.md")},
        ):
            for text in ("¿Quién cruza el puente?", "Who crosses the bridge?"):
                hits = found(local, Query(text), SearchOptions(**limits))
                assert hits
                assert found(there, Query(text), SearchOptions(**limits)) == hits
        assert agreement(local, there, 8).share == 1
        for query in questions_of(ours, chance, 2):
            a, b = local.ask(query), there.ask(query)
            assert (a.text, a.confidence, a.citations) == (b.text, b.confidence, b.citations)


def test_what_sparse_vectors_promise_is_never_less_than_the_score(data):
    from index.milvus import layout

    with closing(Index.open(data, ENCODER)) as index:
        records, counted = index.lexical.records(), index.lexical
        langs = index.langs(np.arange(len(index)))
        stands = CountedAs(counted, records, langs)
        chance = random.Random(3)
        for pinned in (0.5, 1.0, 3.0):
            means = [float(mean) * pinned for mean in stands.means]
            vectors = [
                layout.sparse(record, means[langs[row]])
                for row, record in enumerate(stands.records)
            ]
            for query in questions_of(index, chance, 8):
                words = words_of(query)
                asked = stands.asked(words)
                most = layout.most(asked, stands, means)
                scores = index.matching(words, 0, also=np.arange(len(index))).also
                for vector, score in zip(vectors, scores.tolist(), strict=True):
                    told = sum(most.get(at, 0.0) * value for at, value in vector.items())
                    assert told >= score - 1e-6


class CountedAs:
    """What is counted over a local build, as a generation has it."""

    def __init__(self, lexical, records, langs):
        from index.generations.generation import mean_lengths
        from index.milvus.layout import Record

        self.term, self.n_passages, self.least_norm = (
            lexical.term,
            lexical.n_passages,
            lexical.least_norm,
        )
        self.means = mean_lengths(records.lengths, langs)
        self.records = [
            Record(records.keys[a:b], records.counts[a:b], int(length))
            for a, b, length in zip(
                records.offsets, records.offsets[1:], records.lengths, strict=False
            )
        ]

    def asked(self, words):
        from index import bm25

        return bm25.asked_words(self, words)


def words_of(query):
    from corpus import language

    terms = language.terms(query.text, query.lang)
    return {query.lang: [[(term, 1.0), (terms[0], 0.3)] for term in terms]}


def test_builds_are_generations_that_are_switched_rolled_back_and_pruned(
    milvus, tmp_path, monkeypatch
):
    monkeypatch.setattr("index.milvus.write._GRACE_S", 0)
    here, there, chance = tmp_path / "here", tmp_path / "there", random.Random(5)
    documents = generated(chance, 12)
    ids = []
    for step in range(5):
        name = sorted(documents)[step]
        documents[name] += f"\n\nLa niña número {step} cruza el puente."
        documents[f"nuevo{step}.md"] = f"# Nuevo\n\nEl pozo {step} es hondo.\n"
        documents.pop(sorted(documents)[-1])
        for data in (here, there):
            put(data, documents)
        ours = build(here, ENCODER, allow_removal=True)
        theirs = built(milvus, "steps", there, allow_removal=True)
        assert (ours.n_documents, ours.n_passages) == (theirs.n_documents, theirs.n_passages)
        ids.append(theirs.build_id)
        builds = builds_at(milvus, "steps")
        assert (builds.current_id(), builds.n_documents()) == (ids[-1], ours.n_documents)
        if step == 2:
            # one that serves goes on answering while another one takes its place
            served = Engine(builds, ENCODER)
            before = found(served, Query("¿Quién cruza el puente?", "es"))
            builds.activate(ids[0])
            assert builds.current_id() == ids[0]
            assert found(served, Query("¿Quién cruza el puente?", "es")) == before
            served.close()
    with (
        closing(Engine(here, ENCODER)) as local,
        closing(Engine(builds_at(milvus, "steps"), ENCODER)) as engine,
    ):
        ours, theirs = local.serving(), engine.serving()
        assert theirs.documents() == ours.documents()
        every = list(range(len(ours)))
        assert theirs.places(every) == ours.places(every)
        assert theirs.manifest.languages == ours.manifest.languages
        for query in questions_of(ours, chance, 12):
            assert found(engine, query) == found(local, query)
            matched_alike(ours, theirs, query, None)
        infos = builds_at(milvus, "steps").infos()
        assert [info.build_id for info in infos] == ids[:1:-1]
        assert [info.active for info in infos] == [True, False, False]
    nothing_stays_of_others(milvus, "steps")
    with pytest.raises(UnknownBuildError):
        builds_at(milvus, "steps").activate(ids[0])
    with pytest.raises(UnknownBuildError):
        builds_at(milvus, "steps").open(ENCODER, ids[0])


def nothing_stays_of_others(url, collection):
    """Asserts that the documents in Milvus are those of generations that are kept."""
    from index.milvus.layout import Layout
    from index.milvus.server import Server

    with closing(Server(url)) as server:
        name = Layout(server, collection).names(64).documents
        there_are = {row["id"] for row in server.rows(name, "id >= 0", ["id"])}
    held, builds = set(), builds_at(url, collection)
    for info in builds.infos():
        with closing(builds.open(ENCODER, info.build_id)) as one:
            held |= set(one._generation.docs.tolist())
    assert there_are == held


def test_two_hundred_edits_and_a_rollback_give_what_a_local_build_gives(
    milvus, tmp_path, monkeypatch
):
    # or generations of the last minute would all be kept
    monkeypatch.setattr("index.milvus.write._GRACE_S", 0)
    two_hundred_edits_alike(
        tmp_path, partial(built, milvus, "edits", allow_removal=True), builds_at(milvus, "edits")
    )
    assert len(builds_at(milvus, "edits").infos()) == 3
    nothing_stays_of_others(milvus, "edits")


def test_who_asks_while_generations_are_switched_finds_one_of_them(milvus, tmp_path):
    data, ids, stop, told = tmp_path / "data", [], threading.Event(), []
    for n in range(2):
        put(data, {"a.txt": f"El molino número {n} muele.\n", "b.txt": "The well is deep.\n"})
        ids.append(built(milvus, "switched", data).build_id)

    def ask():
        builds = builds_at(milvus, "switched")
        while not stop.is_set():
            with closing(builds.open(ENCODER)) as index:
                [place, _] = index.places([0, 1])
                told.append((index.build_id, "número 1" in place.passage.text))

    asks = threading.Thread(target=ask)
    asks.start()
    for n in range(8):
        builds_at(milvus, "switched").activate(ids[n % 2])
        # the second from here on was begun after the switch
        enough, until = len(told) + 2, time.monotonic() + 30
        while len(told) < enough and time.monotonic() < until:
            time.sleep(0.01)
    stop.set()
    asks.join(60)
    assert {(ids.index(build_id) == 1) == later for build_id, later in told} == {True}
    assert {build_id for build_id, _ in told} == set(ids)


def test_moving_that_is_cut_short_is_gone_on_with_and_shows_nothing_before(milvus, tmp_path):
    from index.milvus.write import writing

    data = tmp_path / "data"
    gone_on_with(writing, milvus, builds_at(milvus, "short"), data, moved)
    assert len(builds_at(milvus, "short").open(ENCODER)) == 1
    # what was current already is made it again, and nothing is written
    assert moved(milvus, "short", data).n_written == 0


def test_what_was_written_is_there_after_milvus_was_killed(tmp_path, monkeypatch):
    from milvus_lite.server_manager import server_manager_instance

    from index.generations.write import move
    from index.milvus.write import writing

    monkeypatch.setattr("index.milvus.server._STATEMENT_S", 3)
    data, file = tmp_path / "data", tmp_path / "killed.db"
    put(data, {f"{n}.txt": f"The well number {n} is deep.\n" for n in range(6)})
    build(data, ENCODER)

    def kill(done, n):
        if done == 3:
            core = server_manager_instance._servers[str(file.resolve())]._p
            core.kill()
            core.wait(10)

    with closing(Index.open(data, ENCODER)) as index:
        with pytest.raises(IndexUnavailableError):
            move(writing, f"milvus://{file}", "killed", index, ENCODER, kill)
        server_manager_instance.release_server(str(file))
        monkeypatch.undo()
        assert builds_at(f"milvus://{file}", "killed").current_id() is None
        done = move(writing, f"milvus://{file}", "killed", index, ENCODER)
        assert (done.n_written, done.n_kept) == (3, 3)
    with (
        closing(Engine(data, ENCODER)) as local,
        closing(Engine(builds_at(f"milvus://{file}", "killed"), ENCODER)) as there,
    ):
        query = Query("How deep is the well?", "en")
        assert found(there, query) == found(local, query)
    server_manager_instance.release_server(str(file))


def test_an_empty_build_is_moved_and_what_is_longer_than_a_field_is_kept(milvus, tmp_path):
    data = tmp_path / "data"
    (data / "documents").mkdir(parents=True)
    build(data, ENCODER)
    assert moved(milvus, "empty", data).generation == 1
    with closing(Engine(builds_at(milvus, "empty"), ENCODER)) as engine:
        assert engine.search(Query("¿Quién cruza?")).hits == ()
    chance = random.Random(1)
    cells = [f"celda {chance.random()} de {n}" for n in range(1_600)]
    table = "\n".join(f"| {a} | {b} |" for a, b in zip(cells[::2], cells[1::2], strict=True))
    put(data, {"a.md": f"# Tabla\n\n| uno | dos |\n|---|---|\n{table}\n"})
    build(data, ENCODER)
    moved(milvus, "empty", data)
    with (
        closing(Index.open(data, ENCODER)) as ours,
        closing(builds_at(milvus, "empty").open(ENCODER)) as theirs,
    ):
        assert theirs.document("a.md") == ours.document("a.md")
        assert theirs.document("a.md", blocks=False).blocks == ()
        for row in (0, len(ours) - 1):
            assert theirs.blocks(row) == ours.blocks(row)


def test_a_build_goes_there_and_comes_back_by_the_command(milvus, tmp_path, capsys, monkeypatch):
    from api.opening import Models

    monkeypatch.setattr("api.opening.load_models", lambda settings: Models(ENCODER, None, None))
    data, to = tmp_path / "data", tmp_path / "to"
    put(data, generated(random.Random(2), 10))
    build_id = build(data, ENCODER).build_id
    assert main(["migrate", "--to", milvus, "--data", str(data)]) == 0
    out = capsys.readouterr().out
    assert "10 documents written" in out
    assert "questions find the same first ten passages" in out
    monkeypatch.setenv("FUENTE_INDEX", milvus)
    assert main(["builds", "list", "--data", str(data)]) == 0
    assert build_id in capsys.readouterr().out
    assert main(["migrate", "--to", str(to), "--data", str(data)]) == 0
    assert current_build_id(to) == build_id


# ------------------------------------------------------------------------- what can go wrong


def test_a_file_that_another_process_has_open_is_told(milvus, tmp_path):
    builds_at(milvus, "equal").current_id()
    program = "import sys\nfrom index.milvus.store import MilvusBuilds\nMilvusBuilds(sys.argv[1], 'equal').current_id()"
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, milvus],
        env={**clean_environ(), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "IndexUnavailableError: the index at /" in told.stderr
    assert "no other process has open" in told.stderr
    with pytest.raises(IndexUnavailableError, match="ConnectionConfigException"):
        builds_at(f"milvus://{tmp_path}/nowhere/index.db", "equal").current_id()


def test_a_server_that_is_away_is_told_without_its_password_and_not_asked_each_time(monkeypatch):
    from index.generations.breaker import FAILURES

    monkeypatch.setattr("index.milvus.server._CONNECT_S", 1)
    builds = builds_at("milvus://ana:s3creto@127.0.0.1:1/base", "equal")
    for _ in range(FAILURES):
        with pytest.raises(IndexUnavailableError, match=r"127\.0\.0\.1:1/base") as caught:
            builds.current_id()
        assert "s3creto" not in str(caught.value)
    with pytest.raises(IndexUnavailableError, match="is tried every 2 s"):
        builds.current_id()


class Restarted:
    """A client of a server that has just started: it says so many times that a collection is not in memory."""

    def __init__(self, *codes):
        self.codes = list(codes)
        self.loaded = []

    def query(self, name, **_):
        from pymilvus import MilvusException

        if self.codes:
            raise MilvusException(code=self.codes.pop(0), message="collection not loaded")
        return [{"id": 1}]

    def load_collection(self, name, **_):
        self.loaded.append(name)


@pytest.mark.parametrize("codes", [(101,), (101, 103, 106, 101)])
def test_a_collection_that_is_not_in_memory_is_loaded_and_asked_again(monkeypatch, codes):
    from index.milvus.server import Server

    monkeypatch.setattr("index.milvus.server._PAUSE_S", 0.01)
    server = Server("milvus://127.0.0.1:1")
    server._client = Restarted(*codes)
    assert server.rows("passages", "id >= 0", ["id"]) == [{"id": 1}]
    assert server._client.loaded == ["passages"] * len(codes)


def test_a_collection_that_does_not_come_back_and_other_refusals_are_told(monkeypatch):
    from index.milvus.server import Server

    monkeypatch.setattr("index.milvus.server._PAUSE_S", 0.01)
    monkeypatch.setattr("index.milvus.server._BACK_S", 0.2)
    for codes in ([101] * 1000, [100]):
        server = Server("milvus://127.0.0.1:1")
        server._client = Restarted(*codes)
        with pytest.raises(IndexUnavailableError, match=rf"MilvusException {codes[0]}"):
            server.rows("passages", "id >= 0", ["id"])
        assert len(server._client.codes) < len(codes)


def test_what_cannot_be_read_or_was_made_by_another_is_told_and_written_anew(milvus, tmp_path):
    data = tmp_path / "data"
    put(data, {"a.txt": "La niña cruza el río.\n"})
    built(milvus, "damaged", data)
    with pytest.raises(IncompatibleIndexError):
        builds_at(milvus, "damaged").open(HashEncoder(32))
    from index.milvus.layout import Layout, cut, generation_id
    from index.milvus.server import Server

    with closing(Server(milvus)) as server:
        name = Layout(server, "damaged").names(64).pieces
        piece = f'id == "{generation_id(1)}/facts/0"'
        server.ask(lambda client, seconds: client.delete(name, filter=piece, timeout=seconds))
        with pytest.raises(DamagedIndexError, match="generation/1 in the index in Milvus"):
            builds_at(milvus, "damaged").open(ENCODER)
        rows = cut(generation_id(1), "facts", b"{}")
        server.ask(lambda client, seconds: client.insert(name, rows, timeout=seconds))
        with pytest.raises(DamagedIndexError, match="generation 1 at"):
            builds_at(milvus, "damaged").open(ENCODER)
    built(milvus, "damaged", data)
    with closing(builds_at(milvus, "damaged").open(ENCODER)) as index:
        assert len(index) == 1


def test_a_document_that_is_to_stay_and_is_not_there_is_told(milvus, tmp_path):
    from index.milvus.write import writing

    data = tmp_path / "data"
    put(data, {"a.txt": "La niña cruza el río.\n", "b.txt": "The well is deep.\n"})
    built(milvus, "lacking", data)
    with writing(milvus, "lacking") as there:
        [doc, _] = there.take_over(1, ["a.txt", "b.txt"])
        there._homes[64].remove([doc])
        with pytest.raises(DamagedIndexError, match="has 1 of 2 documents"):
            there.take_over(1, ["a.txt", "b.txt"])


def test_who_comes_second_is_told(milvus, tmp_path):
    from corpus.document import BuildRunningError
    from index.milvus.write import writing

    data = tmp_path / "data"
    put(data, {"a.txt": "La niña cruza el río.\n"})
    build(data, ENCODER)
    with closing(Index.open(data, ENCODER)) as index, writing(milvus, "second") as there:
        from index.generations.write import move_into

        moved(milvus, "second", data)
        with pytest.raises(BuildRunningError):
            move_into(there, index, ENCODER)


def test_without_pymilvus_the_extra_is_named(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("index.milvus.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'fuente\[milvus\]'"):
        import index.milvus.server  # noqa: F401


@pytest.mark.parametrize(
    "url",
    [
        "milvus://ana:s3creto@h/a/b",
        "milvus:///carpeta/índice.db",
        "milvus:///x/s3creto",
        "milvus://h:s3creto",
    ],
)
def test_an_address_that_is_none_is_refused_and_not_shown(tmp_path, url):
    with pytest.raises(SettingsError, match="index in FUENTE_INDEX is not the address") as caught:
        load_settings({"FUENTE_INDEX": url}, tmp_path)
    assert "s3creto" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["milvus://h", "milvus://ana:x@h:19530/base", "milvus:///carpeta/a-b_1.db"]
)
def test_an_address_of_milvus_is_taken(tmp_path, url):
    assert load_settings({"FUENTE_INDEX": url}, tmp_path).index == url
