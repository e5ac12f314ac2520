"""The graph of vectors (HNSW) of a large collection, and how wide it has to be searched so that questions find what is nearest.

Questions lie farther from the passages than those from each other, so how wide is found by asking like people ask, both ways.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from corpus import language
from corpus.document import Lang
from index.generations.generation import Graph

if TYPE_CHECKING:
    import psycopg

GRAPH_FROM = 300_000
"""Passages from which on a collection has a graph: below, it is no quicker than to look at all."""

LEAST_RECALL = 0.996
"""Of the hundred nearest so many must be found on average, or all vectors are looked at. The questions that are made here lie nearer to
the passages than people's: of theirs two to three times as many are missed."""

N_QUESTIONS = 200
"""So many are asked both ways."""

_EFS = (200, 400, 600, 800, 1000)
_FIRST = 100
# As many as a question takes: twice those that are wanted and some more.
_TAKEN = 2 * _FIRST + 32
# Of memory, for each vector while the graph is made, beside the vector itself (pgvector 0.8.6, m 32: 2.0 kB with 384 dimensions), and some
# more. And for those of a small collection.
_LINKS_BYTES = 1500
_LEAST_MEMORY_KB = 64 * 1024
_WORDS = 2
_LEAST_LETTERS = 5
_OPENINGS: Mapping[Lang, tuple[str, ...]] = {
    "es": ("¿Cuándo", "¿Quién", "¿Qué", "¿Dónde", "¿Cuántos", "¿Por qué", "¿Cómo"),
    "en": ("When was", "Who", "What", "Where is", "How many", "Why does", "How is"),
}

LIVE = (
    "JOIN fuente.documents d ON d.doc = {0}.doc AND d.collection = %s AND d.since <= %s"
    " AND (d.until IS NULL OR d.until > %s)"
)
"""What limits the rows of a table with a column ``doc`` to a generation: its collection, and twice its number."""


def nearest(limits: str, dim: int, ef: int) -> str:
    """SQL for the place, the vector and the product of what is nearest: values are the vector, those of ``limits``, and how many."""
    vector, where = "v.vector", ""
    if ef:
        vector, where = f"v.vector::halfvec({dim})", f" WHERE vector_dims(v.vector) = {dim}"
    return (
        "SELECT doc, n, halfvec_send(vector), -distance FROM ("
        f" SELECT v.doc, v.n, v.vector, ({vector}) <#> %s::halfvec AS distance"
        f" FROM fuente.vectors v {limits}{where} ORDER BY distance LIMIT %s) AS found"
    )


def settings(ef: int) -> dict[str, str]:
    """What a statement about the nearest is run with."""
    if not ef:
        return {}
    return {
        "hnsw.ef_search": str(ef),
        "hnsw.iterative_scan": "strict_order",
        "enable_seqscan": "off",
        "enable_sort": "off",
    }


def as_vector(vector: npt.NDArray[np.float32]) -> str:
    """A vector as a value in SQL."""
    return f"[{','.join(map(repr, vector.tolist()))}]"


def make(connection: psycopg.Connection[Any], dim: int) -> bool:
    """Have the server keep a graph of vectors of so many dimensions; False where its pgvector cannot search one that is limited (before 0.8).
    Those that are written later go into it by themselves."""
    [(version,)] = connection.execute(
        "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
    ).fetchall()
    if tuple(map(int, version.split(".")[:2])) < (0, 8):
        return False
    name = f"vectors_near_{dim}"
    [(known,)] = connection.execute("SELECT to_regclass(%s)", (f"fuente.{name}",)).fetchall()
    if known is None:
        import psycopg

        [(n,)] = connection.execute("SELECT count(*) FROM fuente.vectors").fetchall()
        # what does not fit takes many times as long
        wanted_kb = max(_LEAST_MEMORY_KB, n * (2 * dim + _LINKS_BYTES) // 1024)
        connection.execute(
            "SELECT set_config('maintenance_work_mem', %s, false)", (f"{wanted_kb}kB",)
        )
        sql = (
            f"CREATE INDEX IF NOT EXISTS {name} ON fuente.vectors USING hnsw ((vector::halfvec({dim})) halfvec_ip_ops)"
            f" WITH (m = 32, ef_construction = 256) WHERE vector_dims(vector) = {dim}"
        )
        try:
            connection.execute(sql)
        except (psycopg.errors.DiskFull, psycopg.errors.OutOfMemory):
            # Several processes make it in shared memory, of which a container has 64 MB unless it is told otherwise: one has its own
            connection.execute("SET max_parallel_maintenance_workers = 0")
            connection.execute(sql)
    return True


def drop(connection: psycopg.Connection[Any], dim: int) -> None:
    """Remove the graph of vectors of so many dimensions, unless a generation that serves is searched by one."""
    [(used,)] = connection.execute(
        "SELECT EXISTS (SELECT FROM fuente.current c JOIN fuente.generations g USING (collection, generation)"
        " WHERE (convert_from(g.facts, 'UTF8')::json->'graph'->>'ef')::int > 0)"
    ).fetchall()
    if not used:
        # questions go on meanwhile
        connection.execute(f"DROP INDEX CONCURRENTLY IF EXISTS fuente.vectors_near_{dim}")


def find_ef(
    connection: psycopg.Connection[Any],
    live: Sequence[object],
    asked: npt.NDArray[np.float32],
    n_passages: int,
) -> Graph:
    """The least width at which questions, unit vectors ``asked`` float32[q, dim], find what looking at all finds, in the generation that
    ``live`` tells; with ``ef`` 0 where none does."""
    dim = asked.shape[1]

    def ask(ef: int) -> list[set[tuple[int, int]]]:
        with connection.transaction():
            for name, value in settings(ef).items():
                connection.execute("SELECT set_config(%s, %s, true)", (name, value))
            taken = _TAKEN if ef else _FIRST
            sql = nearest(LIVE.format("v"), dim, ef)
            return [
                {(doc, n) for doc, n, *_ in connection.execute(sql, (as_vector(v), *live, taken))}
                for v in asked
            ]

    exact = ask(0)
    recall = 0.0
    for ef in _EFS:
        found = ask(ef)
        shares = [len(a & b) / max(1, len(a)) for a, b in zip(exact, found, strict=True)]
        recall = float(np.mean(shares))
        if recall >= LEAST_RECALL:
            return Graph(ef, round(recall, 4), n_passages)
    return Graph(0, round(recall, 4), n_passages)


def questions(passages: Iterable[tuple[Lang, str]]) -> list[str]:
    """A question about each of those passages as people ask: how it begins, and some words that stand together there."""
    chance = random.Random(0)
    found = []
    for lang, text in passages:
        said = [word for word, _, _ in language.words(text) if len(word) >= _LEAST_LETTERS]
        at = chance.randrange(max(1, len(said) - _WORDS + 1))
        opening = chance.choice(_OPENINGS.get(lang, _OPENINGS["en"]))
        found.append(f"{opening} {' '.join(said[at : at + _WORDS])}?")
    return found
