"""The error body of every native endpoint: shape, codes, both languages."""

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException

import corpus.document
from api.messages import Words
from api.problems import (
    ERRORS,
    PROBLEMS,
    ProblemError,
    choose_language,
    describe_validation,
    problem_code,
    tell,
)
from corpus.document import FuenteError

DESIGN = {
    "validation_error": 422,
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "payload_too_large": 413,
    "unsupported_media_type": 415,
    "index_not_ready": 503,
    "index_model_mismatch": 409,
    "index_job_running": 409,
    "rate_limited": 429,
    "overloaded": 503,
    "generator_unavailable": 502,
}
OUR_ERRORS = sorted(
    (
        kind
        for kind in vars(corpus.document).values()
        if isinstance(kind, type) and issubclass(kind, FuenteError)
    ),
    key=lambda kind: kind.__name__,
)
FIELDS = {"type", "title", "status", "detail", "instance", "code", "request_id", "remedy"}


def told(error, lang="en"):
    return tell(error, lang, instance="/v1/ask", request_id="req_1")


@pytest.mark.parametrize(("code", "status"), DESIGN.items())
def test_the_codes_of_the_design_have_its_status(code, status):
    assert PROBLEMS[code].status == status


@pytest.mark.parametrize("kind", OUR_ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_of_ours_stands_in_the_one_table(kind):
    assert kind in ERRORS
    assert ERRORS[kind] in PROBLEMS


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("kind", OUR_ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_of_ours_becomes_a_whole_problem_in_both_languages(kind, lang):
    error = (
        kind("reading", ImportError(name="torch"), "models")
        if kind is corpus.document.MissingExtraError
        else kind("found 3, expected 2: mend it")
    )
    problem = told(error, lang)
    assert FIELDS <= problem.body.keys()
    assert all(problem.body[name] for name in FIELDS)
    assert problem.headers["Content-Language"] == lang
    assert problem.body["status"] == problem.status == PROBLEMS[problem.body["code"]].status
    assert problem.body["type"] == f"/docs#{problem.body['code']}"


def test_an_error_of_the_layers_below_is_told_whole_in_both_languages():
    error = corpus.document.QuestionTooLongError(
        "the question has 9 characters, at most 5 are taken; shorten it"
    )
    assert told(error, "en").body["detail"] == str(error)
    spanish = told(error, "es").body
    assert (
        spanish["detail"] == "la pregunta tiene 9 caracteres y se admiten 5 como máximo; acórtala"
    )
    assert "cause" not in spanish


def test_an_error_that_the_catalogue_does_not_know_carries_its_words_as_cause():
    error = corpus.document.QuestionTooLongError("found 9, expected 5: mend it")
    assert told(error, "en").body["detail"] == str(error)
    assert told(error, "es").body["detail"] == "La pregunta es más larga de lo permitido."
    assert told(error, "es").body["cause"] == str(error)


def test_a_subclass_that_is_not_in_the_table_counts_as_its_parent():
    class NoChapterError(corpus.document.UnknownDocumentError):
        pass

    assert problem_code(NoChapterError("x")) == "not_found"


@pytest.mark.parametrize(
    "error", [RuntimeError("password=hunter2"), FuenteError("/srv/secret"), HTTPException(599)]
)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_an_internal_error_says_nothing_of_its_inside(error, lang):
    problem = told(error, lang)
    assert problem.body["code"] == "internal_error"
    assert "hunter2" not in str(problem.body)
    assert "secret" not in str(problem.body)


def test_texts_of_the_two_languages_differ_for_every_problem():
    for problem in PROBLEMS.values():
        assert problem.title.es != problem.title.en
        assert problem.remedy.es != problem.remedy.en


def test_a_problem_that_passes_with_time_carries_retry_after():
    assert told(ProblemError("overloaded", Words("sí", "yes"))).headers["Retry-After"] == "1"
    assert (
        told(
            ProblemError("rate_limited", Words("sí", "yes"), headers={"Retry-After": "7"})
        ).headers["Retry-After"]
        == "7"
    )
    assert "Retry-After" not in told(ProblemError("not_found", Words("no", "no"))).headers


def test_unauthorized_says_how_to_authorise():
    assert (
        told(ProblemError("unauthorized", Words("sí", "yes")))
        .headers["WWW-Authenticate"]
        .startswith("Bearer")
    )


@pytest.mark.parametrize(
    ("header", "default", "expected"),
    [
        (None, "es", "es"),
        ("", "en", "en"),
        ("en", "es", "en"),
        ("es-PE,es;q=0.9,en;q=0.8", "en", "es"),
        ("en-GB;q=0.4, es;q=0.3", "es", "en"),
        ("en;q=0.3, es;q=0.4", "en", "es"),
        ("en;q=0.5,es;q=0.5", "es", "en"),
        ("fr-FR,fr;q=0.9", "es", "es"),
        ("fr,en;q=0.1", "es", "en"),
        ("*", "en", "en"),
        ("en;q=0,*", "en", "es"),
        ("en;q=0", "es", "es"),
        ("*;q=0.5,en;q=0.3", "es", "es"),
        ("EN-us", "es", "en"),
        ("en;q=abc,;;;,es;q=2", "en", "en"),
        ("english", "es", "es"),
        ("x" * 5000, "es", "es"),
    ],
)
def test_accept_language_is_read_with_its_weights(header, default, expected):
    assert choose_language(header, default) == expected


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")
    limit: int
    mode: str


def test_validation_errors_name_the_field_and_what_was_expected_in_both_languages():
    with pytest.raises(ValidationError) as caught:
        Form.model_validate({"limit": "ocho", "colour": 1})
    words = describe_validation(caught.value.errors())
    assert words.en == (
        "limit: expected a whole number; mode: is missing; it is required; colour: is not a "
        "known field"
    )
    assert words.es == (
        "limit: se esperaba un número entero; mode: falta; es obligatorio; colour: no se conoce "
        "ese campo"
    )


def test_which_of_several_types_was_tried_is_no_part_of_the_place():
    tried = [
        ("string_type", ("body", "input", "function-after[_encodable(), str]")),
        ("list_type", ("body", "input", "list[union[Message,Item]]")),
        ("missing", ("body", "input", "list[union[Message,Item]]", 0, "Message", "content")),
        ("missing", ("body", "input", "list[union[Message,Item]]", 0, "Item", "content")),
        ("extra_forbidden", ("body", "Input")),
    ]
    errors = [{"type": kind, "loc": loc, "msg": "x", "ctx": {}} for kind, loc in tried]
    assert describe_validation(errors).en == (
        "input: expected a text; input: expected a list; input.0.content: is missing; it is required; "
        "Input: is not a known field"
    )


def test_many_validation_errors_are_cut_to_a_readable_number():
    errors = [{"type": "missing", "loc": ("body", str(n)), "msg": "x"} for n in range(9)]
    assert describe_validation(errors).en.endswith("and 4 more")
    assert describe_validation(errors).es.endswith("y 4 más")


def test_an_unknown_kind_of_validation_error_still_says_something():
    error = {"type": "new_kind", "loc": ("query", "limit"), "msg": "Input is odd", "ctx": {}}
    assert describe_validation([error]).en == "query.limit: Input is odd"
    less = {"type": "less_than_equal", "loc": ("query", "limit"), "msg": "Input is odd", "ctx": {}}
    assert describe_validation([less]).es == "query.limit: valor no válido"
