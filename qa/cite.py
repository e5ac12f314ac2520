"""Citations that cannot be wrong: a quote is compared with the source before it leaves."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.document import Document, Lang, Passage


@dataclass(frozen=True, slots=True)
class Citation:
    """One quote of an answer.

    ``document.text[start:end] == quote`` and ``answer.text[answer_start:answer_end] == quote``, checked. ``score``
    orders the citations of an answer, higher is better. ``page`` is None for a document without pages.
    ``highlight``: the words of the quote that answer, ``[start, end)`` in the quote; None where they cannot be told.
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
    highlight: tuple[int, int] | None = None


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


def cite(
    number: int,
    quote: Quote,
    document: Document,
    answer_start: int,
    highlight: tuple[int, int] | None = None,
) -> Citation:
    """The citation of a quote that :func:`holds`; ``answer_start`` is where it stands in the answer.

    :raises ValueError: when ``highlight`` is not inside the quote.
    """
    if highlight is not None and not 0 <= highlight[0] < highlight[1] <= len(quote.text):
        raise ValueError(
            f"highlight {highlight} is not inside a quote of {len(quote.text)} characters"
        )
    return Citation(
        number=number,
        doc_id=document.doc_id,
        title=document.title,
        page=document.page_at(quote.start),
        start=quote.start,
        end=quote.end,
        quote=quote.text,
        score=quote.score,
        lang=quote.passage.lang,
        answer_start=answer_start,
        answer_end=answer_start + len(quote.text),
        section_path=document.heading_path(quote.start),
        passage_id=quote.passage.passage_id,
        highlight=highlight,
    )
