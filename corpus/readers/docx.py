"""Word documents → :class:`~corpus.readers.draft.Draft`: what a reader of the printed page would see."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from typing import Any, Final

from corpus.blocks.divisions import is_division
from corpus.document import Lang, LeftOut, UnreadableDocumentError
from corpus.language import detect
from corpus.readers.charts import CHART, chart_parts, name_of_chart
from corpus.readers.container import tested_zip, xml_tree
from corpus.readers.cut import join_cut
from corpus.readers.diagrams import diagram_paragraphs
from corpus.readers.draft import (
    LINE,
    OF_PAGES,
    PAGE,
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
from corpus.readers.equations import equation
from corpus.readers.fields import Fields, contents_lines, ends_in_page
from corpus.readers.named import (
    has_letters,
    lines_of_names,
    lines_of_tabs,
    parted,
    parts_of_lines,
    run_together,
)
from corpus.readers.numbering import Numbering, W, value_of
from corpus.readers.symbols import in_font, symbol
from corpus.readers.tabbed import cells_of, with_tables
from corpus.readers.tables import LEAST_BELOW_NAMES, MAX_REPEATED_CHARS, may_name, table_parts

_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DGM: Final = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_WP: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

_NOT_TEXT: Final = frozenset(
    {f"{W}{name}" for name in ("del", "moveFrom", "sectPr", "sdtPr", "pPr", "rPr", "instrText")}
    | {f"{W}delText", f"{W}rt", f"{W}delInstrText"}
)
_BREAKS: Final = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
    f"{W}softHyphen": "\xad",
}
_MAX_HEADING_CHARS: Final = 300
_MAX_COLUMNS: Final = 500
_PAGE_NUMBER = re.compile(rf"\W*(?:{PAGE}\W*)?[\divxlc]*\W*(?:{OF_PAGES}\W*\d*)?\W*", re.IGNORECASE)
# "//2.-", which acts in the Río de la Plata have where a page begins
_TYPED_PAGE = re.compile(r"\s*/{2,3}\s*\d{1,3}\s*\.?\s*[-–]?\s*")
# "Casa del Mar — Página", whose number a field shows
_PAGE_BESIDE = re.compile(
    rf"(?<=\w)\s*[-–—|·•/]\s*{PAGE}(?:\W*\d+)?(?:\W*{OF_PAGES}\W*\d*)?\W*\Z", re.IGNORECASE
)


def read_docx(data: bytes) -> Draft:
    """Headings, paragraphs, numbered lists, tables, boxes and notes; not what was deleted, struck out or is hidden."""
    what = "a Word document (.docx)"
    tested_zip(data, what)
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
    except (
        Exception
    ) as error:  # KeyError, ValueError, lxml's and its own errors, by kind of damage.
        raise UnreadableDocumentError(
            f"this is not {what} or it is broken ({one_line(error)}); open it in a word processor "
            "and save it again"
        ) from error
    if page := _pasted_page(document.element.body):
        from corpus.readers.html import read_html

        return read_html(page.encode())
    word = _Word(document.part)
    word.read_margins("header")
    word.read(document.element.body)
    word.read_margins("footer")
    word.read_comments()
    join_cut(word.parts)
    title = title_said(document.core_properties.title or "", word.parts)
    draft = Draft(word.parts, title=title)
    draft.left_out = tuple(word.left_out)
    draft.plain = all(part.kind != "heading" for part in word.parts)
    return draft


# What is counted over so much text that it is the headings of a document, and no list.
_LEAST_TITLES: Final = 4
_MAX_TITLE_WORDS: Final = 14
_MOST_TITLES: Final = 0.8
_LEAST_BELOW_CHARS: Final = 150
_LEAST_TITLED: Final = 3
_ENDED = re.compile(r"[.,;:!?…][\"'»”’)\]]*\Z")


def _make_headings(parts: Sequence[Part], counted: Sequence[int]) -> None:
    """Makes headings of the items at these places, all that one list counts, where they are titles that nobody marked as such: few words
    without a stop, and below most of them a text far longer than they are."""
    titles = [
        n
        for n in counted
        if len(parts[n].text.split()) <= _MAX_TITLE_WORDS and not _ENDED.search(parts[n].text)
    ]
    if len(titles) < _LEAST_TITLES or len(titles) < _MOST_TITLES * len(counted):
        return
    n_below: list[int] = []
    for n, after in pairwise((*counted, len(parts))):
        # What only opens a deeper one has nothing of its own to say
        opens = after < len(parts) and after == n + 1 and parts[after].level > parts[n].level
        if not opens:
            n_below.append(sum(len(part.text) for part in parts[n + 1 : after]))
    n_headed = sum(n >= _LEAST_BELOW_CHARS for n in n_below)
    if n_headed < max(2, 0.6 * len(n_below)):
        return
    level = 0
    wanted = set(titles)
    for n, part in enumerate(parts):
        if n in wanted:
            part.kind, part.level = "heading", min(6, level + part.level)
            part.glue, part.cells = PARAGRAPH, ()
        elif part.kind == "heading":
            level = part.level


def _make_bold_headings(parts: Sequence[Part], bold: Sequence[int]) -> None:
    """Makes headings of the numbered items at these places, all in bold letters, that are a few words over something in others: "6. Membership"
    over "6.1 …", where one list counts both."""
    wanted = set(bold)
    titles = [
        n
        for n in bold
        if parts[n].kind == "item"
        and len(parts[n].text.split()) <= _MAX_TITLE_WORDS
        and parts[n].text[-1] not in ",;"
        and n + 1 < len(parts)
        and (n + 1 not in wanted or parts[n + 1].level > parts[n].level)
        and parts[n + 1].kind in ("item", "paragraph")
        # The last of a list in bold, or of several right above it, stands over nothing
        and not (n - 1 in wanted and (parts[n + 1].strong or _is_listed(parts, wanted, n)))
    ]
    for n in titles if len(titles) > 1 else ():
        part = parts[n]
        depth = part.cells[0].strip(".)").count(".")
        part.kind, part.level, part.glue, part.cells = "heading", min(6, 2 + depth), PARAGRAPH, ()
        parts[n + 1].glue = PARAGRAPH


def _is_listed(parts: Sequence[Part], bold: Collection[int], n: int) -> bool:
    """Whether two items in bold of the same depth stand right above one."""
    return all(at in bold and parts[at].level == parts[n].level for at in (n - 1, n - 2))


_LEAST_ASKED: Final = 5


def _make_answers(parts: Sequence[Part], counted: Sequence[int]) -> None:
    """Makes a paragraph of each item at these places, all that one list counts, that is the one thing between two questions of it, where
    nearly all of them ask: it is the answer, and who wrote it never ended the list."""
    asking = {n for n in counted if "?" in parts[n].text}
    if len(asking) < _LEAST_ASKED or len(asking) < _MOST_TITLES * len(counted):
        return
    for before, n, after in zip(counted, counted[1:], (*counted[2:], -1), strict=False):
        between = n not in asking and before in asking and before == n - 1
        if between and (after in asking or after == -1):
            part = parts[n]
            part.text = part.text.removeprefix(part.cells[0]).lstrip() if part.cells else part.text
            part.kind, part.level, part.glue, part.cells = "paragraph", 0, PARAGRAPH, ()


_TYPED_TITLE = re.compile(r"\d{1,2}\.?[ \t]+\S")
_TYPED_CLAUSE = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3}\.?)[ \t]+\S[^\n]*[.;:,]")


def _make_typed_items(parts: Sequence[Part]) -> None:
    """Makes items of clauses with a typed number, "3.1.2 Has walked three times.", where the titles over them are in bold letters and they are not:
    a short one is no title as those are."""
    body = [part for part in parts if part.kind == "paragraph"]
    if sum(part.strong and _TYPED_TITLE.match(part.text) is not None for part in body) < 2:
        return
    for part in body:
        if not part.strong and (clause := _TYPED_CLAUSE.fullmatch(part.text)):
            part.kind, part.level, part.cells = "item", 1, (clause[1],)


def _with_titles(parts: Parts, titled: Mapping[int, str], n_parted: int) -> Parts:
    """The parts, with the bold first lines of paragraphs as parts of their own where several have one: "Horario", and in the next line, in
    other letters, what it is. ``n_parted`` of them are so already."""
    left = sum(id(part) in titled and part.kind == "paragraph" for part in parts)
    if n_parted + left < _LEAST_TITLED:
        return parts
    found = Parts()
    for part in parts:
        title = titled.get(id(part))
        if title is None:
            found.append(part)
        else:
            found.append(Part(title, glue=part.glue, strong=True))
            found.append(Part(part.text.strip().removeprefix(title).strip(), glue=LINE))
    return found


@dataclass(slots=True)
class _Style:
    """What a style says of its paragraphs, with what it takes from the one it is based on."""

    level: int = 0  # of a heading; -1: a line of a table of contents
    num_id: str | None = None
    num_level: int | None = None
    bold: bool = False
    unseen: frozenset[str] = frozenset()
    above: bool = False
    item: bool = False
    listed: bool = False  # That of the items of any list
    caption: bool = False


def _styles(root: Any) -> dict[str, _Style]:
    elements = {style.get(f"{W}styleId") or "": style for style in root.iter(f"{W}style")}
    # Where ordinary text has a level in the outline, as some programs write it, no level says anything
    outlined = value_of(elements.get("Normal", root), "pPr/outlineLvl") is None
    found: dict[str, _Style] = {}
    for name in elements:
        chain = [name]
        while (base := value_of(elements[chain[-1]], "basedOn")) in elements:
            if base in chain or base is None:
                break
            chain.append(base)
        style = _Style()
        for one in reversed(chain):
            if one in found and style == _Style():
                style = replace(found[one])
            else:
                _add_style(style, elements[one], outlined)
        found[name] = style
    return found


def _add_style(style: _Style, element: Any, outlined: bool) -> None:
    name = (value_of(element, "name") or "").lower()
    numbered = re.fullmatch(r"(?:heading|t[íi]tulo|encabezado) (\d)", name)
    outline = value_of(element, "pPr/outlineLvl") if outlined else None
    if name in ("title", "título", "puesto"):
        style.level = 1
    elif numbered is not None:
        style.level = min(6, max(1, int(numbered[1])))
    elif re.fullmatch(r"sub[- ]?heading", name):
        style.level = 2
    elif re.match(r"(?:toc|tdc|índice) ?\d|table of figures|tabla de ilustraciones", name):
        style.level = -1
    elif outline is not None:
        style.level = _outline_level(outline)
    style.item = style.item or bool(re.match(r"list(?! paragraph)|lista", name))
    style.listed = name in ("list paragraph", "párrafo de lista")
    style.caption = style.caption or name in ("caption", "descripción", "epígrafe")
    num_id, num_level = value_of(element, "pPr/numPr/numId"), value_of(element, "pPr/numPr/ilvl")
    style.num_id = style.num_id if num_id is None else num_id
    style.num_level = style.num_level if num_level is None else int(num_level or 0)
    run = element.find(f"{W}rPr")
    if run is not None:
        style.bold = _is_on(run, "b", style.bold)
        style.unseen = _unseen(run, style.unseen)
        style.above = _is_above(run, style.above)


_LEAST_CLAUSES: Final = 4
_MOST_WORDS: Final = 8
_CLAUSE_END = re.compile(r"(?:[;,]|[;,.] ?(?:and|or|y|e|o|u))\Z")


def _unmark_clauses(body: Any, styles: dict[str, _Style]) -> None:
    """Takes its level from a style of headings that is that of numbered clauses: most of what stands in it begins small, is part of a
    sentence or a whole one."""
    found: dict[str, list[bool]] = {}
    for paragraph in body.iter(f"{W}p"):
        named = value_of(paragraph, "pPr/pStyle") or ""
        style = styles.get(named)
        if style is None or style.level <= 0:
            continue
        own = value_of(paragraph, "pPr/numPr/numId")
        if (own or style.num_id) in (None, "", "0"):
            continue
        said = flat("".join(t.text or "" for t in paragraph.iter(f"{W}t")))
        if said:
            is_long = len(said.split()) > _MOST_WORDS and said[-1] in ".:"
            found.setdefault(named, []).append(
                is_long or said[0].islower() or _CLAUSE_END.search(said) is not None
            )
    for named, clauses in found.items():
        if len(clauses) >= _LEAST_CLAUSES and 2 * sum(clauses) > len(clauses):
            styles[named].level = 0


def _levels_of_text(body: Any) -> frozenset[str]:
    """The levels of the outline that paragraphs have themselves, as pages leave them that are copied into Word, where half of what has one
    is text: a whole sentence, or longer than a title."""
    found: dict[str, list[bool]] = {}
    for paragraph in body.iter(f"{W}p"):
        level = value_of(paragraph, "pPr/outlineLvl")
        said = flat("".join(t.text or "" for t in paragraph.iter(f"{W}t"))) if level else ""
        if level and said:
            is_text = len(said) > _MAX_HEADING_CHARS or said[-1] == "."
            found.setdefault(level, []).append(is_text and len(said.split()) > _MOST_WORDS)
    return frozenset(
        level
        for level, texts in found.items()
        if len(texts) >= _LEAST_CLAUSES and 2 * sum(texts) >= len(texts)
    )


_MAX_BREAKS: Final = 1_000


def _part_at_breaks(body: Any) -> None:
    """Makes two paragraphs of each within whose text another page or column begins: what begins there stands by itself, and is no item."""
    breaks = [one for one in body.iter(f"{W}br") if one.get(f"{W}type") in ("page", "column")]
    for mark in reversed(breaks[:_MAX_BREAKS]):
        run = mark.getparent()
        paragraph = run.getparent()
        # A field reaches from one run to another
        if paragraph.tag != f"{W}p" or paragraph.find(f"{W}r/{W}fldChar") is not None:
            continue
        before, after = _said_around(paragraph, mark)
        if before and after and not after[0].islower():
            paragraph.addnext(_below(paragraph, run, mark))


def _below(paragraph: Any, run: Any, mark: Any) -> Any:
    """What stands behind a mark in a run of a paragraph, as a paragraph that no list counts; it is taken out of the other."""
    below, other = (one.makeelement(one.tag) for one in (paragraph, run))
    looks = (paragraph.find(f"{W}pPr"), run.find(f"{W}rPr"))
    for new, look in zip((below, other), looks, strict=True):
        if look is not None:
            new.append(deepcopy(look))
    if looks[0] is not None:
        for counted in below[0].findall(f"{W}numPr"):
            below[0].remove(counted)
        uncounted = below.makeelement(f"{W}numPr")
        uncounted.append(below.makeelement(f"{W}numId", {f"{W}val": "0"}))
        below[0].append(uncounted)
    other.extend(run[run.index(mark) + 1 :])
    below.append(other)
    below.extend(paragraph[paragraph.index(run) + 1 :])
    run.remove(mark)
    return below


def _said_around(paragraph: Any, mark: Any) -> tuple[str, str]:
    """What a paragraph says before and after an element in it."""
    said = {False: "", True: ""}
    passed = False
    for one in paragraph.iter(f"{W}t", f"{W}br"):
        passed = passed or one is mark
        said[passed] += one.text or ""
    return said[False].strip(), said[True].strip()


# What the source of a web page begins with, where somebody has pasted that and not the page
_PAGE_BEGINS = re.compile(
    r"\s*<(?:!doctype\s+html|html|head|meta|style|body|title)\b[^<>]*>", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
_LEAST_TAGS: Final = 10


# "h1 { color: navy; }" that has lost the element around it
_CSS_RULE = re.compile(r"[^{}<>]{0,200}\{[^{}<>]{0,2000}:[^{}<>]{0,2000}\}")


def _pasted_page(body: Any) -> str:
    """The source of the web page that is the text of a document, all of it or most, below what somebody wrote above it; "" where there is none."""
    if body.find(f"{W}tbl") is not None:
        return ""
    lines = ["".join(t.text or "\n" for t in one.iter(f"{W}t", f"{W}br")).strip() for one in body]
    lines = [line for line in lines if line]
    first = next((n for n, line in enumerate(lines) if _PAGE_BEGINS.match(line)), len(lines))
    above, source = lines[:first], "\n".join(lines[first:])
    whole = len(_TAG.findall(source)) >= _LEAST_TAGS and _TAG.search(lines[-1]) is not None
    if not whole or len(source) < sum(map(len, above)):
        return ""
    if "<style" not in source.lower():
        source = _CSS_RULE.sub("", source)
    return "".join(f"<p>{escape(line)}</p>" for line in above) + source


def _outline_level(value: str) -> int:
    return int(value) + 1 if value in ("0", "1", "2", "3", "4", "5") else 0


def _is_on(properties: Any, name: str, inherited: bool = False) -> bool:
    value = value_of(properties, name)
    return inherited if value is None else value not in ("0", "false", "off", "none")


def _unseen(properties: Any, inherited: frozenset[str]) -> frozenset[str]:
    """Which of struck out, twice struck out and hidden letters are."""
    return frozenset(
        name
        for name in ("strike", "dstrike", "vanish")
        if _is_on(properties, name, name in inherited)
    )


def _is_above(properties: Any, inherited: bool) -> bool:
    """Whether letters stand above the line: raised as such, or put up by a third of their size, as LibreOffice writes it."""
    place = value_of(properties, "vertAlign")
    if place is not None:
        return place == "superscript"
    up, size = (value_of(properties, name) or "" for name in ("position", "sz"))
    return inherited or (up.isdecimal() and size.isdecimal() and 3 * int(up) >= int(size) > 0)


# What may lie behind white letters: shades and marks of their own, a table, a box, a picture behind the text.
_SHADES: Final = ("shd", "highlight", "rStyle")
_FRAMES: Final = frozenset({f"{W}tbl", f"{W}txbxContent"})


def _is_white(run: Any, properties: Any) -> bool:
    """Whether a run is white on white paper, so that nobody sees it."""
    if (value_of(properties, "color") or "").upper() != "FFFFFF":
        return False
    paragraph = next(run.iterancestors(f"{W}p"), None)
    own = None if paragraph is None else paragraph.find(f"{W}pPr")
    if any(properties.find(f"{W}{name}") is not None for name in _SHADES):
        return False
    if own is not None and any(own.find(f"{W}{name}") is not None for name in ("shd", "pStyle")):
        return False
    if any(one.tag in _FRAMES for one in run.iterancestors()):
        return False
    root = run.getroottree().getroot()
    behind = next(root.iter(f"{W}background", f"{W}pict", f"{W}drawing"), None)
    return behind is None


def _is_contents(paragraph: Any) -> bool:
    """Whether a paragraph stands in the frame of a table of contents, whatever its style, and ends in the number of a page."""
    frames = paragraph.iterancestors(f"{W}sdt")
    galleries = (value_of(one, "sdtPr/docPartObj/docPartGallery") for one in frames)
    return any(name == "Table of Contents" for name in galleries) and ends_in_page(paragraph)


_LANGUAGE_SAMPLE_CHARS: Final = 20_000


def _language_of(part: Any) -> Lang:
    """The language that a document is written in, by its words."""
    sample = ""
    for said in part.element.iter(f"{W}t"):
        sample += f"{said.text or ''} "
        if len(sample) > _LANGUAGE_SAMPLE_CHARS:
            break
    return detect(clean(sample))[0]


class _Word:
    """The paragraphs and tables of a WordprocessingML body, in order.

    python-docx's own ``paragraph.text`` leaves out tracked insertions and content controls, which a
    reader of the page does see, and automatic numbers; so the elements are walked here.
    """

    def __init__(self, part: Any, *, within: bool = False) -> None:
        self.part = part
        self.within = within  # a document inside another one
        self.parts = Parts()
        self.left_out: list[LeftOut] = []
        self.styles: dict[str, _Style] = {}
        self.of_text = frozenset[str]()  # The levels that mark text as well as titles.
        self.numbering = Numbering(None)
        self.notes: dict[tuple[str, str], Any] = {}
        self.noted: list[tuple[str, str]] = []
        self.was_item = False
        self.counted: dict[str, list[Part]] = {}  # Items with a number, by what counts them.
        self.bold: list[int] = []  # Those that are all in bold.
        self.titled: dict[int, str] = {}  # The bold first lines of paragraphs in other letters.
        self.n_titles = 0  # And how many of them were parted from their paragraph when it was read.
        self.columns: dict[int, list[str]] = {}  # What the tabs of a paragraph part.
        self.drawn: set[Any] = set()  # The paragraphs that are labels of a drawn plan.
        self.contents: set[Any] = set()  # The lines of a table of contents that a field makes.
        self.named: set[int] = set()  # Those whose first is in bold, and no other.
        self.cell_strong = self.row_strong = False  # Of the cell and the row that were read last.
        self.capital = ""  # The first letter of the next paragraph, in a frame of its own.
        self.joins: Part | None = (
            None  # The paragraph whose end was deleted: the next goes on with it.
        )
        for relation in part.rels.values():
            if relation.is_external:
                continue
            kind = relation.reltype.rsplit("/", 1)[-1]
            if kind == "styles":
                self.styles = _styles(xml_tree(_blob(relation)))
            elif kind == "numbering":
                blob = _blob(relation)
                worded = re.search(rb"ordinal|cardinalText", blob) is not None
                self.numbering = Numbering(xml_tree(blob), _language_of(part) if worded else "es")
            elif kind in ("footnotes", "endnotes"):
                for note in xml_tree(_blob(relation)):
                    if note.get(f"{W}type") in (None, "normal"):
                        self.notes[kind[:-1], note.get(f"{W}id") or ""] = note

    def read(self, body: Any) -> None:
        """The whole body, each footnote at the end of the section that refers to it."""
        _part_at_breaks(body)
        _unmark_clauses(body, self.styles)
        self.of_text = _levels_of_text(body)
        self.contents = set(contents_lines(body))
        self.drawn = _labels_of_plans(body)
        self.blocks(body)
        self.end_section()
        for note in self.notes.values():  # endnotes, and what nothing refers to
            self.note(note)
        places = {id(part): n for n, part in enumerate(self.parts)}
        for items in self.counted.values():
            counted = [places[id(item)] for item in items if id(item) in places]
            _make_answers(self.parts, counted)
            _make_headings(self.parts, counted)
        _make_bold_headings(self.parts, [places[one] for one in self.bold if one in places])
        _make_typed_items(self.parts)
        parts = _with_titles(self.parts, self.titled, self.n_titles)
        self.parts = with_tables(parts, self.columns, self.named)

    def blocks(self, element: Any) -> None:
        stack = [iter(element)]
        while stack:
            child = next(stack[-1], None)
            if child is None:
                stack.pop()
            elif child.tag == f"{W}p":
                self.paragraph(child)
            elif child.tag == f"{W}tbl":
                self.table(child)
            elif child.tag == f"{W}altChunk":
                self.parts += self.alternative(child.get(f"{_R}id"))
                self.was_item = False
            elif child.tag == f"{_MC}AlternateContent":
                stack.append(_chosen(child))
            elif child.tag not in _NOT_TEXT and isinstance(child.tag, str):
                stack.append(iter(child))

    def paragraph(self, element: Any) -> None:
        line = self.line(element)
        if _is_drop_cap(element):
            self.capital += "".join(line.pieces)
            self.after(line)
            return
        line.pieces.insert(0, self.capital)
        self.capital = ""
        number, depth, style = self.numbered(element)
        level = -1 if element in self.contents or _is_contents(element) else style.level
        text = line.text
        if style.listed and depth and not (line.strong or text.isupper()):
            level = 0  # An item of a list, whatever level of the outline it was given
        joined, self.joins = self.joins, None
        if joined is not None and text.strip():
            joined.text = f"{joined.text.rstrip()} {text.strip()}"
            self.columns.pop(id(joined), None)
            self.joins = joined if _is_mark_gone(element) else None
            self.after(line)
            return
        if level > 0 and len(text) > _MAX_HEADING_CHARS:
            level = 0
        is_long = len(text.split()) > _MOST_WORDS and not line.strong
        if is_long and value_of(element, "pPr/outlineLvl") in self.of_text:
            level = 0
        if not text.strip() or _TYPED_PAGE.fullmatch(text):
            self.left_out += [LeftOut(text, 0, "page number")] if text.strip() else []
            self.after(line)
            return
        if level > 0:
            self.end_section()
        # Before a division such as "Cláusula 4.ª" the rules for lines make a heading of it
        is_item = (bool(depth) or style.item) and level == 0 and not is_division(number)
        whole = f"{number} {text}" if number else text
        part = Part(whole, max(0, level), LINE if is_item and self.was_item else PARAGRAPH)
        if is_item:
            part.kind, part.level = "item", max(1, min(6, depth))
            part.cells = (number,) if number else ()
            if number and style.num_id is not None:
                self.counted.setdefault(style.num_id, []).append(part)
            if number and line.strong:
                self.bold.append(id(part))
        elif level < 0:
            part.kind = "contents"
            part.glue = LINE if self.parts and self.parts[-1].kind == "contents" else PARAGRAPH
        elif not level and (style.caption or (element in self.drawn and not line.strong)):
            part.kind = "caption"
        part.strong = line.strong and not level and not is_item
        named = part.kind == "paragraph" and not (line.strong or number)
        labels = self.labels(line) if named else []
        self.parts += labels or [part]
        if part.kind == "paragraph" and not number:
            self.columns.update(line.columns(self.parts[-max(1, len(labels)) :]))
            self.named.update((id(self.parts[-1]),) if line.is_named else ())
            self.n_titles += bool(labels) and labels[0].strong
            if len(labels) < 2 and (title := line.title):
                self.titled[id(self.parts[-1])] = title
        self.joins = part if _is_mark_gone(element) else None
        self.was_item = is_item
        self.after(line)

    def labels(self, line: _Line) -> list[Part]:
        """The names with their values, or paragraphs, that one paragraph is; [] where it is only one."""
        return (
            lines_of_tabs(line.cells)
            or lines_of_names(line.text, line.spans)
            or parts_of_lines(line.lines)
            or parted(line.lines)
            or run_together(clean("".join(line.pieces)))
        )

    def after(self, line: _Line) -> None:
        """What a paragraph holds besides its own text."""
        self.noted += line.notes
        for box in line.boxes:
            was_item, self.was_item = self.was_item, False
            if upright := _upright(box, self.drawn):
                self.parts.append(Part(upright, kind="caption"))
                continue
            self.blocks(box)
            self.was_item = was_item and not len(box)
        for diagram in line.diagrams:
            self.parts += self.diagram(diagram)
        for chart in line.charts:
            if (root := self.drawing(chart)) is not None:
                self.parts += chart_parts(root)
                self.was_item = False

    def numbered(self, element: Any, *, empty: bool = False) -> tuple[str, int, _Style]:
        """The number that is shown before a paragraph, its nesting in a list (0 for none), its style with its own level.

        ``empty``: one without text has a number as well.
        """
        properties = element.find(f"{W}pPr")
        named = (value_of(properties, "pStyle") if properties is not None else None) or ""
        style = replace(self.styles.get(named) or _default_style(self.styles))
        num_id, level = style.num_id, style.num_level
        if level is None and num_id is not None:
            level = self.numbering.level_of_style(num_id, named)
        if properties is not None:
            own = value_of(properties, "numPr/numId")
            own_level = value_of(properties, "numPr/ilvl")
            num_id = num_id if own is None else own
            level = level if not own_level else int(own_level)
            outline = value_of(properties, "outlineLvl")
            if outline is not None and style.level >= 0:
                style.level = _outline_level(outline)
            if value_of(properties, "rPr/del") is not None and not _has_text(element):
                return "", 0, style
        if num_id in (None, "", "0") or not (empty or _has_text(element)):
            return "", 0, style
        assert num_id is not None
        style.num_id = num_id
        return self.numbering.shown(num_id, level or 0), 1 + (level or 0), style

    def line(self, element: Any) -> _Line:
        """The text of a paragraph and what hangs on it."""
        named = value_of(element, "pPr/pStyle") or ""
        style = self.styles.get(named) or _default_style(self.styles)
        line = _Line(self.styles, style, self.left_out)
        prompt = next(filter(_prompts, element.iterancestors(f"{W}sdt")), None)
        if prompt is None:
            line.read(element)
        else:
            line.leave_out(element, "template")
        return line

    def table(self, element: Any) -> None:
        self.was_item, self.joins = False, None
        rows = []
        for row in _own(element, "tr"):
            if _is_gone(row):
                said = " ".join(t.text or "" for t in row.iter(f"{W}t", f"{W}delText"))
                reason = "hidden" if _is_on_row(row, "hidden") else "deleted"
                self.left_out.append(LeftOut(said, 0, reason))
            else:
                rows.append(row)
        if all(len(list(_own(row, "tc"))) <= 1 for row in rows):
            for row in rows:  # a frame around text
                for cell in _own(row, "tc"):
                    self.blocks(cell)
            self.was_item = False
            return
        inner: list[Any] = []
        cells: list[list[str]] = []
        n_headers = 0
        bold: list[bool] = []
        for number, row in enumerate(rows):
            if n_headers == number and _is_on_row(row, "tblHeader"):
                n_headers += 1
            cells.append(self.row(row, cells[-1] if cells else [], inner))
            bold.append(self.row_strong)
        if not n_headers and len(rows) > LEAST_BELOW_NAMES and bold[0] and sum(bold) == 1:
            n_headers = int(may_name(cells[0]))
        over = [n for n, row in enumerate(rows) if len(list(_own(row, "tc"))) == 1]
        self.parts += table_parts(cells, n_headers, over)
        for table in inner:
            self.table(table)
        self.was_item = False

    def row(self, row: Any, above: list[str], inner: list[Any]) -> list[str]:
        """The cells of a row by column; tables inside them that have rows and columns go to ``inner``."""
        found: list[str] = []
        counted: list[str] = []
        strong: list[bool] = []
        skipped = value_of(row, "trPr/gridBefore") or ""
        found += [""] * _few(skipped, 0)
        for cell in _own(row, "tc"):
            if value_of(cell, "tcPr/cellDel") is not None:
                said = " ".join(t.text or "" for t in cell.iter(f"{W}t", f"{W}delText"))
                self.left_out.append(LeftOut(said, 0, "deleted"))
                continue
            merged = value_of(cell, "tcPr/vMerge")
            at = len(found)
            if merged is not None and merged != "restart":
                text = above[at] if at < len(above) else ""
                text = text if len(text) <= MAX_REPEATED_CHARS else ""
            else:
                text = self.cell(cell, inner)
                strong += [self.cell_strong] if text else []
                counted += [text] if text and not _is_written(cell) else []
            found.append(text)
            found += [""] * (_few(value_of(cell, "tcPr/gridSpan") or "", 1) - 1)
        self.row_strong = len(strong) > 1 and all(strong)
        blank = [text for text in found if text] == counted
        return [""] * len(found) if blank else found  # A line of a form, to be filled in

    def cell(self, cell: Any, inner: list[Any]) -> str:
        said: list[tuple[str, bool]] = []
        strong: list[bool] = []
        content = list(_content(cell))
        alone = len(content) == 1  # Where it has no text its number is that of the row
        for child in content:
            if child.tag == f"{W}p":
                line = self.line(child)
                strong += [line.strong] if has_letters(line.text) else []
                number, depth, style = self.numbered(child, empty=alone)
                shown = number and (alone or line.text.strip())
                text = f"{number} {line.text}" if shown else line.text
                said.append((text, (depth > 0 or style.item) and not number))
                self.noted += line.notes
                for box in line.boxes:
                    said.append((self.cell(box, inner), False))
            else:
                rows = list(_own(child, "tr"))
                if len(rows) > 1 and any(len(list(_own(row, "tc"))) > 1 for row in rows):
                    inner.append(child)
                else:
                    cells = (one for row in rows for one in _own(row, "tc"))
                    said += [(self.cell(one, inner), False) for one in cells]
        self.cell_strong = strong != [] and all(strong)
        return in_cell(said)

    def end_section(self) -> None:
        """The notes that the section refers to."""
        for key in self.noted:
            note = self.notes.get(key) if key[0] == "footnote" else None
            if note is not None:
                del self.notes[key]
                self.note(note)
        self.noted = []

    def note(self, note: Any) -> None:
        for paragraph in note.iter(f"{W}p"):
            self.parts.append(Part(self.line(paragraph).text, kind="footnote"))
        self.was_item = False

    def read_margins(self, kind: str) -> None:
        """What stands above or below every page, once; not the page numbers."""
        said = {part.text for part in self.parts}
        for relation in self.part.rels.values():
            if relation.is_external or relation.reltype.rsplit("/", 1)[-1] != kind:
                continue
            margin = _Word(relation.target_part, within=True)
            margin.styles, margin.numbering = self.styles, self.numbering
            margin.blocks(xml_tree(_blob(relation)))
            for part in margin.parts:
                part.text = _PAGE_BESIDE.sub("", part.text)
                if part.text not in said and not _PAGE_NUMBER.fullmatch(flat(part.text)):
                    said.add(part.text)
                    part.strong = False
                    self.parts.append(part)

    def read_comments(self) -> None:
        """What stands in the margin about the text, which is not the text."""
        for relation in self.part.rels.values():
            if not relation.is_external and relation.reltype.endswith("/comments"):
                for comment in xml_tree(_blob(relation)).iter(f"{W}comment"):
                    said = " ".join(t.text or "" for t in comment.iter(f"{W}t"))
                    self.left_out.append(LeftOut(said, 0, "comment"))

    def diagram(self, name: str) -> list[Part]:
        """The words of a drawn diagram."""
        parts: list[Part] = []
        root = self.drawing(name)
        for paragraph, level in () if root is None else diagram_paragraphs(root):
            said = (one.text or " " for one in paragraph.iter(f"{_A}t", f"{_A}br"))
            if text := flat("".join(said)):
                parts.append(Part(text, kind="item", level=level))
        return parts

    def drawing(self, name: str) -> Any:
        """The part of the file that a diagram or a chart is in; None where there is none."""
        relation = self.part.rels.get(name)
        return None if relation is None or relation.is_external else xml_tree(_blob(relation))

    def alternative(self, name: str | None) -> list[Part]:
        """A whole file of another format that stands in place of paragraphs."""
        relation = self.part.rels.get(name or "")
        if relation is None or relation.is_external or self.within:
            return []
        blob, kind = _blob(relation), relation.target_part.content_type
        if "html" in kind:
            from corpus.readers.html import read_html

            return read_html(blob).parts
        if "wordprocessingml" in kind:
            import docx

            tested_zip(blob, "a Word document (.docx)")
            document = docx.Document(io.BytesIO(blob))
            inner = _Word(document.part, within=True)
            inner.read(document.element.body)
            return inner.parts
        if kind.startswith("text/plain"):
            from corpus.readers.text import read_txt

            return read_txt(blob).parts
        return []


class _Line:
    """The text of one paragraph as it is read, with the boxes, diagrams and notes that hang on it."""

    def __init__(self, styles: dict[str, _Style], style: _Style, left_out: list[LeftOut]) -> None:
        self.styles = styles
        self.left_out = left_out
        self.style = style
        self.fields = Fields()
        self.pieces: list[str] = []
        self.boxes: list[Any] = []
        self.diagrams: list[str] = []
        self.charts: list[str] = []
        self.notes: list[tuple[str, str]] = []
        self.spans: list[tuple[str, bool]] = []  # What each run says, and whether it is bold.
        self.n_bold = self.n_ends = 0
        self.plain: set[int] = set()  # The numbers of the lines in which not every letter is bold.

    @property
    def text(self) -> str:
        return "\n".join(flat(line) for line in clean("".join(self.pieces)).split("\n"))

    @property
    def title(self) -> str:
        """The first line, if it alone is bold, and few words without a stop; else ""."""
        (first, bold), *others = [(one, bold) for one, bold in self.lines if one]
        if not others or not bold or not self.n_bold or any(bold for _, bold in others):
            return ""
        few = len(first.split()) <= _MAX_TITLE_WORDS and has_letters(first)
        return first if few and first[-1] not in ".,;" else ""

    @property
    def cells(self) -> list[str]:
        """What its tabs part, if it is one line of short cells."""
        return cells_of(clean("".join(self.pieces)))

    def columns(self, parts: Sequence[Part]) -> dict[int, list[str]]:
        """What the tabs of each line part, by the identity of the part that it is; of one line, that of the last."""
        lines = [line for line in clean("".join(self.pieces)).split("\n") if line.strip()]
        if len(lines) == len(parts) > 1:
            return {id(part): cells_of(line) for part, line in zip(parts, lines, strict=True)}
        return {id(parts[-1]): self.cells}

    @property
    def is_named(self) -> bool:
        """Whether what stands before its first tab is in bold, and nothing behind it."""
        before: list[bool] = []
        behind: list[bool] = []
        parted = False
        for piece, bold in self.spans:
            first, tab, rest = ("", "", piece) if parted else piece.partition("\t")
            before += [bold] if first.strip() else []
            behind += [bold] if rest.strip() else []
            parted = parted or tab != ""
        return before != [] and all(before) and behind != [] and not any(behind)

    @property
    def strong(self) -> bool:
        """Whether every letter is bold."""
        return self.n_bold > 0 and not self.plain

    @property
    def lines(self) -> list[tuple[str, bool]]:
        """The lines, each with whether it is bold."""
        return [(line, n not in self.plain) for n, line in enumerate(self.text.split("\n"))]

    def read(self, element: Any) -> None:
        self.fields = Fields(element)
        stack = [iter(element)]
        while stack:
            child = next(stack[-1], None)
            if child is None:
                stack.pop()
            elif child.tag == f"{W}r":
                self.run(child)
            elif child.tag == f"{_M}oMath":
                self.pieces.append(f" {equation(child)} ")
            elif child.tag == f"{_MC}AlternateContent":
                stack.append(_chosen(child))
            elif child.tag == f"{W}del":
                self.leave_out(child, "deleted")
            elif child.tag == f"{W}sdt" and _prompts(child):
                self.leave_out(child, "template")
            elif child.tag not in _NOT_TEXT and isinstance(child.tag, str):
                stack.append(iter(child))

    def leave_out(self, element: Any, reason: str) -> None:
        """Notes what an element says, which is no text."""
        said = "".join(t.text or "" for t in element.iter(f"{W}delText", f"{W}t"))
        if said.strip():
            self.left_out.append(LeftOut(said, 0, reason))

    def run(self, run: Any) -> None:
        """A stretch of equal letters."""
        properties = run.find(f"{W}rPr")
        bold, unseen = self.style.bold, self.style.unseen
        above, font = self.style.above, ""
        if properties is not None:
            style = self.styles.get(value_of(properties, "rStyle") or "")
            if style is not None:
                bold, unseen = bold or style.bold, unseen | style.unseen
                above = above or style.above
            bold = _is_on(properties, "b", bold)
            unseen = _unseen(properties, unseen)
            if _is_white(run, properties):
                unseen = unseen | {"white"}
            above = _is_above(properties, above)
            fonts = properties.find(f"{W}rFonts")
            font = "" if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or ""
        if unseen:
            for mark in run.iter(f"{W}fldChar"):
                self.fields.pass_mark(mark, len(self.pieces))
            reason = "hidden" if unseen & {"vanish", "white"} else "struck out"
            said = "".join(t.text or "" for t in run.iter(f"{W}t"))
            if said.strip():
                self.left_out.append(LeftOut(said, 0, reason))
            return
        begun = len(self.pieces)
        self.content(run)
        said = "".join(self.pieces[begun:])
        if above:
            self.pieces[begun:] = [raised(said)]
        elif font:
            self.pieces[begun:] = [in_font(font, said)]
        lines = [n for n, line in enumerate(said.split("\n"), self.n_ends) if has_letters(line)]
        self.n_ends += said.count("\n")
        self.n_bold += bold and bool(lines)
        self.spans.append(("".join(self.pieces[begun:]), bold))
        self.plain.update(() if bold else lines)

    def say(self, piece: str) -> None:
        """Adds what a page shows at this place, which the code of a field is not."""
        if piece and not self.fields.in_code:
            self.pieces.append(piece)

    def content(self, run: Any) -> None:
        stack = [iter(run)]
        while stack:
            child = next(stack[-1], None)
            if child is None:
                stack.pop()
            elif child.tag == f"{W}fldChar":
                self.say(self.fields.pass_mark(child, len(self.pieces)))
            elif child.tag == f"{W}t":
                self.say(child.text or "")
            elif child.tag in _BREAKS:
                self.say(_BREAKS[child.tag])
            elif child.tag == f"{W}sym":
                self.say(symbol(child.get(f"{W}font") or "", child.get(f"{W}char") or ""))
            elif child.tag == f"{W}txbxContent":
                self.boxes.append(child)
            elif child.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                kind = "footnote" if child.tag == f"{W}footnoteReference" else "endnote"
                self.notes.append((kind, child.get(f"{W}id") or ""))
            elif child.tag == CHART:
                self.charts.append(name_of_chart(child))
            elif child.tag == f"{_DGM}relIds":
                self.diagrams.append(child.get(f"{_R}dm") or "")
            elif child.tag == f"{_MC}AlternateContent":
                stack.append(_chosen(child))
            elif child.tag not in _NOT_TEXT and isinstance(child.tag, str):
                stack.append(iter(child))


_LEAST_SHAPES: Final = 8
_MAX_GAP: Final = 3
_MAX_LABEL_WORDS: Final = 5


def _labels_of_plans(body: Any) -> set[Any]:
    """The paragraphs, also those in boxes, among many shapes that are drawn over the text close together, where each says a few words: the
    labels of a plan."""
    found: set[Any] = set()
    run: list[Any] = []
    n_shapes = gap = 0
    for block in (*body, None):
        own = 0 if block is None else sum(1 for _ in block.iter(f"{_WP}wrapNone"))
        gap = 0 if own else gap + 1
        said = "" if block is None else "".join(t.text or "" for t in block.iterfind(f"{W}r/{W}t"))
        few = len(said.split()) <= _MAX_LABEL_WORDS and said.rstrip()[-1:] not in (".", ":")
        if (
            block is not None
            and block.tag == f"{W}p"
            and few
            and (own or (run and gap <= _MAX_GAP))
        ):
            run.append(block)
            n_shapes += own
            continue
        if n_shapes >= _LEAST_SHAPES:
            del run[len(run) - min(gap - 1, len(run)) :]
            found.update(one for drawn in run for one in drawn.iter(f"{W}p"))
        run, n_shapes = [], 0
    return found


def _upright(box: Any, drawn: set[Any]) -> str:
    """The word that a narrow box of a drawn plan says in letters one below the other; "" for any other box."""
    if drawn.isdisjoint(box):
        return ""
    lines = ["".join(t.text or "" for t in one.iter(f"{W}t")).strip() for one in _content(box)]
    lines = [line for line in lines if line]
    narrow = len(lines) > 2 and all(len(line) <= 2 and line.isalpha() for line in lines)
    return "".join(lines) if narrow else ""


def _prompts(control: Any) -> bool:
    """Whether a content control shows what is to be filled in: "Click here to enter text"."""
    properties = control.find(f"{W}sdtPr")
    return properties is not None and _is_on(properties, "showingPlcHdr")


def _blob(relation: Any) -> bytes:
    blob: bytes = relation.target_part.blob
    return blob


def _chosen(element: Any) -> Iterator[Any]:
    """What is read of several drawings of the same thing."""
    for name in ("Choice", "Fallback"):
        found = element.find(f"{_MC}{name}")
        if found is not None:
            return iter(found)
    return iter(())


def _default_style(styles: dict[str, _Style]) -> _Style:
    return styles.get("Normal") or _Style()


def _has_text(element: Any) -> bool:
    return any(True for tag in ("t", "sym") for _ in element.iter(f"{W}{tag}")) or any(
        True for _ in element.iter(f"{_M}t")
    )


def _is_written(cell: Any) -> bool:
    """Whether runs of a cell hold anything, text or what else a page shows: its number stands in none."""
    inside = (child for run in cell.iter(f"{W}r", f"{_M}r") for child in run)
    return any(child.tag != f"{W}rPr" and (child.text or child.tag != f"{W}t") for child in inside)


def _own(element: Any, name: str) -> Iterator[Any]:
    """The rows of a table, or cells of a row, also those in content controls; not of a table inside."""
    wanted = f"{W}{name}"
    stack = [iter(element)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag == wanted:
            yield child
        elif child.tag not in (f"{W}tbl", f"{W}p", f"{W}tr", f"{W}tc", f"{W}del"):
            stack.append(iter(child))


def _content(cell: Any) -> Iterator[Any]:
    """The paragraphs and tables of a cell or box."""
    stack = [iter(cell)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag not in _NOT_TEXT:
            stack.append(iter(child))


def _is_drop_cap(paragraph: Any) -> bool:
    """Whether a paragraph is the first letter of the next, drawn large in a frame of its own."""
    frame = paragraph.find(f"{W}pPr/{W}framePr")
    return frame is not None and frame.get(f"{W}dropCap") in ("drop", "margin")


def _is_mark_gone(paragraph: Any) -> bool:
    """Whether the end of a paragraph was deleted."""
    return value_of(paragraph, "pPr/rPr/del") is not None


def _is_gone(row: Any) -> bool:
    """Whether a row was deleted or is hidden."""
    return value_of(row, "trPr/del") is not None or _is_on_row(row, "hidden")


def _is_on_row(row: Any, name: str) -> bool:
    properties = row.find(f"{W}trPr")
    return properties is not None and _is_on(properties, name)


def _few(value: str, default: int) -> int:
    return min(_MAX_COLUMNS, int(value)) if value.isdecimal() and len(value) < 6 else default
