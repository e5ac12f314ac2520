"""PowerPoint presentations → :class:`~corpus.readers.draft.Draft`: a slide is a page, its title a heading."""

from __future__ import annotations

import io
import re
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from corpus.document import LeftOut, UnreadableDocumentError
from corpus.readers.charts import CHART, chart_parts, name_of_chart
from corpus.readers.container import tested_zip
from corpus.readers.diagrams import diagram_paragraphs
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
    running = _running(presentation.slides)
    for number, slide in enumerate(presentation.slides, start=1):
        draft.n_pages = number
        if _is_hidden(slide):
            title = slide.shapes.title
            said = flat(_said(title)) if title is not None else ""
            draft.left_out += (LeftOut(said, number, "hidden slide"),)
            continue
        draft.left_out += tuple(_unread(slide, number, running))
        parts = list(_slide(slide, running))
        for part in parts:
            part.page = number
        draft.parts += parts
    # A title further on is not that of the presentation
    draft.heading_is_title = any(part.level and part.page == 1 for part in draft.parts)
    return draft


def _is_hidden(slide: Any) -> bool:
    return slide.element.get("show") in ("0", "false")


# Fewer slides may have the same box by chance.
_LEAST_RUNNING: Final = 3
_PAGE_NUMBER: Final = "page number"
_AT_EDGE: Final = "repeated at the edge of pages"

Running = Mapping[Any, str]
"""The elements of boxes that most slides have in the same place, each with why it is not read, "" for the first of them."""


