"""Excel workbooks → :class:`~corpus.readers.draft.Draft`: each sheet that is shown, its values as they are shown."""

from __future__ import annotations

import datetime
import html
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final

from corpus.document import LeftOut, UnreadableDocumentError
from corpus.language import PACKS, detect
from corpus.readers.container import tested_zip
from corpus.readers.draft import LINE, Draft, Part, clean, flat, one_line
from corpus.readers.rows import regions, sheet_parts, trimmed
from corpus.readers.tables import looks_headed

# Names that a program gives: a sheet called so has none.
_NO_NAME = re.compile(
    r"(?:hoja|sheet|tabelle|feuil|foglio|full|folha|planilha) ?\d*", re.IGNORECASE
)
_MAX_REPEATED_CHARS: Final = 80
_LANGUAGE_SAMPLE_CELLS: Final = 2_000


def read_xlsx(data: bytes) -> Draft:
    """A heading and the tables of each sheet; what a formula gave, dates and numbers by their format, nothing hidden."""
    what = "an Excel workbook (.xlsx)"
    container = tested_zip(data, what)
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it cannot keep when it writes
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except Exception as error:  # KeyError, ValueError and others, by kind of damage
        raise UnreadableDocumentError(
            f"this is not {what} or it is broken ({one_line(error)}); open it in its program and save it again"
        ) from error
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    comma = _writes_commas(sheets, book.properties.language or "")
    draft = Draft(title=book.properties.title or "", heading_is_title=False)
    draft.left_out = tuple(
        LeftOut(flat(clean(sheet.title)), 0, "hidden sheet")
        for sheet in book.worksheets
        if sheet not in sheets
    )
    missing = _uncalculated(container)
    if missing:
        draft.left_out += (LeftOut(missing, 0, "formula without its value"),)
    for sheet in sheets:
        rows, left_out = _rows(sheet, comma)
        draft.left_out += left_out
        parts = table_regions(rows)
        if parts and not (len(sheets) == 1 and _NO_NAME.fullmatch(sheet.title)):
            draft.parts.append(Part(flat(clean(sheet.title)), level=1))
        draft.parts += parts
    return draft


# Programs that write workbooks do not reckon: the value is there when a spreadsheet has saved the file once.
_UNCALCULATED = re.compile(rb"<f(?: [^<>]*)?>([^<>]*)</f>\s*(?:<v\s*/>\s*|<v>\s*</v>\s*)?</c>")
_MAX_FORMULAS: Final = 50


def _uncalculated(container: zipfile.ZipFile) -> str:
    """The formulas of a workbook that no value stands beside, as many as fit a line; "" where there is none."""
    found: list[str] = []
    for name in container.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            formulas = islice(_UNCALCULATED.findall(container.read(name)), _MAX_FORMULAS)
            found += [f"={html.unescape(one.decode('utf-8', 'replace'))}" for one in formulas]
    return flat(clean(" ".join(found[:_MAX_FORMULAS])))


def _tables_abreast(rows: Sequence[list[str]]) -> list[list[list[str]]]:
    """The rows of a sheet without the columns that are empty, in several where tables stand side by side with an empty column between."""
    used = sorted({n for row in rows for n, text in enumerate(row) if text})
    tables: list[list[int]] = []
    for n in used:
        if not tables or n > tables[-1][-1] + 1:
            tables.append([])
        tables[-1].append(n)
    together = [tables[0]] if tables else []
    for table in tables[1:]:
        left, right = _columns(rows, together[-1]), _columns(rows, table)
        if _are_apart(left, right):
            together.append(table)
        else:
            together[-1] = together[-1] + table
    return [_columns(rows, table) for table in together] or [[[] for _ in rows]]


def _columns(rows: Sequence[list[str]], columns: Sequence[int]) -> list[list[str]]:
    return [[row[n] for n in columns if n < len(row)] for row in rows]


_LEAST_ROWS: Final = 3
_MAX_SHARED: Final = 0.8


