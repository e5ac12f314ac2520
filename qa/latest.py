"""The newest of several things that are alike but for their days: "the last meeting", "el boletín más reciente". Such a question is read as
one about the day of that thing, which the documents tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from corpus import language
from corpus.divisions import cardinal
from corpus.document import Lang
from corpus.languages import PACKS
from index.searchable import Place, QueryWord, Searchable
from qa.select.spans import kind_asked
from qa.select.times.sittings import HEAD_CHARS, Day, day_of, name_of_file
from qa.words import stood_for

_LATEST: Final = "|".join(pack.editions.latest for pack in PACKS.values())
_AFTER: Final = "|".join(pack.editions.latest_after for pack in PACKS.values())
_THING: Final = r"[^\W\d_]{3,}"
# "the last annual general meeting"
_ASKED: Final = re.compile(
    rf"\b(?P<latest>(?:{_LATEST})\s+)(?P<things>{_THING}(?:\s+{_THING}){{0,2}})"
    rf"|\b(?P<thing>{_THING})(?P<after>\s+(?:{_AFTER}))\b"
)
_MEETINGS: Final = frozenset().union(*(pack.meetings for pack in PACKS.values()))


def of_the_latest(
    question: str,
    lang: Lang,
    words: Sequence[QueryWord],
    places: Callable[[], Sequence[Place]],
    index: Searchable,
) -> str:
    """A question for the last of some things with the day of that in the place of "last", where several documents found are each one such thing
    of one day. ``places``: of the passages found, asked for only where it decides."""
    folded = language.fold(question)
    asked = _ASKED.search(folded) if len(folded) == len(question) and lang in PACKS else None
    # When it was can not be told by its day
    if asked is None or kind_asked(question) == "date":
        return question
    documents = {place.passage.doc_id: place for place in places()}
    said = [
        (found[0], asked.start(group) + found.end())
        for group in ("things", "thing")
        for found in re.finditer(_THING, asked[group] or "")
    ]
    if any(cardinal(word) for word in (asked["things"] or "").split()):
        return question  # "The last two meetings"
    # Of "committee meeting" it is the meeting
    for thing, end in reversed(said):
        days = _days_of(thing, words, list(documents.values()), index)
        if len(set(days)) < 2:
            continue
        # "la última junta" has the word for last before the thing, and "la junta más reciente" behind it
        start, stop = asked.span("latest" if asked["latest"] else "after")
        day = f" {_written(max(days, key=_in_order), lang)}"
        if asked["latest"]:
            return f"{question[:start]}{question[stop:end]}{day}{question[end:]}"
        return f"{question[:start]}{day}{question[stop:]}"
    return question


def _days_of(
    thing: str, words: Sequence[QueryWord], places: Sequence[Place], index: Searchable
) -> list[Day]:
    """The days, or at least the months, of the documents that are called such a thing."""
    word = [one for one in words if language.fold(one.text) == thing]
    found = []
    for place in places:
        doc_id, lang = place.passage.doc_id, place.passage.lang
        head = index.document(doc_id, blocks=False).text[:HEAD_CHARS]
        called = f"{place.title}\n{name_of_file(doc_id)}\n{head.split(chr(10), 1)[0]}"
        is_meeting = thing in _MEETINGS and not _MEETINGS.isdisjoint(
            language.fold(said) for said, _, _ in language.words(called)
        )
        if not is_meeting and stood_for(word, lang).isdisjoint(language.terms(called, lang)):
            continue
        day = day_of(doc_id, place.title, head)
        if day is not None and day.month is not None:
            found.append(day)
    return found


def _in_order(day: Day) -> tuple[int, int, int]:
    return day.year or 0, day.month or 0, day.day or 0


def _written(day: Day, lang: Lang) -> str:
    """How a thing of a day is called in a language."""
    pack = PACKS[lang]
    month = pack.months[(day.month or 1) - 1]
    form = pack.days.of_month if day.day is None else pack.days.dated
    return form.format(day=day.day, month=month, Month=month.capitalize(), year=day.year)
