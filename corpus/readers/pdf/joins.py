"""How a line follows the one before: in its paragraph, as a line of its own below it, or as another paragraph."""

from __future__ import annotations

import re

from corpus.blocks.signs import begins_anew, says_again
from corpus.readers.draft import BULLET, LINE, PARAGRAPH
from corpus.readers.pdf.lines import GOES_ON
from corpus.readers.pdf.pieces import Piece
from corpus.readers.pdf.runs import Run
from corpus.readers.pdf.wording import SENTENCE_END, begins_lower

_MID_PHRASE = re.compile(
    r"\b(?:de|del|la|el|los|las|un|una|al|en|con|por|para|the|of|an|in|to|for|with|by|on|at|from)\Z"
)
_STARRED = re.compile(r"[*†‡]{1,3} ?(?=[A-ZÁÉÍÓÚÑ¿¡][^*]*\Z)")
# "CHATARRA: Todo residuo", "PARÁGRAFO PRIMERO: Las", "Parágrafo 2.- Los"
_SHOUTED_NAME = re.compile(
    r"[A-ZÁÉÍÓÚÜÑ][A-ZÁÉÍÓÚÜÑ \d,/()-]{3,40}: ?[¿¡A-ZÁÉÍÓÚÑ]|(?i:par[áa]grafo)(?: [\wº°]+)?[.:-]"
)


def glue_of(before: Run, line: Run, after: Run | None, pitch: float) -> str:
    """How a line follows the one before: " " in the same paragraph, else LINE or PARAGRAPH."""
    lower = line.text[:1].islower()
    # "4.2 Number of the part (P-No.)" goes on in small letters, where both are bold
    ended = SENTENCE_END.search(before.text) is not None and not (
        lower and before.bold and line.bold and before.text[-1] == ")"
    )
    if not are_alike(before, line):
        return PARAGRAPH
    if line.turned != before.turned:
        return PARAGRAPH
    step = before.bottom - line.bottom
    bullet = BULLET.match(line.text)
    is_item = bullet is not None and (ended or not bullet[0].strip().isalnum()) and not lower
    if is_elsewhere(before, line):
        # The next page or column: the sentence goes on or a paragraph begins.
        goes_on = begins_lower(line.text) or GOES_ON.search(before.text) is not None
        return " " if not ended and goes_on and not is_item else PARAGRAPH
    again = says_again(before.text, line.text)
    mid_phrase = not ended and _MID_PHRASE.search(before.text) is not None
    if again or (not is_item and mid_phrase and (lower or step < 2 * pitch * line.height)):
        return " "  # "el acto de / 4.º de ESO", "en quince / (15) días"
    if _STARRED.match(line.text) and not (ended and lower):
        return PARAGRAPH
    if is_item or begins_anew(line.text):
        return LINE if step < 1.6 * pitch * line.height else PARAGRAPH
    if step > 1.25 * pitch * line.height:
        return " " if lower and not ended and step < 2 * pitch * line.height else PARAGRAPH
    if not ended:
        # What stands left of a bullet is no line of its item
        outside = BULLET.match(before.text) and line.left < before.left - 0.3 * line.height
        return PARAGRAPH if outside and not lower and had_room(before, line, after) else " "
    if _SHOUTED_NAME.match(line.text):
        return PARAGRAPH
    if step > 0.5 * line.height and line.left - before.left > 0.6 * line.height:
        return " " if BULLET.match(before.text) else PARAGRAPH
    return PARAGRAPH if had_room(before, line, after) else " "


def continues(before: Piece, after: Piece) -> bool:
    """Whether a line goes on in another, whatever stands between them."""
    if not isinstance(before, Run) or not isinstance(after, Run):
        return False
    if SENTENCE_END.search(before.text) or abs(before.height - after.height) > 0.12 * before.height:
        return False
    return begins_lower(after.text) or GOES_ON.search(before.text) is not None


def same_paragraph(before: Piece, line: Piece) -> bool:
    """Whether a line stands right below another as the next one of its paragraph does."""
    return (
        isinstance(before, Run)
        and isinstance(line, Run)
        and 0 < before.bottom - line.bottom < 1.7 * line.height
        and abs(before.height - line.height) < 0.1 * line.height
        and not BULLET.match(line.text)
        and not (SENTENCE_END.search(before.text) and line.left - before.left > 0.6 * line.height)
    )


def is_elsewhere(before: Run, line: Run) -> bool:
    """Whether a line is the first of another page or column than the one before."""
    return line.page != before.page or before.bottom - line.bottom < -0.5 * line.height


def are_alike(before: Run, line: Run) -> bool:
    """Whether two lines are of one size, or one is of the size of the other's mark."""
    return any(
        abs(height - other) <= 0.12 * max(height, other)
        for height in (before.height, before.mark_height)
        for other in (line.height, line.mark_height)
        if height and other
    )


def is_mark_of(mark: Run, line: Run) -> bool:
    """Whether a bullet, or the number of a note, stands before a line though not quite on its base line."""
    return (
        mark.page == line.page
        and mark.right <= line.left
        and abs(mark.bottom - line.bottom) < 0.7 * line.height
        and (len(mark.text) == 1 or mark.text.isdigit())
        and (BULLET.match(mark.text + " ") is not None or mark.text.isdigit() or mark.text == "o")
    )


def had_room(before: Run, line: Run, after: Run | None) -> bool:
    """Whether the first word of a line would have stood on the line before: then a paragraph ended there."""
    edge = max(before.right, line.right, after.right if after is not None else 0.0)
    width = line.right - line.left
    first_word = len(line.text.split(maxsplit=1)[0]) + 1
    room = edge - before.right
    return room > 1.5 * first_word * width / max(1, len(line.text)) + 2
