"""What is counted over all passages of one generation: an immutable blob that every process reads once."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from corpus.document import Lang, Skipped, Source
from corpus.languages import LANGS
from corpus.split import Splitting
from index import bm25
from index.bm25 import TermFacts
from index.encoder import EncoderCard
from index.generations.columns import as_json
from index.part import Part
from index.searchable import DocumentInfo, Rows, term_key

# A share that is new or gone, from which on it is found anew.
_MUCH = 0.1


@dataclass(frozen=True, slots=True)
class Graph:
    """How wide the graph is searched (``ef``; 0: not at all, every vector is looked at), the ``recall`` of the hundred nearest that was found, and
    among how many passages."""

    ef: int
    recall: float
    n_passages: int

    def holds(self, n_passages: int) -> bool:
        """Whether what was found among other passages is still told of so many: a graph that misses too much misses more in a larger
        collection."""
        grown = n_passages - self.n_passages
        return -_MUCH * self.n_passages <= grown and (
            not self.ef or grown <= _MUCH * self.n_passages
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """What a generation says about itself; ``probe``, ``packs`` and ``reading`` as in :class:`index.local.manifest.Manifest`, ``size_bytes`` without what tables add.
    ``graph``: how vectors are searched, None where all are looked at.

    ``lacking``: no parts that legs bring are kept there, so none is missed.
    """

    lacking: ClassVar[tuple[type[Part], ...]] = ()

    build_id: str
    format: int
    created_at: str
    encoder: EncoderCard
    splitting: Splitting
    n_documents: int
    n_passages: int
    languages: dict[str, int]
    sources: tuple[Source, ...]
    skipped: tuple[Skipped, ...]
    probe: tuple[tuple[float, ...], ...]
    packs: tuple[str, ...]
    size_bytes: int
    reading: str = ""
    graph: Graph | None = None

    @classmethod
    def read(cls, raw: bytes) -> Facts:
        """From JSON.

        :raises ValueError, KeyError, TypeError: when it is not what was written.
        """
        told = json.loads(raw)
        return cls(
            **{
                **told,
                "encoder": EncoderCard(**told["encoder"]),
                "splitting": Splitting(**told["splitting"]),
                "sources": tuple(Source(**one) for one in told["sources"]),
                "skipped": tuple(Skipped(**one) for one in told["skipped"]),
                "probe": tuple(tuple(row) for row in told["probe"]),
                "packs": tuple(told["packs"]),
                "graph": Graph(**told["graph"]) if told.get("graph") else None,
            }
        )


@dataclass(frozen=True)
class Generation:
    """The :class:`index.bm25.Statistics` of a generation, and which row is which passage of which document.

    ``keys`` uint64[T], sorted, ``dfs`` int32[T], ``peaks`` uint16[T] of the terms; ``means`` float64 and ``least_norms``
    float64 by language as numbered in LANGS; ``langs`` uint8[N] of the passages. ``infos`` are the documents by id, ``docs``
    int32[D] their numbers in the tables, ``firsts`` int64[D] their first rows.
    """

    keys: npt.NDArray[np.uint64]
    dfs: npt.NDArray[np.int32]
    peaks: npt.NDArray[np.uint16]
    means: npt.NDArray[np.float64]
    least_norms: npt.NDArray[np.float64]
    langs: npt.NDArray[np.uint8]
    docs: npt.NDArray[np.int32]
    firsts: npt.NDArray[np.int64]
    infos: tuple[DocumentInfo, ...]

    def blob(self) -> bytes:
        """All of it, for :meth:`read`."""
        file = io.BytesIO()
        told = [
            [i.doc_id, i.title, i.lang, i.sha256, i.n_chars, i.n_passages, i.n_pages]
            for i in self.infos
        ]
        infos = as_json(told)
        np.savez(
            file,
            infos=np.frombuffer(infos, dtype=np.uint8),
            **{name: getattr(self, name) for name in _ARRAYS},
        )
        return file.getvalue()

    @classmethod
    def read(cls, blob: bytes) -> Generation:
        """What :meth:`blob` gave.

        :raises ValueError, KeyError, OSError: when it is something else.
        """
        with np.load(io.BytesIO(blob)) as file:
            told: list[list[Any]] = json.loads(file["infos"].tobytes())
            infos = tuple(
                DocumentInfo(d, t, lang, sha, n_chars, n, n_pages, PurePosixPath(d).suffix.lower())
                for d, t, lang, sha, n_chars, n, n_pages in told
            )
            return cls(**{name: file[name] for name in _ARRAYS}, infos=infos)

    @cached_property
    def _n(self) -> dict[Lang, int]:
        counted = np.bincount(self.langs, minlength=len(LANGS)).tolist()
        return dict(zip(LANGS, counted, strict=False))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The place of each document in ``infos``, by id."""
        return {info.doc_id: at for at, info in enumerate(self.infos)}

    @cached_property
    def _by_doc(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
        order = np.argsort(self.docs)
        return self.docs[order], self.firsts[order]

    def n_passages(self, lang: Lang) -> int:
        """Number of passages in a language."""
        return self._n.get(lang, 0)

    def least_norm(self, lang: Lang) -> float:
        """What a language's shortest passage adds to its tf."""
        return float(self.least_norms[LANGS.index(lang)])

    def term(self, lang: Lang, term: str) -> TermFacts:
        """How many passages of a language hold a term, and how often one does at most."""
        key = np.uint64(term_key(lang, term))
        at = int(np.searchsorted(self.keys, key))
        if at == len(self.keys) or self.keys[at] != key:
            return TermFacts(0, 0)
        return TermFacts(int(self.dfs[at]), int(self.peaks[at]))

    def placed(self, rows: Rows) -> tuple[list[int], list[int]]:
        """The document's number and the place in it of each row."""
        at = np.searchsorted(self.firsts, rows, side="right") - 1
        return self.docs[at].tolist(), (rows - self.firsts[at]).tolist()

    def rows(self, docs: Sequence[int], places: Sequence[int]) -> Rows:
        """int64[n], the rows of passages by their documents' numbers, all of this generation, and their places."""
        known, firsts = self._by_doc
        at = np.searchsorted(known, np.array(docs, dtype=np.int32))
        found: Rows = firsts[at] + np.array(places, dtype=np.int64)
        return found

    def runs(self, rows: Rows) -> tuple[list[int], list[int], list[int]]:
        """Ascending rows as stretches ``[first, end)`` of documents: their numbers, first and end places."""
        if not len(rows):
            return [], [], []
        at = np.searchsorted(self.firsts, rows, side="right") - 1
        breaks = np.flatnonzero((np.diff(rows) != 1) | (np.diff(at) != 0))
        starts, ends = np.append(0, breaks + 1), np.append(breaks, len(rows) - 1)
        firsts = self.firsts[at[starts]]
        first, end = rows[starts] - firsts, rows[ends] - firsts + 1
        return self.docs[at[starts]].tolist(), first.tolist(), end.tolist()


def recounted(facts: Facts, counted: Generation, size_bytes: int) -> Facts:
    """What a generation says about itself, with what is counted over its passages and how much is stored of them."""
    languages = np.bincount(counted.langs, minlength=len(LANGS)).tolist()
    return replace(
        facts,
        n_documents=len(counted.infos),
        n_passages=len(counted.langs),
        languages={lang: n for lang, n in sorted(zip(LANGS, languages, strict=False)) if n},
        size_bytes=size_bytes,
    )


def mean_lengths(
    lengths: npt.NDArray[np.int32], langs: npt.NDArray[np.uint8]
) -> npt.NDArray[np.float64]:
    """The mean lengths of passages by language as numbered in LANGS; 1 of one that has none."""
    means = np.ones(len(LANGS))
    for code in np.unique(langs).tolist():
        means[code] = bm25.mean_length(lengths[langs == code])
    return means


def norms_of(
    lengths: npt.NDArray[np.int32], langs: npt.NDArray[np.uint8]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The mean lengths of passages, and the least norm of one, by language; 0 of one that has none."""
    means, least = mean_lengths(lengths, langs), np.zeros(len(LANGS))
    for code in np.unique(langs).tolist():
        least[code] = bm25.norms(lengths[langs == code], float(means[code])).min()
    return means, least


def info_bytes(info: DocumentInfo) -> bytes:
    """What a list shows of a document, without its id, for :func:`info_of`."""
    told = [info.title, info.lang, info.sha256, info.n_chars, info.n_passages, info.n_pages]
    return as_json(told)


def info_of(doc_id: str, told: bytes) -> DocumentInfo:
    """The document of that id that :func:`info_bytes` was given."""
    title, lang, sha256, n_chars, n_passages, n_pages = json.loads(told)
    suffix = PurePosixPath(doc_id).suffix.lower()
    return DocumentInfo(doc_id, title, lang, sha256, n_chars, n_passages, n_pages, suffix)


_ARRAYS = ("keys", "dfs", "peaks", "means", "least_norms", "langs", "docs", "firsts")