def _are_apart(left: Sequence[list[str]], right: Sequence[list[str]]) -> bool:
    """Whether columns on either side of an empty one are tables of their own: each has rows of several cells that begin with a name or a time,
    and they begin each with a title, have columns of the same name, or end at different rows, none with remarks on the other."""
    sides = (left, right)
    wide = [[n for n, row in enumerate(rows) if sum(map(bool, row)) > 1] for rows in sides]
    if min(map(len, wide)) < _LEAST_ROWS or not _begin_with_names(right[n] for n in wide[1]):
        return False
    filled = [[n for n, row in enumerate(rows) if any(row)] for rows in sides]
    first = [rows[own[0]] for rows, own in zip(sides, filled, strict=True)]
    if all(sum(map(bool, row)) == 1 for row in first) and filled[0][0] == filled[1][0]:
        return True
    if any(2 * _n_in_runs(own) < len(own) for own in filled):
        return False
    heads = [
        {cell for cell in rows[own[0]] if any(map(str.isalpha, cell))}
        for rows, own in zip(sides, wide, strict=True)
    ]
    shared = set(wide[0]) & set(wide[1])
    return bool(heads[0] & heads[1]) or len(shared) < _MAX_SHARED * len({*wide[0], *wide[1]})


_NAME_OR_TIME = re.compile(r"[^\W\d_]{2}|\d[:/-]\d")


def _begin_with_names(rows: Iterable[Sequence[str]]) -> bool:
    """Whether most rows say first what each is of: in a table that goes on they say one more value."""
    told = [_NAME_OR_TIME.search(row[0]) is not None for row in rows if row[0]]
    return 2 * sum(told) > len(told)


def _n_in_runs(rows: Sequence[int]) -> int:
    """How many of some rows, by their numbers, stand right below two others, or above, or between them."""
    own = set(rows)
    return sum(any({n + m, n + m + 1, n + m + 2} <= own for m in (-2, -1, 0)) for n in own)


def table_regions(rows: Sequence[list[str]]) -> list[Part]:
    """The parts of a sheet, which may hold several tables side by side, and one below the other with an empty row between."""
    return [
        part
        for table in _tables_abreast(rows)
        for region in regions(table)
        for part in _region(region)
    ]


def _region(rows: list[list[str]]) -> list[Part]:
    """A table, or lines, or names and values side by side."""
    if not rows:
        return []
    lines = [trimmed(row) for row in rows]
    titled = len(lines[0]) == 1 and looks_headed(lines[1:])
    if max(sum(map(bool, line)) for line in lines) > 2 or looks_headed(lines) or titled:
        return sheet_parts(iter(_with_groups(rows)))
    return [_label(*filter(None, line)) for line in lines]


# One may be a record of which less is known than of the one before it.
_LEAST_GROUPS: Final = 2


def _with_groups(rows: list[list[str]]) -> list[list[str]]:
    """The rows, with what the first of each group says in the columns next to the one that groups them in the others of the group, too: where
    these are empty there in all groups, of which there are several. "5 | Council | Quorum", "5 | | Votes"."""
    groups = [list(group) for _, group in groupby(rows, key=itemgetter(0))]
    several = [group for group in groups if group[0][0] and len(group) > 1]
    if len(several) < _LEAST_GROUPS:
        return rows
    width = min(len(row) for group in several for row in group)
    end = 1
    while end < width and all(
        0 < len(first[end]) <= _MAX_REPEATED_CHARS and not any(row[end] for row in others)
        for first, *others in several
    ):
        end += 1
    return [[*group[0][:end], *row[end:]] if row[0] else row for group in groups for row in group]


def _label(name: str, value: str = "") -> Part:
    if not value:
        return Part(name)
    bare = name.rstrip(": ")
    return Part(f"{bare}: {value}", glue=LINE, kind="label", cells=(bare, value))


