"""An index in plain Python, by the letter of ``index.searchable``: slow, obvious, and without a file.

The tests compare the local index with it; whoever writes an index for another engine may begin here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np

from corpus import language
from corpus.document import Document, Skipped, Source, UnknownDocumentError
from corpus.languages import LANGS
from corpus.split import split
from index.encoder import Encoder, EncoderCard
from index.searchable import (
    DocumentInfo,
    Idfs,
    Interaction,
    Matches,
    Place,
    QueryTokens,
    Rows,
    Scores,
    Word,
    WordsByLang,
    WordWeight,
    sentence_key,
)

K1, B, PRIOR = 0.9, 0.4, 300


@dataclass(frozen=True)
class Facts:
    created_at: str
    encoder: EncoderCard
    n_documents: int
    n_passages: int
    languages: dict[str, int]
    size_bytes: int = 0
    sources: tuple[Source, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class PlainIndex:
    """Everything is kept as it is and looked at anew for each question."""

    def __init__(self, documents: Sequence[Document], encoder: Encoder):
        self._encoder = encoder
        self._documents = {d.doc_id: d for d in sorted(documents, key=lambda d: d.doc_id)}
        self._passages = [
            p for d in self._documents.values() for p in split(d, encoder.count_tokens)
        ]
        self._whole = [f"{p.heading}\n{p.text}" if p.heading else p.text for p in self._passages]
        self._vectors = encoder.encode_passages(self._whole)
        self._counts = [
            Counter(language.terms(text, p.lang))
            for text, p in zip(self._whole, self._passages, strict=True)
        ]
        counted = Counter(p.lang for p in self._passages)
        self.manifest = Facts(
            *("2027-01-02T03:04:05+00:00", encoder.card, len(self._documents)),
            *(len(self._passages), {str(lang): n for lang, n in counted.items()}),
        )
        self.build_id = "plain"
        self.vectors_away = False

    def __len__(self) -> int:
        return len(self._passages)

    def close(self) -> None:
        pass

    def part(self, kind: type) -> None:
        """It keeps nothing for any leg."""

    def documents(self) -> list[DocumentInfo]:
        held = Counter(p.doc_id for p in self._passages)
        return [
            DocumentInfo(
                *(d.doc_id, d.title, d.lang, d.sha256, len(d.text), held[d.doc_id]),
                *(len(d.page_starts) or None, PurePosixPath(d.doc_id).suffix.lower()),
            )
            for d in self._documents.values()
        ]

    def document(self, doc_id: str, *, blocks: bool = True) -> Document:
        if doc_id not in self._documents:
            raise UnknownDocumentError(f"there is no document {doc_id!r}")
        return self._documents[doc_id]

    def places(self, rows: Sequence[int]) -> list[Place]:
        found = []
        for row in rows:
            passage = self._passages[row]
            document = self._documents[passage.doc_id]
            page, path = document.page_at(passage.start), document.heading_path(passage.start)
            found.append(Place(passage, document.title, page, path))
        return found

    def rows_where(self, languages: Sequence[str] = (), doc_ids: Sequence[str] = ()) -> Rows | None:
        for doc_id in doc_ids:
            self.document(doc_id)
        if not languages and not doc_ids:
            return None
        rows = [
            row
            for row, p in enumerate(self._passages)
            if (not languages or p.lang in languages) and (not doc_ids or p.doc_id in doc_ids)
        ]
        return np.array(rows, dtype=np.int64)

    def langs(self, rows: Rows) -> np.ndarray:
        return np.array([LANGS.index(self._passages[r].lang) for r in rows], dtype=np.uint8)

    def _sentences(self, row: int) -> list[tuple[int, int]]:
        passage = self._passages[row]
        return list(passage.sentences) or language.sentences(passage.text)

    def sentence_terms(self, row: int) -> list[frozenset[int]]:
        p = self._passages[row]
        parts = [p.heading, *(p.text[a:b] for a, b in self._sentences(row))]
        return [
            frozenset(sentence_key(p.lang, term) for term in language.terms(part, p.lang))
            for part in parts
        ]

    def nearest(self, vector: np.ndarray, k: int, allowed: Rows | None = None) -> Rows:
        rows = np.arange(len(self)) if allowed is None else allowed
        best = sorted(rows.tolist(), key=lambda r: (-float(self._vectors[r] @ vector), r))
        return np.array(best[: max(k, 0)], dtype=np.int64)

    def cosines(self, vector: np.ndarray, rows: Rows) -> Scores:
        return np.array([self._vectors[r] @ vector for r in rows], dtype=np.float32)

    def weight(self, lang: str, word: Word, prior: float | None = None) -> WordWeight:
        n = self.manifest.languages.get(lang, 0) + (0 if prior is None else PRIOR)
        seen = sum(p * self._df(lang, term) for term, p in word)
        df = min(float(n), seen + PRIOR * (prior or 0.0))
        return WordWeight(math.log(1 + (n - df + 0.5) / (df + 0.5)), df, seen)

    def _df(self, lang: str, term: str) -> int:
        return sum(
            term in counts and p.lang == lang
            for counts, p in zip(self._counts, self._passages, strict=True)
        )

    def matching(
        self,
        words: WordsByLang,
        k: int,
        allowed: Rows | None = None,
        *,
        idfs: Idfs | None = None,
        also: Rows | None = None,
    ) -> Matches:
        scores = np.array(
            [self._share(row, words, idfs) for row in range(len(self))], dtype=np.float32
        )
        rows = range(len(self)) if allowed is None else allowed.tolist()
        best = sorted((r for r in rows if scores[r] > 0), key=lambda r: (-scores[r], r))
        found = np.array(best[: max(k, 0)], dtype=np.int64)
        asked = np.zeros(0, dtype=np.int64) if also is None else also
        return Matches(scores[found][None, :], found[None, :], scores[asked])

    def _share(self, row: int, words: WordsByLang, idfs: Idfs | None) -> float:
        lang, counts = self._passages[row].lang, self._counts[row]
        choices = words.get(lang, ())
        own = idfs[lang] if idfs else [self.weight(lang, word).idf for word in choices]
        lengths = [
            c.total() for c, p in zip(self._counts, self._passages, strict=True) if p.lang == lang
        ]
        mean = sum(lengths) / max(1, len(lengths))
        norm = K1 * (1 - B + B * counts.total() / max(mean, 1e-9))
        total = 0.0
        for idf, word in zip(own, choices, strict=True):
            tf = sum(p * counts[term] for term, p in word)
            total += idf * tf / (tf + norm)
        return total / sum(own) if sum(own) else 0.0

    def meet(
        self, tokens: QueryTokens, vector: np.ndarray, rows: Sequence[int]
    ) -> list[Interaction]:
        found = []
        for row in rows:
            passage, whole = self._passages[row], self._whole[row]
            [encoded] = self._encoder.encode_tokens([whole], "passage")
            said = {start for _, start, _ in language.term_spans(whole, passage.lang)}
            kept = np.array([start in said for start in encoded.starts.tolist()], dtype=bool)
            starts = encoded.starts[kept] - (len(whole) - len(passage.text))
            cosines = tokens.vectors @ encoded.tokens[kept].T
            spans = self._sentences(row)
            found.append(
                Interaction(
                    row,
                    self._mean(cosines, tokens),
                    cosines,
                    np.where(starts < 0, 65535, starts).astype(np.uint16),
                    np.array(spans, dtype=np.int32).reshape(-1, 2),
                    np.array(
                        [
                            self._mean(cosines[:, (starts >= a) & (starts < b)], tokens)
                            for a, b in spans
                        ],
                        dtype=np.float32,
                    ),
                    self._encoder.encode_passages([passage.text[a:b] for a, b in spans]) @ vector,
                )
            )
        return found

    @staticmethod
    def _mean(cosines: np.ndarray, tokens: QueryTokens) -> float:
        total = float(tokens.weights.sum())
        if not cosines.shape[1] or total <= 0:
            return 0.0
        return float(cosines.max(axis=1) @ tokens.weights / total)
