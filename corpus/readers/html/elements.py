"""What an element of a web page is and says, and what stands around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from corpus.readers.draft import flat

# Of more no page is made by hand: cells that one goes over, forms, panels
MAX_SPAN: Final = 1_000
NEVER_TEXT: Final = frozenset(
    "script style template head title svg canvas iframe object embed audio video noscript map "
    "datalist select textarea input rp del s strike".split()
)
STRUCK: Final = frozenset({"del", "s", "strike"})
FILLED_IN: Final = "input, select, textarea"
# What is a menu has most of its words in links; those that dial or write are text.
MENU_LINK_SHARE: Final = 0.6
_REACHING: Final = ("mailto:", "tel:")
# A longer line is no title.
MAX_TITLE_CHARS: Final = 120
BLOCK_TAGS: Final = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form header hgroup hr html legend li main menu nav ol optgroup "
    "option p pre section summary table tbody td tfoot th thead tr ul".split()
)
MENU_TAGS: Final = frozenset({"div", "ul", "ol", "section", "p", "span", "footer", "aside"})
HEADED: Final = "h1, h2, h3, h4, h5, h6"
HEADINGS: Final = {f"h{n}": n for n in range(1, 7)}
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
# What an element stands for where its role says more than its name: tables, and parts of a page, that are made of anything else.
_ROLES: Final = {
    **dict.fromkeys(("table", "grid"), "table"),
    "row": "tr",
    **dict.fromkeys(("cell", "gridcell"), "td"),
    **dict.fromkeys(("columnheader", "rowheader"), "th"),
    "navigation": "nav",
    "banner": "header",
    "contentinfo": "footer",
}
_FOOT_NAMES: Final = frozenset(
    "footer site-footer page-footer main-footer footer-wrapper colophon pie pie-pagina pie-de-pagina".split()
)
_ROLE_TAGS: Final = frozenset({"div", "span", "p", "section", "ul", "li"})
FORMATTING: Final = frozenset("a b big code em font i nobr s small strike strong tt u".split())


def said_in(node: Any) -> str:
    """The words below an element, without what no page shows."""
    return " ".join(
        one.text_content or ""
        for one in node.traverse(include_text=True)
        if one.tag == "-text" and (one.parent is None or one.parent.tag not in NEVER_TEXT - STRUCK)
    )


def tag_of(node: Any) -> str | None:
    """What an element is: its name, or for tables and parts of a page that are made of other elements what their roles or names say."""
    tag: str | None = node.tag
    if tag in _ROLE_TAGS and (attributes := node.attributes):
        role = _ROLES.get(attributes.get("role") or "")
        if role is None and tag in ("div", "section"):
            names = names_of(attributes).lower().split()
            role = None if _FOOT_NAMES.isdisjoint(names) else "footer"
        if role is None and tag == "span":
            role = _part_of_law(node, attributes.get("class") or "")
        return role or tag
    return tag


_AKOMA_NTOSO: Final = frozenset(
    "akn-subsection akn-paragraph akn-subparagraph akn-item akn-point akn-hcontainer akn-intro akn-wrapUp".split()
)


def _part_of_law(node: Any, names: str) -> str | None:
    """What a span of a law in Akoma Ntoso is, whose names say which part of it each is: a block, but for the first words behind a number."""
    if not names.startswith("akn-"):
        return None
    before = node.prev if names == "akn-p" else None
    goes_on = before is not None and "akn-num" not in names_of(before.attributes or {})
    return "div" if goes_on or not _AKOMA_NTOSO.isdisjoint(names.split()) else None


def stands_alone(node: Any) -> bool:
    """Whether an element is no word of a sentence: right before and after it are other elements, or nothing."""
    beside = (node.prev, node.next)
    return not any(
        one is not None and one.tag == "-text" and (one.text_content or "").strip()
        for one in beside
    )


def following(node: Any) -> Any:
    """The element that begins where another one ends, on the page; None where words come first, or nothing."""
    while node is not None and node.parent is not None:
        after = node.next
        while after is not None and tag_of(after) in ("-text", "-comment"):
            if tag_of(after) == "-text" and (after.text_content or "").strip():
                return None
            after = after.next
        if after is not None:
            return after
        node = node.parent
    return None


def begins(node: Any, words: str) -> bool:
    """Whether an element says some words first."""
    said = ""
    for one in node.traverse(include_text=True):
        if one.tag == "-text":
            said = flat(f"{said} {one.text_content or ''}")
            if len(said) >= len(words):
                break
    return said.lower().startswith(words.lower())


def is_within(node: Any, around: Any) -> bool:
    """Whether an element stands in another one."""
    above = node.parent
    while above is not None and above.mem_id != around.mem_id:
        above = above.parent
    return above is not None


def is_of_links(node: Any) -> bool:
    """Whether most of what an element says, but for what dials or writes, leads elsewhere."""
    said = len(flat(node.text()))
    links = reached = 0
    for link in node.css("a[href]"):
        n_chars = len(flat(link.text()))
        if (link.attributes.get("href") or "").startswith(_REACHING):
            reached += n_chars
        else:
            links += n_chars
    return links >= MENU_LINK_SHARE * (said - reached) and (links > 0 or not said)


def names_of(attributes: Mapping[str, str | None]) -> str:
    """What an element is called for style sheets and scripts: its classes and its id."""
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"


def element_from(node: Any, *, after: bool = True) -> Any:
    """A node or the first after it, or before it, that is an element; None where words come first, or nothing."""
    while node is not None and tag_of(node) in ("-text", "-comment"):
        if tag_of(node) == "-text" and (node.text_content or "").strip():
            return None
        node = node.next if after else node.prev
    return node


def is_white(node: Any, *, after: bool = True) -> bool:
    """Whether nothing is said on from a node, or back from it."""
    while node is not None and tag_of(node) in ("-text", "-comment"):
        if tag_of(node) == "-text" and (node.text_content or "").strip():
            return False
        node = node.next if after else node.prev
    return node is None


def holds(node: Any, selector: str) -> bool:
    """Whether an element has others in it that a selector is of."""
    return any(one.mem_id != node.mem_id for one in node.css(selector))


def is_veiled(node: Any, hidden: frozenset[int]) -> bool:
    """Whether an element may be one that nobody sees."""
    attributes = node.attributes or {}
    return (
        node.mem_id in hidden
        or not {"hidden", "aria-hidden", "role"}.isdisjoint(attributes)
        or HIDDEN_STYLE.search(attributes.get("style") or "") is not None
    )


@dataclass(slots=True)
class Around:
    """What stands around the place of a page that is being read."""

    inside: Counter[str] = field(default_factory=Counter)
    """How many elements of each name are open."""
    heading: int = 0
    """The level of the heading that is open."""
    depth: int = 0
    """The level of the last heading, without those of tabs."""
    menu: int = 0
    """The outermost menu that is open and read for how somebody is reached."""

    def in_content(self) -> bool:
        """Whether an element is open that says of itself that it holds the text."""
        return self.inside["article"] > 0 or self.inside["main"] > 0
