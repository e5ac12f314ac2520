"""An index in a real PostgreSQL gives the same scores and passages; it is moved in steps, and a dead server is told."""

import json
import random
import shutil
import socket
import sys
import threading
import time
from contextlib import closing

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from postgres_server import PostgresServer, needs_postgres

from api.app import create_app
from api.cli import main
from api.settings import load_settings
from corpus import language
from corpus.document import (
    BuildRunningError,
    DamagedIndexError,
    IncompatibleIndexError,
    IndexUnavailableError,
    MissingExtraError,
    NoIndexError,
    SettingsError,
    VectorsUnavailableError,
)
from corpus.languages import LANGS
from index.local.build import build
from index.local.store import Index
from qa.engine import Engine, Query, SearchOptions
from qa.evaluation.agreement import Agreement, agreement

ENCODER = HashEncoder(64)
WORDS = {
    "es": "el río de la montaña baja muy frío cada año y la niña cruza el puente con su señor padre "
    "cuando llega la mañana aunque el molino esté cerrado porque nadie sabe quién abrió aquella puerta",
    "en": "the river of the mountain comes down cold every year and the girl crosses the bridge with her "
    "father when the morning arrives although the mill is closed because nobody knows who opened it",
}
WORDS = {lang: text.split() for lang, text in WORDS.items()}


def generated(chance, n):
    """Documents of sentences of common and rare words, half of them Spanish; some are the same but for a number."""
    found = {}
    for number in range(n):
        lang = ("es", "en")[number % 2]
        words = [*WORDS[lang], *(f"{stem}{chance.randint(1, 60)}" for stem in ("ñandú", "zeta"))]
        sentences = [
            " ".join(chance.choices(words, k=chance.randint(4, 14))).capitalize() + "."
            for _ in range(chance.randint(0, 60))
        ]
        text = "\n\n".join(" ".join(sentences[i : i + 5]) for i in range(0, len(sentences), 5))
        found[f"{'carpeta/' * (number % 3)}{number:04}.md"] = f"# Año {number % 9}\n\n{text}\n"
    return found


def put(data, documents):
    shutil.rmtree(data / "documents", ignore_errors=True)
    for name, text in documents.items():
        path = data / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def moved(url, collection, data, encoder=ENCODER):
    from index.generations.write import move
    from index.postgres.write import writing

    with closing(Index.open(data, encoder)) as index:
        return move(writing, url, collection, index, encoder)


def opened(url, collection, encoder=ENCODER):
    from index.postgres.store import PostgresBuilds

    return PostgresBuilds(url, collection).open(encoder)


