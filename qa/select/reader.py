"""Which words answer, by a reader: the selector that has read question and passage together.

The reader gives every token a chance of being underlined (see :mod:`index.reader`). What is quoted are whole units: of each
passage the run of sentences, items or rows in which those chances lie, with what such a run needs beside it to be
understood; the blocks of the document say what that is. Which passage comes first, and how sure the answer is, are
weighed from what the reader says and what the search said before it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from corpus import divisions, language
from corpus.divisions import Division
from corpus.document import Block, Lang, Passage
from index.reader import Reader, Reading
from index.searchable import Interaction, QueryWord, Searchable
from qa.acronyms import defined
from qa.calibration import Readings, in_order, logistic
from qa.cite import Quote
from qa.duplicates import same_words
from qa.rank import Ranked, terms_held
from qa.retrieve import Retrieved
from qa.select import Feature, Reason, Selection, Span, Unit, Why
from qa.select.conditions import cases
from qa.select.kind import lacks_kind
from qa.select.numbered import is_of_another
from qa.select.opposed import opposed
from qa.select.records import Asked, AskedRows, without_other_rows
from qa.select.rules import Rules
from qa.select.siblings import of_siblings
from qa.understand import Question
from qa.words import all_held, asks_by, folded_words, names_held

UNIT_FEATURES = ("answers", "marked", "fused", "defines", "lacking")
SUPPORT_FEATURES = (
    "answers",
    "marked",
    "fused",
    "missing",
    "unknown",
    "strange",
    "size",
    "titled",
    "lacking",
    "across",
)
CONFIDENCE_FEATURES = ("answers", "marked", "fused", "lead", "titled", "lacking", "left")

# So many are looked at; mostly two are read. Of 1,035 questions about real documents the right words are quoted for as many
# as with sixteen, and for nine more than with nine.
N_PASSAGES = 12
# What scores so far below the best passage is not read: of 836 questions it keeps one of a thousand from the words that
# answer, and it spares two readings in five.
_FAR = 0.6
# So many are read at once, a thread each, before it is asked whether the rest can matter.
_AT_ONCE = 2
# What is read last counts for no more than this, wherever it stands: of 307 questions about real documents every one gets
# the same first quote as if all eight passages had been read, and half of them read two.
_MOST_READ = 3.9
# Where the reader believes none of so many to answer, not even by these log odds, what comes after them is read no more:
# it would rather find words for what the documents do not say. Of 1,365 questions about real documents seven fewer are
# quoted whole than with (6, -3), of 393 near misses 17 more are declined; where seven tenths of these are, seven more are quoted.
_PATIENCE, _HOPELESS = 4, -2.5
# Below these log odds that the passage answers the reader does not believe it itself.
_DOUBT = 0.0
# No lead over the second passage counts for more.
_MAX_LEAD = 5.0
# So many of the best passages are looked at for the question's names.
_N_NAMED = 3
MAX_QUOTES = 3
_MAX_UNIT_CHARS = 1500
_MAX_QUOTED_CHARS = 2400
# A list that goes over several passages is quoted in so many parts, which are no longer than this together.
_MAX_PARTS = 6
_MAX_LIST_CHARS = 3000
# A lead-in that is longer is a paragraph of its own, and only its end leads in.
_MAX_LEAD_CHARS = 320
# How much more it costs to leave out words that are marked than to quote words that are not.
_BETA = 2.0
# The same among rows and labels, of which mostly one is what is asked for.
_BETA_ALONE = 1.0
# How much less a row counts for being less near than the nearest, by late interaction of which all is 1.
_NEARNESS = 3.0
# How much a row counts where the question names another one of its table, and an answer where it is another question's.
_OTHER_KEY = 0.2
# A row that is marked less than so much of the most marked one is not what is asked for.
_TRIMMED = 0.5
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
# Chances are read as log odds within these bounds.
_NEVER, _EVER = 0.002, 0.998


class ByReader:
    """The selector that ships, with a reader and its weights; where the reader doubts, ``rules`` have a say.

    :raises SettingsError: when they do not weigh just these features.
    """

    name = "reader"
    n_passages = N_PASSAGES

    def __init__(self, reader: Reader, weighed: Readings, rules: Rules):
        self._reader = reader
        self._rules = rules
        self._weighed = weighed
        self._units = in_order(weighed.units, UNIT_FEATURES, "readings.units")
        self._support = in_order(weighed.support, SUPPORT_FEATURES, "readings.support")
        self._confidence = in_order(weighed.confidence, CONFIDENCE_FEATURES, "readings.confidence")

    def select(
        self,
        question: Question,
        passages: Sequence[Ranked],
        retrieved: Retrieved,
        index: Searchable,
    ) -> Selection:
        """The best run of each passage, best first, then what else is marked in them; ties in the order of passages."""
        passages = without_other_rows(question.full, _heard(passages, index), index)
        if not passages:
            return Selection((), (), 0.0, self._weighed.least, Why())
        best = max(p.candidate.fused for p in passages)
        firsts = self._read(question, passages, best, retrieved, index)
        if not firsts:
            return Selection((), (), 0.0, self._weighed.least, Why())
        chosen = self._chosen(firsts, index)
        first = firsts[0].page
        doubts = first.reading.answers < _DOUBT and not first.title.numbered
        if doubts and len(chosen) < MAX_QUOTES:
            second = self._second_opinion(question, firsts, retrieved, index)
            if second is not None and self._why_not(second, chosen) in ("score", "enough"):
                chosen.append(second)
        known = _known(passages[:_N_NAMED], retrieved, index)
        confidence, why = self._confident(firsts, best, known)
        units = [one.unit for one in firsts]
        told = [
            unit if unit in chosen else replace(unit, reason=self._why_not(unit, chosen))
            for unit in units
        ]
        extra = [unit for unit in chosen if unit not in units]
        read = tuple((one.page.ranked.passage, one.page.reading.answers) for one in firsts)
        return Selection((*told, *extra), tuple(chosen), confidence, self._weighed.least, why, read)

    def _read(
        self,
        question: Question,
        passages: Sequence[Ranked],
        best: float,
        retrieved: Retrieved,
        index: Searchable,
    ) -> list[_Found]:
        """The best run of each passage that can matter, best first; ``best``: the highest fused score of the passages."""
        words = retrieved.asked.words
        titles = {id(p): _titled(p, index, question.full, words) for p in passages}
        surest = max(title.numbered for title in titles.values())
        for p in passages:
            if 0 < titles[id(p)].numbered < surest:
                titles[id(p)] = replace(titles[id(p)], asked=False, numbered=0)
        named = {id(p) for p in passages if titles[id(p)].numbered or titles[id(p)].named}
        rows = AskedRows(question.full, words, passages, index)
        named |= {id(p) for p in passages if rows.are_said(p)}
        near = [p for p in passages if p.candidate.fused >= best - _FAR or id(p) in named]
        places = [(p.passage.doc_id, p.passage.lang, p.place.section_path) for p in near]
        contrary, _ = opposed(question.full, words, places)
        texts_of = [(*place, p.passage.text) for place, p in zip(places, near, strict=True)]
        contrary |= of_siblings(question.full, words, texts_of)
        near = [p for n, p in enumerate(near) if n not in contrary]
        near.sort(key=lambda p: (-titles[id(p)].numbered, id(p) not in named))
        by_fused = self._units[UNIT_FEATURES.index("fused")]
        found: list[_Found] = []
        for at in range(0, len(near), _AT_ONCE):
            fused = max(p.candidate.fused for p in near[at:])
            most = _MOST_READ + by_fused * (fused - best)
            if any(one.unit.score >= most for one in found) or _is_hopeless(found):
                break
            some = near[at : at + _AT_ONCE]
            texts = [(retrieved.own.above(p.place), p.passage.text) for p in some]
            read = self._reader.read(question.full, texts)
            for ranked, reading in zip(some, read, strict=True):
                title = titles[id(ranked)]
                page = _Page.of(ranked, reading, index, question.full, words, title, rows)
                run = page.best()
                if run is not None:
                    fused = ranked.candidate.fused - best
                    found.append(self._unit(question.full, words, page, run, fused))
        return sorted(found, key=lambda one: (not one.page.title.numbered, -one.unit.score))

    def _second_opinion(
        self,
        question: Question,
        firsts: Sequence[_Found],
        retrieved: Retrieved,
        index: Searchable,
    ) -> Unit | None:
        """The unit that the rules would quote of the passages that were read; None where they say nothing new."""
        pages = [one.page for one in firsts]
        ranked = [page.ranked for page in pages]
        scored = self._rules.score(question.full, ranked, retrieved, index)
        if not scored:
            return None
        quote = scored[0].quote
        page = next(p for p in pages if p.ranked.passage is quote.passage)
        run = page.run_at(quote.start - quote.passage.start)
        return page.unit(run, firsts[-1].unit.score, ()) if run is not None else None

    def _unit(
        self, question: str, words: Sequence[QueryWord], page: _Page, run: _Run, fused: float
    ) -> _Found:
        start, end = page.atoms[run.first].start, page.atoms[run.last].end
        passage, above = page.ranked.passage, page.ranked.place.section_path
        quoted = passage.text[start:end]
        of_another = page.title.lacking or is_of_another(
            question, words, passage.lang, quoted, above
        )
        # What is said of another number is no answer, however much it resembles one
        lacking = 3.0 if of_another else float(page.of_other_rows or lacks_kind(question, quoted))
        features = (
            page.reading.answers,
            _log_odds(run.marked),
            fused,
            float(page.title.numbered or page.defines is not None),
            lacking,
        )
        score = float(np.dot(self._units, features))
        return _Found(page, run, page.unit(run, score, features))

    def _chosen(self, firsts: Sequence[_Found], index: Searchable) -> list[Unit]:
        """What answers: the best run, what belongs to it, and others that are as good."""
        first = firsts[0]
        chosen = [first.unit]
        for unit in _continued(first, index):
            if len(chosen) == _MAX_PARTS or _n_quoted(*chosen, unit) > _MAX_LIST_CHARS:
                break
            chosen.append(unit)
        if len(chosen) == 1:
            chosen += [one.unit for one in firsts[1:] if _is_of_one_list(first, one)]
        for unit in _of_rows_named_beside(firsts):
            if len(chosen) < MAX_QUOTES and self._why_not(unit, chosen) in ("score", "enough"):
                chosen.append(unit)
        for other in firsts[1:]:
            # Were the two passages one, the two runs would be
            cut = other.run.marked >= self._weighed.marked and _goes_on(first, other)
            # Where a clause ends another one begins
            cut = cut and first.page.title.numbered == 0
            fits = len(chosen) < MAX_QUOTES
            if cut and fits and self._why_not(other.unit, chosen) in ("score", "enough"):
                chosen.append(other.unit)
        others = [
            first.page.unit(run, first.unit.score, ()) for run in first.page.others(first.run)
        ]
        for other in firsts[1:]:
            near = other.unit.score >= first.unit.score - self._weighed.second
            near = near or _stands_below_what_is_asked(other, first)
            # Another clause or row is not the one asked for
            near = near and (other.page.title.numbered > 0 or first.page.title.numbered == 0)
            near = near and not other.page.of_other_rows
            if near and other.run.marked >= self._weighed.marked:
                others.append(other.unit)
        for unit in others:
            if len(chosen) >= MAX_QUOTES:
                break
            if self._why_not(unit, chosen) in ("score", "enough"):
                chosen.append(unit)
        return chosen

    def _why_not(self, unit: Unit, chosen: Sequence[Unit]) -> Reason:
        if _n_quoted(*chosen, unit) > _MAX_QUOTED_CHARS:
            return "too_long"
        if any(same_words(unit.quote.text, other.quote.text) for other in chosen):
            return "same_words"
        return "score" if unit.score < chosen[0].score - self._weighed.second else "enough"

    def _confident(
        self, firsts: Sequence[_Found], fused: float, known: tuple[float, float, float, float]
    ) -> tuple[float, Why]:
        """How sure it is that the best run answers.

        What the documents do not seem to answer at all is as unsure as that, whatever else speaks for the run; the rest
        reaches the least confidence.
        """
        weighed, first = self._weighed, firsts[0]
        read = (first.page.reading.answers, _log_odds(first.run.marked), fused)
        second = firsts[1].unit.score if len(firsts) > 1 else -math.inf
        lead = min(first.unit.score - second, _MAX_LEAD)
        said = (float(first.page.says), first.unit.features[UNIT_FEATURES.index("lacking")])
        # of a passage in the other language the reader is less sure, whether it answers or not
        other = float(first.page.ranked.candidate.across)
        values = (*read, *known, *said, other)
        support = tuple(map(Feature, SUPPORT_FEATURES, values, self._support))
        left = first.page.left_out(first.run)
        whole = (*read, lead, *said, left)
        right = tuple(map(Feature, CONFIDENCE_FEATURES, whole, self._confidence))
        supported = _chance(support, weighed.support_bias)
        decides, bias, confidence = support, weighed.support_bias, supported
        if supported >= weighed.least:
            decides, bias = right, weighed.bias
            confidence = max(_chance(right, bias), weighed.least)
        unit_features = dict(zip(UNIT_FEATURES, self._units, strict=True))
        return confidence, Why(decides, bias, unit_features, support=support, right=right)


def _is_hopeless(found: Sequence[_Found]) -> bool:
    """Whether so much was read in vain that what is left would be, too."""
    doubted = (one.page.reading.answers < _HOPELESS for one in found)
    return len(found) >= _PATIENCE and all(doubted)


def _chance(features: Sequence[Feature], bias: float) -> float:
    return logistic(bias + sum(one.value * one.weight for one in features))


def _known(
    passages: Sequence[Ranked], retrieved: Retrieved, index: Searchable
) -> tuple[float, float, float, float]:
    """Shares of the question's words by idf: names that none of the passages holds, names that no passage of the index
    holds, and words of any kind that none does; and the power of ten of the passages searched.

    A word that is nowhere says the less the fewer passages there are: it counts whole among a thousand.
    """
    words = retrieved.asked.words
    held = [
        (lang, terms | _keys(words, lang, retrieved.own.of(p.place)))
        for p, (lang, terms) in zip(passages, terms_held(passages, index), strict=True)
    ]
    size = math.log10(1 + retrieved.n_searched)
    _, missing, unknown = names_held(words, held)
    shares = []
    for lang in {lang for lang, _ in held}:
        total = sum(word.idf[lang] for word in words)
        lost = sum(word.idf[lang] for word in words if not word.known)
        shares.append(lost / total if total else 0.0)
    strange = min(shares, default=0.0) * min(1.0, size / 3)
    return missing, unknown, strange, size


def _keys(words: Sequence[QueryWord], lang: Lang, names: Sequence[str]) -> frozenset[int]:
    """The keys of the words of names."""
    named = {part for name in names for part in name.split()}
    return frozenset(key for w in words if w.text in named for key, p in w.keys[lang] if p >= 1)


def _log_odds(chance: float) -> float:
    bounded = min(max(chance, _NEVER), _EVER)
    return math.log(bounded / (1 - bounded))


# --------------------------------------------------------------------------- what a passage is made of


@dataclass(frozen=True, slots=True)
class _Atom:
    """A sentence, item or row of a passage, ``[start, end)`` in it, that is not parted.

    ``block``: what it stands in, by number; ``group``: the list, table or pair of that. ``weak``: says nothing by itself, as a
    lead-in or header; ``asks``: a question, or a name over what follows; ``alone``: a row or a label, which says all it
    has to say by itself.
    """

    start: int
    end: int
    block: int | None
    group: int | None
    weak: bool
    asks: bool
    alone: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """Atoms ``first`` to ``last``; ``marked``: the mean chance of their tokens, 0..1."""

    first: int
    last: int
    marked: float


@dataclass(frozen=True, slots=True)
class _Found:
    page: _Page
    run: _Run
    unit: Unit

    @property
    def names(self) -> set[str]:
        """What the rows of the run are called that the question names."""
        within = range(self.run.first, self.run.last + 1)
        return {name for number, name in self.page.rows.items() if number in within}


_ALONE = frozenset({"row", "label"})
_SILENT = frozenset({"contents", "furniture"})
# Fewer are a heading and no more.
_SENTENCE_WORDS = 6


def _heard(passages: Sequence[Ranked], index: Searchable) -> list[Ranked]:
    """The passages without those that score best and are nothing but contents, which meet a question best and answer none."""
    silent: set[int] = set()
    for ranked in sorted(passages, key=lambda p: -p.candidate.fused):
        if not _is_silent(ranked, index):
            break
        silent.add(id(ranked))
    return [p for p in passages if id(p) not in silent]


def _is_silent(ranked: Ranked, index: Searchable) -> bool:
    """Whether a passage has no words but those of contents and what stands on every page."""
    passage = ranked.passage
    kinds = {
        block.kind
        for block in index.blocks(ranked.candidate.row)
        if block.start < passage.end and passage.start < block.end
    }
    return bool(kinds) and kinds <= _SILENT


def _atoms(passage: Passage, blocks: Sequence[Block]) -> list[_Atom]:
    """The atoms of a passage in text order, without contents and what stands on every page."""
    spans = passage.sentences or tuple(language.sentences(passage.text))
    leaves = [(n, b) for n, b in enumerate(blocks) if b.kind not in ("list", "table", "pair")]
    atoms: list[_Atom] = []
    for start, end in spans:
        at = passage.start + start
        held = next(((n, b) for n, b in leaves if b.start <= at < b.end), None)
        text = passage.text[start:end]
        asks, weak = text.rstrip().endswith("?"), text.rstrip().endswith(":")
        number, group, alone = None, None, False
        if held is not None:
            number, block = held
            if block.kind in _SILENT:
                continue
            group, alone = block.parent, block.kind in _ALONE
            # A heading that stands in a passage has nothing under it; a sentence set as one says something
            weak = weak or (block.kind == "heading" and len(text.split()) < _SENTENCE_WORDS)
            weak = weak or (block.kind == "row" and block.level == 1)
            asks = asks or _is_question(group, at, blocks)
        atoms.append(_Atom(start, end, number, group, weak, asks, alone))
    return atoms


def _nearness(atoms: Sequence[_Atom], met: Interaction | None) -> npt.NDArray[np.float64]:
    """float64[n], 0..1, by which the chances of rows and labels count: how near the question comes to each, beside the one
    that it comes nearest to. A reader sees that a table answers, and takes the row below for the one asked for."""
    near = np.ones(len(atoms))
    alone = [i for i, atom in enumerate(atoms) if atom.alone and not atom.weak]
    if met is None or len(alone) < 2:
        return near
    starts = met.spans[:, 0].tolist()
    late = dict(zip(starts, met.sentence_late.tolist(), strict=True))
    if any(atoms[i].start not in late for i in alone):
        return near
    found = np.array([late[atoms[i].start] for i in alone])
    near[alone] = np.exp(_NEARNESS * (found - found.max()))
    return near


def _by_rows(
    asked: AskedRows,
    ranked: Ranked,
    blocks: Sequence[Block],
    atoms: Sequence[_Atom],
    n_tokens: npt.NDArray[np.float64],
    chances: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], dict[int, str]]:
    """The chances with those of a table's rows at the rows that the question names, where it names some and not others: those called so, and
    of those called the same the ones of which it has most other cells; or where it names none, which codes and dates often are, those
    of which it has most other cells, two and more. And by atom the names that it says as they are written."""
    rows = asked.rows(ranked)
    tables: dict[int | None, dict[str, dict[int, int]]] = {}
    said: dict[int, str] = {}
    meant: list[int] = []
    for i, atom in enumerate(atoms):
        row = rows.get(-1 if atom.block is None else atom.block)
        if row is None or not n_tokens[i]:
            continue
        named = asked.named(ranked, None if atom.group is None else blocks[atom.group])
        if named.says(row.name):
            said[i] = row.name
        if named.means(row.name):
            meant.append(i)
        n_held = sum(map(asked.asked.has_words_of, row.others))
        tables.setdefault(atom.group, {}).setdefault(row.name, {})[i] = n_held
    for table in tables.values():
        called = [alike for alike in table.values() if not alike.keys().isdisjoint(meant)]
        held = called or [{i: n for alike in table.values() for i, n in alike.items() if n > 1}]
        best = [i for alike in held for i, n in alike.items() if n == max(alike.values())]
        others = [i for alike in table.values() for i in alike if i not in best]
        chances = _moved(chances, n_tokens, best, others)
    return chances, said


def _moved(
    chances: npt.NDArray[np.float64],
    n_tokens: npt.NDArray[np.float64],
    named: list[int],
    others: list[int],
) -> npt.NDArray[np.float64]:
    """The chances with those of the atoms ``others`` at those that the question names; atoms without a word have none."""
    named, others = ([i for i in some if n_tokens[i]] for some in (named, others))
    if not (named and others):
        return chances
    moved = chances.copy()
    means = chances[[*named, *others]] / n_tokens[[*named, *others]]
    moved[named] = np.maximum(chances[named], means.max() * n_tokens[named])
    moved[others] *= _OTHER_KEY
    return moved


def _by_questions(
    question: str,
    passage: Passage,
    atoms: Sequence[_Atom],
    blocks: Sequence[Block],
    n_tokens: npt.NDArray[np.float64],
    chances: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """The chances with those of a list of questions at the answers of what is asked, in the same words or in all of its words, those
    that ask alike first ("¿Cómo …?"), where some of them are and others not."""
    answers: dict[int, list[int]] = {}
    for i, atom in enumerate(atoms):
        pair = atom.block
        while pair is not None and blocks[pair].kind != "pair":
            pair = blocks[pair].parent
        if pair is not None and not atom.asks and n_tokens[i]:
            answers.setdefault(pair, []).append(i)
    if len(answers) < 2:
        return chances
    asked = Asked(question)
    words = folded_words(question)
    same, alike, held = [], [], []
    for pair, atoms_of in answers.items():
        start, end = (blocks[pair].cells or ((0, 0),))[0]
        if not passage.start <= start < end <= passage.end:
            continue  # It stands in another passage
        text = _ASKS.sub("", passage.text[start - passage.start : end - passage.start])
        same += atoms_of if folded_words(text) == words else []
        if asked.has_words_of(text):
            held += atoms_of
            alike += atoms_of if asks_by(text) == asks_by(question) else []
    named = same or alike or held
    return _moved(
        chances, n_tokens, named, [i for of in answers.values() for i in of if i not in named]
    )


def _by_cases(
    question: str,
    words: Sequence[QueryWord],
    passage: Passage,
    atoms: Sequence[_Atom],
    n_tokens: npt.NDArray[np.float64],
    chances: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """The chances with those of sentences that are alike at those of the case that the question names, each with what follows it in
    its paragraph (see :mod:`qa.select.conditions`)."""
    told = [i for i, a in enumerate(atoms) if a.group is None and not (a.weak or a.asks or a.alone)]
    found = cases(question, words, passage.lang, [_text(passage, atoms[i]) for i in told])
    named, others = ({told[n] for n in group} for group in found)
    for i, atom in enumerate(atoms[1:], 1):
        if atom.block is not None and atom.block == atoms[i - 1].block and i not in named | others:
            for group in (named, others):
                if i - 1 in group:
                    group.add(i)
    return _moved(chances, n_tokens, sorted(named), sorted(others))


def _without_opposites(
    question: str, words: Sequence[QueryWord], passage: Passage, atoms: list[_Atom]
) -> list[_Atom]:
    """The atoms without what is led in to by the opposite of what is asked for, where that itself leads in to others: "The warranty
    does not cover:" beside "The warranty covers:", "No incluye" beside "Incluye" over a list each."""
    led: list[list[_Atom]] = []
    group: int | None = None
    for i, atom in enumerate(atoms):
        below = atoms[i + 1].group if i + 1 < len(atoms) else None
        text = _text(passage, atom)
        opens = atom.weak and not atom.alone and text.endswith(":")
        short = len(text.split()) < _SENTENCE_WORDS and text[-1:].isalnum()
        stands_over = short and atom.group is None and below is not None
        if opens or stands_over:
            led.append([atom])
            group = below if stands_over else atom.group
        elif led and (
            atom.block == led[-1][0].block or (atom.group is not None and atom.group == group)
        ):
            led[-1].append(atom)
    places = [(passage.doc_id, passage.lang, (_text(passage, lead),)) for lead, *_ in led]
    contrary, _ = opposed(question, words, places)
    left_out = {atom for n in contrary for atom in led[n]}
    return [atom for atom in atoms if atom not in left_out]


