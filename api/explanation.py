"""The explanation of an answer as lines of text, in the question's language.

The numbers are those of a trace (see :mod:`qa.trace`), as ``explanation`` in the JSON bodies has them; this module only
puts words to them.
"""

from __future__ import annotations

from collections.abc import Iterable

from qa.engine import Answer, PassageHit, SearchResult
from qa.trace import AnswerTrace, Trace, UnitTrace

_WIDTH = 96

_ES = {
    "words": "Palabras de la pregunta",
    "nowhere": "en ningún documento",
    "passages": "Pasajes",
    "dense": "significado",
    "lexical": "palabras",
    "late": "palabra a palabra",
    "sentence_dense": "significado de su mejor oración",
    "sentence_late": "palabra a palabra en una oración",
    "constant": "constante",
    "sum": "suma",
    "rank": "puesto {}",
    "cross": "modelo cruzado",
    "has": "tiene",
    "lacks": "le falta",
    "translation": "traducción",
    "synonym": "sinónimo",
    "same": "dice lo mismo, y no se repite: {}",
    "sentences": "Oraciones",
    "below_threshold": "no se cita: la confianza no llega al umbral",
    "not_in_document": "no se cita: no está palabra por palabra en el documento",
    "same_words": "no se cita: ya está dicho",
    "too_long": "no se cita: las citas serían demasiado largas",
    "score": "no se cita: queda lejos de la primera",
    "enough": "no se cita: bastan las citadas",
    "asked": "Se pregunta por",
    "marked": "resaltado en la cita [{}]: {} (probabilidad {})",
    "unmarked": "nada resaltado en la cita [{}]: ningún candidato es seguro",
    "unasked": "Nada resaltado: la pregunta no dice qué clase de cosa busca",
    "confidence": "Confianza",
    "threshold": "umbral {}",
    "bias": "constante",
}
_EN = {
    "words": "Words of the question",
    "nowhere": "in no document",
    "passages": "Passages",
    "dense": "meaning",
    "lexical": "words",
    "late": "word by word",
    "sentence_dense": "meaning of its best sentence",
    "sentence_late": "word by word in one sentence",
    "constant": "constant",
    "sum": "sum",
    "rank": "rank {}",
    "cross": "cross-encoder",
    "has": "has",
    "lacks": "lacks",
    "translation": "translation",
    "synonym": "synonym",
    "same": "says the same, not repeated: {}",
    "sentences": "Sentences",
    "below_threshold": "not quoted: the confidence is under the threshold",
    "not_in_document": "not quoted: it is not word for word in the document",
    "same_words": "not quoted: it is said already",
    "too_long": "not quoted: the quotes would be too long",
    "score": "not quoted: too far below the first",
    "enough": "not quoted: those quoted are enough",
    "asked": "Asked for",
    "marked": "highlighted in citation [{}]: {} (probability {})",
    "unmarked": "nothing highlighted in citation [{}]: no candidate is sure",
    "unasked": "Nothing highlighted: the question does not say what kind of thing it wants",
    "confidence": "Confidence",
    "threshold": "threshold {}",
    "bias": "constant",
}
_KINDS_ES = {
    "meaning": "el significado de unas siglas",
    "date": "una fecha",
    "length": "una duración",
    "money": "una cantidad de dinero",
    "percentage": "un porcentaje",
    "number": "un número",
    "person": "una persona",
    "place": "un lugar",
    "reason": "una razón",
    "way": "un camino",
    "name": "un nombre",
}
_KINDS_EN = {
    "meaning": "the meaning of an abbreviation",
    "date": "a date",
    "length": "a length of time",
    "money": "an amount of money",
    "percentage": "a percentage",
    "number": "a number",
    "person": "a person",
    "place": "a place",
    "reason": "a reason",
    "way": "a way",
    "name": "a name",
}


def lines_of_search(result: SearchResult) -> list[str]:
    """How the passages were found; empty when nobody asked for that."""
    trace = result.trace
    if trace is None:
        return []
    spanish = result.question.lang != "en"
    return [*_words(trace, spanish), *_passages(result.hits, trace, spanish)]


def lines_of_answer(answer: Answer) -> list[str]:
    """How an answer, or an abstention, came about; empty when nobody asked for that."""
    trace = answer.trace
    if trace is None or trace.answer is None:
        return []
    spanish = answer.lang != "en"
    return [
        *_words(trace, spanish),
        *_passages(answer.hits, trace, spanish),
        *_sentences(trace.answer.units, spanish),
        *_highlights(answer, trace.answer, spanish),
        *_confidence(trace.answer, spanish),
    ]


