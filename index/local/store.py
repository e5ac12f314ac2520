"""The builds of an index: open one, list them, switch between them, remove old ones.

A build is a folder that is never changed once it has its final name (:mod:`index.local.build` makes it): a manifest, and one
folder for each segment it is made of. ``CURRENT`` names the active build and is replaced in one step.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from corpus.document import (
    Block,
    BuildRunningError,
    DamagedIndexError,
    Document,
    FuenteError,
    IncompatibleIndexError,
    Lang,
    NoIndexError,
    Passage,
    UnknownBuildError,
    UnknownDocumentError,
)
from corpus.languages import LANGS, PACKS
from corpus.storage import read_small, saving
from index.arrays import Numbering
from index.compatibility import FORMAT, check_encoder
from index.encoder import Encoder
from index.local.dense import DenseIndex
from index.local.lexical import LexicalIndex
from index.local.manifest import BuildLayout, Manifest
from index.local.parts import PARTS
from index.local.segment import Segment
from index.meeting import interact
from index.part import Part
from index.searchable import (
    KEEP_BUILDS,
    BuildInfo,
    DocumentInfo,
    Idfs,
    Interaction,
    Matches,
    Place,
    QueryTokens,
    Rows,
    Scores,
    Word,
    WordsByLang,
    WordWeight,
)
from index.sentences import SentenceIndex, TermIndex
from index.tokens import TokenIndex

# Checksums are verified on opening up to this size; above it, sizes on opening, checksums on activation.
_VERIFY_ON_OPEN_BYTES = 256 * 2**20
_MAX_ID_BYTES = 4096


_P = TypeVar("_P", bound=Part)


class LocalBuilds:
    """The builds of a data directory, for an engine: the active one serves."""

    def __init__(self, data: Path):
        self._data = data

    def current_id(self) -> str | None:
        """Id of the active build, None when there is none."""
        return current_build_id(self._data)

    def open(self, encoder: Encoder | None = None, build_id: str | None = None) -> Index:
        """The active build, or the one of that id; errors as :meth:`Index.open`."""
        return Index.open(self._data, encoder, build_id)

    def infos(self) -> list[BuildInfo]:
        """All complete builds, newest first."""
        return list_builds(self._data)

    def n_documents(self) -> int | None:
        """Documents of the active build, without opening it; None when there is none that could be read."""
        return n_documents(self._data)

    def activate(self, build_id: str) -> None:
        """Make a build the active one; errors as :func:`activate`."""
        activate(self._data, build_id)

    def prune(self, keep: int = KEEP_BUILDS) -> list[str]:
        """Remove all but the newest builds; see :func:`prune`."""
        return prune(self._data, keep)

    def close(self) -> None:
        """Nothing: no build is kept open."""


def current_build_id(data: Path) -> str | None:
    """Id of the active build, None when there is none.

    :raises DamagedIndexError: when what should name it cannot be read.
    """
    path = data / "CURRENT"
    try:
        return read_small(path, _MAX_ID_BYTES).decode("utf-8", "replace").strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise DamagedIndexError(
            f"{path} cannot be read ({error.strerror}); expected a file of one line with the id of a build: "
            "remove it and activate another build (`fuente builds list`) or run `fuente build`"
        ) from error


def n_documents(data: Path) -> int | None:
    """Documents of the active build, without opening it; None when there is no build that could be read."""
    try:
        build_id = current_build_id(data)
        return Manifest.read(_layout(data, build_id).manifest).n_documents if build_id else None
    except FuenteError:
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


def _kinds(manifest: Manifest) -> list[type[Part]]:
    lacking = manifest.lacking
    return [kind for kind in PARTS if kind not in lacking]


def _verify(layout: BuildLayout, manifest: Manifest, *, checksums: bool) -> None:
    for part in manifest.segments:
        for path in layout.segment(part.segment_id).files(_kinds(manifest)):
            digest, size = part.files.get(path.name, ("", -1))
            name = f"{part.segment_id}/{path.name}"
            try:
                found = path.stat().st_size
            except OSError as error:
                raise _damaged(manifest, f"{name} is missing") from error
            if found != size:
                raise _damaged(manifest, f"{name} has {found} bytes, expected {size}")
            if checksums and sha256_of(path) != digest:
                raise _damaged(manifest, f"{name} is not what was written (its checksum differs)")


def _damaged(manifest: Manifest, what: str) -> DamagedIndexError:
    return DamagedIndexError(
        f"build {manifest.build_id} is damaged: {what}; "
        "activate another build (`fuente builds list`) or run `fuente build --full`"
    )


def sha256_of(path: Path) -> str:
    """Hex digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Index:
    """One opened build; immutable, and safe to read from several threads.

    Rows are those of the passages by document id and then by place in the document, whatever segments hold them.
    """

    def __init__(self, folder: Path, manifest: Manifest, segments: Sequence[Segment]):
        self.folder = folder
        self.manifest = manifest
        self.segments = segments
        self._infos: list[DocumentInfo] | None = None
        gone = [frozenset(part.gone) for part in manifest.segments]
        places = sorted(
            (doc_id, number, first, n)
            for number, segment in enumerate(segments)
            for doc_id, (first, n) in segment.ranges.items()
            if doc_id not in gone[number]
        )
        self._documents: dict[str, tuple[int, range]] = {}
        numbers = [np.full(part.n_passages, -1, dtype=np.int32) for part in manifest.segments]
        row = 0
        for doc_id, number, first, n in places:
            if doc_id in self._documents:
                raise ValueError(f"two segments have the document {doc_id!r}")
            self._documents[doc_id] = (number, range(row, row + n))
            numbers[number][first : first + n] = np.arange(row, row + n, dtype=np.int32)
            row += n
        if row != manifest.n_passages:
            raise ValueError(f"{manifest.n_passages} passages, but the segments have {row}")
        self.numbering = Numbering(numbers)
        self._parts: dict[type[Part], Part] = {
            kind: kind.join([s.part(kind) for s in segments], self.numbering)
            for kind in _kinds(manifest)
        }
        self.dense = self._part(DenseIndex)
        self.lexical = self._part(LexicalIndex)
        self.tokens = self._part(TokenIndex)
        self.sentences = self._part(SentenceIndex)
        self.terms = self._part(TermIndex)

    @classmethod
    def open(
        cls,
        data: Path,
        encoder: Encoder | None = None,
        build_id: str | None = None,
        formats: Sequence[int] = (FORMAT,),
    ) -> Index:
        """The active build of a data directory, or the one of that id; of an older one of ``formats``, or one from before
        a leg that keeps something came, only vectors can be had.

        :raises NoIndexError: when nothing has been built.
        :raises DamagedIndexError: when a file is missing or is not what was written.
        :raises IncompatibleIndexError: when ``encoder`` is given and did not make this build.
        """
        chosen = build_id or current_build_id(data)
        if chosen is None:
            raise NoIndexError(f"nothing has been built in {data}; run `fuente build FOLDER`", data)
        try:
            layout = _layout(data, chosen)
        except UnknownBuildError as error:
            if build_id is not None:
                raise
            raise DamagedIndexError(
                f"CURRENT names build {chosen!r}, which is not there; "
                "activate another build (`fuente builds list`) or run `fuente build --full`"
            ) from error
        return cls.open_folder(layout, encoder, formats)

    @classmethod
    def open_folder(
        cls,
        layout: BuildLayout,
        encoder: Encoder | None = None,
        formats: Sequence[int] = (FORMAT,),
    ) -> Index:
        """The build in a folder of any name; the same errors as :meth:`open`."""
        manifest = Manifest.read(layout.manifest, formats)
        if manifest.lacking and len(formats) == 1:
            names = ", ".join(name for kind in manifest.lacking for name in kind.file_names())
            raise IncompatibleIndexError(
                f"build {manifest.build_id} was made before there was {names}; run `fuente build`, which makes it anew"
            )
        if manifest.packs != tuple(PACKS) and len(formats) == 1:
            raise IncompatibleIndexError(
                f"build {manifest.build_id} was made for the languages {', '.join(manifest.packs)}, "
                f"this version knows {', '.join(PACKS)}; run `fuente build`, which makes it anew"
            )
        _verify(layout, manifest, checksums=manifest.size_bytes <= _VERIFY_ON_OPEN_BYTES)
        if encoder is not None:
            check_encoder(manifest.build_id, manifest.encoder, manifest.probe, encoder)
        segments: list[Segment] = []
        try:
            for part in manifest.segments:
                segment_layout = layout.segment(part.segment_id)
                segments.append(Segment(segment_layout, part.n_passages, _kinds(manifest)))
            return cls(layout.folder, manifest, segments)
        except (OSError, ValueError, RuntimeError, sqlite3.Error) as error:
            for segment in segments:
                segment.close()
            raise _damaged(manifest, f"{type(error).__name__}: {error}") from error

    @property
    def build_id(self) -> str:
        """Id of this build."""
        return self.manifest.build_id

    def _part(self, kind: type[_P]) -> _P:
        found = self._parts[kind]
        assert isinstance(found, kind)
        return found

    def part(self, kind: type[_P]) -> _P | None:
        """What a leg had the index keep of its passages; None where it was made without."""
        return self._part(kind) if kind in self._parts else None

    def close(self) -> None:
        """Close the file handles; the index cannot be used after."""
        for segment in self.segments:
            segment.close()

    def __len__(self) -> int:
        return self.manifest.n_passages

    @property
    def vectors_away(self) -> bool:
        """Never: they are files of this machine."""
        return False

    def __contains__(self, doc_id: str) -> bool:
        return doc_id in self._documents

    def documents(self) -> list[DocumentInfo]:
        """All documents, by id."""
        if self._infos is None:
            self._infos = self._read_infos()
        return list(self._infos)

    def _read_infos(self) -> list[DocumentInfo]:
        found = [
            DocumentInfo(
                d, t, lang, sha, n_chars, n, pages or None, PurePosixPath(d).suffix.lower()
            )
            for number, segment in enumerate(self.segments)
            for d, t, lang, sha, n_chars, n, pages in segment.facts()
            if self._documents.get(d, (-1,))[0] == number
        ]
        return sorted(found, key=lambda info: info.doc_id)

    def document(self, doc_id: str, *, blocks: bool = True) -> Document:
        """A document with its text, and its blocks unless they are not wanted.

        :raises UnknownDocumentError: when this build has none of that id.
        """
        segment = self._segment(doc_id)
        return segment.document(doc_id) if blocks else segment.plain(doc_id)

    def _segment(self, doc_id: str) -> Segment:
        if doc_id not in self._documents:
            raise _unknown(doc_id)
        return self.segments[self._documents[doc_id][0]]

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of those rows, in that order."""
        wanted = np.asarray(rows, dtype=np.int64)
        found: list[Passage | None] = [None] * len(wanted)
        for number, at, local in self.numbering.split(wanted):
            held = self.segments[number].passages(local.tolist())
            for place, passage in zip(at.tolist(), held, strict=True):
                found[place] = passage
        return [passage for passage in found if passage is not None]

    def places(self, rows: Sequence[int]) -> list[Place]:
        """The passages of those rows with title, page and section, in that order."""
        found = []
        for passage in self.passages(rows):
            outline = self._segment(passage.doc_id).outline(passage.doc_id)
            found.append(
                Place(
                    passage,
                    outline.title,
                    outline.page_at(passage.start),
                    outline.heading_path(passage.start),
                    outline.ocr_confidence_at(passage.start),
                )
            )
        return found

    def blocks(self, row: int) -> tuple[Block, ...]:
        """The blocks that a passage has a part of, and those that hold them, in text order; spans are of the document's text,
        ``parent`` is a place in this tuple."""
        number, local = self.numbering.place(row)
        return self.segments[number].blocks(local)

    def passages_of(self, doc_id: str) -> range:
        """Rows of a document's passages, in text order.

        :raises UnknownDocumentError: when this build has none of that id.
        """
        if doc_id not in self._documents:
            raise _unknown(doc_id)
        return self._documents[doc_id][1]

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

    def langs(self, rows: Rows) -> npt.NDArray[np.uint8]:
        """uint8[n], the language of each passage as its place in ``LANGS``."""
        return self.lexical.langs[rows]

    def sentence_terms(self, row: int) -> list[frozenset[int]]:
        """The terms of a passage's heading, then of each of its sentences in text order."""
        return self.terms.of(row)

    def nearest(self, vector: npt.NDArray[np.float32], k: int, allowed: Rows | None = None) -> Rows:
        """int64[k'], the passages with the highest cosine to a unit vector."""
        rows: Rows = self.dense.search(vector[None, :], k, allowed)[1][0]
        return rows

    def cosines(self, vector: npt.NDArray[np.float32], rows: Rows) -> Scores:
        """float32[n], the cosines of those passages with a unit vector."""
        # not @, which would hand so small a product to several threads
        scores: Scores = np.einsum("ij,j->i", self.dense.vectors(rows), vector)
        return scores

    def weight(self, lang: Lang, word: Word, prior: float | None = None) -> WordWeight:
        """What a word is worth among one language's passages."""
        return self.lexical.weight(lang, word, prior)

    def matching(
        self,
        words: WordsByLang,
        k: int,
        allowed: Rows | None = None,
        *,
        idfs: Idfs | None = None,
        also: Rows | None = None,
    ) -> Matches:
        """The best k passages that share a word with the question, and the scores of ``also``."""
        return self.lexical.search(words, k, allowed, idfs=idfs, also=also)

    def meet(
        self, tokens: QueryTokens, vector: npt.NDArray[np.float32], rows: Sequence[int]
    ) -> list[Interaction]:
        """How the question meets each of those passages, in their order."""
        return interact(tokens, vector, self.tokens, self.sentences, rows)

    def documents_in(self, segment: int) -> Mapping[str, range]:
        """The documents of this build that a segment holds, with their rows."""
        return {d: rows for d, (number, rows) in self._documents.items() if number == segment}


