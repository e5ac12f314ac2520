"""What an index keeps of a passage, made of its text by an encoder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from corpus import language
from corpus.document import EncoderError, Passage
from index.encoder import Encoded, Encoder, EncoderCard
from index.part import PassageCodes, embedded_text
from index.sentences import compress_sentences
from index.tokens import compress

_T = TypeVar("_T")

Made = tuple[npt.NDArray[np.float16], PassageCodes]
"""Vector and codes of a passage."""


def passage_keys(made_by: EncoderCard, passages: Iterable[Passage]) -> list[bytes]:
    """What tells the vectors of those passages from all others."""
    fingerprint = made_by.fingerprint
    contents = (
        f"{fingerprint}\0{p.lang}\0{embedded_text(p)}" + (f"\0{p.sentences}" if p.sentences else "")
        for p in passages
    )
    return [hashlib.sha256(content.encode()).digest()[:16] for content in contents]


def encode_passages(encoder: Encoder, passages: Sequence[Passage]) -> list[Made]:
    """Vector and codes of each passage.

    :raises EncoderError: when a vector is not finite.
    """
    spans = [list(p.sentences) or language.sentences(p.text) for p in passages]
    # A passage that is one sentence and has no heading has that sentence's vector
    alone = [
        not p.heading and cut == [(0, len(p.text))] for p, cut in zip(passages, spans, strict=True)
    ]
    sentences = [
        p.text[a:b]
        for p, cut, same in zip(passages, spans, alone, strict=True)
        if not same
        for a, b in cut
    ]
    # A text that repeats itself is not encoded again and again
    places = {sentence: n for n, sentence in enumerate(dict.fromkeys(sentences))}
    encoded: list[Encoded] = []
    for some in pieces([embedded_text(p) for p in passages], encoder.batch):
        encoded += encoder.encode_tokens(some, "passage")
    told = np.concatenate(
        [
            np.zeros((0, encoder.card.dim), dtype=np.float32),
            *(encoder.encode_passages(some) for some in pieces(list(places), encoder.batch)),
        ]
    )[[places[sentence] for sentence in sentences]]
    unusable = sum(not np.isfinite(result.vector).all() for result in encoded)
    unusable += int((~np.isfinite(told).all(axis=1)).sum())
    if unusable:
        # said before the journal has them, or the next build would take them from there
        raise EncoderError(
            f"the encoder {encoder.card.name} gave {unusable} vectors that are not finite numbers; "
            "expected unit vectors; set FUENTE_ENCODER to another encoder"
        )
    found, first = [], 0
    for passage, result, cut, same in zip(passages, encoded, spans, alone, strict=True):
        own = result.vector[None, :] if same else told[first : first + len(cut)]
        first += 0 if same else len(cut)
        heading_chars = len(passage.heading) + 1 if passage.heading else 0
        codes = PassageCodes(
            compress(embedded_text(passage), heading_chars, result, passage.lang),
            compress_sentences(own, cut),
        )
        # Stored as half floats, so what is kept from build to build and what is fresh are the same
        found.append((result.vector.astype(np.float16), codes))
    return found


def pieces(items: Sequence[_T], size: int) -> list[Sequence[_T]]:
    """The items in order, ``size`` at a time, and the last fewer."""
    return [items[at : at + size] for at in range(0, len(items), size)]
