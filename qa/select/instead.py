"""What a follow-up question asks for in the place of something else: "¿y en Navidad?" after "¿A qué hora abre los domingos?".

The rest of such a question is that of the one before, which the documents answer, so that a reader takes what is said of the thing
before for an answer whatever stands in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from corpus import language
from corpus.languages import PACKS
from index.legs import Asked
from index.searchable import QueryWord
from qa.rank import Ranked
from qa.select.page import DOUBT, Page, Run
from qa.select.times.moments import days_of_week, months
from qa.understand import Question
from qa.words import MEASURES, folded_words, spans_of, stood_for

# A word that stands for another one so likely may mean the same, in its own language and in the other.
_ALIKE: Final = 0.01
_TRANSLATED: Final = 0.1
# Tokens that meet those of the new thing so closely, of the encoder's cosines, may mean it: "kids" and "children", "martes" and "de lunes
# a viernes" do with .6 to .9, "dinner" and "lunch", "gimnasio" and "piscina" with .2 to .57 (69 follow-ups).
_MEETS: Final = 0.58
# So much nearer than what is quoted, and at least so near, another sentence is the one about the thing: "infantil" for "niño".
_NEARER: Final = 0.08
_NEAR: Final = 0.5
# So much of a run that the reader means is marked.
_CLEARLY: Final = 0.5
# A sentence that is marked less was not meant by the reader at all.
_MARKED: Final = 0.1
_NUMBERS: Final = frozenset().union(*({*p.ordinals, *p.cardinals} for p in PACKS.values()))
_MORE: Final = frozenset().union(*(pack.more for pack in PACKS.values()))
_EVERYTHING: Final = frozenset().union(*(pack.everything for pack in PACKS.values()))


class Instead:
    """The words of one question that it has in the place of others, and which passages have them, too."""

    def __init__(self, question: Question, asked: Asked):
        said = set(folded_words(question.instead))
        words = [w for w in asked.words if language.fold(w.text) in said - MEASURES]
        # A day lies in "de lunes a viernes", an age in "4-13": whether it does is no matter of words
        told = not all(map(_is_of_an_order, words))
        self._words: Sequence[QueryWord] = words if told else ()
        # "otros animales" after "gatos" are what the one before is one of
        self._more = not _MORE.isdisjoint(folded_words(question.text))
        self._at = list(_tokens_of(asked, self._words))

    def nearest(self, page: Page, run: Run) -> tuple[Page, Run, bool]:
        """The page and its best run; where that does not have what is asked for instead and another one that the reader marks does, with
        that one. And whether what is quoted lacks it all the same."""
        if not self._words or self._is_there(page, run):
            return page, run, False
        quoted = self._met(page.ranked, *page.within(run))
        least = min(_MEETS, max(_NEAR, quoted + _NEARER))
        told = [i for i, _ in enumerate(page.atoms) if self._is_told_in(page, i, least)]
        other = page.towards(told)
        best = other.best()
        if best is None or not any(best.first <= i <= best.last for i in told):
            return page, run, True
        return other, best, False

    def _is_there(self, page: Page, run: Run) -> bool:
        """Whether a run, what stands over it or before it in its paragraph, list or table has the thing, or the reader believes of it what
        it says of everything, or means it where what is asked for is more of a kind: no word of "cats, dogs and birds" need be like "animals"."""
        passage, place = page.ranked.passage, page.ranked.place
        start, end = page.within(run)
        before = passage.text[page.begins(run.first) : end]
        over = "\n".join((place.title, passage.heading, *place.section_path, before))
        if not self._terms(page).isdisjoint(language.terms(over, passage.lang)):
            return True
        everything = not _EVERYTHING.isdisjoint(folded_words(passage.text[start:end]))
        if everything and page.reading.answers >= DOUBT:
            return True
        if self._more and run.marked >= _CLEARLY:
            return True
        return self._met(page.ranked, start, end) >= _MEETS

    def _is_told_in(self, page: Page, number: int, least: float) -> bool:
        """Whether an atom that the reader marks says something of the thing."""
        atom, passage = page.atoms[number], page.ranked.passage
        if atom.weak or atom.asks or page.marked(number) < _MARKED:
            return False
        terms = language.terms(passage.text[atom.start : atom.end], passage.lang)
        held = not self._terms(page).isdisjoint(terms)
        return held or self._met(page.ranked, atom.start, atom.end) >= least

    def _terms(self, page: Page) -> set[str]:
        """What the thing may be called in the passage."""
        across = page.ranked.candidate.across
        return stood_for(self._words, page.ranked.passage.lang, _TRANSLATED if across else _ALIKE)

    def _met(self, ranked: Ranked, start: int, end: int) -> float:
        """How closely the tokens of the thing meet those of a stretch of a passage, of 1; 1 where nobody looked."""
        met = ranked.met
        if met is None or not self._at:
            return 1.0
        inside = (met.starts >= start) & (met.starts < end)
        nearest = met.cosines[self._at][:, inside].max(axis=1, initial=0.0)
        return float(nearest.mean())


def _is_of_an_order(word: QueryWord) -> bool:
    """Whether a word is a number, a day of the week or a month, which may lie between two others."""
    text = language.fold(word.text)
    return text[0].isdigit() or text in _NUMBERS or bool(days_of_week(text) or months(text))


def _tokens_of(asked: Asked, words: Sequence[QueryWord]) -> Iterator[int]:
    """The tokens of words of a question, by number."""
    for word, (start, end) in zip(asked.words, spans_of(asked.text, asked.words), strict=True):
        if word in words:
            yield from (n for n, s in enumerate(asked.tokens.starts.tolist()) if start <= s < end)
