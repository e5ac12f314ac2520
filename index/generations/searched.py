"""What indexes have in common that keep generations in an engine: a passage is fetched by its row, and what is fetched is kept
for a while. Which passages to look at, an engine proposes; what they score, is said by the functions that every index shares.
"""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from corpus.document import (
    Block,
    DamagedIndexError,
    Document,
    Heading,
    IncompatibleIndexError,
    IndexUnavailableError,
    Lang,
    LeftOut,
    Recognised,
    UnknownDocumentError,
    VectorsUnavailableError,
)
from corpus.languages import LANGS, PACKS
from index import bm25
from index.compatibility import FORMAT, check_encoder
from index.encoder import Encoder
from index.generations.columns import Held, blocks_of
from index.generations.generation import Facts, Generation
from index.meeting import interact
from index.part import Part
from index.searchable import (
    DocumentInfo,
    Interaction,
    Matches,
    Place,
    QueryTokens,
    Rows,
    Scores,
    Word,
    WordWeight,
)
from index.sentences import SentenceIndex
from index.tokens import TokenIndex

_P = TypeVar("_P", bound=Part)
_V = TypeVar("_V")

# Passages (some 5 kB each) and vectors (1.5 kB) of the last questions: a question looks at the same passages many times.
_KEPT_PASSAGES = 2_000
_KEPT_VECTORS = 4_000


def check_usable(facts: Facts, where: str, encoder: Encoder | None) -> None:
    """Nothing when a generation that is kept ``where`` can be asked by this version, and by ``encoder`` where one is given.

    :raises IncompatibleIndexError: when another version or another encoder made it.
    """
    if facts.format != FORMAT or facts.packs != tuple(PACKS):
        raise IncompatibleIndexError(
            f"build {facts.build_id} at {where} was put there by another version (format {facts.format}, "
            f"expected {FORMAT}); run `fuente build`, which makes it anew"
        )
    if encoder is not None:
        check_encoder(facts.build_id, facts.encoder, facts.probe, encoder)


def damaged(where: str, generation: int, error: Exception) -> DamagedIndexError:
    """What to say of a generation, kept ``where``, that does not say what it should about itself."""
    return DamagedIndexError(
        f"generation {generation} at {where} cannot be read ({type(error).__name__}); "
        "run `fuente build` or `fuente migrate --to` with its address again"
    )


class Kept(Generic[_V]):
    """The values of the last rows that were asked for; they never change in a generation."""

    def __init__(self, most: int, fetch: Callable[[list[int]], Mapping[int, _V]]):
        self._most, self._fetch = most, fetch
        self._values: OrderedDict[int, _V] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, rows: Iterable[int]) -> list[_V]:
        """The values of those rows, in their order.

        :raises IndexUnavailableError: when one is not there any more.
        """
        wanted = list(rows)
        with self._lock:
            found = {row: self._values[row] for row in wanted if row in self._values}
            for row in found:
                self._values.move_to_end(row)
        missing = [row for row in dict.fromkeys(wanted) if row not in found]
        if missing:
            fetched = self._fetch(missing)
            if len(fetched) < len(missing):
                raise gone()
            found.update(fetched)
            self.keep(fetched)
        return [found[row] for row in wanted]

    def keep(self, values: Mapping[int, _V]) -> None:
        """Have values that came with something else."""
        with self._lock:
            self._values.update(values)
            while len(self._values) > self._most:
                self._values.popitem(last=False)


def gone() -> IndexUnavailableError:
    """What to say where a generation was removed while it was read: it had not served for a while."""
    return IndexUnavailableError(
        "the generation that was asked is no longer kept; expected one that serves: ask again"
    )


