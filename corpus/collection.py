"""The user's folder of documents: what is in it, and putting files in and out safely.

A doc_id is the POSIX path of a file below the folder, in NFC; names of a folder that would be the same then have a number. Nothing
here ever follows a name or a link out of the folder, and a file is replaced as a whole or not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import re
import secrets
import stat
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from corpus.document import (
    CorpusError,
    DocumentExistsError,
    Skipped,
    Source,
    StorageError,
    UnknownDocumentError,
    UnreadableDocumentError,
    UnsafePathError,
    UnsupportedFormatError,
)
from corpus.parse import MAX_BYTES, SUFFIXES, unsupported
from corpus.readers.draft import western
from corpus.storage import saving, storage_error

MAX_PART_BYTES: Final = 255
"""Longest file or folder name, bytes of UTF-8; the limit of common file systems."""

MAX_ID_BYTES: Final = 1024
"""Longest doc_id, bytes of UTF-8."""

_CHUNK_BYTES: Final = 2**20
# Word's mark that a file is open, and what Windows keeps of a folder.
_LEFT_BY_PROGRAMS = re.compile(r"~\$.*|Thumbs\.db|desktop\.ini", re.IGNORECASE)
# What a service keeps beside its documents: who builds "." need not see the questions and keys of ./data among the answers.
_OF_A_SERVICE = re.compile(
    r"builds|collections|documents|asked(?:\.moved)?"
    r"|(?:audit|calibration|decided|feedback|keys|keys-used|moved|suggested_questions)(?:\.\d+|\.moved)?\.jsonl?"
)
# What a save that was killed has left: nobody takes an hour to write one file.
_PARTIAL = re.compile(r"\.[0-9a-f]{16}\.partial")
_PARTIAL_AGE_S: Final = 3_600


@dataclass(frozen=True, slots=True)
class Scan:
    """What one scan found: ``sources`` and ``skipped``, each sorted by doc_id."""

    sources: tuple[Source, ...]
    skipped: tuple[Skipped, ...]


class Readable(Protocol):
    """The documents that a build is made of."""

    @property
    def place(self) -> str:
        """Where they are, as it may be told."""
        ...

    def expect(self, n: int, *, may_be_gone: bool) -> None:
        """Have a place for documents, before a build of which the one before has ``n``.

        :raises StoreError: when nothing is there and ``n`` are not known to be gone (``may_be_gone``).
        """
        ...

    def scan(
        self,
        known: Mapping[str, Source] | None = None,
        waiting: Callable[[], None] = lambda: None,
    ) -> Scan:
        """All of them, see :meth:`Collection.scan`."""
        ...

    def here(self, doc_ids: Sequence[str]) -> contextlib.AbstractContextManager[Collection]:
        """A folder of this machine in which those documents stand that there are, for as long as it is open; what there is and cannot
        be had is its :attr:`Collection.lacking`."""
        ...


class Documents(Readable, Protocol):
    """The documents of a collection, wherever they are kept: what a service asks of them."""

    def holds(self, doc_id: str) -> bool:
        """Whether there is one of that id; raises UnsafePathError."""
        ...

    def put(self, doc_id: str, data: bytes) -> Source:
        """Keeps one, see :meth:`Collection.put`."""
        ...

    def add(self, path: Path, on_skip: Callable[[Skipped], None] | None = None) -> list[str]:
        """Keeps a file or those of a folder, see :meth:`Collection.add`."""
        ...

    def remove(self, doc_id: str) -> None:
        """Deletes one, see :meth:`Collection.remove`."""
        ...

    def move(self, moves: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Gives some other ids, see :meth:`Collection.move`."""
        ...


