"""A place in a document, with the words around it."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.document import Lang
from index.searchable import Searchable


@dataclass(frozen=True, slots=True)
class Located:
    """A place in a document with the text around it: ``before + quote + after`` is a stretch of the text."""

    doc_id: str
    title: str
    lang: Lang
    before: str
    quote: str
    after: str
    start: int
    end: int
    page: int | None
    section_path: tuple[str, ...]
    n_chars: int
    build_id: str


def locate(index: Searchable, doc_id: str, start: int, end: int, context: int) -> Located:
    """The place ``[start, end)`` with at most ``context`` code points on either side.

    :raises UnknownDocumentError: when there is no such document.
    :raises ValueError: when ``[start, end)`` is not inside the text.
    """
    document = index.document(doc_id, blocks=False)
    n = len(document.text)
    if not 0 <= start <= end <= n:
        raise ValueError(f"start={start}, end={end} is not inside the text of {n} characters")
    return Located(
        doc_id=doc_id,
        title=document.title,
        lang=document.lang,
        before=document.text[max(0, start - context) : start],
        quote=document.text[start:end],
        after=document.text[end : end + context],
        start=start,
        end=end,
        page=document.page_at(start),
        section_path=document.heading_path(start),
        n_chars=n,
        build_id=index.build_id,
    )
