"""Plain text and Markdown → :class:`~corpus.readers.draft.Draft`."""

from __future__ import annotations

import html as html_entities
import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise, zip_longest
from textwrap import dedent
from typing import Final

from corpus.blocks.columns import are_columns, columns_of, is_led, is_sold
from corpus.blocks.counting import LETTERS, ROMANS, number_of_step
from corpus.blocks.divisions import is_release, names_division
from corpus.blocks.signs import MESSAGE, begins_anew, greets, label_of
from corpus.dates import places_of_dates
from corpus.document import LeftOut
from corpus.readers.boxes import parts_of_boxes
from corpus.readers.draft import (
    BULLET,
    HYPHENS,
    LINE,
    PARAGRAPH,
    PICTURE,
    PICTURED,
    SURE_MARKS,
    Draft,
    Part,
    Parts,
    clean,
    decode,
    flat,
    in_cell,
    is_ornament,
    known_words,
    raised,
    row_part,
    seam,
    tidy,
)
from corpus.readers.front import without_front_matter
from corpus.readers.named import lines_of_names, parts_of_lines
from corpus.readers.paged import without_leaf_lines, without_page_lines
from corpus.readers.reached import names_document, reached_at
from corpus.readers.shortcodes import without_shortcodes
from corpus.readers.statutes import section_lines
from corpus.readers.tables import name_columns, rows_of_lines, table_parts
from corpus.ticks import is_ticked


