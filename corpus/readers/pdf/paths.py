"""What a page draws beside its text → rules, posts, frames, strokes, and bullets, which go before the lines that have them.

Knows which of the paths and pictures of a page are seen, and what they look like by their size and shape.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from corpus.readers.draft import BULLET
from corpus.readers.pdf.runs import Frame, Run, Sheet, in_frame, rows_of

# A part of a colour from here on is white to the eye.
WHITE: Final = 250
MAX_PATHS: Final = 3000
# What stands for a small picture, which is a bullet where it is before a line.
_PICTURE: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
# The character that is drawn, left, bottom, right, top.
Mark = tuple[str, float, float, float, float]
# … for lines that are neither a box nor round, and for a box that is full, which is a bullet like others.
_STROKE: Final = "/"
FULL_BOX: Final = "■"
BOX: Final = "☐"
# Round corners are four curves of three points each; a side may be closed by itself.
_IN_CORNERS: Final = 12
_SIDES: Final = (3, 4, 5)
_MAX_MARK: Final = 15
_MAX_POST: Final = 4
_LEAST_MARKS: Final = 2
_MAX_SEGMENTS: Final = 100
_MAX_LINES: Final = 200
# The height, left and right of a level line.
Stroke = tuple[float, float, float]
_MAX_STROKE: Final = 2.5


def drawn_on(page: Any, sheet: Sheet) -> tuple[list[Mark], list[Stroke]]:
    """What is as small and as wide as high as a bullet, and level lines; the sheet gets horizontal rules, the upper and lower edges of boxes among them,
    upright ones, frames, and whether there is a picture."""
    import pypdfium2.raw as pdfium

    marks: list[Mark] = []
    strokes: list[Stroke] = []
    fills: list[tuple[tuple[int, ...], Frame]] = []
    left, low, right, high = (ctypes.c_float() for _ in range(4))
    places = [ctypes.byref(value) for value in (left, low, right, high)]
    for i in range(min(MAX_PATHS, pdfium.FPDFPage_CountObjects(page.raw))):
        drawn = pdfium.FPDFPage_GetObject(page.raw, i)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            sheet.has_pictures = True
        if kind not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
            continue
        pdfium.FPDFPageObj_GetBounds(drawn, *places)
        place = in_frame((left.value, low.value, right.value, high.value), sheet.turned)
        width, height = place[2] - place[0], place[3] - place[1]
        if 1 < width < _MAX_MARK and 0.6 < width / max(height, 0.1) < 1.7:
            shape = _PICTURE if kind == pdfium.FPDF_PAGEOBJ_IMAGE else _shape(drawn)
            if shape:
                marks.append((shape, *place))
        is_box = kind == pdfium.FPDF_PAGEOBJ_PATH and min(width, height) > _MAX_POST
        if is_box and _is_on_its_colour(drawn, place, fills):
            continue
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            if min(width, height) > _MAX_MARK and _is_frame(drawn):
                sheet.frames.append(place)
            parts = [in_frame(part, sheet.turned) for part in (_parts_of(drawn) if is_box else [])]
            sheet.frames += (part for part in parts if not _is_thin(part, _MAX_MARK))
            for one in parts or [place]:
                _take_lines(one, sheet, strokes)
    return marks, strokes


def _take_lines(place: Frame, sheet: Sheet, strokes: list[Stroke]) -> None:
    """Takes what is drawn at a place for an upright rule, a level line or the edges of a box, by its size."""
    left, low, right, high = place
    width, height = right - left, high - low
    if width < _MAX_POST < height:
        sheet.posts.append(((left + right) / 2, low, high))
    if height < _MAX_STROKE < width:
        strokes.append(((low + high) / 2, left, right))
    if width > 15:
        sheet.rules.append((left, high, right))
        if height > 4:
            sheet.rules.append((left, low, right))


def _parts_of(path: Any) -> list[Frame]:
    """The bars that a path is made of which is filled and is nothing else, as all edges of the cells of a row may be one path; the level and
    upright lines, and boxes, of one that is drawn by its lines, as those of a whole table may be. [] where it has others."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    n_segments = pdfium.FPDFPath_CountSegments(path)
    if bool(stroke.value) == bool(fill.value) or not 2 < n_segments <= _MAX_LINES:
        return []
    parts: list[list[tuple[float, float]]] = []
    for kind, point in _segments(path, n_segments):
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            return []
        parts += [[]] if kind == pdfium.FPDF_SEGMENT_MOVETO or not parts else []
        parts[-1].append(point)
    places = [
        (*map(min, zip(*part, strict=True)), *map(max, zip(*part, strict=True))) for part in parts
    ]
    drawn = all(
        _is_thin(place) or (stroke.value and _is_box(part))
        for part, place in zip(parts, places, strict=True)
    )
    return places if drawn and len(places) > 1 else []


def _segments(path: Any, n_segments: int) -> Iterator[tuple[int, tuple[float, float]]]:
    """The kind of each of the first segments of a path, and where on the page it ends."""
    import pypdfium2.raw as pdfium

    matrix, x, y = pdfium.FS_MATRIX(), ctypes.c_float(), ctypes.c_float()
    pdfium.FPDFPageObj_GetMatrix(path, ctypes.byref(matrix))
    for n in range(n_segments):
        segment = pdfium.FPDFPath_GetPathSegment(path, n)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        yield (
            pdfium.FPDFPathSegment_GetType(segment),
            (
                matrix.a * x.value + matrix.c * y.value + matrix.e,
                matrix.b * x.value + matrix.d * y.value + matrix.f,
            ),
        )


