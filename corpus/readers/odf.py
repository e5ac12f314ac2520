"""OpenDocument texts, sheets and slides → :class:`~corpus.readers.draft.Draft`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from corpus.document import CorpusError, LeftOut, UnreadableDocumentError
from corpus.readers.container import open_zip, read_part, xml_tree
from corpus.readers.cut import join_cut
from corpus.readers.draft import (
    LINE,
    PARAGRAPH,
    Draft,
    Part,
    Parts,
    clean,
    flat,
    in_cell,
    one_line,
    raised,
    title_said,
)
from corpus.readers.named import lines_of_names, lines_of_tabs, parted, parts_of_lines, run_together
from corpus.readers.numbering import letters, letters_in_turn, roman
from corpus.readers.sheets import table_regions
from corpus.readers.tabbed import cells_of
from corpus.readers.tables import MAX_REPEATED_CHARS, table_parts

_OASIS: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_TEXT: Final = _OASIS + "text:1.0}"
_TABLE: Final = _OASIS + "table:1.0}"
_DRAW: Final = _OASIS + "drawing:1.0}"
_STYLE: Final = _OASIS + "style:1.0}"
_OFFICE: Final = _OASIS + "office:1.0}"
_SHOW: Final = _OASIS + "presentation:1.0}"
_XLINK: Final = "{http://www.w3.org/1999/xlink}"
_NOT_TEXT: Final = frozenset(
    {
        f"{_TEXT}{name}"
        for name in ("tracked-changes", "ruby-text", "note", "page-number", "page-count")
    }
    | {f"{_OFFICE}annotation", f"{_OFFICE}forms", f"{_DRAW}object", f"{_TEXT}bookmark"}
)
_LONGEST_REPEAT: Final = 500
_MAX_CELLS: Final = 2_000_000
_MAX_HEADING_CHARS: Final = 300
_FURNITURE: Final = frozenset({"header", "footer", "date-time", "page-number"})


def read_odt(data: bytes) -> Draft:
    """Headings, paragraphs, numbered lists, tables, boxes and notes; not what is deleted, struck out or hidden."""
    package = _Package(data, "an OpenDocument text (.odt)")
    text = _Text(package.styles)
    for margin in ("header", "footer"):
        if margin == "footer":
            text.read(package.body("text"))
        for element in package.margins(margin):
            text.margin(element)
    join_cut(text.parts)
    draft = Draft(text.parts, title=title_said(package.title, text.parts))
    draft.left_out = tuple(_unseen(package.body("text"), package.styles))
    draft.plain = all(part.kind != "heading" for part in text.parts)
    return draft


def _unseen(body: Any, styles: _Styles) -> Iterator[LeftOut]:
    """What is struck out, hidden or deleted, and the comments beside the text."""
    for element in body.iter():
        said = "".join(element.itertext()) if isinstance(element.tag, str) else ""
        if element.tag in (f"{_TEXT}deletion", f"{_OFFICE}annotation"):
            reason = "deleted" if element.tag == f"{_TEXT}deletion" else "comment"
            yield LeftOut(said, 0, reason)
        elif element.tag in (f"{_TEXT}span", f"{_TEXT}p", f"{_TEXT}h", f"{_TABLE}table-cell"):
            kind = _TABLE if element.tag == f"{_TABLE}table-cell" else _TEXT
            if said and styles.of(element.get(f"{kind}style-name"), "unseen"):
                yield LeftOut(said, 0, "struck out")
        elif element.tag == f"{_TEXT}section" and element.get(f"{_TEXT}display") == "none":
            yield LeftOut(said, 0, "hidden")


def read_ods(data: bytes) -> Draft:
    """A heading and the tables of each sheet that is shown, values as they are shown."""
    package = _Package(data, "an OpenDocument spreadsheet (.ods)")
    draft = Draft(title=package.title, heading_is_title=False)
    sheets = []
    for table in package.body("spreadsheet").iterchildren(f"{_TABLE}table"):
        if package.styles.shows(table.get(f"{_TABLE}style-name")):
            sheets.append(table)
        else:
            name = flat(table.get(f"{_TABLE}name") or "")
            draft.left_out += (LeftOut(name, 0, "hidden sheet"),)
    for sheet in sheets:
        draft.left_out += tuple(_unseen(sheet, package.styles))
        rows = _Text(package.styles).rows(sheet)
        parts = table_regions(rows)
        if parts and len(sheets) > 1:
            draft.parts.append(Part(flat(sheet.get(f"{_TABLE}name") or ""), level=1))
        draft.parts += parts
    return draft


def read_odp(data: bytes) -> Draft:
    """The slides that are shown, each with its title, lists, tables and notes."""
    package = _Package(data, "an OpenDocument presentation (.odp)")
    draft = Draft(title=package.title)
    pages = package.body("presentation").iterchildren(f"{_DRAW}page")
    for number, page in enumerate(pages, start=1):
        draft.n_pages = number
        if not package.styles.shows(page.get(f"{_DRAW}style-name")):
            draft.left_out += (LeftOut("", number, "hidden slide"),)
            continue
        text = _Text(package.styles)
        text.read(page)
        for part in text.parts:
            part.page = number
        draft.parts += text.parts
    return draft


class _Package:
    """The parts of an OpenDocument file."""

    def __init__(self, data: bytes, what: str) -> None:
        self.what = what
        container = open_zip(data, what)
        names = set(container.namelist())
        try:
            self.content = self._tree(read_part(container, "content.xml"))
            self.styles_tree = (
                self._tree(read_part(container, "styles.xml")) if "styles.xml" in names else None
            )
            meta = self._tree(read_part(container, "meta.xml")) if "meta.xml" in names else None
        except CorpusError:
            raise
        except Exception as error:  # zipfile, zlib and lxml, by kind of damage
            raise UnreadableDocumentError(
                f"this is not {what} or it is broken ({one_line(error)}); open it in its program and save it again"
            ) from error
        found = None if meta is None else meta.find(".//{http://purl.org/dc/elements/1.1/}title")
        self.title = "" if found is None else "".join(found.itertext())
        self.styles = _Styles()
        for tree in (self.styles_tree, self.content):
            if tree is not None:
                self.styles.add(tree)

    def _tree(self, content: bytes) -> Any:
        if b"<!ENTITY" in content:
            raise UnreadableDocumentError(
                f"a part declares XML entities, which {self.what} has no use for; this looks like an attack, remove it"
            )
        return xml_tree(content)

    def body(self, kind: str) -> Any:
        found = self.content.find(f"{_OFFICE}body/{_OFFICE}{kind}")
        if found is None:
            raise UnreadableDocumentError(
                f"this is not {self.what}: its content is of another kind; give it the suffix of its real format"
            )
        return found

    def margins(self, kind: str) -> Iterator[Any]:
        """What stands above or below the pages."""
        if self.styles_tree is not None:
            for page in self.styles_tree.iter(f"{_STYLE}master-page"):
                yield from page.iterchildren(f"{_STYLE}{kind}")


@dataclass(slots=True)
class _Style:
    bold: bool | None = None
    unseen: bool | None = None
    raised: bool | None = None
    shown: bool = True
    parent: str = ""
    list_name: str = ""
    heading: int = 0


@dataclass(slots=True)
class _ListLevel:
    kind: str
    before: str
    after: str
    start: int
    levels: int


class _Styles:
    """Named and automatic styles, and how lists are numbered."""

    def __init__(self) -> None:
        self.styles: dict[str, _Style] = {}
        self.lists: dict[str, dict[int, _ListLevel]] = {}

    def add(self, tree: Any) -> None:
        for element in tree.iter(f"{_STYLE}style"):
            name = element.get(f"{_STYLE}name") or ""
            style = _Style(
                parent=element.get(f"{_STYLE}parent-style-name") or "",
                list_name=element.get(f"{_STYLE}list-style-name") or "",
            )
            if name == "Title":
                style.heading = 1
            for properties in element:
                _add_properties(style, properties)
            self.styles[name] = style
        for element in tree.iter(f"{_TEXT}list-style"):
            self.lists[element.get(f"{_STYLE}name") or ""] = dict(map(_list_level, element))

    def of(self, name: str | None, what: str) -> Any:
        """What a style, or the nearest of those it is based on, says; None if none does."""
        for _ in range(20):
            style = self.styles.get(name or "")
            if style is None:
                return None
            value = getattr(style, what)
            if value not in (None, "", 0):
                return value
            name = style.parent
        return None

    def shows(self, name: str | None) -> bool:
        style = self.styles.get(name or "")
        return style is None or style.shown


def _add_properties(style: _Style, properties: Any) -> None:
    get = properties.get
    weight = get("{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}font-weight")
    if weight is not None:
        style.bold = weight == "bold" or (weight.isdecimal() and int(weight) >= 600)
    struck = get(f"{_STYLE}text-line-through-style") or get(f"{_STYLE}text-line-through-type")
    if struck is not None or get(f"{_TEXT}display") is not None:
        style.unseen = struck not in (None, "none") or get(f"{_TEXT}display") == "none"
    position = get(f"{_STYLE}text-position")
    if position is not None:
        style.raised = position.startswith("super") or position[:1] in set("123456789")
    if get(f"{_TABLE}display") == "false" or get(f"{_SHOW}visibility") == "hidden":
        style.shown = False


def _list_level(element: Any) -> tuple[int, _ListLevel]:
    level = _int(element.get(f"{_TEXT}level"), 1)
    kind = ""
    if element.tag == f"{_TEXT}list-level-style-number":
        kind = element.get(f"{_STYLE}num-format") or ""
        if kind in ("a", "A") and element.get(f"{_STYLE}num-letter-sync") == "true":
            kind *= 2
    return level, _ListLevel(
        kind,
        element.get(f"{_STYLE}num-prefix") or "",
        element.get(f"{_STYLE}num-suffix") or "",
        _int(element.get(f"{_TEXT}start-value"), 1),
        _int(element.get(f"{_TEXT}display-levels"), 1),
    )


_NUMBERS: Final[dict[str, Callable[[int], str]]] = {
    "1": str,
    "a": letters_in_turn,
    "A": lambda n: letters_in_turn(n).upper(),
    "aa": letters,
    "AA": lambda n: letters(n).upper(),
    "i": lambda n: roman(n).lower(),
    "I": roman,
}


def _int(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 10 else default


@dataclass(slots=True)
class _Line:
    pieces: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    notes: list[Any] = field(default_factory=list)
    spans: list[tuple[str, bool]] = field(
        default_factory=list
    )  # Each piece, and whether it is bold
    n_bold: int = 0
    n_ends: int = 0
    plain: set[int] = field(
        default_factory=set
    )  # The numbers of the lines in which not every letter is bold.

    @property
    def text(self) -> str:
        return "\n".join(flat(line) for line in clean("".join(self.pieces)).split("\n"))

    @property
    def lines(self) -> list[tuple[str, bool]]:
        """The lines, each with whether it is bold."""
        return [(line, n not in self.plain) for n, line in enumerate(self.text.split("\n"))]


def _labels(line: _Line) -> list[Part]:
    """The names with their values, or paragraphs, that one paragraph is; [] where it is only one."""
    return (
        lines_of_tabs(cells_of(clean("".join(line.pieces))))
        or lines_of_names(line.text, line.spans)
        or parts_of_lines(line.lines)
        or parted(line.lines)
        or run_together(clean("".join(line.pieces)))
    )


def _shown_rows(table: Any) -> Iterator[Any]:
    """The rows of a table itself that are shown."""
    for row in table.iter(f"{_TABLE}table-row"):
        hidden = row.get(f"{_TABLE}visibility") == "collapse"
        if not hidden and next(row.iterancestors(f"{_TABLE}table")) is table:
            yield row


class _Text:
    """The paragraphs, lists and tables below an element, in order."""

    def __init__(self, styles: _Styles) -> None:
        self.styles = styles
        self.parts = Parts()
        self.counts: dict[str, dict[int, int]] = {}
        self.was_item = False
        self.role = ""  # of the frame on a slide that is being read

    def read(self, element: Any) -> None:
        for child in element:
            tag = child.tag
            if tag in _NOT_TEXT or not isinstance(tag, str):
                continue
            if tag in (f"{_TEXT}h", f"{_TEXT}p"):
                self.paragraph(child)
            elif tag == f"{_TEXT}list":
                self.list_of(child, 1, "")
            elif tag == f"{_TABLE}table":
                self.table(child)
            elif tag in (f"{_TEXT}table-of-content", f"{_TEXT}illustration-index"):
                self.contents(child)
            elif tag == f"{_TEXT}section" and child.get(f"{_TEXT}display") == "none":
                continue
            else:
                self.frame(child)

    def frame(self, element: Any) -> None:
        role = element.get(f"{_SHOW}class") or self.role
        if role in _FURNITURE:
            return
        before, self.role = self.role, role
        self.was_item = False
        self.read(element)
        self.role = before

    def margin(self, element: Any) -> None:
        said = {part.text for part in self.parts}
        inner = _Text(self.styles)
        inner.read(element)
        for part in inner.parts:
            words = [word for word in part.text.split() if any(map(str.isalpha, word))]
            page_number = len(words) <= 2 and element.find(f".//{_TEXT}page-number") is not None
            if part.text not in said and words and not page_number:
                part.strong = False
                self.parts.append(part)

    def contents(self, element: Any) -> None:
        first = True
        for paragraph in element.iter(f"{_TEXT}p"):
            if next(paragraph.iterancestors(f"{_TEXT}index-body"), None) is None:
                continue
            text = self.line(paragraph).text
            if text.strip():
                self.parts.append(Part(text, glue=PARAGRAPH if first else LINE, kind="contents"))
                first = False

    def paragraph(self, element: Any, level: int = 0, number: str = "") -> None:
        """A paragraph, or an item of that nesting with that number."""
        line = self.line(element)
        text = line.text
        name = element.get(f"{_TEXT}style-name")
        heading = 0
        if element.tag == f"{_TEXT}h":
            heading = min(6, _int(element.get(f"{_TEXT}outline-level"), 1))
        elif not level:
            heading = self.styles.of(name, "heading") or (1 if self.role == "title" else 0)
        if text.strip():
            is_item = level > 0 and not heading
            whole = f"{number} {text}" if number else text
            heading = heading if len(whole) <= _MAX_HEADING_CHARS else 0
            part = Part(whole, heading, LINE if is_item and self.was_item else PARAGRAPH)
            if is_item:
                part.kind, part.level = "item", min(6, level)
                part.cells = (number,) if number else ()
            part.strong = line.n_bold > 0 and not line.plain and part.kind == "paragraph"
            named = part.kind == "paragraph" and not (part.strong or number)
            labels = _labels(line) if named else []
            self.parts += labels or [part]
            self.was_item = is_item
        for box in line.boxes:
            self.frame(box)
        for note in line.notes:
            for inner in note.iter(f"{_TEXT}p"):
                self.parts.append(Part(self.line(inner).text, kind="footnote"))

    def list_of(self, element: Any, level: int, name: str) -> None:
        name = element.get(f"{_TEXT}style-name") or name
        counts = self.counts.setdefault(name, {})
        if level == 1 and element.get(f"{_TEXT}continue-numbering") != "true":
            if element.get(f"{_TEXT}continue-list") is None:
                counts.clear()
        for item in element:
            if item.tag not in (f"{_TEXT}list-item", f"{_TEXT}list-header"):
                continue
            first = item.tag == f"{_TEXT}list-item"
            for child in item:
                if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                    start = item.get(f"{_TEXT}start-value")
                    number = self.number(name, level, start) if first and self.says(child) else ""
                    first = first and not self.says(child)
                    self.paragraph(child, level, number)
                elif child.tag == f"{_TEXT}list":
                    self.list_of(child, level + 1, name)

    def says(self, element: Any) -> bool:
        return bool(self.line(element).text.strip())

    def number(self, name: str, level: int, start: str | None) -> str:
        """The number of the next item of a list, "" for a bullet."""
        shapes = self.styles.lists.get(name, {})
        shape = shapes.get(level)
        counts = self.counts[name]
        for deeper in [n for n in counts if n > level]:
            del counts[deeper]
        if shape is None or not shape.kind:
            return ""
        counts[level] = counts.get(level, shape.start - 1) + 1
        if start is not None:
            counts[level] = _int(start, 1)
        shown = []
        for n in range(max(1, level - shape.levels + 1), level + 1):
            above = shapes.get(n)
            if above is not None and above.kind:
                count = counts.get(n, above.start)
                write = _NUMBERS.get(above.kind, str)
                shown.append(write(count) if 0 < count < 4000 else str(count))
        return f"{shape.before}{'.'.join(shown)}{shape.after}".strip()

    def table(self, element: Any) -> None:
        self.was_item = False
        rows = self.rows(element)
        if rows and all(len(row) <= 1 for row in rows):
            for cell in element.iter(f"{_TABLE}table-cell"):
                if next(cell.iterancestors(f"{_TABLE}table")) is element:
                    self.read(cell)
            self.was_item = False
            return
        headers = element.find(f"{_TABLE}table-header-rows")
        n_headers = 0 if headers is None else len(headers.findall(f"{_TABLE}table-row"))
        shown = list(_shown_rows(element))
        # A row that is repeated is none that names a group, nor one beside a cell that goes on from above
        alike = len(shown) == len(rows)
        over = [
            n
            for n, (row, cells) in enumerate(zip(shown, rows, strict=False))
            if len(row.findall(f"{_TABLE}table-cell")) == 1 and sum(map(bool, cells)) == 1
        ]
        self.parts += table_parts(rows, n_headers, over if alike else ())

    def rows(self, table: Any) -> list[list[str]]:
        """The cells of a table that are shown, by row and column."""
        rows: list[list[str]] = []
        n_cells = 0
        over: dict[int, tuple[int, str]] = {}  # What goes on over rows below, by its column
        for row in _shown_rows(table):
            cells: list[str] = []
            for cell in row:
                if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                    continue
                times = _int(cell.get(f"{_TABLE}number-columns-repeated"), 1)
                text, at = self.cell(cell), len(cells)
                n_below, above = over.pop(at, (0, ""))
                if n_below and cell.tag == f"{_TABLE}covered-table-cell":
                    text, times = "", times - 1
                    cells.append(above)
                else:
                    n_below = _int(cell.get(f"{_TABLE}number-rows-spanned"), 1)
                    above = text
                if n_below > 1 and len(above) <= MAX_REPEATED_CHARS:
                    over[at] = n_below - 1, above
                cells += [text] * (min(times, _LONGEST_REPEAT) if text or times < 100 else 1)
            while cells and not cells[-1]:
                cells.pop()
            times = _int(row.get(f"{_TABLE}number-rows-repeated"), 1)
            rows += [cells] * (min(times, _LONGEST_REPEAT) if cells else 1)
            n_cells += len(cells) * min(times, _LONGEST_REPEAT)
            if n_cells > _MAX_CELLS:
                raise UnreadableDocumentError(
                    f"a table has more than {_MAX_CELLS:,} cells; split it"
                )
        width = max(map(len, rows), default=0)
        return [row + [""] * (width - len(row)) for row in rows]

    def cell(self, cell: Any) -> str:
        if self._is(cell.get(f"{_TABLE}style-name"), "unseen"):
            return ""
        said = []
        for paragraph in cell.iter(f"{_TEXT}p", f"{_TEXT}h"):
            if not any(above.tag in _NOT_TEXT for above in paragraph.iterancestors()):
                is_item = paragraph.getparent().tag == f"{_TEXT}list-item"
                said.append((self.line(paragraph).text, is_item))
        return in_cell(said)

    def line(self, element: Any) -> _Line:
        """The text of a paragraph, with the boxes and notes that hang on it."""
        line = _Line()
        name = element.get(f"{_TEXT}style-name")
        self._inline(element, line, (self._is(name, "bold"), self._is(name, "unseen"), False), 0)
        return line

    def _is(self, name: str | None, what: str) -> bool:
        return bool(self.styles.of(name, what))

    def _inline(self, element: Any, line: _Line, look: tuple[bool, bool, bool], depth: int) -> None:
        self._say(element.text, line, look)
        for child in element:
            tag = child.tag
            if tag == f"{_TEXT}s":
                line.pieces.append(" " * min(_int(child.get(f"{_TEXT}c"), 1), 80))
                line.spans.append((" ", False))
            elif tag == f"{_TEXT}tab":
                line.pieces.append("\t")
                line.spans.append((" ", False))
            elif tag == f"{_TEXT}line-break":
                line.pieces.append("\n")
                line.spans.append(("\n", False))
                line.n_ends += 1
            elif tag == f"{_TEXT}note":
                line.notes += child.findall(f"{_TEXT}note-body")
            elif tag in (f"{_DRAW}frame", f"{_DRAW}custom-shape", f"{_DRAW}g"):
                line.boxes.append(child)
            elif tag not in _NOT_TEXT and isinstance(tag, str) and depth < 100:
                self._inline(child, line, self._look(child, look), depth + 1)
            self._say(child.tail, line, look)

    def _look(self, element: Any, look: tuple[bool, bool, bool]) -> tuple[bool, bool, bool]:
        name = element.get(f"{_TEXT}style-name")
        style = self.styles.styles.get(name or "")
        if style is None:
            return look
        own = (style.bold, style.unseen, style.raised)
        bold, unseen, above = (
            was if now is None else now for now, was in zip(own, look, strict=True)
        )
        return bold, unseen, above

    def _say(self, text: str | None, line: _Line, look: tuple[bool, bool, bool]) -> None:
        bold, unseen, above = look
        if not text or unseen:
            return
        # White space is not kept in OpenDocument: <text:s/> stands for spaces
        said = " ".join(text.split("\n"))
        line.pieces.append(raised(said) if above else said)
        line.spans.append((line.pieces[-1], bold))
        if any(map(str.isalnum, said)):
            line.n_bold += bold
            line.plain.update(() if bold else (line.n_ends,))
