"""Tables that programs draw with signs, as "+-----+-----+" of MySQL or "┌─────┬─────┐" → rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.readers.draft import Part
from corpus.readers.tables import table_parts

_BORDER = re.compile(
    r"[ \t]*(?:\+(?:[-=]+\+)+|[┌├└╔╠╚╒╞╘╓╟╙┏┣┗╭╰].*[─═━-].*[┐┤┘╗╣╝╕╡╛╖╢╜┓┫┛╮╯])[ \t]*"
)
_ROW = re.compile(r"[ \t]*[|│║┃].*[|│║┃][ \t]*")
_BAR = re.compile(r"[|│║┃]")


def parts_of_boxes(lines: Sequence[str]) -> list[Part]:
    """The parts of a paragraph that holds drawn tables, with what stands above and below them; [] for one that holds none."""
    found: list[Part] = []
    beside: list[str] = []
    at, n_tables = 0, 0
    while at < len(lines):
        stop = _end(lines, at)
        rows = _rows(lines[at:stop])
        if not rows:
            beside += lines[at : max(stop, at + 1)]
            at = max(stop, at + 1)
            continue
        found += [Part("\n".join(beside))] if beside else []
        found += rows
        beside, at, n_tables = [], stop, n_tables + 1
    found += [Part("\n".join(beside))] if beside else []
    return found if n_tables else []


def _end(lines: Sequence[str], at: int) -> int:
    """Below which line a table ends that begins with a border at one; that line itself where none begins there."""
    if not _BORDER.fullmatch(lines[at]):
        return at
    stop = at
    while stop < len(lines) and (_BORDER.fullmatch(lines[stop]) or _ROW.fullmatch(lines[stop])):
        stop += 1
    return stop


def _rows(lines: Sequence[str]) -> list[Part]:
    """The rows of a table from border to border; [] where they have not one width of two cells or more, or there is only one."""
    groups: list[list[list[str]]] = [[]]
    for line in lines:
        if _BORDER.fullmatch(line):
            groups.append([])
        else:
            groups[-1].append([cell.strip() for cell in _BAR.split(line.strip()[1:-1])])
    groups = [group for group in groups if group]
    widths = {len(row) for group in groups for row in group}
    if len(widths) != 1 or widths.pop() < 2 or sum(map(len, groups)) < 2:
        return []
    headed = len(groups) > 1
    rows: list[list[str]] = []
    for n, group in enumerate(groups):
        # Between borders of its own a row may have several lines, which do not fill all cells
        is_one = (headed and n == 0) or (len(groups) > 2 and any(not all(row) for row in group[1:]))
        rows += (
            [[" ".join(filter(None, cells)) for cells in zip(*group, strict=True)]]
            if is_one
            else group
        )
    return table_parts(rows, n_headers=int(headed))
