"""Bytes of a file → :class:`~corpus.document.Document`.

One reader per format turns the bytes into blocks (a paragraph, a heading, a table row); one
function joins the blocks into the final text and records where headings and pages begin, so offsets
are exact by construction. A library is imported by the reader that needs it.
"""

from __future__ import annotations

import hashlib
import html as html_entities
import io
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from corpus.document import (
    CorpusError,
    Document,
    Heading,
    UnreadableDocumentError,
    UnsupportedFormatError,
)
from corpus.language import detect

if TYPE_CHECKING:
    import zipfile

MAX_BYTES: Final = 200 * 2**20
"""A larger file is refused."""

MAX_FIELD_CHARS: Final = 131_072
"""Longest cell of a csv file, code points; the csv module's own default limit."""

# What a zip container (docx, epub) may grow to. A novel is 1 MB of XML and a text part compresses
# about 4:1, repetitive tables about 50:1; a zip bomb starts at 1,000:1.
_MAX_UNZIPPED_BYTES: Final = 512 * 2**20
_MAX_PART_BYTES: Final = 64 * 2**20
_MAX_RATIO: Final = 200
_RATIO_FREE_BYTES: Final = 8 * 2**20
_MAX_ENTRIES: Final = 20_000

# An HTML parser searches its stack of open elements for every tag, so nesting costs the square of
# its depth (20,000 nested divs: 0.9 s). Browsers stop at 512.
_MAX_HTML_DEPTH: Final = 2_000
_MAX_HTML_WORK: Final = 20_000_000

_LANGUAGE_SAMPLE_CHARS: Final = 30_000

PARAGRAPH: Final = "\n\n"
LINE: Final = "\n"


def parse(data: bytes, doc_id: str) -> Document:
    """The document that ``data`` holds; the suffix of ``doc_id`` says in which format.

    The text is NFC with ``\\n`` line ends; control, zero-width and direction-override characters
    are gone. Raises UnsupportedFormatError for a suffix outside SUFFIXES and
    UnreadableDocumentError for everything else that can be wrong with a file; no other error,
    whatever the bytes. The message does not repeat the doc_id.
    """
    suffix = PurePosixPath(doc_id).suffix.lower()
    reader = _READERS.get(suffix)
    if reader is None:
        raise UnsupportedFormatError(unsupported(suffix))
    if len(data) > MAX_BYTES:
        raise UnreadableDocumentError(
            f"the file has {len(data):,} bytes and the limit is {MAX_BYTES:,}; split it"
        )
    if not data:
        raise UnreadableDocumentError("the file is empty (0 bytes); expected text")
    try:
        draft = reader(data)
        text, page_starts, headings = _compose(draft)
        if not text:
            raise UnreadableDocumentError(
                "the file holds no text, only white space or markup; expected words"
            )
        lang, _ = detect(_sample(text))
        title = _title(draft, headings, doc_id)
    except CorpusError:
        raise
    except Exception as error:
        # The one place where everything is caught: the format libraries document no closed list of
        # what they raise on damaged input, and one bad file must never stop a build.
        raise UnreadableDocumentError(
            f"the {suffix} file is damaged or not what its suffix says ({_one_line(error)}); "
            "open it in its own program and save it again"
        ) from error
    return Document(
        doc_id=doc_id,
        title=title,
        lang=lang,
        text=text,
        page_starts=page_starts,
        headings=headings,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def unsupported(suffix: str) -> str:
    """The message for a suffix no reader knows: names it and what can be read."""
    found = f"the suffix {suffix!r}" if suffix else "a file without a suffix"
    return (
        f"{found} cannot be read; expected one of {', '.join(sorted(SUFFIXES))}; convert it first"
    )


@dataclass(slots=True)
class _Block:
    """One stretch of text. ``level`` 0 is prose, 1 to 6 a heading; ``glue`` joins it to what stands
    before; ``page`` is 1-based, 0 for formats without pages."""

    text: str
    level: int = 0
    glue: str = PARAGRAPH
    page: int = 0


@dataclass(slots=True)
class _Draft:
    """What a reader found. ``title`` is the file's own, "" if it has none."""

    blocks: list[_Block] = field(default_factory=list)
    title: str = ""
    n_pages: int = 0
    heading_is_title: bool = True


_DIVIDED = re.compile("\xad[ \\t]*\n[ \\t]*")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x85\u2028]")
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Control characters, soft hyphen, zero-width and direction marks, interlinear marks, half
# surrogates, noncharacters, and the invisible "tag" block, in which text can be hidden from people.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff]"
)
_LIGATURES: Final = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_BLANK_LINES = re.compile(r"\n{3,}")


def _clean(text: str) -> str:
    """The same words with one kind of space and line end, nothing invisible, in NFC."""
    if not text.isascii():
        text = _SPACES.sub(" ", text)
        text = _LIGATURE.sub(lambda m: _LIGATURES[m[0]], text)
    text = _LINE_ENDS.sub("\n", text).replace("\x0c", "\n\n").replace("\u2029", "\n\n")
    if "\xad" in text:  # At a line end a soft hyphen says that the word goes on.
        text = _DIVIDED.sub("", text)
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip()


def _flat(text: str) -> str:
    return " ".join(text.split())


def _compose(draft: _Draft) -> tuple[str, tuple[int, ...], tuple[Heading, ...]]:
    parts: list[str] = []
    length = 0
    headings: list[Heading] = []
    page_starts: list[int] = []
    for block in draft.blocks:
        text = _clean(block.text)
        text = _flat(text) if block.level else _tidy(text)
        if not text:
            continue
        if parts:
            # A mark at the start would fuse with the letter before it: then the text is not NFC.
            glue = block.glue or (" " if unicodedata.combining(text[0]) else "")
            parts.append(glue)
            length += len(glue)
        while len(page_starts) < block.page:
            page_starts.append(length)
        if block.level:
            headings.append(Heading(length, length + len(text), block.level, text))
        parts.append(text)
        length += len(text)
    while len(page_starts) < draft.n_pages:
        page_starts.append(length)
    return "".join(parts), tuple(page_starts), tuple(headings)


def _sample(text: str) -> str:
    """Enough of a long text to tell its language: its start, middle and end."""
    if len(text) <= _LANGUAGE_SAMPLE_CHARS:
        return text
    third = _LANGUAGE_SAMPLE_CHARS // 3
    middle = len(text) // 2
    return "\n".join((text[:third], text[middle : middle + third], text[-third:]))


def _title(draft: _Draft, headings: Sequence[Heading], doc_id: str) -> str:
    own = _flat(_clean(draft.title))[:300].strip()
    if own and not _NO_TITLE.search(own):
        return own
    if draft.heading_is_title and headings:
        first = next((h for h in headings if h.level == 1), headings[0])
        return first.text[:300].strip()
    return _readable_stem(doc_id)


# What programs write into the title field when nobody gave one.
_NO_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*|sin t[íi]tulo.*|no title|unknown"
    r"|\(?anonymous\)?|\(?unspecified\)?|document\d*|documento\d*|title|t[íi]tulo|word document"
    r"|presentación de powerpoint|powerpoint presentation"
    r"|.*\.(?:docx?|pdf|indd|qxd|rtf|odt|tex|dvi|pptx?|xlsx?|html?|epub|txt))$"
    r"|^\W*$|^[a-z]:\\|^file:",
    re.IGNORECASE,
)


