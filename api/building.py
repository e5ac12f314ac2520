"""``fuente build`` at a terminal: what it says, in Spanish and English, and following the folder.

Knows lines and streams; what a build is made of stands in :mod:`index.local.store`.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal, TextIO

from corpus.document import BuildRunningError, CorpusError, FuenteError
from index.local.build import BuildReport, Progress

Lang = Literal["es", "en"]

# A line in a log every five seconds at most, and only when there is something to tell: twenty for a
# stage, or one a minute where a twentieth takes longer.
_LINE_S: Final = 5.0
_LINE_SHARE: Final = 0.05
_LINE_AT_LEAST_S: Final = 60.0
_REDRAW_S: Final = 0.1
_BAR_CHARS: Final = 24

# Files come in bursts: a build begins when nothing has changed for half a second, or after ten.
_QUIET_MS: Final = 500
_BURST_MS: Final = 10_000
_LOOK_MS: Final = 500
_AGAIN_S: Final = 60.0

_STAGES: Final[dict[Lang, dict[str, str]]] = {
    "en": {
        "scan": "looking at the folder",
        "parse": "reading documents",
        "encode": "encoding passages",
        "write": "writing the index",
        "check": "checking it",
        "activate": "activating it",
    },
    "es": {
        "scan": "mirando la carpeta",
        "parse": "leyendo documentos",
        "encode": "codificando pasajes",
        "write": "escribiendo el índice",
        "check": "comprobándolo",
        "activate": "activándolo",
    },
}

_NAMES: Final[dict[Lang, dict[str, str]]] = {
    "en": {"added": "added", "changed": "changed", "removed": "removed", "skipped": "skipped"},
    "es": {"added": "nuevo", "changed": "cambiado", "removed": "quitado", "skipped": "omitido"},
}

_PLAN: Final[dict[Lang, str]] = {
    "en": "would add {}, change {}, remove {}, keep {} documents",
    "es": "se añadirían {}, cambiarían {}, quitarían {} y quedarían igual {} documentos",
}
_TO_ENCODE: Final[dict[Lang, str]] = {
    "en": "{} of {} passages to encode",
    "es": "{} de {} pasajes por codificar",
}
_MADE: Final[dict[Lang, str]] = {
    "en": "build {}: {} documents, {} passages ({} encoded now), {} s",
    "es": "índice {}: {} documentos, {} pasajes ({} codificados ahora), {} s",
}
_LEFT: Final[dict[Lang, str]] = {"en": "{} left", "es": "quedan {}"}
_WATCHING: Final[dict[Lang, str]] = {
    "en": "watching {}; Ctrl-C ends",
    "es": "siguiendo {}; se termina con Ctrl-C",
}
_OTHER_BUILDS: Final[dict[Lang, str]] = {
    "en": "another process is building; waiting for it",
    "es": "otro proceso está construyendo; se espera a que acabe",
}


def report_lines(report: BuildReport, lang: Lang) -> list[str]:
    """What a build did, or for one without an id what it would do."""
    names = _NAMES[lang]
    lines = [
        f"{names[name]:>8}  {doc_id}"
        for name in ("added", "changed", "removed")
        for doc_id in getattr(report, name)
    ]
    lines += [f"{names['skipped']:>8}  {s.doc_id}: {s.reason}" for s in report.skipped]
    if report.build_id is None:
        groups = (report.added, report.changed, report.removed, report.kept)
        lines.append(_PLAN[lang].format(*(_number(len(group), lang) for group in groups)))
        if report.n_encode is not None:
            some, all_of_them = (_number(n, lang) for n in (report.n_encode, report.n_passages))
            text = _TO_ENCODE[lang].format(some, all_of_them)
            if report.expected_s is not None:
                text += f", {_expected(report.expected_s, lang)}"
            lines.append(text)
        return lines
    numbers = (report.n_documents, report.n_passages, report.n_encoded)
    seconds = f"{report.seconds:.1f}"
    lines.append(
        _MADE[lang].format(
            report.build_id,
            *(_number(n, lang) for n in numbers),
            seconds if lang == "en" else seconds.replace(".", ","),
        )
    )
    return lines


def _number(number: int, lang: Lang) -> str:
    """With the thousands apart; in Spanish from five digits on, as the Academies have it."""
    if lang == "en":
        return f"{number:,}"
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}") if number >= 10_000 else str(number)


def _expected(seconds: float, lang: Lang) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute" if lang == "en" else "menos de un minuto"
    about = "about" if lang == "en" else "unos"
    return f"{about} {_number(minutes, lang)} min"


class ProgressTeller:
    """Says how far a build is: on a terminal one line that changes, elsewhere a line now and then.

    A build of a few seconds says nothing where there is no terminal.
    """

    def __init__(
        self, stream: TextIO, lang: Lang, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._lang = lang
        self._clock = clock
        self._redraws = stream.isatty()
        self._told_at = clock()
        self._told: tuple[str, float] = ("", 0.0)

    def __call__(self, progress: Progress) -> None:
        """Take note of where the build stands."""
        waited_s = self._clock() - self._told_at
        if self._redraws:
            if waited_s < _REDRAW_S and progress.done not in (0, progress.total):
                return
            self._write(f"\r\x1b[K{self._text(progress, bar=True)}")
            return
        share = progress.done / progress.total if progress.total else 0.0
        stage, told_share = self._told
        news = progress.stage != stage or share - told_share >= _LINE_SHARE
        if waited_s >= _LINE_S and (news or waited_s >= _LINE_AT_LEAST_S):
            self._told = (progress.stage, share)
            self._write(f"{self._text(progress, bar=False)}\n")

    def end(self) -> None:
        """Clear the line."""
        if self._redraws:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        self._told_at = self._clock()
        self._stream.write(text)
        self._stream.flush()

    def _text(self, progress: Progress, *, bar: bool) -> str:
        parts = [_STAGES[self._lang][progress.stage]]
        if progress.total > 1:
            if bar:
                filled = _BAR_CHARS * progress.done // progress.total
                parts.append(f"[{'█' * filled}{'·' * (_BAR_CHARS - filled)}]")
            done, total = (_number(n, self._lang) for n in (progress.done, progress.total))
            parts.append(f"{done}/{total}")
            parts.append(f"{100 * progress.done // progress.total} %")
        if progress.eta_s is not None:
            parts.append(_LEFT[self._lang].format(_clock_time(progress.eta_s)))
        return "  ".join(parts)


def _clock_time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def follow(
    documents: Path,
    build: Callable[[], None],
    say: Callable[[str], None],
    lang: Lang,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Build now, and again whenever something below ``documents`` has changed, until interrupted.

    A failure is said in one line, and not again while it stays the same; it is tried again after a
    minute or at the next change, and as soon as another process that was building has ended.

    :raises CorpusError: when the folder cannot be followed.
    """
    said, again_at = "", math.inf
    is_first = True
    for has_changed in _changes(documents):
        if not has_changed and clock() < again_at:
            continue
        problem, again_at = "", math.inf
        try:
            build()
        except BuildRunningError:
            problem, again_at = _OTHER_BUILDS[lang], clock()
        except FuenteError as error:
            problem, again_at = str(error), clock() + _AGAIN_S
        if problem and problem != said:
            say(problem)
        said = problem
        if is_first:
            say(_WATCHING[lang].format(documents))
            is_first = False


