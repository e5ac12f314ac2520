"""Where a question asks for a phone number, an e-mail or web address or a percentage, whether a quote has one.

Words about the phone resemble such a question as much as a number does, and a reader takes the one for the other. These four have
forms that cannot be missed, so that a quote without one does not answer.
"""

from __future__ import annotations

import re

from corpus import language

_ADDRESSES = (
    (
        r"(?:numero|num|n\.?[oº]) de (?:telefono|movil|celular|fax|whatsapp)"
        r"|(?:que|cual es el|cual es su|dame el|dime el) (?:telefono|celular|movil|fax|whatsapp)\b"
        r"|(?:phone|telephone|mobile|cell|fax|whatsapp) numbers?",
        r"\+?\d(?:[\s().\-/]{0,2}\d){4,}",
    ),
    (
        r"(?:direccion|cuenta) de (?:e-?mail|correo electronico)|(?:que|cual es el|cual es su|dame el|dime el) (?:e-?mail|correo)\b"
        r"|e-?mail address(?:es)?|what(?: is|'s) the (?:\w+ ){0,2}e-?mail\b",
        r"@|\bat\b.*\bdot\b",
    ),
    (
        r"(?:pagina|sitio|direccion) web|(?:web ?site|web) address|what(?: is|'s) the (?:\w+ ){0,2}(?:web ?site|url)\b",
        r"www\.|https?:|\w\.(?:com|org|net|edu|gob|gov|info|eu|[a-z]{2})\b",
    ),
    (
        r"que (?:porcentaje|tanto por ciento)|(?:what|which) percent(?:age)?",
        r"%|\bpor ?cien(?:to)?\b|\bper ?cent\b|\b(?:mitad|half|tercios?|thirds?|cuartos?|quarters?|total\w*|all|tod[oa]s)\b",
    ),
)
# As many digits as a phone number have accounts with their country or without, cards and dates
_OF_DIGITS = re.compile(
    r"(?<![^\W_])[a-z]{2}\d{2}(?:[ -]?[a-z0-9]{4}){3,7}(?:[ -]?[a-z0-9]{1,3})?(?![^\W_])"
    r"|(?<!\d)(?:\d{4}[ -]?\d{4}[ -]?\d{2}[ -]?\d{10}|\d{4}([ -])\d{4}\1\d{4}\1\d{4})(?!\d)"
    r"|(?<![\d.-])(?:\d{1,2}([./-])\d{1,2}\2\d{4}|\d{4}([./-])\d{1,2}\3\d{1,2})(?![./-]?\d)"
)
_ASKED = [(re.compile(rf"\b(?:{asked})"), re.compile(form)) for asked, form in _ADDRESSES]


def lacks_address(question: str, text: str) -> bool:
    """Whether a question asks for one of the four and the text has none."""
    asked = language.fold(question).replace("’", "'")
    form = next((form for asks, form in _ASKED if asks.search(asked)), None)
    return form is not None and form.search(_OF_DIGITS.sub(" ", language.fold(text))) is None
