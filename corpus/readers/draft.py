"""What a reader of one format makes of a file: parts of text in order, and how text is made clean.

:mod:`corpus.parse` joins the parts into the final text; :mod:`corpus.blocks` makes the document's structure of what the
reader says of each, and finds by rules what it does not say.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal, Self

from corpus.document import LeftOut, Recognised, UnreadableDocumentError
from corpus.languages import PACKS
from corpus.languages.pack import fold

PARAGRAPH: Final = "\n\n"
LINE: Final = "\n"
MARKS: Final = "•▪◦‣●○■□◆◇♦❖❑❏❐☐☑☒✅❌✓✔✗✘➢➤►▶▸→➔⇨\uf0b7·*+–−"
"""Signs that stand before the items of a list, without the hyphen; for a class of a regular expression."""
SURE_MARKS: Final = "•●▪◦‣➢✓✔"
"""Those of them that begin an item also where no space follows."""
PICTURE: Final = "(?:(?:[\u2600-\u27bf\u2b00-\u2bff\u231a-\u23ff\U0001f1e6-\U0001faff]|\\d\ufe0f?\u20e3)[\ufe0f\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*)+"
"""A small picture as phones write them, of one or several signs; for a regular expression."""
PICTURED = re.compile(rf"[ \t]*{PICTURE}[ \t]*(?=[^\W_]|[¿¡\"“«(+])")
"""What a line begins with that has one in the place of a bullet."""

PAGE: Final = r"(?:p[áàa]g(?:ina)?|page)"
"""What a page calls itself before its number, for a regular expression that minds no case."""
OF_PAGES: Final = r"(?:/|de|of)"
"""What stands between the number of a page and how many there are."""


PartKind = Literal[
    "paragraph",
    "heading",
    "item",
    "header",
    "row",
    "label",
    "question",
    "answer",
    "definition",
    "code",
    "footnote",
    "caption",
    "contents",
]
"""What a reader can say of a part. Of a paragraph it says nothing more: rules look at its lines."""


@dataclass(slots=True)
class Part:
    """One stretch of text.

    ``level`` is 1 to 6 for a heading (a paragraph with a level is one), the nesting of an item from 1 on, else 0; ``glue``
    joins it to what stands before (a ``header`` or ``row`` with PARAGRAPH begins a new table); ``page`` is 1-based, 0 for
    formats without pages. ``cells`` are pieces of the text in order: the cells of a row (empty ones too), the name and value
    of a label, the term and meaning of a definition, the number of an item. ``strong``: set apart from the body, by bold
    letters or larger ones, so that a short one may be a heading. ``apart``: it begins something of its own, such as the foot of
    a page, so that it belongs to no answer above it. ``inside``: the nesting of the item above that the format says it goes on in,
    else 0.
    """

    text: str
    level: int = 0
    glue: str = PARAGRAPH
    page: int = 0
    kind: PartKind = "paragraph"
    cells: tuple[str, ...] = ()
    strong: bool = False
    apart: bool = False
    inside: int = 0

    def __post_init__(self) -> None:
        if self.level and self.kind == "paragraph":
            self.kind = "heading"


def row_part(cells: Sequence[str], *, header: bool = False, glue: str = LINE) -> Part:
    """A row of a table: its cells that are not empty side by side."""
    own = tuple(flat(cell) for cell in cells)
    return Part(
        " | ".join(filter(None, own)), glue=glue, kind="header" if header else "row", cells=own
    )


def label_part(name: str, value: str, glue: str = PARAGRAPH) -> Part:
    """A name over its value."""
    bare = name.rstrip(": ")
    return Part(f"{name}\n{value}", glue=glue, kind="label", cells=(bare, value))


def in_cell(lines: Sequence[tuple[str, bool]]) -> str:
    """The lines of a cell side by side, with a bullet before each that is an item of a list where there are more than one, a semicolon
    between two that each say something of their own, and a colon behind a name in capitals."""
    said = [
        (flat(own), item and n == 0)
        for line, item in lines
        for n, own in enumerate(line.strip().split("\n"))
        if own.strip()
    ]
    said = _with_typed_items(said)
    several = sum(item for _, item in said) > 1
    # Where two stand apart, so does a single word among them: "Pan de nuez", "Leche", "Dos peras"
    apart = not several and any(_stand_apart(one[0], two[0]) for one, two in pairwise(said))
    whole = ""
    before = ""
    for own, item in said:
        listed = item and several
        line = f"• {own}" if listed else own
        between = "; " if _stand_apart(before, line, 1 if apart else 2) else " "
        between = ": " if _heads(before, own) else between
        whole += (between if whole else "") + line
        before = "" if listed else line
    return whole


# "- Identity card", a line of its own in a cell
_TYPED_ITEM = re.compile(r"[-–*·•▪◦] +(?=[^\W_]|[¿¡\"“«(])")


def _with_typed_items(said: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """The lines of a cell, each with whether it is an item, where several have a bullet that was typed: they are without it."""
    marks = [_TYPED_ITEM.match(line) for line, _ in said]
    if sum(mark is not None for mark in marks) < 2:
        return list(said)
    return [
        (line, item) if mark is None else (line[mark.end() :], True)
        for (line, item), mark in zip(said, marks, strict=True)
    ]


# Signs that answer: yes, no, how good
_TELLING: Final = frozenset("✓✔✗✘✅❌☑☒★☆⭐")
_MAX_ORNAMENT_CHARS: Final = 80


def is_ornament(text: str) -> bool:
    """Whether a text has no letter or figure and no sign that tells something: "✟", "* * *"; many signs may be a drawing."""
    few = len(text) <= _MAX_ORNAMENT_CHARS
    return few and not any(map(str.isalnum, text)) and _TELLING.isdisjoint(text)


# "3.50 - 4.00" over "3.00 - 3.49", "10 €" over "15 €"
_FIGURES = re.compile(r"\d+(?:[.,:]\d+)*")
_LAST_WORD = re.compile(r"([^\W\d_]+)[\"'»”’)\]]*\Z")
_TO_REACH = re.compile(r"\S+@\S+\.\w+|\+?\d[\d ]{7,}\d")


def _stand_apart(before: str, line: str, least: int = 2) -> bool:
    """Whether two lines of a cell are no sentence that goes on: hours, figures alike, or at least so many words each, or an address or a
    number to call, the second of which begins anew where the first has neither a stop nor a word that asks for more."""
    if _HOURS.match(before) and _HOURS.match(line):
        return True
    if not (before and line) or leads_on(before):
        return False
    if _FIGURES.search(line) and _FIGURES.sub("0", before) == _FIGURES.sub("0", line):
        return True
    begins = line[0].isupper() or line[0] in "¿¡"
    reached = _TO_REACH.match(line) or (_TO_REACH.fullmatch(before) and begins)
    return bool(reached) or (begins and min(len(before.split()), len(line.split())) >= least)


# A name in capitals is no longer, and no word alone, which may be short for others; what it heads is more than an address or a name.
_MAX_HEAD_CHARS: Final = 80
_LEAST_HEAD_WORDS: Final = 2
_LEAST_HEADED_WORDS: Final = 5


def _heads(before: str, line: str) -> bool:
    """Whether a line of a cell in capitals stands over a text in other letters: "OBJETIVO GENERAL" over "Conocer los puertos …"."""
    if not before.isupper() or line.isupper() or leads_on(before):
        return False
    named = before[0].isalpha() and len(before.split()) >= _LEAST_HEAD_WORDS
    headed = line[:1].isupper() and len(line.split()) >= _LEAST_HEADED_WORDS
    return named and headed and len(before) <= _MAX_HEAD_CHARS


def leads_on(line: str) -> bool:
    """Whether the next line of a cell may be the rest of a line, or begins behind its stop."""
    last = _LAST_WORD.search(line)
    return _OPEN_END.search(line) is not None or (
        last is not None and last[1].lower() in _FUNCTION_WORDS
    )


# "9 - 10:30 AM", "17:00 a 18:00"
_HOURS = re.compile(
    r"\d{1,2}(?:[:.h]\d{2})?\s?(?:[ap]\.?\s?m\b\.?|h(?:o?r?a?s)?\b\.?)?\s?(?:[-–—]|a|to)\s?\d{1,2}(?:[:.h]\d{2})?(?!\d)",
    re.IGNORECASE,
)
# A line that ends so has its stop, or goes on
_OPEN_END = re.compile(r"[.,:;!?…/&+=(–—-]\Z")


MAX_PARTS_CHARS: Final = 25_000_000
"""Reading ends when the parts have more: somewhat more than a text may have, since parts are counted before they are made clean."""

MAX_PARTS: Final = 500_000
"""Reading ends, too, when there are more parts."""

_PART_CHARS: Final = 4


class Parts(list[Part]):
    """Parts that know how many code points they have, so that what grows without end is noticed while it grows.

    :raises UnreadableDocumentError: when there are more than ``MAX_PARTS_CHARS`` of them, or of parts more than ``MAX_PARTS``.
    """

    def __init__(self, parts: Iterable[Part] = ()) -> None:
        super().__init__()
        self.n_chars = 0
        self.extend(parts)

    def append(self, part: Part) -> None:
        """As of a list."""
        self._count(part)
        super().append(part)

    def extend(self, parts: Iterable[Part]) -> None:
        """As of a list."""
        for part in parts:
            self.append(part)

    def __iadd__(self, parts: Iterable[Part]) -> Self:  # type: ignore[override, misc]
        self.extend(parts)
        return self

    def _count(self, part: Part) -> None:
        # A part without text costs memory as well
        self.n_chars += len(part.text) + _PART_CHARS
        if self.n_chars > MAX_PARTS_CHARS:
            raise UnreadableDocumentError(
                f"the file holds more text than the limit of {MAX_PARTS_CHARS:,} characters; split it"
            )
        if len(self) >= MAX_PARTS:
            raise UnreadableDocumentError(
                f"the file has more paragraphs and rows than the limit of {MAX_PARTS:,}; split it"
            )


@dataclass(slots=True)
class Draft:
    """What a reader found. ``title`` is the file's own, "" if it has none; ``plain``: the format knows no headings, so rules
    look for them among short lines; ``recognised`` and ``left_out`` as in Document."""

    parts: Parts = field(default_factory=Parts)
    title: str = ""
    n_pages: int = 0
    heading_is_title: bool = True
    plain: bool = False
    recognised: tuple[Recognised, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


_LEAST_WORD_CHARS: Final = 4
_LEAST_WORDS: Final = 2
# A shorter text may go without what it is called.
_LEAST_TEXT_CHARS: Final = 1_000


def title_said(title: str, parts: Parts) -> str:
    """The title that the properties of a file give; "" where several longer words are in it and none of them is said in all the text: it is
    that of the file that this one was made from, or in another language."""
    words = {word for word in _words_in(title) if len(word) >= _LEAST_WORD_CHARS}
    if len(words) < _LEAST_WORDS or parts.n_chars < _LEAST_TEXT_CHARS:
        return title
    return title if any(not words.isdisjoint(_words_in(part.text)) for part in parts) else ""


def _words_in(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", fold(text)))


_DIVIDED = re.compile("\xad[ \\t]*\n[ \\t]*")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x85\u2028]")
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Control characters, soft hyphen, zero-width and direction marks, interlinear marks, half
# surrogates, noncharacters, and the invisible "tag" block, in which text can be hidden from people.
_INVISIBLE_SIGN: Final = (
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff]"
)
_INVISIBLE = re.compile(_INVISIBLE_SIGN)
# What cannot be seen and is part of what can: the joiner of two pictures, "👩\u200d🌾"; the letters of a region behind a black flag, no more of them
# than its code has; joiners between letters of scripts that write with them.
_PICTURES: Final = "\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
_JOINED_SCRIPTS: Final = "\u0620-\u109f\u1780-\u18af"
_JOINING: Final = re.compile("[\u200c\u200d\U000e007f]")
_KEPT_OR_INVISIBLE = re.compile(
    f"((?<=[{_PICTURES}\ufe0f])\u200d(?=[{_PICTURES}])|(?<=[{_JOINED_SCRIPTS}])[\u200c\u200d](?=[{_JOINED_SCRIPTS}])"
    f"|(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{{3,6}}\U000e007f)|{_INVISIBLE_SIGN}"
)
_LIGATURES: Final = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
_LIGATURE = re.compile("[\ufb00-\ufb06]")
# Ligatures of Calibri and fonts like it, for which files of Word name letters that no word has in its middle: "gesƟón", "aƩach", "staƯ".
_MISNAMED: Final = {
    "Ɵ": "ti", "Ʃ": "tt", "ƫ": "tti", "Ō": "ft", "ƞ": "tf", "İ": "fí", "Ư": "ff",
}  # fmt: skip
_MISNAMED_WITHIN = re.compile("(?<=[a-zà-ÿ])(?:[ƟƩƫŌƞİ](?=[a-zà-ÿ])|Ư(?![A-ZÀ-Þ]))")
_MISNAMED_FIRST = re.compile(r"\bƟ(?=[a-zà-ÿ]{2})")
# Their accent of capitals, named so: "ACCIOƵN"
_MISNAMED_ACCENT = re.compile("(?<=[AEIOU])Ƶ")
_OTHER_LETTERS = re.compile("[\u0100-\u019e\u01a0-\u024f]")
_BLANK_LINES = re.compile(r"\n{3,}")


# What sets colours and titles in a terminal, and a letter that is printed over another, as in manual pages.
_TERMINAL = re.compile(
    "\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b\n]*(?:\x07|\x1b\\\\)?|[ -/]*[0-~])|[^\n]\x08"
)


def clean(text: str) -> str:
    """The same words with one kind of space and line end, nothing invisible but what joins the pieces of one sign or word, in NFC."""
    if "\x1b" in text or "\x08" in text:
        text = _TERMINAL.sub("", text)
    if not text.isascii():
        text = _SPACES.sub(" ", text)
        text = _LIGATURE.sub(lambda m: _LIGATURES[m[0]], text)
        text, n_misnamed = _MISNAMED_WITHIN.subn(lambda m: _MISNAMED[m[0]], text)
        if "Ƶ" in text:
            text = _MISNAMED_ACCENT.sub("\u0301", text)
        # "Ɵempo", where nothing tells another language, of which it may be a letter that begins names
        if "Ɵ" in text and (n_misnamed or not _OTHER_LETTERS.search(text)):
            text = _MISNAMED_FIRST.sub("ti", text)
    text = _LINE_ENDS.sub("\n", text).replace("\x0c", "\n\n").replace("\u2029", "\n\n")
    if "\xad" in text:  # At a line end a soft hyphen says that the word goes on.
        text = _DIVIDED.sub("", text)
    seen = (
        _KEPT_OR_INVISIBLE.sub(r"\1", text) if _JOINING.search(text) else _INVISIBLE.sub("", text)
    )
    return unicodedata.normalize("NFC", seen)


def tidy(text: str) -> str:
    """The text without white space at line ends, and with one blank line where there were more."""
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip()


_RAISED: Final = str.maketrans("0123456789+-−–⁻()noaª", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁻⁽⁾ⁿºªª")


def raised(text: str) -> str:
    """Text that stands above the line, as characters that do: 10⁶ is not 106, and a note after 15 does not make it 153.

    What has no such characters is left as it is.
    """
    said = text.strip()
    if len(notes := said.split(",")) > 1 and all(note.strip().isdecimal() for note in notes):
        return said.translate(_RAISED)  # Two notes to one word
    if (
        said
        and all(c in "0123456789+-−–⁻()noaª" for c in said)
        and (said in ("o", "a", "n", "ª") or said[-1:] not in "noa")
    ):
        return said.translate(_RAISED)
    return text


def flat(text: str) -> str:
    """The text on one line, each run of white space one space."""
    return " ".join(text.split())


def one_line(error: BaseException) -> str:
    """The message of an error on one line of at most 160 characters."""
    text = flat(clean(str(error))) or type(error).__name__
    return text if len(text) <= 160 else text[:157] + "..."


_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]{1,40})"""
    rb"""|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""",
    re.IGNORECASE,
)
# Encodings a page or mail may name; Python also knows "punycode", "unicode_escape" and other traps.
_KNOWN_ENCODING = re.compile(
    r"(?:iso[-_]?8859[-_]?\d{1,2}|latin-?\d|windows-?(?:125\d|874)|cp125\d|cp850|cp437|ibm850|us-ascii|ascii|macintosh"
    r"|mac-?roman|koi8-[ru]|gb2312|gbk|gb18030|hz|hz-gb-2312|big5|euc-jp|euc-kr|iso-2022-(?:jp|kr)|shift[-_]jis|tis-620|utf-?(?:7|16(?:le|be)?))",
    re.IGNORECASE,
)
# What names of encodings are taken for, as the WHATWG Encoding Standard has it: whoever names the smaller one writes the larger.
_TAKEN_FOR: Final = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
# What programs say that know of no encoding
_NO_CLAIM = re.compile("(?:us-)?ascii", re.IGNORECASE)
_C1 = re.compile("[\x80-\x9f]")
_BROKEN_CHARACTER = re.compile("[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd]")


