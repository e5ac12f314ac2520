"""Questions that lean on the one before: "¿y cuándo terminó?" after "¿Cuándo empezó la crisis de los rehenes?".

There is no model, only rules over the words of the two questions. They say whether a question leans on an earlier one,
and write it out in full: the words of the earlier one come after it in brackets, or this one's take the place of those
that they replace ("¿y en color?" after "¿Cuánto cuesta imprimir en blanco y negro?"). What comes out is an ordinary
question. One that can stand alone is not touched: a wrong completion is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corpus import language
from corpus.document import Lang
from corpus.languages import Role

# Words of the question before that go into this one, at most: what it was about, not all that it said.
_MAX_CARRIED = 14
# A question without a pronoun and with more words of content than these says what it is about.
_FEW = 2
# One of more than these says so much that its pronouns, too, will mean something in it.
_MANY = 6


@dataclass(frozen=True, slots=True)
class Previous:
    """An earlier question of the same conversation, and the documents that its answer cited."""

    query: str
    document_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it is read; ``leans`` on the one before it.

    ``topic`` is what the next one may be about, "" when nothing tells; ``lang`` the language it is asked in. ``instead``: what it asks
    for in the place of something else of the one before, "" where it asks for more of the same.
    """

    text: str
    topic: str
    lang: Lang
    leans: bool
    instead: str = ""


def read(
    question: str, previous: Sequence[str], lang: Lang | None = None, *, together: bool = False
) -> Reading:
    """How a question is read after ``previous`` ones, oldest first; ``lang`` None means: detect it.

    Each of them is read after the one before it, so that a third can lean on the first through the second. One that stands
    ``together`` with the last, in one sentence, also leans when no noun in it says what it is about: "… and who is invited?"
    """
    reading: Reading | None = None
    for text in previous:
        reading = _read(text, _detected(text, reading), reading)
    found = _read(question, lang or _detected(question, reading), reading)
    if together and not found.leans and reading is not None and reading.topic:
        said = _Said.of(question, found.lang)
        if not _has_noun(said.body[said.asking :]):
            return replace(found, text=_filled(question, reading.topic), leans=True)
    return found


def stands_alone(question: str, lang: Lang) -> bool:
    """Whether a question says what it is about, so that it would not lean on another one."""
    return _leaning(_Said.of(question, lang)) is None


def _detected(text: str, before: Reading | None) -> Lang:
    lang, _ = language.detect(text)
    # "¿Y Robledal?" shows no language of its own
    return before.lang if lang == "und" and before else lang


def _read(text: str, lang: Lang, before: Reading | None) -> Reading:
    if before and before.topic and _asks_again(text):
        return replace(before, leans=True)
    said = _Said.of(text, lang)
    way = _leaning(said) if before and before.topic else None
    if before is None or way is None:
        return Reading(text, _topic(said), lang, False)
    if way == "gap":
        # What it is about stays, and the names that it adds: "How many of them did John Rick find?", "Where was he born?"
        added = [w.text for w in said.body if w.role == "name"]
        return Reading(_filled(text, before.topic), " ".join([before.topic, *added]), lang, True)
    earlier = _Said.of(before.text, before.lang)
    if way == "asks":
        return Reading(_filled(text, _told(earlier)), before.topic, lang, True)
    full = _replaced(said, earlier, before.topic)
    instead = _cut(text, [w for w in said.body if w.says])
    return Reading(full, _topic(_Said.of(full, before.lang)), lang, True, instead)


def _asks_again(text: str) -> bool:
    """Whether a remark wants the answer before it once more: "¿Seguro?", "Can you repeat that?"."""
    said = " ".join(language.fold(word) for word, _, _ in language.words(text))
    said += "?" if "?" in text else ""
    return any(re.fullmatch(pack.again, said) for pack in language.PACKS.values())


# --------------------------------------------------------------------------- words and what they do


