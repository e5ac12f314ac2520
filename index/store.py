"""The builds of an index: open one, make the next, switch between them.

A build is a folder that is never changed once it has its final name. It is written to
``builds/.<id>.partial``, flushed to disk, its manifest last, renamed, checked, and only then named in
``CURRENT``, which is replaced in one step; so whatever stops a build, the one before it goes on serving.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from corpus import language
from corpus.collection import Collection, Scan
from corpus.document import (
    BuildRunningError,
    CorpusError,
    DamagedIndexError,
    Document,
    EncoderError,
    FuenteError,
    Heading,
    IncompatibleIndexError,
    Lang,
    NoIndexError,
    Passage,
    Skipped,
    Source,
    StoreError,
    UnknownBuildError,
    UnknownDocumentError,
)
from corpus.parse import parse
from corpus.split import Splitting, split
from index.dense import DenseIndex
from index.encoder import Encoder
from index.lexical import LANGS, LexicalIndex
from index.manifest import FORMAT, BuildLayout, Manifest
from index.sentences import SentenceCodes, SentenceIndex, TermIndex, compress_sentences
from index.tokens import TokenCodes, TokenIndex, compress

Rows = npt.NDArray[np.int64]
Stage = Literal["scan", "parse", "encode", "write", "check", "activate"]

# Fixed sentences whose vectors every build keeps, to know the encoder again.
PROBES = (
    "El agua de la fuente baja limpia de la montaña.",
    "The water of the spring comes down clean from the mountain.",
)
_PROBE_MIN_COSINE = 0.99
# Checksums are verified on opening up to this size; above it, sizes on opening, checksums on activation.
_VERIFY_ON_OPEN_BYTES = 256 * 2**20
_ENCODE_BATCH = 64
_KEEP_BUILDS = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a build stands: ``done`` of ``total`` of a stage; ``eta_s`` for the stage, None when unknown."""

    stage: Stage
    done: int
    total: int
    eta_s: float | None = None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, or with ``build_id`` None what it would do."""

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


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """One build as a list shows it; ``problem`` says why it could not be opened, None when it can."""

    build_id: str
    created_at: str
    active: bool
    n_documents: int
    n_passages: int
    encoder: str
    size_bytes: int
    problem: str | None


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """One document as a list shows it; ``n_pages`` None for formats without pages."""

    doc_id: str
    title: str
    lang: Lang
    sha256: str
    n_chars: int
    n_passages: int
    n_pages: int | None
    suffix: str


@dataclass(frozen=True, slots=True)
class Place:
    """A passage with where it stands: ``page`` None for formats without pages, ``section_path`` outermost first."""

    passage: Passage
    title: str
    page: int | None
    section_path: tuple[str, ...]


class BuildCancelled(StoreError):
    """The caller asked for the build to stop; what was encoded is kept for the next one."""


def current_build_id(data: Path) -> str | None:
    """Id of the active build, None when there is none."""
    try:
        return (data / "CURRENT").read_text("utf-8", errors="replace").strip() or None
    except FileNotFoundError:
        return None


def _layout(data: Path, build_id: str) -> BuildLayout:
    if not build_id or build_id != PurePosixPath(build_id).name or build_id.startswith("."):
        raise UnknownBuildError(f"{build_id!r} is not the id of a build; see `fuente builds list`")
    folder = data / "builds" / build_id
    if not _is_folder(folder):
        raise UnknownBuildError(f"there is no build {build_id!r}; see `fuente builds list`")
    return BuildLayout(folder)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long for the file system
        return False


def _verify(layout: BuildLayout, manifest: Manifest, *, checksums: bool) -> None:
    for path in layout.files():
        digest, size = manifest.files.get(path.name, ("", -1))
        try:
            found = path.stat().st_size
        except OSError as error:
            raise _damaged(manifest, f"{path.name} is missing") from error
        if found != size:
            raise _damaged(manifest, f"{path.name} has {found} bytes, expected {size}")
        if checksums and _sha256(path) != digest:
            raise _damaged(manifest, f"{path.name} is not what was written (its checksum differs)")


def _damaged(manifest: Manifest, what: str) -> DamagedIndexError:
    return DamagedIndexError(
        f"build {manifest.build_id} is damaged: {what}; "
        "activate another build (`fuente builds list`) or run `fuente build --full`"
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Index:
    """One opened build; immutable, and safe to read from several threads."""

    def __init__(
        self,
        manifest: Manifest,
        connection: sqlite3.Connection,
        dense: DenseIndex,
        lexical: LexicalIndex,
        tokens: TokenIndex,
        sentences: SentenceIndex,
        terms: TermIndex,
    ):
        self.manifest = manifest
        self.dense = dense
        self.lexical = lexical
        self.tokens = tokens
        self.sentences = sentences
        self.terms = terms
        self._connection = connection
        self._lock = threading.Lock()
        self._ranges: dict[str, tuple[int, int]] = {
            doc_id: (first, first + n)
            for doc_id, first, n in self._query(
                "SELECT doc_id, first_row, n_passages FROM documents"
            )
        }

    @classmethod
    def open(cls, data: Path, encoder: Encoder | None = None, build_id: str | None = None) -> Index:
        """The active build of a data directory, or the one of that id.

        :raises NoIndexError: when nothing has been built.
        :raises DamagedIndexError: when a file is missing or is not what was written.
        :raises IncompatibleIndexError: when ``encoder`` is given and did not make this build.
        """
        chosen = build_id or current_build_id(data)
        if chosen is None:
            raise NoIndexError(f"nothing has been built in {data}; run `fuente build FOLDER`")
        try:
            layout = _layout(data, chosen)
        except UnknownBuildError as error:
            if build_id is not None:
                raise
            raise DamagedIndexError(
                f"CURRENT names build {chosen!r}, which is not there; "
                "activate another build (`fuente builds list`) or run `fuente build --full`"
            ) from error
        return cls._open(layout, encoder)

    @classmethod
    def _open(cls, layout: BuildLayout, encoder: Encoder | None) -> Index:
        manifest = Manifest.read(layout.manifest)
        total = sum(size for _, size in manifest.files.values())
        _verify(layout, manifest, checksums=total <= _VERIFY_ON_OPEN_BYTES)
        if encoder is not None:
            _check_encoder(manifest, encoder)
        try:
            connection = _connect(layout.documents)
            dense = DenseIndex.load(layout.dense)
            lexical = LexicalIndex.load(layout.folder)
            tokens = TokenIndex.load(layout.folder)
            sentences = SentenceIndex.load(layout.folder)
            terms = TermIndex.load(layout.folder)
            sizes = [len(part) for part in (dense, lexical, tokens, sentences, terms)]
            if any(size != manifest.n_passages for size in sizes):
                raise ValueError(
                    f"{manifest.n_passages} passages, but dense, lexical, tokens, sentences, terms have {sizes}"
                )
            return cls(manifest, connection, dense, lexical, tokens, sentences, terms)
        except (OSError, ValueError, RuntimeError, sqlite3.Error) as error:
            raise _damaged(manifest, f"{type(error).__name__}: {error}") from error

    @property
    def build_id(self) -> str:
        """Id of this build."""
        return self.manifest.build_id

    def close(self) -> None:
        """Close the file handles; the index cannot be used after."""
        with self._lock:
            self._connection.close()

    def _query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def __len__(self) -> int:
        return self.manifest.n_passages

    def documents(self) -> list[DocumentInfo]:
        """All documents, by id."""
        rows = self._query(
            "SELECT doc_id, title, lang, sha256, n_chars, n_passages, n_pages FROM documents ORDER BY doc_id"
        )
        return [
            DocumentInfo(
                d, t, lang, sha, n_chars, n, pages or None, PurePosixPath(d).suffix.lower()
            )
            for d, t, lang, sha, n_chars, n, pages in rows
        ]

    def title(self, doc_id: str) -> str:
        """Title of a document.

        :raises UnknownDocumentError: when this build has none of that id.
        """
        rows = self._query("SELECT title FROM documents WHERE doc_id = ?", doc_id)
        if not rows:
            raise _unknown(doc_id)
        return str(rows[0][0])

    def document(self, doc_id: str) -> Document:
        """A document with its text.

        :raises UnknownDocumentError: when this build has none of that id.
        """
        rows = self._query(
            "SELECT title, lang, text, page_starts, headings, sha256 FROM documents WHERE doc_id = ?",
            doc_id,
        )
        if not rows:
            raise _unknown(doc_id)
        title, lang, text, pages, headings, sha256 = rows[0]
        return Document(
            doc_id=doc_id,
            title=title,
            lang=lang,
            text=text,
            page_starts=tuple(json.loads(pages)),
            headings=tuple(Heading(*h) for h in json.loads(headings)),
            sha256=sha256,
        )

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of those rows, in that order."""
        wanted = [int(r) for r in rows]
        found = {}
        for at in range(0, len(wanted), 500):
            part = wanted[at : at + 500]
            marks = ",".join("?" * len(part))
            # substr counts code points from 1, as our offsets do from 0
            for row, doc_id, start, end, lang, heading, text in self._query(
                "SELECT p.row, d.doc_id, p.start, p.end, p.lang, p.heading,"
                " substr(d.text, p.start + 1, p.end - p.start)"
                f" FROM passages p JOIN documents d ON d.doc = p.doc WHERE p.row IN ({marks})",
                *part,
            ):
                passage_id = f"{doc_id}#char={start},{end}"
                found[row] = Passage(passage_id, doc_id, start, end, text, lang, heading)
        return [found[r] for r in wanted]

    def places(self, rows: Sequence[int]) -> list[Place]:
        """The passages of those rows with title, page and section, in that order."""
        outlines: dict[str, Document] = {}
        found = []
        for passage in self.passages(rows):
            outline = outlines.get(passage.doc_id)
            if outline is None:
                outline = outlines[passage.doc_id] = self._outline(passage.doc_id)
            found.append(
                Place(
                    passage,
                    outline.title,
                    outline.page_at(passage.start),
                    outline.heading_path(passage.start),
                )
            )
        return found

    def _outline(self, doc_id: str) -> Document:
        """A document without its text."""
        title, lang, pages, headings, sha256 = self._query(
            "SELECT title, lang, page_starts, headings, sha256 FROM documents WHERE doc_id = ?",
            doc_id,
        )[0]
        marks = tuple(Heading(*h) for h in json.loads(headings))
        return Document(doc_id, title, lang, "", tuple(json.loads(pages)), marks, sha256)

    def passages_of(self, doc_id: str) -> range:
        """Rows of a document's passages, in text order.

        :raises UnknownDocumentError: when this build has none of that id.
        """
        if doc_id not in self._ranges:
            raise _unknown(doc_id)
        return range(*self._ranges[doc_id])

    def rows_where(self, languages: Sequence[str] = (), doc_ids: Sequence[str] = ()) -> Rows | None:
        """Rows of passages in those languages and documents, ascending; None when nothing is asked.

        :raises UnknownDocumentError: for a document this build does not have.
        """
        if not languages and not doc_ids:
            return None
        kept = np.ones(len(self), dtype=bool)
        if doc_ids:
            kept[:] = False
            for doc_id in doc_ids:
                rows = self.passages_of(doc_id)
                kept[rows.start : rows.stop] = True
        if languages:
            codes = [LANGS.index(lang) for lang in LANGS if lang in languages]
            kept &= np.isin(self.lexical.langs, codes)
        return np.flatnonzero(kept).astype(np.int64)


