"""What was asked of a collection, for its owner, kept as long as the setting ``question_days`` says: a file a day, or in a table that
hosts share (:mod:`api.shared_asked`).

Nothing is kept unless the owner wants it, nothing says who asked, and nothing goes anywhere else. It is no log: it is read by the
owner's view, and by nobody else.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import statistics
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, Protocol, get_args

from api.lines import Lines
from corpus.document import FuenteError
from corpus.storage import files_of, read_small, saving, storage_error
from qa.answering import Answer

FOLDER: Final = "asked"
MOVED_FOLDER: Final = "asked.moved"
"""What is left of it once its questions are in a server."""
DAY_BYTES: Final = 2 * 2**20
"""Longest file; a day that needs more than two of them loses its first questions."""
MOST_BYTES: Final = 50 * 2**20
"""All files of a collection together: beyond, the oldest days go."""

Outcome = Literal["answered", "abstained", "talk"]
Show = Literal["all", "declined", "down", "slow"]

_MAX_FEEDBACK_BYTES: Final = 2**30
_LOG = logging.getLogger("fuente.service")
_FILE = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.1)?\.jsonl")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was kept: ``ms`` until the answer, ``documents`` quoted; ``outcome`` talk: no question about documents."""

    at: datetime
    request_id: str
    question: str
    language: str
    outcome: Outcome
    confidence: float | None = None
    ms: float | None = None
    documents: tuple[str, ...] = ()


class Rating(NamedTuple):
    """A thumb of a reader; ``question`` None where the answer was not known any more."""

    at: datetime
    request_id: str
    up: bool
    comment: str
    question: str | None
    language: str
    outcome: Outcome
    documents: tuple[str, ...]


class AskedStore(Protocol):
    """Where the questions of a collection are kept."""

    def append(self, one: Asked) -> None:
        """Keep a question.

        :raises FuenteError: when that cannot be.
        """

    def prune(self, first: date) -> None:
        """Remove what was asked before that day; then the oldest beyond MOST_BYTES. Errors as :meth:`append`."""

    def read(self, since: date) -> list[Asked]:
        """What was asked on that day and later, oldest first. What is damaged is left out; errors as where it is kept."""

    def close(self) -> None:
        """Keep what waits to be kept."""


class AskedFiles:
    """Those in a folder, a file a day: :class:`AskedStore`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def append(self, one: Asked) -> None:
        """See :meth:`AskedStore.append`; StorageError when the disk refuses."""
        with saving("a question"), contextlib.suppress(FileExistsError):
            self._folder.mkdir(mode=0o700)
        Lines(
            self._folder / f"{one.at.date().isoformat()}.jsonl",
            "a question",
            max_bytes=DAY_BYTES,
            n_kept=1,
            when_full="forget",
            durable=False,
        ).append(line_of(one))

    def prune(self, first: date) -> None:
        """See :meth:`AskedStore.prune`."""
        room = MOST_BYTES
        refused: OSError | None = None
        for day, path in sorted(self.files(), reverse=True):
            try:
                room -= path.stat().st_size
                if day < first or room < 0:
                    path.unlink()
            except FileNotFoundError:
                pass  # another process of ours was faster
            except OSError as error:
                refused = error
        if refused is not None:
            raise storage_error(refused, "that questions are removed")

    def read(self, since: date) -> list[Asked]:
        """See :meth:`AskedStore.read`; a file that cannot be read is left out."""
        found: list[Asked] = []
        for day, path in sorted(
            self.files(), key=lambda one: (one[0], one[1].suffixes == [".jsonl"])
        ):
            if day < since:
                continue
            with contextlib.suppress(OSError):
                found += asked_of(read_day(path))
        return found

    def close(self) -> None:
        """See :meth:`AskedStore.close`; nothing waits."""

    def files(self) -> Iterator[tuple[date, Path]]:
        """The files with their days, in no order."""
        try:
            paths = list(self._folder.iterdir())
        except OSError:
            return
        for path in paths:
            match = _FILE.fullmatch(path.name)
            with contextlib.suppress(ValueError):
                if match is not None:
                    yield date.fromisoformat(match[1]), path


def read_day(path: Path) -> bytes:
    """What a file of questions holds; errors as the disk's."""
    return read_small(path, 2 * DAY_BYTES)


