"""A document into passages with exact offsets.

A passage is a run of whole sentences below one heading, as many as fit. Only a sentence that is too
long by itself is cut, and then between words.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from corpus import language
from corpus.document import Document, Heading, Lang, Passage

TokenCounter = Callable[[str], int]

# A run of letters longer than this is no word of any language: it may be cut.
_MAX_WORD_CHARS = 200
# A passage in another language than its document must show it this clearly.
_SURE = 0.75
# Zero-width joiner and the selector of an emoji's form: they belong to the character before them.
_JOINER = "\u200d"
_JOINED = (_JOINER, "\ufe0f")
_CLAUSE_END = re.compile(r"[;:,)\]»”—–]\s")


@dataclass(frozen=True, slots=True)
class Splitting:
    """How documents are split: at most ``max_tokens`` tokens a passage, heading not counted.

    ``max_heading_tokens`` bounds the title and heading path that are embedded with the text.
    """

    max_tokens: int = 200
    max_heading_tokens: int = 40
    version: int = 1

    def __post_init__(self) -> None:
        if self.max_tokens < 8:
            raise ValueError(f"max_tokens is {self.max_tokens}; a passage needs at least 8 tokens")


def split(
    document: Document, count_tokens: TokenCounter, splitting: Splitting | None = None
) -> list[Passage]:
    """Passages of a document in text order; they never overlap or cross a heading, nor cut a word that fits.

    ``count_tokens`` must not shrink when text is added. Every non-space character of the text outside
    headings is in exactly one passage; a document of headings alone is split as plain text.
    """
    options = splitting or Splitting()
    passages = list(_passages(document, _sections(document), count_tokens, options))
    if not passages:
        passages = list(_passages(document, [(0, len(document.text))], count_tokens, options))
    return passages


def _sections(document: Document) -> list[tuple[int, int]]:
    """Stretches between headings, headings left out."""
    cuts, at = [], 0
    for heading in document.headings:
        if heading.start > at:
            cuts.append((at, heading.start))
        at = max(at, heading.end)
    cuts.append((at, len(document.text)))
    return cuts


def _passages(
    document: Document,
    sections: list[tuple[int, int]],
    count_tokens: TokenCounter,
    options: Splitting,
) -> Iterator[Passage]:
    text = document.text
    path: list[Heading] = []
    n_passed = 0
    headings: dict[tuple[str, ...], str] = {}
    for section_start, section_end in sections:
        heading: str | None = None
        for start, end in _group(
            text, section_start, section_end, count_tokens, options.max_tokens
        ):
            if heading is None:
                # As Document.heading_path has it, but each heading is passed once, not once for every section
                while n_passed < len(document.headings):
                    passed = document.headings[n_passed]
                    if passed.start > start:
                        break
                    while path and path[-1].level >= passed.level:
                        path.pop()
                    path.append(passed)
                    n_passed += 1
                parts = (document.title, *(h.text for h in path))
                heading = headings.get(parts)
                if heading is None:
                    heading = _heading(parts, count_tokens, options.max_heading_tokens)
                    headings = {parts: heading}
            body = text[start:end]
            yield Passage(
                passage_id=f"{document.doc_id}#char={start},{end}",
                doc_id=document.doc_id,
                start=start,
                end=end,
                text=body,
                lang=_lang(body, document.lang),
                heading=heading,
            )


def _lang(text: str, document_lang: Lang) -> Lang:
    found, confidence = language.detect(text)
    return found if confidence >= _SURE or document_lang == "und" else document_lang


def _heading(path: Sequence[str], count_tokens: TokenCounter, limit: int) -> str:
    """Title and heading path, outermost first, as much as fits, the innermost part kept longest."""
    parts = list(dict.fromkeys(path))
    while len(parts) > 1 and not _fits(" › ".join(parts), count_tokens, limit):
        del parts[0 if len(parts) == 2 else 1]
    heading = " › ".join(p for p in parts if p)
    if len(parts) == 1 and not _fits(heading, count_tokens, limit):
        kept: list[str] = []
        for word in heading.split():
            if count_tokens(" ".join([*kept, word])) > limit:
                break
            kept.append(word)
        heading = " ".join(kept)
    return heading


def _fits(text: str, count_tokens: TokenCounter, limit: int) -> bool:
    # A token is at least one character, so a short text needs no counting
    return len(text) <= limit or count_tokens(text) <= limit


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of one that is too long: where it stands, and its tokens."""

    start: int
    end: int
    tokens: int


def _group(
    text: str, start: int, end: int, count_tokens: TokenCounter, max_tokens: int
) -> Iterator[tuple[int, int]]:
    """Runs of neighbouring sentences that fit; a new paragraph starts a new run past two thirds."""
    pieces = _pieces(text, start, end, count_tokens, max_tokens)
    again: list[_Piece] = []
    run: list[_Piece] = []
    used = 0
    while True:
        piece = again.pop() if again else next(pieces, None)
        if piece is not None:
            full = used + piece.tokens > max_tokens or (
                used > 2 * max_tokens // 3 and "\n\n" in text[run[-1].end : piece.start]
            )
            if not run or not full:
                run.append(piece)
                used += piece.tokens
                continue
        if not run:
            return
        n = _n_fitting(text, run, count_tokens, max_tokens)
        yield run[0].start, run[n - 1].end
        # What did not fit after all opens the next run
        again += reversed(run[n:] if piece is None else [*run[n:], piece])
        run, used = [], 0


def _n_fitting(
    text: str, run: Sequence[_Piece], count_tokens: TokenCounter, max_tokens: int
) -> int:
    """How many pieces of a run fit together, at least one.

    Joined pieces may tokenise differently from the sum of their parts, so the run is counted whole; once, because
    where it fits every shorter one does.
    """
    return _last(
        lambda n: _fits(text[run[0].start : run[n - 1].end], count_tokens, max_tokens),
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


def _pieces(
    text: str, start: int, end: int, count_tokens: TokenCounter, max_tokens: int
) -> Iterator[_Piece]:
    for a, b in language.sentences(text, start, end):
        tokens = count_tokens(text[a:b])
        if tokens <= max_tokens:
            yield _Piece(a, b, tokens)
        else:
            for cut_start, cut_end in _cut(text, a, b, tokens, count_tokens, max_tokens):
                yield _Piece(cut_start, cut_end, count_tokens(text[cut_start:cut_end]))


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
        unicodedata.combining(text[at]) or text[at] in _JOINED or text[at - 1] == _JOINER
    ):
        at -= 1
    return at if at > start else stop
