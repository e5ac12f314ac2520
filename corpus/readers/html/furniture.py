"""What of a web page is no part of its text: menus, banners, what is to be pressed, what is hidden or struck out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from corpus.blocks.bylines import is_by_line
from corpus.document import LeftOut
from corpus.readers.draft import Draft, Part, Parts, flat
from corpus.readers.html.beside import beside, leads_elsewhere
from corpus.readers.html.elements import (
    BLOCK_TAGS,
    FORMATTING,
    HEADED,
    HEADINGS,
    MAX_SPAN,
    MENU_TAGS,
    NEVER_TEXT,
    STRUCK,
    STRUCK_STYLE,
    Around,
    element_from,
    holds,
    is_of_links,
    names_of,
    said_in,
    stands_alone,
)
from corpus.readers.html.folded import SIGN_TAGS, Folded, is_named_window
from corpus.readers.html.forms import asks, names_contact_field, to_fill_in
from corpus.readers.html.lists import COUNTS
from corpus.readers.html.screens import said_twice, shown_nowhere
from corpus.readers.reached import (
    is_any_document,
    is_place,
    is_reached,
    names_document,
    reached_by,
)
from corpus.readers.styles import WHITE, background, colour, paints

MENU: Final = "menu or navigation"
_FURNITURE_ROLES: Final = frozenset({"search", "menu", "menubar"})
# What is neither a heading of its own nor the whole text can be a banner about cookies …
_BANNER_TAGS: Final = frozenset({"div", "section", "aside", "dialog", "form", "footer", "p"})
_MAX_BANNER_CHARS: Final = 1_500
_MAX_TOP_BANNER_CHARS: Final = 400
# … which speaks of them in one of many ways and has something to press, in whatever language.
_ON_COOKIES = re.compile(
    r"\bcookies?\b|\bgalletas\b|(?:information on (?:a|your)|información en (?:un|su|tu|el)) (?:device|dispositivo)",
    re.IGNORECASE,
)
_CONSENTS = re.compile(
    r"\W*(?:(?:i )?(?:accept|agree|consent|allow|reject|refuse|decline|deny)|got it|understood|ok\b|okay"
    r"|(?:lo )?acept|consient|permit|rechaz|deneg|entendido|de acuerdo|vale\b"
    r"|(?:tout |alle |accetta |j.)?(?:accept|refus|akzept|zustimm|ablehn|accett|rifiut)|aceit|recus|d.acord|einverstanden)",
    re.IGNORECASE,
)
# A line about them that is only closed
_CLOSES = re.compile(r"\W*(?:[x×✕✖✗❌]|close|cerrar|dismiss|ocultar|hide)\W*", re.IGNORECASE)
_BANNER_INSIDE: Final = frozenset({"button", "a", "input", "span", "ul", "li", "b", "strong"})
_PRESSED: Final = "button, a, input, [role=button]"
# Words in the class or id of an element that say what it is. A banner about cookies, or a menu, is no text of the page …
# What programs that ask for leave call theirs; those for a policy that is part of the text have other names.
_ASKING_PROGRAMS: Final = (
    r"(?:^|\s)(?:onetrust|cc-(?:window|banner)\b|didomi-(?:host|popup|notice)|qc-cmp|usercentrics-(?:root|cmp|banner|dialog)|klaro(?:$|\s)|iubenda-cs-"
    r"|termly-(?:code-snippet|styles|consent)|borlabs-?cookie|tarteaucitron|cky-|axeptio|truste-|trustarc|osano-cm|cookiescript_|cookiefirst-"
    r"|hs-eu-cookie|fc-consent|sp_message_container|evidon-|cybotcookiebot|cmplz-cookiebanner|moove_gdpr)"
)
_OF_ASKING_PROGRAMS = re.compile(_ASKING_PROGRAMS, re.IGNORECASE)
_COOKIES = re.compile(rf"cookie|gdpr|consent|rgpd|{_ASKING_PROGRAMS}", re.IGNORECASE)
_BANNER_NAMES = re.compile(
    r"onetrust|cookie[-_]?(?:s[-_]?)?(?:alert|aviso|bar|banner|bot|consent|dialog|disclaimer|eu(?![a-z])|law|modal|notice|overlay|popup|prompt|yes)"
    r"|\bcookies? banner\b|\bbanner de cookies\b"
    r"|(?:alerta|aviso|banner|barra|capa|faldon|franja|mensaje|modal|popup|ventana)[-_]?(?:de[-_]?)?cookies?",
    re.IGNORECASE,
)
# … unless something that bears such a name for its subject says nothing of the kind: a recipe, a form of consent.
_ASKS_LEAVE = re.compile(
    r"\b(?:(?:we|site|page|app|by) us(?:e|es|ing)|us(?:a|amos|an)|utiliz(?:a|amos|an)|emple(?:a|amos|an)|accept|agree|manage|settings"
    r"|preferences|acept\w*|rechaz\w*|gestion\w*|configur\w*|ajustes|preferencias)\b",
    re.IGNORECASE,
)
_ON_LEAVE = re.compile(
    _ON_COOKIES.pattern + r"|\bconsent|privac|gdpr|rgpd|navegando|continu\w+ (?:to brows|brows)",
    re.IGNORECASE,
)
_MENUS = re.compile(
    r"(?:^|[\s_-])(?:menu|(?:top|side|main|sub)?nav|navbar|navigation|breadcrumbs?|migas|sidebar|skip-?(?:link|to)|share|social|pagination|footer|pie|cta(?:-?bar)?)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
# … and the foot of a card is none of the page
_CARD_FEET = re.compile(r"\S*(?:card|tarjeta|ficha)[-_]+(?:footer|pie)\S*", re.IGNORECASE)
# A link to a place of the page itself: the sign that programs set beside each heading, or one that leaps over the menu.
_ANCHOR_SIGN = re.compile(r"[¶#§🔗⚓\s\ufe0f]+")
_LEAP = re.compile(
    r"(?:skip|jump) (?:to|over) \S.{0,40}|saltar (?:directamente )?(?:al?|hasta) \S.{0,40}|go (?:to|over) (?:the )?(?:main |page )?(?:content|text|navigation|search)"
    r"|(?:saltar|ir|pasar|salta|ve)(?: directamente)? (?:al?|hasta) (?:el |la )?(?:contenido|texto|navegación|buscador|búsqueda)(?: principal)?",
    re.IGNORECASE,
)
# A link that leads back is one of a menu.
_BACK = re.compile(r"[←⟵⬅⇐‹❮◀🔙↩↑]\W*(?:\w.{0,50})?|\w.{0,50}\W[↩↑]\W*")
# Also one above the title to whose part this page is, and one to its own beginning
_AWAY = re.compile(
    r"\W*(?:ir|volver|regresar) (?:al?|a la|a los|a las) \S.{0,60}|\W*(?:back|return|go) to \S.{0,60}",
    re.IGNORECASE,
)
_HOME_NAMES: Final = r"(?:inicio|home|portada|p[aá]gina (?:principal|de inicio)|home ?page)"
_HOME = re.compile(rf"\W*{_HOME_NAMES}\W*", re.IGNORECASE)
_MAX_WAY_NODES: Final = 40
# "Home / Boats": which way leads to a page
_WAY = re.compile(rf"\W*{_HOME_NAMES}\s*[/›»>→]\s*\S.{{0,120}}", re.IGNORECASE)
_TO_TOP = re.compile(
    r"\W*(?:(?:volver|ir|regresar|subir) (?:al (?:inicio|principio)|arriba)|(?:back|return|go) to (?:the )?top)\W*",
    re.IGNORECASE,
)
# One that only leads on says nothing of where it does, and one with the look of a button is to be pressed.
_ONWARD = re.compile(
    r"(?:learn|read|see|view|find out|discover|show) more|(?:leer|ver|saber|conocer|descubrir|lee|descubre) m[aá]s|m[aá]s informaci[oó]n|more info(?:rmation)?|close|cerrar",
    re.IGNORECASE,
)
# With an arrow at its end it does, where it is no item of a list, no cell and no heading, and names no site
_ARROW = re.compile(r"[^«‹.]*\w\W? ?[→»›❯➜⟶]")
_FRAMES: Final = frozenset({"div", "section", "article", "p"})
_BUTTON_NAMES = re.compile(r"(?:^|[\s_-])(?:btn|button|bot[oó]n)(?:$|[\s_-])", re.IGNORECASE)
_PILL: Final = frozenset(("px", "py", "rounded", "bg"))
_BUTTON_STYLE = re.compile(
    r"(?=.*\bpadding\s*:)(?=.*\bborder-radius\s*:).*\bbackground(?:-color)?\s*:",
    re.IGNORECASE | re.DOTALL,
)
_BACK_NAMES = re.compile(
    r"(?:^|\s)(?:back|volver)(?:[-_]?(?:link|btn|button|to-\w+))?(?:$|\s)", re.IGNORECASE
)
_WORDS = re.compile(r"\w+")
_MAX_BUTTON_CHARS: Final = 40
_MAX_BUTTON_WORDS: Final = 5
_ADVERTISEMENTS = re.compile(r"\badvertis|\bpublicidad|\bad-(?:slot|space|unit)", re.IGNORECASE)
_NEWSLETTERS = re.compile(r"newsletter|subscri|suscri|mailchimp|bolet[ií]n", re.IGNORECASE)
_MAX_NEWSLETTER_CHARS: Final = 300
LEAST_IN_MENU: Final = 3
BETWEEN_LINKS = re.compile(r"\s*[/|·•»]\s*")
_STOPS = re.compile(r"\w[.!?…][\"'»”’)]*\Z")
_TRAIL = re.compile(r"(?:^|[\s_-])(?:breadcrumbs?|migas)(?:$|[\s_-])", re.IGNORECASE)
# What every page of a site says at its foot: whose it is, and who made it.
_RIGHTS = re.compile(
    r"\s*(?:©|\(c\)|copyright\b)|.{0,60}©[^\n.]{0,30}\b(?:19|20)\d\d\b|.{0,60}(?:derechos reservados|rights reserved)"
    r"|\s*(?:(?:web ?site|site|sitio|web|images?|photos?|photographs?|im[aá]genes|fotos|fotograf[ií]as|texts?|textos?)(?: and | y |, )?){1,3}\s*©"
    r"|\s*(?:(?:proudly )?(?:powered|designed|created|built|developed)(?: (?:&|and) (?:designed|built|developed|hosted))? (?:by|with)\b"
    r"|(?:web ?site|web|site) (?:(?:(?:made|built|created|developed|designed)(?: (?:&|and) \w+)? )?by|design(?:ed)?)\b|design:|dise[ñn]o:|(?:theme|template) (?:by|:)"
    r"|(?:(?:sitio |p[aá]gina )?web )?(?:diseñad[oa]|desarrollad[oa]|cread[oa]|hech[oa]|realizad[oa]) (?:por|con)\b|diseño (?:web|y desarrollo)\b|funciona (?:gracias a|con)\b)",
    re.IGNORECASE,
)
# … also with the address of who made it
_RIGHTS_OF = re.compile(
    r"(?:rights reserved by|derechos reservados (?:por|a|de)) \S+@\S+\s*\Z"
    r"|©.*\b(?:(?:built|designed|developed|made|created) by|(?:dise[ñn]ad|desarrollad|cread|hech)[oa] por)\b",
    re.IGNORECASE,
)
# Fonts of pictures draw one in the place of its name: <span class="material-icons">child_care</span>
_PICTURE_FONTS = re.compile(r"(?:^|\s)material-(?:icons|symbols)")
_PICTURE_NAME = re.compile(r"\s*[a-z0-9_]+\s*")
_PAGE_NUMBER = re.compile(
    r"\W*(?:p(?:age|ag|ág|ágina)?\.?\s*)?(?:\d+|[ivxlcdm]+)?\W*", re.IGNORECASE
)
_STRUCK_NAMES = re.compile(
    r"(?:^|[\s-])(?:line-through|strike-?through|text-strike|tachado)(?:$|\s)", re.IGNORECASE
)
_NO_LETTERS = re.compile(
    r"(?:^|[;\s])font-size\s*:\s*0(?:\.0*)?(?:px|pt|r?em|%)?\s*(?:;|!|$)", re.IGNORECASE
)
_COLOUR = re.compile(r"(?:^|[;\s])color\s*:\s*([^;!]+)", re.IGNORECASE)
# Where Word puts what was remarked in the margin when it saves a page.
_COMMENTS_STYLE = re.compile(r"mso-element\s*:\s*comment", re.IGNORECASE)
_FORMATTING_OR_SPAN: Final = FORMATTING | {"span"}
# What is pressed to send a page to others, and where it is sent
_SHARES = re.compile(
    r"(?:\W*\b(?P<verb>like|share|tweet|pin it|compart(?:ir|e)|me gusta|tuitear|twittear)(?: (?:this|it|esto|on|en))?\b"
    r"|\W*\b(?:facebook|twitter|x|linkedin|pinterest|pin|whats ?app|telegram|instagram|reddit|e-?mail|correo|print|imprimir|copy(?: link)?|copiar(?: enlace)?)\b)+\W*",
    re.IGNORECASE,
)
_LEAST_SHARES: Final = 2


def drop_shares(draft: Draft) -> None:
    """Leaves out the words of buttons that share the page, several in turn: "Like", "Share", "Tweet"."""
    kept, run = Parts(), list[Part]()
    for part in [*draft.parts, Part("")]:
        short = part.kind in ("paragraph", "item") and len(part.text) <= _MAX_BUTTON_CHARS
        if short and _SHARES.fullmatch(part.text):
            run.append(part)
            continue
        said = " ".join(one.text for one in run)
        found = _SHARES.fullmatch(said)
        if found is not None and found["verb"] and len(said.split()) >= _LEAST_SHARES:
            draft.left_out += (LeftOut(said, 0, MENU),)
        else:
            kept += run
        kept.append(part)
        run = []
    draft.parts = Parts(kept[:-1])


_MAX_SHARING_CHARS: Final = 300
_MAY_HOLD_NAMES: Final = "a, span, p, li, div, address"


def by_line_in(menu: Any) -> str:
    """The line that says who wrote the page among buttons that share it; "" where there is none."""
    if len(said_in(menu)) > _MAX_SHARING_CHARS:
        return ""
    said = (flat(said_in(one)) for one in menu.css(_MAY_HOLD_NAMES))
    return min(filter(is_by_line, said), key=len, default="")


def is_picture_name(node: Any) -> bool:
    """Whether an element says the name of a picture that its font draws, and no word of the page."""
    names = (node.attributes or {}).get("class") or ""
    return (
        _PICTURE_FONTS.search(names) is not None
        and _PICTURE_NAME.fullmatch(node.text() or "") is not None
    )


def _banners(root: Any) -> frozenset[int]:
    """The elements that ask for leave to set cookies, told by their words and what there is to press."""
    found: set[int] = set()
    pressed = root.css(_PRESSED)
    asking = [
        *root.css("dialog, [role=dialog], [role=alertdialog]"),
        *(
            node
            for node in pressed
            if _CONSENTS.match(flat(node.text()) or (node.attributes or {}).get("value") or "")
        ),
    ]
    closing = [node for node in pressed if _CLOSES.fullmatch(flat(node.text()))]
    for node in asking[:MAX_SPAN]:
        while node is not None and (node.tag in _BANNER_TAGS or node.tag in _BANNER_INSIDE):
            said = node.text(separator=" ")  # "cookies" before a button is a word
            if len(said) > _MAX_BANNER_CHARS:
                break
            if node.tag in _BANNER_TAGS and _ON_COOKIES.search(said):
                found.add(node.mem_id)
                break
            node = node.parent
    for node in closing[:MAX_SPAN]:
        box = node.parent
        said = "" if box is None else box.text(separator=" ")
        short = len(said) <= _MAX_TOP_BANNER_CHARS and box.tag in _BANNER_TAGS
        if short and _ON_COOKIES.search(said) and _ASKS_LEAVE.search(said):
            found.add(box.mem_id)
    return frozenset(found)


def _is_to_press(link: Any) -> bool:
    """Whether a link only leads elsewhere: by its look, by leading back or on, or as a sign without a word."""
    attributes: dict[str, str | None] = link.attributes or {}
    said = flat(said_in(link))
    href = attributes.get("href") or ""
    if not said or len(said) > _MAX_BUTTON_CHARS or reached_by(link, said) or is_reached(said):
        return False
    if names_document(said):
        return False
    if not any(map(str.isalnum, said)):
        return True
    if not stands_alone(link):
        return False
    if _ONWARD.fullmatch(said.strip(" →»›>.")):
        return True
    if _ARROW.fullmatch(said) and link.parent.tag in _FRAMES:
        return len(_WORDS.findall(said)) <= _MAX_BUTTON_WORDS
    opens = not href or href.startswith("#") or any(map(str.isdigit, said)) or said[-1] in ".?:"
    if opens or len(_WORDS.findall(said)) > _MAX_BUTTON_WORDS:
        return False
    names = attributes.get("class") or ""
    styled = _BUTTON_STYLE.match(attributes.get("style") or "") is not None
    return styled or bool(_looks_pressed(names) or _BACK_NAMES.search(names))


def _looks_pressed(names: str) -> bool:
    """Whether the classes of a link give it the look of a button: its name, or with Tailwind room around its words, in a frame with round ends
    that is filled."""
    utilities = {name.partition("-")[0] for name in names.split()}
    return _BUTTON_NAMES.search(names) is not None or _PILL.issubset(utilities)


_LEADS_TO_FILE = re.compile(
    r"[^?#]*\.(?:pdf|docx?|xlsx?|odt|ods|pptx?|zip)(?:[?#]|\Z)|(?:https?:)?//(?:drive|docs)\.google\.com/\w+/d/",
    re.IGNORECASE,
)
_LEAST_FILES: Final = 3
_MAX_LINKS: Final = 5_000


def files_to_press(root: Any) -> dict[int, str]:
    """The links with the look of buttons that lead each to another file, side by side, where they are several, each with a name of its own, as
    items: forms, procedures."""
    leading = {
        link.mem_id: link
        for link in root.css("a[href][class]")[:_MAX_LINKS]
        if _LEADS_TO_FILE.match(link.attributes["href"] or "")
        and _looks_pressed(link.attributes["class"] or "")
        and link.parent.tag in _FRAMES
    }
    found: dict[int, tuple[str, str]] = {}
    for number, link in leading.items():
        said = flat(said_in(link))
        beside = (element_from(link.next), element_from(link.prev, after=False))
        if any(one is not None and one.mem_id in leading for one in beside):
            if not (_ONWARD.fullmatch(said) or is_any_document(said)):
                found[number] = said, link.attributes["href"] or ""
    names, files = (set(said) for said in zip(*found.values(), strict=True)) if found else ((), ())
    several = min(len(names), len(files)) >= _LEAST_FILES
    return dict.fromkeys(found, "li") if several else {}


def _asks_to_subscribe(node: Any, names: str) -> bool:
    """Whether an element is where a newsletter is asked for."""
    return (
        _NEWSLETTERS.search(names) is not None
        and node.css_first("input, form, iframe") is not None
        and len(flat(node.text())) <= _MAX_NEWSLETTER_CHARS
    )


_FOOT_NAME = re.compile(r"(?:^|[\s_-])footer(?:$|[\s_-])", re.IGNORECASE)
_FEET: Final = "div[class*=footer i], section[class*=footer i], div[id*=footer i]"


def feet(root: Any) -> dict[int, str]:
    """The elements that are named after the foot of a page, and of which one stands last on it: those of cards have text below them."""
    found: dict[int, str] = {}
    for node in reversed(root.css(_FEET)[-_MAX_FEET:]):
        names = _CARD_FEET.sub("", names_of(node.attributes))
        if _FOOT_NAME.search(names) and _is_last(node, found):
            found[node.mem_id] = "footer"
    return found


def _is_last(node: Any, feet: Mapping[int, str]) -> bool:
    """Whether nothing is said on a page below an element but in its feet and in windows."""
    while node is not None:
        below = node.next
        while below is not None:
            of_page = below.mem_id not in feet and not is_named_window(below)
            if of_page and said_in(below).strip():
                return False
            below = below.next
        node = node.parent
    return True


_MAX_FEET: Final = 20
_MAX_CONTENTS_NAME_CHARS: Final = 30
_MAX_PLACES: Final = 2_000


def _contents(root: Any) -> frozenset[int]:
    """The boxes that hold nothing but links to places of the page itself, side by side, and at most what names them: "On this page"."""
    boxes: dict[int, list[Any]] = {}
    for link in root.css("a[href^='#']")[:_MAX_PLACES]:
        box = link.parent
        # The heads of a list that leads to them are none
        if box is not None and box.tag == "li" and link.css_first(HEADED) is not None:
            box = box.parent
        if box is not None and box.tag in MENU_TAGS:
            boxes.setdefault(box.mem_id, []).append(link)
    places = {f"#{node.attributes['id']}" for node in root.css("[id]")}
    found: set[int] = set()
    for number, links in boxes.items():
        said = [flat(said_in(link)) for link in links]
        box = links[0].parent if links[0].parent.mem_id == number else links[0].parent.parent
        beside = len(flat(said_in(box))) - len(" ".join(said))
        leads = all(link.attributes["href"] in places for link in links)
        if len(links) >= LEAST_IN_MENU and leads and beside <= _MAX_CONTENTS_NAME_CHARS:
            found.add(number)
    return frozenset(found)


_LEAST_IN_COLUMN: Final = 8
_LEAST_PROSE_CHARS: Final = 600
_MOST_LAID_ROWS: Final = 3
_MAX_CELLS: Final = 5_000


def _link_columns(root: Any) -> frozenset[int]:
    """The cells of tables that lay out a page, as old ones do, which hold nothing but links to other pages of the site and stand beside prose."""
    found: set[int] = set()
    for cell in root.css("td")[:_MAX_CELLS]:
        row = cell.parent
        if row is None or row.parent is None or not is_of_links(cell):
            continue
        links = cell.css("a[href]")
        n_leading = sum(
            _LEADS_WITHIN_SITE.match(link.attributes["href"] or "") is not None for link in links
        )
        n_rows = sum(one.tag == "tr" for one in row.parent.iter())
        if n_leading < _LEAST_IN_COLUMN or 2 * n_leading < len(links) or n_rows > _MOST_LAID_ROWS:
            continue
        others = [one for one in row.iter() if one.tag == "td" and one.mem_id != cell.mem_id]
        if any(len(said_in(one)) >= _LEAST_PROSE_CHARS and not is_of_links(one) for one in others):
            found.add(cell.mem_id)
    return frozenset(found)


# Another page, near this one or of any site; no file, no place of this page, nobody to write to
_LEADS_WITHIN_SITE = re.compile(
    r"(?!mailto:|tel:|javascript:|#)(?![^?#]*\.(?:pdf|docx?|xlsx?|odt|ods|pptx?|zip|jpe?g|png|gif)(?:[?#]|\Z))\S",
    re.IGNORECASE,
)


def _opens_menu(node: Any) -> bool:
    """Whether an element is what a menu drops down from."""
    attributes: dict[str, str | None] = node.attributes or {}
    names = (attributes.get("class") or "").split()
    pops_up = attributes.get("aria-haspopup") in ("true", "menu")
    return pops_up and ("dropdown-toggle" in names or attributes.get("role") == "button")


def _remarks(root: Any) -> dict[int, str]:
    """What Google writes of comments into a page, by why it is not read: their marks in the text, and at its end what they say."""
    found = {mark.mem_id: "" for mark in root.css("a[id^=cmnt_ref]")}
    for back in root.css("a[href^='#cmnt_ref'][id^=cmnt]"):
        block = back.parent
        if block.parent is not None and block.parent.tag == "div":
            block = block.parent
        found[block.mem_id] = "comment"
    return found


def _is_page_number(node: Any) -> bool:
    """Whether an element says where a page of the printed book begins, by its number or nothing."""
    attributes: dict[str, str | None] = node.attributes or {}
    named = "pagebreak" in (attributes.get("epub:type") or "").split()
    named = named or attributes.get("role") == "doc-pagebreak"
    # One that is never closed holds the rest of the text
    return named and _PAGE_NUMBER.fullmatch(said_in(node)) is not None


# A sentence, or something to write down: a number, an address.
TELLS = re.compile(r"\w+(?:\W+\w+){3,}[.!?…]|\d{3}|\d[ .:/]\d\d|\S@\S")


def _tells(node: Any) -> bool:
    """Whether what frames a page says something beside its links."""
    links = [flat(link.text()) for link in node.css("nav, a[href], button")]
    said = flat(said_in(node))
    for link in filter(None, links):
        said = said.replace(link, " ", 1)
    return TELLS.search(said) is not None


def claims(text: str) -> bool:
    """Whether a text begins with the sign or the word for whose it is, "© 2020", which names no part of a page."""
    return _CLAIMS.match(text) is not None


_CLAIMS = re.compile(r"\W*(?:©|\(c\)|copyright)\W*(?:©|\(c\))?\W*(?:19|20)\d\d\b", re.IGNORECASE)


def is_of_rights(text: str) -> bool:
    """Whether a line says only whose page it is, with no number or address to write it down for."""
    if len(text) > 120 or not _RIGHTS.match(text):
        return False
    return _RIGHTS_OF.search(text) is not None or not re.search(r"\d{5}|@", text)


# Why an element is not read, where it is a menu that tells how somebody is reached: that is read of it.
REACHED: Final = "read for how somebody is reached"


class Furniture:
    """What of a page is no part of its text; ``drop``: the elements that are left out by their name, ``hidden`` and ``struck``: those that
    a style sheet hides or strikes out."""

    def __init__(
        self, root: Any, drop: frozenset[str], *, hidden: frozenset[int], struck: frozenset[int]
    ) -> None:
        # Of a page that is nothing but furniture everything is read that a page may show
        self._whole = drop is NEVER_TEXT
        self._drop, self._struck = drop, struck
        self._banners, self._remarks, self._contents = (
            _banners(root),
            _remarks(root),
            _contents(root),
        )
        self._folded = Folded(root, hidden, whole=self._whole)
        self._to_fill_in = frozenset() if self._whole else to_fill_in(root)
        self._beside = frozenset() if self._whole else beside(root) | _link_columns(root)
        self._said_twice = frozenset() if self._whole else said_twice(root) | shown_nowhere(root)
        self._painted = paints(root)
        self._led_to: set[str] = set()  # Files, by links that have been read.
        self._headed = root.css_first("h1, h2") is not None
        self._on_cookies = any(_ON_COOKIES.search(one.text()) for one in root.css("title, h1"))

    @property
    def tab_titles(self) -> Mapping[int, str]:
        """The titles of tabs by the element that each is of."""
        return self._folded.tab_titles

    def is_to_fill_in(self, node: Any) -> bool:
        """Whether an element is a field of a form that is to be sent, or its label, where nothing is filled in."""
        return node.mem_id in self._to_fill_in

    def unread(self, node: Any, tag: str, around: Around) -> str | None:
        """Why an element is not read, "" for what no page shows; None when it is read, and REACHED for a menu that is read in part."""
        if _is_page_number(node):
            return ""
        if tag in self._drop and not self._is_read(node, tag, around):
            if tag in STRUCK:
                return "struck out"
            return "" if tag in NEVER_TEXT else self._menu_for(node)
        if node.mem_id in self._remarks:
            return self._remarks[node.mem_id]
        if self._folded.is_tab(node):
            return MENU
        if tag == "form" and self._headed and not (self._whole or around.depth) and asks(node):
            return "button"
        if self.is_to_fill_in(node) or (
            tag == "button" and self._folded.is_only_pressed(node, around)
        ):
            return "button"
        if not self._whole and self._is_button(node, tag):
            return "button"
        if not self._whole and (
            node.mem_id in self._contents or node.mem_id in self._beside or _opens_menu(node)
        ):
            return MENU
        if tag in SIGN_TAGS and is_picture_name(node):
            return ""
        if self._folded.is_sign(node, tag, around):
            return "button"
        if tag == "a" and (reason := _leads_within_page(node)):
            return reason
        reason = self._by_look(node, tag)
        if reason is not None or self._whole:
            return reason
        if (
            tag == "a"
            and around.menu
            and not (is_reached(said_in(node)) or reached_by(node, said_in(node)))
            and not is_place(node, said_in(node))
        ):
            return None if _STOPS.search(flat(said_in(node.parent))) else MENU
        return self._by_names(node, tag, around) or self._unseen(node, tag, around)

    def _is_button(self, node: Any, tag: str) -> bool:
        """Whether a link only leads elsewhere, or a label only names a field; one with the look of a button that names a document is read the
        first time that it leads there."""
        if tag == "label":
            return names_contact_field(node)
        if tag != "a" or _is_to_press(node):
            return tag == "a"
        href = (node.attributes or {}).get("href") or ""
        names = (node.attributes or {}).get("class") or ""
        if not (_looks_pressed(names) and names_document(flat(said_in(node))) and href):
            return False
        again = href in self._led_to and stands_alone(node)
        self._led_to.add(href)
        return again

    def is_head(self, node: Any, tag: str, around: Around) -> bool:
        """Whether an element is the head of the page, of which only the title is read."""
        dropped = tag == "header" and "header" in self._drop and not _is_page_number(node)
        return dropped and not self._is_read(node, tag, around)

    def _is_read(self, node: Any, tag: str, around: Around) -> bool:
        """Whether an element named after what frames a page is read all the same."""
        # The head of an article holds its title, the head of a page its logo; a box beside the page holds its menus, or news
        if tag in ("header", "aside") and (around.in_content() or _tells(node)):
            return True
        # That of a section is no head of the page
        return tag == "header" and around.inside["section"] + around.inside["aside"] > 0

    def _menu_for(self, node: Any) -> str:
        """Why a menu is not read; REACHED where it tells how somebody is reached."""
        reached = node.css_first("a[href^='tel:'], a[href^='mailto:']") is not None
        reached = reached or is_reached(said_in(node))
        return REACHED if reached and "header" in self._drop else MENU

    def _is_banner(self, node: Any, names: str, around: Around) -> bool:
        """Whether what is named after cookies or consent asks for it, and is not what the page is about."""
        if node.tag in HEADINGS or node.css_first("main, article, h1") is not None:
            return False
        if _OF_ASKING_PROGRAMS.search(names):
            return True
        if any(_CONSENTS.match(flat(one.text())) for one in node.css(_PRESSED)):
            return True
        if self._on_cookies and around.depth:
            return False
        said = node.text(separator=" ")
        if self._on_cookies:  # Above the title of a page about them
            return len(said) <= _MAX_TOP_BANNER_CHARS and _BANNER_NAMES.search(names) is not None
        asks = _ON_LEAVE.search(said) is not None and _ASKS_LEAVE.search(said) is not None
        return asks or _BANNER_NAMES.search(names) is not None

    def _by_look(self, node: Any, tag: str) -> str | None:
        """:meth:`unread` for what is struck out, or a comment."""
        attributes: dict[str, str | None] = node.attributes or {}
        style = attributes.get("style") or ""
        named = (
            tag in _FORMATTING_OR_SPAN and _STRUCK_NAMES.search(names_of(attributes)) is not None
        )
        ruled = node.mem_id in self._struck or attributes.get("role") == "deletion"
        if ruled or named or STRUCK_STYLE.search(style):
            return "struck out"
        return "comment" if _COMMENTS_STYLE.search(style) else None

    def _by_names(self, node: Any, tag: str, around: Around) -> str | None:
        """:meth:`unread` for what its words, its role or what it is called for style sheets tell of it."""
        attributes: dict[str, str | None] = node.attributes or {}
        names = names_of(attributes)
        if node.mem_id in self._banners:
            return "cookie banner"
        if leads_elsewhere(node, tag):
            return MENU
        if not (attributes or around.inside["footer"]):
            return None
        if attributes.get("role") in _FURNITURE_ROLES:
            return self._menu_for(node)
        called = f"{names} {attributes.get('aria-label') or ''}"
        whole = tag in ("html", "body", "main", "article")
        if not whole and _COOKIES.search(called) and self._is_banner(node, called, around):
            return "cookie banner"
        if tag in _BANNER_TAGS and _asks_to_subscribe(node, names):
            return MENU
        if tag in MENU_TAGS and _ADVERTISEMENTS.search(called):
            return MENU
        if tag in MENU_TAGS and (_TRAIL.search(names) or self._is_way(node, around)):
            if not holds(node, HEADED):
                return self._menu_for(node)
        named_menu = tag in MENU_TAGS and _MENUS.search(_CARD_FEET.sub("", names))
        if (named_menu or (around.inside["footer"] and tag in ("ul", "ol"))) and is_of_links(node):
            return self._menu_for(node)
        if tag == "a" and self._leads_back(node, around):
            return MENU
        return None

    def _is_way(self, box: Any, around: Around) -> bool:
        """Whether a box above the title says which way leads to the page, from the first one of the site."""
        if not self._headed or around.depth:
            return False
        first = box.css_first("a")
        if first is None or _HOME.fullmatch(flat(first.text())) is None:
            return False
        small = len(list(islice(box.traverse(), _MAX_WAY_NODES))) < _MAX_WAY_NODES
        return small and _WAY.fullmatch(flat(said_in(box))) is not None

    def _leads_back(self, link: Any, around: Around) -> bool:
        """Whether a link leads to the page before, to the beginning of this one, or, above its title, to the site of which it is."""
        said = flat(link.text())
        if _BACK.fullmatch(said) or (_TO_TOP.fullmatch(said) and stands_alone(link)):
            return True
        if not self._headed or around.depth:
            return False
        if _HOME.fullmatch(said):
            after = element_from(link.next)
            return (
                stands_alone(link)
                and after is not None
                and after.tag in BLOCK_TAGS | HEADINGS.keys()
            )
        away = _AWAY.fullmatch(said) is not None
        return away and flat(said_in(link.parent)) == flat(said_in(link))

    def _unseen(self, node: Any, tag: str, around: Around) -> str | None:
        """:meth:`unread` for what nobody sees."""
        attributes: dict[str, str | None] = node.attributes or {}
        names = names_of(attributes)
        if not (attributes or around.inside["footer"]):
            return None
        if node.mem_id in self._said_twice or self._folded.is_unsaid(node):
            return "hidden"
        if self._folded.is_closed(node, around):
            return None if self._folded.opens(node, around) else "hidden"
        style = attributes.get("style")
        if style and self._is_unseen(node, style):
            return "hidden"
        # The marks MediaWiki puts between the words: [1], [edit]; and Word, for its comments: [A1].
        is_mark = (
            (tag == "sup" and "reference" in names.split())
            or "mw-editsection" in names
            or "MsoCommentReference" in names
        )
        return "" if is_mark else None

    def _is_unseen(self, node: Any, style: str) -> bool:
        """Whether a style gives letters no size, or the colour of what is behind them."""
        if _NO_LETTERS.search(style):
            return not holds(node, "[class], [style*=font]")
        own = _COLOUR.search(style)
        if own is None or holds(node, "[class], [style*=color]"):
            return False
        behind = background(node)
        if behind is None:
            behind = "" if self._painted else WHITE
        return behind != "" and colour(own[1]) == behind


def _leads_within_page(link: Any) -> str | None:
    """Why a link to a place of the page itself is not read: a sign beside a heading, or one that leaps over the menu; None for any other."""
    if "#" not in ((link.attributes or {}).get("href") or ""):
        return None
    said = said_in(link)
    if said and _ANCHOR_SIGN.fullmatch(said):
        return "button"
    return MENU if _LEAP.fullmatch(COUNTS.sub("", flat(said))) else None