def _is_whole(line: str) -> bool:
    """Whether a line stands for itself: a question with its ticks, the number of a version, or a name with its price."""
    return is_ticked(line) or is_release(line) or is_sold(line)


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether one paragraph was broken into these lines because they were full.

    That is so when no line had room for the first word of the next. Lists and verse have short
    lines; the first of a paragraph may stand further in.
    """
    width = max(map(len, lines))
    if not 40 <= width <= 120 or any(BULLET.match(line) or begins_anew(line) for line in lines[1:]):
        return False
    if all(map(is_led, lines)) or any(map(is_ticked, lines)):
        return False
    return all(
        len(line) + 1 + len(after.split(maxsplit=1)[0]) > width
        for line, after in zip(lines, lines[1:], strict=False)
    )


def _first_further_in(paragraph: str) -> list[str]:
    """The lines of a paragraph, the first with the spaces by which it stands further in than all others."""
    first, *rest = paragraph.expandtabs().split("\n")
    indents = {len(line) - len(line.lstrip()) for line in rest}
    own = len(first) - len(first.lstrip())
    further = own - indents.pop() if len(indents) == 1 else 0
    return [" " * further + first.strip(), *map(str.strip, rest)]


# Signs that lines are drawn with
_DRAWN: Final = "=~*═─━-"
# "Objeto", "📅 Hours:" with a line of signs below it that is about as long
_UNDERLINED = re.compile(
    rf"(?:^|(?<=\n\n))[ \t]*(?P<title>(?:{PICTURE}[ \t]*)?[¿¡\"“(]?[^\W_][^\n|]{{1,98}}[^\s.,;|])[ \t]*\n[ \t]*(?P<line>(?P<sign>[{_DRAWN}])(?P=sign){{2,98}})[ \t]*(?:\n|\Z)"
)
# Below a name and a colon signs that are longer or shorter are a blank to write on
_MAX_LONGER: Final = 3

# "Rowing Club" between two lines of signs, or in a frame of them; not the names of columns, nor what is said of a page of Markdown
_FRAMED = re.compile(
    rf"(?:^|(?<=\n\n))[ \t]*(?P<sign>[#_{_DRAWN}])(?P=sign){{2,98}}\n(?P<title>(?:(?!\w+:)[^\n|]{{2,99}}\n){{1,3}}?)[ \t]*(?P=sign){{3,99}}(?:\n|\Z)"
)
_COLUMNS = re.compile(r"\S(?: {3,}|[ \t]*\t[ \t]*)\S")


def _underlined(framed: re.Match[str]) -> str:
    """What stands between two lines of signs with one of them, that of the first titles where it is how the text begins."""
    lines = [line.strip(f" \t{framed['sign']}") for line in framed["title"].splitlines()]
    title = " ".join(filter(None, lines)).rstrip(": ")
    if any(map(_COLUMNS.search, lines)) or not _UNDERLINED.fullmatch(f"{title}\n---"):
        return framed[0]
    return f"{title}\n{(framed['sign'] if framed.start() else '=') * 3}\n\n"


def _set_apart(underlined: re.Match[str]) -> str:
    """A title with the line of signs below it, as a paragraph of its own."""
    title, line = underlined["title"], underlined["line"]
    named = title[-1] == ":" and abs(len(title) - len(line)) > _MAX_LONGER
    if named and not (line[0] in "=═" and title.isupper()):
        return underlined[0]
    return f"\n\n{title.rstrip(': ')}\n{line}\n\n"


# A line of its own that is a heading of Markdown or bold as a whole: "## Riego", "**Artículo 3 – Fees**"
_MARKED_LINE = re.compile(
    r"(?:^|(?<=\n\n))(?:#{1,4} [^\W_][^\n]{0,98}|\*\*[^\W_][^*\n]{1,98}\*\*:?)[ \t]*(?=\n\n|\n?\Z)"
)
_LEAST_MARKED: Final = 3


def read_txt(data: bytes, *, titled: bool = True) -> Draft:
    """The paragraphs; lines that were broken because they were full are joined. What is written in Markdown is read as such. ``titled``: it
    may begin with its title, as the text of a mail does not."""
    text, left_out = without_page_lines(decode(data))
    text = tidy(clean(text))
    if (
        len(_MARKED_LINE.findall(text)) >= _LEAST_MARKED
        or without_shortcodes(text, page=False) != text
    ):
        return read_md(data)
    text = _FRAMED.sub(_underlined, text)
    text = tidy(_UNDERLINED.sub(_set_apart, text))
    divided = any(f"{hyphen}\n" in text for hyphen in HYPHENS)
    vocabulary = known_words(text) if divided else frozenset[str]()
    whole = _has_whole_lines(text)
    blocks: list[Part] = []
    title, rest = _title_over(text) if titled else ("", text)
    if title:
        blocks.append(Part(title, level=1))
    for paragraph in rest.split("\n\n"):
        lines = [line.strip() for line in paragraph.split("\n")]
        if len(lines) == 2 and lines[0][-1:] != ":" and _UNDERLINED.fullmatch(paragraph):
            blocks.append(Part(lines[0], level=1 if lines[1][0] in "=═" else 2))
            continue
        if drawn := parts_of_boxes(lines):
            blocks += drawn
            continue
        if len(lines) > 1 and all(lines) and _is_wrapped(_first_further_in(paragraph)):
            pieces = []
            for line, after in zip(lines, lines[1:], strict=False):
                cut, glue = seam(line, after, vocabulary)
                pieces.append(line[: len(line) - cut] + glue)
            paragraph = flat("".join((*pieces, lines[-1])))
        parted = _titles_apart(lines) if whole else []
        blocks += parted or [Part(_as_far_in_as_first(paragraph))]
    return Draft(Parts(blocks), plain=True, left_out=left_out)


# No line that is broken where it is full is longer
_MAX_BROKEN_CHARS: Final = 120
_LONG_LINES_SHARE: Final = 0.4
_MAX_TITLE_WORDS: Final = 9
_LEAST_WORDS: Final = 4
_ENDS = re.compile(r"[.,:;!?…][\"'»”’)\]]*\Z")


def _has_whole_lines(text: str) -> bool:
    """Whether each line is a paragraph, as programs write them that leave it to the screen to break lines: most of the text stands in long ones."""
    lines = [len(line) for line in text.split("\n")]
    return sum(n for n in lines if n > _MAX_BROKEN_CHARS) > _LONG_LINES_SHARE * sum(lines)


def _titles_apart(lines: Sequence[str]) -> list[Part]:
    """The lines of a paragraph that are paragraphs themselves, parted where a few words without a stop stand over one of text; [] where none do."""
    titles: set[int] = set()
    for n, (line, after) in enumerate(pairwise(lines)):
        above = lines[n - 1] if n else "."
        over = n - 1 in titles or _ENDS.search(above) is not None or len(above) > _MAX_BROKEN_CHARS
        if over and _may_be_title(line):
            # "Subsection B: Duties" over "President"
            at = n + (_may_be_title(after) and n + 2 < len(lines))
            if _is_text(lines[at + 1]):
                titles |= {n, at}
    parts: list[Part] = []
    start = 0
    for n in range(len(lines)) if titles else ():
        if n + 1 == len(lines) or n in titles or n + 1 in titles:
            text = "\n".join(lines[start : n + 1])
            glue = LINE if start else PARAGRAPH
            parts.append(Part(text, glue=glue, strong=n in titles))
            start = n + 1
    return parts


_MAX_TITLE_LINES: Final = 3
_MAX_COVER_WORDS: Final = 20
# Beside a date no more is said in a line than where it is
_MAX_DATE_LINE_WORDS: Final = 8
_LEAST_WIDTH: Final = 60


def _title_over(text: str) -> tuple[str, str]:
    """The title that a text begins with and what follows it, where no blank line parts the two: lines in capitals over others, or a few
    words over a date or text; "" and all of the text elsewhere."""
    opening = text.split("\n\n", 1)[0]
    lines = [line.strip() for line in opening.split("\n")]
    if len(lines) < 2 or _COLUMNS.search(opening) or "|" in opening:
        return "", text
    if _UNDERLINED.fullmatch(opening):
        return "", text
    ends = (n for n, line in enumerate(lines) if not line.isupper() or (n and begins_anew(line)))
    n_loud = next(ends, len(lines))
    last = max(0, n_loud - 1)
    title = " ".join(lines[: last + 1])
    if last + 1 == len(lines):
        return "", text
    after = lines[last + 1]
    width = max(_LEAST_WIDTH, *map(len, text.split("\n")))
    is_full = len(lines[last]) + 1 + len(after.split(maxsplit=1)[0]) > width
    if is_full or BULLET.match(after):
        return "", text  # It goes on below, or leads in to a list
    if n_loud:
        is_title = n_loud <= _MAX_TITLE_LINES and len(title.split()) <= _MAX_COVER_WORDS
    else:
        is_title = len(title.split()) <= _MAX_TITLE_WORDS
        is_title = is_title and (_is_date_line(after) or _is_text(after))
    is_title = is_title and len(title.split()) >= 2
    marked = _ENDS.search(title) or BULLET.match(title) or begins_anew(title) or "://" in title
    other = _is_date_line(title) or label_of(title) is not None or greets(f"{title},")
    if not is_title or marked or other or not title[0].isupper():
        return "", text
    return title, "\n".join(text.split("\n")[last + 1 :])


def _is_date_line(line: str) -> bool:
    """Whether a line is a date, alone or behind a place."""
    return len(line.split()) <= _MAX_DATE_LINE_WORDS and any(places_of_dates(line))


def _may_be_title(line: str) -> bool:
    few = 0 < len(line.split()) <= _MAX_TITLE_WORDS
    return few and line[0].isupper() and not (_ENDS.search(line) or BULLET.match(line))


def _is_text(line: str) -> bool:
    long = len(line) > _MAX_BROKEN_CHARS or (line[-1] == "." and len(line.split()) >= _LEAST_WORDS)
    return long and line[0].isupper()


def _as_far_in_as_first(paragraph: str) -> str:
    """A paragraph that stands in without the spaces before its first line, on its other lines as well: what nests in it still does."""
    indent = len(paragraph) - len(paragraph.lstrip(" "))
    lines = paragraph.split("\n") if indent else [paragraph]
    return "\n".join(line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in lines)


# What is shown of a part that is folded up
_FOLDED = re.compile(
    r"(?:<details\b[^>]*>\s*)?<summary\b[^>]*>(.{1,300}?)</summary>", re.IGNORECASE
)
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
# As old programs let it be written, "##Horario##"; with one sign it is a heading only among others, not the tag of a subject.
_TIGHT_ATX = re.compile(
    r"(#{2,6})((?=[*_¿¡\"“«]*[^\W_]).*)$|(#)((?=[*_¿¡\"“«]*[A-ZÁÉÍÓÚÑ])[^#]*#?)$"
)
# What frames others in HTML may hold Markdown as well.
_FRAMES: Final = frozenset(
    "html body main div section article aside details center blockquote figure form fieldset".split()
)
# What is for programs, whatever stands in it
_UNSHOWN: Final = frozenset(("script", "style"))
# What is written in HTML between the lines, from where it opens to where it closes.
_HTML_BLOCK = re.compile(
    rf" {{0,3}}<(table|[uod]l|h[1-6]|p|{'|'.join(sorted(_FRAMES | _UNSHOWN))})\b", re.IGNORECASE
)
_FRAME_TAG = re.compile(rf" {{0,3}}</?(?:{'|'.join(sorted(_FRAMES))})\b", re.IGNORECASE)
# What is set by these is no HTML, whatever frames it.
_MARKDOWN = re.compile(
    r"^ {0,3}(?:#{1,6} \S|[-*+] \S|\d{1,9}[.)] \S|> ?\S|```|~~~|\|.*\|[ \t]*$)|[^\\\n]\\$|\]\([^)\s]+\)|(?<![\w*])\*{1,2}[^\s*][^*\n]*\*|\bmarkdown=",
    re.MULTILINE,
)
_MAY_HOLD_BLANKS: Final = frozenset(("table", "ul", "ol", "dl")) | _FRAMES | _UNSHOWN
_MAX_HTML_LINES: Final = 200
_MAX_HTML_DEPTH: Final = 20
_CAPITALS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SENTENCE_LINE = re.compile(r"[A-ZÁÉÍÓÚÑ¿¡\d*_\"“«].*[.;:]")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
# What is left of one that was deleted
_STRAY_FENCE = re.compile(r"\s*`{1,2}\s*")
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)[ \t]*\S")
# What stands four spaces in is code, unless it begins as a sentence, an item or a name does and has no sign that code has.
_BEGINS_PROSE = re.compile(
    rf"[\"“«'‘(¿¡*_]*[A-ZÁÉÍÓÚÑ]|\(?\d{{1,3}}[.)]\s+\(?[^\W\d_]|(?:[-*+{SURE_MARKS}]\s*)[\"“«'‘(¿¡*_]*[^\W\d_]"
)
_CODE_SIGN = re.compile(
    r"[{}\\`|<>=]|\$(?:\s|[A-Za-z_])|\w\(\)|\w_\w|\w\.\w+\(|\s--?[a-z]|~/|^\s*(?:[#@%/.]|>>>)|[^\s.)*•-] {3,}\S",
    re.MULTILINE,
)
_LEAST_WORD = re.compile(r"[^\W\d_]{3}")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
# Text that was copied from a page keeps the bullets of that …
_OTHER_MARKS: Final = "●■□◆◇♦❖❑❏❐➤►▶▸➔⇨"
# … and those that answer, which stay: allowed, not allowed
_ANSWERING: Final = "✅❌☑☒✗✘✕✖"
_ITEM = re.compile(
    rf"[ \t]*(?:(?:[-*+]|(\d{{1,9}}[.)]))(?:[ \t]+|$)|[{SURE_MARKS}]\ufe0f?[ \t]*(?=\S)"
    rf"|(?=[{_ANSWERING}]\ufe0f?[ \t]+\S)|[{_OTHER_MARKS}]\ufe0f?[ \t]+(?=\S))"
)
_BEFORE_PICTURE = re.compile(r"[ \t]*()")
# What is counted by letters or small Roman numbers, and what may follow what: "h" or "hh" …, "i" is the ninth and the first
_LETTERED = re.compile(r"([ \t]*)(\(?([a-z]|[ivx]{1,5})[.)])[ \t]+(?=\S)")
_IN_TURN: Final = (*pairwise(LETTERS), *pairwise(ROMANS))
_FOLLOWING: Final = {
    one: {after for before, after in _IN_TURN if before == one} for one, _ in _IN_TURN
} | {"": {"a", "i"}}
_DEFINITION = re.compile(r" {0,3}\[(\^?)([^\]\n]{1,200})\]:[ \t]*(.*)$")
# "+-----+-------+" above and below a row of a table, "+=====+=======+" below its header
_GRID_BORDER = re.compile(r" {0,3}\+(?:[-=:]{2,}\+)+[ \t]*")
# "Opening hours . . . . . . . 4", a line of contents
_DOTTED = re.compile(r"\S.*?(?:\.[ \t]?){6,}[ \t]*[\d,]{1,9}\s*")
# "-------  -----" below the names of columns, which stand above and below it without bars
_COLUMN_RULE = re.compile(r" {0,3}-{2,}(?: +-{2,})+[ \t]*")
_LABEL_LINE = re.compile(
    r"[ \t]*[*_]{0,2}([^\W\d_][^:*_\n]{0,38})(?::[*_]{0,2}|[*_]{1,2}:)[ \t]+\S"
)
_MAX_LABEL_WORDS: Final = 4
_CODE_SPAN = re.compile(r"(?<!`)(`{1,3})(?!`)([^`]{1,1000})\1(?!`)")
# "Yes __ No _X_" of a form is not set in italics
_TYPED_TICK = re.compile(r"(\b(?:no|s[ií]|yes):?[ \t]*)(_{1,3}x_{1,3})(?!\w)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_AUTOLINK = re.compile(r"<((?:https?|ftp|mailto):[^<>\s]{1,2000})>")
_LINK = re.compile(
    r"!?\[([^\[\]]{0,1000})\](?:\(([^()]{0,2000}(?:\([^()]{0,500}\)[^()]{0,500})?)\)|\[[^\[\]]{0,200}\])"
)
# A picture, and a line of nothing else: "![The old mill](mill.jpg)", "[![Map][map]](map.html)"
_PICTURE = r"!\[([^\[\]]{0,1000})\](?:\([^()]{0,2000}(?:\([^()]{0,500}\)[^()]{0,500})?\)|\[[^\[\]]{0,200}\])(?:\{[^{}]{0,200}\})?"
_PICTURE_MARK = re.compile(_PICTURE)
_PICTURES = re.compile(rf"\s*(?:\[?{_PICTURE}(?:\]\([^()]{{0,2000}}\))?\s*)+")
_FILE_NAME = re.compile(r"[\w-]+[_.][\w.-]*")
_LEAST_TOLD_WORDS: Final = 3
# What is struck out is no longer said.
_STRUCK = re.compile(
    r"~~(?=\S)[^~]{1,1000}?(?<=\S)~~|<(del|s|strike)>[^<]{0,1000}</\1>", re.IGNORECASE
)
_RAISED = re.compile(r"<sup>([^<]{1,20})</sup>", re.IGNORECASE)
_BOLD_NAME = re.compile(r"(\*\*|__)(?=\S)[^*_\n]{1,40}(?::\1|\1:)(?!\S)")
_BOLD_MARK = re.compile(r"\*\*|__")
# A field of a note of Obsidian's, "cuota:: 20 €"
_NOTE_FIELD = re.compile(r"^([^\W\d_][\w -]{0,40})::(?=[ \t]+\S)", re.MULTILINE)
_BOLD_LINE = re.compile(r"(\*\*|__)(?=\S)[^*_\n]{2,200}(?<=\S)\1:?")
# What programs that show Markdown take for themselves: the name of a heading, where the contents go or a page ends, the frame of a notice.
_HEADING_NAME = re.compile(r"[ \t]*\{:?[ \t]*[#.][^{}]{0,200}\}[ \t]*$")
_CONTENTS_MARK = re.compile(
    r"\s*(?:\[TOC\]|\[\[_?TOC_?\]\]|\{:?toc\b[^{}\n]{0,100}\}|\\(?:newpage|pagebreak|clearpage|tableofcontents))\s*",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r" {0,3}(?::{3,}[ \t]*(?:\{?\.?[\w-]+\}?)?|\[![a-zA-Z]+\][+-]?)[ \t]*(?:[\[\"]?(.*?)[\]\"]?)[ \t]*$"
)
# Tabs and notices whose text stands four spaces in, as in MkDocs: === "On foot", !!! note "Beware", ??? question "May I …?"
_FRAME = re.compile(
    r" {0,3}(?:(?P<tab>===)[!+]?|(?:!!!|\?\?\?\+?)[ \t]*[a-z][\w-]*(?: inline)?(?: end)?)[ \t]*(?:\"(?P<title>.*)\")?[ \t]*"
)
_FRAME_INDENT: Final = 4
# What a program puts in the place of it when it makes a page: {% include toc.html %}, {{ site.title }}, {{< notice >}}, {: .lead};
# how a block looks stands in a line of its own, with Pandoc as "{ .lead }"
_TEMPLATE = re.compile(r"\{%[^\n]{0,300}?%\}|\{\{[^\n{}]{0,300}\}\}")
_LINE_LOOK = re.compile(r"[ \t]*\{(?::|[ \t]*[.#][A-Za-z])[^{}\n]{0,200}\}[ \t]*")
# The names of pictures that programs show in place of them
_ICON = re.compile(r":(?:material|octicons|fontawesome|simple|bootstrap)-[\w-]{1,80}:[ \t]?")
# One that is written by its name, ":wink:"; at the beginning of a text that may be the name of a field.
_EMOJI = re.compile(
    r"(?P<before>[ \t]?)(?<![\w:/`\x00\x01]):(?P<name>[a-z][a-z\d_]{2,40}|(?:cn|de|es|fr|gb|it|jp|kr|ru|uk|us)|[+-]1|x):(?![\w:/`\x00])(?P<after>[ \t]?)"
)
_EMOJI_NAMES: Final = {
    "white_check_mark": "✅", "heavy_check_mark": "✔️", "ballot_box_with_check": "☑️", "x": "❌", "heavy_multiplication_x": "✖️", "no_entry": "⛔",
    "no_entry_sign": "🚫", "+1": "👍", "-1": "👎", "warning": "⚠️", "exclamation": "❗", "question": "❓", "information_source": "ℹ️", "euro": "💶",
}  # fmt: skip
# The flags of countries, by the names that they have there
_FLAGS: Final = dict(
    pair.split("=")
    for pair in (
        "argentina=AR bolivia=BO brazil=BR chile=CL colombia=CO costa_rica=CR cuba=CU dominican_republic=DO ecuador=EC el_salvador=SV guatemala=GT"
        " honduras=HN mexico=MX nicaragua=NI panama=PA paraguay=PY peru=PE puerto_rico=PR uruguay=UY venezuela=VE es=ES fr=FR uk=GB gb=GB us=US"
        " de=DE it=IT jp=JP kr=KR cn=CN ru=RU portugal=PT andorra=AD ireland=IE canada=CA australia=AU new_zealand=NZ india=IN south_africa=ZA"
        " switzerland=CH austria=AT belgium=BE netherlands=NL sweden=SE norway=NO denmark=DK finland=FI poland=PL greece=GR ukraine=UA"
    ).split()
)
_FIRST_OF_FLAG: Final = ord("🇦") - ord("A")
_MAX_MARKS: Final = 12
_FACES_AND_SIGNS: Final = frozenset(
    "smile smiley wink grin joy blush heart sunglasses thinking tada wave clap pray muscle eyes star star2 bulb memo pushpin calendar clock1"
    " house car bus bike euro rotating_light mag beer coffee pizza zap boom sos new free soon gift point_right point_left".split()
)
# An item that is nothing but a link to a place of the text itself is a line of contents.
_TO_PLACE = re.compile(r"(?:\d{1,2}[.)] )?\[[^\]\n]+\]\(#[^)\s]+\)")
_BUTTONS = re.compile(
    r"(?:!?\[[^\[\]]{0,300}\]\([^()]{0,500}\)\{[^{}]{0,200}\b(?:button|btn)\b[^{}]{0,200}\}\s*"
    # … or in HTML
    r"|<a\b[^<>]{0,1000}\bclass=[\"'][^\"'<>]{0,500}\b(?:button|btn)\b[^<>]{0,1000}>(?:[^<]|<(?!/?a\b)){0,1000}</a>\s*)+",
    re.IGNORECASE,
)
# What gives a link or a picture its look: [Rules](rules.md){ .button }
_LOOK = re.compile(r"(?<=[)\]])\{:?[ \t]*[.#\w][^{}\n]{0,200}\}")
# The page that a link of a wiki or of Obsidian leads to, and what it shows: [[Seeds]], [[Seeds#Tomato]], [[Seeds|what we sow]]; and what
# is shown in place of such a link, a picture mostly: ![[plan.png|300]]
_WIKI_LINK = re.compile(r"\[\[([^\[\]|]{1,300}\|)?([^\[\]|]{1,300})\]\]")
_EMBEDDED = re.compile(r"!\[\[[^\[\]|\n]{1,300}(?:\|[\dx]{0,12}|\|([^\[\]\n]{1,300}))?\]\]")
# What Obsidian marks: ==this counts==, %%not shown%%, and the name of a paragraph at its end, ^rules-2
_HIGHLIGHTED = re.compile(r"(?<![=\w])==(?=[^\s=])([^=\n]{1,500})(?<=\S)==(?![=\w])")
_REMARK = re.compile(r"(?<![\w%])%%(?=[^%])((?:[^%]|%(?!%)){1,2000})%%(?![\w%])")
_BLOCK_NAME = re.compile(r"(?:^|(?<=\s))\^(?=[\d-]*[a-zA-Z])[\w-]{3,60}\s*\Z")
# A note in the midst of the text, as Pandoc has them as well: ^[By the old calendar.]
_INLINE_NOTE = re.compile(
    r"(?<=\S)\^\[((?=[^\]]*[^\W\d_]{2})(?:[^\[\]]|\[[^\[\]]{0,300}\]){3,1000})\]"
)
_NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,100}\]")
_TAG = re.compile(
    r"</?(?:a|abbr|address|article|aside|b|big|blockquote|body|br|button|center|cite|code|col|colgroup|dd|del|details|div|dl|dt|em|fieldset"
    r"|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|main|mark|meta|nav"
    r"|noscript|ol|option|p|picture|pre|q|s|samp|script|section|select|small|source|span|strike|strong|style|sub|summary|sup|table|tbody|td"
    r"|textarea|tfoot|th|thead|time|tr|u|ul|var|video|wbr)(?:\s[^<>]{0,2000})?/?>"
    # Those that a program knows have a name in two parts, as what is to be filled in may have: "<user-name>"
    r"|</[a-z]\w*(?:[-:][\w.]+)+>|<[a-z]\w*(?:[-:][\w.]+)+(?:\s[^<>]{0,2000}=[^<>]{0,2000}>|\s*/>|>(?=[^<]{0,1000}</))",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"<(script|style)\b[^<>]{0,2000}>.{0,5000}?</\1>", re.IGNORECASE | re.DOTALL)
_BREAK_TAG = re.compile(r"<br\s{0,10}/?>[ \t]*\n?", re.IGNORECASE)
# One at the end of what is set in italics or bold breaks nothing.
_LAST_BREAK = re.compile(r"<br\s{0,10}/?>\s{0,100}(?=[*_]{1,3}(?:\s|\Z))", re.IGNORECASE)
_EMPHASIS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\*)\*{3}(?=[^\s*])([^*]{1,1000}?)(?<=[^\s*])\*{3}(?!\*)",
        r"(?<!\*)\*{2}(?=\*?[^\s*])((?:[^*]|\*(?!\*)){1,1000}?)(?<=\S)\*{2}(?!\*\*)",
        r"(?<![\w_])_{2}(?=[^\s_])((?:[^_]|_(?!_)){1,1000}?)(?<=\S)_{2}(?![\w_])",
        r"(?<![\*\w])\*(?=[^\s*])([^*\n]{1,1000}?)(?<=[^\s*])\*(?!\*)|(?<=\w)\*(?=[^\W\d])([^*\n]{1,1000}?)(?<=\w)\*",
        r"(?<![\w_])_(?=[^\s_])((?:[^_\n]|(?<=\w)_(?=\w)){1,1000}?)(?<=[^\s_])_(?![\w_])",
    )
)


def _is_prose(lines: Sequence[str]) -> bool:
    """Whether lines that stand four spaces in are no code: a signature, an address, a list that was pasted."""
    said = "\n".join(lines).strip()
    begins = _BEGINS_PROSE.match(said) is not None and _LEAST_WORD.search(said) is not None
    return begins and _CODE_SIGN.search("\n".join(line.strip() for line in lines)) is None


def _stands_over(line: str, below: str) -> bool:
    """Whether a line of a paragraph is parted from the one below, as who wrote them saw them: it is all in bold, or that begins with a name in bold."""
    return _BOLD_LINE.fullmatch(line) is not None or _BOLD_NAME.match(below) is not None


def _counted_lines(lines: Sequence[str]) -> list[int]:
    """Which lines of a paragraph begin with letters that count on from the first, "(a) …" over "(b) …": items that Markdown does not know."""
    found: list[int] = []
    last = ""
    for n, line in enumerate(lines):
        mark = _LETTERED.match(line)
        if mark is not None and mark[3] in (_FOLLOWING.get(last, ()) if last else "a"):
            found.append(n)
            last = mark[3]
    return found if len(found) > 1 else []


def _linked(link: re.Match[str]) -> str:
    """What a link says, with the address that it writes to or the number that it dials where it does not say that; "" for the name of a picture's file."""
    if link[0][0] == "!" and _FILE_NAME.fullmatch(link[1]):
        return ""
    reached = reached_at(link[2] or "", link[1])
    return f"{link[1]} ({reached})" if reached else link[1]


