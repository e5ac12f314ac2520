"""Building into PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from index.generations.write import GenerationWriter
from index.local.build import Writer
from index.postgres.write import writing


@contextmanager
def building(url: str, collection: str) -> Iterator[Writer]:
    """The writer of a collection, for one build; errors as :func:`index.postgres.write.writing`."""
    with writing(url, collection) as there:
        yield GenerationWriter(there)
