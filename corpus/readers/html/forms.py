"""What forms in a web page say, and which of their fields are to be filled in."""

from __future__ import annotations

import re
from typing import Any, Final

from corpus.readers.draft import flat
from corpus.readers.html.elements import (
    FILLED_IN,
    MAX_SPAN,
    NEVER_TEXT,
    element_from,
    holds,
    said_in,
)

# What is to be filled in to write to whose page it is, and what stands around it
_CONTACT_FIELD = re.compile(
    r"\W*(?:(?:tu|su|your|the) )?(?:nombres?|apellidos?|nombre(?: y|,)? apellidos?|nombre completo|(?:first |last |full )?name|surname|e-?mail(?: address)?"
    r"|correo(?: electr[oó]nico)?|(?:n[uú]mero de )?tel[eé]fono|(?:tele)?phone(?: number)?|mensaje|message|asunto|subject|comentarios?|comments?)\W*",
    re.IGNORECASE,
)
_WRITTEN_IN: Final = frozenset({"", "text", "number", "email", "tel", "date", "time", "url"})


def filled_in(node: Any, tag: str) -> str:
    """What stands in a field of a form when the page opens."""
    attributes: dict[str, str | None] = node.attributes or {}
    if tag == "input":
        written = (attributes.get("type") or "").lower() in _WRITTEN_IN
        return flat(attributes.get("value") or "") if written else ""
    if tag == "select":
        return ", ".join(flat(option.text()) for option in node.css("option[selected]"))
    return flat(node.text())


def names_contact_field(label: Any) -> bool:
    """Whether a label is of a field for a name, an address or a message, beside that field."""
    if not _CONTACT_FIELD.fullmatch(flat(said_in(label))):
        return False
    return label.parent is not None and label.parent.css_first(FILLED_IN) is not None


_SENDS: Final = "button, [type=submit], [type=image], [type=button]"
_TYPED_IN: Final = _WRITTEN_IN | {"search", "password", "file", "datetime-local", "month", "week"}
_NOT_FILLED_IN: Final = frozenset({"hidden", "submit", "button", "image", "reset"})
_SAYS_MORE: Final = "h1, h2, h3, h4, h5, h6, table, main, article"
_UNSAID: Final = NEVER_TEXT | {"option", "optgroup", "button"}
# A sentence, a date, an hour, a price
_TOLD = re.compile(r"[.!?…](?:\s|\Z)|\d\d|[$€£]")
_MAX_ASKING_CHARS: Final = 200
_MAX_FIELD_NAME_CHARS: Final = 60
_MAX_FIELD_NAME_WORDS: Final = 8


def to_fill_in(root: Any) -> frozenset[int]:
    """The labels that name a field of a form that is to be sent, and those fields, where nothing is filled in."""
    found: set[int] = set()
    for form in root.css("form")[:MAX_SPAN]:
        fields = form.css(FILLED_IN) if form.css_first(_SENDS) is not None else []
        by_id = {node.attributes.get("id"): node for node in fields}
        for label in form.css("label") if fields else ():
            number = label.attributes.get("for")
            inner = label.css_first(FILLED_IN)
            beside = inner if inner is not None else element_from(label.next)
            field = by_id.get(number) if number else beside
            if field is not None and _is_blank(field) and _names_field(flat(said_in(label))):
                found |= {label.mem_id, field.mem_id}
    return frozenset(found)


def asks(form: Any) -> bool:
    """Whether a form that is to be sent says nothing but what is to be filled in, in a few words: to book, to search, to sign in."""
    fields = [
        field
        for field in form.css(FILLED_IN)
        if (field.attributes.get("type") or "").lower() not in _NOT_FILLED_IN
    ]
    if form.css_first(_SENDS) is None or holds(form, _SAYS_MORE) or not fields:
        return False
    texts = (one for one in form.traverse(include_text=True) if one.tag == "-text")
    said = flat(" ".join(one.text_content or "" for one in texts if one.parent.tag not in _UNSAID))
    return len(said) <= _MAX_ASKING_CHARS and all(map(_is_blank, fields)) and not _TOLD.search(said)


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