def _text(passage: Passage, atom: _Atom) -> str:
    return passage.text[atom.start : atom.end].rstrip()


# "12.", "P:" and "Question 4." before a question
_ASKS = re.compile(r"\A\W*(?:(?:[PQ]|Pregunta|Question)\b[ \t]*)?(?:\d{1,3}[ \t]*)?[.:)-]+[ \t]*")


def _is_question(group: int | None, at: int, blocks: Sequence[Block]) -> bool:
    """Whether a place is in the question of a question and its answer."""
    while group is not None:
        block = blocks[group]
        if block.kind == "pair" and block.cells and block.cells[0][0] <= at < block.cells[0][1]:
            return True
        group = block.parent
    return False


@dataclass(frozen=True, slots=True)
class _Title:
    """What stands over a passage: ``asked``: it has all the words of the question, which asks for what stands below it;
    ``named``: all words of its own heading are words of the question, or the question names a division by its number and the passage is
    of it.

    ``numbered``: the question asks for what a division says, and nothing else, and the passage is of that: 2 where it is called
    as the question calls it, 1 where it has the number alone, else 0. ``items``: those of the passage's blocks that are of the division,
    where its heading is not. ``lacking``: the question asks for nothing but a division that the passage is not of and does not mention.
    """

    asked: bool
    named: bool
    numbered: int = 0
    items: frozenset[int] = frozenset()
    lacking: bool = False


