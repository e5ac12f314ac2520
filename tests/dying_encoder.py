"""An encoder for tests whose process can be killed while it encodes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from hash_encoder import HashEncoder

from index.encoder import Encoded, Kind


class DyingEncoder(HashEncoder):
    """Kills its process the first ``times`` that it encodes a passage with the word "deadly"; which those were is told by the
    files of ``folder``, each with the id of the process. ``slow_s`` is the time that each batch takes on top."""

    def __init__(self, folder: Path, times: int, slow_s: float = 0.0):
        super().__init__(64)
        self._folder, self._times, self._slow_s = folder, times, slow_s

    def encode_tokens(self, texts: Sequence[str], kind: Kind) -> list[Encoded]:
        time.sleep(self._slow_s)
        deaths = len(list(self._folder.iterdir()))
        if deaths < self._times and any("deadly" in text for text in texts):
            (self._folder / f"{deaths}").write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode_tokens(texts, kind)
