"""Mails: what their head says of who wrote, to whom, when and about what, and whose words those below are.

The day of a mail is not the day that it speaks of, and who wrote it is not who leads the choir: the head answers what is asked about the mail
and nothing else. Who wrote what stands nowhere else, though, and what a mail quotes is not what its writer says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

from corpus import language
from corpus.blocks.signs import greets
from corpus.document import Lang, Passage
from corpus.languages import PACKS
from corpus.readers.bundles import MAIL_LABELS, MAIL_SUFFIXES
from index.searchable import QueryWord, Searchable
from qa.rank import Ranked
from qa.select.mail.letters import Letter, letters_of
from qa.select.page import SURE, Page
from qa.select.values.kind import asks_for_mail
from qa.words import stood_for

_HEAD: Final = re.compile(rf"(?:{'|'.join(name for of in MAIL_LABELS.values() for name in of)}): ")
_ADDRESSES: Final = re.compile(
    rf"^(?:{'|'.join(name for of in MAIL_LABELS.values() for name in of[:3])}): .*@.*$",
    re.MULTILINE,
)
_WRITING: Final = re.compile(rf"\b(?:{'|'.join(pack.writing for pack in PACKS.values())})")
_SENDER, _TOLD, _REPLYING = (
    re.compile("|".join(rf"(?:{pattern})" for pattern in patterns))
    for patterns in zip(*((p.sender, p.told, p.replying) for p in PACKS.values()), strict=True)
)
_MAIL_WORDS: Final = frozenset().union(*(pack.mail_words for pack in PACKS.values()))
_STOP_WORDS: Final = frozenset().union(*(pack.stop_words for pack in PACKS.values()))
_ENDS: Final = re.compile(r"[.,;:!?\n]")
# What is not of the letter that is asked about counts so much.
# A word that stands for another one so likely may mean the same.
_SAME: Final = 0.1
_HALF: Final = 0.5


def is_mail(passage: Passage) -> bool:
    """Whether a passage is of a mail."""
    return _is_mail(passage.doc_id)


def opens_letter(line: str) -> bool:
    """Whether a line stands over a letter: a label of its head or a greeting."""
    return _HEAD.match(line) is not None or greets(line.strip())


# Asked several times of each passage that is found
@lru_cache(maxsize=1_000)
def _is_mail(doc_id: str) -> bool:
    return PurePosixPath(doc_id).suffix.lower() in MAIL_SUFFIXES


def is_head(passage: Passage, quoted: str) -> bool:
    """Whether what is quoted of a mail is nothing but lines of its head."""
    if not is_mail(passage):
        return False
    return all(map(_HEAD.match, (line for line in quoted.split("\n") if line.strip())))


def is_head_only(question: str, passage: Passage, quoted: str) -> bool:
    """Whether it is, and the question is not about what someone wrote, sent or said."""
    return is_head(passage, quoted) and _WRITING.search(language.fold(question)) is None


class AskedMail:
    """What a question asks of mails that the reader does not see: who wrote something, somebody's address, what somebody wrote."""

    def __init__(
        self,
        question: str,
        words: Sequence[QueryWord],
        passages: Sequence[Ranked],
        index: Searchable,
    ):
        folded = language.fold(question)
        sender = _SENDER.search(folded)
        self._verb = sender[0].split()[-1] if sender else ""
        self._replying = _REPLYING.search(self._verb) is not None
        asking = _MAIL_WORDS.union(sender[0].split() if sender else ())
        self._words = [word for word in words if language.fold(word.text) not in asking]
        self._sent = sender is not None
        told = sender is None and _TOLD.search(folded) is not None
        address = asks_for_mail(question)
        mails = [p for p in passages if is_mail(p.passage)] if self._words else []
        texts = {p.passage.doc_id for p in mails} if self._sent or told or address else set()
        self._texts = {name: index.document(name, blocks=False).text for name in texts}
        self._letters = {name: letters_of(text) for name, text in self._texts.items()}
        self._lines: dict[int, int] = {}
        if self._sent:
            self._lines = self._senders(mails)
        elif address:
            self._lines = {id(p): at for p in mails for at in self._addresses(p)}
        # "¿Qué contestó Ana a Luis?": of those who wrote the first that is named
        writers = (w for w in self._words if any(self._written_by(w, p) for p in mails))
        self._writer = next(writers, None) if told else None

    def answers(self, ranked: Ranked) -> bool:
        """Whether a passage has a line that answers by what it is, whatever the reader makes of it."""
        return id(ranked) in self._lines

    def headed(self, page: Page) -> Page:
        """The page of such a passage, which answers with that line."""
        at = self._lines[id(page.ranked)]
        reading = replace(page.reading, answers=max(page.reading.answers, SURE))
        start = page.ranked.passage.start
        own = [
            one
            for one in self._of(page.ranked)
            if one.holds(start + at) or one.who[0] <= start + at < one.who[1]
        ]
        return replace(_of_letters(page, own), reading=reading, defines=at)

    def by_writer(self, page: Page) -> Page:
        """The page of a mail for a question for what somebody wrote: without what others did, and without the head."""
        own = self._written_by(self._writer, page.ranked) if self._writer is not None else []
        return _of_letters(page, own)

    def is_unsaid(self, ranked: Ranked, start: int, end: int) -> bool:
        """Whether what is quoted of a mail, a stretch of the passage, says who wrote something, and this is not what the question asks of
        whom: it has no more than half of what that names, or less where it is in another language, of which not all words are known."""
        at = ranked.passage.start
        quoted = [
            one for one in self._of(ranked) if one.who[0] < at + end and at + start < one.who[1]
        ]
        mail, lang = self._texts.get(ranked.passage.doc_id, ""), ranked.passage.lang
        shares = (self._share(one.text(mail, subject=True), lang) for one in quoted)
        most = max(shares, default=1.0) if self._sent else 1.0
        return most < _HALF or (most == _HALF and not ranked.candidate.across)

    def _written_by(self, writer: QueryWord, ranked: Ranked) -> list[Letter]:
        """The letters of a mail that a person wrote, who is named by a word of the question."""
        mail, lang = self._texts.get(ranked.passage.doc_id, ""), ranked.passage.lang
        named = stood_for([writer], lang)
        return [
            one
            for one in self._of(ranked)
            if not named.isdisjoint(language.terms(mail[slice(*one.who)], lang))
        ]

    def _of(self, ranked: Ranked) -> list[Letter]:
        return self._letters.get(ranked.passage.doc_id, [])

    def _senders(self, mails: Sequence[Ranked]) -> dict[int, int]:
        """The line that says who wrote what is asked about, by passage: of the letters that say all of it, those that say it best."""
        graded = []
        for ranked in mails:
            start, end = ranked.passage.start, ranked.passage.end
            for letter in self._of(ranked):
                if start <= letter.who[0] < min(letter.who[1], end):
                    graded.append((self._grade(ranked, letter), id(ranked), letter.who[0] - start))
        best = max((grade for grade, _, _ in graded), default=0)
        return {number: at for grade, number, at in reversed(graded) if grade == best > 0}

    def _grade(self, ranked: Ranked, letter: Letter) -> int:
        """How well a letter says what is asked about: 3 in words of its own, 2 as another mail quotes it, 1 by the subject of what it
        answers, which counts as its own where it is asked who answered; 0 not, or it tells that somebody else said it."""
        mail, lang = self._texts[ranked.passage.doc_id], ranked.passage.lang
        own = letter.text(mail)
        if (self._replying and letter.reply is None) or _tells_of(own, self._verb):
            return 0
        if self._holds(own, lang):
            return 2 if letter.quoted else 3
        about = self._holds(letter.text(mail, subject=True), lang)
        return (3 if self._replying else 1) if about else 0

    def _holds(self, text: str, lang: Lang) -> bool:
        """Whether a text has all that the question names."""
        return self._share(text, lang) == 1

    def _share(self, text: str, lang: Lang) -> float:
        """How much a text has of what the question names."""
        terms = set(language.terms(text, lang))
        held = sum(not terms.isdisjoint(stood_for([word], lang, _SAME)) for word in self._words)
        return held / len(self._words)

    def _addresses(self, ranked: Ranked) -> Iterator[int]:
        """The lines of a head that have the address of whom the question names, the first last."""
        passage = ranked.passage
        for line in reversed([*_ADDRESSES.finditer(passage.text)]):
            if self._holds(line[0], passage.lang):
                yield line.start()


def _tells_of(text: str, verb: str) -> bool:
    """Whether a text says of somebody by name what the question asks of whom: "Ana dijo", "Ana Ruiz sent"."""
    before, end = "", 0
    for word, start, stop in language.words(text):
        folded = language.fold(word)
        if _ENDS.search(text, end, start):
            before = ""
        end = stop
        if folded == verb and before[:1].isupper():
            return True
        if folded not in _STOP_WORDS:
            before = word
    return False


def _of_letters(page: Page, letters: Sequence[Letter]) -> Page:
    """The page with nothing marked but what these letters say, their heads left out; as it is where there is none."""
    if not letters:
        return page
    passage, chances = page.ranked.passage, page.chances.copy()
    for number, atom in enumerate(page.atoms):
        own = any(letter.holds(passage.start + atom.start) for letter in letters)
        if not own or _HEAD.match(passage.text, atom.start):
            chances[number] = 0.0
    return replace(page, chances=chances)
