"""From text to vectors: the Encoder protocol and the two ways to run a sentence-transformers model.

A folder that holds ``model.int8.onnx`` runs in onnxruntime and never imports torch; any other model
runs in sentence-transformers, imported when the first one is opened and kept off the network unless
the caller allows it.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from corpus.document import EncoderError

Vectors = npt.NDArray[np.float32]
Kind = Literal["query", "passage"]

ENCODERS_FOLDER = Path(__file__).parent / "encoders"
DEFAULT_ENCODER = "fuente-es-en"
ONNX_FILE = "model.int8.onnx"
CARD_FILE = "fuente.json"
LATE_FILE = "late.npz"

LATE_DIM = 128

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


@dataclass(frozen=True, slots=True)
class EncoderCard:
    """What identifies an encoder: two with equal cards give equal vectors.

    ``revision`` is a hash of the weights and tables. ``max_tokens`` counts special tokens and prefix.
    """

    name: str
    revision: str
    dim: int
    max_tokens: int
    pooling: str
    query_prefix: str
    passage_prefix: str

    @property
    def fingerprint(self) -> str:
        """16 hex digits that change when anything but the name does."""
        facts = {k: v for k, v in asdict(self).items() if k != "name"}
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One encoded text.

    ``vector`` float32[dim], unit length. ``tokens`` float32[n, late_dim], unit rows, one per token that
    says something (no special tokens, no prefix). ``starts``/``ends`` int32[n], code points into the text.
    ``weights`` float32[n], the idf of each token.
    """

    vector: Vectors
    tokens: Vectors
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    weights: Vectors


class Encoder(Protocol):
    """Turns questions and passages into unit vectors; safe to call from several threads."""

    @property
    def card(self) -> EncoderCard:
        """What this encoder is."""
        ...

    @property
    def batch(self) -> int:
        """How many texts a call from one of several threads should have: 1 where each is worked on by itself, and then in
        the thread that calls; more where texts are worked on together."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dim], unit rows, in the order of the texts."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dim], unit rows, in the order of the texts."""
        ...

    def encode_tokens(self, texts: Sequence[str], kind: Kind) -> list[Encoded]:
        """Sentence vector and token vectors of each text, from one pass over it."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of a text without special tokens and prefix."""
        ...


def load_encoder(
    name_or_path: str = DEFAULT_ENCODER, *, threads: int = 2, allow_download: bool = False
) -> Encoder:
    """The encoder of that name: one that ships with the project, a folder, or a model already on disk.

    :raises EncoderError: when there is no such model, or it cannot be loaded.
    """
    shipped = ENCODERS_FOLDER / name_or_path
    try:
        folder = shipped if shipped.is_dir() else Path(name_or_path).expanduser()
        is_ours = (folder / ONNX_FILE).is_file()
    except (OSError, RuntimeError) as error:  # a name too long, or ~ of nobody
        raise EncoderError(
            f"encoder {name_or_path[:200]!r}: {_first_line(error)[:80]}; expected one of "
            f"{shipped_encoders()}, a folder, or the name of a sentence-transformers model"
        ) from error
    if is_ours:
        return OnnxEncoder(folder, threads=threads)
    return SentenceTransformerEncoder(
        str(folder) if folder.is_dir() else name_or_path,
        threads=threads,
        allow_download=allow_download,
    )


