"""The graph of vectors of a large collection in a real PostgreSQL: how wide it is searched, and when it is not."""

import random
import shutil
from contextlib import closing

import pytest
from postgres_server import needs_postgres
from test_postgres import ENCODER, builds_at, generated, moved, opened, put, questions_of

from api.cli import main
from corpus.languages import LANGS
from index.local.build import build
from index.postgres import graph
from qa.engine import Engine, SearchOptions
from qa.evaluation.agreement import agreement


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("graph") / "data"
    put(home, generated(random.Random(8), 120))
    build(home, ENCODER)
    return home


@pytest.fixture
def large(postgres, monkeypatch):
    """Every collection is large enough for a graph; the graph is gone afterwards."""
    import psycopg

    monkeypatch.setattr("index.postgres.graph.GRAPH_FROM", 10)
    yield
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        for dim in (64, 384):
            connection.execute(f"DROP INDEX IF EXISTS fuente.vectors_near_{dim}")


def plans_of(index, vector, k, allowed=None):
    """How the server says that it looks for what is nearest."""
    seen = []
    ask = index._server.nearest

    def explained(sql, values, settings):
        rows = ask(f"EXPLAIN {sql}", values, settings)
        seen.append("\n".join(line for (line,) in rows))
        return ask(sql, values, settings)

    index._server.nearest = explained
    try:
        index.nearest(vector, k, allowed)
    finally:
        index._server.nearest = ask
    return seen


class Cramped:
    """A connection to a server that has no shared memory for several processes."""

    def __init__(self, connection):
        self._connection = connection
        self.settings = []

    def execute(self, sql, values=()):
        import psycopg

        if sql.startswith("CREATE INDEX"):
            shown = "SELECT current_setting('maintenance_work_mem'), current_setting('max_parallel_maintenance_workers')"
            self.settings += self._connection.execute(shown).fetchall()
            if self.settings[-1][1] != "0":
                raise psycopg.errors.DiskFull("could not resize shared memory segment")
        return self._connection.execute(sql, values)


@needs_postgres
def test_a_graph_has_memory_for_all_vectors_be_it_by_one_process(
    postgres, home, large, monkeypatch
):
    import psycopg

    monkeypatch.setattr("index.postgres.graph.GRAPH_FROM", 10**9)
    moved(postgres.url, "cramped", home)
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        cramped = Cramped(connection)
        assert graph.make(cramped, 64)
        assert cramped.settings == [("64MB", "2"), ("64MB", "0")]
        [[name]] = connection.execute("SELECT to_regclass('fuente.vectors_near_64')").fetchall()
        assert name is not None
        # and is not made again
        assert graph.make(cramped, 64)
        assert len(cramped.settings) == 2


