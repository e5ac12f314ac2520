"""The index that questions are asked of, in PostgreSQL: it proposes, what every index shares decides.

Vectors and lists of words are looked at in SQL, which gives candidates and some more; then the scores are computed here, by
the functions that the local index uses, and where the last candidate could still be beaten by one that was not proposed,
more are asked for. So what is found is the same, and the scores are, to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.document import (
    Lang,
    NoIndexError,
    UnknownBuildError,
)
from corpus.languages import LANGS
from index import bm25
from index.encoder import Encoder
from index.generations.columns import PASSAGE, Held, half_floats, held
from index.generations.generation import Facts, Generation
from index.generations.searched import (
    GenerationIndex,
    check_usable,
    damaged,
    gone,
    no_matches,
    products,
)
from index.postgres import graph
from index.postgres.server import Breakers, Server, shown
from index.postgres.write import activate, writing
from index.searchable import (
    KEEP_BUILDS,
    BuildInfo,
    Idfs,
    Matches,
    Rows,
    Scores,
    WordsByLang,
    term_key,
)

# The server compares with the question's vector in half precision: of unit vectors the product is off by 2**-11 at most.
_HALF = 6e-4
# Its sums of words are those of bm25 in double precision.
_SUMS = 1e-5

_ALLOWED = (
    "JOIN unnest(%s::int4[], %s::int4[], %s::int4[]) AS d(doc, first, past)"
    " ON d.doc = {0}.doc AND {0}.n >= d.first AND {0}.n < d.past"
)
_PLACED = "JOIN unnest(%s::int4[], %s::int4[]) AS w(doc, n) ON w.doc = p.doc AND w.n = p.n"


class PostgresBuilds:
    """The generations of a collection in a PostgreSQL server: the current one serves, the others one can go back to."""

    def __init__(self, url: str, collection: str):
        self._url = url
        self._collection = collection
        self._breakers = Breakers()
        self._server = Server(url, self._breakers)

    def current_id(self) -> str | None:
        """Id of the build that serves, None when there is none.

        :raises IndexUnavailableError: when the server does not answer.
        """
        found = self._there(
            "SELECT g.build_id FROM fuente.current c JOIN fuente.generations g USING (collection, generation)"
            " WHERE collection = %s"
        )
        return found[0][0] if found else None

    def _there(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows about this collection; none where nothing was ever put."""
        return self._server.rows_if_any(sql, (self._collection,))

    def n_documents(self) -> int | None:
        """Documents of the build that serves, None when there is none; errors as :meth:`current_id`."""
        found = self._there(
            "SELECT (convert_from(g.facts, 'UTF8')::json->>'n_documents')::int FROM fuente.current c"
            " JOIN fuente.generations g USING (collection, generation) WHERE collection = %s"
        )
        return found[0][0] if found else None

    def infos(self) -> list[BuildInfo]:
        """All generations, newest first; their sizes are of all that is stored of their documents, shared or not.

        :raises IndexUnavailableError: when the server does not answer.
        """
        rows = self._there(
            "SELECT g.build_id, c.generation IS NOT NULL, f->>'created_at', (f->>'n_documents')::int, (f->>'n_passages')::int,"
            " f->'encoder'->>'name', (f->>'size_bytes')::bigint FROM fuente.generations g LEFT JOIN fuente.current c USING (collection, generation),"
            " LATERAL (SELECT convert_from(g.facts, 'UTF8')::json AS f) AS told WHERE g.collection = %s"
            " ORDER BY g.generation DESC"
        )
        return [
            BuildInfo(build_id, created, current, documents, passages, encoder, size, None)
            for build_id, current, created, documents, passages, encoder, size in rows
        ]

    def open(self, encoder: Encoder | None = None, build_id: str | None = None) -> PostgresIndex:
        """The current generation, or the newest one that is that build.

        :raises NoIndexError: when there is none, IndexUnavailableError when the server does not answer.
        :raises UnknownBuildError: when there is none of that id.
        :raises IncompatibleIndexError: when another ``encoder`` made it, or another version of this program.
        :raises DamagedIndexError: when what is counted of it cannot be read.
        """
        found = self._server.rows(
            "SELECT g.generation, g.build_id, g.facts, g.statistics FROM fuente.generations g"
            " LEFT JOIN fuente.current c USING (collection, generation) WHERE g.collection = %s"
            " AND CASE WHEN %s::text IS NULL THEN c.generation IS NOT NULL ELSE g.build_id = %s END"
            " ORDER BY g.generation DESC LIMIT 1",
            (self._collection, build_id, build_id),
        )
        if not found and build_id is not None:
            raise UnknownBuildError(f"there is no build {build_id!r}; see `fuente builds list`")
        if not found:
            raise NoIndexError(
                f"there is no index of the collection {self._collection} at {shown(self._url)}; "
                "run `fuente build` or `fuente migrate --to` with its address"
            )
        [(number, name, raw, blob)] = found
        try:
            facts, generation = Facts.read(raw), Generation.read(blob)
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise damaged(shown(self._url), number, error) from error
        check_usable(facts, shown(self._url), encoder)
        # of its own: the index is closed with the last question that reads it, this goes on looking
        return PostgresIndex(
            Server(self._url, self._breakers), self._collection, number, facts, generation
        )

    def activate(self, build_id: str) -> None:
        """Make a build the current one; errors as :func:`index.postgres.write.activate`."""
        activate(self._url, self._collection, build_id)

    def prune(self, keep: int = KEEP_BUILDS) -> list[str]:
        """Remove all but the newest builds; see :meth:`index.postgres.write.Writing.prune`."""
        with writing(self._url, self._collection) as there:
            return there.prune(keep)

    def close(self) -> None:
        """Let go of its connections."""
        self._server.close()


