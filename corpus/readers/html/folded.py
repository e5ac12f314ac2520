"""What of a web page is folded when it opens, and what unfolds it: panels and their titles, tabs, windows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from corpus.readers.draft import flat
from corpus.readers.html.elements import (
    BLOCK_TAGS,
    FILLED_IN,
    HEADED,
    HEADINGS,
    HIDDEN_STYLE,
    MAX_SPAN,
    MAX_TITLE_CHARS,
    Around,
    element_from,
    following,
    holds,
    is_of_links,
    is_white,
    is_within,
    names_of,
    said_in,
    tag_of,
)

# A panel that is folded when the page opens is text, unlike what is hidden for good.
_PANELS = re.compile(
    r"panel|accordion|acorde[oó]n|collaps|tab(?:s|-?content|-?pane)?(?:$|[\s_-])|faq|answer|respuesta|toggle|fold|expand|details"
    r"|plegable|desplegable",
    re.IGNORECASE,
)
# A card that is turned over: its back, what stands before that, and what is pressed to turn it
_BACKS = re.compile(r"(?:^|[\s_-])(?:back|reverso|dorso)(?:$|[\s_-])", re.IGNORECASE)
_FRONTS = re.compile(r"(?:^|[\s_-])(?:front|frente|anverso|cara)(?:$|[\s_-])", re.IGNORECASE)
_TURNS = re.compile(
    r"(?:^|[\s_-])(?:flip|voltear|girar|turn over|dar la vuelta)(?:$|[\s_-])", re.IGNORECASE
)
# What opens over the page and is closed again is no panel of it.
_POPUPS = re.compile(r"modal|dialog|popup|lightbox|overlay|menu|nav|search", re.IGNORECASE)
# … also one above the title that nothing hides but the style sheet of the site, with something to fill in and to close it by: below it such
# windows tell of the matter
_WINDOWS = re.compile(
    r"(?:^|[\s_-])(?:modal|pop-?up|lightbox|overlay|ventana)(?:$|[\s_-])", re.IGNORECASE
)
_CLOSERS: Final = (
    "[class*=close i], [id*=close i], [class*=cerrar i], [id*=cerrar i], [aria-label*=close i], [aria-label*=cerrar i], [onclick*=close i],"
    " [onclick*=cerrar i], [data-dismiss], [data-bs-dismiss]"
)
_MAX_WINDOW_CHARS: Final = 800
# The rest of a text, behind "Read more"
_MORE = re.compile(
    r"(?:^|[\s_-])(?:(?:read|leer|ver|see|show)[-_]?)?(?:more|m[aá]s)(?:$|[\s_-])", re.IGNORECASE
)
# What a page says when something has been done or left out is hidden below a title, too.
_MESSAGES = re.compile(
    r"error|invalid|success|[eé]xito|alert|warning|message|mensaje|tooltip|loading|spinner|template",
    re.IGNORECASE,
)
# The names by which programs hide an element until something is done, and those by which they show it on a wide screen all the same
_HIDING_NAMES: Final = frozenset({"hidden", "hide", "d-none", "is-hidden"})
_SHOWING_NAMES = re.compile(
    r"(?:^|\s)(?:(?:sm|md|lg|xl|2xl):(?!hidden)|d-(?:sm|md|lg|xl|xxl)-(?!none))\w"
)
# What floats over the page for a moment, and what is said below a field that is filled in wrong
_NOTICES = re.compile(
    r"(?:^|\s)(?:(?:toast|snackbar)(?:$|\s|[_-](?:msg|message|mensaje|text|body|container|notification|notice)(?:$|\s))|(?:in)?valid-(?:feedback|tooltip)(?:$|\s))",
    re.IGNORECASE,
)
_MAX_NOTICE_CHARS: Final = 150
_ERRORS = re.compile(r"(?:^|[\s_-])err(?:or)?s?(?:$|[\s_-])", re.IGNORECASE)
# What a form says when it has been sent, by its name and its words
_ANSWERS = re.compile(
    r"(?:^|[\s_-])(?:success|[eé]xito|ok|sent|enviado|thanks?|gracias|confirm\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    r"\W*(?:(?:muchas )?gracias\b|(?:many )?thank(?:s| you)\b|(?:mensaje|datos|solicitud|formulario)\b.{0,20}\b(?:enviad|guardad|recibid)[oa]s?\b"
    r"|(?:message|data|form|request|application)\b.{0,20}\b(?:sent|saved|received|submitted)\b)",
    re.IGNORECASE,
)
_LOADS = re.compile(r"(?:loading|cargando)\W*", re.IGNORECASE)
# A basket with nothing in it
_BASKETS = re.compile(
    r"(?:^|[\s_-])(?:mini-?)?(?:cart|carrito|cesta|basket|bag|bolsa)(?:$|[\s_-])", re.IGNORECASE
)
_IS_EMPTY = re.compile(
    r"\b(?:carrito|cesta|bolsa|cart|basket|bag)\b[^.?¿]{0,40}\b(?:vac[ií][oa]|empty)\b"
    r"|\b(?:no hay (?:productos|art[ií]culos)|no (?:products|items))\b[^.?¿]{0,30}\b(?:carrito|cesta|bolsa|cart|basket|bag)\b",
    re.IGNORECASE,
)
_MAX_BASKET_CHARS: Final = 300
_TITLES = re.compile(
    r"(?:^|[\s_-])(?:title|t[ií]tulo|head(?:er|ing)?|q|question|pregunta|trigger)(?:$|[\s_-])",
    re.IGNORECASE,
)
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
_PANEL_ROLES: Final = frozenset({"tabpanel", "region"})
# A sign beside what is folded, not a word of it: "¿Cuánto cuesta? +"
_SIGN = re.compile(r"\s*[+＋➕➖⊕−–×✕▼▾▽⌄˅∨›❯▸►▶-]\s*")
# Before a number it is the sign of that: "+3 €"
_SUM = re.compile(r"\s*[$€£]?\d")
_MAX_SUMMARY_NODES: Final = 40
SIGN_TAGS: Final = frozenset({"span", "i", "b", "em", "strong", "small", "div"})
_SIGN_NAMES = re.compile(r"icon|toggle|arrow|chevron|caret|sign|plus|indicator", re.IGNORECASE)


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
    ".tabbed-labels > label, [data-tab]"
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
    ][:MAX_SPAN]
    by_id = {node.attributes["id"]: node for node in panels if node.attributes.get("id")}
    labelled = {name: node for node in panels if (name := node.attributes.get("aria-labelledby"))}
    named = _panels_by_data(root)
    titled: dict[int, str] = {}
    shown: set[int] = set()
    over: dict[int, set[int]] = {}
    loose: dict[int, list[Any]] = {}
    for tab in root.css(_TABS) if panels or named else ():
        panel = labelled.get(tab.attributes.get("id") or "") or named.get(tab.mem_id)
        for name in _controlled_by(tab):
            panel = panel or by_id.get(name)
        said = flat(said_in(tab))
        # Slides of a show have numbers only
        if len(said) > MAX_TITLE_CHARS or not any(map(str.isalpha, said)) or tab.tag in HEADINGS:
            continue
        if panel is None:
            if tab.attributes.get("role") == "tab" or tab.tag == "label":
                loose.setdefault(tab.parent.mem_id, []).append(tab)
            continue
        after = following(tab)
        if after is not None and after.mem_id == panel.mem_id:
            over.setdefault(panel.mem_id, set()).add(tab.mem_id)  # As in an accordion
        elif not is_within(tab, panel):
            titled.setdefault(panel.mem_id, said)
            shown.add(tab.mem_id)
    shown.update(*(over.get(panel, ()) for panel in titled))
    for tabs in loose.values():
        # Without names they go together in their order
        around = tabs[0].parent.parent
        beside = {node.mem_id for node in around.css(_TAB_PANELS)} if around is not None else set()
        own = [node for node in panels if node.mem_id in beside and node.mem_id not in titled]
        own = own if len(own) <= _MAX_TABS else []
        own = [node for node in own if not any(is_within(other, node) for other in own)]
        if len(own) == len(tabs):
            titled |= {node.mem_id: flat(said_in(tab)) for node, tab in zip(own, tabs, strict=True)}
            shown.update(tab.mem_id for tab in tabs)
    return titled, frozenset(shown)


def _panels_by_data(root: Any) -> dict[int, Any]:
    """The panel of each tab whose data name it, whatever it is called: those of several tabs side by side stand side by side, and have the
    names of the tabs for their ids, or as the ends of these."""
    groups: dict[int, list[Any]] = {}
    for tab in root.css("[data-tab]")[:_MAX_TABS]:
        groups.setdefault(tab.parent.mem_id, []).append(tab)
    groups = {at: tabs for at, tabs in groups.items() if len(tabs) > 1}
    nodes = root.css("[id]")[:_MAX_CLICKED] if groups else []
    by_id = {node.attributes["id"] or "": node for node in nodes}
    found: dict[int, Any] = {}
    for tabs in groups.values():
        names = [tab.attributes["data-tab"] or "" for tab in tabs]
        ids = [_id_named(name, by_id) for name in names]
        panels = [by_id[own] for own in ids if own]
        beside = {panel.parent.mem_id for panel in panels}
        if len(set(ids)) == len(panels) == len(tabs) and len(beside) == 1:
            found |= {tab.mem_id: panel for tab, panel in zip(tabs, panels, strict=True)}
    return found


def _id_named(name: str, by_id: Mapping[str, Any]) -> str:
    """The only id that is a name or ends in it; "" where there is none."""
    ends = [own for own in by_id if name and own.endswith((f"-{name}", f"_{name}"))]
    if name in by_id:
        return name
    return ends[0] if len(ends) == 1 else ""


def _controlled_by(tab: Any) -> list[str]:
    """The ids of what an element, or the only link in it, may show when it is pressed."""
    found: list[str] = []
    for node in (tab, tab.css_first("a")):
        attributes = {} if node is None else node.attributes
        found += [(attributes.get(name) or "").removeprefix("#") for name in _CONTROLS]
        found += _QUOTED_NAME.findall(attributes.get("onclick") or "")
    return list(filter(None, found))


def _alike(summaries: Sequence[Any]) -> frozenset[str]:
    """What each of several summaries says in an element of its own: what is to be pressed, "Show all"."""
    said = [_said_within(node) for node in summaries]
    shared = set.intersection(*said) if len(said) > 1 else set[str]()
    return frozenset(one for one in shared if one)


def _said_within(summary: Any) -> set[str]:
    """What the elements in a summary say, each by itself, of one that is no text of its own."""
    whole = flat(said_in(summary))
    if len(whole) > MAX_TITLE_CHARS:
        return set()
    return {flat(said_in(one)) for one in summary.css("*")[:_MAX_SUMMARY_NODES]} - {whole}


# What may hold a button and, below it, what the button opens.
_BOX_TAGS: Final = frozenset({"div", "li", "section", "article"})


def _heads(node: Any) -> bool:
    """Whether an element that is no heading is the title of what follows it: it is short, and is pressed, or is nothing but a heading
    or bold words, or is named so."""
    said = flat(said_in(node))
    if not said or len(said) > MAX_TITLE_CHARS or said[-1] in ".!,;" or node.tag == "button":
        return False
    attributes: dict[str, str | None] = node.attributes or {}
    if node.tag == "label" or "onclick" in attributes or attributes.get("role") == "button":
        return True
    if node.tag == "a" and (attributes.get("href") or "#").startswith(("#", "javascript:")):
        return True
    inner = node.css_first("h1, h2, h3, h4, h5, h6, strong, b")
    whole = inner is not None and flat(said_in(inner)) == said
    names = names_of(attributes)
    return whole or _TITLES.search(names) is not None


def is_pressed(node: Any) -> bool:
    """Whether an element is a button, or opens and folds something as one."""
    attributes: dict[str, str | None] = node.attributes or {}
    return node.tag == "button" or (
        attributes.get("role") == "button" and "aria-expanded" in attributes
    )


def opened_by(button: Any) -> Any:
    """The block right after a button, which it may be the title of: with text, and nothing to fill in; else None."""
    block = element_from(button.next)
    if block is None or block.tag not in BLOCK_TAGS or block.tag == "form":
        return None
    empty = not block.text().strip() or block.css_first(FILLED_IN) is not None
    return None if empty or is_of_links(block) else block


# What holds a button alone is its frame.
_FRAMES: Final = frozenset({"div", "header", "p", "span", "dt"})


def framed(button: Any) -> Any:
    """What stands in the page for a button: the outermost of the elements that hold nothing but it, or itself."""
    box = button
    while box.parent.tag in _FRAMES and is_white(box.next) and is_white(box.prev, after=False):
        box = box.parent
    return box


def _button_of(element: Any) -> Any:
    """The button that an element is or holds alone; else None."""
    found = element if element is None or element.tag == "button" else element.css_first("button")
    return found if found is not None and framed(found).mem_id == element.mem_id else None


def _is_title(button: Any) -> bool:
    """Whether a button that nothing else tells from those to press is the title of the block after it: by asking, by its class, by naming
    that block, or beside another such title. "Add", below each product and above the next, is none."""
    whole = framed(button)
    box = whole.parent
    block = opened_by(whole)
    said = flat(said_in(button))
    if block is None or not any(map(str.isalpha, said)):
        return False
    attributes: dict[str, str | None] = button.attributes or {}
    own = attributes.get("aria-controls")
    if (
        said.endswith("?")
        or whole.tag == "dt"
        or _FOLDS.search(names_of(attributes))
        or (own and own == (block.attributes or {}).get("id"))
    ):
        return True
    others = [element_from(block.next)]
    before = element_from(whole.prev, after=False)
    first = element_from(box.child)
    if before is not None:
        others.append(element_from(before.prev, after=False))
    elif box.tag in _BOX_TAGS and first is not None and first.mem_id == whole.mem_id:
        boxes = (element_from(box.next), element_from(box.prev, after=False))
        others += [element_from(one.child) for one in boxes if one is not None]
    buttons = [_button_of(one) for one in others]
    titles = [one for one in buttons if one is not None and opened_by(framed(one))]
    return bool(titles) and all(flat(said_in(one)) != said for one in titles)


def _tells_matter(said: str, names: str) -> bool:
    """Whether a window that nothing on the page is seen to open has a sentence, and asks for nothing."""
    asks = _BARS.search(names) is not None or _WANTS.search(f"{names} {said}") is not None
    return not asks and _SENTENCE.search(said) is not None


def _is_statement(button: Any) -> bool:
    """Whether a button holds a paragraph that says something, as a card that turns over does."""
    inner = button.css_first("p, li")
    said = "" if inner is None else flat(said_in(inner))
    return said[-1:] == "." and len(said.split()) >= _LEAST_STATEMENT_WORDS


_LEAST_STATEMENT_WORDS: Final = 6


class Folded:
    """Parts of a page that are folded when it opens; ``hidden``: the elements that a style sheet hides, ``whole``: that any button is read as
    a title."""

    def __init__(self, root: Any, hidden: frozenset[int], *, whole: bool) -> None:
        self._hidden, self._whole = hidden, whole
        self._controlled = _controlled(root)
        self._scripted = root.css_first("script, [onclick]") is not None
        # What is said of fields when they are filled in wrong
        self._on_fields = {
            name
            for node in root.css("[aria-describedby], [aria-errormessage]")[:MAX_SPAN]
            for key in ("aria-describedby", "aria-errormessage")
            for name in (node.attributes.get(key) or "").split()
        }
        # What all summaries say beside their own words
        self._pressed = _alike(root.css("summary")[:MAX_SPAN])
        self.tab_titles, self._tabs = _tabs(root)

    def is_tab(self, node: Any) -> bool:
        """Whether an element shows the title of a tab, which is read where that is."""
        return node.mem_id in self._tabs

    def is_only_pressed(self, button: Any, around: Around) -> bool:
        """Whether a button is neither the title of a panel nor says something itself."""
        return not (self._unfolds(button, around) or _is_statement(button))

    def is_sign(self, node: Any, tag: str, around: Around) -> bool:
        """Whether an element only shows that what it stands beside can be unfolded."""
        if tag in SIGN_TAGS and _is_sign(node, around):
            return True
        return bool(
            self._pressed and around.inside["summary"] and flat(said_in(node)) in self._pressed
        )

    def is_unsaid(self, node: Any) -> bool:
        """Whether an element says nothing until something has been done: what a form or a shop answers, a basket that is empty."""
        attributes: dict[str, str | None] = node.attributes or {}
        names = names_of(attributes)
        if not names.strip() or node.css_first("h1, main, article") is not None:
            return False
        if _MESSAGES.search(names) and not _HIDING_NAMES.isdisjoint(names.split()):
            return _SHOWING_NAMES.search(names) is None
        if attributes.get("id") in self._on_fields and _ERRORS.search(names):
            return True
        if self._scripted and _ANSWERS.search(names) and _answers_form(node):
            return True
        if self._scripted and _NOTICES.search(names):
            said = flat(said_in(node))
            figures = any(map(str.isdigit, said))
            return len(said) <= _MAX_NOTICE_CHARS and not (figures or holds(node, HEADED))
        if self._scripted and _MESSAGES.search(names) and _LOADS.fullmatch(flat(said_in(node))):
            return True
        if _BASKETS.search(names):
            said = flat(said_in(node))
            short = len(said) <= _MAX_BASKET_CHARS and "?" not in said
            return short and _IS_EMPTY.search(said) is not None
        return False

    def is_closed(self, node: Any, around: Around) -> bool:
        """Whether an element is not seen when the page opens."""
        above = not (around.depth or self._whole)
        hidden = node.mem_id in self._hidden or _is_hidden(node.attributes or {})
        return hidden or (above and _is_window(node)) or _opens_later(node) or _is_for_ears(node)

    def opens(self, node: Any, around: Around) -> bool:
        """Whether an element that :meth:`is_closed` is shown to who asks for it."""
        attributes: dict[str, str | None] = node.attributes or {}
        names = names_of(attributes)
        # What a style sheet hides only a script can open, whatever stands over it
        opened = _is_hidden(attributes) or self._scripted or _PANELS.search(names) is not None
        opened = opened or attributes.get("id") in self._controlled
        return opened and self._is_panel(node, names, around)

    def _is_panel(self, node: Any, names: str, around: Around) -> bool:
        """Whether what is hidden when the page opens is shown to who asks: by its name, by what opens it, or below its title."""
        attributes: dict[str, str | None] = node.attributes or {}
        if _PANELS.search(names) or attributes.get("role") in _PANEL_ROLES:
            return True
        if is_of_links(node):
            return False
        if _is_back(node, names):
            return True
        is_controlled = attributes.get("id") in self._controlled
        if _POPUPS.search(f"{names} {attributes.get('role') or ''}"):
            # What a button opens tells more; what opens by itself may want something
            said = node.text(separator=" ")
            return (
                (is_controlled or _tells_matter(said, names))
                and _MESSAGES.search(names) is None
                and node.css_first(FILLED_IN) is None
                and len(said.split()) >= _LEAST_STATEMENT_WORDS
            )
        if is_controlled:
            return _MESSAGES.search(names) is None
        if self._scripted and _MORE.search(names):
            return True
        title = node.prev
        while title is not None and title.tag == "-text":
            title = title.prev
        if title is None or _MESSAGES.search(names):
            return False
        return (
            title.tag in HEADINGS
            or title.tag == "dt"
            or (title.tag == "button" and self._unfolds(title, around))
            or flat(title.text()).endswith("?")
            or (not around.inside["form"] and _heads(title))
        )

    def _unfolds(self, node: Any, around: Around) -> bool:
        """Whether a button is the title of a panel, and not something to press."""
        attributes: dict[str, str | None] = node.attributes or {}
        names = names_of(attributes)
        return bool(
            around.heading
            or self._whole
            or "aria-expanded" in attributes
            or "data-bs-toggle" in attributes
            or attributes.get("data-toggle") == "collapse"
            or (_UNFOLDS.search(names) and not _turns(node, names))
            or _is_title(node)
        )


def _is_back(node: Any, names: str) -> bool:
    """Whether an element is the back of a card, right behind its front."""
    front = element_from(node.prev, after=False)
    beside = front is not None and front.tag == node.tag and _BACKS.search(names) is not None
    return beside and _FRONTS.search(names_of(front.attributes or {})) is not None


def _answers_form(node: Any) -> bool:
    """Whether an element in a form, or beside one, says that this has been sent."""
    said = flat(said_in(node))
    if len(said) > 2 * _MAX_NOTICE_CHARS or not _ANSWERED.match(said):
        return False
    beside = node.parent.css_first("form") is not None
    while node is not None and node.tag != "form":
        node = node.parent
    return beside or node is not None


def _turns(button: Any, names: str) -> bool:
    """Whether a button turns a card over."""
    return _TURNS.search(f"{names} {flat(said_in(button))}") is not None


def _is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element is hidden by what itself says."""
    hidden = attributes.get("hidden") or "" if "hidden" in attributes else None
    return bool(
        (hidden is not None and hidden.lower() != "until-found")
        or attributes.get("aria-hidden") == "true"
        or HIDDEN_STYLE.search(attributes.get("style") or "")
    )


