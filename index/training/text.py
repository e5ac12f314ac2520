"""The text an encoder is trained on: translations, and questions with the passages that answer them.

A folder holds ``parallel/*.tsv.gz`` and ``dict/*.tsv.gz`` (lines ``english<TAB>spanish``; files named ``…-paragraphs`` hold
paragraphs) and questions as JSON lines in ``qa…/*.jsonl`` or ``.jsonl.gz``.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

# How often a source is drawn, relative to its number of pairs. Encyclopaedic, news and question text
# counts more than its size, software manuals less: half of the data is technical documentation.
SOURCE_WEIGHTS: dict[str, float] = {
    "pawsx-dev-test": 3.0,
    "mkqa-questions": 3.0,
    "qald-questions": 3.0,
    "truthfulqa-multi": 2.0,
    "newstest2008-2011": 3.0,
    "newstest2012-2013": 3.0,
    "tico19": 3.0,
    "open-sdg": 2.0,
    "opensource-guide": 2.0,
    "gov-vita-min": 1.0,
    "gov-identity-idp": 1.0,
    "cs-unplugged": 2.0,
    "europarl-sample-hajssb": 1.0,
    "openstax": 0.6,
    "tatoeba-spa-eng": 0.35,
    "python-docs-es": 0.15,
    "php-doc": 0.08,
    "ms-efcore": 0.1,
    "ms-office-dev": 0.08,
    "ms-biztalk": 0.08,
    "ms-cpp-docs": 0.04,
    "react-docs": 0.1,
    "tldr-pages": 0.1,
    "electron-i18n": 0.1,
    "bible-web-rv1909": 0.15,
    "bible-kjv-rv1909": 0.0,
    "openstax-paragraphs": 3.0,
    "python-docs-es-paragraphs": 0.5,
    "ms-biztalk-paragraphs": 0.15,
    "ms-office-dev-paragraphs": 0.15,
}

# How often questions of a source are drawn, relative to their number; those that people wrote by hand twice, made ones and
# those of one subject less than once.
QUESTION_WEIGHTS: dict[str, float] = {
    "squad-es-dist": 2.5,
    "nq-pieces": 1.6,
    "squad-train-part": 1.3,
    "selqa": 0.8,
    "faq-ms-es": 0.8,
    "openstax-glossary": 0.4,
    "docs-title-intro": 0.35,
    "medquad": 0.35,
}
_WRITTEN_WEIGHT = 2.0
_PARAGRAPH_WEIGHT = 0.45

QUESTION_CAPS: dict[str, int] = {"medquad": 6000, "docs-title-intro": 9000}

# One passage in forty is held out, with all its questions, for choosing between models.
_HELD_OUT = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the passage that answers it; ``weight`` is how often it is drawn; ``found``: heading and body of passages
    that a search found and that do not answer."""

    question: str
    heading: str
    body: str
    weight: float = 1.0
    found: tuple[tuple[str, str], ...] = ()

    @property
    def passage(self) -> str:
        """Heading and body as the index embeds them."""
        return f"{self.heading}\n{self.body}" if self.heading else self.body


