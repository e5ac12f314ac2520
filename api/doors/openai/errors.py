"""Problems as OpenAI's clients read them: ``{"error": {"message", "type", "param", "code"}}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.problems import ProblemError, Told
from corpus.document import QuestionTooLongError

# Their clients know one status for a request that is wrong
_STATUS = {422: 400, 415: 400}
_CODES = {
    "unauthorized": "invalid_api_key",
    "rate_limited": "rate_limit_exceeded",
    "forbidden": "permission_denied",
    "not_found": "not_found",
    "payload_too_large": "request_too_large",
}
_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class OpenAIError(ProblemError):
    """A problem with a code of theirs; ``detail`` names its text in the catalogue, below ``openai``."""

    def __init__(
        self,
        theirs: str,
        detail: str,
        values: Mapping[str, object] | None = None,
        *,
        param: str | None = None,
        code: str = "validation_error",
    ) -> None:
        super().__init__(code, f"openai.{detail}", values, param=param)
        self.theirs = theirs


def shape(told: Told, error: Exception) -> tuple[int, dict[str, Any]]:
    """A problem in their shape."""
    status = _STATUS.get(told.status, told.status)
    code = told.body["code"]
    if isinstance(error, OpenAIError):
        theirs: str | None = error.theirs
    elif isinstance(error, QuestionTooLongError):
        theirs = "context_length_exceeded"
    else:
        theirs = _CODES.get(code, None if status == 400 else code)
    # Their own "not found" says by itself where to look
    is_told = isinstance(error, OpenAIError) and code == "not_found"
    remedy = "" if is_told else told.body["remedy"]
    said = [told.body["detail"], told.body.get("cause", ""), remedy]
    kind = _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return status, {
        "error": {
            "message": " ".join(f"{part.rstrip('.')}." for part in said if part),
            "type": kind,
            "param": getattr(error, "param", None),
            "code": theirs,
        }
    }
