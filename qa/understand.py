"""The first stage: what is asked, in which language, and in full where it leans on an earlier question."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus import language
from corpus.document import EmptyQuestionError, Lang, QuestionTooLongError
from index.translation import LANGS, TranslationTable
from qa.calibration import logistic
from qa.followup import Previous, read
from qa.talk import Remark, remark_of, without_courtesy
from qa.words import shouted

# A word that so few ordinary texts have is as good as unknown, and a function word of either language is in as many as this.
_LEAST_SHARE = 1e-4
_FUNCTION_WORD = 0.05
# Log odds of one language against the other, 4 to 1: of 536 questions cut down to their words of content 489 are told so, 6 of them wrongly.
_LEAST_ODDS = math.log(4)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as asked; ``lang`` None means: detect it. ``previous``: those of the conversation before it, oldest first.

    ``beside``: whether it stands in one message with the last of them, or in one sentence.
    """

    text: str
    lang: Lang | None = None
    previous: tuple[Previous, ...] = ()
    beside: Literal["message", "sentence"] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """The question as it was understood: NFC, trimmed; language and confidence in 0..1.

    ``read_as``: the question in full where it leans on an earlier one, with the short forms as the documents write them
    ("IVA" for "I.V.A.") and numbers and dates in their notation, and with the other form behind each short or long form that they give both of; None where it stands as it is. ``remark``: what it is where it asks nothing of a passage. ``instead`` as in :class:`qa.followup.Reading`. A greeting or thanks around a question is no part of it.
    """

    text: str
    lang: Lang
    lang_confidence: float
    read_as: str | None = None
    remark: Remark | None = None
    instead: str = ""

    @property
    def full(self) -> str:
        """What is searched for and answered."""
        return self.read_as or self.text


def understand(query: Query, max_chars: int, table: TranslationTable) -> Question:
    """The question of a query; ``table`` tells by its words the language of one that shows no other trace of it.

    :raises EmptyQuestionError, QuestionTooLongError: for a question that cannot be asked.
    """
    text = _tidy(query.text)
    if not any(c.isalnum() for c in text):
        raise EmptyQuestionError("the question is empty; expected at least one word")
    earlier = [_tidy(p.query) for p in query.previous]
    longest = max(map(len, (text, *earlier)))
    if longest > max_chars:
        raise QuestionTooLongError(
            f"the question has {longest} characters, at most {max_chars} are taken; shorten it"
        )
    remark = remark_of(text)
    if remark is not None and not remark.subject:
        return Question(text, query.lang or remark.lang, 1.0, None, remark)
    text = without_courtesy(text)
    lang, confidence = language.detect(text)
    if lang == "und":
        lang, confidence = _by_words(text, table)
    if query.lang is not None and query.lang in language.PACKS:
        lang, confidence = query.lang, 1.0
    if not earlier:
        return Question(text, lang, confidence, None, remark)
    together = query.beside == "sentence"
    reading = read(text, list(_asked(earlier)), query.lang, together=together)
    # "¿Y Robledal?" shows no language; it is the one that was spoken before
    lang = reading.lang if reading.leans else lang
    full = reading.text if reading.leans else None
    return Question(text, lang, confidence, full, remark, reading.instead)


def _by_words(text: str, table: TranslationTable) -> tuple[Lang, float]:
    """The language in which the words of a text are more ordinary, names aside, and a confidence in 0..1: "rate limit?" has no word but such as
    name things; ``und`` where they are about as ordinary, or unknown, in both."""
    written = [word for word, _, _ in language.words(text) if word.isalpha()]
    if not shouted(text):
        # A large letter at the beginning is no sign of a name beside small ones: "Amazonas", but "Rate limit?"
        others = [word for word in written[1:] if not word[0].isupper()]
        written = [word for word in written[:1] if others or not word[0].isupper()] + others
    odds = 0.0
    for word in written:
        own, other = (_share(word.lower(), lang, table) for lang in LANGS)
        odds += math.log(own / other)
    if abs(odds) < _LEAST_ODDS:
        return "und", 0.0
    return LANGS[odds < 0], round(logistic(abs(odds)), 3)


def _share(word: str, lang: Lang, table: TranslationTable) -> float:
    """The share of ordinary texts of a language that have a word, in any of its forms."""
    terms = language.terms(word, lang)
    found = (table.background(term, lang) for term in terms)
    return max(_LEAST_SHARE, *found) if terms else _FUNCTION_WORD


def _asked(earlier: Sequence[str]) -> Iterator[str]:
    """The questions among what was said before: a "gracias" between two leaves the one what the other leans on."""
    for text in earlier:
        remark = remark_of(text)
        if remark is None or remark.subject:
            yield without_courtesy(text)


def cleaned(text: str) -> str:
    """A text in NFC, made of characters only."""
    # Half a surrogate pair is no character: an argument of a shell or a broken file can hold one
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())


def _tidy(text: str) -> str:
    """A question in NFC, on one line, without white space around it."""
    return " ".join(cleaned(text).split())
