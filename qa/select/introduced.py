"""Who somebody is, where a text says it in passing beside the name: "our sailmaker, Dr Ruth Penn, …".

A reader looks for a sentence that says what is asked, and this one says something else.
"""

from __future__ import annotations

import re
from typing import Final

from corpus import language

_WHO_IS: Final = re.compile(
    rf"\W*(?:{'|'.join(pack.who_is for pack in language.PACKS.values())})\s+(?P<name>[^?!,;:]+?)\W*\Z"
)
_ONE: Final = rf"(?:{'|'.join(pack.determiners for pack in language.PACKS.values())})"
_TITLE: Final = rf"(?:(?:{'|'.join(pack.titles for pack in language.PACKS.values())})\b\.?\s+)"
_WORD: Final = r"[^\W\d_][\w'’-]*"
# "our head of sales", but not all of a statement
_ROLE: Final = rf"\b{_ONE}\s+(?:{_WORD}\s+){{0,5}}{_WORD}"
_MAX_NAME_WORDS: Final = 4


def introduced(question: str, text: str) -> int | None:
    """Where a text says who somebody is whom a question asks for by name, "¿quién es Ana Soto?"; None where it does not, or the question asks
    for something else."""
    asked = _WHO_IS.match(language.fold(question))
    if asked is None:
        return None
    folded = language.fold(text)
    if len(folded) != len(text):
        return None
    words = re.sub(rf"\A{_TITLE}", "", asked["name"]).split()
    if not 0 < len(words) <= _MAX_NAME_WORDS or not words[0].isalpha():
        return None
    said = r"\s+".join(map(re.escape, words))
    name = rf"{_TITLE}{{0,2}}\b{said}\b"
    # "The board, Ana Soto and two others" says nothing of her
    found = re.search(rf"{_ROLE}(?:,\s+|\s+(?={_TITLE})){name}(?=[,.;)])", folded) or re.search(
        rf"{name},\s+{_ROLE}(?=[,;)])", folded
    )
    return found.start() if found else None