def _unknown(doc_id: str) -> UnknownDocumentError:
    return UnknownDocumentError(
        f"there is no document {doc_id!r} in the active build; see GET /v1/documents for those there are"
    )


def _connect(path: Path) -> sqlite3.Connection:
    uri = path.resolve().as_uri() + "?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    connection.execute("PRAGMA mmap_size = 268435456")
    return connection


def _probe(encoder: Encoder) -> npt.NDArray[np.float32]:
    return encoder.encode_passages(list(PROBES))


def _check_encoder(manifest: Manifest, encoder: Encoder) -> None:
    made_by, ours = manifest.encoder, encoder.card
    advice = f"run `fuente build` with this encoder, or start with FUENTE_ENCODER={made_by.name}"
    if made_by.dim != ours.dim:
        raise IncompatibleIndexError(
            f"build {manifest.build_id} was made by {made_by.name} with {made_by.dim} dimensions, "
            f"the encoder {ours.name} has {ours.dim}; {advice}"
        )
    if made_by.fingerprint != ours.fingerprint:
        raise IncompatibleIndexError(
            f"build {manifest.build_id} was made by {made_by.name} (revision {made_by.revision}), "
            f"the encoder is {ours.name} (revision {ours.revision}); {advice}"
        )
    cosines = np.sum(_probe(encoder) * np.array(manifest.probe, dtype=np.float32), axis=1)
    if float(cosines.min()) < _PROBE_MIN_COSINE:
        raise IncompatibleIndexError(
            f"the encoder {ours.name} gives other vectors than when build {manifest.build_id} was made "
            f"(cosine {float(cosines.min()):.3f} on a fixed sentence, expected at least {_PROBE_MIN_COSINE}); {advice}"
        )


