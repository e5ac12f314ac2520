"""Writing generations of a collection into Milvus: a document at a time, then one row that says which generation serves.

A document is written with all that is stored of it, its own row last, and named by the hash of that: what is there already is kept.
Nobody sees a new generation before that last row, and nothing that an older one needs is changed.

Milvus has no locks. Two builds from one data directory keep each other out; that only one host builds a collection is for whoever
runs it to see to.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
from pymilvus import DataType, MilvusClient

from corpus.document import BuildRunningError, DamagedIndexError, UnknownBuildError
from corpus.languages import LANGS
from index.encoder import Encoder
from index.encoding.passages import pieces
from index.generations.columns import as_json
from index.generations.generation import Facts, Generation, info_of, norms_of, recounted
from index.generations.searched import damaged
from index.generations.stored import Finished, Stored
from index.milvus import layout
from index.milvus.layout import AT_ONCE, PLACES, Layout, Record, Row, Switch
from index.milvus.server import Server, shown
from index.milvus.tally import Tally
from index.searchable import KEEP_BUILDS, DocumentInfo

# What serves is looked at every second or so; a question that began in a generation must find it until it is answered.
_GRACE_S = 60
# Terms of a passage, until it is known how many they have.
_USUAL = 20.0
# Bytes of rows that are sent at once, of the 64 MB that a server takes.
_SENT = 8 << 20


@contextmanager
def writing(url: str, collection: str) -> Iterator[Writing]:
    """The one who may write generations of a collection.

    :raises IndexUnavailableError: when the server does not answer, here or in the block.
    """
    with closing(Server(url)) as server:
        yield Writing(url, server, collection)


class Writing:
    """The :class:`index.generations.stored.Writing` of a collection in Milvus."""

    def __init__(self, url: str, server: Server, collection: str):
        self._url = url
        self._server = server
        self._layout = Layout(server, collection)
        self._found = self._layout.read()
        #: The number that the next generation will have.
        self.number = 1 + max(self._found.rows, default=0)
        self._homes: dict[int, _Home] = {}

    def _home(self, dim: int, means: Sequence[float]) -> _Home:
        if dim not in self._homes:
            self._create(dim, means)
            self._homes[dim] = _Home(self._server, self._layout, dim, self._found.means[dim])
        return self._homes[dim]

    def _create(self, dim: int, means: Sequence[float]) -> None:
        """The collections of Milvus for vectors of so many dimensions, and with which mean lengths their sparse vectors are made."""
        self._server.ask(lambda client, seconds: _create(client, self._layout, dim))
        if dim not in self._found.means:
            # of a language that nothing is in yet there is none
            usual = tuple(mean if mean > 1 else _USUAL for mean in means)
            self._insert(self._layout.generations, [layout.means_row(dim, usual)])
            self._found.means[dim] = usual

    def _insert(self, name: str, rows: Sequence[dict[str, Any]]) -> None:
        _insert(self._server, name, rows)

    # ------------------------------------------------------------------- what is there

    def _facts(self, row: Row) -> Facts:
        try:
            return Facts.read(*self._told(row, "facts"))
        except (ValueError, KeyError, TypeError) as error:
            raise damaged(shown(self._url), row.number, error) from error

    def _told(self, row: Row, *kinds: str) -> list[bytes]:
        found = self._layout.pieces(
            row.dim, layout.generation_id(row.number), {kind: row.pieces[kind] for kind in kinds}
        )
        return [found[kind] for kind in kinds]

    def _statistics(self, row: Row) -> Generation:
        try:
            return Generation.read(*self._told(row, "statistics"))
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise damaged(shown(self._url), row.number, error) from error

    def _tallies(self, row: Row) -> tuple[Tally, Tally]:
        try:
            terms, lengths = map(Tally.read, self._told(row, "terms", "lengths"))
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise damaged(shown(self._url), row.number, error) from error
        return terms, lengths

    def current(self) -> tuple[int, Facts] | None:
        """The generation that serves.

        :raises DamagedIndexError: when what it says about itself cannot be read.
        """
        row = self._found.current
        return None if row is None else (row.number, self._facts(row))

    def generation_of(self, build_id: str) -> int | None:
        """The newest generation that is that build, None when there is none."""
        numbers = [n for n, row in self._found.rows.items() if row.build_id == build_id]
        return max(numbers, default=None)

    def documents(self, generation: int) -> list[DocumentInfo]:
        """The documents of a generation, by id."""
        return list(self._statistics(self._found.rows[generation]).infos)

    def _passages_by_key(
        self, keys: Sequence[bytes], fields: list[str]
    ) -> Iterator[dict[str, Any]]:
        row = self._found.current
        if row is None:
            return
        name = self._layout.names(row.dim).passages
        for some in pieces([key.hex() for key in keys], AT_ONCE):
            yield from self._server.rows(name, f"key in {json.dumps(list(some))}", ["key", *fields])

    def known(self, keys: Sequence[bytes]) -> set[bytes]:
        """Those of the stored keys that there is a passage of."""
        return {bytes.fromhex(row["key"]) for row in self._passages_by_key(keys, [])}

    def made(
        self, keys: Sequence[bytes]
    ) -> Iterator[tuple[bytes, npt.NDArray[np.float16], bytes, tuple[bytes, ...]]]:
        """A passage of each of the stored keys that there is one of: its key, vector float16[dim], facts, codes."""
        row = self._found.current
        if row is None:
            return
        # of a key there may be several passages, all alike: one is enough
        ids = {one["key"]: one["id"] for one in self._passages_by_key(keys, ["id"])}
        for some in pieces(sorted(ids.values()), AT_ONCE):
            found = self._layout.passages(row.dim, some, ["key", "body", "more", "vector"])
            bodies = self._layout.bodies(row.dim, found)
            for one, columns in zip(found, bodies, strict=True):
                vector = layout.vector_of(one["vector"])
                yield bytes.fromhex(one["key"]), vector, columns[0], tuple(columns[1:5])

    # ------------------------------------------------------------------- the next generation

    def put(self, doc_id: str, stored: Stored) -> tuple[int, bool]:
        """The number of a document of the next generation, and whether it had to be written."""
        home = self._home(stored.vectors.shape[1], stored.means.tolist())
        digest = stored.digest().hex()
        doc = home.by_digest.get((doc_id, digest))
        if doc is not None:
            return doc, False
        return home.write(doc_id, digest, stored, self.number), True

    def take_over(self, generation: int, doc_ids: Sequence[str]) -> list[int]:
        """The numbers that documents of a generation have in the next one: those that they have.

        :raises DamagedIndexError: when one is not there.
        """
        row = self._found.rows[generation]
        home, counted = self._home(row.dim, row.means), self._statistics(row)
        docs = [int(counted.docs[counted.numbers[doc_id]]) for doc_id in doc_ids]
        there = [doc for doc in docs if doc in home.documents]
        if len(there) != len(docs):
            raise DamagedIndexError(
                f"generation {generation} at {shown(self._url)} has {len(there)} of {len(docs)} documents that are to stay; "
                "run `fuente build --full`"
            )
        return docs

    def finish(self, docs: Sequence[int], facts: Facts, encoder: Encoder) -> Finished:
        """Make the next generation of those documents the current one; what ``facts`` counts is counted anew.

        :raises BuildRunningError: when another process has written one meanwhile.
        """
        dim, wanted = encoder.card.dim, set(docs)
        home = self._home(dim, [_USUAL] * len(LANGS))
        # of a run that was cut short
        home.remove([d for d in home.since(self.number) if d not in wanted])
        before = self._served(dim)
        counted, terms, lengths = home.counted(docs, before)
        served = set(before[0].docs.tolist()) if before else set()
        size_bytes = sum(home.documents[doc].n_bytes for doc in docs)
        facts = recounted(facts, counted, size_bytes)
        others = [doc for doc in home.documents if doc not in wanted]
        without = layout.stretches(others, list(home.documents))
        kinds = {
            "facts": as_json(asdict(facts)),
            "statistics": counted.blob(),
            "without": as_json(without),
            "terms": terms.packed(),
            "lengths": lengths.packed(),
        }
        owner = layout.generation_id(self.number)
        cuts = {kind: layout.cut(owner, kind, raw) for kind, raw in kinds.items()}
        if self.number in self._layout.read().rows:
            raise BuildRunningError(
                f"another process puts a build into {shown(self._url)}; wait for it to end, then try again"
            )
        name = self._layout.names(dim).pieces
        # of a run that was cut short, too
        home.delete(name, [row["id"] for rows in cuts.values() for row in rows])
        self._insert(name, [row for rows in cuts.values() for row in rows])
        row = Row(
            number=self.number,
            build_id=facts.build_id,
            dim=dim,
            pieces={kind: len(rows) for kind, rows in cuts.items()},
            means=home.means,
            created_at=facts.created_at,
            n_documents=facts.n_documents,
            n_passages=facts.n_passages,
            encoder=facts.encoder.name,
            size_bytes=facts.size_bytes,
        )
        self._insert(self._layout.generations, [layout.generation_row(row)])
        self._found.rows[self.number] = row
        self._make_current(self.number)
        self.prune(KEEP_BUILDS)
        return Finished(self.number, facts, len(served - wanted))

    def _served(self, dim: int) -> tuple[Generation, Tally, Tally] | None:
        """What is counted of the generation that serves, where its passages are among those with so many dimensions."""
        row = self._found.current
        if row is None or row.dim != dim:
            return None
        try:
            return self._statistics(row), *self._tallies(row)
        except DamagedIndexError:
            return None

    def _make_current(self, number: int) -> None:
        switches = self._found.switches
        serial = 1 + (switches[-1].serial if switches else 0)
        switches.append(Switch(serial, number, time.time()))
        self._insert(self._layout.generations, [layout.switch_row(switches[-1])])
        # of those before, how long ago one served is still asked for a while
        old = [a for a, b in zip(switches, switches[1:], strict=False) if not _is_recent(b)]
        _delete(self._server, self._layout.generations, [layout.switch_id(one) for one in old])
        self._found.switches[:] = [one for one in switches if one not in old]

    def activate(self, build_id: str) -> int:
        """Make a generation the current one, and give its number: one write, which serves or does not.

        :raises UnknownBuildError: when there is none of that build.
        """
        number = self.generation_of(build_id)
        if number is None:
            raise UnknownBuildError(f"there is no build {build_id!r}; see `fuente builds list`")
        self._make_current(number)
        return number

    def prune(self, keep: int) -> list[str]:
        """Remove all but the ``keep`` newest generations with what only they hold; gives the builds removed. The current one
        stays, the last one with documents does, and so does what served within the last minute."""
        found = self._found
        current = found.current
        rows = sorted(
            found.rows.values(), key=lambda row: (row == current, row.number), reverse=True
        )
        holding = next((row for row in rows if row.n_documents), None)
        switches = zip(found.switches, found.switches[1:], strict=False)
        recent = {a.number for a, b in switches if _is_recent(b)}
        gone = [
            row for row in rows[keep:] if row not in (current, holding) and row.number not in recent
        ]
        if not gone:
            return []
        ids = [layout.generation_id(row.number) for row in gone]
        _delete(self._server, self._layout.generations, ids)
        for row in gone:
            del found.rows[row.number]
            owned = layout.piece_ids(layout.generation_id(row.number), row.pieces)
            _delete(self._server, self._layout.names(row.dim).pieces, owned)
        for dim in {row.dim for row in gone}:
            held: set[int] = set()
            for row in found.rows.values():
                if row.dim == dim:
                    held |= set(self._statistics(row).docs.tolist())
            home = self._home(dim, found.means[dim])
            # what is of the next generation stays for whoever goes on with it
            home.remove(
                [
                    doc
                    for doc, one in home.documents.items()
                    if doc not in held and one.since < self.number
                ]
            )
        return [row.build_id for row in gone]


class _Document:
    """A document's row."""

    __slots__ = ("counted", "digest", "doc_id", "n_bytes", "pieces", "since")

    def __init__(self, row: dict[str, Any]):
        self.doc_id: str = row["doc_id"]
        self.digest: str = row["digest"]
        self.since = int(row["since"])
        self.n_bytes = int(row["n_bytes"])
        self.pieces: dict[str, int] = json.loads(row["pieces"])


