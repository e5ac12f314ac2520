"""Cross-encoders: a question and a passage read together give one score."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.document import EncoderError, MissingExtraError
from index.encoder import first_line

# Classes of transformers that carry trained weights for a score.
_WITH_A_HEAD = ("ForSequenceClassification", "ForCausalLM")


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder, by folder or by the name of a model already on disk, run in torch.

    :raises EncoderError: when there is no such model, it cannot be loaded, or it gives more than one score a pair.
    :raises MissingExtraError: when sentence-transformers is not installed.
    """

    def __init__(self, name_or_path: str, *, threads: int = 2):
        try:
            import torch
            from sentence_transformers import CrossEncoder
        except ModuleNotFoundError as error:
            raise MissingExtraError(
                f"reranker {name_or_path!r} is run by sentence-transformers", error, "models"
            ) from error
        try:
            folder = Path(name_or_path).expanduser()
            torch.set_num_threads(max(1, threads))
            self._model = CrossEncoder(
                str(folder) if folder.is_dir() else name_or_path,
                device="cpu",
                local_files_only=True,
                model_kwargs={"dtype": torch.float32},
            )
            labels = int(self._model.num_labels)
            architectures = list(self._model.config.architectures or [])
        except Exception as error:
            raise EncoderError(
                f"reranker {name_or_path!r}: {type(error).__name__}: {first_line(error)}; expected the folder of a "
                "sentence-transformers CrossEncoder, or the name of one already downloaded"
            ) from error
        # A plain encoder is loaded too, with a head made up at random
        if not any(name.endswith(_WITH_A_HEAD) for name in architectures):
            raise EncoderError(
                f"reranker {name_or_path!r} is a {', '.join(architectures) or 'model'}, not trained to score pairs; "
                "expected a sentence-transformers CrossEncoder"
            )
        if labels != 1:
            raise EncoderError(
                f"reranker {name_or_path!r} gives {labels} scores a pair; expected 1: choose a model trained "
                "to rank, not to classify"
            )
        self._name = name_or_path
        # one forward pass at a time: torch uses all its threads for it anyway
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """What it is loaded by."""
        return self._name

    def scores(self, question: str, passages: Sequence[str]) -> npt.NDArray[np.float32]:
        """float32[n], in the order of the passages; what is too long for the model is cut at its end."""
        if not passages:
            return np.zeros(0, dtype=np.float32)
        pairs = [(question, passage) for passage in passages]
        with self._lock:
            found = self._model.predict(pairs, batch_size=16, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)