# Binary data has NUL bytes everywhere and other control characters beside them; in a text one is a stray, as old
# programs leave them, and several are room that a program made and did not fill.
_TEXT_BYTES_PER_NUL: Final = 50
_LEAST_TEXT_BYTES_PER_NUL: Final = 8
_NULS = re.compile(rb"\x00+")
_ROOM = re.compile(rb"\x00{8,}(?![\x00\r\n])")
# A short one between two words parts them
_GAP = re.compile(rb"(?<![\s\x00])(?:\x00{2,}(?![\s\x00])|(?<=[.!?])\x00(?=[A-Z]))")
_CONTROL_BYTES = re.compile(rb"[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]")


def _has_stray_nuls(data: bytes) -> bool:
    n_nul = data.count(0)
    if n_nul * _TEXT_BYTES_PER_NUL <= len(data):
        return True
    n_runs = sum(1 for _ in _NULS.finditer(data))
    few = n_runs * _LEAST_TEXT_BYTES_PER_NUL <= len(data) - n_nul
    return few and _CONTROL_BYTES.search(data) is None


def decode(data: bytes, *, page: bool = False) -> str:
    """The text of a file in an unknown encoding; ``page`` lets HTML name its own.

    Order: byte order mark, UTF-16 without one, UTF-8, the encoding the page names, UTF-8 with a few
    damaged bytes, a guess among the western single-byte encodings.
    """
    text = _decode_marked(data)
    if text is None and b"\x00" in data:
        text = _decode_bare_utf16(data)
        data = data if text is not None else data.strip(b"\x00")  # the rest of a block on a disk
        if text is None and _has_stray_nuls(data):
            data = _GAP.sub(b" ", _ROOM.sub(b"\n", data)).replace(b"\x00", b"")
        elif text is None:
            raise UnreadableDocumentError(
                "the file holds NUL bytes, so it is binary data and not text; "
                "give it the suffix of its real format or remove it"
            )
    if text is None:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = (_decode_named(data) if page else None) or _decode_western(data)
    text = _read_once(text.lstrip("\ufeff"))  # joined files have a mark each
    head = text[:1_000_000]
    broken = len(_BROKEN_CHARACTER.findall(head))
    if broken > 4 and broken * 20 > len(head):
        raise UnreadableDocumentError(
            f"{broken:,} of the first {len(head):,} characters are control characters, so this is "
            "binary data and not text; give it the suffix of its real format or remove it"
        )
    return text


