"""How a collection stands in Milvus, which keeps no bytes, no text of more than 65,535 and nothing without a vector.

Of each collection there is one of Milvus with its generations, in which the last row that names one says which is current, and for
vectors of so many dimensions three more: passages, documents, and pieces of whatever is longer than a field. A passage is part of
generations from ``since`` on, but not of those that say that they are ``without`` its document. Nothing but this module reads what is in a
field, and nothing that is written is ever written again: Milvus Lite changes a row by removing it first, and who asks between finds none.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.document import DamagedIndexError
from corpus.languages import LANGS
from index import bm25
from index.bm25 import AskedWord
from index.generations.generation import Generation
from index.milvus.server import Server
from index.searchable import term_key

PLACES = 24
"""Bits of a passage's id that are its place in its document; those above are the document's number."""

AT_ONCE = 500
"""So many passages are asked for or written at once, some 5 kB each."""

FIELD = 65_535
"""Bytes of a field."""

# A multiple of three, so that its base64 fills a field and no more.
_PIECE = FIELD // 4 * 3
# Dimensions of sparse vectors are 32 bits, without the last.
_LAST = 0xFFFFFFFE
# One that holds no term must hold something.
_NONE = {0: 1e-9}
_CURRENT = "current"
_MEANS = "means"


class Names(NamedTuple):
    """What the collections of Milvus are called."""

    passages: str
    documents: str
    pieces: str


class Record(NamedTuple):
    """What counts of a passage for its words: ``keys`` uint64[n] of its terms, ``counts`` uint16[n], ``length`` in terms."""

    keys: npt.NDArray[np.uint64]
    counts: npt.NDArray[np.uint16]
    length: int


@dataclass(frozen=True, slots=True)
class Row:
    """A generation in the list of them; ``pieces`` how many of each kind; ``means`` float64 by language as numbered in LANGS, the mean lengths that its sparse vectors
    were made with."""

    number: int
    build_id: str
    dim: int
    pieces: dict[str, int]
    means: tuple[float, ...]
    created_at: str
    n_documents: int
    n_passages: int
    encoder: str
    size_bytes: int


class Switch(NamedTuple):
    """That a generation became the current one: its number, when in seconds since 1970, and which switch it was."""

    serial: int
    number: int
    at: float


class Generations(NamedTuple):
    """All generations by their numbers, the switches from one to another, in their order, and for each number of dimensions the mean
    lengths that sparse vectors are made with."""

    rows: dict[int, Row]
    switches: list[Switch]
    means: dict[int, tuple[float, ...]]

    @property
    def current(self) -> Row | None:
        """The generation that serves, None without any."""
        return self.rows.get(self.switches[-1].number) if self.switches else None


class Layout:
    """One collection in a server."""

    def __init__(self, server: Server, collection: str):
        self._server = server
        # names of Milvus are letters, digits and _
        self._prefix = f"fuente_{hashlib.blake2b(collection.encode(), digest_size=8).hexdigest()}"
        self._exists = False
        #: The collection of Milvus in which the generations are.
        self.generations = f"{self._prefix}_generations"

    def names(self, dim: int) -> Names:
        """What holds the passages with vectors of so many dimensions."""
        return Names(*(f"{self._prefix}_{dim}_{kind}" for kind in Names._fields))

    def read(self) -> Generations:
        """What there is, none where nothing was ever put.

        :raises IndexUnavailableError: when the server does not answer.
        """
        # once there, it stays
        self._exists = self._exists or self._server.has(self.generations)
        found = Generations({}, [], {})
        if not self._exists:
            return found
        for row in self._server.rows(self.generations, "number >= 0", ["id", "number", "told"]):
            kind, number, told = (
                row["id"].partition("/")[0],
                int(row["number"]),
                json.loads(row["told"]),
            )
            if kind == _CURRENT:
                found.switches.append(Switch(told["serial"], number, told["at"]))
            elif kind == _MEANS:
                found.means[number] = tuple(told)
            else:
                found.rows[number] = Row(**{**told, "means": tuple(told["means"])})
        found.switches.sort()
        return found

    def passages(self, dim: int, ids: Sequence[int], fields: Sequence[str]) -> list[dict[str, Any]]:
        """Those of passages that are there, with their ids and these fields, in no order; errors as :meth:`read`."""
        found = []
        for at in range(0, len(ids), AT_ONCE):
            where = f"id in {json.dumps(list(ids[at : at + AT_ONCE]))}"
            found += self._server.rows(self.names(dim).passages, where, ["id", *fields])
        return found

    def bodies(self, dim: int, rows: Sequence[Mapping[str, Any]]) -> list[list[bytes]]:
        """The columns of passages, whose ``body`` and ``more`` were asked for, in their order; errors as :meth:`pieces`."""
        found = []
        for row in rows:
            if not row["more"]:
                found.append(_columns_of(b64decode(row["body"])))
                continue
            doc, place = row["id"] >> PLACES, row["id"] & ((1 << PLACES) - 1)
            kind = body_kind(place)
            raw = self.pieces(dim, document_id(doc), {kind: row["more"]})
            found.append(_columns_of(raw[kind]))
        return found

    def pieces(self, dim: int, owner: str, counts: Mapping[str, int]) -> dict[str, bytes]:
        """What pieces of those kinds say together, by kind.

        :raises DamagedIndexError: when one is not there.
        """
        ids = piece_ids(owner, counts)
        found: dict[str, str] = {}
        for at in range(0, len(ids), AT_ONCE):
            where = f"id in {json.dumps(ids[at : at + AT_ONCE])}"
            rows = self._server.rows(self.names(dim).pieces, where, ["id", "data"])
            found.update((row["id"], row["data"]) for row in rows)
        try:
            return {
                kind: zlib.decompress(
                    b"".join(b64decode(found[f"{owner}/{kind}/{n}"]) for n in range(count))
                )
                for kind, count in counts.items()
            }
        except (KeyError, ValueError, zlib.error) as error:
            raise DamagedIndexError(
                f"{owner} in the index in Milvus cannot be read ({type(error).__name__}); "
                "run `fuente build` or `fuente migrate --to` with its address again"
            ) from error


def switch_row(switch: Switch) -> dict[str, Any]:
    """The row of a switch."""
    told = json.dumps({"serial": switch.serial, "at": switch.at})
    return {"id": switch_id(switch), "number": switch.number, "told": told, **unused()}


def switch_id(switch: Switch) -> str:
    """What its row is called."""
    return f"{_CURRENT}/{switch.serial}"


def means_row(dim: int, means: Sequence[float]) -> dict[str, Any]:
    """The row that says with which mean lengths sparse vectors are made."""
    return {"id": f"{_MEANS}/{dim}", "number": dim, "told": json.dumps(list(means)), **unused()}


def generation_row(row: Row) -> dict[str, Any]:
    """The row of a generation."""
    told = json.dumps(asdict(row))
    return {"id": generation_id(row.number), "number": row.number, "told": told, **unused()}


def generation_id(number: int) -> str:
    """What its row is called, and what owns its pieces."""
    return f"generation/{number}"


def document_id(doc: int) -> str:
    """What owns the pieces of a document."""
    return f"document/{doc}"


def piece_ids(owner: str, counts: Mapping[str, int]) -> list[str]:
    """What the pieces of those kinds are called."""
    return [f"{owner}/{kind}/{n}" for kind, count in counts.items() for n in range(count)]


def unused() -> dict[str, Any]:
    """The vector of what has none, without which nothing is kept."""
    return {"unused": [0.0, 0.0]}


def cut(owner: str, kind: str, raw: bytes) -> list[dict[str, Any]]:
    """The pieces of some bytes, for :meth:`Layout.pieces`; at least one."""
    packed = zlib.compress(raw, 1)
    return [
        {
            "id": f"{owner}/{kind}/{n}",
            "data": b64encode(packed[at : at + _PIECE]).decode(),
            **unused(),
        }
        for n, at in enumerate(range(0, len(packed), _PIECE))
    ]


def stretches(docs: Sequence[int], among: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers of documents as stretches from the first to the last, in none of which another one ``among`` all stands."""
    wanted = np.isin(
        every := np.array(sorted(among), dtype=np.int64), np.array(docs, dtype=np.int64)
    )
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(np.int8)))
    return [
        (int(every[a]), int(every[b - 1])) for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]