def _rows(sheet: Any, comma: bool) -> tuple[list[list[str]], tuple[LeftOut, ...]]:
    """The cells of a sheet that are shown; and what is hidden or struck out."""
    repeated = _merged(sheet)
    # Rows that a filter hides come back with one click
    filtered = bool(sheet.auto_filter.ref)
    hidden_rows = {
        n for n, dimension in sheet.row_dimensions.items() if dimension.hidden and not filtered
    }
    hidden_columns = _hidden_columns(sheet)
    rows = []
    hidden: dict[tuple[str, int], list[str]] = {}
    struck: list[str] = []
    for row in sheet.iter_rows():
        shown = []
        for cell in row:
            if cell.row in hidden_rows or cell.column in hidden_columns:
                if cell.value is not None:
                    line = ("row", cell.row) if cell.row in hidden_rows else ("column", cell.column)
                    said = as_shown(cell.value, cell.number_format, comma=comma)
                    hidden.setdefault(line, []).append(said)
                continue
            source = repeated.get((cell.row, cell.column), cell)
            if source.font is not None and source.font.strike:
                if source is cell and cell.value is not None:
                    struck.append(as_shown(cell.value, cell.number_format, comma=comma))
                shown.append("")
                continue
            text = flat(clean(as_shown(source.value, source.number_format, comma=comma)))
            shown.append("" if source is not cell and len(text) > _MAX_REPEATED_CHARS else text)
        rows.append(shown)
    left_out = [LeftOut(" ".join(said), 0, "hidden") for said in hidden.values()]
    left_out += [LeftOut(said, 0, "struck out") for said in struck]
    return rows, tuple(left_out)


def _merged(sheet: Any) -> dict[tuple[int, int], Any]:
    """The cell whose value stands beside a row, for each lower row of a merged range of one column."""
    found = {}
    for merged in sheet.merged_cells.ranges:
        if merged.max_row > merged.min_row and merged.max_row - merged.min_row < 10_000:
            first = sheet.cell(merged.min_row, merged.min_col)
            for row in range(merged.min_row + 1, merged.max_row + 1):
                found[row, merged.min_col] = first
    return found


def _hidden_columns(sheet: Any) -> set[int]:
    found: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden:
            found |= set(range(dimension.min or 0, min(dimension.max or 0, 16_384) + 1))
    return found


def _writes_commas(sheets: Sequence[Any], language: str) -> bool:
    """Whether the sheets show decimals after a comma: those in Spanish do, but for those of countries that write a point. ``language``: what
    the file says of itself."""
    said, styles, decimals = _sample(sheets)
    return _is_spanish(sheets, said, decimals) and not _write_points([language, *said, *styles])


def _sample(sheets: Sequence[Any]) -> tuple[list[str], set[str], set[str]]:
    """What the first cells say, their formats, and the formats of those that may have decimals."""
    said: list[str] = []
    styles: set[str] = set()
    decimals: set[str] = set()
    for sheet in sheets:
        for row in sheet.iter_rows(max_row=200):
            if len(said) <= _LANGUAGE_SAMPLE_CELLS:
                said += [cell.value for cell in row if isinstance(cell.value, str)]
            styles |= {cell.number_format for cell in row}
            decimals |= {cell.number_format for cell in row if isinstance(cell.value, float)}
    return said, styles, decimals


def _is_spanish(sheets: Sequence[Any], said: Sequence[str], styles: Iterable[str]) -> bool:
    """Whether sheets are in Spanish, by what is said in them, else by their names or the formats of their numbers."""
    lang, _ = detect(clean(". ".join(said)))
    if lang in PACKS:
        return lang == "es"
    named = [sheet.title for sheet in sheets if not _NO_NAME.fullmatch(sheet.title)]
    words = re.findall(r"[^\W\d_]{3,}", " ".join((*said, *named)).lower())
    return (
        any(re.fullmatch(r"(?i:hoja ?\d*)", sheet.title) for sheet in sheets)
        or not _SPANISH_MONTHS.isdisjoint(words)
        or _end_as_spanish(words)
        or any(map(_COMMA_STYLE.search, styles))
    )


