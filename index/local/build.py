"""Making a build: plan, read, encode, write, check, activate.

What has changed goes into a new segment; the segments before it are taken over as they are, their files linked, and only
told which of their documents are gone. Small segments, and those that are mostly gone, are written anew into the new one,
so their number stays small and each passage is copied seldom.

A build is written to ``builds/.<id>.partial``, flushed to disk, its manifest last, renamed, checked, and only then named in
``CURRENT``; so whatever stops a build, the one before it goes on serving.

Where the index is kept somewhere else, a :class:`Writer` puts it there: then such a folder holds only what is new, until it
is there.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, Protocol

import numpy as np
import numpy.typing as npt

from corpus.collection import Collection, Readable, Scan
from corpus.document import (
    Document,
    FuenteError,
    LeftOut,
    Passage,
    Recognised,
    Skipped,
    Source,
    StorageError,
    StorageFullError,
    StoreError,
)
from corpus.languages import LANGS, PACKS
from corpus.reading import reading_mark
from corpus.split import Splitting, split
from corpus.storage import is_full, of_the_disk
from index.compatibility import FORMAT, probe
from index.encoder import Encoder
from index.encoding.passages import Made, passage_keys, pieces
from index.encoding.pool import BuildPool, Here, cores
from index.local.manifest import VECTOR_FORMATS, BuildLayout, Manifest, SegmentFacts
from index.local.segment import write_segment
from index.local.store import (
    Index,
    build_lock,
    current_build_id,
    fsync_folder,
    make_active,
    remove_old,
    sha256_of,
)
from index.part import Part, PassageCodes, Written
from index.searchable import BuildFacts, DocumentInfo
from index.sentences import SentenceCodes
from index.tokens import TokenCodes

Stage = Literal["scan", "parse", "encode", "write", "check", "activate"]

# Passages whose vectors are taken from the build before at once.
_TAKEN_AT_ONCE = 1000
# What the id of a build begins with: UTC, to the second.
_STAMP: Final = "%Y%m%dT%H%M%S"
# To tell how long a build will take, as many passages are encoded, spread over all.
_TIMED_PASSAGES = 24
# A segment of at most as many passages is written anew with whatever is new: that takes a second, and each further
# segment costs every question some time.
SMALL_SEGMENT = 1000


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a build stands: ``done`` of ``total`` of a stage; ``eta_s`` for the stage, None when unknown."""

    stage: Stage
    done: int
    total: int
    eta_s: float | None = None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, or with ``build_id`` None what it would do: then ``n_encode`` passages are still to be encoded, and
    it would take about ``expected_s``, by the time that a few of them took. ``left_out``: for the documents that were read
    now, what their pages show and their texts do not hold; ``recognised``: the pages read from pictures."""

    build_id: str | None
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    n_documents: int
    n_passages: int
    n_encoded: int
    seconds: float
    n_encode: int | None = None
    expected_s: float | None = None
    left_out: tuple[tuple[str, LeftOut], ...] = ()
    recognised: tuple[tuple[str, Recognised], ...] = ()


class BuildCancelled(StoreError):
    """The caller asked for the build to stop; what was encoded is kept for the next one."""


class MadeFacts(BuildFacts, Protocol):
    """What a build says about how it was made."""

    @property
    def build_id(self) -> str:
        """Its id."""
        ...

    @property
    def format(self) -> int:
        """That of what is kept of a passage."""
        ...

    @property
    def splitting(self) -> Splitting:
        """How its documents were split."""
        ...

    @property
    def packs(self) -> tuple[str, ...]:
        """The languages that it was made for."""
        ...

    @property
    def reading(self) -> str:
        """The mark of the code that read its documents."""
        ...

    @property
    def lacking(self) -> tuple[type[Part], ...]:
        """The kinds of parts that came with a leg after it was made."""
        ...


class Before(Protocol):
    """The build that serves while another one is made, and what that one can take over from it."""

    @property
    def manifest(self) -> MadeFacts:
        """What it says about itself."""
        ...

    @property
    def index(self) -> Index | None:
        """The build whose segments can be shared; None where it has none here."""
        ...

    def documents(self) -> list[DocumentInfo]:
        """All documents, by id."""
        ...

    def known(self, keys: Sequence[bytes]) -> set[bytes]:
        """Those of the :func:`passage_keys` whose vectors and codes it has."""
        ...

    def made(self, keys: Sequence[bytes]) -> Mapping[bytes, Made]:
        """Vectors and codes of passages, by those of ``keys`` that are known."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class Writer(Protocol):
    """Where the builds of a collection are kept, for the one process that builds."""

    def sources(self) -> Sequence[Source]:
        """The files that the build which serves was made of, whatever made it; none without one."""
        ...

    def before(self, encoder: Encoder) -> Before | None:
        """The build that serves, if one by ``encoder`` can take anything from it, be it only vectors."""
        ...

    def has(self, build_id: str) -> bool:
        """Whether there is a build of that id."""
        ...

    def put(
        self,
        made: Index,
        kept: Sequence[str],
        encoder: Encoder,
        report: Callable[[Progress], None],
    ) -> tuple[int, int]:
        """Keep a build and make it the one that serves; gives how many documents and passages it has.

        ``made`` is a folder that nothing else is done with after: the whole build where its segments are shared, else what is
        new in it, to which the ``kept`` documents of the build before come. ``encoder`` made it. ``report`` is told where it stands; what that
        raises ends the writing, and the build before goes on serving.
        """
        ...


