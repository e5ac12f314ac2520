"""What a page of any site has beside its text: to rate it, to remark on it, to subscribe, to turn to its other pages, to read next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Any, Final

from corpus.readers.draft import flat
from corpus.readers.html.elements import (
    FILLED_IN,
    HEADED,
    MAX_SPAN,
    holds,
    is_of_links,
    names_of,
    said_in,
    stands_alone,
)

_BOXES: Final = frozenset({"div", "section", "aside", "form", "footer", "p", "ul", "ol", "nav"})
_WITHIN: Final = frozenset(
    "label fieldset span li b strong i em small h2 h3 h4 h5 h6 button a input textarea".split()
)
_MAX_BOX_CHARS: Final = 800
_MAX_BOX_NODES: Final = 300
_MAX_LEVELS: Final = 12
_WHOLE: Final = "h1, main, article"

_RATES = re.compile(
    r"\W*(?:(?:was|is|did you find) this (?:page|article|answer|content|information|section)\b.{0,30}\b(?:helpful|useful)"
    r"|did (?:this|you find what)\b.{0,40}\?|how (?:can we improve|would you rate) this page"
    r"|(?:te|le|os|les)? ?(?:ha sido|ha resultado|fue|result[oó]) (?:de utilidad|[uú]til)\b|¿?todo bien con esta p[aá]gina"
    r"|(?:valora|califica|punt[uú]a) (?:esta|la) p[aá]gina|rate this page)",
    re.IGNORECASE,
)
_SUBSCRIBES = re.compile(
    r"newsletter|mailing list|\bsubscri(?:be|ption)|suscr[ií]|bolet[ií]n", re.IGNORECASE
)
_MAX_SUBSCRIBING_CHARS: Final = 300
# What is pressed to be sent news, and how the box around it begins that asks for that
_PRESSED: Final = "a[href], button, [role=button]"
_SIGNS_UP = re.compile(
    r"\W*(?:(?:subscribe|sign (?:me )?up|join)(?: (?:now|here|today|free|for free|to (?:our|the) \w+))?"
    r"|(?:suscr[ií]b(?:ete|irme|irse|ase)|ap[uú]nt(?:ate|arme|arse)|(?:darme|date|darse) de alta|quiero (?:suscribirme|recibirl[oa]))"
    r"(?: (?:aqu[ií]|ahora|ya|gratis|(?:a|al) (?:nuestr[oa] |la |el )?(?:newsletter|bolet[ií]n)))?)\W*",
    re.IGNORECASE,
)
_INVITES = re.compile(
    r"\W*(?:(?:subscribe|sign up|join|get|receive|stay|keep|don.t miss|suscr[ií]b\w+|ap[uú]nta\w*|rec[ií]b\w+|mantente|ent[eé]rate|no te pierdas)\b"
    r".{0,80}(?:newsletter|mailing list|bolet[ií]n|inbox|bandeja|correo|e-?mail)|(?:(?:our|e-?mail|nuestr[oa]) )?(?:newsletter|bolet[ií]n)\b)",
    re.IGNORECASE,
)
# A number, an address, a price
_TELLS_MORE = re.compile(r"\d|@|[$€£]")
_REMARKS = re.compile(
    r"(?:^|\s)(?:comment-?respond|comments?[-_]*form|respond|leave-(?:a-)?(?:comment|reply))(?:$|[\s_-])",
    re.IGNORECASE,
)
_THINGS: Final = (
    r"(?:posts?|articles?|entries|news|stories|guides?|links?|content|pages?|products?|entradas?|art[ií]culos?|noticias?|productos?"
    r"|contenidos?|enlaces|p[aá]ginas)"
)
_RELATED = re.compile(
    rf"(?:^|[\s_-])(?:(?:related|recommended|similar)[-_]?{_THINGS}|{_THINGS}[-_]?relacionad[oa]s|relacionad[oa]s"
    r"|(?:page|post|entry|article)[-_]+related|(?:you-)?may-also-like|read-next|te-puede-interesar)(?:$|[\s_-])",
    re.IGNORECASE,
)
_MAX_RELATED_CHARS: Final = 3_000
# The heading of a box whose other headings lead elsewhere
_READ_NEXT = re.compile(
    r"\W*(?:(?:you (?:may|might) also (?:like|enjoy|be interested in)|related (?:posts?|articles?|news|stories|content)|read next|keep reading)"
    r"|(?:tambi[eé]n )?(?:(?:te|le|os) )?(?:puede|podr[ií]a) (?:que (?:te|le|os) )?interes(?:ar(?:te|le|os)?|e)|podr[ií]as ver tambi[eé]n|sigue leyendo|lee m[aá]s noticias"
    r"|(?:art[ií]culos|entradas|noticias|contenidos?|posts) relacionad[oa]s)\W*",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(
    r"\W*(?:related|read (?:also|next|more)|see also|more on this|you may also like|lee (?:tambi[eé]n|m[aá]s)|ver tambi[eé]n|v[eé]ase tambi[eé]n"
    r"|te puede interesar|relacionad[oa]s?)\b",
    re.IGNORECASE,
)
_TURNS: Final = (
    r"(?:previous|prev|next|first|last|older|newer|anterior|siguiente|primer[ao]|[uú]ltim[ao]|sig\.?|ant\.?)"
    r"(?: (?:page|posts?|p[aá]gina|entradas?))?"
)
_PAGE_LINK = re.compile(rf"\W*(?:\d{{1,3}}|{_TURNS})\W*", re.IGNORECASE)
_PAGES = re.compile(
    rf"(?:(?:{_TURNS}|p(?:age|[aá]gina)|of|de|\d{{1,3}})(?!\w)|[«»‹›←→<>…|.,:\s-])+", re.IGNORECASE
)
_TURNS_PAGE = re.compile(rf"\b{_TURNS}(?!\w)|[«»‹›←→]", re.IGNORECASE)
_MAX_PAGES_CHARS: Final = 120


def beside(root: Any) -> frozenset[int]:
    """The boxes that ask how good a page is or for an address to write to, or lead to the other pages of a text, told by their words."""
    found: set[int] = set()
    said = said_in(root)
    if _RATES.search(said):
        for node in root.css(f"button, {FILLED_IN}")[:MAX_SPAN]:
            found |= _rating(node)
    if _SUBSCRIBES.search(said):
        for node in root.css("input[type=email], input[name*=email i]")[:MAX_SPAN]:
            found |= _subscribing(node)
        for node in root.css(_PRESSED)[:_MAX_LINKS]:
            if _SIGNS_UP.fullmatch(flat(said_in(node))) and stands_alone(node):
                found |= _inviting(node)
    if _SECONDS.search(said):
        for node in root.css(_CLOCKS)[:MAX_SPAN]:
            found |= _counting_down(node)
    for link in root.css("a[href]")[:_MAX_LINKS]:
        if _PAGE_LINK.fullmatch(link.text() or ""):
            found |= _pages(link)
    for heading in root.css(HEADED)[:MAX_SPAN]:
        if _READ_NEXT.fullmatch(flat(said_in(heading))):
            found |= _read_next(heading)
    for tagged in root.css("a[rel~=tag]")[:MAX_SPAN]:
        found |= _tags(tagged)
    if root.css_first(".mw-parser-output") is not None:
        found |= {node.mem_id for node in root.css(_OF_WIKI)[:MAX_SPAN]}
    return frozenset(found)


# What MediaWiki sets around an article: its categories, its other languages, where it was taken from and when it was altered, who is logged
# in, and what nobody is to print
_OF_WIKI: Final = ".catlinks, .printfooter, .navbox, .mw-portlet, .noprint, #user-tools, #p-personal, #siteSub, #footer-info"


_SECONDS = re.compile(r"\b(?:seconds|secs?|segundos|segs?)\b", re.IGNORECASE)
_CLOCKS: Final = ", ".join(
    f"[{name}*={word} i]" for word in ("count", "timer", "sec", "seg") for name in ("id", "class")
)
# "00 Days 00 Hours 00 Minutes 00 Seconds", as it stands before a script runs
_COUNTS_DOWN = re.compile(
    r"(?:[\d\W]*\b(?:weeks?|semanas?|days?|d[ií]as?|hours?|hrs?|horas?|minutes?|mins?|minutos?|seconds?|secs?|segundos?|segs?)\b[\d\W]*){3,5}",
    re.IGNORECASE,
)
_MAX_CLOCK_CHARS: Final = 80


def _counting_down(node: Any) -> set[int]:
    """The outermost box around a part of a clock that counts down to a day, which says nothing of when that is."""
    clocks = [
        one.mem_id
        for one, said in _boxes_of(node, _MAX_CLOCK_CHARS)
        if _COUNTS_DOWN.fullmatch(said) and _SECONDS.search(said)
    ]
    return set(clocks[-1:])


_MAX_LINKS: Final = 5_000


def _boxes_of(node: Any, max_chars: int) -> list[tuple[Any, str]]:
    """The boxes around an element that say little, from within, and what they say."""
    boxes: list[tuple[Any, str]] = []
    while node is not None and (node.tag in _BOXES or node.tag in _WITHIN):
        n_nodes = len(list(islice(node.traverse(), _MAX_BOX_NODES)))
        if n_nodes == _MAX_BOX_NODES or len(boxes) > _MAX_LEVELS:
            break
        said = flat(said_in(node))
        if len(said) > max_chars or node.css_first(_WHOLE) is not None:
            break
        boxes.append((node, said))
        node = node.parent
    return [(one, said) for one, said in boxes if one.tag in _BOXES]


def _rating(node: Any) -> set[int]:
    """The outermost box around what is to be pressed or filled in that begins by asking how good the page is."""
    asking = [one for one, said in _boxes_of(node, _MAX_BOX_CHARS) if _RATES.match(said)]
    return {asking[-1].mem_id} if asking else set()


def _subscribing(field: Any) -> set[int]:
    """The innermost box around a field for an address that speaks of news to be sent, or the one with nothing more than its heading."""
    boxes = _boxes_of(field, _MAX_SUBSCRIBING_CHARS)
    asking = [n for n, (_, said) in enumerate(boxes) if _SUBSCRIBES.search(said)]
    if not asking or len(boxes[asking[0]][0].css("textarea, select, input[type=tel]")):
        return set()
    return {_with_heading(boxes[asking[0] :]).mem_id}


def _with_heading(boxes: Sequence[tuple[Any, str]]) -> Any:
    """The innermost of some boxes, or the outermost that has nothing more but its heading, or what invites to subscribe."""
    inner, said = boxes[0]
    for outer, more in boxes[1:]:
        heads = outer.css(HEADED)
        headed = len(heads) == 1 and more == f"{flat(said_in(heads[0]))} {said}"
        if more != said and not headed and not _is_invitation(outer, more):
            break
        inner, said = outer, more
    return inner


def _is_invitation(box: Any, said: str) -> bool:
    """Whether a box does no more than ask somebody to subscribe to news, and has one thing to press at most."""
    short = len(said) <= _MAX_SUBSCRIBING_CHARS and box.tag not in ("ul", "ol")
    asks = short and _INVITES.match(said) is not None and _TELLS_MORE.search(said) is None
    return asks and len(box.css(_PRESSED)) <= 1 and len(box.css(HEADED)) <= 1


def _inviting(pressed: Any) -> set[int]:
    """The box around what is pressed to be sent news that asks for nothing else."""
    boxes = _boxes_of(pressed.parent, _MAX_SUBSCRIBING_CHARS)
    asking = [n for n, (box, said) in enumerate(boxes) if _is_invitation(box, said)]
    return {_with_heading(boxes[asking[0] :]).mem_id} if asking else set()


def _tags(link: Any) -> set[int]:
    """The box around a link to the other texts of a tag that holds nothing but such."""
    box = link.parent.parent if link.parent.tag == "li" else link.parent
    said = " ".join(flat(said_in(one)) for one in box.css("a[rel~=tag]"))
    alone = (
        box.tag in _BOXES
        and flat(said_in(box)).translate(_NO_COMMAS).split() == said.translate(_NO_COMMAS).split()
    )
    return {box.mem_id} if alone else set()


_NO_COMMAS: Final = str.maketrans(",·|/", "    ")


def _pages(link: Any) -> set[int]:
    """The outermost box around a link that says nothing but the numbers of pages, and turns to others."""
    boxes = _boxes_of(link.parent, _MAX_PAGES_CHARS)
    turning = [
        one
        for one, said in boxes
        if _PAGES.fullmatch(said) and _TURNS_PAGE.search(said) and len(one.css("a[href]")) > 1
    ]
    return {turning[-1].mem_id} if turning else set()


def leads_elsewhere(node: Any, tag: str) -> bool:
    """Whether an element is a form for remarks, or what is to be read next, by what it is called, and for an aside by its words."""
    names = names_of(node.attributes or {})
    if tag in _BOXES and _REMARKS.search(names):
        short = len(flat(said_in(node))) <= _MAX_BOX_CHARS
        return short and node.css_first("textarea") is not None and not holds(node, _WHOLE)
    if tag in _BOXES and _RELATED.search(names):
        n_chars = len(flat(said_in(node)))
        links = len(node.css("a[href]"))
        return bool(links) and n_chars <= _MAX_RELATED_CHARS and not holds(node, "h1, main")
    if tag != "aside":
        return False
    return _LEADS_ON.match(flat(said_in(node))) is not None and is_of_links(node)


def _read_next(heading: Any) -> set[int]:
    """The innermost box that begins with a heading of what is to be read next and has others, which are all links."""
    box = heading.parent
    for _ in range(_MAX_AROUND):
        if box is None or box.tag not in _BOXES or holds(box, "h1, main"):
            break
        said, others = flat(said_in(box)), box.css(HEADED)[1 : _MAX_NEXT + 1]
        if not said.startswith(flat(said_in(heading))) or len(said) > _MAX_RELATED_CHARS:
            break
        if others:
            linked = len(others) < _MAX_NEXT and all(map(_is_link, others))
            return {box.mem_id} if linked else set()
        box = box.parent
    return set()


_MAX_AROUND: Final = 3
_MAX_NEXT: Final = 20


def _is_link(heading: Any) -> bool:
    """Whether a heading holds a link, or stands in one."""
    return heading.css_first("a[href]") is not None or heading.parent.tag == "a"
