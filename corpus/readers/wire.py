"""Our frozen dataclasses as JSON and back, each value checked against the type of its field.

What a process says that has read a hostile file may be made by that file. JSON can only be data, and what does not
have the declared shape is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_Check = Callable[[object], Any]


def dumps(value: object) -> bytes:
    """A dataclass, or a tuple or list of such, as JSON: each as the list of its fields' values."""
    # In ASCII: a file's name on disk may hold half surrogate pairs, which UTF-8 cannot.
    return json.dumps(value, default=_values, separators=(",", ":")).encode("ascii")


def loads(message: bytes, kind: Any) -> Any:
    """What :func:`dumps` made of a value of that type, which may be a ``tuple[A, B]`` or a union of dataclasses.

    :raises ValueError: for anything else. Its text does not repeat the message.
    """
    try:
        found = json.loads(message)
    except RecursionError as error:
        raise ValueError("the message is nested too deeply") from error
    return _check(kind)(found)


def _values(value: object) -> list[object]:
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} is not a dataclass")
    return [type(value).__name__, *(getattr(value, field.name) for field in fields(value))]


@cache
def _check(kind: Any) -> _Check:
    """A function that gives a decoded value in that type, or raises ValueError."""
    if is_dataclass(kind):
        return _dataclass(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _union(inner)
    if origin is Sequence or inner[1:] == (...,):
        return _list(inner[0])
    if origin is tuple:
        return _tuple(inner)
    if origin is Literal:
        return _one_of(inner)
    if kind in (str, int, float, bool, NoneType):
        return _plain(kind)
    raise TypeError(f"{kind} is nothing that travels")


def _plain(kind: type) -> _Check:
    def check(value: object) -> object:
        if type(value) is not kind:
            raise ValueError(f"expected {kind.__name__}, found {type(value).__name__}")
        return value

    return check


def _one_of(choices: tuple[object, ...]) -> _Check:
    def check(value: object) -> object:
        if isinstance(value, str) and value in choices:
            return value
        raise ValueError(f"expected one of {choices}")

    return check


def _list(inner: object) -> _Check:
    each = _check(inner)

    def check(value: object) -> object:
        if not isinstance(value, list):
            raise ValueError(f"expected a list, found {type(value).__name__}")
        return tuple([each(one) for one in value])

    return check


def _tuple(inner: tuple[object, ...]) -> _Check:
    each = [_check(one) for one in inner]

    def check(value: object) -> object:
        if not isinstance(value, list) or len(value) != len(each):
            raise ValueError(f"expected a list of {len(each)}")
        return tuple([one(part) for one, part in zip(each, value, strict=True)])

    return check


def _dataclass(kind: Any) -> _Check:
    hints = get_type_hints(kind)
    each = [_check(hints[field.name]) for field in fields(kind)]

    def check(value: object) -> object:
        if not isinstance(value, list) or len(value) != 1 + len(each) or value[0] != kind.__name__:
            raise ValueError(f"expected a {kind.__name__}")
        return kind(*[one(part) for one, part in zip(each, value[1:], strict=True)])

    return check


def _union(inner: tuple[object, ...]) -> _Check:
    each = [_check(one) for one in inner]

    def check(value: object) -> object:
        for one in each[:-1]:
            try:
                return one(value)
            except ValueError:
                continue
        return each[-1](value)

    return check
