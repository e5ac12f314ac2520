"""Which lines of a PDF are no part of what it says: running heads, page numbers, line numbers, watermarks.

A line goes only for what is known of that very line; what goes is listed with its reason. Knows in which order they are looked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.document import LeftOut
from corpus.readers.pdf.linenumbers import line_numbers
from corpus.readers.pdf.runningheads import running_heads
from corpus.readers.pdf.runs import Sheet
from corpus.readers.pdf.tabs import beside, index_tabs
from corpus.readers.pdf.watermarks import watermarks


def without_furniture(sheets: Sequence[Sheet]) -> list[LeftOut]:
    """Takes furniture out of the sheets and says what was taken, page by page."""
    found = [*watermarks(sheets), *line_numbers(sheets), *beside(sheets)]
    found += [*index_tabs(sheets), *running_heads(sheets)]
    return sorted(found, key=lambda one: one.page)
