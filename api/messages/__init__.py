"""One catalogue of what the program says, in Spanish and English: HTTP, terminal, "why this?" and the page.

The errors of the layers below are written where they are raised, in English; ``errors.es.json`` has each of their texts, with
``{}`` for what stands in it, in Spanish (:func:`translated`).

``es.json`` and ``en.json`` hold the same keys, grouped by who says it; a text with a number in it may have the two forms
``one`` and ``other``. The page has its part as ``api/page/catalogue.js``, the widget stands in ``widget/widget.js``: ``python -m api.messages`` writes both anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

UiLang = Literal["es", "en"]
LANGUAGES: tuple[UiLang, ...] = ("es", "en")

PAGE_FILE = Path(__file__).parent.parent / "page" / "catalogue.js"
WIDGET_FILE = PAGE_FILE.parent / "widget" / "widget.js"

_PAGE_HEAD = """\
// Made by `python -m api.messages` from api/messages/*.json; a change here is lost.
"""


class Words(NamedTuple):
    """One text in both languages of the house."""

    es: str
    en: str

    def of(self, lang: UiLang) -> str:
        """The text in that language."""
        return self.es if lang == "es" else self.en


def group(lang: UiLang, key: str) -> Mapping[str, Any]:
    """A part of the catalogue, ``"why.legs"``, as a dictionary that is not to be changed.

    :raises KeyError: when there is none.
    """
    found = _entry(lang, key)
    if not isinstance(found, dict):
        raise KeyError(key)
    return found


def say(lang: UiLang, key: str, /, **values: object) -> str:
    """The text of that key, ``"terminal.builds.none"``, with the values in their places.

    :raises KeyError: when there is no such text, or it has a place for which no value is given.
    """
    found = _entry(lang, key)
    if not isinstance(found, str):
        raise KeyError(key)
    return found.format_map(values)


def decimal(lang: UiLang, value: float, digits: int) -> str:
    """A number with so many decimals, after a comma in Spanish."""
    text = f"{value:.{digits}f}"
    return text if lang == "en" else text.replace(".", ",")


def both(key: str, /, **values: object) -> Words:
    """The text in both languages."""
    return Words(*(say(lang, key, **values) for lang in LANGUAGES))


def translated(text: str, lang: UiLang) -> str | None:
    """What an error or a reason of the layers below says, in that language, with all that stands in it; None where the
    catalogue does not know it.

    Also the texts that are kept in a build, which were written when it was made.
    """
    if lang == "en":
        return text
    return _in_spanish(text, _MOST_NESTED)


# An error that names a cause that names a file: what stands in a text is told three deep.
_MOST_NESTED = 3


def _in_spanish(text: str, depth: int) -> str | None:
    for pieces, spanish in _errors() if depth else ():
        values = _values(text, pieces)
        if values is None:
            continue
        known = [_in_spanish(value, depth - 1) for value in values]
        if not any(known) and not any(map(str.isalpha, "".join(pieces))):
            continue  # only marks between what it is made of, of which nothing is known
        told = [
            here or _number_in_spanish(value, after)
            for here, value, after in zip(known, values, pieces[1:], strict=True)
        ]
        return "".join(a + b for a, b in zip(spanish, [*told, ""], strict=True))
    return None


_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_MEASURED = re.compile(r"(\d+\.\d+)( (?:s|[kKMG]i?B|%))?")


def _number_in_spanish(value: str, after: str) -> str:
    """A number with thousands or a unit as Spanish writes it; other points and commas may be those of a name or a version. With the
    thousands apart from five digits on, as the Academies have it."""
    if _THOUSANDS.fullmatch(value):
        whole, point, rest = value.replace(",", "").partition(".")
        grouped = f"{int(whole):,}".replace(",", "\N{NO-BREAK SPACE}") if len(whole) > 4 else whole
        return f"{grouped}{',' if point else ''}{rest}"
    measured = _MEASURED.fullmatch(value)
    if measured and (measured[2] or _MEASURED.fullmatch(f"{value}{after[:3].rstrip(';,.) ')}")):
        return value.replace(".", ",")
    return value


def _values(text: str, pieces: Sequence[str]) -> list[str] | None:
    """What stands between the ``pieces`` of a text, each as short as can be and never empty; None where it has not all of
    them. In one go, unlike a regular expression: a text may be made of what somebody else wrote."""
    first, *between = pieces
    if not between or not text.startswith(first):
        return [] if not between and text == first else None
    *middle, last = between
    values, at = [], len(first)
    for piece in middle:
        end = text.find(piece, at + 1)
        if end < 0:
            return None
        values.append(text[at:end])
        at = end + len(piece)
    end = len(text) - len(last)
    if end <= at or not text.endswith(last):
        return None
    return [*values, text[at:end]]


def told(error: Exception, lang: UiLang) -> str:
    """An error of ours in that language; in Spanish its kind and its English text, where the catalogue does not know that."""
    english = str(error) or type(error).__name__
    return translated(english, lang) or f"{described(error, lang)} ({english})"


@cache
def _errors() -> list[tuple[list[str], list[str]]]:
    """English texts and Spanish ones, each as the pieces around its values; where two fit, the one that says more comes first."""
    path = Path(__file__).with_name("errors.es.json")
    known: dict[str, str] = json.loads(path.read_text("utf-8"))
    longest_first = sorted(known, key=lambda text: (-len(text.replace("{}", "")), text))
    return [(text.split("{}"), known[text].split("{}")) for text in longest_first]


def described(error: Exception, lang: UiLang) -> str:
    """What happened, by the class of an error of ours and without its numbers and names, as one sentence."""
    known = group(lang, "error")
    return str(next(known[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in known))


def page_catalogue() -> str:
    """The page's part of the catalogue as a module of JavaScript; each text stands there once in each language, in their order."""
    words = [
        {
            **group(lang, "page"),
            "why": group(lang, "why"),
            "remedies": {code: one["page"] for code, one in group(lang, "problem").items()},
        }
        for lang in LANGUAGES
    ]
    text = json.dumps(_side_by_side(words), ensure_ascii=False, separators=(",", ":"))
    # A line for each text, so that a change can be read
    lines = text.replace('"],"', '"],\n"')
    return f"{_PAGE_HEAD}export default {lines};\n"


def _side_by_side(parts: Sequence[Any]) -> Any:
    if isinstance(parts[0], dict):
        return {key: _side_by_side([part[key] for part in parts]) for key in parts[0]}
    return list(parts)


def widget_script() -> str:
    """The widget with its words, of which it has few and cannot load more."""
    words = {lang: group(lang, "widget") for lang in LANGUAGES}
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    script = WIDGET_FILE.read_text("utf-8")
    return re.sub(
        r"(?m)^(  const WORDS = /\*.*?\*/ ).*;$", lambda found: f"{found[1]}{text};", script
    )


def _entry(lang: UiLang, key: str) -> Any:
    found: Any = _catalogue(lang)
    for part in key.split("."):
        found = found[part]
    return found


@cache
def _catalogue(lang: UiLang) -> dict[str, Any]:
    path = Path(__file__).with_name(f"{lang}.json")
    return dict(json.loads(path.read_text("utf-8")))
