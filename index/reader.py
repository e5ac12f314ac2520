"""What a question's words find in a passage: the Reader protocol, and the reader of the box, which runs in onnxruntime.

A reader takes question, heading and passage in together, so that it sees what similarity cannot: whether a sentence that
resembles the question also answers it. It stands in an encoder's folder and shares the pieces and the word table
of that; the one beside the encoder that ships serves every other encoder too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from corpus.document import EncoderError
from corpus.language import in_small_letters
from index.encoder import (
    DEFAULT_ENCODER,
    ENCODERS_FOLDER,
    ONNX_FILE,
    files_hash,
    first_line,
    open_session,
    token_spans,
)

READER_FILE = "reader.int8.onnx"
READER_CARD = "reader.json"
LINE_END = "¶"

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a reader found in one passage, token by token.

    ``starts``/``ends`` int32[n], code points into the passage. ``marked`` float32[n], 0..1: the chance that a person who
    answers the question from this passage would underline the token. ``opens``/``closes`` float32[n], log odds without a
    scale of their own: the token is the first, the last of the shortest words that answer. ``answers``: log odds that the
    passage answers at all.
    """

    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    marked: Floats
    opens: Floats
    closes: Floats
    answers: float


class Reader(Protocol):
    """Reads passages for a question; safe to call from several threads."""

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """A reading of each passage, given as its heading and its text, in their order."""
        ...


@dataclass(frozen=True, slots=True)
class ReaderCard:
    """What a reader was made for: the most pieces of a question, of a heading, and of both with the passage.

    ``words`` is the hash of the graph whose word table it shares, empty where it has its own.
    """

    n_layers: int
    max_question: int
    max_heading: int
    max_tokens: int
    words: str

    @classmethod
    def read(cls, path: Path) -> ReaderCard:
        """Read a card; errors as they come."""
        facts = json.loads(path.read_text("utf-8"))
        return cls(
            int(facts["n_layers"]),
            int(facts["max_question"]),
            int(facts["max_heading"]),
            int(facts["max_tokens"]),
            str(facts["words"]),
        )


def load_reader(encoder: str = DEFAULT_ENCODER, *, threads: int = 2) -> OnnxReader | None:
    """The reader beside an encoder, given by name or folder, else the one that ships; None where there is neither.

    A reader is safe to share and never changes, so a process opens the same files once.

    :raises EncoderError: when it cannot be loaded.
    """
    beside = (ENCODERS_FOLDER / encoder, Path(encoder).expanduser())
    for folder in (*beside, ENCODERS_FOLDER / DEFAULT_ENCODER):
        if (folder / READER_FILE).is_file():
            files = [folder / name for name in (READER_FILE, READER_CARD, "tokenizer.json")]
            found = [path.stat() for path in files if path.is_file()]
            return _opened(folder, threads, tuple((s.st_mtime_ns, s.st_size) for s in found))
    return None


@lru_cache(maxsize=2)
def _opened(folder: Path, threads: int, files: tuple[tuple[int, int], ...]) -> OnnxReader:
    """The reader of a folder whose files were last changed then and have so many bytes."""
    return OnnxReader(folder, threads=threads)


class OnnxReader:
    """A reader in onnxruntime: passages one by one, ``threads`` of them at once.

    Nothing is padded, so that what is found in a passage does not depend on those beside it.
    """

    def __init__(self, folder: Path, *, threads: int = 2):
        from tokenizers import Tokenizer

        try:
            self._card = ReaderCard.read(folder / READER_CARD)
            shared = self._card.words
            if shared and shared != (words := files_hash([folder / ONNX_FILE])):
                raise ValueError(f"it shares the words of {shared}, not of {words}")
            self._session = open_session(folder / READER_FILE)
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._first, self._last = self._tokenizer.encode("").ids
            if self._tokenizer.token_to_id(LINE_END) is None:
                raise ValueError("its tokenizer has no piece for the end of a line, ¶")
        except Exception as error:
            raise EncoderError(
                f"reader of {folder}: {type(error).__name__}: {first_line(error)}; expected {READER_FILE} and "
                f"{READER_CARD} of one export, with tokenizer.json and the words that they were made with"
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._pieces = lru_cache(maxsize=2_000)(partial(pieces_of_lines, self._tokenizer))
        # One question is read with its passages two at a time
        self._asked = lru_cache(maxsize=64)(partial(_pieces_of_question, self._tokenizer))
        self._pool = ThreadPoolExecutor(max(1, threads), thread_name_prefix="read")

    @property
    def card(self) -> ReaderCard:
        """What it was made for."""
        return self._card

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """A reading of each passage; of what is longer than the reader takes in, the beginning. Lines in capitals are read in
        small letters, which are nearly all that it was taught with."""
        asked = self._asked(question)[: self._card.max_question]

        def one(passage: tuple[str, str]) -> Reading:
            heading, text = map(in_small_letters, passage)
            return self._read(asked, heading, text)

        return list(map(one, passages) if len(passages) == 1 else self._pool.map(one, passages))

    def _read(self, asked: Sequence[int], heading: str, text: str) -> Reading:
        above = self._tokenizer.encode(heading, add_special_tokens=False).ids
        above = above[: self._card.max_heading]
        ids, starts, ends = self._pieces(text)
        n = min(len(ids), self._card.max_tokens - len(asked) - len(above) - 4)
        before = [self._first, *asked, self._last, *above, self._last]
        row = np.array([[*before, *ids[:n].tolist(), self._last]], dtype=np.int64)
        segments = np.full(row.shape, 2, dtype=np.int64)
        segments[0, : len(before)] = 1
        segments[0, : len(asked) + 2] = 0
        tokens, answers = self._session.run(
            ["tokens", "answers"], {"input_ids": row, "segments": segments}
        )
        kept = starts[:n] < ends[:n]
        found: Floats = tokens[0, len(before) : len(before) + n][kept]
        return Reading(
            starts[:n][kept],
            ends[:n][kept],
            np.asarray(1 / (1 + np.exp(-found[:, 0])), dtype=np.float32),
            found[:, 1],
            found[:, 2],
            float(answers[0]),
        )


def _pieces_of_question(tokenizer: Any, question: str) -> tuple[int, ...]:
    return tuple(tokenizer.encode(in_small_letters(question), add_special_tokens=False).ids)


def pieces_of_lines(
    tokenizer: Any, text: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """The pieces of a passage int64[n] and where they stand, int32[n] each: its lines one by one, with the piece for the end of a
    line, of no length, between them."""
    line_end = tokenizer.token_to_id(LINE_END)
    ids: list[int] = []
    starts: list[npt.NDArray[np.int32]] = []
    ends: list[npt.NDArray[np.int32]] = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            if ids:
                ids.append(line_end)
                starts.append(np.array([at], dtype=np.int32))
                ends.append(np.array([at], dtype=np.int32))
            encoding = tokenizer.encode(line, add_special_tokens=False)
            begin, end = token_spans(line, encoding.offsets, 0)
            ids += encoding.ids
            starts.append(begin + np.int32(at))
            ends.append(end + np.int32(at))
        at += len(line) + 1
    none = np.zeros(0, dtype=np.int32)
    return (
        np.array(ids, dtype=np.int64),
        np.concatenate([none, *starts]),
        np.concatenate([none, *ends]),
    )