def live(number: int, without: Sequence[tuple[int, int]]) -> str:
    """The filter that lets the passages of a generation through, but not those of the documents that it is ``without``."""
    alone = [a for a, b in without if a == b]
    parts = [f"since <= {number}"]
    parts += [f"doc not in {alone}"] if alone else []
    parts += [f"(doc < {a} or doc > {b})" for a, b in without if a != b]
    return " and ".join(parts)


# ------------------------------------------------------------------------- a passage


def passage_ids(docs: Iterable[int], places: Iterable[int]) -> list[int]:
    """The ids of passages by their documents' numbers and their places in them."""
    return [(doc << PLACES) + n for doc, n in zip(docs, places, strict=True)]


def body(columns: Sequence[bytes]) -> bytes:
    """The columns of a passage as one, for :meth:`Layout.bodies`."""
    return struct.pack(f"<{len(columns) + 1}i", len(columns), *map(len, columns)) + b"".join(
        columns
    )


def _columns_of(raw: bytes) -> list[bytes]:
    """Those that :func:`body` was given."""
    (n,) = struct.unpack_from("<i", raw)
    ends = np.cumsum([4 * (n + 1), *struct.unpack_from(f"<{n}i", raw, 4)]).tolist()
    return [raw[a:b] for a, b in zip(ends, ends[1:], strict=False)]