def _readable_stem(doc_id: str) -> str:
    name = unicodedata.normalize("NFC", PurePosixPath(doc_id).name)
    stem = name.rsplit(".", 1)[0] if "." in name.lstrip(".") else name
    # A dot or hyphen between digits is a version or a date and stays.
    words = re.sub(r"_+|(?<!\d)[.\-]+|[.\-]+(?!\d)", " ", _clean(stem))
    readable = _flat(words)
    return (readable[:1].upper() + readable[1:]) if readable else (_flat(_clean(name)) or "?")


def _one_line(error: BaseException) -> str:
    text = _flat(_clean(str(error))) or type(error).__name__
    return text if len(text) <= 160 else text[:157] + "..."


_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]{1,40})"""
    rb"""|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""",
    re.IGNORECASE,
)
# Encodings a page may name; Python also knows "punycode", "unicode_escape" and other traps.
_PAGE_ENCODING = re.compile(
    r"(?:iso-?8859-?\d{1,2}|latin-?\d|windows-?125\d|cp125\d|cp850|cp437|ibm850|us-ascii|ascii|macintosh"
    r"|mac-?roman|koi8-[ru]|gb2312|gbk|gb18030|big5|euc-jp|euc-kr|shift[-_]jis|utf-?16(?:le|be)?)",
    re.IGNORECASE,
)
_BROKEN_CHARACTER = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd]")


def _decode(data: bytes, *, page: bool = False) -> str:
    """The text of a file in an unknown encoding; ``page`` lets HTML name its own.

    Order: byte order mark, UTF-16 without one, UTF-8, the encoding the page names, UTF-8 with a few
    damaged bytes, a guess among the western single-byte encodings.
    """
    text = _decode_marked(data)
    if text is None and b"\x00" in data:
        text = _decode_bare_utf16(data)
        if text is None:
            raise UnreadableDocumentError(
                "the file holds NUL bytes, so it is binary data and not text; "
                "give it the suffix of its real format or remove it"
            )
    if text is None:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = (_decode_named(data) if page else None) or _decode_western(data)
    head = text[:1_000_000]
    broken = len(_BROKEN_CHARACTER.findall(head))
    if broken > 4 and broken * 20 > len(head):
        raise UnreadableDocumentError(
            f"{broken:,} of the first {len(head):,} characters are control characters, so this is "
            "binary data and not text; give it the suffix of its real format or remove it"
        )
    return text


def _decode_marked(data: bytes) -> str | None:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe\x00\x00", "utf-32-le"),
        (b"\x00\x00\xfe\xff", "utf-32-be"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    return None


def _decode_bare_utf16(data: bytes) -> str | None:
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half >= 2 and len(data) % 2 == 0:
        if odd > 0.6 * half and even < 0.05 * half:
            return data.decode("utf-16-le", errors="replace")
        if even > 0.6 * half and odd < 0.05 * half:
            return data.decode("utf-16-be", errors="replace")
    return None


def _decode_named(data: bytes) -> str | None:
    found = _META_CHARSET.search(data[:4096])
    if found is None:
        return None
    name = (found[1] or found[2]).decode("ascii", "replace").lower()
    if not _PAGE_ENCODING.fullmatch(name) or name.startswith("utf"):
        return None  # A page that can be read as far as its <meta> is not UTF-16.
    if name in ("iso-8859-1", "iso8859-1", "latin-1", "latin1", "us-ascii", "ascii"):
        name = "cp1252"  # As the WHATWG Encoding Standard has it.
    try:
        return data.decode(name)
    except (LookupError, UnicodeDecodeError):
        return None


def _decode_western(data: bytes) -> str:
    damaged = data.decode("utf-8", errors="replace")
    n_bad = damaged.count("\ufffd")
    n_good = sum(1 for _ in re.finditer(r"[^\x00-\x7f\ufffd]", damaged))
    if n_bad * 10 <= n_good:
        return damaged  # One broken byte must not turn every ñ of a UTF-8 file into Ã±.
    from charset_normalizer import from_bytes

    best = from_bytes(data[:100_000], cp_isolation=["cp1252", "latin_1"]).best()
    for encoding in (best.encoding if best is not None else "cp1252", "cp1252", "latin-1"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST_PIECE = re.compile(r"[^\W\d_]+\Z")
_FIRST_PIECE = re.compile(r"[^\W\d_]+")
_BULLET = re.compile(
    r"\s*(?:[•▪◦‣●○■□➢➤✓\uf0b7·*+–—-]\s+|\(?(?:\d{1,3}|[a-zA-Z])[.)]\s+)",
)
_SENTENCE_END = re.compile(r"[.!?:;…][)\]\"'”’»]*\Z")


def _seam(left: str, right: str, vocabulary: frozenset[str]) -> tuple[int, str]:
    """How two lines of one paragraph join: code points to cut off the first, what to put between.

    A word divided at the line end is made whole. Its hyphen stays when the rest of the text knows
    the word only with one, and when what follows is no lower-case letter (2020-2021, Jean-Paul).
    """
    if not left.endswith("-"):
        return 0, " "
    last = _LAST_PIECE.search(left[-80:-1])
    if last is None:
        return 0, "" if left[-2:-1].isdigit() and right[:1].isdigit() else " "
    first = _FIRST_PIECE.match(right)
    if first is None or not first[0][0].islower():
        return 0, ""
    head, tail = last[0].lower(), first[0].lower()
    known_with_hyphen = f"{head}-{tail}" in vocabulary or head in ("well", "self")
    return (0, "") if known_with_hyphen and head + tail not in vocabulary else (1, "")


def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text))


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether one paragraph was broken into these lines because they were full.

    That is so when no line had room for the first word of the next. Lists and verse have short
    lines.
    """
    width = max(map(len, lines))
    if not 40 <= width <= 120 or any(_BULLET.match(line) for line in lines[1:]):
        return False
    return all(
        len(line) + 1 + len(after.split(maxsplit=1)[0]) > width
        for line, after in zip(lines, lines[1:], strict=False)
    )


def _read_txt(data: bytes) -> _Draft:
    text = _tidy(_clean(_decode(data)))
    vocabulary = _vocabulary(text) if "-\n" in text else frozenset[str]()
    blocks = []
    for paragraph in text.split("\n\n"):
        lines = [line.strip() for line in paragraph.split("\n")]
        if len(lines) > 1 and all(lines) and _is_wrapped(lines):
            pieces = []
            for line, after in zip(lines, lines[1:], strict=False):
                cut, glue = _seam(line, after, vocabulary)
                pieces.append(line[: len(line) - cut] + glue)
            paragraph = _flat("".join((*pieces, lines[-1])))
        blocks.append(_Block(paragraph))
    return _Draft(blocks)


_FRONT_MATTER = re.compile(
    r"\A(?:---[ \t]*\n(.*?)\n(?:---|\.\.\.)|\+\+\+[ \t]*\n(.*?)\n\+\+\+)[ \t]*(?:\n|\Z)", re.DOTALL
)
_FRONT_TITLE = re.compile(
    r"^(?:title|título|titulo)\s*[:=][ \t]*(.+)$", re.MULTILINE | re.IGNORECASE
)
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|(\d{1,9}[.)]))(?:[ \t]+|$)(?:\[[ xX]\][ \t]+)?")
_DEFINITION = re.compile(r" {0,3}\[(\^?)([^\]\n]{1,200})\]:[ \t]*(.*)$")
_CODE_SPAN = re.compile(r"(?<!`)(`{1,3})(?!`)([^`]{1,1000})\1(?!`)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_AUTOLINK = re.compile(r"<((?:https?|ftp|mailto):[^<>\s]{1,2000})>")
_LINK = re.compile(
    r"!?\[([^\[\]]{0,1000})\](?:\([^()]{0,2000}(?:\([^()]{0,500}\)[^()]{0,500})?\)|\[[^\[\]]{0,200}\])"
)
_NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,100}\]")
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|center|cite|code|dd|del|details|div|dl|dt|em|figcaption|figure|font|h[1-6]"
    r"|hr|i|iframe|img|ins|kbd|li|mark|ol|p|picture|pre|q|s|samp|section|small|source|span|strike|strong|sub"
    r"|summary|sup|table|tbody|td|tfoot|th|thead|tr|u|ul|var|video)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_BREAK_TAG = re.compile(r"<br\s{0,10}/?>[ \t]*\n?", re.IGNORECASE)
