"""The numbers, dates and times of a question as the documents write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corpus import divisions
from corpus.document import Lang, Passage
from corpus.numbers import numbers

# Below it a word is more often an article, a pronoun or a turn of phrase: "de las dos", "one of the three".
_LEAST_FROM_WORDS = 10


def in_their_notation(question: str, lang: Lang, passages: Sequence[Passage]) -> str:
    """A question with each number and date as most of the passages write it where none writes it as the question does: 99 becomes
    "ninety-nine", 03/05/2019 "3 de mayo de 2019", 2.500.000 "2,5 millones", 17:30 "cinco y media de la tarde".

    What both write in words stays: they are words of two languages; and so does the number of a division, "artículo 7", which is said in
    headings and never as a number of things is, and that of a thing whose likes they number in figures, "turno 6" beside "Turno 2".
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
    wanted = {other for form, _, _ in asked for other in _alike(form)}
    written: dict[str, Counter[str]] = {}
    for passage in passages:
        for form, start, end in numbers(passage.text, passage.lang):
            if form in wanted:
                written.setdefault(form, Counter())[passage.text[start:end]] += 1
    said = question
    for form, start, end in reversed(asked):
        own = question[start:end]
        others = sum((written.get(other, Counter()) for other in _alike(form)), Counter[str]())
        if not others or own in others or not _in_figures(own, form):
            continue
        most = max(others, key=lambda other: (others[other], other))
        # Words of two languages, or two ways to write it with figures: either will be found
        lettered = _has_letters(own) and _has_letters(most)
        if lettered and _has_digits(own) == _has_digits(most):
            continue
        said = f"{said[:start]}{' '.join(most.split())}{said[end:]}"
    return said


def _stands_in(own: str, passages: Sequence[Passage]) -> bool:
    """Whether a passage writes a number as the question does: mostly one does, and is found quicker than all numbers are read."""
    written = re.compile(rf"(?<![\w.,/-]){re.escape(own)}(?![\w/-]|[.,:]\d)")
    return any(written.search(passage.text) for passage in passages)


def _names_a_thing(question: str, start: int, end: int, passages: Sequence[Passage]) -> bool:
    """Whether a number in figures is that of the thing named before it: it counts none after it, and a passage has that word before one
    in figures."""
    thing = re.search(r"([^\W\d_]{3,})\s+\Z", question[:start])
    counts = re.match(r"\s*\w", question[end:])
    if thing is None or counts or not question[start:end].isdigit():
        return False
    numbered = re.compile(rf"(?<!\w){re.escape(thing[1])}\s+\d", re.IGNORECASE)
    return any(numbered.search(passage.text) for passage in passages)


def _in_figures(own: str, form: str) -> bool:
    """Whether a number is in figures, or of words that are no mere turn of phrase."""
    alone = own.replace(" ", "").replace("-", "").isalpha() and form.isdigit()
    return not alone or int(form) >= _LEAST_FROM_WORDS


def _alike(form: str) -> tuple[str, ...]:
    """The forms that a number or time may have elsewhere: where one says no half of the day, it may be either."""
    time, _, half = form.partition(" ")
    if ":" not in form:
        return (form,)
    whole = (time.removesuffix(":00"),) if time.endswith(":00") and not half else ()
    return (form, time) if half else (form, f"{time} am", f"{time} pm", *whole)


def _has_digits(text: str) -> bool:
    return any(map(str.isdigit, text))


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))