_WHO = frozenset("quien quienes".split())
_WHAT = frozenset("quien quienes que cual cuales".split())
_ASKS_FOR_A_NOUN = frozenset(
    "que cual cuales cuanto cuanta cuantos cuantas what which whose".split()
)
_HOW_MUCH = frozenset("long many much old tall high big far deep often large wide".split())
_COPULAS = frozenset("es son era eran fue fueron esta estan estaba estaban is are was were".split())
_THERE_IS = frozenset("hay hubo habia".split())
_DO = frozenset("do does did".split())
# After these the verb stands behind its subject: "How much do adults pay?"
_BEFORE_VERB = _DO | frozenset("can could will would should may might must".split())
_OUR = frozenset("mi mis tu tus nuestro nuestra my our your".split())
_CLITICS = frozenset("lo la los las le les".split())
_NO_VERB_AFTER_LO = frozenset("que mas mejor peor de cual primero ultimo unico mismo".split())
_MAY_ACT = frozenset("who what which".split())
_PLURALS = frozenset("children people men women staff".split())
# Verbs that come after their subject in an English question, and are no part of what it is about
_BASE_VERBS = frozenset(
    "begin end start last live need take die reach leave deliver visit get become find happen open close cost weigh grow make "
    "come go stand lie develop write build give bring born built made found held led won known kept taken written".split()
)
# "¿Qué pasa con el paquete?" stands alone, "¿Y qué pasa con el paquete?" does not
_OPENING = re.compile(
    r"[\s¿¡\"'«“(]*((?:(?:y|e|pero|and|but|or|so)\b[\s,]*(?:que pasa con\b\s*)?)?"
    r"(?:(?:que tal|que hay de|what about|how about)\b\s*)?)[¿\s]*"
)
_PARTICIPLE = re.compile(r"(?:[ai]d|[rs]t|s|ch)[oa]s?$")
# obtenerlo, protegiéndolos
_ENCLITIC = re.compile(r"[a-zñ]{2,}(?:[aei]r|ando|iendo|yendo)l[oae]s?$")
# How no verb of the third person ends: "hongo" in "¿Qué hongo la causa?" is a noun
_NOUN_END = re.compile(r"[^aeénó]$|[cs]i[oó]n$")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as written and folded, with its place in the question and what it does there."""

    text: str
    folded: str
    start: int
    end: int
    role: Role

    @property
    def says(self) -> bool:
        """Whether it is a word of content."""
        return self.role in ("word", "name", "number", "time")


@dataclass(frozen=True, slots=True)
class _Said:
    """A question in words. ``joined``: it opens with "y", "and what about"…; ``body``: the words after that;
    ``asking``: how many of these ask ("¿en qué año", "for how many days"), 0 when none does."""

    text: str
    lang: Lang
    joined: bool
    body: list[_Word]
    asking: int

    @classmethod
    def of(cls, text: str, lang: Lang) -> _Said:
        # A question that shows no language is read as the first pack's
        pack = language.PACKS.get(lang, next(iter(language.PACKS.values())))
        # Folding keeps the length, so places hold in both
        opening = _OPENING.match(language.fold(text))
        begin, joined = (opening.end(), bool(opening[1])) if opening else (0, False)
        body: list[_Word] = []
        for written, start, end in language.words(text):
            if start < begin:
                continue
            folded = language.fold(written)
            role = pack.roles.get(folded, "stop" if folded in pack.idle else "word")
            if folded == "esta" and folded != written.lower():
                role = "stop"
            capital = written[0].isupper() and (joined or bool(body))
            if written[0].isdigit():
                role = "number"
            elif capital and role == "word":
                role = "name"
            elif capital and written.isupper() and (len(written) > 1 or text[end : end + 1] == "."):
                # "the IT department", "Y. pestis"
                role = "name"
            body.append(_Word(written, folded, start, end, role))
        asking = _asking(body)
        if 0 < asking < len(body) and body[asking].folded == "esta":
            # "¿Dónde esta…?" without its accent
            verb = body[0].role == "preposition" or body[asking - 1].role == "ask"
            body[asking] = replace(body[asking], role="stop" if verb else "article")
        return cls(text, lang, joined, body, asking)


def _asking(body: Sequence[_Word]) -> int:
    """How many words from the first ask, with the noun that is counted or chosen: "How many books", "¿En qué año"."""

    def is_word(at: int) -> bool:
        return at < len(body) and body[at].role == "word"

    at = 0
    while at < len(body) and body[at].role == "preposition":
        at += 1
    if at == len(body) or body[at].role != "ask":
        return 0
    ask = body[at].folded
    at += 1
    if ask == "how" and at < len(body) and body[at].folded in _HOW_MUCH:
        at += 1
        if body[at - 1].folded in ("many", "much") and is_word(at):
            at += 1
    elif ask in _ASKS_FOR_A_NOUN and is_word(at):
        at += 1
    return at


def _content(words: Sequence[_Word]) -> int:
    """How many words of content."""
    return sum(w.says for w in words)


def _has_noun(words: Sequence[_Word]) -> bool:
    """Whether a name, or a noun with its article, stands among words without a preposition before it."""
    return any(
        (w.role == "name" or (w.role == "article" and any(v.says for v in words[i + 1 : i + 3])))
        and not (i and words[i - 1].role in ("preposition", "of", "name"))
        for i, w in enumerate(words)
    )


# --------------------------------------------------------------------------- does it lean?

# gap: something is left out, or a pronoun stands for it. asks: it is a question word and no more. replaces: it has none, and
# puts something in the place of something else.
_Way = Literal["gap", "asks", "replaces"]


def _leaning(said: _Said) -> _Way | None:
    """How a question leans on the one before it, None when it stands alone."""
    body = said.body
    if not body:
        return None
    spanish = said.lang != "en"
    # "Was he…?", "¿Y tiene hijos?"
    asks = said.asking > 0 or body[0].role == ("stop" if spanish else "auxiliary")
    if _points_back(said):
        return "gap" if asks or not said.joined else "replaces"
    if not asks:
        return "replaces" if said.joined else None
    if any(w.role == "person" for w in body):
        return None
    after = body[said.asking :]
    if said.asking and not after:
        # "¿Qué pasó?" and "¿Cuánto cuesta?" have their verb, "¿En qué año?" and "How many books?" have none
        verb = said.asking == 2 and body[0].folded in ("what", "que", "cual", "cuales", "cuanto")
        return "gap" if verb else "asks"
    if said.joined and _content(body) <= _FEW and not any(w.role == "name" for w in body):
        # "¿Y cuál es el plazo?": the "y" says that it goes on
        return "gap"
    stands = _stands_alone_es(said, after) if spanish else _stands_alone_en(said)
    return None if stands else "gap"


def _stands_alone_en(said: _Said) -> bool:
    """Whether an English question without pronouns says what it is about; all but "Which judge dissented?" do."""
    body = said.body
    if any(w.role == "auxiliary" and _content(body[i + 1 :]) for i, w in enumerate(body)):
        return True
    if any(w.role in ("name", "article", "number") for w in body):
        return True
    return _content(body) > (_FEW if body[0].folded == "which" else 1)


def _stands_alone_es(said: _Said, after: Sequence[_Word]) -> bool:
    """Whether a Spanish question without pronouns says what it is about; ``after`` are the words after those that ask.

    Its verb needs no subject beside it: "¿Dónde trabajaba?" leans.
    """
    ask = said.body[0].folded if said.asking else ""
    first, content = after[0], _content(said.body)
    plural = any(w.folded.endswith("n") for w in after if w.role in ("word", "stop"))
    # "¿Qué juez murió en el rescate?", "¿Cuántos rehenes murieron en el rescate?": what is asked for is the subject
    subject = ask in _WHAT or (ask in ("cuantos", "cuantas") and plural)
    noun = any(w.role in ("name", "article") for w in after)
    if _has_noun(after) or (noun and subject) or content > (1 if ask in _WHO else _FEW + noun):
        return True
    if ask in _WHAT and (
        first.folded in _COPULAS or said.body[said.asking - 1].folded.startswith("signific")
    ):
        # "¿Qué es compostaje?"
        return _content(after) > 0
    if first.folded == "se" and _content(after[2:]):
        # "¿Cómo se hace pan?"
        return True
    if (
        first.folded in _COPULAS
        and _content(after[1:2])
        and not _PARTICIPLE.search(after[1].folded)
    ):
        # "donde esta lima", but "¿Dónde está enterrado?"
        return True
    if first.folded in _THERE_IS and _content(after[1:2]):
        # "¿Hay fuentes?"
        return True
    for i, word in enumerate(after):
        following = after[i + 1] if i + 1 < len(after) else word
        participle = following.role == "word" and _PARTICIPLE.search(following.folded)
        if word.folded in _THERE_IS and content > 1 and not participle:
            # "¿Dónde hay fuentes?"
            return True
    # "¿Cómo cultivar café?"
    return first.role == "word" and first.folded.endswith(("ar", "er", "ir")) and said.asking > 0


def _points_back(said: _Said) -> bool:
    """Whether a word of the question stands for something that only an earlier question can have named."""
    if _content(said.body) > (_MANY if said.asking or said.joined else _FEW):
        return False
    spanish = said.lang != "en"
    return any(
        _is_possessive(said, i)
        or _is_pronoun(said, i)
        or (spanish and (_is_clitic(said, i) or _is_enclitic(said, i)))
        for i in range(len(said.body))
    )


def _is_possessive(said: _Said, at: int) -> bool:
    """Whether a "su" or "his" belongs to nothing in the question: "What do bees do with their wax?" says whose it is."""
    body = said.body
    before = body[said.asking : at]
    if body[at].role != "possessive" or _has_noun(before) or _content(before) > (said.lang != "en"):
        return False
    if said.lang == "en":
        # "Which university has its origins in…?" asks for the one whose they are
        chosen = said.asking > 1 and body[0].folded != "how"
        return not chosen or any(w.folded in _DO for w in body[:at])
    # "¿Dónde tiene su sede la Unesco?" says it afterwards
    return not _has_noun(body[at + 1 :]) and _content(body) <= _FEW + 1


def _is_pronoun(said: _Said, at: int) -> bool:
    """Whether a pronoun, or an adverb of place, means nothing that the question names before it."""
    body = said.body
    word, before = body[at], body[said.asking : at]
    following = body[at + 1] if at + 1 < len(body) else None
    named = sum(w.role in ("word", "name") for w in before)
    if said.lang != "en" and word.text.lower() == "él":
        return named <= _FEW
    if word.role == "there":
        beside = {w.role for w in (*before[-1:], *body[at + 1 : at + 2])}
        placed = following is None or word.folded in ("there", "alli", "alla", "ahi")
        return placed and "auxiliary" not in beside and named <= _FEW
    if said.lang == "en" and word.folded in ("this", "that", "these", "those"):
        return following is None and named <= _FEW
    if word.role not in ("subject", "object") or (word.folded == "it" and _means_nothing(body, at)):
        return False
    clause = any(w.role in ("break", "ask") for w in before)
    # After another subject it begins a clause of its own, and may well mean that one; an object never means its subject
    subject = word.role == "subject" and said.lang == "en"
    if word.folded == "it" and not (following and following.role == "auxiliary"):
        subject = False
    return not named if subject or clause else named <= _FEW + 1


def _means_nothing(body: Sequence[_Word], it: int) -> bool:
    """Whether an "it" means nothing: "How long does it take to become a queen?", "Is it true that bees dance?"."""
    rest = body[it + 1 :]
    for i, word in enumerate(rest):
        clause = i + 1 < len(rest) and rest[i + 1].role not in ("name", "article")
        if word.role == "ask" or (word.folded in ("to", "that") and clause):
            return True
    return False


def _is_clitic(said: _Said, at: int) -> bool:
    """Whether lo, la, los, las, le, les is a pronoun, no article, and means nothing that the question names."""
    body = said.body
    word = body[at].folded
    if word not in _CLITICS or not 0 < at < len(body) - 1:
        return False
    before, after = body[at - 1], body[at + 1]
    if before.role in ("preposition", "of") or after.role not in ("word", "stop", "person"):
        return False
    named = any(w.role in ("word", "name") for w in body[said.asking : at])
    if word in ("le", "les"):
        # "¿Qué le pasó al monumento?", "¿A qué se le llamó el Tesla?"
        told = any(w.folded in ("a", "al") for w in body[at:]) or _has_noun(body[at:])
        told = told or body[0].folded == "al"
        return not named and not told
    if word == "lo":
        return not named and after.folded not in _NO_VERB_AFTER_LO
    if after.role != "word" and not after.folded.startswith("h"):
        return False
    if before.folded in ("quien", "quienes", "cuando", "donde", "como") and at == said.asking:
        return True
    last = at + 2 == len(body)
    if before.folded == "que":
        # "¿Por qué los rehenes…?" has its subject there, "¿Qué la causa?" and "¿Por qué la cerraron?" no other word
        return last
    # "¿Qué hongo la causa?", but "¿Qué produce la abeja?"
    return last and at == said.asking >= 2 and bool(_NOUN_END.search(before.text.lower()))


def _is_enclitic(said: _Said, at: int) -> bool:
    """Whether a verb with its pronoun ("obtenerlo") stands there, and nothing before it that this could mean."""
    word, before = said.body[at], said.body[said.asking : at]
    if word.role != "word" or not _ENCLITIC.search(word.folded):
        return False
    return not _has_noun(before) and _content(before) < _FEW


# --------------------------------------------------------------------------- what is carried over


def _topic(said: _Said) -> str:
    """What a question is about: its words from the first that names something, without those that ask and the verb."""
    body, at, inverted = said.body, said.asking, False
    for i in range(at, len(body)):
        if body[i].role == "auxiliary":
            at, inverted = i + 1, True
            break
    rest = body[at:]
    start = _topic_start(rest, inverted, said.asking > 0)
    if start is None:
        # "¿Qué comandos murieron?", "How many days of leave do I have?"
        asked = [w for w in body[:at] if w.says and w.folded not in _HOW_MUCH]
        return _cut(said.text, asked)
    kept = rest[start : start + _MAX_CARRIED]
    if inverted:
        last = rest[-1]
        kept = [
            w
            for i, w in enumerate(kept)
            if not i
            or w.role != "word"
            or not (w.folded in _BASE_VERBS or (w is last and w.folded.endswith("ed")))
        ]
    while kept and not kept[-1].says:
        kept.pop()
    return _cut(said.text, kept)


def _told(said: _Said) -> str:
    """What a question says after what it asks and its auxiliary verb."""
    rest = said.body[said.asking :]
    while rest[1:] and rest[0].role in ("stop", "auxiliary", "of"):
        rest = rest[1:]
    return _cut(said.text, rest[:_MAX_CARRIED])


def _topic_start(rest: Sequence[_Word], inverted: bool, asks: bool) -> int | None:
    content = [i for i, w in enumerate(rest) if w.says]
    if not content:
        return None
    if inverted and content[0] == 0:
        return 0
    for i, word in enumerate(rest[: content[-1] + 1]):
        if word.role in ("article", "name", "number", "possessive") or word.folded in _OUR:
            if not (i and rest[i - 1].role in ("preposition", "of")):
                return i
    # The first word of content is the verb, where there are others
    verb = asks and len(content) > 1 and rest[0].role != "of" and rest[0].folded not in _COPULAS
    start = content[verb]
    return start - 1 if start and rest[start - 1].role == "article" else start


def _cut(text: str, words: Sequence[_Word]) -> str:
    """The words as they stand in the text, with a comma where others were left out."""
    runs: list[list[int]] = []
    for word in words:
        if runs and not any(c.isalnum() for c in text[runs[-1][1] : word.start]):
            runs[-1][1] = word.end
        else:
            runs.append([word.start, word.end])
    return ", ".join(text[a:b] for a, b in runs)


def _core(text: str) -> str:
    return text.rstrip(" ?!.…")


def _filled(text: str, rest: str) -> str:
    """The question with what it leaves out in brackets at its end, where that fits any sentence of either language."""
    return f"{_core(text)} ({rest})?"


def _replaced(said: _Said, earlier: _Said, topic: str) -> str:
    """The earlier question with the words of this one in the place of what is most like them, or else at its end."""
    kind = _kind_slot(said.body, earlier)
    new = _core(said.text[said.body[1 if kind else 0].start :])
    slot = kind or _slot(said.body, earlier)
    if slot is None:
        return f"{_core(earlier.text)}, {new}?"
    start, end = slot
    if said.body[0].role == "possessive":
        # "¿Y su hermano?": whose he is goes with him
        new = f"{new} ({topic})"
    elif kind:
        new = f" {new}"
    return f"{earlier.text[:start]}{new}{earlier.text[end:]}"


def _kind_slot(new: Sequence[_Word], earlier: _Said) -> tuple[int, int] | None:
    """Where what follows the article of "la de pilates" goes in the earlier question: behind "la clase", in the place of "de yoga"."""
    if len(new) < 3 or new[0].role != "article" or new[1].role != "of":
        return None
    nouns = [p for p in _phrases(earlier) if p[0].role == "article" and len(p) > 1]
    of_it = next((p for p in nouns if p[0].folded == new[0].folded), None)
    if of_it is None:
        return None
    # What the whole is of stays: "la entrada de adulto de la piscina"
    ends = next((n for n, w in enumerate(of_it[3:], 3) if w.role == "of"), len(of_it))
    return of_it[1].end, of_it[ends - 1].end


def _slot(new: Sequence[_Word], earlier: _Said) -> tuple[int, int] | None:
    """Where the words that ``new`` replaces stand in the earlier question, code points; None when none are like it."""
    phrases = _phrases(earlier)
    first = new[0]
    found: list[_Word] = []
    if any(w.role in ("time", "number") for w in new):
        # All of "de lunes a viernes"
        found = [w for p in phrases if any(v.role in ("time", "number") for v in p) for w in p]
    elif first.role == "preposition":
        found = next((p for p in reversed(phrases) if p[0].folded == first.folded), [])
    elif first.role == "name":
        named = [[w for w in p if w.role == "name"] for p in phrases]
        found = next((p for p in reversed(named) if p), [])
    elif first.role in ("article", "possessive") or first.folded in _OUR:
        nouns = [p for p in phrases if _is_noun_phrase(p[0], earlier)]
        alike = [p for p in nouns if _is_indefinite(p[0]) == _is_indefinite(first)]
        found = next(iter(alike or nouns), [])
    elif first.folded.endswith("ed"):
        # "When was he arrested?" – "And released?"
        found = [w for w in earlier.body if w.folded.endswith("ed") and w.role == "word"][-1:]
    elif first.role == "word" and (
        earlier.lang != "en" or _is_plural(new[-1]) or _is_plural(first)
    ):
        found = _bare_noun(phrases, earlier)
    return (found[0].start, found[-1].end) if found else None


def _is_noun_phrase(first: _Word, said: _Said) -> bool:
    """Whether a phrase with that first word is a noun; after an auxiliary it needs no article ("How did bees reach…?")."""
    if first.role in ("article", "possessive", "name") or first.folded in _OUR:
        return True
    at = said.body.index(first)
    return first.says and at > 0 and said.body[at - 1].role == "auxiliary"


def _bare_noun(phrases: Sequence[list[_Word]], said: _Said) -> list[_Word]:
    """The noun without an article that another one takes the place of: "How much do adults pay?" – "And children?", "la clase de
    yoga" – "¿y pilates?"; none where there is none."""
    if said.lang == "en":
        bare = (p for p in phrases if p[0].role == "word" and _is_noun_phrase(p[0], said))
        return [] if _who_acts(said) else _up_to_of(next(bare, []))
    kinds = (p[-1:] for p in phrases if [w.role for w in p[-2:]] == ["of", "word"])
    return next(kinds, [])


