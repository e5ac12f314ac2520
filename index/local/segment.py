"""One segment of an index: documents and their passages with everything that is searched, in files that never change."""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar, overload

from corpus.document import (
    HOLDERS,
    Block,
    BlockKind,
    Document,
    Heading,
    LeftOut,
    Passage,
    Recognised,
)
from index.local.dense import DenseIndex
from index.local.lexical import LexicalIndex
from index.local.manifest import SegmentLayout
from index.local.parts import PARTS
from index.part import Part, Written
from index.sentences import SentenceIndex
from index.tokens import TokenIndex

_P = TypeVar("_P", bound=Part)
_Read = TypeVar("_Read")


def write_segment(
    layout: SegmentLayout,
    documents: Sequence[Document],
    keys: Sequence[bytes],
    written: Written,
    between: Callable[[], None] = lambda: None,
) -> None:
    """Write all files of a segment; its passages are those of the documents, in their order, and ``keys`` are aligned with
    them. ``between`` is called between two steps, and what it raises ends them."""
    _write_documents(layout.documents, documents, written.passages, keys)
    for kind in PARTS:
        between()
        kind.make(written).save(layout.folder)


def _write_documents(
    path: Path, documents: Sequence[Document], passages: Sequence[Passage], keys: Sequence[bytes]
) -> None:
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(
            """
            CREATE TABLE documents (
                doc INTEGER PRIMARY KEY, doc_id TEXT UNIQUE NOT NULL, title TEXT NOT NULL, lang TEXT NOT NULL,
                text TEXT NOT NULL, n_chars INTEGER NOT NULL, page_starts TEXT NOT NULL, n_pages INTEGER NOT NULL,
                headings TEXT NOT NULL, sha256 TEXT NOT NULL, first_row INTEGER NOT NULL, n_passages INTEGER NOT NULL
            );
            CREATE TABLE blocks (
                doc INTEGER NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
                level INTEGER NOT NULL, parent INTEGER, cells TEXT, PRIMARY KEY (doc, number)
            ) WITHOUT ROWID;
            CREATE TABLE recognised (
                doc INTEGER NOT NULL, page INTEGER NOT NULL, confidence REAL NOT NULL, PRIMARY KEY (doc, page)
            ) WITHOUT ROWID;
            CREATE TABLE left_out (
                doc INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL, page INTEGER NOT NULL, reason TEXT NOT NULL,
                PRIMARY KEY (doc, number)
            ) WITHOUT ROWID;
            CREATE TABLE passages (
                row INTEGER PRIMARY KEY, doc INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
                lang TEXT NOT NULL, heading TEXT NOT NULL, sentences TEXT NOT NULL, first_block INTEGER NOT NULL,
                end_block INTEGER NOT NULL, key BLOB NOT NULL
            );
            """
        )
        counts = Counter(p.doc_id for p in passages)
        numbers, first = {}, 0
        for doc, d in enumerate(documents):
            numbers[d.doc_id] = doc
            headings = json.dumps(
                [list(asdict(h).values()) for h in d.headings], ensure_ascii=False
            )
            connection.execute(
                "INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    doc,
                    d.doc_id,
                    d.title,
                    d.lang,
                    d.text,
                    len(d.text),
                    json.dumps(d.page_starts),
                    len(d.page_starts),
                    headings,
                    d.sha256,
                    first,
                    counts[d.doc_id],
                ),
            )
            connection.executemany(
                "INSERT INTO blocks VALUES (?,?,?,?,?,?,?,?)",
                (
                    (
                        doc,
                        n,
                        b.kind,
                        b.start,
                        b.end,
                        b.level,
                        b.parent,
                        b.cells and json.dumps(b.cells),
                    )
                    for n, b in enumerate(d.blocks)
                ),
            )
            connection.executemany(
                "INSERT INTO recognised VALUES (?,?,?)",
                ((doc, one.page, one.confidence) for one in d.recognised),
            )
            connection.executemany(
                "INSERT INTO left_out VALUES (?,?,?,?,?)",
                ((doc, n, one.text, one.page, one.reason) for n, one in enumerate(d.left_out)),
            )
            first += counts[d.doc_id]
        connection.executemany(
            "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                (
                    row,
                    doc,
                    p.start,
                    p.end,
                    p.lang,
                    p.heading,
                    json.dumps(p.sentences),
                    first,
                    end,
                    key,
                )
                for row, (p, doc, first, end, key) in enumerate(
                    _with_blocks(documents, passages, keys)
                )
            ),
        )
        # A passage whose text is known already is found by it, and keeps its vectors
        connection.execute("CREATE INDEX passages_by_key ON passages (key)")
        connection.commit()
    finally:
        connection.close()


