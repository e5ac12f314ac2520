"""Several questions in one message: "1) ¿Cuándo abre? 2) ¿Cuánto cuesta?", "When is check-in, and how much is a tent?".

Each is understood, answered or declined for itself, the later ones after those before them, and the whole is one answer. What may be
one question stays one: a cut needs a question on either side, each with its own predicate. The words stand in the language packs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from corpus import language
from corpus.document import Lang
from corpus.languages import Role
from corpus.languages.pack import LanguagePack
from index.trips import Trips
from qa.answering import (
    Abstention,
    Answer,
    Answering,
    AnsweringFromPassages,
    Asked,
    PassageHit,
    SearchResult,
    Written,
)
from qa.cite import Citation, Quote
from qa.followup import Previous, stands_alone
from qa.shortfall import remark
from qa.talk import remark_of
from qa.trace import AnswerTrace, Trace
from qa.understand import Query, Question, cleaned

MOST: Final = 4
"""Questions that are answered at once."""

# A part of a sentence is asked without the rest of it: what it finds beside the answer to the whole counts where it is as sure as this.
_SURE: Final = 0.9

# What stands before a list and is longer is a story, and no beginning of what its items ask.
_MAX_LEAD_CHARS: Final = 100

_ITEM = re.compile(r"(?:[-*•·–—]|\(?\d{1,2}(?:[.)]-?|-)|\(?[a-h]\))\s+", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:(?<=\s)|^)\(?(?:(\d)(?:\.-?\s|\)|[.º]-)|([a-h])\))\s*(?=[¿\w])", re.IGNORECASE
)
# Before a sentence of its own a number stands closer, too: "1.¿Cuándo abre?", "ii) Where is it?"
_MARK = re.compile(
    r"\(?(?:\d{1,2}(?:[.)]-?|[ºª]\.?|-)|(?:[a-h]|i{1,3}|iv)\))\s*(?=[¿\w])", re.IGNORECASE
)
_ENDS = re.compile(r"\?[?!]*(?=\s|¿|\Z)")
_BREAK = re.compile(r"[,.:;¿¡!–—]")
_LEAD_ENDS = re.compile(r"[:.!,]\s*")
_APART = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"|\([^)]*\)")
_MAYBE = re.compile(r"\n|\?.*\?|\b1[-.)º]|\ba\)|\b(?:and|y|e)\b", re.DOTALL | re.IGNORECASE)
_CLITICS: Final = frozenset("lo la los las".split())
_SUBJECTS: Final[frozenset[Role]] = frozenset(("subject", "person", "there"))


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    folded: str
    role: Role
    start: int
    end: int
    parted: bool
    """Whether a sign stands between the word before and this one."""


@dataclass(frozen=True, slots=True)
class Message:
    """The ``questions`` of a message, each in its own words, and those ``left`` beyond the most that are answered at once. Where they are
    ``listed``, or said to be several, the message as a whole asks nothing."""

    questions: tuple[str, ...]
    left: tuple[str, ...] = ()
    listed: bool = False


def message_of(text: str, lang: Lang) -> Message | None:
    """What a message asks, where it asks more than one question; None where it may be no more."""
    if not _MAYBE.search(text):
        return None
    text = cleaned(text)
    pack = language.PACKS.get(lang, next(iter(language.PACKS.values())))
    items = _items(text, pack)
    asked = [_asked_in(item, pack) for item in items]
    found = [one for some, _ in asked for one in some]
    found = [one for one in found if not _is_talk(one)]
    if len(found) < 2:
        return None
    listed = len(items) > 1 or any(told for _, told in asked)
    return Message(tuple(found[:MOST]), tuple(found[MOST:]), listed)


def apart(previous: Sequence[Previous]) -> tuple[Previous, ...]:
    """Earlier messages with each of their questions by itself, so that the next one can lean on the last."""
    found: list[Previous] = []
    for one in previous:
        message = message_of(one.query, language.detect(one.query)[0])
        questions = message.questions if message is not None else (one.query,)
        found += (Previous(text, one.document_ids) for text in questions)
    return tuple(found)


# --------------------------------------------------------------------------- lists


def _items(text: str, pack: LanguagePack) -> list[str]:
    """The items of a list that asks, each with what leads in to it; the whole text where there is none."""
    flat = " ".join(text.split())
    lead, items = _lines(text, pack)
    inline = len(items) < 2
    if inline:
        lead, items = _numbered(flat)
    if len(items) < 2:
        return [flat]
    asks = [_is_question(item, pack) for item in items]
    if not lead or _announces(lead, pack):
        return items
    # "Which of these is allowed?" asks one thing of what is listed, and "clauses 1) and 2)" are no list
    if not all(asks) and (inline or "?" in lead or len(lead) > _MAX_LEAD_CHARS):
        return [flat]
    if len(lead) > _MAX_LEAD_CHARS:
        return items
    return [_led(lead, item, is_asked) for item, is_asked in zip(items, asks, strict=True)]


def _led(lead: str, item: str, asks: bool) -> str:
    return f"{lead} {item}" if asks else f"{lead.rstrip(' :.,')} {item}"


def _lines(text: str, pack: LanguagePack) -> tuple[str, list[str]]:
    """What leads in to a list of lines, and its items; lines that all ask are one without marks."""
    lines = [line for line in map(str.strip, text.splitlines()) if line and not _is_talk(line)]
    marks = [_ITEM.match(line) for line in lines]
    if not any(marks):
        return "", lines if all(_is_question(line, pack) for line in lines) else []
    first = next(n for n, mark in enumerate(marks) if mark)
    items: list[str] = []
    for line, mark in zip(lines[first:], marks[first:], strict=True):
        if mark is not None:
            items.append(line[mark.end() :])
        elif "?" in line and "?" not in items[-1]:
            # What is listed is told, and this is the question
            return "", []
        else:
            items[-1] += f" {line}"
    return " ".join(lines[:first]), items


def _numbered(text: str) -> tuple[str, list[str]]:
    """What stands before the first of some questions that are numbered in one line, and these."""
    marks: list[re.Match[str]] = []
    for mark in _NUMBERED.finditer(text):
        wanted = str(len(marks) + 1), "abcdefgh"[len(marks) : len(marks) + 1]
        if mark[1] == wanted[0] or mark[2] == wanted[1]:
            marks.append(mark)
    if len(marks) < 2:
        return text, []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    items = [text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]
    return text[: marks[0].start()].strip(), items


def _is_talk(text: str) -> bool:
    said = remark_of(text)
    return said is not None and not said.subject


def _announces(lead: str, pack: LanguagePack) -> bool:
    """Whether words only say that questions follow, or greet."""
    if _is_talk(lead):
        return True
    *_, last = filter(None, re.split(r"[.!:,]\s*", lead.strip(" :.,!")))
    return bool(re.fullmatch(pack.announcing, language.fold(last)))


# --------------------------------------------------------------------------- sentences


def _asked_in(text: str, pack: LanguagePack) -> tuple[list[str], bool]:
    """The questions of a text that is no list, and whether it tells that there are several."""
    found: list[str] = []
    start, told = 0, False
    for stop in [*(m.end() for m in _ENDS.finditer(_outside(text))), len(text)]:
        sentence, tells = _unannounced(text[start:stop].strip(), pack)
        start = stop
        if found and not _stands(sentence, pack):
            found[-1] = f"{found[-1]} {sentence}".rstrip()
            continue
        told |= tells
        found.append(sentence)
    return [part for sentence in found for part in _side_by_side(sentence, pack)], told


def _outside(text: str) -> str:
    """A text without what it quotes or says in brackets, everything else in its place."""
    return language.blanked(text, (found.span() for found in _APART.finditer(text)))


def _unannounced(sentence: str, pack: LanguagePack) -> tuple[str, bool]:
    """A question without the words before it that only say that questions follow, or which one it is, and whether there were any."""
    mark = _MARK.match(sentence)
    if mark is not None and "?" in sentence:
        return sentence[mark.end() :], True
    before, sign, rest = sentence.partition("¿")
    if sign and _counts(before.strip(), pack):
        return sign + rest, True
    for stop in _LEAD_ENDS.finditer(sentence):
        head, rest = sentence[: stop.start()], sentence[stop.end() :]
        if not rest or "?" in head or "¿" in head:
            break
        if _announces(head, pack) or _counts(head, pack):
            rest, tells = _unannounced(rest, pack)
            return rest, tells or not _is_talk(head)
    return sentence, False


def _counts(head: str, pack: LanguagePack) -> bool:
    return bool(re.fullmatch(pack.counting, language.fold(head)))


def _stands(sentence: str, pack: LanguagePack) -> bool:
    """Whether a sentence after another asks something that can be told without it: not "¿Cómo?", "By how much?", "right?"."""
    words = _words(sentence, pack)
    joined = bool(words) and words[0].folded in pack.adding
    body = words[joined:]
    if not body or not ("?" in sentence or _opens(body, pack)):
        return False
    if body[0].folded in pack.joiners:
        # "Or on Sundays?"
        return False
    asks = next((n for n, w in enumerate(body[:3]) if w.role == "ask"), None)
    said = body if asks is None else body[asks + 1 :]
    content = _content([word for word in said if word.folded not in pack.measures])
    if asks is not None or joined:
        return content > 0 or (pack.inverted and _opens(body, pack))
    # "¿Hay bar?", "Is there a pool?", but not "right?" nor "¿no crees?"
    verb = body[0].role in ("stop", "auxiliary") and not re.match(pack.negative, body[0].folded)
    return content > (0 if verb and len(body) > 1 else 1)


# --------------------------------------------------------------------------- side by side


def _side_by_side(sentence: str, pack: LanguagePack) -> list[str]:
    """The questions that stand side by side in a sentence."""
    folded = language.fold(sentence.lstrip("¿¡ "))
    wish = re.match(pack.wishing, folded)
    free = wish is not None
    begin = len(sentence) - len(folded) + wish.end() if wish else 0
    words = _words(_outside(sentence), pack, begin)
    cuts: list[tuple[int, int]] = []
    for n, word in enumerate(words):
        adds = word.folded in pack.adding
        if not n or not (adds or word.parted):
            continue
        if _opens(words[n + adds :], pack, second=True, free=free):
            cuts.append((n, n + adds))
    while cuts and cuts[-1][0] == cuts[-1][1]:
        cuts.pop()
    if not cuts or not _is_asked(words[: cuts[0][0]], sentence, pack, free):
        return [sentence]
    bounds = [begin, *(words[n].start for _, n in cuts)]
    ends = [*(words[n - 1].end for n, _ in cuts), len(sentence)]
    parts = [_whole(sentence[a:b], sentence) for a, b in zip(bounds, ends, strict=True)]
    # "¿Cuándo nació y dónde murió Goya?": what the first is about stands in the last
    return parts if stands_alone(parts[0], pack.lang) else [sentence]


def _whole(part: str, sentence: str) -> str:
    """A part of a sentence as a question."""
    words = part.strip(" ,;:¿?.!")
    statement = part.find("¿")
    if statement > 0:
        words = part.strip(" ,;:?.!")
    elif "¿" in sentence:
        words = f"¿{words[0].upper()}{words[1:]}"
    else:
        words = words[0].upper() + words[1:]
    return f"{words}?"


def _is_asked(words: Sequence[_Word], sentence: str, pack: LanguagePack, free: bool) -> bool:
    """Whether words begin a question, or a statement that ends in one, and nothing in it can govern another question word."""
    said = " ".join(word.folded for word in words)
    if re.search(rf"\b{pack.stating}\b", said):
        return False
    starts = [n for n, word in enumerate(words) if not n or word.parted]
    for n in starts:
        if _opens(words[n:], pack, free=free):
            later = words[n + 3 :]
            return not any(_asks(w, words) for w in later) or pack.inverted
    marked = "¿" in sentence[: words[-1].end]
    return marked and _content(words) > 1 and not any(_asks(w, words) for w in words)


def _asks(word: _Word, words: Sequence[_Word]) -> bool:
    """Whether a word is a question word; "que" and "cuando" are none where others are written with their accents."""
    if word.role != "ask":
        return False
    return word.text.lower() != word.folded or word.folded not in ("que", "como", "cuando", "donde")


def _opens(
    words: Sequence[_Word], pack: LanguagePack, *, second: bool = False, free: bool = False
) -> bool:
    """Whether words begin with a question that has its own predicate; a ``second`` one after "and", ``free``: in the words of a
    clause that hangs on "tell me"."""
    at = 0
    while at < min(2, len(words)) and words[at].role in ("preposition", "of"):
        at += 1
    if at + 1 >= len(words):
        return False
    if words[at].role != "ask":
        return pack.inverted and not at and _is_inverted(words, second)
    rest = words[at + 1 :]
    if pack.inverted:
        return _asks_inverted(words[at], rest, free)
    return _asks_in_order(words, at, second)


def _is_inverted(words: Sequence[_Word], second: bool) -> bool:
    """ "can I bring …", "is the pool …"; after "and" only before a pronoun: "who lived here and was a painter" goes on."""
    if words[0].role != "auxiliary" or len(words) < 3:
        return False
    return words[1].role in _SUBJECTS or (
        not second and words[1].role in ("article", "possessive", "word", "name")
    )


def _asks_inverted(ask: _Word, rest: Sequence[_Word], free: bool) -> bool:
    if free:
        return _content(rest) > 0
    for n, word in enumerate(rest):
        if word.role == "auxiliary":
            return len(rest) > n + 1
        if word.role not in ("word", "name", "number", "of"):
            break
    # "who pays the fine", "what happens then"
    return (
        ask.folded in ("who", "what")
        and len(rest) > 1
        and rest[0].role == "word"
        and rest[0].folded.endswith(("s", "ed"))
    )


def _asks_in_order(words: Sequence[_Word], at: int, second: bool) -> bool:
    ask, rest = words[at], words[at + 1 :]
    written = ask.text.lower() != ask.folded
    if (
        second
        and not written
        and ask.folded in ("que", "como", "quien", "quienes", "donde", "cuando")
        and not at
    ):
        # "y que", "y como" go on with a clause
        return False
    verb = 0
    if ask.folded in ("que", "cual", "cuales", "cuanta", "cuantos", "cuantas") or (
        ask.folded == "cuanto" and rest[0].folded in ("tiempo", "dinero")
    ):
        verb = 1 if rest[0].role == "word" else 0
    if rest[0].folded in _CLITICS and not verb:
        # "quién lo preside"
        return len(rest) > 1
    return len(rest) > verb and rest[verb].role not in (
        "preposition",
        "of",
        "break",
        "ask",
        "article",
    )


# --------------------------------------------------------------------------- words


def _words(text: str, pack: LanguagePack, begin: int = 0) -> list[_Word]:
    found: list[_Word] = []
    end = begin
    for written, start, stop in language.words(text):
        if start < begin:
            continue
        folded = language.fold(written)
        plain = re.split(r"['’]", folded)[0] if pack.inverted else folded
        role = pack.roles.get(plain, "stop" if folded in pack.idle else "word")
        if role == "article" and written.lower() != folded:
            # "está"
            role = "stop"
        found.append(
            _Word(written, folded, role, start, stop, bool(_BREAK.search(text[end:start])))
        )
        if plain != folded and role == "ask":
            # "what's the fine"
            found[-1] = _Word(written, plain, role, start, stop, found[-1].parted)
            found.append(_Word("'s", "is", "auxiliary", stop, stop, False))
        end = stop
    return found


def _content(words: Sequence[_Word]) -> int:
    return sum(word.role in ("word", "name", "number", "time") for word in words)


def _is_question(text: str, pack: LanguagePack) -> bool:
    return "?" in text or _opens(_words(text, pack), pack)


# --------------------------------------------------------------------------- answers


def answering(
    message: Message,
    question: Question,
    query: Query,
    ask: Callable[[Query], AnsweringFromPassages],
    limit: int,
) -> Answering:
    """The answer to the questions of a message, understood as one ``question`` of a ``query``; ``limit`` passages at most, ``ask``
    answers one.

    What is no list is asked as a whole, too, and answered as that where no part finds anything else for sure and none is declined.
    """
    whole = None if message.listed else ask(query)
    parts: list[AnsweringFromPassages] = []
    previous, lang = query.previous, query.lang
    if lang is None and question.lang in language.PACKS:
        lang = question.lang
    for text in message.questions:
        beside = _beside(message) if parts else None
        parts.append(ask(Query(text, lang, previous, beside)))
        documents = tuple(dict.fromkeys(q.passage.doc_id for q in parts[-1].quotes))
        previous = (*previous, Previous(text, documents))
    asked = [part.question for part in parts]
    if whole is not None:
        answers = _by_part(whole, parts)
        if answers is None:
            return whole
        parts = answers
    return AnsweringSeveral(message, question, asked, parts, limit)


def _beside(message: Message) -> Literal["message", "sentence"]:
    return "message" if message.listed else "sentence"


def _by_part(
    whole: AnsweringFromPassages, parts: Sequence[AnsweringFromPassages]
) -> list[AnsweringFromPassages] | None:
    """What answers each part of a message that was asked ``whole``, too: the whole where the part is unsure; None where that
    answers all of them, or no part is sure where the whole is declined."""
    sure = [bool(part.quotes) and part.select().confidence >= _SURE for part in parts]
    if not whole.quotes:
        return list(parts) if any(sure) else None
    alone = [
        bool(part.quotes) <= is_sure and not _holds(whole, part)
        for part, is_sure in zip(parts, sure, strict=True)
    ]
    if not any(alone):
        return None
    found = [
        part if is_sure or is_alone else whole
        for part, is_sure, is_alone in zip(parts, sure, alone, strict=True)
    ]
    return found if any(part.quotes for part in found) else None


def _holds(whole: AnsweringFromPassages, part: AnsweringFromPassages) -> bool:
    """Whether an answer quotes what a part of its question finds first; one that finds nothing by itself asks for nothing else."""
    if not whole.quotes:
        return False
    best = part.select().chosen[:1]
    return all(any(_meet(unit.quote, quote) for quote in whole.quotes) for unit in best)


def _meet(one: Quote, other: Quote) -> bool:
    return (
        one.passage.doc_id == other.passage.doc_id
        and one.start < other.end
        and other.start < one.end
    )


class AnsweringSeveral:
    """The :class:`qa.answering.Answering` of several questions: each in its words over its answer, or over that there is none; what one
    quote answers, together over that.

    It is answered where one of them is, and as sure as the least sure of those. Its trace has what was found and judged for all, and how
    that one was reckoned.
    """

    def __init__(
        self,
        message: Message,
        question: Question,
        asked: Sequence[Question],
        parts: Sequence[AnsweringFromPassages],
        limit: int,
    ):
        self._message, self._asked, self._parts, self._limit = message, asked, parts, limit
        if any(one.read_as is not None for one in asked):
            question = replace(question, read_as=" ".join(_closed(one.full) for one in asked))
        self._question = question
        self._answered = any(part.quotes for part in parts)
        self._groups = _grouped(parts)
        self._numbers: dict[int, tuple[int, ...]] = {}
        self._written: list[Written] = []
        self._answer: Answer | None = None
        results = [part.result for part in parts]
        self.result = SearchResult(
            question,
            tuple(_hits([result.hits for result in results], limit)),
            results[0].build_id,
            _summed(result.timings_ms for result in results),
            None,
            _legs(result.missing for result in results),
            _all_trips(result.trips for result in results),
        )

    @property
    def waits(self) -> bool:
        """Whether the answer is written by one who waits for others."""
        return any(part.waits for part in self._parts)

    def select(self) -> None:
        """Everything is chosen: the documents that one question cites count in the search for the next."""

    def written(self) -> Iterator[Written]:
        """The pieces of the answer as they are written; none where there is no answer. To be taken once, to the end."""
        if not self._answered:
            return
        length, number = 0, 1
        for one in self._pieces():
            if isinstance(one, int):
                begin, group = length, self._groups[one]
                numbers: list[int] = []
                for piece in _own(self._parts[group[0]], number):
                    cited = tuple(_moved(c, begin) for c in piece.citations)
                    numbers += [c.number for c in cited]
                    length += len(piece.text)
                    self._written.append(Written(piece.text, cited))
                    yield self._written[-1]
                number += len(numbers)
                self._numbers |= dict.fromkeys(group, tuple(numbers))
            else:
                length += len(one)
                self._written.append(Written(one, ()))
                yield self._written[-1]

    def _pieces(self) -> Iterator[str | int]:
        """The words of the answer, and the number of each group of questions whose own answer stands there."""
        for n, group in enumerate(self._groups):
            asked = "\n".join(_headed(self._message.questions[part]) for part in group)
            yield f"\n\n{asked}\n" if n else f"{asked}\n"
            yield n
        for said in self._remarks():
            yield f"\n\n{said}"

    def _remarks(self) -> list[str]:
        """What is said behind all answers."""
        lang, left = self._question.lang, self._message.left
        said = [_too_many(left, lang)] if left else []
        missing = remark(self.result.missing, lang)
        return [*said, missing] if missing else said

    def answer(self) -> Answer:
        """The whole answer, or that there is none."""
        if self._answer is not None:
            return self._answer
        if not self._written:
            for _ in self.written():
                pass
        answers = [part.answer() for part in self._parts]
        given = [one for one in answers if one.citations]
        abstention = None if given else self._abstention(answers)
        sure = [one.confidence for one in given]
        self._answer = replace(
            answers[0],
            question=self._question,
            lang="en" if self._question.lang == "en" else "es",
            text="".join(w.text for w in self._written)
            if abstention is None
            else abstention.message,
            status="answered" if given else "abstained",
            citations=tuple(c for w in self._written for c in w.citations),
            hits=tuple(_hits([one.hits for one in answers], self._limit)),
            confidence=min(sure) if sure else max(one.confidence for one in answers),
            abstention=abstention,
            timings_ms=_summed(one.timings_ms for one in answers),
            trace=self._trace(answers),
            missing=self.result.missing,
            trips=_all_trips(one.trips for one in answers),
            asked=tuple(
                Asked(
                    _headed(self._message.questions[n]),
                    self._asked[n],
                    bool(one.citations),
                    one.confidence,
                    self._numbers.get(n, ()),
                )
                for n, one in enumerate(answers)
            ),
        )
        return self._answer

    def _abstention(self, answers: Sequence[Answer]) -> Abstention:
        found = [one.abstention for one in answers if one.abstention is not None]
        said = [
            f"{_headed(text)}\n{_without_remark(one)}"
            for text, one in zip(self._message.questions, answers, strict=True)
        ]
        best = max(found, key=lambda one: one.confidence)
        return replace(
            best,
            message="\n\n".join([*said, *self._remarks()]),
            unmentioned=tuple(dict.fromkeys(name for one in found for name in one.unmentioned)),
            closest=next((one.closest for one in found if one.closest is not None), None),
            unread=tuple(dict.fromkeys(skipped for one in found for skipped in one.unread)),
        )

    def _trace(self, answers: Sequence[Answer]) -> Trace | None:
        """What happened to all of them; how sure it is, is told of the one that decides that."""
        traces = [one.trace for one in answers]
        told = [trace for trace in traces if trace is not None and trace.answer is not None]
        if len(told) < len(answers):
            return None
        judged = [trace.answer for trace in told if trace.answer is not None]
        given = [n for n, one in enumerate(answers) if one.citations]
        decides = min(given or range(len(answers)), key=lambda n: answers[n].confidence)
        cited = [n for group in self._groups for n in group[:1]]
        return Trace(
            words=tuple({w.text: w for trace in told for w in trace.words}.values()),
            weights=told[0].weights,
            n_candidates=sum(trace.n_candidates for trace in told),
            passages=tuple(
                told[part].passages[n]
                for part, n in _picked([one.hits for one in answers], self._limit)
            ),
            merged=tuple(one for trace in told for one in trace.merged),
            answer=AnswerTrace(
                judged[decides].selection,
                judged[decides].least,
                tuple(
                    replace(unit, citation=unit.citation and unit.citation + self._before(n))
                    for n in cited
                    for unit in judged[n].units
                ),
                tuple(span for n in cited for span in judged[n].spans),
            ),
            trips=_all_trips(trace.trips for trace in told),
        )

    def _before(self, part: int) -> int:
        """How many citations stand before those of a part."""
        numbers = self._numbers.get(part)
        return numbers[0] - 1 if numbers else 0


def _grouped(parts: Sequence[AnsweringFromPassages]) -> list[list[int]]:
    """The numbers of the parts in order, those together whose quotes one before them has."""
    groups: list[list[int]] = []
    for n, part in enumerate(parts):
        same = next((g for g in groups if _says(parts[g[0]], part)), None)
        if same is None:
            groups.append([n])
        else:
            same.append(n)
    return groups


def _says(one: AnsweringFromPassages, other: AnsweringFromPassages) -> bool:
    """Whether the quotes of one answer hold those of another."""
    if one is other:
        return True
    return bool(other.quotes) and all(
        any(
            _meet(quote, held) and held.start <= quote.start and quote.end <= held.end
            for held in one.quotes
        )
        for quote in other.quotes
    )


def _own(part: AnsweringFromPassages, first: int) -> Iterator[Written]:
    """The answer to one question without what is said of all; that there is none, where there is none."""
    said = remark(part.result.missing, part.question.lang)
    if not part.quotes:
        yield Written(_without_remark(part.answer()), ())
        return
    for piece in part.written(first):
        if not said or piece.text.strip() != said:
            yield piece


def _without_remark(answer: Answer) -> str:
    said = remark(answer.missing, answer.question.lang)
    return answer.text.removesuffix(said).rstrip() if said else answer.text


def _moved(citation: Citation, by: int) -> Citation:
    return replace(
        citation, answer_start=citation.answer_start + by, answer_end=citation.answer_end + by
    )


def _closed(text: str) -> str:
    return text if text.endswith(("?", ".", "!")) else f"{text}?"


def _headed(text: str) -> str:
    """A question as it stands over its answer."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith(("?", ".", "!", ":")) else f"{text}:"


