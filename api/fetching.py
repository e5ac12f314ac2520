"""A document from a link, fetched from a public address and from nowhere else.

A server that fetches what others name can be sent to look at what only it can reach. So a name is resolved once, every address
that it has must be a public one, and the connection goes to the very address that was looked at; each redirect is looked at again.
No proxy is used, which would resolve names itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePosixPath
from typing import Final, Literal, NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

from api import __version__
from corpus.document import LinkError
from corpus.parse import SUFFIXES
from corpus.readers.draft import in_utf8

MAX_REDIRECTS: Final = 5
WAIT_S: Final = 10.0
"""Longest silence of the other side."""
TOTAL_S: Final = 60.0
MAX_NAME: Final = 100
"""Longest name of a file, in characters."""

_CHUNK: Final = 2**16
_MAX_URL: Final = 4000
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HOST: Final = re.compile(r"[A-Za-z0-9.\-_:]+")
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OASIS: Final = "application/vnd.oasis.opendocument"
_TYPES: Final[Mapping[str, str]] = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    f"{_OFFICE}.wordprocessingml.document": ".docx",
    f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
    f"{_OFFICE}.presentationml.presentation": ".pptx",
    f"{_OASIS}.text": ".odt",
    f"{_OASIS}.spreadsheet": ".ods",
    f"{_OASIS}.presentation": ".odp",
    "application/epub+zip": ".epub",
    "message/rfc822": ".eml",
    "application/vnd.ms-outlook": ".msg",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "application/json": ".json",
    "text/vtt": ".vtt",
    "application/x-subrip": ".srt",
    "application/zip": ".zip",
}
_SAYS_LITTLE: Final = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/x-download", "application/force-download",
     "application/download", "text/plain", "application/zip"}
)  # fmt: skip
"""Types that servers send for anything: the name of the file says more, where it has a suffix that we read."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it came: ``doc_id`` is a place for it among the documents, ``url`` where it was in the end."""

    doc_id: str
    data: bytes
    url: str


class _Target(NamedTuple):
    url: str
    scheme: Literal["http", "https"]
    host: str
    port: int
    path: str


def is_link(text: str) -> bool:
    """Whether a text names a place on the web and not a file."""
    return text.lower().startswith(("http://", "https://"))


def is_public(address: Address) -> bool:
    """Whether an address is one of the public network, also where it wraps one of the older kind."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if wrapped is None and address in _TRANSLATED:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(wrapped)
        if address.is_site_local:
            return False
    return address.is_global and not (
        any(address in network for network in _ALSO_INSIDE)
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or address.is_loopback
        or address.is_link_local
        or address.is_private
    )


_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")
_ALSO_INSIDE: Final = (
    # For protocols and for translators of a network of one's own; Python takes some of them for public
    ipaddress.ip_network("192.0.0.0/24"),
    ipaddress.ip_network("192.88.99.0/24"),
    ipaddress.ip_network("64:ff9b:1::/48"),
)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system orders them; OSError when it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def fetch(
    url: str,
    max_bytes: int,
    *,
    resolve: Resolve = resolve,
    is_allowed: Callable[[Address], bool] = is_public,
    total_s: float = TOTAL_S,
) -> Fetched:
    """The file that a link leads to.

    :raises LinkError: for a link, an address, an answer, a type, a size or a time that is not taken.
    """
    until = time.monotonic() + total_s
    target = _target(url)
    for _ in range(MAX_REDIRECTS + 1):
        address = _checked(target, resolve, is_allowed)
        found = _ask(target, address, max_bytes, until, total_s)
        if isinstance(found, Fetched):
            return found
        following = _target(urljoin(target.url, found))
        if target.scheme == "https" and following.scheme == "http":
            raise LinkError(
                f"the link goes on from https to http ({following.host}), where anybody on the way may change it; name the file itself"
            )
        target = following
    raise LinkError(
        f"the link goes on to another one more than {MAX_REDIRECTS} times; name the file itself"
    )


def _target(url: str) -> _Target:
    """The parts of a link; a place in the page (what stands behind ``#``) is left out."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    scheme: Literal["http", "https"] | None = next(
        (one for one in ("http", "https") if one == parts.scheme.lower()),
        None,
    )
    if not scheme or not _HOST.fullmatch(host) or len(url) > _MAX_URL:
        raise LinkError(
            f"{url[:200]!r} is no link to a file; expected one such as https://example.org/rules.pdf"
        )
    if parts.username is not None or parts.password is not None:
        raise LinkError(
            "the link holds a user name or a password; expected a link that anybody may open"
        )
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    if re.search(r"[\x00-\x20\x7f]", path):
        raise LinkError(
            f"{url[:200]!r} is no link to a file; expected one such as https://example.org/rules.pdf"
        )
    number = port or (443 if scheme == "https" else 80)
    named = f"[{host}]" if ":" in host else host
    return _Target(f"{scheme}://{named}:{number}{path}", scheme, host, number, path)