class _Home:
    """What is stored of vectors of so many dimensions, for the one who writes."""

    def __init__(self, server: Server, where: Layout, dim: int, means: tuple[float, ...]):
        self.means = means
        self._server = server
        self._layout = where
        self._dim = dim
        self._names = where.names(dim)
        fields = ["id", "doc_id", "digest", "since", "n_bytes", "pieces"]
        rows = server.rows(self._names.documents, "id >= 0", fields)
        #: All documents by their numbers.
        self.documents = {int(row["id"]): _Document(row) for row in rows}
        #: Their numbers by what tells them from all others.
        self.by_digest = {(one.doc_id, one.digest): doc for doc, one in self.documents.items()}
        self._next = 1 + max(self.documents, default=0)
        # passages of one that was not finished
        server.ask(
            lambda client, seconds: client.delete(
                self._names.passages, filter=f"doc >= {self._next}", timeout=seconds
            ),
            self._names.passages,
        )

    def since(self, number: int) -> list[int]:
        """The documents that came with a generation."""
        return [doc for doc, one in self.documents.items() if one.since == number]

    def write(self, doc_id: str, digest: str, stored: Stored, number: int) -> int:
        """Write a document for a generation, and give its number."""
        doc, self._next = self._next, self._next + 1
        owner = layout.document_id(doc)
        records = _records(stored)
        langs = np.frombuffer(stored.counted, np.uint8, offset=4 * len(records))
        kinds = {
            "info": stored.info,
            "counted": stored.counted,
            "outline": stored.outline,
            "text": stored.text,
            "blocks": stored.blocks,
            "terms": _terms(records).packed(),
        }
        cut = {kind: layout.cut(owner, kind, raw) for kind, raw in kinds.items()}
        rows = []
        for n, (key, columns) in enumerate(zip(stored.keys, stored.passages, strict=True)):
            field = layout.body_field(columns)
            if not field:
                cut[layout.body_kind(n)] = layout.cut(
                    owner, layout.body_kind(n), layout.body(columns)
                )
            rows.append(
                {
                    "id": (doc << PLACES) + n,
                    "doc": doc,
                    "since": number,
                    "lang": int(langs[n]),
                    "key": key.hex(),
                    "length": records[n].length,
                    "record": layout.record_field(records[n]),
                    "body": field,
                    "more": len(cut.get(layout.body_kind(n), ())),
                    "vector": stored.vectors[n],
                    "terms": layout.sparse(records[n], self.means[int(langs[n])]),
                }
            )
        owned = [row for rows in cut.values() for row in rows]
        self.delete(self._names.pieces, [row["id"] for row in owned])
        _insert(self._server, self._names.pieces, owned)
        _insert(self._server, self._names.passages, rows)
        row = {
            "id": doc,
            "doc_id": doc_id,
            "digest": digest,
            "since": number,
            "n_bytes": stored.n_bytes,
            "pieces": json.dumps({kind: len(rows) for kind, rows in cut.items()}),
            **layout.unused(),
        }
        _insert(self._server, self._names.documents, [row])
        self.documents[doc] = _Document(row)
        self.by_digest[doc_id, digest] = doc
        return doc

    def delete(self, name: str, ids: Sequence[int] | Sequence[str]) -> None:
        """Remove rows, of which there may be none."""
        _delete(self._server, name, ids)

    def remove(self, docs: Sequence[int]) -> None:
        """Remove documents with all that is stored of them, their own rows last."""
        for some in pieces(docs, AT_ONCE):
            self._server.ask(
                lambda client, seconds, some=list(some): client.delete(  # type: ignore[misc]
                    self._names.passages, filter=f"doc in {some}", timeout=seconds
                ),
                self._names.passages,
            )
        owned = [
            piece
            for doc in docs
            for piece in layout.piece_ids(layout.document_id(doc), self.documents[doc].pieces)
        ]
        self.delete(self._names.pieces, owned)
        self.delete(self._names.documents, list(docs))
        for doc in docs:
            one = self.documents.pop(doc)
            self.by_digest.pop((one.doc_id, one.digest), None)

    def counted(
        self, docs: Sequence[int], before: tuple[Generation, Tally, Tally] | None
    ) -> tuple[Generation, Tally, Tally]:
        """What is counted over all passages of those documents: of how often terms come and how long passages are, that of the
        generation ``before`` with what came and without what is gone."""
        known: dict[int, tuple[DocumentInfo, npt.NDArray[np.uint8]]] = {}
        terms: list[Tally] = []
        lengths: list[Tally] = []
        if before:
            served, *tallies = before
            for at, (doc, info) in enumerate(zip(served.docs.tolist(), served.infos, strict=True)):
                first = int(served.firsts[at])
                known[doc] = (info, served.langs[first : first + info.n_passages])
            terms, lengths = [tallies[0]], [tallies[1]]
        gone_terms: list[Tally] = []
        gone_lengths: list[Tally] = []
        mine = set(docs)
        for doc in sorted(mine ^ set(known)):
            one = self.documents[doc]
            kinds = {kind: one.pieces[kind] for kind in ("info", "counted", "terms")}
            found = self._layout.pieces(self._dim, layout.document_id(doc), kinds)
            n = len(found["counted"]) // 5
            langs = np.frombuffer(found["counted"], np.uint8, offset=4 * n)
            long = np.frombuffer(found["counted"], "<i4", n).astype(np.uint32)
            came = doc in mine
            (terms if came else gone_terms).append(Tally.read(found["terms"]))
            (lengths if came else gone_lengths).append(Tally.of(langs.astype(np.uint64), long))
            if came:
                known[doc] = (info_of(one.doc_id, found["info"]), langs)
        all_terms = Tally.sum(terms, gone_terms)
        all_lengths = Tally.sum(lengths, gone_lengths)
        ordered = sorted(mine, key=lambda doc: known[doc][0].doc_id)
        infos = tuple(known[doc][0] for doc in ordered)
        means, least = norms_of(
            np.repeat(all_lengths.values.astype(np.int32), all_lengths.ns),
            np.repeat(all_lengths.keys.astype(np.uint8), all_lengths.ns),
        )
        counts = np.array([info.n_passages for info in infos], dtype=np.int64)
        langs = np.concatenate([np.zeros(0, np.uint8), *(known[doc][1] for doc in ordered)])
        numbers = np.array(ordered, dtype=np.int32)
        firsts = np.cumsum(counts) - counts
        generation = Generation(
            *(*all_terms.per_key(), means, least, langs, numbers, firsts, infos)
        )
        return generation, all_terms, all_lengths