def graphs_in(url):
    """Names of the graphs that there are."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        sql = "SELECT indexname FROM pg_indexes WHERE schemaname = 'fuente' AND indexname LIKE 'vectors_near_%'"
        return [name for (name,) in connection.execute(sql)]


def a_vector():
    [encoded] = ENCODER.encode_tokens(["¿Quién cruza el puente?"], "query")
    return encoded.vector


def test_a_large_collection_is_searched_by_its_graph_as_wide_as_questions_need(
    postgres, home, large
):
    moved(postgres.url, "graph", home)
    with (
        closing(Engine(home, ENCODER)) as local,
        closing(Engine(builds_at(postgres.url, "graph"), ENCODER)) as there,
    ):
        index = there.serving()
        graph = index.manifest.graph
        assert graph.ef > 0
        assert graph.recall >= 0.996
        assert graph.n_passages == len(index)
        [plan] = plans_of(index, a_vector(), 20)
        assert "vectors_near_64" in plan
        for limited in (index.rows_where(("es",)), index.rows_where(LANGS)):
            assert not any("vectors_near" in p for p in plans_of(index, a_vector(), 20, limited))
        same = 0
        asked = questions_of(local.serving(), random.Random(9), 100)
        for query in asked:
            a, b = (e.search(query, SearchOptions(limit=10)).hits for e in (local, there))
            same += [h.passage for h in a] == [h.passage for h in b]
        assert same >= 0.95 * len(asked)
        # what is limited is looked at whole, so that both are compared exactly
        assert agreement(local, there).share == 1


def test_a_graph_that_misses_too_much_is_not_used(database, home, large, monkeypatch):
    monkeypatch.setattr("index.postgres.graph._EFS", (1, 2))
    moved(database, "missing", home)
    with closing(opened(database, "missing")) as index:
        graph = index.manifest.graph
        assert graph.ef == 0
        assert graph.recall < 0.996
        [plan] = plans_of(index, a_vector(), 20)
        assert "vectors_near" not in plan
    assert not graphs_in(database)


def test_a_graph_that_missed_too_much_is_made_again_for_fewer_passages_only(
    database, large, tmp_path, monkeypatch
):
    made, make = [], graph.make

    def watched(*given):
        made.append(given)
        return make(*given)

    monkeypatch.setattr(graph, "make", watched)
    documents = list(generated(random.Random(3), 90).items())
    for n, n_made in ((40, 1), (41, 1), (90, 1), (10, 2)):
        finds_enough = n == 10
        monkeypatch.setattr(graph, "LEAST_RECALL", 0.0 if finds_enough else 1.1)
        put(tmp_path, dict(documents[:n]))
        build(tmp_path, ENCODER, allow_removal=True)
        moved(database, "missed", tmp_path)
        assert len(made) == n_made
        with closing(opened(database, "missed")) as index:
            assert bool(index.manifest.graph.ef) == finds_enough
        assert graphs_in(database) == ["vectors_near_64"] * finds_enough


def test_a_graph_that_another_collection_is_searched_by_stays(
    database, home, large, tmp_path, monkeypatch
):
    moved(database, "searched", home)
    monkeypatch.setattr(graph, "LEAST_RECALL", 1.1)
    put(tmp_path, generated(random.Random(3), 60))
    build(tmp_path, ENCODER)
    moved(database, "not searched", tmp_path)
    assert graphs_in(database) == ["vectors_near_64"]
    with closing(opened(database, "searched")) as index:
        [plan] = plans_of(index, a_vector(), 20)
        assert "vectors_near_64" in plan


def test_little_that_is_new_is_searched_as_before_and_much_is_asked_anew(
    postgres, large, tmp_path, monkeypatch
):
    from index.postgres import graph

    found, find_ef = [], graph.find_ef

    def watched(*given):
        found.append(given[-1])
        return find_ef(*given)

    monkeypatch.setattr(graph, "find_ef", watched)
    data, documents = tmp_path / "data", generated(random.Random(3), 60)
    put(data, documents)
    build(data, ENCODER)
    moved(postgres.url, "grows", data)
    with closing(opened(postgres.url, "grows")) as index:
        first = index.manifest.graph
    assert len(found) == 1
    put(data, {**documents, "new.md": "# Nuevo\n\nEl molino es nuevo.\n"})
    build(data, ENCODER)
    moved(postgres.url, "grows", data)
    with closing(opened(postgres.url, "grows")) as index:
        assert index.manifest.graph == first
        assert len(index) == first.n_passages + 1
    put(data, {**documents, **{f"b/{n}": t for n, t in generated(random.Random(4), 30).items()}})
    build(data, ENCODER)
    moved(postgres.url, "grows", data)
    assert len(found) == 2
    with closing(opened(postgres.url, "grows")) as index:
        assert index.manifest.graph.n_passages == len(index)


def test_where_the_graph_gives_up_all_are_looked_at(postgres, home, large, monkeypatch):
    from index.postgres import graph

    moved(postgres.url, "gives-up", home)
    settings = graph.settings
    monkeypatch.setattr(
        graph,
        "settings",
        lambda ef: (
            {**settings(ef), "hnsw.ef_search": "1", "hnsw.iterative_scan": "off"} if ef else {}
        ),
    )
    with (
        closing(Engine(home, ENCODER)) as local,
        closing(opened(postgres.url, "gives-up")) as index,
    ):
        vector = a_vector()
        first, second = plans_of(index, vector, 20)
        assert "vectors_near" in first
        assert "vectors_near" not in second
        assert index.nearest(vector, 20).tolist() == local.serving().nearest(vector, 20).tolist()


@pytest.mark.parametrize(
    ("lang", "least", "words"),
    [
        ("en", 0.9, "in a graph, 200 wide: it finds"),
        ("es", 1.1, "se miran todos los vectores: un grafo encontraría solo "),
    ],
)
def test_the_command_tells_how_vectors_are_searched(
    database, samples_data, large, tmp_path, capsys, monkeypatch, lang, least, words
):
    home = shutil.copytree(samples_data, tmp_path / "data")
    monkeypatch.setattr("index.postgres.graph.LEAST_RECALL", least)
    monkeypatch.setenv("FUENTE_LANGUAGE", lang)
    assert main(["migrate", "--to", database, "--data", str(home)]) == 0
    assert words in capsys.readouterr().out


def test_a_small_collection_has_none(postgres, home):
    moved(postgres.url, "small", home)
    with closing(opened(postgres.url, "small")) as index:
        assert index.manifest.graph is None


@needs_postgres
@pytest.mark.parametrize("version", ["0.7.4", "0.5"])
def test_an_older_pgvector_has_none(version):
    from index.postgres.graph import make

    class Old:
        def execute(self, sql):
            assert "INDEX" not in sql
            return self

        def fetchall(self):
            return [(version,)]

    assert not make(Old(), 64)


def test_questions_are_made_as_people_ask_in_both_languages():
    from index.postgres.graph import questions

    some = [
        ("es", "La biblioteca presta seis libros durante quince días."),
        ("en", "The library lends six books for a fortnight."),
        ("und", "Ærø 1234567"),
        ("es", "Sí."),
    ]
    asked = questions(some)
    assert asked == questions(some)
    assert asked[0].startswith("¿")
    assert all(one.endswith("?") for one in asked)
    assert len(asked[0].split()) in (3, 4)


def test_how_far_a_graph_holds():
    from index.postgres.graph import Graph

    graph = Graph(400, 0.997, 1000)
    assert [graph.holds(n) for n in (899, 900, 1000, 1100, 1101)] == [
        *(False, True, True, True, False)
    ]
    refused = Graph(0, 0.96, 1000)
    assert [refused.holds(n) for n in (899, 900, 1101, 9000)] == [False, True, True, True]
