"""From a question to ranked passages: three legs over one opened build."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus import language
from corpus.document import Lang
from corpus.languages import LANGS
from index.encoder import Encoder
from index.local.lexical import LexicalIndex, Question, Word
from index.local.sentences import sentence_key
from index.local.store import Index
from index.translation import Direction, TranslationTable
from qa.fuse import fuse, fuse_first
from qa.rerank import Interaction, QueryTokens, interact

Mode = Literal["hybrid", "dense", "lexical"]
Rows = npt.NDArray[np.int64]

# Words of how a question asks, which an answer need not hold.
_ASKING = frozenset(
    "siglas significa significan significado acronimo mean means meaning stand stands acronym abbreviation initials".split()
)

_CAPITAL_ARTICLE = re.compile(r"\b(?:El|La|Los|Las|Un|Una|The|An?) $")

FIRST_STAGE_K = 100
RERANK_K = 32

# What a word itself is worth in the other language beside its translations: a name or number all of it.
_SELF_KNOWN = 0.3
# Words of the same meaning count less than the word itself, and only the likely ones count.
_PARAPHRASE = 0.5
_MIN_PARAPHRASE = 0.04
_MAX_PARAPHRASES = 5


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One content word of a question: as written, what it stands for in each passage language, and the share of
    ordinary passages there that hold it, and its idf there (0 for a word that says nothing). ``name``: it looks like a
    name or a number. ``known``: some passage holds it. ``keys`` are the terms as sentences keep them, in the same order."""

    text: str
    name: bool
    terms: dict[Lang, Word]
    keys: dict[Lang, list[tuple[int, float]]]
    priors: dict[Lang, float]
    idf: dict[Lang, float]
    known: bool


class Candidate(NamedTuple):
    """One passage as the legs see it: a tuple, since a question makes two hundred. ``score`` decides the order in the mode asked for; ``fused`` is the sum of all legs.

    ``late`` and the two of its best sentence are None for a passage that was not reranked; a rank is None where a leg did not find it.
    """

    row: int
    score: float
    fused: float
    dense: float
    lexical: float
    late: float | None
    sentence_dense: float | None
    sentence_late: float | None
    dense_rank: int | None
    lexical_rank: int | None
    across: bool


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Candidates, best first, out of ``n_searched`` passages; ``interactions`` of the reranked ones by row; the question's
    ``vector`` float32[dim]; time spent
    per step in ms."""

    candidates: list[Candidate]
    interactions: dict[int, Interaction]
    words: list[QueryWord]
    tokens: QueryTokens
    vector: npt.NDArray[np.float32]
    n_searched: int
    timings_ms: dict[str, float]


def content_spans(text: str, lang: Lang) -> list[tuple[str, int, int]]:
    """Terms of a question with their offsets, without the words that only say how it asks ("¿qué significan las siglas…?"),
    unless nothing else is left."""
    spans = language.term_spans(text, lang)
    kept = [s for s in spans if language.fold(text[s[1] : s[2]]) not in _ASKING]
    return kept or spans


def analyse(
    text: str,
    spans: Sequence[tuple[str, int, int]],
    lang: Lang,
    table: TranslationTable,
    lexical: LexicalIndex,
) -> list[QueryWord]:
    """The question's content words, those of its ``content_spans``, with their terms in every passage language."""
    found = []
    for term, start, end in spans:
        written = text[start:end]
        # A capital inside the question marks a name, and so does one on the article before it: "Las meninas"
        article = _CAPITAL_ARTICLE.search(text, 2, start)
        name = written[0].isdigit() or (start > 1 and (written[0].isupper() or bool(article)))
        terms: dict[Lang, Word] = {}
        for passage_lang in LANGS:
            own = language.terms(written, passage_lang)
            itself = own[0] if own else None
            if passage_lang == lang and itself:
                terms[passage_lang] = [(itself, 1.0), *_paraphrases(itself, lang, table)]
                continue
            if passage_lang == lang or lang == "und" or passage_lang == "und":
                terms[passage_lang] = [(itself, 1.0)] if itself else []
                continue
            direction: Direction = "es-en" if lang == "es" else "en-es"
            options = dict(table.translate(term, direction))
            if itself:
                certain = name or not options
                options[itself] = max(options.get(itself, 0.0), 1.0 if certain else _SELF_KNOWN)
            terms[passage_lang] = sorted(options.items(), key=lambda entry: (-entry[1], entry[0]))
        priors = {
            passage_lang: min(1.0, sum(p * table.background(t, passage_lang) for t, p in options))
            for passage_lang, options in terms.items()
        }
        weights = {
            passage_lang: lexical.weight(passage_lang, options, priors[passage_lang])
            for passage_lang, options in terms.items()
            if options
        }
        idf = {
            passage_lang: weights[passage_lang].idf if passage_lang in weights else 0.0
            for passage_lang in LANGS
        }
        known = any(w.seen > 0 for w in weights.values())
        keys = {
            passage_lang: [(sentence_key(passage_lang, t), p) for t, p in options]
            for passage_lang, options in terms.items()
        }
        found.append(QueryWord(written, name, terms, keys, priors, idf, known))
    return found


