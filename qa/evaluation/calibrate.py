"""Fits the weights by which answers are chosen, and of their confidence, to judged questions: those for what a reader finds,
where there is one, else those of the rules.

From SQuAD files in Spanish and English (the way the shipped weights were made) the pool is a bilingual collection: every
second paragraph in one language, the others in the other, and the other way round, so that a question meets its
answer in its own language or in the other, never in both. Only the even-indexed articles are fitted to, so that the odd
ones can judge. From one's own judged questions the pool is one's own documents, and the weights stay near those there
are: some dozens of questions correct them, they do not make new ones.

Sentence weights: a softmax among the sentences of one question, those that hold the answer being right. Weights of the
confidence: logistic regression of whether what is quoted holds the answer, over questions asked of documents with the
answer and of documents without.
"""

from __future__ import annotations

import math
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.document import CorpusError, Lang, MissingExtraError
from corpus.split import Splitting
from index.encoder import Encoder
from index.local.build import index_documents
from index.reader import Reader
from index.searchable import OpenIndex
from qa.calibration import Calibration, Fitted, Weights, logistic
from qa.engine import Engine, Query, SearchOptions
from qa.evaluation.compare import auroc
from qa.evaluation.dataset import (
    LANGS,
    Judged,
    Judgement,
    OwnQuestions,
    Squad,
    SquadQuestion,
    covers,
    locate,
    read_dataset,
)
from qa.select import Selector, Unit
from qa.select.reader import CONFIDENCE_FEATURES, UNIT_FEATURES, ByReader
from qa.select.rules import SENTENCE_FEATURES, SUPPORT_FEATURES, Rules

Log = Callable[[str], None]
Values = npt.NDArray[np.float64]

LEAST_QUESTIONS = 20
"""Of one's own: fewer say more about themselves than about the documents."""

# More of a feature is never a reason against a sentence or an answer, but for these.
_FREE = frozenset({"long", "across", "size", "missing", "unknown", "strange"})
# Which a pool with its articles left out cannot teach, since the index still knows their names, and what is too rare.
_BY_HAND = frozenset({"unknown", "strange", "titled", "defines", "lacking"})
DECLINED = 0.07
"""Of the answerable questions so many may be declined: the rest of what the support does not reach is unanswerable."""


@dataclass(frozen=True, slots=True)
class Example:
    """One question asked of one pool: the ``units`` judged float64[n, features] and which of them are ``right``; the
    features float64[m] of the ``confidence``, float64[k] of the ``support`` where a selector asks for that apart, and whether
    what was chosen ``holds`` the answer. ``half``: 0 or 1, all examples of one question, and of one article, in the
    same; ``answerable``: the pool has the answer."""

    half: int
    answerable: bool
    units: Values
    right: npt.NDArray[np.bool_]
    confidence: Values
    support: Values
    holds: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """How weights do on questions that they were not fitted to: share of answerable ones whose first sentence is right, mean
    log loss of the confidence, and how well it tells answers that hold from those that do not (AUROC); before and
    after."""

    n_questions: int
    first_right: tuple[float, float]
    log_loss: tuple[float, float]
    auroc: tuple[float, float]


