"""The composer that needs no model: the quotes themselves, with the name of their document around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.document import Lang
from qa.cite import Evidence
from qa.compose import Piece
from qa.understand import Question


class Extractive:
    """Answers in the words of the source."""

    name = "extractive"
    waits = False

    def compose(self, question: Question, evidence: Sequence[Evidence]) -> Iterator[Piece]:
        """Each quote with where it is from before it and its number after it."""
        spanish = question.lang != "en"
        before, close = "", ""
        for number, one in enumerate(evidence):
            where = (
                one.document.title if one.page is None else f"{one.document.title}, p. {one.page}"
            )
            if number == 0:
                lead = f"Según «{where}»: «" if spanish else f"According to “{where}”: “"
            elif where == before:
                lead = "\nY también: «" if spanish else "\nAnd also: “"
            else:
                lead = f"\nTambién, en «{where}»: «" if spanish else f"\nAlso, in “{where}”: “"
            before = where
            yield Piece(f"{close}{lead}{one.quote.text}", (number,), len(close) + len(lead))
            close = f"» [{number + 1}]" if spanish else f"” [{number + 1}]"
        yield Piece(close)


def decline(lang: Lang) -> str:
    """What is said when the documents do not hold the answer."""
    if lang == "en":
        return "The documents do not hold an answer to this question."
    return "Los documentos no contienen una respuesta a esta pregunta."
