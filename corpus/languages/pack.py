"""What is known of one language, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from corpus.document import Lang

# Written without the accents that many people leave out: "cuantos", "quien", "donde"; and Søren without its stroke.
_ACCENTED: Final = tuple(
    zip("áéíóúüàèìòùâêîôûäëïöãõçåøðđł", "aeiouuaeiouaeiouaeioaocaoddl", strict=True)
)


def fold(text: str) -> str:
    """Lower case with accents, diaeresis and strokes off and ñ kept: año is not ano, rehén is rehen, Øyvind is oyvind."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    # Letter by letter a passage takes a tenth of the time that str.translate does
    for letter, plain in _ACCENTED:
        if letter in lowered:
            lowered = lowered.replace(letter, plain)
    return lowered


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """A text with spaces in the place of some stretches of it, so that everything else stays where it is."""
    rest = list(text)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    return "".join(rest)


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as text."""
    return frozenset(text.split())


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
"""What a word does in a question that may lean on the one before it."""


Talk = Literal[
    "greeting",
    "thanks",
    "agreed",
    "goodbye",
    "identity",
    "abilities",
    "documents",
    "summary",
    "topic",
    "arithmetic",
    "smalltalk",
]
"""What is said to a service beside questions: a ``summary`` asks what a document says in short, a ``topic`` which documents
there are on a matter."""


def roles(words: Mapping[Role, str]) -> dict[str, Role]:
    """The role of each word of lists that are written as text."""
    return {word: role for role, them in words.items() for word in them.split()}


@dataclass(frozen=True, slots=True)
class Initials:
    """What a large first letter of a text may be by itself: ``words`` are the letters that are words, ``mostly`` those of them
    that are one more often than they begin a longer word. ``longer`` are words (folded) that begin with such a letter and would
    leave what looks like another, ``either`` those that do leave one: "Along the river", "A long river". ``before``: words that
    the letter stands before and makes no word with."""

    words: frozenset[str] = frozenset()
    mostly: frozenset[str] = frozenset()
    longer: frozenset[str] = frozenset()
    either: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Years:
    """What tells how a year is meant, as patterns over folded text. Between two years ``to`` makes a time of them. Right before a year, or
    with ``beside`` and ``of`` between: ``since`` and ``until`` say that something holds longer than it, ``begun`` with ``at`` that something
    began or ended in it, ``rules`` are named with the year in which they were made. ``within``, ``of`` and ``beyond`` show that a number
    is a year, ``counted`` after it that it is none; ``later`` are words that lead to another year than is said."""

    to: str = "(?!)"
    beside: str = "(?!)"
    of: str = "(?!)"
    since: str = "(?!)"
    until: str = "(?!)"
    rules: str = "(?!)"
    begun: str = "(?!)"
    at: str = "(?!)"
    within: str = "(?!)"
    beyond: str = "(?!)"
    counted: str = "(?!)"
    later: str = "(?!)"


Sum = Literal["pay", "deposit", "fine", "budget", "grant"]
"""A kind of sum of money that is called so and is no price: one is not another."""


Office = Literal[
    "head",
    "secretary",
    "treasurer",
    "teacher",
    "tutor",
    "dean",
    "mayor",
    "spouse",
    "child",
    "parent",
    "sibling",
]
"""What somebody is to an organisation or to somebody else, and has a name besides."""


Dimension = Literal[
    "money", "length", "time", "size", "capacity", "height", "weight", "speed", "age"
]
"""By what things are compared; a word may be of several, as "longest" is."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How a language speaks of a dimension, as patterns over folded text: ``greatest`` and ``least`` ask for what has the most and the
    least of it, and ``called`` are the names of columns that tell it."""

    greatest: str = "(?!)"
    least: str = "(?!)"
    called: str = "(?!)"


@dataclass(frozen=True, slots=True)
class Extremes:
    """What tells that the greatest or the least of several things is asked for, as patterns over folded text: ``greatest`` and ``least``
    of whatever is named beside, ``counted`` those of them that ask for it only where the name follows, ``scales`` by dimension.

    ``never`` are words that look so and ask for nothing of the kind, ``before`` those right before that ask for another one,
    ``than`` what comes after where two things are compared, ``elsewhere`` how questions begin that ask for something else. ``totals`` are the names of
    rows that add up the others, ``free`` cells that say that nothing is to be paid; ``units`` are the words for units by their signs.
    """

    greatest: str = "(?!)"
    least: str = "(?!)"
    counted: str = "(?!)"
    scales: Mapping[Dimension, Scale] = field(default_factory=dict)
    never: str = "(?!)"
    before: str = "(?!)"
    than: str = "(?!)"
    elsewhere: str = "(?!)"
    totals: str = "(?!)"
    free: str = "(?!)"
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Editions:
    """What tells which of several documents is in force, as patterns over folded text. ``replacing`` are what one says that takes the place of
    others, ``replaced`` what one says whose place is taken, ``void`` what such a one is marked with; ``earlier`` are words for those others,
    ``number`` for what editions are counted by. ``current`` ask for what is so now; ``latest`` stand before the thing of which the newest
    is asked for, ``latest_after`` behind it. ``changed`` are by which a text says that it changes
    something, ``notice`` what opens such a text before a colon, ``of_plans`` without one, ``news`` what documents of such texts are called,
    ``away`` by which one says why somebody or something else takes a place, and ``instead`` by which one says what no longer holds,
    ``{old}``; ``at_last`` ask for what is so after all changes, ``at_first`` for what was so before them."""

    replacing: str = "(?!)"
    replaced: str = "(?!)"
    void: str = "(?!)"
    earlier: str = "(?!)"
    number: str = "(?!)"
    current: str = "(?!)"
    latest: str = "(?!)"
    latest_after: str = "(?!)"
    changed: str = "(?!)"
    notice: str = "(?!)"
    of_plans: str = "(?!)"
    news: str = "(?!)"
    away: str = "(?!)"
    instead: tuple[str, ...] = ()
    at_last: str = "(?!)"
    at_first: str = "(?!)"


Period = Literal["weekend", "hour", "night", "half day", "day", "week", "month", "quarter", "year"]
"""For how long something is had."""


@dataclass(frozen=True, slots=True)
class Days:
    """What tells days, all folded. ``week``: the names of its days from Monday; ``short``: how these are cut short beside their first
    three letters, ``letters`` that stand for them, as written, each with its number from 0. ``said``: how a day is written, with ``{day}``
    and ``{month}``, or ``{Month}`` with a capital, ``dated`` and ``of_month`` how the thing of a day or a month is called, with ``{year}`` too. ``links`` stand between the words of one day; ``of`` between a thing and its day, with
    ``beside`` between; ``on`` right before a day in figures, 4/5, and before one that opens what is so on it; ``months``: other names
    of months, by their numbers."""

    week: tuple[str, ...] = ()
    short: Mapping[str, int] = field(default_factory=dict)
    letters: Mapping[str, int] = field(default_factory=dict)
    said: str = "{day} {month}"
    links: frozenset[str] = frozenset()
    of: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    on: frozenset[str] = frozenset()
    months: Mapping[str, int] = field(default_factory=dict)
    dated: str = "of {day} {month} {year}"
    of_month: str = "of {month} {year}"


@dataclass(frozen=True, slots=True)
class LanguagePack:
    """Everything the rules know of a language. Words are in lower case; those that are said to be folded are without
    accents (:func:`fold`), the others as they are written.

    Analysis: ``stop_words`` are function words only, so that a name or a number never disappears; ``stemmer`` is the name
    of Snowball's algorithm; ``stem`` makes the index term of a folded word, given that algorithm.

    Sentences: ``abbreviations`` never end one; ``maybe_final`` also end one, what follows decides; ``openers`` are the
    words that begin a new one when they have a capital after such an abbreviation; ``numbered`` are abbreviations before a figure only,
    and else words or letters that may end a sentence: "No. 5", "he said no".

    Detection: ``telling`` are folded words beside the stop words that show the language; ``shared`` are folded stop words
    that show nothing, since another language writes them too; ``asking`` are folded question words at the beginning of a
    question; ``spelling`` are patterns of words in small letters (each counts 0.5), as ``letters`` and ``signs`` are
    characters with what each counts.

    Questions: ``joiners`` (folded) put things side by side; ``naming`` is a pattern, over folded text, of a question that
    asks for a name, ``named`` one, over the text as written, of words that give one; ``ruling`` is one, over folded text, of words
    of a heading that tell whether what stands below it may be, has to be, is included or is not, and ``negative`` of those that deny;
    ``limiting`` is one, over folded text, of words that say where what is said of one of several things ends, and so speak of the others, too: "only", "excepto", "hasta"; ``supposing`` are words (folded) that open a case: "For
    members, …", "Si …, …"; ``turning`` are function words (folded) that
    make another statement of one: "before" and "after", "without"; ``bounding`` are words (folded) that mean what is before or behind the thing
    they name, "before step 3", "the one after"; ``months`` are in order, from January;
    ``ordinals`` are the ordinal words (folded) with their numbers, ``cardinals`` the words (folded) that numbers are put together of;
    ``clock`` is a pattern (over folded text) of times of day in words, with the groups ``hour`` (a cardinal), ``past`` and ``to`` (of
    ``minutes``), or of the half of the day, ``am`` and ``pm``; ``point`` what stands in a number in words before its decimals;
    ``to_month``, ``to_day`` and ``to_year`` are patterns (over small letters, a space is any white space) of what stands between a
    day and its month, a month and its day, and either and the year;
    ``initials`` serve the large first letter of a printed text; ``roles`` (folded) and ``idle`` (folded words without content, stop words and others) serve questions that lean on the
    one before; ``measures`` (folded) are content words by which one asks, "how long", "a qué hora", "¿se puede?", and which name nothing;
    ``ranking`` is a pattern, over folded text, of words that ask for the first or the most of several; ``writing`` is one of how
    words begin that ask for what someone wrote, sent or told; ``sender`` and ``told`` are of how one asks who wrote something, up to the verb, and what
    somebody wrote; ``replying`` is one of how verbs begin that ask who answered; ``mail_words`` (folded) call a mail or an address what it is;
    ``everything`` are words (folded) by which something is said of all there is, or of all but what is named, ``more`` by which one asks for
    others of a kind of which one was named, "otros animales";
    ``who_is`` is one, over folded text, of how one asks who somebody is, ``determiners`` of what stands before what somebody is, "our head of
    sales", and ``titles`` of what stands before a name; ``corrections`` are patterns,
    over folded text, of how a text is corrected, with ``{wrong}`` (``{said}`` without quotation marks) and ``{right}`` in the place of its words; ``means`` is of what stands between a term in quotation marks and
    what it means, ``meant`` of what stands before one, and ``to_places`` are of words that stand before a place; ``who_called`` is of how one asks for the name of the holder of an office, ``offices`` are
    patterns, over folded text, of what these are called; ``who_voted`` is of how one asks who voted for something, ``votes`` of how votes are counted;
    ``counterparts`` are sets of things of which none is another, "summer: … | winter: …", each with its words (folded, in the singular, ``_`` for a
    space), with ``+`` before those that may mean it and do not name it, with ``=`` before those that have no other gender; things are called alike in all packs, and ``inflected`` has what may stand in the place of the end of a word;
    ``sums`` are patterns, over folded text, of what a kind of sum is called, ``sums_meant`` of other words that may mean it;
    ``closed`` is a pattern, over folded text, of how a question begins that asks whether something is so; ``asking_first`` are question
    words (folded) that ask only where they open a question; ``years`` serve what is asked about one year, ``days`` what is asked about
    one day, ``editions`` where several say different things, ``extremes`` what is asked about the most or the least of several; ``meetings``
    (folded) are called each what its minutes are; ``coming_about`` are words (folded) by which one asks when something came about or takes place; ``periods`` are patterns, over folded text, of spans of time.

    Several questions in one message: ``adding`` are words (folded) that put one thing beside another; the others are patterns over folded
    text. ``announcing`` is of all that stands before questions and only says that they come; ``wishing`` of how a sentence begins that asks in
    the words of another clause, "can you tell me when …"; ``counting`` of what numbers a question in words; ``stating`` of verbs on which a
    question word may hang: "indicar el nombre y cuántos sois"; ``inverted``: whether a verb before its subject tells a question from a clause.

    Talk: ``talk`` has patterns, over folded words with one space between them, of what is said to a service and asks nothing
    of its documents, each a whole remark; those of ``summary`` and ``topic`` have groups, one of which is the document or the matter.
    ``matters`` are what small talk may be about that a document may be about, too, each with a pattern of such remarks; ``written_in`` are patterns
    by which one asks for documents in a language.
    ``again`` is a pattern of the same kind, a question mark at its end where there is one, of remarks that doubt an answer or want it once more.
    ``lead`` are openings of a question that no greeting before it has to be parted from by a comma.
    """

    lang: Lang
    stop_words: frozenset[str]
    stemmer: str
    stem: Callable[[str, Callable[[str], str]], str]
    abbreviations: frozenset[str]
    maybe_final: frozenset[str]
    openers: frozenset[str]
    telling: frozenset[str]
    shared: frozenset[str]
    asking: frozenset[str]
    spelling: tuple[str, ...]
    letters: Mapping[str, float]
    signs: Mapping[str, float]
    joiners: frozenset[str]
    naming: str
    named: str
    months: tuple[str, ...]
    roles: Mapping[str, Role]
    idle: frozenset[str]
    measures: frozenset[str] = frozenset()
    ranking: str = "(?!)"
    writing: str = "(?!)"
    sender: str = "(?!)"
    told: str = "(?!)"
    replying: str = "(?!)"
    mail_words: frozenset[str] = frozenset()
    corrections: tuple[str, ...] = ()
    means: str = "(?!)"
    meant: str = "(?!)"
    to_places: str = "(?!)"
    who_called: str = "(?!)"
    offices: Mapping[Office, str] = field(default_factory=dict)
    who_voted: str = "(?!)"
    votes: str = "(?!)"
    counterparts: Mapping[str, str] = field(default_factory=dict)
    inflected: Mapping[str, str] = field(default_factory=dict)
    sums: Mapping[Sum, str] = field(default_factory=dict)
    sums_meant: Mapping[Sum, str] = field(default_factory=dict)
    who_is: str = "(?!)"
    determiners: str = "(?!)"
    titles: str = "(?!)"
    numbered: frozenset[str] = frozenset()
    ruling: str = "(?!)"
    negative: str = "(?!)"
    limiting: str = "(?!)"
    supposing: frozenset[str] = frozenset()
    turning: frozenset[str] = frozenset()
    bounding: frozenset[str] = frozenset()
    ordinals: Mapping[str, int] = field(default_factory=dict)
    cardinals: Mapping[str, int] = field(default_factory=dict)
    clock: str = "(?!)"
    before_clock: str = "(?!)"
    minutes: Mapping[str, int] = field(default_factory=dict)
    point: str = "(?!)"
    to_month: str = " "
    to_day: str = " "
    to_year: str = ",? "
    initials: Initials = Initials()
    everything: frozenset[str] = frozenset()
    more: frozenset[str] = frozenset()
    closed: str = "(?!)"
    asking_first: frozenset[str] = frozenset()
    years: Years = Years()
    extremes: Extremes = Extremes()
    adding: frozenset[str] = frozenset()
    announcing: str = "(?!)"
    wishing: str = "(?!)"
    counting: str = "(?!)"
    stating: str = "(?!)"
    inverted: bool = False
    days: Days = Days()
    editions: Editions = Editions()
    meetings: frozenset[str] = frozenset()
    coming_about: frozenset[str] = frozenset()
    periods: Mapping[Period, str] = field(default_factory=dict)
    talk: Mapping[Talk, str] = field(default_factory=dict)
    again: str = "(?!)"
    matters: Mapping[str, str] = field(default_factory=dict)
    written_in: Mapping[Lang, str] = field(default_factory=dict)
    lead: str = "(?!)"
