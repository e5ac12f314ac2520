"""The gate before every route: who asks, how often, how much, and what is written down about it.

One ASGI middleware gives each request an id and a language, checks host, key, rate and body size
before anything is read, turns what escapes the routes into a problem, and logs and counts the end.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import logging
import math
import re
import secrets
import threading
import time
import unicodedata
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.audit import NOTES, Audit
from api.bodies import InUtf8
from api.collections import DEFAULT, NAME
from api.doors.door import OpenDoors
from api.keys import Keys
from api.links import Grants
from api.messages import UiLang
from api.metrics import Metrics
from api.native.schemas import REQUEST_ID
from api.origin import origin_of
from api.places import CALLER, Places
from api.problems import ProblemError, choose_language, tell
from api.service import take_place
from api.settings import SCOPES, Key, Settings, is_loopback
from api.settings import Scope as KeyScope

MAX_BUCKETS = 10_000
"""Callers whose rate is remembered; the one not seen for longest is forgotten first."""

CLIENT_GONE = 499
"""Status in log and metrics of a request whose caller went away (nginx's number; never sent)."""

_LOG = logging.getLogger("fuente.access")
_ERRORS = logging.getLogger("fuente.errors")
_REQUEST_ID = re.compile(REQUEST_ID)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_LINK = "link:"
_SCOPE = "x-scope"
_LINKED = "x-linked"
_REACH = "x-collections"
_OPEN = "none"
_OF_A_COLLECTION = re.compile(rf"/v1/collections/({NAME})(/.+)", re.DOTALL)
_BESIDE_V1 = re.compile(r"/(?:mcp|tools|dify|web-search|v2)(?:/.*)?", re.DOTALL)
"""Addresses of doors whose clients want them there; those of a collection begin like all of it."""


Reach = Literal["collection", "all", "any"]
"""Where the key of a request must hold: in the collection that it is about, in all, or in any one."""


def needs(
    scope: KeyScope | None, reach: Reach = "collection", *, linked: bool = False
) -> dict[str, Any]:
    """What a route says of itself, as its ``openapi_extra``: the scope that a key must have; None = no key needed.

    ``reach`` says where the key must hold. A route that is about one collection needs nothing more: the same route
    answers for all of them. ``linked``: it reads one document, its parameter ``doc_id``, which a link with a grant opens.
    """
    return {_SCOPE: scope or _OPEN, _REACH: reach, **({_LINKED: True} if linked else {})}


class Needed(NamedTuple):
    """What a request needs: ``scope`` None = no key. ``linked``: a grant for ``doc_id``, the document it is about, will do.
    ``asks``: it takes a place among the questions in flight."""

    scope: KeyScope | None
    reach: Reach
    linked: bool = False
    doc_id: str | None = None
    asks: bool = False


def split_collection(path: str) -> tuple[str | None, str]:
    """``("letters", "/v1/ask")`` for ``/v1/collections/letters/ask``, ``("letters", "/mcp")`` for
    ``/v1/collections/letters/mcp``; None and the path itself for any other."""
    found = _OF_A_COLLECTION.fullmatch(path)
    # Of collections as a whole no single one can tell
    if found is None or found[2].startswith("/collections"):
        return None, path
    return found[1], found[2] if _BESIDE_V1.fullmatch(found[2]) else f"/v1{found[2]}"


class Scopes:
    """The scopes that ``routes`` declare with :func:`needs`, in the order in which they are tried.

    :raises ValueError: for a route that declares none: it would be open or shut by accident.
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self.declared: list[tuple[BaseRoute, Needed]] = []
        for route in routes:
            said = getattr(route, "openapi_extra", None) or {}
            declared = said.get(_SCOPE)
            if declared != _OPEN and declared not in SCOPES:
                where = route.path if isinstance(route, Route) else route
                raise ValueError(
                    f"route {where} declares the scope {declared!r}; expected one of {SCOPES} or none: "
                    "give it openapi_extra=needs(…)"
                )
            scope = None if declared == _OPEN else declared
            needed = Needed(
                scope, said[_REACH], said.get(_LINKED, False), asks=_takes_a_place(route)
            )
            self.declared.append((route, needed))

    def needed(self, method: str, path: str) -> KeyScope | None:
        """The scope that a request needs; None = no key needed."""
        return self.find(method, path).scope

    def find(self, method: str, path: str) -> Needed:
        """What a request needs.

        The routes themselves are asked whether they match, so that the gate and the router cannot differ. What
        no route answers needs a key too: whoever has none learns nothing about which addresses there are.
        """
        scope = {"type": "http", "method": method, "path": path}
        for route, needed in self.declared:
            match, child = route.matches(scope)
            if match is Match.FULL:
                found = child.get("path_params", {}).get("doc_id")
                return needed._replace(doc_id=found) if needed.linked else needed
        return Needed(SCOPES[0], "any")

    def methods(self, path: str) -> list[str]:
        """The methods that an address answers to, in alphabetical order; none where there is nothing.

        It is that of the first route that it fits: nothing can be named as an address of another one ends.
        """
        found: set[str] = set()
        first: str | None = None
        for route, _ in self.declared:
            if route.matches({"type": "http", "method": "", "path": path})[0] is not Match.NONE:
                first = first or getattr(route, "path", None)
                if getattr(route, "path", None) == first:
                    found |= getattr(route, "methods", None) or set()
        if "GET" in found:
            found.add("HEAD")
        return sorted(found | {"OPTIONS"}) if found else []


def _asks(needed: Needed, path: str) -> bool:
    """Whether a request asks or reads documents, in contrast to the work on an index."""
    about_one = needed.scope == "search" and needed.reach == "collection"
    return about_one and not path.startswith("/v1/index/")


def _takes_a_place(route: BaseRoute) -> bool:
    dependant = getattr(route, "dependant", None)
    return dependant is not None and any(d.call is take_place for d in dependant.dependencies)


class Refusals:
    """The requests that were refused for want of room or for their rate: one line in ten seconds tells of all of them, and a flood of
    them is held back.

    Who does not wait as long as a refusal says would ask again a thousand times a second, and to refuse would take the processor
    from those who are answered: of the 11.5 answers a second that 16 clients got, 256 got 3.9. ``AT_ONCE`` refusals a second are sent at
    once, the others up to ``LONGEST_HELD_S`` later.
    """

    EVERY_S = 10.0
    AT_ONCE = 20
    LONGEST_HELD_S = 2.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._flood = 0.0
        self._last = clock()
        self._n: Counter[str] = Counter()
        self._told = -math.inf

    def note(self, code: str) -> None:
        """Counts one."""
        self._n[code] += 1
        if self._clock() - self._told >= self.EVERY_S:
            _LOG.warning("requests refused", extra={"fields": dict(self._n)})
            self._n.clear()
            self._told = self._clock()

    def held_s(self) -> float:
        """Counts one that is about to be sent; how many seconds it is to be held back."""
        now = self._clock()
        # those of the last second, and those that are held back
        self._flood = max(0.0, self._flood - (now - self._last) * self.AT_ONCE) + 1
        self._last = now
        self._flood = min(self._flood, self.AT_ONCE * (1 + self.LONGEST_HELD_S))
        return max(0.0, self._flood / self.AT_ONCE - 1)


def allows(has: KeyScope, needed: KeyScope) -> bool:
    """True when a key of scope ``has`` may do what needs ``needed``."""
    return SCOPES.index(has) >= SCOPES.index(needed)


def find_keys(keys: Sequence[Key], token: bytes) -> list[Key]:
    """The keys with that text, strongest first. All keys are compared, each in constant time."""
    digest = hashlib.sha256(token).hexdigest()
    same = [key for key in keys if hmac.compare_digest(key.sha256, digest)]
    return sorted(same, key=lambda key: SCOPES.index(key.scope), reverse=True)


def holds(key: Key, reach: Reach, collection: str) -> bool:
    """True when a key holds where a request needs it."""
    return (
        key.collection is None
        or reach == "any"
        or (reach == "collection" and key.collection == collection)
    )


class Allowance(NamedTuple):
    """What the rate limit says to one request.

    ``reset_s`` is the time until the bucket is full again.
    """

    allowed: bool
    remaining: int
    retry_after_s: int
    reset_s: int


class TokenBuckets:
    """A token bucket per caller: ``per_min`` requests at once, refilled at ``per_min`` a minute."""

    def __init__(self, per_min: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_min = per_min
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str) -> Allowance:
        """Takes one token, if there is one."""
        per_s = self.per_min / 60
        now = self._clock()
        with self._lock:
            tokens, then = self._buckets.pop(caller, (float(self.per_min), now))
            tokens = min(float(self.per_min), tokens + (now - then) * per_s)
            allowed = tokens >= 1
            tokens -= allowed
            self._buckets[caller] = (tokens, now)
            if len(self._buckets) > MAX_BUCKETS:
                self._buckets.popitem(last=False)
        return Allowance(
            allowed,
            int(tokens),
            0 if allowed else max(1, math.ceil((1 - tokens) / per_s)),
            math.ceil((self.per_min - tokens) / per_s),
        )


class Gate:
    """The middleware. ``settings`` says what is checked, ``scopes`` who may do what, ``metrics`` counts.

    ``doors`` tell problems in the words of a vendor; ``grants`` are what opens a document without a key, if anything.
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        scopes: Scopes,
        metrics: Metrics,
        keys: Keys,
        clock: Callable[[], float] = time.monotonic,
        doors: OpenDoors | None = None,
        grants: Grants | None = None,
        places: Places | None = None,
        audit: Audit | None = None,
        unnamed: Callable[[], str] = lambda: DEFAULT,
    ) -> None:
        self._app = app
        self._unnamed = unnamed
        self._keys = keys
        self._audit = audit
        self._places = places
        self._refusals = Refusals(clock)
        self._doors = doors or OpenDoors()
        self._grants = grants
        self._settings = settings
        self._scopes = scopes
        self._metrics = metrics
        self._clock = clock
        self._buckets = TokenBuckets(settings.rate_limit_per_min, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection; only HTTP requests are looked at."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await _Visit(
            self._app,
            self._settings,
            self._scopes,
            self._metrics,
            self._clock,
            self._buckets,
            self._doors,
            self._grants,
            self._places,
            self._refusals,
            self._keys,
            self._audit,
            self._unnamed,
            scope,
        ).serve(receive, send)


