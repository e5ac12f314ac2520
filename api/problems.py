"""Everything that can go wrong at the HTTP door, as RFC 9457 problems in Spanish and English.

Two tables: ERRORS says which problem each FuenteError is, PROBLEMS says what a problem is called,
which status it has and what the caller can do about it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from starlette.exceptions import HTTPException

from corpus.document import (
    BuildRunningError,
    CorpusError,
    DamagedIndexError,
    EmptyQuestionError,
    EncoderError,
    FuenteError,
    IncompatibleIndexError,
    MissingExtraError,
    NoIndexError,
    QuestionError,
    QuestionTooLongError,
    SettingsError,
    StoreError,
    UnknownBuildError,
    UnknownDocumentError,
    UnreadableDocumentError,
    UnsafePathError,
    UnsupportedFormatError,
)

UiLang = Literal["es", "en"]
MEDIA_TYPE = "application/problem+json"


class Words(NamedTuple):
    """One text in both languages of the house."""

    es: str
    en: str

    def of(self, lang: UiLang) -> str:
        """The text in that language."""
        return self.es if lang == "es" else self.en


class Problem(NamedTuple):
    """One kind of problem.

    ``retry_after_s`` is sent as Retry-After; None = waiting does not help.
    """

    status: int
    title: Words
    remedy: Words
    retry_after_s: int | None = None


PROBLEMS: Mapping[str, Problem] = {
    "validation_error": Problem(
        422,
        Words("La petición no es válida", "The request is not valid"),
        Words(
            "Corrige lo que se indica y repite la petición.",
            "Correct what is named and send it again.",
        ),
    ),
    "bad_request": Problem(
        400,
        Words("La petición no se entiende", "The request cannot be understood"),
        Words("Comprueba el formato de la petición.", "Check the format of the request."),
    ),
    "unauthorized": Problem(
        401,
        Words("Hace falta una clave", "A key is needed"),
        Words(
            "Envía la cabecera «Authorization: Bearer <clave>» con una clave válida.",
            "Send the header 'Authorization: Bearer <key>' with a valid key.",
        ),
    ),
    "forbidden": Problem(
        403,
        Words("No está permitido", "Not allowed"),
        Words(
            "Pide a quien administra el servicio una clave o un acceso con ese permiso.",
            "Ask whoever runs the service for a key or an access that allows it.",
        ),
    ),
    "not_found": Problem(
        404,
        Words("No existe", "Not found"),
        Words(
            "Comprueba la dirección; GET /v1/documents, /v1/index/builds y /docs dicen lo que hay.",
            "Check the address; GET /v1/documents, /v1/index/builds and /docs say what there is.",
        ),
    ),
    "method_not_allowed": Problem(
        405,
        Words("Ese método no vale aquí", "That method does not work here"),
        Words(
            "Usa uno de los métodos de la cabecera Allow.",
            "Use one of the methods in the Allow header.",
        ),
    ),
    "payload_too_large": Problem(
        413,
        Words("La petición es demasiado grande", "The request is too large"),
        Words(
            "Envía menos de una vez, o sube max_upload_mb o max_body_kb en los ajustes.",
            "Send less at a time, or raise max_upload_mb or max_body_kb in the settings.",
        ),
    ),
    "unsupported_media_type": Problem(
        415,
        Words("Ese tipo de archivo no se puede leer", "That type of file cannot be read"),
        Words(
            "Conviértelo a uno de los formatos de GET /v1/info (formats), por ejemplo PDF o texto.",
            "Convert it to one of the formats in GET /v1/info (formats), such as PDF or text.",
        ),
    ),
    "unreadable_document": Problem(
        422,
        Words("El documento no se puede leer", "The document cannot be read"),
        Words(
            "Comprueba que el archivo se abre en tu equipo y que contiene texto.",
            "Check that the file opens on your computer and that it holds text.",
        ),
    ),
    "index_not_ready": Problem(
        503,
        Words("El índice no está listo", "The index is not ready"),
        Words(
            "Añade documentos y crea el índice: «fuente build» o POST /v1/index/jobs.",
            "Add documents and build the index: 'fuente build' or POST /v1/index/jobs.",
        ),
        5,
    ),
    "index_model_mismatch": Problem(
        409,
        Words("El índice es de otro modelo", "The index belongs to another model"),
        Words(
            "Vuelve a crear el índice con «fuente build --full», o arranca con el modelo con "
            "que se hizo.",
            "Build the index again with 'fuente build --full', or start with the model it was "
            "made with.",
        ),
    ),
    "index_job_running": Problem(
        409,
        Words("Ya se está creando el índice", "The index is being built already"),
        Words(
            "Espera a que termine (GET /v1/index/jobs/<id>) o cancélalo con DELETE.",
            "Wait until it ends (GET /v1/index/jobs/<id>) or cancel it with DELETE.",
        ),
    ),
    "rate_limited": Problem(
        429,
        Words("Demasiadas peticiones", "Too many requests"),
        Words(
            "Espera lo que dice Retry-After y repite.",
            "Wait as long as Retry-After says, then send again.",
        ),
    ),
    "overloaded": Problem(
        503,
        Words("El servicio está ocupado", "The service is busy"),
        Words("Repite la pregunta dentro de un momento.", "Ask again in a moment."),
        1,
    ),
    "generator_unavailable": Problem(
        502,
        Words("El modelo de lenguaje no responde", "The language model does not answer"),
        Words(
            "Comprueba que está en marcha, o pregunta sin él.",
            "Check that it is running, or ask without it.",
        ),
    ),
    "missing_extra": Problem(
        501,
        Words("Falta un paquete opcional", "An optional package is missing"),
        Words(
            "Instala el paquete que se nombra y reinicia.",
            "Install the package that is named and restart.",
        ),
    ),
    "internal_error": Problem(
        500,
        Words("Algo falló en el servicio", "Something failed in the service"),
        Words(
            "Repite; si sigue igual, busca este request_id en el registro del servicio.",
            "Try again; if it stays so, look for this request_id in the log of the service.",
        ),
    ),
}

ERRORS: Mapping[type[FuenteError], tuple[str, str]] = {
    # error class: (problem, what happened in Spanish); in English the error's own text says it.
    FuenteError: ("internal_error", "El servicio encontró un error."),
    CorpusError: ("unreadable_document", "El archivo no se puede usar."),
    UnsupportedFormatError: ("unsupported_media_type", "Ningún lector conoce ese tipo de archivo."),
    UnreadableDocumentError: (
        "unreadable_document",
        "El archivo está dañado, vacío o cifrado, es demasiado grande o no contiene texto.",
    ),
    UnknownDocumentError: ("not_found", "No hay ningún documento con ese identificador."),
    UnsafePathError: (
        "validation_error",
        "Ese nombre saldría de la carpeta de documentos o no es válido.",
    ),
    StoreError: ("index_not_ready", "El índice no se puede usar."),
    NoIndexError: ("index_not_ready", "Todavía no hay ningún índice."),
    IncompatibleIndexError: (
        "index_model_mismatch",
        "El índice se hizo con otro modelo u otro formato.",
    ),
    DamagedIndexError: (
        "index_not_ready",
        "Falta un archivo del índice o su contenido ha cambiado.",
    ),
    UnknownBuildError: ("not_found", "No hay ninguna versión del índice con ese identificador."),
    BuildRunningError: ("index_job_running", "Ya se está creando el índice."),
    EncoderError: ("index_not_ready", "El modelo no se puede cargar o da resultados que no valen."),
    QuestionError: ("validation_error", "La pregunta no se puede hacer."),
    EmptyQuestionError: ("validation_error", "La pregunta no contiene ninguna letra ni cifra."),
    QuestionTooLongError: ("validation_error", "La pregunta es más larga de lo permitido."),
    SettingsError: ("internal_error", "Un ajuste del servicio no es válido."),
    MissingExtraError: ("missing_extra", "Falta un paquete opcional."),
}


class ProblemError(HTTPException):
    """A problem found at the door itself, with its detail in both languages."""

    def __init__(
        self,
        code: str,
        es: str,
        en: str,
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.code = code
        self.words = Words(es, en)
        super().__init__(status or PROBLEMS[code].status, detail=en, headers=dict(headers or {}))


class Told(NamedTuple):
    """A problem ready to be sent: status, extra headers and the JSON body."""

    status: int
    headers: dict[str, str]
    body: dict[str, Any]


def problem_code(error: FuenteError) -> str:
    """The code of the table ERRORS for an error, or for the nearest class above it."""
    return _entry(error)[0]


def tell(error: Exception, lang: UiLang, *, instance: str, request_id: str) -> Told:
    """Any exception as a problem. An unexpected one says nothing of its inside."""
    headers: dict[str, str] = {}
    status: int | None = None
    extra: dict[str, Any] = {}
    if isinstance(error, ProblemError):
        code, detail, status = error.code, error.words.of(lang), error.status_code
        headers.update(error.headers or {})
    elif isinstance(error, FuenteError):
        code, spanish = _entry(error)
        # The errors of the lower layers speak English; a Spanish reader gets the sentence of the
        # table, and the exact words, with their numbers and names, beside it.
        english = str(error) or type(error).__name__
        detail = english if lang == "en" else spanish
        if lang == "es":
            extra["cause"] = english
        if code == "internal_error":
            extra.clear()
            detail = spanish if lang == "es" else "The service met an error."
    elif isinstance(error, HTTPException):
        code, detail = _of_status(error.status_code, lang)
        status = error.status_code
        headers.update(error.headers or {})
    else:
        code = "internal_error"
        detail = (
            "Un error inesperado detuvo esta petición; ha quedado registrado."
            if lang == "es"
            else "An unexpected error stopped this request; it has been logged."
        )
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
            "remedy": problem.remedy.of(lang),
            **extra,
        },
    )


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
    spanish, english = [], []
    for error in errors[:_MAX_DESCRIBED]:
        place = ".".join(_spoken(str(part)) for part in error["loc"] if part != "body") or "body"
        words = _describe(error)
        spanish.append(f"{place}: {words.es}")
        english.append(f"{place}: {words.en}")
    if len(errors) > _MAX_DESCRIBED:
        spanish.append(f"y {len(errors) - _MAX_DESCRIBED} más")
        english.append(f"and {len(errors) - _MAX_DESCRIBED} more")
    return Words("; ".join(spanish), "; ".join(english))


_MAX_DESCRIBED = 5
_MAX_RANGES = 32
_RANGE = re.compile(
    r"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*[qQ]\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?"
)

# pydantic's error type: what was expected; {ctx} fields come from the error.
_EXPECTED: Mapping[str, Words] = {
    "missing": Words("falta; es obligatorio", "is missing; it is required"),
    "extra_forbidden": Words("no se conoce ese campo", "is not a known field"),
    "string_type": Words("se esperaba un texto", "expected a text"),
    "string_unicode": Words("se esperaba texto Unicode válido", "expected valid Unicode text"),
    "string_too_long": Words(
        "se esperaban como mucho {max_length} caracteres",
        "expected at most {max_length} characters",
    ),
    "string_too_short": Words(
        "se esperaban al menos {min_length} caracteres", "expected at least {min_length} characters"
    ),
    "string_pattern_mismatch": Words(
        "se esperaba un texto de la forma {pattern}", "expected a text of the form {pattern}"
    ),
    "int_type": Words("se esperaba un número entero", "expected a whole number"),
    "int_parsing": Words("se esperaba un número entero", "expected a whole number"),
    "int_from_float": Words("se esperaba un número entero", "expected a whole number"),
    "int_parsing_size": Words("el número es demasiado grande", "the number is too large"),
    "bool_type": Words("se esperaba true o false", "expected true or false"),
    "bool_parsing": Words("se esperaba true o false", "expected true or false"),
    "greater_than_equal": Words("se esperaba {ge} o más", "expected {ge} or more"),
    "less_than_equal": Words("se esperaba {le} o menos", "expected {le} or less"),
    "literal_error": Words("se esperaba {expected}", "expected {expected}"),
    "list_type": Words("se esperaba una lista", "expected a list"),
    "too_long": Words(
        "se esperaban como mucho {max_length} elementos", "expected at most {max_length} items"
    ),
    "model_attributes_type": Words(
        "se esperaba un objeto JSON (con Content-Type: application/json)",
        "expected a JSON object (with Content-Type: application/json)",
    ),
    "model_type": Words("se esperaba un objeto JSON", "expected a JSON object"),
    "json_invalid": Words("el JSON no es válido ({error})", "the JSON is not valid ({error})"),
}


def _describe(error: Mapping[str, Any]) -> Words:
    expected = _EXPECTED.get(error["type"], Words("valor no válido", str(error["msg"])))
    context = {name: _spoken(str(value)) for name, value in error.get("ctx", {}).items()}
    try:
        es, en = (text.format_map(context) for text in expected)
    except KeyError:
        return Words("valor no válido", str(error["msg"]))
    return Words(es.replace(" or ", " o ") if error["type"] == "literal_error" else es, en)


def _spoken(text: str) -> str:
    """The caller's own words, fit to be sent back: short, and without half surrogate pairs."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= 200 else text[:200] + "…"


def _entry(error: FuenteError) -> tuple[str, str]:
    for kind in type(error).__mro__:
        if kind in ERRORS:
            return ERRORS[kind]
    raise AssertionError("FuenteError itself is in the table")


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
    detail = {
        "not_found": Words("No hay nada en esta dirección.", "There is nothing at this address."),
        "method_not_allowed": Words(
            "Esta dirección existe, pero no con ese método.",
            "This address exists, but not with that method.",
        ),
        "bad_request": Words(
            "El cuerpo de la petición no se pudo leer como dice su Content-Type.",
            "The body of the request could not be read as its Content-Type says.",
        ),
    }.get(code, PROBLEMS[code].title)
    return code, detail.of(lang)
