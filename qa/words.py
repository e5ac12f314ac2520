"""The content words of a question, and what each stands for in each language of the passages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final

from corpus import divisions, language
from corpus.document import Lang
from corpus.languages import LANGS, PACKS
from index.searchable import QueryWord, Searchable, Word, sentence_key
from index.translation import TranslationTable

# Words of how a question asks, which an answer need not hold.
_ASKING = frozenset(
    "siglas significa significan significado acronimo mean means meaning stand stands acronym abbreviation initials "
    "dice dicen establece dispone say says state states".split()
)

_ASK = frozenset(w for pack in PACKS.values() for w, role in pack.roles.items() if role == "ask")

MEASURES: Final = frozenset().union(*(pack.measures for pack in PACKS.values()))
"""Content words, folded, by which one asks and which name nothing: "how long", "a qué hora"."""

DENIALS: Final = re.compile(rf"\b(?:{'|'.join(pack.negative for pack in PACKS.values())})(?!\w)")
"""Words by which folded text denies something, in all languages."""

TURNING: Final = frozenset().union(*(pack.turning for pack in PACKS.values()))
"""Function words, folded, that make another statement of one: "without", "hasta"."""

SAME_WORD: Final = 0.3
"""A word that stands for another one at least so likely names the same."""

MAY_BE: Final = 0.04
"""A word that stands for another one at least so likely may mean the same."""

# Words that begin alike may be of one family: "jubilados", "jubilación".
_BEGINNING: Final = 5

_CAPITAL_ARTICLE = re.compile(r"\b(?:El|La|Los|Las|Un|Una|The|An?) $")

_CODE = re.compile(r"\w+(?:[^\w\s]\w+)+")
_IN_OTHER_SCRIPT = re.compile(r"[^a-zA-Z]+")

# What a word itself is worth in the other language beside its translations: a name or number all of it.
_SELF_KNOWN = 0.3
# Words of the same meaning count less than the word itself, and only the likely ones count.
_PARAPHRASE = 0.5
_MIN_PARAPHRASE = 0.04
_MAX_PARAPHRASES = 5


def shouted(text: str) -> bool:
    """Whether a text has large letters and no small ones, so that its capitals mark nothing; of "2.ª" the letter is neither."""
    return text == text.upper() != text.lower()


def content_spans(text: str, lang: Lang) -> list[tuple[str, int, int]]:
    """Terms of a question with their offsets, without the words that only say how it asks ("¿qué significan las siglas…?"),
    unless nothing else is left."""
    spans = language.term_spans(text, lang)
    kept = [s for s in spans if language.fold(text[s[1] : s[2]]) not in _ASKING]
    return kept or spans


_REST: Final = re.compile(r"\b(?:others?|otherwise|rest|remaining|resto|demas|otr[oa]s)\b")


def tells_of_the_rest(text: str) -> bool:
    """Whether a text says what holds for all others, and so for one that it does not name."""
    return _REST.search(language.fold(text)) is not None


def folded_words(text: str) -> list[str]:
    """The words and numbers of a text in order, folded."""
    return [language.fold(word) for word, _, _ in language.words(text)]


_OWNER = re.compile(r"['’]s?\Z")


def without_owner(word: str) -> str:
    """A word without the ending that makes an owner of a name: "Cayuga's" and "Cayuga’s" are of "Cayuga"."""
    return _OWNER.sub("", word)


# One question is asked of each passage that is read
@lru_cache(maxsize=64)
def asks_by(text: str) -> frozenset[str]:
    """The question words of a text, folded."""
    return _ASK.intersection(folded_words(text))


def stood_for(words: Iterable[QueryWord], lang: Lang, least: float = SAME_WORD) -> set[str]:
    """The terms in ``lang`` that words of a question stand for, at least so likely."""
    return {term for word in words for term, p in word.terms.get(lang, ()) if p >= least}


def called(word: QueryWord, lang: Lang, least: float = SAME_WORD) -> set[str]:
    """The terms by which a text in ``lang`` may call what a word of a question names: what it stands for at least so likely, and itself."""
    return {*stood_for([word], lang, least), *language.terms(word.text, lang)}


def is_lost(word: QueryWord, lang: Lang, around: set[str]) -> bool:
    """Whether none of the terms of a text in ``lang``, ``around``, may be a word of a question or of one family with it."""
    stands_for = stood_for([word], lang, MAY_BE)
    beginnings = {term[:_BEGINNING] for term in stands_for if len(term) >= _BEGINNING}
    return bool(stands_for) and not any(
        term in stands_for or term[:_BEGINNING] in beginnings for term in around
    )


def names_nothing(text: str, words: Sequence[QueryWord]) -> bool:
    """Whether a question, of which ``words`` are, has no word but those by which one asks: "How much?", "a qué hora"."""
    asks = "?" in text or bool(asks_by(text))
    return asks and all(language.fold(word.text) in MEASURES for word in words)


def says_nothing(
    text: str, words: Sequence[QueryWord], understood: bool, texts: Callable[[], Sequence[str]]
) -> bool:
    """Whether a question, of which ``words`` are, has nothing that can be searched for: "\\n", "½", a word that no passage holds in a
    script that the encoder does not know. ``understood``: the encoder knows some piece of the words; ``texts``: what was found, asked
    for only where it decides.

    A single letter is one thing to search for where a text has it as a name or a label: "vitamina K", "Annex B", or letters with signs
    between them as they are asked for: "a|b". One of another script is no word of either language, so that it is sought as it is written: "α".
    """
    # Function words may lean on what stands around the question; a letter or a sign alone does not
    leans = not words and any(len(w) > 1 or w.isdigit() for w, _, _ in language.words(text))
    if leans or any(_is_sought(word, understood) for word in words):
        return False
    letters = [word.text for word in words if word.known and len(word.text) == 1]
    written = {one.upper() for one in letters} | set(filter(_IN_OTHER_SCRIPT.fullmatch, letters))
    labels = [rf"(?<![\w/.'’&-]){re.escape(one)}(?!\.?[\w/'’&-])" for one in sorted(written)]
    sought = [*labels, *map(re.escape, _CODE.findall(text))]
    return not sought or not any(map(re.compile("|".join(sought)).search, texts()))


def _is_sought(word: QueryWord, understood: bool) -> bool:
    """Whether a word can be searched for, whatever the documents hold."""
    if any(map(str.isdigit, word.text)):
        return True
    known = word.known or understood or not _IN_OTHER_SCRIPT.fullmatch(word.text)
    return len(word.text) > 1 and known


def analyse(
    text: str,
    spans: Sequence[tuple[str, int, int]],
    lang: Lang,
    table: TranslationTable,
    index: Searchable,
) -> list[QueryWord]:
    """The question's content words, those of its ``content_spans``, with their terms in every passage language."""
    found = []
    in_capitals = shouted(text)
    # "la cláusula tercera" asks for what stands below "3." as well as below "TERCERA.-"
    numbers = list(divisions.ordinals_of_divisions(text))
    for term, start, end in spans:
        written = text[start:end]
        # A capital inside the question marks a name, and so does one on the article before it: "Las meninas"
        article = _CAPITAL_ARTICLE.search(text, 2, start)
        capital = not in_capitals and (written[0].isupper() or bool(article))
        number = next((n for n, begins, ends in numbers if begins <= start < ends), None)
        name = written[0].isdigit() or number is not None or (start > 1 and capital)
        terms: dict[Lang, Word] = {}
        for passage_lang in LANGS:
            own = language.terms(written, passage_lang)
            # A function word in capitals is a short form by what stands around it
            itself = own[0] if own else (term if written.isupper() else None)
            if passage_lang == lang and itself:
                terms[passage_lang] = [(itself, 1.0), *_paraphrases(itself, lang, table)]
                continue
            if passage_lang == lang or lang == "und" or passage_lang == "und":
                terms[passage_lang] = [(itself, 1.0)] if itself else []
                continue
            options = dict(table.translate(term, f"{lang}-{passage_lang}"))
            if itself:
                certain = name or not options
                options[itself] = max(options.get(itself, 0.0), 1.0 if certain else _SELF_KNOWN)
            terms[passage_lang] = sorted(options.items(), key=lambda entry: (-entry[1], entry[0]))
        if number is not None:
            terms = {of: [*options, (number, 1.0)] for of, options in terms.items()}
        priors = {
            passage_lang: min(1.0, sum(p * table.background(t, passage_lang) for t, p in options))
            for passage_lang, options in terms.items()
        }
        weights = {
            passage_lang: index.weight(passage_lang, options, priors[passage_lang])
            for passage_lang, options in terms.items()
            if options
        }
        idf = {
            passage_lang: weights[passage_lang].idf if passage_lang in weights else 0.0
            for passage_lang in LANGS
        }
        known = any(w.seen > 0 for w in weights.values())
        keys = {
            passage_lang: [(sentence_key(passage_lang, t), p) for t, p in options]
            for passage_lang, options in terms.items()
        }
        found.append(QueryWord(written, name, terms, keys, priors, idf, known))
    return found


