"""Formats that only their own programs read, Word 97 and its like → :class:`~corpus.readers.draft.Draft`, through LibreOffice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from corpus.document import UnreadableDocumentError
from corpus.readers.draft import Draft, flat

_PROGRAMS: Final = ("soffice", "libreoffice")
# Under the limit of the worker that waits for it.
_SECONDS: Final = 90
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Rich text and newer documents go by these suffixes as well.
_BEGINNINGS: Final = (_OLE, b"{\\rtf", b"PK\x03\x04")
_PACKAGES: Final = {
    "docx": "libreoffice-writer",
    "xlsx": "libreoffice-calc",
    "pptx": "libreoffice-impress",
}


def read_by_libreoffice(
    suffix: str, target: str, reader: Callable[[bytes], Draft]
) -> Callable[[bytes], Draft]:
    """A reader of files with that suffix, which LibreOffice writes as ``target``, "docx", for ``reader``.

    :raises UnreadableDocumentError: where LibreOffice is not installed or cannot read the file.
    """

    def read(data: bytes) -> Draft:
        if not data.startswith(_BEGINNINGS):
            raise UnreadableDocumentError(
                f"this is not a {suffix} file, whatever its name says; give it the suffix of its real format"
            )
        program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
        if program is None:
            raise UnreadableDocumentError(
                f"a {suffix} file is read by LibreOffice, which is not installed; install it (Debian: apt install "
                f"{_PACKAGES[target]}-nogui) and build again, or save the file as .{target} in its program"
            )
        return reader(_converted(program, data, suffix, target))

    return read


def _converted(program: str, data: bytes, suffix: str, target: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="fuente-") as folder:
        source = Path(folder, f"document{suffix}")
        source.write_bytes(data)
        # A profile of its own: one that is in use would send the file to the program that uses it
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        command = [program, profile, "--headless", "--norestore", "--convert-to", target, "--outdir", folder, str(source)]  # fmt: skip
        said = _run(command)
        made = Path(folder, f"document.{target}")
        if not made.exists():
            raise UnreadableDocumentError(
                f"LibreOffice cannot read this {suffix} file ({said or 'it says nothing'}); "
                f"open it in its own program and save it as .{target}"
            )
        return made.read_bytes()


def _run(command: list[str]) -> str:
    """Runs the program to its end and gives the last line that it says; ended with all it started when it takes too long."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return f"it could not be started: {error.strerror}"
    try:
        said, _ = process.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return f"it took more than {_SECONDS} s"
    lines = [flat(line) for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1][:160] if lines else ""