# Two to four bytes of UTF-8 that were read as Windows-1252 or Latin-1: Ã± for ñ, â€™ for ’.
_AFTER_FIRST: Final = "".join(
    bytes([n]).decode("cp1252", "ignore") + chr(n) for n in range(0x80, 0xC0)
)
_TWICE = re.compile(f"[ÂÃÄÅâð][{re.escape(_AFTER_FIRST)}]{{1,3}}")


def _read_once(text: str) -> str:
    """A text of which lines were encoded twice, as they were: those in which nothing beyond ASCII has another meaning."""
    if _TWICE.search(text) is None:
        return text
    return "".join(map(_once_decoded, text.splitlines(keepends=True)))


def _once_decoded(line: str) -> str:
    if _TWICE.search(line) is None or not _TWICE.sub("", line).isascii():
        return line
    try:
        once = _TWICE.sub(lambda m: b"".join(_byte(char) for char in m[0]).decode("utf-8"), line)
    except UnicodeDecodeError:
        return line
    return line if _BROKEN_CHARACTER.search(once) else once


def _byte(char: str) -> bytes:
    return char.encode("latin-1") if ord(char) < 0x100 else char.encode("cp1252")


def _decode_marked(data: bytes) -> str | None:
    for mark, encoding, width in (
        (b"\xef\xbb\xbf", "utf-8", 1),
        (b"\xff\xfe\x00\x00", "utf-32-le", 4),
        (b"\x00\x00\xfe\xff", "utf-32-be", 4),
        (b"\xff\xfe", "utf-16-le", 2),
        (b"\xfe\xff", "utf-16-be", 2),
    ):
        if data.startswith(mark):
            # Bytes that were added or lost at the end are none of its text
            end = len(data) - len(data) % width
            return data[len(mark) : end].decode(encoding, errors="replace")
    return None


