"""What style sheets in a web page, and styles of its elements, say of how these look."""

from __future__ import annotations

import re
from typing import Any, Final

WHITE: Final = "ffffff"
"""A colour, as :func:`colour` gives it."""

_BACKGROUND = re.compile(r"(?:^|[;\s])background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_COLOUR_NAMES: Final = {"white": WHITE, "snow": "fffafa", "black": "000000"}
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
# What holds for some screens only, or on paper
_CONDITIONAL = re.compile(r"@[^{};]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_PLAIN_SELECTOR = re.compile(r"[\w\s.#>+~*-]+")
_LAST_NAME = re.compile(r"[.#][\w-]+(?=[^.#]*\Z)")
_MAX_RULES: Final = 200
_LIFTED = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
# Which style sheets elsewhere set above the line.
_NOTE_MARKS: Final = r"[role=doc-noteref], [epub\:type=noteref], .noteref, .footnote-ref, .footnote-reference, .superscript"
_LIFTED_TAGS: Final = frozenset({"span", "a", "font", "small", "i", "b", "em", "strong"})


def colour(value: str) -> str:
    """A colour as six hexadecimal digits, "" for one that is written in another way."""
    said = value.strip().lower()
    if said in _COLOUR_NAMES:
        return _COLOUR_NAMES[said]
    if re.fullmatch(r"#[0-9a-f]{3}", said):
        return "".join(2 * digit for digit in said[1:])
    if re.fullmatch(r"#[0-9a-f]{6}", said):
        return said[1:]
    parts = re.fullmatch(
        r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*(?:[,/]\s*1(?:\.0)?\s*)?\)", said
    )
    return "".join(f"{min(255, int(part)):02x}" for part in parts.groups()) if parts else ""


def style_sheets(root: Any) -> tuple[str, str]:
    """The style sheets in a page, all of them and what of them holds for every screen."""
    sheets = re.sub(
        r"/\*.*?\*/", "", "\n".join(style.text() for style in root.css("style")), flags=re.DOTALL
    )
    return sheets, _CONDITIONAL.sub("", sheets)


def ruled(root: Any, style: re.Pattern[str], undone: re.Pattern[str]) -> frozenset[int]:
    """The elements to which a rule of the style sheets in a page gives a style, and of whose name no other rule takes it again."""
    sheets, always = style_sheets(root)
    undoing = " ".join(rule[1] for rule in _RULE.finditer(sheets) if undone.search(rule[2]))
    found: set[int] = set()
    selectors = [
        selector.strip()
        for rule in _RULE.finditer(always)
        if style.search(rule[2])
        for selector in rule[1].split(",")
    ]
    for selector in selectors[:_MAX_RULES]:
        name = _LAST_NAME.search(selector)
        if name is None or not _PLAIN_SELECTOR.fullmatch(selector):
            continue
        if not re.search(rf"{re.escape(name[0])}(?![\w-])", undoing):
            found.update(node.mem_id for node in root.css(selector))
    return frozenset(found)


def lifted(root: Any) -> dict[int, str]:
    """The elements that a style, their own or one of the style sheets in the page, or their name sets above the line or below it, as ``sup`` or ``sub``."""
    found = {node.mem_id: "sup" for node in root.css(_NOTE_MARKS) if node.tag in _LIFTED_TAGS}
    found |= {
        node.mem_id: lifts[1].lower()[:3]
        for node in root.css("[style*=vertical-align]")
        if node.tag in _LIFTED_TAGS and (lifts := _LIFTED.search(node.attributes["style"] or ""))
    }
    lifting = [
        (selector.strip(), lifts[1].lower()[:3])
        for rule in _RULE.finditer(style_sheets(root)[1])
        if (lifts := _LIFTED.search(rule[2]))
        for selector in rule[1].split(",")
    ]
    for selector, name in lifting[:_MAX_RULES]:
        if _LAST_NAME.search(selector) and _PLAIN_SELECTOR.fullmatch(selector):
            nodes = (node for node in root.css(selector) if node.tag in _LIFTED_TAGS)
            found.update((node.mem_id, name) for node in nodes)
    return found


def paints(root: Any) -> bool:
    """Whether style sheets may give a page, or parts of it, another background than white."""
    linked = root.css_first("link[rel~=stylesheet]") is not None
    return linked or any("background" in style.text() for style in root.css("style"))


def background(node: Any) -> str | None:
    """The background that the attributes of an element, or of the nearest around it, give; None where none does."""
    while node is not None:
        attributes: dict[str, str | None] = node.attributes or {}
        found = _BACKGROUND.search(attributes.get("style") or "")
        if found is not None or attributes.get("bgcolor"):
            return colour(found[1] if found is not None else attributes.get("bgcolor") or "")
        node = node.parent
    return None
