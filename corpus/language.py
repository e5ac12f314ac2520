"""All we know of Spanish and English: detection, sentence ends, folding, stop words, stems, terms.

Everything here is rule and table; no model is loaded. The stop-word lists are short on purpose: they
hold function words only, so that a name or a number never disappears.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from corpus.document import Lang

_ES_STOP = """
a al algo ante antes aquel aquella aquellas aquello aquellos aquí así aun aún aunque bajo bien cada casi como
con contra cual cuales cualquier cuál cuáles cuando cuándo cuanto cuanta cuantos cuantas cuánto cuánta cuántos
cuántas cómo de del desde donde dónde dos durante e el él ella ellas ello ellos en entonces entre era eran eres
es esa esas ese eso esos esta está estaba estaban estado estamos están estar estas éstas este éste esto estos
éstos estuvo fue fueron fui ha haber había habían habrá hace hacia han hasta hay he hemos hizo hubo la las le les
lo los más me mi mis mientras mucha muchas mucho muchos muy nada ni ninguna ninguno no nos nosotros nuestra
nuestro o os otra otras otro otros para pero poca poco por porque pues que qué quien quién quienes quiénes se sea
según ser será si sí sido siendo sin sino sobre sois son su sus suya suyo también tampoco tan tanto te tenía
tenían tener ti tiene tienen toda todas todo todos tras tu tú tus tuvo un una unas uno unos usted ustedes ya y yo
"""
_EN_STOP = """
a about above after again against all also am an and any are as at be because been before being below between
both but by can could did do does doing down during each few for from further had has have having he her here
hers him his how i if in into is it its itself just me more most my no nor not of off on once only or other our
out over own same she should so some such than that the their them then there these they this those through to
too under until up upon very was we were what when where which while who whom whose why will with would you your
"""

STOP_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "es": frozenset(_ES_STOP.split()),
    "en": frozenset(_EN_STOP.split()),
}
"""Function words per language, lower case, with accents."""

# Written without the accents that many people leave out: "cuantos", "quien", "donde".
_FOLD: Final = str.maketrans("áéíóúüàèìòùâêîôûäëïöãõç", "aeiouuaeiouaeiouaeioaoc")


def fold(text: str) -> str:
    """Lower case with accents and diaeresis off and ñ kept: año is not ano, rehén is rehen."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    return lowered.translate(_FOLD)


_FOLDED_STOP: Final[Mapping[str, frozenset[str]]] = {
    lang: frozenset(fold(w) for w in words) for lang, words in STOP_WORDS.items()
}

_WORD = re.compile(r"\d+(?:[.,:/-]\d+)*|[^\W\d_]+(?:[\u2019'][^\W\d_]+)?|[^\W_]+", re.UNICODE)
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")

# snowball stemmers keep a buffer of their own, so every thread has its own pair
_local = threading.local()


def _stemmer(lang: str) -> Any:
    stemmers: dict[str, Any] | None = getattr(_local, "stemmers", None)
    if stemmers is None:
        import Stemmer

        stemmers = {"es": Stemmer.Stemmer("spanish"), "en": Stemmer.Stemmer("english")}
        _local.stemmers = stemmers
    return stemmers[lang]


def words(text: str) -> list[tuple[str, int, int]]:
    """Words and numbers of a text with their offsets, as written; a number keeps its separators."""
    return [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]


# Nouns, folded, that end like an infinitive and are stressed before that ending. Snowball takes the ending off, and parts
# "líder" from "liderado" and "azúcar" from "azucarado". Most people leave such accents out, so a list, not a rule.
_NO_INFINITIVES: Final = frozenset(
    "lider cancer caracter martir azucar dolar nectar ambar nacar crater laser master poster cadaver alcazar".split()
)