# --------------------------------------------------------------------------- list, activate, prune


def list_builds(data: Path) -> list[BuildInfo]:
    """All complete builds, newest first."""
    active = current_build_id(data)
    found = []
    folder = data / "builds"
    names = (
        sorted((p.name for p in folder.glob("*") if p.is_dir()), reverse=True)
        if folder.is_dir()
        else []
    )
    for name in names:
        if name.startswith("."):
            continue
        layout = BuildLayout(folder / name)
        size = _size_of(layout.folder)
        try:
            manifest = Manifest.read(layout.manifest)
            _verify(layout, manifest, checksums=False)
        except FuenteError as error:
            found.append(BuildInfo(name, "", name == active, 0, 0, "", size, str(error)))
            continue
        found.append(
            BuildInfo(
                name,
                manifest.created_at,
                name == active,
                manifest.n_documents,
                manifest.n_passages,
                manifest.encoder.name,
                size,
                None,
            )
        )
    return found


def _size_of(folder: Path) -> int:
    """Bytes of the files in a folder; of one that another process is removing, of those still there."""
    total = 0
    for path in folder.glob("*"):
        with contextlib.suppress(FileNotFoundError):
            total += path.stat().st_size
    return total


def activate(data: Path, build_id: str) -> None:
    """Make a build the active one, after checking every byte of it.

    :raises UnknownBuildError: when there is no such build.
    :raises DamagedIndexError: when it is not what was written; the active build stays.
    """
    layout = _layout(data, build_id)
    _verify(layout, Manifest.read(layout.manifest), checksums=True)
    _name_current(data, build_id)


