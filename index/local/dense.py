"""FAISS on arrays only: build, search, save, load. The one module that imports faiss.

Vectors are kept as half floats, as the encoder's vectors come. Up to ``EXACT_ROWS`` of them every search looks at all
(inner product of unit rows, so cosine); above, it looks at codes of four bits for each two dimensions first and then at
the vectors of the best. What decides, and every score, is the inner product with the stored vectors either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.arrays import Numbering
from index.part import Written

Scores = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

# One thread on vectors of the shipped encoder (160 questions, k = 100): looking at all 10,000 takes 1.2 ms, 20,000 1.9,
# 50,000 5.3, 100,000 9.9; with codes 0.3, 0.7, 1.1 and 1.8 ms.
EXACT_ROWS = 20_000
# An inverted file (IVF) over the codes was tried: of 200,000 vectors, with 1,024 cells, 64 of them looked at, recall@10 of
# people's questions is .72 in 0.4 ms, with 128 cells .80; looking at all codes takes 0.8 ms and has 1.00.
# The codes propose this many times what is asked for. Of 100,000 vectors recall@100 is then 1.000 (4: .997, 2: .975); among a
# million the first ten of a whole search are those of an exact one for 198 of 200 questions, in the same time (4: 186, 16: 198).
_CANDIDATES = 8


class _Segment:
    """The vectors of one segment, and the codes if it has any."""

    def __init__(self, index: Any):
        import faiss

        self.index = index
        self.coded = isinstance(index, faiss.IndexRefine)
        self.exact = faiss.downcast_index(index.refine_index) if self.coded else index
        if not isinstance(self.exact, faiss.IndexScalarQuantizer):
            raise RuntimeError(f"it holds a {type(self.exact).__name__}, expected half floats")
        if self.coded:
            index.k_factor = _CANDIDATES

    def __len__(self) -> int:
        return int(self.exact.ntotal)

    def search(
        self, queries: npt.NDArray[np.float32], k: int, gone: npt.NDArray[np.bool_] | None
    ) -> tuple[Scores, Rows]:
        """The best ``k`` of the rows that are not ``gone``, of which there must be as many."""
        n, wide = len(self), k
        while True:
            # A few more than asked for, and more if they end in a tie: FAISS leaves ties in any order and drops
            # any of them, so who has the last place must be decided here
            wide = min(wide + 16, n)
            index = self.exact if wide == n else self.index
            scores, rows = index.search(queries, wide)
            last = scores.min(axis=1)
            if gone is not None:
                scores[gone[rows]] = -np.inf
            order = np.lexsort((rows, -scores), axis=-1)
            scores = np.take_along_axis(scores, order, 1)
            if wide == n or (scores[:, k - 1] > last).all():
                return scores[:, :k], np.take_along_axis(rows, order, 1)[:, :k]
            wide *= 4

    def search_in(
        self, queries: npt.NDArray[np.float32], k: int, allowed: Rows
    ) -> tuple[Scores, Rows]:
        """The best ``k`` of those rows, by looking at all of them: codes cannot be searched in part."""
        import faiss

        bits = np.zeros(len(self), dtype=bool)
        bits[allowed] = True
        selector = faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))  # type: ignore[arg-type, call-arg]
        parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        wide = k
        while True:
            wide = min(wide + 16, len(allowed))
            scores, rows = self.exact.search(queries, wide, params=parameters)
            if wide == len(allowed) or (scores[:, k - 1] > scores[:, -1]).all():
                break
            wide *= 4
        order = np.lexsort((rows, -scores), axis=-1)[:, :k]
        return np.take_along_axis(scores, order, 1), np.take_along_axis(rows, order, 1)


class DenseIndex:
    """Cosine search over unit rows; row i of the index is line i of the passages."""

    FILE = "dense.faiss"

    def __init__(self, segments: Sequence[_Segment], rows: Numbering | None = None):
        self._segments = segments
        self._numbering = Numbering.of_one(len(segments[0])) if rows is None else rows

    @classmethod
    def build(
        cls,
        vectors: npt.NDArray[np.float32],
        *,
        exact_rows: int = EXACT_ROWS,
        threads: int = 1,
    ) -> DenseIndex:
        """Index of float32[n, dim] unit rows, kept as half floats; equal rows give equal indexes, bit for bit, on as many
        threads.

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
            return cls([_Segment(exact)])
        # k-means of a fixed seed
        faiss.omp_set_num_threads(threads)
        try:
            codes = faiss.IndexPQFastScan(dim, dim // 2, 4, faiss.METRIC_INNER_PRODUCT)
            codes.train(rows)
            codes.add(rows)
        finally:
            faiss.omp_set_num_threads(1)
        return cls([_Segment(faiss.IndexRefine(codes, exact))])

    @classmethod
    def make(cls, written: Written) -> DenseIndex:
        """Index of the passages' vectors."""
        return cls.build(written.vectors, threads=written.threads)

    @classmethod
    def join(cls, parts: Sequence[DenseIndex], rows: Numbering) -> DenseIndex:
        """One index over the segments of several."""
        return cls([segment for index in parts for segment in index._segments], rows)

    def __len__(self) -> int:
        return len(self._numbering)

    @property
    def dim(self) -> int:
        """Dimensions of a row."""
        return int(self._segments[0].exact.d)

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
        k = min(k, len(self) if allowed is None else len(allowed))
        if k <= 0:
            empty = np.zeros((len(queries), 0))
            return empty.astype(np.float32), empty.astype(np.int64)
        # OpenMP's thread count is per calling thread: questions run beside each other, not each on all cores
        faiss.omp_set_num_threads(1)
        queries = np.ascontiguousarray(queries)
        if allowed is None:
            found = [
                (number, *segment.search(queries, min(k, alive), self._numbering.gone(number)))
                for number, (segment, alive) in enumerate(
                    zip(self._segments, self._numbering.sizes, strict=True)
                )
                if alive
            ]
        else:
            found = [
                (number, *self._segments[number].search_in(queries, min(k, len(local)), local))
                for number, _, local in self._numbering.split(allowed)
            ]
        if self._numbering.plain:
            return found[0][1], found[0][2]
        scores = np.concatenate([part for _, part, _ in found], axis=1)
        rows = np.concatenate(
            [self._numbering.numbers(number)[part].astype(np.int64) for number, _, part in found],
            axis=1,
        )
        order = np.lexsort((rows, -scores), axis=-1)[:, :k]
        return np.take_along_axis(scores, order, 1), np.take_along_axis(rows, order, 1)

    def vectors(self, rows: Rows) -> npt.NDArray[np.float32]:
        """float32[len(rows), dim], the indexed rows themselves."""
        if not len(rows):
            return np.zeros((0, self.dim), dtype=np.float32)
        vectors = np.empty((len(rows), self.dim), dtype=np.float32)
        for number, at, local in self._numbering.split(rows):
            exact = self._segments[number].exact
            vectors[at] = exact.reconstruct_batch(np.ascontiguousarray(local))
        return vectors

    def save(self, folder: Path) -> None:
        """Write the only segment to a file of a folder.

        :raises OSError: when it cannot be written.
        """
        import faiss

        (segment,) = self._segments
        try:
            faiss.write_index(segment.index, str(folder / self.FILE))
        except RuntimeError as error:
            raise OSError(f"{self.FILE} could not be written: {error}") from error

    @classmethod
    def load(cls, folder: Path) -> DenseIndex:
        """Read an index that :meth:`save` wrote, memory-mapped.

        :raises RuntimeError: when the file is not one.
        """
        import faiss

        path = str(folder / cls.FILE)
        return cls([_Segment(faiss.read_index(path, faiss.IO_FLAG_MMAP_IFC))])

    @classmethod
    def file_names(cls) -> list[str]:
        """The name of its file."""
        return [cls.FILE]