class _Visit:
    """One request on its way through the gate."""

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        scopes: Scopes,
        metrics: Metrics,
        clock: Callable[[], float],
        buckets: TokenBuckets,
        doors: OpenDoors,
        grants: Grants | None,
        places: Places | None,
        refusals: Refusals,
        keys: Keys,
        audit: Audit | None,
        unnamed: Callable[[], str],
        scope: Scope,
    ) -> None:
        self.places, self.refusals, self.audit = places, refusals, audit
        self.all_keys, self.keys, self.needs_key = keys, keys.current(), keys.required
        self.needed: Needed | None = None
        self.notes: dict[str, Any] = {}
        self.refused: str | None = None
        self.app, self.settings, self.scopes, self.metrics = app, settings, scopes, metrics
        self.doors, self.grants = doors, grants
        method = scope["method"]
        if method == "HEAD":
            # Answered as a GET of which only the head is sent; the server goes by its own scope, where it stays a HEAD.
            # Parts are those of a GET alone (RFC 9110, 14.2).
            headers = [(name, value) for name, value in scope["headers"] if name != b"range"]
            scope = {**scope, "method": "GET", "headers": headers}
        self.clock, self.buckets, self.scope = clock, buckets, scope
        self.began = clock()
        self.headers = Headers(scope=scope)
        self.method: str = method if method in _METHODS else "OTHER"
        self.path: str = _below(scope, settings.root)
        # One set of routes answers for all collections: the address says which, and the rest of it finds the route
        named, route_path = split_collection(self.path)
        self.collection = named or DEFAULT
        self.unnamed = unnamed if named is None else None
        scope["path"] = route_path
        if named is not None:
            scope["raw_path"] = route_path.encode("utf-8", "surrogateescape")
        self.door = doors.at(route_path)
        given = self.headers.get("x-request-id", "")
        self.request_id = given if _REQUEST_ID.fullmatch(given) else f"req_{secrets.token_hex(12)}"
        self.lang: UiLang = choose_language(self.headers.get("accept-language"), settings.language)
        state = scope.setdefault("state", {})
        state["request_id"], state["lang"] = self.request_id, self.lang
        state["path"], state["collection"] = self.path, self.collection
        # Who needs no key may do everything; with keys, the key says what and where.
        state["collections"] = set() if self.needs_key else None
        state["scope"] = "search" if self.needs_key else "admin"
        self.address, state["base"] = origin_of(scope, self.headers, settings)
        self.key: Key | None = None
        self.allowance: Allowance | None = None
        self.status = 0
        self.head_sent = False
        self.n_sent = 0
        self.n_read = 0
        self.body = InUtf8(self.headers.get("content-type", ""))
        self.max_bytes = (
            settings.max_upload_mb * 2**20
            if self.method == "POST" and route_path == "/v1/documents"
            else (settings.max_door_kb if self.door else settings.max_body_kb) * 2**10
        )

    async def serve(self, receive: Receive, send: Send) -> None:
        """Runs the request to its end, whatever the end."""
        self._receive, self._send = receive, send
        try:
            self._check()
            if self.method == "OPTIONS" and (methods := self.scopes.methods(self.scope["path"])):
                response = Response(status_code=204, headers={"Allow": ", ".join(methods)})
                await response(self.scope, receive, self.send)
            else:
                await self.app(self.scope, self.receive, self.send)
        except _HeadSent:
            pass
        except ClientDisconnect:
            self.status = self.status or CLIENT_GONE
        except Exception as error:
            told = tell(error, self.lang, instance=self.path, request_id=self.request_id)
            if told.body["code"] in ("overloaded", "rate_limited"):
                self.refused = told.body["code"]
                await asyncio.sleep(self.refusals.held_s())
            if told.body["code"] == "internal_error":
                _ERRORS.exception(
                    "request failed", extra={"fields": {"request_id": self.request_id}}
                )
            if self.status:
                # The response has begun: only breaking it off tells that it is not whole.
                raise
            await self.doors.response(self.scope["path"], told, error)(
                self.scope, receive, self.send
            )
        finally:
            self._write_down()

    async def receive(self) -> Message:
        """The next piece of the request; ends it when the body grows over the limit."""
        message = await self._receive()
        if message["type"] == "http.request":
            body = message.get("body", b"")
            self.n_read += len(body)
            if self.n_read > self.max_bytes:
                raise self._too_large("too_large_already", self.n_read)
            is_last = not message.get("more_body", False)
            message = {**message, "body": self.body.piece(body, is_last=is_last)}
        return message

    async def send(self, message: Message) -> None:
        """Passes the response on, with the headers that every response carries."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self.request_id
            if self.status == 405:
                # The router names the methods of one route, an address may have several
                headers["Allow"] = ", ".join(self.scopes.methods(self.scope["path"]))
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "no-referrer"
            headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
            headers.setdefault(
                "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"
            )
            headers.setdefault("Cache-Control", "no-store")
            if self.allowance is not None:
                per_min = self.buckets.per_min
                headers["RateLimit-Policy"] = f"{per_min};w=60"
                headers["RateLimit-Limit"] = str(per_min)
                headers["RateLimit-Remaining"] = str(self.allowance.remaining)
                headers["RateLimit-Reset"] = str(self.allowance.reset_s)
        elif message["type"] == "http.response.body" and self.method == "HEAD":
            if self.head_sent:
                raise _HeadSent
            self.head_sent = True
            message = {"type": "http.response.body"}
        elif message["type"] == "http.response.body":
            self.n_sent += len(message.get("body", b""))
        await self._send(message)

    def _check(self) -> None:
        """Raises ProblemError when the request may not go on."""
        # No address and no name of ours holds one, and a pattern that ends in "$" lets a line end pass.
        control = next((c for c in self.path if unicodedata.category(c) == "Cc"), None)
        if control is not None:
            raise ProblemError(
                "bad_request", "control_character", {"character": f"U+{ord(control):04X}"}
            )
        refusal: ProblemError | None = None
        needed = self.needed = self.scopes.find(self.scope["method"], self.scope["path"])
        if self.needs_key:
            refusal = self._check_key(needed)
        elif self.headers.get("host") is not None or needed.scope is not None:
            # HTTP/1.0 knows no Host, and what needs no key tells nobody anything
            self._check_host()
        if self.unnamed is not None and not self.needs_key and _asks(needed, self.scope["path"]):
            self.collection = self.scope["state"]["collection"] = self.unnamed()
        caller = f"key:{self.key.sha256}" if self.key else f"address:{_network(self.address)}"
        CALLER.set(caller)
        NOTES.set(self.notes)
        if self.buckets.per_min and (self.path.startswith("/v1/") or self.door is not None):
            self.allowance = self.buckets.take(caller)
            if not self.allowance.allowed:
                wait = self.allowance.retry_after_s
                raise ProblemError(
                    "rate_limited",
                    "rate",
                    {"limit": self.buckets.per_min, "seconds": wait},
                    headers={"Retry-After": str(wait)},
                )
        if self.door is not None and self.door.own_pages_only:
            self._check_origin()
        # After the rate: keys cannot be tried out faster than it allows.
        if refusal is not None:
            raise refusal
        length = self.headers.get("content-length", "")
        if length.isascii() and length.isdigit() and int(length[:20]) > self.max_bytes:
            raise self._too_large("too_large", int(length[:20]))
        coding = self.headers.get("content-encoding", "").strip().lower()
        if coding not in ("", "identity"):
            raise ProblemError(
                "bad_request",
                "coded_body",
                {"coding": coding[:40]},
                status=415,
                headers={"Accept-Encoding": "identity"},
            )
        # Before the body is read: to refuse must cost next to nothing
        if self.places is not None and needed.asks:
            self.places.check(caller)

    def _check_key(self, said: Needed) -> ProblemError | None:
        needed, reach, doc_id = said.scope, said.reach, said.doc_id
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        # Header bytes come decoded as Latin-1; back to bytes, a UTF-8 key hashes as typed.
        if kind.lower() == "bearer" and token.strip():
            found = find_keys(self.keys, token.strip().encode("latin-1"))
            here = [key for key in found if holds(key, reach, self.collection)]
            self.key = next(iter(here or found), None)
            held = {key.collection for key in found}
            self.scope["state"]["collections"] = None if None in held else held
        if self.key is not None:
            self.scope["state"]["scope"] = self.key.scope
            self.all_keys.used(self.key)
        if needed is None:
            return None
        if self.key is None and doc_id is not None and self._granted(token.strip(), doc_id):
            return None
        if self.key is None and not (self.all_keys.are_known and self._links_known(token)):
            return ProblemError("index_unavailable", "keys_away", headers={"Retry-After": "2"})
        if self.key is None:
            sent = kind.lower() == "bearer" and token.strip()
            return ProblemError("unauthorized", "wrong_key" if sent else "no_key")
        if not holds(self.key, reach, self.collection):
            key = "other_collection" if reach == "collection" else "all_collections"
            return ProblemError("forbidden", key)
        if not allows(self.key.scope, needed):
            return ProblemError("forbidden", "scope", {"has": self.key.scope, "needed": needed})
        return None

    def _granted(self, token: str, doc_id: str) -> bool:
        return (
            self.grants is not None
            and token.startswith(_LINK)
            and self.grants.holds(token.removeprefix(_LINK), self.collection, doc_id)
        )

    def _links_known(self, token: str) -> bool:
        """Whether it can be said of a link what it opens."""
        return self.grants is None or not token.strip().startswith(_LINK) or self.grants.are_known

    def _check_host(self) -> None:
        """Raises ProblemError when another web page in the reader's browser sent the request.

        Without keys, being on this machine is the only proof of who asks. A foreign page must not
        pass for it: neither by a name that resolves to 127.0.0.1 (DNS rebinding) nor by a form that
        posts here (cross-site request forgery).
        """
        host = self.headers.get("host", "")
        if not self._own(f"//{host}"):
            raise ProblemError("forbidden", "foreign_host", {"host": host[:100]})
        origin = self.headers.get("origin")
        foreign = origin is not None and not self._same_place(origin, host)
        beside = self.headers.get("sec-fetch-site") in ("cross-site", "same-site")
        if origin is not None and origin.lower() in self.settings.cors_origins:
            beside = False
        if self.method not in _READING and (foreign or beside):
            raise ProblemError("forbidden", "foreign_page")

    def _check_origin(self) -> None:
        origin = self.headers.get("origin")
        if origin is None or "*" in self.settings.cors_origins:
            return
        if not self._same_place(origin, self.headers.get("host", "")):
            raise ProblemError("forbidden", "foreign_page")

    def _own(self, address: str) -> bool:
        try:
            name = urlsplit(address).hostname or ""
        except ValueError:
            return False
        return is_loopback(name) or name == self.settings.host.lower() or name in self._names()

    def _names(self) -> tuple[str | None, ...]:
        """The names under which the owner says that the service is called."""
        return (*self.settings.hosts, urlsplit(self.settings.public_url).hostname)

    def _same_place(self, origin: str, host: str) -> bool:
        """True when a page of ours sent it, or one that the owner lets in."""
        try:
            place = urlsplit(origin)
            return (
                place.netloc.lower() == host.lower()
                or (place.hostname is not None and place.hostname in self._names())
                or origin.lower() in self.settings.cors_origins
            )
        except ValueError:
            return False

    def _too_large(self, key: str, size: int) -> ProblemError:
        return ProblemError("payload_too_large", key, {"size": size, "limit": self.max_bytes})

    def _write_down(self) -> None:
        seconds = self.clock() - self.began
        route = str(getattr(self.scope.get("route"), "path", "") or "unmatched")
        status = self.status or CLIENT_GONE
        collection = self.scope["state"].get("served", "")
        self.metrics.request(self.method, route, status, seconds, collection)
        if self.refused is not None:
            self.refusals.note(self.refused)
            return
        changes = self.needed is not None and self.needed.scope in ("index", "admin")
        if self.audit is not None and changes and self.method not in _READING and status < 400:
            self.audit.write(
                f"{self.method} {route}",
                self.all_keys.name_of(self.key),
                path=self.path,
                collection=self.collection,
                status=status,
                client=self.address,
                request_id=self.request_id,
                **self.notes,
            )
        question = self.notes.get("question")
        # The query string stays out: it may hold words that somebody looked for.
        _LOG.info(
            "request",
            extra={
                "fields": {
                    "request_id": self.request_id,
                    "method": self.method,
                    "path": self.path,
                    "route": route,
                    "collection": collection,
                    "status": status,
                    "duration_ms": round(seconds * 1000, 2),
                    "bytes_in": self.n_read,
                    "bytes_out": self.n_sent,
                    "client": self.address,
                    "scope": self.key.scope if self.key else None,
                    "language": self.lang,
                    **({"question": question} if question is not None else {}),
                }
            },
        )


class _HeadSent(OSError):
    """Raised in what goes on sending after the head that was asked for; as an OSError it is taken for a caller gone."""


def _below(scope: Scope, root: str) -> str:
    """The path without the one below which the service lies; a proxy may have taken that away already."""
    path: str = scope["path"]
    if not root or not (path == root or path.startswith(f"{root}/")):
        return path
    raw: bytes = scope.get("raw_path") or b""
    if raw.startswith(root.encode()):
        scope["raw_path"] = raw[len(root) :]
    return path[len(root) :] or "/"


def _network(address: str) -> str:
    """The address, or its /64 for IPv6: one household holds that many addresses."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else address