_EMPHASIS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\*)\*{3}(?=[^\s*])([^*]{1,1000}?)(?<=[^\s*])\*{3}(?!\*)",
        r"(?<!\*)\*{2}(?=[^\s*])((?:[^*]|\*(?!\*)){1,1000}?)(?<=\S)\*{2}(?!\*)",
        r"(?<![\w_])_{2}(?=[^\s_])((?:[^_]|_(?!_)){1,1000}?)(?<=\S)_{2}(?![\w_])",
        r"(?<![\*\w])\*(?=[^\s*])([^*\n]{1,1000}?)(?<=[^\s*])\*(?!\*)|(?<=\w)\*(?=[^\W\d])([^*\n]{1,1000}?)(?<=\w)\*",
        r"(?<![\w_])_(?=[^\s_])((?:[^_\n]|(?<=\w)_(?=\w)){1,1000}?)(?<=[^\s_])_(?![\w_])",
        r"~~(?=\S)([^~]{1,1000}?)(?<=\S)~~",
    )
)


def _inline(text: str) -> str:
    """Markdown's light markup taken off one paragraph; what it marks stays."""
    kept: list[str] = []

    def keep(content: str) -> str:
        # A control character cannot occur in cleaned text, so it can hold a place.
        kept.append(content)
        return f"\x00{len(kept) - 1}\x01"

    text = _CODE_SPAN.sub(lambda m: keep(m[2].strip() or m[2]), text)
    text = _ESCAPE.sub(lambda m: keep(m[1]), text)
    text = _AUTOLINK.sub(lambda m: keep(m[1]), text)
    text = _NOTE_MARK.sub("", text)
    for _ in range(2):  # The second time for an image inside a link.
        text = _LINK.sub(r"\1", text)
    text = _TAG.sub("", _BREAK_TAG.sub("\n", text))
    for pattern in _EMPHASIS:
        text = pattern.sub(lambda m: m[1] if m[1] is not None else m[m.lastindex or 0], text)
    if "&" in text:
        text = html_entities.unescape(text)
    return re.sub("\x00(\\d+)\x01", lambda m: kept[int(m[1])], text)


def _read_md(data: bytes) -> _Draft:
    text = _clean(_decode(data))
    draft = _Draft()
    front = _FRONT_MATTER.match(text)
    if front is not None:
        found = _FRONT_TITLE.search(front[1] or front[2] or "")
        if found is not None:
            draft.title = found[1].strip().strip("\"'")
        text = text[front.end() :]
    _Markdown(draft.blocks).read(text.split("\n"))
    return draft


class _Markdown:
    """The block structure of a Markdown text, line by line, in one pass."""

    def __init__(self, blocks: list[_Block]) -> None:
        self.blocks = blocks
        self.paragraph: list[str] = []
        self.tight = False  # The paragraph being read goes on the line below the last block.
        self.in_list = False
        self.in_table = False
        self.in_comment = False
        self.in_note = False

    def read(self, lines: Sequence[str]) -> None:
        fence = ""
        code: list[str] = []
        for raw in lines:
            if fence:
                if raw.strip().startswith(fence) and not raw.strip().strip(fence[0]):
                    self.blocks.append(_Block("\n".join(code)))
                    fence, code = "", []
                else:
                    code.append(raw.expandtabs(4))
                continue
            line = re.sub(r"^(?: {0,3}> ?){1,20}", "", self.outside_comments(raw))
            opened = _FENCE.match(line.lstrip() if self.in_list else line)
            if opened is not None and "`" not in line[line.find(opened[1]) :].lstrip("`"):
                self.end()
                fence = opened[1]
                continue
            self.line(line)
        if code:
            self.blocks.append(_Block("\n".join(code)))
        self.end()

    def outside_comments(self, line: str) -> str:
        if not self.in_comment and "<!--" not in line:
            return line
        kept: list[str] = []
        at = 0
        while at < len(line):
            mark = "-->" if self.in_comment else "<!--"
            found = line.find(mark, at)
            end = found if found >= 0 else len(line)
            if not self.in_comment:
                kept.append(line[at:end])
            if found >= 0:
                self.in_comment = not self.in_comment
            at = end + len(mark)
        return "".join(kept)

    def line(self, line: str) -> None:
        is_row = self.in_table
        self.in_table = False
        if not line.strip():
            self.end()
            return
        atx = _ATX.match(line)
        if atx is not None:
            self.end()
            self.in_list = False
            title = (atx[2] or "").rstrip()
            bare = title.rstrip("#")  # A closing run of # counts after a space only: C# stays.
            title = bare if not bare or bare[-1] in " \t" else title
            self.blocks.append(_Block(_flat(_inline(title)), level=len(atx[1])))
            return
        stripped = line.strip()
        if self.paragraph and not stripped.strip("=") and not self.in_list:
            self.heading(1)
            return
        if self.paragraph and not stripped.strip("-") and not self.in_list:
            self.heading(2)
            return
        if "|" in line and "-" in line and not line.strip("|-: \t"):
            self.in_table = is_row
            return
        if _RULE.match(line):
            self.end()
            return
        definition = _DEFINITION.match(line)
        if definition is not None and (definition[1] or not self.paragraph or self.in_note):
            self.end()
            self.in_note = bool(definition[1])
            if self.in_note:  # A footnote is text, a link target is not.
                self.paragraph = [definition[3]]
            return
        if stripped.startswith("|") or (stripped.count("|") > 1 and not self.paragraph):
            self.end()
            cells = re.split(r"(?<!\\)\|", stripped.strip("|"))
            row = " | ".join(filter(None, (_flat(_inline(cell)) for cell in cells)))
            self.blocks.append(_Block(row, glue=LINE if is_row else PARAGRAPH))
            self.in_table = True
            return
        item = _ITEM.match(line)
        if item is not None and (not self.paragraph or self.in_list or item.end() < len(line)):
            was_list = self.in_list
            self.end()
            self.in_list = self.tight = True
            if not was_list:
                self.tight = False
            number = f"{item[1]} " if item[1] else ""
            self.paragraph = [number + line[item.end() :]]
            return
        if self.in_list and not self.paragraph and not line.startswith((" ", "\t")):
            self.in_list = False
            self.tight = False
        self.paragraph.append(line)

    def heading(self, level: int) -> None:
        title = _flat(_inline("\n".join(self.paragraph)))
        self.paragraph = []
        self.blocks.append(_Block(title, level=level))

    def end(self) -> None:
        """The paragraph read so far becomes a block."""
        if not self.paragraph:
            if not self.in_list:
                self.tight = False
            return
        joined = self.paragraph[0].strip() if len(self.paragraph) == 1 else ""
        if not joined:
            pieces = []
            for line in self.paragraph:
                hard = line.endswith("  ") or line.endswith("\\")
                pieces.append(line.strip().removesuffix("\\") + ("\n" if hard else " "))
            joined = "".join(pieces)
        text = "\n".join(_flat(line) for line in _inline(joined).split("\n"))
        tight = self.tight and bool(self.blocks) and not self.blocks[-1].level
        self.blocks.append(_Block(text, glue=LINE if tight else PARAGRAPH))
        self.paragraph = []
        self.in_note = False
        self.tight = self.in_list


