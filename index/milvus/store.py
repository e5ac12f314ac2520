"""The index that questions are asked of, in Milvus: it proposes, what every index shares decides.

Half-float vectors propose for the cosine, sparse vectors for the words, each some more than are wanted; then the scores are computed
here, by the functions that the local index uses, and where the last candidate could still be beaten by one that was not
proposed, more are asked for. So what is found is the same, and the scores are, to the last bit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.document import NoIndexError, UnknownBuildError
from index import bm25
from index.encoder import Encoder
from index.generations.breaker import Breaker
from index.generations.columns import Held, held
from index.generations.generation import Facts, Generation
from index.generations.searched import (
    GenerationIndex,
    Kept,
    check_usable,
    damaged,
    gone,
    no_matches,
    products,
)
from index.milvus import layout
from index.milvus.layout import Layout, Record, Row
from index.milvus.server import Server, shown
from index.milvus.write import writing
from index.searchable import KEEP_BUILDS, BuildInfo, Idfs, Matches, Rows, WordsByLang, term_key

# It compares with the question's vector in half precision: of unit vectors the product is off by 2**-11 at most.
_HALF = 6e-4
# Products of sparse vectors are sums of floats.
_SUMS = 1e-5
# So many are proposed at most: what a server gives at once.
_MOST = 16_384
# So many ids stand in a filter.
_IDS = 8_000
# Records of passages (10 bytes a term) of the last questions.
_KEPT_RECORDS = 4_000


class MilvusBuilds:
    """The generations of a collection in Milvus: the current one serves, the others one can go back to."""

    def __init__(self, url: str, collection: str):
        self._url = url
        self._collection = collection
        self._breaker = Breaker()
        self._server = Server(url, self._breaker)
        self._layout = Layout(self._server, collection)

    def current_id(self) -> str | None:
        """Id of the build that serves, None when there is none.

        :raises IndexUnavailableError: when the server does not answer.
        """
        current = self._layout.read().current
        return None if current is None else current.build_id

    def n_documents(self) -> int | None:
        """Documents of the build that serves, None when there is none; errors as :meth:`current_id`."""
        current = self._layout.read().current
        return None if current is None else current.n_documents

    def infos(self) -> list[BuildInfo]:
        """All generations, newest first; their sizes are of all that is stored of their documents, shared or not.

        :raises IndexUnavailableError: when the server does not answer.
        """
        found = self._layout.read()
        return [
            BuildInfo(
                row.build_id,
                row.created_at,
                row == found.current,
                row.n_documents,
                row.n_passages,
                row.encoder,
                row.size_bytes,
                None,
            )
            for _, row in sorted(found.rows.items(), reverse=True)
        ]

    def open(self, encoder: Encoder | None = None, build_id: str | None = None) -> MilvusIndex:
        """The current generation, or the newest one that is that build.

        :raises NoIndexError: when there is none, IndexUnavailableError when the server does not answer.
        :raises UnknownBuildError: when there is none of that id.
        :raises IncompatibleIndexError: when another ``encoder`` made it, or another version of this program.
        :raises DamagedIndexError: when what is counted of it cannot be read.
        """
        found = self._layout.read()
        row = found.current
        if build_id is not None:
            named = [number for number, one in found.rows.items() if one.build_id == build_id]
            if not named:
                raise UnknownBuildError(f"there is no build {build_id!r}; see `fuente builds list`")
            row = found.rows[max(named)]
        if row is None:
            raise NoIndexError(
                f"there is no index of the collection {self._collection} at {shown(self._url)}; "
                "run `fuente build` or `fuente migrate --to` with its address"
            )
        kinds = {kind: row.pieces[kind] for kind in ("facts", "statistics", "without")}
        told = self._layout.pieces(row.dim, layout.generation_id(row.number), kinds)
        try:
            facts, counted = Facts.read(told["facts"]), Generation.read(told["statistics"])
            without = [(int(a), int(b)) for a, b in json.loads(told["without"])]
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise damaged(shown(self._url), row.number, error) from error
        check_usable(facts, shown(self._url), encoder)
        # of its own: the index is closed with the last question that reads it, this goes on looking
        server = Server(self._url, self._breaker)
        return MilvusIndex(server, Layout(server, self._collection), row, facts, counted, without)

    def activate(self, build_id: str) -> None:
        """Make a build the current one; see :meth:`index.milvus.write.Writing.activate`."""
        with writing(self._url, self._collection) as there:
            there.activate(build_id)

    def prune(self, keep: int = KEEP_BUILDS) -> list[str]:
        """Remove all but the newest builds; see :meth:`index.milvus.write.Writing.prune`."""
        with writing(self._url, self._collection) as there:
            return there.prune(keep)

    def close(self) -> None:
        """Let go of its connection."""
        self._server.close()


class MilvusIndex(GenerationIndex):
    """One generation of a collection in Milvus."""

    def __init__(
        self,
        server: Server,
        where: Layout,
        row: Row,
        facts: Facts,
        generation: Generation,
        without: Sequence[tuple[int, int]],
    ):
        super().__init__(facts, generation)
        self._server = server
        self._layout = where
        self._dim = row.dim
        self._means = row.means
        self._live = layout.live(row.number, without)
        self._records = Kept(_KEPT_RECORDS, self._fetch_records)

    @property
    def vectors_away(self) -> bool:
        """False: what answers words answers vectors."""
        return False

    def close(self) -> None:
        """Let go of its connection; the index cannot be used after."""
        self._server.close()

    # ------------------------------------------------------------------- what it holds

    def _fetch_document(self, doc: int, blocks: bool) -> tuple[bytes, bytes, bytes]:
        name = self._layout.names(self._dim).documents
        rows = self._server.rows(name, f"id in [{doc}]", ["pieces"])
        if not rows:
            raise gone()
        counts = json.loads(rows[0]["pieces"])
        wanted = ("outline", "text", "blocks") if blocks else ("outline", "text")
        kinds = {kind: counts[kind] for kind in wanted}
        found = self._layout.pieces(self._dim, layout.document_id(doc), kinds)
        return found["outline"], found["text"], found.get("blocks", b"")

    def _fetched(self, rows: list[int], *fields: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Those of the rows that are there, with these fields."""
        docs, places = self._generation.placed(np.array(rows, dtype=np.int64))
        ids = layout.passage_ids(docs, places)
        by_id = dict(zip(ids, rows, strict=True))
        for one in self._layout.passages(self._dim, ids, fields):
            yield by_id[one["id"]], one

    def _fetch_passages(self, rows: list[int]) -> dict[int, Held]:
        found = dict(self._fetched(rows, "body", "more"))
        bodies = self._layout.bodies(self._dim, list(found.values()))
        at = np.searchsorted(self._generation.firsts, list(found), side="right") - 1
        return {
            row: held(self._generation.infos[document], self._dim, *columns)
            for row, document, columns in zip(found, at.tolist(), bodies, strict=True)
        }

    def _fetch_vectors(self, rows: list[int]) -> dict[int, npt.NDArray[np.float32]]:
        return {
            row: layout.vector_of(one["vector"]).astype(np.float32)
            for row, one in self._fetched(rows, "vector")
        }

    def _fetch_records(self, rows: list[int]) -> dict[int, Record]:
        return {
            row: layout.record_of(one["record"], one["length"])
            for row, one in self._fetched(rows, "record", "length")
        }

    # ------------------------------------------------------------------- how a question meets it

    def _filters(self, allowed: Rows | None) -> list[str]:
        """The filters that let this generation through together, or those rows of it."""
        if allowed is None or len(allowed) == len(self):
            return [self._live]
        langs = np.unique(self._generation.langs[allowed])
        if len(allowed) == int(np.isin(self._generation.langs, langs).sum()):
            return [f"{self._live} and lang in {langs.tolist()}"]
        ids = layout.passage_ids(*self._generation.placed(allowed))
        return [f"id in {ids[at : at + _IDS]}" for at in range(0, len(ids), _IDS)]

    def _proposed(
        self, field: str, asked: object, wide: int, allowed: Rows | None, fields: Sequence[str]
    ) -> tuple[dict[int, dict[str, Any]], float]:
        """The passages with the highest products, by their rows, with these fields, and what one that is not among them can have at
        most."""
        found: dict[int, dict[str, Any]] = {}
        beaten = -np.inf
        name = self._layout.names(self._dim).passages
        for where in self._filters(allowed):
            [hits] = self._server.ask(
                lambda client, seconds, where=where: client.search(  # type: ignore[misc]
                    name,
                    data=[asked],
                    anns_field=field,
                    filter=where,
                    limit=wide,
                    output_fields=list(fields),
                    search_params={"metric_type": "IP", "params": {}},
                    timeout=seconds,
                ),
                name,
            )
            if len(hits) >= wide:
                beaten = max(beaten, float(hits[-1]["distance"]))
            ids = np.array([hit["id"] for hit in hits], dtype=np.int64)
            docs, places = ids >> layout.PLACES, ids & ((1 << layout.PLACES) - 1)
            rows = self._generation.rows(docs.tolist(), places.tolist()) if len(ids) else ids
            for row, hit in zip(rows.tolist(), hits, strict=True):
                found[row] = hit["entity"]
        return found, beaten

    def nearest(self, vector: npt.NDArray[np.float32], k: int, allowed: Rows | None = None) -> Rows:
        """int64[k'], the passages, of those ``allowed``, with the highest cosine to a unit vector."""
        n = len(self) if allowed is None else len(allowed)
        k = wide = min(k, n)
        if k <= 0:
            return np.zeros(0, dtype=np.int64)
        while True:
            wide = min(2 * wide + 32, _MOST)
            found, beaten = self._proposed("vector", vector.astype(np.float16), wide, allowed, ())
            if len(found) < k and beaten == -np.inf:
                raise gone()
            rows = np.array(sorted(found), dtype=np.int64)
            scores = products(np.stack(self._vectors.of(rows.tolist())), vector)
            order = np.lexsort((rows, -scores))[:k]
            if scores[order[-1]] > beaten + _HALF or wide == _MOST:
                return rows[order]

    def matching(
        self,
        words: WordsByLang,
        k: int,
        allowed: Rows | None = None,
        *,
        idfs: Idfs | None = None,
        also: Rows | None = None,
    ) -> Matches:
        """The best k passages that share a word with the question, and the scores of ``also``."""
        asked_also = np.zeros(0, dtype=np.int64) if also is None else np.asarray(also, np.int64)
        asked = bm25.asked_words(self._generation, words, idfs)
        k = wide = min(max(k, 0), len(self) if allowed is None else len(allowed))
        if not asked or not (k or len(asked_also)):
            return no_matches(np.zeros(len(asked_also), dtype=np.float32))
        total = self._scores(asked, asked_also)
        if not k:
            return no_matches(total)
        weights = layout.most(asked, self._generation, self._means)
        while True:
            wide = min(2 * wide + 32, _MOST)
            found, beaten = self._proposed("terms", weights, wide, allowed, ("record", "length"))
            self._records.keep(
                {row: layout.record_of(one["record"], one["length"]) for row, one in found.items()}
            )
            rows = np.array(sorted(found), dtype=np.int64)
            scores = self._scores(asked, rows)
            order = np.lexsort((rows, -scores))
            order = order[scores[order] > 0][:k]
            proven = len(order) == k and scores[order[-1]] > beaten + _SUMS
            if beaten == -np.inf or proven or wide == _MOST:
                return Matches(scores[order][None, :], rows[order][None, :], total)

    def _scores(self, asked: Sequence[bm25.AskedWord], rows: Rows) -> npt.NDArray[np.float32]:
        """float32[n], what those passages score."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
        held = self._records.of(rows.tolist())
        keys = np.concatenate([one.keys for one in held])
        counts = np.concatenate([one.counts for one in held])
        places = np.repeat(np.arange(len(held), dtype=np.int64), [len(one.keys) for one in held])
        terms = {term_key(word.lang, term) for word in asked for term, _ in word.terms}
        records = {}
        for key in terms:
            at = keys == np.uint64(key)
            records[key] = (places[at], counts[at])
        lengths = np.array([one.length for one in held], dtype=np.int32)
        means = self._generation.means[self._generation.langs[rows]]
        return bm25.scored(asked, records, bm25.norms(lengths, means))
