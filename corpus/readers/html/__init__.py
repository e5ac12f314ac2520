"""HTML → :class:`~corpus.readers.draft.Draft`: what a reader of the page would see.

elements: what an element is and says · furniture: what is no part of the text · beside: what is of the site · folded: what a button unfolds
· forms: fields and their labels · cells: tables, and boxes set side by side · grids: tables made of boxes · abreast: the pieces of a row · lists: how items are numbered ·
headings: what heads a part without being a heading · saved: what word processors write · inline: what stands within a line · frame: menus, heads and feet, of which a part is
read · page: the walk that makes parts.
"""

from __future__ import annotations

import html as html_entities
import re
from collections.abc import Iterable
from typing import Any, Final

from corpus.readers.draft import Draft, Part, Parts, decode, flat
from corpus.readers.front import without_front_matter
from corpus.readers.html.elements import FORMATTING, NEVER_TEXT, said_in
from corpus.readers.html.frame import with_names_of_reached
from corpus.readers.html.furniture import drop_shares
from corpus.readers.html.headings import below_headings, own_title
from corpus.readers.html.inline import with_signs
from corpus.readers.html.lists import with_numbers
from corpus.readers.html.page import Page
from corpus.readers.positioned import positioned_draft
from corpus.readers.shortcodes import without_shortcodes
from corpus.readers.styles import style_sheets

# An HTML parser searches its stack of open elements for every tag, so nesting costs the square of
# its depth (20,000 nested divs: 0.9 s). Browsers stop at 512.
_MAX_HTML_DEPTH: Final = 2_000
_MAX_HTML_WORK: Final = 20_000_000
_FURNITURE: Final = NEVER_TEXT | {"nav", "header", "aside", "menu"}
BOOK_FURNITURE: Final = NEVER_TEXT | {"nav"}
_OPEN_OR_CLOSE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_UNNESTED: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th "
    "thead tbody tfoot option optgroup colgroup rp rt html head body".split()
)
_SELF_CLOSED = re.compile(
    r"<(title|script|style|iframe|textarea|noscript|a|b|i|em|strong|span|div|p|td|th|li|h[1-6]|ul|ol|section|small|"
    r"sup|sub|q|cite|blockquote|figure|svg|object|video|audio|canvas|template)\b([^<>]{0,2000}?)/>",
    re.IGNORECASE,
)
# No program reads tags within a title, but pages have them there. One alone is what a page about
# HTML is about: "<b>: the element for bold words".
_TAGS_IN_TITLE = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?>([^<>]*)</\1>")
_BREAK_IN_TITLE = re.compile(r"(?<=[^\W_])\s*<br\s*/?>\s*(?=[^\W_])", re.IGNORECASE)


def read_html(data: bytes) -> Draft:
    """A page; what frames its text (menus, header, footer) is left out where something else is left."""
    text = decode(data, page=True)
    front = Draft()
    if text[:3] in ("---", "+++"):  # for a program that makes pages of such files
        text, front, written = without_front_matter(text.replace("\r\n", "\n"))
        if written:
            from corpus.readers.text import markdown_draft

            told = markdown_draft(written)
            front.parts += told.parts
            front.left_out += told.left_out
    text = without_shortcodes(text, page=True)
    draft = html_draft(text, (_FURNITURE, NEVER_TEXT), xml=text.lstrip()[:5] == "<?xml")
    draft.title = own_title(flat(draft.title), draft.parts) or front.title
    draft.parts = Parts([*front.parts, *draft.parts])
    draft.left_out += front.left_out
    return draft


def html_draft(text: str, drops: Iterable[frozenset[str]], *, xml: bool) -> Draft:
    """The page's blocks with the first of ``drops``, elements to leave out, that leaves more than how somebody is reached."""
    text = text.replace("\x00", "")
    if xml:  # An HTML parser reads XML's <title/> as an open tag and swallows the page.
        text = _SELF_CLOSED.sub(r"<\1\2></\1>", text)
    if _is_too_nested(text):
        return Draft(Parts(Part(line) for line in _stripped_of_tags(text)))
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    root = tree.root
    draft = Draft()
    titled = tree.css_first("head > title") or tree.css_first("title")
    if titled is not None:
        draft.title = _TAGS_IN_TITLE.sub(r"\2", _BREAK_IN_TITLE.sub(" ", titled.text()))
    if root is None:
        return draft
    placed = positioned_draft(root, style_sheets(root)[1])
    if placed is not None:
        placed.title = draft.title if draft.title.strip() else placed.title
        return placed
    _open_heads_of_all(root)
    for drop in drops:
        page = Page(root, drop)
        draft.parts = page.read()
        draft.left_out = tuple(page.left_out)
        if drop is not NEVER_TEXT:
            drop_shares(draft)
        if sum(part.text.strip() != "" for part in draft.parts) > page.n_sifted:
            break
    draft.parts = with_names_of_reached(with_numbers(with_signs(draft.parts)))
    draft.parts = below_headings(draft.parts, page.over)
    return draft


# The head of a page is no head where so much of what is said, and so many characters, stand in it: somebody has closed it too late.
_SAID_BELOW_HEAD: Final = 0.5
_MAX_HEAD_CHARS: Final = 2_000


def _open_heads_of_all(root: Any) -> None:
    """Takes away the tags of a head that the page never leaves, and keeps what is in it."""
    heads = [head for head in root.css("body > header") if len(said_in(head)) > _MAX_HEAD_CHARS]
    if heads and len(said_in(heads[0])) > _SAID_BELOW_HEAD * len(said_in(root)):
        heads[0].unwrap()


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
        if name in FORMATTING:
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
    return [flat(html_entities.unescape(line)) for line in re.split(r"<[/!?a-zA-Z][^<>]*>", text)]