def _checked(target: _Target, resolve: Resolve, is_allowed: Callable[[Address], bool]) -> str:
    """The address to connect to. All that the name has must be allowed: the next look might give another one first."""
    try:
        addresses = resolve(target.host, target.port)
        parsed = [ipaddress.ip_address(one.partition("%")[0]) for one in addresses]
    except (OSError, ValueError, UnicodeError) as error:
        raise LinkError(f"there is no {target.host}; check the link") from error
    if not parsed or not all(map(is_allowed, parsed)):
        raise LinkError(
            f"{target.host} is no public address; files of this machine and its network are added as files"
        )
    return addresses[0]


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was looked at; the name is only said, and compared with the certificate."""

    def __init__(self, target: _Target, address: str, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self._target, self._address = target, address
        self._line: socket.socket | None = None

    def connect(self) -> None:
        self._line = socket.create_connection((self._address, self.port), self.timeout)
        if self._target.scheme == "https":
            context = ssl.create_default_context()
            self._line = context.wrap_socket(self._line, server_hostname=self._target.host)
        self.sock = self._line

    def end(self) -> None:
        """Break off: also what is read of a response, to which the connection has left its socket."""
        if self._line is not None:
            with contextlib.suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def let_go(self) -> None:
        """Close all of it."""
        self.close()
        if self._line is not None:
            self._line.close()


@contextlib.contextmanager
def _ended_by(connection: _Connection, until: float) -> Iterator[None]:
    """Has the connection break off at that time, however slowly the other side goes on sending."""
    timer = threading.Timer(max(0.0, until - time.monotonic()), connection.end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        connection.let_go()


def _ask(
    target: _Target, address: str, max_bytes: int, until: float, total_s: float
) -> Fetched | str:
    """The file, or the link that this one goes on to."""
    wait = min(WAIT_S, max(0.1, until - time.monotonic()))
    connection = _Connection(target, address, wait)
    headers = {
        "User-Agent": f"Fuente/{__version__}",
        "Accept": "*/*",
        # What is packed may be far larger than it says
        "Accept-Encoding": "identity",
    }
    try:
        with _ended_by(connection, until):
            connection.request("GET", target.path, headers=headers)
            response = connection.getresponse()
            if response.status in _REDIRECTS:
                return response.headers.get("Location") or ""
            if response.status != 200:
                raise LinkError(
                    f"{target.host} answers with status {response.status}; expected 200: open the link in a browser to see why"
                )
            packed = response.headers.get("Content-Encoding", "identity").strip().lower()
            if packed != "identity":
                raise LinkError(
                    f"{target.host} sends the file packed ({packed[:40]}) though it was asked not to; save it and add the file"
                )
            suffix, name = _named(target, response.headers)
            data = _read(response, max_bytes)
            if time.monotonic() >= until:
                # What was broken off at the end of the time looks like a file that ends there
                raise TimeoutError
    except LinkError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise LinkError(
            f"the certificate of {target.host} does not hold ({error.verify_message}); expected one that a browser takes"
        ) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, TimeoutError) or time.monotonic() >= until:
            raise LinkError(
                f"{target.host} did not send the file in time; at most {WAIT_S:.0f} s of silence and {total_s:.0f} s altogether are waited for"
            ) from error
        raise LinkError(
            f"{target.host} cannot be reached or broke off ({type(error).__name__}); try again later"
        ) from error
    return Fetched(
        f"{target.host.replace(':', '-')}/{name}",
        _in_utf8(data, suffix, response.headers),
        target.url,
    )


def _read(response: http.client.HTTPResponse, max_bytes: int) -> bytes:
    said = response.headers.get("Content-Length", "")
    too_large = said.isascii() and said.isdigit() and int(said[:20]) > max_bytes
    data = bytearray()
    while not too_large and (chunk := response.read(_CHUNK)):
        data += chunk
        too_large = len(data) > max_bytes
    if too_large:
        raise LinkError(
            f"the file has more than {max_bytes:,} bytes, the most that is taken (max_upload_mb); add a smaller one"
        )
    if said.isascii() and said.isdigit() and len(data) < int(said[:20]):
        raise http.client.IncompleteRead(b"")
    if not data:
        raise LinkError("the file is empty; check the link")
    return bytes(data)


def _named(target: _Target, headers: Message) -> tuple[str, str]:
    """The suffix and the name for a file: what the server calls it, else the end of its path; by its type where that says more."""
    path = urlsplit(target.url)
    called = headers.get_filename() or unquote(path.path.rpartition("/")[2])
    called = unicodedata.normalize("NFC", called.replace("\\", "/").rpartition("/")[2])
    called = "".join(c for c in called if unicodedata.category(c)[0] != "C").strip(" .")
    stem, own = PurePosixPath(called or "_").stem, PurePosixPath(called).suffix.lower()
    kind = headers.get_content_type() if headers.get("Content-Type") else ""
    known = _TYPES.get(kind)
    if own in SUFFIXES and (kind in _SAYS_LITTLE or known == own or known is None or own == ".htm"):
        suffix = own
    elif known is not None:
        suffix = known
        stem = stem if own in SUFFIXES or not own else called
    else:
        raise LinkError(
            f"the link leads to a file of the type {kind[:80] or 'unknown'!r}, which is not read; expected one of "
            f"{', '.join(sorted(SUFFIXES))}"
        )
    stem = stem if called else "index"
    if path.query:
        # Of two pages of the same path each has its own file
        stem = f"{stem[: MAX_NAME - 30]}-{hashlib.sha256(path.query.encode()).hexdigest()[:8]}"
    return suffix, f"{stem[: MAX_NAME - len(suffix)]}{suffix}"


def _in_utf8(data: bytes, suffix: str, headers: Message) -> bytes:
    """A text in the letters that the server says it is in, which a file cannot say; anything else as it is."""
    said = headers.get_content_charset() if headers.get_content_maintype() == "text" else None
    if suffix not in (
        ".html",
        ".htm",
        ".xhtml",
        ".txt",
        ".text",
        ".md",
        ".csv",
        ".tsv",
    ):
        return data
    return in_utf8(data, said)
