"""An encoder for tests: hashed words, so that a similarity can be read off the words two texts share."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence

import numpy as np

from corpus import language
from index.encoder import Encoded, EncoderCard, Kind, Vectors


class HashEncoder:
    """Each word is a random unit vector drawn from its folded form; a text is the mean of its words.

    Texts of the same words have cosine 1, texts of n words that share m about m / n. ``seed`` stands for the
    weights: another one gives other vectors, which the card tells unless ``revision`` is given. ``encoded``
    holds every text encoded as a passage with its tokens, in order; ``on_batch`` is called before each batch.
    """

    def __init__(
        self,
        dim: int = 64,
        *,
        seed: int = 0,
        name: str = "hash",
        revision: str | None = None,
        max_tokens: int = 256,
        on_batch: Callable[[int], None] | None = None,
    ):
        self._dim, self._seed = dim, seed
        self._card = EncoderCard(name, revision or f"seed-{seed}", dim, max_tokens, "mean", "", "")
        self._words: dict[str, Vectors] = {}
        self._on_batch = on_batch
        self._lock = threading.Lock()
        self.encoded: list[str] = []

    @property
    def card(self) -> EncoderCard:
        return self._card

    @property
    def batch(self) -> int:
        return 16

    def _word(self, word: str) -> Vectors:
        folded = language.fold(word)
        found = self._words.get(folded)
        if found is None:
            digest = hashlib.sha256(f"{self._seed}:{folded}".encode()).digest()
            rng = np.random.default_rng(int.from_bytes(digest[:8], "little"))
            found = _unit(rng.standard_normal(self._dim))
            self._words[folded] = found
        return found

    def _text(self, text: str) -> Encoded:
        spans = language.words(text)[: self._card.max_tokens]
        rows = [self._word(word) for word, _, _ in spans]
        tokens = np.stack(rows) if rows else np.zeros((0, self._dim), dtype=np.float32)
        # A text without words still has a place: that of the empty word
        vector = _unit(tokens.sum(axis=0)) if rows else self._word("")
        return Encoded(
            vector,
            tokens,
            np.array([start for _, start, _ in spans], dtype=np.int32),
            np.array([end for _, _, end in spans], dtype=np.int32),
            np.ones(len(rows), dtype=np.float32),
        )

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        rows = [self._text(text).vector for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self._dim), dtype=np.float32)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self.encode_queries(texts)

    def encode_tokens(self, texts: Sequence[str], kind: Kind) -> list[Encoded]:
        if self._on_batch is not None:
            self._on_batch(len(texts))
        if kind == "passage":
            with self._lock:
                self.encoded += texts
        return [self._text(text) for text in texts]

    def count_tokens(self, text: str) -> int:
        return len(language.words(text))


def _unit(row: np.ndarray) -> Vectors:
    return (row / np.linalg.norm(row)).astype(np.float32)
