"""Rich text (RTF) → :class:`~corpus.readers.draft.Draft`."""

from __future__ import annotations

import re
from typing import Final

from corpus.document import LeftOut, UnreadableDocumentError
from corpus.readers.draft import LINE, PARAGRAPH, Draft, Part, clean, flat
from corpus.readers.tables import table_parts


def read_rtf(data: bytes) -> Draft:
    """Paragraphs and tables; what is a heading is told by its line, for the format hardly says it."""
    if not data.lstrip()[:5].lower().startswith(b"{\\rtf"):
        raise UnreadableDocumentError(
            "this is not a rich text file (.rtf): it does not begin with {\\rtf; give it the suffix of its real format"
        )
    from striprtf.striprtf import rtf_to_text

    shown, left_out = _shown(data.decode("latin-1"))
    text = clean(rtf_to_text(shown, errors="ignore"))
    draft = Draft(plain=True)
    draft.left_out = tuple(
        LeftOut(rtf_to_text(f"{{\\rtf1\\ansi {one}}}", errors="ignore"), 0, reason)
        for one, reason in left_out
    )
    rows: list[list[str]] = []
    for line in text.split("\n"):
        # striprtf ends every cell with a bar
        if line.rstrip().endswith("|"):
            rows.append([flat(cell) for cell in line.rstrip()[:-1].split("|")])
            continue
        draft.parts += table_parts(rows)
        rows = []
        if line.strip():
            draft.parts.append(_line(flat(line), draft.parts))
    draft.parts += table_parts(rows)
    return draft


# A brace, a control word with its number, another control symbol, or letters.
_TOKEN = re.compile(
    r"[{}]|\\([a-zA-Z]+)(-?\d+)?[ ]?|\\'[0-9a-fA-F]{2}|\\[^a-zA-Z]|[^\\{}]+", re.DOTALL
)
_UNSEEN: Final = {
    "strike": "struck out",
    "striked": "struck out",
    "v": "hidden",
    "deleted": "deleted",
}


def _shown(source: str) -> tuple[str, list[tuple[str, str]]]:
    """The source without what is struck out, hidden or deleted, and those words with the reason: striprtf reads them as text."""
    kept: list[str] = []
    gone: list[tuple[str, str]] = []
    stack: list[frozenset[str]] = []
    now: frozenset[str] = frozenset()
    for token in _TOKEN.finditer(source):
        word = token[1]
        if token[0] == "{":
            stack.append(now)
        elif token[0] == "}":
            now = stack.pop() if stack else now
        elif word == "plain":
            now = frozenset()
        elif word in _UNSEEN:
            now = now - {word} if token[2] == "0" else now | {word}
        elif now and (word is None or word in ("u", "tab", "line")):
            reason = _UNSEEN[min(now)]
            if gone and gone[-1][1] == reason and kept[-1] == "":
                gone[-1] = (gone[-1][0] + token[0], reason)
            elif token[0].strip():
                gone.append((token[0], reason))
            kept.append("")
            continue
        kept.append(token[0])
    return "".join(kept), gone


def _line(text: str, before: list[Part]) -> Part:
    if text[:1] not in "•·▪◦" or len(text) < 2:
        return Part(text)
    tight = bool(before) and before[-1].kind == "item"
    return Part(text, level=1, kind="item", glue=LINE if tight else PARAGRAPH)