_NEVER_TEXT: Final = frozenset(
    "script style template head title svg canvas iframe object embed audio video noscript map "
    "datalist button select textarea input rp".split()
)
_FURNITURE: Final = _NEVER_TEXT | {"nav", "header", "footer", "aside", "menu"}
_BOOK_FURNITURE: Final = _NEVER_TEXT | {"nav"}
_FURNITURE_ROLES: Final = frozenset(
    {"navigation", "banner", "contentinfo", "search", "complementary"}
)
_BLOCK_TAGS: Final = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form header hgroup hr html legend li main menu nav ol optgroup "
    "option p pre section summary table tbody td tfoot th thead tr ul".split()
)
_TIGHT_TAGS: Final = frozenset({"li", "dd", "tr"})
_HEADINGS: Final = {f"h{n}": n for n in range(1, 7)}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_OPEN_OR_CLOSE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_UNNESTED: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th "
    "thead tbody tfoot option optgroup colgroup rp rt html head body".split()
)
_FORMATTING: Final = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_SELF_CLOSED = re.compile(
    r"<(title|script|style|iframe|textarea|noscript|a|b|i|em|strong|span|div|p|td|th|li|h[1-6]|ul|ol|section|small|"
    r"sup|sub|q|cite|blockquote|figure|svg|object|video|audio|canvas|template)\b([^<>]{0,2000}?)/>",
    re.IGNORECASE,
)


def _read_html(data: bytes) -> _Draft:
    text = _decode(data, page=True)
    return _html_draft(text, (_FURNITURE, _NEVER_TEXT), xml=text.lstrip()[:5] == "<?xml")


def _html_draft(text: str, drops: Iterable[frozenset[str]], *, xml: bool) -> _Draft:
    """The page's blocks with the first of ``drops``, elements to leave out, that leaves any."""
    text = text.replace("\x00", "")
    if xml:  # An HTML parser reads XML's <title/> as an open tag and swallows the page.
        text = _SELF_CLOSED.sub(r"<\1\2></\1>", text)
    if _is_too_nested(text):
        return _Draft([_Block(line) for line in _stripped_of_tags(text)])
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    root = tree.root
    draft = _Draft()
    titled = tree.css_first("head > title") or tree.css_first("title")
    if titled is not None:
        draft.title = titled.text()
    for drop in drops:
        draft.blocks = _Page(drop).read(root) if root is not None else []
        if any(block.text.strip() for block in draft.blocks):
            break
    draft.title = _without_site_name(_flat(draft.title), draft.blocks)
    return draft


def _without_site_name(title: str, blocks: Sequence[_Block]) -> str:
    """``Article | Site`` as ``Article``, when that is what the page's first-level heading says."""
    for block in blocks:
        heading = _flat(block.text)
        if block.level == 1 and re.fullmatch(r" ?[|:»·–—-] .+", title[len(heading) :]):
            if title.startswith(heading):
                return heading
    return title


def _is_too_nested(text: str) -> bool:
    """Whether building the tree would take time or memory out of proportion to the page."""
    depth = deepest = formatting = most_formatting = n_tags = 0
    for match in _OPEN_OR_CLOSE.finditer(text):
        n_tags += 1
        name = match[2].lower()
        if name in _UNNESTED:
            continue
        step = -1 if match[1] else 1
        depth = max(0, depth + step)
        deepest = max(deepest, depth)
        if name in _FORMATTING:
            # Every paragraph reopens the formatting elements that are still open.
            formatting = max(0, formatting + step)
            most_formatting = max(most_formatting, formatting)
    return deepest > _MAX_HTML_DEPTH or most_formatting * n_tags > _MAX_HTML_WORK


def _stripped_of_tags(text: str) -> list[str]:
    for name in ("script", "style"):
        text = re.sub(
            rf"<{name}\b.*?(?:</{name}\s*>|\Z)", " ", text, flags=re.DOTALL | re.IGNORECASE
        )
    text = re.sub(r"<!--.*?(?:-->|\Z)", " ", text, flags=re.DOTALL)
    text = re.sub(
        r"</?(?:b|i|em|strong|a|span|u|font|small|sup|sub|code)\b[^<>]*>",
        "",
        text,
        flags=re.IGNORECASE,
    )
    return [_flat(html_entities.unescape(line)) for line in re.split(r"<[/!?a-zA-Z][^<>]*>", text)]