def _words(trace: Trace, spanish: bool) -> list[str]:
    say = _ES if spanish else _EN
    lines = [say["words"]]
    for word in trace.words:
        terms = []
        for lang, options in word.terms.items():
            some = ", ".join(f"{term} {_number(p, spanish)}" for term, p in options[:4])
            if some and lang != "und":
                terms.append(f"{lang}: {some}")
        known = "" if word.known else f"  ({say['nowhere']})"
        lines.append(f"  {word.text}  {'; '.join(terms)}{known}")
    return lines


def _passages(hits: Iterable[PassageHit], trace: Trace, spanish: bool) -> list[str]:
    say = _ES if spanish else _EN
    lines = [say["passages"]]
    for hit, told in zip(hits, trace.passages, strict=True):
        lines.append(f"  {hit.rank}. {hit.title}  ({hit.passage.passage_id})")
        for leg in told.legs:
            rank = "" if leg.rank is None else f"  ({say['rank'].format(leg.rank)})"
            lines.append(_product(say[leg.name], leg.score, leg.weight, spanish) + rank)
        if told.constant:
            lines.append(_line(say["constant"], told.constant, spanish))
        lines.append(_line(say["sum"], told.sum, spanish))
        if told.cross_encoder is not None:
            lines.append(_line(say["cross"], told.cross_encoder, spanish))
        has = [
            m.word if m.by == "itself" else f"{m.word} ({say[m.by]}: {', '.join(m.terms)})"
            for m in told.matched
        ]
        for name, words in (("has", has), ("lacks", told.missing)):
            if words:
                lines.append(f"     {say[name]}: {', '.join(words)}")
        if hit.duplicates:
            lines.append(f"     {say['same'].format(', '.join(hit.duplicates))}")
    return lines


def _sentences(units: Iterable[UnitTrace], spanish: bool) -> list[str]:
    say = _ES if spanish else _EN
    lines = [say["sentences"]]
    for told in units:
        mark = "   " if told.citation is None else f"[{told.citation}]"
        fate = "" if told.reason is None else f"  – {say[told.reason]}"
        score = _number(told.unit.score, spanish)
        lines.append(f"  {mark} {score:>7}  {_quoted(told.unit.quote.text, spanish)}{fate}")
    return lines


def _highlights(answer: Answer, told: AnswerTrace, spanish: bool) -> list[str]:
    say = _ES if spanish else _EN
    kind = told.selection.why.asked_for
    if kind is None:
        return [say["unasked"]]
    lines = [f"{say['asked']}: {(_KINDS_ES if spanish else _KINDS_EN)[kind]}"]
    for citation, mark in zip(answer.citations, told.spans, strict=True):
        if mark is None:
            lines.append(f"  {say['unmarked'].format(citation.number)}")
            continue
        words = _quoted(citation.quote[mark.start : mark.end], spanish)
        chance = _number(mark.probability, spanish)
        lines.append(f"  {say['marked'].format(citation.number, words, chance)}")
    return lines


def _confidence(told: AnswerTrace, spanish: bool) -> list[str]:
    say = _ES if spanish else _EN
    why, confidence = told.selection.why, told.selection.confidence
    threshold = say["threshold"].format(_number(told.least, spanish))
    lines = [f"{say['confidence']} {_number(confidence, spanish)}  ({threshold})"]
    for one in why.confidence:
        lines.append(_product(one.name, one.value, one.weight, spanish))
    lines.append(_line(say["bias"], why.bias, spanish))
    return lines


def _product(name: str, value: float, weight: float, spanish: bool) -> str:
    factors = f"{_number(value, spanish)} × {_number(weight, spanish)}"
    return f"     {name:<18}{factors:>18} = {_number(value * weight, spanish):>7}"


def _line(name: str, value: float, spanish: bool) -> str:
    return f"     {name:<18}{'':>18}   {_number(value, spanish):>7}"


def _number(value: float, spanish: bool) -> str:
    text = f"{value:z.3f}"
    return text.replace(".", ",") if spanish else text


def _quoted(text: str, spanish: bool) -> str:
    flat = " ".join(text.split())
    if len(flat) > _WIDTH:
        flat = flat[: _WIDTH - 1].rsplit(" ", 1)[0] + "…"
    return f"«{flat}»" if spanish else f"“{flat}”"
