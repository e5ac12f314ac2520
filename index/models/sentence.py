"""Any sentence-transformers model as an encoder: by name or folder, off the network unless the caller allows it."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.document import EncoderError, MissingExtraError
from index.encoder import (
    LATE_DIM,
    Encoded,
    EncoderCard,
    Kind,
    Vectors,
    first_line,
    shipped_encoders,
    token_spans,
)

# Prefixes a model was trained with, where its folder does not say: (name pattern, query, passage).
_PREFIXES: tuple[tuple[str, str, str], ...] = (
    (
        r"multilingual-e5-(small|base|large)$|(^|/)e5-(small|base|large)(-v2)?$",
        "query: ",
        "passage: ",
    ),
    (r"snowflake-arctic-embed", "query: ", ""),
    (r"nomic-embed", "search_query: ", "search_document: "),
)


def _unit(rows: npt.NDArray[Any]) -> Vectors:
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.ascontiguousarray(rows / np.maximum(norms, 1e-12), dtype=np.float32)


def random_projection(dim: int) -> Vectors:
    """float32[dim, min(dim, LATE_DIM)], orthonormal columns, the same on every machine."""
    gaussian = np.random.default_rng(7).standard_normal((dim, min(dim, LATE_DIM)))
    return np.ascontiguousarray(np.linalg.qr(gaussian)[0], dtype=np.float32)


class SentenceTransformerEncoder:
    """A sentence-transformers model, by name or folder, run in torch.

    :raises EncoderError: when there is no such model, or it cannot be loaded.
    :raises MissingExtraError: when sentence-transformers is not installed.
    """

    def __init__(self, name_or_path: str, *, threads: int = 2, allow_download: bool = False):
        try:
            import torch
            from sentence_transformers import SentenceTransformer
        except ModuleNotFoundError as error:
            raise MissingExtraError(
                f"encoder {name_or_path!r} is none of {shipped_encoders()} and is run by sentence-transformers",
                error,
                "models",
            ) from error
        try:
            torch.set_num_threads(max(1, threads))
            self._model = SentenceTransformer(
                name_or_path,
                device="cpu",
                local_files_only=not allow_download,
                model_kwargs={"dtype": torch.float32},
            )
            self._model.float().eval()
        except Exception as error:
            raise EncoderError(
                f"encoder {name_or_path!r}: {type(error).__name__}: {first_line(error)}; expected one of "
                f"{shipped_encoders()}, a sentence-transformers folder, or the name of a model already "
                "downloaded; to fetch one, run `fuente doctor --download NAME` once with a network"
            ) from error
        folder = Path(name_or_path)
        query, passage = _prefixes(name_or_path, self._model.prompts)
        self._card = EncoderCard(
            name=folder.name if folder.is_dir() else name_or_path,
            revision=self._weights_hash(),
            dim=int(self._model.get_embedding_dimension() or 0),
            max_tokens=int(self._model.max_seq_length or 512),
            pooling="model",
            query_prefix=query,
            passage_prefix=passage,
        )
        self._projection = random_projection(self._card.dim)
        # one forward pass at a time: torch uses all its threads for it anyway
        self._lock = threading.Lock()

    def _weights_hash(self) -> str:
        digest = hashlib.sha256()
        for name, tensor in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.float().sum().numpy().tobytes())
            digest.update(tensor.flatten()[:64].float().numpy().tobytes())
        return digest.hexdigest()[:16]

    @property
    def card(self) -> EncoderCard:
        """What this encoder is."""
        return self._card

    @property
    def batch(self) -> int:
        """Several: they are padded to one length and go through the model together."""
        return 64

    def count_tokens(self, text: str) -> int:
        """Tokens of a text without special tokens."""
        return len(self._model.tokenizer.encode(text, add_special_tokens=False, verbose=False))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dim], unit rows."""
        return self._vectors(texts, self._card.query_prefix)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dim], unit rows."""
        return self._vectors(texts, self._card.passage_prefix)

    def _vectors(self, texts: Sequence[str], prefix: str) -> Vectors:
        if not texts:
            return np.zeros((0, self._card.dim), dtype=np.float32)
        with self._lock:
            rows = self._model.encode(
                [prefix + t for t in texts], batch_size=16, show_progress_bar=False, prompt=""
            )
        return _unit(np.asarray(rows))

    def encode_tokens(self, texts: Sequence[str], kind: Kind) -> list[Encoded]:
        """Sentence vector and token vectors of each text."""
        prefix = self._card.query_prefix if kind == "query" else self._card.passage_prefix
        if not texts:
            return []
        whole = [prefix + t for t in texts]
        with self._lock:
            outputs: Any = self._model.encode(
                whole, batch_size=16, show_progress_bar=False, output_value=None, prompt=""
            )
        found = []
        for text, output in zip(whole, outputs, strict=True):
            marked = self._model.tokenizer(
                text, truncation=True, max_length=self._card.max_tokens, return_offsets_mapping=True
            )
            hidden = output["token_embeddings"].float().numpy()
            offsets = marked["offset_mapping"][: len(hidden)]
            starts, ends = token_spans(text, offsets, len(prefix))
            kept = (ends > starts) & (starts >= 0)
            found.append(
                Encoded(
                    _unit(output["sentence_embedding"].float().numpy()),
                    _unit(hidden[: len(offsets)][kept] @ self._projection),
                    starts[kept],
                    ends[kept],
                    np.ones(int(kept.sum()), dtype=np.float32),
                )
            )
        return found


def _prefixes(name: str, prompts: Any) -> tuple[str, str]:
    """Query and passage prefix: what the model's own configuration says, else what is known of it."""
    query = (prompts or {}).get("query") or ""
    passage = (prompts or {}).get("passage") or (prompts or {}).get("document") or ""
    if not query and not passage:
        for pattern, known_query, known_passage in _PREFIXES:
            if re.search(pattern, name.rstrip("/"), re.IGNORECASE):
                return known_query, known_passage
    return query, passage
