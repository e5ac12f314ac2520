"""Where a request comes from, and under which address browsers reach the service: what proxies say of it, if they may."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.types import Scope

from api.settings import Settings

_HOST = re.compile(r"[A-Za-z0-9.\-_:\[\]]+")


class Origin(NamedTuple):
    """``address`` of the caller; ``base``, the whole address to which a path of ours is added."""

    address: str
    base: str


def origin_of(scope: Scope, headers: Headers, settings: Settings) -> Origin:
    """The origin of a request; headers of a proxy count only when it is one of ``settings.trusted_proxies``."""
    client = scope.get("client")
    address = str(client[0]) if client else "unknown"
    scheme, host = str(scope.get("scheme", "http")), headers.get("host", "")
    if _trusted(address, settings):
        address = _caller(address, headers.get("x-forwarded-for", ""), settings)
        said = _first(headers, "x-forwarded-proto").lower()
        scheme = said if said in ("http", "https") else scheme
        said = _first(headers, "x-forwarded-host")
        host = said if _HOST.fullmatch(said) else host
    if settings.public_url or not _HOST.fullmatch(host):
        return Origin(address, local_base(settings))
    return Origin(address, f"{scheme}://{host}{settings.root}")


def local_base(settings: Settings) -> str:
    """The address of the service where no request names one."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return settings.public_url or f"http://{host}:{settings.port}{settings.root}"


def _first(headers: Headers, name: str) -> str:
    """What the proxy next to the browser said: each further one adds its own word behind."""
    return headers.get(name, "").partition(",")[0].strip()


def _trusted(address: str, settings: Settings) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in settings.trusted_proxies)


def _caller(address: str, forwarded: str, settings: Settings) -> str:
    """The nearest address that is no proxy of ours: those before it may be made up."""
    for said in reversed([part.strip() for part in forwarded.split(",")]):
        said = said.removeprefix("[").partition("]")[0] if said.startswith("[") else said
        # Some proxies add the port
        said = said.partition(":")[0] if said.count(":") == 1 else said
        try:
            ipaddress.ip_address(said)
        except ValueError:
            break
        address = said
        if not _trusted(said, settings):
            break
    return address
