"""Tables of office documents, whose header row is not always marked → parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from corpus.languages.pack import fold
from corpus.readers.draft import LINE, PARAGRAPH, Part, Parts, flat, leads_on, row_part

MAX_REPEATED_CHARS: Final = 80
"""A value that stands beside several rows is read with each, where it is not prose."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_RANGE = re.compile(r"\d ?[-–:/] ?\d")
_MAX_NAME_CHARS: Final = 60
_MAX_NAME_WORDS: Final = 6
_LEAST_LINED: Final = 2
_MAX_UNIT_CHARS: Final = 24
_LEAST_COLUMNS: Final = 3
# So many rows tell what a column holds.
_ROWS_BELOW: Final = 8


def name_columns(rows: Sequence[Part]) -> None:
    """Makes headers of the first rows that look like one, and a caption of a title over them, where no row of a table is marked; and a
    header of the row below the one that is marked, where it goes on with the names."""
    if not rows or any(part.kind != "row" for part in rows[1:]):
        return
    cells = [part.cells for part in rows]
    titled = len(rows) > 2 and _is_title(cells) and _n_headers(cells[1:]) > 0
    if rows[0].kind == "header" and not titled:
        if names_go_on(cells) or is_headed_twice(cells):
            rows[1].kind = "header"
        return
    if rows[0].kind not in ("row", "header"):
        return
    n_headers = _n_headers(cells[1:] if titled else cells)
    if titled:
        rows[0].kind, rows[0].cells = "caption", ()
        rows[1].glue = PARAGRAPH
    for part in rows[titled : titled + n_headers]:
        part.kind = "header"


def rows_of_lines(cells: Sequence[str], lines: Mapping[int, Sequence[str]]) -> list[list[str]]:
    """The rows that a row stands for whose cells of several ``lines``, by their columns, have as many each: "10 h" and "12 h" beside "5 €" and
    "8 €" are two. What is no value of its own in each line, with a figure in all of some column, is no such row."""
    n_lines = {len(own) for own in lines.values()}
    if len(lines) < _LEAST_LINED or len(n_lines) != 1 or not all(map(_are_values, lines.values())):
        return [list(cells)]
    if not any(_FIGURE.search(own[0]) for own in lines.values()):
        return [list(cells)]
    return [
        [
            lines[at][n] if at in lines else cell if n == 0 or len(cell) <= _MAX_NAME_CHARS else ""
            for at, cell in enumerate(cells)
        ]
        for n in range(n_lines.pop())
    ]


def _are_values(lines: Sequence[str]) -> bool:
    """Whether each line of a cell is something of its own: short, none of them the rest of another, all with figures or all without."""
    whole = all(
        len(line) <= _MAX_NAME_CHARS and not line[0].islower() and not leads_on(line)
        for line in lines
    )
    return whole and len({_FIGURE.search(line) is None for line in lines}) == 1


