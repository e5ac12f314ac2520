"""The words of a quote that answer: a date for "cuándo", a number for "how many", a name for "who".

Candidates of the kind asked for are found by their form, and weighed by how near the question's words stand to them, in
either language. Where the question names no kind, where the quote has nothing of it, or where two candidates are as
good, nothing is marked: a mark on the wrong words is worse than none.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from corpus import language
from corpus.numbers import CURRENCIES, numbers
from index.searchable import Interaction, QueryTokens
from qa.calibration import Highlights, in_order
from qa.cite import Quote
from qa.select import Span
from qa.words import folded_words

Kind = Literal[
    "meaning",
    "date",
    "length",
    "money",
    "percentage",
    "number",
    "person",
    "place",
    "reason",
    "way",
    "name",
]

_THING = r"(?!(?:es|son|fue|era|eran|fueron|is|was|are|were|did|do|does|has|had|have)\b)\w+"

_QUESTION_WORDS: tuple[tuple[Kind | Literal["deed"], str], ...] = (
    (
        "meaning",
        r"siglas|acronimo|acronym|(?:abbreviation|initials|letters) .*(?:mean|stand)|stands? for",
    ),
    (
        "date",
        r"cuando|(?:en|para|desde|hasta|por|de) que (?:ano|año|fecha|mes|dia|siglo|decada)|que (?:dia|fecha|ano|año|siglo)|when|(?:what|which) (?:year|date|day|month|century|decade)",
    ),
    (
        "length",
        r"cuanto (?:tiempo|dur(?:o|an?|aba|ara)|tard(?:o|an?))|cuantos (?:dias|meses|años|anos|minutos|horas)|how long|how many (?:days|months|years|minutes|hours|weeks)",
    ),
    (
        "percentage",
        # "¿De qué parte de la costa viene?" asks for a place
        r"(?:que (?:porcentaje|proporcion|fraccion)|(?<!\bde )(?<!\ben )(?<!\bpor )(?<!\bhacia )que parte)|(?:what|which) (?:percentage|percent|share|proportion|fraction)",
    ),
    (
        "money",
        r"cuanto (?:cuesta|costo|costaba|costaron|vale|pago|pagaron|dinero)|what (?:does|do|did|would) .* cost|how much (?:money|did .* (?:cost|pay|spend)|does .* cost)",
    ),
    (
        "number",
        r"cuant[oa]s?|how (?:many|much|high|tall|far|old|big|large|deep)|que (?:altura|altitud|edad|numero|cantidad)|a que altura|(?:what|which) (?:number|height|age|altitude)",
    ),
    ("person", r"quien(?:es)?|who|whom|whose"),
    (
        "place",
        r"(?:a|de|en)? ?donde|where|(?:de|en|hacia) que parte|(?:en|de|desde|hasta|para) que (?:lugar|ciudad|pais|distrito|region|estado)|(?:what|which) (?:city|country|district|place|region|state|town)|que (?:ciudad|pais)",
    ),
    (
        "way",
        r"por (?:donde|que (?:lugar|sitio|camino|ruta|via|medio))|through (?:what|which|where)|(?:by )?(?:what|which) (?:way|route|path|means)",
    ),
    ("reason", r"por ?que|why|para que"),
    (
        "deed",
        r"que (?:hace|hizo|hacen|hicieron|paso|ocurrio|sucedio)|what (?:does|do|did) .* (?:do|mean)|what happen\w+",
    ),
    (
        "name",
        rf"como se llam\w+|(?:que|cual es el) nombre|(?:what|which) (?:is|was|are|were) the names?|que {_THING}|what {_THING}|which {_THING}|\bcual(?:es)?\b",
    ),
)
_KINDS: list[tuple[Kind | Literal["deed"], re.Pattern[str]]] = [
    (kind, re.compile(rf"(?:^|\b)(?:{pattern})\b")) for kind, pattern in _QUESTION_WORDS
]


# Several ask it of one question
@lru_cache(maxsize=64)
def _asked(question: str) -> tuple[Kind, int] | None:
    """The kind of thing asked for, by the first question word, and where in the question that ends."""
    # What stands before the mark only leads up to the question
    begin = question.rfind("¿") + 1
    folded = language.fold(question)
    best: tuple[int, Kind | Literal["deed"], int] | None = None
    for kind, pattern in _KINDS:
        for match in pattern.finditer(folded, begin):
            # "Doctor Who" asks nothing: inside a question its words are written small
            if question[match.start()].isupper() and question[begin : match.start()].strip():
                continue
            # "¿Qué significan las siglas…?" tells its kind by a later word
            start = -1 if kind == "meaning" else match.start()
            if best is None or start < best[0]:
                best = (start, kind, match.end())
            break
    if best is None or best[1] == "deed":
        return None
    return best[1], best[2]


def kind_asked(question: str) -> Kind | None:
    """What kind of thing a question asks for, None when its words do not say."""
    asked = _asked(question)
    return asked[0] if asked else None


_SMALL = r"dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieci\w+|veint\w+|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien(?:to)?|\w+cient[oa]s|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"
_MAGNITUDE = r"mil|mill[oó]n(?:es)?|billones|thousand|million|billion|trillion|dozens?|docenas?|hundreds|thousands|cientos|miles|millions"
_NUMERAL = rf"(?:\d{{1,3}}(?:[  ]\d{{3}})+\b|\d+(?:[.,]\d+)*|(?:{_SMALL})(?:[ -](?:y )?(?:{_SMALL}))*)(?: (?:de )?(?:{_MAGNITUDE}))*|(?:{_MAGNITUDE})"
_MONTHS = (
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|"
    r"january|february|march|april|may|june|july|august|september|october|november|december"
)
_YEAR = r"(?:1\d{3}|20\d\d)"
_UNIT_OF_TIME = r"(?:segundos?|minutos?|horas?|días?|semanas?|meses|mes|años?|siglos?|décadas?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|centur(?:y|ies)|decades?)"
_DATE = re.compile(
    rf"\b\d{{1,2}}(?: de|st|nd|rd|th)? (?:of )?(?:{_MONTHS})(?:,? (?:de |del |of )?{_YEAR})?"
    rf"|\b(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? {_YEAR})?"
    rf"|\b(?:{_MONTHS})(?:,? (?:de |del |of )?{_YEAR})"
    rf"|\b(?:el )?siglo [IVX]+\b(?: ?[ad]\. ?C\.)?|\b\d{{1,2}}(?:st|nd|rd|th)[ -]century\b"
    rf"|\b(?:the |los (?:años )?)?{_YEAR}(?:s\b|-{_YEAR}\b|\b)|\b\d+ (?:a\. ?C\.|BCE?)"
    rf"|\b(?:{_MONTHS})\b(?! \d)",
    re.IGNORECASE,
)
_FULL_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])(?:-\d\d)?")
_FORMS: dict[Kind, re.Pattern[str]] = {
    "length": re.compile(rf"\b(?:{_NUMERAL})[ -](?:\w+ )?{_UNIT_OF_TIME}\b", re.IGNORECASE),
    "percentage": re.compile(
        rf"\b(?:{_NUMERAL}) ?(?:%|por ciento|per ?cent\b)|\b(?:mitad|half|(?:un |dos |one |two )?(?:tercios?|thirds?|cuartos?|quarters?))\b",
        re.IGNORECASE,
    ),
    "money": re.compile(
        rf"(?:(?:US)?[$€£¥]|\b(?-i:{CURRENCIES})) ?\d+(?:[.,]\d+)*(?: (?:{_MAGNITUDE}))*|\b\d+(?:[.,]\d+)* ?(?-i:{CURRENCIES})\b|\b(?:{_NUMERAL}) (?:de )?(?:d[oó]lares|euros?|soles|pesos|pesetas|libras|dollars|pounds|cents|centavos|céntimos)\b(?: esterlinas)?",
        re.IGNORECASE,
    ),
    "number": re.compile(
        rf"(?:[$€£¥] ?)?\b(?:{_NUMERAL})\b(?! ?(?:%|por ciento\b|percent\b|per cent\b))(?: ?(?:(?:k?m|cm|mm|kg|ha)\b|metros\b|kilómetros\b|met(?:er|re)s\b|feet\b|miles\b))?",
        re.IGNORECASE,
    ),
}
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w'’.-]*(?<![.'’-])"
_NAME = re.compile(
    rf"{_CAPITAL}(?:(?: (?:de|del|de la|de los|de las|of|of the|von|van|da|di|y|and|&))? {_CAPITAL}| [IVX]+\b| \d+\b)*"
)
_QUOTED = re.compile(r"[\"“«]([^\"”»]{2,60})[\"”»]")
_BECAUSE = re.compile(
    r"\b(?:porque|debido a|a causa de|ya que|puesto que|dado que|gracias a|con el fin de|para|because(?: of)?|due to|in order to|so that|since|thanks to)\b",
    re.IGNORECASE,
)
_THROUGH = re.compile(
    r"\b(?:a trav[eé]s de|por (?:medio|debajo|encima|dentro|detrás|delante) de|mediante|vía|through|by (?:way|means) of|via|across|along)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;:.](?=\s|$)")
# What opens the clause that says why, or by which way.
_CLAUSES: Mapping[Kind, re.Pattern[str]] = {"reason": _BECAUSE, "way": _THROUGH}
# MRTA (Movimiento …), Movimiento … (MRTA)
_LONG_FORM = re.compile(r"\b[A-ZÁÉÍÓÚÑ]{2,}\b\s*\(([^)]{4,})\)")
_SHORT_FORM = re.compile(r"\s*\([A-ZÁÉÍÓÚÑ]{2,}\)")
_PART_OF_A_NAME = re.compile(r"(?:[^\W\d_]-?|\d/)$")


_OPENERS = frozenset(language.fold(w) for pack in language.PACKS.values() for w in pack.stop_words)


# What a candidate's score is made of. near, wide: how the question's tokens meet those around the candidate (late
# interaction), falling off with the distance in words; focus: the same for the word the question word goes with ("cuántos
# rehenes", "who wrote"); kin: the focus inside the candidate; inside: the question's other words inside it; by: "por" or
# "by" stands before it; words: how many, log; bracket: one opens before it; opens: one word at the start of the quote.
FEATURES = ("near", "wide", "focus", "kin", "inside", "by", "words", "bracket", "opens")

KINDS: tuple[Kind, ...] = get_args(Kind)

_NAMES: frozenset[Kind] = frozenset({"person", "place", "name"})
_NEAR, _WIDE, _FOCUS = 2.0, 8.0, 3.0
# What two unrelated tokens have in common.
_UNRELATED = 0.3


@dataclass(frozen=True, slots=True)
class Wording:
    """Words of a quote that may answer: ``[start, end)`` in it; ``features`` in the order of FEATURES."""

    start: int
    end: int
    kind: Kind
    features: tuple[float, ...]


class Spans:
    """Finds the words that answer, with the weights of a calibration: one set for names (person, place, name), one for
    the rest, and a bias for each kind.

    :raises SettingsError: when the calibration does not weigh just these features and kinds.
    """

    def __init__(self, weights: Highlights):
        self._names = in_order(weights.names, FEATURES, "highlights.names")
        self._figures = in_order(weights.figures, FEATURES, "highlights.figures")
        in_order(weights.bias, KINDS, "highlights.bias")
        self._bias = weights.bias
        self._least = weights.least

    def find(
        self, question: str, quote: Quote, met: Interaction | None, tokens: QueryTokens
    ) -> Span | None:
        """The words of a quote that answer the question, None where they cannot be told.

        ``met`` is how the question meets the quote's passage, ``tokens`` its own side of that.
        """
        found = wordings(question, quote, met, tokens)
        if not found:
            return None
        scores = np.array([self.score(one) for one in found])
        # Softmax with one more outcome, of score 0: that none of them answers
        most = max(0.0, float(scores.max()))  # taken off all, or large scores would overflow
        powers = np.exp(scores - most)
        chances = powers / (np.exp(-most) + powers.sum())
        best = int(chances.argmax())
        if chances[best] < self._least:
            return None
        return Span(found[best].start, found[best].end, float(chances[best]))

    def score(self, one: Wording) -> float:
        """The log odds of these words against none."""
        weights = self._names if one.kind in _NAMES else self._figures
        return self._bias[one.kind] + float(np.dot(weights, one.features))


def wordings(
    question: str, quote: Quote, met: Interaction | None, tokens: QueryTokens
) -> list[Wording]:
    """What the quote has of the kind asked for and the question does not say already, in text order."""
    asked = _asked(question)
    if asked is None or met is None or tokens.weights.sum() <= 0:
        return []
    kind, after = asked
    text = quote.text
    offset = quote.start - quote.passage.start
    here = (met.starts >= offset) & (met.starts < offset + len(text))
    starts = met.starts[here].astype(np.int64) - offset
    meeting = np.maximum(met.cosines[:, here] - _UNRELATED, 0.0) / (1.0 - _UNRELATED)
    weights = tokens.weights / tokens.weights.sum()
    focus = _focus(tokens, 0 if kind == "name" else after)
    others = focus == 0
    said = frozenset(folded_words(question))
    places = [s for _, s, _ in language.words(text)]
    at = np.searchsorted(places, starts, side="right") - 1
    found = []
    for start, end in of_kind(kind, text):
        words = language.words(text[start:end])
        if all(language.fold(w) in said for w, _, _ in words):
            continue
        first, last = bisect_left(places, start), bisect_left(places, end)
        distance = np.where(at < first, first - at, np.maximum(at - last + 1, 1))
        around = (starts < start) | (starts >= end)
        outside, distance = meeting[:, around], distance[around]
        inside = meeting[:, ~around].max(axis=1, initial=0.0)
        before = text[:start].rstrip()
        found.append(
            Wording(
                start,
                end,
                kind,
                (
                    float(weights @ (outside / (1 + distance / _NEAR)).max(axis=1, initial=0.0)),
                    float(weights @ (outside / (1 + distance / _WIDE)).max(axis=1, initial=0.0)),
                    float(focus @ (outside / (1 + distance / _FOCUS)).max(axis=1, initial=0.0)),
                    float(focus @ inside),
                    float((inside * others).max(initial=0.0)),
                    float(before.rpartition(" ")[2].lower() in ("by", "por")),
                    math.log(len(words)),
                    float(before.endswith("(")),
                    float(first == 0 and len(words) == 1),
                ),
            )
        )
    return found


def _focus(tokens: QueryTokens, after: int) -> npt.NDArray[np.float64]:
    """float64[n], shares of the question's tokens in its first content word that ends after ``after``; 0 for the rest."""
    focus = np.zeros(len(tokens.starts))
    for _, start, end in language.words(tokens.text):
        inside = (tokens.starts >= start) & (tokens.starts < end)
        if end > after and inside.any():
            focus[inside] = 1.0 / inside.sum()
            break
    return focus