def _paraphrases(term: str, lang: Lang, table: TranslationTable) -> list[tuple[str, float]]:
    """Other terms of the same language that share a translation: p(b | a) = sum over e of p(e | a) p(b | e).

    Bannard & Callison-Burch 2005 (doi:10.3115/1219840.1219914).
    """
    if lang == "und":
        return []
    there: Direction = "es-en" if lang == "es" else "en-es"
    back: Direction = "en-es" if lang == "es" else "es-en"
    found: dict[str, float] = {}
    for other, p in table.translate(term, there)[:4]:
        for same, q in table.translate(other, back)[:6]:
            if same != term:
                found[same] = found.get(same, 0.0) + p * q
    best = sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))[:_MAX_PARAPHRASES]
    return [(t, round(_PARAPHRASE * p, 4)) for t, p in best if p >= _MIN_PARAPHRASE]


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
    timings: dict[str, float] = {}
    at = time.perf_counter()

    def timed(name: str) -> None:
        nonlocal at
        now = time.perf_counter()
        timings[name] = round((now - at) * 1000, 3)
        at = now

    spans = content_spans(text, lang)
    words = analyse(text, spans, lang, table, index.lexical)
    question: Question = {
        passage_lang: [w.terms[passage_lang] for w in words if w.terms[passage_lang]]
        for passage_lang in LANGS
    }
    idfs = {
        passage_lang: [w.idf[passage_lang] for w in words if w.terms[passage_lang]]
        for passage_lang in LANGS
    }
    timed("analyse")
    encoded = encoder.encode_tokens([text], "query")[0]
    tokens = QueryTokens.of(text, spans, encoded)
    timed("encode")
    dense_rows = np.zeros(0, dtype=np.int64)
    if mode != "lexical":
        dense_rows = index.dense.search(encoded.vector[None, :], FIRST_STAGE_K, allowed)[1][0]
    timed("dense")
    found = index.lexical.search(
        question,
        FIRST_STAGE_K if mode != "dense" else 0,
        allowed,
        idfs=idfs,
        also=dense_rows,
    )
    lexical_rows = found.rows[0]
    timed("lexical")

    rows = np.union1d(dense_rows, lexical_rows)
    lexical = np.zeros(len(rows), dtype=np.float32)
    lexical[np.searchsorted(rows, dense_rows)] = found.also
    lexical[np.searchsorted(rows, lexical_rows)] = found.scores[0]
    # not @, which would hand so small a product to several threads
    dense = np.einsum("ij,j->i", index.dense.vectors(rows), encoded.vector)
    same = (index.lexical.langs[rows] == LANGS.index(lang)) | (lang == "und")
    legs = {"dense": dense, "lexical": lexical}
    first = fuse_first(legs, same) if mode == "hybrid" else legs[mode]
    order = np.lexsort((rows, -first))
    head, tail = order[:RERANK_K], order[RERANK_K:]
    timed("fuse")

    met = interact(tokens, encoded.vector, index.tokens, index.sentences, rows[head].tolist())
    best_dense = [max([0.0, *m.sentence_dense.tolist()]) for m in met]
    best_late = [max([0.0, *m.sentence_late.tolist()]) for m in met]
    closely = {
        "dense": dense[head],
        "lexical": lexical[head],
        "late": np.array([m.score for m in met], dtype=np.float32),
        "sentence_dense": np.array(best_dense, dtype=np.float32),
        "sentence_late": np.array(best_late, dtype=np.float32),
    }
    fused = first.copy()
    fused[head] = fuse(closely, same[head])
    if mode == "hybrid":
        head = head[np.lexsort((rows[head], -fused[head]))]
        # What was not reranked comes after what was, whatever its first score
        fused[tail] = np.minimum(fused[tail], fused[head].min() if len(head) else 0.0)
    closer: dict[int, tuple[float | None, float | None, float | None]] = {
        m.row: (m.score, sentence_dense, sentence_late)
        for m, sentence_dense, sentence_late in zip(met, best_dense, best_late, strict=True)
    }
    dense_rank = {row: i for i, row in enumerate(dense_rows.tolist(), 1)}
    lexical_rank = {row: i for i, row in enumerate(lexical_rows.tolist(), 1)}
    order = np.concatenate([head, tail])
    # As lists: to take two hundred numbers out of arrays one by one costs more than to find them
    columns = (rows, fused if mode == "hybrid" else first, fused, dense, lexical, ~same)
    candidates = [
        Candidate(
            row,
            score,
            total,
            cosine,
            share,
            *closer.get(row, (None, None, None)),
            dense_rank.get(row),
            lexical_rank.get(row),
            across,
        )
        for row, score, total, cosine, share, across in zip(
            *(column[order].tolist() for column in columns), strict=True
        )
    ]
    timed("rerank")
    n_searched = len(index) if allowed is None else len(allowed)
    interactions = {m.row: m for m in met}
    return Retrieved(candidates, interactions, words, tokens, encoded.vector, n_searched, timings)