def _decode_bare_utf16(data: bytes) -> str | None:
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    data = data[: len(data) & ~1]  # A byte that was added or lost at the end is none of its text
    if half >= 2:
        if odd > 0.6 * half and even < 0.05 * half:
            return data.decode("utf-16-le", errors="replace")
        if even > 0.6 * half and odd < 0.05 * half:
            return data.decode("utf-16-be", errors="replace")
    return None


def _decode_named(data: bytes) -> str | None:
    found = _META_CHARSET.search(data[:4096])
    if found is None:
        return None
    name = (found[1] or found[2]).decode("ascii", "replace")
    if name.lower().startswith("utf"):
        return None  # A page that can be read as far as its <meta> is not UTF-16.
    return _decode_as(data, name)


def _decode_as(data: bytes, name: str) -> str | None:
    """The text in the encoding that is meant by a name; None where it is in another, or the name is of none that is known."""
    if not _KNOWN_ENCODING.fullmatch(name):
        return None
    try:
        own = codecs.lookup(name).name
        text = data.decode(_TAKEN_FOR.get(own, own))
    except (LookupError, UnicodeDecodeError):
        return None
    # No text has the control characters that the bytes 80 to 9F are in ISO encodings
    return None if _C1.search(text) else text


def in_utf8(data: bytes, charset: str | None) -> bytes:
    """A text whose encoding is said beside it, by a mail or a server, marked as UTF-8; as it is where its own bytes tell more."""
    if not charset or _NO_CLAIM.fullmatch(charset) or _is_utf8(data):
        return data
    text = _decode_as(data, charset)
    return data if text is None else codecs.BOM_UTF8 + text.encode("utf-8", "replace")


