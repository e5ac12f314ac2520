"""How items of a web page are numbered, and which of them only lead elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any, Final

from corpus.readers.draft import Parts, flat
from corpus.readers.html.elements import BLOCK_TAGS, element_from, is_white, said_in
from corpus.readers.html.inline import ITEM_MARK
from corpus.readers.numbering import letters_in_turn, roman

OWN_NUMBER = re.compile(r"\d{1,2}[.)]?")
_LEAST_STEPS: Final = 3


def with_numbers(parts: Parts) -> Parts:
    """The parts, with the numbers that stand drawn before headings, bold lines or paragraphs, counted up, as what these begin with."""
    numbered = [
        n
        for n, (part, after) in enumerate(pairwise(parts))
        if part.kind in ("paragraph", "item")
        and after.kind in ("heading", "paragraph")
        and OWN_NUMBER.fullmatch(part.text)
    ]
    counted: list[list[int]] = []
    for n in numbered:
        own = int(parts[n].text.rstrip(".)"))
        if counted and int(parts[counted[-1][-1]].text.rstrip(".)")) == own - 1:
            counted[-1].append(n)
        else:
            counted.append([n])
    joined = {n for series in counted if _is_series(parts, series) for n in series}
    for n in joined:
        number, after = parts[n].text, parts[n + 1]
        if after.kind == "heading" or after.strong:
            after.text = f"{number} {after.text}"
        else:
            number = number if number[-1] in ".)" else f"{number}."
            after.text, after.cells = f"{number} {after.text}", (number,)
            after.kind, after.level, after.inside = "item", max(1, parts[n].level), 0
    return Parts(part for n, part in enumerate(parts) if n not in joined)


def _is_series(parts: Parts, numbers: Sequence[int]) -> bool:
    """Whether parts that are numbers count what stands below each; paragraphs, of which a number may say how many there are, only from 1 on."""
    heads = all(parts[n + 1].kind == "heading" or parts[n + 1].strong for n in numbers)
    if heads:
        return len(numbers) > 1
    return len(numbers) >= _LEAST_STEPS and int(parts[numbers[0]].text.rstrip(".)")) == 1


def lists_places(item: Any) -> bool:
    """Whether an item is one of several that are nothing but links to places of the page itself: a table of contents."""
    beside = [one for one in item.parent.iter() if one.tag == "li"]
    return len(beside) > 1 and all(map(_leads_within, beside))


def is_asked_elsewhere(item: Any) -> bool:
    """Whether an item is nothing but a question that leads to another page, where its answer is."""
    link = item.css_first("a[href]")
    if link is None or (link.attributes["href"] or "#").startswith("#"):
        return False
    said = flat(said_in(link))
    return said.endswith("?") and said == flat(said_in(item))


_MARK = re.compile(rf"\s*{ITEM_MARK}\s*")
_MAX_MARKS: Final = 20_000
_MARKED_TAGS: Final = frozenset({"div", "p", "span", "label"})


def marks_of_items(root: Any) -> dict[int, str]:
    """The boxes that hold nothing but the mark of an item, and those of its words, the only other one beside it, as words of one line."""
    found: dict[int, str] = {}
    for mark in root.css("div, span")[:_MAX_MARKS]:
        alone = mark.child is not None and mark.child.next is None and mark.child.tag == "-text"
        if not (alone and _MARK.fullmatch(mark.text())):
            continue
        said = element_from(mark.next)
        if said is None or said.tag not in _MARKED_TAGS or not any(map(str.isalpha, said.text())):
            continue
        whole = is_white(mark.prev, after=False) and is_white(said.next)
        if whole and all(one.tag not in BLOCK_TAGS for one in said.css("*")[1:]):
            found |= {mark.mem_id: "span", said.mem_id: "span"}
    return found


COUNTS = re.compile(r"\A(?:\d{1,2}\.)*\d{0,2}[.)]?\s*")


def _leads_within(item: Any) -> bool:
    link = item.css_first("a[href^='#']")
    if link is None or len(link.attributes["href"] or "") < 2:
        return False
    own = flat(" ".join(said_in(part) for part in item.iter(True) if part.tag not in ("ul", "ol")))
    return COUNTS.sub("", own) == flat(said_in(link))


_SHOWN_AS: Final[dict[str, Callable[[int], str]]] = {
    "1": str,
    "a": letters_in_turn,
    "A": lambda n: letters_in_turn(n).upper(),
    "i": lambda n: roman(n).lower(),
    "I": roman,
}
_STYLES: Final = {"lower-alpha": "a", "upper-alpha": "A", "lower-roman": "i", "upper-roman": "I"}
_STYLES_OF_LATIN: Final = {"lower-latin": "a", "upper-latin": "A", **_STYLES}


@dataclass(slots=True)
class Counted:
    """An ordered list: the number of its next item, and how numbers are shown in it."""

    next: int
    write: Callable[[int], str]
    step: int = 1

    def shown(self, value: str) -> str:
        """The number of the next item, which may give its own."""
        number = int(value) if value.isdecimal() and len(value) < 6 else self.next
        self.next = number + self.step
        return f"{self.write(number) if 0 < number < 4_000 else number}."


# What Google writes of a list: each of its depths is one of its own, whose numbers the style sheet draws
_GOOGLE_LIST = re.compile(r"\blst-kix_\w+-(\d)\b")
GOOGLE_NUMBERS = re.compile(
    r"\.(lst-kix_\w+-\d)\s*>\s*li:before\s*\{\s*content\s*:[^{}]*\bcounter\([\w-]+,\s*([\w-]+)\)"
)


def depth_in_google_list(node: Any) -> int:
    """How deep in a list of Google's that has no other lists around it the items of one are; 0 in any other list."""
    found = _GOOGLE_LIST.search((node.attributes or {}).get("class") or "")
    return int(found[1]) if found is not None else 0


