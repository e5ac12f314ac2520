"""The numbers, dates and times of a question as the documents write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from corpus import divisions
from corpus.dates import date, month_of
from corpus.document import Lang, Passage
from corpus.language import terms
from corpus.numbers import numbers

# Below it a word is more often an article, a pronoun or a turn of phrase: "de las dos", "one of the three".
_LEAST_FROM_WORDS = 10


def in_their_notation(question: str, lang: Lang, passages: Sequence[Passage]) -> str:
    """A question with each number and date as most of the passages write it where none writes it as the question does: 99 becomes
    "ninety-nine", 03/05/2019 "3 de mayo de 2019", 2.500.000 "2,5 millones", 17:30 "cinco y media de la tarde".

    Passages in the language of the question come first. What both write in words stays where they are words of two languages; and so does the
    number of a division, "artículo 7", which is said in headings and never as a number of things is, and that of a thing whose likes they
    number in figures, "turno 6" beside "Turno 2".
    """
    divided = [(start, end) for _, start, end in divisions.named(question)]
    asked = [
        (form, start, end)
        for form, start, end in numbers(question, lang)
        if not any(a <= start < b for a, b in divided)
        and not _names_a_thing(question, start, end, passages)
        and not _stands_in(question[start:end], passages)
    ]
    if not asked:
        return question
    wanted = {
        other
        for form, start, end in asked
        for reading in _readings(form, question[start:end], lang)
        for other in reading
    }
    written: dict[str, Counter[str]] = {}
    in_lang: set[str] = set()
    for passage in passages:
        for form, start, end in numbers(passage.text, passage.lang):
            if form in wanted:
                written.setdefault(form, Counter())[passage.text[start:end]] += 1
                if passage.lang == lang:
                    in_lang.add(passage.text[start:end])
    said = question
    for form, start, end in reversed(asked):
        own = question[start:end]
        others = _first_written(_readings(form, own, lang), written)
        if not others or own in others or not _in_figures(own, form):
            continue
        most = max(others, key=lambda other: (other in in_lang, others[other], other))
        # Words of two languages, or two ways to write it with figures: either will be found
        lettered = _has_words(own) and _has_words(most)
        if lettered and _has_digits(own) == _has_digits(most):
            missing = set(terms(own, lang)) - set(terms(most, lang))
            if most not in in_lang or not missing:
                continue
        said = f"{said[:start]}{' '.join(most.split())}{said[end:]}"
    return said


def _stands_in(own: str, passages: Sequence[Passage]) -> bool:
    """Whether a passage writes a number as the question does: mostly one does, and is found quicker than all numbers are read."""
    written = re.compile(rf"(?<![\w.,/-]){re.escape(own)}(?![\w/-]|[.,:]\d)")
    return any(written.search(passage.text) for passage in passages)


def _names_a_thing(question: str, start: int, end: int, passages: Sequence[Passage]) -> bool:
    """Whether a number in figures is that of the thing named before it: a passage has that word before one in figures, with a capital where
    the number may as well count what is named after it, "the Year 5 trip"."""
    thing = re.search(r"([^\W\d_]{3,})\s+\Z", question[:start])
    if thing is None or not question[start:end].isdigit():
        return False
    counts = re.match(r"\s*\w", question[end:])
    said = thing[1].capitalize() if counts else thing[1]
    numbered = re.compile(rf"(?<!\w){re.escape(said)}\s+\d", 0 if counts else re.IGNORECASE)
    return any(numbered.search(passage.text) for passage in passages)


def _in_figures(own: str, form: str) -> bool:
    """Whether a number is in figures, or of words that are no mere turn of phrase."""
    alone = own.replace(" ", "").replace("-", "").isalpha() and form.isdigit()
    return not alone or int(form) >= _LEAST_FROM_WORDS


_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/\d{2,4}")


def _readings(form: str, own: str, lang: Lang) -> list[tuple[str, ...]]:
    """What a number of a question may be, the likeliest first, each as the forms that it may have elsewhere: in English
    12/1/2018 is the first of December where no passage has the twelfth of January."""
    found = [_alike(form)]
    month_first = _MONTH_FIRST.fullmatch(own) if lang == "en" and month_of(form) else None
    swapped = date(f"{month_first[2]}/{month_first[1]}/{form[:4]}") if month_first else None
    if swapped is not None and swapped != form:
        found.append((swapped,))
    return found


def _first_written(
    readings: Sequence[tuple[str, ...]], written: Mapping[str, Counter[str]]
) -> Counter[str]:
    """How often passages write the first of the readings that any of them has, by how they write it."""
    for forms in readings:
        found = sum((written.get(form, Counter()) for form in forms), Counter[str]())
        if found:
            return found
    return Counter()


def _alike(form: str) -> tuple[str, ...]:
    """The forms that a number or time may have elsewhere: where one says no half of the day, it may be either."""
    time, _, half = form.partition(" ")
    if ":" not in form:
        return (form,)
    whole = (time.removesuffix(":00"),) if time.endswith(":00") and not half else ()
    return (form, time) if half else (form, f"{time} am", f"{time} pm", *whole)


def _has_digits(text: str) -> bool:
    return any(map(str.isdigit, text))


def _has_words(text: str) -> bool:
    """Whether a number is written with a word of a language; a letter, as of 2.5M and 3-V-2019, is none."""
    return re.search(r"[^\W\d_]{2}", text) is not None
