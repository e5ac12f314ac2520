"""The languages that can be told apart and analysed: one frozen pack each, and the detection among them.

A pack holds words and a little code; what is done with them stands in :mod:`corpus.language`. Whoever adds a language
writes one pack and names it here. ``und`` is no pack: it is what a text gets that is in none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from corpus.document import Lang
from corpus.languages.en import EN
from corpus.languages.es import ES
from corpus.languages.pack import LanguagePack, Role

PACKS: Final[Mapping[Lang, LanguagePack]] = {pack.lang: pack for pack in (ES, EN)}
"""The packs by language, in the order that every list of languages has."""

LANGS: Final[tuple[Lang, ...]] = (*PACKS, "und")
"""Every language that a text can have."""

__all__ = ["LANGS", "PACKS", "LanguagePack", "Role"]