def _paraphrases(term: str, lang: Lang, table: TranslationTable) -> list[tuple[str, float]]:
    """Other terms of the same language that share a translation: p(b | a) = sum over e of p(e | a) p(b | e).

    Bannard & Callison-Burch 2005 (doi:10.3115/1219840.1219914).
    """
    found: dict[str, float] = {}
    for between in PACKS:
        if lang == "und" or between == lang:
            continue
        for other, p in table.translate(term, f"{lang}-{between}")[:4]:
            for same, q in table.translate(other, f"{between}-{lang}")[:6]:
                if same != term:
                    found[same] = found.get(same, 0.0) + p * q
    best = sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))[:_MAX_PARAPHRASES]
    return [(t, round(_PARAPHRASE * p, 4)) for t, p in best if p >= _MIN_PARAPHRASE]


def holding(word: QueryWord, lang: Lang, held: frozenset[int]) -> float:
    """How surely a text with the terms of the keys ``held`` has a question word: 1 itself, less for a doubtful translation."""
    most = 0.0
    for key, p in word.keys[lang]:
        if key in held:
            if p >= 1:
                return 1.0
            most = max(most, min(1.0, 0.4 + p))
    return most


def all_held(words: Sequence[QueryWord], lang: Lang, held: frozenset[int]) -> bool:
    """Whether a text in ``lang`` with the terms of the keys ``held`` has all of a question's words, more likely than not."""
    return bool(words) and all(holding(word, lang, held) >= 0.5 for word in words)