class _Page:
    """Walks an HTML tree without recursion and collects the blocks a reader would see."""

    def __init__(self, drop: frozenset[str]) -> None:
        self.drop = drop
        self.blocks: list[_Block] = []
        self.lines: list[list[str]] = [[]]
        self.glue = PARAGRAPH
        self.heading = 0
        self.pre = 0
        self.row: list[str] | None = None
        self.cell = 0
        self.data_tables: list[bool] = []
        self.inside = Counter[str]()
        self.first_row = True
        self.first_item = False

    def read(self, root: Any) -> list[_Block]:
        path: list[Any] = []
        node = root
        while True:
            descend = self.enter(node)
            child = node.child if descend else None
            if child is not None:
                path.append(node)
                node = child
                continue
            if descend:
                self.leave(node.tag)
            while node.next is None:
                if not path:
                    self.flush()
                    return self.blocks
                node = path.pop()
                self.leave(node.tag)
            node = node.next
            if not path:  # A sibling of the root would be outside the document.
                self.flush()
                return self.blocks

    def enter(self, node: Any) -> bool:
        """Takes in one node; False when what is below it is not to be read."""
        tag = node.tag
        if tag == "-text":
            self.text(node.text_content or "")
            return False
        if tag is None or tag.startswith(("-", "!")):
            return bool(tag == "-document")
        if tag in self.drop:
            if tag == "header" and (self.inside["article"] or self.inside["main"]):
                pass  # The head of an article holds its title; the head of a page holds its logo.
            elif tag == "header":
                self.page_header(node)
                return False
            elif tag == "footer" and self.inside["blockquote"]:
                pass
            else:
                return False
        if self.is_hidden(node, tag):
            return False
        self.inside[tag] += 1
        if tag == "br":
            if self.pre:
                self.lines[-1].append("\n")
            else:
                self.lines.append([])
        elif tag in _HEADINGS and not self.cell:
            self.flush()
            self.heading = _HEADINGS[tag]
        elif tag == "pre" and not self.cell and not self.heading:
            self.flush()
            self.pre += 1
        elif tag in _BLOCK_TAGS:
            self.boundary(tag)
            if tag == "table":
                self.data_tables.append(self.is_data(node))
                self.first_row = True
            elif tag == "tr" and self.data_tables and self.data_tables[-1] and not self.heading:
                self.row = []
            elif tag in ("td", "th") and self.row is not None:
                self.cell = 1
                self.lines = [[]]
            elif tag in _TIGHT_TAGS and not self.cell:
                self.glue = PARAGRAPH if self.first_item else LINE
                self.first_item = False
            elif tag in ("ul", "ol"):
                self.first_item = self.inside["li"] == 0
        return True

    def leave(self, tag: str | None) -> None:
        if tag is None or tag.startswith("-"):
            return
        self.inside[tag] -= 1
        if tag in _HEADINGS and self.heading and not self.cell:
            self.flush()
            self.heading = 0
        elif tag == "pre" and self.pre:
            self.flush()
            self.pre -= 1
        elif tag in ("td", "th") and self.cell:
            assert self.row is not None
            self.row.append(_flat(" ".join("".join(line) for line in self.lines)))
            self.lines = [[]]
            self.cell = 0
        elif tag == "tr" and self.row is not None:
            cells = [cell for cell in self.row if cell]
            if cells:
                self.blocks.append(
                    _Block(" | ".join(cells), glue=PARAGRAPH if self.first_row else LINE)
                )
                self.first_row = False
            self.row = None
            self.glue = PARAGRAPH
        elif tag in _BLOCK_TAGS:
            self.boundary(tag)
            if tag == "table" and self.data_tables:
                self.data_tables.pop()
            if tag in ("ul", "ol", "dl", "table"):
                self.glue = PARAGRAPH

    def boundary(self, tag: str) -> None:
        if self.cell or self.heading:
            self.lines[-1].append(" ")
        elif self.pre:
            pass
        else:
            self.flush()

    def text(self, content: str) -> None:
        if self.row is not None and not self.cell:
            return
        self.lines[-1].append(content)

    def flush(self) -> None:
        """What has been collected becomes a block."""
        if self.pre:
            text = "".join(piece for line in self.lines for piece in line).expandtabs(4)
        else:
            text = "\n".join(_flat("".join(line)) for line in self.lines)
        self.lines = [[]]
        if not text.strip():
            return
        # Pages that set whole paragraphs as headings would have no body.
        level = self.heading if len(text) <= 300 else 0
        first = not self.blocks or bool(self.blocks[-1].level)
        self.blocks.append(
            _Block(text, level=level, glue=PARAGRAPH if first or level else self.glue)
        )
        self.glue = PARAGRAPH

    def page_header(self, node: Any) -> None:
        found = node.css_first("h1")
        if found is not None:
            self.flush()
            self.blocks.append(_Block(_flat(found.text()), level=1))

    def is_hidden(self, node: Any, tag: str) -> bool:
        attributes: dict[str, str | None] = node.attributes
        if not attributes or self.drop is _NEVER_TEXT:
            return False
        if "hidden" in attributes and (attributes["hidden"] or "").lower() != "until-found":
            return True
        if attributes.get("aria-hidden") == "true" or attributes.get("role") in _FURNITURE_ROLES:
            return True
        style = attributes.get("style")
        if style and _HIDDEN_STYLE.search(style):
            return True
        names = attributes.get("class") or ""
        # The marks MediaWiki puts between the words: [1], [edit].
        return bool((tag == "sup" and "reference" in names.split()) or "mw-editsection" in names)

    def is_data(self, node: Any) -> bool:
        """A table of values, not one that only lays out the page."""
        attributes = node.attributes or {}
        if attributes.get("role") == "presentation" or self.cell:
            return False
        inner = node.css_first(
            "td table, td h1, td h2, td h3, td h4, td p + p, td article, td section, td pre"
        )
        return inner is None


# PDFium keeps global state and is not thread-safe, not even across documents: one file at a time.
_PDFIUM_LOCK = threading.Lock()

_PDF_HYPHENS: Final = "\x02\ufffe\xad"
_PAGE_NUMBER = re.compile(r"\d{1,5}")


@dataclass(slots=True)
class _Line:
    """One line of a PDF page, in points from the lower left corner; ``height`` is the font's."""

    text: str
    page: int
    left: float
    bottom: float
    right: float
    height: float


def _read_pdf(data: bytes) -> _Draft:
    import pypdfium2

    with _PDFIUM_LOCK:
        try:
            pdf = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            # 4 is PDFium's FPDF_ERR_PASSWORD, 5 its FPDF_ERR_SECURITY.
            if error.err_code in (4, 5):
                raise UnreadableDocumentError(
                    "the PDF is encrypted; expected one that opens without a password; "
                    "save it without protection and add it again"
                ) from error
            raise UnreadableDocumentError(
                f"the PDF is broken ({_one_line(error)}); open it in a viewer and print it to a "
                "new PDF"
            ) from error
        try:
            title = pdf.get_metadata_value("Title")
            n_pages = len(pdf)
            pages = [_pdf_page(pdf, index) for index in range(n_pages)]
        finally:
            pdf.close()
    lines = [line for page in pages for line in page]
    visible = "".join(line.text for line in lines)
    n_letters = sum(map(str.isalnum, visible))
    if n_letters == 0:
        raise UnreadableDocumentError(
            f"the PDF has {n_pages} page{'s' if n_pages != 1 else ''} and no text layer, so it is "
            "probably a scan; run OCR first (for example ocrmypdf -l spa+eng) and add the result"
        )
    n_undecoded = len(re.findall("[\ufffd\ue000-\uf8ff]", visible))
    if n_undecoded > n_letters:
        raise UnreadableDocumentError(
            "the text layer of the PDF cannot be decoded (its fonts name no characters); run OCR "
            "first and add the result"
        )
    kept = _without_running_lines(pages)
    return _Draft(_pdf_blocks(kept or pages), title=title, n_pages=n_pages)


def _pdf_page(pdf: Any, index: int) -> list[_Line]:
    """The lines of one page in the order of the file; [] for a page that cannot be loaded."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        page = pdf.get_page(index)
    except pypdfium2.PdfiumError:
        return []
    try:
        try:
            textpage = page.get_textpage()
        except pypdfium2.PdfiumError:
            return []
        try:
            codes = [pdfium.FPDFText_GetUnicode(textpage, i) for i in range(textpage.count_chars())]
            lines = []
            for start, end in _line_ranges(codes):
                text = "".join(map(chr, codes[start:end]))
                text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
                if text[-1:] in _PDF_HYPHENS:
                    text = text[:-1].rstrip() + "-"
                text = _flat(_clean(text))
                if text:
                    # A bullet or a raised note mark has another font than its line, and PDFium's
                    # own hyphen has no width: hence three characters.
                    boxes = [
                        textpage.get_charbox(i, loose=True)
                        for i in (start, (start + end) // 2, max(start, end - 2), end - 1)
                    ]
                    heights = sorted(box[3] - box[1] for box in boxes[:3])
                    lines.append(
                        _Line(
                            text,
                            index + 1,
                            left=boxes[0][0],
                            bottom=boxes[1][1],
                            right=max(box[2] for box in boxes),
                            height=max(0.1, heights[1]),
                        )
                    )
            return lines
        finally:
            textpage.close()
    finally:
        page.close()


def _line_ranges(codes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Half-open ranges of the characters of each line, white space at both ends left out.

    PDFium ends a line with CR LF, or with a mark of its own where a word is divided.
    """
    start = 0
    hyphens = {ord(mark) for mark in _PDF_HYPHENS}
    for i, code in enumerate((*codes, 10)):
        divided = code in hyphens
        if code not in (10, 13) and not divided:
            continue
        end = i + 1 if divided else i
        while start < end and codes[start] in (0, 9, 32, 160):
            start += 1
        while end > start and codes[end - 1] in (0, 9, 32, 160):
            end -= 1
        if start < end:
            yield start, end
        start = i + 1


