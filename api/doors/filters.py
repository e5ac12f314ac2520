"""Filters of other contracts: which documents they let through, judged by what is known of each document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from index.searchable import DocumentInfo, Searchable

KEYS = ("document_id", "title", "language", "filename", "format")
"""What a filter may ask of a document."""

KEY: Final = {"type": "string", "enum": list(KEYS)}
"""How a key is described; another one is refused with the list of those there are."""

Value = str | float | bool | list[str | float | bool] | None


class UnknownFilterError(ValueError):
    """A filter names a key or an operator that there is not: ``name``, of those in ``known``."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name, self.known = name[:100], known


@dataclass(frozen=True, slots=True)
class Condition:
    """``key operator value``, in the operators of this module."""

    key: str
    operator: str
    value: Value

    def __post_init__(self) -> None:
        if self.key not in KEYS:
            raise UnknownFilterError(self.key, KEYS)
        if self.operator not in OPERATORS:
            raise UnknownFilterError(self.operator, tuple(OPERATORS))

    def holds(self, document: DocumentInfo) -> bool:
        """True when it lets the document through."""
        return OPERATORS[self.operator](_known(document)[self.key], self.value)


@dataclass(frozen=True, slots=True)
class All:
    """Every one of ``parts`` must hold; with ``any_of`` one of them."""

    parts: tuple[Condition | All, ...]
    any_of: bool = False

    def holds(self, document: DocumentInfo) -> bool:
        """True when it lets the document through."""
        judged = (part.holds(document) for part in self.parts)
        return any(judged) if self.any_of else all(judged)


Filter = Condition | All


def passing(index: Searchable, wanted: Filter | None) -> tuple[str, ...] | None:
    """The ids of the documents that a filter lets through; None where there is no filter, and so no limit."""
    if wanted is None:
        return None
    return tuple(one.doc_id for one in index.documents() if wanted.holds(one))


def _known(document: DocumentInfo) -> Mapping[str, str]:
    path = PurePosixPath(document.doc_id)
    return {
        "document_id": document.doc_id,
        "title": document.title,
        "language": document.lang,
        "filename": path.name,
        "format": path.suffix.lstrip(".").lower(),
    }


def _values(value: Value) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list) else [value])]


OPERATORS: Mapping[str, Callable[[str, Value], bool]] = {
    "eq": lambda own, value: own == str(value),
    "ne": lambda own, value: own != str(value),
    "gt": lambda own, value: own > str(value),
    "gte": lambda own, value: own >= str(value),
    "lt": lambda own, value: own < str(value),
    "lte": lambda own, value: own <= str(value),
    "in": lambda own, value: own in _values(value),
    "nin": lambda own, value: own not in _values(value),
    "contains": lambda own, value: str(value).casefold() in own.casefold(),
    "not contains": lambda own, value: str(value).casefold() not in own.casefold(),
    "starts with": lambda own, value: own.casefold().startswith(str(value).casefold()),
    "ends with": lambda own, value: own.casefold().endswith(str(value).casefold()),
    "empty": lambda own, value: not own,
    "not empty": lambda own, value: bool(own),
}
