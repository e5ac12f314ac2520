"""Putting a local build into PostgreSQL, as the next generation of its collection.

A document is written in one transaction with all that is stored of it, and named by the hash of that: what is there
already, from an earlier generation or from a run that was cut short, is kept. Nobody sees the new generation before the last
transaction, which names it, marks what it lacks as gone and makes it the current one.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg

from corpus.document import Block, BuildRunningError, IndexUnavailableError
from corpus.languages import LANGS
from index import bm25
from index.local.store import Index
from index.postgres.generation import Facts, Generation
from index.postgres.server import connect, shown, unavailable
from index.searchable import KEEP_BUILDS

Progress = Callable[[int, int], None]
"""``(documents done, documents in all)``."""

_TABLES = """
CREATE EXTENSION IF NOT EXISTS vector;
CREATE SCHEMA IF NOT EXISTS fuente;
CREATE TABLE IF NOT EXISTS fuente.generations (
    collection text, generation int, build_id text NOT NULL, facts bytea NOT NULL, statistics bytea NOT NULL,
    PRIMARY KEY (collection, generation)
);
CREATE TABLE IF NOT EXISTS fuente.current (collection text PRIMARY KEY, generation int NOT NULL);
CREATE TABLE IF NOT EXISTS fuente.documents (
    doc int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, collection text NOT NULL, doc_id bytea NOT NULL, digest bytea NOT NULL,
    since int NOT NULL, until int, outline bytea NOT NULL, text bytea NOT NULL, blocks bytea NOT NULL
);
CREATE INDEX IF NOT EXISTS documents_open ON fuente.documents (collection, doc_id) WHERE until IS NULL;
CREATE TABLE IF NOT EXISTS fuente.passages (
    doc int REFERENCES fuente.documents ON DELETE CASCADE, n int, facts bytea NOT NULL, tokens bytea NOT NULL,
    token_starts bytea NOT NULL, sentences bytea NOT NULL, spans bytea NOT NULL, keys bytea NOT NULL, bounds bytea NOT NULL,
    PRIMARY KEY (doc, n)
);
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


@dataclass(frozen=True, slots=True)
class Moved:
    """What was done: the ``generation`` that is the current one now, and how many documents were written, were there
    already, and are no longer part of it."""

    generation: int
    n_written: int
    n_kept: int
    n_gone: int


@dataclass(frozen=True, slots=True)
class _Stored:
    """A document as it is written: columns of the tables by their names, and the hash of all of them."""

    outline: bytes
    text: bytes
    blocks: bytes
    passages: list[tuple[bytes, ...]]
    vectors: npt.NDArray[np.float16]
    postings: list[tuple[int, int, int, int]]
    digest: bytes


def move(url: str, collection: str, index: Index, progress: Progress | None = None) -> Moved:
    """Make a local build the current generation of a collection; one that is current already is left as it is.

    It can be cut short at any time and run again: what was written is found by its hash.

    :raises IndexUnavailableError: when the server does not answer or has no pgvector.
    :raises BuildRunningError: when another process does the same.
    """
    try:
        with connect(url, autocommit=True) as connection:
            return _Move(url, connection, collection, index).run(progress or (lambda done, n: None))
    except psycopg.Error as error:
        raise unavailable(url, error) from None


