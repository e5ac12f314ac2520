"""How somebody is reached, and when, in the words of a web page: numbers to dial, addresses, hours, and what stands behind links."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import unquote

# How somebody is reached, and when: numbers to dial, addresses, hours
_DIALLED = re.compile(r"(?<![\w.,$€£/-])\+?\(?\d[\d() ./-]{5,18}\d(?![\w/-]|[.,]\d|\s?[€$£])")
# … and what is written with the same signs
_YEAR: Final = r"(?:19|20)\d\d(?:[-/–]\d\d)?"
_DATED = re.compile(
    rf"{_YEAR}(?:[\s,/–-]+{_YEAR})*|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?:\W.*)?|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{4}}(?:\W.*)?"
)
_WEEKDAY: Final = (
    r"(?:lun(?:es)?|mar(?:tes)?|mi[eé](?:rcoles)?|jue(?:ves)?|vie(?:rnes)?|s[aá]b(?:ados?)?|dom(?:ingos?)?|festivos"
    r"|(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:days?)?|weekdays|weekends?|holidays)\b"
)
_REACHED = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|[\[(](?:at|arroba)[\])])\s?\w[\w-]*\.\w"
    r"|\b(?:tel(?:[eé]fonos?|ephone|[eé]f)?|tfno|t[lf][fn]|phone|fax|call(?: us)?|ll[aá]m\w+|m[oó]vil|mobile|cell|celular|whats ?app"
    r"|urgencias|emergenc\w+|p\.? ?o\.? box|apartado(?: postal| de correos)?)\b\W{0,3}(?:(?:a|al|on|at|de|en|us|is)\W+){0,2}\d{2}"
    # Hours
    rf"|\b{_WEEKDAY}.{{0,40}}(?:\d{{1,2}}[:.h]\d\d|\d ?(?:[ap]\.? ?m\b|h(?:rs|oras)?\b)|cerrado|closed|\bby appointment|cita previa"
    r"|\b\d{1,2} ?(?:-|–|a|to|y) ?\d{1,2}\b)"
    r"|\b\d{1,2}(?:[:.h]\d\d)? ?(?:[ap]\.? ?m\.?|h(?:rs|oras)?\b\.?)? ?(?:-|–|—|a|to|until|hasta) ?(?:las )?\d{1,2}"
    r"(?:[:.h]\d\d|(?::\d\d)? ?(?:[ap]\.? ?m\b|h(?:rs|oras)?\b))"
    r"|\b24 ?(?:h\b|horas|hours|/ ?7)"
    rf"|\b(?:cerrad\w+|closed)\W+(?:los |el |on )?{_WEEKDAY}"
    # Streets
    r"|(?:\b(?:calle|avda|av|avenida|plaza|pza|plza|paseo|p\.º|carretera|ctra|camino|ronda|traves[ií]a|glorieta|pol[ií]gono|carrera|cra|jir[oó]n|jr"
    r"|pasaje|rambla|calzada|bulevar|cuesta|apdo)\b|\bc/)\.? ?\D{1,60}\d"
    r"|\b\d{2,4} ?m(?:etros|ts?)?\.? (?:al )?(?:norte|sur|este|oeste)\b"
    r"|\b\d{1,5}[A-Za-z]?,? (?:[\w.'’]+ ){0,4}(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|square|sq|court|ct|place|pl|highway|hwy"
    r"|parkway|pkwy|terrace|close|crescent|quay|row|hill|way|route)\b"
    # Codes of places: 28001 Madrid, MN 55354, LS1 4AP
    r"|\b\d{5} (?-i:[A-ZÁÉÍÓÚÑ][a-záéíóúñ]{2})|\b(?-i:[A-Z]{2}),? \d{5}\b|\bC\.? ?P\.? ?\d{4,5}\b|\b(?-i:[A-Z]{1,2}\d[\dA-Z]? \d[A-Z]{2})\b",
    re.IGNORECASE,
)
_NAMES_PLACE_OR_HOURS: Final = (
    r"direcci[oó]n|address|domicilio|ubicaci[oó]n|location|d[oó]nde (?:estamos|encontrarnos)|(?:find|visit) us|where we are|vis[ií]t[ae]nos"
    r"|horarios?|hours|opening times|abrimos|sede"
)
NAMES_REACHED = re.compile(
    rf"\W*(?:\w+ ){{0,3}}(?:({_NAMES_PLACE_OR_HOURS})|tel[eé]fonos?|telephone|tel|tfno|tlf|phone|fax|e-?mail|correo(?: electr[oó]nico)?|mail"
    r"|contact(?:o|os|anos|e|enos)?|cont[aá]ct[ae]nos|ll[aá]m[ae]nos|call|whats ?app|m[oó]vil|mobile|cell|celular|urgencias|emergenc\w+)"
    r"(?: [\wáéíóúñ]+){0,3}\W*",
    re.IGNORECASE,
)
"""What names a number, an address or hours, as all of a line; its group 1, where there is one: that any line below is what it names."""

MAX_NAME_CHARS: Final = 40
"""A longer line names nothing."""

MAX_CHARS: Final = 400
"""A longer text is no line to reach somebody by."""


def is_reached(text: str) -> bool:
    """Whether a text tells a number to dial, an address or hours."""
    if _REACHED.search(text) is not None:
        return True
    return any(
        7 <= sum(map(str.isdigit, number)) <= 15
        and _DATED.fullmatch(number.strip("() ")) is None
        and re.search(r"\d{3}", number)
        for number in _DIALLED.findall(text)
    )


_WRITES_TO = re.compile(r"mailto:\s*([^\s?&,;]+@[^\s?&,;]+)", re.IGNORECASE)
_DIALS = re.compile(
    r"(?:tel:/{0,2}|(?:https?:)?//(?:wa\.me/|api\.whatsapp\.com/send/?\?phone=))(\+?[\d() .-]{5,20}\d)",
    re.IGNORECASE,
)
_LEAST_DIALLED_DIGITS: Final = 5


def reached_by(link: Any, said: str) -> str:
    """The address or the number that a link, which says ``said``, writes to or dials and does not say; "" for another link."""
    return reached_at((link.attributes or {}).get("href") or "", said)


def reached_at(href: str, said: str) -> str:
    """As :func:`reached_by`, of a link to ``href``."""
    href = unquote(href)
    writes, dials = _WRITES_TO.match(href), _DIALS.match(href)
    if not said.strip():
        return ""
    if writes is not None and "@" not in said:
        return writes[1]
    if dials is not None and sum(map(str.isdigit, said)) < _LEAST_DIALLED_DIGITS:
        return dials[1]
    return ""


_SHOWS_PLACE = re.compile(
    r"(?:https?:)?//(?:[\w.]*\bgoogle\.[a-z.]{2,6}/maps|maps\.google\.|maps\.app\.goo\.gl|goo\.gl/maps|maps\.apple\.com|(?:www\.)?openstreetmap\.org"
    r"|(?:www\.)?waze\.com)|geo:",
    re.IGNORECASE,
)


def is_place(link: Any, said: str) -> bool:
    """Whether a link, which says ``said``, shows a place on a map and says its address, which has a number."""
    shows = _SHOWS_PLACE.match((link.attributes or {}).get("href") or "") is not None
    return shows and len(said) <= MAX_CHARS and any(map(str.isdigit, said))


_OF_DOCUMENT = re.compile(
    r"\W*(?:download|desc[aá]rg\w+)\b|.*\b(?:pdf|docx?|xlsx?|odt|ods|pptx?)\b", re.IGNORECASE
)
# What may be said of any document
_OF_ANY_DOCUMENT: Final = frozenset(
    "download descargar descarga descargue view ver see open abrir abra get obtener read leer save guardar click clic haga here aquí print imprimir in en the el"
    " la los las this este esta our your a an un una of de del to for para as como file fichero archivo document documento version versión now ahora free gratis"
    " full completo complete and y kb mb pdf doc docx xls xlsx odt ods ppt pptx app format formato".split()
)


def names_document(said: str) -> bool:
    """Whether a link says which document it leads to: "Download the petition (PDF)", and not only "Download PDF"."""
    return _OF_DOCUMENT.match(said) is not None and not is_any_document(said)


def is_any_document(said: str) -> bool:
    """Whether a link says nothing of which document it leads to: "Open", "Download PDF"."""
    return _OF_ANY_DOCUMENT.issuperset(re.findall(r"[^\W\d_]+", said.lower()))


def veiled_address(node: Any) -> str:
    """The address that a page hides from machines as Cloudflare does: each byte altered by the first; "" where there is none."""
    try:
        key, *letters = bytes.fromhex((node.attributes or {}).get("data-cfemail") or "")
        return bytes(key ^ letter for letter in letters).decode()
    except ValueError:
        return ""