def with_one_name(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """The rows of a form, one for each name with a colon and its value, where some have several: "Name: | Ana | Age: | 7"; of any other table
    its own."""
    said = [[cell for cell in row if cell] for row in rows]
    for cells in said:
        names, values = cells[::2], cells[1::2]
        named = all(name.rstrip().endswith(":") and len(name) <= _MAX_NAME_CHARS for name in names)
        if not named or len(names) != len(values) or any(one.endswith(":") for one in values):
            return rows
    if all(len(cells) < 2 * _LEAST_LINED for cells in said):
        return rows
    return [cells[n : n + 2] for cells in said for n in range(0, len(cells), 2)]


def table_parts(
    rows: Sequence[Sequence[str]], n_headers: int = 0, over: Collection[int] = ()
) -> list[Part]:
    """A part for each row that says something; without marked headers the first row is one if it looks so. ``over``: the numbers of the
    rows that are one cell over all columns, each of which names those below it where there are several."""
    rows = rows if over or n_headers else with_one_name(rows)
    told = [(n in over, [flat(cell) for cell in row]) for n, row in enumerate(rows)]
    told = [(is_over, row) for is_over, row in told if any(row)]
    said = [row for _, row in told]
    title: list[Part] = []
    if len(said) > 2 and _is_title(said) and (n_headers > 1 or _n_headers(said[1:])):
        title = [Part(said.pop(0)[0], kind="caption")]
        n_headers = max(1, n_headers - 1)
    if not n_headers:
        n_headers = _n_headers(said)
    elif n_headers == 1 and (names_go_on(said) or is_headed_twice(said)):
        n_headers = 2
    if n_headers >= len(said):
        n_headers = 0
    names, below = said[:n_headers], told[len(title) + n_headers :]
    below = [(is_over, row) for is_over, row in below if not (names and row == names[-1])]
    return title + [
        row_part(row, header=n < n_headers, glue=LINE if n else PARAGRAPH)
        for n, row in enumerate([*names, *_with_groups(below, named=bool(names))])
    ]


_LEAST_GROUPS: Final = 2


def _with_groups(rows: Sequence[tuple[bool, list[str]]], *, named: bool) -> Iterator[list[str]]:
    """The rows, each called by the name of its group as well, where that stands over all columns, which are ``named``, above the first of
    each of several groups: "Adults: Season | £55". A sentence is a note, and so is what stands over no rows."""
    groups = {
        n
        for n, ((is_over, row), (goes_over, _)) in enumerate(pairwise(rows))
        if is_over and not goes_over and _is_group(row[0])
    }
    group = ""
    for n, (is_over, row) in enumerate(rows):
        if not named or len(groups) < _LEAST_GROUPS or (is_over and n not in groups):
            yield row
        elif n in groups:
            group = row[0].rstrip(": ")
        else:
            yield [": ".join(filter(None, (group, row[0]))), *row[1:]]


def _is_group(name: str) -> bool:
    return len(name) <= _MAX_NAME_CHARS and not name.endswith((".", ";", ",", "!", "?"))


def _is_title(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is one cell over all columns, which says what the table is about."""
    first, width = rows[0], max(map(len, rows))
    return len(first) == width > 1 and bool(first[0]) and not any(first[1:])


def _n_headers(rows: Sequence[Sequence[str]]) -> int:
    """How many of the first rows name the columns, where none is marked."""
    if is_headed_twice(rows):
        return 2
    return 1 + names_go_on(rows) if looks_headed(rows) else 0


def names_go_on(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the second row goes on with the names of the columns that the first one begins, over columns of numbers: units ("", "km",
    "m³/s"), or the rest of the words ("Fecha de" over "entrada")."""
    if len(rows) < 4:
        return False
    above, names, below = rows[0], rows[1], rows[2:_ROWS_BELOW]
    filled = [n for n, cell in enumerate(names) if cell]
    if not filled or len(names) != len(above) or not all(above[n] for n in filled):
        return False
    if any(len(names[n]) > _MAX_UNIT_CHARS or names[n][0] in "0123456789-" for n in filled):
        return False
    if not all(row and row[0] for row in below):
        return False
    n_numbers = sum(_holds_numbers(below, n) for n in filled)
    if not names[0]:
        return bool(above[0]) and n_numbers == len(filled)
    begin_small = all(names[n][0].islower() or names[n][0] == "(" for n in filled)
    begin_large = (
        all(cell[0].isupper() for cell in filter(None, above)) and not below[0][0][0].islower()
    )
    return len(filled) > 1 and begin_small and begin_large and 2 * n_numbers >= len(filled)


def _holds_numbers(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Whether most of a column are numbers, dates or what else begins with a figure or ends in one."""
    cells = [row[column] for row in rows if column < len(row) and row[column]]
    return 2 * sum(_FIGURE.search(cell) is not None for cell in cells) > len(cells)


def joined_names(headers: Sequence[Sequence[str]]) -> list[str]:
    """The names of columns that several header rows give: those of groups, which stand over the first column of each, before the others."""
    width = max(map(len, headers), default=0)
    whole: list[list[str]] = [[] for _ in range(width)]
    for n, row in enumerate(headers):
        group = ""
        last = n == len(headers) - 1
        for column in range(width):
            own = row[column] if column < len(row) else ""
            # A name over several columns stands in the first of them
            group = own if last else own or group
            if group and group not in whole[column]:
                whole[column].append(group)
    return [" ".join(names) for names in whole]


def without_names_again(parts: Parts) -> Parts:
    """The parts without the rows that say the names of the columns again further down in their table."""
    kept = Parts()
    names: tuple[str, ...] = ()
    for part in parts:
        of_table = part.kind in ("header", "row")
        if not of_table or part.glue == PARAGRAPH:
            names = ()
        if of_table and names and part.cells == names:
            continue
        if part.kind == "header" and any(part.cells):
            names = part.cells
        kept.append(part)
    return kept


_LEAST_BELOW_GROUPS: Final = 2
_TOTAL = re.compile(r"(?:sub)?total(?:es)?\b|sum(?:a|as)?\b", re.IGNORECASE)


def empty_below_groups(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether an empty cell in the first column of these rows means what stands above it, as the name of a group: of several groups each is
    named once, many rows have no such name, and all else is said in every row but in totals."""
    if len(names) < _LEAST_COLUMNS or not names[0] or not rows or not rows[0][0]:
        return False
    groups = [row[0].lower() for row in rows if row[0]]
    below = [row for row in rows if not row[0] and not _is_total(row)]
    several = len(below) >= _LEAST_BELOW_GROUPS and 3 * len(below) >= len(rows)
    named = 1 < len(groups) == len(set(groups)) and not any(map(_is_value, groups))
    whole = all(len(row) >= len(names) and all(row[1 : len(names)]) for row in rows if row[0])
    return several and named and whole and all(goes_in_group(names, row) for row in below)


def goes_in_group(names: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row without a first cell says all else, and goes on with no cell above it, nor sums up."""
    filled = len(row) >= len(names) and all(row[1 : len(names)])
    return filled and not row[0] and not row[1][0].islower() and not _is_total(row)


def _is_total(row: Sequence[str]) -> bool:
    return _TOTAL.match(next(filter(None, row), "")) is not None


def _name_groups(names: Sequence[str], rows: Sequence[Part]) -> None:
    """Says the name of a group in each of its rows, where it stands in the first alone."""
    cells = [row.cells for row in rows]
    if any(row.page for row in rows) or not empty_below_groups(names, cells):
        return
    group = ""
    for row in rows:
        group = row.cells[0] or group
        if goes_in_group(names, row.cells):
            row.cells = (group, *row.cells[1:])
            row.text = " | ".join(filter(None, row.cells))


def hold_empty_cells(parts: Sequence[Part]) -> None:
    """Keeps the place of an empty cell between others in the rows below named columns: "Sierra | 7 € | | 3 h", where "Sierra | 7 € | 3 h"
    gives the third column what stands in the fourth.

    Without names a place says nothing, and forms and pages that are laid out as tables have many.
    """
    headers: list[Sequence[str]] = []
    rows: list[Part] = []
    before: Part | None = None
    for part in parts:
        if part.kind == "row" and part.glue != PARAGRAPH:
            rows.append(part)
        else:
            _hold_below(headers, rows)
            goes_on = before is not None and before.kind == "header" and part.glue != PARAGRAPH
            headers = [*(headers if goes_on else ()), part.cells] if part.kind == "header" else []
            rows = []
        before = part
    _hold_below(headers, rows)


def _hold_below(headers: Sequence[Sequence[str]], rows: Sequence[Part]) -> None:
    names = joined_names(headers)
    _name_groups(names, rows)
    n_filled = [sum(any(row.cells[n : n + 1]) for row in rows) for n in range(len(names))]
    for row in rows:
        said = " | ".join(filter(None, row.cells))
        if not (names and said and said == row.text):
            continue  # Its cells say their names, or nothing
        filled = [n for n, cell in enumerate(row.cells) if cell]
        row.text = " | ".join(
            cell
            for n, cell in enumerate(row.cells[: filled[-1] + 1])
            if cell
            or (
                filled[0] < n < len(names)
                and names[n]
                # The columns of a printed page are found by their gaps: one that is mostly empty may be none
                and (not row.page or 3 * n_filled[n] >= len(rows))
            )
        )


def is_headed_twice(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names groups of columns, and the second the columns: names that come again in each group, or that stand
    below one name over several columns."""
    if len(rows) < 3:
        return False
    if _parts_columns(rows):
        return True
    groups, columns = rows[0], rows[1]
    names = [cell for cell in columns if cell]
    first = next((n for n, cell in enumerate(groups) if cell), 0)
    spanned = sum(map(bool, groups)) > 1 and not all(groups[first:])
    if not spanned or len(names) < len(columns) - 1 or len(set(names)) == len(names):
        return False
    over = ""
    told: list[tuple[str, str]] = []
    for group, name in zip(groups, columns, strict=False):
        over = group or over
        told += [(over, name)] if name else []
    return len(set(told)) == len(names) and not any(map(_is_value, [*filter(None, groups), *names]))


_YEAR = re.compile(r"(?:19|20)\d\d")


def _parts_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the second row has names for the columns over which a name of the first one stands, and for no others: "Price" over
    "Members" and "Guests"."""
    groups, columns, below = rows[0], rows[1], rows[2:_ROWS_BELOW]
    if len(groups) != len(columns) or not all(row and row[0] for row in below):
        return False
    filled = [n for n, cell in enumerate(groups) if cell]
    # Those without a name of their own, below the one before them
    spanned = [n for n in range(filled[0] + 1 if filled else 0, len(groups)) if not groups[n]]
    parted = sorted({*spanned, *(n - 1 for n in spanned if groups[n - 1])})
    names = [columns[n] for n in parted]
    if not spanned or not all(names) or len({name.lower() for name in names}) == 1:
        return False
    if any(_is_value(name) and not _YEAR.fullmatch(name) for name in names):
        return False
    others = [n for n in range(1, len(columns)) if n not in parted]
    if any(columns[n] not in ("", groups[n]) for n in others) or parted[0] == 0:
        return False
    if groups[0] and columns[0] in ("", groups[0]):
        return True
    numbers = sum(_holds_numbers(below, n) for n in parted)
    return not groups[0] and not _is_value(columns[0] or "x") and 2 * numbers > len(parted)


LEAST_BELOW_NAMES: Final = 2
"""A row in bold over fewer others may be one of them that is praised."""
_MAX_COLUMN_NAME_CHARS: Final = 40


def may_name(cells: Sequence[str]) -> bool:
    """Whether the cells of a row, which alone is in bold, may name the columns below."""
    short = all(
        0 < len(cell) <= _MAX_COLUMN_NAME_CHARS and cell[-1] not in ":.;,?" for cell in cells
    )
    return len(cells) > 1 and short and len({cell.lower() for cell in cells}) == len(cells)


# What columns are called, and no value is
_COLUMN_NAMES: Final = frozenset(
    """name names nombre nombres apellidos member miembro socio product producto item articulo service servicio activity actividad date fecha day
    dia month mes time hora horario hours place lugar price precio cost coste costo amount importe quantity cantidad role rol cargo puesto position
    organization organisation organizacion affiliation afiliacion institution institucion company empresa phone telefono email e-mail correo address
    direccion description descripcion team equipo title titulo department departamento notes notas status estado""".split()
) | {"full name", "nombre completo", "nombre y apellidos", "correo electronico", "job title"}


def looks_headed(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of these rows names the columns.

    Its cells are short, different and no values. In two columns that may be a name and its value as well; there it is a
    header only where the second column holds numbers of one kind below it, prices or hours, and not a telephone number, a
    date and a street.
    """
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    names = [cell for cell in rows[0] if cell]
    if len(names) < max(2, len(rows[0]) - 1) or len({name.lower() for name in names}) < len(names):
        return False
    if any(map(_is_value, names)) or any(_is_one_of(rows, n) for n in range(len(rows[0]))):
        return False
    if len(rows[0]) > 2:
        return True
    if any(map(str.isdigit, "".join(names))):
        return False
    if len(rows) > 2 and all(fold(name).strip(" .*") in _COLUMN_NAMES for name in names):
        return not any(fold(row[0]).strip(" .:*") in _COLUMN_NAMES for row in rows[1:] if row)
    below = [row[1] for row in rows[1:] if len(row) > 1 and row[1]]
    shapes = Counter(_FIGURE.sub("9", cell.lower()).rstrip("s") for cell in below)
    shape, n = shapes.most_common(1)[0] if shapes else ("", 0)
    return n > 1 and "9" in shape and 2 * n > len(below)


def _is_one_of(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Whether the first cell of a column says a range or a time as those below it do: "L X 17-18h" over "M J 18-19h"."""
    below = [row[column] for row in rows[1:] if column < len(row) and row[column]]
    n_ranges = sum(_RANGE.search(cell) is not None for cell in below)
    return _RANGE.search(rows[0][column]) is not None and 2 * n_ranges > len(below)


def _is_value(cell: str) -> bool:
    return (
        len(cell) > _MAX_NAME_CHARS
        or len(cell.split()) > _MAX_NAME_WORDS
        or not any(map(str.isalpha, cell))
        or cell.endswith((".", ":", "!", "?"))
        and not re.fullmatch(r"[^\W\d_]{1,6}\.(?: ?[-–/] ?[^\W\d_]{1,6}\.)?|N\.º|Nº\.?", cell)
        or re.match(r"[\d$€£]", cell) is not None
    )
