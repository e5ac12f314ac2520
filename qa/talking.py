"""Replies to talk: fixed words in both languages, with the documents that they speak of cited as in any answer."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from typing import Final, Literal

from corpus import language
from corpus.document import Document, Lang, Passage
from corpus.languages.pack import Talk
from index.legs import LEGS
from index.searchable import DocumentInfo, Searchable
from qa.answering import Abstention, Answer, Kind, SearchOptions, SearchResult, Written
from qa.cite import Evidence, Quote, cite, holds
from qa.select.atoms import sentences_of
from qa.talk import Remark
from qa.understand import Question

GENERATOR: Final = "talk"
"""What wrote a reply, as the answer says it."""

MAX_LISTED = 10
"""Documents named in one reply."""

_EXAMPLES = 3
_MAX_PARTS = 8
_MAX_QUOTE_CHARS = 400
_MAX_TITLE_CHARS = 80
# Passages in which words are looked for that tell how a document begins: a date, a name, the lines of a form do not.
_LOOKED_AT = 5
_TELLS = re.compile(r"(?:\b[^\W\d_]+\b[\s,;]+){5}(?!.*(?:__|\.{4}))", re.DOTALL)
# A document is about a matter when a passage of it holds this share of the matter's words, by idf.
_ON_TOPIC = 0.5
# A part of a document's name is enough to mean it where it is most of the name.
_MOST_OF_A_NAME = 0.6

_Text = dict[Literal["es", "en"], str]

_SAID: Final[dict[Talk, _Text]] = {
    "greeting": {
        "es": "¡Hola! Pregúntame por lo que dicen los documentos: respondo con sus palabras exactas y digo dónde están.",
        "en": "Hello! Ask me about what the documents say: I answer in their exact words and say where they stand.",
    },
    "thanks": {
        "es": "De nada. Si tienes otra pregunta sobre los documentos, aquí estoy.",
        "en": "You are welcome. If you have another question about the documents, go ahead.",
    },
    "agreed": {
        "es": "De acuerdo. Si tienes otra pregunta sobre los documentos, aquí estoy.",
        "en": "All right. If you have another question about the documents, go ahead.",
    },
    "goodbye": {"es": "¡Hasta pronto!", "en": "Goodbye!"},
    "identity": {
        "es": "Soy Fuente, un programa que busca en los documentos de este servicio. No invento nada: cada respuesta son "
        "palabras exactas de un documento, con el lugar donde están; y si no está escrito, lo digo.",
        "en": "I am Fuente, a program that searches the documents of this service. I make nothing up: each answer is in the "
        "exact words of a document, with the place where they stand; and what is not written there, I say so.",
    },
    "abilities": {
        "es": "Pregúntame, en español o en inglés, por algo que esté escrito en los documentos: una fecha, un precio, los pasos de "
        "un trámite, una lista. Respondo con sus palabras exactas y el lugar donde están. También puedes pedir «¿qué documentos "
        "tienes?», «¿de qué trata …?» o «documentos sobre …».",
        "en": "Ask me, in Spanish or English, about something that is written in the documents: a date, a price, the steps of a "
        "procedure, a list. I answer in their exact words, with the place where they stand. You can also ask “what documents do "
        "you have?”, “what is … about?” or “documents about …”.",
    },
    "arithmetic": {
        "es": "No hago cuentas: solo respondo con lo que está escrito en los documentos.",
        "en": "I do no sums: I only answer with what is written in the documents.",
    },
    "smalltalk": {
        "es": "De eso no sé hablar: solo respondo con lo que está escrito en los documentos.",
        "en": "I cannot talk about that: I only answer with what is written in the documents.",
    },
}
_COUNT: Final[dict[int, _Text]] = {
    0: {"es": "No hay ningún documento{of}.", "en": "There are no documents{of}."},
    1: {"es": "Hay 1 documento{of}:", "en": "There is 1 document{of}:"},
    2: {"es": "Hay {n} documentos{of}:", "en": "There are {n} documents{of}:"},
    3: {
        "es": "Hay {n} documentos{of}, entre ellos:",
        "en": "There are {n} documents{of}, among them:",
    },
}
_WRITTEN_IN: Final[dict[Lang, _Text]] = {
    "es": {"es": " en español", "en": " in Spanish"},
    "en": {"es": " en inglés", "en": " in English"},
}
_FOR_EXAMPLE: Final[_Text] = {"es": "Por ejemplo:", "en": "For example:"}
_TOPIC: Final[_Text] = {"es": "Sobre «{x}» hay:", "en": "On “{x}” there are:"}
_BEGINS: Final[_Text] = {"es": "«{x}» empieza así", "en": "“{x}” begins like this"}
_PARTS: Final[_Text] = {"es": "Sus partes:", "en": "Its parts:"}

_SIGNS = re.compile(r"[-_.]+")
# What a document is called beside its name.
_CALLED: Final = frozenset(
    map(
        language.fold,
        "documento archivo fichero texto pdf document file text este esta this ese esa that llamado titulado called titled favor please".split(),
    )
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a reply: own words, and the words of a document that follow them."""

    text: str
    quote: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What is replied to a remark: ``declined`` where that is no answer."""

    kind: Kind
    lang: Literal["es", "en"]
    lines: Sequence[_Line]
    declined: bool = False


def reply_to(
    remark: Remark,
    lang: Lang,
    index: Searchable,
    options: SearchOptions,
    search: Callable[[str], SearchResult],
) -> Reply | None:
    """The reply to a remark in a language; None where it names what no document is or is about, so that it is a question like
    any other. ``search`` finds the passages on a matter.

    :raises UnknownDocumentError: when a document asked for is not there.
    """
    spoken: Literal["es", "en"] = "en" if lang == "en" else "es"
    index.rows_where((), options.document_ids)
    infos = [
        info
        for info in index.documents()
        if (not options.document_ids or info.doc_id in options.document_ids)
        and (not options.languages or info.lang in options.languages)
    ]
    if remark.kind == "summary":
        info = _named(remark.subject, infos)
        return None if info is None else Reply("summary", spoken, _summary(info, index, spoken))
    if remark.kind == "topic":
        on = _on_topic(search(remark.subject), infos)
        if not on:
            return None
        head = _Line(_TOPIC[spoken].format(x=remark.subject))
        return Reply(
            "topic", spoken, [head, *_listed(on[:MAX_LISTED], index, _terms(remark.subject))]
        )
    if remark.kind == "documents":
        of = remark.written_in
        infos = [info for info in infos if of is None or info.lang == of]
        written_in = "" if of is None else _WRITTEN_IN[of][spoken]
        shown = infos[:MAX_LISTED]
        count = _COUNT[min(len(infos), 2) if len(infos) == len(shown) else 3][spoken]
        return Reply(
            "documents",
            spoken,
            [_Line(count.format(n=len(infos), of=written_in)), *_listed(shown, index)],
        )
    if remark.kind == "smalltalk" and remark.subject and _on_topic(search(remark.subject), infos):
        return None
    lines = [_Line(_SAID[remark.kind][spoken])]
    if remark.kind == "abilities" and infos:
        lines += [_Line(_FOR_EXAMPLE[spoken]), *_listed(infos[:_EXAMPLES], index)]
    kind: Kind = "thanks" if remark.kind == "agreed" else remark.kind
    return Reply(kind, spoken, lines, remark.kind in ("arithmetic", "smalltalk"))


# --------------------------------------------------------------------------- documents


def _terms(text: str) -> frozenset[str]:
    """The words of a name; those of a file's name are parted by other signs than spaces."""
    return frozenset(language.terms(_SIGNS.sub(" ", text), "und")) - _CALLED