def _without_pictures(title: str) -> str:
    """A heading without the pictures beside its words, a logo or a badge, and without a mark of code that is never closed."""
    title = title.replace("`", "") if title.count("`") == 1 else title
    bare = _PICTURE_MARK.sub("", title)
    return bare if any(map(str.isalpha, _LINK.sub(_linked, bare))) else title


def _wiki_shown(link: re.Match[str]) -> str:
    """What a link of a wiki shows: its own words, or the page with the part of it behind a ">"."""
    names = [] if link[1] else [name for name in link[2].split("#") if name and name[0] != "^"]
    return " > ".join(names) or link[2]


def _emoji_of(code: re.Match[str]) -> str:
    """The emoji that is written by its name, "" for one of which only programs know how it looks."""
    name, before, after = code["name"], code["before"], code["after"]
    flag = "".join(chr(ord(letter) + _FIRST_OF_FLAG) for letter in _FLAGS.get(name, ""))
    drawn = _EMOJI_NAMES.get(name, flag)
    if not drawn:
        try:
            drawn = unicodedata.lookup(name.replace("_", " "))
        except KeyError:
            drawn = ""
        drawn = drawn if drawn and unicodedata.category(drawn) == "So" else ""
    if drawn:
        return f"{before}{drawn}{after}"
    at = code.start("name") - 1
    begins = at <= _MAX_MARKS and not code.string[:at].strip(" \t#*_>-")
    may_be_field = begins and name not in _FACES_AND_SIGNS and "_" not in name
    return code[0] if may_be_field else before and after


