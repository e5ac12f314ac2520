"""Files and passages in units that are read and encoded somewhere else: whatever runs them, a unit that is run again gives the same
bytes, so it is enough that each is run at least once.
"""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol, cast

from corpus.collection import Collection
from corpus.document import (
    CorpusError,
    EncoderError,
    Passage,
    Skipped,
    Source,
    StorageError,
)
from corpus.languages import PACKS
from corpus.readers.pdf.recognise import engine_mark
from corpus.reading import reading_mark
from corpus.split import Splitting
from corpus.storage import saving
from index.compatibility import FORMAT
from index.encoder import Encoder
from index.encoding.passages import Made, encode_passages, pieces
from index.encoding.pool import Encodings, FileRead, Readings, with_passages
from index.encoding.results import Kept, kept_at, loads, remove

OpenEncoder = Callable[[], Encoder]
"""Opens the encoder of a build, wherever it is called; it can be pickled."""

MOST_RUNS: Final = 4
"""How often a unit is begun before it is held to be what ends those that run it."""

# A unit that is lost is encoded again, and the last one of a build may run alone: so they are small enough for that to be
# little, and large enough that a unit's way there and back is nothing beside its seconds of work.
_MOST_PASSAGES: Final = 2000
_MOST_BYTES: Final = 4 * 2**20
_UNITS_A_SLOT: Final = 16
# Of what is kept the same on every host, however many cores it has: some seconds of one
_KEPT_PASSAGES: Final = 100
_KEPT_FILES: Final = 16
# Passages that are encoded in one go within a unit, where the encoder takes no more at once.
_BATCH: Final = 8
_LOOK_S: Final = 0.5


class Unit(Protocol):
    """Some of the work of a build; it can be pickled."""

    @property
    def size(self) -> int:
        """How many files or passages."""
        ...

    def run(self) -> bytes:
        """What came of it, the same each time.

        :raises EncoderError: when something else would come of it here than where the build is, or a vector is not finite.
        :raises CorpusError: when no process that reads can be started, or the disk refuses.
        :raises StorageError: when what came of it cannot be kept where it should be.
        """
        ...


class Lasting(Unit, Protocol):
    """A unit of which can be kept what came of it."""

    @property
    def name(self) -> str:
        """The hash, in hex, of all that decides what comes of it."""
        ...

    def is_lasting(self, made: bytes) -> bool:
        """Whether what came of it would come of it again: not where a file could not be had."""
        ...


def run(unit: Unit) -> bytes:
    """See :meth:`Unit.run`."""
    return unit.run()


@dataclass(frozen=True, slots=True)
class ToEncode:
    """Passages, and what is to encode them: ``opens`` is a pickled :data:`OpenEncoder`, ``made_by`` as of :func:`_made_by`. What comes of it is a
    pickled list of :data:`index.encoding.passages.Made`."""

    opens: bytes
    made_by: tuple[str, ...]
    passages: tuple[Passage, ...]

    @property
    def size(self) -> int:
        """See :class:`Unit`."""
        return len(self.passages)

    @property
    def name(self) -> str:
        """See :class:`Lasting`; not of where the passages stand, which decides nothing."""
        said = [(one.lang, one.heading, one.text, one.sentences) for one in self.passages]
        return _hash_of("encode", self.made_by, said)

    def is_lasting(self, made: bytes) -> bool:
        """See :class:`Lasting`."""
        return True

    def run(self) -> bytes:
        """See :meth:`Unit.run`."""
        encoder = _encoder(self.opens)
        _check_same(_made_by(encoder), self.made_by)
        made: list[Made] = []
        for batch in pieces(self.passages, max(_BATCH, encoder.batch)):
            made += encode_passages(encoder, batch)
        # As bytes: arrays would be views into the memory of what carried them, and hold it
        return pickle.dumps(made, protocol=5)


