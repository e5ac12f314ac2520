"""What heads the parts of a web page without being a heading, and how its title and its first heading go together."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import islice, pairwise
from typing import Any, Final

from corpus.blocks.divisions import is_division
from corpus.blocks.headings import is_statement
from corpus.language import fold
from corpus.readers.draft import Part, Parts, flat
from corpus.readers.html.elements import (
    BLOCK_TAGS,
    HEADED,
    HEADINGS,
    MAX_TITLE_CHARS,
    element_from,
    is_white,
    said_in,
    tag_of,
)
from corpus.readers.html.lists import OWN_NUMBER

_HOME = re.compile(
    r"(?:home|inicio|index|(?:home|main) page|p[aá]gina (?:de inicio|principal))", re.IGNORECASE
)
_LEAST_KEY_CHARS: Final = 4
_KEY_CHARS: Final = 5


def own_title(title: str, parts: Parts) -> str:
    """The title of a page; where that has no word of the first heading, the only one of its level, it is of the whole site, and both are."""
    headings = [part for part in parts if part.kind == "heading"]
    top = min((part.level for part in headings), default=0)
    heads = [part.text for part in headings if part.level == top]
    if not title or len(heads) != 1 or headings[0].level != top or heads[0][-1:] in ".:!?…":
        return title
    said, named = _keys(heads[0]), _keys(title)
    if not said or said & named:
        return title
    return heads[0] if _HOME.fullmatch(title) else f"{heads[0]} | {title}"


def _keys(line: str) -> set[str]:
    """How the longer words of a line begin, so that "Reserva" is "Reservas"."""
    words = re.findall(r"[^\W\d_]+", fold(line))
    return {word[:_KEY_CHARS] for word in words if len(word) >= _LEAST_KEY_CHARS}


def below_headings(parts: Parts, over: Set[int]) -> Parts:
    """The parts, each of those that stand as a small line ``over`` a heading below it, where they are of its section and not the one before."""
    kept = list(parts)
    for n, (small, head) in enumerate(pairwise(parts)):
        if id(small) not in over or small.kind != "paragraph" or head.kind != "heading":
            continue
        if (
            (small.strong and head.level > 1)
            or is_division(small.text)
            or _COUNTED_LINE.match(small.text)
        ):
            continue
        if "?" in head.text:
            small.apart = True
        elif head.level > 1 and head.text.endswith(".") and _NO_FIGURES.fullmatch(small.text):
            # What the section is about is named above it; "Plain words first." is a title below that, a whole sentence is text
            small.kind, small.level = "heading", head.level
            head.level = min(6, head.level + 1)
            if is_statement(head.text) or ". " in flat(head.text):
                head.kind, head.level, head.text = "paragraph", 0, flat(head.text)
        else:
            kept[n : n + 2] = head, small
            head.apart, small.apart, small.kind = small.apart, False, "caption"
    return Parts(kept)


# "02 · Know your class"
_COUNTED_LINE = re.compile(r"\d{1,2}\s*[·.:)–—-]\s*[^\W\d_]")
_NO_FIGURES = re.compile(r"\D*[^\W\d_]{3}\D*")
# Names for the look of headings, as in Bootstrap
_HEADING_CLASSES: Final = ", ".join(
    f"{tag}.h{n}" for tag in ("p", "div", "span") for n in range(1, 7)
)
_MAX_STYLED: Final = 500
_WITHIN_STYLED: Final = frozenset("a b strong em i u span small br big font".split())
_NO_HEADING_WITHIN: Final = frozenset(
    "h1 h2 h3 h4 h5 h6 li a button label summary legend td th dt dd figcaption caption nav".split()
)


def headings_by_class(root: Any) -> dict[int, str]:
    """The elements that have the look of headings by their class, which stand in a line of their own and say a title: not a price or a
    figure, which often has that look, or a sentence; and what cards alike are called."""
    found: dict[int, str] = {}
    for node in root.css(_HEADING_CLASSES)[:_MAX_STYLED]:
        if _says_title(node) and _has_own_line(node):
            names = (node.attributes.get("class") or "").split()
            found[node.mem_id] = next(name for name in names if name in HEADINGS)
    return found | _in_large_letters(root) | _names_of_sections(root) | _names_of_cards(root)


_LARGE: Final = {"7": "h1", "6": "h2", "5": "h3"}
_LARGE_LETTERS: Final = ", ".join(f"font[size='{size}']" for size in _LARGE)


def _in_large_letters(root: Any) -> dict[int, str]:
    """The lines by themselves that pages without styles set in the largest letters that they have, where they had headings to mean."""
    lines = (node for node in root.css(_LARGE_LETTERS)[:_MAX_STYLED])
    return {
        node.mem_id: _LARGE[node.attributes["size"]]
        for node in lines
        if _says_title(node) and _has_own_line(node, within={"td"})
    }


def _says_title(node: Any) -> bool:
    """Whether an element holds nothing but a line that may be a title."""
    said = flat(said_in(node))
    is_title = len(said) <= MAX_TITLE_CHARS and said[-1:] not in ("", ".", ",", ";", "!")
    if not is_title or _NO_TITLE.search(said) or not any(map(str.isalpha, said)):
        return False
    inner = {tag_of(one) for one in node.css("*") if one.mem_id != node.mem_id}
    return inner <= _WITHIN_STYLED


_SECTION_NAME = re.compile(
    r"(?:^|[\s_-])(?:section|secci[oó]n|category|categor[ií]a|bloque?)[-_]*(?:head(?:er|ing)?|title|t[ií]tulo|encabezado)(?:$|\s)",
    re.IGNORECASE,
)
_LEAST_SECTIONS: Final = 2


def _names_of_sections(root: Any) -> dict[int, str]:
    """What several elements say that are called the heads of sections, as headings below the title of the page."""
    found: dict[str, list[int]] = {}
    for node in root.css("p[class], div[class], span[class]"):
        look = node.attributes.get("class") or ""
        if _SECTION_NAME.search(look) and _says_title(node) and _has_own_line(node):
            found.setdefault(look, []).append(node.mem_id)
    several = (heads for heads in found.values() if len(heads) >= _LEAST_SECTIONS)
    return {at: "h2" for heads in several for at in heads}


_CARD_NAME = re.compile(
    r"(?:^|[\s_-])(?:card|tarjeta|ficha)[-_]+(?:name|nombre|title|t[ií]tulo)(?:$|\s)", re.IGNORECASE
)
_CARD_NAMES: Final = ", ".join(
    f"{tag}[class*={word} i]"
    for tag in ("div", "p", "span")
    for word in ("card", "tarjeta", "ficha")
)
_LEAST_CARDS: Final = 2


def _names_of_cards(root: Any) -> dict[int, str]:
    """What stands first in each of several cards alike and is called its name or its title, as headings below the one before."""
    found: dict[str, dict[int, str]] = {}
    level = 0
    for node in root.css(f"{HEADED}, {_CARD_NAMES}"):
        if node.tag in HEADINGS:
            level = HEADINGS[node.tag]
            continue
        look = (node.attributes or {}).get("class") or ""
        if _CARD_NAME.search(look) and _says_title(node) and _stands_first(node):
            found.setdefault(look, {})[node.mem_id] = f"h{min(6, level + 1)}"
    several = (names for names in found.values() if len(names) >= _LEAST_CARDS)
    return {at: tag for names in several for at, tag in names.items()}


def _stands_first(node: Any) -> bool:
    """Whether an element is the first that is said in what it stands in, which says more, and is not of one line as a rule."""
    box = node.parent
    if box is None or not (is_white(node.prev, after=False) and _is_apart(node.next)):
        return False
    while box is not None:
        if box.tag in _NO_HEADING_WITHIN - {"li"}:
            return False
        box = box.parent
    return True


def _is_apart(node: Any) -> bool:
    """Whether no words follow at once that are in no element."""
    return is_white(node) or element_from(node) is not None


_NO_TITLE = re.compile(r"[$€£]\s?\d|\d\s?[$€£%]|\A[\d.,+\s]{2,}\w{0,3}\Z")


def _has_own_line(node: Any, *, within: Set[str] = frozenset()) -> bool:
    """Whether an element is all that stands in a line, and in nothing that is one line as a rule, but for those tags ``within`` which it may."""
    around, inner = node.parent, node
    while around is not None:
        if around.tag in _NO_HEADING_WITHIN - within:
            return False
        if inner.tag not in BLOCK_TAGS and not (
            _ends_line(inner.next) and _ends_line(inner.prev, after=False)
        ):
            return False
        inner, around = around, around.parent
    return True


_COUNTED_TITLE = re.compile(r"(\d{1,2})[.)]-?[ \t]+[^\W\d_](?:.*[^\s.,:;!?…])?")
_FIRST_BELOW = re.compile(r"(?:1|a|i)[.)]|[-–—•]\s?\w", re.IGNORECASE)
_MAX_TITLE_WORDS: Final = 9
_LEAST_TITLES: Final = 3


def with_counted_titles(parts: Sequence[Part], level: int) -> list[Part]:
    """The paragraphs that empty lines part in one, with the lines that are titles as headings of that level: they count up over all of it, are few words
    without a stop, and each stands over text, or over a list that starts anew."""
    found: list[Part] = []
    titles: list[tuple[int, Part]] = []
    for n, part in enumerate(parts):
        first, _, rest = part.text.partition("\n")
        counted = _COUNTED_TITLE.fullmatch(first)
        few = counted is not None and len(first.split()) <= _MAX_TITLE_WORDS
        below = rest or (parts[n + 1].text if n + 1 < len(parts) else "")
        over = _FIRST_BELOW.match(below) or not (rest or not below or _COUNTED_TITLE.match(below))
        if counted is None or not (few and over):
            found.append(part)
            continue
        titles.append((int(counted[1]), Part(first, level=level)))
        found += [titles[-1][1], Part(rest)] if rest else [titles[-1][1]]
    numbers = [number for number, _ in titles]
    counts = numbers == sorted(set(numbers)) and numbers[:1] == [1]
    return found if counts and len(titles) >= _LEAST_TITLES else list(parts)


def _ends_line(node: Any, *, after: bool = True) -> bool:
    """Whether nothing is said in a line on from a node, or back from it."""
    while node is not None and tag_of(node) in ("-text", "-comment"):
        if tag_of(node) == "-text" and (node.text_content or "").strip():
            return False
        node = node.next if after else node.prev
    return node is None or node.tag == "br" or node.tag in BLOCK_TAGS


_OF_GUESTS = re.compile(
    r"(?:^|[\s_-])(?:testimonials?|testimonios?|reviews?|rese[ñn]as?|quotes?|opini[oó]n(?:es)?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"«„‘].*[”\"»’]\W*")
_LEAST_QUOTE_CHARS: Final = 30
_MAX_QUOTE_CHARS: Final = 1_500
_MAX_QUOTE_NODES: Final = 60
_MAX_NAME_CHARS: Final = 60
_LEAST_QUOTES: Final = 2
_MAX_BOXES_AROUND: Final = 3


def names_under_quotes(root: Any) -> dict[int, str]:
    """The headings that stand last in a box and say whose words are above them: lines below these, and no headings of what comes next."""
    found: dict[int, str] = {}
    quoted: list[int] = []
    for heading in root.css("h2, h3, h4, h5, h6")[:_MAX_STYLED]:
        box, words = _said_above(heading)
        if len(words) < _LEAST_QUOTE_CHARS:
            continue
        if _OF_GUESTS.search((box.attributes or {}).get("class") or ""):
            found[heading.mem_id] = "p"
        elif _QUOTED.fullmatch(words):
            quoted.append(heading.mem_id)
    return found | dict.fromkeys(quoted if len(quoted) >= _LEAST_QUOTES else (), "p")


def _said_above(heading: Any) -> tuple[Any, str]:
    """The innermost box in which words stand above a heading that is the only one and ends it, but for a few words on it, and these words;
    "" where it is no such."""
    name, box = flat(said_in(heading)), heading.parent
    for _ in range(_MAX_BOXES_AROUND):
        if box is None or box.tag not in _QUOTE_BOXES or not 0 < len(name) <= _MAX_NAME_CHARS:
            break
        if len(list(islice(box.traverse(), _MAX_QUOTE_NODES))) == _MAX_QUOTE_NODES:
            break
        said = flat(said_in(box))
        words, _, rest = said.rpartition(name)
        if len(said) > _MAX_QUOTE_CHARS or len(rest) > _MAX_NAME_CHARS or rest.endswith("."):
            break
        if words.strip():
            return box, words.strip() if len(box.css(HEADED)) == 1 else ""
        box = box.parent
    return heading, ""


_QUOTE_BOXES: Final = frozenset(
    "div section article li figure figcaption blockquote footer".split()
)
_BOXES: Final = frozenset("div section article li header a hgroup".split())
_MAX_SMALL_CHARS: Final = 60
_MAX_SMALL_NODES: Final = 5


def small_line_over(heading: Any) -> str:
    """The few words that stand over a heading, first in its box: what kind of thing it is, its date or its price; "" where there are none."""
    box, node = heading.parent, heading.prev
    said: list[str] = []
    while node is not None and len(said) < _MAX_SMALL_NODES:
        said += [flat(said_in(node))] if node.tag != "-comment" else []
        node = node.prev
    line = " ".join(filter(None, reversed(said)))
    whole = node is None and box is not None and box.tag in _BOXES
    short = 0 < len(line) <= _MAX_SMALL_CHARS and line[-1] not in ".:;,?!…"
    return line if whole and short and not OWN_NUMBER.fullmatch(line) else ""