def _running(slides: Iterable[Any]) -> Running:
    """What most slides have in the same place, though no placeholder says so: the same words, or the number of the slide."""
    places: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    n_slides = 0
    for number, slide in enumerate(slides, start=1):
        if _is_hidden(slide):
            continue
        n_slides += 1
        for shape in _flat_shapes(slide.shapes, 0):
            said = flat(_said(shape)) if _role(shape) is None else ""
            if said:
                counts = said.isdecimal() and int(said) == number
                key = (_PAGE_NUMBER if counts else said, shape.left, shape.top)
                places[key].append(shape.element)
    found: dict[Any, str] = {}
    for (said, *_), elements in places.items():
        if len(elements) >= max(_LEAST_RUNNING, n_slides // 2 + 1):
            first, *others = elements
            found[first] = _PAGE_NUMBER if said == _PAGE_NUMBER else ""
            found |= dict.fromkeys(others, found[first] or _AT_EDGE)
    return found


def _unread(slide: Any, number: int, running: Running) -> Iterator[LeftOut]:
    """The date and foot that every slide repeats, and what is struck out."""
    for shape in _flat_shapes(slide.shapes, 0):
        if reason := running.get(shape.element):
            yield LeftOut(flat(_said(shape)), number, reason)
        if _role(shape) in _FURNITURE and shape.has_text_frame:
            is_number = _role(shape) == "sldNum"
            reason = _PAGE_NUMBER if is_number else _AT_EDGE
            said = flat(_said(shape))
            if said:
                yield LeftOut(said, number, reason)
        for run in shape.element.iter(f"{_A}r"):
            properties = run.find(f"{_A}rPr")
            if properties is not None and properties.get("strike") not in (None, "noStrike"):
                said = "".join(t.text or "" for t in run.iterchildren(f"{_A}t"))
                yield LeftOut(said, number, "struck out")


def _slide(slide: Any, running: Running) -> Iterator[Part]:
    shapes = [
        shape
        for shape in _flat_shapes(slide.shapes, 0)
        if _role(shape) not in _FURNITURE and not running.get(shape.element)
    ]
    own = [shape for shape in shapes if shape.element not in running]
    titles = [shape for shape in own if _role(shape) in _TITLES and _said(shape)]
    titles = titles or _largest_line(own) or _line_on_top(own)
    for shape in titles:
        title = flat(_said(shape))
        yield Part(title, level=1 if len(title) <= _MAX_HEADING_CHARS else 0)
    sized: list[tuple[Part, float]] = []
    for shape in _figures_below(shape for shape in shapes if shape not in titles):
        heads = shape in own and not _is_above(shape, titles)
        for part, size in _said_in(slide, shape):
            part.strong = part.strong and heads
            sized.append((part, size))
    _unmark_small(sized)
    yield from (part for part, _ in sized)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
            yield Part(_line(paragraph._p))


def _unmark_small(sized: Sequence[tuple[Part, float]]) -> None:
    """Lets bold parts head nothing that are smaller than what they stand over; a figure and a bold sentence are large to be seen."""
    for (part, size), (below, size_below) in pairwise(sized):
        to_see = below.strong and below.text.endswith(".")
        if 0 < size < size_below and any(map(str.isalpha, below.text)) and not to_see:
            part.strong = False


def _is_above(shape: Any, titles: Iterable[Any]) -> bool:
    """Whether a shape stands over the title of its slide: what the slides around are about, or whose they are."""
    tops = [title.top for title in titles if title.top is not None]
    # Within a group places count from elsewhere
    grouped = shape.element.getparent().tag.endswith("}grpSp")
    return bool(tops) and not grouped and shape.top is not None and shape.top < min(tops)


def _said_in(slide: Any, shape: Any) -> Iterator[tuple[Part, float]]:
    """What a shape says, each part with the size of its letters, 0 where nothing says that."""
    if getattr(shape, "has_table", False):
        yield from ((part, 0.0) for part in _table(shape.table))
    elif shape.has_text_frame:
        yield from _text(shape, bulleted=_role(shape) in _BULLETED)
    else:
        yield from ((part, 0.0) for part in _drawn(slide, shape))


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


# Of text whose size no run says
_USUAL_SIZE: Final = 18.0
_MOST_OF_TITLE: Final = 1.2
_LEAST_LETTERS: Final = 4


def _largest_line(shapes: list[Any]) -> list[Any]:
    """The line of a slide that has no title whose letters are far larger than all others."""
    said = {n: flat(_said(shape)) for n, shape in enumerate(shapes)}
    sizes = {
        n: max(_size(paragraph) for _, paragraph in _paragraphs(shapes[n]))
        for n, line in said.items()
        if sum(map(str.isalpha, line)) >= _LEAST_LETTERS
    }
    if len(sizes) < 2:
        return []
    largest = max(sizes, key=lambda n: sizes[n])
    others = max(size or _USUAL_SIZE for n, size in sizes.items() if n != largest)
    short = len(said[largest]) <= _MAX_LINE_CHARS
    return [shapes[largest]] if short and sizes[largest] >= _MOST_OF_TITLE * others else []


def _size(paragraph: Any) -> float:
    """The size of the largest letters of a paragraph, in points; 0 where it says none."""
    sizes = [
        properties.get("sz") or ""
        for run in paragraph._p.iter(f"{_A}r", f"{_A}fld")
        for properties in run.iterchildren(f"{_A}rPr")
    ]
    return max((int(size) / 100 for size in sizes if size.isdecimal()), default=0.0)


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


def _text(shape: Any, *, bulleted: bool) -> Iterator[tuple[Part, float]]:
    """The paragraphs of a text frame, each with the size of its letters; those with a bullet or number are items."""
    lines = list(_paragraphs(shape))
    counts: dict[int, int] = {}
    was_bold = False
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
        bold = _is_bold(paragraph) and not is_item
        # "Buy less" over "and mend more" is one line
        goes_on = was_bold and bold and text[0].islower()
        part = Part(text, glue=" " if goes_on else PARAGRAPH, strong=bold)
        if is_item:
            part = Part(
                f"{number} {text}" if number else text,
                level=1 + min(5, level),
                glue=LINE if was_item else PARAGRAPH,
                kind="item",
                cells=(number,) if number else (),
            )
        yield part, _size(paragraph)
        was_item, was_bold = is_item, bold


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
    width = max(map(len, rows), default=0)
    over = [n for n, row in enumerate(table.rows) if row.cells[0].span_width == width > 1]
    return table_parts(rows, int(bool(table.first_row) and len(rows) > 1), over)


def _drawn(slide: Any, shape: Any) -> Iterator[Part]:
    """The words of a diagram or a chart, which stand in a part of their own."""
    from corpus.readers.container import xml_tree

    for ids in shape.element.iter(
        "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
    ):
        name = ids.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm")
        if name in slide.part.rels:
            model = xml_tree(slide.part.related_part(name).blob)
            for paragraph, level in diagram_paragraphs(model):
                text = _line(paragraph)
                if text.strip():
                    yield Part(text, level=level, kind="item")
    for chart in shape.element.iter(CHART):
        if name_of_chart(chart) in slide.part.rels:
            yield from chart_parts(xml_tree(slide.part.related_part(name_of_chart(chart)).blob))
