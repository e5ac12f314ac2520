"""The items of lists, where only their lines tell: by a mark, a number that counts on, a small picture or a time in the place of one, in turn or
within one paragraph; and what leads in to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from corpus.blocks.counting import COUNTED, SIGNS, counts_on, is_first, number_of_step
from corpus.blocks.leaf import Leaf, Placed, indent, rstripped
from corpus.blocks.signs import ITEM, MAX_BARE_ITEM_CHARS, MAX_STATEMENT_CHARS, breaks_off, label_of
from corpus.document import Span
from corpus.language import sentences
from corpus.readers.draft import PICTURED, SURE_MARKS


def item_of_line(line: str, start: int, end: int) -> Leaf | None:
    """A line that begins with the mark of an item, as one; None for any other."""
    item = ITEM.match(line)
    if item is None:
        return None
    number = ((start + item.start(2), start + item.end(2)),) if item[2] else None
    return Leaf("item", start + len(item[1]), end, 1 + min(5, len(item[1]) // 2), number)


def items_among(text: str, parts: Sequence[Placed]) -> dict[int, list[Leaf]]:
    """The parts, by their place, that are items though nothing marks them as such, each as its leaves: counted up, in turn or below what leads in
    to them, with a time of the day, or with a small picture in the place of a bullet."""
    found: dict[int, list[Leaf]] = {}
    for n in _pictured_parts(text, parts):
        found[n] = list(itemised(text, _item_of_part(parts[n])))
    for n, time in _timed_parts(text, parts).items():
        found[n] = [_item_of_part(parts[n], time)]
    for n, number in _typed_parts(text, parts).items():
        found[n] = [_item_of_part(parts[n], number)]
    for n, number in _listed_parts(text, parts).items():
        found[n] = list(itemised(text, _item_of_part(parts[n], number)))
    return found


def _item_of_part(placed: Placed, *cells: Span) -> Leaf:
    return Leaf("item", placed.start, placed.end, level=1, cells=cells or None)


def _listed_parts(text: str, parts: Sequence[Placed]) -> dict[int, Span]:
    """The parts, by their place, that are counted up from the first below what leads in to them, each with where its number stands."""
    found: dict[int, Span] = {}
    for n, placed in enumerate(parts):
        line = text[placed.start : min(placed.end, placed.start + MAX_STATEMENT_CHARS)]
        mark = COUNTED.match(line) if placed.part.kind == "paragraph" else None
        if mark is None or "\n" in line or n == 0:
            continue
        before = text[parts[n - 1].start : parts[n - 1].end]
        goes_on = n - 1 in found and counts_on(before, line)
        opens = before[-1:] == ":" and is_first(line)
        after = parts[n + 1] if n + 1 < len(parts) else None
        if goes_on or (
            opens
            and after is not None
            and after.part.kind == "paragraph"
            and counts_on(line, text[after.start : min(after.end, after.start + 20)])
        ):
            found[n] = (placed.start, placed.start + len(mark[0].rstrip()))
    return found


# "1-Se trae bata", "2-. No se fuma", "3.Nobody eats": right before the word
_TYPED = re.compile(r"(\d{1,2})(?:-\.?|\.-|[.)])[ ]?(?=[¿¡\"“«(]?[^\W\d_])")
_LEAST_TYPED: Final = 3


def typed_lines(text: str, lines: Sequence[Span]) -> dict[int, Leaf]:
    """The items, by where they begin, of lines in turn whose numbers stand right before their words."""
    numbers = _typed(text, dict(enumerate(lines)))
    return {
        lines[n][0]: Leaf("item", number[0], lines[n][1], level=1, cells=(number,))
        for n, number in numbers.items()
    }


def _typed_parts(text: str, parts: Sequence[Placed]) -> dict[int, Span]:
    """The same for parts, by their place, each with where its number stands."""
    spans = {n: (one.start, one.end) for n, one in enumerate(parts) if one.part.kind == "paragraph"}
    return _typed(text, spans)


def _typed(text: str, spans: Mapping[int, Span]) -> dict[int, Span]:
    """Of stretches, by their place, those in turn that count up from the first, most with a number right before the word; each with where that
    stands."""
    found: dict[int, Span] = {}
    run: dict[int, re.Match[str]] = {}
    for n in [*spans, -1]:
        mark = _TYPED.match(text, spans[n][0] + indent(text, *spans[n])) if n >= 0 else None
        if mark is None or n - 1 not in run or int(mark[1]) != len(run) + 1:
            glued = sum(not one[0].endswith(" ") for one in run.values())
            if len(run) >= _LEAST_TYPED and 2 * glued > len(run):
                found |= {at: (one.start(), rstripped(text, one.end())) for at, one in run.items()}
            run = {}
        if mark is not None and (run or int(mark[1]) == 1):
            run[n] = mark
    return found


_MAX_PICTURED_CHARS: Final = 400


def _pictured_parts(text: str, parts: Sequence[Placed]) -> set[int]:
    """The parts, by their place, that each are a line with a small picture in the place of a bullet, several in turn."""
    return _pictured(
        text,
        {
            n: (placed.start, placed.end)
            for n, placed in enumerate(parts)
            if placed.part.kind == "paragraph"
            and not (placed.part.strong or placed.part.inside)
            and placed.end - placed.start <= _MAX_PICTURED_CHARS
        },
    )


def pictured_lines(text: str, lines: Sequence[Span]) -> dict[int, Leaf]:
    """The items, by where they begin, among lines that have a small picture in the place of a bullet, several in turn."""
    found = (lines[n] for n in _pictured(text, dict(enumerate(lines))))
    return {a: Leaf("item", a + indent(text, a, b), b, level=1) for a, b in found}


def _pictured(text: str, spans: Mapping[int, Span]) -> set[int]:
    """The stretches, by their place, that have a small picture in the place of a bullet and stand beside another: "📍 Mill Street", "🕐 9:00"."""
    found = {n for n, (a, b) in spans.items() if _is_pictured(text[a:b])}
    # One with a colon leads in to the others
    return {n for n in found if {n - 1, n + 1} & found and text[spans[n][1] - 1] != ":"}


def _is_pictured(line: str) -> bool:
    """Whether one line has a small picture in the place of a bullet, and is no name with its value."""
    return PICTURED.match(line) is not None and "\n" not in line and label_of(line) is None


# "17.00. Inauguración oficial."
_TIME = re.compile(r"((?:[01]?\d|2[0-3])\.[0-5][05])\.?[ \t]+(?=[^\W\d_])")
_NUMBERED_DEEPER = re.compile(r"\d{1,2}\.\d{1,2}\.?[ \t]")
_DEEPER_NUMBER = re.compile(r"\d{1,2}\.\d{1,2}(?!\d)")
_LEAST_TIMES: Final = 4


def _timed_parts(text: str, parts: Sequence[Placed]) -> dict[int, Span]:
    """The parts, by their place, of a programme that begin with a time of the day, each with where that stands: there are several, they
    are more than what is numbered in that form otherwise, and the first of an hour is no section of its own; or two in turn, and no number
    of a section stands anywhere before theirs."""
    found: dict[int, Span] = {}
    n_others = 0
    for n, placed in enumerate(parts):
        if placed.part.kind != "paragraph":
            continue
        line = text[placed.start : min(placed.end, placed.start + MAX_STATEMENT_CHARS)]
        time = _TIME.match(line)
        if time is not None and "\n" not in line:
            found[n] = (placed.start, placed.start + time.end(1))
        else:
            n_others += _NUMBERED_DEEPER.match(line) is not None
    on_the_hour = any(text[a:b].endswith(".00") for a, b in found.values())
    if len(found) >= max(_LEAST_TIMES, 4 * n_others) and on_the_hour:
        return found
    numbers = {number[0] for one in parts if (number := _DEEPER_NUMBER.match(text, one.start))}
    alone = {n for n, (a, b) in found.items() if not _number_before(text[a:b]) & numbers}
    return {n: span for n, span in found.items() if n in alone and {n - 1, n + 1} & alone}


def _number_before(number: str) -> set[str]:
    """What stands before "1.30" if that is the number of a section, "1.29"; of "1.10" also "1.9" and "1.09"."""
    over, deeper = number.split(".")
    before = int(deeper) - 1
    return {f"{over}.{before}", f"{over}.{before:02}"}


def step_lines(text: str, lines: Sequence[Span]) -> dict[int, Leaf]:
    """The items, by where they begin, of lines that are steps and count up."""
    steps = [(number, a, b) for a, b in lines if (number := number_of_step(text[a:b]))]
    numbers = [number for number, _, _ in steps]
    if len(steps) < 2 or numbers != list(range(numbers[0], numbers[0] + len(steps))):
        return {}
    return {a: Leaf("item", a + indent(text, a, b), b, level=1) for _, a, b in steps}


# A mark in the middle of a line: "… tendrán derecho a: a) votar; b) elegir, y c) ser elegidos."
_MARK_WITHIN = re.compile(
    r"(?<!\S)(?P<open>\(?)(?P<sign>[a-zñ]|[ivx]{1,5}|\d{1,2})(?P<close>\.-|[.)º])(?=\s+\S)"
)
_BEFORE_FIRST = re.compile(r"[:.]\s+\Z")
_BEFORE_NEXT = re.compile(r"[:;.,][\"'»”’)\]]*\s+(?:(?:y|e|o|u|and|or)\s+)?\Z")
_MAX_DEPTH: Final = 3


def itemised(text: str, leaf: Leaf, depth: int = 1) -> Iterator[Leaf]:
    """A paragraph or an item, with the items that are counted up within its lines as leaves of their own."""
    marks = marks_within(text, leaf) if depth <= _MAX_DEPTH else []
    if not marks:
        yield from _bulleted_within(text, leaf)
        return
    is_own = marks[0][0] == leaf.start
    if not is_own:
        yield replace(leaf, end=rstripped(text, marks[0][0]))
    ends = [*(rstripped(text, start) for start, _ in marks[1:]), leaf.end]
    level = leaf.level if is_own else leaf.level + 1
    items = [
        Leaf("item", mark[0], end, level, (mark,)) for mark, end in zip(marks, ends, strict=True)
    ]
    # What the others are not made of is no part of the last one either
    n_usual = max(len(sentences(text, one.start, one.end)) for one in items[:-1])
    last = sentences(text, items[-1].start, items[-1].end)
    rest = last[n_usual:] if leaf.kind == "paragraph" else []
    if rest:
        items[-1] = replace(items[-1], end=last[n_usual - 1][1])
    for item in items:
        yield from itemised(text, item, depth + 1)
    if rest:
        yield Leaf("paragraph", rest[0][0], leaf.end)


def _bulleted_within(text: str, leaf: Leaf) -> Iterator[Leaf]:
    """A leaf, and an item with a bullet parted where its bullet stands again behind the end of a sentence."""
    if leaf.kind != "item" or text[leaf.start] not in SURE_MARKS:
        yield leaf
        return
    again = re.compile(rf"(?<=[.;:!?])\s+(?={re.escape(text[leaf.start])}\s)")
    starts = [leaf.start, *(space.end() for space in again.finditer(text, leaf.start, leaf.end))]
    for start, stop in pairwise([*starts, leaf.end]):
        yield replace(leaf, start=start, end=rstripped(text, stop))


def marks_within(text: str, leaf: Leaf) -> list[Span]:
    """The marks in a leaf that count up: from that of the item itself, else from the first of their kind; [] where none do."""
    series: dict[tuple[str, str, tuple[str, ...]], list[tuple[Span, int]]] = {}
    for mark in _MARK_WITHIN.finditer(text, leaf.start, leaf.end):
        before = text[max(leaf.start, mark.start() - 12) : mark.start()]
        for signs in SIGNS:
            if mark["sign"] not in signs:
                continue
            of = series.setdefault((mark["open"], mark["close"], signs), [])
            number = signs.index(mark["sign"])
            own = leaf.kind == "item" and mark.start() == leaf.start
            first = not of and number == 0 and _BEFORE_FIRST.search(before)
            follows = of and number == of[-1][1] + 1 and _BEFORE_NEXT.search(before)
            if own or first or follows:
                of.append((mark.span(), number))
    # Two numbers with full stops may be the ends of two sentences
    found = [of for (_, close, _), of in series.items() if len(of) >= (2 if close == ")" else 3)]
    # The outermost series, and of the same letters the one that goes on after n
    longest = min(found, key=lambda of: (of[0][0], -len(of)), default=[])
    return [span for span, _ in longest]


def counted_by(text: str, leaf: Leaf) -> set[tuple[str, tuple[str, ...], int]]:
    """What the mark of an item can count, each as its form, the signs of its kind and its place among them."""
    mark = _MARK_WITHIN.match(text, leaf.start, leaf.end) if leaf.kind == "item" else None
    if mark is None:
        return set()
    form = f"{mark['open']}{mark['close']}"
    return {(form, signs, signs.index(mark["sign"])) for signs in SIGNS if mark["sign"] in signs}


MAX_BETWEEN_CHARS: Final = 800
"""How long a paragraph may be that belongs to the item before it."""

# "Hola, Ana:", "Dear members of the club:", "Estimadas socias, estimados socios:"; "Hola, os recuerdo las fechas:" leads in to them
_GREETING = re.compile(
    r"(?:(?i:(?:muy )?(?:estimad[oa]s?|querid[oa]s?|señor(?:a|es|as)?)|hola|buen[oa]s (?:días|tardes|noches)|dear|hello"
    r"|good (?:morning|afternoon|evening)))(?:[ ][^\W\d_]+\.?){0,5}(?:,(?:(?i: (?:estimad[oa]s?|querid[oa]s?|dear))?(?: [^\W\d_]+)|(?: [A-ZÁÉÍÓÚÑ][^\W\d_]*\.?){2,3}))?:"
)
_MAX_GREETING_CHARS: Final = 60


def leads_in(text: str, leaf: Leaf) -> bool:
    """Whether a leaf ends in a colon and says what comes below it; a greeting does not."""
    if text[leaf.end - 1 : leaf.end] != ":":
        return False
    if leaf.end - leaf.start <= _MAX_GREETING_CHARS and _GREETING.fullmatch(
        text, leaf.start, leaf.end
    ):
        return False
    return leaf.kind in ("paragraph", "answer", "label", "item")


def opens_items(text: str, leaf: Leaf) -> bool:
    """Whether the sentence of a leaf goes on in the items below it."""
    if leads_in(text, leaf):
        return True
    said = text[max(leaf.start, leaf.end - MAX_BARE_ITEM_CHARS) : leaf.end]
    return leaf.kind == "paragraph" and breaks_off(said)
