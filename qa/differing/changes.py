"""What was said later, or elsewhere, and changes what is quoted: the fixtures say 14:00 and the chat "now 12:30, not 2pm", the rules two
weeks and the minutes "From February the loan is three weeks".

Such a sentence leans on what it changes, so that a reader believes the old words, which stand alone, more. A text that changes something
says so; whether it changes what is asked is told by a reading of that sentence alone, or by the old words in it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from corpus import language
from corpus.languages import PACKS
from index.searchable import QueryWord, Searchable
from qa.cite import Quote
from qa.differing.differ import held, normal, share
from qa.differing.editions import asks_for_current
from qa.differing.errata import sentence_that_answers
from qa.rank import Ranked
from qa.select import Unit
from qa.select.atoms import atoms_of, message_head, text_of
from qa.select.mail.mails import is_mail, opens_letter
from qa.select.spans import kind_asked
from qa.select.times.moments import days_of_week, months, times
from qa.select.times.sittings import HEAD_CHARS, name_of_file
from qa.select.values.kind import asks_for_time, lacks_kind
from qa.words import DENIALS, folded_words

Read = Callable[[Sequence[tuple[Ranked, str]]], Sequence[float]]
"""The log odds that each of some texts of passages answers, in the eyes of a reader."""

_WORDS: Final = [pack.editions for pack in PACKS.values()]
_MONTHS: Final = "|".join(month for pack in PACKS.values() for month in pack.months)


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})(?!\w)".replace("{months}", _MONTHS))


_CHANGED: Final = _any([words.changed for words in _WORDS])
_AWAY: Final = _any([words.away for words in _WORDS])
# "*** CHANGED 5 Aug: …", "Cambio: …"
_NOTICE: Final = re.compile(
    rf"\W*(?:(?:{'|'.join(words.notice for words in _WORDS)})\b[^:\n]{{0,20}}:|(?:{'|'.join(words.of_plans for words in _WORDS)})\b)"
)
_ABOUT: Final = _any([pattern for words in _WORDS for pattern in (words.changed, words.notice)])
_AT_LAST: Final = _any([words.at_last for words in _WORDS])
_AT_FIRST: Final = _any([words.at_first for words in _WORDS])
_NEWS: Final = _any([words.news for words in _WORDS])
# "not two", "en lugar de a las 20:00"
_OLD: Final = r"(?P<old>(?:(?:al?|at|on|in|el|la|las|los|the|de|del|en|por|by|for)\s+)*(?:[^\s.,;:()]+(?:[:.,]\d+)*\s*){1,2})"
_INSTEAD: Final = [
    re.compile(pattern.replace("{old}", _OLD)) for words in _WORDS for pattern in words.instead
]
_DIGITS: Final = re.compile(r"\d+")
_HALF_DAY: Final = 12 * 60
_FIGURES: Final = frozenset({"date", "length", "money", "percentage", "number"})
# A sentence of so many characters tells more than a change.
_MAX_CHARS: Final = 400
# So many are read at most.
_MOST_READ: Final = 4
# From these log odds on a reading is believed: of what names the old words, and a word of the question or none; of a notice with a word
# of the sentence that answers; of what says that something changes, where it is asked for what is so in the end and else; and of what may do so. The last two hold this
# much of the question's words by idf.
_NAMED, _ALONE, _OF_NOTICE, _SOUGHT, _SAID, _HINTED = -2.5, -1.5, -4.0, -1.0, -0.5, 0.3
_LEAST_SAID, _LEAST_HINTED = 0.2, 0.3
# What mentions the figure quoted may be about another thing of that size
_MENTIONED = 0.0
# Of two in one document that are believed alike but for this the one below was said later.
_AS_MUCH: Final = 1.5
# Signs between a quote and a notice that stands right below it
_RIGHT_BELOW: Final = 6
# A handbook may begin as a letter does
_MOST_OF_LETTER: Final = 20


@dataclass(frozen=True, slots=True)
class Change:
    """A unit that changes what is quoted; ``leads``: it is what holds now, and what is asked for."""

    unit: Unit
    leads: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that is quoted if it is believed at ``least`` so much, log odds; ``names``: it says of the words quoted that they are no longer so."""

    ranked: Ranked
    unit: Unit
    least: float
    names: bool


