"""How often a follow-up question is answered right, and how often a question that stands alone is taken for one.

The conversations of tests/data/followups.jsonl, two or three questions each over corpus/samples, are asked in order; the
last question counts. It is asked with the earlier ones, without them, and written out in full by hand. Right is what
questions.py says. Three kinds: the last question leans on those before it, leans on one in the other language, or is about
something else and must be read as it stands.

With --xquad they are also asked among the paragraphs of XQuAD in both languages, where fewer follow-ups can be guessed from
what few documents there are; and false alarms are counted: each question of XQuAD (PATH/xquad.es.json, PATH/xquad.en.json) is read after one drawn from
all the others, and where it is read as leaning it is asked both ways of a build of that language's paragraphs. The questions about
the samples and about the seed document are always read after each other in the same manner, and asked of the samples.

The exit status is 1 when a share is under its minimum or a false alarm share above its maximum.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from questions import Case, Outcome, read_cases
from running import DATA, SAMPLES, build, say

from qa.engine import Answer, Engine, Query
from qa.followup import Previous, read

KINDS = {
    "follow": "leans on the one before",
    "across": "leans, across languages",
    "topic": "about something else",
}
WAYS = ("with previous", "without", "in full")
MOST_ALARMS = 0.02
"""Share of the questions that stand alone of which the answer may change because of the one before."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Questions in order; ``full`` is the last one by hand, in full; without ``answer`` it must be declined."""

    lang: str
    kind: str
    turns: tuple[str, ...]
    full: str
    answer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The answers to the last question of a conversation, in the order of WAYS."""

    conversation: Conversation
    read_as: str | None
    outcomes: tuple[Outcome, ...]


def read_conversations(path: Path) -> list[Conversation]:
    """The conversations of a JSON Lines file."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        facts = json.loads(line)
        turns, answer = tuple(facts["turns"]), tuple(facts["answer"])
        found.append(Conversation(facts["lang"], facts["kind"], turns, facts["full"], answer))
    return found


def engine_of(data: Path) -> Engine:
    """An engine over the build in ``data``, with the encoder of the settings."""
    from api.settings import load_settings
    from index.encoder import load_encoder
    from index.reader import load_reader

    settings = load_settings(data=data)
    engine = Engine(
        settings.data, load_encoder(settings.encoder), reader=load_reader(settings.encoder)
    )
    engine.serving()
    return engine


def outcome(conversation: Conversation, question: str, answer: Answer) -> Outcome:
    case = Case(question, conversation.lang, conversation.answer)
    quotes = tuple(c.quote for c in answer.citations)
    return Outcome(case, quotes, tuple(c.doc_id for c in answer.citations), answer.confidence, "")


def hold(engine: Engine, conversation: Conversation) -> Told:
    """Ask the questions of a conversation as the chat page does, the last one in all three ways."""
    previous: list[Previous] = []
    for question in conversation.turns[:-1]:
        answer = engine.ask(Query(question, previous=tuple(previous)))
        cited = tuple(dict.fromkeys(c.doc_id for c in answer.citations))
        previous.append(Previous(question, cited))
    last = conversation.turns[-1]
    answers = (
        engine.ask(Query(last, previous=tuple(previous))),
        engine.ask(Query(last)),
        engine.ask(Query(conversation.full)),
    )
    outcomes = tuple(
        outcome(conversation, question, answer)
        for question, answer in zip((last, last, conversation.full), answers, strict=True)
    )
    return Told(conversation, answers[0].question.read_as, outcomes)


def print_table(told: Sequence[Told], least: dict[str, float]) -> bool:
    """Print the shares, Spanish and English side by side; whether all reach their minimum."""
    enough = True
    print(f"{'':26}" + "".join(f"{lang + ', ' + way:>20}" for way in WAYS for lang in ("es", "en")))
    for kind, name in KINDS.items():
        cells = []
        for way in range(len(WAYS)):
            for lang in ("es", "en"):
                of = [t for t in told if (t.conversation.kind, t.conversation.lang) == (kind, lang)]
                right = sum(t.outcomes[way].right for t in of)
                cells.append(f"{right}/{len(of)} {right / max(1, len(of)):6.1%}")
                enough = enough and (way > 0 or right >= least[kind] * len(of))
        print(f"{name:26}" + "".join(f"{cell:>20}" for cell in cells))
    for lang in ("es", "en"):
        of = [t for t in told if t.conversation.lang == lang]
        seen = sum(t.read_as is not None for t in of if t.conversation.kind != "topic")
        false = sum(t.read_as is not None for t in of if t.conversation.kind == "topic")
        n = sum(t.conversation.kind != "topic" for t in of)
        print(
            f"{lang}: read as leaning {seen} of {n} that lean, {false} of {len(of) - n} that do not"
        )
    return enough