def calibrate(
    path: Path,
    encoder: Encoder,
    base: Calibration,
    *,
    reader: Reader | None = None,
    today: str,
    data: Path | None = None,
    every: int = 1,
    log: Log = lambda _: None,
) -> tuple[Calibration, Fit]:
    """``base`` with the weights of units and confidence fitted to the questions at ``path``, and what that changes.

    One's own questions are asked of the active build of the ``data`` directory. ``every``: take each n-th question of a
    SQuAD file. ``today`` is the day that stands in the file, ISO 8601.

    :raises CorpusError: for a data set that cannot be used for it.
    :raises StoreError: when one's own questions are asked and there is no build to ask.
    :raises MissingExtraError: when scipy is not installed.
    """
    judging = _Judging.of(base, reader)
    dataset = read_dataset(path)
    if isinstance(dataset, Squad):
        if not dataset.parallel or set(dataset.documents) != set(LANGS):
            raise CorpusError(
                f"{path} has {', '.join(dataset.documents)}; expected the same questions in Spanish and English, such as XQuAD"
            )
        examples = list(_of_squad(dataset, encoder, base, judging, every, log))
        on, near = f"{dataset.name}, even-indexed articles, all four directions", 0.0
    elif isinstance(dataset, OwnQuestions):
        examples = _of_own(dataset, encoder, base, judging, data or Path("data"), log)
        on, near = f"{dataset.name}, {len(dataset.questions)} questions", 1.0
    else:
        raise CorpusError(
            f"{path} says which documents answer, not which words; expected SQuAD files in Spanish and English, or a "
            "file (.jsonl) of your own questions"
        )
    log(f"{len(examples)} examples; fitting")
    halves = [[e for e in examples if e.half == half] for half in (0, 1)]
    if isinstance(dataset, Squad):
        made = _fitted(base, judging, halves[0], near, on, today)
        return made, _fit(halves[1], judging, base, made)
    # There are too few to keep some apart: each half is judged by the weights of the other
    fits = [
        _fit(theirs, judging, base, _fitted(base, judging, ours, near, on, today))
        for ours, theirs in (halves, halves[::-1])
    ]
    return _fitted(base, judging, examples, near, on, today), _mean(fits, len(examples))


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Weights by the names of features: of units, of the confidence with its bias, and of the support with that, where it is
    asked for apart; what has less of it than ``supported`` has no answer."""

    units: Weights
    confidence: Weights
    bias: float
    support: Weights
    support_bias: float
    supported: float


@dataclass(frozen=True, slots=True)
class _Judging:
    """What judges the answers, and the names of the features that it weighs."""

    selector: Selector
    units: tuple[str, ...]
    confidence: tuple[str, ...]

    @classmethod
    def of(cls, base: Calibration, reader: Reader | None) -> _Judging:
        """By the reader, where there is one with weights to begin from, else by the rules."""
        if reader is None or base.readings is None:
            return cls(Rules(base), SENTENCE_FEATURES, SUPPORT_FEATURES)
        selector = ByReader(reader, base.readings, Rules(base))
        return cls(selector, UNIT_FEATURES, CONFIDENCE_FEATURES)

    def weighed(self, calibration: Calibration) -> _Weighed:
        """The weights of a calibration that this goes by."""
        readings = calibration.readings
        if isinstance(self.selector, ByReader) and readings is not None:
            return _Weighed(
                readings.units,
                readings.confidence,
                readings.bias,
                readings.support,
                readings.support_bias,
                readings.supported,
            )
        bias = float(np.mean(list(calibration.confidence.bias.values())))
        return _Weighed(
            calibration.units.weights, calibration.confidence.weights, bias, {}, 0.0, 0.0
        )

    def with_weights(self, base: Calibration, made: _Weighed, fitted: Fitted) -> Calibration:
        """The calibration with other weights in their place."""
        if isinstance(self.selector, ByReader) and base.readings is not None:
            readings = replace(
                base.readings,
                fitted=fitted,
                units=made.units,
                support=made.support,
                support_bias=made.support_bias,
                confidence=made.confidence,
                bias=made.bias,
            )
            return replace(base, readings=readings)
        biases = dict.fromkeys(base.confidence.bias, made.bias)
        return replace(
            base,
            units=replace(base.units, fitted=fitted, weights=made.units),
            confidence=replace(
                base.confidence, fitted=fitted, weights=made.confidence, bias=biases
            ),
        )


# --------------------------------------------------------------------------- asking


def _example(
    engine: Engine,
    question: Judged,
    pool: tuple[str, ...],
    right: Callable[[Unit], bool],
    *,
    half: int,
    answerable: bool,
) -> Example:
    answer = engine.ask(
        Query(question.text, question.lang),
        SearchOptions(limit=5, document_ids=pool, explain=True),
    )
    assert answer.trace is not None
    assert answer.trace.answer is not None
    selection = answer.trace.answer.selection
    # What only goes with another has no features of its own
    units = [unit for unit in selection.units if unit.features]
    why = selection.why
    n_features = len(why.unit_features)
    return Example(
        half,
        answerable,
        np.array([unit.features for unit in units]).reshape(-1, n_features),
        np.array([right(unit) for unit in units], dtype=bool),
        np.array([one.value for one in why.right or why.confidence]),
        np.array([one.value for one in why.support]),
        answerable and any(right(unit) for unit in selection.chosen),
    )


def _of_squad(
    dataset: Squad, encoder: Encoder, base: Calibration, judging: _Judging, every: int, log: Log
) -> Iterator[Example]:
    """Each question in the whole pool, without its article, in its article alone, and in another one alone."""
    whole = Splitting(max_tokens=encoder.card.max_tokens - 8)
    article_of = {q.doc_id: q.article for q in dataset.questions["es"]}
    with tempfile.TemporaryDirectory(prefix="fuente-calibrate-") as scratch:
        for first in (0, 1):
            documents = [
                dataset.documents[LANGS[(first + i) % 2]][i]
                for i in range(len(dataset.documents["es"]))
            ]
            lang_of: dict[str, Lang] = {d.doc_id: d.lang for d in documents}
            folder = Path(scratch) / str(first)
            folder.mkdir()
            index = index_documents(documents, encoder, folder, whole)
            engine = Engine(
                OpenIndex(index),
                encoder,
                calibration=base,
                selector=judging.selector,
                max_question_chars=100_000,
            )
            for asked in LANGS:
                log(f"asking pool {first + 1} of 2 in {asked}")
                for question in dataset.questions[asked][::every]:
                    gold = dataset.answers[lang_of[question.doc_id]].get(question.query_id, ())
                    judged = Judged(question.query_id, question.text, asked)
                    right = partial(_holds_gold, question.doc_id, gold)
                    for answerable, pool in _pools(question, article_of):
                        yield _example(
                            engine,
                            judged,
                            pool,
                            right,
                            half=question.article % 2,
                            answerable=answerable,
                        )
            engine.close()


def _pools(
    question: SquadQuestion, article_of: Mapping[str, int]
) -> list[tuple[bool, tuple[str, ...]]]:
    """What a question is asked of, and whether that has its answer."""
    n_pairs = max(1, (1 + max(article_of.values())) // 2)
    # Another article of the same parity, so that odd ones play no part in the fit
    step = 1 + zlib.crc32(question.query_id.encode()) % max(1, n_pairs - 1)
    stranger = (question.article + 2 * step) % (2 * n_pairs)
    own = tuple(d for d, article in article_of.items() if article == question.article)
    others = tuple(d for d, article in article_of.items() if article != question.article)
    small = tuple(d for d, article in article_of.items() if article == stranger)
    pools = [(True, ()), (False, others), (True, own)]
    if stranger != question.article:
        pools.append((False, small))
    # Where nothing is left to ask, no filter at all would mean every document
    return [(answerable, pool) for n, (answerable, pool) in enumerate(pools) if pool or not n]


def _holds_gold(doc_id: str, gold: Sequence[str], unit: Unit) -> bool:
    return unit.quote.passage.doc_id == doc_id and any(g in unit.quote.text for g in gold)


def _covers_judged(judgements: Sequence[Judgement], unit: Unit) -> bool:
    quote = unit.quote
    here = replace(quote.passage, start=quote.start, end=quote.end, text=quote.text)
    return any(covers(here, judgement) for judgement in judgements)


def _of_own(
    dataset: OwnQuestions,
    encoder: Encoder,
    base: Calibration,
    judging: _Judging,
    data: Path,
    log: Log,
) -> list[Example]:
    """Each question in all documents, and again without those that answer it."""
    engine = Engine(
        data, encoder, calibration=base, selector=judging.selector, max_question_chars=100_000
    )
    index = engine.serving()
    located, skipped = locate(dataset, index)
    for line in skipped:
        log(line)
    questions = [q for q in located if q.unanswerable or any(j.grade for j in q.judgements)]
    if len(questions) < LEAST_QUESTIONS:
        raise CorpusError(
            f"{dataset.name} has {len(questions)} questions that say where the answer stands or that there is none; "
            f"expected at least {LEAST_QUESTIONS}: write more, or take what readers judged (fuente evaluate --from-feedback)"
        )
    every = [d.doc_id for d in index.documents()]
    examples = []
    for number, question in enumerate(questions):
        half = number % 2
        good = [j for j in question.judgements if j.grade]
        right = partial(_covers_judged, good)
        answerable = not question.unanswerable
        examples.append(_example(engine, question, (), right, half=half, answerable=answerable))
        others = tuple(d for d in every if d not in {j.doc_id for j in good})
        if answerable and others:
            examples.append(_example(engine, question, others, right, half=half, answerable=False))
    engine.close()
    return examples


# --------------------------------------------------------------------------- fitting


def _fitted(
    base: Calibration,
    judging: _Judging,
    examples: Sequence[Example],
    near: float,
    on: str,
    today: str,
) -> Calibration:
    """``near``: how much it costs to leave the weights there are; 0 begins anew."""
    how = "fuente calibrate" + (", near the weights before" if near else "")
    before = judging.weighed(base)
    units = _fit_units(examples, judging.units, before.units, near)
    made = replace(before, units=units)
    if before.support:
        made = _fit_support(examples, made, near)
        examples = [e for e in examples if _supported(e, made)]
    bias, confidence = _logistic(
        np.array([e.confidence for e in examples]),
        np.array([e.holds for e in examples], dtype=float),
        (before.bias, {name: before.confidence[name] for name in judging.confidence}),
        near,
    )
    return judging.with_weights(
        base, replace(made, bias=bias, confidence=confidence), Fitted(on, today, how)
    )


def _fit_units(
    examples: Sequence[Example], names: Sequence[str], base: Weights, near: float
) -> dict[str, float]:
    """Weights of a softmax over each question's units."""
    groups = [(e.units, e.right) for e in examples if e.answerable and e.right.any()]
    start = np.array([base[name] for name in names])
    fitted = np.array([float(name not in _BY_HAND) for name in names])
    centre, cost = (start, near) if near else (start * (1 - fitted), 0.05)

    def loss(w: Values) -> tuple[float, Values]:
        away = w - centre
        total, gradient = cost * float(away @ away), 2 * cost * away
        for rows, right in groups:
            z = rows @ w
            p = np.exp(z - z.max())
            p /= p.sum()
            inside = p * right
            mass = inside.sum()
            total -= float(np.log(mass))
            gradient = gradient - rows.T @ (inside / mass - p)
        return total, gradient * fitted

    free = [name in _FREE or name in _BY_HAND for name in names]
    found = _minimum(loss, start, free)
    return {n: round(float(w), 2) for n, w in zip(names, found, strict=True)}


