"""The lines of a table → its rows: parted by rules, else by steps between lines, else where the first column begins anew; and rows
that lie within these, of hours, of numbers, of sums."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise
from statistics import median
from typing import Final

from corpus.blocks.columns import is_sold
from corpus.readers.pdf.gutters import column_of
from corpus.readers.pdf.pieces import Gap
from corpus.readers.pdf.runs import Run


def by_rows(
    lines: Sequence[Sequence[Run]],
    gutters: Sequence[Gap],
    ruled: Sequence[float],
    *,
    drawn: bool,
) -> tuple[list[list[Sequence[Run]]], dict[int, list[Run]]]:
    """The lines of each row of a table, and the key of each row, by its number, that shares it with others; ``ruled``: the heights of its
    rules; ``drawn``: its gutters are."""
    groups: list[list[Sequence[Run]]] = []
    keys: dict[int, list[Run]] = {}
    for group in _grouped(lines, gutters, ruled, drawn=drawn):
        parts = [[line] for line in group] if _is_timed(group, gutters) else [group]
        if len(parts) == 1 and not drawn and len(ruled) < 2:
            parts = _by_numbers(group, gutters)
        if len(parts) > 1:
            key = [run for line in group for run in line if column_of(run, gutters) == 0]
            keys.update((n, key) for n in range(len(groups), len(groups) + len(parts)))
        groups += parts
    return groups, keys


def _grouped(
    rows: Sequence[Sequence[Run]],
    gutters: Sequence[Gap],
    ruled: Sequence[float],
    *,
    drawn: bool,
) -> list[list[Sequence[Run]]]:
    """The lines of each row of a table: parted at the heights of rules, else by larger steps, else where the first column begins anew."""
    steps = [a[0].bottom - b[0].bottom for a, b in pairwise(rows)]
    heights = [max(run.height for run in row) for row in rows]
    close = min(steps)
    uneven = max(steps) > 1.25 * close and close < 1.35 * max(heights)
    keyed = [any(column_of(run, gutters) == 0 for run in row) for row in rows]
    by_rules = len(ruled) > 1 or (
        drawn
        and (
            (len(ruled) == 1 and _has_key_halfway(rows, keyed, ruled[0]))
            or _keys_fill_cells(rows, gutters, ruled)
        )
    )
    several = _several_between(rows, gutters, keyed, ruled) if by_rules else frozenset()
    several |= _apart(rows, ruled, steps) if by_rules and not drawn else frozenset()
    bands = _bands(rows, gutters, keyed, steps) if not by_rules and not all(keyed) else []
    sums = len(rows) - _n_sums(rows, gutters, keyed)
    groups = [[rows[0]]]
    for n, row in enumerate(rows[1:]):
        parted: bool
        if by_rules:
            parted = (
                any(row[0].bottom < y < rows[n][0].bottom for y in ruled)
                or n + 1 in several
                or (_is_hours(row, gutters) and _is_hours(groups[-1][0], gutters))
                or _is_next_label(rows[n], row, gutters)
            )
        elif bands:
            parted = n + 1 in bands
        elif all(keyed):
            wraps = row[0].text[:1].islower() and not rows[n][0].text[:1].islower()
            parted = not uneven or steps[n] > 1.2 * close or (len(row) > 1 and not wraps)
            parted = parted or is_sold(row[0].text)
        else:
            heads = not uneven and len(row) == 1 and row[0].bold and not rows[n][-1].bold
            near = uneven and steps[n] <= 1.1 * close and len(row) == 1
            parted = (
                n + 1 >= sums
                or heads
                or (keyed[n + 1] and not near and not _ends_key(rows, n + 1, keyed, groups[-1]))
            )
        if parted:
            groups.append([row])
        else:
            groups[-1].append(row)
    return groups


def _has_key_halfway(rows: Sequence[Sequence[Run]], keyed: Sequence[bool], rule: float) -> bool:
    """Whether what stands above or below the only rule is one row: it has one key, with lines above and below that have none."""
    n_above = sum(row[0].bottom > rule for row in rows)
    parts = [list(keyed[:n_above]), list(keyed[n_above:])]
    return any([key for key, _ in groupby(part)] == [False, True, False] for part in parts)


def _keys_fill_cells(
    rows: Sequence[Sequence[Run]], gutters: Sequence[Gap], ruled: Sequence[float]
) -> bool:
    """Whether the few cells that are drawn hold a row each: each line of a key goes on in the next, as it fills the cell or that begins with
    a small letter, beside a cell of fewer lines; no cell has a line without words between others."""
    edge, found = gutters[0][0], False
    for _, group in groupby(rows, key=lambda row: sum(row[0].bottom < y for y in ruled)):
        lines: list[list[int]] = [[] for _ in range(len(gutters) + 1)]
        keys: list[list[Run]] = []
        for n, row in enumerate(group):
            for column in {column_of(run, gutters) for run in row}:
                lines[column].append(n)
            key = [run for run in row if column_of(run, gutters) == 0]
            keys += [key] if key else []
        if any(at and at[-1] - at[0] >= len(at) for at in lines):
            return False
        if not all(_fills(a[-1], b[0], edge) for a, b in pairwise(keys)):
            return False
        fewest = min((len(at) for at in lines[1:] if at), default=len(keys))
        if 1 < len(keys) <= fewest:
            return False
        found = found or len(keys) > 1
    return found


def _fills(line: Run, below: Run, edge: float) -> bool:
    """Whether a line goes on below: its cell has no room for the next word, or that begins with a small letter."""
    width = (below.right - below.left) / len(below.text)
    word = below.text.split(maxsplit=1)[0]
    return below.text[0].islower() or line.right + (len(word) + 1) * width > edge


def _ends_key(
    rows: Sequence[Sequence[Run]],
    n: int,
    keyed: Sequence[bool],
    group: Sequence[Sequence[Run]],
) -> bool:
    """Whether a line is the end of the key above it: alone, in small letters below a capital, and without a value, higher or lower."""
    values = n + 1 < len(rows) and not keyed[n + 1]
    small, above = rows[n][0].text[:1].islower(), group[0][0].text[:1]
    return len(rows[n]) == 1 and small and above.isupper() and not values


def _n_sums(rows: Sequence[Sequence[Run]], gutters: Sequence[Gap], keyed: Sequence[bool]) -> int:
    """How many lines at the end are sums, each a name and a figure below the figures of all rows: "Total | 92.00"."""
    figures = [
        {column_of(run, gutters) for run in row if _FIGURE.fullmatch(run.text)} for row in rows
    ]
    n_sums = 0
    for row, key, figure in reversed(list(zip(rows, keyed, figures, strict=True))):
        if key or len(row) != 2 or _FIGURE.fullmatch(row[0].text) or len(figure) != 1:
            break
        n_sums += 1
    items = [figure for figure, key in zip(figures[1:], keyed[1:], strict=True) if key]
    if not n_sums or not items or not figures[-1] <= set.intersection(*items):
        return 0
    return n_sums


def _several_between(
    rows: Sequence[Sequence[Run]],
    gutters: Sequence[Gap],
    keyed: Sequence[bool],
    ruled: Sequence[float],
) -> frozenset[int]:
    """Where rows begin that no rule parts, as in a box around all of them: on nearly each line with a key stands a figure in one and the
    same column, and on no other line."""
    found: set[int] = set()
    above = [sum(row[0].bottom < y for y in ruled) for row in rows]
    for _, numbers in groupby(range(len(rows)), key=lambda n: above[n]):
        lines = list(numbers)
        keys = [n for n in lines if keyed[n]]
        if len(keys) < _LEAST_IN_BOX or keys[0] != lines[0]:
            continue
        if any(rows[n][0].text[:1].islower() for n in keys):
            continue
        for column in range(1, len(gutters) + 1):
            cells = [[run for run in rows[n] if column_of(run, gutters) == column] for n in lines]
            filled = [n for n, cell in zip(lines, cells, strict=True) if cell]
            many = len(filled) > 0.8 * len(keys)
            if (
                many
                and set(filled) <= set(keys)
                and all(
                    _FIGURE.fullmatch(" ".join(run.text for run in cell)) for cell in cells if cell
                )
            ):
                found.update(keys)
                break
    return frozenset(found)


# Of the steps between lines, and of the lines between rules: where a table is striped.
_APART: Final = 1.3
_LEAST_SINGLE: Final = 0.7


def _apart(
    rows: Sequence[Sequence[Run]], ruled: Sequence[float], steps: Sequence[float]
) -> frozenset[int]:
    """Where rows begin that stand apart from the one above without a rule, as a table does below another that has every other row on a
    ground of its own: nearly all rules have one line between them."""
    held = Counter(sum(row[0].bottom < y for y in ruled) for row in rows)
    if sum(n == 1 for n in held.values()) < _LEAST_SINGLE * len(held):
        return frozenset()
    return frozenset(n + 1 for n, step in enumerate(steps) if step > _APART * median(steps))


# "5", "0-2 %", "1.250,00 €", "$ 12.50"
_FIGURE = re.compile(r"[^\w\s]{0,2} ?\d[\d.,/–%-]*(?: ?[^\W\d_]{1,3}| ?[^\w\s])?")
_LEAST_IN_BOX: Final = 3
# From when to when: two of them are never one cell, though no rule is drawn between their rows.
HOURS = re.compile(r"\d{1,2}[:.h]\d{2}\s*h?\s*(?:[-–—]|a|to)\s*\d{1,2}[:.h]\d{2}\s*h?\.?")


def _is_hours(row: Sequence[Run], gutters: Sequence[Gap]) -> bool:
    """Whether a line of a table has hours in its first column and something beside them."""
    hours = HOURS.fullmatch(row[0].text) is not None and column_of(row[0], gutters) == 0
    return hours and len(row) > 1


# "Phone:", "Fecha de nacimiento: "
_LABEL = re.compile(r"[A-ZÁÉÍÓÚÑ][^:.;,]{1,30}:(?: |\Z)")
# Of the height of the letters: the lines of one cell are nearer.
_LABEL_STEP: Final = 1.7


def _is_next_label(above: Sequence[Run], row: Sequence[Run], gutters: Sequence[Gap]) -> bool:
    """Whether two lines of a form begin with a label each, further apart than the lines of a cell: what is drawn there are lines to write on."""
    labels = (
        _LABEL.match(line[0].text) and column_of(line[0], gutters) == 0 for line in (above, row)
    )
    return all(labels) and above[0].bottom - row[0].bottom > _LABEL_STEP * row[0].height


_TIME = re.compile(
    r"\d{1,2}:\d{2}|\d{1,2}(?:[:.]\d{2})? ?(?:[ap]\.?m\b\.?|h(?:rs)?\b\.?)", re.IGNORECASE
)


def _is_timed(lines: Sequence[Sequence[Run]], gutters: Sequence[Gap]) -> bool:
    """Whether the lines of one key, a day, are rows of their own: each has something in a column of times, and in another one, which
    begins anew."""
    columns = [
        [[run for run in line if column_of(run, gutters) == n] for line in lines]
        for n in range(1, len(gutters) + 1)
    ]
    full = [cells for cells in columns if all(cells)]
    n_times = max(
        (sum(_TIME.fullmatch(cell[0].text) is not None for cell in cells) for cells in full),
        default=0,
    )
    anew = [cells for cells in full if not any(cell[0].text[:1].islower() for cell in cells)]
    return n_times > 1 and 2 * n_times >= len(lines) and len(full) > 1 and len(anew) > 1


def _by_numbers(
    lines: Sequence[Sequence[Run]], gutters: Sequence[Gap]
) -> list[list[Sequence[Run]]]:
    """The lines of one key as a row for each number in the second of three columns, where each stands beside a text of its own and the key
    has one line: "62800 | .10 Retail sale", below it ".20 Wholesale"."""
    whole = [list(lines)]
    columns = [[column_of(run, gutters) for run in line] for line in lines]
    starts = [n for n, of in enumerate(columns) if 1 in of]
    if len(gutters) != 2 or len(starts) < 2 or (starts[0] > 0 and columns[: starts[0]] != [[0]]):
        return whole
    if any(0 in of for of in columns[1:]) or any(columns[n][-2:] != [1, 2] for n in starts):
        return whole
    pairs = [lines[n][-2:] for n in starts]
    if not all(_FIGURE.fullmatch(number.text) for number, _ in pairs):
        return whole
    if any(text.text[0].islower() for _, text in pairs):
        return whole
    return [list(lines[a:b]) for a, b in pairwise([0, *starts[1:], len(lines)])]


def _bands(
    rows: Sequence[Sequence[Run]],
    gutters: Sequence[Gap],
    keyed: Sequence[bool],
    steps: Sequence[float],
) -> list[int]:
    """Where the rows of a table begin by the larger steps between them, where the first column stands halfway up or at the foot of some;
    [] where the steps tell no rows with a key each."""
    columns: list[list[float]] = [[] for _ in range(len(gutters) + 1)]
    for row in rows:
        for run in row:
            columns[column_of(run, gutters)].append(run.bottom)
    height = min(run.height for row in rows for run in row)
    pitches = [a - b for column in columns for a, b in pairwise(column) if a - b > 0.5 * height]
    pitch = min(pitches, default=0.0)
    found = [0, *(n + 1 for n, step in enumerate(steps) if step > 1.15 * pitch), len(rows)]
    parts = [keyed[a:b] for a, b in pairwise(found)]
    # The lines of one key are as near as lines are, those of two keys further apart
    places = [
        [row[0].bottom for row, key in zip(rows[a:b], keyed[a:b], strict=True) if key]
        for a, b in pairwise(found)
    ]
    single = [all(a - b < 1.1 * pitch for a, b in pairwise(place)) for place in places]
    good = [
        sum(part) == 1 or (any(part) and not all(part) and one)
        for part, one in zip(parts, single, strict=True)
    ]
    # A row may lack its key, but not many
    sure = all(one or not any(part) for one, part in zip(good, parts, strict=True)) and sum(
        good
    ) >= 0.75 * len(parts)
    return found[:-1] if sure and len(parts) > 2 and not all(part[0] for part in parts) else []
