"""A document into passages with exact offsets.

A passage is a run of whole sentences below one heading, as many as fit. A list with its lead-in, a table, a question with its
answer stay in one passage where they fit, and a row or an item always does; what comes without its lead-in or header has it in
its heading. Only what is too long by itself is cut, and then between words.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, zip_longest
from typing import Final

from corpus import language
from corpus.document import HOLDERS, Block, Document, Heading, Lang, Passage, Span
from corpus.readers.tables import joined_names
from corpus.records import known_by, naming_cells

TokenCounter = Callable[[str], int]

# A run of letters longer than this is no word of any language: it may be cut.
_MAX_WORD_CHARS = 200
# A token has some four characters; so many on the average it has in no text.
_MAX_TOKEN_CHARS = 20
# A passage in another language than its document must show it this clearly.
_SURE = 0.75
# Zero-width joiner, the selector of an emoji's form and the letters of a flag's region: they belong to the character before them.
_JOINER = "\u200d"
_JOINED = re.compile("[\u200d\ufe0f\U000e0020-\U000e007f]")
_CLAUSE_END = re.compile(r"[;:,)\]»”—–|]\s")
# What stands between two cells of a row, empty ones among them, and before the name of the second.
_CELL_END = re.compile(r"(?:[ \t]*[;|](?=\s|$))+")
# So many cells of figures are a series of months or the like.
_MANY_FIGURES = 20
# Each is one sentence, whatever is written in it.
_WHOLE = frozenset({"row", "label", "contents", "code"})


@dataclass(frozen=True, slots=True)
class Splitting:
    """How documents are split: at most ``max_tokens`` tokens a passage, heading not counted.

    ``max_heading_tokens`` bounds the title and heading path that are embedded with the text.
    """

    max_tokens: int = 200
    max_heading_tokens: int = 40
    version: int = 2

    def __post_init__(self) -> None:
        if self.max_tokens < 8:
            raise ValueError(f"max_tokens is {self.max_tokens}; a passage needs at least 8 tokens")


def split(
    document: Document, count_tokens: TokenCounter, splitting: Splitting | None = None
) -> list[Passage]:
    """Passages of a document in text order; they never overlap or cross a heading, nor cut a word that fits.

    ``count_tokens`` must not shrink when text is added. Every non-space character of the text outside headings is in exactly
    one passage, and so are headings with nothing under them, with what follows; a document of headings alone is split as plain
    text.
    """
    options = splitting or Splitting()
    outline = _Outline(document, _bounded(count_tokens), options)
    text = document.text
    sections = _sections(document)
    if not any(text[start:end].strip() for start, end in sections):
        return [outline.passage(run) for run in outline.runs(_sentences(text, 0, len(text)))]
    return [
        outline.passage(run)
        for start, end in _with_headings_alone(document, sections)
        for run in outline.runs(outline.units(start, end))
    ]


def _bounded(count_tokens: TokenCounter) -> TokenCounter:
    """The counter, but for texts that have hardly a token in all their length, such as one unknown sign over and over: a
    passage is bounded in code points, too."""
    return lambda text: max(count_tokens(text), len(text) // _MAX_TOKEN_CHARS)


def _sections(document: Document) -> list[Span]:
    """Stretches between headings, headings left out."""
    cuts, at = [], 0
    for heading in document.headings:
        if heading.start > at:
            cuts.append((at, heading.start))
        at = max(at, heading.end)
    cuts.append((at, len(document.text)))
    return cuts


def _with_headings_alone(document: Document, sections: Sequence[Span]) -> list[Span]:
    """The sections, each from the headings before it on that have nothing under them: a title page, a line in large letters.
    By themselves they would be found for their words, and say nothing."""
    found: list[Span] = []
    alone = _headings_alone(document)
    if document.headings and _is_cover(document.text[: document.headings[0].start]):
        # Its lines are a heading in all but name
        alone.insert(0, (0, document.headings[0].start))
        sections = sections[1:]
    for start, end in sections:
        if document.text[start:end].strip():
            before = [heading for heading in alone if heading[0] < start]
            del alone[: len(before)]
            found.append((before[0][0] if before else start, end))
    return [*found, *alone]


# A sentence on a cover is rare, and so is a cover of more than this.
_MAX_COVER_CHARS = 200


def _is_cover(text: str) -> bool:
    """Whether what stands before the first heading are a few lines without an end of a sentence."""
    lines = text.split("\n")
    return 0 < len(text.strip()) <= _MAX_COVER_CHARS and not any(
        line.rstrip().endswith((".", ":", ";", "!", "?", "…")) for line in lines
    )


def _headings_alone(document: Document) -> list[Span]:
    """Headings with nothing under them, neighbours together."""
    found: list[Span] = []
    for heading, after in zip_longest(document.headings, document.headings[1:]):
        if after is not None and after.level > heading.level:
            continue
        stop = len(document.text) if after is None else after.start
        if document.text[heading.end : stop].strip():
            continue
        if found and not document.text[found[-1][1] : heading.start].strip():
            found[-1] = (found[-1][0], heading.end)
        else:
            found.append((heading.start, heading.end))
    return found


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is not parted where it fits. ``context`` is what it needs to be understood, its lead-in or header, when that is not
    before it in the same passage; ``later`` what its later parts need when it has to be cut; ``tokens`` where they are counted
    already; ``opens``: a passage begins with it."""

    start: int
    end: int
    context: str = ""
    later: str = ""
    tokens: int | None = None
    opens: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """A unit, or a part of one that is too long, and its tokens."""

    unit: _Unit
    tokens: int


