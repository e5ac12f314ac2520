"""Citations that cannot be wrong: a quote is compared with the source before it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corpus.document import Document, Lang, Passage
from qa.structure import PLAIN, ContextKind, Structure

Role = Literal["answer"] | ContextKind
"""What a quote is there for: it answers, or says what the words of one that does mean: the names of the columns of its
table, the first cell of its row, what leads in to its list."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One quote of an answer.

    ``document.text[start:end] == quote``, checked. ``answer.text[answer_start:answer_end]`` are the words that rest on it:
    the quote itself where it is ``verbatim``, checked too, and else what a composer wrote. ``score``
    orders the citations of an answer, higher is better. ``page`` is None for a document without pages.
    ``highlight``: the words of the quote that answer, ``[start, end)`` in the quote; None where they cannot be told.
    ``ocr_confidence`` (0..1): how sure the OCR engine is of the page; None unless it was read from a picture.
    ``role``: what the quote is there for; ``structure``: what it is made of; ``differs``: it says something else about the
    same than the first quote, which is of another document or stands elsewhere in this one.
    """

    number: int
    doc_id: str
    title: str
    page: int | None
    start: int
    end: int
    quote: str
    score: float
    lang: Lang
    answer_start: int
    answer_end: int
    section_path: tuple[str, ...]
    passage_id: str
    verbatim: bool = True
    highlight: tuple[int, int] | None = None
    ocr_confidence: float | None = None
    role: Role = "answer"
    structure: Structure = PLAIN
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """Words picked from a passage: ``[start, end)`` in the document, before they are checked."""

    passage: Passage
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        """The words as the passage has them."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]


def holds(quote: Quote, document: Document) -> bool:
    """Whether the document has exactly these words at exactly this place."""
    return (
        quote.passage.doc_id == document.doc_id
        and quote.passage.start <= quote.start < quote.end <= quote.passage.end
        and document.text[quote.start : quote.end] == quote.text
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote that its ``document`` :func:`holds`; ``highlight``: the words of it that answer, ``[start, end)`` in the quote;
    ``role``, ``structure`` and ``differs`` as in a citation; ``older``: what the first quote says has taken its place.

    :raises ValueError: when the highlight is not inside the quote.
    """

    quote: Quote
    document: Document
    highlight: tuple[int, int] | None = None
    role: Role = "answer"
    structure: Structure = PLAIN
    differs: bool = False
    older: bool = False

    def __post_init__(self) -> None:
        marked, n = self.highlight, len(self.quote.text)
        if marked is not None and not 0 <= marked[0] < marked[1] <= n:
            raise ValueError(f"highlight {marked} is not inside a quote of {n} characters")

    @property
    def page(self) -> int | None:
        """1-based page of the quote, None for a document without pages."""
        return self.document.page_at(self.quote.start)


def cite(
    number: int, evidence: Evidence, answer: str, answer_start: int, answer_end: int
) -> Citation:
    """The citation of a quote for the words of an answer that rest on it, ``answer[answer_start:answer_end]``."""
    quote, document = evidence.quote, evidence.document
    return Citation(
        number=number,
        doc_id=document.doc_id,
        title=document.title,
        page=evidence.page,
        start=quote.start,
        end=quote.end,
        quote=quote.text,
        score=quote.score,
        lang=quote.passage.lang,
        answer_start=answer_start,
        answer_end=answer_end,
        section_path=document.heading_path(quote.start),
        passage_id=quote.passage.passage_id,
        verbatim=answer[answer_start:answer_end] == quote.text,
        highlight=evidence.highlight,
        ocr_confidence=document.ocr_confidence_at(quote.start),
        role=evidence.role,
        structure=evidence.structure,
        differs=evidence.differs,
    )