def _unknown(doc_id: str) -> UnknownDocumentError:
    return UnknownDocumentError(
        f"there is no document {doc_id!r} in the active build; the list of documents shows those there are"
    )


# --------------------------------------------------------------------------- list, activate, prune


def list_builds(data: Path) -> list[BuildInfo]:
    """All complete builds, newest first."""
    try:
        active = current_build_id(data)
    except DamagedIndexError:
        active = None
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
    """Bytes of the files in a folder, of a file that n builds share an n-th; of a folder that another process is removing,
    of the files still there."""
    total = 0.0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            facts = path.lstat()
            if not path.is_dir():
                total += facts.st_size / facts.st_nlink
    return round(total)


def activate(data: Path, build_id: str) -> None:
    """Make a build the active one, after checking every byte of it.

    :raises UnknownBuildError: when there is no such build.
    :raises DamagedIndexError: when it is not what was written; the active build stays.
    :raises StorageError: when the disk refuses; likewise.
    """
    layout = _layout(data, build_id)
    _verify(layout, Manifest.read(layout.manifest), checksums=True)
    with saving(f"that build {build_id} is the active one"):
        make_active(data, build_id)


def make_active(data: Path, build_id: str) -> None:
    """Name a build in ``CURRENT``.

    :raises UnknownBuildError: when it has been removed.
    """
    partial = data / ".CURRENT.partial"
    with _switching(data):
        _layout(data, build_id)
        with partial.open("w", encoding="utf-8") as file:
            file.write(build_id + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, data / "CURRENT")
        fsync_folder(data)


