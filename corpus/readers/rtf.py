"""Rich text (RTF) → :class:`~corpus.readers.draft.Draft`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from corpus.document import LeftOut, UnreadableDocumentError
from corpus.readers.draft import LINE, PARAGRAPH, Draft, Part, clean, flat, raised
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


@dataclass(frozen=True, slots=True)
class _Look:
    """How letters look: why nobody sees them, and how far they stand above the line."""

    unseen: frozenset[str] = frozenset()
    is_super: bool = False
    up: int = 0  # In half points, as their size
    size: int = 24

    def with_word(self, word: str, number: str | None) -> _Look:
        """The look after a control word."""
        if word == "plain":
            return _Look()
        if word in _UNSEEN:
            own = {word}
            return replace(self, unseen=self.unseen - own if number == "0" else self.unseen | own)
        if word in ("super", "sub", "nosupersub"):
            return replace(self, is_super=word == "super" and number != "0", up=0)
        if word in ("up", "dn"):
            return replace(self, up=int(number or 6) if word == "up" else 0)
        return replace(self, size=int(number or 24)) if word == "fs" else self

    def is_above(self) -> bool:
        """Whether letters stand above the line: raised as such, or put up by a third of their size."""
        return self.is_super or (self.up > 0 and 3 * self.up >= self.size)


def _raised(letters: str) -> str:
    """Letters of the source that stand above the line, as characters that do."""
    return "".join(
        char if char.isascii() else f"{{\\uc0\\u{ord(char)} }}" for char in raised(letters)
    )


def _shown(source: str) -> tuple[str, list[tuple[str, str]]]:
    """The source without what is struck out, hidden or deleted, and those words with the reason, and with what is raised as characters that
    are: striprtf reads all as text on the line."""
    kept: list[str] = []
    gone: list[tuple[str, str]] = []
    stack: list[_Look] = []
    now = _Look()
    for token in _TOKEN.finditer(source):
        word = token[1]
        said = token[0]
        if said == "{":
            stack.append(now)
        elif said == "}":
            now = stack.pop() if stack else now
        elif word is not None and word not in ("u", "tab", "line"):
            now = now.with_word(word, token[2])
        elif now.unseen:
            reason = _UNSEEN[min(now.unseen)]
            if gone and gone[-1][1] == reason and kept[-1] == "":
                gone[-1] = (gone[-1][0] + said, reason)
            elif said.strip():
                gone.append((said, reason))
            said = ""
        elif now.is_above() and said[0] != "\\":
            said = _raised(said)
        kept.append(said)
    return "".join(kept), gone


def _line(text: str, before: list[Part]) -> Part:
    if text[:1] not in "•·▪◦" or len(text) < 2:
        return Part(text)
    tight = bool(before) and before[-1].kind == "item"
    return Part(text, level=1, kind="item", glue=LINE if tight else PARAGRAPH)
