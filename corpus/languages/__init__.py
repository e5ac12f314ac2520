"""The languages that can be told apart and analysed: one frozen pack each, and the detection among them.

A pack holds words and a little code; what is done with them stands in :mod:`corpus.language`. Whoever adds a language
writes one pack: a file of this folder that is named by its code of ISO 639-1 and has a ``PACK``; an index from before it
is made anew. ``und`` is no pack: it is what a text gets that is in none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from corpus.document import Lang
from corpus.languages.pack import LanguagePack, Role

_FIRST: Final = ("es", "en")

PACKS: Final[Mapping[Lang, LanguagePack]] = {
    lang: import_module(f"{__name__}.{lang}").PACK
    for lang in (*_FIRST, *sorted({m.name for m in iter_modules(__path__)} - {*_FIRST}))
    if len(lang) == 2
}
"""The packs by language, in the order that every list of languages has: the two of the house, then the others."""

LANGS: Final[tuple[Lang, ...]] = (*PACKS, "und")
"""Every language that a text can have."""

__all__ = ["LANGS", "PACKS", "LanguagePack", "Role"]
