"""Where files are read and passages encoded for a build: what it asks for, and its own machine."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import Final, Protocol

from corpus.collection import Collection
from corpus.document import Document, Passage, Skipped, Source
from corpus.readers.pool import read
from corpus.split import Splitting, TokenCounter, split
from index.encoder import Encoder
from index.encoding.passages import Made, encode_passages, pieces

FileRead = tuple[Source | None, Document | Skipped, Sequence[Passage]]
"""A file as :func:`corpus.readers.pool.read` gives it, and the passages of its document."""

Readings = Generator[FileRead, None, None]

Encodings = Generator[tuple[Sequence[int], Sequence[Made]], None, None]
"""Some passages at a time: their places among those that were asked for, and what was made of them."""

# How many passages a thread takes at a time; they are kept on disk together. A build that is to stop ends those begun: with the
# encoder that ships, eight take half a second.
_BATCH: Final = 8
# So that with few passages the cores end together.
_BATCHES_A_CORE: Final = 4


class BuildPool(Protocol):
    """Does what takes long in a build; whatever does it, of a file or a passage comes the same."""

    def read(
        self,
        folder: Collection,
        sources: Sequence[Source],
        splitting: Splitting,
        check: Callable[[], None],
    ) -> Readings:
        """Each of the sources that stand in a folder of this machine, in their order, with its passages. ``check`` is called now and
        then, and what it raises ends the reading; close it to end it otherwise.

        :raises CorpusError: when no process that reads can be started.
        :raises EncoderError: when what should read does not.
        """
        ...

    def encode(self, passages: Sequence[Passage], stop: Callable[[], bool]) -> Encodings:
        """Each passage once, in any order. It ends before all are given when ``stop``, asked now and then, says so; close it to
        end it otherwise.

        :raises EncoderError: when a vector is not finite, or what should encode does not.
        """
        ...

    def forget(self) -> None:
        """Let go of what was kept for a build that would have to begin again: the one that it was made for serves."""
        ...

    def close(self) -> None:
        """Let go of what was started; it is started again where more is asked for."""
        ...


def with_passages(
    folder: Collection,
    sources: Sequence[Source],
    count_tokens: TokenCounter,
    splitting: Splitting,
    check: Callable[[], None],
    workers: int | None = None,
) -> Readings:
    """As :meth:`BuildPool.read`, by so many processes of this machine, None for one on each core."""

    def counted(text: str) -> int:
        # A long document takes seconds to split, and all that time tokens are counted
        check()
        return count_tokens(text)

    with closing(read(folder, sources, workers=workers, waiting=check)) as results:
        for found, result in results:
            passages = () if isinstance(result, Skipped) else split(result, counted, splitting)
            yield found, result, passages


class Here:
    """This machine: processes that read, and the threads of this one that encode, one of each for each core.

    A thread takes a few passages from their text to their codes: the little Python between two calls of the encoder then waits for
    nobody, while one thread that did it for all would hold the others up.
    """

    def __init__(self, encoder: Encoder):
        self._encoder = encoder

    def read(
        self,
        folder: Collection,
        sources: Sequence[Source],
        splitting: Splitting,
        check: Callable[[], None],
    ) -> Readings:
        """As :meth:`BuildPool.read`."""
        return with_passages(folder, sources, self._encoder.count_tokens, splitting, check)

    def forget(self) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing was started that stays."""

    def encode(self, passages: Sequence[Passage], stop: Callable[[], bool]) -> Encodings:
        """As :meth:`BuildPool.encode`, in the order of the passages; those begun are given before it ends."""
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
