"""HTML → :class:`~corpus.readers.draft.Draft`: what a reader of the page would see."""

from __future__ import annotations

import html as html_entities
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any, Final

from corpus.blocks import is_division
from corpus.document import LeftOut
from corpus.language import fold
from corpus.readers.draft import (
    LINE,
    PARAGRAPH,
    Draft,
    Part,
    PartKind,
    Parts,
    decode,
    flat,
    in_cell,
    is_ornament,
    label_part,
    raised,
    row_part,
)
from corpus.readers.front import without_front_matter
from corpus.readers.named import parts_of_lines
from corpus.readers.numbering import letters_in_turn, roman
from corpus.readers.positioned import positioned_draft
from corpus.readers.reached import (
    MAX_CHARS,
    MAX_NAME_CHARS,
    NAMES_REACHED,
    is_reached,
    names_document,
    reached_by,
    veiled_address,
)
from corpus.readers.styles import (
    WHITE,
    background,
    colour,
    lifted,
    paints,
    ruled,
    style_sheets,
)
from corpus.readers.tables import name_columns, rows_of_lines

# An HTML parser searches its stack of open elements for every tag, so nesting costs the square of
# its depth (20,000 nested divs: 0.9 s). Browsers stop at 512.
_MAX_HTML_DEPTH: Final = 2_000
_MAX_SPAN: Final = 1_000
# A value that stands beside several rows is read with each, where it is not prose.
_MAX_REPEATED_CHARS: Final = 80
_MAX_HTML_WORK: Final = 20_000_000


NEVER_TEXT: Final = frozenset(
    "script style template head title svg canvas iframe object embed audio video noscript map "
    "datalist select textarea input rp del s strike".split()
)
_STRUCK: Final = frozenset({"del", "s", "strike"})
_MENU: Final = "menu or navigation"
_MAX_REACHED_PARTS: Final = 100
_FURNITURE: Final = NEVER_TEXT | {"nav", "header", "aside", "menu"}
BOOK_FURNITURE: Final = NEVER_TEXT | {"nav"}
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
    r"(?:^|[\s_-])(?:menu|(?:top|side|main|sub)?nav|navbar|navigation|breadcrumbs?|migas|sidebar|skip-?(?:link|to)|share|social|pagination|footer|pie)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
# A link to a place of the page itself: the sign that programs set beside each heading, or one that leaps over the menu.
_ANCHOR_SIGN = re.compile(r"[¶#§🔗⚓\s\ufe0f]+")
_LEAP = re.compile(
    r"(?:skip|jump|go) (?:to|over) (?:the )?(?:main |page )?(?:content|text|navigation|search)"
    r"|(?:saltar|ir|pasar|salta|ve)(?: directamente)? (?:al?|hasta) (?:el |la )?(?:contenido|texto|navegación|buscador|búsqueda)(?: principal)?",
    re.IGNORECASE,
)
# A link that leads back is one of a menu.
_BACK = re.compile(r"[←⟵⬅⇐‹❮◀🔙↩↑]\W*(?:\w.{0,50})?|\w.{0,50}\W[↩↑]\W*")
# One that only leads on says nothing of where it does, and one with the look of a button is to be pressed.
_ONWARD = re.compile(
    r"(?:learn|read|see|view|find out|discover|show) more|(?:leer|ver|saber|conocer|descubrir|lee|descubre) m[aá]s|m[aá]s informaci[oó]n|more info(?:rmation)?|close|cerrar",
    re.IGNORECASE,
)
_BUTTON_NAMES = re.compile(r"(?:^|[\s_-])(?:btn|button|bot[oó]n)(?:$|[\s_-])", re.IGNORECASE)
_BACK_NAMES = re.compile(
    r"(?:^|\s)(?:back|volver)(?:[-_]?(?:link|btn|button|to-\w+))?(?:$|\s)", re.IGNORECASE
)
_WORDS = re.compile(r"\w+")
_MAX_BUTTON_CHARS: Final = 40
_MAX_BUTTON_WORDS: Final = 5
# What is to be filled in to write to whose page it is, and what stands around it
_CONTACT_FIELD = re.compile(
    r"\W*(?:(?:tu|su|your|the) )?(?:nombres?|apellidos?|nombre(?: y|,)? apellidos?|nombre completo|(?:first |last |full )?name|surname|e-?mail(?: address)?"
    r"|correo(?: electr[oó]nico)?|(?:n[uú]mero de )?tel[eé]fono|(?:tele)?phone(?: number)?|mensaje|message|asunto|subject|comentarios?|comments?)\W*",
    re.IGNORECASE,
)
_ADVERTISEMENTS = re.compile(r"\badvertis|\bpublicidad|\bad-(?:slot|space|unit)", re.IGNORECASE)
_NEWSLETTERS = re.compile(r"newsletter|subscri|suscri|mailchimp|bolet[ií]n", re.IGNORECASE)
_MAX_NEWSLETTER_CHARS: Final = 300
# … where most of its words are links; those that dial or write are text.
_MENU_LINK_SHARE: Final = 0.6
_LEAST_IN_MENU: Final = 3
_BETWEEN_LINKS = re.compile(r"\s*[/|·•»]\s*")
_REACHING: Final = ("mailto:", "tel:")
_HEADED: Final = "h1, h2, h3, h4, h5, h6"
_STOPS = re.compile(r"\w[.!?…][\"'»”’)]*\Z")
_TRAIL = re.compile(r"(?:^|[\s_-])(?:breadcrumbs?|migas)(?:$|[\s_-])", re.IGNORECASE)
# What every page of a site says at its foot: whose it is, and who made it.
_RIGHTS = re.compile(
    r"\s*(?:©|\(c\)|copyright\b)|.{0,60}(?:derechos reservados|rights reserved)"
    r"|\s*(?:(?:proudly )?(?:powered|designed|created|built|developed) (?:by|with)\b|(?:web ?site|web|site) (?:design(?:ed)?|by)\b"
    r"|(?:diseñad[oa]|desarrollad[oa]|cread[oa]|hech[oa]) (?:por|con)\b|diseño (?:web|y desarrollo)\b|funciona (?:gracias a|con)\b)",
    re.IGNORECASE,
)
# A panel that is folded when the page opens is text, unlike what is hidden for good.
_PANELS = re.compile(
    r"panel|accordion|acorde[oó]n|collaps|tab(?:s|-?content|-?pane)?(?:$|[\s_-])|faq|answer|respuesta|toggle|fold|expand|details"
    r"|plegable|desplegable",
    re.IGNORECASE,
)
# What opens over the page and is closed again is no panel of it.
_POPUPS = re.compile(r"modal|dialog|popup|lightbox|overlay|menu|nav|search", re.IGNORECASE)
# The rest of a text, behind "Read more"
_MORE = re.compile(
    r"(?:^|[\s_-])(?:(?:read|leer|ver|see|show)[-_]?)?(?:more|m[aá]s)(?:$|[\s_-])", re.IGNORECASE
)
# What a page says when something has been done or left out is hidden below a title, too.
_MESSAGES = re.compile(
    r"error|invalid|success|[eé]xito|alert|warning|message|mensaje|tooltip|loading|spinner|template",
    re.IGNORECASE,
)
_TITLES = re.compile(
    r"(?:^|[\s_-])(?:title|t[ií]tulo|head(?:er|ing)?|q|question|pregunta|trigger)(?:$|[\s_-])",
    re.IGNORECASE,
)
_MAX_TITLE_CHARS: Final = 120
_CONTROLS: Final = (
    "aria-controls", "data-target", "data-bs-target", "href", "data-modal", "data-modal-target", "data-dialog", "data-open", "popovertarget",
)  # fmt: skip
# Scripts find what is to be opened by its id in other attributes, too: onclick="show('lockers')", data-popup="lockers"
_CLICKED: Final = "a, button, [onclick], [role=button], [type=button]"
_MAX_CLICKED: Final = 5_000
_RUNS = re.compile(r"on|@|x-|v-|ng-|\(", re.IGNORECASE)
_ID_WORDS = re.compile(r"[\w-]+")
# What a window that opens by itself wants, or tells only of the page; any other says something of the matter.
_BARS = re.compile(r"menu|nav|search|drawer|\bcart\b|carrito", re.IGNORECASE)
_WANTS = re.compile(
    r"newsletter|subscri|suscri|bolet[ií]n|mailing list|cookie|galletas|consent|privac|log ?(?:in|out)\b|sign (?:in|up|out)|(?:inici|cerr)\w+ sesi[oó]n"
    r"|reg[ií]str|password|contraseña|% (?:off|de descuento|dto)|discount code|c[oó]digo de descuento|cup[oó]n|coupon|first order|primer\w? (?:pedido|compra)"
    r"|advertis|publicidad|sponsor|patrocina|download (?:our|the) app|descarga (?:la|nuestra) app|follow us|s[ií]gue?nos|javascript|browser\b|your session|tu sesi[oó]n"
    r"|thank you|thanks for|gracias por|(?:has|have) been (?:sent|received|added)|(?:se )?ha sido (?:enviad|añadid)|se ha enviado|are you sure|est[aá]s? segur[oa]"
    r"|you are (?:now )?leaving|loading|cargando|lorem ipsum",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:\w+[^\w.!?…]+){5,}\w+[\"'»”’)]*[.!?…]")
