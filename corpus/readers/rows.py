"""CSV, JSON and JSON lines, a record a row → :class:`~corpus.readers.draft.Draft`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final, Self

from corpus.document import LeftOut, UnreadableDocumentError
from corpus.readers.draft import (
    LINE,
    PARAGRAPH,
    Draft,
    Part,
    Parts,
    clean,
    decode,
    flat,
    in_cell,
    one_line,
)
from corpus.readers.tables import (
    empty_below_groups,
    goes_in_group,
    is_headed_twice,
    joined_names,
    looks_headed,
    names_go_on,
)
from corpus.records import is_date, is_name

MAX_FIELD_CHARS: Final = 131_072
"""Longest cell of a csv file, code points; the csv module's own default limit."""


_NUMBER = re.compile(r"[-+]?[\d.,]+ ?%?")
# An e-mail address or a telephone number is of a record; no column is named so.
_CONTACT = re.compile(r"\S@\S|\+?\d(?:[ .-]?\d){8,}\Z")


def read_csv(data: bytes) -> Draft:
    """A line "name: value; name: value." for each row; the delimiter is found out.

    The header is the first row that is as wide as the body; what stands above it, and rows of one cell, are paragraphs.
    """
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    hint = re.match(r"sep=(.)\n", text)  # Excel's way to name the delimiter.
    if hint is not None:
        text = text[hint.end() :]
    if _ESCAPED_QUOTE.search(text):
        text = _ESCAPED.sub(lambda m: '""' if m[1] == '"' else m[1], text)
    swapped = _quotes_with_apostrophes(text)
    text = text.translate(_SWAPPED) if swapped else text
    delimiter = hint[1] if hint is not None and hint[1] not in '"\n ' else _delimiter(text)
    rows = _checked_rows(_records(text, delimiter))
    if swapped:
        rows = ([cell.translate(_SWAPPED) for cell in row] for row in rows)
    head = list(islice(rows, _MAX_ROWS_ABOVE))
    rows = chain(head, rows)
    several = len(text) <= _MAX_TABLES_CHARS and _EMPTY_ROW.search(text) is not None
    tables = list(regions(list(rows))) if several else []
    if len(tables) > 1:
        return Draft(Parts(part for table in tables for part in _parts_of_several(table)))
    rows = iter(tables[0]) if tables else rows
    if _are_pairs(head):
        return Draft(Parts(map(_said_above, filter(any, rows))))
    return Draft(sheet_parts(rows))


def _parts_of_several(rows: list[list[str]]) -> Parts:
    """A table that stands with others in a file, or names with their values."""
    lines = [trimmed(row) for row in rows]
    below = lines[len(lines[0]) == 1 :]
    if max(map(len, lines)) < 3 and not looks_headed(below):
        return Parts(map(_said_above, rows))
    return sheet_parts(iter(rows))


# Files with several tables are made by people; of a larger one the rows are not all held
_MAX_TABLES_CHARS: Final = 2_000_000
_EMPTY_ROW = re.compile(r"\n[;,\t|]*\n(?=.)")
# A quotation mark within a cell that a backslash and not another one stands before: no cell ends there
_ESCAPED_QUOTE = re.compile(r'(?:^|[,;\t|])"(?:[^"\\\n]|\\[^"])*\\"(?![,;\t|\n"]|\Z)', re.MULTILINE)
_ESCAPED = re.compile(r'\\(["\\])')
_SWAPPED: Final = str.maketrans({"'": '"', '"': "'"})
_QUOTED_BESIDE = re.compile(r"'[,;\t|]")
_QUOTED_LINES_READ: Final = 20


def _quotes_with_apostrophes(text: str) -> bool:
    """Whether cells stand between apostrophes: most of the first lines begin and end with one, and have one beside each delimiter."""
    lines = [
        line.strip() for line in islice(filter(str.strip, text.split("\n")), _QUOTED_LINES_READ)
    ]
    quoted = [
        line for line in lines if _QUOTED_BESIDE.search(line) and line[0] == "'" and '"' not in line
    ]
    return bool(lines) and 4 * len(quoted) >= 3 * len(lines)


def regions(rows: Sequence[list[str]]) -> Iterator[list[list[str]]]:
    """The tables that stand one below the other in a sheet with an empty row between, each with the title above its header."""
    region: list[list[str]] = []
    gap = False
    for n, row in enumerate(rows):
        if not any(row):
            gap = True
            continue
        if gap and region and _begins_table(rows[n : n + _ROWS_COMPARED], region):
            yield region
            region = []
        gap = False
        region.append(row)
    if region:
        yield region


