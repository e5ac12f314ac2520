"""Passages that are changed so that they teach more: without the words that answer, cut shorter, with another beside them.

A passage about the matter that does not say what is asked is what a reader is worst at, and few people write such: the
same passage without the sentence that answers is one. What is cut or has another beside it teaches that the answer may
stand anywhere.
"""

from __future__ import annotations

import random
from dataclasses import replace

from corpus import language
from index.training.answered import Answered, plain

# What is left says something still.
_LEAST_CHARS = 80
_LEAST_SHARE = 0.35
# Two passages together are no longer than what a reader takes in.
_MAX_CHARS = 1200

Ranges = tuple[tuple[int, int], ...]


def without_answer(asked: Answered) -> str | None:
    """The passage without the sentences that hold what a person would underline; None where little would be left, where what is
    left holds words that answer, and where it is not known which words do."""
    passage, kept = asked.passage, []
    for line in _lines_of(passage):
        left = [passage[a:b] for a, b in line if not any(a < e and b > s for s, e in asked.units)]
        if left:
            kept.append(" ".join(part.strip() for part in left))
    rest = "\n".join(kept)
    if not asked.units or len(rest) < max(_LEAST_CHARS, _LEAST_SHARE * len(passage)):
        return None
    said = plain(rest)
    return None if any(plain(passage[a:b]) in said for a, b in asked.spans) else rest


def cropped(asked: Answered, rng: random.Random) -> Answered:
    """The passage without some of the sentences before and behind what a person would underline."""
    found = [sentence for line in _lines_of(asked.passage) for sentence in line]
    if not found or (asked.answers and not asked.units):
        return asked
    if asked.units:
        first, last = min(a for a, _ in asked.units), max(b for _, b in asked.units)
        among = [i for i, (a, b) in enumerate(found) if a < last and b > first]
        low, high = (among[0], among[-1]) if among else (0, len(found) - 1)
    else:
        low = high = rng.randrange(len(found))
    start = found[rng.randint(0, low)][0]
    end = found[rng.randint(high, len(found) - 1)][1]
    if any(a < start or b > end for a, b in (*asked.spans, *asked.units)):
        return asked
    return _moved(asked, asked.passage[start:end], -start)


def joined(asked: Answered, other: str, rng: random.Random) -> Answered:
    """The passage with another before or behind it; as it is where that would be too long."""
    if len(asked.passage) + len(other) > _MAX_CHARS:
        return asked
    if rng.random() < 0.5:
        return _moved(asked, f"{asked.passage}\n{other}", 0)
    return _moved(asked, f"{other}\n{asked.passage}", len(other) + 1)


def _moved(asked: Answered, passage: str, by: int) -> Answered:
    def move(ranges: Ranges) -> Ranges:
        return tuple((a + by, b + by) for a, b in ranges)

    return replace(asked, passage=passage, spans=move(asked.spans), units=move(asked.units))


def _lines_of(passage: str) -> list[list[tuple[int, int]]]:
    """Where the sentences of each line stand."""
    found, at = [], 0
    for line in passage.split("\n"):
        if line.strip():
            whole = [(at, at + len(line))]
            found.append(list(language.sentences(passage, at, at + len(line))) or whole)
        at += len(line) + 1
    return found
