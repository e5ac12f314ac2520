"""Which letters glyphs stand for where their codes do not say it: ligatures, accents that are glyphs of their own, and what is gibberish.

Knows the encodings of fonts that are older than Unicode, and how letters look in a font that tells nobody which they are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from corpus.language import says_words
from corpus.readers.pdf.places import ByBase
from corpus.readers.pdf.runs import Run
from corpus.readers.pdf.spacing import EVEN_WORD_GAP, Open

# TeX sets accents as glyphs of their own.
_ACCENTS: Final = {
    "´": "\u0301", "`": "\u0300", "¨": "\u0308", "˜": "\u0303", "ˆ": "\u0302", "¸": "\u0327",
    "˚": "\u030a", "ˇ": "\u030c", "\u0301": "\u0301", "\u0303": "\u0303", "\u0308": "\u0308",
}  # fmt: skip
ACCENT_CODES: Final = frozenset(map(ord, _ACCENTS))
# Fonts of TeX without names for their glyphs are in the Cork encoding: ligatures, dashes and quotation marks are control characters
# there, and two fractions are the marks that open a question and an exclamation.
_CORK: Final = {
    "\x10": "“", "\x11": "”", "\x12": "„", "\x13": "«", "\x14": "»", "\x15": "–", "\x16": "—",
    "\x1b": "\ufb00", "\x1c": "\ufb01", "\x1d": "\ufb02", "\x1e": "\ufb03", "\x1f": "\ufb04",
    "½": "¡", "¾": "¿",
}  # fmt: skip
_CORK_LIGATURES: Final = frozenset("\x1b\x1c\x1d\x1e\x1f")
# Fonts of the time before Unicode had them have two at private places, where fonts of signs have others.
_PRIVATE_LIGATURES: Final = {"\uf001": "\ufb01", "\uf002": "\ufb02"}
# In a font whose every glyph has a number of its own, control characters are as often as not letters.
_MAX_CORK_SHARE: Final = 0.1
# Angle, number, left, right, base line, height, character.
Accent = tuple[int, int, float, float, float, float, str]


def with_ligatures(pieces: Sequence[Open]) -> int:
    """Puts what the Cork encoding means in the place of control characters, where a page has ligatures beside letters and no other
    control characters; how many there were."""
    found = [(piece, n) for piece in pieces for n, char in enumerate(piece.chars) if char < " "]
    n_chars = sum(len(piece.chars) for piece in pieces)
    known = all(piece.chars[n] in _CORK for piece, n in found)
    if not found or not known or len(found) > _MAX_CORK_SHARE * n_chars:
        return 0
    if not any(_is_within_word(piece, n) for piece, n in found):
        return 0
    for piece in pieces:
        for n, char in enumerate(piece.chars):
            after = piece.chars[n + 1 : n + 2]
            if char < " " or (char in "½¾" and after and after[0].isupper()):
                piece.chars[n] = _CORK[char]
    return len(found)


def with_private_ligatures(pieces: Sequence[Open]) -> int:
    """Puts a ligature in the place of what stands for one at a private place, close to a small letter; how many there were."""
    n_found = 0
    for piece in pieces:
        for n, char in enumerate(piece.chars):
            if char not in _PRIVATE_LIGATURES:
                continue
            near = [n] if n else []
            near += [n + 1] if n + 1 < len(piece.chars) else []
            # A sign has room beside it
            close = [
                at
                for at in near
                if not piece.spaced[at] and piece.gaps[at] < EVEN_WORD_GAP * piece.height
            ]
            beside = (piece.chars[at if at > n else n - 1] for at in close)
            if any(letter.isalpha() and letter.islower() for letter in beside):
                piece.chars[n] = _PRIVATE_LIGATURES[char]
                n_found += 1
    return n_found


def _is_within_word(piece: Open, n: int) -> bool:
    beside = [*piece.chars[max(0, n - 1) : n], *piece.chars[n + 1 : n + 2]]
    return piece.chars[n] in _CORK_LIGATURES and all(map(str.isalpha, beside))


def not_composed(
    pieces: Sequence[tuple[int, Open]], accents: Sequence[Accent]
) -> Iterator[tuple[int, Open]]:
    """Puts each accent upon the letter that it is printed over; gives those back that stand alone."""
    placed = {
        angle: ByBase(piece for turned, piece in pieces if turned == angle)
        for angle in {accent[0] for accent in accents}
    }
    for angle, i, left, right, base, height, mark in accents:
        middle = (left + right) / 2
        near = (
            piece
            for piece in placed[angle].within(base - 0.4 * height, base + 0.4 * height)
            if abs(piece.bottom - base) < 0.4 * height and piece.left < middle < piece.right
        )
        if any(_composed(piece, middle, mark) for piece in near):
            continue
        yield (
            angle,
            Open(i, i, left, right, base, height, [mark], [left, right], [0.0], [False], [False]),
        )


def _composed(piece: Open, middle: float, mark: str) -> bool:
    for n, char in enumerate(piece.chars):
        if piece.edges[2 * n] <= middle <= piece.edges[2 * n + 1]:
            letter = {"ı": "i", "ȷ": "j"}.get(char, char)
            whole = unicodedata.normalize("NFC", letter + _ACCENTS[mark])
            if letter.isalpha() and len(whole) == 1:
                piece.chars[n] = whole
                return True
    return False


# So many letters in glyphs without names are a line; fewer may be signs or a formula beside the text.
_LEAST_UNNAMED: Final = 40


def are_unread(unnamed: Sequence[Run], runs: Sequence[Run]) -> bool:
    """Whether what is in glyphs without names is gibberish: more than a few letters, or all there is, and neither words nor names. Old
    fonts of TeX have no names either, and the codes of their letters are right."""
    n_letters = sum(len(run.text) for run in unnamed)
    some = n_letters >= _LEAST_UNNAMED or 0 < n_letters >= sum(len(run.text) for run in runs)
    text = " ".join(run.text for run in unnamed)
    return some and not (says_words(text) or _says_names(text))


# So many words of letters tell that they are written as names are, so many of them with a capital; hardly one in another way.
_LEAST_WRITTEN: Final = 12
_LEAST_NAMED: Final = 0.3
_MOST_WRITTEN: Final = 0.95


def _says_names(text: str) -> bool:
    """Whether a text is made of names, as a list of who was there is: words that a vowel is in, many with one capital, at their beginning."""
    found = (word.strip(".,;:!?¡¿()\"'«»“”") for word in text.split())
    words = [word for word in found if len(word) > 2 and word.isalpha()]
    named = sum(word[0].isupper() and word[1:].islower() for word in words)
    written = (
        (word.islower() or word.isupper() or word[1:].islower())
        and any(char[0] in "aeiouy" for char in unicodedata.normalize("NFD", word.lower()))
        for word in words
    )
    return (
        len(words) >= _LEAST_WRITTEN
        and named >= _LEAST_NAMED * len(words)
        and sum(written) >= _MOST_WRITTEN * len(words)
    )


# Signs that stand in a text now and then; where a font counts its letters from "!" on, they are most of them.
_ODD_SIGNS: Final = frozenset("!\"#$&'<>?@[\\]^`{}~")
_LEAST_ODD: Final = 0.25
_MOST_LETTERS: Final = 0.35
_LONG_WORD: Final = 25


def are_scrambled(runs: Sequence[Run]) -> bool:
    """Whether a page is in a font that counts its letters as they come and tells nobody: signs with hardly a letter between them, or
    letters with no space."""
    words = [word for run in runs for word in run.text.split()]
    page = "".join(words)
    if len(page) < _LEAST_UNNAMED:
        return False
    odd = sum(char in _ODD_SIGNS for char in page) >= _LEAST_ODD * len(page)
    few = sum(map(str.isalpha, page)) < _MOST_LETTERS * len(page)
    long = sum(len(w) for w in words if len(w) > _LONG_WORD and _are_letters(w))
    return (odd and few) or long > 0.6 * len(page)


def _are_letters(word: str) -> bool:
    return word.isascii() and sum(map(str.isalpha, word)) > 0.8 * len(word)
