"""Answers for who has what is asked for already (RFC 9110, 13), and which part of a file is asked for (14)."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator, Sequence
from email.utils import parsedate
from pathlib import Path
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.staticfiles import NotModifiedResponse

from api.problems import ProblemError

UNCHANGED: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "What the client has already is still so (`If-None-Match`)."}
}
"""For the description of the interface."""

MAX_PARTS: Final = 100
"""Who asks for more parts of a file at once is broken or means harm (RFC 9110, 14.2), and gets all of it."""

_CONDITIONS: Final = StaticFiles(check_dir=False)
_RANGE: Final = re.compile(r"0*(\d*)-0*(\d*)", re.ASCII)
_MAX_DIGITS: Final = 18
_CHUNK_BYTES: Final = 2**16

Span = tuple[int, int]
"""The first and the last byte of a part of a file."""


def or_unchanged(request: Request, response: Response) -> Response:
    """The response, or 304 where the client has it: by ``If-None-Match``, in which ``*`` is any version and W/ makes no
    difference, else by ``If-Modified-Since``. A response without an ETag gets a weak one of its body.

    :raises ProblemError: 412 where it is wanted only as it was, by ``If-Match``, else by ``If-Unmodified-Since``.
    """
    if "ETag" not in response.headers:
        response.headers["ETag"] = f'W/"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    if not _as_it_was(request, response):
        raise ProblemError("validation_error", "changed_since", status=412)
    tags = request.headers.getlist("If-None-Match")
    wanted = {tag.strip().removeprefix("W/") for line in tags for tag in line.split(",")}
    if tags:
        same = tags == ["*"] or response.headers["ETag"].removeprefix("W/") in wanted
    else:
        same = _CONDITIONS.is_not_modified(response.headers, request.headers)
    return NotModifiedResponse(response.headers) if same else response


def in_parts(request: Request, whole: FileResponse, size: int) -> Response:
    """The parts of a file of ``size`` bytes that are asked for by ``Range``: one as it is, several as ``multipart/byteranges``, in the
    order in which they are asked for. Those that overlap become one, and those beyond the end are left out.

    All of the file where none is asked for, where the header is none that there is, where the client has parts of another version
    (``If-Range``), and where the parts are more than the file or than :data:`MAX_PARTS`.

    :raises ProblemError: 416 where all of them are beyond the end.
    """
    spans = _spans(request.headers.get("Range", ""), size)
    # Starlette would read it again, in its own way
    asked = request.scope["headers"]
    request.scope["headers"] = [(name, value) for name, value in asked if name != b"range"]
    version = request.headers.get("If-Range")
    if spans is None or version not in (
        None,
        whole.headers["ETag"],
        whole.headers["Last-Modified"],
    ):
        return whole
    if not spans:
        beyond = {"Content-Range": f"bytes */{size}"}
        raise ProblemError(
            "validation_error", "no_part", {"size": size}, status=416, headers=beyond
        )
    if sum(last + 1 - first for first, last in spans) > size:
        return whole
    spans = _apart(spans)
    places = [f"bytes {first}-{last}/{size}" for first, last in spans]
    headers = MutableHeaders(whole.headers)
    heads, end = [b""], b""
    if len(spans) == 1:
        headers["Content-Range"] = places[0]
    else:
        boundary, kind = secrets.token_hex(13), headers["Content-Type"]
        headers["Content-Type"] = f"multipart/byteranges; boundary={boundary}"
        head = "--{}\r\nContent-Type: {}\r\nContent-Range: {}\r\n\r\n"
        between = ["", *(["\r\n"] * (len(spans) - 1))]
        heads = [
            (line_end + head.format(boundary, kind, place)).encode("latin-1")
            for line_end, place in zip(between, places, strict=True)
        ]
        end = f"\r\n--{boundary}--\r\n".encode()
    n_bytes = sum(last + 1 - first for first, last in spans)
    headers["Content-Length"] = str(n_bytes + len(b"".join(heads)) + len(end))
    return StreamingResponse(_pieces(Path(whole.path), spans, heads, end), 206, headers)


def _spans(asked: str, size: int) -> list[Span] | None:
    """What a ``Range`` header asks for of a file of so many bytes; None where it is to be left aside."""
    unit, _, listed = asked.partition("=")
    # Empty elements of a list count for nothing (RFC 9110, 5.6.1)
    ranges = [one for part in listed.split(",") if (one := part.strip(" \t"))]
    if unit.lower() != "bytes" or not 0 < len(ranges) <= MAX_PARTS:
        return None
    spans = []
    for one in ranges:
        found = _RANGE.fullmatch(one)
        if found is None or one == "-":
            return None
        # No file has as many bytes as a number of so many digits
        first, last = (int(digits[:_MAX_DIGITS] or 0) for digits in found.groups())
        if one.startswith("-"):
            first, last = max(size - last, 0), size - 1 if last else -1
        elif one.endswith("-"):
            last = size - 1
        elif last < first:
            return None
        if first < size and last >= 0:
            spans.append((first, min(last, size - 1)))
    return spans


def _apart(spans: Sequence[Span]) -> list[Span]:
    """The same bytes without any of them twice: spans that overlap are one, in the place of the first of them."""
    apart: list[Span] = []
    for first, last in spans:
        met = [one for one in apart if one[0] <= last and first <= one[1]]
        place = apart.index(met[0]) if met else len(apart)
        apart = [one for one in apart if one not in met]
        firsts, lasts = zip((first, last), *met, strict=True)
        apart.insert(place, (min(firsts), max(lasts)))
    return apart


def _pieces(
    path: Path, spans: Sequence[Span], heads: Sequence[bytes], end: bytes
) -> Iterator[bytes]:
    with path.open("rb") as file:
        for (first, last), head in zip(spans, heads, strict=True):
            yield head
            file.seek(first)
            left = last + 1 - first
            while left and (piece := file.read(min(left, _CHUNK_BYTES))):
                yield piece
                left -= len(piece)
        yield end


def _as_it_was(request: Request, response: Response) -> bool:
    """What ``If-Match`` and ``If-Unmodified-Since`` ask (RFC 9110, 13.1): a weak tag is never the very same."""
    tags = request.headers.getlist("If-Match")
    if tags:
        etag = response.headers["ETag"]
        wanted = {tag.strip() for line in tags for tag in line.split(",")}
        return tags == ["*"] or (etag in wanted and not etag.startswith("W/"))
    then = parsedate(request.headers.get("If-Unmodified-Since", ""))
    changed = parsedate(response.headers.get("Last-Modified", ""))
    return then is None or changed is None or changed <= then
