"""The documents: list, upload, look at, take away."""

from __future__ import annotations

import mimetypes
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from functools import wraps
from itertools import count, islice
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, ParamSpec, TypeVar, cast
from urllib.parse import unquote

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import AfterValidator, StringConstraints

from api.audit import note
from api.guard import needs
from api.left_out import reason_of, reason_of_file, together, unread_of, unread_pages
from api.links import composed
from api.messages import UiLang
from api.native.builds import job_body
from api.native.schemas import (
    DeletedBody,
    DeletedList,
    DeleteRequest,
    DocumentBody,
    DocumentDetail,
    DocumentList,
    FolderBody,
    FoundBody,
    FoundPlace,
    Language,
    LeftOutBody,
    MovedBody,
    MovedList,
    MoveRequest,
    OutlineBody,
    PieceBody,
    ProblemBody,
    RecognisedBody,
    RefusedBody,
    TextBody,
    UploadBody,
    UploadedBody,
    WindowBody,
    WindowPartBody,
    text_body,
)
from api.pages import has_pages
from api.problems import ProblemError, tell
from api.service import Buildable, RequestId, Service, TheService, UiLanguage
from api.unchanged import UNCHANGED, in_parts, or_unchanged
from corpus.collection import Scan, numbered
from corpus.document import (
    Document,
    FuenteError,
    UnknownDocumentError,
    UnsupportedFormatError,
)
from corpus.language import fold
from corpus.parse import SUFFIXES
from corpus.window import PartKind, find, window
from index.searchable import Searchable

router = APIRouter(tags=["documents"])

MAX_CONTEXT = 1_000_000
"""Code points of context on each side: a long book is about that long."""

MAX_WINDOW = 200_000
"""Code points of a window on each side of its place."""

MAX_WORDS_CHARS = 200
"""Longest words to be looked for in a document."""

MAX_FOUND = 10_000
MAX_LISTED = 1000
MAX_OUTLINE = 500
"""Headings of a document that are told."""

MAX_PARTED = 200_000
"""Characters of a text whose rows and items are told to its reader: all blocks of it are read for each window, of a table of so many 60 ms."""

MAX_MARKS = 200
"""Places that one request may ask for."""

Sort = Literal["id", "title", "modified", "-modified", "size", "-size"]
Status = Literal["indexed", "pending", "changed", "skipped", "removed"]
Rebuild = Annotated[bool, Query(description="true = also rebuild the index.")]
DocumentPath = Annotated[str, AfterValidator(composed)]
Mark = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}-[0-9]{1,12}$")]
Words = Annotated[str, StringConstraints(max_length=MAX_WORDS_CHARS)]

NOTHING_RUNS = "sandbox; default-src 'none'"
"""The Content-Security-Policy of what comes out of a file of the user's."""

# What a browser shows in a viewer of its own, apart from the page that asked for it; all else could run as a page of ours.
_SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"})
# A viewer of PDFs needs its own style and itself as an object; "sandbox" would keep it away
_SHOWN_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; img-src 'self'; frame-ancestors 'none'"

_NOT_FOUND: dict[int | str, dict[str, object]] = {
    404: {"model": ProblemBody, "description": "No such document."}
}
MOVED: dict[int | str, dict[str, object]] = {
    308: {"description": "The document was moved: the same of the id it has now."}
}
"""What a GET with the id of a document may also answer."""

_EXTENDED_NAME = re.compile(r";\s*filename\*\s*=\s*\"?([\w-]+)'[\w-]*'([^;\s\"]+)", re.IGNORECASE)
_PACKED_NAME = re.compile(r"(?:=\?[\w-]+\?[bq]\?[^?\s]*\?=\s*)+", re.IGNORECASE)

_cutting = threading.Lock()
_P = ParamSpec("_P")
_T = TypeVar("_T")


def _in_turn(handler: Callable[_P, _T]) -> Callable[_P, _T]:
    """It waits while another one cuts or searches a document.

    The interpreter does one such thing at a time anyway, and threads that compete for it keep what is short from its turn: /livez took
    214 ms instead of 76 at most while four clients asked for the widest windows.
    """

    @wraps(handler)
    def waiting(*given: _P.args, **named: _P.kwargs) -> _T:
        with _cutting:
            return handler(*given, **named)

    return waiting


_READ = {**_NOT_FOUND, **MOVED}


