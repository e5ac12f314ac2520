"""Questions that lean on the one before: "¿y cuándo terminó?" after "¿Cuándo empezó la crisis de los rehenes?".

There is no model, only rules over the words of the two questions. They say whether a question leans on an earlier one, and
write it out in full: the words of the earlier one stand in the place of a pronoun, or at the end where none is
written, or around what replaces one of them ("¿y en color?" after "¿Cuánto cuesta imprimir en blanco y negro?"). What
comes out is an ordinary question. One that can stand alone is not touched: a wrong completion is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus import language
from corpus.document import Lang

# Words of the question before that go into this one, at most: what it was about, not all that it said.
_MAX_CARRIED = 14
# A question of more content words than these, and without a pronoun, says what it is about.
_FEW = 2


@dataclass(frozen=True, slots=True)
class Previous:
    """An earlier question of the same conversation, and the documents that its answer cited."""

    query: str
    document_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it is read; ``leans`` on the one before it. ``topic`` is what the next one may be about, "" when there is
    nothing to tell it by; ``lang`` the language that it is asked in."""

    text: str
    topic: str
    lang: Lang
    leans: bool


def read(question: str, previous: Sequence[str], lang: Lang | None = None) -> Reading:
    """How a question is read after ``previous`` ones, oldest first; ``lang`` None means: detect it.

    Each of them is read after the one before it, so that a third question can lean on the first through the second.
    """
    reading: Reading | None = None
    for text in previous:
        reading = _read(text, _detected(text, reading), reading)
    return _read(question, lang or _detected(question, reading), reading)


def _detected(text: str, before: Reading | None) -> Lang:
    lang, _ = language.detect(text)
    # "¿y Robledal?" shows no language of its own
    return before.lang if lang == "und" and before else lang


def _read(text: str, lang: Lang, before: Reading | None) -> Reading:
    said = _Said.of(text, lang)
    way = _leaning(said) if before and before.topic else None
    if before is None or way is None:
        return Reading(text, _topic(said), lang, False)
    earlier = _Said.of(before.text, before.lang)
    if way == "gap":
        names = [w for w in said.body if w.role == "name"]
        topic = " ".join([before.topic, *(w.text for w in names)])
        return Reading(_filled(said, before.topic, earlier), topic, lang, True)
    full = _asked_anew(said, earlier) if way == "asks" else _replaced(said, earlier)
    return Reading(full, _topic(_Said.of(full, lang)), lang, True)


# --------------------------------------------------------------------------- words and what they do


Role = Literal[
    "ask",
    "auxiliary",
    "preposition",
    "of",
    "article",
    "possessive",
    "subject",
    "object",
    "there",
    "break",
    "person",
    "stop",
    "name",
    "number",
    "time",
    "word",
]


def _roles(**words: str) -> dict[str, Role]:
    return {word: role for role, them in words.items() for word in them.split()}  # type: ignore[misc]


# Folded. A word that does two things has the role that decides here.
_ROLES: dict[str, dict[str, Role]] = {
    "es": _roles(
        ask="quien quienes que cual cuales cuando donde adonde cuanto cuanta cuantos cuantas como",
        preposition="a al ante bajo con contra desde durante en entre hacia hasta para por segun sin sobre tras",
        of="de del",
        article="el la los las lo un una unos unas este esta estos estas ese esa esos esas aquel aquella cada todo toda todos todas otro otra otros otras",
        possessive="su sus suyo suya suyos suyas",
        subject="ella ellos ellas ello eso esto aquello",
        there="alli alla ahi entonces",
        **{"break": "y e o u pero mientras si porque"},
        person="yo me mi mis nos nosotros nuestro nuestra tu te usted ustedes puedo tengo debo necesito quiero hago podemos tenemos puedes tienes",
        time="lunes martes miercoles jueves viernes sabado sabados domingo domingos festivos enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre verano invierno primavera otoño manana noche noches tardes mananas",
    ),
    "en": _roles(
        ask="who whom whose what which when where why how",
        auxiliary="is are was were do does did has have had can could will would should may might must",
        preposition="about after against among around at before below between by during for from in into near on over through to under until with within without",
        of="of",
        article="a an the this these those that each every all another other",
        possessive="his her its their hers theirs",
        subject="he she it they",
        object="him them",
        there="there then",
        **{"break": "and or but while if because"},
        person="i me my mine we us our you your",
        time="monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays january february march april june july august september october november december summer winter autumn spring morning mornings afternoon evening evenings night weekend weekends weekdays",
    ),
}
_STOP = {
    lang: frozenset(language.fold(w) for w in words) for lang, words in language.STOP_WORDS.items()
}
_STOP["es"] |= frozenset("hubo pueden puede deben debe".split())
_ASKS_WITH_NOUN = frozenset(
    "que cual cuales cuanto cuanta cuantos cuantas what which whose how".split()
)
_HOW = frozenset("long many much old tall high big far deep often large wide".split())
_COPULAS = frozenset("es son era eran fue fueron sera is are was were".split())

