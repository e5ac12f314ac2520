"""Web pages that programs make of PDFs (pdf2htmlEX, pdftohtml) put every line at its place: lines → parts, as of a PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from corpus.document import LeftOut
from corpus.readers.draft import Draft, Parts, flat
from corpus.readers.pdf.furniture import without_furniture
from corpus.readers.pdf.paragraphs import parts_of
from corpus.readers.pdf.runs import Run, Sheet
from corpus.readers.pdf.titles import title_of

_CLASS = re.compile(r"\.([\w-]+)\s*\{([^{}]*)\}")
_LENGTH = re.compile(
    r"(?:^|;)\s*(left|top|bottom|font-size)\s*:\s*(-?\d{1,6}(?:\.\d{1,9})?)px", re.IGNORECASE
)
_PLACED = re.compile(r"(?:^|;)\s*position\s*:\s*absolute", re.IGNORECASE)
_SCALE = re.compile(r"(?:^|;)\s*transform\s*:\s*matrix\(\s*(\d{0,4}\.?\d{1,9})", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)|font-family\s*:[^;]*bold", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# A line holds none of these; what does is a part of a page that is laid out.
_BLOCKS: Final = "p, div, li, table, h1, h2, h3, h4, h5, h6, section, article, button, form"
_MAX_AROUND: Final = 30
_LEAST_HEIGHT: Final = 1.0
# Fewer lines are a picture with its legends, and where less of the page stands in them they lay something upon it.
_LEAST_LINES: Final = 20
_LEAST_SHARE: Final = 0.8
# A letter is on the average so much narrower than high.
_LETTER_WIDTH: Final = 0.5
_USUAL_HEIGHT: Final = 16.0


def positioned_draft(root: Any, sheets: str) -> Draft | None:
    """The page as a PDF of the same lines would be read, without numbers of pages; None for one that is no such page.

    ``sheets``: its style sheets, as they hold on a screen.
    """
    styles: dict[str, str] = {}
    for name, style in _CLASS.findall(sheets):
        styles[name] = f"{styles.get(name, '')};{style}"
    placed: dict[int, tuple[Any, str]] = {}
    for node in root.css("div, p, span"):
        style = _style(node, styles)
        if _PLACED.search(style):
            placed[node.mem_id] = (node, style)
    around = {key: _around(node, placed) for key, (node, _) in placed.items()}
    if len(placed) < _LEAST_LINES or any(chain is None for chain in around.values()):
        return None
    holders = {key for chain in around.values() for key in chain or ()}
    pages: dict[int, Sheet] = {}
    left_out: list[LeftOut] = []
    n_chars = 0
    for key, (node, style) in placed.items():
        text = "" if key in holders or _has_blocks(node) else flat(" ".join(_pieces(node)))
        if not text:
            continue
        n_chars += len(text)
        chain = [key, *(around[key] or ())]
        of = placed[chain[-1]][0].parent.mem_id
        sheet = pages.setdefault(of, Sheet(len(pages) + 1))
        run = _run(text, node, [placed[one][1] for one in chain], sheet.page)
        if run.height < _LEAST_HEIGHT or _HIDDEN.search(style):
            left_out.append(LeftOut(text, 0, "hidden"))
        else:
            sheet.runs.append(run)
    runs = [run for sheet in pages.values() for run in sheet.runs]
    if len(runs) < _LEAST_LINES or n_chars < _LEAST_SHARE * _n_chars(root):
        return None
    left_out += without_furniture(list(pages.values()))
    runs = [run for sheet in pages.values() for run in sheet.runs]
    parts = Parts(parts_of(runs))
    for part in parts:
        part.page = 0
    return Draft(
        parts,
        title=title_of("", runs),
        left_out=tuple(LeftOut(one.text, 0, one.reason) for one in left_out),
    )


def _style(node: Any, styles: dict[str, str]) -> str:
    """What a style sheet says of the classes of an element, and what it says itself."""
    attributes: dict[str, str | None] = node.attributes or {}
    own = [styles.get(name, "") for name in (attributes.get("class") or "").split()]
    return ";".join((*own, attributes.get("style") or ""))


def _around(node: Any, placed: dict[int, tuple[Any, str]]) -> list[int] | None:
    """The elements with a place of their own around one, from the inside out; None where it stands deeper than any line."""
    found: list[int] = []
    for _ in range(_MAX_AROUND):
        node = node.parent
        if node is None:
            return found
        if node.mem_id in placed:
            found.append(node.mem_id)
    return None


def _has_blocks(node: Any) -> bool:
    return any(one.mem_id != node.mem_id for one in node.css(_BLOCKS))


def _pieces(node: Any) -> list[str]:
    """The text of a line, in one piece, and in several where it is broken."""
    pieces = [""]
    for child in node.traverse(include_text=True):
        if child.tag == "br":
            pieces.append("")
        elif child.tag == "-text":
            pieces[-1] += child.text_content or ""
    return pieces


def _run(text: str, node: Any, styles: Sequence[str], page: int) -> Run:
    """A line at its place on a page; ``styles``: its own, and those around it from the inside out."""
    lengths = [
        {name.lower(): float(value) for name, value in _LENGTH.findall(one)} for one in styles
    ]
    scale = _SCALE.search(styles[0])
    height = lengths[0].get("font-size", _USUAL_HEIGHT) * (float(scale[1]) if scale else 1.0)
    left = sum(one.get("left", 0.0) for one in lengths)
    bottom = sum(one.get("bottom", -one.get("top", 0.0)) for one in lengths)
    bold = node.css_first("b, strong")
    return Run(
        text=text,
        page=page,
        left=left,
        bottom=bottom,
        right=left + _LETTER_WIDTH * height * len(text),
        height=height,
        bold=_BOLD.search(styles[0]) is not None
        or (bold is not None and flat(bold.text()) == text),
    )


def _n_chars(root: Any) -> int:
    """The letters of a page without the outline that stands beside it."""
    beside = root.css_first("#sidebar")
    said = " ".join(
        node.text_content or ""
        for node in root.css_first("body").traverse(include_text=True)
        if node.tag == "-text" and node.parent.tag not in ("script", "style")
    )
    return len(flat(said)) - (0 if beside is None else len(flat(beside.text())))
