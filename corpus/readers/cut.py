"""Sentences that stand in two paragraphs, as text that was copied from a printed page does: parted where a line of it ended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from corpus.blocks.signs import begins_anew
from corpus.readers.draft import Part

# A shorter one may be a line of its own, as of a list or a programme.
_LEAST_LINE_CHARS: Final = 80
_CLOSED = re.compile(r"[.,;:!?…–—-][\"'»”’)\]]*\Z")
# No address of a page or a mailbox
_WORD = re.compile(r"[^\W\d_]+(?:[-'’/][^\W\d_]+)*[,;:.!?)»”\"]*(?=\s|\Z)")


def join_cut(parts: Sequence[Part]) -> None:
    """Joins each paragraph to the item or paragraph before it whose sentence it goes on with: a long line without a stop, then a small letter.
    Several that begin small, one below the other, are a list."""
    for n in range(len(parts) - 1):
        if _goes_on(parts[n], parts[n + 1]) and not _lists(parts[n + 1 : n + 3]):
            parts[n + 1].glue = " "


def _goes_on(before: Part, part: Part) -> bool:
    return (
        before.kind in ("paragraph", "item")
        and part.kind == "paragraph"
        and before.strong == part.strong
        and len(before.text.split("\n")[-1].strip()) >= _LEAST_LINE_CHARS
        and _CLOSED.search(before.text.strip()) is None
        and part.text[:1].islower()
        and _WORD.match(part.text) is not None
        and not begins_anew(part.text)
    )


def _lists(parts: Sequence[Part]) -> bool:
    """Whether the first of two paragraphs ends as one of several things that are listed, and the second begins as the next of them."""
    if len(parts) < 2 or parts[1].kind != "paragraph" or not parts[1].text[:1].islower():
        return False
    return not _goes_on(*parts) and not begins_anew(parts[1].text)