# The same words come again and again; a term depends on nothing but its word and language.
@lru_cache(maxsize=100_000)
def _term(word: str, lang: Lang) -> str | None:
    """The index term of a word in the analysis of ``lang``; None for a stop word."""
    if word[0].isdigit():
        # 3.180 and 3,180 are one number; 3.5 and 3,5 stay as they are, told apart by digits
        bare = word.replace(".", "").replace(",", "") if _THOUSANDS.fullmatch(word) else word
        return bare.replace(",", ".").lower()
    lowered = word.lower()
    for mark in ("'", "\u2019"):
        head, found, tail = lowered.partition(mark)
        if found:
            # Fujimori's -> fujimori; d'Ivoire and O'Higgins stay whole
            lowered = head if tail in ("s", "t", "re", "ve", "ll", "d", "m") else head + tail
    folded = fold(lowered)
    # A folded stop word is one only if its accented form is: "el" and "él" both go
    if lang == "und":
        return None if folded in _FOLDED_STOP["es"] or folded in _FOLDED_STOP["en"] else folded
    if folded in _FOLDED_STOP[lang]:
        return None
    if lang == "en":
        return fold(str(_stemmer("en").stemWord(folded)))
    # Snowball takes "rehén" and "rehen" for different words and "rehenes" for a third; with the
    # accents off first and the plural off before and after it, the three meet, as do inglés,
    # inglesa, ingleses and voz, voces. Costs 0.002 nDCG@10 on XQuAD against Snowball alone.
    singular = _singular(folded)
    if singular in _NO_INFINITIVES:
        return singular
    stem = _singular(fold(str(_stemmer("es").stemWord(singular))))
    return stem[:-1] + "c" if stem.endswith("z") else stem


def _singular(word: str) -> str:
    """A folded Spanish word without its plural ending."""
    if len(word) > 4 and word.endswith("es") and word[-3] not in "aeiou":
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and word[-2] in "aoe":
        return word[:-1]
    return word


def term_spans(text: str, lang: Lang) -> list[tuple[str, int, int]]:
    """Index terms of a text in order, each with the offsets of its word; stop words left out.

    Spanish and English words are stemmed (Snowball) and folded, ñ kept; ``und`` words are only folded.
    """
    found = []
    for word, start, end in words(text):
        term = _term(word, lang)
        if term:
            found.append((term, start, end))
    return found


def terms(text: str, lang: Lang) -> list[str]:
    """Index terms of a text in order, repeated as often as they occur."""
    return [term for word in _WORD.findall(text) if (term := _term(word, lang))]


# --------------------------------------------------------------------------- detection

# Words that one of the two languages uses all the time and the other never.
_ES_ONLY: Final = (_FOLDED_STOP["es"] | {"año", "años", "día", "dia", "ano"}) - (
    _FOLDED_STOP["en"]
    | {"a", "me", "he", "no", "son", "real", "sin", "has", "come", "era", "ha", "or"}
)
_EN_ONLY: Final = (_FOLDED_STOP["en"] | {"year", "years", "day", "its", "many", "much", "long"}) - (
    _FOLDED_STOP["es"] | {"a", "me", "he", "no", "has", "an", "son", "once"}
)
_ES_ASKING: Final = frozenset(
    "quien quienes cuando donde cual cuales cuanto cuanta cuantos cuantas".split()
)
_EN_ASKING: Final = frozenset(
    "who whom whose what when where which why how did does is are was were".split()
)
_ES_MARKS = re.compile(r"[aeiou]ci[oó]n(?:es)?\b|\b[a-z]+(?:idad|mente|amiento)\b")
_EN_MARKS = re.compile(
    r"\b[a-z]{2,}(?:ing|tion|ness|ly|ght|th)\b|\b(?:wh|th|sh|kn)[a-z]+|n't\b|[a-z]'s\b"
)
_IDENTIFIER = re.compile(r"\w*_\w*")
_ACCENTED = re.compile(r"[áéíóúü]")


@lru_cache(maxsize=100_000)
def _traces(word: str) -> tuple[float, float]:
    """How Spanish and how English a word in small letters looks, by itself."""
    folded = fold(word)
    spanish = float(folded in _ES_ONLY) + 0.5 * len(_ES_MARKS.findall(word))
    spanish += 0.25 * len(_ACCENTED.findall(word)) + 2.0 * word.count("ñ")
    return spanish, float(folded in _EN_ONLY) + 0.5 * len(_EN_MARKS.findall(word))


