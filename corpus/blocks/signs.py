"""What one line, or a few words, is by its own signs: an item, a label with its value, a question, the end of a sentence, a title; and what
is none of these, such as a stamp, a telephone number or half a phrase.

Nothing here knows what stands around the line.
"""

from __future__ import annotations

import re
from typing import Final

from corpus.blocks.divisions import division_of
from corpus.divisions import cardinal
from corpus.readers.draft import MARKS, PICTURE

# So long is each of these at most.
MAX_HEADING_CHARS: Final = 100
MAX_HEADING_WORDS: Final = 9
MAX_BARE_HEADING_WORDS: Final = 7
MAX_CAPTION_CHARS: Final = 60
MAX_VALUE_CHARS: Final = 160
_MAX_LABEL_WORDS: Final = 6
# Lines without a mark are items below a lead-in where they are short and alike.
MAX_BARE_ITEM_CHARS: Final = 120
MAX_STATEMENT_CHARS: Final = 2_000
"""Of a stretch that counts only if it is one line, so much is looked at."""

# "15.000 euros" is a sum, "(402) 555-0166" dials, "-Informe" is an item as "- Informe" is
ITEM = re.compile(
    rf"([ \t]*)(?:(?:[{MARKS}-]|o(?= +[A-ZÁÉÍÓÚÑ])|(?!\(?\d{{1,3}}(?:\.\d{{3}})+(?!\.?\d))"
    r"(?!\((?:\d{3}|0\d)\)[ \t]*\d{3,4}[-. ]\d{3,4}\b|\(\d\d\)[ \t]*\d{4}[-. ]\d{4}[ \t]*(?:\n|\Z))"
    r"(\(?(?:\d{1,3}(?:\.\d{1,3}){0,3}|[a-zñ]|[ivx]{1,5})(?:\.-|\.?\)\.?|[º°]\.|[.º])-?|\(?[A-Z]\)"
    r"|[a-zñ]\.\d{1,2}\)|\d{1,2}(?:\.\d{1,3}){1,3}))[ \t]+|-(?=[A-ZÁÉÍÓÚÑ¿][a-záéíóúñü]))(?=\S)"
)
# "No, hace falta: …" answers, and names nothing
LABEL = re.compile(
    rf"(?:{PICTURE}[ \t]*)?((?!(?:No|S[ií]|Yes),)(?=[A-ZÁÉÍÓÚÑ¿\d])[^:;.!?\n|]{{1,48}}?)[ \t]*:[ \t]+(\S.*)"
)
# "Estimadas familias,", "Dear Ms Lobo:", "Hi all," over a letter, and what stands over the names below it
_GREETS = re.compile(
    r"(?:estimad[oa]s?|querid[oa]s?|apreciad[oa]s?|distinguid[oa]s?|dear|hola|hi|hello)\b[^.:;]{0,60}[,:]"
    r"|(?:buen[oa]s (?:días|tardes|noches)|good (?:morning|afternoon|evening))\b[^.:;]{0,60}[,:]"
    r"|(?:(?:recib[ae]n? )?un (?:cordial|afectuoso|fuerte)? ?saludo|saludos(?: cordiales)?|atentamente"
    r"|(?:(?:kind|best|warm) (?:regards|wishes)|(?:yours )?sincerely|yours (?:faithfully|truly)))[.,]?",
    re.IGNORECASE,
)
# "P.O. Box" and "A-1" are other signs
ASKED = re.compile(
    r"(?![PQ][.-][A-Z\d]\b)(?:[PQ]|Pregunta|Question)[ \t]*\d{0,3}[ \t]*[.:)-]+[ \t]*\S"
)
ANSWERED = re.compile(
    r"(?![RA][.-][A-Z\d]\b)(?:[RA]|Respuesta|Answer)[ \t]*\d{0,3}[ \t]*[.:)-]+[ \t]*\S"
)
# "P.K.: 12,4", "N.B.: …"
_ABBREVIATED_NAME = re.compile(r"(?:[A-Z]\.){2,4}:[ \t]")
LEADERS = re.compile(r"\S.*?(?:\.[ \t]?){4,}[ \t]*(?:\d{1,4}|\d{1,3},\d{3}|[ivxlc]{1,6})")
# "[12/3/26, 19:04] Ana: …", "12/3/26, 19:04 - Ana: …", "2026-03-12 19:04 <ana> …"
_TIME: Final = r"\d{1,2}:\d{2}(?::\d{2})?(?:[ \u202f\xa0]?[ap]\.?[ \xa0]?m\b\.?)?"
_DAY: Final = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4},?[ T]"
MESSAGE = re.compile(
    rf"[\u200e\u200f]?(?:\[(?:{_DAY})?{_TIME}\]|{_DAY}{_TIME}(?: [-–](?= )|(?= <)))[ ]"
    r"(?P<writer>[^:<>\n]{1,40}(?=: \S)|<[^<>\n]{1,30}>(?= \S))?",
    re.IGNORECASE,
)
"""Where a message of a conversation begins, with when it was sent and who wrote it, if anybody did."""
_CLOSED = re.compile(r"[.,;:!?…][\"'»”’)\]]*(?: ?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)*\Z")