_COUNTS_ITSELF = re.compile(r"\s*(\d{1,3}) ?[.):°º-]")


def _count_themselves(node: Any) -> bool:
    """Whether the items of an ordered list say their numbers, one after the other, so that a style sheet has those of the list left out."""
    items = list(islice((child for child in node.iter() if child.tag == "li"), 3))
    said = [_COUNTS_ITSELF.match(said_in(item)) for item in items]
    numbers = [int(one[1]) for one in said if one is not None]
    return len(items) > 1 and numbers == [n + min(numbers, default=0) for n in range(len(items))]


_BOX_NUMBER = re.compile(r"\s*\d{1,3}\s*")
_NUMBER_NAMES = re.compile(
    r"(?:^|[\s_-])(?:n[uú]m(?:ber|ero)?|index|count(?:er)?|orden)(?:$|[\s_-])", re.IGNORECASE
)
_MAX_LISTS: Final = 2_000


def numbers_in_boxes(root: Any) -> tuple[dict[int, int], frozenset[int]]:
    """The first number of each list whose items begin with their numbers in boxes of their own, "<span>01</span>", and those boxes: they
    stand in the place of the numbers of the list."""
    first: dict[int, int] = {}
    boxes: set[int] = set()
    for node in root.css("ol, ul")[:_MAX_LISTS]:
        found = [_number_box(item) for item in node.iter() if item.tag == "li"]
        said = [box for box in found if box is not None]
        numbers = [int(box.text()) for box in said]
        counts = numbers == [n + min(numbers, default=0) for n in range(len(found))]
        if len(said) > 1 and counts and numbers[0] < 2:
            first[node.mem_id] = numbers[0]
            boxes |= {box.mem_id for box in said}
    return first, frozenset(boxes)


def _number_box(item: Any) -> Any:
    """The element that an item begins with, if it says nothing but a number that is no amount: "01", or it is named after it; else None."""
    texts = (one for one in item.traverse(include_text=True) if one.tag == "-text")
    first = next((one for one in texts if (one.text_content or "").strip()), None)
    box = None if first is None else first.parent
    if box is None or box.mem_id == item.mem_id or not _BOX_NUMBER.fullmatch(box.text()):
        return None
    alone = flat(box.text()) == flat(said_in(item))
    counts = box.text().strip()[0] == "0" or _NUMBER_NAMES.search(box.attributes.get("class") or "")
    return box if counts and not alone else None


def counted(node: Any, drawn: Mapping[str, str]) -> Counted | None:
    """How the items of an ordered list are counted; None for one that shows no numbers. ``drawn``: how by a style sheet of Google's."""
    attributes: dict[str, str | None] = node.attributes or {}
    style = attributes.get("style") or ""
    found = _GOOGLE_LIST.search(attributes.get("class") or "")
    style += drawn.get(found[0], "") if found is not None else ""
    if "none" in style or _count_themselves(node):
        return None
    named = next((kind for name, kind in _STYLES_OF_LATIN.items() if name in style), "")
    write = _SHOWN_AS.get(named or attributes.get("type") or "1", str)
    backwards = "reversed" in attributes
    first = sum(child.tag == "li" for child in node.iter()) if backwards else 1
    start = attributes.get("start") or ""
    first = int(start) if re.fullmatch(r"-?\d{1,5}", start) else first
    return Counted(first, write, -1 if backwards else 1)
