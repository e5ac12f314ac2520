"""The owner's view: what is asked and not answered, and what the owner decides about it. All of it needs the scope admin."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal, NamedTuple

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from api.asked import (
    Group,
    Outcome,
    Period,
    Show,
    by_day,
    by_document,
    by_language,
    groups,
    median_ms,
    narrowed,
)
from api.guard import needs
from api.messages import UiLang, group
from api.native.schemas import DocumentId, JsonObject, Language, Text, _Request
from api.problems import ProblemError
from api.service import Service, TheService, UiLanguage, Writable
from qa.evaluation.decided import Verdict, decided_id, decision_of, verdict_of
from qa.evaluation.feedback import QuestionLine, QuotedLine

router = APIRouter(tags=["owner"])

MOST_DAYS = 366
MAX_ASKED = 200
SLOW_MS = 1000.0
TOP = 20
"""Documents that the summary names."""

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a spreadsheet's formula begins, full-width forms too."""


class AskedBody(BaseModel):
    """A question, as often as it was asked; all but the counts as it was the last time."""

    id: str = Field(description="The same for the same words; decisions go by it.")
    question: str
    language: Language
    times: int
    last_at: datetime
    outcome: Outcome = Field(
        description="abstained = declined; talk = no question to the documents."
    )
    confidence: float | None
    slowest_ms: float | None = Field(description="null where only a thumb tells of the question.")
    documents: list[str] = Field(description="Quoted in the answer.")
    up: int
    down: int
    comments: list[str]
    verdict: Verdict | None = Field(
        description="What the owner decided about it; null = nothing yet."
    )


class AskedList(BaseModel):
    """What was asked, most often asked first, then the latest."""

    object: Literal["list"]
    data: list[AskedBody]
    total: int


class AskedDay(BaseModel):
    """What happened on one day (UTC)."""

    day: date
    asked: int
    declined: int
    down: int


class AskedLanguageBody(BaseModel):
    """Questions in one language."""

    language: Language
    asked: int
    declined: int


class AskedDocument(BaseModel):
    """Answers that quote a document, and thumbs down that these got."""

    document_id: str
    title: str = Field(description="The id of a document that is not in the active build.")
    quoted: int
    down: int


class AskedSummary(BaseModel):
    """What was asked in a number of days, counted."""

    object: Literal["summary"]
    question_days: int = Field(description="Days for which questions are kept; 0 = none is.")
    since: date
    until: date
    asked: int
    answered: int
    declined: int
    talk: int
    up: int
    down: int
    slow: int
    slow_ms: float
    median_ms: float | None
    days: list[AskedDay]
    languages: list[AskedLanguageBody]
    documents: list[AskedDocument]


class Place(_Request):
    """The words of a document that answer: code points of its text."""

    document_id: DocumentId
    start: int = Field(ge=0)
    end: int = Field(ge=1)


class DecisionRequest(_Request):
    """What the owner decides about a question."""

    question: Text = Field(min_length=1, max_length=100_000)
    language: Language
    verdict: Verdict = Field(
        description="answer: `place` answers it. none: the documents rightly hold no answer. wanted: add a document about it."
    )
    place: Place | None = None


class DecisionBody(BaseModel):
    """A decision; `line` is the judged question as `fuente evaluate` reads it."""

    object: Literal["decision"]
    id: str
    verdict: Verdict
    line: JsonObject


class DecisionList(BaseModel):
    """All decisions, oldest first."""

    object: Literal["list"]
    data: list[DecisionBody]


class DecisionDeleted(BaseModel):
    """A decision was taken back."""

    object: Literal["decision.deleted"]
    id: str
    deleted: Literal[True]


class Narrowed(NamedTuple):
    """What was asked from one day to another, as far as a request wants it."""

    period: Period
    since: date
    until: date


