"""A million real passages: make the collection, build it, measure it, draw how the figures grow.

    million.py collect PATH --data D --passages N    PATH holds parallel/*.tsv.gz (lines english<TAB>spanish)
    million.py build --data D                        rate of the build against that of the encoder alone
    million.py measure --data D                      search, recall, memory, start, one document more, disk
    million.py plot D D D --svg FILE                 a picture of several such folders

A side of a pair is a paragraph; neighbouring sides of one source and one language make pages of about a hundred passages,
each a text file, and the pages of all sources are shuffled, always alike: a smaller collection is a part of a larger one.
The same sentence comes once. A passage is a sentence, or a few short ones: splitting is done at MAX_TOKENS. What each
step finds is kept in D/million.json.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from running import say

NOTE = "million.json"

MAX_TOKENS = 36
# Shorter is a heading or a label, longer several sentences; 280 characters are about 60 tokens.
SIDE_CHARS = range(16, 281)
PAGE_CHARS = 12_000
# Questions of people: asked, not indexed.
HELD_OUT = ("mkqa-questions", "qald-questions")
# Made of the sentences above, and would say them again.
LEFT_OUT = ("-paragraphs",)
KEPT_SIDES = 1_000


@dataclass(frozen=True)
class Page:
    """One document: ``sides`` are its paragraphs."""

    doc_id: str
    sides: list[str]


def pairs_of(path: Path) -> Iterator[tuple[str, str]]:
    """English and Spanish of each line, white space made one space."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            english, tab, rest = line.rstrip("\n").partition("\t")
            if tab:
                yield " ".join(english.split()), " ".join(rest.partition("\t")[0].split())


def pages_of(files: list[Path], seed: int) -> list[Page]:
    """All pages of the files, shuffled; a sentence that came before is left out."""
    seen: set[bytes] = set()
    numbers: Counter[str] = Counter()
    pages: list[Page] = []
    for path in files:
        source = path.name.partition(".")[0]
        if source in HELD_OUT or source.endswith(LEFT_OUT):
            continue
        pairs = list(pairs_of(path))
        name = "-".join(source.split("-")[:2])
        for number, lang in enumerate(("en", "es")):
            sides: list[str] = []
            length = 0
            for pair in pairs:
                side = pair[number]
                if len(side) not in SIDE_CHARS or (said := side.encode()) in seen:
                    continue
                seen.add(said)
                sides.append(side)
                length += len(side)
                if length >= PAGE_CHARS:
                    pages.append(_page(name, lang, sides, numbers))
                    sides, length = [], 0
            if length >= PAGE_CHARS // 4:
                pages.append(_page(name, lang, sides, numbers))
    random.Random(seed).shuffle(pages)
    return pages


def _page(name: str, lang: str, sides: list[str], numbers: Counter[str]) -> Page:
    numbers[f"{lang}/{name}"] += 1
    return Page(f"{lang}/{name}-{numbers[f'{lang}/{name}']:04d}.txt", sides)


def collect(folder: Path, data: Path, n_wanted: int, seed: int) -> dict[str, Any]:
    """Write documents until they split into so many passages; the counts, questions and kept sentences."""
    from api.settings import load_settings
    from corpus.parse import parse
    from corpus.split import Splitting, split
    from index.encoder import load_encoder

    files = sorted((folder / "parallel").glob("*.tsv.gz"))
    if not files:
        sys.exit(f"there is no {folder}/parallel/*.tsv.gz")
    documents = data / "documents"
    if documents.is_dir() and any(documents.iterdir()):
        sys.exit(f"{documents} is not empty; name a new folder with --data")
    encoder = load_encoder(load_settings(data=data).encoder)
    splitting = Splitting(max_tokens=MAX_TOKENS)
    pages = pages_of(files, seed)
    say(f"{len(pages)} pages of {len(files)} files")
    rng = random.Random(seed)
    counts: Counter[str] = Counter()
    n_chars = 0
    told: list[tuple[str, str]] = []
    spent_s = 0.0
    written: list[Page] = []
    for page in pages:
        if counts.total() >= n_wanted:
            break
        content = ("\n\n".join(page.sides) + "\n").encode()
        began = time.perf_counter()
        passages = split(parse(content, page.doc_id), encoder.count_tokens, splitting)
        spent_s += time.perf_counter() - began
        counts.update(passage.lang for passage in passages)
        n_chars += sum(len(passage.text) for passage in passages)
        path = documents / page.doc_id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(page)
        if len(written) % 500 == 0:
            say(f"{len(written)} documents, {counts.total()} passages")
    if counts.total() < n_wanted:
        say(f"there are no more than {counts.total()} passages")
    for page in rng.choices(written, k=KEPT_SIDES):
        told.append((page.doc_id[:2], rng.choice(page.sides)))
    asked = [
        list(pair)
        for path in files
        if path.name.partition(".")[0] in HELD_OUT
        for pair in pairs_of(path)
    ]
    rng.shuffle(asked)
    return {
        "seed": seed,
        "max_tokens": MAX_TOKENS,
        "documents": len(written),
        "passages": counts.total(),
        "languages": dict(sorted(counts.items())),
        "mean_chars": round(n_chars / max(1, counts.total()), 1),
        "parse_and_split_s": round(spent_s, 1),
        "asked": asked[:KEPT_SIDES],
        "told": told,
    }


def read_note(data: Path) -> dict[str, Any]:
    """What earlier steps found; SystemExit when there was none."""
    try:
        note: dict[str, Any] = json.loads((data / NOTE).read_text("utf-8"))
    except FileNotFoundError:
        sys.exit(f"there is no {data / NOTE}; run `million.py collect` first")
    return note


def write_note(data: Path, note: dict[str, Any]) -> None:
    (data / NOTE).write_text(json.dumps(note, ensure_ascii=False, indent=1) + "\n", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    steps = parser.add_subparsers(dest="step", required=True)
    step = steps.add_parser("collect", help="write the documents")
    step.add_argument("path", type=Path, help="folder with parallel/*.tsv.gz")
    step.add_argument("--data", type=Path, required=True)
    step.add_argument("--passages", type=int, default=1_000_000)
    step.add_argument("--seed", type=int, default=11)
    arguments = parser.parse_args()

    if arguments.step == "collect":
        note = collect(arguments.path, arguments.data, arguments.passages, arguments.seed)
        write_note(arguments.data, note)
        shown = {k: v for k, v in note.items() if k not in ("asked", "told")}
        print(json.dumps(shown, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
