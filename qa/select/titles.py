"""What the headings over a passage have to do with a question: whether they are what it asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus import divisions, language
from corpus.divisions import Division
from corpus.document import Lang, Span
from index.searchable import QueryWord, Searchable
from qa.rank import Ranked
from qa.select.spans import kind_asked
from qa.select.times.moments import days
from qa.words import all_held, folded_words, stood_for

# Words by which one asks what a division says, whatever it says
_WHAT_IT_SAYS = frozenset(
    "trata habla regula recoge contiene contempla preve pone ordena señala senala indica menciona explica texto contenido segun "
    "about cover covers contain contains provide provides read reads deal deals regulate regulates mention mentions text content according".split()
)

# Words by which one asks when something came about, whatever it is
_COMING_ABOUT = frozenset().union(*(pack.coming_about for pack in language.PACKS.values()))


@dataclass(frozen=True, slots=True)
class Dated:
    """A heading that says of which day the thing is that it names, with the room before its passage, and where in it the day stands."""

    text: str
    day: Span


@dataclass(frozen=True, slots=True)
class Title:
    """What stands over a passage: ``asked``: it has all the words of the question, which asks for what stands below it;
    ``named``: all words of its own heading are words of the question, or the question names a division by its number and the passage is
    of it.

    ``numbered``: the question asks for what a division says, and nothing else, and the passage is of that: 3 where it is called
    as the question calls it, 2 where it has the number as an ordinal word, as clauses have and steps of a list have not, 1 where it has the
    number alone, else 0. ``items``: those of the passage's blocks that are of the division,
    where its heading is not. ``lacking``: the question asks for nothing but a division that the passage is not of and does not mention.
    ``dated``: its heading, right above it, says when that was of which the question asks when it was.
    """

    asked: bool
    named: bool
    numbered: int = 0
    items: frozenset[int] = frozenset()
    lacking: bool = False
    dated: Dated | None = None


def titled(ranked: Ranked, index: Searchable, question: str, words: Sequence[QueryWord]) -> Title:
    """What stands over a passage, for a question with these words."""
    path = ranked.place.section_path
    above = "".join(path[-1:])
    lang = ranked.passage.lang
    heading = index.sentence_terms(ranked.candidate.row)[0]
    said = set(language.terms(above, lang))
    named = bool(said) and said <= set(language.terms(question, lang))
    wanted = _named_in(question)
    if wanted is not None:
        of_heading = max((_is_of(line, wanted[0]) for line in path), default=0)
        of_items = {} if of_heading else _items_of(ranked, index, wanted[0])
        level = max([of_heading, *of_items.values()])
        asked = _asks_no_more(question[wanted[1] : wanted[2]], words, lang, heading)
        if level:
            items = frozenset(n for n, one in of_items.items() if one == level)
            return Title(asked, True, level if asked else 0, items)
        mentioned = any(one.is_in(wanted[0]) for one, _, _ in divisions.named(ranked.passage.text))
        if asked and not mentioned:
            return Title(asked=False, named=named, lacking=True)
    if any(divisions.ordinals_of_divisions(above)):
        # "TERCERA.-" does not say that it is a clause
        words = [word for word in words if not divisions.names_division(word.text)]
    dated = _dated(ranked, index, question, words)
    return Title(all_held(words, lang, heading), named, dated=dated)


def _dated(
    ranked: Ranked, index: Searchable, question: str, words: Sequence[QueryWord]
) -> Dated | None:
    """The heading of a passage, where it is of a thing and its day, and the question asks when that thing was and nothing else."""
    path, lang = ranked.place.section_path, ranked.passage.lang
    said = days(path[-1]) if path and kind_asked(question) == "date" else []
    if not said:
        return None
    day = max((one.start, one.end) for one in said)
    thing = set(language.terms(language.blanked(path[-1], [day]), lang))
    above = set(language.terms("\n".join((ranked.place.title, *path)), lang))
    asked = [word for word in words if language.fold(word.text) not in _COMING_ABOUT]
    if not thing or not thing <= stood_for(asked, lang):
        return None
    if any(above.isdisjoint(stood_for([word], lang)) for word in asked):
        return None
    text = index.document(ranked.passage.doc_id, blocks=False).text[: ranked.passage.start]
    at = len(text.rstrip()) - len(path[-1])
    return Dated(text[at:], day) if at >= 0 and text[at:].rstrip() == path[-1] else None


# One question is asked of each passage that may be read
@lru_cache(maxsize=64)
def _named_in(question: str) -> tuple[Division, int, int] | None:
    """The first division that a question names, and where its words stand."""
    return next(divisions.named(question), None)


def _is_of(line: str, wanted: Division) -> int:
    """How surely a heading or number is that of a division (see :attr:`Title.numbered`)."""
    found = divisions.heading_of(line)
    if found is None or not found.is_in(wanted):
        return 0
    if found.kind == wanted.kind or not wanted.kind:
        return 3
    return 2 if found.ordinal and wanted.may_be_ordinal else 1


def _items_of(ranked: Ranked, index: Searchable, wanted: Division) -> dict[int, int]:
    """The items of a passage that are of a division, by number of block, with how sure that is."""
    passage, found = ranked.passage, {}
    for n, block in enumerate(index.blocks(ranked.candidate.row)):
        if block.kind == "item" and block.cells and passage.start <= block.start < passage.end:
            start, end = block.cells[0]
            label = passage.text[start - passage.start : end - passage.start]
            if level := _is_of(label, wanted):
                found[n] = level
    return found


def _asks_no_more(
    division: str, words: Sequence[QueryWord], lang: Lang, heading: frozenset[int]
) -> bool:
    """Whether a question has no words but those of a division, of what stands over it and of asking what it says."""
    own = set(folded_words(division))
    rest = [w for w in words if not {language.fold(w.text)} & (own | _WHAT_IT_SAYS)]
    return not rest or all_held(rest, lang, heading)
