"""Share of questions about the sample collection that are answered right.

corpus/samples is built through the command line in an empty data directory; then the questions of
tests/data/sample_questions.jsonl are asked. Those whose answer stands in a document of the question's language, those
whose answer stands only in documents of the other one, and those with no answer are counted apart. Right is what
questions.py says. The exit status is 1 when a share is under its minimum or an off-topic question is answered.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from questions import Case, Group, ask_all, read_cases, report
from running import DATA, SAMPLES, build


def kind(case: Case, languages: Mapping[str, str]) -> str:
    """``same``, ``cross`` or ``off-topic``."""
    if not case.answer:
        return "off-topic"
    missing = [doc_id for doc_id in case.documents if doc_id not in languages]
    if missing:
        sys.exit(f"{case.question!r} names {missing[0]}, which is not in the build")
    return "same" if case.lang in {languages[d] for d in case.documents} else "cross"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=Path, default=SAMPLES)
    parser.add_argument("--questions", type=Path, default=DATA / "sample_questions.jsonl")
    parser.add_argument(
        "--least-same", type=float, default=0.85, help="share of right answers, 0..1"
    )
    parser.add_argument(
        "--least-cross", type=float, default=0.75, help="share of right answers, 0..1"
    )
    arguments = parser.parse_args()
    cases = read_cases(arguments.questions)
    with tempfile.TemporaryDirectory() as folder:
        built = build(Path(folder), str(arguments.documents))
        outcomes, languages = ask_all(Path(folder), cases)
    print(
        f"{built['n_documents']} documents, {built['n_passages']} passages, {len(cases)} questions\n"
    )
    least = {"same": arguments.least_same, "cross": arguments.least_cross, "off-topic": 1.0}
    labels = {
        "same": "same language",
        "cross": "across languages",
        "off-topic": "off-topic, declined",
    }
    groups = []
    for name, minimum in least.items():
        for lang in ("es", "en"):
            found = tuple(
                o for o in outcomes if o.case.lang == lang and kind(o.case, languages) == name
            )
            groups.append(Group(f"{labels[name]}, {lang}", minimum, found))
    return report(groups)


if __name__ == "__main__":
    sys.exit(main())