@dataclass(slots=True)
class Corpora:
    """The training text; pairs are (English, Spanish), ``sentences`` and ``paragraphs`` by source. No passage of
    ``held_out`` is in ``questions``."""

    sentences: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    paragraphs: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    terms: list[tuple[str, str]] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)
    held_out: list[Asked] = field(default_factory=list)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _read_tsv(path: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            english, tab, spanish = line.rstrip("\n").partition("\t")
            if tab and english.strip() and spanish.strip():
                yield _nfc(english), _nfc(spanish)


def open_lines(path: Path) -> IO[str]:
    """A text file, compressed or not, by the end of its name."""
    return (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8")
    )


def _read_questions(path: Path, rng: random.Random) -> list[Asked]:
    """Questions with the passages that answer them, across languages too where both share an id.

    A line has ``question``, ``passage``, ``lang``, an ``id`` that both languages share and perhaps ``found``, a heading and a
    text for each passage that a search found in vain (``python -m qa.evaluation.taught`` writes such lines); or ``question_es``
    and ``question_en`` over one ``passage``, with a ``heading``. Lines with ``"answerable": false`` are passed over.
    """
    name = path.name.partition(".")[0]
    weight = QUESTION_WEIGHTS.get(name, 1.0)
    by_id: dict[str, dict[str, Asked]] = {}
    found: list[Asked] = []
    with open_lines(path) as lines:
        for n, line in enumerate(lines):
            row = json.loads(line)
            if row.get("answerable") is False or not row["passage"].strip():
                continue
            heading, body = _nfc(row.get("heading") or row.get("title") or ""), _nfc(row["passage"])
            # A glossary passage opens with the term asked for: a shortcut, so it goes.
            if name == "openstax-glossary":
                body = body.partition(": ")[2] or body
            if "question" in row:
                wrong = tuple((_nfc(over), _nfc(text)) for over, text in row.get("found", ()))
                one = Asked(_nfc(row["question"]), heading, body, weight, wrong)
                by_id.setdefault(row.get("id") or f"#{n}", {})[row["lang"]] = one
                continue
            for lang in ("es", "en"):
                found.append(Asked(_nfc(row[f"question_{lang}"]), heading, body, _WRITTEN_WEIGHT))
    for languages in by_id.values():
        for asked in languages.values():
            found += [replace(told, question=asked.question) for told in languages.values()]
    found = [asked for asked in found if asked.question]
    rng.shuffle(found)
    return found[: QUESTION_CAPS.get(name, len(found))]


def _asked_of_paragraphs(pairs: Sequence[tuple[str, str]], rng: random.Random) -> list[Asked]:
    """A sentence of each paragraph in one language, asked of the paragraph in the other."""
    found = []
    for pair in pairs:
        for ask in (0, 1):
            sentences = sentences_of(pair[ask])
            if sentences:
                found.append(Asked(rng.choice(sentences), "", pair[1 - ask], _PARAGRAPH_WEIGHT))
    return found


def read_corpora(data: Path, rng: random.Random) -> Corpora:
    """All training text below ``data``."""
    corpora = Corpora()
    asked: list[Asked] = []
    for path in sorted((data / "parallel").glob("*.tsv.gz")):
        name = path.name.removesuffix(".tsv.gz")
        pairs = list(_read_tsv(path))
        if name.endswith("-paragraphs"):
            corpora.paragraphs[name] = pairs
            asked += _asked_of_paragraphs(pairs, rng)
        else:
            corpora.sentences[name] = pairs
    for path in sorted((data / "dict").glob("*.tsv.gz")):
        corpora.terms += [p for p in _read_tsv(path) if len(p[0]) < 60]
    for path in sorted([*data.glob("qa*/*.jsonl.gz"), *data.glob("qa*/*.jsonl")]):
        asked += _read_questions(path, rng)
    for one in asked:
        held = zlib.crc32(one.body.encode()) % _HELD_OUT == 0
        (corpora.held_out if held else corpora.questions).append(one)
    return corpora


def sample_pairs(
    sources: dict[str, list[tuple[str, str]]], n: int, rng: random.Random
) -> list[tuple[str, str]]:
    """``n`` pairs drawn from all sources by ``SOURCE_WEIGHTS`` x size, without regard to order."""
    names = sorted(sources)
    weights = [len(sources[s]) * SOURCE_WEIGHTS.get(s, 0.5) for s in names]
    counts = [0] * len(names)
    for i in rng.choices(range(len(names)), weights, k=n):
        counts[i] += 1
    drawn: list[tuple[str, str]] = []
    for name, count in zip(names, counts, strict=True):
        pool = sources[name]
        if count:
            drawn += rng.sample(pool, count) if count <= len(pool) else rng.choices(pool, k=count)
    rng.shuffle(drawn)
    return drawn


def typed_plainly(text: str, rng: random.Random) -> str:
    """The text as many people type it: no accents, no opening marks, sometimes no final mark."""
    decomposed = unicodedata.normalize("NFD", text)
    bare = re.sub("[\u0301\u0308]", "", decomposed).replace("¿", "").replace("¡", "")
    bare = unicodedata.normalize("NFC", bare)
    return bare.rstrip("?!.") if rng.random() < 0.5 else bare


def sentences_of(text: str) -> list[str]:
    """Sentences of a paragraph, without the very short ones."""
    parts = re.split(r"(?<=[.!?])\s+(?=[A-ZÁÉÍÓÚÑ¿¡\"“])", text)
    return [p for p in parts if len(p) > 20]
