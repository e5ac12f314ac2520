"""How often something was counted, so that what comes is added and what goes taken away: nothing else is read again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt


class Tally(NamedTuple):
    """That ``keys`` uint64[n] came with ``values`` uint32[n] in ``ns`` int64[n] passages: of terms how often they come in a passage, of
    languages how long it is. Sorted by key, then by value; none that is in no passage."""

    keys: npt.NDArray[np.uint64]
    values: npt.NDArray[np.uint32]
    ns: npt.NDArray[np.int64]

    @classmethod
    def of(cls, keys: npt.NDArray[np.uint64], values: npt.NDArray[np.uint32]) -> Self:
        """What comes with what, once a passage."""
        return cls._sum(keys, values, np.ones(len(keys), dtype=np.int64))

    @classmethod
    def sum(cls, plus: Sequence[Tally], minus: Sequence[Tally] = ()) -> Self:
        """All of ``plus`` without all of ``minus``."""
        every = [*plus, *minus]
        ns = [*(one.ns for one in plus), *(-one.ns for one in minus)]
        return cls._sum(
            np.concatenate([np.zeros(0, np.uint64), *(one.keys for one in every)]),
            np.concatenate([np.zeros(0, np.uint32), *(one.values for one in every)]),
            np.concatenate([np.zeros(0, np.int64), *ns]),
        )

    @classmethod
    def _sum(
        cls,
        keys: npt.NDArray[np.uint64],
        values: npt.NDArray[np.uint32],
        ns: npt.NDArray[np.int64],
    ) -> Self:
        order = np.lexsort((values, keys))
        keys, values, ns = keys[order], values[order], ns[order]
        if not len(keys):
            return cls(keys, values, ns)
        first = np.flatnonzero(
            np.append(True, (keys[1:] != keys[:-1]) | (values[1:] != values[:-1]))
        )
        sums = np.add.reduceat(ns, first)
        held = sums > 0
        return cls(keys[first][held], values[first][held], sums[held])

    def per_key(
        self,
    ) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32], npt.NDArray[np.uint16]]:
        """The keys, each once and ascending, in how many passages each is, int32, and its highest value, uint16."""
        if not len(self.keys):
            return self.keys, np.zeros(0, np.int32), np.zeros(0, np.uint16)
        first = np.flatnonzero(np.append(True, self.keys[1:] != self.keys[:-1]))
        last = np.append(first[1:], len(self.keys)) - 1
        ns = np.add.reduceat(self.ns, first).astype(np.int32)
        return self.keys[first], ns, self.values[last].astype(np.uint16)

    def packed(self) -> bytes:
        """All of it, for :meth:`read`."""
        file = io.BytesIO()
        np.savez(file, keys=self.keys, values=self.values, ns=self.ns)
        return file.getvalue()

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """What :meth:`packed` gave.

        :raises ValueError, KeyError, OSError: when it is something else.
        """
        with np.load(io.BytesIO(raw)) as file:
            return cls(file["keys"], file["values"], file["ns"])
