"""Lines and rows in reading order → parts: lines into paragraphs, and what each is as far as its look tells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise, takewhile
from typing import Final

from corpus.blocks.divisions import DEEPER_TITLE, is_division, is_numbered_capitals, names_division
from corpus.blocks.signs import (
    begins_anew,
    closes_before,
    greets,
    is_contact,
    is_roman_title,
    is_stamp,
    says_again,
    states,
)
from corpus.dates import month_named, places_of_dates, says_when
from corpus.readers.draft import (
    BULLET,
    LINE,
    PARAGRAPH,
    SURE_MARKS,
    Part,
    Parts,
    flat,
    known_words,
    raised,
    row_part,
    seam,
)
from corpus.readers.pdf.cells import parted_at
from corpus.readers.pdf.glyphs import Run
from corpus.readers.pdf.lines import CONTENTS_HEAD, GOES_ON
from corpus.readers.pdf.overleaf import goes_on
from corpus.readers.pdf.pieces import Piece, Row

# "archívese.-": laws of several countries end their paragraphs so
_SENTENCE_END = re.compile(r"(?:[.!?:;…]|\. ?[-–])[)\]\"'”’»]*[⁰¹²³⁴⁵⁶⁷⁸⁹]*\Z")
# A line that ends so goes on in the next, whatever its letters.
_CUT = re.compile(r"[,;(]\Z|[^\W\d_]-\Z")
_STOPPED = re.compile(r"(?:[.!?]|\. ?[-–])[)\]\"'”’»]*\Z")
_MID_PHRASE = re.compile(
    r"\b(?:de|del|la|el|los|las|un|una|al|en|con|por|para|the|of|an|in|to|for|with|by|on|at|from)\Z"
)
_NOTE = re.compile(r"(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\^?\[?\(?\d{1,3}\]?\)?\.?|[*†‡]+|\^[a-z])\s*\S")
_STARRED = re.compile(r"[*†‡]{1,3} ?(?=[A-ZÁÉÍÓÚÑ¿¡][^*]*\Z)")
_RAISED_NOTE = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}\s")
_LEADER = re.compile(r"(?:\.\s?){3,}\s*\Z|…\s*\Z")
_CONTENTS_LINE = re.compile(
    r"\S.{2,120}?(?:[ .…_·]\s*(?:\d{1,4}|[ivxlc]{1,6})|\((?:p[áa]gs?\.?|p[áa]gina|page|pp?\.) ?\d{1,4}\))"
)
_LED_LINE = re.compile(r"(?:(?:[.·]\s?){4,}|…{2,})\s*(?:\d{1,4}|[ivxlc]{1,6})\Z")
# "4 Plazos", "p. 4 – Plazos", "4 ..... Plazos", and no item "4. Plazos"
_PAGE_FIRST = re.compile(
    r"(?:(?:p[áa]gs?|p[áa]gina|page|pp?)\b\.? ?)?(\d{1,4})(?P<led>\s?(?:(?:[.·]\s?){4,}|…{2,})|\s+[–—|-])?\s*(?<![\d.])\S.{1,120}[^.;:]",
    re.IGNORECASE,
)
_MAX_HEADING_CHARS: Final = 300
_MAX_TITLE_CHARS: Final = 200
_MAX_TITLE_WORDS: Final = 14
# What is said in larger letters is no heading where so much of the text is.
_MAX_HEADING_SHARE: Final = 0.15
_SHORT_TEXT: Final = 200
_MAX_HEADING_SENTENCE_WORDS: Final = 12
_MAX_NAME_CHARS: Final = 48
_MAX_UNMARKED_CHARS: Final = 160
_MAX_NAME_WORDS: Final = 10
_LEAST_PROSE_WORDS: Final = 5
_LEAST_CAPITALS: Final = 6
_MAX_SAYING_HEADING_WORDS: Final = 7
# So much of the line of an item is left where a text begins below it.
_LEAST_LEFT: Final = 0.2
# Nearly so much of their line a few words leave that stand over a text, and a line of that at most.
_LEAST_LEFT_BY_TITLE: Final = 0.45
_RAGGED: Final = 0.25
_NAMED = re.compile(r"[^\W\d_] ?:\s")
_LABEL_FIRST = re.compile(r"[A-ZÁÉÍÓÚÑ\d](?:[^\s:.;,!?]+ ){0,5}[^\s:.;,!?]+: \S")
_NAME_FIRST = re.compile(r"[A-ZÁÉÍÓÚÑ][^\s:]{0,20}: ")
# "b. Consistent …", "iii) Los que …"; "b. and c." goes on
_COUNTED_ITEM = re.compile(r"\(?(?:[a-zñ]|[ivx]{1,5}|\d{1,2})[.)]-?[ \t]+[¿¡\"“(]?[A-ZÁÉÍÓÚÑ]")
_NUMBER_FIRST = re.compile(
    r"\(?(?P<whole>\d{1,4})(?:\.\d{1,3})*(?P<close>\.-|\.?\)\.?|[.º])?-? (?P<rest>\S+)"
)
# "See attached report", "Keywords—boats, oars": it names nothing that follows
_SEE = re.compile(
    r"(?:abstract|index terms|key ?words|resumen|palabras clave) ?[—–:-]"
    r"|see (?:the |also )?(?:attached|enclosed|above|below|overleaf|page|section|report|appendix|annex)\b"
    r"|v[ée](?:ase|anse|r) (?:el |la |los |las )?(?:anexos?|adjunt[oa]s?|p[áa]ginas?|apartados?|informes?|documentos?)\b",
    re.IGNORECASE,
)
# A line that ends so goes on with a number.
_REFERS = re.compile(
    r"\b(?:sections?|articles?|rules?|paragraphs?|chapters?|art[íi]culos?|secci[óo]n(?:es)?|reglas?|cl[áa]usulas?|apartados?|p[áa]rrafos?"
    r"|puntos?|cap[íi]tulos?|ley|decreto|arts?\.?|n[.º°]+|no\.|n[úu]mero|number)\Z",
    re.IGNORECASE,
)
# What a line refers to, part of which its number may be: "los incisos d),", "Article VI,"; no item ends so
_CITES = re.compile(
    r"\b(?:letras?|incisos?|literal(?:es)?|numeral(?:es)?|apartados?|p[áa]rrafos?|art[íi]culos?|cl[áa]usulas?"
    r"|letters?|items?|(?:sub)?(?:section|paragraph|clause|article)s?)"
    r"(?: (?:\(?[a-zñ]\)|[IVXLC]+|\d[\d.]*[.º°ª]*)(?:,| y| o| and| or)+)*\Z",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
# "CHATARRA: Todo residuo", "PARÁGRAFO PRIMERO: Las", "Parágrafo 2.- Los"
_SHOUTED_NAME = re.compile(
    r"[A-ZÁÉÍÓÚÜÑ][A-ZÁÉÍÓÚÜÑ \d,/()-]{3,40}: ?[¿¡A-ZÁÉÍÓÚÑ]|(?i:par[áa]grafo)(?: [\wº°]+)?[.:-]"
)
# "se evaluará", "abrirán"
_WILL = re.compile(r"\b[a-zñ]{2,}[aei]rán?\b")
_DASHES: Final = frozenset("-–—")
# "24 hours", "225 South Street": no mark of a note
_MAX_NOTES_APART: Final = 20
_MAX_LOWEST: Final = 100
_COUNTS = re.compile(r"\d{1,3} [a-zñ]|\d{3} ")
_FILLED_IN = re.compile(r"__|\.{5}|\S@\S|\bwww\.")


def parts_of(pieces: Sequence[Piece]) -> list[Part]:
    """The parts of a document; a page begins inside a paragraph where its sentence goes on."""
    pieces = _with_headers_once(pieces)
    pieces = _with_marks_on_lines(_with_numbers_apart(_with_numbers_of_notes(pieces)))
    pieces = _with_headings_apart(pieces)
    lines = [piece for piece in pieces if isinstance(piece, Run)]
    _part_marks(lines)
    looks = _Looks(lines, pieces)
    return _Parts(looks).of(_notes_first(pieces, looks.body))


def _with_headers_once(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces without the first rows of a page that say what those of the table do which goes on there, as is printed over the rest of a
    long table: they name its columns."""
    found: list[Piece] = []
    for is_row, group in groupby(pieces, key=lambda piece: isinstance(piece, Row)):
        if not is_row:
            found += group
            continue
        head: list[Row] = []
        unnamed: list[Row] = []  # That tables begin with which have no other header since
        for table in _tables([piece for piece in group if isinstance(piece, Row)]):
            n = _n_again(head, table)
            unnamed += table[n : n + 1]
            if n:
                for row in head[:n]:
                    row.header = True
                for row in unnamed:
                    row.first = row.goes_on = True
            elif not head or table[0].header or len(table[0].cells) != len(head[0].cells):
                head, unnamed = table, []
            found += table[n:]
    return found


# A row that is not told to name the columns does where it has so many cells.
_LEAST_TOLD: Final = 2
_LEAST_UNTOLD: Final = 3


def _tables(rows: Sequence[Row]) -> list[list[Row]]:
    found: list[list[Row]] = []
    for row in rows:
        if row.first or not found:
            found.append([])
        found[-1].append(row)
    return found