def _with_blocks(
    documents: Sequence[Document], passages: Sequence[Passage], keys: Sequence[bytes]
) -> Iterator[tuple[Passage, int, int, int, bytes]]:
    """Each passage with the number of its document, and the numbers ``[first, end)`` of the blocks that it has a part of."""
    numbers = {d.doc_id: n for n, d in enumerate(documents)}
    places: dict[int, tuple[list[int], list[int]]] = {}
    for passage, key in zip(passages, keys, strict=True):
        doc = numbers[passage.doc_id]
        if doc not in places:
            # What holds others ends after them: without it the ends ascend as the starts do
            blocks = documents[doc].blocks
            ends, reached = [], 0
            for block in blocks:
                reached = max(reached, block.start if block.kind in HOLDERS else block.end)
                ends.append(reached)
            places = {doc: ([b.start for b in blocks], ends)}
        starts, ends = places[doc]
        first, end = bisect_right(ends, passage.start), bisect_left(starts, passage.end)
        yield passage, doc, first, max(first, end), key


# A question shows passages of some eight documents; a long one's outline takes some ten kilobytes.
_OUTLINES_KEPT = 500
# So many passages and blocks of so many: one question asks for those of a dozen, some of them three times, and the text of a passage
# is cut out of that of its whole document.
_ROWS_KEPT = 500


def _keep(kept: dict[int, _Read], new: Mapping[int, _Read]) -> None:
    """Keeps what was read of some rows, in the place of all before where that would be too much."""
    if len(kept) + len(new) > _ROWS_KEPT:
        kept.clear()
    if len(new) <= _ROWS_KEPT:
        kept.update(new)