def _name_current(data: Path, build_id: str) -> None:
    partial = data / ".CURRENT.partial"
    with partial.open("w", encoding="utf-8") as file:
        file.write(build_id + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, data / "CURRENT")
    _fsync_folder(data)


def prune(data: Path, keep: int = _KEEP_BUILDS) -> list[str]:
    """Remove all but the ``keep`` newest builds, never the active one; gives the ids removed."""
    with _build_lock(data):
        return _prune(data, keep)


def _prune(data: Path, keep: int) -> list[str]:
    active = current_build_id(data)
    names = sorted((p.name for p in (data / "builds").glob("[!.]*") if p.is_dir()), reverse=True)
    others = [n for n in names if n != active]
    removed = []
    for name in others[max(0, keep - 1) :]:
        # Renamed first: a removal cut short must not leave half a build under its name
        gone = data / "builds" / f".{name}.removed"
        os.rename(data / "builds" / name, gone)
        shutil.rmtree(gone, ignore_errors=True)
        removed.append(name)
    return removed


@contextlib.contextmanager
def _build_lock(data: Path) -> Iterator[None]:
    (data / "builds").mkdir(parents=True, exist_ok=True)
    with (data / "builds" / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BuildRunningError(
                f"another process is building in {data}; wait for it to end, then try again"
            ) from error
        yield


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --------------------------------------------------------------------------- build


def build(
    data: Path,
    encoder: Encoder,
    *,
    splitting: Splitting | None = None,
    full: bool = False,
    dry_run: bool = False,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> BuildReport:
    """Bring the index up to date with the documents folder and activate the result.

    Unchanged documents are taken from the active build, unchanged passages keep their vectors; ``full`` does
    all of it anew. When nothing changed, no build is written and the active one is reported.

    :raises BuildRunningError: when another process is building here.
    :raises BuildCancelled: when ``cancelled`` said so; what was encoded is kept.
    :raises StoreError: when the build cannot be written (a full disk, say); the active build goes on serving.
    :raises EncoderError: when a vector is not finite.
    """
    report = progress or (lambda _: None)
    stop = cancelled or (lambda: False)
    if splitting is None:
        splitting = Splitting(
            max_tokens=max(8, min(Splitting().max_tokens, encoder.card.max_tokens - 60))
        )
    try:
        with _build_lock(data):
            return _build(data, encoder, splitting, full, dry_run, report, stop, now)
    except (OSError, sqlite3.Error) as error:
        full_disk = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or (
            getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        )
        what = "the disk is full" if full_disk else f"{type(error).__name__}: {error}"
        raise StoreError(
            f"the build could not be written in {data}: {what}; the build before it goes on serving, "
            "make room and run `fuente build` again"
        ) from error


def _build(
    data: Path,
    encoder: Encoder,
    splitting: Splitting,
    full: bool,
    dry_run: bool,
    report: Callable[[Progress], None],
    stop: Callable[[], bool],
    now: Callable[[], datetime],
) -> BuildReport:
    began = time.monotonic()
    builds = data / "builds"
    for leftover in [*builds.glob(".*.partial"), *builds.glob(".*.removed")]:
        shutil.rmtree(leftover, ignore_errors=True)

    report(Progress("scan", 0, 0))
    previous = None if full else _previous(data, encoder, splitting)
    before = {s.doc_id: s for s in previous.manifest.sources} if previous else {}
    (data / "documents").mkdir(parents=True, exist_ok=True)
    collection = Collection(data / "documents")
    scan = collection.scan(known=before)
    plan = _plan(before, scan)
    if dry_run or (
        previous
        and not plan.added
        and not plan.changed
        and not plan.removed
        and _same_skips(previous, scan)
    ):
        return BuildReport(
            build_id=None if dry_run or not previous else previous.build_id,
            added=plan.added,
            changed=plan.changed,
            removed=plan.removed,
            kept=plan.kept,
            skipped=previous.manifest.skipped if previous and not dry_run else scan.skipped,
            n_documents=previous.manifest.n_documents
            if previous and not dry_run
            else len(scan.sources),
            n_passages=previous.manifest.n_passages if previous and not dry_run else 0,
            n_encoded=0,
            seconds=time.monotonic() - began,
        )

    documents, passages, sources, skipped = _read_documents(
        collection, scan, previous, set(plan.kept), encoder, splitting, report, stop
    )
    journal = _Journal(builds / f".encoding-{encoder.card.fingerprint}.sqlite")
    try:
        keys = [_key(encoder, p) for p in passages]
        vectors, codes, n_encoded = _encode(
            encoder, passages, keys, previous, journal, report, stop
        )
    finally:
        journal.close()

    created = now()
    build_id = _new_id(builds, created, keys)
    partial = BuildLayout(builds / f".{build_id}.partial")
    partial.folder.mkdir()
    try:
        report(Progress("write", 0, len(passages)))
        _write(
            partial, build_id, created, encoder, splitting,
            documents, passages, keys, vectors, codes, sources, skipped,
        )  # fmt: skip
        report(Progress("check", 0, 1))
        _self_check(partial)
        if stop():
            raise BuildCancelled(
                "the build was cancelled; what was encoded is kept for the next one"
            )
        os.rename(partial.folder, builds / build_id)
        _fsync_folder(builds)
    except BaseException:
        shutil.rmtree(partial.folder, ignore_errors=True)
        raise
    report(Progress("activate", 0, 1))
    _name_current(data, build_id)
    journal.remove()
    _prune(data, _KEEP_BUILDS)
    if previous:
        previous.close()
    report(Progress("activate", 1, 1))
    left_out = {skip.doc_id for skip in skipped}
    return BuildReport(
        build_id=build_id,
        added=tuple(d for d in plan.added if d not in left_out),
        changed=tuple(d for d in plan.changed if d not in left_out),
        removed=plan.removed,
        kept=plan.kept,
        skipped=tuple(skipped),
        n_documents=len(documents),
        n_passages=len(passages),
        n_encoded=n_encoded,
        seconds=time.monotonic() - began,
    )


def index_documents(
    documents: Sequence[Document],
    encoder: Encoder,
    folder: Path,
    splitting: Splitting | None = None,
) -> Index:
    """An index of documents that are not files, written to ``folder`` (which must be empty) and opened."""
    options = splitting or Splitting()
    passages = [p for d in documents for p in split(d, encoder.count_tokens, options)]
    keys = [_key(encoder, p) for p in passages]
    journal = _Journal(folder / ".encoding.sqlite")
    vectors, codes, _ = _encode(
        encoder, passages, keys, None, journal, lambda _: None, lambda: False
    )
    journal.close()
    journal.remove()
    layout = BuildLayout(folder)
    _write(
        layout, folder.name, datetime.now(UTC), encoder, options,
        documents, passages, keys, vectors, codes, [], [],
    )  # fmt: skip
    return Index._open(layout, None)


def _write(
    layout: BuildLayout,
    build_id: str,
    created: datetime,
    encoder: Encoder,
    splitting: Splitting,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    keys: Sequence[bytes],
    vectors: npt.NDArray[np.float32],
    codes: Sequence[PassageCodes],
    sources: Sequence[Source],
    skipped: Sequence[Skipped],
) -> None:
    """Write a build's files and flush them to disk, the manifest last."""
    _write_documents(layout.documents, documents, passages, keys)
    DenseIndex.build(vectors).save(layout.dense)
    analysed = ((p.lang, language.terms(embedded_text(p), p.lang)) for p in passages)
    LexicalIndex.build(analysed).save(layout.folder)
    late_dim = codes[0].tokens.codes.shape[1] * 4 if codes else 4
    TokenIndex.build([c.tokens for c in codes], late_dim).save(layout.folder)
    SentenceIndex.build([c.sentences for c in codes], encoder.card.dim).save(layout.folder)
    TermIndex.build(
        (p.lang, _terms_by_sentence(p, c.sentences)) for p, c in zip(passages, codes, strict=True)
    ).save(layout.folder)
    for path in layout.files():
        _fsync_file(path)
    Manifest(
        format=FORMAT,
        build_id=build_id,
        created_at=created.isoformat(timespec="seconds"),
        encoder=encoder.card,
        splitting=splitting,
        n_documents=len(documents),
        n_passages=len(passages),
        languages=dict(sorted(Counter(p.lang for p in passages).items())),
        sources=tuple(sources),
        skipped=tuple(skipped),
        files={p.name: (_sha256(p), p.stat().st_size) for p in layout.files()},
        probe=tuple(tuple(round(float(x), 5) for x in row) for row in _probe(encoder)),
    ).write(layout.manifest)
    _fsync_file(layout.manifest)
    _fsync_folder(layout.folder)


def _fsync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _previous(data: Path, encoder: Encoder, splitting: Splitting) -> Index | None:
    """The active build, if this build can take anything from it."""
    try:
        index = Index.open(data, encoder)
    except StoreError:
        return None
    if index.manifest.splitting != splitting:
        index.close()
        return None
    return index


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


def _same_skips(previous: Index, scan: Scan) -> bool:
    # Files that could not be parsed are tried again only when they change; those a scan skips are listed anew
    scanned = {s.doc_id for s in previous.manifest.sources}
    return {s for s in previous.manifest.skipped if s.doc_id not in scanned} == set(scan.skipped)


def _read_documents(
    collection: Collection,
    scan: Scan,
    previous: Index | None,
    kept: set[str],
    encoder: Encoder,
    splitting: Splitting,
    report: Callable[[Progress], None],
    stop: Callable[[], bool],
) -> tuple[list[Document], list[Passage], list[Source], list[Skipped]]:
    documents: list[Document] = []
    passages: list[Passage] = []
    sources: list[Source] = []
    skipped = list(scan.skipped)
    skipped_before = {s.doc_id: s for s in previous.manifest.skipped} if previous else {}
    for n, source in enumerate(scan.sources):
        report(Progress("parse", n, len(scan.sources)))
        if stop():
            raise BuildCancelled("the build was cancelled before anything was encoded")
        if previous and source.doc_id in kept:
            sources.append(source)
            if source.doc_id in skipped_before:
                skipped.append(skipped_before[source.doc_id])
                continue
            documents.append(previous.document(source.doc_id))
            passages += previous.passages(previous.passages_of(source.doc_id))
            continue
        try:
            content = collection.read(source.doc_id)
        except CorpusError as error:
            # Vanished or closed to us since the scan: not a source of this build, so the next one tries again
            skipped.append(Skipped(source.doc_id, str(error)))
            continue
        try:
            document = parse(content, source.doc_id)
        except CorpusError as error:
            skipped.append(Skipped(source.doc_id, str(error)))
            sources.append(source)
            continue
        sources.append(Source(source.doc_id, document.sha256, len(content), source.modified_ns))
        documents.append(document)
        passages += split(document, encoder.count_tokens, splitting)
    report(Progress("parse", len(scan.sources), len(scan.sources)))
    return documents, passages, sources, sorted(skipped, key=lambda s: s.doc_id)


def embedded_text(passage: Passage) -> str:
    """What is encoded and analysed for a passage: its heading, a line end, its text."""
    return f"{passage.heading}\n{passage.text}" if passage.heading else passage.text


def _terms_by_sentence(passage: Passage, sentences: SentenceCodes) -> list[list[str]]:
    """The terms of a passage's heading, then of each of its sentences."""
    parts = [passage.heading, *(passage.text[a:b] for a, b in sentences.spans.tolist())]
    return [language.terms(part, passage.lang) for part in parts]


def _key(encoder: Encoder, passage: Passage) -> bytes:
    content = f"{encoder.card.fingerprint}\0{passage.lang}\0{embedded_text(passage)}"
    return hashlib.sha256(content.encode()).digest()[:16]


@dataclass(frozen=True, slots=True)
class PassageCodes:
    """What is stored of a passage beside its vector."""

    tokens: TokenCodes
    sentences: SentenceCodes


def _encode(
    encoder: Encoder,
    passages: Sequence[Passage],
    keys: Sequence[bytes],
    previous: Index | None,
    journal: _Journal,
    report: Callable[[Progress], None],
    stop: Callable[[], bool],
) -> tuple[npt.NDArray[np.float32], list[PassageCodes], int]:
    """float32[n, dim] vectors and codes of all passages, and how many were encoded now."""
    vectors = np.zeros((len(passages), encoder.card.dim), dtype=np.float32)
    codes: list[PassageCodes | None] = [None] * len(passages)
    known: dict[bytes, int] = {}
    if previous:
        known = {bytes(k): r for k, r in previous._query("SELECT key, row FROM passages")}
    rows = np.array([known.get(k, -1) for k in keys], dtype=np.int64)
    reused = np.flatnonzero(rows >= 0)
    if previous and len(reused):
        vectors[reused] = previous.dense.vectors(rows[reused])
        for i in reused.tolist():
            row = int(rows[i])
            codes[i] = PassageCodes(previous.tokens.codes_of(row), previous.sentences.codes_of(row))
    missing: list[int] = []
    for i in np.flatnonzero(rows < 0).tolist():
        saved = journal.get(keys[i])
        if saved is None:
            missing.append(i)
        else:
            vectors[i], codes[i] = saved
    began = time.monotonic()
    for at in range(0, len(missing), _ENCODE_BATCH):
        if stop():
            raise BuildCancelled(
                f"the build was cancelled with {at} of {len(missing)} passages encoded; they are kept for the next one"
            )
        batch = missing[at : at + _ENCODE_BATCH]
        eta_s = (time.monotonic() - began) / at * (len(missing) - at) if at else None
        report(Progress("encode", at, len(missing), eta_s))
        encoded = encoder.encode_tokens([embedded_text(passages[i]) for i in batch], "passage")
        spans = [language.sentences(passages[i].text) for i in batch]
        told = encoder.encode_passages(
            [passages[i].text[a:b] for i, cut in zip(batch, spans, strict=True) for a, b in cut]
        )
        unusable = sum(not np.isfinite(result.vector).all() for result in encoded)
        unusable += int((~np.isfinite(told).all(axis=1)).sum())
        if unusable:
            # said before the journal has them, or the next build would take them from there
            raise EncoderError(
                f"the encoder {encoder.card.name} gave {unusable} vectors that are not finite numbers; "
                "expected unit vectors; set FUENTE_ENCODER to another encoder"
            )
        first = 0
        for i, result, cut in zip(batch, encoded, spans, strict=True):
            passage = passages[i]
            heading_chars = len(passage.heading) + 1 if passage.heading else 0
            # Stored as half floats, so what is kept from build to build and what is fresh are the same
            vectors[i] = result.vector.astype(np.float16)
            codes[i] = PassageCodes(
                compress(embedded_text(passage), heading_chars, result, passage.lang),
                compress_sentences(told[first : first + len(cut)], cut),
            )
            first += len(cut)
        journal.put([(keys[i], vectors[i], codes[i]) for i in batch])
    report(Progress("encode", len(missing), len(missing)))
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
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS encoded (key BLOB PRIMARY KEY, vector BLOB, width INTEGER, codes BLOB,"
            " starts BLOB, sentences BLOB, spans BLOB) WITHOUT ROWID"
        )
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

    def put(
        self, entries: Sequence[tuple[bytes, npt.NDArray[np.float32], PassageCodes | None]]
    ) -> None:
        """Keep a batch, durably."""
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO encoded VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        key,
                        vector.astype(np.float16).tobytes(),
                        c.tokens.codes.shape[1],
                        c.tokens.codes.tobytes(),
                        c.tokens.starts.tobytes(),
                        c.sentences.codes.tobytes(),
                        c.sentences.spans.tobytes(),
                    )
                    for key, vector, c in entries
                    if c is not None
                ],
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def remove(self) -> None:
        """Delete the file and what SQLite keeps beside it."""
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)