def _unmarked(text: str, left_out: list[LeftOut]) -> str:
    """A text without what Obsidian does not show."""
    left_out += [LeftOut(m[1].strip(), 0, "comment") for m in _REMARK.finditer(text)]
    text = _HIGHLIGHTED.sub(r"\1", _REMARK.sub("", text))
    return _BLOCK_NAME.sub("", text)


def _spans(line: str) -> list[tuple[str, bool]]:
    """The pieces of a line, each with whether it is bold, without their marks."""
    pieces = _BOLD_MARK.split(line)
    return [
        (_inline(piece, []) if piece.strip() else piece, n % 2 > 0)
        for n, piece in enumerate(pieces)
    ]


def _inline(text: str, left_out: list[LeftOut]) -> str:
    """Markdown's light markup taken off one paragraph; what it marks stays, and what is struck out goes to ``left_out``."""
    kept: list[str] = []

    def keep(content: str) -> str:
        # A control character cannot occur in cleaned text, so it can hold a place.
        kept.append(content)
        return f"\x00{len(kept) - 1}\x01"

    text = _CODE_SPAN.sub(lambda m: keep(m[2].strip() or m[2]), text)
    text = _TYPED_TICK.sub(lambda m: m[1] + keep(m[2]), text)
    text = _ESCAPE.sub(lambda m: keep(m[1]), text)
    text = _AUTOLINK.sub(lambda m: keep(m[1]), text)
    text = _EMOJI.sub(_emoji_of, _ICON.sub("", _LOOK.sub("", text)))
    text = _unmarked(_EMBEDDED.sub(lambda m: m[1] or "", _NOTE_MARK.sub("", text)), left_out)
    text = _WIKI_LINK.sub(_wiki_shown, text)
    if "~~" in text or "<" in text:
        left_out += [LeftOut(m[0].strip("~"), 0, "struck out") for m in _STRUCK.finditer(text)]
        text = _RAISED.sub(lambda m: raised(m[1]), _STRUCK.sub("", text))
        text = _LAST_BREAK.sub("", _SCRIPT.sub("", text))
    for _ in range(2):  # The second time for an image inside a link.
        text = _LINK.sub(_linked, text)
    text = _TAG.sub("", _BREAK_TAG.sub("\n", text))
    for pattern in _EMPHASIS:
        text = pattern.sub(lambda m: m[1] if m[1] is not None else m[m.lastindex or 0], text)
    if "&" in text:
        text = html_entities.unescape(text)
    return re.sub("\x00(\\d+)\x01", lambda m: kept[int(m[1])], text)


