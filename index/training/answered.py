"""Questions with the words that answer them, and the passages that resemble those: what a reader is taught with.

They are read from the folder that :mod:`index.training.text` reads too: ``qa…/*.jsonl`` or ``.jsonl.gz``, a line with
``question`` in one language or ``question_es`` and ``question_en``, a ``passage``, and where the words stand that answer it
(``answers`` with ``answer_start``; ``spans`` with ``span_starts`` and a ``unit``, or ``units``, places of what a person would
underline) or ``"answerable": false``. ``found`` may say which other passages, heading and text of each, a search brought up.
"""

from __future__ import annotations

import json
import math
import random
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus import language
from index.training.text import open_lines
from index.training.written import FOLDER, Written, read_written, sentences_around

# How often questions of a source are drawn, relative to their number. Left out are those whose questions need a sentence that
# a reader does not see (qamr), and those that say which passage answers and not which words do.
READ_WEIGHTS: dict[str, float] = {
    "squad-es-dist": 6.0,
    "squad-train-part": 1.0,
    "nq-pieces": 0.8,
    "selqa": 0.7,
    "cmu-qa": 0.7,
    "covidqa": 0.6,
    "omos-qa": 1.5,
    "fairytaleqa": 0.4,
    "tatqa-text": 0.5,
    "pubmedqa": 0.1,
    "unanswerable-derived": 0.3,
    "faq-ms-es": 0.15,
    "faq-parallel": 0.5,
    "faq-en": 0.4,
    "faq-vita-min": 0.5,
    "qamr": 0.0,
}
# A question in two languages is two; those written by hand are good, and like what is asked in service.
_WRITTEN_WEIGHT = 1.3
# What is longer is read from its beginning, so where that does not hold the answer it teaches nothing.
_MAX_CHARS = 1500
# One document in twenty-five is held out, with all its questions.
_HELD_OUT = 25


@dataclass(frozen=True, slots=True)
class Answered:
    """A question, in one language or two, and a passage of a ``source`` and one of its documents.

    ``spans`` are the shortest words that answer, ``units`` what a person would underline, code points into the passage; both
    are empty where it does not answer, and where it answers and nobody has said with which words. ``weight`` is how often it is
    drawn. ``found``: heading and text of passages that a search brought up for it and that do not answer.
    """

    questions: tuple[str, ...]
    source: str
    doc: str
    heading: str
    passage: str
    answers: bool
    spans: tuple[tuple[int, int], ...]
    units: tuple[tuple[int, int], ...]
    weight: float = 1.0
    found: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Books:
    """``taught``; ``written``, by other hands than what is taught, and ``open``, of documents of which nothing is taught."""

    taught: list[Answered]
    written: list[Answered]
    open: list[Answered]


def read_answered(data: Path) -> Books:
    """All questions below ``data`` that a reader can be taught with, and those to measure with.

    :raises CorpusError: for a written question that does not follow the form.
    """
    taught: list[Answered] = []
    held: list[Answered] = []
    for path in sorted([*data.glob("qa*/*.jsonl.gz"), *data.glob("qa*/*.jsonl")]):
        source = path.name.partition(".")[0]
        with open_lines(path) as lines:
            for line in lines:
                one = _read(json.loads(line), source)
                if one is None:
                    continue
                aside = zlib.crc32(one.doc.encode()) % _HELD_OUT == 0
                (held if aside else taught).append(one)
    written = [_of(one) for one in read_written(FOLDER) if one.id.startswith("held")]
    return Books(taught, written, held)


def _of(one: Written) -> Answered:
    spans = tuple((s, s + len(t)) for s, t in zip(one.span_starts, one.spans, strict=True))
    unit = ((one.unit_start, one.unit_start + len(one.unit)),) if spans else ()
    asked = (one.question_es, one.question_en)
    return Answered(
        asked, "held", one.doc, one.heading, one.passage, one.answerable, spans, unit
    )  # fmt: skip


def _read(row: Mapping[str, Any], source: str) -> Answered | None:
    """None for a line that says nothing to a reader."""
    weight = READ_WEIGHTS.get(source, _WRITTEN_WEIGHT if "question_es" in row else 1.0)
    passage = unicodedata.normalize("NFC", row["passage"]) if weight else ""
    # offsets count code points of the passage as it stands there
    if not passage.strip() or passage != row["passage"]:
        return None
    answers = row.get("answerable") is not False
    spans, units = _places(row, passage) if answers else ((), ())
    if answers and not spans and not source.startswith("faq"):
        return None
    kept = len(passage) if len(passage) <= _MAX_CHARS else _cut(passage)
    if any(end > kept for _, end in (*spans, *units)):
        return None
    if "question_es" in row:
        asked: tuple[str, ...] = (row["question_es"], row["question_en"])
    else:
        asked = (row["question"],)
    heading = str(row.get("heading") or row.get("title") or "").replace("_", " ")
    heading = heading.replace(" > ", " › ")
    doc = str(row.get("doc") or row.get("title") or passage)
    others = tuple((str(above), str(text)) for above, text in row.get("found", ()))
    return Answered(
        asked, source, doc, heading, passage[:kept], answers, spans, units, weight, others
    )


def _cut(passage: str) -> int:
    """Where a long passage ends for a reader."""
    ends = [end for _, end in language.sentences(passage, 0, _MAX_CHARS)[:-1]]
    return max(ends, default=_MAX_CHARS)