def _is_utf8(data: bytes) -> bool:
    try:
        return not data.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def _decode_western(data: bytes) -> str:
    if _LOST_END.search(data) is not None:
        try:
            whole = _LOST_END.sub(b"", data).decode("utf-8")
        except UnicodeDecodeError:
            whole = ""
        if _GOOD.search(whole):
            return whole
    damaged = data.decode("utf-8", errors="replace")
    n_bad = damaged.count("\ufffd")
    n_good = len(_GOOD.findall(damaged))
    if n_bad <= n_good:
        return _decode_lines(data)
    return data.decode(western(data), errors="replace")


def _decode_lines(data: bytes) -> str:
    """A file in UTF-8 with lines that are not, as when files were put together or a program wrote to another's."""
    read = [(line, line.decode("utf-8", errors="replace")) for line in data.splitlines(True)]
    # One broken byte must not turn every ñ of its line into Ã±.
    others = {line for line, text in read if "\ufffd" in text and not _GOOD.search(text)}
    name = western(b"".join(others))
    return "".join(line.decode(name, "replace") if line in others else text for line, text in read)


def western(data: bytes) -> str:
    """The western single-byte encoding in which bytes most look like words."""
    return max(_WESTERN, key=lambda name: _plausibility(data.decode(name, errors="replace")))