def print_failures(told: Sequence[Told]) -> None:
    for one in told:
        if one.outcomes[0].right:
            continue
        print(f"- [{one.conversation.kind}] {' / '.join(one.conversation.turns)}")
        print(f"    read as:  {one.read_as}")
        quotes = " | ".join(" ".join(q.split()) for q in one.outcomes[0].quotes)
        print(f"    quoted:   {quotes or 'declined'} ({one.outcomes[0].confidence:.2f})")
        print(f"    expected: {' | '.join(one.conversation.answer) or 'no answer'}")
        print(f"    in full:  {'right' if one.outcomes[2].right else 'wrong'}")


def alarms(engine: Engine, questions: Sequence[str], seed: int = 7) -> tuple[int, int, int]:
    """Of ``questions``, each after one drawn from the others: how many, how many read as leaning, how many answered otherwise."""
    draw = random.Random(seed)
    leaning = changed = 0
    for number, question in enumerate(questions):
        before = questions[(number + draw.randrange(1, len(questions))) % len(questions)]
        if not read(question, [before]).leans:
            continue
        leaning += 1
        after = engine.ask(Query(question, previous=(Previous(before),)))
        alone = engine.ask(Query(question))
        if [(c.doc_id, c.start) for c in after.citations] != [
            (c.doc_id, c.start) for c in alone.citations
        ]:
            changed += 1
            say(f"  {after.question.read_as}")
    return len(questions), leaning, changed


def xquad(path: Path, lang: str, folder: Path) -> list[str]:
    """The questions of XQuAD in one language; its paragraphs as documents in ``folder``."""
    found = []
    articles = json.loads((path / f"xquad.{lang}.json").read_text("utf-8"))["data"]
    for number, article in enumerate(articles):
        for at, paragraph in enumerate(article["paragraphs"]):
            (folder / f"{number:02}-{at:02}.txt").write_text(paragraph["context"], "utf-8")
            found += [one["question"] for one in paragraph["qas"]]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=Path, default=DATA / "followups.jsonl")
    parser.add_argument(
        "--half", choices=("all", "even", "odd"), default="all", help="by line, from 0"
    )
    parser.add_argument("--xquad", type=Path, help="folder of xquad.es.json and xquad.en.json")
    parser.add_argument("--least", type=float, default=0.8, help="share of right answers, 0..1")
    arguments = parser.parse_args()
    conversations = read_conversations(arguments.conversations)
    if arguments.half != "all":
        conversations = conversations[arguments.half == "odd" :: 2]
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder), str(SAMPLES))
        engine = engine_of(Path(folder))
        told = [hold(engine, conversation) for conversation in conversations]
        alone = read_cases(DATA / "sample_questions.jsonl") + read_cases(
            DATA / "seed_questions.jsonl"
        )
        counted = {
            f"samples and seed, {lang}": alarms(
                engine, [c.question for c in alone if c.lang == lang]
            )
            for lang in ("es", "en")
        }
        engine.close()
    among: list[Told] = []
    if arguments.xquad:
        with tempfile.TemporaryDirectory() as texts, tempfile.TemporaryDirectory() as folder:
            for lang in ("es", "en"):
                (Path(texts) / lang).mkdir()
                xquad(arguments.xquad, lang, Path(texts) / lang)
            build(Path(folder), str(SAMPLES), *(str(Path(texts) / lang) for lang in ("es", "en")))
            engine = engine_of(Path(folder))
            among = [hold(engine, conversation) for conversation in conversations]
            engine.close()
    for lang in ("es", "en") if arguments.xquad else ():
        with tempfile.TemporaryDirectory() as texts, tempfile.TemporaryDirectory() as folder:
            questions = xquad(arguments.xquad, lang, Path(texts))
            build(Path(folder), texts)
            engine = engine_of(Path(folder))
            counted[f"XQuAD, {lang}"] = alarms(engine, questions)
            engine.close()
    enough = print_table(told, {"follow": arguments.least, "across": arguments.least, "topic": 0.9})
    if among:
        print("\namong the paragraphs of XQuAD")
        print_table(among, dict.fromkeys(KINDS, 0.0))
    print("\nfalse alarms: questions that stand alone, after another one")
    for name, (n, leaning, changed) in counted.items():
        print(
            f"{name:22} {leaning:4} of {n} read otherwise ({leaning / n:.1%}), {changed} answered otherwise ({changed / n:.1%})"
        )
        enough = enough and changed <= MOST_ALARMS * n
    if any(not t.outcomes[0].right for t in told):
        print("\nfailures with previous:")
        print_failures(told)
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
