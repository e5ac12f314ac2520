"""Answers for who has what is asked for already (RFC 9110, 13), and which part of a file is asked for (14)."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final

from fastapi import Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.staticfiles import NotModifiedResponse

UNCHANGED: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "What the client has already is still so (`If-None-Match`)."}
}
"""For the description of the interface."""

_CONDITIONS: Final = StaticFiles(check_dir=False)
_RANGE: Final = r"[ \t]*(?:\d{1,18}-(?:\d{1,18})?|-\d{1,18})[ \t]*"
_RANGES: Final = re.compile(rf"(?i:bytes)={_RANGE}(?:,{_RANGE})*")


def or_unchanged(request: Request, response: Response) -> Response:
    """The response, or 304 where the client has it: by ``If-None-Match``, in which ``*`` is any version and W/ makes no
    difference, else by ``If-Modified-Since``. A response without an ETag gets a weak one of its body."""
    if "ETag" not in response.headers:
        response.headers["ETag"] = f'W/"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    tags = request.headers.getlist("If-None-Match")
    wanted = {tag.strip().removeprefix("W/") for line in tags for tag in line.split(",")}
    if tags:
        same = tags == ["*"] or response.headers["ETag"].removeprefix("W/") in wanted
    else:
        same = _CONDITIONS.is_not_modified(response.headers, request.headers)
    return NotModifiedResponse(response.headers) if same else response


def without_strange_range(request: Request) -> None:
    """Takes a ``Range`` off a request that is in another unit, or no range at all: the whole is sent, as the standard has it."""
    asked = request.headers.get("Range")
    if asked is None:
        return
    spans = re.findall(r"(\d+)-(\d+)", asked)
    if _RANGES.fullmatch(asked) is None or any(int(a) > int(b) for a, b in spans):
        headers = request.scope["headers"]
        request.scope["headers"] = [(n, value) for n, value in headers if n.lower() != b"range"]