def files_hash(paths: Sequence[Path]) -> str:
    """First 16 hex digits of the sha256 of some files, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _pairs_overflow() -> bool:
    """Whether this processor may add two 8-bit products in 16 bits, which can overflow: an x86 without VNNI.

    onnxruntime then has a slower way that cannot; with VNNI it would only take twice the time.
    """
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    try:
        return "vnni" not in Path("/proc/cpuinfo").read_text("utf-8", "replace")
    except OSError:
        return True


def _unit(rows: npt.NDArray[Any]) -> Vectors:
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.ascontiguousarray(rows / np.maximum(norms, 1e-12), dtype=np.float32)


def random_projection(dim: int) -> Vectors:
    """float32[dim, min(dim, LATE_DIM)], orthonormal columns, the same on every machine."""
    gaussian = np.random.default_rng(7).standard_normal((dim, min(dim, LATE_DIM)))
    return np.ascontiguousarray(np.linalg.qr(gaussian)[0], dtype=np.float32)


class OnnxEncoder:
    """An encoder folder with an int8 ONNX export, run by onnxruntime.

    Texts are encoded one at a time: nothing is padded, and since int8 activations are scaled over the
    whole input, a text's vector does not depend on its neighbours. ``threads`` texts run at once.
    """

    def __init__(self, folder: Path, *, threads: int = 2):
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            facts = json.loads((folder / CARD_FILE).read_text("utf-8"))
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            options.enable_cpu_mem_arena = False
            options.log_severity_level = 3
            if _pairs_overflow():
                options.add_session_config_entry("session.x64quantprecision", "1")
            self._session = onnxruntime.InferenceSession(
                str(folder / ONNX_FILE), options, providers=["CPUExecutionProvider"]
            )
            with (folder / LATE_FILE).open("rb") as file, np.load(file) as late:
                self._idf = late["idf"].astype(np.float32)
            self._card = EncoderCard(
                # what it is loaded by, wherever it was trained
                name=folder.resolve().name,
                revision=files_hash([folder / f for f in (ONNX_FILE, LATE_FILE, "tokenizer.json")]),
                dim=int(facts["dim"]),
                max_tokens=int(facts["max_tokens"]),
                pooling=facts["pooling"],
                query_prefix=facts["query_prefix"],
                passage_prefix=facts["passage_prefix"],
            )
        except Exception as error:
            raise EncoderError(
                f"encoder folder {folder}: {type(error).__name__}: {_first_line(error)}; "
                f"expected {ONNX_FILE}, tokenizer.json, {LATE_FILE} and {CARD_FILE} of one export"
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        # BERT's tokens never reach across a space, so a text has as many as its words, and those come again and again:
        # 5 to 20 µs instead of 60 for a sentence
        self._words_apart = type(self._tokenizer.pre_tokenizer).__name__ == "BertPreTokenizer"
        self._count_cached = lru_cache(maxsize=100_000)(self._count)
        self._threads = max(1, threads)
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="encode")

    @property
    def card(self) -> EncoderCard:
        """What this encoder is."""
        return self._card

    @property
    def batch(self) -> int:
        """1: texts are worked on one at a time."""
        return 1

    def count_tokens(self, text: str) -> int:
        """Tokens of a text without special tokens."""
        if not self._words_apart:
            return self._count(text)
        return sum(map(self._count_cached, text.split(" ")))

    def _count(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dim], unit rows."""
        return self._vectors(texts, self._card.query_prefix)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """float32[n, dim], unit rows."""
        return self._vectors(texts, self._card.passage_prefix)

    def _vectors(self, texts: Sequence[str], prefix: str) -> Vectors:
        def one(text: str) -> Vectors:
            _, outputs = self._run(prefix + text, ["sentence_embedding"])
            row: Vectors = outputs[0][0]
            return row

        return self._stack(list(self._map(one, texts)))

    def _stack(self, rows: list[Vectors]) -> Vectors:
        return np.stack(rows) if rows else np.zeros((0, self._card.dim), dtype=np.float32)

    def _map(self, one: Any, texts: Sequence[str]) -> Any:
        return (
            map(one, texts) if len(texts) == 1 or self._threads == 1 else self._pool.map(one, texts)
        )

    def _run(self, text: str, outputs: list[str]) -> tuple[Any, list[Any]]:
        encoding = self._tokenizer.encode(text)
        ids = encoding.ids
        if len(ids) > self._card.max_tokens:
            ids = [*ids[: self._card.max_tokens - 1], ids[-1]]
        array = np.array([ids], dtype=np.int64)
        return encoding, self._session.run(outputs, {"input_ids": array})

    def encode_tokens(self, texts: Sequence[str], kind: Kind) -> list[Encoded]:
        """Sentence vector and token vectors of each text."""
        prefix = self._card.query_prefix if kind == "query" else self._card.passage_prefix

        def one(text: str) -> Encoded:
            encoding, (vector, tokens) = self._run(
                prefix + text, ["sentence_embedding", "token_vectors"]
            )
            n = tokens.shape[1]
            starts = np.array([a for a, _ in encoding.offsets[:n]], dtype=np.int32) - len(prefix)
            ends = np.array([b for _, b in encoding.offsets[:n]], dtype=np.int32) - len(prefix)
            kept = (ends > starts) & (starts >= 0)
            kept[n - 1] = False  # [SEP]; after a cut its offsets are those of the piece it replaced
            ids = np.array(encoding.ids[:n])
            return Encoded(
                vector[0],
                tokens[0][kept],
                starts[kept],
                ends[kept],
                self._idf[ids[kept]],
            )

        return list(self._map(one, texts))


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by name or folder, run in torch."""

    def __init__(self, name_or_path: str, *, threads: int = 2, allow_download: bool = False):
        try:
            import torch
            from sentence_transformers import SentenceTransformer

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
                f"encoder {name_or_path!r}: {type(error).__name__}: {_first_line(error)}; expected one of "
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
            offsets = np.array(marked["offset_mapping"], dtype=np.int32).reshape(-1, 2) - len(
                prefix
            )
            hidden = output["token_embeddings"].float().numpy()[: len(offsets)]
            offsets = offsets[: len(hidden)]
            kept = (offsets[:, 1] > offsets[:, 0]) & (offsets[:, 0] >= 0)
            found.append(
                Encoded(
                    _unit(output["sentence_embedding"].float().numpy()),
                    _unit(hidden[kept] @ self._projection),
                    offsets[kept, 0],
                    offsets[kept, 1],
                    np.ones(int(kept.sum()), dtype=np.float32),
                )
            )
        return found


def translation_folder() -> Path:
    """Where the translation table that ships with the project is; it serves every encoder."""
    return ENCODERS_FOLDER / DEFAULT_ENCODER


def shipped_encoders() -> list[str]:
    """Names of the encoders that come with the project."""
    return sorted(p.parent.name for p in ENCODERS_FOLDER.glob(f"*/{CARD_FILE}"))


def _prefixes(name: str, prompts: Any) -> tuple[str, str]:
    """Query and passage prefix: what the model's own configuration says, else what is known of it."""
    query = (prompts or {}).get("query") or ""
    passage = (prompts or {}).get("passage") or (prompts or {}).get("document") or ""
    if not query and not passage:
        for pattern, known_query, known_passage in _PREFIXES:
            if re.search(pattern, name.rstrip("/"), re.IGNORECASE):
                return known_query, known_passage
    return query, passage


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or ["no message"])[0][:200]