_GOOD = re.compile(r"[^\x00-\x7f\ufffd]")
# The first bytes of a letter in UTF-8, of which the others were lost with the end of the file
_LOST_END = re.compile(rb"(?:[\xc2-\xf4]|[\xe0-\xf4][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})\Z")
# Windows, Unix with the euro sign, DOS and old Macintosh; of equals the first.
_WESTERN: Final = ("cp1252", "iso8859-15", "cp850", "mac_roman")
_SAMPLE_CHARS: Final = 200_000
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SPANISH_LETTERS: Final = frozenset("áéíóúüñÁÉÍÓÚÜÑ")
_WESTERN_LETTERS: Final = frozenset("àâäãåæçèêëìîïòôöõøœùûýÿßÀÂÄÃÅÆÇÈÊËÌÎÏÒÔÖÕØŒÙÛÝªº")
_QUOTES: Final = frozenset("“”‘«»„‹›•…")
_FRAME = re.compile("[\u2500-\u259f]")


def _plausibility(text: str) -> float:
    """How much the characters beyond ASCII look as if they belonged where they stand; higher is better."""
    from corpus.language import detect

    sample = text[:_SAMPLE_CHARS]
    lang, _ = detect(_NOT_ASCII.sub("", sample))
    score = 0.0
    for found in _NOT_ASCII.finditer(sample):
        at = found.start()
        before, after = sample[max(0, at - 1) : at], sample[at + 1 : at + 2]
        score += _fitness(found[0], before, after, lang)
    return score


def _fitness(char: str, before: str, after: str, lang: str) -> float:
    """What a character at its place tells for its encoding, from -1 to 1."""
    between_letters = before.isalpha() and after.isalpha()
    if char in "ºª°":
        return 1.0 if before.isdigit() or before in (".", " ") else -1.0
    if char in _SPANISH_LETTERS or char in _WESTERN_LETTERS:
        return _letter_fitness(char, before, after, lang)
    if char in "¿¡":
        return 1.0 if after.isalnum() and not before.isalnum() else -1.0
    if char in "€£":
        alone = before in (" ", "\xa0", "") and not after.isalpha()
        return 1.0 if before.isdigit() or after.isdigit() or alone else -1.0
    if char in "’–—\xa0":
        # "don’t" and "word—word" are English; in Spanish a dash has a space on one side
        if between_letters and lang != "en" and char == "–" and after.islower():
            return -0.5  # "Se–al" is Macintosh's "Señal", "I–igo" its "Íñigo"
        return 0.5 if not between_letters or lang != "es" else 0.0
    if char in _QUOTES:
        return 0.5 if not between_letters else -0.5
    if char >= "\u2580" and _FRAME.match(char) and (before + after).isspace():
        return 0.5  # A block by itself is rather the € of a Macintosh
    if _FRAME.match(char):  # of the boxes that programs for DOS drew around text
        return 1.0 if all(_FRAME.match(c) or c.isspace() for c in before + after) else -1.0
    return -1.0