def _changes(documents: Path) -> Iterator[bool]:
    """True when something may have changed, first of all at once; False now and then meanwhile."""
    from watchfiles import Change, watch

    top = os.path.abspath(documents)

    def is_visible(_: Change, path: str) -> bool:
        # As in a scan; also what Collection.put writes before it has its name.
        return f"{os.sep}." not in path[len(top) :]

    # None: as the system allows and WATCHFILES_FORCE_POLLING says.
    polling: bool | None = None
    while True:
        is_first = True
        try:
            documents.mkdir(parents=True, exist_ok=True)
            watched = os.stat(top).st_ino
            for changes in watch(
                top,
                watch_filter=is_visible,
                debounce=_BURST_MS,
                step=_QUIET_MS,
                rust_timeout=_LOOK_MS,
                yield_on_timeout=True,
                force_polling=polling,
            ):
                yield bool(changes) or is_first
                is_first = False
                if not os.path.exists(top) or os.stat(top).st_ino != watched:
                    break  # another folder stands there now, which nobody watches
        except (OSError, RuntimeError) as error:
            # More folders than the system lets one watch; looking at each file still works.
            if polling:
                raise CorpusError(
                    f"the folder {documents} cannot be followed ({error}); run `fuente build` instead"
                ) from error
            polling = True
