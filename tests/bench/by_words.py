"""What answers by words alone are worth, while the server that holds the index cannot be asked for vectors.

``python tests/bench/by_words.py DATA QUESTIONS [--each 12]``: a data directory that is built, whose index stands for the one in the
server, and questions as questions.py reads them, of which one in so many is asked. They are asked as ever; without a look at all
vectors; and without any vector, where those of sentences stand in for a passage's. Needs the extra [postgres].
"""

from __future__ import annotations

import argparse
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import numpy as np
from questions import ask_all, read_cases

from corpus.document import VectorsUnavailableError
from index.generations.searched import mean_of_sentences
from index.local.store import Index
from index.part import PassageCodes

ERRORS: list[float] = []


def no_look(index, vector, k, allowed=None):
    if k:
        raise VectorsUnavailableError("away")
    return np.zeros(0, dtype=np.int64)


def from_sentences(index, vector, rows):
    held = [
        SimpleNamespace(codes=PassageCodes(index.tokens.codes_of(r), index.sentences.codes_of(r)))
        for r in rows.tolist()
    ]
    if not held:
        return np.zeros(0, dtype=np.float32)
    found = np.einsum("ij,j->i", np.stack([mean_of_sentences(one) for one in held]), vector)
    ERRORS.extend((found - np.einsum("ij,j->i", index.dense.vectors(rows), vector)).tolist())
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--each", type=int, default=1, help="one question in so many")
    arguments = parser.parse_args()
    cases = read_cases(arguments.questions)[:: arguments.each]
    answerable = sum(bool(case.answer) for case in cases)
    for name, replaced in (
        ("as ever", {"nearest": Index.nearest}),
        ("no look at all vectors", {"nearest": no_look}),
        ("no vectors", {"nearest": no_look, "cosines": from_sentences}),
    ):
        with patch.multiple(Index, **replaced):
            outcomes, _ = ask_all(arguments.data, cases)
        right = sum(one.right for one in outcomes if one.case.answer)
        wrong = sum(not one.right and bool(one.quotes) for one in outcomes)
        print(f"{name:24} right {right} of {answerable}, quoted wrongly {wrong}", flush=True)
    if ERRORS:
        errors = np.array(ERRORS)
        print(f"cosines from sentences: off by {errors.mean():+.3f}, deviation {errors.std():.3f}")


if __name__ == "__main__":
    main()