# Words by which one asks what a division says, whatever it says
_WHAT_IT_SAYS = frozenset(
    "trata habla regula recoge contiene contempla preve pone ordena señala senala indica menciona explica texto contenido segun "
    "about cover covers contain contains provide provides read reads deal deals regulate regulates mention mentions text content according".split()
)


def _titled(ranked: Ranked, index: Searchable, question: str, words: Sequence[QueryWord]) -> _Title:
    path = ranked.place.section_path
    above = "".join(path[-1:])
    lang = ranked.passage.lang
    heading = index.sentence_terms(ranked.candidate.row)[0]
    said = set(language.terms(above, lang))
    named = bool(said) and said <= set(language.terms(question, lang))
    wanted = next(divisions.named(question), None)
    if wanted is not None:
        of_heading = max((_is_of(line, wanted[0]) for line in path), default=0)
        of_items = {} if of_heading else _items_of(ranked, index, wanted[0])
        level = max([of_heading, *of_items.values()])
        asked = _asks_no_more(question[wanted[1] : wanted[2]], words, lang, heading)
        if level:
            items = frozenset(n for n, one in of_items.items() if one == level)
            return _Title(asked, True, level if asked else 0, items)
        mentioned = any(one.is_in(wanted[0]) for one, _, _ in divisions.named(ranked.passage.text))
        if asked and not mentioned:
            return _Title(asked=False, named=named, lacking=True)
    if any(divisions.ordinals_of_divisions(above)):
        # "TERCERA.-" does not say that it is a clause
        words = [word for word in words if not divisions.names_division(word.text)]
    return _Title(all_held(words, lang, heading), named)


