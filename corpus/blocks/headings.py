"""Which paragraphs stand as headings over what follows them, though nothing says so: by their signs, by what stands around them, and by what
the text looks like as a whole; and which headings of the format are text.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from corpus.blocks.counting import counts_of, counts_on, is_first
from corpus.blocks.divisions import (
    CLAUSE_LEVEL,
    DEEPER_TITLE,
    division_of,
    heading_level,
    is_numbered,
    is_numbered_capitals,
    names_division,
)
from corpus.blocks.leaf import Placed
from corpus.blocks.signs import (
    ITEM,
    LABEL,
    LEADERS,
    MAX_BARE_HEADING_WORDS,
    MAX_BARE_ITEM_CHARS,
    MAX_HEADING_CHARS,
    MAX_HEADING_WORDS,
    begins_anew,
    breaks_off,
    closes_before,
    greets,
    is_closed,
    is_contact,
    is_priced,
    is_short,
    is_title_of_series,
    is_unfinished,
    label_of,
    states,
)
from corpus.dates import says_when
from corpus.readers.draft import LINE, MARKS
from corpus.ticks import is_ticked


@dataclass(frozen=True, slots=True)
class Look:
    """What a text looks like as a whole. ``sparse``: its short lines are few, so that they head the others; ``loud``: it is typed in capitals;
    ``titled``: its articles have titles; ``counts``: the parts, by their place, that say how many there are of something; ``roles``: what
    short lines below others say in several places."""

    sparse: bool
    loud: bool
    titled: bool
    counts: frozenset[int]
    roles: frozenset[str]


def look_of(text: str, parts: Sequence[Placed]) -> Look:
    """What a text looks like, by all of its parts."""
    return Look(
        sparse=_short_lines_are_few(text, parts),
        loud=_is_loud(text),
        titled=_articles_are_titled(text, parts),
        counts=_counts_of_things(text, parts),
        roles=_roles(text, parts),
    )


def is_heading(text: str, parts: Sequence[Placed], n: int, look: Look) -> bool:
    """Whether part ``n``, a paragraph, stands as a heading over what follows it."""
    return (
        n not in look.counts
        and not _dates_all(text, parts, n)
        and _is_heading_line(text, parts, n, look)
    )


def _dates_all(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether part ``n`` is the date of the whole text, below its title, and not the first of several that each stand over a day of it."""
    if (
        n != 1
        or parts[0].part.kind != "heading"
        or not says_when(text[parts[1].start : parts[1].end])
    ):
        return False
    return not any(says_when(text[later.start : later.end]) for later in parts[2:])