def change(
    question: str,
    words: Sequence[QueryWord],
    first: Unit,
    passages: Sequence[Ranked],
    index: Searchable,
    read: Read,
) -> Change | None:
    """What one of some passages says that changes the first quote, and the last of those in one document that are about as much believed;
    None where none does. ``words`` are those of the question."""
    asked = _Asked(question, words, first)
    found = [one for ranked in passages for one in asked.candidates(ranked, index)]
    found.sort(key=lambda one: (one.least, -asked.share(one.unit)))
    found = found[:_MOST_READ]
    if not found:
        return None
    odds = read([(one.ranked, one.unit.quote.text) for one in found])
    believed = [(o, one) for o, one in zip(odds, found, strict=True) if o >= one.least]
    if not believed:
        return None
    most, best = max(believed, key=lambda each: (each[1].names, each[0]))
    of_one = [
        one
        for odds, one in believed
        if one.ranked.passage.doc_id == best.ranked.passage.doc_id and odds > most - _AS_MUCH
    ]
    best = max(of_one, key=lambda one: one.unit.quote.start)
    return Change(best.unit, asked.leads(best))


class _Asked:
    """What is asked, and the first quote of the answer."""

    def __init__(self, question: str, words: Sequence[QueryWord], first: Unit):
        self._question, self._words, self._first = question, words, first
        self._answers = sentence_that_answers(first)
        self._changed = _says_change(self._answers)
        folded = language.fold(question)
        self._kind = kind_asked(question)
        self._wants_figures = self._kind in _FIGURES or asks_for_time(question)
        self._at_last = asks_for_current(question) or _AT_LAST.search(folded) is not None
        self._news: dict[str, tuple[bool, bool]] = {}
        self._at_first = _AT_FIRST.search(folded) is not None

    def candidates(self, ranked: Ranked, index: Searchable) -> Iterator[_Candidate]:
        """The sentences of a passage that may change what is quoted."""
        passage, quote = ranked.passage, self._first.quote
        same = passage.doc_id == quote.passage.doc_id
        # What changes something may be changed again below it
        if self._changed and not (same and self._at_last):
            return
        if passage.doc_id not in self._news:
            self._news[passage.doc_id] = _news(ranked, index)
        is_news, headed = self._news[passage.doc_id]
        if not (is_news or (same and _has_notice(passage.text))):
            return
        blocks = index.blocks(ranked.candidate.row)
        for atom in atoms_of(passage, blocks):
            row = atom.block is not None and blocks[atom.block].kind == "row"
            start, end = passage.start + atom.start, passage.start + atom.end
            quoted = same and start < quote.end and quote.start < end
            quoted = quoted or (self._changed and start < quote.end)
            if atom.weak or atom.asks or row or quoted or atom.end - atom.start > _MAX_CHARS:
                continue
            text = text_of(passage, atom)
            if not (is_news or _NOTICE.match(language.fold(text))):
                continue
            unit = Unit(Quote(passage, start, start + len(text), quote.score), quote.score)
            one = self._candidate(ranked, unit, headed)
            if one is not None:
                yield one

    def _candidate(self, ranked: Ranked, unit: Unit, headed: bool) -> _Candidate | None:
        text = unit.quote.text[message_head(unit.quote.text) :]
        folded = language.fold(" ".join(text.split()))
        said = _CHANGED.search(folded) is not None
        names = any(self._is_old(old) for old in _olds(folded))
        notice = self._notice(unit, folded)
        hinted = said or headed or _AWAY.search(folded) is not None
        denies = DENIALS.search(folded) is not None
        mentions = names or self._mentions(text, hinted or denies)
        if self._changed and not (names or said):
            return None
        if not (hinted or mentions or notice) or not self._says_another(text):
            return None
        if not (names or notice) and self._is_of_another_number(unit):
            return None
        share = self.share(unit)
        least, least_held = math.inf, 0.0
        if notice is not None:
            least = notice if share or notice > -math.inf else _OF_NOTICE
        elif names:
            least = _NAMED if share else _ALONE
        elif mentions and said:
            least = _SOUGHT if self._at_last and share else _MENTIONED
        elif mentions and (hinted or denies or self._kind == "person"):
            least = _SAID if share and self._kind in ("person", "place") else _MENTIONED
        elif said:
            least, least_held = _SOUGHT if self._at_last else _SAID, _LEAST_SAID
        elif hinted:
            least, least_held = _HINTED, _LEAST_HINTED
        if share < least_held:
            return None
        # What no figure tells from the first quote has to answer by itself
        if not (self._wants_figures or mentions or notice):
            least = max(least, _HINTED)
        # Whoever is named beside a change is the one who did it
        names = names or notice is not None or (mentions and (said or self._kind == "person"))
        return _Candidate(ranked, unit, least, names)

    def share(self, unit: Unit) -> float:
        """How much a unit and its headings hold of the question's words by idf."""
        passage = unit.quote.passage
        return share(self._words, passage, held(self._words, passage, unit.quote.text))

    @cached_property
    def _values(self) -> tuple[frozenset[str], frozenset[str]]:
        """The figures of the first quote's sentence that answers, and of the question."""
        return _values(self._answers), _values(self._question)

    def _is_old(self, old: str) -> bool:
        """Whether the words in the place of which something is said are a figure, a time or a name of the first quote."""
        names = _capitals(self._answers) - _capitals(self._question)
        figures = self._values[0] - self._values[1]
        said = _values(old)
        # Of "4 January" the month says nothing
        said = frozenset(one for one in said if one[0] in "nt") or said
        return bool(figures & said) or not names.isdisjoint(folded_words(old))

    def _is_of_another_number(self, unit: Unit) -> bool:
        """Whether a unit has numbers and lacks one that the question and the first quote have: what is said of turn 2 changes nothing of
        turn 3."""
        own, theirs = (
            set(_DIGITS.findall(f"{u.quote.passage.heading}\n{u.quote.text}"))
            for u in (self._first, unit)
        )
        asked = own.intersection(_DIGITS.findall(self._question))
        return not asked <= theirs and _DIGITS.search(unit.quote.text) is not None

    @cached_property
    def _told(self) -> tuple[frozenset[str], frozenset[str]]:
        """The figures and times, and the names, of the words that answer, which the question has not."""
        told = self._first.span
        said = self._first.quote.text[told.start : told.end] if told else self._answers
        figures = frozenset(one for one in _values(said) - self._values[1] if one[0] in "nt")
        return figures, _capitals(said) - _capitals(self._question)

    def _mentions(self, text: str, may_change: bool) -> bool:
        """Whether a text has a figure or time, where it ``may_change`` something, or a name of the words that answer."""
        figures, names = self._told
        if names and not names.isdisjoint(_capitals(text)):
            return True
        return bool(may_change and figures) and not figures.isdisjoint(_values(text))

    def _notice(self, unit: Unit, folded: str) -> float | None:
        """How much has to be believed of what stands below the first quote in the same document and opens as a notice of a change: nothing
        right below it, little where it has a word of the sentence that answers. None of what is no such notice."""
        quote, passage = self._first.quote, unit.quote.passage
        gap = unit.quote.start - quote.end
        if passage.doc_id != quote.passage.doc_id or gap < 0 or _NOTICE.match(folded) is None:
            return None
        if gap <= _RIGHT_BELOW and not message_head(unit.quote.text):
            return -math.inf
        own = language.terms(self._answers, passage.lang)
        return _OF_NOTICE if not set(language.terms(folded, passage.lang)).isdisjoint(own) else None

    def _says_another(self, text: str) -> bool:
        """Whether a text has what is asked for, and another one than the first quote."""
        if lacks_kind(self._question, text):
            return False
        if self._wants_figures:
            return bool(_values(text).difference(*self._values))
        if self._kind == "person":
            return bool(_capitals(text) - _capitals(self._answers) - _capitals(self._question))
        return True

    def leads(self, one: _Candidate) -> bool:
        """Whether what was said later comes before what it changes: what only may be about that does where it is asked for what is so in the end."""
        if self._at_first:
            return False
        return self._at_last or one.names


