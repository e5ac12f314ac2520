"""An answer in the words of the source, or the admission that the source has none.

Every sentence of the best passages gets a score from a handful of features: how the question's tokens meet the
tokens of that sentence (late interaction over vectors made in the passage's context), which of the question's words
it holds, what its passage scored, and whether it has something new of the kind that is asked for: a date for
"cuándo", a number for "how many", a name for "who".
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from corpus import language
from corpus.document import Lang, Passage
from index.local.store import Index
from qa.cite import Quote
from qa.highlight import Kind, has_new, kind_asked
from qa.retrieve import QueryWord, Retrieved

# Sentence score and confidence: linear in these features, fitted on the even-indexed articles of XQuAD, all four
# directions together, by tests/bench/fit.py, and rounded. By hand: "unknown", which a pool with its articles left out cannot
# teach, since the index still knows their names.
SENTENCE_FEATURES = ("late", "rare", "near", "cosine", "passage", "typed", "long", "across")
W_SENTENCE = (0.0, 5.9, 1.1, 5.0, 3.9, 2.0, -0.2, 0.5)
SUPPORT_FEATURES = ("fused", "late", "cosine", "across", "size", "named", "missing", "unknown")
W_SUPPORT = (2.13, 3.97, 3.56, 0.42, -0.48, 1.41, -3.68, -8.0)
# By language of the question; fitted apart they come out within 0.2, and predict no better.
BIAS: Mapping[Lang, float] = {"es": -8.8, "en": -8.8, "und": -8.8}
# The least confidence of an answer, in a large collection and per power of ten of passages in a small one: the more there
# are, the likelier one of them looks right by chance. Chosen on the even-indexed articles of XQuAD: at 0.1, 240 passages decline 76
# to 88 % of the questions without an answer, five passages 97 % and more.
THRESHOLD = 0.1
THRESHOLD_PER_TENFOLD = 0.05

N_PASSAGES = 5
# A second sentence is added when its score is at most this much below the first's.
SECOND_WITHIN = 2.0
TYPED_WITHIN = 3.5
# One for each thing that a question names side by side ("X e Y"), when it is at most this much below the first.
PART_WITHIN = 5.0
MAX_QUOTES = 3
_MIN_QUOTE_CHARS = 12
# Taken off the score of what is no sentence.
_FRAGMENT = 2.0
_NAMING = re.compile(rf"\b(?:{'|'.join(pack.naming for pack in language.PACKS.values())})\b")
# Words that give a name, and a name in quotation marks.
_NAMED = re.compile(
    rf"\b(?:{'|'.join(pack.named for pack in language.PACKS.values())})\b|[“«\"][^”»\"]{{2,60}}[”»\"]",
    re.IGNORECASE,
)
# How much more a sentence with one of them counts where a name is asked for.
_NAMED_COUNTS = 1.5
_CLOSED = re.compile(r"[.!?…;:][\"'»”’)\]]*$|\d")
_MAX_QUOTE_CHARS = 700


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of the passage of that row; ``features`` in the order of SENTENCE_FEATURES.

    ``parts``: which of the things that the question names side by side it is about, by number (see :func:`parts_asked`).
    """

    quote: Quote
    row: int
    score: float
    features: tuple[float, ...]
    parts: frozenset[int] = frozenset()


WhyNot = Literal["same_words", "too_long", "score", "enough"]


@dataclass(frozen=True, slots=True)
class Support:
    """How well the documents support an answer: features in the order of SUPPORT_FEATURES, confidence and the
    ``threshold`` that an answer must reach, both 0..1."""

    features: tuple[float, ...]
    confidence: float
    threshold: float


_JOINING = frozenset().union(*(pack.joiners for pack in language.PACKS.values()))
# How many words from "y" or "and" a name may stand: "la guía de Lima y la guía de Cusco".
_PART_REACH = 4


def parts_asked(question: str, words: Sequence[QueryWord]) -> list[tuple[int, ...]]:
    """What a question names side by side, as numbers of its content words: "Lima" and "Cusco", "gatos" and "perros".

    On either side of an "y" or "and": the name next to it, or else the content word right beside it. Empty when there
    are not two.
    """
    tokens = language.words(question)
    number_at: dict[int, int] = {}
    at = 0
    for number, word in enumerate(words):
        at = question.index(word.text, at)
        number_at[at] = number
        at += len(word.text)
    numbers = [number_at.get(start) for _, start, _ in tokens]
    parts: list[tuple[int, ...]] = []
    for i, (token, _, _) in enumerate(tokens):
        if language.fold(token) not in _JOINING:
            continue
        left = numbers[max(0, i - _PART_REACH) : i][::-1]
        right = numbers[i + 1 : i + 1 + _PART_REACH]
        names = [_name_beside(side, words) for side in (left, right)]
        if not all(names):
            # "los gatos y los perros": an article may stand between
            names = [
                tuple(n for n in side[:reach] if n is not None)[:1]
                for side, reach in ((left, 1), (right, 2))
            ]
        if all(names) and names[0] != names[1]:
            parts += [part for part in (tuple(sorted(n)) for n in names) if part not in parts]
    return parts


