"""What a page has twice, for wide screens and for narrow ones, or shows on none, told by the names that programs give these and by the words."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

from corpus.readers.draft import flat
from corpus.readers.html.elements import NEVER_TEXT

_NARROW = re.compile(
    r"(?:^|[\s_-])(?:elementor-hidden-desktop|d-(?:md|lg|xl)-none|(?:md|lg|xl):hidden|visible-xs(?:-block)?|mobile|m[oó]vil|phone|small-only)(?:$|[\s_-])",
    re.IGNORECASE,
)
# "elementor-hidden-tablet", "vc_hidden-md", "fusion-no-small-visibility", "hide-on-mobile", "kvs-sm-false"
_SCREENS: Final = r"(?P<screen>desktop|tablet|mobile|phone|large|medium|small|lg|md|sm)"
_HIDING = re.compile(
    rf"\b(?:\w+[-_])*?(?:hid(?:den|e)|no)[-_](?:on[-_])?{_SCREENS}(?:[-_](?:screen|visibility))?(?=\s|$)"
    rf"|\b(?:\w+[-_])*?{_SCREENS.replace('screen>', 'other>')}[-_](?:hidden|false)(?=\s|$)",
    re.IGNORECASE,
)
_EACH: Final = (
    {"desktop", "tablet", "mobile"},
    {"desktop", "tablet", "phone"},
    {"large", "medium", "small"},
    {"lg", "md", "sm"},
)
_MAX_NAMED: Final = 5_000
_LEAST_CHARS: Final = 40
_LEAST_SAID_AGAIN: Final = 0.9


def said_twice(root: Any) -> frozenset[int]:
    """The elements for narrow screens of which nearly all words stand in others as well."""
    narrow = [
        one
        for one in root.css("body [class]")[:_MAX_NAMED]
        if _NARROW.search(one.attributes["class"] or "")
    ]
    found: set[int] = set()
    left = _words_of(root) if narrow else Counter[str]()
    for node in narrow:
        own = _words_of(node)
        n_chars = sum(len(said) * n for said, n in own.items())
        again = sum(len(said) * n for said, n in own.items() if left[said] >= 2 * n)
        if n_chars >= _LEAST_CHARS and again >= _LEAST_SAID_AGAIN * n_chars:
            found.add(node.mem_id)
            left -= own
    return frozenset(found)


def shown_nowhere(root: Any) -> frozenset[int]:
    """The elements that builders of pages hide on each kind of screen: drafts, and what has been replaced."""
    found: set[int] = set()
    for node in root.css("[class*=desktop], [class*=large], [class*=lg]")[:_MAX_NAMED]:
        names = node.attributes["class"] or ""
        hidden = {one["screen"] or one["other"] for one in _HIDING.finditer(names.lower())}
        if any(each <= hidden for each in _EACH):
            found.add(node.mem_id)
    return frozenset(found)


def _words_of(node: Any) -> Counter[str]:
    """What each stretch of words below an element says, and how often."""
    said = (
        flat(one.text_content or "")
        for one in node.traverse(include_text=True)
        if one.tag == "-text" and (one.parent is None or one.parent.tag not in NEVER_TEXT)
    )
    return Counter(filter(None, said))
