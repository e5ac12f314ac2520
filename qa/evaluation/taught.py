"""Judged questions about one's own documents, written so that a reader can be taught with them.

    python -m qa.evaluation.taught QUESTIONS.jsonl --data D --out DIR/qa-own/own.jsonl

The questions are those of ``fuente evaluate``. Each is searched for in the active build, as in service: a line for every passage
found that holds a part of what answers, with the passages beside it that do not; for a question that the documents do not
answer, one line with all that was found for it. ``fuente train DIR --out FOLDER --stage reader`` reads them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus.document import CorpusError, Passage
from index.encoder import DEFAULT_ENCODER, load_encoder
from qa.engine import Engine, Query, SearchOptions
from qa.evaluation.dataset import Judged, OwnQuestions, read_dataset
from qa.evaluation.units import plain
from qa.select.reader import N_PASSAGES

Places = list[tuple[int, int]]


def taught(questions: OwnQuestions, engine: Engine) -> Iterator[dict[str, Any]]:
    """The lines for the questions that say what has to be quoted, or that nothing answers."""
    for judged, _ in questions.questions:
        if not judged.ways and not judged.unanswerable:
            continue
        found = engine.search(Query(judged.text, judged.lang), SearchOptions(limit=N_PASSAGES))
        passages = [hit.passage for hit in found.hits]
        yield from _lines(judged, [(p, _places(judged, p)) for p in passages])


def _lines(judged: Judged, found: list[tuple[Passage, Places]]) -> Iterator[dict[str, Any]]:
    others = [[p.heading, p.text] for p, places in found if not places]
    if judged.unanswerable:
        answering, others = found[:1], others[1:]
    else:
        answering = [(p, places) for p, places in found if places]
    for passage, places in answering:
        yield {
            "question": judged.text,
            "lang": judged.lang,
            "doc": passage.doc_id,
            "heading": passage.heading,
            "passage": passage.text,
            "answerable": not judged.unanswerable,
            "spans": [passage.text[a:b] for a, b in places],
            "span_starts": [a for a, _ in places],
            "units": places,
            "found": others,
        }


def _places(judged: Judged, passage: Passage) -> Places:
    """Where the parts of the ways to answer stand in a passage of their document, in text order."""
    parts = [part for way in judged.ways if way.doc_id == passage.doc_id for part in way.parts]
    if not parts:
        return []
    # what is compared of every letter, and which letter it came from
    letters = [(c, i) for i, letter in enumerate(passage.text) for c in plain(letter)]
    said = "".join(c for c, _ in letters)
    found = set()
    for part in map(plain, parts):
        at = said.find(part)
        if at >= 0:
            found.add((letters[at][1], letters[at + len(part) - 1][1] + 1))
    return sorted(found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the lines to a file."""
    parser = argparse.ArgumentParser(
        prog="python -m qa.evaluation.taught", description=__doc__.split("\n")[0]
    )
    parser.add_argument("questions", type=Path)
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    questions = read_dataset(chosen.questions)
    if not isinstance(questions, OwnQuestions):
        raise CorpusError(
            f"{chosen.questions} has no questions of one's own; expected a file .jsonl"
        )
    engine = Engine(chosen.data, load_encoder(DEFAULT_ENCODER))
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in taught(questions, engine)]
    chosen.out.write_text("".join(lines), "utf-8")
    sys.stdout.write(f"{len(lines)} passages in {chosen.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