def _sentences(text: str, start: int, end: int, context: str = "") -> Iterator[_Unit]:
    for a, b in language.sentences(text, start, end):
        yield _Unit(a, b, context, context)


class _Outline:
    """One document on its way into passages, from its beginning to its end."""

    def __init__(self, document: Document, count_tokens: TokenCounter, options: Splitting) -> None:
        self.document = document
        self.count_tokens = count_tokens
        self.options = options
        self.leaves = [block for block in document.blocks if block.kind not in HOLDERS]
        self.leaf_starts = [block.start for block in self.leaves]
        self.leaf_ends = [block.end for block in self.leaves]
        # Where behind its mark an answer begins, "A: At ten.", by the block that it begins in
        self.said_from: dict[int, int] = {}
        for block in document.blocks:
            if block.kind == "pair" and block.cells:
                said = block.cells[1][0]
                self.said_from[self.leaf_starts[bisect_right(self.leaf_starts, said) - 1]] = said
        # What each holder holds, and what nothing holds; where a heading asks, what answers stands by itself.
        self.parts: dict[int | None, list[int]] = {}
        for number, block in enumerate(document.blocks):
            if not self._is_section(number):
                holder = block.parent
                while holder is not None and self._is_section(holder):
                    holder = document.blocks[holder].parent
                self.parts.setdefault(holder, []).append(number)
        self.n_split = 0
        self.path: list[Heading] = []
        self.n_passed = 0
        self.headings: dict[tuple[str, ...], str] = {}

    def _is_section(self, number: int) -> bool:
        here = self.document.blocks[number : number + 2]
        return len(here) == 2 and (here[0].kind, here[1].kind) == ("pair", "heading")

    # ------------------------------------------------------------------ units

    def units(self, start: int, end: int) -> Iterator[_Unit]:
        """The units of a section, in text order; sections come in text order."""
        roots = self.parts.get(None, [])
        if not roots:
            yield from _sentences(self.document.text, start, end)
        while self.n_split < len(roots):
            block = self.document.blocks[roots[self.n_split]]
            if block.start >= end:
                return
            if block.start >= start:
                yield from self._of(roots[self.n_split], "")
            self.n_split += 1

    def _of(self, number: int, context: str) -> Iterator[_Unit]:
        """The units of a block: itself where it fits."""
        block, text = self.document.blocks[number], self.document.text
        if block.kind == "paragraph":
            yield from _sentences(text, block.start, block.end, context)
        elif (tokens := self._tokens_that_fit(text[block.start : block.end])) is not None:
            yield _Unit(block.start, block.end, context, context, tokens)
        elif block.kind in HOLDERS:
            own = self._context(number) or context
            for n, part in enumerate(self.parts.get(number, [])):
                yield from self._of(part, own if n else context)
        elif block.kind == "row" and block.cells:
            yield from self._cells(number, context)
        elif block.kind in _WHOLE:
            yield _Unit(block.start, block.end, context, context)
        else:
            yield from _sentences(text, block.start, block.end, context)

    def _cells(self, number: int, context: str) -> Iterator[_Unit]:
        """The cells of a row that is too long, each with its column's name and what the row is known by."""
        row, text = self.document.blocks[number], self.document.text
        assert row.cells is not None
        key, naming = known_by(self.document, number), naming_cells(self.document, number)
        columns = self._columns_of(row)
        filled = [cell for cell in row.cells if cell[0] < cell[1]]
        figures = 0  # Cells without a letter, one after the other
        for n, ((start, end), (a, b)) in enumerate(zip(_stretches(text, row), filled, strict=True)):
            opens = n == 0
            if any(map(str.isalpha, text[a:b])):
                # What is said in words is lost behind a page of figures
                opens, figures = opens or figures >= _MANY_FIGURES, 0
            else:
                figures += 1
            column = columns[n] if n < len(columns) else context
            own = " › ".join(filter(None, (key, column)))
            if n == 0 and naming == (row.cells.index(filled[0]),):
                own = context  # It begins with what it is known by
            if self._tokens_that_fit(text[start:end]) is not None:
                yield _Unit(start, end, own, own, opens=opens)
            else:
                yield from _sentences(text, start, end, own)

    def _columns_of(self, row: Block) -> list[str]:
        """The names of the columns of a row's cells that are not empty; [] where the row itself has them or nothing does."""
        if row.parent is None or not row.cells:
            return []
        headers = [part for part in self._headers(row.parent) if part.cells]
        names = joined_names(
            [[self.document.text[slice(*cell)] for cell in part.cells or ()] for part in headers]
        )
        if len(names) != len(row.cells):
            return []
        return [name for name, cell in zip(names, row.cells, strict=True) if cell[0] < cell[1]]

    def _headers(self, table: int) -> list[Block]:
        """The last header of a table: its rows, one below the other."""
        found: list[Block] = []
        before: Block | None = None
        for part in (self.document.blocks[n] for n in self.parts.get(table, [])):
            if part.kind == "row" and part.level == 1:
                goes_on = before is not None and before.kind == "row" and before.level == 1
                found = [*found, part] if goes_on else [part]
            before = part
        return found

    def _tokens_that_fit(self, text: str) -> int | None:
        """The tokens of a text, None when they are too many; a table of a million rows is not counted to know that."""
        if len(text) > _MAX_TOKEN_CHARS * self.options.max_tokens:
            return None
        tokens = self.count_tokens(text)
        return tokens if tokens <= self.options.max_tokens else None

    def _context(self, number: int) -> str:
        """What the later parts of a list or table need: its lead-in or its header."""
        kind = self.document.blocks[number].kind
        parts = [self.document.blocks[part] for part in self.parts.get(number, [])]
        if kind == "list":
            lead, after = parts[0], parts[1:2]
            leads_in = lead.kind != "item" or any(part.level > lead.level for part in after)
            if lead.kind in HOLDERS or not leads_in:
                return ""
            return self.document.text[lead.start : lead.end].rstrip(": ")
        headers = self._headers(number)
        over = [part for part in parts[:1] if kind == "table" and part.kind != "row"]
        said = (self.document.text[part.start : part.end].rstrip(": ") for part in over + headers)
        return " › ".join(said)

    # ------------------------------------------------------------------ runs

    def runs(self, units: Iterable[_Unit]) -> Iterator[list[_Unit]]:
        """Runs of neighbouring units that fit; a new paragraph starts a new run past two thirds."""
        text, max_tokens = self.document.text, self.options.max_tokens
        pieces = self._pieces(units)
        again: list[_Piece] = []
        run: list[_Piece] = []
        used = 0
        while True:
            piece = again.pop() if again else next(pieces, None)
            if piece is not None:
                full = (
                    piece.unit.opens
                    or used + piece.tokens > max_tokens
                    or (
                        used > 2 * max_tokens // 3
                        and "\n\n" in text[run[-1].unit.end : piece.unit.start]
                    )
                )
                if not run or not full:
                    run.append(piece)
                    used += piece.tokens
                    continue
            if not run:
                return
            n = _n_fitting(text, run, self.count_tokens, max_tokens)
            yield [piece.unit for piece in run[:n]]
            # What did not fit after all opens the next run
            again += reversed(run[n:] if piece is None else [*run[n:], piece])
            run, used = [], 0

    def _pieces(self, units: Iterable[_Unit]) -> Iterator[_Piece]:
        text, max_tokens = self.document.text, self.options.max_tokens
        for unit in units:
            tokens = unit.tokens or self.count_tokens(text[unit.start : unit.end])
            if tokens <= max_tokens:
                yield _Piece(unit, tokens)
                continue
            for a, b in _cut(text, unit.start, unit.end, tokens, self.count_tokens, max_tokens):
                part = _Unit(a, b, unit.context if a == unit.start else unit.later)
                yield _Piece(part, self.count_tokens(text[a:b]))

    # ------------------------------------------------------------------ passages

    def passage(self, run: Sequence[_Unit]) -> Passage:
        """The passage of a run; runs come in text order."""
        document, (start, end) = self.document, (run[0].start, run[-1].end)
        # As Document.heading_path has it, but each heading is passed once, not once for every passage
        while self.n_passed < len(document.headings):
            passed = document.headings[self.n_passed]
            if passed.start > start:
                break
            while self.path and self.path[-1].level >= passed.level:
                self.path.pop()
            self.path.append(passed)
            self.n_passed += 1
        # A heading that is quoted itself does not stand above itself
        above = [h.text for h in self.path if h.start < start]
        parts = (document.title, *above, run[0].context)
        heading = self.headings.get(parts)
        if heading is None:
            heading = self._heading(above, run[0].context)
            self.headings = {parts: heading}
        body = document.text[start:end]
        return Passage(
            passage_id=f"{document.doc_id}#char={start},{end}",
            doc_id=document.doc_id,
            start=start,
            end=end,
            text=body,
            lang=_lang(body, document.lang),
            heading=heading,
            sentences=self._sentences_of(start, end),
        )

    def _heading(self, above: Sequence[str], context: str) -> str:
        """Title and heading path, and beside them the context as far as half of the room goes."""
        document, limit = self.document, self.options.max_heading_tokens
        context = _shortened(context, self.count_tokens, limit // 2)
        room = limit - self.count_tokens(f" › {context}") if context else limit
        # The title is as often as not the first heading, or begins with it
        path = [text for text in above if not document.title.startswith(text)]
        heading = _heading((_told_by(document), *path), self.count_tokens, room)
        return " › ".join(filter(None, (heading, context)))

    def _sentences_of(self, start: int, end: int) -> tuple[Span, ...]:
        """The sentences of a passage, () where they are those of its text by itself."""
        text = self.document.text
        found: list[Span] = []
        first = bisect_right(self.leaf_ends, start)
        leaves = self.leaves[first : bisect_left(self.leaf_starts, end)]
        marked = any(self.said_from.get(leaf.start, 0) > leaf.start for leaf in leaves)
        plain = not marked and all(leaf.kind == "paragraph" for leaf in leaves)
        if plain and all("\n\n" in text[a.end : b.start] for a, b in pairwise(leaves)):
            return ()
        for leaf in leaves:
            a, b = max(self.said_from.get(leaf.start, leaf.start), start), min(leaf.end, end)
            if leaf.kind == "row" and (a, b) != (leaf.start, leaf.end):
                own = [(max(x, a), min(y, b)) for x, y in _stretches(text, leaf) if x < b and y > a]
            else:
                own = [(a, b)] if leaf.kind in _WHOLE else language.sentences(text, a, b)
            found += [(x - start, y - start) for x, y in own]
        return () if found == language.sentences(text[start:end]) else tuple(found)


def _stretches(text: str, row: Block) -> list[Span]:
    """A row cut behind its cells: each with the name before it and the mark behind it; the whole of one that has no cells."""
    ends = [cell[1] for cell in row.cells or () if cell[0] < cell[1]]
    found: list[Span] = []
    at = row.start
    for end in [*ends[:-1], row.end]:
        mark = _CELL_END.match(text, end, row.end)
        stop = mark.end() if mark is not None and end < row.end else end
        found.append((at, at + len(text[at:stop].rstrip())))
        at = stop + len(text[stop : row.end]) - len(text[stop : row.end].lstrip())
    return found


def _lang(text: str, document_lang: Lang) -> Lang:
    found, confidence = language.detect(text)
    return found if confidence >= _SURE or document_lang == "und" else document_lang


def _heading(path: Sequence[str], count_tokens: TokenCounter, limit: int) -> str:
    """Title and heading path, outermost first, as much as fits, the innermost part kept longest, and of a long title its first words:
    a passage that does not say which document it is of is found for questions about any."""
    parts = list(dict.fromkeys(path))
    while len(parts) > 2 and not _fits(" › ".join(parts), count_tokens, limit):
        del parts[1]
    heading = " › ".join(p for p in parts if p)
    if _fits(heading, count_tokens, limit):
        return heading
    title, inner = parts[0], _shortened(parts[-1], count_tokens, limit - limit // _TITLE_SHARE)
    room = limit - count_tokens(f" › {inner}")
    if len(parts) == 1 or room < _LEAST_TITLE_TOKENS:
        return _shortened(parts[-1], count_tokens, limit)
    named = _NAMED.search(title)
    names = named[0] if named is not None and 3 * count_tokens(named[0]) <= 2 * room else ""
    whole = title[: len(title) - len(names)]
    begun = _shortened(whole, count_tokens, room - count_tokens(names)).rstrip(",;:–-")
    return f"{begun}{names} › {inner}".strip()


# So much of the room is left to a title that is too long, where that is no fewer tokens than this.
_TITLE_SHARE: Final = 4
_LEAST_TITLE_TOKENS: Final = 8
# The words of the file's name behind the title
_NAMED = re.compile(r" \([^()]+\)\Z")


def _shortened(text: str, count_tokens: TokenCounter, limit: int) -> str:
    """The first words of a text, as many as fit."""
    if _fits(text, count_tokens, limit):
        return text
    kept: list[str] = []
    for word in text.split():
        if count_tokens(" ".join([*kept, word])) > limit:
            break
        kept.append(word)
    return " ".join(kept)


# A file is named by who keeps it: "estatutos-ampa.pdf" says what its title "Normas internas" does not.
_MAX_NAME_WORDS = 6


def _told_by(document: Document) -> str:
    """The title, and the words of the file's name that it lacks."""
    stem = document.doc_id.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    said = {language.fold(word) for word, _, _ in language.words(document.title)}
    names = [
        word
        for word, _, _ in language.words(stem.replace("_", " ").replace("-", " "))
        if len(word) > 2 and word.isalpha() and language.fold(word) not in said
    ]
    return f"{document.title} ({' '.join(names[:_MAX_NAME_WORDS])})" if names else document.title


def _fits(text: str, count_tokens: TokenCounter, limit: int) -> bool:
    # A token is at least one character, so a short text needs no counting
    return len(text) <= limit or count_tokens(text) <= limit


def _n_fitting(
    text: str, run: Sequence[_Piece], count_tokens: TokenCounter, max_tokens: int
) -> int:
    """How many pieces of a run fit together, at least one.

    Joined pieces may tokenise differently from the sum of their parts, so the run is counted whole; once, because
    where it fits every shorter one does.
    """
    return _last(
        lambda n: _fits(text[run[0].unit.start : run[n - 1].unit.end], count_tokens, max_tokens),
        1,
        len(run),
        guess=len(run),
    )


def _last(fits: Callable[[int], bool], low: int, high: int, guess: int) -> int:
    """The largest number from ``low`` to ``high`` that fits, where no smaller one is refused; ``low`` is not tried.

    A bisection that begins near ``guess``.
    """
    some_fit = some_do_not = False
    step = 1
    while low < high:
        middle = min(max(guess, low + 1), high)
        if fits(middle):
            low, some_fit = middle, True
        else:
            high, some_do_not = middle - 1, True
        if some_fit and some_do_not:
            guess = (low + high + 1) // 2
        else:
            guess = low + step if some_fit else high + 1 - step
            step *= 2
    return low


def _cut(
    text: str, start: int, end: int, n_tokens: int, count_tokens: TokenCounter, max_tokens: int
) -> Iterator[tuple[int, int]]:
    """A sentence of ``n_tokens``, too many, cut between words, at the end of a clause where there is one."""
    at = start
    likely_chars = (end - start) * max_tokens // n_tokens

    def fits(stop: int) -> bool:
        return _fits(text[at:stop], count_tokens, max_tokens)

    def fits_to(stops: Sequence[int], i: int) -> bool:
        return fits(stops[i])

    while at < end:
        stops = [m.end() for m in _word_ends(text, at, at + 12 * max_tokens, end)]
        likely = bisect_right(stops, at + likely_chars) - 1
        low = _last(partial(fits_to, stops), 0, len(stops) - 1, likely)
        stop = stops[low]
        if low == 0 and not fits(stop):
            # The word does not fit by itself
            stop = _last(fits, at + 1, stop - 1, (at + stop) // 2)
        if stop < end and not text[stop].isspace():
            stop = _between_characters(text, at, stop)
        if stop < end:
            clause = [m.end() for m in _CLAUSE_END.finditer(text, at, stop)]
            if clause and clause[-1] - at > (stop - at) // 2:
                stop = clause[-1]
        trimmed = stop
        while trimmed > at and text[trimmed - 1].isspace():
            trimmed -= 1
        yield at, trimmed
        at = stop
        while at < end and text[at].isspace():
            at += 1


_WORD = re.compile(rf"\S{{1,{_MAX_WORD_CHARS}}}")


def _word_ends(text: str, start: int, soft_end: int, end: int) -> Iterator[re.Match[str]]:
    """Words up to ``end``: the first, and those that stop at ``soft_end`` or before."""
    found = False
    for match in _WORD.finditer(text, start, end):
        if found and match.end() > soft_end:
            return
        found = True
        yield match


def _between_characters(text: str, start: int, stop: int) -> int:
    """``stop``, or the nearest earlier place that parts no accent or emoji from what it belongs to."""
    at = stop
    while at > start and (
        unicodedata.combining(text[at]) or _JOINED.match(text, at) or text[at - 1] == _JOINER
    ):
        at -= 1
    return at if at > start else stop
