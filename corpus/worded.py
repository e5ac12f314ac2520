"""Numbers in words: "treinta y un mil doscientas" is 31200, "one hundred and five" 105."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from corpus.languages.pack import LanguagePack, fold

_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"[ \u00a0-]")
_THOUSAND: Final = 1000


def numbers_in_words(text: str, pack: LanguagePack) -> Iterator[tuple[int, int, int]]:
    """The numbers that words of a text say in a language, with where they stand; "un" and "one" are 1, though they may be
    articles."""
    words = list(_WORD.finditer(text))
    values = [pack.cardinals.get(fold(word[0])) for word in words]
    n = 0
    while n < len(words):
        first = values[n]
        per_cent = first == 100 and text[: words[n].start()].endswith("por ")
        if first is None or first > _THOUSAND or per_cent:
            n += 1
            continue
        end, value = _reach(text, words, values, n, pack)
        yield value, words[n].start(), words[end - 1].end()
        n = end


def _reach(
    text: str, words: list[re.Match[str]], values: list[int | None], first: int, pack: LanguagePack
) -> tuple[int, int]:
    """Where the words end that say one number from ``first`` on, and which: what is added is always less than what it is added to."""
    total = part = 0
    n = at = first
    while at < len(words):
        if at > first and not _BETWEEN.fullmatch(text[words[at - 1].end() : words[at].start()]):
            break
        value = values[at]
        if value is None:
            joins = fold(words[at][0]) in pack.joiners and at > first
            if not joins or n < at or at + 1 == len(words):
                break
            at += 1
            continue
        if value >= _THOUSAND:
            if total and value >= total or (total and not part):
                break
            total += max(part, 1) * value
            part = 0
        elif value == 100 and 0 < part < 10:
            part *= 100
        elif part and not (
            (value < 10 and part % 10 == 0 and part % 100 >= 20)
            or (value < 100 and part % 100 == 0)
        ):
            break
        else:
            part += value
        at += 1
        n = at
    return n, total + part
