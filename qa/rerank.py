"""Cross-encoders: models that read a question and a passage together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt


class Reranker(Protocol):
    """Scores question and passage read together; safe to call from several threads."""

    @property
    def name(self) -> str:
        """What it is loaded by."""
        ...

    def scores(self, question: str, passages: Sequence[str]) -> npt.NDArray[np.float32]:
        """float32[n], one per passage in their order, higher is better; comparable within one question only."""
        ...


def load_reranker(name_or_path: str) -> Reranker | None:
    """The cross-encoder of that name or folder, None for an empty name.

    :raises EncoderError: when there is no such model, or it cannot be loaded.
    :raises MissingExtraError: when sentence-transformers is not installed.
    """
    if not name_or_path:
        return None
    from index.models.pairs import CrossEncoderReranker

    return CrossEncoderReranker(name_or_path)
