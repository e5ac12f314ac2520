"""When a page was printed, as browsers and programs write it over each: "12/03/2024, 10:41".

Knows how days and times are written there, and which lines say nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from corpus.readers.pdf.pagenumbers import PAGE_NAMED, PAGE_OF_PAGES
from corpus.readers.pdf.runs import Run, Sheet, rows_of

_DATE = (
    r"(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}(?:[ -]| de )[^\W\d_]{3,10}\.?(?:[ -]|, | de )\d{2,4}"
    r"|(?:[^\W\d_]{3,10}, )?[^\W\d_]{3,10}\.? \d{1,2}, \d{4})"
)
_TIME = r"\d{1,2}[:.]\d{2}(?::\d{2})?(?: ?[ap]\.? ?m\b\.?| ?h(?:rs|oras)?\b\.?)?"
CLOCK = re.compile(_TIME, re.IGNORECASE)
_MOMENT: Final = (
    rf"(?:{_DATE}(?:[ ,;T|-]|\b(?:a las?|at|hora|time)\b:?)+{_TIME}|{_TIME}[ ,;|-]+{_DATE})"
)
# "12/03/2024, 10:41" is printed by browsers over every page, "Printed on March 12, 2024 at 10:41 AM by jlopez" by programs
MOMENT_ALONE = re.compile(_MOMENT, re.IGNORECASE)
PRINTED = re.compile(
    r"(?:\b(?:fecha|hora|date|time|documento|document|informe|report|y|and|de|of)\b[\s:]*)*"
    r"\b(?:impres[oa]|impresi[óo]n|printed|print(?:ing)?|generad[oa]|generaci[óo]n|generated|descargad[oa]|downloaded)\b"
    rf"\D{{0,60}}?{_MOMENT}(?:[ ,-]*\b(?:por|by|usuario|user)\b:? [^|]{{1,40}})?",
    re.IGNORECASE,
)


def printed(sheets: Sequence[Sheet], edges: Sequence[Run]) -> Iterator[Run]:
    """Lines that say when they were printed, and perhaps their page, and nothing else: in words, or as a browser does, which counts the
    pages too."""
    pages: dict[int, list[Run]] = {}
    for line in edges:
        pages.setdefault(line.page, []).append(line)
    for lines in pages.values():
        counted = any(
            (number := PAGE_OF_PAGES.fullmatch(line.text)) and int(number[2]) == len(sheets)
            for line in lines
        )
        for row in rows_of(lines):
            rest, n = PRINTED.subn("", " ".join(line.text for line in row))
            if n and not any(map(str.isalpha, PAGE_NAMED.sub("", rest))):
                yield from row
            elif counted:
                yield from (line for line in row if MOMENT_ALONE.fullmatch(line.text))
