"""Lines and rows in reading order → parts: lines into paragraphs, and what each is as far as its look tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from corpus.blocks.columns import is_sold
from corpus.blocks.divisions import is_numbered_capitals
from corpus.blocks.signs import begins_anew, greets, states
from corpus.readers.draft import BULLET, LINE, PARAGRAPH, PICTURED, Part, Parts, row_part, seam
from corpus.readers.pdf.asides import NOTE, notes_first
from corpus.readers.pdf.joins import are_alike, glue_of, had_room, is_elsewhere, is_mark_of
from corpus.readers.pdf.lines import CONTENTS_HEAD, GOES_ON
from corpus.readers.pdf.looks import Looks
from corpus.readers.pdf.marks import with_marks_in_place
from corpus.readers.pdf.overleaf import goes_on, with_headers_once
from corpus.readers.pdf.pieces import Piece, Row
from corpus.readers.pdf.revision import revise
from corpus.readers.pdf.runs import Run
from corpus.readers.pdf.wording import (
    CUT,
    LEAST_PROSE_WORDS,
    MAX_NAME_WORDS,
    NAMED,
    SENTENCE_END,
    STOPPED,
    begins_upper,
    begins_with_day,
    has_sign,
    heads_list,
    is_filled_in,
    is_in_capitals,
    is_named,
    is_ticked_line,
    n_letters,
)

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
_MAX_NAME_CHARS: Final = 48
_MAX_UNMARKED_CHARS: Final = 160
_MAX_SAYING_HEADING_WORDS: Final = 7
# So much of the line of an item is left where a text begins below it.
_LEAST_LEFT: Final = 0.2
# Nearly so much of their line a few words leave that stand over a text, and a line of that at most.
_LEAST_LEFT_BY_TITLE: Final = 0.45
_RAGGED: Final = 0.25
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
# "all of them agree; or"
_ONE_MORE = re.compile(r"; (?:and|or|y|o|e|u)\Z")
# "se evaluará", "abrirán"
_WILL = re.compile(r"\b[a-zñ]{2,}[aei]rán?\b")
_DASHES: Final = frozenset("-–—−")


def parts_of(pieces: Sequence[Piece]) -> list[Part]:
    """The parts of a document; a page begins inside a paragraph where its sentence goes on."""
    pieces = with_marks_in_place(with_headers_once(pieces))
    lines = [piece for piece in pieces if isinstance(piece, Run)]
    looks = Looks(lines, pieces)
    return _Parts(looks).of(notes_first(pieces, looks.body))


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


def _is_rest(before: Run, line: Run) -> bool:
    """Whether a line goes on in small letters where the one before breaks off: "The re-", "port on page 12"."""
    return CUT.search(before.text) is not None and line.text[0].islower()


class _Parts:
    """Lines taken one by one; the part that is being made is the last."""

    def __init__(self, looks: Looks) -> None:
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
        revise(self.parts)
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
        if row.rest and len(cells) == len(last.cells):
            return True
        if (cells[0] and not cells[0][0].islower()) or len(cells) != len(last.cells):
            return False
        pairs = [(before, after) for before, after in zip(last.cells, cells, strict=True) if after]
        return all(before and not STOPPED.search(before) for before, _ in pairs) and any(
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
        if self.is_contents(line) and not (before is not None and _is_rest(before, line)):
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
        if before is not None and is_mark_of(before, line):
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
        glue = LINE if line.numbered else glue_of(before, line, after, pitch)
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
            or self.is_pictured_again(line)
            or self.is_next_label(before, line)
            or self.is_next_day(before, line)
            or self.is_last_of_several(before, line)
            or self.is_next_sold(before, line)
        ):
            glue = LINE
        if glue == " " and (is_filled_in(before, line) or is_ticked_line(before, line)):
            glue = LINE
        heads = glue == LINE and (heads_list(line, after) or heads_list(before, line))
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
            or self.in_title(before, line)
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
            and len(before.text.split()) >= LEAST_PROSE_WORDS
            and SENTENCE_END.search(before.text) is None
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
        if SENTENCE_END.search(before.text) or self.looks.had_room(before, line, sure=False):
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
            and len(before.text.split()) > MAX_NAME_WORDS
            and SENTENCE_END.search(before.text) is None
            and not (before.bold or line.bold or begins_anew(line.text))
            and abs(before.height - line.height) < 0.5 * line.height
            and not self.looks.had_room(before, line, sure=False)
        )

    def in_title(self, before: Run, line: Run) -> bool:
        """Whether a title in capitals, in letters of its own size, goes on from a line that it fills: its lines stand further apart than
        those of the text."""
        return (
            self.parts[-1].kind == "paragraph"
            and line.page == before.page
            and before.text.isupper()
            and line.text.isupper()
            and before.bold == line.bold
            and abs(before.height - line.height) < 0.02 * line.height
            and abs(line.height - self.looks.body) > 0.04 * self.looks.body
            and 0.6 * line.height < before.bottom - line.bottom < 1.6 * line.height
            and SENTENCE_END.search(before.text) is None
            and not begins_anew(line.text)
            and (
                GOES_ON.search(before.text) is not None
                or not self.looks.had_room(before, line, sure=False)
            )
        )

    def stands_over(self, before: Run, line: Run, after: Run | None) -> bool:
        """Whether a few words in capitals stand by themselves, over or below a text in ordinary letters."""
        if line.page != before.page:
            return False
        if is_in_capitals(before) and self.first is before:
            return (
                not line.text.isupper() and begins_upper(line) and self.looks.had_room(before, line)
            )
        over_item = after is not None and BULLET.match(after.text) is not None
        if STOPPED.search(before.text) is None:
            apart = self.looks.had_room(before, line) or self.stands_left_of_item(before, line)
            return over_item and is_in_capitals(line) and apart
        goes_on = after is not None and after.page == line.page and after.text[0].islower()
        return is_in_capitals(line) and not before.text.isupper() and not goes_on

    def stands_left_of_item(self, before: Run, line: Run) -> bool:
        """Whether a line begins left of the bullet of the item before it, in whose words none goes on."""
        item = self.first
        return (
            item is not None
            and has_sign(item)
            and line.left < item.left - 0.6 * line.height
            and not before.text.isupper()
            and GOES_ON.search(before.text) is None
        )

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
            not (is_elsewhere(before, line) and alike)
            or self.parts[-1].kind != "paragraph"
            or looks.level(line)
        ):
            return False
        words = before.text.split()
        prose = len(words) >= LEAST_PROSE_WORDS and not before.text.isupper()
        if not prose or not (before.text[-1].isalnum() or before.text[-1] == ","):
            return False
        if BULLET.match(self.parts[-1].text) or BULLET.match(line.text) or begins_anew(line.text):
            return False
        if looks.had_room(before, line, sure=False):
            return False
        below = after is not None and after.page == line.page and after.text[:1].islower()
        near = after is not None and 0 < line.bottom - after.bottom < 2 * line.height
        ends = STOPPED.search(line.text) is not None and len(line.text.split()) > 3
        return (below and near) or ends

    def in_other_letters(self, before: Run, line: Run) -> bool:
        """Whether a line goes on in letters of another size, as where words are set large within a sentence."""
        if self.parts[-1].kind != "paragraph" or BULLET.match(line.text) or n_letters(line) < 2:
            return False
        near = line.page == before.page and 0 < before.bottom - line.bottom < 2 * line.height
        near = near and not (are_alike(before, line) or begins_anew(line.text))
        cut = near and CUT.search(before.text) is not None and not self.looks.strong(line)
        return cut or self.looks.within(before, line, None)

    def is_item_elsewhere(self, before: Run, line: Run) -> bool:
        """Whether a line is an item that begins a page or a column, below another that ends without a stop."""
        in_list = self.first is not None and begins_anew(self.first.text)
        counted = in_list and _COUNTED_ITEM.match(line.text) is not None
        return counted and is_elsewhere(before, line)

    def begins_elsewhere(self, before: Run, line: Run) -> bool:
        """Whether a line begins a paragraph by its place: further left than one that is not the first of its own, or that ended early."""
        out = before.left - line.left > 0.6 * line.height
        centred = abs(before.left + before.right - line.left - line.right) < 0.6 * line.height
        if not out or centred or line.page != before.page or before.bottom <= line.bottom:
            return False
        if not begins_upper(line) or self.looks.level(line):
            return False
        ended = line.text[0] in "¿¡" or SENTENCE_END.search(before.text) is not None
        return self.looks.had_room(before, line) or (ended and self.first is not before)

    def ended(self, before: Run, line: Run) -> bool:
        """Whether a paragraph ended at a line that others of its column outreach: its sentence did, or it names an article or a section."""
        if (
            line.page != before.page
            or not begins_upper(line)
            or not self.looks.had_room(before, line)
        ):
            return False
        if STOPPED.search(before.text) is not None or greets(before.text):
            return True
        return self.first is before and (is_named(before.text) or self.ends_item(before, line))

    def stands_below_item(self, before: Run, line: Run) -> bool:
        """Whether a line begins where the item before it does, though items go on further in: it is a text of its own."""
        item = self.first
        return (
            item is not None
            and self.looks.hangs
            and has_sign(item)
            and line.page == item.page
            and CUT.search(before.text) is None
            and GOES_ON.search(before.text) is None
            and abs(line.left - item.left) < 0.3 * line.height
            and begins_upper(line)
        )

    def is_named_again(self, before: Run, line: Run) -> bool:
        """Whether a line begins with the same name and a colon as the paragraph that it follows: "Km: 5", "Km: 12"."""
        name = _NAME_FIRST.match(line.text)
        first = self.first.text if self.first is not None else before.text
        return name is not None and line.page == before.page and first.startswith(name[0])

    def is_pictured_again(self, line: Run) -> bool:
        """Whether a line begins with the same small picture as the paragraph that it follows, as items do that have it for a bullet."""
        picture = PICTURED.match(line.text)
        return (
            picture is not None
            and self.first is not None
            and self.first.text.startswith(picture[0])
        )

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
            and begins_with_day(line.text)
            and begins_with_day(first.text)
            and GOES_ON.search(before.text) is None
            and (STOPPED.search(before.text) is not None or self.looks.had_room(before, line))
        )

    def is_next_sold(self, before: Run, line: Run) -> bool:
        """Whether a line is a name and its price, as the one before it is."""
        return (
            line.page == before.page
            and begins_upper(line)
            and is_sold(line.text)
            and is_sold(before.text)
        )

    def is_last_of_several(self, before: Run, line: Run) -> bool:
        """Whether a line is one of several things that are set line by line without marks: the one before it ends in "; and" and leaves a
        good part of its line, which the first word of this one would have had room on."""
        edge = self.looks.edges.get(id(before), before.right)
        return (
            line.page == before.page
            and _ONE_MORE.search(before.text) is not None
            and abs(before.left - line.left) < 0.3 * line.height
            and edge - before.right > _LEAST_LEFT * (edge - before.left)
            and self.looks.had_room(before, line)
        )

    def heads_text(self, before: Run, line: Run, after: Run | None) -> bool:
        """Whether a few words that leave half of their line stand over a sentence: "Night of prayer", below it "In these days …"."""
        edge = self.looks.edges.get(id(before), before.right)
        ends = STOPPED.search(line.text) is not None
        goes_on = after is not None and after.page == line.page and after.text[0].islower()
        return (
            (ends or goes_on)
            and self.first is before
            and line.page == before.page
            and not begins_anew(before.text)
            and begins_upper(before)
            and begins_upper(line)
            and len(before.text.split()) <= _MAX_SAYING_HEADING_WORDS
            and before.text[-1].isalpha()
            and GOES_ON.search(before.text) is None
            and abs(before.left - line.left) < 0.3 * line.height
            and edge - before.right > _LEAST_LEFT_BY_TITLE * (edge - before.left)
            and (ends or edge - line.right < _RAGGED * (edge - line.left))
            and len(line.text.split()) >= LEAST_PROSE_WORDS
        )

    def ends_item(self, before: Run, line: Run) -> bool:
        """Whether an item without a stop ends on its first line, half of which is left, and a line that is full begins a text below it."""
        edge = self.looks.edges.get(id(before), before.right)
        full = edge - line.right < 0.1 * (edge - line.left)
        return (
            BULLET.match(before.text) is not None
            and full
            and not NAMED.search(line.text)
            and edge - before.right > _LEAST_LEFT * (edge - before.left)
            and len(line.text.split()) > LEAST_PROSE_WORDS
        )

    def in_sentence(self, before: Run, line: Run, glue: str) -> bool:
        """Whether bold letters begin or end within a sentence that goes on from a full line: in a small letter or all in capitals, after a
        word that asks for more, or after a verb that says something."""
        if glue != " ":
            return False
        if self.looks.within(before, line, None):
            return True
        if SENTENCE_END.search(before.text) or self.looks.had_room(before, line):
            return False
        if line.text[0].islower() or GOES_ON.search(before.text):
            return True
        n_words = len(before.text.split())
        shouts = before.text.isupper() and line.text.isupper()
        full = not self.looks.had_room(before, line, sure=False)
        return (shouts and n_words >= LEAST_PROSE_WORDS) or (
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
            if further > -0.3 * line.height and begins_upper(line) and not BULLET.match(line.text):
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
            elif apart < 0.3 * line.height and glue == " " and begins_upper(line):
                stopped = self.is_deeper and STOPPED.search(before.text) is not None
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
            and not (NAMED.search(before.text) or line.text.endswith(":"))
            and not GOES_ON.search(before.text)
            and had_room(before, line, after)
            and (after is None or not after.bold or line.bottom - after.bottom > 1.2 * line.height)
        )

    def new(self, line: Run, level: int, glue: str) -> Part:
        if line.numbered:
            number = line.text.split(maxsplit=1)[0]
            return Part(line.text, 1, glue, line.page, "item", (number,))
        strong = self.looks.strong(line) and not level and id(line) not in self.looks.listed
        strong = strong and not (glue == LINE and begins_with_day(line.text))
        names = _SEE.match(line.text) is None
        part = Part(line.text, level, glue, line.page, strong=strong and names)
        small = line.height < 0.9 * self.looks.body and not is_numbered_capitals(line.text)
        marked = not strong and NOTE.match(line.text) and not self.looks.counts(line, self.note)
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
