"""Which sentence answers, by rules: the selector that needs no model.

Every sentence of the best passages gets a score from a handful of features: how the question's tokens meet the
tokens of that sentence (late interaction over vectors made in the passage's context), which of the question's words
it holds, what its passage scored, and whether it has something new of the kind that is asked for: a date for
"cuándo", a number for "how many", a name for "who".
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from corpus import language
from corpus.document import Lang
from index.searchable import Interaction, QueryWord, Searchable
from qa.calibration import Calibration, Units, in_order, logistic
from qa.cite import Quote
from qa.duplicates import same_words
from qa.rank import Ranked, terms_held
from qa.retrieve import Retrieved
from qa.select import Feature, Reason, Selection, Span, Unit, Why
from qa.select.spans import Kind, Spans, has_new, kind_asked
from qa.understand import Question
from qa.words import folded_words, holding, names_held

SENTENCE_FEATURES = ("rare", "near", "cosine", "passage", "typed", "long", "across")
SUPPORT_FEATURES = ("fused", "late", "cosine", "across", "size", "named", "missing", "unknown")

N_PASSAGES = 5
N_TOLD = 8
"""Of so many of the best sentences it is said why they are not quoted."""

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
    """A sentence of a passage; ``features`` in the order of SENTENCE_FEATURES; ``late``: how the question's tokens meet its
    own; ``met``: how they meet its passage.

    ``parts``: which of the things that the question names side by side it is about, by number (see :func:`parts_asked`).
    """

    quote: Quote
    score: float
    features: tuple[float, ...]
    late: float
    met: Interaction | None
    parts: frozenset[int] = frozenset()

    def feature(self, name: str) -> float:
        """One of its features."""
        return self.features[SENTENCE_FEATURES.index(name)]


@dataclass(frozen=True, slots=True)
class Support:
    """How well the documents support an answer: features in the order of SUPPORT_FEATURES, confidence and the
    ``least`` that an answer must reach, both 0..1."""

    features: tuple[float, ...]
    confidence: float
    least: float


class Rules:
    """The selector that ships, with the weights of a calibration.

    :raises SettingsError: when the calibration does not weigh just these features.
    """

    name = "rules"
    n_passages = N_PASSAGES

    def __init__(self, calibration: Calibration):
        units, confidence = calibration.units, calibration.confidence
        self._units = units
        self._confidence = confidence
        self._weights = in_order(units.weights, SENTENCE_FEATURES, "units.weights")
        self._support = in_order(confidence.weights, SUPPORT_FEATURES, "confidence.weights")
        # A language that came after the weights has the bias of a text in none
        fitted = [
            lang
            for lang in language.LANGS
            if lang in ("es", "en", "und") or lang in confidence.bias
        ]
        in_order(confidence.bias, fitted, "confidence.bias")
        self._bias = {
            lang: confidence.bias.get(lang, confidence.bias["und"]) for lang in language.LANGS
        }
        self._spans = Spans(calibration.highlights)

    def select(
        self,
        question: Question,
        passages: Sequence[Ranked],
        retrieved: Retrieved,
        index: Searchable,
    ) -> Selection:
        """Sentences of the passages, best first; ties in the order of passages and text."""
        sentences = self.score(question.full, passages, retrieved, index)
        found = self.support(question.lang, passages, sentences, retrieved, index)
        chosen = choose(sentences, self._units)
        tokens = retrieved.asked.tokens
        units: list[Unit] = []
        for n, sentence in enumerate(sentences):
            span: Span | None = None
            reason: Reason | None = None
            if any(sentence is one for one in chosen):
                span = self._spans.find(question.full, sentence.quote, sentence.met, tokens)
            elif n < N_TOLD:
                reason = why_not(sentence, chosen, self._units.second)
            units.append(Unit(sentence.quote, sentence.score, sentence.features, span, reason))
        order = [next(i for i, s in enumerate(sentences) if s is one) for one in chosen]
        why = Why(
            tuple(map(Feature, SUPPORT_FEATURES, found.features, self._support)),
            self._bias[question.lang],
            dict(zip(SENTENCE_FEATURES, self._weights, strict=True)),
            kind_asked(question.full),
        )
        return Selection(
            tuple(units), tuple(units[i] for i in order), found.confidence, found.least, why
        )

    def score(
        self,
        question: str,
        passages: Sequence[Ranked],
        retrieved: Retrieved,
        index: Searchable,
    ) -> list[ScoredSentence]:
        """The sentences of the passages, best first; ties in the order of passages and text."""
        wanted = _Wanted.of(question, retrieved.asked.words)
        # Among a handful of passages their order says little about where the sentence is
        choice = min(1.0, math.log10(1 + retrieved.n_searched) / 2)
        best = max((p.candidate.fused for p in passages), default=0.0)
        drafts: list[_Draft] = []
        for passage in passages:
            worth = (passage.candidate.fused - best) * choice
            drafts += _drafts(passage, worth, wanted, retrieved, index)
        if not drafts:
            return []
        features = np.array([draft.features for draft in drafts])
        if len(wanted.words):
            features[:, SENTENCE_FEATURES.index("rare")] = _rareness([d.holdings for d in drafts])
        scores = features @ np.array(self._weights)
        scores -= [draft.penalty for draft in drafts]
        return [
            ScoredSentence(
                replace(drafts[i].quote, score=float(scores[i])),
                float(scores[i]),
                tuple(features[i].tolist()),
                drafts[i].late,
                drafts[i].met,
                drafts[i].parts,
            )
            for i in np.argsort(-scores, kind="stable").tolist()
        ]

    def support(
        self,
        lang: Lang,
        passages: Sequence[Ranked],
        sentences: Sequence[ScoredSentence],
        retrieved: Retrieved,
        index: Searchable,
    ) -> Support:
        """Confidence that the best passages, and their sentences, answer the question, which is in ``lang``."""
        if not passages or not sentences:
            return Support((0.0,) * len(SUPPORT_FEATURES), 0.0, self._confidence.least)
        best = max((p.candidate for p in passages[:3]), key=lambda c: c.fused)
        late = max(s.late for s in sentences[:3])
        cosine = max(s.feature("cosine") for s in sentences[:3])
        # The best of many is good by chance
        size = math.log10(1 + retrieved.n_searched)
        names = names_held(retrieved.asked.words, terms_held(passages[:3], index))
        features = (best.fused, late, cosine, float(best.across), size, *names)
        z = self._bias[lang] + float(np.dot(self._support, features))
        least = min(self._confidence.least, self._confidence.least_per_tenfold * size)
        return Support(features, logistic(z), least)


# --------------------------------------------------------------------------- what the question names


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


# --------------------------------------------------------------------------- one sentence


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for: content words, the kind of thing, whether a name, the question's own words folded, and the
    things it names side by side."""

    words: Sequence[QueryWord]
    kind: Kind | None
    name: bool
    said: frozenset[str]
    parts: list[tuple[int, ...]]

    @classmethod
    def of(cls, question: str, words: Sequence[QueryWord]) -> _Wanted:
        name = bool(_NAMING.search(language.fold(question)))
        said = frozenset(folded_words(question))
        return cls(words, _kind_wanted(question, name), name, said, parts_asked(question, words))

    def typed(self, text: str) -> float:
        """How much a text has of the kind of thing asked for: 0, 1, and more where it gives the name that is wanted."""
        if self.kind is None or not has_new(self.kind, text, self.said):
            return 0.0
        return _NAMED_COUNTS if self.name and _NAMED.search(text) else 1.0


