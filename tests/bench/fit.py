"""Fit the handful of parameters of qa/answer.py on the even-indexed articles of XQuAD.

``python tests/bench/fit.py FOLDER_WITH_XQUAD``. The pool is a bilingual collection: every second paragraph in
Spanish, the others in English, and the other way round, so that a question meets its answer in its own language or
in the other, never in both. Sentence weights: logistic regression among the sentences of one question (softmax), the
ones that hold a gold answer being right. Support weights: logistic regression of whether the quotes hold the answer, over
questions with their paragraphs, and with those of their article left out, in the whole pool and in a pool of one article's paragraphs
(the right one, or another). Prints the constants, and what they give on the even and on
the odd articles. The support weights come twice: with one bias for all, and with a bias for each language of the question;
the second is worth having when its loss on the left-out half of the even articles is the lower one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from corpus.split import Splitting
from index.encoder import load_encoder
from index.local.build import index_documents
from qa import answer as answering
from qa.engine import Engine, Query, SearchOptions
from qa.evaluation.compare import auroc
from qa.evaluation.dataset import LANGS, read_squad

DIRECTIONS = ("es-es", "en-en", "es-en", "en-es")


def collect(folder: Path, encoder_name: str, every: int) -> tuple[list, list]:
    """Per question: (article parity, direction, sentence features, which hold gold, passage first), and (article,
    direction, answerable, support features)."""
    dataset = read_squad(folder)
    encoder = load_encoder(encoder_name)
    sentences, supports = [], []
    with tempfile.TemporaryDirectory() as scratch:
        for first in (0, 1):
            documents = [
                dataset.documents[LANGS[(first + i) % 2]][i]
                for i in range(len(dataset.documents["es"]))
            ]
            lang_of = {d.doc_id: d.lang for d in documents}
            place = Path(scratch) / str(first)
            place.mkdir()
            whole = Splitting(max_tokens=encoder.card.max_tokens - 8)
            engine = Engine.of_index(index_documents(documents, encoder, place, whole), encoder)
            article_of = {q.doc_id: q.article for q in dataset.questions["es"]}
            for asked in LANGS:
                print(f"pool {first}, {asked}", file=sys.stderr)
                for question in dataset.questions[asked][::every]:
                    query = Query(question.text, asked)
                    told = lang_of[question.doc_id]
                    gold = dataset.answers[told].get(question.query_id, ())
                    direction = f"{asked}-{told}"
                    parity = question.article % 2
                    own = tuple(d for d in lang_of if article_of[d] == question.article)
                    # Another article of the same parity, so that odd ones play no part in the fit
                    stranger = (question.article + 2 * (1 + hash_of(question.query_id) % 20)) % 48
                    small = tuple(d for d in lang_of if article_of[d] == stranger)
                    others = tuple(d for d in lang_of if article_of[d] != question.article)
                    pools = ((True, ()), (False, others), (True, own), (False, small))
                    for n, (answerable, pool) in enumerate(pools):
                        options = SearchOptions(limit=5, document_ids=pool)
                        found = engine._search(query, options)
                        result, retrieved, *_ = found
                        scored, support = engine._support(result.question, *found[1:])
                        right = [
                            s.quote.passage.doc_id == question.doc_id
                            and any(g in s.quote.text for g in gold)
                            for s in scored
                        ]
                        chosen = answering.choose(scored)
                        holds = any(r for s, r in zip(scored, right, strict=True) if s in chosen)
                        supports.append(
                            (
                                question.article,
                                direction + ("" if n < 2 else " small"),
                                answerable,
                                support.features,
                                holds,
                            )
                        )
                        if n == 0 and scored:
                            rows = np.array([s.features for s in scored])
                            hit = result.hits[0].passage.doc_id == question.doc_id
                            sentences.append((parity, direction, rows, np.array(right), hit))
    return sentences, supports


def hash_of(text: str) -> int:
    """The same number for a text on every run."""
    return zlib.crc32(text.encode())


def fit_sentences(sentences: list) -> np.ndarray:
    """Weights of a softmax over each question's sentences, L2-regularised."""
    groups = [
        (rows, right) for parity, _, rows, right, _ in sentences if parity == 0 and right.any()
    ]

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        total, gradient = 0.05 * float(w @ w), 0.1 * w
        for rows, right in groups:
            z = rows @ w
            z = z - z.max()
            p = np.exp(z)
            p /= p.sum()
            inside = p * right
            mass = inside.sum()
            total -= np.log(mass)
            gradient = gradient - rows.T @ (inside / mass - p)
        return total, gradient

    # More of a feature is never a reason against a sentence, but for its length and language
    bounds = [
        (None, None) if name in ("long", "across") else (0.0, None)
        for name in answering.SENTENCE_FEATURES
    ]
    start = np.ones(len(bounds))
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x


ASKED = ("es", "en")


def support_rows(supports: list, per_language: bool) -> np.ndarray:
    """The bias columns, one or one for each language of the question, then the features."""
    return np.array(
        [
            [*(direction.startswith(f"{lang}-") for lang in ASKED), *features]
            if per_language
            else [1.0, *features]
            for _, direction, _, features, _ in supports
        ],
        dtype=float,
    )


