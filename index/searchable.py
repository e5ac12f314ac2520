"""What the layer above may ask of an index: documents and places, words and vectors; and the types that go both ways.

:class:`index.local.store.Index` is one implementation. A row is the number of a passage in one opened index; it means
nothing outside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from corpus.document import Block, Document, Lang, Passage, Skipped, Source
from index.encoder import Encoded, Encoder, EncoderCard

if TYPE_CHECKING:
    from index.part import Part

_P = TypeVar("_P", bound="Part")

Scores = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

Word = Sequence[tuple[str, float]]
"""What a word of a question stands for in one language of passages: ``(term, probability)``, itself with probability 1."""

WordsByLang = Mapping[Lang, Sequence[Word]]
"""The words of a question in each language of passages."""

Idfs = Mapping[Lang, Sequence[float]]


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """One document as a list shows it; ``n_pages`` None for formats without pages."""

    doc_id: str
    title: str
    lang: Lang
    sha256: str
    n_chars: int
    n_passages: int
    n_pages: int | None
    suffix: str


@dataclass(frozen=True, slots=True)
class Place:
    """A passage with where it stands: ``page`` None for formats without pages, ``section_path`` outermost first,
    ``ocr_confidence`` (0..1) None unless the page was read from a picture."""

    passage: Passage
    title: str
    page: int | None
    section_path: tuple[str, ...]
    ocr_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One content word of a question: as written, what it stands for in each passage language, and the share of
    ordinary passages there that hold it, and its idf there (0 for a word that says nothing). ``name``: it looks like a
    name or a number. ``known``: some passage holds it. ``keys`` are the terms as sentences keep them, in the same order."""

    text: str
    name: bool
    terms: dict[Lang, Word]
    keys: dict[Lang, list[tuple[int, float]]]
    priors: dict[Lang, float]
    idf: dict[Lang, float]
    known: bool


@dataclass(frozen=True, slots=True)
class WordWeight:
    """What one question word is worth in one language: ``idf``, its expected document frequency with the prior, and
    how many passages are expected to hold it (``seen``)."""

    idf: float
    df: float
    seen: float


class Matches(NamedTuple):
    """``scores`` float32[1, k'] and ``rows`` int64[1, k'] of the best passages, score descending, then row ascending;
    ``also`` float32, the scores of the passages that were asked for by row, in their order."""

    scores: Scores
    rows: Rows
    also: Scores


@dataclass(frozen=True, slots=True)
class QueryTokens:
    """The question's tokens that say something: ``vectors`` float32[n, dim], ``weights`` float32[n] (idf)."""

    text: str
    vectors: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    starts: npt.NDArray[np.int32]

    @classmethod
    def of(cls, text: str, spans: Sequence[tuple[str, int, int]], encoded: Encoded) -> QueryTokens:
        """Tokens of an encoded question inside ``spans`` ``(term, start, end)``; all of them if nothing is left."""
        covered = np.zeros(len(text) + 1, dtype=bool)
        for _, start, end in spans:
            covered[start:end] = True
        kept = covered[np.minimum(encoded.starts, len(text))]
        if not kept.any():
            kept = np.ones(len(encoded.starts), dtype=bool)
        return cls(text, encoded.tokens[kept], encoded.weights[kept], encoded.starts[kept])


@dataclass(frozen=True, slots=True)
class Interaction:
    """How a question meets the passage of that row.

    ``score`` in -1..1; ``cosines`` float32[n_query, n_tokens]; ``starts`` uint16[n_tokens], where each token stands in the
    passage; per sentence of the passage ``spans`` int32[n, 2] (its place in it),
    ``sentence_late`` float32[n] (late interaction with its tokens, 0 without any) and
    ``sentence_dense`` float32[n] (cosine of its vector).
    """

    row: int
    score: float
    cosines: npt.NDArray[np.float32]
    starts: npt.NDArray[np.uint16]
    spans: npt.NDArray[np.int32]
    sentence_late: npt.NDArray[np.float32]
    sentence_dense: npt.NDArray[np.float32]


class BuildFacts(Protocol):
    """What an index says about itself."""

    @property
    def created_at(self) -> str:
        """ISO 8601, UTC."""
        ...

    @property
    def encoder(self) -> EncoderCard:
        """The encoder that made its vectors."""
        ...

    @property
    def n_documents(self) -> int:
        """Documents in it."""
        ...

    @property
    def n_passages(self) -> int:
        """Passages in it."""
        ...

    @property
    def size_bytes(self) -> int:
        """Bytes that are kept of it, what other builds share as well."""
        ...

    @property
    def languages(self) -> Mapping[str, int]:
        """Passages by language."""
        ...

    @property
    def sources(self) -> Sequence[Source]:
        """The files that it was made of."""
        ...

    @property
    def skipped(self) -> Sequence[Skipped]:
        """The files that could not be used, and why."""
        ...