def names_held(
    words: Sequence[QueryWord], passages: Sequence[tuple[Lang, frozenset[int]]]
) -> tuple[float, float, float]:
    """How the names and numbers of a question fare, as shares of all its words by idf, each 0..1.

    Those that the best of the passages holds, those that none of them holds, and those that no passage of the whole
    index holds. A passage is given by its language and the keys of its terms (see :class:`index.sentences.TermIndex`).
    """
    named, missing, unknown = 0.0, 1.0, 1.0
    for lang, terms in passages:
        total = sum(w.idf[lang] for w in words)
        if not total:
            continue
        # By hand: a question has a few words, for which an array costs more than their sum
        held, lost, nowhere = 0.0, 0.0, 0.0
        for word in words:
            if word.name:
                weight, sure = word.idf[lang], holding(word, lang, terms)
                held += weight * sure
                lost += weight * (1 - sure)
                nowhere += 0.0 if word.known else weight
        named = max(named, held / total)
        missing = min(missing, lost / total)
        unknown = min(unknown, nowhere / total)
    return named, missing, unknown


def spans_of(question: str, words: Sequence[QueryWord]) -> list[tuple[int, int]]:
    """Where each of its words stands in a question; an empty span for one that it has not as written."""
    found, at = [], 0
    for word in words:
        start = question.find(word.text, at)
        end = start + len(word.text) if start >= 0 else at
        found.append((max(start, at), end))
        at = end
    return found


def phrases(question: str, words: Sequence[QueryWord], wanted: Sequence[bool]) -> list[str]:
    """The words that are wanted, those that stand side by side as one, as the question writes them; each once."""
    found: list[tuple[int, int]] = []
    for (start, end), one in zip(spans_of(question, words), wanted, strict=True):
        if not one or start == end:
            continue
        if found and not question[found[-1][1] : start].strip():
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return list(dict.fromkeys(question[a:b] for a, b in found))
