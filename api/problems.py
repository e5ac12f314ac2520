"""Everything that can go wrong at the HTTP door, as RFC 9457 problems in Spanish and English.

Two tables: ERRORS says which problem each FuenteError is, PROBLEMS which status a problem has, and, from the catalogue
of messages, what it is called and what the caller can do about it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException

from api.collections import named
from api.messages import LANGUAGES, UiLang, Words, both, described, group, say, translated
from corpus.document import (
    BuildRunningError,
    CollectionError,
    CollectionExistsError,
    CorpusError,
    DamagedIndexError,
    DocumentExistsError,
    EmptyQuestionError,
    EncoderError,
    FuenteError,
    IncompatibleIndexError,
    IndexReadOnlyError,
    IndexUnavailableError,
    LinkError,
    MissingExtraError,
    NoIndexError,
    QuestionError,
    QuestionTooLongError,
    SettingsError,
    StorageError,
    StorageFullError,
    StoreError,
    UnknownBuildError,
    UnknownCollectionError,
    UnknownDocumentError,
    UnreadableDocumentError,
    UnsafePathError,
    UnsupportedFormatError,
    VectorsUnavailableError,
)
from corpus.storage import of_the_disk, storage_error

MEDIA_TYPE = "application/problem+json"


class Problem(NamedTuple):
    """One kind of problem.

    ``retry_after_s`` is sent as Retry-After; None = waiting does not help.
    """

    status: int
    title: Words
    remedy: Words
    retry_after_s: int | None = None


_STATUS: Mapping[str, int] = {
    "validation_error": 422,
    "bad_request": 400,
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "payload_too_large": 413,
    "unsupported_media_type": 415,
    "unreadable_document": 422,
    "link_refused": 422,
    "index_not_ready": 503,
    "index_unavailable": 503,
    "index_read_only": 501,
    "index_model_mismatch": 409,
    "index_job_running": 409,
    "collection_exists": 409,
    "document_exists": 409,
    "rate_limited": 429,
    "overloaded": 503,
    "generator_unavailable": 502,
    "missing_extra": 501,
    "storage_unavailable": 503,
    "storage_full": 507,
    "internal_error": 500,
}
_RETRY_AFTER_S: Mapping[str, int] = {
    "index_not_ready": 5,
    "index_unavailable": 2,
    "overloaded": 1,
    "storage_unavailable": 30,
}

PROBLEMS: Mapping[str, Problem] = {
    code: Problem(
        status,
        both(f"problem.{code}.title"),
        both(f"problem.{code}.remedy"),
        _RETRY_AFTER_S.get(code),
    )
    for code, status in _STATUS.items()
}

ERRORS: Mapping[type[FuenteError], str] = {
    FuenteError: "internal_error",
    CorpusError: "unreadable_document",
    UnsupportedFormatError: "unsupported_media_type",
    UnreadableDocumentError: "unreadable_document",
    UnknownDocumentError: "not_found",
    DocumentExistsError: "document_exists",
    UnsafePathError: "validation_error",
    LinkError: "link_refused",
    StoreError: "index_not_ready",
    NoIndexError: "index_not_ready",
    IncompatibleIndexError: "index_model_mismatch",
    DamagedIndexError: "index_not_ready",
    UnknownBuildError: "not_found",
    IndexUnavailableError: "index_unavailable",
    VectorsUnavailableError: "index_unavailable",
    IndexReadOnlyError: "index_read_only",
    BuildRunningError: "index_job_running",
    EncoderError: "index_not_ready",
    QuestionError: "validation_error",
    EmptyQuestionError: "validation_error",
    QuestionTooLongError: "validation_error",
    CollectionError: "validation_error",
    UnknownCollectionError: "not_found",
    CollectionExistsError: "collection_exists",
    StorageError: "storage_unavailable",
    StorageFullError: "storage_full",
    SettingsError: "internal_error",
    MissingExtraError: "missing_extra",
}


class ProblemError(HTTPException):
    """A problem found at the door itself.

    ``detail`` is its text, or names it in the catalogue; ``values`` stand in it. ``param`` is the field of the request
    that it is about.
    """

    def __init__(
        self,
        code: str,
        detail: str | Words,
        values: Mapping[str, object] | None = None,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        param: str | None = None,
    ) -> None:
        self.code = code
        self.param = param
        self.detail_key = detail if isinstance(detail, str) else None
        self.words = (
            detail if isinstance(detail, Words) else both(f"detail.{detail}", **(values or {}))
        )
        super().__init__(
            status or PROBLEMS[code].status, detail=self.words.en, headers=dict(headers or {})
        )


class Told(NamedTuple):
    """A problem ready to be sent: status, extra headers and the JSON body."""

    status: int
    headers: dict[str, str]
    body: dict[str, Any]


def problem_code(error: FuenteError) -> str:
    """The code of the table ERRORS for an error, or for the nearest class above it."""
    return next(ERRORS[kind] for kind in type(error).__mro__ if kind in ERRORS)


def tell(error: Exception, lang: UiLang, *, instance: str, request_id: str) -> Told:
    """Any exception as a problem. An unexpected one says nothing of its inside."""
    error = named(_of_the_disk(error) or _of_the_form(error) or _of_the_letters(error) or error)
    headers: dict[str, str] = {}
    status: int | None = None
    extra: dict[str, Any] = {}
    if isinstance(error, ProblemError):
        code, detail, status = error.code, error.words.of(lang), error.status_code
        headers.update(error.headers or {})
    elif isinstance(error, FuenteError):
        code = problem_code(error)
        english = str(error) or type(error).__name__
        known = translated(english, lang)
        detail = known or described(error, lang)
        if known is None:
            # What the catalogue does not know is told by its kind, with the exact words beside it.
            extra["cause"] = english
        if code == "internal_error":
            extra.clear()
            detail = say(lang, "detail.service_error")
    elif isinstance(error, HTTPException):
        code, detail = _of_status(error.status_code, lang)
        status = error.status_code
        headers.update(error.headers or {})
    else:
        code, detail = "internal_error", say(lang, "detail.unexpected")
    problem = PROBLEMS[code]
    status = status or problem.status
    if problem.retry_after_s is not None:
        headers.setdefault("Retry-After", str(problem.retry_after_s))
    if code == "unauthorized":
        headers.setdefault("WWW-Authenticate", 'Bearer realm="fuente"')
    headers["Content-Language"] = lang
    headers["Cache-Control"] = "no-store"
    return Told(
        status,
        headers,
        {
            "type": f"/docs#{code}",
            "title": problem.title.of(lang),
            "status": status,
            "detail": detail,
            "instance": instance,
            "code": code,
            "request_id": request_id,
            "remedy": say(lang, "detail.which_collections")
            if isinstance(error, UnknownCollectionError)
            else problem.remedy.of(lang),
            **extra,
        },
    )


def _of_the_disk(error: Exception) -> StorageError | None:
    """What a disk that refused says, wherever it was met: writing a large upload to a temporary file, say."""
    # The framework tells whatever stops it at a body as a bad one
    cause = error.__cause__ if isinstance(error, HTTPException) else error
    if isinstance(cause, OSError) and of_the_disk(cause):
        return storage_error(cause, "what was sent")
    return None


_TOO_MANY = re.compile(r"Too many (?:files|fields)\. Maximum number of (?:files|fields) is (\d+)\.")


def _of_the_form(error: Exception) -> ProblemError | None:
    """A form with more parts than are taken, of which the framework says only in English that it is a bad request."""
    found = _TOO_MANY.fullmatch(str(error.detail)) if isinstance(error, HTTPException) else None
    if found is None:
        return None
    return ProblemError("payload_too_large", "too_many_parts", {"limit": int(found[1])})


def _of_the_letters(error: Exception) -> ProblemError | None:
    """A body in another charset than UTF-8, of which the framework says only that it could not be parsed."""
    cause = error.__cause__ if isinstance(error, HTTPException) else None
    if not isinstance(cause, UnicodeDecodeError):
        return None
    return ProblemError("bad_request", "not_utf8", {"n": cause.start + 1})


def choose_language(accept_language: str | None, default: UiLang) -> UiLang:
    """The language of messages by an Accept-Language header (RFC 9110, 12.5.4), q-values respected.

    ``es-PE`` counts as ``es``; the default where the caller names neither language, or likes both
    alike through ``*``. Of two with equal weight the first one named wins.
    """
    named: dict[str, float] = {}
    star = 0.0
    for part in (accept_language or "").split(",")[:_MAX_RANGES]:
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            continue
        name, weight = match[1].lower().split("-")[0], float(match[2] or 1)
        if name == "*":
            star = weight
        elif name in ("es", "en"):
            named[name] = max(weight, named.get(name, 0.0))
    ranked = [
        (-weight, place, name) for place, (name, weight) in enumerate(named.items()) if weight
    ]
    ranked += [(-star, 2, name) for name in (default,) if star and name not in named]
    ranked += [(-star, 3, name) for name in ("es", "en") if star and name not in named]
    if not ranked:
        return default
    return "es" if min(ranked)[2] == "es" else "en"


def describe_validation(errors: Sequence[Mapping[str, Any]]) -> Words:
    """Pydantic's errors as readable lines: which field, what was wrong, what was expected."""
    told: dict[Words, None] = {}
    for error in errors:
        if error["type"] == "json_invalid":
            # Its place is no field but where in the text the reader stopped
            told[_broken(error)] = None
            continue
        place = _spoken(".".join(_place_of(error))) or "body"
        words = _describe(error)
        told[Words(f"{place}: {words.es}", f"{place}: {words.en}")] = None
    shown = list(told)[:_MAX_DESCRIBED]
    if len(told) > _MAX_DESCRIBED:
        shown.append(both("validation.more", n=len(told) - _MAX_DESCRIBED))
    return Words("; ".join(one.es for one in shown), "; ".join(one.en for one in shown))