def _fit_support(examples: Sequence[Example], before: _Weighed, near: float) -> _Weighed:
    """Weights of whether the documents answer at all, with the bias that declines ``DECLINED`` of the answerable questions."""
    rows = np.array([e.support for e in examples])
    labels = np.array([e.answerable for e in examples], dtype=float)
    _, support = _logistic(rows, labels, (before.support_bias, before.support), near)
    answerable = (rows @ np.array(list(support.values())))[labels == 1]
    if not len(answerable):
        return before
    least = before.supported
    odds = math.log(least / (1 - least)) if 0 < least < 1 else 0.0
    bias = round(odds - float(np.quantile(answerable, DECLINED)), 2)
    return replace(before, support=support, support_bias=bias)


def _supported(example: Example, weighed: _Weighed) -> bool:
    z = weighed.support_bias + float(example.support @ np.array(list(weighed.support.values())))
    return logistic(z) >= weighed.supported


def _logistic(
    every: Values, labels: Values, before: tuple[float, Weights], near: float
) -> tuple[float, dict[str, float]]:
    """Bias and weights of a logistic regression of ``labels`` float64[n] on the features ``every`` float64[n, m], in the order
    of the weights before."""
    features = list(before[1])
    names = [name for name in features if name not in _BY_HAND]
    held = [features.index(name) for name in names]
    by_hand = [features.index(name) for name in features if name in _BY_HAND]
    weights = np.array([before[1][name] for name in features])
    offset = every[:, by_hand] @ weights[by_hand]
    rows = np.column_stack([np.ones(len(every)), every[:, held]])
    start = np.array([before[0], *weights[held]])
    centre, cost = (start, near) if near else (np.zeros(len(start)), 0.01)
    # Begun anew, only the weights are held small
    held_back = np.ones(len(start))
    held_back[0] = 1.0 if near else 0.0

    def loss(w: Values) -> tuple[float, Values]:
        z, away = rows @ w + offset, (w - centre) * held_back
        value = float(np.sum(np.logaddexp(0, z) - labels * z)) + cost * float(away @ away)
        return value, rows.T @ (1 / (1 + np.exp(-z)) - labels) + 2 * cost * away

    found = _minimum(loss, start, [True, *(name in _FREE for name in names)])
    fitted = {n: round(float(w), 2) for n, w in zip(names, found[1:], strict=True)}
    fitted = {n: fitted.get(n, before[1][n]) for n in features}
    return round(float(found[0]), 2), fitted