def _names(info: DocumentInfo) -> list[frozenset[str]]:
    """The words of a document's title, and those of its file's name."""
    path = PurePosixPath(info.doc_id)
    title, stem = _terms(info.title), _terms(path.stem)
    return [title, stem, stem | _terms(path.suffix)]


def _named(subject: str, infos: Sequence[DocumentInfo]) -> DocumentInfo | None:
    """The one document that a subject names; None where it names none, or several alike."""
    wanted = _terms(subject)
    if not wanted:
        # "This document", where there is only one
        return infos[0] if len(infos) == 1 else None
    shares = [
        max(
            (len(wanted) / len(name) for name in _names(info) if name and wanted <= name),
            default=0.0,
        )
        for info in infos
    ]
    best = max(shares, default=0.0)
    if best < _MOST_OF_A_NAME or shares.count(best) > 1:
        return None
    return infos[shares.index(best)]


def _on_topic(found: SearchResult, infos: Sequence[DocumentInfo]) -> list[DocumentInfo]:
    """The documents whose passages hold the words of a matter, best first."""
    lexical = LEGS.index("lexical")
    by_id = {info.doc_id: info for info in infos}
    held = [hit for hit in found.hits if (hit.scores[lexical] or 0.0) >= _ON_TOPIC]
    ids = dict.fromkeys(d for hit in held for d in (hit.passage.doc_id, *hit.duplicates))
    return [by_id[doc_id] for doc_id in ids if doc_id in by_id]


def _listed(
    infos: Sequence[DocumentInfo], index: Searchable, about: frozenset[str] = frozenset()
) -> Iterator[_Line]:
    """A line for each document: its title and how it begins, or what its beginning says ``about`` a matter."""
    for info in infos:
        words = _first_words(index.document(info.doc_id), index, 0, about=about)
        yield _Line(f"- {_short(info.title)}", words)


