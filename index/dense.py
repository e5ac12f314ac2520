"""FAISS on arrays only: build, search, save, load. The one module that imports faiss.

The index is exact (inner product of unit rows, so cosine).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


class DenseIndex:
    """Cosine search over unit rows; row i of the index is line i of the passages."""

    def __init__(self, index: Any):
        self._index = index

    @classmethod
    def build(cls, vectors: npt.NDArray[np.float32]) -> DenseIndex:
        """Index of float32[n, dim] unit rows.

        :raises ValueError: for another shape or a value that is not finite (FAISS would never find it).
        """
        import faiss

        if vectors.ndim != 2:
            raise ValueError(f"vectors have {vectors.ndim} dimensions, expected 2")
        bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
        if len(bad):
            raise ValueError(f"{len(bad)} vectors are not finite, the first at row {bad[0]}")
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dim(self) -> int:
        """Dimensions of a row."""
        return int(self._index.d)

    def search(
        self, queries: npt.NDArray[np.float32], k: int, allowed: Rows | None = None
    ) -> tuple[Scores, Rows]:
        """``(scores float32[n, k'], rows int64[n, k'])``, k' = min(k, rows searched).

        Score descending, then row ascending. ``allowed`` limits the search to those rows.

        :raises ValueError: for queries of another dimension; FAISS's own message is empty.
        """
        import faiss

        if queries.ndim != 2 or queries.shape[1] != self.dim:
            raise ValueError(f"queries are {queries.shape}, the index has {self.dim} dimensions")
        n_searched = len(self) if allowed is None else len(allowed)
        k = min(k, n_searched)
        if k <= 0:
            empty = np.zeros((len(queries), 0))
            return empty.astype(np.float32), empty.astype(np.int64)
        # OpenMP's thread count is per calling thread: questions run beside each other, not each on all cores
        faiss.omp_set_num_threads(1)
        parameters = None
        if allowed is not None:
            rows_allowed = faiss.IDSelectorBatch(np.ascontiguousarray(allowed))
            parameters = faiss.SearchParameters(sel=rows_allowed)  # type: ignore[call-arg]
        # A few more than asked for, and more if they end in a tie: FAISS leaves ties in any order and drops
        # any of them, so who has the last place must be decided here
        queries, wide = np.ascontiguousarray(queries), k
        while True:
            wide = min(wide + 16, n_searched)
            scores, rows = self._index.search(queries, wide, params=parameters)
            if wide == n_searched or (scores[:, k - 1] > scores[:, -1]).all():
                break
            wide *= 4
        order = np.lexsort((rows, -scores), axis=-1)[:, :k]
        return np.take_along_axis(scores, order, 1), np.take_along_axis(rows, order, 1)

    def vectors(self, rows: Rows) -> npt.NDArray[np.float32]:
        """float32[len(rows), dim], the indexed rows themselves."""
        if not len(rows):
            return np.zeros((0, self.dim), dtype=np.float32)
        return np.asarray(
            self._index.reconstruct_batch(np.ascontiguousarray(rows)), dtype=np.float32
        )

    def save(self, path: Path) -> None:
        """Write the index to a file.

        :raises OSError: when it cannot be written.
        """
        import faiss

        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path.name} could not be written: {error}") from error

    @classmethod
    def load(cls, path: Path) -> DenseIndex:
        """Read an index that :meth:`save` wrote, memory-mapped.

        :raises RuntimeError: when the file is not one.
        """
        import faiss

        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
