"""FAISS on arrays only: build, search, save, load. The one module that imports faiss.

Vectors are kept as half floats, as the encoder's vectors come. Up to ``EXACT_ROWS`` of them every search looks at all
(inner product of unit rows, so cosine); above, it looks at codes of four bits for each two dimensions first and then at
the vectors of the best. What decides, and every score, is the inner product with the stored vectors either way.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

# One thread on vectors of the shipped encoder (160 questions, k = 100): looking at all 10,000 takes 1.2 ms, 20,000 1.9,
# 50,000 5.3, 100,000 9.9; with codes 0.3, 0.7, 1.1 and 1.8 ms.
EXACT_ROWS = 20_000
# The codes propose this many times what is asked for. Of 100,000 vectors recall@10 is then 1.000 and recall@100 0.997
# (2: 1.000 and 0.975, 8: 1.000 and 1.000).
_CANDIDATES = 4


class DenseIndex:
    """Cosine search over unit rows; row i of the index is line i of the passages."""

    def __init__(self, index: Any):
        import faiss

        self._index = index
        self._coded = isinstance(index, faiss.IndexRefine)
        self._exact = faiss.downcast_index(index.refine_index) if self._coded else index
        if not isinstance(self._exact, faiss.IndexScalarQuantizer):
            raise RuntimeError(f"it holds a {type(self._exact).__name__}, expected half floats")
        if self._coded:
            index.k_factor = _CANDIDATES

    @classmethod
    def build(cls, vectors: npt.NDArray[np.float32], *, exact_rows: int = EXACT_ROWS) -> DenseIndex:
        """Index of float32[n, dim] unit rows, kept as half floats; equal rows give equal indexes, bit for bit.

        With more than ``exact_rows`` of them codes are made too.

        :raises ValueError: for another shape or a value that is not finite (FAISS would never find it).
        """
        import faiss

        if vectors.ndim != 2:
            raise ValueError(f"vectors have {vectors.ndim} dimensions, expected 2")
        bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
        if len(bad):
            raise ValueError(f"{len(bad)} vectors are not finite, the first at row {bad[0]}")
        n, dim = vectors.shape
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        exact = faiss.IndexScalarQuantizer(
            dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        exact.add(rows)
        if n <= exact_rows or dim % 2:
            return cls(exact)
        codes = faiss.IndexPQFastScan(dim, dim // 2, 4, faiss.METRIC_INNER_PRODUCT)
        # k-means of a fixed seed; on one thread its sums are always made in the same order
        faiss.omp_set_num_threads(1)
        codes.train(rows)
        codes.add(rows)
        return cls(faiss.IndexRefine(codes, exact))

    def __len__(self) -> int:
        return int(self._exact.ntotal)

    @property
    def dim(self) -> int:
        """Dimensions of a row."""
        return int(self._exact.d)

    def search(
        self, queries: npt.NDArray[np.float32], k: int, allowed: Rows | None = None
    ) -> tuple[Scores, Rows]:
        """``(scores float32[n, k'], rows int64[n, k'])``, k' = min(k, rows searched).

        Score descending, then row ascending. ``allowed`` limits the search to those rows, and is exact whatever the
        number of rows.

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
        index, parameters = self._index, None
        if allowed is not None:
            # Codes cannot be searched in part
            index = self._exact
            bits = np.zeros(len(self), dtype=bool)
            bits[allowed] = True
            bits = np.packbits(bits, bitorder="little")
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))  # type: ignore[arg-type, call-arg]
        # A few more than asked for, and more if they end in a tie: FAISS leaves ties in any order and drops
        # any of them, so who has the last place must be decided here
        queries, wide = np.ascontiguousarray(queries), k
        while True:
            wide = min(wide + 16, n_searched)
            scores, rows = index.search(queries, wide, params=parameters)
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
            self._exact.reconstruct_batch(np.ascontiguousarray(rows)), dtype=np.float32
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