class PostgresIndex(GenerationIndex):
    """One generation of a collection in a PostgreSQL server."""

    def __init__(
        self, server: Server, collection: str, number: int, facts: Facts, generation: Generation
    ):
        super().__init__(facts, generation)
        self._server = server
        self._live = (collection, number, number)

    @property
    def vectors_away(self) -> bool:
        """Whether the vectors could not be asked the last times, while the server answered."""
        return self._server.vectors_away

    def close(self) -> None:
        """Let go of its connections; the index cannot be used after."""
        self._server.close()

    def _fetch_document(self, doc: int, blocks: bool) -> tuple[bytes, bytes, bytes]:
        columns = "outline, text" + (", blocks" if blocks else ", ''::bytea")
        rows = self._server.rows(f"SELECT {columns} FROM fuente.documents WHERE doc = %s", (doc,))
        if not rows:
            raise gone()
        [(outline, text, laid)] = rows
        return outline, text, laid

    def _fetch_passages(self, rows: list[int]) -> dict[int, Held]:
        docs, places = self._generation.placed(np.array(rows, dtype=np.int64))
        found = self._server.rows(
            f"SELECT p.doc, p.n, {PASSAGE} FROM fuente.passages p {_PLACED}",
            (docs, places),
        )
        numbered = self._generation.rows([f[0] for f in found], [f[1] for f in found])
        dim = self.manifest.encoder.dim
        at = np.searchsorted(self._generation.firsts, numbered, side="right") - 1
        return {
            row: held(self._generation.infos[document], dim, *columns)
            for row, document, (_, _, *columns) in zip(
                numbered.tolist(), at.tolist(), found, strict=True
            )
        }

    # ------------------------------------------------------------------- how a question meets it

    def _limits(self, allowed: Rows | None, table: str) -> tuple[str, tuple[object, ...]]:
        """What limits a search in SQL to this generation, or to those rows of it."""
        if allowed is None or len(allowed) == len(self):
            return graph.LIVE.format(table), self._live
        return _ALLOWED.format(table), self._generation.runs(allowed)

    def nearest(self, vector: npt.NDArray[np.float32], k: int, allowed: Rows | None = None) -> Rows:
        """int64[k'], the passages, of those ``allowed``, with the highest cosine to a unit vector.

        :raises VectorsUnavailableError: when the server answers, but not that.
        """
        n = len(self) if allowed is None else len(allowed)
        k = min(k, n)
        if k <= 0:
            return np.zeros(0, dtype=np.int64)
        limits, values = self._limits(allowed, "v")
        asked, wide = graph.as_vector(vector), k
        known = self.manifest.graph
        # as everywhere, what is limited is searched exactly, be it to all languages
        ef = known.ef if known and allowed is None else 0
        while True:
            wide = min(2 * wide + 32, n)
            found = self._server.nearest(
                graph.nearest(limits, len(vector), ef), (asked, *values, wide), graph.settings(ef)
            )
            if ef and len(found) < wide:
                # it gave up among passages of others
                ef, wide = 0, k
                continue
            if not found:
                raise gone()
            rows = self._generation.rows([f[0] for f in found], [f[1] for f in found])
            vectors = half_floats([f[2] for f in found], len(vector)).astype(np.float32)
            scores = products(vectors, vector)
            order = np.lexsort((rows, -scores))[:k]
            if ef or wide == n or scores[order[-1]] > found[-1][3] + _HALF:
                self._vectors.keep(dict(zip(rows.tolist(), vectors, strict=True)))
                return rows[order]

    def _fetch_vectors(self, rows: list[int]) -> dict[int, npt.NDArray[np.float32]]:
        docs, places = self._generation.placed(np.array(rows, dtype=np.int64))
        found = self._server.vectors(
            f"SELECT p.doc, p.n, halfvec_send(p.vector) FROM fuente.vectors p {_PLACED}",
            (docs, places),
        )
        numbered = self._generation.rows([f[0] for f in found], [f[1] for f in found])
        vectors = half_floats([f[2] for f in found], self.manifest.encoder.dim).astype(np.float32)
        return dict(zip(numbered.tolist(), vectors, strict=True))

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
        k = min(max(k, 0), len(self) if allowed is None else len(allowed))
        if not asked or not (k or len(asked_also)):
            return no_matches(np.zeros(len(asked_also), dtype=np.float32))
        wide = k
        while True:
            wide = 2 * wide + 32 if k else 0
            rows, told, scores, at = self._proposed(asked, wide, allowed, asked_also)
            best = np.lexsort((rows, -scores))
            best = best[~np.isnan(told[best]) & (scores[best] > 0)]
            n_told = int((~np.isnan(told)).sum())
            order = best[:k]
            if n_told < wide or not k or scores[order[-1]] > np.nanmin(told) + _SUMS:
                # who is asked about and holds no word was not found at all
                total = np.append(scores, np.float32(0))[at]
                return Matches(scores[order][None, :], rows[order][None, :], total)

    def _proposed(
        self, asked: Sequence[bm25.AskedWord], wide: int, allowed: Rows | None, also: Rows
    ) -> tuple[Rows, npt.NDArray[np.float64], Scores, Rows]:
        """Passages, what the server says they score (NaN where it did not propose them) and what they do score; and the
        place among them of each of ``also``, one past the end where it holds no word."""
        terms = [
            (_signed(term_key(word.lang, term)), number, p, word.share, self._mean(word.lang))
            for number, word in enumerate(asked)
            for term, p in word.terms
        ]
        limits, values = self._limits(allowed, "h")
        docs, places = self._generation.placed(also) if len(also) else ([], [])
        found = self._server.rows(
            "WITH hits AS MATERIALIZED ("
            "  SELECT p.doc, p.n, p.term, p.count, p.length, a.word, p.count * a.p AS tf, a.share,"
            # floats: 0.4 is a numeric in SQL, and sums of those took a quarter longer
            f"   {bm25.K1}::float8 * ({1 - bm25.B}::float8 + {bm25.B}::float8 * p.length / a.mean) AS norm"
            "  FROM unnest(%s::int8[], %s::int4[], %s::float8[], %s::float8[], %s::float8[])"
            "    AS a(term, word, p, share, mean) JOIN fuente.postings p ON p.term = a.term),"
            " held AS ("
            "  SELECT h.doc, h.n, sum(h.tf) AS tf, min(h.share) AS share, min(h.norm) AS norm"
            f"  FROM hits h {limits} GROUP BY h.doc, h.n, h.word),"
            " best AS ("
            "  SELECT doc, n, sum(share * tf / (tf + norm)) AS score FROM held"
            "  GROUP BY doc, n ORDER BY score DESC LIMIT %s)"
            " SELECT DISTINCT h.doc, h.n, h.term, h.count, h.length, b.score FROM hits h"
            " LEFT JOIN best b ON b.doc = h.doc AND b.n = h.n"
            " LEFT JOIN unnest(%s::int4[], %s::int4[]) AS o(doc, n) ON o.doc = h.doc AND o.n = h.n"
            " WHERE b.doc IS NOT NULL OR o.doc IS NOT NULL",
            (*map(list, zip(*terms, strict=True)), *values, wide, docs, places),
        )
        every = self._generation.rows([f[0] for f in found], [f[1] for f in found])
        rows, first, at = np.unique(every, return_index=True, return_inverse=True)
        keys = np.array([f[2] for f in found], dtype=np.int64).view(np.uint64)
        counts = np.array([f[3] for f in found], dtype=np.uint16)
        records = {
            int(key): (at[keys == key], counts[keys == key]) for key in np.unique(keys).tolist()
        }
        lengths = np.array([found[i][4] for i in first.tolist()], dtype=np.int32)
        means = self._generation.means[self._generation.langs[rows]]
        scores = bm25.scored(asked, records, bm25.norms(lengths, means))
        told = np.array(
            [np.nan if found[i][5] is None else found[i][5] for i in first.tolist()], np.float64
        )
        place = np.searchsorted(rows, also)
        known = np.append(rows, -1)[np.minimum(place, len(rows))] == also
        return rows, told, scores, np.where(known, place, len(rows))

    def _mean(self, lang: Lang) -> float:
        return float(self._generation.means[LANGS.index(lang)])


def _signed(key: int) -> int:
    """The 64 bits of a key as PostgreSQL counts them."""
    return key - (1 << 64) if key >> 63 else key
