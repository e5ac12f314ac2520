"""From readers' thumbs to judged questions: each line of feedback.jsonl holds an answer and what was thought of it."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, NotRequired, TypedDict

from corpus.document import CorpusError
from corpus.storage import files_of, read_small
from qa.engine import Answer

FEEDBACK_NAME = "feedback.jsonl"

_MAX_FILE_BYTES = 2**30

_Quoted = tuple[str, int, int]


class QuotedLine(TypedDict):
    """A place quoted, code points of its document."""

    document: str
    start: int
    end: int
    quote: str


class RatedLine(TypedDict):
    """What a line of feedback keeps of an answer."""

    question: str
    language: str
    status: str
    citations: list[QuotedLine]


class JudgementLine(QuotedLine):
    """A judged place."""

    grade: int


class QuestionLine(TypedDict):
    """A judged question, as :func:`qa.evaluation.dataset.read_questions` reads it."""

    id: str
    question: str
    lang: str
    judgements: list[JudgementLine]
    unanswerable: NotRequired[bool]
    note: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Export:
    """Judged questions, in the order in which they were first asked, as lines of ``qa.dataset.read_questions``.

    ``n_read`` lines were read. Left out, by reason: ``unreadable`` lines, ``without_answer`` (the answer was not known
    any more when the thumb came), ``undecided`` questions (a thumb down for an abstention names no passage).
    """

    questions: list[QuestionLine]
    n_read: int
    left_out: Counter[str]


@dataclass(slots=True)
class _Opinions:
    """What was thought of the answers to one question; the latest thumb about the same words counts."""

    query_id: str
    text: str
    lang: str
    grades: dict[_Quoted, tuple[int, str]] = field(default_factory=dict)
    unanswerable: bool = False


def rated_answer(answer: Answer) -> RatedLine:
    """What a line of feedback keeps of an answer: the question and the places quoted, code points of each document."""
    return {
        "question": answer.question.full,
        "language": answer.question.lang,
        "status": answer.status,
        "citations": [
            {"document": c.doc_id, "start": c.start, "end": c.end, "quote": c.quote}
            for c in answer.citations
            if c.role == "answer"
        ],
    }


def judged_questions(path: Path) -> Export:
    """The judged questions that the thumbs in a feedback file make, and in those put aside before it: :func:`judged_lines`.

    :raises CorpusError: when the file cannot be read.
    """
    try:
        files = [read_small(one, _MAX_FILE_BYTES) for one in files_of(path) or [path]]
    except OSError as error:
        raise CorpusError(
            f"{path} cannot be read ({type(error).__name__}: {error}); expected the feedback that "
            "a server keeps in its data directory: name it with --data, or rate an answer first"
        ) from error
    return judged_lines(line for content in files for line in content.split(b"\n"))


def judged_lines(given: Iterable[bytes]) -> Export:
    """The judged questions that lines of feedback make, the oldest first.

    A thumb up makes every place quoted a judgement of grade 1, a thumb down one of grade 0; a thumb up for an
    abstention makes the question unanswerable. Lines about the same question (without regard to case and white space)
    become one; about the same place, or about whether there is an answer at all, the latest line counts.
    """
    lines = [line for line in given if line.strip()]
    left_out: Counter[str] = Counter()
    asked: dict[tuple[str, str], _Opinions] = {}
    for line in lines:
        try:
            rated = _read_line(line)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            # A line of a crash or of another hand: the others are still good
            left_out["unreadable"] += 1
            continue
        if rated is None:
            left_out["without_answer"] += 1
            continue
        text, lang, query_id, up, abstained, places = rated
        key = (" ".join(unicodedata.normalize("NFC", text).casefold().split()), lang)
        opinions = asked.setdefault(key, _Opinions(query_id, text, lang))
        if abstained:
            opinions.unanswerable = up
            if up:
                opinions.grades = {p: (0, quote) for p, (_, quote) in opinions.grades.items()}
            continue
        if up:
            opinions.unanswerable = False
        for place, quote in places:
            opinions.grades[place] = (int(up), quote)
    decided = [o for o in asked.values() if o.grades or o.unanswerable]
    left_out["undecided"] = len(asked) - len(decided)
    return Export(_lines(decided), len(lines), +left_out)


class _Rated(NamedTuple):
    text: str
    lang: str
    query_id: str
    up: bool
    abstained: bool
    places: list[tuple[_Quoted, str]]


def _read_line(line: bytes) -> _Rated | None:
    """What a line of feedback says; None when it is about an answer that was not known any more.

    :raises ValueError, KeyError, TypeError, AttributeError, RecursionError: for anything else.
    """
    said = json.loads(line)
    up = {"up": True, "down": False}[said["rating"]]
    if said.get("question") is None:
        return None
    text, lang, query_id, status = (
        _text(said[name]) for name in ("question", "language", "request_id", "status")
    )
    places = [
        ((_text(c["document"]), _offset(c["start"]), _offset(c["end"])), _text(c["quote"]))
        for c in said["citations"]
    ]
    return _Rated(text, lang, query_id, up, status == "abstained", places)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    # Half a surrogate pair can be written in JSON and nowhere else
    value.encode("utf-8")
    return value


def _offset(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(type(value).__name__)
    return value


def write_questions(questions: Sequence[QuestionLine], path: Path) -> None:
    """The questions as a file that ``fuente evaluate`` takes, one JSON object a line.

    :raises CorpusError: when the file cannot be written.
    """
    text = "".join(json.dumps(q, ensure_ascii=False) + "\n" for q in questions)
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise CorpusError(
            f"{path} cannot be written ({error.strerror}); expected a file in a folder that is there"
        ) from error


def _lines(opinions: Sequence[_Opinions]) -> list[QuestionLine]:
    made = []
    used: Counter[str] = Counter()
    for one in opinions:
        used[one.query_id] += 1
        # A client may choose its request ids, and choose one twice
        again = f"-{used[one.query_id]}" if used[one.query_id] > 1 else ""
        line: QuestionLine = {
            "id": one.query_id + again,
            "question": one.text,
            "lang": one.lang,
            "judgements": [
                {"document": doc_id, "start": start, "end": end, "quote": quote, "grade": grade}
                for (doc_id, start, end), (grade, quote) in one.grades.items()
            ],
        }
        if one.unanswerable:
            line["unanswerable"] = True
            line["note"] = "a reader agreed that the documents hold no answer"
        elif not any(grade for grade, _ in one.grades.values()):
            line["note"] = "only rejected quotes: add where the answer stands"
        made.append(line)
    return made
