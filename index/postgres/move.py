"""Putting a local build into PostgreSQL, as the next generation of its collection.

It can be cut short at any time and run again: what was written is found by its hash.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from index.encoder import Encoder
from index.encoding.passages import passage_keys
from index.local.lexical import Records
from index.local.store import Index
from index.part import PassageCodes
from index.postgres.columns import Held, as_json, passage_columns, stored_key, told
from index.postgres.generation import Facts, info_bytes
from index.postgres.graph import Graph
from index.postgres.write import Stored, Writing, writing

Progress = Callable[[int, int], None]
"""``(documents done, documents in all)``."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was done: the ``generation`` that is the current one now, and how many documents were written, were there
    already, and are no longer part of it; ``graph`` of its vectors where it has one and was written now."""

    generation: int
    n_written: int
    n_kept: int
    n_gone: int
    graph: Graph | None = None


def move(
    url: str, collection: str, index: Index, encoder: Encoder, progress: Progress | None = None
) -> Moved:
    """Make a local build, by ``encoder``, the current generation of a collection; one that is current already is left as it is, and one that
    was is made it again.

    :raises IndexUnavailableError: when the server does not answer or has no pgvector.
    :raises BuildRunningError: when another process does the same.
    """
    with writing(url, collection) as there:
        if there.generation_of(index.build_id) is not None:
            return Moved(there.activate(index.build_id), 0, index.manifest.n_documents, 0)
        docs, n_written = put_all(there, index, progress or (lambda done, n: None))
        done = there.finish(docs, facts_of(index), encoder)
        return Moved(
            done.generation, n_written, len(docs) - n_written, done.n_gone, done.facts.graph
        )


def put_all(there: Writing, index: Index, progress: Progress) -> tuple[list[int], int]:
    """The numbers of all documents of a local build in the next generation, and how many had to be written."""
    documents = _Documents(index)
    infos = index.documents()
    docs, n_written = [], 0
    for done, info in enumerate(infos):
        progress(done, len(infos))
        doc, written = there.put(info.doc_id, documents.stored(info.doc_id))
        docs.append(doc)
        n_written += written
    progress(len(infos), len(infos))
    return docs, n_written


def facts_of(index: Index) -> Facts:
    """What a local build says about itself."""
    manifest = index.manifest
    return Facts(
        build_id=manifest.build_id,
        format=manifest.format,
        created_at=manifest.created_at,
        encoder=manifest.encoder,
        splitting=manifest.splitting,
        n_documents=manifest.n_documents,
        n_passages=manifest.n_passages,
        languages=manifest.languages,
        sources=manifest.sources,
        skipped=manifest.skipped,
        probe=manifest.probe,
        packs=manifest.packs,
        size_bytes=manifest.size_bytes,
        reading=manifest.reading,
    )


class _Documents:
    """The documents of a local build as the tables hold them."""

    def __init__(self, index: Index):
        self._index = index
        self._records: Records = index.lexical.records()
        self._infos = {info.doc_id: info for info in index.documents()}

    def stored(self, doc_id: str) -> Stored:
        index, document = self._index, self._index.document(doc_id)
        rows = index.passages_of(doc_id)
        outline = {
            "page_starts": document.page_starts,
            "headings": [(h.start, h.end, h.level, h.text) for h in document.headings],
            "recognised": [(r.page, r.confidence) for r in document.recognised],
            "left_out": [(one.text, one.page, one.reason) for one in document.left_out],
        }
        held = [self._held(row) for row in rows]
        every = np.arange(rows.start, rows.stop, dtype=np.int64)
        lengths = self._records.lengths[rows.start : rows.stop].astype("<i4")
        keys = passage_keys(index.manifest.encoder, [one.place.passage for one in held])
        return Stored(
            info=info_bytes(self._infos[doc_id]),
            counted=lengths.tobytes() + index.langs(every).tobytes(),
            outline=as_json(outline),
            text=document.text.encode(),
            blocks=as_json(told(document.blocks)),
            keys=[stored_key(key) for key in keys],
            passages=[passage_columns(one) for one in held],
            vectors=index.dense.vectors(every).astype(np.float16),
            postings=[posting for n, row in enumerate(rows) for posting in self._postings(n, row)],
        )

    def _held(self, row: int) -> Held:
        index = self._index
        [place] = index.places([row])
        codes = PassageCodes(index.tokens.codes_of(row), index.sentences.codes_of(row))
        return Held(place, index.blocks(row), codes, index.sentence_terms(row))

    def _postings(self, n: int, row: int) -> list[tuple[int, int, int, int]]:
        records = self._records
        at, length = slice(*records.offsets[row : row + 2].tolist()), int(records.lengths[row])
        keys, counts = records.keys[at].view(np.int64).tolist(), records.counts[at].tolist()
        return [(key, n, count, length) for key, count in zip(keys, counts, strict=True)]