def _letter_fitness(char: str, before: str, after: str, lang: str) -> float:
    alone = not before.isalpha() and not after.isalpha()
    if before == char == after:
        return -1.0  # No word has "ÄÄÄ": it is a line of a box
    if alone:
        return 0.0 if char in "áéíóúàèòÁÉÓÀÈ" and not before.isdigit() else -1.0
    in_small_word = before.islower() or (before.isupper() and after.islower())
    if (char.isupper() and in_small_word) or (char.islower() and after.isupper()):
        return -1.0
    if char in _SPANISH_LETTERS:
        return 1.0 if lang == "es" else 0.4
    if char in "œŒ":
        return 0.0  # of French, and Macintosh's ú
    return 0.3


_FUNCTION_WORDS: Final = frozenset().union(*(pack.stop_words for pack in PACKS.values()))
# A browser that divides a word prints U+2010, and some fonts have no other hyphen.
HYPHENS: Final = ("-", "\u2010")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_HALVES = re.compile(r"[^\W\d_]+[-\u2010]\n[ \t]*[^\W\d_]*")
_LAST_PIECE = re.compile(r"[^\W\d_]+\Z")
_FIRST_PIECE = re.compile(r"[^\W\d_]+")
BULLET = re.compile(
    rf"\s*(?:[{MARKS}—-]\s+|\(?(?:\d{{1,3}}|[a-zA-Z])(?:\.?\)|\.)\s+)",
)


def seam(left: str, right: str, vocabulary: frozenset[str]) -> tuple[int, str]:
    """How two lines of one paragraph join: code points to cut off the first, what to put between.

    A word divided at the line end is made whole. Its hyphen stays when the rest of the text knows
    the word only with one, or both halves as words and not the whole; when what follows is no lower-case letter (2020-2021,
    Jean-Paul); when no word could have the accents of both (político-social); and where English always has one (thirty-four).
    It stays with a space where the second half comes later (short- and long-term).
    """
    if _ADDRESS_GOES_ON.search(left[-200:]) and right[:1].isalnum():
        return 0, ""
    if left[-1:].isalnum() and _AT_DOMAIN.match(right):
        return 0, ""  # of a mailbox; "@nombre" alone is the name of an account
    if right[:1] == "/" and _ADDRESS.search(left[-200:]):
        return 0, ""
    if not left.endswith(HYPHENS):
        return 0, " "
    last = _LAST_PIECE.search(left[-80:-1])
    if last is None:
        return 0, "" if left[-2:-1].isdigit() and right[:1].isalnum() else " "
    first = _FIRST_PIECE.match(right)
    if first is None:
        # Spanish repeats the hyphen of a compound on the next line: "hispano-", "-marroquí"
        again = right.startswith(HYPHENS) and right[1:2].islower()
        return (1 if again else 0), ""
    head, tail = last[0].lower(), first[0].lower()
    known = head + tail in vocabulary and last[0].isupper() and first[0].isupper()
    if not (known or first[0][0].islower() or _in_capitals(left, last[0], first[0])):
        return 0, ""
    if head + tail in vocabulary:
        return 1, ""
    if _SUSPENDED.match(right):
        return 0, " "
    kept = (
        (
            len(head) == 1 and last[0].isupper()
        )  # "X-ray": no word is divided behind its first letter
        or f"{head}-{tail}" in vocabulary
        or _HYPHENED.fullmatch(f"{head}-{tail}")
        or _is_linked(left[: -1 - len(head)], head, tail, right[len(tail) :], vocabulary)
        or _are_two(head, tail, vocabulary)
    )
    return (0, "") if kept else (1, "")


# In a line of capitals, of "CONTRATA-" and "CIÓN", a half is no function word as in "CASTILLA-LA MANCHA".
_LEAST_IN_CAPITALS: Final = 8


def _in_capitals(line: str, head: str, tail: str) -> bool:
    return (
        head.isupper()
        and tail.isupper()
        and len(tail) > 1
        and tail.lower() not in _FUNCTION_WORDS
        and sum(map(str.isupper, line[-80:])) >= _LEAST_IN_CAPITALS
        and not any(map(str.islower, line[-80:]))
    )


