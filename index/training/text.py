"""The text an encoder is trained on: translations, questions with their passages, and questions made from text.

A folder holds ``parallel/*.tsv.gz`` and ``dict/*.tsv.gz`` (lines ``english<TAB>spanish``), ``qa/*.jsonl.gz`` (lang, question,
passage, and an id that both languages share) and, if there is any, ``mono/*.en.txt.gz`` (English running text, a
sentence a line).
"""

from __future__ import annotations

import gzip
import json
import random
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

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

# How often runs of neighbouring paragraphs are drawn from a source, relative to its size; 0.5 for others. Prose about the world
# before manuals: the manuals' paragraphs are many and alike.
RUN_WEIGHTS: dict[str, float] = {
    "nllb-seed-wikipedia": 8.0,
    "pawsx-dev-test": 6.0,
    "tico19": 5.0,
    "newstest2008-2011": 4.0,
    "newstest2012-2013": 4.0,
    "openstax-paragraphs": 2.0,
    "python-docs-es-paragraphs": 0.4,
    "ms-biztalk-paragraphs": 0.2,
    "ms-office-dev-paragraphs": 0.2,
    "bible-web-rv1909": 0.15,
}

# Sentences about the world that stand alone, each beside a paraphrase of itself: every other one is joined with
# others at random, since a paraphrase would be a wrong answer that is right.
LONE_SENTENCES = ("pawsx-dev-test",)

# Short sentences of everyday speech: where there are any, the head after the mean is fitted on them in the first place.
SHORT_SENTENCES = ("tatoeba-spa-eng",)

# Sources whose lines stand in the order of their documents: neighbours joined make paragraphs.
RUNNING_TEXT = ("newstest2008-2011", "newstest2012-2013", "tico19", "bible-web-rv1909")

QA_CAPS: dict[str, int] = {"medquad": 6000, "docs-title-intro": 6000}


