"""The Model Context Protocol by its official SDK, over HTTP (``POST /mcp``) and over stdio (``fuente mcp``).

Both eras of the protocol are answered at one address, without sessions. The SDK comes with the extra ``mcp`` and takes a
second to load: it is loaded by the first request.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import parse_qs, quote, unquote, urlsplit
from uuid import uuid4

import anyio
import anyio.abc
import anyio.to_thread
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from api import __version__
from api.doors.door import Door
from api.doors.toolbox import (
    NOTE,
    AskInput,
    AskOutput,
    FetchInput,
    FetchOutput,
    ListInput,
    ListOutput,
    SearchInput,
    SearchOutput,
    Toolbox,
)
from api.guard import needs
from api.messages import UiLang
from api.problems import ProblemError, Told, describe_validation, tell
from api.service import Service, lang_of, links_for, placed, request_id_of, service_of
from corpus.document import FuenteError, MissingExtraError, UnknownDocumentError

if TYPE_CHECKING:
    import mcp_types
    from mcp.server.context import ServerRequestContext
    from mcp.server.lowlevel import Server

router = APIRouter(tags=["mcp"])

LAST_ANSWERS_S = 30
"""What was asked before the input ended is answered within this time."""

URI = "fuente://documents/"
TEMPLATE = f"{URI}{{id}}{{?start,end}}"
INSTRUCTIONS = (
    "Answers questions from the owner's documents, in Spanish and English, with exact quotes. Use `ask` for a question, "
    "`search` and `fetch` to read for yourself. Show quotes unchanged, each with its link. " + NOTE
)

_JSON = "application/json"
_MESSAGE = {
    "required": True,
    "content": {
        _JSON: {
            "schema": {
                "type": "object",
                "properties": {
                    "jsonrpc": {"const": "2.0"},
                    "id": {"description": "Without one it is a notification."},
                    "method": {"type": "string"},
                    "params": {"type": ["object", "null"]},
                },
                "required": ["jsonrpc", "method"],
            }
        }
    },
}


class Tool(NamedTuple):
    """A tool as it is listed, and the function behind it."""

    name: str
    title: str
    given: type[BaseModel]
    gives: type[BaseModel]
    run: Callable[[Toolbox, Any], Awaitable[BaseModel]]


TOOLS: Sequence[Tool] = (
    Tool("ask", "Ask the documents", AskInput, AskOutput, Toolbox.ask),
    Tool("search", "Search the documents", SearchInput, SearchOutput, Toolbox.search),
    Tool("fetch", "Read a document", FetchInput, FetchOutput, Toolbox.fetch),
    Tool("list_documents", "List the documents", ListInput, ListOutput, Toolbox.list_documents),
)


@dataclass(frozen=True, slots=True)
class Caller:
    """For whom a message is answered: the tools over his collection, and his language."""

    toolbox: Toolbox
    lang: UiLang


CallerOf = Callable[["ServerRequestContext[Any]"], Awaitable[Caller]]


def make_server(caller_of: CallerOf) -> Server[Any]:
    """The server of the SDK. ``caller_of`` says from a message's context who asks.

    :raises MissingExtraError: when the SDK is not installed.
    """
    check_installed()
    import mcp_types as types
    from mcp.server.caching import CacheHint
    from mcp.server.lowlevel import Server
    from mcp.shared.exceptions import MCPError

    async def list_tools(context: Any, given: Any) -> mcp_types.ListToolsResult:
        return types.ListToolsResult(tools=[_listed(tool) for tool in TOOLS])

    async def call_tool(
        context: Any, given: mcp_types.CallToolRequestParams
    ) -> mcp_types.CallToolResult:
        tool = next((one for one in TOOLS if one.name == given.name), None)
        if tool is None:
            known = ", ".join(one.name for one in TOOLS)
            words = f"there is no tool {given.name[:100]!r}; expected one of {known}"
            raise MCPError(types.INVALID_PARAMS, words)
        caller = await caller_of(context)
        try:
            with placed(caller.toolbox.service):
                found = await tool.run(
                    caller.toolbox, tool.given.model_validate(given.arguments or {})
                )
        # The model reads what was wrong, and tries again
        except (ValidationError, FuenteError, ProblemError) as error:
            said = types.TextContent(type="text", text=_said(error, caller))
            return types.CallToolResult(content=[said], is_error=True)
        text = types.TextContent(type="text", text=found.model_dump_json())
        links = _links(found) if isinstance(found, AskOutput) else []
        return types.CallToolResult(
            content=[text, *links], structured_content=found.model_dump(mode="json")
        )

    async def list_resources(context: Any, given: Any) -> mcp_types.ListResourcesResult:
        caller = await caller_of(context)
        try:
            found = await caller.toolbox.list_documents(ListInput(limit=500))
        except FuenteError:
            # Without a build there is nothing to list
            return types.ListResourcesResult(resources=[])
        resources = [
            types.Resource(uri=_uri(d.id), name=d.id, title=d.title, mime_type="text/plain")
            for d in found.documents
        ]
        return types.ListResourcesResult(resources=resources)

    async def list_templates(context: Any, given: Any) -> mcp_types.ListResourceTemplatesResult:
        template = types.ResourceTemplate(
            uri_template=TEMPLATE,
            name="document",
            title="Text of a document",
            description="The text of a document, or of the code points from start to end of it. "
            + NOTE,
            mime_type="text/plain",
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read_resource(
        context: ServerRequestContext[Any], given: mcp_types.ReadResourceRequestParams
    ) -> mcp_types.ReadResourceResult:
        caller, uri = await caller_of(context), str(given.uri)
        try:
            doc_id, start, end = _place(uri)
            read = caller.toolbox.read
            found = await caller.toolbox.service.places.work(read, doc_id, start, end)
        except UnknownDocumentError as error:
            # Before 2026-07-28 there was a code of its own
            modern = context.protocol_version >= "2026-07-28"
            code = types.INVALID_PARAMS if modern else -32002
            raise MCPError(code, _said(error, caller), {"uri": uri}) from error
        except FuenteError as error:
            raise MCPError(types.INTERNAL_ERROR, _said(error, caller), {"uri": uri}) from error
        contents = types.TextResourceContents(uri=uri, text=found.text, mime_type="text/plain")
        return types.ReadResourceResult(contents=[contents])

    # The list of tools is the same for everybody; documents are not
    fixed = CacheHint(ttl_ms=3_600_000, scope="public")
    return Server(
        "fuente",
        version=__version__,
        title="Fuente",
        instructions=INSTRUCTIONS,
        cache_hints={"tools/list": fixed, "resources/templates/list": fixed},
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )


def check_installed() -> None:
    """Nothing, when the SDK is installed.

    :raises MissingExtraError: when it is not.
    """
    if door.missing is not None:
        raise MissingExtraError("Model Context Protocol", ImportError(name="mcp"), "mcp")


class Endpoint:
    """MCP over HTTP. :meth:`running` holds it open, :meth:`handle` answers a request."""

    def __init__(self) -> None:
        self._group: anyio.abc.TaskGroup | None = None
        self._handle: Callable[[Scope, Receive, Send], Awaitable[None]] | None = None
        self._starting = anyio.Lock()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Requests are answered as long as this is open."""
        async with anyio.create_task_group() as group:
            self._group = group
            try:
                yield
            finally:
                self._group, self._handle = None, None
                group.cancel_scope.cancel()

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request; the first one waits until the SDK is loaded."""
        if self._handle is None:
            async with self._starting:
                if self._handle is None:
                    assert self._group is not None
                    server = await anyio.to_thread.run_sync(make_server, _caller_over_http)
                    self._handle = await self._group.start(_manage, server)
        await self._handle(scope, receive, send)


async def _manage(
    server: Server[Any], *, task_status: anyio.abc.TaskStatus[Any] = anyio.TASK_STATUS_IGNORED
) -> None:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True)
    async with manager.run():
        task_status.started(manager.handle_request)
        await anyio.sleep_forever()


async def _caller_over_http(context: ServerRequestContext[Any]) -> Caller:
    request = cast(Request, context.request)
    service = await service_of(request)
    toolbox = Toolbox(service, links_for(request, service), request_id_of(request))
    return Caller(toolbox, lang_of(request))


async def serve_stdio(service: Service, base: str, lang: UiLang) -> None:
    """Answers on standard input and output until the input ends; ``base`` stands before the links.

    :raises MissingExtraError: when the SDK is not installed.
    """

    async def caller(context: object) -> Caller:
        links = replace(service.links, root=base)
        return Caller(Toolbox(service, links, f"mcp-{uuid4().hex[:12]}"), lang)

    server = make_server(caller)
    from mcp.server.stdio import stdio_server

    options = server.create_initialization_options()
    async with stdio_server() as (reading, writing), anyio.create_task_group() as group:
        asked: set[Any] = set()
        to_server, read_by_server = anyio.create_memory_object_stream[Any](0)
        written_by_server, from_server = anyio.create_memory_object_stream[Any](0)

        async def read() -> None:
            """What comes in; its end is the server's end, once all that was asked is answered."""
            async with to_server, reading:
                async for message in reading:
                    asked.update(_request_ids(message))
                    await to_server.send(message)
                with anyio.move_on_after(LAST_ANSWERS_S):
                    while asked:
                        await anyio.sleep(0.02)

        async def write() -> None:
            async with from_server, writing:
                async for message in from_server:
                    await writing.send(message)
                    asked.discard(getattr(message.message, "id", None))

        group.start_soon(read)
        group.start_soon(write)
        await server.run(read_by_server, written_by_server, options)
        group.cancel_scope.cancel()


