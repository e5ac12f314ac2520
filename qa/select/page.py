"""A passage that a reader has read: which run of its sentences, items or rows it would underline, whole.

A run is what a person would: with what leads in to it, the rest of a list that is mostly in it, the headings that are marked.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from corpus.document import Block, Lang, Passage
from index.reader import Reading
from index.searchable import QueryWord, Searchable
from qa.acronyms import defined
from qa.cite import Quote
from qa.rank import Ranked
from qa.select import Span, Unit
from qa.select.alike.numbered import whose_number
from qa.select.alike.records import AskedRows
from qa.select.alike.sides import AskedSide
from qa.select.atoms import Atom, atoms_of, text_of, without_opposites
from qa.select.extremes import AskedMost
from qa.select.introduced import introduced
from qa.select.marks import by_cases, by_days, by_questions, by_rows, by_series, moved, nearness
from qa.select.series import AskedSeries
from qa.select.times.entries import AskedDay
from qa.select.titles import Title

# Below these log odds that the passage answers the reader does not believe it itself.
DOUBT = 0.0
# Above these it is sure.
SURE = 1.5
MAX_UNIT_CHARS = 1500
# A lead-in that is longer is a paragraph of its own, and only its end leads in.
_MAX_LEAD_CHARS = 320
# How much more it costs to leave out words that are marked than to quote words that are not.
_BETA = 2.0
# The same among rows and labels, of which mostly one is what is asked for.
_BETA_ALONE = 1.0
# A row that is marked less than so much of the most marked one is not what is asked for.
_TRIMMED = 0.5
# An item of several sentences that is marked less than so much of the most marked one is not what is asked for.
_AS_MARKED = 0.4
# Sentences at the ends of a run are left out below this share.
_TRIMMED_PROSE = 0.25
# Where the heading is what the question names and nothing below it is marked, all of that is what it says.
_UNMARKED = 0.1
# A list of which so much is marked is quoted whole.
_MOST = 0.5
# A lead-in that is marked so much is itself part of what is asked for.
_LEADS = 0.7
_MAX_SPAN_TOKENS = 24
_LEAST_SPAN = 0.12


@dataclass(frozen=True, slots=True)
class Run:
    """Atoms ``first`` to ``last``; ``marked``: the mean chance of their tokens, 0..1."""

    first: int
    last: int
    marked: float


@dataclass(frozen=True, slots=True)
class AskedOfPages:
    """What a question, with its ``words``, asks of any page: which rows it names, which of a series, of which day entries are meant, which of
    several has the most or the least, and, by the language of the passage, which of the values in a sentence is meant."""

    question: str
    words: Sequence[QueryWord]
    rows: AskedRows
    series: AskedSeries
    day: AskedDay
    most: AskedMost
    sides: Mapping[Lang, AskedSide | None]


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A passage that was read: its atoms, and of each how many tokens it has and the sum of their chances, float64[n].

    ``asked_rows``: what the question says of rows.

    ``defines``: the place of the words that spell out the short form whose meaning is asked for, that say who somebody is, or of the long number that is asked whose
    it is. ``rows``: the names of rows that the
    question says as they are written, by atom, or what tells those apart that have the most or the least of what it asks for. ``asked_side``: what
    it asks of sentences that give several values. ``of_others``: the atoms that are of others of a series than the one that it names.
    """

    ranked: Ranked
    reading: Reading
    blocks: Sequence[Block]
    atoms: Sequence[Atom]
    n_tokens: npt.NDArray[np.float64]
    chances: npt.NDArray[np.float64]
    title: Title
    defines: int | None
    rows: Mapping[int, str] = field(default_factory=dict)
    asked_rows: AskedRows | None = None
    asked_side: AskedSide | None = None
    of_others: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls,
        ranked: Ranked,
        reading: Reading,
        index: Searchable,
        title: Title,
        asked: AskedOfPages,
    ) -> Page:
        """The page of a passage and what was read in it."""
        passage, question, words = ranked.passage, asked.question, asked.words
        blocks = index.blocks(ranked.candidate.row)
        atoms = without_opposites(question, words, passage, atoms_of(passage, blocks))
        # By hand: a passage has a few dozen tokens and a few atoms, for which an array costs more than their sum
        tokens = zip(
            *map(np.ndarray.tolist, (reading.starts, reading.ends, reading.marked)), strict=True
        )
        says = [(a, marked) for a, b, marked in tokens if any(map(str.isalnum, passage.text[a:b]))]
        starts, sums = [a for a, _ in says], [0.0, *accumulate(marked for _, marked in says)]
        bounds = [(bisect_left(starts, a.start), bisect_left(starts, a.end)) for a in atoms]
        n_tokens = np.array([b - a for a, b in bounds], dtype=np.float64)
        chances = np.array([sums[b] - sums[a] for a, b in bounds])
        chances = chances * nearness(atoms, ranked.met)
        chances, rows = by_rows(asked.rows, ranked, atoms, n_tokens, chances)
        told = asked.series.within(passage, ranked.place.section_path, atoms, blocks)
        chances = by_series(told, n_tokens, chances)
        chances = by_days(asked.day, passage, atoms, blocks, n_tokens, chances)
        chances, extreme = asked.most.marked(ranked, atoms, n_tokens, chances)
        chances = by_questions(question, passage, atoms, blocks, n_tokens, chances)
        chances = by_cases(question, words, passage, atoms, n_tokens, chances)
        defines = defined(question, passage.text)
        if defines is None:
            defines = introduced(question, passage.text)
        if defines is None:
            defines, of_number = _beside_number(question, words, passage, atoms)
            others = [i for i, atom in enumerate(atoms) if atom.alone and i not in of_number]
            chances = moved(chances, n_tokens, of_number, others)
        if title.dated and reading.answers < DOUBT:
            # What the heading says the reader is not asked
            reading = replace(reading, answers=DOUBT)
        elif title.dated:
            title = replace(title, dated=None)
        page = cls(
            ranked,
            reading,
            blocks,
            atoms,
            n_tokens,
            chances,
            title,
            defines,
            extreme or rows,
            asked.rows,
            asked.sides[passage.lang],
            frozenset(i for i, is_of in enumerate(told) if is_of is False),
        )
        if not (named := page._of_items(title.items)):
            return page
        return page.towards(named)

    def towards(self, named: list[int]) -> Page:
        """The page with its chances moved to some of its atoms."""
        others = [i for i, a in enumerate(self.atoms) if i not in named and not a.weak]
        return replace(self, chances=moved(self.chances, self.n_tokens, named, others))

    def begins(self, number: int) -> int:
        """Where in the passage the outermost block begins that an atom stands in, a paragraph, a list, a table."""
        path = self._path(number)
        whole = self.blocks[path[-1]].start if path else 0
        return max(0, whole - self.ranked.passage.start)

    def marked(self, number: int) -> float:
        """How likely the reader would underline an atom, 0..1."""
        return self._mean(number, number)

    def is_of_others(self, run: Run) -> bool:
        """Whether all that a run says is of others of a series than the one that is asked for."""
        told = [i for i in range(run.first, run.last + 1) if not self.atoms[i].weak]
        return bool(told) and self.of_others.issuperset(told)

    @property
    def says(self) -> bool:
        """Whether its words alone tell that it answers, whatever the reader makes of them."""
        return self.title.asked or self.defines is not None or self.title.dated is not None

    def best(self) -> Run | None:
        """The run that most likely is what answers, whole; None in a passage without a sentence."""
        if (told := self._told()) is not None:
            return told
        if not self.atoms:
            return None
        first, last = self._trimmed(*self._most_worth())
        items = self._items_asked(first, last)
        first, last = max(first, items.start), min(last, items.stop - 1)
        return self._run(*self._whole(*self._grown(first, last, items)))

    def _most_worth(self) -> tuple[int, int]:
        """The run with the largest F measure that is expected of it, were it what a person underlines; all where no atom may be one."""
        n_before = [0.0, *accumulate(self.n_tokens.tolist())]
        before = [0.0, *accumulate(self.chances.tolist())]
        total = before[-1]
        found, most = (0, len(self.atoms) - 1), -1.0
        for first, opening in enumerate(self.atoms):
            if opening.asks:
                continue
            square = _BETA_ALONE**2
            for last in range(first, len(self.atoms)):
                closing = self.atoms[last]
                if closing.message and last > first:
                    break
                if not closing.alone:
                    square = _BETA**2
                if closing.end - opening.start > MAX_UNIT_CHARS and last > first:
                    break
                if closing.asks and closing.group is not None:
                    if self.blocks[closing.group].kind == "pair":
                        break  # What answers the next question answers another one
                if closing.asks or closing.weak:
                    continue
                inside = before[last + 1] - before[first]
                size = n_before[last + 1] - n_before[first]
                worth = (1 + square) * inside / (size + square * total + 1e-9)
                if worth > most:
                    found, most = (first, last), worth
        return found

    def _told(self) -> Run | None:
        """The run that its words or what stands over it tell to be asked for; None where they tell nothing."""
        if self.defines is not None and (run := self.run_at(self.defines)) is not None:
            return run
        if self.title.dated and self.atoms:
            return self._run(*self._whole(0, 0))
        if self.title.numbered and (named := self._of_items(self.title.items)):
            return self._run(named[0], self._last_within(MAX_UNIT_CHARS, named))
        unmarked = self.atoms and self._mean(0, len(self.atoms) - 1) < _UNMARKED
        if self.title.numbered or (self.title.asked and unmarked):
            return self._run(0, self._last_within(MAX_UNIT_CHARS, range(len(self.atoms))))
        if self.title.asked and self.reading.answers < DOUBT and (below := self._first_list()):
            return self._run(0, self._last_within(MAX_UNIT_CHARS, below))
        return None

    def _first_list(self) -> list[int]:
        """The atoms of the list that the passage begins with; none where it begins otherwise."""
        first = self.list_of(0) if self.atoms else None
        return [i for i in range(len(self.atoms)) if first is not None and self.list_of(i) == first]

    def run_at(self, offset: int) -> Run | None:
        """The run of the atom at a place of the passage, whole; None where there is none, or it says nothing by itself."""
        for number, atom in enumerate(self.atoms):
            if atom.start <= offset < atom.end:
                return self.run_of(number)
        return None

    def run_of(self, number: int) -> Run | None:
        """The run of an atom, whole; None where that says nothing by itself."""
        atom = self.atoms[number]
        return None if atom.asks or atom.weak else self._run(*self._whole(number, number))

    def _last_within(self, n_chars: int, among: Sequence[int]) -> int:
        """The last of some atoms that ends so many code points after the first of them begins, or the first itself."""
        end = self.atoms[among[0]].start + n_chars
        return max(i for i in among if i == among[0] or self.atoms[i].end <= end)

    def _of_items(self, items: frozenset[int]) -> list[int]:
        """The atoms of some items and of what is in them."""
        return [i for i in range(len(self.atoms)) if items & set(self._path(i))]

    def _trimmed(self, first: int, last: int) -> tuple[int, int]:
        """A run of sentences, or with rows or labels, without what at its ends is marked far less than the most marked of it.

        What leads in to a table is no answer without its rows, however marked: then it is no measure for them. Nor is a heading one without
        what stands below it.
        """
        atoms = range(first, last + 1)
        rows = any(self.atoms[i].alone for i in atoms)
        share = _TRIMMED if rows else _TRIMMED_PROSE
        kept = self._most_marked(atoms, share)
        # A form that nobody has filled in has nothing else
        telling = [i for i in atoms if not self.atoms[i].weak]
        if telling and all(self.atoms[i].weak for i in kept):
            told = self._most_marked(telling, share)
            kept = told if rows else sorted({*kept, *told})
        # A run that ends before what asks or greets does so still
        return kept[0], max((i for i in kept if not self.atoms[i].asks), default=kept[-1])

    def _most_marked(self, among: Sequence[int], share: float) -> list[int]:
        means = {i: self._mean(i, i) for i in among}
        most = max(means.values())
        return [i for i, mean in means.items() if mean >= share * most]

    def others(self, first: Run) -> Iterator[Run]:
        """Runs of what else is clearly marked."""
        at = 0
        while at < len(self.atoms):
            stop = at
            while stop < len(self.atoms) and self._is_marked(stop, first):
                stop += 1
            if stop > at:
                run = self._run(*self._whole(at, stop - 1))
                if run.first > first.last or run.last < first.first:
                    yield run
            at = stop + 1

    def _is_marked(self, number: int, first: Run) -> bool:
        atom = self.atoms[number]
        taken = first.first <= number <= first.last
        alone = atom.asks or atom.weak
        return not taken and not alone and self._mean(number, number) >= 0.5

    def _items_asked(self, first: int, last: int) -> range:
        """Where a run may reach: of a list of items of several sentences to the most marked item and those beside it that are about as much marked,
        unless all of it is asked for, or most of it is marked."""
        everywhere = range(len(self.atoms))
        most = max(range(first, last + 1), key=lambda i: self._mean(i, i))
        group = self.atoms[most].group
        if group is None or self._list_at(most) is None or self.reading.answers < DOUBT:
            return everywhere
        parts: dict[int, list[int]] = {}
        for i, thing in self._things(group).items():
            parts.setdefault(thing, []).append(i)
        items = list(parts.values())
        own = next((n for n, item in enumerate(items) if most in item), None)
        if own is None or all(len(item) == 1 for item in items):
            return everywhere
        as_marked = [self._is_as_marked(item, items[own]) for item in items]
        if (
            self.title.asked
            or self._is_mostly_marked(items)
            or self.asks_for_all(group, 0, len(self.atoms) - 1)
        ):
            return everywhere
        low = high = own
        while low > 0 and as_marked[low - 1]:
            low -= 1
        while high + 1 < len(items) and as_marked[high + 1]:
            high += 1
        return range(items[low][0], items[high][-1] + 1)

    def _is_mostly_marked(self, items: Sequence[Sequence[int]]) -> bool:
        """Whether most of some items have a sentence that is about as much marked as the most marked one."""
        marked = [max(self._mean(i, i) for i in item) for item in items]
        clear = [one >= _AS_MARKED * max(marked) for one in marked]
        return sum(clear) > _MOST * len(items)

    def _is_as_marked(self, atoms: Sequence[int], own: Sequence[int]) -> bool:
        """Whether an item of one sentence, or about as much of the item is marked as of another one, all in all and in one of its sentences."""
        if len(atoms) == 1:
            return True
        most, of_own = (max(self._mean(i, i) for i in item) for item in (atoms, own))
        much, in_own = (self.chances[[*item]].sum() for item in (atoms, own))
        return bool(most >= _AS_MARKED * of_own and much >= _AS_MARKED * in_own)

    def _grown(self, first: int, last: int, within: range) -> tuple[int, int]:
        """The run and what is clearly marked beside it in the same list, items in an item among it, as far as it may reach."""
        whole = self.list_of(last)
        if whole is None:
            return first, last
        taken = Run(first, last, 0.0)
        for step in (1, -1):
            at = (last if step > 0 else first) + step
            while 0 <= at < len(self.atoms) and self.list_of(at) == whole:
                low, high = min(first, at), max(last, at)
                if self.atoms[high].end - self.atoms[low].start > MAX_UNIT_CHARS:
                    break
                if at not in within:
                    break
                if self._is_marked(at, taken):
                    first, last = low, high
                elif not self.atoms[at].weak:
                    break
                at += step
        return first, last

    def list_of(self, number: int) -> int | None:
        """The outermost list that an atom stands in."""
        return min(self.lists_of(number), default=None)

    def lists_of(self, number: int) -> list[int]:
        """The lists that an atom stands in, from within."""
        return [n for n in self._path(number)[1:] if self.blocks[n].kind == "list"]

    def list_marked(self, run: Run) -> tuple[int, int] | None:
        """Where in the document the innermost list stands that the most marked atom of a run is in; None for one in no list."""
        telling = [i for i in range(run.first, run.last + 1) if not self.atoms[i].weak]
        most = max(telling, key=lambda i: self._mean(i, i), default=run.first)
        return self._list_at(most)

    def n_of_list(self, run: Run, place: tuple[int, int]) -> int:
        """How many things of the list that stands at a place of the document are in a run, without those of lists in it."""
        atoms = range(run.first, run.last + 1)
        return len({self.atoms[i].block for i in atoms if self._list_at(i) == place})

    def _list_at(self, number: int) -> tuple[int, int] | None:
        group = self.atoms[number].group
        block = None if group is None else self.blocks[group]
        return None if block is None or block.kind != "list" else (block.start, block.end)

    def _path(self, number: int) -> list[int]:
        """The block of an atom and those that hold it, from within."""
        found, at = [], self.atoms[number].block
        while at is not None:
            found.append(at)
            at = self.blocks[at].parent
        return found

    def _mean(self, first: int, last: int) -> float:
        if first == last:
            size, chances = self.n_tokens[first], self.chances[first]
        else:
            size, chances = (
                self.n_tokens[first : last + 1].sum(),
                self.chances[first : last + 1].sum(),
            )
        return float(chances / size) if size else 0.0

    def left_out(self, run: Run) -> float:
        """How much of what is marked lies outside of a run, 0..1: the more, the likelier a part of the answer is missing."""
        total = float(self.chances.sum())
        return 1 - float(self.chances[run.first : run.last + 1].sum()) / total if total else 0.0

    def _run(self, first: int, last: int) -> Run:
        return Run(first, last, self._mean(first, last))

    def _whole(self, first: int, last: int) -> tuple[int, int]:
        """The run with what belongs to it: the rest of a list that is mostly in it, or of a table that what leads in to it
        asks for whole, and what leads in to it."""
        paths = [self._path(i) for i in range(len(self.atoms))]
        # What is within comes after what holds it, and is made whole first
        for group in sorted(
            {n for path in paths[first : last + 1] for n in path[1:]}, reverse=True
        ):
            if self.blocks[group].kind == "table":
                held = [i for i, path in enumerate(paths) if group in path[1:]]
                low, high = held[0], held[-1]
                leads = (i for i in held if self.atoms[i].weak and not self.atoms[i].alone)
                asked = any(self._mean(i, i) >= _LEADS for i in leads)
                if asked and self.atoms[high].end - self.atoms[low].start <= MAX_UNIT_CHARS:
                    first, last = min(first, low), max(last, high)
            if self.blocks[group].kind != "list":
                continue
            things = self._things(group)
            items = set(things.values())
            inside = {part for i, part in things.items() if first <= i <= last}
            low, high = min(first, *things, first), max(last, *things, last)
            size = self.atoms[high].end - self.atoms[low].start
            # Of items that have more than a sentence each half of a list is not most of it
            least = _MOST * len(items) + (0.5 if len(things) > len(items) else 0.0)
            mostly = len(inside) > 1 and len(inside) >= least
            if size <= MAX_UNIT_CHARS and (mostly or self.asks_for_all(group, first, last)):
                first, last = low, high
        return self._of_message(self._below_headings(self._led_in(first), last), last)

    def _of_message(self, first: int, last: int) -> tuple[int, int]:
        """The run with the rest of the message of a chat that it is a part of, who wrote it among that; else as it is."""
        begins = [i for i in range(first + 1) if self.atoms[i].message]
        if not begins:
            return first, last
        ends = (i - 1 for i in range(last + 1, len(self.atoms)) if self.atoms[i].message)
        end = next(ends, len(self.atoms) - 1)
        size = self.atoms[end].end - self.atoms[begins[-1]].start
        return (begins[-1], end) if size <= MAX_UNIT_CHARS else (first, last)

    def _things(self, group: int) -> dict[int, int]:
        """The atoms that stand in things of a list, each with the block of that: an item, or a list below one. What leads in is none."""
        paths = ((i, self._path(i)) for i in range(len(self.atoms)))
        parts = {i: path[path.index(group) - 1] for i, path in paths if group in path[1:]}
        return {i: n for i, n in parts.items() if self.blocks[n].kind in ("item", "list")}

    def _below_headings(self, first: int, last: int) -> int:
        """The run's first atom without the headings over it that are not marked."""
        while first < last and self._is_heading(first) and self._mean(first, first) < _LEADS:
            first += 1
        return first

    def _is_heading(self, number: int) -> bool:
        block = self.atoms[number].block
        return block is not None and self.blocks[block].kind == "heading"

    def asks_for_all(self, group: int, first: int, last: int) -> bool:
        """Whether the lead-in of a list is as clearly marked as an answer: then all that it leads in to is asked for."""
        atoms = range(first, last + 1)
        leads = (i for i in atoms if self.atoms[i].group == group and self.atoms[i].weak)
        return any(self._mean(i, i) >= _LEADS for i in leads)

    def goes_beyond(self, run: Run, group: int) -> tuple[bool, bool]:
        """Whether what a run has of a list is asked for up to its beginning, and up to its end: more than one thing in it is marked, and that
        there among them, or all of them are asked for. One thing with what stands below it is no list, nor are those beside it."""
        if self.asks_for_all(group, run.first, run.last):
            return True, True
        things = self._things(group)
        inside = [i for i in things if run.first <= i <= run.last]
        if not inside:
            return False, False
        marked = {things[i] for i in self._most_marked(inside, _TRIMMED)}
        first, last = (things[i] in marked for i in (inside[0], inside[-1]))
        return len(marked) > 1 and first, len(marked) > 1 and last

    def _led_in(self, first: int) -> int:
        """The run's first atom, or the lead-in right before it."""
        if first == 0:
            return first
        atom, before = self.atoms[first], self.atoms[first - 1]
        leads = before.weak and (before.group == atom.group or atom.group is None)
        short = before.end - before.start <= _MAX_LEAD_CHARS
        return first - 1 if leads and short and not before.asks else first

    def within(self, run: Run) -> tuple[int, int]:
        """Where in the passage a run stands."""
        return self.atoms[run.first].start, self.atoms[run.last].end

    def unit(self, run: Run, score: float, features: tuple[float, ...]) -> Unit:
        """The unit of a run, with the words in it that answer."""
        passage = self.ranked.passage
        start, end = self.within(run)
        if (dated := self.title.dated) and run.first == 0:
            headed = _below(dated.text, passage)
            quote = Quote(headed, headed.start, passage.start + end, score)
            return Unit(quote, score, features, Span(*dated.day, 1.0))
        quote = Quote(passage, passage.start + start, passage.start + end, score)
        value = self.asked_rows.value(self.ranked, start, end) if self.asked_rows else None
        if value is not None:
            # Of alike cells the reader takes the one for the other
            span: Span | None = Span(value[0] - start, value[1] - start, 1.0)
        else:
            span = self._span(start, end)
        return Unit(quote, score, features, span)

    def _span(self, start: int, end: int) -> Span | None:
        """The shortest words between ``start`` and ``end`` that answer; None where they cannot be told."""
        found = self._likeliest(start, end)
        if found is None:
            return None
        a, b, chance = found
        passage = self.ranked.passage
        atom = next(one for one in self.atoms if a < one.end)
        here = (a - atom.start, b - atom.start)
        text, asked = text_of(passage, atom), None if atom.alone else self.asked_side
        side = asked.other(text, here) if asked else None
        if asked and side:
            found = self._likeliest(atom.start + side[0], atom.start + side[1], 0.0)
            if found is None or not asked.gives(passage.text[found[0] : found[1]]):
                return None
            a, b, _ = found
        if (a, b) == (start, end):
            return None
        return Span(a - start, b - start, min(1.0, chance))

    def _likeliest(
        self, start: int, end: int, least: float = _LEAST_SPAN
    ) -> tuple[int, int, float] | None:
        """The words between ``start`` and ``end`` that most likely answer, and how likely; None where that is less than ``least``."""
        reading = self.reading
        starts, ends = reading.starts.tolist(), reading.ends.tolist()
        opens, closes = _softmax(reading.opens).tolist(), _softmax(reading.closes).tolist()
        inside = [
            i for i, (a, b) in enumerate(zip(starts, ends, strict=True)) if start <= a and b <= end
        ]
        # What is less likely than this alone is so with any other, too
        firsts = [i for i in inside if opens[i] >= least**2]
        lasts = [i for i in inside if closes[i] >= least**2]
        # Words that answer do not begin in one item or sentence and end in the next
        atoms = [atom.end for atom in self.atoms]
        within = {i: bisect_right(atoms, starts[i]) for i in {*firsts, *lasts}}
        pairs = (
            (opens[first] * closes[last], first, last)
            for first in firsts
            for last in lasts
            if 0 <= last - first < _MAX_SPAN_TOKENS and within[first] == within[last]
        )
        likeliest = max(pairs, key=itemgetter(0), default=None)
        if likeliest is None or math.sqrt(likeliest[0]) < least:
            return None
        chance, first, last = likeliest
        return starts[first], ends[last], math.sqrt(chance)


def _below(heading: str, passage: Passage) -> Passage:
    """A passage with the heading that stands right before it."""
    n = len(heading)
    spans = tuple((start + n, end + n) for start, end in passage.sentences)
    return replace(passage, start=passage.start - n, text=heading + passage.text, sentences=spans)


def _beside_number(
    question: str, words: Sequence[QueryWord], passage: Passage, atoms: Sequence[Atom]
) -> tuple[int | None, list[int]]:
    """The place of the long number that is asked whose it is, where the words beside it may tell, and the row or label that it is in, by
    number; None and nothing elsewhere."""
    found = whose_number(question, words, passage.lang, passage.text)
    if found is None:
        return None, []
    start, end = found
    for number, atom in enumerate(atoms):
        if atom.start <= start < atom.end:
            rest = passage.text[atom.start : start] + passage.text[end : atom.end]
            if any(map(str.isalpha, rest)):
                return start, [number] if atom.alone else []
    return None, []


def _softmax(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    powers = np.exp(values.astype(np.float64) - float(values.max()))
    shares: npt.NDArray[np.float64] = powers / powers.sum()
    return shares
