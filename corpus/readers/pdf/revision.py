"""Parts in view of those before and after them: what looks like a heading and is none, and items behind dashes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from corpus.blocks.divisions import names_division
from corpus.blocks.signs import begins_anew, closes_before, is_contact
from corpus.dates import places_of_dates, says_when
from corpus.readers.draft import SURE_MARKS, Part
from corpus.readers.pdf.lines import says_scale
from corpus.readers.pdf.wording import ADDRESS, CUT, FILLED_IN, LEAST_PROSE_WORDS, NAMED, STOPPED

_MAX_HEADING_SENTENCE_WORDS: Final = 12
# "• Fecha: 9 de septiembre", in letters of its own
_BULLETED = re.compile(rf"[{SURE_MARKS}] ?\S")


# "FIG. 3" below a picture, "Figura 4. El patio", in bold letters
_NAMES_FIGURE = re.compile(r"fig(?:ur[ae]|\.)? ?(?:n[.º°]+ ?)?\d{1,3}\b", re.IGNORECASE)


def revise(parts: Sequence[Part]) -> None:
    """Sets right what the parts of a document were taken for one by one."""
    _without_false_headings(parts)
    _without_announced(parts)
    _without_signatures(parts)
    _with_dashes(parts)


def _without_false_headings(parts: Sequence[Part]) -> None:
    """Makes paragraphs of headings that are blanks to fill in, items, scales, long sentences, or lines inside one."""
    for n, part in enumerate(parts):
        if _NAMES_FIGURE.match(part.text) and part.kind in ("heading", "paragraph"):
            part.level, part.kind, part.strong = 0, "paragraph", False
        before = parts[n - 1] if n else part
        prose = before is not part and before.kind == "paragraph" and before.page == part.page
        said = before.text if prose else ""
        if part.kind in ("heading", "paragraph") and _closes(part.text, said):
            part.level, part.kind, part.strong, part.glue = 0, "paragraph", False, " "
        if part.kind != "heading":
            continue
        inside = CUT.search(said) is not None
        # "Owner: Ann Lobo Director: Leo Paz" on a cover
        labels = len(NAMED.findall(part.text)) > 1
        long = part.text.endswith(".") and len(part.text.split()) > _MAX_HEADING_SENTENCE_WORDS
        if (
            inside
            or long
            or labels
            or says_scale(part.text)
            or (_BULLETED.match(part.text) and not part.text.isupper())
            or FILLED_IN.search(part.text)
            or ADDRESS.fullmatch(part.text)
            or is_contact(part.text)
        ):
            part.level, part.kind = 0, "paragraph"
        if inside:
            part.glue = " "
            if n + 1 < len(parts) and parts[n + 1].text[:1].islower():
                parts[n + 1].glue = " "


def _closes(text: str, before: str) -> bool:
    """Whether a text closes a bracket that the one before it leaves open."""
    n_open = before.count("(") + before.count("[") - before.count(")") - before.count("]")
    return n_open > 0 and closes_before(text)


def _without_announced(parts: Sequence[Part]) -> None:
    """Bold lines that a lead-in announces ("The poster says:") are what it says and no headings, where all of their section are."""
    strong: list[int] = []
    for n, part in enumerate([*parts, Part("", 1)]):
        if part.kind != "heading":
            strong += [n] if part.strong else []
            continue
        led = [k for k in strong if k and not parts[k - 1].strong and parts[k - 1].text[-1:] == ":"]
        for k in led if led == strong else ():
            parts[k].strong = False
        strong = []


# "Atentamente,", "Fdo.: Ana Lobo", "Yours sincerely"
_CLOSING = re.compile(
    r"(?:(?:muy )?(?:atentamente|cordialmente|respetuosamente)|(?:yours )?(?:sincerely|respectfully)|yours (?:faithfully|truly))(?:[,.:]|\Z)"
    r"|(?:fdo|firmado)\b|v\.?º? ?\.?b\.?º?(?!\w)|signed(?: by\b|[,:]|\Z)",
    re.IGNORECASE,
)
# "Soria, 3 de mayo de 2031", "Soria a 3 de mayo", "Given this 3rd day of May"; no "until 3 May"
_GIVEN = re.compile(r"(?:,|\ba|\bthis)\s*\Z", re.IGNORECASE)
# "Dado en el pueblo", "Given at the mill", "In witness whereof"; "… se expide el 3 de mayo"
_ISSUED = re.compile(
    r"(?:dad[oa]|hech[oa]|emitid[oa]|expedid[oa]|firmad[oa]|suscrit[oa]|given|done|signed|executed) (?:en|at|in|on|this)\b"
    r"|(?:en|para) (?:fe|constancia|prueba) de lo\b|in witness whereof\b",
    re.IGNORECASE,
)
_IS_ISSUED = re.compile(r"\b(?:se (?:expide|firma|suscribe)|(?:is|are) (?:signed|issued))\b")
# "San Juan, a", before a date
_PLACE = re.compile(r"[^\W\d_][^\d:;]{1,40}, (?:a )?")
_MAX_CLOSING_CHARS: Final = 300
_MAX_SIGNATURE_CHARS: Final = 100
# A file begins with so many parts that may be the head of a letter.
_LEAST_BEFORE_CLOSING: Final = 5
# What a text ends with has no more parts, where names and offices are all there is.
_MAX_SIGNED: Final = 8


def _without_signatures(parts: Sequence[Part]) -> None:
    """Names and offices below a closing formula, or below the place and date at the end of a text, are no headings; what stands over a text
    is one, whoever signed above it."""
    for n in range(_LEAST_BEFORE_CLOSING, len(parts)):
        if not _closes_text(parts, n):
            continue
        end = n + 1
        while end < len(parts) and _may_sign(parts[end]):
            end += 1
        rest = parts[end:]
        if len(rest) <= _MAX_SIGNED and all(map(_is_short, rest)):
            end = len(parts)
        if end < len(parts) and parts[end].kind != "heading":
            page = parts[end].page
            while (
                end > n + 1
                and parts[end - 1].page == page
                and (parts[end - 1].kind == "heading" or parts[end - 1].strong)
            ):
                end -= 1
        for k, part in enumerate(parts[n:end]):
            part.strong, part.apart = False, part.apart or k > 0
            if part.kind == "heading":
                part.level, part.kind = 0, "paragraph"


def _closes_text(parts: Sequence[Part], n: int) -> bool:
    """Whether a part says that a text ends: a formula, or the date with the place, below a sentence."""
    part, before = parts[n], parts[n - 1].text
    if _CLOSING.match(part.text) and len(part.text) <= _MAX_SIGNATURE_CHARS:
        return True
    if len(part.text) > _MAX_CLOSING_CHARS or says_when(part.text):
        return False
    said = part.text.rstrip(" .-–")
    dates = [(start, end) for _, start, end in places_of_dates(said)]
    if _ISSUED.match(said) or (dates and _IS_ISSUED.search(said)):
        return True
    if part.kind != "paragraph" or part.strong:
        # A title says when and where, too, over the text that follows
        after = parts[n + 1] if n + 1 < len(parts) else None
        in_row = after is not None and after.kind in ("row", "header") and _is_short(after)
        ends = after is None or in_row or (after.strong and _may_sign(after))
        return ends and any(
            end == len(said) and _PLACE.fullmatch(said[:start]) for start, end in dates
        )
    if not STOPPED.search(before):
        return False
    return any(end == len(said) and _GIVEN.search(said[:start]) for start, end in dates)


def _may_sign(part: Part) -> bool:
    """Whether a part is a name or an office, and no sentence."""
    is_sentence = STOPPED.search(part.text) and len(part.text.split()) > LEAST_PROSE_WORDS
    return (
        part.kind in ("paragraph", "heading")
        and _is_short(part)
        and not is_sentence
        and not (names_division(part.text) or begins_anew(part.text) or part.text.endswith(":"))
    )


def _is_short(part: Part) -> bool:
    """Whether a part is a few words or the cells of a row, without figures."""
    few = len(part.text) <= _MAX_SIGNATURE_CHARS and not any(map(str.isdigit, part.text))
    return few and part.kind in ("paragraph", "heading", "row", "header", "label")


def _with_dashes(parts: Sequence[Part]) -> None:
    """Makes items of what begins with a long dash below a lead-in; in a conversation they are words of a speaker."""
    n = 0
    while n < len(parts):
        at = n = n + 1
        while n < len(parts) and parts[n].kind == "paragraph" and parts[n].text.startswith("— "):
            n += 1
        if n - at > 1 and parts[at - 1].text.endswith(":"):
            for part in parts[at:n]:
                part.kind, part.level = "item", 1
