"""The walk through a web page that collects its blocks."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

from corpus.document import LeftOut
from corpus.readers.draft import (
    LINE,
    PARAGRAPH,
    Part,
    PartKind,
    Parts,
    flat,
    is_ornament,
    label_part,
    row_part,
)
from corpus.readers.html.abreast import abreast
from corpus.readers.html.cells import ITEM, Rows, cards_of, labels_of
from corpus.readers.html.elements import (
    BLOCK_TAGS,
    HEADINGS,
    HIDDEN_STYLE,
    NEVER_TEXT,
    STRUCK_STYLE,
    Around,
    begins,
    element_from,
    said_in,
    tag_of,
)
from corpus.readers.html.folded import framed, is_pressed, opened_by
from corpus.readers.html.forms import filled_in
from corpus.readers.html.frame import Frame
from corpus.readers.html.furniture import (
    MENU,
    REACHED,
    Furniture,
    by_line_in,
    claims,
    feet,
    files_to_press,
    is_of_rights,
)
from corpus.readers.html.grids import grids_of
from corpus.readers.html.headings import (
    headings_by_class,
    names_under_quotes,
    small_line_over,
    with_counted_titles,
)
from corpus.readers.html.inline import (
    LONG_TYPED,
    MONEY,
    Taken,
    Words,
    formula,
    quotes,
    spelled_out,
    typed,
)
from corpus.readers.html.lists import (
    GOOGLE_NUMBERS,
    Counted,
    counted,
    depth_in_google_list,
    is_asked_elsewhere,
    lists_places,
    marks_of_items,
    numbers_in_boxes,
)
from corpus.readers.html.saved import items_of_saved, titles_of_saved
from corpus.readers.named import lines_of_names, parted, parts_of_lines
from corpus.readers.reached import is_place, reached_by, veiled_address
from corpus.readers.styles import lifted, ruled, style_sheets

_STOPS: Final = ".:;!?…"
_REMARK = re.compile(r"\([^()\n]+\)\.?")
_MAX_MEANING_CHARS: Final = 400
_TIGHT_TAGS: Final = frozenset({"li", "dd", "tr"})
_WORD_TAGS: Final = frozenset({"sup", "sub", "b", "strong"})
_KINDS: Final[dict[str, PartKind]] = {
    "li": "item",
    "caption": "caption",
    "figcaption": "caption",
    "summary": "question",
}
# As Word and TeX4ht name them
_CONTENTS_LINE = re.compile(r"MsoToc\d|tableofcontents\b", re.IGNORECASE)
_WEIGHT = re.compile(r"font-weight\s*:\s*(bold(?:er)?|normal|lighter|[1-9]00)\b", re.IGNORECASE)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold(?:er)?|[6-9]00)\b", re.IGNORECASE)
_PLAIN_STYLE = re.compile(r"font-weight\s*:\s*(?:normal|lighter|[1-5]00)\b", re.IGNORECASE)
# A badge: few words in a frame with round ends
_BADGE_STYLE = re.compile(
    r"\A(?=[^}]*\bpadding)[^}]*\bborder-radius\s*:\s*(?:\d{2,}(?:\.\d+)?px|(?:[1-9][\d.]*|0?\.[6-9]\d*)r?em|[1-9]\d%)",
    re.IGNORECASE,
)
_ANGULAR_STYLE = re.compile(r"border-radius\s*:\s*0\b", re.IGNORECASE)
_SHOWN_STYLE = re.compile(r"display\s*:\s*(?!none)\w|visibility\s*:\s*visible", re.IGNORECASE)
_UNSTRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:\s*none", re.IGNORECASE)


class Page:
    """Walks an HTML tree without recursion and collects the blocks a reader would see; ``drop``: the elements that are left out by their
    name."""

    def __init__(self, root: Any, drop: frozenset[str]) -> None:
        self.parts = Parts()
        self.left_out: list[LeftOut] = []
        self.over: set[int] = set()
        """The parts that are a small line over a heading in its box."""
        self._root = root
        # What a rule shows again is a panel
        hidden = ruled(root, HIDDEN_STYLE, _SHOWN_STYLE)
        struck = ruled(root, STRUCK_STYLE, _UNSTRUCK_STYLE)
        self._furniture = Furniture(root, drop, hidden=hidden, struck=struck)
        badges = ruled(root, _BADGE_STYLE, _ANGULAR_STYLE)
        self._bolded = ruled(root, _BOLD_STYLE, _PLAIN_STYLE) - badges
        # What elements are by the style they have
        self._saved, marks = items_of_saved(root)
        self._styled = (
            lifted(root)
            | marks_of_items(root)
            | headings_by_class(root)
            | names_under_quotes(root)
            | feet(root)
            | files_to_press(root)
            | titles_of_saved(root)
            | dict.fromkeys(self._saved, "li")
            | dict.fromkeys(marks, "-comment")
        )
        self._drawn = dict(GOOGLE_NUMBERS.findall(style_sheets(root)[0]))
        self._boxed_from, self._number_boxes = numbers_in_boxes(root)
        self._cards = cards_of(root, hidden | struck)
        self._abreast = abreast(root, hidden | struck)
        self._labels = self._abreast.labels | labels_of(root, hidden | struck)
        self._grids = grids_of(root, hidden | struck) | self._abreast.rows
        self._around = Around()
        self._frame = Frame(self.parts, self.left_out, self._around, sifts="header" in drop)
        self._whole = drop is NEVER_TEXT
        self._words = Words()
        self._rows = Rows()
        self._pre = 0
        self._glue = PARAGRAPH
        self._spelled: set[str] = set()  # The short forms that have been met.
        self._at_place = False  # A link is open that says an address and shows it on a map.
        self._first_item = False
        self._role = ""  # dt or dd, when the next text is the first of one.
        self._term: Part | None = None  # What has just been named, and will be told.
        self._terms_at = 0  # Where among the parts the last list of names has begun or ended.
        self._numbers: list[Counted | None] = []  # Of each list that is open.
        self._list_depth = 0  # Beyond that of the lists that are open, of one of Google's.
        self._number = ""
        self._kind: PartKind | None = None  # What the next text is, as its element says.
        self._tab_depths: dict[int, int] = {}  # The level above the tabs that stand in an element.
        self._asides: list[int] = []  # Where the asides around begin among the parts.
        self._cut = -1  # Below how many parts a menu has last been left out.
        # What stands below each folded part, or in a foot, and is no answer to what is asked above
        self._folded: list[int] = []

    @property
    def n_sifted(self) -> int:
        """How many of the parts that :meth:`read` gives only say how somebody is reached, in what frames the page."""
        return len(self._frame.sifted)

    def read(self) -> Parts:
        """The blocks of the page."""
        path: list[Any] = []
        node = self._root
        while node is not None:
            descend = self._enter(node)
            child = node.child if descend else None
            if child is not None:
                path.append(node)
                node = child
                continue
            if descend:
                self._leave(node)
            while path and node.next is None:
                node = path.pop()
                self._leave(node)
            # A sibling of the root would be outside the document
            node = node.next if path else None
        self._flush()
        for at in self._folded:
            if at < len(self.parts):
                self.parts[at].apart = True
        return self._frame.said_once()

    def _tag_by_style(self, node: Any) -> str | None:
        """What an element is, by its name, its role or its style: one that lifts it, or that of a heading or a foot."""
        return self._styled.get(node.mem_id) or tag_of(node) if self._styled else tag_of(node)

    def _enter(self, node: Any) -> bool:
        """Takes in one node; False when what is below it is not to be read."""
        tag = self._tag_by_style(node)
        if tag == "-text":
            self._text(node.text_content or "")
            return False
        if tag is None or tag.startswith(("-", "!")):
            return bool(tag == "-document")
        said = self._said_at_once(node, tag)
        if said is not None:
            if said:
                self._words.add(said)
            return False
        if address := veiled_address(node):
            self._text(address)
            return False
        if not self._is_read(node, tag) or self._is_told_at_once(node, tag):
            return False
        self._open_around(node, tag)
        if tag in HEADINGS and not self._rows.in_cell:
            self._open_heading(node, HEADINGS[tag])
        elif tag == "br":
            if self._pre:
                self._words.add("\n")
            else:
                self._words.begin_line()
        elif tag == "pre" and not (self._rows.in_cell or self._around.heading):
            self._flush()
            self._pre += 1
        elif tag in _WORD_TAGS:
            self._words.open(tag)
        elif self._is_folding_button(node):
            self._boundary()
            self._kind = self._kind or "question"
        elif tag not in BLOCK_TAGS:
            self._words.open(tag)
        else:
            self._boundary()
            self._open_block(node, tag)
            if tag in ("li", "dt", "dd"):
                self._open_item(node, tag)
            self._set_kind(node, tag)
        return True

    def _said_at_once(self, node: Any, tag: str) -> str | None:
        """What an element says as a whole that is no text of the page itself; None for what is read by what is in it."""
        if node.mem_id in self._number_boxes:
            return ""
        if tag == "table" and self._rows.in_cell:
            return f" {said_in(node)} "  # The words of a table in a cell of another are the cell's.
        if tag in ("input", "select", "textarea"):
            return "" if self._furniture.is_to_fill_in(node) else f" {filled_in(node, tag)} "
        return f" {formula(node)} " if tag == "math" else None

    def _is_read(self, node: Any, tag: str) -> bool:
        """Whether an element is part of the text; what is not is told."""
        is_head = self._furniture.is_head(node, tag, self._around)
        if is_head:
            title = next(filter(None, (flat(one.text()) for one in node.css("h1"))), "")
            if title:  # It may be a picture
                self._flush()
                self.parts.append(Part(title, level=1))
        reason = self._furniture.unread(node, tag, self._around)
        if reason == REACHED:
            if not self._around.menu:
                self._flush()
                self._frame.open_menu(node)
            return True
        if reason == MENU and tag in BLOCK_TAGS:
            self._flush()
            before = element_from(node.prev, after=False)
            said = "" if before is None else flat(said_in(before))
            self._frame.drop_heading_of_links(said)
            if self._around.inside["footer"]:
                self._frame.drop_name_of_menu(said)
        if reason == MENU and (is_head or self._around.depth) and (line := by_line_in(node)):
            self._flush()
            self.parts.append(Part(line))
        if reason:
            self.left_out.append(LeftOut(said_in(node), 0, reason))
            if reason == MENU and tag in BLOCK_TAGS:
                self._cut = len(self.parts)
        return reason is None

    def _is_told_at_once(self, node: Any, tag: str) -> bool:
        """Whether an element is a part as a whole, and has been read as that."""
        if tag == "rt":  # What a word means or how it is said stands small above it
            said = flat(said_in(node))
            self._text(f" ({said})" if said else "")
            return True
        if self._rows.in_cell or self._around.heading or self._pre:
            return False
        card = self._cards.get(node.mem_id)
        label = None if self._around.menu else self._labels.get(node.mem_id)
        grid = self._grids.get(node.mem_id)
        if card is None and label is None and grid is None:
            return False
        self._flush()
        if grid is not None:
            self.parts += grid
        elif card is not None:
            self.parts.append(row_part(card.cells, glue=PARAGRAPH if card.first else LINE))
        elif label is not None:
            self.parts.append(label_part(*label))
        return True

    def _open_around(self, node: Any, tag: str) -> None:
        """An element begins, whatever it is, around what comes."""
        if self._frame.begins_beside(node, tag):
            self._boundary()
            self._frame.open_beside(node)
        if tag == "li" or node.mem_id in self._abreast.boxes:
            self._boundary()  # What stands before it is in none
        elif node.mem_id in self._abreast.apart:
            self._words.add(" ")
        self._around.inside[tag] += 1
        self._at_place = self._at_place or (tag == "a" and is_place(node, said_in(node)))
        if tag == "aside":
            self._boundary()
            self._asides.append(len(self.parts))
        elif tag == "footer" and not self._around.inside["blockquote"]:
            self._boundary()
            self._folded.append(len(self.parts))
        bold = self._is_bold(node, tag)
        if bold is not None:
            self._words.embolden(bold)
        if tag == "q":
            self._text(quotes(node)[0])
        title = self._furniture.tab_titles.get(node.mem_id)
        if title is not None and not (self._rows.in_cell or self._around.heading):
            self._flush()
            depth = self._tab_depths.setdefault(node.parent.mem_id, self._around.depth)
            if not begins(node, title):
                self.parts.append(Part(title, level=min(6, depth + 1)))

    def _open_heading(self, node: Any, level: int) -> None:
        self._flush()
        self._around.heading = level
        small = small_line_over(node)
        if small and self.parts and flat(self.parts[-1].text) == small:
            self.over.add(id(self.parts[-1]))

    def _is_folding_button(self, node: Any) -> bool:
        """Whether an element is pressed to open the block after it."""
        alone = not (self._rows.in_cell or self._role)
        return is_pressed(node) and alone and opened_by(framed(node)) is not None

    def _open_block(self, node: Any, tag: str) -> None:
        if tag == "table":
            self._rows.open_table(node, len(self.parts))
        elif tag == "tr" and not self._around.heading and self._rows.open_row():
            pass
        elif tag in ("td", "th") and self._rows.in_row:
            in_head = tag == "th" or self._around.inside["thead"] > 0
            self._rows.open_cell(node, in_head=in_head)
            self._words.restart()
        elif tag in _TIGHT_TAGS and not self._rows.in_cell:
            self._glue = PARAGRAPH if self._first_item or self._begins_saved_list(node) else LINE
            self._first_item = False
        elif tag in ("ul", "ol"):
            self._first_item = self._around.inside["li"] == 0
            self._numbers.append(self._counted(node, tag))
            self._list_depth = depth_in_google_list(node)
        elif tag == "dl":
            self._begin_terms()

    def _begins_saved_list(self, node: Any) -> bool:
        """Whether an item that Word has saved as a paragraph is the first after something else."""
        return (
            node.mem_id in self._saved and self.parts[-1:] != [] and self.parts[-1].kind != "item"
        )

    def _counted(self, node: Any, tag: str) -> Counted | None:
        """How the items of a list are counted, by itself or in boxes before them; None where they are not."""
        first = self._boxed_from.get(node.mem_id)
        if first is not None:
            return Counted(first, str)
        return counted(node, self._drawn) if tag == "ol" else None

    def _begin_terms(self) -> None:
        """A list of names begins or ends, in what another name means as well: what comes goes with no name before."""
        self._term, self._terms_at, self._glue = None, len(self.parts), PARAGRAPH

    def _open_item(self, node: Any, tag: str) -> None:
        counted = self._numbers[-1] if self._numbers else None
        if tag != "li":
            self._role = tag
        elif node.mem_id in self._saved:
            number, depth = self._saved[node.mem_id]
            self._list_depth = depth - len(self._numbers)
            self._number = "" if self._rows.in_cell else number
            if self._rows.in_cell:
                self._words.begin_line(f"{number} " if number else ITEM)
        elif counted is not None:
            number = counted.shown((node.attributes or {}).get("value") or "")
            self._number = "" if self._rows.in_cell else number
            if self._rows.in_cell:
                self._words.begin_line(f"{number} ")
        elif self._rows.in_cell:
            self._words.begin_line(ITEM)

    def _set_kind(self, node: Any, tag: str) -> None:
        """What the text of a block is, by the element."""
        if tag in _KINDS and not self._rows.in_cell:
            self._kind = "contents" if tag == "li" and lists_places(node) else _KINDS[tag]
        elif tag in ("p", "div") and _CONTENTS_LINE.match(
            (node.attributes or {}).get("class") or ""
        ):
            self._kind = "contents"

    def _leave(self, node: Any) -> None:
        """The end of an element that has been read."""
        tag = self._tag_by_style(node)
        if node.mem_id == self._around.menu:
            self._flush()
            self._frame.close_menu()
        if tag is None or tag.startswith("-"):
            return
        self._close_around(node, tag)
        if tag in HEADINGS and self._around.heading and not self._rows.in_cell:
            self._flush()
            self._around.heading = 0
        elif tag == "pre" and self._pre:
            self._flush()
            self._pre -= 1
        elif tag in ("sup", "sub") and self._words.is_raised:
            self._words.lower(tag)
        elif tag in ("td", "th") and self._rows.in_cell:
            self._rows.close_cell(node, self._words.restart())
        elif tag == "tr" and self._rows.in_row:
            self.parts += self._rows.close_row(in_foot=self._around.inside["tfoot"] > 0)
            self._glue = PARAGRAPH
        elif tag in BLOCK_TAGS:
            self._close_block(tag)

    def _close_around(self, node: Any, tag: str) -> None:
        """The end of an element, whatever it is."""
        if node.mem_id in self._abreast.boxes:
            self._boundary()
        if tag in ("footer", "header", "aside"):
            self._boundary()  # What stands in it at its end
        if tag == "aside" and self._asides:
            self._part_from(self._asides.pop())
        if tag == "details" or (tag == "li" and is_asked_elsewhere(node)):
            self._boundary()
            self._folded.append(len(self.parts))
        if self._frame.is_beside(node):
            self._boundary()
            self._frame.close_beside()
        self._around.inside[tag] -= 1
        self._at_place = self._at_place and tag != "a"
        if tag == "q":
            self._text(quotes(node)[1])
        if tag == "a" and (reached := reached_by(node, said_in(node))):
            self._text(f" ({reached})")
        if tag == "abbr":
            self._spell_out(node)
        if tag == "span" and (between := _behind(node)):
            self._text(between)
        if self._is_bold(node, tag) is not None:
            self._words.end_bold()
        self._words.close(tag, is_block=tag in BLOCK_TAGS)

    def _spell_out(self, node: Any) -> None:
        """What a short form stands for, behind the first one, where the page says it nowhere else."""
        said = said_in(node).strip()
        words = spelled_out(node, said)
        if words and said not in self._spelled and words not in self._said:
            self._text(f" ({words})")
        self._spelled.add(said)

    @cached_property
    def _said(self) -> str:
        """All words of the page on one line."""
        return flat(said_in(self._root))

    def _close_block(self, tag: str) -> None:
        self._boundary()
        if tag in _KINDS and not self._rows.in_cell:
            self._kind = None
        if tag == "table":
            self._rows.close_table(self.parts)
        if tag in ("ul", "ol") and self._numbers:
            self._numbers.pop()
        if tag == "dl":
            self._begin_terms()
        if tag in ("ul", "ol", "dl", "table"):
            self._glue = PARAGRAPH

    def _part_from(self, at: int) -> None:
        """What stands in an aside, from that part on, belongs to no answer above, but for what is said in it right below the question."""
        first = at and self.parts[at - 1]
        asks = first and (first.kind in ("heading", "question") or first.text.endswith("?"))
        if at < len(self.parts) and not asks:
            self.parts[at].apart = True

    def _is_bold(self, node: Any, tag: str) -> bool | None:
        """Whether an element sets its letters in bold, by its name or a style; None where it says nothing of it."""
        style = (node.attributes or {}).get("style") or ""
        weight = _WEIGHT.search(style)
        badge = tag == "span" and _BADGE_STYLE.search(style) is not None
        if weight is not None and not badge and tag not in ("a", "button"):
            return weight[1][0] in "bB6789"
        # Rules make buttons, badges and labels of forms bold as well
        by_rule = tag == "span" and node.mem_id in self._bolded
        return True if by_rule or tag in ("b", "strong") else None

    def _boundary(self) -> None:
        """Where a block begins or ends."""
        if self._rows.in_cell or self._around.heading:
            self._words.add(" ")
        elif not self._pre:
            self._flush()

    def _text(self, content: str) -> None:
        if self._rows.in_row and not self._rows.in_cell:
            return
        # A browser makes one paragraph of them, who wrote them meant several
        paragraphs = [] if self._goes_on() else typed(content)
        for paragraph in paragraphs[:-1]:
            self._text(paragraph)
            self._flush()
        content = paragraphs[-1] if paragraphs else content
        linked = self._around.inside["a"] > 0
        self._words.say(content, pre=self._pre > 0, linked=linked, placed=self._at_place)

    def _goes_on(self) -> bool:
        """Whether what comes is a part of something that is one: a cell, a heading, an item, a definition, a link, words in bold."""
        return bool(
            self._pre
            or self._rows.in_cell
            or self._around.heading
            or self._words.is_raised
            or self._kind
            or self._words.is_loud
            or self._around.inside["a"]
            or self._around.inside["dd"]
        )

    def _is_bare(self) -> bool:
        """Whether what is collected is a paragraph of its own."""
        named = self._kind or self._number or self._role
        within = self._pre or self._around.heading or self._around.menu
        return not (named or within or self._whole)

    def _flush(self) -> None:
        """What has been collected becomes a block."""
        taken = self._words.take(pre=self._pre > 0)
        if self._around.inside["footer"] or (self._around.heading and claims(taken.text)):
            taken = self._without_rights(taken)
        text = taken.text
        drawn = is_ornament(text) and not MONEY.fullmatch(text.strip())
        if not text.strip() or (self._is_bare() and drawn):
            return
        if self._frame.leaves_out(text, taken, bare=self._is_bare()):
            return
        if self._frame.sifts(text, taken):
            self._number, self._kind, self._role, self._term = "", None, "", None
            return
        self._tell(text, taken)

    def _without_rights(self, taken: Taken) -> Taken:
        """What has been collected but for the lines that only say whose page it is, which are told."""
        rights = "\n".join(line for line, _ in taken.lines if is_of_rights(line))
        if not rights:
            return taken
        self.left_out.append(LeftOut(rights, 0, "whose page it is"))
        return replace(taken, lines=[line for line in taken.lines if not is_of_rights(line[0])])

    def _tell(self, text: str, taken: Taken) -> None:
        """A text that is read becomes a part, or is added to the one that it belongs to."""
        part = self._part(text, taken)
        text = part.text
        role, self._role = self._role, ""
        last = self.parts[-1] if self.parts else None
        if role == "dt" and self._term is not None:
            self._term.text += f"\n{text}"  # Two names of one thing
            return
        told = last is not None and last.kind == "definition" and len(self.parts) > self._terms_at
        more = role == "dd" or (not role and self._goes_on_in_meaning(part))
        if more and self._term is None and last is not None and told:
            last.text += f"\n{text}"
            last.cells = (last.cells[0], f"{last.cells[1]}\n{text}")
            return
        # A remark that stands in a list, and in none of its items
        remarks = part.inside > self._around.inside["li"] and _REMARK.fullmatch(text) is not None
        if remarks and part.kind == "paragraph" and last is not None and last.kind == "item":
            last.text += f" {text}"
            return
        plain = part.kind == "paragraph" and not (role or taken.strong)
        if plain and (cut_off := self._cut_off(text)):
            cut_off.text += f" {text}"
            return
        named = plain and (
            lines_of_names(text, taken.spans)
            or parts_of_lines(taken.lines)
            or self._parted(part, taken)
        )
        if named:
            self.parts += named
            return
        term, self._term = self._term, part if role == "dt" else None
        if part.kind == "item" and self._around.inside["dd"]:
            part.level = min(6, part.level + 1)
        if term is not None and role == "dd" and part.kind == "item":
            # What is listed below a name stands each by itself, below it
            term.kind, term.level = "item", part.level - 1
        elif term is not None and role == "dd" and not term.text.endswith("?"):
            term.kind, term.cells = "definition", (term.text, text)
            term.text = f"{term.text}\n{text}"
            return
        self.parts.append(part)
        if part.level and part.kind == "heading":
            self._frame.has_heading(part)

    def _goes_on_in_meaning(self, part: Part) -> bool:
        """Whether a part is one more short paragraph of what a name means, in the same element as the one before it."""
        last = self.parts[-1] if self.parts else part
        short = len(last.text) + len(part.text) <= _MAX_MEANING_CHARS
        return part.kind == "paragraph" and self._around.inside["dd"] > 0 and short

    def _parted(self, part: Part, taken: Taken) -> list[Part]:
        """The paragraphs that empty lines part in one of the page; an address of short lines stays whole."""
        prose = any(len(line) >= LONG_TYPED for line, _ in taken.lines) and not part.inside
        parts = parted(taken.lines) if prose else []
        for one in parts[:1]:
            one.glue = part.glue
        last = parts[-1].text if parts else "."
        if len(last) < LONG_TYPED and last[-1] not in _STOPS:
            # A link to a file, no heading of what stands below
            parts[-2].text += f"\n\n{parts.pop().text}"
        return with_counted_titles(parts, min(6, self._around.depth + 1))

    def _cut_off(self, text: str) -> Part | None:
        """The paragraph that ended where a menu began, of which a text is the rest."""
        last = self.parts[-1] if self.parts else None
        if last is None or last.kind != "paragraph" or self._cut != len(self.parts):
            return None
        return last if text[0].islower() and last.text[-1] not in _STOPS else None

    def _part(self, text: str, taken: Taken) -> Part:
        """A text as the part that its elements make it."""
        heading = self._around.heading
        number, self._number = self._number, ""
        if number and not (heading or self._pre):
            text = f"{number} {text}"
        # Pages that set whole paragraphs as headings would have no body.
        level = self._frame.level(heading if len(text) <= 300 else 0)
        self._around.depth = level or self._around.depth
        first = not self.parts or self.parts[-1].kind == "heading"
        part = Part(text, level=level, glue=PARAGRAPH if first or level else self._glue)
        part.strong = taken.strong and not level
        if not level and (self._pre or self._kind is not None):
            part.kind = "code" if self._pre else self._kind or "paragraph"
            depth = len(self._numbers) + self._list_depth
            part.level = max(1, depth) if part.kind == "item" else 0
            part.cells = (number,) if number and part.kind == "item" else ()
        if part.kind in ("paragraph", "code"):
            # Bold words in a list and in none of its items stand over them
            over = taken.strong and not self._around.inside["li"]
            part.inside = 0 if over else len(self._numbers)
        self._kind, self._glue = None, PARAGRAPH
        return part


def _behind(node: Any) -> str:
    """What a style sheet draws behind a span: space behind the number of a part of a law, room between the values that Notion has in a row."""
    names = ((node.attributes or {}).get("class") or "").split()
    if names[:1] == ["akn-num"]:
        return " "
    after = node.next if names[:1] == ["selected-value"] else None
    alike = after is not None and "selected-value" in ((after.attributes or {}).get("class") or "")
    return ", " if alike else ""
