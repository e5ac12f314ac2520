"""The composer that needs no model: the quotes themselves, with the name of their document around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from corpus import language
from corpus.document import Lang
from qa.cite import Evidence, Role
from qa.compose import Piece
from qa.duplicates import same_words
from qa.understand import Question

# A question of the document that is longer is a paragraph, and not shown before its answer.
_MAX_QUESTION_CHARS: Final = 160

_MAX_RULING_CHARS: Final = 80
_RULES = re.compile(rf"\b(?:{'|'.join(pack.ruling for pack in language.PACKS.values())})\b")

_CONTEXT: Final[dict[Role, tuple[str, str]]] = {
    "columns": ("Columnas de la tabla", "Columns of the table"),
    "record": ("La fila es la de", "The row is that of"),
    "lead": ("En la lista que empieza así", "In the list that begins"),
}
"""What is said before words that explain a quote, in Spanish and English."""


class Extractive:
    """Answers in the words of the source."""

    name = "extractive"
    waits = False

    def compose(
        self, question: Question, evidence: Sequence[Evidence], first: int = 1
    ) -> Iterator[Piece]:
        """Each quote with where it is from before it and its number after it, then what explains them."""
        spanish = question.lang != "en"
        before, close = "", ""
        for number, one in enumerate(evidence):
            where = (
                one.document.title if one.page is None else f"{one.document.title}, p. {one.page}"
            )
            if one.role != "answer":
                says = _CONTEXT[one.role][0 if spanish else 1]
                lead = f"\n{says}: «" if spanish else f"\n{says}: “"
            else:
                asked = _asked(question, one, spanish) or _ruled(one, spanish)
                if number == 0:
                    lead = (
                        f"Según «{where}»{asked}: «"
                        if spanish
                        else f"According to “{where}”{asked}: “"
                    )
                elif one.differs and one.older:
                    lead = (
                        f"\nAntes, según «{where}»{asked}: «"
                        if spanish
                        else f"\nBefore that, according to “{where}”{asked}: “"
                    )
                elif one.differs:
                    lead = (
                        f"\nEn cambio, según «{where}»{asked}: «"
                        if spanish
                        else f"\nBy contrast, according to “{where}”{asked}: “"
                    )
                elif where == before:
                    lead = f"\nY también{asked}: «" if spanish else f"\nAnd also{asked}: “"
                else:
                    lead = (
                        f"\nTambién, en «{where}»{asked}: «"
                        if spanish
                        else f"\nAlso, in “{where}”{asked}: “"
                    )
                before = where
            yield Piece(f"{close}{lead}{one.quote.text}", (number,), len(close) + len(lead))
            close = f"» [{number + first}]" if spanish else f"” [{number + first}]"
        yield Piece(close)


def _asked(question: Question, one: Evidence, spanish: bool) -> str:
    """The question that the document answers with a quote, where it is another than what was asked."""
    asked = one.structure.question
    if asked is None or len(asked.text) > _MAX_QUESTION_CHARS:
        return ""
    words = " ".join(asked.text.split())
    if same_words(words, question.full):
        return ""
    return f" («{words}»)" if spanish else f" (“{words}”)"


def _ruled(one: Evidence, spanish: bool) -> str:
    """The heading over a quote, where it tells whether what is quoted holds: "Queda prohibido", "What is not covered"."""
    path = one.document.heading_path(one.quote.start)
    said = " ".join(path[-1].split()) if path else ""
    if (
        said == one.document.title
        or len(said) > _MAX_RULING_CHARS
        or not _RULES.search(language.fold(said))
    ):
        return ""
    return f" («{said}»)" if spanish else f" (“{said}”)"


def decline(lang: Lang) -> str:
    """What is said when the documents do not hold the answer."""
    if lang == "en":
        return "The documents do not hold an answer to this question."
    return "Los documentos no contienen una respuesta a esta pregunta."
