"""The numbers, dates and times of a question as the documents write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from corpus import divisions, language
from corpus.dates import date, month_of
from corpus.document import Lang, Passage
from corpus.language import PACKS, terms
from corpus.numbers import numbers
from qa.members import Member, members
from qa.select.times.moments import Days, days

# A time that is longer is no day of a programme.
_A_FEW_DAYS = 14
# Below it a word is more often an article, a pronoun or a turn of phrase: "de las dos", "one of the three".
_LEAST_FROM_WORDS = 10
# "v2", "P-4"
_OF_A_CODE = re.compile(r"[^\W\d_]-?\Z")
# So far from the name of a thing its number may end.
_AROUND = 16


def in_their_notation(question: str, lang: Lang, passages: Sequence[Passage]) -> str:
    """A question with each number and date as most of the passages write it where none writes it as the question does: 99 becomes
    "ninety-nine", 03/05/2019 "3 de mayo de 2019", 2.500.000 "2,5 millones", 17:30 "cinco y media de la tarde".

    Passages in the language of the question come first. What both write in words stays where they are words of two languages; and so does the
    number of a division, "artículo 7", which is said in headings and never as a number of things is, and that of a thing whose likes they
    number in figures, "turno 6" beside "Turno 2". A day without its year is put into theirs as one thing, and so is what they number in another
    way, "the third grade" as "Grade 3".
    """
    question = _with_members(_with_days(question, lang, passages), lang, passages)
    divided = [(start, end) for _, start, end in divisions.named(question)]
    divided += [(one.start, one.end) for one in days(question) if one.year is None]
    asked = [
        (form, start, end)
        for form, start, end in numbers(question, lang)
        if not any(a <= start < b for a, b in divided)
        and not _OF_A_CODE.search(question[:start])
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


def _with_days(question: str, lang: Lang, passages: Sequence[Passage]) -> str:
    """A question with each day that has no year as the passages write it."""
    asked: dict[tuple[int, int], list[Days]] = {}
    for one in days(question) if lang in PACKS else ():
        # In English 5/4 is the 5th of April where no passage has the 4th of May
        if one.year is None and one.first == one.last and (lang == "en" or not one.doubtful):
            asked.setdefault((one.start, one.end), []).append(one)
    said = question
    for (start, end), readings in reversed(asked.items()):
        own = question[start:end]
        is_date = _has_words(own) or _leads_to_day(question[:start])
        if is_date and not _stands_in(own, passages):
            said = f"{said[:start]}{_as_told(own, readings, lang, passages)}{said[end:]}"
    return said


def _with_members(question: str, lang: Lang, passages: Sequence[Passage]) -> str:
    """A question with what it names by a number or its place in an order as the passages in its language write it, where none of them writes it so."""
    own = [p for p in passages if p.lang == lang]
    said = question
    for asked in reversed([*members(question, typed=True)]):
        words = question[asked.start : asked.end]
        if len(asked.among) > 1 or divisions.names_division(asked.noun) or _stands_in(words, own):
            continue
        written = Counter(name for p in own for name in _names_of(asked, p))
        if written and not any(language.fold(name) == language.fold(words) for name in written):
            most = max(written, key=lambda name: (written[name], name))
            said = f"{said[: asked.start]}{most}{said[asked.end :]}"
    return said


def _names_of(asked: Member, passage: Passage) -> Iterator[str]:
    """How a passage and its heading write what is asked for by its number."""
    for text in (passage.heading, passage.text):
        folded = language.fold(text)
        near = re.finditer(rf"\b{re.escape(asked.noun)}\b", folded)
        for start in [found.start() for found in near] if len(folded) == len(text) else ():
            around = text[max(0, start - _AROUND) : start + len(asked.noun) + _AROUND]
            for one in members(around):
                if (one.noun, one.among) == (asked.noun, asked.among):
                    yield around[one.start : one.end]


def _leads_to_day(before: str) -> bool:
    """Whether the last word before a number like 3/4 is one that stands before a day."""
    word = re.search(r"([^\W\d_]+)\s+\Z", language.fold(before))
    return word is not None and any(word[1] in pack.days.on for pack in PACKS.values())


def _as_told(own: str, readings: Sequence[Days], lang: Lang, passages: Sequence[Passage]) -> str:
    """A day as most of the passages write it, "3 de mayo" as "03/05/2026"; if none has it, the few days between which it lies, "20-24 June 2026".
    Where they have it in several years, or not at all, what is in words is put into figures, and what is in figures alone has its month named."""
    plain = _has_words(own) and _has_digits(own)
    reading, told = next(
        (pair for one in readings if (pair := (one, _days_told(one, passages)))[1]),
        (readings[0], []),
    )
    if told and len({one.year for one, _, _ in told} - {None}) < 2:
        exactly = told[0][0].first == told[0][0].last
        if plain and exactly and any(_has_words(text) for _, text, _ in told):
            return own  # In words of another language, or in another order: either will be found
        written = Counter((of == lang, text) for _, text, of in told)
        return max(written, key=lambda one: (one[0], written[one], one[1]))[1]
    if plain or (not told and _has_digits(own)):
        return own
    month, day = reading.first
    name = PACKS[lang].months[month - 1]
    return PACKS[lang].days.said.format(day=day, month=name, Month=name.capitalize())


def _days_told(asked: Days, passages: Sequence[Passage]) -> list[tuple[Days, str, Lang]]:
    """Where passages say a day, without a doubt which it is, as it is written and in which language; if none does, the few days from one to
    another between which it lies."""
    exactly: list[tuple[Days, str, Lang]] = []
    around: list[tuple[Days, str, Lang]] = []
    for passage in passages:
        for one in days(passage.text):
            if one.doubtful or not one.meets(asked):
                continue
            said = " ".join(passage.text[one.start : one.end].split())
            group = exactly if one.first == one.last else around
            group.append((one, said, passage.lang))
    return exactly or [one for one in around if one[0].n_days <= _A_FEW_DAYS]


def _stands_in(own: str, passages: Sequence[Passage]) -> bool:
    """Whether a passage writes a number as the question does: mostly one does, and is found quicker than all numbers are read."""
    written = re.compile(rf"(?<![\w.,/-]){re.escape(own)}(?![\w/-]|[.,:]\d)")
    return any(written.search(passage.text) for passage in passages)


def _names_a_thing(question: str, start: int, end: int, passages: Sequence[Passage]) -> bool:
    """Whether a number in figures is that of the thing named before it: a passage or its heading has that word before one in figures, with a
    capital where the number may as well count what is named after it, "the Year 5 trip"."""
    thing = re.search(r"([^\W\d_]{3,})\s+\Z", question[:start])
    if thing is None or not question[start:end].isdigit():
        return False
    counts = re.match(r"\s*\w", question[end:])
    said = thing[1].capitalize() if counts else thing[1]
    numbered = re.compile(rf"(?<!\w){re.escape(said)}\s+\d", 0 if counts else re.IGNORECASE)
    return any(map(numbered.search, (part for p in passages for part in (p.heading, p.text))))


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
