"""What hosts share in a server as one file, like that of a data directory which holds the same: :mod:`api.backup`.

Builds are not in it, as they can be made again from the documents; nor are the settings, which are each host's own.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, cast

from api import asked, audit, moves
from api.backup import Saved, add_all, archive_at
from api.collections import DEFAULT, FOLDER, NAME, SUGGESTIONS_NAME
from api.keys import FileKeys, NamedKey
from api.lines import Lines
from api.links import SECRET_NAME
from api.settings import Scope
from corpus.storage import saving
from qa.calibration import FILE_NAME as CALIBRATION_NAME
from qa.evaluation.decided import DECIDED_NAME
from qa.evaluation.feedback import FEEDBACK_NAME

if TYPE_CHECKING:
    from index.postgres.moment import Moment

# Half of what is read of one file, and as many as the setting max_feedback_mb allows
_FEEDBACK_BYTES: Final = 2**29
_FEEDBACK_FILES: Final = 2_000


def backup_shared(opened: AbstractContextManager[Moment], data: Path, file: Path) -> Saved:
    """Write all that hosts share to one file, whole or not at all, and beside it what a person wrote for a collection into its folder
    in the data directory of this host. Documents are read in pieces.

    :raises StorageError: when the disk refuses; other errors as those of ``opened``.
    """
    with (
        saving(str(file)),
        opened as moment,
        tempfile.TemporaryDirectory(
            prefix=f".{file.name}.", suffix=".partial", dir=file.parent
        ) as temporary,
    ):
        named = sorted(name for name in moment.collections() if re.fullmatch(NAME, name))
        collections = [DEFAULT, *(name for name in named if name != DEFAULT)]
        small = Path(temporary)
        _write_common(moment, small)
        for name in collections:
            _write_collection(moment, name, small / _folder(name), data / _folder(name))
        with archive_at(file, collections) as archive:
            n_files, n_bytes = add_all(archive, small)
            for name in collections:
                for added in _add_documents(archive, moment, name):
                    n_files += 1
                    n_bytes += added
    return Saved(n_files, n_bytes, tuple(collections))


def _folder(name: str) -> Path:
    return Path() if name == DEFAULT else Path(FOLDER, name)


def _write_common(moment: Moment, folder: Path) -> None:
    """What is of all collections."""
    keys, uses = FileKeys(folder), {}
    for row, used_at in moment.keys():
        keys.add(
            NamedKey(row.name, cast(Scope, row.scope), row.sha256, row.collection, row.created_at)
        )
        if used_at is not None:
            uses[row.name] = used_at
    if uses:
        keys.write_uses(uses)
    secret = moment.secret()
    if secret is not None:
        path = folder / SECRET_NAME
        path.touch(mode=0o600)
        path.write_bytes(secret)
    _write(folder / audit.FILE_NAME, _parsed(moment.audit()), audit.MOST_BYTES)


def _write_collection(moment: Moment, name: str, folder: Path, data: Path) -> None:
    """What is of one collection, but for its documents; ``data`` is its folder on this host."""
    (folder / "documents").mkdir(parents=True)
    feedback = _parsed(moment.lines("feedback", name))
    _write(folder / FEEDBACK_NAME, feedback, _FEEDBACK_BYTES, n_kept=_FEEDBACK_FILES)
    _write(folder / DECIDED_NAME, _parsed(moment.lines("decided", name)), sys.maxsize)
    moved = ({"from": old, "to": new} for old, new in moment.moves(name))
    _write(folder / moves.FILE_NAME, moved, moves.MOST_BYTES)
    for day, lines in groupby(moment.asked(name), key=lambda one: one[0]):
        home = folder / asked.FOLDER
        home.mkdir(mode=0o700, exist_ok=True)
        path = home / f"{day.isoformat()}.jsonl"
        _write(path, _parsed(line for _, line in lines), 2 * asked.DAY_BYTES)
    for own in (CALIBRATION_NAME, SUGGESTIONS_NAME):
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(data / own, folder / own)


def _parsed(lines: Iterable[str]) -> Iterable[Mapping[str, object]]:
    return (json.loads(line) for line in lines)


def _write(
    path: Path, lines: Iterable[Mapping[str, object]], max_bytes: int, n_kept: int = 1
) -> None:
    """Files of lines as a data directory has them, each no longer than what is read of one."""
    file = Lines(
        path,
        "the backup",
        max_bytes=max_bytes,
        n_kept=n_kept,
        when_full="forget",
        durable=False,
    )
    for line in lines:
        file.append(line)


def _add_documents(archive: tarfile.TarFile, moment: Moment, name: str) -> Iterator[int]:
    """Put the documents of a collection there, and tell the bytes of each."""
    home = PurePosixPath(_folder(name).as_posix(), "documents")
    for source, content in moment.documents(name):
        member = tarfile.TarInfo(str(home / source.doc_id))
        member.size, member.mtime = source.size_bytes, source.modified_ns / 1e9
        archive.addfile(member, content)
        yield source.size_bytes
