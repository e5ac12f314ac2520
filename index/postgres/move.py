"""Putting a local build into PostgreSQL, as the next generation of its collection."""

from __future__ import annotations

from index.encoder import Encoder
from index.generations.write import Moved, Told, move_into
from index.local.store import Index
from index.postgres.write import writing


def move(
    url: str, collection: str, index: Index, encoder: Encoder, progress: Told | None = None
) -> Moved:
    """Make a local build the current generation of a collection; see :func:`index.generations.write.move_into`.

    :raises IndexUnavailableError: when the server does not answer or has no pgvector.
    :raises BuildRunningError: when another process does the same.
    """
    with writing(url, collection) as there:
        return move_into(there, index, encoder, progress)