def _name_beside(numbers: Sequence[int | None], words: Sequence[QueryWord]) -> tuple[int, ...]:
    """The first run of names among content words, given outwards from the "y"; empty when there is none."""
    run: list[int] = []
    for number in numbers:
        if number is not None and words[number].name:
            run.append(number)
        elif run:
            break
    return tuple(run)


def _holding(word: QueryWord, lang: Lang, held: frozenset[int]) -> float:
    """How surely a text with the terms of the keys ``held`` has a question word: 1 itself, less for a doubtful translation."""
    most = 0.0
    for key, p in word.keys[lang]:
        if key in held:
            if p >= 1:
                return 1.0
            most = max(most, min(1.0, 0.4 + p))
    return most


def names_held(
    words: Sequence[QueryWord], passages: Sequence[tuple[Lang, frozenset[int]]]
) -> tuple[float, float, float]:
    """How the names and numbers of a question fare, as shares of all its words by idf, each 0..1.

    Those that the best of the passages holds, those that none of them holds, and those that no passage of the whole
    index holds. A passage is given by its language and the keys of its terms (see :class:`index.local.sentences.TermIndex`).
    """
    named, missing, unknown = 0.0, 1.0, 1.0
    for lang, terms in passages:
        total = sum(w.idf[lang] for w in words)
        if not total:
            continue
        # By hand: a question has a few words, for which an array costs more than their sum
        held, lost, nowhere = 0.0, 0.0, 0.0
        for word in words:
            if word.name:
                weight, holding = word.idf[lang], _holding(word, lang, terms)
                held += weight * holding
                lost += weight * (1 - holding)
                nowhere += 0.0 if word.known else weight
        named = max(named, held / total)
        missing = min(missing, lost / total)
        unknown = min(unknown, nowhere / total)
    return named, missing, unknown


def _kind_wanted(question: str, name_wanted: bool) -> Kind | None:
    """The kind of thing that the sentence should have, None when most sentences would do."""
    kind = kind_asked(question)
    # Nearly every sentence has a name that the question lacks: it counts only where a name is what is asked for
    if kind == "name" and not name_wanted:
        return None
    return kind


def score_sentences(
    question: str, retrieved: Retrieved, passages: Sequence[Passage], index: Index
) -> list[ScoredSentence]:
    """Sentences of ``passages``, those of the first candidates, best first; ties in the order of passages and text."""
    words = retrieved.words
    name_wanted = bool(_NAMING.search(language.fold(question)))
    kind = _kind_wanted(question, name_wanted)
    asked = frozenset(language.fold(w) for w, _, _ in language.words(question))
    parts = parts_asked(question, words)
    quotes: list[Quote] = []
    rows: list[list[float]] = []
    about: list[frozenset[int]] = []
    row_of: list[int] = []
    holdings: list[list[float]] = []
    fragments: list[float] = []
    candidates = retrieved.candidates[: len(passages)]
    # Among a handful of passages their order says little about where the sentence is
    choice = min(1.0, math.log10(1 + retrieved.n_searched) / 2)
    best_fused = max((c.fused for c in candidates), default=0.0)
    for candidate, passage in zip(candidates, passages, strict=True):
        lang = passage.lang
        met = retrieved.interactions.get(candidate.row)
        heading, *told = index.terms.of(candidate.row)
        if met:
            spans, cosines, lates = met.spans, met.sentence_dense, met.sentence_late
        else:
            # beyond those looked at closely: the ones before it were duplicates
            [(spans, cosines)] = index.sentences.cosines([candidate.row], retrieved.vector)
            lates = np.zeros(len(spans), dtype=np.float32)
        late_before = 0.0
        for (start, end), cosine, late, held in zip(
            spans.tolist(), cosines.tolist(), lates.tolist(), told, strict=True
        ):
            text = passage.text[start:end]
            typed = float(kind is not None and has_new(kind, text, asked))
            if typed and name_wanted and _NAMED.search(text):
                typed = _NAMED_COUNTS
            quotes.append(Quote(passage, passage.start + start, passage.start + end, 0.0))
            rows.append(
                [
                    late,
                    0.0,
                    late_before,
                    cosine,
                    (candidate.fused - best_fused) * choice,
                    typed,
                    math.log(max(end - start, 1)) - 4.6,
                    float(candidate.across),
                ]
            )
            holdings.append([_holding(w, lang, held) for w in words])
            fragments.append(_FRAGMENT if _is_fragment(text) else 0.0)
            row_of.append(candidate.row)
            about.append(
                frozenset(
                    n
                    for n, part in enumerate(parts)
                    if all(_holding(words[i], lang, held | heading) >= 0.5 for i in part)
                )
            )
            late_before = late
    if not rows:
        return []
    features = np.array(rows)
    if len(words):
        # Words that many of these sentences hold say what they are about, rare ones say which of them answers
        matrix = np.array(holdings)
        n, df = len(matrix), matrix.sum(axis=0)
        local = np.log(1 + (n - df + 0.5) / (df + 0.5))
        features[:, SENTENCE_FEATURES.index("rare")] = (
            matrix @ local / max(1e-9, float(local.sum()))
        )
    scores = features @ np.array(W_SENTENCE)
    scores -= fragments
    order = np.argsort(-scores, kind="stable")
    return [
        ScoredSentence(
            Quote(quotes[i].passage, quotes[i].start, quotes[i].end, float(scores[i])),
            row_of[i],
            float(scores[i]),
            tuple(features[i].tolist()),
            about[i],
        )
        for i in order.tolist()
    ]


