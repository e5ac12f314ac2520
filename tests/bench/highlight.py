"""How often the highlight inside a quote is the answer, on XQuAD.

``python tests/bench/highlight.py FOLDER_WITH_XQUAD``. Each question is asked of a bilingual collection: every second
paragraph in Spanish, the others in English, and the other way round. Counted are the answers whose first quote holds a
gold answer: how often words of it are highlighted, and how often those overlap the gold answer; the even-indexed articles
apart from the odd ones. ``--fit`` prints the section ``highlights`` of a calibration.json first, fitted on the even ones: a softmax over the
candidates of a quote and "none of them", the right ones being those that overlap the gold answer.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import running  # noqa: F401  # puts the project on the path
from scipy.optimize import minimize

from corpus.split import Splitting
from index.encoder import load_encoder
from index.local.build import index_documents
from index.searchable import OpenIndex
from qa.calibration import load_calibration
from qa.engine import Engine, Query, SearchOptions
from qa.evaluation.dataset import LANGS, read_squad
from qa.select import spans as highlighting

KINDS = highlighting.KINDS


@dataclass(frozen=True, slots=True)
class Case:
    """One first quote that holds a gold answer: its candidates, and which of them overlap gold."""

    odd: bool
    direction: str
    kind: str
    candidates: list[highlighting.Wording]
    right: np.ndarray
    share: list[float]


def collect(folder: Path, encoder_name: str, every: int) -> list[Case]:
    """The cases of both pools, every n-th question."""
    dataset = read_squad(folder)
    encoder = load_encoder(encoder_name)
    cases = []
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
            index = index_documents(documents, encoder, place, whole)
            engine = Engine(OpenIndex(index), encoder)
            for asked in LANGS:
                print(f"pool {first}, {asked}", file=sys.stderr)
                for question in dataset.questions[asked][::every]:
                    query = Query(question.text, asked)
                    steps = engine.ask_in_steps(query, SearchOptions(limit=5))
                    chosen = steps.select().chosen
                    if not chosen:
                        continue
                    best = chosen[0]
                    text, told = best.quote.text, lang_of[question.doc_id]
                    gold = [
                        (text.index(g), text.index(g) + len(g))
                        for g in dataset.answers[told].get(question.query_id, ())
                        if g in text and best.quote.passage.doc_id == question.doc_id
                    ]
                    if not gold:
                        continue
                    met = next(p.met for p in steps._passages if p.passage == best.quote.passage)
                    found = highlighting.wordings(
                        question.text, best.quote, met, steps._retrieved.asked.tokens
                    )
                    right = [any(a < c.end and c.start < b for a, b in gold) for c in found]
                    cases.append(
                        Case(
                            bool(question.article % 2),
                            f"{asked}-{told}",
                            str(highlighting.kind_asked(question.text)),
                            found,
                            np.array(right, dtype=bool),
                            [(c.end - c.start) / len(text) for c in found],
                        )
                    )
    return cases


def fit(cases: list[Case]) -> np.ndarray:
    """Weights of names, of figures, and the bias of each kind, one after the other; L2-regularised."""
    groups = [(rows(c.candidates), c.right) for c in cases if not c.odd and c.candidates]

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        total, gradient = 0.15 * float(w @ w), 0.3 * w
        for features, right in groups:
            z = np.append(features @ w, 0.0)
            p = np.exp(z - z.max())
            p /= p.sum()
            wanted = np.append(right, not right.any()) * p
            total -= np.log(wanted.sum())
            gradient = gradient - features.T @ (wanted / wanted.sum() - p)[:-1]
        return total, gradient

    start = np.zeros(2 * len(highlighting.FEATURES) + len(KINDS))
    return minimize(loss, start, jac=True, method="L-BFGS-B").x


def rows(candidates: list[highlighting.Wording]) -> np.ndarray:
    """One row a candidate: its features at the weights that count for it, and 1 at the bias of its kind."""
    n = len(highlighting.FEATURES)
    found = np.zeros((len(candidates), 2 * n + len(KINDS)))
    for row, candidate in zip(found, candidates, strict=True):
        at = 0 if candidate.kind in ("person", "place", "name") else n
        row[at : at + n] = candidate.features
        row[2 * n + KINDS.index(candidate.kind)] = 1.0
    return found


def report(cases: list[Case], weights: np.ndarray, at: float) -> None:
    """Per article parity, direction and kind: how often given, how often right."""
    for odd in (False, True):
        for of in ("direction", "kind"):
            counts: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0])
            for case in (c for c in cases if c.odd == odd):
                for name in (getattr(case, of), "all"):
                    counts[name][0] += 1
                if not case.candidates:
                    continue
                odds = np.exp(rows(case.candidates) @ weights)
                best = int(odds.argmax())
                if odds[best] / (1 + odds.sum()) < at:
                    continue
                for name in (getattr(case, of), "all"):
                    counts[name][1] += 1
                    counts[name][2] += case.right[best]
                    counts[name][3] += case.share[best]
            for name, (n, given, right, share) in sorted(counts.items()):
                print(
                    f"{'odd' if odd else 'even':5}{name:11} quotes {n:5.0f}  given {given / n:6.1%}  "
                    f"right {right / max(given, 1):6.1%}  of the quote {share / max(given, 1):5.1%}"
                )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("xquad", type=Path)
    parser.add_argument("--encoder", default="fuente-es-en")
    parser.add_argument("--every", type=int, default=1, help="use every n-th question")
    parser.add_argument("--fit", action="store_true", help="fit the weights first")
    arguments = parser.parse_args()
    cases = collect(arguments.xquad, arguments.encoder, arguments.every)
    n = len(highlighting.FEATURES)
    shipped = load_calibration(arguments.encoder).highlights
    sides = (
        [shipped.names[f] for f in highlighting.FEATURES],
        [shipped.figures[f] for f in highlighting.FEATURES],
    )
    weights = np.array([*sides[0], *sides[1], *(shipped.bias[kind] for kind in KINDS)])
    thresholds = [shipped.least]
    if arguments.fit:
        weights = fit(cases).round(2)
        names, figures, bias = np.split(weights, [n, 2 * n])
        parts = (
            ("names", highlighting.FEATURES, names),
            ("figures", highlighting.FEATURES, figures),
        )
        for part, labels, values in (*parts, ("bias", KINDS, bias)):
            print(f'"{part}": {json.dumps(dict(zip(labels, values.tolist(), strict=True)))}')
        thresholds = [0.6, 0.7, 0.75, 0.8, 0.9]
    for at in thresholds:
        print(f"highlighted from a probability of {at}:")
        report(cases, weights, at)


if __name__ == "__main__":
    main()
