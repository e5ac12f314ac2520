"""Which row of a table or label of a list has the most or the least of something: "Which course is the most expensive?".

A reader cannot compare numbers, and takes the first rows. What is asked for is a dimension or the name of a column, and a direction; the
column is compared in one unit, over all rows of its table, also those in passages that were not found. Where anything of that is in
doubt nothing is decided, and the reader chooses alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from corpus import language
from corpus.document import Block, Lang, Passage, Span
from corpus.languages import PACKS
from corpus.languages.pack import Dimension
from index.searchable import QueryWord, Searchable
from qa.rank import Ranked
from qa.select.alike.ranges import Amounts
from qa.select.alike.records import Cell, tables_of
from qa.select.atoms import Atom
from qa.select.marks import moved
from qa.select.times.moments import Moments
from qa.select.values.kind import is_money
from qa.select.values.quantities import Family, Quantity, is_free, quantities
from qa.words import MEASURES, folded_words, stood_for

_PACKS: Final = tuple(pack.extremes for pack in PACKS.values())


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


_WAYS: Final[tuple[tuple[Dimension | None, int, re.Pattern[str]], ...]] = (
    (None, 1, _any(pack.greatest for pack in _PACKS)),
    (None, -1, _any(pack.least for pack in _PACKS)),
    *(
        (of, sign, _any(getattr(p.scales[of], name) for p in _PACKS if of in p.scales))
        for of in dict.fromkeys(of for p in _PACKS for of in p.scales)
        for sign, name in ((1, "greatest"), (-1, "least"))
    ),
)
_CALLED: Final = {
    of: _any(p.scales[of].called for p in _PACKS if of in p.scales)
    for of in dict.fromkeys(of for p in _PACKS for of in p.scales)
}
_COUNTED: Final = _any(pack.counted for pack in _PACKS)
_NEVER: Final = _any(pack.never for pack in _PACKS)
_NUMBERS: Final = [word for p in PACKS.values() for word, n in p.cardinals.items() if n > 1]
_BEFORE: Final = re.compile(
    rf"(?<!\w)(?:{'|'.join([*(pack.before for pack in _PACKS), *_NUMBERS])}|\d+)\W+(?:\w+\W+){{0,2}}\Z"
)
_THAN: Final = re.compile(rf"(?:\W*\w+){{0,4}}?\W*(?:{'|'.join(pack.than for pack in _PACKS)})")
_ELSEWHERE: Final = re.compile(rf"\W*(?:{'|'.join(pack.elsewhere for pack in _PACKS)})(?!\w)")
_CLOSED: Final = re.compile(rf"\W*(?:{'|'.join(pack.closed for pack in PACKS.values())})(?!\w)")
# "Can you tell me which is the cheapest?" asks which
_WHICH: Final = re.compile(r"\b(?:which|what|who|cual(?:es)?|quien(?:es)?)\b")
_TOTAL: Final = _any(pack.totals for pack in _PACKS)
# What stands right before the name of the things that are asked for, "which walk"
_CLASS: Final = re.compile(r"(?:which|what|que|the|el|la|los|las|cual(?:es)?)\W+\Z")
# A word that stands for another one at least so likely may name a column, of which there are few.
_SAME: Final = 0.03
# So many words after "the most" may name a column.
_N_AFTER: Final = 5

_FAMILIES: Final[dict[Dimension, frozenset[Family]]] = {
    "money": frozenset({"money"}),
    "length": frozenset({"length"}),
    "time": frozenset({"time"}),
    "size": frozenset({"area"}),
    "capacity": frozenset(),
    "height": frozenset(),
    "weight": frozenset({"weight"}),
    "speed": frozenset({"speed"}),
    "age": frozenset(),
}
"""Families whose unit alone tells a dimension: a height and a length have the same."""
_ALSO: Final[dict[Dimension, frozenset[Family]]] = {
    "size": frozenset({"volume", "length", "data"}),
    "height": frozenset({"length"}),
    "speed": frozenset({"data"}),
    "age": frozenset({"time"}),
}
# Numbers between these in a column of ages are years, of which the greatest age has the least.
_YEARS: Final = (1000, 2100)

# Fewer things are read by the reader as well, and of fewer than this share of them it is not known which has the most.
_LEAST_ROWS: Final = 3
_LEAST_TOLD: Final = 0.8
# More things that have the same are not the one asked for.
_MOST_ALIKE: Final = 3
# Of a longer document all rows of a table would take too long to read.
_MOST_PASSAGES: Final = 400
# "Sala Roble: 45 €", "Sala Roble – 45 €" in a list
_ITEM: Final = re.compile(r"\W*([^:\n]{1,80}?)\s*(?::|–|—|\s-)\s+(\S[^\n]*)")


# --------------------------------------------------------------------------- what is asked for


@dataclass(frozen=True, slots=True)
class Sought:
    """What a question asks for: of each dimension that its word may be of the most (1) or the least (-1), ``ways``; ``named``: the same of
    a column that it names, 0 where the word is of a dimension alone.

    ``said``: the words that say so, folded; ``after``: the text after them, in which a column is named. ``counted``: it is named there or not at all.
    """

    ways: tuple[tuple[Dimension, int], ...]
    named: int
    said: frozenset[str]
    after: str
    counted: bool


def sought(question: str) -> Sought | None:
    """What of several things a question asks for by the most or the least; None where it asks for no such thing, or for two of them."""
    folded = language.fold(question)
    if not any(pattern.search(folded) for _, _, pattern in _WAYS):
        return None
    if _ELSEWHERE.match(folded) or (_CLOSED.match(folded) and not _WHICH.search(folded)):
        return None
    folded = language.blanked(folded, (match.span() for match in _NEVER.finditer(folded)))
    found = [(m.span(), of, sign) for of, sign, p in _WAYS for m in p.finditer(folded)]
    if not found:
        return None
    # "takes the longest" says more than "longest"
    start, end = max((span for span, _, _ in found), key=lambda span: span[1] - span[0])
    if any(b <= start or end <= a for (a, b), _, _ in found):
        return None
    if _BEFORE.search(folded[:start]) or _THAN.match(folded[end:]):
        return None
    meant = [(of, sign) for span, of, sign in found if span == (start, end)]
    after = " ".join(folded_words(folded[end:])[:_N_AFTER])
    counted = _COUNTED.fullmatch(folded[start:end]) is not None
    if counted and not after:
        return None
    return Sought(
        tuple((of, sign) for of, sign in meant if of is not None),
        next((sign for of, sign in meant if of is None), 0),
        frozenset(folded_words(folded[start:end])),
        after,
        counted,
    )


# --------------------------------------------------------------------------- what is compared


@dataclass(frozen=True, slots=True)
class _Thing:
    """A row, a label or an item, ``[start, end)`` in its document, with its cells, of which the first is its name."""

    start: int
    end: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class _Series:
    """Things side by side, ``[start, end)`` in their document with what leads in to them; ``called``: what that says, where their values have no
    names of their own. ``whole``: all of them are known."""

    start: int
    end: int
    called: str
    things: tuple[_Thing, ...]
    whole: bool


def _series(passage: Passage, blocks: Sequence[Block]) -> Iterator[_Series]:
    """The tables of a passage, its labels side by side, and its lists of names with a value each."""
    for number, told in tables_of(passage, blocks).items():
        if number is not None:
            rows = (_Thing(blocks[n].start, blocks[n].end, cells) for n, cells in told.items())
            yield _of_group(passage, blocks[number], "", tuple(rows))
    for number, block in enumerate(blocks):
        if block.kind == "list":
            things = [
                (one, _ITEM.fullmatch(_text(passage, one)))
                for one in blocks
                if one.parent == number and one.kind == "item"
            ]
            named = [
                _Thing(one.start, one.end, (Cell(m[1], ""), Cell(m[2], "")))
                for one, m in things
                if m is not None
            ]
            if len(named) >= _LEAST_TOLD * len(things):
                lead = next((b for b in blocks if b.parent == number), block)
                called = "" if lead.kind == "item" else _text(passage, lead)
                yield _of_group(passage, block, called, tuple(named))
    yield from _labels(passage, blocks)


def _of_group(passage: Passage, block: Block, called: str, things: tuple[_Thing, ...]) -> _Series:
    whole = passage.start <= block.start and block.end <= passage.end
    return _Series(block.start, block.end, called, things, whole)


def _labels(passage: Passage, blocks: Sequence[Block]) -> Iterator[_Series]:
    leaves = [block for block in blocks if block.kind not in ("list", "table", "pair")]
    at = 0
    while at < len(leaves):
        stop = at
        while stop < len(leaves) and leaves[stop].kind in ("label", "definition"):
            stop += 1
        if stop - at > 1:
            lead = leaves[at - 1] if at else leaves[at]
            said = _text(passage, lead) if at else ""
            leads = said.rstrip().endswith(":") or lead.kind == "heading"
            things = [
                _Thing(
                    one.start, one.end, tuple(Cell(_cut(passage, cell), "") for cell in one.cells)
                )
                for one in leaves[at:stop]
                if one.cells
            ]
            start = lead.start if leads else leaves[at].start
            # What goes on in the passage beside is not all known
            whole = at > 0 and stop < len(leaves) and passage.start <= leaves[at - 1].start
            yield _Series(start, leaves[stop - 1].end, said * leads, tuple(things), whole)
        at = max(stop, at + 1)


def _text(passage: Passage, block: Block) -> str:
    return _cut(passage, (block.start, block.end))


def _cut(passage: Passage, span: Span) -> str:
    start, end = (max(0, place - passage.start) for place in span)
    return passage.text[start:end]


@dataclass(frozen=True, slots=True)
class _Column:
    """What a column is called, and how much each thing says in it."""

    name: str
    told: tuple[Quantity | None, ...]

    @property
    def family(self) -> Family | None:
        return next((one.family for one in self.told if one is not None), None)

    def fits(self, dimension: Dimension) -> int:
        """How surely it tells a dimension: 2 by its name, 1 by its unit, else 0."""
        of, also = _FAMILIES[dimension], _ALSO.get(dimension, frozenset())
        if _CALLED[dimension].search(language.fold(self.name)):
            return 2 if self.family in {"count", *of, *also} else 0
        return int(self.family in of)


# --------------------------------------------------------------------------- which of them has it


_Terms = dict[int, dict[Lang, set[str]]]


class _Comparing:
    """The things of a series, compared by what a question asks for; ``lang`` of the document, ``around``: what stands over them there."""

    def __init__(
        self,
        asked: Sought,
        question: str,
        words: Sequence[QueryWord],
        series: _Series,
        lang: Lang,
        around: str,
    ):
        self._asked = asked
        self._question = question
        self._langs = tuple(PACKS) if lang == "und" else (lang,)
        # "the cheapest" names nothing
        self._words = [
            w for w in words if asked.said.isdisjoint(folded_words(w.text)) and w.text.strip()
        ]
        self._stands_for = {
            id(w): {of: stood_for([w], of) for of in self._langs} for w in self._words
        }
        self._may_be = {
            id(w): {of: stood_for([w], of, _SAME) for of in self._langs} for w in self._words
        }
        self._around = around
        self._called = series.called
        self._things = [one for one in series.things if not _TOTAL.fullmatch(_name(one))]

    def best(self) -> list[_Thing]:
        """Those that have the most or the least, up to three that have the same; none where that cannot be told."""
        if len(self._things) < _LEAST_ROWS:
            return []
        for columns, sign, of in self._chosen():
            if not columns:
                continue
            scope = self._scope()
            found = {tuple(self._best_of(column, sign, of, scope)) for column in columns}
            # Of several columns that may be meant all have to say the same
            first = found.pop()
            return [] if found else [self._things[n] for n in first]
        return []

    def _best_of(
        self, column: _Column, sign: int, of: Dimension | None, scope: Sequence[int]
    ) -> list[int]:
        told = [(n, one) for n in scope if (one := column.told[n]) is not None]
        if len(told) < max(1, _LEAST_TOLD * len(scope)):
            return []
        least, most = _YEARS
        if of == "age" and all(one.bare and least <= one.low <= most for _, one in told):
            sign = -sign
        ends = {n: one.high if sign > 0 else one.low for n, one in told}
        extreme = max(ends.values()) if sign > 0 else min(ends.values())
        best = [n for n, end in ends.items() if np.isclose(end, extreme, rtol=1e-9, atol=0.0)]
        return best if len(best) <= _MOST_ALIKE else []

    # ------------------------------------------------------------------- by which column

    def _chosen(self) -> Iterator[tuple[list[_Column], int, Dimension | None]]:
        """The columns by which things may be compared, with the direction, the surest choice first; one may be of none."""
        asked = self._asked
        if asked.named:
            after = [w for w in self._words if w.text and language.fold(w.text) in asked.after]
            yield self._sharing(after, self._columns), asked.named, None
            if not asked.counted:
                whole = [c for c in self._columns if self._says_all(c.name)]
                yield whole, asked.named, None
            said = asked.after if asked.counted else language.fold(self._question)
            for of in _CALLED:
                if _CALLED[of].search(said):
                    yield self._fitting(of), asked.named, of
        # Of a tree the height is the shortest, and of a meeting the time
        for of, sign in sorted(asked.ways, key=lambda way: -self._fit(way[0])):
            yield self._fitting(of), sign, of
        if asked.named and not asked.counted:
            yield self._sharing(self._words, self._columns), asked.named, None

    @cached_property
    def _columns(self) -> list[_Column]:
        """The columns, but for the first, in which nearly all things say an amount, in one unit."""
        found = []
        for at in range(1, max(len(one.cells) for one in self._things)):
            cells = [one.cells[at] if at < len(one.cells) else Cell("", "") for one in self._things]
            name = next((cell.column for cell in cells if cell.column), self._called)
            said = [cell.said for cell in cells]
            money = [is_money(one, name) or is_free(one) for one in said]
            told = quantities(said, name, money=sum(money) >= _LEAST_TOLD * len(said))
            if sum(one is not None for one in told) >= _LEAST_TOLD * len(said):
                found.append(_Column(name, tuple(told)))
        return found

    def _fit(self, of: Dimension) -> int:
        return max((column.fits(of) for column in self._columns), default=0)

    def _fitting(self, of: Dimension) -> list[_Column]:
        """The columns that tell a dimension most surely; of several those that the question names."""
        if self._are_attributes(of):
            return []
        fitting = [column for column in self._columns if column.fits(of)]
        named = self._sharing(self._words, fitting)
        return named or [column for column in fitting if column.fits(of) == self._fit(of)]

    def _are_attributes(self, of: Dimension) -> bool:
        """Whether what is told are the fee, the price and the dues of one thing, and not things with a price each."""
        asked = language.fold(self._question)
        names = {m[0] for one in self._things if (m := _CALLED[of].search(_name(one)))}
        return len([name for name in names if name not in asked]) > 1

    def _sharing(self, words: Sequence[QueryWord], columns: Sequence[_Column]) -> list[_Column]:
        """The columns whose names have most of some words, and any."""
        n_shared = [sum(self._holds(c.name, w, self._may_be) for w in words) for c in columns]
        most = max(n_shared, default=0)
        return [c for c, n in zip(columns, n_shared, strict=True) if n == most > 0]

    def _says_all(self, name: str) -> bool:
        return any(
            bool(terms := set(language.terms(name, of)))
            and terms <= set().union(*(self._may_be[id(w)][of] for w in self._words))
            for of in self._langs
        )

    def _holds(self, text: str, word: QueryWord, by: _Terms | None = None) -> bool:
        stands_for = (by or self._stands_for)[id(word)]
        return any(not stands_for[of].isdisjoint(language.terms(text, of)) for of in self._langs)

    # ------------------------------------------------------------------- among which things

    def _scope(self) -> list[int]:
        """The things that have more than others of what else the question says, by number; all where none has, and none where it
        is about one alone, or about something that is named nowhere."""
        columns = " ".join({cell.column for one in self._things for cell in one.cells})
        amounts, moments = Amounts(self._question), Moments(self._question)
        within = [
            any(amounts.within(cell.said) for cell in one.cells if amounts) for one in self._things
        ]
        # The 8 of "8 years" lies in "6-12" and is none of "8 weeks"
        telling = [w for w in self._telling(columns) if not (any(within) and w.text.isdigit())]
        terms = [self._terms_of(one) if telling else {} for one in self._things]
        held = [[w for w in telling if self._meets(w, of)] for of in terms]
        if any(self._is_named_nowhere(w, held) for w in telling):
            return []
        n_held = [
            len(some)
            + lies
            + bool(moments and moments.met([c.said for c in one.cells], self._langs[0]).weight)
            for some, lies, one in zip(held, within, self._things, strict=True)
        ]
        most = max(n_held)
        among = [n for n, so_many in enumerate(n_held) if so_many == most]
        if len(among) > 1:
            return among
        # "boat" in "Rowing boat" says nothing where all are boats
        alone = held[among[0]]
        everywhere = len(alone) == most and all(
            self._holds(self._around, w) or self._is_class(w, columns) for w in alone
        )
        return list(range(len(self._things))) if everywhere else []

    def _telling(self, columns: str) -> list[QueryWord]:
        """The words of the question that may tell some things from others."""
        return [
            w
            for w in self._words
            if language.fold(w.text) not in MEASURES
            and not any(p.fullmatch(language.fold(w.text)) for p in _CALLED.values())
            and not self._holds(f"{columns} {self._called}", w)
        ]

    def _is_named_nowhere(self, word: QueryWord, held: Sequence[Sequence[QueryWord]]) -> bool:
        """Whether a word is a name that neither the things have nor what stands over them."""
        named = word.name and word.text.isalpha() and not any(word in some for some in held)
        return named and not self._holds(self._around, word)

    def _is_class(self, word: QueryWord, columns: str) -> bool:
        """Whether a word is what the question calls the things it asks for, "which walk", and no part of that, "which swimming course"."""
        folded = language.fold(self._question)
        at = folded.find(language.fold(word.text))
        after = next((w for w in folded_words(folded[at + len(word.text) :])), "")
        follows = next((w for w in self._words if language.fold(w.text) == after), None)
        goes_on = follows is not None and self._holds(f"{columns} {self._called}", follows)
        said = folded_words(folded[:at])[-1:]
        leads = _CLASS.search(folded[:at]) is not None or not self._asked.said.isdisjoint(said)
        return leads and not goes_on

    def _terms_of(self, thing: _Thing) -> dict[Lang, set[str]]:
        said = " ".join(cell.said for cell in thing.cells)
        return {of: set(language.terms(said, of)) for of in self._langs}

    def _meets(self, word: QueryWord, terms: dict[Lang, set[str]]) -> bool:
        return any(not self._stands_for[id(word)][of].isdisjoint(terms[of]) for of in self._langs)


def _name(thing: _Thing) -> str:
    return language.fold(next((cell.said for cell in thing.cells if cell.said), "")).strip()


# --------------------------------------------------------------------------- what comes of it


@dataclass(frozen=True, slots=True)
class _Told:
    """A series of which it is known what is asked for: where in its document ``best`` stand, and the others."""

    doc_id: str
    start: int
    end: int
    best: frozenset[Span]
    others: frozenset[Span]

    def _within(self, spans: frozenset[Span], start: int, end: int) -> list[Span]:
        return [span for span in spans if span[0] < end and start < span[1]]

    def best_in(self, start: int, end: int) -> list[Span]:
        """Of the best those that a stretch of the document has a part of."""
        return self._within(self.best, start, end)

    def are_others(self, start: int, end: int) -> bool:
        """Whether a stretch of the document is nothing but others."""
        inside = self.start <= start and end <= self.end
        return (
            inside and not self.best_in(start, end) and bool(self._within(self.others, start, end))
        )


class AskedMost:
    """The rows, labels and items of some passages that have the most or the least of what a question asks for so.

    ``passages``: those given, with the ones in which such a row stands as good as the best one of its table; the legs cannot tell rows that say
    the same of something else.
    """

    def __init__(
        self,
        question: str,
        words: Sequence[QueryWord],
        passages: Sequence[Ranked],
        index: Searchable,
        far: float,
    ):
        """``far``: what scores so far below the best passage is not looked at."""
        self.passages = list(passages)
        self._told: list[_Told] = []
        asked = sought(question)
        if asked is None or not passages:
            return
        best = max(p.candidate.fused for p in passages)
        near = [p for p in passages if p.candidate.fused >= best - far]
        for ranked, series in _at_hand(near, index):
            place = ranked.place
            over = " ".join((place.title, *place.section_path))
            last = place.section_path[-1] if place.section_path else place.title
            named = replace(series, called=series.called or last)
            lang = ranked.passage.lang
            found = _Comparing(
                asked, question, words, named, lang, f"{over} {series.called}"
            ).best()
            if found:
                spans = frozenset((one.start, one.end) for one in found)
                every = frozenset((one.start, one.end) for one in series.things)
                doc_id = ranked.passage.doc_id
                told = _Told(doc_id, series.start, series.end, spans, every - spans)
                self._told.append(told)
                self._bring(told, near, index)

    def _bring(self, told: _Told, near: Sequence[Ranked], index: Searchable) -> None:
        """Let the passages in which the best stand be as good as the best one of their table."""
        beside = [
            p
            for p in near
            if p.passage.doc_id == told.doc_id
            and p.passage.start < told.end
            and told.start < p.passage.end
        ]
        first = max(beside, key=lambda p: p.candidate.fused)
        fused = first.candidate.fused
        for start, _ in told.best:
            at = next((n for n, p in enumerate(self.passages) if _stands_in(start, told, p)), None)
            if at is not None:
                one = self.passages[at]
                raised = one.candidate._replace(fused=max(fused, one.candidate.fused))
                self.passages[at] = replace(one, candidate=raised)
                continue
            rows = _rows_of(told.doc_id, index)
            for row, place in zip(rows, index.places(rows), strict=True):
                if place.passage.start <= start < place.passage.end:
                    candidate = first.candidate._replace(row=row)
                    self.passages.append(Ranked(candidate, place, None, (), None))

    def are_in(self, ranked: Ranked) -> bool:
        """Whether what is asked for stands in a passage."""
        passage = ranked.passage
        return any(told.best_in(passage.start, passage.end) for told in self._of(ranked))

    def are_of_one_table(self, ranked: Ranked, other: Ranked) -> bool:
        """Whether what is asked for stands in a passage, and another one has a part of the same table."""
        start, end = ranked.passage.start, ranked.passage.end
        return any(
            told.best_in(start, end)
            and other.passage.start < told.end
            and told.start < other.passage.end
            for told in self._of(ranked)
            if told.doc_id == other.passage.doc_id
        )

    def _of(self, ranked: Ranked) -> list[_Told]:
        return [told for told in self._told if told.doc_id == ranked.passage.doc_id]

    def are_others(self, ranked: Ranked, start: int, end: int) -> bool | None:
        """Whether a stretch of a passage, ``[start, end)`` in it, is nothing but others; None where it has nothing of a table in which it is known
        what is asked for."""
        start, end = ranked.passage.start + start, ranked.passage.start + end
        of = self._of(ranked)
        if any(told.best_in(start, end) for told in of):
            return False
        return any(told.are_others(start, end) for told in of) or None

    def marked(
        self,
        ranked: Ranked,
        atoms: Sequence[Atom],
        n_tokens: npt.NDArray[np.float64],
        chances: npt.NDArray[np.float64],
    ) -> tuple[npt.NDArray[np.float64], dict[int, str]]:
        """The chances with those of a table, and of what leads in to it, at the rows that are asked for; and by atom what tells these apart."""
        found: dict[int, str] = {}
        for told in self._of(ranked):
            at = [ranked.passage.start + atom.start for atom in atoms]
            inside = [i for i, start in enumerate(at) if told.start <= start < told.end]
            best = {i: span for i in inside for span in told.best_in(at[i], at[i] + 1)}
            marked = list(best)
            if marked and marked[-1] - marked[0] >= len(marked):
                # What lies between is none of them: the first is quoted, and the others beside it
                marked = [i for i in marked if best[i] == best[marked[0]]]
            others = [i for i in inside if i not in marked]
            chances = moved(chances, n_tokens, marked, others)
            found |= {i: str(start) for i, (start, _) in best.items()}
        return chances, found


def _stands_in(start: int, told: _Told, ranked: Ranked) -> bool:
    passage = ranked.passage
    return passage.doc_id == told.doc_id and passage.start <= start < passage.end


def _at_hand(passages: Sequence[Ranked], index: Searchable) -> Iterator[tuple[Ranked, _Series]]:
    """The series of which some passages have a part, whole, each with the first of those passages; none of documents too long to know
    all of it."""
    seen: set[tuple[str, int]] = set()
    documents: dict[str, list[_Series]] = {}
    for ranked in passages:
        passage = ranked.passage
        here = list(_series(passage, index.blocks(ranked.candidate.row)))
        if not all(one.whole for one in here):
            if passage.doc_id not in documents:
                documents[passage.doc_id] = _of_document(passage.doc_id, index)
            here = [
                one
                for one in documents[passage.doc_id]
                if one.start < passage.end and passage.start < one.end
            ]
        for one in here:
            if (passage.doc_id, one.end) not in seen:
                seen.add((passage.doc_id, one.end))
                yield ranked, one


def _rows_of(doc_id: str, index: Searchable) -> list[int]:
    rows = index.rows_where(doc_ids=(doc_id,))
    return [] if rows is None else rows.tolist()


def _of_document(doc_id: str, index: Searchable) -> list[_Series]:
    if len(_rows_of(doc_id, index)) > _MOST_PASSAGES:
        return []
    document = index.document(doc_id)
    text = document.text
    return list(
        _series(Passage("", doc_id, 0, len(text), text, document.lang, ""), document.blocks)
    )