def _is_of(line: str, wanted: Division) -> int:
    """2 where a heading or number is that of a division by its name and number, 1 where it has the number alone, else 0."""
    found = divisions.heading_of(line)
    if found is None or not found.is_in(wanted):
        return 0
    return 2 if found.kind == wanted.kind or not wanted.kind else 1


def _items_of(ranked: Ranked, index: Searchable, wanted: Division) -> dict[int, int]:
    """The items of a passage that are of a division, by number of block, with how sure that is, 1 or 2."""
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


@dataclass(frozen=True, slots=True, eq=False)
class _Page:
    """A passage that was read: its atoms, and of each how many tokens it has and the sum of their chances, float64[n].

    ``defines``: the place of the words that spell out the short form whose meaning is asked for. ``rows``: the names of rows that the
    question says as they are written, by atom; ``of_other_rows``: it names some of their table and none of these.
    """

    ranked: Ranked
    reading: Reading
    blocks: Sequence[Block]
    atoms: Sequence[_Atom]
    n_tokens: npt.NDArray[np.float64]
    chances: npt.NDArray[np.float64]
    title: _Title
    defines: int | None
    rows: Mapping[int, str] = field(default_factory=dict)
    of_other_rows: bool = False

    @classmethod
    def of(
        cls,
        ranked: Ranked,
        reading: Reading,
        index: Searchable,
        question: str,
        words: Sequence[QueryWord],
        title: _Title,
        asked_rows: AskedRows,
    ) -> _Page:
        """The page of a passage and what was read in it."""
        passage = ranked.passage
        blocks = index.blocks(ranked.candidate.row)
        atoms = _without_opposites(question, words, passage, _atoms(passage, blocks))
        says = np.array(
            [
                any(map(str.isalnum, passage.text[a:b]))
                for a, b in zip(reading.starts.tolist(), reading.ends.tolist(), strict=True)
            ],
            dtype=bool,
        )
        starts, marked = reading.starts[says], reading.marked[says].astype(np.float64)
        sums = np.concatenate([[0.0], np.cumsum(marked)])
        bounds = [(np.searchsorted(starts, a.start), np.searchsorted(starts, a.end)) for a in atoms]
        n_tokens = np.array([b - a for a, b in bounds], dtype=np.float64)
        chances = np.array([sums[b] - sums[a] for a, b in bounds])
        chances = chances * _nearness(atoms, ranked.met)
        chances, rows = _by_rows(asked_rows, ranked, blocks, atoms, n_tokens, chances)
        chances = _by_questions(question, passage, atoms, blocks, n_tokens, chances)
        chances = _by_cases(question, words, passage, atoms, n_tokens, chances)
        defines = defined(question, passage.text)
        of_others = asked_rows.are_others(ranked)
        page = cls(
            ranked, reading, blocks, atoms, n_tokens, chances, title, defines, rows, of_others
        )
        if not (named := page._of_items(title.items)):
            return page
        others = [i for i in range(len(atoms)) if i not in named and not atoms[i].weak]
        return replace(page, chances=_moved(chances, n_tokens, named, others))

    @property
    def says(self) -> bool:
        """Whether its words alone tell that it answers, whatever the reader makes of them."""
        return self.title.asked or self.defines is not None

    def best(self) -> _Run | None:
        """The run that most likely is what answers, whole; None in a passage without a sentence."""
        if self.defines is not None and (run := self.run_at(self.defines)) is not None:
            return run
        if self.title.numbered and (named := self._of_items(self.title.items)):
            return self._run(named[0], self._last_within(_MAX_UNIT_CHARS, named))
        unmarked = self.atoms and self._mean(0, len(self.atoms) - 1) < _UNMARKED
        if self.title.numbered or (self.title.asked and unmarked):
            return self._run(0, self._last_within(_MAX_UNIT_CHARS, range(len(self.atoms))))
        if self.title.asked and self.reading.answers < _DOUBT and (below := self._first_list()):
            return self._run(0, self._last_within(_MAX_UNIT_CHARS, below))
        n_before = np.concatenate([[0.0], np.cumsum(self.n_tokens)])
        before = np.concatenate([[0.0], np.cumsum(self.chances)])
        total = before[-1]
        found, most = None, -1.0
        for first, opening in enumerate(self.atoms):
            if opening.asks:
                continue
            square = _BETA_ALONE**2
            for last in range(first, len(self.atoms)):
                closing = self.atoms[last]
                if not closing.alone:
                    square = _BETA**2
                if closing.end - opening.start > _MAX_UNIT_CHARS and last > first:
                    break
                if closing.asks and closing.group is not None:
                    if self.blocks[closing.group].kind == "pair":
                        break  # What answers the next question answers another one
                if closing.asks or closing.weak:
                    continue
                inside = before[last + 1] - before[first]
                size = n_before[last + 1] - n_before[first]
                # The F measure that is expected of the run, were it what a person underlines
                worth = (1 + square) * inside / (size + square * total + 1e-9)
                if worth > most:
                    found, most = (first, last), worth
        if found is None:
            found = (0, len(self.atoms) - 1) if self.atoms else None
        return self._run(*self._whole(*self._grown(*self._trimmed(*found)))) if found else None

    def _first_list(self) -> list[int]:
        """The atoms of the list that the passage begins with; none where it begins otherwise."""
        first = self.list_of(0) if self.atoms else None
        return [i for i in range(len(self.atoms)) if first is not None and self.list_of(i) == first]

    def run_at(self, offset: int) -> _Run | None:
        """The run of the atom at a place of the passage, whole; None where there is none, or it says nothing by itself."""
        for number, atom in enumerate(self.atoms):
            if atom.start <= offset < atom.end:
                return self.run_of(number)
        return None

    def run_of(self, number: int) -> _Run | None:
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

        What leads in to a table is no answer without its rows, however marked: then it is no measure for them.
        """
        atoms = range(first, last + 1)
        if not any(self.atoms[i].alone for i in atoms):
            kept = self._most_marked(atoms, _TRIMMED_PROSE)
            return kept[0], kept[-1]
        kept = self._most_marked(atoms, _TRIMMED)
        # A form that nobody has filled in has nothing else
        telling = [i for i in atoms if not self.atoms[i].weak]
        if telling and all(self.atoms[i].weak for i in kept):
            kept = self._most_marked(telling, _TRIMMED)
        return kept[0], kept[-1]

    def _most_marked(self, among: Sequence[int], share: float) -> list[int]:
        most = max(self._mean(i, i) for i in among)
        return [i for i in among if self._mean(i, i) >= share * most]

    def others(self, first: _Run) -> Iterator[_Run]:
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

    def _is_marked(self, number: int, first: _Run) -> bool:
        atom = self.atoms[number]
        taken = first.first <= number <= first.last
        alone = atom.asks or atom.weak
        return not taken and not alone and self._mean(number, number) >= 0.5

    def _grown(self, first: int, last: int) -> tuple[int, int]:
        """The run and what is clearly marked beside it in the same list, items in an item among it."""
        whole = self.list_of(last)
        if whole is None:
            return first, last
        taken = _Run(first, last, 0.0)
        for step in (1, -1):
            at = (last if step > 0 else first) + step
            while 0 <= at < len(self.atoms) and self.list_of(at) == whole:
                low, high = min(first, at), max(last, at)
                if self.atoms[high].end - self.atoms[low].start > _MAX_UNIT_CHARS:
                    break
                if self._is_marked(at, taken):
                    first, last = low, high
                elif not self.atoms[at].weak:
                    break
                at += step
        return first, last

    def list_of(self, number: int) -> int | None:
        """The outermost list that an atom stands in."""
        lists = [n for n in self._path(number)[1:] if self.blocks[n].kind == "list"]
        return lists[-1] if lists else None

    def list_marked(self, run: _Run) -> tuple[int, int] | None:
        """Where in the document the innermost list stands that the most marked atom of a run is in; None for one in no list."""
        telling = [i for i in range(run.first, run.last + 1) if not self.atoms[i].weak]
        most = max(telling, key=lambda i: self._mean(i, i), default=run.first)
        return self._list_at(most)

    def n_of_list(self, run: _Run, place: tuple[int, int]) -> int:
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
        size = self.n_tokens[first : last + 1].sum()
        return float(self.chances[first : last + 1].sum() / size) if size else 0.0

    def left_out(self, run: _Run) -> float:
        """How much of what is marked lies outside of a run, 0..1: the more, the likelier a part of the answer is missing."""
        total = float(self.chances.sum())
        return 1 - float(self.chances[run.first : run.last + 1].sum()) / total if total else 0.0

    def _run(self, first: int, last: int) -> _Run:
        return _Run(first, last, self._mean(first, last))

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
                if asked and self.atoms[high].end - self.atoms[low].start <= _MAX_UNIT_CHARS:
                    first, last = min(first, low), max(last, high)
            if self.blocks[group].kind != "list":
                continue
            # An item, or a list below one; the first of them may be what leads in
            parts = {
                i: path[path.index(group) - 1] for i, path in enumerate(paths) if group in path[1:]
            }
            members = [i for i, part in parts.items() if self.blocks[part].kind in ("item", "list")]
            items = {parts[i] for i in members}
            inside = {parts[i] for i in members if first <= i <= last}
            low, high = min(first, *members, first), max(last, *members, last)
            size = self.atoms[high].end - self.atoms[low].start
            mostly = len(inside) > 1 and len(inside) >= _MOST * len(items)
            if size <= _MAX_UNIT_CHARS and (mostly or self.asks_for_all(group, first, last)):
                first, last = low, high
        return self._below_headings(self._led_in(first), last), last

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

    def is_of_a_list(self, run: _Run, group: int) -> bool:
        """Whether a run is of the list and not of one thing in it."""
        n_parts = len({self.atoms[i].block for i in range(run.first, run.last + 1)})
        return n_parts > 1 or self.asks_for_all(group, run.first, run.last)

    def _led_in(self, first: int) -> int:
        """The run's first atom, or the lead-in right before it."""
        if first == 0:
            return first
        atom, before = self.atoms[first], self.atoms[first - 1]
        leads = before.weak and (before.group == atom.group or atom.group is None)
        short = before.end - before.start <= _MAX_LEAD_CHARS
        return first - 1 if leads and short and not before.asks else first

    def unit(self, run: _Run, score: float, features: tuple[float, ...]) -> Unit:
        """The unit of a run, with the words in it that answer."""
        passage = self.ranked.passage
        start, end = self.atoms[run.first].start, self.atoms[run.last].end
        quote = Quote(passage, passage.start + start, passage.start + end, score)
        return Unit(quote, score, features, self._span(start, end))

    def _span(self, start: int, end: int) -> Span | None:
        """The shortest words between ``start`` and ``end`` that answer; None where they cannot be told."""
        reading = self.reading
        inside = np.flatnonzero((reading.starts >= start) & (reading.ends <= end))
        if not len(inside):
            return None
        opens, closes = _softmax(reading.opens)[inside], _softmax(reading.closes)[inside]
        chances = np.triu(opens[:, None] * closes[None, :])
        chances = np.tril(chances, _MAX_SPAN_TOKENS - 1)
        # Words that answer do not begin in one item or sentence and end in the next
        ends = [atom.end for atom in self.atoms]
        atom = np.searchsorted(ends, reading.starts[inside], side="right")
        chances = chances * (atom[:, None] == atom[None, :])
        first, last = np.unravel_index(int(chances.argmax()), chances.shape)
        chance = float(np.sqrt(chances[first, last]))
        a, b = int(reading.starts[inside[first]]), int(reading.ends[inside[last]])
        if chance < _LEAST_SPAN or (a, b) == (start, end):
            return None
        return Span(a - start, b - start, min(1.0, chance))