@router.get("/v1/documents", response_model=DocumentList, openapi_extra=needs("search"))
def list_documents(
    service: TheService,
    lang: UiLanguage,
    limit: Annotated[int, Query(ge=1, le=MAX_LISTED)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
    q: Annotated[
        str, Query(max_length=200, description="Part of the title or id; accents do not matter.")
    ] = "",
    language: Annotated[Language | None, Query()] = None,
    status: Annotated[Status | None, Query()] = None,
    unread: Annotated[
        bool, Query(description="Only those with pages that could not be read.")
    ] = False,
    folder: Annotated[
        str, Query(max_length=1024, description="Only those in this folder and below it.")
    ] = "",
    sort: Annotated[
        Sort, Query(description="What the order goes by; - = the largest first.")
    ] = "id",
) -> Response:
    """The documents in the folder and in the active build."""
    wanted = fold(q.strip())
    shelf = _shelf(service)
    above = f"{composed(folder).strip('/')}/" if folder.strip("/") else ""
    found = [
        doc_id
        for doc_id in shelf.doc_ids
        if doc_id.startswith(above)
        and (language is None or shelf.language(doc_id) == language)
        and (status is None or shelf.status(doc_id) == status)
        and (not wanted or wanted in fold(f"{shelf.title(doc_id)} {doc_id}"))
        # Last, as it looks into the documents
        and (not unread or shelf.unread_pages(doc_id))
    ]
    below = Counter(
        above + rest.partition("/")[0]
        for rest in (doc_id[len(above) :] for doc_id in found)
        if "/" in rest
    )
    if sort != "id":
        # What has the same stays in the order of the ids
        found.sort(key=shelf.key(sort.removeprefix("-")), reverse=sort.startswith("-"))
    body = DocumentList(
        object="list",
        data=[shelf.body(doc_id, lang) for doc_id in found[offset : offset + limit]],
        folders=[FolderBody(path=path, documents=n) for path, n in sorted(below.items())],
        total=len(found),
        skipped=sum(shelf.status(doc_id) == "skipped" for doc_id in found),
        limit=limit,
        offset=offset,
        has_more=offset + limit < len(found),
    )
    return Response(body.model_dump_json(), media_type="application/json")


@router.post(
    "/v1/documents/delete",
    response_model=DeletedList,
    dependencies=[Buildable],
    openapi_extra=needs("index"),
)
def delete_documents(
    body: DeleteRequest,
    service: TheService,
    lang: UiLanguage,
    build: Rebuild = False,
) -> DeletedList:
    """Takes many files out of the documents folder at once; those that are not there any more are named."""
    deleted, missing = [], []
    for doc_id in dict.fromkeys(map(composed, body.document_id)):
        try:
            service.library.collection.remove(doc_id)
            deleted.append(doc_id)
        except UnknownDocumentError:
            missing.append(doc_id)
    service.library.forget()
    note(documents=deleted)
    ensured = service.jobs.ensure(allow_removal=True) if build else None
    job = job_body(ensured, service.links, lang) if ensured else None
    return DeletedList(object="list", deleted=deleted, missing=missing, job=job)


@router.post(
    "/v1/documents/move",
    response_model=MovedList,
    responses={**_NOT_FOUND, 409: {"model": ProblemBody, "description": "That name is taken."}},
    dependencies=[Buildable],
    openapi_extra=needs("index"),
)
def move_documents(
    body: MoveRequest,
    service: TheService,
    lang: UiLanguage,
    build: Rebuild = False,
) -> MovedList:
    """Moves or renames documents, all of them or none; answers name them anew after the next build."""
    moved = service.library.collection.move([(one.document_id, one.to) for one in body.moves])
    service.library.forget()
    service.moves.note(moved)
    note(moved=[{"from": old, "to": new} for old, new in moved])
    ensured = service.jobs.ensure() if build and moved else None
    return MovedList(
        object="list",
        data=[
            MovedBody(
                object="document.moved",
                document_id=old,
                to=new,
                url=service.links.document(new),
            )
            for old, new in moved
        ],
        job=job_body(ensured, service.links, lang) if ensured else None,
    )


@router.post(
    "/v1/documents",
    response_model=UploadBody,
    status_code=201,
    responses={
        207: {"model": UploadBody, "description": "Some files were stored, others refused."},
        413: {"model": ProblemBody, "description": "Larger than max_upload_mb."},
        415: {"model": ProblemBody, "description": "A format that cannot be read."},
    },
    dependencies=[Buildable],
    openapi_extra=needs("index"),
)
def upload(
    service: TheService,
    response: Response,
    request_id: RequestId,
    lang: UiLanguage,
    files: Annotated[list[UploadFile], File(min_length=1, description="One or more files.")],
    path: Annotated[
        str,
        Form(
            max_length=1024,
            description="Folder to put them in; for one file also its whole new id.",
        ),
    ] = "",
    build: Rebuild = False,
) -> UploadBody:
    """Stores files in the documents folder; a file of the same id is replaced.

    Each file is stored or refused by itself; when none was stored, the answer is the problem of the
    first.
    """
    stored: list[UploadedBody] = []
    names: set[tuple[str, str]] = set()
    refused: list[RefusedBody] = []
    first: Exception | None = None
    for number, file in enumerate(files):
        name = _name_of(file)
        try:
            doc_id = composed(_doc_id(name, path, alone=len(files) == 1))
            # Where names differ in their Unicode form alone, both files are kept, as a folder with both is read
            taken = {one.id for one in stored}
            if (name, doc_id) in names:
                raise ProblemError("validation_error", "same_name", param=f"files.{number}")
            free = next(one for n in count(1) if (one := numbered(doc_id, n)) not in taken)
            stored.append(_stored(service, free, file, number))
            names.add((name, doc_id))
        except (FuenteError, ProblemError) as error:
            first = first or error
            told = tell(error, lang, instance="", request_id=request_id).body
            words = {key: told[key] for key in ("code", "detail", "remedy")}
            refused.append(RefusedBody(object="upload.refused", name=name, **words))
    if not stored and first is not None:
        raise first
    note(documents=[one.id for one in stored])
    response.status_code = 207 if refused else 201
    response.headers["Location"] = stored[0].url
    job = job_body(service.jobs.ensure(), service.links, lang) if build else None
    return UploadBody(object="list", data=stored, refused=refused, job=job)


@router.get(
    "/v1/documents/{doc_id:path}/text",
    response_model=TextBody,
    responses=_READ,
    openapi_extra=needs("search", linked=True),
)
@_in_turn
def text(
    doc_id: DocumentPath,
    service: TheService,
    start: Annotated[int, Query(ge=0, description="Code points from the start of the text.")] = 0,
    end: Annotated[int | None, Query(ge=0, description="Exclusive; left out = start.")] = None,
    context: Annotated[
        int, Query(ge=0, le=MAX_CONTEXT, description="Code points on each side.")
    ] = 300,
) -> Response:
    """The words at a place of the document as it was indexed, with those before and after it."""
    try:
        located = service.engine.locate(doc_id, start, start if end is None else end, context)
    except ValueError as error:
        index = service.engine.index
        characters = len(index.document(doc_id, blocks=False).text) if index else 0
        raise ProblemError(
            "validation_error",
            "no_stretch",
            {"start": start, "end": start if end is None else end, "characters": characters},
        ) from error
    body = text_body(doc_id, located, service.links)
    headers = {"X-Build-Id": located.build_id}
    return Response(body.model_dump_json(), 200, headers, "application/json")


@router.get(
    "/v1/documents/{doc_id:path}/window",
    response_model=WindowBody,
    responses=_READ,
    openapi_extra=needs("search", linked=True),
)
@_in_turn
def window_of(
    doc_id: DocumentPath,
    service: TheService,
    at: Annotated[int, Query(ge=0, description="Code points from the start of the text.")] = 0,
    page: Annotated[int | None, Query(ge=1, description="Its beginning, instead of `at`.")] = None,
    before: Annotated[int, Query(ge=0, le=MAX_WINDOW, description="Code points before it.")] = 0,
    after: Annotated[int, Query(ge=0, le=MAX_WINDOW, description="Code points after it.")] = 10_000,
    mark: Annotated[
        list[Mark], Query(max_length=MAX_MARKS, description="Places to cut out, each as start-end.")
    ] = [],  # noqa: B006 - FastAPI copies it
    words: Annotated[
        Words, Query(alias="find", description="Words to cut out; accents do not matter.")
    ] = "",
) -> Response:
    """The lines around a place, cut into pieces: what a reader shows and goes on filling.

    A side ends with a line where one is near, and exactly at the place where it is asked for as 0:
    the next window begins where this one ends.
    """
    index = service.engine.serving()
    document = index.document(doc_id, blocks=False)
    if len(document.text) <= MAX_PARTED:
        document = index.document(doc_id)
    if page is not None:
        if page > len(document.page_starts):
            pages = len(document.page_starts)
            raise ProblemError("validation_error", "no_page", {"total": pages, "page": page})
        at = document.page_starts[page - 1]
    marks = [(int(start), int(end)) for start, end in (one.split("-") for one in mark)]
    try:
        shown = window(document, at, before, after, marks, words)
    except ValueError as error:
        raise ProblemError(
            "validation_error", "outside", {"total": len(document.text), "at": at}
        ) from error
    body = WindowBody(
        object="document.window",
        document_id=doc_id,
        title=document.title,
        language=document.lang,
        at=at,
        page=document.page_at(at),
        section_path=list(document.heading_path(at)),
        start=shown.start,
        end=shown.end,
        pieces=[
            PieceBody(
                start=piece.start,
                text=piece.text,
                page=piece.page,
                heading=piece.heading,
                marks=list(piece.marks),
                found=piece.found,
                part=piece.part,
                cell=piece.cell,
            )
            for piece in shown.pieces
        ],
        parts=[
            WindowPartBody(
                kind=cast(PartKind, part.kind),
                level=part.level,
                group=part.parent,
                cells=None if part.cells is None else len(part.cells),
            )
            for part in shown.parts
        ],
        characters=len(document.text),
        pages=len(document.page_starts) or None,
        printed=has_pages(document),
        sha256=document.sha256,
        build_id=index.build_id,
    )
    headers = {"X-Build-Id": index.build_id}
    return Response(body.model_dump_json(), 200, headers, "application/json")


@router.get(
    "/v1/documents/{doc_id:path}/find",
    response_model=FoundBody,
    responses=_READ,
    openapi_extra=needs("search", linked=True),
)
@_in_turn
def find_in(
    doc_id: DocumentPath,
    service: TheService,
    q: Annotated[Words, Query(description="Words as typed; case and accents do not matter.")],
    limit: Annotated[int, Query(ge=1, le=MAX_FOUND)] = 1000,
) -> Response:
    """Where words stand in the document as it was indexed: ñ is a letter of its own."""
    index = service.engine.serving()
    document = index.document(doc_id, blocks=False)
    places = list(islice(find(document.text, q), limit + 1))
    body = FoundBody(
        object="document.found",
        document_id=doc_id,
        q=q,
        data=[FoundPlace(start=start, end=end) for start, end in places[:limit]],
        has_more=len(places) > limit,
        sha256=document.sha256,
    )
    headers = {"X-Build-Id": index.build_id}
    return Response(body.model_dump_json(), 200, headers, "application/json")


def _file_of(doc_id: DocumentPath, service: TheService) -> Iterator[Path]:
    """Where the file of a document is, if there is one, until it has been sent."""
    with service.library.collection.here([doc_id]) as folder:
        folder.check_had(doc_id)
        yield folder.path_of(doc_id)


@router.get(
    "/v1/documents/{doc_id:path}/original",
    response_class=FileResponse,
    responses={
        200: {"content": {"*/*": {}}, "description": "The file, as what its name says it is."},
        206: {"content": {"*/*": {}}, "description": "The parts of it that `Range` names."},
        **UNCHANGED,
        **_READ,
        412: {"model": ProblemBody, "description": "It is not as `If-Match` says any more."},
        416: {"model": ProblemBody, "description": "`Range` names nothing that it has."},
    },
    openapi_extra=needs("search", linked=True),
)
def original(
    doc_id: DocumentPath,
    request: Request,
    service: TheService,
    file: Annotated[Path, Depends(_file_of)],
    inline: Annotated[
        bool,
        Query(description="Shown where the browser can: a PDF or a picture, and nothing else."),
    ] = False,
) -> Response:
    """The file itself, as a download: an uploaded page must never run under our own address.

    A PDF or a picture may be asked for to be looked at: a browser shows these apart from the page.
    """
    if not file.is_file():
        problem = service.storage.problem()
        if problem is not None:
            raise problem
        raise UnknownDocumentError(
            f"there is no file {doc_id!r}; the list of documents shows those there are"
        )
    kind = mimetypes.guess_type(PurePosixPath(doc_id).name)[0] or "application/octet-stream"
    shown = inline and kind in _SHOWN
    stat_result = file.stat()
    whole = FileResponse(
        file,
        media_type=kind,
        filename=PurePosixPath(doc_id).name,
        stat_result=stat_result,
        content_disposition_type="inline" if shown else "attachment",
        headers={
            "Content-Security-Policy": _SHOWN_POLICY if shown else NOTHING_RUNS,
            "Cache-Control": "no-cache",
        },
    )
    unchanged = or_unchanged(request, whole)
    return in_parts(request, whole, stat_result.st_size) if unchanged is whole else unchanged


@router.get(
    "/v1/documents/{doc_id:path}",
    response_model=DocumentDetail,
    responses={**UNCHANGED, **_READ},
    openapi_extra=needs("search", linked=True),
)
def get_document(
    doc_id: DocumentPath, request: Request, service: TheService, lang: UiLanguage
) -> Response:
    """One document, and what is left out of its text with the reason."""
    shelf = _shelf(service)
    if doc_id not in shelf.doc_ids:
        raise UnknownDocumentError(
            f"there is no document {doc_id!r}; the list of documents shows those there are"
        )
    document = shelf.document(doc_id)
    body = DocumentDetail(
        **shelf.body(doc_id, lang).model_dump(),
        outline=_outline(document) if document else [],
        left_out=[
            LeftOutBody(text=one.text, reason=reason_of(one, lang), pages=list(one.pages))
            for one in together(document.left_out if document else ())
        ],
        recognised=[
            RecognisedBody(page=one.page, confidence=one.confidence)
            for one in (document.recognised if document else ())
        ],
    )
    response = Response(body.model_dump_json(), media_type="application/json")
    return or_unchanged(request, response)


@router.delete(
    "/v1/documents/{doc_id:path}",
    response_model=DeletedBody,
    responses=_NOT_FOUND,
    dependencies=[Buildable],
    openapi_extra=needs("index"),
)
def delete_document(
    doc_id: DocumentPath,
    service: TheService,
    lang: UiLanguage,
    build: Rebuild = False,
) -> DeletedBody:
    """Takes a file out of the documents folder; answers stop quoting it after the next build."""
    service.library.collection.remove(doc_id)
    service.library.forget()
    ensured = service.jobs.ensure(allow_removal=True) if build else None
    job = job_body(ensured, service.links, lang) if ensured else None
    return DeletedBody(object="document.deleted", id=doc_id, deleted=True, job=job)


def _outline(document: Document) -> list[OutlineBody]:
    return [
        OutlineBody(
            text=one.text,
            level=one.level,
            start=one.start,
            end=one.end,
            page=document.page_at(one.start),
        )
        for one in document.headings[:MAX_OUTLINE]
    ]


def _name_of(file: UploadFile) -> str:
    """What the client calls a file. Some programs do not send a name beyond ASCII as browsers do: .NET packs it as in the head of a
    letter and has it whole in ``filename*`` beside that, aiohttp writes its bytes as %XX."""
    name = file.filename or ""
    told = _EXTENDED_NAME.search(file.headers.get("Content-Disposition", ""))
    try:
        if told is not None:
            return unquote(told[2], told[1], "strict")
        if _PACKED_NAME.fullmatch(name):
            return str(make_header(decode_header(name)))
        if name.isascii():
            plain = unquote(name, errors="strict")
            # "100%25.txt" and "a%20b.txt" may be names that somebody gave
            return name if plain.isascii() else plain
    except (HeaderParseError, LookupError, ValueError):
        pass
    return name


def _doc_id(filename: str, path: str, *, alone: bool) -> str:
    """Where an uploaded file goes.

    Nothing is repaired here: the collection refuses unsafe names.
    """
    folder = path.strip()
    if not folder:
        return filename
    if alone and PurePosixPath(folder).suffix.lower() in SUFFIXES:
        return folder
    return f"{folder.rstrip('/') or '/'}/{filename}"


def _stored(service: Service, doc_id: str, file: UploadFile, number: int) -> UploadedBody:
    """One file of an upload, stored; raises FuenteError, ProblemError."""
    collection = service.library.collection
    was_there = collection.holds(doc_id)
    suffix = PurePosixPath(doc_id).suffix.lower()
    if not suffix:
        raise UnsupportedFormatError(
            f"{doc_id} has no suffix; expected one of " + ", ".join(sorted(SUFFIXES))
        )
    if suffix not in SUFFIXES:
        raise UnsupportedFormatError(
            f"{doc_id} has the suffix {suffix!r}; expected one of " + ", ".join(sorted(SUFFIXES))
        )
    if not file.size:
        raise ProblemError(
            "validation_error", "empty_file", {"name": doc_id}, param=f"files.{number}"
        )
    source = collection.put(doc_id, file.file.read())
    service.library.forget()
    return UploadedBody(
        object="document",
        id=source.doc_id,
        size_bytes=source.size_bytes,
        sha256=source.sha256,
        replaced=was_there,
        url=service.links.document(source.doc_id),
    )


def _shelf(service: Service) -> _Shelf:
    """What there is now; the one made before where neither the folder nor the build has been looked at anew since."""
    index = service.engine.index
    scan = service.library.scan(index)
    kept = service.shelf
    if isinstance(kept, _Shelf) and kept.scan is scan and kept.index is index:
        return kept
    service.shelf = made = _Shelf(service, scan, index)
    if isinstance(kept, _Shelf) and kept.index is index:
        made.unread = kept.unread
    return made


class _Shelf:
    """Every document known to the folder or to the active build.

    Of a large collection only the few that are shown are made into bodies.
    """

    def __init__(self, service: Service, scan: Scan, index: Searchable | None) -> None:
        self.scan, self.index = scan, index
        self._links = service.links
        self._files = {source.doc_id: source for source in scan.sources}
        self._infos = {info.doc_id: info for info in index.documents()} if index else {}
        self._reasons = {skipped.doc_id: skipped.reason for skipped in scan.skipped}
        built = {one.doc_id: one.sha256 for one in index.manifest.sources} if index else {}
        for skipped in index.manifest.skipped if index else ():
            source = self._files.get(skipped.doc_id)
            # A file that was put right since then waits for the next build and is not skipped any more.
            if source is not None and built.get(skipped.doc_id, source.sha256) == source.sha256:
                self._reasons.setdefault(skipped.doc_id, skipped.reason)
        self.doc_ids = sorted(self._files.keys() | self._infos.keys() | self._reasons.keys())
        self.unread: dict[str, int] = {}
        """How many pages could not be read, of the documents that have been shown from this build."""

    def document(self, doc_id: str) -> Document | None:
        """The document as the active build has it, None where it has none of that id."""
        return self.index.document(doc_id) if self.index and doc_id in self._infos else None

    def unread_pages(self, doc_id: str) -> int | None:
        """How many pages of a document the active build could not read; None for a format without pages."""
        info = self._infos.get(doc_id)
        if self.index is None or info is None or not info.n_pages:
            return None
        if doc_id not in self.unread:
            self.unread[doc_id] = len(unread_pages(unread_of(self.index, doc_id)))
        return self.unread[doc_id]

    def title(self, doc_id: str) -> str:
        info = self._infos.get(doc_id)
        return info.title if info else PurePosixPath(doc_id).stem

    def language(self, doc_id: str) -> str | None:
        info = self._infos.get(doc_id)
        return info.lang if info else None

    def status(self, doc_id: str) -> Status:
        info, source = self._infos.get(doc_id), self._files.get(doc_id)
        if info is None:
            return "skipped" if doc_id in self._reasons else "pending"
        if source is None:
            return "removed"
        return "indexed" if source.sha256 == info.sha256 else "changed"

    def key(self, of: str) -> Callable[[str], str | int]:
        """What documents are put in order by: ``title``, ``modified`` or ``size``."""

        def value(doc_id: str) -> str | int:
            if of == "title":
                return fold(self.title(doc_id))
            source = self._files.get(doc_id)
            if source is None:
                return 0
            return source.modified_ns if of == "modified" else source.size_bytes

        return value

    def body(self, doc_id: str, lang: UiLang) -> DocumentBody:
        info, source = self._infos.get(doc_id), self._files.get(doc_id)
        cause = self._reasons.get(doc_id) if info is None else None
        return DocumentBody(
            object="document",
            id=doc_id,
            title=self.title(doc_id),
            language=info.lang if info else None,
            status=self.status(doc_id),
            reason=reason_of_file(cause, lang) if cause else None,
            cause=cause,
            format=PurePosixPath(doc_id).suffix.lower().removeprefix("."),
            passages=info.n_passages if info else None,
            pages=(info.n_pages or None) if info else None,
            unread_pages=self.unread_pages(doc_id),
            characters=info.n_chars if info else None,
            size_bytes=source.size_bytes if source else None,
            modified_at=_time(source.modified_ns) if source else None,
            sha256=source.sha256 if source else info.sha256 if info else None,
            url=self._links.document(doc_id),
        )


def _time(ns: int) -> str | None:
    """The time as ISO 8601, UTC; None for a number that no calendar has, which a file may carry."""
    try:
        return datetime.fromtimestamp(ns // 10**9, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return None