def _n_again(head: Sequence[Row], table: Sequence[Row]) -> int:
    """How many of the first rows of a table say again what those of one on a page before do, which name its columns: they are told as such, or
    have several cells, and what is below them has other keys. Forms that are laid out alike have the same."""
    if not head or table[0].page == head[0].page:
        return 0
    n_named = sum(1 for _ in takewhile(lambda row: row.header, head))
    same = [_said(a) == _said(b) for a, b in zip(head, table, strict=False)]
    n = sum(1 for _ in takewhile(bool, same[: n_named or None]))
    least = _LEAST_TOLD if n_named else _LEAST_UNTOLD
    if n == len(head) or sum(map(bool, table[0].cells)) < least:
        return 0
    return 0 if n < len(table) and _said(head[n])[0] == _said(table[n])[0] != "" else n


def _said(row: Row) -> list[str]:
    return [flat(" ".join(run.text for run in cell)) for cell in row.cells]


def _with_titled_cells(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces, with a bold name that has a row of a form by itself, and the text that fills the other cell of the next, as lines: it is the
    heading of that text."""
    titled = False
    for n, piece in enumerate(pieces):
        after = pieces[n + 1] if n + 1 < len(pieces) else None
        if titled or (isinstance(piece, Row) and isinstance(after, Row) and _titles(piece, after)):
            assert isinstance(piece, Row)
            yield from (line for cell in piece.cells for line in cell)
            titled = not titled
        else:
            yield piece


def _titles(row: Row, after: Row) -> bool:
    """Whether one of two rows has a few bold words and nothing beside them, and the next several lines of text, beside nothing."""
    if len(row.cells) != 2 or len(after.cells) != 2 or row.cells[1] or after.cells[0]:
        return False
    bases = {round(line.bottom) for line in after.cells[1]}
    return (
        len(row.cells[0]) == 1
        and row.cells[0][0].bold
        and row.page == after.page
        and 1 < len(bases) == len(after.cells[1])
        and not any(line.bold for line in after.cells[1])
    )


# From this share of the letters of tables on those of the lines are the text.
_LEAST_IN_LINES: Final = 0.15
# How much larger than the text a number is that is an ornament beside it.
_ORNAMENT: Final = 1.6
# How much smaller than a text the numbers of its notes are.
_NOTE_NUMBER: Final = 0.7


def _with_numbers_apart(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with a number in large letters that stands beside a paragraph, at the height of its second line, say, behind it: it
    counts the card that the paragraph is in, and is no word of it."""
    found = list(pieces)
    for n in range(1, len(found) - 1):
        before, number, line = found[n - 1 : n + 2]
        if (
            isinstance(before, Run)
            and isinstance(number, Run)
            and isinstance(line, Run)
            and re.fullmatch(r"\d{1,2}", number.text)
            and before.page == number.page == line.page
            and number.height > _ORNAMENT * max(before.height, line.height)
            and _same_paragraph(before, line)
        ):
            found[n : n + 2] = line, number
    return found


def _with_numbers_of_notes(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with numbers of notes that stand raised at the end of the line below them as part of that: "42 43"."""
    found: list[Piece] = []
    for n, number in enumerate(pieces):
        line = pieces[n + 1] if n + 1 < len(pieces) else None
        if (
            isinstance(number, Run)
            and isinstance(line, Run)
            and re.fullmatch(r"\d{1,3}(?: \d{1,3})*", number.text)
            and number.page == line.page
            and number.height < _NOTE_NUMBER * line.height
            and 0 < number.bottom - line.bottom < line.height
            and abs(number.left - line.right) < 0.3 * line.height
        ):
            line.text += " ".join(map(raised, number.text.split()))
            line.right, line.edges = number.right, []
        else:
            found.append(number)
    return found


# "2." or "7.8.1.1" on a line of its own
_LONE_MARK = re.compile(r"(\d{1,2}(?:\.\d{1,2}){2,4}\.?|\d{1,2}[.)]-?|[a-z]\))")
# A text stands so many lines below the mark that it has, and so far from it, both in heights of its letters.
_MARK_GAP: Final = 3.0
_MARK_INDENT: Final = 4.0
_LEAST_LONE_MARKS: Final = 3


def _with_marks_on_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with the number of an item that stands on a line of its own put before the line below, where several stand so."""
    found: list[Piece] = []
    lone = [n for n, (mark, line) in enumerate(pairwise(pieces)) if _is_mark_over(mark, line)]
    over = set(lone) if len(lone) >= _LEAST_LONE_MARKS else set()
    for n, piece in enumerate(pieces):
        if n in over:
            continue
        if n - 1 in over:
            mark, line = pieces[n - 1], piece
            assert isinstance(mark, Run)
            assert isinstance(line, Run)
            line.text, line.left = f"{mark.text} {line.text}", min(mark.left, line.left)
            line.edges = []  # Of characters that are no longer counted
        found.append(piece)
    return found


def _is_mark_over(mark: Piece, line: Piece) -> bool:
    return (
        isinstance(mark, Run)
        and isinstance(line, Run)
        and _LONE_MARK.fullmatch(mark.text) is not None
        and not (mark.repeated or mark.turned or line.turned)
        and (
            0.5 * line.height < mark.bottom - line.bottom < _MARK_GAP * line.height
            or line.page == mark.page + 1
        )
        and -0.5 * line.height < line.left - mark.left < _MARK_INDENT * line.height
        and abs(line.height - mark.height) < 0.12 * line.height
        and line.text[0].isupper()
        and _n_letters(line) > 1
        and not begins_anew(line.text)
    )


# "RULES OF THE HOUSE Guests are to": a heading in capitals that a sentence goes on behind
_RUN_IN = re.compile(r"(?:[^\W\d_a-zß-ÿ]{2,} ){2,7}(?=[A-ZÁÉÍÓÚÑ][a-zß-ÿ]+ [a-zß-ÿ])")
_LEAST_LIKE_IT: Final = 2


def _with_headings_apart(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with a heading in capitals that the first sentence stands behind as a line of its own, where others like it stand alone."""
    alone = Counter(
        _place_of(piece) for piece in pieces if isinstance(piece, Run) and _is_in_capitals(piece)
    )
    found: list[Piece] = []
    for piece in pieces:
        head = _RUN_IN.match(piece.text) if isinstance(piece, Run) and piece.edges else None
        if head is None or not isinstance(piece, Run) or alone[_place_of(piece)] < _LEAST_LIKE_IT:
            found.append(piece)
            continue
        heading, rest = parted_at(piece, head.end() - 1)
        found += replace(heading, bold=True), replace(rest, left=piece.left)
    return found


def _place_of(line: Run) -> tuple[int, int]:
    """Where lines begin, and how high they are, that are alike."""
    return round(line.left), round(2 * line.height)


# "1.Discipline", "a.Individualized", "3.-Rentas": a mark that no space parts from its item
_MARKED = re.compile(r"\(?(\d{1,2}|[a-z])[.)]-?(?P<tight>(?=[A-ZÁÉÍÓÚÑ¿¡][^\W\d_]? ?[^\W\d_]))?")


def _part_marks(lines: Sequence[Run]) -> None:
    """Puts a space after the mark of an item that has none, where the one before or after it counts with it."""
    series: dict[bool, list[tuple[int, re.Match[str], Run]]] = {}
    for line in lines:
        mark = _MARKED.match(line.text)
        if mark is not None and (mark["tight"] is not None or line.text[mark.end() :][:1] == " "):
            number = int(mark[1]) if mark[1].isdigit() else ord(mark[1])
            series.setdefault(mark[1].isdigit(), []).append((number, mark, line))
    for found in series.values():
        numbers = [number for number, _, _ in found]
        for n, (number, mark, line) in enumerate(found):
            counts = numbers[n - 1 : n] == [number - 1] or numbers[n + 1 : n + 2] == [number + 1]
            if counts and mark["tight"] is not None:
                line.text = f"{mark[0]} {line.text[mark.end() :]}"
                line.edges = []  # Of characters that are no longer counted


def title_of(own: str, pieces: Sequence[Piece]) -> str:
    """The title of a PDF: the one in its properties if its first page shows it, else the largest line there; "" if none is larger.

    Programs write what they like into the properties: the number of a job, the name of a template.
    """
    lines = [piece for piece in pieces if isinstance(piece, Run)]
    first = [line for line in lines if line.page == lines[0].page] if lines else []
    body = _body_height(pieces)
    n_pages = lines[-1].page if lines else 0
    able = [
        line
        for line in first[: max(8, len(first) // 3)]
        if _may_be_title(line) and not (line.repeated and n_pages > 2)
    ]
    largest = max((line.height for line in able), default=0.0)
    shown = ""
    if largest > 1.15 * body:
        at = next(
            n for n, line in enumerate(first) if line in able and line.height > 0.95 * largest
        )
        together = [first[at]]
        for line in first[at + 1 :]:
            step = together[-1].bottom - line.bottom
            if line.height < 0.95 * largest or not 0 <= step < 2.2 * line.height:
                break
            together.append(line)
        shown = flat(" ".join(line.text for line in together))[:_MAX_TITLE_CHARS]
    words = re.findall(r"[^\W_]{2,}", own.lower())
    if not words or says_when(own):
        return shown
    page = flat(" ".join(line.text for line in first)).lower()
    there = [word for word in words if word in page]
    named = len([word for word in words if not any(map(str.isdigit, word))]) >= 2
    if len(there) >= 0.7 * len(words) and (named or own.lower() == shown.lower()):
        return own
    # A title in words that the page does not repeat is still one, if nothing else is.
    return shown or (own if named and len(words) >= 3 else "")


_NUMBERED = re.compile(r"(?:\d{1,2}|[IVX]{1,5})[.)]-?\s")


def _may_be_title(line: Run) -> bool:
    """Whether a line has words and is none to fill in, no label, no address, no date, no stamp and not the first section."""
    return (
        _n_letters(line) > 2
        and not is_stamp(line.text)
        and not _NUMBERED.match(line.text)
        and not line.text[0].islower()
        and len(line.text.split()) <= _MAX_TITLE_WORDS
        and not (_FILLED_IN.search(line.text) or re.search(r":\Z", line.text))
        and not says_when(line.text)
    )


class _Looks:
    """What is usual in a document: the height of its body, its headings, the distance of its lines, its words."""

    def __init__(self, lines: Sequence[Run], pieces: Sequence[Piece]) -> None:
        sizes = Counter[float]()
        for line in lines:
            sizes[round(line.height * 2) / 2] += len(line.text)
        self.body = _body_height(pieces)
        self.levels = _heading_levels(sizes, self.body)
        self.pitch, self.loose_pitch = _line_pitches(pieces)
        self.edges = _right_edges(pieces)
        # Of each page, the lowest lines that are as high as those of the text
        self.lowest: dict[int, list[Run]] = {}
        for line in sorted(lines, key=lambda line: line.bottom):
            if line.height >= 0.9 * self.body and not (line.turned or line.repeated):
                lowest = self.lowest.setdefault(line.page, [])
                lowest += [line] if len(lowest) < _MAX_LOWEST else []
        n_chars = sum(len(line.text) for line in lines)
        n_bold = sum(len(line.text) for line in lines if line.bold)
        # Where most is bold, bold says nothing.
        self.bold_tells = n_bold < 0.4 * n_chars
        # Lines that begin something of their own in lists without marks, and those that are an item of one
        self.begin, self.listed = set[int](), set[int]()
        for stretch in self._stretches(lines):
            right = max(self.edges[id(line)] for line in stretch)
            begin, listed = _listed(stretch, right)
            self.begin |= begin
            self.listed |= listed
        self.begin |= _centred(lines, self.pitch)
        self.names = _names_of_chapters(lines, self.pitch)
        self.hangs = _hangs(lines, self.pitch)
        texts = [line.text for line in lines]
        texts += [r.text for p in pieces if isinstance(p, Row) for cell in p.cells for r in cell]
        self.vocabulary = known_words("\n".join(texts))

    def _stretches(self, lines: Sequence[Run]) -> Iterator[list[Run]]:
        """Lines in the letters of the text one right below the other."""
        stretch: list[Run] = []
        for line in lines:
            if stretch and not _is_right_below(stretch[-1], line, self.pitch):
                yield stretch
                stretch = []
            stretch += [] if self.level(line) else [line]
        if stretch:
            yield stretch

    def level(self, line: Run) -> int:
        level = self.levels.get(round(line.height * 2) / 2, 0)
        return level if level and not line.typed and _n_letters(line) > 1 else 0

    def counts(self, line: Run, note: int) -> bool:
        """Whether the number that a line in small letters begins with counts something: no note has one so high after ``note``, the
        last one, and below a note stands no text of its column."""
        counts = _COUNTS.match(line.text)
        if counts is None or counts[0].strip().isdecimal():
            return counts is not None and int(counts[0]) > note + _MAX_NOTES_APART
        return any(
            other.left < line.right and line.left < other.right and other.bottom < line.bottom
            for other in self.lowest.get(line.page, ())
        )

    def had_room(self, before: Run, line: Run, *, sure: bool = True) -> bool:
        """Whether a line ends before the others of its column do, so that the first word of the next would have stood on it; ``sure``:
        well before them."""
        width = (line.right - line.left) / max(1, len(line.text))
        word = line.text.split(maxsplit=1)[0]
        room = self.edges.get(id(before), before.right) - before.right
        needed = (len(word) + 1) * width
        return room > (2 * needed + line.height if sure else needed)

    def strong(self, line: Run) -> bool:
        underlined = line.underlined and not self.level(line) and _is_title(line)
        return (line.bold and self.bold_tells) or underlined or id(line) in self.names

    def within(self, before: Run | None, line: Run, after: Run | None) -> bool:
        """Whether a line of larger letters, or one that OCR takes for such, is one of its paragraph: there is no room on it, or on the
        line before, for the word that goes on in small letters. Lines of one size are a title of several."""
        return any(
            above is not None
            and below is not None
            and above.page == below.page
            and (self.level(above) == 0) != (self.level(below) == 0)
            and 0 < above.bottom - below.bottom < 1.6 * max(above.height, below.height)
            and (below.text[0].islower() or len(above.text.split()) > _MAX_TITLE_WORDS)
            and not re.match(r"\S*(?:@|://|www\.)", below.text)
            and _STOPPED.search(above.text) is None
            and above.text[-1] != ":"
            and len(above.text.split()) >= _LEAST_PROSE_WORDS
            and not self.had_room(above, below, sure=False)
            for above, below in ((before, line), (line, after))
        )


class _Parts:
    """Lines taken one by one; the part that is being made is the last."""

    def __init__(self, looks: _Looks) -> None:
        self.looks = looks
        self.parts = Parts()
        self.before: Run | None = None
        self.first: Run | None = None  # The first line of the last part
        # A list without marks that has begun: where its items stand, whether further in than their lead-in, and what they are
        self.indent: float | None = None
        self.is_deeper = False
        self.listed: list[Part] = []
        self.contents_page = 0
        self.page_before = 0  # That the line before in contents begins with
        # Whether the columns of the last table are named, and its last row
        self.headed = False
        self.last_row = Row(0)
        self.note = 0  # The number of the last note
        self.opens = False  # The first row of a table said nothing

    def of(self, pieces: Sequence[Piece]) -> list[Part]:
        """The parts of all pieces."""
        pieces = list(_with_titled_cells(pieces))
        for n, piece in enumerate(pieces):
            if isinstance(piece, Row):
                self.row(piece)
                continue
            after = pieces[n + 1] if n + 1 < len(pieces) else None
            self.line(piece, after if isinstance(after, Run) else None)
        self.end_list()
        _without_false_headings(self.parts)
        _without_announced(self.parts)
        _without_signatures(self.parts)
        _with_dashes(self.parts)
        return self.parts

    def row(self, row: Row) -> None:
        self.end_list()
        cells = [self.cell(cell) for cell in row.cells]
        filled = [cell for cell in cells if cell]
        if not filled or (len(filled) > 1 and all(cell in _DASHES for cell in filled)):
            self.opens = self.opens or row.first
            return
        row.first, self.opens = row.first or self.opens, False
        if row.first and self.is_rest_of_row(row, cells):
            last = self.parts[-1]
            whole = (" ".join(filter(None, both)) for both in zip(last.cells, cells, strict=True))
            self.parts[-1] = row_part(tuple(whole), glue=last.glue)
            self.parts[-1].page = last.page
            return
        begins = row.first and not (row.goes_on or self.is_rest_of_table(row, len(cells)))
        glue = PARAGRAPH if begins else LINE
        if len(filled) == 2 and (_LEADER.search(filled[0]) or self.contents_page == row.page):
            numbered = re.fullmatch(r"\d{1,4}|[ivxlc]{1,6}", filled[1]) is not None
            if numbered or self.has_page_first(" ".join(filled)):
                self.parts.append(Part(" ".join(filled), 0, glue, row.page, "contents"))
                self.before = None
                return
        labelled = len(cells) == 2 and len(filled) == 2 and filled[0].endswith(":")
        if labelled and not filled[1].endswith(":"):
            part = Part(
                " ".join(filled), 0, glue, row.page, "label", (filled[0].rstrip(": "), filled[1])
            )
        else:
            part = row_part(cells, header=row.header, glue=glue)
            part.page = row.page
            self.headed = row.header or (self.headed and glue == LINE)
            self.last_row = row
        self.parts.append(part)
        self.before = None

    def is_rest_of_table(self, row: Row, n_cells: int) -> bool:
        """Whether the first row of a table goes on with one whose columns are named: nothing stands between them, and its columns are those."""
        last = self.parts[-1] if self.parts else None
        return (
            self.headed
            and last is not None
            and last.kind == "row"
            and len(last.cells) == n_cells
            and goes_on(self.last_row, row)
        )

    def is_rest_of_row(self, row: Row, cells: Sequence[str]) -> bool:
        """Whether the first row of a page goes on with the last one of the page before: it has no key, or the rest of one, and its cells go on with cells
        that are not at their end, in small letters."""
        last = self.parts[-1] if self.parts else None
        if last is None or last.kind != "row" or last.page != row.page - 1 or row.header:
            return False
        if (cells[0] and not cells[0][0].islower()) or len(cells) != len(last.cells):
            return False
        pairs = [(before, after) for before, after in zip(last.cells, cells, strict=True) if after]
        return all(before and not _STOPPED.search(before) for before, _ in pairs) and any(
            after[0].islower() for _, after in pairs
        )

    def cell(self, runs: Sequence[Run]) -> str:
        text = ""
        before: Run | None = None
        for run in runs:
            if before is not None:
                beside = abs(before.bottom - run.bottom) < 0.3 * run.height
                cut, between = (0, " ") if beside else seam(text, run.text, self.looks.vocabulary)
                text = text[: len(text) - cut] + between
            text += run.text
            before = run
        return text

    def line(self, line: Run, after: Run | None) -> None:
        before, looks = self.before, self.looks
        self.before = line
        if self.is_contents(line):
            goes_on = self.parts and self.parts[-1].kind == "contents"
            glue = LINE if goes_on else PARAGRAPH
            self.parts.append(Part(line.text, 0, glue, line.page, "contents"))
            self.before = None
            return
        level = 0 if looks.within(before, line, after) else looks.level(line)
        if before is not None and not level and self.names(before, line, after):
            self.parts[-1] = label = Part(
                f"{before.text} {line.text}", 0, self.parts[-1].glue, line.page, "label"
            )
            label.cells = (before.text.rstrip(": "), line.text)
            return
        glue = PARAGRAPH
        if before is not None and self.parts:
            glue = self.glue(before, line, after)
            previous = self.parts[-1]
            if glue == " " and looks.level(before) == looks.level(line):
                level = self.level_of_rest(previous, line, level)
            in_bold = looks.strong(before) != looks.strong(line)
            # "ARTICLE 1" and its name below, which alone is underlined, are one heading
            in_bold = in_bold and (line.bold or looks.strong(before) or glue != " ")
            set_as = 0 if previous.kind == "item" else previous.level
            if set_as != level or (in_bold and not self.in_sentence(before, line, glue)):
                glue = PARAGRAPH
            elif in_bold:
                previous.strong = False
        if before is not None and _is_mark_of(before, line):
            self.parts[-1].text += " " + line.text
            return
        if glue != " ":
            self.first = line
            self.parts.append(self.new(line, level, glue))
            if self.indent is not None and self.parts[-1].kind == "paragraph":
                self.listed.append(self.parts[-1])
            return
        previous = self.parts[-1]
        assert before is not None
        cut, between = seam(before.text, line.text, looks.vocabulary)
        previous.text = previous.text[: len(previous.text) - cut]
        if line.page == before.page:
            previous.text += between + line.text
        else:
            # One paragraph on two pages is two parts, since a page begins inside it.
            self.parts.append(Part(line.text, level, between, line.page, previous.kind))

    def glue(self, before: Run, line: Run, after: Run | None) -> str:
        """How a line follows the one before by its place, its words and what is being read."""
        # The lines of a title may be further apart than those of the text
        pitch = self.looks.loose_pitch if self.looks.level(line) else self.looks.pitch
        glue = LINE if line.numbered else _glue(before, line, after, pitch)
        if self.goes_on(before, line, after, glue):
            glue = " "
        if glue == " " and (
            self.is_item_elsewhere(before, line)
            or self.begins_elsewhere(before, line)
            or self.ended(before, line)
            or self.stands_over(before, line, after)
            or self.heads_text(before, line, after)
            or self.stands_below_item(before, line)
        ):
            glue = PARAGRAPH
        glue = self.in_list(before, line, glue)
        if glue == " " and (
            id(line) in self.looks.begin
            or self.is_named_again(before, line)
            or self.is_next_label(before, line)
            or self.is_next_day(before, line)
        ):
            glue = LINE
        if glue == " " and _is_filled_in(before, line):
            glue = LINE
        heads = glue == LINE and (_heads_list(line, after) or _heads_list(before, line))
        return PARAGRAPH if heads else glue

    def goes_on(self, before: Run, line: Run, after: Run | None, glue: str) -> bool:
        """Whether a line that looks like the first of something goes on in what is before it."""
        if glue == LINE:
            return (
                self.is_cited(before, line)
                or self.is_number_within(before, line)
                or self.is_insertion(before, line)
            )
        return glue == PARAGRAPH and (
            self.goes_on_elsewhere(before, line, after)
            or self.in_other_letters(before, line)
            or self.in_capitals(before, line)
        )

    def is_cited(self, before: Run, line: Run) -> bool:
        """Whether what looks like the mark of an item, or the name of a section, is what the full line before refers to: "in paragraphs /
        a) and b) of", "under Article VI, / Section 4. The"."""
        return (
            line.page == before.page
            and before.bottom > line.bottom
            and _CITES.search(before.text) is not None
            and not self.looks.had_room(before, line, sure=False)
        )

    def is_insertion(self, before: Run, line: Run) -> bool:
        """Whether a dash at the beginning of a line is one of the sentence that fills the line before, which is of no item with a dash: "its place
        / – the bench by the dam"."""
        return (
            line.page == before.page
            and before.bottom > line.bottom
            and re.match(r"[–—-] [^\W\d_]", line.text) is not None
            and line.text[2].islower()
            and len(before.text.split()) >= _LEAST_PROSE_WORDS
            and _SENTENCE_END.search(before.text) is None
            and (self.first is None or self.first.text[0] not in _DASHES)
            and not self.looks.had_room(before, line, sure=False)
        )

    def is_number_within(self, before: Run, line: Run) -> bool:
        """Whether a number at the beginning of a line is a word of the sentence that fills the line before: "Section / 7.02 of the rules",
        "1) rent 2) fees / 3) interest", "(from 0 to / 10)"."""
        mark = _NUMBER_FIRST.match(line.text)
        if mark is None or line.page != before.page or before.bottom <= line.bottom:
            return False
        if ")" in (mark["close"] or "") and before.text.count("(") > before.text.count(")"):
            return True
        if _SENTENCE_END.search(before.text) or self.looks.had_room(before, line, sure=False):
            return False
        if mark["close"] and f" {int(mark['whole']) - 1}{mark['close']} " in before.text:
            return True
        own = _NUMBER_FIRST.match(self.first.text) if self.first is not None else None
        counted = own is not None and own["close"] == mark["close"]
        return not counted and (mark["rest"].islower() or _REFERS.search(before.text) is not None)

    def in_capitals(self, before: Run, line: Run) -> bool:
        """Whether a sentence in capitals goes on from a line that it fills, though the lines stand apart or in letters of other sizes."""
        part = self.parts[-1]
        return (
            part.kind == "paragraph"
            and line.page == before.page
            and 0 < before.bottom - line.bottom < 3 * line.height
            and before.text.isupper()
            and line.text.split(maxsplit=1)[0].isupper()
            and len(before.text.split()) > _MAX_NAME_WORDS
            and _SENTENCE_END.search(before.text) is None
            and not (before.bold or line.bold or begins_anew(line.text))
            and abs(before.height - line.height) < 0.5 * line.height
            and not self.looks.had_room(before, line, sure=False)
        )

    def stands_over(self, before: Run, line: Run, after: Run | None) -> bool:
        """Whether a few words in capitals stand by themselves, over or below a text in ordinary letters."""
        if line.page != before.page:
            return False
        if _is_in_capitals(before) and self.first is before:
            return (
                not line.text.isupper()
                and _begins_upper(line)
                and self.looks.had_room(before, line)
            )
        over_item = after is not None and BULLET.match(after.text) is not None
        if _STOPPED.search(before.text) is None:
            return over_item and _is_in_capitals(line) and self.looks.had_room(before, line)
        goes_on = after is not None and after.page == line.page and after.text[0].islower()
        return _is_in_capitals(line) and not before.text.isupper() and not goes_on

    def level_of_rest(self, previous: Part, line: Run, level: int) -> int:
        """The level of a line that goes on in what is set as a heading: 0 where all of that is too long for one, or goes on in smaller letters,
        so that it is text."""
        if previous.kind == "heading":
            if level and len(previous.text) + len(line.text) <= _MAX_HEADING_CHARS:
                return level
            previous.kind, previous.level = "paragraph", 0
        return 0 if previous.kind == "paragraph" else level

    def goes_on_elsewhere(self, before: Run, line: Run, after: Run | None) -> bool:
        """Whether a sentence goes on with a capital letter, as of a name, on the next page or in the next column: from a full line of
        prose to one that is prose by what follows or by its end."""
        looks = self.looks
        alike = abs(line.height - before.height) <= 0.12 * line.height and (
            before.turned,
            before.typed,
            looks.strong(before),
        ) == (line.turned, line.typed, looks.strong(line))
        if (
            not (_is_elsewhere(before, line) and alike)
            or self.parts[-1].kind != "paragraph"
            or looks.level(line)
        ):
            return False
        words = before.text.split()
        prose = len(words) >= _LEAST_PROSE_WORDS and not before.text.isupper()
        if not prose or not (before.text[-1].isalnum() or before.text[-1] == ","):
            return False
        if BULLET.match(self.parts[-1].text) or BULLET.match(line.text) or begins_anew(line.text):
            return False
        if looks.had_room(before, line, sure=False):
            return False
        below = after is not None and after.page == line.page and after.text[:1].islower()
        near = after is not None and 0 < line.bottom - after.bottom < 2 * line.height
        ends = _STOPPED.search(line.text) is not None and len(line.text.split()) > 3
        return (below and near) or ends

    def in_other_letters(self, before: Run, line: Run) -> bool:
        """Whether a line goes on in letters of another size, as where words are set large within a sentence."""
        if self.parts[-1].kind != "paragraph" or BULLET.match(line.text) or _n_letters(line) < 2:
            return False
        near = line.page == before.page and 0 < before.bottom - line.bottom < 2 * line.height
        near = near and not (_alike(before, line) or begins_anew(line.text))
        cut = near and _CUT.search(before.text) is not None and not self.looks.strong(line)
        return cut or self.looks.within(before, line, None)

    def is_item_elsewhere(self, before: Run, line: Run) -> bool:
        """Whether a line is an item that begins a page or a column, below another that ends without a stop."""
        in_list = self.first is not None and begins_anew(self.first.text)
        counted = in_list and _COUNTED_ITEM.match(line.text) is not None
        return counted and _is_elsewhere(before, line)

    def begins_elsewhere(self, before: Run, line: Run) -> bool:
        """Whether a line begins a paragraph by its place: further left than one that is not the first of its own, or that ended early."""
        out = before.left - line.left > 0.6 * line.height
        centred = abs(before.left + before.right - line.left - line.right) < 0.6 * line.height
        if not out or centred or line.page != before.page or before.bottom <= line.bottom:
            return False
        if not _begins_upper(line) or self.looks.level(line):
            return False
        ended = line.text[0] in "¿¡" or _SENTENCE_END.search(before.text) is not None
        return self.looks.had_room(before, line) or (ended and self.first is not before)

    def ended(self, before: Run, line: Run) -> bool:
        """Whether a paragraph ended at a line that others of its column outreach: its sentence did, or it names an article or a section."""
        if (
            line.page != before.page
            or not _begins_upper(line)
            or not self.looks.had_room(before, line)
        ):
            return False
        if _STOPPED.search(before.text) is not None or greets(before.text):
            return True
        return self.first is before and (_is_named(before.text) or self.ends_item(before, line))

    def stands_below_item(self, before: Run, line: Run) -> bool:
        """Whether a line begins where the item before it does, though items go on further in: it is a text of its own."""
        item = self.first
        return (
            item is not None
            and self.looks.hangs
            and _has_sign(item)
            and line.page == item.page
            and _CUT.search(before.text) is None
            and GOES_ON.search(before.text) is None
            and abs(line.left - item.left) < 0.3 * line.height
            and _begins_upper(line)
        )

    def is_named_again(self, before: Run, line: Run) -> bool:
        """Whether a line begins with the same name and a colon as the paragraph that it follows: "Km: 5", "Km: 12"."""
        name = _NAME_FIRST.match(line.text)
        first = self.first.text if self.first is not None else before.text
        return name is not None and line.page == before.page and first.startswith(name[0])

    def is_next_label(self, before: Run, line: Run) -> bool:
        """Whether a line is a label with its value as the paragraph is that it follows, with room on its last line: "Absent: Ann Lobo",
        "Guests: Leo Paz"."""
        first = self.first if self.first is not None else before
        return (
            line.page == before.page
            and _LABEL_FIRST.match(line.text) is not None
            and _LABEL_FIRST.match(first.text) is not None
            and self.looks.had_room(before, line)
        )

    def is_next_day(self, before: Run, line: Run) -> bool:
        """Whether a line begins with a day as the paragraph does that it follows, which ended: "March 4 Book fair", "March 9 No class"."""
        first = self.first if self.first is not None else before
        return (
            line.page == before.page
            and _begins_with_day(line.text)
            and _begins_with_day(first.text)
            and GOES_ON.search(before.text) is None
            and (_STOPPED.search(before.text) is not None or self.looks.had_room(before, line))
        )

    def heads_text(self, before: Run, line: Run, after: Run | None) -> bool:
        """Whether a few words that leave half of their line stand over a sentence: "Night of prayer", below it "In these days …"."""
        edge = self.looks.edges.get(id(before), before.right)
        ends = _STOPPED.search(line.text) is not None
        goes_on = after is not None and after.page == line.page and after.text[0].islower()
        return (
            (ends or goes_on)
            and self.first is before
            and line.page == before.page
            and not begins_anew(before.text)
            and _begins_upper(before)
            and _begins_upper(line)
            and len(before.text.split()) <= _MAX_SAYING_HEADING_WORDS
            and before.text[-1].isalpha()
            and GOES_ON.search(before.text) is None
            and abs(before.left - line.left) < 0.3 * line.height
            and edge - before.right > _LEAST_LEFT_BY_TITLE * (edge - before.left)
            and (ends or edge - line.right < _RAGGED * (edge - line.left))
            and len(line.text.split()) >= _LEAST_PROSE_WORDS
        )

    def ends_item(self, before: Run, line: Run) -> bool:
        """Whether an item without a stop ends on its first line, half of which is left, and a line that is full begins a text below it."""
        edge = self.looks.edges.get(id(before), before.right)
        full = edge - line.right < 0.1 * (edge - line.left)
        return (
            BULLET.match(before.text) is not None
            and full
            and not _NAMED.search(line.text)
            and edge - before.right > _LEAST_LEFT * (edge - before.left)
            and len(line.text.split()) > _LEAST_PROSE_WORDS
        )

    def in_sentence(self, before: Run, line: Run, glue: str) -> bool:
        """Whether bold letters begin or end within a sentence that goes on from a full line: in a small letter or all in capitals, after a
        word that asks for more, or after a verb that says something."""
        if glue != " ":
            return False
        if self.looks.within(before, line, None):
            return True
        if _SENTENCE_END.search(before.text) or self.looks.had_room(before, line):
            return False
        if line.text[0].islower() or GOES_ON.search(before.text):
            return True
        n_words = len(before.text.split())
        shouts = before.text.isupper() and line.text.isupper()
        full = not self.looks.had_room(before, line, sure=False)
        return (shouts and n_words >= _LEAST_PROSE_WORDS) or (
            full
            and n_words > _MAX_SAYING_HEADING_WORDS
            and (states(before.text) or _WILL.search(before.text) is not None)
        )

    def in_list(self, before: Run, line: Run, glue: str) -> str:
        """How a line follows in a list without marks: below a lead-in, at the indentation of the first item, each where the line before
        ended early."""
        here = line.page == before.page and before.bottom > line.bottom
        if here and before.text.endswith(":") and self.first is not None:
            self.end_list()
            further = line.left - min(self.first.left, before.left)
            if further > -0.3 * line.height and _begins_upper(line) and not BULLET.match(line.text):
                self.indent = line.left
                # Below a heading stand paragraphs
                headed = self.looks.strong(before) or before.text.isupper()
                self.is_deeper = further > 0.6 * line.height and not headed
                return LINE if glue == " " and self.looks.had_room(before, line) else glue
        elif self.indent is not None:
            apart = line.left - self.indent
            below = not self.is_deeper and before.text[-1] in ".?!"
            if not here or below or apart < -0.3 * line.height or self.looks.level(line):
                self.end_list()
            elif apart < 0.3 * line.height and glue == " " and _begins_upper(line):
                stopped = self.is_deeper and _STOPPED.search(before.text) is not None
                return LINE if self.looks.had_room(before, line, sure=not stopped) else glue
        return glue

    def end_list(self) -> None:
        """Makes items of the short lines that stand further in than their lead-in, where there are several."""
        short = all(len(part.text) <= _MAX_UNMARKED_CHARS for part in self.listed)
        if len(self.listed) > 1 and short and self.is_deeper:
            for part in self.listed:
                part.kind, part.level = "item", 1
        self.indent = None
        self.listed = []

    def names(self, before: Run, line: Run, after: Run | None) -> bool:
        """Whether a few words stand by themselves over a bold line, which is their value: "Idioma", below it "Castellano"."""
        part = self.parts[-1]
        return (
            not before.bold
            and line.bold
            and part.kind == "paragraph"
            and part.text == before.text
            and len(before.text) <= _MAX_NAME_CHARS
            and len(line.text) <= 2 * _MAX_NAME_CHARS
            and abs(before.left - line.left) < line.height
            and 0 < before.bottom - line.bottom < 2 * line.height
            and before.text[:1].isupper()
            and re.search(r"[^\W\d_][):]?\Z", before.text) is not None
            and not (_NAMED.search(before.text) or line.text.endswith(":"))
            and not GOES_ON.search(before.text)
            and _had_room(before, line, after)
            and (after is None or not after.bold or line.bottom - after.bottom > 1.2 * line.height)
        )

    def new(self, line: Run, level: int, glue: str) -> Part:
        if line.numbered:
            number = line.text.split(maxsplit=1)[0]
            return Part(line.text, 1, glue, line.page, "item", (number,))
        strong = self.looks.strong(line) and not level and id(line) not in self.looks.listed
        strong = strong and not (glue == LINE and _begins_with_day(line.text))
        names = _SEE.match(line.text) is None
        part = Part(line.text, level, glue, line.page, strong=strong and names)
        small = line.height < 0.9 * self.looks.body and not is_numbered_capitals(line.text)
        marked = not strong and _NOTE.match(line.text) and not self.looks.counts(line, self.note)
        if not level and ((small and marked) or _RAISED_NOTE.match(line.text)):
            part.kind = "footnote"
            counted = re.match(r"\d{1,3}", line.text)
            self.note = int(counted[0]) if counted else self.note
        return part

    def is_contents(self, line: Run) -> bool:
        """Whether a line is one of a table of contents: dots to a page number, or a number at its end below "Contents"."""
        if CONTENTS_HEAD.fullmatch(line.text):
            self.contents_page, self.page_before = line.page, 0
            return False
        if _LED_LINE.search(line.text) or self.has_page_first(line.text):
            return True
        return self.contents_page == line.page and bool(_CONTENTS_LINE.fullmatch(line.text))

    def has_page_first(self, text: str) -> bool:
        """Whether a line of contents begins with the number of its page: dots lead from it, or it stands below "Contents" and counts on."""
        found = _PAGE_FIRST.fullmatch(text)
        if found is None:
            return False
        if found["led"] and found["led"].strip()[0] in ".·…":
            return True
        if not self.parts:
            return False
        number, last = int(found[1]), self.parts[-1]
        headed = last.kind == "contents" or CONTENTS_HEAD.fullmatch(last.text) is not None
        if not headed or number < self.page_before:
            return False
        self.page_before = number
        return True


# "Sept. 4th First day", "4 de mayo: Acto"
_DAY = re.compile(r"(?:\d{1,2} (?:de )?)?([^\W\d_]{3,})\b\.?(?: \d{1,2}(?:st|nd|rd|th)?\b)?")


def _begins_with_day(text: str) -> bool:
    day = _DAY.match(text)
    return (
        day is not None
        and any(map(str.isdigit, day[0]))
        and month_named(day[1].lower()) is not None
    )


def _is_title(line: Run) -> bool:
    """Whether a line that is underlined is a few words that name what follows."""
    return (
        len(line.text.split()) <= _MAX_NAME_WORDS
        and line.text[0].isupper()
        and line.text[-1].isalnum()
        and not (line.typed or _FILLED_IN.search(line.text) or _ADDRESS.match(line.text))
        and GOES_ON.search(line.text) is None
    )


def _is_in_capitals(line: Run) -> bool:
    """Whether a line is a few words in capitals, and no form, address or number."""
    return (
        line.text.isupper()
        and len(line.text.split()) <= _MAX_NAME_WORDS
        and _n_letters(line) >= _LEAST_CAPITALS
        and _n_letters(line) > 0.6 * len(line.text)
        and line.text[-1].isalpha()
        and not BULLET.match(line.text)
        and GOES_ON.search(line.text) is None
    )


def _is_named(text: str) -> bool:
    """Whether a line is the number of an article or a section, and a few words that say what it is about."""
    return bool(
        (names_division(text) or DEEPER_TITLE.match(text) or is_roman_title(text))
        and len(text.split()) <= _MAX_NAME_WORDS
        and GOES_ON.search(text) is None
    )


def _is_filled_in(before: Run, line: Run) -> bool:
    """Whether a line ends in what was typed into a form, and the next is one of its own."""
    goes_on = GOES_ON.search(before.text) is not None or before.text.endswith(",")
    return before.typed and not line.typed and _begins_upper(line) and not goes_on


def _heads_list(line: Run, after: Run | None) -> bool:
    """Whether a numbered title stands over items that are counted in another way: "3.2 Uso de la piscina" over "1) …"."""
    if after is None or after.page != line.page or DEEPER_TITLE.match(line.text) is None:
        return False
    item = BULLET.match(after.text) is not None and DEEPER_TITLE.match(after.text) is None
    return item and _is_named(line.text) and _SENTENCE_END.search(line.text) is None


# "• Fecha: 9 de septiembre", in letters of its own
_BULLETED = re.compile(rf"[{SURE_MARKS}] ?\S")


def _without_false_headings(parts: Sequence[Part]) -> None:
    """Makes paragraphs of headings that are blanks to fill in, items, long sentences, or lines inside one."""
    for n, part in enumerate(parts):
        before = parts[n - 1] if n else part
        prose = before is not part and before.kind == "paragraph" and before.page == part.page
        said = before.text if prose else ""
        if part.kind in ("heading", "paragraph") and _closes(part.text, said):
            part.level, part.kind, part.strong, part.glue = 0, "paragraph", False, " "
        if part.kind != "heading":
            continue
        inside = _CUT.search(said) is not None
        # "Owner: Ann Lobo Director: Leo Paz" on a cover
        labels = len(_NAMED.findall(part.text)) > 1
        long = part.text.endswith(".") and len(part.text.split()) > _MAX_HEADING_SENTENCE_WORDS
        if (
            inside
            or long
            or labels
            or (_BULLETED.match(part.text) and not part.text.isupper())
            or _FILLED_IN.search(part.text)
            or _ADDRESS.fullmatch(part.text)
            or is_contact(part.text)
        ):
            part.level, part.kind = 0, "paragraph"
        if inside:
            part.glue = " "
            if n + 1 < len(parts) and parts[n + 1].text[:1].islower():
                parts[n + 1].glue = " "


def _closes(text: str, before: str) -> bool:
    """Whether a text closes a bracket that the one before it leaves open."""
    n_open = before.count("(") + before.count("[") - before.count(")") - before.count("]")
    return n_open > 0 and closes_before(text)


def _without_announced(parts: Sequence[Part]) -> None:
    """Bold lines that a lead-in announces ("The poster says:") are what it says and no headings, where all of their section are."""
    strong: list[int] = []
    for n, part in enumerate([*parts, Part("", 1)]):
        if part.kind != "heading":
            strong += [n] if part.strong else []
            continue
        led = [k for k in strong if k and not parts[k - 1].strong and parts[k - 1].text[-1:] == ":"]
        for k in led if led == strong else ():
            parts[k].strong = False
        strong = []


# "Atentamente,", "Fdo.: Ana Lobo", "Yours sincerely"
_CLOSING = re.compile(
    r"(?:(?:muy )?(?:atentamente|cordialmente|respetuosamente)|(?:yours )?(?:sincerely|respectfully)|yours (?:faithfully|truly))(?:[,.:]|\Z)"
    r"|(?:fdo|firmado)\b|v\.?º? ?\.?b\.?º?(?!\w)|signed(?: by\b|[,:]|\Z)",
    re.IGNORECASE,
)
# "Soria, 3 de mayo de 2031", "Soria a 3 de mayo", "Given this 3rd day of May"; no "until 3 May"
_GIVEN = re.compile(r"(?:,|\ba|\bthis)\s*\Z", re.IGNORECASE)
_MAX_CLOSING_CHARS: Final = 300
_MAX_SIGNATURE_CHARS: Final = 100
# A file begins with so many parts that may be the head of a letter.
_LEAST_BEFORE_CLOSING: Final = 5


def _without_signatures(parts: Sequence[Part]) -> None:
    """Names and offices below a closing formula, or below the place and date at the end of a text, are no headings; what stands over a text
    is one, whoever signed above it."""
    for n in range(_LEAST_BEFORE_CLOSING, len(parts)):
        if not _closes_text(parts, n):
            continue
        end = n + 1
        while end < len(parts) and _may_sign(parts[end]):
            end += 1
        if end < len(parts) and parts[end].kind != "heading":
            page = parts[end].page
            while (
                end > n + 1
                and parts[end - 1].page == page
                and (parts[end - 1].kind == "heading" or parts[end - 1].strong)
            ):
                end -= 1
        for part in parts[n:end]:
            part.strong = False
            if part.kind == "heading":
                part.level, part.kind = 0, "paragraph"


def _closes_text(parts: Sequence[Part], n: int) -> bool:
    """Whether a part says that a text ends: a formula, or the date with the place, below a sentence."""
    part, before = parts[n], parts[n - 1].text
    if _CLOSING.match(part.text) and len(part.text) <= _MAX_SIGNATURE_CHARS:
        return True
    if part.kind != "paragraph" or part.strong or not _STOPPED.search(before):
        return False
    if len(part.text) > _MAX_CLOSING_CHARS or says_when(part.text):
        return False
    said = part.text.rstrip(" .-–")
    return any(
        end == len(said) and _GIVEN.search(said[:start]) for _, start, end in places_of_dates(said)
    )


def _may_sign(part: Part) -> bool:
    """Whether a part is a name or an office, and no sentence."""
    is_sentence = _STOPPED.search(part.text) and len(part.text.split()) > _LEAST_PROSE_WORDS
    return (
        part.kind in ("paragraph", "heading")
        and len(part.text) <= _MAX_SIGNATURE_CHARS
        and not is_sentence
        and not any(map(str.isdigit, part.text))
        and not (names_division(part.text) or begins_anew(part.text) or part.text.endswith(":"))
    )


def _with_dashes(parts: Sequence[Part]) -> None:
    """Makes items of what begins with a long dash below a lead-in; in a conversation they are words of a speaker."""
    n = 0
    while n < len(parts):
        at = n = n + 1
        while n < len(parts) and parts[n].kind == "paragraph" and parts[n].text.startswith("— "):
            n += 1
        if n - at > 1 and parts[at - 1].text.endswith(":"):
            for part in parts[at:n]:
                part.kind, part.level = "item", 1


def _begins_upper(line: Run) -> bool:
    first = line.text[0]
    return (first.isupper() or first.isdigit() or first in "¿¡") and _n_letters(line) > 1


# So many lines before and after one tell how wide its column is.
_NEAR_LINES: Final = 8


def _right_edges(pieces: Sequence[Piece]) -> dict[int, float]:
    """How far to the right the lines near each line reach, those of its column and in letters of its height."""
    found: dict[int, float] = {}
    for n, line in enumerate(pieces):
        if isinstance(line, Run):
            near = pieces[max(0, n - _NEAR_LINES) : n + _NEAR_LINES + 1]
            rights = (
                other.right
                for other in near
                if isinstance(other, Run)
                and other.page == line.page
                and abs(other.height - line.height) < 0.12 * line.height
                and other.left < line.right
                and line.left < other.right
            )
            # What has no width, as a typed value may, does not even meet itself
            found[id(line)] = max(rights, default=line.right)
    return found


# So many lines that leave so much of theirs free are a list, though nothing marks them; where they are bold, three may be a title.
_LEAST_LISTED: Final = 3
_LEAST_LISTED_IN_BOLD: Final = 4
_LEAST_FREE: Final = 0.4


def _listed(stretch: list[Run], right: float) -> tuple[set[int], set[int]]:
    """Of lines one right below the other in a column that reaches so far to the right: which begin something of their own, where several are
    a list whose items are a few words each, as names and hours are, and which are those items."""
    free = [(right - line.right) / max(1.0, right - line.left) for line in stretch]
    items: set[int] = set()
    for is_short, group in groupby(
        zip(stretch, free, strict=True),
        key=lambda one: one[1] > _LEAST_FREE and _is_few_words(one[0]),
    ):
        several = [line for line, _ in group]
        least = _LEAST_LISTED_IN_BOLD if several[0].bold else _LEAST_LISTED
        if is_short and len(several) >= least:
            items.update(map(id, several))
    if not items:
        return set(), items
    chains = [stretch[:1]]  # Of lines each of which leaves room for the first word of the next
    for before, line in pairwise(stretch):
        word = len(line.text.split(maxsplit=1)[0]) * (line.right - line.left) / len(line.text)
        had_room = right - before.right > 2 * word + line.height
        if not (had_room and _begins(line)) or GOES_ON.search(before.text):
            chains.append([])
        chains[-1].append(line)
    told = (chain for chain in chains if not items.isdisjoint(map(id, chain)))
    return {id(line) for chain in told for line in chain[1:]}, items


# So many lines set about one axis are each of its own where none has more words.
_LEAST_CENTRED: Final = 4
_MAX_CENTRED_WORDS: Final = 4


def _centred(lines: Sequence[Run], pitch: float) -> set[int]:
    """Which lines begin something of their own as they stand centred one below the other, a few words each, as a list without marks does."""
    found: set[int] = set()
    stretch: list[Run] = []
    for line in [*lines, None]:
        if line is not None and stretch and _is_centred_below(stretch[-1], line, pitch):
            stretch.append(line)
            continue
        if len(stretch) >= _LEAST_CENTRED and len({round(one.left) for one in stretch}) > 2:
            found.update(map(id, stretch[1:]))
        stretch = [line] if line is not None and _is_short_phrase(line) else []
    return found


# So many items that go on further in tell that all do.
_LEAST_HANGING: Final = 8
_MOST_HANGING: Final = 0.9


def _hangs(lines: Sequence[Run], pitch: float) -> bool:
    """Whether the items of a document go on further in than they begin."""
    rest = [
        line.left - before.left > 0.5 * line.height
        for before, line in pairwise(lines)
        if _has_sign(before)
        and line.text[0].islower()
        and line.page == before.page
        and 0.6 * line.height < before.bottom - line.bottom < 1.25 * pitch * line.height
    ]
    return sum(rest) >= _LEAST_HANGING and sum(rest) > _MOST_HANGING * len(rest)


def _has_sign(line: Run) -> bool:
    """Whether a line begins with a bullet, "•" or "▶", and no number or letter."""
    return BULLET.match(line.text) is not None and not re.match(r"\(?\w", line.text)


def _names_of_chapters(lines: Sequence[Run], pitch: float) -> set[int]:
    """Which lines stand centred right below "CAPÍTULO II", and so are its name, in whatever letters."""
    edges: dict[int, float] = {}
    for line in lines:
        edges[line.page] = min(line.left, edges.get(line.page, line.left))
    found: set[int] = set()
    for before, line in pairwise(lines):
        alone = is_division(before.text) and not names_division(before.text)
        named = (alone and _begins_upper(line)) or (id(before) in found and line.text[0].islower())
        indented = line.left > edges[line.page] + line.height
        if named and indented and _has_axis_of(before, line, pitch):
            found.add(id(line))
    return found


def _has_axis_of(before: Run, line: Run, pitch: float) -> bool:
    """Whether a line that ends no sentence is centred right below another."""
    return (
        line.page == before.page
        and 0.6 * line.height < before.bottom - line.bottom < 1.5 * pitch * line.height
        and abs(line.left + line.right - before.left - before.right) < 0.4 * line.height
        and _SENTENCE_END.search(line.text) is None
        and len(line.text.split()) <= _MAX_TITLE_WORDS
    )


def _is_centred_below(before: Run, line: Run, pitch: float) -> bool:
    return (
        _is_short_phrase(line)
        and line.page == before.page
        and abs(line.height - before.height) < 0.05 * line.height
        and abs(line.left + line.right - before.left - before.right) < 0.4 * line.height
        and 0.6 * line.height < before.bottom - line.bottom < 1.25 * pitch * line.height
    )


def _is_short_phrase(line: Run) -> bool:
    return (
        len(line.text.split()) <= _MAX_CENTRED_WORDS
        and GOES_ON.search(line.text) is None
        and line.text[-1].isalnum()
        and not (line.turned or line.bold or line.text.isupper())
    )


def _begins(line: Run) -> bool:
    return line.text[0].isupper() or line.text[0].isdigit()


def _is_few_words(line: Run) -> bool:
    goes_on = GOES_ON.search(line.text) or line.text[-1] in ":;"
    return _begins(line) and not (goes_on or BULLET.match(line.text))


def _is_right_below(before: Run, line: Run, pitch: float) -> bool:
    """Whether a line stands below another as the next line of its paragraph does."""
    return (
        line.page == before.page
        and line.turned == before.turned
        and line.bold == before.bold
        and abs(line.height - before.height) < 0.05 * line.height
        and abs(line.left - before.left) < 0.3 * line.height
        and 0.6 * line.height < before.bottom - line.bottom < 1.25 * pitch * line.height
    )


def _n_letters(line: Run) -> int:
    return sum(map(str.isalpha, line.text))


def _body_height(pieces: Sequence[Piece]) -> float:
    """The height of most letters in lines; where nearly all stand in tables, in these."""
    sizes, in_cells = Counter[float](), Counter[float]()
    for piece in pieces:
        if isinstance(piece, Run):
            sizes[round(piece.height * 2) / 2] += len(piece.text)
            continue
        for run in (run for cell in piece.cells for run in cell):
            in_cells[round(run.height * 2) / 2] += len(run.text)
    if sizes.total() < _LEAST_IN_LINES * in_cells.total():
        sizes = in_cells
    return sizes.most_common(1)[0][0] if sizes else 12.0


def _notes_first(pieces: Sequence[Piece], body: float) -> list[Piece]:
    """What stands at the foot of a page or a column, notes, captions or a table, put before its last paragraph where that goes on overleaf
    or in the next column, and what stands over the rest of it there behind that: a sentence stays whole."""
    pages = _columns(pieces)
    for n, (page, after) in enumerate(pairwise(pages)):
        foot = _foot(page, after[0], body)
        head = next((k for k, piece in enumerate(after) if not _is_aside(piece, body)), 0)
        if foot and _surely_continues(page[foot - 1], after[head]):
            end = head + 1
            while end < len(after) and _same_paragraph(after[end - 1], after[end]):
                end += 1
            after[:end] = after[head:end] + after[:head]
        elif foot < len(page):
            note = page[foot]
            is_note = isinstance(note, Run) and (
                note.repeated or note.turned or _NOTE.match(note.text)
            )
            if not is_note or not _is_small(note, body):
                continue
        if 0 < foot < len(page) and (start := _start_of_what_goes_on(page[:foot], after[0])) < foot:
            aside, page[foot:] = page[foot:], []
            to = n
            while start == 0 < to and pages[to - 1][-1].page == aside[0].page:
                if not _continues(pages[to - 1][-1], pages[to][0]):
                    break
                to -= 1
                start = _paragraph_start(pages[to], len(pages[to]) - 1)
            pages[to][start:start] = aside
    return [piece for page in pages for piece in page]


def _columns(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces page by page, and column by column: where the next line of a text stands higher."""
    found: list[list[Piece]] = []
    for n, piece in enumerate(pieces):
        before = pieces[n - 1]
        higher = (
            isinstance(before, Run)
            and isinstance(piece, Run)
            and before.turned == piece.turned
            and piece.bottom - before.bottom > 0.5 * piece.height
        )
        if n == 0 or piece.page != before.page or higher:
            found.append([])
        found[-1].append(piece)
    return found


# So many lines at the foot of a page may be a note in the letters of the text, where they stand so many lines below it.
_MAX_NOTE_LINES: Final = 4
_NOTE_GAP: Final = 2.5
_CAPTION = re.compile(
    r"(?:figura|fig\.|tabla|cuadro|gr[áa]fico|imagen|ilustraci[óo]n|figure|table|chart|image)\s*[\dIVX]+\b",
    re.IGNORECASE,
)


def _foot(page: Sequence[Piece], after: Piece, body: float) -> int:
    """Where what stands at the foot of a page begins; ``len(page)`` if it ends with its text. ``after``: what the next page begins with."""
    foot = len(page)
    while foot and _is_aside(page[foot - 1], body):
        foot -= 1
    if foot < len(page):
        return foot
    goes_on = _surely_continues(page[-1], after)
    for k in range(len(page) - 1, max(0, len(page) - 1 - _MAX_NOTE_LINES), -1):
        above, below = page[k - 1], page[k]
        if not isinstance(above, Run) or not isinstance(below, Run):
            break
        if above.bottom - below.bottom > _NOTE_GAP * max(above.height, below.height):
            is_text = is_division(below.text) or (goes_on and not GOES_ON.search(above.text))
            return len(page) if is_text else k
    return foot


def _is_aside(piece: Piece, body: float) -> bool:
    """Whether a piece at the edge of a page may stand within a sentence of the text: small letters, a row, a caption."""
    return (
        isinstance(piece, Row) or _is_small(piece, body) or _CAPTION.match(piece.text) is not None
    )


def _surely_continues(before: Piece, after: Piece) -> bool:
    """Whether a line of prose is not at its end, and another one goes on in a small letter."""
    return (
        _continues(before, after)
        and isinstance(before, Run)
        and isinstance(after, Run)
        and len(before.text.split()) >= _LEAST_PROSE_WORDS
        and before.bold == after.bold
        and _begins_lower(after.text)
    )


def _start_of_what_goes_on(page: Sequence[Piece], after: Piece) -> int:
    """Where the paragraph begins, or the list with its lead-in, that ends a page and goes on overleaf; ``len(page)`` where none does."""
    start = _paragraph_start(page, len(page) - 1)
    in_list = _is_item(after) and (_is_item(page[start]) or _leads_in(page[-1]))
    if not in_list and not _continues(page[-1], after):
        return len(page)
    while start and _is_item(page[start]):
        before = _paragraph_start(page, start - 1)
        if not (_is_item(page[before]) or _leads_in(page[start - 1])):
            break
        start = before
    return start


def _paragraph_start(page: Sequence[Piece], at: int) -> int:
    while at and _same_paragraph(page[at - 1], page[at]):
        at -= 1
    return at


def _is_item(piece: Piece) -> bool:
    return isinstance(piece, Run) and BULLET.match(piece.text) is not None


def _leads_in(piece: Piece) -> bool:
    return isinstance(piece, Run) and piece.text.endswith(":")


def _is_small(piece: Piece, body: float) -> bool:
    if not isinstance(piece, Run):
        return False
    return piece.height < 0.9 * body or piece.repeated or piece.turned != 0


def _continues(before: Piece, after: Piece) -> bool:
    if not isinstance(before, Run) or not isinstance(after, Run):
        return False
    if (
        _SENTENCE_END.search(before.text)
        or abs(before.height - after.height) > 0.12 * before.height
    ):
        return False
    return _begins_lower(after.text) or GOES_ON.search(before.text) is not None


def _begins_lower(text: str) -> bool:
    """Whether a text begins with a small letter, in brackets or quotation marks perhaps, and is no item."""
    inside = text.lstrip("([«“‘\"'¿¡")
    return inside[:1].islower() and (inside == text or BULLET.match(text) is None)


def _same_paragraph(before: Piece, line: Piece) -> bool:
    return (
        isinstance(before, Run)
        and isinstance(line, Run)
        and 0 < before.bottom - line.bottom < 1.7 * line.height
        and abs(before.height - line.height) < 0.1 * line.height
        and not BULLET.match(line.text)
        and not (_SENTENCE_END.search(before.text) and line.left - before.left > 0.6 * line.height)
    )


def _heading_levels(sizes: Counter[float], body: float) -> dict[float, int]:
    """Heading level per font height: a sixth larger than the body, the largest outermost."""
    most = _MAX_HEADING_SHARE * sizes.total()
    larger = sorted(
        (
            size
            for size, n in sizes.items()
            if size > body * 1.15 and size > body + 1 and (n < most or n < _SHORT_TEXT)
        ),
        reverse=True,
    )
    levels: dict[float, int] = {}
    level, last = 0, 0.0
    for size in larger:
        if not last or size < last * 0.95:
            level, last = min(6, level + 1), size
        levels[size] = level
    return levels


# So many lines that go on in small letters tell how far the lines of a paragraph are apart.
_LEAST_GOING_ON: Final = 8


def _line_pitches(pieces: Sequence[Piece]) -> tuple[float, float]:
    """Usual distances between the lines of a paragraph and between any lines that may be of one, in heights of the font; those that go on in
    small letters are surely of one, where a list of short items has none. Where there are few lines, those in the cells of tables tell."""
    steps, within = _steps([piece for piece in pieces if isinstance(piece, Run)])
    if len(steps) < _LEAST_GOING_ON:
        for cell in (cell for piece in pieces if isinstance(piece, Row) for cell in piece.cells):
            for found, more in zip((steps, within), _steps(cell), strict=True):
                found += more
    loose = sorted(steps)[len(steps) // 2] if steps else 1.2
    return sorted(within)[len(within) // 2] if len(within) >= _LEAST_GOING_ON else loose, loose


def _steps(lines: Sequence[Run]) -> tuple[list[float], list[float]]:
    """The distances from line to line in heights of the font, of all that may be of one paragraph and of those that go on in small letters."""
    steps: list[float] = []
    within: list[float] = []
    for before, line in pairwise(lines):
        step = (before.bottom - line.bottom) / line.height
        alike = abs(line.height - before.height) < 0.05 * line.height
        if line.page == before.page and alike and 0.6 < step < 3:
            steps.append(step)
            within += [step] if line.text[:1].islower() else []
    return steps, within


def _glue(before: Run, line: Run, after: Run | None, pitch: float) -> str:
    """How a line follows the one before: " " in the same paragraph, else LINE or PARAGRAPH."""
    lower = line.text[:1].islower()
    # "4.2 Number of the part (P-No.)" goes on in small letters, where both are bold
    ended = _SENTENCE_END.search(before.text) is not None and not (
        lower and before.bold and line.bold and before.text[-1] == ")"
    )
    if not _alike(before, line):
        return PARAGRAPH
    if line.turned != before.turned:
        return PARAGRAPH
    step = before.bottom - line.bottom
    bullet = BULLET.match(line.text)
    is_item = bullet is not None and (ended or not bullet[0].strip().isalnum()) and not lower
    if _is_elsewhere(before, line):
        # The next page or column: the sentence goes on or a paragraph begins.
        goes_on = _begins_lower(line.text) or GOES_ON.search(before.text) is not None
        return " " if not ended and goes_on and not is_item else PARAGRAPH
    again = says_again(before.text, line.text)
    mid_phrase = not ended and _MID_PHRASE.search(before.text) is not None
    if again or (not is_item and mid_phrase and (lower or step < 2 * pitch * line.height)):
        return " "  # "el acto de / 4.º de ESO", "en quince / (15) días"
    if _STARRED.match(line.text) and not (ended and lower):
        return PARAGRAPH
    if is_item or begins_anew(line.text):
        return LINE if step < 1.6 * pitch * line.height else PARAGRAPH
    if step > 1.25 * pitch * line.height:
        return " " if lower and not ended and step < 2 * pitch * line.height else PARAGRAPH
    if not ended:
        # What stands left of a bullet is no line of its item
        outside = BULLET.match(before.text) and line.left < before.left - 0.3 * line.height
        return PARAGRAPH if outside and not lower and _had_room(before, line, after) else " "
    if _SHOUTED_NAME.match(line.text):
        return PARAGRAPH
    if step > 0.5 * line.height and line.left - before.left > 0.6 * line.height:
        return " " if BULLET.match(before.text) else PARAGRAPH
    return PARAGRAPH if _had_room(before, line, after) else " "


def _is_elsewhere(before: Run, line: Run) -> bool:
    """Whether a line is the first of another page or column than the one before."""
    return line.page != before.page or before.bottom - line.bottom < -0.5 * line.height


def _alike(before: Run, line: Run) -> bool:
    """Whether two lines are of one size, or one is of the size of the other's mark."""
    return any(
        abs(height - other) <= 0.12 * max(height, other)
        for height in (before.height, before.mark_height)
        for other in (line.height, line.mark_height)
        if height and other
    )


def _is_mark_of(mark: Run, line: Run) -> bool:
    """Whether a bullet, or the number of a note, stands before a line though not quite on its base line."""
    return (
        mark.page == line.page
        and mark.right <= line.left
        and abs(mark.bottom - line.bottom) < 0.7 * line.height
        and (len(mark.text) == 1 or mark.text.isdigit())
        and (BULLET.match(mark.text + " ") is not None or mark.text.isdigit() or mark.text == "o")
    )


def _had_room(before: Run, line: Run, after: Run | None) -> bool:
    """Whether the first word of a line would have stood on the line before: then a paragraph ended there."""
    edge = max(before.right, line.right, after.right if after is not None else 0.0)
    width = line.right - line.left
    first_word = len(line.text.split(maxsplit=1)[0]) + 1
    room = edge - before.right
    return room > 1.5 * first_word * width / max(1, len(line.text)) + 2
