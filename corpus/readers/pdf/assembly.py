"""Runs as glyphs make them → runs as they are read: what is side by side is one, from the top of the page to its bottom.

Knows what is set apart and yet belongs to its line: raised marks, large initials, names of articles in the margin; and what is
printed twice.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Final

from corpus.language import initial_is_word
from corpus.readers.draft import known_words, raised
from corpus.readers.pdf.places import MESH, TWICE, ByBase, meshes
from corpus.readers.pdf.runs import COLUMN_GAP, Run, rows_of

_RAISED_MARK = re.compile(
    r"[\d*†‡+()a-zA-Zªº°⁻−–-]{1,6}|\d{1,3}(?:,\d{1,3}){1,2}|(?:\[(?:[a-z]{1,2}|\d{1,3})\]){1,3}"
)


def assembled(runs: Sequence[Run]) -> list[Run]:
    """Runs side by side as one, with raised marks in their place and nothing that is printed twice; from top to bottom."""
    runs = _with_initials(_with_raised(_once(runs)))
    made: list[Run] = []
    for row in rows_of(runs):
        now = row[0]
        for n, whole in enumerate(row[1:], 1):
            run = _without_overlap(now, whole)
            if run is None:
                continue
            gap = run.left - now.right
            height = max(now.height, run.height)
            beside = n == 1 and _is_one(row[1:]) and _names(now, run)
            if beside or (_is_one([now, run]) and not (now.typed and run.typed)):
                between = " " if gap > 0.1 * height and run.text[0] not in _ATTACHED else ""
                now = _joined(now, run, between)
            else:
                made.append(now)
                now = run
        made.append(now)
    return made


def _is_one(row: Sequence[Run]) -> bool:
    """Whether runs of a row stand as near as those of one line do."""
    return all(b.left - a.right < COLUMN_GAP * min(a.height, b.height) for a, b in pairwise(row))


# "Artículo 8º." in the margin of its text, whose lines all stand further in
_IN_MARGIN = re.compile(
    r"(?:art(?:[ií]culo|icle|\.)|cl[aá]usula|clause|section|par[aá]grafo)(?: (?:n[º°.]{1,2} ?)?(?:\d{1,3}|[ivx]{1,6})[º°ª]?)?[.:]?-?",
    re.IGNORECASE,
)
_MAX_MARGIN: Final = 7.0
_LEAST_BESIDE: Final = 25


def _names(label: Run, run: Run) -> bool:
    """Whether a run is the name of an article in the margin and the other the first line of what it says, and no cell of a table."""
    return (
        _IN_MARGIN.fullmatch(label.text) is not None
        and not label.text[-1].isalpha()
        and label.text[0].isupper()
        and 0 < run.left - label.right < _MAX_MARGIN * run.height
        and abs(label.height - run.height) < 0.3 * run.height
        and len(run.text) >= _LEAST_BESIDE
        and run.text[0].isupper()
    )


# Of the height of the letters: one letter that is drawn in two strips stands no further off.
_CUT: Final = 0.05


def _without_overlap(now: Run, run: Run) -> Run | None:
    """A run without the letters that the one before ends with in their very places, None where it has no others: a program that cuts a
    page into strips draws what lies on a cut in both."""
    if not now.edges or not run.edges or run.left >= now.right:
        return run
    lefts, near = now.edges[::2], _CUT * run.height
    at = bisect_left(lefts, run.left - near)
    places = zip(lefts[at:], run.edges[::2], strict=False)
    shared = now.text[at:]
    if not (shared and run.text.startswith(shared)) or any(abs(a - b) > near for a, b in places):
        return run
    edges = run.edges[2 * len(shared) :]
    return replace(run, text=run.text[len(shared) :], left=edges[0], edges=edges) if edges else None


# Raised marks stand at the word they belong to whatever the gap.
_ATTACHED: Final = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹^")


def _joined(left: Run, right: Run, between: str) -> Run:
    edges: list[float] = []
    if left.edges and right.edges:
        edges = [*left.edges, *([left.right, right.left] if between else ()), *right.edges]
    wide = left if len(left.text) >= len(right.text) else right
    return Run(
        left.text + between + right.text,
        left.page,
        left.left,
        wide.bottom,
        max(left.right, right.right),
        wide.height,
        left.bold and right.bold,
        edges,
        left.turned,
        left.typed or right.typed,
    )


# Lines at one height whose words may be printed again.
_MAX_OVERPRINTED: Final = 8
# Of the height of the letters.
_UPON: Final = 0.12


def _once(runs: Sequence[Run]) -> list[Run]:
    kept: list[Run] = []
    seen: dict[tuple[str, int, int], list[Run]] = {}
    lines: dict[int, deque[Run]] = {}
    for run in runs:
        near = min(0.25 * run.height, TWICE)
        if any(
            _is_piece_of(run, line) for up in meshes(run.bottom, near) for line in lines.get(up, ())
        ):
            continue
        if any(
            abs(o.left - run.left) < near and abs(o.bottom - run.bottom) < near
            for across in meshes(run.left, near)
            for up in meshes(run.bottom, near)
            for o in seen.get((run.text, across, up), ())
        ):
            continue
        place = (run.text, math.floor(run.left / MESH), math.floor(run.bottom / MESH))
        seen.setdefault(place, []).append(run)
        kept.append(run)
        if run.edges and " " in run.text:
            lines.setdefault(place[2], deque(maxlen=_MAX_OVERPRINTED)).append(run)
    return kept


def _is_piece_of(run: Run, line: Run) -> bool:
    """Whether a run is printed upon the same words of a longer one; a letter of its words may be as near to its like: "Of", "ficer"."""
    n_chars, near = len(line.text), _UPON * run.height
    if len(run.text) >= n_chars or abs(run.bottom - line.bottom) >= near:
        return False
    at = bisect_left(range(n_chars), run.left - near, key=lambda n: line.edges[2 * n])
    while at < n_chars and line.edges[2 * at] < run.left + near:
        end = at + len(run.text)
        whole = (at == 0 or line.text[at - 1] == " ") and line.text[end : end + 1] in ("", " ")
        if (whole or " " in run.text) and line.text.startswith(run.text, at):
            return True
        at += 1
    return False


def _with_raised(runs: list[Run]) -> list[Run]:
    """Small runs above the line brought down to it, as ³ or ^b; below it (H2O) as they are."""
    usual = median(run.height for run in runs) if runs else 0.0
    small = [r for r in runs if r.height < 0.88 * usual * 1.6 and _RAISED_MARK.fullmatch(r.text)]
    if not small:
        return runs
    placed = ByBase(runs)
    for mark in small:
        host = _host(mark, placed.around(mark.bottom, 0.3, 0.65))
        if host is None:
            continue
        before = mark.bottom, mark.height
        if mark.bottom - host.bottom > 0.12 * host.height:
            text = _as_raised(mark.text, host.text if host.right <= mark.left + 1 else "")
            if len(text) != len(mark.text):
                mark.edges = []
            mark.text = text
        mark.bottom, mark.height = host.bottom, host.height
        placed.moved(mark, *before)
    return runs


def _host(mark: Run, runs: Sequence[Run]) -> Run | None:
    for run in runs:
        lift = mark.bottom - run.bottom
        if mark.height > 0.85 * run.height or not -0.3 < lift / run.height < 0.65:
            continue
        if abs(lift) < 0.06 * run.height or run is mark:
            continue
        reach = 0.35 * run.height
        if abs(mark.left - run.right) < reach or abs(run.left - mark.right) < reach:
            return run
    return None


def _as_raised(mark: str, before: str) -> str:
    if mark.startswith("["):
        return mark  # Of a comment that a program prints at the end, or of a note as encyclopedias write it
    if mark in ("o", "a", "º", "ª", "°", "er", "st", "nd", "rd", "th", "os", "as"):
        if before[-1:].isdigit() or before[-1:] == "." or before[-1:].isupper():
            return raised(mark)
    elif not mark.isalpha():
        shown = ",".join(map(raised, mark.split(",")))  # two notes to one word
        return shown if shown != mark or mark in ("*", "†", "‡", "°") else "^" + mark
    return "^" + mark if len(mark) <= 2 and before[-1:].isalnum() else mark


# What is looked up in all words of the page for each of them; pages of type have one or two.
_MAX_INITIALS: Final = 50


def _with_initials(runs: list[Run]) -> list[Run]:
    """A large first letter that spans two lines and more put before the first of them."""
    least = 1.7 * min((run.height for run in runs), default=0.0)
    letters = [
        run
        for run in runs
        if run.height > least and len(run.text.strip('«“"¿¡')) == 1 and run.text[-1:].isalpha()
    ]
    if not letters:
        return runs
    placed, gone = ByBase(runs), set[int]()
    for letter in letters:
        if len(gone) == _MAX_INITIALS:
            break
        reach = 0.3 * letter.height
        beside = [
            run
            for run in placed.within(letter.bottom - reach, letter.bottom + letter.height)
            if run is not letter
            and id(run) not in gone
            and letter.height > 1.7 * run.height
            and -0.4 * run.height < run.left - letter.right < 1.2 * run.height
            and -0.3 * run.height <= run.bottom - letter.bottom < letter.height
        ]
        first = max(beside, key=lambda run: run.bottom, default=None)
        # A large letter on the base line of its only line is a letter.
        if first is None or first.bottom - letter.bottom < 0.5 * first.height:
            continue
        kept = [run for run in runs if id(run) not in gone]
        apart = " " if _is_apart(letter, first, beside, kept) else ""
        first.text = letter.text + apart + first.text
        first.edges = (
            [letter.left, letter.right, *first.edges]
            if first.edges and not apart and len(letter.text) == 1
            else []
        )
        for run in beside:
            run.left = min(run.left, letter.left)
        gone.add(id(letter))
    return [run for run in runs if id(run) not in gone]


def _is_apart(letter: Run, first: Run, beside: Sequence[Run], runs: Sequence[Run]) -> bool:
    """Whether a large first letter is a word by itself: the line beside it begins a space further in, or its words say so."""
    if first.spaced or not first.text[:1].isalpha():
        return True
    others = [run.left for run in beside if run is not first and run.bottom < first.bottom]
    if others and 0.15 * first.height < first.left - max(others) < 0.6 * first.height:
        return True
    after = " ".join(run.text for run in sorted(beside, key=lambda run: -run.bottom))
    elsewhere = known_words(" ".join(run.text for run in runs if run is not first))
    return initial_is_word(letter.text.strip('«“"¿¡'), after, elsewhere)
