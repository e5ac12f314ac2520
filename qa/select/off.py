"""What is no answer, however much it resembles one: what is said of something else than is asked about.

A reader looks at the words that answer, and what is said of a neighbour is said in the same words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import itemgetter

from corpus import language
from qa.select.alike.counterparts import is_of_counterpart
from qa.select.alike.keyed import are_of_another
from qa.select.alike.namesakes import AskedNames, AskedPersons
from qa.select.alike.numbered import is_of_another
from qa.select.elsewhere import OwnSections
from qa.select.keywords import are_keywords, has_none
from qa.select.mail.mails import AskedMail, is_head_only
from qa.select.marks import answers_another
from qa.select.offices import names_no_holder
from qa.select.page import DOUBT, SURE, AskedOfPages, Page, Run
from qa.select.times.sittings import AskedSitting
from qa.select.untold import are_untold
from qa.select.values.kind import asks_for_kind, lacks_kind
from qa.select.values.sums import is_another_sum
from qa.select.varieties import are_other_varieties, is_entry
from qa.understand import Question
from qa.words import MEASURES, called, folded_words

# Words by which one asks name nothing: "how deep", "qué aforo"; what is counted names what has it
_ASKS = re.compile(r"\bhow (?!many\b|much\b)\w+|\b(?:what|which|que|cuant[oa]) \w+")
_POINTS_BACK = re.compile(r"\W*(?:that|this|those|these|it|es[aeo]s?|est[aeo]s?|asi)\b")
# Of a question that is a few keywords the reader is believed from so many log odds on without any of these.
_CERTAIN = 2.5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what it asks of any page, whose things and which persons it names, of which day they are, what it asks of mails, and the sections
    that are called as it says."""

    question: Question
    of_pages: AskedOfPages
    names: AskedNames
    persons: AskedPersons
    sitting: AskedSitting
    mail: AskedMail
    sections: OwnSections

    def is_off(self, page: Page, run: Run) -> bool:
        """Whether a run of a page is said of something else, or of nothing that the question tells from what stands beside it."""
        # A heading with its day is known to say when that was
        if page.title.dated and run.first == 0:
            return False
        return (
            self._is_of_another_thing(page, run)
            or self._are_other_rows(page, run)
            or self._is_of_another_owner(page, run)
            or self._is_of_another_day(page, run)
            or self._is_of_another_kind(page, run)
            or self._is_told_by_nothing(page, run)
        )

    def lacks_kind(self, page: Page, run: Run) -> bool:
        """Whether a run of a page has nothing of the kind of value that is asked for."""
        # A heading with its day is quoted, too
        if page.title.dated and run.first == 0:
            return False
        question = self.question.full
        if not asks_for_kind(question):
            return False
        rows = self.of_pages.rows.within(page.ranked, *page.within(run))
        cells = [(cell.column, cell.said) for row in rows for cell in row.cells]
        place, text = page.ranked.place, page.ranked.passage.text
        over = "\n".join(line for line in place.section_path if line != place.title)
        beside = (text[atom.start : atom.end] for atom in page.atoms if not atom.alone)
        around = "\n".join((place.title, over, *beside)) if cells else ""
        if lacks_kind(question, _quoted(page, run), over, cells, around):
            return True
        return not cells and self._is_said_before(page, run)

    def _is_said_before(self, page: Page, run: Run) -> bool:
        """Whether a run has the kind of value that is asked for only in sentences before the one that names most of what is asked about: "The trailer
        is 1.5 m wide. The ladder folds in three." of the ladder. Of a thing that
        only a heading names, each sentence below may be."""
        entries, lang, place = _entries(page, run), page.ranked.passage.lang, page.ranked.place
        by = MEASURES.union(*map(folded_words, _ASKS.findall(language.fold(self.question.full))))
        naming = [one for one in self.of_pages.words if language.fold(one.text) not in by]
        if len(entries) < 2 or not naming:
            return False
        above = set(language.terms("\n".join((place.title, *place.section_path)), lang))
        worth = [(called(one, lang) - above, one.idf.get(lang, 0.0)) for one in naming]
        said = [set(language.terms(entry, lang)) for entry in entries]
        named = [sum(idf for terms, idf in worth if not terms.isdisjoint(one)) for one in said]
        best = named.index(max(named))
        rarest, _ = max(worth, key=itemgetter(1))
        # "From nine to five. These are the hours of the office."
        if rarest.isdisjoint(said[best]) or _POINTS_BACK.match(language.fold(entries[best])):
            return False
        return all(lacks_kind(self.question.full, entry) for entry in entries[best:])

    def _is_of_another_thing(self, page: Page, run: Run) -> bool:
        """Whether it is of a thing with another number, of a sum of another kind, or of no holder of the office that is asked for."""
        question, words = self.of_pages.question, self.of_pages.words
        passage, place, quoted = page.ranked.passage, page.ranked.place, _quoted(page, run)
        around = "\n".join((place.title, passage.heading, passage.text))
        over = "\n".join((*place.section_path, passage.heading))
        return (
            page.title.lacking
            or is_of_another(question, words, passage.lang, quoted, place.section_path, around)
            or is_another_sum(question, quoted, over, around, passage.lang)
            or (
                page.reading.answers < SURE
                and names_no_holder(question, words, quoted, over, passage.lang)
            )
        )

    def _are_other_rows(self, page: Page, run: Run) -> bool:
        """Whether it is nothing but other rows of a table than the one asked for, or a row that does not have what is asked of it."""
        of_rows, (start, end) = self.of_pages.rows, page.within(run)
        others = self.of_pages.most.are_others(page.ranked, start, end)
        if others is None:
            others = of_rows.are_others(page.ranked, start, end)
        if others or of_rows.lack_value(page.ranked, start, end):
            return True
        if of_rows.are_of_other_times(page.ranked, start, end):
            return True
        rows = of_rows.within(page.ranked, start, end)
        tables = {row.table for row in rows}
        every = [row for row in of_rows.rows(page.ranked).values() if row.table in tables]
        question, words = self.of_pages.question, self.of_pages.words
        return are_of_another(question, words, page.ranked.passage.lang, rows, every)

    def _is_of_another_owner(self, page: Page, run: Run) -> bool:
        """Whether it is of another organisation or person, of another one of a series, or of another mail than is asked about."""
        quoted = _quoted(page, run)
        return (
            self.names.are_of_another(page.ranked)
            or self.persons.are_others(page.ranked, quoted)
            or page.is_of_others(run)
            or is_head_only(self.of_pages.question, page.ranked.passage, quoted)
            or self.mail.is_unsaid(page.ranked, *page.within(run))
            or self.sections.have(page.ranked.place, sure=page.reading.answers >= DOUBT)
        )

    def _is_of_another_day(self, page: Page, run: Run) -> bool:
        another = self.sitting.is_another(page.ranked, _quoted(page, run))
        return another or self.of_pages.day.are_others(_entries(page, run))

    def _is_of_another_kind(self, page: Page, run: Run) -> bool:
        """Whether what is quoted names another kind of the thing that is asked about."""
        rows = self.of_pages.rows.within(page.ranked, *page.within(run))
        names, sentences = [row.name for row in rows], _entries(page, run)
        atoms = [page.atoms[n].alone for n in _atoms(page, run)]
        if not names and all(
            alone or is_entry(entry) for alone, entry in zip(atoms, sentences, strict=True)
        ):
            names = sentences
        sentences = [] if names else sentences
        words, place = self.of_pages.words, page.ranked.place
        if are_other_varieties(self.question, words, place, names, sentences):
            return True
        if self.of_pages.series.band.is_beyond(_entries(page, run)):
            return True
        columns = dict.fromkeys(cell.column for row in rows for cell in row.cells)
        quoted = "\n".join((_quoted(page, run), *columns))
        # What stands beside a row or a label is said of other things
        beside = [] if names else [page.ranked.passage.text]
        around = "\n".join((place.title, *place.section_path, *beside))
        over = place.section_path[-1] if place.section_path else ""
        asked, told = self.question, page.ranked.passage.lang
        return is_of_counterpart(asked.full, asked.lang, quoted, over, around, told)

    def _is_told_by_nothing(self, page: Page, run: Run) -> bool:
        """Whether the reader doubts it and it has none of a few keywords, or nothing tells it from the rows beside it, or it is a "No" to another
        question; who asks in other words is believed."""
        question, words = self.of_pages.question, self.of_pages.words
        passage, place = page.ranked.passage, page.ranked.place
        answers = page.reading.answers
        if answers < _CERTAIN and are_keywords(question, words) and has_none(words, place):
            return True
        if self.of_pages.rows.are_all_asked(page.ranked):
            return False
        if answers < DOUBT and are_untold(
            self.question, words, place, page.blocks, page.atoms, run
        ):
            return True
        first = page.atoms[run.first]
        return answers < DOUBT and answers_another(words, place.title, passage, first, page.blocks)


def _quoted(page: Page, run: Run) -> str:
    """The words of a run."""
    start, end = page.within(run)
    return page.ranked.passage.text[start:end]


def _atoms(page: Page, run: Run) -> list[int]:
    """The atoms of a run that say something by themselves, by number."""
    return [n for n in range(run.first, run.last + 1) if not page.atoms[n].weak]


def _entries(page: Page, run: Run) -> list[str]:
    """What each of these says."""
    text = page.ranked.passage.text
    return [text[page.atoms[n].start : page.atoms[n].end] for n in _atoms(page, run)]