def read_md(data: bytes) -> Draft:
    """Headings, paragraphs, list items and table rows without their marks."""
    whole, page_lines = without_leaf_lines(clean(decode(data)))
    text, draft, written = without_front_matter(whole)
    text = without_shortcodes(text, page=False)
    title, rest = _title_over(text.strip())
    if title:
        text = f"# {title}\n\n{rest}"
    body = markdown_draft([*written, *text.split("\n")])
    draft.parts += body.parts
    draft.left_out += (*page_lines, *body.left_out)
    return draft


def markdown_draft(lines: Sequence[str]) -> Draft:
    """Lines of Markdown without their marks."""
    draft = Draft()
    markdown = _Markdown(draft.parts)
    markdown.read(lines)
    _name_columns(draft.parts)
    _raise_capitals(draft.parts)
    draft.left_out = tuple(markdown.left_out)
    return draft


def _name_columns(parts: Sequence[Part]) -> None:
    """Makes a header of the row below the marked one of a table, where it goes on with the names: Markdown marks only one."""
    for n, part in enumerate(parts):
        if part.kind == "header":
            stop = n + 1
            while stop < len(parts) and parts[stop].kind == "row" and parts[stop].glue == LINE:
                stop += 1
            name_columns(parts[n:stop])


# So many lines in capitals among so many paragraphs each are titles.
_LEAST_IN_CAPITALS: Final = 3
_PARAGRAPHS_PER_TITLE: Final = 2


def _raise_capitals(parts: Sequence[Part]) -> None:
    """Sets lines in capitals apart from the text of a file that marks no headings, as it was copied from elsewhere: they may be such."""
    if sum(part.level > 0 and part.kind == "heading" for part in parts) > 1:
        return
    body = [part for part in parts if part.kind == "paragraph"]
    loud = [p for p in body if p.text.isupper() and "\n" not in p.text and p.text[-1] != ":"]
    if len(loud) >= _LEAST_IN_CAPITALS and len(loud) * _PARAGRAPHS_PER_TITLE <= len(body):
        for part in loud:
            part.strong = True


def _html_end(lines: Sequence[str], start: int, tag: str, most: int) -> tuple[int, bool]:
    """Below which line an element that opens on line ``start`` is closed, and True; else how far was looked, ``most`` lines, and False: it has
    no end near by, or only below an empty line that parts it from Markdown. A table without an end goes on to that of the text."""
    marks = re.compile(rf"<(/?){tag}\b", re.IGNORECASE)
    is_table = tag == "table"
    depth, n = 0, start
    for n in range(start, len(lines) if is_table else min(len(lines), start + most)):
        if not lines[n].strip() and tag not in _MAY_HOLD_BLANKS:
            return n, False
        depth += sum(-1 if mark[1] else 1 for mark in marks.finditer(lines[n]))
        if depth <= 0:
            return n + 1, True
        if depth > _MAX_HTML_DEPTH and not is_table:
            break
    return n + 1, is_table