def is_text(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether part ``n``, a heading by its format, is text: below the first a sentence that says something, or the name of who signs a law; on a
    printed page also the end of a sentence."""
    placed = parts[n]
    if n and is_statement(text[placed.start : placed.end]):
        return True
    if _is_signatory(text, parts, n) and (
        _is_office(text, parts, n - 1)
        or (_is_office(text, parts, n + 1) and _is_signatory(text, parts, n + 2))
    ):
        return True
    return placed.part.page > 0 and _is_rest(text, parts, n)


# So long are titles of articles where nearly all of them have one, or where "1." follows.
_MAX_TITLED_WORDS: Final = 16
_LEAST_TITLED: Final = 5
LEAST_TITLED_SHARE: Final = 0.8
"""Of so many articles nearly all have a title."""
# Short lines are headings where fewer parts than this are short, else they are verse, names, a list; and where most of the
# others end as sentences do, else they are sentences without their stop.
_MAX_SHORT_SHARE: Final = 0.5
_LEAST_CLOSED_SHARE: Final = 0.6


def _short_lines_are_few(text: str, parts: Sequence[Placed]) -> bool:
    """Whether most paragraphs of a text are longer than a title, and end as sentences do."""
    prose = [p for p in parts if p.part.kind == "paragraph"]
    short = [is_short(text[p.start : min(p.end, p.start + 200)]) for p in prose]
    n_long = len(short) - sum(short)
    n_closed = sum(
        1
        for p, one in zip(prose, short, strict=True)
        if not one and is_closed(text[max(p.start, p.end - 8) : p.end])
    )
    few = sum(short) <= max(1, _MAX_SHORT_SHARE * len(short))
    return few and n_closed >= _LEAST_CLOSED_SHARE * n_long


# A text of which so much is written in capitals was typed so: they stand out of nothing.
_LOUD_SHARE: Final = 0.6
_LOUD_SAMPLE_CHARS: Final = 20_000


def _is_loud(text: str) -> bool:
    """Whether a text is typed in capitals."""
    sample = text[:_LOUD_SAMPLE_CHARS]
    n_upper, n_lower = sum(map(str.isupper, sample)), sum(map(str.islower, sample))
    return n_upper > 200 and n_upper > _LOUD_SHARE * (n_upper + n_lower)


def _articles_are_titled(text: str, parts: Sequence[Placed]) -> bool:
    """Whether nearly all articles of a text begin with a title and a full stop, "Artículo 3. Ordenación del suelo y del territorio.", over
    a text of their own."""
    found: list[bool] = []
    for placed, after in pairwise(parts):
        if placed.part.kind != "paragraph" or placed.end - placed.start > 10 * MAX_HEADING_CHARS:
            continue
        line = text[placed.start : placed.end]
        division = division_of(line)
        if division is None or heading_level(line) < CLAUSE_LEVEL or division.end() == len(line):
            continue
        follows = text[after.start : min(after.end, after.start + 400)]
        found.append(_is_title_over(line[division.end() :], follows))
    return sum(found) >= _LEAST_TITLED and sum(found) >= LEAST_TITLED_SHARE * len(found)


def _is_title_over(said: str, follows: str) -> bool:
    """Whether a few words and a full stop stand over a longer text, or what leads in to one, that begins no other article."""
    return (
        said[-1:] == "."
        and "\n" not in said
        and len(said.split()) <= _MAX_TITLED_WORDS
        and ". " not in said
        and not states(said)
        and (len(follows) > len(said) or follows.endswith(":"))
        and division_of(follows) is None
    )


_BARE_NUMBER = re.compile(r"(\d{1,2})[ \t]+[A-ZÁÉÍÓÚÑ][^\n.:;]{0,60}")
_PLURAL = re.compile(r"[^\W\d_]{3,}s\b")


def _counts_of_things(text: str, parts: Sequence[Placed]) -> frozenset[int]:
    """The parts, by their place, that say how many there are of something, "2 Delegates", and have no number of their own: no other has the
    one before or after it."""
    found: dict[int, int] = {}
    for n, placed in enumerate(parts):
        if placed.part.kind in ("paragraph", "heading"):
            bare = _BARE_NUMBER.fullmatch(text, placed.start, placed.end)
            if bare is not None:
                found[n] = int(bare[1])
    numbers = set(found.values())
    return frozenset(
        n
        for n, number in found.items()
        if number > 1
        and not parts[n].part.strong
        and numbers.isdisjoint((number - 1, number + 1))
        and _PLURAL.search(text, parts[n].start, parts[n].end)
    )


def _roles(text: str, parts: Sequence[Placed]) -> frozenset[str]:
    """What short lines right below other short ones say in several places: what each of some persons is."""
    lines = [_is_line(text, parts, n) for n in range(len(parts))]
    below = (one for n, one in enumerate(parts) if lines[n] and n and lines[n - 1])
    said = Counter(text[one.start : one.end] for one in below)
    return frozenset(line for line, n in said.items() if n > 1)


_NUMBER_FIRST = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.? [A-ZÁÉÍÓÚÑ]")


def _is_heading_line(text: str, parts: Sequence[Placed], n: int, look: Look) -> bool:
    """Whether part ``n``, one short line, stands over what follows it."""
    placed, after = parts[n], parts[n + 1] if n + 1 < len(parts) else None
    if placed.end - placed.start > 2 * MAX_HEADING_CHARS:
        return False
    line = text[placed.start : placed.end]
    if division_of(line) is not None:
        return _is_division_heading(line, text, after, look.titled, strong=placed.part.strong)
    if (
        _is_no_title(line)
        or _follows_half_a_phrase(text, parts, n)
        or _is_signature(text, parts, n)
    ):
        return False
    if is_numbered_capitals(line) and not look.loud:
        return True
    # "OBJETO.", "1. Objeto." and a date in bold are headings with a full stop, "Hecho en Lima." is a sentence
    shouts = line.isupper() and not look.loud
    stopped = shouts or is_numbered(line) or (placed.part.strong and says_when(line))
    bare = line.rstrip(".") if stopped else line
    # "WARNING – Risk of fire!" in print; elsewhere such a line is said aloud
    warns = placed.part.strong and placed.part.page and len(line.split()) <= MAX_HEADING_WORDS
    bare = bare.rstrip("!") if warns else bare
    bare = bare.rstrip(":") if shouts or _names_what_follows(text, placed, after) else bare
    named = is_short(bare) or is_title_of_series(line)
    if named and _opens_deeper(text, parts, n, look):
        return True
    if not is_short(bare) or (line[-1] == ":" and after is not None and _begins_list(text, after)):
        return False
    deeper = DEEPER_TITLE.match(line) is not None and not is_closed(line)
    if deeper and after is not None and _begins_list(text, after):
        return _heads_items(text, placed, after)
    if _names_list(text, parts, n, look.sparse):
        return True
    if not (placed.plain or placed.part.strong):
        return (look.sparse or deeper) and _stands_over(text, parts, n, look.roles)
    # "3 Change to the course: Boats" in bold is a section
    labelled = LABEL.fullmatch(line) and not (placed.part.strong and _NUMBER_FIRST.match(line))
    if after is None or LEADERS.fullmatch(line) or labelled:
        return False
    if not (line[0].isupper() or line[0].isdigit() or line[0] == "¿" or _ADDED.match(line)):
        return False
    if _AMOUNT.match(line) or (_COUNTED_THINGS.match(line) and not placed.part.strong):
        return False
    if placed.part.strong or (shouts and len(line) > 3):
        return not (
            _is_price_of_several(text, parts, n)
            or _is_value_of_sign(text, parts, n)
            or _is_blank(text, parts, n)
            or _is_announced(text, parts, n)
            or _is_one_of_bold_lines(text, parts, n)
        )
    following = text[after.start : min(after.end, after.start + 400)]
    if is_numbered(line):
        # In a list of short things the next is as short, and an item has nothing below it
        is_listed = is_short(following) or counts_on(line, following)
        return not (is_listed and is_numbered(following))
    body = after.part.kind != "paragraph" or len(following) > 1.5 * len(line)
    few_words = len(line.split()) <= MAX_HEADING_WORDS
    return look.sparse and few_words and body and not is_short(following) and not ITEM.match(line)


# "Artículo 7. Derecho de admisión." is a heading, "Artículo 8. La piscina abre a las diez." says something.
_MAX_STOPPED_WORDS: Final = 4


def _is_division_heading(
    line: str, text: str, after: Placed | None, titled: bool, *, strong: bool = False
) -> bool:
    """Whether all of a line that begins as "Artículo 7." does is a heading: what it says there is no sentence of its own. ``titled``: the
    articles of this text have titles."""
    found = division_of(line)
    assert found is not None
    said = line[found.end() :]
    # "Artículo 2. OBJETIVOS:" names what follows, "Artículo 2. Los socios pueden:" leads in to it
    if said[-1:] == ":" and (said.isupper() or strong) and not states(said.lower()):
        said = said[:-1]
    if breaks_off(said):
        return False
    n_words = len(said.split())
    follows = "" if after is None else text[after.start : min(after.end, after.start + 400)]
    if "\n" in line or n_words > _MAX_TITLED_WORDS:
        return False
    # "Sec. 30-182. - Mooring of boats that are lent.", as American codes have it
    dashed = heading_level(line) < CLAUSE_LEVEL and (found["stop"] or "").startswith(". ")
    if (titled or dashed) and _is_title_over(said, follows):
        return True
    # What stands beside "Capítulo V:" is its name, however long
    is_named = said.isupper() or (found["stop"] and not is_closed(said))
    if is_named and heading_level(line) < CLAUSE_LEVEL:
        return True
    # "1. …" below it is said of it
    listed = is_first(follows) and not is_short(follows)
    if n_words > MAX_HEADING_WORDS and not listed:
        return False
    if not is_closed(said):
        return n_words <= MAX_HEADING_WORDS
    few_words = n_words <= _MAX_STOPPED_WORDS or (listed and not states(said))
    if not few_words or said[-1] != "." or not follows:
        return False
    # What follows is said of it: "Capítulo I. Fines." before "Artículo 1.", "Artículo 20. Reuniones." before "20.1."
    if division_of(follows) is not None:
        return heading_level(follows) > heading_level(line)
    number = re.search(r"\d+", line)
    own = number is not None and re.match(rf"{number[0]}\.\d", follows) is not None
    return own or listed or (len(follows) > len(said) and not begins_anew(follows))


def _heads_items(text: str, placed: Placed, after: Placed) -> bool:
    """Whether a title with a number stands over a list: "3.2 Uso de la piscina" over "1) …" or "• …", not over "3.3 …" or "4. …", unless it alone
    is bold."""
    if placed.part.strong and not after.part.strong:
        return True
    said = text[after.start : min(after.end, after.start + MAX_HEADING_CHARS)]
    mark = ITEM.match(said)
    return mark is None or not mark[2] or is_first(said)


# "Actualizado el 3 de mayo de 2031", "Version 2 · Effective 3 May 2031"
_WRITTEN_ON = re.compile(
    r"(?:(?:versi[oó]n|[uú]ltima|fecha de|last|page)\b[ \d.]*\W*)*"
    r"(?:(?:actualiza|publica|revisa|modifica)(?:d[oa]|ci[oó]n)|revisi[oó]n|vigente|updated|modified|reviewed|revised|posted|published|effective)\b"
    r"(?:\W+(?:el|on|de|desde|from|d[ií]a)\b)*\W{1,3}(?:\d{1,2}\b|[a-z]{3,10} \d).*\b(?:19|20)\d\d\W*\Z",
    re.IGNORECASE,
)
# The last line of the address over a letter
_ADDRESS_ENDS = re.compile(
    r"(?:p ?r ?e ?s ?e ?n ?t ?e|s ?[./] ?d|su despacho)[. ]?-*", re.IGNORECASE
)


def _is_no_title(line: str) -> bool:
    """Whether a line is too long for a title, ends what began before it, says something behind its number, when a text was written, or where
    somebody is found, or has a blank to write on or a box to tick."""
    if len(line) > MAX_HEADING_CHARS or closes_before(line) or "____" in line:
        return True
    if is_ticked(line):
        return True
    if _WRITTEN_ON.match(line) or is_contact(line) or _ADDRESS_ENDS.fullmatch(line):
        return True
    return is_numbered(line) and line[-1] == "." and states(line)


# "2 huevos", "1 Taza de harina", "2 cups flour" in a recipe whose amounts are bold
_AMOUNT = re.compile(
    r"(?:\d{1,4}(?:[.,/]\d{1,3})?|½|¼|¾) ?(?:(?:g|gr|kg|ml|cl|l|oz|lb)\b|unidad|taza|cuchara|kilo|gramo|litro|paquete|pizca|huevos?\b"
    r"|cups?\b|tablespoon|teaspoon|tbsp|tsp|ounce|pound|eggs?\b)",
    re.IGNORECASE,
)

# "+ Storage of boats" is what is paid for beside "Basic membership"
_ADDED = re.compile(r"\+ ?[A-ZÁÉÍÓÚÑ]")
# "7 boats were lent"; "7. boats" may be a section, and "7 Boats" where another is "6 Oars"
_COUNTED_THINGS = re.compile(r"\d{1,2} [a-zñáéíóú]")

# What each gives, in so few lines, stands between prices that are set as headings.
_PRICES_APART: Final = 4


def _is_price_of_several(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether a line that ends in a sum stands beside others that do, or near others in bold with little between them: they are a list
    of prices, and head nothing."""
    own = text[parts[n].start : parts[n].end].split("\n")
    if not is_priced(own[0].strip()):
        return False
    first = max(0, n - _PRICES_APART)
    near = [
        part
        for at, part in enumerate(parts[first : n + _PRICES_APART + 1], first)
        if abs(at - n) < 2 or part.part.strong
    ]
    lines = [line for part in near for line in text[part.start : part.end].split("\n")]
    return sum(is_priced(line.strip()) for line in lines) > 1


# "DNI:", "CURP:"; "DATOS:" may be a title
_MAX_ABBREVIATION_CHARS: Final = 5


def _is_blank(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether an abbreviation and a colon stands between lines that end in one: it is a blank of a form."""
    short = parts[n].end - parts[n].start <= _MAX_ABBREVIATION_CHARS
    if not short or not 0 < n < len(parts) - 1:
        return False
    return all(text[placed.end - 1] == ":" for placed in parts[n - 1 : n + 2])


def _is_value_of_sign(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether a line without a picture sign stands between two bold ones that begin with one: "⭐ Dificultad", "Fácil", "🛒 Ingredientes"."""
    if not 0 < n < len(parts) - 1:
        return False
    before, own, after = (
        part.part.strong
        and unicodedata.category(text[part.start]) == "So"
        and text[part.start] not in MARKS
        for part in parts[n - 1 : n + 2]
    )
    return before and after and not own


_MAX_ANNOUNCED: Final = 4


def _is_announced(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether a bold line is what a paragraph ends in a colon for, with a few more lines of it below: "We meet at:", "Old Boathouse",
    "4 Pier Road"."""
    line = text[parts[n].start : parts[n].end]
    if not 0 < n < len(parts) - 1 or text[parts[n - 1].end - 1] != ":" or line.isupper():
        return False
    if parts[n - 1].part.kind != "paragraph" or parts[n - 1].part.strong:
        return False
    below = [_is_line(text, parts, at) for at in range(n + 1, n + 1 + _MAX_ANNOUNCED)]
    return below[0] and not parts[n + 1].part.strong and not all(below)


def _is_line(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether part ``n`` is a paragraph as short as a title."""
    if not 0 <= n < len(parts) or parts[n].part.kind != "paragraph":
        return False
    start, end = parts[n].start, parts[n].end
    return is_short(text[start : min(end, start + MAX_HEADING_CHARS + 1)])


_LEAST_BOLD_LINES: Final = 4
_MAX_TITLE_PARTS: Final = 8
# "Rules of the Court (PDF)", "Minutes 2024.pdf (old)"
_NAMES_FILE = re.compile(
    r".*(?:\.(?:pdf|docx?|xlsx?)\b|\((?:pdf|docx?|word|excel)\)\Z)", re.IGNORECASE
)


def _is_one_of_bold_lines(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether a bold line names a file, or is one of many with nothing below any of them: fields of a form, who takes part. At the
    beginning, and over a text, such lines are a title; a number makes each a section."""
    if _NAMES_FILE.match(text, parts[n].start, parts[n].end):
        return True
    if not _is_bold_line(text, parts, n):
        return False
    first = last = n
    while _is_bold_line(text, parts, first - 1):
        first -= 1
    while _is_bold_line(text, parts, last + 1):
        last += 1
    several = first >= _MAX_TITLE_PARTS and last - first + 1 >= _LEAST_BOLD_LINES
    return several and not _is_prose(text, parts, last + 1)


def _is_bold_line(text: str, parts: Sequence[Placed], n: int) -> bool:
    if not _is_line(text, parts, n) or not parts[n].part.strong:
        return False
    line = text[parts[n].start : parts[n].end]
    return not (line.isupper() or is_numbered(line) or says_when(line))


_GREETS = re.compile(r"(?:muy )?(?:estimad|querid|apreciad|distinguid|señor|dear\b)", re.IGNORECASE)


def _names_what_follows(text: str, placed: Placed, after: Placed | None) -> bool:
    """Whether a few bold words and a colon stand over a whole paragraph of text: "Riesgos:", no lead-in to short lines."""
    if not placed.part.strong or after is None or after.part.strong:
        return False
    if _GREETS.match(text, placed.start):
        return False
    said = text[after.start : after.end]
    return (
        after.part.kind == "paragraph"
        and len(text[placed.start : placed.end].split()) <= MAX_BARE_HEADING_WORDS
        and len(said) > MAX_BARE_ITEM_CHARS
        and (said[0].isupper() or said[0].isdigit())
        and is_closed(said)
        and not begins_anew(said)
    )


_SECTION = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z])[.)]?[-–—]?[ \t]+(?=[^\W\d_])")


def _opens_deeper(text: str, parts: Sequence[Placed], n: int, look: Look) -> bool:
    """Whether part ``n`` has a number, such as "3.", to which that of the next part adds one: "3.1" before a text or a heading."""
    number = _SECTION.match(text, parts[n].start, parts[n].end)
    if number is None or n + 1 == len(parts) or parts[n + 1].part.kind != "paragraph":
        return False
    after = parts[n + 1]
    deeper = _SECTION.match(text, after.start, after.end)
    if (
        deeper is None
        or not deeper[1].startswith(f"{number[1]}.")
        or LEADERS.fullmatch(text, after.start, after.end)
    ):
        return False
    # In a list of contents it stands over one more of its lines
    said = text[after.start : min(after.end, after.start + 2 * MAX_HEADING_CHARS)]
    return not is_short(said) or _is_heading_line(text, parts, n + 1, look)


def _begins_list(text: str, after: Placed) -> bool:
    return after.part.kind == "item" or ITEM.match(text, after.start, after.end) is not None


# "B. Métricas de evaluación", "3.2 Scope"
_NUMBERED_TITLE = re.compile(r"(?:[A-H]\.|\d{1,2}(?:\.\d{1,2}){1,3}\.?)[ \t]+[¿A-ZÁÉÍÓÚÑ]")

# A telephone number is no heading.
_MAX_BARE_HEADING_DIGITS: Final = 8
_LEAST_BODY_CHARS: Final = 50


def _stands_over(text: str, parts: Sequence[Placed], n: int, roles: frozenset[str]) -> bool:
    """Whether a few words without a mark of their own stand over a whole paragraph, where the format marks other headings.

    On a printed page the letters would be other ones; there capitals are the least, and may stand over a list, too.
    """
    line = text[parts[n].start : parts[n].end]
    after = parts[n + 1] if n + 1 < len(parts) else None
    if after is None or after.part.kind != "paragraph" or after.part.strong:
        return False
    if parts[n].part.apart:  # Who writes it, over what they are for, at the foot of a page
        return False
    if not after.part.page and (
        _is_last_of_lines(text, parts, n, roles) or _names_above(text, parts, n)
    ):
        return False
    most = MAX_BARE_HEADING_WORDS + 3 * (_NUMBERED_TITLE.match(line) is not None)
    if len(line.split()) > most or not (line[0].isupper() or line[0].isdigit()):
        return False
    if is_unfinished(line.rstrip(":")):
        return False
    numbered = _NUMBERED_TITLE.match(line) is not None
    if after.part.page:
        shouts = _shouts(text, parts, n)
        if shouts and line[-1] != ":" and not counts_of(line) and _opens_list(text, after):
            return True
        if not (shouts or (numbered and line[-1] != ":")):
            return False
    elif line.isupper() != (line[-1] == ":"):
        return False
    if sum(map(str.isdigit, line)) > _MAX_BARE_HEADING_DIGITS:
        return False
    said = text[after.start : after.end]
    return (
        len(said) >= _LEAST_BODY_CHARS
        and is_closed(said)
        and (said[-1] != ":" or line.isupper())
        and said[0].isupper()
        and not (LABEL.fullmatch(line) or LEADERS.fullmatch(line))
        and (numbered or not ITEM.match(line))
        and not (begins_anew(said) or label_of(said.split("\n")[0]))
        and line[-1] != ","
    )


def _is_last_of_lines(text: str, parts: Sequence[Placed], n: int, roles: frozenset[str]) -> bool:
    """Whether a line stands below others as short that head nothing, or below one that is announced, or where what it says is said so in
    several places: what each of some boxes says, what somebody is."""
    if not _is_line(text, parts, n - 1) or text[parts[n - 1].start : parts[n - 1].end].isupper():
        return False
    announced = n > 1 and text[parts[n - 2].end - 1] == ":"
    return announced or _is_line(text, parts, n - 2) or text[parts[n].start : parts[n].end] in roles


def _names_above(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether a name is that of who says what stands above it: others stand below a text of their own each, and the last over none."""
    last = n
    while _is_name(text, parts, last + 2) and _is_prose(text, parts, last + 1):
        last += 2
    return last > n and _is_name(text, parts, n) and not _is_prose(text, parts, last + 1)


def _is_prose(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether part ``n`` is a paragraph that is longer than a title."""
    return n < len(parts) and parts[n].part.kind == "paragraph" and not _is_line(text, parts, n)


def _is_name(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether part ``n`` is a paragraph that is nothing but what may be the name of somebody."""
    if n >= len(parts) or parts[n].part.kind != "paragraph":
        return False
    return _SIGNATORY.fullmatch(text, parts[n].start, parts[n].end) is not None


_LEAST_SHOUTED: Final = 4
_BULLETED = re.compile(rf"[ \t]*[{MARKS}-][ \t]+\S")


def _shouts(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether a line is some words in capitals, and none that were announced: "The sign says:", "NO PARKING"."""
    line = text[parts[n].start : parts[n].end]
    announced = n > 0 and text[parts[n - 1].end - 1] == ":"
    return line.isupper() and not announced and sum(map(str.isalpha, line)) >= _LEAST_SHOUTED


def _opens_list(text: str, after: Placed) -> bool:
    """Whether a part is an item with a bullet, or the first that is counted."""
    said = text[after.start : min(after.end, after.start + MAX_HEADING_CHARS)]
    bulleted = _BULLETED.match(said) is not None
    return bulleted or is_first(said)


def _names_list(text: str, parts: Sequence[Placed], n: int, sparse: bool) -> bool:
    """Whether a few words without a stop stand between a paragraph and a list with bullets: "Las excepciones"."""
    if not sparse or not 0 < n < len(parts) - 1:
        return False
    before, placed, after = parts[n - 1 : n + 2]
    line = text[placed.start : placed.end]
    if not line[0].isupper() or line[-1] == ":" or len(line.split()) > MAX_BARE_HEADING_WORDS:
        return False
    if placed.part.glue == LINE or sum(map(str.isdigit, line)) > 2:
        return False
    said = text[before.start : before.end]
    closes = before.part.kind == "paragraph" and is_closed(said)
    return (
        closes
        and said[-1] not in ":,;"
        and len(said) > _LEAST_BODY_CHARS
        and _BULLETED.match(text, after.start, after.end) is not None
        and not LABEL.fullmatch(line)
    )


# "________ ________" over "Firma Fecha"
_TWO_BLANKS = re.compile(r"_{6,}\s+_{6,}")


def _follows_half_a_phrase(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether running text before part ``n`` stops in the middle of a phrase, or is two blanks of a form that it says the names of; nothing
    stands before the first part."""
    if not n:
        return False
    before = parts[n - 1]
    if _TWO_BLANKS.fullmatch(text, before.start, before.end):
        return True
    tail = text[max(before.start, before.end - 20) : before.end]
    return before.part.kind == "paragraph" and is_unfinished(tail)


# A line to sign on, and what stands over one or over the name of who writes a letter
_BLANK = re.compile(r"\W*(?:[xX]\W*)?(?:_{4,}|\.{6,}|…{3,}|-{6,})[\W_]*")
_OVER_NAME = re.compile(
    r"(?:(?:muy )?atentamente|(?:un |recibid un |reciba un )?(?:cordial(?:es)? )?(?:saludos?|abrazo)(?: cordial(?:es)?)?"
    r"|(?:yours )?(?:sincerely|faithfully|truly)(?: yours)?|(?:(?:best|kind|warm) )?regards"
    r"|(?:firmado|firma|fdo|signed|signature|approved by|aprobado por)\b[^_:]{0,20}(?::|(?=_{4}))"
    r"|(?:(?:prepared|noted|audited|reviewed|attested|certified|submitted|approved) by:\s*|(?:elabor|revis|autoriz|aprob|certific|prepar)(?:[oó]|ado por):\s*){1,3})\W*(?:_{4,}\W*)?",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"(?:P\. ?[DS]\.|P[DS])(?=[ .:-])")


def _is_signature(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether a line is the name of who signs: between a line to sign on and another, or a short one, right below "Sincerely,", or right
    above a postscript."""
    before, after = (
        text[parts[at].start : parts[at].end] if 0 <= at < len(parts) else ""
        for at in (n - 1, n + 1)
    )
    if _POSTSCRIPT.match(after) or (before and _OVER_NAME.fullmatch(before)):
        return True
    alone = not after or _BLANK.fullmatch(after) is not None or is_short(after)
    return before != "" and _BLANK.fullmatch(before) is not None and alone


_SIGNATORY = re.compile(
    r"[A-ZÁÉÍÓÚÑ][^\W\d_]*\.?(?: (?:(?:de|del|la|las|los|y|von|van)|[A-ZÁÉÍÓÚÑ][^\W\d_]*\.?)){1,6}"
)
_MAX_OFFICE_WORDS: Final = 14


def _is_signatory(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether part ``n`` is set as a heading and may be the name of somebody."""
    if n >= len(parts) or parts[n].part.kind != "heading":
        return False
    return _SIGNATORY.fullmatch(text, parts[n].start, parts[n].end) is not None


def _is_office(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether part ``n`` is a line over the name of who holds an office: "El Ministro de Transporte,"."""
    if not 0 <= n < len(parts) or parts[n].part.kind != "paragraph":
        return False
    line = text[parts[n].start : parts[n].end]
    short = "\n" not in line and len(line.split()) <= _MAX_OFFICE_WORDS
    return line[-1] == "," and short and not greets(line)


# "Está prohibido el paso a toda persona ajena a la obra." in large letters is no heading.
_MAX_STATEMENT_WORDS: Final = 8


def is_statement(line: str) -> bool:
    """Whether what is set as a heading is a sentence that says something: it is text, and can be quoted."""
    is_long = len(line.split()) > _MAX_STATEMENT_WORDS
    # "Artículo 12.- Naturaleza del Patronato y carácter del cargo de patrono.", "6.3 Upkeep of Boats, Oars, Jetties and of All That Floats."
    names = names_division(line) or (DEEPER_TITLE.match(line) and not states(line))
    return is_long and line.rstrip('*"»”)').endswith(".") and not names


def _is_rest(text: str, parts: Sequence[Placed], n: int) -> bool:
    """Whether a line that a printed page sets as a heading is the end of a sentence, or goes on in a text: "of the pool area.",
    "approved in May]", "Gómez, Ruiz,"; a title may go on in the next heading."""
    line = text[parts[n].start : parts[n].end]
    if closes_before(line) or _follows_half_a_phrase(text, parts, n):
        return True
    if line[-1] == ",":
        return n + 1 < len(parts) and parts[n + 1].part.kind != "heading"
    return line[0].islower() and line[-1] in ".;"