@dataclass(frozen=True, slots=True)
class ToRead:
    """Files with their bytes, and what tells how they are read and split; ``opens`` as of :class:`ToEncode`, ``read_by`` as of
    :func:`_read_by`. What comes of it is a pickled list of :data:`index.encoding.pool.FileRead`."""

    opens: bytes
    read_by: tuple[str, ...]
    splitting: Splitting
    files: tuple[tuple[Source, bytes], ...]

    @property
    def size(self) -> int:
        """See :class:`Unit`."""
        return len(self.files)

    @property
    def name(self) -> str:
        """See :class:`Lasting`; not of the times of the files, which other hosts may have others of."""
        said = [(one.doc_id, hashlib.sha256(content).hexdigest()) for one, content in self.files]
        return _hash_of("read", self.read_by, self.splitting, said)

    def is_lasting(self, made: bytes) -> bool:
        """See :class:`Lasting`."""
        return all(found is not None for found, _, _ in loads(made))

    def run(self) -> bytes:
        """See :meth:`Unit.run`."""
        encoder = _encoder(self.opens)
        _check_same(_read_by(encoder), self.read_by)
        with tempfile.TemporaryDirectory(prefix="fuente-") as folder:
            here = Collection(Path(folder))
            with saving("what is read of the documents"):
                for source, content in self.files:
                    path = here.path_of(source.doc_id)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
            sources = [source for source, _ in self.files]
            # a process of its own all the same: what a file does to its reader is the reason why it is skipped
            found = list(
                with_passages(
                    here, sources, encoder.count_tokens, self.splitting, lambda: None, workers=1
                )
            )
        return pickle.dumps(found, protocol=5)


