"""The explanation of an answer as lines of text, in the question's language.

The numbers are those of a trace (see :mod:`qa.trace`), as ``explanation`` in the JSON bodies has them; this module only
puts words to them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from api.messages import UiLang, group
from qa.engine import Answer, PassageHit, SearchResult
from qa.trace import AnswerTrace, Trace, UnitTrace

CONFIDENCE_BANDS: dict[Literal["high", "medium"], float] = {"high": 0.75, "medium": 0.6}
"""What a reader is told of a confidence, which is a probability."""

_WIDTH = 96

# The longest name of what is compared fits in
_NAME = 48


def _flat(lang: UiLang) -> dict[str, str]:
    """The words of "why this?" by the names that a trace uses."""
    why, here = group(lang, "why"), group(lang, "terminal.why")
    named = {
        "lacks": here["lacking"],
        "rank": here["rank_of"],
        "cross": here["cross_encoder"],
        "reader": here["reader"],
        "passages": why["passageHead"],
        "bias": why["constant"],
        "translation": here["translated"],
        "synonym": here["other_word"],
    }
    texts = {key: text for key, text in {**why, **here}.items() if isinstance(text, str)}
    return {**texts, **why["legs"], **why["reasons"], **named}


def band_of(confidence: float) -> Literal["high", "medium", "low"]:
    """What a confidence is called."""
    if confidence >= CONFIDENCE_BANDS["high"]:
        return "high"
    return "medium" if confidence >= CONFIDENCE_BANDS["medium"] else "low"


_ES, _EN = _flat("es"), _flat("en")
_KINDS_ES, _KINDS_EN = group("es", "terminal.why.kinds"), group("en", "terminal.why.kinds")
_FEATURES_ES, _FEATURES_EN = group("es", "why.features"), group("en", "why.features")


def lines_of_search(result: SearchResult) -> list[str]:
    """How the passages were found; empty when nobody asked for that."""
    trace = result.trace
    if trace is None:
        return []
    spanish = result.question.lang != "en"
    return [
        *_words(trace, spanish),
        *_passages(result.hits, trace, spanish),
        *_trips(trace, spanish),
    ]


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
        *_trips(trace, spanish),
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


def _trips(trace: Trace, spanish: bool) -> list[str]:
    """How often the server that holds the index was asked, where there is one."""
    say, trips = _ES if spanish else _EN, trace.trips
    return [say["trips"].format(n=trips.n, ms=_number(trips.ms, spanish))] if trips.n else []


def _passages(hits: Iterable[PassageHit], trace: Trace, spanish: bool) -> list[str]:
    say = _ES if spanish else _EN
    lines = [say["passages"]]
    for hit, told in zip(hits, trace.passages, strict=True):
        lines.append(f"  {hit.rank}. {hit.title}  ({hit.passage.passage_id})")
        for leg in told.legs:
            rank = "" if leg.rank is None else f"  ({say['rank'].format(rank=leg.rank)})"
            lines.append(
                _product(say.get(leg.name, leg.name), leg.score, leg.weight, spanish) + rank
            )
        if told.constant:
            lines.append(_line(say["constant"], told.constant, spanish))
        lines.append(_line(say["sum"], told.sum, spanish))
        if told.cross_encoder is not None:
            lines.append(_line(say["cross"], told.cross_encoder, spanish))
        if told.reader is not None:
            lines.append(_line(say["reader"], told.reader, spanish))
        has = [
            m.word if m.by == "itself" else f"{m.word} ({say[m.by]}: {', '.join(m.terms)})"
            for m in told.matched
        ]
        for name, words in (("has", has), ("lacks", told.missing)):
            if words:
                lines.append(f"     {say[name]}: {', '.join(words)}")
        if hit.duplicates:
            lines.append(f"     {say['same'].format(places=', '.join(hit.duplicates))}")
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
    answering = [citation for citation in answer.citations if citation.role == "answer"]
    for citation, mark in zip(answering, told.spans, strict=True):
        if mark is None:
            lines.append(f"  {say['unmarked'].format(number=citation.number)}")
            continue
        words = _quoted(citation.quote[mark.start : mark.end], spanish)
        chance = _number(mark.probability, spanish)
        lines.append(
            f"  {say['marked'].format(number=citation.number, words=words, probability=chance)}"
        )
    return lines


def _confidence(told: AnswerTrace, spanish: bool) -> list[str]:
    say = _ES if spanish else _EN
    why, confidence = told.selection.why, told.selection.confidence
    features = _FEATURES_ES if spanish else _FEATURES_EN
    threshold = say["threshold"].format(value=_number(told.least, spanish))
    lines = [f"{say['confidence']} {_number(confidence, spanish)}  ({threshold})"]
    for one in why.confidence:
        lines.append(_product(features.get(one.name, one.name), one.value, one.weight, spanish))
    lines.append(_line(say["bias"], why.bias, spanish))
    return lines


def _product(name: str, value: float, weight: float, spanish: bool) -> str:
    factors = f"{_number(value, spanish)} × {_number(weight, spanish)}"
    return f"     {name:<{_NAME}}{factors:>18} = {_number(value * weight, spanish):>7}"


def _line(name: str, value: float, spanish: bool) -> str:
    return f"     {name:<{_NAME}}{'':>18}   {_number(value, spanish):>7}"


def _number(value: float, spanish: bool) -> str:
    text = f"{value:z.3f}"
    return text.replace(".", ",") if spanish else text


def _quoted(text: str, spanish: bool) -> str:
    flat = " ".join(text.split())
    if len(flat) > _WIDTH:
        flat = flat[: _WIDTH - 1].rsplit(" ", 1)[0] + "…"
    return f"«{flat}»" if spanish else f"“{flat}”"
