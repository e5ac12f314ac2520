"""Marks, numbers and headings that stand apart from their line, or run into it, put where they are read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from corpus.blocks.signs import begins_anew
from corpus.readers.draft import raised
from corpus.readers.pdf.cells import parted_at
from corpus.readers.pdf.joins import same_paragraph
from corpus.readers.pdf.pieces import Piece
from corpus.readers.pdf.runs import Run
from corpus.readers.pdf.wording import is_in_capitals, n_letters

# How much larger than the text a number is that is an ornament beside it.
_ORNAMENT: Final = 1.6
# How much smaller than a text the numbers of its notes are.
_NOTE_NUMBER: Final = 0.7


def with_marks_in_place(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with what is a mark, a number or a heading where it is read, and a space behind each mark."""
    found = _with_marks_on_lines(_with_numbers_apart(_with_numbers_of_notes(pieces)))
    found = _with_headings_apart(found)
    _part_marks([piece for piece in found if isinstance(piece, Run)])
    return found


def _with_numbers_apart(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with a number in large letters that stands beside a paragraph, at the height of its second line, say, behind it: it
    counts the card that the paragraph is in, and is no word of it."""
    found = list(pieces)
    for n in range(1, len(found) - 1):
        before, number, line = found[n - 1 : n + 2]
        if (
            isinstance(before, Run)
            and isinstance(number, Run)
            and isinstance(line, Run)
            and re.fullmatch(r"\d{1,2}", number.text)
            and before.page == number.page == line.page
            and number.height > _ORNAMENT * max(before.height, line.height)
            and same_paragraph(before, line)
        ):
            found[n : n + 2] = line, number
    return found


def _with_numbers_of_notes(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with numbers of notes that stand raised at the end of the line below them as part of that: "42 43"."""
    found: list[Piece] = []
    for n, number in enumerate(pieces):
        line = pieces[n + 1] if n + 1 < len(pieces) else None
        if (
            isinstance(number, Run)
            and isinstance(line, Run)
            and re.fullmatch(r"\d{1,3}(?: \d{1,3})*", number.text)
            and number.page == line.page
            and number.height < _NOTE_NUMBER * line.height
            and 0 < number.bottom - line.bottom < line.height
            and abs(number.left - line.right) < 0.3 * line.height
        ):
            line.text += " ".join(map(raised, number.text.split()))
            line.right, line.edges = number.right, []
        else:
            found.append(number)
    return found


# "2." or "7.8.1.1" on a line of its own
_LONE_MARK = re.compile(r"(\d{1,2}(?:\.\d{1,2}){2,4}\.?|\d{1,2}[.)]-?|[a-z]\))")
# A text stands so many lines below the mark that it has, and so far from it, both in heights of its letters.
_MARK_GAP: Final = 3.0
_MARK_INDENT: Final = 4.0
_LEAST_LONE_MARKS: Final = 3


def _with_marks_on_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with the number of an item that stands on a line of its own put before the line below, where several stand so."""
    found: list[Piece] = []
    lone = [n for n, (mark, line) in enumerate(pairwise(pieces)) if _is_mark_over(mark, line)]
    over = set(lone) if len(lone) >= _LEAST_LONE_MARKS else set()
    for n, piece in enumerate(pieces):
        if n in over:
            continue
        if n - 1 in over:
            mark, line = pieces[n - 1], piece
            assert isinstance(mark, Run)
            assert isinstance(line, Run)
            line.text, line.left = f"{mark.text} {line.text}", min(mark.left, line.left)
            line.edges = []  # Of characters that are no longer counted
        found.append(piece)
    return found


def _is_mark_over(mark: Piece, line: Piece) -> bool:
    return (
        isinstance(mark, Run)
        and isinstance(line, Run)
        and _LONE_MARK.fullmatch(mark.text) is not None
        and not (mark.repeated or mark.turned or line.turned)
        and (
            0.5 * line.height < mark.bottom - line.bottom < _MARK_GAP * line.height
            or line.page == mark.page + 1
        )
        and -0.5 * line.height < line.left - mark.left < _MARK_INDENT * line.height
        and abs(line.height - mark.height) < 0.12 * line.height
        and line.text[0].isupper()
        and n_letters(line) > 1
        and not begins_anew(line.text)
    )


# "RULES OF THE HOUSE Guests are to": a heading in capitals that a sentence goes on behind
_RUN_IN = re.compile(r"(?:[^\W\d_a-zß-ÿ]{2,} ){2,7}(?=[A-ZÁÉÍÓÚÑ][a-zß-ÿ]+ [a-zß-ÿ])")
_LEAST_LIKE_IT: Final = 2


def _with_headings_apart(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with a heading in capitals that the first sentence stands behind as a line of its own, where others like it stand alone."""
    alone = Counter(
        _place_of(piece) for piece in pieces if isinstance(piece, Run) and is_in_capitals(piece)
    )
    found: list[Piece] = []
    for piece in pieces:
        head = _RUN_IN.match(piece.text) if isinstance(piece, Run) and piece.edges else None
        if head is None or not isinstance(piece, Run) or alone[_place_of(piece)] < _LEAST_LIKE_IT:
            found.append(piece)
            continue
        heading, rest = parted_at(piece, head.end() - 1)
        found += replace(heading, bold=True), replace(rest, left=piece.left)
    return found


def _place_of(line: Run) -> tuple[int, int]:
    """Where lines begin, and how high they are, that are alike."""
    return round(line.left), round(2 * line.height)


# "1.Discipline", "a.Individualized", "3.-Rentas": a mark that no space parts from its item
_MARKED = re.compile(r"\(?(\d{1,2}|[a-z])[.)]-?(?P<tight>(?=[A-ZÁÉÍÓÚÑ¿¡][^\W\d_]? ?[^\W\d_]))?")


def _part_marks(lines: Sequence[Run]) -> None:
    """Puts a space after the mark of an item that has none, where the one before or after it counts with it."""
    series: dict[bool, list[tuple[int, re.Match[str], Run]]] = {}
    for line in lines:
        mark = _MARKED.match(line.text)
        if mark is not None and (mark["tight"] is not None or line.text[mark.end() :][:1] == " "):
            number = int(mark[1]) if mark[1].isdigit() else ord(mark[1])
            series.setdefault(mark[1].isdigit(), []).append((number, mark, line))
    for found in series.values():
        numbers = [number for number, _, _ in found]
        for n, (number, mark, line) in enumerate(found):
            counts = numbers[n - 1 : n] == [number - 1] or numbers[n + 1 : n + 2] == [number + 1]
            if counts and mark["tight"] is not None:
                line.text = f"{mark[0]} {line.text[mark.end() :]}"
                line.edges = []  # Of characters that are no longer counted