class AskedQuestions:
    """The questions of one collection; ``days`` 0: none is kept, and what was kept before goes."""

    def __init__(self, store: AskedStore, days: int, clock: Callable[[], datetime] = _now) -> None:
        self.days = days
        self._store = store
        self._clock = clock
        self._pruned: date | None = None
        self._told = ""

    def write(self, answer: Answer, request_id: str) -> None:
        """Keep the question of an answer, where the owner wants that. What refuses costs the line, never the answer."""
        if not self.days:
            return
        now = self._clock()
        self.prune()
        talk = answer.kind != "answer" or (answer.abstention and answer.abstention.reason == "talk")
        documents = dict.fromkeys(c.doc_id for c in answer.citations if c.role == "answer")
        one = Asked(
            now,
            request_id,
            answer.question.full,
            answer.question.lang,
            "talk" if talk else answer.status,
            round(answer.confidence, 3),
            round(answer.timings_ms.get("total", 0.0), 1),
            tuple(documents),
        )
        try:
            self._store.append(one)
            self._told = ""
        except FuenteError as error:
            self._tell("questions are not kept for the owner: %s", error)

    def prune(self) -> None:
        """Remove the days that are not to be kept any longer, once a day; then the oldest beyond MOST_BYTES."""
        today = self._clock().date()
        if self._pruned == today:
            return
        try:
            self._store.prune(today - timedelta(days=self.days - 1))
            self._pruned = today
        except FuenteError as error:
            self._tell("questions that are too old could not be removed: %s", error)

    def read(self, since: date) -> list[Asked]:
        """See :meth:`AskedStore.read`."""
        return self._store.read(since)

    def close(self) -> None:
        """See :meth:`AskedStore.close`."""
        self._store.close()

    def _tell(self, text: str, error: FuenteError) -> None:
        if str(error) != self._told:
            _LOG.warning(text, error)
        self._told = str(error)


def read_ratings(path: Path, since: date) -> list[Rating]:
    """The thumbs of a file of feedback and of what was put aside of it, that day's and later, oldest first."""
    found = []
    for one in files_of(path):
        try:
            if datetime.fromtimestamp(one.stat().st_mtime, UTC).date() < since:
                continue
            content = read_small(one, _MAX_FEEDBACK_BYTES)
        except OSError:
            continue
        found += ratings_of(content, since)
    return found


def ratings_of(content: bytes, since: date) -> list[Rating]:
    """The thumbs of lines of feedback, that day's and later; a line that is damaged is left out."""
    found = []
    for said in _json_lines(content):
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
            rating = _rating(said)
            if rating.at.date() >= since:
                found.append(rating)
    return found


@dataclass(slots=True)
class Group:
    """One question, as often as it was asked in the same language; all but the counts as it was the last time."""

    last: Asked
    times: int = 0
    up: int = 0
    down: int = 0
    slowest_ms: float | None = None
    comments: list[str] = field(default_factory=list)


class Period(NamedTuple):
    """What a view is about: questions of ``language`` and those that quote ``document``, where these are given."""

    asked: Sequence[Asked]
    ratings: Sequence[Rating]
    slow_ms: float


def key_of(question: str, language: str) -> tuple[str, str]:
    """What makes two questions the same: their words without regard to case and white space, and the language."""
    return " ".join(unicodedata.normalize("NFC", question).casefold().split()), language


def narrowed(period: Period, language: str | None, document: str | None) -> Period:
    """The questions of one language, of one document, or both."""

    def wanted(one: Asked | Rating) -> bool:
        return (language is None or one.language == language) and (
            document is None or document in one.documents
        )

    return period._replace(
        asked=[one for one in period.asked if wanted(one)],
        ratings=[one for one in period.ratings if one.question is not None and wanted(one)],
    )


def groups(period: Period, show: Show, words: str) -> list[Group]:
    """The questions that are to be shown, those asked most often first, then the latest; ``words`` stand in each of them."""
    found: dict[tuple[str, str], Group] = {}
    for one in period.asked:
        group = found.setdefault(key_of(one.question, one.language), Group(one))
        group.last = one
        group.times += 1
        if one.ms is not None:
            group.slowest_ms = max(group.slowest_ms or 0.0, one.ms)
    for rating in period.ratings:
        if rating.question is None:
            continue
        key = key_of(rating.question, rating.language)
        if key not in found:
            # Thumbs are kept in any case; of what else was asked nothing may be known
            told = Asked(
                rating.at, rating.request_id, rating.question, rating.language, rating.outcome,
                documents=rating.documents,
            )  # fmt: skip
            found[key] = Group(told, 1)
        group = found[key]
        group.up += rating.up
        group.down += not rating.up
        if rating.comment:
            group.comments.append(rating.comment)
    looked_for = words.casefold()
    shown = [
        group
        for group in found.values()
        if looked_for in group.last.question.casefold() and _is_shown(group, show, period.slow_ms)
    ]
    return sorted(shown, key=lambda group: (group.times, group.last.at), reverse=True)