@lru_cache(maxsize=500)
def _has_notice(text: str) -> bool:
    return _NOTICE.search(language.fold(text)) is not None


def _says_change(text: str) -> bool:
    """Whether a text says that it changes something: "now", "not on the 14th"."""
    folded = language.fold(text)
    return _CHANGED.search(folded) is not None or any(map(_values, _olds(folded)))


def _news(ranked: Ranked, index: Searchable) -> tuple[bool, bool]:
    """Whether a document tells what is new, as minutes, circulars, mails and notices do, and no rules or manuals; and whether it is called
    one of changes."""
    doc_id, title = ranked.passage.doc_id, ranked.place.title
    head = index.document(doc_id, blocks=False).text[:HEAD_CHARS]
    first, *rest = head.split("\n")
    over = [line for line in (first, *rest) if opens_letter(line)]
    called = language.fold("\n".join((title, name_of_file(doc_id), first, *over)))
    if not (is_mail(ranked.passage) or _NEWS.search(called) or message_head(head)):
        rows = index.rows_where((), (doc_id,)) if over else None
        if rows is None or len(rows) > _MOST_OF_LETTER:
            return False, False
    return True, _ABOUT.search(called) is not None


def _olds(folded: str) -> Iterator[str]:
    """What a text says that something is said in the place of."""
    for pattern in _INSTEAD:
        for found in pattern.finditer(folded):
            yield found["old"]


def _values(text: str) -> frozenset[str]:
    """Figures, times, days, months and names of a text, in one form."""
    found = {f"n{one}" for one in normal(text, *language.PACKS)}
    week = days_of_week(text)
    found |= {f"w{one}" for one in week} | {f"m{one}" for one in months(text)}
    # Which half of the day it is goes without saying
    found |= {f"t{one.first % _HALF_DAY}" for one in times(text, bool(week))}
    return frozenset(found)


def _capitals(text: str) -> frozenset[str]:
    return frozenset(
        language.fold(word) for word, _, _ in language.words(text) if word[0].isupper()
    )