def _narrowed(
    service: TheService,
    days: Annotated[
        int, Query(ge=1, le=MOST_DAYS, description="Today and the days before, in UTC.")
    ] = 30,
    language: Annotated[
        Language | None, Query(description="Only questions in this language.")
    ] = None,
    document_id: Annotated[
        str | None,
        Query(max_length=1024, description="Only questions whose answer quotes this document."),
    ] = None,
    slow_ms: Annotated[
        float, Query(ge=0, le=3_600_000, description="What counts as slow.")
    ] = SLOW_MS,
) -> Narrowed:
    until = datetime.now(UTC).date()
    since = until - timedelta(days=days - 1)
    asked = service.asked.read(since)
    ratings = service.feedback.ratings(since)
    return Narrowed(narrowed(Period(asked, ratings, slow_ms), language, document_id), since, until)


TheQuestions = Annotated[Narrowed, Depends(_narrowed)]


def _groups(
    asked: TheQuestions,
    show: Annotated[Show, Query(description="all, declined, down (thumbs down) or slow.")] = "all",
    q: Annotated[str, Query(max_length=200, description="Words that stand in the question.")] = "",
) -> list[Group]:
    return groups(asked.period, show, q)


TheGroups = Annotated[list[Group], Depends(_groups)]


@router.get("/v1/questions", response_model=AskedList, openapi_extra=needs("admin"))
def asked_questions(
    service: TheService,
    found: TheGroups,
    limit: Annotated[int, Query(ge=1, le=MAX_ASKED)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> AskedList:
    """What was asked, the same words once; needs `question_days`, but for what readers rated."""
    data = _bodies(service, found[offset : offset + limit])
    return AskedList(object="list", data=data, total=len(found))


@router.get("/v1/questions/summary", response_model=AskedSummary, openapi_extra=needs("admin"))
def asked_summary(service: TheService, asked: TheQuestions) -> AskedSummary:
    """The same, counted: by day, by language, by document."""
    period, since, until = asked
    outcomes = [one.outcome for one in period.asked]
    index = service.engine.index
    titles = {} if index is None else {one.doc_id: one.title for one in index.documents()}
    return AskedSummary(
        object="summary",
        question_days=service.asked.days,
        since=since,
        until=until,
        asked=len(outcomes),
        answered=outcomes.count("answered"),
        declined=outcomes.count("abstained"),
        talk=outcomes.count("talk"),
        up=sum(one.up for one in period.ratings),
        down=sum(not one.up for one in period.ratings),
        slow=sum((one.ms or 0.0) >= period.slow_ms for one in period.asked),
        slow_ms=period.slow_ms,
        median_ms=median_ms(period),
        days=[AskedDay(**one._asdict()) for one in by_day(period, since, until)],
        languages=[
            AskedLanguageBody(language=name, asked=asked, declined=declined)
            for name, (asked, declined) in by_language(period).items()
        ],
        documents=[
            AskedDocument(
                document_id=doc_id, title=titles.get(doc_id) or doc_id, quoted=quoted, down=down
            )
            for doc_id, quoted, down in by_document(period)[:TOP]
        ],
    )


@router.get(
    "/v1/questions/export",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "A table."}},
    openapi_extra=needs("admin"),
)
def export_questions(
    service: TheService, lang: UiLanguage, asked: TheQuestions, found: TheGroups
) -> Response:
    """The same as a table (CSV, UTF-8), all rows; no cell of it is a formula for a spreadsheet."""
    name = f"fuente-{service.name}-{asked.since}-{asked.until}.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Language": lang,
    }
    return Response(_table(_bodies(service, found), lang), 200, headers, "text/csv; charset=utf-8")


@router.get("/v1/questions/decisions", response_model=DecisionList, openapi_extra=needs("admin"))
def decisions(service: TheService) -> DecisionList:
    """What the owner decided about questions; `fuente evaluate` reads it."""
    return DecisionList(object="list", data=[_decision(one) for one in service.decisions.read()])


