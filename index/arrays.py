"""Arrays of passages that are kept in segments: how rows are counted over several of them, and how they are saved.

A segment's arrays never change. An index lays one or more segments side by side: its rows are numbered by document, as if
all had been built at once, and a passage of a segment that was deleted or replaced since has no number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]


class Numbering:
    """Which row of an index is which row of which segment.

    ``numbers`` has for each segment int32[rows of the segment]: the row of the index, -1 for a passage that is no longer
    part of it. Within a segment the numbers ascend, so what is in order there is in order here.
    """

    def __init__(self, numbers: Sequence[npt.NDArray[np.int32]]):
        #: Rows of each segment that are part of the index.
        self.sizes = [int((part >= 0).sum()) for part in numbers]
        self._n = sum(self.sizes)
        for part in numbers:
            if (np.diff(part[part >= 0]) <= 0).any():
                raise ValueError("the rows of a segment are not in the order of the index")
        #: Nothing to translate: the usual case, and the fast one.
        self.plain = len(numbers) == 1 and self._n == len(numbers[0])
        self._numbers = list(numbers)
        self._gone = [
            None if size == len(part) else part < 0
            for part, size in zip(numbers, self.sizes, strict=True)
        ]
        if self.plain:
            return
        self._segment = np.zeros(self._n, dtype=np.uint16)
        self._local = np.zeros(self._n, dtype=np.int32)
        for segment, part in enumerate(numbers):
            alive = np.flatnonzero(part >= 0)
            self._segment[part[alive]] = segment
            self._local[part[alive]] = alive

    @classmethod
    def of_one(cls, n: int) -> Numbering:
        """The numbers of one segment of n rows that are all there."""
        return cls([np.arange(n, dtype=np.int32)])

    def __len__(self) -> int:
        return self._n

    def numbers(self, segment: int) -> npt.NDArray[np.int32]:
        """int32[rows of the segment], the row of the index for each, -1 where there is none."""
        return self._numbers[segment]

    def gone(self, segment: int) -> npt.NDArray[np.bool_] | None:
        """bool[rows of the segment], which of them are not part of the index; None when all are."""
        return self._gone[segment]

    def place(self, row: int) -> tuple[int, int]:
        """Segment and row in it."""
        if self.plain:
            return 0, row
        return int(self._segment[row]), int(self._local[row])

    def split(self, rows: Rows) -> list[tuple[int, Rows, Rows]]:
        """For each segment that holds some of ``rows``: the segment, which of ``rows`` (places in it, ascending), and their
        rows in the segment."""
        if self.plain:
            return [(0, np.arange(len(rows)), np.asarray(rows, dtype=np.int64))]
        of = self._segment[rows]
        found = []
        for segment in np.unique(of).tolist():
            at = np.flatnonzero(of == segment)
            found.append((segment, at, self._local[rows[at]].astype(np.int64)))
        return found


class Arrays:
    """Named arrays of one or more segments, saved as ``<kind>-<name>.npy`` and opened memory-mapped.

    The array ``offsets``, where a kind has one, says where the entries of a segment's row begin: int64[rows + 1].
    """

    KIND: ClassVar[str]
    NAMES: ClassVar[tuple[str, ...]]

    def __init__(
        self,
        segments: Sequence[Mapping[str, npt.NDArray[Any]]],
        rows: Numbering | None = None,
    ):
        # As plain arrays: a slice of a memory map costs several times more
        self._segments = [
            {name: np.asarray(part[name]) for name in self.NAMES} for part in segments
        ]
        if rows is None:
            if len(segments) != 1:
                raise ValueError(f"{len(segments)} segments need a numbering of their rows")
            rows = Numbering.of_one(self._rows_of(self._segments[0]))
        self._numbering = rows

    @staticmethod
    def _rows_of(segment: Mapping[str, npt.NDArray[Any]]) -> int:
        return len(segment["offsets"]) - 1

    def __len__(self) -> int:
        return len(self._numbering)

    def _entries(self, row: int) -> tuple[Mapping[str, npt.NDArray[Any]], int, int]:
        """The segment of a row, and where the row's entries begin and end there."""
        segment, local = self._numbering.place(row)
        arrays = self._segments[segment]
        offsets = arrays["offsets"]
        return arrays, int(offsets[local]), int(offsets[local + 1])

    @classmethod
    def join(cls, parts: Sequence[Self], rows: Numbering) -> Self:
        """One index over the segments of several."""
        return cls([segment for index in parts for segment in index._segments], rows)

    def save(self, folder: Path) -> None:
        """Write the arrays of the only segment into a folder."""
        (segment,) = self._segments
        for name in self.NAMES:
            np.save(folder / f"{self.KIND}-{name}.npy", segment[name])

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what :meth:`save` wrote, memory-mapped.

        :raises OSError, ValueError: when a file is missing or is not an array.
        """
        return cls(
            [
                {
                    name: np.load(folder / f"{cls.KIND}-{name}.npy", mmap_mode="r")
                    for name in cls.NAMES
                }
            ]
        )

    @classmethod
    def file_names(cls) -> list[str]:
        """Names of the files that :meth:`save` writes."""
        return [f"{cls.KIND}-{name}.npy" for name in cls.NAMES]