def _broken(error: Mapping[str, Any]) -> Words:
    """What is wrong with text that is no JSON, and at which character, the first of them 1."""
    english = _spoken(str(error.get("ctx", {}).get("error", "")))
    at = error["loc"][-1]
    return Words(
        *(
            say(
                lang,
                "validation.json_invalid",
                n=at + 1 if isinstance(at, int) else 1,
                error=group(lang, "json").get(english, english),
            )
            for lang in LANGUAGES
        )
    )


def _place_of(error: Mapping[str, Any]) -> list[str]:
    """The fields that lead to what was wrong, without which of several types was tried there, which pydantic writes between them."""
    *above, last = [str(part) for part in error["loc"] if part != "body"] or [""]
    parts = [part for part in above if not _TRIED.fullmatch(part)]
    is_tried = _TRIED.fullmatch(last) and error["type"] != "extra_forbidden"
    return parts if is_tried else [*parts, last]


_MAX_DESCRIBED = 5
_TRIED = re.compile(r".*\[.*|str|int|float|bool|[A-Z]\w*", re.DOTALL)
_MAX_RANGES = 32
_RANGE = re.compile(
    r"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*[qQ]\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?"
)


def _describe(error: Mapping[str, Any]) -> Words:
    """What was expected, by pydantic's type of the error; the fields of its context go into the text."""
    kind = error["type"]
    if kind == "value_error" and "Expected UploadFile" in error["msg"]:
        kind = "file_type"
    context = {name: _spoken(str(value)) for name, value in error.get("ctx", {}).items()}
    unknown = Words(say("es", "validation.invalid"), str(error["msg"]))
    if kind not in group("en", "validation"):
        return unknown
    try:
        es, en = both(f"validation.{kind}", **context)
    except KeyError:
        return unknown
    return Words(es.replace(" or ", " o ") if kind == "literal_error" else es, en)


def _spoken(text: str) -> str:
    """The caller's own words, fit to be sent back: short, and without half surrogate pairs."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= 200 else text[:200] + "…"


def _of_status(status: int, lang: UiLang) -> tuple[str, str]:
    """Code and detail of an HTTP error that the framework found, such as an unknown route."""
    code = {
        401: "unauthorized",
        403: "forbidden",
        404: "not_found",
        405: "method_not_allowed",
        413: "payload_too_large",
        415: "unsupported_media_type",
        422: "validation_error",
        503: "overloaded",
    }.get(status, "bad_request" if 400 <= status < 500 else "internal_error")
    key = {
        "not_found": "nothing_here",
        "method_not_allowed": "other_method",
        "bad_request": "unreadable_body",
    }.get(code)
    return code, say(lang, f"detail.{key}") if key else PROBLEMS[code].title.of(lang)