def _places(
    row: Mapping[str, Any], passage: str
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Spans and units of a line; none where it does not say them, or says what the passage does not hold."""
    if "spans" in row:
        said = list(row["spans"])
        starts = row.get("span_starts") or row.get("starts") or [passage.find(s) for s in said]
    else:
        said, starts = row.get("answers") or [], row.get("answer_start") or []
    spans = tuple(
        (start, start + len(words))
        for start, words in zip(starts, said, strict=False)
        if words and start >= 0 and passage[start : start + len(words)] == words
    )
    places = tuple((int(start), int(end)) for start, end in row.get("units", ()))
    if places and spans and all(0 <= start < end <= len(passage) for start, end in places):
        return spans, places
    unit = row.get("unit")
    if not unit or not spans:
        return spans, tuple(sorted({sentences_around(passage, *span) for span in spans}))
    start = row.get("unit_start", -1)
    start = start if start is not None and start >= 0 else passage.find(unit)
    return spans, ((start, start + len(unit)),) if start >= 0 else ()


# --------------------------------------------------------------------------- what resembles


class Shelf:
    """The passages of some questions, to find those that hold most of a question's words."""

    def __init__(self, asked: Sequence[Answered]):
        self._at: dict[str, list[tuple[str, str, str]]] = {}
        self._lists: dict[str, dict[str, npt.NDArray[np.int64]]] = {}
        self._rows: dict[tuple[str, str], npt.NDArray[np.int64]] = {}
        by_source: dict[str, dict[tuple[str, str, str], None]] = {}
        for one in asked:
            passages = by_source.setdefault(_library(one.source), {})
            passages[one.doc, one.heading, one.passage] = None
        for source, passages in by_source.items():
            told = self._at[source] = list(passages)
            found: dict[str, list[int]] = {}
            docs: dict[str, list[int]] = {}
            for i, (doc, heading, passage) in enumerate(told):
                docs.setdefault(doc, []).append(i)
                for term in set(_terms(f"{heading}\n{passage}")):
                    found.setdefault(term, []).append(i)
            self._lists[source] = {term: np.array(rows) for term, rows in found.items()}
            self._rows |= {(source, doc): np.array(rows) for doc, rows in docs.items()}

    def resembling(self, asked: Answered, n: int, *, beside: bool = False) -> list[tuple[str, str]]:
        """Heading and text of up to ``n`` other passages of the source, those first that share most with the question, the rarer
        words more; its own document's count as if they shared a quarter more, and are the only ones ``beside`` it. None holds
        the words that answer."""
        source = _library(asked.source)
        told, lists = self._at[source], self._lists[source]
        scores = np.zeros(len(told))
        for term in {t for question in asked.questions for t in _terms(question)}:
            rows = lists.get(term)
            if rows is not None:
                scores[rows] += math.log(1 + len(told) / len(rows))
        own = self._rows[source, asked.doc]
        if beside:
            among, scores = scores[own], np.zeros(len(told))
            scores[own] = among
        scores[own] += 0.25 * float(scores.max(initial=0.0))
        said = [plain(asked.passage[a:b]) for a, b in asked.spans]
        found: list[tuple[str, str]] = []
        for i in np.argsort(-scores, kind="stable")[: 4 * n + 8].tolist():
            _, heading, passage = told[i]
            if scores[i] <= 0 or len(found) == n:
                break
            if passage == asked.passage or passage in asked.passage or asked.passage in passage:
                continue
            text = plain(passage)
            if not any(words in text for words in said):
                found.append((heading, passage))
        return found


def _library(source: str) -> str:
    """Sources whose passages stand side by side: those made from others stand with them."""
    return "squad-train-part" if source == "unanswerable-derived" else source


def _terms(text: str) -> list[str]:
    return language.terms(text, language.detect(text)[0])


def plain(text: str) -> str:
    """What is compared where two texts say the same: letters without case and marks, and one space between words."""
    return " ".join(language.fold(text).lower().split())


# --------------------------------------------------------------------------- what is changed

_NUMBER = re.compile(r"(?<![\w.,])\d{1,4}(?![\w.,]*\d|%)")
_NAME = re.compile(r"(?<!^)(?<![.?!¿¡:«\"“] )(?<![¿¡«\"“])\b[A-ZÁÉÍÓÚÑ][a-záéíóúñü]{3,}\b")


class Names:
    """Names of the documents, to put one in the place of another."""

    def __init__(self, asked: Sequence[Answered]):
        counts: Counter[str] = Counter()
        for passage in dict.fromkeys(one.passage for one in asked):
            counts.update(set(_NAME.findall(passage)))
        # a word that begins sentences only is no name; the commonest are months, countries
        self._names = sorted(name for name, n in counts.items() if n >= 2)

    def changed(self, question: str, asked: Answered, rng: random.Random) -> str | None:
        """The question about another number or name than the one in the passage, so that it does not answer any more; None
        where it has none of which that is sure."""
        told = f"{asked.heading}\n{asked.passage}"
        numbers = [m for m in _NUMBER.finditer(question) if _stands(m.group(), asked.passage)]
        names = [m for m in _NAME.finditer(question) if _stands(m.group(), told)]
        if numbers and (not names or rng.random() < 0.5):
            return _other_number(question, rng.choice(numbers), told, rng)
        if names and self._names:
            match = rng.choice(names)
            for _ in range(8):
                other = rng.choice(self._names)
                if not _stands(other, told) and other not in question:
                    return question[: match.start()] + other + question[match.end() :]
        return None


def _stands(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _other_number(question: str, match: re.Match[str], told: str, rng: random.Random) -> str | None:
    value = int(match.group())
    for _ in range(8):
        far = max(2, value // 50 if value >= 1000 else value)
        other = str(abs(value + rng.choice((-1, 1)) * rng.randint(1, far)))
        if other != match.group() and not _stands(other, told) and other not in question:
            return question[: match.start()] + other + question[match.end() :]
    return None