def _softmax(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    powers = np.exp(values.astype(np.float64) - float(values.max()))
    shares: npt.NDArray[np.float64] = powers / powers.sum()
    return shares


def _n_quoted(*units: Unit) -> int:
    return sum(len(unit.quote.text) for unit in units)


def _are_of_one_document(one: _Found, other: _Found) -> bool:
    return one.unit.quote.passage.doc_id == other.unit.quote.passage.doc_id


def _stands_below_what_is_asked(other: _Found, first: _Found) -> bool:
    """Whether a passage of the same document has a heading of nothing but words of the question, and the reader believes that it answers."""
    believed = other.page.title.named and other.page.reading.answers >= _DOUBT
    return believed and _are_of_one_document(first, other)


def _is_of_one_list(first: _Found, other: _Found) -> bool:
    """Whether the best run of a passage is several things in the list of which the first is one, in the passage beside, and the reader
    believes that they answer: then the question asks for all of them."""
    beside = abs(other.page.ranked.candidate.row - first.page.ranked.candidate.row) == 1
    if other.page.reading.answers < _DOUBT or not beside or not _are_of_one_document(first, other):
        return False
    own = first.page.list_marked(first.run)
    return own is not None and other.page.n_of_list(other.run, own) > 1


def _of_rows_named_beside(firsts: Sequence[_Found]) -> Iterator[Unit]:
    """What is quoted of the rows that the question names beside one in the best run: "compare A and B"."""
    first = firsts[0]
    said = set(first.names)
    if not said:
        return
    for number, name in first.page.rows.items():
        if name not in said and (run := first.page.run_of(number)) is not None:
            said.add(name)
            yield first.page.unit(run, first.unit.score, ())
    for other in firsts[1:]:
        if _are_of_one_document(first, other) and other.names - said:
            said |= other.names
            yield other.unit


def _goes_on(first: _Found, other: _Found) -> bool:
    """Whether the best run of a passage ends in running text at its end and that of the passage after begins where this one begins: what
    answers was cut in two. A list or a table that ends there has said all."""
    after = other.page.ranked.candidate.row - first.page.ranked.candidate.row == 1
    last = first.page.atoms[-1]
    prose = last.group is None and not last.alone
    meet = first.run.last == len(first.page.atoms) - 1 and other.run.first == 0
    return after and prose and meet and _are_of_one_document(first, other)


def _continued(first: _Found, index: Searchable) -> Iterator[Unit]:
    """The rest of the list that the best run is a part of, where it goes on in the passage after or began in the one before."""
    page, run = first.page, first.run
    passage, row = page.ranked.passage, page.ranked.candidate.row
    atoms = range(run.first, run.last + 1)
    lists = {page.list_of(i) for i in atoms} - {None}
    for n in lists:
        if n is None or not page.is_of_a_list(run, n):
            continue
        block = page.blocks[n]
        after = run.last == len(page.atoms) - 1 and block.end > passage.end
        before = run.first == 0 and block.start < passage.start
        # A part more may be of use; all of them are where all was asked for
        reach = len(index) if page.asks_for_all(n, run.first, run.last) else 1
        ways = ((after, range(row + 1, len(index))), (before, range(row - 1, -1, -1)))
        for goes_on, rows in ways:
            for at in rows[:reach] if goes_on else ():
                [place] = index.places([at])
                other = place.passage
                a, b = max(block.start, other.start), min(block.end, other.end)
                if other.doc_id != passage.doc_id or not 0 < b - a <= _MAX_UNIT_CHARS:
                    break
                yield Unit(Quote(other, a, b, first.unit.score), first.unit.score)
