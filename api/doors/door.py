"""What a door is to the rest of the service, and the set of those that are open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse

from api.problems import MEDIA_TYPE, Told

Shape = Callable[[Told, Exception], tuple[int, dict[str, Any]]]
"""A problem as a vendor's clients read it: status and JSON body. The exception is what it was told from."""


@dataclass(frozen=True, slots=True)
class Door:
    """``paths`` matches every address below the door, also those that no route of it answers; ``package`` is what must be
    installed for it besides, with the extra that brings it. ``own_pages_only``: what the page of another site sends is
    refused even with a key, as its contract demands."""

    name: str
    router: APIRouter
    paths: re.Pattern[str]
    shape: Shape
    own_pages_only: bool = False
    package: str | None = None
    extra: str | None = None

    @property
    def missing(self) -> str | None:
        """What to install before it answers; None when nothing is missing."""
        if self.package is None or find_spec(self.package) is not None:
            return None
        return f"pip install 'fuente[{self.extra}]'"


class OpenDoors:
    """The doors that are open, asked by address."""

    def __init__(self, doors: Sequence[Door] = ()) -> None:
        self._doors = tuple(doors)

    def __iter__(self) -> Iterator[Door]:
        return iter(self._doors)

    def at(self, path: str) -> Door | None:
        """The door that an address belongs to, without its collection; None for our own addresses."""
        return next((door for door in self._doors if door.paths.fullmatch(path)), None)

    def response(self, path: str, told: Told, error: Exception) -> JSONResponse:
        """A problem as whoever asked at that address reads it."""
        door = self.at(path)
        if door is None:
            return JSONResponse(told.body, told.status, told.headers, MEDIA_TYPE)
        status, body = door.shape(told, error)
        return JSONResponse(body, status, told.headers)
