"""Which words answer, by a reader: the selector that has read question and passage together.

The reader gives every token a chance of being underlined (see :mod:`index.reader`). What is quoted are whole units: of each
passage the run of sentences, items or rows in which those chances lie, with what such a run needs beside it to be
understood; the blocks of the document say what that is. Which passage comes first, and how sure the answer is, are
weighed from what the reader says and what the search said before it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus.document import Lang
from index.reader import Reader
from index.searchable import QueryWord, Searchable
from qa.calibration import Readings, in_order, logistic
from qa.cite import Quote
from qa.duplicates import same_words
from qa.rank import Ranked, terms_held
from qa.retrieve import Retrieved
from qa.select import Feature, Reason, Selection, Unit, Why
from qa.select.alike.namesakes import AskedNames, AskedPersons
from qa.select.alike.opposed import opposed
from qa.select.alike.records import AskedRows, without_other_rows
from qa.select.alike.siblings import of_siblings
from qa.select.alike.sides import AskedSide
from qa.select.atoms import SILENT
from qa.select.elsewhere import OwnSections
from qa.select.extremes import AskedMost
from qa.select.instead import Instead
from qa.select.mail.mails import AskedMail, is_mail
from qa.select.off import Asked
from qa.select.page import DOUBT, MAX_UNIT_CHARS, SURE, AskedOfPages, Page, Run
from qa.select.rules import Rules
from qa.select.series import AskedSeries
from qa.select.times.entries import AskedDay, of_other_weekdays
from qa.select.times.sittings import AskedSitting
from qa.select.times.years import AskedYear
from qa.select.titles import titled
from qa.select.values.kind import asks_for_address
from qa.understand import Question
from qa.words import folded_words, names_held

UNIT_FEATURES = ("answers", "marked", "fused", "defines", "lacking")
SUPPORT_FEATURES = (
    "answers",
    "believed",
    "marked",
    "fused",
    "missing",
    "unknown",
    "strange",
    "size",
    "titled",
    "lacking",
    "across",
    "length",
)
CONFIDENCE_FEATURES = (
    "answers",
    "believed",
    "marked",
    "fused",
    "lead",
    "titled",
    "lacking",
    "left",
    "length",
)

# So many are looked at; half of the time four or fewer are read. Of 1,035 questions about real documents the right words are quoted for as many
# as with sixteen, and for nine more than with nine.
N_PASSAGES = 12
# What scores so far below the best passage is not read: of 836 questions it keeps one of a thousand from the words that
# answer, and it spares two readings in five.
_FAR = 0.6
# So many are read at once, a thread each, before it is asked whether the rest can matter.
_AT_ONCE = 2
# What is read last counts for no more than this at the top, and for the less the lower it stands, half as much again as its
# fused score says: of 949 questions about real documents as many get the same first quote as where that counts once (904; of
# 587 right ones three are lost to either), with 4.4 passages read in place of 5.1, and of 148 about ten thousand sentences half read six in place of eleven.
_MOST_READ, _FALLING = 3.9, 1.5
# Where the reader believes none of so many to answer, not even by these log odds, what comes after them is read no more:
# it would rather find words for what the documents do not say. Of 1,365 questions about real documents seven fewer are
# quoted whole than with (6, -3), of 393 near misses 17 more are declined; where seven tenths of these are, seven more are quoted.
_PATIENCE, _HOPELESS = 4, -2.5
# What has nothing of the kind of value that is asked for lacks so much: with 1 two of eleven such near misses, of which the reader is all but
# certain, are answered.
_LACKS = 1.5
# What is said of something else lacks so much, and an address or number that is asked for which is not there.
_OFF = 3.0
# What has nothing of what a follow-up puts in the place of something else, which the reader believes for the sake of the rest.
_LOST = 6.0
# No lead over the second passage counts for more.
_MAX_LEAD = 5.0
# Of fewer passages one is as good by chance as of sixty: of 775 questions about 120 collections of a few short files eleven more are declined
# in vain than where each tenth of the passages counts, and of 160 near misses thirteen more are not answered.
_LEAST_SIZE = 1.8
# The reader is the less sure of a question the more words it has, whether its passage answers or not: of one with a story before it above all. Most
# have about eleven, and beyond 25 it is no less sure.
_USUAL, _LONG = 11, 25
# So many of the best passages are looked at for the question's names.
_N_NAMED = 3
MAX_QUOTES = 3
_MAX_QUOTED_CHARS = 2400
# A list that goes over several passages is quoted in so many parts, which are no longer than this together.
_MAX_PARTS = 6
_MAX_LIST_CHARS = 3000
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
        most = AskedMost(question.full, retrieved.asked.words, passages, index, _FAR)
        passages = most.passages
        best = max(p.candidate.fused for p in passages)
        firsts = self._read(question, passages, best, retrieved, index, most)
        if not firsts:
            return Selection((), (), 0.0, self._weighed.least, Why())
        of_year = _of_year(question.full, firsts, index)
        firsts = of_year or firsts
        known = _known(passages[:_N_NAMED], retrieved, index)
        length = float(min(max(len(folded_words(question.full)), _USUAL), _LONG) - _USUAL)
        confidence, why = self._confident(firsts, best, known, length)
        units = [one.unit for one in firsts]
        read = tuple((one.page.ranked.passage, one.page.reading.answers) for one in firsts)
        if not of_year:
            return Selection(tuple(units), (), 0.0, self._weighed.least, why, read)
        telling = _telling(firsts)
        chosen = self._chosen(telling, index)
        first = firsts[0].page
        doubts = first.reading.answers < DOUBT and not first.title.numbered
        if doubts and len(chosen) < MAX_QUOTES:
            second = self._second_opinion(question, telling, retrieved, index)
            if second is not None and self._why_not(second, chosen) in ("score", "enough"):
                chosen.append(second)
        told = [
            one.unit
            if one.unit in chosen
            else replace(one.unit, reason="other" if one.off else self._why_not(one.unit, chosen))
            for one in firsts
        ]
        extra = [unit for unit in chosen if unit not in units]
        return Selection((*told, *extra), tuple(chosen), confidence, self._weighed.least, why, read)

    def _read(
        self,
        question: Question,
        passages: Sequence[Ranked],
        best: float,
        retrieved: Retrieved,
        index: Searchable,
        most: AskedMost,
    ) -> list[_Found]:
        """The best run of each passage that can matter, best first; ``best``: the highest fused score of the passages."""
        words = retrieved.asked.words
        titles = {id(p): titled(p, index, question.full, words) for p in passages}
        surest = max(title.numbered for title in titles.values())
        for p in passages:
            if 0 < titles[id(p)].numbered < surest:
                titles[id(p)] = replace(titles[id(p)], asked=False, numbered=0)
        named = {id(p) for p in passages if (t := titles[id(p)]).numbered or t.named or t.dated}
        rows = AskedRows(question.full, words, passages, index)
        names, sitting = AskedNames(question.full, index), AskedSitting(question.full, words, index)
        mail = AskedMail(question.full, words, passages, index)
        instead = Instead(question, retrieved.asked)
        langs = {p.passage.lang for p in passages}
        sides = {lang: AskedSide.of(question.full, words, lang) for lang in langs}
        series = AskedSeries(question.full, words, question.lang)
        day = AskedDay(question.full)
        of_pages = AskedOfPages(question.full, words, rows, series, day, most, sides)
        persons = AskedPersons(question.full, words, index)
        sections = OwnSections(question, words, [p.place for p in passages])
        asked = Asked(question, of_pages, names, persons, sitting, mail, sections)
        named |= {id(p) for p in passages if rows.are_said(p) or mail.answers(p)}
        named |= {id(p) for p in passages if series.above(p.place.section_path, p.passage.lang)}
        extreme = {id(p) for p in passages if most.are_in(p)}
        named |= extreme
        paths = [(p.passage.doc_id, p.place.section_path) for p in passages]
        other_days = of_other_weekdays(question.full, paths)
        here = [p for n, p in enumerate(passages) if n not in other_days]
        near = [p for p in here if p.candidate.fused >= best - _FAR or id(p) in named]
        places = [(p.passage.doc_id, p.passage.lang, p.place.section_path) for p in near]
        contrary, _ = opposed(question.full, words, places)
        texts_of = [(*place, p.passage.text) for place, p in zip(places, near, strict=True)]
        contrary |= of_siblings(question.full, words, texts_of)
        contrary |= series.others([path for _, _, path in places])
        near = [p for n, p in enumerate(near) if n not in contrary]
        near.sort(key=lambda p: (-titles[id(p)].numbered, id(p) not in extreme, id(p) not in named))
        by_fused = self._units[UNIT_FEATURES.index("fused")]
        found: list[_Found] = []
        for at in range(0, len(near), _AT_ONCE):
            fused = max(p.candidate.fused for p in near[at:])
            bound = _MOST_READ + _FALLING * by_fused * (fused - best)
            settled = any(one.unit.score >= bound for one in found) or _is_hopeless(found)
            # Clauses of the same number in several documents are all asked for
            if settled and not titles[id(near[at])].numbered:
                break
            some = near[at : at + _AT_ONCE]
            texts = [(retrieved.own.above(p.place), p.passage.text) for p in some]
            read = self._reader.read(question.full, texts)
            for ranked, reading in zip(some, read, strict=True):
                title = titles[id(ranked)]
                page = Page.of(ranked, reading, index, title, of_pages)
                page = mail.by_writer(page)
                run = page.best()
                if run is not None:
                    page, run, lost = instead.nearest(page, run)
                    fused = ranked.candidate.fused - best
                    found.append(self._found(asked, page, run, fused, lost))
        found = [self._as_its_table(asked, one, found) for one in found]
        found = self._by_heads(asked, found)
        return sorted(
            found, key=lambda one: (not one.page.title.numbered, one.off, -one.unit.score)
        )

    def _as_its_table(self, asked: Asked, one: _Found, found: Sequence[_Found]) -> _Found:
        """What was found, of a passage with the row that is asked for by its rank as much believed as any other part of its table: the reader does
        not compare them."""
        ranked, reading = one.page.ranked, one.page.reading
        beside = (
            o.page for o in found if asked.of_pages.most.are_of_one_table(ranked, o.page.ranked)
        )
        answers = max((page.reading.answers for page in beside), default=reading.answers)
        if one.off or answers <= reading.answers:
            return one
        page = replace(one.page, reading=replace(reading, answers=answers))
        return self._found(asked, page, one.run, one.unit.features[UNIT_FEATURES.index("fused")])

    def _by_heads(self, asked: Asked, found: list[_Found]) -> list[_Found]:
        """The same with the lines of mails that answer by what they are, unless the reader is sure of what is in no mail."""
        sure = (
            one.page.reading.answers >= SURE and not one.off
            for one in found
            if not is_mail(one.page.ranked.passage)
        )
        if any(sure):
            return found
        return [self._headed(asked, one) for one in found]

    def _headed(self, asked: Asked, one: _Found) -> _Found:
        """What was found, with the line of a mail that answers by what it is, where there is one."""
        if not asked.mail.answers(one.page.ranked):
            return one
        page = asked.mail.headed(one.page)
        run, fused = page.best(), one.unit.features[UNIT_FEATURES.index("fused")]
        return one if run is None else self._found(asked, page, run, fused)

    def _second_opinion(
        self,
        question: Question,
        firsts: Sequence[_Found],
        retrieved: Retrieved,
        index: Searchable,
    ) -> Unit | None:
        """The unit that the rules would quote of the passages that were read; None where they say nothing new, or quote what is said of
        something else."""
        pages = [one.page for one in firsts]
        ranked = [page.ranked for page in pages]
        scored = self._rules.score(question.full, ranked, retrieved, index)
        if not scored:
            return None
        quote = scored[0].quote
        page = next(p for p in pages if p.ranked.passage is quote.passage)
        run = page.run_at(quote.start - quote.passage.start)
        if run is None or firsts[0].asked.is_off(page, run):
            return None
        # Where nothing of what was read of it is marked, it is of what was left out
        if not run.marked and page.n_tokens[run.first : run.last + 1].any():
            return None
        return page.unit(run, firsts[-1].unit.score, ())

    def _found(
        self, asked: Asked, page: Page, run: Run, fused: float, lost: bool = False
    ) -> _Found:
        start, end = page.within(run)
        off = lost or asked.is_off(page, run)
        lacking = _LOST if lost else _OFF if off else _LACKS * asked.lacks_kind(page, run)
        if lacking and asks_for_address(asked.question.full):
            lacking = max(lacking, _OFF)
        features = (
            page.reading.answers,
            _log_odds(run.marked),
            fused,
            float(page.title.numbered or page.defines is not None or page.title.dated is not None),
            lacking,
        )
        score = float(np.dot(self._units, features))
        beside = bool(asked.of_pages.most.are_others(page.ranked, start, end))
        return _Found(asked, page, run, page.unit(run, score, features), off, beside)

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
            first.page.unit(run, first.unit.score, ())
            for run in first.page.others(first.run)
            if not first.asked.is_off(first.page, run)
        ]
        for other in firsts[1:]:
            near = other.unit.score >= first.unit.score - self._weighed.second
            near = near or _stands_below_what_is_asked(other, first)
            # Another clause is not the one asked for
            near = near and (other.page.title.numbered > 0 or first.page.title.numbered == 0)
            marked = near and other.run.marked >= self._weighed.marked
            if marked or _is_of_the_same_number(first, other):
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
        self,
        firsts: Sequence[_Found],
        fused: float,
        known: tuple[float, float, float, float],
        length: float,
    ) -> tuple[float, Why]:
        """How sure it is that the best run answers.

        What the documents do not seem to answer at all is as unsure as that, whatever else speaks for the run; what is asked for by its
        number or heading reaches the least confidence.
        """
        weighed, first = self._weighed, firsts[0]
        read = (first.page.reading.answers, _log_odds(first.run.marked), fused)
        second = firsts[1].unit.score if len(firsts) > 1 else -math.inf
        lead = min(first.unit.score - second, _MAX_LEAD)
        said = (float(first.page.says), first.unit.features[UNIT_FEATURES.index("lacking")])
        # of a passage in the other language the reader is less sure, whether it answers or not
        other = float(first.page.ranked.candidate.across)
        taken_together = (read[0], _believed(firsts), *read[1:])
        values = (*taken_together, *known, *said, other, length)
        support = tuple(map(Feature, SUPPORT_FEATURES, values, self._support))
        left = first.page.left_out(first.run)
        whole = (*taken_together, lead, *said, left, length)
        right = tuple(map(Feature, CONFIDENCE_FEATURES, whole, self._confidence))
        supported = _chance(support, weighed.support_bias)
        decides, bias, confidence = support, weighed.support_bias, supported
        if supported >= weighed.supported:
            decides, bias = right, weighed.bias
            confidence = max(_chance(right, bias), weighed.least if first.page.says else 0.0)
        unit_features = dict(zip(UNIT_FEATURES, self._units, strict=True))
        return confidence, Why(decides, bias, unit_features, support=support, right=right)


def _believed(firsts: Sequence[_Found]) -> float:
    """What the reader believes of the passages it read, taken together: the log of the mean of their odds.

    The passage quoted first need not be the one that it believes most, and where only one of many is believed a little that
    is chance. Of 406 near misses this keeps nine more from being answered than the first passage's odds do, at the same
    questions declined in vain. What is said of something else was read in vain; rows beside the one that is known to be asked for were
    not, but add nothing to it.
    """
    read = [one for one in firsts if not one.beside] or firsts
    odds = [one.page.reading.answers for one in _telling(read)]
    return float(np.logaddexp.reduce(odds)) - math.log(len(read))


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
    holds, and words of any kind that none does; and the power of ten of the passages searched, of a handful too what it is of sixty.

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
    return missing, unknown, strange, max(size, _LEAST_SIZE)


def _keys(words: Sequence[QueryWord], lang: Lang, names: Sequence[str]) -> frozenset[int]:
    """The keys of the words of names."""
    named = {part for name in names for part in name.split()}
    return frozenset(key for w in words if w.text in named for key, p in w.keys[lang] if p >= 1)


def _log_odds(chance: float) -> float:
    bounded = min(max(chance, _NEVER), _EVER)
    return math.log(bounded / (1 - bounded))


# --------------------------------------------------------------------------- what belongs together


@dataclass(frozen=True, slots=True)
class _Found:
    """The best run of a passage, with what is ``asked`` of it; ``off``: said of something else, ``beside``: nothing but rows beside the one that is known to be asked for."""

    asked: Asked
    page: Page
    run: Run
    unit: Unit
    off: bool = False
    beside: bool = False

    @property
    def names(self) -> set[str]:
        """What the rows of the run are called that the question names."""
        within = range(self.run.first, self.run.last + 1)
        return {name for number, name in self.page.rows.items() if number in within}


def _telling(firsts: Sequence[_Found]) -> Sequence[_Found]:
    """Those that are not said of something else; all where every one is."""
    return [one for one in firsts if not one.off] or firsts


def _of_year(question: str, firsts: Sequence[_Found], index: Searchable) -> list[_Found]:
    """Those that are not of another year than the one asked about; none where the best is and the reader believes it more than those."""
    year = AskedYear(question)
    found = [one for one in firsts if not year.is_not_of(one.page.ranked, one.unit, index)]
    if not found or found[0] is firsts[0]:
        return found
    dropped, believed = (some[0].page.reading.answers for some in (firsts, found))
    return found if believed >= min(dropped, DOUBT) else []


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
    return bool(kinds) and kinds <= SILENT


def _n_quoted(*units: Unit) -> int:
    return sum(len(unit.quote.text) for unit in units)


def _are_of_one_document(one: _Found, other: _Found) -> bool:
    return one.unit.quote.passage.doc_id == other.unit.quote.passage.doc_id


def _stands_below_what_is_asked(other: _Found, first: _Found) -> bool:
    """Whether a passage of the same document has a heading of nothing but words of the question, and the reader believes that it answers."""
    believed = other.page.title.named and other.page.reading.answers >= DOUBT
    return believed and _are_of_one_document(first, other)


def _is_of_the_same_number(first: _Found, other: _Found) -> bool:
    """Whether the clause that is asked for by its number, and no document with it, is one of another document as well."""
    both = (first.page.title.numbered, other.page.title.numbered)
    return 0 not in both and not _are_of_one_document(first, other)


def _is_of_one_list(first: _Found, other: _Found) -> bool:
    """Whether the best run of a passage is several things in the list of which the first is one, in the passage beside, and the reader
    believes that they answer: then the question asks for all of them."""
    beside = abs(other.page.ranked.candidate.row - first.page.ranked.candidate.row) == 1
    if other.page.reading.answers < DOUBT or not beside or not _are_of_one_document(first, other):
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
    # Also that of an item that has more than its first paragraph
    flows = last.group is None or (
        last.block is not None and first.page.blocks[last.block].kind == "paragraph"
    )
    prose = flows and not last.alone
    meet = first.run.last == len(first.page.atoms) - 1 and other.run.first == 0
    return after and prose and meet and _are_of_one_document(first, other)


def _continued(first: _Found, index: Searchable) -> Iterator[Unit]:
    """The rest of the list that the best run is a part of, where it goes on in the passage after or began in the one before."""
    page, run = first.page, first.run
    passage, row = page.ranked.passage, page.ranked.candidate.row
    atoms = range(run.first, run.last + 1)
    # A list comes before those in it: what goes on is the widest of which two things are there
    reached = -1
    for n in sorted({n for i in atoms for n in page.lists_of(i)}):
        block = page.blocks[n]
        asked_before, asked_after = page.goes_beyond(run, n)
        if block.end <= reached or not (asked_before or asked_after):
            continue
        reached = block.end
        after = asked_after and run.last == len(page.atoms) - 1 and block.end > passage.end
        before = asked_before and run.first == 0 and block.start < passage.start
        # A part more may be of use; all of them are where all was asked for
        reach = len(index) if page.asks_for_all(n, run.first, run.last) else 1
        ways = ((after, range(row + 1, len(index))), (before, range(row - 1, -1, -1)))
        for goes_on, rows in ways:
            for at in rows[:reach] if goes_on else ():
                [place] = index.places([at])
                other = place.passage
                a, b = max(block.start, other.start), min(block.end, other.end)
                if other.doc_id != passage.doc_id or not 0 < b - a <= MAX_UNIT_CHARS:
                    break
                yield Unit(Quote(other, a, b, first.unit.score), first.unit.score)