def _is_indefinite(word: _Word) -> bool:
    return word.folded in ("a", "an", "un", "una", "unos", "unas")


def _phrases(said: _Said) -> list[list[_Word]]:
    """What a question says after what it asks, each phrase from a preposition, an article or a name to the next of them."""
    phrases: list[list[_Word]] = []
    current: list[_Word] | None = None
    body = said.body
    for i in range(said.asking, len(body)):
        word, before = body[i], body[i - 1] if i else None
        following = body[i + 1] if i + 1 < len(body) else None
        joins = following is not None and following.says
        if current and joins and word.role == "break":
            # "en blanco y negro"
            current.append(word)
        elif current and word.role == "of" and following and following.role != "time":
            current.append(word)
        elif word.role in ("preposition", "of"):
            current = [word]
            phrases.append(current)
        elif word.role in ("article", "possessive") or word.folded in _OUR:
            if current and before and before.role in ("preposition", "of"):
                current.append(word)
            else:
                current = [word]
                phrases.append(current)
        elif word.says and not (said.lang == "en" and word.folded in _BASE_VERBS):
            if current and not (word.role == "name" and current[-1].role == "word"):
                current.append(word)
            else:
                current = [word]
                phrases.append(current)
        else:
            current = None
    return [_subject(p, said) for p in phrases if _content(p)]