# An address of the web or of a mailbox that a line end cuts in two
_ADDRESS_GOES_ON = re.compile(r"(?:(?:https?://|\bwww\.)\S*[/_=&?#-]|[\w.+-]+@(?:\w[\w.-]*-)?)\Z")
_ADDRESS = re.compile(r"(?:https?://|\bwww\.)\S*\w\Z")
_AT_DOMAIN = re.compile(r"@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
# English compounds that keep their hyphen in whatever text: numbers and what they count, but for the words that numbers begin
# ("twofold", "sixteen"), and halves that are hardly ever written as one with another.
_TENS: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
_UNITS: Final = "two|three|four|five|six|seven|eight|nine|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
_COUNTED_ONCE: Final = (
    "half|third|quarter|fifth|sixth|eighth|tenth|year|month|week|day|night|hour|minute|second|mile|foot|inch|metre|meter"
    "|pound|dollar|euro|page|part|point|person|bedroom|storey|story|room|seat|star|way|off"
)
_HYPHENED = re.compile(
    rf"(?:{_TENS})-(?!(?:fold|ish|weight|ths?)\Z).+"
    rf"|(?:{_UNITS})-(?!(?:fold|some|pence|penny|score|pins?|teen.*|ths?|ty|ties|tieth|y)\Z).+"
    rf"|(?:one|ten)-(?:{_COUNTED_ONCE})s?"
    r"|(?:well|self)-.+|so-called|(?:dual|full)-(?!ness).{4,}|(?:part|real)-time|(?:long|short)-term"
    r"|(?:first|second|third)-(?:class|floor|hand|party|time|year)"
    r"|(?:high|low)-(?:cost|quality|level|income|risk|speed|pressure|energy|paid)"
    r"|half-(?:hour|day|term|year|yearly|price|board|empty|dozen|mile)|all-(?:day|inclusive|weather|year|round)"
    r"|life-(?:saving|sustaining|threatening|changing)|next-(?:door|day|generation)|last-minute|(?:left|right)-hand(?:ed)?|middle-aged"
    r"|(?:check|built|walk|drop|drive|trade|stand|sit|opt)-in|(?:follow|top|close|grown|sign|warm|mix|washing)-up"
    r"|(?:drop|cut|trade|write|kick)-off|(?:add|hands|carry|follow)-on|opt-out|(?:passer|passers|stand)-by"
    r"|(?:day|week|month|year)s?-old|(?:man|tailor|ready)-made|(?!inter).{4,}-(?:based|related|friendly|funded)"
)
# What joins the halves of two compounds; the ends of "doctor", "governor", "alumni" and "photo" do only where the other has its hyphen
_SUSPENDED = re.compile(r"(?:and|[yeou])\s|(?:n?or|ni|to)\s(?:[^\W\d_]+\s)?[^\W\d_]+[-\u2010]\w")
# What stands within compounds of three words and more: "up-to-date", "state-of-the-art", "brother-in-law"
_LINKS: Final = frozenset("to of the in and by".split())


def _is_linked(before: str, head: str, tail: str, after: str, vocabulary: frozenset[str]) -> bool:
    """Whether a half is a word within an English compound; in Spanish it may be a syllable, as of "suje-" and "to-verbo"."""
    return "the" in vocabulary and (
        (head in _LINKS and before.endswith(HYPHENS))
        or (tail in _LINKS and after.startswith(HYPHENS))
    )


_ACCENTED = re.compile("[áéíóú]")
# After the vowel with the accent a Spanish word has two syllables at most; adverbs keep the accent that they are made from.
_TOO_LATE = re.compile("[áéíóú](?:[^aeiouáéíóúü]+[aeiouü]+){3}")
_LEAST_HALF: Final = 4
# "everything" and "whenever" are words, though their halves are
_SECOND_HALVES: Final = frozenset("thing body where self selves ever".split())


def _are_two(head: str, tail: str, vocabulary: frozenset[str]) -> bool:
    """Whether what stands before and after a hyphen are words of their own: by their accents, or as both stand elsewhere."""
    if tail.endswith("mente") or tail in _SECOND_HALVES:
        return False
    if len(head) >= _LEAST_HALF <= len(tail) and _ACCENTED.search(head):
        if _ACCENTED.search(tail) or _TOO_LATE.search(head + tail):
            return True
    known = head in vocabulary and tail in vocabulary
    return known and min(len(head), len(tail)) >= _LEAST_HALF and not {head, tail} & _FUNCTION_WORDS


def known_words(text: str) -> frozenset[str]:
    """The words of a text in lower case, for :func:`seam`; the halves of those divided at line ends are none."""
    words = _WORD.findall(_HALVES.sub(" ", text))
    return frozenset(word.lower().replace("\u2010", "-") for word in words)
