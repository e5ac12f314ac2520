"""What a segment keeps of its passages for one way of searching: a part, in files of its own.

The five of :data:`index.local.parts.PARTS` come with every index; a leg brings its own with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np
import numpy.typing as npt

from corpus.document import Passage
from index.arrays import Numbering

if TYPE_CHECKING:
    from index.sentences import SentenceCodes
    from index.tokens import TokenCodes


@dataclass(frozen=True, slots=True)
class PassageCodes:
    """What is stored of a passage beside its vector."""

    tokens: TokenCodes
    sentences: SentenceCodes


@dataclass(frozen=True, slots=True)
class Written:
    """What the parts of a segment are made of: its passages in row order, their ``vectors`` float32[n, dim] and ``codes``;
    ``threads`` may work at once."""

    passages: Sequence[Passage]
    vectors: npt.NDArray[np.float32]
    codes: Sequence[PassageCodes]
    threads: int = 1


class Part(Protocol):
    """A part of one segment, or of several laid side by side; row i is passage i.

    :class:`index.arrays.Arrays` does all but :meth:`make` for one that consists of arrays.
    """

    @classmethod
    def make(cls, written: Written) -> Self:
        """That of a new segment."""
        ...

    def save(self, folder: Path) -> None:
        """Write its files into the folder of the segment."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what :meth:`save` wrote.

        :raises OSError, ValueError, RuntimeError: when a file is missing or is not what was written.
        """
        ...

    @classmethod
    def join(cls, parts: Sequence[Self], rows: Numbering) -> Self:
        """One over those of several segments."""
        ...

    @classmethod
    def file_names(cls) -> list[str]:
        """Names of the files that :meth:`save` writes; no other part has one of them."""
        ...

    def __len__(self) -> int:
        """Number of passages."""
        ...


def embedded_text(passage: Passage) -> str:
    """What is encoded and analysed for a passage: its heading, a line end, its text."""
    return f"{passage.heading}\n{passage.text}" if passage.heading else passage.text