def body_kind(place: int) -> str:
    """The kind of the pieces that hold the body of a passage which is longer than a field."""
    return f"b{place}"


def body_field(columns: Sequence[bytes]) -> str:
    """The columns of a passage as a field holds them; empty where they are too long for one."""
    field = b64encode(body(columns)).decode()
    return field if len(field) <= FIELD else ""


def vector_of(field: Sequence[bytes]) -> npt.NDArray[np.float16]:
    """float16[dim] of a vector as it is sent."""
    return np.frombuffer(field[0], dtype="<f2").astype(np.float16)


def record_field(record: Record) -> str:
    """The keys and counts of a passage as a field holds them: a passage has two thousand terms at most."""
    return b64encode(
        record.keys.astype("<u8").tobytes() + record.counts.astype("<u2").tobytes()
    ).decode()


def record_of(field: str, length: int) -> Record:
    """What :func:`record_field` was given."""
    raw = b64decode(field)
    n = len(raw) // 10
    return Record(
        np.frombuffer(raw, "<u8", n).astype(np.uint64),
        np.frombuffer(raw, "<u2", n, offset=8 * n).astype(np.uint16),
        length,
    )


# ------------------------------------------------------------------------- what sparse vectors propose


def _dimension(key: int) -> int:
    return min(key & 0xFFFFFFFF, _LAST)


def sparse(record: Record, mean: float) -> dict[int, float]:
    """The sparse vector of a passage: of each of its terms what it is worth when a question asks for that term alone, with a
    ``mean`` length that stays the same while the collection changes."""
    norm = bm25.K1 * (1 - bm25.B + bm25.B * record.length / mean)
    found: dict[int, float] = {}
    for key, count in zip(record.keys.tolist(), record.counts.tolist(), strict=True):
        at = _dimension(key)
        found[at] = found.get(at, 0.0) + count / (count + norm)
    return found or _NONE


def most(
    asked: Sequence[AskedWord], counted: Generation, means: Sequence[float]
) -> dict[int, float]:
    """The sparse vector of a question, with which the product is at least the score of :func:`index.bm25.scored`, whatever the
    passage: so what is proposed can be known to be all.

    A word adds share * tf / (tf + n), where tf is the sum of p * c over its terms and n the norm of the passage. That is no more than
    the sum of p * c / (p * c + n) over them, and each of those no more than p * (c + n) / (p * c + n) times c / (c + n), of which the factor grows with
    c and falls with n: it is taken for the highest count and the least norm there are. Where passages have become longer than the ``means`` that
    vectors were made with, a norm is smaller than theirs by their ratio at most.
    """
    found: dict[int, float] = {}
    for word in asked:
        code = LANGS.index(word.lang)
        longer = max(1.0, float(counted.means[code]) / means[code])
        norm = counted.least_norm(word.lang)
        for term, p in word.terms:
            peak = counted.term(word.lang, term).peak
            at = _dimension(term_key(word.lang, term))
            weight = word.share * longer * p * (peak + norm) / (p * peak + norm)
            found[at] = found.get(at, 0.0) + weight
    return found
