"""How a passage and the blocks of a document stand in the tables: bytes that nothing but this module reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.document import Block, Passage
from index.compatibility import FORMAT
from index.part import PassageCodes
from index.searchable import DocumentInfo, Place
from index.sentences import SentenceCodes
from index.tokens import TokenCodes

CODES = "tokens, token_starts, sentences, spans"
"""The columns that :func:`codes_of` reads."""

PASSAGE = f"facts, {CODES}, keys, bounds"
"""The columns of a passage that :func:`passage_columns` gives and :func:`held` reads, in their order."""


class Held(NamedTuple):
    """A passage with all that is stored of it."""

    place: Place
    blocks: tuple[Block, ...]
    codes: PassageCodes
    terms: list[frozenset[int]]


def stored_key(key: bytes) -> bytes:
    """What a passage is found by whose codes were made before: ``key`` tells its vectors from all others, in this format."""
    return hashlib.blake2b(f"{FORMAT}:".encode() + key, digest_size=16).digest()


def passage_columns(one: Held) -> tuple[bytes, ...]:
    """The bytes of the columns of a passage."""
    passage, tokens, sentences = one.place.passage, one.codes.tokens, one.codes.sentences
    terms = [sorted(keys) for keys in one.terms]
    facts = {
        "start": passage.start,
        "end": passage.end,
        "lang": passage.lang,
        "heading": passage.heading,
        "text": passage.text,
        "sentences": passage.sentences,
        "page": one.place.page,
        "path": one.place.section_path,
        "ocr": one.place.ocr_confidence,
        "blocks": told(one.blocks),
        "width": tokens.codes.shape[1],
    }
    return (
        as_json(facts),
        tokens.codes.tobytes(),
        tokens.starts.astype("<u2").tobytes(),
        sentences.codes.tobytes(),
        sentences.spans.astype("<i4").tobytes(),
        np.array([key for keys in terms for key in keys], dtype="<u4").tobytes(),
        np.cumsum([0, *map(len, terms)]).astype("<i4").tobytes(),
    )


def held(info: DocumentInfo, dim: int, facts: bytes, *stored: bytes) -> Held:
    """The passage of a document that stands in those columns; ``dim`` is that of its vectors."""
    known = json.loads(facts)
    start, end = known["start"], known["end"]
    passage = Passage(
        f"{info.doc_id}#char={start},{end}",
        info.doc_id,
        start,
        end,
        known["text"],
        known["lang"],
        known["heading"],
        tuple((a, b) for a, b in known["sentences"]),
    )
    page, path, confidence = known["page"], tuple(known["path"]), known["ocr"]
    *codes, keys, bounds = stored
    terms = np.frombuffer(keys, dtype="<u4").tolist()
    ends = np.frombuffer(bounds, dtype="<i4").tolist()
    return Held(
        Place(passage, info.title, page, path, confidence),
        blocks_of(known["blocks"]),
        codes_of(dim, known["width"], *codes),
        [frozenset(terms[a:b]) for a, b in zip(ends, ends[1:], strict=False)],
    )


def codes_of(
    dim: int, width: int, tokens: bytes, starts: bytes, sentences: bytes, spans: bytes
) -> PassageCodes:
    """The codes of a passage; ``width`` bytes a token, ``dim`` a sentence."""
    offsets = np.frombuffer(starts, dtype="<u2").astype(np.uint16)
    return PassageCodes(
        TokenCodes(np.frombuffer(tokens, dtype=np.uint8).reshape(len(offsets), width), offsets),
        SentenceCodes(
            np.frombuffer(sentences, dtype=np.int8).reshape(-1, dim),
            np.frombuffer(spans, dtype="<i4").astype(np.int32).reshape(-1, 2),
        ),
    )


def half_floats(sent: Sequence[bytes], dim: int) -> npt.NDArray[np.float16]:
    """float16[n, dim] of vectors as the server sends them: two counts of two bytes before the values."""
    if not sent:
        return np.zeros((0, dim), dtype=np.float16)
    raw = np.frombuffer(b"".join(sent), dtype=">f2").reshape(len(sent), 2 + dim)
    return raw[:, 2:].astype(np.float16)


def told(blocks: Sequence[Block]) -> list[tuple[Any, ...]]:
    """Blocks as JSON holds them."""
    return [(b.kind, b.start, b.end, b.level, b.parent, b.cells) for b in blocks]


def blocks_of(known: list[list[Any]]) -> tuple[Block, ...]:
    """Those that :func:`told` gave."""
    return tuple(
        Block(kind, start, end, level, parent, None if cells is None else tuple(map(tuple, cells)))
        for kind, start, end, level, parent, cells in known
    )


def as_json(value: object) -> bytes:
    """UTF-8."""
    return json.dumps(value, ensure_ascii=False).encode()
