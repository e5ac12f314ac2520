"""What the owner of a collection decided about questions that were asked: judged questions, as ``fuente evaluate`` takes them."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Literal, Protocol

from corpus.document import CorpusError, StorageFullError
from corpus.storage import read_small, saving
from qa.evaluation.feedback import QuestionLine, QuotedLine

DECIDED_NAME: Final = "decided.jsonl"
MOST_DECIDED: Final = 10_000
WANTED: Final = "add a document about this"
"""The note of a question that the documents should answer and do not."""

Verdict = Literal["answer", "none", "wanted"]
"""The place named answers; nothing in the documents does, and nothing has to; a document about it is to be added."""

_MAX_BYTES: Final = 64 * 2**20


def decided_id(question: str, lang: str) -> str:
    """The id of a decided question: the same for the same words, without regard to case and white space."""
    words = " ".join(unicodedata.normalize("NFC", question).casefold().split())
    return f"owner-{hashlib.sha256(f'{lang} {words}'.encode()).hexdigest()[:16]}"


def verdict_of(line: QuestionLine) -> Verdict:
    """What was decided about a question."""
    if any(one["grade"] for one in line["judgements"]):
        return "answer"
    return "wanted" if line.get("note") == WANTED else "none"


def decision_of(
    question: str, lang: str, verdict: Verdict, place: QuotedLine | None = None
) -> QuestionLine:
    """What is kept of a decision; ``place`` is what answers."""
    line: QuestionLine = {
        "id": decided_id(question, lang),
        "question": question,
        "lang": lang,
        "judgements": [{**place, "grade": 1}] if place is not None else [],
    }
    if place is None:
        line["unanswerable"] = True
    if verdict == "wanted":
        line["note"] = WANTED
    return line


class Decisions(Protocol):
    """What the owner of a collection decided so far."""

    def read(self) -> list[QuestionLine]:
        """The questions decided so far, oldest first.

        :raises FuenteError: when they cannot be read.
        """

    def put(self, line: QuestionLine) -> None:
        """Keep a decision, in place of an earlier one about the same question. Errors as :meth:`read`.

        :raises StorageFullError: when MOST_DECIDED are kept.
        """

    def remove(self, question_id: str) -> bool:
        """Take a decision back; False when there is none of that id. Errors as :meth:`read`."""


class DecisionFile:
    """Those in a file of a data directory, which several processes may change: :class:`Decisions`."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def read(self) -> list[QuestionLine]:
        """See :meth:`Decisions.read`.

        :raises CorpusError: when the file is not what :meth:`put` writes.
        """
        return read_decided(self._data / DECIDED_NAME)

    def put(self, line: QuestionLine) -> None:
        """See :meth:`Decisions.put`; StorageError when the disk refuses."""

        def put(lines: list[QuestionLine]) -> list[QuestionLine]:
            left = [one for one in lines if one["id"] != line["id"]]
            if len(left) >= MOST_DECIDED:
                raise StorageFullError(
                    f"{DECIDED_NAME} holds {MOST_DECIDED:,} questions, as many as are kept; take some away first"
                )
            return [*left, line]

        self._change(put)

    def remove(self, question_id: str) -> bool:
        """See :meth:`Decisions.remove`; StorageError when the disk refuses."""
        found = False

        def take(lines: list[QuestionLine]) -> list[QuestionLine]:
            nonlocal found
            left = [one for one in lines if one["id"] != question_id]
            found = len(left) < len(lines)
            return left

        self._change(take)
        return found

    def _change(self, change: Callable[[list[QuestionLine]], list[QuestionLine]]) -> None:
        path = self._data / DECIDED_NAME
        with saving("the decision"), (self._data / ".decided.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            lines = change(read_decided(path))
            text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
            partial = self._data / f".{DECIDED_NAME}.{secrets.token_hex(4)}.partial"
            try:
                handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(partial, path)
            finally:
                partial.unlink(missing_ok=True)


def read_decided(path: Path) -> list[QuestionLine]:
    """The decisions of a file, oldest first; none without one.

    :raises CorpusError: when it is not what :meth:`DecisionFile.put` writes.
    """
    try:
        text = read_small(path, _MAX_BYTES).decode("utf-8")
        return decided_lines(text.split("\n"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CorpusError(
            f"{path} cannot be read ({type(error).__name__}: {str(error)[:200]}); expected judged questions, one JSON object a "
            "line: mend it or take it away"
        ) from error


def decided_lines(texts: Iterable[str]) -> list[QuestionLine]:
    """The decisions of lines.

    :raises ValueError: for one that is none, or what a strange one else raises where it is read.
    """
    lines: list[QuestionLine] = [json.loads(one) for one in texts if one.strip()]
    for one in lines:
        if not all(isinstance(one[name], str) for name in ("id", "question", "lang")):
            raise ValueError("a line of it is no question")
        one.setdefault("judgements", [])
        for judgement in one["judgements"]:
            judgement.setdefault("grade", 1)
    return lines
