"""Where the passages of a build are encoded: what a build asks for, and the threads of its own process."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, Protocol

from corpus.document import Passage
from index.encoder import Encoder
from index.encoding.passages import Made, encode_passages, pieces

Encodings = Generator[tuple[Sequence[int], Sequence[Made]], None, None]
"""Some passages at a time: their places among those that were asked for, and what was made of them."""

# How many passages a thread takes at a time; they are kept on disk together. A build that is to stop ends those begun: with the
# encoder that ships, eight take half a second.
_BATCH: Final = 8
# So that with few passages the cores end together.
_BATCHES_A_CORE: Final = 4


class EncodingPool(Protocol):
    """Makes of passages what an index keeps of them; whatever does it, of a passage comes the same."""

    def encode(self, passages: Sequence[Passage], stop: Callable[[], bool]) -> Encodings:
        """Each passage once, in any order. It ends before all are given when ``stop``, asked now and then, says so; close it to
        end it otherwise.

        :raises EncoderError: when a vector is not finite, or what should encode does not.
        """
        ...


class Threads:
    """The threads of this process, one for each core.

    Each takes a few passages from their text to their codes: the little Python between two calls of the encoder then waits for
    nobody, while one thread that did it for all would hold the others up.
    """

    def __init__(self, encoder: Encoder):
        self._encoder = encoder

    def encode(self, passages: Sequence[Passage], stop: Callable[[], bool]) -> Encodings:
        """As :meth:`EncodingPool.encode`, in the order of the passages; those begun are given before it ends."""
        at_once = cores()
        size = max(
            1, self._encoder.batch, min(_BATCH, -(-len(passages) // (_BATCHES_A_CORE * at_once)))
        )

        def made(batch: Sequence[int]) -> tuple[Sequence[int], Sequence[Made]]:
            return batch, encode_passages(self._encoder, [passages[i] for i in batch])

        with ThreadPoolExecutor(at_once, thread_name_prefix="build") as threads:
            under_way: deque[Future[tuple[Sequence[int], Sequence[Made]]]] = deque()
            try:
                for batch in pieces(range(len(passages)), size):
                    if stop():
                        break
                    under_way.append(threads.submit(made, batch))
                    if len(under_way) > at_once:
                        yield under_way.popleft().result()
                while under_way:
                    yield under_way.popleft().result()
            finally:
                for future in under_way:
                    future.cancel()


def cores() -> int:
    """Those of this machine, 1 where it does not say."""
    return os.cpu_count() or 1
