"""Makes the trace of a question out of what its stages gave: only where one is asked for, since it takes time."""

from __future__ import annotations

from collections.abc import Sequence

from corpus import language
from corpus.document import Passage
from index.legs import LEGS
from index.searchable import QueryWord
from qa.calibration import Fusion
from qa.duplicates import Wording, shared
from qa.rank import Ranked
from qa.retrieve import Candidate, Retrieved
from qa.select import Selection, Unit
from qa.trace import AnswerTrace, By, LegShare, Match, Merged, PassageTrace, Trace, UnitTrace

_VERBS = frozenset(
    "ir va van voy vas vamos fui iba viene vienen venir da dan dar hace hacen hacer pone ponen poner sabe saben saber ve ven ver "
    "queda quedan quedar lleva llevan llevar pasa pasan pasar toca tocan tocar vale valen valer sale salen salir debo puedo "
    "go goes going went come comes came get gets got give gives gave make makes made put puts take takes took let lets keep keeps".split()
)

N_UNITS = 8
"""Units told of, quoted or not."""


def of_search(
    retrieved: Retrieved, passages: Sequence[Ranked], n_shown: int, fusion: Fusion
) -> Trace:
    """The trace of a search: all ``passages`` were compared for repetitions, the first ``n_shown`` are shown."""
    return Trace(
        words=tuple(w for w in retrieved.asked.words if w.known or _is_thing(w)),
        weights=fusion.close,
        n_candidates=len(retrieved.candidates),
        passages=tuple(_of_passage(retrieved, one, fusion) for one in passages[:n_shown]),
        merged=tuple(
            Merged(
                repeat.passage_id,
                one.passage.passage_id,
                shared(Wording(repeat), Wording(one.passage)),
            )
            for one in passages
            for repeat in one.repeats
        ),
    )


def of_answer(
    selection: Selection, least: float, cited: Sequence[Unit], unheld: Sequence[Unit]
) -> AnswerTrace:
    """The trace of an answer: ``cited`` are the units that it cites, in the order of their citations; ``unheld`` those that
    are not word for word in their document."""
    number_of = {id(unit): n for n, unit in enumerate(cited, 1)}
    dropped = {id(unit) for unit in unheld}
    chosen = {id(unit) for unit in selection.chosen}

    def traced(unit: Unit) -> UnitTrace:
        if id(unit) in number_of:
            return UnitTrace(unit, number_of[id(unit)], None)
        if id(unit) in dropped:
            return UnitTrace(unit, None, "not_in_document")
        if selection.confidence < least:
            return UnitTrace(unit, None, "below_threshold")
        return UnitTrace(unit, None, unit.reason)

    told = [u for n, u in enumerate(selection.units) if n < N_UNITS or id(u) in chosen]
    return AnswerTrace(selection, least, tuple(map(traced, told)), tuple(u.span for u in cited))


def _of_passage(retrieved: Retrieved, ranked: Ranked, fusion: Fusion) -> PassageTrace:
    candidate = ranked.candidate
    sides = fusion.close if candidate.close else fusion.first
    weights = sides.across if candidate.across else sides.same
    ranks = dict(zip(LEGS, candidate.ranks, strict=True))
    ranks["late"] = _late_rank(retrieved, candidate)
    matched, missing = _matches(retrieved.asked.words, ranked.passage, candidate.across)
    return PassageTrace(
        legs=tuple(
            LegShare(leg, ranks[leg], score, weights.of(leg))
            for leg, score in zip(LEGS, candidate.scores, strict=True)
            if score is not None
        ),
        constant=weights.constant,
        fused=candidate.fused,
        across=candidate.across,
        cross_encoder=ranked.cross_encoder,
        reader=ranked.reader,
        matched=tuple(matched),
        missing=tuple(missing),
    )


def _is_thing(word: QueryWord) -> bool:
    """Whether a word can be missing: a form of a verb that says nothing by itself is not looked for."""
    return language.fold(word.text) not in _VERBS


def _late_rank(retrieved: Retrieved, candidate: Candidate) -> int | None:
    own = candidate.of("late")
    if own is None:
        return None
    others = (c.of("late") for c in retrieved.candidates)
    return 1 + sum(late is not None and late > own for late in others)


def _matches(
    words: Sequence[QueryWord], passage: Passage, across: bool
) -> tuple[list[Match], list[str]]:
    """The question's words that the passage or its heading holds, each with the terms that say so, and those it lacks."""
    lang = passage.lang
    held = frozenset(language.terms(f"{passage.heading}\n{passage.text}", lang))
    matched, missing = [], []
    for word in words:
        terms = [(t, p) for t, p in word.terms[lang] if t in held]
        if not terms:
            if _is_thing(word):
                missing.append(word.text)
            continue
        by: By = "itself"
        if all(p < 1 for _, p in terms):
            by = "translation" if across else "synonym"
        matched.append(Match(word.text, tuple(t for t, _ in terms), by, word.idf[lang]))
    return matched, missing
