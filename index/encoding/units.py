"""Passages in units that are encoded somewhere else: whatever runs them, a unit that is run again gives the same bytes, so it
is enough that each is run at least once.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol, cast

from corpus.document import EncoderError, Passage
from corpus.languages import PACKS
from index.compatibility import FORMAT
from index.encoder import Encoder
from index.encoding.passages import Made, encode_passages, pieces
from index.encoding.pool import Encodings

OpenEncoder = Callable[[], Encoder]
"""Opens the encoder of a build, wherever it is called; it can be pickled."""

MOST_RUNS: Final = 4
"""How often a unit is begun before it is held to be what ends those that run it."""

# A unit that is lost is encoded again, and the last one of a build may run alone: so they are small enough for that to be
# little, and large enough that a unit's way there and back is nothing beside its seconds of work.
_MOST_PASSAGES: Final = 2000
_UNITS_A_SLOT: Final = 16
# Passages that are encoded in one go within a unit, where the encoder takes no more at once.
_BATCH: Final = 8
_LOOK_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Unit:
    """Passages, and what is to encode them: ``opens`` is a pickled :data:`OpenEncoder`, ``made_by`` as of :func:`_made_by`."""

    opens: bytes
    made_by: tuple[str, ...]
    passages: tuple[Passage, ...]


def run(unit: Unit) -> bytes:
    """A pickled list of :data:`index.encoding.passages.Made`, one for each passage of the unit.

    :raises EncoderError: when the encoder is not the one of the build, or gives a vector that is not finite.
    """
    encoder = _encoder(unit.opens)
    ours = _made_by(encoder)
    if ours != unit.made_by:
        raise EncoderError(
            f"what was to encode passages would make others of them: it has {' '.join(ours)}, the build {' '.join(unit.made_by)}; "
            "install the same version of this program, with the same languages and the same encoder, on every node"
        )
    made: list[Made] = []
    for batch in pieces(unit.passages, max(_BATCH, encoder.batch)):
        made += encode_passages(encoder, batch)
    # As bytes: arrays would be views into the memory of what carried them, and hold it
    return pickle.dumps(made, protocol=5)


@lru_cache(maxsize=1)
def _encoder(opens: bytes) -> Encoder:
    return cast(OpenEncoder, pickle.loads(opens))()


def _made_by(encoder: Encoder) -> tuple[str, ...]:
    """All that decides what is made of a passage: format, encoder and languages."""
    return (f"format-{FORMAT}", encoder.card.name, encoder.card.fingerprint, *PACKS)


class Runner(Protocol):
    """Runs units for one build."""

    @property
    def slots(self) -> int:
        """How many run at once."""
        ...

    def begin(self, number: int, unit: Unit) -> None:
        """Have a unit run, now or when those before it have ended; one whose run is lost is run again."""
        ...

    def ended(self, wait_s: float) -> Iterable[tuple[int, bytes]]:
        """Units that have ended since, by their numbers, with what :func:`run` gave; for ``wait_s`` seconds one is waited for.

        :raises EncoderError: as :func:`run`, or when a unit is given up.
        """
        ...


class Units:
    """An :class:`index.encoding.pool.EncodingPool` of units; ``started`` is entered for each encoding that has anything to do."""

    def __init__(self, opens: OpenEncoder, started: Callable[[], AbstractContextManager[Runner]]):
        self._opens = opens
        self._started = started

    def encode(self, passages: Sequence[Passage], stop: Callable[[], bool]) -> Encodings:
        """As :meth:`index.encoding.pool.EncodingPool.encode`; units under way when it ends are lost."""
        if not passages or stop():
            return
        opens = pickle.dumps(self._opens)
        made_by = _made_by(_encoder(opens))
        with self._started() as runner:
            size = max(1, min(_MOST_PASSAGES, -(-len(passages) // (_UNITS_A_SLOT * runner.slots))))
            units = pieces(range(len(passages)), size)
            n_begun = n_ended = 0
            while n_ended < len(units):
                if stop():
                    return
                # as many wait as run, so that nobody waits for the next one; how many run may change
                while n_begun < len(units) and n_begun - n_ended < 2 * runner.slots:
                    texts = tuple(passages[i] for i in units[n_begun])
                    runner.begin(n_begun, Unit(opens, made_by, texts))
                    n_begun += 1
                for number, made in runner.ended(_LOOK_S):
                    n_ended += 1
                    yield units[number], pickle.loads(made)