def greets(line: str) -> bool:
    """Whether a line is nothing but the words over a letter, or those over the name below it."""
    return _GREETS.fullmatch(line) is not None


def is_closed(said: str) -> bool:
    """Whether a text ends as a sentence, or a part of one, does."""
    return _CLOSED.search(said) is not None


def begins_anew(line: str) -> bool:
    """Whether a line begins an article, an item, a question, an answer or a message, so that it goes on with nothing before it."""
    signs = (ITEM, ASKED, ANSWERED, _ABBREVIATED_NAME, MESSAGE)
    return bool(division_of(line) or any(sign.match(line) for sign in signs))


def label_of(line: str) -> re.Match[str] | None:
    """A name with its value, "Horario: de 9 a 14", that is all of a line; None for anything else."""
    found = LABEL.fullmatch(line.strip())
    if found is None or len(found[1].split()) > _MAX_LABEL_WORDS:
        return None
    if found[2].endswith(":"):  # "Name: Date of birth:" of a form that nobody filled in
        return None
    return found if len(found[2]) <= MAX_VALUE_CHARS else None


def is_short(line: str) -> bool:
    """Whether a line is as short as a title and ends no sentence."""
    return (
        len(line) <= MAX_HEADING_CHARS
        and "\n" not in line
        and not is_closed(line)
        and len(line.split()) <= 14
        and any(map(str.isalpha, line))
    )


# "5.1. La cuota será de diez euros." says something
_SAYS = re.compile(
    r"\b(?:es|son|está|están|será|serán|debe|deben|deberá|deberán|puede|pueden|podrá|podrán|tiene|tienen|tendrá|tendrán|habrá"
    r"|is|are|shall|must|will|may|can)\b"
)


def states(line: str) -> bool:
    """Whether a line has a verb by which it says something of its own."""
    return _SAYS.search(line) is not None


# "The treasurer shall", "Otros cargos son", "including, but not limited to"
_MID_SENTENCE = re.compile(
    rf"(?:{_SAYS.pattern}|\b(?:shall|to|including|incluye|incluyen)\b|[^\s–—-][ ]?(?:--|[–—]))\Z"
)


def breaks_off(said: str) -> bool:
    """Whether a sentence stops behind its verb, or a dash, and goes on below."""
    return _MID_SENTENCE.search(said) is not None


# No sentence ends in these: "CANDELAS, LA" goes on in "HOYA, EL CASAR"
_UNFINISHED = re.compile(
    r"\w[,;]?\s(?:el|la|los|las|de|del|al|y|e|o|en|con|por|para|una?|sus?|que|that|the|an?|of|and|or|to|in|for|with|by|at|from)\Z",
    re.IGNORECASE,
)


def is_unfinished(said: str) -> bool:
    """Whether a text stops in the middle of a phrase, behind a word that joins it to another."""
    return _UNFINISHED.search(said) is not None


def is_title_of_series(line: str) -> bool:
    """Whether a line with a number names what stands below it, be it with a colon at its end or, of a few words, a full stop."""
    few = len(line.split()) <= MAX_HEADING_WORDS
    bare = line[:-1] if line[-1] == ":" or (few and line[-1] == ".") else line
    return is_short(bare) and not states(line)


