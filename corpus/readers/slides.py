"""PowerPoint presentations → :class:`~corpus.readers.draft.Draft`: a slide is a page, its title a heading."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from corpus.document import LeftOut, UnreadableDocumentError
from corpus.readers.container import tested_zip
from corpus.readers.draft import (
    LINE,
    PARAGRAPH,
    Draft,
    Part,
    clean,
    flat,
    in_cell,
    one_line,
    raised,
)
from corpus.readers.equations import equation
from corpus.readers.numbering import letters, roman
from corpus.readers.tables import table_parts

_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MAX_DEPTH: Final = 20
_MAX_HEADING_CHARS: Final = 300
_MAX_LINE_CHARS: Final = 80
# By the words that the format has for placeholders
_FURNITURE: Final = frozenset({"dt", "ftr", "sldNum", "hdr"})
_TITLES: Final = frozenset({"title", "ctrTitle"})
_BULLETED: Final = frozenset({"body", "obj", ""})
_NUMBERS: Final[dict[str, Callable[[int], str]]] = {
    "arabic": str,
    "alphaLc": letters,
    "alphaUc": lambda n: letters(n).upper(),
    "romanLc": lambda n: roman(n).lower(),
    "romanUc": roman,
}


def read_pptx(data: bytes) -> Draft:
    """The slides that are shown, each with its title, lists, tables and notes."""
    what = "a PowerPoint presentation (.pptx)"
    tested_zip(data, what)
    import pptx

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            presentation = pptx.Presentation(io.BytesIO(data))
    except Exception as error:  # KeyError, ValueError and others, by kind of damage
        raise UnreadableDocumentError(
            f"this is not {what} or it is broken ({one_line(error)}); open it in its program and save it again"
        ) from error
    draft = Draft(title=presentation.core_properties.title or "")
    for number, slide in enumerate(presentation.slides, start=1):
        draft.n_pages = number
        if slide.element.get("show") in ("0", "false"):
            title = slide.shapes.title
            said = flat(_said(title)) if title is not None else ""
            draft.left_out += (LeftOut(said, number, "hidden slide"),)
            continue
        draft.left_out += tuple(_unread(slide, number))
        parts = list(_slide(slide))
        for part in parts:
            part.page = number
        draft.parts += parts
    # A title further on is not that of the presentation
    draft.heading_is_title = any(part.level and part.page == 1 for part in draft.parts)
    return draft


def _unread(slide: Any, number: int) -> Iterator[LeftOut]:
    """The date and foot that every slide repeats, and what is struck out."""
    for shape in _flat_shapes(slide.shapes, 0):
        if _role(shape) in _FURNITURE and shape.has_text_frame:
            is_number = _role(shape) == "sldNum"
            reason = "page number" if is_number else "repeated at the edge of pages"
            said = flat(_said(shape))
            if said:
                yield LeftOut(said, number, reason)
        for run in shape.element.iter(f"{_A}r"):
            properties = run.find(f"{_A}rPr")
            if properties is not None and properties.get("strike") not in (None, "noStrike"):
                said = "".join(t.text or "" for t in run.iterchildren(f"{_A}t"))
                yield LeftOut(said, number, "struck out")


def _slide(slide: Any) -> Iterator[Part]:
    shapes = [s for s in _flat_shapes(slide.shapes, 0) if _role(s) not in _FURNITURE]
    titles = [shape for shape in shapes if _role(shape) in _TITLES and _said(shape)]
    titles = titles or _line_on_top(shapes)
    for shape in titles:
        title = flat(_said(shape))
        yield Part(title, level=1 if len(title) <= _MAX_HEADING_CHARS else 0)
    for shape in _figures_below(shapes):
        if shape in titles:
            continue
        if getattr(shape, "has_table", False):
            yield from _table(shape.table)
        elif shape.has_text_frame:
            yield from _text(shape, bulleted=_role(shape) in _BULLETED)
        else:
            yield from _diagram(slide, shape)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
            yield Part(_line(paragraph._p))


_FIGURE = re.compile(r"[+~≈$€£]?\s?[1-9][\d.,]*\s?[%€$+kM]{0,2}")


def _figures_below(shapes: Iterable[Any]) -> list[Any]:
    """The shapes, with a figure that stands by itself over the bold name of what it counts put below that name, which heads it."""
    found = list(shapes)
    for n in range(len(found) - 1):
        figure, name = found[n : n + 2]
        if _counts(figure, name):
            found[n : n + 2] = name, figure
    return found


def _counts(figure: Any, name: Any) -> bool:
    """Whether a shape is a figure alone, and the next one right below it a bold line."""
    if not (figure.has_text_frame and name.has_text_frame) or None in (figure.top, name.top):
        return False
    said = flat(_said(figure))
    if _FIGURE.fullmatch(said) is None:
        return False
    lines = list(_paragraphs(name))
    if len(lines) != 1 or not _is_bold(lines[0][1]) or not any(map(str.isalpha, lines[0][0])):
        return False
    below = 0 < name.top - figure.top < 2 * figure.height
    right, end = figure.left + figure.width, name.left + name.width
    return bool(below and name.left < right and figure.left < end)


def _said(shape: Any) -> str:
    return " ".join(text for text, _ in _paragraphs(shape)) if shape.has_text_frame else ""


def _line_on_top(shapes: list[Any]) -> list[Any]:
    """The short line above all else of a slide that has no title, where there is more on it."""
    saying = [shape for shape in shapes if _said(shape) and shape.top is not None]
    if len(saying) < 2:
        return []
    top = min(saying, key=lambda shape: shape.top)
    short = len(_said(top)) <= _MAX_LINE_CHARS and len(list(_paragraphs(top))) == 1
    return [top] if short and not _said(top).endswith((".", ",", ";", ":")) else []


def _flat_shapes(shapes: Iterable[Any], depth: int) -> Iterator[Any]:
    for shape in shapes:
        if hasattr(shape, "shapes") and depth < _MAX_DEPTH:
            yield from _flat_shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _role(shape: Any) -> str | None:
    """The placeholder that a shape fills, None for one that is none."""
    if not shape.is_placeholder:
        return None
    found = next(
        shape.element.iter("{http://schemas.openxmlformats.org/presentationml/2006/main}ph")
    )
    return str(found.get("type") or "")


def _paragraphs(shape: Any) -> Iterator[tuple[str, Any]]:
    for paragraph in shape.text_frame.paragraphs:
        text = _line(paragraph._p)
        if text.strip():
            yield text, paragraph


def _text(shape: Any, *, bulleted: bool) -> Iterator[Part]:
    """The paragraphs of a text frame; those with a bullet or number are items."""
    lines = list(_paragraphs(shape))
    counts: dict[int, int] = {}
    was_item = False
    for text, paragraph in lines:
        properties = paragraph._p.find(f"{_A}pPr")
        marks = (
            {}
            if properties is None
            else {child.tag.removeprefix(_A): child for child in properties}
        )
        is_item = "buChar" in marks or "buAutoNum" in marks or "buBlip" in marks
        is_item = is_item or (bulleted and len(lines) > 1 and "buNone" not in marks)
        level = paragraph.level
        for deeper in [n for n in counts if n > level]:
            del counts[deeper]
        number = ""
        if "buAutoNum" in marks:
            first = int(marks["buAutoNum"].get("startAt") or 1)
            counts[level] = counts.get(level, first - 1) + 1
            number = _number(counts[level], marks["buAutoNum"].get("type") or "")
        if not is_item:
            yield Part(text, strong=_is_bold(paragraph))
        else:
            yield Part(
                f"{number} {text}" if number else text,
                level=1 + min(5, level),
                glue=LINE if was_item else PARAGRAPH,
                kind="item",
                cells=(number,) if number else (),
            )
        was_item = is_item


def _number(count: int, kind: str) -> str:
    written = next((write for name, write in _NUMBERS.items() if kind.startswith(name)), str)
    shown = written(count) if 0 < count < 4000 else str(count)
    if kind.endswith("ParenBoth"):
        return f"({shown})"
    return shown + (")" if kind.endswith("ParenR") else "." if kind.endswith("Period") else "")


def _is_bold(paragraph: Any) -> bool:
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(run.font.bold for run in runs)


def _line(paragraph: Any) -> str:
    """The text of a paragraph; not what is struck out, and no slide numbers."""
    pieces: list[str] = []
    stack = [iter(paragraph)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag == f"{_A}r" or child.tag == f"{_A}fld":
            pieces.append(_run(child))
        elif child.tag == f"{_A}br":
            pieces.append("\n")
        elif child.tag == f"{_M}oMath":
            pieces.append(f" {equation(child)} ")
        elif child.tag != f"{_MC}Fallback" and isinstance(child.tag, str):
            stack.append(iter(child))
    return "\n".join(flat(line) for line in clean("".join(pieces)).split("\n"))


def _run(run: Any) -> str:
    text = "".join(t.text or "" for t in run.iterchildren(f"{_A}t"))
    if (run.get("type") or "").startswith("slidenum"):
        return ""
    properties = run.find(f"{_A}rPr")
    if properties is None:
        return text
    if (properties.get("strike") or "noStrike") != "noStrike":
        return ""
    return (
        raised(text)
        if (properties.get("baseline") or "0").strip("%").startswith(tuple("123456789"))
        else text
    )


def _table(table: Any) -> list[Part]:
    rows = [
        [in_cell([(_line(p._p), False) for p in cell.text_frame.paragraphs]) for cell in row.cells]
        for row in table.rows
    ]
    return table_parts(rows, int(bool(table.first_row) and len(rows) > 1))


def _diagram(slide: Any, shape: Any) -> Iterator[Part]:
    """The words of a drawn diagram, whose text stands in a part of its own."""
    from corpus.readers.container import xml_tree

    for ids in shape.element.iter(
        "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
    ):
        name = ids.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm")
        if name in slide.part.rels:
            for paragraph in xml_tree(slide.part.related_part(name).blob).iter(f"{_A}p"):
                text = _line(paragraph)
                if text.strip():
                    yield Part(text, level=1, kind="item")
