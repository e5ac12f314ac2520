"""What a line tells by its words: whether it ends, whether it goes on, whether it names something."""

from __future__ import annotations

import re
from typing import Final

from corpus.blocks.divisions import DEEPER_TITLE, names_division
from corpus.blocks.signs import is_roman_title
from corpus.dates import month_named
from corpus.readers.draft import BULLET
from corpus.readers.pdf.lines import GOES_ON
from corpus.readers.pdf.runs import Run
from corpus.ticks import is_ticked

# "archívese.-": laws of several countries end their paragraphs so
SENTENCE_END = re.compile(r"(?:[.!?:;…]|\. ?[-–])[)\]\"'”’»]*[⁰¹²³⁴⁵⁶⁷⁸⁹]*\Z")
# A line that ends so goes on in the next, whatever its letters.
CUT = re.compile(r"[,;(]\Z|[^\W\d_]-\Z")
STOPPED = re.compile(r"(?:[.!?]|\. ?[-–])[)\]\"'”’»]*\Z")
MAX_TITLE_WORDS: Final = 14
MAX_NAME_WORDS: Final = 10
LEAST_PROSE_WORDS: Final = 5
_LEAST_CAPITALS: Final = 6
NAMED = re.compile(r"[^\W\d_] ?:\s")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
FILLED_IN = re.compile(r"__|\.{5}|\S@\S|\bwww\.")
# "Sept. 4th First day", "4 de mayo: Acto"
_DAY = re.compile(r"(?:\d{1,2} (?:de )?)?([^\W\d_]{3,})\b\.?(?: \d{1,2}(?:st|nd|rd|th)?\b)?")


def begins_with_day(text: str) -> bool:
    """Whether a text begins with a day of the year."""
    day = _DAY.match(text)
    return (
        day is not None
        and any(map(str.isdigit, day[0]))
        and month_named(day[1].lower()) is not None
    )


def is_in_capitals(line: Run) -> bool:
    """Whether a line is a few words in capitals, and no form, address or number."""
    return (
        line.text.isupper()
        and len(line.text.split()) <= MAX_NAME_WORDS
        and n_letters(line) >= _LEAST_CAPITALS
        and n_letters(line) > 0.6 * len(line.text)
        and line.text[-1].isalpha()
        and not BULLET.match(line.text)
        and GOES_ON.search(line.text) is None
    )


def is_named(text: str) -> bool:
    """Whether a line is the number of an article or a section, and a few words that say what it is about."""
    return bool(
        (names_division(text) or DEEPER_TITLE.match(text) or is_roman_title(text))
        and len(text.split()) <= MAX_NAME_WORDS
        and GOES_ON.search(text) is None
    )


# Room to write in at the end of a line, and a label with its own, or with a colon, at the beginning of one
_BLANK = re.compile(r"(?:_{3,}|(?:\. ?){6,}|…{2,})[ )]*\Z")
_TO_FILL_IN = re.compile(
    r"[¿(]?[A-ZÁÉÍÓÚÑ](?:[^\W_]|[^\w:;.…]|\.(?= ?[:_])){1,50}?[:?]?\s*(?:_{3,}|(?:\. ?){6,}|…{2,}|:(?!\S))"
)


def is_filled_in(before: Run, line: Run) -> bool:
    """Whether a line ends in what was typed into a form, or in room to write, and the next is one of its own."""
    if _BLANK.search(before.text) and _TO_FILL_IN.match(line.text):
        return before.page == line.page
    goes_on = GOES_ON.search(before.text) is not None or before.text.endswith(",")
    return before.typed and not line.typed and begins_upper(line) and not goes_on


def is_ticked_line(before: Run, line: Run) -> bool:
    """Whether one of two lines of a form is a question or a label with its ticks, and the other begins or ends something of its own."""
    anew = line.text[0].isupper() or line.text[0] == "¿"
    return anew and before.page == line.page and (is_ticked(before.text) or is_ticked(line.text))


def heads_list(line: Run, after: Run | None) -> bool:
    """Whether a numbered title stands over items that are counted in another way: "3.2 Uso de la piscina" over "1) …"."""
    if after is None or after.page != line.page or DEEPER_TITLE.match(line.text) is None:
        return False
    item = BULLET.match(after.text) is not None and DEEPER_TITLE.match(after.text) is None
    return item and is_named(line.text) and SENTENCE_END.search(line.text) is None


def begins_upper(line: Run) -> bool:
    """Whether a line of words begins with a capital or a figure."""
    first = line.text[0]
    return (first.isupper() or first.isdigit() or first in "¿¡") and n_letters(line) > 1


def has_sign(line: Run) -> bool:
    """Whether a line begins with a bullet, "•" or "▶", and no number or letter."""
    return BULLET.match(line.text) is not None and not re.match(r"\(?\w", line.text)


def n_letters(line: Run) -> int:
    """How many letters a line has."""
    return sum(map(str.isalpha, line.text))


def begins_lower(text: str) -> bool:
    """Whether a text begins with a small letter, in brackets or quotation marks perhaps, and is no item."""
    inside = text.lstrip("([«“‘\"'¿¡")
    return inside[:1].islower() and (inside == text or BULLET.match(text) is None)