# Mexico, Guatemala, Dominican Republic, Panama, Honduras, El Salvador, Nicaragua, Peru, Puerto Rico
_POINT_COUNTRIES: Final = "mx|gt|do|pa|hn|sv|ni|pe|pr"
_POINT_SIGNS = re.compile(
    rf"//[^/\s]{{1,99}}\.(?:{_POINT_COUNTRIES})(?![\w.-])|@[\w.-]{{1,99}}\.(?:{_POINT_COUNTRIES})(?![\w.-])"
    rf"|//\S{{1,99}}?/(?:es[-_])?(?:{_POINT_COUNTRIES})(?:[-_]es)?/|\bes[-_](?:{_POINT_COUNTRIES}|us)\b"
    r"|\[\$[^\]]{0,9}-0*(?:80A|100A|1C0A|180A|480A|440A|4C0A|280A|500A|540A)\]"
    r"|\b(?:MXN|GTQ|DOP|HNL)\b|\bM\.N\.|\bpesos mexicanos\b"
    r"|(?<![\d.,])\d{1,3}(?:,\d{3})+\.\d{2}(?!\d)|\$ ?\d{1,3}(?:,\d{3})+(?![\d,])",
    re.IGNORECASE,
)
_COMMA_SIGNS = re.compile(
    r"//[^/\s]{1,99}\.(?:es|ar|cl|uy|py|bo|ec|ve|com\.co)(?![\w.-])|\bes[-_](?:es|ar|cl|co|uy|py|bo|ec|ve)\b|€"
    r"|\[\$[^\]]{0,9}-0*(?:40A|C0A|2C0A|340A|240A|380A|3C0A|400A|300A|200A)\]|\b(?:EUR|ARS|CLP|COP|UYU)\b"
    r"|(?<![\d.,])\d{1,3}(?:\.\d{3})+,\d{2}(?!\d)|\$ ?\d{1,3}(?:\.\d{3})+(?![\d.])",
    re.IGNORECASE,
)


def _write_points(said: Iterable[str]) -> bool:
    """Whether more texts and formats tell of a country that writes decimals after a point than of one that writes a comma."""
    told = [(_POINT_SIGNS.search(one), _COMMA_SIGNS.search(one)) for one in said]
    return sum(bool(point) - bool(comma) for point, comma in told) > 0


_SPANISH_MONTHS: Final = frozenset(PACKS["es"].months)
# A few names of columns show no language, but words of Spanish end so …
_SPANISH_END = re.compile(r"[ao]s?$|[áéíóúñ]|(?:dad|ción|sión)(?:es)?$")
# … and never so.
_OTHER_END = re.compile(r"[^aeiouáéíóúnslrdzxj]$|[kw]|th|sh|ph|ee|oo")
# Euros behind the number, or a country that writes commas: Spain, Argentina, Chile, Colombia.
_COMMA_STYLE = re.compile(r"[0#][^;]*€|\[\$[^\]]*-(?:0?[4C]0A|2C0A|340A|240A)\]", re.IGNORECASE)


def _end_as_spanish(words: Sequence[str]) -> bool:
    n_spanish = sum(_SPANISH_END.search(word) is not None for word in words)
    n_other = sum(_OTHER_END.search(word) is not None for word in words)
    return n_spanish > n_other and 2 * n_spanish >= len(words)