def has_new(kind: Kind, text: str, asked: frozenset[str]) -> bool:
    """Whether a text has something of that kind which the question, ``asked`` its folded words, does not say."""
    for start, end in of_kind(kind, text):
        words = folded_words(text[start:end])
        # Any word that opens a sentence has a capital
        if kind in _NAMES and len(words) == 1 and not language.words(text[:start]):
            continue
        if any(word not in asked for word in words):
            return True
    return False


def of_kind(kind: Kind, text: str) -> Iterator[tuple[int, int]]:
    """Where a text has something of a kind, each with at least one word."""
    if kind in _NAMES:
        yield from _names(text)
        if kind == "name":
            yield from (m.span(1) for m in _QUOTED.finditer(text) if language.words(m[1]))
    elif kind in _CLAUSES:
        for match in _CLAUSES[kind].finditer(text):
            clause = _CLAUSE_END.search(text, match.end())
            yield match.start(), clause.start() if clause else len(text)
    elif kind == "meaning":
        yield from (m.span(1) for m in _LONG_FORM.finditer(text) if language.words(m[1]))
        yield from (span for span in _names(text) if _SHORT_FORM.match(text, span[1]))
    elif kind == "date":
        yield from _dates(text)
    elif kind == "number":
        dates = list(_dates(text))
        for match in _FORMS[kind].finditer(text):
            start, end = match.span()
            # AS-207 is a name
            part = _PART_OF_A_NAME.search(text, max(0, start - 2), start) is not None
            if not part and not any(a <= start < b for a, b in dates):
                yield start, end
    else:
        yield from (m.span() for m in _FORMS[kind].finditer(text))


def _dates(text: str) -> Iterator[tuple[int, int]]:
    """Where a text has dates, however they are written, and years, centuries and months."""
    whole = [(a, b) for form, a, b in numbers(text, "und") if _FULL_DATE.fullmatch(form)]
    others = [m.span() for m in _DATE.finditer(text)]
    apart = [(c, d) for c, d in others if not any(a < d and c < b for a, b in whole)]
    yield from sorted([*whole, *apart])


def _names(text: str) -> Iterator[tuple[int, int]]:
    for match in _NAME.finditer(text):
        words = language.words(match.group())
        # A function word with a capital begins a sentence
        while words and language.fold(words[0][0]) in _OPENERS:
            words = words[1:]
        if words:
            yield match.start() + words[0][1], match.end()
