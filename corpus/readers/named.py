"""Names in bold over their values, or any over their prices, which no format marks as such: "**Level**" over "Beginners" → labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from corpus.blocks.divisions import is_division
from corpus.readers.draft import BULLET, LINE, PARAGRAPH, Part, Parts, clean, flat, label_part

_MAX_NAME_CHARS: Final = 60
_MAX_NAME_WORDS: Final = 7
_MAX_VALUE_CHARS: Final = 80
# Of one paragraph, where a line end says that they belong together
_MAX_LINES_CHARS: Final = 160
# Fewer names with a line below each may be headings of a short text.
_LEAST_PAIRS: Final = 3
_LEAST_IN_LINE: Final = 2
_ENDS_NO_NAME = re.compile(r"[.,;!?…][\"'»”’)\]]*\Z")
_ENDS_NO_VALUE = re.compile(r"[.:;!?…][\"'»”’)\]]*\Z")


def parts_of_lines(lines: Sequence[tuple[str, bool]]) -> list[Part]:
    """A label for each name and its value, if the lines of a paragraph, each with whether it is bold, are that; its title and its text, if
    it begins with a name over prose; else []."""
    said = [(line.strip(), bold) for line, bold in lines if line.strip()]
    groups: list[tuple[str, list[str]]] = []
    for line, bold in said:
        if bold:
            groups.append((line, []))
        elif not groups:
            return []
        else:
            groups[-1][1].append(line)
    if not groups or not all(_is_name(name) and values for name, values in groups):
        return []
    if any(len("\n".join(values)) > _MAX_LINES_CHARS for _, values in groups):
        return _titled(*groups[0]) if len(groups) == 1 else []
    if len(groups) == 1 and groups[0][1][-1].rstrip("-–—").endswith(":"):
        return _titled(*groups[0])  # It leads in to what stands below
    return [
        label_part(name, "\n".join(values), LINE if n else PARAGRAPH)
        for n, (name, values) in enumerate(groups)
    ]


def lines_of_names(text: str, spans: Sequence[tuple[str, bool]]) -> list[Part]:
    """A line for each of several names in bold within one, given with its pieces and whether they are bold: "**Day:** Monday **Room:** 4"; else
    [], and where the pieces do not say all of the text."""
    if sum(bold for _, bold in spans) < _LEAST_IN_LINE:
        return []
    if flat(clean("".join(piece for piece, _ in spans))) != flat(clean(text)):
        return []
    said: list[tuple[str, str]] = []
    for piece, bold in spans:
        name, value = said[-1] if said else ("", "")
        if "\n" in piece or (not bold and not name and piece.strip()):
            return []
        if bold and piece.strip() and (value.strip() or not said):
            said.append((piece, ""))
        elif said:
            said[-1] = (name + piece, value) if bold else (name, value + piece)
    named = [(flat(name), flat(value).rstrip(_BETWEEN)) for name, value in said]
    colons = all(name.endswith(":") or value.startswith(":") for name, value in named)
    return _lines(named) if colons else []


def lines_of_tabs(cells: Sequence[str]) -> list[Part]:
    """The same for what tabs part: "Day: Monday", or "Day:" before "Monday"; what stands first may be a line that names nothing."""
    alone = [cell for cell in cells[:1] if ":" not in cell]
    named: list[tuple[str, str]] = []
    for cell in cells[len(alone) :]:
        name, colon, value = cell.partition(":")
        if named and not named[-1][1]:
            named[-1] = (named[-1][0], cell)
        elif colon:
            named.append((f"{name}:", value.strip()))
        else:
            return []
    lines = _lines(named, _LEAST_IN_LINE - len(alone))
    if not alone or not lines:
        return lines
    if sum(map(str.isalpha, alone[0])) < _LEAST_LETTERS:  # The mark of an item
        return []
    lines[0].glue = LINE
    return [Part(alone[0]), *lines]


_LEAST_LETTERS: Final = 4
_BETWEEN: Final = " |·•-–—;,"


def _lines(named: Sequence[tuple[str, str]], least: int = _LEAST_IN_LINE) -> list[Part]:
    """A line for each name and its value, if all of so many at least are such."""
    right = all(
        _is_name(name.rstrip(": ")) and has_letters(value) and len(value) <= _MAX_LINES_CHARS
        for name, value in named
    )
    if not right or len(named) < least:
        return []
    lines = (f"{name.rstrip(': ')}: {value.removeprefix(':').strip()}" for name, value in named)
    return [Part(line, glue=LINE if n else PARAGRAPH) for n, line in enumerate(lines)]


def parted(lines: Sequence[tuple[str, bool]]) -> list[Part]:
    """What empty lines part as paragraphs of their own, as who typed them saw them; [] where none do."""
    groups: list[list[tuple[str, bool]]] = [[]]
    for line, bold in lines:
        if line.strip():
            groups[-1].append((line, bold))
        elif groups[-1]:
            groups.append([])
    said = [
        Part(
            "\n".join(line for line, _ in group),
            strong=all(bold and any(map(str.isalnum, line)) for line, bold in group),
        )
        for group in filter(None, groups)
    ]
    return said if len(said) > 1 else []


# "…             - Boats go back dry.": spaces fill a line to where the next point begins
_NEXT_POINT = re.compile(r"(?<=\S)[ \t]* {5,}(?=[-–•][ \t]?[^\W\d_])")
_POINT = re.compile(r"[-–•][ \t]*[^\W\d_]")
_NUMBER = re.compile(r"(\d{1,2})(\.-|[.)])[ \t]+\S")


def run_together(text: str) -> list[Part]:
    """The points that were typed as one paragraph, given with its white space: behind one with a dash or a bullet, or a colon, where spaces fill the line up to the
    next, behind one with a number where the next number is glued to its stop, "… on the quay.6. Boats"; [] where it is one."""
    points = [] if "\n" in text else _NEXT_POINT.split(text)
    if points and not (_POINT.match(text) or points[0].endswith(":")):
        points = [text]
    number = _NUMBER.match(text)
    while number is not None and points and (glued := _glued(points[-1], number, len(points))):
        points[-1:] = points[-1][: glued.start()], f"{glued[0]} {points[-1][glued.end() :]}"
    if len(points) < 2:
        return []
    return [Part(flat(point), glue=LINE if n else PARAGRAPH) for n, point in enumerate(points)]


def _glued(point: str, first: re.Match[str], n: int) -> re.Match[str] | None:
    """Where the number that is by ``n`` higher than the first stands right behind the last word of a point; short words may be abbreviations."""
    mark = f"{int(first[1]) + n}{re.escape(first[2])}"
    return re.search(rf"(?<=[^\W\d_]{{4}}[.;]){mark}(?=[ \t]*[A-ZÁÉÍÓÚÑ])", point)


def _titled(name: str, lines: Sequence[str]) -> list[Part]:
    text = "\n".join(lines)
    if not text[0].isupper() or name[-1] == ":":
        return []
    return [Part(name, strong=True), Part(text, glue=LINE)]


def name_values(parts: Parts) -> Parts:
    """The parts with a label for each of several paragraphs in bold that have a short line below them, or of any that have a price there."""
    found = list(_pairs(parts))
    if not found:
        return parts
    values = {n + 1 for n in found}
    return Parts(
        label_part(flat(part.text), parts[n + 1].text, part.glue) if n in found else part
        for n, part in enumerate(parts)
        if n not in values
    )


def _pairs(parts: Parts) -> Iterator[int]:
    """Where names stand that have a value below them, several in turn."""
    run: list[int] = []
    at = 0
    while at <= len(parts):
        if at < len(parts) and (_has_value(parts, at) or _has_price(parts, at)):
            run.append(at)
            at += 2
            # What has more paragraphs below it is the last
            if at == len(parts) or parts[at].kind != "paragraph" or parts[at].strong:
                continue
            if _has_price(parts, at):
                continue
        if run and parts[run[0]].text.isupper() and not _is_price(parts[run[0] + 1]):
            del run[0]  # A title with a line below it
        if run and run[0] and _is_price(parts[run[0] - 1]):
            run = []  # Each stands below its price
        if len(run) >= _LEAST_PAIRS:
            yield from run
        at += not run
        run = []


def _has_value(parts: Parts, n: int) -> bool:
    """Whether a part is in bold and may name what stands below it, a line without a stop."""
    name = parts[n]
    if (
        name.kind != "paragraph"
        or not name.strong
        or not _is_name(name.text)
        or n + 1 == len(parts)
    ):
        return False
    value = parts[n + 1]
    return (
        value.kind == "paragraph"
        and not value.strong
        and "\n" not in value.text
        and 0 < len(value.text) <= _MAX_VALUE_CHARS
        and not _ENDS_NO_VALUE.search(value.text)
        and not BULLET.match(value.text)
    )


_SUM: Final = r"(?:(?:US|MX|R|A|C)?[$€£¥₡]|S/\.?|EUR|USD|MXN|COP|CLP|ARS|PEN|GBP|[Ee]uros?)"
_PRICE: Final = rf"(?:{_SUM}\s?\d[\d.,]*|\d[\d.,]*\s?{_SUM})(?:\s?(?:[/+]|per|por|al?)\s?\w+)?"
_PRICES = re.compile(rf"{_PRICE}(?:\n{_PRICE})*")
_MAX_PRICED_WORDS: Final = 12


def _has_price(parts: Parts, n: int) -> bool:
    """Whether a part is a line, in bold or not, that may name what has the price below it, which is all that is said of it."""
    if n + 1 == len(parts) or parts[n].kind != "paragraph" or not _is_price(parts[n + 1]):
        return False
    line = flat(parts[n].text)
    short = len(line) <= _MAX_VALUE_CHARS and len(line.split()) <= _MAX_PRICED_WORDS
    words = line[0].isupper() and not any(map(str.isdigit, line))
    return short and words and not (_ENDS_NO_NAME.search(line) or line.endswith(":"))


def _is_price(part: Part) -> bool:
    """Whether a part says nothing but a price, in one currency or several."""
    return part.kind == "paragraph" and _PRICES.fullmatch(part.text) is not None


def _is_name(line: str) -> bool:
    return (
        len(line) <= _MAX_NAME_CHARS
        and len(line.split()) <= _MAX_NAME_WORDS
        and any(map(str.isalpha, line))
        and line[0].isalpha()
        and not _ENDS_NO_NAME.search(line)
        and not is_division(line)
        and not BULLET.match(line)
    )


def has_letters(line: str) -> bool:
    """Whether anything in a line can be bold or not."""
    return any(map(str.isalnum, line))