def fit_support(supports: list, per_language: bool) -> np.ndarray:
    """Biases, then weights, of a logistic regression of whether the quotes of those examples hold the answer."""
    rows = support_rows(supports, per_language)
    labels = np.array([holds for *_, holds in supports], dtype=float)
    n = len(ASKED) if per_language else 1

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = rows @ w
        value = np.sum(np.logaddexp(0, z) - labels * z) + 0.01 * float(w[n:] @ w[n:])
        gradient = rows.T @ (1 / (1 + np.exp(-z)) - labels)
        gradient[n:] += 0.02 * w[n:]
        return value, gradient

    free = ("across", "size", "missing", "unknown")
    bounds = [(None, None)] * n
    bounds += [(None, None) if f in free else (0.0, None) for f in answering.SUPPORT_FEATURES]
    start = np.zeros(rows.shape[1])
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x


def left_out_loss(supports: list, per_language: bool) -> float:
    """Mean log loss of each half of the articles under the weights fitted on the other half."""
    halves = [[s for s in supports if s[0] // 2 % 2 == half] for half in (0, 1)]
    losses = []
    for ours, theirs in (halves, halves[::-1]):
        z = support_rows(theirs, per_language) @ fit_support(ours, per_language)
        labels = np.array([holds for *_, holds in theirs], dtype=float)
        losses += (np.logaddexp(0, z) - labels * z).tolist()
    return float(np.mean(losses))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("xquad", type=Path)
    parser.add_argument("--encoder", default="fuente-es-en")
    parser.add_argument("--every", type=int, default=1, help="use every n-th question")
    arguments = parser.parse_args()
    sentences, supports = collect(arguments.xquad, arguments.encoder, arguments.every)

    weights = fit_sentences(sentences)
    print("SENTENCE_FEATURES =", answering.SENTENCE_FEATURES)
    print("W_SENTENCE =", tuple(round(float(w), 2) for w in weights))
    for name, parity in (("even", 0), ("odd", 1)):
        for direction in ("es-es", "en-en", "es-en", "en-es"):
            chosen = [s for s in sentences if s[0] == parity and s[1] == direction]
            before, after, both, shown = [], [], [], []
            for _, _, rows, right, _ in chosen:
                before.append(right[0])
                z = rows @ weights
                order = np.argsort(-z, kind="stable")
                after.append(right[order[0]])
                for within in (0.5, 1.0, 1.5, 2.0):
                    second = len(order) > 1 and z[order[1]] >= z[order[0]] - within
                    both.append(right[order[0]] or (second and right[order[1]]))
                    shown.append(second)
            both_by = np.array(both).reshape(-1, 4).mean(axis=0)
            shown_by = np.array(shown).reshape(-1, 4).mean(axis=0)
            print(
                f"{name:5}{direction}  first sentence {np.mean(before):.3f} -> {np.mean(after):.3f}; "
                "with a second within 0.5/1/1.5/2: "
                + " ".join(f"{b:.3f} ({s:.0%})" for b, s in zip(both_by, shown_by, strict=True))
                + f"; in the pool {np.mean([s[3].any() for s in chosen]):.3f}, passage first {np.mean([s[4] for s in chosen]):.3f}"
            )

    even = [s for s in supports if s[0] % 2 == 0]
    print("SUPPORT_FEATURES =", answering.SUPPORT_FEATURES)
    for per_language in (False, True):
        fitted = fit_support(even, per_language)
        n = len(ASKED) if per_language else 1
        biases = dict(zip(ASKED, fitted[:n] if per_language else [fitted[0]] * 2, strict=True))
        biases["und"] = sum(biases.values()) / len(biases)
        print(f"bias {'by language' if per_language else 'for all'}:")
        print("BIAS =", {lang: round(float(bias), 2) for lang, bias in biases.items()})
        print("W_SUPPORT =", tuple(round(float(w), 2) for w in fitted[n:]))
        print(f"log loss on left-out even articles {left_out_loss(even, per_language):.4f}")
        report_support(supports, fitted, per_language)
        report_calibration(supports, fitted, per_language)


def report_calibration(supports: list, fitted: np.ndarray, per_language: bool) -> None:
    """What share of the answers holds, by their confidence, where every second question has an answer."""
    confidences = 1 / (1 + np.exp(-(support_rows(supports, per_language) @ fitted)))
    edges = (0.0, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 1.001)
    for name, parity in (("even", 0), ("odd", 1)):
        for lang in ASKED:
            mine = np.array([s[0] % 2 == parity and s[1].startswith(f"{lang}-") for s in supports])
            held = np.array([s[-1] for s in supports])
            cells = []
            for low, high in zip(edges, edges[1:], strict=False):
                chosen = mine & (confidences >= low) & (confidences < high)
                if chosen.any():
                    cells.append(
                        f"{confidences[chosen].mean():.2f}: {held[chosen].mean():.2f} ({chosen.sum()})"
                    )
            print(f"{name:5}{lang}  confidence: share that holds (answers)  " + "  ".join(cells))


def report_support(supports: list, fitted: np.ndarray, per_language: bool) -> None:
    """AUROC, and what is declined at several thresholds, on the even and on the odd articles."""
    confidences = 1 / (1 + np.exp(-(support_rows(supports, per_language) @ fitted)))
    for name, parity in (("even", 0), ("odd", 1)):
        for direction in [d + size for size in ("", " small") for d in DIRECTIONS]:
            found = [
                (answerable, float(confidence))
                for (article, d, answerable, *_), confidence in zip(
                    supports, confidences, strict=True
                )
                if article % 2 == parity and d == direction
            ]
            yes = np.array([c for a, c in found if a])
            no = np.array([c for a, c in found if not a])
            cuts = "  ".join(
                f"{t}: {np.mean(yes < t):.3f}/{np.mean(no < t):.3f}"
                for t in (0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
            )
            print(
                f"{name:5}{direction}  AUROC {auroc(yes, no):.3f}; declined answerable/unanswerable at {cuts}"
            )


if __name__ == "__main__":
    main()
