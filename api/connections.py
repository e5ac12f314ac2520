"""The connections of a server: how many, how long, how slow. What a client does not send or read holds nothing for long.

uvicorn has no deadline for the head of a request, none for a body that trickles or a response that nobody reads, and takes
heads of any size. This is its protocol with those limits; one look a second goes over all connections.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import resource
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any, Final, Literal

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.settings import Network, is_loopback

HEAD_S: Final = 10.0
"""Time for the head of a request, from its first byte or the start of the connection."""

MAX_HEAD_BYTES: Final = 65_536
MAX_HEADERS: Final = 100

RATE_WINDOW_S: Final = 15.0
"""How often the rate of a body and of a response is looked at."""

MIN_BYTES_PER_S: Final = 1_000
"""A body that comes more slowly is not waited for, nor a client that takes a response more slowly."""

REQUEST_S: Final = 3_600.0
"""Longest time for one request, a stream of events included."""

_LEFTOVER_S: Final = 2.0
_BEHIND_S: Final = 1.0
_PIPELINED: Final = 16
_LOOK_S: Final = 1.0
_OPEN_FILES: Final = 65_536
_BEYOND_ASCII: Final = re.compile(rb"[\x80-\xff]")

_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 55\r\nconnection: close\r\n\r\nThe head of the request is over 65,536 bytes or 100 rows"
)[:-1]

Phase = Literal["head", "body", "leftover", "response", "idle"]


class Connections:
    """All connections of a process, and the limits that they are held to.

    ``per_address`` does not hold for this machine and for ``proxies``, behind which many people may be.
    """

    def __init__(self, most: int, per_address: int, proxies: Sequence[Network] = ()) -> None:
        self._most = most
        self._per_address = per_address
        self._proxies = proxies
        self._open: dict[Connection, None] = {}
        self._addresses: Counter[str] = Counter()
        self._looking: asyncio.TimerHandle | None = None

    def protocol(self) -> Any:
        """What uvicorn is to make for each connection."""
        return partial(Connection, self)

    def admit(self, connection: Connection, address: str) -> bool:
        """Count a connection; False when it must not be. The oldest that nobody works for makes room."""
        if self._addresses[address] >= self._per_address and not self._is_shared(address):
            if not self._make_room(address):
                return False
        elif len(self._open) >= self._most and not self._make_room(None):
            return False
        self._open[connection] = None
        self._addresses[address] += 1
        if self._looking is None:
            self._looking = connection.loop.call_later(_LOOK_S, self._look, connection.loop)
        return True

    def leave(self, connection: Connection, address: str) -> None:
        """Count a connection no more."""
        if self._open.pop(connection, self) is None:
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]

    def _make_room(self, address: str | None) -> bool:
        mine = [one for one in self._open if address in (None, one.address)]
        for is_spare in (Connection.waits, Connection.is_behind):
            oldest = next((one for one in mine if is_spare(one)), None)
            if oldest is not None:
                oldest.end()
                return True
        return False

    def _is_shared(self, address: str) -> bool:
        if is_loopback(address):
            return True
        try:
            one = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(one in network for network in self._proxies)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looking = None
        now = loop.time()
        for connection in list(self._open):
            connection.look(now)
        if self._open:
            self._looking = loop.call_later(_LOOK_S, self._look, loop)


class Connection(HttpToolsProtocol):
    """One connection. ``phase`` is what it waits for; ``address`` is the client's."""

    def __init__(self, all_: Connections, **given: Any) -> None:
        super().__init__(**given)
        self._all = all_
        self.phase: Phase = "head"
        self.address = ""
        self._since = self.loop.time()
        self._in_head = True
        self._n_head = 0
        self._is_too_large = False
        self._n_received = 0
        self._received_at = (self._since, 0)
        self._unsent_at: tuple[float, int] | None = None
        self._has_resumed = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, unless there are too many."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        if not self._all.admit(self, self.address):
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no more."""
        self._all.leave(self, self.address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, unless the head grows without end."""
        if self._is_too_large:
            return
        if self.phase == "idle" or not self._n_received:
            data = _in_ascii(data)
        self._n_received += len(data)
        if self.phase == "idle":
            self._enter("head")
        self._n_head = self._n_head + len(data) if self._in_head else 0
        super().data_received(data)
        if self._is_too_large or (self._in_head and self._n_head > MAX_HEAD_BYTES):
            self._is_too_large = True
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        """Of the parser: a request begins."""
        self._in_head = True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Of the parser: a row of the head."""
        # What comes behind a chunked body would be added to the headers that the request came with
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Of the parser: the head is whole."""
        n_bytes = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if n_bytes > MAX_HEAD_BYTES or len(self.headers) > MAX_HEADERS:
            self._is_too_large = True
            return
        self._in_head = False
        self._enter("body")
        super().on_headers_complete()
        if len(self.pipeline) > _PIPELINED:
            self.end()  # nobody asks so much at once who wants to read it

    def on_body(self, body: bytes) -> None:
        """Of the parser: a piece of the body."""
        if not self._is_too_large:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Of the parser: the request is whole."""
        if self._is_too_large:
            return
        if self.phase == "body":
            self._enter("response")
        elif self.phase == "leftover":
            self._enter("idle")
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        # A response that came before the end of the body, a refusal mostly: the rest is not read for long
        if self.pipeline:
            self._enter("response")
        else:
            self._enter("leftover" if self.phase == "body" else "idle")
        super().on_response_complete()

    def resume_writing(self) -> None:
        """Note that the client reads."""
        self._has_resumed = True
        super().resume_writing()

    def waits(self) -> bool:
        """Whether nothing is worked on for it: no request has begun, or not even its head is whole."""
        return self.phase in ("head", "idle")

    def is_behind(self) -> bool:
        """Whether it has kept others waiting for a while: its body does not come, or its client does not read."""
        late = self.loop.time() - self._since > _BEHIND_S
        return late and (self.phase == "body" or self.transport.get_write_buffer_size() > 0)

    def look(self, now: float) -> None:
        """End it when what it waits for takes too long."""
        if self.phase == "head":
            late = now - self._since > HEAD_S
        elif self.phase == "leftover":
            late = now - self._since > _LEFTOVER_S
        else:
            late = self.phase != "idle" and now - self._since > REQUEST_S
        if late or self._trickles(now) or self._is_unread(now):
            self.end()

    def end(self) -> None:
        """Break it off, whatever has not been sent."""
        self.transport.abort()

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        now = self._since = self.loop.time()
        self._received_at = (now, self._n_received)

    def _trickles(self, now: float) -> bool:
        """Whether the body came too slowly for a whole window, and not because nobody here took it."""
        then, before = self._received_at
        if self.phase != "body" or self.flow.read_paused:
            self._received_at = (now, self._n_received)
            return False
        if now - then < RATE_WINDOW_S:
            return False
        self._received_at = (now, self._n_received)
        return self._n_received - before < MIN_BYTES_PER_S * RATE_WINDOW_S

    def _is_unread(self, now: float) -> bool:
        """Whether what was written to the client got on too slowly for a whole window."""
        unsent = self.transport.get_write_buffer_size()
        # Where more is written all the time, the buffer stays full; that it was emptied meanwhile shows that it is read
        if not unsent or self._unsent_at is None or self._has_resumed:
            self._has_resumed = False
            self._unsent_at = (now, unsent) if unsent else None
            return False
        then, before = self._unsent_at
        if now - then < RATE_WINDOW_S:
            return False
        self._unsent_at = (now, unsent)
        return unsent > before - MIN_BYTES_PER_S * RATE_WINDOW_S


def _in_ascii(data: bytes) -> bytes:
    """The beginning of a request with what its first line has beyond ASCII as %XX: curl sends a query as it was typed, and the parser
    takes no such byte."""
    line, end, rest = data.partition(b"\n")
    return _BEYOND_ASCII.sub(lambda found: b"%%%02X" % found[0][0], line) + end + rest


def allow_open_files() -> None:
    """Let this process have as many connections and files open as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