def _new_id(builds: Path, created: datetime, keys: Sequence[bytes]) -> str:
    """Sortable by time, and told apart by content: ``20261122T131500Z-1f3a9c``."""
    digest = hashlib.sha256(b"".join(keys)).hexdigest()[:6]
    stamp = created.astimezone(UTC).strftime("%Y%m%dT%H%M%S")
    build_id, n = f"{stamp}Z-{digest}", 1
    while (builds / build_id).exists():
        n += 1
        build_id = f"{stamp}Z-{digest}-{n}"
    return build_id


def _write_documents(
    path: Path, documents: Sequence[Document], passages: Sequence[Passage], keys: Sequence[bytes]
) -> None:
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(
            """
            CREATE TABLE documents (
                doc INTEGER PRIMARY KEY, doc_id TEXT UNIQUE NOT NULL, title TEXT NOT NULL, lang TEXT NOT NULL,
                text TEXT NOT NULL, n_chars INTEGER NOT NULL, page_starts TEXT NOT NULL, n_pages INTEGER NOT NULL,
                headings TEXT NOT NULL, sha256 TEXT NOT NULL, first_row INTEGER NOT NULL, n_passages INTEGER NOT NULL
            );
            CREATE TABLE passages (
                row INTEGER PRIMARY KEY, doc INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
                lang TEXT NOT NULL, heading TEXT NOT NULL, key BLOB NOT NULL
            );
            """
        )
        counts = Counter(p.doc_id for p in passages)
        numbers, first = {}, 0
        for doc, d in enumerate(documents):
            numbers[d.doc_id] = doc
            headings = json.dumps(
                [list(asdict(h).values()) for h in d.headings], ensure_ascii=False
            )
            connection.execute(
                "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    doc,
                    d.doc_id,
                    d.title,
                    d.lang,
                    d.text,
                    len(d.text),
                    json.dumps(d.page_starts),
                    len(d.page_starts),
                    headings,
                    d.sha256,
                    first,
                    counts[d.doc_id],
                ),
            )
            first += counts[d.doc_id]
        connection.executemany(
            "INSERT INTO passages VALUES (?,?,?,?,?,?,?)",
            (
                (row, numbers[p.doc_id], p.start, p.end, p.lang, p.heading, key)
                for row, (p, key) in enumerate(zip(passages, keys, strict=True))
            ),
        )
        connection.commit()
    finally:
        connection.close()


def _self_check(layout: BuildLayout) -> None:
    """Open what was written; sample passages must be text, and find themselves."""
    index = Index._open(layout, None)
    try:
        n = len(index)
        rows = (
            np.unique(np.linspace(0, n - 1, min(n, 20)).astype(np.int64))
            if n
            else np.zeros(0, np.int64)
        )
        found = index.passages(rows.tolist())
        scores, _ = index.dense.search(index.dense.vectors(rows), 1)
        for passage, row, best in zip(found, rows, scores[:, 0] if n else [], strict=True):
            text = index.document(passage.doc_id).text
            own = float(np.sum(index.dense.vectors(np.array([row])) ** 2))
            if text[passage.start : passage.end] != passage.text or best < own - 1e-3:
                raise StoreError(
                    f"the new build failed its check: passage {passage.passage_id} does not find itself; "
                    "the build before it goes on serving, run `fuente build --full`"
                )
    finally:
        index.close()