def detect(text: str) -> tuple[Lang, float]:
    """Language of a text and a confidence in 0..1; ``und`` when it shows no trace of either.

    Function words count 1, spelling that only one of the two has counts 0.5 (¿, ¡ and ñ count 2), a question word at the
    beginning counts 3, over the first 4,000 characters. Names and identifiers do not count: "Who was Íñigo Núñez?" is English.
    """
    sample = text[:4000]
    if "_" in sample:
        sample = _IDENTIFIER.sub(" ", sample)
    written = _WORD.findall(sample)
    said = [word for n, word in enumerate(written) if not (n and word[0].isupper())]
    # in a title or in capitals every word looks like a name
    if 4 * len(said) < len(written):
        said = written
    found = [word.lower() for word in said if not word[0].isdigit()]
    traces = [_traces(word) for word in found]
    spanish = sum(es for es, _ in traces) + 2.0 * sum(map(sample.count, "¿¡"))
    english = sum(en for _, en in traces)
    if found:
        first_word = fold(found[0])
        spanish += 3.0 * (first_word in _ES_ASKING)
        english += 3.0 * (first_word in _EN_ASKING)
    total = spanish + english
    if total == 0 or spanish == english:
        return "und", 0.0
    lang: Lang = "es" if spanish > english else "en"
    # Laplace: one stray word proves little, twenty of one kind prove much
    confidence = (max(spanish, english) + 0.25) / (total + 0.5)
    return lang, round(confidence, 3)


# --------------------------------------------------------------------------- sentences

_ABBREVIATIONS: Final = frozenset(
    """
    sr sra srta sres sras dr dra dres d dª dña ud uds vd vds prof profa ing lic arq gral cnel cap cmdte tte sgto
    alm mons pbro fr sto sta ee uu ff aa rr ss mm oo pp av avda avd c/ ctra pza pl urb apdo dpto depto edif izq dcha
    tel tfno fax cía cia art arts cf cfr cit ed eds ej fig figs núm num nro no nos pág págs pag pags p vol vols cap
    caps sec ss sig sigs aprox máx mín max min art inc ltd ltda s.a s.a.a km cm mm kg gr hab has ha máx vs etc ibíd
    ibid op a.c d.c a.m p.m m mr mrs ms messrs st mt jr sr gen col capt lt sgt maj cmdr adm gov sen rep hon rev pres
    univ dept est approx fig no nos vol vols pp ed eds al e.g i.e viz cf jan feb mar apr jun jul aug sep sept oct nov
    dec ene abr ago dic u.s u.k u.n ph ave blvd rd corp co bros
    """.split()
)
# Abbreviations that also end sentences: what follows decides.
_MAYBE_FINAL: Final = frozenset(
    {
        "etc",
        "uu",
        "aa",
        "c",
        "a.c",
        "d.c",
        "a.m",
        "p.m",
        "no",
        "m",
        "ha",
        "km",
        "u.s",
        "u.k",
        "u.n",
        "al",
        "inc",
        "co",
        "corp",
        "ltd",
        "jr",
        "kg",
        "cm",
        "mm",
        "hab",
    }
)
_SENTENCE_OPENERS: Final = frozenset(
    """
    el la los las lo un una unos unas en al del de por para con sin sobre desde hasta según tras ante entre este esta
    estos estas ese esa aquel su sus se no ni y pero aunque cuando como si mientras durante después antes luego
    entonces también además así hoy ayer allí ahí aquí quien él ella ellos ellas nadie todos todas muchos varios
    the a an in on at by for from with without of to after before during while when as if it its this that these
    those he she they we i there here then but and or so both all many some most such his her their
    """.split()
)
_CLOSERS = "\"'»”’)]}"
_OPENERS = "\"'«“‘([{¿¡—–-"
_END = re.compile(r"[.!?…]+[\"'»”’)\]]*(?=\s|$)|\n[ \t]*\n+|\n(?=[ \t]*(?:[-*•·]|\d{1,2}[.)])\s)")
_INITIALS = re.compile(r"(?:^|[\s(«“\"])(?:[^\W\d_]\.)+$")