def _hash_of(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()


def _check_same(here: tuple[str, ...], there: tuple[str, ...]) -> None:
    if here != there:
        raise EncoderError(
            f"what was to read files or encode passages would make other things of them: it has {' '.join(here)}, the build {' '.join(there)}; "
            "install the same version of this program, with the same languages, the same encoder and the same OCR, on every node"
        )


@lru_cache(maxsize=1)
def _encoder(opens: bytes) -> Encoder:
    return cast(OpenEncoder, pickle.loads(opens))()


def _made_by(encoder: Encoder) -> tuple[str, ...]:
    """All that decides what is made of a passage: format, encoder and languages."""
    return (f"format-{FORMAT}", encoder.card.name, encoder.card.fingerprint, *PACKS)


def _read_by(encoder: Encoder) -> tuple[str, ...]:
    """All that decides what a file says: that which decides what is made of a passage, the code of the readers, and OCR."""
    return (*_made_by(encoder), f"readers-{reading_mark()}", engine_mark())


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
    """An :class:`index.encoding.pool.BuildPool` of units; ``started`` is entered when there is anything to do, and left when the pool is closed.
    ``results`` is where what came of them is kept until their build serves, ``file:///folder`` or ``s3://bucket/prefix``, None for nowhere."""

    def __init__(
        self,
        opens: OpenEncoder,
        started: Callable[[], AbstractContextManager[Runner]],
        results: str | None = None,
    ):
        self._opens = opens
        self._started = started
        self._results = results
        # of the units begun since a build of them serves
        self._kept: set[str] = set()
        self._stack = ExitStack()
        self._runner: Runner | None = None

    def forget(self) -> None:
        """See :meth:`index.encoding.pool.BuildPool.forget`."""
        if self._results is not None and self._kept:
            # What cannot be removed now is of no use and does no harm
            with suppress(StorageError):
                remove(self._results, self._kept)
            self._kept.clear()

    def _unit(self, unit: Lasting) -> Unit:
        """It, or one that keeps what comes of it."""
        if self._results is None:
            return unit
        kept = Kept(self._results, unit.name, unit)
        self._kept.add(kept.name)
        return kept

    def _size(self, n: int, slots: int, kept: int) -> int:
        return kept if self._results is not None else _size(n, slots)

    def close(self) -> None:
        """See :meth:`index.encoding.pool.BuildPool.close`; units under way are lost."""
        self._runner = None
        self._stack.close()

    def read(
        self,
        folder: Collection,
        sources: Sequence[Source],
        splitting: Splitting,
        check: Callable[[], None],
    ) -> Readings:
        """As :meth:`index.encoding.pool.BuildPool.read`; units under way when it is ended are lost."""

        def stop() -> bool:
            check()
            return False

        if not sources:
            return
        opens = pickle.dumps(self._opens)
        read_by = _read_by(_encoder(opens))
        runner = self._started_runner()
        units = units_of_files(sources, self._size(len(sources), runner.slots, _KEPT_FILES))
        # what cannot be had at all, by the place of its unit
        away: dict[int, list[FileRead]] = {}

        def unit(number: int) -> Unit:
            files = []
            for source in units[number]:
                try:
                    files.append((source, folder.read(source.doc_id)))
                except CorpusError as error:
                    skipped = Skipped(source.doc_id, str(error))
                    away.setdefault(number, []).append((None, skipped, ()))
            return self._unit(ToRead(opens, read_by, splitting, tuple(files)))

        def timed(one: FileRead) -> FileRead:
            """With the times that the file has here, whoever read it."""
            found, result, passages = one
            if found is not None:
                here = sources[places[found.doc_id]]
                found = replace(found, modified_ns=here.modified_ns, changed_ns=here.changed_ns)
            return found, result, passages

        places = {source.doc_id: place for place, source in enumerate(sources)}
        ended: dict[int, list[FileRead]] = {}
        n_given = 0
        with closing(self._run(runner, len(units), unit, stop)) as results:
            for number, made in results:
                ended[number] = [*map(timed, loads(made)), *away.pop(number, [])]
                while n_given in ended:
                    yield from sorted(ended.pop(n_given), key=lambda one: places[_doc_id(one)])
                    n_given += 1

    def encode(self, passages: Sequence[Passage], stop: Callable[[], bool]) -> Encodings:
        """As :meth:`index.encoding.pool.BuildPool.encode`; units under way when it ends are lost."""
        if not passages or stop():
            return
        opens = pickle.dumps(self._opens)
        made_by = _made_by(_encoder(opens))
        runner = self._started_runner()
        size = self._size(len(passages), runner.slots, _KEPT_PASSAGES)
        units = pieces(range(len(passages)), size)

        def unit(number: int) -> Unit:
            return self._unit(ToEncode(opens, made_by, tuple(passages[i] for i in units[number])))

        with closing(self._run(runner, len(units), unit, stop)) as results:
            for number, made in results:
                yield units[number], loads(made)

    def _started_runner(self) -> Runner:
        if self._runner is None:
            if self._results is not None:
                # Said before a cluster is asked for anything
                kept_at(self._results).has("0" * 64)
            self._runner = self._stack.enter_context(self._started())
        return self._runner

    def _run(
        self, runner: Runner, n: int, unit: Callable[[int], Unit], stop: Callable[[], bool]
    ) -> Generator[tuple[int, bytes], None, None]:
        """What came of each of ``n`` units, by its number, in any order; all of them, or until ``stop`` says so."""
        n_begun = n_ended = 0
        try:
            while n_ended < n and not stop():
                # as many wait as run, so that nobody waits for the next one; how many run may change
                while n_begun < n and n_begun - n_ended < 2 * runner.slots:
                    runner.begin(n_begun, unit(n_begun))
                    n_begun += 1
                for number, made in runner.ended(_LOOK_S):
                    n_ended += 1
                    yield number, made
        finally:
            if n_ended < n:
                # else what is under way would be taken for what is asked for next
                self.close()


def _size(n: int, slots: int) -> int:
    """How many of ``n`` make a unit."""
    return max(1, min(_MOST_PASSAGES, -(-n // (_UNITS_A_SLOT * slots))))


def units_of_files(sources: Sequence[Source], size: int) -> list[list[Source]]:
    """At most ``size`` of them a unit, and so few that their bytes are little, or one."""
    units: list[list[Source]] = []
    n_bytes = 0
    for source in sources:
        if units and len(units[-1]) < size and n_bytes + source.size_bytes <= _MOST_BYTES:
            units[-1].append(source)
        else:
            units.append([source])
            n_bytes = 0
        n_bytes += source.size_bytes
    return units


def _doc_id(read: FileRead) -> str:
    source, result, _ = read
    return source.doc_id if source is not None else result.doc_id