class Collection:
    """The folder ``documents``, which need not exist yet."""

    def __init__(self, documents: Path, lacking: Mapping[str, str] | None = None) -> None:
        self.documents = documents
        self.lacking: Mapping[str, str] = lacking or {}
        """Documents that should stand there and cannot be had, each with the reason."""

    @property
    def place(self) -> str:
        """The folder."""
        return str(self.documents)

    def expect(self, n: int, *, may_be_gone: bool) -> None:
        """Makes the folder; raises StorageError where there is none and a build has ``n`` documents of it, ``may_be_gone`` or not:
        its disk is not mounted."""
        if n and not self.documents.exists():
            raise StorageError(
                f"there is no folder {self.documents}, and the active build has {n:,} documents of it; "
                "mount its disk or put the folder back; to start with none, make an empty folder of that name"
            )
        self.documents.mkdir(parents=True, exist_ok=True)

    def holds(self, doc_id: str) -> bool:
        """Whether there is a file of that id; raises UnsafePathError."""
        return self.path_of(doc_id).is_file()

    @contextlib.contextmanager
    def here(self, doc_ids: Sequence[str]) -> Iterator[Collection]:
        """Itself: its documents are on this machine."""
        yield self

    def scan(
        self,
        known: Mapping[str, Source] | None = None,
        waiting: Callable[[], None] = lambda: None,
    ) -> Scan:
        """Every readable document below the folder, and every file left out with its reason.

        A file whose size, mtime and ctime are those in ``known`` (by doc_id) keeps that hash and is not
        read. Hidden files and folders, and what programs leave beside open files, are passed over in
        silence. Raises nothing for a bad file. ``waiting`` is called for each file and each MiB of one, and what it raises
        ends the scan.
        """
        sources: dict[str, Source] = {}
        skipped: list[Skipped] = []
        for path, doc_id in self._walk(self.documents, skipped):
            waiting()
            found = read_source(path, doc_id, (known or {}).get(doc_id), waiting)
            if isinstance(found, Source):
                sources[doc_id] = found
            else:
                skipped.append(found)
        return Scan(
            tuple(sources[doc_id] for doc_id in sorted(sources)),
            tuple(sorted(skipped, key=lambda item: (item.doc_id, item.reason))),
        )

    def add(self, path: Path, on_skip: Callable[[Skipped], None] | None = None) -> list[str]:
        """Copies a file, or all readable files of a folder, into the collection; their doc_ids.

        A file goes to the top; the content of a folder keeps its structure below the top. A file of
        the same doc_id is replaced. A file of a folder that cannot be taken is told to ``on_skip``
        and left out. What is in the collection already is not copied. Raises CorpusError when there
        is nothing at ``path`` or nothing readable in it.
        """
        tell = on_skip or (lambda skipped: None)
        added = []
        for own, doc_id in self.offered(path, tell):
            try:
                added.append(doc_id if self._is_here(own) else self._copy(own, doc_id))
            except UnreadableDocumentError as error:
                if own == path:
                    raise
                tell(Skipped(doc_id, str(error)))
        if not added:
            raise CorpusError(nothing_readable(path))
        return added

    def offered(self, path: Path, on_skip: Callable[[Skipped], None]) -> list[tuple[Path, str]]:
        """The files that :meth:`add` takes of a path, each with the doc_id that it gets; errors as that."""
        if not path.is_dir():
            if not path.is_file():
                raise CorpusError(nothing_at(path))
            doc_id = self._id_inside(path) or checked_id(called_in(path.parent, path.name))
            _check_suffix(doc_id)
            return [(path, doc_id)]
        skipped: list[Skipped] = []
        inside = self._is_here(path)
        found = [
            (own, (self._id_inside(own) if inside else None) or doc_id)
            for own, doc_id in self._walk(path, skipped, ours=not inside)
        ]
        for item in skipped:
            on_skip(item)
        if not found:
            raise CorpusError(nothing_readable(path))
        return sorted(found, key=lambda one: one[1])

    def _is_here(self, path: Path) -> bool:
        root, resolved = self.documents.resolve(), path.resolve()
        return resolved == root or root in resolved.parents

    def put(self, doc_id: str, data: bytes) -> Source:
        """Writes one document as a whole, replacing one of the same id; its Source.

        Raises UnsafePathError, UnsupportedFormatError, UnreadableDocumentError for too large a file, CorpusError where
        a folder has that name, and StorageError when the disk is full, away or refuses; an old file of that id stays then.
        """
        target = self.path_of(doc_id)
        doc_id = checked_document(doc_id, len(data))
        return self._write(target, doc_id, (data,))

    def read(self, doc_id: str) -> bytes:
        """The bytes of a document; raises UnknownDocumentError, UnreadableDocumentError."""
        path = self._existing(doc_id)
        try:
            _check_size(path.stat().st_size)
            return path.read_bytes()
        except OSError as error:
            raise UnreadableDocumentError(cannot("read", doc_id, error)) from error

    def remove(self, doc_id: str) -> None:
        """Deletes a document; raises UnknownDocumentError if there is none of that id."""
        path = self._existing(doc_id)
        try:
            path.unlink()
        except FileNotFoundError as error:
            raise UnknownDocumentError(unknown_document(doc_id)) from error
        except OSError as error:
            raise storage_error(error, f"that {_shown(doc_id)} is removed") from error

    def move(self, moves: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Gives documents other ids, ``(old, new)``: all of them or none; those that changed, in NFC.

        A file moves as a whole and never onto another one. Raises UnknownDocumentError for an id that there is not, UnsafePathError
        and UnsupportedFormatError for a new one as :meth:`put` does, DocumentExistsError for a new one that is taken or wanted
        twice, CorpusError for a link or where a file stands in the way of a folder, and StorageError when the disk refuses.
        """
        wanted = [(checked_id(old), checked_id(new)) for old, new in moves]
        wanted = [(old, new) for old, new in dict.fromkeys(wanted) if old != new]
        planned: dict[Path, tuple[Path, str, str]] = {}
        for old, new in wanted:
            source, target = self._existing(old), self.path_of(new)
            _check_suffix(new)
            if source.is_symlink():
                raise CorpusError(
                    f"{_shown(old)} is a link; expected a file: move the file that it leads to"
                )
            if os.path.lexists(target) or target in planned:
                raise DocumentExistsError(taken(new))
            if source in {path for path, *_ in planned.values()}:
                raise DocumentExistsError(two_names(old))
            planned[target] = (source, old, new)
        moved: list[tuple[Path, Path]] = []
        try:
            for target, (source, old, new) in planned.items():
                _move(source, target, old, new)
                moved.append((source, target))
        except BaseException:
            for source, target in reversed(moved):
                with contextlib.suppress(OSError):
                    os.replace(target, source)
            raise
        for folder in {path.parent for pair in moved for path in pair}:
            _sync_folder(folder)
        return wanted

    def path_of(self, doc_id: str) -> Path:
        """Where a document is or would be; raises UnsafePathError for an id that is not allowed."""
        doc_id = checked_id(doc_id)
        path = self.documents
        for part in doc_id.split("/"):
            path = _child(path, part)
        try:
            root = self.documents.resolve()
            # The last part may be a new file, but no folder on the way may be a link that leaves.
            outside = root not in path.resolve().parents
        except (
            OSError,
            RuntimeError,
        ):  # RuntimeError is what resolve() raises for a loop of links.
            outside = True
        if outside:
            raise UnsafePathError(
                f"the name {_shown(doc_id)} leads out of the documents folder through a link; "
                "use a name inside it"
            )
        return path

    def _existing(self, doc_id: str) -> Path:
        path = self.path_of(doc_id)
        if not path.is_file():
            self.check_had(doc_id)
            raise UnknownDocumentError(unknown_document(doc_id))
        return path

    def check_had(self, doc_id: str) -> None:
        """Raises UnreadableDocumentError for a document that is :attr:`lacking`."""
        if doc_id in self.lacking:
            raise UnreadableDocumentError(self.lacking[doc_id])

    def _id_inside(self, path: Path) -> str | None:
        """The doc_id of a path that is in the collection already."""
        folder = self.documents.resolve()
        try:
            names = path.resolve().relative_to(folder).parts
        except ValueError:
            return None
        parts = []
        for name in names:
            parts.append(called_in(folder, name))
            folder /= name
        return checked_id("/".join(parts))

    def _copy(self, path: Path, doc_id: str) -> str:
        try:
            with path.open("rb") as file:
                _check_size(os.fstat(file.fileno()).st_size)
                self._write(self.path_of(doc_id), doc_id, _chunks(file.read))
        except OSError as error:
            raise UnreadableDocumentError(cannot("read", str(path), error)) from error
        return doc_id

    def _write(self, target: Path, doc_id: str, chunks: Iterable[bytes]) -> Source:
        """Writes beside the target, under a hidden name that a scan passes over, then renames."""
        digest = hashlib.sha256()
        partial = target.parent / f".{secrets.token_hex(8)}.partial"
        with saving(_shown(doc_id)):
            # The data directory itself is not made: where it is missing, its disk is not mounted
            self.documents.mkdir(exist_ok=True)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with partial.open("xb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
                status = os.fstat(file.fileno())
            os.replace(partial, target)
            with contextlib.suppress(FileNotFoundError):  # saved, and removed by somebody since
                status = target.stat()
            _sync_folder(target.parent)
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise CorpusError(cannot("save", doc_id, error)) from error
        except OSError as error:
            raise storage_error(error, _shown(doc_id)) from error
        finally:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
        return Source(
            doc_id, digest.hexdigest(), status.st_size, status.st_mtime_ns, status.st_ctime_ns
        )

    def _walk(
        self, top: Path, skipped: list[Skipped], *, ours: bool = False
    ) -> Iterator[tuple[Path, str]]:
        """Path and doc_id of each candidate below ``top``; ``ours``: not our own data."""
        documents = self.documents.resolve()
        home = self.documents.parent.resolve()
        homes = {home} if ours else set()
        if ours and home.parent.name == "collections":
            homes.add(home.parent.parent)
        real_top = top.resolve()
        folders = [(top, "")]
        while folders:
            folder, folder_id = folders.pop()
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except FileNotFoundError:
                continue
            except OSError as error:
                name = folder_id.removesuffix("/") or "."
                skipped.append(Skipped(name, cannot("open the folder", name, error)))
                continue
            called = _called([entry.name for entry in entries])
            at_home = bool(homes) and folder.resolve() in homes
            for entry in entries:
                if entry.name.startswith(".") or _LEFT_BY_PROGRAMS.fullmatch(entry.name):
                    if not ours:
                        _remove_leftover(folder / entry.name)
                    continue
                if at_home and _OF_A_SERVICE.fullmatch(entry.name):
                    continue
                path = folder / entry.name
                doc_id = folder_id + called[entry.name]
                try:
                    if entry.is_dir(follow_symlinks=False):
                        if not ours or path.resolve() != documents:
                            folders.append((path, f"{doc_id}/"))
                        continue
                    reason = _unwanted(path, doc_id, real_top, entry.is_symlink())
                except OSError as error:
                    reason = cannot("read", doc_id, error)
                if reason is None:
                    yield path, doc_id
                else:
                    skipped.append(Skipped(doc_id, reason))


def checked_id(doc_id: str) -> str:
    """The doc_id in NFC; raises UnsafePathError unless it names a file below the folder.

    Refused: the empty id, an absolute path, a Windows drive, a backslash, control characters, empty
    parts, ``.``, ``..`` and other parts that begin with a dot, and over-long names.
    """
    doc_id = unicodedata.normalize("NFC", doc_id)
    if not doc_id:
        raise UnsafePathError("the name is empty; expected a file name such as informe.pdf")
    reason = ""
    parts = doc_id.split("/")
    try:
        n_bytes = len(doc_id.encode())
        longest = max(len(part.encode()) for part in parts)
    except UnicodeEncodeError:
        raise UnsafePathError(
            f"the name {_shown(doc_id)} is not valid Unicode; rename the file"
        ) from None
    if any(unicodedata.category(c) == "Cc" for c in doc_id):
        reason = "holds control characters"
    elif "\\" in doc_id:
        reason = "holds a backslash"
    elif doc_id.startswith("/") or re.match(r"[A-Za-z]:", doc_id):
        reason = "is an absolute path"
    elif any(part in (".", "..") for part in parts):
        reason = "holds . or .. and could leave the documents folder"
    elif any(not part.strip() for part in parts):
        reason = "holds an empty part"
    elif any(part.startswith(".") for part in parts):
        reason = "holds a part that begins with a dot, which would be hidden"
    elif longest > MAX_PART_BYTES:
        reason = f"has a part of {longest} bytes and the limit is {MAX_PART_BYTES}"
    elif n_bytes > MAX_ID_BYTES:
        reason = f"has {n_bytes} bytes and the limit is {MAX_ID_BYTES}"
    if reason:
        raise UnsafePathError(
            f"the name {_shown(doc_id)} {reason}; expected a path below the documents folder "
            "such as actas/2024.pdf"
        )
    return doc_id


def _move(source: Path, target: Path, old: str, new: str) -> None:
    """Renames a file to a name that nobody has; an empty file keeps that name until it is there."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.open("xb").close()
    except FileExistsError as error:
        if os.path.lexists(target):
            raise DocumentExistsError(taken(new)) from error
        raise CorpusError(cannot("save", new, error)) from error
    except NotADirectoryError as error:
        raise CorpusError(cannot("save", new, error)) from error
    except OSError as error:
        raise storage_error(error, _shown(new)) from error
    try:
        os.replace(source, target)
    except OSError as error:
        with contextlib.suppress(OSError):
            target.unlink()
        if isinstance(error, FileNotFoundError):
            raise UnknownDocumentError(unknown_document(old)) from error
        raise storage_error(error, _shown(new)) from error


def checked_document(doc_id: str, n_bytes: int) -> str:
    """The id of a document of so many bytes that may be kept, in NFC; raises as :meth:`Collection.put` does."""
    doc_id = checked_id(doc_id)
    _check_suffix(doc_id)
    _check_size(n_bytes)
    return doc_id


def nothing_at(path: Path) -> str:
    """What to say where there is neither a file nor a folder."""
    return f"there is no file or folder {path}; check the name"


def nothing_readable(folder: Path) -> str:
    """What to say of a folder without documents."""
    return f"the folder {folder} holds no file that can be read; expected one of {', '.join(sorted(SUFFIXES))}"


def two_names(doc_id: str) -> str:
    """What to say of a document that is to be moved to two places."""
    return f"{_shown(doc_id)} is to have two names; expected one for each document"


def taken(doc_id: str) -> str:
    """What to say of a name that another document has."""
    return f"there is {_shown(doc_id)} already; expected a name that no other document has: choose another"


def _remove_leftover(path: Path) -> None:
    """Removes the file of a save that was interrupted."""
    if _PARTIAL.fullmatch(path.name):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _PARTIAL_AGE_S:
                path.unlink()


def _check_suffix(doc_id: str) -> None:
    suffix = PurePosixPath(doc_id).suffix.lower()
    if suffix not in SUFFIXES:
        raise UnsupportedFormatError(unsupported(suffix))


def _check_size(n_bytes: int) -> None:
    if n_bytes > MAX_BYTES:
        raise UnreadableDocumentError(_too_large(n_bytes))


def _too_large(n_bytes: int) -> str:
    return f"the file has {n_bytes:,} bytes and the limit is {MAX_BYTES:,}; split it"


def _unwanted(path: Path, name: str, real_top: Path, is_link: bool) -> str | None:
    """Why a file that was found is left out, None if it is not."""
    try:
        checked_id(name)
    except UnsafePathError as error:
        return str(error)
    if is_link:
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            return "a link that leads nowhere; remove it"
        if real_top not in target.parents:
            return "a link that leads out of the documents folder; copy the file in instead"
        if target.is_dir():
            return "a link to a folder; links to folders are not followed"
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        return "not a regular file but a device, socket or pipe; remove it"
    suffix = PurePosixPath(name).suffix.lower()
    return None if suffix in SUFFIXES else unsupported(suffix)


def read_source(
    path: Path, doc_id: str, known: Source | None, waiting: Callable[[], None]
) -> Source | Skipped:
    """The file as it is now; a Skipped if it cannot be read to its end."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_size > MAX_BYTES:
                return Skipped(doc_id, _too_large(status.st_size))
            if (
                known is not None
                and known.size_bytes == status.st_size
                and known.modified_ns == status.st_mtime_ns
                and known.changed_ns == status.st_ctime_ns
            ):
                return Source(
                    doc_id, known.sha256, status.st_size, status.st_mtime_ns, status.st_ctime_ns
                )
            digest = hashlib.sha256()
            for chunk in _chunks(file.read):
                waiting()
                digest.update(chunk)
    except OSError as error:
        return Skipped(doc_id, cannot("read", doc_id, error))
    return Source(
        doc_id, digest.hexdigest(), status.st_size, status.st_mtime_ns, status.st_ctime_ns
    )


def _chunks(read: Callable[[int], bytes]) -> Iterator[bytes]:
    while chunk := read(_CHUNK_BYTES):
        yield chunk


def _child(folder: Path, part: str) -> Path:
    """What is called so in a folder: a name as it is written, or one in another Unicode form or encoding, see :func:`_called`."""
    path = folder / part
    if part.isascii() or os.path.lexists(path):
        return path
    try:
        names = os.listdir(folder)
    except OSError:
        return path
    return folder / next((name for name, said in _called(names).items() if said == part), part)


def called_in(folder: Path, name: str) -> str:
    """What a file or folder of that folder is called in an id: in NFC, with a number where another one would be called so too."""
    return name if _is_called_so(name) else _called(os.listdir(folder))[name]


def _called(names: Sequence[str]) -> dict[str, str]:
    """What each name of a folder is called in an id.

    Names in NFC are called as they are. Of the others, one that would then be called like another of the folder gets a number: Linux
    knows "ñ" and "n" with a tilde as two names, and archives carry names in old encodings.
    """
    called = {name: name for name in names if _is_called_so(name)}
    taken = set(called)
    for name in sorted(names):
        if name not in called:
            wanted = _in_nfc(name)
            tried = (numbered(wanted, n) for n in itertools.count(1))
            called[name] = next(one for one in tried if one not in taken)
            taken.add(called[name])
    return called


def _is_called_so(name: str) -> bool:
    return name.isascii() or (_is_unicode(name) and unicodedata.is_normalized("NFC", name))


def _is_unicode(name: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in name)


def _in_nfc(name: str) -> str:
    if not _is_unicode(name):
        written = os.fsencode(name)
        name = written.decode(western(written), errors="replace")
    return unicodedata.normalize("NFC", name)


def numbered(name: str, n: int) -> str:
    """The name of the ``n``-th of several files of that name: ``acta (2).txt``; that of the first is the name itself."""
    path = PurePosixPath(name)
    return name if n == 1 else str(path.with_name(f"{path.stem} ({n}){path.suffix}"))


def _sync_folder(folder: Path) -> None:
    """Makes a rename survive a power cut, where the system can sync a folder."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _shown(name: str) -> str:
    shown = ascii(name) if not name.isprintable() else repr(name)
    return shown if len(shown) <= 120 else shown[:117] + "..."


def unknown_document(doc_id: str) -> str:
    """What to say of an id that no document has."""
    return f"there is no document {_shown(doc_id)}; the list of documents shows what there is"


def cannot(action: str, name: str, error: OSError) -> str:
    """What to say of a file with which ``action`` (read, save) failed."""
    if isinstance(error, FileNotFoundError):
        return (
            f"cannot {action} {_shown(name)}: it has vanished; run it again if it should be there"
        )
    if isinstance(error, PermissionError):
        return f"cannot {action} {_shown(name)}: permission denied; change its permissions"
    if isinstance(error, FileExistsError | NotADirectoryError | IsADirectoryError):
        return f"cannot {action} {_shown(name)}: a file and a folder have the same name; rename one"
    return f"cannot {action} {_shown(name)}: {error.strerror or error}; check the disk"
