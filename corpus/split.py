"""A document into passages with exact offsets.

A passage is a run of whole sentences below one heading, as many as fit. Only a sentence that is too
long by itself is cut, and then between words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corpus import language
from corpus.document import Document, Lang, Passage

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
    for section_start, section_end in sections:
        heading: str | None = None
        for start, end in _group(
            text, section_start, section_end, count_tokens, options.max_tokens
        ):
            if heading is None:
                heading = _heading(document, start, count_tokens, options.max_heading_tokens)
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


def _heading(document: Document, offset: int, count_tokens: TokenCounter, limit: int) -> str:
    """Title and heading path, outermost first, as much as fits, the innermost part kept longest."""
    parts = [document.title]
    for part in document.heading_path(offset):
        if part not in parts:
            parts.append(part)
    while len(parts) > 1 and count_tokens(" › ".join(parts)) > limit:
        del parts[0 if len(parts) == 2 else 1]
    heading = " › ".join(p for p in parts if p)
    if count_tokens(heading) > limit:
        kept: list[str] = []
        for word in heading.split():
            if count_tokens(" ".join([*kept, word])) > limit:
                break
            kept.append(word)
        heading = " ".join(kept)
    return heading


def _group(
    text: str, start: int, end: int, count_tokens: TokenCounter, max_tokens: int
) -> Iterator[tuple[int, int]]:
    """Runs of neighbouring sentences that fit; a new paragraph starts a new run past two thirds."""
    first = last = -1
    used = 0
    for a, b in _pieces(text, start, end, count_tokens, max_tokens):
        tokens = count_tokens(text[a:b])
        if first >= 0:
            new_paragraph = "\n\n" in text[last:a]
            # Counted whole: joined pieces may tokenise differently from the sum of their parts
            over = used + tokens > max_tokens or count_tokens(text[first:b]) > max_tokens
            if over or (new_paragraph and used > 2 * max_tokens // 3):
                yield first, last
                first, used = -1, 0
        if first < 0:
            first = a
        last = b
        used += tokens
    if first >= 0:
        yield first, last


def _pieces(
    text: str, start: int, end: int, count_tokens: TokenCounter, max_tokens: int
) -> Iterator[tuple[int, int]]:
    for a, b in language.sentences(text, start, end):
        # A token is at least one character, so a short sentence needs no counting
        if b - a <= max_tokens or count_tokens(text[a:b]) <= max_tokens:
            yield a, b
        else:
            yield from _cut(text, a, b, count_tokens, max_tokens)


def _cut(
    text: str, start: int, end: int, count_tokens: TokenCounter, max_tokens: int
) -> Iterator[tuple[int, int]]:
    """A sentence that does not fit, cut between words, at the end of a clause where there is one."""
    at = start
    while at < end:
        stops = [m.end() for m in _word_ends(text, at, at + 12 * max_tokens, end)]
        low, high = 0, len(stops) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if count_tokens(text[at : stops[middle]]) <= max_tokens:
                low = middle
            else:
                high = middle - 1
        stop = stops[low]
        if low == 0:
            stop = _fitting(text, at, stop, count_tokens, max_tokens)
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


def _fitting(text: str, start: int, stop: int, count_tokens: TokenCounter, max_tokens: int) -> int:
    """``stop``, or an earlier one if the word that ends there does not fit by itself."""
    if count_tokens(text[start:stop]) <= max_tokens:
        return stop
    low, high = start + 1, stop - 1
    while low < high:
        middle = (low + high + 1) // 2
        if count_tokens(text[start:middle]) <= max_tokens:
            low = middle
        else:
            high = middle - 1
    return low


def _between_characters(text: str, start: int, stop: int) -> int:
    """``stop``, or the nearest earlier place that parts no accent or emoji from what it belongs to."""
    at = stop
    while at > start and (
        unicodedata.combining(text[at]) or text[at] in _JOINED or text[at - 1] == _JOINER
    ):
        at -= 1
    return at if at > start else stop
