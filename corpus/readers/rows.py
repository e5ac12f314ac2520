"""CSV and JSON lines, a record a row → :class:`~corpus.readers.draft.Draft`."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from corpus.document import UnreadableDocumentError
from corpus.readers.draft import LINE, Draft, Part, clean, decode, flat, one_line

MAX_FIELD_CHARS: Final = 131_072
"""Longest cell of a csv file, code points; the csv module's own default limit."""


_NUMBER = re.compile(r"[-+]?[\d.,]+ ?%?")


def read_csv(data: bytes) -> Draft:
    """A line "name: value; name: value." for each row; the delimiter is found out."""
    import csv

    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    hint = re.match(r"sep=(.)\n", text)  # Excel's way to name the delimiter.
    if hint is not None:
        text = text[hint.end() :]
    delimiter = hint[1] if hint is not None and hint[1] not in '"\n ' else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = _checked_rows(reader)
    header: list[str] = []
    for row in rows:
        if any(row):
            header = row
            break
    blocks: list[Part] = []
    names = [] if all(_NUMBER.fullmatch(cell) or not cell for cell in header) else header
    body: Iterable[list[str]] = rows if names else _chain(header, rows)
    for row in body:
        pairs = []
        for i, value in enumerate(row):
            name = names[i] if i < len(names) else ""
            if value:
                pairs.append(f"{name}: {value}" if name else value)
        if pairs:
            line = "; ".join(pairs)
            end = "" if line.endswith((".", "!", "?", "…")) else "."
            blocks.append(Part(line + end, glue=LINE))
    if not blocks:
        blocks.append(Part("; ".join(cell for cell in header if cell)))
    return Draft(blocks)


def _chain(first: list[str], rest: Iterable[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rest


def _checked_rows(reader: Any) -> Iterator[list[str]]:
    """The rows with each cell on one line; a csv error names the line."""
    import csv

    while True:
        begun = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise UnreadableDocumentError(_bad_row(begun, one_line(error))) from error
        if row is None:
            return
        longest = max(map(len, row), default=0)
        if longest > MAX_FIELD_CHARS:
            raise UnreadableDocumentError(_bad_row(begun, f"a field has {longest:,} characters"))
        yield [flat(clean(cell)) for cell in row]


def _bad_row(line: int, found: str) -> str:
    return (
        f"the row that begins on line {line} cannot be read: {found}; the limit is "
        f'{MAX_FIELD_CHARS:,} characters in a field; look for a quotation mark (") that is never '
        "closed"
    )


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the same number of columns."""
    import csv

    head = text[:65_536]
    if len(head) < len(text) and "\n" in head:
        head = head[: head.rindex("\n")]
    best = (0.0, 0, ",")
    for delimiter in (",", ";", "\t", "|"):
        widths = Counter[int]()
        try:
            for row, _ in zip(
                csv.reader(io.StringIO(head, newline=""), delimiter=delimiter),
                range(50),
                strict=False,
            ):
                if row:
                    widths[len(row)] += 1
        except csv.Error:
            continue
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        if width > 1:
            best = max(best, (count / widths.total(), width, delimiter))
    # Commas in prose do not make columns.
    return best[2] if best[0] >= 0.5 else "\x1f"


_TITLE_FIELDS: Final = ("title", "heading", "título", "titulo")
_TEXT_FIELDS: Final = ("text", "content", "contents", "body", "texto", "contenido", "cuerpo")


def read_jsonl(data: bytes) -> Draft:
    """A heading and the text of each record, or a line of its fields."""
    import json

    # The heading of the first record is not the title of the file.
    draft = Draft(heading_is_title=False)
    for number, line in enumerate(decode(data).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UnreadableDocumentError(
                f"line {number} is not valid JSON ({one_line(error)}); expected one object per "
                'line, such as {"title": "…", "text": "…"}'
            ) from error
        if not isinstance(record, dict):
            kind = "null" if record is None else type(record).__name__
            raise UnreadableDocumentError(
                f"line {number} holds a JSON {kind}; expected one object per line, such as "
                '{"title": "…", "text": "…"}'
            )
        fields = {str(key): _scalar(value) for key, value in record.items()}
        lowered = {key.lower().strip(): value for key, value in fields.items()}
        title = next((lowered[name] for name in _TITLE_FIELDS if lowered.get(name)), "")
        if title:
            draft.parts.append(Part(title, level=1 if len(title) <= 300 else 0))
        texts = [lowered[name] for name in _TEXT_FIELDS if lowered.get(name)]
        if texts:
            draft.parts += [Part(text) for text in texts]
            continue
        pairs = [
            f"{flat(key)}: {flat(value)}"
            for key, value in fields.items()
            if value and not (title and key.lower().strip() in _TITLE_FIELDS)
        ]
        if pairs:
            line = "; ".join(pairs)
            draft.parts.append(Part(line if line.endswith((".", "!", "?", "…")) else line + "."))
    return draft


def _scalar(value: object) -> str:
    """A JSON value as words; "" for null and for what is nested."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return ", ".join(filter(None, (_scalar(v) for v in value if not isinstance(v, list))))
    return ""
