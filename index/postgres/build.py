"""Building into PostgreSQL: what is new is put there from the folder in which it was made, what stays is in the tables already."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from corpus.document import DamagedIndexError, IncompatibleIndexError, Source
from index.compatibility import check_encoder
from index.encoder import Encoder
from index.encoding.passages import Made
from index.local.build import Before, Progress, Writer
from index.local.store import Index
from index.postgres.columns import codes_of, half_floats, stored_key
from index.postgres.generation import Facts
from index.postgres.move import facts_of, put_all
from index.postgres.write import Writing, writing
from index.searchable import DocumentInfo


@contextmanager
def building(url: str, collection: str) -> Iterator[Writer]:
    """The writer of a collection, for one build; errors as :func:`index.postgres.write.writing`."""
    with writing(url, collection) as there:
        yield _PostgresWriter(there)


class _PostgresWriter:
    """The :class:`index.local.build.Writer` of a collection in a server."""

    def __init__(self, there: Writing):
        self._there = there

    def _current(self) -> tuple[int, Facts] | None:
        try:
            return self._there.current()
        except DamagedIndexError:
            return None

    def sources(self) -> Sequence[Source]:
        current = self._current()
        return current[1].sources if current else ()

    def before(self, encoder: Encoder) -> Before | None:
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
        return self._there.generation_of(build_id) is not None

    def put(
        self,
        made: Index,
        kept: Sequence[str],
        encoder: Encoder,
        report: Callable[[Progress], None],
    ) -> tuple[int, int]:
        docs, _ = put_all(self._there, made, lambda done, n: report(Progress("write", done, n)))
        current = self._there.current() if kept else None
        if current:
            docs += self._there.take_over(current[0], kept)
        report(Progress("activate", 0, 1))
        facts = self._there.finish(docs, facts_of(made), encoder).facts
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
                half_floats([vector], dim)[0],
                codes_of(dim, json.loads(facts)["width"], *codes),
            )
            for stored, vector, facts, codes in self._there.made(list(by_stored))
        }

    def close(self) -> None:
        """Nothing: the connection is the writer's."""