_SECTION = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.([0#?]+))?")


def as_shown(value: object, style: str, *, comma: bool) -> str:
    """A value of a cell as its number format shows it; ``comma``: decimals after a comma, as in Spanish.

    Dates that the format would write in words, or in the order of the reader's country, are written 2019-05-03.
    """
    if value is None or (
        isinstance(value, str) and value.startswith("#") and value.endswith(("!", "?", "/A"))
    ):
        return ""
    if isinstance(value, bool):
        return ("VERDADERO" if value else "FALSO") if comma else str(value).upper()
    if isinstance(value, datetime.datetime | datetime.date | datetime.time | datetime.timedelta):
        return _date(value, style)
    if isinstance(value, int | float):
        return _number(value, style, comma)
    return str(value)


def _number(value: float, style: str, comma: bool) -> str:
    sections = _SECTION.split(style)
    section = sections[1] if value < 0 and len(sections) > 1 and sections[1] else sections[0]
    signed = value < 0 and section is sections[0]
    pattern = _CURRENCY.sub(lambda m: f'"{m[1]}"', section)
    pattern = re.sub(r"\[[^\]]*\]", "", pattern)
    bare = _QUOTED.sub("", pattern)
    found = _DIGITS.search(bare)
    if found is None or "E+" in bare or "/" in bare or bare.strip() in ("General", "@"):
        return _plain(value, comma)
    decimals = len(found[1] or "")
    amount = Decimal(repr(float(value))).copy_abs() * (100 if "%" in bare else 1)
    thousands = len(found[0].split(".")[0]) - len(found[0].split(".")[0].rstrip(","))
    amount = amount.scaleb(-3 * thousands).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    least = len(re.sub(r"[^0]", "", found[0].split(".")[0]))
    grouped = "," in found[0].split(".")[0].rstrip(",")
    digits = f"{amount:,f}" if grouped else f"{amount:f}"
    if found[1] and "#" in found[1]:
        digits = digits.rstrip("0").rstrip(".")
    whole, _, rest = digits.partition(".")
    digits = whole.rjust(least, "0") + (f".{rest}" if rest else "")
    if comma:
        digits = digits.translate(str.maketrans(".,", ",."))
    text = _around(pattern, digits)
    return flat(f"-{text}" if signed and amount else text)


def _around(pattern: str, digits: str) -> str:
    """The literal words of a format around its digits."""
    shown: list[str] = []
    at = 0
    placed = False
    while at < len(pattern):
        quoted = _QUOTED.match(pattern, at)
        number = _DIGITS.match(pattern, at)
        if quoted is not None:
            shown.append(quoted[1] or quoted[2] or ("" if pattern[at] != "_" else " "))
            at = quoted.end()
        elif number is not None:
            shown.append("" if placed else digits)
            placed = True
            at = number.end()
        else:
            shown.append(pattern[at])
            at += 1
    return "".join(shown)


def _plain(value: float, comma: bool) -> str:
    if isinstance(value, int) or value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.10g}"
    return text.replace(".", ",") if comma else text


_DATE_CODE = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|(y+|m+|d+|h+|s+|AM/PM|A/P)|(.)', re.IGNORECASE)


def _date(value: Any, style: str) -> str:
    if isinstance(value, datetime.timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    style = _SECTION.split(style)[0]
    codes = "".join(m[3] or "" for m in _DATE_CODE.finditer(style)).lower()
    if not codes or "mmm" in codes or "ddd" in codes or style.lower() == "mm-dd-yy":
        return _iso(value)
    shown, clock = [], False
    for match in _DATE_CODE.finditer(style):
        code = (match[3] or "").lower()
        if not code:
            shown.append(match[1] or match[2] or match[4] or "")
            continue
        clock = code[0] in "hs" or (clock and code[0] == "m") or _before_seconds(style, match)
        shown.append(_piece(value, code, clock, "am/pm" in codes or "a/p" in codes))
    return flat("".join(shown).rstrip(";@ "))


def _before_seconds(style: str, match: re.Match[str]) -> bool:
    return (match[3] or "").lower() in ("m", "mm") and style[match.end() :].lower().startswith(":s")


def _piece(value: Any, code: str, clock: bool, half_days: bool) -> str:
    if code in ("am/pm", "a/p"):
        return "AM" if value.hour < 12 else "PM"
    if code[0] == "y":
        return f"{value.year:04}" if len(code) > 2 else f"{value.year % 100:02}"
    if code[0] == "h":
        number = (value.hour % 12 or 12) if half_days else value.hour
    elif code[0] == "s":
        number = value.second
    elif code[0] == "d":
        number = value.day
    else:
        number = value.minute if clock else value.month
    return f"{number:02}" if len(code) > 1 else str(number)


def _iso(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        midnight = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    return str(
        value.isoformat("minutes") if isinstance(value, datetime.time) else value.isoformat()
    )
