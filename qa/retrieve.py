"""From a question to ranked passages: three legs over one opened build."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from corpus import language
from corpus.document import Lang
from index.encoder import Encoder
from index.lexical import LANGS, Question, Word
from index.store import Index
from index.translation import Direction, TranslationTable
from qa.fuse import fuse
from qa.rerank import Interaction, QueryTokens, interact

Mode = Literal["hybrid", "dense", "lexical"]
Rows = npt.NDArray[np.int64]

FIRST_STAGE_K = 100
RERANK_K = 32

# What a word itself is worth in the other language beside its translations: a name or number all of it.
_SELF_KNOWN = 0.3


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One content word of a question: as written, and what it stands for in each passage language."""

    text: str
    terms: dict[Lang, Word]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One passage as the legs see it; a leg that did not look is None. ``score`` decides the order."""

    row: int
    score: float
    dense: float | None
    lexical: float | None
    late: float | None
    dense_rank: int | None
    lexical_rank: int | None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Candidates, best first; ``interactions`` of the best ones by row; time spent per step in ms."""

    candidates: list[Candidate]
    interactions: dict[int, Interaction]
    words: list[QueryWord]
    tokens: QueryTokens | None
    timings_ms: dict[str, float]


def analyse(text: str, lang: Lang, table: TranslationTable) -> list[QueryWord]:
    """The question's content words with their terms in every passage language."""
    found = []
    for term, start, end in language.term_spans(text, lang):
        written = text[start:end]
        terms: dict[Lang, Word] = {}
        for passage_lang in LANGS:
            own = language.terms(written, passage_lang)
            itself = own[0] if own else None
            if passage_lang == lang or lang == "und" or passage_lang == "und":
                terms[passage_lang] = [(itself, 1.0)] if itself else []
                continue
            direction: Direction = "es-en" if lang == "es" else "en-es"
            options = dict(table.translate(term, direction))
            if itself:
                # A capital inside the question marks a name, which is not translated
                certain = (
                    written[0].isdigit() or not options or (start > 1 and written[0].isupper())
                )
                options[itself] = max(options.get(itself, 0.0), 1.0 if certain else _SELF_KNOWN)
            terms[passage_lang] = sorted(options.items(), key=lambda entry: (-entry[1], entry[0]))
        found.append(QueryWord(written, terms))
    return found


def retrieve(
    text: str,
    lang: Lang,
    index: Index,
    encoder: Encoder,
    table: TranslationTable,
    *,
    mode: Mode = "hybrid",
    allowed: Rows | None = None,
) -> Retrieved:
    """Passages of ``index`` for a question, best first; ``allowed`` limits them to those rows."""
    clock = time.perf_counter
    timings: dict[str, float] = {}

    def timed(name: str, began: float) -> float:
        now = clock()
        timings[name] = round((now - began) * 1000, 3)
        return now

    at = clock()
    words = analyse(text, lang, table)
    at = timed("analyse", at)
    vector = None
    query_tokens = None
    if mode != "lexical":
        encoded = encoder.encode_tokens([text], "query")[0]
        vector = encoded.vector[None, :]
        query_tokens = QueryTokens.of(text, lang, encoded)
        at = timed("encode", at)

    empty = np.zeros(0, dtype=np.int64)
    dense_rows, lexical_rows = empty, empty
    if vector is not None:
        dense_scores, found = index.dense.search(vector, FIRST_STAGE_K, allowed)
        dense_rows = found[0]
        at = timed("dense", at)
        if mode == "dense":
            ranked = [
                Candidate(int(r), float(s), float(s), None, None, i, None)
                for i, (r, s) in enumerate(zip(dense_rows, dense_scores[0], strict=True), 1)
            ]
            return Retrieved(ranked, {}, words, query_tokens, timings)

    question: Question = {
        passage_lang: [w.terms[passage_lang] for w in words if w.terms[passage_lang]]
        for passage_lang in LANGS
    }
    lexical_all = index.lexical.scores(question)
    lexical_scores, found = index.lexical.top(lexical_all, FIRST_STAGE_K, allowed)
    lexical_rows = found[0]
    at = timed("lexical", at)
    if vector is None or query_tokens is None:
        ranked = [
            Candidate(int(r), float(s), None, float(s), None, None, i)
            for i, (r, s) in enumerate(zip(lexical_rows, lexical_scores[0], strict=True), 1)
        ]
        return Retrieved(ranked, {}, words, None, timings)

    rows = np.union1d(dense_rows, lexical_rows)
    dense = (index.dense.vectors(rows) @ vector[0]).astype(np.float32)
    lexical = lexical_all[rows]
    same = index.lexical.langs[rows] == LANGS.index(lang)
    first = fuse(dense, lexical, None, same)
    order = np.lexsort((rows, -first))
    at = timed("fuse", at)

    head, tail = order[:RERANK_K], order[RERANK_K:]
    met = interact(query_tokens, index.tokens, rows[head].tolist())
    late = np.array([m.score for m in met], dtype=np.float32)
    final = fuse(dense[head], lexical[head], late, same[head])
    within = np.lexsort((rows[head], -final))
    timed("rerank", at)

    dense_rank = {int(r): i for i, r in enumerate(dense_rows, 1)}
    lexical_rank = {int(r): i for i, r in enumerate(lexical_rows, 1)}

    def candidate(i: int, score: float, late_score: float | None) -> Candidate:
        row = int(rows[i])
        return Candidate(
            row, score, float(dense[i]), float(lexical[i]), late_score,
            dense_rank.get(row), lexical_rank.get(row),
        )  # fmt: skip

    ranked = [candidate(head[j], float(final[j]), float(late[j])) for j in within]
    # What was not reranked comes after what was, whatever its first score
    floor = float(final.min()) - float(first[head].min()) if len(head) else 0.0
    ranked += [candidate(i, min(float(first[i]) + floor, ranked[-1].score), None) for i in tail]
    interactions = {int(rows[head[j]]): met[j] for j in range(len(head))}
    return Retrieved(ranked, interactions, words, query_tokens, timings)