def _without_running_lines(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """The pages without the headers, footers and page numbers that repeat.

    A line among the two highest or lowest of its page repeats when the same words, apart from a
    number that counts with the pages, stand at the same height on pages at most two apart (left and
    right pages may differ): on three such pages, or on two if no line of the body touches it. Where
    lines repeat, other edge lines of the same font and height are running titles too.
    """
    edges = {}
    for page in pages:
        by_height = sorted(page, key=lambda line: line.bottom)
        for line in by_height[:2] + by_height[-2:]:
            edges[id(line)] = line
    seen: dict[str, list[_Line]] = {}
    for line in edges.values():
        patterns = {line.text}
        for number in _PAGE_NUMBER.finditer(line.text):
            offset = int(number[0]) - line.page
            before, after = line.text[: number.start()], line.text[number.end() :]
            patterns.add(f"{before}\x00{offset}\x00{after}")
        for pattern in patterns:
            seen.setdefault(pattern, []).append(line)
    repeated: set[int] = set()
    for pattern, lines in seen.items():
        if len(pages) == 1 and pattern in ("\x000\x00", "- \x000\x00 -"):
            repeated.update(map(id, lines))  # The only page, numbered 1.
        by_page: dict[int, list[_Line]] = {}
        for line in lines:
            by_page.setdefault(line.page, []).append(line)
        for line in lines:
            near = [
                page
                for page in range(line.page - 4, line.page + 5)
                if any(_same_place(line, other) for other in by_page.get(page, ()))
            ]
            n_near = _longest_run(near)
            if n_near >= 3 or (n_near == 2 and _stands_apart(line, pages[line.page - 1])):
                repeated.add(id(line))
    bands: dict[tuple[int, int], set[int]] = {}
    for key in repeated:
        line = edges[key]
        for shift in (-1, 0, 1):
            band = (round(line.bottom / 3) + shift, round(line.height))
            bands.setdefault(band, set()).add(line.page)
    for key, line in edges.items():
        pages_there = bands.get((round(line.bottom / 3), round(line.height)), set())
        if len(pages_there - {line.page}) >= 2:
            repeated.add(key)
    kept = [[line for line in page if id(line) not in repeated] for page in pages]
    return kept if any(kept) else []


def _same_place(line: _Line, other: _Line) -> bool:
    return abs(line.bottom - other.bottom) <= 3 and abs(line.height - other.height) <= 0.5


def _longest_run(pages: Sequence[int]) -> int:
    """Length of the longest run of page numbers with steps of one or two."""
    longest = run = 1
    for before, after in zip(pages, pages[1:], strict=False):
        run = run + 1 if after - before <= 2 else 1
        longest = max(longest, run)
    return longest


def _stands_apart(line: _Line, page: Sequence[_Line]) -> bool:
    others = [abs(line.bottom - other.bottom) for other in page if other is not line]
    return min(others, default=0.0) > 1.8 * line.height


def _pdf_blocks(pages: Sequence[list[_Line]]) -> list[_Block]:
    lines = [line for page in pages for line in page]
    vocabulary = _vocabulary("\n".join(line.text for line in lines))
    sizes = Counter[float]()
    for line in lines:
        sizes[round(line.height * 2) / 2] += len(line.text)
    body = sizes.most_common(1)[0][0]
    levels = _heading_levels(sizes, body)
    pitch = _line_pitch(lines)
    blocks: list[_Block] = []
    for i, line in enumerate(lines):
        level = levels.get(round(line.height * 2) / 2, 0) if any(map(str.isalpha, line.text)) else 0
        if i == 0:
            blocks.append(_Block(line.text, level, page=line.page))
            continue
        before = lines[i - 1]
        after = lines[i + 1] if i + 1 < len(lines) else None
        previous = blocks[-1]
        glue = _pdf_glue(before, line, after, pitch)
        if previous.level != level or (level and len(previous.text) + len(line.text) > 300):
            glue = PARAGRAPH
        if glue == " " and line.page == before.page:
            cut, between = _seam(before.text, line.text, vocabulary)
            previous.text = previous.text[: len(previous.text) - cut] + between + line.text
        elif glue == " ":
            # One paragraph on two pages is two blocks, since a page begins inside it.
            cut, glue = _seam(before.text, line.text, vocabulary)
            previous.text = previous.text[: len(previous.text) - cut]
            blocks.append(_Block(line.text, level, glue, line.page))
        else:
            blocks.append(_Block(line.text, level, glue, line.page))
    return blocks


def _heading_levels(sizes: Counter[float], body: float) -> dict[float, int]:
    """Heading level per font height: a sixth larger than the body, the largest outermost."""
    larger = sorted(
        (size for size in sizes if size > body * 1.15 and size > body + 1), reverse=True
    )
    levels: dict[float, int] = {}
    level, last = 0, 0.0
    for size in larger:
        if not last or size < last * 0.95:
            level, last = min(6, level + 1), size
        levels[size] = level
    return levels


def _line_pitch(lines: Sequence[_Line]) -> float:
    """Usual distance between the lines of a paragraph, in heights of the font."""
    steps = sorted(
        (before.bottom - line.bottom) / line.height
        for before, line in zip(lines, lines[1:], strict=False)
        if line.page == before.page
        and abs(line.height - before.height) < 0.05 * line.height
        and 0.6 * line.height < before.bottom - line.bottom < 3 * line.height
    )
    return steps[len(steps) // 2] if steps else 1.2


def _pdf_glue(before: _Line, line: _Line, after: _Line | None, pitch: float) -> str:
    """How a line follows the one before: " " in the same paragraph, else LINE or PARAGRAPH."""
    ended = _SENTENCE_END.search(before.text) is not None
    lower = line.text[:1].islower()
    if abs(line.height - before.height) > 0.12 * max(line.height, before.height):
        return PARAGRAPH
    step = before.bottom - line.bottom
    if line.page != before.page or step < -0.5 * line.height:
        # The next page or column: the sentence goes on or a paragraph begins.
        return " " if not ended and (lower or before.text.endswith(("-", ","))) else PARAGRAPH
    bullet = _BULLET.match(line.text)
    if bullet is not None and (ended or not bullet[0].strip().isalnum()) and not lower:
        return LINE if step < 1.6 * pitch * line.height else PARAGRAPH
    if step > 1.25 * pitch * line.height:
        return " " if lower and not ended and step < 2 * pitch * line.height else PARAGRAPH
    if not ended:
        return " "
    if step > 0.5 * line.height and line.left - before.left > 0.6 * line.height:
        return " " if _BULLET.match(before.text) else PARAGRAPH
    edge = max(before.right, line.right, after.right if after is not None else 0.0)
    width = line.right - line.left
    first_word = len(line.text.split(maxsplit=1)[0]) + 1
    room = edge - before.right
    return PARAGRAPH if room > 1.5 * first_word * width / max(1, len(line.text)) + 2 else " "


def _open_zip(data: bytes, what: str) -> zipfile.ZipFile:
    """The container, refused before anything is inflated if it would grow out of proportion."""
    import zipfile

    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableDocumentError(
            f"this is an old Office file or one with a password, not {what}; save it in the "
            "current format without a password"
        )
    try:
        container = zipfile.ZipFile(io.BytesIO(data))
        entries = container.infolist()
    except (
        Exception
    ) as error:  # zipfile raises struct.error, ValueError and others on damaged input.
        raise UnreadableDocumentError(
            f"this is not {what}: its zip container is broken ({_one_line(error)}); save or "
            "download the file again"
        ) from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableDocumentError(
            f"the parts of this file are encrypted; expected {what} without a password"
        )
    total = sum(entry.file_size for entry in entries)
    largest = max(
        (e.file_size for e in entries if e.filename.lower().endswith(_TEXT_PARTS)), default=0
    )
    if (
        len(entries) > _MAX_ENTRIES
        or total > _MAX_UNZIPPED_BYTES
        or largest > _MAX_PART_BYTES
        or (total > _RATIO_FREE_BYTES and total > _MAX_RATIO * len(data))
    ):
        raise UnreadableDocumentError(
            f"{len(data):,} bytes would unpack to {total:,} in {len(entries):,} parts; the limit "
            f"is {_MAX_UNZIPPED_BYTES:,} bytes, {_MAX_RATIO} times the size, {_MAX_ENTRIES:,} "
            f"parts and {_MAX_PART_BYTES:,} bytes in one part of text; this looks like a zip bomb, "
            "remove it"
        )
    return container


_TEXT_PARTS: Final = (".xml", ".rels", ".opf", ".ncx", ".xhtml", ".html", ".htm")


def _read_part(container: zipfile.ZipFile, name: str) -> bytes:
    """One part, read in pieces so that a wrong size in the directory cannot fill the memory."""
    pieces = []
    size = 0
    with container.open(name) as part:
        while piece := part.read(2**20):
            size += len(piece)
            if size > _MAX_PART_BYTES:
                raise UnreadableDocumentError(
                    f"the part {name[:80]} unpacks to more than {_MAX_PART_BYTES:,} bytes; this "
                    "looks like a zip bomb, remove it"
                )
            pieces.append(piece)
    return b"".join(pieces)


_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOT_IN_LINE: Final = frozenset(
    {f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", f"{_W}instrText", _FALLBACK}
)


def _read_docx(data: bytes) -> _Draft:
    what = "a Word document (.docx)"
    container = _open_zip(data, what)
    for entry in container.infolist():
        # python-docx reads parts whole; here each is read once in pieces and its checksum tested.
        if entry.filename.lower().endswith((".xml", ".rels")):
            try:
                _read_part(container, entry.filename)
            except CorpusError:
                raise
            except Exception as error:
                raise UnreadableDocumentError(
                    f"this is not {what}: the part {entry.filename[:80]} is broken "
                    f"({_one_line(error)}); save the file again"
                ) from error
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
    except (
        Exception
    ) as error:  # KeyError, ValueError, lxml's and its own errors, by kind of damage.
        raise UnreadableDocumentError(
            f"this is not {what} or it is broken ({_one_line(error)}); open it in a word processor "
            "and save it again"
        ) from error
    draft = _Draft(title=document.core_properties.title or "")
    word = _Word(_style_levels(document))
    word.read(document.element.body)
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(("/footnotes", "/endnotes")):
            from docx.oxml import parse_xml

            word.read_notes(parse_xml(relation.target_part.blob))
    draft.blocks = word.blocks
    return draft


def _style_levels(document: Any) -> dict[str, int]:
    """Heading level per style id: 0 for body text, -1 for the lines of a table of contents."""
    levels = {}
    for style in document.styles.element.iter(f"{_W}style"):
        name_element = style.find(f"{_W}name")
        name = (name_element.get(f"{_W}val") or "").lower() if name_element is not None else ""
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        numbered = re.fullmatch(r"(?:heading|t[íi]tulo|encabezado) (\d)", name)
        level = 0
        if name in ("title", "título", "puesto"):
            level = 1
        elif numbered is not None:
            level = min(6, max(1, int(numbered[1])))
        elif re.match(r"(?:toc|tdc) ?\d|table of figures", name):
            level = -1
        elif outline is not None:
            level = _outline_level(outline)
        levels[style.get(f"{_W}styleId") or ""] = level
    return levels


def _outline_level(element: Any) -> int:
    value = element.get(f"{_W}val") or ""
    return int(value) + 1 if value in ("0", "1", "2", "3", "4", "5") else 0


class _Word:
    """The paragraphs and tables of a WordprocessingML body, tracked deletions left out.

    python-docx's own ``paragraph.text`` leaves out tracked insertions and content controls, which a
    reader of the page does see; so the elements are walked here.
    """

    def __init__(self, levels: dict[str, int]) -> None:
        self.levels = levels
        self.blocks: list[_Block] = []
        self.was_item = False

    def read(self, body: Any) -> None:
        stack = [iter(body)]
        while stack:
            element = next(stack[-1], None)
            if element is None:
                stack.pop()
            elif element.tag == f"{_W}p":
                self.paragraph(element)
            elif element.tag == f"{_W}tbl":
                self.table(element)
            elif element.tag in (
                f"{_W}del",
                f"{_W}moveFrom",
                f"{_W}sectPr",
                f"{_W}sdtPr",
                _FALLBACK,
            ):
                continue
            else:
                stack.append(iter(element))

    def read_notes(self, root: Any) -> None:
        for note in root:
            if note.get(f"{_W}type") in (None, "normal"):
                for paragraph in note.iter(f"{_W}p"):
                    self.blocks.append(_Block(_paragraph_text(paragraph)))

    def paragraph(self, element: Any) -> None:
        properties = element.find(f"{_W}pPr")
        level, is_item = 0, False
        if properties is not None:
            style = properties.find(f"{_W}pStyle")
            outline = properties.find(f"{_W}outlineLvl")
            if style is not None:
                level = self.levels.get(style.get(f"{_W}val") or "", 0)
                is_item = "list" in (style.get(f"{_W}val") or "").lower()
            if outline is not None:
                level = _outline_level(outline)
            is_item = is_item or properties.find(f"{_W}numPr") is not None
        if level < 0:
            return
        text = _paragraph_text(element)
        if text.strip():
            if level and len(text) > 300:
                level = 0
            tight = is_item and self.was_item and not level
            self.blocks.append(_Block(text, level, LINE if tight else PARAGRAPH))
            self.was_item = is_item and not level
        for box in element.iter(f"{_W}txbxContent"):
            if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
                for inner in box.iterchildren(f"{_W}p"):
                    self.blocks.append(_Block(_paragraph_text(inner)))

    def table(self, element: Any) -> None:
        self.was_item = False
        glue = PARAGRAPH
        for row in element.iter(f"{_W}tr"):
            if next(row.iterancestors(f"{_W}tbl")) is not element:
                continue  # The row of a table inside a cell was read with its cell.
            cells = []
            for cell in row.iter(f"{_W}tc"):
                if next(cell.iterancestors(f"{_W}tr")) is row:
                    cells.append(_flat(" ".join(_paragraph_text(p) for p in cell.iter(f"{_W}p"))))
            filled = [cell for cell in cells if cell]
            if filled:
                self.blocks.append(_Block(" | ".join(filled), glue=glue))
                glue = LINE


def _paragraph_text(element: Any) -> str:
    pieces: list[str] = []
    stack = [iter(element)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag in _NOT_IN_LINE:
            continue
        elif child.tag == f"{_W}t":
            pieces.append(child.text or "")
        elif child.tag == f"{_W}tab":
            pieces.append(" ")
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            pieces.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif child.tag not in (f"{_W}pPr", f"{_W}rPr"):
            stack.append(iter(child))
    return "\n".join(_flat(line) for line in _clean("".join(pieces)).split("\n"))


_DC: Final = "{http://purl.org/dc/elements/1.1/}"


def _read_epub(data: bytes) -> _Draft:
    import posixpath
    import urllib.parse
    import xml.etree.ElementTree as ElementTree

    what = "an EPUB book"
    container = _open_zip(data, what)
    names = {name.lower(): name for name in container.namelist()}

    def part(name: str) -> bytes | None:
        found = names.get(name.lower())
        return None if found is None else _read_part(container, found)

    def tree(name: str) -> ElementTree.Element:
        content = part(name)
        if content is None:
            raise UnreadableDocumentError(
                f"this is not {what}: it has no {name}; download it again"
            )
        if b"<!ENTITY" in content:
            raise UnreadableDocumentError(
                f"{name[:80]} declares XML entities, which {what} has no use for; this looks like "
                "an attack, remove it"
            )
        return ElementTree.fromstring(content)

    try:
        rootfile = tree("META-INF/container.xml").find(".//{*}rootfile")
        opf_name = rootfile.get("full-path") if rootfile is not None else None
        if not opf_name:
            raise UnreadableDocumentError(
                f"this is not {what}: it names no package file; download it again"
            )
        package = tree(opf_name)
        base = posixpath.dirname(opf_name)
        manifest = {}
        for item in package.iterfind(".//{*}manifest/{*}item"):
            href = urllib.parse.unquote((item.get("href") or "").split("#")[0])
            manifest[item.get("id")] = (
                posixpath.normpath(posixpath.join(base, href)),
                item.get("media-type") or "",
                (item.get("properties") or "").split(),
            )
        encrypted = set()
        if "meta-inf/encryption.xml" in names:
            for reference in tree("META-INF/encryption.xml").iterfind(".//{*}CipherReference"):
                encrypted.add(urllib.parse.unquote(reference.get("URI") or ""))
        title = package.find(f".//{_DC}title")
        draft = _Draft(title="".join(title.itertext()) if title is not None else "")
        n_missing = 0
        for reference in package.iterfind(".//{*}spine/{*}itemref"):
            path, media_type, properties = manifest.get(reference.get("idref"), ("", "", []))
            if "nav" in properties or not ("html" in media_type or path.endswith(("html", "htm"))):
                continue
            if path in encrypted:
                raise UnreadableDocumentError(
                    f"the book is protected against copying ({path} is encrypted); expected {what} "
                    "without protection"
                )
            content = part(path)
            if content is None:
                n_missing += 1
                continue
            text = _decode(content, page=True) if content.strip() else ""
            draft.blocks += _html_draft(text, (_BOOK_FURNITURE, _NEVER_TEXT), xml=True).blocks
    except CorpusError:
        raise
    except Exception as error:  # zipfile, zlib and ElementTree, by kind of damage.
        raise UnreadableDocumentError(
            f"this is not {what} or it is broken ({_one_line(error)}); download it again"
        ) from error
    if not draft.blocks:
        raise UnreadableDocumentError(
            f"the book holds no readable chapter ({n_missing} are missing from the file); "
            "download it again"
        )
    return draft


_NUMBER = re.compile(r"[-+]?[\d.,]+ ?%?")


def _read_csv(data: bytes) -> _Draft:
    import csv

    text = _decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    hint = re.match(r"sep=(.)\n", text)  # Excel's way to name the delimiter.
    if hint is not None:
        text = text[hint.end() :]
    delimiter = hint[1] if hint is not None and hint[1] not in '"\n ' else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = _checked_rows(reader)
    header: list[str] = []
    for row in rows:
        if any(row):
            header = row
            break
    blocks: list[_Block] = []
    names = [] if all(_NUMBER.fullmatch(cell) or not cell for cell in header) else header
    body: Iterable[list[str]] = rows if names else _chain(header, rows)
    for row in body:
        pairs = []
        for i, value in enumerate(row):
            name = names[i] if i < len(names) else ""
            if value:
                pairs.append(f"{name}: {value}" if name else value)
        if pairs:
            line = "; ".join(pairs)
            end = "" if line.endswith((".", "!", "?", "…")) else "."
            blocks.append(_Block(line + end, glue=LINE))
    if not blocks:
        blocks.append(_Block("; ".join(cell for cell in header if cell)))
    return _Draft(blocks)


def _chain(first: list[str], rest: Iterable[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rest


def _checked_rows(reader: Any) -> Iterator[list[str]]:
    """The rows with each cell on one line; a csv error names the line."""
    import csv

    while True:
        begun = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise UnreadableDocumentError(_bad_row(begun, _one_line(error))) from error
        if row is None:
            return
        longest = max(map(len, row), default=0)
        if longest > MAX_FIELD_CHARS:
            raise UnreadableDocumentError(_bad_row(begun, f"a field has {longest:,} characters"))
        yield [_flat(_clean(cell)) for cell in row]


def _bad_row(line: int, found: str) -> str:
    return (
        f"the row that begins on line {line} cannot be read: {found}; the limit is "
        f'{MAX_FIELD_CHARS:,} characters in a field; look for a quotation mark (") that is never '
        "closed"
    )


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the same number of columns."""
    import csv

    head = text[:65_536]
    if len(head) < len(text) and "\n" in head:
        head = head[: head.rindex("\n")]
    best = (0.0, 0, ",")
    for delimiter in (",", ";", "\t", "|"):
        widths = Counter[int]()
        try:
            for row, _ in zip(
                csv.reader(io.StringIO(head, newline=""), delimiter=delimiter),
                range(50),
                strict=False,
            ):
                if row:
                    widths[len(row)] += 1
        except csv.Error:
            continue
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        if width > 1:
            best = max(best, (count / widths.total(), width, delimiter))
    # Commas in prose do not make columns.
    return best[2] if best[0] >= 0.5 else "\x1f"


_TITLE_FIELDS: Final = ("title", "heading", "título", "titulo")
_TEXT_FIELDS: Final = ("text", "content", "contents", "body", "texto", "contenido", "cuerpo")


def _read_jsonl(data: bytes) -> _Draft:
    import json

    # The heading of the first record is not the title of the file.
    draft = _Draft(heading_is_title=False)
    for number, line in enumerate(_decode(data).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UnreadableDocumentError(
                f"line {number} is not valid JSON ({_one_line(error)}); expected one object per "
                'line, such as {"title": "…", "text": "…"}'
            ) from error
        if not isinstance(record, dict):
            kind = "null" if record is None else type(record).__name__
            raise UnreadableDocumentError(
                f"line {number} holds a JSON {kind}; expected one object per line, such as "
                '{"title": "…", "text": "…"}'
            )
        fields = {str(key): _scalar(value) for key, value in record.items()}
        lowered = {key.lower().strip(): value for key, value in fields.items()}
        title = next((lowered[name] for name in _TITLE_FIELDS if lowered.get(name)), "")
        if title:
            draft.blocks.append(_Block(title, level=1 if len(title) <= 300 else 0))
        texts = [lowered[name] for name in _TEXT_FIELDS if lowered.get(name)]
        if texts:
            draft.blocks += [_Block(text) for text in texts]
            continue
        pairs = [
            f"{_flat(key)}: {_flat(value)}"
            for key, value in fields.items()
            if value and not (title and key.lower().strip() in _TITLE_FIELDS)
        ]
        if pairs:
            line = "; ".join(pairs)
            draft.blocks.append(_Block(line if line.endswith((".", "!", "?", "…")) else line + "."))
    return draft


def _scalar(value: object) -> str:
    """A JSON value as words; "" for null and for what is nested."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return ", ".join(filter(None, (_scalar(v) for v in value if not isinstance(v, list))))
    return ""


_READERS: Final[dict[str, Callable[[bytes], _Draft]]] = {
    ".txt": _read_txt,
    ".md": _read_md,
    ".markdown": _read_md,
    ".html": _read_html,
    ".htm": _read_html,
    ".pdf": _read_pdf,
    ".docx": _read_docx,
    ".epub": _read_epub,
    ".csv": _read_csv,
    ".jsonl": _read_jsonl,
}
SUFFIXES: Final = frozenset(_READERS)
"""Lower-case suffixes that can be read."""