def _subject(phrase: list[_Word], said: _Said) -> list[_Word]:
    """A phrase without the verb behind it where it is the subject of an English question that needs another auxiliary verb: "do adults
    pay", "are cats allowed". A plural ends it."""
    at = said.body.index(phrase[0])
    if said.lang != "en" or not at:
        return phrase
    if said.body[at - 1].folded in _COPULAS and phrase[1:]:
        verb = phrase[-1].folded.endswith("ed") or phrase[-1].folded in _BASE_VERBS
        return phrase[:-1] if verb and phrase[-1].role == "word" else phrase
    if said.body[at - 1].folded not in _BEFORE_VERB:
        return phrase
    if _who_acts(said):
        return phrase
    for n, word in enumerate(phrase[:-1]):
        if _is_plural(word) and phrase[n + 1].role == "word":
            return phrase[: n + 1]
    after = said.body[said.body.index(phrase[-1]) + 1 :]
    told = any(w.folded in _BASE_VERBS for w in after[:1])
    return phrase if told or _content(phrase) < 2 or phrase[-1].role != "word" else phrase[:-1]


def _who_acts(said: _Said) -> bool:
    """Whether an English question asks for its own subject: "Who can apply?"."""
    asks = said.asking > 0 and said.body[0].folded in _MAY_ACT
    return asks and not any(w.folded in _DO for w in said.body)


def _up_to_of(phrase: list[_Word]) -> list[_Word]:
    ends = next((n for n, word in enumerate(phrase) if word.role == "of"), len(phrase))
    return phrase[:ends]


def _is_plural(word: _Word) -> bool:
    """Whether an English word is a noun of several things, as such words mostly end."""
    return word.folded in _PLURALS or bool(re.search(r"[^s]s$", word.folded))
