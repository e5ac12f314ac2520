"""What a slip of the pen costs: questions asked as they are, and with one slip in a longer word.

``python tests/bench/slips.py DATA QUESTIONS [--each 12]``: a data directory that is built, and questions as questions.py reads them,
of which one in so many is asked, if it has an answer. A slip is a letter left out, doubled or changed, or two that changed
places, in a word of six letters or more. Printed are the shares answered right and declined.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import replace
from pathlib import Path

from questions import ask_all, read_cases

from corpus import language

LEAST = 6


def slipped(question: str, rng: random.Random) -> str:
    """The question with one slip; as it is where it has no word that is long enough."""
    words = [w for w in language.words(question) if len(w[0]) >= LEAST and w[0].isalpha()]
    if not words:
        return question
    word, start, end = rng.choice(words)
    at = rng.randrange(1, len(word) - 1)
    other = rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + rng.choice("aeionrsl") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    return question[:start] + other + question[end:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--each", type=int, default=1, help="one question in so many")
    arguments = parser.parse_args()
    cases = [case for case in read_cases(arguments.questions) if case.answer][:: arguments.each]
    rng = random.Random(5)
    with_slips = [replace(case, question=slipped(case.question, rng)) for case in cases]
    for name, some in (("as written", cases), ("with a slip", with_slips)):
        outcomes, _ = ask_all(arguments.data, some)
        right = sum(outcome.right for outcome in outcomes) / len(outcomes)
        declined = sum(not outcome.quotes for outcome in outcomes) / len(outcomes)
        print(f"{name:12} {len(outcomes)} questions, right {right:.3f}, declined {declined:.3f}")


if __name__ == "__main__":
    main()
