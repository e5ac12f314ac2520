"""The first stage: what is asked, in which language, and in full where it leans on an earlier question."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus import language
from corpus.document import EmptyQuestionError, Lang, QuestionTooLongError
from qa.followup import Previous, read
from qa.talk import Remark, remark_of, without_courtesy


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


def understand(query: Query, max_chars: int) -> Question:
    """The question of a query.

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