class Segment:
    """An opened segment; immutable, and safe to read from several threads. Rows are its own."""

    def __init__(self, layout: SegmentLayout, n_passages: int, kinds: Sequence[type[Part]] = PARTS):
        """Open a segment that is said to have ``n_passages``, with those of its parts.

        :raises OSError, ValueError, RuntimeError, sqlite3.Error: when a file is missing or is not what it should be.
        """
        self._lock = threading.Lock()
        self._parts: dict[type[Part], Part] = {kind: kind.load(layout.folder) for kind in kinds}
        sizes = {kind.__name__: len(part) for kind, part in self._parts.items()}
        if any(size != n_passages for size in sizes.values()):
            raise ValueError(f"{n_passages} passages, but its parts have {sizes}")
        self._connection = _connect(layout.documents)
        # an index that was replaced goes with the last question that still reads it, and nobody is left to close it
        weakref.finalize(self, self._connection.close)
        self._outlines: dict[str, Document] = {}
        self._passages: dict[int, Passage] = {}
        self._blocks: dict[int, tuple[Block, ...]] = {}
        #: Each document's first row and number of rows, by id.
        self.ranges: dict[str, tuple[int, int]] = {
            doc_id: (first, n)
            for doc_id, first, n in self._query(
                "SELECT doc_id, first_row, n_passages FROM documents"
            )
        }

    def close(self) -> None:
        """Close the file handles; the segment cannot be used after."""
        with self._lock:
            self._connection.close()

    def part(self, kind: type[_P]) -> _P:
        """The part of that kind.

        :raises KeyError: when the segment was opened without it.
        """
        found = self._parts[kind]
        assert isinstance(found, kind)
        return found

    @property
    def dense(self) -> DenseIndex:
        """The passages' vectors."""
        return self.part(DenseIndex)

    @property
    def lexical(self) -> LexicalIndex:
        """The passages' words."""
        return self.part(LexicalIndex)

    @property
    def tokens(self) -> TokenIndex:
        """The passages' token vectors."""
        return self.part(TokenIndex)

    @property
    def sentences(self) -> SentenceIndex:
        """The passages' sentences."""
        return self.part(SentenceIndex)

    def _query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def outline(self, doc_id: str) -> Document:
        """A document without its text; the last ones are kept, since every passage that is found shows its section."""
        with self._lock:
            kept = self._outlines.get(doc_id)
        if kept is None:
            kept = self.document(doc_id, text=False)
            with self._lock:
                if len(self._outlines) >= _OUTLINES_KEPT:
                    del self._outlines[next(iter(self._outlines))]
                self._outlines[doc_id] = kept
        return kept

    def plain(self, doc_id: str) -> Document:
        """A document with its text and without its blocks."""
        [[found]] = self._query("SELECT text FROM documents WHERE doc_id = ?", doc_id)
        return replace(self.outline(doc_id), text=found)

    def document(self, doc_id: str, *, text: bool = True) -> Document:
        """A document of this segment; without its text when that is not wanted."""
        column = "text" if text else "''"
        doc, title, lang, found, pages, headings, sha256 = self._query(
            f"SELECT doc, title, lang, {column}, page_starts, headings, sha256 FROM documents WHERE doc_id = ?",
            doc_id,
        )[0]
        return Document(
            doc_id=doc_id,
            title=title,
            lang=lang,
            text=found,
            page_starts=tuple(json.loads(pages)),
            headings=tuple(Heading(*h) for h in json.loads(headings)),
            sha256=sha256,
            blocks=self._blocks_of(doc) if text else (),
            recognised=self._recognised(doc),
            left_out=self._left_out(doc) if text else (),
        )

    def _recognised(self, doc: int) -> tuple[Recognised, ...]:
        found = self._query(
            "SELECT page, confidence FROM recognised WHERE doc = ? ORDER BY page", doc
        )
        return tuple(Recognised(*facts) for facts in found)

    def _left_out(self, doc: int) -> tuple[LeftOut, ...]:
        found = self._query(
            "SELECT text, page, reason FROM left_out WHERE doc = ? ORDER BY number", doc
        )
        return tuple(LeftOut(*facts) for facts in found)

    def _blocks_of(self, doc: int) -> Sequence[Block]:
        return _Blocks(
            self._query(
                "SELECT kind, start, end, level, parent, cells FROM blocks WHERE doc = ? ORDER BY number",
                doc,
            )
        )

    def facts(self) -> list[tuple[Any, ...]]:
        """``(doc_id, title, lang, sha256, n_chars, n_passages, n_pages)`` of each document, in order of their ids."""
        return self._query(
            "SELECT doc_id, title, lang, sha256, n_chars, n_passages, n_pages FROM documents ORDER BY doc_id"
        )

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of those rows, in that order."""
        found = {row: kept for row in rows if (kept := self._passages.get(row)) is not None}
        new = self._read_passages([row for row in rows if row not in found])
        _keep(self._passages, new)
        found |= new
        return [found[row] for row in rows]

    def _read_passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        found = {}
        for at in range(0, len(rows), 500):
            part = rows[at : at + 500]
            marks = ",".join("?" * len(part))
            # substr counts code points from 1, as our offsets do from 0
            for row, doc_id, start, end, lang, heading, sentences, text in self._query(
                "SELECT p.row, d.doc_id, p.start, p.end, p.lang, p.heading, p.sentences,"
                " substr(d.text, p.start + 1, p.end - p.start)"
                f" FROM passages p JOIN documents d ON d.doc = p.doc WHERE p.row IN ({marks})",
                *part,
            ):
                passage_id = f"{doc_id}#char={start},{end}"
                found[row] = Passage(
                    passage_id,
                    doc_id,
                    start,
                    end,
                    text,
                    lang,
                    heading,
                    tuple((a, b) for a, b in json.loads(sentences)),
                )
        return found

    def blocks(self, row: int) -> tuple[Block, ...]:
        """The blocks that a passage has a part of, and those that hold them, as :meth:`index.local.store.Index.blocks` says."""
        found = self._blocks.get(row)
        if found is None:
            found = self._read_blocks(row)
            _keep(self._blocks, {row: found})
        return found

    def _read_blocks(self, row: int) -> tuple[Block, ...]:
        held = self._query(
            "SELECT b.number, b.kind, b.start, b.end, b.level, b.parent, b.cells FROM passages p JOIN blocks b"
            " ON b.doc = p.doc AND b.number >= p.first_block AND b.number < p.end_block WHERE p.row = ?",
            row,
        )
        found: dict[int, tuple[Any, ...]] = {}
        while held:
            found.update((number, tuple(facts)) for number, *facts in held)
            above = {holder for *_, holder, _ in held} - {None} - found.keys()
            marks = ",".join("?" * len(above))
            held = (
                []
                if not above
                else self._query(
                    "SELECT number, kind, start, end, level, parent, cells FROM blocks"
                    f" WHERE doc = (SELECT doc FROM passages WHERE row = ?) AND number IN ({marks})",
                    row,
                    *above,
                )
            )
        places = {number: place for place, number in enumerate(sorted(found))}
        return tuple(
            _block(kind, start, end, level, None if holder is None else places[holder], cells)
            for kind, start, end, level, holder, cells in map(found.__getitem__, places)
        )

    def find(self, keys: Sequence[bytes]) -> dict[bytes, int]:
        """A row with that key, for each of the keys that there is one for."""
        found: dict[bytes, int] = {}
        for at in range(0, len(keys), 500):
            part = keys[at : at + 500]
            marks = ",".join("?" * len(part))
            found.update(
                (bytes(key), row)
                for key, row in self._query(
                    f"SELECT key, min(row) FROM passages WHERE key IN ({marks}) GROUP BY key", *part
                )
            )
        return found


class _Blocks(Sequence[Block]):
    """The blocks of a document, each made of its row when it is asked for: a price list has thousands, and a quote is of a few."""

    def __init__(self, rows: Sequence[tuple[Any, ...]]):
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Block: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Block]: ...
    def __getitem__(self, at: int | slice) -> Block | Sequence[Block]:
        if isinstance(at, slice):
            return _Blocks(self._rows[at])
        return _block(*self._rows[at])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


def _block(
    kind: BlockKind, start: int, end: int, level: int, parent: int | None, cells: str | None
) -> Block:
    """A block of its row, in which the cells are JSON."""
    spans = None if cells is None else tuple((a, b) for a, b in json.loads(cells))
    return Block(kind, start, end, level, parent, spans)


def _connect(path: Path) -> sqlite3.Connection:
    uri = path.resolve().as_uri() + "?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    connection.execute("PRAGMA mmap_size = 268435456")
    return connection