def _begins_table(rows: Sequence[Sequence[str]], before: Sequence[Sequence[str]]) -> bool:
    """Whether another table begins: with its header, or with a title over one, whose names are of figures or others in number than the
    cells of the table before. A title over rows of the same table is of a part of that, and its header is said again."""
    lines = [trimmed(row) for row in rows]
    if len(lines[0]) > 1 and any(trimmed(row) == lines[0] for row in before[:_MAX_ROWS_ABOVE]):
        return False
    end = next((n for n, line in enumerate(lines) if not line), len(lines))
    if looks_headed(lines[:2]) or _are_names_below(lines[:end], before):
        return True
    names, below = trimmed(lines[1] if end > 2 else ()), lines[2:end]
    if len(lines[0]) != 1 or not looks_headed([names, *below]):
        return False
    figures = any(
        not _DIGIT.search(name) and all(_DIGIT.match("".join(line[n : n + 1])) for line in below)
        for n, name in enumerate(names)
    )
    return figures or len(names) != max(len(trimmed(row)) for row in before)


_LEAST_NAMES: Final = 2


def _are_names_below(lines: Sequence[Sequence[str]], before: Sequence[Sequence[str]]) -> bool:
    """Whether rows below a table whose rows have all more cells are names with their values: "Total" and "300", "Phone" and "600 100"."""
    if len(lines) < _LEAST_NAMES or any(len(line) != 2 or not all(line) for line in lines):
        return False
    names = [line[0] for line in lines]
    wide = [n for n in (sum(map(bool, row)) for row in before) if n > 1]
    named = all(is_name(name) for name in names) and len(set(names)) == len(names)
    return named and len(wide) > 1 and min(wide) > 2


def trimmed(row: Sequence[str]) -> Sequence[str]:
    """A row without the empty cells at its ends."""
    filled = [n for n, cell in enumerate(row) if cell]
    return row[filled[0] : filled[-1] + 1] if filled else []


def sheet_parts(rows: Iterator[list[str]]) -> Parts:
    """A line "name: value; name: value." for each row below the header; what stands above it, and rows of one cell, are paragraphs."""
    above, header, body = _headed(rows)
    if above and (grouped := _grouped(above[-1], header)):
        above, header = above[:-1], grouped
    parts = Parts(_said_above(row) for row in above)
    first = True
    for row, is_title in _without_names_again(_with_groups(body, header), header):
        if is_title:
            parts.append(Part(" ".join(filter(None, row))))
            first = True
            continue
        cells = [
            (header[i] if i < len(header) else "", value) for i, value in enumerate(row) if value
        ]
        if not cells:
            continue
        if len(cells) == 1 and len(header) > 2 and row[0]:
            parts.append(Part(row[0]))  # a note below the table, or a heading inside it
            first = True
            continue
        line = "; ".join(f"{name}: {value}" if name else value for name, value in cells)
        end = "" if _STOPPED.search(line) else "."
        parts.append(
            Part(
                line + end,
                glue=PARAGRAPH if first else LINE,
                kind="row",
                cells=tuple(value for _, value in cells),
            )
        )
        first = False
    if all(part.kind != "row" for part in parts) and any(header):
        parts.append(Part("; ".join(filter(None, header))))
    return parts


# A stop would be a part of an address: https://club.example/join
_STOPPED = re.compile(r"[.!?…:][\"'»”’)]*\Z|(?:://|www\.)\S+\Z")


def _said_above(row: Sequence[str]) -> Part:
    """A row above the header: a name with its value, or a line."""
    filled = [cell for cell in row if cell]
    if len(filled) == 2 and not _AMOUNT.search(filled[0]):
        name, value = filled[0].rstrip(": "), filled[1]
        # Side by side in the first columns, or over any of them with a sum
        if _AMOUNT.search(value) or (list(row[:2]) == filled and is_name(name)):
            return Part(f"{name}: {value}", kind="label", cells=(name, value))
    return Part(" ".join(filled))


_AMOUNT = re.compile(r"\d[.,]\d|\d ?[%€$]|[€$] ?\d")


