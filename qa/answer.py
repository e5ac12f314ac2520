"""An answer in the words of the source, or the admission that the source has none.

Every sentence of the best passages is scored by how the question's tokens meet the tokens of that sentence
(late interaction over vectors made in the passage's context), by the question's words it holds, by its passage's
score, and by whether it has what the question asks for: a date for "cuándo", a number for "how many", a name for "who".
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from corpus import language
from corpus.document import Lang, Passage
from index.lexical import LexicalIndex
from qa.cite import Quote
from qa.rerank import Interaction, QueryTokens
from qa.retrieve import Candidate, QueryWord

Expected = Literal["person", "date", "number", "place", "reason", "length"]

# Sentence score: late interaction with the sentence, question words held, passage score, answer type.
W_LATE = 1.0
W_WORDS = 0.5
W_PASSAGE = 0.6
W_TYPE = 0.12

N_PASSAGES = 5
# A second sentence is added when it is almost as good as the first.
SECOND_AT_LEAST = 0.9
_MIN_QUOTE_CHARS = 12
_MAX_QUOTE_CHARS = 600

# Confidence: logistic over what the best passage and sentence show, fitted by `fuente evaluate --calibrate`.
# Order: late interaction of the best passage, words of the question it holds, dense cosine, margin.
BIAS = -7.0
W_CONFIDENCE = (6.0, 3.5, 3.0)
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a passage: ``[start, end)`` in the document; parts of ``score`` for the explanation."""

    quote: Quote
    score: float
    late: float
    words: float
    typed: bool


@dataclass(frozen=True, slots=True)
class Support:
    """How well the documents support an answer: features in 0..1 and the confidence they give."""

    late: float
    words: float
    dense: float
    confidence: float


_QUESTION_WORDS: tuple[tuple[Expected, str], ...] = (
    (
        "date",
        r"cuando|en que (?:ano|año|fecha|mes|dia|siglo)|que (?:dia|fecha)|when|(?:what|which) (?:year|date|day|month|century)",
    ),
    ("length", r"cuanto (?:tiempo|duro|tardo)|cuantos (?:dias|meses|años|anos)|how long"),
    (
        "number",
        r"cuant[oa]s?|how (?:many|much|high|tall|far|old|big|large|deep)|que (?:altura|altitud|edad|porcentaje)|a que altura",
    ),
    ("person", r"quien(?:es)?|who|whom|whose"),
    (
        "place",
        r"(?:a|de|en)? ?donde|where|en que (?:lugar|ciudad|pais|distrito|region)|(?:what|which) (?:city|country|district|place|region)",
    ),
    ("reason", r"por ?que|why|para que"),
)
_EXPECTED = [(kind, re.compile(rf"(?:^|\b)(?:{pattern})\b")) for kind, pattern in _QUESTION_WORDS]

_NUMBER_WORD = (
    r"un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|veint\w+|treinta|cuarenta|"
    r"cincuenta|sesenta|setenta|ochenta|noventa|cien(?:to)?|\w+cientos|mil|mill[oó]n(?:es)?|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million"
)
_MONTHS = (
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|"
    r"january|february|march|april|may|june|july|august|september|october|november|december"
)
_HAS: dict[Expected, re.Pattern[str]] = {
    "date": re.compile(
        rf"\b1\d{{3}}\b|\b20\d\d\b|\b\d{{1,2}}(?: de)? (?:{_MONTHS})|(?:{_MONTHS})|\bsiglo\b|\bcentury\b|\b[ab]\. ?c\.",
        re.I,
    ),
    "length": re.compile(
        rf"(?:\d|\b(?:{_NUMBER_WORD}))[\w ]* (?:días?|semanas?|meses|mes|años?|horas?|minutos?|days?|weeks?|months?|years?|hours?|minutes?)\b",
        re.I,
    ),
    "number": re.compile(rf"\d|\b(?:{_NUMBER_WORD})\b", re.I),
    "person": re.compile(
        r"[^\W\d_a-zà-ÿ][a-zà-ÿ]+ (?:(?:de|del|la|los|y|van|von) )*[^\W\d_a-zà-ÿ][a-zà-ÿ]+"
    ),
    "place": re.compile(
        r"\b(?:en|in|at|near|cerca de|desde|from|hacia) (?:el |la |los |las |the )?[^\W\d_a-zà-ÿ][a-zà-ÿ]+"
    ),
    "reason": re.compile(
        r"\b(?:porque|debido|a causa|para|por|ya que|puesto que|con el fin|because|due to|in order|so that|to|since|as|homage|homenaje)\b",
        re.I,
    ),
}


def expected_kind(question: str) -> Expected | None:
    """What kind of thing a question asks for, None when its words do not say."""
    folded = language.fold(question).replace("¿", " ")
    for kind, pattern in _EXPECTED:
        if pattern.search(folded):
            return kind
    return None


