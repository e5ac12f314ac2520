"""What stands beside the text of several pages: words that are turned, and the tabs of an index at the outer edge.

Both are kept on the first page that has them, tabs only where the text does not say the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from corpus.document import LeftOut
from corpus.readers.pdf.edges import words_in
from corpus.readers.pdf.pagenumbers import NUMBER
from corpus.readers.pdf.runs import Run, Sheet


def beside(sheets: Sequence[Sheet]) -> Iterator[LeftOut]:
    """What stands turned beside the text of several pages, the same words but for numbers; kept on the first of them."""
    turned: dict[tuple[str, int], list[tuple[Sheet, Run]]] = {}
    for sheet in sheets:
        n_turned = sum(len(run.text) for run in sheet.runs if run.turned)
        if 2 * n_turned >= sum(len(run.text) for run in sheet.runs):
            continue  # A page laid on its side
        for run in sheet.runs:
            if run.turned:
                turned.setdefault((NUMBER.sub("#", run.text), run.turned), []).append((sheet, run))
    for found in turned.values():
        same = len({run.text for _, run in found}) == 1
        if len({sheet.page for sheet, _ in found}) < (2 if same else 3):
            continue
        for n, (sheet, run) in enumerate(found):
            if n == 0:
                run.repeated = True
                continue
            sheet.runs = [one for one in sheet.runs if one is not run]
            yield LeftOut(run.text, sheet.page, "repeated at the edge of pages")


# On so many pages stand the tabs of an index at the outer edge.
_LEAST_TABBED: Final = 5


def index_tabs(sheets: Sequence[Sheet]) -> Iterator[LeftOut]:
    """What stands in one place beside the text of many pages, the same words, on lines of its own: the tabs of an index. What the text
    does not say is kept on the first of them."""
    places = [(sheet, run, _spot(run)) for sheet in sheets for run in sheet.runs if not run.turned]
    n_there = Counter(spot for _, _, spot in places)
    again = {id(run) for _, run, spot in places if n_there[spot] >= _LEAST_TABBED}
    tabs = {id(run) for sheet in sheets for run in _tabs_on(sheet, again)} if again else set()
    words = {word for _, run, _ in places if id(run) not in tabs for word in words_in(run.text)}
    for sheet, run, spot in places:
        if id(run) not in tabs:
            continue
        if n_there.pop(spot, 0) and not words.issuperset(words_in(run.text)):
            run.repeated = True
            tabs.discard(id(run))
        else:
            yield LeftOut(run.text, sheet.page, "repeated at the edge of pages")
    for sheet in sheets if tabs else ():
        sheet.runs = [run for run in sheet.runs if id(run) not in tabs]


def _spot(run: Run) -> tuple[str, int, int]:
    """The words of a run and where they stand on its page."""
    return run.text, round(run.left), round(run.bottom)


def _tabs_on(sheet: Sheet, again: set[int]) -> list[Run]:
    """Of the runs of a page that others have ``again``, those left, or right, of all its text; none where they are cells of its lines."""
    flat = [run for run in sheet.runs if not run.turned]
    text = [run for run in flat if id(run) not in again]
    if not text:
        return []
    left, right = min(run.left for run in text), max(run.right for run in text)
    bases = {round(run.bottom) for run in text}
    found: list[Run] = []
    for side in (
        [run for run in flat if id(run) in again and run.left > right],
        [run for run in flat if id(run) in again and run.right < left],
    ):
        if 2 * sum(round(run.bottom) in bases for run in side) < len(side):
            found += side
    return found