@router.post(
    "/v1/questions/decisions",
    response_model=DecisionBody,
    status_code=201,
    dependencies=[Writable],
    openapi_extra=needs("admin"),
)
def decide_question(body: DecisionRequest, service: TheService) -> DecisionBody:
    """Makes a judged question of one that was asked; a later decision about the same words takes its place."""
    if (body.place is None) == (body.verdict == "answer"):
        key = "place_needed" if body.place is None else "place_not_needed"
        raise ProblemError("validation_error", key, {"verdict": body.verdict}, param="place")
    place = None if body.place is None else _quoted(service, body.place)
    line = decision_of(body.question, body.language, body.verdict, place)
    service.decisions.put(line)
    return _decision(line)


@router.delete(
    "/v1/questions/decisions/{decision_id}",
    response_model=DecisionDeleted,
    dependencies=[Writable],
    openapi_extra=needs("admin"),
)
def undecide_question(decision_id: str, service: TheService) -> DecisionDeleted:
    """Takes a decision back."""
    if not service.decisions.remove(decision_id):
        raise ProblemError("not_found", "no_decision", {"id": decision_id[:100]})
    return DecisionDeleted(object="decision.deleted", id=decision_id, deleted=True)


def _bodies(service: Service, found: Sequence[Group]) -> list[AskedBody]:
    verdicts = {one["id"]: verdict_of(one) for one in service.decisions.read()}
    return [_body(one, verdicts) for one in found]


def _body(one: Group, verdicts: dict[str, Verdict]) -> AskedBody:
    last = one.last
    question_id = decided_id(last.question, last.language)
    return AskedBody(
        id=question_id,
        question=last.question,
        language=last.language,
        times=one.times,
        last_at=last.at,
        outcome=last.outcome,
        confidence=last.confidence,
        slowest_ms=one.slowest_ms,
        documents=list(last.documents),
        up=one.up,
        down=one.down,
        comments=one.comments,
        verdict=verdicts.get(question_id),
    )


def _decision(line: QuestionLine) -> DecisionBody:
    return DecisionBody(object="decision", id=line["id"], verdict=verdict_of(line), line=dict(line))


def _quoted(service: Service, place: Place) -> QuotedLine:
    text = service.engine.serving().document(place.document_id, blocks=False).text
    if not place.start < place.end <= len(text):
        raise ProblemError(
            "validation_error",
            "place_outside",
            {"start": place.start, "end": place.end, "total": len(text)},
            param="place",
        )
    quote = text[place.start : place.end]
    return {"document": place.document_id, "start": place.start, "end": place.end, "quote": quote}


def _table(rows: Sequence[AskedBody], lang: UiLang) -> str:
    columns = group(lang, "page.owner.columns")
    outcomes, verdicts = group(lang, "page.owner.outcome"), group(lang, "page.owner.verdict")
    out = io.StringIO()
    # Spreadsheets take a file for UTF-8 by the mark before it
    out.write("\ufeff")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns.values())
    for row in rows:
        told = {
            "last": row.last_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M"),
            "question": row.question,
            "language": row.language,
            "times": row.times,
            "outcome": outcomes[row.outcome],
            "confidence": "" if row.confidence is None else row.confidence,
            "slowest": "" if row.slowest_ms is None else row.slowest_ms,
            "up": row.up,
            "down": row.down,
            "documents": "; ".join(row.documents),
            "comments": " | ".join(row.comments),
            "verdict": verdicts[row.verdict] if row.verdict else "",
        }
        writer.writerow([plain_cell(told[name]) for name in columns])
    return out.getvalue()


def plain_cell(value: object) -> object:
    """A cell as a spreadsheet shows it and does not reckon it: a text that begins like a formula gets an apostrophe before it."""
    if not isinstance(value, str):
        return value
    begins = value.lstrip().startswith(_FORMULA) or value.startswith(("\t", "\r", "\n"))
    return f"'{value}" if begins else value
