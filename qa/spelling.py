"""Slips of the pen in a question: a word that neither the documents nor the languages know, beside one that the documents write nearly so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches

from corpus import language
from index.searchable import QueryWord
from qa.words import folded_words

# In shorter words one letter is too much of the word: "casa" and "caza".
_LEAST_LETTERS = 5
# Words of so many letters may be two slips away.
_LONG = 9
# A question of more such words is of another language, or none; and to compare words costs a millisecond or two each.
_MOST_WORDS = 6


def respelled(question: str, words: Sequence[QueryWord], texts: Sequence[str]) -> str:
    """A question with each of its words that is known nowhere as the texts write one that is a slip of the pen away:
    "Maastrich" becomes "Maastricht".

    Known is what some passage of the index holds, itself or in translation, and what stands in the table of ordinary words, so
    that "Fernanda" never becomes "Fernando". Words with figures stay as they are. Two slips are one letter too few and
    one too many, or two letters that changed places. Words of any length take an ñ that a foreign keyboard lacks ("lena"), known or not.
    """
    question = _with_ñ(question, texts)
    strange = (w for w in words if not w.known and not any(w.priors.values()))
    doubtful = [w for w in strange if w.text.isalpha() and len(w.text) >= _LEAST_LETTERS]
    if not 0 < len(doubtful) <= _MOST_WORDS:
        return question
    said = set(folded_words(question))
    written: dict[str, Counter[str]] = {}
    for text in texts:
        for word, start, _ in language.words(text):
            folded = language.fold(word)
            if folded.isalpha() and folded not in said:
                form = word.lower() if word.istitle() and _begins(text, start) else word
                written.setdefault(folded, Counter())[form] += 1
    parts: list[str] = []
    at = 0
    for one in doubtful:
        near = _nearest(language.fold(one.text), written)
        start = question.find(one.text, at)
        if near is None or start < 0:
            continue
        # A capital that a word does not always have marks no name
        forms = written[near].most_common()
        form = next((form for form, _ in forms if form.islower()), forms[0][0])
        if form.isupper():
            form = form.lower()
        parts += [question[at:start], form.capitalize() if one.text.istitle() else form]
        at = start + len(one.text)
    return "".join([*parts, question[at:]])


def _begins(text: str, start: int) -> bool:
    """Whether a text, a line, a cell or a sentence begins there: a capital says nothing of the word then."""
    before = text[max(0, start - 8) : start].rstrip(" \t#*-–•¿¡«“\"'(")
    return not before.strip() or before[-1] in "\n|:;.!?…"


_LEAST_WITH_Ñ = 3
_HAS_Ñ = re.compile(r"[^\W\d_]*[ñÑ][^\W\d_]*")


def _with_ñ(question: str, texts: Sequence[str]) -> str:
    """A question without a letter of Spanish whose words stand in the texts with an ñ, and never without, with that ñ."""
    if not question.isascii():
        return question
    asked = [one for one in language.words(question) if "n" in one[0].lower()]
    asked = [one for one in asked if one[0].isalpha() and len(one[0]) >= _LEAST_WITH_Ñ]
    if not asked:
        return question
    found = {language.fold(word) for text in texts for word in _HAS_Ñ.findall(text)}
    with_ñ = {word.replace("ñ", "n"): word for word in found}
    asked = [one for one in asked if language.fold(one[0]) in with_ñ]
    if not asked:
        return question
    written = {word for text in texts for word in folded_words(text)}
    for word, start, end in reversed(asked):
        folded = language.fold(word)
        if folded not in written:
            question = question[:start] + with_ñ[folded] + question[end:]
    return question


def _nearest(word: str, written: dict[str, Counter[str]]) -> str | None:
    """The word that is nearest of those that begin alike and are no more slips away than its length allows."""
    slips = 2 if len(word) >= _LONG else 1
    alike = [
        other
        for other in written
        if other[0] == word[0]
        and abs(len(other) - len(word)) <= slips
        and len(other) >= _LEAST_LETTERS
    ]
    # A letter changed leaves n - 1 of n, which is the least that one slip leaves
    found = get_close_matches(word, alike, n=1, cutoff=1 - slips / len(word) - 1e-9)
    return found[0] if found else None