def _without_names_again(
    rows: Iterable[list[str]], header: Sequence[str]
) -> Iterator[tuple[list[str], bool]]:
    """The rows below the header, each with whether it is a title over more of them: where the names of the columns stand again they are
    not said again, and a row of few cells right above them is that title."""
    names = [cell for cell in header if cell]
    before: list[str] | None = None
    for row in rows:
        again = len(names) > 1 and [cell for cell in row if cell] == names
        if before is not None:
            yield before, again and 2 * sum(map(bool, before)) < len(names)
        before = None if again else row
    if before is not None:
        yield before, False


_ROWS_OF_GROUPS: Final = 200


def _with_groups(rows: Iterable[list[str]], header: Sequence[str]) -> Iterator[list[str]]:
    """The rows, with the name of a group in each of its rows where it stands in the first alone."""
    rows = iter(rows)
    head = list(islice(rows, _ROWS_OF_GROUPS))
    told = [row for row in head if any(row) and row != header]
    if not empty_below_groups(header, told):
        yield from chain(head, rows)
        return
    group = ""
    for row in chain(head, rows):
        group = "".join(row[:1]) or group
        yield [group, *row[1:]] if goes_in_group(header, row) else row


# The header is looked for among so many rows: titles, dates and notes above it are fewer.
_MAX_ROWS_ABOVE: Final = 20


def _headed(
    rows: Iterator[list[str]],
) -> tuple[list[list[str]], list[str], Iterable[list[str]]]:
    """The rows above the header, the names of the columns ([] when there are none), the rows below."""
    head = [row for row in islice(rows, _MAX_ROWS_ABOVE) if any(row)]
    widths = [sum(map(bool, row)) for row in head]
    widest = max(widths, default=0)
    # In a header hardly a name is missing; a title, a date or a unit above it fills a cell or two
    at = next((n for n, width in enumerate(widths) if 3 * width >= 2 * widest), 0)
    if widest < 3:
        at = widths.index(widest) if _is_titled(head, widths) else 0
    elif widths[at] < widest:
        at = _below_names_with_values(head, widths, at)
    elif _is_ragged(head, widths, at):
        at = 0
    above, below = head[:at], chain(head[at:], rows)
    header = head[at] if head else []
    if (
        all(_NUMBER.fullmatch(cell) or not cell for cell in header)
        or any(map(_CONTACT.search, header))
        or _is_like_the_rest(head[at : at + 3])
        or _has_a_value(head[at : at + _ROWS_COMPARED])
        or _comes_again(head[at:])
    ):
        return above, [], below
    if names_go_on(head[at:]) or is_headed_twice(head[at:]):
        return above, joined_names(head[at : at + 2]), islice(below, 2, None)
    return above, header, islice(below, 1, None)


def _is_ragged(head: Sequence[Sequence[str]], widths: Sequence[int], at: int) -> bool:
    """Whether the row at that place, the only one of its width, is one of a table with a header above it, and has cells too many."""
    alone = widths.count(widths[at]) == 1
    return (
        alone
        and at > 1
        and _LEAST_COLUMNS <= widths[0] == max(widths[:at])
        and looks_headed([trimmed(row) for row in head[:at]])
    )


def _is_titled(head: Sequence[Sequence[str]], widths: Sequence[int]) -> bool:
    """Whether lines of one cell stand above a table of two columns that names them."""
    at = next((n for n, width in enumerate(widths) if width == 2), 0)
    last = max((n for n, width in enumerate(widths) if width == 2), default=0)
    return 0 < at < last and set(widths[at:last]) == {2} and looks_headed(head[at : last + 1])


def _below_names_with_values(head: Sequence[Sequence[str]], widths: Sequence[int], at: int) -> int:
    """Where the header stands, if what seems to be it is a name with its value, of which a sheet has several in its first columns above
    the table: "Shop;14 New Street;". It is the first row of all columns, over a column of figures that it has none in."""
    whole = next(n for n, width in enumerate(widths) if width == max(widths))
    below = head[whole + 1 : whole + 1 + _ROWS_COMPARED]
    pairs = whole - at > 1 and all(not any(row[2:]) and all(row[:2]) for row in head[at:whole])
    figures = any(
        not _DIGIT.search(name)
        and len(cells := [row[n] for row in below if n < len(row) and row[n]]) > 1
        and all(map(_DIGIT.match, cells))
        for n, name in enumerate(head[whole])
    )
    return whole if pairs and figures and looks_headed(head[whole:]) else at