def _kind_wanted(question: str, name_wanted: bool) -> Kind | None:
    """The kind of thing that the sentence should have, None when most sentences would do."""
    kind = kind_asked(question)
    # Nearly every sentence has a name that the question lacks: it counts only where a name is what is asked for
    if kind == "name" and not name_wanted:
        return None
    return kind


@dataclass(frozen=True, slots=True)
class _Draft:
    """A sentence before its score: ``holdings``, how surely it has each of the question's words; ``penalty``: what is taken
    off for being no sentence."""

    quote: Quote
    features: list[float]
    late: float
    holdings: list[float]
    penalty: float
    met: Interaction | None
    parts: frozenset[int]


def _drafts(
    ranked: Ranked, worth: float, wanted: _Wanted, retrieved: Retrieved, index: Searchable
) -> list[_Draft]:
    """The sentences of one passage, in text order; ``worth``: what the passage's own score counts for them."""
    passage, row = ranked.passage, ranked.candidate.row
    heading, *held_by = index.sentence_terms(row)
    met = ranked.met
    if met:
        lates = met.sentence_late
    else:
        # beyond those looked at closely: the ones before it were duplicates
        [met] = index.meet(retrieved.asked.tokens, retrieved.asked.vector, [row])
        lates = np.zeros(len(met.spans), dtype=np.float32)
    drafts = []
    late_before = 0.0
    for (start, end), cosine, late, held in zip(
        met.spans.tolist(), met.sentence_dense.tolist(), lates.tolist(), held_by, strict=True
    ):
        text = passage.text[start:end]
        features = [
            0.0,
            late_before,
            cosine,
            worth,
            wanted.typed(text),
            math.log(max(end - start, 1)) - 4.6,
            float(ranked.candidate.across),
        ]
        parts = frozenset(
            n
            for n, part in enumerate(wanted.parts)
            if all(holding(wanted.words[i], passage.lang, held | heading) >= 0.5 for i in part)
        )
        drafts.append(
            _Draft(
                Quote(passage, passage.start + start, passage.start + end, 0.0),
                features,
                late,
                [holding(w, passage.lang, held) for w in wanted.words],
                _FRAGMENT if _is_fragment(text) else 0.0,
                ranked.met,
                parts,
            )
        )
        late_before = late
    return drafts