def builds_at(url, collection):
    from index.postgres.store import PostgresBuilds

    return PostgresBuilds(url, collection)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data directory with a build of two segments, from which documents are gone."""
    data = tmp_path_factory.mktemp("generated") / "data"
    documents = generated(random.Random(7), 160)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.local.build.SMALL_SEGMENT", 0)
        put(data, {**documents, "x.md": "# Sobra\n\nEsto sobra.\n"})
        build(data, ENCODER)
        put(data, {**documents, "0003.md": "# Nuevo\n\nEl ñandú cruza el río.\n"})
        build(data, ENCODER, allow_removal=True)
    return data


def questions_of(index, chance, n):
    """Questions of words of passages, in the language of each."""
    found = []
    for place in index.places([chance.randrange(len(index)) for _ in range(n)]):
        words = place.passage.text.split()
        at = chance.randrange(max(1, len(words) - 6))
        found.append(Query(" ".join(words[at : at + 6]) or "río", place.passage.lang))
    return found


def matched_alike(ours, theirs, query, allowed):
    terms = language.terms(query.text, query.lang)
    words = {query.lang: [[(term, 1.0), (terms[0], 0.3)] for term in terms]}
    every = np.arange(len(ours))
    a = ours.matching(words, 50, allowed, also=every)
    b = theirs.matching(words, 50, allowed, also=every)
    assert [part.tobytes() for part in a] == [part.tobytes() for part in b]


@pytest.mark.parametrize("which", ["samples", "generated"])
def test_scores_are_equal_to_the_last_bit_and_the_first_ten_the_same(
    which, postgres, data, samples_data, encoder
):
    data, made_by = (data, ENCODER) if which == "generated" else (samples_data, encoder)
    moved(postgres.url, f"equal-{which}", data, made_by)
    chance = random.Random(11)
    with (
        closing(Engine(data, made_by)) as local,
        closing(Engine(builds_at(postgres.url, f"equal-{which}"), made_by)) as there,
    ):
        ours, theirs = local.serving(), there.serving()
        assert theirs.build_id == ours.build_id
        assert theirs.documents() == ours.documents()
        every = np.arange(len(ours))
        assert len(theirs) == len(ours)
        assert theirs.places(every.tolist()) == ours.places(every.tolist())
        for number, query in enumerate(questions_of(ours, chance, 200)):
            if number % 5 == 0:
                allowed = np.array(sorted(chance.sample(range(len(ours)), len(ours) // 3)))
                matched_alike(ours, theirs, query, None)
                matched_alike(ours, theirs, query, allowed)
            options = SearchOptions(limit=10)
            a, b = local.search(query, options), there.search(query, options)
            assert [(h.passage, h.score, h.scores) for h in a.hits] == [
                (h.passage, h.score, h.scores) for h in b.hits
            ]
        assert agreement(local, there, 100).share == 1
        for query in questions_of(ours, chance, 10):
            a, b = local.ask(query), there.ask(query)
            assert (a.text, a.confidence, a.citations) == (b.text, b.confidence, b.citations)


def test_a_large_build_that_proposes_by_codes_is_asked_exactly_when_both_are_compared(
    postgres, data, monkeypatch
):
    asked = []
    search = Engine.search

    def seen(engine, query, options):
        asked.append(options.languages)
        return search(engine, query, options)

    monkeypatch.setattr(Engine, "search", seen)
    moved(postgres.url, "exactly", data)
    with (
        closing(Engine(data, ENCODER)) as local,
        closing(Engine(builds_at(postgres.url, "exactly"), ENCODER)) as there,
    ):
        found = agreement(local, there, 5)
    assert (found.n, found.same, found.share) == (5, 5, 1)
    assert set(asked) == {LANGS}


def test_filters_are_searched_alike(postgres, data):
    moved(postgres.url, "filters", data)
    with (
        closing(Engine(data, ENCODER)) as local,
        closing(Engine(builds_at(postgres.url, "filters"), ENCODER)) as there,
    ):
        for limits in (
            {"languages": ("es",)},
            {"document_ids": ("0000.md", "carpeta/0001.md")},
            {"languages": ("en",), "document_ids": ("carpeta/0001.md", "0006.md")},
        ):
            options = SearchOptions(**limits)
            for text in ("¿Quién cruza el puente?", "Who crosses the bridge?"):
                a, b = (e.search(Query(text), options).hits for e in (local, there))
                assert [h.passage for h in a] == [h.passage for h in b]
                assert a


def test_moving_writes_what_is_new_and_a_generation_stays_what_it_was(postgres, tmp_path):
    url, data = postgres.url, tmp_path / "data"
    documents = {f"{n}.txt": f"El molino número {n} muele trigo.\n" for n in range(6)}
    put(data, documents)
    build(data, ENCODER)
    done = moved(url, "steps", data)
    assert (done.generation, done.n_written, done.n_kept, done.n_gone) == (1, 6, 0, 0)
    again = moved(url, "steps", data)
    assert (again.generation, again.n_written, again.n_kept, again.n_gone) == (1, 0, 6, 0)
    first = opened(url, "steps")
    before = first.places(range(6))

    del documents["1.txt"]
    put(data, {**documents, "2.txt": "The mill has changed.\n", "ñ.txt": "Es nuevo.\n"})
    build(data, ENCODER, allow_removal=True)
    done = moved(url, "steps", data)
    assert (done.generation, done.n_written, done.n_kept, done.n_gone) == (2, 2, 4, 2)
    # what was opened before goes on giving what it gave, from the tables too
    with closing(first), closing(opened(url, "steps")) as second:
        assert [d.doc_id for d in first.documents()] == [f"{n}.txt" for n in range(6)]
        first._passages._values.clear()
        assert first.places(range(6)) == before
        found = first.matching({"es": [[(language.terms("molino", "es")[0], 1.0)]]}, 10)
        assert found.rows[0].tolist() == [0, 1, 2, 3, 4, 5]
        found = second.matching({"es": [[(language.terms("molino", "es")[0], 1.0)]]}, 10)
        assert [p.passage.doc_id for p in second.places(found.rows[0].tolist())] == [
            "0.txt",
            *("3.txt", "4.txt", "5.txt"),
        ]


def gone_on_with(writing, url, builds, data, moved):
    """Move builds into a collection of an engine, cut short two times, and see what is there; leaves it with one document."""
    from index.generations.write import move

    put(data, {f"{n}.txt": f"The well number {n} is deep.\n" for n in range(5)})
    build(data, ENCODER)

    def stop(done, n):
        if done == 3:
            raise KeyboardInterrupt

    with closing(Index.open(data, ENCODER)) as index:
        with pytest.raises(KeyboardInterrupt):
            move(writing, url, "short", index, ENCODER, stop)
        assert builds.current_id() is None
        with pytest.raises(NoIndexError, match="collection short"):
            builds.open(ENCODER)
        done = move(writing, url, "short", index, ENCODER)
    assert (done.n_written, done.n_kept) == (2, 3)
    # nothing of it stays when the documents are others by then
    put(data, {f"{n}.txt": f"Another well, {n}.\n" for n in range(5)})
    build(data, ENCODER)
    with closing(Index.open(data, ENCODER)) as index, pytest.raises(KeyboardInterrupt):
        move(writing, url, "short", index, ENCODER, stop)
    put(data, {"one.txt": "One well.\n"})
    build(data, ENCODER, allow_removal=True)
    done = moved(url, "short", data)
    assert (done.generation, done.n_written, done.n_gone) == (2, 1, 5)


def test_moving_that_is_cut_short_is_gone_on_with_and_shows_nothing_before(postgres, tmp_path):
    from index.postgres.write import writing

    url = postgres.url
    gone_on_with(writing, url, builds_at(url, "short"), tmp_path / "data", moved)
    import psycopg

    with psycopg.connect(url) as connection:
        left = connection.execute(
            "SELECT count(*) FROM fuente.documents WHERE collection = 'short' AND since = 2"
        ).fetchone()
    assert left == (1,)


def test_an_empty_build_is_moved_and_a_filter_may_leave_nothing(postgres, tmp_path):
    url, data = postgres.url, tmp_path / "data"
    (data / "documents").mkdir(parents=True)
    build(data, ENCODER)
    assert moved(url, "empty", data).generation == 1
    with closing(Engine(builds_at(url, "empty"), ENCODER)) as engine:
        assert engine.search(Query("¿Quién cruza?")).hits == ()
    put(data, {"a.txt": "La niña cruza el río.\n"})
    build(data, ENCODER)
    assert moved(url, "empty", data).generation == 2
    with closing(Engine(builds_at(url, "empty"), ENCODER)) as engine:
        assert engine.search(Query("¿Quién cruza?"), SearchOptions(languages=("en",))).hits == ()
        words = {"es": [[(language.terms("niña", "es")[0], 1.0)]]}
        none = np.zeros(0, dtype=np.int64)
        found = engine.serving().matching(words, 5, none, also=np.array([0]))
        assert found.rows.shape == (1, 0)
        assert found.also[0] > 0


def test_what_takes_too_long_is_told_and_not_asked_again(postgres, monkeypatch):
    from index.postgres.server import Server

    monkeypatch.setattr("index.postgres.server._STATEMENT_S", 0.2)
    with closing(Server(postgres.url)) as server:
        began = time.monotonic()
        with pytest.raises(IndexUnavailableError, match="QueryCanceled 57014"):
            server.rows("SELECT 1 FROM pg_sleep(5)")
        assert time.monotonic() - began < 3


def test_old_generations_are_removed_with_what_only_they_hold(postgres, tmp_path, monkeypatch):
    monkeypatch.setattr("index.postgres.write._GRACE_S", 0)
    url, data = postgres.url, tmp_path / "data"
    for n in range(5):
        put(data, {"a.txt": "It stays.\n", "b.txt": f"It changes, {n} times.\n"})
        build(data, ENCODER)
        assert moved(url, "pruned", data).generation == n + 1
    import psycopg

    with psycopg.connect(url) as connection:
        kept = connection.execute(
            "SELECT array_agg(generation ORDER BY generation) FROM fuente.generations WHERE collection = 'pruned'"
        ).fetchone()
        documents = connection.execute(
            "SELECT count(*) FROM fuente.documents WHERE collection = 'pruned'"
        ).fetchone()
    assert (kept, documents) == (([3, 4, 5],), (4,))


def test_one_at_a_time_moves_a_collection(postgres, data):
    import psycopg

    with psycopg.connect(postgres.url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(hashtext('fuente'), hashtext('busy'))")
        with pytest.raises(BuildRunningError, match="another process puts a build"):
            moved(postgres.url, "busy", data)


def test_another_encoder_or_version_or_damage_is_refused(postgres, tmp_path):
    import psycopg

    url, data = postgres.url, tmp_path / "data"
    put(data, {"a.txt": "La niña cruza el río.\n"})
    build(data, ENCODER)
    moved(url, "refused", data)
    with pytest.raises(IncompatibleIndexError, match="dimensions"):
        opened(url, "refused", HashEncoder(32))
    [raw] = ask(url, "SELECT facts FROM fuente.generations WHERE collection = 'refused'")
    change = "UPDATE fuente.generations SET {} = %s WHERE collection = 'refused'"
    with psycopg.connect(url, autocommit=True) as connection:
        older = json.dumps({**json.loads(raw), "format": 1}).encode()
        connection.execute(change.format("facts"), (older,))
        with pytest.raises(IncompatibleIndexError, match="another version"):
            opened(url, "refused")
        connection.execute(change.format("facts"), (raw,))
        connection.execute(change.format("statistics"), (b"nothing",))
        with pytest.raises(DamagedIndexError, match="cannot be read"):
            opened(url, "refused")


def ask(url, sql):
    import psycopg

    with psycopg.connect(url) as connection:
        return connection.execute(sql).fetchone()


def test_a_server_without_an_index_or_pgvector_says_so(postgres, tmp_path, data):
    import psycopg

    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE nothing")
    url = postgres.url.replace("/postgres?", "/nothing?")
    assert builds_at(url, "default").current_id() is None
    with pytest.raises(NoIndexError, match="there is no index at"):
        opened(url, "default")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.postgres.write._TABLES", "CREATE EXTENSION novector")
        with pytest.raises(IndexUnavailableError, match="has no pgvector"):
            moved(url, "default", data)


def test_connections_that_broke_are_made_anew_and_no_question_fails(postgres, data):
    moved(postgres.url, "broken", data)
    with closing(Engine(builds_at(postgres.url, "broken"), ENCODER)) as engine:
        for text in ("¿Quién cruza el puente?", "Who opened the mill?", "¿Qué ñandú?"):
            assert engine.search(Query(text)).hits
            ask(
                postgres.url,
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
            )


@needs_postgres
@pytest.mark.parametrize("password", ["s3creto", "a:b", "p%40s"])
def test_no_error_says_a_password(password, data):
    url = f"postgresql://ana:{password}@127.0.0.1:1/base"
    for run in (lambda: builds_at(url, "x").current_id(), lambda: moved(url, "x", data)):
        with pytest.raises(IndexUnavailableError) as caught:
            run()
        assert password not in str(caught.value)
        assert "127.0.0.1:1/base" in str(caught.value)


@needs_postgres
def test_a_service_over_a_server_that_is_killed_says_so_and_recovers(tmp_path, data):
    server = PostgresServer()
    moved(server.url, "default", data)
    away = load_settings({}, tmp_path / "data", {"index": server.url, "reload_s": 0.2})
    (tmp_path / "data").mkdir()
    seen, stop = set(), threading.Event()
    engine = Engine(builds_at(server.url, "default"), ENCODER)
    try:
        with TestClient(create_app(away, engine), base_url="http://127.0.0.1") as client:

            def go_on_asking(chance):
                while not stop.is_set():
                    words = " ".join(chance.choices(WORDS["es"], k=5))
                    response = client.post("/v1/search", json={"query": words})
                    told = response.json().get("code"), response.headers.get("Retry-After")
                    seen.add((response.status_code, *told))

            def ready(status):
                end = time.monotonic() + 20
                while client.get("/readyz").status_code != status:
                    assert time.monotonic() < end
                    time.sleep(0.1)

            ready(200)
            threads = [
                threading.Thread(target=go_on_asking, args=(random.Random(n),)) for n in range(4)
            ]
            for thread in threads:
                thread.start()
            time.sleep(0.5)
            server.kill()
            ready(503)
            body = client.get("/readyz", headers={"Accept-Language": "es"}).json()
            assert body["code"] == "index_unavailable"
            assert "no responde" in body["detail"]
            time.sleep(0.5)
            server.start()
            ready(200)
            stop.set()
            for thread in threads:
                thread.join()
            assert seen == {(200, None, None), (503, "index_unavailable", "2")}
            assert client.post("/v1/search", json={"query": "¿Quién cruza?"}).status_code == 200
    finally:
        stop.set()
        engine.close()
        server.close()


@needs_postgres
def test_a_service_that_began_without_its_server_takes_the_index_when_it_is_there(tmp_path, data):
    server = PostgresServer()
    moved(server.url, "default", data)
    server.kill()
    engine = Engine(builds_at(server.url, "default"), ENCODER)
    with pytest.raises(IndexUnavailableError):
        engine.search(Query("¿Quién cruza?"))
    server.start()
    assert engine.reload()
    assert engine.search(Query("¿Quién cruza?")).hits
    engine.close()
    server.close()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/index/jobs", {}),
        ("DELETE", "/v1/documents/0000.md", None),
        ("POST", "/v1/documents/delete", {"document_id": ["0000.md"]}),
        ("POST", "/v1/collections", {"name": "otra"}),
    ],
)
def test_what_changes_documents_is_refused_where_they_are_not_and_what_changes_collections(
    postgres, data, tmp_path, method, path, body
):
    moved(postgres.url, "default", data)
    settings = load_settings({}, tmp_path, {"index": postgres.url, "reload_s": 0})
    with (
        closing(Engine(builds_at(postgres.url, "default"), ENCODER)) as engine,
        TestClient(create_app(settings, engine), base_url="http://127.0.0.1") as client,
    ):
        told = {"es": "el índice está fuera de la carpeta", "en": "the index is kept outside"}
        if path != "/v1/collections":
            told = {"es": "están en otro equipo", "en": "are kept on another host"}
        for lang, words in told.items():
            answer = client.request(method, path, json=body, headers={"Accept-Language": lang})
            assert (answer.status_code, answer.json()["code"]) == (501, "index_read_only")
            assert words in answer.json()["detail"]


def test_the_command_moves_asks_both_and_fails_where_they_differ(
    postgres, samples_data, tmp_path, capsys, monkeypatch
):
    data = shutil.copytree(samples_data, tmp_path / "data")
    assert main(["migrate", "--to", postgres.url, "--data", str(data)]) == 0
    out = capsys.readouterr().out
    assert "documents written" in out
    assert "questions find the same first ten passages" in out
    assert postgres.url not in (data / "audit.jsonl").read_text("utf-8")
    # asked through the setting alone
    monkeypatch.setenv("FUENTE_INDEX", postgres.url)
    assert main(["ask", "¿Cuántos libros me puedo llevar a la vez?", "--data", str(data)]) == 0
    assert "seis libros" in capsys.readouterr().out
    monkeypatch.setattr(
        "qa.evaluation.agreement.agreement", lambda ours, theirs: Agreement(100, 98, ("¿Por qué?",))
    )
    monkeypatch.setenv("FUENTE_LANGUAGE", "es")
    assert main(["migrate", "--data", str(data)]) == 1
    out = capsys.readouterr().out
    assert "98 de 100 preguntas encuentran los mismos diez primeros pasajes\n  ¿Por qué?" in out


def test_the_command_must_be_told_where(tmp_path, capsys):
    assert main(["migrate", "--data", str(tmp_path)]) == 2
    assert "FUENTE_INDEX" in capsys.readouterr().err


def test_without_psycopg_the_extra_is_named(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("index.postgres.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'fuente\[postgres\]'"):
        import index.postgres.server  # noqa: F401


@pytest.mark.parametrize(
    "url", ["mysql://u:s3creto@h/x", "h:s3creto", "postgresql://u@h:s3creto/x"]
)
def test_an_address_that_is_none_is_refused_and_not_shown(tmp_path, url):
    with pytest.raises(SettingsError, match="index in FUENTE_INDEX is not the address") as caught:
        load_settings({"FUENTE_INDEX": url}, tmp_path)
    assert "s3creto" not in str(caught.value)
    told = load_settings({"FUENTE_INDEX": "postgres://u:s3creto@h/x"}, tmp_path)
    assert "s3creto" not in repr(told)
    assert told.index == "postgres://u:s3creto@h/x"


# ------------------------------------------------------------------------- vectors that cannot be had

BY_WORDS = {
    "es": "solo se puede buscar por palabras, no por el significado",
    "en": "only words can be searched for, not meaning",
}


def no_vectors(server, sql, values, settings):
    raise VectorsUnavailableError("the vectors cannot be asked")


def test_without_a_look_at_all_vectors_what_words_find_scores_as_ever(postgres, data, monkeypatch):
    moved(postgres.url, "by-words", data)
    chance = random.Random(3)
    with (
        closing(Engine(data, ENCODER)) as local,
        closing(Engine(builds_at(postgres.url, "by-words"), ENCODER)) as there,
    ):
        asked = questions_of(local.serving(), chance, 40)
        monkeypatch.setattr("index.postgres.server.Server.nearest", no_vectors)
        # what is found by the rest of a question alone has the scores of the rest
        monkeypatch.setattr("qa.answering.steered", lambda _, retrieved, *rest: retrieved)
        options = SearchOptions(limit=100)
        found = 0
        for query in asked:
            ours = {h.passage.passage_id: h.scores for h in local.search(query, options).hits}
            result = there.search(query, options)
            assert result.missing == ("dense",)
            for hit in result.hits:
                theirs = ours.get(hit.passage.passage_id)
                if theirs is not None and None not in (*theirs, *hit.scores):
                    # tokens of other passages beside them move the last bit of those that follow
                    assert hit.scores[:2] == theirs[:2]
                    assert hit.scores == pytest.approx(theirs, rel=1e-6)
                    found += 1
        assert found > 40
        with pytest.raises(VectorsUnavailableError):
            there.search(asked[0], SearchOptions(mode="dense"))
        assert there.search(asked[0], SearchOptions(mode="lexical")).missing == ()


def test_vectors_that_are_locked_leave_answers_by_words_that_say_so(
    postgres, samples_data, encoder, tmp_path, monkeypatch
):
    import psycopg

    moved(postgres.url, "default", samples_data, encoder)
    monkeypatch.setattr("index.postgres.server._VECTORS_S", 0.3)
    settings = load_settings({}, tmp_path, {"index": postgres.url, "reload_s": 0})
    asked = {
        "es": "¿Cuántos libros me puedo llevar a la vez?",
        "en": "How many books may I borrow at once?",
    }
    with (
        closing(Engine(builds_at(postgres.url, "default"), encoder)) as engine,
        TestClient(create_app(settings, engine), base_url="http://127.0.0.1") as client,
        psycopg.connect(postgres.url) as other,
    ):

        def ask(question, **more):
            began = time.monotonic()
            response = client.post("/v1/ask", json={"query": question, "language": lang, **more})
            assert response.status_code == 200
            return response.json(), time.monotonic() - began

        def vectors():
            said = client.get("/metrics").text
            ready = client.get("/readyz")
            assert ready.status_code == 200
            gauge = 'fuente_vectors_available{collection="default"} '
            return ready.json()["vectors"], said.partition(gauge)[2][:1]

        lang = "es"
        whole, _ = ask(asked["es"], explain=True)
        assert whole["missing_legs"] == []
        assert whole["explanation"]["round_trips"]["count"] > 1
        assert whole["explanation"]["round_trips"]["ms"] > 0
        assert vectors() == ("available", "1")
        # as VACUUM FULL does, or an ALTER TABLE
        other.execute("LOCK TABLE fuente.vectors IN ACCESS EXCLUSIVE MODE")
        for lang in ("es", "en", "es", "en"):
            answer, _ = ask(asked[lang])
            assert (answer["status"], answer["missing_legs"]) == ("answered", ["dense"])
            assert BY_WORDS[lang] in answer["answer"].splitlines()[-1]
            [first, *_] = answer["citations"]
            assert answer["answer"][first["start"] : first["end"]] == first["text"]
            declined, _ = ask(asked[lang], min_confidence=1)
            assert (declined["status"], declined["missing_legs"]) == ("abstained", ["dense"])
            assert BY_WORDS[lang] in declined["abstention"]["message"]
            assert declined["answer"] == declined["abstention"]["message"]
        assert vectors() == ("away", "0")
        _, first_s = ask(asked["es"])
        _, second_s = ask(asked["es"])
        assert min(first_s, second_s) < 0.3
        found = client.post("/v1/search", json={"query": asked["es"]}).json()
        assert found["missing_legs"] == ["dense"]
        tool = client.post("/tools/search", json={"query": asked["es"]}).json()
        assert BY_WORDS["es"] in tool["note"]
        refused = client.post("/v1/search", json={"query": "libros", "mode": "dense"})
        assert (refused.status_code, refused.json()["code"]) == (503, "index_unavailable")
        said = client.get("/metrics").text
        assert 'fuente_questions_without_total{collection="default",leg="dense"}' in said
        for name in ("round_trips", "seconds"):
            counted = f'fuente_index_{name}_total{{collection="default"}} '
            assert float(said.partition(counted)[2].split()[0]) > 0
        other.rollback()
        within = time.monotonic() + 20
        lang = "es"
        while ask(asked["es"])[0]["missing_legs"]:
            assert time.monotonic() < within
            time.sleep(0.3)
        again, _ = ask(asked["es"])
        assert again["answer"] == whole["answer"]
        assert vectors() == ("available", "1")


def test_the_terminal_says_that_only_words_were_searched_for(
    postgres, samples_data, tmp_path, capsys, monkeypatch
):
    data = shutil.copytree(samples_data, tmp_path / "data")
    assert main(["migrate", "--to", postgres.url, "--data", str(data)]) == 0
    capsys.readouterr()
    monkeypatch.setenv("FUENTE_INDEX", postgres.url)
    monkeypatch.setattr("index.postgres.server.Server.nearest", no_vectors)
    question = "¿Cuántos libros me puedo llevar a la vez?"
    for lang, trips in (("es", "idas y vueltas"), ("en", "idas y vueltas")):
        monkeypatch.setenv("FUENTE_LANGUAGE", lang)
        assert main(["ask", question, "--explain", "--data", str(data)]) == 0
        out = capsys.readouterr().out
        assert "seis libros" in out
        # an answer speaks the language of its question
        assert BY_WORDS["es"] in out
        assert trips in out
        assert main(["search", question, "--data", str(data)]) == 0
        assert BY_WORDS[lang] in capsys.readouterr().out


def test_vectors_that_the_server_cannot_read_are_no_server_that_is_away(postgres, data):
    import psycopg

    moved(postgres.url, "unread", data)
    with (
        closing(Engine(builds_at(postgres.url, "unread"), ENCODER)) as engine,
        psycopg.connect(postgres.url, autocommit=True) as other,
    ):
        other.execute("ALTER TABLE fuente.vectors RENAME vector TO gone")
        try:
            for _ in range(4):
                result = engine.search(Query("¿Quién cruza el puente?"))
                assert result.hits
                assert result.missing == ("dense",)
            assert engine.serving().vectors_away
        finally:
            other.execute("ALTER TABLE fuente.vectors RENAME gone TO vector")


# ------------------------------------------------------------------------- a server that is away


@needs_postgres
def test_after_failures_in_a_row_one_now_and_then_is_let_through():
    from index.generations.breaker import FAILURES, TRIED_EACH_S, Breaker

    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(FAILURES - 1):
        assert breaker.admits()
        breaker.failed()
    # an answer between them, and they are counted anew
    breaker.answered()
    for _ in range(FAILURES):
        assert breaker.admits()
        breaker.failed()
    assert not breaker.admits()
    now[0] += TRIED_EACH_S
    assert [breaker.admits(), breaker.admits()] == [True, False]
    breaker.failed()
    now[0] += TRIED_EACH_S - 0.1
    assert not breaker.admits()
    now[0] += 0.1
    assert breaker.admits()
    breaker.answered()
    assert [breaker.admits(), breaker.admits()] == [True, True]


@needs_postgres
def test_a_host_that_says_nothing_costs_the_first_questions_their_time_and_no_other():
    from index.generations.breaker import FAILURES
    from index.postgres.store import PostgresBuilds

    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = silent.getsockname()[1]
        url = f"postgresql://ana:secret@127.0.0.1:{port}/index"
        with (
            pytest.MonkeyPatch.context() as patch,
            closing(PostgresBuilds(url, "default")) as builds,
        ):
            # the least that libpq takes
            patch.setattr("index.postgres.server._CONNECT_S", 2)
            for _ in range(FAILURES):
                with pytest.raises(IndexUnavailableError, match="does not answer"):
                    builds.current_id()
            began = time.monotonic()
            with pytest.raises(IndexUnavailableError, match="is tried every 2 s") as refused:
                builds.current_id()
            assert time.monotonic() - began < 1
            assert "secret" not in str(refused.value)


@needs_postgres
def test_a_server_that_is_back_is_asked_again(tmp_path):
    put(tmp_path, {"a.txt": "The lighthouse is old.\n"})
    build(tmp_path, HashEncoder(64))
    server = PostgresServer()
    try:
        moved(server.url, "default", tmp_path)
        with closing(builds_at(server.url, "default")) as builds:
            wanted = builds.current_id()
            server.kill()
            for _ in range(5):
                with pytest.raises(IndexUnavailableError):
                    builds.current_id()
            server.start()
            within = time.monotonic() + 60
            while True:
                try:
                    assert builds.current_id() == wanted
                    break
                except IndexUnavailableError:
                    assert time.monotonic() < within
                    time.sleep(0.2)
    finally:
        server.close()
