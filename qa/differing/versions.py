"""Versions of one text in several documents: the same sentence with another number, another word or a "not".

A question that names none of them can only be answered with all that say different things, and with one of those that say the
same. As their words are alike, what is asked for need not be known (for documents in other words: :mod:`qa.differing.differ`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from corpus import language
from corpus.document import Passage, Span
from index.searchable import Place, QueryWord
from qa.cite import Quote
from qa.duplicates import altered
from qa.select import Unit
from qa.select.alike.numbered import letters_in
from qa.select.atoms import sentences_of
from qa.select.mail.mails import is_head
from qa.select.times.years import REPLACING, without_replaced
from qa.words import asks_by, folded_words, shouted, stood_for

# Two sentences are versions of one where they share so much of their words, in order, and at least so many.
_ALIKE: Final = 0.55
_LEAST_ALIKE: Final = 3
_IN_COMMON: Final = 0.3
_NO_LETTERS: Final = re.compile(r"[\W\d_]+")
_NO_WORDS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Version:
    """What another document says in the place of a quote, ``said`` of what answers; ``same``: nothing else. ``named``: 1 where the
    question names the document of the quote and not the other, -1 where it names that other one, else 0."""

    unit: Unit
    said: str
    same: bool
    named: int


def version(
    question: str,
    words: Sequence[QueryWord],
    first: Unit,
    own: Place,
    other: Place,
    units: Sequence[Unit],
) -> Version | None:
    """What the passage at ``other`` says in the place of ``first``, which stands at ``own``; None where it has no such text. ``words``
    are those of the question; of ``units`` the one at that place is given."""
    ours, theirs = own.passage, other.passage
    if ours.lang != theirs.lang or _heading(own) != _heading(other):
        return None
    if is_head(ours, first.quote.text):  # which is no text, and every mail has its own
        return None
    quoted = [
        one
        for one in sentences_of(ours)
        if one[0] < first.quote.end - ours.start and first.quote.start - ours.start < one[1]
    ]
    beside = [(one, folded_words(_text(theirs, one))) for one in sentences_of(theirs)]
    # What stands alone may be said of anything; things of a list stand together
    least = _LEAST_ALIKE if len(quoted) == 1 else _LEAST_ALIKE - 1
    pairs = {one: near for one in quoted if (near := _nearest(_text(ours, one), beside, least))}
    telling = _telling(first, quoted)
    whole = telling == quoted and len(quoted) > 1
    # A list may have another item in every version
    n_needed = (len(telling) + 1) // 2 if whole else len(telling)
    if not telling or sum(one in pairs for one in telling) < n_needed:
        return None
    telling = [one for one in telling if one in pairs]
    if _asked_before(ours, quoted[0]) != _asked_before(theirs, pairs[telling[0]]):
        return None
    found = [pairs[one] for one in telling]
    where = [pairs[one] for one in quoted if one in pairs]
    start, end = min(where)[0], max(where)[1]
    if end - start > 2 * len(first.quote.text):  # Other sentences stand between them
        where = found
        start, end = min(where)[0], max(where)[1]
    quote = Quote(theirs, theirs.start + start, theirs.start + end, first.score)
    unit = next((u for u in units if _covers(u.quote, quote)), Unit(quote, first.score))
    ours_said = first.quote.text if whole else _joined(ours, telling)
    said = unit.quote.text if whole else _joined(theirs, found)
    same = not altered(ours_said, said, ours.lang)
    # Who asks whether something is so asks it of all versions, also of those that say it in another word
    apart = () if asks_by(question) else telling
    around = (_around(ours, quoted, telling, apart), _around(theirs, where, found, apart and found))
    return Version(unit, said, same, _named(question, words, own, other, around))


def _text(passage: Passage, span: Span) -> str:
    return passage.text[span[0] : span[1]]


def _joined(passage: Passage, spans: Sequence[Span]) -> str:
    return "\n".join(_text(passage, span) for span in spans)


def _heading(place: Place) -> str:
    """The heading over a passage without its number; "" for none but the title, which every version may have its own."""
    above = "".join(place.section_path[-1:])
    return "" if above == place.title else language.fold(_NO_LETTERS.sub(" ", above)).strip()


def _nearest(text: str, spans: Sequence[tuple[Span, list[str]]], least: int) -> Span | None:
    """Of sentences with their words the one that is most like a text; None where none is a version of it, with so many of its words at
    least."""
    words = folded_words(text)
    found, most = None, 0.0
    for span, others in spans:
        common = len({*words} & {*others})
        # To compare the order costs a hundred times as much, and most have too little in common
        if common < min(least, len({*words})) or common < _IN_COMMON * max(len(words), len(others)):
            continue
        likeness = SequenceMatcher(None, words, others, autojunk=False).ratio()
        if likeness > most:
            found, most = span, likeness
    return found if most >= _ALIKE else None


def _telling(first: Unit, quoted: Sequence[Span]) -> Sequence[Span]:
    """The sentences of a unit that have to be compared: that of the words that answer, all of those of a list or of rows."""
    text, at = first.quote.passage.text, first.quote.passage.start
    between = [text[a[1] - 1 : b[0]] for a, b in zip(quoted, quoted[1:], strict=False)]
    if first.span is None or (between and all("\n" in gap for gap in between)):
        return quoted
    start = first.quote.start - at + first.span.start
    return [one for one in quoted if one[0] <= start < one[1]]


def _asked_before(passage: Passage, span: Span) -> list[str]:
    """The words of the question that stands right before a sentence; none where there is no question."""
    before = [_text(passage, one).rstrip() for one in sentences_of(passage) if one[1] <= span[0]]
    return folded_words(before[-1]) if before and before[-1].endswith("?") else []


def _covers(quote: Quote, other: Quote) -> bool:
    return quote.passage is other.passage and quote.start <= other.start and other.end <= quote.end


def _around(
    passage: Passage, quoted: Sequence[Span], telling: Sequence[Span], apart: Sequence[Span]
) -> str:
    """What is quoted, without the sentences ``apart``, and the sentence before those that tell: what these are said of."""
    before = [one for one in sentences_of(passage) if one[1] <= min(telling)[0]][-1:]
    return _joined(passage, [one for one in (*before, *quoted) if one not in apart])


def _letters(question: str) -> set[str]:
    """The letters that name something in a question: not its first word, "A qué hora", nor that of who asks, "can I"."""
    _, _, rest = question.strip("¿¡\"'«“( ").partition(" ")
    return set() if shouted(question) else letters_in(rest) - {"I"}


def _named(
    question: str, words: Sequence[QueryWord], own: Place, other: Place, around: tuple[str, str]
) -> int:
    """1 where the question has a word of the one document that the other lacks, -1 where it has one of the other, else 0: of a file's
    name, its title and headings and what is quoted, ``around``, any word, of the passage a name or a number. A letter is a name: "Plan A". What
    it says that it takes the place of is not its own, unless that is asked for."""
    lang = own.passage.lang
    asked_for = REPLACING.search(language.fold(question)) is not None
    near, whole, letters = [], [], []
    for place, text in zip((own, other), around, strict=True):
        passage = place.passage
        above = f"{_NO_WORDS.sub(' ', passage.doc_id)}\n{passage.heading}\n"
        said, beside = (one if asked_for else without_replaced(one) for one in (text, passage.text))
        near.append(frozenset(language.terms(above + said, lang)))
        whole.append(near[-1] | frozenset(language.terms(beside, lang)))
        letters.append(letters_in(f"{passage.heading}\n{text}"))
    found = [False, False]
    for word in words:
        terms = stood_for([word], lang)
        for n, held in enumerate(whole if word.name else near):
            found[n] |= bool(terms & held) and not terms & whole[1 - n]
    for letter in _letters(question):
        for n, some in enumerate(letters):
            found[n] |= letter in some and letter not in letters[1 - n]
    return found[0] - found[1]