def prune(data: Path, keep: int = KEEP_BUILDS) -> list[str]:
    """Remove all but the ``keep`` newest builds, never the active one; gives the ids removed.

    :raises BuildRunningError: when another process is building here, StorageError when the disk refuses.
    """
    with saving("that old builds are removed"), build_lock(data):
        return remove_old(data, keep)


def remove_old(data: Path, keep: int = KEEP_BUILDS) -> list[str]:
    """:func:`prune` for a caller that holds the build lock."""
    builds = data / "builds"
    removed = []
    with _switching(data):
        active = current_build_id(data)
        names = sorted((p.name for p in builds.glob("[!.]*") if p.is_dir()), reverse=True)
        others = [n for n in names if n != active]
        # A build of nothing may be a mistake: the last one with documents is the way back
        holding = next((n for n in (active, *others) if n and _holds_documents(builds / n)), None)
        for name in others[max(0, keep - 1) :]:
            if name == holding:
                continue
            # Renamed first: a removal cut short must not leave half a build under its name
            os.rename(builds / name, builds / f".{name}.removed")
            removed.append(name)
    for name in removed:
        shutil.rmtree(builds / f".{name}.removed", ignore_errors=True)
    return removed


def _holds_documents(folder: Path) -> bool:
    try:
        return Manifest.read(BuildLayout(folder).manifest).n_documents > 0
    except (FuenteError, OSError):
        return False


@contextlib.contextmanager
def _switching(data: Path) -> Iterator[None]:
    """What names a build and what removes builds wait for each other."""
    with (data / "builds" / ".switching").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def build_lock(data: Path) -> Iterator[None]:
    """Held by the one process that builds in a data directory.

    :raises BuildRunningError: when another one holds it.
    """
    # Not the data directory itself: where it is missing, its disk is not mounted
    (data / "builds").mkdir(exist_ok=True)
    with (data / "builds" / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BuildRunningError(
                f"another process is building in {data}; wait for it to end, then try again"
            ) from error
        yield


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
