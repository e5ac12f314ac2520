"""Writing generations of a collection: a document at a time, then all at once in one transaction that makes them the current one.

A document is written with all that is stored of it, and named by the hash of that: what is there already, from an earlier
generation or from a run that was cut short, is kept. It is part of the generations from ``since`` on and before ``until``.
Nobody sees a new generation before the last transaction, which says what it lacks and names it in ``fuente.current``.

Whoever writes holds the advisory lock of the collection on the one connection that everything goes through: where that breaks,
the lock is gone, and nothing more is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg

from corpus.document import (
    BuildRunningError,
    DamagedIndexError,
    IndexUnavailableError,
    UnknownBuildError,
)
from index.encoder import Encoder
from index.encoding.passages import pieces
from index.generations.columns import CODES, PASSAGE, as_json, half_floats
from index.generations.generation import Facts, Generation, Graph, info_of, norms_of, recounted
from index.generations.searched import damaged
from index.generations.stored import Finished, Stored
from index.postgres import graph
from index.postgres.server import SWITCHED, connect, shown, unavailable
from index.searchable import KEEP_BUILDS, DocumentInfo

_TABLES = """
SELECT pg_advisory_xact_lock(hashtext('fuente'));
CREATE EXTENSION IF NOT EXISTS vector;
CREATE SCHEMA IF NOT EXISTS fuente;
CREATE TABLE IF NOT EXISTS fuente.generations (
    collection text, generation int, build_id text NOT NULL, facts bytea NOT NULL, statistics bytea NOT NULL,
    superseded timestamptz, PRIMARY KEY (collection, generation)
);
CREATE TABLE IF NOT EXISTS fuente.current (collection text PRIMARY KEY, generation int NOT NULL);
CREATE TABLE IF NOT EXISTS fuente.documents (
    doc int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, collection text NOT NULL, doc_id bytea NOT NULL, digest bytea NOT NULL,
    since int NOT NULL, until int, n_bytes bigint NOT NULL, info bytea NOT NULL, counted bytea NOT NULL, outline bytea NOT NULL, text bytea NOT NULL,
    blocks bytea NOT NULL
);
CREATE INDEX IF NOT EXISTS documents_by_id ON fuente.documents (collection, doc_id);
CREATE TABLE IF NOT EXISTS fuente.passages (
    doc int REFERENCES fuente.documents ON DELETE CASCADE, n int, key bytea NOT NULL, facts bytea NOT NULL, tokens bytea NOT NULL,
    token_starts bytea NOT NULL, sentences bytea NOT NULL, spans bytea NOT NULL, keys bytea NOT NULL, bounds bytea NOT NULL,
    PRIMARY KEY (doc, n)
);
CREATE INDEX IF NOT EXISTS passages_by_key ON fuente.passages (key);
CREATE TABLE IF NOT EXISTS fuente.vectors (
    doc int REFERENCES fuente.documents ON DELETE CASCADE, n int, vector halfvec NOT NULL, PRIMARY KEY (doc, n)
);
ALTER TABLE fuente.vectors ALTER vector SET STORAGE PLAIN;
CREATE TABLE IF NOT EXISTS fuente.postings (
    term bigint NOT NULL, doc int NOT NULL REFERENCES fuente.documents ON DELETE CASCADE, n int NOT NULL, count int NOT NULL,
    length int NOT NULL
);
CREATE INDEX IF NOT EXISTS postings_by_term ON fuente.postings (term) INCLUDE (doc, n, count, length);
CREATE INDEX IF NOT EXISTS postings_by_doc ON fuente.postings USING brin (doc);
"""
# Where a larger share of the documents is not as in the generation that serves, all is counted anew, and the tables are tidied.
_MUCH = 0.1
# What serves is looked at every second or so; a question that began in a generation must find it until it is answered.
_GRACE_S = 60


@contextmanager
def writing(url: str, collection: str) -> Iterator[Writing]:
    """The one who may write generations of a collection; the tables are there.

    :raises IndexUnavailableError: when the server does not answer or has no pgvector, here or in the block.
    :raises BuildRunningError: when another process writes.
    """
    try:
        with connect(url) as connection:
            found = connection.execute(
                "SELECT pg_try_advisory_lock(hashtext('fuente'), hashtext(%s))", (collection,)
            ).fetchall()
            if not found[0][0]:
                raise BuildRunningError(
                    f"another process puts a build into {shown(url)}; wait for it to end, then try again"
                )
            try:
                # not each time: it would wait for questions under way, and those that come for it
                if (
                    connection.execute("SELECT to_regclass('fuente.postings')").fetchall()[0][0]
                    is None
                ):
                    connection.execute(_TABLES)
            except (psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedFile) as error:
                raise IndexUnavailableError(
                    f"the server at {shown(url)} has no pgvector; expected the extension 'vector' 0.7 or newer: install it there"
                ) from error
            yield Writing(url, collection, connection)
    except psycopg.Error as error:
        raise unavailable(url, error) from None


class Writing:
    """What may be done by the one who writes; see :func:`writing`."""

    def __init__(self, url: str, collection: str, connection: psycopg.Connection[Any]):
        self._url = url
        self._collection = collection
        self._connection = connection
        self._open: dict[tuple[str, bytes], int] | None = None
        rows = self._rows("SELECT generation FROM fuente.generations WHERE collection = %s")
        #: The number that the next generation will have.
        self.number = 1 + max((number for (number,) in rows), default=0)

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        cursor = self._connection.execute(sql, (self._collection, *values), binary=True)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    # ------------------------------------------------------------------- what is there

    def current(self) -> tuple[int, Facts] | None:
        """The generation that serves.

        :raises DamagedIndexError: when what it says about itself cannot be read.
        """
        found = self._rows(
            "SELECT g.generation, g.facts FROM fuente.current c JOIN fuente.generations g USING (collection, generation)"
            " WHERE collection = %s"
        )
        if not found:
            return None
        [(number, raw)] = found
        try:
            return number, Facts.read(raw)
        except (ValueError, KeyError, TypeError) as error:
            raise damaged(shown(self._url), number, error) from error

    def generation_of(self, build_id: str) -> int | None:
        """The newest generation that is that build, None when there is none."""
        found = self._rows(
            "SELECT max(generation) FROM fuente.generations WHERE collection = %s AND build_id = %s",
            build_id,
        )
        number: int | None = found[0][0]
        return number

    def documents(self, generation: int) -> list[DocumentInfo]:
        """The documents of a generation, by id."""
        rows = self._rows(
            "SELECT doc_id, info FROM fuente.documents WHERE collection = %s AND since <= %s AND (until IS NULL OR until > %s)"
            " ORDER BY doc_id",
            *(generation, generation),
        )
        return [info_of(bytes(doc_id).decode(), info) for doc_id, info in rows]

    def known(self, keys: Sequence[bytes]) -> set[bytes]:
        """Those of the stored keys that there is a passage of."""
        found = self._connection.execute(
            "SELECT DISTINCT key FROM fuente.passages WHERE key = ANY(%s::bytea[])",
            (list(keys),),
            binary=True,
        )
        return {key for (key,) in found}

    def made(
        self, keys: Sequence[bytes]
    ) -> Iterator[tuple[bytes, npt.NDArray[np.float16], bytes, tuple[bytes, ...]]]:
        """A passage of each of the stored keys that there is one of: its key, vector float16[dim], facts, codes."""
        found = self._connection.execute(
            f"SELECT DISTINCT ON (p.key) p.key, halfvec_send(v.vector), p.facts, {CODES}"
            " FROM fuente.passages p JOIN fuente.vectors v USING (doc, n) WHERE p.key = ANY(%s::bytea[])",
            (list(keys),),
            binary=True,
        )
        for key, vector, facts, *codes in found:
            yield key, half_floats([vector], len(vector) // 2 - 2)[0], facts, tuple(codes)

    def _there(self, doc_id: str, digest: bytes) -> int | None:
        if self._open is None:
            rows = self._rows(
                "SELECT doc, doc_id, digest FROM fuente.documents WHERE collection = %s AND until IS NULL"
            )
            self._open = {(bytes(name).decode(), bytes(known)): doc for doc, name, known in rows}
        return self._open.get((doc_id, digest))

    # ------------------------------------------------------------------- the next generation

    def put(self, doc_id: str, stored: Stored) -> tuple[int, bool]:
        """The number of a document of the next generation, and whether it had to be written."""
        digest = stored.digest()
        doc = self._there(doc_id, digest)
        return (self._write(doc_id, digest, stored), True) if doc is None else (doc, False)

    def _write(self, doc_id: str, digest: bytes, stored: Stored) -> int:
        with self._connection.transaction():
            cursor = self._connection.cursor()
            cursor.execute(
                "INSERT INTO fuente.documents (collection, doc_id, digest, since, n_bytes, info, counted, outline, text, blocks)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING doc",
                (
                    *(self._collection, doc_id.encode(), digest, self.number, stored.n_bytes),
                    *(stored.info, stored.counted, stored.outline, stored.text, stored.blocks),
                ),
            )
            [(doc,)] = cursor.fetchall()
            with cursor.copy("COPY fuente.passages FROM STDIN") as copy:
                for n, (key, columns) in enumerate(zip(stored.keys, stored.passages, strict=True)):
                    copy.write_row((doc, n, key, *columns))
            with cursor.copy("COPY fuente.vectors FROM STDIN") as copy:
                for n, vector in enumerate(stored.vectors):
                    copy.write_row((doc, n, f"[{','.join(map(repr, vector.tolist()))}]"))
            with cursor.copy("COPY fuente.postings FROM STDIN") as copy:
                for term, n, count, length in stored.postings:
                    copy.write_row((term, doc, n, count, length))
        return int(doc)

    def take_over(self, generation: int, doc_ids: Sequence[str]) -> list[int]:
        """The numbers that documents of a generation have in the next one. One that a later generation left out or replaced,
        before an older one was made the current one again, is written anew, from the tables.

        :raises DamagedIndexError: when one is not there.
        """
        rows = self._rows(
            "SELECT doc, doc_id, digest, until FROM fuente.documents WHERE collection = %s AND since <= %s"
            " AND (until IS NULL OR until > %s) AND doc_id = ANY(%s::bytea[])",
            *(generation, generation, [doc_id.encode() for doc_id in doc_ids]),
        )
        if len(rows) != len(doc_ids):
            raise DamagedIndexError(
                f"generation {generation} at {shown(self._url)} has {len(rows)} of {len(doc_ids)} documents that are to stay; "
                "run `fuente build --full`"
            )
        found = []
        for doc, name, digest, until in rows:
            there = doc if until is None else self._there(bytes(name).decode(), bytes(digest))
            found.append(self._copy(doc) if there is None else there)
        return found

    def _copy(self, doc: int) -> int:
        columns = "collection, doc_id, digest, n_bytes, info, counted, outline, text, blocks"
        with self._connection.transaction():
            [(copied,)] = self._connection.execute(
                f"INSERT INTO fuente.documents (since, {columns}) SELECT %s, {columns} FROM fuente.documents WHERE doc = %s"
                " RETURNING doc",
                (self.number, doc),
            ).fetchall()
            for table, rest in (
                ("passages", f"n, key, {PASSAGE}"),
                ("vectors", "n, vector"),
                ("postings", "term, n, count, length"),
            ):
                self._connection.execute(
                    f"INSERT INTO fuente.{table} (doc, {rest}) SELECT %s, {rest} FROM fuente.{table} WHERE doc = %s",
                    (copied, doc),
                )
        return int(copied)

    def finish(self, docs: Sequence[int], facts: Facts, encoder: Encoder) -> Finished:
        """Make the next generation of those documents the current one; what ``facts`` counts is counted anew, and how its
        vectors are searched is found out by asking questions, which ``encoder`` encodes."""
        served = self._served()
        n_other = len(set(docs) ^ set(served.docs.tolist() if served else ()))
        is_much = n_other > _MUCH * len(docs)
        counted = self._counted(docs, None if is_much else served)
        facts = recounted(facts, counted, self._size_of(docs))
        number, mine = self.number, list(docs)
        before = self._graph(encoder)
        if before is not None and (not before.holds(facts.n_passages) or (before.ef and is_much)):
            # one that is searched is asked anew where much is new; one that was found to miss too much is not made again
            before = None
        searched = facts.n_passages >= graph.GRAPH_FROM and (
            (before is not None and not before.ef) or graph.make(self._connection, encoder.card.dim)
        )
        with self._connection.transaction():
            execute = self._connection.execute
            other = "collection = %s AND until IS NULL AND NOT doc = ANY(%s::int4[])"
            # of a run that was cut short
            execute(
                f"DELETE FROM fuente.documents WHERE {other} AND since = %s",
                (self._collection, mine, number),
            )
            gone = execute(
                f"UPDATE fuente.documents SET until = %s WHERE {other}",
                (number, self._collection, mine),
            ).rowcount
            if searched and before is None:
                asked = self._asked(counted, encoder)
                live = (self._collection, number, number)
                before = graph.find_ef(self._connection, live, asked, facts.n_passages)
            facts = replace(facts, graph=before if searched else None)
            execute(
                "INSERT INTO fuente.generations VALUES (%s, %s, %s, %s, %s)",
                (self._collection, number, facts.build_id, as_json(asdict(facts)), counted.blob()),
            )
            self._make_current(number)
        self.prune(KEEP_BUILDS)
        if before is not None and not before.ef:
            graph.drop(self._connection, encoder.card.dim)
        if is_much:
            # Lists are read from their index alone once the pages are known to be visible to all; little by little the
            # server does the same by itself
            self._tidy()
        return Finished(number, facts, int(gone))

    def _graph(self, encoder: Encoder) -> Graph | None:
        """That of the generation that serves, of vectors by ``encoder``."""
        try:
            current = self.current()
        except DamagedIndexError:
            return None
        if current is None or current[1].encoder.fingerprint != encoder.card.fingerprint:
            return None
        return current[1].graph

    def _asked(self, counted: Generation, encoder: Encoder) -> npt.NDArray[np.float32]:
        """Unit vectors float32[q, dim] of questions about passages, evenly over a generation."""
        n = len(counted.langs)
        rows = np.unique(np.linspace(0, n - 1, min(n, graph.N_QUESTIONS)).astype(np.int64))
        found = self._connection.execute(
            "SELECT p.facts FROM fuente.passages p JOIN unnest(%s::int4[], %s::int4[]) AS w(doc, n)"
            " ON w.doc = p.doc AND w.n = p.n ORDER BY p.doc, p.n",
            counted.placed(rows),
            binary=True,
        )
        told = [json.loads(facts) for (facts,) in found]
        asked = graph.questions((one["lang"], one["text"]) for one in told)
        encoded = [
            one
            for some in pieces(asked, encoder.batch)
            for one in encoder.encode_tokens(some, "query")
        ]
        return np.stack([one.vector for one in encoded])

    def _tidy(self) -> None:
        self._connection.execute("VACUUM (ANALYZE) fuente.documents, fuente.passages")
        self._connection.execute("VACUUM (ANALYZE) fuente.vectors, fuente.postings")

    def _served(self) -> Generation | None:
        found = self._rows(
            "SELECT g.statistics FROM fuente.current c JOIN fuente.generations g USING (collection, generation)"
            " WHERE collection = %s"
        )
        try:
            return Generation.read(found[0][0]) if found else None
        except (ValueError, KeyError, OSError):
            return None

    def _size_of(self, docs: Sequence[int]) -> int:
        rows = self._rows(
            "SELECT coalesce(sum(n_bytes), 0)::bigint FROM fuente.documents WHERE collection = %s AND doc = ANY(%s::int4[])",
            list(docs),
        )
        return int(rows[0][0])

    def _make_current(self, number: int) -> None:
        self._connection.execute(
            "UPDATE fuente.generations g SET superseded = CASE WHEN g.generation = %s THEN NULL ELSE now() END"
            " FROM fuente.current c WHERE g.collection = %s AND c.collection = g.collection"
            " AND g.generation IN (c.generation, %s)",
            (number, self._collection, number),
        )
        self._connection.execute(
            "INSERT INTO fuente.current VALUES (%s, %s)"
            " ON CONFLICT (collection) DO UPDATE SET generation = excluded.generation",
            (self._collection, number),
        )
        # services that share their collections know them by this table; where it is made later it has all that are current
        [(shared,)] = self._connection.execute(
            "SELECT to_regclass('fuente.collections') IS NOT NULL"
        ).fetchall()
        if shared:
            self._connection.execute(
                "INSERT INTO fuente.collections (name) VALUES (%s) ON CONFLICT DO NOTHING",
                (self._collection,),
            )
        # told when it is committed
        self._connection.execute("SELECT pg_notify(%s, %s)", (SWITCHED, self._collection))

    def activate(self, build_id: str) -> int:
        """Make a generation the current one, and give its number: one write, which serves or does not.

        :raises UnknownBuildError: when there is none of that build.
        """
        number = self.generation_of(build_id)
        if number is None:
            raise UnknownBuildError(f"there is no build {build_id!r}; see `fuente builds list`")
        with self._connection.transaction():
            self._make_current(number)
        return number

    def prune(self, keep: int) -> list[str]:
        """Remove all but the ``keep`` newest generations with what only they hold; gives the builds removed. The current one
        stays, the last one with documents does, and so does what served within the last minute."""
        rows = self._rows(
            "SELECT g.generation, g.build_id, c.generation IS NOT NULL, (convert_from(g.facts, 'UTF8')::json->>'n_documents')::int,"
            f" coalesce(g.superseded > now() - interval '{_GRACE_S} s', false)"
            " FROM fuente.generations g LEFT JOIN fuente.current c USING (collection, generation) WHERE g.collection = %s"
            " ORDER BY 3 DESC, 1 DESC"
        )
        holding = next((number for number, _, _, n_documents, _ in rows if n_documents), None)
        gone = [
            (number, build_id)
            for number, build_id, is_current, _, is_recent in rows[keep:]
            if not (is_current or is_recent or number == holding)
        ]
        if gone:
            with self._connection.transaction():
                self._connection.execute(
                    "DELETE FROM fuente.generations WHERE collection = %s AND generation = ANY(%s::int4[])",
                    (self._collection, [number for number, _ in gone]),
                )
                self._connection.execute(
                    "DELETE FROM fuente.documents d WHERE d.collection = %s AND d.until IS NOT NULL AND NOT EXISTS"
                    " (SELECT FROM fuente.generations g WHERE g.collection = d.collection AND g.generation >= d.since"
                    "  AND g.generation < d.until)",
                    (self._collection,),
                )
        return [build_id for _, build_id in gone]

    def _counted(self, docs: Sequence[int], served: Generation | None) -> Generation:
        """What is counted over all passages of those documents: from the tables, so that it is what they hold. Of the terms
        only those are counted that stand in documents which ``served`` has and it has not, or the other way round."""
        mine = list(docs)
        rows = self._rows(
            "SELECT doc, doc_id, info, counted FROM fuente.documents WHERE collection = %s AND doc = ANY(%s::int4[])"
            " ORDER BY doc_id",
            mine,
        )
        infos = tuple(info_of(bytes(doc_id).decode(), info) for _, doc_id, info, _ in rows)
        lengths = np.concatenate(
            [np.zeros(0, np.int32), *(np.frombuffer(c, "<i4", len(c) // 5) for *_, c in rows)]
        )
        langs = np.concatenate(
            [
                np.zeros(0, np.uint8),
                *(np.frombuffer(c, np.uint8, offset=len(c) // 5 * 4) for *_, c in rows),
            ]
        )
        means, least = norms_of(lengths, langs)
        counts = np.array([info.n_passages for info in infos], dtype=np.int64)
        return Generation(
            *(self._terms(mine) if served is None else self._terms_after(served, mine)),
            *(means, least, langs),
            np.array([doc for doc, *_ in rows], dtype=np.int32),
            np.cumsum(counts) - counts,
            infos,
        )

    def _terms(self, docs: list[int]) -> _Terms:
        """The terms of all passages of those documents."""
        rows = self._connection.execute(
            "SELECT p.term, count(*), max(p.count) FROM fuente.postings p JOIN unnest(%s::int4[]) AS o(doc) ON o.doc = p.doc"
            " GROUP BY p.term",
            (docs,),
            binary=True,
        )
        return _sorted(rows.fetchall())

    def _terms_after(self, served: Generation, docs: list[int]) -> _Terms:
        """The same, where few documents are others than in the generation that serves."""
        others = set(docs) ^ set(served.docs.tolist())
        rows = self._connection.execute(
            "WITH touched AS MATERIALIZED (SELECT DISTINCT term FROM fuente.postings WHERE doc = ANY(%s::int4[]))"
            " SELECT t.term, count(o.doc), coalesce(max(o.count), 0) FROM touched t LEFT JOIN ("
            "   SELECT p.term, p.doc, p.count FROM fuente.postings p JOIN unnest(%s::int4[]) AS l(doc) ON l.doc = p.doc"
            " ) AS o ON o.term = t.term GROUP BY t.term",
            (list(others), docs),
            binary=True,
        )
        keys, dfs, peaks = _sorted(rows.fetchall())
        same, held = ~np.isin(served.keys, keys), dfs > 0
        keys = np.concatenate([served.keys[same], keys[held]])
        order = np.argsort(keys)
        return (
            keys[order],
            np.concatenate([served.dfs[same], dfs[held]])[order],
            np.concatenate([served.peaks[same], peaks[held]])[order],
        )


_Terms = tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32], npt.NDArray[np.uint16]]


def _sorted(rows: Sequence[tuple[int, int, int]]) -> _Terms:
    """``keys``, ``dfs`` and ``peaks`` of :class:`Generation` from rows of a term, its df and peak."""
    keys = np.array([term for term, _, _ in rows], dtype=np.int64).view(np.uint64)
    order = np.argsort(keys)
    return (
        keys[order],
        np.array([n for _, n, _ in rows], dtype=np.int32)[order],
        np.array([peak for _, _, peak in rows], dtype=np.uint16)[order],
    )


def activate(url: str, collection: str, build_id: str) -> None:
    """Make a build the current one again, also while another one is written.

    :raises UnknownBuildError: when there is none of that id, IndexUnavailableError when the server does not answer.
    :raises NoIndexError: when nothing was ever put there.
    """
    try:
        with connect(url) as connection:
            Writing(url, collection, connection).activate(build_id)
    except psycopg.Error as error:
        raise unavailable(url, error) from None