def _too_many(left: Sequence[str], lang: Lang) -> str:
    if lang == "en":
        named = ", ".join(f"“{text}”" for text in left)
        return f"I answer {MOST} questions at once; ask again what is left: {named}."
    named = ", ".join(f"«{text}»" for text in left)
    return f"Respondo a {MOST} preguntas a la vez; vuelve a preguntar lo que falta: {named}."


def _picked(hits: Sequence[Sequence[PassageHit]], limit: int) -> list[tuple[int, int]]:
    """Which passages of several searches are shown, as the number of the search and the place in it: the first of each, then
    the second, none twice."""
    longest = max(map(len, hits), default=0)
    order = ((part, n) for n in range(longest) for part in range(len(hits)) if n < len(hits[part]))
    found: dict[str, tuple[int, int]] = {}
    for part, n in order:
        found.setdefault(hits[part][n].passage.passage_id, (part, n))
    return list(found.values())[:limit]


def _hits(hits: Sequence[Sequence[PassageHit]], limit: int) -> Iterator[PassageHit]:
    for rank, (part, n) in enumerate(_picked(hits, limit), 1):
        yield replace(hits[part][n], rank=rank)


def _summed(timings: Iterable[Mapping[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in timings:
        for name, ms in one.items():
            found[name] = round(found.get(name, 0.0) + ms, 3)
    return found


def _legs(missing: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(leg for legs in missing for leg in legs))


def _all_trips(trips: Iterable[Trips]) -> Trips:
    every = list(trips)
    return Trips(sum(one.n for one in every), sum(one.ms for one in every))
