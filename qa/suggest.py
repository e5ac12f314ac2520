"""Questions that a collection can be asked, drawn from its own headings and titles.

Nothing is made up: a question names a heading or a title of a document, or is one, and it is asked first. Only those that are
answered, and from that document, are suggested.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from corpus import divisions, language
from corpus.document import Block, Lang, Passage
from corpus.languages import PACKS
from corpus.records import is_name
from index.searchable import Searchable
from qa.engine import Engine, Query

TRIES = 48
"""Passages whose headings are tried, evenly spread over the collection."""

NEAR = 8
"""Headings before and after a place that are tried as what to ask next."""

_LIKELY = 0.8
_MOST_CHARS = 60
# A heading that ends so goes on below it or warns, and a longer one is a sentence
_GOES_ON = frozenset("-‐‑‒–—:;,!…")
_MOST_WORDS = 8
_ABOUT = {"es": "¿Qué se cuenta sobre «{}»?", "en": "What is said about “{}”?"}
_PLAIN = tuple(question.split("{")[0] for question in _ABOUT.values())
_WHOLE = {"es": "¿De qué trata «{}»?", "en": "What is “{}” about?"}

# What a heading tells by its first word, with its article where that is not plain from the word: its figures have to stand below it.
_NOUNS_ES: Final = {
    **dict.fromkeys("horario precio importe coste costo".split(), "¿Cuál es el {}?"),
    **dict.fromkeys("tarifa cuota tasa".split(), "¿Cuál es la {}?"),
    **dict.fromkeys(
        "horarios precios importes costes costos plazos".split(), "¿Cuáles son los {}?"
    ),
    **dict.fromkeys("tarifas cuotas tasas multas".split(), "¿Cuáles son las {}?"),
}
_NOUNS_EN: Final = {
    **dict.fromkeys("price cost fee charge timetable schedule".split(), "What is the {}?"),
    **dict.fromkeys("prices costs fees charges rates fines".split(), "What are the {}?"),
}
_COSTS: Final = re.compile(
    r"(?:precios?|tarifas?|costes?|importe)(?: de)?(l| el| la| los| las) (.+)", re.I
)
_OPENS: Final = re.compile(r"horarios?(?: de apertura)? de(l| la) (.+)", re.I)
_OPENING: Final = re.compile(r"opening (?:hours|times)(?: (?:of|at|for) .+)?", re.I)
_HOW_ES: Final = re.compile(
    r"(?:cómo|dónde|cuándo|cuánto|qué) (?:se |\w+[aeiíáé]r(?:se|l[aeo]s?)?\b)", re.I
)
_HOW_EN: Final = re.compile(r"(how|where|what|when) to ([a-z].*)", re.I)
_DO_EN: Final = {"how": "do you", "where": "can you", "what": "should you", "when": "should you"}
_CONTACT: Final = {
    "es": (re.compile(r"(?:datos de )?contactos?|cómo contactar", re.I), "¿Cómo se contacta?"),
    "en": (
        re.compile(r"contacts?|contact (?:us|details)|how to contact us", re.I),
        "How can one get in touch?",
    ),
}
_REACHED: Final = re.compile(r"@|\d(?:[ .-]?\d){6}")


class _Found(NamedTuple):
    confidence: float
    doc_id: str
    question: str

    @property
    def is_about(self) -> bool:
        """Whether it only asks what is said, which says little of what the documents have."""
        return self.question.startswith(_PLAIN)


class Suggestions:
    """A search for questions over the build that an engine has now, which can be gone on with when its time was over."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._index = engine.index
        self._found: dict[Lang, list[_Found]] = {lang: [] for lang in _ABOUT}
        self._most = 0
        self._tries = self._all_tries()
        self.done = False
        """Whether there is nothing left to try."""

    @property
    def build_id(self) -> str | None:
        """The build that is searched."""
        return self._index.build_id if self._index is not None else None

    def search(self, most: int, budget_s: float, clock: Callable[[], float]) -> None:
        """Look for ``most`` questions in each language, for at most ``budget_s`` seconds."""
        end = clock() + budget_s
        self._most = most
        while clock() <= end:
            try:
                lang, doc_id, question = next(self._tries)
            except StopIteration:
                self.done = True
                return
            self._try(lang, doc_id, question)

    def best(self, most: int) -> list[tuple[Lang, str]]:
        """The surest, of different documents where it can be; at most ``most`` in each language."""
        return [
            (lang, question)
            for lang, ones in self._found.items()
            for question in _spread(
                sorted(ones, key=lambda one: (one.is_about, -min(one.confidence, _LIKELY))), most
            )
        ]

    def _try(self, lang: Lang, doc_id: str, question: str) -> None:
        if any(one.question == question and one.doc_id == doc_id for one in self._found[lang]):
            return
        answer = self._engine.ask(Query(question, lang))
        if answer.status == "answered" and any(c.doc_id == doc_id for c in answer.citations[:1]):
            self._found[lang].append(_Found(answer.confidence, doc_id, question))

    def _enough(self, lang: Lang, least: float) -> bool:
        sure = {one.doc_id for one in self._found[lang] if one.confidence >= least}
        return len(sure) >= self._most

    def _all_tries(self) -> Iterator[tuple[Lang, str, str]]:
        index = self._index
        if index is None or not len(index):
            return
        n_tries = min(TRIES, len(index))
        rows = [(2 * i + 1) * len(index) // (2 * n_tries) for i in range(n_tries)]
        # What the documents ask themselves, or what their headings tell plainly, before what is said below the others
        plain: list[tuple[Lang, str, str]] = []
        for row, place in zip(rows, index.places(rows), strict=True):
            passage = place.passage
            lang, doc_id = passage.lang, passage.doc_id
            if lang not in self._found or self._enough(lang, _LIKELY):
                continue
            about = None
            if place.section_path or not _is_file_name(place.title, doc_id):
                about = heading_question(passage.heading, lang)
            question = _asked_in(passage, index.blocks(row)) or told_question(
                passage.heading, passage.text, lang
            )
            if question is not None:
                yield lang, doc_id, question
            if about and not any(one.question == question for one in self._found[lang]):
                plain.append((lang, doc_id, about))
        yield from (one for one in plain if not self._enough(one[0], _LIKELY))
        # Where headings do not give enough, what whole documents are about: by the name of a file only where there is nothing else
        has_some = {lang for lang, ones in self._found.items() if ones}
        documents = index.documents()
        step = max(1, len(documents) // TRIES)
        for info in documents[::step]:
            if info.lang not in self._found or self._enough(info.lang, 0.0):
                continue
            if any(one.doc_id == info.doc_id for one in self._found[info.lang]):
                continue
            if info.lang in has_some and _is_file_name(info.title, info.doc_id):
                continue
            yield info.lang, info.doc_id, _WHOLE[info.lang].format(info.title.strip('«»“”"'))


def suggested(
    engine: Engine,
    most: int = 4,
    *,
    budget_s: float = 0.5,
    clock: Callable[[], float] = time.monotonic,
    so_far: Suggestions | None = None,
) -> list[tuple[Lang, str]]:
    """At most ``most`` questions ``(language, question)`` in each language, from different documents where it can be.

    The same build gives the same questions, unless ``budget_s`` seconds end the search before it is through; then it goes on
    from there with the next call that has the same ``so_far``. Empty without an index.
    """
    search = so_far or Suggestions(engine)
    if not search.done:
        search.search(most, budget_s, clock)
    return search.best(most)


def next_questions(
    engine: Engine,
    doc_id: str,
    at: int,
    lang: Lang | None = None,
    most: int = 3,
    *,
    budget_s: float = 1.0,
    clock: Callable[[], float] = time.monotonic,
) -> list[tuple[Lang, str]]:
    """At most ``most`` questions that lead on from a place of a document, about what stands near it; each was tried.

    In the language ``lang``, else in that of the document. What is said at the place itself is asked by none of them.

    :raises StoreError: when no build is serving.
    :raises UnknownDocumentError: when there is no such document.
    """
    index = engine.serving()
    end = clock() + budget_s
    passages = _nearest(index, doc_id, at)
    here = passages[0].heading if passages else ""
    found: list[tuple[Lang, str]] = []
    tried = {here}
    for passage in passages[1:]:
        if clock() > end or len(found) == most or len(tried) > NEAR:
            break
        asked = lang or passage.lang
        question = None
        if asked in _ABOUT:
            told = asked == passage.lang and told_question(passage.heading, passage.text, asked)
            question = told or heading_question(passage.heading, asked)
        if passage.heading in tried or question is None:
            continue
        tried.add(passage.heading)
        answer = engine.ask(Query(question, asked))
        first = next(iter(answer.citations), None)
        if (
            answer.status == "answered"
            and first is not None
            and first.doc_id == doc_id
            and not first.start <= at < first.end
        ):
            found.append((asked, question))
    return found


def _nearest(index: Searchable, doc_id: str, at: int) -> list[Passage]:
    """The passage of a place and those around it in its document, by turns the ones after and before it."""
    found = index.rows_where((), (doc_id,))
    rows = [] if found is None else found.tolist()
    after = bisect_right(rows, at, key=lambda row: index.places([row])[0].passage.end)
    here = min(after, len(rows) - 1)
    near = range(max(0, here - 2 * NEAR), min(len(rows), here + 2 * NEAR + 1))
    wanted = sorted(near, key=lambda n: (abs(n - here), n < here))
    return [place.passage for place in index.places([rows[n] for n in wanted])]


def _asked_in(passage: Passage, blocks: Sequence[Block]) -> str | None:
    """The first question that a passage itself asks and answers; None where it has none that is short."""
    for block in blocks:
        if block.kind == "pair" and block.cells:
            start, end = (at - passage.start for at in block.cells[0])
            asked = divisions.name_of_heading(passage.text[max(start, 0) : max(end, 0)])
            if (
                start >= 0
                and asked.endswith("?")
                and "\n" not in asked
                and len(asked) <= _MOST_CHARS
            ):
                return asked
    return None


def told_question(heading: str, text: str, lang: Lang) -> str | None:
    """What the innermost heading of a passage tells, asked as people ask it: what something costs, when it opens, how something is
    done, how one gets in touch. None where it tells nothing of the kind, or the text below it has no figure that would say it."""
    said = divisions.name_of_heading(heading.split(" › ")[-1].strip()).rstrip(".")
    words = said.split()
    if lang not in _ABOUT or not 0 < len(words) <= _MOST_WORDS or len(said) > _MOST_CHARS:
        return None
    if said[-1] in _GOES_ON or language.fold(words[-1]) in PACKS[lang].stop_words:
        return None
    if said.isupper():
        said = said.lower()
    said = said[0].lower() + said[1:]
    contact, asks = _CONTACT[lang]
    if contact.fullmatch(said):
        return asks if _REACHED.search(text) else None
    if lang == "es":
        return _told_es(said, text)
    if found := _HOW_EN.fullmatch(said):
        word, done = found.groups()
        return f"{word.capitalize()} {_DO_EN[word.lower()]} {done}?"
    if not re.search(r"\d", text):
        return None
    if _OPENING.fullmatch(said):
        return f"What are the {said}?"
    asks = _NOUNS_EN.get(said.split()[0], "")
    return asks.format(said) or None


def _told_es(said: str, text: str) -> str | None:
    if _HOW_ES.match(said):
        return f"¿{said[0].upper()}{said[1:]}?"
    if not re.search(r"\d", text):
        return None
    if found := _COSTS.fullmatch(said):
        article = {"l": "el"}.get(found[1], found[1].strip())
        return f"¿Cuánto {'cuestan' if article.endswith('s') else 'cuesta'} {article} {found[2]}?"
    if (found := _OPENS.fullmatch(said)) and re.search(r"\b(?:abre|abiert[oa])\b", text, re.I):
        return f"¿A qué hora abre {'el' if found[1] == 'l' else 'la'} {found[2]}?"
    return _NOUNS_ES.get(said.split()[0], "").format(said) or None


def _is_file_name(title: str, doc_id: str) -> bool:
    """Whether a title is no more than the name of the file."""
    title, stem = (
        re.sub(r"[\W_]+", "", language.fold(one)) for one in (title, PurePosixPath(doc_id).stem)
    )
    return title == stem


def heading_question(heading: str, lang: Lang) -> str | None:
    """A question about the innermost heading of a passage, without its number, the heading itself where it is one; None where it makes none,
    as a number or a date alone, a warning, or a sentence that goes on below it."""
    innermost = heading.split(" › ")[-1].strip()
    said = divisions.name_of_heading(innermost).rstrip(".")
    if lang not in _ABOUT or len(said) > _MOST_CHARS or not any(map(str.isalpha, said)):
        return None
    if said.endswith("?"):
        return said
    words = said.split()
    goes_on = said[-1] in _GOES_ON or language.fold(words[-1]) in PACKS[lang].stop_words
    if goes_on or len(words) > _MOST_WORDS or not is_name(said):
        return None
    return _ABOUT[lang].format(said.strip('«»“”"'))


def _spread(found: list[_Found], most: int) -> list[str]:
    """The first question of each document, then the others; ``most`` of them."""
    seen: set[str] = set()
    first: list[str] = []
    rest: list[str] = []
    for one in found:
        (rest if one.doc_id in seen else first).append(one.question)
        seen.add(one.doc_id)
    return (first + rest)[:most]
