"""How much the marks of a passage count: the chances of its atoms, moved to what the question names.

A reader sees that a table, a list of questions or a sentence of several alike answers, and may take the one beside for the one
that is asked for. Here ``chances`` are the sums of the chances of an atom's tokens, float64[n], and ``n_tokens`` their number.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from corpus import language
from corpus.document import Block, Passage
from index.searchable import Interaction, QueryWord
from qa.rank import Ranked
from qa.select.alike.conditions import cases
from qa.select.alike.records import Asked, AskedRows
from qa.select.atoms import Atom, text_of
from qa.select.times.entries import AskedDay
from qa.words import asks_by, folded_words, stood_for

# How much less a row counts for being less near than the nearest, by late interaction of which all is 1.
_NEARNESS = 3.0
# How much a row counts where the question names another one of its table, and an answer where it is another question's.
_OTHER_KEY = 0.2
# "12.", "P:" and "Question 4." before a question
_ASKS = re.compile(r"\A\W*(?:(?:[PQ]|Pregunta|Question)\b[ \t]*)?(?:\d{1,3}[ \t]*)?[.:)-]+[ \t]*")

_YES_NO = re.compile(r"\W*(?:(?:r|a|answer|respuesta)\W+)?(?:si|no|yes)(?:[,.;:!]|\Z)")
# A word that stands for another one at least so likely may mean the same.
_SAME = 0.05


def nearness(atoms: Sequence[Atom], met: Interaction | None) -> npt.NDArray[np.float64]:
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


def by_rows(
    asked: AskedRows,
    ranked: Ranked,
    atoms: Sequence[Atom],
    n_tokens: npt.NDArray[np.float64],
    chances: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], dict[int, str]]:
    """The chances with those of a table's rows at the rows that the question names, where it names some and not others: those called so, and
    of those called the same the ones of which it has most other cells; or where it names none, which codes and dates often are, those
    of which it has most other cells, two and more, or says the day, the time or the amount. All count alike where the prices of all are asked for. And by atom the names that it says as
    they are written."""
    rows = asked.rows(ranked)
    tables: dict[int | None, dict[str, dict[int, float]]] = {}
    said: dict[int, str] = {}
    meant: list[int] = []
    told: list[int] = []
    for i, atom in enumerate(atoms):
        row = rows.get(-1 if atom.block is None else atom.block)
        if row is None or not n_tokens[i]:
            continue
        named = asked.named(row)
        name = next(filter(named.says, row.called), None)
        if name is not None:
            said[i] = name
        name = name or next(filter(named.means, row.called), None)
        if name is not None:
            meant.append(i)
        held = asked.held(row)
        if held > 1 or row.weight:
            told.append(i)
        tables.setdefault(atom.group, {}).setdefault(name or row.name, {})[i] = held
    if asked.are_all_asked(ranked):
        some = [i for table in tables.values() for alike in table.values() for i in alike]
        means = chances / np.maximum(n_tokens, 1)
        chances[some] = n_tokens[some] * means[some].max(initial=0.0)
        return chances, said
    for table in tables.values():
        called = [alike for alike in table.values() if not alike.keys().isdisjoint(meant)]
        held_most = called or [
            {i: n for one in table.values() for i, n in one.items() if i in told}
        ]
        best = [i for alike in held_most for i, n in alike.items() if n == max(alike.values())]
        others = [i for alike in table.values() for i in alike if i not in best]
        chances = moved(chances, n_tokens, best, others)
    return chances, said


def by_series(
    told: Sequence[bool | None],
    n_tokens: npt.NDArray[np.float64],
    chances: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """The chances with those of what is of others of a series at what is of the one that the question names, in proportion (see
    :mod:`qa.select.series`); ``told``: which of the two each atom is, None for neither."""
    some = [i for i, n in enumerate(n_tokens) if n]
    named, others = ([i for i in some if told[i] is one] for one in (True, False))
    if not (named and others):
        return chances
    means = chances / np.maximum(n_tokens, 1)
    moved = chances.copy()
    more = means[[*named, *others]].max() / max(means[named].max(), 1e-9)
    moved[named] = np.minimum(n_tokens[named], chances[named] * more)
    moved[others] *= _OTHER_KEY
    return moved


def by_days(
    asked: AskedDay,
    passage: Passage,
    atoms: Sequence[Atom],
    blocks: Sequence[Block],
    n_tokens: npt.NDArray[np.float64],
    chances: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """The chances with those of entries that each say first of which day they are at those of the day that is asked about, where there are some
    (see :mod:`qa.select.times.entries`); rows are told by their cells."""
    if not asked:
        return chances
    rows = {n for n, block in enumerate(blocks) if block.kind == "row"}
    entries = {i: text_of(passage, a) for i, a in enumerate(atoms) if a.block not in rows}
    told = {i: asked.told(entry) for i, entry in entries.items()}
    most = max(told.values(), default=0)
    named = [i for i, n in told.items() if n == most > 0]
    others = [i for i, entry in entries.items() if named and asked.begins_with_other(entry)]
    return moved(chances, n_tokens, named, others, left=0.0)


def by_questions(
    question: str,
    passage: Passage,
    atoms: Sequence[Atom],
    blocks: Sequence[Block],
    n_tokens: npt.NDArray[np.float64],
    chances: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """The chances with those of a list of questions at the answers of what is asked, in the same words or in all of its words, those
    that ask alike first ("¿Cómo …?"), where some of them are and others not."""
    answers: dict[int, list[int]] = {}
    for i, atom in enumerate(atoms):
        pair = _pair_of(atom, blocks)
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
    return moved(
        chances, n_tokens, named, [i for of in answers.values() for i in of if i not in named]
    )


def _pair_of(atom: Atom, blocks: Sequence[Block]) -> int | None:
    """The number of the question and answer that an atom stands in."""
    pair = atom.block
    while pair is not None and blocks[pair].kind != "pair":
        pair = blocks[pair].parent
    return pair


def answers_another(
    words: Sequence[QueryWord],
    title: str,
    passage: Passage,
    atom: Atom,
    blocks: Sequence[Block],
) -> bool:
    """Whether an atom is a "Yes" or "No" to a question that has none of the words that are asked for, those aside that its page's ``title``
    or most of the questions beside it have, too."""
    pair = _pair_of(atom, blocks)
    if pair is None or not _YES_NO.match(language.fold(text_of(passage, atom))):
        return False
    questions = {}
    for n, block in enumerate(blocks):
        start, end = block.cells[0] if block.kind == "pair" and block.cells else (0, 0)
        if passage.start <= start < end <= passage.end:
            text = passage.text[start - passage.start : end - passage.start]
            questions[n] = frozenset(language.terms(text, passage.lang))
    if pair not in questions:
        return False
    n_having = Counter(term for terms in questions.values() for term in terms)
    shared = {term for term, n in n_having.items() if n > 1 and 2 * n > len(questions)}
    telling = (
        stood_for(words, passage.lang, _SAME) - shared - {*language.terms(title, passage.lang)}
    )
    return not telling & questions[pair]


def by_cases(
    question: str,
    words: Sequence[QueryWord],
    passage: Passage,
    atoms: Sequence[Atom],
    n_tokens: npt.NDArray[np.float64],
    chances: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """The chances with those of sentences that are alike at those of the case that the question names, each with what follows it in
    its paragraph (see :mod:`qa.select.alike.conditions`)."""
    told = [i for i, a in enumerate(atoms) if a.group is None and not (a.weak or a.asks or a.alone)]
    found = cases(question, words, passage.lang, [text_of(passage, atoms[i]) for i in told])
    named, others = ({told[n] for n in group} for group in found)
    for i, atom in enumerate(atoms[1:], 1):
        if atom.block is not None and atom.block == atoms[i - 1].block and i not in named | others:
            for group in (named, others):
                if i - 1 in group:
                    group.add(i)
    return moved(chances, n_tokens, sorted(named), sorted(others))


def moved(
    chances: npt.NDArray[np.float64],
    n_tokens: npt.NDArray[np.float64],
    named: list[int],
    others: list[int],
    left: float = _OTHER_KEY,
) -> npt.NDArray[np.float64]:
    """The chances with those of the atoms ``others`` at those that the question names, so much of them ``left`` where they are; atoms without
    a word have none."""
    named, others = ([i for i in some if n_tokens[i]] for some in (named, others))
    if not (named and others):
        return chances
    moved = chances.copy()
    means = chances[[*named, *others]] / n_tokens[[*named, *others]]
    moved[named] = np.maximum(chances[named], means.max() * n_tokens[named])
    moved[others] *= left
    return moved
