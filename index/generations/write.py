"""Writing generations of a collection into an engine: what a build asks for, and what moves a local build there.

What is new is put there from the folder in which it was made, what stays is there already. It can be cut short at any time and
run again: what was written is found by its hash.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import numpy as np

from corpus.document import DamagedIndexError, IncompatibleIndexError, Source
from index.compatibility import check_encoder
from index.encoder import Encoder
from index.encoding.passages import Made, passage_keys
from index.generations.columns import Held, as_json, codes_of, passage_columns, stored_key, told
from index.generations.generation import Facts, Graph, info_bytes, mean_lengths
from index.generations.stored import Stored, Writing
from index.local.build import Before, Progress
from index.local.lexical import Records
from index.local.store import Index
from index.part import PassageCodes
from index.searchable import DocumentInfo

Told = Callable[[int, int], None]
"""``(documents done, documents in all)``."""

Opened = Callable[[str, str], AbstractContextManager[Writing]]
"""What an engine gives its writer by, of an address and a collection: ``writing`` of its module ``write``."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was done: the ``generation`` that is the current one now, and how many documents were written, were there
    already, and are no longer part of it; ``graph`` of its vectors where it has one and was written now."""

    generation: int
    n_written: int
    n_kept: int
    n_gone: int
    graph: Graph | None = None


@contextmanager
def building(writing: Opened, url: str, collection: str) -> Iterator[GenerationWriter]:
    """The writer of a collection, for one build; errors as ``writing`` of the engine."""
    with writing(url, collection) as there:
        yield GenerationWriter(there)


def move(
    writing: Opened,
    url: str,
    collection: str,
    index: Index,
    encoder: Encoder,
    progress: Told | None = None,
) -> Moved:
    """Make a local build the current generation of a collection; see :func:`move_into`, errors as ``writing`` of the engine."""
    with writing(url, collection) as there:
        return move_into(there, index, encoder, progress)


def move_into(
    there: Writing, index: Index, encoder: Encoder, progress: Told | None = None
) -> Moved:
    """Make a local build, by ``encoder``, the current generation of a collection; one that is current already is left as it is, and one that
    was is made it again."""
    if there.generation_of(index.build_id) is not None:
        return Moved(there.activate(index.build_id), 0, index.manifest.n_documents, 0)
    docs, n_written = _put_all(there, index, progress or (lambda done, n: None))
    done = there.finish(docs, _facts_of(index), encoder)
    return Moved(done.generation, n_written, len(docs) - n_written, done.n_gone, done.facts.graph)


def _put_all(there: Writing, index: Index, progress: Told) -> tuple[list[int], int]:
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


def _facts_of(index: Index) -> Facts:
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
    """The documents of a local build as an engine holds them."""

    def __init__(self, index: Index):
        self._index = index
        self._records: Records = index.lexical.records()
        self._infos = {info.doc_id: info for info in index.documents()}
        langs = index.langs(np.arange(len(index), dtype=np.int64))
        self._means = mean_lengths(self._records.lengths, langs)

    def stored(self, doc_id: str) -> Stored:
        """All that is stored of one of them."""
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
            means=self._means,
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


class GenerationWriter:
    """The :class:`index.local.build.Writer` of a collection in an engine."""

    def __init__(self, there: Writing):
        self._there = there

    def _current(self) -> tuple[int, Facts] | None:
        try:
            return self._there.current()
        except DamagedIndexError:
            return None

    def sources(self) -> Sequence[Source]:
        """The files that the build which serves was made of; none without one."""
        current = self._current()
        return current[1].sources if current else ()

    def before(self, encoder: Encoder) -> Before | None:
        """The build that serves, if ``encoder`` made it."""
        current = self._current()
        if current is None:
            return None
        number, facts = current
        try:
            check_encoder(facts.build_id, facts.encoder, facts.probe, encoder)
        except IncompatibleIndexError:
            return None
        return _Current(self._there, number, facts)

    def has(self, build_id: str) -> bool:
        """Whether there is a build of that id."""
        return self._there.generation_of(build_id) is not None

    def put(
        self,
        made: Index,
        kept: Sequence[str],
        encoder: Encoder,
        report: Callable[[Progress], None],
    ) -> tuple[int, int]:
        """Keep a build and make it the one that serves."""
        docs, _ = _put_all(self._there, made, lambda done, n: report(Progress("write", done, n)))
        current = self._there.current() if kept else None
        if current:
            docs += self._there.take_over(current[0], kept)
        report(Progress("activate", 0, 1))
        facts = self._there.finish(docs, _facts_of(made), encoder).facts
        return facts.n_documents, facts.n_passages


class _Current:
    """The generation that serves, as :class:`index.local.build.Before`."""

    def __init__(self, there: Writing, number: int, facts: Facts):
        self.index: Index | None = None
        self.manifest = facts
        self._there = there
        self._number = number

    def documents(self) -> list[DocumentInfo]:
        return self._there.documents(self._number)

    def known(self, keys: Sequence[bytes]) -> set[bytes]:
        by_stored = {stored_key(key): key for key in keys}
        return {by_stored[stored] for stored in self._there.known(list(by_stored))}

    def made(self, keys: Sequence[bytes]) -> Mapping[bytes, Made]:
        by_stored, dim = {stored_key(key): key for key in keys}, self.manifest.encoder.dim
        return {
            by_stored[stored]: (
                vector,
                codes_of(dim, json.loads(facts)["width"], *codes),
            )
            for stored, vector, facts, codes in self._there.made(list(by_stored))
        }

    def close(self) -> None:
        """Nothing: the connection is the writer's."""