class _Move:
    def __init__(
        self, url: str, connection: psycopg.Connection[Any], collection: str, index: Index
    ):
        self._url = url
        self._connection = connection
        self._collection = collection
        self._index = index
        self._records = index.lexical.records()

    def run(self, progress: Progress) -> Moved:
        self._prepare()
        rows = self._connection.execute(
            "SELECT generation, build_id, c.collection IS NOT NULL FROM fuente.generations g"
            " LEFT JOIN fuente.current c USING (collection, generation) WHERE g.collection = %s",
            (self._collection,),
        ).fetchall()
        infos = self._index.documents()
        for number, build_id, is_current in rows:
            if is_current and build_id == self._index.build_id:
                return Moved(number, 0, len(infos), 0)
        generation = 1 + max((number for number, _, _ in rows), default=0)
        there = {
            (bytes(doc_id).decode(), bytes(digest)): doc
            for doc, doc_id, digest in self._connection.execute(
                "SELECT doc, doc_id, digest FROM fuente.documents WHERE collection = %s AND until IS NULL",
                (self._collection,),
            )
        }
        docs, n_written = [], 0
        for done, info in enumerate(infos):
            progress(done, len(infos))
            stored = self._stored(info.doc_id)
            doc = there.get((info.doc_id, stored.digest))
            if doc is None:
                doc = self._write(info.doc_id, stored, generation)
                n_written += 1
            docs.append(doc)
        n_gone = self._finish(generation, docs)
        progress(len(infos), len(infos))
        # Lists are read from their index alone once the pages are known to be visible to all
        self._connection.execute("VACUUM (ANALYZE) fuente.documents, fuente.passages")
        self._connection.execute("VACUUM (ANALYZE) fuente.vectors, fuente.postings")
        return Moved(generation, n_written, len(docs) - n_written, n_gone)

    def _prepare(self) -> None:
        [(free,)] = self._connection.execute(
            "SELECT pg_try_advisory_lock(hashtext('fuente'), hashtext(%s))", (self._collection,)
        ).fetchall()
        if not free:
            raise BuildRunningError(
                f"another process puts a build into {shown(self._url)}; wait for it to end, then try again"
            )
        try:
            self._connection.execute(_TABLES)
        except (psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedFile) as error:
            raise IndexUnavailableError(
                f"the server at {shown(self._url)} has no pgvector; expected the extension 'vector' 0.7 or newer: install it there"
            ) from error

    def _stored(self, doc_id: str) -> _Stored:
        index, document = self._index, self._index.document(doc_id)
        rows = index.passages_of(doc_id)
        outline = {
            "title": document.title,
            "lang": document.lang,
            "sha256": document.sha256,
            "page_starts": document.page_starts,
            "headings": [(h.start, h.end, h.level, h.text) for h in document.headings],
            "recognised": [(r.page, r.confidence) for r in document.recognised],
            "left_out": [(one.text, one.page, one.reason) for one in document.left_out],
        }
        passages = [self._passage(row) for row in rows]
        every = np.arange(rows.start, rows.stop, dtype=np.int64)
        vectors = index.dense.vectors(every).astype(np.float16)
        records = self._records
        postings = [
            (key, n, count, int(records.lengths[row]))
            for n, row in enumerate(rows)
            for at in [slice(*records.offsets[row : row + 2].tolist())]
            for key, count in zip(
                records.keys[at].view(np.int64).tolist(), records.counts[at].tolist(), strict=True
            )
        ]
        written = (_json(outline), document.text.encode(), _json(_told(document.blocks)))
        digest = hashlib.blake2b(digest_size=16)
        for part in (*written, *(column for columns in passages for column in columns)):
            digest.update(struct.pack("<q", len(part)) + part)
        digest.update(vectors.tobytes() + repr(postings).encode())
        return _Stored(*written, passages, vectors, postings, digest.digest())

    def _passage(self, row: int) -> tuple[bytes, ...]:
        index = self._index
        [place] = index.places([row])
        passage = place.passage
        tokens, sentences = index.tokens.codes_of(row), index.sentences.codes_of(row)
        terms = [sorted(keys) for keys in index.sentence_terms(row)]
        facts = {
            "start": passage.start,
            "end": passage.end,
            "lang": passage.lang,
            "heading": passage.heading,
            "text": passage.text,
            "sentences": passage.sentences,
            "page": place.page,
            "path": place.section_path,
            "ocr": place.ocr_confidence,
            "blocks": _told(index.blocks(row)),
            "width": tokens.codes.shape[1],
        }
        return (
            _json(facts),
            tokens.codes.tobytes(),
            tokens.starts.astype("<u2").tobytes(),
            sentences.codes.tobytes(),
            sentences.spans.astype("<i4").tobytes(),
            np.array([key for keys in terms for key in keys], dtype="<u4").tobytes(),
            np.cumsum([0, *map(len, terms)]).astype("<i4").tobytes(),
        )

    def _write(self, doc_id: str, stored: _Stored, generation: int) -> int:
        with self._connection.transaction():
            cursor = self._connection.cursor()
            cursor.execute(
                "INSERT INTO fuente.documents (collection, doc_id, digest, since, outline, text, blocks)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING doc",
                (
                    *(self._collection, doc_id.encode(), stored.digest, generation),
                    *(stored.outline, stored.text, stored.blocks),
                ),
            )
            [(doc,)] = cursor.fetchall()
            with cursor.copy("COPY fuente.passages FROM STDIN") as copy:
                for n, columns in enumerate(stored.passages):
                    copy.write_row((doc, n, *columns))
            with cursor.copy("COPY fuente.vectors FROM STDIN") as copy:
                for n, vector in enumerate(stored.vectors):
                    copy.write_row((doc, n, f"[{','.join(map(repr, vector.tolist()))}]"))
            with cursor.copy("COPY fuente.postings FROM STDIN") as copy:
                for key, n, count, length in stored.postings:
                    copy.write_row((key, doc, n, count, length))
        return int(doc)

    def _finish(self, generation: int, docs: Sequence[int]) -> int:
        facts, counted = self._facts(), self._counted(docs)
        with self._connection.transaction():
            collection, execute = self._collection, self._connection.execute
            other = "collection = %s AND until IS NULL AND NOT doc = ANY(%s::int4[])"
            # of a run that was cut short
            execute(
                f"DELETE FROM fuente.documents WHERE {other} AND since = %s",
                (collection, list(docs), generation),
            )
            gone = execute(
                f"UPDATE fuente.documents SET until = %s WHERE {other}",
                (generation, collection, list(docs)),
            ).rowcount
            execute(
                "INSERT INTO fuente.generations VALUES (%s, %s, %s, %s, %s)",
                (collection, generation, self._index.build_id, facts, counted.blob()),
            )
            execute(
                "INSERT INTO fuente.current VALUES (%s, %s)"
                " ON CONFLICT (collection) DO UPDATE SET generation = excluded.generation",
                (collection, generation),
            )
            oldest = generation - KEEP_BUILDS + 1
            execute(
                "DELETE FROM fuente.generations WHERE collection = %s AND generation < %s",
                (collection, oldest),
            )
            execute(
                "DELETE FROM fuente.documents WHERE collection = %s AND until <= %s",
                (collection, oldest),
            )
        return int(gone)

    def _facts(self) -> bytes:
        manifest = self._index.manifest
        facts = Facts(
            build_id=manifest.build_id,
            format=manifest.format,
            created_at=manifest.created_at,
            encoder=manifest.encoder,
            n_documents=manifest.n_documents,
            n_passages=manifest.n_passages,
            languages=manifest.languages,
            sources=manifest.sources,
            skipped=manifest.skipped,
            probe=manifest.probe,
            packs=manifest.packs,
        )
        return _json(asdict(facts))

    def _counted(self, docs: Sequence[int]) -> Generation:
        index, records = self._index, self._records
        keys, inverse, dfs = np.unique(records.keys, return_inverse=True, return_counts=True)
        peaks = np.zeros(len(keys), dtype=np.uint16)
        np.maximum.at(peaks, inverse, records.counts)
        langs = index.langs(np.arange(len(index), dtype=np.int64))
        means, least = np.ones(len(LANGS)), np.zeros(len(LANGS))
        for code, lang in enumerate(LANGS):
            members = langs == code
            if members.any():
                means[code] = bm25.mean_length(records.lengths[members])
                least[code] = index.lexical.least_norm(lang)
        infos = tuple(index.documents())
        firsts = np.array([index.passages_of(info.doc_id).start for info in infos], dtype=np.int64)
        numbers = np.array(docs, dtype=np.int32)
        return Generation(
            *(keys, dfs.astype(np.int32), peaks, means, least, langs, numbers, firsts, infos)
        )


def _told(blocks: Sequence[Block]) -> list[tuple[Any, ...]]:
    return [(b.kind, b.start, b.end, b.level, b.parent, b.cells) for b in blocks]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
