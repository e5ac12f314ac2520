"""What frames a page, its head, foot and menus and what stands beside its text: how somebody is reached is read of it, below what names it."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

from corpus.blocks.signs import MAX_VALUE_CHARS, states
from corpus.document import LeftOut
from corpus.readers.draft import LINE, PARAGRAPH, Part, Parts, flat, label_part
from corpus.readers.html.elements import MENU_LINK_SHARE, Around, holds
from corpus.readers.html.furniture import BETWEEN_LINKS, LEAST_IN_MENU, MENU, TELLS
from corpus.readers.html.inline import Taken
from corpus.readers.reached import MAX_CHARS, MAX_NAME_CHARS, NAMES_REACHED, is_reached

_MAX_REACHED_PARTS: Final = 100
_MAX_NAME_WORDS: Final = 3
# What stands over the signs of social networks
_FOLLOWS = re.compile(
    r"\W*(?:s[ií]guenos|seguinos|s[ií]ganos|encu[eé]ntranos|enc[oó]ntranos|con[eé]ct[ae](?:te)? con nosotr[oa]s|redes sociales|nuestras redes(?: sociales)?"
    r"|follow us|find us|connect with us|stay connected|social media|our socials)"
    r"(?: (?:en|on)(?: (?:las|nuestras|our|social|redes|sociales|media|networks))*)?\W*",
    re.IGNORECASE,
)
# How long it takes to read the page, and what leads to share it
_READ_IN = re.compile(
    r"\W*(?:(?:tiempo de lectura|reading time|lectura)\b\W*)?(?:(?:less than|menos de|about|aprox\.?|unos)\s)?(?:a|un|\d{1,3})\s?(?:min(?:ute|uto)?s?\b\.?)\W*(?:(?:de )?lectura|to read|read)?\W*",
    re.IGNORECASE,
)
_READS = re.compile(r"\b(?:read|reading|lectura)\b", re.IGNORECASE)
_SHARES = re.compile(
    r"\W*(?:compartir(?: en| esta?)?|(?:comparte|share) (?:en|on|this|esta?|it)|share(?=:))(?: (?:page|post|article|p[aá]gina|noticia|art[ií]culo|entrada))?\W*",
    re.IGNORECASE,
)
_LANGUAGES = re.compile(
    r"(?:\W*\b(?:castell(?:ano|à)|espa[ñn]ol|spanish|english|ingl[eé]s|valenci[aà](?:no)?|catal[aàá]n?|eusk[ae]ra|galego|gallego|fran[cç]ais|franc[eé]s|deutsch|alem[aá]n|italiano"
    r"|portugu[eê]s|es|en|ca|eu|gl|fr|de|it|pt|va)\b){2,}\W*",
    re.IGNORECASE,
)
# A heading over links that say nothing of the matter
_NAMES_LINKS = re.compile(
    r"\W*(?:(?:temas|art[ií]culos|entradas|noticias|contenidos?|etiquetas) relacionad[oa]s|related (?:topics|tags|posts|articles|news|links)|etiquetas|tags|compart(?:ir|e)\b.{0,20}|share\b.{0,20})\W*",
    re.IGNORECASE,
)
_BESIDE_NAMES: Final = frozenset(
    "sidebar side-bar left-sidebar right-sidebar sidebar-left sidebar-right widget-area barra-lateral".split()
)


class Frame:
    """What stands around the text of a page, in its head, its foot, its menus and beside it; ``parts`` and ``left_out`` are those of the page,
    ``sifts``: that such things are not read whole."""

    def __init__(
        self, parts: Parts, left_out: list[LeftOut], around: Around, *, sifts: bool
    ) -> None:
        self._parts, self._left_out, self._around, self._is_sifting = parts, left_out, around, sifts
        self.sifted: list[Part] = []  # What is read of how somebody is reached
        self._name = ""  # What names it, and has just been said
        self._left_at = 0  # Where what is left out of the menu that is open begins
        # In the head of the page its title has been read, and a heading below
        self._titled = self._told = False
        # The outermost element around that is the foot of the page or stands beside its text, and where it begins among the parts …
        self._beside = self._beside_at = 0
        self._beside_heading: Part | None = None  # … the last heading in such …
        self._beside_rise: int | None = None  # … and by how much headings in them are raised.

    def open_menu(self, menu: Any) -> None:
        """A menu begins that tells how somebody is reached."""
        if not self._around.menu:
            self._around.menu, self._left_at = menu.mem_id, len(self._left_out)

    def close_menu(self) -> None:
        """It ends; what is not read of it is told as one."""
        within = self._left_out[self._left_at :]
        self._left_out[self._left_at :] = [one for one in within if one.reason != MENU]
        words = [*(one.text for one in within if one.reason == MENU), self._name]
        self._left_out.append(LeftOut(" ".join(words), 0, MENU))
        self._around.menu, self._name = 0, ""

    def begins_beside(self, node: Any, tag: str) -> bool:
        """Whether an element, which is in no other such, is the foot of the page, or stands beside its text."""
        if self._beside or not self._is_sifting:
            return False
        if self._around.in_content() or self._around.inside["section"]:
            return False
        names = (
            ((node.attributes or {}).get("class") or "").split()
            if tag in ("div", "section")
            else ()
        )
        named = tag in ("footer", "aside") or not _BESIDE_NAMES.isdisjoint(names)
        return named and not holds(node, "h1, main, article")

    def open_beside(self, node: Any) -> None:
        """An element of which that is true begins."""
        self._beside, self._beside_at = node.mem_id, len(self._parts)

    def is_beside(self, node: Any) -> bool:
        """Whether an element is the one that is open."""
        return bool(node.mem_id == self._beside)

    def close_beside(self) -> None:
        """It ends."""
        self._drop_empty_heading(0)
        self._beside = 0
        if self._beside_at < len(self._parts):
            self._parts[self._beside_at].apart = True

    def level(self, level: int) -> int:
        """The level of a heading: beside the text of a page the first is of no section of that text, and one above it with nothing below goes."""
        if not (level and self._beside):
            return level
        if self._beside_rise is None:
            self._beside_rise = max(0, level - 2)
        level = max(2, level - self._beside_rise)
        self._drop_empty_heading(level)
        return level

    def has_heading(self, part: Part) -> None:
        """That part has been read as a heading."""
        if self._beside:
            self._beside_heading = part

    def leaves_out(self, text: str, taken: Taken, *, bare: bool) -> bool:
        """Whether a text is nothing but links beside the text of the page, and is told so; ``bare``: it is a paragraph of its own."""
        of_links = taken.linked >= MENU_LINK_SHARE * len(text)
        beside = self._beside and not self._around.heading and of_links
        # Several in a line
        only_links = taken.linked >= len(BETWEEN_LINKS.sub(" ", text)) - taken.n_links
        is_row = bare and only_links and taken.n_links >= LEAST_IN_MENU
        is_row = is_row and not self._around.in_content()
        follows = self._around.inside["footer"] and bare and _FOLLOWS.fullmatch(text) is not None
        if not (beside or is_row or follows or (bare and _is_of_page(text, taken))) or is_reached(
            text
        ):
            return False
        self._left_out.append(LeftOut(text, 0, MENU))
        return True

    def sifts(self, text: str, taken: Taken) -> bool:
        """Whether a text is of what frames the page, of which it takes how and when somebody is reached."""
        inside, heading = self._around.inside, self._around.heading
        framed = self._is_sifting and inside["header"] > 0 and not self._around.in_content()
        framed = framed and not (inside["section"] or inside["aside"])
        framed = framed and not self._is_of_head(text, taken.linked)
        if self._around.menu or (framed and heading != 1):
            told = (framed or inside["footer"] > 0) and TELLS.search(text) is not None
            told = told or taken.placed
            self._sift(text, told=told)
            return True
        self._name = ""
        return False

    def said_once(self) -> Parts:
        """The parts without those that say in a menu or a head how somebody is reached where another part says it as well."""
        if not self.sifted:
            return self._parts
        each = [flat(part.text) for part in self._parts]
        whole, times = "\n".join(each), Counter(each)
        told_elsewhere: set[int] = set()
        for part in self.sifted:
            own = flat(part.text)
            if times[own] > 1:
                times[own] -= 1
                told_elsewhere.add(id(part))
            elif whole.count(own) > each.count(own):
                told_elsewhere.add(id(part))
            elif number := _to_call(own):
                others = (
                    one.text for one in self._parts if id(one) not in {id(part), *told_elsewhere}
                )
                if any(number in re.sub(r"\D", "", other) for other in others):
                    told_elsewhere.add(id(part))
        self.sifted = [part for part in self.sifted if id(part) not in told_elsewhere]
        return Parts(part for part in self._parts if id(part) not in told_elsewhere)

    def _is_of_head(self, text: str, linked: int) -> bool:
        """Whether what stands in the head of a page is of its own section there, below a heading below the title: "Edad", "4 a 15 años"."""
        if not self._around.inside["header"]:
            self._titled = self._told = False
            return False
        self._told = self._told or (self._titled and self._around.heading > 1)
        self._titled = self._titled or self._around.heading == 1
        of_section = self._told and linked < MENU_LINK_SHARE * len(text)
        reached = self._name or is_reached(text) or NAMES_REACHED.fullmatch(text)
        return of_section and not reached

    def _drop_empty_heading(self, level: int) -> None:
        """Leaves out a heading of that level or a deeper one over links that are not read."""
        last = self._parts[-1] if self._parts else None
        if last is None or last is not self._beside_heading or last.level < level:
            return
        if is_reached(last.text):  # What is set as one says all there is
            last.kind, last.level = "paragraph", 0
        else:
            self._left_out.append(LeftOut(self._parts.pop().text, 0, MENU))

    def drop_heading_of_links(self, said: str) -> None:
        """Leaves out the heading that has just been read where it names nothing but the links right below it, which are not read."""
        last = self._parts[-1] if self._parts else None
        if last is not None and last.kind == "heading" and flat(last.text) == said:
            if _NAMES_LINKS.fullmatch(said):
                self._left_out.append(LeftOut(self._parts.pop().text, 0, MENU))

    def drop_name_of_menu(self, said: str) -> None:
        """Leaves out the line that has just been read where it is all that stands right before links that are not read, which it names."""
        last = self._parts[-1] if self._parts else None
        if last is None or last.kind != "paragraph" or flat(last.text) != said:
            return
        few = len(said.split()) <= _MAX_NAME_WORDS and len(said) <= MAX_NAME_CHARS
        names = few and said[-1] not in ".:!?…" and not set("·|,") & set(said)
        if names and not (TELLS.search(said) or is_reached(said)):
            self._left_out.append(LeftOut(self._parts.pop().text, 0, MENU))

    def _sift(self, text: str, *, told: bool) -> None:
        """Takes of what frames a page only how and when somebody is reached, below what names it, and what is ``told`` otherwise."""
        name, self._name = self._name, ""
        short = len(text) <= MAX_NAME_CHARS
        names = short and NAMES_REACHED.fullmatch(text) is not None
        named = NAMES_REACHED.fullmatch(name)
        reached = len(text) <= MAX_CHARS and is_reached(text)
        # Below "Address" any line is one
        below = named is not None and named[1] is not None and not (self._around.heading or names)
        if (reached or told or below) and len(self.sifted) < _MAX_REACHED_PARTS:
            last = self._parts[-1] if self._parts and self.sifted else None
            last = last if last is not None and last is self.sifted[-1] else None
            if last is not None and last.text.endswith(",") and named is None:
                last.text += f" {text}"  # One address in two lines
                last.cells = (last.cells[0], f"{last.cells[1]} {text}") if last.cells else ()
                return
            if last is not None and last.kind == "label" and reached and named is None:
                last.text += f"\n{text}"
                last.cells = (last.cells[0], f"{last.cells[1]}\n{text}")
                return
            glue = PARAGRAPH if last is None else LINE
            self.sifted.append(label_part(name, text) if name else Part(text, glue=glue))
            self._parts.append(self.sifted[-1])
            return
        if name:
            self._left_out.append(LeftOut(name, 0, MENU))
        if names:
            self._name = text
        else:
            self._left_out.append(LeftOut(text, 0, MENU))


def _is_of_page(text: str, taken: Taken) -> bool:
    """Whether a line only says how long the page takes to read, that it can be shared, or in which languages it is."""
    if len(text) > MAX_NAME_CHARS:
        return False
    read_in = _READS.search(text) is not None and _READ_IN.fullmatch(text) is not None
    in_languages = taken.n_links > 0 and _LANGUAGES.fullmatch(text) is not None
    return read_in or in_languages or _SHARES.fullmatch(text) is not None


# What a button over a number says: "Call (+34 600 111 222)", while "Emergencies" would say what it is for
_TO_CALL = re.compile(
    r"\W*(?:call|phone|tel[eé]fono|tel|ll[aá]m[ae](?:r|nos)?|whats ?app)(?: (?:us|now|today|ahora|ya))?\W*(\+?[\d() .-]{9,20})\W*",
    re.IGNORECASE,
)
_OWN_DIGITS: Final = 9


def _to_call(text: str) -> str:
    """The number, without the code of a country, that a text says to call and nothing else; "" for any other."""
    called = _TO_CALL.fullmatch(text)
    number = re.sub(r"\D", "", called[1])[-_OWN_DIGITS:] if called is not None else ""
    return number if len(number) == _OWN_DIGITS else ""


def with_names_of_reached(parts: Parts) -> Parts:
    """The parts, with a line that names an address, hours or a number, and what it names below it, as one: "Phone", "919 555 776"."""
    kept: list[Part] = []
    name: Part | None = None  # The last one, where it is of what is reached below
    for part in parts:
        plain = part.kind == "paragraph" and not (part.strong or part.apart)
        names = plain and len(part.text) <= MAX_NAME_CHARS and "?" not in part.text
        names = names and NAMES_REACHED.fullmatch(part.text) is not None
        reached = plain and not names and len(part.text) <= MAX_CHARS and is_reached(part.text)
        reached = reached and not (len(part.text) > MAX_VALUE_CHARS and states(part.text))
        if name is not None and reached and name.kind == "paragraph":
            told = label_part(name.text, part.text)
            name.text, name.kind, name.cells = told.text, told.kind, told.cells
        elif name is not None and reached and _goes_on(name, part.text):
            name.text += f"\n{part.text}"
            name.cells = (name.cells[0], f"{name.cells[1]}\n{part.text}")
        else:
            name = part if names else None
            kept.append(part)
    return Parts(kept)


def _goes_on(label: Part, text: str) -> bool:
    """Whether one more line may be what a label names: any below "Address" or "Hours", and below the name of a number one more of these."""
    named = NAMES_REACHED.fullmatch(label.cells[0])
    if named is not None and named[1] is not None:
        return True
    return ":" not in text and sum(map(str.isdigit, text)) > sum(map(str.isalpha, text))