_FOLDS = re.compile(r"accordion|acorde[oó]n|collaps|faq", re.IGNORECASE)
_UNFOLDS = re.compile(r"accordion|collaps|toggle|tab|faq|question|pregunta|expand", re.IGNORECASE)
_BLOCK_TAGS: Final = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form header hgroup hr html legend li main menu nav ol optgroup "
    "option p pre section summary table tbody td tfoot th thead tr ul".split()
)
_TIGHT_TAGS: Final = frozenset({"li", "dd", "tr"})
_MENU_TAGS: Final = frozenset({"div", "ul", "ol", "section", "p", "span", "footer", "aside"})
_PANEL_ROLES: Final = frozenset({"tabpanel", "region"})
# A control character cannot occur in text: where an item in a cell begins.
_ITEM: Final = "\x00"
_HEADINGS: Final = {f"h{n}": n for n in range(1, 7)}
# A sign beside what is folded, not a word of it: "¿Cuánto cuesta? +"
_SIGN = re.compile(r"\s*[+＋➕➖⊕−–×✕▼▾▽⌄˅∨›❯▸►▶-]\s*")
# Before a number it is the sign of that: "+3 €"
_SUM = re.compile(r"\s*[$€£]?\d")
_SIGN_TAGS: Final = frozenset({"span", "i", "b", "em", "strong", "small", "div"})
# Fonts of pictures draw one in the place of its name: <span class="material-icons">child_care</span>
_PICTURE_FONTS = re.compile(r"(?:^|\s)material-(?:icons|symbols)")
_PICTURE_NAME = re.compile(r"\s*[a-z0-9_]+\s*")
_SIGN_NAMES = re.compile(r"icon|toggle|arrow|chevron|caret|sign|plus|indicator", re.IGNORECASE)
# Where one element ends and the next begins a style sheet may part what the page has without a space: "30<small>Julio</small>"
_APART = (
    (
        re.compile(r"(?:[a-záéíóúüñ]{3}|[\d)%€$£])\Z"),
        re.compile(r"[A-ZÁÉÍÓÚÑ](?:[a-záéíóúüñ]{2}|[a-záéíóúüñ]?\s)|[¿¡][A-ZÁÉÍÓÚÑ]"),
    ),
    # … "Saturday<span>9am</span>", "Tinte<b>9 €</b>", "Instructor<span>Dr. Ruiz</span>", "E-mail<span>ana@club.es</span>"
    (
        re.compile(r"[A-Za-záéíóúüñ][a-záéíóúüñ]{2}\Z"),
        re.compile(
            r"[A-ZÁÉÍÓÚÑ][a-záéíóúüñ]{2}|\d{2}|\d ?(?:[ap]\.?m\b|[:.h]\d\d|[%€£]|h\b)|[$€£₡]\d|[A-Z][a-z]{1,3}\. |[\w.+-]+@\w"
        ),
    ),
    (re.compile(r"\)\Z"), re.compile(r"\d")),
    # … "<b>15 min</b><span>in the chair</span>" is left as it is: "<b>H</b>ola" looks alike; but "<span>4.</span>This" does not
    (re.compile(r"\d[.)]\Z"), re.compile(r"[A-Za-zÁÉÍÓÚÑáéíóúñ¿¡]")),
)
# … and where one ends and another begins at once: "<b>Guía</b><span>PDF", "<b>web.</b><a>Avisos", "<span>AVISO</span><b>Hoy"
_MEETING = (
    (
        re.compile(r"(?:[a-záéíóúüñ]{3}|(?:[a-záéíóúüñ]{2}|[€£$%])[.!?:…]|[®™])\Z"),
        re.compile(r"[A-ZÁÉÍÓÚÑ]{2}|[¿¡]?[A-ZÁÉÍÓÚÑ](?:[a-záéíóúüñ]|\s)"),
    ),
    (re.compile(r"[A-ZÁÉÍÓÚÑ]{2}\Z"), re.compile(r"[A-ZÁÉÍÓÚÑ][a-záéíóúüñ]{2}")),
)
_PAGE_NUMBER = re.compile(
    r"\W*(?:p(?:age|ag|ág|ágina)?\.?\s*)?(?:\d+|[ivxlcdm]+)?\W*", re.IGNORECASE
)
_QUOTED = re.compile(r"\s*(?:[\"'“‘«„‹]|\Z)")
_IN_ANGLES: Final = frozenset("es fr it pt ca gl eu".split())
_WITHIN_WORD: Final = frozenset({"sup", "sub", "wbr", "font"})
_KINDS: Final[dict[str, PartKind]] = {
    "li": "item",
    "caption": "caption",
    "figcaption": "caption",
    "summary": "question",
}
# As Word and TeX4ht name them
_CONTENTS_LINE = re.compile(r"MsoToc\d|tableofcontents\b", re.IGNORECASE)
_WEIGHT = re.compile(r"font-weight\s*:\s*(bold(?:er)?|normal|lighter|[1-9]00)\b", re.IGNORECASE)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold(?:er)?|[6-9]00)\b", re.IGNORECASE)
_PLAIN_STYLE = re.compile(r"font-weight\s*:\s*(?:normal|lighter|[1-5]00)\b", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STRUCK_NAMES = re.compile(
    r"(?:^|[\s-])(?:line-through|strike-?through|text-strike|tachado)(?:$|\s)", re.IGNORECASE
)
_NO_LETTERS = re.compile(
    r"(?:^|[;\s])font-size\s*:\s*0(?:\.0*)?(?:px|pt|r?em|%)?\s*(?:;|!|$)", re.IGNORECASE
)
_COLOUR = re.compile(r"(?:^|[;\s])color\s*:\s*([^;!]+)", re.IGNORECASE)
_SHOWN_STYLE = re.compile(r"display\s*:\s*(?!none)\w|visibility\s*:\s*visible", re.IGNORECASE)
# Where Word puts what was remarked in the margin when it saves a page.
_COMMENTS_STYLE = re.compile(r"mso-element\s*:\s*comment", re.IGNORECASE)
_STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_UNSTRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:\s*none", re.IGNORECASE)
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
_BESIDE_NAMES: Final = frozenset(
    "sidebar side-bar left-sidebar right-sidebar sidebar-left sidebar-right widget-area barra-lateral".split()
)
_FOOT_NAMES: Final = frozenset(
    "footer site-footer page-footer main-footer footer-wrapper colophon pie pie-pagina pie-de-pagina".split()
)
_ROLE_TAGS: Final = frozenset({"div", "span", "p", "section", "ul", "li"})
# A cell with more is prose, and the table its frame, unless its headers say otherwise.
_MAX_VALUE_CHARS: Final = 300
_BLANK_LINES: Final = re.compile(r"\n[ \t\r]*\n\s*")
# So many paragraphs between blank lines, most of them long, are no accident of the source: templates leave blank lines within a sentence.
_LEAST_TYPED: Final = 3
_LONG_TYPED: Final = 60
_PROSE: Final = "h1, h2, h3, h4, p + p, article, section, pre"
_OPEN_OR_CLOSE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_UNNESTED: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th "
    "thead tbody tfoot option optgroup colgroup rp rt html head body".split()
)
_FORMATTING: Final = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_FORMATTING_OR_SPAN: Final = _FORMATTING | {"span"}
_SELF_CLOSED = re.compile(
    r"<(title|script|style|iframe|textarea|noscript|a|b|i|em|strong|span|div|p|td|th|li|h[1-6]|ul|ol|section|small|"
    r"sup|sub|q|cite|blockquote|figure|svg|object|video|audio|canvas|template)\b([^<>]{0,2000}?)/>",
    re.IGNORECASE,
)


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
    draft = html_draft(text, (_FURNITURE, NEVER_TEXT), xml=text.lstrip()[:5] == "<?xml")
    draft.title = _own_title(flat(draft.title), draft.parts) or front.title
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
    placed = positioned_draft(root, style_sheets(root)[1]) if root is not None else None
    if placed is not None:
        placed.title = draft.title if draft.title.strip() else placed.title
        return placed
    for drop in drops:
        page = _Page(drop)
        draft.parts = page.read(root) if root is not None else Parts()
        draft.left_out = tuple(page.left_out)
        if drop is not NEVER_TEXT:
            _drop_shares(draft)
        if sum(part.text.strip() != "" for part in draft.parts) > len(page.sifted):
            break
    draft.parts = _below_headings(_with_numbers(_with_signs(draft.parts)), page.over)
    return draft


# What is pressed to send a page to others, and where it is sent
_SHARES = re.compile(
    r"(?:\W*\b(?P<verb>like|share|tweet|pin it|compart(?:ir|e)|me gusta|tuitear|twittear)(?: (?:this|it|esto|on|en))?\b"
    r"|\W*\b(?:facebook|twitter|x|linkedin|pinterest|pin|whats ?app|telegram|instagram|reddit|e-?mail|correo|print|imprimir|copy(?: link)?|copiar(?: enlace)?)\b)+\W*",
    re.IGNORECASE,
)
_LEAST_SHARES: Final = 2


def _drop_shares(draft: Draft) -> None:
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
            draft.left_out += (LeftOut(said, 0, _MENU),)
        else:
            kept += run
        kept.append(part)
        run = []
    draft.parts = Parts(kept[:-1])


# No program reads tags within a title, but pages have them there. One alone is what a page about
# HTML is about: "<b>: the element for bold words".
_TAGS_IN_TITLE = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]*)?>([^<>]*)</\1>")
_BREAK_IN_TITLE = re.compile(r"(?<=[^\W_])\s*<br\s*/?>\s*(?=[^\W_])", re.IGNORECASE)
_HOME = re.compile(
    r"(?:home|inicio|index|(?:home|main) page|p[aá]gina (?:de inicio|principal))", re.IGNORECASE
)
_LEAST_KEY_CHARS: Final = 4
_KEY_CHARS: Final = 5


def _own_title(title: str, parts: Parts) -> str:
    """The title of a page; where that has no word of the first heading, the only one of its level, it is of the whole site, and both are."""
    headings = [part for part in parts if part.kind == "heading"]
    top = min((part.level for part in headings), default=0)
    heads = [part.text for part in headings if part.level == top]
    if not title or len(heads) != 1 or headings[0].level != top or heads[0][-1] in ".:!?…":
        return title
    said, named = _keys(heads[0]), _keys(title)
    if not said or said & named:
        return title
    return heads[0] if _HOME.fullmatch(title) else f"{heads[0]} | {title}"


def _keys(line: str) -> set[str]:
    """How the longer words of a line begin, so that "Reserva" is "Reservas"."""
    words = re.findall(r"[^\W\d_]+", fold(line))
    return {word[:_KEY_CHARS] for word in words if len(word) >= _LEAST_KEY_CHARS}


def _below_headings(parts: Parts, over: Set[int]) -> Parts:
    """The parts, each of those that stand as a small line ``over`` a heading below it, where they are of its section and not the one before."""
    kept = list(parts)
    for n, (small, head) in enumerate(pairwise(parts)):
        if id(small) not in over or small.kind != "paragraph" or head.kind != "heading":
            continue
        if small.strong or is_division(small.text) or _COUNTED_LINE.match(small.text):
            continue
        if "?" in head.text:
            small.apart = True
        elif head.level > 1 and head.text.endswith(".") and _NO_FIGURES.fullmatch(small.text):
            # A sentence below what the section is about
            small.kind, small.level = "heading", head.level
            head.kind, head.level, head.text = "paragraph", 0, flat(head.text)
        else:
            kept[n : n + 2] = head, small
            head.apart, small.apart, small.kind = small.apart, False, "caption"
    return Parts(kept)


_MONEY = re.compile(r"(?:US|MX|R|A|C)?\$|[€£¥₡]|S/\.?|EUR|USD|MXN|COP|CLP|ARS|PEN|GBP|[Ee]uros?")
_SUM_ALONE = re.compile(r"\d[\d.,'’]*")
# "/month", "/ persona"
_PER = re.compile(r"/ ?[^\W\d_][^\n/]{0,24}")
_PRICED_IN: Final = ("heading", "paragraph", "caption")


def _with_signs(parts: Parts) -> Parts:
    """The parts, with a sign of money in an element of its own, and what a sum is for, "/month", as parts of the sum beside them."""
    kept: list[Part] = []
    for n, part in enumerate(parts):
        before = kept[-1] if kept and kept[-1].kind in _PRICED_IN else Part("")
        after = parts[n + 1] if n + 1 < len(parts) else Part("")
        if part.kind not in _PRICED_IN:
            kept.append(part)
        elif _MONEY.fullmatch(part.text):
            if _SUM_ALONE.fullmatch(before.text):
                before.text += f" {part.text}"
            elif after.kind in _PRICED_IN and _SUM_ALONE.fullmatch(after.text):
                after.text = f"{part.text}{after.text}"
            elif not is_ornament(part.text):
                kept.append(part)
        elif _PER.fullmatch(part.text) and _has_price(before.text):
            before.text += part.text
        else:
            kept.append(part)
    return Parts(kept) if kept else parts


def _has_price(text: str) -> bool:
    """Whether a text is a sum of money with its sign."""
    bare = _MONEY.sub("", text).strip()
    return bare != text and _SUM_ALONE.fullmatch(bare) is not None


# "02 · Know your class"
_COUNTED_LINE = re.compile(r"\d{1,2}\s*[·.:)–—-]\s*[^\W\d_]")
_NO_FIGURES = re.compile(r"\D*[^\W\d_]{3}\D*")
_OWN_NUMBER = re.compile(r"\d{1,2}[.)]?")
_LEAST_STEPS: Final = 3