# So many rows tell what the columns hold.
_ROWS_COMPARED: Final = 8
# A number with marks of decimals or thousands, a date, a time of day
_VALUES: Final = (
    re.compile(r"[-+]?[$€£]? ?\d+[.,][\d.,]*\d(?: ?[%$€£])?"),
    re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?:[T ].*)?"),
    re.compile(r"\d{1,2}:\d{2}(?::\d{2})?"),
)

# A number of several figures that is no year
_COUNT = re.compile(r"(?!(?:19|20)\d\d\Z)\d{2,}")
_SUM = re.compile(
    r"[-+]?(?:[$€£] ?\d[\d.,]*|\d[\d.,]* ?(?:[$€£]|eur|euros|usd|gbp))", re.IGNORECASE
)


def _has_a_value(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a first row has a number, a date or a time where all the rows below it have one as well: it is a record, and names nothing.
    Years, days and codes may be names of columns of numbers."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    if _are_named_numbers(rows):
        return True
    one_number = sum(map(str.isdigit, rows[0])) == 1
    one_sum = sum(_SUM.fullmatch(cell) is not None for cell in rows[0]) == 1
    for n, cell in enumerate(rows[0]):
        below = [row[n] for row in rows[1:] if n < len(row) and row[n]]
        if not below or not cell:
            continue
        # One row below tells enough of what hardly names a column; sums may, one beside the other: "up to", "50 €", "100 €"
        if is_date(cell) and all(map(is_date, below)):
            return True
        if one_sum and all(map(_SUM.fullmatch, (cell, *below))):
            return True
        if len(below) < 2:
            continue
        if any(form.fullmatch(cell) and all(map(form.fullmatch, below)) for form in _VALUES[1:]):
            return True
        form = _COUNT if one_number and len(rows[0]) > 2 and cell.isdigit() else _VALUES[0]
        if form.fullmatch(cell) and all(
            _NUMBER.fullmatch(one) or _VALUES[0].fullmatch(one) for one in below
        ):
            return True
    return False


def _are_named_numbers(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first rows are names with their numbers, two or more side by side: "Lugo | 10000 | Soria | 15000"."""
    told = [row for row in rows if sum(map(bool, row)) > 3]
    return (
        len(told) > 1
        and told[0] == list(rows[0])
        and all(
            all(_COUNT.fullmatch(cell) is not None for cell in row[1::2] if cell)
            and not any(map(_DIGIT.match, filter(None, row[::2])))
            for row in told
        )
    )


_WORD = re.compile(r"[^\W\d_]{3,}")


def _comes_again(rows: Sequence[Sequence[str]]) -> bool:
    """Whether words of a first row come again in their column below it, as those of a record do and names of columns do not. A row with half
    of its cells in common or more is of names again, over another table."""
    first, *below = rows or [[]]
    filled = [n for n, cell in enumerate(first) if cell]
    if len(filled) < 3:
        return False
    for row in below:
        same = [n for n in filled if n < len(row) and row[n] == first[n]]
        if 2 * len(same) < len(filled) and any(_WORD.search(first[n]) for n in same):
            return True
    return False


_VALUE_BEGINS = re.compile(r"[+-]?[$€£]?\d(?!\d{3}\Z)|\S+@\S")


def _are_pairs(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows are names with their values, of different kinds: "Opening hours;9:00-14:00" over "Address;14 New Street"."""
    said = [row for row in rows if any(row)]
    if len(said) < 2 or any(len(row) != 2 or not all(row) for row in said):
        return False
    names, values = zip(*said, strict=True)
    if not all(map(is_name, names)) or len(set(names)) < len(names):
        return False
    begin = [_VALUE_BEGINS.match(value) is not None for value in values]
    return all(name.endswith(":") for name in names) or (begin[0] and not all(begin))


_DIGIT = re.compile(r"\d")


def _is_like_the_rest(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a first row begins with a time, a date or a number of the form that the rows below it begin with: it names nothing."""
    forms = {_DIGIT.sub("9", row[0]) for row in rows}
    return len(rows) > 2 and len(forms) == 1 and "9" in forms.pop()


def _grouped(groups: Sequence[str], names: Sequence[str]) -> list[str]:
    """Names of columns with those of their groups, which stand over the first column of each; [] where no name is repeated, or
    the groups do not tell them apart: "Adults", "", "Children", "" over "Day", "Month", "Day", "Month"."""
    said = [name for name in names if name]
    if len(set(said)) == len(said) or sum(map(bool, groups)) < 2:
        return []
    whole: list[str] = []
    group = ""
    for n, name in enumerate(names):
        group = (groups[n] if n < len(groups) else "") or group
        repeated = said.count(name) > 1
        whole.append(f"{group} {name}".strip() if repeated else name or group)
    return whole if len(set(whole)) == len(whole) else []


class _Lines:
    """The lines of a text with their ends, one after the other; ``at``: the number of the next, from 0."""

    def __init__(self, text: str):
        self.lines: list[str] = _LINE.findall(text)
        self.at = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        if self.at == len(self.lines):
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]


_LINE = re.compile(r"[^\n]*\n|[^\n]+")
# Fewer columns stand in a line of text by chance.
_LEAST_COLUMNS: Final = 3


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The number of the line, from 1, at which each row begins, and its cells.

    A quotation mark that is never closed, or only by one of another row, is a sign like others: its row ends with its line.
    """
    import csv

    source = _Lines(text)
    rows = csv.reader(source, delimiter=delimiter, strict=True)
    widths: set[int] = set()
    while True:
        begun = source.at
        try:
            row = next(rows, None)
        except csv.Error:
            row = []
            torn = True
        else:
            if row is None:
                return
            # What reads to the width of the other rows is whole, unless its lines do as well
            lines, after = source.lines[begun : source.at], source.lines[source.at : source.at + 1]
            usual = widths or {_n_columns(line, delimiter) for line in after}
            torn = _are_rows(lines, delimiter) and (
                len(row) not in usual or _n_columns(lines[0], delimiter) in usual
            )
        if torn:
            source.at = begun + 1
            rows = csv.reader(source, delimiter=delimiter, strict=True)
            try:
                row = _row_of(source.lines[begun], delimiter)
            except csv.Error as error:
                raise UnreadableDocumentError(_bad_row(begun + 1, one_line(error))) from error
        else:
            widths.add(len(row))
        yield begun + 1, row


def _are_rows(lines: Sequence[str], delimiter: str) -> bool:
    """Whether the lines of a cell are rows by themselves: each has as many columns as the first."""
    if len(lines) < 2:
        return False
    widths = {_n_columns(line, delimiter) for line in lines}
    return len(widths) == 1 and widths.pop() >= _LEAST_COLUMNS


def _n_columns(line: str, delimiter: str) -> int:
    """The columns of a line whose quotation marks are signs like others."""
    return line.count(delimiter) + 1


def _row_of(line: str, delimiter: str) -> list[str]:
    """The cells of a line whose quotation marks do not pair as they should."""
    import csv

    alone = csv.reader([line, ""], delimiter=delimiter)
    row = next(alone)
    if alone.line_num == 1:
        return row
    mark = re.escape(delimiter)
    cells = re.findall(rf'(?:\A|{mark})("(?:[^"]|"")*"(?={mark}|$)|[^{mark}]*)', line.rstrip("\n"))
    return [cell[1:-1].replace('""', '"') if re.fullmatch('".+"', cell) else cell for cell in cells]


def _checked_rows(records: Iterable[tuple[int, list[str]]]) -> Iterator[list[str]]:
    """The rows with each cell on one line.

    :raises UnreadableDocumentError: when a cell is longer than ``MAX_FIELD_CHARS``.
    """
    for line, row in records:
        longest = max(map(len, row), default=0)
        if longest > MAX_FIELD_CHARS:
            raise UnreadableDocumentError(_bad_row(line, f"a field has {longest:,} characters"))
        yield [_cell(cell) for cell in row]


# A slip of the hand, and no value: ","
_SLIP = re.compile(r"[,.;:'\"`]+")


def _cell(written: str) -> str:
    """What a cell says, its lines apart where each says something of its own."""
    cell = clean(_without_tags(written))
    said = in_cell([(cell, False)]) if "\n" in cell else flat(cell)
    return "" if _SLIP.fullmatch(said) else said


def _bad_row(line: int, found: str) -> str:
    return (
        f"the row that begins on line {line} cannot be read: {found}; the limit is "
        f'{MAX_FIELD_CHARS:,} characters in a field; look for a quotation mark (") that is never '
        "closed"
    )


# Signs that part columns in the second place, since they also stand in times, addresses and formulas.
_SELDOM: Final = ("^", ":")
_SURE: Final = 0.75


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the same number of columns."""
    head = text[:65_536]
    if len(head) < len(text) and "\n" in head:
        head = head[: head.rindex("\n")]
    best = max((_columns(head, delimiter), delimiter) for delimiter in (",", ";", "\t", "|"))
    # Commas in prose do not make columns.
    if best[0][0] >= 0.5:
        return best[1]
    by_table = max((_columns_of_tables(head, sign), sign) for sign in (",", ";", "\t", "|"))
    if by_table[0] >= _SURE:
        return by_table[1]
    first = head.partition("\n")[0]
    for delimiter in _SELDOM:
        share, width = _columns(head, delimiter)
        named = first.count(delimiter) == width - 1 and any(map(str.isalpha, first))
        if share >= _SURE and width >= _LEAST_COLUMNS and named and f"{delimiter} " not in head:
            return delimiter
    return "\x1f"


def _columns(head: str, delimiter: str) -> tuple[float, int]:
    """The share of the first rows that have the most common number of columns, and that number; (0, 0) for one column."""
    try:
        rows = [row for _, row in islice(_records(head, delimiter), 50) if row]
    except UnreadableDocumentError:
        return 0.0, 0
    widths = Counter(map(len, rows))
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return (count / len(rows), width) if width > 1 else (0.0, 0)


def _columns_of_tables(head: str, delimiter: str) -> float:
    """The share of the first rows that stand in several tables with empty rows between, each with a number of columns of its own."""
    tables: list[list[int]] = [[]]
    try:
        for _, row in islice(_records(head, delimiter), 50):
            if any(row):
                tables[-1].append(len(row))
            else:
                tables.append([])
    except UnreadableDocumentError:
        return 0.0
    modes = [Counter(widths).most_common(1)[0] for widths in tables if len(widths) > 2]
    n_rows = sum(map(len, tables))
    if len(modes) < 2 or min(width for width, _ in modes) < 2:
        return 0.0
    return sum(count for _, count in modes) / n_rows


_FIELD_KINDS: Final = {
    **dict.fromkeys(("title", "heading", "título", "titulo"), "title"),
    **dict.fromkeys(
        ("text", "content", "contents", "body", "texto", "contenido", "cuerpo"), "text"
    ),
    **dict.fromkeys(("question", "pregunta"), "question"),
    **dict.fromkeys(("answer", "respuesta"), "answer"),
}
"""What the fields of a record are by their names."""
_SHORT_PAIRS: Final = ({"q": "question", "a": "answer"}, {"p": "question", "r": "answer"})
"""A question and its answer by their letters, where a record has both."""
_SPEAKERS: Final = frozenset({"role", "from", "speaker", "hablante", "rol"})
"""Who says the words of a record of a conversation …"""
_SPOKEN: Final = frozenset({"value", "message", "mensaje", "utterance"})
"""… which are its text then, and in another record a fact."""
_NOTED: Final = frozenset(
    """id uuid url uri link enlace lang language idioma lengua type tipo kind source fuente origen split format formato
    license licencia""".split()
)
"""What programs note of a record, and does not tell whose words its text are."""
_MAX_ROW_TEXT_CHARS: Final = 600
"""A longer text is quoted by its sentences."""


def read_jsonl(data: bytes) -> Draft:
    """A heading and the texts of each record, at any depth, and a line of its other fields. Single lines that are no record are left
    out: an export that was cut short ends in one. Records over several lines, or in one list, are read as well.

    :raises UnreadableDocumentError: when as many lines are no records as are.
    """
    # The heading of the first record is not the title of the file.
    draft = Draft(heading_is_title=False)
    text = decode(data)
    wrong: list[tuple[str, UnreadableDocumentError]] = []
    n_records = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = _record_in(line, number)
        except UnreadableDocumentError as error:
            wrong.append((line.strip(), error))
            continue
        n_records += 1
        _add_record(draft, record)
    if len(wrong) >= max(1, n_records):
        values = _values(text)
        if len(values) == 1 and isinstance(values[0], list):
            values = values[0]
        if not values or not all(isinstance(value, dict) for value in values):
            raise wrong[0][1]
        return _draft_of(values)
    draft.left_out = tuple(LeftOut(line, 0, "not a record") for line, _ in wrong)
    return draft


def _record_in(line: str, number: int) -> dict[Any, Any]:
    import json

    try:
        record = json.loads(line, parse_float=str)  # 12.50 stays as it is written
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
    return record


def read_json(data: bytes) -> Draft:
    """A record for each object of a list, of a list in an object, and for what else the object says; a row for each list of values."""
    import json

    text = decode(data)
    try:
        value = json.loads(text, parse_float=str)  # 12.50 stays as it is written
    except (ValueError, RecursionError) as error:
        # What databases export under this suffix is often an object a line
        value = _values(text)
        if not value:
            raise UnreadableDocumentError(
                f"this is not valid JSON ({one_line(error)}); expected an object or a list of them, such as "
                '[{"title": "…", "text": "…"}]'
            ) from error
    return _draft_of(value)


def _values(text: str) -> list[Any]:
    """The JSON values that stand one after the other in a text; [] where anything else does."""
    import json

    decoder = json.JSONDecoder(parse_float=str)
    values: list[Any] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        try:
            value, at = decoder.raw_decode(text, _BLANK.match(text, at).end())  # type: ignore[union-attr]
        except (ValueError, RecursionError):
            return []
        values.append(value)
    return values


_BLANK = re.compile(r"\s*")


def _draft_of(value: Any) -> Draft:
    draft = Draft(heading_is_title=False)
    lists: dict[str, list[Any]] = {}
    if isinstance(value, dict):
        lists = {str(key): one for key, one in value.items() if _is_of_records(one)}
        value = [{key: one for key, one in value.items() if str(key) not in lists}]
    elif not isinstance(value, list):
        value = [value]
    _add_records(draft, value)
    for name, records in lists.items():
        if len(lists) > 1:
            draft.parts.append(Part(flat(name), level=1))
        _add_records(draft, records)
    return draft


def _is_of_records(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _add_records(draft: Draft, records: Sequence[object]) -> None:
    """Objects as records, lists as rows of a table, single values as paragraphs."""
    rows: list[list[str]] = []
    for record in records:
        if isinstance(record, list):
            rows.append([flat(_scalar(one)) for one in record])
        elif isinstance(record, dict):
            _add_record(draft, record)
        elif said := _scalar(record):
            draft.parts.append(Part(said))
    draft.parts += sheet_parts(iter(rows))


def _add_record(draft: Draft, record: dict[Any, Any]) -> None:
    parts: list[Part] = []
    facts: list[tuple[str, str]] = []
    _read_record(record, parts, facts)
    # Beside sections and records in it the facts stand first: they are of the whole record, not of the last of those
    at = next(
        (n for n, part in enumerate(parts) if part.level == 2 or part.kind == "row"), len(parts)
    )
    draft.parts += parts[:at]
    if facts:
        glue = LINE if any(part.kind != "heading" for part in parts[:at]) else PARAGRAPH
        draft.parts.append(_fact_row(facts, glue))
    draft.parts += parts[at:]


def _read_record(
    record: dict[Any, Any], parts: list[Part], facts: list[tuple[str, str]], within: str = ""
) -> None:
    """Adds what a record says: its title, questions and texts, at any depth, to ``parts``, all else to ``facts``; one with a text of a
    few lines and who said it or when, and no title, as a row. Records in it that only state facts are rows that say whose they are."""
    own: list[Part] = []
    said_of_it: list[tuple[str, str]] = []
    tables: list[list[list[tuple[str, str]]]] = []
    known: list[tuple[str, str]] = []
    names = {flat(str(key)).lower() for key in record}
    spoken = not _SPEAKERS.isdisjoint(names)
    pair: dict[str, str] = next((pair for pair in _SHORT_PAIRS if pair.keys() <= names), {})
    says = any(_FIELD_KINDS.get(name) in ("text", "answer") for name in names)
    texts: list[tuple[str, Part]] = []
    if _is_of_alike(record):
        tables.append(_read_alike(list(record.items()), own, said_of_it))
        record = {}
    for key, value in record.items():
        name = flat(str(key))
        # "respuesta.fuente" says more than "fuente", and who spoke is told by what was said
        whole = f"{within} {name}".strip()
        kind = _FIELD_KINDS.get(name.lower()) or pair.get(name.lower())
        if kind is None and spoken and name.lower() in _SPOKEN:
            kind = "text"
        said = flat(_scalar(value))
        if said and not isinstance(value, list | bool) and kind in (None, "title"):
            known += [(whole, said)] if name.lower() not in _NOTED else []
        if isinstance(value, dict):
            _read_record(value, own, said_of_it, name)
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            inner = [(name, one) for one in value if isinstance(one, dict)]
            tables.append(_read_alike(inner, own, said_of_it))
            said_of_it += [(name, flat(_scalar(one))) for one in value if _scalar(one)]
        elif not said:
            continue
        elif kind == "title" and (says or not within):
            level = 2 if within else 1
            own.insert(0, Part(said, level=level if len(said) <= 300 else 0))
        elif kind == "question":
            own.append(Part(said, kind="question"))
        elif kind in ("text", "answer"):
            own.append(Part(_scalar(value), kind="answer" if kind == "answer" else "paragraph"))
            texts.append((whole, own[-1]))
        else:
            said_of_it.append((whole, said))
    signed = _signature(own, said_of_it) if len(texts) == 1 and not spoken else ""
    if signed:
        name, text = texts[0]
        if len(text.text) <= _MAX_ROW_TEXT_CHARS and "\n" not in text.text:
            own[own.index(text)] = _fact_row([*said_of_it, (name, text.text)])
        else:
            # Whose words they are stands over every passage of them
            own[:0] = [Part(signed, level=2 if within else 1), _fact_row(said_of_it)]
    named = [fact for fact in (*known, *said_of_it) if is_name(fact[1])]
    of_it = known[:1] if known[:1] == named[:1] else known[:1] + named[:1]
    for rows in tables:
        own += [_fact_row([*of_it, *row], LINE if n else PARAGRAPH) for n, row in enumerate(rows)]
    parts += own
    facts += [] if signed else said_of_it


def _is_of_alike(record: dict[Any, Any]) -> bool:
    """Whether an object is nothing but records under their names: {"Lugo": {"area": 1, "mayor": "…"}, "Vigo": {"area": 2, "mayor": "…"}}."""
    kinds = [one.keys() for one in record.values() if isinstance(one, dict)]
    return 1 < len(kinds) == len(record) and all(kind == kinds[0] for kind in kinds)


def _read_alike(
    records: Sequence[tuple[str, dict[Any, Any]]], parts: list[Part], facts: list[tuple[str, str]]
) -> list[list[tuple[str, str]]]:
    """The facts of each of several records where they say nothing else and two facts at least; of others [], they are added to ``parts``
    and ``facts``."""
    read: list[tuple[list[Part], list[tuple[str, str]]]] = []
    for name, record in records:
        read.append(([], []))
        _read_record(record, *read[-1], flat(str(name)))
    if len(read) > 1 and all(not said and len(told) > 1 for said, told in read):
        return [told for _, told in read]
    for said, told in read:
        parts += said
        facts += told
    return []


def _signature(parts: Sequence[Part], facts: Sequence[tuple[str, str]]) -> str:
    """Who said the text of a record, or when, by its facts; "" where nothing tells, or a title or a question does."""
    if any(part.kind not in ("paragraph", "row") for part in parts):
        return ""
    told = [value for name, value in facts if name.lower().split()[-1] not in _NOTED]
    return next((one for one in told if is_name(one)), next(filter(is_date, told), ""))


def _fact_row(facts: Sequence[tuple[str, str]], glue: str = PARAGRAPH) -> Part:
    line = "; ".join(f"{name}: {value}" for name, value in facts)
    end = "" if line.endswith((".", "!", "?", "…")) else "."
    cells = tuple(value for _, value in facts)
    return Part(line + end, glue=glue, kind="row", cells=cells)


def _scalar(value: object) -> str:
    """A JSON value as words; "" for null and for what is nested."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _without_tags(value.strip())
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        said = filter(None, (_scalar(v) for v in value if not isinstance(v, list)))
        # Sentences need nothing between them
        return _AFTER_SENTENCE.sub(" ", ", ".join(said))
    return ""


# A page's markup in a value, as programs that make pages export it
_TAGGED = re.compile(
    r"</(?:p|div|span|strong|b|em|i|a|li|ul|ol|h[1-6]|td|tr|table)>|<br ?/?>|&(?:nbsp|[a-z]acute|ntilde);",
    re.IGNORECASE,
)


def _without_tags(value: str) -> str:
    """A value as a page shows it: without tags, its blocks on lines of their own."""
    if _TAGGED.search(value) is None:
        return value
    from corpus.readers.html import html_draft
    from corpus.readers.html.elements import NEVER_TEXT

    parts = html_draft(value, (NEVER_TEXT,), xml=False).parts
    return "".join(f"{part.glue}{part.text}" for part in parts).strip()


_AFTER_SENTENCE = re.compile(r"(?<=[.!?…]), (?=[A-ZÁÉÍÓÚÑ¿¡])")