def words_held(words: Sequence[QueryWord], text: str, lang: Lang, lexical: LexicalIndex) -> float:
    """Share of the question's content words, by idf, that a text holds, itself or in translation; 0..1."""
    held = set(language.terms(text, lang))
    total = found = 0.0
    for word in words:
        options = word.terms[lang]
        if not options:
            continue
        idf = lexical.weight(lang, options).idf
        total += idf
        found += idf * max(
            (min(1.0, 0.4 + p) if p < 1 else 1.0 for term, p in options if term in held),
            default=0.0,
        )
    return found / total if total else 0.0


def score_sentences(
    question: str,
    candidates: Sequence[Candidate],
    passages: Sequence[Passage],
    interactions: dict[int, Interaction],
    words: Sequence[QueryWord],
    tokens: QueryTokens | None,
    lexical: LexicalIndex,
) -> list[ScoredSentence]:
    """Sentences of the passages, best first; ties in the order of passages and text."""
    kind = expected_kind(question)
    found: list[ScoredSentence] = []
    for candidate, passage in zip(candidates, passages, strict=True):
        met = interactions.get(candidate.row)
        for start, end in language.sentences(passage.text):
            text = passage.text[start:end]
            late = 0.0
            if met is not None and tokens is not None and len(tokens.weights):
                inside = (met.starts >= start) & (met.starts < end)
                if inside.any():
                    best = met.cosines[:, inside].max(axis=1)
                    late = float(best @ tokens.weights / max(1e-6, float(tokens.weights.sum())))
            held = words_held(words, text, passage.lang, lexical)
            typed = kind is not None and _HAS[kind].search(text) is not None
            score = (
                W_LATE * late
                + W_WORDS * held
                + W_PASSAGE * candidate.score
                + (W_TYPE if typed else 0.0)
            )
            # A fragment ("Sí.", a table cell) supports nothing by itself
            if end - start < _MIN_QUOTE_CHARS:
                score -= 0.3
            quote = Quote(passage, passage.start + start, passage.start + end, score)
            found.append(ScoredSentence(quote, score, late, held, typed))
    found.sort(key=lambda s: -s.score)
    return found


def choose(sentences: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    """The sentence that answers, and the next one when it is almost as good and says something else."""
    if not sentences:
        return []
    first = sentences[0]
    chosen = [first]
    for other in sentences[1:]:
        if other.score < SECOND_AT_LEAST * first.score:
            break
        if _same_words(first.quote.text, other.quote.text):
            continue
        if len(other.quote.text) + len(first.quote.text) <= _MAX_QUOTE_CHARS:
            chosen.append(other)
        break
    return chosen


def _same_words(a: str, b: str) -> bool:
    left, right = set(language.fold(a).split()), set(language.fold(b).split())
    return len(left & right) >= 0.8 * min(len(left), len(right))


def support(candidates: Sequence[Candidate], words: float) -> Support:
    """Confidence that the best passages answer the question, 0..1; ``words`` is their share of its words."""
    if not candidates:
        return Support(0.0, words, 0.0, 0.0)
    late = max((c.late for c in candidates[:3] if c.late is not None), default=0.0)
    dense = max((c.dense for c in candidates[:3] if c.dense is not None), default=0.0)
    z = BIAS + float(np.dot(W_CONFIDENCE, (late, words, dense)))
    return Support(late, words, dense, 1.0 / (1.0 + math.exp(-z)))


# --------------------------------------------------------------------------- the words around the quote


def compose(quotes: Sequence[tuple[Quote, str, int | None]], lang: Lang) -> tuple[str, list[int]]:
    """The answer's text around verified quotes ``(quote, title, page)``, and where each quote starts in it."""
    spanish = lang != "en"
    parts: list[str] = []
    places: list[int] = []
    length = 0
    for number, (quote, title, page) in enumerate(quotes, 1):
        where = title if page is None else f"{title}, {'p.' if spanish else 'p.'} {page}"
        if number == 1:
            lead = f"Según «{where}»: «" if spanish else f"According to “{where}”: “"
        else:
            lead = f"\nTambién, en «{where}»: «" if spanish else f"\nAlso, in “{where}”: “"
        close = f"» [{number}]" if spanish else f"” [{number}]"
        places.append(length + len(lead))
        part = f"{lead}{quote.text}{close}"
        parts.append(part)
        length += len(part)
    return "".join(parts), places


def decline(lang: Lang) -> str:
    """What is said when the documents do not hold the answer."""
    if lang == "en":
        return "The documents do not hold an answer to this question."
    return "Los documentos no contienen una respuesta a esta pregunta."
