"""Rich text (RTF) → :class:`~corpus.readers.draft.Draft`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from corpus.document import LeftOut, UnreadableDocumentError
from corpus.readers.draft import LINE, PARAGRAPH, Draft, Part, clean, flat, in_cell, raised
from corpus.readers.named import lines_of_tabs
from corpus.readers.numbering import is_counting
from corpus.readers.tabbed import cells_of
from corpus.readers.tables import table_parts

# What the source says of a text that is lost when it becomes plain, as characters that no text has: its level as a heading, where the mark of
# an item begins and ends, that it is all in bold, which note hangs on it, a line end within a cell.
_HEADING, _ITEM, _MARKED, _BOLD, _NOTE, _CELL_LINE = map(chr, range(0xE001, 0xE007))
_SAID_OF_TEXT = re.compile(
    f"(?:{_HEADING}(\\d))?(?:{_ITEM}([^{_MARKED}]*){_MARKED})?(?:{_HEADING}(\\d))?({_BOLD}?)"
)
_NOTE_MARK = re.compile(f"{_NOTE}(\\d+){_NOTE}")
_MARKS = re.compile(f"[{_HEADING}-{_CELL_LINE}]\\d?")


def read_rtf(data: bytes) -> Draft:
    """Headings, paragraphs, items, tables and notes; a heading that is not marked as such is told by its line."""
    if not data.lstrip()[:5].lower().startswith(b"{\\rtf"):
        raise UnreadableDocumentError(
            "this is not a rich text file (.rtf): it does not begin with {\\rtf; give it the suffix of its real format"
        )
    from striprtf.striprtf import rtf_to_text

    source = data.decode("latin-1")
    code_page = _CODE_PAGE.search(source)
    opened = f"{{\\rtf1\\ansi{'' if code_page is None else code_page[0]} "

    def plain(piece: str) -> str:
        return clean(rtf_to_text(f"{opened}{piece}}}", errors="ignore"))

    shown = _Shown()
    shown.read(source)
    text = clean(rtf_to_text("".join(shown.kept), errors="ignore"))
    draft = Draft()
    draft.left_out = tuple(LeftOut(plain(one), 0, reason) for one, reason in shown.gone)
    notes = [flat(_MARKS.sub("", plain("".join(note)))) for note in shown.notes]
    _Lines(draft, notes).read(text)
    for box in shown.boxes:
        _Lines(draft, []).read(plain("".join(box)))
    draft.plain = all(part.kind != "heading" for part in draft.parts)
    return draft


_CODE_PAGE = re.compile(r"\\ansicpg\d+")


class _Lines:
    """Makes parts of the lines of a text: rows of those that end in a bar."""

    def __init__(self, draft: Draft, notes: list[str]) -> None:
        self.draft = draft
        self.notes = notes

    def read(self, text: str) -> None:
        """All lines."""
        rows: list[list[str]] = []
        for line in text.split("\n"):
            noted = [
                self.notes[int(n)] for n in _NOTE_MARK.findall(line) if int(n) < len(self.notes)
            ]
            line = _NOTE_MARK.sub("", line)
            # striprtf ends every cell with a bar
            if line.rstrip().endswith("|"):
                rows.append([_cell(cell) for cell in line.rstrip()[:-1].split("|")])
            else:
                self.draft.parts += table_parts(rows)
                rows = []
                self.line(line)
            if noted:
                self.draft.parts += table_parts(rows)
                rows = []
            self.draft.parts += [Part(note, kind="footnote") for note in noted if note]
        self.draft.parts += table_parts(rows)

    def line(self, line: str) -> None:
        """A line that is no row."""
        said_of = _SAID_OF_TEXT.match(line)
        bare = _MARKS.sub("", line[said_of.end() if said_of else 0 :])
        text = flat(bare)
        if not text or said_of is None:
            return
        level, mark = int(said_of[1] or said_of[3] or 0), said_of[2]
        tight = bool(self.draft.parts) and self.draft.parts[-1].kind == "item"
        glue = LINE if tight else PARAGRAPH
        number = flat(mark) if mark and is_counting(flat(mark)) else ""
        whole = f"{number} {text}" if number else text
        if level:
            self.draft.parts.append(Part(whole, level))
        elif mark is not None:
            cells = (number,) if number else ()
            self.draft.parts.append(Part(whole, 1, glue, kind="item", cells=cells))
        elif text[0] in "•·▪◦" and len(text) > 1:
            self.draft.parts.append(Part(text, level=1, kind="item", glue=glue))
        else:
            named = [] if said_of[4] else lines_of_tabs(cells_of(bare))
            self.draft.parts += named or [Part(text, strong=bool(said_of[4]))]


def _cell(cell: str) -> str:
    lines = [(_MARKS.sub("", line), False) for line in cell.split(_CELL_LINE)]
    return in_cell(lines)


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


# Groups that hold no text, beside those that say so of themselves
_NO_TEXT: Final = frozenset(
    "fonttbl colortbl stylesheet info pict fldinst header headerl headerr headerf footer footerl footerr footerf shp object annotation".split()
)


@dataclass(frozen=True, slots=True)
class _Look:
    """How letters look, why nobody sees them, how far they stand above the line; and what the paragraph and the group are that they stand in."""

    unseen: frozenset[str] = frozenset()
    is_super: bool = False
    up: int = 0  # In half points, as their size
    size: int = 24
    bold: bool = False
    heading: int = 0
    in_table: bool = False
    is_mark: bool = False
    is_text: bool = True

    def with_word(self, word: str, number: str | None) -> _Look:
        """The look after a control word."""
        own_number = int(number or 0)
        if word == "plain":
            plain = _Look()
            return replace(self, unseen=plain.unseen, is_super=False, up=0, size=24, bold=False)
        if word == "pard":
            return replace(self, heading=0, in_table=False)
        if word == "b":
            return replace(self, bold=number != "0")
        if word == "outlinelevel":
            return replace(self, heading=own_number + 1 if 0 <= own_number < 6 else 0)
        if word == "intbl":
            return replace(self, in_table=True)
        if word in _NO_TEXT:
            return replace(self, is_text=False)
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


def _mark(char: str, number: int | str = "") -> str:
    """A character that is no text, and a figure behind it, as the source has them."""
    return f"{{\\uc0\\u{ord(char)} {number}}}"


_ENDS: Final = frozenset({"par", "sect", "cell", "row", "nestcell", "nestrow"})
_AT_ONCE: Final = frozenset({"u", "tab", "line"})


@dataclass(slots=True)
class _Shown:
    """The source without what is struck out, hidden or deleted, and those words with the reason: striprtf reads all as text. What is raised,
    and what it does not tell of a text, is written as characters; it knows no notes and boxes, which are set apart."""

    kept: list[str] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)
    boxes: list[list[str]] = field(default_factory=list)
    _now: _Look = _Look()
    _groups: list[_Look] = field(default_factory=list)
    _apart: list[tuple[int, list[str]]] = field(default_factory=list)
    _out: list[str] = field(default_factory=list)
    _begun: int = -1  # Where the text of the paragraph begins.
    _plain: bool = False  # Whether any of its letters is not bold.
    _level: int = 0

    def read(self, source: str) -> None:
        """All of a source."""
        self._out = self.kept
        for token in _TOKEN.finditer(source):
            said = token[0]
            if said == "{":
                self._groups.append(self._now)
                self._out.append(said)
            elif said == "}":
                self._close()
            elif said == "\\*":
                self._now = replace(self._now, is_text=False)
                self._out.append(said)
            elif token[1] is not None and token[1] not in _AT_ONCE:
                self._word(said, token[1], token[2])
            else:
                self._say(said, token[1])
        self._end_paragraph()

    def _close(self) -> None:
        """A group ends."""
        was_mark = self._now.is_mark
        self._now = self._groups.pop() if self._groups else self._now
        if self._apart and self._apart[-1][0] > len(self._groups):
            self._out = self._apart.pop()[1]
        elif was_mark and not self._now.is_mark:
            self._out.append(_mark(_MARKED))
        self._out.append("}")

    def _word(self, said: str, word: str, number: str | None) -> None:
        """A control word."""
        if word in ("footnote", "shptxt"):
            self._set_apart(word)
            return
        if word in ("listtext", "pntext") and self._now.is_text:
            said = f"\\listtext {_mark(_ITEM)}"
            self._now = replace(self._now, is_mark=True)
        elif word == "par" and self._now.in_table:
            said = _mark(_CELL_LINE)
        elif word in _ENDS:
            self._end_paragraph(in_cell=word not in ("par", "sect"))
        self._now = self._now.with_word(word, number)
        self._out.append(said)

    def _set_apart(self, word: str) -> None:
        """A note or a box begins."""
        kept: list[str] = []
        if word == "footnote":
            self._out.append(_mark(_NOTE, f"{len(self.notes)}{_mark(_NOTE)}"))
        (self.notes if word == "footnote" else self.boxes).append(kept)
        self._apart.append((len(self._groups), self._out))
        self._out = kept
        self._now = replace(self._now, is_text=True)

    def _say(self, said: str, word: str | None) -> None:
        """Letters, or a sign that stands for one."""
        now = self._now
        if word == "line" and now.in_table:
            said = _mark(_CELL_LINE)
        elif now.unseen:
            reason = _UNSEEN[min(now.unseen)]
            if self.gone and self.gone[-1][1] == reason and self._out[-1:] == [""]:
                self.gone[-1] = (self.gone[-1][0] + said, reason)
            elif said.strip():
                self.gone.append((said, reason))
            said = ""
        elif said.strip() and now.is_text and not (now.is_mark or self._apart):
            if self._begun < 0:
                self._begun, self._plain, self._level = len(self._out), False, now.heading
            letters = word == "u" or said[:2] == "\\'" or any(map(str.isalnum, said))
            self._plain = self._plain or (letters and not now.bold)
        if said and now.is_above() and said[0] not in "\\{":
            said = _raised(said)
        self._out.append(said)

    def _end_paragraph(self, *, in_cell: bool = False) -> None:
        """A paragraph ends: where its text begins stands what it is."""
        if self._begun >= 0 and not in_cell:
            mark = _mark(_HEADING, self._level) if self._level else _mark(_BOLD)
            if self._level or not self._plain:
                self.kept[self._begun] = mark + self.kept[self._begun]
        self._begun = -1
