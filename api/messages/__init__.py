"""One catalogue of what the program says, in Spanish and English: HTTP, terminal, "why this?" and the page.

``es.json`` and ``en.json`` hold the same keys, grouped by who says it; a text with a number in it may have the two forms
``one`` and ``other``. The page has its part as ``api/page/catalogue.js``: ``python -m api.messages`` writes it anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

UiLang = Literal["es", "en"]
LANGUAGES: tuple[UiLang, ...] = ("es", "en")

PAGE_FILE = Path(__file__).parent.parent / "page" / "catalogue.js"

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


def both(key: str, /, **values: object) -> Words:
    """The text in both languages."""
    return Words(*(say(lang, key, **values) for lang in LANGUAGES))


def described(error: Exception, lang: UiLang) -> str:
    """What happened, by the class of an error of ours and without its numbers and names, as one sentence."""
    known = group(lang, "error")
    return str(next(known[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in known))


def page_catalogue() -> str:
    """The page's part of the catalogue as a module of JavaScript."""
    words = {
        lang: {
            **group(lang, "page"),
            "why": group(lang, "why"),
            "remedies": {code: one["page"] for code, one in group(lang, "problem").items()},
        }
        for lang in LANGUAGES
    }
    return f"{_PAGE_HEAD}export default {json.dumps(words, ensure_ascii=False, indent=0, separators=(',', ':'))};\n"


def _entry(lang: UiLang, key: str) -> Any:
    found: Any = _catalogue(lang)
    for part in key.split("."):
        found = found[part]
    return found


@cache
def _catalogue(lang: UiLang) -> dict[str, Any]:
    path = Path(__file__).with_name(f"{lang}.json")
    return dict(json.loads(path.read_text("utf-8")))
