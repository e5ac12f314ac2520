"""Compressed token vectors of the passages, and late interaction (MaxSim) over candidates.

MaxSim (Khattab & Zaharia 2020, arXiv:2004.12832): each question token takes its best cosine among a
passage's tokens. Stored are unit vectors of up to 128 dimensions, two bits each, at the four levels that
are best for Gaussian values (Max 1960, doi:10.1109/TIT.1960.1057548); common function words and marks are left out.
The question's side stays in float.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus import language
from corpus.document import Lang
from index.arrays import Arrays
from index.encoder import Encoded
from index.part import Written

# Lloyd-Max for four levels of a standard normal: boundary 0.9816, levels 0.4528 and 1.510.
BOUNDARY = 0.9816
LEVELS = np.array([-1.510, -0.4528, 0.4528, 1.510], dtype=np.float32)

# Of the mean idf: as common as that, a token is kept whatever word it is of. It stores a sixth more tokens, and late
# interaction over XQuAD rises by .001.
_RARE = 0.35

# Above as many multiplications OpenBLAS hands a product to several threads, which costs more than it saves: questions
# run beside each other (with another process on the cores, 8 ms of processor time in place of 1).
_ONE_THREAD = 2**18

# Offset of a token that belongs to the heading and not to the passage's own text.
IN_HEADING = 65535


@dataclass(frozen=True, slots=True)
class TokenCodes:
    """One passage's tokens: ``codes`` uint8[n, dim / 4], ``starts`` uint16[n], code points into the passage."""

    codes: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.uint16]


def _table() -> npt.NDArray[np.float32]:
    """float32[256, 4]: the four values a byte stands for."""
    codes = np.arange(256)
    return np.stack([LEVELS[(codes >> shift) & 3] for shift in (0, 2, 4, 6)], axis=1)


_VALUES = _table()


def _norms(codes: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """float32[n], the lengths of the vectors that rows of codes stand for."""
    # The two inner levels are those whose two bits differ
    inner = np.bitwise_count((codes ^ codes >> 1) & 0b01010101).sum(axis=1, dtype=np.int32)
    squares = inner * LEVELS[2] ** 2 + (4 * codes.shape[1] - inner) * LEVELS[3] ** 2
    lengths: npt.NDArray[np.float32] = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
    return lengths


def pack(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """uint8[n, dim / 4], two bits for every value of unit rows float32[n, dim]."""
    n, dim = vectors.shape
    # As _VALUES reads them: the higher bit says whether a value is above 0; the lower is set where that and being beyond
    # the boundary are both true or both false
    bits = np.empty((n, dim, 2), dtype=bool)
    np.greater(vectors, 0, out=bits[:, :, 1])
    np.equal(np.abs(vectors) > BOUNDARY / np.sqrt(dim), bits[:, :, 1], out=bits[:, :, 0])
    return np.packbits(bits.reshape(n, 2 * dim), axis=1, bitorder="little")


def unpacked(codes: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """float32[n, dim], the values that codes stand for; their rows are of no unit length."""
    # take() gathers several times faster than indexing
    return np.take(_VALUES, codes, axis=0).reshape(len(codes), -1)


def content_tokens(text: str, encoded: Encoded, lang: Lang) -> npt.NDArray[np.bool_]:
    """bool[n]: which tokens say something: those of words that are no function words, and rare ones of any kind."""
    covered = np.zeros(len(text) + 1, dtype=bool)
    for _, start, end in language.term_spans(text, lang):
        covered[start:end] = True
    kept = covered[np.minimum(encoded.starts, len(text))]
    weights = encoded.weights
    # Encoders that know no idf weigh all tokens alike
    if len(weights) and weights.min() < weights.max():
        kept |= weights >= _RARE
    return kept


def compress(text: str, heading_chars: int, encoded: Encoded, lang: Lang) -> TokenCodes:
    """Codes of a passage's content tokens; the first ``heading_chars`` of the text are the heading."""
    kept = content_tokens(text, encoded, lang)
    codes = pack(encoded.tokens[kept])
    starts = encoded.starts[kept].astype(np.int64) - heading_chars
    starts = np.where(starts < 0, IN_HEADING, np.minimum(starts, IN_HEADING - 1))
    return TokenCodes(codes, starts.astype(np.uint16))


class TokenIndex(Arrays):
    """Token codes of all passages: ``codes`` uint8[N, dim / 4], ``starts`` uint16[N], ``offsets`` int64[n + 1]."""

    KIND = "tokens"
    NAMES = ("codes", "starts", "offsets")

    @classmethod
    def make(cls, written: Written) -> TokenIndex:
        """Index of the passages' tokens."""
        codes = [c.tokens for c in written.codes]
        return cls.build(codes, codes[0].codes.shape[1] * 4 if codes else 4)

    @classmethod
    def build(cls, passages: Sequence[TokenCodes], dim: int) -> TokenIndex:
        """Index of the passages' tokens in row order; ``dim`` is that of the token vectors."""
        offsets = np.zeros(len(passages) + 1, dtype=np.int64)
        np.cumsum([len(p.starts) for p in passages], out=offsets[1:])
        codes = [np.zeros((0, dim // 4), np.uint8), *(p.codes for p in passages if len(p.starts))]
        starts = [np.zeros(0, np.uint16), *(p.starts for p in passages)]
        return cls(
            [
                {
                    "codes": np.concatenate(codes),
                    "starts": np.concatenate(starts),
                    "offsets": offsets,
                }
            ]
        )

    def codes_of(self, row: int) -> TokenCodes:
        """The stored codes of one passage."""
        arrays, a, b = self._entries(row)
        return TokenCodes(np.array(arrays["codes"][a:b]), np.array(arrays["starts"][a:b]))

    def similarities(
        self, query_tokens: npt.NDArray[np.float32], rows: Sequence[int]
    ) -> list[tuple[npt.NDArray[np.float32], npt.NDArray[np.uint16]]]:
        """For each passage the cosines float32[n_query, n_tokens] and its tokens' starts uint16[n_tokens]."""
        if not len(rows):
            return []
        entries = [self._entries(row) for row in rows]
        codes = np.concatenate([arrays["codes"][a:b] for arrays, a, b in entries])
        n, dim = len(query_tokens), 4 * codes.shape[1]
        cosines = np.empty((n, len(codes)), dtype=np.float32)
        step = max(1, _ONE_THREAD // max(1, n * dim))
        for at in range(0, len(codes), step):
            part = codes[at : at + step]
            cosines[:, at : at + step] = query_tokens @ unpacked(part).T
        cosines /= _norms(codes)
        found, at = [], 0
        for arrays, a, b in entries:
            found.append((cosines[:, at : at + b - a], arrays["starts"][a:b]))
            at += b - a
        return found
