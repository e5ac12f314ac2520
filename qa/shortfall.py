"""Why a question was declined: a document that it names and that could not be read, what it names that no document has, else where the nearest
words stand and what they lack."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from corpus import language
from corpus.document import Lang, Skipped, shown_name
from index.searchable import QueryWord
from qa.compose.extractive import decline
from qa.rank import Ranked
from qa.select.times.moments import days
from qa.words import phrases, stood_for

_MAX_NAMED = 3
_MAX_HEADING_CHARS = 80
# A passage that holds less of the question's words, by idf, is the nearest of what is far away.
_LEAST_HELD = 0.25
# A file is named by so much of its name's words, one that stands for another so likely among them.
_LEAST_NAMED = 0.5
_SAME = 0.1
_MAX_UNREAD = 2
_NO_WORD = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class Closest:
    """The place nearest to a question that it does not answer; ``lacks``: the question's names and numbers that neither the
    passage nor its headings have."""

    passage_id: str
    doc_id: str
    title: str
    section_path: tuple[str, ...]
    page: int | None
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """``unmentioned``: what the question names and no document has, as the question writes it; ``closest``: the nearest place,
    None where nothing is near; ``unread``: the documents that the question names and that could not be read, with the reason in words
    for whoever asks, which may be empty."""

    unmentioned: tuple[str, ...] = ()
    closest: Closest | None = None
    unread: tuple[Skipped, ...] = ()

    def message(self, lang: Lang) -> str:
        """What is said in place of an answer."""
        spanish = lang != "en"
        said = [decline(lang)]
        if self.unread:
            said += (_not_read(one, spanish) for one in self.unread)
        elif self.unmentioned:
            names = _listed(self.unmentioned, spanish)
            said.append(
                f"Ningún documento menciona {names}."
                if spanish
                else f"No document mentions {names}."
            )
        elif self.closest is not None:
            said.append(_nearest(self.closest, spanish))
        return " ".join(said)


def nothing_there(lang: Lang) -> str:
    """What is said in place of an answer where there is no document that could hold it."""
    if lang == "en":
        return "There are no documents to answer from yet."
    return "Todavía no hay documentos con los que responder."


def remark(missing: Sequence[str], lang: Lang) -> str:
    """What an answer ends in where legs of the search could not look at the index; empty where all could."""
    if not missing:
        return ""
    return (
        "Just now only words can be searched for, not meaning: something may be missing."
        if lang == "en"
        else "Ahora mismo solo se puede buscar por palabras, no por el significado: puede que falte algo."
    )


def shortfall(question: str, words: Sequence[QueryWord], passages: Sequence[Ranked]) -> Shortfall:
    """What a question lacks in an index: ``words`` are its content words, ``passages`` those found, best first."""
    unmentioned = _phrases(question, words, [w.name and not w.known for w in words])
    if not passages:
        return Shortfall(unmentioned)
    place = passages[0].place
    passage = place.passage
    terms = frozenset(language.terms(f"{passage.heading}\n{passage.text}", passage.lang))
    held = [any(term in terms for term, _ in w.terms[passage.lang]) for w in words]
    weights = [w.idf[passage.lang] for w in words]
    near = sum(weight for weight, has in zip(weights, held, strict=True) if has)
    if near < _LEAST_HELD * sum(weights) or not any(held):
        return Shortfall(unmentioned)
    closest = Closest(
        passage.passage_id,
        passage.doc_id,
        place.title,
        place.section_path,
        place.page,
        _phrases(question, words, [w.name and not h for w, h in zip(words, held, strict=True)]),
    )
    return Shortfall(unmentioned, closest)


def unread(
    words: Sequence[QueryWord], skipped: Sequence[Skipped], reasons: Callable[[str], str | None]
) -> tuple[Skipped, ...]:
    """Of documents that could not be read those that a question names, by words of their files' names; ``reasons`` puts why into the language of
    whoever asks."""
    found = []
    for one in skipped:
        name = _NO_WORD.sub(" ", PurePosixPath(one.doc_id).stem)
        for lang in language.PACKS:
            terms = set(language.terms(name, lang))
            held = terms & stood_for(words, lang, _SAME)
            if held and len(held) >= _LEAST_NAMED * len(terms):
                # What follows says how to mend it, which is for the owner
                why = (reasons(one.reason) or "").split(";")[0]
                found.append(Skipped(one.doc_id, why))
                break
    return tuple(found[:_MAX_UNREAD])


def _not_read(skipped: Skipped, spanish: bool) -> str:
    name, why = shown_name(skipped.doc_id), f": {skipped.reason}" if skipped.reason else ""
    if spanish:
        return f"«{name}» está entre los documentos, pero no se pudo leer{why}."
    return f"“{name}” is among the documents but could not be read{why}."


def _phrases(question: str, words: Sequence[QueryWord], wanted: Sequence[bool]) -> tuple[str, ...]:
    named = [question[day.start : day.end] for day in days(question)]
    # Of "28 June" the number may be nowhere, and the month somewhere
    found = (
        next((day for day in named if one in day.split()), one)
        for one in phrases(question, words, wanted)
    )
    return tuple(dict.fromkeys(found))[:_MAX_NAMED]


def _short(heading: str) -> str:
    """A heading as it fits into a sentence: some laws have titles of a paragraph."""
    words = " ".join(heading.split())
    if len(words) <= _MAX_HEADING_CHARS:
        return words
    return words[:_MAX_HEADING_CHARS].rsplit(" ", 1)[0] + "…"


def _listed(names: Sequence[str], spanish: bool) -> str:
    quoted = [f"«{name}»" if spanish else f"“{name}”" for name in names]
    joined = ", ".join(quoted[:-1])
    last = " ni " if spanish else " or "
    return f"{joined}{last}{quoted[-1]}" if joined else quoted[-1]


def _nearest(closest: Closest, spanish: bool) -> str:
    path = [part for part in closest.section_path if part != closest.title]
    where = " › ".join(map(_short, [closest.title, *path[-2:]]))
    page = "" if closest.page is None else f", p. {closest.page}"
    lacks = _listed(closest.lacks, spanish) if closest.lacks else ""
    if spanish:
        but = f"no se menciona {lacks}" if lacks else "no se dice"
        return f"Lo más cercano está en «{where}»{page}, pero ahí {but}."
    but = f"does not mention {lacks}" if lacks else "does not say it"
    return f"The nearest words are in “{where}”{page}; that part {but}."