def _rareness(holdings: Sequence[Sequence[float]]) -> npt.NDArray[np.float64]:
    """float64[n], the share of the question that each sentence holds, its words weighed by how few of these sentences do.

    Words that many of them hold say what they are about, rare ones say which of them answers.
    """
    matrix = np.array(holdings)
    n, df = len(matrix), matrix.sum(axis=0)
    local = np.log(1 + (n - df + 0.5) / (df + 0.5))
    shares: npt.NDArray[np.float64] = matrix @ local / max(1e-9, float(local.sum()))
    return shares


def _is_fragment(text: str) -> bool:
    """Whether a text is no sentence that supports anything by itself: "Sí.", a title, a line of a table of contents."""
    return len(text) < _MIN_QUOTE_CHARS or not _CLOSED.search(text)


# --------------------------------------------------------------------------- which of them


def choose(sentences: Sequence[ScoredSentence], within: Units) -> list[ScoredSentence]:
    """The sentence that answers, and those that it needs beside it: at most MAX_QUOTES, the best first.

    One for each thing that the question names side by side and the first is not about. Where there are none, one more
    that is almost as good and says something else; when the first lacks the kind of thing that is asked for, a
    sentence that has it needs to be less good.
    """
    if not sentences:
        return []
    first = sentences[0]
    chosen = [first, *_other_parts(sentences, within)]
    if len(chosen) > 1:
        return chosen
    for least, only_typed in ((within.typed, True), (within.second, False)):
        if only_typed and first.feature("typed"):
            continue
        for other in sentences[1:]:
            if other.score < first.score - least:
                break
            if only_typed and not other.feature("typed"):
                continue
            if why_not(other, chosen, within.second) not in ("same_words", "too_long"):
                return [first, other]
    return chosen


def _other_parts(sentences: Sequence[ScoredSentence], within: Units) -> list[ScoredSentence]:
    """Sentences about the things that the question names beside those that the first is about."""
    first = sentences[0]
    chosen = [first]
    for other in sentences[1:] if first.parts else ():
        if other.score < first.score - within.part or len(chosen) == MAX_QUOTES:
            break
        covered = frozenset().union(*(s.parts for s in chosen))
        # Sentences about two things may well say the same of both
        if other.parts - covered and why_not(other, chosen, within.second) != "too_long":
            chosen.append(other)
    return chosen[1:]


def why_not(sentence: ScoredSentence, chosen: Sequence[ScoredSentence], second: float) -> Reason:
    """Why a sentence is not quoted beside those that are; ``second``: how far below the first one may be."""
    if sum(len(s.quote.text) for s in (*chosen, sentence)) > _MAX_QUOTE_CHARS:
        return "too_long"
    if any(same_words(sentence.quote.text, other.quote.text) for other in chosen):
        return "same_words"
    return "score" if sentence.score < chosen[0].score - second else "enough"