Into = Callable[[], contextlib.AbstractContextManager[Writer]]
"""Opens a writer for one build; raises BuildRunningError where another process builds, IndexUnavailableError where nothing answers."""


def build(
    data: Path,
    encoder: Encoder,
    *,
    documents: Readable | None = None,
    into: Into | None = None,
    pool: BuildPool | None = None,
    splitting: Splitting | None = None,
    full: bool = False,
    dry_run: bool = False,
    allow_removal: bool = False,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> BuildReport:
    """Bring the index up to date with the documents, those of the data directory unless given, and activate the result.

    Unchanged documents are taken from the active build, unchanged passages keep their vectors; ``full`` does
    all of it anew. When nothing changed, no build is written and the active one is reported. That most of the documents are
    gone is taken for a mistake unless ``allow_removal`` says that it is none. Where the build is not kept in
    the data directory, ``into`` opens what keeps it. ``pool`` reads files and encodes passages, this machine unless given, and is closed in the end.

    :raises BuildRunningError: when another process is building here.
    :raises IndexUnavailableError: when the server that is to keep the build does not answer; what was encoded is kept.
    :raises BuildCancelled: when ``cancelled`` said so; what was encoded is kept.
    :raises StorageError: when the disk is full, read-only or away, or the ``pool`` cannot keep what came of its units where it should; the
        active build goes on serving.
    :raises StoreError: when the build cannot be written for another reason, or most documents are gone; likewise.
    :raises EncoderError: when a vector is not finite, or the ``pool`` does not encode; what was encoded is kept.
    """
    report = progress or (lambda _: None)
    stop = cancelled or (lambda: False)
    if splitting is None:
        splitting = Splitting(
            max_tokens=max(8, min(Splitting().max_tokens, encoder.card.max_tokens - 60))
        )
    at_work = pool or Here(encoder)
    try:
        own: contextlib.AbstractContextManager[Writer] = contextlib.nullcontext(_Folder(data))
        # the lock is for the folder in which the build is made, wherever it is kept then
        with build_lock(data), into() if into else own as writer, contextlib.closing(at_work):
            return _build(
                *(
                    data,
                    documents or Collection(data / "documents"),
                    encoder,
                    at_work,
                    writer,
                    splitting,
                    full,
                    dry_run,
                    allow_removal,
                    report,
                    stop,
                    now,
                )
            )
    except (OSError, sqlite3.Error) as error:
        raise unwritten(data, error) from error


# What SQLite says where the disk is the matter; the low byte of its extended codes.
_OF_THE_DISK: Final = frozenset(
    {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
)


def unwritten(
    data: Path, error: OSError | sqlite3.Error, command: str = "fuente build"
) -> FuenteError:
    """Why a build could not be written, by a ``command`` that may be run again."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    where = f"the build could not be written in {data}"
    serves = "the build before it goes on serving"
    if code == sqlite3.SQLITE_FULL or (isinstance(error, OSError) and is_full(error)):
        return StorageFullError(
            f"{where}: the disk is full ({error}); {serves}, make room and run `{command}` again"
        )
    what = f"{type(error).__name__}: {error}"
    advice = f"expected a disk that can be written to, then run `{command}` again"
    if code in _OF_THE_DISK or (isinstance(error, OSError) and of_the_disk(error)):
        return StorageError(f"{where}: {what}; {serves}, {advice}")
    return StoreError(f"{where}: {what}; {serves}, {advice}")


def _build(
    data: Path,
    collection: Readable,
    encoder: Encoder,
    pool: BuildPool,
    writer: Writer,
    splitting: Splitting,
    full: bool,
    dry_run: bool,
    allow_removal: bool,
    report: Callable[[Progress], None],
    stop: Callable[[], bool],
    now: Callable[[], datetime],
) -> BuildReport:
    began = time.monotonic()
    builds = data / "builds"
    for leftover in [*builds.glob(".*.partial"), *builds.glob(".*.removed")]:
        shutil.rmtree(leftover, ignore_errors=True)

    report(Progress("scan", 0, 0))
    active = None if full else writer.before(encoder)
    previous = active if active and _fits(active.manifest, splitting) else None
    before = {s.doc_id: s for s in previous.manifest.sources} if previous else {}
    collection.expect(len(active.manifest.sources) if active else 0, may_be_gone=allow_removal)
    scan = collection.scan(known=before, waiting=lambda: _unless(stop))
    if not allow_removal and not dry_run:
        _refuse_large_removal(collection.place, writer.sources(), scan)
    plan = _plan(before, scan)
    nothing_new = not plan.added and not plan.changed and not plan.removed
    if previous and nothing_new and _same_skips(previous, scan) and not dry_run:
        manifest = previous.manifest
        previous.close()
        return BuildReport(
            build_id=manifest.build_id,
            added=(),
            changed=(),
            removed=(),
            kept=plan.kept,
            skipped=tuple(manifest.skipped),
            n_documents=manifest.n_documents,
            n_passages=manifest.n_passages,
            n_encoded=0,
            seconds=time.monotonic() - began,
        )

    fresh = _read(collection, scan, plan, previous, pool, splitting, report, stop)
    path = builds / f".encoding-{encoder.card.fingerprint}.sqlite"
    started_anew = not path.exists()
    journal = _Journal(path)
    try:
        if dry_run:
            return _forecast(plan, fresh, previous, active, encoder, journal, began)
        content = _gather(fresh, set(plan.kept), previous.index if previous else None)
        keys = passage_keys(encoder.card, content.passages)
        vectors, codes, n_encoded = _encode(
            pool, encoder.card.dim, content.passages, keys, active, journal, report, stop
        )
    finally:
        journal.close()
        if dry_run and started_anew:
            journal.remove()

    created = _after_all(builds, now())
    build_id = _new_id(writer.has, created, [*keys, *sorted(d.encode() for d in plan.removed)])
    partial = BuildLayout(builds / f".{build_id}.partial")
    partial.folder.mkdir()

    def check() -> None:
        if stop():
            raise BuildCancelled(
                "the build was cancelled; what was encoded is kept for the next one"
            )

    try:
        report(Progress("write", 0, len(content.passages)))
        if content.documents or not content.taken_over:
            own = write_own_segment(
                partial, build_id, content.documents, content.passages, keys, vectors, codes, check
            )
        else:
            own = None
        _write_manifest(
            partial, build_id, created, encoder, splitting, previous.index if previous else None,
            content, own, fresh.sources, fresh.skipped,
        )  # fmt: skip
        report(Progress("check", 0, 1))
        with contextlib.closing(Index.open_folder(partial)) as index:
            check_build(index, check)

            def step(progress: Progress) -> None:
                check()
                report(progress)

            n_documents, n_passages = writer.put(index, plan.kept, encoder, step)
    finally:
        shutil.rmtree(partial.folder, ignore_errors=True)
    # The new build serves; what cannot be removed now the next one removes
    with contextlib.suppress(OSError):
        journal.remove()
    pool.forget()
    if active:
        active.close()
    report(Progress("activate", 1, 1))
    left_out = {skip.doc_id for skip in fresh.skipped}
    return BuildReport(
        build_id=build_id,
        added=tuple(d for d in plan.added if d not in left_out),
        changed=tuple(d for d in plan.changed if d not in left_out),
        removed=plan.removed,
        kept=plan.kept,
        skipped=tuple(fresh.skipped),
        n_documents=n_documents,
        n_passages=n_passages,
        n_encoded=n_encoded,
        seconds=time.monotonic() - began,
        left_out=_left_out(fresh.documents),
        recognised=_recognised(fresh.documents),
    )


def _unless(stop: Callable[[], bool]) -> None:
    if stop():
        raise BuildCancelled("the build was cancelled before anything was encoded")


def index_documents(
    documents: Sequence[Document],
    encoder: Encoder,
    folder: Path,
    splitting: Splitting | None = None,
) -> Index:
    """An index of documents that are not files, written to ``folder`` (which must be empty) and opened."""
    options = splitting or Splitting()
    documents = sorted(documents, key=lambda d: d.doc_id)
    passages = [p for d in documents for p in split(d, encoder.count_tokens, options)]
    keys = passage_keys(encoder.card, passages)
    journal = _Journal(folder / ".encoding.sqlite")
    vectors, codes, _ = _encode(
        Here(encoder),
        encoder.card.dim,
        passages,
        keys,
        None,
        journal,
        lambda _: None,
        lambda: False,
    )
    journal.close()
    journal.remove()
    layout = BuildLayout(folder)
    own = write_own_segment(layout, folder.name, documents, passages, keys, vectors, codes)
    _write_manifest(
        layout, folder.name, datetime.now(UTC), encoder, options, None,
        _Content(list(documents), passages, {}), own, [], [],
    )  # fmt: skip
    return Index.open_folder(layout)


# --------------------------------------------------------------------------- plan


class _Folder:
    """The :class:`Writer` of a data directory."""

    def __init__(self, data: Path):
        self._data = data

    def sources(self) -> Sequence[Source]:
        try:
            build_id = current_build_id(self._data) or ""
            return Manifest.read(BuildLayout(self._data / "builds" / build_id).manifest).sources
        except (FuenteError, OSError):
            return ()

    def before(self, encoder: Encoder) -> Before | None:
        try:
            return _Active(Index.open(self._data, encoder, formats=VECTOR_FORMATS))
        except StoreError:
            return None

    def has(self, build_id: str) -> bool:
        return (self._data / "builds" / build_id).exists()

    def put(
        self,
        made: Index,
        kept: Sequence[str],
        encoder: Encoder,
        report: Callable[[Progress], None],
    ) -> tuple[int, int]:
        report(Progress("activate", 0, 1))
        keep_here(self._data, made)
        return made.manifest.n_documents, made.manifest.n_passages


def keep_here(data: Path, made: Index) -> None:
    """Give a build that is written its name, and make it the active one of its data directory."""
    builds = data / "builds"
    os.rename(made.folder, builds / made.build_id)
    fsync_folder(builds)
    make_active(data, made.build_id)
    with contextlib.suppress(OSError):
        remove_old(data)


class _Active:
    """The active build of a data directory."""

    def __init__(self, index: Index):
        self.index: Index | None = index
        self._index = index

    @property
    def manifest(self) -> Manifest:
        return self._index.manifest

    def documents(self) -> list[DocumentInfo]:
        return self._index.documents()

    def _places(self, keys: Sequence[bytes]) -> dict[bytes, tuple[int, int]]:
        """Segment and row in it, for each key of which there is a passage."""
        known: dict[bytes, tuple[int, int]] = {}
        for number, segment in enumerate(self._index.segments):
            unknown = [key for key in keys if key not in known]
            known.update((key, (number, row)) for key, row in segment.find(unknown).items())
        return known

    def known(self, keys: Sequence[bytes]) -> set[bytes]:
        return set(self._places(keys))

    def made(self, keys: Sequence[bytes]) -> dict[bytes, Made]:
        return {key: self._made(*place) for key, place in self._places(keys).items()}

    def _made(self, number: int, row: int) -> Made:
        segment = self._index.segments[number]
        codes = PassageCodes(segment.tokens.codes_of(row), segment.sentences.codes_of(row))
        # they are kept as half floats
        return segment.dense.vectors(np.array([row]))[0].astype(np.float16), codes

    def close(self) -> None:
        self._index.close()


# So many documents may go without a word, however few there are.
_A_FEW_DOCUMENTS: Final = 5


def _refuse_large_removal(place: str, known: Sequence[Source], scan: Scan) -> None:
    """Raise StoreError when most documents of the active build are gone: a disk that is not mounted looks so.

    What was moved or renamed is not gone, nor is what is there and cannot be read.
    """
    names = {s.doc_id for s in scan.sources} | {s.doc_id for s in scan.skipped}
    contents = {s.sha256 for s in scan.sources}
    n_gone = sum(s.doc_id not in names and s.sha256 not in contents for s in known)
    if n_gone > _A_FEW_DOCUMENTS and 2 * n_gone > len(known):
        raise StoreError(
            f"{n_gone:,} of the {len(known):,} documents of the active build are gone from {place}, more than half; "
            "put them back or mount their disk; if they are to go, build with --allow-removal "
            "or allow_removal in the request"
        )


def _fits(manifest: MadeFacts, splitting: Splitting) -> bool:
    """Whether documents of a build need not be read again."""
    made = (manifest.format, manifest.splitting, manifest.reading, manifest.packs)
    return made == (FORMAT, splitting, reading_mark(), tuple(PACKS)) and not manifest.lacking


@dataclass(frozen=True, slots=True)
class _Plan:
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]


def _plan(before: Mapping[str, Source], scan: Scan) -> _Plan:
    now = {s.doc_id: s.sha256 for s in scan.sources}
    return _Plan(
        added=tuple(d for d in now if d not in before),
        changed=tuple(d for d in now if d in before and before[d].sha256 != now[d]),
        removed=tuple(d for d in before if d not in now),
        kept=tuple(d for d in now if d in before and before[d].sha256 == now[d]),
    )


def _same_skips(previous: Before, scan: Scan) -> bool:
    # Files that could not be parsed are tried again only when they change; those a scan skips are listed anew
    scanned = {s.doc_id for s in previous.manifest.sources}
    return {s for s in previous.manifest.skipped if s.doc_id not in scanned} == set(scan.skipped)


def _forecast(
    plan: _Plan,
    fresh: _Fresh,
    previous: Before | None,
    active: Before | None,
    encoder: Encoder,
    journal: _Journal,
    began: float,
) -> BuildReport:
    """What a build would do; some of what it would encode is encoded to see how long it takes."""
    passages = fresh.passages
    keys = passage_keys(encoder.card, passages)
    known = active.known(keys) if active else set()
    distinct = {key: i for i, key in enumerate(keys)}
    missing = [i for key, i in distinct.items() if key not in known and journal.get(key) is None]
    expected_s = 0.0
    if missing:
        tried = missing[:: max(1, len(missing) // _TIMED_PASSAGES)]
        at = time.monotonic()
        list(Here(encoder).encode([passages[i] for i in tried], lambda: False))
        expected_s = (time.monotonic() - at) / len(tried) * len(missing)
    kept = set(plan.kept)
    of_kept = [
        info.n_passages
        for info in (previous.documents() if previous else ())
        if info.doc_id in kept
    ]
    left_out = {skip.doc_id for skip in fresh.skipped}
    return BuildReport(
        build_id=None,
        added=tuple(d for d in plan.added if d not in left_out),
        changed=tuple(d for d in plan.changed if d not in left_out),
        removed=plan.removed,
        kept=tuple(sorted(kept)),
        skipped=tuple(fresh.skipped),
        n_documents=len(fresh.documents) + len(of_kept),
        n_passages=len(passages) + sum(of_kept),
        n_encoded=0,
        seconds=time.monotonic() - began,
        n_encode=len(missing),
        expected_s=expected_s,
        left_out=_left_out(fresh.documents),
        recognised=_recognised(fresh.documents),
    )


def _left_out(documents: Sequence[Document]) -> tuple[tuple[str, LeftOut], ...]:
    return tuple((document.doc_id, one) for document in documents for one in document.left_out)


def _recognised(documents: Sequence[Document]) -> tuple[tuple[str, Recognised], ...]:
    return tuple((document.doc_id, one) for document in documents for one in document.recognised)


# --------------------------------------------------------------------------- read


@dataclass(frozen=True, slots=True)
class _Fresh:
    """Documents that were read now, with their passages; ``sources`` and ``skipped`` are those of the whole build."""

    documents: list[Document]
    passages: list[Passage]
    sources: list[Source]
    skipped: list[Skipped]


def _read(
    collection: Readable,
    scan: Scan,
    plan: _Plan,
    previous: Before | None,
    pool: BuildPool,
    splitting: Splitting,
    report: Callable[[Progress], None],
    stop: Callable[[], bool],
) -> _Fresh:
    """Parse and split what is new or has changed."""
    documents: list[Document] = []
    passages: list[Passage] = []
    sources: list[Source] = []
    skipped = list(scan.skipped)
    skipped_before = {s.doc_id: s for s in previous.manifest.skipped} if previous else {}
    kept = set(plan.kept)
    to_read = [source for source in scan.sources if source.doc_id not in kept]
    for source in scan.sources:
        if source.doc_id in kept:
            sources.append(source)
            if source.doc_id in skipped_before:
                skipped.append(skipped_before[source.doc_id])
    began = time.monotonic()

    def check() -> None:
        _unless(stop)

    report(Progress("parse", 0, len(to_read)))
    check()
    with contextlib.ExitStack() as opened:
        folder = opened.enter_context(collection.here([source.doc_id for source in to_read]))
        # Like what vanishes meanwhile no source of this build
        skipped += [Skipped(doc_id, reason) for doc_id, reason in folder.lacking.items()]
        to_read = [source for source in to_read if source.doc_id not in folder.lacking]
        results = opened.enter_context(
            contextlib.closing(pool.read(folder, to_read, splitting, check))
        )
        for n, (found, result, own) in enumerate(results, 1):
            check()
            # What could not be had at all is no source of this build, so the next one tries again
            if found is not None:
                sources.append(found)
            if isinstance(result, Skipped):
                skipped.append(result)
            else:
                documents.append(result)
                passages += own
            eta_s = (time.monotonic() - began) / n * (len(to_read) - n)
            report(Progress("parse", n, len(to_read), eta_s))
    sources.sort(key=lambda s: s.doc_id)
    return _Fresh(documents, passages, sources, sorted(skipped, key=lambda s: s.doc_id))


@dataclass(frozen=True, slots=True)
class _Content:
    """What the new segment is to hold, and the segments of the previous build that are taken over, each with the ids of its
    documents that are gone."""

    documents: list[Document]
    passages: list[Passage]
    taken_over: dict[int, tuple[str, ...]]


def _gather(fresh: _Fresh, kept: set[str], previous: Index | None) -> _Content:
    if previous is None:
        return _Content(fresh.documents, fresh.passages, {})
    alive = [
        {doc_id: rows for doc_id, rows in previous.documents_in(number).items() if doc_id in kept}
        for number in range(len(previous.segments))
    ]
    sizes = [sum(map(len, part.values())) for part in alive]
    merged: list[int] = []
    total = len(fresh.passages)
    for number in sorted(range(len(sizes)), key=lambda n: sizes[n]):
        n_passages = previous.manifest.segments[number].n_passages
        mostly_gone = 2 * sizes[number] <= n_passages
        # Not before as much is new as is written again: so a passage is written about as often as the index doubles
        if sizes[number] <= max(SMALL_SEGMENT, total) or mostly_gone:
            merged.append(number)
            total += sizes[number]
    documents = list(fresh.documents)
    rows: list[int] = []
    for number in merged:
        for doc_id, own in alive[number].items():
            documents.append(previous.document(doc_id))
            rows += own
    documents.sort(key=lambda d: d.doc_id)
    by_document: dict[str, list[Passage]] = {d.doc_id: [] for d in documents}
    for passage in [*fresh.passages, *previous.passages(rows)]:
        by_document[passage.doc_id].append(passage)
    taken_over = {
        number: tuple(sorted(previous.segments[number].ranges.keys() - alive[number].keys()))
        for number in range(len(sizes))
        if number not in merged
    }
    return _Content(documents, [p for d in documents for p in by_document[d.doc_id]], taken_over)


# --------------------------------------------------------------------------- encode


def _encode(
    pool: BuildPool,
    dim: int,
    passages: Sequence[Passage],
    keys: Sequence[bytes],
    active: Before | None,
    journal: _Journal,
    report: Callable[[Progress], None],
    stop: Callable[[], bool],
) -> tuple[npt.NDArray[np.float32], list[PassageCodes], int]:
    """float32[n, dim] vectors and codes of all passages, and how many were encoded now, of equal ones one."""
    vectors = np.zeros((len(passages), dim), dtype=np.float32)
    codes: list[PassageCodes | None] = [None] * len(passages)
    missing: list[int] = []
    # What a text says again word for word, below the same heading, is encoded once
    first: dict[bytes, int] = {}
    twins: list[tuple[int, int]] = []
    for some in pieces(range(len(keys)), _TAKEN_AT_ONCE):
        known = active.made([keys[i] for i in some]) if active else {}
        for i in some:
            saved = known.get(keys[i]) or journal.get(keys[i])
            if saved is not None:
                vectors[i], codes[i] = saved
            elif (twin := first.setdefault(keys[i], i)) != i:
                twins.append((i, twin))
            else:
                missing.append(i)
    began = time.monotonic()
    report(Progress("encode", 0, len(missing)))

    done = 0
    with contextlib.closing(pool.encode([passages[i] for i in missing], stop)) as results:
        for places, made in results:
            entries = [
                (missing[n], vector, some) for n, (vector, some) in zip(places, made, strict=True)
            ]
            for i, vector, passage_codes in entries:
                vectors[i], codes[i] = vector, passage_codes
            journal.put([(keys[i], vector, some) for i, vector, some in entries])
            done += len(entries)
            eta_s = (time.monotonic() - began) / done * (len(missing) - done)
            report(Progress("encode", done, len(missing), eta_s))
    if done < len(missing):
        raise BuildCancelled(
            f"the build was cancelled with {done} of {len(missing)} passages encoded; they are kept for the next one"
        )
    for i, twin in twins:
        vectors[i], codes[i] = vectors[twin], codes[twin]
    return vectors, [c for c in codes if c is not None], len(missing)


class _Journal:
    """Vectors and codes of passages encoded by builds that did not end."""

    def __init__(self, path: Path):
        self._path = path
        try:
            self._connection = self._open()
        except sqlite3.OperationalError:
            raise  # a full disk, say: no reason to throw away what it holds
        except sqlite3.DatabaseError:
            self._start_anew()

    def _start_anew(self) -> None:
        # Half-written by a crash of the machine: worth only the time to encode again
        self.remove()
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            # Rows in the order they come: kept in the order of their random keys, they take four times as long to write
            connection.execute(
                "CREATE TABLE IF NOT EXISTS encoded (key BLOB PRIMARY KEY, vector BLOB, width INTEGER, codes BLOB,"
                " starts BLOB, sentences BLOB, spans BLOB)"
            )
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def get(self, key: bytes) -> tuple[npt.NDArray[np.float16], PassageCodes] | None:
        """Vector and codes of a passage, None when it was not encoded."""
        try:
            row = self._connection.execute(
                "SELECT vector, width, codes, starts, sentences, spans FROM encoded WHERE key = ?",
                (key,),
            ).fetchone()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self._connection.close()
            self._start_anew()
            return None
        if row is None:
            return None
        starts = np.frombuffer(row[3], dtype=np.uint16)
        codes = np.frombuffer(row[2], dtype=np.uint8).reshape(len(starts), row[1])
        vector = np.frombuffer(row[0], dtype=np.float16)
        spans = np.frombuffer(row[5], dtype=np.int32).reshape(-1, 2)
        told = np.frombuffer(row[4], dtype=np.int8).reshape(len(spans), len(vector))
        return vector, PassageCodes(TokenCodes(codes, starts), SentenceCodes(told, spans))

    def put(self, entries: Sequence[tuple[bytes, npt.NDArray[np.float16], PassageCodes]]) -> None:
        """Keep a batch, durably."""
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO encoded VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        key,
                        vector.tobytes(),
                        c.tokens.codes.shape[1],
                        c.tokens.codes.tobytes(),
                        c.tokens.starts.tobytes(),
                        c.sentences.codes.tobytes(),
                        c.sentences.spans.tobytes(),
                    )
                    for key, vector, c in entries
                ],
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def remove(self) -> None:
        """Delete the file and what SQLite keeps beside it."""
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)


# --------------------------------------------------------------------------- write


def _after_all(builds: Path, now: datetime) -> datetime:
    """``now``, or the second after the newest build there: two may be made within one second, and a clock may go back, but which
    builds are kept, and which of them is the last, their ids tell."""
    newest = max((p.name for p in builds.glob("[!.]*") if p.is_dir()), default="")
    try:
        made = datetime.strptime(newest.partition("Z")[0], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return now
    return max(now, made + timedelta(seconds=1))


def _new_id(taken: Callable[[str], bool], created: datetime, keys: Sequence[bytes]) -> str:
    """Sortable by time, and told apart by content: ``20261122T131500Z-1f3a9c``."""
    digest = hashlib.sha256(b"".join(keys)).hexdigest()[:6]
    stamp = created.astimezone(UTC).strftime(_STAMP)
    build_id, n = f"{stamp}Z-{digest}", 1
    while taken(build_id):
        n += 1
        build_id = f"{stamp}Z-{digest}-{n}"
    return build_id


def write_own_segment(
    layout: BuildLayout,
    segment_id: str,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    keys: Sequence[bytes],
    vectors: npt.NDArray[np.float32],
    codes: Sequence[PassageCodes],
    between: Callable[[], None] = lambda: None,
) -> SegmentFacts:
    """Write the new segment and flush it to disk; ``between`` is called between two steps, and what it raises ends them."""
    segment = layout.segment(segment_id)
    segment.folder.mkdir()
    write_segment(segment, documents, keys, Written(passages, vectors, codes, cores()), between)
    files = {}
    for path in segment.files():
        between()
        fsync_file(path)
        files[path.name] = (sha256_of(path), path.stat().st_size)
    fsync_folder(segment.folder)
    return SegmentFacts(segment_id, len(passages), (), files)


def _write_manifest(
    layout: BuildLayout,
    build_id: str,
    created: datetime,
    encoder: Encoder,
    splitting: Splitting,
    previous: Index | None,
    content: _Content,
    own: SegmentFacts | None,
    sources: Sequence[Source],
    skipped: Sequence[Skipped],
) -> None:
    """Take the other segments over, and say what the build is made of."""
    parts: list[SegmentFacts] = []
    languages = Counter(p.lang for p in content.passages)
    n_documents, n_passages = len(content.documents), len(content.passages)
    for number, gone in content.taken_over.items():
        assert previous is not None
        facts, segment = previous.manifest.segments[number], previous.segments[number]
        parts.append(replace(facts, gone=gone))
        absent = frozenset(gone)
        there = [own for doc_id, own in segment.ranges.items() if doc_id not in absent]
        rows = np.concatenate([np.arange(first, first + n) for first, n in there])
        held = np.bincount(segment.lexical.langs[rows], minlength=len(LANGS))
        languages.update({lang: n for lang, n in zip(LANGS, held.tolist(), strict=True) if n})
        n_documents += len(there)
        n_passages += len(rows)
        before = BuildLayout(previous.folder).segment(facts.segment_id)
        _link(before.folder, layout.segment(facts.segment_id).folder, list(facts.files))
    Manifest(
        format=FORMAT,
        build_id=build_id,
        created_at=created.isoformat(timespec="seconds"),
        encoder=encoder.card,
        splitting=splitting,
        n_documents=n_documents,
        n_passages=n_passages,
        languages=dict(sorted(languages.items())),
        sources=tuple(sources),
        skipped=tuple(skipped),
        segments=(*parts, *([own] if own else [])),
        probe=tuple(tuple(round(float(x), 5) for x in row) for row in probe(encoder)),
        packs=tuple(PACKS),
        reading=reading_mark(),
    ).write(layout.manifest)
    fsync_file(layout.manifest)
    fsync_folder(layout.folder)


def _link(source: Path, target: Path, names: Sequence[str]) -> None:
    """Share the files of a segment; where the file system knows no links, copy them."""
    target.mkdir()
    for name in names:
        try:
            os.link(source / name, target / name)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EXDEV):
                raise
            shutil.copyfile(source / name, target / name)
            fsync_file(target / name)
    fsync_folder(target)


def fsync_file(path: Path) -> None:
    """Make the content of a file survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def check_build(index: Index, between: Callable[[], None]) -> None:
    """Sample passages must be text, and find themselves.

    :raises StoreError: when one does not.
    """
    for segment, part in zip(index.segments, index.manifest.segments, strict=True):
        between()
        n = part.n_passages
        rows = np.unique(np.linspace(0, n - 1, min(n, 20)).astype(np.int64)) if n else None
        if rows is None:
            continue
        scores, _ = segment.dense.search(segment.dense.vectors(rows), 1)
        passages = segment.passages(rows.tolist())
        text, of = "", ""
        for passage, row, best in zip(passages, rows, scores[:, 0], strict=True):
            if of != passage.doc_id:
                # Once for each document, and without its blocks: those of a large table take half a second to open
                text, of = segment.plain(passage.doc_id).text, passage.doc_id
            own = float(np.sum(segment.dense.vectors(np.array([row])) ** 2))
            if text[passage.start : passage.end] != passage.text or best < own - 1e-3:
                raise StoreError(
                    f"the new build failed its check: passage {passage.passage_id} does not find itself; "
                    "the build before it goes on serving, run `fuente build --full`"
                )
