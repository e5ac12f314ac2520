"""A page that PDFium has open → its sheet: glyphs, annotations and drawings put together.

Knows in which order that is done, and which runs go where: into the text, or beside it as unseen, slanted, pale, struck out or unnamed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from corpus.readers.pdf.annotations import shown, typed
from corpus.readers.pdf.assembly import assembled
from corpus.readers.pdf.fonts import Fonts
from corpus.readers.pdf.glyphs import pieces_of
from corpus.readers.pdf.ink import Ink
from corpus.readers.pdf.letters import (
    Accent,
    are_scrambled,
    are_unread,
    not_composed,
    with_ligatures,
    with_private_ligatures,
)
from corpus.readers.pdf.names import GlyphNames
from corpus.readers.pdf.paths import drawn_on, with_bullets
from corpus.readers.pdf.runs import Run, Sheet
from corpus.readers.pdf.spacing import Open, run_of
from corpus.readers.pdf.strokes import strike_out, underline
from corpus.readers.pdf.tickboxes import with_tick_boxes
from corpus.readers.pdf.watermarks import LARGE, pale_marks, under_text
from corpus.readers.symbols import with_ordinals


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that PDFium has open: its ``pdf``, the handle of its ``form``, None without one, and the ``names`` of its glyphs."""

    pdf: Any
    form: Any
    names: GlyphNames


def read_sheet(file: OpenFile, page: Any, textpage: Any, number: int) -> Sheet:
    """What stands on a page (1-based)."""
    sheet = Sheet(number)
    fonts = Fonts(textpage, file.names)
    ink = Ink(page, textpage)
    box = page.get_bbox()  # also where the file says it once for all pages
    accents: list[Accent] = []
    pieces = list(pieces_of(textpage, sheet, accents, fonts))
    sheet.n_undecoded -= with_ligatures([piece for _, piece in pieces])
    sheet.n_undecoded -= with_private_ligatures([piece for _, piece in pieces])
    found: list[Run] = []
    unnamed: list[Run] = []
    pale: list[Run] = []
    for angle, piece in [*pieces, *not_composed(pieces, accents)]:
        piece.height = fonts.height(piece.first) or piece.height
        piece.chars[0] = fonts.mark(piece.first, piece.chars[0])
        if _is_letter_bullet(piece, fonts):
            piece.chars[0] = "◦"
        run = run_of(piece, number)
        # What a broken matrix puts nowhere is not on the page.
        if run is None or not math.isfinite(run.left + run.right + run.bottom + run.height):
            continue
        run.bold = fonts.bold(piece.first) and fonts.bold(piece.last)
        run.turned = angle
        if ink.is_unseen(piece.first, run):
            sheet.unseen.append(run)
            continue
        if angle or _is_within(run, box):
            found.append(run)
        if 2 * piece.n_unnamed > len(piece.chars):
            unnamed.append(run)
        if ink.is_pale(piece.first, run):
            pale.append(run)
    if are_scrambled(found):
        unnamed = found
    sheet.turned = _turned(page, found)
    for run in found:
        run.turned = (run.turned - sheet.turned) % 360
    sheet.unnamed = unnamed if are_unread(unnamed, found) else []
    sheet.pale = [run for run in pale if run.height > LARGE * median(r.height for r in found)]
    sheet.marks = pale_marks(pale, found)
    gone = set(map(id, [*sheet.unnamed, *sheet.marks]))
    turned: dict[int, list[Run]] = {0: []}
    for run in found:
        if id(run) in gone:
            continue
        if run.turned % 90:
            sheet.slanted.append(run)
        else:
            turned.setdefault(run.turned, []).append(run)
    flat_runs = turned.pop(0)
    flat_runs += typed(page, sheet, file.form, flat_runs) + shown(page, sheet, file.form)
    under = under_text(flat_runs)
    sheet.slanted += under
    lying = set(map(id, under))
    marks, strokes = drawn_on(page, sheet)
    flat_runs = with_tick_boxes([run for run in flat_runs if id(run) not in lying], marks)
    sheet.runs = assembled(flat_runs)
    n_flat = sum(len(run.text) for run in sheet.runs)
    for _, runs in sorted(turned.items()):
        made = assembled(runs)
        # A page laid on its side is read first in the direction of most of its text.
        more = sum(len(run.text) for run in made) > n_flat
        sheet.runs = made + sheet.runs if more else sheet.runs + made
    strokes.sort()
    strike_out(sheet, strokes)
    underline(sheet, strokes, textpage)
    with_bullets(sheet.runs, marks)
    with_ordinals(sheet.runs)
    return sheet


def _turned(page: Any, runs: Sequence[Run]) -> int:
    """By how many degrees a page is turned to be shown, where most of its text is level then."""
    shown_at = page.get_rotation()
    n_level = sum(len(run.text) for run in runs if run.turned == shown_at)
    return shown_at if 2 * n_level > sum(len(run.text) for run in runs) else 0


def _is_letter_bullet(piece: Open, fonts: Fonts) -> bool:
    """Whether a piece begins with the letter "o" as Word sets it for a hollow bullet: by itself and in Courier, which nothing behind it is."""
    alone = len(piece.chars) == 1
    if piece.chars[0] != "o" or not (alone or piece.spaced[1]):
        return False
    return "Courier" in fonts.name(piece.first) and (
        alone or "Courier" not in fonts.name(piece.last)
    )


def _is_within(run: Run, box: tuple[float, float, float, float]) -> bool:
    return run.right > box[0] and run.left < box[2] and box[1] - run.height < run.bottom < box[3]