def _ends_here(text: str, dot: int, after: int) -> bool:
    """Whether the full stop at ``dot`` closes a sentence, given that white space stands at ``after``."""
    following = text[after : after + 80].lstrip()
    if not following:
        return True
    opened = following.lstrip(_OPENERS)
    head = opened[:1]
    starts_new = head.isupper() or head.isdigit() or following[0] in _OPENERS or not head.isalpha()
    before = re.search(r"[^\s(«“\"¿¡]+$", text[max(0, dot - 40) : dot])
    word = before.group() if before else ""
    bare = word.lower().rstrip(".")
    if head.islower() and "\n" in text[after : after + 4]:
        # A row of a table, or a list: each stands for itself
        return len(bare) > 1 and bare not in _ABBREVIATIONS and bare not in _MAYBE_FINAL
    if head.islower():
        # a lower-case letter never opens a sentence after one stop
        return False
    if word[-1:].isdigit():
        # "1997. La crisis" ends; "art. 5. 3" and list numbers at the start of a line do not
        # (only a few characters back: a line may be the whole book)
        line = text[max(0, dot - 20) : dot].rpartition("\n")[2]
        return not (len(word) <= 2 and line.strip().isdigit()) and starts_new
    first = re.match(r"[^\W\d_]+", opened)
    next_word = first.group() if first else ""
    if bare in ("no", "nos"):
        # "No. 5" is a number, "Dijo que no. Luego" an end
        return not head.isdigit()
    if bare in _MAYBE_FINAL or word in ("C", "EE.UU", "U.S"):
        # "EE. UU. El", "44 a. C. La": a capitalised function word opens a new sentence
        if bare == "c" and not re.search(r"\b[ad]\.\s?$", text[max(0, dot - 6) : dot - 1]):
            return False if len(word) == 1 and word.isupper() else starts_new
        return next_word.lower() in _SENTENCE_OPENERS and next_word[:1].isupper()
    if bare in _ABBREVIATIONS:
        return False
    if len(word) == 1 and word.isalpha() and word.isupper():
        return False  # an initial: "J. Pérez"
    if _INITIALS.search(text[max(0, dot - 12) : dot + 1]) and len(word) <= 3:
        return next_word.lower() in _SENTENCE_OPENERS
    return starts_new


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Offsets of the sentences of ``text[start:end]``, in order, without the white space around them.

    Knows Spanish and English abbreviations (EE. UU., Sr., d. C., e.g.), initials, numbers at a
    sentence's end ("1997. La crisis") and list items; a blank line always ends a sentence.
    """
    limit = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    begin = start

    def close(stop: int) -> None:
        nonlocal begin
        a, b = begin, stop
        while a < b and text[a].isspace():
            a += 1
        while b > a and text[b - 1].isspace():
            b -= 1
        if a < b:
            found.append((a, b))
        begin = stop

    for match in _END.finditer(text, start, limit):
        mark = match.group()
        if mark[0] == "\n":
            close(match.start())
            continue
        stop = match.end()
        if stop >= limit:
            break
        bare = mark.rstrip(_CLOSERS)
        if bare == "." or bare == "…" or set(bare) == {"."}:
            if bare == ".":
                if _ends_here(text, match.start(), stop):
                    close(stop)
            elif (
                text[stop:limit].lstrip()[:1].isupper() or text[stop:limit].lstrip()[:1] in '¿¡«“"'
            ):
                close(stop)
        else:
            following = text[stop : stop + 40].lstrip()
            # "¡Basta!, dijo" and "«¿Quién?» preguntó" go on
            if not following[:1].islower() and following[:1] != ",":
                close(stop)
    close(limit)
    return found
