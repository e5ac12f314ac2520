"""What ``fuente build`` says at a terminal: how far it is, and what it did."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TextIO

from api.left_out import summary_of, unread_lines
from api.messages import UiLang, decimal, group, say, translated
from corpus.document import LeftOut, Recognised, shown_name
from index.local.build import BuildReport, Progress

# A line in a log every five seconds at most, and only when there is something to tell: twenty for a
# stage, or one a minute where a twentieth takes longer.
_LINE_S: Final = 5.0
_LINE_SHARE: Final = 0.05
_LINE_AT_LEAST_S: Final = 60.0
_REDRAW_S: Final = 0.1
_BAR_CHARS: Final = 24
# Every page of a site has its menu: the first are enough to see that.
_MAX_LEFT_OUT_LINES: Final = 50


def report_lines(report: BuildReport, lang: UiLang) -> list[str]:
    """What a build did, or for one without an id what it would do."""
    names = group(lang, "build.changes")
    lines = [
        f"{names[name]:>8}  {shown_name(doc_id)}"
        for name in ("added", "changed", "removed")
        for doc_id in getattr(report, name)
    ]
    left_out: dict[str, list[LeftOut]] = {}
    for doc_id, one in report.left_out:
        left_out.setdefault(doc_id, []).append(one)
    lines += _about_documents(report, left_out, lang)
    # What somebody has to do something about stands last, where a terminal is looked at
    lines += [
        f"{names['unread']:>8}  {line}"
        for doc_id in sorted(left_out)
        for line in unread_lines(doc_id, left_out[doc_id], lang)
    ]
    lines += [
        f"{names['skipped']:>8}  {shown_name(s.doc_id)}: {translated(s.reason, lang) or s.reason}"
        for s in report.skipped
    ]
    if report.build_id is None:
        documents = {
            name: _number(len(getattr(report, name)), lang)
            for name in ("added", "changed", "removed", "kept")
        }
        lines.append(say(lang, "build.plan", **documents))
        if report.n_encode is not None:
            some, total = (_number(n, lang) for n in (report.n_encode, report.n_passages))
            text = say(lang, "build.to_encode", some=some, total=total)
            if report.expected_s is not None:
                text += f", {_expected(report.expected_s, lang)}"
            lines.append(text)
        return lines
    made = say(
        lang,
        "build.made",
        build_id=report.build_id,
        documents=_number(report.n_documents, lang),
        passages=_number(report.n_passages, lang),
        encoded=_number(report.n_encoded, lang),
        seconds=decimal(lang, report.seconds, 1),
    )
    return [*lines, made]


def _about_documents(
    report: BuildReport, left_out: dict[str, list[LeftOut]], lang: UiLang
) -> list[str]:
    """For what reasons words were left out of documents on purpose, and which pages were read from pictures."""
    recognised: dict[str, list[Recognised]] = {}
    for doc_id, page in report.recognised:
        recognised.setdefault(doc_id, []).append(page)
    lines = [
        line
        for doc_id in sorted(left_out.keys() | recognised.keys())
        for line in summary_of(doc_id, left_out.get(doc_id, []), recognised.get(doc_id, []), lang)
    ]
    if len(lines) > _MAX_LEFT_OUT_LINES:
        n = _number(len(lines) - _MAX_LEFT_OUT_LINES, lang)
        return [*lines[:_MAX_LEFT_OUT_LINES], "  " + say(lang, "build.more_left_out", n=n)]
    return [*lines, "  " + say(lang, "build.all_left_out")] if lines else []


def _number(number: int, lang: UiLang) -> str:
    """With the thousands apart; in Spanish from five digits on, as the Academies have it."""
    if lang == "en":
        return f"{number:,}"
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}") if number >= 10_000 else str(number)


def _expected(seconds: float, lang: UiLang) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return say(lang, "build.soon")
    return say(lang, "build.about", minutes=_number(minutes, lang))


class ProgressTeller:
    """Says how far a build is: on a terminal one line that changes, elsewhere a line now and then.

    A build of a few seconds says nothing where there is no terminal.
    """

    def __init__(
        self, stream: TextIO, lang: UiLang, clock: Callable[[], float] = time.monotonic
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
        parts = [say(self._lang, f"build.stages.{progress.stage}")]
        if progress.total > 1:
            if bar:
                filled = _BAR_CHARS * progress.done // progress.total
                parts.append(f"[{'█' * filled}{'·' * (_BAR_CHARS - filled)}]")
            done, total = (_number(n, self._lang) for n in (progress.done, progress.total))
            parts.append(f"{done}/{total}")
            parts.append(f"{100 * progress.done // progress.total} %")
        if progress.eta_s is not None:
            parts.append(say(self._lang, "build.left", time=_clock_time(progress.eta_s)))
        return "  ".join(parts)


def _clock_time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
