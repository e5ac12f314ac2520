"""Shortcodes of WordPress, the markup of its builders of pages: "[toggle title="May I …?"]You may.[/toggle]" → what they show.

Texts of such sites are kept with them, and pages show them where their plug-in has gone. What one encloses is text, and the title of a tab, a
toggle or a box heads it. In brackets alone, "[sic]", "[name]", words are words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_ENTITY: Final = r"&(?:quot|\#8220|\#8221|\#8243);"
# The quotes around a value, as they are typed, and as programs that set texts have made them
_QUOTED: Final = (
    r"(?:\"[^\"]{0,3000}\"|'[^']{0,3000}'|[“”″][^“”″]{0,3000}[“”″]"
    rf"|{_ENTITY}(?:[^&]|&(?!(?:quot|\#82\d\d);)){{0,3000}}{_ENTITY})"
)
_ATTRIBUTES: Final = rf"(?:\s+[a-zA-Z][\w-]{{0,60}}=(?:{_QUOTED}|[^\s\"'“”″&\]]{{1,300}}))*"
_TOKEN = re.compile(
    # What is code or for programs may have brackets of its own, as tags may
    r"^ {0,3}(?P<fence>`{3,}|~{3,})|(?P<tick>`{1,2})(?!`)[^`\n]{1,1000}(?P=tick)|(?P<remark><!--)"
    r"|<(?P<program>script|style|code|pre|textarea|title)\b[^<>]{0,3000}>"
    r"|^ {0,3}(?P<signs>\#{1,6})[ \t]|<(?:h(?P<level>[1-6])\b|[/a-zA-Z])[^<>]{0,3000}>"
    rf"|(?<!\[)\[(?P<close>/?)(?P<name>[a-z][a-z\d_-]{{0,60}})(?P<attributes>{_ATTRIBUTES})\s*/?\](?!\])",
    re.MULTILINE,
)
_VALUE = re.compile(rf"\s(?P<name>title|heading|question|text)=(?P<value>{_QUOTED})")
_QUOTES = re.compile(rf"^(?:[\"'“”″]|{_ENTITY})|(?:[\"'“”″]|{_ENTITY})$")
# What holds paragraphs, even where text stands right beside it
_HOLDING = re.compile(
    r"^(?:vc|et_pb|fusion|av|kc)_|(?:^|[_-])(?:rows?|cols?|columns?|half|thirds?|fourths?|section|box|tabs?|toggles?|accordions?|panels?|faqs?"
    r"|spoiler|collapse|expand|caption)(?:$|[_-])"
)
_HEADING = re.compile(r"(?:^|_)(?:heading|headline|title)(?:$|_)")
# Their titles are shown by no page, or within it
_UNTITLED = re.compile(
    r"button|btn|link|im(?:g|age)|video|audio|map|form|icon|caption|tooltip|abbr"
)
# What shows nothing of its own, though it has neither a value nor an end
_BARE = re.compile(r"gallery|playlist|divider|separator|hr|(?:vc|et_pb|fusion|av|kc)_\w+")
_RAW = re.compile(r"vc_raw_(?:html|js)")  # … is written in letters for programs
_INLINE: Final = r"(?:a|b|i|em|strong|span|u|small|sup|sub|mark|font|img)\b"
_INLINE_TAG = re.compile(rf"</?{_INLINE}")
_APART_AFTER = re.compile(rf"[ \t]*(?:\Z|\n|\[|<(?!/?{_INLINE}))")
_NEAR: Final = 300
_TOP_LEVEL: Final = 2
_MAX_LEVEL: Final = 6


@dataclass(slots=True)
class _Shortcode:
    """One that opens, and where it is closed, None where it is not; ``level``: what a title of it has."""

    opened: re.Match[str]
    closed: re.Match[str] | None = None
    level: int = _TOP_LEVEL

    def is_apart(self) -> bool:
        """Whether no text stands right beside it."""
        text = self.opened.string
        start, end = self.opened.start(), (self.closed or self.opened).end()
        before = text[max(0, start - _NEAR) : start].rstrip(" \t")
        in_line = before[-1:] not in ("", "\n", "]", ">")
        if in_line or (before[-1:] == ">" and _INLINE_TAG.match(before, before.rfind("<"))):
            return False
        return _APART_AFTER.match(text, end) is not None

    def is_markup(self) -> bool:
        """Whether it is one at all: closed, or apart from any text with a value, or with a name that is known."""
        name = self.opened["name"]
        valued = re.search(_QUOTED, self.opened["attributes"]) or _BARE.fullmatch(name)
        return self.closed is not None or (valued is not None and self.is_apart())

    def holds(self) -> bool:
        """Whether what it encloses is apart from what stands around."""
        return _HOLDING.search(self.opened["name"]) is not None or self.is_apart()

    def title(self) -> str:
        """What it is titled, or says itself as a heading; "" where no page shows that."""
        name = self.opened["name"]
        is_heading = _HEADING.search(name) is not None
        if _UNTITLED.search(name) or not (is_heading or (self.closed and self.holds())):
            return ""
        for value in _VALUE.finditer(self.opened["attributes"]):
            said = html.unescape(_QUOTES.sub("", value["value"]).replace("``", '"'))
            if said.strip() and (is_heading or value["name"] != "text"):
                return " ".join(said.split())
        return ""


def without_shortcodes(text: str, *, page: bool) -> str:
    """Markdown, or a ``page`` in HTML, with what its shortcodes show in the place of them."""
    shown: list[tuple[int, int, str]] = []
    raw_to = 0
    for code in _shortcodes(text) if "[" in text else ():
        start, end = code.opened.span()
        if start < raw_to:
            continue
        gap = ("<div></div>" if page else "\n\n") if code.holds() else ""
        title = code.title()
        if code.closed is not None and _RAW.fullmatch(code.opened["name"]):
            end = raw_to = code.closed.end()
        elif code.closed is not None:
            shown.append((*code.closed.span(), gap))
        shown.append((start, end, _heading(title, code.level, page=page) if title else gap))
    pieces, at = [], 0
    for start, end, instead in sorted(shown):
        pieces += [text[at:start], instead]
        at = end
    return "".join((*pieces, text[at:]))


def _heading(title: str, level: int, *, page: bool) -> str:
    if page:
        return f"<h{level}>{html.escape(title)}</h{level}>"
    return f"\n\n{'#' * level} {title}\n\n"


def _shortcodes(text: str) -> Iterator[_Shortcode]:
    """The shortcodes of a text as they open."""
    found: list[_Shortcode] = []
    unclosed: dict[str, list[_Shortcode]] = {}
    above = _TOP_LEVEL - 1  # The level of the last heading of the text itself …
    levels: dict[int, int] = {}
    for token in _tokens(text):
        if (name := token["name"]) is None:
            above = int(token["level"] or 0) or len(token["signs"] or "") or above
        elif not token["close"]:
            levels[token.start()] = above
            found.append(_Shortcode(token))
            unclosed.setdefault(name, []).append(found[-1])
        elif unclosed.get(name):
            unclosed[name].pop().closed = token
    around: list[_Shortcode] = []  # … and what is titled around one
    for code in filter(_Shortcode.is_markup, found):
        start = code.opened.start()
        while around and around[-1].closed is not None and around[-1].closed.start() < start:
            around.pop()
        code.level = min(_MAX_LEVEL, 1 + (around[-1].level if around else levels[start]))
        if code.closed is not None and code.title():
            around.append(code)
        yield code


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """Headings and what may be shortcodes, none of them in code."""
    at, endless = 0, set[str]()
    while (token := _TOKEN.search(text, at)) is not None:
        at = token.end()
        if token["signs"] or token["level"] or token["name"]:
            yield token
            continue
        program, fence = token["program"], token["fence"]
        end = f"</{program}" if program else f"\n{fence}" if fence else "-->"
        if (program or fence or token["remark"]) and end not in endless:
            stop = text.find(end, at)
            at = stop + len(end) if stop >= 0 else at
            endless |= {end} if stop < 0 else set()