class Searchable(Protocol):
    """One opened index: immutable, and safe to read from several threads. Rows ascend by document id and place in it."""

    @property
    def build_id(self) -> str:
        """Names what is in it: two with one id give the same answers."""
        ...

    @property
    def manifest(self) -> BuildFacts:
        """What it says about itself."""
        ...

    def __len__(self) -> int:
        """Number of passages."""
        ...

    @property
    def vectors_away(self) -> bool:
        """Whether :meth:`nearest` failed the last times, so that questions are answered by words alone."""
        ...

    # ------------------------------------------------------------------- what it holds

    def documents(self) -> list[DocumentInfo]:
        """All documents, by id."""
        ...

    def document(self, doc_id: str, *, blocks: bool = True) -> Document:
        """A document with its text; without its blocks where they are not wanted, of which a long one has very many.

        :raises UnknownDocumentError: when there is none of that id.
        """
        ...

    def places(self, rows: Sequence[int]) -> list[Place]:
        """The passages of those rows with title, page and section, in that order."""
        ...

    def blocks(self, row: int) -> tuple[Block, ...]:
        """The blocks that a passage has a part of, and those that hold them, in text order; spans are of the document's text,
        ``parent`` is a place in this tuple."""
        ...

    def rows_where(self, languages: Sequence[str] = (), doc_ids: Sequence[str] = ()) -> Rows | None:
        """Rows of passages in those languages and documents, ascending; None when nothing is asked.

        :raises UnknownDocumentError: for a document that is not there.
        """
        ...

    def langs(self, rows: Rows) -> npt.NDArray[np.uint8]:
        """uint8[n], the language of each passage as its place in :data:`corpus.languages.LANGS`."""
        ...

    def sentence_terms(self, row: int) -> list[frozenset[int]]:
        """The terms of a passage's heading, then of each of its sentences in text order, as :func:`sentence_key` has them."""
        ...

    # ------------------------------------------------------------------- how a question meets it

    def nearest(self, vector: npt.NDArray[np.float32], k: int, allowed: Rows | None = None) -> Rows:
        """int64[k'], the passages, of those ``allowed``, with the highest cosine to a unit ``vector`` float32[dim]; cosine
        descending, then row ascending.

        :raises VectorsUnavailableError: when a server that holds them answers others, but not that.
        """
        ...

    def cosines(self, vector: npt.NDArray[np.float32], rows: Rows) -> Scores:
        """float32[n], the cosines of those passages with a unit ``vector`` float32[dim]; what comes near them where their
        vectors cannot be had."""
        ...

    def weight(self, lang: Lang, word: Word, prior: float | None = None) -> WordWeight:
        """What a word is worth among one language's passages; ``prior``: the share of ordinary passages that hold it."""
        ...

    def matching(
        self,
        words: WordsByLang,
        k: int,
        allowed: Rows | None = None,
        *,
        idfs: Idfs | None = None,
        also: Rows | None = None,
    ) -> Matches:
        """The best k passages, of those ``allowed``, that share a word with the question, and the scores of ``also``: each
        the share of the question, by idf, that the passage holds, 0..1."""
        ...

    def meet(
        self, tokens: QueryTokens, vector: npt.NDArray[np.float32], rows: Sequence[int]
    ) -> list[Interaction]:
        """How the question, its tokens and its unit ``vector`` float32[dim], meets each of those passages, in their order."""
        ...

    def part(self, kind: type[_P]) -> _P | None:
        """What a leg had the index keep of its passages; None where the index keeps no such thing."""
        ...

    def close(self) -> None:
        """Let go of files and connections; it cannot be used after."""
        ...


KEEP_BUILDS = 3
"""How many builds stay, the active one among them, so that there is a way back."""


class Builds(Protocol):
    """Where an engine finds its index, and sees that there is a newer one."""

    def current_id(self) -> str | None:
        """Id of the build that should serve, None when there is none."""
        ...

    def open(self, encoder: Encoder) -> Searchable:
        """That build.

        :raises StoreError: when there is none, it is damaged, or another encoder made it.
        """
        ...


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """One build as a list shows it; ``problem`` says why it could not be opened, None when it can."""

    build_id: str
    created_at: str
    active: bool
    n_documents: int
    n_passages: int
    encoder: str
    size_bytes: int
    problem: str | None


class KeptBuilds(Builds, Protocol):
    """The builds of a collection, wherever they are kept: those that one can go back to, too."""

    def infos(self) -> list[BuildInfo]:
        """All of them, newest first.

        :raises IndexUnavailableError: when the server that keeps them does not answer.
        """
        ...

    def open(self, encoder: Encoder | None = None, build_id: str | None = None) -> Searchable:
        """The build that should serve, or the one of that id; whatever encoder made it where none is given.

        :raises StoreError: as :meth:`Builds.open`, and when there is none of that id.
        """
        ...

    def n_documents(self) -> int | None:
        """Documents of the build that should serve, None when there is none that could be read."""
        ...

    def activate(self, build_id: str) -> None:
        """Make a build the one that should serve.

        :raises StoreError: when there is none of that id or it is damaged; then nothing changes.
        """
        ...

    def prune(self, keep: int = KEEP_BUILDS) -> list[str]:
        """Remove all but the ``keep`` newest builds, never the one that serves; gives the ids removed.

        :raises BuildRunningError: when another process is building.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class OpenIndex:
    """The :class:`Builds` of an index that is open already, and stays."""

    def __init__(self, index: Searchable):
        self._index = index

    def current_id(self) -> str | None:
        """Id of the index."""
        return self._index.build_id

    def open(self, encoder: Encoder) -> Searchable:
        """The index; that ``encoder`` made it is for the caller to see to."""
        return self._index


# The same terms come again and again, in a build and from question to question.
@lru_cache(maxsize=200_000)
def term_key(lang: Lang, term: str) -> int:
    """64-bit hash of a term of a language, the same everywhere and always."""
    digest = hashlib.blake2b(f"{lang}:{term}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def sentence_key(lang: Lang, term: str) -> int:
    """The 32 bits that a term of a sentence is kept as: two different terms meet once in four thousand million."""
    return term_key(lang, term) & 0xFFFFFFFF