def _summary(info: DocumentInfo, index: Searchable, lang: Literal["es", "en"]) -> list[_Line]:
    """How a document begins, and its parts, each with how it begins."""
    document = index.document(info.doc_id)
    lines = [
        _Line(_BEGINS[lang].format(x=_short(info.title)), _first_words(document, index, 0, most=2))
    ]
    headings = [h for h in document.headings if h.text != document.title]
    outermost = min((h.level for h in headings), default=0)
    top = [h for h in headings if h.level == outermost]
    if len(top) > 1:
        lines.append(_Line(_PARTS[lang]))
        for heading in top[:_MAX_PARTS]:
            words = " ".join(heading.text.split())
            lines.append(
                _Line(f"- {words}", _first_words(document, index, heading.end, n_passages=1))
            )
        if len(top) > _MAX_PARTS:
            lines.append(_Line("- …"))
    return lines


def _first_words(
    document: Document,
    index: Searchable,
    offset: int,
    most: int = 1,
    n_passages: int = _LOOKED_AT,
    about: frozenset[str] = frozenset(),
) -> Evidence | None:
    """The first sentence from a place of a document on that says something, or so many as ``most`` where they go on; of the
    first ``n_passages`` from there, and with one of the words ``about`` where one has them. None where none can be shown."""
    rows = index.rows_where((), (document.doc_id,))
    passages = (index.places([row])[0].passage for row in ([] if rows is None else rows.tolist()))
    below = islice((p for p in passages if p.end > offset), n_passages)
    quotes = [quote for p in below for quote in _sentences(p, offset, most)]
    telling = [quote for quote in quotes if _TELLS.search(quote.text)] or quotes[:1]
    found = next((q for q in telling if about & _terms(q.text)), next(iter(telling), None))
    if found is None or not holds(found, document):
        return None
    return Evidence(found, document)


def _sentences(passage: Passage, offset: int, most: int) -> Iterator[Quote]:
    """The sentences of a passage from a place on, each with those that go on after it."""
    spans = sentences_of(passage)
    for n, (start, _) in enumerate(spans):
        if passage.start + start < offset:
            continue
        end = start
        for _, stop in spans[n : n + most]:
            # What follows on another line is another thing
            if stop - start > _MAX_QUOTE_CHARS or (end > start and "\n" in passage.text[end:stop]):
                break
            end = stop
        if end > start:
            yield Quote(passage, passage.start + start, passage.start + end, 0.0)


def _short(title: str) -> str:
    words = " ".join(title.split())
    if len(words) <= _MAX_TITLE_CHARS:
        return words
    return words[:_MAX_TITLE_CHARS].rsplit(" ", 1)[0] + "…"


# --------------------------------------------------------------------------- the reply as an answer


class Talking:
    """A reply under way, as :class:`qa.answering.Answering` asks."""

    waits = False

    def __init__(self, question: Question, reply: Reply, index: Searchable, began: float):
        self._question, self._reply, self._began = question, reply, began
        #: No passages: nothing is asked of them.
        self.result = SearchResult(question, (), index.build_id, {"total": _ms_since(began)}, None)
        self._written = list(self._pieces())

    def select(self) -> None:
        """There is nothing to choose."""

    def written(self) -> Iterator[Written]:
        """The lines of the reply; none where it declines."""
        if not self._reply.declined:
            yield from self._written

    def answer(self) -> Answer:
        """The reply."""
        text = "".join(one.text for one in self._written)
        declined = self._reply.declined
        timings = {"total": _ms_since(self._began)}
        confidence = 0.0 if declined else 1.0
        return Answer(
            question=self._question,
            text=text,
            lang=self._reply.lang,
            status="abstained" if declined else "answered",
            citations=tuple(c for one in self._written for c in one.citations),
            hits=(),
            confidence=confidence,
            abstention=Abstention("talk", 0.0, 0.0, text) if declined else None,
            build_id=self.result.build_id,
            timings_ms=timings,
            generator=GENERATOR,
            trace=None,
            kind=self._reply.kind,
        )

    def _pieces(self) -> Iterator[Written]:
        opening, closing = ("“", "”") if self._reply.lang == "en" else ("«", "»")
        text, n_cited, close = "", 0, ""
        for line in self._reply.lines:
            lead = f"{close}\n{line.text}" if text else line.text
            close = ""
            if line.quote is None:
                text += lead
                yield Written(lead, ())
                continue
            n_cited += 1
            lead += f": {opening}"
            start = len(text) + len(lead)
            piece = lead + line.quote.quote.text
            text += piece
            close = f"{closing} [{n_cited}]"
            yield Written(piece, (cite(n_cited, line.quote, text, start, len(text)),))
        if close:
            yield Written(close, ())


def _ms_since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 3)