def _is_thin(place: Frame, least: float = _MAX_POST) -> bool:
    left, low, right, high = place
    return min(right - left, high - low) < least


def _is_box(points: Sequence[tuple[float, float]]) -> bool:
    """Whether the lines from point to point are the edges of a box."""
    return len(points) in (4, 5) and all(
        min(abs(a - c), abs(b - d)) < 1 for (a, b), (c, d) in pairwise(points)
    )


# A fill is drawn soon after the ground that it stands on.
_NEAR_FILLS: Final = 40


def _is_on_its_colour(path: Any, place: Frame, fills: list[tuple[tuple[int, ...], Frame]]) -> bool:
    """Whether a path without a stroke is filled with the colour of what it is drawn on, as the lines of a cell in the colour of the cell are:
    its edges are not seen. ``fills``: those before it, to which it is added."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    if stroke.value or not fill.value:
        return False
    parts = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFPageObj_GetFillColor(path, *map(ctypes.byref, parts))
    colour = tuple(part.value for part in parts)
    left, low, right, high = place
    ground = next(
        (
            other
            for other, (a, b, c, d) in reversed(fills[-_NEAR_FILLS:])
            if a - 1 < left and b - 1 < low and right < c + 1 and high < d + 1
        ),
        None,
    )
    fills.append((colour, place))
    return ground == colour


def _is_frame(path: Any) -> bool:
    """Whether a path is one rectangle that is drawn by its edges."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    n_segments = pdfium.FPDFPath_CountSegments(path)
    if not stroke.value or n_segments not in (4, 5):
        return False
    kinds = [
        pdfium.FPDFPathSegment_GetType(pdfium.FPDFPath_GetPathSegment(path, n))
        for n in range(n_segments)
    ]
    return kinds[0] == pdfium.FPDF_SEGMENT_MOVETO and set(kinds[1:]) == {pdfium.FPDF_SEGMENT_LINETO}


def _shape(path: Any) -> str:
    """What a small drawing is a bullet like: full, a hollow circle or a hollow square, whose corners may be round; a full square, a stroke for other
    lines, and "" where it leaves no ink."""
    import pypdfium2.raw as pdfium

    full = colours(path)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    if not (full or stroke.value):
        return ""
    n_segments = min(_MAX_SEGMENTS, pdfium.FPDFPath_CountSegments(path))
    kinds, points = zip(*_segments(path, n_segments), strict=True) if n_segments else ((), ())
    curved = kinds.count(pdfium.FPDF_SEGMENT_BEZIERTO)
    straight = kinds.count(pdfium.FPDF_SEGMENT_LINETO)
    boxed = curved == _IN_CORNERS and straight in _SIDES if curved else _is_box(points)
    if full:
        return FULL_BOX if boxed else "•"
    if curved:
        return BOX if boxed else "◦"
    return BOX if boxed else _STROKE


def colours(path: Any) -> bool:
    """Whether a path is filled with something else than white."""
    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    parts = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFPageObj_GetFillColor(path, *map(ctypes.byref, parts))
    return fill.value != 0 and any(part.value < WHITE for part in parts[:3])


def with_bullets(runs: Sequence[Run], marks: Sequence[Mark]) -> None:
    """Puts a bullet before the lines that have one drawn before them, two of one size at least, as before letters that are bullets;
    large ones stand below one another."""
    marked: dict[tuple[str, int, int, int], list[tuple[Run, Mark]]] = {}
    rows = rows_of([run for run in runs if not run.turned]) if marks else []
    for row in rows:
        for n, run in enumerate(row):
            edge = row[n - 1].right if n else -math.inf
            for mark in marks:
                if _is_bullet_of(mark, run) and mark[1] > edge + 0.5 * run.height:
                    shape, left, low, right, high = mark
                    large = high - low >= _SMALL * run.height
                    kind = (shape, round(right - left), round(high - low), large and round(left))
                    marked.setdefault(kind, []).append((run, mark))
                    break
    for found in marked.values():
        for run, (shape, left, _, right, _) in found if len(found) >= _LEAST_MARKS else ():
            if run.edges:
                run.edges = [left, right, right, run.left, *run.edges]
            bullet = {_PICTURE: "•", FULL_BOX: "•", _STROKE: BOX}.get(shape, shape)
            run.text, run.left = f"{bullet} {run.text}", left


# Of the height of the letters: a square or a circle that is higher is one to tick, or ticked; a picture may be a bullet, or an ornament
# before what names the paragraphs below it: "HORARIO: …".
_SMALL: Final = 0.7
_MOST_HIGH: Final = 0.95
_NAMED_IN_CAPITALS = re.compile(r"[^a-zß-ÿ]{4,}:")


def _is_bullet_of(mark: Mark, run: Run) -> bool:
    shape, _, low, right, high = mark
    small = high - low < _SMALL * run.height
    large = shape == _PICTURE and high - low < _MOST_HIGH * run.height
    return (
        not run.bold  # A heading may have an ornament
        and (
            small
            or (large and not run.text[0].islower() and not _NAMED_IN_CAPITALS.match(run.text))
        )
        and 0 < run.left - right < 2.5 * run.height
        and -0.05 * run.height < (low + high) / 2 - run.bottom < 0.65 * run.height
        and BULLET.match(run.text) is None
    )
