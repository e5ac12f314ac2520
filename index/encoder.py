"""From text to vectors: the Encoder protocol, and the encoder of the box, which runs in onnxruntime without torch.

A folder that holds ``model.int8.onnx`` is opened here; any other model is one of sentence-transformers
(``index/models/sentence.py``, the extra ``[models]``).
"""

from __future__ import annotations

import hashlib
import json
import platform
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

# What the logarithm of a token's stress is held within.
MOST_STRESS = 2.0

# Pre-tokenizers that cut a text at every space: WordPiece's, and that of Unigram.
_WORDS_APART = ("BertPreTokenizer", "Metaspace")


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
    ``weights`` float32[n], how much each token counts: of a passage the idf of its piece, of a question that times what
    ``stressed`` says.
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
    :raises MissingExtraError: when it is a model of sentence-transformers, which is not installed.
    """
    shipped = ENCODERS_FOLDER / name_or_path
    try:
        folder = shipped if shipped.is_dir() else Path(name_or_path).expanduser()
        is_ours = (folder / ONNX_FILE).is_file()
    except (OSError, RuntimeError) as error:  # a name too long, or ~ of nobody
        raise EncoderError(
            f"encoder {name_or_path[:200]!r}: {first_line(error)[:80]}; expected one of "
            f"{shipped_encoders()}, a folder, or the name of a sentence-transformers model"
        ) from error
    if is_ours:
        return OnnxEncoder(folder, threads=threads)
    from index.models.sentence import SentenceTransformerEncoder

    return SentenceTransformerEncoder(
        str(folder) if folder.is_dir() else name_or_path,
        threads=threads,
        allow_download=allow_download,
    )


def first_line(error: BaseException) -> str:
    """The first line of what an error says, at most 200 characters."""
    return (str(error).strip().splitlines() or ["no message"])[0][:200]


def files_hash(paths: Sequence[Path]) -> str:
    """First 16 hex digits of the sha256 of some files, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def token_spans(
    text: str, offsets: Sequence[tuple[int, int]], skipped: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Where tokens start and end, int32[n] each, in ``text`` without its first ``skipped`` characters, the prefix.

    A token of SentencePiece takes in the space before its word; here it begins at the word. What stands in the prefix starts
    below 0.
    """
    spans = np.array(offsets, dtype=np.int32).reshape(-1, 2)
    for i, (start, end) in enumerate(offsets):
        while start < end and text[start].isspace():
            start += 1
        spans[i, 0] = start
    return spans[:, 0] - skipped, spans[:, 1] - skipped


def stressed(tokens: Vectors, stress: Vectors) -> Vectors:
    """float32[n] from 1/e² to e²: how much more or less a token of a question counts than its piece does by itself, by what it
    means there; ``tokens`` float32[n, late_dim], ``stress`` float32[late_dim], the logarithm being linear in the token."""
    found: Vectors = np.exp(np.clip(tokens @ stress, -MOST_STRESS, MOST_STRESS))
    return found


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


def open_session(path: Path) -> Any:
    """A graph, ready to run: each call in the thread that makes it, and nothing kept from one to the next."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    if _pairs_overflow():
        options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class OnnxEncoder:
    """An encoder folder with an int8 ONNX export, run by onnxruntime.

    Texts are encoded one at a time: nothing is padded, and since int8 activations are scaled over the
    whole input, a text's vector does not depend on its neighbours. ``threads`` texts run at once.
    """

    def __init__(self, folder: Path, *, threads: int = 2):
        from tokenizers import Tokenizer

        try:
            facts = json.loads((folder / CARD_FILE).read_text("utf-8"))
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = open_session(folder / ONNX_FILE)
            with (folder / LATE_FILE).open("rb") as file, np.load(file) as late:
                self._idf = late["idf"].astype(np.float32)
                # an export from before it was learnt has none
                self._stress = late["stress"].astype(np.float32) if "stress" in late else None
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
                f"encoder folder {folder}: {type(error).__name__}: {first_line(error)}; "
                f"expected {ONNX_FILE}, tokenizer.json, {LATE_FILE} and {CARD_FILE} of one export"
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        # Where no token reaches across a space a text has as many as its words, and those come again and again: 5 to 20 µs
        # instead of 60 for a sentence
        self._words_apart = type(self._tokenizer.pre_tokenizer).__name__ in _WORDS_APART
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
            starts, ends = token_spans(prefix + text, encoding.offsets[:n], len(prefix))
            kept = (ends > starts) & (starts >= 0)
            kept[n - 1] = False  # [SEP]; after a cut its offsets are those of the piece it replaced
            rows, weights = tokens[0][kept], self._idf[np.array(encoding.ids[:n])[kept]]
            if kind == "query" and self._stress is not None:
                weights = weights * stressed(rows, self._stress)
            return Encoded(vector[0], rows, starts[kept], ends[kept], weights)

        return list(self._map(one, texts))


def translation_folder() -> Path:
    """Where the translation table that ships with the project is; it serves every encoder."""
    return ENCODERS_FOLDER / DEFAULT_ENCODER


def shipped_encoders() -> list[str]:
    """Names of the encoders that come with the project."""
    return sorted(p.parent.name for p in ENCODERS_FOLDER.glob(f"*/{CARD_FILE}"))