@dataclass(slots=True)
class Corpora:
    """The training text; pairs are (English, Spanish).

    ``sentences`` and ``paragraphs`` by source; ``runs``: paragraphs by source in the order of their documents, so that
    neighbours are about the same thing, Spanish empty where there is none; ``questions``: (question, passage) by language.
    """

    sentences: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    paragraphs: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    runs: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    terms: list[tuple[str, str]] = field(default_factory=list)
    questions: list[dict[str, tuple[str, str]]] = field(default_factory=list)
    held_out: list[tuple[str, str]] = field(default_factory=list)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _read_tsv(path: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            english, tab, spanish = line.rstrip("\n").partition("\t")
            if tab and english.strip() and spanish.strip():
                yield _nfc(english), _nfc(spanish)


def _join_neighbours(pairs: Sequence[tuple[str, str]], rng: random.Random) -> list[tuple[str, str]]:
    """Paragraphs of two to six neighbouring lines of a running text."""
    joined, i = [], 0
    while i < len(pairs):
        n = rng.randint(2, 6)
        chunk = pairs[i : i + n]
        i += n
        joined.append((" ".join(e for e, _ in chunk), " ".join(s for _, s in chunk).strip()))
    return joined


def read_corpora(data: Path, rng: random.Random) -> Corpora:
    """All training text below ``data``.

    One paragraph in forty of the paragraph files is held out for choosing checkpoints.
    """
    corpora = Corpora()
    for path in sorted((data / "parallel").glob("*.tsv.gz")):
        name = path.name.removesuffix(".tsv.gz")
        pairs = list(_read_tsv(path))
        if name.endswith("-paragraphs"):
            corpora.held_out += pairs[::40]
            corpora.paragraphs[name] = [p for i, p in enumerate(pairs) if i % 40]
        else:
            corpora.sentences[name] = pairs
            if name in RUNNING_TEXT:
                corpora.paragraphs[name] = _join_neighbours(pairs, rng)
    corpora.runs = dict(corpora.paragraphs)
    for name in LONE_SENTENCES:
        alone = corpora.sentences.get(name, [])[::2]
        rng.shuffle(alone)
        if alone:
            corpora.runs[name] = _join_neighbours(alone, rng)
    for path in sorted((data / "mono").glob("*-wikipedia.en.txt.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            english = [(_nfc(line), "") for line in lines if line.strip()]
        corpora.runs[path.name.removesuffix(".en.txt.gz")] = _join_neighbours(english, rng)
    for path in sorted((data / "dict").glob("*.tsv.gz")):
        corpora.terms += [p for p in _read_tsv(path) if len(p[0]) < 60]
    for path in sorted((data / "qa").glob("*.jsonl.gz")):
        name = path.name.removesuffix(".jsonl.gz")
        by_id: dict[str, dict[str, tuple[str, str]]] = {}
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for n, line in enumerate(lines):
                row = json.loads(line)
                question, passage = _nfc(row["question"]), _nfc(row["passage"])
                # A glossary passage opens with the term asked for: a shortcut, so it goes.
                if name == "openstax-glossary":
                    passage = passage.partition(": ")[2] or passage
                by_id.setdefault(row.get("id") or f"#{n}", {})[row["lang"]] = (question, passage)
        rows = list(by_id.values())
        rng.shuffle(rows)
        corpora.questions += rows[: QA_CAPS.get(name, len(rows))]
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


# --------------------------------------------------------------------------- questions made from text

_ASKING: dict[str, dict[str, tuple[str, ...]]] = {
    "es": {
        "number": ("cuántos", "cuántas", "qué cantidad de", "cuánto", "cuál"),
        "year": ("cuándo", "en qué año", "qué año"),
        "name": ("quién", "qué", "cuál", "dónde", "en qué"),
        "other": ("qué", "cómo", "cuál", "por qué", "qué tipo de", "para qué", "dónde"),
    },
    "en": {
        "number": ("how many", "how much", "what number of", "what"),
        "year": ("when", "in what year", "what year"),
        "name": ("who", "what", "which", "where"),
        "other": ("what", "how", "which", "why", "what type of", "where", "what did"),
    },
}
_YEAR = re.compile(r"\W*(?:1\d|20)\d\d\W*")


def question_about(sentence: str, lang: str, rng: random.Random) -> str:
    """Something that a person who looks for this sentence might type.

    Mostly a clumsy question: a number, a name or a few words are taken out, a question word that fits goes before some of the words around;
    else some words of the sentence, or a stretch of it.
    """
    words = sentence.split()
    if len(words) < 6:
        return sentence
    draw = rng.random()
    if draw > 0.75:
        n = rng.randint(5, 12)
        at = rng.randint(0, max(0, len(words) - n))
        return " ".join(words[at : at + n])
    if draw > 0.55:
        return " ".join([w for w in words if rng.random() > 0.45][:14]) or sentence
    numbers = [i for i, w in enumerate(words) if re.search(r"\d", w)]
    names = [i for i, w in enumerate(words) if i and w[:1].isupper() and len(w) > 2]
    kinds = [("number", numbers), ("name", names), ("other", list(range(len(words))))]
    kind, places = rng.choice([k for k in kinds if k[1]])
    first = rng.choice(places)
    last = first + 1
    if kind == "number" and _YEAR.fullmatch(words[first]):
        kind = "year"
    if kind == "name":
        while last < len(words) and words[last][:1].isupper():
            last += 1
    if kind == "other":
        last = min(len(words), first + rng.randint(1, 3))
    rest = words[:first] + words[last:]
    begin = max(0, first - rng.randint(3, 9))
    around = rest[begin : begin + rng.randint(6, 13)]
    if rng.random() < 0.4:
        around = [w for w in around if rng.random() > 0.2]
    body = " ".join(around).strip(" .,;:")
    question = f"{rng.choice(_ASKING[lang][kind])} {body[:1].lower()}{body[1:]}?"
    question = question[:1].upper() + question[1:]
    return f"¿{question}" if lang == "es" else question


def neighbours(
    corpora: Corpora, size: int, rng: random.Random, *, run: int = 4
) -> list[tuple[str, str]]:
    """``size`` paragraphs (English, Spanish or empty) in runs of neighbours; short ones are joined with the next at times."""
    names = sorted(n for n, paragraphs in corpora.runs.items() if len(paragraphs) > 2 * run)
    weights = [len(corpora.runs[n]) * RUN_WEIGHTS.get(n, 0.5) for n in names]
    drawn: list[tuple[str, str]] = []
    while len(drawn) < size:
        paragraphs = corpora.runs[rng.choices(names, weights)[0]]
        at = rng.randrange(len(paragraphs) - 2 * run)
        for _ in range(run):
            english, spanish = paragraphs[at]
            at += 1
            if len(english) < 350 and rng.random() < 0.6:
                english += " " + paragraphs[at][0]
                spanish += " " + paragraphs[at][1]
                at += 1
            drawn.append((english, spanish.strip()))
    return drawn[:size]


def asked_of_neighbours(
    corpora: Corpora, size: int, rng: random.Random
) -> tuple[list[str], list[str]]:
    """Questions made from paragraphs, and those paragraphs, in the languages of one direction or of all four."""
    whole = rng.choice([None, (0, 0), (1, 1), (0, 1), (1, 0)])
    questions, passages = [], []
    for pair in neighbours(corpora, size, rng):
        ask, tell = whole or (rng.randint(0, 1), rng.randint(0, 1))
        if not pair[1]:
            ask = tell = 0
        parts = sentences_of(pair[ask]) or [pair[ask]]
        sentence, passage = rng.choice(parts), pair[tell]
        if rng.random() < 0.2:
            question = sentence
            if ask == tell and len(parts) > 1:
                passage = passage.replace(sentence, "", 1).strip()
        else:
            question = question_about(sentence, ("en", "es")[ask], rng)
        questions.append(typed_plainly(question, rng) if ask and rng.random() < 0.12 else question)
        passages.append(passage)
    return questions, passages


def asked_with_passages(
    corpora: Corpora, size: int, rng: random.Random
) -> tuple[list[str], list[str]]:
    """Real questions and the passages that answer them, in languages drawn anew for each."""
    questions, passages = [], []
    for row in rng.sample(corpora.questions, min(size, len(corpora.questions))):
        ask, tell = rng.choice(sorted(row)), rng.choice(sorted(row))
        question = row[ask][0]
        if ask == "es" and rng.random() < 0.12:
            question = typed_plainly(question, rng)
        questions.append(question)
        passages.append(row[tell][1])
    return questions, passages