def _minimum(
    loss: Callable[[Values], tuple[float, Values]], start: Values, free: Sequence[bool]
) -> Values:
    """Where the loss is least; what is not ``free`` stays at 0 or above.

    :raises MissingExtraError: when scipy is not installed.
    """
    try:
        from scipy.optimize import minimize
    except ImportError as error:
        raise MissingExtraError("weights cannot be fitted", error, "train") from error
    bounds = [(None, None) if one else (0.0, None) for one in free]
    found: Values = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found


# --------------------------------------------------------------------------- judging


def _fit(
    examples: Sequence[Example], judging: _Judging, before: Calibration, after: Calibration
) -> Fit:
    asked = [e for e in examples if e.answerable and len(e.units)]
    labels = np.array([e.holds for e in examples])
    rights, losses, areas = [], [], []
    for one in map(judging.weighed, (before, after)):
        units = np.array([one.units[name] for name in judging.units])
        rights.append(float(np.mean([e.right[np.argmax(e.units @ units)] for e in asked] or [0.0])))
        weights = np.array([one.confidence[name] for name in judging.confidence])
        z = np.array([e.confidence for e in examples]) @ weights + one.bias
        losses.append(float(np.mean(np.logaddexp(0, z) - labels * z)))
        both = labels.any() and not labels.all()
        areas.append(float(auroc(z[labels], z[~labels])) if both else float("nan"))
    return Fit(len(examples), (rights[0], rights[1]), (losses[0], losses[1]), (areas[0], areas[1]))


def _mean(fits: Sequence[Fit], n_questions: int) -> Fit:
    def both(name: str) -> tuple[float, float]:
        pairs = [getattr(fit, name) for fit in fits]
        return float(np.mean([p[0] for p in pairs])), float(np.mean([p[1] for p in pairs]))

    return Fit(n_questions, both("first_right"), both("log_loss"), both("auroc"))