def _is_shown(group: Group, show: Show, slow_ms: float) -> bool:
    if show == "declined":
        return group.last.outcome == "abstained"
    if show == "down":
        return group.down > 0
    return show == "all" or (group.slowest_ms or 0.0) >= slow_ms


class Day(NamedTuple):
    """What happened on a day."""

    day: date
    asked: int
    declined: int
    down: int


def by_day(period: Period, since: date, until: date) -> list[Day]:
    """Every day from ``since`` to ``until``, both included."""
    asked = Counter(one.at.date() for one in period.asked)
    declined = Counter(one.at.date() for one in period.asked if one.outcome == "abstained")
    down = Counter(one.at.date() for one in period.ratings if not one.up)
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    return [Day(day, asked[day], declined[day], down[day]) for day in days]


def by_language(period: Period) -> dict[str, tuple[int, int]]:
    """Questions and how many of them were declined, by language; most asked first."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in period.asked:
        counts[one.language][0] += 1
        counts[one.language][1] += one.outcome == "abstained"
    ranked = sorted(counts.items(), key=lambda item: (-item[1][0], item[0]))
    return {language: (asked, declined) for language, (asked, declined) in ranked}


def by_document(period: Period) -> list[tuple[str, int, int]]:
    """Documents with the answers that quote them and the thumbs down these got; most quoted first."""
    quoted = Counter(doc_id for one in period.asked for doc_id in one.documents)
    down = Counter(doc_id for one in period.ratings if not one.up for doc_id in one.documents)
    ranked = sorted(quoted | down, key=lambda doc_id: (-quoted[doc_id], -down[doc_id], doc_id))
    return [(doc_id, quoted[doc_id], down[doc_id]) for doc_id in ranked]


def median_ms(period: Period) -> float | None:
    """The time until an answer that half of the questions took at most; None without any."""
    times = [one.ms for one in period.asked if one.ms is not None]
    return statistics.median(times) if times else None


def line_of(one: Asked) -> dict[str, object]:
    """What is kept of a question, as one line."""
    return {
        "at": one.at.isoformat(timespec="seconds"),
        "request_id": one.request_id,
        "question": one.question,
        "language": one.language,
        "outcome": one.outcome,
        "confidence": one.confidence,
        "ms": one.ms,
        "documents": list(one.documents),
    }


def asked_of(content: bytes) -> list[Asked]:
    """The questions of lines that were kept; a line that a crash has torn is left out."""
    found = []
    for said in _json_lines(content):
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
            one = Asked(
                _time(said["at"]),
                str(said["request_id"]),
                str(said["question"]),
                str(said["language"]),
                _outcome(said["outcome"]),
                float(said["confidence"]),
                float(said["ms"]),
                tuple(map(str, said["documents"])),
            )
            found.append(one)
    return found


def _rating(said: Mapping[str, Any]) -> Rating:
    question = said.get("question")
    return Rating(
        _time(said["at"]),
        str(said["request_id"]),
        {"up": True, "down": False}[said["rating"]],
        str(said.get("comment") or ""),
        None if question is None else str(question),
        str(said.get("language") or "und"),
        _outcome(said.get("status") or "answered"),
        tuple(dict.fromkeys(str(c["document"]) for c in said.get("citations") or ())),
    )


def _json_lines(content: bytes) -> Iterator[Any]:
    for line in content.split(b"\n"):
        if line.strip():
            with contextlib.suppress(ValueError, RecursionError):
                yield json.loads(line)


def _time(text: object) -> datetime:
    at = datetime.fromisoformat(str(text))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _outcome(text: object) -> Outcome:
    found: Outcome | None = next((one for one in get_args(Outcome) if one == text), None)
    if found is None:
        raise ValueError(text)
    return found
