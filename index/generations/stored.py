"""What an engine is given to store, and what it must do with it."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.encoder import Encoder
from index.generations.generation import Facts
from index.searchable import DocumentInfo


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it is written, and the hash of all of it. ``counted`` int32[n]
    lengths (terms) and uint8[n] languages of its passages; ``postings`` are (term, place, count, length).
    ``means`` float64 by language as numbered in LANGS, of the whole build that it comes from, are not written."""

    info: bytes
    counted: bytes
    outline: bytes
    text: bytes
    blocks: bytes
    keys: list[bytes]
    passages: list[tuple[bytes, ...]]
    vectors: npt.NDArray[np.float16]
    postings: list[tuple[int, int, int, int]]
    means: npt.NDArray[np.float64]

    def _columns(self) -> Iterator[bytes]:
        yield from (self.info, self.counted, self.outline, self.text, self.blocks, *self.keys)
        for columns in self.passages:
            yield from columns

    @property
    def n_bytes(self) -> int:
        """How much is stored of it, without what an engine adds."""
        return sum(map(len, self._columns())) + self.vectors.nbytes + 24 * len(self.postings)

    def digest(self) -> bytes:
        """What tells it from every other."""
        found = hashlib.blake2b(digest_size=16)
        for part in self._columns():
            found.update(struct.pack("<q", len(part)) + part)
        found.update(self.vectors.tobytes() + repr(self.postings).encode())
        return found.digest()


@dataclass(frozen=True, slots=True)
class Finished:
    """The generation that is the current one now, its facts, and how many documents are no longer part of it."""

    generation: int
    facts: Facts
    n_gone: int


class Writing(Protocol):
    """The one who may write generations of a collection."""

    def current(self) -> tuple[int, Facts] | None:
        """The generation that serves.

        :raises DamagedIndexError: when what it says about itself cannot be read.
        """
        ...

    def generation_of(self, build_id: str) -> int | None:
        """The newest generation that is that build, None when there is none."""
        ...

    def documents(self, generation: int) -> list[DocumentInfo]:
        """The documents of a generation, by id."""
        ...

    def known(self, keys: Sequence[bytes]) -> set[bytes]:
        """Those of the stored keys that there is a passage of."""
        ...

    def made(
        self, keys: Sequence[bytes]
    ) -> Iterator[tuple[bytes, npt.NDArray[np.float16], bytes, tuple[bytes, ...]]]:
        """A passage of each of the stored keys that there is one of: its key, vector float16[dim], facts, codes."""
        ...

    def put(self, doc_id: str, stored: Stored) -> tuple[int, bool]:
        """The number of a document of the next generation, and whether it had to be written."""
        ...

    def take_over(self, generation: int, doc_ids: Sequence[str]) -> list[int]:
        """The numbers that documents of a generation have in the next one.

        :raises DamagedIndexError: when one is not there.
        """
        ...

    def finish(self, docs: Sequence[int], facts: Facts, encoder: Encoder) -> Finished:
        """Make the next generation of those documents the current one; what ``facts`` counts is counted anew."""
        ...

    def activate(self, build_id: str) -> int:
        """Make a generation the current one, and give its number.

        :raises UnknownBuildError: when there is none of that build.
        """
        ...
