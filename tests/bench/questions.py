"""Questions with known answers, asked of an engine and judged: what seed.py and samples.py share.

A question is answered right when the quote of one of its citations holds one of the alternatives (compared as NFC
text without regard to case); a question without alternatives has no answer in the documents and must be declined.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import running  # noqa: F401  # puts the project on the path


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a question file; without ``answer`` there is none in the documents."""

    question: str
    lang: str
    answer: tuple[str, ...]
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back: ``quotes`` and the documents they are from, empty when the question was declined.

    ``best`` is the sentence that scored highest, quoted or not; it tells a wrong choice from too low a confidence.
    """

    case: Case
    quotes: tuple[str, ...]
    documents: tuple[str, ...]
    confidence: float
    best: str

    @property
    def right(self) -> bool:
        """Answered with the right quote, or rightly declined."""
        if not self.case.answer:
            return not self.quotes
        return any(_holds(quote, self.case.answer) for quote in self.quotes)

    @property
    def declined_in_vain(self) -> bool:
        """Declined although the best sentence was right: the confidence fell short, not the search."""
        return bool(self.case.answer) and not self.quotes and _holds(self.best, self.case.answer)


@dataclass(frozen=True, slots=True)
class Group:
    """One line of the table; the share of right outcomes must be at least ``minimum`` (0..1)."""

    name: str
    minimum: float
    outcomes: tuple[Outcome, ...]


def _holds(quote: str, alternatives: Sequence[str]) -> bool:
    return any(_plain(wanted) in _plain(quote) for wanted in alternatives)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def read_cases(path: Path) -> list[Case]:
    """The questions of a JSON Lines file."""
    cases = []
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            facts = json.loads(line)
            documents = tuple(facts.get("documents", ()))
            cases.append(Case(facts["question"], facts["lang"], tuple(facts["answer"]), documents))
    return cases


def ask_all(data: Path, cases: Sequence[Case]) -> tuple[list[Outcome], dict[str, str]]:
    """The outcome of each question, its language left to be detected; and the language of each document."""
    from api.settings import load_settings
    from index.encoder import load_encoder
    from index.reader import load_reader
    from qa.engine import Engine, Query, SearchOptions

    settings = load_settings(data=data)
    engine = Engine(
        settings.data, load_encoder(settings.encoder), reader=load_reader(settings.encoder)
    )
    engine.serving()
    outcomes = []
    for case in cases:
        answer = engine.ask(Query(case.question), SearchOptions(explain=True))
        assert answer.trace is not None
        assert answer.trace.answer is not None
        judged = answer.trace.answer.selection.units
        outcomes.append(
            Outcome(
                case,
                tuple(c.quote for c in answer.citations),
                tuple(c.doc_id for c in answer.citations),
                answer.confidence,
                judged[0].quote.text if judged else "",
            )
        )
    languages = {d.doc_id: str(d.lang) for d in engine.index.documents()}
    engine.close()
    return outcomes, languages


def report(groups: Sequence[Group]) -> int:
    """Print the table and each failure; the exit status, 1 when a group is under its minimum."""
    width = max(len(group.name) for group in groups)
    print(f"{'':{width}}  right/total   share  at least  wrong  declined in vain")
    failed = []
    for group in groups:
        total = len(group.outcomes)
        right = sum(outcome.right for outcome in group.outcomes)
        share = right / total if total else 1.0
        vain = sum(outcome.declined_in_vain for outcome in group.outcomes)
        wrong = sum(bool(outcome.quotes) and not outcome.right for outcome in group.outcomes)
        missed = share < group.minimum
        if missed:
            failed.append(group.name)
        print(
            f"{group.name:{width}}  {right:>5}/{total:<5}  {share:6.1%}  {group.minimum:8.0%}  {wrong:5}  {vain:16}"
            f"{'   MISSED' if missed else ''}"
        )
    failures = [(g, o) for g in groups for o in g.outcomes if not o.right]
    if failures:
        print("\nfailures:")
    for group, outcome in failures:
        print(f"- [{group.name}] {outcome.case.question}")
        if not outcome.quotes:
            print(f"    declined (confidence {outcome.confidence:.2f})")
            print(f"    best:     {' '.join(outcome.best.split())}")
        for quote, doc_id in zip(outcome.quotes, outcome.documents, strict=True):
            print(f"    quoted:   {' '.join(quote.split())}  [{doc_id}, {outcome.confidence:.2f}]")
        expected = " | ".join(outcome.case.answer) or "no answer"
        print(f"    expected: {expected}")
    if failed:
        print(f"\nmissed: {', '.join(failed)}")
    return 1 if failed else 0
