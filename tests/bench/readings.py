"""How well readers tell a passage that answers from one that nearly does, and find the words: ``python tests/bench/readings.py
PATH/xquad [FOLDER …]``.

Each FOLDER is that of an encoder with a reader, the one that ships without any. Three sets, none of which a reader is taught
with:

- ``written``: the questions of ``held.txt``, by other hands than the rest, with its near misses;
- ``XQuAD``: each question with its paragraph, and with the one of the same article that holds most of its words and not the
  answer, in the four directions;
- ``open``, with ``--data DIR``: the questions on articles of an encyclopaedia in ``DIR/qa`` that training holds out. The reader that ships was not taught by this stage, and has read
  some of them.

``auroc``: how often a passage that answers has more of ``answers`` than one that does not. ``inside``: for what share of the passages that answer
the likeliest token lies in the unit, the sentence of the answer where none is written. ``mean``: the mean of ``answers`` over passages that
answer and those that do not, which a calibration is fitted to.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import running  # noqa: F401  # puts the project on the path

from index.encoder import DEFAULT_ENCODER, ENCODERS_FOLDER
from index.reader import OnnxReader, Reader
from index.training.answered import Answered, Shelf, read_answered
from index.training.reading import Example, auroc
from index.training.written import sentences_around


def of_xquad(folder: Path) -> dict[str, list[Example]]:
    """The examples of each direction, those that answer and those that do not."""
    told: dict[str, list[Answered]] = {}
    for lang in ("es", "en"):
        data = json.loads((folder / f"xquad.{lang}.json").read_text("utf-8"))["data"]
        told[lang] = [
            _answered(f"{lang}{n}", paragraph["context"], qa)
            for n, article in enumerate(data)
            for paragraph in article["paragraphs"]
            for qa in paragraph["qas"]
        ]
    found = {}
    for asked, lang in (("es", "es"), ("en", "en"), ("es", "en"), ("en", "es")):
        shelf = Shelf(told[lang])
        examples = []
        for there, one in zip(told[asked], told[lang], strict=True):
            [question] = there.questions
            examples.append(Example.of(question, one))
            near = [h for h in shelf.resembling(one, 12) if h[0] == one.heading][:1]
            examples += [Example(question, "", passage, False) for _, passage in near]
        # the heading has told the articles apart; it is not theirs
        found[f"XQuAD {asked}→{lang}"] = [replace(one, heading="") for one in examples]
    return found


def _answered(doc: str, passage: str, qa: dict[str, Any]) -> Answered:
    start = qa["answers"][0]["answer_start"]
    span = (start, start + len(qa["answers"][0]["text"]))
    unit = sentences_around(passage, *span)
    return Answered((qa["question"],), "xquad", doc, doc, passage, True, (span,), (unit,))


def measured(reader: Reader, examples: list[Example]) -> str:
    """One line of figures."""
    said: dict[bool, list[float]] = {True: [], False: []}
    inside = n = 0
    for one in examples:
        [reading] = reader.read(one.question, [(one.heading, one.passage)])
        said[one.answers].append(reading.answers)
        if one.units and len(reading.marked):
            n += 1
            best = int(reading.marked.argmax())
            first, last = reading.starts[best], reading.ends[best]
            inside += any(first < b and last > a for a, b in one.units)
    means = [float(np.mean(said[kind])) if said[kind] else float("nan") for kind in (True, False)]
    return (
        f"auroc {auroc(said[True], said[False]):.4f}   inside {inside / max(1, n):.4f}   "
        f"mean {means[0]:+.2f} {means[1]:+.2f}   n {len(said[True])} {len(said[False])}"
    )


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("xquad", type=Path)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--data", type=Path, help="folder with questions, for the set `open`")
    parser.add_argument("--sample", type=int, default=600, help="examples of each set at most")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args(arguments)
    sets = of_xquad(given.xquad)
    books = read_answered(given.data or given.xquad)
    sets["written"] = [Example.of(q, one) for one in books.written for q in one.questions]
    if given.data:
        kinds = ("squad", "unanswerable")
        sets["open"] = [
            Example.of(q, one)
            for one in books.open
            if one.source.startswith(kinds)
            for q in one.questions
        ]
    for folder in given.folders or [ENCODERS_FOLDER / DEFAULT_ENCODER]:
        reader = OnnxReader(folder, threads=given.threads)
        print(f"{folder}")
        for name, examples in sets.items():
            some = random.Random(1).sample(examples, min(given.sample, len(examples)))
            print(f"  {name:14} {measured(reader, some)}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