def _is_fragment(text: str) -> bool:
    """Whether a text is no sentence that supports anything by itself: "Sí.", a title, a line of a table of contents."""
    return len(text) < _MIN_QUOTE_CHARS or not _CLOSED.search(text)


def choose(sentences: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    """The sentence that answers, and those that it needs beside it: at most MAX_QUOTES, the best first.

    One for each thing that the question names side by side and the first is not about. Where there are none, one more
    that is almost as good and says something else; when the first lacks the kind of thing that is asked for, a
    sentence that has it needs to be less good.
    """
    if not sentences:
        return []
    first = sentences[0]
    chosen = [first]
    if first.parts:
        for other in sentences[1:]:
            if other.score < first.score - PART_WITHIN or len(chosen) == MAX_QUOTES:
                break
            covered = frozenset().union(*(s.parts for s in chosen))
            # Sentences about two things may well say the same of both
            if other.parts - covered and why_not(other, chosen) != "too_long":
                chosen.append(other)
    if len(chosen) > 1:
        return chosen
    typed = SENTENCE_FEATURES.index("typed")
    for within, only_typed in ((TYPED_WITHIN, True), (SECOND_WITHIN, False)):
        if only_typed and first.features[typed]:
            continue
        for other in sentences[1:]:
            if other.score < first.score - within:
                break
            if only_typed and not other.features[typed]:
                continue
            if why_not(other, chosen) not in ("same_words", "too_long"):
                return [first, other]
    return chosen


def why_not(sentence: ScoredSentence, chosen: Sequence[ScoredSentence]) -> WhyNot:
    """Why a sentence is not quoted beside those that are.

    ``too_long``: the quotes together would become a page; ``same_words``: one of them says it already; ``score``: it is
    too far below the first; ``enough``: those suffice.
    """
    if sum(len(s.quote.text) for s in (*chosen, sentence)) > _MAX_QUOTE_CHARS:
        return "too_long"
    if any(_same_words(sentence.quote.text, other.quote.text) for other in chosen):
        return "same_words"
    return "score" if sentence.score < chosen[0].score - SECOND_WITHIN else "enough"


def _same_words(a: str, b: str) -> bool:
    left, right = set(language.fold(a).split()), set(language.fold(b).split())
    fewer = min(left, right, key=len)
    common = left & right
    # Two that differ in a number are two: "La sala 3 abre a las 9" and "La sala 4 abre a las 9"
    numbers = any(word[0].isdigit() for word in fewer - common)
    return len(common) >= 0.8 * len(fewer) and not numbers


def support(
    retrieved: Retrieved,
    passages: Sequence[Passage],
    sentences: Sequence[ScoredSentence],
    lang: Lang,
    index: Index,
) -> Support:
    """Confidence that the best passages of ``index``, and their sentences, answer the question, which is in ``lang``."""
    if not passages or not sentences:
        return Support((0.0,) * len(SUPPORT_FEATURES), 0.0, THRESHOLD)
    best = max(retrieved.candidates[:3], key=lambda c: c.fused)
    late = max(s.features[SENTENCE_FEATURES.index("late")] for s in sentences[:3])
    cosine = max(s.features[SENTENCE_FEATURES.index("cosine")] for s in sentences[:3])
    # The best of many is good by chance
    size = math.log10(1 + retrieved.n_searched)
    held = [
        (passage.lang, frozenset().union(*index.terms.of(candidate.row)))
        for candidate, passage in zip(retrieved.candidates[:3], passages[:3], strict=False)
    ]
    names = names_held(retrieved.words, held)
    features = (best.fused, late, cosine, float(best.across), size, *names)
    z = BIAS[lang] + float(np.dot(W_SUPPORT, features))
    threshold = min(THRESHOLD, THRESHOLD_PER_TENFOLD * size)
    return Support(features, 1.0 / (1.0 + math.exp(-z)), threshold)


# --------------------------------------------------------------------------- the words around the quote


def compose(quotes: Sequence[tuple[Quote, str, int | None]], lang: Lang) -> tuple[str, list[int]]:
    """The answer's text around verified quotes ``(quote, title, page)``, and where each quote starts in it."""
    spanish = lang != "en"
    parts: list[str] = []
    places: list[int] = []
    length = 0
    before = ""
    for number, (quote, title, page) in enumerate(quotes, 1):
        where = title if page is None else f"{title}, p. {page}"
        if number == 1:
            lead = f"Según «{where}»: «" if spanish else f"According to “{where}”: “"
        elif where == before:
            lead = "\nY también: «" if spanish else "\nAnd also: “"
        else:
            lead = f"\nTambién, en «{where}»: «" if spanish else f"\nAlso, in “{where}”: “"
        before = where
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