class _Markdown:
    """The block structure of a Markdown text, line by line, in one pass."""

    def __init__(self, blocks: list[Part]) -> None:
        self.parts = blocks
        self.left_out: list[LeftOut] = []
        self.paragraph: list[str] = []
        self.notes: list[str] = []  # Those in the midst of the text, which pages show below it.
        self.tight = False  # The paragraph being read goes on the line below the last block.
        self.in_list = False
        self.in_table = False
        self.in_comment = False
        self.in_note = False
        self.item: tuple[int, str] | None = None  # Nesting and number of the item being read.
        self.letters: dict[int, str] = {}  # The last letter by nesting, of items counted so.
        self.written: dict[int, str] = {}  # The last number by nesting, as written …
        self.shown: dict[int, str] = {}  # … and as pages show it.
        self.grid: list[list[str]] | None = (
            None  # The lines of a row of a table whose cells have borders, by their cells.
        )
        self.columns: list[int] = []  # Where the columns of a table without bars begin.
        self.code: list[str] = []  # Lines of code that stand four spaces in.
        self.depth = 0  # Of the last heading.
        self.titles = frozenset[int]()  # The lines that are titles of sections of a law …
        self.subsections = frozenset[int]()  # … and those that begin their subsections.
        self.heads_tight = False  # Whether some headings have no space after their signs.
        self.html: list[str] = []  # The lines of what is written in HTML …
        self.html_end = 0  # … and the number of the first below them.
        self.unclosed: dict[str, int] = {}  # Up to which line no end was found of what opens there.
        self.folded_to: list[int] = []  # Up to which parts one that is folded up goes.
        self.beside_html = False  # The line above is of HTML, or a tag of what frames the text.
        self.frames: list[
            int
        ] = []  # How far in the text of each tab and notice around a line stands.
        self.tabs: dict[
            int, list[Part]
        ] = {}  # Those side by side, by how many frames are around them.

    def read(self, lines: Sequence[str]) -> None:
        self.heads_tight = any(
            line.startswith("##") and _TIGHT_ATX.match(line) is not None for line in lines
        )
        self.titles, self.subsections = section_lines(lines)
        fence, listed = "", 0
        code: list[str] = []
        for n, own in enumerate(lines):
            raw = self.within_frames(own) if not (fence or self.html) else self.dedented(own)
            if raw is None:
                continue
            if not fence:
                raw = self.beside_tags(raw)
                if self.is_html(raw, lines, n):
                    continue
            if fence:
                if raw.strip().startswith(fence) and not raw.strip().strip(fence[0]):
                    self.parts.append(Part("\n".join(code), kind="code", inside=listed))
                    fence, code = "", []
                else:
                    code.append(raw.expandtabs(4))
                continue
            line = re.sub(r"^(?: {0,3}> ?){1,20}", "", self.outside_comments(raw))
            opened = _FENCE.match(line.lstrip() if self.in_list else line)
            if opened is not None and "`" not in line[line.find(opened[1]) :].lstrip("`"):
                self.end_code()
                self.end()
                fence, listed = opened[1], self.nesting(line)
                continue
            self.passes_frame(line)
            if self.marks_contents(line) or _STRAY_FENCE.fullmatch(line):
                continue
            if self.begins_folded(line):
                continue
            notice = _NOTICE.fullmatch(line)
            if notice is not None:
                self.end()
                self.title(notice[1])
                continue
            if not (self.is_section(n, line) or self.is_code(line)):
                self.line(self.outside_templates(line))
        if code:
            self.parts.append(Part("\n".join(code), kind="code"))
        self.end_code()
        self.end()
        for part in (self.parts[at] for at in self.folded_to if at < len(self.parts)):
            part.apart = True
        for note in self.notes:
            self.parts.append(Part(flat(_inline(note, self.left_out)), kind="footnote"))

    def passes_frame(self, line: str) -> None:
        """Notes whether a line begins or ends what frames the text."""
        self.beside_html = _FRAME_TAG.match(line) is not None
        if self.beside_html:
            self.end()
            self.ends_folded(line)

    def begins_folded(self, line: str) -> bool:
        """Takes a line that is shown of what is folded up: a question, or the title of it; False for any other."""
        folded = _FOLDED.fullmatch(line.strip()) if "<" in line else None
        if folded is None or self.in_comment:
            return False
        self.end()
        title = flat(_inline(folded[1], self.left_out))
        asks = title.endswith("?")
        level = 0 if asks else min(6, self.depth + 1)
        self.parts.append(Part(title, level, kind="question" if asks else "heading"))
        self.in_list = self.tight = False
        return True

    def ends_folded(self, line: str) -> None:
        """What comes is no answer to what is asked above, where a line, the last of what is folded up, ends it."""
        if line.rstrip().lower().endswith("</details>"):
            self.folded_to.append(len(self.parts))

    def marks_contents(self, line: str) -> bool:
        """Takes a line that says where the contents go, or a page ends, with the item above that stands for them, "* TOC" over "{:toc}"; False
        for any other."""
        if not _CONTENTS_MARK.fullmatch(line):
            return False
        if "{" in line and self.item is not None and len(self.paragraph) == 1:
            self.paragraph, self.item = [], None
        return True

    def is_section(self, n: int, line: str) -> bool:
        """Takes line ``n`` where it is the title of a section of a law without marks; False for any other, also where a subsection begins."""
        if n in self.titles or n in self.subsections:
            self.end()
        if n in self.titles:
            self.in_list = self.tight = False
            self.parts.append(Part(flat(line), level=2))
        return n in self.titles

    def beside_tags(self, line: str) -> str:
        """A line without the spaces before a tag that stands right below another."""
        return line.lstrip() if self.beside_html and line.lstrip().startswith("<") else line

    def is_html(self, line: str, lines: Sequence[str], n: int) -> bool:
        """Takes line ``n`` where it opens, or goes on with, what is read as HTML until that is closed; False for any other."""
        if not (self.html or self.in_comment) and (opened := _HTML_BLOCK.match(line)):
            tag = opened[1].lower()
            if n >= self.unclosed.get(tag, 0):
                # A page that is all in one frame may be long; so far is looked once
                is_short = tag in self.unclosed or tag not in _FRAMES | _UNSHOWN
                most = _MAX_HTML_LINES if is_short else len(lines)
                end, is_closed = _html_end(lines, n, tag, most)
                framed = tag in _FRAMES and _MARKDOWN.search("\n".join(lines[n:end]))
                self.html_end = end if is_closed and not framed else self.html_end
                self.unclosed[tag] = n + 1 if framed else end
        if n >= self.html_end:
            return False
        self.html.append(self.outside_templates(line))
        if n + 1 == self.html_end:
            self.end_html()
        return True

    def dedented(self, line: str) -> str:
        """A line without the spaces by which the tab or notice around it stands in."""
        if not self.frames:
            return line
        wide = line.expandtabs(4)
        return wide[min(self.frames[-1], len(wide) - len(wide.lstrip())) :]

    def within_frames(self, line: str) -> str | None:
        """A line as it stands in the tabs and notices around it; None for one that opens one of them."""
        if not line.strip():
            return line
        wide = line.expandtabs(4)
        n_around = sum(indent <= len(wide) - len(wide.lstrip()) for indent in self.frames)
        if n_around < len(self.frames):
            self.end_code()
            self.end()
            del self.frames[n_around:]
        line = self.dedented(line)
        frame = _FRAME.fullmatch(line) if not self.in_comment else None
        if frame is None or (frame["tab"] and not frame["title"]):
            self.end_tabs(n_around, is_heading=_ATX.match(line) is not None)
            return line
        self.end_code()
        self.end()
        self.in_list = self.tight = False
        title = flat(_inline(frame["title"] or "", self.left_out))
        if frame["tab"]:
            self.end_tabs(n_around + 1, is_heading=True)
            part = Part(title, level=min(6, self.depth + 1 + n_around))
            self.tabs.setdefault(n_around, []).append(part)
            self.parts.append(part)
        else:
            self.end_tabs(n_around)
            self.title(title)
        self.frames.append((self.frames[-1] if self.frames else 0) + _FRAME_INDENT)
        return None

    def end_tabs(self, n_around: int, *, is_heading: bool = False) -> None:
        """Nothing that follows is in tabs that so many frames and more are around; text that goes on below them is not of the last."""
        for depth in [depth for depth in self.tabs if depth >= n_around]:
            for part in self.tabs.pop(depth):
                if depth == n_around and not is_heading:
                    part.kind, part.level = "caption", 0

    def title(self, title: str) -> None:
        """The title of a notice, which may be what its text answers."""
        if title:
            self.parts.append(Part(title, kind="question" if title.endswith("?") else "caption"))
            self.tight = True

    def end_html(self) -> None:
        """What has been collected of HTML, such as a table, a list or a heading, becomes blocks."""
        from corpus.readers.html import BOOK_FURNITURE, html_draft

        self.end_code()
        self.end()
        self.in_list = self.tight = False
        draft = html_draft("\n".join(self.html), (BOOK_FURNITURE,), xml=False)
        self.parts += draft.parts
        self.left_out += draft.left_out
        self.ends_folded(self.html[-1])
        self.html, self.beside_html = [], True

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
            else:
                self.left_out.append(LeftOut(line[at:end], 0, "comment"))
            if found >= 0:
                self.in_comment = not self.in_comment
            at = end + len(mark)
        return "".join(kept)

    def outside_templates(self, line: str) -> str:
        """A line without what a program fills in."""
        if "{" not in line:
            return line
        spans = [m.span() for m in _CODE_SPAN.finditer(line)]
        kept, at = "", 0
        for mark in (_LINE_LOOK if _LINE_LOOK.fullmatch(line) else _TEMPLATE).finditer(line):
            if any(a < mark.end() and mark.start() < b for a, b in spans):
                continue
            self.left_out.append(LeftOut(mark[0].strip(), 0, "template"))
            kept, at = kept + line[at : mark.start()], mark.end()
        return kept + line[at:]

    def counted(self, number: str, depth: int) -> str:
        """The number of an item as pages show it: one that is written again counts on, "1." and "1." are 1. and 2."""
        for deeper in [level for level in self.written if level > depth]:
            del self.written[deeper], self.shown[deeper]
        shown = number
        if number and self.written.get(depth) == number:
            shown = f"{int(self.shown[depth][:-1]) + 1}{number[-1]}"
        self.written[depth], self.shown[depth] = number, shown
        return shown

    def is_code(self, line: str) -> bool:
        """Takes a line that stands four spaces in and is not the rest of a paragraph, an item or a note; False for any other."""
        of_note = bool(self.parts) and self.parts[-1].kind in ("footnote", "definition")
        inside = self.paragraph or self.columns or self.in_list or (of_note and not self.code)
        if (_INDENTED.match(line) and not inside) or (self.code and not line.strip()):
            self.code.append(line.expandtabs(4)[4:].rstrip())
            return True
        self.end_code()
        return False

    def line(self, line: str) -> None:
        is_row = self.in_table
        self.in_table = False
        border = _GRID_BORDER.fullmatch(line)
        if border is not None or (self.grid is not None and line.lstrip().startswith("|")):
            self.grid_line(line.strip(), is_row=is_row)
            return
        self.grid = None
        if self.column_line(line):
            return
        if not line.strip():
            self.end()
            return
        if self.atx(line):
            return
        stripped = line.strip()
        if self.paragraph and not stripped.strip("=") and not self.in_list:
            self.heading(1)
            return
        if self.paragraph and not stripped.strip("-") and not self.in_list:
            self.heading(2)
            return
        if "|" in line and "-" in line and not line.strip("|-: \t"):
            names = (
                self.paragraph.pop() if not is_row and "|" in "".join(self.paragraph[-1:]) else ""
            )
            if names:  # without a bar at either end it was taken for text
                self.row(names, is_row=False)
            self.in_table = is_row or bool(names)
            if self.in_table and self.parts[-1].glue == PARAGRAPH:
                self.parts[-1].kind = "header"
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
            else:
                self.left_out.append(LeftOut(definition[3], 0, "link target"))
            return
        n_bars = _WIKI_LINK.sub("", stripped).count("|")
        if stripped.startswith("|") or ((n_bars > 1 or (n_bars and is_row)) and not self.paragraph):
            self.row(stripped, is_row=is_row)
            return
        if not (self.marked(line) or self.lettered(line)):
            self.take(line)

    def marked(self, line: str) -> bool:
        """Takes a line that begins with the sign or the number of an item; False for any other."""
        item = _ITEM.match(line) or self.pictured(line)
        if item is not None and (not self.paragraph or self.in_list or item.end() < len(line)):
            was_list = self.in_list
            self.end()
            self.in_list = self.tight = True
            if not was_list:
                self.tight = False
                self.written, self.shown = {}, {}
            wide = line.expandtabs(4)
            indent = len(wide) - len(wide.lstrip())
            depth = 1 + min(5, indent // 2)
            number = self.counted(item[1] or "", depth)
            self.item = (depth, number)
            self.paragraph = [f"{number} {line[item.end() :]}".lstrip()]
            self.letters = {}
            return True
        return False

    def pictured(self, line: str) -> re.Match[str] | None:
        """Where a line begins that has a small picture in the place of a bullet, below an item that has one as well: it stays."""
        above = (
            self.item is not None and len(self.paragraph) == 1 and PICTURED.match(self.paragraph[0])
        )
        return _BEFORE_PICTURE.match(line) if above and PICTURED.match(line) else None

    def lettered(self, line: str) -> bool:
        """Takes a line that stands in below an item and is counted by letters, "a. By post", which Markdown knows as none; False for any other."""
        mark = _LETTERED.match(line)
        if mark is None or not (mark[1] and self.in_list):
            return False
        depth = 1 + min(5, len(mark[1].expandtabs(4)) // 2)
        before = self.letters.get(depth, "")
        if mark[3] not in _FOLLOWING.get(before, ()):
            return False
        self.end()
        self.letters = {at: last for at, last in self.letters.items() if at < depth}
        self.letters[depth] = mark[3]
        self.tight = True
        self.item = (depth, mark[2])
        self.paragraph = [line.strip()]
        return True

    def atx(self, line: str) -> bool:
        """Takes a line that begins with the signs of a heading; False for any other."""
        atx = _ATX.match(line)
        tight = _TIGHT_ATX.match(line) if atx is None and self.heads_tight else None
        if atx is None and tight is None:
            return False
        self.end()
        self.in_list = False
        if atx is not None:
            sign, title = atx[1], _HEADING_NAME.sub("", atx[2] or "").rstrip()
            bare = title.rstrip("#")  # A closing run of # counts after a space only: C# stays.
            title = bare if not bare or bare[-1] in " \t" else title
        else:
            assert tight is not None
            sign, title = tight[1] or tight[3], (tight[2] or tight[4]).rstrip()
            title = title if title[-2:-1].isupper() else title.removesuffix(sign)
        self.depth = len(sign)
        title = flat(_inline(_without_pictures(title), self.left_out))
        self.parts.append(Part(title, level=self.depth))
        return True

    def pictures(self, line: str) -> None:
        """What is said in place of pictures that stand in a line of their own: text where it says something that the heading above does not."""
        if self.item is None:
            self.end()
        above = self.parts[-1].text.casefold() if self.parts else ""
        for alt in () if self.item else _PICTURE_MARK.findall(line):
            told = flat(_inline(alt, self.left_out))
            if len(told.split()) >= _LEAST_TOLD_WORDS and told.casefold() not in above:
                self.parts.append(Part(told, kind="caption"))

    def take(self, line: str) -> None:
        """A line of a paragraph, which may be the first."""
        if "![" in line and _PICTURES.fullmatch(line):
            self.pictures(line)
            return
        if self.in_list and not self.paragraph and not line.startswith((" ", "\t")):
            self.in_list = False
            self.tight = False
        if names_division(line.strip()) and self.has_ended():
            self.end()
        self.paragraph.append(line)

    def nesting(self, line: str) -> int:
        """How deep the item is that a line goes on in, 0 for none."""
        wide = line.expandtabs(4)
        indent = len(wide) - len(wide.lstrip())
        return 1 + min(5, (indent - 2) // 2) if self.in_list and indent > 1 else 0

    def has_ended(self) -> bool:
        """Whether an article may begin below the paragraph: its last sentence is over."""
        inside = self.in_list or self.in_note or not self.paragraph
        return not inside and self.paragraph[-1].rstrip().endswith((".", ":", ";"))

    def end_code(self) -> None:
        code, self.code = self.code, []
        if not _is_prose(code):
            self.parts += [Part("\n".join(code).rstrip(), kind="code")] if code else []
            return
        told = [line for line in code if line]
        broken = "" if len(told) > 1 and _is_wrapped(told) else "  "
        for line in dedent("\n".join(code)).split("\n"):
            self.line(f"{line}{broken}" if line else "")
        self.end()

    def row(self, line: str, *, is_row: bool) -> None:
        """A row of a table, the first or one more."""
        self.end()
        own = line.strip().removeprefix("|").removesuffix("|")
        # A bar with a backslash parts no cells, in code as well
        cells = [
            _inline(cell.replace("\\|", "|"), self.left_out) for cell in re.split(r"(?<!\\)\|", own)
        ]
        lines = [[flat(one) for one in cell.split("\n") if one.strip()] for cell in cells]
        lined = {at: own for at, own in enumerate(lines) if len(own) > 1}
        for n, row in enumerate(rows_of_lines([in_cell([(cell, False)]) for cell in cells], lined)):
            self.parts.append(row_part(row, glue=LINE if is_row or n else PARAGRAPH))
        self.in_table = True

    def grid_line(self, line: str, *, is_row: bool) -> None:
        """A line of a table whose cells have borders, over several lines each: "+-----+" ends a row, "+=====+" the header."""
        if self.grid is None:
            self.end()
            self.grid = []
        if line.startswith("|"):
            self.grid.append([cell.strip() for cell in line.strip("|").split("|")])
            self.in_table = is_row
            return
        if self.grid:
            cells = [" ".join(filter(None, own)) for own in zip_longest(*self.grid, fillvalue="")]
            cells = [_inline(cell, self.left_out) for cell in cells]
            header = "=" in line and not is_row
            self.parts.append(row_part(cells, header=header, glue=LINE if is_row else PARAGRAPH))
        self.in_table = is_row or bool(self.grid)
        self.grid = []

    def column_line(self, line: str) -> bool:
        """Takes a line of a table that has columns and no bars: the rule below the names, and each row to the next empty line."""
        if self.columns:
            if not line.strip() or _COLUMN_RULE.fullmatch(line):
                self.columns = []
            else:
                self.parts.append(row_part(self.cells_of(line)))
            return True
        if len(self.paragraph) != 1 or self.in_list or not _COLUMN_RULE.fullmatch(line):
            return False
        # The first may stand in less than its rule
        self.columns = [0, *(m.start() for m in re.finditer("(?<= )-+", line.strip()))]
        indent = len(line) - len(line.lstrip())
        self.columns = [at + indent if at else 0 for at in self.columns]
        names = self.cells_of(self.paragraph[0].expandtabs(4))
        if not all(names):
            self.columns = []
            return False
        self.paragraph = []
        self.parts.append(row_part(names, header=True, glue=PARAGRAPH))
        return True

    def cells_of(self, line: str) -> list[str]:
        """What of a line stands in each column."""
        ends = [*self.columns[1:], len(line)]
        cells = [line[at:end] for at, end in zip(self.columns, ends, strict=True)]
        return [_inline(cell.strip(), self.left_out) for cell in cells]

    def is_labels(self) -> bool:
        """Whether each line of the paragraph is a name with its value, "Date: 3 May" over "State: done"."""
        inside = self.item is not None or self.in_note or self.in_list
        names = [found[1] for line in self.paragraph if (found := _LABEL_LINE.match(line))]
        whole = 1 < len(names) == len(self.paragraph) == len(set(names))
        short = all(len(name.split()) <= _MAX_LABEL_WORDS for name in names)
        return whole and short and not inside and all(name[0].isupper() for name in names)

    def is_definition(self) -> bool:
        """Whether the paragraph is a term, and below it what it means: ": as here"."""
        lines = self.paragraph
        return len(lines) > 1 and self.item is None and lines[1].lstrip().startswith(": ")

    def is_listed(self) -> bool:
        """Whether the lines of the paragraph are items without a mark of Markdown: lettered "A.", "B.", or each a sentence below a lead-in."""
        lines = [line.strip() for line in self.paragraph]
        if len(lines) < 2 or self.item is not None or self.in_note or self.in_list:
            return False
        if all(line[:3] == f"{sign}. " for line, sign in zip(lines, _CAPITALS, strict=False)):
            return len(lines) <= len(_CAPITALS)
        if lines[0].endswith(":"):
            del lines[0]
        elif not self.parts or not self.parts[-1].text.endswith(":"):
            return False
        # The last one often lacks its stop
        lines[-1:] = [lines[-1].rstrip(".") + "."]
        return len(lines) > 2 and all(map(_SENTENCE_LINE.fullmatch, lines))

    def is_columns(self) -> bool:
        """Whether the lines of the paragraph have columns that blanks or tabs part, and no bars."""
        inside = self.item is not None or self.in_note or self.in_list
        if len(self.paragraph) < 2 or inside or any(map(is_led, self.paragraph)):
            return False
        rows = [columns_of(line) for line in self.paragraph]
        return len(set(map(len, rows))) == 1 and are_columns(rows, self.paragraph)

    def rows_of_lines(self) -> None:
        """Makes a row of each line of the paragraph."""
        lines, self.paragraph = self.paragraph, []
        rows = [[_inline(cell, self.left_out) for cell in columns_of(line)] for line in lines]
        self.parts += table_parts(rows)

    def items_of_lines(self) -> None:
        """Makes an item of each line of the paragraph; one that leads in to what follows stands for itself."""
        glue = PARAGRAPH
        for line in self.paragraph:
            part = Part(flat(_inline(line.strip(), self.left_out)), glue=glue)
            if not part.text.endswith(":"):
                part.kind, part.level = "item", 1
                mark = BULLET.match(part.text)
                part.cells = (mark[0].strip(),) if mark is not None else ()
            else:
                part.glue = PARAGRAPH
            glue = LINE if part.kind == "item" else PARAGRAPH
            self.parts.append(part)
        self.paragraph = []

    def heading(self, level: int) -> None:
        title = _without_pictures("\n".join(self.paragraph))
        title = flat(_inline(title, self.left_out))
        self.paragraph = []
        self.depth = level
        self.parts.append(Part(title, level=level))

    def noted(self, note: re.Match[str]) -> str:
        """Takes a note out of the text."""
        self.notes.append(note[1])
        return ""

    def end(self) -> None:
        """The paragraph read so far becomes a block."""
        if not self.paragraph:
            if not self.in_list:
                self.tight = False
            return
        if self.is_columns():
            self.rows_of_lines()
            return
        joined = self.paragraph[0].strip() if len(self.paragraph) == 1 else ""
        if not joined:
            pieces = []
            labels = self.is_labels()
            counted = () if self.item else _counted_lines(self.paragraph)
            pictured = sum(PICTURED.match(line) is not None for line in self.paragraph) > 1
            steps = sum(number_of_step(line) > 0 for line in self.paragraph) > 1
            for n, line in enumerate(self.paragraph, 1):
                below = self.paragraph[n] if n < len(self.paragraph) else ""
                hard = labels or n in counted or line.endswith("  ") or line.endswith("\\")
                hard = hard or _stands_over(line.strip(), below.strip())
                hard = hard or MESSAGE.match(below.strip()) is not None
                hard = hard or any(map(_is_whole, (line.strip(), below.strip())))
                hard = hard or (pictured and PICTURED.match(below) is not None)
                hard = hard or (steps and number_of_step(below) > 0)
                hard = hard or any(map(_DOTTED.fullmatch, (line.strip(), below.strip())))
                pieces.append(line.strip().removesuffix("\\") + ("\n" if hard else " "))
            joined = "".join(pieces)
        joined = _NOTE_FIELD.sub(r"\1:", _INLINE_NOTE.sub(self.noted, joined))
        text = "\n".join(flat(line) for line in _inline(joined, self.left_out).split("\n"))
        if (self.item is None and is_ornament(text)) or (self.item and text == self.item[1]):
            # Tags, signs, or an item that a program fills in
            self.paragraph, self.item, self.in_note = [], None, False
            return
        if _BUTTONS.fullmatch(joined.strip()) and not names_document(text):
            self.left_out.append(LeftOut(text, 0, "menu or navigation"))
            self.paragraph, self.item = [], None
            return
        if self.is_listed():
            self.items_of_lines()
            return
        tight = self.tight and bool(self.parts) and self.parts[-1].kind != "heading"
        part = Part(text, glue=LINE if tight else PARAGRAPH)
        is_bold = _BOLD_LINE.fullmatch(joined.strip()) is not None
        # A link to press heads nothing
        part.strong = is_bold and not _LINK.fullmatch(joined.strip().strip(":").strip("*_"))
        meaning = text.partition(" : ")[2] if self.is_definition() else ""
        if any(line.lstrip().startswith(": ") for line in self.paragraph[2:]):
            meaning = meaning.replace(" : ", "\n")
        if meaning:
            term = text.partition(" : ")[0]
            part.text, part.kind, part.cells = f"{term}\n{meaning}", "definition", (term, meaning)
        elif self.item is not None:
            if _TO_PLACE.fullmatch(joined.strip()):
                part.kind = "contents"
            else:
                part.kind, part.level = "item", self.item[0]
                part.cells = (self.item[1],) if self.item[1] else ()
        elif self.in_note:
            part.kind = "footnote"
        else:
            part.inside = self.nesting(self.paragraph[0])
        bold = [_BOLD_LINE.fullmatch(line.strip()) is not None for line in joined.split("\n")]
        lines = list(zip(text.split("\n"), bold, strict=False))
        named = part.kind == "paragraph" and not part.strong
        found = lines_of_names(text, _spans(joined)) or parts_of_lines(lines) if named else []
        self.parts += found or [part]
        self.paragraph = []
        self.item = None
        self.in_note = False
        self.tight = self.in_list
