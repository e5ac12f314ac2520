"""Pages of PDFs as they are printed, with the places of quotes on them."""

from __future__ import annotations

import base64
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.convertors import Convertor, register_url_convertor

from api.guard import needs
from api.native.documents import MAX_MARKS, MOVED, NOTHING_RUNS, DocumentPath, Mark
from api.native.schemas import PageBody, PrintedLineBody, ProblemBody
from api.problems import ProblemError
from api.service import TheService
from api.unchanged import UNCHANGED, or_unchanged
from corpus.document import Document
from corpus.printed import Wanted


class _PageNumber(Convertor[int]):
    """A page in an address: no document has one of ten digits, and a number of thousands Python refuses to read."""

    regex = "[0-9]{1,9}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("page", _PageNumber())

router = APIRouter(tags=["documents"])

_NOT_FOUND: dict[int | str, dict[str, object]] = {
    404: {"model": ProblemBody, "description": "No such document or page, or another file by now."},
    **MOVED,
}


@router.get(
    "/v1/documents/{doc_id:path}/pages/{page:page}",
    response_model=PageBody,
    responses=_NOT_FOUND,
    openapi_extra=needs("search", linked=True),
)
def printed_page(
    doc_id: DocumentPath,
    page: int,
    service: TheService,
    mark: Annotated[
        list[Mark],
        Query(max_length=MAX_MARKS, description="Places to find on it, each as start-end."),
    ] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """The lines of a page of a PDF and where stretches of the document stand on it.

    A box is left, top, right and bottom as shares of the page as it is shown. A scanned page is read by OCR again, which
    takes seconds.
    """
    index = service.engine.serving()
    document = index.document(doc_id)
    own, stop = _span(document, page)
    places = [(int(start), int(end)) for start, end in (one.split("-") for one in mark)]
    spans = tuple(
        (max(start, own) - own, max(min(end, stop), max(start, own)) - own) for start, end in places
    )
    found = service.pages.get(document, Wanted(page, 0, document.text[own:stop], spans))
    body = PageBody(
        object="document.page",
        document_id=doc_id,
        page=page,
        pages=len(document.page_starts),
        width=found.width,
        height=found.height,
        lines=[PrintedLineBody(text=line.text, box=line.box) for line in found.lines],
        marks=[list(boxes) for boxes in found.marks],
        start=own,
        end=stop,
        sha256=document.sha256,
    )
    headers = {"X-Build-Id": index.build_id}
    return Response(body.model_dump_json(), 200, headers, "application/json")


@router.get(
    "/v1/documents/{doc_id:path}/pages/{page:page}/picture",
    responses={200: {"content": {"image/png": {}, "image/jpeg": {}}}, **UNCHANGED, **_NOT_FOUND},
    response_class=Response,
    openapi_extra=needs("search", linked=True),
)
def page_picture(
    doc_id: DocumentPath,
    page: int,
    request: Request,
    service: TheService,
    width: Annotated[
        int, Query(ge=300, le=2400, multiple_of=300, description="Pixels across.")
    ] = 1200,
    v: Annotated[
        str, Query(max_length=64, description="The document's sha256; then it may be kept a day.")
    ] = "",
) -> Response:
    """The page as a picture: PNG where it is grey, JPEG where it has colours."""
    document = service.engine.serving().document(doc_id)
    _span(document, page)
    etag = f'"{document.sha256[:24]}-{page}-{width}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "private, max-age=86400" if v == document.sha256 else "private, no-cache",
        "Content-Security-Policy": NOTHING_RUNS,
    }
    kept = or_unchanged(request, Response(headers=headers))
    if kept.status_code == 304:
        return kept
    found = service.pages.get(document, Wanted(page, width))
    return Response(base64.b64decode(found.picture), 200, headers, found.media_type)


def _span(document: Document, page: int) -> tuple[int, int]:
    try:
        return document.page_span(page)
    except ValueError as error:
        total = len(document.page_starts)
        raise ProblemError("not_found", "no_page", {"total": total, "page": page}) from error