_OPENING = re.compile(
    r"[\s¿¡\"'«“(]*(?:(?:y|e|pero|and|but|or|so)\b[\s,]*)?(?:(?:que tal|que hay de|que pasa con|what about|how about)\b\s*)?[¿]?"
)
# obtenerlo, protegiéndolo
_ENCLITIC = re.compile(r"([a-zñ]+(?:[aei]r|ando|iendo|yendo))(l[oae]s?)$")
_CLITICS = frozenset("lo la los las le les".split())
# What no verb of the third person ends in, so that it must be the noun of "¿qué hongo la causa?"
_NOUN_END = re.compile(r"[^aenó]$|(?:cion|sion)$")
_NOT_CLITIC_AFTER_LO = frozenset("que mas mejor peor de cual".split())
_BASE_VERB = frozenset(
    "begin end start last live need take die reach leave deliver visit get become find happen open close cost weigh grow make come "
    "go stand lie develop write build give bring borrow born built made found held led won known kept taken written broken".split()
)


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
    ``asking``: how many of them ask ("¿en qué año", "for how many days"), 0 when it does not begin with a question word;
    ``close``: the mark at its end."""

    text: str
    lang: Lang
    joined: bool
    body: list[_Word]
    asking: int
    close: str

    @classmethod
    def of(cls, text: str, lang: Lang) -> _Said:
        roles, stop = _ROLES.get(lang, _ROLES["es"]), _STOP.get(lang, _STOP["es"])
        # fold() keeps the length, so that places hold in both
        opening = _OPENING.match(language.fold(text))
        begin = opening.end() if opening else 0
        body: list[_Word] = []
        for written, start, end in language.words(text):
            if start < begin:
                continue
            folded = language.fold(written)
            role: Role = "word"
            if written[0].isdigit():
                role = "number"
            elif folded in roles:
                role = roles[folded]
            elif folded in stop:
                role = "stop"
            if (
                role in ("word", "time", "article")
                and written[0].isupper()
                and (body or begin > 1 and text[:begin].strip(" ¿¡"))
            ):
                role = "time" if role == "time" else "name" if role == "word" else role
            body.append(_Word(written, folded, start, end, role))
        joined = bool(opening and opening.group().strip(" ¿¡\"'«“("))
        return cls(text, lang, joined, body, _asking(body), "?" if "?" in text else "")


def _asking(body: Sequence[_Word]) -> int:
    at = 0
    while at < len(body) and body[at].role == "preposition":
        at += 1
    if at == len(body) or body[at].role != "ask":
        return 0
    word = body[at].folded
    at += 1
    if word == "how":
        if at < len(body) and body[at].folded in _HOW:
            at += 1
            if (
                body[at - 1].folded in ("many", "much")
                and at < len(body)
                and body[at].role == "word"
            ):
                at += 1
    elif word in _ASKS_WITH_NOUN and at < len(body) and body[at].role == "word":
        # "¿Qué dice…?": that it is a verb does not show, but then an article or a name comes next
        at += 1
    return at


# --------------------------------------------------------------------------- does it lean?

# gap: something is left out, or a pronoun stands for it. asks: it is a question word and no more. replaces: it has no question
# word, and puts something in the place of something else.
_Way = Literal["gap", "asks", "replaces"]


def _leaning(said: _Said) -> _Way | None:
    """How a question leans on the one before it, None when it stands alone."""
    body = said.body
    if not body:
        return None
    asks = said.asking > 0 or body[0].role == "auxiliary"
    # "¿Y tiene hijos?" begins with its verb
    asks = asks or (said.lang != "en" and body[0].role == "stop")
    if _points_back(said):
        return "gap" if asks or not said.joined else "replaces"
    if not asks:
        return "replaces" if said.joined else None
    if any(w.role == "person" for w in body):
        return None
    after = body[said.asking :]
    if said.asking and not after:
        counts = body[0].role == "preposition" or body[0].folded not in (
            "what",
            "que",
            "which",
            "cual",
            "cuales",
        )
        return "asks" if counts or said.asking == 1 else "gap"
    stands = (
        _names_its_subject_en(said, after)
        if said.lang == "en"
        else _names_its_subject_es(said, after)
    )
    return None if stands else "gap"


def _content(words: Sequence[_Word]) -> int:
    """How many words of content, a noun with its complement ("nombre de guerra") counted once."""
    return sum(w.says and not (i and words[i - 1].role == "of") for i, w in enumerate(words))


def _names_its_subject_en(said: _Said, after: Sequence[_Word]) -> bool:
    """Whether an English question says what it is about: its subject is always there, but for "which judge dissented?"."""
    for i, word in enumerate(said.body):
        if word.role == "auxiliary" and any(w.says for w in said.body[i + 1 :]):
            return True
    if any(w.role in ("name", "article", "number") for w in said.body):
        return True
    return _content(said.body) > (_FEW if said.body[0].folded == "which" else 1)


def _names_its_subject_es(said: _Said, after: Sequence[_Word]) -> bool:
    """Whether a Spanish question says what it is about. Its verb needs no subject beside it: "¿Dónde trabajaba?" leans."""
    ask = next(w.folded for w in (*said.body, *said.body[:1]) if w.role in ("ask", "stop"))
    nouns = bare = False
    for i, word in enumerate(after):
        behind = i > 0 and after[i - 1].role in ("preposition", "of")
        begins = word.role in ("name", "number") or (
            word.role == "article" and i + 1 < len(after) and after[i + 1].says
        )
        nouns = nouns or begins
        bare = bare or (begins and not behind)
    who = ask in ("quien", "quienes")
    if bare or (nouns and who) or _content(said.body) > (1 if who else _FEW + (nouns and not who)):
        return True
    first = after[0]
    if ask in ("quien", "quienes", "que", "cual", "cuales") and (
        first.folded in _COPULAS or said.body[said.asking - 1].folded.startswith("signific")
    ):
        # "¿Qué es compostaje?"
        return any(w.says for w in after)
    if first.folded == "se" and _content(after) > 1:
        # "¿Cómo se hace pan?"
        return True
    if first.folded in ("hay", "hubo", "habia") and len(after) > 1 and after[1].says:
        return True
    # "¿Cómo cultivar café?"
    return first.role == "word" and first.folded.endswith(("ar", "er", "ir")) and said.asking > 0


def _points_back(said: _Said) -> bool:
    """Whether a word of the question stands for something that only an earlier question can have named."""
    body = said.body
    breaks = [
        i
        for i, w in enumerate(body)
        if w.role == "break" or (w.role == "ask" and i >= max(1, said.asking))
    ]
    content = [i for i, w in enumerate(body) if w.role in ("word", "name")]
    nouns = [i for i in content if i >= said.asking]
    for i, word in enumerate(body):
        following = body[i + 1] if i + 1 < len(body) else None
        # In a clause of its own it can mean what the clause before it names
        own = any(content[0] < b < i for b in breaks) if content else False
        if word.role == "possessive":
            # "What do bees do with their wax?" has whose it is; "What prize did his team win?" has not
            if not nouns or nouns[0] > i:
                return True
        elif word.role in ("subject", "object"):
            if not own and not _is_empty_it(body, i):
                return True
        elif word.role == "there":
            beside = {body[j].role for j in (i - 1, i + 1) if 0 <= j < len(body)}
            if "auxiliary" not in beside and (
                following is None or word.folded not in ("then", "entonces")
            ):
                return True
        elif said.lang == "en":
            if word.folded in ("this", "that", "these", "those") and following is None:
                return True
        elif word.text.lower() == "él" or _is_clitic(said, i):
            if not own:
                return True
        elif word.role == "word" and _ENCLITIC.search(word.folded) and len(word.text) > 5:
            if not nouns or nouns[0] >= i or not own:
                return True
    return False


def _is_empty_it(body: Sequence[_Word], at: int) -> bool:
    """Whether an "it" means nothing: "How long does it take to become a queen?", "Is it true that bees dance?"."""
    if body[at].folded != "it":
        return False
    rest = body[at + 1 :]
    return any(
        w.folded in ("to", "that")
        and i + 1 < len(rest)
        and rest[i + 1].role not in ("name", "article")
        for i, w in enumerate(rest)
    )


def _is_clitic(said: _Said, at: int) -> bool:
    """Whether lo, la, los, las, le, les at ``at`` stands for something, and is no article."""
    body = said.body
    word = body[at].folded
    if (
        word not in _CLITICS
        or at + 1 >= len(body)
        or body[at + 1].role not in ("word", "stop", "person")
    ):
        return False
    after = body[at + 1]
    if word in ("le", "les"):
        # "¿Qué le pasó al monumento?" says to whom
        return not any(w.folded in ("a", "al") for w in body[at:])
    if word == "lo":
        return after.folded not in _NOT_CLITIC_AFTER_LO
    if after.role != "word" and not after.folded.startswith("h") or at == 0:
        return False
    before = body[at - 1]
    if before.folded in ("quien", "quienes", "cuando", "donde", "como"):
        return True
    if before.folded == "que":
        # "¿Por qué los rehenes…?" has its subject there, "¿Qué la causa?" and "¿Por qué la cerraron?" have no other word
        return at + 2 == len(body)
    # "¿Qué hongo la causa?", but "¿Qué produce la abeja?"
    return (
        at == said.asking
        and at >= 2
        and at + 2 == len(body)
        and bool(_NOUN_END.search(before.folded))
    )


# --------------------------------------------------------------------------- what is carried over


def _topic(said: _Said) -> str:
    """What a question is about: its words from the first that names something, without what asks and without its verb."""
    body = said.body
    at = said.asking
    inverted = False
    if said.lang == "en":
        for i in range(at, len(body)):
            if body[i].role == "auxiliary":
                at, inverted = i + 1, True
                break
    rest = body[at:]
    start = None
    if inverted and rest and rest[0].says:
        start = 0
    if start is None:
        start = next(
            (
                i
                for i, w in enumerate(rest)
                if w.role in ("article", "name", "number", "possessive")
                and any(v.says for v in rest[i:])
                and not (i and rest[i - 1].role in ("preposition", "of"))
            ),
            None,
        )
    if start is None:
        content = [i for i, w in enumerate(rest) if w.says]
        # The first word of content is the verb, where there is another one
        verb = said.asking > 0 and len(content) > 1 and not (rest and rest[0].role == "of")
        verb = verb and rest[0].folded not in _COPULAS
        chosen = content[1:] if verb else content
        if not chosen and said.asking > 1:
            # "¿Qué comandos murieron?"
            return _cut(said.text, [w for w in body[: said.asking] if w.says])
        if not chosen:
            return ""
        start = chosen[0]
        if start and rest[start - 1].role == "article":
            start -= 1
    kept = [
        w
        for i, w in enumerate(rest[start:])
        if not (
            inverted
            and i
            and w.role == "word"
            and (w.folded in _BASE_VERB or _is_last_participle(rest, w))
        )
    ]
    while kept and not kept[-1].says:
        kept.pop()
    return _cut(said.text, kept[:_MAX_CARRIED])


def _is_last_participle(words: Sequence[_Word], word: _Word) -> bool:
    return words[-1] is word and word.folded.endswith("ed")


def _cut(text: str, words: Sequence[_Word]) -> str:
    """The words as they stand in the text, one blank where others were left out."""
    runs: list[list[int]] = []
    for word in words:
        if runs and not any(c.isalnum() for c in text[runs[-1][1] : word.start]):
            runs[-1][1] = word.end
        else:
            runs.append([word.start, word.end])
    return " ".join(text[a:b] for a, b in runs)


def _core(text: str) -> str:
    return text.rstrip(" ?!.…")


def _filled(said: _Said, topic: str, earlier: _Said) -> str:
    """The question with what it leaves out in brackets at its end, where it fits any sentence of either language."""
    return f"{_core(said.text)} ({topic})?"


def _asked_anew(said: _Said, earlier: _Said) -> str:
    """A bare question word with what the earlier question said after its own."""
    rest = earlier.body[earlier.asking :]
    return f"{_core(said.text)} ({_cut(earlier.text, rest[:_MAX_CARRIED])})?"


def _replaced(said: _Said, earlier: _Said) -> str:
    """The earlier question with the words of this one in the place of what is most like them, or at its end."""
    new = _core(said.text[said.body[0].start :])
    slot = _slot(said.body, earlier)
    if slot is None:
        return f"{_core(earlier.text)}, {new}?"
    start, end = slot
    return f"{earlier.text[:start]}{new}{earlier.text[end:]}"


def _slot(new: Sequence[_Word], earlier: _Said) -> tuple[int, int] | None:
    """Where in the earlier question the words replaced stand, code points; None when nothing in it is like ``new``."""
    chunks = _chunks(earlier)
    roles = {w.role for w in new}

    def whole(chunk: Sequence[_Word]) -> tuple[int, int]:
        return chunk[0].start, chunk[-1].end

    times = [c for c in chunks if any(w.role in ("time", "number") for w in c)]
    if roles & {"time", "number"}:
        return (times[0][0].start, times[-1][-1].end) if times else None
    first = new[0]
    if first.role == "preposition":
        same = [c for c in chunks if c[0].folded == first.folded]
        return whole(same[-1]) if same else None
    if first.role == "name":
        names = [[w for w in c if w.role == "name"] for c in chunks]
        names = [n for n in names if n]
        return whole(names[-1]) if names else None
    if first.role in ("article", "possessive", "person"):
        alike = [c for c in chunks if c[0].role in ("article", "possessive", "person")]
        indefinite = first.folded.startswith(("un", "a"))
        same = [c for c in alike if c[0].folded.startswith(("un", "a")) == indefinite]
        alike = same or alike or [c for c in chunks if c[0].says]
        return whole(alike[0]) if alike else None
    if first.folded.endswith("ed"):
        participles = [w for w in earlier.body if w.folded.endswith("ed") and w.role == "word"]
        return whole(participles[-1:]) if participles else None
    return None


def _chunks(said: _Said) -> list[list[_Word]]:
    """The question's phrases after what asks: each from an article, a preposition or a name to the next of them."""
    chunks: list[list[_Word]] = []
    current: list[_Word] | None = None
    for i, word in enumerate(said.body[said.asking :], said.asking):
        before = said.body[i - 1] if i else None
        following = said.body[i + 1] if i + 1 < len(said.body) else None
        if word.role == "of" and current and following and following.role != "time":
            current.append(word)
        elif word.role in ("preposition", "of"):
            current = [word]
            chunks.append(current)
        elif word.role in ("article", "possessive") or (
            word.role == "person" and following and following.says
        ):
            if current and before and before.role in ("preposition", "of"):
                current.append(word)
            else:
                current = [word]
                chunks.append(current)
        elif word.says:
            if current is None or (word.role == "name" and current[-1].role == "word"):
                current = [word]
                chunks.append(current)
            else:
                current.append(word)
        else:
            current = None
    return [c for c in chunks if any(w.says for w in c)]