ROMAN_TITLE = re.compile(r"([IVX]{1,5})[.)]-?[ \t]+[¿A-ZÁÉÍÓÚÑ]")


def is_roman_title(line: str) -> bool:
    """Whether a line is a Roman number and a few words: "II. Compra de entradas"."""
    return ROMAN_TITLE.match(line) is not None and is_title_of_series(line)


_MARKED = re.compile(r"\(?[\w.]{1,6}\)")


def closes_before(line: str) -> bool:
    """Whether a line closes a bracket that was opened before it: "5-29-2013, approved 10-8-2013]"; "a) …" does not."""
    depth = 0
    for sign in _MARKED.sub("", line, count=1) if _MARKED.match(line) else line:
        depth += (sign in "([") - (sign in ")]")
        if depth < 0:
            return True
    return False


# "quince / (15) días": a number in words, and in figures on the next line
_NUMBER_WORD = re.compile(
    r"\b(?:un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieci[a-zé]+|veint[a-zéú]+|treinta"
    r"|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien(?:to)?|\w*cient[oa]s|mil|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|hundred|thousand)\Z",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"\((\d{1,4})\) (?P<small>[^\W\d_A-Z])?")


def says_again(before: str, line: str) -> bool:
    """Whether a line begins with the figures of a number that the one before ends with in words: no item begins there."""
    figures, word = _FIGURES.match(line), _NUMBER_WORD.search(before)
    if figures is None or word is None:
        return False
    # In a capital letter only the very number goes on: "six / (6) Trustees"
    return figures["small"] is not None or cardinal(word[0]) == int(figures[1])


# "SEGUNDO PREMIO 300 €", "Second prize $300"
_PRICED = re.compile(
    r"[^\W\d_].*\s(?:(?:US)?[$€£]\s?\d[\d.,]*|\d[\d.,]*\s?(?:[$€£]|euros|pesos|dollars))(?:\.-)?\Z"
)


def is_priced(line: str) -> bool:
    """Whether a line is a name and, at its end, a sum of money."""
    return _PRICED.fullmatch(line) is not None


_CONTACT = re.compile(
    r"(?:\(\d{3}\)|(?<!\d)\d{3})[ .-]\d{3}[ .-]\d{4}(?!\d)|\b[A-Z]{2},? \d{5}(?:-\d{4})?\Z"
    # "Avenida del Puerto, Nº 7", "28025 Madrid"
    r"|\A(?i:calle|c/|avenida|avda?\.?|plaza|paseo|carretera|camino|ronda|pol[íi]gono)\s?[^.:;\n]{2,60}(?:,|\b[Nn]\.?[º°])\s?(?:[Nn]\.?[º°]\s?)?"
    r"\d{1,4}(?: ?[A-Za-z]| bis)?(?:\s?[,(–-]\s?[^.:;\n]{1,40})?\Z"
    r"|\A\d{5} [A-ZÁÉÍÓÚÑ][a-záéíóúñ]+(?:[ ,(]{1,2}[\wáéíóúñ]+\)?){0,3}\Z"
    r"|(?:\A|[\s:])[\w.+-]+@[\w-]+(?:\.[\w-]+)+\Z"
    r"|\A(?i:address|direcci[óo]n|domicilio|phone|toll free|tel[ée]fono|tel\.|fax|office hours|horario de oficina)\b.*\d"
)


def is_contact(line: str) -> bool:
    """Whether a line is or ends in an address, or has a telephone number: it is no heading however it is set."""
    return _CONTACT.search(line) is not None


_STAMP = re.compile(
    r"\W*(?:(?:first|second|final|preliminary|working)? ?draft|enrolled|engrossed|(?:for immediate|press) release|confidential|copy"
    r"|borrador(?: final)?|confidencial|copia|(?:para (?:su )?(?:publicaci[óo]n|difusi[óo]n)|difusi[óo]n) inmediata|(?:nota|comunicado) de prensa)\W*",
    re.IGNORECASE,
)


def is_stamp(text: str) -> bool:
    """Whether a line is what is stamped upon a paper, "DRAFT", "For immediate release", and not what it is called."""
    return _STAMP.fullmatch(text) is not None
