"""Whether every offset that leaves the engine points at exactly the words it claims.

On a build of corpus/samples, random questions are asked that are made of the words of a random passage (so most are
answered; half of them about Spanish passages, half about English ones), and for each one every passage found must be
its document's text between its offsets, and so must every citation, whose words must also stand in the answer at the
place it names. Then random passages, and random stretches of them, are looked up and compared in the same way. The text
compared with is parsed anew from the file, not taken from the build.
"""

from __future__ import annotations

import argparse
import collections
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from running import SAMPLES, build, say

if TYPE_CHECKING:
    from corpus.document import Passage
    from qa.engine import Engine


def make_question(rng: random.Random, passage: Passage) -> str:
    """Three to twelve words of a passage, in their order or mixed, with or without question marks."""
    words = passage.text.split()
    n = min(len(words), rng.randint(3, 12))
    if rng.random() < 0.5:
        at = rng.randrange(len(words) - n + 1)
        chosen = words[at : at + n]
    else:
        chosen = rng.sample(words, n)
    text = " ".join(chosen)
    if rng.random() < 0.5:
        text = f"¿{text}?" if passage.lang == "es" else f"{text}?"
    return text


class Offsets:
    """Compares, counts, and remembers what did not fit."""

    def __init__(self, texts: dict[str, str]):
        self._texts = texts
        self.counts: collections.Counter[str] = collections.Counter()
        self.wrong: list[str] = []

    def check(self, kind: str, found: str, expected: str, where: str) -> None:
        """Count one comparison."""
        self.counts[kind] += 1
        if found != expected:
            self.wrong.append(f"{kind}: {where} holds {found[:80]!r}, expected {expected[:80]!r}")

    def source(self, kind: str, doc_id: str, start: int, end: int, expected: str) -> None:
        """Compare words with the document they are said to be from."""
        text = self._texts[doc_id]
        if not 0 <= start < end <= len(text):
            self.wrong.append(f"{kind}: {doc_id} has no [{start}, {end})")
        self.check(kind, text[start:end], expected, f"{doc_id} [{start}, {end})")


def ask_randomly(engine: Engine, rng: random.Random, offsets: Offsets, n: int) -> int:
    """Ask ``n`` questions and compare all that comes back; how many were answered."""
    from corpus.document import EmptyQuestionError
    from qa.engine import Query

    index = engine.index
    assert index is not None
    rows = {lang: index.rows_where([lang]) for lang in ("es", "en")}
    answered = 0
    shown = time.monotonic()
    for i in range(n):
        if time.monotonic() - shown > 10:
            shown = time.monotonic()
            say(f"{i}/{n} questions")
        among = rows["es" if i % 2 == 0 else "en"]
        assert among is not None
        passage = index.passages([int(rng.choice(among))])[0]
        try:
            answer = engine.ask(Query(make_question(rng, passage)))
        except EmptyQuestionError:
            continue
        answered += answer.status == "answered"
        for hit in answer.hits:
            p = hit.passage
            offsets.source("passages found", p.doc_id, p.start, p.end, p.text)
        for c in answer.citations:
            offsets.source("citations in the source", c.doc_id, c.start, c.end, c.quote)
            offsets.check(
                "citations in the answer",
                answer.text[c.answer_start : c.answer_end],
                c.quote,
                f"the answer [{c.answer_start}, {c.answer_end})",
            )
    return answered


def look_up_randomly(engine: Engine, rng: random.Random, offsets: Offsets, n: int) -> None:
    """Compare ``n`` random passages and a random stretch of each."""
    index = engine.index
    assert index is not None
    for _ in range(n):
        p = index.passages([rng.randrange(len(index))])[0]
        offsets.source("passages looked up", p.doc_id, p.start, p.end, p.text)
        start, end = sorted(rng.sample(range(p.start, p.end + 1), 2))
        place = engine.locate(p.doc_id, start, end, context=rng.randint(0, 400))
        before = start - len(place.before)
        stretch = place.before + place.quote + place.after
        offsets.source("stretches located", p.doc_id, start, end, place.quote)
        offsets.source("surroundings", p.doc_id, before, before + len(stretch), stretch)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--documents", type=Path, default=SAMPLES)
    parser.add_argument("--seed", type=int, default=3)
    arguments = parser.parse_args()

    from api.settings import load_settings
    from corpus.collection import Collection
    from corpus.parse import parse
    from index.encoder import load_encoder
    from qa.engine import Engine

    rng = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        build(data, str(arguments.documents))
        engine = Engine(data, load_encoder(load_settings(data=data).encoder))
        if engine.index is None:
            sys.exit(f"the build does not open: {engine.problem}")
        collection = Collection(data / "documents")
        texts = {
            d.doc_id: parse(collection.read(d.doc_id), d.doc_id).text
            for d in engine.index.documents()
        }
        offsets = Offsets(texts)
        answered = ask_randomly(engine, rng, offsets, arguments.questions)
        look_up_randomly(engine, rng, offsets, arguments.passages)
        engine.close()

    print(f"{arguments.questions} questions, {answered} answered; {len(texts)} documents")
    for kind, count in offsets.counts.items():
        print(f"  {kind:26} {count:8} compared")
    for wrong in offsets.wrong[:20]:
        print(f"WRONG {wrong}")
    print(f"{len(offsets.wrong)} wrong")
    return 1 if offsets.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