def _records(stored: Stored) -> list[Record]:
    """What counts of each passage of a document for its words."""
    n = len(stored.counted) // 5
    lengths = np.frombuffer(stored.counted, "<i4", n).tolist()
    table = np.array(
        [(place, key & ((1 << 64) - 1), count) for key, place, count, _ in stored.postings],
        dtype=[("place", np.int64), ("key", np.uint64), ("count", np.uint16)],
    )
    ends = np.searchsorted(table["place"], np.arange(n + 1))
    return [
        Record(table["key"][a:b], table["count"][a:b], length)
        for a, b, length in zip(ends, ends[1:], lengths, strict=False)
    ]


def _terms(records: Sequence[Record]) -> Tally:
    keys = np.concatenate([np.zeros(0, np.uint64), *(one.keys for one in records)])
    counts = np.concatenate([np.zeros(0, np.uint16), *(one.counts for one in records)])
    return Tally.of(keys, counts.astype(np.uint32))


def _is_recent(switch: Switch) -> bool:
    return switch.at > time.time() - _GRACE_S


def _insert(server: Server, name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows, some megabytes at a time.

    What is not acknowledged because the server went away is sent again by the library, and may have been written before. Inserted, it
    would be there twice, and a real server then leaves out others: of three rows that were inserted twice a query found two.
    """
    some: list[dict[str, Any]] = []
    size = 0
    for n, row in enumerate(rows, 1):
        some.append(row)
        size += 2_000 + sum(len(v) for v in row.values() if isinstance(v, str))
        if size > _SENT or n == len(rows):
            sent = some
            server.ask(
                lambda client, seconds, sent=sent: client.upsert(name, sent, timeout=seconds),  # type: ignore[misc]
                name,
            )
            some, size = [], 0


def _delete(server: Server, name: str, ids: Sequence[int] | Sequence[str]) -> None:
    for some in pieces(ids, AT_ONCE):
        where = f"id in {json.dumps(list(some))}"
        server.ask(
            lambda client, seconds, where=where: client.delete(name, filter=where, timeout=seconds),  # type: ignore[misc]
            name,
        )


def _create(client: MilvusClient, where: Layout, dim: int) -> None:
    names = where.names(dim)
    text, number = DataType.VARCHAR, DataType.INT64
    unused = ("unused", DataType.FLOAT_VECTOR, {"dim": 2})
    piece = [("id", text, {"max_length": 64}), ("data", text, {"max_length": layout.FIELD}), unused]
    generation = [
        ("id", text, {"max_length": 64}),
        ("number", number, {}),
        ("told", text, {"max_length": layout.FIELD}),
        unused,
    ]
    document = [
        ("id", number, {}),
        ("doc_id", text, {"max_length": 8192}),
        ("digest", text, {"max_length": 32}),
        ("since", number, {}),
        ("n_bytes", number, {}),
        ("pieces", text, {"max_length": layout.FIELD}),
        unused,
    ]
    passage = [
        ("id", number, {}),
        ("doc", number, {}),
        ("since", number, {}),
        ("lang", DataType.INT8, {}),
        ("key", text, {"max_length": 32}),
        ("length", DataType.INT32, {}),
        ("record", text, {"max_length": layout.FIELD}),
        ("body", text, {"max_length": layout.FIELD}),
        ("more", DataType.INT32, {}),
        ("vector", DataType.FLOAT16_VECTOR, {"dim": dim}),
        ("terms", DataType.SPARSE_FLOAT_VECTOR, {}),
    ]
    collections = (
        (where.generations, generation),
        (names.documents, document),
        (names.pieces, piece),
        (names.passages, passage),
    )
    for name, fields in collections:
        if client.has_collection(name):
            continue
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        indexes = client.prepare_index_params()
        for field, kind, options in fields:
            schema.add_field(field, kind, is_primary=field == "id", **options)
            if field in ("vector", "unused"):
                # all are looked at: an approximate one leaves out
                indexes.add_index(field, index_type="FLAT", metric_type="IP")
            elif field == "terms":
                indexes.add_index(field, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
        client.create_collection(
            name, schema=schema, index_params=indexes, consistency_level="Strong"
        )