class GenerationIndex(ABC):
    """One generation of a collection: what it holds never changes, whatever is put beside it. The rest of
    :class:`index.searchable.Searchable` is for the engine: ``nearest``, ``matching``, ``vectors_away`` and ``close``."""

    def __init__(self, facts: Facts, generation: Generation):
        self.manifest = facts
        self._generation = generation
        self._passages = Kept(_KEPT_PASSAGES, self._fetch_passages)
        self._vectors = Kept(_KEPT_VECTORS, self._fetch_vectors)

    @abstractmethod
    def _fetch_document(self, doc: int, blocks: bool) -> tuple[bytes, bytes, bytes]:
        """Outline, text and blocks of the document of that number as they are stored; the blocks may be left out."""

    @abstractmethod
    def _fetch_passages(self, rows: list[int]) -> Mapping[int, Held]:
        """What is stored of passages, of those that are there."""

    @abstractmethod
    def _fetch_vectors(self, rows: list[int]) -> Mapping[int, npt.NDArray[np.float32]]:
        """Their unit vectors float32[dim], of those that are there.

        :raises VectorsUnavailableError: when the engine answers others, but not that.
        """

    @property
    def build_id(self) -> str:
        """Id of the build that was put there."""
        return self.manifest.build_id

    def __len__(self) -> int:
        return len(self._generation.langs)

    def part(self, kind: type[_P]) -> _P | None:
        """None: what a leg keeps of its own is not put there."""
        return None

    # ------------------------------------------------------------------- what it holds

    def documents(self) -> list[DocumentInfo]:
        """All documents, by id."""
        return list(self._generation.infos)

    def _number(self, doc_id: str) -> int:
        at = self._generation.numbers.get(doc_id)
        if at is None:
            raise UnknownDocumentError(
                f"there is no document {doc_id!r} in the active build; the list of documents shows those there are"
            )
        return at

    def document(self, doc_id: str, *, blocks: bool = True) -> Document:
        """A document with its text, and its blocks unless they are not wanted.

        :raises UnknownDocumentError: when there is none of that id.
        """
        at = self._number(doc_id)
        told, text, laid = self._fetch_document(int(self._generation.docs[at]), blocks)
        outline, info = json.loads(told), self._generation.infos[at]
        return Document(
            doc_id,
            info.title,
            info.lang,
            text.decode(),
            tuple(outline["page_starts"]),
            tuple(Heading(*one) for one in outline["headings"]),
            info.sha256,
            blocks_of(json.loads(laid)) if blocks else (),
            tuple(Recognised(*one) for one in outline["recognised"]),
            tuple(LeftOut(*one) for one in outline["left_out"]) if blocks else (),
        )

    def passages_of(self, doc_id: str) -> range:
        """The rows of a document's passages.

        :raises UnknownDocumentError: when there is none of that id.
        """
        at = self._number(doc_id)
        first = int(self._generation.firsts[at])
        return range(first, first + self._generation.infos[at].n_passages)

    def stored(self, rows: Sequence[int]) -> tuple[list[Held], npt.NDArray[np.float32]]:
        """All that is stored of those passages, and their vectors float32[n, dim], in that order.

        :raises IndexUnavailableError: when one is not there any more, or the server does not answer.
        """
        held, vectors = self._fetch_passages(list(rows)), self._fetch_vectors(list(rows))
        if len(held) < len(rows) or len(vectors) < len(rows):
            raise gone()
        return [held[row] for row in rows], np.stack([vectors[row] for row in rows])

    def places(self, rows: Sequence[int]) -> list[Place]:
        """The passages of those rows with title, page and section, in that order."""
        return [one.place for one in self._passages.of(rows)]

    def blocks(self, row: int) -> tuple[Block, ...]:
        """The blocks that a passage has a part of, and those that hold them, in text order."""
        return self._passages.of([row])[0].blocks

    def sentence_terms(self, row: int) -> list[frozenset[int]]:
        """The terms of a passage's heading, then of each of its sentences in text order."""
        return self._passages.of([row])[0].terms

    def rows_where(self, languages: Sequence[str] = (), doc_ids: Sequence[str] = ()) -> Rows | None:
        """Rows of passages in those languages and documents, ascending; None when nothing is asked.

        :raises UnknownDocumentError: for a document this generation does not have.
        """
        if not languages and not doc_ids:
            return None
        numbers = sorted({self._number(doc_id) for doc_id in doc_ids})
        rows = np.arange(len(self), dtype=np.int64)
        if doc_ids:
            firsts = self._generation.firsts
            spans = [(int(firsts[at]), self._generation.infos[at].n_passages) for at in numbers]
            rows = np.concatenate([np.arange(a, a + n, dtype=np.int64) for a, n in spans])
        if languages:
            codes = [LANGS.index(lang) for lang in LANGS if lang in languages]
            rows = rows[np.isin(self._generation.langs[rows], codes)]
        return rows

    def langs(self, rows: Rows) -> npt.NDArray[np.uint8]:
        """uint8[n], the language of each passage as its place in ``LANGS``."""
        return self._generation.langs[rows]

    # ------------------------------------------------------------------- how a question meets it

    def cosines(self, vector: npt.NDArray[np.float32], rows: Rows) -> Scores:
        """float32[n], the cosines of those passages with a unit vector; where their vectors cannot be had, those of the means
        of their sentences' vectors, which stand in another table."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
        try:
            vectors = np.stack(self._vectors.of(rows.tolist()))
        except VectorsUnavailableError:
            vectors = np.stack([mean_of_sentences(one) for one in self._passages.of(rows.tolist())])
        return products(vectors, vector)

    def weight(self, lang: Lang, word: Word, prior: float | None = None) -> WordWeight:
        """What a word is worth among one language's passages."""
        return bm25.weight(self._generation, lang, word, prior)

    def meet(
        self, tokens: QueryTokens, vector: npt.NDArray[np.float32], rows: Sequence[int]
    ) -> list[Interaction]:
        """How the question meets each of those passages, in their order."""
        if not len(rows):
            return []
        codes = [one.codes for one in self._passages.of(rows)]
        width = codes[0].tokens.codes.shape[1]
        met = interact(
            tokens,
            vector,
            TokenIndex.build([one.tokens for one in codes], 4 * width),
            SentenceIndex.build([one.sentences for one in codes], len(vector)),
            range(len(codes)),
        )
        return [replace(one, row=row) for one, row in zip(met, rows, strict=True)]


def no_matches(also: npt.NDArray[np.float32]) -> Matches:
    """None at all, and the scores of those that were asked about."""
    return Matches(np.zeros((1, 0), dtype=np.float32), np.zeros((1, 0), dtype=np.int64), also)


def mean_of_sentences(one: Held) -> npt.NDArray[np.float32]:
    """The unit vector in the middle of those of a passage's sentences; zeros where it has none."""
    codes = one.codes.sentences.codes.astype(np.float32)
    codes /= np.maximum(np.linalg.norm(codes, axis=1, keepdims=True), 1e-12)
    mean: npt.NDArray[np.float32] = codes.sum(axis=0)
    mean /= max(float(np.linalg.norm(mean)), 1e-12)
    return mean


def products(vectors: npt.NDArray[np.float32], vector: npt.NDArray[np.float32]) -> Scores:
    """float32[n], the products of ``vectors`` float32[n, dim] with one; the same for a row whatever stands beside it."""
    scores: Scores = np.einsum("ij,j->i", vectors, vector)
    return scores