def _with_numbers(parts: Parts) -> Parts:
    """The parts, with the numbers that stand drawn before headings, bold lines or paragraphs, counted up, as what these begin with."""
    numbered = [
        n
        for n, (part, after) in enumerate(pairwise(parts))
        if part.kind in ("paragraph", "item")
        and after.kind in ("heading", "paragraph")
        and _OWN_NUMBER.fullmatch(part.text)
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
        if name in _FORMATTING:
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


def _said(node: Any) -> str:
    """The words below an element, without what no page shows."""
    return " ".join(
        one.text_content or ""
        for one in node.traverse(include_text=True)
        if one.tag == "-text" and (one.parent is None or one.parent.tag not in NEVER_TEXT - _STRUCK)
    )


_MATH_MARKS: Final = {"mfrac": "/", "msup": "^", "msub": "_", "mover": "", "munder": ""}
_MAX_MATH_DEPTH: Final = 40


def _formula(node: Any, depth: int = 0) -> str:
    """A formula on one line: a half is 1/2 and not 12; what else is noted of it is not read twice."""
    if node.tag == "-text":
        return flat(node.text_content or "")
    if node.tag in ("annotation", "annotation-xml") or depth > _MAX_MATH_DEPTH:
        return ""
    parts = [said for child in node.iter(include_text=True) if (said := _formula(child, depth + 1))]
    mark = _MATH_MARKS.get(node.tag)
    if node.tag in ("msqrt", "mroot"):
        return f"√{_bracketed(''.join(parts[:1] if node.tag == 'mroot' else parts))}"
    if mark is None or len(parts) != 2:
        return (" " if node.tag in ("mtr", "mtd") else "").join(parts)
    base, other = map(_bracketed, parts)
    if node.tag == "msup" and (above := raised(parts[1])) != parts[1]:
        return base + above
    return f"{base}{mark}{other}"


def _bracketed(said: str) -> str:
    return said if len(said) == 1 or said.isalnum() else f"({said})"


_WRITTEN_IN: Final = frozenset({"", "text", "number", "email", "tel", "date", "time", "url"})


def _filled_in(node: Any, tag: str) -> str:
    """What stands in a field of a form when the page opens."""
    attributes: dict[str, str | None] = node.attributes or {}
    if tag == "input":
        written = (attributes.get("type") or "").lower() in _WRITTEN_IN
        return flat(attributes.get("value") or "") if written else ""
    if tag == "select":
        return ", ".join(flat(option.text()) for option in node.css("option[selected]"))
    return flat(node.text())


def _tag(node: Any) -> str | None:
    """What an element is: its name, or for tables and parts of a page that are made of other elements what their roles or names say."""
    tag: str | None = node.tag
    if tag in _ROLE_TAGS and (attributes := node.attributes):
        role = _ROLES.get(attributes.get("role") or "")
        if role is None and tag in ("div", "section"):
            names = _named(attributes).lower().split()
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
    goes_on = before is not None and "akn-num" not in _named(before.attributes or {})
    return "div" if goes_on or not _AKOMA_NTOSO.isdisjoint(names.split()) else None


def _is_picture_name(node: Any) -> bool:
    """Whether an element says the name of a picture that its font draws, and no word of the page."""
    names = (node.attributes or {}).get("class") or ""
    return (
        _PICTURE_FONTS.search(names) is not None
        and _PICTURE_NAME.fullmatch(node.text() or "") is not None
    )


def _own_rows(table: Any) -> list[list[Any]]:
    """The cells of a table by rows, without those of tables inside."""
    rows: list[list[Any]] = []
    stack = list(table.iter())[::-1]
    while stack:
        node = stack.pop()
        tag = _tag(node)
        if tag == "tr":
            rows.append([cell for cell in node.iter() if _tag(cell) in ("td", "th")])
        elif tag != "table" and tag not in ("td", "th"):
            stack += list(node.iter())[::-1]
    return rows


def _banners(root: Any) -> frozenset[int]:
    """The elements that ask for leave to set cookies, told by their words and what there is to press."""
    found: set[int] = set()
    asking = [
        *root.css("dialog, [role=dialog], [role=alertdialog]"),
        *(
            node
            for node in root.css(_PRESSED)
            if _CONSENTS.match(flat(node.text()) or (node.attributes or {}).get("value") or "")
        ),
    ]
    for node in asking[:_MAX_SPAN]:
        while node is not None and (node.tag in _BANNER_TAGS or node.tag in _BANNER_INSIDE):
            said = node.text(separator=" ")  # "cookies" before a button is a word
            if len(said) > _MAX_BANNER_CHARS:
                break
            if node.tag in _BANNER_TAGS and _ON_COOKIES.search(said):
                found.add(node.mem_id)
                break
            node = node.parent
    return frozenset(found)


def _controlled(root: Any) -> frozenset[str]:
    """The ids of the elements that something on the page opens."""
    ids = {node.attributes["id"] for node in root.css("[id]")}
    found = {
        (node.attributes.get(name) or "").removeprefix("#")
        for name in _CONTROLS
        for node in root.css(f"[{name}]")
        if name != "href" or (node.attributes.get(name) or "").startswith("#")
    }
    for node in root.css(_CLICKED)[:_MAX_CLICKED]:
        for name, value in node.attributes.items():
            runs = _RUNS.match(name) is not None or (value or "").startswith("javascript:")
            # One of data with spaces in it is text
            if value and (runs or (name.startswith("data-") and " " not in value.strip())):
                found.update(ids.intersection(_ID_WORDS.findall(value)))
    return frozenset(found)


# What is pressed to see a tab, and what may be one
_TABS: Final = (
    "[role=tab], [data-toggle=tab], [data-toggle=pill], [data-bs-toggle=tab], [data-bs-toggle=pill], a[href^='#'], [onclick], "
    ".tabbed-labels > label"
)
_TAB_PANELS: Final = "[role=tabpanel], [class*=tab]"
_TAB_PANEL_NAMES = re.compile(
    r"(?:^|[\s_-])tab(?:s|bed)?[-_]*(?:pane|panel|content|body|block)(?:$|\s)", re.IGNORECASE
)
_MAX_TABS: Final = 50
_QUOTED_NAME = re.compile(r"['\"]([\w-]+)['\"]")


def _tabs(root: Any) -> tuple[dict[int, str], frozenset[int]]:
    """The titles of tabs by the element that each is of, and the elements that show the titles, in a row of their own as a rule."""
    panels = [
        node
        for node in root.css(_TAB_PANELS)
        if node.attributes.get("role") == "tabpanel"
        or _TAB_PANEL_NAMES.search(node.attributes.get("class") or "")
    ][:_MAX_SPAN]
    by_id = {node.attributes["id"]: node for node in panels if node.attributes.get("id")}
    labelled = {name: node for node in panels if (name := node.attributes.get("aria-labelledby"))}
    titled: dict[int, str] = {}
    shown: set[int] = set()
    over: dict[int, set[int]] = {}
    loose: dict[int, list[Any]] = {}
    for tab in root.css(_TABS) if panels else ():
        panel = labelled.get(tab.attributes.get("id") or "")
        for name in _controlled_by(tab):
            panel = panel or by_id.get(name)
        said = flat(_said(tab))
        # Slides of a show have numbers only
        if len(said) > _MAX_TITLE_CHARS or not any(map(str.isalpha, said)) or tab.tag in _HEADINGS:
            continue
        if panel is None:
            if tab.attributes.get("role") == "tab" or tab.tag == "label":
                loose.setdefault(tab.parent.mem_id, []).append(tab)
            continue
        after = _following(tab)
        if after is not None and after.mem_id == panel.mem_id:
            over.setdefault(panel.mem_id, set()).add(tab.mem_id)  # As in an accordion
        elif not _is_within(tab, panel):
            titled.setdefault(panel.mem_id, said)
            shown.add(tab.mem_id)
    shown.update(*(over.get(panel, ()) for panel in titled))
    for tabs in loose.values():
        # Without names they go together in their order
        around = tabs[0].parent.parent
        beside = {node.mem_id for node in around.css(_TAB_PANELS)} if around is not None else set()
        own = [node for node in panels if node.mem_id in beside and node.mem_id not in titled]
        own = own if len(own) <= _MAX_TABS else []
        own = [node for node in own if not any(_is_within(other, node) for other in own)]
        if len(own) == len(tabs):
            titled |= {node.mem_id: flat(_said(tab)) for node, tab in zip(own, tabs, strict=True)}
            shown.update(tab.mem_id for tab in tabs)
    return titled, frozenset(shown)


def _stands_alone(node: Any) -> bool:
    """Whether an element is no word of a sentence: right before and after it are other elements, or nothing."""
    beside = (node.prev, node.next)
    return not any(
        one is not None and one.tag == "-text" and (one.text_content or "").strip()
        for one in beside
    )


def _is_to_press(link: Any) -> bool:
    """Whether a link only leads elsewhere: by its look, by leading back or on, or as a sign without a word."""
    attributes: dict[str, str | None] = link.attributes or {}
    said = flat(_said(link))
    href = attributes.get("href") or ""
    if not said or len(said) > _MAX_BUTTON_CHARS or reached_by(link, said) or is_reached(said):
        return False
    if names_document(said):
        return False
    if not any(map(str.isalnum, said)):
        return True
    if not _stands_alone(link):
        return False
    if _ONWARD.fullmatch(said.strip(" →»›>.")):
        return True
    opens = not href or href.startswith("#") or any(map(str.isdigit, said)) or said[-1] in ".?:"
    if opens or len(_WORDS.findall(said)) > _MAX_BUTTON_WORDS:
        return False
    names = attributes.get("class") or ""
    return bool(_BUTTON_NAMES.search(names) or _BACK_NAMES.search(names))


def _names_contact_field(label: Any) -> bool:
    """Whether a label is of a field for a name, an address or a message, beside that field."""
    if not _CONTACT_FIELD.fullmatch(flat(_said(label))):
        return False
    return label.parent is not None and label.parent.css_first(_FILLED_IN) is not None


_SENDS: Final = "button, [type=submit], [type=image], [type=button]"
_TYPED_IN: Final = _WRITTEN_IN | {"search", "password", "file", "datetime-local", "month", "week"}
_MAX_FIELD_NAME_CHARS: Final = 60
_MAX_FIELD_NAME_WORDS: Final = 8


def _to_fill_in(root: Any) -> frozenset[int]:
    """The labels that name a field of a form that is to be sent, and those fields, where nothing is filled in."""
    found: set[int] = set()
    for form in root.css("form")[:_MAX_SPAN]:
        fields = form.css(_FILLED_IN) if form.css_first(_SENDS) is not None else []
        by_id = {node.attributes.get("id"): node for node in fields}
        for label in form.css("label") if fields else ():
            number = label.attributes.get("for")
            inner = label.css_first(_FILLED_IN)
            beside = inner if inner is not None else _element(label.next)
            field = by_id.get(number) if number else beside
            if field is not None and _is_blank(field) and _names_field(flat(_said(label))):
                found |= {label.mem_id, field.mem_id}
    return frozenset(found)


def _names_field(said: str) -> bool:
    """Whether the words of a label only name what is to be filled in: no sentence, no price, date or other figure."""
    short = len(said) <= _MAX_FIELD_NAME_CHARS and len(said.split()) <= _MAX_FIELD_NAME_WORDS
    return short and said[-1:] != "." and not any(map(str.isdigit, said))


def _is_blank(field: Any) -> bool:
    """Whether an element is a field to write in or to choose from that says nothing yet but what it begins with."""
    attributes: dict[str, str | None] = field.attributes or {}
    value = attributes.get("value") or ""
    if field.tag == "select":
        chosen = field.css_first("option[selected]")
        own = {} if chosen is None else chosen.attributes
        return chosen is None or "disabled" in own or own.get("value", "-") in ("", None)
    if field.tag == "input":
        kind = (attributes.get("type") or "").lower()
        least = kind == "number" and value in ("0", "1", attributes.get("min"))
        return kind in _TYPED_IN and (not value or least)
    return field.tag == "textarea" and not flat(field.text())


def _asks_to_subscribe(node: Any, names: str) -> bool:
    """Whether an element is where a newsletter is asked for."""
    return (
        _NEWSLETTERS.search(names) is not None
        and node.css_first("input, form, iframe") is not None
        and len(flat(node.text())) <= _MAX_NEWSLETTER_CHARS
    )


def _controlled_by(tab: Any) -> list[str]:
    """The ids of what an element, or the only link in it, may show when it is pressed."""
    found: list[str] = []
    for node in (tab, tab.css_first("a")):
        attributes = {} if node is None else node.attributes
        found += [(attributes.get(name) or "").removeprefix("#") for name in _CONTROLS]
        found += _QUOTED_NAME.findall(attributes.get("onclick") or "")
    return list(filter(None, found))


def _following(node: Any) -> Any:
    """The element that begins where another one ends, on the page; None where words come first, or nothing."""
    while node is not None and node.parent is not None:
        after = node.next
        while after is not None and _tag(after) in ("-text", "-comment"):
            if _tag(after) == "-text" and (after.text_content or "").strip():
                return None
            after = after.next
        if after is not None:
            return after
        node = node.parent
    return None


def _begins(node: Any, words: str) -> bool:
    """Whether an element says some words first."""
    said = ""
    for one in node.traverse(include_text=True):
        if one.tag == "-text":
            said = flat(f"{said} {one.text_content or ''}")
            if len(said) >= len(words):
                break
    return said.lower().startswith(words.lower())


def _is_within(node: Any, around: Any) -> bool:
    """Whether an element stands in another one."""
    above = node.parent
    while above is not None and above.mem_id != around.mem_id:
        above = above.parent
    return above is not None


def _lists_places(item: Any) -> bool:
    """Whether an item is one of several that are nothing but links to places of the page itself: a table of contents."""
    beside = [one for one in item.parent.iter() if one.tag == "li"]
    return len(beside) > 1 and all(map(_leads_within, beside))


def _is_asked_elsewhere(item: Any) -> bool:
    """Whether an item is nothing but a question that leads to another page, where its answer is."""
    link = item.css_first("a[href]")
    if link is None or (link.attributes["href"] or "#").startswith("#"):
        return False
    said = flat(_said(link))
    return said.endswith("?") and said == flat(_said(item))


_COUNTS = re.compile(r"\A(?:\d{1,2}\.)*\d{0,2}[.)]?\s*")


def _leads_within(item: Any) -> bool:
    link = item.css_first("a[href^='#']")
    if link is None or len(link.attributes["href"] or "") < 2:
        return False
    own = flat(" ".join(_said(part) for part in item.iter(True) if part.tag not in ("ul", "ol")))
    return _COUNTS.sub("", own) == flat(_said(link))


# How the classes of two boxes side by side differ, of which one names what the other holds
_NAMING = re.compile(
    r"(?<![a-z])(?:left|label|name|key|term|izq|izquierda|etiqueta|nombre)(?![a-z])", re.IGNORECASE
)
_NAMED = re.compile(
    r"(?<![a-z])(?:right|value|desc|description|der|derecha|valor)(?![a-z])", re.IGNORECASE
)
_NAMING_BOX: Final = ", ".join(
    f"{tag}[class*={word} i]"
    for tag in ("div", "span", "p")
    for word in ("left", "label", "name", "key", "term", "izq", "etiqueta", "nombre")
)
_NOT_IN_LABEL: Final = "h1, h2, h3, h4, h5, h6, ul, ol, dl, table, a, button, input, select, textarea, pre, sup, s, del, strike, p + p"
_MAX_LABEL_CHARS: Final = 40
_MAX_LABELLED_CHARS: Final = 160
_LEAST_LABELS: Final = 2


def _labels(root: Any, hidden: frozenset[int]) -> dict[int, tuple[str, str]]:
    """The boxes that hold nothing but a name and its value, in two whose classes differ in a word for that, by their element; several alike."""
    found: dict[tuple[str, str], dict[int, tuple[str, str]]] = {}
    for node in root.css(_NAMING_BOX)[:_MAX_CARDS]:
        value = _element(node.next)
        if value is None or node.parent is None or value.tag != node.tag:
            continue
        names, named = ((one.attributes or {}).get("class") or "" for one in (node, value))
        bare = _NAMING.sub("", names, 1)
        alone = _is_white(node.prev, after=False) and _is_white(value.next)
        if not alone or bare == names or bare != _NAMED.sub("", named, 1):
            continue
        label = (flat(_said(node)), flat(_said(value)))
        if _is_label(*label) and _is_plain(node.parent, hidden):
            found.setdefault((names, named), {})[node.parent.mem_id] = label
    several = (group for group in found.values() if len(group) >= _LEAST_LABELS)
    return {at: label for group in several for at, label in group.items()}


def _is_label(name: str, value: str) -> bool:
    """Whether a few words may name others."""
    short = 0 < len(name) <= _MAX_LABEL_CHARS and 0 < len(value) <= _MAX_LABELLED_CHARS
    return short and name[-1] not in ".,;!?" and any(map(str.isalpha, name))


def _is_plain(box: Any, hidden: frozenset[int]) -> bool:
    """Whether all in a box is text that is seen."""
    if box.css_first(_NOT_IN_LABEL) is not None:
        return False
    return not any(_is_veiled(one, hidden) for one in box.css("*"))


_FOOT_NAME = re.compile(r"(?:^|[\s_-])footer(?:$|[\s_-])", re.IGNORECASE)
_FEET: Final = "div[class*=footer i], section[class*=footer i], div[id*=footer i]"


def _feet(root: Any) -> dict[int, str]:
    """The elements that are named after the foot of a page, and of which one stands last on it: those of cards have text below them."""
    found: dict[int, str] = {}
    for node in reversed(root.css(_FEET)[-_MAX_FEET:]):
        if _FOOT_NAME.search(_named(node.attributes)) and _is_last(node, found):
            found[node.mem_id] = "footer"
    return found


def _is_last(node: Any, feet: Mapping[int, str]) -> bool:
    """Whether nothing is said on a page below an element but in its feet."""
    while node is not None:
        below = node.next
        while below is not None:
            if below.mem_id not in feet and _said(below).strip():
                return False
            below = below.next
        node = node.parent
    return True


_MAX_FEET: Final = 20
# Names for the look of headings, as in Bootstrap
_HEADING_CLASSES: Final = ", ".join(
    f"{tag}.h{n}" for tag in ("p", "div", "span") for n in range(1, 7)
)
_MAX_STYLED: Final = 500
_WITHIN_STYLED: Final = frozenset("a b strong em i u span small br".split())
_NO_HEADING_WITHIN: Final = frozenset(
    "h1 h2 h3 h4 h5 h6 li a button label summary legend td th dt dd figcaption caption nav".split()
)


def _headings_by_class(root: Any) -> dict[int, str]:
    """The elements that have the look of headings by their class, which stand in a line of their own and say a title: not a price or a
    figure, which often has that look, or a sentence."""
    found: dict[int, str] = {}
    for node in root.css(_HEADING_CLASSES)[:_MAX_STYLED]:
        said = flat(_said(node))
        is_title = len(said) <= _MAX_TITLE_CHARS and said[-1:] not in ("", ".", ",", ";", "!")
        if not is_title or _NO_TITLE.search(said) or not any(map(str.isalpha, said)):
            continue
        inner = {_tag(one) for one in node.css("*") if one.mem_id != node.mem_id}
        if inner <= _WITHIN_STYLED and _has_own_line(node):
            names = (node.attributes.get("class") or "").split()
            found[node.mem_id] = next(name for name in names if name in _HEADINGS)
    return found


_NO_TITLE = re.compile(r"[$€£]\s?\d|\d\s?[$€£%]|\A[\d.,+\s]{2,}\w{0,3}\Z")


def _has_own_line(node: Any) -> bool:
    """Whether an element is all that stands in a line, and in nothing that is one line as a rule."""
    around, inner = node.parent, node
    while around is not None:
        if around.tag in _NO_HEADING_WITHIN:
            return False
        if inner.tag not in _BLOCK_TAGS and not (
            _ends_line(inner.next) and _ends_line(inner.prev, after=False)
        ):
            return False
        inner, around = around, around.parent
    return True


def _ends_line(node: Any, *, after: bool = True) -> bool:
    """Whether nothing is said in a line on from a node, or back from it."""
    while node is not None and _tag(node) in ("-text", "-comment"):
        if _tag(node) == "-text" and (node.text_content or "").strip():
            return False
        node = node.next if after else node.prev
    return node is None or node.tag == "br" or node.tag in _BLOCK_TAGS


_BOXES: Final = frozenset("div section article li header a hgroup".split())
_MAX_SMALL_CHARS: Final = 60


def _small_line_over(heading: Any) -> str:
    """The few words that stand over a heading, first in its box: what kind of thing it is, its date or its price; "" where there are none."""
    box, node = heading.parent, heading.prev
    said: list[str] = []
    while node is not None and len(said) < _MAX_CARD_CELLS:
        said += [flat(_said(node))] if node.tag != "-comment" else []
        node = node.prev
    line = " ".join(filter(None, reversed(said)))
    whole = node is None and box is not None and box.tag in _BOXES
    short = 0 < len(line) <= _MAX_SMALL_CHARS and line[-1] not in ".:;,?!…"
    return line if whole and short and not _OWN_NUMBER.fullmatch(line) else ""


def _alike(summaries: Sequence[Any]) -> frozenset[str]:
    """What each of several summaries says in an element of its own: what is to be pressed, "Show all"."""
    said = [_said_within(node) for node in summaries]
    shared = set.intersection(*said) if len(said) > 1 else set[str]()
    return frozenset(one for one in shared if one)


def _said_within(summary: Any) -> set[str]:
    """What the elements in a summary say, each by itself, of one that is no text of its own."""
    whole = flat(_said(summary))
    if len(whole) > _MAX_TITLE_CHARS:
        return set()
    return {flat(_said(one)) for one in summary.css("*")[:_MAX_CARD_NODES]} - {whole}


_MAX_CONTENTS_NAME_CHARS: Final = 30


def _contents(root: Any) -> frozenset[int]:
    """The boxes that hold nothing but links to places of the page itself, side by side, and at most what names them: "On this page"."""
    boxes: dict[int, list[Any]] = {}
    for link in root.css("a[href^='#']")[:_MAX_CARDS]:
        if link.parent is not None and link.parent.tag in _MENU_TAGS:
            boxes.setdefault(link.parent.mem_id, []).append(link)
    places = {f"#{node.attributes['id']}" for node in root.css("[id]")}
    found: set[int] = set()
    for number, links in boxes.items():
        said = [flat(_said(link)) for link in links]
        beside = len(flat(_said(links[0].parent))) - len(" ".join(said))
        leads = all(link.attributes["href"] in places for link in links)
        if len(links) >= _LEAST_IN_MENU and leads and beside <= _MAX_CONTENTS_NAME_CHARS:
            found.add(number)
    return frozenset(found)


def _opens_menu(node: Any) -> bool:
    """Whether an element is what a menu drops down from."""
    attributes: dict[str, str | None] = node.attributes or {}
    names = (attributes.get("class") or "").split()
    pops_up = attributes.get("aria-haspopup") in ("true", "menu")
    return pops_up and ("dropdown-toggle" in names or attributes.get("role") == "button")


def _is_of_links(node: Any) -> bool:
    """Whether most of what an element says, but for what dials or writes, leads elsewhere."""
    said = len(flat(node.text()))
    links = reached = 0
    for link in node.css("a[href]"):
        n_chars = len(flat(link.text()))
        if (link.attributes.get("href") or "").startswith(_REACHING):
            reached += n_chars
        else:
            links += n_chars
    return links >= _MENU_LINK_SHARE * (said - reached) and (links > 0 or not said)


def _remarks(root: Any) -> dict[int, str]:
    """What Google writes of comments into a page, by why it is not read: their marks in the text, and at its end what they say."""
    found = {mark.mem_id: "" for mark in root.css("a[id^=cmnt_ref]")}
    for back in root.css("a[href^='#cmnt_ref'][id^=cmnt]"):
        block = back.parent
        if block.parent is not None and block.parent.tag == "div":
            block = block.parent
        found[block.mem_id] = "comment"
    return found


# What may hold a button and, below it, what the button opens.
_BOX_TAGS: Final = frozenset({"div", "li", "section", "article"})
_FILLED_IN: Final = "input, select, textarea"


def _is_page_number(node: Any) -> bool:
    """Whether an element says where a page of the printed book begins, by its number or nothing."""
    attributes: dict[str, str | None] = node.attributes or {}
    named = "pagebreak" in (attributes.get("epub:type") or "").split()
    named = named or attributes.get("role") == "doc-pagebreak"
    # One that is never closed holds the rest of the text
    return named and _PAGE_NUMBER.fullmatch(_said(node)) is not None


def _quotes(node: Any) -> tuple[str, str]:
    """The marks that a browser sets around a quotation in a line, by the language that the page says it is in; none where it has its own."""
    if _QUOTED.match(_said(node)) or node.css_first("p, div, ul, table") is not None:
        return "", ""
    while node is not None and not (lang := (node.attributes or {}).get("lang") or ""):
        node = node.parent
    return ("«", "»") if node is not None and lang[:2].lower() in _IN_ANGLES else ("“", "”")


def _named(attributes: Mapping[str, str | None]) -> str:
    """What an element is called for style sheets and scripts: its classes and its id."""
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"


def _element(node: Any, *, after: bool = True) -> Any:
    """A node or the first after it, or before it, that is an element; None where words come first, or nothing."""
    while node is not None and _tag(node) in ("-text", "-comment"):
        if _tag(node) == "-text" and (node.text_content or "").strip():
            return None
        node = node.next if after else node.prev
    return node


def _heads(node: Any) -> bool:
    """Whether an element that is no heading is the title of what follows it: it is short, and is pressed, or is nothing but a heading
    or bold words, or is named so."""
    said = flat(_said(node))
    if not said or len(said) > _MAX_TITLE_CHARS or said[-1] in ".!,;" or node.tag == "button":
        return False
    attributes: dict[str, str | None] = node.attributes or {}
    if node.tag == "label" or "onclick" in attributes or attributes.get("role") == "button":
        return True
    if node.tag == "a" and (attributes.get("href") or "#").startswith(("#", "javascript:")):
        return True
    inner = node.css_first("h1, h2, h3, h4, h5, h6, strong, b")
    whole = inner is not None and flat(_said(inner)) == said
    names = _named(attributes)
    return whole or _TITLES.search(names) is not None


def _is_pressed(node: Any) -> bool:
    """Whether an element is a button, or opens and folds something as one."""
    attributes: dict[str, str | None] = node.attributes or {}
    return node.tag == "button" or (
        attributes.get("role") == "button" and "aria-expanded" in attributes
    )


def _opened(button: Any) -> Any:
    """The block right after a button, which it may be the title of: with text, and nothing to fill in; else None."""
    block = _element(button.next)
    if block is None or block.tag not in _BLOCK_TAGS or block.tag == "form":
        return None
    empty = not block.text().strip() or block.css_first(_FILLED_IN) is not None
    return None if empty or _is_of_links(block) else block


# What holds a button alone is its frame.
_FRAMES: Final = frozenset({"div", "header", "p", "span", "dt"})


def _framed(button: Any) -> Any:
    """What stands in the page for a button: the outermost of the elements that hold nothing but it, or itself."""
    box = button
    while box.parent.tag in _FRAMES and _is_white(box.next) and _is_white(box.prev, after=False):
        box = box.parent
    return box


def _is_white(node: Any, *, after: bool = True) -> bool:
    """Whether nothing is said on from a node, or back from it."""
    while node is not None and _tag(node) in ("-text", "-comment"):
        if _tag(node) == "-text" and (node.text_content or "").strip():
            return False
        node = node.next if after else node.prev
    return node is None


def _button_of(element: Any) -> Any:
    """The button that an element is or holds alone; else None."""
    found = element if element is None or element.tag == "button" else element.css_first("button")
    return found if found is not None and _framed(found).mem_id == element.mem_id else None


def _is_title(button: Any) -> bool:
    """Whether a button that nothing else tells from those to press is the title of the block after it: by asking, by its class, by naming
    that block, or beside another such title. "Add", below each product and above the next, is none."""
    whole = _framed(button)
    box = whole.parent
    block = _opened(whole)
    said = flat(_said(button))
    if block is None or not any(map(str.isalpha, said)):
        return False
    attributes: dict[str, str | None] = button.attributes or {}
    own = attributes.get("aria-controls")
    if (
        said.endswith("?")
        or whole.tag == "dt"
        or _FOLDS.search(_named(attributes))
        or (own and own == (block.attributes or {}).get("id"))
    ):
        return True
    others = [_element(block.next)]
    before = _element(whole.prev, after=False)
    first = _element(box.child)
    if before is not None:
        others.append(_element(before.prev, after=False))
    elif box.tag in _BOX_TAGS and first is not None and first.mem_id == whole.mem_id:
        boxes = (_element(box.next), _element(box.prev, after=False))
        others += [_element(one.child) for one in boxes if one is not None]
    buttons = [_button_of(one) for one in others]
    titles = [one for one in buttons if one is not None and _opened(_framed(one))]
    return bool(titles) and all(flat(_said(one)) != said for one in titles)


def _tells_matter(said: str, names: str) -> bool:
    """Whether a window that nothing on the page is seen to open has a sentence, and asks for nothing."""
    asks = _BARS.search(names) is not None or _WANTS.search(f"{names} {said}") is not None
    return not asks and _SENTENCE.search(said) is not None


def _is_statement(button: Any) -> bool:
    """Whether a button holds a paragraph that says something, as a card that turns over does."""
    inner = button.css_first("p, li")
    said = "" if inner is None else flat(_said(inner))
    return said[-1:] == "." and len(said.split()) >= _LEAST_STATEMENT_WORDS


_LEAST_STATEMENT_WORDS: Final = 6


def _holds(node: Any, selector: str) -> bool:
    """Whether an element has others in it that a selector is of."""
    return any(one.mem_id != node.mem_id for one in node.css(selector))


# A sentence, or something to write down: a number, an address.
_TELLS = re.compile(r"\w+(?:\W+\w+){3,}[.!?…]|\d{3}|\d[ .:/]\d\d|\S@\S")


def _tells(node: Any) -> bool:
    """Whether what frames a page says something beside its links."""
    links = [flat(link.text()) for link in node.css("nav, a[href], button")]
    said = flat(_said(node))
    for link in filter(None, links):
        said = said.replace(link, " ", 1)
    return _TELLS.search(said) is not None


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
class _Counted:
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
_GOOGLE_NUMBERS = re.compile(
    r"\.(lst-kix_\w+-\d)\s*>\s*li:before\s*\{\s*content\s*:[^{}]*\bcounter\([\w-]+,\s*([\w-]+)\)"
)


def _depth_in_google_list(node: Any) -> int:
    """How deep in a list of Google's that has no other lists around it the items of one are; 0 in any other list."""
    found = _GOOGLE_LIST.search((node.attributes or {}).get("class") or "")
    return int(found[1]) if found is not None else 0


_COUNTS_ITSELF = re.compile(r"\s*(\d{1,3}) ?[.):°º-]")


def _count_themselves(node: Any) -> bool:
    """Whether the items of an ordered list say their numbers, one after the other, so that a style sheet has those of the list left out."""
    items = list(islice((child for child in node.iter() if child.tag == "li"), 3))
    said = [_COUNTS_ITSELF.match(_said(item)) for item in items]
    numbers = [int(one[1]) for one in said if one is not None]
    return len(items) > 1 and numbers == [n + min(numbers, default=0) for n in range(len(items))]


def _counted(node: Any, drawn: Mapping[str, str]) -> _Counted | None:
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
    return _Counted(first, write, -1 if backwards else 1)


def _is_of_rights(text: str) -> bool:
    """Whether a line says only whose page it is, with no number or address to write it down for."""
    return len(text) <= 120 and bool(_RIGHTS.match(text)) and not re.search(r"\d{5}|@", text)


@dataclass(frozen=True, slots=True)
class _Card:
    """What a box that is one of several alike says, piece by piece; ``first`` of them."""

    cells: tuple[str, ...]
    first: bool


_CARD_SELECTOR: Final = "div, li[class], article[class]"
_MAX_CARDS: Final = 2_000
_MAX_CARD_NODES: Final = 40
_MAX_CARD_CELLS: Final = 5
_MAX_CARD_CELL_CHARS: Final = 600
# Among so many boxes with a figure one may have only words.
_BOXES_PER_WORD: Final = 4
_LEAST_FIGURES: Final = 2
# What holds one of these is laid out by them, or is something to use.
_MAX_SHORT_PIECE_CHARS: Final = 24
_NOT_IN_CARDS: Final = frozenset(
    "h1 h2 h3 h4 h5 h6 ul ol dl table pre form button input select textarea details iframe math svg sup sub".split()
)
_PROSE_CELL = re.compile(r"[.!?…]\s+[A-ZÁÉÍÓÚÑ¿¡]|[a-záéíóúñ]{2}[.!?]\Z|\?\Z")
_Shape = tuple[tuple[str, str], ...]


def _cards(root: Any, hidden: frozenset[int]) -> dict[int, _Card]:
    """The boxes that a page sets side by side instead of a table, by their element: alike in their classes, with a few words or a figure
    in each piece, at least one of them short ("Zona A", "+1 €", the names of its streets)."""
    groups: dict[tuple[int, str, str], list[Any]] = {}
    for node in islice(root.css(_CARD_SELECTOR), _MAX_CARDS):
        if node.parent is not None and node.parent.tag != "ol":
            key = (node.parent.mem_id, node.tag, node.attributes.get("class") or "")
            groups.setdefault(key, []).append(node)
    found: dict[int, _Card] = {}
    for nodes in groups.values():
        if len(nodes) < 2:
            continue
        read = [_card_pieces(node, hidden) for node in nodes]
        shapes = {tuple(shape for shape, _ in one) for one in read if one is not None}
        n_cells = len(next(iter(shapes), ()))
        # Two with two pieces each are as often as not something else
        if None in read or not _are_alike(shapes) or len(nodes) + n_cells < 5 or n_cells < 2:
            continue
        said = {
            node.mem_id: tuple(text for _, text in one)
            for node, one in zip(nodes, read, strict=True)
            if one is not None
        }
        figures = sum(any(map(str.isdigit, "".join(cells))) for cells in said.values())
        if figures >= max(_LEAST_FIGURES, len(said) - len(said) // _BOXES_PER_WORD):
            said |= _standing_out(nodes, [tag for (tag, _), _ in read[0] or ()], hidden)
            beside = [one for one in nodes[0].parent.iter() if one.mem_id in said]
            for n, node in enumerate(beside):
                found[node.mem_id] = _Card(said[node.mem_id], first=n == 0)
    return found


def _are_alike(shapes: Set[_Shape]) -> bool:
    """Whether boxes have the same pieces, any of which may be a link in some of them."""
    if len({len(shape) for shape in shapes}) != 1:
        return False
    return all(
        len({one for one in column if one[0] != "a"}) <= 1 for column in zip(*shapes, strict=True)
    )


def _standing_out(
    nodes: list[Any], tags: list[str], hidden: frozenset[int]
) -> dict[int, tuple[str, ...]]:
    """What the few boxes say that stand among alike ones with pieces of the same elements, in a look of their own: the one that is praised."""
    own = {node.mem_id for node in nodes}
    other: dict[int, tuple[str, ...]] = {}
    for node in nodes[0].parent.iter():
        if node.mem_id in own or node.tag != nodes[0].tag:
            continue
        neighbours = (_element(node.prev, after=False), _element(node.next))
        if not any(one is not None and one.mem_id in own for one in neighbours):
            continue
        pieces = _card_pieces(node, hidden) or []
        text = tuple(text for _, text in pieces)
        if [tag for (tag, _), _ in pieces] == tags and any(map(str.isdigit, "".join(text))):
            other[node.mem_id] = text
    return other if 2 * len(other) <= len(nodes) else {}


def _card_pieces(node: Any, hidden: frozenset[int]) -> list[tuple[tuple[str, str], str]] | None:
    """The pieces of a box that hold no other, each with its element and class; None where it is no card."""
    pieces: list[tuple[tuple[str, str], str]] = []
    todo = [node]
    n_nodes = 0
    while todo:
        here = todo.pop()
        n_nodes += 1
        attributes = here.attributes or {}
        if n_nodes > _MAX_CARD_NODES or here.tag in _NOT_IN_CARDS or here.tag in NEVER_TEXT:
            return None
        children = list(here.iter(include_text=True))
        blocks = [child for child in children if child.tag in _BLOCK_TAGS]
        loose = [child for child in children if child.tag not in _BLOCK_TAGS]
        if blocks:
            said = [child.tag for child in loose if flat(child.text())]
            if said not in ([], ["a"]):
                return None
            todo += [one for one in reversed(children) if one.tag == "a" or one.tag in _BLOCK_TAGS]
        elif text := flat(_said(here)):
            if len(text) > _MAX_CARD_CELL_CHARS or _PROSE_CELL.search(text):
                return None
            if any(inner.tag in _NOT_IN_CARDS for inner in here.css("*")):
                return None
            if any(_is_veiled(one, hidden) for one in (node, here, *here.css("*"))):
                return None
            pieces.append(((here.tag, attributes.get("class") or ""), text))
    short = min((len(text) for _, text in pieces), default=0) <= _MAX_SHORT_PIECE_CHARS
    return pieces if 1 < len(pieces) <= _MAX_CARD_CELLS and short else None


def _is_veiled(node: Any, hidden: frozenset[int]) -> bool:
    """Whether an element may be one that nobody sees."""
    attributes = node.attributes or {}
    return (
        node.mem_id in hidden
        or not {"hidden", "aria-hidden", "role"}.isdisjoint(attributes)
        or _HIDDEN_STYLE.search(attributes.get("style") or "") is not None
    )


def _typed(content: str) -> list[str]:
    """The paragraphs that a text without elements is, with blank lines between them as in a letter; [] where it is one. White space
    around the whole is one space."""
    before, after = (" " * content[at : at + 1 or None].isspace() for at in (0, -1))
    said = _BLANK_LINES.split(f"{before}{content.strip()}{after}")
    if len(said) < _LEAST_TYPED or 2 * sum(len(one.strip()) >= _LONG_TYPED for one in said) < len(
        said
    ):
        return []
    ends = all(one.rstrip()[-1] in ".!?:…;" for one in said[:-1]) or len(said) > 2 * _LEAST_TYPED
    return said if ends and not any(one.lstrip()[:1].islower() for one in said) else []


class _Page:
    """Walks an HTML tree without recursion and collects the blocks a reader would see."""

    def __init__(self, drop: frozenset[str]) -> None:
        self.drop = drop
        self.parts = Parts()
        self.left_out: list[LeftOut] = []
        self.lines: list[list[str]] = [[]]
        self.glue = PARAGRAPH
        self.heading = 0
        self.pre = 0
        self.row: list[str] | None = None
        self.lined: dict[int, list[str]] = {}  # The lines of its cells that have several.
        self.above: list[str] = []
        self.cell = 0
        self.data_tables: list[bool] = []
        self.inside = Counter[str]()
        self.first_row = True
        self.table_at = 0  # The number of the first part of the table that is being read.
        self.first_item = False
        self.reaching: dict[
            int, int
        ] = {}  # Columns into which a cell reaches, and through how many rows.
        self.reached = frozenset[int]()  # Those of them that a row above the one being read fills.
        self.role = ""  # dt or dd, when the next text is the first of one.
        self.term: Part | None = None  # What has just been named, and will be told.
        self.header = False  # Every cell of the row so far is a header.
        self.numbers: list[_Counted | None] = []  # Of each list that is open.
        self.drawn: dict[str, str] = {}  # How numbers of lists are written, by their class.
        self.list_depth = 0  # Beyond that of the lists that are open, of one of Google's.
        self.number = ""
        self.raised: list[int] = []
        self.bold: list[
            bool
        ] = []  # Of each element around that says it, whether its letters are bold.
        self.bolded = frozenset[int]()
        self.plain: set[int] = set()  # The numbers of the lines collected that are not all bold.
        self.kind: PartKind | None = None  # What the next text is, as its element says.
        self.banners = frozenset[int]()
        self.to_fill_in = frozenset[int]()  # Labels and fields of forms that are blank.
        self.controlled = frozenset[str]()
        self.hidden = frozenset[int]()
        self.struck = frozenset[int]()
        self.remarks: dict[int, str] = {}
        self.styled: dict[int, str] = {}  # What elements are by the style they have.
        self.cards: dict[int, _Card] = {}
        self.labels: dict[int, tuple[str, str]] = {}
        self.tab_titles: dict[int, str] = {}
        self.tabs = frozenset[int]()
        self.pressed = frozenset[
            str
        ]()  # What all summaries of folded parts say beside their own words.
        self.depth = 0  # The level of the last heading, without those of tabs …
        self.tab_depths: dict[int, int] = {}  # … and above the tabs that stand in an element.
        self.painted = self.scripted = self.on_cookies = False
        self.between = False  # An element that is no block has begun or ended since the last text …
        self.closed = self.meeting = False  # … one has ended, and after it another begun.
        self.asides: list[int] = []  # Where the asides around begin among the parts.
        self.over: set[int] = set()  # The parts that are a small line over a heading in its box.
        # What stands below each folded part, or in a foot, and is no answer to what is asked above.
        self.folded: list[int] = []
        self.titled = self.told = (
            False  # In the head of the page its title has been read, and a heading below.
        )
        self.linked = self.n_links = (
            0  # How many characters of what is collected stand in links, and in how many pieces.
        )
        self.beside = self.beside_at = (
            0  # The outermost element around that is the foot of the page or stands beside its text …
        )
        self.beside_heading: Part | None = None  # … the last heading in such …
        self.beside_rise: int | None = None  # … and by how much headings in them are raised.
        self.menu = self.left_at = (
            0  # The outermost menu around, of which only how somebody is reached is read …
        )
        self.reached_name = ""  # … with what names it, which has just been said …
        self.sifted: list[Part] = []  # … as these parts.

    def read(self, root: Any) -> Parts:
        self.banners, self.controlled = _banners(root), _controlled(root)
        self.to_fill_in = frozenset() if self.drop is NEVER_TEXT else _to_fill_in(root)
        # What a rule shows again is a panel
        self.hidden = ruled(root, _HIDDEN_STYLE, _SHOWN_STYLE)
        self.struck = ruled(root, _STRUCK_STYLE, _UNSTRUCK_STYLE)
        self.bolded = ruled(root, _BOLD_STYLE, _PLAIN_STYLE)
        self.painted = paints(root)
        self.remarks = _remarks(root)
        self.styled = lifted(root) | _headings_by_class(root) | _feet(root)
        self.drawn = dict(_GOOGLE_NUMBERS.findall(style_sheets(root)[0]))
        self.cards = _cards(root, self.hidden | self.struck)
        self.labels = _labels(root, self.hidden | self.struck)
        self.tab_titles, self.tabs = _tabs(root)
        self.contents = _contents(root)
        self.pressed = _alike(root.css("summary")[:_MAX_SPAN])
        self.scripted = root.css_first("script, [onclick]") is not None
        self.on_cookies = any(_ON_COOKIES.search(one.text()) for one in root.css("title, h1"))
        path: list[Any] = []
        node = root
        while True:
            descend = self.enter(node)
            child = node.child if descend else None
            if child is not None:
                path.append(node)
                node = child
                continue
            if descend:
                self.leave(node)
            while node.next is None:
                if not path:
                    self.flush()
                    return self.read_once()
                node = path.pop()
                self.leave(node)
            node = node.next
            if not path:  # A sibling of the root would be outside the document.
                self.flush()
                return self.read_once()

    def read_once(self) -> Parts:
        """The parts without those that say in a menu or a head how somebody is reached where another part says it as well."""
        for at in self.folded:
            if at < len(self.parts):
                self.parts[at].apart = True
        if not self.sifted:
            return self.parts
        each = [flat(part.text) for part in self.parts]
        whole, times = "\n".join(each), Counter(each)
        told_elsewhere: set[int] = set()
        for part in self.sifted:
            own = flat(part.text)
            if times[own] > 1:
                times[own] -= 1
                told_elsewhere.add(id(part))
            elif whole.count(own) > each.count(own):
                told_elsewhere.add(id(part))
        self.sifted = [part for part in self.sifted if id(part) not in told_elsewhere]
        return Parts(part for part in self.parts if id(part) not in told_elsewhere)

    def tag(self, node: Any) -> str | None:
        """What an element is, by its name, its role or its style: one that lifts it, or that of a heading or a foot."""
        return self.styled.get(node.mem_id) or _tag(node) if self.styled else _tag(node)

    def enter(self, node: Any) -> bool:
        """Takes in one node; False when what is below it is not to be read."""
        tag = self.tag(node)
        if tag == "-text":
            self.text(node.text_content or "")
            return False
        if tag is None or tag.startswith(("-", "!")):
            return bool(tag == "-document")
        if (
            tag == "table" and self.cell
        ):  # The words of a table in a cell of another are the cell's.
            self.lines[-1].append(f" {_said(node)} ")
            return False
        if tag in ("input", "select", "textarea"):
            if node.mem_id in self.to_fill_in:
                return False
            self.lines[-1].append(f" {_filled_in(node, tag)} ")
            return False
        if address := veiled_address(node):
            self.text(address)
            return False
        if tag == "math":
            self.lines[-1].append(f" {_formula(node)} ")
            return False
        reason = self.unread(node, tag)
        if reason is not None:
            if reason:
                self.left_out.append(LeftOut(_said(node), 0, reason))
            return False
        if tag == "rt":  # What a word means or how it is said stands small above it
            said = flat(_said(node))
            self.text(f" ({said})" if said else "")
            return False
        card = self.cards.get(node.mem_id)
        if card is not None and not (self.cell or self.heading or self.pre):
            self.flush()
            self.parts.append(row_part(card.cells, glue=PARAGRAPH if card.first else LINE))
            return False
        label = self.labels.get(node.mem_id)
        if label is not None and not (self.cell or self.heading or self.pre or self.menu):
            self.flush()
            self.parts.append(label_part(*label))
            return False
        if not self.beside and "header" in self.drop and self.is_beside(node, tag):
            self.boundary(tag)
            self.beside, self.beside_at = node.mem_id, len(self.parts)
        self.inside[tag] += 1
        if tag == "aside":
            self.boundary(tag)
            self.asides.append(len(self.parts))
        elif tag == "footer" and not self.inside["blockquote"]:
            self.boundary(tag)
            self.folded.append(len(self.parts))
        bold = self.is_bold(node, tag)
        if bold is not None:
            self.bold.append(bold)
        if tag == "q":
            self.text(_quotes(node)[0])
        title = self.tab_titles.get(node.mem_id)
        if title is not None and not (self.cell or self.heading):
            self.flush()
            depth = self.tab_depths.setdefault(node.parent.mem_id, self.depth)
            if not _begins(node, title):
                self.parts.append(Part(title, level=min(6, depth + 1)))
        if tag == "br":
            if self.pre:
                self.lines[-1].append("\n")
            else:
                self.lines.append([])
        elif tag in _HEADINGS and not self.cell:
            self.flush()
            self.heading = _HEADINGS[tag]
            small = _small_line_over(node)
            if small and self.parts and flat(self.parts[-1].text) == small:
                self.over.add(id(self.parts[-1]))
        elif tag == "pre" and not self.cell and not self.heading:
            self.flush()
            self.pre += 1
        elif tag in ("sup", "sub"):
            self.raised.append(len(self.lines[-1]))
        elif tag in ("b", "strong"):
            self.between, self.meeting = True, self.closed
        elif (
            _is_pressed(node)
            and not (self.cell or self.role)
            and _opened(_framed(node)) is not None
        ):
            self.boundary(tag)
            self.kind = self.kind or "question"
        elif tag not in _BLOCK_TAGS:
            self.between = tag not in _WITHIN_WORD
            self.meeting = self.between and self.closed
        else:
            self.boundary(tag)
            if tag == "table":
                self.data_tables.append(self.is_data(node))
                self.first_row, self.table_at = True, len(self.parts)
                self.reaching, self.above = {}, []
            elif tag == "tr" and self.data_tables and self.data_tables[-1] and not self.heading:
                self.row, self.lined = [], {}
                self.header = True
                self.reaching = {at: left - 1 for at, left in self.reaching.items() if left > 1}
                self.reached = frozenset(self.reaching)
            elif tag in ("td", "th") and self.row is not None:
                self.open_cell(node, tag)
            elif tag in _TIGHT_TAGS and not self.cell:
                self.glue = PARAGRAPH if self.first_item else LINE
                self.first_item = False
            elif tag in ("ul", "ol"):
                self.first_item = self.inside["li"] == 0
                self.numbers.append(_counted(node, self.drawn) if tag == "ol" else None)
                self.list_depth = _depth_in_google_list(node)
            counted = self.numbers[-1] if self.numbers else None
            if tag == "li" and counted is not None:
                number = counted.shown((node.attributes or {}).get("value") or "")
                self.number = "" if self.cell else number
                if self.cell:
                    self.lines.append([f"{number} "])
            elif tag == "li" and self.cell:
                self.lines.append([_ITEM])
            if tag in ("dt", "dd"):
                self.role = tag
            if tag in _KINDS and not self.cell:
                self.kind = "contents" if tag == "li" and _lists_places(node) else _KINDS[tag]
            elif tag in ("p", "div") and _CONTENTS_LINE.match(
                (node.attributes or {}).get("class") or ""
            ):
                self.kind = "contents"
        return True

    def unread(self, node: Any, tag: str) -> str | None:
        """Why an element is not read, "" for what no page shows; None when it is read."""
        if _is_page_number(node):
            return ""
        # The head of an article holds its title, the head of a page its logo; a box beside the page holds its menus, or news.
        read = tag in ("header", "aside") and (self.in_content() or _tells(node))
        # That of a section is no head of the page
        read = read or (tag == "header" and self.inside["section"] + self.inside["aside"] > 0)
        if tag in self.drop and not read:
            if tag == "header":
                self.page_header(node)
            if tag in _STRUCK:
                return "struck out"
            return "" if tag in NEVER_TEXT else self.menu_for(node)
        if node.mem_id in self.remarks:
            return self.remarks[node.mem_id]
        if node.mem_id in self.tabs:
            return _MENU
        if tag == "button" and not (self.unfolds(node) or _is_statement(node)):
            return "button"
        if node.mem_id in self.to_fill_in:
            return "button"
        if self.drop is not NEVER_TEXT and (
            (tag == "a" and _is_to_press(node)) or (tag == "label" and _names_contact_field(node))
        ):
            return "button"
        if self.drop is not NEVER_TEXT and (node.mem_id in self.contents or _opens_menu(node)):
            return _MENU
        if tag in _SIGN_TAGS and _is_picture_name(node):
            return ""
        if tag in _SIGN_TAGS and self.is_sign(node):
            return "button"
        if self.pressed and self.inside["summary"] and flat(_said(node)) in self.pressed:
            return "button"
        if tag == "a" and "#" in ((node.attributes or {}).get("href") or ""):
            said = _said(node)
            if said and _ANCHOR_SIGN.fullmatch(said):
                return "button"
            if _LEAP.fullmatch(_COUNTS.sub("", flat(said))):
                return _MENU
        return self.hidden_for(node, tag)

    def menu_for(self, node: Any) -> str | None:
        """Why a menu is not read; None where it tells how somebody is reached."""
        reached = node.css_first("a[href^='tel:'], a[href^='mailto:']") is not None
        if "header" not in self.drop or not (reached or is_reached(_said(node))):
            return _MENU
        if not self.menu:
            self.flush()
            self.menu, self.left_at = node.mem_id, len(self.left_out)
        return None

    def end_menu(self) -> None:
        """What is not read of a menu is told as one."""
        within = self.left_out[self.left_at :]
        self.left_out[self.left_at :] = [one for one in within if one.reason != _MENU]
        words = [*(one.text for one in within if one.reason == _MENU), self.reached_name]
        self.left_out.append(LeftOut(" ".join(words), 0, _MENU))
        self.menu, self.reached_name = 0, ""

    def is_beside(self, node: Any, tag: str) -> bool:
        """Whether an element is the foot of the page, or stands beside its text."""
        if self.in_content() or self.inside["section"]:
            return False
        names = (
            ((node.attributes or {}).get("class") or "").split()
            if tag in ("div", "section")
            else ()
        )
        named = tag in ("footer", "aside") or not _BESIDE_NAMES.isdisjoint(names)
        return named and not _holds(node, "h1, main, article")

    def in_content(self) -> bool:
        return self.inside["article"] > 0 or self.inside["main"] > 0

    def leave(self, node: Any) -> None:
        tag = self.tag(node)
        if node.mem_id == self.menu:
            self.flush()
            self.end_menu()
        if tag is None or tag.startswith("-"):
            return
        if tag in ("footer", "header", "aside"):
            self.boundary(tag)  # What stands in it at its end
        if tag == "aside" and self.asides:
            self.part_from(self.asides.pop())
        if tag == "details" or (tag == "li" and _is_asked_elsewhere(node)):
            self.boundary(tag)
            self.folded.append(len(self.parts))
        if node.mem_id == self.beside:
            self.boundary(tag)
            self.drop_empty_heading(0)
            self.beside = 0
            if self.beside_at < len(self.parts):
                self.parts[self.beside_at].apart = True
        self.inside[tag] -= 1
        if tag == "q":
            self.text(_quotes(node)[1])
        if tag == "a" and (reached := reached_by(node, _said(node))):
            self.text(f" ({reached})")
        if tag == "span" and (node.attributes or {}).get("class") == "akn-num":
            self.text(" ")
        if self.is_bold(node, tag) is not None:
            self.bold.pop()
        self.closed = tag not in _BLOCK_TAGS and tag not in _WITHIN_WORD
        self.between = self.between or self.closed
        if tag in _HEADINGS and self.heading and not self.cell:
            self.flush()
            self.heading = 0
        elif tag == "pre" and self.pre:
            self.flush()
            self.pre -= 1
        elif tag in ("sup", "sub") and self.raised:
            self.raise_from(self.raised.pop(), tag)
        elif tag in ("td", "th") and self.cell:
            self.close_cell(node)
        elif tag == "tr" and self.row is not None:
            self.row += self.held_from_above()
            if any(self.row):
                for row in [self.row] if self.header else rows_of_lines(self.row, self.lined):
                    glue = PARAGRAPH if self.first_row else LINE
                    self.parts.append(row_part(row, header=self.header, glue=glue))
                    self.first_row = False
            self.above, self.row = self.row, None
            self.glue = PARAGRAPH
        elif tag in _BLOCK_TAGS:
            self.boundary(tag)
            if tag in _KINDS and not self.cell:
                self.kind = None
            if tag == "table" and self.data_tables and self.data_tables.pop():
                name_columns(self.parts[self.table_at :])
            if tag in ("ul", "ol") and self.numbers:
                self.numbers.pop()
            if tag in ("ul", "ol", "dl", "table"):
                self.glue = PARAGRAPH

    def part_from(self, at: int) -> None:
        """What stands in an aside, from that part on, belongs to no answer above, but for what is said in it right below the question."""
        first = at and self.parts[at - 1]
        asks = first and (first.kind in ("heading", "question") or first.text.endswith("?"))
        if at < len(self.parts) and not asks:
            self.parts[at].apart = True

    def open_cell(self, node: Any, tag: str) -> None:
        assert self.row is not None
        # The corner over the names of rows is often a cell like any other
        is_corner = not self.row and _is_white(node.child) and _element(node.next) is not None
        self.header = self.header and (tag == "th" or self.inside["thead"] > 0 or is_corner)
        self.row += self.held_from_above()
        attributes: dict[str, str | None] = node.attributes or {}
        width, height = (
            min(_MAX_SPAN, max(1, int(value)))
            if (value := attributes.get(name) or "").isdecimal()
            else 1
            for name in ("colspan", "rowspan")
        )
        if height > 1:
            self.reaching.update(dict.fromkeys(range(len(self.row), len(self.row) + width), height))
        self.cell = width
        self.lines = [[]]

    def close_cell(self, node: Any) -> None:
        assert self.row is not None
        lines = ["".join(line) for line in self.lines]
        own = [flat(line) for line in lines if line.strip()]
        if len(own) > 1 and node.css_first("ul, ol, table") is None:
            self.lined[len(self.row)] = own
        text = in_cell([(line.removeprefix(_ITEM), line.startswith(_ITEM)) for line in lines])
        self.row += [text, *[""] * (self.cell - 1)]
        self.lines = [[]]
        self.cell = 0

    def held_from_above(self) -> list[str]:
        """The cell of the row above for each column, from here on, into which it reaches; prose is said once."""
        assert self.row is not None
        held: list[str] = []
        while (at := len(self.row) + len(held)) in self.reached:
            text = self.above[at] if at < len(self.above) else ""
            held.append(text if len(text) <= _MAX_REPEATED_CHARS else "")
        return held

    def is_bold(self, node: Any, tag: str) -> bool | None:
        """Whether an element sets its letters in bold, by its name or a style; None where it says nothing of it."""
        attributes: dict[str, str | None] = node.attributes or {}
        weight = _WEIGHT.search(attributes.get("style") or "")
        if weight is not None and tag not in ("a", "button"):
            return weight[1][0] in "bB6789"
        # Rules make buttons and labels of forms bold as well
        ruled = tag == "span" and node.mem_id in self.bolded
        return True if ruled or tag in ("b", "strong") else None

    def boundary(self, tag: str) -> None:
        if self.cell or self.heading:
            self.lines[-1].append(" ")
        elif self.pre:
            pass
        else:
            self.flush()

    def text(self, content: str) -> None:
        if self.row is not None and not self.cell:
            return
        # A browser makes one paragraph of them, who wrote them meant several
        paragraphs = [] if self.is_within() else _typed(content)
        for paragraph in paragraphs[:-1]:
            self.text(paragraph)
            self.flush()
        content = paragraphs[-1] if paragraphs else content
        if self.between and not (self.pre or self.raised) and self.lines[-1]:
            left = self.lines[-1][-1][-4:]
            apart = _APART + _MEETING if self.meeting else _APART
            if any(ends.search(left) and begins.match(content) for ends, begins in apart):
                self.lines[-1].append(" ")
        self.between = self.closed = self.meeting = False
        self.lines[-1].append(content)
        if self.inside["a"]:
            self.linked += len(flat(content))
            self.n_links += 1
        if not (self.is_loud() or content.isspace()):
            self.plain.add(len(self.lines) - 1)

    def is_within(self) -> bool:
        """Whether what comes is a part of something that is one: a cell, a heading, an item, a definition, a link, words in bold."""
        return bool(
            self.pre
            or self.cell
            or self.heading
            or self.raised
            or self.kind
            or self.is_loud()
            or self.inside["a"]
            or self.inside["dd"]
        )

    def is_loud(self) -> bool:
        """Whether what comes is in bold."""
        return bool(self.bold and self.bold[-1])

    def raise_from(self, at: int, tag: str) -> None:
        """What was said from there on stands above the line: 10⁶ is not 106."""
        if tag == "sup" and at <= len(self.lines[-1]):
            said = "".join(self.lines[-1][at:])
            self.lines[-1][at:] = [raised(said)]

    def flush(self) -> None:
        """What has been collected becomes a block."""
        if self.pre:
            text = "".join(piece for line in self.lines for piece in line).expandtabs(4)
        else:
            text = "\n".join(flat("".join(line)) for line in self.lines)
        lines = [(line, n not in self.plain) for n, line in enumerate(text.split("\n"))]
        self.lines = [[]]
        strong, self.plain = not self.plain, set()
        linked, self.linked = self.linked, 0
        n_links, self.n_links = self.n_links, 0
        if self.inside["footer"] and any(_is_of_rights(line) for line, _ in lines):
            rights = "\n".join(line for line, _ in lines if _is_of_rights(line))
            self.left_out.append(LeftOut(rights, 0, "whose page it is"))
            lines = [line for line in lines if not _is_of_rights(line[0])]
            text = "\n".join(line for line, _ in lines)
        drawn = is_ornament(text) and not _MONEY.fullmatch(text.strip())
        if not text.strip() or (self.is_bare() and drawn):
            return
        beside = self.beside > 0
        if beside and not self.heading and linked >= _MENU_LINK_SHARE * len(text):
            if not is_reached(text):
                self.left_out.append(LeftOut(text, 0, _MENU))
                return
        # Several links in a line, and nothing else, beside the text
        is_row = (
            n_links >= _LEAST_IN_MENU and linked >= len(_BETWEEN_LINKS.sub(" ", text)) - n_links
        )
        if is_row and self.is_bare() and not (self.in_content() or is_reached(text)):
            self.left_out.append(LeftOut(text, 0, _MENU))
            return
        inside = self.in_content() or self.inside["section"] or self.inside["aside"]
        framed = self.inside["header"] and "header" in self.drop and not inside
        framed = framed and not self.is_of_head(text, linked)
        if self.menu or (framed and self.heading != 1):
            told = (framed or self.inside["footer"] > 0) and _TELLS.search(text) is not None
            self.sift(text, told=told)
            return
        self.reached_name = ""
        number, self.number = self.number, ""
        if number and not self.heading and not self.pre:
            text = f"{number} {text}"
        # Pages that set whole paragraphs as headings would have no body.
        level = self.heading if len(text) <= 300 else 0
        if level and beside:
            level = self.level_beside(level)
        self.depth = level or self.depth
        first = not self.parts or self.parts[-1].kind == "heading"
        part = Part(text, level=level, glue=PARAGRAPH if first or level else self.glue)
        part.strong = strong and not level
        if not level and (self.pre or self.kind is not None):
            part.kind = "code" if self.pre else self.kind or "paragraph"
            depth = len(self.numbers) + self.list_depth
            part.level = max(1, depth) if part.kind == "item" else 0
            part.cells = (number,) if number and part.kind == "item" else ()
        if part.kind in ("paragraph", "code"):
            # Bold words in a list and in none of its items stand over them
            over = strong and not self.inside["li"]
            part.inside = 0 if over else len(self.numbers)
        self.kind = None
        self.glue = PARAGRAPH
        role, self.role = self.role, ""
        if role == "dt" and self.term is not None:
            self.term.text += f"\n{text}"  # Two names of one thing
            return
        if (
            role == "dd"
            and self.term is None
            and self.parts
            and self.parts[-1].kind == "definition"
        ):
            last = self.parts[-1]
            last.text += f"\n{text}"
            last.cells = (last.cells[0], f"{last.cells[1]}\n{text}")
            return
        if part.kind == "paragraph" and not (role or strong) and (named := parts_of_lines(lines)):
            self.parts += named
            return
        term, self.term = self.term, part if role == "dt" else None
        if term is not None and role == "dd" and not term.text.endswith("?"):
            term.kind, term.cells = "definition", (term.text, text)
            term.text = f"{term.text}\n{text}"
            return
        self.parts.append(part)
        if level and beside:
            self.beside_heading = part

    def is_of_head(self, text: str, linked: int) -> bool:
        """Whether what stands in the head of a page is of its own section there, below a heading below the title: "Edad", "4 a 15 años"."""
        if not self.inside["header"]:
            self.titled = self.told = False
            return False
        self.told = self.told or (self.titled and self.heading > 1)
        self.titled = self.titled or self.heading == 1
        of_section = self.told and linked < _MENU_LINK_SHARE * len(text)
        reached = self.reached_name or is_reached(text) or NAMES_REACHED.fullmatch(text)
        return of_section and not reached

    def is_bare(self) -> bool:
        """Whether what is collected is a paragraph of its own."""
        within = self.pre or self.heading or self.kind or self.number or self.role or self.menu
        return not within and self.drop is not NEVER_TEXT

    def level_beside(self, level: int) -> int:
        """The level of a heading beside the text of a page, where the first is of no section of that text; one above it with nothing below goes."""
        if self.beside_rise is None:
            self.beside_rise = max(0, level - 2)
        level = max(2, level - self.beside_rise)
        self.drop_empty_heading(level)
        return level

    def drop_empty_heading(self, level: int) -> None:
        """Leaves out a heading of that level or a deeper one over links that are not read."""
        last = self.parts[-1] if self.parts else None
        if last is not None and last is self.beside_heading and last.level >= level:
            self.left_out.append(LeftOut(self.parts.pop().text, 0, _MENU))

    def sift(self, text: str, *, told: bool) -> None:
        """Takes of what frames a page only how and when somebody is reached, below what names it, and what is ``told`` otherwise."""
        self.number, self.kind, self.role, self.term = "", None, "", None
        name, self.reached_name = self.reached_name, ""
        short = len(text) <= MAX_NAME_CHARS
        names = short and NAMES_REACHED.fullmatch(text) is not None
        named = NAMES_REACHED.fullmatch(name)
        reached = len(text) <= MAX_CHARS and is_reached(text)
        # Below "Address" any line is one
        below = named is not None and named[1] is not None and not (self.heading or names)
        if (reached or told or below) and len(self.sifted) < _MAX_REACHED_PARTS:
            last = self.parts[-1] if self.parts and self.sifted else None
            last = last if last is not None and last is self.sifted[-1] else None
            if last is not None and last.kind == "label" and reached and named is None:
                last.text += f"\n{text}"
                last.cells = (last.cells[0], f"{last.cells[1]}\n{text}")
                return
            glue = PARAGRAPH if last is None else LINE
            self.sifted.append(label_part(name, text) if name else Part(text, glue=glue))
            self.parts.append(self.sifted[-1])
            return
        if name:
            self.left_out.append(LeftOut(name, 0, _MENU))
        if names:
            self.reached_name = text
        else:
            self.left_out.append(LeftOut(text, 0, _MENU))

    def is_banner(self, node: Any, names: str) -> bool:
        """Whether what is named after cookies or consent asks for it, and is not what the page is about."""
        if node.tag in _HEADINGS or node.css_first("main, article, h1") is not None:
            return False
        if _OF_ASKING_PROGRAMS.search(names):
            return True
        if any(_CONSENTS.match(flat(one.text())) for one in node.css(_PRESSED)):
            return True
        if self.on_cookies and self.depth:
            return False
        said = node.text(separator=" ")
        if self.on_cookies:  # Above the title of a page about them
            return len(said) <= _MAX_TOP_BANNER_CHARS and _BANNER_NAMES.search(names) is not None
        asks = _ON_LEAVE.search(said) is not None and _ASKS_LEAVE.search(said) is not None
        return asks or _BANNER_NAMES.search(names) is not None

    def page_header(self, node: Any) -> None:
        found = node.css_first("h1")
        if found is not None:
            self.flush()
            self.parts.append(Part(flat(found.text()), level=1))

    def hidden_for(self, node: Any, tag: str) -> str | None:
        attributes: dict[str, str | None] = node.attributes or {}
        style = attributes.get("style")
        names = _named(attributes)
        named_struck = tag in _FORMATTING_OR_SPAN and _STRUCK_NAMES.search(names)
        ruled_struck = node.mem_id in self.struck or attributes.get("role") == "deletion"
        if ruled_struck or (style and _STRUCK_STYLE.search(style)) or named_struck:
            return "struck out"
        if style and _COMMENTS_STYLE.search(style):
            return "comment"
        if self.drop is NEVER_TEXT:
            return None
        if node.mem_id in self.banners:
            return "cookie banner"
        if not (attributes or self.inside["footer"]):
            return None
        if attributes.get("role") in _FURNITURE_ROLES:
            return self.menu_for(node)
        called = f"{names} {attributes.get('aria-label') or ''}"
        whole = tag in ("html", "body", "main", "article")
        if not whole and _COOKIES.search(called) and self.is_banner(node, called):
            return "cookie banner"
        if tag in _BANNER_TAGS and _asks_to_subscribe(node, names):
            return _MENU
        if tag in _MENU_TAGS and _ADVERTISEMENTS.search(called):
            return _MENU
        if _TRAIL.search(names) and tag in _MENU_TAGS and not _holds(node, _HEADED):
            return self.menu_for(node)
        named_menu = _MENUS.search(names) and tag in _MENU_TAGS
        if (named_menu or (self.inside["footer"] and tag in ("ul", "ol"))) and _is_of_links(node):
            return self.menu_for(node)
        if (
            self.menu
            and tag == "a"
            and not (is_reached(_said(node)) or reached_by(node, _said(node)))
        ):
            return None if _STOPS.search(flat(_said(node.parent))) else _MENU
        if tag == "a" and _BACK.fullmatch(flat(node.text())):
            return _MENU
        hidden = attributes.get("hidden") or "" if "hidden" in attributes else None
        if (
            (hidden is not None and hidden.lower() != "until-found")
            or attributes.get("aria-hidden") == "true"
            or (style and _HIDDEN_STYLE.search(style))
        ):
            return None if self.is_panel(node, names) else "hidden"
        if node.mem_id in self.hidden:
            # Only a script can open it, whatever stands over it
            opens = self.scripted or bool(_PANELS.search(names))
            opens = opens or attributes.get("id") in self.controlled
            return None if opens and self.is_panel(node, names) else "hidden"
        if style and self.is_unseen(node, style):
            return "hidden"
        # The marks MediaWiki puts between the words: [1], [edit]; and Word, for its comments: [A1].
        is_mark = (
            (tag == "sup" and "reference" in names.split())
            or "mw-editsection" in names
            or "MsoCommentReference" in names
        )
        return "" if is_mark else None

    def is_unseen(self, node: Any, style: str) -> bool:
        """Whether a style gives letters no size, or the colour of what is behind them."""
        if _NO_LETTERS.search(style):
            return not _holds(node, "[class], [style*=font]")
        own = _COLOUR.search(style)
        if own is None or _holds(node, "[class], [style*=color]"):
            return False
        behind = background(node)
        if behind is None:
            behind = "" if self.painted else WHITE
        return behind != "" and colour(own[1]) == behind

    def is_panel(self, node: Any, names: str) -> bool:
        """Whether what is hidden when the page opens is shown to who asks: by its name, by what opens it, or below its title."""
        attributes: dict[str, str | None] = node.attributes or {}
        if _PANELS.search(names) or attributes.get("role") in _PANEL_ROLES:
            return True
        if _is_of_links(node):
            return False
        is_controlled = attributes.get("id") in self.controlled
        if _POPUPS.search(f"{names} {attributes.get('role') or ''}"):
            # What a button opens tells more; what opens by itself may want something
            said = node.text(separator=" ")
            return (
                (is_controlled or _tells_matter(said, names))
                and _MESSAGES.search(names) is None
                and node.css_first(_FILLED_IN) is None
                and len(said.split()) >= _LEAST_STATEMENT_WORDS
            )
        if is_controlled:
            return _MESSAGES.search(names) is None
        if self.scripted and _MORE.search(names):
            return True
        title = node.prev
        while title is not None and title.tag == "-text":
            title = title.prev
        if title is None or _MESSAGES.search(names):
            return False
        return (
            title.tag in _HEADINGS
            or title.tag == "dt"
            or (title.tag == "button" and self.unfolds(title))
            or flat(title.text()).endswith("?")
            or (not self.inside["form"] and _heads(title))
        )

    def unfolds(self, node: Any) -> bool:
        """Whether a button is the title of a panel, and not something to press."""
        attributes: dict[str, str | None] = node.attributes or {}
        names = _named(attributes)
        return bool(
            self.heading
            or self.drop is NEVER_TEXT
            or "aria-expanded" in attributes
            or "data-bs-toggle" in attributes
            or attributes.get("data-toggle") == "collapse"
            or _UNFOLDS.search(names)
            or _is_title(node)
        )

    def is_sign(self, node: Any) -> bool:
        """Whether an element shows by a sign that what it stands beside can be unfolded."""
        child, around = node.child, node.parent
        alone = child is not None and child.next is None and _tag(child) == "-text"
        if not alone or around is None or not _SIGN.fullmatch(child.text_content or ""):
            return False
        after = node.next
        if after is not None and _tag(after) == "-text" and _SUM.match(after.text_content or ""):
            return False
        names = (node.attributes or {}).get("class") or ""
        return (
            self.inside["button"] + self.inside["summary"] > 0
            or _SIGN_NAMES.search(names) is not None
            or _said(around).rstrip(" +-−–▼▾⌄›▸►▶×").endswith("?")
        )

    def is_data(self, node: Any) -> bool:
        """A table of values, not one that only lays out the page."""
        attributes = node.attributes or {}
        if attributes.get("role") == "presentation" or self.cell:
            return False
        rows = _own_rows(node)
        cells = [cell for row in rows for cell in row]
        has_headers = any(_tag(cell) == "th" for cell in cells)
        is_nested = any(cell.css_first("table") is not None for cell in cells)
        if has_headers != is_nested:
            return has_headers
        if not is_nested and all(cell.css_first(_PROSE) is None for cell in cells):
            return True
        # A page that is laid out by a table has few cells with much in them
        return len([row for row in rows if len(row) > 1]) > 1 and all(
            len(flat(cell.text())) <= _MAX_VALUE_CHARS for cell in cells
        )
