"""Pages that are pictures → runs, by tesseract where it is installed: in a process of its own, within limits of time."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from corpus.readers.draft import clean, flat
from corpus.readers.pdf.runs import Run

_INSTALL: Final = (
    "install tesseract with Spanish and English (Debian: apt install tesseract-ocr tesseract-ocr-spa; "
    "macOS: brew install tesseract tesseract-lang) and build again, or run OCR first "
    "(for example ocrmypdf -l spa+eng) and add the result"
)
_LANGUAGES: Final = ("spa", "eng")
_DPI: Final = 300
_MAX_PIXELS: Final = 40_000_000
# Of 100; what tesseract is less sure of is specks and lines more often than words.
_LEAST_CONFIDENCE: Final = 30.0
_PAGE_S: Final = 40.0
# A file has two minutes in all.
_FILE_S: Final = 90.0


@dataclass(slots=True)
class Reading:
    """What the engine read on a page: ``confidence`` of its letters, 0..1, and the words it is too unsure of to be text."""

    runs: list[Run]
    confidence: float
    unsure: str = ""


@dataclass(slots=True)
class Budget:
    """What one file may still spend on OCR; asked first, it finds the engine. ``spent_s``: of the processor, on its pictures."""

    until: float = field(default_factory=lambda: time.monotonic() + _FILE_S)
    spent_s: float = 0.0
    engine: str | None = None
    languages: str | None = None

    def ready(self) -> str:
        """ "" if a page can be read now, else why not."""
        self.engine = self.engine or shutil.which("tesseract")
        if self.engine is None:
            return f"the page has no text layer; {_INSTALL}"
        if self.languages is None:
            self.languages = _installed(self.engine)
        if not self.languages:
            return f"tesseract knows neither Spanish nor English; {_INSTALL}"
        if time.monotonic() > self.until:
            return f"OCR took more than {_FILE_S:.0f} s for the pages before it; split the file"
        return ""


@cache
def engine_mark() -> str:
    """Which engine there is here, with its version and languages, in a word; another one reads a picture otherwise."""
    engine = shutil.which("tesseract")
    if engine is None:
        return "ocr-none"
    told = _said(engine, "--version").split()
    return "-".join(["ocr", *told[:2], _installed(engine) or "none"])


def recognised(page: Any, number: int, budget: Budget) -> Reading | str:
    """What a page that PDFium has open says, or why it cannot be read."""
    reason = budget.ready()
    if reason:
        return reason
    assert budget.engine is not None
    scale = min(_DPI / 72, (_MAX_PIXELS / max(1.0, page.get_width() * page.get_height())) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        gray = bitmap.to_numpy()
        height, width = gray.shape[:2]
        picture = b"P5 %d %d 255\n" % (width, height) + gray.reshape(height, width).tobytes()
    finally:
        bitmap.close()
    seconds = max(1.0, min(_PAGE_S, budget.until - time.monotonic()))
    # Several files may be read at once, each by a process of its own.
    command = ["env", "OMP_THREAD_LIMIT=1", budget.engine, "stdin", "stdout", "-l", str(budget.languages), "--dpi", f"{scale * 72:.0f}", "tsv"]  # fmt: skip
    try:
        done = subprocess.run(
            command,
            input=picture,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"OCR took more than {seconds:.0f} s"
    except OSError as error:
        return f"tesseract could not be started ({error.strerror})"
    if done.returncode:
        return f"tesseract ended with status {done.returncode}"
    return _reading(done.stdout.decode("utf-8", "replace"), number, page.get_height(), scale)


def _installed(engine: str) -> str:
    said = _said(engine, "--list-langs").split()
    return "+".join(lang for lang in _LANGUAGES if lang in said)


def _said(engine: str, option: str) -> str:
    try:
        return subprocess.run(
            [engine, option], capture_output=True, timeout=10, check=False
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _reading(table: str, page: int, page_height: float, scale: float) -> Reading | str:
    """What tesseract's table of words says."""
    lines: dict[tuple[str, ...], list[Sequence[str]]] = {}
    unsure: list[str] = []
    sum_confidence, n_letters = 0.0, 0
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != "5" or not (word := flat(clean(cells[11]))):
            continue
        confidence = float(cells[10])
        if confidence < _LEAST_CONFIDENCE:
            unsure.append(word)
            continue
        lines.setdefault(tuple(cells[1:5]), []).append(cells)
        sum_confidence += confidence * len(word)
        n_letters += len(word)
    if not lines:
        return "OCR found no words on the page"
    confidence = round(sum_confidence / n_letters / 100, 3)
    # A speck is read as a stroke or two: only what has letters may be a word
    words = " ".join(word for word in unsure if any(map(str.isalnum, word)))
    return Reading(_runs(lines, page, page_height, scale), confidence, words)


def _runs(
    lines: dict[tuple[str, ...], list[Sequence[str]]], page: int, page_height: float, scale: float
) -> list[Run]:
    """The words of each line as one run; lines come in tesseract's order of columns and are put back by place."""
    runs: list[Run] = []
    for words in lines.values():
        boxes = [[int(cell) / scale for cell in word[6:10]] for word in words]
        height = max(4.0, sorted(box[3] for box in boxes)[len(boxes) // 2] * 1.25)
        base = (
            page_height - sorted(box[1] + box[3] for box in boxes)[len(boxes) // 2] + 0.15 * height
        )
        now: Run | None = None
        for (left, _, width, _), word in zip(boxes, words, strict=True):
            text = flat(clean(word[11]))
            if now is not None and left - now.right < 2.5 * height:
                now.text += " " + text
                now.right = left + width
                continue
            now = Run(text, page, left, base, left + width, height)
            runs.append(now)
    return runs


def how(reason: str) -> str:
    """What to do about a file none of whose pages could be read, after the reason of its first page."""
    if not reason or _INSTALL in reason:
        return _INSTALL
    return f"OCR did not help: {reason}"