_FOR_EARS: Final = frozenset(
    "sr-only screen-reader-text screen-reader-only visually-hidden visuallyhidden".split()
)
_ANNOUNCED_TAGS: Final = frozenset("h2 h3 h4 h5 h6 label legend p div".split())


def _is_for_ears(node: Any) -> bool:
    """Whether an element is only read aloud, and names what is to be pressed or filled in: a label, or a line with a colon at its end, "Jump to:",
    or over a menu or a field."""
    names = ((node.attributes or {}).get("class") or "").split()
    if node.tag not in _ANNOUNCED_TAGS or _FOR_EARS.isdisjoint(names):
        return False
    if node.tag in ("label", "legend") or flat(said_in(node)).endswith(":"):
        return True
    after = element_from(node.next)
    return after is not None and (
        after.tag in ("form", "nav", "input", "select", "button") or is_of_links(after)
    )


def _opens_later(node: Any) -> bool:
    """Whether an element is a window of Elementor's, which a script takes out of the page."""
    return "elementor-location-popup" in ((node.attributes or {}).get("class") or "")


def is_named_window(node: Any) -> bool:
    """Whether an element is called one that opens over the page."""
    return _WINDOWS.search(names_of(node.attributes or {})) is not None


def _is_window(node: Any) -> bool:
    """Whether an element opens over the page, asks for something to be filled in, and is closed again."""
    if not is_named_window(node):
        return False
    asks = node.css_first(FILLED_IN) is not None and node.css_first(_CLOSERS) is not None
    return asks and len(flat(said_in(node))) <= _MAX_WINDOW_CHARS and not holds(node, "h1, main")


def _is_sign(node: Any, around: Around) -> bool:
    """Whether an element shows by a sign that what it stands beside can be unfolded."""
    child, beside = node.child, node.parent
    alone = child is not None and child.next is None and tag_of(child) == "-text"
    if not alone or beside is None or not _SIGN.fullmatch(child.text_content or ""):
        return False
    after = node.next
    if after is not None and tag_of(after) == "-text" and _SUM.match(after.text_content or ""):
        return False
    names = (node.attributes or {}).get("class") or ""
    return (
        around.inside["button"] + around.inside["summary"] > 0
        or _SIGN_NAMES.search(names) is not None
        or said_in(beside).rstrip(" +-−–▼▾⌄›▸►▶×").endswith("?")
    )