def _request_ids(message: Any) -> list[Any]:
    """The id of a message that wants an answer; none of any other."""
    told: Any = getattr(message, "message", None)
    return [told.id] if hasattr(told, "method") and hasattr(told, "id") else []


class _Handed(Response):
    """The response that the SDK sends itself."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__()
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = MutableHeaders(raw=list(scope["headers"]))
        # Who accepts anything, or does not say, accepts both kinds that there are
        if headers.get("accept", "*/*") == "*/*":
            headers["accept"] = f"{_JSON}, text/event-stream"
        # The SDK knows it in small letters only
        headers["content-type"] = _JSON
        scope = {**scope, "headers": headers.raw}
        await self._endpoint.handle(scope, receive, send)


@router.post(
    "/mcp",
    responses={202: {"description": "A notification was taken; there is nothing to answer."}},
    openapi_extra={**needs("search"), "requestBody": _MESSAGE},
)
async def mcp(request: Request) -> Response:
    """The Model Context Protocol (Streamable HTTP): tools `ask`, `search`, `fetch` and `list_documents`, and documents
    as resources."""
    check_installed()
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        # The SDK says so without a type and outside the protocol
        raise HTTPException(415)
    # A collection that is not there is told before any message is read
    await service_of(request)
    return _Handed(request.app.state.mcp)


def shape(told: Told, error: Exception) -> tuple[int, dict[str, Any]]:
    """An error of JSON-RPC that answers no message: it was found before one was read."""
    said = f"{told.body['detail'].rstrip('.')}. {told.body['remedy']}"
    data = {name: told.body[name] for name in ("code", "request_id")}
    return told.status, {
        "jsonrpc": "2.0",
        "id": None,
        "error": {"code": -32000, "message": said, "data": data},
    }


door = Door(
    name="mcp",
    router=router,
    paths=re.compile(r"/mcp(?:/.*)?", re.DOTALL),
    shape=shape,
    package="mcp",
    extra="mcp",
    own_pages_only=True,
)


def _listed(tool: Tool) -> mcp_types.Tool:
    import mcp_types as types

    annotations = types.ToolAnnotations(
        title=tool.title,
        read_only_hint=True,
        destructive_hint=False,
        idempotent_hint=True,
        open_world_hint=False,
    )
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=" ".join((tool.run.__doc__ or "").split()) + " " + NOTE,
        input_schema=tool.given.model_json_schema(),
        output_schema=tool.gives.model_json_schema(mode="serialization"),
        annotations=annotations,
    )


def _links(answer: AskOutput) -> list[mcp_types.ContentBlock]:
    """Where each quote can be read, as resources."""
    import mcp_types as types

    return [
        types.ResourceLink(
            type="resource_link",
            uri=_uri(one.document_id, one.start, one.end),
            name=one.document_id,
            title=one.title if one.page is None else f"{one.title}, p. {one.page}",
            description=one.quote,
            mime_type="text/plain",
        )
        for one in answer.quotes
    ]


def _uri(doc_id: str, start: int | None = None, end: int | None = None) -> str:
    place = "" if start is None else f"?start={start}&end={end}"
    return f"{URI}{quote(doc_id, safe='')}{place}"


def _place(uri: str) -> tuple[str, int, int | None]:
    """The document and the place that a resource names."""
    try:
        parts = urlsplit(uri)
        given = parse_qs(parts.query, strict_parsing=bool(parts.query))
        if not uri.startswith(URI) or not given.keys() <= {"start", "end"}:
            raise ValueError
        numbers = {name: int(values[0]) for name, values in given.items() if values[0].isdigit()}
        if numbers.keys() != given.keys():
            raise ValueError
        return unquote(parts.path[1:]), numbers.get("start", 0), numbers.get("end")
    except ValueError:
        raise UnknownDocumentError(
            f"there is no resource {uri[:200]!r}; expected {TEMPLATE}"
        ) from None


def _said(error: Exception, caller: Caller) -> str:
    """What was wrong and what to do, as one line."""
    if isinstance(error, ValidationError):
        words = describe_validation([dict(one) for one in error.errors()])
        error = ProblemError("validation_error", words)
    told = tell(error, caller.lang, instance="", request_id=caller.toolbox.request_id).body
    said = [told["detail"], told.get("cause", ""), told["remedy"]]
    return " ".join(f"{part.rstrip('.')}." for part in said if part)
